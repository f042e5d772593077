//! Who owes: parties, their people, and how these may be reached.

use serde::{Deserialize, Serialize};

use crate::ids::{ContactId, PartyId};

/// A company or a consumer. Called *debtor* when it owes and *buyer* in letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub id: PartyId,
    /// Human number, `D-0017`.
    pub number: String,
    pub name: String,
    /// ISO 3166 alpha-2, upper case; empty when unknown.
    pub country: String,
    /// BCP 47 of the letters, when set for the whole party.
    pub language: Option<Language>,
    pub is_consumer: bool,
    /// A named person blocked this party (SCENARIOS B11): nothing but formal steps by hand.
    pub blacklisted: bool,
    /// Playbook chosen for this party in place of the one its scenario would bring.
    pub playbook_override: Option<String>,
}

/// A person (or mailbox) at a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub id: ContactId,
    pub party_id: PartyId,
    pub name: String,
    pub role: ContactRole,
    pub language: Option<Language>,
    /// IANA zone, when known for this person.
    pub time_zone: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Account name on the marketplace, for in-site messages.
    pub in_site_id: Option<String>,
    /// This person asked not to be contacted (about debts): binds press and formal letters.
    pub objected: bool,
}

impl Contact {
    /// Whether a letter can reach this person through the channel at all.
    pub fn reachable_by(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.email.is_some(),
            Channel::InSite => self.in_site_id.is_some(),
            Channel::Phone => self.phone.is_some(),
        }
    }
}

/// What a person does at the buyer's company; a step names the roles it prefers, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactRole {
    Owner,
    Finance,
    Purchaser,
    Logistics,
    /// The person who ordered on a marketplace, and anybody whose role is unknown.
    Buyer,
}

impl ContactRole {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Finance, Self::Purchaser, Self::Logistics, Self::Buyer];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Finance => "finance",
            Self::Purchaser => "purchaser",
            Self::Logistics => "logistics",
            Self::Buyer => "buyer",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// How a letter travels (SCENARIOS A3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Email,
    InSite,
    /// A call: always a task for a person, with a script.
    Phone,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Email, Self::InSite, Self::Phone];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::InSite => "in_site",
            Self::Phone => "phone",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// Languages that letters are written in. The list grows with `letters/`; the rest falls back to English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    #[serde(rename = "en")]
    En,
    #[serde(rename = "es")]
    Es,
    #[serde(rename = "zh")]
    Zh,
}

impl Language {
    pub const ALL: [Self; 3] = [Self::En, Self::Es, Self::Zh];

    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Zh => "zh",
        }
    }

    /// Reads `es`, `es-MX`, `zh_CN`; `None` for languages that letters do not exist in yet.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.code() == primary)
    }
}

/// A name under which a source (marketplace, ERP, spreadsheet) knows a party, order or receivable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExternalIdentity {
    pub source: String,
    pub id: String,
}
