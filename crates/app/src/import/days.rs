//! The days of an order that a row tells beside those that start its clocks: arrival, free time, letter of credit,
//! collection. Playbooks count from them.

use jiff::civil::Date;

use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::key_date::{KeyDate, day_of};
use dunlin_store::StoreError;

use super::book::Book;
use super::cells::RowReader;
use super::fields::Field;
use super::said::Said;

const DAYS: [(KeyDate, Field); 9] = [
    (KeyDate::Arrival, Field::EtaOn),
    (KeyDate::FreeTimeEnd, Field::FreeTimeEndOn),
    (KeyDate::PlatformClose, Field::PlatformCloseOn),
    (KeyDate::LatestShipment, Field::LatestShipmentOn),
    (KeyDate::Presentation, Field::PresentationOn),
    (KeyDate::CreditExpiry, Field::CreditExpiryOn),
    (KeyDate::Collection, Field::CollectionOn),
    (KeyDate::Acceptance, Field::AcceptanceOn),
    (KeyDate::Maturity, Field::MaturityOn),
];

/// The days of a row. One that cannot be read costs only itself; the day of an arrival goes before the expected one.
pub fn read_days(reader: &mut RowReader<'_>, arrived_on: Option<Date>) -> Vec<(KeyDate, Date)> {
    let mut days = Vec::new();
    for (kind, field) in DAYS {
        let told = reader.day(field);
        let on = if kind == KeyDate::Arrival { arrived_on.or(told) } else { told };
        days.extend(on.map(|on| (kind, on)));
    }
    days
}

impl Book<'_> {
    /// Keeps the days of an order. A day that an earlier file or a person told otherwise is corrected; a day that the row
    /// does not tell stays.
    pub async fn keep_days(
        &mut self,
        reader: &RowReader<'_>,
        what: &Said,
        (party_id, order_id): (PartyId, OrderId),
        is_known: bool,
        days: &[(KeyDate, Date)],
    ) -> Result<(), StoreError> {
        if days.is_empty() {
            return Ok(());
        }
        let known = if is_known { self.commit.key_dates_of(party_id, order_id).await? } else { Vec::new() };
        for (kind, on) in days {
            let before = day_of(&known, *kind);
            if before == Some(*on) {
                continue;
            }
            // Somebody here took it back, or knows better: the same day again is no news.
            if is_known && self.commit.is_day_aside(party_id, order_id, *kind, *on).await? {
                continue;
            }
            self.commit.set_key_date_of(party_id, order_id, *kind, *on).await?;
            if is_known {
                let shown = before.map_or_else(String::new, |before| before.to_string());
                self.correction(reader, what, kind.code(), shown, on.to_string(), false);
                // An order has one row: what was noted last is all there is to look at.
                if self.report.days_changed.last() != Some(&(party_id, order_id)) {
                    self.report.days_changed.push((party_id, order_id));
                }
            }
        }
        Ok(())
    }
}
