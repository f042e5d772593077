//! Conditions of steps: CEL expressions over a documented list of fields, nothing else.

use std::fmt;
use std::sync::{Arc, OnceLock};

use cel::common::ast::{Expr, IdedExpr};
use cel::{Context, Env, Program, Value};

use super::plain::Plain;
use super::problem::{Fault, instead};

/// A field that a condition may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub kind: FieldType,
    /// What it means, for the page and the manual.
    pub en: &'static str,
    pub zh: &'static str,
}

const fn field(name: &'static str, kind: FieldType, en: &'static str, zh: &'static str) -> Field {
    Field { name, kind, en, zh }
}

use FieldType::{Bool, Int, Text};

/// The one list of fields. docs/manual/playbooks.md and the page of a playbook show it; a test below keeps the manual
/// equal to it.
pub const FIELDS: [Field; 39] = [
    field(
        "days_overdue",
        Int,
        "days since the due date; negative before it, 0 when there is none",
        "到期后的天数；到期前为负数，没有到期日时为 0",
    ),
    field("outstanding_minor", Int, "what is open, in minor units (cents)", "未收金额，以最小货币单位（分）计"),
    field("amount_minor", Int, "the whole amount, in minor units", "应收总额，以最小货币单位计"),
    field("partly_paid", Bool, "less is open than the amount", "已收到部分款项"),
    field("currency", Text, "`\"USD\"`", "币种，如 `\"USD\"`"),
    field("country", Text, "two letters, `\"IT\"`; empty when unknown", "国家的两位代码，如 `\"IT\"`；未知时为空"),
    field("is_consumer", Bool, "the buyer is a consumer", "买家是个人消费者"),
    field("milestone", Text, "as in `[applies]`", "款项类别，写法同 `[applies]`"),
    field("trigger", Text, "as in `[applies]`", "起算事件，写法同 `[applies]`"),
    field("promises_broken", Int, "promises of this buyer that were broken", "该买家未兑现的付款承诺次数"),
    field(
        "role",
        Text,
        "the first of the step's roles that somebody holds at the buyer's",
        "该步骤所列职务中，买家方有人担任的第一个",
    ),
    field("steps_taken", Int, "steps of this case taken so far", "本案已走过的步骤数"),
    field(
        "why",
        Text,
        "why it is unpaid, as in `reasons`; empty while unknown",
        "未付原因，写法同 `reasons`；未知时为空",
    ),
    field(
        "grade",
        Text,
        "how much the buyer is worth to us: `\"gold\"`, `\"silver\"`, `\"bronze\"`; empty when nobody said",
        "客户等级：`\"gold\"` 金、`\"silver\"` 银、`\"bronze\"` 铜；未评级时为空",
    ),
    field("has_owner", Bool, "an owner at the buyer's can be reached", "能联系到买家的老板"),
    field("has_finance", Bool, "somebody of the buyer's finance can be reached", "能联系到买家的财务"),
    field("arrived", Bool, "the goods have arrived at the port", "货物已到港"),
    field(
        "days_at_port",
        Int,
        "days since the goods arrived; negative before, 0 while no day is known",
        "到港后的天数；到港前为负数，不知到港日时为 0",
    ),
    field(
        "order_state",
        Text,
        "of an order: how it stands, as in `states`; empty for a payment",
        "订单状态，写法同 `states`；与订单无关时为空",
    ),
    field(
        "close_reason",
        Text,
        "why the order was closed: `unpaid`, `risk_control`, `buyer`, `seller`, `other`; empty while it is not",
        "订单关闭原因：`unpaid` 未付款、`risk_control` 风控、`buyer` 买家、`seller` 卖家、`other` 其他；未关闭时为空",
    ),
    field("paid_hours", Int, "hours since the order was paid; 0 while it is not", "付款后的小时数；未付款时为 0"),
    field(
        "hours_to_ship_by",
        Int,
        "hours left to ship; negative when the time is over, 0 while none is known",
        "距发货截止的小时数；已过为负数，未知时为 0",
    ),
    field("in_stock", Bool, "all goods of the order are in stock", "订单货品全部有货"),
    field("out_of_stock", Bool, "some of the goods are not in stock", "订单货品有缺货"),
    field(
        "has_similar",
        Bool,
        "an article of the catalogue could stand in for what is not there",
        "目录中有可替代缺货品的商品",
    ),
    field("goods_count", Int, "pieces in the order", "订单货品件数"),
    field("held", Bool, "somebody of ours holds the order here", "我方暂缓发货"),
    field(
        "awaiting_answer",
        Bool,
        "something is asked that has to be known before dispatch",
        "发货前须由买家确认的事项尚未答复",
    ),
    field("carrier", Text, "code of the parcel's carrier; empty when unknown", "承运商代码；未知时为空"),
    field(
        "tracking_status",
        Text,
        "where the parcel is, as in `statuses`; empty without a parcel",
        "包裹状态，写法同 `statuses`；没有包裹时为空",
    ),
    field(
        "number_changed",
        Bool,
        "the buyer was told another tracking number of this parcel before",
        "此前告知买家的是该包裹的另一个单号",
    ),
    field("number_told", Bool, "the buyer was told this tracking number already", "已把该单号告知买家"),
    field(
        "numbers_unclear",
        Bool,
        "several numbers changed at once, and nobody has said which one this parcel had",
        "多个单号同时变更，尚无人说明该包裹原来是哪一个单号",
    ),
    field("parcel_seen", Bool, "the carrier has shown the parcel", "承运商已揽收，有物流信息"),
    field(
        "days_without_movement",
        Int,
        "days since the parcel last moved, or was handed over",
        "包裹最后一次更新（或交运）后的天数",
    ),
    field(
        "days_late",
        Int,
        "days since the last expected day; 0 when it is not late",
        "超过预计送达日的天数；未超过时为 0",
    ),
    field(
        "days_to_protection_end",
        Int,
        "days left of the buyer's protection; negative when it is over, 0 while none is known",
        "距买家保护期结束的天数；已过为负数，未知时为 0",
    ),
    field(
        "review_invited",
        Bool,
        "a message about the order has invited to a review, or is about to",
        "本订单已有邀请评价的消息（含待发）",
    ),
    field(
        "source",
        Text,
        "`marketplace` or `direct`; empty for a payment",
        "订单来源 `marketplace` 平台或 `direct` 直接；与订单无关时为空",
    ),
];

/// Fields that change with the days alone, with the case itself, or with the catalogue.
const CHANGING: [&str; 12] = [
    "days_overdue",
    "days_at_port",
    "arrived",
    "promises_broken",
    "steps_taken",
    "paid_hours",
    "hours_to_ship_by",
    "has_similar",
    "review_invited",
    "days_without_movement",
    "days_late",
    "days_to_protection_end",
];

/// Type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    Int,
    Bool,
    Text,
}

impl FieldType {
    /// The word of the manual, and the code of the page's.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Int => "number",
            Self::Bool => "true/false",
            Self::Text => "text",
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Int => "number",
            Self::Bool => "flag",
            Self::Text => "text",
        }
    }
}

/// The values of the fields for one case.
#[derive(Debug, Clone, Default)]
pub struct Fields<'a> {
    pub days_overdue: i64,
    pub outstanding_minor: i64,
    pub amount_minor: i64,
    pub partly_paid: bool,
    pub currency: &'a str,
    pub country: &'a str,
    pub is_consumer: bool,
    pub milestone: &'a str,
    pub trigger: &'a str,
    pub promises_broken: i64,
    pub role: &'a str,
    pub steps_taken: i64,
    pub why: &'a str,
    pub grade: &'a str,
    pub has_owner: bool,
    pub has_finance: bool,
    pub arrived: bool,
    pub days_at_port: i64,
    pub order: OrderFields<'a>,
}

/// Those of an order and its parcel; as they are by default for a payment.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrderFields<'a> {
    pub state: &'a str,
    pub close_reason: &'a str,
    pub paid_hours: i64,
    pub hours_to_ship_by: i64,
    pub in_stock: bool,
    pub out_of_stock: bool,
    pub has_similar: bool,
    pub goods_count: i64,
    pub held: bool,
    pub awaiting_answer: bool,
    pub carrier: &'a str,
    pub tracking_status: &'a str,
    pub number_changed: bool,
    pub number_told: bool,
    pub numbers_unclear: bool,
    pub parcel_seen: bool,
    pub days_without_movement: i64,
    pub days_late: i64,
    pub days_to_protection_end: i64,
    pub review_invited: bool,
    pub source: &'a str,
}

/// How the value of a field is read.
#[derive(Clone, Copy)]
pub(super) enum Getter {
    Int(fn(&Fields<'_>) -> i64),
    Flag(fn(&Fields<'_>) -> bool),
    Text(for<'f> fn(&Fields<'f>) -> &'f str),
}

/// The one place that knows which value belongs to which name.
pub(super) fn getter(name: &str) -> Option<Getter> {
    use Getter::{Flag, Int, Text};
    Some(match name {
        "days_overdue" => Int(|fields| fields.days_overdue),
        "outstanding_minor" => Int(|fields| fields.outstanding_minor),
        "amount_minor" => Int(|fields| fields.amount_minor),
        "partly_paid" => Flag(|fields| fields.partly_paid),
        "currency" => Text(|fields| fields.currency),
        "country" => Text(|fields| fields.country),
        "is_consumer" => Flag(|fields| fields.is_consumer),
        "milestone" => Text(|fields| fields.milestone),
        "trigger" => Text(|fields| fields.trigger),
        "promises_broken" => Int(|fields| fields.promises_broken),
        "role" => Text(|fields| fields.role),
        "steps_taken" => Int(|fields| fields.steps_taken),
        "why" => Text(|fields| fields.why),
        "grade" => Text(|fields| fields.grade),
        "has_owner" => Flag(|fields| fields.has_owner),
        "has_finance" => Flag(|fields| fields.has_finance),
        "arrived" => Flag(|fields| fields.arrived),
        "days_at_port" => Int(|fields| fields.days_at_port),
        "order_state" => Text(|fields| fields.order.state),
        "close_reason" => Text(|fields| fields.order.close_reason),
        "paid_hours" => Int(|fields| fields.order.paid_hours),
        "hours_to_ship_by" => Int(|fields| fields.order.hours_to_ship_by),
        "in_stock" => Flag(|fields| fields.order.in_stock),
        "out_of_stock" => Flag(|fields| fields.order.out_of_stock),
        "has_similar" => Flag(|fields| fields.order.has_similar),
        "goods_count" => Int(|fields| fields.order.goods_count),
        "held" => Flag(|fields| fields.order.held),
        "awaiting_answer" => Flag(|fields| fields.order.awaiting_answer),
        "carrier" => Text(|fields| fields.order.carrier),
        "tracking_status" => Text(|fields| fields.order.tracking_status),
        "number_changed" => Flag(|fields| fields.order.number_changed),
        "number_told" => Flag(|fields| fields.order.number_told),
        "numbers_unclear" => Flag(|fields| fields.order.numbers_unclear),
        "parcel_seen" => Flag(|fields| fields.order.parcel_seen),
        "days_without_movement" => Int(|fields| fields.order.days_without_movement),
        "days_late" => Int(|fields| fields.order.days_late),
        "days_to_protection_end" => Int(|fields| fields.order.days_to_protection_end),
        "review_invited" => Flag(|fields| fields.order.review_invited),
        "source" => Text(|fields| fields.order.source),
        _ => return None,
    })
}

impl Fields<'_> {
    fn value(&self, name: &str) -> Value {
        match getter(name) {
            Some(Getter::Int(get)) => Value::Int(get(self)),
            Some(Getter::Flag(get)) => Value::Bool(get(self)),
            Some(Getter::Text(get)) => Value::from(get(self)),
            None => Value::Null,
        }
    }
}

/// The functions that conditions may call. Made once: it costs more than most conditions.
fn standard() -> &'static Arc<Env> {
    static STANDARD: OnceLock<Arc<Env>> = OnceLock::new();
    STANDARD.get_or_init(|| Arc::new(Env::stdlib()))
}

/// A compiled condition with its text.
pub struct Condition {
    pub text: String,
    program: Program,
    /// The same without the interpreter, where it only compares.
    plain: Option<Plain>,
    /// Those it uses: making a value of each costs more than the comparison.
    fields: Vec<&'static str>,
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({:?})", self.text)
    }
}

const EXAMPLE: &str = "write for instance days_overdue > 30 && currency == \"USD\"";

impl Condition {
    /// Compiles the text and tries it on several cases, so that unknown fields and wrong types are found when the
    /// playbook is read, not on the day the step is due.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let program = Program::compile(text).map_err(|errors| {
            let first = errors.errors.first();
            let at = first.map_or(0, |error| offset(text, error.pos));
            let message = first.map_or_else(String::new, |error| error.msg.clone());
            vec![Fault::new(at, format!("‘{text}’ cannot be read: {message}"), EXAMPLE)]
        })?;
        let mut unknown = unknown_fields(text, &program);
        if !unknown.is_empty() {
            unknown.sort_by_key(|fault| fault.at);
            return Err(unknown);
        }
        let fields = {
            let references = program.references();
            let used = references.variables();
            FIELDS.iter().map(|field| field.name).filter(|name| used.contains(name)).collect()
        };
        let plain = Plain::of(&program.expression().expr);
        let condition = Self { text: text.to_string(), program, plain, fields };
        for sample in samples() {
            if let Err(what) = condition.interpreted(&sample) {
                return Err(vec![Fault::new(0, what, format!("compare fields with values of their type; {EXAMPLE}"))]);
            }
        }
        Ok(condition)
    }

    /// Whether the condition is true for these values.
    pub fn holds(&self, fields: &Fields<'_>) -> Result<bool, String> {
        match &self.plain {
            Some(plain) => Ok(plain.holds(fields)),
            None => self.interpreted(fields),
        }
    }

    /// As CEL says it.
    pub(super) fn interpreted(&self, fields: &Fields<'_>) -> Result<bool, String> {
        let mut context = Context::with_env(Arc::clone(standard()));
        for name in &self.fields {
            context.add_variable_from_value(*name, fields.value(name));
        }
        match self.program.execute(&context) {
            Ok(Value::Bool(answer)) => Ok(answer),
            Ok(other) => Err(format!("‘{}’ gives {other:?}, not true or false", self.text)),
            Err(error) => Err(format!("‘{}’: {error}", self.text)),
        }
    }

    /// What was read, for whoever reasons about it.
    pub(super) fn expression(&self) -> &Expr {
        &self.program.expression().expr
    }

    #[cfg(test)]
    pub(super) const fn is_plain(&self) -> bool {
        self.plain.is_some()
    }

    /// Whether only something that happens can change what it says; whatever happens to a debtor wakes its cases.
    pub fn is_steady(&self) -> bool {
        !CHANGING.iter().any(|field| self.uses(field))
    }

    pub(super) fn uses(&self, field: &str) -> bool {
        self.fields.contains(&field)
    }
}

/// Cases that differ in every field, all of them possible.
fn samples() -> [Fields<'static>; 4] {
    [
        Fields { amount_minor: 1, outstanding_minor: 1, ..Fields::default() },
        Fields {
            days_overdue: 45,
            outstanding_minor: 1_200_000,
            amount_minor: 1_200_000,
            currency: "USD",
            country: "IT",
            milestone: "balance",
            trigger: "bl_date",
            promises_broken: 2,
            role: "finance",
            steps_taken: 3,
            order: OrderFields {
                state: "paid",
                paid_hours: 20,
                hours_to_ship_by: 52,
                goods_count: 1,
                days_to_protection_end: 60,
                source: "direct",
                ..OrderFields::default()
            },
            ..Fields::default()
        },
        Fields {
            days_overdue: -4,
            outstanding_minor: 500,
            amount_minor: 9_900,
            partly_paid: true,
            currency: "EUR",
            country: "DE",
            is_consumer: true,
            milestone: "full",
            trigger: "order_placed",
            role: "buyer",
            ..Fields::default()
        },
        Fields {
            days_overdue: 400,
            outstanding_minor: 99_000_000,
            amount_minor: 100_000_000,
            partly_paid: true,
            currency: "CNY",
            country: "US",
            milestone: "deposit",
            trigger: "proforma",
            promises_broken: 9,
            role: "owner",
            steps_taken: 12,
            why: "bargaining",
            grade: "gold",
            has_owner: true,
            has_finance: true,
            arrived: true,
            days_at_port: 12,
            order: OrderFields {
                state: "part_shipped",
                close_reason: "other",
                paid_hours: 40,
                hours_to_ship_by: -3,
                in_stock: true,
                out_of_stock: true,
                has_similar: true,
                goods_count: 12,
                held: true,
                awaiting_answer: true,
                carrier: "yunexpress",
                tracking_status: "in_transit",
                number_changed: true,
                number_told: true,
                numbers_unclear: true,
                parcel_seen: true,
                days_without_movement: 14,
                days_late: 3,
                days_to_protection_end: -1,
                review_invited: true,
                source: "marketplace",
            },
            ..Fields::default()
        },
    ]
}

fn unknown_fields(text: &str, program: &Program) -> Vec<Fault> {
    let known: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
    let references = program.references();
    let unknown = references.variables().into_iter().filter(|name| !known.contains(name));
    let fault = |name: &str| {
        let at = place_of(program, program.expression(), name).unwrap_or_else(|| text.find(name).unwrap_or(0));
        Fault::new(at, format!("‘{name}’ is not a field of conditions"), instead(name, &known))
    };
    unknown.map(fault).collect()
}

/// Where a name stands in the text.
fn place_of(program: &Program, at: &IdedExpr, name: &str) -> Option<usize> {
    let within = |inner: &IdedExpr| place_of(program, inner, name);
    match &at.expr {
        Expr::Ident(known) if known == name => {
            program.source_info().offset_for(at.id).and_then(|(start, _)| usize::try_from(start).ok())
        }
        Expr::Call(call) => call.target.iter().map(AsRef::as_ref).chain(&call.args).find_map(within),
        Expr::List(list) => list.elements.iter().find_map(within),
        Expr::Select(select) => within(&select.operand),
        _ => None,
    }
}

/// Line and column, both from 1, as bytes from the beginning.
fn offset(text: &str, (line, column): (isize, isize)) -> usize {
    let (line, column) = (usize::try_from(line).unwrap_or(0), usize::try_from(column).unwrap_or(0));
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        Condition::parse(text).expect_err(text).remove(0)
    }

    #[test]
    fn tells_unknown_fields_and_wrong_types() {
        assert!(Condition::parse("days_overdue > 3 && currency == 'USD'").is_ok());
        let late = fault("is_consumer && days_overdu > 3");
        assert_eq!((late.at, late.what.contains("not a field")), (15, true));
        assert!(late.remedy.contains("‘days_overdue’"), "{}", late.remedy);
        assert_eq!(Condition::parse("a > 1 || b > 2").unwrap_err().len(), 2);
        assert!(fault("days_overdue + 3").what.contains("not true or false"));
        assert!(fault("days_overdue >").what.contains("cannot be read"));
        let fields = Fields { days_overdue: 4, currency: "USD", ..Fields::default() };
        assert_eq!(Condition::parse("days_overdue > 3").expect("valid").holds(&fields), Ok(true));
    }

    #[test]
    fn tries_more_than_one_case() {
        // Sound on the day before, nonsense a month later.
        assert!(fault("days_overdue < 30 || currency > 3").what.contains("currency"));
        assert!(fault("days_overdue > 30 ? country : true").what.contains("not true or false"));
    }

    #[test]
    fn the_manual_lists_the_fields_as_they_are() {
        let manual = include_str!("../../../../docs/manual/playbooks.md");
        let listed: Vec<&str> = manual
            .lines()
            .skip_while(|line| !line.starts_with("| field |"))
            .skip(2)
            .take_while(|line| line.starts_with('|'))
            .collect();
        let wanted: Vec<String> =
            FIELDS.iter().map(|field| format!("| `{}` | {} | {} |", field.name, field.kind.word(), field.en)).collect();
        assert_eq!(listed, wanted);
    }
}
