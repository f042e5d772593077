//! The catalogue from the file to the page: stock, what could stand in for an article, and what people chose. The same
//! on both databases.

use dunlin::use_cases::keep_catalogue::{find_similar, pin_similar, product, set_stock, unpin_similar};
use dunlin_core::access::Role;
use dunlin_core::catalogue::similar::Why;
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::product_list::InStock;
use dunlin_store::{LogFilter, StockKind};

use crate::api::{Program, open};
use crate::site::Site;
use crate::world::{MORNING, World, as_person, program as program_itself, worlds};

const CATALOGUE: &str = "SKU,Title,Category,Attributes,Price,Currency,Product URL,Stock\n\
    TN-2,Tent for two,Tents,color: red,25.00,USD,https://shop.example/2.html,0\n\
    TN-3,\"Tent for two, light\",tents,color: red,27.00,USD,,4\n\
    TN-4,Family tent,Tents,color: green,25.50,USD,,9\n\
    TN-5,Palace tent,Tents,,99.00,USD,,9\n\
    TN-6,Tent without a count,Tents,color: red,25.00,USD,,\n\
    LP/1 a,Camp lamp,Lamps,,9.00,USD,,3\n";

async fn similar(world: &World, sku: &str) -> Vec<String> {
    let found = find_similar(&world.house, sku, 10).await.expect("looks");
    found.similar.into_iter().map(|one| one.stocked.product.sku).collect()
}

async fn available(world: &World) -> Vec<String> {
    let after = After { key: String::new(), limit: 100 };
    let found = world.house.store.products_after(world.house.tenant.id, "", InStock::Available, &after).await;
    found.expect("reads").into_iter().map(|one| one.product.sku).collect()
}

fn refusal<T: std::fmt::Debug>(outcome: anyhow::Result<T>, words: &str) {
    let text = outcome.expect_err("refused").to_string();
    assert!(text.contains(words), "‘{words}’ is not in: {text}");
}

#[tokio::test]
async fn what_could_stand_in_follows_stock_and_choice() {
    for world in worlds("products").await {
        world.import("catalogue.csv", CATALOGUE).await;
        assert_eq!(available(&world).await, ["LP/1 a", "TN-3", "TN-4", "TN-5"]);
        assert_eq!(similar(&world, "TN-2").await, ["TN-3", "TN-4", "TN-5"]);
        let found = find_similar(&world.house, "TN-2", 1).await.expect("looks");
        let why = &found.similar[0].why;
        assert!(why.contains(&Why::SameCategory) && why.contains(&Why::PriceNear { percent: 8 }), "{why:?}");

        let house = &as_person(&world.house, "Lin Yue");
        pin_similar(house, "TN-2", "LP/1 a").await.expect("chosen");
        pin_similar(house, "TN-2", "TN-6").await.expect("chosen, though nobody counted");
        assert_eq!(similar(&world, "TN-2").await, ["LP/1 a", "TN-3", "TN-4", "TN-5"]);
        refusal(pin_similar(house, "TN-2", "TN-2").await, "itself");
        refusal(pin_similar(house, "TN-2", "LP/1 a").await, "chosen already");
        refusal(pin_similar(house, "TN-2", "nothing").await, "no product");
        refusal(pin_similar(house, "nothing", "TN-3").await, "nothing");
        set_stock(house, "TN-6", 1, "found behind the shelf").await.expect("counted");
        assert_eq!(similar(&world, "TN-2").await, ["LP/1 a", "TN-6", "TN-3", "TN-4", "TN-5"]);
        unpin_similar(house, "TN-2", "LP/1 a").await.expect("taken out");
        refusal(unpin_similar(house, "TN-2", "LP/1 a").await, "not among");
        pin_similar(house, "TN-2", "LP/1 a").await.expect("chosen again, now after the other");
        assert_eq!(similar(&world, "TN-2").await[..2], ["TN-6", "LP/1 a"]);

        set_stock(house, "TN-3", 0, "").await.expect("counted");
        assert!(!similar(&world, "TN-2").await.contains(&"TN-3".to_string()));
        refusal(set_stock(house, "TN-3", 0, "").await, "known already");
        refusal(set_stock(house, "TN-3", -1, "").await, "0 to");
        refusal(set_stock(house, "TN-3", i64::MAX, "").await, "0 to");
        let lines = world.house.store.audit_log(world.house.tenant.id, &LogFilter::default(), 50).await.expect("a log");
        let verbs: Vec<&str> = lines.iter().map(|line| line.verb.as_str()).collect();
        for verb in ["product.counted", "product.pinned", "product.unpinned", "file.imported"] {
            assert!(verbs.contains(&verb), "{verb} is not in {verbs:?}");
        }
        assert!(world.house.store.doctor().await.expect("looks").0.is_empty());
    }
}

#[tokio::test]
async fn the_same_file_again_undoes_no_count() {
    for world in worlds("stock_told").await {
        world.import("catalogue.csv", CATALOGUE).await;
        let (house, tenant) = (&world.house, world.house.tenant.id);
        set_stock(house, "TN-3", 2, "two were wet").await.expect("counted");
        let again = world.import("again.csv", &format!("{CATALOGUE}\n")).await;
        assert_eq!((again.counts.added, again.counts.corrected), (0, 0), "{:?}", again.corrections);
        assert!(again.problems.iter().any(|one| one.code == "unread-counted"), "{:?}", again.problems);
        assert_eq!(product(house, "TN-3").await.expect("there").quantity, Some(2));
        world.import("stock.csv", "SKU,Stock\nTN-3,11\n").await;
        assert_eq!(product(house, "TN-3").await.expect("there").quantity, Some(11));
        let moved = house.store.stock_history(tenant, "TN-3", 10).await.expect("reads");
        let told: Vec<(Option<i64>, i64, StockKind)> =
            moved.iter().map(|one| (one.before, one.quantity, one.kind)).collect();
        let expected = [(Some(2), 11, StockKind::File), (Some(4), 2, StockKind::ByHand), (None, 4, StockKind::File)];
        assert_eq!(told, expected);
        assert_eq!(moved[1].note, "two were wet");
    }
}

#[tokio::test]
async fn of_a_long_catalogue_only_the_neighbours_are_read() {
    for world in worlds("products_many").await {
        let mut text = String::from("SKU,Title,Category,Price,Currency,Stock\n");
        for n in 0..3_000 {
            text += &format!("S{n:05},Article {n},C{},{}.00,USD,1\n", n % 3, 1 + n);
        }
        let report = world.import("long.csv", &text).await;
        assert_eq!(report.counts.added, 3_000);
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let own = product(&world.house, "S01500").await.expect("there");
        let candidates = store.product_candidates(tenant, &own.product, &[]).await.expect("reads");
        assert!(candidates.len() <= 320, "{}", candidates.len());
        let near = similar(&world, "S01500").await;
        assert_eq!(near.len(), 10);
        for sku in &near {
            let n: i64 = sku[1..].parse().expect("a number");
            assert!(n % 3 == 0 && (n - 1_500).abs() <= 241, "{sku} is no neighbour within 15 percent");
        }
        let after = After { key: String::new(), limit: 4_000 };
        assert_eq!(store.products_after(tenant, "", InStock::All, &after).await.expect("reads").len(), 3_000);
        let after = After { key: "S02997".to_string(), limit: 10 };
        assert_eq!(store.products_after(tenant, "", InStock::All, &after).await.expect("reads").len(), 2);
        let found = store.product_list(tenant, "article 299", InStock::All, (5, 5)).await.expect("reads");
        assert_eq!((found.total, found.products.len()), (11, 5), "299 and 2990 to 2999");
        let none = store.product_list(tenant, "%_!", InStock::All, (5, 0)).await.expect("reads");
        assert_eq!(none.total, 0);
    }
}

#[tokio::test]
async fn pages_show_stock_and_stand_ins() {
    for world in worlds("product_pages").await {
        let evil = "EV-1,\"<script>alert(1)</script>\",Tents,,25.00,USD,,1\n";
        world.import("catalogue.csv", &format!("{CATALOGUE}{evil}")).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let list = owner.get("/products?lang=en").await;
        assert!(list.contains("Tent for two") && list.contains("/products/LP%2F1%20a"), "{list}");
        assert!(!list.contains("<script>alert(1)"), "{list}");
        assert!(!owner.get("/products?stock=gone&lang=en").await.contains("Family tent"));
        assert!(owner.get("/products?q=family&lang=en").await.contains("Family tent"));
        let page = owner.get("/products/TN-2?lang=en").await;
        assert!(page.contains("same category") && page.contains("href=\"/products/TN-3\""), "{page}");
        assert!(page.contains("https://shop.example/2.html"), "{page}");
        let pinned = owner.post("/products/TN-2/pins", "other=LP%2F1+a").await;
        assert!(pinned.starts_with("HTTP/1.1 303") && pinned.contains("location: /products/TN-2"), "{pinned}");
        assert!(owner.get("/products/TN-2?lang=en").await.contains("your choice"));
        owner.post("/products/TN-2/pins/end", "other=LP%2F1+a").await;
        assert!(!owner.get("/products/TN-2?lang=en").await.contains("your choice"));
        owner.post("/products/LP%2F1%20a/stock", "quantity=0&note=sold").await;
        let lamp = owner.get("/products/LP%2F1%20a?lang=en").await;
        assert!(lamp.contains("none left") && lamp.contains("sold"), "{lamp}");
        owner.post("/products/TN-2/stock", "quantity=minus&note=").await;
        owner.post("/products/TN-2/stock", "quantity=-5&note=").await;
        assert_eq!(product(&world.house, "TN-2").await.expect("there").quantity, Some(0));
        assert!(owner.get("/products/nothing").await.starts_with("HTTP/1.1 404"));
        assert!(owner.get("/products/TN-2?lang=zh-CN").await.contains("可替代的商品"));
        let auditor = site.enter(&world, Role::Auditor).await;
        assert!(!auditor.get("/products/TN-2?lang=en").await.contains("name=\"other\""));
        assert!(auditor.post("/products/TN-2/stock", "quantity=5").await.starts_with("HTTP/1.1 403"));
    }
}

#[tokio::test]
async fn programs_read_and_count() {
    for world in worlds("product_calls").await {
        world.import("catalogue.csv", CATALOGUE).await;
        let site = open(&world, 10_000).await;
        let api = Program::of_owner(&site, &world).await;
        let first = api.get("/v1/products?limit=4").await.ok();
        assert_eq!(first["items"].as_array().map(Vec::len), Some(4));
        let next = first["next"].as_str().expect("another page");
        let second = api.get(&format!("/v1/products?limit=4&cursor={next}")).await.ok();
        assert_eq!((second["items"].as_array().map(Vec::len), &second["next"]), (Some(2), &serde_json::Value::Null));
        let lamp = api.get("/v1/products/LP%2F1%20a").await.ok();
        assert_eq!((&lamp["sku"], &lamp["stock"], &lamp["available"]), (&"LP/1 a".into(), &3.into(), &true.into()));
        api.get("/v1/products/none").await.is_problem(404, "not-found");
        let found = api.get("/v1/products/TN-2/similar?limit=2").await.ok();
        assert_eq!(found["items"][0]["product"]["sku"], "TN-3");
        assert_eq!(found["items"][0]["why"][0]["code"], "same_category");
        let pinned = api.post("/v1/products/TN-2/pins", r#"{"sku":"TN-5"}"#).await.ok();
        assert_eq!((&pinned["items"][0]["product"]["sku"], &pinned["pins"][0]), (&"TN-5".into(), &"TN-5".into()));
        api.post("/v1/products/TN-2/pins", r#"{"sku":"TN-5"}"#).await.is_problem(409, "refused");
        let ended = api.post("/v1/products/TN-2/pins/end", r#"{"sku":"TN-5"}"#).await.ok();
        assert_eq!(ended["pins"], serde_json::json!([]));

        let stock = api.get("/v1/products/TN-4/stock").await;
        let seen = format!("If-Match: {}", stock.header("etag").expect("a tag"));
        let headers = ["Content-Type: application/json", seen.as_str()];
        let place = "/v1/products/TN-4/stock";
        let set = api.send("PUT", place, &headers, r#"{"quantity":7,"note":"counted"}"#).await.ok();
        assert_eq!((&set["quantity"], &set["movements"][0]["kind"]), (&7.into(), &"by_hand".into()));
        api.send("PUT", place, &headers, r#"{"quantity":8}"#).await.is_problem(412, "changed-meanwhile");
        api.send("PUT", place, &headers[..1], r#"{"quantity":-1}"#).await.is_problem(409, "refused");
        assert_eq!(api.send("PUT", place, &headers[..1], r#"{"quantity":7}"#).await.ok()["quantity"], 7);
    }
}

#[tokio::test]
async fn the_command_line_says_the_same() {
    for world in worlds("product_command").await {
        world.import("catalogue.csv", CATALOGUE).await;
        let run = |words: &[&str]| {
            let output = program_itself()
                .args(["--db", &world.place, "--as-of", MORNING, "product"])
                .args(words)
                .output()
                .expect("runs");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
            text
        };
        assert!(run(&["list", "tent"]).contains("TN-3") && !run(&["list", "tent"]).contains("LP/1"));
        assert!(run(&["show", "TN-2"]).contains("https://shop.example/2.html"));
        run(&["pin", "TN-2", "TN-5"]);
        let told = run(&["similar", "TN-2", "--lang", "zh"]);
        assert!(told.starts_with("TN-5") && told.contains("您指定的"), "{told}");
        run(&["unpin", "TN-2", "TN-5"]);
        run(&["stock", "TN-2", "--set", "6", "--note", "new"]);
        let told: serde_json::Value = serde_json::from_str(&run(&["stock", "TN-2", "--json"])).expect("JSON");
        assert_eq!((&told["quantity"], &told["movements"][0]["note"]), (&6.into(), &"new".into()));
    }
}
