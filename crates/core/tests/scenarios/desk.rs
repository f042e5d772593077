//! What waits for somebody, or for a marketplace: work about orders and parcels passes with what it is for, and a message that
//! tells of more time waits until it was given, but not beyond its own.

use crate::shop::{Shop, playbooks};
use crate::standing::{about_parcels, ago, ask, day, decided, hear, judged, noon, parcel, scan, taken, with_a_parcel};
use dunlin_core::audit::Rules;
use dunlin_core::audit::order_desk::{WaitingOrderTask, has_passed};
use dunlin_core::audit::orders::{OrderStop, WaitingOrderLetter, check_order_departure, check_time_left};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::case::{Case, LetterState, OpenLetter, StepTaken, Subject};
use dunlin_core::facts::orders::{Parcel, ReceiptExtended};
use dunlin_core::ids::{CaseId, LetterId, OrderId, ShipmentId};
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::story::OrderWord as W;
use dunlin_core::shipment::status::TrackingStatus;
use jiff::{SignedDuration, Timestamp};

fn rules(shop: &Shop) -> Rules<'_> {
    Rules { tenant: &shop.tenant, playbooks: playbooks(), countries: Countries::shipped() }
}

/// Paid, and a wish of the buyer open.
fn wished(shop: &mut Shop) {
    hear(shop.order(), &[(9, W::Paid)]);
    ask(shop.order(), 5, true, false);
    shop.order().asks[0].kind = AskKind::Wish;
}

/// One parcel on its way, scanned nine hours ago.
fn scanned(shop: &mut Shop, status: TrackingStatus) {
    hear(shop.order(), &[(50, W::Shipped)]);
    shop.order().parcels.push(parcel(401, 50));
    scan(&mut shop.order().parcels[0], 9, status);
}

const ORDER: Subject = Subject::Order(OrderId(201));
const PARCEL: Subject = Subject::Shipment(ShipmentId(401));

/// What it is about, its step, whether it has passed, and what is told.
type Work = (&'static str, Subject, Option<&'static str>, bool, fn(&mut Shop));

const WORK: &[Work] = &[
    ("of an order that nobody follows", Subject::Order(OrderId(9)), Some("m8/see_to_wish"), true, |_| {}),
    ("of a parcel that is not there any more", PARCEL, Some("m6/see_to_loss"), false, |_| {}),
    ("somebody to write to, of an order that goes on", ORDER, None, false, wished),
    ("somebody to write to, of one that is over", ORDER, None, true, |s| hear(s.order(), &[(9, W::Completed)])),
    ("a wish that is open", ORDER, Some("m8/see_to_wish"), false, wished),
    ("the same, recorded in capitals", ORDER, Some("M8/see_to_wish"), false, wished),
    ("a step that no playbook has", ORDER, Some("m8/see_to_nothing"), false, |s| hear(s.order(), &[(9, W::Shipped)])),
    ("a wish that was answered", ORDER, Some("m8/see_to_wish"), true, |s| {
        wished(s);
        s.order().asks[0].settled = true;
    }),
    ("another wish than is open", ORDER, Some("m8/see_to_combine"), true, wished),
    ("a wish of an order that has left", ORDER, Some("m8/see_to_wish"), true, |s| {
        wished(s);
        hear(s.order(), &[(1, W::Shipped)]);
    }),
    ("thanks, while it is paid", ORDER, Some("m4/thanks"), false, |s| hear(s.order(), &[(9, W::Paid)])),
    ("thanks, once it has left", ORDER, Some("m4/thanks"), true, |s| hear(s.order(), &[(9, W::Shipped)])),
    ("a loss", PARCEL, Some("m6/see_to_loss"), false, |s| scanned(s, TrackingStatus::Lost)),
    ("a loss, and the parcel was found", PARCEL, Some("m6/see_to_loss"), true, |s| {
        scanned(s, TrackingStatus::Departed);
    }),
    ("a loss, and the platform takes it as received", PARCEL, Some("m6/see_to_loss"), false, |s| {
        scanned(s, TrackingStatus::Lost);
        hear(s.order(), &[(1, W::Completed)]);
    }),
    ("a call about the loss", PARCEL, Some("m6/lost"), false, |s| scanned(s, TrackingStatus::Lost)),
    ("the same, and the buyer has it", PARCEL, Some("m6/lost"), true, |s| {
        scanned(s, TrackingStatus::Lost);
        hear(s.order(), &[(1, W::Delivered)]);
    }),
];

#[test]
fn work_passes_with_what_it_is_for() {
    for (name, subject, step, has_to_pass, change) in WORK {
        let mut shop = Shop::open("DE", ago(200));
        change(&mut shop);
        let task = WaitingOrderTask { subject: *subject, step: step.map(Into::into) };
        assert_eq!(has_passed(&task, &shop.facts, noon(), &rules(&shop)), *has_to_pass, "{name}");
    }
}

/// That more time was given, decided an hour ago: it waits for a person to ask the marketplace.
fn more_time() -> (Shop, WaitingOrderLetter) {
    let mut shop = with_a_parcel();
    shop.order().protection_ends = Some(day(9));
    let case = shop.order().parcels[0].case.as_mut().expect("a case");
    case.steps.push(taken("m5/shipped_contact_first", 40));
    let plan = decided(&shop, playbooks());
    let planned = plan.orders.letters.iter().find(|letter| &*letter.about.step == "m7/extend_receipt");
    let planned = planned.expect("the message about more time");
    let id = LetterId(77);
    let (purpose, channel, contact_id) = (planned.purpose, planned.channel, planned.contact_id);
    let letter = WaitingOrderLetter { id, purpose, channel, contact_id, about: planned.about.clone() };
    let case = shop.order().parcels[0].case.as_mut().expect("a case");
    case.letter = Some(OpenLetter { id, state: LetterState::Queued, not_before: noon() });
    case.steps.push(StepTaken { done_at: None, ..taken("m7/extend_receipt", 1) });
    shop.order().synced_at = Some(noon());
    (shop, letter)
}

fn days(days: i64) -> Timestamp {
    noon() + SignedDuration::from_hours(24 * days)
}

#[test]
fn more_time_is_told_of_once_it_was_given_and_not_when_it_is_too_late() {
    let (mut shop, letter) = more_time();
    let leaves = |shop: &Shop| check_order_departure(&letter, &shop.facts, noon(), &rules(shop));
    assert!(matches!(leaves(&shop), Err(OrderStop::NotYet(_))));
    // Four days before the end, counted in Shanghai, nobody waits for it any longer.
    let waits = |shop: &Shop, at| check_time_left(&letter, &shop.facts, at, &rules(shop));
    assert_eq!(waits(&shop, days(4)), Ok(()));
    assert!(matches!(waits(&shop, days(5)), Err(OrderStop::Wrong(breach)) if breach.invariant == 4));
    // Given before it was decided, it is not what the message tells of.
    let given = |shop: &mut Shop, hours: i64| {
        shop.order().receipt_extended = Some(ReceiptExtended { days: 20, until: Some(day(29)), at: ago(hours) });
        shop.order().protection_ends = Some(day(29));
    };
    shop.order().receipt_extended = Some(ReceiptExtended { days: 20, until: Some(day(9)), at: ago(2) });
    assert!(matches!(leaves(&shop), Err(OrderStop::NotYet(_))));
    given(&mut shop, 1);
    assert_eq!(leaves(&shop), Ok(()), "in the very moment of the decision");
    let case = shop.order().parcels[0].case.as_mut().expect("a case");
    case.steps.push(taken("m7/late", 0));
    assert_eq!(leaves(&shop), Ok(()), "whatever else was told since");
    assert_eq!(waits(&shop, days(5)), Ok(()));
}

/// Handed over 40 hours ago under another number, under which it was told 38 hours ago that it rests; and handed over once
/// more ten hours ago.
fn rested_before() -> Shop {
    let mut shop = with_a_parcel();
    let own = &mut shop.order().parcels[0];
    own.shipped_at = Some(ago(10));
    let mut before = Parcel { case: own.case.clone(), ..parcel(399, 40) };
    own.replaces = Some(before.id);
    let case: &mut Case = before.case.as_mut().expect("a case");
    (case.id, case.steps) = (CaseId(599), vec![taken("m4/tell", 38)]);
    shop.order().former_parcels.push(before);
    shop
}

#[test]
fn that_goods_rest_is_told_again_only_once_they_were_scanned_under_the_new_number() {
    let playbooks = about_parcels("at = [\"last_movement + 1 hour\"]\nstatuses = [\"not_found\", \"departed\"]\n");
    let mut shop = rested_before();
    let forged = {
        let mut untold = shop.clone();
        untold.order().former_parcels.clear();
        decided(&untold, &playbooks)
    };
    assert_eq!(forged.orders.letters.len(), 1);
    assert!(decided(&shop, &playbooks).orders.letters.is_empty());
    let found = judged(&shop, &playbooks, &forged);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("under a number")), "{found:?}");
    // Nor where several numbers changed at once: it may be the parcel of which it was told.
    let mut unclear = shop.clone();
    unclear.order().parcels.push(Parcel { replaces: Some(ShipmentId(399)), ..parcel(402, 10) });
    assert!(decided(&unclear, &playbooks).orders.letters.is_empty());
    let found = judged(&unclear, &playbooks, &forged);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("under a number")), "{found:?}");
    scan(&mut shop.order().parcels[0], 9, TrackingStatus::Departed);
    let plan = decided(&shop, &playbooks);
    assert_eq!((plan.orders.letters.len(), judged(&shop, &playbooks, &plan)), (1, Ok(())));
}

#[test]
fn work_that_was_done_for_a_parcel_is_not_done_again_under_another_number_unless_nobody_knows_which_it_was() {
    let work = about_parcels("does = \"task\"\nat = [\"last_movement + 1 hour\"]\nstatuses = [\"not_found\"]\n");
    let shop = rested_before();
    let forged = {
        let mut untold = shop.clone();
        untold.order().former_parcels.clear();
        decided(&untold, &work)
    };
    assert_eq!(forged.orders.tasks.len(), 1);
    assert!(decided(&shop, &work).orders.tasks.is_empty());
    let found = judged(&shop, &work, &forged);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("under a number")), "{found:?}");
    let mut unclear = shop;
    unclear.order().parcels.push(Parcel { replaces: Some(ShipmentId(399)), ..parcel(402, 10) });
    let plan = decided(&unclear, &work);
    assert_eq!((plan.orders.tasks.len(), judged(&unclear, &work, &plan)), (1, Ok(())));
}

#[test]
fn scans_of_one_event_may_be_dated_a_day_apart_and_are_told_once() {
    // Told 38 hours ago under the number before; scanned under this one so many hours later.
    let playbooks = about_parcels("at = [\"state\"]\nstatuses = [\"departed\"]\n");
    for (hours, is_news) in [(38, false), (14, false), (13, true)] {
        let mut shop = rested_before();
        scan(&mut shop.order().parcels[0], hours, TrackingStatus::Departed);
        let plan = decided(&shop, &playbooks);
        assert_eq!(plan.orders.letters.len(), usize::from(is_news), "{hours}");
        let mut untold = shop.clone();
        untold.order().former_parcels.clear();
        let forged = decided(&untold, &playbooks);
        assert_eq!(judged(&shop, &playbooks, &forged).is_ok(), is_news, "{hours}");
    }
}
