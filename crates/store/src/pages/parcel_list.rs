//! Parcels that somebody has to look at: the carrier says that something is wrong, or nothing was heard for long. Those
//! that moved longest ago first, page by page after a key.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{PartyId, ShipmentId, TenantId};
use dunlin_core::shipment::journey::{Journey, TrackingEvent};
use dunlin_core::shipment::status::{Situation, TrackingStatus};

use super::debtor_list::PartyName;
use super::keyset::After;
use super::order_told::journey_of;
use crate::Sight;
use crate::bind::binds;
use crate::conn::fetch;
use crate::dialect::micros;
use crate::{Store, StoreError};

/// Where the list goes on: the instant of the row's last movement, and its id.
pub type ParcelKey = (i64, String);

/// Before the first row.
pub const PARCEL_START: ParcelKey = (i64::MIN, String::new());

/// A parcel that is not as it should be.
#[derive(Debug, Clone)]
pub struct ParcelRow {
    pub key: ParcelKey,
    pub party_id: PartyId,
    pub id: ShipmentId,
    pub carrier: String,
    pub number: String,
    /// Number of its order.
    pub order: String,
    pub party: PartyName,
    pub shipped_at: Option<Timestamp>,
    /// Why the tracking service does not follow it; empty: it does, or was not asked yet.
    pub follow_problem: String,
    /// When it last moved; when it was handed over or entered, while nothing was told.
    pub moved_at: Timestamp,
    pub journey: Journey,
}

#[derive(Deserialize)]
struct Row {
    moved_key: i64,
    id: ShipmentId,
    party_id: PartyId,
    carrier: String,
    number: String,
    order_number: String,
    party_number: i64,
    name: String,
    country: String,
    #[serde(with = "micros::maybe")]
    shipped_at: Option<Timestamp>,
    report: Option<String>,
    follow_problem: String,
}

/// Reports are kept as JSON: a condition that the newest one says one of these.
pub(super) fn says(one_of: impl Fn(TrackingStatus) -> bool) -> String {
    let fitting = TrackingStatus::ALL.iter().filter(|status| one_of(**status));
    let each: Vec<String> =
        fitting.map(|status| format!("h.report LIKE '%\"status\":\"{}\"%'", status.code())).collect();
    format!("(h.report IS NOT NULL AND ({}))", each.join(" OR "))
}

fn is_trouble(status: TrackingStatus) -> bool {
    let handling = status.handling();
    let missed = matches!(status, TrackingStatus::FailedDelivery | TrackingStatus::NobodyThere);
    handling.task.is_some() || handling.situation == Situation::Late || missed
}

impl Store {
    /// Parcels of orders that are on their way or disputed, which are in trouble, are not followed, or have not moved since
    /// `quiet`.
    pub async fn parcels_in_trouble(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        quiet: Timestamp,
        after: &After<ParcelKey>,
    ) -> Result<Vec<ParcelRow>, StoreError> {
        let mut conn = self.conn().await?;
        let (trouble, over, seen) = (says(is_trouble), says(TrackingStatus::is_final), sight.on("h.party_id"));
        let sql = format!(
            "SELECT b.moved_key, b.id, b.party_id, b.carrier, b.number, b.order_number, b.party_number, b.name, \
             b.country, b.shipped_at, b.report, b.follow_problem FROM (SELECT COALESCE((SELECT max(e.at) FROM tracking_event e \
             WHERE e.tenant_id = h.tenant_id AND e.party_id = h.party_id AND e.order_id = h.order_id \
             AND e.shipment_id = h.id), h.shipped_at, h.recorded_at) AS moved_key, h.id, h.party_id, h.carrier, \
             h.number, o.number AS order_number, p.number AS party_number, p.name, p.country, h.shipped_at, h.report, \
             h.follow_problem, CASE WHEN {trouble} THEN 1 WHEN {over} THEN 0 WHEN h.follow_problem <> '' THEN 1 \
             ELSE 2 END AS standing FROM order_standing s \
             JOIN shipment h ON h.tenant_id = s.tenant_id AND h.party_id = s.party_id AND h.order_id = s.order_id \
             JOIN sales_order o ON o.tenant_id = s.tenant_id AND o.id = s.order_id \
             JOIN party p ON p.tenant_id = s.tenant_id AND p.id = s.party_id \
             WHERE s.tenant_id = $1 AND s.word IN ('paid', 'part_shipped', 'shipped', 'frozen', 'in_dispute') \
             AND h.number <> '' AND h.withdrawn_at IS NULL {seen}) b \
             WHERE (b.standing = 1 OR (b.standing = 2 AND b.moved_key < $2)) \
             AND (b.moved_key > $3 OR (b.moved_key = $3 AND b.id > $4)) ORDER BY b.moved_key, b.id LIMIT $5"
        );
        let (moved, id) = &after.key;
        let rows: Vec<Row> = fetch(&mut conn, &sql, binds![tenant_id, quiet, *moved, id.as_str(), after.limit]).await?;
        let ids: Vec<(ShipmentId,)> = rows.iter().map(|row| (row.id,)).collect();
        let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
        let page = conn.kind().keys(2, &["shipment_id"]);
        let sql = format!(
            "SELECT e.shipment_id, e.event FROM {page} JOIN shipment h ON h.tenant_id = $1 AND h.id = x.shipment_id \
             JOIN tracking_event e ON e.tenant_id = $1 AND e.party_id = h.party_id AND e.order_id = h.order_id \
             AND e.shipment_id = h.id ORDER BY e.shipment_id, e.at"
        );
        let mut events: HashMap<ShipmentId, Vec<TrackingEvent>> = HashMap::new();
        for (id, event) in fetch::<(ShipmentId, String)>(&mut conn, &sql, binds![tenant_id, ids]).await? {
            events.entry(id).or_default().push(serde_json::from_str(&event).map_err(StoreError::corrupt)?);
        }
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            found.push(ParcelRow {
                key: (row.moved_key, row.id.to_string()),
                journey: journey_of(row.report.as_deref(), events.remove(&row.id).unwrap_or_default(), row.shipped_at)?,
                moved_at: Timestamp::from_microsecond(row.moved_key).map_err(StoreError::corrupt)?,
                party_id: row.party_id,
                id: row.id,
                carrier: row.carrier,
                number: row.number,
                order: row.order_number,
                party: PartyName::new(row.party_number, row.name, row.country),
                shipped_at: row.shipped_at,
                follow_problem: row.follow_problem,
            });
        }
        Ok(found)
    }
}
