//! Playbooks: the ladders of steps, as data. A playbook file is TOML that a trader can read; it is parsed with
//! file, line and a clear message ([`parse`]), its times by [`time_expr`], its conditions by [`condition`]. [`check`]
//! finds what can be read and is wrong all the same.

pub mod check;
pub mod condition;
mod never;
pub mod parse;
mod plain;
pub mod problem;
mod reach;
pub mod route;
mod steps;
mod table;
pub mod time_expr;

use std::sync::Arc;

use jiff::civil::Date;

use crate::case::{PlaybookRef, SubjectKind};
use crate::key_date::{KeyDate, day_of};
use crate::letter::Purpose;
use crate::order::OrderSource;
use crate::order::asks::AskKind;
use crate::order::story::OrderState;
use crate::party::{Channel, ContactRole};
use crate::receivable::{Milestone, Receivable, Trigger, coded_enum};
use crate::shipment::status::TrackingStatus;
use crate::why::WhyUnpaid;

use condition::Condition;
use route::{Minimum, Route};
use time_expr::TimeExpr;

/// A ladder of steps for one kind of receivable, or what is told of an order or a parcel.
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
    /// When platforms close an unpaid order of this kind, for orders of which nobody tells the day.
    pub platform_close: Option<TimeExpr>,
    /// Its debts are written about by themselves, never in one letter with others: they are paid another way.
    pub alone: bool,
    /// The ladder.
    pub steps: Vec<Step>,
    /// Other ways than the ladder, in the order in which they are tried.
    pub routes: Vec<Route>,
    /// What thanks for the payment.
    pub thanks: Option<Step>,
    pub minimums: Vec<Minimum>,
}

impl Playbook {
    /// Every step there is: ladder, routes, thanks.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        let of_routes = self.routes.iter().flat_map(|route| &route.steps);
        self.steps.iter().chain(of_routes).chain(&self.thanks)
    }

    pub fn step(&self, id: &str) -> Option<&Step> {
        self.all_steps().find(|step| &*step.id == id)
    }

    /// Whether a reason has a way of its own with steps left, and this step is not on it.
    pub fn leads_elsewhere(&self, why: WhyUnpaid, step: &str, is_taken: impl Fn(&str) -> bool) -> bool {
        let own = || self.routes.iter().filter(move |route| route.reasons.contains(&why));
        let is_on_it = own().any(|route| route.steps.iter().any(|known| &*known.id == step));
        !is_on_it && own().any(|route| route.steps.iter().any(|known| !is_taken(&known.id)))
    }

    /// The route that a step belongs to.
    pub fn route_of(&self, id: &str) -> Option<&Route> {
        self.routes.iter().find(|route| route.steps.iter().any(|step| &*step.id == id))
    }
}

/// What a playbook is for; an empty list means any.
#[derive(Debug, Default)]
pub struct AppliesTo {
    /// What its cases are about. The constraints below, but for the source, are those of receivables.
    pub subject: SubjectKind,
    pub source: Option<OrderSource>,
    pub milestones: Vec<Milestone>,
    pub triggers: Vec<Trigger>,
    /// One of these days of the order has to be known.
    pub dates: Vec<KeyDate>,
}

/// Contacts with a debtor are known for so long: a longer gap is not kept.
pub const MOST_GAP_DAYS: i64 = 60;

/// A playbook that needs a day of the order knows more of it than any that does not.
const FIT_OF_DATES: u8 = 4;

impl AppliesTo {
    /// How well it fits: of two that do, the one with more constraints goes first. `None` when the receivable does not fit.
    pub fn fit(&self, receivable: &Receivable, dates: &[(KeyDate, Date)]) -> Option<u8> {
        let is_known = |kind: &KeyDate| day_of(dates, *kind).is_some();
        let source = self.source.is_none_or(|source| source == receivable.source);
        let milestone = self.milestones.is_empty() || self.milestones.contains(&receivable.milestone);
        let trigger = self.triggers.is_empty() || self.triggers.contains(&receivable.trigger);
        let date = self.dates.is_empty() || self.dates.iter().any(is_known);
        let is_receivable = self.subject == SubjectKind::Receivable;
        (is_receivable && source && milestone && trigger && date).then(|| self.constraints())
    }

    /// What [`Self::fit`] gives where it fits.
    pub(crate) fn constraints(&self) -> u8 {
        u8::from(self.source.is_some())
            + u8::from(!self.milestones.is_empty())
            + u8::from(!self.triggers.is_empty())
            + if self.dates.is_empty() { 0 } else { FIT_OF_DATES }
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
    pub does: Does,
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
    /// What goes out together with its letter.
    pub also: Vec<Also>,
    /// Of a step about an order: how the order has to stand.
    pub states: Vec<OrderState>,
    /// Of a step about a parcel: where the parcel has to be.
    pub statuses: Vec<TrackingStatus>,
    /// What has to be open with the buyer; empty: anything or nothing.
    pub asks: Vec<AskKind>,
}

impl Step {
    /// Every letter that it can send.
    pub fn letters(&self) -> impl Iterator<Item = (&Arc<str>, &[Channel])> {
        let own = std::iter::once((&self.letter, self.channels.as_slice()));
        own.chain(self.also.iter().map(|also| (&also.letter, also.channels.as_slice())))
    }
}

/// A letter beside the step's own: to somebody else, or by another way. One decision sends both, so that together they are
/// one contact; it leaves after the own one or not at all. Where nobody has one of the roles, it is left out.
#[derive(Debug)]
pub struct Also {
    pub channels: Vec<Channel>,
    pub roles: Vec<ContactRole>,
    pub letter: Arc<str>,
    pub attach_statement: bool,
}

coded_enum! {
    /// What a step brings about.
    Does {
        /// A letter, message or call to the buyer.
        Letter = "letter",
        /// Work for one of us, with instructions; the buyer hears nothing of it.
        Task = "task",
    }
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
    have_minimums: bool,
}

impl Playbooks {
    pub fn new(current: Vec<Arc<Playbook>>, older: Vec<Arc<Playbook>>) -> Self {
        let have_minimums = current.iter().chain(&older).any(|playbook| !playbook.minimums.is_empty());
        Self { current, older, have_minimums }
    }

    pub const fn have_minimums(&self) -> bool {
        self.have_minimums
    }

    pub fn current(&self) -> &[Arc<Playbook>] {
        &self.current
    }

    pub fn by_reference(&self, reference: &PlaybookRef) -> Option<&Playbook> {
        self.current.iter().chain(&self.older).find(|playbook| playbook.reference == *reference).map(AsRef::as_ref)
    }

    /// By party override, else the best fitting one (most constraints met, then name).
    pub fn choose(
        &self,
        override_id: Option<&str>,
        receivable: &Receivable,
        dates: &[(KeyDate, Date)],
    ) -> Option<&Playbook> {
        if let Some(id) = override_id
            && let Some(playbook) = self.current.iter().find(|playbook| &*playbook.reference.id == id)
            && playbook.applies.subject == SubjectKind::Receivable
        {
            return Some(playbook);
        }
        let fitting =
            self.current.iter().filter_map(|playbook| Some((playbook.applies.fit(receivable, dates)?, playbook)));
        let best =
            fitting.max_by(|(a, left), (b, right)| a.cmp(b).then_with(|| right.reference.id.cmp(&left.reference.id)));
        best.map(|(_, playbook)| playbook.as_ref())
    }

    /// What is told of an order or a parcel from this source: of each scenario the best fitting playbook, in the order of
    /// the scenarios.
    pub fn of_subject(&self, subject: SubjectKind, source: OrderSource) -> Vec<&Playbook> {
        let fits = |applies: &AppliesTo| applies.subject == subject && applies.source.is_none_or(|own| own == source);
        let mut found: Vec<&Playbook> = Vec::new();
        for playbook in self.current.iter().filter(|playbook| fits(&playbook.applies)) {
            match found.iter().position(|known| known.scenario == playbook.scenario) {
                Some(place) if goes_before(playbook, found[place]) => found[place] = playbook,
                Some(_) => {}
                None => found.push(playbook),
            }
        }
        found.sort_by_key(|playbook| (scenario_number(&playbook.scenario), playbook.reference.id.clone()));
        found
    }
}

fn goes_before(one: &Playbook, other: &Playbook) -> bool {
    let (more, fewer) = (one.applies.constraints(), other.applies.constraints());
    more > fewer || (more == fewer && one.reference.id < other.reference.id)
}

fn scenario_number(scenario: &str) -> u8 {
    scenario.get(1..).and_then(|number| number.parse().ok()).unwrap_or(u8::MAX)
}
