//! What people end, lower and decide by hand, and what follows from it at once. The same on both databases.

use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::lower_outstanding::{lower_outstanding, take_back};
use dunlin::use_cases::mark_party::{block_party, choose_playbook, note_objection, unblock_party};
use dunlin::use_cases::match_payments::{confirm_match, set_payment_aside, set_rest_aside, undo_match};
use dunlin::use_cases::merge_parties::{merge_parties, separate_parties};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::{Found, add_hold, add_promise, end_holds, withdraw_promises};
use dunlin_bank_formats::Format;
use dunlin_core::money::{Currency, Money};
use dunlin_core::plan::Verdict;
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_core::receivable::share::Asked;
use dunlin_store::{Block, Scope, Written};

use crate::world::{HEADER, World, mt940, orders, worlds};

async fn run(world: &World) -> Written {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
    account.written
}

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).expect("money")
}

/// The codes of the reasons that `explain` gives.
async fn reasons(world: &World, found: &Found) -> Vec<&'static str> {
    let explanation = explain_receivable(&world.house, found).await.expect("explains");
    explanation.reasons.iter().map(|reason| reason.code.code()).collect()
}

fn refusal<T: std::fmt::Debug>(outcome: anyhow::Result<T>, words: &[&str]) {
    let text = outcome.expect_err("refused").to_string();
    for word in words {
        assert!(text.contains(word), "‘{word}’ is not in: {text}");
    }
}

#[tokio::test]
async fn a_hold_ends_early_and_a_promise_is_withdrawn() {
    for world in worlds("ends").await {
        world.import("orders.csv", &orders()).await;
        let house = &world.house;
        let (first, second) = (find(&world, "INV-2026-001").await, find(&world, "INV-2026-002").await);
        let (party, day) = (first.party_id, "2026-03-20".parse().expect("a day"));
        add_hold(house, party, None, day, "at the fair").await.expect("held");
        assert_eq!(run(&world).await.letters, 0);
        // The hold is on the debtor, not on the receivable: the refusal says where.
        refusal(end_holds(house, party, Some(first.receivable_id)).await, &["no hold runs", "D-0001"]);
        assert_eq!(end_holds(house, party, None).await.expect("ended"), 1);
        refusal(end_holds(house, party, None).await, &["D-0001 has no holds at all"]);
        assert_eq!(run(&world).await.letters, 1);

        add_promise(house, party, Some(first.receivable_id), day, None, "").await.expect("noted");
        add_promise(house, party, Some(second.receivable_id), day, None, "").await.expect("noted");
        assert_eq!(run(&world).await.letters, 0);
        refusal(withdraw_promises(house, party, None).await, &["R-0001, R-0002"]);
        for found in [&first, &second] {
            assert_eq!(withdraw_promises(house, party, Some(found.receivable_id)).await.expect("withdrawn"), 1);
        }
        assert_eq!(run(&world).await.letters, 1);
        assert_eq!(send_letters(house).await.expect("sends").sent, 1);
        let text = std::fs::read_to_string(&world.letters()[0]).expect("a letter");
        assert!(text.contains("12,930.00"), "{text}");
    }
}

#[tokio::test]
async fn credits_and_write_offs_change_what_is_asked_for_and_can_be_taken_back() {
    for world in worlds("lower").await {
        world.import("orders.csv", &orders()).await;
        let (house, second) = (&world.house, find(&world, "INV-2026-002").await);
        assert_eq!(run(&world).await.letters, 1);
        let done = lower_outstanding(house, &second, LedgerKind::Credit, Some(usd("120.00")), "two cartons wet").await;
        let done = done.expect("credited");
        assert_eq!((done.outstanding, done.letters_cancelled), (usd("380.00"), 1));
        let more = lower_outstanding(house, &second, LedgerKind::Credit, Some(usd("380.01")), "more").await;
        refusal(more, &["USD 380.01 is more than the USD 380.00", "R-0002"]);
        refusal(lower_outstanding(house, &second, LedgerKind::Credit, None, " ").await, &["reason"]);
        assert_eq!(run(&world).await.letters, 1, "the rest is asked for anew");

        let day = "2026-03-20".parse().expect("a day");
        add_promise(house, second.party_id, Some(second.receivable_id), day, None, "").await.expect("noted");
        run(&world).await;
        let done = lower_outstanding(house, &second, LedgerKind::WriteOff, None, "not worth the stamp").await;
        let done = done.expect("written off");
        assert_eq!((done.amount, done.outstanding), (usd("380.00"), usd("0.00")));
        refusal(
            lower_outstanding(house, &second, LedgerKind::WriteOff, None, "again").await,
            &["nothing is outstanding"],
        );
        let facts = house.store.facts(house.tenant.id, Scope::One(second.party_id), house.now()).await.expect("facts");
        assert_eq!(facts[0].promises[0].state.code(), "nothing_left", "neither kept nor broken");
        assert_eq!(reasons(&world, &second).await, ["gate.written_off"], "before the run");
        assert_eq!(run(&world).await.closed, 1);
        assert_eq!(reasons(&world, &second).await, ["gate.written_off"], "and after it");

        let back = take_back(house, &second, LedgerKind::WriteOff, "they answered").await.expect("taken back");
        assert_eq!((back.amount, back.outstanding), (usd("380.00"), usd("380.00")));
        refusal(
            take_back(house, &second, LedgerKind::WriteOff, "").await,
            &["nothing on R-0002 that could be taken back"],
        );
        let explanation = explain_receivable(house, &second).await.expect("explains");
        assert_ne!(explanation.decision, Verdict::Closed, "it is asked for again");
        let facts = house.store.facts(house.tenant.id, Scope::One(second.party_id), house.now()).await.expect("facts");
        assert_eq!(facts[0].promises[0].state.code(), "open", "and promised again");
        take_back(house, &second, LedgerKind::Credit, "").await.expect("taken back");
        assert_eq!(explain_receivable(house, &second).await.expect("explains").outstanding, usd("500.00"));
        run(&world).await;
    }
}

#[tokio::test]
async fn b11_who_is_blocked_or_objected_is_left_alone_at_once() {
    for world in worlds("marks").await {
        world.import("orders.csv", &orders()).await;
        let (house, first) = (&world.house, find(&world, "INV-2026-001").await);
        let party = first.party_id;
        assert_eq!(run(&world).await.letters, 1);
        refusal(block_party(house, party, Block { why: "", ..Block::default() }).await, &["reason"]);
        assert_eq!(
            block_party(house, party, Block { why: "chargeback fraud", ..Block::default() }).await.expect("blocked"),
            1
        );
        refusal(block_party(house, party, Block { why: "again", ..Block::default() }).await, &["blocked already"]);
        assert_eq!(run(&world).await.letters, 0);
        assert!(reasons(&world, &first).await.contains(&"gate.blacklist"));
        let blocked = house.store.blocked(house.tenant.id, party).await.expect("reads").expect("is blocked");
        assert_eq!((blocked.why.as_str(), blocked.at), ("chargeback fraud", house.now()));
        unblock_party(house, party, "a mix-up").await.expect("unblocked");
        refusal(unblock_party(house, party, "").await, &["not blocked"]);
        assert_eq!(run(&world).await.letters, 1);

        refusal(note_objection(house, party, Some("Luigi"), true).await, &["Luigi", "Anna Rossi (anna@rossi.example)"]);
        let noted = note_objection(house, party, Some("ANNA@rossi.example"), true).await.expect("noted");
        assert_eq!((noted.names.len(), noted.letters_cancelled), (1, 1));
        refusal(note_objection(house, party, None, true).await, &["noted so already"]);
        assert_eq!(run(&world).await.letters, 0);
        assert!(reasons(&world, &first).await.contains(&"gate.objection"));
        note_objection(house, party, None, false).await.expect("withdrawn");
        let facts = house.store.facts(house.tenant.id, Scope::One(party), house.now()).await.expect("facts");
        assert!(facts[0].contacts.iter().all(|contact| !contact.objected));
    }
}

#[tokio::test]
async fn b11_a_debtors_own_playbook_holds_for_cases_that_have_not_begun() {
    for world in worlds("own").await {
        world.import("orders.csv", &orders()).await;
        let house = &world.house;
        let (begun, quiet) = (find(&world, "INV-2026-001").await, find(&world, "INV-2026-003").await);
        run(&world).await;
        refusal(choose_playbook(house, quiet.party_id, Some("harsh")).await, &["‘harsh’", "known: "]);
        let before = explain_receivable(house, &quiet).await.expect("explains").playbook.expect("one");
        let ids: Vec<&str> = house.playbook_files.iter().map(|file| &*file.playbook.reference.id).collect();
        let other = *ids.iter().find(|id| **id != before).expect("another");
        let set = choose_playbook(house, quiet.party_id, Some(other)).await.expect("chosen");
        assert_eq!((set.begin_with_it, set.keep_theirs), (1, 0));
        assert_eq!(explain_receivable(house, &quiet).await.expect("explains").playbook.as_deref(), Some(other));
        let set = choose_playbook(house, quiet.party_id, None).await.expect("none again");
        assert_eq!(set.begin_with_it, 1);
        assert_eq!(explain_receivable(house, &quiet).await.expect("explains").playbook, Some(before));
        let set = choose_playbook(house, begun.party_id, Some(other)).await.expect("chosen");
        assert_eq!((set.begin_with_it, set.keep_theirs), (0, 2));
        run(&world).await;
    }
}

#[tokio::test]
async fn b7_the_rest_of_an_overpayment_is_set_aside_and_silences_nobody() {
    for mut world in worlds("aside").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        let statement = mt940("260304", "600,00", "ROSSI OUTDOOR SRL", "INV-2026-002");
        import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        let (first, second) = (find(&world, "INV-2026-001").await, find(&world, "INV-2026-002").await);
        confirm_match(&world.house, 1, &second, Default::default()).await.expect("placed");
        assert_eq!(run(&world).await.letters, 0, "the rest could be for the other invoice");
        refusal(set_payment_aside(&world.house, 1).await, &["--rest-aside"]);
        refusal(set_rest_aside(&world.house, 1, "").await, &["reason"]);
        assert_eq!(set_rest_aside(&world.house, 1, "kept for the next order").await.expect("aside"), usd("100.00"));
        assert!(world.house.store.unplaced_payments(world.house.tenant.id).await.expect("reads").is_empty());
        refusal(
            confirm_match(&world.house, 1, &first, Asked::default()).await,
            &["what is left of P-0001 was set aside"],
        );
        assert_eq!(run(&world).await.letters, 1);
        assert_eq!(explain_receivable(&world.house, &first).await.expect("explains").outstanding, usd("12430.00"));
        assert_eq!(explain_receivable(&world.house, &second).await.expect("explains").outstanding, usd("0.00"));
        let placed =
            world.house.store.placed_payments(world.house.tenant.id, &world.house.sight, 10).await.expect("reads");
        assert_eq!((placed.len(), placed[0].places[0].amount), (1, usd("500.00")));
        // Undone, the whole payment waits for its place again.
        undo_match(&world.house, 1).await.expect("undone");
        let waiting = world.house.store.unplaced_payments(world.house.tenant.id).await.expect("reads");
        assert_eq!((waiting.len(), waiting[0].left), (1, usd("600.00")));
        set_payment_aside(&world.house, 1).await.expect("aside");
        refusal(
            confirm_match(&world.house, 1, &second, Asked::default()).await,
            &["P-0001", "not a customer's payment"],
        );
        assert_eq!(explain_receivable(&world.house, &second).await.expect("explains").outstanding, usd("500.00"));
    }
}

#[tokio::test]
async fn two_debtors_that_are_one_company_become_one() {
    for mut world in worlds("merge").await {
        let twice = format!(
            "{}\
             QH-9,C009,ROSSI Italia,意大利,Marco Bianchi,财务,marco@rossi.example,USD,700.00,OA 30 days,2026-01-10,INV-2026-009,2026-01-20\n",
            orders()
        );
        world.import("orders.csv", &twice).await;
        let (store, tenant) = (world.house.store.clone(), world.house.tenant.id);
        let first = find(&world, "INV-2026-001").await.party_id;
        let (second, spanish) = (find(&world, "INV-2026-009").await, find(&world, "INV-2026-003").await.party_id);
        assert_eq!(run(&world).await.letters, 2);
        refusal(merge_parties(&world.house, first, first).await, &["the same debtor"]);
        refusal(merge_parties(&world.house, first, spanish).await, &["different countries (IT, ES)"]);
        let day = "2026-03-06".parse().expect("a day");
        add_hold(&world.house, second.party_id, Some(second.receivable_id), day, "asked").await.expect("held");
        let done = merge_parties(&world.house, first, second.party_id).await.expect("merged");
        assert_eq!(done.number, "D-0001");
        // Its number, name and customer number lead to the one that stays, and nothing is left behind.
        for name in ["D-0003", "ROSSI Italia", "C009", "D-0001"] {
            assert_eq!(store.find_party(tenant, name).await.expect("reads"), Some((first, 1)), "{name}");
        }
        let listed = store.debtor_list(tenant, &world.house.sight, "Italia", world.house.today()).await.expect("reads");
        assert_eq!(listed.len(), 1);
        let facts = store.facts(tenant, Scope::One(first), world.house.now()).await.expect("facts");
        assert_eq!((facts[0].receivables.len(), facts[0].contacts.len(), facts[0].holds.len()), (3, 2, 1));
        assert!(facts[0].contacts.iter().all(|contact| contact.person.is_some()), "their keys came along");
        assert!(facts[0].receivables.iter().all(|item| item.case.is_some()));
        let left = store.facts(tenant, Scope::One(second.party_id), world.house.now()).await.expect("facts");
        assert!(left.iter().all(|facts| facts.receivables.is_empty() && facts.contacts.is_empty()));
        let again = merge_parties(
            &world.house,
            first,
            store.find_party(tenant, "D-0003").await.expect("reads").expect("found").0,
        );
        refusal(again.await, &["the same debtor"]);

        // The same file again: nothing new, nothing turned to and fro, and a new order of the old number lands here.
        let again = world.import("orders.csv", &twice).await;
        assert_eq!((again.counts.added, again.counts.corrected, again.problems.len()), (0, 0, 0), "{again:?}");
        let more = format!(
            "{HEADER}QH-10,C009,ROSSI Italia,意大利,Marco Bianchi,财务,marco@rossi.example,USD,60.00,OA 30 days,2026-02-10,INV-2026-010,2026-02-20\n"
        );
        world.import("more.csv", &more).await;
        assert_eq!(find(&world, "INV-2026-010").await.party_id, first);
        let facts = store.facts(tenant, Scope::One(first), world.house.now()).await.expect("facts");
        assert_eq!((facts[0].party.name.as_str(), facts[0].contacts.len()), ("Rossi Outdoor S.r.l.", 2));

        // One letter for all, after the hold; and money under the earlier name silences the one they are now.
        world.set_clock("2026-03-09T09:00:00Z");
        run(&world).await;
        assert!(send_letters(&world.house).await.expect("sends").sent <= 1, "never two at once");
        let statement = mt940("260309", "55,00", "ROSSI ITALIA", "THANK YOU");
        import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        let facts = store.facts(tenant, Scope::One(first), world.house.now()).await.expect("facts");
        assert_eq!(facts[0].unmatched.len(), 1);

        // They were two after all: each has its own again, with what was booked since; the money waits for either.
        refusal(separate_parties(&world.house, "D-0002", None).await, &["D-0002"]);
        separate_parties(&world.house, "D-0003", None).await.expect("separated");
        assert_eq!(store.find_party(tenant, "D-0003").await.expect("reads"), Some((second.party_id, 3)));
        let one = store.facts(tenant, Scope::One(first), world.house.now()).await.expect("facts");
        let other = store.facts(tenant, Scope::One(second.party_id), world.house.now()).await.expect("facts");
        let count = |facts: &[dunlin_core::facts::DebtorFacts]| {
            (facts[0].receivables.len(), facts[0].contacts.len(), facts[0].holds.len(), facts[0].unmatched.len())
        };
        assert_eq!((count(&one), count(&other)), ((3, 1, 0, 1), (1, 1, 1, 1)), "INV-2026-010 came in later and stays");
        assert!(other[0].receivables[0].case.is_some() && other[0].contacts[0].person.is_some());
        run(&world).await;
        merge_parties(&world.house, first, second.party_id).await.expect("merged once more");
    }
}
