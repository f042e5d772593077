//! What came of it: a line for everything that the program did or asked for.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::money::Money;
use crate::party::{Channel, ContactRole};
use crate::plan::Review;
use crate::receivable::coded_enum;

coded_enum! {
    /// Kind of a line.
    Done {
        /// A letter left.
        Letter = "letter",
        /// A letter waits for a person's yes.
        Approval = "approval",
        /// It was not right any more, and did not leave.
        Cancelled = "cancelled",
        /// It came back.
        Failed = "failed",
        /// It left or did not; a person finds out.
        Uncertain = "uncertain",
        Call = "call",
        /// A step that is work for one of us.
        Work = "work",
        /// A question to a person.
        Task = "task",
        /// A case ended.
        Closed = "closed",
    }
}

/// One line.
#[derive(Debug, Clone)]
pub struct Line {
    pub at: Timestamp,
    pub done: Done,
    /// The step, the kind of the task, or the reason for the end.
    pub what: Arc<str>,
    pub channel: Option<Channel>,
    pub role: Option<ContactRole>,
    pub review: Option<Review>,
    pub asked: Option<Money>,
    /// Level of warning of a letter or a call.
    pub level: Option<u8>,
    /// The account statement goes along.
    pub statement: bool,
    /// Who gets a letter beside it.
    pub beside: Vec<ContactRole>,
    /// `R-1`, `R-2` …
    pub debts: Vec<String>,
}

impl Line {
    pub fn new(at: Timestamp, done: Done, what: impl Into<Arc<str>>, debts: Vec<String>) -> Self {
        Self {
            at,
            done,
            what: what.into(),
            channel: None,
            role: None,
            review: None,
            asked: None,
            level: None,
            statement: false,
            beside: Vec::new(),
            debts,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.strftime("%Y-%m-%d %H:%M");
        write!(f, "{at}  -> {} {} {}", self.done.code(), self.what, self.debts.join("+"))?;
        if let Some(channel) = self.channel {
            write!(f, " by {}", channel.code())?;
        }
        if let Some(role) = self.role {
            write!(f, " to {}", role.code())?;
        }
        if let Some(asked) = self.asked.filter(|asked| asked.minor > 0) {
            write!(f, ", asks {asked}")?;
        }
        match self.review.filter(|review| *review != Review::Automatic) {
            Some(review) => write!(f, " ({})", review.code()),
            None => Ok(()),
        }
    }
}
