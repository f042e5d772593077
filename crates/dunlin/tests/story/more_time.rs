//! More time for the receipt: the marketplace is asked once for each yes, and the letter that tells of it leaves only after it
//! was given. The same on both databases.

use dunlin::shop::{ALIEXPRESS, Shop};
use dunlin::use_cases::approve_letter::{approve_letter, unapprove_letter};
use dunlin::use_cases::change_settings::enter_safe_mode;
use dunlin::use_cases::extend_receipt::{extend_receipt, note_more_time, settle_more_time};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::{SendAccount, send_letters};
use dunlin::use_cases::work_orders::{order_in_full, order_named};
use dunlin_channels::aliexpress::RemoteId;
use dunlin_channels::aliexpress::ship::ShipNotice;
use dunlin_core::case::LetterState;
use dunlin_core::order::receipt::ReceiptState;
use dunlin_core::plan::TaskKind;
use dunlin_store::pages::order_told::ToldOrder;
use dunlin_store::{LogFilter, StoredLetter};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::marketplace::{Stand, sync};
use crate::world::{World, as_person, at, worlds};

/// Tuesday, 11:00 in Paris: the protection ends within ten days.
const TUESDAY: &str = "2026-03-10T10:00:00Z";

async fn run(world: &World) {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
}

async fn send(world: &World) -> SendAccount {
    send_letters(&world.house).await.expect("sends")
}

async fn letters(world: &World, state: LetterState) -> Vec<StoredLetter> {
    let all = world.house.store.letters_in(world.house.tenant.id, state, 100).await.expect("reads");
    all.into_iter().filter(|letter| letter.letter == "m7_extend_receipt").collect()
}

async fn told(world: &World, number: &str) -> ToldOrder {
    order_in_full(&world.house, number).await.expect("the order")
}

/// What became of the last asking.
async fn state(world: &World, number: &str) -> Option<ReceiptState> {
    told(world, number).await.more_time.last().map(|one| one.state)
}

async fn extensions(stand: &Stand) -> Vec<Value> {
    stand.look("/received").await["extensions"].as_array().expect("extensions").clone()
}

/// A parcel on its way to France whose protection ends soon, and the letter about it that waits for a yes.
async fn waiting(world: &mut World, stand: &Stand) -> (String, StoredLetter) {
    world.house.in_site = None;
    let order = json!([{"buyer": 7, "country": "FR", "article": 3, "cents": 4990, "placed_in": -7200,
        "receipt_days": 16, "moves": [{"at": -3600, "to": "WAIT_SELLER_SEND_GOODS"}]}]);
    let number = stand.orders_told(order).await.remove(0);
    stand.go_to(world, at("2026-03-04T09:05:00Z")).await;
    stand.connect(world).await;
    let shop = Shop::open(&world.house).await.expect("opens").expect("a shop");
    let notice = ShipNotice {
        service_name: "china_post".to_string(),
        tracking_number: "RR123456789CN".to_string(),
        complete: true,
        ..ShipNotice::default()
    };
    let id = RemoteId::parse(&number).expect("a number");
    shop.session.report_shipment(id, &notice).await.expect("shipped");
    stand.go_to(world, at("2026-03-04T09:10:00Z")).await;
    assert!(sync(world).await.complete);
    run(world).await;
    stand.go_to(world, at("2026-03-05T10:00:00Z")).await;
    send(world).await;
    // What renews the tokens lives for two days.
    while world.house.now() < at(TUESDAY) {
        let tomorrow = world.house.now() + SignedDuration::from_hours(24);
        stand.go_to(world, tomorrow.min(at(TUESDAY))).await;
        assert!(sync(world).await.complete);
    }
    run(world).await;
    let mut review = letters(world, LetterState::Review).await;
    assert_eq!(review.len(), 1, "the letter waits for a yes");
    (number, review.remove(0))
}

async fn approve(world: &World, letter: &StoredLetter) {
    let person = as_person(&world.house, "Lin Yue");
    assert_eq!(approve_letter(&person, letter.number, None).await.expect("approved"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_yes_the_marketplace_gives_more_time_and_then_the_letter_leaves() {
    for mut world in worlds("more_time").await {
        let stand = Stand::open().await;
        let (number, letter) = waiting(&mut world, &stand).await;
        let before = told(&world, &number).await.order.protection_ends.expect("an end");
        assert!(extensions(&stand).await.is_empty(), "nobody said yes yet");
        approve(&world, &letter).await;
        assert_eq!(state(&world, &number).await, Some(ReceiptState::Queued));
        let messages = stand.received().await.len();
        let sent = send(&world).await;
        assert_eq!((sent.more_time, sent.sent, sent.failed, sent.to_paste), (1, 1, 0, 0), "{:?}", sent.notes);
        let given = extensions(&stand).await;
        assert_eq!((given.len(), stand.received().await.len()), (1, messages + 1), "{given:?}");
        let days = i32::try_from(given[0]["days"].as_i64().expect("days")).expect("a few");
        let after = told(&world, &number).await;
        assert_eq!(after.order.protection_ends, Some(dunlin_core::calendar::shift(before, days)));
        let extended = after.order.receipt_extended.expect("known");
        assert_eq!((i32::from(extended.days), extended.until), (days, after.order.protection_ends));
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let log = store.audit_log(tenant, &LogFilter::default(), 200).await.expect("reads");
        let line = log.iter().find(|line| line.verb == "order.more_time_told").expect("a line");
        assert_eq!((line.noun.as_str(), line.subject.as_str()), ("order", number.as_str()), "as orders are named");
        // By the marketplace's own word it is the same day, and nothing more is asked for.
        let later = world.house.now() + SignedDuration::from_mins(20);
        stand.go_to(&mut world, later).await;
        assert!(sync(&world).await.complete);
        assert_eq!(told(&world, &number).await.order.protection_ends, after.order.protection_ends);
        run(&world).await;
        send(&world).await;
        assert_eq!(extensions(&stand).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_looked_up_and_nothing_is_given_twice() {
    for mut world in worlds("more_time_lost").await {
        let stand = Stand::open().await;
        let (number, letter) = waiting(&mut world, &stand).await;
        approve(&world, &letter).await;
        let lost = json!({"only": "extendsbuyeracceptgoodstime", "sub_code": "isp.timeout", "after_the_work": true});
        stand.tell("/errors", lost).await;
        let sent = send(&world).await;
        assert_eq!((sent.more_time, sent.sent), (1, 1), "{:?}", sent.notes);
        assert_eq!((state(&world, &number).await, extensions(&stand).await.len()), (Some(ReceiptState::Done), 1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_knows_holds_the_letter_until_the_list_or_a_person_tells() {
    for mut world in worlds("more_time_doubt").await {
        let stand = Stand::open().await;
        let (number, letter) = waiting(&mut world, &stand).await;
        approve(&world, &letter).await;
        let doubt = json!({"only": "extendsbuyeracceptgoodstime", "sub_code": "isp.timeout"});
        stand.tell("/errors", doubt).await;
        let sent = send(&world).await;
        assert_eq!((sent.more_time, sent.sent, sent.failed), (0, 0, 0), "{:?}", sent.notes);
        assert_eq!(state(&world, &number).await, Some(ReceiptState::Uncertain));
        let found = order_named(&world.house, &number).await.expect("known");
        let person = as_person(&world.house, "Lin Yue");
        assert!(extend_receipt(&person, &found, 10).await.is_err(), "one may still come");
        for minutes in [15, 30] {
            let later = world.house.now() + SignedDuration::from_mins(minutes);
            stand.go_to(&mut world, later).await;
            assert_eq!(send(&world).await.sent, 0);
            assert_eq!(state(&world, &number).await, Some(ReceiptState::Uncertain));
        }
        // After an hour the list would show it: it was not given, and somebody hears of it.
        let later = world.house.now() + SignedDuration::from_mins(30);
        stand.go_to(&mut world, later).await;
        send(&world).await;
        assert_eq!(state(&world, &number).await, Some(ReceiptState::Failed));
        assert_eq!((letters(&world, LetterState::Failed).await.len(), extensions(&stand).await.len()), (1, 0));
        assert!(settle_more_time(&person, &found, true).await.is_err(), "it is settled");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_asking_without_an_answer_does_not_keep_back_what_comes_after_it() {
    for mut world in worlds("more_time_over").await {
        let stand = Stand::open().await;
        let (number, letter) = waiting(&mut world, &stand).await;
        approve(&world, &letter).await;
        stand.tell("/errors", json!({"only": "extendsbuyeracceptgoodstime", "sub_code": "isp.timeout"})).await;
        send(&world).await;
        assert_eq!(state(&world, &number).await, Some(ReceiptState::Uncertain));
        // The shop is not read any more, as what renews its token has run out, and the time of the message passes: it would
        // keep back the offer of another parcel for as long as somebody takes to connect the shop again.
        let end = told(&world, &number).await.order.protection_ends.expect("an end");
        let late = dunlin_core::calendar::shift(end, -3).at(10, 0, 0, 0);
        let late = late.to_zoned(jiff::tz::TimeZone::UTC).expect("a moment").timestamp();
        stand.go_to(&mut world, late).await;
        let sent = send(&world).await;
        assert_eq!((sent.sent, sent.cancelled), (0, 1), "{:?}", sent.notes);
        assert_eq!(letters(&world, LetterState::Cancelled).await.len(), 1);
        assert!(extensions(&stand).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_a_task_with_its_reason_and_no_letter_leaves() {
    for mut world in worlds("more_time_refused").await {
        let stand = Stand::open().await;
        let (number, letter) = waiting(&mut world, &stand).await;
        approve(&world, &letter).await;
        let messages = stand.received().await.len();
        let no =
            json!({"only": "extendsbuyeracceptgoodstime", "code": "40", "message": "the receipt was extended before"});
        stand.tell("/errors", no).await;
        let sent = send(&world).await;
        assert_eq!((sent.more_time, sent.sent), (0, 0), "{:?}", sent.notes);
        assert_eq!(stand.received().await.len(), messages, "nobody is told of what was not given");
        assert_eq!(state(&world, &number).await, Some(ReceiptState::Failed));
        let house = &world.house;
        let tasks = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
        let task = tasks.iter().find(|task| task.kind == TaskKind::FailedLetter).expect("a task");
        assert!(task.note.as_deref().is_some_and(|note| note.contains("extended before")), "{task:?}");
        let later = world.house.now() + SignedDuration::from_hours(2);
        stand.go_to(&mut world, later).await;
        send(&world).await;
        assert!(extensions(&stand).await.is_empty(), "it is not asked for again");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_yes_that_is_taken_back_asks_nobody_and_given_again_asks_once() {
    for mut world in worlds("more_time_back").await {
        let stand = Stand::open().await;
        let (number, letter) = waiting(&mut world, &stand).await;
        approve(&world, &letter).await;
        let person = as_person(&world.house, "Lin Yue");
        unapprove_letter(&person, letter.number).await.expect("taken back");
        send(&world).await;
        assert_eq!((state(&world, &number).await, extensions(&stand).await.len()), (Some(ReceiptState::Withdrawn), 0));
        approve(&world, &letter).await;
        let sent = send(&world).await;
        assert_eq!((sent.more_time, sent.sent, extensions(&stand).await.len()), (1, 1, 1), "{:?}", sent.notes);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_stopped_while_it_asked_is_looked_up_after() {
    for mut world in worlds("more_time_crash").await {
        let stand = Stand::open().await;
        let (number, letter) = waiting(&mut world, &stand).await;
        approve(&world, &letter).await;
        // It was written down, the marketplace did it, and nobody recorded the answer.
        let shop = Shop::open(&world.house).await.expect("opens").expect("a shop");
        let order = told(&world, &number).await;
        let one = order.more_time.last().expect("queued").clone();
        let (id, placed) = (RemoteId::parse(&number).expect("a number"), order.order.placed_at.expect("a moment"));
        let before = shop.session.receipt_until(id, placed, &shop.pacific).await.expect("told").expect("it waits");
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.begin_extension(one.id, before, ("elsewhere:1:1", SignedDuration::from_mins(5))).await.expect("begun");
        commit.finish().await.expect("kept");
        shop.session.extend_receipt(id, u32::from(one.days)).await.expect("given");
        // While its lease holds nobody else does anything.
        assert_eq!(send(&world).await.sent, 0);
        assert_eq!(state(&world, &number).await, Some(ReceiptState::Sending));
        let later = world.house.now() + SignedDuration::from_mins(20);
        stand.go_to(&mut world, later).await;
        // The shop is read before anybody looks up what became of it, and tells the new end already.
        assert!(sync(&world).await.complete);
        let end = dunlin_core::calendar::shift(order.order.protection_ends.expect("an end"), i32::from(one.days));
        assert_eq!(told(&world, &number).await.order.protection_ends, Some(end));
        send(&world).await;
        let sent = send(&world).await;
        assert_eq!(state(&world, &number).await, Some(ReceiptState::Done), "{:?}", sent.notes);
        assert_eq!(extensions(&stand).await.len(), 1);
        assert_eq!(told(&world, &number).await.order.protection_ends, Some(end), "its days count once");
        assert_eq!(sent.sent, 1, "what the shop showed before it was recorded made the letter no less true");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_gave_on_the_marketplaces_page_counts_once() {
    for mut world in worlds("more_time_given").await {
        let stand = Stand::open().await;
        let (number, letter) = waiting(&mut world, &stand).await;
        let order = told(&world, &number).await.order;
        let end = dunlin_core::calendar::shift(order.protection_ends.expect("an end"), 10);
        let id = RemoteId::parse(&number).expect("a number");
        let shop = Shop::open(&world.house).await.expect("opens").expect("a shop");
        shop.session.extend_receipt(id, 10).await.expect("given");
        let later = world.house.now() + SignedDuration::from_mins(20);
        stand.go_to(&mut world, later).await;
        assert!(sync(&world).await.complete);
        // The letter that would have asked for more withdrew itself with the reading: nobody says yes to more than that.
        let person = as_person(&world.house, "Lin Yue");
        assert!(approve_letter(&person, letter.number, None).await.is_err());
        let found = order_named(&world.house, &number).await.expect("known");
        note_more_time(&person, &found, 10).await.expect("noted");
        assert_eq!(told(&world, &number).await.order.protection_ends, Some(end));
        run(&world).await;
        send(&world).await;
        assert_eq!(extensions(&stand).await.len(), 1, "the marketplace is not asked for more");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_safe_mode_nobody_is_asked_what_a_person_gave() {
    for mut world in worlds("more_time_safe").await {
        let stand = Stand::open().await;
        let (number, _) = waiting(&mut world, &stand).await;
        let person = as_person(&world.house, "Lin Yue");
        enter_safe_mode(&person).await.expect("safe");
        // Whoever asked would hear this.
        let no = json!({"only": "solution.order.get", "code": "40", "message": "nobody was to ask", "times": 50});
        stand.tell("/errors", no).await;
        let found = order_named(&world.house, &number).await.expect("known");
        let before = told(&world, &number).await.order.protection_ends.expect("an end");
        note_more_time(&person, &found, 10).await.expect("noted");
        let after = told(&world, &number).await.order.protection_ends;
        assert_eq!(after, Some(dunlin_core::calendar::shift(before, 10)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_yes_that_waits_when_the_shop_is_disconnected_is_no_dead_end() {
    for mut world in worlds("more_time_gone").await {
        let stand = Stand::open().await;
        let (number, letter) = waiting(&mut world, &stand).await;
        approve(&world, &letter).await;
        let person = as_person(&world.house, "Lin Yue");
        dunlin::use_cases::connect_service::disconnect(&person, ALIEXPRESS).await.expect("ended");
        assert_eq!(state(&world, &number).await, Some(ReceiptState::Queued));
        let found = order_named(&world.house, &number).await.expect("known");
        note_more_time(&person, &found, 10).await.expect("noted");
        let after = told(&world, &number).await;
        let states: Vec<ReceiptState> = after.more_time.iter().map(|one| one.state).collect();
        assert!(after.order.receipt_extended.is_some() && !states.contains(&ReceiptState::Queued), "{states:?}");
        let sent = send(&world).await;
        assert_eq!((sent.to_paste + sent.sent, sent.failed), (1, 0), "{:?}", sent.notes);
        assert!(extensions(&stand).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_connected_shop_a_person_gives_it_first_and_says_so() {
    for mut world in worlds("more_time_by_hand").await {
        let stand = Stand::open().await;
        let (number, letter) = waiting(&mut world, &stand).await;
        let person = as_person(&world.house, "Lin Yue");
        dunlin::use_cases::connect_service::disconnect(&person, ALIEXPRESS).await.expect("ended");
        let refused = approve_letter(&person, letter.number, None).await.expect_err("nobody can be asked");
        assert!(refused.to_string().contains("own page"), "{refused}");
        assert_eq!(letters(&world, LetterState::Review).await.len(), 1, "the yes was not given");
        let found = order_named(&world.house, &number).await.expect("known");
        assert!(extend_receipt(&person, &found, 10).await.is_err());
        assert!(
            note_more_time(&person, &found, 0).await.is_err() && note_more_time(&person, &found, 61).await.is_err()
        );
        let before = told(&world, &number).await.order.protection_ends.expect("an end");
        note_more_time(&person, &found, 10).await.expect("noted");
        let after = told(&world, &number).await.order;
        assert_eq!(after.protection_ends, Some(dunlin_core::calendar::shift(before, 10)));
        approve(&world, &letter).await;
        let sent = send(&world).await;
        assert_eq!((sent.to_paste, sent.failed), (1, 0), "{:?}", sent.notes);
    }
}
