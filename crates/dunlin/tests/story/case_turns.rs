//! Turns that a person gives a case: begun anew, once; put into other hands, where nothing is sent any more; and steps
//! that were done before the program knew of the debt.

use dunlin::house::{Forbidden, House};
use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::run_decisions::{RunAccount, RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::Found;
use dunlin::use_cases::turn_case::{
    EarlierStep, Handover, enter_earlier_step, hand_case_over, restart_case, take_back_earlier_step, take_case_back,
};
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::case::{LetterState, OtherHands};
use dunlin_core::plan::Verdict;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Actor, StoreError, Via};

use crate::site::{Site, hired};
use crate::world::{HEADER, World, mt940, worlds};

/// One invoice of a buyer in Milan, 13 days late.
async fn one_order(world: &World) -> Found {
    let row = "QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"12,430.00\",OA 30 days,2026-01-10,INV-2026-001,2026-01-20\n";
    world.import("orders.csv", &format!("{HEADER}{row}")).await;
    world.house.store.find_receivable(world.house.tenant.id, "INV-2026-001").await.expect("known").into()
}

async fn acting(world: &World, role: Role) -> House {
    let user = hired(world, role).await;
    world.house.clone().acting(Actor::user(Via::Page, user.acting(), String::new()))
}

async fn run(world: &World) -> RunAccount {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0, "the audit agrees");
    account
}

async fn send(world: &World) -> usize {
    send_letters(&world.house).await.expect("sends").sent
}

async fn step_of(world: &World, number: i64) -> (String, LetterState) {
    let letter = world.house.store.letter_by_number(world.house.tenant.id, number).await.expect("a letter");
    (letter.items[0].step.to_string(), letter.state)
}

#[track_caller]
fn is_refused(error: &anyhow::Error, code: RefusalCode) {
    let told = error.downcast_ref::<Refusal>().or(match error.downcast_ref::<StoreError>() {
        Some(StoreError::Told(refusal)) => Some(refusal),
        _ => None,
    });
    assert_eq!(told.map(|refusal| refusal.code), Some(code), "{error}");
}

#[tokio::test]
async fn a16_a_case_begins_anew_once_with_its_first_step() {
    for mut world in worlds("restart").await {
        let found = one_order(&world).await;
        let sales = acting(&world, Role::Sales).await;
        is_refused(&restart_case(&sales, &found, "why").await.expect_err("nothing"), RefusalCode::CaseNotBegun);
        run(&world).await;
        let error = restart_case(&sales, &found, "wrong person").await.expect_err("a letter waits");
        is_refused(&error, RefusalCode::CaseLetterUnderWay);
        assert_eq!(send(&world).await, 1);
        world.set_clock("2026-03-12T09:00:00Z");
        run(&world).await;
        assert_eq!(send(&world).await, 1);
        assert_eq!(step_of(&world, 2).await.0, "call");

        let sales = acting(&world, Role::Sales).await;
        is_refused(&restart_case(&sales, &found, " ").await.expect_err("no reason"), RefusalCode::ReasonMissing);
        restart_case(&sales, &found, "it all went to the wrong person").await.expect("begins anew");
        world.set_clock("2026-03-23T09:00:00Z");
        assert_eq!(run(&world).await.written.letters, 1);
        assert_eq!(step_of(&world, 3).await.0, "first_reminder", "nothing further up comes sooner");
        assert_eq!(send(&world).await, 1);

        let sales = acting(&world, Role::Sales).await;
        let error = restart_case(&sales, &found, "again").await.expect_err("once");
        is_refused(&error, RefusalCode::CaseRestarted);
        let owner = acting(&world, Role::Owner).await;
        restart_case(&owner, &found, "again").await.expect("the owner may");
    }
}

#[tokio::test]
async fn a_case_in_other_hands_sends_nothing_until_it_is_taken_back_or_paid() {
    for mut world in worlds("other_hands").await {
        let found = one_order(&world).await;
        assert_eq!(run(&world).await.written.letters, 1);
        let to = Handover { hands: OtherHands::Lawyer, name: "Bianchi & Partners", note: "file 12/26" };
        let sales = acting(&world, Role::Sales).await;
        let error = hand_case_over(&sales, &found, &to).await.expect_err("not sales");
        assert!(error.is::<Forbidden>(), "{error}");
        let manager = acting(&world, Role::Manager).await;
        let nameless = Handover { name: " ", ..to };
        let error = hand_case_over(&manager, &found, &nameless).await.expect_err("nameless");
        is_refused(&error, RefusalCode::HandsNameless);
        is_refused(&take_case_back(&manager, &found, "").await.expect_err("ours"), RefusalCode::CaseOurs);
        assert_eq!(hand_case_over(&manager, &found, &to).await.expect("handed over"), 1);
        assert_eq!(step_of(&world, 1).await.1, LetterState::Cancelled);
        is_refused(&hand_case_over(&manager, &found, &to).await.expect_err("twice"), RefusalCode::CaseElsewhere);
        is_refused(&restart_case(&manager, &found, "x").await.expect_err("not ours"), RefusalCode::CaseElsewhere);
        for day in ["2026-03-04", "2026-03-25"] {
            world.set_clock(&format!("{day}T09:00:00Z"));
            let account = run(&world).await;
            assert_eq!((account.written.letters, account.written.tasks), (0, 0), "{day}");
        }
        let explanation = explain_receivable(&world.house, &found).await.expect("explains");
        assert!(explanation.reasons.iter().any(|reason| reason.code.code() == "case.handed_over"), "{explanation:?}");

        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let page = owner.get("/receivables/R-0001").await;
        assert!(page.contains("Bianchi &amp; Partners") || page.contains("Bianchi &#38; Partners"), "{page}");
        assert!(page.contains("/take-back\"") && !page.contains("/hand-over\""), "{page}");

        take_case_back(&acting(&world, Role::Manager).await, &found, "they gave up").await.expect("taken back");
        assert_eq!(run(&world).await.written.letters, 1, "it goes on where it was left");
        hand_case_over(&acting(&world, Role::Owner).await, &found, &to).await.expect("handed over again");
        world.set_clock("2026-03-26T09:00:00Z");
        let statement = mt940("260325", "12430,00", "ROSSI OUTDOOR SRL", "INV-2026-001");
        import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!(run(&world).await.written.closed, 1);
        let explanation = explain_receivable(&world.house, &found).await.expect("explains");
        assert_eq!((explanation.decision, explanation.reasons[0].code.code()), (Verdict::Closed, "gate.paid"));
        // The bank took it back: the lawyer has it still.
        dunlin::use_cases::match_payments::undo_match(&world.house, 1).await.expect("undone");
        dunlin::use_cases::match_payments::set_payment_aside(&world.house, 1).await.expect("set aside");
        assert_eq!(run(&world).await.written.letters, 0);
    }
}

#[tokio::test]
async fn what_was_done_before_counts_and_the_ladder_goes_on_after_it() {
    for world in worlds("earlier_steps").await {
        let found = one_order(&world).await;
        let sales = acting(&world, Role::Sales).await;
        let day = |text: &str| text.parse().expect("a day");
        let first = EarlierStep { step: "first_reminder", on: day("2026-02-20"), words: "on the phone" };
        let ahead = EarlierStep { on: day("2026-03-05"), ..first };
        let error = enter_earlier_step(&sales, &found, &ahead).await.expect_err("not yet");
        is_refused(&error, RefusalCode::EventAhead);
        let strange = EarlierStep { step: "shout", ..first };
        let error = enter_earlier_step(&sales, &found, &strange).await.expect_err("no such step");
        is_refused(&error, RefusalCode::StepUnknown);
        // A slip, taken back, and entered again.
        let id = enter_earlier_step(&sales, &found, &first).await.expect("entered");
        take_back_earlier_step(&sales, &found, id).await.expect("taken back");
        let error = take_back_earlier_step(&sales, &found, id).await.expect_err("once");
        is_refused(&error, RefusalCode::StepNotEntered);
        enter_earlier_step(&sales, &found, &first).await.expect("entered again");
        let error = enter_earlier_step(&sales, &found, &first).await.expect_err("twice");
        is_refused(&error, RefusalCode::StepTakenAlready);
        assert_eq!(run(&world).await.written.letters, 1);
        assert_eq!(step_of(&world, 1).await.0, "second_reminder");
        let second = EarlierStep { step: "call", ..first };
        let error = enter_earlier_step(&sales, &found, &second).await.expect_err("a letter waits");
        is_refused(&error, RefusalCode::CaseLetterUnderWay);
        // Pages live in the present: whoever signs in there dates what follows.
        let page = Site::open(&world).await.enter(&world, Role::Owner).await.get("/receivables/R-0001").await;
        assert!(page.contains("entered by hand") && page.contains("on the phone"), "{page}");
    }
}
