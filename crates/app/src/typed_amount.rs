//! An amount as a person types it into a form or a command.

use dunlin_core::money::{Currency, Money};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_sheets::Cell;
use dunlin_sheets::value::{DecimalStyle, parse_amount};

/// `1,234.50`, `1 234.50`, `1.234,50`. One mark before three digits is refused: it could be either.
pub fn typed_amount(text: &str, currency: Currency) -> anyhow::Result<Money> {
    let read = parse_amount(&Cell::Text(text.trim().to_string()), DecimalStyle::Guess);
    let unreadable = || Refusal::new(RefusalCode::AmountUnreadable).with("text", text);
    let read = read.ok().flatten().ok_or_else(unreadable)?;
    let marks = text.matches(['.', ',']).count();
    let last = text.trim().rsplit(['.', ',']).next().map_or(0, str::len);
    if marks == 1 && last == 3 {
        return Err(Refusal::new(RefusalCode::AmountUnclear).with("text", text).into());
    }
    Ok(Money::parse(&read.value, currency).map_err(|_| unreadable())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_amounts_in_many_ways() {
        let read = |text| typed_amount(text, Currency::USD).map(|money| money.minor).ok();
        for text in ["1272", "1272.00", "1,272.00", "1 272.00", "1.272,00", " 1272,00 "] {
            assert_eq!(read(text), Some(127_200), "{text}");
        }
        for text in ["", "1.272", "12O", "-", "1272.001"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
