//! What was not done, or is not right any more, counts for nothing: calls that nobody made, letters that were declined,
//! letters that outlived their step; and what asks for nothing is not passed over.

use crate::support::{Setup, at, day, money, playbooks_of};
use dunlin_core::audit::departure::{WaitingLetter, check_departure};
use dunlin_core::audit::lasting::{Waits, too_little};
use dunlin_core::case::{Entry, LetterState, OpenLetter, StepEnd, StepTaken};
use dunlin_core::ids::LetterId;
use dunlin_core::intent::{Heard, Intent};
use dunlin_core::plan::{Plan, Review, TaskKind, Verdict};
use dunlin_core::receivable::{Milestone, Obligor, Trigger};
use dunlin_core::why::{KnownWhy, WhyUnpaid};

/// Mondays, ten in the morning in Italy.
const MONDAY: &str = "2026-03-09T09:00:00Z";

const HEAD: &str =
    "id = \"own\"\nscenario = \"B5\"\nwindow = \"office\"\n[title]\nen = \"Own\"\nzh = \"自拟\"\n[applies]\n";

/// `more` are whole lines.
fn step(id: &str, level: u8, at: &str, more: &str) -> String {
    format!(
        "[[step]]\nid = \"{id}\"\nlevel = {level}\nat = [\"{at}\"]\nletter = \"b5_first_reminder\"\nstatement = false\n\
         answer_days = 5\n{more}\n[step.title]\nen = \"Step\"\nzh = \"步骤\"\n"
    )
}

const PRESS: &str = "purpose = \"press\"\nautonomy = \"automatic\"\nroles = [\"finance\"]\nchannels = [\"email\"]";
const CALL: &str = "purpose = \"press\"\nautonomy = \"automatic\"\nroles = [\"finance\"]\nchannels = [\"phone\"]";
const SEEN: &str =
    "purpose = \"press\"\nautonomy = \"first_time_reviewed\"\nroles = [\"finance\"]\nchannels = [\"email\"]";
const WORK: &str = "purpose = \"service\"\nautonomy = \"automatic\"\ndoes = \"task\"";
const ANSWER: &str = "purpose = \"answer\"\nautonomy = \"automatic\"\nroles = [\"finance\"]\nchannels = [\"email\"]";

fn late(steps: &[String], after: &str) -> Setup {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[&format!("{HEAD}{}{after}", steps.concat())]);
    setup.owes("USD 60.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup
}

fn told(setup: &Setup, when: &str) -> (Plan, Vec<String>) {
    let plan = setup.decide(at(when));
    assert_eq!(setup.audit(&plan), Ok(()), "{when}");
    let letters = plan.letters.iter().map(|letter| letter.items[0].step.to_string());
    let tasks = plan.tasks.iter().map(|task| format!("{} {}", task.kind.code(), task.step.as_deref().unwrap_or("")));
    let said = letters.chain(tasks).collect();
    (plan, said)
}

#[test]
fn what_asks_for_nothing_comes_before_what_presses_and_none_of_it_is_lost() {
    let steps = [
        step("compare", 0, "due - 5 days", WORK),
        step("first", 1, "due + 3 days", PRESS),
        step("answer", 1, "due + 3 days", ANSWER),
        step("again", 1, "due + 4 days", PRESS),
        step("firm", 2, "due + 5 days", PRESS),
    ];
    let mut setup = late(&steps, "");
    let mut came = Vec::new();
    for when in [MONDAY, "2026-03-09T09:30:00Z", "2026-03-09T10:00:00Z", "2026-03-09T10:30:00Z", "2026-03-16T09:00:00Z"]
    {
        let (plan, said) = told(&setup, when);
        came.push(said.join(" + "));
        setup.carry_out(&plan);
    }
    assert_eq!(came, ["do compare", "answer", "again", "", "firm"], "and no burst of what presses");
}

fn not_called(round: i32) -> StepTaken {
    StepTaken {
        step: "call".into(),
        level: 1,
        round,
        taken_at: at("2026-03-05T09:00:00Z"),
        answer_by: None,
        done_at: None,
        voided: true,
        end: Some(StepEnd::NotCalled),
    }
}

#[test]
fn a_call_that_nobody_made_warned_nobody_and_is_asked_for_twice() {
    let mut setup = late(&[step("call", 1, "due + 3 days", CALL), step("firm", 2, "due + 5 days", PRESS)], "");
    let (plan, said) = told(&setup, MONDAY);
    assert_eq!(said, ["call call"]);
    // Asked for, and not yet made: the next level waits.
    setup.case(0).playbook.clone_from(&plan.cases[0].playbook);
    setup.case(0).steps.push(StepTaken { voided: false, end: None, ..not_called(0) });
    assert!(told(&setup, "2026-03-16T09:00:00Z").1.is_empty());
    setup.case(0).steps[0] = not_called(0);
    assert_eq!(told(&setup, "2026-03-16T09:00:00Z").1, ["call call"], "once more");
    setup.case(0).steps.push(not_called(1));
    let (plan, said) = told(&setup, "2026-03-16T09:00:00Z");
    assert_eq!(said, ["decide_call call"], "now a person decides");
    // The audit lets nobody ask a third time, nor ask that question too soon.
    let mut third = plan.clone();
    third.tasks[0].kind = TaskKind::Call;
    assert!(setup.audit(&third).is_err_and(|refusal| refusal.what.contains("again and again")));
    setup.case(0).steps.pop();
    // Once it was left undone: it is asked for again before anybody has to decide.
    let mut soon = plan.clone();
    soon.tasks[0].round = 1;
    assert!(setup.audit(&soon).is_err_and(|refusal| refusal.what.contains("was not left undone")));
    // Passed over by a person: no warning was given, so the next level does not come.
    setup.case(0).steps.push(not_called(1));
    let passed = StepTaken { round: 2, voided: false, done_at: Some(at(MONDAY)), ..not_called(2) };
    setup.case(0).steps.push(passed.clone());
    assert_eq!(told(&setup, "2026-03-16T09:00:00Z").1, ["decide_next "]);
    let last = setup.case(0).steps.len() - 1;
    setup.case(0).steps[last] = StepTaken { end: None, ..passed };
    assert_eq!(told(&setup, "2026-03-16T09:00:00Z").1, ["firm"], "made after all");
}

#[test]
fn a_declined_letter_was_no_look_at_one() {
    for (end, review) in [(None, Review::Automatic), (Some(StepEnd::Declined), Review::Look)] {
        let mut setup = late(&[step("seen", 1, "due + 3 days", SEEN)], "");
        setup.owes("USD 70.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup.took(0, "seen", 1, at("2026-02-20T09:00:00Z"));
        setup.case(0).steps[0].end = end;
        let (plan, said) = told(&setup, MONDAY);
        assert_eq!((said[0].as_str(), plan.letters[0].review), ("seen", review));
        let written = plan.cases.iter().find(|case| case.case_id == plan.letters[0].items[0].case_id);
        let verdict = if end.is_some() { Verdict::Approval } else { Verdict::Letter };
        assert_eq!(written.map(|case| case.verdict), Some(verdict), "as the page of the case says");
        if end.is_some() {
            let mut unseen = plan;
            unseen.letters[0].review = Review::Automatic;
            assert!(setup.audit(&unseen).is_err_and(|refusal| refusal.invariant == 5));
        }
    }
}

#[test]
fn a_call_on_the_desk_holds_the_next_level_and_work_of_ours_does_not() {
    let after = step("firm", 2, "due + 5 days", PRESS);
    for (name, milder, holds) in
        [("call", step("open", 1, "due + 4 days", CALL), true), ("work", step("open", 1, "due + 4 days", WORK), false)]
    {
        let mut setup = late(&[step("first", 1, "due + 3 days", PRESS), milder, after.clone()], "");
        setup.took(0, "first", 1, at("2026-03-05T09:00:00Z"));
        let open = StepTaken { step: "open".into(), voided: false, end: None, ..not_called(0) };
        setup.case(0).steps.push(StepTaken { taken_at: at("2026-03-06T09:00:00Z"), ..open });
        let (plan, said) = told(&setup, MONDAY);
        assert_eq!(said.is_empty(), holds, "{name}: {said:?}");
        let waits = plan.cases[0].reasons.iter().any(|reason| reason.code.code() == "case.task_waiting");
        assert_eq!(waits, holds, "{name}");
    }
}

#[test]
fn a_step_that_only_keeps_its_distance_holds_what_comes_after_it() {
    // Its own day has come, the four days since the last letter are not over: nothing further up overtakes it.
    let own = "due + 4 days\", \"previous + 4 days";
    for (condition, expected) in [("country == \"IT\"", ""), ("country == \"DE\"", "after")] {
        let waits = step("waits", 1, own, &format!("{PRESS}\nwhen = '{condition}'"));
        let steps = [step("first", 1, "due + 1 day", PRESS), waits, step("after", 1, "due + 5 days", PRESS)];
        let mut setup = late(&steps, "");
        setup.took(0, "first", 1, at("2026-03-06T08:00:00Z"));
        assert_eq!(told(&setup, MONDAY).1.join(" "), expected, "{condition}");
    }
    // One whose own day is still to come holds nothing.
    let steps = [
        step("first", 1, "due + 1 day", PRESS),
        step("waits", 1, "due + 20 days\", \"previous + 4 days", PRESS),
        step("after", 1, "due + 5 days", PRESS),
    ];
    let mut setup = late(&steps, "");
    setup.took(0, "first", 1, at("2026-03-06T08:00:00Z"));
    assert_eq!(told(&setup, MONDAY).1, ["after"]);
}

#[test]
fn after_a_warning_the_tone_does_not_fall_and_a_courtesy_is_none() {
    for (level, expected) in [(0, vec!["courtesy"]), (1, vec![])] {
        let next = [step("next", 1, "due + 25 days", PRESS), step("firm", 2, "due + 30 days", PRESS)].concat();
        let mut setup = late(&[step("courtesy", level, "due - 3 days", PRESS), next], "");
        setup.receivable(0).due_on = Some(day("2026-03-12"));
        // Another row of steps has led up to the second level.
        setup.took(0, "of_a_route", 2, at("2026-02-20T09:00:00Z"));
        assert_eq!(told(&setup, MONDAY).1, expected, "level {level}");
    }
}

#[test]
fn what_is_for_others_is_not_announced() {
    let friday = "2026-03-06T09:00:00Z";
    let first = |condition: &str| step("first", 1, "due + 5 days", &format!("{PRESS}\nwhen = '{condition}'"));
    for (condition, expected) in
        [("country == \"IT\"", "first"), ("country == \"DE\"", "second"), ("days_overdue > 5", "first")]
    {
        let setup = late(&[first(condition), step("second", 1, "due + 9 days", PRESS)], "");
        let (plan, said) = told(&setup, friday);
        assert!(said.is_empty());
        assert_eq!(plan.cases[0].step.as_deref(), Some(expected), "{condition}");
        let day = if expected == "first" { "2026-03-06T16:00:00Z" } else { "2026-03-10T16:00:00Z" };
        assert_eq!(plan.cases[0].next_wake, Some(at(day)), "nobody wakes for what is not for them");
    }
}

fn waiting(setup: &mut Setup) -> WaitingLetter {
    let (mut plan, _) = told(setup, MONDAY);
    let planned = plan.letters.remove(0);
    let id = LetterId(5);
    let case = setup.case(0);
    case.playbook.clone_from(&plan.cases[0].playbook);
    case.letter = Some(OpenLetter { id, state: LetterState::Queued, not_before: planned.send_at });
    let (purpose, channel, contact_id) = (planned.purpose, planned.channel, planned.contact_id);
    WaitingLetter { id, purpose, channel, contact_id, items: planned.items }
}

#[test]
fn a_letter_does_not_leave_when_the_time_of_its_step_has_passed() {
    let mut setup = late(&[step("first", 1, "due + 3 days", &format!("{PRESS}\nuntil = \"due + 10 days\""))], "");
    let letter = waiting(&mut setup);
    let leaves = |when: &str| check_departure(&letter, &setup.facts, at(when), &setup.rules());
    assert_eq!(leaves("2026-03-11T15:59:00Z"), Ok(()), "a minute before midnight in Shanghai");
    let refused = leaves("2026-03-11T16:00:00Z").expect_err("it is over");
    assert!(refused.what.contains("has passed"), "{refused}");
}

#[test]
fn a_letter_does_not_leave_when_too_little_is_owed_by_then() {
    let least = "[[minimum]]\nlevel = 1\n[minimum.amounts]\nUSD = \"100.00\"\n";
    let mut setup = late(&[step("first", 1, "due + 3 days", PRESS)], least);
    setup.owes("USD 70.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    let mut letter = waiting(&mut setup);
    let first = setup.facts.receivables[0].receivable.id;
    letter.items.retain(|item| item.receivable_id == first);
    assert_eq!(check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules()), Ok(()));
    setup.paid(1, "USD 70.00");
    let refused = check_departure(&letter, &setup.facts, at(MONDAY), &setup.rules()).expect_err("60 are left");
    assert!(refused.what.contains("too little"), "{refused}");
}

#[test]
fn what_counts_for_the_least_amount() {
    let least = "[[minimum]]\nlevel = 1\n[minimum.amounts]\nUSD = \"100.00\"\n";
    let mut setup = late(&[step("first", 1, "due + 3 days", PRESS)], least);
    let other = setup.owes("USD 40.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-08")));
    let (plan, said) = told(&setup, MONDAY);
    assert_eq!(said, ["first"], "60 and 40 are late: the one may be asked for, both count");
    type Change = fn(&mut Setup);
    let cases: [(&str, Change, bool); 6] = [
        ("as it was", |_| {}, true),
        ("due on this very day", |s| s.receivable(1).due_on = Some(day("2026-03-09")), false),
        ("closed", |s| s.receivable(1).closed = true, false),
        ("the platform's to pay", |s| s.receivable(1).obligor = Obligor::Platform, false),
        ("a cent less", |s| s.paid(1, "USD 0.01"), false),
        ("in another currency", |s| s.receivable(1).amount = money("EUR 40.00"), false),
    ];
    for (name, change, is_enough) in cases {
        let mut setup = setup.clone();
        change(&mut setup);
        assert_eq!(setup.decide(at(MONDAY)).letters.is_empty(), !is_enough, "{name}");
        let mut alone = plan.clone();
        let id = setup.facts.receivables[other].receivable.id;
        alone.cases.retain(|case| case.receivable_id != id);
        let found = setup.audit(&alone);
        assert_eq!(found.is_ok(), is_enough, "{name}: {found:?}");
        assert!(found.err().is_none_or(|refusal| refusal.what.contains("too little")), "{name}");
    }
    // Of a letter that waits it is told whether it is worth its while once money without a place is counted off.
    let letter = waiting(&mut setup.clone());
    let mut kept = setup;
    kept.case(0).playbook.clone_from(&plan.cases[0].playbook);
    let is_worth = |money: Option<&str>| {
        let mut setup = kept.clone();
        money.into_iter().for_each(|money| setup.unmatched(money));
        too_little(Waits::of(&letter.items[0]), &setup.facts, at(MONDAY), &setup.rules()).is_ok()
    };
    assert_eq!([None, Some("USD 0.01"), Some("EUR 90.00")].map(is_worth), [true, false, true]);
}

#[test]
fn an_answer_may_name_what_is_not_due_yet() {
    let mut setup = late(&[step("answer", 1, "due - 20 days", ANSWER)], "");
    setup.owes("USD 70.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-20")));
    let (plan, said) = told(&setup, MONDAY);
    assert_eq!((said, plan.letters[0].items.len()), (vec!["answer".to_string()], 2));
}

#[test]
fn the_audit_counts_a_level_only_where_somebody_was_warned() {
    let mut setup = late(&[step("call", 1, "due + 3 days", CALL), step("firm", 2, "due + 5 days", PRESS)], "");
    let made = StepTaken { done_at: Some(at(MONDAY)), end: None, voided: false, ..not_called(0) };
    setup.case(0).steps = vec![made.clone()];
    let (plan, said) = told(&setup, "2026-03-16T09:00:00Z");
    assert_eq!(said, ["firm"]);
    let unheard = [
        ("still on the desk", StepTaken { done_at: None, ..made.clone() }),
        ("made and taken back", StepTaken { voided: true, ..made.clone() }),
        ("passed over", StepTaken { end: Some(StepEnd::NotCalled), ..made }),
    ];
    for (name, taken) in unheard {
        setup.case(0).steps = vec![taken];
        let found = setup.audit(&plan);
        assert!(found.as_ref().is_err_and(|breach| breach.what.contains("skips from level 0")), "{name}: {found:?}");
        assert!(!told(&setup, "2026-03-16T09:00:00Z").1.contains(&"firm".to_string()), "{name}");
    }
}

#[test]
fn what_was_passed_over_and_by_which_way_it_goes_is_told() {
    let codes = |setup: &Setup| -> Vec<&'static str> {
        told(setup, MONDAY).0.cases[0].reasons.iter().map(|reason| reason.code.code()).collect()
    };
    let chat_first = PRESS.replace("[\"email\"]", "[\"in_site\", \"email\"]");
    let mut setup = late(&[step("first", 1, "due + 3 days", &chat_first)], "");
    assert!(codes(&setup).contains(&"contact.fell_through"), "there is no chat");
    assert!(!codes(&setup).contains(&"step.missed_collapsed"), "nothing came before it");
    setup.facts.contacts[0].ways.in_site = true;
    assert!(!codes(&setup).contains(&"contact.fell_through"));
    let two = [step("first", 1, "due + 3 days", PRESS), step("again", 1, "due + 4 days", PRESS)];
    assert!(codes(&late(&two, "")).contains(&"step.missed_collapsed"));
}

#[test]
fn calls_of_another_step_are_none_of_this_one() {
    let other = |round| StepTaken { step: "other".into(), ..not_called(round) };
    let mut setup = late(&[step("call", 1, "due + 3 days", CALL)], "");
    setup.case(0).steps = vec![other(0), other(1), not_called(0)];
    assert_eq!(told(&setup, MONDAY).1, ["call call"]);
    setup.case(0).steps.push(not_called(1));
    let (plan, said) = told(&setup, MONDAY);
    assert_eq!(said, ["decide_call call"]);
    setup.case(0).steps = vec![not_called(0), StepTaken { end: None, ..not_called(1) }, other(0)];
    assert!(setup.audit(&plan).is_err_and(|refusal| refusal.what.contains("was not left undone")));
}

#[test]
fn an_old_debt_never_comes_in_beside_a_severe_step() {
    const SEVERE: &str = "purpose = \"formal\"\nautonomy = \"approval\"\nroles = [\"finance\"]\nchannels = [\"email\"]";
    let steps = |second: &str| {
        [
            step("first", 1, "due + 1 day", PRESS),
            step("firm", 2, "due + 2 days", PRESS),
            step("last", 2, "due + 3 days", second),
        ]
    };
    for (second, expected) in [(PRESS, "last"), (SEVERE, "first")] {
        let mut setup = late(&steps(second), "");
        setup.receivable(0).due_on = Some(day("2026-01-02"));
        (setup.case(0).entry, setup.case(0).started_at) = (Entry::Contextual, at("2026-03-01T00:00:00Z"));
        let (plan, said) = told(&setup, MONDAY);
        assert_eq!(said, [expected]);
        let mut further = plan;
        let item = &mut further.letters[0].items[0];
        (item.step, item.level) = ("firm".into(), 2);
        further.letters[0].level = 2;
        let found = setup.audit(&further);
        assert_eq!(found.is_err_and(|breach| breach.what.contains("skips from level 0")), expected == "first");
    }
}

#[test]
fn a_step_of_the_ladder_answers_nobody() {
    let mut setup = late(&[step("first", 1, "due + 3 days", PRESS)], "");
    let since = at("2026-03-09T08:00:00Z");
    setup.facts.receivables[0].why = Some(KnownWhy { why: WhyUnpaid::CashShort, since });
    setup.facts.heard.push(Heard { at: since, contact_id: None, receivable_id: None, intent: Intent::ShortOfCash });
    let (plan, said) = told(&setup, MONDAY);
    assert_eq!(said, ["first"]);
    setup.pressed(at("2026-03-08T08:00:00Z"));
    assert!(told(&setup, MONDAY).1.is_empty());
    assert!(setup.audit(&plan).is_err_and(|refusal| refusal.what.contains("less than 72 h")));
}

#[test]
fn answers_share_a_letter_by_text_person_and_email_alone() {
    let answers = |more: &str| {
        let one = step("answer", 1, "due + 3 days", ANSWER);
        let other = step("other", 1, "due + 3 days", &format!("{ANSWER}\n{more}"));
        let [one, other] = [(one, "own", "full"), (other, "second", "deposit")].map(|(step, id, milestone)| {
            let head = HEAD.replace("id = \"own\"", &format!("id = \"{id}\""));
            format!("{head}milestones = [\"{milestone}\"]\n{step}")
        });
        let mut setup = Setup::company();
        let other = if more.is_empty() { other.replace("b5_first_reminder", "b5_offer") } else { other };
        setup.playbooks = playbooks_of(&[&one, &other]);
        setup.owes("USD 60.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup.owes("USD 70.00", Milestone::Deposit, Trigger::BlDate, Some(day("2026-03-02")));
        told(&setup, MONDAY).0.letters.len()
    };
    assert_eq!(answers("until = \"due + 60 days\""), 1, "the same text");
    assert_eq!(answers(""), 2, "another text");
    let mut chat = late(&[step("answer", 1, "due + 3 days", &ANSWER.replace("email", "in_site"))], "");
    chat.facts.contacts[0].ways.in_site = true;
    chat.owes("USD 70.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    assert_eq!(told(&chat, MONDAY).0.letters.len(), 2, "in a chat each has its own");
}

#[test]
fn work_of_ours_warns_nobody_whatever_its_level() {
    let mut setup = late(&[step("work", 1, "due + 1 day", WORK), step("firm", 2, "due + 5 days", PRESS)], "");
    let (plan, said) = told(&setup, MONDAY);
    assert_eq!(said, ["do work"]);
    let codes: Vec<&str> = plan.tasks[0].reasons.iter().map(|reason| reason.code.code()).collect();
    assert_eq!(codes, ["step.due"], "why it is to be done now");
    setup.took(0, "work", 1, at("2026-03-04T09:00:00Z"));
    assert!(!told(&setup, "2026-03-16T09:00:00Z").1.contains(&"firm".to_string()));
}
