//! Files as people really have them: encodings, title rows, odd headers, two dates that could be anything, `--map`.

use super::*;
use rust_xlsxwriter::Workbook;

const ROWS: &str = "订单号,客户名称,国家,合同金额（美元）,付款方式,下单日期\nA1,罗西户外,意大利,１２，４３０．００,见提单副本付尾款,2026年1月5日\nA2,Casa Sol,西班牙,\"US$2,000\",OA 30 days,2026/1/5\n";

#[tokio::test]
async fn encodings_and_title_rows() {
    let titled = format!("宁波启航户外用品有限公司,,,,,\n截至2026-03-02应收,,,,,\n\n{ROWS}");
    let files: Vec<(Vec<u8>, &str, u32)> = vec![
        (ROWS.as_bytes().to_vec(), "UTF-8", 1),
        (format!("\u{feff}{ROWS}").into_bytes(), "UTF-8", 1),
        (encoding_rs::GBK.encode(&titled).0.into_owned(), "gb18030", 4),
        (ROWS.replace(',', ";").replace("\"US$2;000\"", "\"US$2,000\"").into_bytes(), "UTF-8", 1),
    ];
    for (bytes, encoding, header_row) in files {
        let mut desk = Desk::new().await;
        let report = desk.import_as("orders.csv", &bytes, &ImportOptions::default()).await;
        assert_eq!(problems(&report), Vec::<String>::new());
        let mapping = &report.mapping[0];
        assert_eq!(
            (mapping.encoding.as_deref(), mapping.header_row, counts(&report)),
            (Some(encoding), header_row, [2, 2, 0, 0, 0])
        );
        assert_eq!(desk.order("A1").await, ["balance A1 USD 12430.00 due awaited paid 0.00"]);
        assert_eq!(desk.debtors().await, ["name:casasol Casa Sol ES", "name:罗西户外 罗西户外 IT"]);
        let columns: Vec<String> =
            mapping.columns.iter().map(|one| format!("{} {} {}", one.field.code(), one.column, one.header)).collect();
        assert_eq!(
            columns,
            [
                "order_number A 订单号",
                "debtor_name B 客户名称",
                "country C 国家",
                "amount D 合同金额（美元）",
                "terms E 付款方式",
                "ordered_on F 下单日期"
            ]
        );
    }
}

#[tokio::test]
async fn the_report_shows_what_was_not_read() {
    let mut desk = Desk::new().await;
    let text = "Order No.,Customer,Client,Amount USD,Terms,Unit price,Colour\n1,Rossi,R,5,OA 30 days,1,Lin\n";
    let mapping = desk.import("a.csv", text).await.mapping.remove(0);
    let spare = |columns: &[super::super::SpareColumn]| {
        columns.iter().map(|one| format!("{} {}", one.column, one.header)).collect::<Vec<_>>()
    };
    assert_eq!(
        (spare(&mapping.doubled), spare(&mapping.unmapped)),
        (vec!["C Client".into()], vec!["F Unit price".into(), "G Colour".into()])
    );
    assert!(mapping.missing.iter().any(|field| field.code() == "due_on"));
    let json = serde_json::to_value(&mapping).expect("JSON");
    assert_eq!(json["columns"][0]["field"], "order_number");
    assert_eq!(json["columns"][0]["column"], "A");
}

#[tokio::test]
async fn dates_that_could_be_either_are_asked_for() {
    let mut desk = Desk::new().await;
    let header = "Order No,Customer,Amount,Currency,Due date\n";
    let text = format!("{header}1,Rossi,5,EUR,02/03/2026\n2,Rossi,5,EUR,05/05/2026\n");
    let report = desk.import("a.csv", &text).await;
    assert_eq!(counts(&report), [2, 1, 0, 0, 1]);
    assert!(
        problems(&report)[0].starts_with("2 E due_on ‘02/03/2026’: day and month cannot be told apart"),
        "{report:?}"
    );
    assert!(report.problems[0].remedy.contains("[formats] date"));
    desk.import_as("a.csv", text.as_bytes(), &mapped("[formats]\ndate = \"dmy\"")).await;
    assert_eq!(desk.order("1").await, ["full 1 EUR 5.00 due 2026-03-02 paid 0.00"]);
    // One unmistakable value decides for its column.
    desk.import("b.csv", &format!("{header}3,Rossi,\"1.234,5\",EUR,02/03/2026\n4,Rossi,\"5,00\",EUR,28/03/2026\n"))
        .await;
    assert_eq!(desk.order("3").await, ["full 3 EUR 1234.50 due 2026-03-02 paid 0.00"]);
}

#[tokio::test]
async fn a_mapping_mends_what_the_guess_cannot() {
    let mut desk = Desk::new().await;
    let text = "Ref X;Wer;Wieviel;Wann;Extra\n1;Rossi;1.234;02.03.2026;y\n";
    let error = desk.try_import("a.csv", text.as_bytes(), &ImportOptions::default()).await.expect_err("unknown words");
    assert!(error.to_string().contains("no row was found that names columns"), "{error}");
    let map = "header_row = 1\n[columns]\norder_number = \"Ref X\"\ndebtor_name = \"wer\"\namount = \"C\"\ndue_on = \"D\"\n\
               [formats]\ndecimal = \"comma\"\n[defaults]\ncurrency = \"EUR\"\ncountry = \"IT\"\n";
    let report = desk.import_as("a.csv", text.as_bytes(), &mapped(map)).await;
    assert_eq!(problems(&report), Vec::<String>::new());
    assert_eq!(desk.order("1").await, ["full 1 EUR 1234.00 due 2026-03-02 paid 0.00"]);
    assert_eq!(desk.debtors().await, ["name:rossi Rossi IT"]);
    // A file without any header.
    let map = "header_row = 0\n[columns]\norder_number = \"A\"\ndebtor_name = \"B\"\namount = \"C\"\n[defaults]\ncurrency = \"EUR\"\nterms = \"OA 30 days\"\n";
    let report = desk.import_as("b.csv", b"7,Rossi,10\n8,Rossi,20\n", &mapped(map)).await;
    assert_eq!((counts(&report), report.mapping[0].header_row), ([2, 2, 0, 0, 0], 0));
    for (map, words) in [
        ("[columns]\namount = \"Betrag\"", "amount = \"Betrag\""),
        ("sheet = \"März\"", "there is no sheet ‘März’"),
        ("[columns]\namount = false", "no column for amount"),
    ] {
        let text = b"Order No,Customer,Amount (USD),Due date\n1,Rossi,5,2026-04-01\n";
        let error = desk.try_import("c.csv", text, &mapped(map)).await.expect_err(map).to_string();
        assert!(error.contains(words), "{map}: {error}");
    }
}

#[tokio::test]
async fn workbooks_with_several_sheets() {
    let mut desk = Desk::new().await;
    let mut book = Workbook::new();
    for (name, number) in [("1月", "A1"), ("2月", "A2")] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (column, text) in (0_u16..).zip(["订单号", "客户名称", "金额", "币种", "付款方式"]) {
            sheet.write(1, column, text).expect("written");
        }
        for (column, text) in (0_u16..).zip([number, "Rossi", "", "USD", "OA 30 days"]) {
            sheet.write(2, column, text).expect("written");
        }
        sheet.write(2, 2, 100.5).expect("written");
        // Excel cannot hold such a number.
        sheet.write(3, 0, 1.103e18).expect("written");
    }
    book.add_worksheet().set_name("说明").expect("a name").write(0, 0, "内部使用").expect("written");
    let hidden = book.add_worksheet().set_name("old").expect("a name");
    hidden.write(0, 0, "订单号").expect("written");
    hidden.set_hidden(true);
    let bytes = book.save_to_buffer().expect("a workbook");
    let report = desk.import_as("book.xlsx", &bytes, &ImportOptions::default()).await;
    assert_eq!(counts(&report), [4, 2, 0, 0, 2]);
    assert_eq!(desk.order("A2").await, ["full A2 USD 100.50 due awaited paid 0.00"]);
    let left: Vec<String> = report.sheets_left_out.iter().map(|one| format!("{} {}", one.sheet, one.why)).collect();
    assert_eq!(left, ["说明 no row names columns", "old hidden"]);
    assert_eq!(report.problems[0].sheet, "1月");
    assert!(report.problems[0].why.contains("rounded"));
}

#[tokio::test]
async fn what_is_no_table_changes_nothing() {
    let mut desk = Desk::new().await;
    for (bytes, kind, words) in [
        (&b""[..], None, "empty"),
        (b"%PDF-1.7 ...", None, "PDF"),
        (b"hello\nworld\n", None, "no row was found"),
        (b"Order No,Customer,Amount,Terms\n1,Rossi,5,OA 30 days\n", Some(Kind::Payments), "no column for received_on"),
        (b"Order No,Customer,Terms\n1,Rossi,OA 30 days\n", None, "no column for amount"),
    ] {
        let options = ImportOptions { kind, ..ImportOptions::default() };
        let error = desk.try_import("dir/x.csv", bytes, &options).await.expect_err(words).to_string();
        assert!(error.contains(words) && error.starts_with("x.csv: "), "{error}");
    }
    assert!(desk.everything().await.is_empty());
    assert!("inquiries".parse::<Kind>().expect_err("later").contains("not read yet"));
    assert!("ordrs".parse::<Kind>().expect_err("typo").contains("receivables"));
    assert_eq!("payments".parse::<Kind>(), Ok(Kind::Payments));
    assert_eq!(of_kind(Kind::Orders).kind, Some(Kind::Orders));
}
