//! Whether the small rest that a payment leaves open was most likely kept by banks on the way (SCENARIOS B7): with the
//! charges shared, each bank of the chain takes its fee out of the money. Proposed to a person, never written off by itself.

use crate::money::Money;
use crate::reason::{Reason, ReasonCode};
use crate::receivable::ledger::{LedgerEntry, LedgerKind, last_standing};

/// What a chain of banks takes at most, in minor units. For other currencies only the share counts.
const MOST: [(&str, i64); 12] = [
    ("USD", 5_000),
    ("EUR", 5_000),
    ("GBP", 4_000),
    ("CHF", 4_500),
    ("CNY", 35_000),
    ("JPY", 7_500),
    ("HKD", 40_000),
    ("AUD", 7_500),
    ("CAD", 7_000),
    ("NZD", 8_000),
    ("SGD", 6_500),
    ("MXN", 90_000),
];

/// The note of the ledger line, before the number of the payment.
pub const NOTE: &str = "bank charges";

/// Days for which nobody is pressed for such a rest while a person is asked about it.
pub const DAYS_TO_DECIDE: i32 = 14;

/// Whether `rest`, still open of a receivable of `amount`, is small enough to be bank charges: no more than the most in its
/// currency, and never above 0.5 % of the receivable.
pub fn are_likely(amount: Money, rest: Money) -> bool {
    if amount.currency != rest.currency || !rest.is_positive() || rest.minor >= amount.minor {
        return false;
    }
    let most = MOST.iter().find(|(code, _)| *code == rest.currency.code());
    let within_share = i128::from(rest.minor) * 200 <= i128::from(amount.minor);
    within_share && most.is_none_or(|(_, most)| rest.minor <= *most)
}

/// The note of the line that writes the rest off: which payment it was missing from.
pub fn note_of(payment: &str) -> String {
    format!("{NOTE}, {payment}")
}

/// What was written off as bank charges, where money came in and nothing else was given up: the buyer has paid all the same.
pub fn carried(entries: &[LedgerEntry]) -> Option<Money> {
    last_standing(entries, LedgerKind::Allocation)?;
    let taken_back = |id| entries.iter().any(|entry| entry.reverses == Some(id));
    let given_up = |entry: &&LedgerEntry| entry.kind == LedgerKind::WriteOff && entry.reverses.is_none();
    let mut sum: Option<Money> = None;
    for line in entries.iter().filter(given_up).filter(|entry| !taken_back(entry.id)) {
        if !is_note(&line.note) {
            return None;
        }
        sum = Some(sum.map_or(Ok(line.amount), |so_far| so_far.checked_add(line.amount)).ok()?);
    }
    sum
}

/// As [`note_of`] writes it, or as a person does.
pub fn is_note(note: &str) -> bool {
    note.trim().strip_prefix(NOTE).is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
}

/// Why nothing is asked for any more.
pub fn reason(number: &str, charges: Money) -> Reason {
    Reason::new(ReasonCode::GatePaidLessCharges).text("number", number).money("charges", charges)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::currency;

    fn likely(code: &str, amount: i64, rest: i64) -> bool {
        let currency = currency(code).expect("a currency");
        are_likely(Money::new(amount, currency), Money::new(rest, currency))
    }

    #[test]
    fn at_most_half_a_per_cent_of_the_receivable() {
        assert!(likely("USD", 400_000, 2_000));
        assert!(!likely("USD", 400_000, 2_001));
        assert!(!likely("USD", 399_999, 2_000));
        assert!(!likely("USD", 50_000, 2_000), "four per cent are no charges");
    }

    #[test]
    fn at_most_what_a_chain_of_banks_takes() {
        for (code, most) in MOST {
            assert!(likely(code, 1_000_000_000, most), "{code}");
            assert!(!likely(code, 1_000_000_000, most + 1), "{code}");
        }
        assert!(likely("INR", 1_000_000_000, 5_000_000), "no bound of its own: the share alone");
        assert!(!likely("INR", 1_000_000_000, 5_000_001));
    }

    #[test]
    fn the_note_of_the_line_names_charges_and_nothing_else() {
        for (note, is_one) in [
            (note_of("P-0001").as_str(), true),
            ("bank charges", true),
            ("bank charges are disputed", false),
            ("not worth the stamp", false),
            ("", false),
        ] {
            assert_eq!(is_note(note), is_one, "{note}");
        }
    }

    #[test]
    fn nothing_and_everything_are_no_rest() {
        assert!(!likely("USD", 400_000, 0));
        assert!(!likely("USD", 400_000, -1));
        assert!(!likely("USD", 10, 10));
        assert!(!likely("USD", i64::MAX, i64::MAX));
        let (usd, eur) = (currency("USD").expect("USD"), currency("EUR").expect("EUR"));
        assert!(!are_likely(Money::new(1_000_000, usd), Money::new(1, eur)));
    }
}
