//! A firm publishes its own playbooks: running cases keep the version they began with until somebody moves them, a text
//! with errors changes nothing, and only who may change the settings publishes.

use dunlin::house::House;
use dunlin::use_cases::publish_playbook::{Broken, Publication, Running, Wanted, publish_again, publish_playbook};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin_core::access::Role;
use dunlin_store::{Actor, CasesOfVersion, LogFilter, Via};

use crate::site::{Site, hired};
use crate::world::{HEADER, World, as_person, orders, program, worlds};

const ID: &str = "b5_open_account";
const SHIPPED: &str = include_str!("../../../../playbooks/b5_open_account.toml");

/// The shipped text with one thing changed in it.
fn changed(was: &str, is: &str) -> String {
    assert!(SHIPPED.contains(was), "{was}");
    SHIPPED.replacen(was, is, 1)
}

async fn publish(house: &House, text: &str, running: Running) -> anyhow::Result<Publication> {
    let wanted = Wanted { id: ID, text, note: "we give them more time", running, seen: None };
    publish_playbook(&as_person(house, "Lin"), &wanted).await
}

/// Running cases of the playbook, by version.
async fn cases(house: &House) -> Vec<(String, i64)> {
    let all = house.store.cases_of_versions(house.tenant.id, &house.sight).await.expect("cases");
    all.into_iter()
        .filter(|known| known.id == ID)
        .map(|CasesOfVersion { version, cases, .. }| (version, cases))
        .collect()
}

fn version(house: &House) -> String {
    house.playbook(ID).expect("in force").playbook.reference.version.to_string()
}

/// The house as another request would find it.
async fn anew(world: &mut World) {
    world.refresh().await;
    world.house = world.house.clone().with_published().await.expect("reads");
}

#[tokio::test]
async fn a_running_case_keeps_its_version_until_it_is_moved() {
    for mut world in worlds("playbook_versions").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let first = version(&world.house);
        let begun = cases(&world.house).await;
        assert_eq!(begun.len(), 1, "{begun:?}");
        let count = begun[0].1;
        assert!(count >= 2 && begun[0].0 == first, "{begun:?}");

        let slower = changed("gap = \"3 days\"", "gap = \"4 days\"");
        let done = publish(&world.house, &slower, Running::Keep).await.expect("publishes");
        assert_eq!((done.number, done.cases.moved, done.cases.stayed), (Some(1), 0, count));
        anew(&mut world).await;
        assert_eq!(version(&world.house), done.version);
        assert_eq!(cases(&world.house).await, begun, "they keep what they began with");

        // What begins now begins with the new version, and a run moves nobody by itself.
        let row = "QH-9,C009,Nordic Sport AB,瑞典,Eva Berg,财务,eva@nordic.example,USD,900.00,OA 30 days,2026-01-10,INV-2026-009,2026-01-21\n";
        world.import("more.csv", &format!("{HEADER}{row}")).await;
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(run.refused, 0);
        let mut both = cases(&world.house).await;
        both.sort_by_key(|(_, cases)| -cases);
        assert_eq!(both, [(first.clone(), count), (done.version.clone(), 1)]);

        // A third version keeps every step, so that all move.
        let third = changed("answer_days = 5", "answer_days = 6");
        let moved = publish(&world.house, &third, Running::Migrate).await.expect("publishes");
        assert_eq!((moved.number, moved.cases.stayed), (Some(2), 0), "{moved:?}");
        assert_eq!(moved.cases.moved as i64, count + 1);
        anew(&mut world).await;
        assert_eq!(cases(&world.house).await, [(moved.version.clone(), count + 1)]);
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((run.refused, run.written.letters), (0, 0), "no step comes twice");

        // Back: an earlier version again, under a new number.
        let back = publish_again(&as_person(&world.house, "Lin"), ID, &first, "back", Running::Migrate).await;
        let back = back.expect("publishes");
        assert_eq!((back.number, back.version.as_str()), (Some(3), first.as_str()));
        anew(&mut world).await;
        assert_eq!(cases(&world.house).await, [(first.clone(), count + 1)]);
        let known = world.house.store.published_versions(world.house.tenant.id, ID).await.expect("versions");
        assert_eq!(known.iter().map(|version| version.number).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(known[2].note, "we give them more time");
        let filter = LogFilter { noun: "playbook".to_string(), ..LogFilter::default() };
        let lines = world.house.store.audit_log(world.house.tenant.id, &filter, 10).await.expect("the log");
        assert_eq!((lines.len(), lines[0].subject.as_str()), (3, ID));
    }
}

#[tokio::test]
async fn who_took_a_step_that_is_gone_stays() {
    for mut world in worlds("playbook_gone").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let (first, count) = (version(&world.house), cases(&world.house).await[0].1);
        let renamed = SHIPPED
            .replace("id = \"first_reminder\"", "id = \"friendly_reminder\"")
            .replace("id = \"second_reminder\"", "id = \"firm_reminder\"");
        let done = publish(&world.house, &renamed, Running::Migrate).await.expect("publishes");
        assert!(done.cases.stayed > 0, "{done:?}");
        assert_eq!(done.cases.moved as i64 + done.cases.stayed, count);
        let why = &done.cases.in_the_way;
        assert!(why.iter().all(|step| step.step.ends_with("_reminder") && step.cases > 0), "{why:?}");
        assert!(!why.is_empty());
        anew(&mut world).await;
        assert!(cases(&world.house).await.contains(&(first, done.cases.stayed)));
        // They go on with the text that is kept for them.
        world.set_clock("2026-03-20T09:00:00Z");
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(run.refused, 0);
    }
}

#[tokio::test]
async fn a_text_with_errors_changes_nothing() {
    for world in worlds("playbook_broken").await {
        let house = &world.house;
        let broken = changed("due - 5 days", "dew - 5 days").replacen("gap =", "gapp =", 1);
        let error = publish(house, &broken, Running::Migrate).await.expect_err("broken");
        let problems = &error.downcast_ref::<Broken>().expect("with its problems").0;
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [5, 21], "{problems:?}");
        assert!(problems.iter().all(|problem| !problem.remedy.is_empty()));
        let other = publish(house, &changed(ID, "another"), Running::Keep).await.expect_err("another id");
        assert!(other.to_string().contains("nothing was changed"), "{other}");
        let same = publish(house, SHIPPED, Running::Keep).await.expect_err("in force already");
        assert!(same.to_string().contains("already"), "{same}");
        let late = Wanted {
            id: ID,
            text: &changed("gap = \"3 days\"", "gap = \"5 days\""),
            note: "x",
            running: Running::Keep,
            seen: Some("000000000000"),
        };
        let late = publish_playbook(&as_person(house, "Lin"), &late).await.expect_err("somebody was faster");
        assert!(late.to_string().contains("meanwhile"), "{late}");
        assert!(house.store.published_playbooks(house.tenant.id).await.expect("reads").is_empty());
    }
}

/// As a form sends it.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[tokio::test]
async fn the_owner_publishes_on_the_page_and_sales_may_not() {
    for world in worlds("playbook_page").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let site = Site::open(&world).await;
        let sales = site.enter(&world, Role::Sales).await;
        assert!(sales.get("/playbooks").await.contains("b5_open_account"));
        let page = sales.get(&format!("/playbooks/{ID}")).await;
        assert!(page.contains("days_overdue") && !page.contains("/edit"), "{page}");
        let place = |what: &str| format!("/playbooks/{ID}/{what}");
        let slower = changed("gap = \"3 days\"", "gap = \"4 days\"");
        let fields = |text: &str| format!("text={}&note=more+time&running=keep", encoded(&text.replace('\n', "\r\n")));
        assert!(sales.get(&place("edit")).await.starts_with("HTTP/1.1 403"));
        assert!(sales.post(&place("publish"), &fields(&slower)).await.starts_with("HTTP/1.1 403"));
        let user = hired(&world, Role::Sales).await;
        let acting = world.house.clone().acting(Actor::user(Via::Page, user.acting(), String::new()));
        let wanted = Wanted { id: ID, text: &slower, note: "x", running: Running::Keep, seen: None };
        assert!(publish_playbook(&acting, &wanted).await.is_err());

        let owner = site.enter(&world, Role::Owner).await;
        assert!(owner.get(&place("edit")).await.contains("id=\"playbook-text\""));
        let letter = owner.get(&place("letters/b5_first_reminder?channel=email&language=es")).await;
        assert!(letter.starts_with("HTTP/1.1 200") && letter.contains("INV-2026-014"), "{letter}");
        let broken = owner.post_and_follow(&place("check"), &fields(&slower.replace("level = 1", "level = 7"))).await;
        assert!(broken.starts_with("HTTP/1.1 200") && broken.contains("Levels out of order"), "{broken}");
        let refused = owner.post_and_follow(&place("publish"), &fields("id = 3")).await;
        assert!(refused.contains("nothing changed") && refused.contains("id = 3"), "{refused}");
        let done = owner.post(&place("publish"), &fields(&slower)).await;
        assert!(done.starts_with("HTTP/1.1 303"), "{done}");
        let published = world.house.store.published_playbooks(world.house.tenant.id).await.expect("reads");
        // Line ends of browsers make no other version.
        assert_eq!((published.len(), published[0].text.as_str()), (1, slower.as_str()));
        assert!(owner.get(&format!("/playbooks/{ID}")).await.contains("more time"));
    }
}

#[tokio::test]
async fn the_command_line_publishes_with_the_same_choice() {
    for mut world in worlds("playbook_command").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let begun = cases(&world.house).await;
        let publish = |text: &str, running: &str| {
            let file = world.dir.path().join("slower.toml");
            std::fs::write(&file, text).expect("written");
            let done = program()
                .args(["playbook", "publish"])
                .arg(&file)
                .args(["--why", "more time", "--running", running, "--json", "--db", &world.place])
                .args(["--as-of", "2026-03-04T10:00:00Z"])
                .output()
                .expect("runs");
            (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
        };
        let slower = changed("gap = \"3 days\"", "gap = \"4 days\"");
        assert_eq!(publish(&slower, "perhaps").0, Some(2), "wrong usage");
        assert_eq!(publish("id = 3", "keep").0, Some(1));
        let (code, out) = publish(&slower, "keep");
        let kept: serde_json::Value = serde_json::from_str(&out).expect("json");
        assert_eq!((code, &kept["playbook"], &kept["number"]), (Some(0), &ID.into(), &1.into()), "{kept}");
        assert_eq!((&kept["cases_moved"], &kept["cases_stayed"]), (&0.into(), &begun[0].1.into()));
        let (_, out) = publish(&slower, "migrate");
        let moved: serde_json::Value = serde_json::from_str(&out).expect("json");
        assert_eq!(
            (&moved["number"], &moved["cases_moved"]),
            (&serde_json::Value::Null, &begun[0].1.into()),
            "{moved}"
        );
        anew(&mut world).await;
        assert_eq!(cases(&world.house).await, [(version(&world.house), begun[0].1)]);
    }
}
