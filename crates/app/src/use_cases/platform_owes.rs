//! What platforms owe for orders that their buyers paid, and what of it is late. What is owed are sums of the ledger; when it is
//! late the seller's own payouts say, and before there are enough of them nobody.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use dunlin_core::receivable::release::{UsualRelease, days_to_payout, usual_release};
use dunlin_store::pages::keyset::{After, OwedByPlatform, PlatformFilter, PlatformKey, PlatformTotal};
use dunlin_store::pages::order_told::end_of_day;

use crate::house::House;

/// The newest payouts from which the usual one is taken.
const HISTORY: i64 = 300;

/// Which orders somebody wants to see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wanted {
    /// Of which something is open.
    #[default]
    Open,
    /// Of which something is open longer than usual.
    Late,
    /// Also those of which nothing is open any more.
    All,
}

impl Wanted {
    pub const ALL: [Self; 3] = [Self::Open, Self::Late, Self::All];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Late => "late",
            Self::All => "all",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wanted| wanted.code() == code)
    }
}

/// What is late, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct Lateness {
    pub usual: Option<UsualRelease>,
    /// An order that was completed before is late.
    late_before: Option<Timestamp>,
}

impl Lateness {
    pub fn is_late(&self, owed: &OwedByPlatform) -> bool {
        let before = |at: Timestamp| self.late_before.is_some_and(|late| at < late);
        owed.open.is_positive() && owed.completed_at.is_some_and(before)
    }

    /// The last day on which the payout of a completed order is in time; `None` while that is not known.
    pub fn usually_by(&self, owed: &OwedByPlatform, zone: &TimeZone) -> Option<Date> {
        let completed = owed.completed_at?.to_zoned(zone.clone()).date();
        Some(self.usual?.due_on(completed))
    }

    fn filter(&self, wanted: Wanted, search: &str) -> PlatformFilter {
        PlatformFilter {
            settled: wanted == Wanted::All,
            late: wanted == Wanted::Late,
            late_before: self.late_before,
            search: search.to_string(),
        }
    }
}

/// A place in the list, as an address or the command line names it.
pub fn place_text((paid, number): PlatformKey) -> String {
    format!("{paid}_{number}")
}

/// The same read back; `None` for anything else.
pub fn place(text: &str) -> Option<PlatformKey> {
    let (paid, number) = text.split_once('_')?;
    Some((paid.parse().ok()?, number.parse().ok()?))
}

/// What platforms usually take, by the payouts that are known.
pub async fn lateness(house: &House) -> anyhow::Result<Lateness> {
    let zone = house.zone();
    let history = house.store.payout_history(house.tenant.id, HISTORY).await?;
    let days: Vec<u16> = history
        .into_iter()
        .filter_map(|(completed, paid_out)| days_to_payout(completed.to_zoned(zone.clone()).date(), paid_out))
        .collect();
    let usual = usual_release(&days);
    let late_before = usual.and_then(|usual| end_of_day(usual.late_since(house.today()), &zone));
    Ok(Lateness { usual, late_before })
}

/// A page of the list.
pub async fn platform_owes(
    house: &House,
    lateness: &Lateness,
    (wanted, search): (Wanted, &str),
    after: &After<PlatformKey>,
) -> anyhow::Result<Vec<OwedByPlatform>> {
    let filter = lateness.filter(wanted, search);
    Ok(house.store.owed_by_platforms_after(house.tenant.id, &house.sight, &filter, after).await?)
}

/// The sums of the whole list, by currency.
pub async fn platform_totals(
    house: &House,
    lateness: &Lateness,
    (wanted, search): (Wanted, &str),
) -> anyhow::Result<Vec<PlatformTotal>> {
    let filter = lateness.filter(wanted, search);
    Ok(house.store.owed_by_platforms(house.tenant.id, &house.sight, &filter).await?)
}
