//! What buyers write in the chat of an order: kept once, answered within a day, read for what is open, and heard where they ask
//! to be left alone. The same on both databases.

use dunlin::use_cases::confirm_order::{apply_answer, ask};
use dunlin::use_cases::note_order_state::note_order_state;
use dunlin::use_cases::take_messages::{WrittenMessage, take_written};
use dunlin::use_cases::tell_order::{Happened, timeline};
use dunlin::use_cases::work_orders::{order_in_full, order_named};
use dunlin_core::access::Role;
use dunlin_core::ids::PartyId;
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::clock::OrderClock;
use dunlin_core::order::story::OrderWord;
use dunlin_core::party::ContactRole;
use dunlin_core::plan::TaskKind;
use dunlin_store::pages::desk::TaskRow;
use dunlin_store::{ContactFields, PartyFields, Scope};

use crate::order_pages::paid;
use crate::site::Site;
use crate::world::{World, as_person, at, worlds};

async fn buyer(world: &World, login: &str) -> PartyId {
    let day = "2026-03-03".parse().expect("a day");
    let mut commit = world.house.begin_as_system().await.expect("begins");
    let party =
        PartyFields { name: format!("Ana {login}"), country: "ES".to_string(), language: None, is_consumer: true };
    let id = commit.add_party("marketplace", login, &party, day).await.expect("added");
    let contact = ContactFields {
        name: "Ana Ruiz".to_string(),
        role: ContactRole::Buyer,
        language: None,
        time_zone: None,
        email: None,
        phone: None,
        whatsapp: None,
        in_site_id: Some(login.to_string()),
    };
    commit.add_contact(id, &contact, false, day).await.expect("added");
    commit.finish().await.expect("kept");
    id
}

fn wrote(id: &str, buyer: &str, order: &str, text: &str) -> WrittenMessage {
    WrittenMessage {
        remote_id: format!("aliexpress {id}"),
        order: order.to_string(),
        buyer: buyer.to_string(),
        name: String::new(),
        at: at("2026-03-04T08:00:00Z"),
        text: text.to_string(),
    }
}

async fn answers(world: &World) -> Vec<TaskRow> {
    let house = &world.house;
    let all = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
    all.into_iter().filter(|task| task.kind == TaskKind::Answer).collect()
}

#[tokio::test]
async fn a_message_is_kept_once_asks_for_an_answer_and_answers_what_is_open() {
    for world in worlds("order_messages").await {
        let party = buyer(&world, "ana1").await;
        let id = paid(&world, party, "8100", "2026-03-20T00:00:00Z").await;
        let person = as_person(&world.house, "Lin Yue");
        let found = order_named(&world.house, "8100").await.expect("found");
        ask(&person, &found, AskKind::AddressChange, true, "").await.expect("asked");

        let text = "<script>alert(1)</script>\u{1b}[2J Hi!\nAddress: Calle Mayor 5\nPostcode: 28013";
        let told = [wrote("1", "ana1", "8100", text), wrote("3", "ana1", "9999", "about another order")];
        assert_eq!(take_written(&world.house, &told).await.expect("taken"), 2);
        assert_eq!(take_written(&world.house, &told).await.expect("taken"), 0, "each message once");

        let tasks = answers(&world).await;
        assert_eq!(tasks.len(), 2);
        let own = tasks.iter().find(|task| task.order.as_ref().is_some_and(|(order, _)| *order == id)).expect("one");
        assert_eq!(own.due_at, Some(at("2026-03-05T08:00:00Z")), "within a day");
        let order = order_in_full(&world.house, "8100").await.expect("told");
        let lines = timeline(&order);
        let wrote = lines.iter().filter(|line| matches!(line.what, Happened::Wrote { .. })).count();
        assert_eq!(wrote, 1);
        // Read, shown, and not taken over before somebody has looked.
        let (known, _) = world.house.store.order_delivery(world.house.tenant.id, party, id).await.expect("reads");
        assert!(known.is_empty());
        let answer = order.asks[0].answer.as_ref().expect("a proposal");
        assert_eq!(answer.fields.postcode, "28013");
        let site = Site::open(&world).await;
        let visitor = site.enter(&world, Role::Owner).await;
        let page = visitor.get("/orders/8100").await;
        assert!(page.contains("28013") && page.contains("Take over") && page.contains("&#60;script&#62;"), "{page}");
        assert!(!page.contains("<script>alert") && !page.contains('\u{1b}'), "{page}");
        let state = order.order.state(world.house.today());
        let clocks = order.clocks(&world.house.zone()).running(state);
        assert_eq!(clocks[0], (OrderClock::Answer, at("2026-03-05T08:00:00Z")));
        apply_answer(&person, &found, None).await.expect("applied");

        let done = format!("/tasks/T-{:04}/done", own.number);
        visitor.post(&done, "next=/orders/8100").await;
        let page = visitor.get("/orders/8100").await;
        assert!(!page.contains("Written by the buyer") && page.contains("The buyer wrote"), "{page}");
        assert!(world.house.store.doctor().await.expect("looks").0.is_empty());
    }
}

#[tokio::test]
async fn who_asks_to_be_left_alone_is_heard_and_a_question_ends_with_its_order() {
    for world in worlds("order_objections").await {
        let party = buyer(&world, "ana1").await;
        paid(&world, party, "8100", "2026-03-20T00:00:00Z").await;
        let objects = async || {
            let house = &world.house;
            let facts = house.store.facts(house.tenant.id, Scope::One(party), house.now()).await.expect("facts");
            facts[0].contacts[0].objected
        };
        let told = [wrote("1", "ana1", "8100", "Please do not write the price on the parcel")];
        take_written(&world.house, &told).await.expect("taken");
        assert!(!objects().await);
        assert_eq!(answers(&world).await.len(), 1);
        let told = [wrote("2", "ana1", "8100", "No me escriban más, por favor")];
        take_written(&world.house, &told).await.expect("taken");
        assert!(objects().await);
        assert_eq!(answers(&world).await.len(), 1, "whoever wants to be left alone waits for no answer");
        let told = [wrote("4", "ana1", "8100", "Stop writing to me!")];
        assert_eq!(take_written(&world.house, &told).await.expect("taken"), 1, "said twice breaks nothing");

        let found = order_named(&world.house, "8100").await.expect("found");
        let person = as_person(&world.house, "Lin Yue");
        note_order_state(&person, &found, OrderWord::Completed, None, None).await.expect("told");
        assert!(answers(&world).await.is_empty(), "its question has passed");
        // What is written after the end is a question of its own.
        let late = WrittenMessage { at: world.house.now(), ..wrote("5", "ana1", "8100", "It broke. What now?") };
        take_written(&world.house, &[late]).await.expect("taken");
        assert_eq!(answers(&world).await.len(), 1);
    }
}

#[tokio::test]
async fn who_writes_and_never_ordered_reaches_the_desk_and_is_known_when_they_order() {
    for world in worlds("order_strangers").await {
        let owner = buyer(&world, "ana1").await;
        paid(&world, owner, "8100", "2026-03-20T00:00:00Z").await;
        let asks =
            WrittenMessage { name: "Olga\u{1b} P".to_string(), ..wrote("1", "ru7", "", "Do you have it in blue?") };
        // An order that is somebody else's tells nothing of who writes about it.
        let told = [asks, wrote("2", "ru7", "8100", "And in red?"), wrote("3", "", "", "From nobody")];
        assert_eq!(take_written(&world.house, &told).await.expect("taken"), 2);
        assert_eq!(take_written(&world.house, &told).await.expect("taken"), 0, "each message once");
        let tasks = answers(&world).await;
        assert_eq!(tasks.len(), 2);
        assert!(tasks.iter().all(|task| task.order.is_none() && task.party_id != Some(owner)), "{tasks:?}");
        assert_eq!(tasks[0].party_id, tasks[1].party_id, "one person");
        assert_eq!(order_in_full(&world.house, "8100").await.expect("told").written.len(), 0);
        let house = &world.house;
        let stranger = tasks[0].party_id.expect("somebody");
        let facts = house.store.facts(house.tenant.id, Scope::One(stranger), house.now()).await.expect("facts");
        assert_eq!((facts[0].party.name.as_str(), facts[0].contacts.len()), ("Olga P", 1));
        let mut commit = house.begin_as_system().await.expect("begins");
        let found = commit.find_party("marketplace", "ru7").await.expect("reads").expect("known by their account");
        assert_eq!(found.id, stranger);
        drop(commit);
        assert!(house.store.doctor().await.expect("looks").0.is_empty());
    }
}

#[tokio::test]
async fn who_was_erased_does_not_come_back_by_what_they_write_about_their_order() {
    for world in worlds("order_erased_writer").await {
        let party = buyer(&world, "ana1").await;
        paid(&world, party, "8100", "2026-03-20T00:00:00Z").await;
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.erase_consumer(party).await.expect("erased");
        commit.finish().await.expect("kept");
        let told = [wrote("1", "ana1", "8100", "Where is my parcel?")];
        assert_eq!(take_written(&world.house, &told).await.expect("taken"), 0);
        assert!(answers(&world).await.is_empty());
    }
}
