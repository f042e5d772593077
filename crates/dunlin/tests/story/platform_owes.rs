//! What platforms owe once buyers have paid: order by order, summed up, and late by the seller's own payouts, on both databases.

use dunlin_core::access::{Right, Role};
use serde_json::{Value, json};

use crate::api::{Program, open};
use crate::site::Site;
use crate::world::{World, worlds};

const HEADER: &str = "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Login,Buyer Country,Product Name,SKU,\
                      Quantity,Order Amount,Currency,Ship By (UTC),Carrier,Tracking Number,Shipped At (UTC)\n";
/// Of completed orders, so many that they say what is usual.
const PAID_OUT: u32 = 20;

/// Twenty orders that were completed early in February, one that was completed at its end, one that is to be shipped and one that
/// its buyer has yet to pay.
fn orders() -> String {
    let done = |number: u32, day: &str, login: &str| {
        format!(
            "{number},交易完成,2026-01-20 10:00:00,2026-01-{:02} 08:00:00,{login},Mexico,Tent,TN-1,1,50.00,USD,,,,{day} 03:00:00\n",
            number % 10 + 21
        )
    };
    let mut text = HEADER.to_string();
    for n in 0..PAID_OUT {
        text += &done(9_000 + n, "2026-02-01", &format!("mx{n}"));
    }
    text += &done(9_100, "2026-02-25", "late1");
    text += "9200,等待您发货,2026-03-03 10:00:00,2026-03-04 08:30:00,new1,Mexico,Tent,TN-1,1,80.00,USD,,,,\n";
    text + "9300,等待买家付款,2026-03-03 10:00:00,,slow1,Mexico,Tent,TN-1,1,70.00,USD,,,,\n"
}

/// Ten days after completion; of the first order money is taken back, of the late one a part is paid out.
fn payouts() -> String {
    let mut text = "订单号,放款总额,平台佣金,放款金额,币种,放款时间\n".to_string();
    for n in 0..PAID_OUT {
        text += &format!("{},50.00,4.00,46.00,USD,2026-02-11 10:00:00\n", 9_000 + n);
    }
    text += "9000,-20.00,-1.00,-19.00,USD,2026-02-12 10:00:00\n";
    text + "9100,10.00,1.00,9.00,USD,2026-02-26 10:00:00\n"
}

async fn listed(program: &Program, query: &str) -> Vec<Value> {
    let page = program.get(&format!("/v1/platform-debts{query}")).await.ok();
    page["items"].as_array().expect("items").clone()
}

fn numbers(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["order"].as_str()).collect()
}

fn amounts(row: &Value) -> Vec<&str> {
    let names = ["expected", "paid_out", "kept", "taken_back", "open"];
    names.into_iter().filter_map(|name| row[name]["amount"].as_str()).collect()
}

async fn before_the_payouts(program: &Program) {
    let rows = listed(program, "?limit=200").await;
    assert_eq!(rows.len(), 22, "the buyer who has not paid owes, and no platform does");
    assert_eq!(listed(program, "?shown=late").await, Vec::<Value>::new(), "nobody knows what is usual");
    let totals = program.get("/v1/platform-debts/totals").await.ok();
    assert_eq!(totals["usual_days"], Value::Null);
    assert_eq!((&totals["totals"][0]["orders"], amounts(&totals["totals"][0])[4]), (&json!(22), "1130.00"));
}

async fn after_the_payouts(program: &Program) {
    let rows = listed(program, "").await;
    assert_eq!(numbers(&rows), ["9100", "9200"], "what was paid first stands on top");
    assert_eq!(amounts(&rows[0]), ["50.00", "9.00", "1.00", "0.00", "40.00"]);
    assert_eq!((&rows[0]["usually_by"], &rows[0]["late"]), (&json!("2026-03-07"), &json!(true)));
    assert_eq!((&rows[1]["usually_by"], &rows[1]["late"]), (&Value::Null, &json!(false)), "it is not completed");
    assert_eq!(numbers(&listed(program, "?shown=late").await), ["9100"]);

    let all = listed(program, "?shown=all&limit=200").await;
    assert_eq!(all.len(), 22);
    let first = all.iter().find(|row| row["order"] == "9000").expect("the first order");
    assert_eq!(amounts(first), ["50.00", "27.00", "3.00", "20.00", "0.00"], "its parts make what was expected");
    assert_eq!(first["late"], json!(false));
    // Page by page the same, none twice.
    let (mut walked, mut place) = (Vec::new(), "?shown=all&limit=5".to_string());
    loop {
        let page = program.get(&format!("/v1/platform-debts{place}")).await.ok();
        walked.extend(page["items"].as_array().expect("items").clone());
        let Some(next) = page["next"].as_str() else { break };
        place = format!("?shown=all&limit=5&cursor={next}");
    }
    assert_eq!(walked, all);

    let totals = program.get("/v1/platform-debts/totals?shown=all").await.ok();
    let [usd] = &totals["totals"].as_array().expect("totals")[..] else { panic!("{totals}") };
    assert_eq!((&totals["usual_days"], &usd["orders"], &usd["late_orders"]), (&json!(10), &json!(22), &json!(1)));
    assert_eq!(amounts(usd), ["1130.00", "910.00", "80.00", "20.00", "120.00"]);
    assert_eq!(usd["late"]["amount"], "40.00");
    assert_eq!(listed(program, "?q=nobody").await, Vec::<Value>::new());
    assert_eq!(numbers(&listed(program, "?q=92").await), ["9200"]);
    program.get("/v1/platform-debts?shown=some").await.is_problem(400, "bad-request");
    program.get("/v1/platform-debts?cursor=garbage").await.is_problem(422, "not-possible");
}

async fn on_the_page(world: &World) {
    let site = Site::open(world).await;
    let owner = site.enter(world, Role::Owner).await;
    let page = owner.get("/platform-debts?lang=en").await;
    assert!(page.contains("href=\"/orders/9100\"") && page.contains("href=\"/orders/9200\""), "{page}");
    assert!(!page.contains("href=\"/orders/9000\"") && page.contains("data-tone=\"red\">Late<"), "{page}");
    let late = owner.get("/platform-debts?shown=late&lang=zh-CN").await;
    assert!(late.contains("/orders/9100") && !late.contains("/orders/9200") && late.contains("平台尚欠款项"), "{late}");
    for strange in ["after=x", "after=9_9_9", "shown=%00", "q=%00%27"] {
        assert!(owner.get(&format!("/platform-debts?{strange}")).await.starts_with("HTTP/1.1 200"), "{strange}");
    }
    assert!(owner.get("/board?lang=en").await.contains("href=\"/platform-debts\""));
    // Whoever has paid owes nothing on their own page, and the platforms' debts stand beside the sums of the buyers'.
    let (store, tenant) = (&world.house.store, world.house.tenant.id);
    let found = store.find_party(tenant, "new1").await.expect("reads").expect("known").1;
    let debtor = owner.get(&format!("/debtors/D-{found:04}?lang=en")).await;
    assert!(debtor.contains("Nothing is open.") && debtor.contains("The platform owes"), "{debtor}");
    assert!(debtor.contains(">80.00<") && !debtor.contains("day late") && !debtor.contains("days late"), "{debtor}");
    let debtors = owner.get("/debtors?lang=en").await;
    assert!(debtors.contains("href=\"/platform-debts\"") && debtors.contains(">120.00<"), "{debtors}");
    let totals = store.money_totals(tenant, world.house.now(), world.house.today()).await.expect("reads");
    let [usd] = &totals[..] else { panic!("{totals:?}") };
    assert_eq!((usd.open_minor, usd.platform_minor), (7_000, 12_000));
    assert_eq!(usd.owed_minor, usd.paid_minor + usd.open_minor + usd.platform_minor);
}

#[tokio::test]
async fn what_platforms_owe_is_listed_until_their_payouts_settle_it() {
    for mut world in worlds("platform_owes").await {
        world.set_clock("2026-03-20T09:00:00Z");
        world.import("orders.csv", &orders()).await;
        let site = open(&world, 100_000).await;
        let program = Program::of_owner(&site, &world).await;
        before_the_payouts(&program).await;
        world.import("payouts.csv", &payouts()).await;
        after_the_payouts(&program).await;
        // A salesperson sees what is of their own buyers, and has none.
        let sales = Program::of(&site, &world, Role::Sales, &[Right::See, Right::Work]).await;
        assert_eq!(listed(&sales, "?shown=all").await, Vec::<Value>::new());
        assert_eq!(sales.get("/v1/platform-debts/totals?shown=all").await.ok()["totals"], json!([]));
        on_the_page(&world).await;
    }
}
