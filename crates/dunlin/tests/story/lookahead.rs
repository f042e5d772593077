//! Looking ahead and back: what is seen is what comes, nothing is changed by looking, and what cannot be looked at is said.

use std::path::Path;

use dunlin::use_cases::add_up_actions::Looked;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::look_ahead::{NoSuchDays, Span, With, look_ahead};
use dunlin::use_cases::look_back::{look_back, really_sent};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::tell_looks::tell_look;
use dunlin_bank_formats::Format;
use dunlin_core::lookahead::ActionKind;
use jiff::civil::date;

use crate::world::{World, mt940, orders, program, worlds};

async fn ahead(world: &World, days: i64, most: usize) -> Looked {
    let span = Span::ahead(&world.house, days).expect("days");
    look_ahead(&world.house, span, &With::used(&world.house), most).await.expect("looks")
}

/// A folder with one playbook of the shipped ones, changed.
fn folder(world: &World, change: impl Fn(&str) -> String) -> std::path::PathBuf {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/b5_open_account.toml");
    let text = std::fs::read_to_string(shipped).expect("the shipped playbook");
    let folder = world.dir.path().join("tried");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("b5_open_account.toml"), change(&text)).expect("written");
    folder
}

#[tokio::test]
async fn looking_changes_nothing_and_sees_what_comes() {
    for world in worlds("look_ahead").await {
        world.import("orders.csv", &orders()).await;
        let before = world.house.store.sequence(world.house.tenant.id).await.expect("reads");
        let first = ahead(&world, 60, 10_000).await;
        let again = ahead(&world, 60, 10_000).await;
        let json = |looked: &Looked| serde_json::to_value(tell_look(looked, None, None)).expect("JSON");
        assert_eq!(json(&first), json(&again));
        assert_eq!(world.house.store.sequence(world.house.tenant.id).await.expect("reads"), before);
        assert_eq!((first.days.len(), first.refusals.len(), first.cut_short.len()), (60, 0, 0));
        assert_eq!(first.debtors, 2);
        // The same cases stand somewhere at the end of every day, and at the end of the last one as at the end.
        let cases = first.standing.total();
        assert!(cases > 0 && first.days.iter().all(|day| day.standing.total() == cases));
        assert_eq!(first.days[59].standing, first.standing);

        // What it says for today is what the run does.
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(first.days[0].letters, run.written.letters);
        // The letter waits in the outbox now, and is still there for whoever looks.
        let after = ahead(&world, 60, 10_000).await;
        assert_eq!(after.days[0].letters, first.days[0].letters);
        assert_eq!(after.totals().letters, first.totals().letters);
    }
}

#[tokio::test]
async fn sums_are_those_of_the_actions() {
    for world in worlds("look_sums").await {
        world.import("orders.csv", &orders()).await;
        let looked = ahead(&world, 90, 10_000).await;
        assert_eq!(looked.left_out, 0);
        for day in &looked.days {
            let count = |kind| day.actions.iter().filter(|(_, action)| action.kind == kind).count();
            let counted = [ActionKind::Letter, ActionKind::Approval, ActionKind::Call, ActionKind::Task].map(count);
            assert_eq!(counted, [day.letters, day.approvals, day.calls, day.tasks], "{}", day.date);
        }
        let all = looked.totals();
        assert!(all.letters >= 4 && all.approvals >= 1, "{all:?}");
        assert!(looked.days.iter().flat_map(|day| &day.actions).all(|(_, action)| !action.receivables.is_empty()));
        let bounded = ahead(&world, 90, 0).await;
        assert_eq!(bounded.totals().letters, all.letters, "sums are whole however little is listed");
    }
}

#[tokio::test]
async fn a_changed_playbook_shows_and_a_broken_one_is_refused_with_its_place() {
    for world in worlds("look_tried").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let later = folder(&world, |text| text.replace("\"due + 35 days\"", "\"due + 60 days\""));
        let tried = With::folder(&later).expect("sound");
        let span = Span::ahead(&world.house, 60).expect("days");
        let looked = look_ahead(&world.house, span, &tried, 10_000).await.expect("looks");
        let used = ahead(&world, 60, 10_000).await;
        let day_of = |looked: &Looked| {
            let mut days = looked.days.iter();
            let is_demand = |step: &Option<std::sync::Arc<str>>| step.as_deref() == Some("final_demand");
            days.position(|day| day.actions.iter().any(|(_, action)| is_demand(&action.step)))
        };
        let (tried_on, used_on) = (day_of(&looked), day_of(&used));
        assert!(
            used_on.is_some() && tried_on > used_on,
            "running cases go on with what is tried: {tried_on:?} {used_on:?}"
        );

        let broken = folder(&world, |text| text.replace("level = 2", "level = 4"));
        let error = With::folder(&broken).expect_err("a level is skipped").to_string();
        assert!(error.contains("b5_open_account.toml:"), "{error}");
        let missing = With::folder(&world.dir.path().join("nowhere")).expect_err("no folder").to_string();
        assert!(missing.contains("there is no folder"), "{missing}");
    }
}

#[tokio::test]
async fn looking_back_learns_what_was_recorded_and_stands_beside_what_was_sent() {
    for mut world in worlds("look_back").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        world.set_clock("2026-03-09T02:00:00Z");
        for (amount, words) in [("12430,00", "INV-2026-001"), ("500,00", "INV-2026-002")] {
            let statement = mt940("260309", amount, "ROSSI OUTDOOR SRL", words);
            import_statement(&world.house, "bank.sta", statement.as_bytes(), Format::Auto).await.expect("read");
        }
        world.set_clock("2026-04-10T09:00:00Z");
        let span = Span::back(&world.house, date(2026, 3, 1), date(2026, 4, 9)).expect("days");
        let looked = look_back(&world.house, span, &With::used(&world.house), 10_000).await.expect("looks");
        let sent = really_sent(&world.house, span).await.expect("reads");
        assert_eq!((looked.refusals.len(), looked.cut_short.len(), sent.len()), (0, 0, 40));
        assert_eq!(sent.iter().map(|day| day.letters).sum::<usize>(), 1);
        assert_eq!(sent[3].letters, 1, "on the fourth of March");
        let rossi: Vec<_> = looked
            .days
            .iter()
            .flat_map(|day| day.actions.iter().map(move |(who, action)| (day.date, who, action.kind)))
            .filter(|(_, who, kind)| who.name.starts_with("Rossi") && *kind == ActionKind::Letter)
            .collect();
        assert!(!rossi.is_empty(), "what was late was asked for");
        assert!(rossi.iter().all(|(day, _, _)| (date(2026, 3, 4)..date(2026, 3, 10)).contains(day)), "{rossi:?}");
        assert!(looked.standing.settled >= 2, "{:?}", looked.standing);
        assert_eq!(looked.days[39].standing, looked.standing);
        assert!(looked.days[20].standing.settled >= 2, "paid on the ninth: {:?}", looked.days[20].standing);
    }
}

#[tokio::test]
async fn days_that_make_no_sense_are_refused() {
    for world in worlds("look_days").await {
        let house = &world.house;
        assert_eq!(Span::ahead(house, 0), Err(NoSuchDays::Count));
        assert_eq!(Span::ahead(house, 401), Err(NoSuchDays::Count));
        assert_eq!(Span::ahead(house, i64::MAX), Err(NoSuchDays::Count));
        assert_eq!(Span::back(house, date(2026, 3, 3), date(2026, 3, 2)), Err(NoSuchDays::Order));
        assert_eq!(Span::back(house, date(2026, 3, 3), date(2026, 3, 9)), Err(NoSuchDays::Future));
        assert_eq!(Span::back(house, date(2024, 1, 1), date(2026, 3, 2)), Err(NoSuchDays::TooMany));
        assert_eq!(Span::back(house, date(1, 1, 1), date(2026, 3, 2)), Err(NoSuchDays::TooEarly));
        assert!(Span::ahead(house, 400).is_ok());
    }
}

#[tokio::test]
async fn the_commands_answer_and_write_a_workbook() {
    for world in worlds("look_cli").await {
        world.import("orders.csv", &orders()).await;
        let says = |words: &[&str]| {
            let mut command = program();
            command.args(words).args(["--db", &world.place, "--as-of", "2026-03-04T09:00:00Z"]);
            command.env_remove("DUNLIN_FAULT").output().expect("starts")
        };
        let file = world.dir.path().join("look.xlsx").display().to_string();
        let output = says(&["simulate", "--days", "30", "--json", "--xlsx", &file, "--lang", "zh"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
        assert_eq!((told["from"].as_str(), told["days"].as_array().map(Vec::len)), (Some("2026-03-04"), Some(30)));
        assert!(told["days"][29]["standing"]["waiting_on_buyer"].is_u64(), "{told}");
        let sheets = dunlin_sheets::read(&std::fs::read(&file).expect("written"), "look.xlsx").expect("a workbook");
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(names, ["Days", "Actions"]);
        assert_eq!(sheets[0].rows.len(), 31);
        let listed: usize = told["days"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|day| day["actions"].as_array())
            .map(Vec::len)
            .sum();
        assert_eq!(sheets[1].rows.len(), listed + 1);

        assert_eq!(says(&["simulate", "--days", "0"]).status.code(), Some(2));
        assert_eq!(says(&["simulate", "--days", "401"]).status.code(), Some(2));
        assert_eq!(says(&["backtest", "--from", "2026-03-02", "--to", "2026-03-01"]).status.code(), Some(2));
        assert_eq!(says(&["backtest", "--from", "yesterday", "--to", "2026-03-01"]).status.code(), Some(2));
        assert_eq!(says(&["simulate", "--against", "/nowhere/at/all"]).status.code(), Some(1));
        let back = says(&["backtest", "--from", "2026-03-01", "--to", "2026-03-03", "--json"]);
        let told: serde_json::Value = serde_json::from_slice(&back.stdout).expect("one document");
        assert_eq!((told["debtors"].as_u64(), told["sent"].as_array().map(Vec::len)), (Some(0), Some(3)));
    }
}
