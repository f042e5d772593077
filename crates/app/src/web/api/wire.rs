//! What every noun says in the same way: amounts, days, reasons in words, names of debtors. Amounts are decimal strings
//! with their currency, days `YYYY-MM-DD`, instants RFC 3339 in UTC.

use std::borrow::Cow;

use dunlin_core::case::OtherHands;
use dunlin_core::money::{self, Money};
use dunlin_core::order::asks::{AskEnd, AskKind};
use dunlin_core::order::slip::OrderSlip;
use dunlin_core::order::story::CloseReason;
use dunlin_core::reason::Reason;
use dunlin_core::talk::LONGEST_TALK;
use dunlin_core::why::WhyUnpaid;
use dunlin_store::pages::debtor_list::PartyName;
use jiff::civil::Date;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::problem::{NOT_POSSIBLE, Problem};
use crate::house::House;
use crate::use_cases::explain_receivable::reasons_json;
use crate::use_cases::note_order_state::{word_named, words};
use crate::use_cases::turn_case::MOST_NAME;
use crate::use_cases::unpaid_why::MOST_WORDS;

/// An amount of money.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Amount {
    /// With as many decimals as the currency has.
    #[schema(pattern = r"^-?\d{1,18}(\.\d{1,4})?$", example = "1234.50")]
    pub amount: String,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    pub currency: String,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { amount: money.decimal(), currency: money.currency.code().to_string() }
    }
}

/// An amount that a caller names.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedAmount {
    pub amount: PlainDecimal,
    pub currency: CurrencyCode,
}

impl AskedAmount {
    pub fn money(&self) -> Result<Money, Problem> {
        let read = money::currency(&self.currency.0).and_then(|currency| Money::parse(&self.amount.0, currency));
        read.map_err(|error| Problem::new(NOT_POSSIBLE, format!("amount: {error}")))
    }
}

/// Reads a text that has to fit, and says what was expected.
fn fitting<'de, D: Deserializer<'de>>(
    deserializer: D,
    fits: impl Fn(&str) -> bool,
    expected: &str,
) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if fits(&text) { Ok(text) } else { Err(D::Error::custom(format!("expected {expected}"))) }
}

fn text_schema(object: ObjectBuilder) -> RefOr<Schema> {
    object.schema_type(Type::String).build().into()
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $fits:expr, $expected:literal, $schema:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                fitting(deserializer, $fits, $expected).map(Self)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                text_schema($schema)
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}

/// Longest reason or note, in characters.
const LONGEST: usize = 2_000;

text_type!(
    /// `1234.50`.
    PlainDecimal,
    is_plain_decimal,
    "a decimal such as 1234.50",
    ObjectBuilder::new().pattern(Some(r"^[0-9]{1,12}(\.[0-9]{1,4})?$")).description(Some("A plain decimal."))
);
text_type!(
    /// `USD`.
    CurrencyCode,
    |text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
    "an ISO 4217 code such as USD",
    ObjectBuilder::new().pattern(Some("^[A-Z]{3}$")).description(Some("A currency, ISO 4217."))
);
text_type!(
    /// Why something is done; others will read it.
    Words,
    |text| is_said(text) && text.chars().count() <= LONGEST,
    "a text of 1 to 2000 characters that is not blank",
    ObjectBuilder::new()
        .min_length(Some(1))
        .max_length(Some(LONGEST))
        .pattern(Some(r"[^\s\x00-\x1f\x7f-\x9f]"))
        .description(Some("Why it is done; it stays in the records."))
);
text_type!(
    /// A remark; may be empty.
    #[derive(Default)]
    Note,
    |text| text.chars().count() <= LONGEST,
    "a text of at most 2000 characters",
    ObjectBuilder::new().max_length(Some(LONGEST)).description(Some("A remark; may be empty."))
);
text_type!(
    /// The words of a talk.
    LongText,
    |text| text.chars().any(|c| !c.is_whitespace() && !c.is_control()) && text.chars().count() <= LONGEST_TALK,
    "a text of 1 to 20000 characters that is not blank",
    ObjectBuilder::new()
        .min_length(Some(1))
        .max_length(Some(LONGEST_TALK))
        .pattern(Some(r"[^\s\x00-\x1f\x7f-\x9f]"))
        .description(Some("The words, as they were pasted."))
);

text_type!(
    /// A short remark; may be empty.
    #[derive(Default)]
    Remark,
    |text| text.chars().count() <= MOST_WORDS,
    "a text of at most 500 characters",
    ObjectBuilder::new().max_length(Some(MOST_WORDS)).description(Some("A short remark; may be empty."))
);
text_type!(
    /// Why something is done, in short.
    ShortWords,
    |text| is_said(text) && text.chars().count() <= MOST_WORDS,
    "a text of 1 to 500 characters that is not blank",
    ObjectBuilder::new()
        .min_length(Some(1))
        .max_length(Some(MOST_WORDS))
        .pattern(Some(r"[^\s\x00-\x1f\x7f-\x9f]"))
        .description(Some("Why it is done; it stays in the records."))
);
text_type!(
    /// A name.
    ShortName,
    |text| is_said(text) && text.chars().count() <= MOST_NAME,
    "a name of 1 to 200 characters",
    ObjectBuilder::new()
        .min_length(Some(1))
        .max_length(Some(MOST_NAME))
        .pattern(Some(r"[^\s\x00-\x1f\x7f-\x9f]"))
        .description(Some("A name."))
);
text_type!(
    /// One line; may be empty.
    #[derive(Default)]
    Line,
    |text| text.chars().count() <= MOST_NAME && !text.chars().any(char::is_control),
    "one line of at most 200 characters",
    ObjectBuilder::new()
        .max_length(Some(MOST_NAME))
        .pattern(Some(r"^[^\x00-\x1f\x7f-\x9f]*$"))
        .description(Some("One line; may be empty."))
);
text_type!(
    /// Why it is unpaid, by its code.
    WhyCode,
    |text| WhyUnpaid::from_code(text).is_some(),
    "a reason: forgot, cash_short, payment_failed, seller_fault, paid_in_transit, wrong_contact, bargaining or refuses",
    ObjectBuilder::new()
        .enum_values(Some(WhyUnpaid::ALL.iter().map(|why| why.code())))
        .description(Some("Why it is unpaid."))
);
text_type!(
    /// Into whose hands a case goes, by its code.
    HandsCode,
    |text| OtherHands::from_code(text).is_some(),
    "lawyer, agency, mediator or insurer",
    ObjectBuilder::new()
        .enum_values(Some(OtherHands::ALL.iter().map(|hands| hands.code())))
        .description(Some("Whose hands."))
);

text_type!(
    /// How an order stands, by its code.
    OrderWordCode,
    |text| word_named(text).is_some(),
    "placed, risk_control, paid, part_shipped, shipped, delivered, completed, frozen, in_dispute, cancelled or closed",
    ObjectBuilder::new()
        .enum_values(Some(words().map(|word| word.code())))
        .description(Some("How it stands. Of the goods: `…/stock`."))
);
text_type!(
    /// Why an order ended, by its code.
    CloseReasonCode,
    |text| CloseReason::from_code(text).is_some(),
    "unpaid, risk_control, buyer, seller or other",
    ObjectBuilder::new()
        .enum_values(Some(CloseReason::ALL.iter().map(|why| why.code())))
        .description(Some("Of an end: why."))
);
text_type!(
    /// What a buyer is asked before dispatch, by its code.
    AskKindCode,
    |text| AskKind::from_code(text).is_some(),
    "address, customs, combine, surcharge, remote_area, address_change, split or wish",
    ObjectBuilder::new()
        .enum_values(Some(AskKind::ALL.iter().map(|kind| kind.code())))
        .description(Some("What is asked, or wished."))
);
text_type!(
    /// How something that is open with the buyer ends without an answer, by its code.
    AskEndCode,
    |text| AskEnd::from_code(text).is_some(),
    "overridden, withdrawn or refused",
    ObjectBuilder::new()
        .enum_values(Some(AskEnd::ALL.iter().map(|how| how.code())))
        .description(Some("`overridden`: it goes without; `withdrawn`: nobody asks any more; `refused`: we do not do it."))
);
text_type!(
    /// What is taken back with an order, by its code.
    OrderSlipCode,
    |text| OrderSlip::from_code(text).is_some(),
    "stock, hold, release, ship, ask or state",
    ObjectBuilder::new()
        .enum_values(Some(OrderSlip::ALL.iter().map(|slip| slip.code())))
        .description(Some("What was done by a slip."))
);

text_type!(
    /// SHA-256 in hexadecimal digits.
    ContentHash,
    |text| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
    "the hash of a letter: 64 hexadecimal digits",
    ObjectBuilder::new().pattern(Some("^[0-9a-f]{64}$")).description(Some("What was seen, as `hash` says it."))
);

fn is_said(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !c.is_control())
}

fn is_plain_decimal(text: &str) -> bool {
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, decimals)) => digits(whole, 12) && digits(decimals, 4),
        None => digits(text, 12),
    }
}

/// A whole number; `90.0` is ninety in JSON too.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct Whole(pub i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        let float = number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e15);
        let whole = number.as_i64().or_else(|| float.and_then(|n| format!("{n:.0}").parse().ok()));
        whole.map(Self).ok_or_else(|| D::Error::custom("expected a whole number"))
    }
}

/// A civil day, in the firm's zone.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // Exactly so: the library also reads times and other forms.
        let day = if text.len() == 10 && text.is_char_boundary(4) { text.parse().ok() } else { None };
        day.map(Self).ok_or_else(|| D::Error::custom("expected a day such as 2026-03-12"))
    }
}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        text_schema(ObjectBuilder::new().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))))
    }
}

impl ToSchema for Day {
    fn name() -> Cow<'static, str> {
        "Day".into()
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

impl Day {
    /// A day to come. Nothing waits for a century: such a day is a slip of the pen, and sums with it would fail.
    pub fn to_come(self, what: &str) -> Result<Date, Problem> {
        if self.0.year() < 2200 {
            return Ok(self.0);
        }
        Err(Problem::new(NOT_POSSIBLE, format!("{what}: {} is too far away", self.0)))
    }
}

/// How a debtor is called.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DebtorName {
    #[schema(example = "D-0017")]
    pub number: String,
    pub name: String,
    /// ISO 3166; empty when unknown.
    pub country: String,
}

impl From<PartyName> for DebtorName {
    fn from(party: PartyName) -> Self {
        Self { number: party.number, name: party.name, country: party.country }
    }
}

/// A reason, for programs by its code, for people in words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TheReason {
    #[schema(example = "gate.promise")]
    pub code: String,
    pub text: InWords,
    /// What the sentence speaks of: numbers, amounts, days.
    pub facts: Value,
}

/// One sentence in both languages.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InWords {
    pub en: String,
    pub zh: String,
}

/// Reasons as `dunlin explain --json` writes them.
pub fn the_reasons(house: &House, reasons: &[Reason]) -> anyhow::Result<Vec<TheReason>> {
    let read = reasons_json(house, reasons).into_iter().map(serde_json::from_value);
    Ok(read.collect::<Result<_, _>>()?)
}

/// Number of a thing in a path: `L-0012`, `12`.
pub fn number_in(prefix: char, name: &str) -> Result<i64, Problem> {
    dunlin_store::pages::find::human_number(prefix, name)
        .ok_or_else(|| Problem::new(super::problem::NOT_FOUND, format!("‘{name}’ is not a number of ours")))
}
