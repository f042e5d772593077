//! The storm's own books: what happened, written down once more and apart from the facts that the program decides by, so
//! that what leaves can be judged by history alone. They share no code with the decision or the audit.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};

use super::orders::{self, Place};
use crate::ids::ContactId;
use crate::money::Currency;
use crate::party::Channel;
use crate::why::WhyUnpaid;

/// One debt as history tells it.
#[derive(Debug, Clone)]
pub struct Account {
    pub currency: Currency,
    pub amount: i64,
    pub settled: i64,
    pub closed: bool,
    pub platform: bool,
    pub in_other_hands: bool,
    /// `None`: all of it.
    pub disputed: Vec<Option<i64>>,
    pub why: Option<(WhyUnpaid, Date)>,
    pub is_contextual: bool,
    /// Steps that left and were not taken back, with their levels.
    pub steps: Vec<(Arc<str>, u8)>,
}

impl Account {
    pub const fn open(&self) -> i64 {
        self.amount - self.settled
    }

    /// What is neither disputed nor settled.
    pub fn undisputed(&self) -> i64 {
        let all = self.disputed.iter().any(Option::is_none);
        let some: i64 = self.disputed.iter().flatten().sum();
        if all { 0 } else { (self.open() - some).max(0) }
    }

    pub const fn is_over(&self) -> bool {
        self.open() <= 0 || self.closed || self.platform
    }

    pub fn level(&self) -> u8 {
        self.steps.iter().map(|(_, level)| *level).max().unwrap_or(0)
    }
}

/// A promise as it was given.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// `None`: for everything.
    pub debt: Option<usize>,
    /// `None`: all of it.
    pub minor: Option<(i64, Currency)>,
    pub given_on: Date,
    pub pay_on: Date,
    pub kept: bool,
}

/// What is recorded, and goes back in time with a restore.
#[derive(Debug, Clone, Default)]
pub struct Books {
    pub accounts: Vec<Account>,
    pub holds: Vec<(Option<usize>, Date)>,
    pub words: Vec<Word>,
    /// Payments that stand: the debt, the day, minor units.
    pub came: Vec<(usize, Date, i64)>,
    pub unmatched: Vec<(i64, Currency)>,
    pub blacklisted: bool,
    /// Questions to the buyer that are open, the debt and the day to which it rests.
    pub questions: Vec<(usize, Date)>,
    /// Addresses from which mail came back, and until when they are not used; `None`: for good.
    pub bounced: Vec<(ContactId, Channel, Option<Timestamp>)>,
    pub orders: Vec<orders::Account>,
    /// Reasons that the buyer wrote of, the debt and when.
    pub heard: Vec<(Timestamp, usize, WhyUnpaid)>,
    /// The statements cover all days up to this one; `None`: nobody reads any.
    pub covered_to: Option<Date>,
}

/// Something that reached the buyer, or might have.
#[derive(Debug, Clone)]
pub struct Left {
    pub at: Timestamp,
    pub is_pressing: bool,
}

/// What is so, whatever the database remembers.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    pub settled: Vec<i64>,
    pub left: Vec<Left>,
    /// Debt and step of what left and was not taken back.
    pub steps: Vec<(usize, Arc<str>)>,
    /// The same of orders and parcels.
    pub told: Vec<(Place, Arc<str>)>,
}

impl Truth {
    pub fn has_left(&self, debt: usize, step: &str) -> bool {
        self.steps.iter().any(|(known, id)| *known == debt && **id == *step)
    }

    pub fn has_told(&self, place: Place, step: &str) -> bool {
        self.told.iter().any(|(known, id)| *known == place && **id == *step)
    }
}
