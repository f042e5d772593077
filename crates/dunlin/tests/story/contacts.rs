//! The people at a debtor are kept by hand: added, changed, retired, brought back; files do not overwrite what somebody
//! here entered.

use dunlin::house::House;
use dunlin::import::{ImportOptions, import_file};
use dunlin::use_cases::keep_contacts::{
    PersonForm, add_contact, change_contact, find_contact, form_of, list_contacts, reinstate_contact, retire_contact,
    undo_contact,
};
use dunlin::use_cases::manage_users::hand_over_all;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin_core::access::Role;
use dunlin_core::ids::PartyId;
use dunlin_core::plan::TaskKind;
use dunlin_store::{Actor, KnownContact, LogFilter, Scope, Via};

use crate::site::{Site, hired};
use crate::world::{HEADER, World, as_person, orders, program, worlds};

async fn ready(world: &World) -> (House, PartyId) {
    world.import("orders.csv", &orders()).await;
    let house = as_person(&world.house, "Lin Yue");
    let rossi = house.store.find_party(house.tenant.id, "D-0001").await.expect("reads").expect("a debtor").0;
    (house, rossi)
}

async fn anna(house: &House, rossi: PartyId) -> KnownContact {
    find_contact(house, rossi, "anna@rossi.example").await.expect("Anna")
}

fn refused<T: std::fmt::Debug>(outcome: anyhow::Result<T>, words: &str) {
    let text = outcome.expect_err("refused").to_string();
    assert!(text.contains(words), "‘{words}’ is not in: {text}");
}

#[tokio::test]
async fn what_is_entered_by_hand_holds_against_files() {
    for world in worlds("contacts").await {
        let (house, rossi) = ready(&world).await;
        let known = anna(&house, rossi).await;
        assert!(known.by_hand.is_empty(), "a file said it: {known:?}");
        let form = PersonForm {
            email: "a.rossi@rossi.example".to_string(),
            whatsapp: "+39 333 1234567".to_string(),
            time_zone: "europe/rome".to_string(),
            ..form_of(&known)
        };
        let changed = change_contact(&house, rossi, known.id, &form).await.expect("changed");
        assert_eq!(changed.fields, ["time_zone", "email", "whatsapp"]);
        refused(change_contact(&house, rossi, known.id, &form).await, "nothing about this person");
        // The address that the file has is the one of before: the person is known by it, and keeps the new one.
        let report = world.import("later.csv", &orders().replace("QH-3", "QH-4")).await;
        let told: Vec<_> = report.problems.iter().filter(|one| one.code == "unread-by-hand").collect();
        assert_eq!(told.len(), 1, "{:?}", report.problems);
        assert!(told[0].why.contains("a.rossi@rossi.example") && told[0].read == "anna@rossi.example", "{told:?}");
        assert!(!report.record().contains("a.rossi@rossi.example"), "the record outlives erasure");
        let all = list_contacts(&house, rossi).await.expect("people");
        assert_eq!(all.len(), 1, "no second Anna: {all:?}");
        assert_eq!(all[0].fields.email.as_deref(), Some("a.rossi@rossi.example"));
        assert_eq!(all[0].fields.time_zone.as_deref(), Some("Europe/Rome"));
        // What nobody entered by hand, a file still corrects.
        let report = world.import("again.csv", &orders().replace("Anna Rossi,财务", "Anna B. Rossi,财务")).await;
        assert!(report.corrections.iter().any(|one| one.field == "name"), "{:?}", report.corrections);
        let lines = house.store.audit_log(house.tenant.id, &LogFilter::default(), 5).await.expect("a log");
        let line = lines.iter().find(|line| line.verb == "contact.changed").expect("logged");
        let words = line.personal.as_ref().expect("kept sealed");
        assert_eq!(words["email"]["before"], "anna@rossi.example");
        assert!(!line.facts.to_string().contains("rossi.example"), "{:?}", line.facts);
        // As known before, the old address stands.
        let (findings, _) = house.store.doctor().await.expect("looks");
        assert!(findings.is_empty(), "{findings:?}");
    }
}

#[tokio::test]
async fn a_change_is_taken_back_while_it_is_the_last() {
    for world in worlds("contacts_undo").await {
        let (house, rossi) = ready(&world).await;
        let known = anna(&house, rossi).await;
        let form = PersonForm { name: "Anna Bianchi".to_string(), ..form_of(&known) };
        let first = change_contact(&house, rossi, known.id, &form).await.expect("changed");
        undo_contact(&house, rossi, known.id, first.seq).await.expect("taken back");
        let back = anna(&house, rossi).await;
        assert_eq!((back.fields.name.as_str(), back.by_hand.len()), ("Anna Rossi", 0));
        refused(undo_contact(&house, rossi, known.id, first.seq).await, "something else happened");
        let second = change_contact(&house, rossi, known.id, &form).await.expect("changed");
        let form = PersonForm { phone: "+39 02 1234567".to_string(), ..form };
        change_contact(&house, rossi, known.id, &form).await.expect("changed");
        refused(undo_contact(&house, rossi, known.id, second.seq).await, "something else happened");
    }
}

#[tokio::test]
async fn two_of_one_name_with_an_address_each_are_two() {
    for world in worlds("contacts_namesake").await {
        let (house, rossi) = ready(&world).await;
        let known = anna(&house, rossi).await;
        let namesake = PersonForm { email: "a.rossi@rossi.example".to_string(), ..form_of(&known) };
        let other = add_contact(&house, rossi, &namesake).await.expect("added");
        assert_ne!(other, known.id);
        assert_eq!(anna(&house, rossi).await.fields, known.fields, "nobody was overwritten");
        // Without an address to tell by, the name says who is meant.
        let called = PersonForm { email: String::new(), phone: "+39 02 1".to_string(), ..form_of(&known) };
        let same = add_contact(&house, rossi, &called).await.expect("known");
        assert!([known.id, other].contains(&same), "one of the two of that name, and nobody new");
        assert_eq!(list_contacts(&house, rossi).await.expect("people").len(), 2);
    }
}

#[tokio::test]
async fn what_is_taken_back_makes_no_second_entry_of_an_address() {
    for world in worlds("contacts_undo_twice").await {
        let (house, rossi) = ready(&world).await;
        let known = anna(&house, rossi).await;
        let left = PersonForm { email: "a.rossi@rossi.example".to_string(), ..form_of(&known) };
        let moved = change_contact(&house, rossi, known.id, &left).await.expect("changed");
        let luca = PersonForm {
            name: "Luca Verdi".to_string(),
            email: "luca@rossi.example".to_string(),
            ..PersonForm::default()
        };
        let luca = add_contact(&house, rossi, &luca).await.expect("added");
        let took = PersonForm {
            name: "Luca Verdi".to_string(),
            email: "anna@rossi.example".to_string(),
            ..PersonForm::default()
        };
        change_contact(&house, rossi, luca, &took).await.expect("took the mailbox over");
        refused(undo_contact(&house, rossi, known.id, moved.seq).await, "is known as the address of");
        let still = find_contact(&house, rossi, "a.rossi@rossi.example").await.expect("nothing was changed");
        assert_eq!(still.id, known.id);
    }
}

#[tokio::test]
async fn nobody_writes_to_who_is_retired() {
    for world in worlds("contacts_retired").await {
        let (house, rossi) = ready(&world).await;
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(run.written.letters, 1);
        let known = anna(&house, rossi).await;
        let done = retire_contact(&house, rossi, known.id, "left the firm").await.expect("retired");
        assert_eq!(done.letters_cancelled, 1);
        refused(retire_contact(&house, rossi, known.id, "").await, "already");
        let facts = house.store.facts(house.tenant.id, Scope::One(rossi), house.now()).await.expect("facts");
        assert!(facts[0].contacts.is_empty());
        assert_eq!(facts[0].contact(known.id).map(|one| one.name()), Some("Anna Rossi"), "her letters still name her");
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((run.written.letters, run.refused), (0, 0));
        let report = world.import("later.csv", &orders().replace("QH-3", "QH-4")).await;
        assert!(report.problems.iter().any(|one| one.code == "unread-retired"), "{:?}", report.problems);
        assert_eq!(list_contacts(&house, rossi).await.expect("people").len(), 1);
        // Another person with her address would be she.
        let again = PersonForm { email: "anna@rossi.example".to_string(), ..PersonForm::default() };
        add_contact(&house, rossi, &again).await.expect("back");
        assert!(anna(&house, rossi).await.retired_at.is_none(), "who is entered again is back");
        retire_contact(&house, rossi, known.id, "").await.expect("retired");
        let other = PersonForm { email: "luca@rossi.example".to_string(), ..PersonForm::default() };
        add_contact(&house, rossi, &other).await.expect("added");
        let luca = find_contact(&house, rossi, "luca@rossi.example").await.expect("Luca");
        let twice = PersonForm { email: "ANNA@rossi.example".to_string(), ..form_of(&luca) };
        refused(change_contact(&house, rossi, luca.id, &twice).await, "is known as the address of");
        reinstate_contact(&house, rossi, known.id).await.expect("reinstated");
        refused(reinstate_contact(&house, rossi, known.id).await, "already");
        let nowhere = PersonForm { name: "Nobody".to_string(), ..PersonForm::default() };
        refused(add_contact(&house, rossi, &nowhere).await, "nobody can be reached");
    }
}

#[tokio::test]
async fn pages_and_the_command_line_keep_people() {
    for world in worlds("contacts_pages").await {
        let (house, rossi) = ready(&world).await;
        let known = anna(&house, rossi).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let page = owner.get("/debtors/D-0001").await;
        assert!(page.contains(&format!("/debtors/D-0001/contacts/{}/retire", known.id)), "a form to retire");
        let fields = "name=Anna+Rossi&role=owner&email=anna%40rossi.example&next=/debtors/D-0001";
        let answer = owner.post(&format!("/debtors/D-0001/contacts/{}", known.id), fields).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        assert_eq!(anna(&house, rossi).await.fields.role.code(), "owner");
        let answer = owner.post(&format!("/debtors/D-0001/contacts/{}/retire", known.id), "next=/debtors/D-0001").await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        assert!(owner.get("/debtors/D-0001").await.contains(&format!("/contacts/{}/reinstate", known.id)));
        let auditor = site.enter(&world, Role::Auditor).await;
        assert!(!auditor.get("/debtors/D-0001").await.contains("/reinstate"), "no forms for an auditor");

        let run = |args: &[&str]| {
            let output = program().args(["--db", &world.place]).args(args).output().expect("runs");
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            (output.status.code(), said, String::from_utf8_lossy(&output.stderr).into_owned())
        };
        let (code, _, _) = run(&["contact", "reinstate", "D-0001", "Anna Rossi"]);
        assert_eq!(code, Some(0));
        let (code, said, wrong) = run(&["contact", "change", "D-0001", "anna rossi", "--phone", "+39 02 999999"]);
        assert!(code == Some(0) && said.contains("phone"), "{said} {wrong}");
        let (code, _, _) = run(&["contact", "change", "D-0001", "Anna Rossi"]);
        assert_eq!(code, Some(2), "nothing was said");
        let (_, said, _) = run(&["contact", "list", "D-0001", "--json"]);
        let list: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(list["contacts"][0]["phone"], "+39 02 999999");
        assert_eq!(list["contacts"][0]["by_hand"], serde_json::json!(["role", "phone"]));
    }
}

#[tokio::test]
async fn a_file_says_who_looks_after_a_customer() {
    for world in worlds("sellers").await {
        let house = as_person(&world.house, "Lin Yue");
        let (seller, manager) = (hired(&world, Role::Sales).await, hired(&world, Role::Manager).await);
        let sheet = |who: &str| {
            format!(
                "客户编号,客户名称,国家,业务员\nC001,Rossi Outdoor S.r.l.,意大利,{who}\nC002,Campo y Río S.L.,西班牙,Nobody\n"
            )
        };
        let report = world.import("debtors.csv", &sheet(&seller.email.to_uppercase())).await;
        let unknown: Vec<_> = report.problems.iter().map(|one| (one.row, one.code)).collect();
        assert_eq!(unknown, [(3, "unread-salesperson")], "{:?}", report.problems);
        let of = |name: &'static str| {
            let house = house.clone();
            async move {
                let id = house.store.find_party(house.tenant.id, name).await.expect("reads").expect("a debtor").0;
                house.store.salesperson_of(house.tenant.id, id).await.expect("reads")
            }
        };
        assert_eq!((of("D-0001").await, of("D-0002").await), (Some(seller.id), None));
        let again = world.import("again.csv", &format!("{}\n", sheet(&seller.name))).await;
        assert!(again.corrections.is_empty(), "by name as by address: {:?}", again.corrections);
        // Nobody loses a customer without a line.
        let other = world.import("other.csv", &sheet(&manager.name)).await;
        let line = other.corrections.iter().find(|one| one.field == "salesperson").expect("a line of the diff");
        assert_eq!((line.before.as_str(), line.after.as_str()), (seller.name.as_str(), manager.name.as_str()));
        assert_eq!(of("D-0001").await, Some(manager.id));
        // The log says of which buyer, and whose it was; likewise when all of somebody's are handed over at once.
        let handed = || async {
            let filter = LogFilter { noun: "party".to_string(), ..LogFilter::default() };
            let lines = house.store.audit_log(house.tenant.id, &filter, 50).await.expect("a log");
            let line = lines.into_iter().find(|line| line.verb == "party.assigned").expect("a line");
            (line.subject, line.facts["salesperson"].clone())
        };
        let rossi = house.store.find_party(house.tenant.id, "D-0001").await.expect("reads").expect("a debtor").0;
        let change = serde_json::json!({"before": seller.id, "after": manager.id});
        assert_eq!(handed().await, (rossi.to_string(), change));
        hand_over_all(&house, Some(manager.id), seller.id).await.expect("handed over");
        let change = serde_json::json!({"before": manager.id, "after": seller.id});
        assert_eq!(handed().await, (rossi.to_string(), change));
        hand_over_all(&house, Some(seller.id), manager.id).await.expect("handed back");
        // A salesperson hands nobody's customer over by a file.
        let actor = Actor::user(Via::Page, seller.acting(), String::new());
        let options = ImportOptions::default();
        let (store, tenant) = (&house.store, &house.tenant);
        let text = sheet(&seller.name);
        let mine = import_file(store, tenant, house.now(), &actor, "mine.csv", text.as_bytes(), &options).await;
        let mine = mine.expect("imports");
        assert!(mine.problems.iter().any(|one| one.code == "unread-salesperson-may-not"), "{:?}", mine.problems);
        assert_eq!(of("D-0001").await, Some(manager.id));
    }
}

#[tokio::test]
async fn whoever_serves_a_task_to_find_somebody_adds_them_there() {
    for world in worlds("contact_found").await {
        let row = "QH-9,C009,Prato Verde S.r.l.,意大利,,,,USD,900.00,OA 30 days,2026-01-10,INV-9,2026-01-20\n";
        world.import("orders.csv", &format!("{HEADER}{row}")).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let house = &world.house;
        let open = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
        let task = open.iter().find(|task| task.kind == TaskKind::FindContact).expect("a task");
        let item = format!("task-T-{:04}", task.number);
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let page = owner.get(&format!("/today?item={item}")).await;
        let form = "action=\"/debtors/D-0001/contacts\"";
        assert!(page.contains(form) && page.contains("<option value=\"finance\" selected>"), "{page}");
        let auditor = site.enter(&world, Role::Auditor).await;
        assert!(!auditor.get(&format!("/today?item={item}")).await.contains(form));

        let next = format!("next=%2Ftoday%3Fitem%3D{item}");
        let fields = format!("name=Ada+Prato&role=finance&email=ada@prato.example&{next}");
        let page = owner.post_and_follow("/debtors/D-0001/contacts", &fields).await;
        assert!(page.contains(&format!("/tasks/T-{:04}/done", task.number)), "the task is there still: {page}");
        let prato = house.store.find_party(house.tenant.id, "D-0001").await.expect("reads").expect("a debtor").0;
        let people = list_contacts(house, prato).await.expect("people");
        assert!(people.iter().any(|one| one.fields.email.as_deref() == Some("ada@prato.example")), "{people:?}");
    }
}
