//! Writes the seller's own orders: order, invoice, trigger days, receivables, and what the paid column adds.
//!
//! Everything that could make the row impossible is asked before the first thing is written.

use dunlin_core::ids::{OrderId, PartyId, ReceivableId};
use dunlin_core::order::OrderSource;
use dunlin_core::receivable::terms::{self, Term};
use dunlin_core::receivable::{Milestone, Obligor};
use dunlin_core::refusal::Told;
use dunlin_store::{KnownReceivable, OrderFields, OrderRow, ReceivableFields, StoreError};

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::direct_row::{DirectRow, read_direct};
use super::fields::Field;
use super::milestones::{Planned, plan};
use super::paid::{FurtherMoney, further_money, rooms_of_parts};
use super::parties::Found;
use super::report::{LeftOut, ReadPart, ReadRow};
use super::said::Said;

const SOURCE: &str = "file";
/// Rows of which the report keeps how they were read.
const FIRST_ROWS: usize = 5;

/// A row that may be written.
struct Ready {
    row: DirectRow,
    found: Found,
    order: Option<OrderRow>,
    known: Vec<KnownReceivable>,
    planned: Vec<Planned>,
    further: Option<FurtherMoney>,
}

impl Book<'_> {
    pub async fn take_direct(&mut self, reader: &mut RowReader<'_>) -> Result<Outcome, StoreError> {
        let number = reader.required_number(Field::OrderNumber);
        if let Some(number) = &number {
            self.known.is_here(number);
        }
        let Some(row) = read_direct(reader, number, self.today) else { return Ok(Outcome::LeftOut) };
        if let Some(repeat) = self.repeats(&row.number, reader.row.number, &format!("{row:?}")) {
            if repeat.agrees {
                return Ok(Outcome::Unchanged);
            }
            let why = Said::new("unread-order-twice").with("number", &row.number);
            let why = why.with("row", i64::from(repeat.first));
            reader.problem(Field::OrderNumber, LeftOut::Row, why, "mend-one-row");
            return Ok(Outcome::LeftOut);
        }
        match self.prepare(reader, row).await? {
            Some(ready) => self.write_direct(reader, ready).await,
            None => Ok(Outcome::LeftOut),
        }
    }

    async fn prepare(&mut self, reader: &mut RowReader<'_>, row: DirectRow) -> Result<Option<Ready>, StoreError> {
        let Some(found) = self.find_debtor(reader, &row.debtor) else { return Ok(None) };
        let order = self.commit.order_by_number(OrderSource::Direct, &row.number).await?;
        let known = match &order {
            Some(order) => {
                let known = self.commit.receivables_of_order(SOURCE, order.id, &row.number).await?;
                self.commit.with_parts(known).await?
            }
            None => Vec::new(),
        };
        if let Some(order) = &order
            && !matches!(found, Found::Known(id) | Found::Numbered(id) if id == order.fields.party_id)
        {
            let why = Said::new("unread-order-customer").with("number", &row.number);
            reader.problem(Field::DebtorName, LeftOut::Row, why, "mend-order-customer");
            return Ok(None);
        }
        let terms = effective_terms(&row, order.as_ref());
        let planned = match plan(&row, terms.as_deref(), &known) {
            Ok(planned) => planned,
            Err(error) => {
                reader.problem(Field::Amount, LeftOut::Row, Said::money(&error), "mend-amount");
                return Ok(None);
            }
        };
        refuse_planned(reader, &planned, &known);
        refuse_impossible(reader, &planned, &known);
        // Of what is paid that was said already.
        for old in known.iter().filter(|old| old.used.minor == 0) {
            if let (Some(order), Some(item)) = (&order, planned.iter().find(|item| item.key == old.key)) {
                self.keeps_currency(reader, order.fields.party_id, old, item.amount.currency).await?;
            }
        }
        let owed: i64 = known.iter().filter(|old| !old.closed).map(|old| old.amount.minor).sum();
        let asked: i64 = planned.iter().map(|item| item.amount.minor).sum();
        let other = |old: &KnownReceivable| planned.iter().any(|item| item.amount.currency != old.amount.currency);
        let ends = row.cancelled == Some(true) && order.as_ref().is_some_and(|order| !order.fields.cancelled);
        let lowers = ends || asked < owed || known.iter().any(other);
        self.refuses_lowering(reader, Field::Amount, lowers);
        let further = further_money(reader, &row, &planned, &known);
        let further = further.filter(|_| {
            if !self.limits.money {
                reader.problem(Field::PaidAmount, LeftOut::Value, "unread-money-in", "mend-statement");
            }
            self.limits.money
        });
        if reader.is_bad() {
            return Ok(None);
        }
        self.show_first(reader.row.number, &row, &planned);
        Ok(Some(Ready { row, found, order, known, planned, further }))
    }

    /// Keeps how the first rows were read, for whoever wants to see it before anything is kept.
    fn show_first(&mut self, number: u32, row: &DirectRow, planned: &[Planned]) {
        if self.report.first_rows.len() < FIRST_ROWS {
            let part = |item: &Planned| ReadPart {
                milestone: item.milestone,
                amount: item.amount,
                due_on: item.due_on,
                trigger: item.trigger,
            };
            let parts = planned.iter().map(part).collect();
            let (order, ordered_on) = (row.number.clone(), row.ordered_on);
            self.report.first_rows.push(ReadRow { row: number, order, ordered_on, parts });
        }
    }

    async fn write_direct(&mut self, reader: &mut RowReader<'_>, ready: Ready) -> Result<Outcome, StoreError> {
        let Ready { row, found, order, known, planned, further } = ready;
        let corrections = self.report.corrections.len();
        let (party_id, _) = self.keep_debtor(reader, found, &row.debtor).await?;
        let what = Said::new("what-order").with("number", &row.number);
        let cancelled = row.cancelled.unwrap_or(order.as_ref().is_some_and(|order| order.fields.cancelled));
        let (order_id, is_renewed) = self.keep_order(reader, &what, party_id, &row, order.as_ref(), cancelled).await?;
        for event in &row.events {
            if let Some(on) = event.on {
                self.commit.note_trigger(order_id, event.trigger, on).await?;
            }
        }
        self.keep_days(reader, &what, (party_id, order_id), order.is_some(), &row.days).await?;
        let invoice_on = row.date_of(Field::InvoiceOn).or(row.date_of(Field::BlDate));
        let invoice_id = match (&row.invoice_number, invoice_on) {
            (Some(number), Some(on)) => Some(self.commit.add_invoice(party_id, order_id, number, on, row.total).await?),
            _ => None,
        };
        if !cancelled {
            self.count_risks(&row, &planned, party_id);
        }
        // Of each milestone what it takes itself, then its instalments, oldest first.
        let mut open: Vec<Vec<(ReceivableId, i64)>> = Vec::with_capacity(planned.len());
        let mut money = further.as_ref().map_or(0, |further| further.more.minor);
        for item in &planned {
            let before = known.iter().find(|known| known.key == item.key);
            // A receivable that was closed by hand stays so, unless the agreement itself has changed.
            let closed = cancelled || (!is_renewed && before.is_some_and(|known| known.closed));
            let invoice_id = invoice_id.filter(|_| item.milestone != Milestone::Deposit);
            let fields = receivable(&row, item, party_id, order_id, closed);
            let fields = ReceivableFields { invoice_id, ..fields };
            let (id, is_new, changes) = self.commit.upsert_receivable(SOURCE, &item.key, &fields, self.today).await?;
            let takes = !row.paid_is_deposit || item.milestone == Milestone::Deposit;
            let covered = if takes { money.min(item.amount.minor) } else { 0 };
            money -= covered;
            self.count_old(is_new && covered < item.amount.minor, &fields);
            self.note(reader, &part(&row.number, item.milestone), changes);
            let mut rooms = vec![(id, item.amount.minor - before.map_or(0, |known| known.used.minor))];
            rooms.extend(before.into_iter().flat_map(rooms_of_parts));
            open.push(rooms);
            if item.due_on.is_none() && !closed {
                self.count_awaiting(&row, item);
            }
        }
        self.close_obsolete(reader, &row.number, party_id, order_id, &planned, &known).await?;
        if let Some(further) = further {
            if row.paid_is_deposit {
                let deposit = planned.iter().position(|item| item.milestone == Milestone::Deposit);
                open = deposit.and_then(|nth| open.get(nth).cloned()).into_iter().collect();
            }
            self.keep_payment(party_id, &row, further.more, &open.concat()).await?;
            if order.is_some() {
                let after =
                    dunlin_core::money::Money::new(further.before.minor + further.more.minor, further.more.currency);
                self.correction(reader, &what, "paid", further.before.to_string(), after.to_string(), false);
            }
        }
        Ok(match order {
            None => Outcome::Added,
            Some(_) if self.report.corrections.len() > corrections => Outcome::Corrected,
            Some(_) => Outcome::Unchanged,
        })
    }

    /// Adds or corrects the order itself; the flag says that what was agreed has changed, or that it lives again.
    async fn keep_order(
        &mut self,
        reader: &RowReader<'_>,
        what: &Said,
        party_id: PartyId,
        row: &DirectRow,
        known: Option<&OrderRow>,
        cancelled: bool,
    ) -> Result<(OrderId, bool), StoreError> {
        let dates = || row.ordered_on.into_iter().chain(row.events.iter().filter_map(|event| event.on));
        let fields = OrderFields {
            party_id,
            number: row.number.clone(),
            source: OrderSource::Direct,
            total: row.total,
            ordered_on: row.ordered_on.or_else(|| dates().min()).unwrap_or(self.today),
            ordered_at: None,
            terms_text: row.terms_text.clone(),
            goods: row.goods.clone(),
            remote_state: String::new(),
            cancelled,
        };
        let Some(known) = known else {
            return Ok((self.commit.add_order(&fields, self.today).await?, true));
        };
        let same_terms = fields.terms_text.is_empty() || fields.terms_text == known.fields.terms_text;
        let revived = known.fields.cancelled && !fields.cancelled;
        let changes = self.commit.correct_order(known, &fields).await?;
        self.note(reader, what, changes);
        Ok((known.id, !same_terms || revived))
    }

    /// Milestones that the terms no longer have ask for nothing any more.
    async fn close_obsolete(
        &mut self,
        reader: &RowReader<'_>,
        number: &str,
        party_id: PartyId,
        order_id: OrderId,
        planned: &[Planned],
        known: &[KnownReceivable],
    ) -> Result<(), StoreError> {
        for old in known.iter().filter(|old| !old.closed && !planned.iter().any(|item| item.key == old.key)) {
            let fields = ReceivableFields {
                party_id,
                order_id: Some(order_id),
                invoice_id: old.invoice_id,
                reference: old.reference.clone(),
                order_number: None,
                milestone: old.milestone,
                trigger: old.trigger,
                days: old.days,
                amount: old.amount,
                triggered_on: old.triggered_on,
                due_on: old.due_on,
                placed_at: None,
                obligor: old.obligor,
                source: OrderSource::Direct,
                closed: true,
            };
            let (_, _, changes) = self.commit.upsert_receivable(SOURCE, &old.key, &fields, self.today).await?;
            self.note(reader, &part(number, old.milestone), changes);
        }
        Ok(())
    }
}

/// A part of an order, as corrections name it.
fn part(number: &str, milestone: Milestone) -> Said {
    let what = Said::new("what-order-part").with("number", number);
    what.with("milestone", Told::word("milestone", milestone.code()))
}

/// The row's terms; a file without them leaves those of an earlier one in force.
fn effective_terms(row: &DirectRow, order: Option<&OrderRow>) -> Option<Vec<Term>> {
    let earlier = || order.and_then(|order| terms::parse(&order.fields.terms_text).ok());
    row.terms.clone().or_else(earlier)
}

/// What is owed by instalments was agreed with the buyer in amounts and days: how another amount is parted is a person's
/// business.
fn refuse_planned(reader: &mut RowReader<'_>, planned: &[Planned], known: &[KnownReceivable]) {
    for old in known.iter().filter(|old| !old.parts.is_empty()) {
        let item = planned.iter().find(|item| item.key == old.key);
        if let Some(item) = item.filter(|item| item.amount != old.amount) {
            let why = Said::new("unread-plan-amount").with("milestone", Told::word("milestone", old.milestone.code()));
            let why = why.with("amount", item.amount).with("number", format!("R-{:04}", old.number));
            reader.problem(Field::Amount, LeftOut::Row, why, "mend-plan-amount");
        }
    }
}

/// Money that was placed stays where it is: a milestone can neither shrink below it nor go away.
fn refuse_impossible(reader: &mut RowReader<'_>, planned: &[Planned], known: &[KnownReceivable]) {
    for old in known.iter().filter(|old| old.used.minor != 0) {
        if !old.parts.is_empty() && planned.iter().any(|item| item.key == old.key) {
            continue;
        }
        let milestone = || Told::word("milestone", old.milestone.code());
        match planned.iter().find(|item| item.key == old.key) {
            Some(item) if item.amount.currency != old.amount.currency => {
                let why = Said::new("unread-paid-currency").with("used", old.used).with("milestone", milestone());
                let why = why.with("currency", old.amount.currency.code());
                reader.problem(Field::Amount, LeftOut::Row, why, "mend-paid-currency");
            }
            Some(item) if item.amount.minor < old.used.minor => {
                let why = Said::new("unread-below-paid").with("milestone", milestone());
                let why = why.with("amount", item.amount).with("used", old.used);
                reader.problem(Field::Amount, LeftOut::Row, why, "mend-below-paid");
            }
            Some(_) => {}
            None => {
                let why = Said::new("unread-terms-paid").with("milestone", milestone()).with("used", old.used);
                reader.problem(Field::Terms, LeftOut::Row, why, "mend-terms-paid");
            }
        }
    }
}

fn receivable(row: &DirectRow, item: &Planned, party_id: PartyId, order_id: OrderId, closed: bool) -> ReceivableFields {
    ReceivableFields {
        party_id,
        order_id: Some(order_id),
        invoice_id: None,
        reference: item.reference.clone(),
        order_number: Some(row.number.clone()),
        milestone: item.milestone,
        trigger: item.trigger,
        days: item.days,
        amount: item.amount,
        triggered_on: item.triggered_on,
        due_on: item.due_on,
        placed_at: None,
        obligor: Obligor::Buyer,
        source: OrderSource::Direct,
        closed,
    }
}
