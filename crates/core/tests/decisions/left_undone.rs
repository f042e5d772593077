//! What was not done, or is not right any more, counts for nothing: calls that nobody made, letters that were declined,
//! letters that outlived their step; and what asks for nothing is not passed over.

use crate::support::{Setup, at, day, playbooks_of};
use dunlin_core::audit::departure::{WaitingLetter, check_departure};
use dunlin_core::case::{LetterState, OpenLetter, StepEnd, StepTaken};
use dunlin_core::ids::LetterId;
use dunlin_core::plan::{Plan, Review, TaskKind};
use dunlin_core::receivable::{Milestone, Trigger};

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
    assert!(setup.audit(&plan).is_err());
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
        if end.is_some() {
            let mut unseen = plan;
            unseen.letters[0].review = Review::Automatic;
            assert!(setup.audit(&unseen).is_err_and(|refusal| refusal.invariant == 5));
        }
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
