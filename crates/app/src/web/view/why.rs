//! Reasons as pages show them: one sentence per gate, with a mark.

/// What a reason did to the decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mark {
    /// A gate that lets the step pass.
    Pass,
    /// A gate that stops it.
    Stop,
    /// Nothing is wrong: it is under way, and waits for its moment or for a person.
    Wait,
    /// Moves it to another time or person, without stopping it.
    Shift,
    /// Says which step, playbook or recipient was chosen.
    #[default]
    Note,
}

impl Mark {
    /// The picture in front of the sentence.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Wait => "clock",
            _ => self.code(),
        }
    }

    /// The word in class names and catalogue keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Stop => "stop",
            Self::Wait => "wait",
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
    /// The stable code, `gate.promise`: shown when the mouse rests on the sentence, for support.
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
            "gate.paid" | "gate.paid_less_charges" => Mark::Pass,
            "case.handed_over" | "case.plan_agreed" | "case.refused" => Mark::Stop,
            "contact.objection" | "contact.nobody" | "case.no_playbook" | "case.letter_uncertain" => Mark::Stop,
            "case.awaits_trigger" | "case.letter_waiting" | "case.letter_to_paste" => Mark::Wait,
            "case.approval_waiting" | "case.task_waiting" | "case.rests" => Mark::Wait,
            _ if code.starts_with("gate.") => Mark::Stop,
            _ if code.starts_with("pass.") => Mark::Pass,
            "contact.gap" | "contact.gap_planned" | "contact.ceiling" | "step.below_minimum" => Mark::Shift,
            "contact.window" | "contact.holiday" | "contact.closed" | "contact.zone_unknown" => Mark::Shift,
            _ => Mark::Note,
        }
    }
}
