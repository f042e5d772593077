//! How the command line speaks to a person: the words of `locales/*/cli.ftl`, amounts as the reader writes them, times by the
//! firm's own clock. What programs read (`--json`) is made elsewhere.

use dunlin_core::explain::{UiLanguage, counted, instant_there, phrase};
use dunlin_core::locale;
use dunlin_core::money::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::house::House;

/// In which language a command answers.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Spoken {
    /// en or zh
    #[arg(long, default_value = "en", value_parser = known)]
    pub lang: UiLanguage,
}

fn known(code: &str) -> Result<UiLanguage, String> {
    match code {
        "en" => Ok(UiLanguage::En),
        "zh" | "zh-CN" => Ok(UiLanguage::ZhCn),
        other => Err(format!("‘{other}’ is not a language that is spoken here; known: en, zh")),
    }
}

/// The words of one language, and the clock of one firm.
#[derive(Debug, Clone)]
pub struct Say {
    pub language: UiLanguage,
    zone: TimeZone,
}

impl Say {
    pub fn new(house: &House, language: UiLanguage) -> Self {
        Self { language, zone: house.zone() }
    }

    pub fn text(&self, key: &str, values: &[(&str, String)]) -> String {
        phrase(self.language, key, values)
    }

    /// `1 letter`, `14 letters`.
    pub fn count(&self, key: &str, count: usize) -> String {
        counted(self.language, key, &[("n", count)], &[])
    }

    /// As [`Say::count`], with other values.
    pub fn count_with(&self, key: &str, count: usize, values: &[(&str, String)]) -> String {
        counted(self.language, key, &[("n", count)], values)
    }

    pub fn money(&self, money: Money) -> String {
        locale::money(money, self.language.letters())
    }

    /// `24 November 2026`.
    pub fn day(&self, day: Date) -> String {
        locale::date(day, self.language.letters())
    }

    /// `24 November 2026 09:00 (China)`.
    pub fn at(&self, at: Timestamp) -> String {
        instant_there(at, self.language, &self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(language: UiLanguage) -> Say {
        Say { language, zone: TimeZone::get("Asia/Shanghai").expect("a zone") }
    }

    #[test]
    fn one_is_said_otherwise_than_many() {
        let (en, zh) = (say(UiLanguage::En), say(UiLanguage::ZhCn));
        for (count, expected) in [(0, "0 letters"), (1, "1 letter"), (1_204, "1,204 letters")] {
            assert_eq!(en.count("cli-n-letters", count), expected);
        }
        assert_eq!(zh.count("cli-n-letters", 1), "1 封信");
    }

    #[test]
    fn a_moment_is_told_by_the_clock_of_the_firm_and_without_fractions() {
        let at: Timestamp = "2026-11-23T09:34:31.492449Z".parse().expect("an instant");
        assert_eq!(say(UiLanguage::En).at(at), "23 November 2026 17:34 (China)");
        assert_eq!(say(UiLanguage::ZhCn).at(at), "2026年11月23日 17:34（北京）");
    }

    #[test]
    fn no_key_of_the_catalogue_is_said_as_itself() {
        let text = include_str!("../../../../locales/en/cli.ftl");
        let keys = text.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key);
        for key in keys.filter(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '-')) {
            for language in [UiLanguage::En, UiLanguage::ZhCn] {
                assert_ne!(say(language).count(key, 1), key, "{}", language.code());
            }
        }
    }
}
