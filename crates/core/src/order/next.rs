//! What a person can say of an order next, from where it stands: a form offers nothing else. What is told from elsewhere may
//! come late and in any order, and is not held to this.

use super::story::{OrderState, OrderStory, OrderWord};

/// The words, in the order in which they usually come. `may_leave`: nothing keeps the goods here.
pub fn next_words(story: &OrderStory, state: OrderState, may_leave: bool) -> Vec<OrderWord> {
    use OrderState as S;
    use OrderWord as W;
    match state {
        // It goes on from where it was, or from there to what follows.
        S::Frozen | S::InDispute => {
            let over = if state == S::Frozen { W::Frozen } else { W::InDispute };
            let beneath = beneath(story);
            let follows = after(state_of(beneath), may_leave).into_iter().filter(|word| *word != over);
            [beneath].into_iter().chain(follows).collect()
        }
        // The carriers say so; the platform may say it as well.
        S::Delivered if beneath(story) != W::Delivered => {
            [W::Delivered].into_iter().chain(after(state, may_leave)).collect()
        }
        state => after(state, may_leave),
    }
}

fn after(state: OrderState, may_leave: bool) -> Vec<OrderWord> {
    use OrderState as S;
    use OrderWord as W;
    let words: &[W] = match state {
        S::Placed => &[W::RiskControl, W::Paid, W::PartShipped, W::Shipped, W::Cancelled, W::Closed],
        S::RiskControl => &[W::Paid, W::Frozen, W::InDispute, W::Cancelled, W::Closed],
        S::Paid | S::OutOfStock | S::InStock | S::AwaitingConfirmation | S::Ready => {
            &[W::RiskControl, W::PartShipped, W::Shipped, W::Frozen, W::InDispute, W::Cancelled, W::Closed]
        }
        S::PartShipped => &[W::Shipped, W::Frozen, W::InDispute, W::Closed],
        S::Shipped => &[W::Delivered, W::Completed, W::Frozen, W::InDispute, W::Closed],
        S::Delivered => &[W::Completed, W::Frozen, W::InDispute, W::Closed],
        S::Completed => &[W::InDispute],
        S::Cancelled | S::Closed | S::Frozen | S::InDispute => &[],
    };
    let leaves = |word: &W| matches!(word, W::PartShipped | W::Shipped);
    words.iter().copied().filter(|word| may_leave || !leaves(word)).collect()
}

/// How far the order is, whatever lies over it.
fn beneath(story: &OrderStory) -> OrderWord {
    let is_over = |word: OrderWord| matches!(word, OrderWord::Frozen | OrderWord::InDispute);
    OrderStory::of(story.news().copied().filter(|news| !is_over(news.word))).standing().word
}

const fn state_of(word: OrderWord) -> OrderState {
    match word {
        OrderWord::Placed | OrderWord::InStock | OrderWord::OutOfStock => OrderState::Placed,
        OrderWord::RiskControl => OrderState::RiskControl,
        OrderWord::Paid => OrderState::Paid,
        OrderWord::PartShipped => OrderState::PartShipped,
        OrderWord::Shipped => OrderState::Shipped,
        OrderWord::Delivered => OrderState::Delivered,
        OrderWord::Completed => OrderState::Completed,
        OrderWord::Frozen => OrderState::Frozen,
        OrderWord::InDispute => OrderState::InDispute,
        OrderWord::Cancelled => OrderState::Cancelled,
        OrderWord::Closed => OrderState::Closed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::story::OrderNews;
    use OrderState as S;
    use OrderWord as W;
    use jiff::Timestamp;

    fn story(words: &[W]) -> OrderStory {
        let at = |hours: usize| {
            Timestamp::from_second(1_780_000_000 + i64::try_from(hours).expect("few") * 3_600).expect("an instant")
        };
        OrderStory::of(words.iter().enumerate().map(|(nth, word)| OrderNews { at: at(nth), word: *word, why: None }))
    }

    #[test]
    fn every_word_that_is_offered_leads_somewhere() {
        let stories: [(&[W], S); 9] = [
            (&[W::Placed], S::Placed),
            (&[W::Placed, W::RiskControl], S::RiskControl),
            (&[W::Paid], S::Ready),
            (&[W::Paid, W::PartShipped], S::PartShipped),
            (&[W::Paid, W::Shipped], S::Shipped),
            (&[W::Paid, W::Delivered], S::Delivered),
            (&[W::Paid, W::Completed], S::Completed),
            (&[W::Paid, W::InDispute], S::InDispute),
            (&[W::Paid, W::Shipped, W::Frozen], S::Frozen),
        ];
        for (told, state) in stories {
            let before = story(told).standing().word;
            let next = next_words(&story(told), state, true);
            assert!(!next.is_empty(), "{told:?}");
            for word in next {
                let all: Vec<W> = told.iter().copied().chain([word]).collect();
                let after = story(&all).standing().word;
                assert_eq!(after, word, "{told:?}");
                assert_ne!(after, before, "{told:?} {word:?}");
            }
        }
        for over in [W::Cancelled, W::Closed] {
            let state = if over == W::Closed { S::Closed } else { S::Cancelled };
            assert_eq!(next_words(&story(&[W::Paid, over]), state, true), Vec::<W>::new());
        }
    }

    #[test]
    fn what_is_kept_here_does_not_leave_and_a_dispute_ends_where_it_began() {
        let leaves = |next: &[W]| next.contains(&W::Shipped) || next.contains(&W::PartShipped);
        assert!(!leaves(&next_words(&story(&[W::Paid]), S::AwaitingConfirmation, false)));
        assert!(leaves(&next_words(&story(&[W::Paid]), S::Ready, true)));
        let disputed = next_words(&story(&[W::Paid, W::Shipped, W::InDispute]), S::InDispute, true);
        assert_eq!(disputed, [W::Shipped, W::Delivered, W::Completed, W::Frozen, W::Closed]);
        // All parcels have arrived, and nobody else said so.
        let arrived = next_words(&story(&[W::Paid, W::Shipped]), S::Delivered, true);
        assert_eq!(arrived[..2], [W::Delivered, W::Completed]);
    }
}
