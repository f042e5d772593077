//! Fields 61 and 86 together: one entry.

use super::balance::is_iban;
use super::details::{Details, find_charges, one_line, present};
use super::entry_line::EntryLine;
use crate::amount::{swift_amount, usual_digits};
use crate::model::Entry;
use rust_decimal::Decimal;

pub(super) fn build_entry(line: EntryLine, details: Details, currency: &str) -> Entry {
    let mut purpose = details.purpose;
    let mut account = details.counterparty_account;
    let supplementary = one_line(&line.supplementary);
    if is_iban(&supplementary) || is_giro(&supplementary) {
        account = account.or(Some(supplementary));
    } else if !supplementary.is_empty() && !purpose.contains(&supplementary) {
        purpose = one_line(&format!("{supplementary} {purpose}"));
    }
    // `EREF` and `KREF+` stand there for “see field 86”.
    let own = line.reference.filter(|text| !matches!(text.trim_end_matches('+'), "EREF" | "KREF" | "NOTPROVIDED"));
    let charges = details.charges.or_else(|| find_charges(&line.supplementary));
    Entry {
        booking_date: line.booking_date,
        value_date: Some(line.value_date),
        amount: usual_digits(line.amount, currency),
        currency: currency.to_owned(),
        reference: own.or(details.reference),
        bank_reference: line.bank_reference,
        end_to_end_id: details.end_to_end_id,
        counterparty_name: details.counterparty_name.or_else(|| line.trailing.as_deref().and_then(present)),
        counterparty_account: account,
        purpose,
        kind: Some(line.kind),
        charges: charges.and_then(|text| read_charges(&text, currency)),
        pending: false,
    }
}

/// `EUR0,5`; charges in another currency than the entry's are left in the purpose text only.
fn read_charges(text: &str, currency: &str) -> Option<Decimal> {
    let amount = swift_amount(text.strip_prefix(currency)?.trim())?;
    (!currency.is_empty()).then(|| usual_digits(amount, currency))
}

/// A Dutch giro number, `P001234567`.
fn is_giro(text: &str) -> bool {
    text.strip_prefix('P').is_some_and(|digits| digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit()))
}
