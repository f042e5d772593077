//! Writes the dollar account's statements as SWIFT MT940 (Category 9, customer statement message): one message per
//! banking day, `:86:` in code words (`/NAME/`, `/REMI/`, `/EREF/`).

use super::behaviour::decimal;
use super::company::USD_ACCOUNT;
use super::statements::{DayStatement, Delivery, Entry, Kind};

/// The file of one delivery.
pub fn mt940(delivery: &Delivery) -> Vec<u8> {
    delivery.days.iter().map(message).collect::<String>().into_bytes()
}

fn message(day: &DayStatement) -> String {
    let date = day.date.strftime("%y%m%d").to_string();
    let mut lines = vec![
        format!(":20:ST{date}{:05}", day.number),
        format!(":25:{USD_ACCOUNT}"),
        format!(":28C:{}/1", day.number),
        format!(":60F:{}{date}USD{}", side(day.opening), comma(day.opening)),
    ];
    for entry in &day.entries {
        lines.push(statement_line(day, entry));
        lines.push(format!(":86:{}", details(entry).join("\r\n")));
    }
    lines.push(format!(":62F:{}{date}USD{}", side(day.closing), comma(day.closing)));
    lines.push(format!(":64:{}{date}USD{}", side(day.closing), comma(day.closing)));
    lines.push("-".into());
    lines.iter().flat_map(|line| [line, "\r\n"]).collect()
}

fn statement_line(day: &DayStatement, entry: &Entry) -> String {
    let (kind, reference) = match &entry.kind {
        Kind::Credit(payment) => ("NTRF", reference(&payment.text)),
        Kind::Settlement => ("NTRF", "NONREF"),
        Kind::Fee => ("NCHG", "NONREF"),
    };
    let (value, booked) = (day.date.strftime("%y%m%d"), day.date.strftime("%m%d"));
    format!(
        ":61:{value}{booked}{}{}{kind}{reference}//{}",
        side(entry.amount),
        comma(entry.amount),
        entry.bank_reference
    )
}

/// The invoice or order number if the payer named exactly one, as the account owner's reference.
fn reference(text: &str) -> &str {
    let mut numbers = text.split(' ').filter(|word| word.starts_with("INV-") || word.starts_with("QH-"));
    match (numbers.next(), numbers.next()) {
        (Some(number), None) => number,
        _ => "NONREF",
    }
}

/// One code word a line: none is longer than the 65 characters of a line, so that no reference is torn apart.
fn details(entry: &Entry) -> Vec<String> {
    match &entry.kind {
        Kind::Credit(payment) => {
            let mut lines = vec![
                format!("/NAME/{}", payment.payer),
                format!("/REMI/{}", payment.text),
                format!("/EREF/{}", payment.transfer),
            ];
            if payment.charges > 0 {
                lines.push(format!("/CHGS/USD{}", comma(payment.charges)));
            }
            lines
        }
        Kind::Settlement => vec!["/REMI/FX SETTLEMENT TO CNY ACCOUNT".into()],
        Kind::Fee => vec!["/REMI/ACCOUNT MAINTENANCE FEE".into()],
    }
}

const fn side(amount: i64) -> char {
    if amount < 0 { 'D' } else { 'C' }
}

fn comma(amount: i64) -> String {
    decimal(amount.abs()).replace('.', ",")
}
