//! What is told of orders and parcels, as it comes in: late, twice, in any order. Every function says whether there was
//! anything new, and wakes the cases only then.

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use dunlin_core::audit::orders::WaitingOrderLetter;
use dunlin_core::case::SubjectKind;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::facts::orders::GoodsLine;
use dunlin_core::ids::{AskId, CaseId, HoldId, OrderId, PartyId, ShipmentId, TenantId};
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::story::{CloseReason, OrderNews};
use dunlin_core::shipment::journey::{Report, TrackingUpdate};
use dunlin_core::shipment::number::plain_number;
use dunlin_core::shipment::status::TrackingStatus;

use crate::bind::{Bind, binds};
use crate::bulk::{Kind, Rows};
use crate::conn::{fetch, fetch_one, insert_many};
use crate::facts::{EVERYTHING, Scope, load};
use crate::outbox::{LETTER, LetterRow, StoredLetter, letter_of};
use crate::pages::order_told::journey_of_parcel;
use crate::scrubbing::without_words;
use crate::{Commit, Store, StoreError};

const LINE: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("party_id", Kind::Text),
    ("order_id", Kind::Text),
    ("line", Kind::Int),
    ("sku", Kind::Text),
    ("title", Kind::Text),
    ("quantity", Kind::Int),
    ("price_minor", Kind::Int),
    ("currency", Kind::Text),
    ("url", Kind::Text),
    ("in_stock", Kind::Int),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
];

/// What one reading of an order tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderTold {
    pub news: Vec<OrderNews>,
    /// `None`: not told, and what was known stays.
    pub ship_by: Option<Timestamp>,
    pub protection_ends: Option<Date>,
    /// When it was read where it comes from.
    pub synced_at: Option<Timestamp>,
}

/// A parcel as somebody or something tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShipmentFields {
    /// Code of `shipping/carriers.toml`; empty when nobody said.
    pub carrier: String,
    pub number: String,
    pub shipped_at: Option<Timestamp>,
}

/// A message about an order, taken out for sending, with the facts of that moment.
#[derive(Debug)]
pub struct ClaimedOrderLetter {
    pub letter: StoredLetter,
    pub waiting: WaitingOrderLetter,
    pub facts: DebtorFacts,
}

impl Commit {
    /// What is told of an order that is in the books already. `true`: some of it is new.
    pub async fn note_order_state(
        &mut self,
        party_id: PartyId,
        order_id: OrderId,
        told: &OrderTold,
    ) -> Result<bool, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let mut is_new = self.open_case_about(party_id, SubjectKind::Order, order_id.0).await?;
        for news in &told.news {
            let why = news.why.map_or("", CloseReason::code);
            let sql = "INSERT INTO order_news (tenant_id, party_id, order_id, at, word, why, recorded_at, seq) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
            let values = binds![tenant_id, party_id, order_id, news.at, news.word.code(), why, now, seq];
            is_new |= self.execute(sql, values).await? > 0;
        }
        let standing = self.story_of(party_id, order_id).await?.standing();
        let (ship_by, ends) = (instant(told.ship_by), told.protection_ends.map(|day| day.to_string()));
        let sql = "SELECT count(*) FROM order_standing WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 \
                   AND (ship_by IS DISTINCT FROM COALESCE($4, ship_by) \
                   OR protection_ends_on IS DISTINCT FROM COALESCE($5, protection_ends_on))";
        let values = binds![tenant_id, party_id, order_id, ship_by, ends.clone()];
        let moved: Option<(i64,)> = fetch_one(&mut self.tx, sql, values).await?;
        is_new |= moved.is_some_and(|(rows,)| rows > 0);
        let sql = "INSERT INTO order_standing (tenant_id, party_id, order_id, word, word_since, ship_by, \
                   protection_ends_on, synced_at, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                   ON CONFLICT (tenant_id, party_id, order_id) DO UPDATE SET word = excluded.word, \
                   word_since = excluded.word_since, ship_by = COALESCE(excluded.ship_by, order_standing.ship_by), \
                   protection_ends_on = COALESCE(excluded.protection_ends_on, order_standing.protection_ends_on), \
                   synced_at = COALESCE(excluded.synced_at, order_standing.synced_at), \
                   recorded_at = excluded.recorded_at, seq = excluded.seq";
        let (word, since, synced_at) = (standing.word.code(), instant(standing.since), instant(told.synced_at));
        let values = binds![tenant_id, party_id, order_id, word, since, ship_by, ends, synced_at, now, seq];
        self.execute(sql, values).await?;
        if is_new {
            self.wake_order(party_id, order_id).await?;
        }
        Ok(is_new)
    }

    /// What is in an order; in place of what was known of it.
    pub async fn set_order_lines(
        &mut self,
        party_id: PartyId,
        order_id: OrderId,
        lines: &[GoodsLine],
    ) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "DELETE FROM order_line WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3";
        self.execute(sql, binds![tenant_id, party_id, order_id]).await?;
        let mut rows = Rows::new(LINE);
        for (nth, line) in lines.iter().enumerate() {
            rows.push([
                tenant_id.into(),
                party_id.into(),
                order_id.into(),
                (nth as i64).into(),
                line.sku.as_str().into(),
                line.title.as_str().into(),
                line.quantity.into(),
                line.price.minor.into(),
                line.price.currency.code().into(),
                line.url.as_str().into(),
                line.in_stock.map(i64::from).into(),
                now.into(),
                seq.into(),
            ]);
        }
        insert_many(&mut self.tx, "order_line", rows).await?;
        self.wake_order(party_id, order_id).await
    }

    /// A parcel of an order, known again by its number, however that is written. `true`: something about it is new.
    pub async fn note_shipment(
        &mut self,
        party_id: PartyId,
        order_id: OrderId,
        told: &ShipmentFields,
    ) -> Result<(ShipmentId, bool), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let number = plain_number(&told.number);
        let sql = "SELECT id FROM shipment WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 AND number = $4";
        let values = binds![tenant_id, party_id, order_id, number.as_str()];
        let known: Option<(ShipmentId,)> = fetch_one(&mut self.tx, sql, values).await?;
        let shipped_at = instant(told.shipped_at);
        let carrier = (!told.carrier.is_empty()).then(|| told.carrier.clone());
        let (id, is_new) = match known {
            Some((id,)) => {
                // What the tracking service refused under one carrier it is asked about once more under another.
                let sql = "UPDATE shipment SET carrier = COALESCE($5, carrier), \
                           shipped_at = COALESCE($6, shipped_at), follow_at = CASE WHEN follow_problem <> '' \
                           AND carrier IS DISTINCT FROM COALESCE($5, carrier) THEN NULL ELSE follow_at END \
                           WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 AND id = $4 \
                           AND (carrier IS DISTINCT FROM COALESCE($5, carrier) \
                           OR shipped_at IS DISTINCT FROM COALESCE($6, shipped_at))";
                let values = binds![tenant_id, party_id, order_id, id, carrier, shipped_at];
                (id, self.execute(sql, values).await? > 0)
            }
            None => {
                let id = ShipmentId(self.ids.make());
                let sql = "INSERT INTO shipment (tenant_id, party_id, order_id, id, carrier, number, shipped_at, \
                           recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
                let carrier = told.carrier.as_str();
                let values = binds![tenant_id, party_id, order_id, id, carrier, number, shipped_at, now, seq];
                self.execute(sql, values).await?;
                self.open_case_about(party_id, SubjectKind::Shipment, id.0).await?;
                (id, true)
            }
        };
        if is_new {
            self.wake_order(party_id, order_id).await?;
        }
        Ok((id, is_new))
    }

    /// News of a parcel. `true`: some of it is new.
    pub async fn note_tracking(
        &mut self,
        (party_id, order_id, id): (PartyId, OrderId, ShipmentId),
        update: &TrackingUpdate,
    ) -> Result<bool, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let mut is_new = false;
        let is_erased = self.is_erased(party_id).await?;
        for event in &update.events {
            let told = serde_json::to_string(event).map_err(StoreError::corrupt)?;
            // To whom it was handed is nothing that we may learn again. The key stays that of what was told.
            let (key, text) = (key_of(&told), if is_erased { without_words(&told)?.unwrap_or(told) } else { told });
            let sql = "INSERT INTO tracking_event (tenant_id, party_id, order_id, shipment_id, at, event_key, event, \
                       recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
            let values = binds![tenant_id, party_id, order_id, id, event.at, key, text, now, seq];
            is_new |= self.execute(sql, values).await? > 0;
        }
        if let Some(report) = &update.report {
            let sql = "SELECT COALESCE(report, '') FROM shipment WHERE tenant_id = $1 AND party_id = $2 \
                       AND order_id = $3 AND id = $4";
            let row: Option<(String,)> =
                fetch_one(&mut self.tx, sql, binds![tenant_id, party_id, order_id, id]).await?;
            let (known,) = row.ok_or_else(|| StoreError::not_found("parcel", id.to_string()))?;
            let known: Option<Report> = match known.is_empty() {
                true => None,
                false => Some(serde_json::from_str(&known).map_err(StoreError::corrupt)?),
            };
            if Some(report) > known.as_ref() {
                let text = serde_json::to_string(report).map_err(StoreError::corrupt)?;
                let sql = "UPDATE shipment SET report = $5 WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 \
                           AND id = $4";
                self.execute(sql, binds![tenant_id, party_id, order_id, id, text]).await?;
                is_new = true;
            }
        }
        if is_new {
            self.note_arrival((party_id, order_id, id)).await?;
            self.wake_order(party_id, order_id).await?;
        }
        Ok(is_new)
    }

    /// When and where the carrier delivered it, or that it did not: own parcels say how long others will take.
    async fn note_arrival(&mut self, about: (PartyId, OrderId, ShipmentId)) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let journey = journey_of_parcel(&mut self.tx, tenant_id, about).await?;
        // A report alone is dated by whoever asked the carrier, which may be days after.
        let arrived = journey.status_scanned_at().filter(|_| journey.status() == TrackingStatus::Delivered);
        let sql = "UPDATE shipment SET arrived_at = $5, arrived_in = (SELECT COALESCE(NULLIF(d.country, ''), p.country) \
                   FROM party p LEFT JOIN order_delivery d ON d.tenant_id = p.tenant_id AND d.party_id = p.id \
                   AND d.order_id = $3 WHERE p.tenant_id = $1 AND p.id = $2) WHERE tenant_id = $1 AND party_id = $2 \
                   AND order_id = $3 AND id = $4 AND (arrived_at IS DISTINCT FROM $5)";
        self.execute(sql, binds![tenant_id, about.0, about.1, about.2, instant(arrived)]).await?;
        Ok(())
    }

    /// Something is open with the buyer from now on.
    pub async fn raise_ask(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        kind: AskKind,
        holds_dispatch: bool,
        words: &str,
    ) -> Result<AskId, StoreError> {
        let id = AskId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO order_ask (tenant_id, party_id, order_id, id, kind, words, holds_dispatch, raised_at, \
                   recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values = binds![tenant_id, party_id, order_id, id, kind.code(), words, holds_dispatch, now, now, seq];
        self.execute(sql, values).await?;
        self.wake_order(party_id, order_id).await?;
        Ok(id)
    }

    /// It was answered, or a person said that it goes without. `false`: it was settled before.
    pub async fn settle_ask(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        id: AskId,
        outcome: &str,
    ) -> Result<bool, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "UPDATE order_ask SET settled_at = $5, outcome = $6, settled_seq = $7 WHERE tenant_id = $1 \
                   AND party_id = $2 AND order_id = $3 AND id = $4 AND settled_at IS NULL";
        let settled = self.execute(sql, binds![tenant_id, party_id, order_id, id, now, outcome, seq]).await? > 0;
        if settled {
            self.wake_order(party_id, order_id).await?;
        }
        Ok(settled)
    }

    /// The order stays here until this day, or until somebody ends it.
    pub async fn hold_dispatch(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        why: &str,
        until: Option<Date>,
    ) -> Result<HoldId, StoreError> {
        let id = HoldId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO dispatch_hold (tenant_id, party_id, order_id, id, why, until_on, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let until = until.map(|day| day.to_string());
        self.execute(sql, binds![tenant_id, party_id, order_id, id, why, until, now, seq]).await?;
        self.wake_order(party_id, order_id).await?;
        Ok(id)
    }

    /// Ends what keeps an order here. Returns how many holds that were.
    pub async fn release_dispatch(&mut self, party_id: PartyId, order_id: OrderId) -> Result<u64, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "UPDATE dispatch_hold SET released_at = $4, released_seq = $5 WHERE tenant_id = $1 AND party_id = $2 \
                   AND order_id = $3 AND released_at IS NULL";
        let ended = self.execute(sql, binds![tenant_id, party_id, order_id, now, seq]).await?;
        self.wake_order(party_id, order_id).await?;
        Ok(ended)
    }

    /// A case about an order or a parcel, once. `true`: it is new.
    async fn open_case_about(&mut self, party_id: PartyId, kind: SubjectKind, about: u128) -> Result<bool, StoreError> {
        let id = CaseId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let about = Bind::Id(Some(about));
        let sql = "INSERT INTO cases (tenant_id, party_id, id, receivable_id, subject, state, started_at, next_wake, \
                   recorded_at, seq, entry) VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, $8, $9, 'standard') \
                   ON CONFLICT (tenant_id, receivable_id) DO NOTHING";
        let mut values = binds![tenant_id, party_id, id];
        values.push(about);
        values.extend(binds![kind.code(), now, now, now, seq]);
        Ok(self.execute(sql, values).await? > 0)
    }

    /// Something about this order changed: its case and those of its parcels are looked at in the next run, also where they
    /// had nothing left to tell.
    pub(crate) async fn wake_order(&mut self, party_id: PartyId, order_id: OrderId) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE cases SET state = 'running', next_wake = $4 WHERE tenant_id = $1 AND party_id = $2 \
                   AND subject <> 'receivable' AND (receivable_id = $3 OR receivable_id IN (SELECT h.id FROM shipment h \
                   WHERE h.tenant_id = $1 AND h.party_id = $2 AND h.order_id = $3 AND h.withdrawn_at IS NULL))";
        self.execute(sql, binds![tenant_id, party_id, order_id, now]).await?;
        Ok(())
    }

    /// The parcels of these orders, for whoever moves them.
    pub(crate) async fn parcels_of(&mut self, party_id: PartyId, orders: &[String]) -> Result<Vec<String>, StoreError> {
        let orders = serde_json::to_string(orders).map_err(StoreError::corrupt)?;
        let sql = format!(
            "SELECT id FROM shipment WHERE tenant_id = $1 AND party_id = $2 AND {} ORDER BY id",
            self.tx.kind().listed("order_id", 3)
        );
        let ids: Vec<(String,)> = fetch(&mut self.tx, &sql, binds![self.tenant_id, party_id, orders]).await?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    /// The next message about an order whose moment has come, with the facts of this moment. Nothing is written yet.
    pub async fn next_order_letter(&mut self) -> Result<Option<ClaimedOrderLetter>, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = format!(
            "{LETTER} WHERE l.tenant_id = $1 AND l.state = 'queued' AND l.settled_at IS NULL AND l.not_before <= $2 \
             AND l.about IS NOT NULL ORDER BY l.not_before, l.id LIMIT 1 {{skip_locked}}"
        );
        let row: Option<LetterRow> = fetch_one(&mut self.tx, &sql, binds![tenant_id, now]).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let letter = letter_of(row)?;
        let Some(waiting) = letter.waiting_order() else {
            return Err(StoreError::corrupt(format!("letter {} is about nothing", letter.id)));
        };
        let facts = load(&mut self.tx, tenant_id, Scope::One(letter.party_id), now, EVERYTHING).await?;
        let Some(facts) = facts.into_iter().next() else {
            return Err(StoreError::corrupt(format!("letter {} has no debtor", letter.id)));
        };
        Ok(Some(ClaimedOrderLetter { letter, waiting, facts }))
    }
}

impl Commit {
    /// Messages about this buyer's orders that have not left: what was told since may have made them wrong.
    pub async fn waiting_order_letters_of(&mut self, party_id: PartyId) -> Result<Vec<StoredLetter>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = format!(
            "{LETTER} WHERE l.tenant_id = $1 AND l.party_id = $2 AND l.state IN ('review', 'queued', 'to_paste') \
             AND l.settled_at IS NULL AND l.about IS NOT NULL ORDER BY l.id"
        );
        let rows: Vec<LetterRow> = fetch(&mut self.tx, &sql, binds![tenant_id, party_id]).await?;
        rows.into_iter().map(letter_of).collect()
    }
}

impl StoredLetter {
    /// As the check at its departure wants it; `None` for a letter about money.
    pub fn waiting_order(&self) -> Option<WaitingOrderLetter> {
        let about = self.about.clone()?;
        Some(WaitingOrderLetter {
            id: self.id,
            purpose: self.purpose,
            channel: self.channel,
            contact_id: self.contact_id,
            about,
        })
    }
}

impl Store {
    /// Whose parcel this number is; a number may have been used again.
    pub async fn shipments_by_number(
        &self,
        tenant_id: TenantId,
        number: &str,
    ) -> Result<Vec<(PartyId, OrderId, ShipmentId)>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT party_id, order_id, id FROM shipment WHERE tenant_id = $1 AND number = $2 \
                   AND withdrawn_at IS NULL ORDER BY id";
        fetch(&mut conn, sql, binds![tenant_id, plain_number(number)]).await
    }

    /// When the next message about an order may leave.
    pub async fn next_order_departure(&self, tenant_id: TenantId) -> Result<Option<Timestamp>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT min(not_before) FROM letter WHERE tenant_id = $1 AND state = 'queued' \
                   AND settled_at IS NULL AND about IS NOT NULL";
        let micros = crate::conn::fetch_number(&mut conn, sql, binds![tenant_id]).await?;
        micros.map(|micros| Timestamp::from_microsecond(micros).map_err(StoreError::corrupt)).transpose()
    }
}

fn instant(at: Option<Timestamp>) -> Option<i64> {
    at.map(|at| at.as_microsecond())
}

/// Tells events apart.
fn key_of(event: &str) -> String {
    Sha256::digest(event).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
