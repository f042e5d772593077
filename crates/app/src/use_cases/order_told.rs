//! What the words of AliExpress tell of an order: its news, its clocks, its articles.
//!
//! The time of the payment belongs to the check of the money that follows it; when the check ended the marketplace does
//! not say. A word that holds already is not told again, so that a change of something else wakes nobody.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use dunlin_channels::aliexpress::order_detail::{OrderDetail, Parcel, Receiver};
use dunlin_channels::aliexpress::orders::RemoteOrder;
use dunlin_channels::aliexpress::status::{Closing, LogisticsStatus, OrderStatus, Standing, end_reason};
use dunlin_channels::aliexpress::uncertain::EndReason;
use dunlin_core::facts::orders::GoodsLine;
use dunlin_core::money::Money;
use dunlin_core::order::delivery::{Delivery, DeliveryField};
use dunlin_core::order::story::{CloseReason, OrderNews, OrderStory, OrderWord};
use dunlin_core::shipment::carriers::Carriers;
use dunlin_store::{KnownOrder, OrderTold, ShipmentFields};

/// The platform checks a payment for so long at most.
const LONGEST_CHECK: SignedDuration = SignedDuration::from_hours(24);
/// The marketplace's days are those of the American Pacific; in summer they end an hour sooner, which is on the safe side.
const MARKET_OFFSET: Offset = jiff::tz::offset(-8);
/// A clock that moved by less is the same: it is told as what is left of it, in minutes.
const SAME_CLOCK: SignedDuration = SignedDuration::from_mins(30);

/// What one reading tells beyond what is known.
pub(super) fn told_of(order: &RemoteOrder, known: &KnownOrder, asked_at: Timestamp, zone: &TimeZone) -> OrderTold {
    let mut story = known.story.clone();
    let mut news = Vec::new();
    let mut hear = |story: &mut OrderStory, at: Timestamp, word: OrderWord, why: Option<CloseReason>| {
        let one = OrderNews { at, word, why };
        if story.hear(one) {
            news.push(one);
        }
    };
    if let Some(at) = order.created {
        hear(&mut story, at, OrderWord::Placed, None);
    }
    if let Some(at) = order.paid {
        hear(&mut story, at, OrderWord::RiskControl, None);
    }
    if let Some((word, why)) = word_of(order)
        && story.standing().word != word
    {
        let at = holds_from(&story, OrderNews { at: since(order, word, asked_at), word, why });
        hear(&mut story, at, word, why);
    }
    OrderTold {
        news,
        ship_by: ship_by(order, asked_at).filter(|at| known.ship_by.is_none_or(|known| !is_same(known, *at))),
        protection_ends: protection_ends(order, asked_at)
            .map(|at| last_whole_day(at, zone))
            .filter(|day| known.protection_ends != Some(*day)),
        synced_at: Some(asked_at),
    }
}

/// What lay over the order was told for a later moment: the new word holds from after it.
fn holds_from(story: &OrderStory, told: OrderNews) -> Timestamp {
    let mut with = story.clone();
    with.hear(told);
    match story.news().next_back().map(|last| last.at) {
        Some(last) if with.standing().word != told.word => {
            told.at.max(last.checked_add(SignedDuration::from_micros(1)).unwrap_or(last))
        }
        _ => told.at,
    }
}

/// What an order's own page tells beyond what is known. It has neither clocks nor moments, and does not say whether a
/// dispute or a freeze that the list told of goes on: that stays.
pub(super) fn told_of_page(detail: &OrderDetail, story: &OrderStory, asked_at: Timestamp) -> Vec<OrderNews> {
    let mut story = story.clone();
    let mut news = Vec::new();
    let mut hear = |story: &mut OrderStory, one: OrderNews| {
        if story.hear(one) {
            news.push(one);
        }
    };
    if let Some(at) = detail.paid
        && story.first(&[OrderWord::RiskControl, OrderWord::Paid]).is_none()
    {
        hear(&mut story, OrderNews { at, word: OrderWord::RiskControl, why: None });
    }
    let known = story.standing().word;
    let lies_over = |word: OrderWord| matches!(word, OrderWord::Frozen | OrderWord::InDispute);
    if let Some(word) = word_of_page(detail)
        && known != word
        && (lies_over(word) || !lies_over(known))
    {
        let at = holds_from(&story, OrderNews { at: asked_at, word, why: None });
        let one = OrderNews { at, word, why: None };
        let mut with = story.clone();
        with.hear(one);
        // A word of an earlier stage changes nothing, and is not written down with each reading.
        if with.standing().word == word {
            hear(&mut story, one);
        }
    }
    news
}

/// As [`word_of`], by what one order alone says. How an order ended it does not say ([`has_ended`]).
fn word_of_page(detail: &OrderDetail) -> Option<OrderWord> {
    Some(match detail.status {
        OrderStatus::PlaceOrderSuccess if detail.paid.is_none() => OrderWord::Placed,
        OrderStatus::RiskControl => OrderWord::RiskControl,
        OrderStatus::WaitSellerSendGoods => OrderWord::Paid,
        OrderStatus::SellerPartSendGoods => OrderWord::PartShipped,
        OrderStatus::WaitBuyerAcceptGoods => OrderWord::Shipped,
        OrderStatus::FundProcessing => OrderWord::Delivered,
        OrderStatus::InIssue => OrderWord::InDispute,
        OrderStatus::InFrozen => OrderWord::Frozen,
        _ => return None,
    })
}

/// The order's own page says that it is over, which the books do not know yet: completed, called off or closed, only the
/// list tells.
pub(super) fn has_ended(detail: &OrderDetail, story: &OrderStory) -> bool {
    let over = [OrderWord::Completed, OrderWord::Cancelled, OrderWord::Closed];
    detail.status == OrderStatus::Finish && !over.contains(&story.standing().word)
}

fn is_same(one: Timestamp, other: Timestamp) -> bool {
    one.duration_since(other).abs() < SAME_CLOCK
}

/// How the order stands in our words. `None`: the marketplace's leave it open, and what was known stays.
fn word_of(order: &RemoteOrder) -> Option<(OrderWord, Option<CloseReason>)> {
    let word = match order.standing() {
        Standing::AwaitingPayment => OrderWord::Placed,
        Standing::RiskCheck => OrderWord::RiskControl,
        Standing::AwaitingShipment { in_part: false } => OrderWord::Paid,
        Standing::AwaitingShipment { in_part: true } => OrderWord::PartShipped,
        Standing::AwaitingReceipt => OrderWord::Shipped,
        // The buyer has confirmed, or the time for it has passed.
        Standing::AwaitingPayout => OrderWord::Delivered,
        Standing::Disputed => OrderWord::InDispute,
        Standing::Frozen => OrderWord::Frozen,
        Standing::Closed(Closing::Paid) if has_left(order) && end_of(order) == CloseReason::Other => {
            OrderWord::Completed
        }
        Standing::Closed(how) => {
            let why = match (end_of(order), how) {
                (CloseReason::Other, Closing::Unpaid) => CloseReason::Unpaid,
                (why, _) => why,
            };
            let called_off = matches!(why, CloseReason::Buyer | CloseReason::Seller);
            return Some((if called_off { OrderWord::Cancelled } else { OrderWord::Closed }, Some(why)));
        }
        Standing::CancelAsked | Standing::AmountToConfirm | Standing::Unclear(_) => return None,
    };
    Some((word, None))
}

/// Something of it was handed over.
pub(super) fn has_left(order: &RemoteOrder) -> bool {
    let there = [LogisticsStatus::SellerSendGoods, LogisticsStatus::BuyerAcceptGoods];
    order.shipped.is_some() || there.contains(&order.logistics) || end_reason(order) == Some(EndReason::Received)
}

/// Why an order ended, from the words that are known: the set is open.
fn end_of(order: &RemoteOrder) -> CloseReason {
    match end_reason(order) {
        Some(EndReason::NotPaid) => CloseReason::Unpaid,
        Some(EndReason::RiskControl) => CloseReason::RiskControl,
        Some(EndReason::Buyer) => CloseReason::Buyer,
        Some(EndReason::Seller) => CloseReason::Seller,
        Some(EndReason::Received) | None => CloseReason::Other,
    }
}

/// Since when it stands so, as far as that can be known.
fn since(order: &RemoteOrder, word: OrderWord, asked_at: Timestamp) -> Timestamp {
    let modified = order.modified.unwrap_or(asked_at).min(asked_at);
    match word {
        // It may have been modified since for another reason.
        OrderWord::Paid => {
            let latest = order.paid.and_then(|paid| paid.checked_add(LONGEST_CHECK).ok());
            latest.map_or(modified, |latest| modified.min(latest))
        }
        OrderWord::PartShipped | OrderWord::Shipped => order.shipped.unwrap_or(modified),
        _ => modified,
    }
}

fn ship_by(order: &RemoteOrder, asked_at: Timestamp) -> Option<Timestamp> {
    match order.standing() {
        Standing::AwaitingShipment { .. } | Standing::RiskCheck => asked_at.checked_add(order.left_to_ship?).ok(),
        _ => None,
    }
}

/// The moment at which the marketplace closes the order unless it is paid.
pub(super) fn closes_at(order: &RemoteOrder, asked_at: Timestamp) -> Option<Timestamp> {
    match order.standing() {
        Standing::AwaitingPayment => asked_at.checked_add(order.left_in_status?).ok(),
        _ => None,
    }
}

/// The day on which a moment falls, where another one than is known: what is told as the time that is left may fall on either
/// side of a midnight.
pub(super) fn other_day(at: Timestamp, known: Option<Date>, zone: &TimeZone) -> Option<Date> {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let around = [at.checked_sub(SAME_CLOCK), at.checked_add(SAME_CLOCK)];
    let is_known = around.into_iter().flatten().any(|near| known == Some(day(near)));
    (!is_known && known != Some(day(at))).then(|| day(at))
}

/// Until then the buyer may say that nothing came; after it the platform takes the goods as received.
fn protection_ends(order: &RemoteOrder, asked_at: Timestamp) -> Option<Timestamp> {
    match order.standing() {
        Standing::AwaitingReceipt => asked_at.checked_add(order.left_in_status?).ok(),
        _ => None,
    }
}

/// The day on which it ends by our calendar, or by the marketplace's where that is earlier: a buyer to whose west the day is
/// younger must not be told of a day that is over for them when the clock has run out.
pub(super) fn last_whole_day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date().min(at.to_zoned(TimeZone::fixed(MARKET_OFFSET)).date())
}

/// The parcels that an order's own page names. Nothing is a parcel before it was handed over under a number: some are given
/// their numbers days before that.
pub(super) fn parcels_of(order: &RemoteOrder, detail: &OrderDetail) -> Vec<ShipmentFields> {
    match order.standing() {
        Standing::RiskCheck | Standing::AwaitingShipment { in_part: false } => Vec::new(),
        _ => named_parcels(detail, order.shipped.or(order.modified)),
    }
}

/// Whether something of it has left, by what one order alone says.
pub(super) fn has_parcels(detail: &OrderDetail) -> bool {
    matches!(detail.status, OrderStatus::SellerPartSendGoods | OrderStatus::WaitBuyerAcceptGoods)
}

/// As [`parcels_of`], where nobody tells when they left.
pub(super) fn named_parcels(detail: &OrderDetail, shipped_at: Option<Timestamp>) -> Vec<ShipmentFields> {
    let has_number = |parcel: &&Parcel| !parcel.tracking_number.trim().is_empty();
    let parcel = |parcel: &Parcel| ShipmentFields {
        carrier: Carriers::shipped().find(&parcel.service).map_or_else(String::new, |carrier| carrier.code.clone()),
        number: parcel.tracking_number.trim().to_string(),
        shipped_at,
    };
    detail.parcels.iter().filter(has_number).map(parcel).collect()
}

/// Where the order goes, as the marketplace tells it.
pub(super) fn delivery_of(receiver: &Receiver) -> Delivery {
    let lines = [&receiver.street, &receiver.street_more, &receiver.city, &receiver.province];
    let lines: Vec<&str> = lines.into_iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    let mut delivery = Delivery::default();
    delivery.set(DeliveryField::Name, &receiver.name);
    delivery.set(DeliveryField::Address, &lines.join(", "));
    delivery.set(DeliveryField::Postcode, &receiver.postcode);
    delivery.set(DeliveryField::Phone, &receiver.phone);
    // A country alone is no address.
    if !delivery.is_empty() {
        delivery.set(DeliveryField::Country, &receiver.country);
    }
    delivery
}

/// The articles, in the order in which they are listed. `total` names the currency where a price was not told.
pub(super) fn lines_of(order: &RemoteOrder, total: Money) -> Vec<GoodsLine> {
    let line = |line: &dunlin_channels::aliexpress::orders::RemoteOrderLine| GoodsLine {
        sku: line.sku_code.clone(),
        title: line.name.clone(),
        quantity: line.count.max(0),
        price: line.unit_price.unwrap_or(Money::new(0, total.currency)),
        url: page_of(&line.product_id),
        in_stock: None,
    };
    order.lines.iter().map(line).collect()
}

/// The platform's own page of an article; empty where its number is none.
fn page_of(product_id: &str) -> String {
    if product_id.is_empty() || !product_id.bytes().all(|digit| digit.is_ascii_digit()) {
        return String::new();
    }
    format!("https://www.aliexpress.com/item/{product_id}.html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use dunlin_channels::aliexpress::order_detail::read_detail;
    use dunlin_channels::aliexpress::pacific::Pacific;
    use serde_json::{Value, json};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    /// In March the marketplace's clock is eight hours behind.
    fn order(more: &Value) -> RemoteOrder {
        let mut value = json!({"order_id": "7", "issue_status": "NO_ISSUE", "frozen_status": "NO_FROZEN",
            "fund_status": "PAY_SUCCESS", "gmt_create": "2026-03-03 01:00:00", "gmt_pay_time": "2026-03-03 02:00:00"});
        for (name, told) in more.as_object().expect("fields") {
            value[name] = told.clone();
        }
        RemoteOrder::read(&value, &Pacific::load().expect("zones")).expect("an order").0
    }

    fn tell(order: &RemoteOrder, known: &mut KnownOrder, asked_at: &str) -> OrderTold {
        let told = told_of(order, known, at(asked_at), &TimeZone::UTC);
        for news in &told.news {
            known.story.hear(*news);
        }
        known.ship_by = told.ship_by.or(known.ship_by);
        told
    }

    #[test]
    fn the_payment_begins_the_check_and_the_release_ends_it() {
        let mut known = KnownOrder::default();
        let checking = order(&json!({"order_status": "RISK_CONTROL", "gmt_update": "2026-03-03 02:00:00"}));
        tell(&checking, &mut known, "2026-03-03T12:00:00Z");
        let standing = known.story.standing();
        assert_eq!((standing.word, standing.since), (OrderWord::RiskControl, Some(at("2026-03-03T10:00:00Z"))));
        let free = order(&json!({"order_status": "WAIT_SELLER_SEND_GOODS", "gmt_update": "2026-03-03 05:00:00",
            "left_send_good_day": 3}));
        let told = tell(&free, &mut known, "2026-03-03T14:00:00Z");
        assert_eq!(told.ship_by, Some(at("2026-03-06T14:00:00Z")));
        let standing = known.story.standing();
        assert_eq!((standing.word, standing.cleared), (OrderWord::Paid, Some(at("2026-03-03T13:00:00Z"))));
        // A little later, with a note of the seller's: nothing is new.
        let noted = order(&json!({"order_status": "WAIT_SELLER_SEND_GOODS", "gmt_update": "2026-03-03 06:30:00",
            "left_send_good_day": 3}));
        let again = tell(&noted, &mut known, "2026-03-03T14:10:00Z");
        assert_eq!((again.news.len(), again.ship_by), (0, None));
    }

    #[test]
    fn the_day_of_closing_is_what_is_left_to_pay() {
        let unpaid =
            order(&json!({"order_status": "PLACE_ORDER_SUCCESS", "fund_status": "NOT_PAY", "gmt_pay_time": "",
            "timeout_left_time": 7 * 86_400_000_i64}));
        let closes = closes_at(&unpaid, at("2026-03-03T12:00:00Z"));
        assert_eq!(closes, Some(at("2026-03-10T12:00:00Z")));
        let zone = TimeZone::get("Asia/Shanghai").expect("zone");
        let day = |text: &str, known: Option<Date>| other_day(at(text), known, &zone);
        let tenth = jiff::civil::date(2026, 3, 10);
        assert_eq!(day("2026-03-10T12:00:00Z", None), Some(tenth));
        assert_eq!(day("2026-03-10T12:00:00Z", Some(tenth)), None);
        // A minute past midnight there, and a minute before it.
        assert_eq!(day("2026-03-10T16:01:00Z", Some(tenth)), None);
        assert_eq!(day("2026-03-11T12:00:00Z", Some(tenth)), Some(jiff::civil::date(2026, 3, 11)));
        let paid = order(&json!({"order_status": "WAIT_SELLER_SEND_GOODS", "timeout_left_time": 86_400_000}));
        assert_eq!(closes_at(&paid, at("2026-03-03T12:00:00Z")), None);
    }

    #[test]
    fn a_freeze_ends_with_the_next_word() {
        let mut known = KnownOrder::default();
        let status = "WAIT_SELLER_SEND_GOODS";
        tell(
            &order(&json!({"order_status": status, "gmt_update": "2026-03-03 05:00:00"})),
            &mut known,
            "2026-03-03T14:00:00Z",
        );
        let frozen = json!({"order_status": status, "frozen_status": "IN_FROZEN", "gmt_update": "2026-03-03 08:00:00"});
        tell(&order(&frozen), &mut known, "2026-03-03T17:00:00Z");
        assert_eq!(known.story.standing().word, OrderWord::Frozen);
        tell(
            &order(&json!({"order_status": status, "gmt_update": "2026-03-03 08:00:00"})),
            &mut known,
            "2026-03-03T18:00:00Z",
        );
        assert_eq!(known.story.standing().word, OrderWord::Paid);
    }

    fn page(status: &str, paid: &str) -> OrderDetail {
        let answer = json!({"result": {"success": true, "data": {"id": 7, "order_status": status,
            "gmt_pay_success": paid}}});
        read_detail(&answer, &Pacific::load().expect("zones")).expect("an order")
    }

    #[test]
    fn an_orders_own_page_tells_its_state_and_lifts_no_freeze() {
        let asked_at = at("2026-03-05T12:00:00Z");
        let story = |told: &[(&str, OrderWord)]| {
            OrderStory::of(told.iter().map(|(so, word)| OrderNews { at: at(so), word: *word, why: None }))
        };
        let told = |status: &str, story: &OrderStory| {
            let news = told_of_page(&page(status, "2026-03-03 02:00:00"), story, asked_at);
            let words: Vec<OrderWord> = news.iter().map(|news| news.word).collect();
            let mut with = story.clone();
            for one in news {
                with.hear(one);
            }
            (words, with.standing().word)
        };
        let placed = story(&[("2026-03-03T09:00:00Z", OrderWord::Placed)]);
        let both = vec![OrderWord::RiskControl, OrderWord::Paid];
        assert_eq!(told("WAIT_SELLER_SEND_GOODS", &placed), (both, OrderWord::Paid));
        let paid = story(&[("2026-03-03T10:00:00Z", OrderWord::Paid)]);
        assert_eq!(told("WAIT_SELLER_SEND_GOODS", &paid), (vec![], OrderWord::Paid), "nothing new");
        assert_eq!(told("WAIT_BUYER_ACCEPT_GOODS", &paid), (vec![OrderWord::Shipped], OrderWord::Shipped));
        assert_eq!(told("IN_ISSUE", &paid), (vec![OrderWord::InDispute], OrderWord::InDispute));
        // The list knows of a freeze that this page is silent about, and nothing takes an order back.
        let frozen = story(&[("2026-03-03T10:00:00Z", OrderWord::Paid), ("2026-03-04T10:00:00Z", OrderWord::Frozen)]);
        assert_eq!(told("WAIT_SELLER_SEND_GOODS", &frozen), (vec![], OrderWord::Frozen));
        let shipped = story(&[("2026-03-03T10:00:00Z", OrderWord::Paid), ("2026-03-04T10:00:00Z", OrderWord::Shipped)]);
        assert_eq!(told("WAIT_SELLER_SEND_GOODS", &shipped), (vec![], OrderWord::Shipped));
        assert_eq!(told("WAIT_GROUP_SUCCESS", &shipped), (vec![], OrderWord::Shipped));
        assert!(has_ended(&page("FINISH", ""), &shipped) && !has_ended(&page("IN_CANCEL", ""), &shipped));
        assert!(!has_ended(&page("FINISH", ""), &story(&[("2026-03-04T10:00:00Z", OrderWord::Completed)])));
    }

    #[test]
    fn an_end_says_why() {
        let ends = [
            ("NOT_PAY", "pay_timeout", OrderWord::Closed, Some(CloseReason::Unpaid)),
            ("NOT_PAY", "", OrderWord::Closed, Some(CloseReason::Unpaid)),
            ("PAY_SUCCESS", "security_close", OrderWord::Closed, Some(CloseReason::RiskControl)),
            ("PAY_SUCCESS", "cancel_order_close_trade", OrderWord::Cancelled, Some(CloseReason::Buyer)),
            ("PAY_SUCCESS", "buyer_accept_goods", OrderWord::Completed, None),
            ("PAY_SUCCESS", "", OrderWord::Closed, Some(CloseReason::Other)),
        ];
        for (fund, reason, word, why) in ends {
            let ended = order(&json!({"order_status": "FINISH", "fund_status": fund, "end_reason": reason}));
            assert_eq!(word_of(&ended), Some((word, why)), "{fund} {reason}");
        }
    }
}
