//! Orders and parcels from the news to the outbox: what is told twice changes nothing, each message goes once, a parcel moves
//! with its buyer. The same on both databases.

use dunlin::use_cases::approve_letter::{pasted_letter, preview_letter};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::cancel_wrong_letters;
use dunlin_core::audit::Rules;
use dunlin_core::audit::orders::{OrderStop, check_order_departure};
use dunlin_core::case::LetterState;
use dunlin_core::ids::{OrderId, PartyId, ShipmentId};
use dunlin_core::money::{Currency, Money};
use dunlin_core::order::OrderSource;
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::story::{OrderNews, OrderState, OrderWord};
use dunlin_core::reason::ReasonCode;
use dunlin_core::shipment::journey::{TrackingEvent, TrackingUpdate};
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_store::{OrderFields, OrderTold, Outcome, Scope, SentMail, ShipmentFields, StoredLetter};
use jiff::{SignedDuration, Timestamp};

use crate::world::{MORNING, World, at, orders, worlds};

async fn rossi(world: &World) -> PartyId {
    world.house.store.find_party(world.house.tenant.id, "Rossi Outdoor S.r.l.").await.expect("reads").expect("known").0
}

/// An order of the marketplace, in the books and not told of.
async fn placed(world: &World, party_id: PartyId) -> OrderId {
    let mut commit = world.house.begin_as_system().await.expect("begins");
    let fields = OrderFields {
        party_id,
        number: "8100".to_string(),
        source: OrderSource::Marketplace,
        total: Money::parse("50.00", Currency::USD).expect("money"),
        ordered_on: "2026-03-03".parse().expect("a day"),
        ordered_at: Some(at("2026-03-03T09:00:00Z")),
        terms_text: String::new(),
        goods: String::new(),
        remote_state: String::new(),
        cancelled: false,
    };
    let id = commit.add_order(&fields, "2026-03-03".parse().expect("a day")).await.expect("added");
    commit.finish().await.expect("kept");
    id
}

fn told(word: OrderWord, so: &str) -> OrderTold {
    OrderTold { news: vec![OrderNews { at: at(so), word, why: None }], ..OrderTold::default() }
}

async fn tell(world: &World, about: (PartyId, OrderId), told: &OrderTold) -> bool {
    let mut commit = world.house.begin_as_system().await.expect("begins");
    let is_new = commit.note_order_state(about.0, about.1, told).await.expect("told");
    commit.finish().await.expect("kept");
    is_new
}

async fn track(world: &World, (party_id, order_id): (PartyId, OrderId), id: ShipmentId, scan: TrackingStatus) -> bool {
    let event = TrackingEvent {
        at: world.house.now() - SignedDuration::from_hours(1),
        status: Some(scan),
        word: String::new(),
        description: "scanned".to_string(),
        location: String::new(),
        carrier_key: None,
    };
    let update =
        TrackingUpdate { number: "YT1".to_string(), carrier_key: None, tag: None, report: None, events: vec![event] };
    let mut commit = world.house.begin_as_system().await.expect("begins");
    let is_new = commit.note_tracking((party_id, order_id, id), &update).await.expect("told");
    commit.finish().await.expect("kept");
    is_new
}

async fn run(world: &World) {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
}

async fn state(world: &World, party_id: PartyId) -> OrderState {
    let house = &world.house;
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await.expect("facts");
    facts[0].orders[0].state(house.today())
}

/// Sends what waits about orders, each after its order was read again; gives the steps.
async fn sent(world: &World) -> Vec<String> {
    let house = &world.house;
    let mut steps = Vec::new();
    loop {
        let premises = house.premises().await.expect("premises");
        let rules = Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries };
        let mut commit = house.begin_as_system().await.expect("begins");
        let Some(claimed) = commit.next_order_letter().await.expect("reads") else { return steps };
        let about = claimed.waiting.about.clone();
        match check_order_departure(&claimed.waiting, &claimed.facts, house.now(), &rules) {
            Ok(()) => {
                let sent = Outcome::Sent { transport: "test", mail: SentMail::default() };
                commit.settle(&claimed.letter, &sent).await.expect("settled");
                steps.push(about.step.to_string());
            }
            Err(OrderStop::ReadAgain) => {
                let read = OrderTold { synced_at: Some(house.now()), ..OrderTold::default() };
                let is_new = commit.note_order_state(claimed.letter.party_id, about.order_id, &read).await;
                assert!(!is_new.expect("told"), "reading again tells nothing new");
            }
            Err(OrderStop::Wrong(refusal) | OrderStop::NotYet(refusal)) => {
                let why = refusal.what;
                commit
                    .settle(&claimed.letter, &Outcome::Cancelled { why, reasons: Vec::new() })
                    .await
                    .expect("settled");
                steps.push(format!("cancelled {}", about.step));
            }
        }
        commit.finish().await.expect("kept");
    }
}

#[tokio::test]
async fn m4_to_m6_each_message_goes_once_whatever_is_told_again() {
    for mut world in worlds("orders").await {
        world.import("orders.csv", &orders()).await;
        let party_id = rossi(&world).await;
        let order_id = placed(&world, party_id).await;
        let about = (party_id, order_id);
        let paid = told(OrderWord::Paid, "2026-03-04T08:30:00Z");
        assert!(tell(&world, about, &paid).await);
        assert!(!tell(&world, about, &paid).await, "the same again is no news");
        assert_eq!(state(&world, party_id).await, OrderState::Paid);
        run(&world).await;
        assert_eq!(sent(&world).await, ["m4/thanks"]);
        run(&world).await;
        assert_eq!(sent(&world).await, Vec::<String>::new());

        let mut commit = world.house.begin_as_system().await.expect("begins");
        let ask = commit.raise_ask(about, AskKind::Address, true, "").await.expect("raised");
        commit.finish().await.expect("kept");
        assert_eq!(state(&world, party_id).await, OrderState::AwaitingConfirmation);
        run(&world).await;
        let mut commit = world.house.begin_as_system().await.expect("begins");
        assert!(commit.settle_ask(about, ask, "answered").await.expect("settled"));
        assert!(!commit.settle_ask(about, ask, "answered").await.expect("settled"));
        commit.finish().await.expect("kept");
        // Answered before it left: it is not asked any more.
        assert_eq!(sent(&world).await, ["cancelled m4/confirm_address"]);

        world.set_clock("2026-03-05T09:00:00Z");
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let (carrier, number) = ("yunexpress".to_string(), "YT1".to_string());
        let parcel = ShipmentFields { carrier, number, shipped_at: Some(commit.now()) };
        let (id, is_new) = commit.note_shipment(party_id, order_id, &parcel).await.expect("told");
        let again = commit.note_shipment(party_id, order_id, &parcel).await.expect("told");
        assert_eq!((is_new, again), (true, (id, false)));
        commit.finish().await.expect("kept");
        assert!(tell(&world, about, &told(OrderWord::Shipped, "2026-03-05T08:00:00Z")).await);
        assert!(!tell(&world, about, &told(OrderWord::Paid, "2026-03-04T08:30:00Z")).await);
        run(&world).await;
        assert_eq!(sent(&world).await, ["m5/shipped"]);

        world.set_clock("2026-03-06T09:00:00Z");
        assert!(track(&world, about, id, TrackingStatus::Departed).await);
        assert!(!track(&world, about, id, TrackingStatus::Departed).await);
        let store = &world.house.store;
        let found = store.shipments_by_number(world.house.tenant.id, "YT1").await.expect("reads");
        assert_eq!(found, [(party_id, order_id, id)]);
        run(&world).await;
        assert_eq!(sent(&world).await, ["m6/departed"]);
        assert!(track(&world, about, id, TrackingStatus::Delivered).await);
        assert_eq!(state(&world, party_id).await, OrderState::Delivered);
        let (findings, _) = world.house.store.doctor().await.expect("looks");
        let is_lost = |check: &str| check == "orphan" || check.starts_with("party.");
        assert!(!findings.iter().any(|finding| is_lost(finding.check)), "{findings:?}");
    }
}

#[tokio::test]
async fn who_only_owes_has_no_orders_and_is_decided_as_before() {
    for world in worlds("no_orders").await {
        world.import("orders.csv", &orders()).await;
        let house = &world.house;
        let facts =
            house.store.facts(house.tenant.id, Scope::One(rossi(&world).await), at(MORNING)).await.expect("facts");
        assert!(facts[0].orders.is_empty());
        let none: Option<Timestamp> = house.store.next_order_departure(house.tenant.id).await.expect("reads");
        assert_eq!(none, None);
    }
}

async fn letters_named(world: &World, state: LetterState, name: &str) -> Vec<StoredLetter> {
    let all = world.house.store.letters_in(world.house.tenant.id, state, 100).await.expect("reads");
    all.into_iter().filter(|letter| letter.letter == name).collect()
}

#[tokio::test]
async fn messages_about_orders_leave_when_their_order_was_read_and_are_pasted_when_nobody_can_read_it() {
    for mut world in worlds("order_letters").await {
        world.import("orders.csv", &orders()).await;
        let party_id = rossi(&world).await;
        let about = (party_id, placed(&world, party_id).await);
        assert!(tell(&world, about, &told(OrderWord::Paid, "2026-03-04T08:30:00Z")).await);
        run(&world).await;

        // No shop is connected that could be asked: a person looks, and pastes it.
        send_letters(&world.house).await.expect("sends");
        let waiting = letters_named(&world, LetterState::ToPaste, "m4_thanks").await;
        let [thanks] = &waiting[..] else { panic!("one message: {waiting:?}") };
        let seen = preview_letter(&world.house, thanks).await.expect("written");
        assert!(seen.body.contains("8100") || seen.subject.contains("8100"), "{}", seen.body);
        pasted_letter(&world.house, thanks.number, Some(&seen.content_hash())).await.expect("pasted");
        assert_eq!(letters_named(&world, LetterState::Sent, "m4_thanks").await.len(), 1);

        // What the buyer answered meanwhile is not asked any more.
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let ask = commit.raise_ask(about, AskKind::Address, true, "").await.expect("raised");
        commit.finish().await.expect("kept");
        run(&world).await;
        let mut commit = world.house.begin_as_system().await.expect("begins");
        assert!(commit.settle_ask(about, ask, "answered").await.expect("settled"));
        cancel_wrong_letters(&world.house, &mut commit, party_id).await.expect("looked through");
        commit.finish().await.expect("kept");
        let stopped = letters_named(&world, LetterState::Cancelled, "m4_confirm_address").await;
        let [stopped] = &stopped[..] else { panic!("one message: {stopped:?}") };
        assert!(stopped.reasons.iter().any(|reason| reason.code == ReasonCode::CancelledMovedOn));

        // Read a moment ago: it leaves by itself, with what is known of the parcel.
        world.set_clock("2026-03-05T09:00:00Z");
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let (carrier, number) = ("yunexpress".to_string(), "YT1".to_string());
        let parcel = ShipmentFields { carrier, number, shipped_at: Some(commit.now()) };
        commit.note_shipment(party_id, about.1, &parcel).await.expect("told");
        commit.finish().await.expect("kept");
        let read = OrderTold { synced_at: Some(world.house.now()), ..told(OrderWord::Shipped, "2026-03-05T08:00:00Z") };
        assert!(tell(&world, about, &read).await);
        run(&world).await;
        send_letters(&world.house).await.expect("sends");
        let left = letters_named(&world, LetterState::Sent, "m5_shipped").await;
        let [shipped] = &left[..] else { panic!("one message: {left:?}") };
        let mail = world.house.store.sent_mail(world.house.tenant.id, shipped).await.expect("reads").expect("kept");
        assert!(mail.body.contains("YT1"), "{}", mail.body);
        run(&world).await;
        send_letters(&world.house).await.expect("sends");
        assert_eq!(letters_named(&world, LetterState::Sent, "m5_shipped").await.len(), 1, "once");
    }
}
