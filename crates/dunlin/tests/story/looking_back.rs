//! `--as-of` in the past: what was known then, however much was corrected, paid or learnt since.

use dunlin::house::Clock;
use dunlin::use_cases::agree_plan::{agree_plan, end_plan};
use dunlin::use_cases::change_settings::set_review_all;
use dunlin::use_cases::decide_supply::{
    SupplyForm, change_supply_rules, end_supply_decision, look_at_party, set_credit_limit, stop_supply,
};
use dunlin::use_cases::explain_receivable::{Explanation, explain_receivable};
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::mark_party::block_party;
use dunlin::use_cases::match_payments::{confirm_match, set_payment_aside};
use dunlin::use_cases::merge_parties::merge_parties;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::Found;
use dunlin::use_cases::tell_plan::tell_plan;
use dunlin::use_cases::turn_case::{Handover, hand_case_over, restart_case, take_case_back};
use dunlin_bank_formats::Format;
use dunlin_core::case::{Case, CaseState, OtherHands};
use dunlin_core::instalments::Instalment;
use dunlin_core::money::{Currency, Money};
use dunlin_core::plan::Verdict;
use dunlin_core::receivable::share::Asked;
use dunlin_store::{Block, PlanTerms, Scope};

use crate::world::{HEADER, MORNING, World, at, mt940, orders, worlds};

const LATER: &str = "2026-03-11T09:00:00Z";

async fn explain_at(world: &mut World, name: &str, instant: &str) -> anyhow::Result<Explanation> {
    let found = world.house.store.find_receivable(world.house.tenant.id, name).await?.into();
    let now = world.house.clock;
    world.house.clock = Clock::Fixed(at(instant));
    let explanation = explain_receivable(&world.house, &found).await;
    world.house.clock = now;
    explanation
}

async fn find(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

/// The case of a receivable as it was known at an instant.
async fn case_at(world: &World, found: &Found, instant: &str) -> Case {
    let scope = Scope::One(found.party_id);
    let facts = world.house.store.facts(world.house.tenant.id, scope, at(instant)).await.expect("facts");
    let item = facts[0].receivables.iter().find(|item| item.receivable.id == found.receivable_id);
    item.and_then(|item| item.case.clone()).expect("a case")
}

fn codes(explanation: &Explanation) -> Vec<&'static str> {
    explanation.reasons.iter().map(|reason| reason.code.code()).collect()
}

#[tokio::test]
async fn an_earlier_instant_shows_what_was_known_then() {
    for mut world in worlds("looking_back").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let then = explain_at(&mut world, "INV-2026-003", MORNING).await.expect("explains");
        assert_eq!((then.outstanding.to_string().as_str(), then.decision), ("USD 880.00", Verdict::Wait));

        // A week later: the amount corrected, the buyer moved and blocked, a fourth order that nobody knew of.
        world.set_clock(LATER);
        let corrected = orders().replace("880.00", "990.00").replace("西班牙", "法国");
        world.import("orders.csv", &corrected).await;
        let more = "QH-4,C002,Campo y Río S.L.,法国,José Gil,财务,jose@campo.example,USD,70.00,OA 5 days,2026-03-01,INV-2026-004,2026-03-01\n";
        world.import("more.csv", &format!("{HEADER}{more}")).await;
        let third = world.house.store.find_receivable(world.house.tenant.id, "INV-2026-003").await.expect("known");
        block_party(&world.house, third.party_id, Block { why: "asked for credit twice", ..Block::default() })
            .await
            .expect("blocked");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");

        let now = explain_at(&mut world, "INV-2026-003", LATER).await.expect("explains");
        assert_eq!(now.outstanding.to_string(), "USD 990.00");
        assert!(codes(&now).contains(&"gate.blacklist"), "{:?}", codes(&now));
        let again = explain_at(&mut world, "INV-2026-003", MORNING).await.expect("explains");
        assert_eq!(again.outstanding, then.outstanding);
        assert_eq!(codes(&again), codes(&then));
        let unknown = explain_at(&mut world, "INV-2026-004", MORNING).await.expect_err("not known yet").to_string();
        assert!(unknown.contains("not recorded yet at 2026-03-04"), "{unknown}");
    }
}

#[tokio::test]
async fn a_case_that_is_over_was_open_once() {
    for mut world in worlds("was_open").await {
        world.import("orders.csv", &orders()).await;
        let before = explain_at(&mut world, "INV-2026-001", MORNING).await.expect("explains");
        assert_eq!(before.decision, Verdict::Letter);
        world.set_clock(LATER);
        let statement = mt940("260311", "12430,00", "ROSSI OUTDOOR SRL", "INV-2026-001");
        import_statement(&world.house, "bank.sta", statement.as_bytes(), Format::Auto).await.expect("read");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let now = explain_at(&mut world, "INV-2026-001", LATER).await.expect("explains");
        assert_eq!((now.outstanding.minor, now.decision), (0, Verdict::Closed));
        let again = explain_at(&mut world, "INV-2026-001", MORNING).await.expect("explains");
        assert_eq!((again.outstanding, again.decision), (before.outstanding, before.decision));
        assert!(!codes(&before).contains(&"pass.stale_facts") && codes(&before).contains(&"pass.no_statements"));
        assert_eq!(codes(&again), codes(&before), "how fresh the books were, too");
    }
}

#[tokio::test]
async fn money_that_waited_then_silences_then_whatever_became_of_it() {
    for mut world in worlds("waited_then").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock("2026-03-04T09:05:00Z");
        for (amount, words) in [("12405,00", "INV-2026-001 LESS CHARGES"), ("444,00", "THANK YOU")] {
            let statement = mt940("260304", amount, "ROSSI OUTDOOR SRL", words);
            import_statement(&world.house, "bank.sta", statement.as_bytes(), Format::Auto).await.expect("read");
        }
        let asks = |explanation: &Explanation| codes(explanation).contains(&"gate.unmatched_money");
        let first =
            world.house.store.find_receivable(world.house.tenant.id, "INV-2026-001").await.expect("known").into();
        // One is placed, the other is set aside as no customer's.
        world.set_clock("2026-03-05T09:00:00Z");
        confirm_match(&world.house, 1, &first, Asked::default()).await.expect("placed");
        world.set_clock("2026-03-06T09:00:00Z");
        set_payment_aside(&world.house, 2).await.expect("aside");
        for (instant, waits) in [
            (MORNING, false),
            ("2026-03-04T09:05:00Z", true),
            ("2026-03-05T12:00:00Z", true),
            ("2026-03-06T12:00:00Z", false),
        ] {
            let then = explain_at(&mut world, "INV-2026-002", instant).await.expect("explains");
            assert_eq!(asks(&then), waits, "{instant}: {:?}", codes(&then));
        }
    }
}

#[tokio::test]
async fn a_debtor_merged_later_was_known_before() {
    for mut world in worlds("merged_later").await {
        world.import("orders.csv", &orders()).await;
        world.set_clock(LATER);
        let new = "QH-5,C005,Rossi Group S.p.A.,意大利,Anna Rossi,财务,anna@group.example,USD,70.00,OA 5 days,2026-03-01,INV-2026-005,2026-03-01\n";
        world.import("more.csv", &format!("{HEADER}{new}")).await;
        let (store, tenant) = (world.house.store.clone(), world.house.tenant.id);
        let party = async |name: &str| store.find_receivable(tenant, name).await.expect("known").party_id;
        merge_parties(&world.house, party("INV-2026-005").await, party("INV-2026-001").await).await.expect("merged");
        let then = explain_at(&mut world, "INV-2026-001", MORNING).await.expect("explains");
        assert_eq!((then.outstanding.minor, then.decision), (1_243_000, Verdict::Letter));
        assert!(explain_at(&mut world, "INV-2026-005", MORNING).await.is_err(), "that one was not there");
    }
}

#[tokio::test]
async fn a_case_begun_anew_or_handed_over_since_was_as_it_was() {
    for mut world in worlds("turned_since").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let (found, then) = (find(&world, "INV-2026-001").await, "2026-03-10T09:00:00Z");
        world.set_clock(then);
        let before = case_at(&world, &found, then).await;
        assert!(before.steps.iter().any(|step| !step.voided));
        world.set_clock(LATER);
        restart_case(&world.house, &found, "the wrong person").await.expect("begun anew");
        let now = case_at(&world, &found, LATER).await;
        assert_eq!(now.started_at, at(LATER));
        assert!(now.steps.iter().all(|step| step.voided));
        assert_eq!(case_at(&world, &found, then).await, before);

        world.set_clock("2026-03-12T09:00:00Z");
        let to = Handover { hands: OtherHands::ALL[0], name: "Studio Verdi", note: "" };
        hand_case_over(&world.house, &found, &to).await.expect("handed over");
        world.set_clock("2026-03-13T09:00:00Z");
        take_case_back(&world.house, &found, "they asked too much").await.expect("taken back");
        for (instant, state) in [
            ("2026-03-11T12:00:00Z", CaseState::Running),
            ("2026-03-12T12:00:00Z", CaseState::HandedOver),
            ("2026-03-13T12:00:00Z", CaseState::Running),
        ] {
            assert_eq!(case_at(&world, &found, instant).await.state, state, "{instant}");
        }
        let silent = explain_at(&mut world, "INV-2026-001", "2026-03-12T12:00:00Z").await.expect("explains");
        assert!(codes(&silent).contains(&"case.handed_over"), "{:?}", codes(&silent));
    }
}

#[tokio::test]
async fn a_plan_was_there_from_its_agreement_to_its_end() {
    for mut world in worlds("planned_then").await {
        world.import("orders.csv", &orders()).await;
        let found = find(&world, "INV-2026-003").await;
        world.set_clock(LATER);
        let part = |on: &str| Instalment {
            on: on.parse().expect("a day"),
            amount: Money::parse("440.00", Currency::USD).expect("money"),
        };
        let terms = PlanTerms { late_days: 10, all_due: true, words: String::new() };
        agree_plan(&world.house, &found, &[part("2026-04-01"), part("2026-05-01")], &terms).await.expect("agreed");
        world.set_clock("2026-03-13T09:00:00Z");
        end_plan(&world.house, &found, "by mistake").await.expect("ended");
        for (instant, is_there) in [(MORNING, false), ("2026-03-12T09:00:00Z", true), ("2026-03-14T09:00:00Z", false)] {
            world.set_clock(instant);
            let plan = tell_plan(&world.house, &found).await.expect("tells");
            let open = plan.as_ref().map(|plan| (plan.state.as_str(), plan.parts[0].outstanding.to_string()));
            assert_eq!(open, is_there.then(|| ("open", "USD 440.00".to_string())), "{instant}");
            let told = explain_at(&mut world, &found.number, instant).await.expect("explains");
            assert_eq!(codes(&told).contains(&"case.plan_agreed"), is_there, "{instant}: {:?}", codes(&told));
        }
    }
}

#[tokio::test]
async fn the_firm_s_settings_limits_and_decisions_of_then_hold_for_then() {
    for mut world in worlds("settings_then").await {
        world.import("orders.csv", &orders()).await;
        let before = explain_at(&mut world, "INV-2026-001", MORNING).await.expect("explains");
        assert_eq!(before.decision, Verdict::Letter);
        let rossi = find(&world, "INV-2026-001").await.party_id;
        let usd = |text: &str| Some(Money::parse(text, Currency::USD).expect("money"));
        set_credit_limit(&world.house, rossi, usd("5000.00")).await.expect("set");

        world.set_clock(LATER);
        set_review_all(&world.house, true).await.expect("changed");
        let rules = SupplyForm { is_on: true, days_overdue: 1, least: "USD 1".to_string() };
        change_supply_rules(&world.house, &rules).await.expect("changed");
        set_credit_limit(&world.house, rossi, usd("9000.00")).await.expect("set");
        stop_supply(&world.house, rossi, None, "vanished").await.expect("stopped");
        world.refresh().await;
        assert_eq!(
            explain_at(&mut world, "INV-2026-001", LATER).await.expect("explains").decision,
            Verdict::Approval,
            "everything is reviewed now"
        );
        let again = explain_at(&mut world, "INV-2026-001", MORNING).await.expect("explains");
        assert_eq!((again.decision, codes(&again)), (before.decision, codes(&before)));

        world.set_clock("2026-03-12T09:00:00Z");
        end_supply_decision(&world.house, rossi).await.expect("ended");
        for (instant, limit, state) in [
            (MORNING, "5000.00", "free"),
            ("2026-03-11T12:00:00Z", "9000.00", "stopped_by_hand"),
            ("2026-03-12T12:00:00Z", "9000.00", "stopped"),
        ] {
            world.set_clock(instant);
            let look = look_at_party(&world.house, rossi).await.expect("looks");
            assert_eq!((look.credit.limit, look.supply.code()), (usd(limit), state), "{instant}");
        }
    }
}
