//! What is told of an order, as tables to read: `tests/scenarios/orders/*.txt`. All playbooks that ship are at work.
//!
//! ```text
//! order RU                                     a table begins: a consumer in Russia orders on a marketplace; `order RU company`
//! 2026-03-02 09:00  placed | paid | risk_control | in_stock | out_of_stock | shipped | … (another word of an order)
//! 2026-03-02 09:00  closed risk_control        with a reason
//! 2026-03-03 09:00  tells 2026-03-02 08:00 paid        told late: it was so at the first moment
//! 2026-03-03 09:00  parcel yunexpress YT1      handed over now; the first is parcel 1
//! 2026-03-05 09:00  scan 1 departed            a scan of this moment
//! 2026-03-09 09:00  scan 1 arrived 2026-03-07 06:00    a scan told late
//! 2026-03-03 09:00  asks address | asks wish without hold | answered address
//! 2026-03-05 09:00  renumber 1 YT2            the parcel has another number
//! 2026-03-05 09:00  renumber all YT3 YT4      all parcels that there are have other numbers
//! 2026-03-05 09:00  said 1 YT2                somebody says which number the parcel had
//! 2026-03-05 09:00  names 1 2026-04-02        the carrier names a day
//! 2026-04-05 09:00  extended to 2026-06-01    the marketplace gives more time for the receipt
//! 2026-03-05 09:00  beside paid | beside scan lost | complains | objects      another order of this buyer; what the buyer says
//! 2026-03-03 09:00  similar found             the catalogue has something like what is missing
//! 2026-03-03 09:00  protected to 2026-05-01 | ship by 2026-03-09 09:00 | hold until 2026-03-20
//! 2026-03-03  -> letter m5/shipped (in_site)   or `approval`, `cancelled`, `work`; `nothing more` lets days pass
//! ```
//!
//! Moments are those of Shanghai, where the firm sits. What is not written behind an arrow must not happen.

use crate::files;
use crate::shop::{Done, Shop};
use dunlin_core::gate_facts::{Hold, HoldKind};
use dunlin_core::ids::HoldId;
use dunlin_core::intent::{Heard, Intent};
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::story::{CloseReason, OrderNews, OrderWord};
use dunlin_core::shipment::status::TrackingStatus;
use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;

fn moment(day: &str, time: &str) -> Timestamp {
    let at = DateTime::from_parts(day.parse().expect("a day"), time.parse::<Time>().expect("a time"));
    at.to_zoned(zone()).expect("a moment").timestamp()
}

fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").expect("a zone")
}

fn news(at: Timestamp, words: &[&str]) -> Option<OrderNews> {
    let (word, why) = match words {
        [word] => (word, None),
        [word, why] => (word, Some(CloseReason::from_code(why)?)),
        _ => return None,
    };
    Some(OrderNews { at, word: OrderWord::from_code(word)?, why })
}

/// One line of what happens.
fn happen(shop: &mut Shop, at: Timestamp, words: &[&str]) -> Option<()> {
    match *words {
        ["tells", day, time, ref told @ ..] => {
            let told = news(moment(day, time), told)?;
            shop.told(at, told);
        }
        ["parcel", carrier, number] => shop.hands_over(at, carrier, number),
        ["scan", nth, status] => {
            shop.scanned(at, nth.parse::<usize>().ok()? - 1, TrackingStatus::from_code(status)?, at);
        }
        ["scan", nth, status, day, time] => {
            let status = TrackingStatus::from_code(status)?;
            shop.scanned(at, nth.parse::<usize>().ok()? - 1, status, moment(day, time));
        }
        ["asks", kind] => shop.asks(at, AskKind::from_code(kind)?, true),
        ["asks", kind, "without", "hold"] => shop.asks(at, AskKind::from_code(kind)?, false),
        ["renumber", "all", ref numbers @ ..] => shop.all_renumbered(at, numbers),
        ["said", nth, number] => shop.said(at, nth.parse::<usize>().ok()? - 1, number),
        ["renumber", nth, number] => shop.renumbered(at, nth.parse::<usize>().ok()? - 1, number),
        ["names", nth, day] => shop.estimated(at, nth.parse::<usize>().ok()? - 1, day.parse().ok()?),
        ["extended", "to", day] => shop.extended(at, day.parse().ok()?),
        ["beside", "scan", status] => shop.parcel_beside(at, TrackingStatus::from_code(status)?),
        ["beside", ref told @ ..] => shop.beside(at, news(at, told)?),
        ["complains"] => {
            shop.until(at);
            shop.facts.heard.push(Heard { at, contact_id: None, receivable_id: None, intent: Intent::Disputes });
            shop.wakes();
        }
        ["objects"] => {
            shop.until(at);
            shop.facts.contacts[0].objected = true;
            shop.wakes();
        }
        ["answered", kind] => shop.answered(at, AskKind::from_code(kind)?),
        ["protected", "to", day] => {
            shop.until(at);
            shop.order().protection_ends = Some(day.parse().ok()?);
            shop.wakes();
        }
        ["ship", "by", day, time] => {
            shop.until(at);
            shop.order().ship_by = Some(moment(day, time));
            shop.wakes();
        }
        ["similar", "found"] => {
            shop.until(at);
            shop.order().has_similar = true;
            shop.wakes();
        }
        ["hold", "until", day] => {
            shop.until(at);
            let (id, until) = (HoldId(701), day.parse().ok()?);
            let why = "a visit".to_string();
            let hold = Hold { id, kind: HoldKind::Pause, receivable_id: None, why, until, released: false };
            shop.facts.holds.push(hold);
            shop.wakes();
        }
        ref words => shop.told(at, news(at, words)?),
    }
    Some(())
}

/// What is wrong with a file, each beginning with its line.
fn play(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut shop: Option<Shop> = None;
    let mut country = String::new();
    let mut expected: Vec<(usize, Date, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let line = line.split('#').next().unwrap_or("").trim();
        if let Some(new) = line.strip_prefix("order ") {
            finish(shop.take(), &mut expected, &mut wrong);
            country = new.trim().to_string();
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [] => {}
            [day, "->", ref come @ ..] => expected.push((number, day.parse().expect("a day"), come.join(" "))),
            [day, time, ref told @ ..] => {
                let at = moment(day, time);
                let shop = shop.get_or_insert_with(|| {
                    let (country, is_company) = country.split_once(' ').unwrap_or((&country, ""));
                    let mut shop = Shop::open(country, at);
                    shop.facts.party.is_consumer = is_company != "company";
                    shop
                });
                if happen(shop, at, told).is_none() {
                    wrong.push(format!("{number}: ‘{line}’ is nothing that happens"));
                }
            }
            _ => wrong.push(format!("{number}: ‘{line}’ says nothing")),
        }
    }
    finish(shop, &mut expected, &mut wrong);
    wrong
}

fn finish(shop: Option<Shop>, expected: &mut Vec<(usize, Date, String)>, wrong: &mut Vec<String>) {
    let Some(mut shop) = shop else { return };
    if let Some(last) = expected.iter().map(|(_, day, _)| *day).max() {
        shop.until(last.at(23, 59, 0, 0).to_zoned(zone()).expect("a moment").timestamp());
    }
    let mut left: Vec<(Date, String)> = shop.done.iter().map(|done| (day_of(done), told(done))).collect();
    for (number, day, come) in expected.drain(..) {
        if come == "nothing more" {
            continue;
        }
        // The channel may be left out.
        let fits = |(on, told): &(Date, String)| {
            *on == day && (*told == come || told.split(" (").next() == Some(come.as_str()))
        };
        match left.iter().position(fits) {
            Some(place) => {
                left.remove(place);
            }
            None => wrong.push(format!("{number}: {day} {come} did not come")),
        }
    }
    wrong.extend(left.into_iter().map(|(day, told)| format!("not in the table: {day}  -> {told}")));
}

fn day_of(done: &Done) -> Date {
    done.at.to_zoned(zone()).date()
}

fn told(done: &Done) -> String {
    let channel = done.channel.map(|channel| format!(" ({})", channel.code())).unwrap_or_default();
    format!("{} {}{channel}", done.what, done.step)
}

#[test]
fn what_is_told_of_an_order_comes_out_as_its_table_says() {
    let mut wrong = Vec::new();
    let files = files("tests/scenarios/orders", "txt");
    assert!(files.len() >= 4, "only {} tables", files.len());
    for file in files {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("a table");
        wrong.extend(play(&text).into_iter().map(|what| format!("{name}:{what}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn tables_of_orders_are_held_to_their_words() {
    assert_eq!(play("order IT\n2026-03-02 10:00 placed\n2026-03-09 -> nothing more\n"), Vec::<String>::new());
    assert!(play("order IT\n2026-03-02 10:00 sings\n")[0].starts_with("2: "));
    assert!(play("order IT\n2026-03-02 10:00 placed\n2026-03-09 -> letter m5/shipped\n")[0].contains("did not come"));
    assert!(play("order IT\n2026-03-02 16:00 paid\n")[0].contains("not in the table"));
}

/// A whole life of an order: hours after it was placed, and what was so then.
#[derive(Debug, Clone, Copy)]
enum Told {
    Order(OrderWord),
    Scan(TrackingStatus),
}

const LIFE: [(i64, Told); 11] = [
    (0, Told::Order(OrderWord::Placed)),
    (20, Told::Order(OrderWord::RiskControl)),
    (44, Told::Order(OrderWord::Paid)),
    (45, Told::Order(OrderWord::InStock)),
    (92, Told::Order(OrderWord::Shipped)),
    (120, Told::Scan(TrackingStatus::PickedUp)),
    (190, Told::Scan(TrackingStatus::Departed)),
    (260, Told::Scan(TrackingStatus::Arrived)),
    (310, Told::Scan(TrackingStatus::Customs)),
    (360, Told::Scan(TrackingStatus::OutForDelivery)),
    (384, Told::Scan(TrackingStatus::Delivered)),
];

/// The messages of this life when everything is told at once.
const ITS_MESSAGES: [&str; 8] = [
    "m3/checking",
    "m4/thanks",
    "m5/shipped_contact_first",
    "m6/departed",
    "m6/arrived",
    "m6/customs",
    "m6/out_for_delivery",
    "m10/delivered",
];

fn begin() -> Timestamp {
    moment("2026-03-02", "08:00")
}

fn hours(count: i64) -> jiff::SignedDuration {
    jiff::SignedDuration::from_hours(count)
}

/// Tells each piece of news so many hours late, in the order in which they come in; some twice.
fn live(late: &[i64], twice: &[bool]) -> Shop {
    let mut told: Vec<(Timestamp, i64, Told)> = Vec::new();
    for (nth, (hour, what)) in LIFE.into_iter().enumerate() {
        told.push((begin() + hours(hour + late[nth]), hour, what));
        if twice[nth] {
            told.push((begin() + hours(hour + late[nth] + 30), hour, what));
        }
    }
    told.sort_by_key(|(at, hour, _)| (*at, *hour));
    let mut shop = Shop::open("DE", begin());
    let handed_over = begin() + hours(91);
    let mut has_parcel = false;
    for (at, hour, what) in told {
        // We know ourselves when we hand a parcel over, whatever others tell of it.
        if !has_parcel && at >= handed_over {
            shop.hands_over(handed_over, "yunexpress", "YT1");
            has_parcel = true;
        }
        match what {
            Told::Order(word) => shop.told(at, OrderNews { at: begin() + hours(hour), word, why: None }),
            // Nobody asks the carrier before there is a parcel.
            Told::Scan(status) => shop.scanned(at, 0, status, begin() + hours(hour)),
        }
    }
    shop.until(begin() + hours(24 * 80));
    shop
}

fn messages(shop: &Shop) -> Vec<&str> {
    let left = shop.done.iter().filter(|done| matches!(done.what, "letter" | "approval"));
    left.map(|done| done.step.as_str()).collect()
}

#[test]
fn told_at_once_a_life_brings_exactly_its_messages() {
    let shop = live(&[0; LIFE.len()], &[false; LIFE.len()]);
    let all = messages(&shop);
    let (early, late): (Vec<&str>, Vec<&str>) = all.into_iter().partition(|step| ITS_MESSAGES.contains(step));
    assert_eq!(early, ITS_MESSAGES);
    assert_eq!(late, ["m9/related"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// However late, doubled and out of order news come: nothing is doubled, nothing is told of a state that has passed,
    /// and in the end the order stands where it stands.
    #[test]
    fn late_doubled_and_turned_news_tell_nothing_twice_and_nothing_past(
        late in prop::collection::vec(0_i64..200, LIFE.len()),
        twice in prop::collection::vec(any::<bool>(), LIFE.len()),
    ) {
        let mut shop = live(&late, &twice);
        let all: Vec<String> = messages(&shop).into_iter().map(str::to_string).collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), all.len(), "{:?}", all);
        let known = |step: &String| ITS_MESSAGES.contains(&step.as_str()) || step.starts_with("m10/")
            || step.starts_with("m9/") || step.starts_with("m7/");
        prop_assert!(all.iter().all(known), "{:?}", all);
        // The way of an order is never told backwards.
        let place = |step: &String| ITS_MESSAGES.iter().position(|known| known == step);
        let of_parcel: Vec<usize> = all.iter().filter(|step| step.starts_with("m6/")).filter_map(place).collect();
        prop_assert!(of_parcel.is_sorted(), "{:?}", all);
        let of_order: Vec<usize> =
            all.iter().filter(|step| !step.starts_with("m6/") && !step.starts_with("m5/")).filter_map(place).collect();
        prop_assert!(of_order.is_sorted(), "{:?}", all);
        // Told once more, all of it is old.
        let before = shop.done.len();
        for (hour, what) in LIFE {
            let at = begin() + hours(24 * 80);
            match what {
                Told::Order(word) => shop.told(at, OrderNews { at: begin() + hours(hour), word, why: None }),
                Told::Scan(status) => shop.scanned(at, 0, status, begin() + hours(hour)),
            }
        }
        prop_assert_eq!(shop.done.len(), before);
    }
}
