//! How many days a parcel should take. Data: `shipping/expected_days.toml`, typical figures; the seller's own delivered
//! parcels take over when there are enough of them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::carriers::Carrier;
use crate::calendar::shift;
use crate::calendar::workdays::Workdays;

/// So many own parcels say more than any table.
pub const ENOUGH_PARCELS: usize = 20;

/// Working days after hand-over in which a number begins to show on the carrier's page.
pub const SHOWS_UP_BUSINESS_DAYS: (i32, i32) = (1, 3);

/// Days from hand-over to delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExpectedDays {
    /// Half of the parcels, or the quick ones of a table, are there by then.
    pub from: u16,
    /// Nine of ten are there by then: after it a parcel is late.
    pub to: u16,
    pub basis: Basis,
}

/// What an expectation rests on; people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The typical figures that come with the program.
    Typical,
    /// So many delivered parcels of the seller's own.
    OwnParcels(usize),
}

impl ExpectedDays {
    /// The days between which a parcel that was handed over on this day should be there.
    pub fn between(self, shipped_on: Date) -> (Date, Date) {
        (shift(shipped_on, i32::from(self.from)), shift(shipped_on, i32::from(self.to)))
    }
}

/// The typical days of every service.
#[derive(Debug, Default)]
pub struct Transit {
    services: BTreeMap<String, Service>,
    /// Country to zone.
    zones: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    name_en: String,
    name_zh: String,
    /// By country, by zone, and `rest`.
    days: BTreeMap<String, (u16, u16)>,
}

#[derive(Deserialize)]
struct TransitInFile {
    zones: BTreeMap<String, Vec<String>>,
    #[serde(flatten)]
    services: BTreeMap<String, Service>,
}

impl Transit {
    /// The data that ships inside the binary.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Transit> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            // A shipped file that does not parse is caught by this module's test, never by a user.
            Self::parse(include_str!("../../../../shipping/expected_days.toml")).unwrap_or_default()
        })
    }

    /// Reads the file; the error names the service and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: TransitInFile = toml::from_str(text).map_err(|e| e.to_string())?;
        let mut zones = BTreeMap::new();
        for (zone, countries) in &file.zones {
            for country in countries {
                if let Some(other) = zones.insert(country.clone(), zone.clone()) {
                    return Err(format!("[zones] {country} is in {other} and in {zone}"));
                }
            }
        }
        for (code, service) in &file.services {
            if !service.days.contains_key("rest") {
                return Err(format!("[{code}.days] has no line ‘rest’"));
            }
            for (place, (from, to)) in &service.days {
                let country = place.len() == 2 && place.bytes().all(|letter| letter.is_ascii_uppercase());
                if !country && place != "rest" && !file.zones.contains_key(place) {
                    return Err(format!("[{code}.days] ‘{place}’ is no country code, no zone and not ‘rest’"));
                }
                if from > to {
                    return Err(format!("[{code}.days] {place}: from {from} to {to} goes backwards"));
                }
            }
        }
        Ok(Self { services: file.services, zones })
    }

    pub fn has_service(&self, service: &str) -> bool {
        self.services.contains_key(service)
    }

    /// The services with their names in English and Chinese, to choose from.
    pub fn services(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.services.iter().map(|(code, known)| (code.as_str(), known.name_en.as_str(), known.name_zh.as_str()))
    }

    /// The days that a service usually takes to a country (ISO 3166 code); `None` for a service that is not known. An
    /// unknown country counts as the rest of the world.
    pub fn typical(&self, service: &str, country: &str) -> Option<ExpectedDays> {
        let days = &self.services.get(service)?.days;
        let zone = || self.zones.get(country).and_then(|zone| days.get(zone));
        let (from, to) = *days.get(country).or_else(zone).or_else(|| days.get("rest"))?;
        Some(ExpectedDays { from, to, basis: Basis::Typical })
    }
}

/// What to expect of a carrier's parcel to a country. `history` are the days that the seller's own delivered parcels of the
/// same carrier took to the same country; the newest few hundred are enough.
pub fn expected_days(carrier: &Carrier, country: &str, history: &[u16]) -> Option<ExpectedDays> {
    expected_days_of_service(&carrier.service, country, history)
}

/// The same where the service is known: China Post alone has several.
pub fn expected_days_of_service(service: &str, country: &str, history: &[u16]) -> Option<ExpectedDays> {
    own_days(history).or_else(|| Transit::shipped().typical(service, country))
}

/// The median and the ninetieth percentile (nearest rank) of enough parcels.
fn own_days(history: &[u16]) -> Option<ExpectedDays> {
    let parcels = history.len();
    if parcels < ENOUGH_PARCELS {
        return None;
    }
    let (from, to) = (nearest_rank(history, 50)?, nearest_rank(history, 90)?);
    Some(ExpectedDays { from, to, basis: Basis::OwnParcels(parcels) })
}

/// Of a hundred so many took no more days than this; `None` of nothing.
pub(crate) fn nearest_rank(history: &[u16], percent: usize) -> Option<u16> {
    let mut days = history.to_vec();
    days.sort_unstable();
    days.get((days.len() * percent).div_ceil(100).saturating_sub(1)).copied()
}

/// The days between which the number begins to show on the carrier's page: buyers look at once and think that nothing was
/// sent. Counted in the working days of the place it is sent from.
pub fn shows_up_between(shipped_on: Date, workdays: &Workdays<'_>) -> (Date, Date) {
    let (first, last) = SHOWS_UP_BUSINESS_DAYS;
    (workdays.add_business_days(shipped_on, first), workdays.add_business_days(shipped_on, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::countries::Countries;
    use jiff::civil::date;

    #[test]
    fn the_shipped_file_is_whole() {
        let transit = Transit::parse(include_str!("../../../../shipping/expected_days.toml")).expect("parses");
        let countries = Countries::shipped();
        for country in transit.zones.keys() {
            assert!(countries.get(country).is_some(), "{country}");
        }
        for (code, service) in &transit.services {
            for place in service.days.keys().filter(|place| place.len() == 2) {
                assert!(countries.get(place).is_some(), "[{code}] {place}");
            }
        }
        assert!(transit.services().count() >= 10);
    }

    #[test]
    fn a_country_goes_before_its_zone_and_a_zone_before_the_rest() {
        let text = "[zones]\nnear = [\"JP\", \"KR\"]\n[x]\nname_en = \"X\"\nname_zh = \"X\"\n\
                    [x.days]\nJP = [1, 2]\nnear = [3, 4]\nrest = [5, 6]\n";
        let transit = Transit::parse(text).expect("parses");
        let days = |country| transit.typical("x", country).map(|days| (days.from, days.to));
        assert_eq!([days("JP"), days("KR"), days("FR")], [Some((1, 2)), Some((3, 4)), Some((5, 6))]);
        assert_eq!(transit.typical("y", "JP"), None);
    }

    #[test]
    fn what_is_wrong_in_the_file_is_named() {
        let head = "[zones]\nnear = [\"JP\"]\n[x]\nname_en = \"X\"\nname_zh = \"X\"\n[x.days]\n";
        for (days, why) in [
            ("near = [3, 4]", "rest"),
            ("rest = [5, 4]", "backwards"),
            ("rest = [4, 5]\nfar = [1, 2]", "far"),
            ("rest = [4]", "invalid length"),
        ] {
            let error = Transit::parse(&format!("{head}{days}\n")).expect_err(days);
            assert!(error.contains(why), "{error}");
        }
        assert!(Transit::parse("[zones]\na = [\"JP\"]\nb = [\"JP\"]\n").is_err());
    }

    #[test]
    fn own_parcels_take_over_when_there_are_twenty() {
        let history: Vec<u16> = (1..=20).collect();
        let own = expected_days_of_service("ems", "US", &history).expect("known");
        assert_eq!((own.from, own.to, own.basis), (10, 18, Basis::OwnParcels(20)));
        let typical = expected_days_of_service("ems", "US", &history[1..]).expect("known");
        assert_eq!(typical.basis, Basis::Typical);
    }

    #[test]
    fn a_number_shows_up_after_working_days_of_its_origin() {
        let china = Workdays::of(Countries::shipped().get("CN"), &[]);
        // Wednesday, 30 September 2026; then the holidays of the first week of October.
        let (first, last) = shows_up_between(date(2026, 9, 30), &china);
        assert!(first > date(2026, 10, 6), "{first}");
        assert!(last > first);
        let plain = Workdays::of(None, &[]);
        assert_eq!(shows_up_between(date(2026, 3, 6), &plain), (date(2026, 3, 9), date(2026, 3, 11)));
    }
}
