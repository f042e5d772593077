//! Exports of a marketplace that follow its orders on their way: each row tells how its order stands, and nothing takes an
//! order back.

use super::*;

const HEADER: &str = "订单号,订单状态,下单时间（北京时间）,付款时间（北京时间）,买家登录ID,收货国家,商品名称,SKU,数量,单价,订单金额,币种,\
                      发货截止时间（北京时间）,物流公司,运单号,发货时间（北京时间）\n";

/// The orders on the evening of 3 March in Ningbo.
fn tuesday() -> String {
    format!(
        "{HEADER}\
         A1,等待买家付款,2026-03-03 10:00,,b1,墨西哥,帐篷,TN-1,1,25.50,25.50,USD,,,,\n\
         A2,资金处理中(风控),2026-03-03 09:00,2026-03-03 09:30,b2,西班牙,灯,LP-1,2 piece,5.00,10.00,USD,,,,\n\
         A3,等待您发货,2026-03-01 09:00,2026-03-01 10:00,b3,西班牙,灯,LP-1,3,5.00,15.00,USD,2026-03-06,,,\n\
         A4,等待买家收货,2026-03-01 09:00,2026-03-01 10:00,b4,法国,帐篷,TN-1,1,25.50,30.50,USD,,菜鸟,LP 0012-3456 789CN,2026-03-03 11:00\n\
         A4,等待买家收货,2026-03-01 09:00,2026-03-01 10:00,b4,法国,灯,LP-1,1,5.00,30.50,USD,,菜鸟,LP00123456789CN,2026-03-03 11:00\n\
         A5,交易完成,2026-01-01 09:00,2026-01-01 10:00,b5,法国,灯,LP-1,1,5.00,5.00,USD,,,UA123456789CN,\n\
         A6,已关闭,2026-03-01 09:00,,b6,法国,灯,LP-1,1,5.00,5.00,USD,,,,\n"
    )
}

/// The same orders a day later.
fn wednesday() -> String {
    tuesday()
        .replace("A1,等待买家付款,2026-03-03 10:00,,", "A1,等待您发货,2026-03-03 10:00,2026-03-04 10:00,")
        .replace("A2,资金处理中(风控)", "A2,等待您发货")
        .replace("A3,等待您发货", "A3,卖家已发货")
        .replace("USD,2026-03-06,,,", "USD,2026-03-06,燕文物流,UA000000001CN;UA000000002CN,2026-03-04 11:00")
        .replace("A4,等待买家收货", "A4,含纠纷的订单")
}

/// `A1 placed buyer`, with the articles and parcels that are told.
async fn standing(desk: &Desk, number: &str) -> String {
    let mut commit = desk.commit().await;
    let order = commit.order_by_number(OrderSource::Marketplace, number).await.expect("read").expect("known");
    let about = (order.fields.party_id, order.id);
    let known = commit.known_order(about.0, about.1).await.expect("read");
    let parcels = commit.parcel_numbers(about.0, about.1).await.expect("read");
    let owed = commit.receivables_of_order("marketplace", order.id, number).await.expect("read");
    let owed = if owed[0].closed { "nobody" } else { owed[0].obligor.code() };
    let word = known.story.standing().word.code();
    format!("{number} {word} {owed} {}", parcels.join(" ")).trim().to_string()
}

async fn standings(desk: &Desk) -> Vec<String> {
    let mut all = Vec::new();
    for number in ["A1", "A2", "A3", "A4", "A5", "A6"] {
        all.push(standing(desk, number).await);
    }
    all
}

#[tokio::test]
async fn files_lead_orders_on_and_older_ones_take_nothing_back() {
    let mut desk = Desk::new().await;
    let report = desk.import("tuesday.csv", &tuesday()).await;
    assert_eq!(problems(&report), Vec::<String>::new());
    assert_eq!((counts(&report), report.orders_told, report.older_orders), ([7, 6, 0, 1, 0], 6, 0));
    let on_tuesday = [
        "A1 placed buyer",
        "A2 risk_control platform",
        "A3 paid platform",
        "A4 shipped platform LP00123456789CN",
        "A5 completed platform UA123456789CN",
        "A6 closed nobody",
    ];
    assert_eq!(standings(&desk).await, on_tuesday);
    let again = desk.import("tuesday.csv", &tuesday()).await;
    assert_eq!((counts(&again), again.orders_told, again.older_orders), ([7, 0, 0, 7, 0], 0, 0));
    assert_eq!(standings(&desk).await, on_tuesday);

    let report = desk.import("wednesday.csv", &wednesday()).await;
    assert_eq!(problems(&report), Vec::<String>::new());
    assert_eq!((counts(&report), report.orders_told), ([7, 0, 4, 3, 0], 4));
    let on_wednesday = [
        "A1 paid platform",
        "A2 paid platform",
        "A3 shipped platform UA000000001CN UA000000002CN",
        "A4 in_dispute platform LP00123456789CN",
        "A5 completed platform UA123456789CN",
        "A6 closed nobody",
    ];
    assert_eq!(standings(&desk).await, on_wednesday);

    // Tuesday's once more, saved by a spreadsheet in between: the bytes are others, the orders are not.
    let report = desk.import("tuesday saved.csv", &format!("{}\n", tuesday())).await;
    assert_eq!(corrections(&report), Vec::<String>::new());
    assert_eq!((counts(&report), report.orders_told, report.older_orders), ([7, 0, 0, 7, 0], 0, 6));
    assert_eq!(standings(&desk).await, on_wednesday);
    desk.import("tuesday.csv", &tuesday()).await;
    assert_eq!(standings(&desk).await, on_wednesday);
}

#[tokio::test]
async fn clocks_articles_and_days_are_told() {
    let mut desk = Desk::new().await;
    desk.import("tuesday.csv", &tuesday()).await;
    let mut commit = desk.commit().await;
    let a3 = commit.order_by_number(OrderSource::Marketplace, "A3").await.expect("read").expect("known");
    let known = commit.known_order(a3.fields.party_id, a3.id).await.expect("read");
    // A day to leave by is over at its end, where the file's times are.
    assert_eq!(known.ship_by.map(|at| at.to_string()).as_deref(), Some("2026-03-06T15:59:59Z"));
    // Let pass within a day of the payment.
    let cleared = known.story.standing().cleared;
    assert_eq!(cleared.map(|at| at.to_string()).as_deref(), Some("2026-03-02T02:00:00Z"));
    // The file is as old as the latest moment in it: 11:00 in Ningbo.
    assert_eq!(known.synced_at.map(|at| at.to_string()).as_deref(), Some("2026-03-03T03:00:00Z"));
    let a4 = commit.order_by_number(OrderSource::Marketplace, "A4").await.expect("read").expect("known");
    drop(commit);
    let told = desk.store.told_order(desk.tenant.id, (a4.fields.party_id, a4.id)).await.expect("read");
    let goods: Vec<String> = told
        .order
        .goods
        .iter()
        .map(|line| format!("{} {} {} {}", line.quantity, line.sku, line.title, line.price))
        .collect();
    assert_eq!(goods, ["1 TN-1 帐篷 USD 25.50", "1 LP-1 灯 USD 5.00"]);
    let [parcel] = &told.order.parcels[..] else { panic!("{:?}", told.order.parcels) };
    let shipped = parcel.shipped_at.map(|at| at.to_string());
    assert_eq!((parcel.carrier.as_str(), shipped.as_deref()), ("cainiao", Some("2026-03-03T03:00:00Z")));
}

/// What the corrections say of parcels.
fn renumbered(report: &ImportReport) -> Vec<String> {
    let of_parcels = report.corrections.iter().filter(|one| one.field == "parcel");
    of_parcels.map(|one| format!("{} → {}", one.before, one.after)).collect()
}

#[tokio::test]
async fn a_file_corrects_a_number_where_it_has_all_of_the_order() {
    let mut desk = Desk::new().await;
    desk.import("tuesday.csv", &tuesday()).await;
    desk.import("wednesday.csv", &wednesday()).await;
    let (one, two) = ("UA000000001CN", "UA000000002CN");
    let report = desk.import("corrected.csv", &wednesday().replace(two, "UA000000003CN")).await;
    assert_eq!(renumbered(&report), [format!("{two} → UA000000003CN")]);
    assert_eq!(standing(&desk, "A3").await, format!("A3 shipped platform {one} UA000000003CN"));
    // Older ones, and the same again, turn nothing back.
    for (name, text) in [("wednesday.csv", wednesday()), ("tuesday saved.csv", format!("{}\n", tuesday()))] {
        desk.import(name, &text).await;
        assert_eq!(standing(&desk, "A3").await, format!("A3 shipped platform {one} UA000000003CN"), "{name}");
    }
    // A number that cannot be read may be the one that is missing.
    let spoilt = wednesday().replace(&format!("{one};{two}"), "UA000000004CN;http://x.example/1");
    let report = desk.import("spoilt.csv", &spoilt).await;
    assert_eq!(renumbered(&report), [" → UA000000004CN"]);
    // So may the article whose row was left out.
    let short: Vec<String> = wednesday().lines().filter(|line| !line.contains("LP 0012")).map(str::to_string).collect();
    let short = format!("{}\n", short.join("\n")).replace("LP00123456789CN", "LP00999999999CN");
    desk.import("short.csv", &short).await;
    assert_eq!(standing(&desk, "A4").await, "A4 in_dispute platform LP00123456789CN LP00999999999CN");
}

/// A list of who has paid, as it always was, opens no case of an order.
#[tokio::test]
async fn a_list_of_payments_tells_nothing_of_the_way() {
    let mut desk = Desk::new().await;
    let text = "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Login,Product,Quantity,Order Amount\n\
                B1,Paid,2026-03-01 18:30:00,2026-03-01 18:45:10,b1,Tent,2,US $25.50\n";
    let report = desk.import("paid.csv", text).await;
    assert_eq!((counts(&report), report.orders_told), ([1, 1, 0, 0, 0], 0));
    let mut commit = desk.commit().await;
    let order = commit.order_by_number(OrderSource::Marketplace, "B1").await.expect("read").expect("known");
    let known = commit.known_order(order.fields.party_id, order.id).await.expect("read");
    assert_eq!(known, dunlin_store::KnownOrder::default());
    drop(commit);
    assert_eq!(standing(&desk, "B1").await, "B1 placed platform");
}

#[tokio::test]
async fn what_is_hostile_costs_only_itself() {
    let mut desk = Desk::new().await;
    let long = "9".repeat(3_000);
    let many = vec!["LP00123456789CN"; 400].join(";");
    let text = format!(
        "{HEADER}\
         H1,等待买家收货,2026-03-01 09:00,2026-03-01 10:00,h1,法国,灯,LP-1,viele,5.00,5.00,USD,,<b>Post</b>,=cmd|' /C calc'!A0,2026-03-01 11:00\n\
         H2,等待买家收货,2026-03-01 09:00,2026-03-01 10:00,h2,法国,灯,LP-1,{long},{long},5.00,USD,soon,<b>Post</b>,http://x.example/{long},yesterday\n\
         H3,等待买家收货,2026-03-01 09:00,2026-03-01 10:00,h3,法国,\"{long}\",1.103E+18,1,-5,5.00,USD,9999-99-99,,\"{many}\",2026-03-01 11:00\n\
         H4,等待您发货,2026-03-01 09:00,2031-03-01 10:00,h4,法国,灯,LP-1,1,5.00,5.00,USD,,,,\n\
         H5,'; DROP TABLE sales_order; --,2026-03-01 09:00,,h5,法国,灯,LP-1,1,5.00,5.00,USD,,,,\n"
    );
    let report = desk.import("hostile.csv", &text).await;
    let codes: Vec<(u32, &str)> = report.problems.iter().map(|problem| (problem.row, problem.code)).collect();
    for expected in [
        (2, "unread-not-whole"),
        (2, "unread-carrier"),
        (2, "unread-tracking"),
        (3, "unread-too-many"),
        (3, "unread-tracking"),
        (4, "unread-rounded"),
        (4, "unread-not-positive"),
        (5, "unread-future"),
        (6, "unread-status"),
    ] {
        assert!(codes.contains(&expected), "{expected:?}: {:?}", problems(&report));
    }
    assert_eq!(codes.iter().filter(|(_, code)| *code == "unread-carrier").count(), 1, "each name once");
    assert_eq!(counts(&report), [5, 4, 0, 0, 1]);
    assert_eq!(standing(&desk, "H1").await, "H1 shipped platform");
    assert_eq!(standing(&desk, "H2").await, "H2 shipped platform");
    assert_eq!(standing(&desk, "H3").await, "H3 shipped platform LP00123456789CN");
    // What the future holds is not told; that it is paid is.
    assert_eq!(standing(&desk, "H4").await, "H4 placed platform");
}
