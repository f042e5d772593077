//! Who owes: parties, their people, and how these may be reached.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::grade::Grade;
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
    /// How much it is worth to the firm; `None` while nobody said (SCENARIOS P4).
    pub grade: Option<Grade>,
    /// Playbook chosen for this party in place of the one its scenario would bring.
    pub playbook_override: Option<String>,
}

/// A person (or mailbox) at a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub id: ContactId,
    pub party_id: PartyId,
    pub role: ContactRole,
    pub language: Option<Language>,
    /// IANA zone, when known for this person.
    pub time_zone: Option<String>,
    pub ways: Ways,
    /// This person asked not to be contacted (about debts): binds press and formal letters.
    pub objected: bool,
    /// Channels whose address is on the list of those that may not be used at all: no letter of any purpose, no call.
    pub suppressed: Vec<Suppressed>,
    /// Opened for writing and showing only: a decision needs to know that there is an address, not which.
    pub person: Option<Person>,
}

/// What identifies a contact; sealed where it is stored, and never part of a reason or an incident.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Number for WhatsApp, where it is known; people write there themselves.
    #[serde(default)]
    pub whatsapp: Option<String>,
    /// Account name on the marketplace, for in-site messages.
    pub in_site_id: Option<String>,
}

impl Person {
    pub fn address(&self, channel: Channel) -> Option<&str> {
        let address = match channel {
            Channel::Email => &self.email,
            Channel::InSite => &self.in_site_id,
            Channel::Phone => &self.phone,
        };
        address.as_deref().filter(|address| !address.trim().is_empty())
    }

    pub fn ways(&self) -> Ways {
        let has = |channel| self.address(channel).is_some();
        Ways { email: has(Channel::Email), in_site: has(Channel::InSite), phone: has(Channel::Phone) }
    }
}

/// The channels for which a contact has an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ways {
    pub email: bool,
    pub in_site: bool,
    pub phone: bool,
}

impl Ways {
    pub const fn has(self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.email,
            Channel::InSite => self.in_site,
            Channel::Phone => self.phone,
        }
    }
}

/// An address of a contact that may not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suppressed {
    pub channel: Channel,
    /// `None`: for good. At this moment it may be used again.
    pub until: Option<Timestamp>,
}

impl Contact {
    /// Whether the address for a channel may not be used at `at`.
    pub fn is_suppressed(&self, channel: Channel, at: Timestamp) -> bool {
        self.suppressed.iter().any(|one| one.channel == channel && one.until.is_none_or(|until| at < until))
    }

    /// Whether a letter can reach this person through the channel at all.
    pub const fn reachable_by(&self, channel: Channel) -> bool {
        self.ways.has(channel)
    }

    /// Whether there is an address for the channel, and it may be used.
    pub fn is_usable(&self, channel: Channel, at: Timestamp) -> bool {
        self.reachable_by(channel) && !self.is_suppressed(channel, at)
    }

    /// Whether anything, a letter or a call, reaches the person.
    pub fn is_within_reach(&self, at: Timestamp) -> bool {
        Channel::ALL.iter().any(|channel| self.is_usable(*channel, at))
    }

    /// The first of these people who has one of the roles, in the order in which the roles are wished for.
    pub fn first_by_role<'c>(
        roles: &[ContactRole],
        people: impl Iterator<Item = &'c Self> + Clone,
    ) -> Option<&'c Self> {
        roles.iter().find_map(|role| people.clone().find(|contact| contact.role == *role))
    }

    /// The name, where the person was opened; else nothing.
    pub fn name(&self) -> &str {
        self.person.as_ref().map_or("", |person| &person.name)
    }

    pub fn address(&self, channel: Channel) -> Option<&str> {
        self.person.as_ref()?.address(channel)
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
    #[serde(rename = "ru")]
    Ru,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::En, Self::Es, Self::Zh, Self::Ru];
    /// Those in which every letter exists; in the others only messages about orders do.
    pub const COMPLETE: [Self; 3] = [Self::En, Self::Es, Self::Zh];

    /// Whether every letter exists in it.
    pub fn is_complete(self) -> bool {
        Self::COMPLETE.contains(&self)
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Zh => "zh",
            Self::Ru => "ru",
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
