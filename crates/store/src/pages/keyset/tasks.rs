//! Tasks by number: open ones, or one of any kind.

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::TenantId;
use dunlin_core::money::Money;
use dunlin_core::plan::TaskKind;
use dunlin_core::reason::Reason;

use super::After;
use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::micros;
use crate::facts::iso;
use crate::pages::debtor_list::PartyName;
use crate::pages::desk::ORDER_OF_TASK;
use crate::{Sight, Store, StoreError};

/// A task.
#[derive(Debug, Clone)]
pub struct ListedTask {
    pub key: i64,
    /// `T-0003`.
    pub number: String,
    pub kind: TaskKind,
    /// `None` for money that could be anybody's.
    pub party: Option<PartyName>,
    /// `R-1042`, `P-0031`, `L-0012`: what it is about.
    pub receivable: Option<String>,
    pub payment: Option<String>,
    pub letter: Option<String>,
    /// Number of the order that it is about.
    pub order: Option<String>,
    pub step: Option<String>,
    /// What is to be asked for.
    pub pressed: Option<Money>,
    pub reasons: Vec<Reason>,
    pub note: Option<String>,
    /// It rests until then.
    pub not_before: Timestamp,
    pub settled_at: Option<Timestamp>,
    /// `done`, `dropped`, `lapsed`, `withdrawn`; `None` while it is open.
    pub outcome: Option<String>,
    /// By when it should be done: an answer to the buyer.
    pub due_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Row {
    number: i64,
    kind: TaskKind,
    party_number: Option<i64>,
    name: Option<String>,
    country: Option<String>,
    receivable: Option<i64>,
    payment: Option<i64>,
    letter: Option<i64>,
    step: Option<String>,
    pressed_minor: Option<i64>,
    currency: Option<String>,
    reasons: String,
    note: Option<String>,
    #[serde(with = "micros")]
    not_before: Timestamp,
    #[serde(with = "micros::maybe")]
    settled_at: Option<Timestamp>,
    outcome: Option<String>,
    #[serde(with = "micros::maybe")]
    due_at: Option<Timestamp>,
    order: Option<String>,
}

impl Store {
    /// Open tasks after a number, with `due` only those whose moment has come by then; or, with `only`, the one of
    /// that number however it stands.
    pub async fn tasks_after(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        only: Option<i64>,
        due: Option<Timestamp>,
        after: &After<i64>,
    ) -> Result<Vec<ListedTask>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT t.number, t.kind, p.number, p.name, p.country, r.number, y.number, l.number, t.step, \
             t.pressed_minor, t.currency, t.reasons, t.note, \
             CASE WHEN t.rests_until > t.not_before THEN t.rests_until ELSE t.not_before END, \
             t.settled_at, t.outcome, t.due_at, o.number \
             FROM task t \
             LEFT JOIN party p ON p.tenant_id = t.tenant_id AND p.id = t.party_id \
             LEFT JOIN receivable r ON r.tenant_id = t.tenant_id AND r.party_id = t.party_id AND r.id = t.receivable_id \
             LEFT JOIN payment y ON y.tenant_id = t.tenant_id AND y.id = t.payment_id \
             LEFT JOIN letter l ON l.tenant_id = t.tenant_id AND l.id = t.letter_id \
             LEFT JOIN sales_order o ON o.tenant_id = t.tenant_id AND o.id = {ORDER_OF_TASK} \
             WHERE t.tenant_id = $1 AND t.number > $2 AND (t.number = $4 OR ($4 = 0 AND t.settled_at IS NULL \
             AND t.not_before <= $5 AND COALESCE(t.rests_until, 0) <= $5)) {} ORDER BY t.number LIMIT $3",
            sight.on("t.party_id")
        );
        let due = due.unwrap_or(Timestamp::MAX);
        let values = binds![tenant_id, after.key, after.limit, only.unwrap_or(0), due];
        let rows: Vec<Row> = fetch(&mut conn, &sql, values).await?;
        rows.into_iter().map(listed).collect()
    }
}

fn listed(row: Row) -> Result<ListedTask, StoreError> {
    let party = row
        .party_number
        .map(|number| PartyName::new(number, row.name.unwrap_or_default(), row.country.unwrap_or_default()));
    let pressed = match (row.pressed_minor, row.currency.as_deref()) {
        (Some(minor), Some(code)) => Some(Money::new(minor, iso(code)?)),
        _ => None,
    };
    let numbered = |prefix: char, number: Option<i64>| number.map(|number| format!("{prefix}-{number:04}"));
    Ok(ListedTask {
        key: row.number,
        number: format!("T-{:04}", row.number),
        kind: row.kind,
        party,
        receivable: numbered('R', row.receivable),
        payment: numbered('P', row.payment),
        letter: numbered('L', row.letter),
        order: row.order,
        step: row.step,
        pressed,
        reasons: crate::reason_text::read_reasons(&row.reasons)?,
        note: row.note,
        not_before: row.not_before,
        settled_at: row.settled_at,
        outcome: row.outcome,
        due_at: row.due_at,
    })
}
