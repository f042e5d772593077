//! Payout files of a platform: the ledger is settled order by order, and what cannot be is listed.

use super::*;
use dunlin_store::Scope;

const ORDERS: &str = "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Login,Order Amount,Currency\n\
    1,Paid,2026-02-20 18:30:00,2026-02-20 18:45:00,b1,25.50,USD\n\
    2,Paid,2026-02-20 18:30:00,2026-02-20 18:45:00,b1,25.50,USD\n\
    3,Awaiting payment,2026-02-20 18:30:00,,b2,25.50,USD\n\
    4,Closed,2026-02-20 18:30:00,,b2,25.50,USD\n";

const HEADER: &str = "订单号,放款总额,平台佣金,放款金额,币种,放款时间\n";

/// `outstanding 0.00, allocation 19.00, fee 1.00`: what the ledger holds of each kind.
async fn ledger(desk: &Desk, number: &str) -> String {
    let mut commit = desk.commit().await;
    let order = commit.order_by_number(OrderSource::Marketplace, number).await.expect("read").expect("known");
    let owed = commit.receivables_of_order("marketplace", order.id, number).await.expect("read");
    let facts = commit.facts(Scope::One(order.fields.party_id)).await.expect("read");
    let mut items = facts.iter().flat_map(|facts| &facts.receivables);
    let item = items.find(|item| item.receivable.id == owed[0].id).expect("the receivable");
    let mut text = format!("outstanding {}", item.outstanding().expect("sums").decimal());
    for kind in ["allocation", "fee", "credit"] {
        let lines = item.entries.iter().filter(|line| line.kind.code() == kind);
        let sum: i64 = lines.map(|line| line.amount.minor).sum();
        if sum != 0 {
            text.push_str(&format!(
                ", {kind} {}",
                dunlin_core::money::Money::new(sum, item.receivable.amount.currency).decimal()
            ));
        }
    }
    text
}

#[tokio::test]
async fn gross_less_fees_settles_in_parts_and_refunds_turn_into_credits() {
    let mut desk = Desk::new().await;
    desk.import("orders.csv", ORDERS).await;
    let text = format!(
        "{HEADER}\
         1,20.00,1.00,19.00,USD,2026-03-02 10:00:00\n\
         1,5.50,,5.50,USD,2026-03-02\n\
         2,-10.00,-0.50,-9.50,USD,2026-03-03\n\
         2,25.50,1.28,24.22,USD,2026-03-02\n\
         3,25.50,0,25.50,USD,2026-03-02\n\
         9,5.00,0,5.00,USD,2026-03-02\n\
         4,25.50,0,25.50,USD,2026-03-02\n\
         1,1.00,0,1.00,USD,2026-03-02\n\
         2,25.50,1.00,24.50,EUR,2026-03-02\n\
         1,3.00,1.00,3.00,USD,2026-03-02\n"
    );
    let report = desk.import("payouts.csv", &text).await;
    assert_eq!((report.kind, counts(&report)), (Kind::Payouts, [10, 5, 0, 0, 5]));
    let codes: Vec<(u32, &str)> = report.problems.iter().map(|problem| (problem.row, problem.code)).collect();
    assert_eq!(
        codes,
        [
            (7, "unread-order-unknown"),
            (8, "unread-order-closed"),
            (9, "unread-payout-above"),
            (10, "unread-other-currency"),
            (11, "unread-payout-sum"),
        ],
        "{:?}",
        problems(&report)
    );
    // Whom the platform pays out the buyer has paid, whatever the last list said.
    assert_eq!(corrections(&report), ["6 order 3, obligor: buyer → platform"]);
    assert_eq!(ledger(&desk, "1").await, "outstanding 0.00, allocation 24.50, fee 1.00");
    assert_eq!(ledger(&desk, "2").await, "outstanding 0.00, allocation 14.72, fee 0.78, credit 10.00");
    assert_eq!(ledger(&desk, "3").await, "outstanding 0.00, allocation 25.50");
    assert_eq!(ledger(&desk, "4").await, "outstanding 25.50");
    let [sum] = &report.payouts[..] else { panic!("{:?}", report.payouts) };
    let sum = [&sum.paid_out, &sum.fees, &sum.taken_back].map(String::as_str);
    assert_eq!(sum, ["USD 74.22", "USD 1.78", "USD 9.50"]);
    // Nothing of it waits for a place, or silences anybody.
    assert!(desk.store.unplaced_payments(desk.tenant.id).await.expect("read").is_empty());

    assert_eq!(counts(&desk.import("payouts.csv", &text).await), [10, 0, 0, 5, 5]);
    assert_eq!(counts(&desk.import("overlap.csv", &format!("{text}\n")).await), [10, 0, 0, 5, 5]);
    assert_eq!(ledger(&desk, "2").await, "outstanding 0.00, allocation 14.72, fee 0.78, credit 10.00");

    // Twice more the same back, which is two refunds and not one read twice; and then more than is left.
    let back = format!(
        "{HEADER}2,-5.00,,-5.00,USD,2026-03-04\n2,-5.00,,-5.00,USD,2026-03-04\n2,-5.00,,-5.00,USD,2026-03-04\n"
    );
    let report = desk.import("back.csv", &back).await;
    assert_eq!(counts(&report), [3, 2, 0, 0, 1]);
    assert_eq!(report.problems[0].code, "unread-payout-back");
    assert_eq!(ledger(&desk, "2").await, "outstanding 0.00, allocation 4.72, fee 0.78, credit 20.00");
}

#[tokio::test]
async fn a_row_of_an_unknown_order_goes_in_once_the_order_is_here() {
    let mut desk = Desk::new().await;
    let text = "Order ID,Amount Released,Commission,Currency,Release Date\n1,24.22,1.28,USD,2026-02-27\n";
    let report = desk.import("payouts.csv", text).await;
    assert_eq!(counts(&report), [1, 0, 0, 0, 1]);
    desk.import("orders.csv", ORDERS).await;
    // Without a column of gross amounts, what is released is after fees.
    assert_eq!(counts(&desk.import("payouts.csv", text).await), [1, 1, 0, 0, 0]);
    assert_eq!(ledger(&desk, "1").await, "outstanding 0.00, allocation 24.22, fee 1.28");
    // An older list of orders does not make the buyer owe it again.
    let report = desk.import("orders later.csv", &format!("{ORDERS}\n")).await;
    assert_eq!(counts(&report), [4, 0, 0, 4, 0]);
    assert_eq!(ledger(&desk, "1").await, "outstanding 0.00, allocation 24.22, fee 1.28");
}

#[tokio::test]
async fn what_is_hostile_is_listed() {
    let mut desk = Desk::new().await;
    desk.import("orders.csv", ORDERS).await;
    let long = "9".repeat(400);
    let text = format!(
        "{HEADER}\
         1,{long},0,{long},USD,2026-03-02\n\
         1,12.345.678,0,1,USD,2026-03-02\n\
         1,0,0,0,USD,2026-03-02\n\
         1,1.00,-,1.00,ZZZ,2026-03-02\n\
         1,1.00,0,1.00,USD,2036-03-02\n\
         1,1.00,0,1.00,USD,\n\
         1,,,,USD,2026-03-02\n\
         ,1.00,0,1.00,USD,2026-03-02\n\
         1.103E+18,1.00,0,1.00,USD,2026-03-02\n\
         '; DROP TABLE payment; --,1.00,0,1.00,USD,2026-03-02\n"
    );
    let report = desk.import_as("hostile.csv", text.as_bytes(), &of_kind(Kind::Payouts)).await;
    assert_eq!(counts(&report), [10, 0, 0, 0, 10], "{:?}", problems(&report));
    assert_eq!(ledger(&desk, "1").await, "outstanding 25.50");
}
