//! Looking ahead takes the steps that the tables of the decision say, at the moments at which a run would.

use crate::support::{Setup, at, day, playbooks};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::case::{CaseState, LetterState, OpenLetter, StepTaken};
use dunlin_core::facts::StatementAge;
use dunlin_core::gate_facts::UnmatchedMoney;
use dunlin_core::ids::LetterId;
use dunlin_core::lookahead::{Action, Assumptions, Course, Ground, Outlook, Standing, look_ahead};
use dunlin_core::receivable::{Milestone, Trigger};

/// Friday, five in the afternoon in Shanghai.
const FROM: &str = "2026-02-20T09:00:00Z";

fn ground<'a>(setup: &'a Setup, assumptions: &'a Assumptions) -> Ground<'a> {
    let (tenant, playbooks) = (&setup.tenant, playbooks());
    Ground { tenant, playbooks, countries: Countries::shipped(), assumptions, from: at(FROM) }
}

fn ahead(setup: &Setup, to: &str) -> Outlook {
    let assumptions = Assumptions::default();
    look_ahead(setup.facts.clone(), at(to), &ground(setup, &assumptions))
}

/// `02-25 letter courtesy email R-1 USD 1000.00`, the day in Shanghai.
fn told(setup: &Setup, actions: &[Action]) -> Vec<String> {
    let line = |action: &Action| {
        let local = action.at.to_zoned(setup.tenant.time_zone.clone());
        let what = action.task.map_or_else(|| action.step.as_deref().unwrap_or("?").to_string(), |t| t.code().into());
        let channel = action.channel.map_or("-", |channel| channel.code());
        let (kind, numbers) = (action.kind.code(), action.receivables.join("+"));
        format!("{} {kind} {what} {channel} {numbers} {}", local.strftime("%m-%d"), action.pressed)
    };
    actions.iter().map(line).collect()
}

fn late_in_march() -> Setup {
    let mut setup = Setup::company();
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup
}

#[test]
fn the_whole_ladder_is_that_of_the_table() {
    let setup = late_in_march();
    let outlook = ahead(&setup, "2026-05-31T00:00:00Z");
    // The 6th is Easter Monday there; the second yes comes in the evening, so that letter leaves the morning after.
    let expected = [
        "02-25 letter courtesy email R-1 USD 1000.00",
        "03-02 letter due_today email R-1 USD 1000.00",
        "03-05 letter first_reminder email R-1 USD 1000.00",
        "03-12 letter second_reminder email R-1 USD 1000.00",
        "03-19 call call phone R-1 USD 1000.00",
        "03-25 approval last_date email R-1 USD 1000.00",
        "03-25 letter last_date email R-1 USD 1000.00",
        "04-07 approval final_demand email R-1 USD 1000.00",
        "04-08 letter final_demand email R-1 USD 1000.00",
    ];
    let found = told(&setup, &outlook.actions);
    assert_eq!(found[..expected.len()], expected, "{found:#?}");
    assert_eq!(found.len(), expected.len() + 1, "{found:#?}");
    assert!(found[expected.len()].contains("task decide_next"), "{found:#?}");
    assert_eq!((outlook.standing.ladder_done, outlook.refusals.len(), outlook.cut_short), (1, 0, None));
    let hours = outlook.actions.iter().filter(|action| action.kind.code() == "letter");
    let rome = jiff::tz::TimeZone::get("Europe/Rome").expect("a zone");
    assert!(hours.map(|letter| rome.to_datetime(letter.at).hour()).all(|hour| (9..18).contains(&hour)));
}

#[test]
fn looking_in_two_goes_is_looking_once() {
    let setup = late_in_march();
    let assumptions = Assumptions::default();
    let ground = ground(&setup, &assumptions);
    let mut course = Course::going_on(setup.facts.clone(), &ground);
    for to in ["2026-03-01T00:00:00Z", "2026-03-19T13:00:00Z", "2026-03-19T13:00:00Z", "2026-05-31T00:00:00Z"] {
        course.advance(at(to), &ground);
    }
    assert_eq!(course.finish(), ahead(&setup, "2026-05-31T00:00:00Z"));
}

#[test]
fn where_cases_stand_on_the_way_is_told_and_changes_nothing() {
    let setup = late_in_march();
    let assumptions = Assumptions::default();
    let ground = ground(&setup, &assumptions);
    let moments = ["2026-02-21T16:00:00Z", "2026-03-10T16:00:00Z", "2026-05-31T00:00:00Z"].map(at);
    let mut course = Course::going_on(setup.facts.clone(), &ground);
    let mut stood = Vec::new();
    course.advance_by(&moments, &ground, |nth, standing| stood.push((nth, standing)));
    let on_buyer = Standing { waiting_on_buyer: 1, ..Standing::default() };
    let at_the_end = Standing { ladder_done: 1, ..Standing::default() };
    assert_eq!(stood, [(0, on_buyer), (1, on_buyer), (2, at_the_end)]);
    assert_eq!(course.finish(), ahead(&setup, "2026-05-31T00:00:00Z"));

    let mut elsewhere = late_in_march();
    elsewhere.facts.receivables[0].case.as_mut().expect("a case").state = CaseState::HandedOver;
    let outlook = ahead(&elsewhere, "2026-03-18T00:00:00Z");
    assert_eq!((outlook.actions.len(), outlook.standing.in_other_hands), (0, 1));
}

#[test]
fn a_hold_and_a_promise_silence_and_end() {
    let mut held = late_in_march();
    held.hold(None, "2026-03-15");
    let outlook = ahead(&held, "2026-03-18T00:00:00Z");
    assert_eq!(told(&held, &outlook.actions), ["03-16 letter first_reminder email R-1 USD 1000.00"]);
    let mut promised = late_in_march();
    promised.promise(Some(0), None, "2026-02-19", "2026-03-10");
    let outlook = ahead(&promised, "2026-03-15T00:00:00Z");
    assert_eq!(told(&promised, &outlook.actions), ["03-13 call promise_call phone R-1 USD 1000.00"]);
    assert_eq!(outlook.standing.waiting_on_buyer, 1);
}

#[test]
fn what_only_we_can_settle_waits_on_us() {
    let mut disputed = late_in_march();
    disputed.dispute(0, None);
    let outlook = ahead(&disputed, "2026-04-21T00:00:00Z");
    assert_eq!((outlook.actions.len(), outlook.standing.waiting_on_us), (0, 1));
    let mut unmatched = late_in_march();
    unmatched.unmatched("USD 90.00");
    let outlook = ahead(&unmatched, "2026-04-21T00:00:00Z");
    assert_eq!((outlook.actions.len(), outlook.standing.waiting_on_us), (0, 1));
    let mut unknown = Setup::bare("IT");
    unknown.owes("USD 1000.00", Milestone::Full, Trigger::FixedDate, Some(day("2026-03-02")));
    let outlook = ahead(&unknown, "2026-04-21T00:00:00Z");
    let tasks = outlook.actions.iter().filter(|action| action.kind.code() == "task").count();
    assert!(tasks <= 1, "asked once: {:?}", told(&unknown, &outlook.actions));
}

#[test]
fn statements_go_on_coming_and_old_books_stay_old() {
    let mut fresh = late_in_march();
    fresh.tenant.statements = Some(StatementAge { covered_to: day("2026-02-19"), max_age_days: 3 });
    assert_eq!(ahead(&fresh, "2026-03-20T00:00:00Z").actions.len(), 5);
    let mut old = late_in_march();
    old.tenant.statements = Some(StatementAge { covered_to: day("2026-02-10"), max_age_days: 3 });
    let outlook = ahead(&old, "2026-03-20T00:00:00Z");
    assert_eq!((outlook.actions.len(), outlook.standing.waiting_on_us), (0, 1));
}

#[test]
fn what_waits_already_leaves_first() {
    let mut setup = late_in_march();
    let taken = StepTaken {
        step: "courtesy".into(),
        level: 0,
        round: 0,
        taken_at: at("2026-02-19T09:00:00Z"),
        answer_by: None,
        done_at: None,
        voided: false,
        end: None,
    };
    let case = setup.case(0);
    case.steps.push(taken);
    case.letter = Some(OpenLetter { id: LetterId(7), state: LetterState::Review, not_before: at(FROM) });
    let outlook = ahead(&setup, "2026-03-03T00:00:00Z");
    assert_eq!(
        told(&setup, &outlook.actions),
        [
            "02-20 approval courtesy email R-1 USD 1000.00",
            "02-20 letter courtesy email R-1 USD 1000.00",
            "03-02 letter due_today email R-1 USD 1000.00",
        ]
    );
}

#[test]
fn money_recorded_on_the_way_stops_the_course() {
    let mut setup = late_in_march();
    let assumptions = Assumptions::default();
    let firm = setup.clone();
    let ground = ground(&firm, &assumptions);
    let mut course = Course::afresh(setup.facts.clone(), ground.from);
    course.advance(at("2026-03-06T00:00:00Z"), &ground);
    assert_eq!(course.take_actions().len(), 3);
    let without = setup.facts.clone();
    let mut waiting = setup.facts.clone();
    waiting.unmatched.push(UnmatchedMoney {
        payment_id: dunlin_core::ids::PaymentId(1),
        payment_number: "P-0001".to_string(),
        left: crate::support::money("USD 1000.00"),
        received_on: day("2026-03-06"),
        payer_name: "ROSSI".to_string(),
    });
    course.learn(waiting);
    course.advance(at("2026-03-14T00:00:00Z"), &ground);
    assert!(course.take_actions().is_empty(), "money that may be theirs silences");
    course.learn(without);
    course.advance(at("2026-03-18T00:00:00Z"), &ground);
    assert_eq!(told(&setup, &course.take_actions()).len(), 1, "the second reminder, late");
    setup.paid(0, "USD 1000.00");
    course.learn(setup.facts.clone());
    course.advance(at("2026-05-18T00:00:00Z"), &ground);
    let outlook = course.finish();
    assert_eq!((outlook.actions.len(), outlook.standing.settled, outlook.refusals.len()), (0, 1, 0));
}

#[test]
fn every_playbook_climbs_its_levels_and_the_audit_never_refuses() {
    let assumptions = Assumptions::default();
    for country in ["IT", "SA", "US", "CN", "BR", ""] {
        for trigger in Trigger::ALL {
            for milestone in [Milestone::Deposit, Milestone::Balance, Milestone::Full, Milestone::Sample] {
                let mut setup = Setup::company();
                setup.facts.party.country = country.to_string();
                for (amount, due) in
                    [("USD 1000.00", "2025-11-03"), ("USD 50.00", "2026-03-02"), ("EUR 7.00", "2026-03-04")]
                {
                    setup.owes(amount, milestone, *trigger, Some(day(due)));
                }
                let ground = ground(&setup, &assumptions);
                let outlook = look_ahead(setup.facts.clone(), at("2026-12-31T00:00:00Z"), &ground);
                let place = format!("{country} {} {}", trigger.code(), milestone.code());
                assert_eq!((outlook.refusals, outlook.cut_short), (Vec::new(), None), "{place}");
                for number in ["R-1", "R-2", "R-3"] {
                    let about = |action: &&Action| action.receivables.iter().any(|known| known == number);
                    let mut level = 0;
                    let mut steps = Vec::new();
                    for action in outlook.actions.iter().filter(about).filter(|action| action.task.is_none()) {
                        // A letter about several debts has the tone of the highest of them.
                        // What goes beside a letter is the same step at the same moment; its money is counted once.
                        let key = (action.step.clone(), action.kind, action.at, action.pressed.minor);
                        assert!(!steps.contains(&key), "{place}: {key:?} twice");
                        steps.push(key);
                        if action.receivables.len() == 1 {
                            assert!(action.level >= level, "{place} {number}: falls from {level} to {}", action.level);
                            level = action.level;
                        }
                    }
                }
            }
        }
    }
}
