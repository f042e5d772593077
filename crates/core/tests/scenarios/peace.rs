//! When a buyer is offered something (SCENARIOS M9, M10): at peace only. Each line a buyer with a delivered order and one
//! thing more; where the decision is silent, the audit refuses the offer for the same reason.

use crate::shop::{Shop, playbooks};
use crate::standing::{ago, day, decided, estimate, hear, judged, noon, parcel, scan, table, taken};
use dunlin_core::case::{Case, CaseState, StepTaken};
use dunlin_core::facts::ReceivableFacts;
use dunlin_core::facts::orders::{OrderFacts, Parcel};
use dunlin_core::gate_facts::Dispute;
use dunlin_core::ids::{CaseId, DisputeId, LedgerEntryId, OrderId, ReceivableId};
use dunlin_core::intent::{Heard, Intent};
use dunlin_core::order::OrderSource;
use dunlin_core::order::story::{OrderStory, OrderWord as W};
use dunlin_core::receivable::ledger::{LedgerEntry, LedgerKind};
use dunlin_core::receivable::{Milestone, Obligor, Receivable, Trigger};
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_core::why::{KnownWhy, WhyUnpaid};

/// Delivered an hour ago, with nothing else in the world.
fn content() -> Shop {
    let mut shop = Shop::open("DE", ago(200));
    hear(shop.order(), &[(1, W::Delivered)]);
    shop
}

fn disputed(shop: &mut Shop, resolved: bool) {
    let why = "broken".to_string();
    shop.facts.disputes.push(Dispute { id: DisputeId(1), receivable_id: ReceivableId(1), amount: None, why, resolved });
}

fn heard(shop: &mut Shop, intent: Intent) {
    shop.facts.heard.push(Heard { at: ago(9), contact_id: None, receivable_id: None, intent });
}

/// USD 50.00 for something else, with a warning that was given.
pub fn warned(shop: &mut Shop) -> &mut ReceivableFacts {
    let receivable = Receivable {
        id: ReceivableId(1),
        party_id: shop.facts.party.id,
        order_id: None,
        invoice_id: None,
        number: "R-1".to_string(),
        reference: "INV-1".to_string(),
        milestone: Milestone::Full,
        trigger: Trigger::BlDate,
        days: 0,
        amount: shop.order().total,
        triggered_on: None,
        due_on: Some(day(-30)),
        placed_at: None,
        obligor: Obligor::Buyer,
        source: OrderSource::Direct,
        closed: false,
    };
    let case = shop.order().case.clone().expect("a case");
    let steps = vec![StepTaken { level: 1, ..taken("first_reminder", 90) }];
    let case = Some(Case { id: CaseId(9), steps, ..case });
    let (entries, dates) = (Vec::new(), Vec::new());
    shop.facts.receivables.push(ReceivableFacts { receivable, entries, order_number: None, why: None, dates, case });
    shop.facts.receivables.last_mut().expect("the debt")
}

fn step(item: &mut ReceivableFacts) -> &mut StepTaken {
    &mut item.case.as_mut().expect("a case").steps[0]
}

fn pays(item: &mut ReceivableFacts) {
    item.entries.push(LedgerEntry {
        id: LedgerEntryId(1),
        receivable_id: item.receivable.id,
        kind: LedgerKind::Allocation,
        amount: item.receivable.amount,
        payment: None,
        reverses: None,
        effective_on: day(-1),
        note: String::new(),
    });
}

fn our_fault(item: &mut ReceivableFacts) {
    item.why = Some(KnownWhy { why: WhyUnpaid::SellerFault, since: ago(90) });
}

/// Another order of the buyer, of which this was told.
fn beside<'s>(shop: &'s mut Shop, told: &[(i64, W)]) -> &'s mut OrderFacts {
    let own = shop.order().clone();
    let number = "8200".to_string();
    shop.facts.orders.push(OrderFacts { id: OrderId(202), number, case: None, story: OrderStory::default(), ..own });
    let other = shop.facts.orders.last_mut().expect("the other one");
    hear(other, told);
    other
}

/// On its way for so many hours.
fn on_its_way(shop: &mut Shop, hours: i64) -> &mut Parcel {
    let other = beside(shop, &[(hours, W::Shipped)]);
    other.parcels.push(parcel(402, hours));
    other.parcels.last_mut().expect("its parcel")
}

const OFFERED: u8 = 0;

/// What else there is, and the invariant that keeps an offer back.
type Buyer = (&'static str, u8, fn(&mut Shop));

const BUYERS: &[Buyer] = &[
    ("nothing else", OFFERED, |_| {}),
    ("a dispute", 1, |s| disputed(s, false)),
    ("a dispute that was settled", OFFERED, |s| disputed(s, true)),
    ("a complaint", 1, |s| heard(s, Intent::Disputes)),
    ("a refusal to pay", 1, |s| heard(s, Intent::Refuses)),
    ("a word about the price", OFFERED, |s| heard(s, Intent::Bargains)),
    ("a dispute about this order, over by now", 1, |s| hear(s.order(), &[(9, W::InDispute)])),
    ("a debt that is asked for", 1, |s| {
        warned(s);
    }),
    ("a debt that nobody was warned of", OFFERED, |s| step(warned(s)).level = 0),
    ("a warning that was taken back", OFFERED, |s| step(warned(s)).voided = true),
    ("a debt in other hands", 1, |s| {
        let case = warned(s).case.as_mut().expect("a case");
        (case.state, case.steps) = (CaseState::HandedOver, Vec::new());
    }),
    ("a debt that was paid", OFFERED, |s| pays(warned(s))),
    ("a debt of an order that was closed", OFFERED, |s| warned(s).receivable.closed = true),
    ("a debt that the platform pays", OFFERED, |s| warned(s).receivable.obligor = Obligor::Platform),
    ("a debt that is unpaid by our fault", 1, |s| {
        let item = warned(s);
        step(item).level = 0;
        our_fault(item);
    }),
    ("the same, closed", OFFERED, |s| {
        let item = warned(s);
        item.receivable.closed = true;
        our_fault(item);
    }),
    ("its parcel lies at a counter", 6, |s| {
        s.order().parcels.push(parcel(401, 50));
        scan(&mut s.order().parcels[0], 9, TrackingStatus::PickUpPoint);
    }),
    ("its parcel came back", 6, |s| {
        s.order().parcels.push(parcel(401, 50));
        scan(&mut s.order().parcels[0], 9, TrackingStatus::Returned);
    }),
    ("its parcel is there", OFFERED, |s| {
        s.order().parcels.push(parcel(401, 50));
        scan(&mut s.order().parcels[0], 9, TrackingStatus::Delivered);
    }),
    ("another order in dispute", 1, |s| {
        beside(s, &[(9, W::InDispute)]);
    }),
    ("another order stopped for now", 1, |s| {
        beside(s, &[(9, W::Frozen)]);
    }),
    ("another order paid for and called off thirty days ago", 1, |s| {
        beside(s, &[(30 * 24 + 9, W::Paid), (30 * 24, W::Cancelled)]);
    }),
    ("the same, a day longer ago", OFFERED, |s| {
        beside(s, &[(31 * 24 + 9, W::Paid), (31 * 24, W::Cancelled)]);
    }),
    ("another order closed while the money was looked at", 1, |s| {
        beside(s, &[(50, W::RiskControl), (9, W::Closed)]);
    }),
    ("another order closed and never paid", OFFERED, |s| {
        beside(s, &[(50, W::Placed), (9, W::Closed)]);
    }),
    ("a parcel lost that was paid back long ago", OFFERED, |s| {
        let other = beside(s, &[(50 * 24, W::Paid), (40 * 24, W::Cancelled)]);
        other.parcels.push(parcel(402, 49 * 24));
        scan(&mut other.parcels[0], 45 * 24, TrackingStatus::Lost);
    }),
    ("another parcel on its way", OFFERED, |s| {
        on_its_way(s, 50);
    }),
    ("another parcel without news for nine days", OFFERED, |s| {
        on_its_way(s, 9 * 24);
    }),
    ("another parcel without news for ten days", 6, |s| {
        on_its_way(s, 10 * 24);
    }),
    ("another parcel that moved nine days ago", OFFERED, |s| {
        scan(on_its_way(s, 30 * 24), 9 * 24, TrackingStatus::Departed);
    }),
    ("another parcel without news, in an order that left in part", 6, |s| {
        on_its_way(s, 10 * 24);
        s.facts.orders[1].story = OrderStory::default();
        hear(&mut s.facts.orders[1], &[(10 * 24, W::PartShipped)]);
    }),
    ("another parcel without news, of an order that was delivered", OFFERED, |s| {
        on_its_way(s, 10 * 24);
        hear(&mut s.facts.orders[1], &[(9, W::Delivered)]);
    }),
    ("another parcel that was to be there today", OFFERED, |s| on_its_way(s, 50).expected = table(2)),
    ("another parcel that was to be there yesterday", 6, |s| on_its_way(s, 50).expected = table(1)),
    ("another parcel that its carrier promised for yesterday", 6, |s| estimate(on_its_way(s, 50), day(-1))),
    ("another parcel that is late, as its carrier says", 6, |s| {
        scan(on_its_way(s, 50), 9, TrackingStatus::Delayed);
    }),
    ("another parcel of which its carrier gave up telling", 6, |s| {
        scan(on_its_way(s, 50), 9, TrackingStatus::Expired);
    }),
    ("another parcel that is broken, of an order that was delivered", 6, |s| {
        scan(on_its_way(s, 50), 20, TrackingStatus::Damaged);
        hear(&mut s.facts.orders[1], &[(9, W::Delivered)]);
    }),
    ("another parcel that its carrier promised for yesterday, and nobody handed over", 6, |s| {
        on_its_way(s, 50).shipped_at = None;
        estimate(&mut s.facts.orders[1].parcels[0], day(-1));
    }),
    ("another parcel that its carrier promised for today, and nobody handed over", OFFERED, |s| {
        on_its_way(s, 50).shipped_at = None;
        estimate(&mut s.facts.orders[1].parcels[0], day(0));
    }),
    ("another parcel that nobody handed over yet", OFFERED, |s| on_its_way(s, 20 * 24).shipped_at = None),
];

#[test]
fn an_offer_comes_at_peace_alone() {
    let plan = decided(&content(), playbooks());
    assert_eq!(&*plan.orders.letters[0].about.step, "m10/delivered");
    assert_eq!(plan.decided_at, noon());
    for (name, refused, change) in BUYERS {
        let mut shop = content();
        change(&mut shop);
        let own = decided(&shop, playbooks());
        let offers = own.orders.letters.iter().filter(|letter| &*letter.about.step == "m10/delivered");
        let found = judged(&shop, playbooks(), &plan).map_err(|breach| breach.invariant);
        match *refused {
            OFFERED => assert_eq!((offers.count(), found), (1, Ok(())), "{name}"),
            invariant => assert_eq!((offers.count(), found), (0, Err(invariant)), "{name}"),
        }
    }
}
