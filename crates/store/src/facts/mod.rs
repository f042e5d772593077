//! Loads everything a decision may know, for one debtor or for a batch of awake ones, in a dozen set-based reads.
//!
//! Rows recorded after the asked-for instant are left out and rows corrected since are taken back, so that `--as-of`
//! sees what was known then.

mod earlier;
mod listed;
mod made;
mod orders;
mod parted;
mod rows;
mod told;

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};

use dunlin_core::case::{Case, LetterState, OpenLetter, StepTaken};
use dunlin_core::facts::{ContactMade, DebtorFacts, ReceivableFacts};
use dunlin_core::gate_facts::{Dispute, Hold, Promise, PromiseState, UnmatchedMoney};
use dunlin_core::grade::Grade;
use dunlin_core::ids::{CaseId, ContactId, PartyId, SuppressionId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::party::{Channel, Contact, ContactRole, Language, Party};
use dunlin_core::receivable::ledger::LedgerEntry;

use crate::bind::{Bind, binds};
use crate::conn::{Conn, fetch, fetch_number};
use crate::dialect::DbKind;
use crate::ledger::allocated_from;
use crate::plans::StoredItem;
use crate::plans::orders::StoredAbout;
use crate::row_history::{Earlier, was_there};
use crate::seal::open_person;
use crate::suppressions::read_listed;
use crate::ways::read_ways;
use crate::work::Work;
use crate::{Commit, Store, StoreError};

pub(crate) use rows::iso;
use rows::{
    CaseRow, ContactRow, DisputeRow, EntryRow, HoldRow, LetterRow, PartyRow, PromiseRow, ReceivableRow, StepRow,
    case_of, maybe_money, receivable_of,
};

/// Whose facts to load.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    One(PartyId),
    /// These parties, in the order of their ids.
    These(&'a [PartyId]),
}

/// How the rows of a scope are found.
#[derive(Debug, Clone)]
enum Way {
    /// All rows between two parties.
    Range(PartyId, PartyId),
    /// The rows of listed parties, as JSON.
    Listed(String),
}

impl Way {
    /// A condition on a column over `$1` tenant, `$2`–`$3` range or list, `$4` instant.
    fn condition(&self, kind: DbKind, alias: &str, column: &str) -> String {
        let which = match self {
            Self::Range(..) => format!("{alias}.{column} BETWEEN $2 AND $3"),
            Self::Listed(_) => format!("{} AND $3 = $3", kind.listed(&format!("{alias}.{column}"), 2)),
        };
        format!("{alias}.tenant_id = $1 AND {which} AND $4 = $4")
    }

    fn binds(&self, tenant_id: TenantId, at: Timestamp) -> Vec<Bind> {
        match self {
            Self::Range(from, to) => binds![tenant_id, *from, *to, at],
            Self::Listed(ids) => binds![tenant_id, ids.as_str(), "", at],
        }
    }
}

/// For changes: whatever is committed counts, whichever clock it was written by. A payment that another machine
/// recorded a moment "later" than our own clock must not be overlooked.
pub(crate) const EVERYTHING: Timestamp = Timestamp::MAX;

/// How far back contacts with a debtor are read: as long as the longest gap that is kept, and longer than any ceiling.
const CONTACTS_DAYS: i64 = dunlin_core::playbook::MOST_GAP_DAYS;

struct Loader<'c> {
    conn: &'c mut Conn,
    tenant_id: TenantId,
    scope: Scope<'c>,
    way: Way,
    /// The instant that is decided for.
    now: Timestamp,
    /// What was recorded later is left out; for a change nothing is (see [`EVERYTHING`]).
    at: Timestamp,
    /// What rows corrected since then were.
    earlier: Earlier,
    /// In the order of their ids.
    debtors: Vec<DebtorFacts>,
    /// Where the last row went: rows come in the same order, so the next one is here or close.
    last: usize,
}

impl Loader<'_> {
    async fn rows<T: serde::de::DeserializeOwned>(&mut self, sql: &str, alias: &str) -> Result<Vec<T>, StoreError> {
        let sql = sql.replace("{scope}", &self.way.condition(self.conn.kind(), alias, "party_id"));
        fetch(self.conn, &sql, self.way.binds(self.tenant_id, self.at)).await
    }

    async fn load(mut self) -> Result<Vec<DebtorFacts>, StoreError> {
        self.choose_way().await?;
        self.look_back().await?;
        self.parties().await?;
        if self.debtors.is_empty() {
            return Ok(Vec::new());
        }
        self.contacts().await?;
        self.receivables().await?;
        self.cases().await?;
        self.orders().await?;
        self.told().await?;
        self.entries().await?;
        self.steps().await?;
        self.letters().await?;
        self.letters_of_the_time_together().await?;
        self.calls().await?;
        self.holds().await?;
        self.promises().await?;
        self.disputes().await?;
        self.unmatched().await?;
        Ok(self.debtors)
    }

    /// Where most parties of a range are wanted, reading the range in order is cheaper than asking for each; the rows
    /// of the others find no debtor and fall away.
    async fn choose_way(&mut self) -> Result<(), StoreError> {
        let Scope::These(ids @ [from, .., to]) = self.scope else {
            return Ok(());
        };
        let sql = "SELECT count(*) FROM party WHERE tenant_id = $1 AND id BETWEEN $2 AND $3";
        let all = fetch_number(self.conn, sql, binds![self.tenant_id, *from, *to]).await?.unwrap_or(0);
        self.way = if ids.len() as i64 * 3 > all {
            Way::Range(*from, *to)
        } else {
            Way::Listed(serde_json::to_string(ids).map_err(StoreError::corrupt)?)
        };
        Ok(())
    }

    async fn parties(&mut self) -> Result<(), StoreError> {
        let older = self.older_than_their_id().await?;
        let condition = self.way.condition(self.conn.kind(), "p", "id");
        let sql = "SELECT p.id, p.number, p.name, p.country, p.language, p.is_consumer, p.blacklisted, \
                   p.playbook_override, p.grade FROM party p WHERE {scope} ORDER BY p.id"
            .replace("{scope}", &condition);
        for mut row in fetch::<PartyRow>(self.conn, &sql, self.way.binds(self.tenant_id, self.at)).await? {
            if !was_there(row.id.0, self.at) && !older.contains(&row.id) {
                continue;
            }
            earlier::party(&self.earlier, &mut row)?;
            if let Scope::These(ids) = self.scope
                && ids.binary_search(&row.id).is_err()
            {
                continue;
            }
            let party = Party {
                id: row.id,
                number: format!("D-{:04}", row.number),
                name: row.name,
                country: row.country,
                language: row.language.as_deref().and_then(Language::from_code),
                is_consumer: row.is_consumer,
                blacklisted: row.blacklisted,
                grade: Grade::from_code(&row.grade),
                playbook_override: row.playbook_override,
            };
            self.debtors.push(DebtorFacts::of(party));
        }
        Ok(())
    }

    fn debtor(&mut self, id: PartyId) -> Option<&mut DebtorFacts> {
        let here = |debtors: &[DebtorFacts], at: usize| debtors.get(at).is_some_and(|debtor| debtor.party.id == id);
        if !here(&self.debtors, self.last) {
            self.last = if here(&self.debtors, self.last + 1) {
                self.last + 1
            } else {
                self.debtors.binary_search_by_key(&id, |debtor| debtor.party.id).ok()?
            };
        }
        self.debtors.get_mut(self.last)
    }

    async fn contacts(&mut self) -> Result<(), StoreError> {
        let (person, keys) = match self.scope {
            Scope::One(_) => (
                "c.sealed, k.secret",
                "LEFT JOIN person_key k ON k.tenant_id = c.tenant_id AND k.party_id = c.party_id \
                 AND k.contact_id = c.id",
            ),
            Scope::These(_) => ("NULL, NULL", ""),
        };
        let sql = format!(
            "SELECT c.party_id, c.id, c.role, c.language, c.time_zone, c.objected, c.ways, \
             c.suppressed, c.retired_at, {person} FROM contact c \
             {keys} WHERE {{scope}} ORDER BY c.party_id, c.id"
        );
        let mut listed: Vec<(PartyId, ContactId, Channel, SuppressionId)> = Vec::new();
        for mut row in self.rows::<ContactRow>(&sql, "c").await? {
            if !was_there(row.id.0, self.at) {
                continue;
            }
            earlier::contact(&self.earlier, &mut row)?;
            let person = match (&row.sealed, &row.secret) {
                (Some(sealed), Some(secret)) => Some(open_person(&self.conn.key, sealed, secret)?),
                // Not asked for, or the key was destroyed.
                _ => None,
            };
            let role = ContactRole::from_code(&row.role)
                .ok_or_else(|| StoreError::corrupt(format!("unknown contact role {}", row.role)))?;
            let contact = Contact {
                id: row.id,
                party_id: row.party_id,
                role,
                language: row.language.as_deref().and_then(Language::from_code),
                time_zone: row.time_zone,
                ways: read_ways(&row.ways),
                objected: row.objected,
                suppressed: Vec::new(),
                person,
            };
            let entries = read_listed(&row.suppressed);
            listed.extend(entries.map(|(channel, entry)| (row.party_id, row.id, channel, entry)));
            if let Some(debtor) = self.debtor(row.party_id) {
                match row.retired_at {
                    None => debtor.contacts.push(contact),
                    Some(_) => debtor.former_contacts.push(contact),
                }
            }
        }
        self.suppress(&listed).await
    }

    async fn receivables(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT r.party_id, r.id, r.order_id, r.invoice_id, r.number, r.reference, r.order_number, \
                   r.milestone, r.trigger_kind, r.days, r.amount_minor, r.currency, r.triggered_on, r.due_on, \
                   r.placed_at, r.obligor, r.source, r.closed FROM receivable r WHERE {scope} ORDER BY r.party_id, r.id";
        for mut row in self.rows::<ReceivableRow>(sql, "r").await? {
            if !was_there(row.id.0, self.at) {
                continue;
            }
            earlier::receivable(&self.earlier, &mut row)?;
            let party_id = row.party_id;
            let item = receivable_of(row)?;
            if let Some(debtor) = self.debtor(party_id) {
                debtor.receivables.push(item);
            }
        }
        Ok(())
    }

    /// Read apart from the receivables: two walks along the same order are cheaper than a lookup for each row.
    async fn cases(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT k.party_id, k.id, k.receivable_id, k.state, k.playbook, k.playbook_version, k.started_at, \
                   k.entry, k.task_id, k.recorded_at FROM cases k WHERE {scope} ORDER BY k.party_id, k.id";
        for mut row in self.rows::<CaseRow>(sql, "k").await? {
            earlier::version(&self.earlier, &mut row)?;
            if row.recorded_at > self.at {
                earlier::case(&mut row);
            }
            if let Some(item) = self.item(row.party_id, |item| item.receivable.id == row.receivable_id) {
                item.case = Some(case_of(row));
            }
        }
        self.earlier_tasks().await
    }

    async fn entries(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT e.party_id, e.receivable_id, e.id, e.kind, e.amount_minor, e.currency, e.payment_id, \
                   e.payment_minor, e.payment_currency, e.rate, e.reverses, e.note, e.effective_on \
                   FROM ledger_entry e WHERE {scope} AND e.recorded_at <= $4 ORDER BY e.party_id, e.seq, e.id";
        for row in self.rows::<EntryRow>(sql, "e").await? {
            let (minor, code) = (row.payment_minor, row.payment_currency.as_deref());
            let payment = allocated_from(row.payment_id, minor, code, row.rate.as_deref())?;
            let entry = LedgerEntry {
                id: row.id,
                receivable_id: row.receivable_id,
                kind: row.kind,
                amount: Money::new(row.amount_minor, iso(&row.currency)?),
                payment,
                reverses: row.reverses,
                effective_on: row.effective_on,
                note: row.note,
            };
            if let Some(item) = self.item(row.party_id, |item| item.receivable.id == row.receivable_id) {
                item.entries.push(entry);
            }
        }
        Ok(())
    }

    fn item(&mut self, party_id: PartyId, which: impl Fn(&ReceivableFacts) -> bool) -> Option<&mut ReceivableFacts> {
        self.debtor(party_id)?.receivables.iter_mut().find(|item| which(item))
    }

    fn case(&mut self, party_id: PartyId, case_id: CaseId) -> Option<&mut Case> {
        let of = |item: &ReceivableFacts| item.case.as_ref().is_some_and(|case| case.id == case_id);
        let debtor = self.debtor(party_id)?;
        match debtor.receivables.iter().position(of) {
            Some(place) => debtor.receivables[place].case.as_mut(),
            None => debtor.order_case_mut(case_id),
        }
    }

    async fn steps(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT s.party_id, s.case_id, s.step, s.round, s.level, s.taken_at, s.answer_by, s.done_at, s.voided_at, \
                   s.ended, s.entered FROM step_taken s WHERE {scope} AND s.taken_at <= $4 ORDER BY s.party_id, s.taken_at, s.seq";
        let at = self.at;
        for row in self.rows::<StepRow>(sql, "s").await? {
            let done_at = row.done_at.filter(|done| *done <= at);
            let voided = row.voided_at.is_some_and(|voided| voided <= at);
            if let (Some(purpose), Some(done_at)) = (row.entered, done_at) {
                self.entered(row.party_id, purpose, done_at);
            }
            let taken = StepTaken {
                step: Arc::from(row.step),
                level: row.level,
                round: row.round,
                taken_at: row.taken_at,
                answer_by: row.answer_by,
                done_at,
                voided,
                end: row.ended.filter(|_| done_at.is_some() || voided),
            };
            if let Some(case) = self.case(row.party_id, row.case_id) {
                case.steps.push(taken);
            }
        }
        Ok(())
    }

    /// Letters of the last weeks: pressing ones count for gap and ceiling, unsettled ones hold their cases.
    async fn letters(&mut self) -> Result<(), StoreError> {
        let since = self.since();
        let sql = format!(
            "SELECT l.party_id, l.id, l.purpose, l.channel, l.contact_id, l.state, l.not_before, \
             l.settled_at, l.items, l.lead_id, l.about FROM letter l WHERE {{scope}} AND l.recorded_at <= $4 \
             AND (l.settled_at IS NULL OR l.settled_at >= {since}) ORDER BY l.party_id, l.seq, l.id"
        );
        let at = self.at;
        for row in self.rows::<LetterRow>(&sql, "l").await? {
            let open = row.settled_at.is_none_or(|settled| settled > at);
            let first = row.lead_id.unwrap_or(row.id);
            if open {
                let items: Vec<StoredItem> = serde_json::from_str(&row.items).map_err(StoreError::corrupt)?;
                let state = if row.settled_at.is_some() { LetterState::Queued } else { row.state };
                // Those of one step are one to the case, and what a person has to do for any of them comes first.
                let letter = OpenLetter { id: first, state, not_before: row.not_before };
                let about = row.about.as_deref().map(StoredAbout::read).transpose()?;
                let of_order = about.into_iter().map(|about| about.case_id());
                for case_id in items.iter().map(StoredItem::case_id).chain(of_order) {
                    if let Some(case) = self.case(row.party_id, case_id)
                        && case.letter.is_none_or(|known| known.id != first || known.state == LetterState::Queued)
                    {
                        case.letter = Some(letter);
                    }
                }
            }
            if !open && row.state == LetterState::Failed && first == row.id {
                self.note_failed(&row)?;
            }
            let left = open || row.state == LetterState::Sent;
            if left && row.purpose.asks_for_money() {
                let made = ContactMade {
                    // One that has not left yet may leave at any moment from now on.
                    at: row.settled_at.filter(|settled| *settled <= at).unwrap_or(row.not_before.max(self.now)),
                    letter_id: Some(first),
                    is_done: !open,
                    channel: row.channel,
                    purpose: row.purpose,
                    contact_id: Some(row.contact_id),
                    receivable_id: None,
                };
                self.wrote(row.party_id, row.lead_id, made);
            }
        }
        Ok(())
    }

    /// A letter that reached nobody keeps its cases waiting until somebody has finished the task about it.
    fn note_failed(&mut self, row: &LetterRow) -> Result<(), StoreError> {
        let items: Vec<StoredItem> = serde_json::from_str(&row.items).map_err(StoreError::corrupt)?;
        let about = row.about.as_deref().map(StoredAbout::read).transpose()?;
        let of_order = about.into_iter().map(|about| about.case_id());
        for case_id in items.iter().map(StoredItem::case_id).chain(of_order) {
            if let Some(case) = self.case(row.party_id, case_id)
                && case.task.is_some()
            {
                case.letter = Some(OpenLetter { id: row.id, state: row.state, not_before: row.not_before });
            }
        }
        Ok(())
    }

    fn since(&self) -> i64 {
        self.contacts_from().as_microsecond()
    }

    fn contacts_from(&self) -> Timestamp {
        self.now.checked_sub((24 * CONTACTS_DAYS).hours()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    async fn holds(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT h.party_id, h.id, h.kind, h.receivable_id, h.why, h.until_on, h.released_at FROM hold h \
                   WHERE {scope} AND h.recorded_at <= $4 ORDER BY h.party_id, h.seq";
        let at = self.at;
        for row in self.rows::<HoldRow>(sql, "h").await? {
            let hold = Hold {
                id: row.id,
                kind: row.kind,
                receivable_id: row.receivable_id,
                why: row.why,
                until: row.until_on,
                released: row.released_at.is_some_and(|released| released <= at),
            };
            if let Some(debtor) = self.debtor(row.party_id) {
                debtor.holds.push(hold);
            }
        }
        Ok(())
    }

    async fn promises(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT p.party_id, p.id, p.receivable_id, p.promised_on, p.pay_on, p.amount_minor, \
                   p.currency, p.state, p.settled_at FROM promise p WHERE {scope} AND p.recorded_at <= $4 \
                   ORDER BY p.party_id, p.seq";
        let at = self.at;
        for row in self.rows::<PromiseRow>(sql, "p").await? {
            let settled = row.settled_at.is_some_and(|settled| settled <= at);
            let promise = Promise {
                id: row.id,
                receivable_id: row.receivable_id,
                promised_on: row.promised_on,
                pay_on: row.pay_on,
                amount: maybe_money(row.amount_minor, row.currency.as_deref())?,
                state: if settled { row.state } else { PromiseState::Open },
            };
            if let Some(debtor) = self.debtor(row.party_id) {
                debtor.promises.push(promise);
            }
        }
        Ok(())
    }

    async fn disputes(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT d.party_id, d.id, d.receivable_id, d.amount_minor, d.currency, d.why, d.resolved_at \
                   FROM dispute d WHERE {scope} AND d.recorded_at <= $4 ORDER BY d.party_id, d.seq";
        let at = self.at;
        for row in self.rows::<DisputeRow>(sql, "d").await? {
            let dispute = Dispute {
                id: row.id,
                receivable_id: row.receivable_id,
                amount: maybe_money(row.amount_minor, row.currency.as_deref())?,
                why: row.why,
                resolved: row.resolved_at.is_some_and(|resolved| resolved <= at),
            };
            if let Some(debtor) = self.debtor(row.party_id) {
                debtor.disputes.push(dispute);
            }
        }
        Ok(())
    }

    async fn unmatched(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT c.party_id, p.id, p.number, p.amount_minor, \
                   CAST(COALESCE((SELECT sum(e.payment_minor) FROM ledger_entry e WHERE e.tenant_id = p.tenant_id \
                   AND e.payment_id = p.id), 0) AS BIGINT), p.currency, p.received_on, p.payer_name \
                   FROM payment_candidate c JOIN payment p ON p.tenant_id = c.tenant_id AND p.id = c.payment_id \
                   WHERE {scope} AND p.placed = 0 AND p.set_aside_at IS NULL AND p.recorded_at <= $4";
        let rows = if self.looks_back() { self.earlier_unmatched().await? } else { self.rows(sql, "c").await? };
        for row in rows {
            let money = UnmatchedMoney {
                payment_id: row.payment_id,
                payment_number: format!("P-{:04}", row.number),
                left: Money::new(row.amount_minor - row.used_minor, iso(&row.currency)?),
                received_on: row.received_on,
                payer_name: row.payer_name,
            };
            if let Some(debtor) = self.debtor(row.party_id) {
                debtor.unmatched.push(money);
            }
        }
        Ok(())
    }
}

pub(crate) async fn load(
    conn: &mut Conn,
    tenant_id: TenantId,
    scope: Scope<'_>,
    now: Timestamp,
    at: Timestamp,
) -> Result<Vec<DebtorFacts>, StoreError> {
    let way = match scope {
        Scope::One(id) | Scope::These(&[id]) => Way::Range(id, id),
        Scope::These(_) => Way::Listed("[]".to_string()),
    };
    let loader =
        Loader { conn, tenant_id, scope, way, now, at, earlier: Earlier::default(), debtors: Vec::new(), last: 0 };
    loader.load().await
}

impl Store {
    /// Facts as they were known at `at`, outside any change.
    pub fn facts<'a>(&'a self, tenant_id: TenantId, scope: Scope<'a>, at: Timestamp) -> Work<'a, Vec<DebtorFacts>> {
        Box::pin(async move {
            let mut tx = self.snapshot().await?;
            let facts = load(&mut tx, tenant_id, scope, at, at).await?;
            tx.commit().await?;
            Ok(facts)
        })
    }

    /// Facts with the number of the last change they contain, both of one moment. Whoever decides on them outside a
    /// change must see, inside it, that nothing came between.
    pub fn facts_with_sequence<'a>(
        &'a self,
        tenant_id: TenantId,
        scope: Scope<'a>,
        now: Timestamp,
    ) -> Work<'a, (Vec<DebtorFacts>, i64)> {
        Box::pin(async move {
            let mut tx = self.snapshot().await?;
            let sql = "SELECT sequence FROM tenant WHERE id = $1";
            let sequence = fetch_number(&mut tx, sql, binds![tenant_id]).await?.unwrap_or(0);
            let facts = load(&mut tx, tenant_id, scope, now, EVERYTHING).await?;
            tx.commit().await?;
            Ok((facts, sequence))
        })
    }

    /// The next parties after `after` that have a case awake, in order of their ids: as many as have `limit` of them awake
    /// between them, and one at least.
    pub fn awake_parties(
        &self,
        tenant_id: TenantId,
        after: PartyId,
        at: Timestamp,
        limit: i64,
    ) -> Work<'_, Vec<PartyId>> {
        Box::pin(async move {
            let mut conn = self.conn().await?;
            let sql = "SELECT party_id, count(*) FROM cases WHERE tenant_id = $1 AND party_id > $2 AND next_wake <= $3 \
                       GROUP BY party_id ORDER BY party_id LIMIT $4";
            let rows: Vec<(PartyId, i64)> = fetch(&mut conn, sql, binds![tenant_id, after, at, limit]).await?;
            let mut cases = 0;
            // The first one in any case, however many it has.
            let fits = |(_, count): &(PartyId, i64)| {
                let is_first = cases == 0;
                cases += count;
                is_first || cases <= limit
            };
            Ok(rows.into_iter().take_while(fits).map(|(id, _)| id).collect())
        })
    }

    /// How many cases have not ended.
    pub async fn live_cases(&self, tenant_id: TenantId) -> Result<i64, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT count(*) FROM cases WHERE tenant_id = $1 AND state = 'running'";
        Ok(crate::conn::fetch_number(&mut conn, sql, binds![tenant_id]).await?.unwrap_or(0))
    }
}

impl Commit {
    /// Facts inside the change, under the tenant's lock: nothing can move between reading and writing.
    pub fn facts<'a>(&'a mut self, scope: Scope<'a>) -> Work<'a, Vec<DebtorFacts>> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        Box::pin(load(&mut self.tx, tenant_id, scope, now, EVERYTHING))
    }
}
