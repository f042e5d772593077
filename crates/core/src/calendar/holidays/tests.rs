//! The shipped file is whole, and says of well-known days what everybody knows of them.

use super::*;
use crate::calendar::countries::Countries;

fn shipped() -> Holidays {
    Holidays::parse(include_str!("../../../../../calendars/holidays.txt")).expect("parses")
}

fn on(country: &str, day: Date) -> Option<(&'static str, bool)> {
    Holidays::shipped().on(country, day).map(|holiday| (holiday.name, holiday.projected))
}

#[test]
fn a_hundred_countries_and_more_have_holidays_in_every_year() {
    let holidays = shipped();
    for year in YEARS {
        let known = holidays.countries.iter().filter(|(code, _)| {
            let known = holidays.of(code).expect("a country of the file");
            date(year, 1, 1).series(1.day()).take_while(|day| day.year() == year).any(|day| known.on(day).is_some())
        });
        assert!(known.count() >= 150, "{year}");
    }
}

#[test]
fn every_country_is_one_we_know_and_its_days_fit_its_weekend() {
    let holidays = shipped();
    for (code, days) in &holidays.countries {
        let country = Countries::shipped().get(code).unwrap_or_else(|| panic!("{code} is not in countries.toml"));
        assert!(days.holidays.windows(2).all(|two| two[0].day < two[1].day), "{code}: a day with two holidays");
        for number in &days.worked {
            let day = FIRST_DAY.saturating_add(i64::from(*number).days());
            assert!(country.weekend.contains(day.weekday()), "{code} {day} is no weekend, it is worked anyway");
            assert_eq!(holidays.on(code, day), None, "{code} {day} is worked and free");
        }
    }
}

#[test]
fn every_chinese_name_belongs_to_a_holiday() {
    let holidays = shipped();
    for (english, chinese) in chinese_names() {
        assert!(holidays.names.contains(&english), "{english} ({chinese}) is in no country");
    }
    assert_eq!(in_chinese("Christmas Day"), Some("圣诞节"));
    assert_eq!(in_chinese("Waitangi Day"), None);
}

#[test]
fn knows_the_days_that_everybody_knows() {
    assert_eq!(on("CN", date(2026, 10, 1)), Some(("National Day", false)));
    assert_eq!(on("CN", date(2026, 10, 7)), Some(("National Day", false)), "a day off in its place");
    assert_eq!(on("JP", date(2026, 5, 4)), Some(("Greenery Day", false)));
    assert_eq!(on("US", date(2026, 11, 26)), Some(("Thanksgiving Day", false)));
    assert_eq!(on("IT", date(2026, 12, 25)), Some(("Christmas Day", false)));
    assert_eq!(on("IT", date(2026, 12, 24)), None);
    assert_eq!(on("CN", date(2031, 10, 1)), None, "beyond what is known");
    assert_eq!(on("QQ", date(2026, 10, 1)), None);
}

#[test]
fn weekends_that_china_works_are_known_as_far_as_they_are_announced() {
    let holidays = Holidays::shipped();
    assert!(holidays.works_on("CN", date(2026, 10, 10)), "the Saturday after National Day");
    assert!(!holidays.works_on("CN", date(2026, 10, 17)));
    assert!(!holidays.works_on("IT", date(2026, 10, 10)));
    let later = date(2027, 1, 1).series(1.day()).take_while(|day| day.year() <= *YEARS.end());
    assert_eq!(later.filter(|day| holidays.works_on("CN", *day)).count(), 0);
}

#[test]
fn moon_calendars_and_days_not_announced_yet_are_projections() {
    assert_eq!(on("AE", date(2028, 2, 26)), Some(("Eid al-Fitr", true)));
    assert_eq!(on("SA", date(2028, 2, 27)), Some(("Eid al-Fitr Holiday", true)));
    assert_eq!(on("AE", date(2025, 3, 30)), Some(("Eid al-Fitr", false)));
    assert_eq!(on("CN", date(2027, 10, 4)), Some(("National Day", true)));
    assert_eq!(on("CN", date(2027, 10, 1)), Some(("National Day", false)), "the law says so");
}

#[test]
fn a_line_that_cannot_be_read_is_named() {
    for (text, says) in [
        ("New Year: 01-01", "line 1: a holiday before the first [country]"),
        ("[IT]\n\nNew Year", "line 3: expected ‘name: dates’"),
        ("[IT]\nNew Year: 2026-13-01", "line 2: ‘2026-13-01’ is not a date"),
        ("[IT]\nNew Year: soon", "line 2: ‘soon’ is not a date"),
        ("[IT]\nNew Year: 2026-01-03..01-01", "line 2: ‘2026-01-03..01-01’ is not a date"),
        ("[IT]\nNew Year: 2031-01-01", "line 2: 2031-01-01 is outside"),
    ] {
        let error = Holidays::parse(text).expect_err(text);
        assert!(error.contains(says), "{error}");
    }
}
