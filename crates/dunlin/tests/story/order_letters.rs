//! Messages about orders on the pages: what they are about stands there in words, nothing asks for money that nobody asks for,
//! and the list says the same time as the page. The same on both databases.

use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::work_orders::set_stock_of_orders;
use dunlin_core::access::Role;
use dunlin_core::case::LetterState;

use crate::order_cases::paid;
use crate::site::Site;
use crate::world::{as_person, worlds};

const TITLE: &str = "Apologise and offer similar articles";
const GOODS: &str = "1 × Tent for two";

/// The instant that stands first after a mark.
fn instant<'a>(page: &'a str, mark: &str) -> &'a str {
    let (_, after) = page.split_once(mark).unwrap_or_else(|| panic!("no {mark}: {page}"));
    let (_, after) = after.split_once("<time datetime=\"").expect("a time");
    after.split('"').next().expect("an instant")
}

#[tokio::test]
async fn a_message_about_an_order_says_which_and_asks_for_nothing() {
    for world in worlds("order_letters").await {
        let (_, order) = paid(&world).await;
        let person = as_person(&world.house, "Lin Yue");
        set_stock_of_orders(&person, &[order], false).await.expect("noted");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let waiting =
            world.house.store.letters_in(world.house.tenant.id, LetterState::Review, 10).await.expect("reads");
        let letter = waiting.iter().find(|letter| letter.letter == "m2_out_of_stock").expect("a message");
        let number = format!("L-{:04}", letter.number);

        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let list = owner.get("/letters?lang=en").await;
        assert!(list.contains(TITLE) && list.contains("Order 8100") && list.contains(GOODS), "{list}");
        assert!(!list.contains("m2_out_of_stock") && !list.contains(">0.00<"), "{list}");
        let page = owner.get(&format!("/letters/{number}?lang=en")).await;
        assert!(page.contains("Order 8100") && page.contains(GOODS), "{page}");
        assert!(!page.contains("asked-title") && !page.contains(">0.00<"), "{page}");
        assert_eq!(instant(&list, &format!("/letters/{number}\"")), instant(&page, "<dt>Leaves</dt>"), "one truth");
        let today = owner.get(&format!("/today?item=letter-{number}&lang=en")).await;
        assert!(today.contains(GOODS) && !today.contains(">0.00<") && !today.contains("Awaits trigger"), "{today}");

        let story = owner.get("/orders/8100?lang=en").await;
        assert!(story.contains(&format!("{TITLE} · {number} · Awaiting approval")), "{story}");
        let debtor = owner.get("/letters?state=review&lang=zh-CN").await;
        assert!(debtor.contains("订单8100") && !debtor.contains("m2_out_of_stock"), "{debtor}");
    }
}
