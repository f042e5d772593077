//! Accounts, balances, amounts and dates of a camt message.

use super::tree::Element;
use crate::amount::{usual_digits, xml_amount};
use crate::model::Balance;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// The account number: IBAN, or whatever scheme the bank uses (`Othr` from version 2, `BBAN` and `PrtryAcct`
/// in version 1).
pub(super) fn account(acct: Element<'_>) -> Option<String> {
    let id = acct.find(&["Id"])?;
    let paths: [&[&str]; 5] = [&["IBAN"], &["Othr", "Id"], &["BBAN"], &["PrtryAcct", "Id"], &["UPIC"]];
    paths.iter().find_map(|path| id.text(path)).map(|text| text.replace(' ', ""))
}

/// `Dt` or `DtTm` below the element, the civil date as the bank wrote it. The error names the bad text.
pub(super) fn date(element: Option<Element<'_>>) -> Result<Option<Date>, String> {
    let text = element.and_then(|dt| dt.text(&["Dt"]).or_else(|| dt.text(&["DtTm"])));
    let Some(text) = text else { return Ok(None) };
    let date = text.get(..10).and_then(|day| day.parse().ok());
    date.map(Some).ok_or_else(|| format!("impossible date ‘{text}’"))
}

/// The amount with its sign from `CdtDbtInd`.
pub(super) fn signed_amount(element: Element<'_>) -> Result<(Decimal, String), String> {
    let amount = element.find(&["Amt"]).ok_or("no amount")?;
    let text = amount.value().ok_or("no amount")?;
    let value = xml_amount(text).ok_or_else(|| format!("unreadable amount ‘{text}’"))?;
    let value = match element.text(&["CdtDbtInd"]) {
        Some("CRDT") => value,
        Some("DBIT") => -value,
        Some(other) => return Err(format!("neither credit nor debit: ‘{other}’")),
        None => return Err("neither credit nor debit: CdtDbtInd is missing".into()),
    };
    Ok((usual_digits(value, amount.currency()), amount.currency().to_owned()))
}

/// One `Bal` with its type code.
pub(super) struct TypedBalance {
    pub code: String,
    pub currency: String,
    pub balance: Balance,
}

pub(super) fn typed_balance(bal: Element<'_>) -> Result<TypedBalance, String> {
    let (amount, currency) = signed_amount(bal)?;
    let date = date(bal.find(&["Dt"]))?.ok_or("a balance without a date")?;
    let code = bal
        .text(&["Tp", "CdOrPrtry", "Cd"])
        .or_else(|| bal.text(&["Tp", "CdOrPrtry", "Prtry"]))
        .or_else(|| bal.text(&["Tp", "Cd"]));
    Ok(TypedBalance { code: code.unwrap_or_default().to_owned(), currency, balance: Balance { date, amount } })
}

/// Opening and closing booked balance. `OPBD`, else the previous closing one (`PRCD`); `CLBD`. The pages of a
/// statement in parts carry interim balances (`ITBD`) instead: the first opens, the last closes. Available,
/// forward and expected balances are no booked balances and are never used.
pub(super) fn choose(balances: &[TypedBalance], currency: &str) -> (Option<Balance>, Option<Balance>) {
    let of = |code: &'static str| {
        balances.iter().filter(move |b| b.code == code && b.currency == currency).map(|b| b.balance)
    };
    let interim: Vec<Balance> = of("ITBD").collect();
    let opening = of("OPBD").next().or_else(|| of("PRCD").next());
    let closing = of("CLBD").next_back();
    match (opening, closing, interim.as_slice()) {
        (None, None, [first, .., last]) => (Some(*first), Some(*last)),
        (None, Some(_), [first, ..]) => (Some(*first), closing),
        (Some(_), None, [.., last]) => (opening, Some(*last)),
        _ => (opening, closing),
    }
}

/// What the statement's currency is when the account does not say.
pub(super) fn currency_of(balances: &[TypedBalance]) -> Option<&str> {
    let code = |code: &str| balances.iter().find(|b| b.code == code).map(|b| b.currency.as_str());
    code("OPBD")
        .or_else(|| code("PRCD"))
        .or_else(|| code("CLBD"))
        .or_else(|| balances.first().map(|b| b.currency.as_str()))
}
