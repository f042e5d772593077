//! Nothing runs for ever. Every playbook that ships is walked day by day for two years over a buyer who is silent, whatever
//! the reason is said to be: at its end the case rests with a person, who has a task, or waits for the platform to close
//! the order, and nothing more is written. The other ends of a case are silent at once.

use crate::support::{FINANCE, OWNER, Setup, at, day, playbooks};
use dunlin_core::case::{CaseState, SubjectKind};
use dunlin_core::key_date::KeyDate;
use dunlin_core::party::{ContactRole, Ways};
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_core::receivable::{Milestone, Obligor, Trigger};
use dunlin_core::why::WhyUnpaid;

const FIRST: &str = "2026-01-02";
const LAST: &str = "2028-01-02";
/// The reason becomes known on the first of these days.
const LEARNT: (&str, &str) = ("2026-03-10", "2026-03-09");

/// A debt that the playbook is for, due or placed on Monday 2 March.
struct Debt {
    playbook: &'static str,
    milestone: Milestone,
    trigger: Trigger,
    dates: &'static [(KeyDate, &'static str)],
}

const fn debt(
    playbook: &'static str,
    milestone: Milestone,
    trigger: Trigger,
    dates: &'static [(KeyDate, &'static str)],
) -> Debt {
    Debt { playbook, milestone, trigger, dates }
}

const DEBTS: [Debt; 13] = [
    debt("b1_deposit", Milestone::Deposit, Trigger::Proforma, &[]),
    debt("b2_balance_before_shipment", Milestone::Balance, Trigger::GoodsReady, &[]),
    debt("b3_balance_bl_copy", Milestone::Balance, Trigger::BlCopy, &[]),
    debt("b4_at_port", Milestone::Balance, Trigger::BlCopy, &[(KeyDate::Arrival, "2026-03-16")]),
    debt(
        "b4_at_port",
        Milestone::Balance,
        Trigger::BlCopy,
        &[(KeyDate::Arrival, "2026-03-16"), (KeyDate::FreeTimeEnd, "2026-03-30")],
    ),
    debt("b5_open_account", Milestone::Full, Trigger::InvoiceDate, &[]),
    debt("b5_other_direct", Milestone::Freight, Trigger::FixedDate, &[]),
    debt("b6_collection", Milestone::Full, Trigger::InvoiceDate, &[(KeyDate::Collection, "2026-02-24")]),
    debt(
        "b6_collection",
        Milestone::Full,
        Trigger::InvoiceDate,
        &[(KeyDate::Collection, "2026-02-24"), (KeyDate::Acceptance, "2026-03-04")],
    ),
    debt(
        "b6_collection",
        Milestone::Full,
        Trigger::InvoiceDate,
        &[(KeyDate::Collection, "2026-02-24"), (KeyDate::Acceptance, "2026-03-04"), (KeyDate::Maturity, "2026-04-20")],
    ),
    debt(
        "b6_letter_of_credit",
        Milestone::Full,
        Trigger::InvoiceDate,
        &[
            (KeyDate::LatestShipment, "2026-02-10"),
            (KeyDate::Presentation, "2026-02-20"),
            (KeyDate::CreditExpiry, "2026-02-26"),
        ],
    ),
    debt("b8_instalment", Milestone::Instalment, Trigger::FixedDate, &[]),
    debt("m1_unpaid_order", Milestone::Full, Trigger::OrderPlaced, &[]),
];

impl Debt {
    fn is_direct(&self) -> bool {
        self.trigger != Trigger::OrderPlaced
    }

    /// Somebody of finance and the owner, or the owner alone.
    fn setup(&self, with_finance: bool) -> Setup {
        let mut setup = Setup::bare("IT");
        let ways = Ways { email: true, in_site: !self.is_direct(), phone: true };
        if with_finance {
            setup.contact(FINANCE, ContactRole::Finance, ways);
        }
        setup.contact(OWNER, ContactRole::Owner, ways);
        let due = self.is_direct().then(|| day("2026-03-02"));
        setup.owes("USD 5000.00", self.milestone, self.trigger, due);
        if !self.is_direct() {
            setup.receivable(0).placed_at = Some(at("2026-03-02T02:00:00Z"));
        }
        setup.facts.receivables[0].dates = self.dates.iter().map(|(kind, on)| (*kind, day(on))).collect();
        setup
    }
}

fn is_work_of_ours(line: &str) -> bool {
    line.contains(" do ") || line.contains(" task ")
}

#[test]
fn every_playbook_that_ships_is_walked_here() {
    let of_debts = playbooks().current().iter().filter(|known| known.applies.subject == SubjectKind::Receivable);
    let mut shipped: Vec<&str> = of_debts.map(|playbook| &*playbook.reference.id).collect();
    shipped.sort_unstable();
    let mut walked: Vec<&str> = DEBTS.iter().map(|debt| debt.playbook).collect();
    walked.sort_unstable();
    walked.dedup();
    assert_eq!(walked, shipped);
}

#[test]
fn a_silent_buyer_s_case_ends_with_a_person_whatever_the_reason() {
    let reasons: Vec<Option<WhyUnpaid>> =
        std::iter::once(None).chain(WhyUnpaid::ALL.iter().copied().map(Some)).collect();
    let mut wrong = Vec::new();
    for debt in &DEBTS {
        for with_finance in [true, false] {
            for why in &reasons {
                let mut setup = debt.setup(with_finance);
                let mut told = setup.goes(FIRST, LEARNT.1);
                if let Some(why) = why {
                    setup.learns(*why, LEARNT.0);
                }
                told.extend(setup.goes(LEARNT.0, LAST));
                let case = setup.case(0);
                assert_eq!(case.playbook.as_ref().map(|known| &*known.id), Some(debt.playbook));
                let rests = match case.state {
                    CaseState::LadderDone => true,
                    // Nobody is known to write to, say: a task asks for them.
                    CaseState::Running => case.task.is_some(),
                    _ => false,
                };
                // The last thing of all is a question to a person; the platform closes its orders by itself.
                let asked = told.last().is_some_and(|line| line.contains(" task ")) || !debt.is_direct();
                let letters = told.iter().filter(|line| !is_work_of_ours(line)).count();
                if !(rests && asked && letters <= 16) {
                    let name = why.map_or("silent", |why| why.code());
                    wrong.push(format!(
                        "{} {name} finance: {with_finance} {:?}: {told:?}",
                        debt.playbook,
                        setup.case(0).state
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_case_at_its_end_is_silent_whatever_its_playbook() {
    type End = fn(&mut Setup);
    let ends: [(&str, End); 6] = [
        ("paid", |setup| setup.credit(0, LedgerKind::Allocation, "USD 5000.00", "2026-03-20")),
        ("written_off", |setup| setup.credit(0, LedgerKind::WriteOff, "USD 5000.00", "2026-03-20")),
        ("handed_over", |setup| setup.case(0).state = CaseState::HandedOver),
        ("plan_agreed", |setup| {
            setup.credit(0, LedgerKind::Moved, "USD 5000.00", "2026-03-20");
            setup.case(0).state = CaseState::PlanAgreed;
        }),
        ("closed", |setup| setup.receivable(0).closed = true),
        ("closed", |setup| setup.receivable(0).obligor = Obligor::Platform),
    ];
    for debt in &DEBTS {
        for (state, end) in &ends {
            let mut setup = debt.setup(true);
            setup.goes(FIRST, "2026-03-19");
            end(&mut setup);
            let told = setup.goes("2026-03-20", LAST);
            let about_its_end = |line: &String| line.ends_with(" thanks") || line.ends_with(&format!(" {state}"));
            assert!(told.iter().all(about_its_end), "{} {state}: {told:?}", debt.playbook);
            let thanks = told.iter().filter(|line| line.ends_with(" thanks")).count();
            assert!(thanks <= 1, "{} {state}, once: {told:?}", debt.playbook);
            assert_eq!(setup.case(0).state.code(), *state, "{}", debt.playbook);
        }
    }
}

/// USD 1000.00, late for a week; settled by these lines, the last with this note.
fn settled(lines: &[(LedgerKind, &str)], note: &str) -> (CaseState, &'static str) {
    let mut setup = Setup::company();
    let index = setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
    for (kind, amount) in lines {
        setup.credit(index, *kind, amount, "2026-03-06");
    }
    if let Some(last) = setup.facts.receivables[index].entries.last_mut() {
        last.note = note.to_string();
    }
    let plan = setup.decide(at("2026-03-09T09:00:00Z"));
    assert_eq!(setup.audit(&plan), Ok(()));
    let last = plan.cases[0].reasons.last().expect("a reason");
    (plan.cases[0].state, last.code.code())
}

#[test]
fn an_end_is_called_what_it_was() {
    use LedgerKind::{Allocation, Credit, Moved, WriteOff};
    let charges = "bank charges, P-0001";
    assert_eq!(settled(&[(Allocation, "USD 1000.00")], ""), (CaseState::Paid, "gate.paid"));
    assert_eq!(settled(&[(Allocation, "USD 900.00"), (Credit, "USD 100.00")], ""), (CaseState::Paid, "gate.paid"));
    let short = [(Allocation, "USD 985.00"), (WriteOff, "USD 15.00")];
    assert_eq!(
        settled(&short, charges),
        (CaseState::Paid, "gate.paid_less_charges"),
        "what banks kept is paid all the same"
    );
    assert_eq!(settled(&short, "given up"), (CaseState::WrittenOff, "gate.written_off"));
    assert_eq!(
        settled(&[(WriteOff, "USD 1000.00")], charges),
        (CaseState::WrittenOff, "gate.written_off"),
        "nothing came"
    );
    assert_eq!(settled(&[(Moved, "USD 1000.00")], ""), (CaseState::PlanAgreed, "case.plan_agreed"));
}
