//! The machine dies at every step of run and send: no letter is lost, none is doubled.

use std::collections::BTreeSet;

use dunlin_store::fault::FaultPoint;

use crate::world::{MORNING, World, orders, worlds};

fn dunlin(world: &World, words: &[&str], fault: Option<FaultPoint>) -> bool {
    let mut command = crate::world::program();
    command.args(words).args(["--db", &world.place, "--as-of", MORNING]).arg("--data-dir").arg(world.dir.path());
    command.env_remove("DUNLIN_FAULT");
    if let Some(point) = fault {
        command.env("DUNLIN_FAULT", point.code());
    }
    command.output().expect("starts").status.success()
}

#[tokio::test]
async fn no_letter_is_lost_and_none_doubled_wherever_it_dies() {
    for point in FaultPoint::ALL {
        for world in worlds("crash").await {
            world.import("orders.csv", &orders()).await;
            let sends = !point.code().starts_with("commit.");
            if !sends {
                assert!(!dunlin(&world, &["run"], Some(*point)), "{} did not stop the run", point.code());
            }
            assert!(dunlin(&world, &["run"], None), "run after {}", point.code());
            if sends {
                assert!(!dunlin(&world, &["send"], Some(*point)), "{} did not stop the send", point.code());
            }
            assert!(dunlin(&world, &["send"], None), "send after {}", point.code());
            assert!(dunlin(&world, &["run"], None));
            assert!(dunlin(&world, &["send"], None));
            let letters = world.letters();
            let ids: BTreeSet<String> = letters
                .iter()
                .map(|path| {
                    let text = std::fs::read_to_string(path).expect("a letter");
                    text.lines().find(|line| line.starts_with("Message-ID")).unwrap_or_default().to_string()
                })
                .collect();
            assert_eq!((letters.len(), ids.len()), (1, 1), "after {} on {}", point.code(), world.place);
            let sent = world
                .house
                .store
                .letters_in(world.house.tenant.id, dunlin_core::case::LetterState::Sent, 10)
                .await
                .expect("reads");
            assert_eq!(sent.len(), 1, "after {}", point.code());
        }
    }
}
