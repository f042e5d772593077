//! How an order stands, by a person's word: for a shop that is not connected. Of the goods there is [`super::work_orders`], of
//! parcels [`super::ship_orders`].

use jiff::Timestamp;

use dunlin_core::order::story::{CloseReason, OrderNews, OrderWord};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::pages::order_told::FoundOrder;
use dunlin_store::{LogEntry, OrderTold};

use super::confirm_order::raise_by_rule;
use super::standing_facts::cancel_wrong_letters;
use crate::house::House;

/// The words that can be noted here: what is in stock is said of the goods.
pub fn words() -> impl Iterator<Item = OrderWord> {
    OrderWord::ALL.iter().copied().filter(|word| !matches!(word, OrderWord::InStock | OrderWord::OutOfStock))
}

/// The word of a code, where it can be noted here.
pub fn word_named(code: &str) -> Option<OrderWord> {
    words().find(|word| word.code() == code)
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
    // It was not read where it comes from: a message about it has to ask there still.
    let told = OrderTold { news: vec![OrderNews { at, word, why }], ..OrderTold::default() };
    let is_new = commit.note_order_state(found.party_id, found.id, &told).await?;
    raise_by_rule(&mut commit, (found.party_id, found.id), &found.number).await?;
    let entry = LogEntry::new("order.told", "order", found.number.clone()).about(found.party_id);
    commit.log(entry.fact("word", word.code()));
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    commit.finish().await?;
    Ok(is_new)
}
