//! Due dates: civil, counted from the day a trigger happened.

use jiff::civil::Date;

use super::Trigger;
use crate::calendar::shift;

/// The due date of a receivable whose trigger happened on `triggered_on`.
pub fn due_on(trigger: Trigger, triggered_on: Date, days: i32) -> Date {
    match trigger {
        // "60 days end of month": the days run from the invoice, then the month is filled up.
        Trigger::EndOfMonth => shift(triggered_on, days).last_of_month(),
        _ => shift(triggered_on, days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn end_of_month_fills_up_the_month() {
        assert_eq!(due_on(Trigger::EndOfMonth, date(2026, 1, 31), 30), date(2026, 3, 31));
        assert_eq!(due_on(Trigger::BlDate, date(2026, 1, 31), 60), date(2026, 4, 1));
        assert_eq!(due_on(Trigger::BlCopy, date(2026, 3, 2), 0), date(2026, 3, 2));
    }
}
