//! Letters through a real mail server, and read back.

use std::path::Path;

use dunlin::house::House;
use dunlin::use_cases::change_settings::{ChannelForm, change_channels, set_review_all};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin_core::case::LetterState;
use dunlin_store::fault::FaultPoint;

use crate::world::{HEADER, MORNING, World, as_person, orders, skipped, worlds};

async fn with_server(world: &mut World, server: &str) {
    let mut settings = world.house.tenant.settings.clone();
    settings.transport.smtp = Some(server.to_string());
    settings.transport.smtp_security = Some("none".to_string());
    let mut commit = world.house.begin().await.expect("begins");
    commit.save_settings(&settings).await.expect("saves");
    commit.finish().await.expect("commits");
    world.refresh().await;
    let House { store, tenant, clock, .. } = world.house.clone();
    world.house = House::new(store, tenant, clock, world.dir.path(), None).await.expect("a house");
}

fn delivered(maildir: &Path, message_id: &str) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["new", "cur"] {
        for entry in std::fs::read_dir(maildir.join(folder)).into_iter().flatten().flatten() {
            // A mail that moves from one folder to the other meanwhile is found the next time.
            let text = std::fs::read(entry.path()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            found.extend(text.ok().filter(|text| text.contains(message_id)));
        }
    }
    found
}

/// Waits for the server to deliver; mails with this Message-ID.
async fn arrived(maildir: &Path, message_id: &str) -> Vec<String> {
    for _ in 0..100 {
        let found = delivered(maildir, message_id);
        if !found.is_empty() {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Vec::new()
}

/// What a worker that began long ago does in its next round.
#[tokio::test]
async fn a_worker_goes_by_the_settings_of_the_moment() {
    for mut world in worlds("renewed").await {
        world.import("orders.csv", &orders()).await;
        let began = world.house.clone();
        with_server(&mut world, "127.0.0.1:9").await;
        set_review_all(&as_person(&world.house, "Lin Yue"), true).await.expect("set");
        let house = began.renewed().await.expect("reads");
        assert_eq!((began.email.name(), house.email.name()), ("folder", "smtp"));
        run_decisions(&house, RunOptions::default()).await.expect("runs");
        let tenant = house.tenant.id;
        assert_eq!(house.store.letters_in(tenant, LetterState::Review, 10).await.expect("reads").len(), 1);
        assert_eq!(send_letters(&house).await.expect("sends").sent, 0);
        assert!(world.letters().is_empty());
    }
}

#[tokio::test]
async fn letters_are_written_within_the_place_of_the_data_and_nowhere_else() {
    for mut world in worlds("letters_place").await {
        world.import("orders.csv", &orders()).await;
        let house = as_person(&world.house, "Lin Yue");
        let within = world.dir.path().join("letters-3").display().to_string();
        for wrong in ["/etc", "../elsewhere", "letters/../../elsewhere", ".", "/"] {
            let form = ChannelForm { folder: wrong.into(), ..ChannelForm::default() };
            let refused = change_channels(&house, &form).await.expect_err(wrong).to_string();
            assert!(refused.contains(wrong) && refused.contains("letters-2026"), "{refused}");
        }
        for (right, place) in [(within.as_str(), "letters-3"), ("letters-2", "letters-2")] {
            let form = ChannelForm { folder: right.into(), ..ChannelForm::default() };
            change_channels(&house, &form).await.expect("named");
            world.refresh().await;
            let House { store, tenant, clock, .. } = world.house.clone();
            let named = House::new(store, tenant, clock, world.dir.path(), None).await.expect("a house");
            assert_eq!(Path::new(&named.letters_folder()), world.dir.path().join(place));
        }
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let House { store, tenant, clock, .. } = world.house.clone();
        let house = House::new(store, tenant, clock, world.dir.path(), None).await.expect("a house");
        let sent = send_letters(&house).await.expect("sends").sent;
        let files = std::fs::read_dir(world.dir.path().join("letters-2")).expect("a folder").count();
        assert!(sent > 0 && files == sent, "{sent} letters, {files} files");
    }
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
        let found = arrived(Path::new(&maildir), id).await;
        let [text] = &found[..] else { panic!("{id} arrived {} times", found.len()) };
        assert!(text.contains("anna@rossi.example") && text.contains("application/pdf"));
    }
}

/// A mail server cannot be asked what it took: whatever a crash leaves open is settled by a person, never by sending
/// again.
#[tokio::test]
async fn a_crash_in_the_middle_of_sending_is_left_to_a_person() {
    let (Ok(server), Ok(maildir)) = (std::env::var("DUNLIN_TEST_SMTP"), std::env::var("DUNLIN_TEST_MAILDIR")) else {
        skipped("a crash while sending by SMTP (DUNLIN_TEST_SMTP names no server)");
        return;
    };
    let points = [
        (FaultPoint::ClaimDone, 0),
        (FaultPoint::SendRendered, 0),
        (FaultPoint::SendHandedOver, 1),
        (FaultPoint::SendRecorded, 1),
    ];
    for (point, times) in points {
        for mut world in worlds("mail_crash").await {
            with_server(&mut world, &server).await;
            world.import("orders.csv", &orders()).await;
            run_decisions(&world.house, RunOptions::default()).await.expect("runs");
            let mut command = crate::world::program();
            command.args(["send", "--db", &world.place, "--as-of", MORNING]).arg("--data-dir").arg(world.dir.path());
            let output = command.env("DUNLIN_FAULT", point.code()).output().expect("starts");
            assert!(!output.status.success(), "{} was not reached", point.code());
            for time in ["2026-03-04T10:00:00Z", "2026-03-04T11:00:00Z"] {
                world.set_clock(time);
                run_decisions(&world.house, RunOptions::default()).await.expect("runs");
                assert_eq!(send_letters(&world.house).await.expect("sends").sent, 0, "after {}", point.code());
            }
            let store = &world.house.store;
            let letters = store.letters_in(world.house.tenant.id, LetterState::Uncertain, 10).await.expect("reads");
            assert_eq!(letters.len(), 1, "after {}", point.code());
            let tasks =
                store.open_tasks(world.house.tenant.id, &world.house.sight, world.house.now()).await.expect("reads");
            assert_eq!(tasks.len(), 1, "after {}", point.code());
            let id = &letters[0].message_id;
            let found =
                if times == 0 { delivered(Path::new(&maildir), id) } else { arrived(Path::new(&maildir), id).await };
            assert_eq!(found.len(), times, "after {}", point.code());
        }
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
        let tasks = world
            .house
            .store
            .open_tasks(world.house.tenant.id, &world.house.sight, world.house.now())
            .await
            .expect("reads");
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
