//! Public holidays by country, and the days of a weekend that are worked all the same. Data: `calendars/holidays.txt`,
//! written by `cargo xtask holidays`; its header says where it comes from and what is a projection.
//!
//! Facts only: whether anybody works on a day is for [`super::workdays`] to say. Outside [`YEARS`] no holiday is known, so
//! those days count as ordinary ones.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::{Places, days_between};

/// The years that the data covers.
pub const YEARS: RangeInclusive<i16> = 2024..=2030;

/// Days are kept as their distance from this one.
const FIRST_DAY: Date = date(2024, 1, 1);

/// A day on which a whole country is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// In English; [`in_chinese`] knows the common ones.
    pub name: &'static str,
    /// The date is an estimate, or not announced yet.
    pub projected: bool,
}

/// One holiday on one day, in the six bytes that twenty thousand of them should take.
#[derive(Debug, Clone, Copy)]
struct Kept {
    day: u16,
    name: u16,
    projected: bool,
}

/// What is known of one country, sorted by day.
#[derive(Debug, Default)]
struct CountryDays {
    holidays: Vec<Kept>,
    /// Days of the weekend that are worked, in place of a day off.
    worked: Vec<u16>,
}

/// The holidays of every country that is known.
#[derive(Debug, Default)]
pub struct Holidays {
    names: Vec<&'static str>,
    /// Sorted by code.
    countries: Vec<(&'static str, CountryDays)>,
    places: Places,
}

/// The holidays of one country, found once for many questions.
#[derive(Debug, Clone, Copy)]
pub struct HolidaysOfCountry<'a> {
    names: &'a [&'static str],
    days: &'a CountryDays,
}

impl Holidays {
    /// The data that ships inside the binary.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Holidays> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            // A shipped file that does not parse is caught by this module's test, never by a user.
            Self::parse(include_str!("../../../../calendars/holidays.txt")).unwrap_or_default()
        })
    }

    /// Reads the file; the error names the line and what is wrong with it.
    pub fn parse(text: &'static str) -> Result<Self, String> {
        let mut reader = Reader::default();
        for (index, line) in text.lines().enumerate() {
            reader.line(line.trim()).map_err(|why| format!("line {}: {why}", index + 1))?;
        }
        Ok(reader.finish())
    }

    /// One country by its ISO 3166 code; `None` when nothing is known of it.
    pub fn of(&self, country: &str) -> Option<HolidaysOfCountry<'_>> {
        let (_, days) = self.countries.get(self.places.get(country)?)?;
        Some(HolidaysOfCountry { names: &self.names, days })
    }

    /// The holiday that a country keeps on this day.
    pub fn on(&self, country: &str, day: Date) -> Option<Holiday> {
        self.of(country)?.on(day)
    }

    /// Whether this day of the weekend is worked in place of a day off.
    pub fn works_on(&self, country: &str, day: Date) -> bool {
        self.of(country).is_some_and(|known| known.works_on(day))
    }
}

impl HolidaysOfCountry<'_> {
    /// Whether a day is free, or worked although it is of the weekend; `None`: it is as its day of the week.
    pub fn is_free(self, day: Date) -> Option<bool> {
        let number = numbered(day)?;
        if self.days.holidays.binary_search_by_key(&number, |kept| kept.day).is_ok() {
            return Some(true);
        }
        self.days.worked.binary_search(&number).is_ok().then_some(false)
    }

    pub fn on(self, day: Date) -> Option<Holiday> {
        let number = numbered(day)?;
        let index = self.days.holidays.binary_search_by_key(&number, |kept| kept.day).ok()?;
        let kept = self.days.holidays[index];
        Some(Holiday { name: self.names[usize::from(kept.name)], projected: kept.projected })
    }

    pub fn works_on(self, day: Date) -> bool {
        numbered(day).is_some_and(|number| self.days.worked.binary_search(&number).is_ok())
    }
}

/// Chinese names of the holidays that many countries share, and of China's own; a person keeps the list.
pub fn in_chinese(name: &str) -> Option<&'static str> {
    static NAMES: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    NAMES.get_or_init(chinese_names).get(name).copied()
}

fn chinese_names() -> HashMap<&'static str, &'static str> {
    let text = include_str!("../../../../calendars/holiday_names_zh.txt");
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ")).collect()
}

/// `None` outside the years that are known.
fn numbered(day: Date) -> Option<u16> {
    if !YEARS.contains(&day.year()) {
        return None;
    }
    u16::try_from(days_between(FIRST_DAY, day)).ok()
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    known: HashMap<&'static str, u16>,
    read: Holidays,
}

impl Reader {
    fn line(&mut self, line: &'static str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(code) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            self.read.countries.push((code, CountryDays::default()));
            return Ok(());
        }
        let (name, dates) = line.split_once(": ").ok_or("expected ‘name: dates’")?;
        let number = self.number_of(name)?;
        let (_, country) = self.read.countries.last_mut().ok_or("a holiday before the first [country]")?;
        let until = name.strip_prefix("working until ");
        for word in dates.split(' ') {
            let projected = word.starts_with('~');
            for day in days(word.trim_start_matches('~'))? {
                let numbered = numbered(day).ok_or_else(|| format!("{day} is outside {YEARS:?}"))?;
                if until.is_some() {
                    country.worked.push(numbered);
                } else {
                    country.holidays.push(Kept { day: numbered, name: number, projected });
                }
            }
        }
        Ok(())
    }

    fn number_of(&mut self, name: &'static str) -> Result<u16, String> {
        if let Some(number) = self.known.get(name) {
            return Ok(*number);
        }
        let number = u16::try_from(self.read.names.len()).map_err(|_| "more names than can be numbered")?;
        self.known.insert(name, number);
        self.read.names.push(name);
        Ok(number)
    }

    fn finish(mut self) -> Holidays {
        for (_, country) in &mut self.read.countries {
            country.holidays.sort_by_key(|kept| kept.day);
            country.worked.sort_unstable();
        }
        self.read.countries.sort_by_key(|(code, _)| *code);
        self.read.places = Places::of(self.read.countries.iter().map(|(code, _)| *code));
        self.read
    }
}

/// The days of `2026-10-01`, `2026-10-01..10-03`, or of `10-01` and `10-01..10-03` in every year.
fn days(word: &str) -> Result<Vec<Date>, String> {
    let (from, to) = word.split_once("..").unwrap_or((word, ""));
    let wrong = || format!("‘{word}’ is not a date; expected for instance 2026-10-01, 10-01 or 2026-10-01..10-03");
    let (year, from) = match from.len() {
        5 => (None, from),
        _ => from.split_once('-').map(|(year, rest)| (Some(year), rest)).ok_or_else(wrong)?,
    };
    let years = match year {
        Some(year) => {
            let year: i16 = year.parse().map_err(|_| wrong())?;
            year..=year
        }
        None => YEARS,
    };
    let to = if to.is_empty() { from } else { to };
    let mut found = Vec::new();
    for year in years {
        let first: Date = format!("{year}-{from}").parse().map_err(|_| wrong())?;
        let last: Date = format!("{year}-{to}").parse().map_err(|_| wrong())?;
        found.extend(first.series(1.day()).take_while(|day| *day <= last));
    }
    if found.is_empty() { Err(wrong()) } else { Ok(found) }
}

#[cfg(test)]
mod tests;
