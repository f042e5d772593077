//! One `Ntry` into entries: one per transaction when the transactions carry amounts that add up to it.

use super::head::{account, date, signed_amount};
use super::tree::Element;
use crate::amount::{usual_digits, xml_amount};
use crate::model::Entry;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A batch that cannot be split keeps the texts of its transactions up to this many characters.
const MAX_PURPOSE: usize = 2000;

/// What an entry takes from the statement around it.
pub(super) struct Around<'a> {
    /// Tells the two parties of a transaction apart where the bank has them the wrong way round.
    pub own_account: &'a str,
    /// The day the message was made, for an entry without any date; both dates are optional in ISO 20022.
    pub made_on: Option<Date>,
}

/// An entry that had to borrow its date comes with the note that says so.
pub(super) fn read_entries(ntry: Element<'_>, around: &Around<'_>) -> Result<(Vec<Entry>, Option<String>), String> {
    let (amount, currency) = signed_amount(ntry)?;
    let booked = date(ntry.find(&["BookgDt"]))?;
    let value_date = date(ntry.find(&["ValDt"]))?;
    let booking_date = booked.or(value_date).or(around.made_on).ok_or("no booking date and no value date")?;
    let borrowed = booked.is_none() && value_date.is_none();
    let note =
        borrowed.then(|| format!("no booking date and no value date: took the date of the message, {booking_date}"));
    let status = ntry.text(&["Sts"]).or_else(|| ntry.text(&["Sts", "Cd"]));
    let whole = Entry {
        booking_date,
        value_date,
        amount,
        reference: owned(ntry.text(&["NtryRef"])),
        bank_reference: owned(ntry.text(&["AcctSvcrRef"])),
        end_to_end_id: None,
        counterparty_name: None,
        counterparty_account: None,
        purpose: owned(ntry.text(&["AddtlNtryInf"])).unwrap_or_default(),
        kind: kind(ntry),
        charges: charges(ntry, &currency),
        pending: matches!(status, Some("PDNG" | "INFO" | "FUTR")),
        currency,
    };
    let reversal = matches!(ntry.text(&["RvslInd"]), Some("true" | "1"));
    let details: Vec<Element<'_>> = ntry.all("NtryDtls").flat_map(|group| group.all("TxDtls")).collect();
    let parts: Vec<Entry> =
        details.iter().map(|tx| from_transaction(*tx, &whole, reversal, around.own_account)).collect();
    if let [_] = parts.as_slice() {
        return Ok((parts, note));
    }
    let split = |(part, amount): (Entry, Decimal)| Entry { amount: usual_digits(amount, &part.currency), ..part };
    let entries = match amounts_of_parts(&details, &whole) {
        Some(amounts) => parts.into_iter().zip(amounts).map(split).collect(),
        None => vec![merge(whole, parts)],
    };
    Ok((entries, note))
}

fn from_transaction(tx: Element<'_>, whole: &Entry, reversal: bool, own_account: &str) -> Entry {
    let text = remittance(tx);
    let (name, counter_account) = counterparty(tx, (whole.amount.is_sign_positive()) != reversal, own_account);
    let creditor_reference = tx
        .text(&["RmtInf", "Strd", "CdtrRefInf", "Ref"])
        .or_else(|| tx.text(&["RmtInf", "Strd", "CdtrRefInf", "CdtrRef"]));
    let purpose =
        if text.is_empty() { owned(tx.text(&["AddtlTxInf"])).unwrap_or_else(|| whole.purpose.clone()) } else { text };
    Entry {
        reference: owned(creditor_reference.or_else(|| tx.text(&["Refs", "InstrId"])))
            .or_else(|| whole.reference.clone()),
        bank_reference: owned(tx.text(&["Refs", "AcctSvcrRef"])).or_else(|| whole.bank_reference.clone()),
        end_to_end_id: owned(tx.text(&["Refs", "EndToEndId"])).filter(|id| id != "NOTPROVIDED"),
        counterparty_name: name,
        counterparty_account: counter_account,
        purpose,
        kind: kind(tx).or_else(|| whole.kind.clone()),
        charges: charges(tx, &whole.currency).or(whole.charges),
        ..whole.clone()
    }
}

/// The transactions' own amounts in the entry's currency, when every one has one and they make up the entry.
fn amounts_of_parts(details: &[Element<'_>], whole: &Entry) -> Option<Vec<Decimal>> {
    if details.is_empty() {
        return None;
    }
    let mut amounts = Vec::with_capacity(details.len());
    for tx in details {
        // `Amt` is new in version 4 and may be in the currency of the instruction.
        let paths: [&[&str]; 3] = [&["Amt"], &["AmtDtls", "TxAmt", "Amt"], &["AmtDtls", "CntrValAmt", "Amt"]];
        let amount = paths.iter().find_map(|path| tx.find(path).filter(|amt| amt.currency() == whole.currency))?;
        amounts.push((xml_amount(amount.value()?)?.abs(), tx.text(&["CdtDbtInd"])));
    }
    let credit = whole.amount.is_sign_positive();
    let as_signed = |(amount, mark): &(Decimal, Option<&str>)| match mark {
        Some("CRDT") => *amount,
        Some("DBIT") => -*amount,
        _ => {
            if credit {
                *amount
            } else {
                -*amount
            }
        }
    };
    let signed: Vec<Decimal> = amounts.iter().map(as_signed).collect();
    // Some banks repeat the mark of the original instruction: then only the sizes can be trusted.
    let plain: Vec<Decimal> = amounts.iter().map(|(amount, _)| if credit { *amount } else { -*amount }).collect();
    [signed, plain]
        .into_iter()
        .find(|list| list.iter().try_fold(Decimal::ZERO, |sum, amount| sum.checked_add(*amount)) == Some(whole.amount))
}

/// Keeps what all transactions of a batch have in common, and their texts.
fn merge(whole: Entry, parts: Vec<Entry>) -> Entry {
    let Some(first) = parts.first() else {
        return whole;
    };
    let common = |field: fn(&Entry) -> &Option<String>| {
        field(first).clone().filter(|_| parts.iter().all(|part| field(part) == field(first)))
    };
    let mut purpose = String::new();
    for part in &parts {
        if !purpose.contains(part.purpose.as_str()) && purpose.len() < MAX_PURPOSE {
            purpose.push_str(if purpose.is_empty() { "" } else { " " });
            purpose.push_str(&part.purpose);
        }
    }
    Entry {
        end_to_end_id: common(|part| &part.end_to_end_id),
        reference: common(|part| &part.reference).or(whole.reference.clone()),
        counterparty_name: common(|part| &part.counterparty_name),
        counterparty_account: common(|part| &part.counterparty_account),
        purpose,
        ..whole
    }
}

/// The other side: who paid us (the debtor of a credit) or whom we paid. In a reversal the parties are those of
/// the payment taken back.
fn counterparty(tx: Element<'_>, incoming: bool, own_account: &str) -> (Option<String>, Option<String>) {
    let Some(parties) = tx.find(&["RltdPties"]) else {
        return (None, None);
    };
    let side = |party: &str, ultimate: &str, acct: &str| {
        let name_of = |name: &str| {
            let party = parties.find(&[name])?;
            let paths: [&[&str]; 3] = [&["Nm"], &["Pty", "Nm"], &["Agt", "FinInstnId", "Nm"]];
            owned(paths.iter().find_map(|path| party.text(path)))
        };
        (name_of(party).or_else(|| name_of(ultimate)), parties.find(&[acct]).and_then(account))
    };
    let debtor = side("Dbtr", "UltmtDbtr", "DbtrAcct");
    let creditor = side("Cdtr", "UltmtCdtr", "CdtrAcct");
    let (expected, other) = if incoming { (debtor, creditor) } else { (creditor, debtor) };
    let is_us = |account: &Option<String>| account.as_deref() == Some(own_account) && !own_account.is_empty();
    let unknown = expected.0.is_none() && expected.1.is_none();
    if (is_us(&expected.1) || unknown) && other.1.is_some() && !is_us(&other.1) { other } else { expected }
}

/// Unstructured text, then references and notes of the structured part that it does not already contain.
fn remittance(tx: Element<'_>) -> String {
    let Some(info) = tx.find(&["RmtInf"]) else {
        return String::new();
    };
    let mut text = String::new();
    let mut last = 0;
    for line in info.all("Ustrd").filter_map(Element::value) {
        // A line of exactly 140 characters was cut by the format, not by its writer.
        text.push_str(if text.is_empty() || last == 140 { "" } else { " " });
        text.push_str(line);
        last = line.chars().count();
    }
    for part in info.all("Strd") {
        let numbers = part.all("RfrdDocInf").filter_map(|document| document.text(&["Nb"]));
        let reference = part.text(&["CdtrRefInf", "Ref"]).or_else(|| part.text(&["CdtrRefInf", "CdtrRef"]));
        for value in numbers.chain(reference).chain(part.all("AddtlRmtInf").filter_map(Element::value)) {
            if !text.contains(value) {
                text.push_str(if text.is_empty() { "" } else { " " });
                text.push_str(value);
            }
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `PMNT-RCDT-ESCT`, or the bank's own code.
fn kind(element: Element<'_>) -> Option<String> {
    let code = element.find(&["BkTxCd"])?;
    let Some(domain) = code.text(&["Domn", "Cd"]) else {
        return owned(code.text(&["Prtry", "Cd"]));
    };
    let family = code.text(&["Domn", "Fmly", "Cd"]);
    let sub_family = code.text(&["Domn", "Fmly", "SubFmlyCd"]);
    Some([Some(domain), family, sub_family].into_iter().flatten().collect::<Vec<_>>().join("-"))
}

/// The charges in the entry's currency; those the bank paid back count against them.
fn charges(element: Element<'_>, currency: &str) -> Option<Decimal> {
    let mut sum: Option<Decimal> = None;
    let read = |amount: Element<'_>| xml_amount(amount.value()?).filter(|_| amount.currency() == currency);
    for block in element.all("Chrgs") {
        if let Some(total) = block.find(&["TtlChrgsAndTaxAmt"]).and_then(read) {
            sum = sum.unwrap_or_default().checked_add(total);
            continue;
        }
        // Version 2 has one `Chrgs` per charge, later ones a `Rcrd` each.
        for charge in block.all("Rcrd").chain(block.find(&["Amt"]).map(|_| block)) {
            let Some(amount) = charge.find(&["Amt"]).and_then(read) else {
                continue;
            };
            let signed = if charge.text(&["CdtDbtInd"]) == Some("CRDT") { -amount } else { amount };
            sum = sum.unwrap_or_default().checked_add(signed);
        }
    }
    sum.map(|sum| usual_digits(sum, currency))
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(|text| {
        if !text.contains(['\n', '\t']) && !text.contains("  ") {
            return text.to_owned();
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}
