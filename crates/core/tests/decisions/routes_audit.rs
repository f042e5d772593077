//! What the audit refuses of routes, thanks, own work and old debts: plans that it passes, each spoiled in one way.

use crate::routes::{REASONS, late};
use crate::support::{Setup, at, day, money, playbooks_of};
use dunlin_core::audit::Breach;
use dunlin_core::audit::departure::{WaitingLetter, check_departure};
use dunlin_core::case::{CaseState, Entry, LetterState, OpenLetter, StepEnd, StepTaken};
use dunlin_core::ids::{CaseId, LetterId};
use dunlin_core::letter::Purpose;
use dunlin_core::plan::{Plan, TaskKind};
use dunlin_core::reason::ReasonCode;
use dunlin_core::receivable::Obligor;
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_core::why::WhyUnpaid;

const MONDAY: &str = "2026-03-09T09:00:00Z";

fn refused(setup: &Setup, plan: &Plan, invariant: u8, words: &str) {
    let found = setup.audit(plan);
    let is_it = |refusal: &Breach| refusal.invariant == invariant && refusal.what.contains(words);
    assert!(found.as_ref().is_err_and(is_it), "expected {invariant} ‘{words}’, found {found:?}");
}

fn planned(setup: &Setup, now: &str) -> Plan {
    let plan = setup.decide(at(now));
    assert_eq!(setup.audit(&plan), Ok(()));
    plan
}

fn waiting(setup: &mut Setup, plan: &Plan) -> WaitingLetter {
    let id = LetterId(5);
    for case in setup.facts.receivables.iter_mut().filter_map(|item| item.case.as_mut()) {
        let known = plan.cases.iter().find(|planned| planned.case_id == case.id).expect("a word about the case");
        case.playbook.clone_from(&known.playbook);
        case.state = known.state;
        case.letter = Some(OpenLetter { id, state: LetterState::Queued, not_before: plan.decided_at });
    }
    let planned = &plan.letters[0];
    let (purpose, channel, contact_id) = (planned.purpose, planned.channel, planned.contact_id);
    WaitingLetter { id, purpose, channel, contact_id, items: planned.items.clone() }
}

#[test]
fn what_is_said_because_of_a_reason_is_said_only_where_it_is_so() {
    let mut setup = late();
    setup.learns(WhyUnpaid::Forgot, "2026-03-09");
    let plan = planned(&setup, MONDAY);
    assert_eq!(&*plan.letters[0].items[0].step, "way_to_pay");
    for other in [Some(WhyUnpaid::CashShort), None] {
        let mut changed = setup.clone();
        changed.facts.receivables[0].why = None;
        if let Some(other) = other {
            changed.learns(other, "2026-03-09");
        }
        refused(&changed, &plan, 6, "speaks of a reason");
    }
    // And in the moment in which it leaves.
    let letter = waiting(&mut setup, &plan);
    let departs = |setup: &Setup| check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules());
    assert_eq!(departs(&setup), Ok(()));
    setup.learns(WhyUnpaid::Bargaining, "2026-03-09");
    assert!(departs(&setup).is_err_and(|refusal| refusal.invariant == 6));
}

#[test]
fn nothing_is_pressed_for_by_our_own_fault_nor_while_the_money_travels() {
    let mut setup = late();
    let plan = planned(&setup, MONDAY);
    let letter = waiting(&mut setup.clone(), &plan);
    setup.learns(WhyUnpaid::SellerFault, "2026-01-05");
    refused(&setup, &plan, 1, "our own fault");
    setup.learns(WhyUnpaid::PaidInTransit, "2026-02-27");
    refused(&setup, &plan, 1, "said to be paid");
    let mut open = setup.clone();
    waiting(&mut open, &plan);
    let found = check_departure(&letter, &open.facts, at(MONDAY), &open.rules());
    assert!(found.is_err_and(|refusal| refusal.invariant == 1 && refusal.what.contains("said to be paid")));
    // The eleventh day.
    setup.learns(WhyUnpaid::PaidInTransit, "2026-02-26");
    assert_eq!(setup.audit(&plan), Ok(()));
}

#[test]
fn a_warning_waits_for_its_day_also_where_thanks_follow() {
    let setup = late();
    let plan = planned(&setup, MONDAY);
    assert_eq!(&*plan.letters[0].items[0].step, "first_reminder");
    let (mut later, mut forged) = (setup, plan);
    later.facts.receivables[0].receivable.due_on = Some(day("2026-03-08"));
    forged.letters[0].items[0].due_on = Some(day("2026-03-08"));
    refused(&later, &forged, 4, "before its time");
}

#[test]
fn thanks_are_for_what_was_paid_and_ask_for_nothing() {
    let mut setup = late();
    setup.goes("2026-03-02", "2026-03-06");
    let mut paid = setup.clone();
    paid.credit(0, LedgerKind::Allocation, "USD 1000.00", "2026-03-09");
    let plan = planned(&paid, MONDAY);
    assert_eq!((&*plan.letters[0].letter, plan.letters[0].purpose), ("thanks", Purpose::Answer));

    let mut platform = paid.clone();
    platform.receivable(0).obligor = Obligor::Platform;
    refused(&platform, &plan, 1, "the platform paid out");
    assert!(platform.decide(at(MONDAY)).letters.is_empty());
    let mut at_end = setup.clone();
    at_end.case(0).state = CaseState::LadderDone;
    refused(&at_end, &plan, 2, "not running");
    // Whatever its times say, it follows the money.
    let (ladder, thanks) = REASONS.split_once("[thanks]").expect("thanks");
    let mut later = paid.clone();
    later.playbooks =
        playbooks_of(&[&format!("{ladder}[thanks]{}", thanks.replace("\"started\"", "\"due + 60 days\""))]);
    later.case(0).playbook = Some(later.playbooks.current()[0].reference.clone());
    let own = planned(&later, MONDAY);
    let letter = waiting(&mut later, &own);
    assert_eq!(check_departure(&letter, &later.facts, at(MONDAY), &later.rules()), Ok(()));
    let mut unpaid = plan.clone();
    (unpaid.letters[0].items[0].outstanding, unpaid.cases[0].outstanding) =
        (money("USD 1000.00"), money("USD 1000.00"));
    unpaid.cases[0].state = CaseState::Running;
    refused(&setup, &unpaid, 1, "not paid");
    let mut given_up = setup.clone();
    given_up.credit(0, LedgerKind::WriteOff, "USD 1000.00", "2026-03-09");
    refused(&given_up, &plan, 1, "no payment settled");
    let mut in_part = setup.clone();
    in_part.credit(0, LedgerKind::Allocation, "USD 900.00", "2026-03-09");
    in_part.credit(0, LedgerKind::WriteOff, "USD 100.00", "2026-03-09");
    refused(&in_part, &plan, 1, "no payment settled");
    let mut noted = setup.clone();
    noted.credit(0, LedgerKind::Credit, "USD 1000.00", "2026-03-09");
    refused(&noted, &plan, 1, "no payment settled");
    let mut unasked = paid.clone();
    unasked.case(0).steps.clear();
    refused(&unasked, &plan, 1, "nobody asked for");
    let as_if_unasked: [fn(&mut StepTaken); 4] = [
        |taken| taken.level = 0,
        |taken| taken.voided = true,
        |taken| taken.done_at = None,
        |taken| taken.end = Some(StepEnd::Declined),
    ];
    for change in as_if_unasked {
        let mut unasked = paid.clone();
        unasked.case(0).steps.iter_mut().for_each(change);
        refused(&unasked, &plan, 1, "nobody asked for");
    }
    let mut held = paid.clone();
    held.hold(None, "2026-03-31");
    refused(&held, &plan, 1, "on hold");
    let mut thanked = paid.clone();
    thanked.took(0, "thanks", 0, at("2026-03-09T08:00:00Z"));
    refused(&thanked, &plan, 2, "already taken");
    let mut others = paid.clone();
    others.case(0).state = CaseState::HandedOver;
    refused(&others, &plan, 2, "not running");

    // The payment bounced before the thanks left.
    let letter = waiting(&mut paid, &plan);
    let departs = |setup: &Setup| check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules());
    assert_eq!(departs(&paid), Ok(()));
    let not_running = |found: Result<(), Breach>| {
        assert!(found.as_ref().is_err_and(|refusal| refusal.invariant == 2), "{found:?}");
    };
    let mut of_another = letter.clone();
    of_another.items[0].case_id = CaseId(9);
    not_running(check_departure(&of_another, &paid.facts, at(MONDAY), &paid.rules()));
    let mut elsewhere = paid.clone();
    elsewhere.case(0).state = CaseState::HandedOver;
    not_running(departs(&elsewhere));
    paid.credit(0, LedgerKind::Allocation, "USD -1000.00", "2026-03-09");
    assert!(departs(&paid).is_err());
}

#[test]
fn own_work_stays_in_the_house_and_letters_leave_it() {
    let mut setup = late();
    setup.learns(WhyUnpaid::SellerFault, "2026-03-09");
    let plan = planned(&setup, MONDAY);
    assert_eq!((plan.tasks[0].kind, plan.letters.len()), (TaskKind::Do, 0));
    let with = |change: fn(&mut Plan)| {
        let mut plan = plan.clone();
        change(&mut plan);
        plan
    };
    refused(&setup, &with(|p| p.tasks.push(p.tasks[0].clone())), 2, "steps twice");
    refused(&setup, &with(|p| p.tasks[0].step = None), 2, "without a step");
    refused(&setup, &with(|p| p.tasks[0].round = 1), 2, "restarts");
    refused(&setup, &with(|p| p.tasks[0].step = Some("ask_for_slip".into())), 4, "for the buyer");
    setup.took(0, "make_good", 0, at("2026-03-08T08:00:00Z"));
    refused(&setup, &plan, 2, "already taken");

    // The same as a letter to the buyer.
    let mut as_letter = late();
    as_letter.learns(WhyUnpaid::WrongContact, "2026-03-09");
    let mut sent = planned(&as_letter, MONDAY);
    as_letter.learns(WhyUnpaid::SellerFault, "2026-03-09");
    sent.letters[0].items[0].step = "make_good".into();
    sent.letters[0].items[0].pressed = money("USD 0.00");
    refused(&as_letter, &sent, 4, "work for one of us");
}

#[test]
fn an_old_debt_skips_no_level_that_its_age_does_not_call_for() {
    let mut setup = late();
    setup.receivable(0).due_on = Some(day("2025-11-03"));
    setup.case(0).entry = Entry::Contextual;
    setup.case(0).started_at = at("2026-03-02T01:00:00Z");
    let plan = planned(&setup, MONDAY);
    assert_eq!(&*plan.letters[0].items[0].step, "last_date");

    let mut standard = setup.clone();
    standard.case(0).entry = Entry::Standard;
    refused(&standard, &plan, 4, "skips from level 0 to 3");
    // It was ten days late when it came in, and is older now.
    let mut younger = setup.clone();
    younger.case(0).started_at = at("2025-11-13T17:00:00Z");
    refused(&younger, &plan, 4, "skips from level 0 to 3");
    let mut severe = plan.clone();
    (severe.letters[0].items[0].step, severe.letters[0].items[0].level) = ("final_demand".into(), 4);
    severe.letters[0].purpose = Purpose::Formal;
    refused(&setup, &severe, 4, "skips from level 0 to 4");
}

/// Money that waits for its place silences by itself; beside that the sum without it has to be worth the warning, and the
/// case stays open, because the money may turn out to be another's.
#[test]
fn money_without_a_place_counts_off_the_least_amount() {
    let told = |credits: &[&str]| {
        let mut setup = late();
        for (step, level, on) in
            [("first_reminder", 1, "2026-03-05"), ("second_reminder", 2, "2026-03-12"), ("last_date", 3, "2026-03-19")]
        {
            setup.took(0, step, level, at(&format!("{on}T09:00:00Z")));
        }
        credits.iter().for_each(|credit| setup.unmatched(credit));
        let plan = setup.decide(at("2026-04-08T09:00:00Z"));
        assert_eq!(setup.audit(&plan), Ok(()));
        assert!(plan.tasks.is_empty() && plan.cases[0].state == CaseState::Running, "{credits:?}");
        plan.cases[0].reasons.iter().any(|reason| reason.code == ReasonCode::StepBelowMinimum)
    };
    assert!(!told(&[]));
    assert!(!told(&["USD 900.00"]), "a hundred are left");
    assert!(told(&["USD 900.01"]));
    assert!(told(&["USD 500.00", "USD 400.01"]));
    assert!(!told(&["EUR 5000.00"]), "of another currency it says nothing");
}

#[test]
fn a_demand_over_too_little_is_refused() {
    let mut setup = late();
    for (step, level, on) in
        [("first_reminder", 1, "2026-03-05"), ("second_reminder", 2, "2026-03-12"), ("last_date", 3, "2026-03-19")]
    {
        setup.took(0, step, level, at(&format!("{on}T09:00:00Z")));
    }
    let plan = planned(&setup, "2026-04-08T09:00:00Z");
    assert_eq!(&*plan.letters[0].items[0].step, "final_demand");
    setup.owes(
        "USD 20000.00",
        dunlin_core::receivable::Milestone::Full,
        dunlin_core::receivable::Trigger::BlDate,
        None,
    );
    refused(&setup, &plan, 4, "too little for level 4");
}
