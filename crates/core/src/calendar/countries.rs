//! What is known of each country: zones, weekend, business language, names. Data: `calendars/countries.toml`.

use std::collections::HashMap;
use std::sync::OnceLock;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::Places;
use super::workdays::Weekend;
use crate::party::Language;

/// One country.
#[derive(Debug, Clone)]
pub struct Country {
    pub code: String,
    pub name_en: String,
    pub name_zh: String,
    /// The outermost inhabited zones; one where the country has one clock.
    pub zones: Vec<(String, TimeZone)>,
    pub weekend: Weekend,
    /// Language of letters when neither contact nor party names one; `None`: no letters in it yet.
    pub language: Option<Language>,
    /// The language itself, also when letters do not exist in it yet.
    pub language_code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryInFile {
    name_en: String,
    name_zh: String,
    zones: Vec<String>,
    weekend: Vec<String>,
    language: String,
}

/// Countries by ISO 3166 alpha-2 code.
#[derive(Debug, Default)]
pub struct Countries {
    /// Sorted by code.
    all: Vec<Country>,
    places: Places,
}

impl Countries {
    /// The data that ships inside the binary.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Countries> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            // A shipped file that does not parse is caught by this module's test, never by a user.
            Self::parse(include_str!("../../../../calendars/countries.toml")).unwrap_or_default()
        })
    }

    /// Reads the file; the error names the country and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: HashMap<String, CountryInFile> = toml::from_str(text).map_err(|e| e.to_string())?;
        let mut all = Vec::with_capacity(file.len());
        for (code, entry) in file {
            if Places::slot(&code).is_none() {
                return Err(format!("[{code}] is not two capital letters"));
            }
            all.push(read_country(&code, entry).map_err(|why| format!("[{code}] {why}"))?);
        }
        all.sort_by(|a, b| a.code.cmp(&b.code));
        let places = Places::of(all.iter().map(|country| country.code.as_str()));
        Ok(Self { all, places })
    }

    pub fn get(&self, code: &str) -> Option<&Country> {
        self.all.get(self.places.get(code)?)
    }

    /// Finds a country by code or by its English or Chinese name.
    pub fn find(&self, text: &str) -> Option<&Country> {
        let wanted = text.trim();
        if let Some(country) = self.get(&wanted.to_ascii_uppercase()) {
            return Some(country);
        }
        let lower = wanted.to_lowercase();
        self.all.iter().find(|country| country.name_en.to_lowercase() == lower || country.name_zh == wanted)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Country> {
        self.all.iter()
    }
}

fn read_country(code: &str, entry: CountryInFile) -> Result<Country, String> {
    let mut zones = Vec::with_capacity(entry.zones.len());
    for name in entry.zones {
        let zone = TimeZone::get(&name).map_err(|e| e.to_string())?;
        zones.push((name, zone));
    }
    let mut days = Vec::with_capacity(entry.weekend.len());
    for day in &entry.weekend {
        days.push(weekday(day).ok_or_else(|| format!("‘{day}’ is not a day of the week (mon … sun)"))?);
    }
    Ok(Country {
        code: code.to_string(),
        name_en: entry.name_en,
        name_zh: entry.name_zh,
        zones,
        weekend: Weekend::of(&days),
        language: Language::from_code(&entry.language),
        language_code: entry.language,
    })
}

fn weekday(short: &str) -> Option<Weekday> {
    Some(match short {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_is_whole() {
        let countries = Countries::parse(include_str!("../../../../calendars/countries.toml")).expect("parses");
        assert!(countries.all.len() >= 100);
        for code in ["DE", "US", "SA", "MX", "CN", "AE", "BR", "IT"] {
            assert!(countries.get(code).is_some_and(|c| !c.zones.is_empty()), "{code}");
        }
        let saudi = countries.get("SA").expect("SA");
        assert!(saudi.weekend.contains(Weekday::Friday) && !saudi.weekend.contains(Weekday::Sunday));
        assert_eq!(countries.find("Italy").map(|c| c.code.as_str()), Some("IT"));
        assert_eq!(countries.find("墨西哥").map(|c| c.code.as_str()), Some("MX"));
    }
}
