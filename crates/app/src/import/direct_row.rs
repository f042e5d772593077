//! One row of the seller's own order sheet, read. Pure: what it means for receivables is `milestones`' business.

use jiff::civil::Date;

use dunlin_core::key_date::KeyDate;
use dunlin_core::money::Money;
use dunlin_core::receivable::terms::{self, Documentary, Term, TermsError};
use dunlin_core::receivable::{Milestone, Trigger};

use super::cells::RowReader;
use super::days::read_days;
use super::debtor_part::{DebtorPart, read_debtor};
use super::fields::Field;
use super::report::LeftOut;
use super::said::Said;
use super::words;

/// An order as the sheet has it.
#[derive(Debug, Clone)]
pub struct DirectRow {
    pub number: String,
    pub debtor: DebtorPart,
    pub total: Money,
    /// As written; empty when the sheet says nothing.
    pub terms_text: String,
    /// `None` when there are no words; then `due_on` is there, or an earlier file had the words.
    pub terms: Option<Vec<Term>>,
    pub ordered_on: Option<Date>,
    pub events: Vec<Event>,
    /// Other days of the order.
    pub days: Vec<(KeyDate, Date)>,
    pub due_on: Option<Date>,
    pub invoice_number: Option<String>,
    /// False: an invoice known from an earlier file still stands.
    pub has_invoice_column: bool,
    pub paid: Option<Money>,
    /// What is paid was told of the deposit alone: it is compared with that, and fills nothing else.
    pub paid_is_deposit: bool,
    pub paid_on: Option<Date>,
    pub goods: String,
    /// `None`: the sheet has no column of states.
    pub cancelled: Option<bool>,
}

/// What a sheet says about the day on which a trigger happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub trigger: Trigger,
    pub field: Field,
    pub on: Option<Date>,
    /// False: the sheet has no column for it, so that an empty date says nothing.
    pub has_column: bool,
}

const EVENTS: [(Trigger, Field); 6] = [
    (Trigger::Proforma, Field::ProformaOn),
    (Trigger::GoodsReady, Field::GoodsReadyOn),
    (Trigger::BlDate, Field::BlDate),
    (Trigger::BlCopy, Field::BlCopyOn),
    (Trigger::InvoiceDate, Field::InvoiceOn),
    (Trigger::Arrival, Field::ArrivalOn),
];

/// The order of the row, or `None` with the reasons among the reader's problems.
pub fn read_direct(reader: &mut RowReader<'_>, number: Option<String>, today: Date) -> Option<DirectRow> {
    let debtor = read_debtor(reader);
    let before = reader.problems.len();
    let total = reader.amount(Field::Amount);
    if total.is_none() && reader.problems.len() == before {
        reader.problem(Field::Amount, LeftOut::Row, "unread-empty", "mend-order-amount");
    }
    let paid = total.and_then(|total| reader.amount_in(Field::PaidAmount, total.currency));
    if let (Some(total), Some(paid)) = (total, paid)
        && paid.minor > total.minor
    {
        let why = Said::new("unread-above-order").with("total", total);
        reader.problem(Field::PaidAmount, LeftOut::Row, why, "mend-above-order");
    }
    let ordered_on = reader.date(Field::OrderedOn);
    let events: Vec<Event> = EVENTS.iter().map(|(trigger, field)| read_event(reader, *trigger, *field)).collect();
    let arrived_on = events.iter().find(|event| event.field == Field::ArrivalOn).and_then(|event| event.on);
    let days = read_days(reader, arrived_on);
    let due_on = reader.date(Field::DueOn);
    let (terms_text, terms) = read_terms(reader, due_on, &days);
    let invoice_number = reader.number(Field::InvoiceNumber);
    let mut paid_on = reader.date(Field::PaidAt);
    let (mut paid, mut paid_is_deposit) = (paid, false);
    // Without an amount of its own, the day says that all of it is in. A day to come is one on which that is expected.
    if let (None, Some(settled)) = (paid, reader.date(Field::SettledOn).filter(|day| *day <= today)) {
        (paid, paid_on) = (total, Some(settled));
    }
    if let (None, Some(total)) = (paid, total) {
        let (amount, day) = read_deposit(reader, total, terms.as_deref(), today);
        paid_is_deposit = amount.is_some();
        paid = amount;
        paid_on = paid_on.or(day);
    }
    let goods = reader.text(Field::Product).unwrap_or_default();
    let state = reader.text(Field::Status);
    let cancelled = reader.has_column(Field::Status).then(|| state.is_some_and(|text| words::means_cancelled(&text)));
    if reader.is_bad() {
        return None;
    }
    Some(DirectRow {
        number: number?,
        debtor,
        total: total?,
        terms_text,
        terms,
        ordered_on,
        events,
        days,
        due_on,
        invoice_number,
        has_invoice_column: reader.has_column(Field::InvoiceNumber),
        paid,
        paid_is_deposit,
        paid_on,
        goods,
        cancelled,
    })
}

fn read_event(reader: &mut RowReader<'_>, trigger: Trigger, field: Field) -> Event {
    let on = reader.date(field);
    Event { trigger, field, on, has_column: reader.has_column(field) }
}

/// What a column about the deposit says: that it is in, how much of it, or since when.
fn read_deposit(
    reader: &mut RowReader<'_>,
    total: Money,
    terms: Option<&[Term]>,
    today: Date,
) -> (Option<Money>, Option<Date>) {
    let Some(text) = reader.text(Field::DepositPaid) else { return (None, None) };
    if words::means_no(&text) {
        return (None, None);
    }
    let deposit = terms.and_then(|terms| {
        let nth = terms.iter().position(|term| term.milestone == Milestone::Deposit)?;
        terms::split_amount(total, terms).ok()?.get(nth).copied()
    });
    let is_in = words::means_yes(&text);
    // A plain number is money: read as a day of Excel's, 50000 would be one in 2036.
    let is_number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '));
    let before = reader.problems.len();
    let day = if is_in || is_number { None } else { reader.date(Field::DepositPaid) };
    if is_in || day.is_some() {
        if deposit.is_none() {
            reader.problem(Field::DepositPaid, LeftOut::Value, "unread-no-deposit", "mend-no-deposit");
        }
        if day.is_some_and(|day| day > today) {
            // The day on which it is expected, not one on which it came.
            return (None, None);
        }
        return (deposit, day);
    }
    reader.problems.truncate(before);
    (reader.amount_in(Field::DepositPaid, total.currency), None)
}

fn read_terms(
    reader: &mut RowReader<'_>,
    due_on: Option<Date>,
    days: &[(KeyDate, Date)],
) -> (String, Option<Vec<Term>>) {
    let written = reader.text(Field::Terms).or_else(|| reader.mapping.defaults.terms.clone());
    let Some(text) = written else {
        if due_on.is_none() && reader.has_column(Field::Terms) {
            reader.problem(Field::Terms, LeftOut::Row, "unread-no-terms", "mend-no-terms");
        } else if due_on.is_none() && !reader.is_bad() {
            reader.problem(Field::DueOn, LeftOut::Row, "unread-no-due", "mend-due");
        }
        return (String::new(), None);
    };
    match terms::parse(&text) {
        Ok(terms) => (text, Some(terms)),
        // The bank pays or collects by the days of the documents. Without one nothing would tell it from an open account.
        Err(TermsError::Documentary(_)) if due_on.is_some() && tells_of_documents(&text, days) => {
            let whole = Term { milestone: Milestone::Full, share: None, trigger: Trigger::FixedDate, days: 0 };
            (text, Some(vec![whole]))
        }
        Err(error) => {
            let is_documentary = matches!(error, TermsError::Documentary(_));
            let remedy = if is_documentary { "mend-documentary" } else { "mend-terms" };
            reader.problem(Field::Terms, LeftOut::Row, Said::terms(&error), remedy);
            (text, None)
        }
    }
}

/// Whether the row has a day that the playbook of its letter of credit or collection counts from.
fn tells_of_documents(text: &str, days: &[(KeyDate, Date)]) -> bool {
    let wanted = match terms::documentary(text) {
        Some(Documentary::Credit) => [KeyDate::LatestShipment, KeyDate::Presentation, KeyDate::CreditExpiry],
        Some(Documentary::Collection) => [KeyDate::Collection, KeyDate::Acceptance, KeyDate::Maturity],
        None => return false,
    };
    days.iter().any(|(kind, _)| wanted.contains(kind))
}

impl DirectRow {
    pub fn event(&self, field: Field) -> Option<&Event> {
        self.events.iter().find(|event| event.field == field)
    }

    pub fn date_of(&self, field: Field) -> Option<Date> {
        self.event(field).and_then(|event| event.on)
    }
}
