//! When a platform usually pays out an order that is completed. No platform's rule is written down here, because it differs from
//! seller to seller and changes: the seller's own payouts say it, once there are enough of them, and before that nothing is
//! called late.

use jiff::civil::Date;

use crate::calendar::{days_between, shift};
use crate::shipment::transit::nearest_rank;

/// So many own payouts say when the next one is late.
pub const ENOUGH_PAYOUTS: usize = 20;

/// What the seller's own payouts come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsualRelease {
    /// Nine of ten came within so many days of the order's completion.
    pub days: u16,
    /// On so many payouts this rests.
    pub payouts: usize,
}

/// From the days between completion and payout, the newest few hundred of them; `None` while there are too few.
pub fn usual_release(history: &[u16]) -> Option<UsualRelease> {
    let payouts = history.len();
    if payouts < ENOUGH_PAYOUTS {
        return None;
    }
    Some(UsualRelease { days: nearest_rank(history, 90)?, payouts })
}

/// Days that a payout took. One before the completion took none: platforms pay some orders out ahead.
pub fn days_to_payout(completed_on: Date, paid_out_on: Date) -> Option<u16> {
    u16::try_from(days_between(completed_on, paid_out_on).max(0)).ok()
}

impl UsualRelease {
    /// The last day on which the payout of an order that was completed then is in time.
    pub fn due_on(self, completed_on: Date) -> Date {
        shift(completed_on, i32::from(self.days))
    }

    /// Orders that were completed on this day or before are late today.
    pub fn late_since(self, today: Date) -> Date {
        shift(today, -i32::from(self.days) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn few_payouts_say_nothing_and_nine_of_ten_say_when_it_is_late() {
        let days: Vec<u16> = (1..=20).collect();
        assert_eq!(usual_release(&days[..19]), None);
        assert_eq!(usual_release(&days), Some(UsualRelease { days: 18, payouts: 20 }));
    }

    #[test]
    fn an_order_is_late_the_day_after_its_last_one() {
        let usual = UsualRelease { days: 5, payouts: 20 };
        let (completed, due) = (date(2026, 3, 1), date(2026, 3, 6));
        assert_eq!(usual.due_on(completed), due);
        assert!(usual.late_since(due) < completed, "in time on its last day");
        assert_eq!(usual.late_since(date(2026, 3, 7)), completed);
    }

    #[test]
    fn a_payout_ahead_of_the_completion_took_no_days() {
        assert_eq!(days_to_payout(date(2026, 3, 9), date(2026, 3, 4)), Some(0));
        assert_eq!(days_to_payout(date(2026, 3, 4), date(2026, 3, 9)), Some(5));
    }
}
