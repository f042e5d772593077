//! What a message about an order or a parcel states beside names and days: the order as its facts tell it, and what only the
//! catalogue and the marketplace know (similar articles, the page of the order).

use anyhow::Context;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use dunlin_core::case::Subject;
use dunlin_core::catalogue::similar::{Similar, similar};
use dunlin_core::decide::orders::{may_offer, together};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::facts::orders::{GoodsLine, OrderFacts, Parcel};
use dunlin_core::ids::OrderId;
use dunlin_core::letter::LetterLine;
use dunlin_core::letter::order as letter;
use dunlin_core::money::Money;
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::delivery::ConfirmRules;
use dunlin_core::party::{Channel, Language};
use dunlin_core::receivable::Milestone;
use dunlin_core::shipment::carriers::{Carriers, page_of_unknown};
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_store::{Commit, OrderAskRow, StoredLetter};

use super::keep_catalogue::find_similar;
use crate::house::House;
use crate::shop::ALIEXPRESS;

/// Articles that a message offers; more is no choice.
pub(super) const MOST_OFFERED: usize = 3;
/// Sites of the marketplace itself, and of its carrier: other pages are not linked to within it (SCENARIOS G3).
const OWN_SITES: [&str; 3] = ["aliexpress.com", "aliexpress.ru", "cainiao.com"];

/// What a message about an order may state that its facts do not hold; empty for every other letter.
#[derive(Debug, Clone, Default)]
pub struct OrderAside {
    /// The marketplace's own page of the order.
    pub page_url: String,
    /// What could stand in, or goes with it; the best first.
    pub similar: Vec<Similar>,
    /// What the thing costs that the letter asks for.
    pub surcharge: Option<Money>,
}

/// What a letter asks for before dispatch, by its name (`m8_surcharge`).
fn asked_by(letter: &str) -> Option<AskKind> {
    AskKind::from_code(letter.strip_prefix("m8_")?)
}

/// The amount that stands with what is open with the buyer.
fn surcharge(asks: &[OrderAskRow], kind: AskKind) -> Option<Money> {
    asks.iter().filter(|ask| ask.settled_at.is_none() && ask.kind == kind).find_map(|ask| ask.surcharge)
}

/// What is looked up for a letter.
struct Wanted {
    order: OrderId,
    numbers: Vec<String>,
    /// Articles that something similar is looked for.
    skus: Vec<String>,
}

impl Wanted {
    fn of(stored: &StoredLetter, facts: &DebtorFacts) -> Option<Self> {
        let about = stored.about.as_ref()?;
        let (order, _) = facts.order_of(about.subject)?;
        let skus = match offers(&stored.letter) {
            true => {
                let meant = meant(order, &stored.letter).into_iter();
                meant.filter(|line| !line.sku.is_empty()).map(|line| line.sku.clone()).collect()
            }
            false => Vec::new(),
        };
        Some(Self { order: order.id, numbers: vec![order.number.clone()], skus })
    }
}

/// Whether a letter offers articles of the catalogue.
fn offers(letter: &str) -> bool {
    letter.starts_with("m2_") || letter.starts_with("m9_")
}

/// Whether a letter says nothing without an article to offer.
pub(super) fn needs_offer(letter: &str) -> bool {
    letter.starts_with("m9_")
}

/// The articles that a letter is about: those that are gone, where it is about that, and those that can be ordered again, as
/// far as anybody knows.
fn meant<'a>(order: &'a OrderFacts, letter: &str) -> Vec<&'a GoodsLine> {
    match letter {
        "m3_new_order" => order.goods.iter().filter(|line| line.in_stock != Some(false)).collect(),
        _ if letter.starts_with("m2_") => order.missing().collect(),
        _ => order.goods.iter().collect(),
    }
}

/// Looks up what a letter may state beside its facts.
pub async fn order_aside(house: &House, stored: &StoredLetter, facts: &DebtorFacts) -> anyhow::Result<OrderAside> {
    let Some(wanted) = Wanted::of(stored, facts) else { return Ok(OrderAside::default()) };
    let rows = house.store.remote_orders(house.tenant.id, ALIEXPRESS, &wanted.numbers).await?;
    let page_url = page(rows.into_iter().next().map(|row| row.page_url));
    let mut found = OrderAside { page_url, ..OrderAside::default() };
    if let Some(kind) = asked_by(&stored.letter) {
        let asks = house.store.order_asks(house.tenant.id, stored.party_id, wanted.order).await?;
        found.surcharge = surcharge(&asks, kind);
    }
    for sku in &wanted.skus {
        if house.store.product(house.tenant.id, sku).await?.is_some() {
            add(&mut found.similar, find_similar(house, sku, MOST_OFFERED).await?.similar, &wanted.skus);
        }
    }
    Ok(found)
}

/// As [`order_aside`], within the change that takes the letter out.
pub(super) async fn order_aside_within(
    commit: &mut Commit,
    stored: &StoredLetter,
    facts: &DebtorFacts,
) -> anyhow::Result<OrderAside> {
    let Some(wanted) = Wanted::of(stored, facts) else { return Ok(OrderAside::default()) };
    let rows = commit.remote_orders(ALIEXPRESS, &wanted.numbers).await?;
    let page_url = page(rows.into_iter().next().map(|row| row.page_url));
    let mut found = OrderAside { page_url, ..OrderAside::default() };
    if let Some(kind) = asked_by(&stored.letter) {
        found.surcharge = surcharge(&commit.order_asks(stored.party_id, wanted.order).await?, kind);
    }
    for sku in &wanted.skus {
        let Some(of) = commit.product(sku).await? else { continue };
        let pins = commit.pins_of(sku).await?;
        let candidates = commit.product_candidates(&of.product, &pins).await?;
        add(&mut found.similar, similar(&of.product, &candidates, &pins, MOST_OFFERED), &wanted.skus);
    }
    Ok(found)
}

/// What somebody else wrote into a list is linked to only where it is a page.
fn page(url: Option<String>) -> String {
    url.filter(|url| url.starts_with("https://")).unwrap_or_default()
}

/// Each article once, and none that is in the order already.
fn add(offered: &mut Vec<Similar>, more: Vec<Similar>, ordered: &[String]) {
    for one in more {
        let sku = &one.stocked.product.sku;
        let is_known = offered.iter().any(|known| known.stocked.product.sku == *sku) || ordered.contains(sku);
        if !is_known && offered.len() < MOST_OFFERED {
            offered.push(one);
        }
    }
}

/// How a text is written, and for when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writing<'a> {
    pub(super) letter: &'a str,
    pub(super) language: Language,
    pub(super) channel: Channel,
    pub(super) today: Date,
    pub(super) zone: &'a TimeZone,
}

/// The order as a letter states it.
pub(super) fn about_order(
    subject: Subject,
    facts: &DebtorFacts,
    aside: &OrderAside,
    writing: &Writing<'_>,
) -> anyhow::Result<letter::AboutOrder> {
    let (order, parcel) = facts.order_of(subject).context("the order of the letter is not followed any more")?;
    let day = |at: jiff::Timestamp| at.to_zoned(writing.zone.clone()).date();
    let offered = if offers(writing.letter) { aside.similar.as_slice() } else { &[] };
    // A price in another currency is not what the buyer will be asked for.
    let priced = |one: &Similar| letter::SimilarLine {
        price: Some(one.stocked.product.price).filter(|price| price.currency == order.total.currency),
        ..article(one, writing)
    };
    let shown = |parcel: &&Parcel| parcel.shipped_at.is_some() && !parcel.number.trim().is_empty();
    Ok(letter::AboutOrder {
        number: order.number.clone(),
        placed_on: order.placed_at.map(day),
        total: order.total,
        ship_by: ship_by(order, writing),
        url: allowed(&aside.page_url, writing.channel),
        // The texts say themselves that it is out of stock; which words the platform offers for that is not known.
        cancel_reason: String::new(),
        goods: meant(order, writing.letter).into_iter().map(|line| goods(line, writing.channel)).collect(),
        similar: offered.iter().map(priced).collect(),
        parcels: order.parcels.iter().filter(shown).map(|one| parcel_line(order, one, writing)).collect(),
        parcel: spoken_of(order, parcel, writing.letter).map(|one| parcel_line(order, one, writing)).or_else(|| {
            // The marketplace may tell of a delivery without a parcel that we know.
            writing.letter.starts_with("m10_").then(unknown_parcel)
        }),
        address: None,
        customs: customs(order),
        asked: asked(order, &order.goes_to, writing.letter),
        refund_days: None,
        // That it runs until a day that is over says nothing to a buyer; a colleague wants to know.
        protection_ends: order.protection_ends.filter(|day| *day >= writing.today || writing.channel == Channel::Phone),
        new_estimate: parcel.and_then(|parcel| new_estimate(parcel, writing)),
        surcharge: aside.surcharge,
        invites_review: parcel.and_then(|parcel| parcel.case.as_ref()).is_some_and(|case| order.invites(case.id))
            && !facts.contacts.iter().any(|contact| contact.objected)
            && may_offer(facts, order, writing.today, writing.zone),
    })
}

/// The orders that a letter names where it is about several: its own first.
pub(super) fn orders_named(subject: Subject, facts: &DebtorFacts, writing: &Writing<'_>) -> Vec<LetterLine> {
    let Some((order, _)) = facts.order_of(subject).filter(|_| letter::names_other_orders(writing.letter)) else {
        return Vec::new();
    };
    let line = |order: &OrderFacts| LetterLine {
        reference: order.number.clone(),
        order_number: order.number.clone(),
        ordered_on: order.placed_at.map(|at| at.to_zoned(writing.zone.clone()).date()),
        milestone: Milestone::Full,
        amount: order.total,
        // It is about parcels, and asks for nothing.
        outstanding: Money::zero(order.total.currency),
        asked: Money::zero(order.total.currency),
        due_on: None,
        days_overdue: 0,
        goods: None,
        rest_due: false,
    };
    let others = together(facts, order, writing.today);
    std::iter::once(order).chain(others).map(line).collect()
}

/// The day by which it has to leave. A buyer is told of one that is still to come; and that we ship by it we promise only
/// where that lies with us.
fn ship_by(order: &OrderFacts, writing: &Writing<'_>) -> Option<Date> {
    let day = order.ship_by?.to_zoned(writing.zone.clone()).date();
    let ours = !order.is_awaiting() && !order.is_held(writing.today);
    let is_told = day >= writing.today && (ours || writing.letter != "m4_thanks");
    (is_told || writing.channel == Channel::Phone).then_some(day)
}

/// A day by which an answer is of use: not after the order has to leave, or after the buyer's protection is over, as long as
/// there is such a day.
pub(super) fn useful_answer_by(answer_by: Date, order: &OrderFacts, writing: &Writing<'_>) -> Date {
    let before_dispatch = ["m4_", "m8_"].iter().any(|begin| writing.letter.starts_with(begin));
    let last = if before_dispatch {
        order.ship_by.map(|at| at.to_zoned(writing.zone.clone()).date())
    } else {
        order.protection_ends.filter(|_| ["m6_", "m7_"].iter().any(|begin| writing.letter.starts_with(begin)))
    };
    last.filter(|day| *day >= writing.today).map_or(answer_by, |day| answer_by.min(day))
}

/// A page as it may stand in a message: within the marketplace only one of its own.
pub(super) fn allowed(url: &str, channel: Channel) -> String {
    let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let is_own = |site: &str| host.strip_suffix(site).is_some_and(|before| before.is_empty() || before.ends_with('.'));
    let fits = channel != Channel::InSite || OWN_SITES.into_iter().any(is_own);
    if fits { url.to_string() } else { String::new() }
}

fn goods(line: &GoodsLine, channel: Channel) -> letter::GoodsLine {
    letter::GoodsLine {
        title: line.title.clone(),
        sku: line.sku.clone(),
        quantity: u32::try_from(line.quantity.max(0)).unwrap_or(u32::MAX),
        price: Some(line.price),
        url: allowed(&line.url, channel),
    }
}

fn article(one: &Similar, writing: &Writing<'_>) -> letter::SimilarLine {
    let product = &one.stocked.product;
    letter::SimilarLine {
        title: product.title(writing.language.code()).to_string(),
        price: Some(product.price),
        url: allowed(&product.url, writing.channel),
    }
}

fn parcel_line(order: &OrderFacts, parcel: &Parcel, writing: &Writing<'_>) -> letter::ParcelLine {
    let carrier = Carriers::shipped().get(&parcel.carrier);
    let name = carrier.map(|known| if writing.language == Language::Zh { &known.name_zh } else { &known.name_en });
    let number = parcel.number.trim();
    let url = match carrier {
        _ if number.is_empty() => String::new(),
        Some(known) => known.page_of(number),
        None => page_of_unknown(number),
    };
    let shipped_on = parcel.shipped_on(writing.zone);
    let by_table = || Some(parcel.expected?.between(shipped_on?));
    let expected = parcel.journey.estimate().map(|estimate| (estimate.from, estimate.to)).or_else(by_table);
    // Only a letter about a late parcel names a day that is over. Days that have begun to pass are told by their end alone.
    let is_late = writing.letter.starts_with("m7_");
    let expected = expected.filter(|(_, to)| *to >= writing.today || is_late);
    let expected = expected.map(|(from, to)| if from < writing.today && !is_late { (to, to) } else { (from, to) });
    let last = parcel.journey.events().next_back();
    letter::ParcelLine {
        carrier: name.cloned().unwrap_or_else(|| parcel.carrier.clone()),
        number: number.to_string(),
        former_number: order.former_number(parcel).unwrap_or_default().to_string(),
        url: allowed(&url, writing.channel),
        shipped_on,
        expected,
        last_event: last.map_or_else(String::new, |event| event.description.clone()),
        last_event_on: last.map(|event| event.at.to_zoned(writing.zone.clone()).date()),
        status: parcel.journey.status(),
        status_on: parcel.journey.status_scanned_at().map(|at| at.to_zoned(writing.zone.clone()).date()),
    }
}

/// The parcel that a text speaks of: its own; of a delivered order one that no carrier has delivered, else the one that came
/// last.
fn spoken_of<'a>(order: &'a OrderFacts, own: Option<&'a Parcel>, letter: &str) -> Option<&'a Parcel> {
    let is_there = |parcel: &Parcel| parcel.journey.status() == TrackingStatus::Delivered;
    let last = || order.parcels.iter().max_by_key(|parcel| (!is_there(parcel), parcel.journey.status_since()));
    own.or_else(|| if letter.starts_with("m10_") { last() } else { None })
}

fn unknown_parcel() -> letter::ParcelLine {
    letter::ParcelLine {
        carrier: String::new(),
        number: String::new(),
        former_number: String::new(),
        url: String::new(),
        shipped_on: None,
        expected: None,
        last_event: String::new(),
        last_event_on: None,
        // No carrier said so.
        status: TrackingStatus::NotFound,
        status_on: None,
    }
}

/// The carrier's own day, where it is still to come and later than the table said; else nobody can name one.
fn new_estimate(parcel: &Parcel, writing: &Writing<'_>) -> Option<Date> {
    let until = parcel.journey.estimate()?.to;
    let usual = parcel.expected.zip(parcel.shipped_on(writing.zone)).map(|(days, shipped)| days.between(shipped).1);
    (until > writing.today && usual.is_none_or(|usual| until > usual)).then_some(until)
}

/// What is in the parcel, and the price really paid: never anything else (SCENARIOS G1).
fn customs(order: &OrderFacts) -> Option<letter::CustomsLine> {
    let named = order.goods.iter().filter(|line| !line.title.trim().is_empty());
    let titles: Vec<String> = named.map(|line| format!("{} × {}", line.quantity, line.title.trim())).collect();
    (!titles.is_empty()).then(|| letter::CustomsLine { description: titles.join("; "), value: order.total })
}

/// What is open with the buyer, of that which this letter is about: one about the address does not ask for the goods too, and
/// what a carrier wants to know (M6) or the buyer wishes (M8) is something else.
fn asked(order: &OrderFacts, country: &str, letter: &str) -> Vec<String> {
    if letter.starts_with("m6_") || letter.starts_with("m8_") {
        return Vec::new();
    }
    let open = |kind: AskKind| order.asks.iter().any(|ask| !ask.settled && ask.kind == kind);
    let mut words: Vec<&str> = Vec::new();
    if letter != "m4_confirm_customs" && open(AskKind::Address) {
        if ConfirmRules::shipped().needs_full_name(country) {
            words.push("full_name");
        }
        words.extend(["address", "postcode", "phone"]);
    }
    if letter != "m4_confirm_address" && open(AskKind::Customs) {
        words.extend(["description", "value"]);
    }
    words.into_iter().map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::{Writing, allowed, customs, parcel_line, ship_by, spoken_of, useful_answer_by};
    use dunlin_core::facts::orders::{DispatchHold, GoodsLine, OrderFacts, Parcel};
    use dunlin_core::ids::{OrderId, ShipmentId};
    use dunlin_core::money::{Currency, Money};
    use dunlin_core::order::OrderSource;
    use dunlin_core::order::story::OrderStory;
    use dunlin_core::party::{Channel, Language};
    use dunlin_core::shipment::journey::{Journey, TrackingEvent, TrackingUpdate};
    use dunlin_core::shipment::status::TrackingStatus;
    use dunlin_core::shipment::transit::{Basis, ExpectedDays};
    use jiff::civil::{Date, date};
    use jiff::tz::TimeZone;

    static ZONE: TimeZone = TimeZone::UTC;

    fn writing(letter: &str, today: Date) -> Writing<'_> {
        Writing { letter, language: Language::En, channel: Channel::Email, today, zone: &ZONE }
    }

    fn order() -> OrderFacts {
        OrderFacts {
            id: OrderId(1),
            number: "8100".to_string(),
            source: OrderSource::Marketplace,
            total: Money::new(5_000, Currency::USD),
            goes_to: "GB".to_string(),
            placed_at: None,
            story: OrderStory::default(),
            ship_by: Some("2026-03-09T10:00:00Z".parse().expect("an instant")),
            protection_ends: Some(date(2026, 4, 20)),
            goods: Vec::new(),
            has_similar: false,
            parcels: Vec::new(),
            former_parcels: Vec::new(),
            asks: Vec::new(),
            holds: Vec::new(),
            receipt_extended: None,
            synced_at: None,
            case: None,
        }
    }

    /// Handed over on 2 March, expected within 8 to 20 days.
    fn parcel(id: u128, scans: &[(&str, TrackingStatus)]) -> Parcel {
        let scan = |(at, status): &(&str, TrackingStatus)| TrackingEvent {
            at: at.parse().expect("an instant"),
            status: Some(*status),
            word: String::new(),
            description: String::new(),
            location: String::new(),
            carrier_key: None,
        };
        let events = scans.iter().map(scan).collect();
        let mut journey = Journey::default();
        journey.take_in(&TrackingUpdate { number: String::new(), carrier_key: None, tag: None, report: None, events });
        Parcel {
            id: ShipmentId(id),
            carrier: String::new(),
            number: format!("YT{id}"),
            replaces: None,
            shipped_at: Some("2026-03-02T10:00:00Z".parse().expect("an instant")),
            expected: Some(ExpectedDays { from: 8, to: 20, basis: Basis::Typical }),
            journey,
            case: None,
        }
    }

    #[test]
    fn days_that_are_over_are_not_offered_as_days_to_come() {
        let told = |letter: &str, today: Date| parcel_line(&order(), &parcel(1, &[]), &writing(letter, today)).expected;
        assert_eq!(told("m6_arrived", date(2026, 3, 5)), Some((date(2026, 3, 10), date(2026, 3, 22))));
        assert_eq!(told("m6_arrived", date(2026, 3, 14)), Some((date(2026, 3, 22), date(2026, 3, 22))));
        assert_eq!(told("m6_arrived", date(2026, 3, 23)), None);
        assert_eq!(told("m7_late", date(2026, 3, 23)), Some((date(2026, 3, 10), date(2026, 3, 22))), "that it is over");
    }

    #[test]
    fn news_are_dated_by_the_scan_that_says_them() {
        let scans = [
            ("2026-03-10T10:00:00Z", TrackingStatus::PickUpPoint),
            ("2026-03-14T10:00:00Z", TrackingStatus::PickUpPoint),
        ];
        let line = parcel_line(&order(), &parcel(1, &scans), &writing("m6_pick_up", date(2026, 3, 14)));
        assert_eq!((line.status_on, line.last_event_on), (Some(date(2026, 3, 10)), Some(date(2026, 3, 14))));
    }

    #[test]
    fn a_delivered_order_is_spoken_of_by_what_no_carrier_has_delivered() {
        let there = [("2026-03-12T10:00:00Z", TrackingStatus::Delivered)];
        let under_way = [("2026-03-06T10:00:00Z", TrackingStatus::Departed)];
        let order = OrderFacts { parcels: vec![parcel(1, &there), parcel(2, &under_way)], ..order() };
        assert_eq!(spoken_of(&order, None, "m10_delivered").map(|parcel| parcel.id), Some(ShipmentId(2)));
        let order = OrderFacts { parcels: vec![parcel(1, &there)], ..order };
        assert_eq!(spoken_of(&order, None, "m10_delivered").map(|parcel| parcel.id), Some(ShipmentId(1)));
        assert_eq!(spoken_of(&order, None, "m9_related"), None);
    }

    #[test]
    fn the_day_of_dispatch_is_promised_only_where_it_is_ours_to_keep() {
        let (order, today) = (order(), date(2026, 3, 5));
        assert_eq!(ship_by(&order, &writing("m4_thanks", today)), Some(date(2026, 3, 9)));
        let held = DispatchHold { why: "a stain".to_string(), until: None, released: false };
        let held = OrderFacts { holds: vec![held], ..order.clone() };
        assert_eq!(ship_by(&held, &writing("m4_thanks", today)), None);
        assert_eq!(
            ship_by(&held, &writing("m4_confirm_address", today)),
            Some(date(2026, 3, 9)),
            "the platform wants it"
        );
        assert_eq!(ship_by(&order, &writing("m4_thanks", date(2026, 3, 10))), None, "it is over");
    }

    #[test]
    fn an_answer_is_asked_for_while_it_is_of_use() {
        let until =
            |letter: &str, answer_by: Date| useful_answer_by(answer_by, &order(), &writing(letter, date(2026, 3, 8)));
        assert_eq!(until("m4_confirm_address", date(2026, 3, 10)), date(2026, 3, 9));
        assert_eq!(until("m8_surcharge", date(2026, 3, 8)), date(2026, 3, 8));
        assert_eq!(until("m7_resend_or_refund", date(2026, 4, 22)), date(2026, 4, 20));
        assert_eq!(until("m2_out_of_stock", date(2026, 3, 10)), date(2026, 3, 10));
        // What is over already gives no day.
        let late = useful_answer_by(date(2026, 3, 12), &order(), &writing("m4_reminder", date(2026, 3, 11)));
        assert_eq!(late, date(2026, 3, 12));
    }

    #[test]
    fn customs_are_told_how_many_pieces_and_what_was_paid() {
        let line = |title: &str, quantity| GoodsLine {
            sku: String::new(),
            title: title.to_string(),
            quantity,
            price: Money::new(2_500, Currency::USD),
            url: String::new(),
            in_stock: None,
        };
        let order = OrderFacts { goods: vec![line("Tent", 2), line(" ", 1), line("Rope", 1)], ..order() };
        let told = customs(&order).expect("known");
        assert_eq!((told.description.as_str(), told.value), ("2 × Tent; 1 × Rope", order.total));
    }

    #[test]
    fn within_a_marketplace_only_its_own_pages_are_linked_to() {
        let own = "https://www.aliexpress.com/item/1.html";
        assert_eq!(allowed(own, Channel::InSite), own);
        assert_eq!(allowed("https://global.cainiao.com/x?n=1", Channel::InSite), "https://global.cainiao.com/x?n=1");
        for other in ["https://t.17track.net/en#nums=1", "https://notaliexpress.com/", "http://aliexpress.com/", "x"] {
            assert_eq!(allowed(other, Channel::InSite), "", "{other}");
            assert_eq!(allowed(other, Channel::Email), other);
        }
    }
}
