//! One order with all that is known of it, also when nothing is expected of it any more.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use dunlin_core::facts::orders::{DispatchHold, OrderFacts, Parcel};
use dunlin_core::ids::{OrderId, PartyId, ShipmentId, TalkId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::order::asks::{AskKind, OrderAsk};
use dunlin_core::order::clock::OrderClocks;
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_core::shipment::journey::{Journey, Report, TrackingEvent, TrackingUpdate};

use super::debtor_list::PartyName;
use super::order_list::{OrderPart, parts_of_order};
use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_one};
use crate::dialect::{flag, micros};
use crate::facts::iso;
use crate::order_asks::{AskRow, asks};
use crate::order_reads::{lines_of, story_of};
use crate::outbox::{LETTER, LetterRow, StoredLetter, letter_of};
use crate::receipt_extensions::extensions_of;
use crate::talks::words_of;
use crate::transit_days::{TransitWay, expected_by_way};
use crate::{Commit, ReceiptExtension, Sight, Store, StoreError};

/// Which order is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundOrder {
    pub party_id: PartyId,
    pub id: OrderId,
    pub number: String,
    pub source: OrderSource,
}

/// An order with its story.
#[derive(Debug, Clone)]
pub struct ToldOrder {
    /// Without its cases: what is decided is told by the facts of the buyer.
    pub order: OrderFacts,
    pub party_id: PartyId,
    pub party: PartyName,
    pub ordered_on: Date,
    pub cancelled: bool,
    /// Something was told of it beside its money.
    pub is_told: bool,
    /// The platform's own page; empty when there is none.
    pub page_url: String,
    /// What is or was open with the buyer.
    pub asks: Vec<AskRow>,
    pub holds: Vec<HoldTold>,
    /// Each time that more time for the receipt was asked for, oldest first.
    pub more_time: Vec<ReceiptExtension>,
    pub parts: Vec<OrderPart>,
    pub money: Vec<MoneyTold>,
    /// Those about the order and its parcels, oldest first.
    pub letters: Vec<StoredLetter>,
    /// What the buyer wrote in the chat of the order, oldest first.
    pub written: Vec<WrittenTold>,
}

/// Something that the buyer wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenTold {
    pub talk: TalkId,
    pub at: Timestamp,
    /// `None`: the buyer was erased.
    pub text: Option<String>,
    /// Number of the task that asks somebody to answer, while it is open.
    pub task: Option<i64>,
}

impl ToldOrder {
    /// The clocks of the order, where the day of the firm ends in this zone.
    pub fn clocks(&self, zone: &TimeZone) -> OrderClocks {
        let open = self.asks.iter().filter(|ask| ask.settled_at.is_none());
        let of_buyer =
            |kind: AskKind| matches!(kind, AskKind::Combine | AskKind::AddressChange | AskKind::Split | AskKind::Wish);
        let awaited = open.filter(|ask| ask.holds_dispatch || of_buyer(ask.kind));
        let waits = self.written.iter().filter(|one| one.task.is_some());
        OrderClocks {
            ship_by: self.order.ship_by,
            awaited_since: awaited.map(|ask| ask.raised_at).min(),
            written_since: waits.map(|one| one.at).min(),
            protection_end: self.order.protection_ends.and_then(|day| end_of_day(day, zone)),
        }
    }
}

/// The last day counts to its end.
pub fn end_of_day(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
    Some(next.timestamp())
}

/// What keeps or kept it here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldTold {
    pub why: String,
    pub until: Option<Date>,
    pub recorded_at: Timestamp,
    pub released_at: Option<Timestamp>,
}

impl HoldTold {
    /// Whether it keeps the order here on this day.
    pub fn is_on(&self, today: Date) -> bool {
        self.released_at.is_none() && self.until.is_none_or(|until| until >= today)
    }
}

/// A line of the ledger of what is to be paid for the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyTold {
    /// `R-1042`.
    pub receivable: String,
    pub kind: LedgerKind,
    pub amount: Money,
    pub on: Date,
    pub recorded_at: Timestamp,
}

#[derive(Deserialize)]
struct HeadRow {
    number: String,
    source: OrderSource,
    total_minor: i64,
    currency: String,
    ordered_on: Date,
    #[serde(with = "micros::maybe")]
    ordered_at: Option<Timestamp>,
    #[serde(with = "flag")]
    cancelled: bool,
    party_number: i64,
    name: String,
    country: String,
    /// How it stands; empty where nothing was told.
    word: Option<String>,
    #[serde(with = "micros::maybe")]
    ship_by: Option<Timestamp>,
    protection_ends_on: Option<Date>,
    #[serde(with = "micros::maybe")]
    synced_at: Option<Timestamp>,
    page_url: Option<String>,
    goes_to: Option<String>,
}

#[derive(Deserialize)]
struct ShipmentRow {
    id: ShipmentId,
    carrier: String,
    number: String,
    #[serde(with = "micros::maybe")]
    shipped_at: Option<Timestamp>,
    report: Option<String>,
    #[serde(with = "micros::maybe")]
    withdrawn_at: Option<Timestamp>,
    replaces: Option<ShipmentId>,
}

#[derive(Deserialize)]
struct HoldRow {
    why: String,
    until_on: Option<Date>,
    #[serde(with = "micros")]
    recorded_at: Timestamp,
    #[serde(with = "micros::maybe")]
    released_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct WrittenRow {
    id: TalkId,
    #[serde(with = "micros")]
    talked_at: Timestamp,
    key_person: String,
    sealed: String,
    task: Option<i64>,
}

#[derive(Deserialize)]
struct MoneyRow {
    number: i64,
    kind: LedgerKind,
    amount_minor: i64,
    currency: String,
    effective_on: Date,
    #[serde(with = "micros")]
    recorded_at: Timestamp,
}

/// What was told of one parcel, as an update without a number of its own. What was scanned long before it was handed over is
/// another parcel's.
pub(super) fn journey_of(
    report: Option<&str>,
    events: Vec<TrackingEvent>,
    shipped_at: Option<Timestamp>,
) -> Result<Journey, StoreError> {
    let report: Option<Report> = report.map(serde_json::from_str).transpose().map_err(StoreError::corrupt)?;
    let mut journey = Journey::default();
    journey.take_in(&TrackingUpdate { number: String::new(), carrier_key: None, tag: None, report, events });
    Ok(journey.of_parcel(shipped_at))
}

/// The journey of one parcel.
pub(crate) async fn journey_of_parcel(
    conn: &mut Conn,
    tenant_id: TenantId,
    (party_id, order_id, id): (PartyId, OrderId, ShipmentId),
) -> Result<Journey, StoreError> {
    let sql = "SELECT e.event FROM tracking_event e WHERE e.tenant_id = $1 AND e.party_id = $2 AND e.order_id = $3 \
               AND e.shipment_id = $4 ORDER BY e.at";
    let events: Vec<(String,)> = fetch(conn, sql, binds![tenant_id, party_id, order_id, id]).await?;
    let events: Result<Vec<TrackingEvent>, _> = events.iter().map(|(event,)| serde_json::from_str(event)).collect();
    let sql = "SELECT h.id, h.carrier, h.number, h.shipped_at, h.report, h.withdrawn_at, h.replaces FROM shipment h \
               WHERE h.tenant_id = $1 AND h.party_id = $2 AND h.order_id = $3 AND h.id = $4";
    let row: Option<ShipmentRow> = fetch_one(conn, sql, binds![tenant_id, party_id, order_id, id]).await?;
    let row = row.ok_or_else(|| StoreError::not_found("parcel", id.to_string()))?;
    journey_of(row.report.as_deref(), events.map_err(StoreError::corrupt)?, row.shipped_at)
}

impl Store {
    /// The order of a number or an id, where it lies within sight. Of two with one number the one of the marketplace.
    pub async fn find_order(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        name: &str,
    ) -> Result<Option<FoundOrder>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT o.party_id, o.id, o.number, o.source FROM sales_order o WHERE o.tenant_id = $1 \
             AND (o.number = $2 OR o.id = $2) {} ORDER BY o.source DESC, o.id LIMIT 1",
            sight.on("o.party_id")
        );
        let row: Option<(PartyId, OrderId, String, OrderSource)> =
            fetch_one(&mut conn, &sql, binds![tenant_id, name.replace('\0', "")]).await?;
        Ok(row.map(|(party_id, id, number, source)| FoundOrder { party_id, id, number, source }))
    }

    /// Orders of these ids that lie within sight.
    pub async fn find_orders(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        ids: &[OrderId],
    ) -> Result<Vec<FoundOrder>, StoreError> {
        found(&mut self.conn().await?, tenant_id, sight, ids).await
    }

    /// All that is known of an order.
    pub async fn told_order(
        &self,
        tenant_id: TenantId,
        (party_id, id): (PartyId, OrderId),
    ) -> Result<ToldOrder, StoreError> {
        told(&mut self.conn().await?, tenant_id, (party_id, id)).await
    }
}

impl Commit {
    /// As [`Store::find_orders`], within this change.
    pub async fn find_orders(&mut self, sight: &Sight, ids: &[OrderId]) -> Result<Vec<FoundOrder>, StoreError> {
        let tenant_id = self.tenant_id;
        found(&mut self.tx, tenant_id, sight, ids).await
    }

    /// All that is known of an order, within this change: nobody tells more of it meanwhile.
    pub async fn told_order(&mut self, about: (PartyId, OrderId)) -> Result<ToldOrder, StoreError> {
        let tenant_id = self.tenant_id;
        told(&mut self.tx, tenant_id, about).await
    }
}

async fn found(
    conn: &mut Conn,
    tenant_id: TenantId,
    sight: &Sight,
    ids: &[OrderId],
) -> Result<Vec<FoundOrder>, StoreError> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
    let sql = format!(
        "SELECT o.party_id, o.id, o.number, o.source FROM sales_order o WHERE o.tenant_id = $1 AND {} {} \
         ORDER BY o.number, o.id",
        conn.kind().listed("o.id", 2),
        sight.on("o.party_id")
    );
    let rows: Vec<(PartyId, OrderId, String, OrderSource)> = fetch(conn, &sql, binds![tenant_id, ids]).await?;
    let found = |(party_id, id, number, source)| FoundOrder { party_id, id, number, source };
    Ok(rows.into_iter().map(found).collect())
}

async fn told(
    conn: &mut Conn,
    tenant_id: TenantId,
    (party_id, id): (PartyId, OrderId),
) -> Result<ToldOrder, StoreError> {
    let sql = "SELECT o.number, o.source, o.total_minor, o.currency, o.ordered_on, o.ordered_at, o.cancelled, \
               p.number, p.name, p.country, s.word, s.ship_by, s.protection_ends_on, s.synced_at, \
               (SELECT max(m.page_url) FROM remote_order m WHERE m.tenant_id = o.tenant_id AND m.number = o.number \
               AND o.source = 'marketplace'), (SELECT d.country FROM order_delivery d \
               WHERE d.tenant_id = o.tenant_id AND d.party_id = o.party_id AND d.order_id = o.id) FROM sales_order o \
               JOIN party p ON p.tenant_id = o.tenant_id AND p.id = o.party_id \
               LEFT JOIN order_standing s ON s.tenant_id = o.tenant_id AND s.party_id = o.party_id \
               AND s.order_id = o.id WHERE o.tenant_id = $1 AND o.party_id = $2 AND o.id = $3";
    let head: Option<HeadRow> = fetch_one(conn, sql, binds![tenant_id, party_id, id]).await?;
    let head = head.ok_or_else(|| StoreError::not_found("order", id.to_string()))?;
    let asked = asks(conn, tenant_id, party_id, id).await?;
    let holds = holds_of(conn, tenant_id, party_id, id).await?;
    let more_time = extensions_of(conn, tenant_id, (party_id, id)).await?;
    let open = |ask: &AskRow| OrderAsk {
        id: ask.id,
        kind: ask.kind,
        raised_at: ask.raised_at,
        holds_dispatch: ask.holds_dispatch,
        settled: ask.settled_at.is_some(),
    };
    let kept = |hold: &HoldTold| DispatchHold {
        why: hold.why.clone(),
        until: hold.until,
        released: hold.released_at.is_some(),
    };
    let goes_to = head.goes_to.filter(|code| !code.is_empty()).unwrap_or_else(|| head.country.clone());
    let (former_parcels, parcels) = parcels_of(conn, tenant_id, (party_id, id), &goes_to).await?;
    let order = OrderFacts {
        id,
        number: head.number,
        source: head.source,
        total: Money::new(head.total_minor, iso(&head.currency)?),
        goes_to,
        placed_at: head.ordered_at,
        story: story_of(conn, tenant_id, party_id, id).await?,
        ship_by: head.ship_by,
        protection_ends: head.protection_ends_on,
        goods: lines_of(conn, tenant_id, party_id, id).await?,
        has_similar: false,
        parcels,
        former_parcels,
        asks: asked.iter().map(open).collect(),
        holds: holds.iter().map(kept).collect(),
        receipt_extended: more_time.iter().filter_map(ReceiptExtension::given).next_back(),
        synced_at: head.synced_at,
        case: None,
    };
    Ok(ToldOrder {
        parts: parts_of_order(conn, tenant_id, id).await?,
        money: money_of(conn, tenant_id, party_id, id).await?,
        letters: letters_of(conn, tenant_id, party_id, id).await?,
        written: written_of(conn, tenant_id, id).await?,
        order,
        party_id,
        party: PartyName::new(head.party_number, head.name, head.country),
        ordered_on: head.ordered_on,
        cancelled: head.cancelled,
        is_told: head.word.is_some(),
        page_url: head.page_url.unwrap_or_default(),
        asks: asked,
        holds,
        more_time,
    })
}

async fn parcels_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    (party, id): (PartyId, OrderId),
    country: &str,
) -> Result<(Vec<Parcel>, Vec<Parcel>), StoreError> {
    let sql = "SELECT e.shipment_id, e.event FROM tracking_event e WHERE e.tenant_id = $1 AND e.party_id = $2 \
               AND e.order_id = $3 ORDER BY e.shipment_id, e.at";
    let events: Vec<(ShipmentId, String)> = fetch(conn, sql, binds![tenant_id, party, id]).await?;
    let sql = "SELECT h.id, h.carrier, h.number, h.shipped_at, h.report, h.withdrawn_at, h.replaces FROM shipment h \
               WHERE h.tenant_id = $1 AND h.party_id = $2 AND h.order_id = $3 ORDER BY h.id";
    let (mut former, mut parcels) = (Vec::new(), Vec::new());
    let rows: Vec<ShipmentRow> = fetch(conn, sql, binds![tenant_id, party, id]).await?;
    let ways: BTreeSet<TransitWay> = rows.iter().map(|row| (row.carrier.clone(), country.to_string())).collect();
    let expected = expected_by_way(conn, tenant_id, &ways, Timestamp::MAX).await?;
    for row in rows {
        let own = events.iter().filter(|(of, _)| *of == row.id);
        let own: Result<Vec<TrackingEvent>, _> = own.map(|(_, event)| serde_json::from_str(event)).collect();
        let place = if row.withdrawn_at.is_some() { &mut former } else { &mut parcels };
        place.push(Parcel {
            expected: expected.get(&(row.carrier.clone(), country.to_string())).copied(),
            journey: journey_of(row.report.as_deref(), own.map_err(StoreError::corrupt)?, row.shipped_at)?,
            replaces: row.replaces,
            id: row.id,
            carrier: row.carrier,
            number: row.number,
            shipped_at: row.shipped_at,
            case: None,
        });
    }
    Ok((former, parcels))
}

async fn holds_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    party: PartyId,
    id: OrderId,
) -> Result<Vec<HoldTold>, StoreError> {
    let sql = "SELECT d.why, d.until_on, d.recorded_at, d.released_at FROM dispatch_hold d WHERE d.tenant_id = $1 \
               AND d.party_id = $2 AND d.order_id = $3 ORDER BY d.recorded_at, d.id";
    let rows: Vec<HoldRow> = fetch(conn, sql, binds![tenant_id, party, id]).await?;
    let told = |row: HoldRow| HoldTold {
        why: row.why,
        until: row.until_on,
        recorded_at: row.recorded_at,
        released_at: row.released_at,
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Whoever was erased wrote something, and nobody knows what.
async fn written_of(conn: &mut Conn, tenant_id: TenantId, id: OrderId) -> Result<Vec<WrittenTold>, StoreError> {
    let sql = "SELECT w.id, w.talked_at, w.key_person, w.sealed, (SELECT min(q.number) FROM task q \
               WHERE q.tenant_id = w.tenant_id AND q.talk_id = w.id AND q.settled_at IS NULL) AS task FROM talk w \
               WHERE w.tenant_id = $1 AND w.order_id = $2 AND w.ended_at IS NULL ORDER BY w.talked_at, w.id";
    let rows: Vec<WrittenRow> = fetch(conn, sql, binds![tenant_id, id]).await?;
    let mut written = Vec::with_capacity(rows.len());
    for row in rows {
        let text = words_of(conn, tenant_id, &row.key_person, &row.sealed).await?.map(|words| words.text);
        written.push(WrittenTold { talk: row.id, at: row.talked_at, text, task: row.task });
    }
    Ok(written)
}

async fn money_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    party: PartyId,
    id: OrderId,
) -> Result<Vec<MoneyTold>, StoreError> {
    let sql = "SELECT r.number, e.kind, e.amount_minor, e.currency, e.effective_on, e.recorded_at FROM receivable r \
               JOIN ledger_entry e ON e.tenant_id = r.tenant_id AND e.party_id = r.party_id AND e.receivable_id = r.id \
               WHERE r.tenant_id = $1 AND r.party_id = $2 AND r.order_id = $3 ORDER BY e.recorded_at, e.id";
    let mut money = Vec::new();
    for row in fetch::<MoneyRow>(conn, sql, binds![tenant_id, party, id]).await? {
        money.push(MoneyTold {
            receivable: format!("R-{:04}", row.number),
            kind: row.kind,
            amount: Money::new(row.amount_minor, iso(&row.currency)?),
            on: row.effective_on,
            recorded_at: row.recorded_at,
        });
    }
    Ok(money)
}

/// A buyer has few letters; which of them are about the order stands inside what they are about.
async fn letters_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    party: PartyId,
    id: OrderId,
) -> Result<Vec<StoredLetter>, StoreError> {
    let sql = format!(
        "{LETTER} WHERE l.tenant_id = $1 AND l.party_id = $2 AND l.about IS NOT NULL ORDER BY l.recorded_at, l.id"
    );
    let rows: Vec<LetterRow> = fetch(conn, &sql, binds![tenant_id, party]).await?;
    let mut letters = Vec::new();
    for row in rows {
        let letter = letter_of(row)?;
        if letter.about.as_ref().is_some_and(|about| about.order_id == id) {
            letters.push(letter);
        }
    }
    Ok(letters)
}
