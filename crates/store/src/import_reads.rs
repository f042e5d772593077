//! What an import asks before it writes: who and what is known already, under which names, and what is paid on it;
//! and the names that link rows of a file to rows here.
//!
//! Set-based where a whole file is compared, one keyed read where a single row is. Writing the facts themselves is
//! the business of `parties`, `receivables` and `bank`.

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{InvoiceId, OrderId, PartyId, ReceivableId};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::receivable::{Milestone, Obligor, Trigger};

use crate::bind::binds;
use crate::conn::{fetch, fetch_one};
use crate::dialect::flag;
use crate::facts::iso;
use crate::instalments::PartRow;
use crate::{Commit, StoreError};

/// A party under one of its names at a source.
#[derive(Debug, Clone)]
pub struct KnownParty {
    pub external_id: String,
    pub id: PartyId,
    pub name: String,
    pub country: String,
    pub language: Option<String>,
    /// The identity is that of a party that was merged into this one: its name then.
    pub former_name: Option<String>,
}

/// A receivable with what its ledger has taken off it.
#[derive(Debug, Clone)]
pub struct KnownReceivable {
    pub id: ReceivableId,
    /// The external id under which the source knows it.
    pub key: String,
    pub number: i64,
    pub invoice_id: Option<InvoiceId>,
    pub reference: String,
    pub milestone: Milestone,
    pub trigger: Trigger,
    pub days: i32,
    pub amount: Money,
    pub triggered_on: Option<Date>,
    pub due_on: Option<Date>,
    pub obligor: Obligor,
    pub closed: bool,
    /// Allocations, credits and write-offs.
    pub used: Money,
    /// Allocations only: money that came in, from whatever source.
    pub paid: Money,
    /// The instalments that are owed in its place, oldest first; empty until [`Commit::with_parts`] was asked.
    pub parts: Vec<PartRow>,
}

#[derive(Deserialize)]
struct ReceivableRow {
    id: ReceivableId,
    key: String,
    number: i64,
    invoice_id: Option<InvoiceId>,
    reference: String,
    milestone: Milestone,
    trigger_kind: Trigger,
    days: i32,
    amount_minor: i64,
    currency: String,
    triggered_on: Option<Date>,
    due_on: Option<Date>,
    obligor: Obligor,
    #[serde(with = "flag")]
    closed: bool,
    used_minor: i64,
    paid_minor: i64,
}

fn known_receivable(row: ReceivableRow) -> Result<KnownReceivable, StoreError> {
    let currency = iso(&row.currency)?;
    Ok(KnownReceivable {
        id: row.id,
        key: row.key,
        number: row.number,
        invoice_id: row.invoice_id,
        reference: row.reference,
        milestone: row.milestone,
        trigger: row.trigger_kind,
        days: row.days,
        amount: Money::new(row.amount_minor, currency),
        triggered_on: row.triggered_on,
        due_on: row.due_on,
        obligor: row.obligor,
        closed: row.closed,
        used: Money::new(row.used_minor, currency),
        paid: Money::new(row.paid_minor, currency),
        parts: Vec::new(),
    })
}

impl Commit {
    /// All parties that a source has a name for, one row per name.
    pub async fn parties_of_source(&mut self, source: &str) -> Result<Vec<KnownParty>, StoreError> {
        #[derive(Deserialize)]
        struct Row(String, PartyId, String, String, Option<String>, Option<String>);
        let tenant_id = self.tenant_id;
        let sql = "SELECT x.external_id, s.id, s.name, s.country, s.language, \
                   CASE WHEN p.merged_into IS NULL THEN NULL ELSE p.name END FROM external_identity x \
                   JOIN party p ON p.tenant_id = x.tenant_id AND p.id = x.row_id \
                   JOIN party s ON s.tenant_id = p.tenant_id AND s.id = COALESCE(p.merged_into, p.id) \
                   WHERE x.tenant_id = $1 AND x.noun = 'party' AND x.source = $2 ORDER BY x.external_id";
        let rows: Vec<Row> = fetch(&mut self.tx, sql, binds![tenant_id, source]).await?;
        let known = |Row(external_id, id, name, country, language, former_name)| KnownParty {
            external_id,
            id,
            name,
            country,
            language,
            former_name,
        };
        Ok(rows.into_iter().map(known).collect())
    }

    /// The milestones of an order as `source` knows them: their keys begin with the order's number and `#`.
    pub async fn receivables_of_order(
        &mut self,
        source: &str,
        order_id: OrderId,
        order_number: &str,
    ) -> Result<Vec<KnownReceivable>, StoreError> {
        // `$` is the character after `#`, so the two bound the keys of this number (collation is binary).
        let (from, to) = (format!("{order_number}#"), format!("{order_number}$"));
        let condition = "x.external_id >= $3 AND x.external_id < $4 AND r.order_id = $5";
        self.receivables_where(condition, binds![self.tenant_id, source, from, to, order_id]).await
    }

    /// The receivable that `source` knows under exactly this key.
    pub async fn receivable_under(
        &mut self,
        source: &str,
        key: &str,
    ) -> Result<Option<(PartyId, KnownReceivable)>, StoreError> {
        let condition = "x.external_id = $3";
        let found = self.receivables_where(condition, binds![self.tenant_id, source, key]).await?;
        let Some(known) = found.into_iter().next() else {
            return Ok(None);
        };
        let tenant_id = self.tenant_id;
        let sql = "SELECT party_id FROM receivable WHERE tenant_id = $1 AND id = $2";
        let row: Option<(PartyId,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, known.id]).await?;
        Ok(row.map(|(party_id,)| (party_id, known)))
    }

    /// The same with the instalments that were agreed in place of each. What nothing but payments lowered has none.
    pub async fn with_parts(&mut self, mut known: Vec<KnownReceivable>) -> Result<Vec<KnownReceivable>, StoreError> {
        for one in known.iter_mut().filter(|one| one.used != one.paid) {
            one.parts = self.parts_instead_of(one.id).await?;
        }
        Ok(known)
    }

    async fn receivables_where(
        &mut self,
        condition: &str,
        values: Vec<crate::bind::Bind>,
    ) -> Result<Vec<KnownReceivable>, StoreError> {
        let sum = |which: &str| {
            format!(
                "CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.tenant_id = r.tenant_id \
                 AND e.party_id = r.party_id AND e.receivable_id = r.id{which}), 0) AS BIGINT)"
            )
        };
        let sql = format!(
            "SELECT r.id, x.external_id, r.number, r.invoice_id, r.reference, r.milestone, r.trigger_kind, \
             r.days, r.amount_minor, r.currency, r.triggered_on, r.due_on, r.obligor, r.closed, {}, {} \
             FROM external_identity x JOIN receivable r ON r.tenant_id = x.tenant_id AND r.id = x.row_id \
             WHERE x.tenant_id = $1 AND x.noun = 'receivable' AND x.source = $2 AND {condition} ORDER BY r.number",
            sum(""),
            sum(" AND e.kind = 'allocation'")
        );
        let rows: Vec<ReceivableRow> = fetch(&mut self.tx, &sql, values).await?;
        rows.into_iter().map(known_receivable).collect()
    }

    /// Human numbers and order numbers of a party's receivables that letters call by this reference.
    pub async fn receivables_called(
        &mut self,
        party_id: PartyId,
        reference: &str,
    ) -> Result<Vec<(i64, Option<String>)>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT number, order_number FROM receivable \
                   WHERE tenant_id = $1 AND party_id = $2 AND reference = $3 ORDER BY number";
        fetch(&mut self.tx, sql, binds![tenant_id, party_id, reference]).await
    }

    /// The orders of a source that are not cancelled: their numbers and the names of who ordered.
    pub async fn order_numbers(&mut self, source: OrderSource) -> Result<Vec<(String, String)>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT o.number, p.name FROM sales_order o \
                   JOIN party p ON p.tenant_id = o.tenant_id AND p.id = o.party_id \
                   WHERE o.tenant_id = $1 AND o.source = $2 AND o.cancelled = 0 ORDER BY o.number";
        fetch(&mut self.tx, sql, binds![tenant_id, source.code()]).await
    }

    /// The report of the last import of a kind, as JSON.
    pub async fn last_import(&mut self, import_kind: &str) -> Result<Option<String>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT report FROM import_run WHERE tenant_id = $1 AND kind = $2 ORDER BY seq DESC LIMIT 1";
        let row: Option<(String,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, import_kind]).await?;
        Ok(row.map(|(report,)| report))
    }

    /// The id of a row under the name that a source has for it.
    pub async fn identity(
        &mut self,
        noun: &str,
        source: &str,
        external_id: &str,
    ) -> Result<Option<String>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT row_id FROM external_identity WHERE tenant_id = $1 AND noun = $2 \
                   AND source = $3 AND external_id = $4";
        let row: Option<(String,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, noun, source, external_id]).await?;
        Ok(row.map(|(id,)| id))
    }

    /// Gives a known row a further name.
    pub async fn add_identity(
        &mut self,
        noun: &str,
        source: &str,
        external_id: &str,
        row_id: &str,
    ) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "INSERT INTO external_identity (tenant_id, noun, source, external_id, row_id) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, noun, source, external_id) DO NOTHING";
        self.execute(sql, binds![tenant_id, noun, source, external_id, row_id]).await?;
        Ok(())
    }
}
