//! Conditions that only compare fields with fixed values, evaluated without the interpreter: nearly all are of this kind,
//! and asking them is most of what a sleeping case costs. What is more than that stays with CEL; a test below holds
//! both to the same answers.

use cel::common::ast::{Expr, IdedExpr, LiteralValue, operators};

use super::condition::{Fields, Getter, getter};

/// A condition, ready to be asked.
pub(super) enum Plain {
    Fixed(bool),
    Flag(fn(&Fields<'_>) -> bool),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Number(Number, Order, Number),
    Text(for<'f> fn(&Fields<'f>) -> &'f str, String),
}

/// One side of a comparison of numbers.
pub(super) enum Number {
    Fixed(i64),
    Field(fn(&Fields<'_>) -> i64),
}

/// How two numbers are compared.
#[derive(Clone, Copy)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
}

impl Plain {
    /// `None` for an expression that does more than compare.
    pub(super) fn of(expression: &Expr) -> Option<Self> {
        match expression {
            Expr::Literal(LiteralValue::Boolean(fixed)) => Some(Self::Fixed(*fixed.inner())),
            Expr::Ident(name) => match getter(name)? {
                Getter::Flag(get) => Some(Self::Flag(get)),
                Getter::Int(_) | Getter::Text(_) => None,
            },
            Expr::Call(call) if call.target.is_none() => Self::of_call(&call.func_name, &call.args),
            _ => None,
        }
    }

    fn of_call(name: &str, arguments: &[IdedExpr]) -> Option<Self> {
        let parts = || arguments.iter().map(|part| Self::of(&part.expr)).collect::<Option<Vec<Self>>>();
        match (name, arguments) {
            (operators::LOGICAL_AND, _) => Some(Self::All(parts()?)),
            (operators::LOGICAL_OR, _) => Some(Self::Any(parts()?)),
            (operators::LOGICAL_NOT, [inner]) => Some(not(Self::of(&inner.expr)?)),
            (operators::IN, [field, list]) => {
                let Expr::List(list) = &list.expr else { return None };
                let one = |item: &IdedExpr| Self::compared(operators::EQUALS, &field.expr, &item.expr);
                Some(Self::Any(list.elements.iter().map(one).collect::<Option<Vec<Self>>>()?))
            }
            (_, [left, right]) => Self::compared(name, &left.expr, &right.expr),
            _ => None,
        }
    }

    fn compared(name: &str, left: &Expr, right: &Expr) -> Option<Self> {
        if let (Some(left), Some(right)) = (number(left), number(right)) {
            return Some(match name {
                operators::EQUALS => Self::Number(left, Order::Equal, right),
                operators::NOT_EQUALS => not(Self::Number(left, Order::Equal, right)),
                operators::LESS => Self::Number(left, Order::Less, right),
                operators::LESS_EQUALS => Self::Number(left, Order::LessOrEqual, right),
                operators::GREATER => Self::Number(right, Order::Less, left),
                operators::GREATER_EQUALS => Self::Number(right, Order::LessOrEqual, left),
                _ => return None,
            });
        }
        let ((Expr::Ident(field), Expr::Literal(LiteralValue::String(fixed)))
        | (Expr::Literal(LiteralValue::String(fixed)), Expr::Ident(field))) = (left, right)
        else {
            return None;
        };
        let Getter::Text(get) = getter(field)? else { return None };
        let same = Self::Text(get, fixed.inner().to_string());
        match name {
            operators::EQUALS => Some(same),
            operators::NOT_EQUALS => Some(not(same)),
            _ => None,
        }
    }

    pub(super) fn holds(&self, fields: &Fields<'_>) -> bool {
        match self {
            Self::Fixed(fixed) => *fixed,
            Self::Flag(get) => get(fields),
            Self::Not(inner) => !inner.holds(fields),
            Self::All(parts) => parts.iter().all(|part| part.holds(fields)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(fields)),
            Self::Number(left, order, right) => {
                let (left, right) = (left.of(fields), right.of(fields));
                match order {
                    Order::Equal => left == right,
                    Order::Less => left < right,
                    Order::LessOrEqual => left <= right,
                }
            }
            Self::Text(get, fixed) => get(fields) == fixed,
        }
    }
}

impl Number {
    fn of(&self, fields: &Fields<'_>) -> i64 {
        match self {
            Self::Fixed(fixed) => *fixed,
            Self::Field(get) => get(fields),
        }
    }
}

fn not(inner: Plain) -> Plain {
    Plain::Not(Box::new(inner))
}

fn number(expression: &Expr) -> Option<Number> {
    match expression {
        Expr::Literal(LiteralValue::Int(fixed)) => Some(Number::Fixed(*fixed.inner())),
        Expr::Call(call) if call.func_name == operators::NEGATE => match call.args.as_slice() {
            [inner] => match &inner.expr {
                Expr::Literal(LiteralValue::Int(fixed)) => fixed.inner().checked_neg().map(Number::Fixed),
                _ => None,
            },
            _ => None,
        },
        Expr::Ident(name) => match getter(name)? {
            Getter::Int(get) => Some(Number::Field(get)),
            Getter::Flag(_) | Getter::Text(_) => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::condition::{Condition, FIELDS, FieldType, Fields, OrderFields};

    /// A comparison of any field, written as a playbook would.
    fn comparison() -> impl Strategy<Value = String> {
        let order = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
        let number = -3_i64..60;
        let word = prop::sample::select(vec!["USD", "IT", "owner", "finance", "balance", ""]);
        (0..FIELDS.len(), order, number, word, any::<bool>()).prop_map(|(field, order, number, word, turned)| {
            let field = FIELDS[field];
            let order_of_texts = if order.starts_with('!') { "!=" } else { "==" };
            let (order, fixed) = match field.kind {
                FieldType::Bool => return if turned { format!("!{}", field.name) } else { field.name.to_string() },
                FieldType::Int => (order, number.to_string()),
                FieldType::Text if turned => return format!("{} in [\"{word}\", \"b\"]", field.name),
                FieldType::Text => (order_of_texts, format!("\"{word}\"")),
            };
            if turned { format!("{fixed} {order} {}", field.name) } else { format!("{} {order} {fixed}", field.name) }
        })
    }

    fn condition() -> impl Strategy<Value = String> {
        comparison().prop_recursive(3, 12, 2, |inner| {
            (inner.clone(), inner, 0..3).prop_map(|(a, b, how)| match how {
                0 => format!("({a}) && ({b})"),
                1 => format!("({a}) || ({b})"),
                _ => format!("!({a})"),
            })
        })
    }

    proptest! {
        #[test]
        fn says_what_cel_says(text in condition(), n in -3_i64..60, flags in any::<[bool; 5]>(), word in 0..6_usize) {
            let word = ["USD", "IT", "owner", "finance", "balance", ""][word];
            let condition = Condition::parse(&text).expect("a condition");
            prop_assert!(condition.is_plain(), "{text}");
            let [partly_paid, is_consumer, has_owner, has_finance, arrived] = flags;
            let fields = Fields {
                days_overdue: n, outstanding_minor: n, amount_minor: n + 1, promises_broken: n, steps_taken: n,
                days_at_port: n, currency: word, country: word, milestone: word, trigger: word, role: word, why: word, grade: word,
                partly_paid, is_consumer, has_owner, has_finance, arrived,
                order: OrderFields {
                    state: word, close_reason: word, carrier: word, tracking_status: word, source: word,
                    paid_hours: n, hours_to_ship_by: n, goods_count: n, days_without_movement: n, days_late: n,
                    days_to_protection_end: n, in_stock: has_owner, out_of_stock: arrived, held: partly_paid,
                    awaiting_answer: is_consumer, parcel_seen: has_finance, has_similar: has_owner,
                    review_invited: arrived, number_changed: partly_paid, numbers_unclear: is_consumer, number_told: arrived,
                },
            };
            prop_assert_eq!(condition.holds(&fields), condition.interpreted(&fields), "{}", text);
        }
    }

    #[test]
    fn more_than_a_comparison_is_left_to_cel() {
        for text in ["days_overdue * 2 > 30", "country.startsWith(\"I\")", "partly_paid ? arrived : has_owner"] {
            let condition = Condition::parse(text).expect(text);
            assert!(!condition.is_plain(), "{text}");
        }
    }
}
