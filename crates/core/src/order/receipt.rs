//! More time for the buyer's receipt, asked of the marketplace: how it stands, which letter tells of it, how many days.
//!
//! It is asked for once for each yes. Whoever does not know whether it was given looks it up and never asks again; the
//! letter that tells of it leaves only after it was given.

use jiff::civil::Date;

use crate::receivable::coded_enum;
use crate::shipment::protection::{ProtectionRules, protection_clock};

coded_enum! {
    /// How it stands.
    ReceiptState {
        /// Asked for as soon as the marketplace can be reached.
        Queued = "queued",
        /// On its way: written down before the marketplace is called.
        Sending = "sending",
        /// The buyer has more time.
        Done = "done",
        /// The marketplace said no.
        Failed = "failed",
        /// Nobody knows whether it was given: it is looked up, and not asked for again.
        Uncertain = "uncertain",
        /// Its letter was declined or became wrong before it was asked for.
        Withdrawn = "withdrawn",
    }
}

impl ReceiptState {
    /// Something still has to come of it; an order has one of these at most.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Sending | Self::Uncertain)
    }
}

/// The most days that are asked for at once.
pub const MOST_DAYS: u16 = 60;

/// Whether a letter says that the buyer was given more time.
pub fn tells_of_more_time(letter: &str) -> bool {
    letter == "m7_extend_receipt"
}

/// How many days to ask for, so that the buyer has a margin left after the last day on which the goods are expected; the
/// margin itself where they are expected in time.
pub fn days_to_ask(ends_on: Date, arrives_by: Option<Date>, today: Date) -> u16 {
    let rules = ProtectionRules::default();
    let lacking = protection_clock(ends_on, arrives_by, today, &rules).extend_by_days;
    lacking.max(rules.margin_days).min(MOST_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn so_many_days_are_asked_for_that_the_buyer_keeps_a_margin() {
        let (today, end) = (date(2026, 5, 21), date(2026, 5, 31));
        assert_eq!(days_to_ask(end, Some(date(2026, 6, 10)), today), 17);
        assert_eq!(days_to_ask(end, Some(date(2026, 5, 22)), today), 7, "in time: the margin alone");
        assert_eq!(days_to_ask(end, None, today), 7);
        assert_eq!(days_to_ask(end, Some(date(2027, 1, 1)), today), 30, "no more than is given at once");
    }

    #[test]
    fn only_what_may_still_come_is_open() {
        let open: Vec<&str> =
            ReceiptState::ALL.iter().filter(|state| state.is_open()).map(|state| state.code()).collect();
        assert_eq!(open, ["queued", "sending", "uncertain"]);
    }
}
