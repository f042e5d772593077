//! Two debtors that were one for a while: what was said, booked and sent in that time goes with the debt it is about.

use dunlin::use_cases::agree_plan::agree_plan;
use dunlin::use_cases::decide_supply::{look_at_party, set_credit_limit};
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::log_talk::{TalkForm, log_talk};
use dunlin::use_cases::mark_party::{block_party, note_objection};
use dunlin::use_cases::merge_parties::{merge_parties, separate_parties};
use dunlin::use_cases::note_closed_days::add_closed_days;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::set_order_day::set_order_day;
use dunlin::use_cases::standing_facts::{Found, add_hold, add_promise};
use dunlin::use_cases::tell_plan::tell_plan;
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::PartyId;
use dunlin_core::instalments::Instalment;
use dunlin_core::key_date::KeyDate;
use dunlin_core::money::{Currency, Money};
use dunlin_core::talk::TalkPlace;
use dunlin_store::seeding::Damage;
use dunlin_store::{Block, PlanTerms, Scope, Written};
use jiff::civil::Date;

use crate::site::Site;
use crate::world::{HEADER, World, as_person, mt940, orders, worlds};

/// The orders, and a third debtor in Italy with one invoice.
fn twice() -> String {
    let more = "QH-9,C009,ROSSI Italia,意大利,Marco Bianchi,财务,marco@italia.example,USD,700.00,OA 30 days,2026-01-10,INV-2026-009,2026-01-20\n";
    orders() + more
}

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

async fn facts(world: &World, party: PartyId) -> DebtorFacts {
    let facts = world.house.store.facts(world.house.tenant.id, Scope::One(party), world.house.now()).await;
    facts.expect("facts").remove(0)
}

async fn run(world: &World) -> Written {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
    account.written
}

async fn is_sound(world: &World) {
    let (findings, _) = world.house.store.doctor().await.expect("looks");
    assert_eq!(findings, Vec::new());
}

#[tokio::test]
async fn what_was_paused_or_promised_while_two_were_one_holds_afterwards() {
    for world in worlds("shared").await {
        world.import("orders.csv", &twice()).await;
        let (first, second) = (find(&world, "INV-2026-001").await, find(&world, "INV-2026-009").await);
        let (one, other, day) = (first.party_id, second.party_id, "2026-03-20".parse().expect("a day"));
        merge_parties(&world.house, one, other).await.expect("merged");
        add_promise(&world.house, one, Some(second.receivable_id), day, None, "on the 20th").await.expect("noted");
        add_hold(&world.house, one, Some(second.receivable_id), day, "a visit").await.expect("held");
        add_hold(&world.house, one, None, day, "at the fair").await.expect("held");
        add_promise(&world.house, one, None, day, None, "all of it").await.expect("noted");
        assert_eq!(run(&world).await.letters, 0);
        separate_parties(&world.house, "D-0003", None).await.expect("separated");
        is_sound(&world).await;
        let (stayed, left) = (facts(&world, one).await, facts(&world, other).await);
        let subjects = |facts: &DebtorFacts| {
            let holds: Vec<_> = facts.holds.iter().map(|hold| hold.receivable_id).collect();
            let promises: Vec<_> = facts.promises.iter().map(|promise| promise.receivable_id).collect();
            (holds, promises)
        };
        assert_eq!(subjects(&stayed), (vec![None], vec![None]));
        let (mut holds, mut promises) = subjects(&left);
        holds.sort();
        promises.sort();
        let both = vec![None, Some(second.receivable_id)];
        assert_eq!((holds, promises), (both.clone(), both), "its own, and those that were meant for both");
        assert_eq!(run(&world).await.letters, 0, "neither is written to");
    }
}

#[tokio::test]
async fn a_block_of_two_that_were_one_holds_for_both() {
    for world in worlds("blocked_both").await {
        world.import("orders.csv", &twice()).await;
        let (first, second) = (find(&world, "INV-2026-001").await, find(&world, "INV-2026-009").await);
        merge_parties(&world.house, first.party_id, second.party_id).await.expect("merged");
        block_party(&world.house, first.party_id, Block { why: "chargeback fraud", ..Block::default() })
            .await
            .expect("blocked");
        separate_parties(&world.house, "D-0003", None).await.expect("separated");
        for party in [first.party_id, second.party_id] {
            assert!(facts(&world, party).await.party.blacklisted);
            let blocked = world.house.store.blocked(world.house.tenant.id, party).await.expect("reads");
            assert_eq!(blocked.expect("a reason").why, "chargeback fraud");
        }
        assert_eq!(run(&world).await.letters, 0);
    }
}

#[tokio::test]
async fn money_that_a_file_told_of_while_two_were_one_is_known_again_when_the_bank_brings_it() {
    for mut world in worlds("told_merged").await {
        let header = HEADER.replace("发票日期", "发票日期,已收金额");
        let row = |told: &str| {
            format!(
                "{header}QH-2026-8,C009,ROSSI Italia,意大利,Marco Bianchi,财务,marco@italia.example,USD,\"1,000.00\",\
                 \"50% T/T deposit, 50% against copy of B/L\",2026-02-10,,,{told}\n"
            )
        };
        world.import("orders.csv", &orders()).await;
        world.import("halves.csv", &row("")).await;
        let (first, deposit) = (find(&world, "INV-2026-001").await, find(&world, "R-0004").await);
        merge_parties(&world.house, first.party_id, deposit.party_id).await.expect("merged");
        world.import("halves.csv", &row("500.00")).await;
        separate_parties(&world.house, "ROSSI Italia", None).await.expect("separated");
        let paid =
            world.house.store.placed_payments(world.house.tenant.id, &world.house.sight, 10).await.expect("reads");
        assert_eq!(paid.len(), 1);
        world.set_clock("2026-03-05T09:00:00Z");
        let statement = mt940("260305", "500,00", "ROSSI ITALIA", "DEPOSIT QH-2026-8");
        let report = import_statement(&world.house, "s.sta", statement.as_bytes(), Format::Auto).await.expect("reads");
        assert_eq!((report.matched.matched, report.matched.waiting), (1, 0), "{report:?}");
        let open: Vec<i64> = facts(&world, deposit.party_id)
            .await
            .receivables
            .iter()
            .map(|item| item.outstanding().expect("sums").minor)
            .collect();
        assert_eq!(open, [0, 50_000], "one transfer pays one half");
    }
}

#[tokio::test]
async fn a_letter_sent_while_two_were_one_can_be_read_afterwards() {
    for world in worlds("read_again").await {
        world.import("orders.csv", &twice()).await;
        let (first, second) = (find(&world, "INV-2026-001").await, find(&world, "INV-2026-009").await);
        merge_parties(&world.house, first.party_id, second.party_id).await.expect("merged");
        // So that it goes to the person of the one that leaves.
        note_objection(&world.house, first.party_id, Some("Anna Rossi"), true).await.expect("noted");
        assert_eq!(run(&world).await.letters, 1);
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        separate_parties(&world.house, "D-0003", None).await.expect("separated");
        let (store, tenant) = (world.house.store.clone(), world.house.tenant.id);
        let letter = store.letter_by_number(tenant, 1).await.expect("there");
        let mail = store.sent_mail(tenant, &letter).await.expect("reads").expect("kept");
        assert!(mail.to.contains("marco@italia.example") && mail.body.contains("INV-2026-009"), "{}", mail.body);
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let page = owner.get("/letters/L-0001").await;
        assert!(page.contains("INV-2026-009") && page.contains("/letters/L-0001/statement.pdf"), "{page}");
        assert!(owner.get("/letters/L-0001/statement.pdf").await.starts_with("HTTP/1.1 200"));
        // Once the key is gone, nothing is made up in its place.
        store.spoil(Damage::KeysGone).await.expect("spoiled");
        let answer = owner.get("/letters/L-0001/statement.pdf").await;
        assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("not kept any more"), "{answer}");
        assert!(!owner.get("/letters/L-0001").await.contains("statement.pdf\""));
    }
}

#[tokio::test]
async fn a12_a_letter_to_two_that_were_one_counts_for_both() {
    for mut world in worlds("counts_for_both").await {
        world.import("orders.csv", &twice()).await;
        let (first, second) = (find(&world, "INV-2026-001").await, find(&world, "INV-2026-009").await);
        merge_parties(&world.house, first.party_id, second.party_id).await.expect("merged");
        assert_eq!(run(&world).await.letters, 1);
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        separate_parties(&world.house, "D-0003", None).await.expect("separated");
        for party in [first.party_id, second.party_id] {
            assert_eq!(facts(&world, party).await.contacts_made.len(), 1);
        }
        // The day after, another invoice of the one that left: too soon after the letter to both.
        world.set_clock("2026-03-05T09:00:00Z");
        let more = "QH-11,C009,ROSSI Italia,意大利,Marco Bianchi,财务,marco@italia.example,USD,60.00,OA 30 days,2026-01-10,INV-2026-011,2026-01-20\n";
        world.import("more.csv", &format!("{HEADER}{more}")).await;
        assert_eq!(run(&world).await.letters, 0);
        world.set_clock("2026-03-09T09:00:00Z");
        assert_eq!(run(&world).await.letters, 1, "and goes when the gap is over");
    }
}

#[tokio::test]
async fn a_merge_lifts_no_objection() {
    for world in worlds("objects_twice").await {
        let same = "QH-9,C009,ROSSI Italia,意大利,A. Rossi,财务,Anna@ROSSI.example,USD,700.00,OA 30 days,2026-01-10,INV-2026-009,2026-01-20\n";
        world.import("orders.csv", &format!("{}{same}", orders())).await;
        let (first, second) = (find(&world, "INV-2026-001").await, find(&world, "INV-2026-009").await);
        note_objection(&world.house, second.party_id, None, true).await.expect("noted");
        merge_parties(&world.house, first.party_id, second.party_id).await.expect("merged");
        let merged = facts(&world, first.party_id).await;
        assert_eq!(merged.contacts.iter().map(|contact| contact.objected).collect::<Vec<_>>(), [true, true]);
        assert_eq!(run(&world).await.letters, 0, "the same mailbox under another name");
        separate_parties(&world.house, "D-0003", None).await.expect("separated");
        assert!(facts(&world, first.party_id).await.contacts[0].objected);
    }
}

#[tokio::test]
async fn a_debtor_without_a_country_takes_that_of_the_other() {
    for world in worlds("country").await {
        let nowhere = "QH-9,C009,Campo Valencia,,Eva Ruiz,财务,eva@campo.example,USD,700.00,OA 30 days,2026-01-10,INV-2026-009,2026-01-20\n";
        world.import("orders.csv", &format!("{}{nowhere}", orders())).await;
        let (spanish, nowhere) = (find(&world, "INV-2026-003").await, find(&world, "INV-2026-009").await);
        assert_eq!(facts(&world, nowhere.party_id).await.party.country, "");
        merge_parties(&world.house, nowhere.party_id, spanish.party_id).await.expect("merged");
        assert_eq!(facts(&world, nowhere.party_id).await.party.country, "ES");
        separate_parties(&world.house, "D-0002", None).await.expect("separated");
        assert_eq!(facts(&world, nowhere.party_id).await.party.country, "");
        assert_eq!(facts(&world, spanish.party_id).await.party.country, "ES");
    }
}

#[tokio::test]
async fn what_was_found_out_while_two_were_one_goes_with_its_debt_or_holds_for_both() {
    for world in worlds("found_out").await {
        world.import("orders.csv", &twice()).await;
        let (one, other) = (find(&world, "INV-2026-001").await.party_id, find(&world, "INV-2026-009").await.party_id);
        let marco = facts(&world, other).await.contacts[0].id;
        merge_parties(&world.house, one, other).await.expect("merged");
        let house = as_person(&world.house, "Lin Yue");
        let second = find(&world, "INV-2026-009").await;
        let day = |text: &str| -> Date { text.parse().expect("a day") };
        set_order_day(&house, &second, KeyDate::Arrival, Some(day("2026-03-30"))).await.expect("noted");
        add_closed_days(&house, one, (day("2026-03-05"), day("2026-03-06")), "stocktaking").await.expect("noted");
        let talked = |text: &str, contact| TalkForm {
            place: TalkPlace::Wechat,
            on: None,
            contact,
            asked: true,
            text: text.to_string(),
            file: None,
            intent: None,
            receivable: None,
        };
        log_talk(&house, one, &talked("both of you", None)).await.expect("logged");
        log_talk(&house, one, &talked("dear Marco", Some(marco))).await.expect("logged");
        let part = |on: &str| Instalment { on: day(on), amount: Money::parse("350.00", Currency::USD).expect("money") };
        let terms = PlanTerms { late_days: 10, all_due: true, words: "by telephone".to_string() };
        agree_plan(&house, &second, &[part("2026-04-01"), part("2026-05-01")], &terms).await.expect("agreed");
        separate_parties(&world.house, "D-0003", None).await.expect("separated");
        is_sound(&world).await;

        let (stayed, left) = (facts(&world, one).await, facts(&world, other).await);
        let closed = vec![day("2026-03-05"), day("2026-03-06")];
        assert_eq!((&stayed.closed_on, &left.closed_on), (&closed, &closed), "said of both");
        assert_eq!((stayed.contacts_made.len(), left.contacts_made.len()), (1, 2), "a talk goes with its person");
        let known = |facts: &DebtorFacts| {
            let of = |reference: &str| {
                facts.receivables.iter().filter(|item| item.receivable.reference == reference).count()
            };
            (of("INV-2026-001"), of("INV-2026-009"))
        };
        assert_eq!((known(&stayed), known(&left)), ((1, 0), (0, 3)), "the instalments go with what they stand for");
        assert!(left.receivables.iter().all(|item| item.case.is_some()));
        let arrival = vec![(KeyDate::Arrival, day("2026-03-30"))];
        assert!(left.receivables.iter().all(|item| item.dates == arrival), "{:?}", left.receivables);
        let plan = tell_plan(&world.house, &find(&world, "INV-2026-009").await).await.expect("tells").expect("a plan");
        assert_eq!((plan.state.as_str(), plan.parts.len()), ("open", 2));
        let talks = world.house.store.talks_of(world.house.tenant.id, other).await.expect("reads");
        let mut words: Vec<String> = talks.into_iter().filter_map(|talk| talk.words).map(|words| words.text).collect();
        words.sort();
        assert_eq!(words, ["both of you", "dear Marco"]);
    }
}

#[tokio::test]
async fn two_that_are_one_have_one_credit_limit_and_each_its_own_again() {
    for world in worlds("limits").await {
        world.import("orders.csv", &twice()).await;
        let (one, other) = (find(&world, "INV-2026-001").await.party_id, find(&world, "INV-2026-009").await.party_id);
        let usd = |text: &str| Some(Money::parse(text, Currency::USD).expect("money"));
        let limit = async |party| look_at_party(&world.house, party).await.expect("looks").credit.limit;
        set_credit_limit(&world.house, other, usd("700.00")).await.expect("set");
        merge_parties(&world.house, one, other).await.expect("merged");
        assert_eq!(limit(one).await, usd("700.00"), "the one that stays has none of its own");
        separate_parties(&world.house, "D-0003", None).await.expect("separated");
        assert_eq!((limit(one).await, limit(other).await), (None, usd("700.00")));

        set_credit_limit(&world.house, one, usd("900.00")).await.expect("set");
        merge_parties(&world.house, one, other).await.expect("merged");
        assert_eq!(limit(one).await, usd("900.00"));
        separate_parties(&world.house, "D-0003", None).await.expect("separated");
        assert_eq!((limit(one).await, limit(other).await), (usd("900.00"), usd("700.00")));

        merge_parties(&world.house, one, other).await.expect("merged");
        set_credit_limit(&world.house, one, usd("1000.00")).await.expect("set");
        separate_parties(&world.house, "D-0003", None).await.expect("separated");
        assert_eq!((limit(one).await, limit(other).await), (usd("1000.00"), usd("1000.00")), "said of both");
    }
}
