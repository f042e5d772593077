//! What a row of a marketplace's export tells of its order beyond what is known: news with their instants. Pure.
//!
//! A file does not say when it was made. It is at least as young as the latest moment that any of its rows names
//! ([`FileAge::as_of`]), and what a row says without a moment of its own was so then. An order of which something younger is
//! known goes only forward by an older file, never back; what was first heard of long after it happened is told as of the
//! last moment that its row names, so that nobody gets a letter about it now.

use jiff::{SignedDuration, Timestamp};

use dunlin_core::order::story::{CloseReason, OrderNews, OrderStory, OrderWord, progress};
use dunlin_store::{KnownOrder, OrderTold};

use super::order_words::{Beside, Spoken};

/// The platform checks a payment for so long at most.
const LONGEST_CHECK: SignedDuration = SignedDuration::from_hours(24);

/// The moments and words of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldByRow {
    pub placed_at: Timestamp,
    pub paid_at: Option<Timestamp>,
    pub shipped_at: Option<Timestamp>,
    pub ship_by: Option<Timestamp>,
    pub spoken: Option<Spoken>,
    /// The file says of every order when it was paid.
    pub tells_payment: bool,
    /// It names a parcel.
    pub has_parcel: bool,
}

/// How old a file is, as far as it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileAge {
    /// The latest moment that it names.
    pub as_of: Timestamp,
    /// Exactly this file was taken in before.
    pub repeated: bool,
}

impl FileAge {
    /// Whether something younger is known of the order already.
    pub fn is_older(&self, known: &KnownOrder) -> bool {
        known.synced_at.is_some_and(|at| at > self.as_of || self.repeated)
    }
}

/// How far anything that was told of an order goes.
fn furthest(story: &OrderStory) -> u8 {
    story.news().map(|news| progress(news.word)).max().unwrap_or(0)
}

/// Whether the order was paid, or is over: the buyer is not asked for it again.
pub fn is_past_payment(known: &KnownOrder) -> bool {
    furthest(&known.story) > progress(OrderWord::Placed)
}

impl ToldByRow {
    /// The last moment that the row itself names.
    fn own_moment(&self) -> Timestamp {
        self.shipped_at.max(self.paid_at).map_or(self.placed_at, |at| at.max(self.placed_at))
    }

    /// Whether it says more than is known, however old it is: what an order has done it has done.
    pub fn leads_on(&self, known: &KnownOrder) -> bool {
        self.word(known).is_some_and(|(word, _)| progress(word) > furthest(&known.story))
    }

    pub fn has_left(&self, known: &KnownOrder) -> bool {
        self.shipped_at.is_some() || self.has_parcel || furthest(&known.story) >= progress(OrderWord::PartShipped)
    }

    /// How the order stands by this row.
    pub fn word(&self, known: &KnownOrder) -> Option<(OrderWord, Option<CloseReason>)> {
        let paid = self.paid_at.is_some();
        let has_left = self.has_left(known);
        self.spoken?.means(Beside { paid, tells_payment: self.tells_payment, has_left })
    }

    /// Whether its parcels were handed over: of others nothing is told.
    pub fn hands_over(&self, known: &KnownOrder) -> bool {
        use OrderWord as W;
        let by_word = self.word(known).map(|(word, _)| word);
        self.shipped_at.is_some()
            || matches!(by_word, Some(W::PartShipped | W::Shipped | W::Delivered | W::Completed | W::InDispute))
    }

    /// When a parcel that is new left, if that can be said: one that has arrived long ago left nobody knows when.
    pub fn left_at(&self, known: &KnownOrder, age: FileAge) -> Option<Timestamp> {
        let (word, _) = self.word(known)?;
        let on_its_way = matches!(word, OrderWord::PartShipped | OrderWord::Shipped);
        self.shipped_at.or_else(|| on_its_way.then(|| self.since(word, known, age)))
    }

    /// Since when it stands so, as far as that can be known.
    fn since(&self, word: OrderWord, known: &KnownOrder, age: FileAge) -> Timestamp {
        let is_first = known.story.news().next().is_none();
        let so_far = if is_first { self.own_moment() } else { age.as_of };
        match (word, self.paid_at, self.shipped_at) {
            (OrderWord::Placed, ..) => self.placed_at,
            (OrderWord::RiskControl, Some(paid), _) => paid,
            // It may have been cleared long before the file.
            (OrderWord::Paid, Some(paid), _) => {
                let latest = paid.checked_add(LONGEST_CHECK).unwrap_or(paid);
                latest.min(age.as_of).max(paid)
            }
            (OrderWord::PartShipped | OrderWord::Shipped, _, Some(shipped)) => shipped,
            _ => so_far,
        }
    }

    /// What the row tells beyond what is known; `now` bounds what can have happened.
    pub fn news(&self, known: &KnownOrder, age: FileAge, now: Timestamp) -> OrderTold {
        let mut story = known.story.clone();
        let mut news = Vec::new();
        let mut hear = |story: &mut OrderStory, at: Timestamp, word: OrderWord, why: Option<CloseReason>| {
            let one = OrderNews { at, word, why };
            if at <= now && story.hear(one) {
                news.push(one);
            }
        };
        if story.first(&[OrderWord::Placed]).is_none() {
            hear(&mut story, self.placed_at, OrderWord::Placed, None);
        }
        if let Some(paid) = self.paid_at
            && story.first(&[OrderWord::RiskControl, OrderWord::Paid]).is_none()
        {
            hear(&mut story, paid, OrderWord::RiskControl, None);
        }
        let is_older = age.is_older(known);
        if let Some((word, why)) = self.word(known)
            && let Some(at) = self.heard_at(&story, word, known, age)
        {
            hear(&mut story, at, word, why);
        }
        OrderTold {
            news,
            ship_by: self.ship_by.filter(|at| !is_older && known.ship_by != Some(*at)),
            protection_ends: None,
            synced_at: Some(age.as_of).filter(|as_of| known.synced_at.is_none_or(|at| at < *as_of)),
        }
    }

    /// The instant under which a word is told; `None`: it is no news, or an older file's.
    fn heard_at(&self, story: &OrderStory, word: OrderWord, known: &KnownOrder, age: FileAge) -> Option<Timestamp> {
        let standing = story.standing();
        if standing.word == word {
            return None;
        }
        let at = self.since(word, known, age);
        let reached = furthest(story);
        if progress(word) > reached && age.is_older(known) {
            return Some(at);
        }
        let lies_over = matches!(word, OrderWord::Frozen | OrderWord::InDispute);
        if age.is_older(known) || (!lies_over && progress(word) < reached) {
            return None;
        }
        let mut with = story.clone();
        with.hear(OrderNews { at, word, why: None });
        // What lay over the order was told for a later moment: the new word holds from after it.
        let last = story.news().next_back().filter(|_| with.standing().word != word);
        Some(last.map_or(at, |last| at.max(last.at.checked_add(SignedDuration::from_micros(1)).unwrap_or(last.at))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn row(spoken: Spoken) -> ToldByRow {
        ToldByRow {
            placed_at: at("2026-03-01T08:00:00Z"),
            paid_at: Some(at("2026-03-01T09:00:00Z")),
            shipped_at: None,
            ship_by: None,
            spoken: Some(spoken),
            tells_payment: true,
            has_parcel: false,
        }
    }

    fn age(text: &str) -> FileAge {
        FileAge { as_of: at(text), repeated: false }
    }

    fn tell(row: &ToldByRow, known: &mut KnownOrder, age: FileAge) -> usize {
        let told = row.news(known, age, at("2026-04-01T00:00:00Z"));
        for news in &told.news {
            known.story.hear(*news);
        }
        known.ship_by = told.ship_by.or(known.ship_by);
        known.synced_at = told.synced_at.or(known.synced_at);
        told.news.len()
    }

    #[test]
    fn files_in_their_turn_lead_an_order_on_and_say_nothing_twice() {
        let mut known = KnownOrder::default();
        assert_eq!(tell(&row(Spoken::Checking), &mut known, age("2026-03-01T20:00:00Z")), 2);
        assert_eq!(known.story.standing().word, OrderWord::RiskControl);
        assert_eq!(tell(&row(Spoken::ToShip), &mut known, age("2026-03-02T20:00:00Z")), 1);
        // It was let pass within a day of the payment, whenever the file was made.
        assert_eq!(known.story.standing().cleared, Some(at("2026-03-02T09:00:00Z")));
        assert_eq!(tell(&row(Spoken::ToShip), &mut known, age("2026-03-03T20:00:00Z")), 0);
        let shipped = ToldByRow { shipped_at: Some(at("2026-03-03T07:00:00Z")), ..row(Spoken::Shipped) };
        assert_eq!(tell(&shipped, &mut known, age("2026-03-04T20:00:00Z")), 1);
        assert_eq!(known.story.standing().since, Some(at("2026-03-03T07:00:00Z")));
    }

    #[test]
    fn an_older_file_takes_nothing_back_and_may_lead_on() {
        let mut known = KnownOrder::default();
        tell(&row(Spoken::ToShip), &mut known, age("2026-03-05T00:00:00Z"));
        for word in [Spoken::Checking, Spoken::AwaitingPayment, Spoken::Frozen, Spoken::InDispute] {
            assert_eq!(tell(&row(word), &mut known, age("2026-03-04T00:00:00Z")), 0, "{word:?}");
        }
        assert_eq!(known.story.standing().word, OrderWord::Paid);
        assert_eq!(tell(&row(Spoken::Shipped), &mut known, age("2026-03-04T00:00:00Z")), 1);
        assert_eq!(known.story.standing().word, OrderWord::Shipped);
        assert_eq!(known.synced_at, Some(at("2026-03-05T00:00:00Z")));
    }

    #[test]
    fn a_dispute_ends_with_the_next_file_and_does_not_come_back_with_the_last() {
        let mut known = KnownOrder::default();
        let (monday, tuesday) = (age("2026-03-09T00:00:00Z"), age("2026-03-10T00:00:00Z"));
        tell(&row(Spoken::Shipped), &mut known, age("2026-03-08T00:00:00Z"));
        tell(&row(Spoken::InDispute), &mut known, monday);
        assert_eq!(known.story.standing().word, OrderWord::InDispute);
        tell(&row(Spoken::Shipped), &mut known, tuesday);
        assert_eq!(known.story.standing().word, OrderWord::Shipped);
        assert_eq!(tell(&row(Spoken::InDispute), &mut known, FileAge { repeated: true, ..monday }), 0);
        assert_eq!(tell(&row(Spoken::InDispute), &mut known, FileAge { repeated: true, ..tuesday }), 0);
        assert_eq!(known.story.standing().word, OrderWord::Shipped);
    }

    #[test]
    fn what_is_first_heard_of_long_after_is_told_as_of_then() {
        let mut known = KnownOrder::default();
        let old = ToldByRow { has_parcel: true, ..row(Spoken::Completed) };
        tell(&old, &mut known, age("2026-03-31T00:00:00Z"));
        let standing = known.story.standing();
        assert_eq!((standing.word, standing.since), (OrderWord::Completed, old.paid_at));
        assert_eq!(old.left_at(&KnownOrder::default(), age("2026-03-31T00:00:00Z")), None);
        // What the future holds is not told.
        let ahead = ToldByRow { paid_at: Some(at("2026-09-01T00:00:00Z")), ..row(Spoken::ToShip) };
        let told = ahead.news(&KnownOrder::default(), age("2026-03-31T00:00:00Z"), at("2026-04-01T00:00:00Z"));
        assert_eq!(told.news.iter().map(|news| news.word).collect::<Vec<_>>(), [OrderWord::Placed]);
    }
}
