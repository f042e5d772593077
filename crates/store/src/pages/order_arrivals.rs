//! When what is on its way is expected, for the board of orders: by the day that the carrier names in its newest report, else by
//! how long parcels of the same carrier take to the same country. What was scanned is left out: it would have to be read for
//! every order that the board sorts.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::facts::orders::Parcel;
use dunlin_core::ids::{OrderId, ShipmentId, TenantId};
use dunlin_core::shipment::status::TrackingStatus;

use super::order_told::journey_of;
use super::parcel_list::says;
use crate::StoreError;
use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::dialect::{DbKind, micros};
use crate::transit_days::{TransitWay, expected_by_way};

const DAY_MICROS: i64 = 86_400_000_000;

/// Words of orders of which something is on its way.
const AWAY: &str = "('part_shipped', 'shipped', 'in_dispute', 'frozen')";

/// The parcels of an order `t` that no carrier has delivered, and where it goes.
const PARCELS: &str = "JOIN party q ON q.tenant_id = t.tenant_id AND q.id = t.party_id \
    LEFT JOIN order_delivery d ON d.tenant_id = t.tenant_id AND d.party_id = t.party_id AND d.order_id = t.order_id \
    JOIN shipment h ON h.tenant_id = t.tenant_id AND h.party_id = t.party_id AND h.order_id = t.order_id \
    AND h.withdrawn_at IS NULL AND h.arrived_at IS NULL";
const GOES_TO: &str = "COALESCE(NULLIF(d.country, ''), q.country)";

#[derive(Deserialize)]
struct Row {
    order_id: OrderId,
    id: ShipmentId,
    carrier: String,
    number: String,
    #[serde(with = "micros::maybe")]
    shipped_at: Option<Timestamp>,
    report: Option<String>,
    goes_to: String,
}

/// How long everything that is on its way takes, as JSON for [`arrivals_join`]: looked up once for all orders.
pub(super) async fn ways_under_way(conn: &mut Conn, tenant_id: TenantId, at: Timestamp) -> Result<String, StoreError> {
    let sql = format!(
        "SELECT DISTINCT h.carrier, {GOES_TO} FROM order_standing t {PARCELS} WHERE t.tenant_id = $1 \
         AND t.word IN {AWAY} AND h.carrier <> ''"
    );
    let ways: Vec<TransitWay> = fetch(conn, &sql, binds![tenant_id]).await?;
    let ways: BTreeSet<TransitWay> = ways.into_iter().collect();
    let expected = expected_by_way(conn, tenant_id, &ways, at).await?;
    let rows: Vec<(&str, &str, u16)> =
        expected.iter().map(|((carrier, country), days)| (carrier.as_str(), country.as_str(), days.to)).collect();
    serde_json::to_string(&rows).map_err(StoreError::corrupt)
}

/// A join that gives an order `s` the end of the last day on which something of it is expected, `e.expected_at`; empty where
/// nobody can say. The parameter holds what [`ways_under_way`] made.
pub(super) fn arrivals_join(kind: DbKind, parameter: usize) -> String {
    let ways = kind.keys(parameter, &["carrier", "country", "days"]);
    let named = kind.end_of_day(&kind.json_text("h.report", &["estimate", "to"]));
    let usual = format!("(h.shipped_at / {DAY_MICROS} + CAST(x.days AS BIGINT) + 1) * {DAY_MICROS}");
    let over = says(TrackingStatus::is_final);
    format!(
        "LEFT JOIN (SELECT h.order_id, max(COALESCE({named}, {usual})) AS expected_at FROM order_standing t {PARCELS} \
         LEFT JOIN {ways} ON x.carrier = h.carrier AND x.country = {GOES_TO} WHERE t.tenant_id = $1 \
         AND t.word IN {AWAY} AND NOT {over} GROUP BY h.order_id) e ON e.order_id = s.order_id"
    )
}

/// The parcels of these orders that are still to come, each with its newest report alone.
pub(super) async fn parcels_to_come(
    conn: &mut Conn,
    tenant_id: TenantId,
    ids: &str,
    at: Timestamp,
) -> Result<HashMap<OrderId, Vec<Parcel>>, StoreError> {
    let page = conn.kind().keys(2, &["order_id"]);
    let sql = format!(
        "SELECT h.order_id, h.id, h.carrier, h.number, h.shipped_at, h.report, {GOES_TO} FROM {page} \
         JOIN sales_order o ON o.tenant_id = $1 AND o.id = x.order_id JOIN order_standing t ON t.tenant_id = $1 \
         AND t.party_id = o.party_id AND t.order_id = o.id AND t.word IN {AWAY} {PARCELS} ORDER BY h.order_id, h.id"
    );
    let rows: Vec<Row> = fetch(conn, &sql, binds![tenant_id, ids]).await?;
    let ways: BTreeSet<TransitWay> = rows.iter().map(|row| (row.carrier.clone(), row.goes_to.clone())).collect();
    let expected = expected_by_way(conn, tenant_id, &ways, at).await?;
    let mut all: HashMap<OrderId, Vec<Parcel>> = HashMap::new();
    for row in rows {
        let journey = journey_of(row.report.as_deref(), Vec::new(), row.shipped_at)?;
        if journey.status().is_final() {
            continue;
        }
        all.entry(row.order_id).or_default().push(Parcel {
            id: row.id,
            expected: expected.get(&(row.carrier.clone(), row.goes_to)).copied(),
            carrier: row.carrier,
            number: row.number,
            replaces: None,
            shipped_at: row.shipped_at,
            journey,
            case: None,
        });
    }
    Ok(all)
}
