//! Debtors, contacts, receivables by themselves, payments.

use super::*;

#[tokio::test]
async fn debtors_and_their_people() {
    let mut desk = Desk::new().await;
    let text = "客户编号,客户名称,国家,语言,联系人,邮箱\nC1,Rossi,意大利,意大利语,Anna,anna@rossi.example\nC2,Casa Sol,Spain,es,,\n,,,,,x@y.example\n";
    let report = desk.import("debtors.csv", text).await;
    assert_eq!((report.kind, counts(&report)), (Kind::Debtors, [3, 2, 0, 0, 1]));
    assert_eq!(problems(&report), ["4 B debtor_name ‘’: no customer"]);
    assert_eq!(counts(&desk.import("again.csv", &format!("{text}\n")).await), [3, 0, 0, 2, 1]);
    let book = "客户编号,姓名,职务,邮箱,电话,语言,时区\n\
                C1,Anna Verdi,财务,anna@rossi.example,+39 02 5550 1,it,Europe/Rome\n\
                C1,Bruno,老板,bruno@rossi.example,,英语,Mars/Base\n\
                C9,Nobody,老板,n@n.example,,,\n\
                C2,Luis,采购,luis at casasol,,,\n\
                C2,Luis,采购,,,,\n";
    let report = desk.import("book.csv", book).await;
    assert_eq!((report.kind, counts(&report)), (Kind::Contacts, [5, 1, 1, 0, 3]));
    assert_eq!(
        problems(&report),
        [
            "3 G time_zone ‘Mars/Base’: ‘Mars/Base’ is no time zone",
            "4 A debtor_number ‘C9’: no debtor C9 is known",
            "5 D email ‘luis at casasol’: not one email address",
            "6 D email ‘’: no way to reach this person",
        ]
    );
    assert_eq!(
        corrections(&report),
        [
            "2 contact of C1, name: Anna → Anna Verdi",
            "2 contact of C1, role: buyer → finance",
            "2 contact of C1, phone:  → +39 02 5550 1",
            "2 contact of C1, time_zone:  → Europe/Rome",
        ]
    );
    assert_eq!(
        desk.people("file", "C1").await,
        ["finance Anna Verdi <anna@rossi.example> it Europe/Rome", "owner Bruno <bruno@rossi.example> en"]
    );
    assert_eq!(counts(&desk.import("book again.csv", &format!("{book}\n")).await), [5, 0, 0, 2, 3]);
}

#[tokio::test]
async fn open_items_of_an_accounting_program() {
    let mut desk = Desk::new().await;
    let text = "Invoice No.;Customer;Amount;Currency;Due Date\nINV-1;Rossi;1.234,50;EUR;01.04.2026\nINV-2;Rossi;99,00;EUR;15.04.2026\nINV-2;Rossi;99,00;EUR;16.04.2026\n;Rossi;1,00;EUR;15.04.2026\nINV-4;Rossi;1,00;EUR;\n";
    let report = desk.import("items.csv", text).await;
    assert_eq!((report.kind, counts(&report)), (Kind::Receivables, [5, 2, 0, 0, 3]));
    assert_eq!(
        problems(&report),
        [
            "4 A reference ‘INV-2’: INV-2 stands in row 3 already, with other values",
            "5 A reference ‘’: empty",
            "6 E due_on ‘’: no due date",
        ]
    );
    let (_, one) = desk.commit().await.receivable_under("file", "INV-1").await.expect("read").expect("known");
    assert_eq!(line(&one), "full INV-1 EUR 1234.50 due 2026-04-01 paid 0.00");
    let later = text.replace("1.234,50", "1.300,00");
    let report = desk.import("later.csv", &later).await;
    assert_eq!(corrections(&report), ["2 receivable INV-1, amount: EUR 1234.50 → EUR 1300.00"]);
    // The same invoice in an order sheet is known there first; it is not asked for twice.
    desk.import(
        "o.csv",
        "Order No,Customer,Amount (USD),Terms,Invoice No,Invoice date\nX1,Solo,10,OA 30 days,INV-9,2026-03-01\n",
    )
    .await;
    let report = desk.import("i.csv", "Invoice No,Customer,Amount (USD),Due Date\nINV-9,Solo,10,2026-03-31\n").await;
    assert_eq!(problems(&report), ["2 A reference ‘INV-9’: INV-9 is known already, as R-0003"]);
}

#[tokio::test]
async fn payments_wait_for_matching() {
    let mut desk = Desk::new().await;
    let text = "收款日期,付款人,金额,币种,参考号\n2026-02-27,ROSSI SRL,\"1,000.00\",USD,INV-1\n2026-02-27,ROSSI SRL,\"1,000.00\",USD,INV-1\n2027-01-01,X,5,USD,\n,X,5,USD,\n";
    let report = desk.import("payments.csv", text).await;
    assert_eq!((report.kind, counts(&report)), (Kind::Payments, [4, 2, 0, 0, 2]));
    assert_eq!(problems(&report), ["4 A received_on ‘2027-01-01’: in the future", "5 A received_on ‘’: empty"]);
    assert_eq!(counts(&desk.import("payments again.csv", &format!("{text}\n")).await), [4, 0, 0, 2, 2]);
    let waiting = desk.store.unplaced_payments(desk.tenant.id).await.expect("read");
    assert_eq!(waiting.len(), 2);
    assert_eq!(
        (waiting[0].payer_name.as_str(), waiting[0].words.as_str(), waiting[0].left.minor),
        ("ROSSI SRL", "INV-1", 100_000)
    );
}

#[tokio::test]
async fn an_order_list_is_never_taken_for_payments() {
    let mut desk = Desk::new().await;
    for text in
        ["订单号,客户,金额,日期\n1,Rossi,5,2026-01-01\n", "订单号,客户,金额,日期,已收金额\n1,Rossi,5,2026-01-01,3\n"]
    {
        let error = desk
            .try_import("a.csv", text.as_bytes(), &ImportOptions::default())
            .await
            .expect_err("unclear")
            .to_string();
        assert!(error.contains("no column for terms or due_on") && error.contains("--map"), "{error}");
    }
}
