//! What may be asked for of a debt, and the word for it on an account statement where nothing is.

use crate::support::{Setup, at, day, money};
use dunlin_core::decide::askable::{Askable, askable};
use dunlin_core::facts::StatementAge;
use dunlin_core::letter::Rests;
use dunlin_core::receivable::{Milestone, Obligor, Trigger};
use dunlin_core::why::{KnownWhy, WhyUnpaid};

const MONDAY: &str = "2026-03-09T09:00:00Z";

/// What else is in the books, what may be asked for, and why nothing is.
type Line = (&'static str, fn(&mut Setup), &'static str, Option<Rests>);

const DEBTS: &[Line] = &[
    ("nothing", |_| {}, "USD 1000.00", None),
    ("a part paid", |s| s.paid(0, "USD 300.00"), "USD 700.00", None),
    ("all paid", |s| s.paid(0, "USD 1000.00"), "USD 0.00", None),
    ("closed", |s| s.receivable(0).closed = true, "USD 0.00", None),
    ("the platform's to pay", |s| s.receivable(0).obligor = Obligor::Platform, "USD 0.00", None),
    ("a part disputed", |s| s.dispute(0, Some("USD 200.00")), "USD 800.00", None),
    ("all disputed", |s| s.dispute(0, None), "USD 0.00", None),
    ("paused", |s| s.hold(Some(0), "2026-03-20"), "USD 0.00", Some(Rests::Paused)),
    (
        "paused, and all disputed",
        |s| {
            s.dispute(0, None);
            s.hold(Some(0), "2026-03-20");
        },
        "USD 0.00",
        Some(Rests::Paused),
    ),
    ("blocked", |s| s.facts.party.blacklisted = true, "USD 0.00", Some(Rests::Paused)),
    ("promised", |s| s.promise(Some(0), None, "2026-03-08", "2026-03-20"), "USD 0.00", Some(Rests::Promised)),
    ("promised in part", |s| s.promise(Some(0), Some("USD 300.00"), "2026-03-08", "2026-03-20"), "USD 700.00", None),
    ("our fault", |s| why(s, WhyUnpaid::SellerFault), "USD 0.00", Some(Rests::SellerFault)),
    ("said to be paid", |s| why(s, WhyUnpaid::PaidInTransit), "USD 0.00", Some(Rests::InTransit)),
    ("money without a place", |s| s.unmatched("USD 5.00"), "USD 0.00", Some(Rests::Checked)),
    (
        "old books",
        |s| s.tenant.statements = Some(StatementAge { covered_to: day("2026-03-01"), max_age_days: 3 }),
        "USD 0.00",
        Some(Rests::Checked),
    ),
];

fn why(setup: &mut Setup, why: WhyUnpaid) {
    setup.facts.receivables[0].why = Some(KnownWhy { why, since: at("2026-03-06T09:00:00Z") });
}

#[test]
fn what_may_be_asked_for_and_why_nothing_is() {
    for (name, change, amount, rests) in DEBTS {
        let mut setup = Setup::company();
        setup.owes("USD 1000.00", Milestone::Full, Trigger::BlDate, Some(day("2026-03-02")));
        change(&mut setup);
        let found = askable(&setup.facts, &setup.tenant, at(MONDAY)).expect("sums that fit");
        assert_eq!(found, [Askable { amount: money(amount), rests: *rests }], "{name}");
    }
}

#[test]
fn whose_it_is_to_pay_is_read_as_it_is_written() {
    for obligor in [Obligor::Buyer, Obligor::Platform] {
        assert_eq!(Obligor::from_code(obligor.code()), Some(obligor));
    }
    assert_eq!(Obligor::from_code("nobody"), None);
}
