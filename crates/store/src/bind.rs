//! Values bound to the `$1`, `$2`, … of a statement.

use std::borrow::Cow;

/// One bound value. Nulls keep their type: PostgreSQL wants to know it.
#[derive(Debug, Clone)]
pub(crate) enum Bind {
    Int(Option<i64>),
    Text(Option<Cow<'static, str>>),
    /// An id, written as its text only when it is handed over.
    Id(Option<u128>),
    Bytes(Vec<u8>),
}

impl Bind {
    /// A text known at compile time: nothing is copied.
    pub(crate) const fn fixed(text: &'static str) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
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
        Self::Text(Some(Cow::Owned(value.to_string())))
    }
}
impl From<String> for Bind {
    fn from(value: String) -> Self {
        Self::Text(Some(Cow::Owned(value)))
    }
}
impl From<Option<i64>> for Bind {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}
impl From<Option<String>> for Bind {
    fn from(value: Option<String>) -> Self {
        Self::Text(value.map(Cow::Owned))
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
        Self::Text(Some(Cow::Owned(value.to_string())))
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
