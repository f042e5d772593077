//! What looking ahead and back found, as `dunlin simulate --json`, `dunlin backtest --json` and the API say it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use dunlin_core::lookahead::{Action, Assumptions, Standing};

use super::add_up_actions::{Looked, LookedDay, Who};
use super::look_back::SentDay;

/// A look over a span of days.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldLook {
    pub from: Date,
    pub to: Date,
    /// The folder of the playbooks; `used` or `shipped` without one.
    pub playbooks: String,
    pub assumptions: ToldAssumptions,
    pub debtors: usize,
    pub days: Vec<ToldDay>,
    pub standing: ToldStanding,
    pub refusals: Vec<ToldRefusal>,
    /// Debtors that woke so often that the look was broken off.
    pub cut_short: Vec<String>,
    /// Actions that are in the sums and not in the lists.
    pub left_out: usize,
    /// Looking back: what really was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<Vec<ToldSent>>,
    /// The same days with other playbooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared: Option<ToldCompared>,
}

/// What people and buyers are taken to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldAssumptions {
    /// From the moment a letter waits for a yes to that yes.
    pub approval_hours: i64,
    /// `at_once`: calls are made at the moment they are planned for.
    #[schema(example = "at_once")]
    pub calls: &'static str,
    /// `none` ahead: nobody pays; `recorded` back.
    #[schema(example = "none")]
    pub payments: &'static str,
    /// `broken` ahead: open promises run out; `recorded` back.
    #[schema(example = "broken")]
    pub promises: &'static str,
    /// `as_they_stand` ahead, `anew` back: cases begin without a step.
    #[schema(example = "as_they_stand")]
    pub cases: &'static str,
}

/// One day in the firm's zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldDay {
    pub date: Date,
    /// That leave.
    pub letters: usize,
    /// That begin to wait for a yes.
    pub approvals: usize,
    pub calls: usize,
    pub tasks: usize,
    pub levels: Vec<ToldLevel>,
    /// Where cases stand at the end of the day.
    pub standing: ToldStanding,
    pub actions: Vec<ToldStep>,
}

/// Letters of one level.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldLevel {
    pub level: u8,
    pub letters: usize,
}

/// One thing that is done, or asked of a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldStep {
    /// `letter`, `approval`, `call`, `task`.
    #[schema(example = "letter")]
    pub kind: &'static str,
    /// What kind of task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<&'static str>,
    #[schema(example = "D-0017")]
    pub debtor: String,
    pub name: String,
    #[schema(example = json!(["R-1042"]))]
    pub receivables: Vec<String>,
    pub playbook: Option<String>,
    pub step: Option<String>,
    pub level: u8,
    pub channel: Option<&'static str>,
    #[schema(example = "USD")]
    pub currency: &'static str,
    /// What is asked for.
    #[schema(example = "1234.50")]
    pub amount: String,
    pub at: Timestamp,
}

/// How many cases wait, and on whom.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldStanding {
    /// A yes, a call, a task, a dispute or money without a place is ours to settle.
    pub waiting_on_us: usize,
    pub waiting_on_buyer: usize,
    pub ladder_done: usize,
    /// Handed over to others, or replaced by instalments that have cases of their own.
    pub in_other_hands: usize,
    /// Paid, written off or closed.
    pub settled: usize,
}

/// A plan that the audit refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldRefusal {
    pub debtor: String,
    pub at: Timestamp,
    pub invariant: u8,
    pub what: String,
}

/// Letters that really left on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldSent {
    pub date: Date,
    pub letters: usize,
    pub levels: Vec<ToldLevel>,
}

/// The same days with other playbooks.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldCompared {
    pub playbooks: String,
    /// Their sums; the lists of actions are empty.
    pub days: Vec<ToldDay>,
    pub standing: ToldStanding,
    pub refusals: Vec<ToldRefusal>,
}

impl From<Standing> for ToldStanding {
    fn from(standing: Standing) -> Self {
        let Standing { waiting_on_us, waiting_on_buyer, ladder_done, in_other_hands, settled } = standing;
        Self { waiting_on_us, waiting_on_buyer, ladder_done, in_other_hands, settled }
    }
}

/// `sent`: given when it was a look back.
pub fn tell_look(looked: &Looked, against: Option<&Looked>, sent: Option<&[SentDay]>) -> ToldLook {
    let is_back = sent.is_some();
    let either = |ahead, back| if is_back { back } else { ahead };
    ToldLook {
        from: looked.span.from,
        to: looked.span.to,
        playbooks: looked.playbooks.clone(),
        assumptions: ToldAssumptions {
            approval_hours: Assumptions::default().approval_hours,
            calls: "at_once",
            payments: either("none", "recorded"),
            promises: either("broken", "recorded"),
            cases: either("as_they_stand", "anew"),
        },
        debtors: looked.debtors,
        days: looked.days.iter().map(|day| told_day(day, true)).collect(),
        standing: looked.standing.into(),
        refusals: refusals(looked),
        cut_short: looked.cut_short.iter().map(|who| who.number.clone()).collect(),
        left_out: looked.left_out,
        sent: sent.map(|days| days.iter().map(told_sent).collect()),
        compared: against.map(|other| ToldCompared {
            playbooks: other.playbooks.clone(),
            days: other.days.iter().map(|day| told_day(day, false)).collect(),
            standing: other.standing.into(),
            refusals: refusals(other),
        }),
    }
}

fn refusals(looked: &Looked) -> Vec<ToldRefusal> {
    let told = looked.refusals.iter().map(|(who, refusal)| ToldRefusal {
        debtor: who.number.clone(),
        at: refusal.at,
        invariant: refusal.invariant,
        what: refusal.what.clone(),
    });
    told.collect()
}

fn told_sent(day: &SentDay) -> ToldSent {
    ToldSent { date: day.date, letters: day.letters, levels: levels(&day.levels) }
}

fn levels(levels: &std::collections::BTreeMap<u8, usize>) -> Vec<ToldLevel> {
    levels.iter().map(|(level, letters)| ToldLevel { level: *level, letters: *letters }).collect()
}

fn told_day(day: &LookedDay, with_actions: bool) -> ToldDay {
    let actions = day.actions.iter().filter(|_| with_actions);
    ToldDay {
        date: day.date,
        letters: day.letters,
        approvals: day.approvals,
        calls: day.calls,
        tasks: day.tasks,
        levels: levels(&day.levels),
        standing: day.standing.into(),
        actions: actions.map(|(who, action)| told_step(who, action)).collect(),
    }
}

fn told_step(who: &Who, action: &Action) -> ToldStep {
    ToldStep {
        kind: action.kind.code(),
        task: action.task.map(|task| task.code()),
        debtor: who.number.clone(),
        name: who.name.clone(),
        receivables: action.receivables.clone(),
        playbook: action.playbook.as_deref().map(str::to_string),
        step: action.step.as_deref().map(str::to_string),
        level: action.level,
        channel: action.channel.map(|channel| channel.code()),
        currency: action.pressed.currency.code(),
        amount: action.pressed.decimal(),
        at: action.at,
    }
}
