//! The story of an order: all that was told of it, put together so that the order of telling does not matter.
//!
//! News come late, twice and in any order. A story is a set of news with their instants, so that the same news always end in
//! the same story; how the order stands is read from it each time and never written over. What a marketplace calls these
//! things is translated where the marketplace is known (`channels`), never here.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::receivable::coded_enum;

coded_enum! {
    /// What can be told of an order. Of two that are told for the same instant, the one further down holds.
    OrderWord {
        /// Placed, and not paid.
        Placed = "placed",
        /// Paid; the platform is checking the money, and nobody works on the order yet.
        RiskControl = "risk_control",
        /// Paid, and free to be worked on.
        Paid = "paid",
        /// All of it lies here.
        InStock = "in_stock",
        /// Some of it does not.
        OutOfStock = "out_of_stock",
        PartShipped = "part_shipped",
        Shipped = "shipped",
        Delivered = "delivered",
        /// The buyer has confirmed, or the time for it has passed: nothing is open any more.
        Completed = "completed",
        /// The platform has stopped it for now.
        Frozen = "frozen",
        InDispute = "in_dispute",
        /// Called off by the buyer or by us.
        Cancelled = "cancelled",
        /// Closed by the platform before it was delivered.
        Closed = "closed",
    }
}

coded_enum! {
    /// Why an order was cancelled or closed.
    CloseReason {
        /// Not paid in time.
        Unpaid = "unpaid",
        /// The platform did not let the payment pass.
        RiskControl = "risk_control",
        Buyer = "buyer",
        Seller = "seller",
        Other = "other",
    }
}

coded_enum! {
    /// How an order stands, from what was told of it and what we have to do about it.
    OrderState {
        Placed = "placed",
        RiskControl = "risk_control",
        /// Paid; nobody has said whether the goods are there.
        Paid = "paid",
        OutOfStock = "out_of_stock",
        InStock = "in_stock",
        /// The buyer was asked something that has to be known before dispatch.
        AwaitingConfirmation = "awaiting_confirmation",
        /// In stock, nothing asked, nothing held: it can leave.
        Ready = "ready",
        PartShipped = "part_shipped",
        Shipped = "shipped",
        Delivered = "delivered",
        Completed = "completed",
        Cancelled = "cancelled",
        Closed = "closed",
        Frozen = "frozen",
        InDispute = "in_dispute",
    }
}

impl OrderState {
    /// Nothing more is expected to happen to it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled | Self::Closed)
    }
}

/// One thing that was told, with the instant at which it was so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderNews {
    pub at: Timestamp,
    pub word: OrderWord,
    /// Of an end: why.
    pub why: Option<CloseReason>,
}

/// All that was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderStory {
    news: BTreeSet<OrderNews>,
}

/// What the story comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// [`OrderWord::Placed`] while nothing was told.
    pub word: OrderWord,
    pub since: Option<Timestamp>,
    pub why: Option<CloseReason>,
    /// Since when it may be worked on.
    pub cleared: Option<Timestamp>,
    /// The last word about the goods; `None` while nobody said.
    pub in_stock: Option<bool>,
    /// Since when it is so.
    pub stock_since: Option<Timestamp>,
}

impl OrderStory {
    pub fn of(news: impl IntoIterator<Item = OrderNews>) -> Self {
        Self { news: news.into_iter().collect() }
    }

    /// Takes one more in. `false`: it was known, so that what comes twice wakes nobody.
    pub fn hear(&mut self, news: OrderNews) -> bool {
        self.news.insert(news)
    }

    /// In the order in which they happened.
    pub fn news(&self) -> impl DoubleEndedIterator<Item = &OrderNews> {
        self.news.iter()
    }

    /// When one of these words was first so.
    pub fn first(&self, words: &[OrderWord]) -> Option<Timestamp> {
        self.news.iter().find(|news| words.contains(&news.word)).map(|news| news.at)
    }

    pub fn standing(&self) -> Standing {
        let mut standing = Standing {
            word: OrderWord::Placed,
            since: None,
            why: None,
            cleared: None,
            in_stock: None,
            stock_since: None,
        };
        // Frozen and disputed lie over what the order otherwise is, until something else is told.
        let mut over: Option<(OrderWord, Timestamp)> = None;
        for news in &self.news {
            match news.word {
                OrderWord::InStock | OrderWord::OutOfStock => {
                    let is_there = Some(news.word == OrderWord::InStock);
                    if standing.in_stock != is_there {
                        standing.stock_since = Some(news.at);
                    }
                    standing.in_stock = is_there;
                }
                OrderWord::Frozen | OrderWord::InDispute => {
                    if over.is_none_or(|(word, _)| word != news.word) {
                        over = Some((news.word, news.at));
                    }
                }
                word => {
                    over = None;
                    standing.go_on(word, news);
                }
            }
        }
        if let Some((word, since)) = over {
            standing.word = word;
            standing.since = Some(since);
        }
        standing
    }
}

impl Standing {
    fn go_on(&mut self, word: OrderWord, news: &OrderNews) {
        // What is told of a moment long past it does not take an order back.
        if progress(word) < progress(self.word) {
            return;
        }
        match word {
            OrderWord::RiskControl => self.cleared = None,
            OrderWord::Paid => self.cleared = self.cleared.or(Some(news.at)),
            _ => {}
        }
        if word != self.word || self.since.is_none() {
            self.word = word;
            self.since = Some(news.at);
        }
        self.why = news.why.or(self.why);
    }
}

/// How far an order is. Paid and checked are one: a platform may look at the money again.
pub const fn progress(word: OrderWord) -> u8 {
    match word {
        OrderWord::RiskControl | OrderWord::Paid => 1,
        OrderWord::PartShipped => 2,
        OrderWord::Shipped => 3,
        OrderWord::Delivered => 4,
        OrderWord::Completed => 5,
        OrderWord::Cancelled | OrderWord::Closed => 6,
        OrderWord::Placed | OrderWord::InStock | OrderWord::OutOfStock | OrderWord::Frozen | OrderWord::InDispute => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OrderWord as W;

    fn hour(hours: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + hours * 3_600).expect("an instant")
    }

    fn told(news: &[(i64, W)]) -> Standing {
        let news = news.iter().map(|(at, word)| OrderNews { at: hour(*at), word: *word, why: None });
        OrderStory::of(news).standing()
    }

    #[test]
    fn what_happened_later_holds_whenever_it_is_told() {
        let story = [(0, W::Placed), (2, W::RiskControl), (9, W::Paid), (30, W::Shipped)];
        let mut turned = story;
        turned.reverse();
        assert_eq!(told(&story), told(&turned));
        let standing = told(&story);
        assert_eq!((standing.word, standing.since, standing.cleared), (W::Shipped, Some(hour(30)), Some(hour(9))));
    }

    #[test]
    fn nothing_takes_an_order_back() {
        assert_eq!(told(&[(0, W::Shipped), (5, W::Paid)]).word, W::Shipped);
        assert_eq!(told(&[(0, W::Cancelled), (5, W::Shipped)]).word, W::Cancelled);
        assert_eq!(told(&[(0, W::Completed), (5, W::Delivered)]).word, W::Completed);
    }

    #[test]
    fn the_money_may_be_looked_at_again() {
        let again = told(&[(0, W::Paid), (1, W::RiskControl)]);
        assert_eq!((again.word, again.cleared), (W::RiskControl, None));
        let free = told(&[(0, W::Paid), (1, W::RiskControl), (8, W::Paid)]);
        assert_eq!((free.word, free.cleared), (W::Paid, Some(hour(8))));
    }

    #[test]
    fn a_dispute_lies_over_the_order_until_something_else_is_told() {
        assert_eq!(told(&[(0, W::Shipped), (5, W::InDispute), (7, W::InDispute)]).since, Some(hour(5)));
        assert_eq!(told(&[(0, W::Shipped), (5, W::InDispute), (9, W::Shipped)]).word, W::Shipped);
        assert_eq!(told(&[(0, W::Shipped), (5, W::InDispute), (9, W::OutOfStock)]).word, W::InDispute);
    }

    #[test]
    fn goods_are_there_or_not_whatever_else_happens() {
        assert_eq!(told(&[(0, W::OutOfStock), (1, W::Paid)]).in_stock, Some(false));
        assert_eq!(told(&[(0, W::OutOfStock), (1, W::Paid), (2, W::InStock)]).in_stock, Some(true));
        assert_eq!(told(&[(1, W::Paid)]).in_stock, None);
    }
}
