//! Letters through a real mail server, and read back.

use std::path::Path;

use dunlin::house::House;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin_core::case::LetterState;

use crate::world::{HEADER, World, orders, skipped, worlds};

async fn with_server(world: &mut World, server: &str) {
    let mut settings = world.house.tenant.settings.clone();
    settings.transport.smtp = Some(server.to_string());
    settings.transport.smtp_security = Some("none".to_string());
    let mut commit = world.house.store.begin(world.house.tenant.id, world.house.now()).await.expect("begins");
    commit.save_settings(&settings).await.expect("saves");
    commit.finish().await.expect("commits");
    world.refresh().await;
    let House { store, tenant, clock, .. } = world.house.clone();
    world.house = House::new(store, tenant, clock, world.dir.path(), None).await.expect("a house");
}

fn delivered(maildir: &Path, message_id: &str) -> Option<String> {
    for folder in ["new", "cur"] {
        for entry in std::fs::read_dir(maildir.join(folder)).ok()?.flatten() {
            let bytes = std::fs::read(entry.path()).ok()?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if text.contains(message_id) {
                return Some(text);
            }
        }
    }
    None
}

#[tokio::test]
async fn a_letter_goes_through_the_mail_server_and_arrives() {
    let (Ok(server), Ok(maildir)) = (std::env::var("DUNLIN_TEST_SMTP"), std::env::var("DUNLIN_TEST_MAILDIR")) else {
        skipped("letters by SMTP (DUNLIN_TEST_SMTP names no server)");
        return;
    };
    for mut world in worlds("mail").await {
        with_server(&mut world, &server).await;
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let account = send_letters(&world.house).await.expect("sends");
        assert_eq!((account.sent, account.uncertain), (1, 0), "{:?}", account.notes);
        let sent = world.house.store.letters_in(world.house.tenant.id, LetterState::Sent, 10).await.expect("reads");
        let id = &sent[0].message_id;
        let mut found = None;
        for _ in 0..100 {
            found = delivered(Path::new(&maildir), id);
            if found.is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let text = found.unwrap_or_else(|| panic!("{id} did not arrive"));
        assert!(text.contains("anna@rossi.example") && text.contains("application/pdf"));
    }
}

#[tokio::test]
async fn a_refused_address_fails_once_and_becomes_a_task() {
    let Ok(server) = std::env::var("DUNLIN_TEST_SMTP") else {
        skipped("refusals by SMTP (DUNLIN_TEST_SMTP names no server)");
        return;
    };
    for mut world in worlds("refused").await {
        with_server(&mut world, &server).await;
        let row = "QH-9,C009,Nobody Ltd,意大利,No Body,财务,nobody@bounce.example,USD,100.00,OA 30 days,2026-01-10,INV-2026-009,2026-01-20\n";
        world.import("orders.csv", &format!("{HEADER}{row}")).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let account = send_letters(&world.house).await.expect("sends");
        assert_eq!((account.sent, account.failed), (0, 1), "{:?}", account.notes);
        assert!(account.notes[0].contains("550"), "{:?}", account.notes);
        let tasks = world.house.store.open_tasks(world.house.tenant.id, world.house.now()).await.expect("reads");
        assert_eq!(tasks.len(), 1);
        assert_eq!(send_letters(&world.house).await.expect("sends").failed, 0, "not tried for ever");
    }
}

#[tokio::test]
async fn a_server_that_is_away_loses_nothing() {
    for mut world in worlds("away").await {
        with_server(&mut world, "127.0.0.1:9").await;
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let account = send_letters(&world.house).await.expect("sends");
        assert_eq!((account.sent, account.again), (0, 1), "{:?}", account.notes);
        assert!(
            account.notes[0].contains("127.0.0.1:9") && account.notes[0].contains("check host"),
            "{:?}",
            account.notes
        );
        let queued = world.house.store.letters_in(world.house.tenant.id, LetterState::Queued, 10).await.expect("reads");
        assert_eq!(queued.len(), 1);
    }
}
