//! What is open with a buyer before an order leaves, what was answered, and where the order goes. Answers and addresses are
//! sealed under the key of the buyer: erasing them closes both for good.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use dunlin_core::calendar::countries::Countries;
use dunlin_core::ids::{AskId, OrderId, PartyId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::names::Names;
use dunlin_core::order::asks::{AskAnswer, AskKind};
use dunlin_core::order::delivery::Delivery;

use crate::audit_log::PARTY;
use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_number, fetch_one};
use crate::dialect::{flag, micros};
use crate::facts::iso;
use crate::known_words::HALVES;
use crate::scrubbing::scrub;
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
    /// What a surcharge comes to, where somebody said.
    pub surcharge: Option<Money>,
    /// What was read out of the answer, and not applied yet where `settled_at` is empty.
    pub answer: Option<AskAnswer>,
}

/// How one thing is asked for.
#[derive(Debug, Clone, Copy)]
pub struct NewAsk<'a> {
    pub kind: AskKind,
    pub holds_dispatch: bool,
    pub words: &'a str,
    pub surcharge: Option<Money>,
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
    surcharge_minor: Option<i64>,
    surcharge_currency: Option<String>,
    key_person: Option<String>,
    sealed_answer: Option<String>,
}

/// The noun of `history` under which it is kept where an order went before.
const DELIVERY: &str = "order_delivery";

/// As `history` keeps it; nothing where nothing was known.
#[derive(Deserialize)]
struct DeliveryImage {
    before: Option<DeliveryBefore>,
}

#[derive(Deserialize)]
struct DeliveryBefore {
    key_person: String,
    sealed: String,
    confirmed_at: Option<i64>,
    #[serde(default)]
    country: String,
}

#[derive(Deserialize)]
struct DeliveryRow {
    key_person: String,
    sealed: String,
    #[serde(with = "micros::maybe")]
    confirmed_at: Option<Timestamp>,
}

/// What is sealed under the key that somebody is called by; `None` once that is gone.
pub(crate) async fn open<T: DeserializeOwned>(
    conn: &mut Conn,
    tenant_id: TenantId,
    person: &str,
    sealed: &str,
) -> Result<Option<T>, StoreError> {
    let sql = "SELECT secret FROM person_key WHERE tenant_id = $1 AND contact_id = $2";
    let row: Option<(String,)> = fetch_one(conn, sql, binds![tenant_id, person]).await?;
    // Whoever was erased has no key any more.
    let Some((secret,)) = row else { return Ok(None) };
    // A key that was made for somebody after they were erased does not open what was sealed before.
    let Ok(plain) = conn.key.person(&secret)?.open(sealed) else { return Ok(None) };
    serde_json::from_slice(&plain).map(Some).map_err(StoreError::corrupt)
}

/// All that was ever open with the buyer about an order, oldest first.
pub(crate) async fn asks(
    conn: &mut Conn,
    tenant_id: TenantId,
    party_id: PartyId,
    order_id: OrderId,
) -> Result<Vec<AskRow>, StoreError> {
    let sql = "SELECT id, kind, words, holds_dispatch, raised_at, settled_at, outcome, rule, \
               surcharge_minor, surcharge_currency, key_person, sealed_answer FROM order_ask WHERE tenant_id = $1 \
               AND party_id = $2 AND order_id = $3 ORDER BY raised_at, id";
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
            surcharge: match (row.surcharge_minor, row.surcharge_currency) {
                (Some(minor), Some(code)) => Some(Money::new(minor, iso(&code)?)),
                _ => None,
            },
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

/// Whom the orders of a debtor and its merged halves go to: names and numbers. An address may be a warehouse's, which
/// names nobody.
pub(crate) async fn delivery_words(
    conn: &mut Conn,
    tenant_id: TenantId,
    party_id: PartyId,
) -> Result<Vec<String>, StoreError> {
    let sql = format!(
        "SELECT d.key_person, d.sealed FROM order_delivery d WHERE d.tenant_id = $1 AND d.party_id IN {HALVES}"
    );
    let rows: Vec<(String, String)> = fetch(conn, &sql, binds![tenant_id, party_id]).await?;
    let mut words = Vec::new();
    for (person, sealed) in rows {
        let told: Option<Delivery> = open(conn, tenant_id, &person, &sealed).await?;
        words.extend(told.into_iter().flat_map(|told| [told.name, told.phone]));
    }
    Ok(words)
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

    /// Something is open with the buyer from now on, as a person asks for it.
    pub async fn raise_ask_of(&mut self, about: (PartyId, OrderId), new: &NewAsk<'_>) -> Result<AskId, StoreError> {
        let id = self.raise_ask(about, new.kind, new.holds_dispatch, new.words).await?;
        if let Some(surcharge) = new.surcharge {
            let sql = "UPDATE order_ask SET surcharge_minor = $5, surcharge_currency = $6 WHERE tenant_id = $1 \
                       AND party_id = $2 AND order_id = $3 AND id = $4";
            let code = surcharge.currency.code();
            self.execute(sql, binds![self.tenant_id, about.0, about.1, id, surcharge.minor, code]).await?;
        }
        Ok(id)
    }

    /// What was read out of an answer is none: the question stays open. `false`: there was none, or it is settled.
    pub async fn drop_answer(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        id: AskId,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE order_ask SET key_person = NULL, sealed_answer = NULL, answered_at = NULL WHERE tenant_id = $1 \
                   AND party_id = $2 AND order_id = $3 AND id = $4 AND settled_at IS NULL AND sealed_answer IS NOT NULL";
        Ok(self.execute(sql, binds![self.tenant_id, party_id, order_id, id]).await? > 0)
    }

    /// Where the order goes by the buyer's answer; what was known before can be brought back ([`Self::reopen_asks`]).
    pub async fn confirm_delivery(&mut self, about: (PartyId, OrderId), told: &Delivery) -> Result<(), StoreError> {
        let sql = "SELECT key_person, sealed, confirmed_at, country FROM order_delivery WHERE tenant_id = $1 \
                   AND party_id = $2 AND order_id = $3";
        let row: Option<(String, String, Option<i64>, String)> =
            fetch_one(&mut self.tx, sql, binds![self.tenant_id, about.0, about.1]).await?;
        // Sealed as it was: erasing the buyer closes it as well.
        let image = row.map(|(person, sealed, confirmed_at, country)| {
            serde_json::json!({"key_person": person, "sealed": sealed, "confirmed_at": confirmed_at, "country": country})
        });
        let image = serde_json::json!({"before": image});
        self.keep_history(Some(about.0), DELIVERY, &about.1.to_string(), image).await?;
        let now = self.now;
        self.keep_order_delivery(about, told, Some(now)).await
    }

    /// Opens again what one change settled with the buyer of an order, and brings back where the order went before. Nothing
    /// is changed and `None` given where it cannot be; else the kinds of what is open again.
    pub async fn reopen_asks(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        change: i64,
    ) -> Result<Option<Vec<AskKind>>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT id, kind FROM order_ask WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 \
                   AND settled_seq = $4 AND settled_at IS NOT NULL ORDER BY id";
        let settled: Vec<(AskId, AskKind)> =
            fetch(&mut self.tx, sql, binds![tenant_id, party_id, order_id, change]).await?;
        let sql = "SELECT image FROM history WHERE tenant_id = $1 AND noun = $2 AND row_id = $3 AND seq = $4";
        let values = binds![tenant_id, DELIVERY, order_id.to_string(), change];
        let image: Option<(String,)> = fetch_one(&mut self.tx, sql, values).await?;
        if settled.is_empty() {
            return Ok(None);
        }
        if let Some((image,)) = image {
            let kept: DeliveryImage = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
            let sql = "SELECT seq FROM order_delivery WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3";
            let known = fetch_number(&mut self.tx, sql, binds![tenant_id, party_id, order_id]).await?;
            // Something else was confirmed since.
            if known != Some(change) {
                return Ok(None);
            }
            self.bring_back((party_id, order_id), kept.before).await?;
        }
        let sql = "UPDATE order_ask SET settled_at = NULL, outcome = NULL, settled_seq = NULL WHERE tenant_id = $1 \
                   AND party_id = $2 AND order_id = $3 AND settled_seq = $4";
        self.execute(sql, binds![tenant_id, party_id, order_id, change]).await?;
        self.wake_order(party_id, order_id).await?;
        Ok(Some(settled.into_iter().map(|(_, kind)| kind).collect()))
    }

    async fn bring_back(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        before: Option<DeliveryBefore>,
    ) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let Some(before) = before else {
            let sql = "DELETE FROM order_delivery WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3";
            self.execute(sql, binds![tenant_id, party_id, order_id]).await?;
            return Ok(());
        };
        let DeliveryBefore { key_person, sealed, confirmed_at, country } = before;
        let sql = "UPDATE order_delivery SET key_person = $4, sealed = $5, confirmed_at = $6, recorded_at = $7, seq = $8, \
                   country = $9 WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3";
        let values = binds![tenant_id, party_id, order_id, key_person, sealed, confirmed_at, now, seq, country];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Where the order goes, in place of what was known.
    pub async fn keep_order_delivery(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        told: &Delivery,
        confirmed_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        // The marketplace goes on naming whom we were told to forget.
        if self.is_erased(party_id).await? {
            return Ok(());
        }
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

    /// Takes out of the addresses of a debtor's orders, of those before and of answers what names somebody.
    pub(crate) async fn scrub_deliveries(&mut self, party_id: PartyId, names: &Names) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT order_id, key_person, sealed FROM order_delivery WHERE tenant_id = $1 AND party_id = $2";
        let rows: Vec<(String, String, String)> = fetch(&mut self.tx, sql, binds![tenant_id, party_id]).await?;
        for (order, person, sealed) in rows {
            let Some((person, sealed)) = self.without_names(party_id, (&person, &sealed), names).await? else {
                continue;
            };
            let sql = "UPDATE order_delivery SET key_person = $4, sealed = $5 WHERE tenant_id = $1 AND party_id = $2 \
                       AND order_id = $3";
            self.execute(sql, binds![tenant_id, party_id, order, person, sealed]).await?;
        }
        let sql = "SELECT id, key_person, sealed_answer FROM order_ask WHERE tenant_id = $1 AND party_id = $2 \
                   AND key_person IS NOT NULL AND sealed_answer IS NOT NULL";
        let rows: Vec<(String, String, String)> = fetch(&mut self.tx, sql, binds![tenant_id, party_id]).await?;
        for (id, person, sealed) in rows {
            let Some((person, sealed)) = self.without_names(party_id, (&person, &sealed), names).await? else {
                continue;
            };
            let sql = "UPDATE order_ask SET key_person = $4, sealed_answer = $5 WHERE tenant_id = $1 AND party_id = $2 \
                       AND id = $3";
            self.execute(sql, binds![tenant_id, party_id, id, person, sealed]).await?;
        }
        for (row, image) in self.images("noun = 'order_delivery' AND party_id", &party_id.to_string()).await? {
            let mut image: serde_json::Value = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
            let told = |field: &str| image["before"][field].as_str().map(str::to_string);
            let (Some(person), Some(sealed)) = (told("key_person"), told("sealed")) else { continue };
            if let Some((person, sealed)) = self.without_names(party_id, (&person, &sealed), names).await? {
                image["before"]["key_person"] = serde_json::json!(person);
                image["before"]["sealed"] = serde_json::json!(sealed);
                self.put_image(row, image.to_string()).await?;
            }
        }
        Ok(())
    }

    /// What is sealed of a debtor, sealed again without what names somebody; `None`: nothing does.
    async fn without_names(
        &mut self,
        party_id: PartyId,
        (person, sealed): (&str, &str),
        names: &Names,
    ) -> Result<Option<(String, String)>, StoreError> {
        let told: Option<serde_json::Value> = open(&mut self.tx, self.tenant_id, person, sealed).await?;
        let Some(mut told) = told else { return Ok(None) };
        if !scrub(&mut told, names) {
            return Ok(None);
        }
        self.sealed_for(party_id, &told).await.map(Some)
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
