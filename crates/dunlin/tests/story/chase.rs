//! The main job: a spreadsheet, the right letters, the payment, silence. The same on both databases.

use dunlin::import::{ImportOptions, import_into};
use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::run_decisions::{RunAccount, RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::{add_dispute, add_hold, add_promise};
use dunlin_bank_formats::Format;
use dunlin_core::explain::UiLanguage;
use dunlin_core::money::Money;
use dunlin_core::plan::Verdict;

use crate::world::{World, mt940, orders, worlds};

async fn run(world: &World) -> RunAccount {
    run_decisions(&world.house, RunOptions { keep_actions: true, ..RunOptions::default() }).await.expect("runs")
}

#[tokio::test]
async fn a12_one_letter_for_two_invoices_then_silence_once_paid() {
    for mut world in worlds("chase").await {
        let report = world.import("orders.csv", &orders()).await;
        assert_eq!(
            (report.counts.rows, report.counts.added, report.problems.len()),
            (3, 3, 0),
            "{:?}",
            report.problems
        );
        let again = world.import("orders.csv", &orders()).await;
        assert_eq!((again.counts.added, again.counts.corrected, again.counts.unchanged), (0, 0, 3));

        let first = run(&world).await;
        assert_eq!((first.written.letters, first.refused), (1, 0));
        let second = run(&world).await;
        assert_eq!((second.written.letters, second.written.tasks, second.written.holds), (0, 0, 0));
        assert!(second.actions.is_empty());

        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, sent.cancelled), (1, 0), "{:?}", sent.notes);
        let letters = world.letters();
        assert_eq!(letters.len(), 1);
        let text = std::fs::read_to_string(&letters[0]).expect("a letter");
        assert!(text.contains("application/pdf"), "the account statement goes along");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 0);

        // Both invoices paid at once; the second letter that would come is never written.
        world.set_clock("2026-03-06T09:00:00Z");
        let statement = mt940("260305", "12930,00", "ROSSI OUTDOOR SRL", "INV-2026-001 AND INV-2026-002");
        let report = import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!((report.payments, report.matched.matched), (1, 1), "{report:?}");
        let again = import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!((again.payments, again.known_before), (0, 1));
        let after = run(&world).await;
        assert_eq!((after.written.letters, after.written.closed), (1, 2), "one letter thanks for both");
        world.set_clock("2026-04-08T09:00:00Z");
        let later = run(&world).await;
        let about_rossi = later.actions.iter().filter(|(facts, _)| facts.party.name.starts_with("Rossi")).count();
        assert_eq!(about_rossi, 0, "paid means silence");
        let found =
            world.house.store.find_receivable(world.house.tenant.id, "INV-2026-001").await.expect("known").into();
        let explanation = explain_receivable(&world.house, &found).await.expect("explains");
        assert_eq!((explanation.decision, explanation.outstanding.minor), (Verdict::Closed, 0));
        let late = add_dispute(&world.house, &found, None, "two cartons wet").await.expect_err("it is paid");
        assert!(late.to_string().contains("nothing is open"), "{late}");
    }
}

#[tokio::test]
async fn a11_a_payment_between_decision_and_send_stops_the_letter() {
    for mut world in worlds("between").await {
        world.import("orders.csv", &orders()).await;
        assert_eq!(run(&world).await.written.letters, 1);
        world.set_clock("2026-03-04T09:10:00Z");
        let statement = mt940("260304", "500,00", "ROSSI OUTDOOR SRL", "INV-2026-002");
        let report = import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!((report.matched.matched, report.matched.letters_cancelled), (1, 1));
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 0);
        assert!(world.letters().is_empty());
        // The step was voided, not spent: what is still owed is asked for, with the right amount.
        let again = run(&world).await;
        assert_eq!((again.written.letters, again.refused), (1, 0));
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let text = std::fs::read_to_string(&world.letters()[0]).expect("a letter");
        assert!(text.contains("12,430.00") && !text.contains("12,930.00"), "{text}");
    }
}

#[tokio::test]
async fn a13_ten_days_off_lead_to_one_right_letter() {
    for mut world in worlds("off").await {
        world.import("orders.csv", &orders()).await;
        run(&world).await;
        send_letters(&world.house).await.expect("sends");
        // The machine is off for a month in which two more steps would have come.
        world.set_clock("2026-04-08T09:00:00Z");
        let back = run(&world).await;
        let rossi: Vec<_> = back.actions.iter().filter(|(facts, _)| facts.party.name.starts_with("Rossi")).collect();
        assert_eq!(rossi.len(), 1);
        let plan = &rossi[0].1;
        let levels: Vec<u8> =
            plan.letters.iter().map(|letter| letter.level).chain(plan.tasks.iter().map(|task| task.level)).collect();
        assert_eq!(levels, [2], "one contact, of the next level, none skipped");
        send_letters(&world.house).await.expect("sends");
        let after = run(&world).await;
        assert!(after.actions.iter().all(|(facts, _)| !facts.party.name.starts_with("Rossi")), "no series");
    }
}

#[tokio::test]
async fn g8_hold_promise_dispute_and_unmatched_money_keep_it_silent_and_say_so() {
    for world in worlds("gates").await {
        world.import("orders.csv", &orders()).await;
        let tenant = world.house.tenant.id;
        let found: dunlin::use_cases::standing_facts::Found =
            world.house.store.find_receivable(tenant, "INV-2026-001").await.expect("known").into();
        let second: dunlin::use_cases::standing_facts::Found =
            world.house.store.find_receivable(tenant, "INV-2026-002").await.expect("known").into();
        run(&world).await;
        // A promise for one and a dispute on all of the other: the waiting letter is cancelled at once.
        let day = "2026-03-20".parse().expect("a day");
        add_promise(&world.house, found.party_id, Some(found.receivable_id), day, None, "on the 20th")
            .await
            .expect("noted");
        add_dispute(&world.house, &second, None, "two cartons wet").await.expect("noted");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 0);
        assert_eq!(run(&world).await.written.letters, 0);
        for (found, code) in [(&found, "gate.promise"), (&second, "gate.dispute")] {
            let explanation = explain_receivable(&world.house, found).await.expect("explains");
            assert!(explanation.reasons.iter().any(|reason| reason.code.code() == code), "{code}: {explanation:?}");
            for reason in &explanation.reasons {
                for language in [UiLanguage::En, UiLanguage::ZhCn] {
                    let text = dunlin_core::explain::sentence(reason, language, &world.house.zone());
                    assert!(!text.contains(reason.code.code()) && !text.contains('{'), "{text}");
                }
            }
        }
        let third: dunlin::use_cases::standing_facts::Found =
            world.house.store.find_receivable(tenant, "INV-2026-003").await.expect("known").into();
        add_hold(&world.house, third.party_id, None, day, "visiting them").await.expect("noted");
        let explanation = explain_receivable(&world.house, &third).await.expect("explains");
        assert!(explanation.reasons.iter().any(|reason| reason.code.code() == "gate.hold"));
    }
}

#[tokio::test]
async fn b7_money_that_fits_nowhere_for_certain_silences_its_likely_owner() {
    for mut world in worlds("doubt").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        let statement = mt940("260304", "12405,00", "ROSSI OUTDOOR SRL", "INV-2026-001 LESS CHARGES");
        let report = import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!((report.matched.matched, report.matched.waiting), (0, 1));
        assert_eq!(run(&world).await.written.letters, 0, "possibly paid is not pressed for");
        let found =
            world.house.store.find_receivable(world.house.tenant.id, "INV-2026-001").await.expect("known").into();
        dunlin::use_cases::match_payments::confirm_match(&world.house, 1, &found, Default::default())
            .await
            .expect("placed");
        let explanation = explain_receivable(&world.house, &found).await.expect("explains");
        assert_eq!(explanation.outstanding, Money::parse("25.00", dunlin_core::money::Currency::USD).expect("money"));
        let taken = dunlin::use_cases::match_payments::undo_match(&world.house, 1).await.expect("undone");
        assert_eq!(taken, 1);
        let explanation = explain_receivable(&world.house, &found).await.expect("explains");
        assert_eq!(explanation.outstanding.decimal(), "12430.00");
    }
}

#[tokio::test]
async fn b7_the_banks_own_entry_replaces_what_a_paid_column_told() {
    for mut world in worlds("told").await {
        let header = crate::world::HEADER.replace("发票日期", "发票日期,已收金额");
        let row = "QH-2026-7,C007,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,900.00,OA 30 days,2026-01-10,INV-2026-007,2026-01-20,300.00\n";
        world.import("orders.csv", &format!("{header}{row}")).await;
        let found =
            world.house.store.find_receivable(world.house.tenant.id, "INV-2026-007").await.expect("known").into();
        assert_eq!(explain_receivable(&world.house, &found).await.expect("explains").outstanding.decimal(), "600.00");
        world.set_clock("2026-03-04T09:05:00Z");
        let statement = mt940("260304", "300,00", "ROSSI OUTDOOR SRL", "PART OF INV-2026-007");
        import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        let explanation = explain_receivable(&world.house, &found).await.expect("explains");
        assert_eq!(explanation.outstanding.decimal(), "600.00", "not counted twice");
        assert!(world.house.store.unplaced_payments(world.house.tenant.id).await.expect("reads").is_empty());
    }
}

#[tokio::test]
async fn a13_an_unsent_letter_keeps_the_next_one_waiting() {
    for mut world in worlds("unsent").await {
        world.import("orders.csv", &orders()).await;
        let first = run(&world).await;
        assert_eq!(first.written.letters, 1);
        // The machine was off before it could send, while the next steps and a new invoice came due.
        let more = orders()
            .replace(
                "QH-3,C002,Campo y Río S.L.,西班牙,José Gil,财务,jose@campo.example",
                "QH-3,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example",
            )
            .replace("OA 60 days,2026-02-20,INV-2026-003,2026-02-20", "OA 10 days,2026-02-20,INV-2026-003,2026-02-20");
        world.import("more.csv", &more).await;
        world.set_clock("2026-03-17T09:00:00Z");
        run(&world).await;
        let sent = send_letters(&world.house).await.expect("sends");
        assert!(sent.sent <= 1, "two pressing letters at once: {sent:?}");
        assert_eq!(world.letters().len(), sent.sent);
    }
}

#[tokio::test]
async fn a12_a_letter_that_waited_keeps_the_gap_to_the_one_that_left() {
    for mut world in worlds("late_yes").await {
        world.import("orders.csv", &orders()).await;
        run(&world).await;
        let tenant = world.house.tenant.id;
        let waiting =
            world.house.store.letters_in(tenant, dunlin_core::case::LetterState::Queued, 10).await.expect("reads");
        let letter = waiting.first().expect("a letter");
        // Another contact was made meanwhile: a call is noted as the last one.
        let facts = world.house.store.facts(tenant, dunlin_store::Scope::One(letter.party_id), world.house.now()).await;
        let mut facts = facts.expect("facts").remove(0);
        facts.contacts_made.push(dunlin_core::facts::ContactMade {
            at: world.house.now() - jiff::SignedDuration::from_hours(2),
            letter_id: None,
            is_done: true,
            channel: dunlin_core::party::Channel::Phone,
            purpose: dunlin_core::letter::Purpose::Press,
            contact_id: None,
            receivable_id: None,
        });
        let premises = world.house.premises().await.expect("premises");
        let rules = dunlin_core::audit::Rules {
            tenant: &premises.tenant,
            playbooks: &premises.playbooks,
            countries: premises.countries,
        };
        let now = world.house.now();
        let free = dunlin_core::audit::departure::not_too_soon(&letter.waiting(), &facts, now, &rules);
        assert_eq!(
            free,
            Err(now - jiff::SignedDuration::from_hours(2)
                + jiff::SignedDuration::from_hours(premises.tenant.rules.gap_hours))
        );
        world.set_clock("2026-03-04T10:00:00Z");
    }
}

#[tokio::test]
async fn a11_a_corrected_due_date_stops_the_letter_decided_before() {
    for world in worlds("corrected").await {
        world.import("orders.csv", &orders()).await;
        assert_eq!(run(&world).await.written.letters, 1);
        // The terms were OA 90 days all along: nothing is due yet.
        world.import("orders.csv", &orders().replace("OA 30 days", "OA 90 days")).await;
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!((sent.sent, sent.cancelled), (0, 1), "{:?}", sent.notes);
        assert!(run(&world).await.actions.is_empty(), "nothing is due");
    }
}

#[tokio::test]
async fn a11_what_waits_and_is_not_right_any_more_is_cancelled_by_the_file_that_says_so() {
    for world in worlds("corrected_at_once").await {
        world.import("orders.csv", &orders()).await;
        assert_eq!(run(&world).await.written.letters, 1);
        let later = orders().replace("OA 30 days", "OA 90 days");
        let options = ImportOptions::default();
        let report = import_into(&world.house, "later.csv", later.as_bytes(), &options).await.expect("reads");
        assert_eq!(report.letters_cancelled, 1);
        let found = world.house.store.find_receivable(world.house.tenant.id, "INV-2026-001").await.expect("known");
        let told = explain_receivable(&world.house, &found.into()).await.expect("explains");
        assert_eq!(told.decision, Verdict::Wait, "{told:?}");
        assert!(told.reasons.iter().all(|reason| reason.code.code() != "case.letter_waiting"), "{told:?}");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 0);
        // The same once more changes nothing, so that nothing is looked at.
        let again = import_into(&world.house, "again.csv", later.as_bytes(), &options).await.expect("reads");
        assert_eq!((again.counts.corrected, again.letters_cancelled), (0, 0));
    }
}

#[tokio::test]
async fn g8_a_promise_of_a_sum_for_everything_stops_the_waiting_letter() {
    for world in worlds("sum_promised").await {
        world.import("orders.csv", &orders()).await;
        assert_eq!(run(&world).await.written.letters, 1);
        let tenant = world.house.tenant.id;
        let (party, _) = world.house.store.find_party(tenant, "C001").await.expect("reads").expect("known");
        let everything = Money::parse("12930.00", dunlin_core::money::currency("USD").expect("iso")).expect("money");
        add_promise(&world.house, party, None, jiff::civil::date(2026, 3, 20), Some(everything), "all of it")
            .await
            .expect("noted");
        let sent = send_letters(&world.house).await.expect("sends");
        assert_eq!(sent.sent, 0, "{:?}", sent.notes);
    }
}

#[tokio::test]
async fn a_change_is_not_dated_before_the_last_one() {
    for mut world in worlds("dated").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-03T09:00:00Z");
        let early = run_decisions(&world.house, RunOptions::default()).await.expect_err("a day before the import");
        assert!(early.to_string().contains("dated before it"), "{early:#}");
        // A few minutes are the difference of two clocks.
        world.set_clock("2026-03-04T08:55:00Z");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    }
}

#[tokio::test]
async fn many_small_batches_decide_as_one_does() {
    for world in worlds("batches").await {
        let rows: String = (1..=7)
            .map(|n| format!("QH-{n},K{n:03},Kunde {n} GmbH,德国,Person {n},财务,p{n}@kunde.example,USD,{n}00.00,OA 30 days,2026-01-10,INV-{n},2026-01-20\n"))
            .collect();
        world.import("orders.csv", &format!("{}{rows}", crate::world::HEADER)).await;
        let options = RunOptions { batch: Some(2), keep_actions: true, ..RunOptions::default() };
        let first = run_decisions(&world.house, options).await.expect("runs");
        assert_eq!((first.considered, first.written.letters, first.refused), (7, 7, 0));
        let mut asked: Vec<i64> =
            first.actions.iter().map(|(_, plan)| plan.letters[0].items[0].pressed.minor).collect();
        asked.sort_unstable();
        assert_eq!(asked, (1..=7).map(|n| n * 10_000).collect::<Vec<_>>());
        let numbers: std::collections::BTreeSet<i64> = world
            .house
            .store
            .letters_in(world.house.tenant.id, dunlin_core::case::LetterState::Queued, 100)
            .await
            .expect("reads")
            .into_iter()
            .map(|letter| letter.number)
            .collect();
        assert_eq!(numbers, (1..=7).collect(), "numbers without gap or repetition over the batches");
        let again = run_decisions(&world.house, options).await.expect("runs");
        assert_eq!((again.written.letters, again.written.tasks, again.written.holds), (0, 0, 0));
    }
}
