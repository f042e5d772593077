//! The seller's hand on a running order: what stands on top, what is asked of the buyer on the page, what is taken back, and what
//! a form that is old, sent twice or meant for somebody else's order does not do. The same on both databases.

use std::collections::BTreeSet;

use dunlin::use_cases::confirm_order::{ask, put_in_answer};
use dunlin::use_cases::follow_parcels::take_notices;
use dunlin::use_cases::note_order_state::note_order_state;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::ship_orders::{Parcelled, ship_orders};
use dunlin::use_cases::undo_orders::undo_last;
use dunlin::use_cases::work_orders::{hold_orders, order_in_full, order_named, release_orders};
use dunlin_core::access::Role;
use dunlin_core::case::LetterState;
use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::slip::OrderSlip;
use dunlin_core::order::story::{OrderState, OrderWord};
use dunlin_core::shipment::journey::{Estimate, Report, TrackingEvent, TrackingUpdate};
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_store::Actor;
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::order_board::{BOARD_START, BoardAsked, BoardRow, BoardSort};

use crate::order_pages::paid;
use crate::search_and_undo::with_toast;
use crate::site::{Site, Visitor, hired};
use crate::world::{World, as_person, orders, worlds};

pub async fn buyer(world: &World) -> PartyId {
    world.import("orders.csv", &orders()).await;
    let found = world.house.store.find_party(world.house.tenant.id, "Rossi Outdoor S.r.l.").await.expect("reads");
    found.expect("known").0
}

async fn board(world: &World) -> Vec<BoardRow> {
    let house = &world.house;
    let after = After { key: BOARD_START, limit: 50 };
    let rows = house.store.board(house.tenant.id, &house.sight, house.today(), &BoardAsked::default(), &after).await;
    rows.expect("reads")
}

fn numbers(rows: &[BoardRow]) -> Vec<&str> {
    rows.iter().map(|row| row.number.as_str()).collect()
}

pub async fn state(world: &World, number: &str) -> OrderState {
    order_in_full(&world.house, number).await.expect("told").order.state(world.house.today())
}

fn left(order: OrderId, number: &str) -> Parcelled {
    let (carrier, number) = ("yunexpress".to_string(), number.to_string());
    Parcelled { order, carrier, number, shipped_on: None, is_part: false, replaces: None }
}

/// The number of the change that a toast offers to take back.
pub fn offered(page: &str, action: &str) -> String {
    let (_, form) = page.split_once(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no way back: {page}"));
    let (_, value) = form.split_once("name=\"only\" value=\"").expect("a field");
    value.split('"').next().expect("a value").to_string()
}

pub async fn toast(visitor: &Visitor, path: &str, fields: &str) -> String {
    let answer = visitor.post(path, fields).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    with_toast(visitor, &answer).await
}

#[tokio::test]
async fn the_clock_that_matters_sorts_the_board_and_what_has_left_is_not_to_be_shipped() {
    for world in worlds("order_clocks").await {
        let party = buyer(&world).await;
        let gone = paid(&world, party, "8100", "2026-03-04T10:00:00Z").await;
        paid(&world, party, "8101", "2026-03-20T00:00:00Z").await;
        let asked = paid(&world, party, "8102", "2026-03-30T00:00:00Z").await;
        assert_eq!(numbers(&board(&world).await), ["8100", "8101", "8102"]);
        let person = as_person(&world.house, "Lin Yue");
        ship_orders(&person, &[left(gone, "YT8100")]).await.expect("shipped");
        let found = order_named(&world.house, "8102").await.expect("found");
        assert_eq!(found.id, asked);
        ask(&person, &found, AskKind::Address, true, "").await.expect("asked");
        let rows = board(&world).await;
        assert_eq!(numbers(&rows), ["8102", "8101", "8100"], "an answer within a day, then what has to leave");
        let clocks = rows[2].clocks(&world.house.zone());
        assert_eq!(clocks.ship_by(rows[2].state), None);
        let site = Site::open(&world).await;
        let visitor = site.enter(&world, Role::Owner).await;
        let key = visitor.get("/orders/8100").await;
        assert!(!key.contains("Dispatch overdue") && !key.contains(">Ship "), "{key}");
        assert!(visitor.get("/board?state=shipped").await.contains("8100"));
        // Page by page nothing is left out and nothing shown twice.
        let (mut key, mut seen) = (BOARD_START, Vec::new());
        let house = &world.house;
        loop {
            let after = After { key: key.clone(), limit: 1 };
            let asked = BoardAsked::default();
            let rows = house.store.board(house.tenant.id, &house.sight, house.today(), &asked, &after).await;
            let Some(row) = rows.expect("reads").pop() else { break };
            seen.push(row.number.clone());
            key = row.key;
        }
        assert_eq!(seen, ["8102", "8101", "8100"]);
    }
}

/// The board by the day on which goods are expected, row by row.
async fn by_expected(world: &World) -> Vec<String> {
    let house = &world.house;
    let asked = BoardAsked { by: BoardSort::Expected, ..BoardAsked::default() };
    let (mut key, mut seen) = (BOARD_START, Vec::new());
    loop {
        let after = After { key: key.clone(), limit: 1 };
        let rows = house.store.board(house.tenant.id, &house.sight, house.today(), &asked, &after).await;
        let Some(row) = rows.expect("reads").pop() else { return seen };
        let day = row.expected_by(&house.zone()).map_or_else(String::new, |day| format!(" {day}"));
        seen.push(format!("{}{day}", row.number));
        key = row.key;
    }
}

/// Orders of which nobody can say when they come stand in no order that means anything.
fn set<T: AsRef<str>>(numbers: &[T]) -> BTreeSet<&str> {
    numbers.iter().map(AsRef::as_ref).collect()
}

#[tokio::test]
async fn the_board_goes_by_the_day_on_which_goods_are_expected_where_somebody_asks_so() {
    for world in worlds("order_expected").await {
        let party = buyer(&world).await;
        let mut ids = Vec::new();
        for number in ["8100", "8101", "8102", "8103"] {
            ids.push(paid(&world, party, number, "2026-03-20T00:00:00Z").await);
        }
        let person = as_person(&world.house, "Lin Yue");
        let with = |carrier: &str, nth: usize| Parcelled {
            carrier: carrier.to_string(),
            ..left(ids[nth], &format!("YT810{nth}"))
        };
        // Of a carrier that nobody named nobody knows how long it takes.
        ship_orders(&person, &[with("yunexpress", 0), with("dhl", 1), with("", 3)]).await.expect("shipped");
        let known = by_expected(&world).await;
        let told = order_in_full(&world.house, "8101").await.expect("told");
        let day = told.order.parcels[0].expected_by(&world.house.zone()).expect("a day");
        assert_eq!(known[0], format!("8101 {day}"), "{known:?}");
        assert!(known[1].starts_with("8100 2026-"), "{known:?}");
        assert_eq!(set(&known[2..]), set(&["8102", "8103"]), "of these nobody can say");
        let site = Site::open(&world).await;
        let visitor = site.enter(&world, Role::Owner).await;
        let page = visitor.get("/board?by=expected").await;
        assert!(page.find(">8101<") < page.find(">8100<") && page.contains("expected by"), "{page}");
        assert!(visitor.get("/board?by=nonsense").await.starts_with("HTTP/1.1 200"));

        // The carrier's own day goes before any table, and what has come is expected no more.
        let tell = async |report: Option<Report>, events: Vec<TrackingEvent>| {
            let found = order_in_full(&world.house, "8100").await.expect("told");
            let about = (found.party_id, found.order.id, found.order.parcels[0].id);
            let update = TrackingUpdate { number: String::new(), carrier_key: None, tag: None, report, events };
            let mut commit = world.house.begin_as_system().await.expect("begins");
            assert!(commit.note_tracking(about, &update).await.expect("told"));
            commit.finish().await.expect("kept");
        };
        let day = "2026-03-05".parse().expect("a day");
        let report = Report {
            at: Some(world.house.now()),
            status: TrackingStatus::InTransit,
            word: "InTransit".to_string(),
            estimate: Some(Estimate { from: day, to: day }),
        };
        tell(Some(report), Vec::new()).await;
        assert_eq!(by_expected(&world).await[0], "8100 2026-03-05");
        let event = TrackingEvent {
            at: world.house.now(),
            status: Some(TrackingStatus::Delivered),
            word: String::new(),
            description: String::new(),
            location: String::new(),
            carrier_key: None,
        };
        tell(None, vec![event]).await;
        let known = by_expected(&world).await;
        assert_eq!(set(&known[1..]), set(&["8100", "8102", "8103"]), "{known:?}");
    }
}

#[tokio::test]
async fn an_old_form_is_told_what_changed_and_one_sent_twice_does_it_once() {
    for world in worlds("order_stale").await {
        let party = buyer(&world).await;
        let id = paid(&world, party, "8100", "2026-03-20T00:00:00Z").await;
        let other = paid(&world, party, "8101", "2026-03-20T00:00:00Z").await;
        let site = Site::open(&world).await;
        let visitor = site.enter(&world, Role::Owner).await;
        let page = visitor.get("/board?state=paid").await;
        assert!(page.contains(&format!("name=\"seen-{id}\" value=\"paid\"")), "{page}");
        let both = format!("order={id}&seen-{id}=paid&order={other}&seen-{other}=paid&next=/board");

        let first = toast(&visitor, "/board", &format!("do=hold&why=wait&{both}")).await;
        assert!(first.contains("Orders held: 2"), "{first}");
        let again = toast(&visitor, "/board", &format!("do=hold&why=wait&{both}")).await;
        assert!(again.contains("Nothing is new") && !again.contains("/board/hold/undo"), "{again}");
        let told = order_in_full(&world.house, "8100").await.expect("told");
        assert_eq!(told.holds.len(), 1);

        // A colleague marks one as shipped while the page is open: neither is changed.
        let person = as_person(&world.house, "Lin Yue");
        release_orders(&person, &[id, other]).await.expect("released");
        ship_orders(&person, &[left(id, "YT8100")]).await.expect("shipped");
        let refused = toast(&visitor, "/board", &format!("do=in_stock&{both}")).await;
        assert!(refused.contains("was paid when you looked, and is shipped now"), "{refused}");
        assert_eq!(state(&world, "8101").await, OrderState::Paid, "all or none");
        let wizard = format!("line=0&seen-{id}=paid");
        let refused = toast(&visitor, "/orders/8100/stock-out", &wizard).await;
        assert!(refused.contains("is shipped now"), "{refused}");
        let fields = format!("do=in_stock&order={other}&seen-{other}=nonsense&next=/board");
        let strange = toast(&visitor, "/board", &fields).await;
        assert!(!strange.contains("Orders marked"), "{strange}");
    }
}

/// The value of a hidden field in the form that goes to a path.
fn hidden(page: &str, action_end: &str, name: &str) -> String {
    let (before, form) = page.split_once(&format!("{action_end}\"")).unwrap_or_else(|| panic!("no form: {page}"));
    assert!(before.ends_with(char::is_alphanumeric) || before.ends_with('/'), "{action_end}");
    let (_, value) = form.split_once(&format!("name=\"{name}\" value=\"")).expect("a field");
    value.split('"').next().expect("a value").to_string()
}

#[tokio::test]
async fn what_is_asked_on_the_page_is_answered_looked_at_taken_over_and_taken_back() {
    for world in worlds("order_ask_page").await {
        let party = buyer(&world).await;
        let id = paid(&world, party, "8/100", "2026-03-20T00:00:00Z").await;
        let site = Site::open(&world).await;
        let visitor = site.enter(&world, Role::Owner).await;
        let (order, next) = (format!("/orders/{id}"), "next=/orders/8%252F100");
        for (fields, said) in [
            ("kind=surcharge&words=heavy&amount=1.234&currency=USD&holds=yes", "1.234"),
            ("kind=surcharge&words=heavy&amount=-3&currency=USD&holds=yes", ""),
            ("kind=surcharge&words=heavy&amount=0&currency=USD&holds=yes", ""),
            ("kind=surcharge&words=heavy&amount=3.20&currency=XXQ&holds=yes", ""),
            ("kind=wish&words=gift&amount=3.20&currency=USD&holds=yes", "o amount goes with this question"),
        ] {
            let refused = toast(&visitor, &format!("{order}/asks"), &format!("{fields}&{next}")).await;
            assert!(refused.contains(said) && !refused.contains("Open with the buyer:"), "{fields}: {refused}");
        }
        let fields = format!("kind=surcharge&words=<b>heavy</b>&amount=3.20&currency=USD&holds=yes&{next}");
        let raised = toast(&visitor, &format!("{order}/asks"), &fields).await;
        assert!(raised.contains("Open with the buyer: More postage"), "{raised}");
        let twice = toast(&visitor, &format!("{order}/asks"), &fields).await;
        assert!(twice.contains("has this open with the buyer already"), "{twice}");
        assert_eq!(state(&world, "8/100").await, OrderState::AwaitingConfirmation);
        let page = visitor.get("/orders/8%2F100").await;
        assert!(page.contains("3.20") && page.contains("&#60;b&#62;heavy") && !page.contains("<b>heavy"), "{page}");

        let found = order_named(&world.house, "8/100").await.expect("found");
        let asks = world.house.store.order_asks(world.house.tenant.id, party, id).await.expect("reads");
        let one = format!("{order}/asks/{}", asks[0].id);
        let unread = toast(&visitor, &format!("{one}/answer"), &format!("text=How+much%3F&{next}")).await;
        assert!(unread.contains("no clear yes or no"), "{unread}");
        toast(&visitor, &format!("{one}/answer"), &format!("text=Yes%2C+I+agree&{next}")).await;
        let page = visitor.get("/orders/8%2F100").await;
        assert!(page.contains("The buyer says yes"), "{page}");
        let mark = hidden(&page, "/apply", "seen");
        // Somebody puts in another answer meanwhile: what was looked at is not what would be taken over.
        put_in_answer(&as_person(&world.house, "Wu"), &found, None, "No, thanks").await.expect("read");
        let stale = toast(&visitor, &format!("{one}/apply"), &format!("seen={mark}&{next}")).await;
        assert!(stale.contains("has changed since you looked"), "{stale}");
        assert_eq!(state(&world, "8/100").await, OrderState::AwaitingConfirmation);
        toast(&visitor, &format!("{one}/drop"), next).await;
        let none = toast(&visitor, &format!("{one}/apply"), &format!("seen={mark}&{next}")).await;
        assert!(none.contains("o answer was put in"), "{none}");
        toast(&visitor, &format!("{one}/answer"), &format!("text=Yes&{next}")).await;
        let mark = hidden(&visitor.get("/orders/8%2F100").await, "/apply", "seen");
        let settled = toast(&visitor, &format!("{one}/apply"), &format!("seen={mark}&{next}")).await;
        let change = offered(&settled, &format!("{order}/asks/undo"));
        assert_eq!(state(&world, "8/100").await, OrderState::Paid);
        toast(&visitor, &format!("{order}/asks/undo"), &format!("only={change}&{next}")).await;
        assert_eq!(state(&world, "8/100").await, OrderState::AwaitingConfirmation, "open again");
        let gone = toast(&visitor, &format!("{order}/asks/undo"), &format!("only={change}&{next}")).await;
        assert!(gone.contains("nothing was changed"), "{gone}");

        // Refused and let go need a reason; withdrawn does not.
        for how in ["overridden", "refused"] {
            let refused = toast(&visitor, &format!("{one}/end"), &format!("how={how}&why=+&{next}")).await;
            assert!(!refused.contains("Settled:"), "{refused}");
        }
        let ended = toast(&visitor, &format!("{one}/end"), &format!("how=withdrawn&why=&{next}")).await;
        let change = offered(&ended, &format!("{order}/asks/undo"));
        // Once it has left, nothing of it is opened again, asked or taken over.
        ship_orders(&as_person(&world.house, "Wu"), &[left(id, "YT8100")]).await.expect("shipped");
        let late = toast(&visitor, &format!("{order}/asks/undo"), &format!("only={change}&{next}")).await;
        assert!(late.contains("cannot be taken back any more"), "{late}");
        let late = toast(&visitor, &format!("{order}/asks"), &format!("kind=split&{next}")).await;
        assert!(late.contains("neither asked nor taken over"), "{late}");
        let page = visitor.get("/orders/8%2F100").await;
        assert!(page.contains("Not asked any more"), "the timeline says how it ended: {page}");
        assert!(world.house.store.doctor().await.expect("looks").0.is_empty());
    }
}

#[tokio::test]
async fn customs_are_told_the_true_value_whatever_the_buyer_asks_for() {
    for world in worlds("order_value").await {
        let party = buyer(&world).await;
        let id = paid(&world, party, "8100", "2026-03-20T00:00:00Z").await;
        let person = as_person(&world.house, "Lin Yue");
        let found = order_named(&world.house, "8100").await.expect("found");
        ask(&person, &found, AskKind::Customs, true, "").await.expect("asked");
        for untrue in ["Value: 5 USD", "Value: 0", "Value: 25 EUR", "Value: as low as you can"] {
            let refused = put_in_answer(&person, &found, None, untrue).await.expect_err("untrue").to_string();
            assert!(refused.contains("is not what was paid"), "{untrue}: {refused}");
        }
        let read = put_in_answer(&person, &found, None, "Goods: tent\nValue: 5 USD").await.expect("read");
        let fields: Vec<&str> = read.changes.iter().map(|change| change.name).collect();
        assert_eq!((fields, read.untrue.as_deref()), (vec!["goods"], Some("5 USD")));
        let read = put_in_answer(&person, &found, None, "Goods: tent\nValue: USD 25.00").await.expect("read");
        assert_eq!((read.changes.len(), read.untrue), (2, None));
        let asks = world.house.store.order_asks(world.house.tenant.id, party, id).await.expect("reads");
        let answer = asks[0].answer.as_ref().expect("kept");
        assert_eq!(answer.fields.value, "USD 25.00");
    }
}

#[tokio::test]
async fn that_an_order_left_is_taken_back_until_something_has_left() {
    for world in worlds("order_unship").await {
        let party = buyer(&world).await;
        let id = paid(&world, party, "8100", "2026-03-20T00:00:00Z").await;
        let other = paid(&world, party, "8101", "2026-03-20T00:00:00Z").await;
        let site = Site::open(&world).await;
        let visitor = site.enter(&world, Role::Owner).await;
        let fields = format!("do=ship&order={id}&order={other}&number-{id}=YT00001&number-{other}=YT00002&next=/board");
        let shipped = toast(&visitor, "/board", &fields).await;
        let change = offered(&shipped, "/board/ship/undo");
        // A message about it waits: it does not leave, and what was begun stays on the record.
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let waiting = async || {
            let (store, tenant) = (&world.house.store, world.house.tenant.id);
            let all = store.letters_in(tenant, LetterState::Queued, 100).await.expect("reads");
            all.into_iter().filter(|letter| letter.letter.starts_with("m5_")).count()
        };
        let before = waiting().await;
        let undone = toast(&visitor, "/board/ship/undo", &format!("only={change}&next=/board")).await;
        assert!(undone.contains("No longer marked as shipped: 2"), "{before} {undone}");
        assert_eq!(waiting().await, 0);
        for number in ["8100", "8101"] {
            let told = order_in_full(&world.house, number).await.expect("told");
            assert_eq!(told.order.state(world.house.today()), OrderState::Paid);
            assert!(told.order.parcels.is_empty());
        }
        let findings = world.house.store.doctor().await.expect("looks").0;
        assert!(findings.is_empty(), "{findings:?}");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");

        // Its carrier has news of it: it has left, and the other one with it is not taken back alone.
        let shipped = toast(&visitor, "/board", &fields.replace("YT0000", "RR12345678")).await;
        let change = offered(&shipped, "/board/ship/undo");
        let body = br#"{"number":"RR123456781","carrier_key":3011,"tag":null,"report":null,"events":[{"at":
            "2026-03-04T08:50:00Z","status":"picked_up","word":"PickedUp","description":"Picked up","location":"",
            "carrier_key":3011}]}"#;
        let (store, tenant, now) = (&world.house.store, world.house.tenant.id, world.house.now());
        assert!(store.keep_notice(tenant, "asked", "RR123456781", body, now).await.expect("kept"));
        assert_eq!(take_notices(&world.house).await.expect("taken"), 1);
        let refused = toast(&visitor, "/board/ship/undo", &format!("only={change}&next=/board")).await;
        assert!(refused.contains("carrier has news of parcel RR123456781"), "{refused}");
        assert_eq!(state(&world, "8101").await, OrderState::Shipped, "all or none");
        let found = order_named(&world.house, "8101").await.expect("found");
        let person = as_person(&world.house, "Lin Yue");
        undo_last(&person, &found, OrderSlip::Ship).await.expect("of this one nobody has news");
        assert_eq!(state(&world, "8101").await, OrderState::Paid);
        assert!(undo_last(&person, &found, OrderSlip::Ship).await.is_err(), "there is nothing more");

        // Let go by mistake: kept again for the same reason.
        hold_orders(&person, &[other], "box too small", None).await.expect("held");
        let fields = format!("do=release&order={other}&next=/board");
        let released = toast(&visitor, "/board", &fields).await;
        let change = offered(&released, "/board/release/undo");
        toast(&visitor, "/board/release/undo", &format!("only={change}&next=/board")).await;
        let told = order_in_full(&world.house, "8101").await.expect("told");
        assert!(told.holds.iter().any(|hold| hold.is_on(world.house.today()) && hold.why == "box too small"));
    }
}

#[tokio::test]
async fn nobody_reaches_the_orders_of_buyers_that_are_not_theirs() {
    for world in worlds("order_sight").await {
        let party = buyer(&world).await;
        let id = paid(&world, party, "8100", "2026-03-20T00:00:00Z").await;
        let anna = hired(&world, Role::Sales).await;
        let house = &world.house;
        let mut commit = house.store.begin(house.tenant.id, house.now(), &Actor::system()).await.expect("begins");
        commit.reassign_all(None, anna.id).await.expect("handed over");
        let ben = commit.add_user("ben@story.example", "Ben", Role::Sales, Some("-")).await.expect("hired");
        commit.finish().await.expect("kept");
        let ben = house.store.user(house.tenant.id, ben).await.expect("Ben");
        let site = Site::open(&world).await;
        let (hers, his) = (site.enter_as(&anna).await, site.enter_as(&ben).await);
        for fields in ["do=hold&why=x", "do=in_stock", "do=out_of_stock", "do=release", "do=ship&carrier="] {
            let answer = toast(&his, "/board", &format!("{fields}&order={id}&number-{id}=YT1&next=/board")).await;
            assert!(!answer.contains("8100"), "{fields}: {answer}");
        }
        assert_eq!(state(&world, "8100").await, OrderState::Paid);
        let held = toast(&hers, "/board", &format!("do=hold&why=x&order={id}&next=/board")).await;
        let change = offered(&held, "/board/hold/undo");
        for slip in ["hold", "stock", "release", "ship"] {
            let answer = toast(&his, &format!("/board/{slip}/undo"), &format!("only={change}&next=/board")).await;
            assert!(answer.contains("nothing was changed") && !answer.contains("8100"), "{slip}: {answer}");
        }
        let told = order_in_full(&world.house, "8100").await.expect("told");
        assert!(told.holds[0].is_on(world.house.today()), "hers stands");
        assert!(!his.get("/board").await.contains("8100"));
    }
}

#[tokio::test]
async fn work_about_an_order_that_has_moved_on_withdraws_itself() {
    for world in worlds("order_tasks").await {
        let party = buyer(&world).await;
        let id = paid(&world, party, "8100", "2026-03-20T00:00:00Z").await;
        let person = as_person(&world.house, "Lin Yue");
        let found = order_named(&world.house, "8100").await.expect("found");
        ask(&person, &found, AskKind::Wish, false, "gift wrap").await.expect("asked");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let house = &world.house;
        let open = async || {
            let all = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
            all.into_iter().filter(|task| task.order.as_ref().is_some_and(|(own, _)| *own == id)).collect::<Vec<_>>()
        };
        let work = open().await;
        let [wish] = &work[..] else { panic!("one task: {work:?}") };
        let site = Site::open(&world).await;
        let visitor = site.enter(&world, Role::Owner).await;
        assert!(visitor.get(&format!("/today?item=task-T-{:04}", wish.number)).await.contains("Order 8100"));
        note_order_state(&person, &found, OrderWord::Cancelled, None, None).await.expect("told");
        assert!(open().await.is_empty(), "nobody sees to what is called off");
        let done = toast(&visitor, &format!("/tasks/T-{:04}/done", wish.number), "note=&next=/today").await;
        assert!(done.contains("has withdrawn itself"), "{done}");
        let again = toast(&visitor, &format!("/tasks/T-{:04}/reopen", wish.number), "next=/today").await;
        assert!(again.contains("cannot be opened again"), "{again}");
    }
}
