//! The condition of a step and of a route, field by field: what is true of a debtor lets the letter go; where the playbook
//! asks for the contrary nothing goes, and the audit works the fields out for itself.

use crate::support::{Setup, at, day, money, playbooks_of};
use dunlin_core::audit::Breach;
use dunlin_core::case::StepTaken;
use dunlin_core::gate_facts::PromiseState;
use dunlin_core::grade::Grade;
use dunlin_core::key_date::KeyDate;
use dunlin_core::party::{Channel, Suppressed};
use dunlin_core::playbook::Playbooks;
use dunlin_core::receivable::{Milestone, Trigger};
use dunlin_core::why::{KnownWhy, WhyUnpaid};

/// A Monday, ten in the morning in Italy.
const MONDAY: &str = "2026-03-09T09:00:00Z";

const STEP: &str = r#"level = 1
purpose = "press"
channels = ["email"]
roles = ["purchaser", "finance"]
letter = "b5_first_reminder"
autonomy = "automatic"
statement = false
answer_days = 5
"#;

fn head(id: &str) -> String {
    format!("id = \"{id}\"\nscenario = \"B5\"\nwindow = \"office\"\n[title]\nen = \"Own\"\nzh = \"自拟\"\n[applies]\n")
}

const TITLE: &str = "title = { en = \"Step\", zh = \"步骤\" }\n";

/// One reminder for those of whom the condition is true.
fn on_the_ladder(condition: &str) -> &'static Playbooks {
    let step = format!("[[step]]\nid = \"reminder\"\n{TITLE}at = [\"due + 3 days\"]\nwhen = '{condition}'\n{STEP}");
    playbooks_of(&[&format!("{}{step}", head("own"))])
}

/// The same on a way of its own.
fn on_a_route(condition: &str) -> &'static Playbooks {
    let route = format!("[[route]]\nid = \"way\"\n{TITLE}when = '{condition}'\n");
    let step = format!("[[route.step]]\nid = \"reminder\"\n{TITLE}at = [\"due + 3 days\"]\n{STEP}");
    let later = format!("[[step]]\nid = \"later\"\n{TITLE}at = [\"due + 90 days\"]\n{STEP}");
    playbooks_of(&[&format!("{}{later}{route}{step}", head("own"))])
}

/// USD 1000.00 late for a week of which USD 300.00 were paid; the goods lie in the port since the 4th.
fn known() -> Setup {
    let mut setup = Setup::company();
    let index = setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup.paid(index, "USD 300.00");
    setup.facts.receivables[index].dates.push((KeyDate::Arrival, day("2026-03-04")));
    setup.facts.receivables[index].why = Some(KnownWhy { why: WhyUnpaid::Forgot, since: at("2026-03-05T09:00:00Z") });
    setup.facts.party.grade = Some(Grade::Gold);
    setup.promise(None, Some("USD 700.00"), "2026-02-20", "2026-03-03");
    setup.facts.promises[0].state = PromiseState::Broken;
    // Taken once, and twice taken back: the one counts.
    setup.took(index, "another", 0, at("2026-02-20T09:00:00Z"));
    let voided = StepTaken { voided: true, ..setup.case(index).steps[0].clone() };
    setup.case(index).steps.extend([voided.clone(), voided]);
    setup
}

/// A condition, and what makes it true.
type True = (&'static str, fn(&mut Setup));

const TRUE: &[True] = &[
    ("days_overdue == 7", |_| {}),
    ("outstanding_minor == 70000", |_| {}),
    ("amount_minor == 100000", |_| {}),
    ("partly_paid", |_| {}),
    ("!partly_paid", |s| s.facts.receivables[0].entries.clear()),
    ("currency == \"USD\"", |_| {}),
    ("currency == \"EUR\"", |s| {
        s.facts.receivables[0].entries.clear();
        s.receivable(0).amount = money("EUR 700.00");
    }),
    ("country == \"IT\"", |_| {}),
    ("!is_consumer", |_| {}),
    ("is_consumer", |s| s.facts.party.is_consumer = true),
    ("milestone == \"full\"", |_| {}),
    ("trigger == \"bl_date\"", |_| {}),
    ("promises_broken == 1", |_| {}),
    ("promises_broken == 0", |s| s.facts.promises[0].state = PromiseState::Kept),
    ("role == \"finance\"", |_| {}),
    ("steps_taken == 1", |_| {}),
    ("why == \"forgot\"", |_| {}),
    ("why == \"\"", |s| s.facts.receivables[0].why = None),
    ("grade == \"gold\"", |_| {}),
    ("has_owner && has_finance", |_| {}),
    ("!has_owner", |s| s.facts.contacts[1].objected = true),
    ("!has_owner", |s| s.facts.contacts[1].ways.email = false),
    ("!has_owner", |s| s.facts.contacts[1].suppressed = vec![Suppressed { channel: Channel::Email, until: None }]),
    ("has_owner", |s| {
        let until = Some(at(MONDAY));
        s.facts.contacts[1].suppressed = vec![Suppressed { channel: Channel::Email, until }];
    }),
    ("arrived && days_at_port == 5", |_| {}),
    ("arrived && days_at_port == 0", |s| s.facts.receivables[0].dates[0].1 = day("2026-03-09")),
    ("!arrived && days_at_port == -1", |s| s.facts.receivables[0].dates[0].1 = day("2026-03-10")),
    ("!arrived && days_at_port == 0", |s| s.facts.receivables[0].dates.clear()),
    ("order_state == \"\" && source == \"\"", |_| {}),
];

#[test]
fn a_condition_is_true_of_the_facts_or_nothing_goes() {
    for (condition, change) in TRUE {
        let ways: [fn(&str) -> &'static Playbooks; 2] = [on_the_ladder, on_a_route];
        // Whom it goes to, and so the role, is the step's alone.
        let of_step = if condition.starts_with("role") { 1 } else { 2 };
        for playbooks in ways.into_iter().take(of_step) {
            let mut setup = known();
            change(&mut setup);
            setup.playbooks = playbooks(condition);
            let plan = setup.decide(at(MONDAY));
            assert_eq!(plan.letters.len(), 1, "{condition}: {:?}", plan.cases[0].reasons);
            assert_eq!(setup.audit(&plan), Ok(()), "{condition}");

            setup.playbooks = playbooks(&format!("!({condition})"));
            assert!(setup.decide(at(MONDAY)).letters.is_empty(), "!({condition})");
            let mut forged = plan;
            forged.cases[0].playbook = Some(setup.playbooks.current()[0].reference.clone());
            let found = setup.audit(&forged);
            let is_right = |breach: &Breach| breach.invariant == 4 && breach.what.contains("only for");
            assert!(found.as_ref().is_err_and(is_right), "!({condition}): {found:?}");
        }
    }
}
