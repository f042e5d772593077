//! How an order stands, what is known of it and since when: read twice, by the decision and by the audit. What is true of
//! an order lets its message go; where the playbook asks for anything else nothing goes, and the audit refuses it by itself.

use std::sync::Arc;

use crate::shop::Shop;
use dunlin_core::audit::{Breach, Rules, audit};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::calendar::shift;
use dunlin_core::case::{Case, StepTaken};
use dunlin_core::decide::{World, decide};
use dunlin_core::facts::orders::{DispatchHold, GoodsLine, OrderFacts, Parcel};
use dunlin_core::grade::Grade;
use dunlin_core::ids::{AskId, CaseId, ShipmentId};
use dunlin_core::money::{Money, currency};
use dunlin_core::order::asks::{AskKind, OrderAsk};
use dunlin_core::order::story::{CloseReason, OrderNews, OrderState, OrderWord};
use dunlin_core::plan::Plan;
use dunlin_core::playbook::{Playbooks, parse};
use dunlin_core::reason::ReasonCode;
use dunlin_core::shipment::journey::{Estimate, Journey, Report, TrackingEvent, TrackingUpdate};
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_core::shipment::transit::{Basis, ExpectedDays};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// A Wednesday: noon in Berlin, seven in the evening in Shanghai, where the firm sits.
pub fn noon() -> Timestamp {
    "2026-03-04T11:00:00Z".parse().expect("an instant")
}

pub fn day(later: i32) -> Date {
    shift(Date::constant(2026, 3, 4), later)
}

pub fn ago(hours: i64) -> Timestamp {
    noon() - SignedDuration::from_hours(hours)
}

/// One message about orders; `lines` are what the step says beside that.
pub fn about_orders(lines: &str) -> Playbooks {
    book(&format!("[applies]\nsubject = \"order\"\n[[step]]\n{lines}"))
}

pub fn about_parcels(lines: &str) -> Playbooks {
    book(&format!("[applies]\nsubject = \"shipment\"\n[[step]]\n{lines}"))
}

pub fn book(rest: &str) -> Playbooks {
    read(&text(rest))
}

pub fn read(text: &str) -> Playbooks {
    let own = parse::parse("of the test", text).expect("a sound playbook");
    Playbooks::new(vec![Arc::new(own)], Vec::new())
}

pub fn text(rest: &str) -> String {
    let head = "id = \"own\"\nscenario = \"M4\"\nwindow = \"daytime\"\n[title]\nen = \"Own\"\nzh = \"自拟\"\n";
    let always = "id = \"tell\"\ntitle = { en = \"Tell\", zh = \"告知\" }\nlevel = 0\npurpose = \"service\"\n\
                  channels = [\"email\"]\nroles = [\"purchaser\", \"buyer\"]\nletter = \"m4_thanks\"\n\
                  autonomy = \"automatic\"\nstatement = false\nanswer_days = 0\n";
    format!("{head}{rest}{always}")
}

/// One message about orders as they begin, with one of its lines written otherwise.
pub fn book_of(line: &str, other: &str) -> Playbooks {
    let head = format!("[applies]\nsubject = \"order\"\n[[step]]\nat = [\"started\"]\n{}", any_state());
    read(&text(&head).replace(line, other))
}

fn list(codes: impl Iterator<Item = &'static str>) -> String {
    codes.map(|code| format!("\"{code}\"")).collect::<Vec<_>>().join(", ")
}

pub fn any_state() -> String {
    format!("states = [{}]\n", list(OrderState::ALL.iter().map(|state| state.code())))
}

pub fn any_status() -> String {
    format!("statuses = [{}]\n", list(TrackingStatus::ALL.iter().map(|status| status.code())))
}

pub fn decided(shop: &Shop, playbooks: &Playbooks) -> Plan {
    let world = World::new(&shop.tenant, playbooks, Countries::shipped(), noon());
    decide(&shop.facts, &world).expect("sums that fit")
}

pub fn judged(shop: &Shop, playbooks: &Playbooks, plan: &Plan) -> Result<(), Breach> {
    audit(plan, &shop.facts, &Rules { tenant: &shop.tenant, playbooks, countries: Countries::shipped() })
}

/// By the one playbook a message goes; by the other nothing does, and the same plan in its name is refused.
pub fn goes_by_one_alone(name: &str, shop: &Shop, (one, other): (&Playbooks, &Playbooks), refused: (u8, &str)) {
    let mut plan = decided(shop, one);
    assert_eq!(plan.orders.letters.len(), 1, "{name}: {:?}", plan.orders.cases);
    assert_eq!(judged(shop, one, &plan), Ok(()), "{name}");
    let acts = plan.orders.cases.iter().find(|case| case.step.as_deref() == Some("m4/tell")).expect("its case");
    assert!(
        acts.reasons.iter().any(|reason| reason.code == ReasonCode::StepOrderDue),
        "{name}: that it is due is told"
    );
    assert!(decided(shop, other).orders.letters.is_empty(), "{name}: and the contrary of it");
    plan.orders.letters[0].about.playbook = other.current()[0].reference.clone();
    let found = judged(shop, other, &plan);
    let is_right = |breach: &Breach| breach.invariant == refused.0 && breach.what.contains(refused.1);
    assert!(found.as_ref().is_err_and(is_right), "{name}: expected {refused:?}, found {found:?}");
}

pub type Change = fn(&mut OrderFacts);

pub fn hear(order: &mut OrderFacts, told: &[(i64, OrderWord)]) {
    for (hours, word) in told {
        order.story.hear(OrderNews { at: ago(*hours), word: *word, why: None });
    }
}

fn line(order: &mut OrderFacts, in_stock: Option<bool>) {
    let price = Money::parse("5.00", currency("USD").expect("a currency")).expect("an amount");
    let (sku, title, url) = ("S-1".to_string(), "Cup".to_string(), String::new());
    order.goods.push(GoodsLine { sku, title, quantity: 2, price, url, in_stock });
}

fn hold(order: &mut OrderFacts, until: Option<Date>, released: bool) {
    order.holds.push(DispatchHold { why: "a look at it".to_string(), until, released });
}

pub fn ask(order: &mut OrderFacts, hours: i64, holds_dispatch: bool, settled: bool) {
    let id = AskId(601 + order.asks.len() as u128);
    order.asks.push(OrderAsk { id, kind: AskKind::Address, raised_at: ago(hours), holds_dispatch, settled });
}

/// Handed over so many hours ago; nothing was scanned.
pub fn parcel(id: u128, hours: i64) -> Parcel {
    Parcel {
        id: ShipmentId(id),
        carrier: "yunexpress".to_string(),
        number: format!("YT{id}"),
        replaces: None,
        shipped_at: Some(ago(hours)),
        expected: None,
        journey: Journey::default(),
        case: None,
    }
}

pub fn scan(parcel: &mut Parcel, hours: i64, status: TrackingStatus) {
    let event = TrackingEvent {
        at: ago(hours),
        status: Some(status),
        word: String::new(),
        description: String::new(),
        location: String::new(),
        carrier_key: None,
    };
    let number = parcel.number.clone();
    parcel.journey.take_in(&TrackingUpdate { number, carrier_key: None, tag: None, report: None, events: vec![event] });
}

fn delivered(order: &mut OrderFacts, hours: i64) {
    let mut there = parcel(401 + order.parcels.len() as u128, 90);
    scan(&mut there, hours, TrackingStatus::Delivered);
    order.parcels.push(there);
}

use OrderWord as W;

/// What was told, and how the order stands then.
pub const STANDINGS: &[(&str, OrderState, Change)] = &[
    ("nothing was told", OrderState::Placed, |_| {}),
    ("in stock, and not paid", OrderState::Placed, |o| hear(o, &[(9, W::Placed), (8, W::InStock)])),
    ("the money is looked at", OrderState::RiskControl, |o| hear(o, &[(9, W::RiskControl)])),
    ("and looked at again", OrderState::RiskControl, |o| hear(o, &[(9, W::Paid), (8, W::RiskControl)])),
    ("paid", OrderState::Paid, |o| hear(o, &[(9, W::RiskControl), (8, W::Paid)])),
    ("some goods nobody knows of", OrderState::Paid, |o| {
        hear(o, &[(9, W::Paid)]);
        line(o, Some(true));
        line(o, None);
    }),
    ("something is missing", OrderState::OutOfStock, |o| {
        hear(o, &[(9, W::Paid)]);
        line(o, Some(true));
        line(o, Some(false));
    }),
    ("said to be missing", OrderState::OutOfStock, |o| {
        hear(o, &[(9, W::Paid), (8, W::OutOfStock)]);
        line(o, Some(true));
    }),
    ("missing, and something asked", OrderState::OutOfStock, |o| {
        hear(o, &[(9, W::Paid), (8, W::OutOfStock)]);
        ask(o, 5, true, false);
    }),
    ("missing no more", OrderState::Ready, |o| hear(o, &[(9, W::Paid), (8, W::OutOfStock), (7, W::InStock)])),
    ("all goods there", OrderState::Ready, |o| {
        hear(o, &[(9, W::Paid)]);
        line(o, Some(true));
        line(o, Some(true));
    }),
    ("asked for what the parcel waits for", OrderState::AwaitingConfirmation, |o| {
        hear(o, &[(9, W::Paid)]);
        ask(o, 5, true, false);
    }),
    ("asked, in stock and kept here", OrderState::AwaitingConfirmation, |o| {
        hear(o, &[(9, W::Paid), (8, W::InStock)]);
        ask(o, 5, true, false);
        hold(o, None, false);
    }),
    ("asked for nothing that it waits for", OrderState::Paid, |o| {
        hear(o, &[(9, W::Paid)]);
        ask(o, 5, false, false);
    }),
    ("asked and answered", OrderState::Paid, |o| {
        hear(o, &[(9, W::Paid)]);
        ask(o, 5, true, true);
    }),
    ("kept here", OrderState::InStock, |o| {
        hear(o, &[(9, W::Paid), (8, W::InStock)]);
        hold(o, None, false);
    }),
    ("kept to this very day", OrderState::InStock, |o| {
        hear(o, &[(9, W::Paid), (8, W::InStock)]);
        hold(o, Some(day(0)), false);
    }),
    ("kept to yesterday", OrderState::Ready, |o| {
        hear(o, &[(9, W::Paid), (8, W::InStock)]);
        hold(o, Some(day(-1)), false);
    }),
    ("kept no more", OrderState::Ready, |o| {
        hear(o, &[(9, W::Paid), (8, W::InStock)]);
        hold(o, None, true);
    }),
    ("one parcel left", OrderState::PartShipped, |o| hear(o, &[(9, W::Paid), (8, W::PartShipped)])),
    ("all left", OrderState::Shipped, |o| hear(o, &[(9, W::PartShipped), (8, W::Shipped)])),
    ("told late of what was before", OrderState::Shipped, |o| hear(o, &[(9, W::Shipped), (8, W::Paid)])),
    ("one of two is there", OrderState::Shipped, |o| {
        hear(o, &[(99, W::Shipped)]);
        delivered(o, 8);
        o.parcels.push(parcel(499, 90));
    }),
    ("both are there", OrderState::Delivered, |o| {
        hear(o, &[(99, W::Shipped)]);
        delivered(o, 8);
        delivered(o, 7);
    }),
    ("delivered, as the platform says", OrderState::Delivered, |o| hear(o, &[(9, W::Shipped), (8, W::Delivered)])),
    ("confirmed", OrderState::Completed, |o| hear(o, &[(9, W::Delivered), (8, W::Completed)])),
    ("called off", OrderState::Cancelled, |o| hear(o, &[(9, W::Paid), (8, W::Cancelled)])),
    ("closed", OrderState::Closed, |o| hear(o, &[(9, W::Placed), (8, W::Closed)])),
    ("stopped for now", OrderState::Frozen, |o| hear(o, &[(9, W::Paid), (8, W::Frozen)])),
    ("in dispute", OrderState::InDispute, |o| hear(o, &[(9, W::Shipped), (8, W::InDispute)])),
    ("first stopped, then in dispute", OrderState::InDispute, |o| hear(o, &[(9, W::Frozen), (8, W::InDispute)])),
    ("a dispute that is over", OrderState::Shipped, |o| hear(o, &[(9, W::InDispute), (8, W::Shipped)])),
];

#[test]
fn a_message_is_for_the_states_of_its_step_and_for_no_other() {
    for (name, state, change) in STANDINGS {
        let mut shop = Shop::open("DE", ago(200));
        change(shop.order());
        let its_own = format!("at = [\"started\"]\nstates = [\"{}\"]\n", state.code());
        let others = list(OrderState::ALL.iter().filter(|other| *other != state).map(|other| other.code()));
        let others = format!("at = [\"started\"]\nstates = [{others}]\n");
        let (one, other) = (about_orders(&its_own), about_orders(&others));
        goes_by_one_alone(name, &shop, (&one, &other), (6, "which step tell is not for"));
    }
}

pub fn taken(step: &str, hours: i64) -> StepTaken {
    StepTaken {
        step: step.into(),
        level: 0,
        round: 0,
        taken_at: ago(hours),
        answer_by: None,
        done_at: Some(ago(hours)),
        voided: false,
        end: None,
    }
}

pub fn steps(shop: &mut Shop, steps: Vec<StepTaken>) {
    let case: &mut Option<Case> = match shop.order().parcels.is_empty() {
        true => &mut shop.order().case,
        false => &mut shop.order().parcels[0].case,
    };
    case.as_mut().expect("a case").steps = steps;
}

/// A condition, and what makes it true.
type True = (&'static str, fn(&mut Shop));

/// Of an order that was paid nine hours ago.
const TRUE_OF_ORDERS: &[True] = &[
    ("currency == \"USD\" && amount_minor == 5000", |_| {}),
    ("country == \"DE\" && is_consumer && source == \"marketplace\"", |_| {}),
    ("!is_consumer", |s| s.facts.party.is_consumer = false),
    ("role == \"buyer\"", |_| {}),
    ("grade == \"\"", |_| {}),
    ("grade == \"silver\"", |s| s.facts.party.grade = Some(Grade::Silver)),
    ("order_state == \"paid\" && close_reason == \"\"", |_| {}),
    ("close_reason == \"seller\"", |s| {
        for (hours, why) in [(5, CloseReason::Buyer), (4, CloseReason::Seller)] {
            s.order().story.hear(OrderNews { at: ago(hours), word: W::Cancelled, why: Some(why) });
        }
    }),
    ("paid_hours == 9", |_| {}),
    ("paid_hours == 0", |s| s.order().story = Default::default()),
    ("hours_to_ship_by == 0", |_| {}),
    ("hours_to_ship_by == 6", |s| s.order().ship_by = Some(ago(-6))),
    ("hours_to_ship_by == -2", |s| s.order().ship_by = Some(ago(2))),
    ("!in_stock && !out_of_stock && goods_count == 0", |_| {}),
    ("in_stock && !out_of_stock && goods_count == 4", |s| {
        line(s.order(), Some(true));
        line(s.order(), Some(true));
    }),
    ("!in_stock && !out_of_stock", |s| {
        line(s.order(), Some(true));
        line(s.order(), None);
    }),
    ("out_of_stock && !in_stock", |s| {
        line(s.order(), Some(false));
        line(s.order(), None);
    }),
    ("in_stock && !out_of_stock", |s| {
        line(s.order(), Some(false));
        hear(s.order(), &[(6, W::OutOfStock), (5, W::InStock)]);
    }),
    ("!has_similar", |_| {}),
    ("has_similar", |s| s.order().has_similar = true),
    ("!held", |s| hold(s.order(), Some(day(-1)), false)),
    ("!held", |s| hold(s.order(), None, true)),
    ("held", |s| hold(s.order(), Some(day(0)), false)),
    ("!awaiting_answer", |s| ask(s.order(), 5, true, true)),
    ("!awaiting_answer", |s| ask(s.order(), 5, false, false)),
    ("awaiting_answer", |s| ask(s.order(), 5, true, false)),
    ("steps_taken == 1", |s| {
        let voided = || StepTaken { voided: true, ..taken("m4/another", 4) };
        steps(s, vec![taken("m4/another", 5), voided(), voided()]);
    }),
    ("days_to_protection_end == 0 && days_late == 0", |_| {}),
    ("days_to_protection_end == 3", |s| s.order().protection_ends = Some(day(3))),
    ("days_to_protection_end == -1", |s| s.order().protection_ends = Some(day(-1))),
    ("!review_invited", |s| steps(s, vec![StepTaken { voided: true, ..taken("m10/review", 5) }])),
    ("review_invited", |s| steps(s, vec![taken("m10/review", 5)])),
    ("carrier == \"\" && tracking_status == \"\" && !parcel_seen && !number_told", |_| {}),
];

#[test]
fn a_condition_about_an_order_is_true_of_it_or_nothing_goes() {
    for (condition, change) in TRUE_OF_ORDERS {
        let mut shop = Shop::open("DE", ago(200));
        hear(shop.order(), &[(9, W::Paid)]);
        change(&mut shop);
        let by = |condition: &str| about_orders(&format!("at = [\"started\"]\n{}when = '{condition}'\n", any_state()));
        let contrary = by(&format!("!({condition})"));
        goes_by_one_alone(condition, &shop, (&by(condition), &contrary), (4, "only for"));
    }
}

/// Of a parcel that was handed over fifty hours ago, and with a case of its own.
const TRUE_OF_PARCELS: &[True] = &[
    ("carrier == \"yunexpress\" && tracking_status == \"not_found\"", |_| {}),
    ("!parcel_seen", |s| scan(&mut s.order().parcels[0], 9, TrackingStatus::Announced)),
    ("parcel_seen && tracking_status == \"departed\"", |s| {
        scan(&mut s.order().parcels[0], 9, TrackingStatus::Departed);
    }),
    // From the evening of the 2nd in Shanghai to that of the 4th.
    ("days_without_movement == 2", |_| {}),
    ("days_without_movement == 1", |s| scan(&mut s.order().parcels[0], 20, TrackingStatus::Departed)),
    ("days_without_movement == 2", |s| scan(&mut s.order().parcels[0], 90, TrackingStatus::Announced)),
    ("days_late == 0", |s| s.order().parcels[0].expected = table(2)),
    ("days_late == 1", |s| s.order().parcels[0].expected = table(1)),
    ("days_late == 4", |s| {
        s.order().parcels[0].expected = table(1);
        estimate(&mut s.order().parcels[0], day(-4));
    }),
    ("number_told", |s| steps(s, vec![taken("m5/shipped", 20)])),
    ("!number_told", |s| steps(s, vec![StepTaken { voided: true, ..taken("m5/shipped", 20) }])),
    ("!number_told", |s| steps(s, vec![taken("m6/departed", 20)])),
    ("!number_changed && !numbers_unclear", |s| former(s, "m6/departed")),
    ("number_changed && !numbers_unclear", |s| former(s, "m5/shipped")),
    ("number_changed && numbers_unclear", |s| {
        former(s, "m5/shipped");
        let shared = Parcel { replaces: s.order().parcels[0].replaces, ..parcel(402, 50) };
        s.order().parcels.push(shared);
    }),
    ("number_changed && !numbers_unclear", |s| {
        // What changed at once did so before the number that the buyer was told.
        former(s, "m5/shipped");
        let first = parcel(398, 50);
        s.order().former_parcels[0].replaces = Some(first.id);
        s.order().parcels.push(Parcel { replaces: Some(first.id), ..parcel(402, 50) });
        s.order().former_parcels.push(first);
    }),
    ("steps_taken == 1", |s| steps(s, vec![taken("m5/shipped", 20)])),
    ("review_invited", |s| steps(s, vec![taken("m5/shipped_contact_first", 20)])),
];

pub fn table(to: u16) -> Option<ExpectedDays> {
    Some(ExpectedDays { from: 1, to, basis: Basis::Typical })
}

pub fn estimate(parcel: &mut Parcel, to: Date) {
    let status = parcel.journey.status();
    let report = Report { at: Some(ago(30)), status, word: String::new(), estimate: Some(Estimate { from: to, to }) };
    let number = parcel.number.clone();
    let update = TrackingUpdate { number, carrier_key: None, tag: None, report: Some(report), events: Vec::new() };
    parcel.journey.take_in(&update);
}

/// The parcel had another number, of which this was told.
fn former(shop: &mut Shop, step: &str) {
    let mut before = parcel(399, 50);
    before.case = shop.order().parcels[0].case.clone();
    let case = before.case.as_mut().expect("a case");
    (case.id, case.steps) = (CaseId(599), vec![taken(step, 40)]);
    shop.order().parcels[0].replaces = Some(before.id);
    shop.order().former_parcels.push(before);
}

pub fn with_a_parcel() -> Shop {
    let mut shop = Shop::open("DE", ago(200));
    hear(shop.order(), &[(50, W::Shipped)]);
    let mut own = parcel(401, 50);
    own.case = shop.order().case.take().map(|case| Case { id: CaseId(501), ..case });
    shop.order().parcels.push(own);
    shop
}

#[test]
fn a_condition_about_a_parcel_is_true_of_it_or_nothing_goes() {
    for (condition, change) in TRUE_OF_PARCELS {
        let mut shop = with_a_parcel();
        change(&mut shop);
        let by =
            |condition: &str| about_parcels(&format!("at = [\"started\"]\n{}when = '{condition}'\n", any_status()));
        let contrary = by(&format!("!({condition})"));
        goes_by_one_alone(condition, &shop, (&by(condition), &contrary), (4, "only for"));
    }
}

/// A moment that times count from, and how many hours ago it was.
type Moment = (&'static str, i64, fn(&mut Shop));

const OF_ORDERS: &[Moment] = &[
    ("placed", 60, |s| s.order().placed_at = Some(ago(60))),
    ("placed", 59, |s| hear(s.order(), &[(59, W::Placed)])),
    ("started", 200, |_| {}),
    ("paid", 30, |s| hear(s.order(), &[(30, W::RiskControl), (9, W::Paid)])),
    ("paid", 31, |s| hear(s.order(), &[(31, W::Paid)])),
    ("cleared", 9, |s| hear(s.order(), &[(30, W::RiskControl), (9, W::Paid)])),
    ("cleared", 7, |s| hear(s.order(), &[(30, W::Paid), (9, W::RiskControl), (7, W::Paid), (6, W::Paid)])),
    ("cleared", 9, |s| hear(s.order(), &[(9, W::Paid), (7, W::Shipped), (5, W::RiskControl)])),
    ("ship_by", 4, |s| s.order().ship_by = Some(ago(4))),
    ("shipped", 20, |s| hear(s.order(), &[(20, W::PartShipped), (9, W::Shipped)])),
    ("shipped", 9, |s| hear(s.order(), &[(9, W::Shipped)])),
    ("delivered", 8, |s| hear(s.order(), &[(20, W::Shipped), (8, W::Delivered)])),
    ("delivered", 7, |s| {
        hear(s.order(), &[(99, W::Shipped)]);
        delivered(s.order(), 8);
        delivered(s.order(), 7);
    }),
    ("asked", 12, |s| {
        hear(s.order(), &[(30, W::Paid)]);
        ask(s.order(), 20, true, true);
        ask(s.order(), 15, false, false);
        ask(s.order(), 12, true, false);
        ask(s.order(), 10, true, false);
    }),
    ("state", 9, |s| hear(s.order(), &[(9, W::Paid), (8, W::Paid), (7, W::InStock)])),
    ("state", 7, |s| hear(s.order(), &[(9, W::Paid), (7, W::OutOfStock), (6, W::OutOfStock)])),
    ("state", 5, |s| hear(s.order(), &[(9, W::OutOfStock), (5, W::Paid)])),
    ("state", 8, |s| hear(s.order(), &[(9, W::Paid), (8, W::Frozen), (7, W::Frozen)])),
    ("state", 6, |s| hear(s.order(), &[(9, W::Shipped), (8, W::InDispute), (6, W::Delivered)])),
    ("previous", 5, |s| steps(s, vec![taken("m4/one", 5), taken("m4/two", 9)])),
    ("previous", 9, |s| steps(s, vec![StepTaken { voided: true, ..taken("m4/one", 5) }, taken("m4/two", 9)])),
    ("previous", 6, |s| steps(s, vec![StepTaken { done_at: None, ..taken("m4/one", 6) }])),
];

const OF_PARCELS: &[Moment] = &[
    ("shipped", 50, |_| {}),
    ("last_movement", 50, |_| {}),
    ("last_movement", 20, |s| scan(&mut s.order().parcels[0], 20, TrackingStatus::Departed)),
    ("state", 20, |s| scan(&mut s.order().parcels[0], 20, TrackingStatus::Departed)),
    ("delivered", 6, |s| {
        // The other one is still on its way.
        s.order().parcels.push(parcel(402, 50));
        scan(&mut s.order().parcels[0], 6, TrackingStatus::Delivered);
    }),
    ("previous", 5, |s| steps(s, vec![taken("m4/one", 5)])),
];

/// Moments of orders or parcels, what they begin with, and the playbooks about them.
type Kind = (&'static [Moment], fn() -> Shop, fn(&str) -> Playbooks, fn() -> String);

#[test]
fn a_message_comes_at_its_hour_and_not_before_it() {
    let start = || Shop::open("DE", ago(200));
    let kinds: [Kind; 2] =
        [(OF_ORDERS, start, about_orders, any_state), (OF_PARCELS, with_a_parcel, about_parcels, any_status)];
    for (moments, start, about, anywhere) in kinds {
        let anywhere = anywhere();
        for (anchor, hours, change) in moments {
            let mut shop = start();
            change(&mut shop);
            let name = format!("{anchor} {hours} hours ago");
            let at = |hours: i64| about(&format!("at = [\"{anchor} + {hours} hours\"]\n{anywhere}"));
            goes_by_one_alone(&name, &shop, (&at(*hours), &at(hours + 1)), (4, "comes before its time"));
            let until =
                |hours: i64| about(&format!("at = [\"started\"]\nuntil = \"{anchor} + {hours} hours\"\n{anywhere}"));
            goes_by_one_alone(&name, &shop, (&until(hours + 1), &until(*hours)), (4, "has passed"));
        }
    }
}
