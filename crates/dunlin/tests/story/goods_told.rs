//! What letters about money say of the goods: only what is known of that order on the day on which they leave.

use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::match_payments::confirm_match;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin_bank_formats::Format;
use dunlin_core::money::{Currency, Money};
use dunlin_core::receivable::share::Asked;

use crate::world::{World, mt940, worlds};

const HEADER: &str = "订单号,客户名称,国家,联系人,职务,邮箱,币种,合同金额,已付金额,付款方式,下单日期,发票号,发票日期,货好日期,提单日期\n";

/// One order of a buyer in Germany, who reads English letters.
fn order(number: &str, buyer: &str, paid: &str, terms: &str, days: [&str; 4]) -> String {
    let [invoice, invoiced, ready, loaded] = days;
    format!(
        "{number},{buyer} GmbH,德国,Anna Berg,财务,anna@{}.example,USD,1000.00,{paid},\"{terms}\",2026-01-20,\
         {invoice},{invoiced},{ready},{loaded}\n",
        buyer.to_lowercase()
    )
}

async fn run(world: &World) -> usize {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
    account.written.letters
}

/// The texts that left to a buyer, soft line ends taken out.
fn texts(world: &World, buyer: &str) -> Vec<String> {
    let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).expect("a letter");
    let all =
        world.letters().iter().map(read).map(|text| text.replace("=\r\n", "").replace("=\n", "")).collect::<Vec<_>>();
    all.into_iter().filter(|text| text.contains(&format!("anna@{buyer}.example"))).collect()
}

fn only(world: &World, buyer: &str) -> String {
    let mut texts = texts(world, buyer);
    assert_eq!(texts.len(), 1, "{buyer}");
    texts.remove(0)
}

const BEFORE_SHIPMENT: &str = "30% deposit, balance before shipment";

#[tokio::test]
async fn reminders_say_of_the_goods_what_the_order_says() {
    for world in worlds("goods_told").await {
        let file = [
            HEADER.to_string(),
            order("G-1", "Alpha", "", "30% T/T deposit, 70% against copy of B/L", ["", "", "2026-02-10", "2026-02-20"]),
            order("G-2", "Beta", "300.00", BEFORE_SHIPMENT, ["", "", "2026-02-10", "2026-02-20"]),
            order("G-3", "Gamma", "", "OA 30 days", ["INV-3", "2026-01-25", "", ""]),
            order("G-4", "Delta", "", "OA 30 days after B/L date", ["INV-4", "2026-01-21", "", "2026-01-25"]),
            order("G-5", "Epsilon", "", "30% T/T deposit, 70% against copy of B/L", ["", "", "", ""]),
            order("G-6", "Zeta", "300.00", BEFORE_SHIPMENT, ["", "", "2026-02-10", ""]),
        ];
        let report = world.import("orders.csv", &file.concat()).await;
        assert_eq!((report.counts.added, report.problems.len()), (6, 0), "{:?}", report.problems);
        assert_eq!(run(&world).await, 6);
        // Between the decision and the post the ship of the last one leaves.
        let sailed =
            [HEADER.to_string(), order("G-6", "Zeta", "300.00", BEFORE_SHIPMENT, ["", "", "2026-02-10", "2026-03-03"])];
        world.import("sailed.csv", &sailed.concat()).await;
        send_letters(&world.house).await.expect("sends");

        let shipped = "The goods have been shipped";
        for (buyer, says, never) in [
            ("alpha", shipped, "roduction"),
            ("beta", shipped, "loaded"),
            ("gamma", "The payment is due on the terms agreed.", "goods have"),
            ("delta", shipped, "supplied"),
            ("epsilon", "Production", "shipped"),
            ("zeta", shipped, "are ready"),
        ] {
            let text = only(&world, buyer);
            assert!(text.contains(says) && !text.contains(never), "{buyer}: {text}");
        }
    }
}

#[tokio::test]
async fn one_payment_of_two_parts_is_thanked_for_once_and_nothing_past_is_promised() {
    for mut world in worlds("goods_thanks").await {
        let terms = "30% deposit, 30% before shipment, 40% 60 days after B/L date";
        let file = [HEADER.to_string(), order("G-1", "Alpha", "", terms, ["", "", "2026-02-10", "2026-02-20"])];
        world.import("orders.csv", &file.concat()).await;
        run(&world).await;
        send_letters(&world.house).await.expect("sends");
        assert_eq!(texts(&world, "alpha").len(), 1);

        world.set_clock("2026-03-06T09:00:00Z");
        let statement = mt940("260305", "600,00", "ALPHA GMBH", "DEPOSIT AND SECOND PART");
        import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        for number in ["R-0001", "R-0002"] {
            let found = world.house.store.find_receivable(world.house.tenant.id, number).await.expect("known").into();
            let uses = Money::parse("300.00", Currency::USD).ok();
            confirm_match(&world.house, 1, &found, Asked { uses, settles: None }).await.expect("placed");
        }
        assert_eq!(run(&world).await, 1);
        send_letters(&world.house).await.expect("sends");
        assert_eq!(run(&world).await, 0, "nobody is thanked twice");
        let thanks = texts(&world, "alpha")
            .into_iter()
            .find(|text| text.contains("thank you") || text.contains("Thank you for"));
        let thanks = thanks.expect("thanks");
        assert!(thanks.contains("300.00") && thanks.contains("receipt"), "{thanks}");
        assert!(!thanks.contains("roduction") && !thanks.contains("loading"), "{thanks}");
    }
}
