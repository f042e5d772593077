//! Adds up what looking ahead or back found, day by day. Sums are whole; of the single actions only so many a day are
//! kept, so that memory stays flat however many debtors there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use dunlin_core::calendar::{days_between, shift};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::lookahead::{Action, ActionKind, Outlook, RefusedPlan, Standing};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::look_ahead::Span;

/// Whom something is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// `D-0017`.
    pub number: String,
    pub name: String,
    pub country: String,
}

impl Who {
    pub fn of(facts: &DebtorFacts) -> Arc<Self> {
        let party = &facts.party;
        Arc::new(Self { number: party.number.clone(), name: party.name.clone(), country: party.country.clone() })
    }
}

/// One day.
#[derive(Debug, Clone)]
pub struct LookedDay {
    pub date: Date,
    pub letters: usize,
    pub approvals: usize,
    pub calls: usize,
    pub tasks: usize,
    /// Letters by the level of their tone.
    pub levels: BTreeMap<u8, usize>,
    /// Where the cases stand at its end.
    pub standing: Standing,
    /// In the order of time; not more of them than are kept.
    pub actions: Vec<(Arc<Who>, Action)>,
}

impl LookedDay {
    fn new(date: Date) -> Self {
        let (levels, standing, actions) = (BTreeMap::new(), Standing::default(), Vec::new());
        Self { date, letters: 0, approvals: 0, calls: 0, tasks: 0, levels, standing, actions }
    }

    pub const fn total(&self) -> usize {
        self.letters + self.approvals + self.calls + self.tasks
    }
}

/// What was found in a span of days.
#[derive(Debug, Clone)]
pub struct Looked {
    pub span: Span,
    /// What the playbooks are called by whoever asked for them.
    pub playbooks: String,
    /// Every day of the span.
    pub days: Vec<LookedDay>,
    pub debtors: usize,
    pub standing: Standing,
    pub refusals: Vec<(Arc<Who>, RefusedPlan)>,
    /// Debtors that woke without end: what comes after is missing.
    pub cut_short: Vec<Arc<Who>>,
    /// Actions that are in the sums and not in the lists.
    pub left_out: usize,
    zone: TimeZone,
    most_a_day: usize,
}

impl Looked {
    /// `most`: how many single actions to keep in all.
    pub fn new(span: Span, playbooks: &str, zone: TimeZone, most: usize) -> Self {
        let count = days_between(span.from, span.to).max(0) + 1;
        Self {
            span,
            playbooks: playbooks.to_string(),
            days: (0..count).map(|nth| LookedDay::new(shift(span.from, nth))).collect(),
            debtors: 0,
            standing: Standing::default(),
            refusals: Vec::new(),
            cut_short: Vec::new(),
            left_out: 0,
            zone,
            most_a_day: (most / count.unsigned_abs() as usize).max(1),
        }
    }

    /// One debtor at its end.
    pub fn add(&mut self, who: &Arc<Who>, outlook: Outlook) {
        self.debtors += 1;
        self.standing.add(outlook.standing);
        self.refusals.extend(outlook.refusals.into_iter().map(|refusal| (Arc::clone(who), refusal)));
        if outlook.cut_short.is_some() {
            self.cut_short.push(Arc::clone(who));
        }
        self.add_actions(who, outlook.actions);
    }

    /// Where more cases stand at the end of the day of this place.
    pub fn stand(&mut self, nth: usize, standing: Standing) {
        if let Some(day) = self.days.get_mut(nth) {
            day.standing.add(standing);
        }
    }

    /// What a debtor did on the way.
    pub fn add_actions(&mut self, who: &Arc<Who>, actions: Vec<Action>) {
        for action in actions {
            let date = self.zone.to_datetime(action.at).date();
            let place = usize::try_from(days_between(self.span.from, date)).ok();
            let Some(day) = place.and_then(|place| self.days.get_mut(place)) else {
                continue;
            };
            match action.kind {
                ActionKind::Letter => {
                    day.letters += 1;
                    *day.levels.entry(action.level).or_default() += 1;
                }
                ActionKind::Approval => day.approvals += 1,
                ActionKind::Call => day.calls += 1,
                ActionKind::Task => day.tasks += 1,
            }
            if day.actions.len() < self.most_a_day {
                day.actions.push((Arc::clone(who), action));
            } else {
                self.left_out += 1;
            }
        }
    }

    /// Puts the actions of each day in their order.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        for day in &mut self.days {
            day.actions.sort_by(|(a, left), (b, right)| (left.at, &a.number).cmp(&(right.at, &b.number)));
        }
        self
    }

    /// Letters, approvals, calls and tasks of all days.
    pub fn totals(&self) -> LookedDay {
        let mut all = LookedDay::new(self.span.from);
        for day in &self.days {
            all.letters += day.letters;
            all.approvals += day.approvals;
            all.calls += day.calls;
            all.tasks += day.tasks;
            for (level, letters) in &day.levels {
                *all.levels.entry(*level).or_default() += letters;
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use dunlin_core::money::{Currency, Money};
    use jiff::civil::date;

    use super::*;

    fn action(at: &str, kind: ActionKind) -> Action {
        Action {
            at: at.parse().expect("an instant"),
            kind,
            task: None,
            playbook: None,
            step: None,
            level: 1,
            channel: None,
            pressed: Money::new(100, Currency::USD),
            receivables: vec!["R-0001".to_string()],
        }
    }

    #[test]
    fn sums_are_whole_and_lists_are_bounded() {
        let span = Span { from: date(2026, 3, 1), to: date(2026, 3, 2) };
        let mut looked = Looked::new(span, "", TimeZone::UTC, 4);
        let who = Arc::new(Who { number: "D-0001".to_string(), name: "Rossi".to_string(), country: "IT".to_string() });
        let mut actions: Vec<Action> =
            (0..5).map(|hour| action(&format!("2026-03-01T0{}:00:00Z", 9 - hour), ActionKind::Letter)).collect();
        actions.push(action("2026-03-02T09:00:00Z", ActionKind::Call));
        actions.push(action("2026-03-03T09:00:00Z", ActionKind::Call));
        looked.add(&who, Outlook { actions, ..Outlook::default() });
        let looked = looked.in_order();
        assert_eq!((looked.days[0].letters, looked.days[0].actions.len(), looked.left_out), (5, 2, 3));
        assert!(looked.days[0].actions[0].1.at < looked.days[0].actions[1].1.at);
        assert_eq!((looked.days[1].calls, looked.totals().calls, looked.totals().levels[&1]), (1, 1, 5));
    }
}
