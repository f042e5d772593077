//! How long a big file takes. Not part of the ordinary tests: run with `--ignored --nocapture`.

use std::fmt::Write;
use std::time::Instant;

use super::*;

#[tokio::test]
#[ignore = "a measurement"]
async fn fifty_thousand_rows() {
    let rows = std::env::var("DUNLIN_IMPORT_ROWS").ok().and_then(|text| text.parse().ok()).unwrap_or(50_000_u32);
    let per_debtor =
        std::env::var("DUNLIN_IMPORT_PER_DEBTOR").ok().and_then(|text| text.parse().ok()).unwrap_or(25_u32);
    let mut text = String::from(
        "订单号,客户编号,客户名称,国家,联系人,职务,邮箱,币种,合同金额,付款方式,下单日期,PI日期,货好日期,提单日期,提单副本发送日期,发票号,发票日期,已收金额\n",
    );
    for row in 0..rows {
        let debtor = row / per_debtor;
        let paid = if row % 4 == 0 { "300" } else { "" };
        let _ = writeln!(
            text,
            "QH-{row},C{debtor},Debtor {debtor} Ltd,意大利,Anna {debtor},采购,anna@d{debtor}.example,USD,\"1,000.00\",\
             \"30% deposit, 70% against copy of B/L\",2026-01-05,2026-01-06,2026-02-01,2026-02-20,2026-02-24,INV-{row},2026-02-20,{paid}"
        );
    }
    let mut shop = String::from(
        "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Name,Buyer Login,Buyer Country,Order Amount,Currency\n",
    );
    for row in 0..rows {
        let _ = writeln!(
            shop,
            "{},Awaiting payment,2026-03-01 18:30:00,,Ana {row},login{row},Mexico,US $25.50,USD",
            1_103_000_000_000_000_000_u64 + u64::from(row)
        );
    }
    let mut desk = Desk::new().await;
    for (name, file) in [("direct", &text), ("direct again", &text), ("shop", &shop), ("shop again", &shop)] {
        let begin = Instant::now();
        let report = desk.import(&format!("{name}.csv"), file).await;
        let took = begin.elapsed();
        let per_row = took.as_secs_f64() * 1000.0 / f64::from(rows);
        println!("{name}: {rows} rows in {took:.1?}, {per_row:.2} ms a row, {:?}", report.counts);
    }
}
