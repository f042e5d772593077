//! One payment settles debts of several kinds: the buyer is thanked once, and for all of them.

use crate::support::{Setup, at, day, playbooks};
use dunlin_core::goods::{GoodsStage, stage};
use dunlin_core::ids::OrderId;
use dunlin_core::key_date::KeyDate;
use dunlin_core::letter::Purpose;
use dunlin_core::party::{Channel, ContactRole, Ways};
use dunlin_core::plan::Plan;
use dunlin_core::receivable::{Milestone, Trigger, TriggerEvent};

const MONDAY: &str = "2026-03-09T09:00:00Z";

/// Debts of these kinds, each asked for and paid.
fn paid(kinds: &[(Milestone, Trigger)]) -> Setup {
    let mut setup = Setup::company();
    for (milestone, trigger) in kinds {
        let index = setup.owes("USD 1000.00", *milestone, *trigger, Some(day("2026-02-02")));
        setup.took(index, "first_reminder", 1, at("2026-02-10T09:00:00Z"));
        setup.paid(index, "USD 1000.00");
        let fits = |known: &&std::sync::Arc<dunlin_core::playbook::Playbook>| {
            known.applies.milestones.contains(milestone) && known.applies.triggers.contains(trigger)
        };
        let playbook = playbooks().current().iter().find(fits).expect("one for direct debts of this kind");
        setup.case(index).playbook = Some(playbook.reference.clone());
    }
    setup
}

fn thanked(kinds: &[(Milestone, Trigger)]) -> (Setup, Plan) {
    let setup = paid(kinds);
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()), "{plan:#?}");
    (setup, plan)
}

const DEPOSIT: (Milestone, Trigger) = (Milestone::Deposit, Trigger::Proforma);
const BEFORE_LOADING: (Milestone, Trigger) = (Milestone::Balance, Trigger::GoodsReady);
const OPEN_ACCOUNT: (Milestone, Trigger) = (Milestone::Full, Trigger::BlDate);

#[test]
fn one_payment_is_thanked_for_once() {
    let cases: [(&[(Milestone, Trigger)], &str); 4] = [
        (&[DEPOSIT], "b1_thanks"),
        (&[DEPOSIT, DEPOSIT], "b1_thanks"),
        (&[DEPOSIT, BEFORE_LOADING], "thanks"),
        (&[BEFORE_LOADING, DEPOSIT, OPEN_ACCOUNT], "thanks"),
    ];
    for (kinds, text) in cases {
        let (_, plan) = thanked(kinds);
        let letters: Vec<_> = plan.letters.iter().map(|letter| (&*letter.letter, letter.items.len())).collect();
        assert_eq!(letters, [(text, kinds.len())], "{kinds:?}");
        assert_eq!(plan.letters[0].purpose, Purpose::Answer);
    }
}

#[test]
fn thanks_in_two_letters_at_once_are_refused() {
    let (setup, plan) = thanked(&[DEPOSIT, BEFORE_LOADING]);
    let mut two = plan.clone();
    let second = two.letters[0].items.pop().expect("two of them");
    let mut other = two.letters[0].clone();
    other.items = vec![second];
    for (at, letter) in [(0, "b1_thanks"), (1, "b2_thanks")] {
        let alone = if at == 0 { &mut two.letters[0] } else { &mut other };
        alone.letter = letter.into();
    }
    two.letters.push(other);
    let found = setup.audit(&two).expect_err("refused");
    assert!(found.invariant == 2 && found.what.contains("thanked twice"), "{found:?}");

    let mut wrong = plan;
    wrong.letters[0].letter = "b2_thanks".into();
    let found = setup.audit(&wrong).expect_err("refused");
    assert!(found.invariant == 6 && found.what.contains("the text b2_thanks"), "{found:?}");
}

#[test]
fn two_people_are_thanked_each() {
    let mut setup = paid(&[DEPOSIT, BEFORE_LOADING]);
    // Deposits go by way of the buyer's purchaser.
    setup.contact(
        dunlin_core::ids::ContactId(77),
        ContactRole::Purchaser,
        Ways { email: true, in_site: false, phone: false },
    );
    let plan = setup.decide(at(MONDAY));
    assert_eq!(setup.audit(&plan), Ok(()), "{plan:#?}");
    assert_eq!(plan.letters.len(), 2);
    assert!(plan.letters.iter().all(|letter| letter.channel == Channel::Email && letter.items.len() == 1));
}

#[test]
fn the_goods_are_as_far_as_anything_of_their_order_says() {
    use GoodsStage::{Made, Ready, Shipped};
    let today = day("2026-03-09");
    // What the debt waits for, what else was noted of the order, its days; and how far that makes the goods.
    type Noted = &'static [(Trigger, &'static str)];
    type Days = &'static [(KeyDate, &'static str)];
    let cases: [(Trigger, Noted, Days, Option<GoodsStage>); 12] = [
        (Trigger::Proforma, &[], &[], None),
        (Trigger::FixedDate, &[], &[], None),
        (Trigger::Proforma, &[(Trigger::GoodsReady, "2026-03-09")], &[], Some(Ready)),
        (Trigger::Proforma, &[(Trigger::GoodsReady, "2026-03-10")], &[], None),
        (
            Trigger::Proforma,
            &[(Trigger::BlDate, "2026-03-01"), (Trigger::GoodsReady, "2026-02-01")],
            &[],
            Some(Shipped),
        ),
        (Trigger::GoodsReady, &[], &[], Some(Ready)),
        (Trigger::GoodsReady, &[(Trigger::BlCopy, "2026-03-02")], &[], Some(Shipped)),
        (Trigger::InvoiceDate, &[], &[], Some(Made)),
        (Trigger::EndOfMonth, &[(Trigger::BlDate, "2026-03-10")], &[], Some(Made)),
        (Trigger::BlDate, &[], &[], Some(Shipped)),
        (Trigger::Proforma, &[], &[(KeyDate::Arrival, "2026-03-01")], Some(Made)),
        (
            Trigger::Proforma,
            &[],
            &[(KeyDate::Collection, "2026-03-01"), (KeyDate::LatestShipment, "2026-03-01")],
            Some(Shipped),
        ),
    ];
    for (trigger, noted, days, expected) in cases {
        let mut setup = Setup::company();
        let index = setup.owes("USD 1000.00", Milestone::Full, trigger, Some(day("2026-03-02")));
        setup.receivable(index).order_id = Some(OrderId(5));
        setup.facts.receivables[index].dates = days.iter().map(|(kind, on)| (*kind, day(on))).collect();
        for (trigger, on) in noted {
            for order_id in [OrderId(5), OrderId(6)] {
                let known = TriggerEvent { order_id, trigger: *trigger, effective_on: day(on) };
                setup.facts.events.push(known);
            }
        }
        // Another order is no help.
        let other = setup.owes("USD 10.00", Milestone::Full, Trigger::Proforma, Some(day("2026-03-02")));
        setup.receivable(other).order_id = Some(OrderId(7));
        let found = stage(&setup.facts, &setup.facts.receivables[index], today);
        assert_eq!(found, expected, "{trigger:?} {noted:?} {days:?}");
        assert_eq!(stage(&setup.facts, &setup.facts.receivables[other], today), None);
        // What another part of the order waits for counts as well.
        setup.receivable(other).order_id = Some(OrderId(5));
        assert_eq!(stage(&setup.facts, &setup.facts.receivables[other], today), expected);
    }
}
