//! How an order stands by a person's word, on its page: only what is possible from where it stands, with its day, and taken back
//! while nobody relies on it. The same on both databases.

use dunlin::use_cases::work_orders::hold_orders;
use dunlin_core::access::Role;
use dunlin_core::order::story::OrderState;

use crate::api::{Program, open};
use crate::order_hand::{buyer, offered, state, toast};
use crate::order_pages::paid;
use crate::site::Site;
use crate::world::{as_person, worlds};

const PAGE: &str = "/orders/8100";
/// What a form that was tampered with is answered.
const INSIDE: &str = "This did not work.";

#[tokio::test]
async fn a_page_says_how_an_order_stands_and_takes_it_back() {
    for world in worlds("order_state").await {
        let party = buyer(&world).await;
        let id = paid(&world, party, "8100", "2026-03-20T00:00:00Z").await;
        let site = Site::open(&world).await;
        let visitor = site.enter(&world, Role::Owner).await;
        let form = format!("/orders/{id}/state");
        let undo = format!("{form}/undo");
        let say = async |fields: &str| toast(&visitor, &form, &format!("{fields}&next={PAGE}")).await;
        let offers = async |word: &str| visitor.get(PAGE).await.contains(&format!("<option value=\"{word}\">"));

        assert!(offers("shipped").await && offers("in_dispute").await && offers("cancelled").await);
        assert!(!offers("delivered").await && !offers("placed").await, "nothing of it has left");
        for (fields, why) in [
            ("word=delivered&seen=paid", "does not stand so"),
            ("word=in_stock&seen=paid", INSIDE),
            ("word=shipped&seen=nonsense", INSIDE),
            ("word=cancelled&seen=paid&why=whim", INSIDE),
            ("word=shipped&seen=paid&on=2026-03-05", "lies ahead"),
            ("word=shipped&seen=paid&on=2026-03-02", "stands as it does since"),
            ("word=shipped&seen=paid&on=0001-01-01", "not a day between"),
        ] {
            let refused = say(fields).await;
            assert!(refused.contains(why), "{fields}: {refused}");
            assert_eq!(state(&world, "8100").await, OrderState::Paid, "{fields}");
        }

        let noted = say("word=shipped&seen=paid&on=2026-03-03").await;
        assert!(noted.contains("Noted: Shipped."), "{noted}");
        assert_eq!(state(&world, "8100").await, OrderState::Shipped);
        let change = offered(&noted, &undo);
        assert!(say("word=shipped&seen=paid&on=2026-03-03").await.contains("that was so already"), "sent twice");
        assert!(say("word=cancelled&seen=paid").await.contains("when you looked"), "an old page");
        assert!(offers("delivered").await && !offers("part_shipped").await);

        let back = async |change: &str| toast(&visitor, &undo, &format!("only={change}&next={PAGE}")).await;
        assert!(back(&change).await.contains("Taken back: how the order stands."));
        assert_eq!(state(&world, "8100").await, OrderState::Paid);
        assert!(back(&change).await.contains("nothing was changed"), "it is taken back already");
        assert!(back("x").await.contains(INSIDE));

        // Told at one instant: what is said later holds, and a dispute ends where it began.
        assert!(say("word=in_dispute&seen=paid").await.contains("Noted: Dispute opened."));
        let noted = say("word=paid&seen=in_dispute").await;
        assert_eq!(state(&world, "8100").await, OrderState::Paid, "{noted}");
        // What was said before it is not taken back alone.
        let first: i64 = offered(&noted, &undo).parse().expect("a number");
        assert!(back(&(first - 1).to_string()).await.contains("nothing was changed"));

        hold_orders(&as_person(&world.house, "Lin Yue"), &[id], "box too small", None).await.expect("held");
        assert!(!offers("shipped").await && offers("cancelled").await, "kept here");
        assert!(say("word=shipped&seen=paid").await.contains("does not stand so"));
        assert!(say("word=closed&seen=paid&why=risk_control").await.contains("Noted:"));
        assert!(!visitor.get(PAGE).await.contains(&form), "nothing follows the end");
        let findings = world.house.store.doctor().await.expect("looks").0;
        assert!(findings.is_empty(), "{findings:?}");
    }
}

#[tokio::test]
async fn what_a_program_said_is_taken_back_and_what_a_shop_said_is_not() {
    for world in worlds("order_state_api").await {
        let party = buyer(&world).await;
        paid(&world, party, "8100", "2026-03-20T00:00:00Z").await;
        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let undo = r#"{"what":"state"}"#;
        program.post("/v1/orders/8100/undo", undo).await.is_problem(409, "refused");
        let told = program.post("/v1/orders/8100/state", r#"{"state":"in_dispute"}"#).await.ok();
        assert_eq!(told["state"], "in_dispute");
        assert_eq!(program.post("/v1/orders/8100/undo", undo).await.ok()["state"], "paid");
        program.post("/v1/orders/8100/undo", undo).await.is_problem(409, "refused");
    }
}
