//! What happens to a debtor from outside: debts, money, words, faults. A history is a row of these; everything that the
//! program does about it follows from the decision.

use std::fmt;

use jiff::Timestamp;

use crate::case::Entry;
use crate::intent::Intent;
use crate::key_date::KeyDate;
use crate::money::Money;
use crate::order::asks::AskKind;
use crate::order::story::OrderWord;
use crate::party::{Channel, ContactRole, Ways};
use crate::receivable::{Milestone, Trigger};
use crate::shipment::status::TrackingStatus;
use crate::why::WhyUnpaid;

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    pub at: Timestamp,
    pub what: What,
}

/// A part of what is open when it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    All,
    Percent(u8),
    /// In minor units; never more than is open.
    Exactly(i64),
}

impl Part {
    pub fn of(self, open: i64) -> i64 {
        match self {
            Self::All => open,
            Self::Percent(percent) => (open / 100).saturating_mul(i64::from(percent)).max(open.min(1)),
            Self::Exactly(minor) => minor.clamp(0, open.max(0)),
        }
    }
}

/// The kinds. `debt` is the place in the row of debts; one that is not there yet leaves everything as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Owes {
        amount: Money,
        milestone: Milestone,
        trigger: Trigger,
        /// From the day of the happening; `None` while the trigger is awaited.
        due_in_days: Option<i32>,
        entry: Entry,
    },
    Triggered {
        debt: usize,
        due_in_days: i32,
    },
    DueMoved {
        debt: usize,
        days: i32,
    },
    DayKnown {
        debt: usize,
        kind: KeyDate,
        in_days: i32,
    },
    Pays {
        debt: usize,
        part: Part,
    },
    /// The last payment is taken back.
    Bounces {
        debt: usize,
    },
    /// Money on the account whose place is not known.
    Unmatched {
        amount: Money,
    },
    /// It found its place.
    Matched,
    CreditNote {
        debt: usize,
        part: Part,
    },
    WrittenOff {
        debt: usize,
    },
    Closed {
        debt: usize,
    },
    PlatformOwes {
        debt: usize,
    },
    Promises {
        debt: Option<usize>,
        part: Part,
        in_days: i32,
    },
    Disputes {
        debt: usize,
        part: Part,
    },
    Resolved {
        debt: usize,
    },
    Says {
        debt: usize,
        why: Option<WhyUnpaid>,
    },
    /// The buyer answers, and somebody enters it.
    Writes {
        debt: usize,
        intent: Intent,
    },
    Hold {
        debt: Option<usize>,
        days: i32,
    },
    Released,
    Blacklisted(bool),
    NewContact {
        role: ContactRole,
        ways: Ways,
        zone: Option<&'static str>,
    },
    ContactGone(usize),
    Objects {
        contact: usize,
        objects: bool,
    },
    /// Mail to this address comes back: it is not used for so many days, or any more.
    AddressBounces {
        contact: usize,
        channel: Channel,
        days: Option<i32>,
    },
    /// Somebody found out the right addresses.
    AddressMended {
        contact: usize,
    },
    /// We ask the buyer about a debt, and give so many days.
    Asks {
        debt: usize,
        days: i32,
    },
    Answered {
        debt: usize,
    },
    /// An order on the marketplace. Here and below, `at` is the moment that the platform or the carrier names; `None`: that
    /// of the happening.
    Orders {
        total: Money,
        at: Option<Timestamp>,
    },
    OrderNews {
        order: usize,
        word: OrderWord,
        at: Option<Timestamp>,
    },
    ParcelLeaves {
        order: usize,
        at: Option<Timestamp>,
    },
    /// The parcel that left last is seen somewhere.
    Scanned {
        order: usize,
        status: TrackingStatus,
        at: Option<Timestamp>,
    },
    /// Something is open with the buyer before the order can leave.
    OrderAsks {
        order: usize,
        kind: AskKind,
        at: Option<Timestamp>,
    },
    OrderAnswered {
        order: usize,
    },
    HandedOver {
        debt: usize,
    },
    PlanAgreed {
        debt: usize,
    },
    /// The last letter of a case was a mistake.
    TakenBack {
        debt: usize,
    },
    /// No statement comes for so long.
    StatementsStop {
        days: i32,
    },
    /// Nobody makes a call for so long.
    CallsStop {
        days: i32,
    },
    /// The program does not run.
    Outage {
        days: i32,
    },
    /// The database is as it was so many days ago; the bank tells again of what came in, some days later.
    Restored {
        days_back: i32,
        caught_up_in: i32,
    },
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all of it"),
            Self::Percent(percent) => write!(f, "{percent} % of it"),
            Self::Exactly(minor) => write!(f, "{minor} minor of it"),
        }
    }
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.at.strftime("%Y-%m-%d %H:%M"), self.what)
    }
}

fn about(debt: Option<usize>) -> String {
    debt.map_or_else(|| "everything".to_string(), |debt| format!("R-{}", debt + 1))
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = |debt: &usize| about(Some(*debt));
        match self {
            Self::Owes { amount, milestone, trigger, due_in_days, entry } => {
                write!(f, "owes {amount} {} {} {}", milestone.code(), trigger.code(), entry.code())?;
                match due_in_days {
                    Some(days) => write!(f, ", due in {days} days"),
                    None => f.write_str(", trigger awaited"),
                }
            }
            Self::Triggered { debt, due_in_days } => write!(f, "{} triggered, due in {due_in_days} days", one(debt)),
            Self::DueMoved { debt, days } => write!(f, "due date of {} corrected by {days} days", one(debt)),
            Self::DayKnown { debt, kind, in_days } => write!(f, "{} of {} in {in_days} days", kind.code(), one(debt)),
            Self::Pays { debt, part } => write!(f, "pays {part}: {}", one(debt)),
            Self::Bounces { debt } => write!(f, "the payment of {} bounces", one(debt)),
            Self::Unmatched { amount } => write!(f, "{amount} come in and find no place"),
            Self::Matched => f.write_str("they find their place"),
            Self::CreditNote { debt, part } => write!(f, "credit note over {part}: {}", one(debt)),
            Self::WrittenOff { debt } => write!(f, "{} written off", one(debt)),
            Self::Closed { debt } => write!(f, "{} voided", one(debt)),
            Self::PlatformOwes { debt } => write!(f, "the platform has the money of {}", one(debt)),
            Self::Promises { debt, part, in_days } => write!(f, "promises {part} in {in_days} days: {}", about(*debt)),
            Self::Disputes { debt, part } => write!(f, "disputes {part}: {}", one(debt)),
            Self::Resolved { debt } => write!(f, "dispute of {} resolved", one(debt)),
            Self::Says { debt, why: Some(why) } => write!(f, "{} unpaid because: {}", one(debt), why.code()),
            Self::Says { debt, why: None } => write!(f, "{} has no reason any more", one(debt)),
            Self::Writes { debt, intent } => write!(f, "the buyer writes of {}: {}", one(debt), intent.code()),
            Self::Hold { debt, days } => write!(f, "hold for {days} days: {}", about(*debt)),
            Self::Released => f.write_str("holds released"),
            Self::Blacklisted(yes) => write!(f, "blacklisted: {yes}"),
            Self::NewContact { role, ways, zone } => {
                write!(f, "new contact: {} {ways:?} {}", role.code(), zone.unwrap_or("zone unknown"))
            }
            Self::ContactGone(contact) => write!(f, "contact {} leaves", contact + 1),
            Self::Objects { contact, objects } => write!(f, "contact {} objects: {objects}", contact + 1),
            Self::AddressBounces { contact, channel, days } => {
                write!(f, "the {} of contact {} comes back", channel.code(), contact + 1)?;
                match days {
                    Some(days) => write!(f, " for {days} days"),
                    None => f.write_str(" for good"),
                }
            }
            Self::AddressMended { contact } => write!(f, "addresses of contact {} put right", contact + 1),
            Self::Asks { debt, days } => write!(f, "the buyer is asked about {}, {days} days for an answer", one(debt)),
            Self::Answered { debt } => write!(f, "the buyer answers about {}", one(debt)),
            Self::Orders { total, .. } => write!(f, "orders for {total}"),
            Self::OrderNews { order, word, .. } => write!(f, "O-{} is {}", order + 1, word.code()),
            Self::ParcelLeaves { order, .. } => write!(f, "a parcel of O-{} leaves", order + 1),
            Self::Scanned { order, status, .. } => {
                write!(f, "the parcel of O-{} is seen: {}", order + 1, status.code())
            }
            Self::OrderAsks { order, kind, .. } => write!(f, "O-{} waits for: {}", order + 1, kind.code()),
            Self::OrderAnswered { order } => write!(f, "all is answered about O-{}", order + 1),
            Self::HandedOver { debt } => write!(f, "{} handed over", one(debt)),
            Self::PlanAgreed { debt } => write!(f, "plan agreed for {}", one(debt)),
            Self::TakenBack { debt } => write!(f, "the last letter about {} was a mistake", one(debt)),
            Self::StatementsStop { days } => write!(f, "no statements for {days} days"),
            Self::CallsStop { days } => write!(f, "nobody calls for {days} days"),
            Self::Outage { days } => write!(f, "the program does not run for {days} days"),
            Self::Restored { days_back, caught_up_in } => {
                write!(f, "restored to {days_back} days ago, statements are in again {caught_up_in} days later")
            }
        }
    }
}
