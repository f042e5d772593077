//! Why it is unpaid, whom one speaks to, how old it is and how much it is: what these change in the way that a case goes.

use crate::support::{FINANCE, OWNER, Setup, at, day, money, playbooks_of};
use dunlin_core::calendar::shift;
use dunlin_core::case::{CaseState, Entry};
use dunlin_core::gate_facts::PromiseState;
use dunlin_core::key_date::KeyDate;
use dunlin_core::party::{Channel, Suppressed};
use dunlin_core::plan::{Plan, TaskKind, Verdict};
use dunlin_core::receivable::ledger::{LedgerEntry, LedgerKind};
use dunlin_core::receivable::{Milestone, Trigger};
use dunlin_core::why::{KnownWhy, WhyUnpaid};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

pub const REASONS: &str = include_str!("../scenarios/playbooks/reasons.toml");
const AT_PORT: &str = include_str!("../scenarios/playbooks/at_port.toml");
const WHOM: &str = include_str!("../scenarios/playbooks/whom.toml");

/// USD 1000.00, due on Monday 2 March, under the playbook with a route for every reason.
pub fn late() -> Setup {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[REASONS]);
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    setup
}

impl Setup {
    /// Somebody found out why the first debt is unpaid, at ten in the morning in Italy.
    pub fn learns(&mut self, why: WhyUnpaid, on: &str) {
        let since = morning(day(on));
        self.facts.receivables[0].why = Some(KnownWhy { why, since });
    }

    /// Every day from one to the other, at ten in the morning in Italy: decided, audited, carried out. `03-05 step` for
    /// a letter or call, `03-05 do step`, `03-05 task kind`, `03-05 closed`.
    pub fn goes(&mut self, from: &str, to: &str) -> Vec<String> {
        let mut told = Vec::new();
        let mut today = day(from);
        while today <= day(to) {
            let plan = self.decide(morning(today));
            assert_eq!(self.audit(&plan), Ok(()), "{today}");
            told.extend(said(&plan).into_iter().map(|what| format!("{} {what}", today.strftime("%m-%d"))));
            self.carry_out(&plan);
            today = shift(today, 1);
        }
        told
    }
}

fn morning(day: Date) -> jiff::Timestamp {
    let rome = TimeZone::get("Europe/Rome").expect("a zone");
    day.to_datetime(Time::constant(10, 0, 0, 0)).to_zoned(rome).expect("a moment").timestamp()
}

fn said(plan: &Plan) -> Vec<String> {
    let letters = plan.letters.iter().map(|letter| {
        let about = if letter.items.len() > 1 { format!(" about {}", letter.items.len()) } else { String::new() };
        format!("{}{about}", letter.items[0].step)
    });
    let tasks = plan.tasks.iter().map(|task| match task.kind {
        TaskKind::Call => task.step.as_deref().unwrap_or("?").to_string(),
        TaskKind::Do => format!("do {}", task.step.as_deref().unwrap_or("?")),
        other => format!("task {}", other.code()),
    });
    let is_closed = |case: &&dunlin_core::plan::CasePlan| case.state != CaseState::Running;
    let ended = plan.cases.iter().filter(is_closed).filter(|case| case.verdict == Verdict::Closed);
    letters.chain(tasks).chain(ended.map(|case| case.state.code().to_string())).collect()
}

fn codes(setup: &Setup, on: &str) -> Vec<&'static str> {
    let plan = setup.decide(morning(day(on)));
    assert_eq!(setup.audit(&plan), Ok(()));
    plan.cases[0].reasons.iter().map(|reason| reason.code.code()).collect()
}

#[test]
fn a_reason_takes_its_route_and_the_ladder_goes_on_where_it_was_left() {
    let mut setup = late();
    assert_eq!(setup.goes("2026-03-02", "2026-03-08"), ["03-05 first_reminder"]);
    setup.learns(WhyUnpaid::Forgot, "2026-03-09");
    assert_eq!(setup.goes("2026-03-09", "2026-03-10"), ["03-09 way_to_pay"]);
    assert!(codes(&setup, "2026-03-11").contains(&"route.done"));
    // Five business days after the letter of the route the ladder has its second step; the route is walked once.
    assert_eq!(setup.goes("2026-03-11", "2026-03-21"), ["03-16 second_reminder"]);
}

#[test]
fn while_a_route_is_walked_the_ladder_rests_and_at_its_end_a_person_is_asked() {
    let mut setup = late();
    setup.learns(WhyUnpaid::CashShort, "2026-03-02");
    assert!(codes(&setup, "2026-03-02").contains(&"route.taken"));
    // An answer is asked for by the 9th; the ladder would have had its first step on the 5th.
    let expected = ["03-02 offer_later_date", "03-10 firm_last_day", "03-11 task decide_next"];
    assert_eq!(setup.goes("2026-03-02", "2026-04-30"), expected);
    assert_eq!(setup.case(0).state, CaseState::LadderDone);
}

#[test]
fn another_reason_leads_another_way_and_no_step_comes_twice() {
    let mut setup = late();
    setup.learns(WhyUnpaid::CashShort, "2026-03-02");
    assert_eq!(setup.goes("2026-03-02", "2026-03-04"), ["03-02 offer_later_date"]);
    setup.learns(WhyUnpaid::WrongContact, "2026-03-05");
    assert_eq!(setup.goes("2026-03-05", "2026-03-11"), ["03-05 send_papers", "03-06 first_reminder"]);
    // The first reason again: only what is left of its route.
    setup.learns(WhyUnpaid::CashShort, "2026-03-12");
    assert_eq!(setup.goes("2026-03-12", "2026-03-20"), ["03-12 firm_last_day", "03-13 task decide_next"]);
}

/// The way of a reason after which nothing comes, of which the time is over before it begins.
#[test]
fn a_way_that_was_never_begun_does_not_end_a_case() {
    let gone = "[[route]]\nid = \"gone\"\ntitle = { en = \"Gone\", zh = \"gone\" }\nwhen = 'has_finance'\nthen = \"rest\"\n\
                [[route.step]]\nid = \"early\"\ntitle = { en = \"Early\", zh = \"early\" }\nlevel = 0\n\
                purpose = \"press\"\nat = [\"due - 9 days\"]\nuntil = \"due\"\nchannels = [\"email\"]\n\
                roles = [\"finance\"]\nletter = \"first_reminder\"\nautonomy = \"automatic\"\n\
                statement = false\nanswer_days = 5\n\n[[route]]\nid = \"forgot\"";
    let mut setup = late();
    setup.playbooks = playbooks_of(&[&REASONS.replacen("[[route]]\nid = \"forgot\"", gone, 1)]);
    assert_eq!(setup.goes("2026-03-09", "2026-03-09"), ["03-09 first_reminder"]);
}

#[test]
fn our_own_work_waits_for_a_block_to_end_and_nobody_is_asked_instead() {
    let mut setup = late();
    setup.learns(WhyUnpaid::SellerFault, "2026-03-04");
    setup.facts.party.blacklisted = true;
    let plan = setup.decide(at("2026-03-04T09:00:00Z"));
    assert_eq!(setup.audit(&plan), Ok(()));
    assert!(plan.tasks.is_empty() && plan.cases[0].state == CaseState::Running, "{:?}", plan.cases[0]);
    assert!(plan.cases[0].next_wake.is_some(), "it looks again");
    setup.facts.party.blacklisted = false;
    assert_eq!(said(&setup.decide(at("2026-03-05T09:00:00Z")))[0], "do make_good");
}

#[test]
fn our_own_fault_silences_until_it_is_made_good() {
    let mut setup = late();
    setup.learns(WhyUnpaid::SellerFault, "2026-03-04");
    // When the first reminder would go, whoever can take the reason back is asked.
    assert_eq!(setup.goes("2026-03-04", "2026-03-31"), ["03-04 do make_good", "03-05 task decide_next"]);
    assert!(codes(&setup, "2026-03-31").contains(&"gate.seller_fault"));
    setup.facts.receivables[0].why = None;
    // As the store has it when a reason is changed.
    (setup.case(0).state, setup.case(0).task) = (CaseState::Running, None);
    assert_eq!(setup.goes("2026-04-01", "2026-04-02"), ["04-01 first_reminder"]);
}

#[test]
fn money_said_to_be_on_its_way_silences_for_ten_days() {
    let mut setup = late();
    setup.learns(WhyUnpaid::PaidInTransit, "2026-03-04");
    assert_eq!(setup.goes("2026-03-04", "2026-03-14"), ["03-04 ask_for_slip", "03-09 do look_for_money"]);
    // The tenth day after the 4th is the 14th.
    assert!(codes(&setup, "2026-03-14").contains(&"gate.in_transit"));
    assert_eq!(setup.goes("2026-03-15", "2026-03-20"), ["03-15 first_reminder"], "decided on Sunday, leaves on Monday");
}

#[test]
fn a_route_that_begins_further_up_waits_until_its_level_is_reached() {
    let mut setup = late();
    setup.learns(WhyUnpaid::Refuses, "2026-03-02");
    // Its call is of level 2: first the ladder says it kindly, and two business days later the owner is rung up.
    let told = setup.goes("2026-03-02", "2026-03-12");
    assert_eq!(told, ["03-05 first_reminder", "03-09 firm_call"], "{told:?}");
}

#[test]
fn whom_one_speaks_to_changes_the_way() {
    let whom = |roles: &[&str]| {
        let mut setup = Setup::company();
        setup.playbooks = playbooks_of(&[WHOM]);
        setup.facts.contacts.retain(|contact| roles.contains(&contact.role.code()));
        setup.facts.contacts.iter_mut().for_each(|contact| contact.ways.phone = false);
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        setup
    };
    let both = whom(&["owner", "finance"]).goes("2026-03-02", "2026-03-20");
    assert_eq!(both, ["03-05 complete_mail", "03-12 to_the_owner"]);
    let owner = whom(&["owner"]).goes("2026-03-02", "2026-03-20");
    assert_eq!(owner, ["03-05 friendly_talk", "03-10 call_when_it_passes", "03-11 task decide_next"]);
    let finance = whom(&["finance"]).goes("2026-03-02", "2026-03-20");
    assert_eq!(finance, ["03-05 complete_mail"], "nobody above to go to");
    let mut objects = whom(&["owner", "finance"]);
    objects
        .facts
        .contacts
        .iter_mut()
        .filter(|contact| contact.id == FINANCE)
        .for_each(|contact| contact.objected = true);
    assert!(codes(&objects, "2026-03-05").contains(&"route.fits"), "who objected is nobody to speak to");
    let mut listed = whom(&["owner", "finance"]);
    let no_email = Suppressed { channel: Channel::Email, until: None };
    listed
        .facts
        .contacts
        .iter_mut()
        .filter(|contact| contact.id == OWNER)
        .for_each(|owner| owner.suppressed.push(no_email));
    assert_eq!(listed.goes("2026-03-02", "2026-03-20"), finance, "nor is whom nothing may be sent to");
}

#[test]
fn times_count_from_the_day_of_a_broken_promise() {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[WHOM]);
    setup.facts.contacts.retain(|contact| contact.id == OWNER);
    setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    assert_eq!(setup.goes("2026-03-02", "2026-03-05"), ["03-05 friendly_talk"]);
    setup.promise(Some(0), None, "2026-03-06", "2026-03-10");
    assert_eq!(setup.goes("2026-03-06", "2026-03-12"), Vec::<String>::new());
    setup.facts.promises[0].state = PromiseState::Broken;
    // Of one level the last step that is due: three days after the day of the promise.
    let told = setup.goes("2026-03-13", "2026-03-14");
    assert_eq!(told, ["03-13 promise_broken", "03-14 task decide_next"]);
}

fn entered(entry: Entry, due: &str, amount: &str) -> Setup {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[REASONS]);
    setup.owes(amount, Milestone::Full, Trigger::BlDate, Some(day(due)));
    setup.case(0).entry = entry;
    setup.case(0).started_at = at("2026-03-02T01:00:00Z");
    setup
}

#[test]
fn an_old_debt_comes_in_on_the_level_of_its_age_and_never_on_a_severe_one() {
    let first = |due, entry| entered(entry, due, "USD 1000.00").goes("2026-03-02", "2026-03-02");
    assert_eq!(first("2025-11-03", Entry::Standard), ["03-02 first_reminder"]);
    assert_eq!(first("2025-11-03", Entry::Contextual), ["03-02 last_date"], "200 days late, and still no demand");
    assert_eq!(first("2026-02-15", Entry::Contextual), ["03-02 second_reminder"]);
    assert_eq!(first("2026-02-25", Entry::Contextual), ["03-02 first_reminder"]);
    let mut setup = entered(Entry::Contextual, "2025-11-03", "USD 1000.00");
    let told = setup.goes("2026-03-02", "2026-04-30");
    assert_eq!(told, ["03-02 last_date", "03-12 final_demand", "03-13 task decide_next"], "then as always");
}

#[test]
fn an_old_debt_that_is_small_comes_in_where_it_is_worth_it() {
    let with_least = REASONS.replace("level = 4\nshare = 5", "level = 3\nshare = 5");
    let mut setup = entered(Entry::Contextual, "2025-11-03", "USD 50.00");
    setup.playbooks = playbooks_of(&[&with_least]);
    assert_eq!(setup.goes("2026-03-02", "2026-03-02"), ["03-02 second_reminder"]);
}

#[test]
fn an_old_debt_has_its_reason_heard() {
    let mut setup = entered(Entry::Contextual, "2025-11-03", "USD 1000.00");
    setup.learns(WhyUnpaid::PaidInTransit, "2026-03-02");
    assert_eq!(setup.goes("2026-03-02", "2026-03-02"), ["03-02 ask_for_slip"]);
    setup.learns(WhyUnpaid::SellerFault, "2026-03-03");
    assert_eq!(setup.goes("2026-03-03", "2026-03-03"), ["03-03 do make_good"]);
}

#[test]
fn a_severe_level_is_for_a_sum_that_is_worth_it() {
    let mut setup = late();
    setup.receivable(0).amount = money("USD 99.00");
    let small = setup.goes("2026-03-02", "2026-05-31");
    let expected = ["03-05 first_reminder", "03-12 second_reminder", "03-22 last_date", "04-06 task decide_next"];
    assert_eq!(small, expected, "no final demand over 99 dollars; a person is asked on its day");
    // Another debt beside it makes a hundred of it; what is owed counts, not one invoice.
    let mut two = late();
    two.receivable(0).amount = money("USD 99.00");
    two.owes("USD 2.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    let told = two.goes("2026-03-02", "2026-05-31");
    assert!(told.iter().any(|line| line.ends_with("final_demand")), "{told:?}");
    // Against much that is not yet due it is a trifle.
    let mut share = late();
    share.owes("USD 20000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-12-01")));
    let told = share.goes("2026-03-02", "2026-05-31");
    assert!(!told.iter().any(|line| line.ends_with("final_demand")), "{told:?}");
    // More falls due one day: the case waits for that, and says what it lacks.
    assert_eq!(share.case(0).state, CaseState::Running);
    assert!(codes(&share, "2026-06-01").contains(&"step.below_minimum"));
    assert_eq!(share.decide(at("2026-06-01T08:00:00Z")).cases[0].next_wake, Some(at("2026-06-02T08:00:00Z")));
}

#[test]
fn what_is_too_little_before_its_day_may_be_enough_on_it() {
    let mut setup = late();
    setup.receivable(0).amount = money("USD 99.00");
    let expected = ["03-05 first_reminder", "03-12 second_reminder", "03-22 last_date"];
    assert_eq!(setup.goes("2026-03-02", "2026-04-05"), expected, "the ladder is not at its end yet");
    // Another debt fell due meanwhile.
    let other = setup.owes("USD 500.00", Milestone::Full, Trigger::BlDate, Some(day("2026-04-01")));
    setup.case(other).state = CaseState::HandedOver;
    let told = setup.goes("2026-04-06", "2026-04-10");
    assert!(told.iter().any(|line| line.ends_with("final_demand")), "{told:?}");
}

#[test]
fn days_of_the_order_are_moments_and_a_task_is_asked_for_once() {
    let mut setup = Setup::company();
    setup.playbooks = playbooks_of(&[REASONS, AT_PORT]);
    setup.owes("USD 1000.00", Milestone::Balance, Trigger::BlCopy, Some(day("2026-02-20")));
    let other = setup.decide(at("2026-03-02T09:00:00Z"));
    assert_eq!(other.cases[0].playbook.as_ref().map(|known| &*known.id), Some("reasons"), "no day of arrival yet");
    setup.facts.receivables[0].dates = vec![(KeyDate::Arrival, day("2026-03-02"))];
    let told = setup.goes("2026-03-02", "2026-03-31");
    // Free time has no end yet, and its step holds nothing up.
    assert_eq!(told[..3], ["03-02 do port_clock", "03-04 first_notice", "03-12 do next_buyer"], "{told:?}");
    assert!(told[3].ends_with("last_day"), "{told:?}");
}

#[test]
fn a_case_in_other_hands_rests_until_it_is_paid() {
    for state in [CaseState::HandedOver, CaseState::PlanAgreed] {
        let mut setup = late();
        setup.goes("2026-03-02", "2026-03-06");
        setup.case(0).state = state;
        assert_eq!(setup.goes("2026-03-07", "2026-05-31"), Vec::<String>::new(), "{state:?}");
        assert_eq!(setup.case(0).state, state);
        setup.credit(0, LedgerKind::Allocation, "USD 1000.00", "2026-06-01");
        assert_eq!(setup.goes("2026-06-01", "2026-06-02"), ["06-01 paid"], "{state:?}: others speak to the buyer");
    }
}

impl Setup {
    /// A line of the ledger.
    pub fn credit(&mut self, index: usize, kind: LedgerKind, amount: &str, on: &str) {
        self.paid(index, amount);
        let line: &mut LedgerEntry = self.facts.receivables[index].entries.last_mut().expect("a line");
        (line.kind, line.effective_on) = (kind, day(on));
    }
}

#[test]
fn who_was_asked_and_paid_is_thanked_once() {
    let mut setup = late();
    setup.goes("2026-03-02", "2026-03-06");
    setup.credit(0, LedgerKind::Allocation, "USD 1000.00", "2026-03-09");
    assert_eq!(setup.goes("2026-03-09", "2026-03-31"), ["03-09 thanks"]);
    assert_eq!(setup.case(0).state, CaseState::Paid);
}

#[test]
fn thanks_come_soon_or_never() {
    for (paid_on, expected) in [("2026-03-09", 1), ("2026-03-08", 0)] {
        let mut setup = late();
        setup.goes("2026-03-02", "2026-03-06");
        setup.credit(0, LedgerKind::Allocation, "USD 1000.00", paid_on);
        let plan = setup.decide(at("2026-03-23T09:00:00Z"));
        assert_eq!((plan.letters.len(), setup.audit(&plan)), (expected, Ok(())), "{paid_on}");
    }
}

#[test]
fn at_the_end_of_the_ladder_money_is_thanked_for_too() {
    let mut setup = late();
    setup.goes("2026-03-02", "2026-05-31");
    assert_eq!(setup.case(0).state, CaseState::LadderDone);
    setup.credit(0, LedgerKind::Allocation, "USD 1000.00", "2026-06-01");
    assert_eq!(setup.goes("2026-06-01", "2026-06-04"), ["06-01 thanks"]);
}

#[test]
fn one_letter_thanks_for_several_debts_that_one_payment_settled() {
    let mut setup = late();
    setup.owes("USD 50.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    assert_eq!(setup.goes("2026-03-02", "2026-03-06"), ["03-05 first_reminder about 2"]);
    setup.credit(0, LedgerKind::Allocation, "USD 1000.00", "2026-03-09");
    setup.credit(1, LedgerKind::Allocation, "USD 50.00", "2026-03-09");
    assert_eq!(setup.goes("2026-03-09", "2026-03-31"), ["03-09 thanks about 2"]);
}

#[test]
fn nobody_is_thanked_for_what_was_not_paid_or_not_asked_for_or_is_long_past() {
    type Change = fn(&mut Setup);
    let cases: [(&str, Change, &str); 7] = [
        ("a credit note", |s| s.credit(0, LedgerKind::Credit, "USD 1000.00", "2026-03-09"), "paid"),
        (
            "the rest written off",
            |s| {
                s.credit(0, LedgerKind::Allocation, "USD 900.00", "2026-03-09");
                s.credit(0, LedgerKind::WriteOff, "USD 100.00", "2026-03-09");
            },
            "written_off",
        ),
        (
            "on hold",
            |s| {
                s.credit(0, LedgerKind::Allocation, "USD 1000.00", "2026-03-09");
                s.hold(Some(0), "2026-03-31");
            },
            "paid",
        ),
        (
            "blacklisted",
            |s| {
                s.credit(0, LedgerKind::Allocation, "USD 1000.00", "2026-03-09");
                s.facts.party.blacklisted = true;
            },
            "paid",
        ),
        ("long past", |s| s.credit(0, LedgerKind::Allocation, "USD 1000.00", "2026-02-01"), "paid"),
        (
            "nobody was asked",
            |s| {
                s.credit(0, LedgerKind::Allocation, "USD 1000.00", "2026-03-09");
                s.case(0).steps.clear();
            },
            "paid",
        ),
        (
            "nobody can be written to",
            |s| {
                s.credit(0, LedgerKind::Allocation, "USD 1000.00", "2026-03-09");
                s.facts.contacts.iter_mut().for_each(|contact| contact.objected = true);
            },
            "paid",
        ),
    ];
    for (name, change, ended) in cases {
        let mut setup = late();
        setup.goes("2026-03-02", "2026-03-06");
        change(&mut setup);
        let told = setup.goes("2026-03-09", "2026-03-31");
        assert_eq!(told, [format!("03-09 {ended}")], "{name}");
    }
}
