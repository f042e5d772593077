//! Values bound to the `$1`, `$2`, … of a statement.

use std::fmt;

use ecow::EcoString;

/// One bound value. Nulls keep their type: PostgreSQL wants to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bind {
    Int(Option<i64>),
    /// Up to fifteen bytes lie in the value itself: most texts of a row are a code, a date or the name of a step.
    Text(Option<EcoString>),
    /// A text known when the program was compiled.
    Fixed(&'static str),
    /// An id, written as its text only when it is handed over.
    Id(Option<u128>),
    Bytes(Vec<u8>),
}

impl Bind {
    pub(crate) const fn fixed(text: &'static str) -> Self {
        Self::Fixed(text)
    }

    /// What a value is written as.
    pub(crate) fn written(value: &impl fmt::Display) -> Self {
        let mut text = EcoString::new();
        // Writing into memory cannot fail; a value whose own writing does is a mistake that its test shows.
        let written = fmt::Write::write_fmt(&mut text, format_args!("{value}"));
        debug_assert!(written.is_ok(), "a value that cannot be written");
        Self::Text(Some(text))
    }
}

impl From<i64> for Bind {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}
impl From<bool> for Bind {
    fn from(value: bool) -> Self {
        Self::Int(Some(i64::from(value)))
    }
}
impl From<&str> for Bind {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.into()))
    }
}
impl From<String> for Bind {
    fn from(value: String) -> Self {
        Self::Text(Some(value.into()))
    }
}
impl From<Option<i64>> for Bind {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}
impl From<Option<String>> for Bind {
    fn from(value: Option<String>) -> Self {
        Self::Text(value.map(EcoString::from))
    }
}
impl From<Vec<u8>> for Bind {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}
impl From<jiff::Timestamp> for Bind {
    fn from(value: jiff::Timestamp) -> Self {
        Self::Int(Some(value.as_microsecond()))
    }
}
impl From<jiff::civil::Date> for Bind {
    fn from(value: jiff::civil::Date) -> Self {
        Self::written(&value)
    }
}

macro_rules! binds {
    ($($value:expr),* $(,)?) => { vec![$($crate::bind::Bind::from($value)),*] };
}
pub(crate) use binds;

macro_rules! bind_ids {
    ($($id:ident),+ $(,)?) => {$(
        impl From<dunlin_core::ids::$id> for Bind {
            fn from(id: dunlin_core::ids::$id) -> Self { Self::Id(Some(id.0)) }
        }
        impl From<Option<dunlin_core::ids::$id>> for Bind {
            fn from(id: Option<dunlin_core::ids::$id>) -> Self { Self::Id(id.map(|id| id.0)) }
        }
    )+};
}
bind_ids!(
    PartyId,
    ContactId,
    OrderId,
    InvoiceId,
    ReceivableId,
    BankEntryId,
    PaymentId,
    LedgerEntryId,
    HoldId,
    PromiseId,
    DisputeId,
    CaseId,
    LetterId,
    TaskId,
    UserId,
    SessionId,
    TokenId,
    TalkId,
    TurnId,
    WhyId,
    SuppressionId,
    ShipmentId,
    AskId,
    ExtensionId,
);
