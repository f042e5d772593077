//! Messages for a chat that the program may not write to: a person pastes them, and says so.

use dunlin::use_cases::approve_letter::{decline_letter, pasted_letter, preview_letter};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin_core::case::LetterState;
use dunlin_core::party::Channel;
use dunlin_store::StoredLetter;

use crate::world::{World, worlds};

const HEADER: &str = "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Name,Buyer Login,Buyer Country,Product,Quantity,Order Amount,Currency\n";

fn export(rows: &[(&str, &str, &str)]) -> String {
    let line = |(number, status, paid): &(&str, &str, &str)| {
        format!("{number},{status},2026-03-03 09:30:00,{paid},Ana Ruiz,es{number},Spain,Tent,1,US $25.50,USD\n")
    };
    format!("{HEADER}{}", rows.iter().map(line).collect::<String>())
}

async fn letters(world: &World, state: LetterState) -> Vec<StoredLetter> {
    world.house.store.letters_in(world.house.tenant.id, state, 100).await.expect("reads")
}

#[tokio::test]
async fn a3_a_chat_without_permission_is_pasted_by_a_person() {
    for mut world in worlds("paste").await {
        world.house.in_site = None;
        let unpaid =
            [("8001", "Awaiting payment", ""), ("8002", "Awaiting payment", ""), ("8003", "Awaiting payment", "")];
        let report = world.import("orders.csv", &export(&unpaid)).await;
        assert_eq!((report.counts.added, report.problems.len()), (3, 0), "{:?}", report.problems);
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        world.set_clock("2026-03-04T12:00:00Z");
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, sent.failed, sent.to_paste), (0, 0, 3), "{:?}", sent.notes);
        assert!(world.letters().is_empty(), "nothing left by itself");
        let again = send_letters(&world.house).await.expect("sends");
        assert_eq!(again.to_paste, 0, "handed over once");
        // A run finds the message under way and adds nothing.
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((run.written.letters, run.written.tasks, run.refused), (0, 0, 0));

        let waiting = letters(&world, LetterState::ToPaste).await;
        assert_eq!(waiting.len(), 3);
        assert!(waiting.iter().all(|letter| letter.channel == Channel::InSite));
        let [first, second, third] = &waiting[..] else { panic!("three") };

        // One is pasted: what was seen is what is kept.
        let seen = preview_letter(&world.house, first).await.expect("written");
        assert!(seen.body.contains("25.50") || seen.body.contains("25,50"), "{}", seen.body);
        let wrong = pasted_letter(&world.house, first.number, Some("another text")).await;
        assert!(wrong.expect_err("refused").to_string().contains("has changed since you copied it"));
        pasted_letter(&world.house, first.number, Some(&seen.content_hash())).await.expect("pasted");
        let kept = world.house.store.sent_mail(world.house.tenant.id, first).await.expect("reads").expect("kept");
        assert_eq!(kept.body, seen.body);
        let twice = pasted_letter(&world.house, first.number, None).await.expect_err("once");
        assert!(twice.to_string().contains("is sent"), "{twice}");

        // The money for another arrives first: the message is gone before anybody pastes it.
        let number = world.house.store.facts(
            world.house.tenant.id,
            dunlin_store::Scope::One(second.party_id),
            world.house.now(),
        );
        let number = number.await.expect("facts")[0].receivables[0].order_number.clone().expect("an order");
        world.import("orders.csv", &export(&[(&number, "Paid", "2026-03-04 11:00:00")])).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let late = pasted_letter(&world.house, second.number, None).await;
        assert!(late.is_err(), "a message after payment may not be pasted");
        assert_eq!(letters(&world, LetterState::ToPaste).await.len(), 1);

        // And a person may say no.
        decline_letter(&world.house, third.number, "bought elsewhere").await.expect("declined");
        assert!(letters(&world, LetterState::ToPaste).await.is_empty());
    }
}
