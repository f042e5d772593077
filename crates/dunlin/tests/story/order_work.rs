//! What has to be known before an order leaves, and parcels by hand: what a buyer answered is read, shown, applied; a file's
//! worth of news of a parcel reaches its order once. The same on both databases.

use dunlin::use_cases::confirm_order::{apply_answer, ask, override_ask, put_in_answer};
use dunlin::use_cases::follow_parcels::{follow_parcels, take_notices};
use dunlin::use_cases::note_order_state::note_order_state;
use dunlin::use_cases::ship_orders::{Parcelled, ship_orders};
use dunlin::use_cases::work_orders::order_named;
use dunlin_core::money::{Currency, Money};
use dunlin_core::order::OrderSource;
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::story::{OrderState, OrderWord};
use dunlin_store::pages::order_told::FoundOrder;
use dunlin_store::{OrderFields, Scope};

use crate::world::{World, as_person, at, orders, worlds};

async fn placed(world: &World) -> FoundOrder {
    world.import("orders.csv", &orders()).await;
    let (store, tenant) = (&world.house.store, world.house.tenant.id);
    let party_id = store.find_party(tenant, "Rossi Outdoor S.r.l.").await.expect("reads").expect("known").0;
    let mut commit = world.house.begin_as_system().await.expect("begins");
    let fields = OrderFields {
        party_id,
        number: "8100".to_string(),
        source: OrderSource::Marketplace,
        total: Money::parse("50.00", Currency::USD).expect("money"),
        ordered_on: "2026-03-03".parse().expect("a day"),
        ordered_at: Some(at("2026-03-03T09:00:00Z")),
        terms_text: String::new(),
        goods: String::new(),
        remote_state: String::new(),
        cancelled: false,
    };
    commit.add_order(&fields, "2026-03-03".parse().expect("a day")).await.expect("added");
    commit.finish().await.expect("kept");
    order_named(&world.house, "8100").await.expect("found")
}

async fn state(world: &World, found: &FoundOrder) -> OrderState {
    let house = &world.house;
    let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await.expect("facts");
    facts[0].orders[0].state(house.today())
}

#[tokio::test]
async fn an_answer_is_read_shown_and_applied_and_frees_the_order() {
    for world in worlds("order_asks").await {
        let found = placed(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        note_order_state(&person, &found, OrderWord::Paid, None, None).await.expect("told");
        ask(&person, &found, AskKind::Address, true, "").await.expect("asked");
        assert_eq!(state(&world, &found).await, OrderState::AwaitingConfirmation);
        assert!(put_in_answer(&person, &found, None, "all is right").await.is_err(), "nothing is guessed");
        assert!(apply_answer(&person, &found, None).await.is_err(), "there is no answer yet");
        let read = put_in_answer(&person, &found, None, "Name: Ana Rossi\nPostcode: 20121").await.expect("read");
        let fields: Vec<&str> = read.changes.iter().map(|change| change.name).collect();
        assert_eq!(fields, ["name", "postcode"]);
        assert_eq!(state(&world, &found).await, OrderState::AwaitingConfirmation, "nobody looked at it yet");
        apply_answer(&person, &found, None).await.expect("applied");
        assert_eq!(state(&world, &found).await, OrderState::Paid);
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let (known, confirmed) = store.order_delivery(tenant, found.party_id, found.id).await.expect("reads");
        assert_eq!((known.name.as_str(), known.postcode.as_str()), ("Ana Rossi", "20121"));
        assert!(confirmed.is_some());

        ask(&person, &found, AskKind::Customs, true, "").await.expect("asked");
        assert!(override_ask(&person, &found, None, " ").await.is_err(), "a reason is needed");
        override_ask(&person, &found, None, "said by phone").await.expect("overridden");
        assert_eq!(state(&world, &found).await, OrderState::Paid);
    }
}

#[tokio::test]
async fn a_parcel_by_hand_takes_the_news_that_came_before_it() {
    for world in worlds("parcel_by_hand").await {
        let found = placed(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let body = br#"{"number":"RR123456789CN","carrier_key":3011,"tag":null,"report":null,"events":[{"at":
            "2026-03-04T01:00:00Z","status":"delivered","word":"Delivered","description":"Delivered","location":"",
            "carrier_key":3011}]}"#;
        let now = world.house.now();
        assert!(store.keep_notice(tenant, "asked", "RR123456789CN", body, now).await.expect("kept"));
        assert_eq!(take_notices(&world.house).await.expect("taken"), 0, "it is about no parcel that is known");
        let told = Parcelled {
            order: found.id,
            number: "rr123456789cn".to_string(),
            carrier: "China Post".to_string(),
            shipped_on: None,
            is_part: false,
            replaces: None,
        };
        assert_eq!(ship_orders(&person, std::slice::from_ref(&told)).await.expect("told"), 1);
        let again = ship_orders(&person, std::slice::from_ref(&told)).await.expect("told");
        assert_eq!(again, 0, "the same again is no news");
        assert_eq!(state(&world, &found).await, OrderState::Shipped);
        assert_eq!(take_notices(&world.house).await.expect("taken"), 1);
        assert_eq!(take_notices(&world.house).await.expect("taken"), 0);
        assert_eq!(state(&world, &found).await, OrderState::Delivered);
        assert_eq!(follow_parcels(&world.house).await.expect("nobody to ask"), 0);
        let wrong = Parcelled { number: "R 1".to_string(), ..told.clone() };
        assert!(ship_orders(&person, &[wrong]).await.is_err());
        let nobody = Parcelled { carrier: "Pigeon & Sons".to_string(), ..told };
        assert!(ship_orders(&person, &[nobody]).await.is_err());
    }
}
