//! The seller's own orders: milestones, dates, corrections, the paid column.

use super::*;

const HEADER: &str = "订单号,客户编号,客户名称,国家,联系人,职务,邮箱,币种,合同金额,付款方式,下单日期,PI日期,货好日期,提单日期,提单副本发送日期,发票号,发票日期,已收金额\n";

fn sheet(rows: &[&str]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

#[tokio::test]
async fn terms_and_dates_become_receivables() {
    let mut desk = Desk::new().await;
    let report = desk
        .import(
            "orders.csv",
            &sheet(&[
                "A1,C1,Rossi S.r.l.,意大利,Anna,采购,anna@rossi.example,USD,1000,\"30% T/T deposit, 70% against copy of B/L\",2026-01-05,2026-01-06,,2026-02-20,2026-02-25,INV-1,2026-02-20,",
                "A2,C1,Rossi S.r.l.,意大利,Anna,采购,anna@rossi.example,USD,2000,\"30%定金，70%见提单副本\",2026-01-05,,,,,,,",
                "A3,C2,Casa Sol,西班牙,Luis,老板,luis@casasol.example,EUR,500,OA 60 days,2026-01-05,,,,,INV-2,2026-01-31,",
                "A4,C2,Casa Sol,西班牙,Luis,老板,luis@casasol.example,EUR,500,月结30天,2026-01-05,,,,,INV-3,2026-01-31,",
                "A5,C2,Casa Sol,西班牙,Luis,老板,luis@casasol.example,EUR,500,100% T/T in advance,2026-01-05,2026-01-07,,,,,,",
            ]),
        )
        .await;
    assert_eq!(problems(&report), Vec::<String>::new());
    assert_eq!(counts(&report), [5, 5, 0, 0, 0]);
    assert_eq!(
        desk.order("A1").await,
        ["deposit A1 USD 300.00 due 2026-01-06 paid 0.00", "balance INV-1 USD 700.00 due 2026-02-25 paid 0.00"]
    );
    // The sheet has a column for the proforma invoice, and it is empty: the deposit is not asked for yet.
    assert_eq!(
        desk.order("A2").await,
        ["deposit A2 USD 600.00 due awaited paid 0.00", "balance A2 USD 1400.00 due awaited paid 0.00"]
    );
    assert_eq!(desk.order("A3").await, ["full INV-2 EUR 500.00 due 2026-04-01 paid 0.00"]);
    assert_eq!(desk.order("A4").await, ["full INV-3 EUR 500.00 due 2026-03-31 paid 0.00"]);
    assert_eq!(desk.order("A5").await, ["deposit A5 EUR 500.00 due 2026-01-07 paid 0.00"]);
    assert_eq!(desk.debtors().await, ["C1 Rossi S.r.l. IT", "C2 Casa Sol ES"]);
    assert_eq!(desk.people("file", "C1").await, ["purchaser Anna <anna@rossi.example>"]);
    let awaiting: Vec<_> =
        report.awaiting.iter().map(|one| (one.trigger.code(), one.field.code(), one.has_column, one.amounts)).collect();
    assert_eq!(awaiting, [("proforma", "proforma_on", true, 1), ("bl_copy", "bl_copy_on", true, 1)]);
}

#[tokio::test]
async fn a_column_about_the_deposit_says_what_is_paid() {
    let mut desk = Desk::new().await;
    let header = "订单号,客户名称,国家,币种,合同金额,付款方式,下单日期,定金到账\n";
    let rows = [
        "B1,Müller,德国,EUR,8400,\"30%定金，70%见提单副本\",2026-01-05,已收",
        "B2,Müller,德国,EUR,8400,\"30%定金，70%见提单副本\",2026-01-05,否",
        "B3,Müller,德国,EUR,8400,\"30%定金，70%见提单副本\",2026-01-05,2026-01-20",
        "B4,Müller,德国,EUR,8400,\"30%定金，70%见提单副本\",2026-01-05,1000",
        "B5,Müller,德国,EUR,8400,T/T 30/70 before shipment,2026-01-05,",
        "B6,Müller,德国,EUR,8400,款到发货,2026-01-05,是",
    ];
    let report = desk.import("deposits.csv", &format!("{header}{}\n", rows.join("\n"))).await;
    assert_eq!(counts(&report), [6, 6, 0, 0, 0], "{:?}", problems(&report));
    assert_eq!(problems(&report).len(), 1, "the last row has no deposit: {:?}", problems(&report));
    for (order, paid) in [("B1", "2520.00"), ("B2", "0.00"), ("B3", "2520.00"), ("B4", "1000.00"), ("B5", "0.00")] {
        let lines = desk.order(order).await;
        assert!(lines[0].starts_with(&format!("deposit {order} EUR 2520.00")), "{lines:?}");
        assert!(lines[0].ends_with(&format!("paid {paid}")), "{lines:?}");
    }
    let again = desk.import("deposits.csv", &format!("{header}{}\n", rows.join("\n"))).await;
    assert_eq!(counts(&again), [6, 0, 0, 6, 0], "{:?}", corrections(&again));
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let mut desk = Desk::new().await;
    let text = sheet(&[
        "A1,C1,Rossi,意大利,Anna,采购,anna@rossi.example,USD,1000,\"30% deposit, 70% before shipment\",2026-01-05,2026-01-06,,,,,,300",
        "A2,C1,Rossi,意大利,Bruno,财务,bruno@rossi.example,USD,\"2,000.00\",OA 30 days,2026-01-05,,,,,INV-9,2026-01-31,500",
        "A3,C1,Rossi,意大利,,,,USD,x,OA 30 days,2026-01-05,,,,,,,",
    ]);
    let first = desk.import("a.csv", &text).await;
    assert_eq!((counts(&first), first.already_imported), ([3, 2, 0, 0, 1], None));
    let before =
        (desk.everything().await, desk.order("A1").await, desk.order("A2").await, desk.people("file", "C1").await);
    assert_eq!(
        before.1,
        ["deposit A1 USD 300.00 due 2026-01-06 paid 300.00", "balance A1 USD 700.00 due awaited paid 0.00"]
    );
    assert_eq!(before.2, ["full INV-9 USD 2000.00 due 2026-03-02 paid 500.00"]);
    for name in ["a.csv", "copy of a.csv"] {
        let again = desk.import(name, &text).await;
        assert_eq!((counts(&again), corrections(&again)), ([3, 0, 0, 2, 1], Vec::new()));
        assert!(again.already_imported.is_some() && again.vanished.is_empty());
    }
    let after =
        (desk.everything().await, desk.order("A1").await, desk.order("A2").await, desk.people("file", "C1").await);
    assert_eq!(before, after);
    assert_eq!(
        desk.commit().await.last_import("orders").await.expect("read").map(|json| json.contains("\"added\":2")),
        Some(true)
    );
    assert_eq!(desk.store.blob(desk.tenant.id, &first.sha256).await.expect("read").as_deref(), Some(text.as_bytes()));
}

#[tokio::test]
async fn a_dry_run_shows_all_and_keeps_nothing() {
    let mut desk = Desk::new().await;
    let text = sheet(&["A1,C1,Rossi,意大利,,,,USD,1000,OA 30 days,2026-01-05,,,,,,,"]);
    let options = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let report = desk.import_as("a.csv", text.as_bytes(), &options).await;
    assert_eq!((counts(&report), report.dry_run), ([1, 1, 0, 0, 0], true));
    assert!(desk.everything().await.is_empty() && desk.debtors().await.is_empty());
    assert_eq!(desk.store.blob(desk.tenant.id, &report.sha256).await.expect("read"), None);
    assert_eq!(counts(&desk.import("a.csv", &text).await), [1, 1, 0, 0, 0]);
}

#[tokio::test]
async fn a_changed_row_is_a_correction_shown_as_a_diff() {
    let mut desk = Desk::new().await;
    desk.import("1.csv", &sheet(&["A1,C1,Rossi,意大利,Anna,采购,anna@rossi.example,USD,1000,\"30% deposit, 70% against copy of B/L\",2026-01-05,2026-01-06,,,,,,"])).await;
    let report = desk.import("2.csv", &sheet(&["A1,C1,Rossi Outdoor,德国,Anna,财务,anna@rossi.example,USD,1100,\"30% deposit, 70% against copy of B/L\",2026-01-05,2026-01-06,,2026-02-20,2026-02-24,INV-7,2026-02-20,"])).await;
    assert_eq!(counts(&report), [1, 0, 1, 0, 0]);
    assert_eq!(
        corrections(&report),
        [
            "2 debtor C1, name: Rossi → Rossi Outdoor",
            "2 debtor C1, country: IT → DE",
            "2 contact of C1, role: purchaser → finance",
            "2 order A1, total: USD 1000.00 → USD 1100.00",
            "2 order A1, deposit, amount: USD 300.00 → USD 330.00",
            "2 order A1, balance, amount: USD 700.00 → USD 770.00",
            "2 order A1, balance, reference: A1 → INV-7",
            "2 order A1, balance, triggered_on:  → 2026-02-24",
            "2 order A1, balance, due_on:  → 2026-02-24",
        ]
    );
    assert_eq!(
        desk.order("A1").await,
        ["deposit A1 USD 330.00 due 2026-01-06 paid 0.00", "balance INV-7 USD 770.00 due 2026-02-24 paid 0.00"]
    );
}

#[tokio::test]
async fn new_terms_close_the_milestones_they_replace() {
    let mut desk = Desk::new().await;
    let row = |terms: &str, paid: &str| {
        sheet(&[&format!(
            "A1,C1,Rossi,意大利,,,,USD,1000,\"{terms}\",2026-01-05,2026-01-06,,,,INV-1,2026-02-01,{paid}"
        )])
    };
    desk.import("1.csv", &row("30% deposit, 70% before shipment", "")).await;
    desk.import("2.csv", &row("OA 30 days", "")).await;
    let replaced = [
        "deposit A1 USD 300.00 due 2026-01-06 paid 0.00 closed",
        "balance INV-1 USD 700.00 due awaited paid 0.00 closed",
        "full INV-1 USD 1000.00 due 2026-03-03 paid 0.00",
    ];
    assert_eq!(desk.order("A1").await, replaced);
    assert_eq!(counts(&desk.import("2 again.csv", &format!("{}\n", row("OA 30 days", ""))).await), [1, 0, 0, 1, 0]);
    desk.import("3.csv", &row("OA 30 days", "100")).await;
    let report = desk.import("4.csv", &row("30% deposit, 70% before shipment", "100")).await;
    assert_eq!(
        problems(&report),
        [
            "2 J terms ‘30% deposit, 70% before shipment’: the new terms have no full, but USD 100.00 is paid or credited on it"
        ]
    );
}

#[tokio::test]
async fn bad_rows_are_listed_with_their_place_and_the_rest_goes_in() {
    let mut desk = Desk::new().await;
    let long = "x".repeat(301);
    let text = format!(
        "宁波启航 应收明细,,,\n\n订单号,客户名称,国家,邮箱,币种,合同金额,付款方式,下单日期\n\
         B1,Rossi,意大利,a@b.example,USD,\"12,3O0\",OA 30 days,2026-01-05\n\
         B2,Rossi,意大利,a@b.example,USD,100,OA 30 days,2026-02-30\n\
         B3,Rossi,意大利,a@b.example,USD,100,as usual,2026-01-05\n\
         B4,Rossi,意大利,a@b.example,,100,OA 30 days,2026-01-05\n\
         B5,Rossi,意大利,a@b.example,XQQ,100,OA 30 days,2026-01-05\n\
         B6,Rossi,意大利,a@b.example,USD,-100,OA 30 days,2026-01-05\n\
         B7,Rossi,意大利,a@b.example,USD,10.005,OA 30 days,2026-01-05\n\
         B8,Rossi,意大利,a@b.example,USD,2000000000000,OA 30 days,2026-01-05\n\
         B9,{long},意大利,a@b.example,USD,100,OA 30 days,2026-01-05\n\
         ,Rossi,意大利,a@b.example,USD,100,OA 30 days,2026-01-05\n\
         B11,,意大利,a@b.example,USD,100,OA 30 days,2026-01-05\n\
         B12,Rossi,意大利,a@b.example,USD,100,L/C at sight,2026-01-05\n\
         B13,Rossi,意大利,a@b.example,JPY,100,OA 30 days,1926-01-05\n\
         G1,Good,Atlantis,no address,USD,100,OA 30 days,2026-01-05\n\
         G1,Good,意大利,,USD,200,OA 30 days,2026-01-05\n\
         合计,,,,,12345,,\n"
    );
    let report = desk.import("bad.csv", &text).await;
    assert_eq!(counts(&report), [15, 1, 0, 0, 14]);
    assert_eq!(report.counts.skipped, 1);
    let expected = [
        "4 F amount ‘12,3O0’: not an amount: ‘12,3O0’",
        "5 H ordered_on ‘2026-02-30’: no such day: ‘2026-02-30’",
        "6 G terms ‘as usual’: ‘as usual’ is not understood as payment terms; write for instance ‘30% deposit, 70% against copy of B/L’ or ‘OA 60 days’",
        "7 F amount ‘100’: no currency: neither a column nor the header nor a sign names one",
        "8 E currency ‘XQQ’: ‘XQQ’ is no currency",
        "9 F amount ‘-100’: not above zero",
        "10 F amount ‘10.005’: 10.005 could be thousands or decimals",
        "11 F amount ‘2000000000000’: more than a million million",
        &format!("12 B debtor_name ‘{}…’: a name of 301 characters", "x".repeat(200)),
        "13 A order_number ‘’: empty",
        "14 B debtor_name ‘’: no customer",
        "15 G terms ‘L/C at sight’: ‘L/C at sight’ is paid through banks against documents: the row also has to say when it is due and a day of the documents",
        "16 H ordered_on ‘1926-01-05’: not between 2000 and 2100",
        "17 C country ‘Atlantis’: ‘Atlantis’ is no country known here",
        "17 D email ‘no address’: not one email address",
        "18 A order_number ‘G1’: order G1 stands in row 17 already, with other values",
    ];
    assert_eq!(problems(&report), expected);
    assert!(report.problems.iter().all(|problem| problem.sheet == "bad.csv"));
    assert_eq!(desk.debtors().await, ["name:good Good "]);
}

#[tokio::test]
async fn the_paid_column_is_money_of_the_import_and_never_counted_twice() {
    use dunlin_core::money::{Currency, Money};
    use dunlin_core::payment::PaymentSource;
    use dunlin_core::receivable::share::Share;
    use dunlin_store::PlacedShare;
    let mut desk = Desk::new().await;
    let row = |paid: &str| {
        sheet(&[&format!(
            "A1,C1,Rossi,意大利,,,,USD,1000,\"30% deposit, 70% before shipment\",2026-01-05,2026-01-06,2026-02-01,,,,,{paid}"
        )])
    };
    desk.import("1.csv", &row("400")).await;
    let filled =
        ["deposit A1 USD 300.00 due 2026-01-06 paid 300.00", "balance A1 USD 700.00 due 2026-02-01 paid 100.00"];
    assert_eq!(desk.order("A1").await, filled);
    // The bank brings 200 more; the column says 600: it is the same money.
    let balance = desk.receivables("file", OrderSource::Direct, "A1").await[1].id;
    let mut commit = desk.commit().await;
    let party_id = commit.find_party("file", "C1").await.expect("read").expect("known").id;
    let amount = Money::new(20_000, Currency::USD);
    let payment = commit
        .add_payment(PaymentSource::Bank, None, amount, jiff::civil::date(2026, 3, 3), "ROSSI", "A1")
        .await
        .expect("added");
    let placed = PlacedShare { party_id, receivable_id: balance, share: Share::same(amount) };
    commit.place_payment(payment, &[placed], "").await.expect("placed");
    commit.finish().await.expect("kept");
    let report = desk.import("2.csv", &row("600.00")).await;
    assert_eq!((counts(&report), corrections(&report)), ([1, 0, 0, 1, 0], Vec::new()));
    // And 50 more by the column alone.
    let report = desk.import("3.csv", &row("USD 650")).await;
    assert_eq!(corrections(&report), ["2 order A1, paid: USD 600.00 → USD 650.00"]);
    assert_eq!(desk.order("A1").await[1], "balance A1 USD 700.00 due 2026-02-01 paid 350.00");
    // A smaller number takes nothing back; more than the order, or another currency, is a mistake.
    assert_eq!(counts(&desk.import("4.csv", &row("10")).await), [1, 0, 0, 1, 0]);
    let report = desk.import("5.csv", &row("1000.01")).await;
    assert_eq!(problems(&report), ["2 R paid_amount ‘1000.01’: more than the whole order, USD 1000.00"]);
    let report = desk.import("6.csv", &row("€700")).await;
    assert_eq!(problems(&report), ["2 R paid_amount ‘€700’: in EUR, but the order is in USD"]);
    assert_eq!(counts(&desk.import("7.csv", &row("1000")).await), [1, 0, 1, 0, 0]);
    assert!(desk.everything().await.is_empty());
    // What is paid cannot be corrected away.
    let smaller = row("1000").replace(",1000,\"30%", ",900,\"30%").replace(",1000\n", ",900\n");
    let report = desk.import("8.csv", &smaller).await;
    assert_eq!(
        problems(&report),
        [
            "2 I amount ‘900’: the deposit would be USD 270.00, but USD 300.00 is paid or credited on it",
            "2 I amount ‘900’: the balance would be USD 630.00, but USD 700.00 is paid or credited on it",
        ]
    );
}

#[tokio::test]
async fn a_sheet_without_some_columns_takes_nothing_away() {
    let mut desk = Desk::new().await;
    desk.import("1.csv", &sheet(&["A1,C1,Rossi,意大利,Anna,采购,anna@rossi.example,USD,1000,\"30% deposit, 70% against copy of B/L\",2026-01-05,2026-01-06,,2026-02-20,2026-02-24,INV-7,2026-02-20,300"])).await;
    let before = desk.order("A1").await;
    let report = desk.import("2.csv", "Order No,Customer No,Customer,Amount (USD),Payment terms\nA1,C1,Rossi,1000,\"30% deposit, 70% against copy of B/L\"\n").await;
    assert_eq!((counts(&report), corrections(&report)), ([1, 0, 0, 1, 0], Vec::new()));
    assert_eq!(desk.order("A1").await, before);
    // An order of which only a due date is known.
    let report = desk.import("3.csv", "Order No,Customer,Amount,Due Date\nX1,Solo Ltd,US$ 50.5,2026-04-01\n").await;
    assert_eq!(problems(&report), Vec::<String>::new());
    assert_eq!(desk.order("X1").await, ["full X1 USD 50.50 due 2026-04-01 paid 0.00"]);
    // A deposit without a column for the proforma invoice counts from the order; a due date decides for the rest.
    let text = "Order No,Customer,Amount,Currency,Terms,Order date,Due Date\nX2,Solo Ltd,100,EUR,\"30% deposit, 70% before shipment\",2026-01-05,2026-04-01\n";
    desk.import("4.csv", text).await;
    assert_eq!(
        desk.order("X2").await,
        ["deposit X2 EUR 30.00 due 2026-01-05 paid 0.00", "balance X2 EUR 70.00 due 2026-04-01 paid 0.00"]
    );
}

#[tokio::test]
async fn who_is_who() {
    let mut desk = Desk::new().await;
    let header = "Order No,Customer No,Customer,Country,Amount (USD),Terms\n";
    let text = format!(
        "{header}1,,Rossi S.r.l.,IT,10,OA 30 days\n2,,ROSSI SRL,IT,10,OA 30 days\n3,,Rossi GmbH,DE,10,OA 30 days\n\
         4,C1,Twin Ltd,GB,10,OA 30 days\n5,C2,Twin Ltd,US,10,OA 30 days\n6,C1,Twin Ltd,FR,10,OA 30 days\n\
         7,,Twin Ltd,GB,10,OA 30 days\n8,C9,,GB,10,OA 30 days\n"
    );
    let report = desk.import("who.csv", &text).await;
    assert_eq!(
        desk.debtors().await,
        ["C1 Twin Ltd GB", "C2 Twin Ltd US", "name:rossigmbh Rossi GmbH DE", "name:rossisrl Rossi S.r.l. IT"]
    );
    assert_eq!(
        problems(&report),
        [
            "7 D country ‘FR’: row 5 says ‘GB’ of the same customer; that was kept",
            "8 C customer ‘’"
                .replace("8 C customer ‘’", "8 C debtor_name ‘Twin Ltd’: 2 debtors are called ‘Twin Ltd’")
                .as_str(),
            "9 B debtor_number ‘C9’: no debtor has the number C9",
        ]
    );
    // A number given later is the same debtor's; another customer on a known order is a mistake.
    let text = format!("{header}1,C7,Rossi S.r.l.,IT,10,OA 30 days\n4,C2,Twin Ltd,US,10,OA 30 days\n");
    let report = desk.import("later.csv", &text).await;
    assert_eq!(corrections(&report), ["2 debtor C7, number:  → C7"]);
    assert_eq!(problems(&report), ["3 C debtor_name ‘Twin Ltd’: order 4 is known as one of another customer"]);
    assert!(desk.debtors().await.contains(&"C7 Rossi S.r.l. IT".to_string()));
}

#[tokio::test]
async fn one_address_is_one_person() {
    let mut desk = Desk::new().await;
    let rows = [
        "A1,C1,Rossi,意大利,Anna,采购,info@rossi.example,USD,10,OA 30 days,2026-01-05,,,,,,,",
        "A2,C1,Rossi,意大利,Bruno,财务,INFO@rossi.example,USD,10,OA 30 days,2026-01-05,,,,,,,",
        "A3,C1,Rossi,意大利,Carla,老板,carla@rossi.example,USD,10,OA 30 days,2026-01-05,,,,,,,",
    ];
    let report = desk.import("1.csv", &sheet(&rows)).await;
    assert_eq!(problems(&report), ["3 E contact_name ‘Bruno’: row 2 says ‘Anna’ of the same person; that was kept"]);
    let people = ["purchaser Anna <info@rossi.example>", "owner Carla <carla@rossi.example>"];
    assert_eq!(desk.people("file", "C1").await, people);
    let again = desk.import("2.csv", &format!("{}\n", sheet(&rows))).await;
    assert_eq!((counts(&again), corrections(&again)), ([3, 0, 0, 3, 0], Vec::new()));
    // Names and addresses are shown, and kept out of the record of the import.
    let report = desk
        .import(
            "3.csv",
            &sheet(&["A1,C1,Rossi,意大利,Anna Verdi,采购,info@rossi.example,USD,10,OA 30 days,2026-01-05,,,,,,,"]),
        )
        .await;
    assert_eq!(corrections(&report), ["2 contact of C1, name: Anna → Anna Verdi"]);
    let kept = desk.commit().await.last_import("orders").await.expect("read").expect("a record");
    assert!(!kept.contains("Verdi") && kept.contains("contact of C1"));
}

#[tokio::test]
async fn what_vanishes_is_listed_once_and_stays_open() {
    let mut desk = Desk::new().await;
    let row = |n: usize| format!("A{n},C1,Rossi,意大利,,,,USD,10,OA 30 days,2026-01-05,,,,,INV-{n},2026-01-05,");
    let rows = |of: std::ops::Range<usize>| of.map(row).collect::<Vec<_>>();
    let text = |of: Vec<String>| sheet(&of.iter().map(String::as_str).collect::<Vec<_>>());
    desk.import("1.csv", &text(rows(0..6))).await;
    let vanished = |report: &ImportReport| report.vanished.iter().map(|one| one.order.clone()).collect::<Vec<_>>();
    let report = desk.import("2.csv", &text(rows(1..6))).await;
    assert_eq!((vanished(&report), &report.missing_since_earlier[..]), (vec!["A0".to_string()], &[][..]));
    assert_eq!(report.vanished[0].debtor, "Rossi");
    // A short list is no whole list, and does not make the earlier absence news again.
    let report = desk.import("3.csv", &text(rows(7..8))).await;
    assert_eq!((vanished(&report), &report.missing_since_earlier[..]), (vec![], &["A0".to_string()][..]));
    let report = desk.import("4.csv", &text(rows(2..8))).await;
    assert_eq!(
        (vanished(&report), &report.missing_since_earlier[..]),
        (vec!["A1".to_string()], &["A0".to_string()][..])
    );
    // A row that cannot be read is not gone.
    let broken = text(rows(0..8)).replace("A3,C1,Rossi,意大利,,,,USD,10", "A3,C1,Rossi,意大利,,,,USD,ten");
    let report = desk.import("5.csv", &broken).await;
    assert_eq!((vanished(&report), report.missing_since_earlier.len(), report.counts.left_out), (vec![], 0, 1));
    assert_eq!(desk.everything().await.len(), 8 + 1);
}

#[tokio::test]
async fn what_is_paid_against_documents_comes_in_with_its_days() {
    let mut desk = Desk::new().await;
    let header = "订单号,客户名称,国家,币种,合同金额,付款方式,下单日期,到期日,交单期,到单日\n";
    let rows = [
        "D1,Rossi,意大利,USD,1000,L/C at sight,2026-01-05,2026-04-20,2026-03-31,",
        "D2,Rossi,意大利,USD,2000,D/P at sight,2026-01-05,2026-04-25,,2026-04-15",
        "D3,Rossi,意大利,USD,3000,L/C at sight,2026-01-05,,2026-03-31,",
        "D4,Rossi,意大利,USD,4000,D/P at sight,2026-01-05,2026-04-25,2026-03-31,",
        "D5,Rossi,意大利,USD,5000,\"30% T/T deposit, 70% L/C at sight\",2026-01-05,2026-04-20,2026-03-31,",
    ];
    let text = format!("{header}{}\n", rows.join("\n"));
    let report = desk.import("documents.csv", &text).await;
    assert_eq!(counts(&report), [5, 2, 0, 0, 3], "{:?}", problems(&report));
    assert_eq!(desk.order("D1").await, ["full D1 USD 1000.00 due 2026-04-20 paid 0.00"]);
    assert_eq!(desk.order("D2").await, ["full D2 USD 2000.00 due 2026-04-25 paid 0.00"]);
    assert!(report.problems.iter().all(|problem| problem.code == "unread-documentary"), "{:?}", problems(&report));
    assert_eq!(counts(&desk.import("documents again.csv", &text).await), [5, 0, 0, 2, 3]);
}
