//! Numbers, amounts and dates as the reader writes them. Everything a person sees is formatted here, so that a
//! letter, its account statement and the page about it agree to the last separator.
//!
//! The separators and month names are CLDR's, through ICU. Formatters are costly to build and not `Sync` (their
//! data is reference-counted without atomics), so each thread keeps one of each kind per language. A language is
//! added by one line in each `match` below.

use std::cell::OnceCell;

use fixed_decimal::Decimal;
use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_decimal::DecimalFormatter;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::{Locale, locale};
use jiff::civil::Date;

use crate::money::{Money, digits};
use crate::party::Language;

/// The locale whose dates a language gets. English is international (day before month), not American.
const fn date_tag(language: Language) -> Locale {
    match language {
        Language::En => locale!("en-GB"),
        Language::Es => locale!("es"),
        Language::Zh => locale!("zh"),
        Language::Ru => locale!("ru"),
    }
}

/// The locale whose numbers a language gets. Of Spanish readers some part decimals by a comma and some, in Mexico for one,
/// by a point, so that `54.600,00` can be read wrongly. With a space between thousands, as the academies recommend and
/// Costa Rica writes, every one of them reads the same amount; it also groups four digits, which Spain does not.
const fn number_tag(language: Language) -> Locale {
    match language {
        Language::En => locale!("en-GB"),
        Language::Es => locale!("es-CR"),
        Language::Zh => locale!("zh"),
        Language::Ru => locale!("ru"),
    }
}

/// An amount with its ISO code where the language puts it: `USD 12,430.00`, `12 430,00 USD`.
pub fn money(money: Money, language: Language) -> String {
    let amount = money_plain(money, language);
    let code = money.currency.code();
    match language {
        Language::En | Language::Zh => format!("{code} {amount}"),
        Language::Es | Language::Ru => format!("{amount} {code}"),
    }
}

/// An amount without its code, for columns whose heading names the currency: `12,430.00`, `12 430,00`.
pub fn money_plain(money: Money, language: Language) -> String {
    let mut decimal = Decimal::from(money.minor);
    // At most four decimals exist in ISO 4217, so the cast cannot lose anything.
    decimal.multiply_pow10(-(digits(money.currency) as i16));
    with_formatters(language, |formatters| match &formatters.decimal {
        Some(formatter) => formatter.format(&decimal).to_string(),
        None => money.decimal(),
    })
}

/// A rate as people quote it: `1.0909`, `0.0066667`. Four decimals, or five digits where one unit buys less than one;
/// the ledger keeps all of them.
pub fn rate(rate: crate::money::Decimal, language: Language) -> String {
    let short = match rate.abs() < crate::money::Decimal::ONE {
        true => rate.round_sf(5).unwrap_or(rate),
        false => rate.round_dp(4),
    };
    let plain = short.normalize().to_string();
    let Ok(decimal) = plain.parse::<Decimal>() else {
        return plain;
    };
    with_formatters(language, |formatters| match &formatters.decimal {
        Some(formatter) => formatter.format(&decimal).to_string(),
        None => plain.clone(),
    })
}

/// A whole number with grouping: `1,200`, `1 200`.
pub fn integer(value: i64, language: Language) -> String {
    with_formatters(language, |formatters| match &formatters.decimal {
        Some(formatter) => formatter.format(&Decimal::from(value)).to_string(),
        None => value.to_string(),
    })
}

/// A date in words: `12 March 2026`, `12 de marzo de 2026`, `2026年3月12日`.
pub fn date(date: Date, language: Language) -> String {
    let (year, month, day) = (i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs());
    let Ok(gregorian) = icu_calendar::Date::try_new_gregorian(year, month, day) else {
        return date.to_string();
    };
    with_formatters(language, |formatters| match &formatters.long_date {
        Some(formatter) => formatter.format(&gregorian).to_string(),
        None => date.to_string(),
    })
}

/// A date of fixed width for table columns. The year always has four digits and, outside Spanish and Russian, comes first,
/// so that nobody has to guess which number is the month. ICU's short forms drop the century, hence by hand.
pub fn date_short(date: Date, language: Language) -> String {
    match language {
        Language::En | Language::Zh => date.to_string(),
        Language::Es => format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year()),
        Language::Ru => format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year()),
    }
}

/// The costly parts for one language. `None` only if ICU's compiled-in data lacked the locale, which the tests
/// rule out for every language; a plain form is then still better than no letter.
struct Formatters {
    decimal: Option<DecimalFormatter>,
    long_date: Option<FixedCalendarDateTimeFormatter<Gregorian, YMD>>,
}

impl Formatters {
    fn new(language: Language) -> Self {
        let options = DecimalFormatterOptions::default();
        Self {
            decimal: DecimalFormatter::try_new(number_tag(language).into(), options).ok(),
            long_date: FixedCalendarDateTimeFormatter::try_new(date_tag(language).into(), YMD::long()).ok(),
        }
    }
}

fn with_formatters<T>(language: Language, format: impl FnOnce(&Formatters) -> T) -> T {
    thread_local! {
        static FORMATTERS: [OnceCell<Formatters>; Language::ALL.len()] =
            const { [const { OnceCell::new() }; Language::ALL.len()] };
    }
    FORMATTERS.with(|all| match Language::ALL.iter().position(|known| *known == language) {
        Some(at) => format(all[at].get_or_init(|| Formatters::new(language))),
        None => format(&Formatters::new(language)),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;
    use crate::money::Currency;

    fn in_all(format: impl Fn(Language) -> String) -> [String; 3] {
        [Language::En, Language::Es, Language::Zh].map(format)
    }

    #[test]
    fn amounts_read_as_in_the_language() {
        let usd = Money::new(1_243_000, Currency::USD);
        assert_eq!(in_all(|l| money(usd, l)), ["USD 12,430.00", "12\u{a0}430,00 USD", "USD 12,430.00"]);
        assert_eq!(in_all(|l| money_plain(usd, l)), ["12,430.00", "12\u{a0}430,00", "12,430.00"]);
        let four_digits = Money::new(123_456, Currency::EUR);
        assert_eq!(in_all(|l| money(four_digits, l)), ["EUR 1,234.56", "1\u{a0}234,56 EUR", "EUR 1,234.56"]);
    }

    #[test]
    fn decimals_and_signs_follow_the_amount() {
        let yen = Money::new(1_234_567, Currency::JPY);
        assert_eq!(in_all(|l| money(yen, l)), ["JPY 1,234,567", "1\u{a0}234\u{a0}567 JPY", "JPY 1,234,567"]);
        let fils = Money::new(-5, Currency::KWD);
        assert_eq!(in_all(|l| money(fils, l)), ["KWD -0.005", "-0,005 KWD", "KWD -0.005"]);
        assert_eq!(money(Money::zero(Currency::USD), Language::En), "USD 0.00");
        assert_eq!(money_plain(Money::new(i64::MIN, Currency::USD), Language::En), "-92,233,720,368,547,758.08");
    }

    #[test]
    fn whole_numbers_are_grouped() {
        assert_eq!(in_all(|l| integer(1200, l)), ["1,200", "1\u{a0}200", "1,200"]);
        assert_eq!(in_all(|l| integer(-3, l)), ["-3", "-3", "-3"]);
    }

    #[test]
    fn rates_are_as_long_as_people_quote_them() {
        let read = |text: &str| in_all(|l| rate(text.parse().expect("a decimal"), l));
        assert_eq!(read("1.0909090909090909090909090909"), ["1.0909", "1,0909", "1.0909"]);
        assert_eq!(read("0.0066666666666666666666666667")[0], "0.0066667");
        assert_eq!(read("18123.45678"), ["18,123.4568", "18\u{a0}123,4568", "18,123.4568"]);
        assert_eq!((read("1")[0].as_str(), read("1.10")[0].as_str()), ("1", "1.1"));
    }

    #[test]
    fn dates_read_as_in_the_language() {
        let twelfth = day(2026, 3, 12);
        assert_eq!(in_all(|l| date(twelfth, l)), ["12 March 2026", "12 de marzo de 2026", "2026年3月12日"]);
        assert_eq!(in_all(|l| date_short(twelfth, l)), ["2026-03-12", "12/03/2026", "2026-03-12"]);
        assert_eq!(date(day(2026, 1, 1), Language::Es), "1 de enero de 2026");
    }

    #[test]
    fn russian_reads_as_in_russia() {
        let shown = money(Money::new(1_243_000, Currency::USD), Language::Ru);
        assert!(shown.ends_with(",00 USD") && shown.starts_with("12"), "{shown}");
        let long = date(day(2026, 3, 12), Language::Ru);
        assert!(long.starts_with("12 марта 2026"), "{long}");
        assert_eq!(date_short(day(2026, 3, 12), Language::Ru), "12.03.2026");
    }

    #[test]
    fn every_language_has_its_formatters() {
        for language in Language::ALL {
            let formatters = Formatters::new(language);
            assert!(formatters.decimal.is_some() && formatters.long_date.is_some(), "{language:?}");
        }
    }
}
