//! Conditions that can never be true. Said only where it is certain: the expression compares fields with fixed values and
//! nothing else, so that trying each field at, below and above every value it is compared with tries every case there is.

use std::collections::BTreeMap;

use cel::common::ast::{Expr, IdedExpr, LiteralValue, operators};

use super::condition::{Condition, FIELDS, FieldType, Fields};
use crate::grade::Grade;
use crate::order::story::{CloseReason, OrderState};
use crate::party::ContactRole;
use crate::receivable::{Milestone, Trigger};
use crate::shipment::status::TrackingStatus;
use crate::why::WhyUnpaid;

/// Above this many cases nothing is said.
const MOST_CASES: usize = 1_000;

/// Whether no case makes the condition true, for a step with these roles.
pub(super) fn is_never(condition: &Condition, roles: &[ContactRole]) -> bool {
    let mut values: BTreeMap<&'static str, Compared> = BTreeMap::new();
    if !is_plain(condition.expression(), &mut values) {
        return false;
    }
    let axes: Vec<(&'static str, Vec<Sample>)> =
        values.into_iter().map(|(name, compared)| (name, compared.domain(name, roles))).collect();
    let cases = axes.iter().try_fold(1_usize, |all, (_, values)| all.checked_mul(values.len()));
    let Some(cases) = cases.filter(|cases| *cases <= MOST_CASES) else {
        return false;
    };
    (0..cases).all(|case| {
        let mut fields = Fields::default();
        let mut rest = case;
        for (name, values) in &axes {
            put(&mut fields, name, &values[rest % values.len()]);
            rest /= values.len();
        }
        condition.holds(&fields) == Ok(false)
    })
}

/// Numbers of days and hours that count down too.
const MAY_BE_NEGATIVE: [&str; 4] = ["days_overdue", "days_at_port", "hours_to_ship_by", "days_to_protection_end"];

/// What a field is compared with.
#[derive(Default)]
struct Compared {
    numbers: Vec<i64>,
    texts: Vec<String>,
}

/// One value of a field.
enum Sample {
    Int(i64),
    Bool(bool),
    Text(String),
}

impl Compared {
    /// One value for every case that the comparisons tell apart, of those that can be.
    fn domain(self, name: &str, roles: &[ContactRole]) -> Vec<Sample> {
        let kind = FIELDS.iter().find(|field| field.name == name).map_or(FieldType::Text, |field| field.kind);
        match kind {
            FieldType::Bool => vec![Sample::Bool(false), Sample::Bool(true)],
            FieldType::Int => {
                let around = |n: &i64| [n.saturating_sub(1), *n, n.saturating_add(1)];
                let mut all: Vec<i64> = self.numbers.iter().flat_map(around).chain([0]).collect();
                all.retain(|n| *n >= 0 || MAY_BE_NEGATIVE.contains(&name));
                all.sort_unstable();
                all.dedup();
                all.into_iter().map(Sample::Int).collect()
            }
            FieldType::Text => texts(name, self.texts, roles).into_iter().map(Sample::Text).collect(),
        }
    }
}

fn texts(name: &str, compared: Vec<String>, roles: &[ContactRole]) -> Vec<String> {
    let codes = |codes: Vec<&str>| codes.into_iter().map(str::to_string).collect();
    let is_code = |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_uppercase());
    // One that is none of those compared with stands for all others.
    let other = |length: usize| {
        let made = (b'A'..=b'Z').map(|letter| char::from(letter).to_string().repeat(length));
        made.into_iter().find(|made| !compared.contains(made)).unwrap_or_default()
    };
    match name {
        "milestone" => codes(Milestone::ALL.iter().map(|known| known.code()).collect()),
        "trigger" => codes(Trigger::ALL.iter().map(|known| known.code()).collect()),
        "role" => codes(roles.iter().map(|role| role.code()).chain([""]).collect()),
        "why" => codes(WhyUnpaid::ALL.iter().map(|known| known.code()).chain([""]).collect()),
        "grade" => codes(Grade::ALL.iter().map(|known| known.code()).chain([""]).collect()),
        "order_state" => codes(OrderState::ALL.iter().map(|known| known.code()).chain([""]).collect()),
        "close_reason" => codes(CloseReason::ALL.iter().map(|known| known.code()).chain([""]).collect()),
        "tracking_status" => codes(TrackingStatus::ALL.iter().map(|known| known.code()).chain([""]).collect()),
        "source" => codes(vec!["marketplace", "direct", ""]),
        "carrier" => {
            // Any word may be a carrier's.
            let mut all = vec![String::new(), other(9)];
            all.extend(compared.iter().cloned());
            all
        }
        "currency" => {
            let mut all = vec![other(3)];
            all.extend(compared.iter().filter(|text| is_code(text, 3)).cloned());
            all
        }
        _ => {
            let mut all = vec![String::new(), other(2)];
            all.extend(compared.iter().filter(|text| is_code(text, 2)).cloned());
            all
        }
    }
}

fn put<'f>(fields: &mut Fields<'f>, name: &str, value: &'f Sample) {
    let (number, flag, text) = match value {
        Sample::Int(number) => (*number, false, ""),
        Sample::Bool(flag) => (0, *flag, ""),
        Sample::Text(text) => (0, false, text.as_str()),
    };
    match name {
        "days_overdue" => fields.days_overdue = number,
        "outstanding_minor" => fields.outstanding_minor = number,
        "amount_minor" => fields.amount_minor = number,
        "promises_broken" => fields.promises_broken = number,
        "steps_taken" => fields.steps_taken = number,
        "partly_paid" => fields.partly_paid = flag,
        "is_consumer" => fields.is_consumer = flag,
        "currency" => fields.currency = text,
        "country" => fields.country = text,
        "milestone" => fields.milestone = text,
        "trigger" => fields.trigger = text,
        "role" => fields.role = text,
        "why" => fields.why = text,
        "grade" => fields.grade = text,
        "has_owner" => fields.has_owner = flag,
        "has_finance" => fields.has_finance = flag,
        "arrived" => fields.arrived = flag,
        "days_at_port" => fields.days_at_port = number,
        "order_state" => fields.order.state = text,
        "close_reason" => fields.order.close_reason = text,
        "paid_hours" => fields.order.paid_hours = number,
        "hours_to_ship_by" => fields.order.hours_to_ship_by = number,
        "in_stock" => fields.order.in_stock = flag,
        "out_of_stock" => fields.order.out_of_stock = flag,
        "has_similar" => fields.order.has_similar = flag,
        "goods_count" => fields.order.goods_count = number,
        "held" => fields.order.held = flag,
        "awaiting_answer" => fields.order.awaiting_answer = flag,
        "carrier" => fields.order.carrier = text,
        "tracking_status" => fields.order.tracking_status = text,
        "number_changed" => fields.order.number_changed = flag,
        "number_told" => fields.order.number_told = flag,
        "numbers_unclear" => fields.order.numbers_unclear = flag,
        "parcel_seen" => fields.order.parcel_seen = flag,
        "days_without_movement" => fields.order.days_without_movement = number,
        "days_late" => fields.order.days_late = number,
        "days_to_protection_end" => fields.order.days_to_protection_end = number,
        "review_invited" => fields.order.review_invited = flag,
        "source" => fields.order.source = text,
        _ => {}
    }
}

/// Whether the expression only compares fields with fixed values; notes with which.
fn is_plain(expression: &Expr, noted: &mut BTreeMap<&'static str, Compared>) -> bool {
    match expression {
        Expr::Literal(LiteralValue::Boolean(_)) => true,
        Expr::Ident(name) => note(name, None, noted),
        Expr::Call(call) if call.target.is_none() => match (call.func_name.as_str(), call.args.as_slice()) {
            (
                operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT | operators::CONDITIONAL,
                parts,
            ) => parts.iter().all(|part| is_plain(&part.expr, noted)),
            (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => is_comparison(left, right, true, noted),
            (
                operators::GREATER | operators::GREATER_EQUALS | operators::LESS | operators::LESS_EQUALS,
                [left, right],
            ) => is_comparison(left, right, false, noted),
            (operators::IN, [left, right]) => match (&left.expr, &right.expr) {
                (Expr::Ident(name), Expr::List(list)) => list
                    .elements
                    .iter()
                    .all(|item| fixed(&item.expr).is_some_and(|value| note(name, Some(value), noted))),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

fn is_comparison(
    left: &IdedExpr,
    right: &IdedExpr,
    equality: bool,
    noted: &mut BTreeMap<&'static str, Compared>,
) -> bool {
    let (name, value) = match (&left.expr, &right.expr) {
        (Expr::Ident(name), value) | (value, Expr::Ident(name)) => (name, fixed(value)),
        (left, right) => return fixed(left).is_some() && fixed(right).is_some(),
    };
    // Which texts come before others is nothing that a few samples tell.
    value.is_some_and(|value| (equality || matches!(value, Sample::Int(_))) && note(name, Some(value), noted))
}

/// A number, truth value or text written down.
fn fixed(expression: &Expr) -> Option<Sample> {
    match expression {
        Expr::Literal(LiteralValue::Int(number)) => Some(Sample::Int(*number.inner())),
        Expr::Literal(LiteralValue::Boolean(flag)) => Some(Sample::Bool(*flag.inner())),
        Expr::Literal(LiteralValue::String(text)) => Some(Sample::Text(text.inner().to_string())),
        Expr::Call(call) if call.target.is_none() && call.func_name == operators::NEGATE => {
            match call.args.as_slice() {
                [only] => match fixed(&only.expr)? {
                    Sample::Int(number) => Some(Sample::Int(number.checked_neg()?)),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}

fn note(name: &str, value: Option<Sample>, noted: &mut BTreeMap<&'static str, Compared>) -> bool {
    let Some(field) = FIELDS.iter().find(|field| field.name == name) else {
        return false;
    };
    let compared = noted.entry(field.name).or_default();
    match (field.kind, value) {
        (FieldType::Int, Some(Sample::Int(number))) => compared.numbers.push(number),
        (FieldType::Text, Some(Sample::Text(text))) => compared.texts.push(text),
        (FieldType::Bool, None | Some(Sample::Bool(_))) => {}
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn never(text: &str) -> bool {
        is_never(&Condition::parse(text).expect(text), &[ContactRole::Finance, ContactRole::Buyer])
    }

    #[test]
    fn what_cannot_be_true_is_told() {
        for text in [
            "false",
            "1 > 2",
            "days_overdue > 30 && days_overdue < 10",
            "days_overdue > 5 && days_overdue < 6",
            "outstanding_minor < 0",
            "milestone == 'depozit'",
            "grade == 'platinum'",
            "milestone == 'deposit' && milestone == 'balance'",
            "currency == 'USD' && currency != 'USD'",
            "country == 'it'",
            "role == 'logistics'",
            "is_consumer && !is_consumer",
            "days_overdue in [3, 4] && days_overdue > 4",
        ] {
            assert!(never(text), "{text}");
        }
    }

    #[test]
    fn what_can_be_true_is_left_alone() {
        for text in [
            "true",
            "days_overdue < -3",
            "days_overdue > 5 && days_overdue < 7",
            "milestone == 'deposit' || milestone == 'balance'",
            "role == ''",
            "role == 'buyer'",
            "country == 'IT' && currency == 'EUR'",
            "partly_paid == false && amount_minor >= 100",
            "steps_taken == 0",
            "grade == 'gold' || grade == ''",
            // Beyond what is tried: nothing is said, although nobody will ever meet it.
            "outstanding_minor > amount_minor * 2",
            "country.startsWith('X') && currency == 'USD'",
        ] {
            assert!(!never(text), "{text}");
        }
    }
}
