//! What is wrong with a playbook: the place, what it is, and what to do about it. Every check speaks through this type;
//! a problem without a remedy cannot be made.

use serde::Serialize;

use crate::receivable::coded_enum;

/// What is wrong with a playbook, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{file}:{line}:{column}: {}{what}; {remedy}", severity.lead())]
pub struct PlaybookProblem {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub what: String,
    /// What to do about it.
    pub remedy: String,
    pub severity: Severity,
    /// What kind of problem it is, for pages that say so in their reader's language.
    pub code: ProblemCode,
}

coded_enum! {
    /// The kinds of problems.
    ProblemCode {
        Unreadable = "unreadable",
        Syntax = "syntax",
        UnknownKey = "unknown_key",
        Missing = "missing",
        WrongType = "wrong_type",
        WrongValue = "wrong_value",
        Time = "time",
        Condition = "condition",
        Level = "level",
        /// A severe step that nobody approves.
        Severe = "severe",
        Scenario = "scenario",
        Letter = "letter",
        /// A letter that is missing in a language.
        Language = "language",
        /// A step that never comes.
        Never = "never",
        /// Another playbook always goes first.
        Overlap = "overlap",
        /// Two playbooks of one id.
        Double = "double",
    }
}

/// Whether a playbook can be used in spite of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It is not taken.
    Error,
    /// It is taken, and does less than its author may think.
    Warning,
}

impl Severity {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }

    const fn lead(self) -> &'static str {
        match self {
            Self::Error => "",
            Self::Warning => "warning: ",
        }
    }
}

impl PlaybookProblem {
    /// A file that cannot even be read.
    pub fn unreadable(file: String, error: impl std::fmt::Display) -> Self {
        Self {
            file,
            line: 1,
            column: 1,
            what: format!("cannot be read: {error}"),
            remedy: "check the path and its permissions, and that it is a text in UTF-8".to_string(),
            severity: Severity::Error,
            code: ProblemCode::Unreadable,
        }
    }

    pub const fn is_error(&self) -> bool {
        matches!(self.severity, Severity::Error)
    }
}

/// What is wrong within one text of a playbook: a time, a condition, a length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {remedy}")]
pub struct Fault {
    /// Bytes from the beginning of the text.
    pub at: usize,
    pub what: String,
    pub remedy: String,
}

impl Fault {
    pub fn new(at: usize, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { at, what: what.into(), remedy: remedy.into() }
    }
}

/// The file that is read, and what was found in it so far.
pub(super) struct Sheet<'s> {
    file: &'s str,
    text: &'s str,
    pub(super) problems: Vec<PlaybookProblem>,
}

impl<'s> Sheet<'s> {
    pub(super) const fn new(file: &'s str, text: &'s str) -> Self {
        Self { file, text, problems: Vec::new() }
    }

    /// `at` in bytes from the beginning of the file.
    pub(super) fn error(&mut self, code: ProblemCode, at: usize, what: impl Into<String>, remedy: impl Into<String>) {
        self.note(code, at, (what.into(), remedy.into()), Severity::Error);
    }

    pub(super) fn warning(&mut self, code: ProblemCode, at: usize, what: impl Into<String>, remedy: impl Into<String>) {
        self.note(code, at, (what.into(), remedy.into()), Severity::Warning);
    }

    /// A fault in a text that stands at `place`.
    pub(super) fn fault(&mut self, code: ProblemCode, place: &Place, fault: Fault) {
        self.error(code, place.inside(self.text, fault.at), fault.what, fault.remedy);
    }

    pub(super) fn has_errors(&self) -> bool {
        self.problems.iter().any(PlaybookProblem::is_error)
    }

    fn note(&mut self, code: ProblemCode, at: usize, (what, remedy): (String, String), severity: Severity) {
        let mut end = at.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        self.problems.push(PlaybookProblem { file: self.file.to_string(), line, column, what, remedy, severity, code });
    }
}

/// Where a value stands in its file, in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Place {
    /// A byte of a text within its quotes; the quotes themselves where the text is written with escapes.
    fn inside(&self, file: &str, at: usize) -> usize {
        let quoted = file.get(self.start..self.end).unwrap_or("");
        let is_plain = !quoted.contains('\\') && !quoted.starts_with("\"\"\"") && !quoted.starts_with("'''");
        if is_plain && quoted.len() > at + 1 { self.start + 1 + at } else { self.start }
    }
}

/// The known word that a mistyped one is nearest to, if it is near at all.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let distance = |known: &str| rapidfuzz::distance::levenshtein::distance(word.chars(), known.chars());
    let near = known.into_iter().map(|known| (distance(known), known)).min()?;
    let most = (word.chars().count() / 3).max(2);
    (near.0 <= most).then_some(near.1)
}

/// "write ‘due’" where one is near, else all that are known.
pub(super) fn instead(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean ‘{near}’? Known: {}", known.join(", ")),
        None => format!("write one of: {}", known.join(", ")),
    }
}
