//! A letter is judged by what holds when it is taken out of the outbox, not by what held when it went in. The same on both
//! databases.

use dunlin::use_cases::approve_letter::approve_letter;
use dunlin::use_cases::change_settings::set_review_all;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin_core::case::LetterState;
use dunlin_core::plan::Review;
use dunlin_store::StoredLetter;
use dunlin_store::seeding::Damage;

use crate::world::{World, as_person, orders, worlds};

async fn queued(world: &World) -> StoredLetter {
    world.import("orders.csv", &orders()).await;
    let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!((run.refused, run.written.letters), (0, 1));
    letter(world).await
}

async fn letter(world: &World) -> StoredLetter {
    world.house.store.letter_by_number(world.house.tenant.id, 1).await.expect("a letter")
}

#[tokio::test]
async fn a_letter_that_waits_is_looked_at_where_somebody_asks_for_it_now() {
    for world in worlds("look_asked").await {
        let waits = queued(&world).await;
        assert_eq!((waits.state, waits.review), (LetterState::Queued, Review::Automatic));
        // The round of sending goes on with a house that was read before.
        set_review_all(&world.house, true).await.expect("changed");
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, sent.cancelled, sent.postponed), (0, 0, 1), "{:?}", sent.notes);
        let back = letter(&world).await;
        assert_eq!((back.state, back.review), (LetterState::Review, Review::Look));
        assert!(back.reasons.iter().any(|reason| reason.code.code() == "letter.look_asked"), "{:?}", back.reasons);
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 0, "and waits");
        approve_letter(&as_person(&world.house, "Lin"), 1, None).await.expect("approved");
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!(sent.sent, 1, "{:?}", sent.notes);
    }
}

#[tokio::test]
async fn a_letter_of_a_playbook_that_nobody_knows_waits() {
    for mut world in worlds("unknown_version").await {
        queued(&world).await;
        world.house.store.spoil(Damage::VersionUnknown).await.expect("spoilt");
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, sent.cancelled, sent.postponed), (0, 0, 1), "{:?}", sent.notes);
        assert!(sent.notes[0].contains("not known"), "{:?}", sent.notes);
        assert_eq!(letter(&world).await.state, LetterState::Queued);
        world.set_clock("2026-03-04T09:20:00Z");
        let again = send_letters(&world.house).await.expect("sends");
        assert_eq!((again.sent, again.postponed), (0, 1), "{:?}", again.notes);
    }
}
