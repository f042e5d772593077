//! Days and clocks: the days of an order and the playbook that counts from them, days on which a buyer is closed, where
//! its people are, and how a debt comes in that is old already. The same on both databases.

use dunlin::house::House;
use dunlin::import::{FollowedCase, ImportOptions, import_file};
use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::mark_party::choose_playbook;
use dunlin::use_cases::note_closed_days::{add_closed_days, end_closed_days};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::set_due_day::{set_due_day, undo_due_day};
use dunlin::use_cases::set_order_day::{follow_days, set_order_day};
use dunlin::use_cases::set_whereabouts::{Whose, set_country, set_time_zone, unclear_countries};
use dunlin::use_cases::standing_facts::Found;
use dunlin_core::access::Role;
use dunlin_core::case::{Case, Entry};
use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::key_date::KeyDate;
use dunlin_core::plan::TaskKind;
use dunlin_store::pages::keyset::After;
use dunlin_store::{LogFilter, Scope, StoredLetter};
use jiff::civil::Date;

use crate::site::Site;
use crate::world::{HEADER, World, at, orders, worlds};

/// A playbook that counts from the arrival of the goods.
const AT_THE_PORT: &str = r#"
id = "at_the_port"
scenario = "B4"
[title]
en = "Goods at the port"
zh = "货在港口"
[applies]
source = "direct"
dates = ["arrival"]
[[step]]
id = "ask_at_the_port"
level = 1
purpose = "press"
at = ["arrival + 2 days"]
channels = ["email"]
roles = ["finance", "buyer"]
letter = "b5_first_reminder"
autonomy = "automatic"
statement = true
answer_days = 5
[step.title]
en = "Ask at the port"
zh = "到港后联系"
"#;

async fn with_port(world: &mut World) {
    let folder = world.dir.path().join("own");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("at_the_port.toml"), AT_THE_PORT).expect("written");
    let house = &world.house;
    let own = House::new(house.store.clone(), house.tenant.clone(), house.clock, world.dir.path(), Some(&folder)).await;
    world.house = own.expect("a house");
}

async fn run(world: &World) {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
}

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

async fn party(world: &World, name: &str) -> PartyId {
    world.house.store.find_party(world.house.tenant.id, name).await.expect("reads").expect("known").0
}

async fn case(world: &World, found: &Found) -> Case {
    let house = &world.house;
    let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await.expect("facts");
    let item = facts[0].receivables.iter().find(|item| item.receivable.id == found.receivable_id);
    item.and_then(|item| item.case.clone()).expect("a case")
}

async fn letter(world: &World, number: i64) -> StoredLetter {
    world.house.store.letter_by_number(world.house.tenant.id, number).await.expect("a letter")
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn refused<T: std::fmt::Debug>(outcome: anyhow::Result<T>, words: &str) {
    let text = outcome.expect_err("refused").to_string();
    assert!(text.contains(words), "‘{words}’ is not in: {text}");
}

#[tokio::test]
async fn a_case_follows_the_playbook_that_the_arrival_makes_fit() {
    for mut world in worlds("days_follow").await {
        with_port(&mut world).await;
        world.import("orders.csv", &orders()).await;
        run(&world).await;
        let house = &world.house;
        let found = find(&world, "INV-2026-003").await;
        let playbook = |case: Case| case.playbook.expect("a playbook").id.to_string();
        assert_eq!(playbook(case(&world, &found).await), "b5_open_account");

        let set = set_order_day(house, &found, KeyDate::Arrival, Some(day("2026-03-10"))).await.expect("set");
        let moved = FollowedCase {
            receivable: "R-0003".to_string(),
            from: "b5_open_account".to_string(),
            to: "at_the_port".to_string(),
            because: vec!["arrival".to_string()],
        };
        assert_eq!((set.before, &set.followed.moved[..], set.followed.waiting.len()), (None, &[moved][..], 0));
        assert_eq!(playbook(case(&world, &found).await), "at_the_port");
        let explained = explain_receivable(house, &found).await.expect("explains");
        assert_eq!(explained.playbook.as_deref(), Some("at_the_port"));
        assert_eq!(explained.step.as_deref(), Some("ask_at_the_port"));
        run(&world).await;
        let log = house.store.audit_log(house.tenant.id, &LogFilter::default(), 20).await.expect("the log");
        for verb in ["order.day", "case.followed"] {
            assert!(log.iter().any(|line| line.verb == verb && line.subject == "R-0003"), "{verb}");
        }
        let told = house.store.case_moves(house.tenant.id, found.party_id).await.expect("moves");
        assert_eq!((told.len(), &told[0].because[..]), (1, &[KeyDate::Arrival][..]));

        // The same day again is no change; without the day it was made for, the playbook fits no more.
        refused(set_order_day(house, &found, KeyDate::Arrival, Some(day("2026-03-10"))).await, "already");
        let back = set_order_day(house, &found, KeyDate::Arrival, None).await.expect("taken back");
        assert_eq!((back.before, back.followed.moved.len()), (Some(day("2026-03-10")), 1));
        assert!(back.followed.moved[0].because.is_empty());
        assert_eq!(playbook(case(&world, &found).await), "b5_open_account");
        refused(set_order_day(house, &found, KeyDate::Arrival, None).await, "no such day");
        refused(set_order_day(house, &found, KeyDate::Maturity, Some(day("1850-01-01"))).await, "2000");

        // A letter under way keeps its case; when it has left, the next day moves it.
        let late = find(&world, "INV-2026-001").await;
        let set = set_order_day(house, &late, KeyDate::Arrival, Some(day("2026-03-10"))).await.expect("set");
        assert_eq!((set.followed.moved.len(), set.followed.waiting.len()), (0, 1));
        assert_eq!(playbook(case(&world, &late).await), "b5_open_account");
        assert_eq!(send_letters(house).await.expect("sends").sent, 1);
        let set = set_order_day(house, &late, KeyDate::Arrival, Some(day("2026-03-11"))).await.expect("set");
        assert_eq!((set.followed.moved.len(), set.before), (1, Some(day("2026-03-10"))));

        // What a person chose for the debtor stands above any day.
        choose_playbook(house, found.party_id, Some("b5_open_account")).await.expect("chosen");
        run(&world).await;
        let set = set_order_day(house, &found, KeyDate::Arrival, Some(day("2026-03-12"))).await.expect("set");
        assert_eq!(set.followed, dunlin::import::Followed::default());
    }
}

#[tokio::test]
async fn a_file_brings_the_days_and_corrects_them() {
    for mut world in worlds("days_import").await {
        with_port(&mut world).await;
        let head = HEADER.trim_end();
        let row = "QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,800.00,OA 60 days,2026-02-10,INV-1,2026-02-20";
        world.import("plain.csv", &format!("{head}\n{row}\n")).await;
        run(&world).await;
        let found = find(&world, "INV-1").await;
        let sheet = |eta: &str| format!("{head},预计到港,免箱期截止\n{row},{eta},待定\n");
        let report = world.import("eta.csv", &sheet("2026-03-20")).await;
        assert_eq!((report.counts.corrected, report.problems.len()), (1, 0), "{report:?}");
        assert_eq!(
            (report.corrections[0].field.as_str(), report.corrections[0].after.as_str()),
            ("arrival", "2026-03-20")
        );
        let followed = follow_days(&world.house, &report.days_changed).await.expect("follows");
        assert_eq!((followed.moved.len(), followed.moved[0].to.as_str()), (1, "at_the_port"));
        assert_eq!(case(&world, &found).await.playbook.map(|known| known.id.to_string()), Some("at_the_port".into()));

        let again = world.import("eta.csv", &sheet("2026-03-20")).await;
        assert_eq!((again.counts.unchanged, again.days_changed.len()), (1, 0));
        let later = world.import("later.csv", &sheet("2026-03-28")).await;
        assert_eq!(
            (later.corrections[0].before.as_str(), later.corrections[0].after.as_str()),
            ("2026-03-20", "2026-03-28")
        );
        let empty = world.import("empty.csv", &sheet("")).await;
        assert_eq!(empty.counts.unchanged, 1, "an empty cell takes nothing back");
        let unread = world.import("unread.csv", &sheet("when it comes")).await;
        assert_eq!((unread.counts.left_out, unread.problems.len()), (0, 1), "it costs only itself");
        let house = &world.house;
        let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await.expect("facts");
        assert_eq!(facts[0].receivables[0].dates, [(KeyDate::Arrival, day("2026-03-28"))]);
    }
}

#[tokio::test]
async fn letters_wait_until_the_buyer_has_opened_again() {
    for world in worlds("days_closed").await {
        world.import("orders.csv", &orders()).await;
        let (house, rossi) = (&world.house, party(&world, "D-0001").await);
        let (from, to) = (day("2026-03-04"), day("2026-03-06"));
        refused(add_closed_days(house, rossi, (to, from), "x").await, "before");
        refused(add_closed_days(house, rossi, (from, day("2026-05-03")), "x").await, "60");
        refused(add_closed_days(house, rossi, (day("2026-03-01"), day("2026-03-02")), "x").await, "over");
        refused(add_closed_days(house, rossi, (from, to), " ").await, "reason");
        add_closed_days(house, rossi, (from, to), "stocktaking").await.expect("closed");
        refused(add_closed_days(house, rossi, (from, from), "again").await, "already");
        run(&world).await;
        // Wednesday to Friday are closed, and nobody works at the weekend.
        let waiting = letter(&world, 1).await;
        assert_eq!(waiting.not_before, at("2026-03-09T08:00:00Z"));
        let codes: Vec<&str> = waiting.reasons.iter().map(|reason| reason.code.code()).collect();
        assert!(codes.contains(&"contact.closed"), "{codes:?}");

        let told = house.store.closed_told(house.tenant.id, rossi).await.expect("told");
        assert_eq!((told.len(), told[0].why.as_str(), told[0].ended_at), (1, "stocktaking", None));
        end_closed_days(house, rossi, from).await.expect("taken back");
        refused(end_closed_days(house, rossi, from).await, "no closed days");
        let facts = house.store.facts(house.tenant.id, Scope::One(rossi), house.now()).await.expect("facts");
        assert!(facts[0].closed_on.is_empty());
    }
}

/// The debtors whose clock is asked for.
async fn zones_asked(world: &World) -> Vec<String> {
    let (house, first) = (&world.house, After { key: 0, limit: 50 });
    let rows = house.store.tasks_after(house.tenant.id, &house.sight, None, None, &first).await.expect("reads");
    let asked = rows.into_iter().filter(|task| task.kind == TaskKind::FindZone && task.settled_at.is_none());
    let mut parties: Vec<String> = asked.filter_map(|task| Some(task.party?.number)).collect();
    parties.sort();
    parties
}

#[tokio::test]
async fn a_clock_is_asked_for_where_a_country_has_several() {
    for world in worlds("days_clock").await {
        let row = "QH-7,C007,Prairie Goods Inc.,美国,Jo Field,财务,jo@prairie.example,USD,900.00,OA 30 days,2026-01-10,INV-7,2026-01-20\n\
                   QH-8,C008,Nowhere Trading,,Kim Low,财务,kim@nowhere.example,USD,900.00,OA 30 days,2026-01-10,INV-8,2026-01-20\n";
        world.import("orders.csv", &format!("{HEADER}{row}")).await;
        run(&world).await;
        let house = &world.house;
        let (tenant, unclear) = (house.tenant.id, unclear_countries());
        let asked = house.store.clocks_unknown(tenant, &house.sight, &unclear, 5).await.expect("reads");
        assert_eq!(asked.iter().map(|party| party.number.as_str()).collect::<Vec<_>>(), ["D-0001", "D-0002"]);
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        // Each is one task on the desk, asked once.
        assert_eq!(zones_asked(&world).await, ["D-0001", "D-0002"]);
        run(&world).await;
        assert_eq!(zones_asked(&world).await.len(), 2);
        let asked = world.house.store.open_tasks(tenant, &house.sight, house.now()).await.expect("reads");
        let task = asked.iter().find(|task| task.kind == TaskKind::FindZone).expect("a task");
        let page = owner.get(&format!("/today?item=task-T-{:04}", task.number)).await;
        assert!(page.contains("#clock"), "{page}");
        let debtor = owner.get("/debtors/D-0001?lang=en").await;
        assert!(debtor.contains("America/Los_Angeles"), "{debtor}");
        assert!(debtor.contains("several clocks, from New York to Los Angeles"), "{debtor}");

        let (prairie, nowhere) = (party(&world, "D-0001").await, party(&world, "D-0002").await);
        refused(set_time_zone(house, prairie, Whose::Unknown, "Mars/Olympus").await, "not a time zone");
        assert_eq!(set_time_zone(house, prairie, Whose::Unknown, "america/chicago").await.expect("set"), 1);
        let debtor = owner.get("/debtors/D-0001?lang=en").await;
        assert!(debtor.contains("in Chicago"), "the clock of its people: {debtor}");
        refused(set_time_zone(house, prairie, Whose::Named("Jo Field"), "America/Chicago").await, "already");
        let facts = house.store.facts(tenant, Scope::One(nowhere), house.now()).await.expect("facts");
        let kim = facts[0].contacts[0].id;
        // Somebody at another debtor is nobody here, and so is somebody who is nowhere.
        for stranger in [kim, ContactId(7)] {
            refused(set_time_zone(house, prairie, Whose::Contact(stranger), "Asia/Tokyo").await, "nobody at D-0001");
        }
        let api = crate::api::Program::of_owner(&site, &world).await;
        let asked = format!(r#"{{"time_zone":"Asia/Tokyo","contact":"{kim}"}}"#);
        api.post("/v1/debtors/D-0001/time-zone", &asked).await.is_problem(409, "refused");
        assert_eq!(
            house.store.facts(tenant, Scope::One(nowhere), house.now()).await.expect("facts")[0].contacts[0].time_zone,
            None
        );
        refused(set_country(house, nowhere, "Atlantis").await, "no country");
        set_country(house, nowhere, "Italy").await.expect("set");
        refused(set_country(house, nowhere, "IT").await, "already");
        assert!(house.store.clocks_unknown(tenant, &house.sight, &unclear, 5).await.expect("reads").is_empty());
        assert!(zones_asked(&world).await.is_empty(), "the tasks ended by themselves");
        assert!(!owner.get("/debtors/D-0001").await.contains("id=\"clock\""));
        let facts = house.store.facts(tenant, Scope::One(prairie), house.now()).await.expect("facts");
        assert_eq!(facts[0].contacts[0].time_zone.as_deref(), Some("America/Chicago"));
    }
}

#[tokio::test]
async fn an_old_debt_comes_in_as_whoever_brings_it_says() {
    for (entry, level) in [(None, 1), (Some(Entry::Standard), 1), (Some(Entry::Contextual), 3)] {
        for world in worlds(&format!("days_entry_{level}")).await {
            let row = "QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,800.00,OA 30 days,2025-12-10,INV-1,2025-12-20\n";
            let text = format!("{HEADER}{row}");
            let house = &world.house;
            let options = ImportOptions { entry, ..ImportOptions::default() };
            let (store, tenant, bytes) = (&house.store, &house.tenant, text.as_bytes());
            let report = import_file(store, tenant, house.now(), &house.actor, "old.csv", bytes, &options).await;
            assert_eq!(report.expect("imports").old_debts, 1);
            run(&world).await;
            let found = find(&world, "INV-1").await;
            let case = case(&world, &found).await;
            assert_eq!(case.entry, entry.unwrap_or(Entry::Standard));
            assert_eq!(case.steps.iter().map(|step| step.level).collect::<Vec<_>>(), [level]);
            let site = Site::open(&world).await;
            let page = site.enter(&world, Role::Owner).await.get("/receivables/R-0001").await;
            assert_eq!(page.contains("It came in on level 3"), level == 3);
        }
    }
}

#[tokio::test]
async fn forms_work_without_javascript() {
    for world in worlds("days_forms").await {
        world.import("orders.csv", &orders()).await;
        run(&world).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        for (path, fields, page, shown) in [
            (
                "/receivables/R-0001/days",
                "kind=free_time_end&date=2026-03-20",
                "/receivables/R-0001",
                "end of free time",
            ),
            (
                "/debtors/D-0001/closed",
                "from=2026-03-20&to=2026-03-22&reason=fair+in+Milan",
                "/debtors/D-0001",
                "fair in Milan",
            ),
        ] {
            let answer = owner.post(path, fields).await;
            assert!(answer.starts_with("HTTP/1.1 303"), "{path}: {answer}");
            assert!(owner.get(page).await.contains(shown), "{page}");
        }
        let answer = owner.post("/receivables/R-0001/days/end", "kind=free_time_end").await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        assert!(owner.get("/receivables/R-0001").await.contains("Taken back: end of free time"));
    }
}

#[tokio::test]
async fn a_wrong_day_of_a_file_is_set_right_by_hand_and_stays_so() {
    for world in worlds("days_right").await {
        let house = &world.house;
        world.import("orders.csv", &orders()).await;
        run(&world).await;
        let found = find(&world, "INV-2026-001").await;
        let due = || async {
            let facts =
                house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await.expect("facts");
            let item = facts[0].receivables.iter().find(|item| item.receivable.id == found.receivable_id);
            item.expect("there").receivable.due_on
        };
        assert_eq!(due().await, Some(day("2026-02-19")));
        let set = set_due_day(house, &found, Some(day("2026-04-19"))).await.expect("set");
        assert_eq!((set.before, set.letters_cancelled), (Some(day("2026-02-19")), 1), "the letter quoted the old day");
        refused(set_due_day(house, &found, Some(day("2026-04-19"))).await, "already");
        refused(set_due_day(house, &found, Some(day("1026-04-19"))).await, "2000");
        let again = world.import("again.csv", &orders().replace("QH-3", "QH-4")).await;
        assert!(again.corrections.iter().all(|one| one.field != "due_on"), "{:?}", again.corrections);
        assert_eq!(due().await, Some(day("2026-04-19")));
        undo_due_day(house, found.party_id, &found.number, set.seq).await.expect("taken back");
        assert_eq!(due().await, Some(day("2026-02-19")));
        refused(undo_due_day(house, found.party_id, &found.number, set.seq).await, "something else");
        // A file that says something new is a correction again.
        set_due_day(house, &found, None).await.expect("waits again");
        assert_eq!(due().await, None);
        let later =
            world.import("later.csv", &orders().replace("INV-2026-001,2026-01-20", "INV-2026-001,2026-01-25")).await;
        assert!(later.corrections.iter().any(|one| one.field == "due_on"), "{:?}", later.corrections);
        assert_eq!(due().await, Some(day("2026-02-24")));
        // A day of the order that somebody took back does not come again with the same file.
        let head = HEADER.trim_end();
        let row = "QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"12,430.00\",OA 30 days,2026-01-10,INV-2026-001,2026-01-25";
        let sheet = format!("{head},预计到港\n{row},2026-03-20\n");
        world.import("eta.csv", &sheet).await;
        set_order_day(house, &found, KeyDate::Arrival, None).await.expect("taken back");
        world.import("eta again.csv", &format!("{sheet}\n")).await;
        let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await.expect("facts");
        let item = facts[0].receivables.iter().find(|item| item.receivable.id == found.receivable_id).expect("there");
        assert!(item.dates.is_empty(), "{:?}", item.dates);
    }
}

#[tokio::test]
async fn b6_what_a_file_says_is_paid_against_documents_is_followed_by_their_playbook() {
    for world in worlds("documents_in_a_file").await {
        let header = "订单号,客户名称,国家,联系人,邮箱,币种,合同金额,付款方式,下单日期,到期日,交单期,到单日\n";
        let rows = "QH-5,Rossi,意大利,Anna,anna@rossi.example,USD,1000,L/C at sight,2026-01-05,2026-04-20,2026-03-31,\n\
            QH-6,Rossi,意大利,Anna,anna@rossi.example,USD,2000,D/P at sight,2026-01-05,2026-04-25,,2026-04-15\n";
        let report = world.import("documents.csv", &format!("{header}{rows}")).await;
        assert_eq!((report.counts.added, report.counts.left_out), (2, 0), "{:?}", report.problems);
        for (order, playbook) in [("QH-5", "b6_letter_of_credit"), ("QH-6", "b6_collection")] {
            let house = &world.house;
            let found: Found = house.store.find_receivable(house.tenant.id, order).await.expect("known").into();
            let told = explain_receivable(house, &found).await.expect("explains");
            assert_eq!(told.playbook.as_deref(), Some(playbook), "{order}");
        }
    }
}
