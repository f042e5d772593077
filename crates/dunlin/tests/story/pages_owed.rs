//! An order's own page that the shop did not answer: asked for again, whatever else is wrong with the order. The same on both
//! databases.

use dunlin::house::Clock;
use dunlin::shop::ALIEXPRESS;
use dunlin::use_cases::sync_orders::{Watched, sync_orders};
use dunlin_channels::aliexpress::RemoteId;
use dunlin_channels::aliexpress::ship::ShipNotice;
use dunlin_store::{RemoteOrderCounts, RemoteOrderRow};
use serde_json::json;

use crate::marketplace::{Stand, sync};
use crate::world::{at, worlds};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_was_not_answered_is_asked_for_again() {
    for mut world in worlds("page_owed").await {
        world.house.in_site = None;
        let stand = Stand::open().await;
        let paid = json!({"count": 1, "seed": 6, "days_ago": 0.5, "status": "WAIT_SELLER_SEND_GOODS"});
        let number = stand.orders(paid).await.remove(0);
        stand.connect(&world).await;
        let shop = dunlin::shop::Shop::open(&world.house).await.expect("opens").expect("a shop");
        let notice = ShipNotice {
            service_name: "china_post".to_string(),
            tracking_number: "RR123456789CN".to_string(),
            complete: true,
            ..ShipNotice::default()
        };
        let id = RemoteId::parse(&number).expect("a number");
        shop.session.report_shipment(id, &notice).await.expect("shipped");
        stand.go_to(&mut world, at("2026-03-04T09:05:00Z")).await;
        // Refused, and once more after the reading: nothing is known of the parcel, and the shop is read to its end.
        stand.tell("/errors", json!({"only": "order.info.get", "times": 2, "code": "41", "message": "no"})).await;
        let first = sync(&world).await;
        assert!(first.complete && first.trouble.is_none(), "{first:?}");
        assert_eq!((first.added, first.troubled), (1, 0), "{first:?}");
        let parcels = async || {
            let told = dunlin::use_cases::work_orders::order_in_full(&world.house, &number).await.expect("the order");
            told.order.parcels.len()
        };
        assert_eq!(parcels().await, 0);
        let (store, tenant) = (world.house.store.clone(), world.house.tenant.id);
        let counted = async || store.remote_order_counts(tenant, ALIEXPRESS).await.expect("reads");
        assert_eq!(counted().await, RemoteOrderCounts { all: 1, troubled: 0, owing_pages: 1 }, "nobody has to look");
        // Something else is wrong with it as well, and another order was never asked for again: neither is forgotten.
        let owing = async || {
            let rows = store.orders_owing_pages(tenant, ALIEXPRESS, 10).await.expect("reads");
            rows.into_iter().map(|row| (row.number, row.problem)).collect::<Vec<_>>()
        };
        let row =
            store.remote_orders(tenant, ALIEXPRESS, std::slice::from_ref(&number)).await.expect("reads").remove(0);
        let both = RemoteOrderRow { problem: "amount".to_string(), ..row.clone() };
        let other = RemoteOrderRow { number: "9".to_string(), ..row };
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.note_remote_order(ALIEXPRESS, &both).await.expect("noted");
        commit.note_remote_order(ALIEXPRESS, &other).await.expect("noted");
        commit.finish().await.expect("kept");
        let (first, second) = ((number.clone(), "amount".to_string()), ("9".to_string(), String::new()));
        assert_eq!(owing().await, [second.clone(), first.clone()], "the one that was asked for in vain waits behind");
        store.note_page_asked(tenant, ALIEXPRESS, "9", world.house.now()).await.expect("noted");
        store.note_page_asked(tenant, ALIEXPRESS, &number, at("2026-03-04T08:00:00Z")).await.expect("noted");
        assert_eq!(owing().await, [first, second]);
        assert_eq!(counted().await, RemoteOrderCounts { all: 2, troubled: 1, owing_pages: 2 });
        // Hours later the list does not tell of the order any more.
        let later = world.house.now() + jiff::SignedDuration::from_hours(3);
        stand.tell("/clock", json!({"seconds": 3 * 3600})).await;
        let mut house = world.house.clone();
        house.clock = Clock::Fixed(later);
        assert!(sync_orders(&house, Watched { job: None }).await.expect("syncs").expect("a shop").complete);
        assert_eq!(parcels().await, 1);
        // It left when the list said so, not when somebody got to read its page.
        let told = dunlin::use_cases::work_orders::order_in_full(&world.house, &number).await.expect("the order");
        assert!(told.order.parcels[0].shipped_at.is_some_and(|left| left <= at("2026-03-04T09:05:00Z")));
        let left = owing().await;
        assert!(left.iter().all(|(owed, _)| *owed != number), "{left:?}");
    }
}
