//! Reasons in words: one sentence each, in every interface language, from `locales/*/reasons.ftl`, `names.ftl` and
//! `import.ftl`, for the command line `cli.ftl` and, shared with the pages, `facts.ftl`.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;
use serde_json::json;

use crate::calendar::countries::Countries;
use crate::calendar::holidays::in_chinese;
use crate::locale;
use crate::party::Language;
use crate::reason::{FactValue, Reason};

/// Languages of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UiLanguage {
    En,
    ZhCn,
}

impl UiLanguage {
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// Numbers and dates are written as in letters of this language.
    pub const fn letters(self) -> Language {
        match self {
            Self::En => Language::En,
            Self::ZhCn => Language::Zh,
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: UiLanguage) -> &'static Bundle {
    static EN: OnceLock<Bundle> = OnceLock::new();
    static ZH: OnceLock<Bundle> = OnceLock::new();
    match language {
        UiLanguage::En => EN.get_or_init(|| {
            build(
                "en",
                concat!(
                    include_str!("../../../../locales/en/reasons.ftl"),
                    "\n",
                    include_str!("../../../../locales/en/names.ftl"),
                    "\n",
                    include_str!("../../../../locales/en/import.ftl"),
                    "\n",
                    include_str!("../../../../locales/en/facts.ftl"),
                    "\n",
                    include_str!("../../../../locales/en/cli.ftl")
                ),
            )
        }),
        UiLanguage::ZhCn => ZH.get_or_init(|| {
            build(
                "zh-CN",
                concat!(
                    include_str!("../../../../locales/zh-CN/reasons.ftl"),
                    "\n",
                    include_str!("../../../../locales/zh-CN/names.ftl"),
                    "\n",
                    include_str!("../../../../locales/zh-CN/import.ftl"),
                    "\n",
                    include_str!("../../../../locales/zh-CN/facts.ftl"),
                    "\n",
                    include_str!("../../../../locales/zh-CN/cli.ftl")
                ),
            )
        }),
    }
}

fn build(code: &str, text: &str) -> Bundle {
    let locale = code.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Marks for mixed directions would show up as boxes in terminals and mails.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(grouped));
    let resource = FluentResource::try_new(text.to_string()).unwrap_or_else(|(partly, _)| partly);
    bundle.add_resource_overriding(resource);
    bundle
}

/// Counts read `1,204`, in both languages.
fn grouped<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 => {
            Some(locale::integer(number.value as i64, Language::En))
        }
        _ => None,
    }
}

/// A word of the catalogue (`milestone-deposit`, `verdict-wait`); the key itself when it is missing, which a test
/// forbids for every code.
pub fn word(language: UiLanguage, key: &str) -> String {
    format_message(language, key, &FluentArgs::new()).unwrap_or_else(|| key.to_string())
}

/// The word for a code of a family (`rule`, `gap_hours`); the code itself when there is none.
pub fn coded(language: UiLanguage, family: &str, code: &str) -> String {
    let mut key = family.to_string();
    for part in code.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        key.push('-');
        key.push_str(part);
    }
    format_message(language, &key, &FluentArgs::new()).unwrap_or_else(|| code.to_string())
}

/// The words of a page where they differ from those of the command line (`mend-paid-page`), else those of the key.
pub fn page_phrase(language: UiLanguage, key: &str, values: &[(&str, String)]) -> String {
    let own = format!("{key}-page");
    let said = phrase(language, &own, values);
    if said == own { phrase(language, key, values) } else { said }
}

/// A sentence of the catalogue with its values filled in, each already in the reader's language.
pub fn phrase(language: UiLanguage, key: &str, values: &[(&str, String)]) -> String {
    let mut args = FluentArgs::new();
    for (name, value) in values {
        args.set(*name, FluentValue::String(Cow::Owned(value.clone())));
    }
    format_message(language, key, &args).unwrap_or_else(|| key.to_string())
}

/// A sentence with counts in it: the catalogue says what is said of one, and what of many.
pub fn counted(language: UiLanguage, key: &str, counts: &[(&str, usize)], values: &[(&str, String)]) -> String {
    let mut args = FluentArgs::new();
    for (name, count) in counts {
        args.set(*name, FluentValue::from(*count));
    }
    for (name, value) in values {
        args.set(*name, FluentValue::String(Cow::Owned(value.clone())));
    }
    format_message(language, key, &args).unwrap_or_else(|| key.to_string())
}

/// The sentence of a reason. Instants are shown in `zone`.
pub fn sentence(reason: &Reason, language: UiLanguage, zone: &TimeZone) -> String {
    let key = reason.code.code().replace(['.', '_'], "-");
    let mut args = FluentArgs::new();
    for (name, value) in &reason.facts {
        args.set(name.as_ref(), FluentValue::String(Cow::Owned(shown(name, value, language, zone))));
    }
    // Banks do not always say who paid; a sentence with a gap where the name belongs is not shown.
    let is_nobodys = |(name, value): &(_, FactValue)| *name == "payer" && *value == FactValue::Text(String::new());
    if reason.facts.iter().any(is_nobodys)
        && let Some(said) = format_message(language, &format!("{key}-nobody"), &args)
    {
        return said;
    }
    format_message(language, &key, &args).unwrap_or(key)
}

/// The facts of a reason as JSON, for `explain --json`.
pub fn facts_json(reason: &Reason) -> serde_json::Value {
    let mut map = serde_json::Map::new();
    for (name, value) in &reason.facts {
        let value = match value {
            FactValue::Text(text) => json!(text),
            FactValue::Number(number) => json!(number),
            FactValue::Money(money) => json!(money),
            FactValue::Date(date) => json!(date.to_string()),
            FactValue::Instant(at) => json!(at.to_string()),
        };
        map.insert(name.to_string(), value);
    }
    serde_json::Value::Object(map)
}

/// "17 days overdue", or how long it is until then.
fn overdue(days: i64, language: UiLanguage) -> String {
    let key = match days {
        0 => "days-overdue-today",
        1 => "days-overdue-one",
        days if days < 0 => "days-overdue-ahead",
        _ => "days-overdue-late",
    };
    phrase(language, key, &[("n", locale::integer(days.abs(), language.letters()))])
}

fn shown(name: &str, value: &FactValue, language: UiLanguage, zone: &TimeZone) -> String {
    match value {
        FactValue::Text(text) => match name {
            "trigger" | "role" => word(language, &format!("{name}-{}", text.replace('_', "-"))),
            "unpaid_why" => coded(language, "unpaid-why", text),
            "wrong" => coded(language, "wrong-send", text),
            "question" => coded(language, "question", text),
            "order_state" => coded(language, "order-state", text),
            "tracking_status" => coded(language, "tracking", text),
            "from" | "to" => word(language, &format!("channel-{}", text.replace('_', "-"))),
            "channels" => {
                let names = text.split(", ").map(|code| word(language, &format!("channel-{}", code.replace('_', "-"))));
                names.collect::<Vec<_>>().join(if language == UiLanguage::ZhCn { "、" } else { ", " })
            }
            "local" => local_time(text, language),
            "holiday" => holiday(text, language),
            "where" | "country" => country(text, language),
            // A page has put its own names in place of these codes before.
            "wanted" if text.is_ascii() => coded(language, "language", text),
            "zone" if text.contains('/') => city(text, language),
            _ => text.clone(),
        },
        FactValue::Number(days) if name == "days_overdue" => overdue(*days, language),
        FactValue::Number(number) => locale::integer(*number, language.letters()),
        FactValue::Money(money) => locale::money(*money, language.letters()),
        FactValue::Date(date) => locale::date(*date, language.letters()),
        FactValue::Instant(at) => instant(*at, language, zone),
    }
}

/// In Chinese where its name is known.
fn holiday(name: &str, language: UiLanguage) -> String {
    let chinese = if language == UiLanguage::ZhCn { in_chinese(name) } else { None };
    chinese.unwrap_or(name).to_string()
}

/// The name of a country by its code.
fn country(code: &str, language: UiLanguage) -> String {
    let known = Countries::shipped().get(code);
    let name = known.map(|country| if language == UiLanguage::ZhCn { &country.name_zh } else { &country.name_en });
    name.map_or(code, String::as_str).to_string()
}

/// "Rome" for Europe/Rome; a zone without an entry is told by its last part.
fn city(zone: &str, language: UiLanguage) -> String {
    let known = coded(language, "zone", zone);
    if known == zone { zone.rsplit('/').next().unwrap_or(zone).replace('_', " ") } else { known }
}

/// "Sat 18:00", with the day of the week in the reader's language.
fn local_time(text: &str, language: UiLanguage) -> String {
    match text.split_once(' ') {
        Some((day, time)) => format!("{} {time}", word(language, &format!("weekday-{}", day.to_lowercase()))),
        None => text.to_string(),
    }
}

/// Date and time of day in the tenant's zone.
pub fn instant(at: jiff::Timestamp, language: UiLanguage, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    format!("{} {}", locale::date(local.date(), language.letters()), local.strftime("%H:%M"))
}

/// The same with the place whose clock it is: `12 March 2026 09:00 (China)`.
pub fn instant_there(at: jiff::Timestamp, language: UiLanguage, zone: &TimeZone) -> String {
    let said = instant(at, language, zone);
    match zone.iana_name() {
        Some(name) => phrase(language, "instant-there", &[("at", said), ("place", city(name, language))]),
        None => said,
    }
}

fn format_message(language: UiLanguage, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let bundle = bundle(language);
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, Some(args), &mut errors).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{CaseState, CaseTurn, LetterState};
    use crate::key_date::KeyDate;
    use crate::letter::{Purpose, WrongSend};
    use crate::order::story::OrderState;
    use crate::party::{Channel, ContactRole};
    use crate::plan::{TaskKind, Verdict};
    use crate::reason::ReasonCode;
    use crate::receivable::{Milestone, Trigger};
    use crate::shipment::status::TrackingStatus;
    use crate::talk::TalkPlace;
    use crate::why::WhyUnpaid;

    #[test]
    fn money_without_the_name_of_a_payer_has_a_sentence_of_its_own() {
        let said = |payer: &str| {
            let reason = Reason::new(ReasonCode::GateUnmatchedMoney).text("payer", payer).text("payment", "P-0001");
            sentence(&reason, UiLanguage::En, &TimeZone::UTC)
        };
        assert!(said("Horizon").contains("from Horizon"), "{}", said("Horizon"));
        assert!(said("").contains("without the name of a payer"), "{}", said(""));
    }

    #[test]
    fn every_code_has_a_sentence_in_both_languages() {
        for language in [UiLanguage::En, UiLanguage::ZhCn] {
            for code in ReasonCode::ALL {
                let key = code.code().replace(['.', '_'], "-");
                assert!(bundle(language).get_message(&key).is_some(), "{key} is missing in {}", language.code());
            }
        }
    }

    /// The list of a family is made by the same macro as its variants, so that none can be forgotten here.
    #[test]
    fn every_code_that_is_told_has_its_words_in_both_languages() {
        fn codes<T: Copy>(all: &[T], code: fn(T) -> &'static str) -> Vec<&'static str> {
            all.iter().map(|one| code(*one)).collect()
        }
        let silences: Vec<ReasonCode> = ReasonCode::ALL.iter().copied().filter(|code| code.is_silence()).collect();
        let families = [
            ("silence", codes(&silences, ReasonCode::code)),
            ("case-state", codes(CaseState::ALL, CaseState::code)),
            ("say-turn", codes(CaseTurn::ALL, CaseTurn::code)),
            ("letter-state", codes(LetterState::ALL, LetterState::code)),
            ("verdict", codes(Verdict::ALL, Verdict::code)),
            ("task", codes(TaskKind::ALL, TaskKind::code)),
            ("say-task", codes(TaskKind::ALL, TaskKind::code)),
            ("say-verb", codes(TaskKind::ALL, TaskKind::code)),
            ("purpose", codes(Purpose::ALL, Purpose::code)),
            ("wrong-send", codes(WrongSend::ALL, WrongSend::code)),
            ("unpaid-why", codes(WhyUnpaid::ALL, WhyUnpaid::code)),
            ("key-date", codes(KeyDate::ALL, KeyDate::code)),
            ("order-state", codes(OrderState::ALL, OrderState::code)),
            ("tracking", codes(TrackingStatus::ALL, TrackingStatus::code)),
            ("milestone", codes(Milestone::ALL, Milestone::code)),
            ("trigger", codes(Trigger::ALL, Trigger::code)),
            ("say-event", codes(Trigger::ALL, Trigger::code)),
            ("talk-place", codes(TalkPlace::ALL, TalkPlace::code)),
            ("channel", codes(&Channel::ALL, Channel::code)),
            ("role", codes(&ContactRole::ALL, ContactRole::code)),
            ("language", codes(&crate::party::Language::ALL, crate::party::Language::code)),
        ];
        for language in [UiLanguage::En, UiLanguage::ZhCn] {
            for (family, codes) in &families {
                for code in codes {
                    let key = format!("{family}-{}", code.replace(['.', '_'], "-"));
                    assert!(bundle(language).get_message(&key).is_some(), "{key} is missing in {}", language.code());
                }
            }
            for country in Countries::shipped().iter() {
                let key = format!("language-{}", country.language_code);
                assert!(bundle(language).get_message(&key).is_some(), "{key} of {}", country.name_en);
                for (name, _) in &country.zones {
                    assert_ne!(coded(language, "zone", name), *name, "a clock of {}", country.name_en);
                }
            }
        }
    }

    #[test]
    fn codes_within_a_reason_are_told_by_their_names() {
        let told = |reason: Reason| sentence(&reason, UiLanguage::ZhCn, &TimeZone::UTC);
        let other = told(Reason::new(ReasonCode::LetterLanguageFallback).text("wanted", "it"));
        assert!(other.contains("意大利文"), "{other}");
        let local = Reason::new(ReasonCode::ContactWindow).text("local", "Sat 18:00").text("zone", "Europe/Rome");
        let next: jiff::Timestamp = "2028-03-02T06:00:00Z".parse().expect("an instant");
        let local = told(local.instant("next", next));
        assert!(local.contains("罗马") && !local.contains("Europe"), "{local}");
        let unknown = told(Reason::new(ReasonCode::ContactZoneUnknown).text("country", "IT"));
        assert!(unknown.contains("意大利"), "{unknown}");
    }

    #[test]
    fn a_holiday_is_told_by_its_name_and_its_country() {
        let told = |certainty: &str, language| {
            let reason = Reason::new(ReasonCode::ContactHoliday).text("holiday", "Eid al-Fitr").text("where", "SA");
            let reason = reason.date("day", jiff::civil::date(2028, 2, 27)).text("certainty", certainty);
            let next: jiff::Timestamp = "2028-03-02T06:00:00Z".parse().expect("an instant");
            sentence(&reason.instant("next", next), language, &TimeZone::UTC)
        };
        let english = told("estimated", UiLanguage::En);
        assert!(english.contains("Eid al-Fitr in Saudi Arabia") && english.contains("estimate"), "{english}");
        assert!(!told("fixed", UiLanguage::En).contains("estimate"));
        let chinese = told("estimated", UiLanguage::ZhCn);
        assert!(chinese.contains("沙特阿拉伯") && chinese.contains("开斋节") && chinese.contains("预计"), "{chinese}");
    }
}
