//! What is open with a buyer before an order leaves, what was answered, and where the order goes. Answers and addresses are
//! sealed under the key of the buyer: erasing them closes both for good.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use dunlin_core::calendar::countries::Countries;
use dunlin_core::ids::{AskId, OrderId, PartyId, TenantId};
use dunlin_core::order::asks::{AskAnswer, AskKind};
use dunlin_core::order::delivery::Delivery;

use crate::audit_log::PARTY;
use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_one};
use crate::dialect::{flag, micros};
use crate::{Commit, Store, StoreError};

/// One thing that is or was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskRow {
    pub id: AskId,
    pub kind: AskKind,
    pub words: String,
    pub holds_dispatch: bool,
    pub raised_at: Timestamp,
    pub settled_at: Option<Timestamp>,
    pub outcome: Option<String>,
    /// The name of the rule that raised it; empty: a person did.
    pub rule: String,
    /// What was read out of the answer, and not applied yet where `settled_at` is empty.
    pub answer: Option<AskAnswer>,
}

#[derive(Deserialize)]
struct Row {
    id: AskId,
    kind: AskKind,
    words: String,
    #[serde(with = "flag")]
    holds_dispatch: bool,
    #[serde(with = "micros")]
    raised_at: Timestamp,
    #[serde(with = "micros::maybe")]
    settled_at: Option<Timestamp>,
    outcome: Option<String>,
    rule: String,
    key_person: Option<String>,
    sealed_answer: Option<String>,
}

#[derive(Deserialize)]
struct DeliveryRow {
    key_person: String,
    sealed: String,
    #[serde(with = "micros::maybe")]
    confirmed_at: Option<Timestamp>,
}

async fn open<T: DeserializeOwned>(
    conn: &mut Conn,
    tenant_id: TenantId,
    person: &str,
    sealed: &str,
) -> Result<Option<T>, StoreError> {
    let sql = "SELECT secret FROM person_key WHERE tenant_id = $1 AND contact_id = $2";
    let row: Option<(String,)> = fetch_one(conn, sql, binds![tenant_id, person]).await?;
    // Whoever was erased has no key any more.
    let Some((secret,)) = row else { return Ok(None) };
    let plain = conn.key.person(&secret)?.open(sealed)?;
    serde_json::from_slice(&plain).map(Some).map_err(StoreError::corrupt)
}

/// All that was ever open with the buyer about an order, oldest first.
pub(crate) async fn asks(
    conn: &mut Conn,
    tenant_id: TenantId,
    party_id: PartyId,
    order_id: OrderId,
) -> Result<Vec<AskRow>, StoreError> {
    let sql = "SELECT id, kind, words, holds_dispatch, raised_at, settled_at, outcome, rule, key_person, sealed_answer \
               FROM order_ask WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 ORDER BY raised_at, id";
    let rows: Vec<Row> = fetch(conn, sql, binds![tenant_id, party_id, order_id]).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let answer = match (&row.key_person, &row.sealed_answer) {
            (Some(person), Some(sealed)) => open(conn, tenant_id, person, sealed).await?,
            _ => None,
        };
        all.push(AskRow {
            id: row.id,
            kind: row.kind,
            words: row.words,
            holds_dispatch: row.holds_dispatch,
            raised_at: row.raised_at,
            settled_at: row.settled_at,
            outcome: row.outcome,
            rule: row.rule,
            answer,
        });
    }
    Ok(all)
}

async fn delivery(
    conn: &mut Conn,
    tenant_id: TenantId,
    party_id: PartyId,
    order_id: OrderId,
) -> Result<(Delivery, Option<Timestamp>), StoreError> {
    let sql = "SELECT key_person, sealed, confirmed_at FROM order_delivery WHERE tenant_id = $1 AND party_id = $2 \
               AND order_id = $3";
    let row: Option<DeliveryRow> = fetch_one(conn, sql, binds![tenant_id, party_id, order_id]).await?;
    let Some(row) = row else { return Ok((Delivery::default(), None)) };
    let known: Option<Delivery> = open(conn, tenant_id, &row.key_person, &row.sealed).await?;
    Ok((known.unwrap_or_default(), row.confirmed_at))
}

/// The country that it goes to, where it is told as one of the known codes.
fn country_code(told: &Delivery) -> String {
    let code = told.country.trim().to_ascii_uppercase();
    if Countries::shipped().get(&code).is_some() { code } else { String::new() }
}

impl Store {
    /// All that was ever open with the buyer about this order, oldest first.
    pub async fn order_asks(
        &self,
        tenant_id: TenantId,
        party_id: PartyId,
        order_id: OrderId,
    ) -> Result<Vec<AskRow>, StoreError> {
        asks(&mut self.conn().await?, tenant_id, party_id, order_id).await
    }

    /// Where an order goes, and when the buyer confirmed it.
    pub async fn order_delivery(
        &self,
        tenant_id: TenantId,
        party_id: PartyId,
        order_id: OrderId,
    ) -> Result<(Delivery, Option<Timestamp>), StoreError> {
        delivery(&mut self.conn().await?, tenant_id, party_id, order_id).await
    }
}

impl Commit {
    pub async fn order_asks(&mut self, party_id: PartyId, order_id: OrderId) -> Result<Vec<AskRow>, StoreError> {
        asks(&mut self.tx, self.tenant_id, party_id, order_id).await
    }

    pub async fn order_delivery(
        &mut self,
        party_id: PartyId,
        order_id: OrderId,
    ) -> Result<(Delivery, Option<Timestamp>), StoreError> {
        delivery(&mut self.tx, self.tenant_id, party_id, order_id).await
    }

    /// Where the order goes, in place of what was known.
    pub async fn keep_order_delivery(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        told: &Delivery,
        confirmed_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let (person, sealed) = self.sealed_for(party_id, told).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let confirmed_at = confirmed_at.map(|at| at.as_microsecond());
        let sql = "INSERT INTO order_delivery (tenant_id, party_id, order_id, key_person, sealed, confirmed_at, \
                   recorded_at, seq, country) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                   ON CONFLICT (tenant_id, party_id, order_id) DO UPDATE SET key_person = excluded.key_person, \
                   sealed = excluded.sealed, confirmed_at = excluded.confirmed_at, recorded_at = excluded.recorded_at, \
                   seq = excluded.seq, country = excluded.country";
        let country = country_code(told);
        self.execute(sql, binds![tenant_id, party_id, order_id, person, sealed, confirmed_at, now, seq, country])
            .await?;
        Ok(())
    }

    /// Keeps what was read out of an answer, for somebody to look at. `false`: it is not open any more.
    pub async fn keep_answer(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        id: AskId,
        answer: &AskAnswer,
    ) -> Result<bool, StoreError> {
        let (person, sealed) = self.sealed_for(party_id, answer).await?;
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE order_ask SET key_person = $5, sealed_answer = $6, answered_at = $7 WHERE tenant_id = $1 \
                   AND party_id = $2 AND order_id = $3 AND id = $4 AND settled_at IS NULL";
        Ok(self.execute(sql, binds![tenant_id, party_id, order_id, id, person, sealed, now]).await? > 0)
    }

    /// Something that a rule asks for, once for each order. `None`: it has been asked before.
    pub async fn raise_ask_by_rule(
        &mut self,
        about: (PartyId, OrderId),
        kind: AskKind,
        words: &str,
        rule: &str,
    ) -> Result<Option<AskId>, StoreError> {
        let known = self.order_asks(about.0, about.1).await?;
        // What a person asked for already is not asked for twice either.
        if known.iter().any(|ask| ask.rule == rule || (ask.kind == kind && ask.settled_at.is_none())) {
            return Ok(None);
        }
        let id = self.raise_ask(about, kind, true, words).await?;
        let sql = "UPDATE order_ask SET rule = $5 WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 AND id = $4";
        self.execute(sql, binds![self.tenant_id, about.0, about.1, id, rule]).await?;
        Ok(Some(id))
    }

    async fn sealed_for<T: Serialize + Sync>(
        &mut self,
        party_id: PartyId,
        told: &T,
    ) -> Result<(String, String), StoreError> {
        let person = party_id.to_string();
        let key = self.key_of(PARTY, &person).await?;
        let sealed = key.seal(&serde_json::to_vec(told).map_err(StoreError::corrupt)?)?;
        Ok((person, sealed))
    }
}
