//! Which orders changed since last time, without losing one and with one page in memory.
//!
//! Every question asks for what was modified in a span that has ended; such a set can only shrink while it is read,
//! because an order that changes meanwhile leaves it (and is found next time). Pages are therefore read from the last
//! to the first: what leaves the set moves orders towards pages that are still to come, so an order may come twice but
//! never not at all. Spans overlap, so that late entries and clocks that differ lose nothing either.
//!
//! The plan of questions is pure; [`OrderSync`] walks along it. The caller stores a [`Cursor`] when it is told to, after
//! the orders before it are stored.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::orders::{Asked, LARGEST_PAGE, OrderPage, OrderQuery};
use super::pacific::Pacific;
use super::session::Session;
use super::uncertain::{LONGEST_WINDOW, LONGEST_WINDOW_FINISHED};

/// Times a question is asked anew because its set grew while it was read, which it should not.
const REPEATS: u32 = 3;
/// Pages that are believed at most; more is a broken answer.
const MOST_PAGES: u32 = 100_000;

/// How far the caller knows the shop: everything modified before this was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub modified_until: Timestamp,
}

/// How far back and in what steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncRules {
    /// What the first sync of a shop reaches back to.
    pub first_lookback: SignedDuration,
    /// How old an order may be when it is modified and still be noticed.
    pub oldest_order: SignedDuration,
    /// How much of the span before is asked again. Longer than the service lets a caller's clock be off.
    pub overlap: SignedDuration,
    /// How long ago a span has ended before it is asked about: what is modified meanwhile then lies after it, also by
    /// the service's own clock.
    pub settling: SignedDuration,
    pub page_size: u32,
}

impl Default for SyncRules {
    fn default() -> Self {
        Self {
            first_lookback: SignedDuration::from_hours(180 * 24),
            // Half a year, less what keeps it within one window of the longest kind.
            oldest_order: SignedDuration::from_hours(178 * 24),
            overlap: SignedDuration::from_mins(20),
            settling: SignedDuration::from_secs(30),
            page_size: LARGEST_PAGE,
        }
    }
}

/// A span of modification times that is asked about as a whole, and the cursor that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    pub questions: Vec<OrderQuery>,
    pub reaches: Cursor,
}

/// The questions that lead from the cursor to just before `now`, in the order in which they are asked.
pub fn plan(cursor: Option<Cursor>, now: Timestamp, rules: &SyncRules, pacific: &Pacific) -> Vec<Slice> {
    let known = cursor.map_or_else(|| before(now, rules.first_lookback), |cursor| cursor.modified_until);
    // A cursor of the future comes from a clock that was wrong: begin from now, the overlap covers the rest.
    let known = known.min(now);
    let end = before(now, rules.settling);
    let begin = known.min(end);
    let mut slices = Vec::new();
    for (from, until) in spans(begin, end, LONGEST_WINDOW_FINISHED - rules.overlap - SignedDuration::from_hours(1)) {
        let (modified, reaches) = pacific.window(before(from, rules.overlap), until);
        let oldest = before(from, rules.oldest_order);
        let mut questions = Vec::new();
        for (asked, longest) in [(Asked::AllButFinished, LONGEST_WINDOW), (Asked::Finished, LONGEST_WINDOW_FINISHED)] {
            for (from, until) in spans(oldest, until, longest - SignedDuration::from_hours(2)) {
                // Creation times have no overlap to hide behind either: neighbours share a minute.
                let (created, _) = pacific.window(before(from, SignedDuration::from_mins(1)), until);
                questions.push(OrderQuery { asked, created, modified });
            }
        }
        // In the hour that comes twice the reach may stand still; it never goes back.
        slices.push(Slice { questions, reaches: Cursor { modified_until: reaches.max(known) } });
    }
    slices
}

fn before(instant: Timestamp, span: SignedDuration) -> Timestamp {
    instant.checked_sub(span).unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH)
}

/// Cuts a span into pieces; an empty span is one empty piece.
fn spans(begin: Timestamp, end: Timestamp, longest: SignedDuration) -> Vec<(Timestamp, Timestamp)> {
    let longest = longest.max(SignedDuration::from_hours(1));
    let mut pieces = Vec::new();
    let mut from = begin;
    loop {
        let until = from.checked_add(longest).map_or(end, |until| until.min(end));
        pieces.push((from, until));
        if until >= end {
            return pieces;
        }
        from = until;
    }
}

/// What a sync brings.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Orders, some of them perhaps for the second time.
    Orders(OrderPage),
    /// Everything up to here has been handed over: store it, with the orders.
    Reached(Cursor),
}

/// A sync under way. After an error the same page is asked for again by calling [`Self::next`] again.
#[derive(Debug)]
pub struct OrderSync<'a> {
    session: &'a Session,
    pacific: &'a Pacific,
    page_size: u32,
    slices: VecDeque<Slice>,
    questions: VecDeque<OrderQuery>,
    reaches: Option<Cursor>,
    place: Place,
}

/// Where in a question's pages the sync is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// The page to ask for; 1 is asked first, to learn how many there are, and last, because it may have moved.
    page: u32,
    going_down: bool,
    /// Orders the question had at the last answer.
    orders: u64,
    grew: bool,
    repeats: u32,
}

impl Place {
    const START: Self = Self { page: 1, going_down: false, orders: 0, grew: false, repeats: 0 };

    /// Where to go after a page; `None` when the question is answered.
    fn after(mut self, page: &OrderPage, page_size: u32) -> Option<Self> {
        let by_count = page.total_orders.div_ceil(u64::from(page_size.max(1)));
        let pages = page.total_pages.max(u32::try_from(by_count).unwrap_or(MOST_PAGES)).min(MOST_PAGES);
        if !self.going_down {
            self.orders = page.total_orders;
            return (pages > 1).then_some(Self { page: pages, going_down: true, ..self });
        }
        self.grew |= page.total_orders > self.orders;
        self.orders = page.total_orders;
        if self.page > 1 {
            return Some(Self { page: self.page - 1, ..self });
        }
        let again = self.grew && self.repeats < REPEATS;
        again.then_some(Self { page: pages.max(1), grew: false, repeats: self.repeats + 1, ..self })
    }
}

impl<'a> OrderSync<'a> {
    pub fn new(
        session: &'a Session,
        pacific: &'a Pacific,
        cursor: Option<Cursor>,
        now: Timestamp,
        rules: &SyncRules,
    ) -> Self {
        Self {
            session,
            pacific,
            page_size: rules.page_size.clamp(1, LARGEST_PAGE),
            slices: plan(cursor, now, rules, pacific).into(),
            questions: VecDeque::new(),
            reaches: None,
            place: Place::START,
        }
    }

    /// The next page, or the next cursor to store; `None` when all has been read.
    pub async fn next(&mut self) -> Option<Result<Step, ApiError>> {
        while self.questions.is_empty() {
            if let Some(reaches) = self.reaches.take() {
                return Some(Ok(Step::Reached(reaches)));
            }
            let slice = self.slices.pop_front()?;
            self.questions = slice.questions.into();
            self.reaches = Some(slice.reaches);
            self.place = Place::START;
        }
        let query = self.questions.front()?;
        let page = match self.session.order_page(query, self.place.page, self.page_size, self.pacific).await {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        match self.place.after(&page, self.page_size) {
            Some(next) => self.place = next,
            None => {
                self.questions.pop_front();
                self.place = Place::START;
            }
        }
        Some(Ok(Step::Orders(page)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spans that reach up to now.
    fn rules() -> SyncRules {
        SyncRules { settling: SignedDuration::ZERO, ..SyncRules::default() }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_short_sync_asks_once_for_the_open_and_in_months_for_the_finished() {
        let pacific = Pacific::load().expect("zone");
        let now = at("2026-07-01T16:00:00Z");
        let cursor = Cursor { modified_until: at("2026-07-01T15:50:00Z") };
        let plan = plan(Some(cursor), now, &rules(), &pacific);
        assert_eq!(plan.len(), 1);
        assert_eq!(plan[0].reaches.modified_until, now);
        let open = plan[0].questions.iter().filter(|question| question.asked == Asked::AllButFinished).count();
        assert_eq!((open, plan[0].questions.len() - open), (1, 7));
        assert!(plan[0].questions.iter().all(|question| question.modified.begin_text() == "2026-07-01 08:30:00"));
    }

    #[test]
    fn no_window_is_longer_than_permitted_and_none_leaves_a_hole() {
        let pacific = Pacific::load().expect("zone");
        let now = at("2026-12-01T00:00:00Z");
        for slice in plan(None, now, &rules(), &pacific) {
            let mut last: Option<OrderQuery> = None;
            for question in slice.questions {
                let days = if question.asked == Asked::Finished { 30 } else { 180 };
                for window in [question.created, question.modified] {
                    let length = window.from.duration_until(window.until);
                    assert!(length <= SignedDuration::from_hours(days * 24), "{length:?}");
                }
                if let Some(last) = last.filter(|last| last.asked == question.asked) {
                    assert!(question.created.from < last.created.until);
                }
                last = Some(question);
            }
        }
    }

    #[test]
    fn reaches_rise_and_the_last_is_now() {
        let pacific = Pacific::load().expect("zone");
        let now = at("2026-12-01T00:00:00Z");
        let reaches: Vec<_> = plan(None, now, &rules(), &pacific).into_iter().map(|slice| slice.reaches).collect();
        assert!(reaches.windows(2).all(|pair| pair[0].modified_until < pair[1].modified_until));
        assert_eq!(reaches.last().map(|cursor| cursor.modified_until), Some(now));
    }

    #[test]
    fn a_cursor_never_goes_back_and_one_of_the_future_is_taken_for_now() {
        let pacific = Pacific::load().expect("zone");
        let now = at("2026-12-01T00:00:00Z");
        let reached = |text: &str| {
            let slices = plan(Some(Cursor { modified_until: at(text) }), now, &SyncRules::default(), &pacific);
            slices.last().map(|slice| slice.reaches.modified_until)
        };
        assert_eq!(reached("2026-11-30T23:00:00Z"), Some(at("2026-11-30T23:59:30Z")));
        assert_eq!(reached("2026-11-30T23:59:50Z"), Some(at("2026-11-30T23:59:50Z")));
        assert_eq!(reached("2027-11-30T00:00:00Z"), Some(now));
    }

    #[test]
    fn pages_are_walked_from_the_last_to_the_first_and_again_when_the_set_grew() {
        let page = |total_orders: u64| OrderPage {
            total_orders,
            total_pages: u32::try_from(total_orders.div_ceil(50)).expect("small"),
            ..OrderPage::default()
        };
        let walk = |counts: &[u64]| {
            let mut place = Some(Place::START);
            let mut asked = Vec::new();
            for count in counts {
                let Some(here) = place else { break };
                asked.push(here.page);
                place = here.after(&page(*count), 50);
            }
            (asked, place.is_none())
        };
        assert_eq!(walk(&[50]), (vec![1], true));
        assert_eq!(walk(&[0]), (vec![1], true));
        assert_eq!(walk(&[150, 150, 149, 149]), (vec![1, 3, 2, 1], true));
        assert_eq!(walk(&[101, 101, 102, 102, 102, 102, 102]), (vec![1, 3, 2, 1, 3, 2, 1], true));
    }
}
