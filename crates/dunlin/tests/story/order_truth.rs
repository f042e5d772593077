//! What is told of a parcel is true of it: one parcel is one whatever its number looks like, a corrected number is told as
//! that, nothing leaves that waits for an answer, and own parcels say how long others take. The same on both databases.

use dunlin::use_cases::approve_letter::approve_letter;
use dunlin::use_cases::confirm_order::{ask, override_ask};
use dunlin::use_cases::erase_person::erase_debtor;
use dunlin::use_cases::follow_parcels::take_notices;
use dunlin::use_cases::merge_parties::merge_parties;
use dunlin::use_cases::note_order_state::note_order_state;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::ship_orders::{Parcelled, ship_orders};
use dunlin::use_cases::undo_orders::{undo_ask, undo_last};
use dunlin::use_cases::work_orders::{hold_orders, order_in_full, order_named, release_orders};
use dunlin_core::case::LetterState;
use dunlin_core::facts::orders::OrderFacts;
use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::money::{Currency, Money};
use dunlin_core::order::OrderSource;
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::delivery::Delivery;
use dunlin_core::order::slip::OrderSlip;
use dunlin_core::order::story::{OrderNews, OrderWord};
use dunlin_core::party::ContactRole;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_core::shipment::journey::{TrackingEvent, TrackingUpdate};
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_core::shipment::transit::Basis;
use dunlin_store::{ContactFields, OrderFields, OrderTold, PartyFields, Scope, ShipmentFields, StoredLetter};
use jiff::{SignedDuration, Timestamp};

use crate::world::{World, as_person, at, worlds};

const OLD: &str = "RR123456789CN";
const NEW: &str = "RR987654321CN";

/// A consumer in Britain with a paid order of the marketplace.
async fn paid(world: &World) -> (PartyId, OrderId) {
    let day = "2026-03-03".parse().expect("a day");
    let mut commit = world.house.begin_as_system().await.expect("begins");
    let party =
        PartyFields { name: "Ana Ruiz".to_string(), country: "GB".to_string(), language: None, is_consumer: true };
    let party_id = commit.add_party("marketplace", "ana8100", &party, day).await.expect("added");
    let contact = ContactFields {
        name: "Ana Ruiz".to_string(),
        role: ContactRole::Buyer,
        language: None,
        time_zone: None,
        email: Some("ana@ruiz.example".to_string()),
        phone: None,
        whatsapp: None,
        in_site_id: None,
    };
    commit.add_contact(party_id, &contact, false, day).await.expect("added");
    let fields = OrderFields {
        party_id,
        number: "8100".to_string(),
        source: OrderSource::Marketplace,
        total: Money::parse("50.00", Currency::USD).expect("money"),
        ordered_on: day,
        ordered_at: Some(at("2026-03-03T09:00:00Z")),
        terms_text: String::new(),
        goods: String::new(),
        remote_state: String::new(),
        cancelled: false,
    };
    let id = commit.add_order(&fields, day).await.expect("added");
    let news = vec![OrderNews { at: at("2026-03-04T08:30:00Z"), word: OrderWord::Paid, why: None }];
    let told = OrderTold { news, synced_at: Some(commit.now()), ..OrderTold::default() };
    commit.note_order_state(party_id, id, &told).await.expect("told");
    commit.finish().await.expect("kept");
    (party_id, id)
}

fn parcelled(order: OrderId, number: &str, replaces: Option<&str>) -> Parcelled {
    let (carrier, number, replaces) = ("yunexpress".to_string(), number.to_string(), replaces.map(str::to_string));
    Parcelled { order, carrier, number, shipped_on: None, is_part: false, replaces }
}

async fn known(world: &World, party_id: PartyId) -> OrderFacts {
    let house = &world.house;
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await.expect("facts");
    facts[0].orders[0].clone()
}

fn numbers(order: &OrderFacts) -> Vec<&str> {
    let mut numbers: Vec<&str> = order.parcels.iter().map(|parcel| parcel.number.as_str()).collect();
    numbers.sort_unstable();
    numbers
}

/// The texts of these letters that have left.
async fn left(world: &World, name: &str) -> Vec<String> {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
    send_letters(&world.house).await.expect("sends");
    let (store, tenant) = (&world.house.store, world.house.tenant.id);
    let mut texts = Vec::new();
    for letter in store.letters_in(tenant, LetterState::Sent, 100).await.expect("reads") {
        if letter.letter == name {
            texts.push(store.sent_mail(tenant, &letter).await.expect("reads").expect("kept").body);
        }
    }
    texts
}

/// Letters that wait for a yes.
async fn yes_wanted(world: &World) -> Vec<StoredLetter> {
    world.house.store.letters_in(world.house.tenant.id, LetterState::Review, 100).await.expect("reads")
}

/// The marketplace names these parcels, all of them. Whether something is new.
async fn name(world: &World, about: (PartyId, OrderId), named: &[&str]) -> bool {
    let parcel = |number: &&str| ShipmentFields {
        carrier: "yunexpress".to_string(),
        number: (*number).to_string(),
        shipped_at: Some(world.house.now()),
    };
    let parcels: Vec<ShipmentFields> = named.iter().map(parcel).collect();
    let mut commit = world.house.begin_as_system().await.expect("begins");
    let is_new = commit.note_named_parcels(about, &parcels, None).await.expect("told");
    commit.finish().await.expect("kept");
    is_new
}

fn code(error: &anyhow::Error) -> RefusalCode {
    error.downcast_ref::<Refusal>().expect("a refusal").code
}

#[tokio::test]
async fn a_corrected_number_is_one_parcel_and_told_as_that() {
    for world in worlds("order_number").await {
        let (party_id, order) = paid(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        assert_eq!(ship_orders(&person, &[parcelled(order, OLD, None)]).await.expect("told"), 1);
        // However it is written, it is this parcel.
        assert_eq!(ship_orders(&person, &[parcelled(order, "rr 1234-56789 cn", None)]).await.expect("known"), 0);
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let told = ShipmentFields { carrier: String::new(), number: " rr123456789cn".to_string(), shipped_at: None };
        assert!(!commit.note_shipment(party_id, order, &told).await.expect("known").1);
        drop(commit);
        let texts = left(&world, "m5_shipped_contact_first").await;
        assert!(texts.len() == 1 && texts[0].contains(OLD), "{texts:?}");

        for times in [1, 0] {
            let corrected = ship_orders(&person, &[parcelled(order, NEW, Some(OLD))]).await.expect("corrected");
            assert_eq!(corrected, times, "once");
        }
        let refused =
            ship_orders(&person, &[parcelled(order, "RR111111111CN", Some("XX1"))]).await.expect_err("unknown");
        assert_eq!(code(&refused), RefusalCode::ParcelUnknown);
        let after = known(&world, party_id).await;
        assert_eq!((numbers(&after), after.former_parcels.len()), (vec![NEW], 1));
        assert!(after.parcels[0].shipped_at.is_some(), "it left when it left");
        let found = order_named(&world.house, "8100").await.expect("found");
        let refused = undo_last(&person, &found, OrderSlip::Ship).await.expect_err("corrected, not taken back");
        assert_eq!(code(&refused), RefusalCode::OrderNothingBack);
        let texts = left(&world, "m5_new_number").await;
        assert_eq!(texts.len(), 1);
        assert!(texts[0].contains(OLD) && texts[0].contains(NEW) && !texts[0].contains("several"), "{}", texts[0]);
        assert_eq!(left(&world, "m5_shipped_contact_first").await.len(), 1, "of no second dispatch");
        assert_eq!(left(&world, "m5_new_number").await.len(), 1, "once");
        // What is told of the old number is told of nobody's parcel.
        let body = format!(
            r#"{{"number":"{OLD}","carrier_key":3011,"tag":null,"report":null,"events":[{{"at":"2026-03-04T08:50:00Z",
            "status":"lost","word":"Lost","description":"Lost","location":"","carrier_key":3011}}]}}"#
        );
        let (store, tenant, now) = (&world.house.store, world.house.tenant.id, world.house.now());
        store.keep_notice(tenant, "asked", OLD, body.as_bytes(), now).await.expect("kept");
        assert_eq!(take_notices(&world.house).await.expect("taken"), 0);
        let (findings, _) = store.doctor().await.expect("looks");
        assert!(!findings.iter().any(|finding| finding.check == "orphan"), "{findings:?}");
    }
}

#[tokio::test]
async fn what_the_marketplace_names_no_more_does_not_hold() {
    for world in worlds("order_named").await {
        let (party_id, order) = paid(&world).await;
        let name = async |named: &[&str]| name(&world, (party_id, order), named).await;
        assert!(name(&["A0001"]).await);
        assert!(!name(&["a0001"]).await, "nothing new");
        // By hand, and not named yet.
        let person = as_person(&world.house, "Lin Yue");
        ship_orders(&person, &[parcelled(order, "C0003", None)]).await.expect("told");
        assert!(!name(&["A0001"]).await);
        assert_eq!(numbers(&known(&world, party_id).await), ["A0001", "C0003"]);
        assert!(name(&["B0002"]).await, "A was corrected");
        let after = known(&world, party_id).await;
        let renamed = after.parcels.iter().find(|parcel| parcel.number == "B0002").expect("a parcel");
        assert_eq!(renamed.replaces, Some(after.former_parcels[0].id));
        assert_eq!(numbers(&after).len(), 2);
        assert!(!name(&[]).await, "a page that names none says nothing");
        // And back again.
        assert!(name(&["A0001"]).await);
        let back = known(&world, party_id).await;
        assert_eq!(numbers(&back), ["A0001", "C0003"]);
        let stands = |number: &str| back.parcels.iter().find(|parcel| parcel.number == number).expect("a parcel");
        assert_eq!(stands("A0001").replaces, Some(back.former_parcels[0].id), "the buyer is told that it holds again");
        // A page may name it once for each of its articles.
        assert!(!name(&["A0001", "a0001"]).await);
        // Corrected by hand without a word about the carrier, it travels with the same one; and what the marketplace still
        // names does not undo it.
        let nameless = Parcelled { carrier: String::new(), ..parcelled(order, "D0004", Some("A0001")) };
        ship_orders(&person, &[nameless]).await.expect("told");
        name(&["A0001"]).await;
        let corrected = known(&world, party_id).await;
        assert_eq!(numbers(&corrected), ["C0003", "D0004"]);
        assert!(corrected.parcels.iter().all(|parcel| parcel.carrier == "yunexpress"), "{:?}", corrected.parcels);
        // It was none after all: entered again, it is a parcel again.
        ship_orders(&person, &[parcelled(order, "A0001", None)]).await.expect("told");
        assert_eq!(numbers(&known(&world, party_id).await), ["A0001", "C0003", "D0004"]);
        // Corrected by one of ours, whatever the marketplace goes on naming.
        ship_orders(&person, &[parcelled(order, "D0004", Some("A0001"))]).await.expect("corrected");
        assert!(!name(&["A0001"]).await);
        assert_eq!(numbers(&known(&world, party_id).await), ["C0003", "D0004"]);
    }
}

#[tokio::test]
async fn another_moment_of_dispatch_is_kept_and_nothing_is_told_again() {
    for world in worlds("order_dispatch").await {
        let about = paid(&world).await;
        assert!(name(&world, about, &["A0001"]).await);
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let news = vec![OrderNews { at: commit.now(), word: OrderWord::Shipped, why: None }];
        let told = OrderTold { news, synced_at: Some(commit.now()), ..OrderTold::default() };
        commit.note_order_state(about.0, about.1, &told).await.expect("told");
        commit.finish().await.expect("kept");
        assert_eq!(left(&world, "m5_shipped_contact_first").await.len(), 1);

        let first = world.house.now();
        let says = async |moment: Timestamp| {
            let mut commit = world.house.begin_as_system().await.expect("begins");
            let is_other = commit.keep_dispatch(about, moment).await.expect("told");
            commit.finish().await.expect("kept");
            is_other
        };
        assert!(!says(first + SignedDuration::from_secs(20)).await, "the same moment");
        let later = first + SignedDuration::from_hours(26);
        assert!(says(later).await);
        assert_eq!(known(&world, about.0).await.parcels[0].shipped_at, Some(later));
        assert_eq!(left(&world, "m5_shipped_contact_first").await.len(), 1, "of no second dispatch");
        assert!(says(first).await, "and back");
        // Another number for it, and another moment: the buyer hears of the number alone.
        assert!(name(&world, about, &["B0002"]).await);
        assert!(says(later).await);
        let after = known(&world, about.0).await;
        assert_eq!((numbers(&after), after.parcels[0].shipped_at), (vec!["B0002"], Some(later)));
        assert_eq!(left(&world, "m5_shipped_contact_first").await.len(), 1);
        // A carrier had it before: it left before.
        assert!(says(first).await);
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let event = TrackingEvent {
            at: first + SignedDuration::from_hours(2),
            status: Some(TrackingStatus::PickedUp),
            word: String::new(),
            description: String::new(),
            location: String::new(),
            carrier_key: None,
        };
        let update =
            TrackingUpdate { number: String::new(), carrier_key: None, tag: None, report: None, events: vec![event] };
        commit.note_tracking((about.0, about.1, after.parcels[0].id), &update).await.expect("told");
        commit.finish().await.expect("kept");
        assert!(!says(later).await);
    }
}

#[tokio::test]
async fn when_a_parcel_left_that_one_of_ours_entered_stays() {
    for world in worlds("order_dispatch_by_hand").await {
        let about = paid(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        assert_eq!(ship_orders(&person, &[parcelled(about.1, OLD, None)]).await.expect("told"), 1);
        let before = known(&world, about.0).await.parcels[0].shipped_at;
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let later = world.house.now() + SignedDuration::from_hours(26);
        assert!(!commit.keep_dispatch(about, later).await.expect("told"));
        commit.finish().await.expect("kept");
        assert_eq!(known(&world, about.0).await.parcels[0].shipped_at, before);
    }
}

#[tokio::test]
async fn numbers_that_change_together_are_told_as_that_and_as_no_second_dispatch() {
    for world in worlds("order_together").await {
        let about = paid(&world).await;
        assert!(name(&world, about, &["A0001", "B0002"]).await);
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let news = vec![OrderNews { at: commit.now(), word: OrderWord::Shipped, why: None }];
        let told = OrderTold { news, synced_at: Some(commit.now()), ..OrderTold::default() };
        commit.note_order_state(about.0, about.1, &told).await.expect("told");
        commit.finish().await.expect("kept");
        assert_eq!(left(&world, "m5_shipped_contact_first").await.len(), 2);

        assert!(name(&world, about, &["C0003", "D0004"]).await, "both were corrected");
        let after = known(&world, about.0).await;
        assert_eq!((numbers(&after), after.former_parcels.len()), (vec!["C0003", "D0004"], 2));
        assert!(left(&world, "m5_new_number").await.is_empty(), "somebody looks first");
        let waiting = yes_wanted(&world).await;
        assert_eq!(waiting.len(), 2);
        // Which of them it was nobody knows, and so the letter does not say it.
        let person = as_person(&world.house, "Lin Yue");
        approve_letter(&person, waiting[0].number, None).await.expect("approved");
        let texts = left(&world, "m5_new_number").await;
        assert_eq!(texts.len(), 1);
        let unnamed =
            |text: &&String| text.contains("several parcels") && !text.contains("A0001") && !text.contains("B0002");
        assert_eq!(texts.iter().filter(unnamed).count(), 1, "{texts:?}");
        assert!(!name(&world, about, &["D0004", "C0003"]).await, "nothing new");
        // Of the other one somebody says which it was: nothing is to be looked at any more.
        let other = if texts[0].contains("C0003") { "D0004" } else { "C0003" };
        ship_orders(&person, &[parcelled(about.1, other, Some("B0002"))]).await.expect("said");
        let texts = left(&world, "m5_new_number").await;
        assert_eq!(texts.len(), 2);
        assert_eq!(texts.iter().filter(|text| text.contains("B0002") && text.contains(other)).count(), 1, "{texts:?}");
        assert!(yes_wanted(&world).await.is_empty());
        assert_eq!(ship_orders(&person, &[parcelled(about.1, other, Some("B0002"))]).await.expect("again"), 0);
        let strange = ship_orders(&person, &[parcelled(about.1, other, Some("Z0009"))]).await;
        assert_eq!(code(&strange.expect_err("nobody had it")), RefusalCode::ParcelUnknown);

        // One goes and two come: the goods were parted, or one left besides. One of ours says that of one.
        assert!(name(&world, about, &["C0003", "E0005", "F0006"]).await);
        assert_eq!((left(&world, "m5_new_number").await.len(), yes_wanted(&world).await.len()), (2, 2));
        ship_orders(&person, &[parcelled(about.1, "F0006", None)]).await.expect("said");
        assert_eq!(left(&world, "m5_shipped_contact_first").await.len(), 3, "F is a parcel of its own");
        let texts = left(&world, "m5_new_number").await;
        assert_eq!(
            texts.iter().filter(|text| text.contains("E0005") && text.contains("D0004")).count(),
            1,
            "{texts:?}"
        );
        assert!(yes_wanted(&world).await.is_empty());

        // All back again, as it was at first.
        assert!(name(&world, about, &["A0001", "B0002"]).await);
        let back = known(&world, about.0).await;
        assert_eq!((numbers(&back), back.former_parcels.len()), (vec!["A0001", "B0002"], 4));
        assert!(back.parcels.iter().all(|parcel| back.number_told_before(parcel).is_some()), "{:?}", back.parcels);
        assert_eq!(left(&world, "m5_shipped_contact_first").await.len(), 3, "of no second dispatch");
        let (findings, _) = world.house.store.doctor().await.expect("looks");
        assert!(!findings.iter().any(|finding| finding.check == "orphan"), "{findings:?}");
    }
}

#[tokio::test]
async fn what_is_kept_here_or_asked_does_not_leave_by_a_slip() {
    for world in worlds("order_kept").await {
        let (_, order) = paid(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        let found = order_named(&world.house, "8100").await.expect("found");
        let refuses = async || {
            // Nobody has said whether the goods are here, and the order is kept all the same.
            let refused = ship_orders(&person, &[parcelled(order, OLD, None)]).await.expect_err("kept");
            assert_eq!(code(&refused), RefusalCode::OrderNotWaiting);
            let refused = note_order_state(&person, &found, OrderWord::Shipped, None, None).await.expect_err("kept");
            assert_eq!(code(&refused), RefusalCode::OrderNotWaiting);
        };
        hold_orders(&person, &[order], "wrong label", None).await.expect("held");
        refuses().await;
        release_orders(&person, &[order]).await.expect("released");
        ask(&person, &found, AskKind::Address, true, "").await.expect("asked");
        refuses().await;
        override_ask(&person, &found, None, "the label is right").await.expect("overridden");
        assert_eq!(ship_orders(&person, &[parcelled(order, OLD, None)]).await.expect("told"), 1);
    }
}

#[tokio::test]
async fn own_parcels_take_over_by_carrier_and_by_where_the_order_goes() {
    for world in worlds("order_own_days").await {
        let (party_id, order) = paid(&world).await;
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let told = Delivery { name: "Ana".to_string(), country: "FR".to_string(), ..Delivery::default() };
        commit.keep_order_delivery((party_id, order), &told, None).await.expect("kept");
        let now = commit.now();
        for nth in 0..20_i64 {
            let shipped_at = now - SignedDuration::from_hours(24 * 40);
            let number = format!("YT{nth:04}");
            let told = ShipmentFields { carrier: "yunexpress".to_string(), number, shipped_at: Some(shipped_at) };
            let (id, _) = commit.note_shipment(party_id, order, &told).await.expect("told");
            let event = |status, days: i64| TrackingEvent {
                at: shipped_at + SignedDuration::from_hours(24 * days),
                status: Some(status),
                word: String::new(),
                description: String::new(),
                location: String::new(),
                carrier_key: None,
            };
            // A number that was another parcel's half a year ago.
            let events = vec![event(TrackingStatus::Delivered, -180), event(TrackingStatus::Delivered, 5 + nth)];
            let update = TrackingUpdate { number: String::new(), carrier_key: None, tag: None, report: None, events };
            commit.note_tracking((party_id, order, id), &update).await.expect("told");
        }
        let last = ShipmentFields { carrier: "yunexpress".to_string(), number: "YT9".into(), shipped_at: Some(now) };
        commit.note_shipment(party_id, order, &last).await.expect("told");
        commit.finish().await.expect("kept");
        let after = known(&world, party_id).await;
        assert_eq!(after.goes_to, "FR");
        let expected = after.parcels.iter().find(|parcel| parcel.number == "YT9").and_then(|parcel| parcel.expected);
        let expected = expected.expect("known");
        assert_eq!((expected.basis, expected.from, expected.to), (Basis::OwnParcels(20), 14, 22));
        // What goes elsewhere is another matter.
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let told = Delivery { country: "France".to_string(), ..told };
        commit.keep_order_delivery((party_id, order), &told, None).await.expect("kept");
        commit.finish().await.expect("kept");
        let after = known(&world, party_id).await;
        assert_eq!(after.goes_to, "GB", "words are no code: as the buyer's");
        assert_eq!(after.parcels[0].expected.map(|days| days.basis), Some(Basis::Typical));
    }
}

#[tokio::test]
async fn an_answer_that_is_taken_back_brings_back_where_the_order_went() {
    for world in worlds("order_back").await {
        let (party_id, order) = paid(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        let found = order_named(&world.house, "8100").await.expect("found");
        let to = |country: &str| Delivery { country: country.to_string(), ..Delivery::default() };
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.keep_order_delivery((party_id, order), &to("FR"), None).await.expect("kept");
        commit.finish().await.expect("kept");
        ask(&person, &found, AskKind::Address, true, "").await.expect("asked");
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.confirm_delivery((party_id, order), &to("DE")).await.expect("kept");
        let asked = commit.order_asks(party_id, order).await.expect("reads");
        assert!(commit.settle_ask((party_id, order), asked[0].id, "confirmed").await.expect("settled"));
        commit.finish().await.expect("kept");
        assert_eq!(known(&world, party_id).await.goes_to, "DE");
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let change = store.last_change(tenant, (party_id, order), OrderSlip::Ask).await.expect("reads").expect("one");
        undo_ask(&person, &found, change).await.expect("open again");
        assert_eq!(known(&world, party_id).await.goes_to, "FR");
    }
}

#[tokio::test]
async fn of_an_erased_consumer_nothing_of_an_order_names_them_whatever_comes_after() {
    for world in worlds("order_erased").await {
        let (party_id, order) = paid(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        let keep = async |told: &Delivery| {
            let mut commit = world.house.begin_as_system().await.expect("begins");
            commit.keep_order_delivery((party_id, order), told, None).await.expect("kept");
            commit.finish().await.expect("kept");
        };
        let told = Delivery {
            name: "Ana Ruiz Peralta".to_string(),
            address: "4 Harbour Street".to_string(),
            country: "GB".to_string(),
            ..Delivery::default()
        };
        keep(&told).await;
        // Somebody who turned out to be the same person, under another name and account.
        let other = PartyFields {
            name: "A. Peralta Wholly".to_string(),
            country: "GB".to_string(),
            language: None,
            is_consumer: true,
        };
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let day = "2026-03-03".parse().expect("a day");
        let gone = commit.add_party("marketplace", "peralta77", &other, day).await.expect("added");
        commit.finish().await.expect("kept");
        merge_parties(&person, party_id, gone).await.expect("merged");

        erase_debtor(&person, party_id, "Ana Ruiz").await.expect("erased");
        let dump = async || {
            let mut dump = Vec::new();
            world.house.store.dump(world.house.now(), &mut dump).await.expect("dumps");
            String::from_utf8(dump).expect("text")
        };
        let names = ["Ana Ruiz", "ana8100", "Harbour", "Peralta", "peralta77"];
        let text = dump().await;
        assert!(!names.iter().any(|name| text.contains(name)), "a name is still there");

        // What is logged about the debtor from now on has a key of its own, and everything can be looked at.
        ship_orders(&person, &[parcelled(order, OLD, None)]).await.expect("shipped");
        keep(&told).await;
        let event = TrackingEvent {
            at: world.house.now(),
            status: Some(TrackingStatus::Delivered),
            word: String::new(),
            description: "signed by Ana Ruiz".to_string(),
            location: "4 Harbour Street".to_string(),
            carrier_key: None,
        };
        let parcel = known(&world, party_id).await.parcels[0].id;
        let update =
            TrackingUpdate { number: String::new(), carrier_key: None, tag: None, report: None, events: vec![event] };
        let mut commit = world.house.begin_as_system().await.expect("begins");
        assert!(commit.note_tracking((party_id, order, parcel), &update).await.expect("told"));
        assert!(!commit.note_tracking((party_id, order, parcel), &update).await.expect("told"), "told again");
        commit.finish().await.expect("kept");
        let (kept, _) = world.house.store.order_delivery(world.house.tenant.id, party_id, order).await.expect("reads");
        assert_eq!(kept.name, "");
        order_in_full(&world.house, "8100").await.expect("its page");
        let text = dump().await;
        assert!(!names.iter().any(|name| text.contains(name)), "a name came back");
    }
}
