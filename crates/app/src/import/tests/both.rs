//! One story of every kind of file, on SQLite and on the PostgreSQL that `DUNLIN_TEST_PG` names.

use super::*;

#[tokio::test]
async fn on_sqlite() {
    story(Desk::new().await).await;
}

#[tokio::test]
async fn on_postgres() {
    let Ok(url) = std::env::var("DUNLIN_TEST_PG") else {
        println!("SKIPPED: DUNLIN_TEST_PG names no server");
        return;
    };
    story(Desk::at(&url, TempDir::new().expect("a folder")).await).await;
}

async fn story(mut desk: Desk) {
    let orders = |amount: &str, paid: &str, rows: usize| {
        let mut text = String::from(
            "订单号,客户编号,客户名称,国家,联系人,邮箱,金额(USD),付款方式,PI日期,货好日期,发票号,发票日期,已收金额\n",
        );
        for row in 0..rows {
            let terms = if row == 0 { "30%定金，余款发货前付清" } else { "OA 30 days" };
            text.push_str(&format!(
                "Q{row},C{},Debtor {},意大利,Anna,anna@d.example,{amount},\"{terms}\",2026-01-06,2026-02-01,INV-{row},2026-02-20,{paid}\n",
                row % 2,
                row % 2
            ));
        }
        text
    };
    let shop = |status: &str, paid: &str| {
        format!(
            "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Login,Order Amount\n\
             9223372036854775807,{status},2026-03-01 18:30:00,{paid},mx1,US $25.50\n"
        )
    };
    let payments = "收款日期,付款人,金额,币种,参考号\n2026-02-27,DEBTOR 1,\"1,000.00\",USD,INV-1\n";
    let items = "Reference,Customer,Amount (EUR),Due Date\nZ-1,Debtor 1,12.5,2026-04-01\n";
    let people = "客户名称,姓名,职务,电话\nDebtor 0,Anna,财务,+39 02 5550 1\nDebtor 1,Bruno,老板,+39 02 5550 2\n";
    let steps: Vec<(&str, String, [usize; 5])> = vec![
        ("orders", orders("1000", "", 4), [4, 4, 0, 0, 0]),
        ("people", people.to_string(), [2, 1, 1, 0, 0]),
        ("shop", shop("Awaiting payment", ""), [1, 1, 0, 0, 0]),
        ("items", items.to_string(), [1, 1, 0, 0, 0]),
        ("payments", payments.to_string(), [1, 1, 0, 0, 0]),
        ("orders later", orders("1100", "400", 3), [3, 0, 3, 0, 0]),
        ("shop later", shop("Paid", "2026-03-02 01:00:00"), [1, 0, 1, 0, 0]),
        ("items later", items.replace("12.5", "13"), [1, 0, 1, 0, 0]),
        ("orders again", orders("1100", "400", 3) + "\n", [3, 0, 0, 3, 0]),
        ("people again", people.to_string() + "\n", [2, 0, 0, 2, 0]),
        ("payments again", payments.to_string() + "\n", [1, 0, 0, 1, 0]),
        ("less than is paid", orders("300", "", 1), [1, 0, 0, 0, 1]),
    ];
    for (name, text, expected) in steps {
        let report = desk.import(&format!("{name}.csv"), &text).await;
        assert_eq!(counts(&report), expected, "{name}: {:?} {:?}", problems(&report), corrections(&report));
        let vanished: Vec<&str> = report.vanished.iter().map(|one| one.order.as_str()).collect();
        assert_eq!(vanished, if name == "orders later" { vec!["Q3"] } else { vec![] }, "{name}");
    }
    assert_eq!(
        desk.order("Q0").await,
        ["deposit Q0 USD 330.00 due 2026-01-06 paid 330.00", "balance INV-0 USD 770.00 due 2026-02-01 paid 70.00"]
    );
    assert_eq!(desk.order("Q1").await, ["full INV-1 USD 1100.00 due 2026-03-22 paid 400.00"]);
    let found = desk.receivables("marketplace", OrderSource::Marketplace, "9223372036854775807").await;
    assert_eq!(found.iter().map(|one| one.obligor.code()).collect::<Vec<_>>(), ["platform"]);
    assert_eq!(desk.people("file", "C0").await, ["finance Anna <anna@d.example>"]);
    let (_, item) = desk.commit().await.receivable_under("file", "Z-1").await.expect("read").expect("known");
    assert_eq!(line(&item), "full Z-1 EUR 13.00 due 2026-04-01 paid 0.00");
}
