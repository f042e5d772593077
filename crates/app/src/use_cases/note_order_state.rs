//! How an order stands, by a person's word: for a shop that is not connected. It is taken back in [`super::undo_orders`]. Of the goods there is [`super::work_orders`], of
//! parcels [`super::ship_orders`].

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use dunlin_core::order::next::next_words;
use dunlin_core::order::story::{CloseReason, OrderNews, OrderState, OrderWord};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::pages::order_told::{FoundOrder, ToldOrder};
use dunlin_store::{Commit, LogEntry};

use super::confirm_order::raise_by_rule;
use super::ship_orders::{handed_over, may_have_left};
use super::standing_facts::cancel_wrong_letters;
use super::work_orders::{AS_IT_WAS, OrdersChanged, refuse_moved_on, refuse_unless};
use crate::house::House;

/// The words that can be noted here: what is in stock is said of the goods.
pub fn words() -> impl Iterator<Item = OrderWord> {
    OrderWord::ALL.iter().copied().filter(|word| !matches!(word, OrderWord::InStock | OrderWord::OutOfStock))
}

/// The word of a code, where it can be noted here.
pub fn word_named(code: &str) -> Option<OrderWord> {
    words().find(|word| word.code() == code)
}

/// The words that a person can say next of an order, from where it stands.
pub fn next_words_of(order: &ToldOrder, today: Date) -> Vec<OrderWord> {
    next_words(&order.order.story, order.order.state(today), may_have_left(order, today))
}

/// Notes it. `true`: it is new.
pub async fn note_order_state(
    house: &House,
    found: &FoundOrder,
    word: OrderWord,
    at: Option<Timestamp>,
    why: Option<CloseReason>,
) -> anyhow::Result<bool> {
    let mut commit = house.begin().await?;
    let now = commit.now();
    let at = at.unwrap_or(now);
    if at > now {
        return Err(Refusal::new(RefusalCode::OrderMomentAhead).with("day", at.to_string()).into());
    }
    // What waits for the buyer, or is kept here by one of ours, has not left before somebody has said that it may.
    let told = commit.told_order((found.party_id, found.id)).await?;
    let today = house.today();
    if matches!(word, OrderWord::PartShipped | OrderWord::Shipped)
        && told.order.story.first(&[OrderWord::Shipped]).is_none()
        && (told.order.is_awaiting() || told.order.is_held(today))
    {
        return Err(Refusal::new(RefusalCode::OrderNotWaiting).with("number", found.number.as_str()).into());
    }
    let is_new = tell(house, &mut commit, found, OrderNews { at, word, why }).await?;
    commit.finish().await?;
    Ok(is_new)
}

async fn tell(house: &House, commit: &mut Commit, found: &FoundOrder, news: OrderNews) -> anyhow::Result<bool> {
    let about = (found.party_id, found.id);
    // It was not read where it comes from: a message about it has to ask there still.
    let is_new = commit.mark_state(about, news).await?;
    raise_by_rule(commit, about, &found.number).await?;
    let entry = LogEntry::new("order.told", "order", found.number.clone()).about(found.party_id);
    commit.log(entry.fact("word", news.word.code()));
    cancel_wrong_letters(house, commit, found.party_id).await?;
    Ok(is_new)
}

/// What somebody says of an order on a page.
#[derive(Debug, Clone, Copy)]
pub struct StateSaid {
    pub word: OrderWord,
    /// Today, where nobody says otherwise.
    pub on: Option<Date>,
    /// Of an end: why.
    pub why: Option<CloseReason>,
    /// How the order stood on the page.
    pub seen: OrderState,
}

/// Notes it where it is possible from where the order stands, and not before the day since which it does.
pub async fn note_seen_state(house: &House, found: &FoundOrder, said: StateSaid) -> anyhow::Result<OrdersChanged> {
    let mut commit = house.begin().await?;
    let told = commit.told_order((found.party_id, found.id)).await?;
    if told.is_told && told.order.story.standing().word == said.word {
        return Ok(AS_IT_WAS);
    }
    refuse_moved_on(house, &told, said.seen)?;
    refuse_unless(&told, next_words_of(&told, house.today()).contains(&said.word))?;
    let at = after_the_last(house, &told, said.on, commit.now())?;
    let why = said.why.filter(|_| matches!(said.word, OrderWord::Cancelled | OrderWord::Closed));
    tell(house, &mut commit, found, OrderNews { at, word: said.word, why }).await?;
    let changed = OrdersChanged { orders: 1, change: commit.sequence() };
    commit.finish().await?;
    Ok(changed)
}

/// The moment of a day, behind all that was told of the order for the same day.
fn after_the_last(house: &House, order: &ToldOrder, on: Option<Date>, now: Timestamp) -> anyhow::Result<Timestamp> {
    let at = handed_over(house, on, now)?;
    let of_goods = |news: &&OrderNews| matches!(news.word, OrderWord::InStock | OrderWord::OutOfStock);
    let last = order.order.story.news().rev().find(|news| !of_goods(news)).map(|news| news.at);
    let Some(last) = last.filter(|last| *last >= at) else { return Ok(at) };
    let since = last.to_zoned(house.zone()).date();
    let day = on.unwrap_or_else(|| house.today());
    if since > day {
        let refusal = Refusal::new(RefusalCode::OrderDayBefore).with("number", order.order.number.as_str());
        return Err(refusal.with("since", since).with("day", day).into());
    }
    Ok(last.checked_add(SignedDuration::from_micros(1))?)
}
