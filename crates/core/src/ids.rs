//! Typed ids: UUIDv7 held as 128 bits, written and stored as lower-case text.
//!
//! Ids are made outside (they need a clock and randomness); this module only parses and prints them. Text order
//! equals numeric order, so the databases and the program sort alike.

use std::fmt;
use std::str::FromStr;

/// What was read where an id was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("‘{0}’ is not an id (expected a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057)")]
pub struct BadId(pub String);

fn parse(text: &str) -> Result<u128, BadId> {
    let bad = || BadId(text.to_string());
    if text.len() != 36 {
        return Err(bad());
    }
    let mut value: u128 = 0;
    for (i, b) in text.bytes().enumerate() {
        if matches!(i, 8 | 13 | 18 | 23) {
            if b != b'-' {
                return Err(bad());
            }
            continue;
        }
        let digit = (b as char).to_digit(16).ok_or_else(bad)?;
        value = (value << 4) | u128::from(digit);
    }
    Ok(value)
}

/// The text of an id: 36 ASCII characters.
pub fn text_of(value: u128) -> [u8; 36] {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut out = [b'-'; 36];
    let mut nibble = 0;
    for (i, slot) in out.iter_mut().enumerate() {
        if matches!(i, 8 | 13 | 18 | 23) {
            continue;
        }
        *slot = HEX[((value >> (124 - 4 * nibble)) & 0xf) as usize];
        nibble += 1;
    }
    out
}

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u128);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let text = text_of(self.0);
                f.write_str(std::str::from_utf8(&text).unwrap_or(""))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> { parse(text).map($name) }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

id_types! {
    /// A company or consumer.
    PartyId,
    /// A person at a party.
    ContactId,
    /// An order, from a marketplace or direct.
    OrderId,
    /// An invoice.
    InvoiceId,
    /// One amount due at one trigger.
    ReceivableId,
    /// A line of a bank statement.
    BankEntryId,
    /// Money that came in.
    PaymentId,
    /// One appended line of the ledger.
    LedgerEntryId,
    /// A hold on a party or receivable.
    HoldId,
    /// A promise to pay.
    PromiseId,
    /// A dispute about (part of) a receivable.
    DisputeId,
    /// A playbook at work on a subject.
    CaseId,
    /// One outgoing message.
    LetterId,
    /// Work for a person.
    TaskId,
}

/// The number of a tenant: small, because it leads every key of every table.
pub type TenantId = i64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_as_lower_case_text_in_order() {
        let a: PartyId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().expect("valid");
        assert_eq!(a.to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
        let b = PartyId(a.0 + 1);
        assert!(a < b && a.to_string() < b.to_string());
        assert!("01890a5d-ac96-774b-bcce-b302099a805".parse::<PartyId>().is_err());
        assert!("01890a5d+ac96-774b-bcce-b302099a8057".parse::<PartyId>().is_err());
    }
}
