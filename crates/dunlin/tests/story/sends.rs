//! A step that sends two letters: the copy leaves after the letter, is stopped with it, and both are one contact. The same
//! on both databases.

use dunlin::use_cases::approve_letter::{approve_letter, decline_letter};
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::keep_contacts::{PersonForm, add_contact};
use dunlin::use_cases::mark_party::note_objection_of;
use dunlin::use_cases::publish_playbook::{Running, Wanted, publish_playbook};
use dunlin::use_cases::repair_letter::{preview_repair, repair_letter};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::Found;
use dunlin::use_cases::undo::reinstate_letter;
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::case::LetterState;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::letter::WrongSend;
use dunlin_core::party::ContactRole;
use dunlin_core::plan::TaskKind;
use dunlin_store::{Outcome, Scope};

use crate::site::Site;
use crate::world::{HEADER, World, as_person, mt940, worlds};

const SHIPPED: &str = include_str!("../../../../playbooks/b5_open_account.toml");
const FIRST: &str = "[step.title]\nen = \"First reminder\"\nzh = \"首次提醒\"\n";
const BESIDE: &str =
    "[[step.also]]\nchannels = [\"email\"]\nroles = [\"owner\"]\nletter = \"finance_informed\"\nstatement = false\n";

/// A buyer in Milan, 13 days late, of whom finance and the owner are known; the first reminder informs the owner.
async fn late(world: &mut World, autonomy: &str) -> Found {
    let row = "QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"12,430.00\",OA 30 days,2026-01-10,INV-2026-001,2026-01-20\n";
    world.import("orders.csv", &format!("{HEADER}{row}")).await;
    let at = SHIPPED.find("id = \"first_reminder\"").expect("the step");
    let (before, first) = SHIPPED.split_at(at);
    let first = first.replacen("autonomy = \"automatic\"", &format!("autonomy = \"{autonomy}\""), 1);
    let text = format!("{before}{}", first.replacen(FIRST, &format!("{FIRST}{BESIDE}"), 1));
    let wanted =
        Wanted { id: "b5_open_account", text: &text, note: "the owner too", running: Running::Keep, seen: None };
    publish_playbook(&as_person(&world.house, "Lin"), &wanted).await.expect("publishes");
    world.refresh().await;
    world.house = world.house.clone().with_published().await.expect("reads");
    let found: Found =
        world.house.store.find_receivable(world.house.tenant.id, "INV-2026-001").await.expect("known").into();
    let owner = PersonForm {
        name: "Carlo Rossi".to_string(),
        role: "owner".to_string(),
        email: "carlo@rossi.example".to_string(),
        ..PersonForm::default()
    };
    add_contact(&as_person(&world.house, "Lin"), found.party_id, &owner).await.expect("added");
    let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!((run.refused, run.written.letters + run.written.approvals), (0, 2));
    found
}

async fn facts(world: &World, found: &Found) -> DebtorFacts {
    let house = &world.house;
    let all = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await.expect("facts");
    all.into_iter().next().expect("the debtor")
}

async fn states(world: &World) -> [LetterState; 2] {
    let state =
        async |number| world.house.store.letter_by_number(world.house.tenant.id, number).await.expect("a letter").state;
    [state(1).await, state(2).await]
}

#[tokio::test]
async fn both_leave_and_are_one_contact_and_each_is_listed() {
    for mut world in worlds("sends_both").await {
        let found = late(&mut world, "automatic").await;
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 2);
        assert_eq!(states(&world).await, [LetterState::Sent; 2]);
        let facts = facts(&world, &found).await;
        assert_eq!(facts.contacts_made.len(), 1, "one decision, one contact");
        let case = facts.receivables[0].case.as_ref().expect("a case");
        assert_eq!((case.steps.len(), case.letter), (1, None));
        assert!(case.steps[0].done_at.is_some());
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((run.refused, run.written.letters), (0, 0), "and nothing twice");
        let site = Site::open(&world).await;
        let page = site.enter(&world, Role::Owner).await.get("/letters?state=sent").await;
        assert!(page.contains("L-0001") && page.contains("L-0002"), "{page}");
    }
}

#[tokio::test]
async fn a_payment_stops_both() {
    for mut world in worlds("sends_paid").await {
        let found = late(&mut world, "automatic").await;
        let statement = mt940("260304", "12430,00", "ROSSI OUTDOOR SRL", "INV-2026-001");
        import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!(states(&world).await, [LetterState::Cancelled; 2]);
        let facts = facts(&world, &found).await;
        assert!(facts.contacts_made.is_empty());
        assert!(facts.receivables[0].case.as_ref().expect("a case").steps.iter().all(|step| step.voided));
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 0);
    }
}

#[tokio::test]
async fn neither_leaves_before_both_may_and_a_no_to_the_letter_is_for_both() {
    for mut world in worlds("sends_seen").await {
        let found = late(&mut world, "always_reviewed").await;
        let lin = as_person(&world.house, "Lin");
        approve_letter(&lin, 2, None).await.expect("approved");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 0, "a copy of what was not said yet");
        decline_letter(&lin, 1, "not now").await.expect("declined");
        assert_eq!(states(&world).await, [LetterState::Cancelled; 2]);
        let declined = facts(&world, &found).await;
        let case = declined.receivables[0].case.as_ref().expect("a case");
        assert!(!case.steps[0].voided && !case.steps[0].was_done(), "taken, and not said");
        reinstate_letter(&lin, 1).await.expect("waits again");
        assert_eq!(states(&world).await, [LetterState::Review; 2]);
        approve_letter(&lin, 1, None).await.expect("approved");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 0, "the other waits for a yes");
        // The yes to the copy from before the no counts no more: the same person is asked for it again.
        approve_letter(&lin, 2, None).await.expect("approved");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 2);
    }
}

#[tokio::test]
async fn a_no_to_the_copy_is_for_the_copy_only() {
    for mut world in worlds("sends_no_copy").await {
        let found = late(&mut world, "always_reviewed").await;
        let lin = as_person(&world.house, "Lin");
        approve_letter(&lin, 1, None).await.expect("approved");
        decline_letter(&lin, 2, "not to the owner").await.expect("declined");
        assert_eq!(states(&world).await, [LetterState::Queued, LetterState::Cancelled]);
        reinstate_letter(&lin, 2).await.expect("waits again");
        assert_eq!(states(&world).await, [LetterState::Queued, LetterState::Review]);
        decline_letter(&lin, 2, "not to the owner").await.expect("declined");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let facts = facts(&world, &found).await;
        let case = facts.receivables[0].case.as_ref().expect("a case");
        assert!(case.steps[0].was_done() && case.letter.is_none());
        reinstate_letter(&lin, 2).await.expect_err("the letter has left");
    }
}

/// The first that leaves is not just any of them: the step is taken by its own letter, and what becomes of a copy changes
/// nothing about it.
#[tokio::test]
async fn a_copy_that_fails_is_lost_alone() {
    for mut world in worlds("sends_fails").await {
        let found = late(&mut world, "automatic").await;
        let mut commit = world.house.begin().await.expect("begins");
        let claimed = commit.next_to_send().await.expect("reads").expect("a letter");
        assert_eq!(claimed.letter.send, 0, "the copy is held until the letter has left");
        let copy = commit.letter(2).await.expect("the copy");
        commit.settle(&copy, &Outcome::Failed { why: "no such mailbox".to_string() }).await.expect("settles");
        commit.finish().await.expect("finishes");
        assert_eq!(states(&world).await, [LetterState::Queued, LetterState::Failed]);
        let steps = |facts: &DebtorFacts| facts.receivables[0].case.as_ref().expect("a case").steps.clone();
        assert!(steps(&facts(&world, &found).await).iter().all(|step| !step.voided && step.done_at.is_none()));
        let house = &world.house;
        let tasks = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("reads");
        assert!(tasks.iter().any(|task| task.kind == TaskKind::FailedLetter), "a person is told");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        assert!(steps(&facts(&world, &found).await)[0].was_done());
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((run.refused, run.written.letters), (0, 0), "and it is not sent again and again");
    }
}

/// Who read the copy of a wrong letter hears that it was wrong, on the page and by the API alike; who was meant to read what
/// somebody else should not have got does not.
#[tokio::test]
async fn a16_a_wrong_letter_is_put_right_for_the_reader_of_its_copy_too() {
    for mut world in worlds("sends_repair").await {
        let found = late(&mut world, "automatic").await;
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 2);
        let lin = as_person(&world.house, "Lin");
        let alone = preview_repair(&lin, 1, WrongSend::Recipient).await.expect("written");
        assert!(alone.copies.is_empty(), "the owner was meant to read it");
        let shown = preview_repair(&lin, 1, WrongSend::Amount).await.expect("written");
        let [(copied, copy)] = &shown.copies[..] else { panic!("{shown:?}") };
        assert_eq!((*copied, copy.written.to.as_str()), (2, "carlo@rossi.example"));
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let page = owner.get("/letters/L-0001/repair?what=wrong_amount&lang=en").await;
        assert!(page.contains("To those who got a copy") && page.contains("carlo@rossi.example"), "{page}");
        // A yes to the first text alone is a yes to less than would leave.
        let less = shown.main.written.content_hash();
        repair_letter(&lin, 1, WrongSend::Amount, Some(&less)).await.expect_err("not all was seen");
        let seen = shown.content_hash();
        let done = repair_letter(&lin, 1, WrongSend::Amount, Some(&seen)).await.expect("put right");
        assert_eq!((done.own, &done.copies[..]), (3, &[4][..]));
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 2);
        let mails: Vec<String> =
            world.letters().iter().map(|path| std::fs::read_to_string(path).expect("a mail")).collect();
        let to_owner = mails.iter().filter(|mail| mail.contains("carlo@rossi.example") && mail.contains("In-Reply-To"));
        assert_eq!(to_owner.count(), 1, "{mails:?}");
        let facts = facts(&world, &found).await;
        let case = facts.receivables[0].case.as_ref().expect("a case");
        assert!(case.steps.iter().all(|step| step.voided) && case.letter.is_none());
        repair_letter(&lin, 2, WrongSend::Mistake, None).await.expect_err("the copy was put right as well");
        let (findings, _) = world.house.store.doctor().await.expect("looks");
        assert!(findings.is_empty(), "{findings:?}");
    }
    for mut world in worlds("sends_repair_wakes").await {
        late(&mut world, "automatic").await;
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 2);
        let lin = as_person(&world.house, "Lin");
        repair_letter(&lin, 2, WrongSend::Mistake, None).await.expect("the copy alone");
        // As the worker does: it decides before it sends, and the case lies down to wait for the correction.
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        world.set_clock("2026-03-24T02:00:00Z");
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert!(run.written.letters + run.written.approvals > 0, "the next step comes: {:?}", run.written);
    }
    for mut world in worlds("sends_repair_api").await {
        let found = late(&mut world, "automatic").await;
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 2);
        let site = crate::api::open(&world, 10_000).await;
        let program = crate::api::Program::of_owner(&site, &world).await;
        let shown = program.get("/v1/letters/L-0001/repair?what=wrong_send").await.ok();
        assert_eq!(shown["copies"][0]["number"], "L-0002", "{shown}");
        // Somebody who asked not to be written to keeps nobody else from hearing of it.
        let before = facts(&world, &found).await;
        let carlo = before.contacts.iter().find(|contact| contact.role == ContactRole::Owner).expect("the owner").id;
        note_objection_of(&as_person(&world.house, "Lin"), found.party_id, carlo, true).await.expect("noted");
        let shown = program.get("/v1/letters/L-0001/repair?what=wrong_send").await.ok();
        assert_eq!(shown["copies"].as_array().map(Vec::len), Some(0), "{shown}");
        let asked = format!(r#"{{"what":"wrong_send","seen":{}}}"#, shown["hash"]);
        program.post("/v1/letters/L-0001/repair", &asked).await.ok();
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
    }
}
