//! Everything a decision about one debtor may know. Loaded by the store, read by `decide` and `audit`.

pub mod orders;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use self::orders::OrderFacts;

use crate::calendar::countries::Countries;
use crate::calendar::workdays::Workdays;
use crate::case::Case;
use crate::gate_facts::{Dispute, Hold, Promise, UnmatchedMoney};
use crate::ids::{ContactId, LetterId, ReceivableId};
use crate::intent::Heard;
use crate::key_date::KeyDate;
use crate::letter::Purpose;
use crate::money::{Money, MoneyError};
use crate::party::{Channel, Contact, Language, Party};
use crate::receivable::ledger::{LedgerEntry, outstanding};
use crate::receivable::{Obligor, Receivable, TriggerEvent};
use crate::why::KnownWhy;

/// One debtor with all it owes and all that has passed between us.
#[derive(Debug, Clone)]
pub struct DebtorFacts {
    pub party: Party,
    pub contacts: Vec<Contact>,
    /// Who was written to once and is not any more: for showing what was, never for deciding.
    pub former_contacts: Vec<Contact>,
    pub receivables: Vec<ReceivableFacts>,
    pub holds: Vec<Hold>,
    pub promises: Vec<Promise>,
    pub disputes: Vec<Dispute>,
    /// Money on the account that could be this party's and is not matched.
    pub unmatched: Vec<UnmatchedMoney>,
    /// Pressing and formal contacts, made or already planned, of the last weeks.
    pub contacts_made: Vec<ContactMade>,
    /// Days on which this debtor in particular is closed, sorted.
    pub closed_on: Vec<Date>,
    /// What people there answered in the last weeks, in the order in which it was entered; machines left out.
    pub heard: Vec<Heard>,
    /// Orders of which something is still to be told; empty for a debtor that only owes.
    pub orders: Vec<OrderFacts>,
    /// What happened to its orders, of each kind the day told last. Read for one debtor, since only texts need it: no decision
    /// does, and a batch has none.
    pub events: Vec<TriggerEvent>,
}

impl DebtorFacts {
    /// Somebody of whom nothing else is known.
    pub const fn of(party: Party) -> Self {
        Self {
            party,
            contacts: Vec::new(),
            former_contacts: Vec::new(),
            receivables: Vec::new(),
            holds: Vec::new(),
            promises: Vec::new(),
            disputes: Vec::new(),
            unmatched: Vec::new(),
            contacts_made: Vec::new(),
            closed_on: Vec::new(),
            heard: Vec::new(),
            orders: Vec::new(),
            events: Vec::new(),
        }
    }

    /// The person, also one who is not written to any more.
    pub fn contact(&self, id: ContactId) -> Option<&Contact> {
        self.everybody().find(|contact| contact.id == id)
    }

    /// All people that are or were written to.
    pub fn everybody(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.iter().chain(&self.former_contacts)
    }

    /// Whom a letter or call reaches by this channel. Where an objection binds, those who objected are not among them.
    pub fn reachable(
        &self,
        channel: Channel,
        at: Timestamp,
        objection_binds: bool,
    ) -> impl Iterator<Item = &Contact> + Clone {
        let fits = move |one: &&Contact| one.is_usable(channel, at) && !(objection_binds && one.objected);
        self.contacts.iter().filter(fits)
    }

    /// Language of what is written to somebody: the person's, the party's, the country's, English. The second value is the
    /// code that was wanted when no letters exist in it.
    pub fn language_of(&self, contact: Option<&Contact>, countries: &Countries) -> (Language, Option<String>) {
        if let Some(language) = contact.and_then(|contact| contact.language).or(self.party.language) {
            return (language, None);
        }
        match countries.get(&self.party.country) {
            Some(country) => match country.language {
                Some(language) => (language, None),
                None => (Language::En, Some(country.language_code.clone())),
            },
            None => (Language::En, None),
        }
    }

    /// Its working days.
    pub fn workdays(&self, countries: &Countries) -> Workdays<'_> {
        Workdays::of(countries.get(&self.party.country), &self.closed_on)
    }

    /// When we last heard of the buyer: of one person, or of anybody there.
    pub fn last_heard(&self, contact: Option<ContactId>) -> Option<Timestamp> {
        let theirs = self.heard.iter().filter(|heard| contact.is_none() || heard.contact_id == contact);
        theirs.map(|heard| heard.at).max()
    }
}

/// A receivable with its ledger lines and its case.
#[derive(Debug, Clone)]
pub struct ReceivableFacts {
    pub receivable: Receivable,
    pub entries: Vec<LedgerEntry>,
    pub order_number: Option<String>,
    /// Why it is unpaid, where somebody found out.
    pub why: Option<KnownWhy>,
    /// Days of the order that times count from.
    pub dates: Vec<(KeyDate, Date)>,
    pub case: Option<Case>,
}

impl ReceivableFacts {
    pub fn outstanding(&self) -> Result<Money, MoneyError> {
        outstanding(self.receivable.amount, &self.entries)
    }

    /// What is open, by who owes it: once the buyer has paid the platform, the platform does, and the buyer owes nothing.
    pub fn owed(&self) -> Result<Owed, MoneyError> {
        let open = self.outstanding()?;
        let none = Money::zero(open.currency);
        Ok(match self.receivable.obligor {
            Obligor::Buyer => Owed { buyer: open, platform: none },
            Obligor::Platform => Owed { buyer: none, platform: open },
        })
    }
}

/// What is open of a receivable: one of them is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    pub buyer: Money,
    pub platform: Money,
}

/// A contact with the debtor that counts for gap and ceiling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactMade {
    /// When; for one that is still under way the earliest moment from now on.
    pub at: Timestamp,
    pub letter_id: Option<LetterId>,
    /// Left or spoken, not merely planned.
    pub is_done: bool,
    pub channel: Channel,
    pub purpose: Purpose,
    pub contact_id: Option<ContactId>,
    pub receivable_id: Option<ReceivableId>,
}

/// What holds for the whole firm.
#[derive(Debug, Clone)]
pub struct TenantFacts {
    /// Due dates are civil in this zone.
    pub time_zone: TimeZone,
    pub rules: ContactRules,
    /// Extra days after a promised day before the promise counts as broken.
    pub promise_margin_days: i32,
    /// Longest pause that one promise can bring.
    pub promise_cap_days: i32,
    /// When a statement source exists: how fresh the books are, and how old they may be.
    pub statements: Option<StatementAge>,
    /// When the database was last restored from a backup. What left between the backup and then is not known here.
    pub restored_at: Option<Timestamp>,
    /// The firm looks at every letter before it leaves.
    pub review_all: bool,
}

/// How fresh our picture of the bank account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementAge {
    pub covered_to: Date,
    pub max_age_days: i32,
}

/// Limits on how often a buyer may be pressed (SCENARIOS A12, G6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactRules {
    /// Least time between two pressing contacts, unless the playbook names its own.
    pub gap_hours: i64,
    /// Pressing contacts in seven days, at most: consumers (Reg F, 12 CFR 1006.14: seven), companies.
    pub weekly_ceiling_consumer: usize,
    pub weekly_ceiling_company: usize,
}

impl Default for ContactRules {
    fn default() -> Self {
        Self { gap_hours: 72, weekly_ceiling_consumer: 7, weekly_ceiling_company: 3 }
    }
}
