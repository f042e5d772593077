//! Ladders as tables that a trader can read: `tests/decisions/tables/*.txt`, one file per playbook.
//!
//! A line is a command; `#` begins a remark, empty lines are for the eye.
//!
//! ```text
//! scenario TITLE                                        begins anew: an Italian company, finance and owner by email
//! buyer COUNTRY                                         another country, nobody to write to yet
//! contact ROLE CHANNEL[,CHANNEL]                        a person there
//! owes USD 1000.00 MILESTONE TRIGGER due DATE           the first is R-1, the next R-2 …; `awaited` in place of
//! owes USD 50.00 full order_placed placed DATE TIME       `due DATE` while the trigger has not happened
//! DATE paid R-1 USD 300.00 | triggered R-1 due DATE | hold until DATE | promise R-1 [USD 300.00] for DATE
//! DATE dispute R-1 [USD 200.00] | resolved | unmatched USD 90.00 | matched | books end | objects ROLE
//! DATE blacklisted | closed R-1 | platform owes R-1 | sent R-1 STEP
//! DATE [TIME] => WHAT HAPPENS                           decided at 17:00 in Shanghai when no time is given
//! ```
//!
//! What is decided on a checked date is carried out: the letter leaves, the approval is given, the call is made.
//! Between the checked dates nothing runs. Every plan must pass the audit. What happens is one of
//! `press STEP by CHANNEL to ROLE, asks MONEY` (or `formal`, `service`), `call STEP to ROLE, asks MONEY`,
//! `task KIND`, `closed: REASON`, `silent: REASON`, joined by ` + `; a letter adds `about N` when it covers more than
//! one receivable, `a person looks` or `needs approval`, and `leaves DATE` when that is another day.

use std::path::Path;

use crate::support::{Setup, day, money, playbooks};
use dunlin_core::case::CaseState;
use dunlin_core::facts::StatementAge;
use dunlin_core::ids::ContactId;
use dunlin_core::money::Money;
use dunlin_core::party::{ContactRole, Ways};
use dunlin_core::plan::{CasePlan, Plan, PlannedLetter, PlannedTask, Review, TaskKind, Verdict};
use dunlin_core::receivable::{Milestone, Obligor, Trigger};
use jiff::Timestamp;
use jiff::civil::{Date, Time};

#[test]
fn every_history_leads_to_its_actions() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decisions/tables");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("scenarios").map(|e| e.expect("entry").path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    let mut checked = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "txt")) {
        let name = file.file_name().expect("a name").to_string_lossy();
        let text = std::fs::read_to_string(file).expect("a scenario");
        let mut setup = Setup::company();
        for (number, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or("").trim();
            if line.is_empty() {
                continue;
            }
            let place = format!("{name}:{}", number + 1);
            match line.split_once("=>") {
                Some((when, expected)) => {
                    checked += 1;
                    let found = check(&mut setup, when.trim());
                    if found != expected.trim() {
                        wrong.push(format!("{place}\n  expected {}\n  found    {found}", expected.trim()));
                    }
                }
                None => read(&mut setup, line).unwrap_or_else(|| panic!("{place}: ‘{line}’ is not a command")),
            }
        }
    }
    assert!(checked >= 15, "only {checked} rows");
    assert!(wrong.is_empty(), "{} of {checked} rows:\n{}", wrong.len(), wrong.join("\n"));
}

fn instant(setup: &Setup, date: Date, time: Option<&str>) -> Timestamp {
    let time = time.map_or(Time::constant(17, 0, 0, 0), |time| time.parse().expect("a time"));
    date.to_datetime(time).to_zoned(setup.tenant.time_zone.clone()).expect("a moment").timestamp()
}

/// Decides, audits, carries out, and says what happened.
fn check(setup: &mut Setup, when: &str) -> String {
    let (date, time) = when.split_once(' ').map_or((when, None), |(date, time)| (date, Some(time)));
    let now = instant(setup, day(date), time);
    let plan = setup.decide(now);
    let said = setup.audit(&plan).map_or_else(|refusal| format!("REFUSED {refusal}"), |()| what_happens(&plan, setup));
    setup.carry_out(&plan);
    said
}

fn what_happens(plan: &Plan, setup: &Setup) -> String {
    let mut said: Vec<String> = plan.letters.iter().map(|letter| letter_line(letter, plan, setup)).collect();
    said.extend(plan.tasks.iter().map(|task| task_line(task, setup)));
    let closed = plan.cases.iter().filter(|case| case.verdict == Verdict::Closed);
    said.extend(closed.map(|case| format!("closed: {}", why(case))));
    if said.is_empty() {
        let mut reasons: Vec<String> = plan.cases.iter().map(|case| format!("silent: {}", why(case))).collect();
        reasons.dedup();
        said = reasons;
    }
    said.join(" + ")
}

fn letter_line(letter: &PlannedLetter, plan: &Plan, setup: &Setup) -> String {
    let (purpose, step) = (letter.purpose.code(), &letter.items[0].step);
    let mut line = format!("{purpose} {step} by {} to {}", letter.channel.code(), letter.role.code());
    if letter.purpose.asks_for_money() {
        let asked: i64 = letter.items.iter().map(|item| item.pressed.minor).sum();
        line += &format!(", asks {}", Money::new(asked, letter.currency));
    }
    if letter.items.len() > 1 {
        line += &format!(", about {}", letter.items.len());
    }
    match letter.review {
        Review::Automatic => {}
        Review::Look => line += ", a person looks",
        Review::TwoPersons => line += ", needs two approvals",
        Review::Severe => line += ", needs approval",
    }
    let date = |moment: Timestamp| moment.to_zoned(setup.tenant.time_zone.clone()).date();
    if date(letter.send_at) != date(plan.decided_at) {
        line += &format!(", leaves {}", date(letter.send_at));
    }
    line
}

fn task_line(task: &PlannedTask, setup: &Setup) -> String {
    if task.kind != TaskKind::Call {
        return format!("task {}", task.kind.code());
    }
    let contact = setup.facts.contacts.iter().find(|contact| Some(contact.id) == task.contact_id);
    let step = task.step.as_deref().unwrap_or("?");
    format!("call {step} to {}, asks {}", contact.map_or("somebody", |contact| contact.role.code()), task.pressed)
}

/// The gate that stops everything when one does, else the last word about the case.
fn why(case: &CasePlan) -> &'static str {
    let stops = |code: &&str| code.starts_with("gate.") && !code.ends_with("_part");
    let codes = || case.reasons.iter().map(|reason| reason.code.code());
    let settled = matches!(case.state, CaseState::LadderDone);
    codes().find(stops).filter(|_| !settled).or_else(|| codes().next_back()).unwrap_or("no reason")
}

/// One command; `None` when it is none.
fn read(setup: &mut Setup, line: &str) -> Option<()> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["scenario", ..] => *setup = Setup::company(),
        ["buyer", country] => *setup = Setup::bare(country),
        ["contact", role, channels] => {
            let has = |channel| channels.split(',').any(|given| given == channel);
            let ways = Ways { email: has("email"), in_site: has("in_site"), phone: has("phone") };
            let id = ContactId(20 + setup.facts.contacts.len() as u128);
            setup.contact(id, ContactRole::from_code(role)?, ways);
        }
        ["owes", currency, amount, milestone, trigger, ref rest @ ..] => {
            let amount = format!("{currency} {amount}");
            let (milestone, trigger) = (Milestone::from_code(milestone)?, Trigger::from_code(trigger)?);
            match *rest {
                ["due", due] => setup.owes(&amount, milestone, trigger, Some(day(due))),
                ["awaited"] => setup.owes(&amount, milestone, trigger, None),
                ["placed", date, time] => {
                    let index = setup.owes(&amount, milestone, trigger, Some(day(date)));
                    setup.receivable(index).placed_at = Some(instant(setup, day(date), Some(time)));
                    index
                }
                _ => return None,
            };
        }
        [date, ref event @ ..] => return happened(setup, date.parse().ok()?, event),
        [] => return None,
    }
    Some(())
}

fn happened(setup: &mut Setup, date: Date, event: &[&str]) -> Option<()> {
    match *event {
        ["paid", number, currency, amount] => setup.paid(index(number)?, &format!("{currency} {amount}")),
        ["triggered", number, "due", due] => {
            let receivable = setup.receivable(index(number)?);
            receivable.triggered_on = Some(date);
            receivable.due_on = Some(day(due));
        }
        ["hold", "until", until] => setup.hold(None, until),
        ["promise", number, "for", pay_on] => setup.promise(Some(index(number)?), None, &date.to_string(), pay_on),
        ["promise", number, currency, amount, "for", pay_on] => {
            let amount = format!("{currency} {amount}");
            setup.promise(Some(index(number)?), Some(&amount), &date.to_string(), pay_on);
        }
        ["dispute", number] => setup.dispute(index(number)?, None),
        ["dispute", number, currency, amount] => {
            setup.dispute(index(number)?, Some(&format!("{currency} {amount}")));
        }
        ["resolved"] => setup.facts.disputes.iter_mut().for_each(|dispute| dispute.resolved = true),
        ["unmatched", currency, amount] => setup.unmatched(&format!("{currency} {amount}")),
        ["matched"] => setup.facts.unmatched.clear(),
        ["books", "end"] => setup.tenant.statements = Some(StatementAge { covered_to: date, max_age_days: 3 }),
        ["objects", role] => {
            let role = ContactRole::from_code(role)?;
            let objecting = setup.facts.contacts.iter_mut().filter(|contact| contact.role == role);
            objecting.for_each(|contact| contact.objected = true);
        }
        ["blacklisted"] => setup.facts.party.blacklisted = true,
        ["closed", number] => setup.receivable(index(number)?).closed = true,
        ["platform", "owes", number] => setup.receivable(index(number)?).obligor = Obligor::Platform,
        ["sent", number, step] => {
            let index = index(number)?;
            let playbook = playbooks().choose(None, &setup.facts.receivables[index].receivable, &[])?;
            let level = playbook.steps.iter().find(|known| &*known.id == step)?.level;
            setup.took(index, step, level, instant(setup, date, None));
        }
        _ => return None,
    }
    Some(())
}

fn index(number: &str) -> Option<usize> {
    let nth: usize = number.strip_prefix("R-")?.parse().ok()?;
    nth.checked_sub(1)
}

#[test]
fn money_is_written_as_in_the_tables() {
    assert_eq!(money("USD 1000.5").to_string(), "USD 1000.50");
}
