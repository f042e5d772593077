//! From an order's terms and dates to the receivables it stands for. Pure.

use jiff::civil::Date;

use dunlin_core::money::{Money, MoneyError};
use dunlin_core::receivable::due;
use dunlin_core::receivable::terms::{Term, split_amount};
use dunlin_core::receivable::{Milestone, Trigger};
use dunlin_store::KnownReceivable;

use super::direct_row::DirectRow;

/// One receivable as the row wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// `QH-26001#deposit`; the second of a kind is `QH-26001#balance2`.
    pub key: String,
    pub milestone: Milestone,
    pub trigger: Trigger,
    pub days: i32,
    pub amount: Money,
    pub reference: String,
    pub triggered_on: Option<Date>,
    pub due_on: Option<Date>,
}

/// The receivables of a row, in the order in which money fills them. `known` are those of earlier files; they
/// answer for columns that this file does not have.
pub fn plan(row: &DirectRow, terms: Option<&[Term]>, known: &[KnownReceivable]) -> Result<Vec<Planned>, MoneyError> {
    let fixed = [Term { milestone: Milestone::Full, share: None, trigger: Trigger::FixedDate, days: 0 }];
    let terms = terms.unwrap_or(&fixed);
    let amounts = split_amount(row.total, terms)?;
    let last = terms.len() - 1;
    let mut planned: Vec<Planned> = Vec::with_capacity(terms.len());
    for (index, (term, amount)) in terms.iter().zip(amounts).enumerate() {
        // Rounding can leave a share of nothing; the remainder has it.
        if amount.minor == 0 {
            continue;
        }
        let nth = planned.iter().filter(|earlier| earlier.milestone == term.milestone).count();
        let suffix = if nth == 0 { String::new() } else { (nth + 1).to_string() };
        let key = format!("{}#{}{suffix}", row.number, term.milestone.code());
        let before = known.iter().find(|known| known.key == key);
        let explicit = row.due_on.filter(|_| index == last);
        let triggered_on = match term.trigger {
            Trigger::FixedDate => explicit,
            trigger => triggered_on(row, trigger, before),
        };
        let due_on = explicit.or_else(|| triggered_on.map(|day| due::due_on(term.trigger, day, term.days)));
        planned.push(Planned {
            reference: reference(row, term.milestone, before),
            key,
            milestone: term.milestone,
            trigger: term.trigger,
            days: term.days,
            amount,
            triggered_on,
            due_on,
        });
    }
    Ok(planned)
}

fn triggered_on(row: &DirectRow, trigger: Trigger, before: Option<&KnownReceivable>) -> Option<Date> {
    // The end of the month is counted from the invoice.
    let of = if trigger == Trigger::EndOfMonth { Trigger::InvoiceDate } else { trigger };
    let event = row.events.iter().find(|event| event.trigger == of)?;
    // An empty cell says that nobody has written the day there, not that it has not come: it may have been entered here.
    let earlier = before.filter(|known| known.trigger == trigger).and_then(|known| known.triggered_on);
    // Without a column for the proforma invoice the order itself is what the deposit is asked on.
    let ordered = if of == Trigger::Proforma && !event.has_column { row.ordered_on } else { None };
    // What has been shipped was ready before.
    let shipped = if of == Trigger::GoodsReady { shipped_on(row) } else { None };
    event.on.or(earlier).or(ordered).or(shipped)
}

/// The first day on which the goods had surely left.
fn shipped_on(row: &DirectRow) -> Option<Date> {
    let shows = |trigger| matches!(trigger, Trigger::BlDate | Trigger::BlCopy | Trigger::Arrival);
    row.events.iter().filter(|event| shows(event.trigger)).filter_map(|event| event.on).min()
}

/// What letters call it: deposits go by the order, the rest by the invoice once there is one.
fn reference(row: &DirectRow, milestone: Milestone, before: Option<&KnownReceivable>) -> String {
    if milestone == Milestone::Deposit {
        return row.number.clone();
    }
    let known = before.filter(|_| !row.has_invoice_column);
    row.invoice_number
        .clone()
        .or_else(|| known.map(|known| known.reference.clone()))
        .unwrap_or_else(|| row.number.clone())
}
