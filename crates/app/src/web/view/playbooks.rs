//! `GET /playbooks`, `/playbooks/{id}`, `/playbooks/{id}/edit`: what each playbook would do, and how it becomes another.

use super::figures::{Amount, When};
use super::pictures::Ladder;

/// The list.
#[derive(Debug, Clone, Default)]
pub struct PlaybooksPage {
    pub lines: Vec<PlaybookLine>,
}

/// One playbook in force.
#[derive(Debug, Clone, Default)]
pub struct PlaybookLine {
    pub id: String,
    /// "Open account".
    pub title: String,
    /// `B5`.
    pub scenario: String,
    /// "Direct · balance, full amount · from the invoice date".
    pub applies: String,
    pub steps: usize,
    pub version: String,
    /// The firm published it; else it came with the program or its folder.
    pub is_own: bool,
    /// Running cases in sight, whichever version they follow.
    pub cases: i64,
    /// Those of them that follow an older version.
    pub on_older: i64,
}

/// One playbook.
#[derive(Debug, Clone, Default)]
pub struct PlaybookPage {
    pub line: PlaybookLine,
    pub ladder: Ladder,
    pub steps: Vec<StepLine>,
    /// Other ways than the ladder.
    pub routes: Vec<RoutePart>,
    /// What thanks for the payment: none or one.
    pub thanks: Vec<StepLine>,
    /// Least amounts of the levels.
    pub minimums: Vec<MinimumLine>,
    /// Least hours between two pressing contacts; `None`: the firm's.
    pub gap_hours: Option<i64>,
    /// Code of the hours in which letters may arrive.
    pub window: &'static str,
    /// When platforms close an order of which nobody tells the day, in words.
    pub platform_close: Option<String>,
    pub versions: Vec<VersionLine>,
    pub fields: Vec<FieldLine>,
}

/// A route in words.
#[derive(Debug, Clone, Default)]
pub struct RoutePart {
    pub title: String,
    /// "short of money, bargains for a discount": why it is unpaid; empty: whatever the reason.
    pub reasons: String,
    /// As it is written; empty: none.
    pub condition: String,
    /// Code of what comes after its last step.
    pub then: &'static str,
    pub steps: Vec<StepLine>,
}

/// What a debtor must owe for a level of warning.
#[derive(Debug, Clone, Default)]
pub struct MinimumLine {
    pub level: u8,
    /// Overdue, per currency.
    pub amounts: Vec<Amount>,
    /// Of all that is open, in a hundred; 0: no least share.
    pub share: i64,
}

/// One step in words.
#[derive(Debug, Clone, Default)]
pub struct StepLine {
    pub title: String,
    pub level: u8,
    pub purpose: &'static str,
    /// Work for one of us; the buyer hears nothing of it.
    pub is_task: bool,
    /// "3 days after the due date and 5 working days after the step before".
    pub when: String,
    /// Empty: it stays possible.
    pub until: String,
    /// The condition as it is written; empty: always.
    pub condition: String,
    /// "Email, else phone".
    pub channels: String,
    pub roles: String,
    /// Code of who must look or say yes.
    pub autonomy: &'static str,
    pub is_severe: bool,
    pub answer_days: i32,
    pub has_statement: bool,
    pub letters: Vec<LetterLink>,
}

/// Where a letter of a step can be read, filled with invented facts.
#[derive(Debug, Clone, Default)]
pub struct LetterLink {
    pub channel: &'static str,
    pub language: &'static str,
    pub href: String,
}

/// A version of a playbook.
#[derive(Debug, Clone, Default)]
pub struct VersionLine {
    pub version: String,
    /// From 1 for what the firm published; `None` for what was brought, or lay in a folder once.
    pub number: Option<i64>,
    pub when: Option<When>,
    /// Empty for the command line.
    pub who: String,
    pub via: String,
    pub note: String,
    pub cases: i64,
    pub is_in_force: bool,
    /// Program or folder bring it.
    pub is_brought: bool,
}

/// A field that conditions may use.
#[derive(Debug, Clone, Default)]
pub struct FieldLine {
    pub name: &'static str,
    /// Code of its type.
    pub kind: &'static str,
    pub means: String,
}

/// The text with what is said about it.
#[derive(Debug, Clone, Default)]
pub struct EditPage {
    pub id: String,
    pub title: String,
    pub text: String,
    /// The version in force when the writing began.
    pub seen: String,
    pub note: String,
    pub migrates: bool,
    /// Running cases that publishing is about.
    pub cases: i64,
    pub problems: Vec<ProblemLine>,
    /// It can be published.
    pub is_sound: bool,
    /// `None` while it cannot be read.
    pub ladder: Option<Ladder>,
    pub fields: Vec<FieldLine>,
    /// Why it was not published; empty: nobody tried.
    pub trouble: String,
}

impl EditPage {
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == "error").count()
    }
}

/// A problem beside the line it is about.
#[derive(Debug, Clone, Default)]
pub struct ProblemLine {
    pub line: usize,
    pub column: usize,
    /// Code of its kind, and `error` or `warning`.
    pub code: &'static str,
    pub severity: &'static str,
    pub what: String,
    pub remedy: String,
    /// The line itself.
    pub source: String,
}

/// A letter as it reads with invented facts.
#[derive(Debug, Clone, Default)]
pub struct SampleLetterPage {
    pub id: String,
    pub title: String,
    pub letter: String,
    pub channel: &'static str,
    pub language: &'static str,
    pub subject: String,
    pub paragraphs: Vec<String>,
    /// The other languages and channels of it.
    pub others: Vec<LetterLink>,
}
