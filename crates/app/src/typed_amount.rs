//! An amount as a person types it into a form or a command.

use anyhow::{Context, anyhow};

use dunlin_core::money::{Currency, Money};
use dunlin_sheets::Cell;
use dunlin_sheets::value::{DecimalStyle, parse_amount};

/// `1,234.50`, `1 234.50`, `1.234,50`. One mark before three digits is refused: it could be either.
pub fn typed_amount(text: &str, currency: Currency) -> anyhow::Result<Money> {
    let read = parse_amount(&Cell::Text(text.trim().to_string()), DecimalStyle::Guess);
    let read = read.map_err(|why| anyhow!("‘{text}’: {why}; write for instance 1234.50"))?;
    let read = read.with_context(|| format!("‘{text}’ is not an amount; write for instance 1234.50"))?;
    let marks = text.matches(['.', ',']).count();
    let last = text.trim().rsplit(['.', ',']).next().map_or(0, str::len);
    if marks == 1 && last == 3 {
        anyhow::bail!("‘{text}’ could be thousands or decimals; write for instance 1234.50");
    }
    Ok(Money::parse(&read.value, currency)?)
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
