//! The audit of what is told of orders: plans that are right pass, and each way of spoiling one is refused by its rule.

use crate::shop::{Shop, playbooks};
use dunlin_core::audit::orders::{OrderStop, WaitingOrderLetter, check_order_departure};
use dunlin_core::audit::{Rules, audit};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::calendar::shift;
use dunlin_core::case::{CaseState, LetterState, OpenLetter, StepTaken};
use dunlin_core::decide::{World, decide};
use dunlin_core::gate_facts::Dispute;
use dunlin_core::ids::{CaseId, DisputeId, LetterId, OrderId, ReceivableId};
use dunlin_core::intent::{Heard, Intent};
use dunlin_core::letter::Purpose;
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::story::{CloseReason, OrderNews, OrderStory, OrderWord};
use dunlin_core::party::Channel;
use dunlin_core::plan::{Plan, Review};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

fn noon() -> Timestamp {
    "2026-03-04T11:00:00Z".parse().expect("an instant")
}

fn noon_day(later: i32) -> Date {
    shift(noon().to_zoned(TimeZone::UTC).date(), later)
}

/// An order that was paid an hour ago, and its plan: one message of thanks.
fn paid() -> (Shop, Plan) {
    let mut shop = Shop::open("DE", noon());
    shop.order().story.hear(OrderNews { at: noon() - SignedDuration::from_hours(1), word: OrderWord::Paid, why: None });
    let world = World::new(&shop.tenant, playbooks(), Countries::shipped(), noon());
    let plan = decide(&shop.facts, &world).expect("sums that fit");
    assert_eq!(plan.orders.letters.len(), 1);
    (shop, plan)
}

fn judge(shop: &Shop, plan: &Plan) -> Result<(), u8> {
    let rules = Rules { tenant: &shop.tenant, playbooks: playbooks(), countries: Countries::shipped() };
    audit(plan, &shop.facts, &rules).map_err(|refusal| refusal.invariant)
}

fn taken(step: &str) -> StepTaken {
    StepTaken {
        step: step.into(),
        level: 0,
        round: 0,
        taken_at: noon() - SignedDuration::from_mins(30),
        answer_by: None,
        done_at: Some(noon() - SignedDuration::from_mins(30)),
        voided: false,
        end: None,
    }
}

#[test]
fn a_right_plan_passes_and_a_spoiled_one_does_not() {
    let (shop, plan) = paid();
    assert_eq!(judge(&shop, &plan), Ok(()));
    let spoil = |how: &dyn Fn(&mut Plan)| {
        let mut spoiled = plan.clone();
        how(&mut spoiled);
        judge(&shop, &spoiled)
    };
    let letter = || plan.orders.letters[0].clone();
    assert_eq!(spoil(&|plan| plan.orders.letters.push(letter())), Err(2), "twice");
    assert_eq!(spoil(&|plan| plan.orders.letters[0].about.step = "m4/nothing".into()), Err(2));
    assert_eq!(spoil(&|plan| plan.orders.letters[0].about.step = "m4/reminder".into()), Err(6), "nothing is asked");
    assert_eq!(spoil(&|plan| plan.orders.letters[0].about.round = 1), Err(2));
    assert_eq!(spoil(&|plan| plan.orders.letters[0].about.order_id = OrderId(9)), Err(9));
    assert_eq!(spoil(&|plan| plan.orders.letters[0].letter = "m10_review".into()), Err(4));
    assert_eq!(spoil(&|plan| plan.orders.letters[0].purpose = Purpose::Press), Err(4));
    assert_eq!(spoil(&|plan| plan.orders.letters[0].channel = Channel::Phone), Err(4));
    assert_eq!(spoil(&|plan| plan.orders.letters[0].send_at = noon() + SignedDuration::from_hours(12)), Err(4));
    assert_eq!(spoil(&|plan| plan.orders.letters[0].answer_by = noon_day(-1)), Err(4), "an answer by yesterday");
    assert_eq!(spoil(&|plan| plan.orders.cases.clear()), Err(2), "acts and is not decided");
    assert_eq!(spoil(&|plan| plan.orders.cases[0].state = CaseState::Closed), Err(2), "ends before its order");
    assert_eq!(spoil(&|plan| plan.orders.cases[0].reasons.clear()), Err(4));
}

#[test]
fn a_plan_that_was_right_is_not_once_something_was_told() {
    let spoil = |how: &dyn Fn(&mut Shop)| {
        let (mut shop, plan) = paid();
        how(&mut shop);
        judge(&shop, &plan)
    };
    let told = |word| OrderNews { at: noon(), word, why: None };
    for word in
        [OrderWord::Shipped, OrderWord::Cancelled, OrderWord::Closed, OrderWord::InDispute, OrderWord::OutOfStock]
    {
        let refused = spoil(&|shop| {
            shop.order().story.hear(told(word));
        });
        assert_eq!(refused, Err(6), "{}", word.code());
    }
    assert_eq!(spoil(&|shop| shop.facts.party.blacklisted = true), Err(1));
    let case = |shop: &mut Shop, step: &str| {
        if let Some(case) = shop.order().case.as_mut() {
            case.steps.push(taken(step));
        }
    };
    assert_eq!(spoil(&|shop| case(shop, "m4/thanks")), Err(2), "already taken");
    let closed = |shop: &mut Shop| {
        if let Some(case) = shop.order().case.as_mut() {
            case.state = CaseState::Closed;
        }
    };
    assert_eq!(spoil(&closed), Err(2), "its case is over");
    let other = |shop: &mut Shop| {
        if let Some(case) = shop.order().case.as_mut() {
            case.id = CaseId(9);
        }
    };
    assert_eq!(spoil(&other), Err(2), "another case has taken its place");
    assert_eq!(spoil(&|shop| shop.tenant.review_all = true), Err(5), "nobody looked");
    assert_eq!(spoil(&|shop| shop.tenant.restored_at = Some(noon())), Err(5), "it may have left before");
}

#[test]
fn what_failed_is_left_to_a_person_until_the_task_about_it_is_done() {
    let (mut shop, mut plan) = paid();
    plan.orders.letters[0].about.round = 1;
    if let Some(case) = shop.order().case.as_mut() {
        case.letter = Some(OpenLetter { id: LetterId(77), state: LetterState::Failed, not_before: noon() });
        case.steps.push(StepTaken { done_at: None, voided: true, ..taken("m4/thanks") });
    }
    let decided = |shop: &Shop| {
        let world = World::new(&shop.tenant, playbooks(), Countries::shipped(), noon());
        decide(&shop.facts, &world).expect("sums that fit").orders.letters.len()
    };
    assert_eq!((decided(&shop), judge(&shop, &plan)), (0, Err(2)));
    if let Some(case) = shop.order().case.as_mut() {
        case.letter = None;
    }
    assert_eq!((decided(&shop), judge(&shop, &plan)), (1, Ok(())));
}

/// The message of [`paid`] as it waits, with its case.
fn waiting() -> (Shop, WaitingOrderLetter) {
    let (mut shop, plan) = paid();
    let letter = &plan.orders.letters[0];
    assert_eq!(letter.review, Review::Automatic);
    let id = LetterId(77);
    let waits = WaitingOrderLetter {
        id,
        purpose: letter.purpose,
        channel: letter.channel,
        contact_id: letter.contact_id,
        about: letter.about.clone(),
    };
    if let Some(case) = shop.order().case.as_mut() {
        case.letter = Some(OpenLetter { id, state: LetterState::Queued, not_before: noon() });
        case.steps.push(StepTaken { done_at: None, ..taken("m4/thanks") });
    }
    shop.order().synced_at = Some(noon());
    (shop, waits)
}

fn leaves(shop: &Shop, letter: &WaitingOrderLetter, at: Timestamp) -> Result<(), OrderStop> {
    let rules = Rules { tenant: &shop.tenant, playbooks: playbooks(), countries: Countries::shipped() };
    check_order_departure(letter, &shop.facts, at, &rules)
}

#[test]
fn a_message_leaves_only_while_its_order_is_fresh_and_as_it_says() {
    let (mut shop, letter) = waiting();
    assert_eq!(leaves(&shop, &letter, noon()), Ok(()));
    assert_eq!(leaves(&shop, &letter, noon() + SignedDuration::from_mins(5)), Ok(()));
    assert_eq!(leaves(&shop, &letter, noon() + SignedDuration::from_mins(6)), Err(OrderStop::ReadAgain));
    shop.order().synced_at = None;
    assert_eq!(leaves(&shop, &letter, noon()), Err(OrderStop::ReadAgain));
    shop.order().story.hear(OrderNews { at: noon(), word: OrderWord::Cancelled, why: None });
    assert!(matches!(leaves(&shop, &letter, noon()), Err(OrderStop::Wrong(refusal)) if refusal.invariant == 6));
    let (shop, letter) = waiting();
    let late = leaves(&shop, &letter, noon() + SignedDuration::from_hours(72));
    assert!(matches!(late, Err(OrderStop::Wrong(refusal)) if refusal.invariant == 4), "its time has passed");
    let offer = WaitingOrderLetter { purpose: Purpose::Sell, ..letter.clone() };
    assert!(matches!(leaves(&shop, &offer, noon()), Err(OrderStop::Wrong(refusal)) if refusal.invariant == 4));
    let other = WaitingOrderLetter { id: LetterId(78), ..letter };
    assert!(matches!(leaves(&shop, &other, noon()), Err(OrderStop::Wrong(refusal)) if refusal.invariant == 2));
}

#[test]
fn nothing_is_offered_within_a_dispute() {
    let mut shop = Shop::open("DE", noon());
    let word = OrderWord::Delivered;
    shop.order().story.hear(OrderNews { at: noon() - SignedDuration::from_hours(1), word, why: None });
    let countries = Countries::shipped();
    let plan = |shop: &Shop| {
        let world = World::new(&shop.tenant, playbooks(), countries, noon());
        decide(&shop.facts, &world).expect("sums that fit")
    };
    let at_peace = plan(&shop);
    assert_eq!(&*at_peace.orders.letters[0].about.step, "m10/delivered");
    shop.facts.disputes.push(Dispute {
        id: DisputeId(1),
        receivable_id: ReceivableId(1),
        amount: None,
        why: "broken".to_string(),
        resolved: false,
    });
    assert_eq!(judge(&shop, &at_peace), Err(1));
    let silent = plan(&shop);
    assert!(silent.orders.letters.is_empty());
    assert_eq!(judge(&shop, &silent), Ok(()));
}

fn told_of(news: &[(i64, OrderWord, Option<CloseReason>)]) -> OrderStory {
    let ago = |hours: i64| noon() - SignedDuration::from_hours(hours);
    OrderStory::of(news.iter().map(|(hours, word, why)| OrderNews { at: ago(*hours), word: *word, why: *why }))
}

fn planned(shop: &Shop) -> Plan {
    let world = World::new(&shop.tenant, playbooks(), Countries::shipped(), noon());
    decide(&shop.facts, &world).expect("sums that fit")
}

#[test]
fn the_condition_of_a_step_is_proven_from_the_facts_alone() {
    let mut shop = Shop::open("DE", noon());
    shop.order().story =
        told_of(&[(30, OrderWord::Paid, None), (1, OrderWord::Closed, Some(CloseReason::RiskControl))]);
    let plan = planned(&shop);
    assert_eq!(&*plan.orders.letters[0].about.step, "m3/new_order");
    assert_eq!(judge(&shop, &plan), Ok(()));
    shop.order().story = told_of(&[(30, OrderWord::Paid, None), (1, OrderWord::Closed, Some(CloseReason::Seller))]);
    assert_eq!(judge(&shop, &plan), Err(4), "the platform did not close it");
}

#[test]
fn an_offer_is_held_against_all_orders_of_the_buyer() {
    let mut shop = Shop::open("DE", noon());
    shop.order().story = told_of(&[(1, OrderWord::Delivered, None)]);
    let plan = planned(&shop);
    assert_eq!(&*plan.orders.letters[0].about.step, "m10/delivered");
    assert_eq!(judge(&shop, &plan), Ok(()));
    let spoil = |how: &dyn Fn(&mut Shop)| {
        let mut shop = Shop::open("DE", noon());
        shop.order().story = told_of(&[(1, OrderWord::Delivered, None)]);
        how(&mut shop);
        assert!(planned(&shop).orders.letters.is_empty(), "nor is it decided");
        judge(&shop, &plan)
    };
    let beside = |shop: &mut Shop, news: &[(i64, OrderWord, Option<CloseReason>)]| {
        let mut other = shop.facts.orders[0].clone();
        (other.id, other.case, other.story) = (OrderId(202), None, told_of(news));
        shop.facts.orders.push(other);
    };
    let ended = [(60, OrderWord::Paid, None), (5, OrderWord::Cancelled, Some(CloseReason::Seller))];
    assert_eq!(spoil(&|shop| beside(shop, &ended)), Err(1), "the money has to come back first");
    assert_eq!(spoil(&|shop| beside(shop, &[(5, OrderWord::Frozen, None)])), Err(1));
    let disputed = [(9, OrderWord::InDispute, None), (1, OrderWord::Delivered, None)];
    assert_eq!(spoil(&|shop| shop.order().story = told_of(&disputed)), Err(1), "there was a dispute about it");
    let heard = Heard { at: noon(), contact_id: None, receivable_id: None, intent: Intent::Disputes };
    assert_eq!(spoil(&|shop| shop.facts.heard.push(heard)), Err(1));
}

#[test]
fn what_a_restore_lost_is_not_asked_again_by_itself() {
    let asked = |placed_before: i64, restored: bool| {
        // The order is heard of after the restore, as everything that the backup does not know.
        let mut shop = Shop::open("DE", noon());
        let restored_at = noon() - SignedDuration::from_hours(2);
        shop.tenant.restored_at = restored.then_some(restored_at);
        shop.order().placed_at = Some(noon() - SignedDuration::from_hours(placed_before));
        let later = |minutes: i64| noon() + SignedDuration::from_mins(minutes);
        shop.told(later(1), OrderNews { at: later(1), word: OrderWord::Paid, why: None });
        shop.asks(later(5), AskKind::Address, true);
        shop.until(later(60));
        let done = shop.done.iter().map(|done| (done.what, done.step.clone()));
        done.filter(|(_, step)| step == "m4/confirm_address").map(|(what, _)| what).collect::<Vec<_>>()
    };
    assert_eq!(asked(30, true), ["approval"], "it may have been asked in the hours that were lost");
    assert_eq!(asked(1, true), ["letter"], "of an order that was placed since nobody was asked anything");
    assert_eq!(asked(30, false), ["letter"]);
}
