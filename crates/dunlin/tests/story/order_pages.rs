//! The pages of the running order: what is there, what is done with several orders at once, and what a page and a program
//! are refused. The same on both databases.

use dunlin::use_cases::ship_orders::{Parcelled, ship_orders};
use dunlin::use_cases::tell_order::timeline;
use dunlin::use_cases::work_orders::{hold_orders, order_in_full, order_named, release_orders};
use dunlin_core::access::Role;
use dunlin_core::facts::orders::GoodsLine;
use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::money::{Currency, Money};
use dunlin_core::order::OrderSource;
use dunlin_core::order::story::{OrderNews, OrderState, OrderWord};
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::order_board::{BOARD_START, BoardAsked};
use dunlin_store::{OrderFields, OrderTold};

use crate::search_and_undo::with_toast;
use crate::site::Site;
use crate::world::{World, as_person, at, orders, worlds};

pub const CATALOGUE: &str = "SKU,Title,Category,Attributes,Price,Currency,Product URL,Stock\n\
    TN-2,Tent for two,Tents,color: red,25.00,USD,https://shop.example/2.html,0\n\
    TN-3,\"Tent for two, light\",tents,color: red,27.00,USD,,4\n";

/// A paid order of the marketplace with a tent in it, to be shipped by this instant.
pub async fn paid(world: &World, party_id: PartyId, number: &str, ship_by: &str) -> OrderId {
    let mut commit = world.house.begin_as_system().await.expect("begins");
    let fields = OrderFields {
        party_id,
        number: number.to_string(),
        source: OrderSource::Marketplace,
        total: Money::parse("25.00", Currency::USD).expect("money"),
        ordered_on: "2026-03-03".parse().expect("a day"),
        ordered_at: Some(at("2026-03-03T09:00:00Z")),
        terms_text: String::new(),
        goods: String::new(),
        remote_state: String::new(),
        cancelled: false,
    };
    let id = commit.add_order(&fields, "2026-03-03".parse().expect("a day")).await.expect("added");
    let news = OrderNews { at: at("2026-03-03T10:00:00Z"), word: OrderWord::Paid, why: None };
    let told = OrderTold { news: vec![news], ship_by: Some(at(ship_by)), ..OrderTold::default() };
    commit.note_order_state(party_id, id, &told).await.expect("told");
    let line = GoodsLine {
        sku: "TN-2".to_string(),
        title: "Tent for two".to_string(),
        quantity: 1,
        price: Money::parse("25.00", Currency::USD).expect("money"),
        url: String::new(),
        in_stock: None,
    };
    commit.set_order_lines(party_id, id, &[line]).await.expect("kept");
    commit.finish().await.expect("kept");
    id
}

async fn board(world: &World, state: OrderState) -> Vec<String> {
    let house = &world.house;
    let asked = BoardAsked { state: Some(state), ..BoardAsked::default() };
    let after = After { key: BOARD_START, limit: 50 };
    let rows = house.store.board(house.tenant.id, &house.sight, house.today(), &asked, &after).await;
    rows.expect("reads").into_iter().map(|row| row.number).collect()
}

#[tokio::test]
async fn several_orders_go_from_the_board_into_the_post() {
    for world in worlds("order_pages").await {
        world.import("orders.csv", &orders()).await;
        world.import("catalogue.csv", CATALOGUE).await;
        let found = world.house.store.find_party(world.house.tenant.id, "Rossi Outdoor S.r.l.").await.expect("reads");
        let party_id = found.expect("known").0;
        let late = paid(&world, party_id, "8100", "2026-03-20T00:00:00Z").await;
        let soon = paid(&world, party_id, "8/101", "2026-03-09T00:00:00Z").await;
        assert_eq!(board(&world, OrderState::Paid).await, ["8/101", "8100"], "the first to leave stands on top");

        let site = Site::open(&world).await;
        let visitor = site.enter(&world, Role::Owner).await;
        let page = visitor.get("/board?state=paid").await;
        assert!(page.contains("8/101") && page.contains("Rossi"), "{page}");
        assert!(visitor.get("/orders/8%2F101").await.contains("Tent for two"));
        assert!(visitor.get("/parcels").await.starts_with("HTTP/1.1 200"));
        let wizard = visitor.get("/orders/8100/stock-out?line=0").await;
        assert!(wizard.contains("TN-3") && wizard.contains("8100"), "{wizard}");

        visitor.post("/board", &format!("do=in_stock&order={late}&order={soon}&next=/board")).await;
        assert_eq!(board(&world, OrderState::Ready).await, ["8/101", "8100"]);
        let house = &as_person(&world.house, "Lin Yue");
        assert!(hold_orders(house, &[late], " ", None).await.is_err(), "a reason is needed");
        hold_orders(house, &[late], "the box is too small", None).await.expect("held");
        assert_eq!(board(&world, OrderState::InStock).await, ["8100"]);

        // One that is held keeps the other here too: all of them, or none.
        let parcels = [late, soon].map(|order| Parcelled {
            order,
            carrier: String::new(),
            number: "YT12345".to_string(),
            shipped_on: None,
            is_part: false,
            replaces: None,
        });
        assert!(ship_orders(house, &parcels).await.is_err());
        assert_eq!(board(&world, OrderState::Shipped).await, Vec::<String>::new());
        release_orders(house, &[late]).await.expect("let go");
        assert!(release_orders(house, &[late]).await.is_err(), "nobody holds it any more");
        let form = format!("do=ship&order={soon}&number-{soon}=YT%2012345&next=/board");
        let answer = visitor.post("/board", &form).await;
        assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("location: /board"), "{answer}");
        assert_eq!(board(&world, OrderState::Shipped).await, ["8/101"]);
        assert!(visitor.get("/orders/8%2F101").await.contains("YT12345"));

        visitor.post("/orders/8100/stock-out", "line=0").await;
        assert_eq!(board(&world, OrderState::OutOfStock).await, ["8100"]);
        assert!(order_named(house, "no such order").await.is_err());
        let told = order_in_full(house, "8100").await.expect("told");
        let kinds: Vec<&str> = timeline(&told).iter().map(|event| event.what.kind()).collect();
        assert!(kinds.contains(&"held") && kinds.contains(&"released"), "{kinds:?}");
        assert!(world.house.store.doctor().await.expect("looks").0.is_empty());
    }
}

/// The number of the change that a toast offers to take back, as its form sends it.
fn offered(page: &str, action: &str) -> String {
    let (_, form) = page.split_once(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no way back: {page}"));
    let (_, value) = form.split_once("name=\"only\" value=\"").expect("a field");
    value.split('"').next().expect("a value").to_string()
}

#[tokio::test]
async fn what_was_done_with_several_orders_by_mistake_is_taken_back() {
    for world in worlds("orders_undone").await {
        world.import("orders.csv", &orders()).await;
        let found = world.house.store.find_party(world.house.tenant.id, "Rossi Outdoor S.r.l.").await.expect("reads");
        let party_id = found.expect("known").0;
        let one = paid(&world, party_id, "8100", "2026-03-20T00:00:00Z").await;
        let other = paid(&world, party_id, "8101", "2026-03-09T00:00:00Z").await;
        let site = Site::open(&world).await;
        let visitor = site.enter(&world, Role::Owner).await;
        let both = format!("order={one}&order={other}&next=/board");

        let answer = visitor.post("/board", &format!("do=out_of_stock&{both}")).await;
        let page = with_toast(&visitor, &answer).await;
        let change = offered(&page, "/board/stock/undo");
        assert_eq!(board(&world, OrderState::OutOfStock).await, ["8101", "8100"]);
        visitor.post("/board/stock/undo", &format!("only={change}&next=/board")).await;
        assert_eq!(board(&world, OrderState::Paid).await, ["8101", "8100"]);

        visitor.post("/board", &format!("do=in_stock&{both}")).await;
        let answer = visitor.post("/board/stock/undo", &format!("only={change}&next=/board")).await;
        let again = with_toast(&visitor, &answer).await;
        assert!(again.contains("omething else was noted"), "{again}");
        let answer = visitor.post("/board", &format!("do=hold&why=later&{both}")).await;
        let page = with_toast(&visitor, &answer).await;
        let change = offered(&page, "/board/hold/undo");
        assert_eq!(board(&world, OrderState::InStock).await, ["8101", "8100"]);
        visitor.post("/board/hold/undo", &format!("only={change}&next=/board")).await;
        assert_eq!(board(&world, OrderState::Ready).await, ["8101", "8100"]);
        assert!(world.house.store.doctor().await.expect("looks").0.is_empty());
    }
}
