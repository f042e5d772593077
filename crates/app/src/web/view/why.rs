//! Reasons as pages show them: one sentence per gate, with a mark.

/// What a reason did to the decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mark {
    /// A gate that lets the step pass.
    Pass,
    /// A gate that stops it.
    Stop,
    /// Moves it to another time or person, without stopping it.
    Shift,
    /// Says which step, playbook or recipient was chosen.
    #[default]
    Note,
}

impl Mark {
    /// The word in class names, icon names and catalogue keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Stop => "stop",
            Self::Shift => "shift",
            Self::Note => "note",
        }
    }
}

/// One reason, in the reader's language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReasonLine {
    pub mark: Mark,
    pub sentence: String,
    /// The stable code, `gate.promise`: shown small, for support and search.
    pub code: String,
}

impl ReasonLine {
    pub fn new(mark: Mark, code: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { mark, sentence: sentence.into(), code: code.into() }
    }

    /// The mark that the first word of a code usually has; the loader may know better.
    pub fn mark_of(code: &str) -> Mark {
        match code {
            "gate.dispute_part" | "gate.promise_part" => Mark::Shift,
            "contact.objection" | "contact.nobody" => Mark::Stop,
            "case.awaits_trigger" | "case.letter_waiting" | "case.letter_uncertain" | "case.letter_to_paste" => {
                Mark::Stop
            }
            "case.approval_waiting" | "case.task_waiting" | "case.no_playbook" => Mark::Stop,
            _ if code.starts_with("gate.") || code.starts_with("cancelled.") => Mark::Stop,
            _ if code.starts_with("pass.") => Mark::Pass,
            "contact.gap" | "contact.ceiling" | "contact.window" | "contact.zone_unknown" => Mark::Shift,
            _ => Mark::Note,
        }
    }
}
