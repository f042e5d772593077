//! Orders and parcels of which something may still be told, with their cases. Where no order of the debtors is alive, which
//! is so for all who only owe, this is one read that finds nothing.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use dunlin_core::case::SubjectKind;
use dunlin_core::facts::orders::{DispatchHold, GoodsLine, OrderFacts, Parcel, ReceiptExtended};
use dunlin_core::ids::{AskId, OrderId, PartyId, ReceivableId, ShipmentId};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::order::asks::{AskKind, OrderAsk};
use dunlin_core::order::story::{CloseReason, OrderNews, OrderStory, OrderWord};
use dunlin_core::shipment::journey::{Journey, Report, TrackingEvent, TrackingUpdate};

use super::Loader;
use super::rows::{CaseRow, case_of, iso};
use crate::StoreError;
use crate::dialect::{flag, micros};
use crate::products::have_similar;
use crate::transit_days::{TransitWay, expected_by_way};

#[derive(Deserialize)]
struct OrderRow {
    party_id: PartyId,
    order_id: OrderId,
    number: String,
    source: OrderSource,
    total_minor: i64,
    currency: String,
    #[serde(with = "micros::maybe")]
    ordered_at: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    ship_by: Option<Timestamp>,
    protection_ends_on: Option<Date>,
    #[serde(with = "micros::maybe")]
    synced_at: Option<Timestamp>,
    goes_to: Option<String>,
}

#[derive(Deserialize)]
struct NewsRow {
    party_id: PartyId,
    order_id: OrderId,
    #[serde(with = "micros")]
    at: Timestamp,
    word: OrderWord,
    why: String,
}

#[derive(Deserialize)]
struct LineRow {
    party_id: PartyId,
    order_id: OrderId,
    sku: String,
    title: String,
    quantity: i64,
    price_minor: i64,
    currency: String,
    url: String,
    in_stock: Option<i64>,
}

#[derive(Deserialize)]
struct ShipmentRow {
    party_id: PartyId,
    order_id: OrderId,
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
struct EventRow {
    party_id: PartyId,
    order_id: OrderId,
    shipment_id: ShipmentId,
    event: String,
}

#[derive(Deserialize)]
struct AskRow {
    party_id: PartyId,
    order_id: OrderId,
    id: AskId,
    kind: AskKind,
    #[serde(with = "flag")]
    holds_dispatch: bool,
    #[serde(with = "micros")]
    raised_at: Timestamp,
    #[serde(with = "micros::maybe")]
    settled_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct DispatchRow {
    party_id: PartyId,
    order_id: OrderId,
    why: String,
    until_on: Option<Date>,
    #[serde(with = "micros::maybe")]
    released_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct ExtendedRow {
    party_id: PartyId,
    order_id: OrderId,
    days: i64,
    until_on: Option<Date>,
    #[serde(with = "micros")]
    settled_at: Timestamp,
}

/// An order is alive while a case of its own or of one of its parcels runs.
const ALIVE: &str = "EXISTS (SELECT 1 FROM cases k WHERE k.tenant_id = s.tenant_id AND k.receivable_id = s.order_id \
    AND k.state = 'running') OR EXISTS (SELECT 1 FROM shipment h JOIN cases k ON k.tenant_id = h.tenant_id \
    AND k.receivable_id = h.id AND k.state = 'running' WHERE h.tenant_id = s.tenant_id AND h.party_id = s.party_id \
    AND h.order_id = s.order_id)";

/// A paid order that came to nothing is known for so long still: nothing is offered to its buyer meanwhile.
const AFTER_END: SignedDuration = SignedDuration::from_hours(31 * 24);

/// What was told of one parcel, as an update without a number of its own.
fn told(report: Option<Report>, events: Vec<TrackingEvent>) -> TrackingUpdate {
    TrackingUpdate { number: String::new(), carrier_key: None, tag: None, report, events }
}

impl Loader<'_> {
    /// Before the steps and the letters, which belong to the cases read here too.
    pub(super) async fn orders(&mut self) -> Result<(), StoreError> {
        let since = self.now.checked_sub(AFTER_END).unwrap_or(Timestamp::MIN).as_microsecond();
        let sql = format!(
            "SELECT s.party_id, s.order_id, o.number, o.source, o.total_minor, o.currency, o.ordered_at, s.ship_by, \
             s.protection_ends_on, s.synced_at, (SELECT d.country FROM order_delivery d WHERE d.tenant_id = s.tenant_id \
             AND d.party_id = s.party_id AND d.order_id = s.order_id) FROM order_standing s \
             JOIN sales_order o ON o.tenant_id = s.tenant_id AND o.id = s.order_id WHERE {{scope}} AND ({ALIVE} \
             OR (s.word IN ('cancelled', 'closed') AND s.word_since >= {since} AND EXISTS (SELECT 1 FROM order_news n \
             WHERE n.tenant_id = s.tenant_id AND n.party_id = s.party_id AND n.order_id = s.order_id \
             AND n.word IN ('paid', 'risk_control')))) ORDER BY s.party_id, s.order_id"
        );
        let rows = self.rows::<OrderRow>(&sql, "s").await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let told = row.goes_to.filter(|code| !code.is_empty());
            let order = OrderFacts {
                goes_to: told.unwrap_or_default(),
                id: row.order_id,
                number: row.number,
                source: row.source,
                total: Money::new(row.total_minor, iso(&row.currency)?),
                placed_at: row.ordered_at,
                story: OrderStory::default(),
                ship_by: row.ship_by,
                protection_ends: row.protection_ends_on,
                goods: Vec::new(),
                has_similar: false,
                parcels: Vec::new(),
                former_parcels: Vec::new(),
                asks: Vec::new(),
                holds: Vec::new(),
                receipt_extended: None,
                synced_at: row.synced_at,
                case: None,
            };
            if let Some(debtor) = self.debtor(row.party_id) {
                let goes_to =
                    if order.goes_to.is_empty() { debtor.party.country.clone() } else { order.goes_to.clone() };
                debtor.orders.push(OrderFacts { goes_to, ..order });
            }
        }
        self.order_news().await?;
        self.order_lines().await?;
        self.similar_articles().await?;
        self.parcels().await?;
        self.order_asks().await?;
        self.dispatch_holds().await?;
        self.receipts_extended().await?;
        self.order_cases().await
    }

    fn order(&mut self, party_id: PartyId, id: OrderId) -> Option<&mut OrderFacts> {
        self.debtor(party_id)?.orders.iter_mut().find(|order| order.id == id)
    }

    async fn order_news(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT n.party_id, n.order_id, n.at, n.word, n.why FROM order_news n \
                   WHERE {scope} AND n.recorded_at <= $4 ORDER BY n.party_id, n.order_id, n.at";
        for row in self.rows::<NewsRow>(sql, "n").await? {
            let news = OrderNews { at: row.at, word: row.word, why: CloseReason::from_code(&row.why) };
            if let Some(order) = self.order(row.party_id, row.order_id) {
                order.story.hear(news);
            }
        }
        Ok(())
    }

    async fn order_lines(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT g.party_id, g.order_id, g.sku, g.title, g.quantity, g.price_minor, g.currency, g.url, \
                   g.in_stock FROM order_line g WHERE {scope} ORDER BY g.party_id, g.order_id, g.line";
        for row in self.rows::<LineRow>(sql, "g").await? {
            let line = GoodsLine {
                sku: row.sku,
                title: row.title,
                quantity: row.quantity,
                price: Money::new(row.price_minor, iso(&row.currency)?),
                url: row.url,
                in_stock: row.in_stock.map(|known| known != 0),
            };
            if let Some(order) = self.order(row.party_id, row.order_id) {
                order.goods.push(line);
            }
        }
        Ok(())
    }

    /// Of orders that wait with goods missing, which are few: whether the catalogue, as it is now, has something similar.
    async fn similar_articles(&mut self) -> Result<(), StoreError> {
        let mut wanted: Vec<(PartyId, OrderId, Vec<String>)> = Vec::new();
        for debtor in &self.debtors {
            for order in &debtor.orders {
                let standing = order.story.standing();
                if standing.word == OrderWord::Paid && order.in_stock(standing.in_stock) == Some(false) {
                    let skus = order.missing().map(|line| line.sku.clone()).filter(|sku| !sku.is_empty());
                    wanted.push((debtor.party.id, order.id, skus.collect()));
                }
            }
        }
        for (party_id, order_id, skus) in wanted {
            let found = have_similar(self.conn, self.tenant_id, &skus).await?;
            if let Some(order) = self.order(party_id, order_id) {
                order.has_similar = found;
            }
        }
        Ok(())
    }

    async fn parcels(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT h.party_id, h.order_id, h.id, h.carrier, h.number, h.shipped_at, h.report, h.withdrawn_at, \
                   h.replaces FROM shipment h WHERE {scope} AND h.recorded_at <= $4 \
                   ORDER BY h.party_id, h.order_id, h.id";
        let at = self.at;
        let mut found: Vec<(ShipmentRow, TransitWay)> = Vec::new();
        for row in self.rows::<ShipmentRow>(sql, "h").await? {
            if let Some(order) = self.order(row.party_id, row.order_id) {
                let way = (row.carrier.clone(), order.goes_to.clone());
                found.push((row, way));
            }
        }
        let ways: BTreeSet<TransitWay> = found.iter().map(|(_, way)| way.clone()).collect();
        let expected = expected_by_way(self.conn, self.tenant_id, &ways, at).await?;
        for (row, way) in found {
            let expected = expected.get(&way).copied();
            let report: Option<Report> =
                row.report.as_deref().map(serde_json::from_str).transpose().map_err(StoreError::corrupt)?;
            let mut journey = Journey::default();
            journey.take_in(&told(report, Vec::new()));
            let parcel = Parcel {
                id: row.id,
                expected,
                carrier: row.carrier,
                number: row.number,
                replaces: row.replaces,
                shipped_at: row.shipped_at,
                journey,
                case: None,
            };
            let is_former = row.withdrawn_at.is_some_and(|withdrawn| withdrawn <= at);
            if let Some(order) = self.order(row.party_id, row.order_id) {
                if is_former { order.former_parcels.push(parcel) } else { order.parcels.push(parcel) }
            }
        }
        let sql = "SELECT e.party_id, e.order_id, e.shipment_id, e.event FROM tracking_event e \
                   WHERE {scope} AND e.recorded_at <= $4 ORDER BY e.party_id, e.order_id, e.shipment_id, e.at";
        for row in self.rows::<EventRow>(sql, "e").await? {
            let Some(order) = self.order(row.party_id, row.order_id) else { continue };
            if let Some(parcel) = order.parcels.iter_mut().find(|parcel| parcel.id == row.shipment_id) {
                let event: TrackingEvent = serde_json::from_str(&row.event).map_err(StoreError::corrupt)?;
                parcel.journey.take_in(&told(None, vec![event]));
            }
        }
        let orders = self.debtors.iter_mut().flat_map(|debtor| &mut debtor.orders);
        for parcel in orders.flat_map(|order| &mut order.parcels) {
            parcel.journey = std::mem::take(&mut parcel.journey).of_parcel(parcel.shipped_at);
        }
        Ok(())
    }

    async fn order_asks(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT a.party_id, a.order_id, a.id, a.kind, a.holds_dispatch, a.raised_at, a.settled_at \
                   FROM order_ask a WHERE {scope} AND a.recorded_at <= $4 ORDER BY a.party_id, a.order_id, a.id";
        let at = self.at;
        for row in self.rows::<AskRow>(sql, "a").await? {
            let ask = OrderAsk {
                id: row.id,
                kind: row.kind,
                raised_at: row.raised_at,
                holds_dispatch: row.holds_dispatch,
                settled: row.settled_at.is_some_and(|settled| settled <= at),
            };
            if let Some(order) = self.order(row.party_id, row.order_id) {
                order.asks.push(ask);
            }
        }
        Ok(())
    }

    async fn dispatch_holds(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT d.party_id, d.order_id, d.why, d.until_on, d.released_at FROM dispatch_hold d \
                   WHERE {scope} AND d.recorded_at <= $4 ORDER BY d.party_id, d.order_id, d.id";
        let at = self.at;
        for row in self.rows::<DispatchRow>(sql, "d").await? {
            let released = row.released_at.is_some_and(|released| released <= at);
            let hold = DispatchHold { why: row.why, until: row.until_on, released };
            if let Some(order) = self.order(row.party_id, row.order_id) {
                order.holds.push(hold);
            }
        }
        Ok(())
    }

    /// Of several the last one that was given.
    async fn receipts_extended(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT x.party_id, x.order_id, x.days, x.until_on, x.settled_at FROM receipt_extension x \
                   WHERE {scope} AND x.state = 'done' AND x.settled_at <= $4 \
                   ORDER BY x.party_id, x.order_id, x.settled_at";
        for row in self.rows::<ExtendedRow>(sql, "x").await? {
            let days = u16::try_from(row.days).map_err(StoreError::corrupt)?;
            let extended = ReceiptExtended { days, until: row.until_on, at: row.settled_at };
            if let Some(order) = self.order(row.party_id, row.order_id) {
                order.receipt_extended = Some(extended);
            }
        }
        Ok(())
    }

    /// The column that names a receivable holds what these cases are about.
    async fn order_cases(&mut self) -> Result<(), StoreError> {
        for kind in [SubjectKind::Order, SubjectKind::Shipment] {
            let sql = format!(
                "SELECT k.party_id, k.id, k.receivable_id, k.state, k.playbook, k.playbook_version, k.started_at, \
                 k.entry, k.task_id, k.recorded_at FROM cases k WHERE {{scope}} AND k.subject = '{}' \
                 ORDER BY k.party_id, k.id",
                kind.code()
            );
            for row in self.rows::<CaseRow>(&sql, "k").await? {
                let (party_id, ReceivableId(about)) = (row.party_id, row.receivable_id);
                let case = case_of(row);
                let Some(debtor) = self.debtor(party_id) else { continue };
                if kind == SubjectKind::Order {
                    if let Some(order) = debtor.orders.iter_mut().find(|order| order.id == OrderId(about)) {
                        order.case = Some(case);
                    }
                } else {
                    let orders = debtor.orders.iter_mut();
                    let mut parcels =
                        orders.flat_map(|order| order.parcels.iter_mut().chain(&mut order.former_parcels));
                    if let Some(parcel) = parcels.find(|parcel| parcel.id == ShipmentId(about)) {
                        parcel.case = Some(case);
                    }
                }
            }
        }
        Ok(())
    }
}
