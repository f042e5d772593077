//! Amounts of a row with their currencies: from the currency column, a sign beside the amount, the header, a default.

use dunlin_core::catalogue::MOST_IN_STOCK;
use dunlin_core::money::{self, Decimal, Money, MoneyError};
use dunlin_sheets::Cell;
use dunlin_sheets::value::{DecimalStyle, ParsedAmount, parse_amount};

use super::cells::RowReader;
use super::fields::Field;
use super::headers::currency_of;
use super::report::LeftOut;
use super::said::Said;

/// In whole units of any currency.
const MAX_AMOUNT: i64 = 1_000_000_000_000;

impl RowReader<'_> {
    /// A positive amount with its currency. `None` without a problem when the cell says that there is none.
    pub fn amount(&mut self, field: Field) -> Option<Money> {
        let parsed = self.parse(field)?;
        let currency = self.currency(field, &parsed)?;
        self.money(field, &parsed, currency)
    }

    /// As [`Self::amount`], also zero and below: what a platform takes back stands with a minus before it.
    pub fn signed(&mut self, field: Field) -> Option<Money> {
        let parsed = self.parse(field)?;
        let currency = self.currency(field, &parsed)?;
        self.any_money(field, &parsed, currency)
    }

    /// An amount that must be in a currency already known; a bare number is taken to be.
    pub fn amount_in(&mut self, field: Field, currency: money::Currency) -> Option<Money> {
        let parsed = self.parse(field)?;
        if parsed.value.bytes().all(|b| matches!(b, b'0' | b'.')) {
            return None;
        }
        let own = parsed.currency.filter(|_| !parsed.assumed).or(self.table.columns.get(&field)?.unit.currency);
        if let Some(own) = own.filter(|own| *own != currency.code()) {
            let why = Said::new("unread-other-currency").with("own", own).with("currency", currency.code());
            self.problem(field, LeftOut::Row, why, "mend-one-currency");
            return None;
        }
        self.money(field, &parsed, currency)
    }

    /// A count of pieces, whole and not below zero, or why it is none. `None` when the cell says nothing.
    pub fn pieces(&mut self, field: Field) -> Option<Result<i64, Said>> {
        let (cell, column) = self.cell(field)?;
        let is_text = matches!(cell, Cell::Text(_));
        let parsed = match parse_amount(cell, column.style) {
            Ok(parsed) => parsed?,
            Err(why) => return Some(Err(Said::cell(&why))),
        };
        // Nobody counts thousandths of a piece: `1.200` are twelve hundred.
        let value = match parsed.value.split_once('.') {
            Some((whole, fraction)) if is_text && fraction.len() == 3 => format!("{whole}{fraction}"),
            _ => parsed.value,
        };
        let read = value.parse::<Decimal>().ok().filter(Decimal::is_integer).and_then(|read| i64::try_from(read).ok());
        Some(match read {
            None => Err(Said::new("unread-not-whole").with("text", value)),
            Some(count) if count < 0 => Err(Said::new("unread-below-zero")),
            Some(count) if count > MOST_IN_STOCK => Err(Said::new("unread-too-many")),
            Some(count) => Ok(count),
        })
    }

    fn parse(&mut self, field: Field) -> Option<ParsedAmount> {
        let (cell, column) = self.cell(field)?;
        let joined = match cell {
            Cell::Text(text) => Cell::Text(join_dollar(text)),
            other => other.clone(),
        };
        match parse_amount(&joined, column.style) {
            Ok(parsed) => parsed,
            Err(why) => {
                let remedy = match field {
                    Field::PaidAmount => "mend-paid",
                    _ => "mend-amount",
                };
                self.problem(field, LeftOut::Row, Said::cell(&why), remedy);
                None
            }
        }
    }

    /// Column, sign beside the amount, header, default, and last the likeliest reading of a bare `$` or `¥`.
    fn currency(&mut self, field: Field, parsed: &ParsedAmount) -> Option<money::Currency> {
        let column = match self.text(Field::Currency) {
            None => None,
            Some(text) => match currency_of(&text) {
                Some(code) => Some(code),
                None => {
                    let why = Said::new("unread-no-currency").with("text", text);
                    self.problem(Field::Currency, LeftOut::Row, why, "mend-currency-code");
                    return None;
                }
            },
        };
        let sign = parsed.currency;
        if let (Some(column), Some(sign)) = (column, sign)
            && column != sign
            && !(parsed.assumed && shares_sign(sign, column))
        {
            let why = Said::new("unread-two-currencies").with("sign", sign).with("column", column);
            self.problem(field, LeftOut::Row, why, "mend-agree");
            return None;
        }
        let of_header = self.table.columns.get(&field).and_then(|column| column.unit.currency);
        let agrees = |code: &&'static str| sign.is_none_or(|sign| sign == *code || shares_sign(sign, code));
        if parsed.assumed
            && let Some(code) = of_header.filter(|code| column.is_none() && !agrees(code))
        {
            let why = Said::new("unread-sign").with("currency", code);
            self.problem(field, LeftOut::Row, why, "mend-agree");
            return None;
        }
        let sure = sign.filter(|_| !parsed.assumed);
        let default = self.mapping.defaults.currency.filter(agrees);
        let code = column.or(sure).or(of_header).or(default).or(sign);
        let Some(code) = code else {
            self.problem(field, LeftOut::Row, "unread-currency-none", "mend-currency-none");
            return None;
        };
        money::currency(code).ok()
    }

    /// `12.500`: twelve and a half, or twelve thousand five hundred where a comma is the decimal mark? Where nothing
    /// else in the column tells, guessing wrong would be a factor of a thousand.
    fn could_be_thousands(&mut self, field: Field, value: &str, currency: money::Currency) -> bool {
        let Some((cell, column)) = self.cell(field) else {
            return false;
        };
        let written = matches!(cell, Cell::Text(_)) && column.style == DecimalStyle::Guess;
        let fraction =
            value.split_once('.').filter(|(whole, _)| *whole != "0").map_or(0, |(_, fraction)| fraction.len());
        written && fraction == 3 && money::digits(currency) < 3
    }

    fn money(&mut self, field: Field, parsed: &ParsedAmount, currency: money::Currency) -> Option<Money> {
        let money = self.any_money(field, parsed, currency)?;
        if money.minor <= 0 {
            self.problem(field, LeftOut::Row, "unread-not-positive", "mend-positive");
            return None;
        }
        Some(money)
    }

    fn any_money(&mut self, field: Field, parsed: &ParsedAmount, currency: money::Currency) -> Option<Money> {
        if self.could_be_thousands(field, &parsed.value, currency) {
            let why = Said::new("unread-thousands").with("amount", &parsed.value);
            self.problem(field, LeftOut::Row, why, "mend-thousands");
            return None;
        }
        let limit = 10_i64.pow(money::digits(currency)).saturating_mul(MAX_AMOUNT);
        let (why, remedy) = match Money::parse(&parsed.value, currency) {
            Ok(money) if money.minor.unsigned_abs() > limit.unsigned_abs() => (Said::new("unread-huge"), "mend-amount"),
            Ok(money) => return Some(money),
            Err(MoneyError::Overflow) => (Said::new("unread-huge"), "mend-amount"),
            Err(error) => (Said::money(&error), "mend-round"),
        };
        self.problem(field, LeftOut::Row, why, remedy);
        None
    }
}

/// `US $12.50` is one sign with a blank in it.
fn join_dollar(text: &str) -> String {
    let Some(at) = text.find(['$', '＄', '¥', '￥']) else { return text.to_string() };
    let (before, after) = text.split_at(at);
    if before.trim_end().ends_with(|c: char| c.is_ascii_alphabetic()) {
        format!("{}{after}", before.trim_end())
    } else {
        text.to_string()
    }
}

/// Whether a bare `$` or `¥` may as well mean the currency of the column.
fn shares_sign(sign: &str, code: &str) -> bool {
    let dollars = ["AUD", "CAD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL"];
    (sign == "USD" && dollars.contains(&code)) || (sign == "CNY" && code == "JPY")
}
