//! What a happening does to the facts, and to the storm's own books beside them.

use jiff::{SignedDuration, Timestamp};

use super::books::{Account, Word};
use super::happening::{Happening, Part, What};
use super::world::World;
use crate::calendar::shift;
use crate::case::{Case, CaseState, Entry};
use crate::facts::ReceivableFacts;
use crate::gate_facts::{Dispute, Hold, HoldKind, Promise, PromiseState, UnmatchedMoney};
use crate::ids::{CaseId, ContactId, DisputeId, HoldId, LedgerEntryId, PaymentId, PromiseId, ReceivableId};
use crate::intent::Heard;
use crate::lookahead::apply::is_over;
use crate::money::Money;
use crate::order::OrderSource;
use crate::party::{Contact, ContactRole, Suppressed, Ways};
use crate::playbook::time_expr::start_of;
use crate::receivable::ledger::{LedgerEntry, LedgerKind, last_standing};
use crate::receivable::{Obligor, Receivable, Trigger};
use crate::why::KnownWhy;

impl World<'_> {
    /// Records what happened now.
    pub(super) fn record(&mut self, what: &What) {
        self.take_down(what, true);
    }

    /// What the restore lost is recorded once more; it happened only once.
    pub(super) fn record_again(&mut self, what: &What) {
        self.take_down(what, false);
    }

    fn take_down(&mut self, what: &What, is_new: bool) {
        let exactly = self.enter(what, is_new);
        if self.snapshots.is_some() {
            self.lately.extend(exactly.map(|what| Happening { at: self.now, what }));
        }
    }

    /// What is entered anew after a restore, as exactly as papers and bank tell it; `None` for what nobody would know.
    fn enter(&mut self, what: &What, is_new: bool) -> Option<What> {
        match what {
            What::Owes { amount, trigger, due_in_days, entry, milestone } => {
                let due_on = due_in_days.map(|days| shift(self.today(), days));
                let receivable = self.receivable(*amount, *milestone, *trigger, due_on);
                self.owe(receivable, *entry, is_new);
            }
            What::Triggered { debt, due_in_days } => {
                let today = self.today();
                let receivable = &mut self.facts.receivables.get_mut(*debt)?.receivable;
                if receivable.due_on.is_none() {
                    receivable.triggered_on = Some(today);
                    receivable.due_on = Some(shift(today, *due_in_days));
                }
            }
            What::DueMoved { debt, days } => {
                let receivable = &mut self.facts.receivables.get_mut(*debt)?.receivable;
                receivable.due_on = receivable.due_on.map(|due| shift(due, *days));
            }
            What::DayKnown { debt, kind, in_days } => {
                let day = shift(self.today(), *in_days);
                let item = self.facts.receivables.get_mut(*debt)?;
                item.dates.retain(|(known, _)| known != kind);
                item.dates.push((*kind, day));
                // A case at its end has something to do again, as the store has it.
                if let Some(case) = item.case.as_mut().filter(|case| case.state == CaseState::LadderDone) {
                    (case.state, case.task) = (CaseState::Running, None);
                }
            }
            What::Pays { debt, part } => return self.lower(*debt, *part, LedgerKind::Allocation, is_new),
            What::CreditNote { debt, part } => return self.lower(*debt, *part, LedgerKind::Credit, is_new),
            What::WrittenOff { debt } => return self.lower(*debt, Part::All, LedgerKind::WriteOff, is_new),
            What::Bounces { debt } => self.bounce(*debt, is_new)?,
            What::Unmatched { amount } => {
                let nth = self.facts.unmatched.len() as u128 + 1;
                self.facts.unmatched.push(UnmatchedMoney {
                    payment_id: PaymentId(nth),
                    payment_number: format!("P-{nth}"),
                    left: *amount,
                    received_on: self.today(),
                    payer_name: "somebody".to_string(),
                });
                self.books.unmatched.push((amount.minor, amount.currency));
            }
            What::Matched => self.match_money(is_new),
            What::Closed { debt } => {
                self.facts.receivables.get_mut(*debt)?.receivable.closed = true;
                self.books.accounts.get_mut(*debt)?.closed = true;
            }
            What::PlatformOwes { debt } => {
                self.facts.receivables.get_mut(*debt)?.receivable.obligor = Obligor::Platform;
                self.books.accounts.get_mut(*debt)?.platform = true;
            }
            What::NewContact { role, ways, zone } => self.meet(*role, *ways, *zone),
            What::Orders { .. }
            | What::OrderNews { .. }
            | What::ParcelLeaves { .. }
            | What::Scanned { .. }
            | What::OrderAsks { .. }
            | What::OrderAnswered { .. } => return self.told(what),
            talk => {
                self.hear(talk);
                return None;
            }
        }
        Some(what.clone())
    }

    /// What is said between people, which no file tells again.
    fn hear(&mut self, what: &What) {
        let today = self.today();
        match what {
            What::Promises { debt, part, in_days } => self.promise(*debt, *part, shift(today, *in_days)),
            What::Disputes { debt, part } => self.dispute(*debt, *part),
            What::Resolved { debt } => {
                let Some(item) = self.facts.receivables.get(*debt) else { return };
                let id = item.receivable.id;
                self.facts
                    .disputes
                    .iter_mut()
                    .filter(|one| one.receivable_id == id)
                    .for_each(|one| one.resolved = true);
                self.books.accounts[*debt].disputed.clear();
            }
            What::Says { debt, why } => {
                let Some(item) = self.facts.receivables.get_mut(*debt) else { return };
                item.why = why.map(|why| KnownWhy { why, since: self.now });
                // A case at its end has something to do again, as the store has it.
                if let Some(case) = item.case.as_mut().filter(|case| case.state == CaseState::LadderDone) {
                    (case.state, case.task) = (CaseState::Running, None);
                }
                self.books.accounts[*debt].why = why.map(|why| (why, today));
            }
            What::Writes { debt, intent } => {
                let Some(item) = self.facts.receivables.get_mut(*debt) else { return };
                let (at, intent, receivable_id) = (self.now, *intent, Some(item.receivable.id));
                if intent.is_by_a_person() {
                    self.facts.heard.push(Heard { at, contact_id: None, receivable_id, intent });
                }
                if let Some(why) = intent.why() {
                    self.books.heard.push((at, *debt, why));
                    // Said again it is known already, and silences no longer.
                    if intent.notes_why() && item.why.is_none_or(|known| known.why != why) {
                        item.why = Some(KnownWhy { why, since: at });
                        self.books.accounts[*debt].why = Some((why, today));
                    }
                }
            }
            What::Hold { debt, days } => {
                let receivable_id =
                    debt.and_then(|debt| self.facts.receivables.get(debt)).map(|item| item.receivable.id);
                if debt.is_some() && receivable_id.is_none() {
                    return;
                }
                let until = shift(today, *days);
                let id = HoldId(self.facts.holds.len() as u128 + 1);
                self.facts.holds.push(Hold {
                    id,
                    kind: HoldKind::Pause,
                    receivable_id,
                    why: "a visit".to_string(),
                    until,
                    released: false,
                });
                self.books.holds.push((*debt, until));
            }
            What::Released => {
                let pauses = self.facts.holds.iter_mut().filter(|hold| hold.kind == HoldKind::Pause);
                pauses.for_each(|hold| hold.released = true);
                self.books.holds.clear();
            }
            What::Asks { debt, days } => {
                // Whoever may not be asked is not.
                let _: Option<()> = self.ask(*debt, *days);
            }
            What::Answered { debt } => self.end_question(*debt),
            What::AddressBounces { contact, channel, days } => {
                let until = days.map(|days| self.now + SignedDuration::from_hours(24 * i64::from(days)));
                let Some(contact) = self.facts.contacts.get_mut(*contact) else { return };
                contact.suppressed.push(Suppressed { channel: *channel, until });
                self.books.bounced.push((contact.id, *channel, until));
            }
            What::AddressMended { contact } => {
                let Some(contact) = self.facts.contacts.get_mut(*contact) else { return };
                contact.suppressed.clear();
                self.books.bounced.retain(|(id, ..)| *id != contact.id);
            }
            What::Blacklisted(yes) => {
                self.facts.party.blacklisted = *yes;
                self.books.blacklisted = *yes;
            }
            What::ContactGone(nth) if *nth < self.facts.contacts.len() => {
                self.facts.contacts.remove(*nth);
            }
            What::Objects { contact, objects } => {
                let Some(contact) = self.facts.contacts.get_mut(*contact) else { return };
                contact.objected = *objects;
            }
            What::HandedOver { debt } => self.give_away(*debt, CaseState::HandedOver),
            What::PlanAgreed { debt } => self.give_away(*debt, CaseState::PlanAgreed),
            What::TakenBack { debt } => self.take_back(*debt),
            What::StatementsStop { days } => self.no_statements_until = Some(shift(today, *days)),
            What::CallsStop { days } => {
                self.no_calls_until = Some(self.now + SignedDuration::from_hours(24 * i64::from(*days)));
            }
            What::Outage { days } => {
                self.off_until = Some(self.now + SignedDuration::from_hours(24 * i64::from(*days)));
            }
            What::Restored { days_back, caught_up_in } => self.restore(*days_back, *caught_up_in),
            _ => {}
        }
    }

    fn receivable(
        &self,
        amount: Money,
        milestone: crate::receivable::Milestone,
        trigger: Trigger,
        due_on: Option<jiff::civil::Date>,
    ) -> Receivable {
        let nth = self.facts.receivables.len() + 1;
        let is_order = trigger == Trigger::OrderPlaced;
        Receivable {
            id: ReceivableId(100 + nth as u128),
            party_id: self.facts.party.id,
            order_id: None,
            invoice_id: None,
            number: format!("R-{nth}"),
            reference: format!("INV-{nth}"),
            milestone,
            trigger,
            days: 0,
            amount,
            triggered_on: due_on.map(|due| due.min(self.today())),
            due_on,
            placed_at: is_order.then_some(self.now),
            obligor: Obligor::Buyer,
            source: if is_order { OrderSource::Marketplace } else { OrderSource::Direct },
            closed: false,
        }
    }

    fn owe(&mut self, receivable: Receivable, entry: Entry, is_new: bool) {
        self.ids += 1;
        let case = Case {
            // Imported anew after a restore it is another case.
            id: CaseId(1_000_000 + self.ids),
            state: CaseState::Running,
            playbook: None,
            started_at: self.now,
            entry,
            steps: Vec::new(),
            letter: None,
            task: None,
        };
        let amount = receivable.amount;
        self.facts.receivables.push(ReceivableFacts {
            receivable,
            entries: Vec::new(),
            order_number: None,
            why: None,
            dates: Vec::new(),
            case: Some(case),
        });
        self.books.accounts.push(Account {
            currency: amount.currency,
            amount: amount.minor,
            settled: 0,
            closed: false,
            platform: false,
            in_other_hands: false,
            disputed: Vec::new(),
            why: None,
            is_contextual: entry == Entry::Contextual,
            steps: Vec::new(),
        });
        if is_new {
            self.truth.settled.push(0);
        }
    }

    fn lower(&mut self, debt: usize, part: Part, kind: LedgerKind, is_new: bool) -> Option<What> {
        let account = self.books.accounts.get_mut(debt)?;
        let minor = part.of(account.open());
        if minor <= 0 || account.closed {
            return None;
        }
        account.settled += minor;
        let currency = account.currency;
        self.append(debt, kind, Money::new(minor, currency), None);
        if kind == LedgerKind::Allocation {
            self.books.came.push((debt, self.today(), minor));
        }
        if is_new {
            // Who pays twice, because the first time was forgotten, has paid once.
            let settled = &mut self.truth.settled[debt];
            *settled = (*settled + minor).min(self.facts.receivables[debt].receivable.amount.minor);
        }
        self.keep_words();
        let part = Part::Exactly(minor);
        Some(match kind {
            LedgerKind::Allocation => What::Pays { debt, part },
            LedgerKind::Credit => What::CreditNote { debt, part },
            LedgerKind::WriteOff | LedgerKind::Moved | LedgerKind::Fee => What::WrittenOff { debt },
        })
    }

    fn append(&mut self, debt: usize, kind: LedgerKind, amount: Money, reverses: Option<LedgerEntryId>) {
        let effective_on = self.today();
        self.ids += 1;
        let id = LedgerEntryId(self.ids);
        let item = &mut self.facts.receivables[debt];
        let receivable_id = item.receivable.id;
        let note = String::new();
        item.entries.push(LedgerEntry { id, receivable_id, kind, amount, payment: None, reverses, effective_on, note });
    }

    fn bounce(&mut self, debt: usize, is_new: bool) -> Option<()> {
        let item = self.facts.receivables.get_mut(debt)?;
        let line = last_standing(&item.entries, LedgerKind::Allocation)?.clone();
        if let Some(case) = item.case.as_mut().filter(|case| is_over(case.state)) {
            case.state = CaseState::Running;
            self.books.accounts[debt].in_other_hands = false;
        }
        self.append(debt, LedgerKind::Allocation, Money::new(-line.amount.minor, line.amount.currency), Some(line.id));
        self.books.accounts[debt].settled -= line.amount.minor;
        if let Some(nth) = self.books.came.iter().rposition(|came| (came.0, came.2) == (debt, line.amount.minor)) {
            self.books.came.remove(nth);
        }
        if is_new {
            self.truth.settled[debt] -= line.amount.minor;
        }
        Some(())
    }

    /// The oldest debt in its currency gets it.
    fn match_money(&mut self, is_new: bool) {
        for (minor, currency) in std::mem::take(&mut self.books.unmatched) {
            let debts = 0..self.books.accounts.len();
            let open = |debt: &usize| {
                let account = &self.books.accounts[*debt];
                account.currency == currency && !account.is_over()
            };
            if let Some(debt) = debts.into_iter().find(open) {
                let exactly = self.lower(debt, Part::Exactly(minor), LedgerKind::Allocation, is_new);
                if self.snapshots.is_some() {
                    self.lately.extend(exactly.map(|what| Happening { at: self.now, what }));
                }
            }
        }
        self.facts.unmatched.clear();
    }

    fn keep_words(&mut self) {
        let over: Vec<bool> = self.books.accounts.iter().map(Account::is_over).collect();
        let is_over = |debt: Option<usize>| debt.map_or_else(|| over.iter().all(|over| *over), |debt| over[debt]);
        for (word, promise) in self.books.words.iter_mut().zip(&mut self.facts.promises) {
            if !word.kept && is_over(word.debt) && promise.state == PromiseState::Open {
                word.kept = true;
                promise.state = PromiseState::Kept;
            }
        }
    }

    fn promise(&mut self, debt: Option<usize>, part: Part, pay_on: jiff::civil::Date) {
        let promised_on = self.today();
        let lead = self.books.accounts.get(debt.unwrap_or(0));
        let Some(currency) = lead.map(|account| account.currency) else { return };
        let of_currency =
            self.books.accounts.iter().filter(|account| account.currency == currency && !account.is_over());
        let open = match debt {
            Some(debt) => self.books.accounts[debt].open(),
            None => of_currency.map(Account::open).sum(),
        };
        if open <= 0 {
            return;
        }
        let minor = (part != Part::All).then(|| (part.of(open), currency));
        self.books.words.push(Word { debt, minor, given_on: promised_on, pay_on, kept: false });
        self.facts.promises.push(Promise {
            id: PromiseId(self.facts.promises.len() as u128 + 1),
            receivable_id: debt.map(|debt| self.facts.receivables[debt].receivable.id),
            promised_on,
            pay_on,
            amount: minor.map(|(minor, currency)| Money::new(minor, currency)),
            state: PromiseState::Open,
        });
    }

    fn dispute(&mut self, debt: usize, part: Part) {
        let Some(account) = self.books.accounts.get_mut(debt).filter(|account| !account.is_over()) else { return };
        let minor = (part != Part::All).then(|| part.of(account.open()));
        account.disputed.push(minor);
        self.facts.disputes.push(Dispute {
            id: DisputeId(self.facts.disputes.len() as u128 + 1),
            receivable_id: self.facts.receivables[debt].receivable.id,
            amount: minor.map(|minor| Money::new(minor, account.currency)),
            why: "scratches".to_string(),
            resolved: false,
        });
    }

    fn meet(&mut self, role: ContactRole, ways: Ways, zone: Option<&'static str>) {
        self.ids += 1;
        self.facts.contacts.push(Contact {
            id: ContactId(self.ids),
            party_id: self.facts.party.id,
            role,
            language: None,
            time_zone: zone.map(ToString::to_string),
            ways,
            objected: false,
            suppressed: Vec::new(),
            person: None,
        });
    }

    fn give_away(&mut self, debt: usize, state: CaseState) {
        let Some(case) = self.facts.receivables.get_mut(debt).and_then(|item| item.case.as_mut()) else { return };
        if case.state.may_change() {
            case.state = state;
            self.books.accounts[debt].in_other_hands = true;
        }
    }

    /// The last step that left is void: it is taken once more.
    fn take_back(&mut self, debt: usize) {
        let Some(case) = self.facts.receivables.get_mut(debt).and_then(|item| item.case.as_mut()) else { return };
        if case.state != CaseState::Running || case.letter.is_some() {
            return;
        }
        let done = case.steps.iter_mut().rev().find(|step| step.done_at.is_some() && !step.voided);
        let Some(step) = done else { return };
        step.voided = true;
        let step = step.step.clone();
        self.books.accounts[debt].steps.retain(|(known, _)| *known != step);
        self.truth.steps.retain(|(known, id)| *known != debt || *id != step);
    }

    /// The database is as it was; papers are imported once more at once, the bank tells of the money some days later.
    fn restore(&mut self, days_back: i32, caught_up_in: i32) {
        let wanted = self.now - SignedDuration::from_hours(24 * i64::from(days_back));
        let snapshots = self.snapshots.as_ref();
        let known = snapshots.and_then(|all| all.iter().rev().find(|one| one.at <= wanted).or(all.front()));
        let Some(known) = known.cloned() else { return };
        self.facts = known.facts;
        self.books = known.books;
        self.under_way.clear();
        self.messages.clear();
        self.desk = known.desk;
        self.tenant.restored_at = Some(self.now);
        if let (Some(statements), Some(covered_to)) = (self.tenant.statements.as_mut(), self.books.covered_to) {
            statements.covered_to = covered_to;
        }
        self.settle_restored(known.under_way);
        self.settle_restored_messages(known.messages);
        let told = self.told_at(caught_up_in);
        let lost: Vec<Happening> = self.lately.iter().filter(|one| one.at > known.at).cloned().collect();
        self.lately.retain(|one| one.at <= known.at);
        for lost in lost {
            let is_money = matches!(
                lost.what,
                What::Pays { .. }
                    | What::Bounces { .. }
                    | What::Unmatched { .. }
                    | What::Matched
                    | What::CreditNote { .. }
            );
            if is_money && told > self.now {
                self.again.push(Happening { at: told, what: lost.what });
            } else {
                self.record_again(&lost.what);
            }
        }
    }

    /// When the money of the lost days is known again: with the statements, where there are any.
    fn told_at(&mut self, caught_up_in: i32) -> Timestamp {
        if self.tenant.statements.is_none() {
            return self.now;
        }
        let day = shift(self.today(), caught_up_in);
        self.no_statements_until = Some(shift(day, -1));
        start_of(day, &self.tenant.time_zone).map_or(self.now, |at| at.max(self.now))
    }
}
