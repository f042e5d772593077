//! Playbooks: the ladders of steps, as data. A playbook file is TOML that a trader can read; it is parsed with
//! file, line and a clear message ([`parse`]), its times by [`time_expr`], its conditions by [`condition`]. [`check`]
//! finds what can be read and is wrong all the same.

pub mod check;
pub mod condition;
mod never;
pub mod parse;
pub mod problem;
mod reach;
mod table;
pub mod time_expr;

use std::sync::Arc;

use crate::case::PlaybookRef;
use crate::letter::Purpose;
use crate::order::OrderSource;
use crate::party::{Channel, ContactRole};
use crate::receivable::{Milestone, Receivable, Trigger, coded_enum};

use condition::Condition;
use time_expr::TimeExpr;

/// A ladder of steps for one kind of receivable.
#[derive(Debug)]
pub struct Playbook {
    pub reference: PlaybookRef,
    /// Row of SCENARIOS this serves: `B3`.
    pub scenario: String,
    pub title_en: String,
    pub title_zh: String,
    pub applies: AppliesTo,
    /// Least time between two pressing contacts of a debtor, when this playbook asks for its own.
    pub gap_hours: Option<i64>,
    pub window: Window,
    pub steps: Vec<Step>,
}

/// Which receivables a playbook is for; an empty list means any.
#[derive(Debug, Default)]
pub struct AppliesTo {
    pub source: Option<OrderSource>,
    pub milestones: Vec<Milestone>,
    pub triggers: Vec<Trigger>,
}

impl AppliesTo {
    /// How many of the three constraints are set; `None` when the receivable does not fit.
    pub fn fit(&self, receivable: &Receivable) -> Option<u8> {
        let source = self.source.is_none_or(|source| source == receivable.source);
        let milestone = self.milestones.is_empty() || self.milestones.contains(&receivable.milestone);
        let trigger = self.triggers.is_empty() || self.triggers.contains(&receivable.trigger);
        (source && milestone && trigger).then(|| {
            u8::from(self.source.is_some())
                + u8::from(!self.milestones.is_empty())
                + u8::from(!self.triggers.is_empty())
        })
    }
}

coded_enum! {
    /// Hours in which a letter may arrive, in the buyer's local time.
    Window {
        /// Working days 09:00–17:30.
        Office = "office",
        /// Any day 08:00–21:00 (12 CFR 1006.14(b)(1)): marketplace messages.
        Daytime = "daytime",
    }
}

/// One rung: when, on which condition, through which channel, in which tone.
#[derive(Debug)]
pub struct Step {
    pub id: Arc<str>,
    pub title_en: String,
    pub title_zh: String,
    /// 0: courtesy before anything is late. 1 and up: warnings, never skipped.
    pub level: u8,
    pub purpose: Purpose,
    /// All must have passed.
    pub at: Vec<TimeExpr>,
    /// After this the step is no longer sent (courtesy notices).
    pub until: Option<TimeExpr>,
    pub when: Option<Condition>,
    pub channels: Vec<Channel>,
    /// In order of preference; the first role with a reachable contact gets the letter.
    pub roles: Vec<ContactRole>,
    pub letter: Arc<str>,
    pub autonomy: Autonomy,
    pub attach_statement: bool,
    /// Days that the letter gives for an answer.
    pub answer_days: i32,
}

coded_enum! {
    /// How much runs by itself (SCENARIOS A15).
    Autonomy {
        Automatic = "automatic",
        /// A person looks the first time this step writes to a buyer; after that it runs by itself.
        FirstTimeReviewed = "first_time_reviewed",
        AlwaysReviewed = "always_reviewed",
        /// Severe: a named person's approval each time (SCENARIOS A14).
        Approval = "approval",
        /// Severe, and two persons have to say yes.
        TwoApprovals = "two_approvals",
    }
}

impl Autonomy {
    pub const fn is_severe(self) -> bool {
        matches!(self, Self::Approval | Self::TwoApprovals)
    }
}

/// All playbooks a decision may use: today's, and older versions that running cases keep.
#[derive(Debug, Default)]
pub struct Playbooks {
    current: Vec<Arc<Playbook>>,
    older: Vec<Arc<Playbook>>,
}

impl Playbooks {
    pub fn new(current: Vec<Arc<Playbook>>, older: Vec<Arc<Playbook>>) -> Self {
        Self { current, older }
    }

    pub fn current(&self) -> &[Arc<Playbook>] {
        &self.current
    }

    pub fn by_reference(&self, reference: &PlaybookRef) -> Option<&Playbook> {
        self.current.iter().chain(&self.older).find(|playbook| playbook.reference == *reference).map(AsRef::as_ref)
    }

    /// By party override, else the best fitting one (most constraints met, then name).
    pub fn choose(&self, override_id: Option<&str>, receivable: &Receivable) -> Option<&Playbook> {
        if let Some(id) = override_id
            && let Some(playbook) = self.current.iter().find(|playbook| &*playbook.reference.id == id)
        {
            return Some(playbook);
        }
        let fitting = self.current.iter().filter_map(|playbook| Some((playbook.applies.fit(receivable)?, playbook)));
        let best =
            fitting.max_by(|(a, left), (b, right)| a.cmp(b).then_with(|| right.reference.id.cmp(&left.reference.id)));
        best.map(|(_, playbook)| playbook.as_ref())
    }
}
