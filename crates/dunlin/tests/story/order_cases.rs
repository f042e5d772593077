//! What makes a message about an order wrong stops it wherever it is told; what fails lies with a person; a buyer is invited
//! to a review once; a firm that tries things out hears of its orders as well. The same on both databases.

use dunlin::use_cases::change_settings::enter_safe_mode;
use dunlin::use_cases::confirm_order::{apply_answer, ask, put_in_answer};
use dunlin::use_cases::follow_parcels::take_notices;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::ship_orders::{Parcelled, ship_orders};
use dunlin::use_cases::work_orders::{order_named, set_stock_of_orders};
use dunlin_core::case::LetterState;
use dunlin_core::facts::orders::{GoodsLine, OrderFacts};
use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::money::{Currency, Money};
use dunlin_core::order::OrderSource;
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::consent::Consent;
use dunlin_core::order::story::{OrderNews, OrderState, OrderWord};
use dunlin_core::party::ContactRole;
use dunlin_core::plan::TaskKind;
use dunlin_store::pages::desk::TaskRow;
use dunlin_store::{ContactFields, OrderFields, OrderTold, Outcome, PartyFields, Scope, StoredLetter};

use crate::world::{World, as_person, at, orders, worlds};

const CATALOGUE: &str = "SKU,Title,Category,Attributes,Price,Currency,Product URL,Stock\n\
    TN-2,Tent for two,Tents,color: red,25.00,USD,https://shop.example/2.html,0\n\
    TN-3,\"Tent for two, light\",tents,color: red,27.00,USD,,4\n";

/// A consumer with an address, and a paid order of the marketplace with a tent in it.
pub async fn paid(world: &World) -> (PartyId, OrderId) {
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
    let line = GoodsLine {
        sku: "TN-2".to_string(),
        title: "Tent for two".to_string(),
        quantity: 1,
        price: Money::parse("25.00", Currency::USD).expect("money"),
        url: String::new(),
        in_stock: None,
    };
    commit.set_order_lines(party_id, id, &[line]).await.expect("kept");
    commit.finish().await.expect("kept");
    (party_id, id)
}

async fn run(world: &World) {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
}

async fn letters(world: &World, state: LetterState, name: &str) -> Vec<StoredLetter> {
    let all = world.house.store.letters_in(world.house.tenant.id, state, 100).await.expect("reads");
    all.into_iter().filter(|letter| letter.letter == name).collect()
}

async fn tasks(world: &World, kind: TaskKind) -> Vec<TaskRow> {
    let house = &world.house;
    let all = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
    all.into_iter().filter(|task| task.kind == kind).collect()
}

pub async fn known(world: &World, party_id: PartyId) -> OrderFacts {
    let house = &world.house;
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await.expect("facts");
    facts[0].orders[0].clone()
}

pub fn parcelled(order: OrderId, carrier: &str, number: &str, is_part: bool) -> Parcelled {
    let (carrier, number) = (carrier.to_string(), number.to_string());
    Parcelled { order, carrier, number, shipped_on: None, is_part, replaces: None }
}

#[tokio::test]
async fn news_stop_the_message_that_waits_in_the_same_change() {
    for world in worlds("order_stops").await {
        let (_, order) = paid(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        run(&world).await;
        assert_eq!(letters(&world, LetterState::Queued, "m4_thanks").await.len(), 1);
        // Handed over before the thanks for the payment left: nobody says when it ships any more.
        let number = "RR123456789CN".to_string();
        ship_orders(&person, &[parcelled(order, "yunexpress", &number, false)]).await.expect("shipped");
        assert_eq!(letters(&world, LetterState::Queued, "m4_thanks").await.len(), 0);
        assert_eq!(letters(&world, LetterState::Cancelled, "m4_thanks").await.len(), 1);

        run(&world).await;
        assert_eq!(letters(&world, LetterState::Queued, "m5_shipped_contact_first").await.len(), 1);
        let body = br#"{"number":"RR123456789CN","carrier_key":3011,"tag":null,"report":null,"events":[{"at":
            "2026-03-04T08:50:00Z","status":"delivered","word":"Delivered","description":"Delivered","location":"",
            "carrier_key":3011}]}"#;
        let (store, tenant, now) = (&world.house.store, world.house.tenant.id, world.house.now());
        assert!(store.keep_notice(tenant, "asked", "RR123456789CN", body, now).await.expect("kept"));
        assert_eq!(take_notices(&world.house).await.expect("taken"), 1);
        assert_eq!(letters(&world, LetterState::Cancelled, "m5_shipped_contact_first").await.len(), 1);
    }
}

#[tokio::test]
async fn what_is_not_in_stock_is_not_thanked_for_and_somebody_chooses_where_nothing_is_similar() {
    for has_similar in [false, true] {
        for world in worlds(if has_similar { "order_similar" } else { "order_no_similar" }).await {
            if has_similar {
                world.import("catalogue.csv", CATALOGUE).await;
            }
            let (party_id, order) = paid(&world).await;
            run(&world).await;
            let person = as_person(&world.house, "Lin Yue");
            set_stock_of_orders(&person, &[order], false).await.expect("noted");
            assert_eq!(letters(&world, LetterState::Cancelled, "m4_thanks").await.len(), 1);
            assert_eq!(known(&world, party_id).await.has_similar, has_similar);
            run(&world).await;
            // With an offer or without, it waits for a look.
            assert_eq!(letters(&world, LetterState::Review, "m2_out_of_stock").await.len(), 1);
            let work = tasks(&world, TaskKind::Do).await;
            let scripts: Vec<&str> = work.iter().filter_map(|task| task.script.as_deref()).collect();
            assert_eq!(scripts, if has_similar { vec![] } else { vec!["m2_no_similar"] });
            run(&world).await;
            assert_eq!(tasks(&world, TaskKind::Do).await.len(), scripts.len(), "asked for once");
        }
    }
}

#[tokio::test]
async fn a_message_that_failed_is_not_written_again_before_somebody_saw_to_it() {
    for world in worlds("order_failed").await {
        paid(&world).await;
        run(&world).await;
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let claimed = commit.next_order_letter().await.expect("reads").expect("thanks");
        let why = "parcel: none".to_string();
        commit.settle(&claimed.letter, &Outcome::Failed { why }).await.expect("settled");
        commit.finish().await.expect("kept");
        for _ in 0..3 {
            run(&world).await;
            let sent = send_letters(&world.house).await.expect("sends");
            assert_eq!((sent.sent, sent.failed), (0, 0), "{:?}", sent.notes);
        }
        let failed = letters(&world, LetterState::Failed, "m4_thanks").await;
        assert_eq!((failed.len(), failed[0].outcome.as_deref()), (1, Some("parcel: none")));
        assert_eq!(letters(&world, LetterState::Queued, "m4_thanks").await.len(), 0);
        let desk = tasks(&world, TaskKind::FailedLetter).await;
        assert_eq!(desk.len(), 1);

        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.settle_task(desk[0].number, "done", "").await.expect("done");
        commit.finish().await.expect("kept");
        run(&world).await;
        assert_eq!(letters(&world, LetterState::Queued, "m4_thanks").await.len(), 1, "once somebody has seen to it");
    }
}

#[tokio::test]
async fn of_several_parcels_one_notice_invites_to_a_review() {
    for world in worlds("order_parcels").await {
        paid(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        let found = order_named(&world.house, "8100").await.expect("found");
        for (number, is_part) in [("RR123456789CN", true), ("RR987654321CN", false)] {
            let told = parcelled(found.id, "", number, is_part);
            assert_eq!(ship_orders(&person, &[told]).await.expect("told"), 1);
        }
        run(&world).await;
        send_letters(&world.house).await.expect("sends");
        let left = letters(&world, LetterState::Sent, "m5_shipped_contact_first").await;
        assert_eq!(left.len(), 2, "each parcel is told of");
        let mut invited = 0;
        for letter in &left {
            let mail = world.house.store.sent_mail(world.house.tenant.id, letter).await.expect("reads").expect("kept");
            assert!(mail.body.contains("write to us first"), "{}", mail.body);
            invited += usize::from(mail.body.contains("review your purchase"));
        }
        assert_eq!(invited, 1);
    }
}

#[tokio::test]
async fn safe_mode_rehearses_messages_about_orders_and_advances_none() {
    for mut world in worlds("order_safe").await {
        world.import("orders.csv", &orders()).await;
        let (party_id, _) = paid(&world).await;
        enter_safe_mode(&as_person(&world.house, "Lin Yue")).await.expect("safe");
        world.refresh().await;
        let done = run_decisions(&world.house, RunOptions::default()).await.expect("rehearses").rehearsal;
        let done = done.expect("a rehearsal");
        assert_eq!((done.sent, done.known), (2, 0), "one about money, one about the order: {:?}", done.notes);
        let kept = world.house.store.rehearsals(world.house.tenant.id, 10).await.expect("reads");
        let thanks = kept.iter().find(|one| one.letter.letter == "m4_thanks").expect("rehearsed");
        assert_eq!(thanks.sent_to, "lin@story.example");
        let text = thanks.text.clone().expect("the text");
        assert!(text.to.contains("ana@ruiz.example") && text.body.contains("8100"), "{}", text.body);
        for state in [LetterState::Review, LetterState::Queued, LetterState::Sent] {
            assert!(letters(&world, state, "m4_thanks").await.is_empty());
        }
        assert!(known(&world, party_id).await.case.expect("a case").steps.is_empty());
        let again = run_decisions(&world.house, RunOptions::default()).await.expect("rehearses").rehearsal;
        assert_eq!(again.map(|done| (done.sent, done.known)), Some((0, 2)));
    }
}

#[tokio::test]
async fn a_plain_no_to_a_surcharge_is_shown_applied_and_keeps_the_order_here() {
    for world in worlds("order_consent").await {
        let (party_id, order) = paid(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        set_stock_of_orders(&person, &[order], true).await.expect("noted");
        let found = order_named(&world.house, "8100").await.expect("found");
        ask(&person, &found, AskKind::Split, true, "").await.expect("asked");
        let unclear = put_in_answer(&person, &found, None, "Yes, if it is free").await.expect_err("unclear");
        assert!(unclear.to_string().contains("yes or no"), "{unclear}");
        let read = put_in_answer(&person, &found, None, "Да, согласна. Спасибо!").await.expect("read");
        assert_eq!((read.consent, read.changes.len()), (Some(Consent::Yes), 0));
        let asks = world.house.store.order_asks(world.house.tenant.id, party_id, order).await.expect("reads");
        assert_eq!(asks[0].answer.as_ref().and_then(|answer| answer.consent), Some(Consent::Yes));
        let state = async || known(&world, party_id).await.state(world.house.today());
        assert_eq!(state().await, OrderState::AwaitingConfirmation, "nobody looked at it yet");
        apply_answer(&person, &found, None).await.expect("applied");
        assert_eq!(state().await, OrderState::Ready);

        ask(&person, &found, AskKind::Surcharge, true, "").await.expect("asked");
        put_in_answer(&person, &found, None, "No, thanks").await.expect("read");
        apply_answer(&person, &found, None).await.expect("applied");
        let asks = world.house.store.order_asks(world.house.tenant.id, party_id, order).await.expect("reads");
        let mut outcomes: Vec<Option<&str>> = asks.iter().map(|ask| ask.outcome.as_deref()).collect();
        outcomes.sort_unstable();
        assert_eq!(outcomes, [Some("agreed"), Some("declined")]);
        assert_eq!(state().await, OrderState::InStock, "somebody of ours decides");
        let (delivery, confirmed) =
            world.house.store.order_delivery(world.house.tenant.id, party_id, order).await.expect("reads");
        assert!(delivery.is_empty() && confirmed.is_none(), "a yes confirms no address");
    }
}
