//! Money as integers: minor units of a currency. No floats anywhere.

use std::fmt;

pub use iso_currency::Currency;
/// What rates are written in.
pub use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An amount in minor units (cents, yen, fils) of one currency. May be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

/// Why two amounts could not be combined or a text was no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("cannot add {0} and {1}: different currencies")]
    Mixed(&'static str, &'static str),
    #[error("the sum is too large to hold")]
    Overflow,
    #[error("‘{0}’ is not an amount")]
    NotAnAmount(String),
    #[error("{0} has more decimals than {1} allows ({2})")]
    TooPrecise(String, &'static str, u16),
    #[error("‘{0}’ is not a currency code (expected ISO 4217 such as USD, EUR, CNY)")]
    UnknownCurrency(String),
}

/// Reads an ISO 4217 code, also in lower case and with the everyday name RMB.
pub fn currency(code: &str) -> Result<Currency, MoneyError> {
    let upper = code.trim().to_ascii_uppercase();
    let iso = if upper == "RMB" { "CNY" } else { &upper };
    let known = Currency::from_code(iso).filter(|known| !NOT_MONEY.contains(&known.code()));
    known.ok_or_else(|| MoneyError::UnknownCurrency(code.to_string()))
}

/// Codes of ISO 4217 that nobody is paid in: metals, units of account, funds, tests, "no currency".
const NOT_MONEY: [&str; 20] = [
    "BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW", "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR",
    "XPD", "XPT", "XTS", "XXX",
];

/// Decimals that amounts of this currency have (ISO 4217 exponent; 2 where ISO names none).
pub fn digits(currency: Currency) -> u32 {
    u32::from(currency.exponent().unwrap_or(2))
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Reads a plain decimal such as `1234.50`; more decimals than the currency has are refused, not rounded.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let decimal: Decimal = text.trim().parse().map_err(|_| MoneyError::NotAnAmount(text.to_string()))?;
        Self::from_decimal(decimal, currency)
    }

    /// As [`Money::parse`], from a decimal.
    pub fn from_decimal(decimal: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let scaled =
            decimal.checked_mul(Decimal::from(10_i64.pow(digits(currency)))).ok_or(MoneyError::Overflow)?.normalize();
        if !scaled.is_integer() {
            let allowed = digits(currency) as u16;
            return Err(MoneyError::TooPrecise(decimal.to_string(), currency.code(), allowed));
        }
        let minor = i64::try_from(scaled).map_err(|_| MoneyError::Overflow)?;
        Ok(Self { minor, currency })
    }

    /// The amount in whole units: what rates are made of.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, digits(self.currency))
    }

    /// What takes this amount back.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, currency: self.currency })
    }

    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed(self.currency.code(), other.currency.code()));
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, currency: self.currency })
    }

    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// The plain decimal, `1234.50`: what JSON carries.
    pub fn decimal(self) -> String {
        let digits = digits(self.currency) as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let absolute = self.minor.unsigned_abs();
        if digits == 0 {
            return format!("{sign}{absolute}");
        }
        let unit = 10_u64.pow(digits as u32);
        format!("{sign}{}.{:0digits$}", absolute / unit, absolute % unit)
    }
}

impl fmt::Display for Money {
    /// `USD 1234.50`: for logs and tests. What people read comes from [`crate::locale`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency.code(), self.decimal())
    }
}

#[derive(Serialize, Deserialize)]
struct MoneyOnTheWire {
    amount: String,
    currency: String,
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        MoneyOnTheWire { amount: self.decimal(), currency: self.currency.code().to_string() }.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let wire = MoneyOnTheWire::deserialize(d)?;
        let currency = currency(&wire.currency).map_err(serde::de::Error::custom)?;
        Money::parse(&wire.amount, currency).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_currency() {
        let usd = Money::parse("1234.5", Currency::USD).expect("two decimals");
        assert_eq!((usd.minor, usd.decimal().as_str()), (123_450, "1234.50"));
        let jpy = Money::parse("1234", Currency::JPY).expect("no decimals");
        assert_eq!((jpy.minor, jpy.decimal().as_str()), (1234, "1234"));
        let kwd = Money::parse("-0.005", Currency::KWD).expect("three decimals");
        assert_eq!((kwd.minor, kwd.decimal().as_str()), (-5, "-0.005"));
        assert!(Money::parse("1.005", Currency::USD).is_err());
        assert!(Money::parse("12,3O", Currency::USD).is_err());
    }

    #[test]
    fn currencies_do_not_mix() {
        let sum = Money::new(1, Currency::USD).checked_add(Money::new(1, Currency::EUR));
        assert_eq!(sum, Err(MoneyError::Mixed("USD", "EUR")));
        assert_eq!(currency("rmb"), Ok(Currency::CNY));
    }
}
