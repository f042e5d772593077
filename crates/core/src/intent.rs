//! What the buyer means by an answer, as the person who enters it reads it. Each intent leads somewhere at once: to a reason
//! that chooses the route, to a promise or a dispute that is filled in already, to an objection, to an answer of ours.

use jiff::Timestamp;

use crate::ids::{ContactId, ReceivableId};
use crate::receivable::coded_enum;
use crate::why::WhyUnpaid;

coded_enum! {
    /// What an answer of the buyer means.
    Intent {
        PaidAlready = "paid_already",
        Promises = "promises",
        Disputes = "disputes",
        AsksQuestion = "asks_question",
        AsksForPapers = "asks_for_papers",
        WrongContact = "wrong_contact",
        ShortOfCash = "short_of_cash",
        Bargains = "bargains",
        Refuses = "refuses",
        ObjectsToContact = "objects_to_contact",
        /// A machine answered: nobody has read anything.
        OutOfOffice = "out_of_office",
        Other = "other",
    }
}

impl Intent {
    /// The reason for not paying that it gives.
    pub const fn why(self) -> Option<WhyUnpaid> {
        match self {
            Self::PaidAlready => Some(WhyUnpaid::PaidInTransit),
            Self::WrongContact => Some(WhyUnpaid::WrongContact),
            Self::ShortOfCash => Some(WhyUnpaid::CashShort),
            Self::Bargains => Some(WhyUnpaid::Bargaining),
            Self::Refuses => Some(WhyUnpaid::Refuses),
            _ => None,
        }
    }

    /// Whether the reason is noted at once. "It is paid" silences pressing for days, so a person says yes to it first.
    pub const fn notes_why(self) -> bool {
        self.why().is_some() && !matches!(self, Self::PaidAlready)
    }

    /// Whether the buyer waits for words of ours.
    pub const fn wants_answer(self) -> bool {
        matches!(self, Self::AsksQuestion | Self::AsksForPapers)
    }

    /// Whether a person at the buyer's has spoken.
    pub const fn is_by_a_person(self) -> bool {
        !matches!(self, Self::OutOfOffice)
    }
}

/// Something the buyer said to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    pub at: Timestamp,
    /// Who said it, where that is known.
    pub contact_id: Option<ContactId>,
    /// `None`: about nothing in particular.
    pub receivable_id: Option<ReceivableId>,
    pub intent: Intent,
}

/// So long a letter that answers the buyer may leave in spite of the least gap (SCENARIOS A12).
pub const ANSWER_HOURS: i64 = 72;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_at_once_gives_a_reason_and_needs_no_yes() {
        for intent in Intent::ALL {
            assert!(!intent.notes_why() || intent.why().is_some(), "{}", intent.code());
            assert!(!(intent.wants_answer() && intent.notes_why()), "{} leads to one place", intent.code());
        }
        assert!(!Intent::PaidAlready.notes_why());
        assert!(!Intent::OutOfOffice.is_by_a_person());
    }
}
