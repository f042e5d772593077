//! The order that a letter is about is read again at the marketplace within five minutes before the letter leaves: a buyer
//! who has paid meanwhile hears nothing. The claim asks for it ([`stale_orders`], under the lock); it is read outside every
//! change, and written like any other news of the order.

use jiff::{SignedDuration, Timestamp};

use dunlin_channels::aliexpress::order_detail::OrderDetail;
use dunlin_channels::aliexpress::status::OrderStatus;
use dunlin_channels::aliexpress::{ApiError, RemoteId};
use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::order::OrderSource;
use dunlin_core::order::story::OrderWord;
use dunlin_core::receivable::Obligor;
use dunlin_store::{
    Commit, LogEntry, OrderRow, OrderTold, PartyFields, RemoteOrderRow, Scope, StoreError, StoredLetter,
};

use super::confirm_order::raise_by_rule;
use super::order_told::{delivery_of, has_ended, has_parcels, named_parcels, told_of_page};
use super::standing_facts::cancel_wrong_letters;
use super::sync_orders::{is_country, keep_delivery};
use crate::house::House;
use crate::import::shop_order::{Days, ShopOrder, Standing};
use crate::shop::{ALIEXPRESS, Shop, trouble};

/// How old the last word about an order may be when a letter about it leaves.
pub const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// What came of reading orders again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reread {
    Done {
        /// Letters that were wrong by then.
        cancelled: usize,
        /// What is still to be told before a message about the order may leave.
        untold: Option<String>,
    },
    /// Not now; the letter waits.
    Later { why: String },
}

/// Orders of the connected shop that a letter is about, or names, and of which the last word is too old. Orders that the
/// shop does not know are not its: they came by a file, from elsewhere. While the shop was never read to its end nobody can tell.
pub async fn stale_orders(
    commit: &mut Commit,
    letter: &StoredLetter,
    now: Timestamp,
) -> Result<Vec<String>, StoreError> {
    let Some(connection) = commit.connection(ALIEXPRESS).await? else { return Ok(Vec::new()) };
    // An app that no seller has agreed to is no connection yet.
    if connection.sealed_token.is_none() {
        return Ok(Vec::new());
    }
    let numbers = commit.orders_named(letter).await?;
    let rows = commit.remote_orders(ALIEXPRESS, &numbers).await?;
    let is_stale = |number: &String| match rows.iter().find(|row| row.number == *number) {
        Some(row) => now.duration_since(row.read_at) > FRESH,
        None => connection.reached_until.is_none(),
    };
    Ok(numbers.into_iter().filter(is_stale).collect())
}

/// Whether a letter is about an order that the connected shop told.
pub async fn is_of_shop(commit: &mut Commit, letter: &StoredLetter) -> Result<bool, StoreError> {
    let numbers = commit.orders_of_letter(letter).await?;
    Ok(!commit.remote_orders(ALIEXPRESS, &numbers).await?.is_empty())
}

/// Reads orders again, one after the other, and takes over what changed. Letters that are wrong by now are cancelled in the
/// same change.
pub async fn reread_orders(house: &House, shop: &Shop, numbers: &[String]) -> anyhow::Result<Reread> {
    let mut cancelled = 0;
    let mut untold = None;
    for number in numbers {
        let Some(id) = RemoteId::parse(number) else {
            return Ok(Reread::Later { why: format!("{number} is no number of the marketplace") });
        };
        let known = house.store.remote_orders(house.tenant.id, ALIEXPRESS, std::slice::from_ref(number)).await?;
        let Some(row) = known.into_iter().next() else {
            return Ok(Reread::Later { why: "the shop was never read to its end".to_string() });
        };
        let asked_at = house.now();
        match ask(shop, id).await {
            Ok(detail) => {
                let taken = take_detail(house, &row, &detail, asked_at).await?;
                cancelled += taken.cancelled;
                if taken.has_ended {
                    untold = Some(format!("order {number} has ended, and the list of orders is to tell how"));
                } else if is_between(&row, &detail) {
                    untold = Some(format!("order {number} has moved on, and the list of orders is to tell how"));
                }
            }
            Err(error) => {
                house.store.note_trouble(house.tenant.id, ALIEXPRESS, trouble(&error), house.now()).await?;
                return Ok(Reread::Later { why: error.to_string() });
            }
        }
    }
    Ok(Reread::Done { cancelled, untold })
}

/// Reads an order's own page once more, for what the list does not say. The error is the service's.
pub(super) async fn read_page_again(
    house: &House,
    shop: &Shop,
    row: &RemoteOrderRow,
) -> anyhow::Result<Result<(), ApiError>> {
    let Some(id) = RemoteId::parse(&row.number) else { return Ok(Ok(())) };
    let asked_at = house.now();
    match ask(shop, id).await {
        Ok(detail) => take_detail(house, row, &detail, asked_at).await.map(|_| Ok(())),
        Err(error) => Ok(Err(error)),
    }
}

/// Whether the order's own page has a word for it that is no state of ours: the buyer wants out, or the money is looked at; or
/// a word that the list did not have yet. Its word stands first in what was kept of it.
fn is_between(row: &RemoteOrderRow, detail: &OrderDetail) -> bool {
    match detail.status {
        OrderStatus::InCancel | OrderStatus::WaitSellerExamineMoney => true,
        OrderStatus::Unknown(_) => row.words.split_whitespace().next().unwrap_or_default() != detail.status.word(),
        _ => false,
    }
}

/// These orders of a letter were read at this moment: what the check at its departure asks for.
pub(super) async fn note_fresh(
    house: &House,
    letter: &StoredLetter,
    numbers: &[String],
    at: Timestamp,
) -> anyhow::Result<()> {
    if letter.about.is_some() {
        house.store.note_orders_read(house.tenant.id, numbers, at).await?;
    }
    Ok(())
}

/// Reads the order of a message again that a person is about to say they pasted, where a shop is connected that can be
/// asked. What cannot be read keeps nobody from saying so.
pub(super) async fn reread_for(house: &House, letter: &StoredLetter) -> anyhow::Result<()> {
    if letter.about.is_none() || house.tenant.settings.safe_mode {
        return Ok(());
    }
    let Ok(Some(shop)) = Shop::open(house).await else { return Ok(()) };
    let mut commit = house.begin_as_system().await?;
    let stale = stale_orders(&mut commit, letter, house.now()).await?;
    drop(commit);
    let asked_at = house.now();
    if !stale.is_empty() && matches!(reread_orders(house, &shop, &stale).await?, Reread::Done { untold: None, .. }) {
        note_fresh(house, letter, &stale, asked_at).await?;
    }
    Ok(())
}

async fn ask(shop: &Shop, id: RemoteId) -> Result<OrderDetail, ApiError> {
    let detail = shop.session.order_detail(id, &shop.pacific).await?;
    if detail.id == id {
        Ok(detail)
    } else {
        Err(ApiError::Unreadable { what: format!("asked about {id}, it answered about another order") })
    }
}

/// Who owes, by what one order alone says: it does not tell where the money is, only whether it came.
fn standing(detail: &OrderDetail) -> Standing {
    if detail.paid.is_some() {
        return Standing::Platform;
    }
    match detail.status {
        OrderStatus::PlaceOrderSuccess => Standing::Buyer,
        // Nobody gets so far without having paid.
        OrderStatus::RiskControl
        | OrderStatus::WaitSellerSendGoods
        | OrderStatus::SellerPartSendGoods
        | OrderStatus::WaitBuyerAcceptGoods
        | OrderStatus::FundProcessing
        | OrderStatus::WaitSellerExamineMoney => Standing::Platform,
        OrderStatus::InCancel
        | OrderStatus::InIssue
        | OrderStatus::InFrozen
        | OrderStatus::Finish
        | OrderStatus::Unknown(_) => Standing::Nobody,
    }
}

/// What came of taking an order over.
#[derive(Debug, Clone, Copy, Default)]
struct TakenOver {
    /// Letters that were wrong by then.
    cancelled: usize,
    /// It is over, and the books do not know how.
    has_ended: bool,
}

/// Takes over what one order says.
async fn take_detail(
    house: &House,
    row: &RemoteOrderRow,
    detail: &OrderDetail,
    asked_at: Timestamp,
) -> anyhow::Result<TakenOver> {
    let mut commit = house.begin_as_system().await?;
    let Some(known) = commit.order_by_number(OrderSource::Marketplace, &row.number).await? else {
        unchanged(house, commit, row, asked_at).await?;
        return Ok(TakenOver::default());
    };
    let party_id = known.fields.party_id;
    let stands = standing(detail);
    let mut changed = note_country(&mut commit, &known, detail).await?;
    let (is_news, has_ended) = note_state(&mut commit, (party_id, known.id), detail, asked_at).await?;
    changed |= is_news;
    if row.page_owed {
        // What the list could not say when it told of the order.
        let about = (party_id, known.id);
        keep_delivery(&mut commit, &detail.buyer.login_id, about, &delivery_of(&detail.receiver)).await?;
        raise_by_rule(&mut commit, about, &row.number).await?;
        changed = true;
    }
    // It only ever ends what the buyer owes: that the buyer owes after all is for the list to say, which knows more.
    if stands != Standing::Buyer && is_buyers(&mut commit, &known).await? {
        // Of an order without its moment the day is known.
        let day = known.fields.ordered_on.to_zoned(house.zone()).map_or(asked_at, |day| day.timestamp());
        let placed_at = known.fields.ordered_at.unwrap_or(day);
        let order = ShopOrder {
            number: row.number.clone(),
            placed_at,
            amount: known.fields.total,
            goods: known.fields.goods.clone(),
            standing: stands,
            // Whether it was called off only the list tells, where the state of the money stands.
            cancelled: known.fields.cancelled,
            status: detail.status.word().to_string(),
        };
        let days = Days { zone: house.zone(), today: house.today() };
        let (order_id, _, changes) = order.write(&mut commit, party_id, Some(known), &days).await?;
        let fields = order.receivable(party_id, order_id, &days);
        let (_, _, more) = order.write_receivable(&mut commit, &fields, &days).await?;
        changed |= !changes.is_empty() || !more.is_empty();
    }
    if !changed {
        unchanged(house, commit, row, asked_at).await?;
        return Ok(TakenOver { cancelled: 0, has_ended });
    }
    // Without a fingerprint: the next sync takes the rest over.
    let words = detail.status.word().to_string();
    let fingerprint = String::new();
    let read = RemoteOrderRow { read_at: asked_at, words, fingerprint, page_owed: false, ..row.clone() };
    commit.note_remote_order(ALIEXPRESS, &read).await?;
    let cancelled = cancel_wrong_letters(house, &mut commit, party_id).await?;
    let entry = LogEntry::new("order.read_again", "connection", ALIEXPRESS).about(party_id);
    commit.log(entry.fact("order", &row.number).fact("cancelled", cancelled));
    commit.finish().await?;
    Ok(TakenOver { cancelled, has_ended })
}

/// How the order stands and what has left of it. Whether something of it is new, and whether the order is over.
async fn note_state(
    commit: &mut Commit,
    about: (PartyId, OrderId),
    detail: &OrderDetail,
    asked_at: Timestamp,
) -> Result<(bool, bool), StoreError> {
    let story = commit.known_order(about.0, about.1).await?.story;
    let has_ended = has_ended(detail, &story);
    let news = told_of_page(detail, &story, asked_at);
    let mut is_new = false;
    if !news.is_empty() {
        let told = OrderTold { news, ..OrderTold::default() };
        is_new |= commit.note_order_state(about.0, about.1, &told).await?;
    }
    if has_parcels(detail) {
        // The list may have told when it left, before its own page could be read. What is known of a parcel stays.
        let left = match commit.is_dispatch_known(about.0, about.1).await? {
            true => None,
            false => story.first(&[OrderWord::PartShipped, OrderWord::Shipped]).or(Some(asked_at)),
        };
        let parcels = named_parcels(detail, left);
        is_new |= commit.note_named_parcels(about, &parcels, Some(asked_at)).await?;
    }
    Ok((is_new, has_ended))
}

/// Where the buyer lives, where the books did not know: hours and language go by it.
async fn note_country(commit: &mut Commit, known: &OrderRow, detail: &OrderDetail) -> Result<bool, StoreError> {
    let party_id = known.fields.party_id;
    let facts = commit.facts(Scope::One(party_id)).await?;
    let Some(party) = facts.first().map(|facts| &facts.party) else { return Ok(false) };
    if !party.country.is_empty() || !is_country(&detail.buyer.country) {
        return Ok(false);
    }
    let fields = PartyFields {
        name: String::new(),
        country: detail.buyer.country.clone(),
        language: None,
        is_consumer: party.is_consumer,
    };
    Ok(!commit.correct_party(party_id, &fields).await?.is_empty())
}

/// Whether the buyer owes the order by the books.
async fn is_buyers(commit: &mut Commit, known: &OrderRow) -> Result<bool, StoreError> {
    let facts = commit.facts(Scope::One(known.fields.party_id)).await?;
    let mut all = facts.iter().flat_map(|facts| &facts.receivables).map(|item| &item.receivable);
    Ok(all.any(|item| item.order_id == Some(known.id) && !item.closed && item.obligor == Obligor::Buyer))
}

/// The order was read, and says what the books say.
async fn unchanged(house: &House, commit: Commit, row: &RemoteOrderRow, asked_at: Timestamp) -> anyhow::Result<()> {
    commit.finish_unnumbered().await?;
    let numbers = std::slice::from_ref(&row.number);
    house.store.note_read(house.tenant.id, ALIEXPRESS, numbers, asked_at).await?;
    house.store.note_orders_read(house.tenant.id, numbers, asked_at).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dunlin_channels::aliexpress::order_detail::read_detail;
    use dunlin_channels::aliexpress::pacific::Pacific;

    #[test]
    fn an_order_is_between_states_when_its_page_has_a_word_that_is_none_of_ours() {
        let row = RemoteOrderRow {
            number: "7".to_string(),
            read_at: Timestamp::UNIX_EPOCH,
            words: "WAIT_SELLER_SEND_GOODS PAY_SUCCESS NO_ISSUE NO_FROZEN".to_string(),
            fingerprint: String::new(),
            page_url: String::new(),
            problem: String::new(),
            about: String::new(),
            page_owed: false,
        };
        let told = |status: &str| {
            let answer = serde_json::json!({"result": {"success": true, "data": {"id": 7, "order_status": status}}});
            is_between(&row, &read_detail(&answer, &Pacific::load().expect("zones")).expect("an order"))
        };
        assert!(!told("WAIT_SELLER_SEND_GOODS"));
        assert!(told("IN_CANCEL") && told("SOMETHING_NEW") && !told("FINISH"));
    }

    #[test]
    fn one_order_alone_says_that_the_buyer_owes_only_where_it_is_unpaid() {
        let told = |status: &str, paid: &str| {
            let answer = serde_json::json!({"result": {"success": true, "data": {"id": 7, "order_status": status,
                "gmt_pay_success": paid}}});
            standing(&read_detail(&answer, &Pacific::load().expect("zones")).expect("an order"))
        };
        assert_eq!(told("PLACE_ORDER_SUCCESS", ""), Standing::Buyer);
        assert_eq!(told("PLACE_ORDER_SUCCESS", "2026-03-03 10:00:00"), Standing::Platform);
        assert_eq!(told("WAIT_SELLER_SEND_GOODS", ""), Standing::Platform);
        for nobody in ["FINISH", "IN_CANCEL", "IN_ISSUE", "WAIT_GROUP_SUCCESS", ""] {
            assert_eq!(told(nobody, ""), Standing::Nobody, "{nobody}");
        }
    }
}
