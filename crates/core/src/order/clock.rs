//! The clocks that run on an order, and which of them matters where it stands. An order that has left is not to be shipped by
//! anything any more; one that waits for an answer is looked at when the answer is due; of one that has arrived nothing runs
//! but the answer to what its buyer wrote.

use jiff::{SignedDuration, Timestamp};

use super::story::OrderState;
use crate::receivable::coded_enum;

/// A wish, a question and what we asked ourselves are to be answered within so many hours (SCENARIOS M4).
pub const ANSWER_HOURS: i64 = 24;

coded_enum! {
    /// What runs out.
    OrderClock {
        /// The platform's last moment to ship.
        ShipBy = "ship_by",
        Answer = "answer",
        /// The end of the buyer's protection.
        Protection = "protection",
    }
}

/// What is known of the clocks of one order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderClocks {
    pub ship_by: Option<Timestamp>,
    /// Since when something is open with the buyer before dispatch.
    pub awaited_since: Option<Timestamp>,
    /// Since when a message of the buyer is without an answer.
    pub written_since: Option<Timestamp>,
    /// The moment at which the buyer's protection is over.
    pub protection_end: Option<Timestamp>,
}

impl OrderState {
    /// It has to be shipped still, all of it or the rest.
    pub const fn is_to_ship(self) -> bool {
        use OrderState as S;
        matches!(
            self,
            S::Paid | S::OutOfStock | S::InStock | S::AwaitingConfirmation | S::Ready | S::RiskControl | S::PartShipped
        )
    }

    /// What has to be known before dispatch can be asked, answered and taken over.
    pub const fn is_before_dispatch(self) -> bool {
        self.is_to_ship() || matches!(self, Self::Placed | Self::Frozen)
    }

    /// Goods of it are on their way, and the buyer's protection runs.
    pub const fn is_away(self) -> bool {
        matches!(self, Self::PartShipped | Self::Shipped | Self::InDispute | Self::Frozen)
    }
}

impl OrderClocks {
    /// Those that run where the order stands; the first of them is the one by which it is sorted.
    pub fn running(&self, state: OrderState) -> Vec<(OrderClock, Timestamp)> {
        let within = |at: Timestamp| at.checked_add(SignedDuration::from_hours(ANSWER_HOURS)).ok();
        let asked = self.awaited_since.filter(|_| state.is_before_dispatch());
        let since = asked.into_iter().chain(self.written_since).min();
        let all = [
            (OrderClock::ShipBy, self.ship_by.filter(|_| state.is_to_ship())),
            (OrderClock::Answer, since.and_then(within)),
            (OrderClock::Protection, self.protection_end.filter(|_| state.is_away())),
        ];
        let mut all: Vec<(OrderClock, Timestamp)> =
            all.into_iter().filter_map(|(clock, at)| Some((clock, at?))).collect();
        // While the answer is waited for nothing can leave, whatever the platform's clock says.
        let waits = state == OrderState::AwaitingConfirmation;
        all.sort_by_key(|(clock, at)| (waits && *clock != OrderClock::Answer, *at));
        all
    }

    /// The platform's clock to ship, while it still means something.
    pub fn ship_by(&self, state: OrderState) -> Option<Timestamp> {
        self.ship_by.filter(|_| state.is_to_ship())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(hour: i64) -> Timestamp {
        Timestamp::from_second(1_772_000_000 + hour * 3_600).expect("an instant")
    }

    fn kinds(state: OrderState, clocks: &OrderClocks) -> Vec<&'static str> {
        clocks.running(state).into_iter().map(|(clock, _)| clock.code()).collect()
    }

    #[test]
    fn the_clock_that_matters_goes_by_how_the_order_stands() {
        let clocks = OrderClocks {
            ship_by: Some(hour(10)),
            awaited_since: Some(hour(1)),
            written_since: None,
            protection_end: Some(hour(90)),
        };
        assert_eq!(kinds(OrderState::Ready, &clocks), ["ship_by", "answer"]);
        assert_eq!(kinds(OrderState::AwaitingConfirmation, &clocks), ["answer", "ship_by"]);
        assert_eq!(kinds(OrderState::PartShipped, &clocks), ["ship_by", "answer", "protection"]);
        assert_eq!(kinds(OrderState::Shipped, &clocks), ["protection"], "there is nothing to ship any more");
        for over in [OrderState::Delivered, OrderState::Completed, OrderState::Cancelled, OrderState::Closed] {
            assert_eq!(kinds(over, &clocks), Vec::<&str>::new(), "{}", over.code());
        }
        let written = OrderClocks { written_since: Some(hour(2)), ..clocks };
        assert_eq!(kinds(OrderState::Delivered, &written), ["answer"], "a buyer who writes is answered");
        assert_eq!(written.running(OrderState::Shipped)[0], (OrderClock::Answer, hour(26)));
        assert_eq!((clocks.ship_by(OrderState::Ready), clocks.ship_by(OrderState::Shipped)), (Some(hour(10)), None));
    }
}
