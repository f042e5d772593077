//! More time for the receipt, asked of a marketplace: an outbox of its own. What is asked for is written down before it leaves,
//! an order has one at most of which something may still come, and what was given moves the end of the buyer's protection in
//! the same change.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use dunlin_core::facts::orders::ReceiptExtended;
use dunlin_core::ids::{ExtensionId, LetterId, OrderId, PartyId, TenantId};
use dunlin_core::order::receipt::ReceiptState;

use crate::bind::{Bind, binds};
use crate::conn::{Conn, fetch, fetch_one};
use crate::dialect::{flag, micros};
use crate::orders::OrderTold;
use crate::outbox::{LETTER, LetterRow, letter_of};
use crate::{Commit, Store, StoreError, StoredLetter};

/// One time that more time was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReceiptExtension {
    pub party_id: PartyId,
    pub order_id: OrderId,
    pub id: ExtensionId,
    /// The letter that waits for it.
    pub letter_id: Option<LetterId>,
    pub days: u16,
    pub state: ReceiptState,
    /// Somebody gave it on the marketplace's own page.
    #[serde(with = "flag")]
    pub by_hand: bool,
    /// When the time ran out before more was asked for.
    #[serde(with = "micros::maybe")]
    pub until_before: Option<Timestamp>,
    /// Last day of the buyer's protection once it was given.
    pub until_on: Option<Date>,
    /// What the marketplace said, or why it waits.
    pub why: String,
    pub attempts: i64,
    #[serde(with = "micros::maybe")]
    pub sent_at: Option<Timestamp>,
    pub lease_by: Option<String>,
    #[serde(with = "micros::maybe")]
    pub lease_until: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    pub settled_at: Option<Timestamp>,
    #[serde(with = "micros")]
    pub recorded_at: Timestamp,
}

impl ReceiptExtension {
    /// As a decision knows it, once it was given.
    pub fn given(&self) -> Option<ReceiptExtended> {
        let at = self.settled_at.filter(|_| self.state == ReceiptState::Done)?;
        Some(ReceiptExtended { days: self.days, until: self.until_on, at })
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtensionEnd {
    /// Given; the last day of the protection from now on, where it is known.
    Done {
        until: Option<Date>,
    },
    Failed {
        why: String,
    },
    /// Nobody knows: it is looked up.
    Uncertain {
        why: String,
    },
    /// Certainly not given; again later. `counts`: as one of the attempts.
    Later {
        at: Timestamp,
        why: String,
        counts: bool,
    },
    /// Its letter does not wait for it any more.
    Withdrawn {
        why: String,
    },
}

const ROW: &str = "SELECT x.party_id, x.order_id, x.id, x.letter_id, x.days, x.state, x.by_hand, x.until_before, x.until_on, \
    x.why, x.attempts, x.sent_at, x.lease_by, x.lease_until, x.settled_at, x.recorded_at FROM receipt_extension x \
    WHERE x.tenant_id = $1";

const END: &str = "UPDATE receipt_extension SET state = $3, why = $4, settled_at = $5, until_on = $6, lease_by = NULL, \
    lease_until = NULL WHERE tenant_id = $1 AND id = $2";

/// Those of one order, oldest first.
pub(crate) async fn extensions_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    (party_id, order_id): (PartyId, OrderId),
) -> Result<Vec<ReceiptExtension>, StoreError> {
    let sql = format!("{ROW} AND x.party_id = $2 AND x.order_id = $3 ORDER BY x.recorded_at, x.id");
    fetch(conn, &sql, binds![tenant_id, party_id, order_id]).await
}

impl Store {
    /// What is to be asked for by now, and what is under way or uncertain, oldest first.
    pub async fn extensions_to_see_to(
        &self,
        tenant_id: TenantId,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<ReceiptExtension>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{ROW} AND x.state IN ('queued', 'sending', 'uncertain') AND x.not_before <= $2 \
             ORDER BY x.not_before, x.id LIMIT $3"
        );
        fetch(&mut conn, &sql, binds![tenant_id, now, limit]).await
    }
}

impl Commit {
    /// Asks for more time. `None`: something may still come of an earlier asking, or this letter has asked before. One that was
    /// withdrawn with its letter is asked for again when the letter has its yes again.
    pub async fn ask_more_time(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        letter_id: Option<LetterId>,
        days: u16,
    ) -> Result<Option<ExtensionId>, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let known = self.extensions_of(party_id, order_id).await?;
        if known.iter().any(|one| one.state.is_open()) {
            return Ok(None);
        }
        if let Some(earlier) = known.iter().find(|one| letter_id.is_some() && one.letter_id == letter_id) {
            if earlier.state != ReceiptState::Withdrawn {
                return Ok(None);
            }
            let sql = "UPDATE receipt_extension SET state = 'queued', days = $3, why = '', settled_at = NULL, \
                       not_before = $4, recorded_at = $4, seq = $5 WHERE tenant_id = $1 AND id = $2 \
                       AND state = 'withdrawn'";
            self.execute(sql, binds![tenant_id, earlier.id, i64::from(days), now, seq]).await?;
            return Ok(Some(earlier.id));
        }
        let id = ExtensionId(self.ids.make());
        let sql = "INSERT INTO receipt_extension (tenant_id, party_id, order_id, id, letter_id, days, state, by_hand, why, \
                   attempts, not_before, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, '', 0, $7, $7, $8)";
        let values = binds![tenant_id, party_id, order_id, id, letter_id, i64::from(days), now, seq];
        self.execute(sql, values).await?;
        Ok(Some(id))
    }

    /// Somebody has given the buyer more time on the marketplace's own page.
    pub async fn note_more_time(
        &mut self,
        about: (PartyId, OrderId),
        days: u16,
        until: Option<Date>,
    ) -> Result<ExtensionId, StoreError> {
        let id = ExtensionId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO receipt_extension (tenant_id, party_id, order_id, id, days, state, by_hand, until_on, why, \
                   attempts, not_before, settled_at, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, 'done', 1, $6, '', 0, $7, $7, $7, $8)";
        let day = until.map(|day| day.to_string());
        self.execute(sql, binds![tenant_id, about.0, about.1, id, i64::from(days), day, now, seq]).await?;
        self.protect_until(about, until).await?;
        Ok(id)
    }

    /// All of an order, under the lock.
    pub async fn extensions_of(
        &mut self,
        party_id: PartyId,
        order_id: OrderId,
    ) -> Result<Vec<ReceiptExtension>, StoreError> {
        extensions_of(&mut self.tx, self.tenant_id, (party_id, order_id)).await
    }

    /// One as it is now, under the lock.
    pub async fn extension(&mut self, id: ExtensionId) -> Result<ReceiptExtension, StoreError> {
        let sql = format!("{ROW} AND x.id = $2");
        let row: Option<ReceiptExtension> = fetch_one(&mut self.tx, &sql, binds![self.tenant_id, id]).await?;
        row.ok_or_else(|| StoreError::not_found("extension", id.to_string()))
    }

    /// The letter that waits for it.
    pub async fn letter_of_extension(&mut self, id: LetterId) -> Result<Option<StoredLetter>, StoreError> {
        let sql = format!("{LETTER} WHERE l.tenant_id = $1 AND l.id = $2");
        let row: Option<LetterRow> = fetch_one(&mut self.tx, &sql, binds![self.tenant_id, id]).await?;
        row.map(letter_of).transpose()
    }

    /// Written before the marketplace is called: from here on it is never asked for again blindly.
    pub async fn begin_extension(
        &mut self,
        id: ExtensionId,
        until_before: Timestamp,
        (worker, lease): (&str, SignedDuration),
    ) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let until = now.checked_add(lease).unwrap_or(now);
        let sql = "UPDATE receipt_extension SET state = 'sending', until_before = $3, sent_at = $4, lease_by = $5, \
                   lease_until = $6 WHERE tenant_id = $1 AND id = $2 AND state = 'queued'";
        let begun = self.execute(sql, binds![tenant_id, id, until_before, now, worker, until]).await?;
        if begun == 1 { Ok(()) } else { Err(StoreError::Refused("it is being asked for already".to_string())) }
    }

    /// Records what became of it. Given, the buyer's protection ends later from now on.
    pub async fn settle_extension(
        &mut self,
        extension: &ReceiptExtension,
        end: &ExtensionEnd,
    ) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let about = (extension.party_id, extension.order_id);
        let ended = |state: &'static str, why: &str, until: Option<Date>| -> Vec<Bind> {
            binds![tenant_id, extension.id, state, why, now, until.map(|day| day.to_string())]
        };
        match end {
            ExtensionEnd::Done { until } => {
                self.execute(END, ended("done", "", *until)).await?;
                self.protect_until(about, *until).await?;
                self.let_letter_go(extension).await
            }
            ExtensionEnd::Failed { why } => self.execute(END, ended("failed", why, None)).await.map(drop),
            ExtensionEnd::Withdrawn { why } => self.execute(END, ended("withdrawn", why, None)).await.map(drop),
            ExtensionEnd::Uncertain { why } => {
                let sql = "UPDATE receipt_extension SET state = 'uncertain', why = $3, lease_by = NULL, \
                           lease_until = NULL WHERE tenant_id = $1 AND id = $2";
                self.execute(sql, binds![tenant_id, extension.id, why.as_str()]).await.map(drop)
            }
            ExtensionEnd::Later { at, why, counts } => {
                let sql = "UPDATE receipt_extension SET state = 'queued', why = $3, not_before = $4, \
                           attempts = attempts + $5, sent_at = NULL, lease_by = NULL, lease_until = NULL \
                           WHERE tenant_id = $1 AND id = $2";
                let more = i64::from(*counts);
                self.execute(sql, binds![tenant_id, extension.id, why.as_str(), *at, more]).await.map(drop)
            }
        }
    }

    /// An uncertain one is looked up again from then on.
    pub async fn look_up_extension_at(&mut self, id: ExtensionId, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE receipt_extension SET not_before = $3 WHERE tenant_id = $1 AND id = $2 \
                   AND state = 'uncertain'";
        self.execute(sql, binds![self.tenant_id, id, at]).await?;
        Ok(())
    }

    async fn protect_until(&mut self, about: (PartyId, OrderId), until: Option<Date>) -> Result<(), StoreError> {
        let told = OrderTold { protection_ends: until, ..OrderTold::default() };
        self.note_order_state(about.0, about.1, &told).await?;
        self.wake_order(about.0, about.1).await
    }

    /// What waited for it may leave in its reader's next open hour.
    async fn let_letter_go(&mut self, extension: &ReceiptExtension) -> Result<(), StoreError> {
        let sql = "UPDATE letter SET not_before = $3, outcome = NULL WHERE tenant_id = $1 AND id = $2 \
                   AND state = 'queued' AND settled_at IS NULL AND not_before > $3";
        let (tenant_id, now) = (self.tenant_id, self.now);
        self.execute(sql, binds![tenant_id, extension.letter_id, now]).await?;
        Ok(())
    }
}
