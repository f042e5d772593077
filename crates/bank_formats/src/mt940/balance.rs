//! Fields 60a, 62a (balances) and 25 (account).

use crate::amount::{swift_amount, swift_date, usual_digits};
use crate::model::Balance;

/// Reads `C160229EUR1200,00`; the error says what is wrong.
pub(super) fn read_balance(text: &str) -> Result<(Balance, String), String> {
    let text = text.lines().next().unwrap_or_default().trim();
    let (negative, rest) = match text.as_bytes().first() {
        Some(b'C') => (false, &text[1..]),
        Some(b'D') => (true, &text[1..]),
        _ => return Err(format!("balance without C or D: ‘{text}’")),
    };
    let date = rest.get(..6).and_then(swift_date).ok_or_else(|| format!("impossible date in the balance ‘{text}’"))?;
    let currency = rest.get(6..9).filter(|code| code.bytes().all(|b| b.is_ascii_uppercase()));
    let currency = currency.ok_or_else(|| format!("balance without a currency: ‘{text}’"))?;
    let digits = rest[9..].trim();
    let amount = swift_amount(digits).ok_or_else(|| format!("unreadable amount ‘{digits}’"))?;
    let amount = usual_digits(if negative { -amount } else { amount }, currency);
    Ok((Balance { date, amount }, currency.to_owned()))
}

/// The account as written; an IBAN loses its blanks and the currency some banks append.
pub(super) fn read_account(text: &str) -> String {
    let account = text.lines().next().unwrap_or_default().trim();
    let packed: String = account.chars().filter(|c| !c.is_whitespace()).collect();
    let without_currency =
        account_currency(&packed).map_or(packed.as_str(), |_| packed[..packed.len() - 3].trim_end_matches('/'));
    if is_iban(without_currency) { without_currency.to_owned() } else { account.to_owned() }
}

/// The currency at the end of `1291.99.348EUR` or `…002/HUF`.
pub(super) fn account_currency(account: &str) -> Option<&str> {
    let account = account.lines().next().unwrap_or_default().trim();
    let at = account.len().checked_sub(3)?;
    let (before, code) = (account.get(..at)?, account.get(at..)?);
    let known = [
        "EUR", "USD", "GBP", "CHF", "CNY", "HKD", "JPY", "SGD", "AUD", "CAD", "PLN", "CZK", "HUF", "SEK", "NOK", "DKK",
        "TRY", "RON",
    ];
    (before.trim_end().ends_with(|c: char| c.is_ascii_digit() || c == '/') && known.contains(&code)).then_some(code)
}

/// Shape only: two letters, two digits, 11 to 30 letters or digits (ISO 13616).
pub(super) fn is_iban(text: &str) -> bool {
    let bytes = text.as_bytes();
    (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes[4..].iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balances() {
        let (balance, currency) = read_balance("D160229EUR1200,5").unwrap();
        assert_eq!(
            (balance.amount.to_string(), balance.date.to_string(), currency.as_str()),
            ("-1200.50".into(), "2016-02-29".into(), "EUR")
        );
        for text in ["", "X160229EUR1,00", "C160230EUR1,00", "C160229E", "C160229EUR", "C160229EUR1,O0", "Cüüüüüü"]
        {
            assert!(read_balance(text).is_err(), "{text}");
        }
    }

    #[test]
    fn accounts() {
        let cases = [
            ("NL71RABO0123456789 EUR", "NL71RABO0123456789"),
            ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
            ("12345678/1020304050", "12345678/1020304050"),
            ("1291.99.348EUR", "1291.99.348EUR"),
        ];
        for (text, account) in cases {
            assert_eq!(read_account(text), account);
        }
        assert_eq!(account_currency("1291.99.348EUR"), Some("EUR"));
        assert_eq!(account_currency("ACME"), None);
    }
}
