//! Catalogues and stock.

use dunlin_core::catalogue::attributes;

use super::*;

const CATALOGUE: &str = "SKU,商品名称,英文标题,类目,规格,单价(USD),平台商品ID,商品链接,是否在售,库存\n\
    TN-2,双人帐篷,Tent for two,Tents,颜色:红; 人数:2,25.00,100500,https://shop.example/item/100500.html,是,\"1,200\"\n\
    TN-3,三人帐篷,Tent for three,Tents,颜色:红; 人数:3,29.90,,,上架,0\n\
    LP-1,营地灯,Camp lamp,Lamps,,9.50,,javascript:alert(1),也许,x\n";

async fn product(desk: &Desk, sku: &str) -> String {
    let Some(one) = desk.store.product(desk.tenant.id, sku).await.expect("read") else { return "nothing".to_string() };
    let about = &one.product;
    let titles: Vec<String> = about.titles.iter().map(|(language, title)| format!("{language}={title}")).collect();
    let stock = one.quantity.map_or("?".to_string(), |quantity| quantity.to_string());
    format!(
        "{} {} {} [{}] {} {}{} {stock}",
        titles.join(" "),
        about.category,
        about.price,
        attributes::write(&about.attributes),
        about.platform_id,
        about.url,
        if about.active { "" } else { " off" }
    )
}

#[tokio::test]
async fn a_catalogue_comes_in_and_is_corrected() {
    let mut desk = Desk::new().await;
    let report = desk.import("catalogue.csv", CATALOGUE).await;
    assert_eq!((report.kind, counts(&report)), (Kind::Products, [3, 3, 0, 0, 0]));
    assert!(report.mapping[0].unmapped.is_empty(), "{:?}", report.mapping[0].unmapped);
    let bad: Vec<(u32, Option<&str>)> =
        report.problems.iter().map(|one| (one.row, one.field.map(super::super::Field::code))).collect();
    assert_eq!(bad, [(4, Some("url")), (4, Some("active")), (4, Some("stock"))], "{:?}", problems(&report));
    assert_eq!(
        product(&desk, "TN-2").await,
        "en=Tent for two zh=双人帐篷 Tents USD 25.00 [人数: 2; 颜色: 红] 100500 https://shop.example/item/100500.html 1200"
    );
    assert_eq!(product(&desk, "LP-1").await, "en=Camp lamp zh=营地灯 Lamps USD 9.50 []   ?");

    let again = desk.import("catalogue.csv", CATALOGUE).await;
    assert!(again.already_imported.is_some());
    assert_eq!(counts(&again), [3, 0, 0, 3, 0]);
    assert!(again.corrections.is_empty() && again.vanished.is_empty());

    let later =
        "SKU,Title,Unit Price,Currency,Active,Stock\nTN-2,Tent for 2,26.00,USD,no,7\nTN-4,New tent,30.00,USD,yes,1\n";
    let report = desk.import("later.csv", later).await;
    assert_eq!(counts(&report), [2, 1, 1, 0, 0]);
    assert_eq!(
        corrections(&report),
        [
            "2 product TN-2, title_en: Tent for two → Tent for 2",
            "2 product TN-2, price: USD 25.00 → USD 26.00",
            "2 product TN-2, active: true → false",
            "2 product TN-2, stock: 1200 → 7",
        ]
    );
    assert!(product(&desk, "TN-2").await.contains("zh=双人帐篷 Tents"), "what a file does not say stays");
    // One of three is no whole list.
    assert!(report.vanished.is_empty(), "{:?}", report.vanished);
    let most = "SKU,Title,Unit Price,Currency\nTN-3,Tent for three,29.90,USD\nTN-4,New tent,30.00,USD\n";
    let report = desk.import("most.csv", most).await;
    assert_eq!(report.vanished.iter().map(|one| one.order.as_str()).collect::<Vec<_>>(), ["LP-1"], "TN-2 is off sale");
    assert!(!product(&desk, "LP-1").await.contains("off"), "a filter in a spreadsheet ends no sale");
}

#[tokio::test]
async fn stock_by_itself_also_of_articles_that_no_catalogue_names() {
    let mut desk = Desk::new().await;
    desk.import("catalogue.csv", CATALOGUE).await;
    let list = "货号,库存数量\nTN-2,5\nTN-3,-1\nTN-4,12\nLP-1,1.5\nLP-1,\nTN-2,6\nTN-4,12\n";
    let report = desk.import("stock.csv", list).await;
    assert_eq!((report.kind, counts(&report)), (Kind::Stock, [7, 1, 1, 1, 4]));
    assert_eq!(
        problems(&report),
        [
            "3 B stock ‘-1’: below zero",
            "5 B stock ‘1.5’: ‘1.5’ is not a whole number of pieces",
            "6 B stock ‘’: empty",
            "7 A sku ‘TN-2’: TN-2 stands in row 2 already, with other values",
        ]
    );
    assert_eq!(corrections(&report), ["2 product TN-2, stock: 1200 → 5"]);
    assert!(product(&desk, "TN-2").await.ends_with(" 5"));
    assert_eq!(product(&desk, "TN-4").await, "nothing");
    assert_eq!(desk.store.stock_level(desk.tenant.id, "TN-4").await.expect("read"), Some(12));
}

#[tokio::test]
async fn hostile_catalogues() {
    let mut desk = Desk::new().await;
    let long = "x".repeat(5_000);
    let text = format!(
        "SKU,Title,Price,Currency\n{long},a,1.00,USD\nA1,{long},1.00,USD\nA2,b,-3.00,USD\nA3,c,0,USD\nA4,,5.00,USD\n\
         1.10300E+18,d,5.00,USD\nA5,#REF!,5.00,USD\nA6,e,99999999999999999999,USD\nA7,f,5.00,\n,g,5.00,USD\n\
         A8,\"=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\",5.00,USD\nA8,h,6.00,USD\nA9,i\u{202e}j,5.00,USD\n"
    );
    let report = desk.import("hostile.csv", &text).await;
    let [rows, added, corrected, unchanged, left_out] = counts(&report);
    assert_eq!((rows, corrected, unchanged), (13, 0, 0), "{:?}", problems(&report));
    assert_eq!((added, left_out), (2, 11), "{:?}", problems(&report));
    assert!(report.problems.iter().all(|one| one.read.chars().count() <= 201 && one.why.chars().count() <= 601));
    assert!(product(&desk, "A8").await.starts_with("en==HYPERLINK"), "kept as the words that stand there");
    // Lines of orders have articles and prices too.
    let lines = b"Order No,SKU,Title,Price,Currency\n1,A1,Tent,5.00,USD\n";
    desk.try_import("lines.csv", lines, &ImportOptions::default()).await.expect_err("no catalogue");
}
