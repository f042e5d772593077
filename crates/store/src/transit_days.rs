//! How long parcels should take: from own parcels of the same carrier to the same country, else from the table that ships.
//! Looked up for all ways that are asked about at once, and never parcel by parcel.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use dunlin_core::ids::TenantId;
use dunlin_core::shipment::carriers::Carriers;
use dunlin_core::shipment::transit::{ExpectedDays, expected_days};

use crate::StoreError;
use crate::bind::binds;
use crate::conn::{Conn, fetch};

/// From whom and where to: code of a carrier, and of a country.
pub(crate) type TransitWay = (String, String);

/// Days that so many own parcels took, the newest, say how long the next will take.
const OWN_PARCELS: i64 = 300;
/// Ways that one statement asks about.
const MOST_WAYS: usize = 50;
const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// What to expect of each way, as it was known at this instant. Of a carrier that nobody knows nothing is expected.
pub(crate) async fn expected_by_way(
    conn: &mut Conn,
    tenant_id: TenantId,
    ways: &BTreeSet<TransitWay>,
    at: Timestamp,
) -> Result<HashMap<TransitWay, ExpectedDays>, StoreError> {
    let own = own_days(conn, tenant_id, ways, at).await?;
    let mut expected = HashMap::new();
    for way in ways {
        let history = own.get(way).map(Vec::as_slice).unwrap_or_default();
        let days = Carriers::shipped().get(&way.0).and_then(|carrier| expected_days(carrier, &way.1, history));
        if let Some(days) = days {
            expected.insert(way.clone(), days);
        }
    }
    Ok(expected)
}

/// Days that own parcels took. Each way is read along the index, to its newest parcels and no further.
async fn own_days(
    conn: &mut Conn,
    tenant_id: TenantId,
    ways: &BTreeSet<TransitWay>,
    at: Timestamp,
) -> Result<HashMap<TransitWay, Vec<u16>>, StoreError> {
    let known: Vec<&TransitWay> =
        ways.iter().filter(|(carrier, country)| !carrier.is_empty() && !country.is_empty()).collect();
    let mut all: HashMap<TransitWay, Vec<u16>> = HashMap::new();
    for some in known.chunks(MOST_WAYS) {
        let mut values = binds![tenant_id, at, OWN_PARCELS];
        let mut each = Vec::with_capacity(some.len());
        for (nth, (carrier, country)) in some.iter().enumerate() {
            let (of, to) = (2 * nth + 4, 2 * nth + 5);
            each.push(format!(
                "SELECT q.way, q.shipped_at, q.arrived_at FROM (SELECT CAST({nth} AS BIGINT) AS way, h.shipped_at, \
                 h.arrived_at FROM shipment h WHERE h.tenant_id = $1 AND h.carrier = ${of} AND h.arrived_in = ${to} \
                 AND h.arrived_at <= $2 AND h.arrived_at IS NOT NULL AND h.shipped_at IS NOT NULL \
                 AND h.withdrawn_at IS NULL ORDER BY h.arrived_at DESC LIMIT $3) q"
            ));
            values.extend(binds![carrier.as_str(), country.as_str()]);
        }
        let rows: Vec<(i64, i64, i64)> = fetch(conn, &each.join(" UNION ALL "), values).await?;
        for (nth, left, came) in rows {
            let way = usize::try_from(nth).ok().and_then(|nth| some.get(nth));
            // A part of a day is a day: nobody is told too early a one.
            let days = u16::try_from((came - left + DAY_MICROS - 1).max(0) / DAY_MICROS).ok();
            if let (Some(way), Some(days)) = (way, days) {
                all.entry((*way).clone()).or_default().push(days);
            }
        }
    }
    Ok(all)
}
