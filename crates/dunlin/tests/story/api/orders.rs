//! What is done with one order through the API, and what is refused.

use super::{Program, open};
use crate::order_pages::{CATALOGUE, paid};
use crate::world::{orders, worlds};

#[tokio::test]
async fn an_order_is_marked_held_let_go_and_shipped() {
    for world in worlds("api_orders").await {
        world.import("orders.csv", &orders()).await;
        world.import("catalogue.csv", CATALOGUE).await;
        let found = world.house.store.find_party(world.house.tenant.id, "Rossi Outdoor S.r.l.").await.expect("reads");
        paid(&world, found.expect("known").0, "8/100", "2026-03-20T00:00:00Z").await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let board = program.get("/v1/orders/board?state=paid").await.ok();
        assert_eq!((&board["items"][0]["number"], &board["next"]), (&"8/100".into(), &serde_json::Value::Null));
        program.get("/v1/orders/board?state=nonsense").await.is_problem(422, "not-possible");
        let expected = program.get("/v1/orders/board?by=expected").await.ok();
        let first = &expected["items"][0];
        assert_eq!((&first["number"], &first["expected_by"]), (&"8/100".into(), &serde_json::Value::Null));
        program.get("/v1/orders/nothing").await.is_problem(404, "not-found");

        let place = |verb: &str| format!("/v1/orders/8%2F100/{verb}");
        program.post(&place("stock"), r#"{"missing":["NO-1"]}"#).await.is_problem(409, "refused");
        let marked = program.post(&place("stock"), r#"{"missing":["TN-2"]}"#).await.ok();
        assert_eq!((&marked["state"], &marked["goods"][0]["in_stock"]), (&"out_of_stock".into(), &false.into()));
        let instead = program.get(&place("substitutes")).await.ok();
        assert_eq!(instead["similar"][0]["product"]["sku"], "TN-3", "{instead}");
        assert!(instead["letters"][0]["body"].is_string(), "{instead}");
        program.get(&place("substitutes?sku=NO-1")).await.is_problem(422, "not-possible");
        let there = program.post(&place("stock"), r#"{"missing":[]}"#).await.ok();
        assert_eq!(there["state"], "ready");

        program.post(&place("hold"), "{}").await.is_problem(400, "bad-request");
        let held = program.post(&place("hold"), r#"{"why":"the box is too small","until":"2026-03-20"}"#).await.ok();
        assert_eq!((&held["state"], &held["held"]), (&"in_stock".into(), &true.into()));
        assert_eq!(held["holds"][0]["until"], "2026-03-20");
        let parcel = r#"{"number":"YT12345"}"#;
        program.post(&place("parcels"), parcel).await.is_problem(409, "refused");
        let free = program.post(&place("release"), "").await.ok();
        assert_eq!((&free["state"], &free["held"]), (&"ready".into(), &false.into()));
        program.post(&place("release"), "").await.is_problem(409, "refused");
        let left = program.post(&place("parcels"), parcel).await.ok();
        assert_eq!((&left["state"], &left["parcels"][0]["number"]), (&"shipped".into(), &"YT12345".into()));
        let again = program.post(&place("parcels"), parcel).await.ok();
        assert_eq!(again["timeline"], left["timeline"], "the same told again is no news");
        let kinds: Vec<&str> =
            left["timeline"].as_array().expect("lines").iter().filter_map(|line| line["kind"].as_str()).collect();
        assert!(kinds.contains(&"held") && kinds.contains(&"released") && kinds.contains(&"news"), "{kinds:?}");
    }
}
