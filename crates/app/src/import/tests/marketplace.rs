//! Exports of a marketplace: who owes follows the platform's status.

use super::*;
use dunlin_core::receivable::Obligor;

const HEADER: &str = "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Name,Buyer Login,Buyer Email,Buyer Country,Product,Quantity,Order Amount,Currency\n";

fn export(rows: &[(&str, &str, &str)]) -> String {
    let line = |(number, status, paid): &(&str, &str, &str)| {
        format!(
            "{number},{status},2026-03-01 18:30:00,{paid},Ana Ruiz,mx77abae,ana@buyers.example,Mexico,Tent,2,US $25.50,USD\n"
        )
    };
    format!("{HEADER}{}", rows.iter().map(line).collect::<String>())
}

async fn standing(desk: &Desk, number: &str) -> String {
    let found = desk.receivables("marketplace", OrderSource::Marketplace, number).await;
    let [one] = &found[..] else { panic!("{number}: {found:?}") };
    let due = one.due_on.map(|day| day.to_string()).unwrap_or_default();
    format!(
        "{} {} {} due {due}{}",
        one.obligor.code(),
        one.reference,
        one.amount,
        if one.closed { " closed" } else { "" }
    )
}

#[tokio::test]
async fn status_changes_move_the_debt() {
    let mut desk = Desk::new().await;
    let long = "9223372036854775807";
    let report = desk
        .import(
            "1.csv",
            &export(&[(long, "Awaiting payment", ""), ("1103000000000000001", "Paid", "2026-03-01 18:45:10")]),
        )
        .await;
    assert_eq!(problems(&report), Vec::<String>::new());
    assert_eq!((counts(&report), report.kind, report.source), ([2, 2, 0, 0, 0], Kind::Orders, "marketplace"));
    // Half past six in the evening UTC is the next morning in Shanghai.
    assert_eq!(standing(&desk, long).await, format!("buyer {long} USD 25.50 due 2026-03-02"));
    assert_eq!(standing(&desk, "1103000000000000001").await, "platform 1103000000000000001 USD 25.50 due 2026-03-02");
    assert_eq!(desk.people("marketplace", "mx77abae").await, ["buyer Ana Ruiz <ana@buyers.example>"]);
    let placed =
        desk.commit().await.order_by_number(OrderSource::Marketplace, long).await.expect("read").expect("known");
    assert_eq!(placed.fields.ordered_at.map(|at| at.to_string()).as_deref(), Some("2026-03-01T18:30:00Z"));
    assert_eq!((placed.fields.goods.as_str(), placed.fields.cancelled), ("2 × Tent", false));
    let report = desk
        .import("2.csv", &export(&[(long, "Closed", ""), ("1103000000000000001", "Shipped", "2026-03-01 18:45:10")]))
        .await;
    assert_eq!(
        corrections(&report),
        [
            format!("2 order {long}, state: Awaiting payment → Closed"),
            format!("2 order {long}, cancelled: false → true"),
            format!("2 order {long}, closed: false → true"),
            "3 order 1103000000000000001, state: Paid → Shipped".to_string(),
        ]
    );
    assert_eq!(standing(&desk, long).await, format!("buyer {long} USD 25.50 due 2026-03-02 closed"));
}

#[tokio::test]
async fn words_of_platforms() {
    let mut desk = Desk::new().await;
    let report = desk
        .import(
            "1.csv",
            &export(&[
                ("1", "PLACE_ORDER_SUCCESS", ""),
                ("2", "等待买家付款", ""),
                ("3", "WAIT_SELLER_SEND_GOODS", ""),
                ("4", "Finished", ""),
                ("5", "FINISH", "2026-03-01 18:45:10"),
                ("6", "IN_CANCEL", ""),
                ("7", "wandering", ""),
                ("8", "wandering", "2026-03-01 18:45:10"),
                ("9", "Awaiting payment", "2026-03-01 18:45:10"),
                ("10", "", ""),
            ]),
        )
        .await;
    assert_eq!(problems(&report), ["8 B status ‘wandering’: the status ‘wandering’ is unknown"]);
    for (number, expected) in [
        ("1", "buyer"),
        ("2", "buyer"),
        ("3", "platform"),
        ("4", "buyer closed"),
        ("5", "platform"),
        ("6", "buyer closed"),
        ("8", "platform"),
        ("9", "platform"),
        ("10", "buyer"),
    ] {
        let found = desk.receivables("marketplace", OrderSource::Marketplace, number).await;
        let shown = format!("{}{}", found[0].obligor.code(), if found[0].closed { " closed" } else { "" });
        assert_eq!(shown, expected, "{number}");
        assert!(Obligor::from_code(found[0].obligor.code()).is_some());
    }
}

#[tokio::test]
async fn zones_repeats_and_lost_digits() {
    let mut desk = Desk::new().await;
    let text = "订单号,订单状态,下单时间（北京时间）,付款时间,买家登录ID,订单金额\n\
                1,等待买家付款,2026-03-01 23:30:00,,b1,US $5\n\
                2,等待买家付款,2026-03-01 23:30:00 UTC,,b1,US $5\n\
                2,等待买家付款,2026-03-01 23:30:00 UTC,,b1,US $5\n\
                2,等待买家付款,2026-03-01 23:30:00 UTC,,b1,US $6\n\
                1.103E+18,等待买家付款,2026-03-01 23:30:00,,b1,US $5\n\
                3,等待买家付款,2026-03-01T23:30:00-08:00,,b1,US $5\n\
                4,等待买家付款,,,b1,US $5\n\
                5,等待买家付款,2026-03-01 23:30:00,,,US $5\n";
    let report = desk.import("1.csv", text).await;
    assert_eq!(
        problems(&report),
        [
            "5 A order_number ‘2’: order 2 stands in row 3 already, with other values",
            "6 A order_number ‘1.103E+18’: Excel has rounded this number, its last digits are lost",
            "8 C placed_at ‘’: empty",
            "9 E buyer_login ‘’: no buyer",
        ]
    );
    assert_eq!(counts(&report), [8, 3, 0, 1, 4]);
    assert_eq!(standing(&desk, "1").await, "buyer 1 USD 5.00 due 2026-03-01");
    assert_eq!(standing(&desk, "2").await, "buyer 2 USD 5.00 due 2026-03-02");
    assert_eq!(standing(&desk, "3").await, "buyer 3 USD 5.00 due 2026-03-02");
    // The zone may come from the mapping, and so may the shape of the file.
    let text = "Order ID,Order time,Buyer ID,Status,Amount\n6,2026-03-02 07:30:00,b1,Awaiting payment,$5\n";
    desk.import_as(
        "2.csv",
        text.as_bytes(),
        &mapped("[defaults]\ntime_zone = \"America/Los_Angeles\"\nsource = \"marketplace\""),
    )
    .await;
    assert_eq!(standing(&desk, "6").await, "buyer 6 USD 5.00 due 2026-03-02");
    let order = desk.commit().await.order_by_number(OrderSource::Marketplace, "6").await.expect("read").expect("known");
    assert_eq!(order.fields.ordered_at.map(|at| at.to_string()).as_deref(), Some("2026-03-02T15:30:00Z"));
}
