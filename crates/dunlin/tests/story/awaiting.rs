//! What a file leaves open and a person can say: days that are missing, and what a promise is about.

use dunlin::use_cases::drop_previews::drop_previews;
use dunlin::use_cases::take_in::keep_upload;
use dunlin_core::access::Role;
use dunlin_store::{LogFilter, Scope};

use crate::site::Site;
use crate::world::{HEADER, World, orders, worlds};

async fn promised(world: &World) -> Vec<bool> {
    let house = &world.house;
    let (party, _) = house.store.find_party(house.tenant.id, "D-0001").await.expect("reads").expect("Rossi");
    let facts = house.store.facts(house.tenant.id, Scope::One(party), house.now()).await.expect("reads");
    facts[0].promises.iter().map(|promise| promise.receivable_id.is_some()).collect()
}

#[tokio::test]
async fn amounts_without_a_day_are_said_before_and_after_and_lead_to_their_list() {
    for world in worlds("awaiting").await {
        let text = format!(
            "{HEADER}QH-8,C007,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"1,000.00\",\
             \"50% T/T deposit, 50% against copy of B/L\",2026-02-10,,\n"
        );
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let file = keep_upload(&world.house, "orders.csv", text.as_bytes()).await.expect("kept");
        let form = format!("name=orders.csv&file={file}&kind=orders&was_kind=orders");
        let answer = owner.post("/import/preview", &form).await;
        let place = answer.lines().find_map(|line| line.strip_prefix("location: ")).expect("a preview");
        let page = owner.get(place.trim()).await;
        for said in ["Not due until a day is known", "counted from the copy of the bill of lading", "B/L copy sent"] {
            assert!(page.contains(said), "{said} in {page}");
        }
        assert!(!page.contains("/orders?awaits="), "nothing is in yet");
        let taken = owner.post("/import/take", &form).await;
        let work = taken.lines().find_map(|line| line.strip_prefix("location: ")).expect("a job").trim().to_string();
        let mut shown = String::new();
        for _ in 0..100 {
            shown = owner.get(&work).await;
            if !shown.contains("data-refresh") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(shown.contains("/orders?awaits=bl_copy"), "{shown}");
        assert!(owner.get("/orders?awaits=bl_copy").await.contains("QH-8"));
        assert!(!owner.get("/orders?awaits=arrival").await.contains("QH-8"));
        // Its day is entered on its page; then the order is no more on the list.
        owner.post("/receivables/R-0002/happened", "date=2026-03-01&next=/orders").await;
        assert!(!owner.get("/orders?awaits=bl_copy").await.contains("QH-8"));
    }
}

#[tokio::test]
async fn a_file_that_nobody_takes_in_is_dropped_after_a_day() {
    for mut world in worlds("unconfirmed").await {
        let (tenant, report) = (world.house.tenant.id, world.import("orders.csv", &orders()).await);
        world.set_clock("2026-03-04T09:05:00Z");
        let looked_at = keep_upload(&world.house, "look.csv", b"a,b\n1,2\n").await.expect("kept");
        let again = keep_upload(&world.house, "again.csv", b"a,b\n3,4\n").await.expect("kept");
        world.set_clock("2026-03-05T08:00:00Z");
        assert_eq!(drop_previews(&world.house).await.expect("swept"), 0, "its day is not over");
        // Handed in again, it has another day.
        assert_eq!(keep_upload(&world.house, "again.csv", b"a,b\n3,4\n").await.expect("kept"), again);
        let mut command = crate::world::program();
        command.args(["doctor", "--json", "--db", &world.place]).arg("--data-dir").arg(world.dir.path());
        let told: serde_json::Value =
            serde_json::from_slice(&command.output().expect("starts").stdout).expect("one document");
        assert_eq!(told["files_not_taken_in"], 2, "{told}");
        world.set_clock("2026-03-05T10:00:00Z");
        assert_eq!(drop_previews(&world.house).await.expect("swept"), 1);
        let kept = async |sha256: &str| world.house.store.blob(tenant, sha256).await.expect("reads").is_some();
        assert!(!kept(&looked_at).await && kept(&again).await && kept(&report.sha256).await);
        world.set_clock("2026-04-05T10:00:00Z");
        assert_eq!(drop_previews(&world.house).await.expect("swept"), 1);
        assert_eq!(drop_previews(&world.house).await.expect("swept"), 0);
        let kept = world.house.store.kept_files(tenant).await.expect("reads");
        assert_eq!(kept.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["orders.csv"]);
        let lines = world.house.store.audit_log(tenant, &LogFilter::default(), 10).await.expect("a log");
        assert_eq!(lines.iter().filter(|line| line.verb == "file.expired").count(), 2);
    }
}

#[tokio::test]
async fn a_promise_is_about_everything_or_one_amount() {
    for world in worlds("promise_about").await {
        world.import("orders.csv", &orders()).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let page = owner.get("/debtors/D-0001").await;
        assert!(page.contains("What it is about") && page.contains("<option value=\"R-0002\">"), "{page}");
        assert!(!page.contains("<option value=\"R-0003\">"), "another debtor's");
        owner.post("/debtors/D-0001/promise", "receivable=R-0003&date=2026-03-20&next=/debtors/D-0001").await;
        assert!(promised(&world).await.is_empty(), "another debtor's");
        owner.post("/debtors/D-0001/promise", "receivable=R-0002&date=2026-03-20&next=/debtors/D-0001").await;
        owner.post("/debtors/D-0001/promise", "receivable=&date=2026-03-20&next=/debtors/D-0001").await;
        let mut about = promised(&world).await;
        about.sort_unstable();
        assert_eq!(about, [false, true]);
    }
}
