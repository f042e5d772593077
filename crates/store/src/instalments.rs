//! Plans of instalments: the parts as receivables of their own, how a plan ends, and when it is broken.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::ids::{PartyId, ReceivableId, TaskId, TenantId};
use dunlin_core::instalments::Instalment;
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::plan::TaskKind;
use dunlin_core::receivable::{Milestone, Obligor, Receivable, Trigger};

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_one};
use crate::dialect::{flag, micros};
use crate::facts::iso;
use crate::receivables::ReceivableFields;
use crate::{Commit, Store, StoreError};

/// What was agreed, beside the parts.
#[derive(Debug, Clone)]
pub struct PlanTerms {
    /// An instalment unpaid so many days after its day breaks the plan.
    pub late_days: i32,
    /// What is left is due at once then.
    pub all_due: bool,
    pub words: String,
}

/// How a plan stands. The id is that of its first ledger line's change, in text.
#[derive(Debug, Clone, Deserialize)]
pub struct PlanRow {
    pub party_id: PartyId,
    pub id: String,
    pub receivable_id: ReceivableId,
    pub late_days: i32,
    #[serde(with = "flag")]
    pub all_due: bool,
    pub words: String,
    /// `open`, `kept`, `broken`, `ended`.
    pub state: String,
    #[serde(with = "micros::maybe")]
    pub settled_at: Option<Timestamp>,
    #[serde(with = "micros")]
    pub recorded_at: Timestamp,
    /// What it stands for was closed since: the order was cancelled.
    #[serde(with = "flag")]
    pub is_cancelled: bool,
}

/// A part of a plan as it stands.
#[derive(Debug, Clone)]
pub struct PartRow {
    pub plan_id: String,
    pub receivable_id: ReceivableId,
    pub number: String,
    pub due_on: Option<Date>,
    pub amount: Money,
    pub outstanding: Money,
    /// Money that came in on it, from whatever source.
    pub paid: Money,
    pub closed: bool,
}

/// Of what `history` keeps of a part that was brought forward.
#[derive(Deserialize)]
struct AgreedDay {
    #[serde(default)]
    due_on: Option<Date>,
}

#[derive(Deserialize)]
struct StoredPart {
    plan_id: String,
    receivable_id: ReceivableId,
    number: i64,
    due_on: Option<Date>,
    amount_minor: i64,
    currency: String,
    used_minor: i64,
    paid_minor: i64,
    #[serde(with = "flag")]
    closed: bool,
}

const PLAN: &str = "SELECT p.party_id, p.id, p.receivable_id, p.late_days, p.all_due, p.words, p.state, p.settled_at, p.recorded_at, \
                    COALESCE((SELECT o.closed FROM receivable o WHERE o.tenant_id = p.tenant_id \
                    AND o.party_id = p.party_id AND o.id = p.receivable_id), 0) FROM instalment_plan p";

const PART: &str = "SELECT i.plan_id, i.receivable_id, r.number, r.due_on, r.amount_minor, r.currency, \
                    CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.tenant_id = i.tenant_id \
                    AND e.party_id = i.party_id AND e.receivable_id = i.receivable_id), 0) AS BIGINT), \
                    CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e WHERE e.tenant_id = i.tenant_id \
                    AND e.party_id = i.party_id AND e.receivable_id = i.receivable_id AND e.kind = 'allocation'), 0) \
                    AS BIGINT), r.closed \
                    FROM instalment i JOIN receivable r ON r.tenant_id = i.tenant_id AND r.party_id = i.party_id \
                    AND r.id = i.receivable_id";

fn part_of(row: StoredPart) -> Result<PartRow, StoreError> {
    let currency = iso(&row.currency)?;
    Ok(PartRow {
        plan_id: row.plan_id,
        receivable_id: row.receivable_id,
        number: format!("R-{:04}", row.number),
        due_on: row.due_on,
        amount: Money::new(row.amount_minor, currency),
        outstanding: Money::new(row.amount_minor - row.used_minor, currency),
        paid: Money::new(row.paid_minor, currency),
        closed: row.closed,
    })
}

impl Commit {
    /// Writes a plan: its parts become receivables with cases. Whoever calls moves the open amount out of the old one.
    pub async fn add_plan(
        &mut self,
        of: &Receivable,
        order_number: Option<&str>,
        parts: &[Instalment],
        terms: &PlanTerms,
        today: Date,
    ) -> Result<Vec<ReceivableId>, StoreError> {
        let id = TaskId(self.ids.make()).to_string();
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO instalment_plan (tenant_id, party_id, id, receivable_id, late_days, all_due, words, state, \
                   effective_on, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10)";
        let (late_days, all_due, words) = (i64::from(terms.late_days), i64::from(terms.all_due), terms.words.as_str());
        let values = binds![tenant_id, of.party_id, &*id, of.id, late_days, all_due, words, today, now, seq];
        self.execute(sql, values).await?;
        let mut made = Vec::with_capacity(parts.len());
        for (nth, part) in (1_i64..).zip(parts) {
            let fields = ReceivableFields {
                party_id: of.party_id,
                order_id: of.order_id,
                invoice_id: of.invoice_id,
                // What the buyer quotes is the invoice; which part it is, amount and day tell.
                reference: of.reference.clone(),
                order_number: order_number.map(str::to_string),
                milestone: Milestone::Instalment,
                trigger: Trigger::FixedDate,
                days: 0,
                amount: part.amount,
                triggered_on: Some(part.on),
                due_on: Some(part.on),
                placed_at: None,
                obligor: Obligor::Buyer,
                source: OrderSource::Direct,
                closed: false,
            };
            let key = format!("{id}/{nth}");
            let (receivable_id, ..) = self.upsert_receivable("plan", &key, &fields, today).await?;
            let sql =
                "INSERT INTO instalment (tenant_id, party_id, plan_id, nth, receivable_id) VALUES ($1, $2, $3, $4, $5)";
            self.execute(sql, binds![tenant_id, of.party_id, &*id, nth, receivable_id]).await?;
            made.push(receivable_id);
        }
        Ok(made)
    }

    /// The plan that stands in place of a receivable, with its parts in their order.
    pub async fn open_plan_of(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
    ) -> Result<Option<(PlanRow, Vec<PartRow>)>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql =
            format!("{PLAN} WHERE p.tenant_id = $1 AND p.party_id = $2 AND p.receivable_id = $3 AND p.state = 'open'");
        let plans: Vec<PlanRow> = fetch(&mut self.tx, &sql, binds![tenant_id, party_id, receivable_id]).await?;
        let Some(plan) = plans.into_iter().next() else {
            return Ok(None);
        };
        let sql = format!("{PART} WHERE i.tenant_id = $1 AND i.party_id = $2 AND i.plan_id = $3 ORDER BY i.nth");
        let rows: Vec<StoredPart> = fetch(&mut self.tx, &sql, binds![tenant_id, party_id, &*plan.id]).await?;
        let parts: Result<Vec<PartRow>, StoreError> = rows.into_iter().map(part_of).collect();
        Ok(Some((plan, parts?)))
    }

    /// What is owed, or was paid, in place of a receivable by agreed instalments, oldest first; also where a part was parted
    /// again. Parts of a plan that was ended unpaid are none.
    pub async fn parts_instead_of(&mut self, receivable_id: ReceivableId) -> Result<Vec<PartRow>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = format!(
            "{PART} JOIN instalment_plan p ON p.tenant_id = i.tenant_id AND p.party_id = i.party_id AND p.id = i.plan_id \
             WHERE i.tenant_id = $1 AND p.receivable_id = $2 ORDER BY i.plan_id, i.nth"
        );
        let mut wanted = vec![receivable_id];
        let mut parts: Vec<PartRow> = Vec::new();
        while let Some(of) = wanted.pop() {
            let rows: Vec<StoredPart> = fetch(&mut self.tx, &sql, binds![tenant_id, of]).await?;
            for row in rows {
                let part = part_of(row)?;
                let is_void = part.closed && part.paid.minor == 0;
                if !is_void && parts.iter().all(|known| known.receivable_id != part.receivable_id) {
                    wanted.push(part.receivable_id);
                    parts.push(part);
                }
            }
        }
        parts.sort_by_key(|part| (part.due_on.is_none(), part.due_on, part.receivable_id));
        Ok(parts)
    }

    /// The broken plans of a debtor, each with its parts.
    pub async fn broken_plans_of(&mut self, party_id: PartyId) -> Result<Vec<(PlanRow, Vec<PartRow>)>, StoreError> {
        let tenant_id = self.tenant_id;
        plans(&mut self.tx, tenant_id, "p.party_id = $2 AND p.state = 'broken'", Some(party_id)).await
    }

    /// A plan that counted as broken runs on.
    pub async fn run_plan_on(&mut self, plan: &PlanRow) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE instalment_plan SET state = 'open', settled_at = NULL WHERE tenant_id = $1 AND party_id = $2 \
                   AND id = $3";
        self.execute(sql, binds![tenant_id, plan.party_id, &*plan.id]).await?;
        Ok(())
    }

    /// How a plan ended.
    pub async fn settle_plan(&mut self, plan: &PlanRow, state: &'static str) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql =
            "UPDATE instalment_plan SET state = $4, settled_at = $5 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, plan.party_id, &*plan.id, state, now]).await?;
        Ok(())
    }

    /// Nothing is asked for a part any more, because its plan has ended.
    pub async fn close_part(&mut self, party_id: PartyId, part: &PartRow) -> Result<(), StoreError> {
        let image = serde_json::json!({"closed": false});
        self.keep_history(Some(party_id), "receivable", &part.receivable_id.to_string(), image).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "UPDATE receivable SET closed = 1, recorded_at = $4, seq = $5 WHERE tenant_id = $1 AND party_id = $2 \
                   AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, part.receivable_id, now, seq]).await?;
        Ok(())
    }

    /// A part falls due earlier than agreed, because its plan is broken.
    pub async fn bring_forward(&mut self, party_id: PartyId, part: &PartRow, on: Date) -> Result<(), StoreError> {
        self.set_part_day(party_id, part, on).await
    }

    /// The plan was not broken after all: a part that it brought forward is due on its agreed day again. `false`: it was not
    /// brought forward.
    pub async fn put_back(&mut self, plan: &PlanRow, part: &PartRow) -> Result<bool, StoreError> {
        let (tenant_id, id) = (self.tenant_id, part.receivable_id.to_string());
        let sql = "SELECT image FROM history WHERE tenant_id = $1 AND noun = 'receivable' AND row_id = $2 \
                   AND superseded_at = $3 ORDER BY seq DESC LIMIT 1";
        let row: Option<(String,)> = match plan.settled_at {
            Some(broken_at) => fetch_one(&mut self.tx, sql, binds![tenant_id, &*id, broken_at]).await?,
            None => None,
        };
        let Some((image,)) = row else { return Ok(false) };
        let agreed: AgreedDay = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
        let Some(on) = agreed.due_on.filter(|on| part.due_on != Some(*on)) else { return Ok(false) };
        self.set_part_day(plan.party_id, part, on).await?;
        Ok(true)
    }

    async fn set_part_day(&mut self, party_id: PartyId, part: &PartRow, on: Date) -> Result<(), StoreError> {
        let image = serde_json::json!({"triggered_on": part.due_on, "due_on": part.due_on});
        self.keep_history(Some(party_id), "receivable", &part.receivable_id.to_string(), image).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "UPDATE receivable SET triggered_on = $4, due_on = $4, recorded_at = $5, seq = $6 WHERE tenant_id = $1 \
                   AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, part.receivable_id, on, now, seq]).await?;
        self.note_due(party_id, part.receivable_id, Some(on)).await
    }

    /// A question to a person about a receivable.
    pub async fn ask_about(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
        kind: TaskKind,
        note: &str,
    ) -> Result<(), StoreError> {
        let id = TaskId(self.ids.make());
        let number = self.numbers("task", 1).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO task (tenant_id, id, number, kind, party_id, receivable_id, level, round, language, reasons, \
                   not_before, note, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 'en', '[]', $7, $8, $9, $10)";
        let values = binds![tenant_id, id, number, kind.code(), party_id, receivable_id, now, note, now, seq];
        self.execute(sql, values).await?;
        Ok(())
    }
}

impl Commit {
    /// What a debtor's receivables are asked about by tasks that belong to no step of a case.
    pub async fn asked_about(&mut self, party_id: PartyId, kind: TaskKind) -> Result<Vec<ReceivableId>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT t.receivable_id FROM task t WHERE t.tenant_id = $1 AND t.party_id = $2 AND t.kind = $3 \
                   AND t.receivable_id IS NOT NULL AND t.case_id IS NULL AND t.settled_at IS NULL";
        let rows: Vec<(ReceivableId,)> = fetch(&mut self.tx, sql, binds![tenant_id, party_id, kind.code()]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// A question about a receivable has its answer. Returns how many tasks asked it.
    pub async fn answer_about(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
        kind: TaskKind,
    ) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE task SET settled_at = $5, outcome = 'done' WHERE tenant_id = $1 AND party_id = $2 \
                   AND receivable_id = $3 AND kind = $4 AND case_id IS NULL AND settled_at IS NULL";
        self.execute(sql, binds![tenant_id, party_id, receivable_id, kind.code(), now]).await
    }
}

impl Store {
    /// All plans that run, each with its parts. They are few: one for each agreement.
    pub async fn open_plans(&self, tenant_id: TenantId) -> Result<Vec<(PlanRow, Vec<PartRow>)>, StoreError> {
        let mut conn = self.conn().await?;
        plans(&mut conn, tenant_id, "p.state = 'open'", None).await
    }

    /// All plans that are broken, each with its parts.
    pub async fn broken_plans(&self, tenant_id: TenantId) -> Result<Vec<(PlanRow, Vec<PartRow>)>, StoreError> {
        let mut conn = self.conn().await?;
        plans(&mut conn, tenant_id, "p.state = 'broken'", None).await
    }

    /// All plans of a debtor, the newest last.
    pub async fn plans_of(
        &self,
        tenant_id: TenantId,
        party_id: PartyId,
    ) -> Result<Vec<(PlanRow, Vec<PartRow>)>, StoreError> {
        let mut conn = self.conn().await?;
        plans(&mut conn, tenant_id, "p.party_id = $2", Some(party_id)).await
    }
}

async fn plans(
    conn: &mut Conn,
    tenant_id: TenantId,
    which: &str,
    party_id: Option<PartyId>,
) -> Result<Vec<(PlanRow, Vec<PartRow>)>, StoreError> {
    let party = party_id.map_or_else(String::new, |id| id.to_string());
    let sql = format!("{PLAN} WHERE p.tenant_id = $1 AND $2 = $2 AND {which} ORDER BY p.party_id, p.seq, p.id");
    let plans: Vec<PlanRow> = fetch(conn, &sql, binds![tenant_id, &*party]).await?;
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "{PART} JOIN instalment_plan p ON p.tenant_id = i.tenant_id AND p.party_id = i.party_id AND p.id = i.plan_id \
         WHERE i.tenant_id = $1 AND $2 = $2 AND {which} ORDER BY i.party_id, i.plan_id, i.nth"
    );
    let rows: Vec<StoredPart> = fetch(conn, &sql, binds![tenant_id, &*party]).await?;
    let mut found: Vec<(PlanRow, Vec<PartRow>)> = plans.into_iter().map(|plan| (plan, Vec::new())).collect();
    for row in rows {
        let part = part_of(row)?;
        if let Some((_, parts)) = found.iter_mut().find(|(plan, _)| plan.id == part.plan_id) {
            parts.push(part);
        }
    }
    Ok(found)
}
