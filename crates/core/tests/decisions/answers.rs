//! A12: a letter that answers the buyer within 72 hours does not wait for the gap; the audit proves it for itself. And
//! addresses that may not be used.

use crate::routes::{REASONS, late};
use crate::support::{FINANCE, OWNER, Setup, at, playbooks_of};
use dunlin_core::intent::{Heard, Intent};
use dunlin_core::party::{Channel, Suppressed};
use dunlin_core::plan::{Plan, TaskKind};
use dunlin_core::why::WhyUnpaid;
use jiff::{SignedDuration, Timestamp};

type Change = fn(&mut Setup);

/// Tuesday, ten in the morning in Italy.
const TUESDAY: &str = "2026-03-10T09:00:00Z";

/// Reminded on Monday morning; on Tuesday the buyer writes that there is no money.
fn answered(heard: &str) -> Setup {
    let mut setup = late();
    setup.took(0, "first_reminder", 1, at("2026-03-09T09:00:00Z"));
    setup.learns(WhyUnpaid::CashShort, "2026-03-10");
    setup.hears(Intent::ShortOfCash, at(heard));
    setup
}

impl Setup {
    fn hears(&mut self, intent: Intent, at: Timestamp) {
        let receivable_id = Some(self.facts.receivables[0].receivable.id);
        self.facts.heard.push(Heard { at, contact_id: Some(FINANCE), receivable_id, intent });
    }
}

fn codes(plan: &Plan) -> Vec<&'static str> {
    plan.cases.iter().flat_map(|case| &case.reasons).map(|reason| reason.code.code()).collect()
}

#[test]
fn a12_what_answers_the_buyer_goes_in_spite_of_the_gap_and_nothing_else_does() {
    let setup = answered("2026-03-10T08:30:00Z");
    let plan = setup.decide(at(TUESDAY));
    assert_eq!(plan.letters.len(), 1, "{:?}", codes(&plan));
    assert_eq!(&*plan.letters[0].items[0].step, "offer_later_date");
    assert!(codes(&plan).contains(&"contact.answers"));
    assert_eq!(setup.audit(&plan), Ok(()));

    let changes: [(&str, Change); 7] = [
        ("it was answered in that very moment", |setup| setup.pressed(at("2026-03-10T08:30:00Z"))),
        ("nobody wrote", |setup| setup.facts.heard.clear()),
        ("somebody else wrote", |setup| setup.facts.heard[0].contact_id = Some(OWNER)),
        ("they wrote of something else", |setup| setup.facts.heard[0].intent = Intent::Bargains),
        ("they wrote too long ago", |setup| setup.facts.heard[0].at = at("2026-03-07T08:59:00Z")),
        ("they wrote before we reminded them", |setup| setup.facts.heard[0].at = at("2026-03-09T08:00:00Z")),
        ("it was answered", |setup| setup.pressed(at("2026-03-10T08:45:00Z"))),
    ];
    for (what, change) in changes {
        let mut other = setup.clone();
        change(&mut other);
        assert_eq!(other.decide(at(TUESDAY)).letters.len(), 0, "{what}");
        let refused = other.audit(&plan).expect_err(what);
        assert_eq!(refused.invariant, 4, "{what}: {}", refused.what);
    }
}

#[test]
fn a12_an_answer_is_one_for_seventy_two_hours_to_the_second() {
    let mut setup = late();
    setup.learns(WhyUnpaid::CashShort, "2026-03-06");
    setup.took(0, "first_reminder", 1, at("2026-03-05T10:00:00Z"));
    let heard = at("2026-03-06T10:00:00Z");
    setup.hears(Intent::ShortOfCash, heard);
    // Five days between two letters, so that on Monday only an answer may go.
    let text = REASONS.replace("gap = \"3 days\"", "gap = \"5 days\"");
    setup.playbooks = playbooks_of(&[&text]);
    let last = heard + SignedDuration::from_hours(72);
    let plan = setup.decide(last);
    assert_eq!(plan.letters.len(), 1, "{:?}", codes(&plan));
    assert_eq!((plan.letters[0].send_at, setup.audit(&plan)), (last, Ok(())));
    // And from the moment in which it was written.
    let now = setup.decide(heard);
    assert_eq!((now.letters.len(), setup.audit(&now)), (1, Ok(())));
    let late = last + SignedDuration::from_secs(1);
    assert_eq!(setup.decide(late).letters.len(), 0);
    let mut forged = plan;
    forged.letters[0].send_at = late;
    assert!(setup.audit(&forged).is_err_and(|refusal| refusal.invariant == 4));
}

#[test]
fn a12_enough_for_seven_days_is_enough_for_an_answer_too() {
    let mut setup = answered("2026-03-10T08:30:00Z");
    let plan = setup.decide(at(TUESDAY));
    let earlier = |hours| at("2026-03-09T09:00:00Z") - SignedDuration::from_hours(hours);
    setup.pressed(earlier(24));
    setup.pressed(earlier(48));
    assert_eq!(setup.decide(at(TUESDAY)).letters.len(), 0);
    assert!(setup.audit(&plan).is_err_and(|refusal| refusal.what.contains("seven days")));
}

#[test]
fn an_address_that_may_not_be_used_gets_nothing_until_it_may() {
    let mut setup = late();
    let monday = at("2026-03-09T09:00:00Z");
    let plan = setup.decide(monday);
    assert_eq!(plan.letters[0].contact_id, FINANCE);
    setup.facts.contacts[0].suppressed.push(Suppressed { channel: Channel::Email, until: None });
    assert!(setup.audit(&plan).is_err_and(|refusal| refusal.what.contains("may not be used")));
    assert_eq!(setup.decide(monday).letters[0].contact_id, OWNER, "the next contact");
    setup.facts.contacts.truncate(1);
    setup.facts.contacts[0].suppressed.push(Suppressed { channel: Channel::Phone, until: None });
    let nobody = setup.decide(monday);
    assert_eq!((nobody.letters.len(), nobody.tasks[0].kind), (0, TaskKind::FindContact));
    assert!(codes(&nobody).contains(&"gate.suppressed"));
    setup.facts.contacts[0].suppressed = vec![Suppressed { channel: Channel::Email, until: Some(monday) }];
    assert_eq!(setup.decide(monday).letters.len(), 1, "it is over");
    assert_eq!(setup.audit(&setup.decide(monday)), Ok(()));
}
