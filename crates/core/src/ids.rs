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

const DASHES: [usize; 4] = [8, 13, 18, 23];
/// Where the sixteen pairs of digits begin in the text.
const PAIRS: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/// The value of each hexadecimal digit; 255 for every other byte.
const DIGITS: [u8; 256] = {
    let mut table = [255; 256];
    let mut value = 0;
    while value < 16 {
        table[HEX[value] as usize] = value as u8;
        table[HEX[value].to_ascii_uppercase() as usize] = value as u8;
        value += 1;
    }
    table
};
const HEX: &[u8; 16] = b"0123456789abcdef";

fn parse(text: &str) -> Result<u128, BadId> {
    let bytes = text.as_bytes();
    if bytes.len() != 36 || DASHES.iter().any(|at| bytes[*at] != b'-') {
        return Err(BadId(text.to_string()));
    }
    let mut value = [0; 16];
    let mut wrong = 0;
    for (byte, at) in value.iter_mut().zip(PAIRS) {
        let (high, low) = (DIGITS[bytes[at] as usize], DIGITS[bytes[at + 1] as usize]);
        wrong |= high | low;
        *byte = (high << 4) | (low & 0xf);
    }
    if wrong > 0xf {
        return Err(BadId(text.to_string()));
    }
    Ok(u128::from_be_bytes(value))
}

/// The text of an id: 36 ASCII characters.
pub fn text_of(value: u128) -> [u8; 36] {
    let mut out = [b'-'; 36];
    for (byte, at) in value.to_be_bytes().into_iter().zip(PAIRS) {
        out[at] = HEX[(byte >> 4) as usize];
        out[at + 1] = HEX[(byte & 0xf) as usize];
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
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                let text = text_of(self.0);
                s.serialize_str(std::str::from_utf8(&text).unwrap_or(""))
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("an id") }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                d.deserialize_str(Text)
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
    /// Somebody who works in the firm.
    UserId,
    /// A browser that somebody is signed in with.
    SessionId,
    /// A key for programs.
    TokenId,
    /// A talk outside the program.
    TalkId,
    /// A turn that a person gave a case.
    TurnId,
    /// Why a receivable is unpaid, as somebody found out.
    WhyId,
    /// An address that may not be used.
    SuppressionId,
    /// A parcel.
    ShipmentId,
    /// Something that a buyer is asked, or asks for, before an order leaves.
    AskId,
    /// More time for a buyer's receipt, asked of a marketplace.
    ExtensionId,
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
        assert!("01890a5d-ac96-774b-bcce-b302099a805g".parse::<PartyId>().is_err());
        assert_eq!("01890A5D-AC96-774B-BCCE-B302099A8057".parse::<PartyId>(), Ok(a));
        assert!("01890a5d+ac96-774b-bcce-b302099a8057".parse::<PartyId>().is_err());
    }
}
