//! Stop-supply, credit limits and the risks of orders, from the file to the page. The same on both databases.

use dunlin::house::Forbidden;
use dunlin::use_cases::decide_supply::{
    SupplyForm, SupplyLook, allow_supply, change_supply_rules, end_supply_decision, look_at_party, set_credit_limit,
    stop_supply, stopped_in_sight,
};
use dunlin::use_cases::lower_outstanding::lower_outstanding;
use dunlin::use_cases::merge_parties::{merge_parties, separate_parties};
use dunlin::use_cases::standing_facts::{Found, add_dispute, add_hold, resolve_dispute};
use dunlin_core::access::{Right, Role};
use dunlin_core::ids::PartyId;
use dunlin_core::money::{Currency, Money};
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_store::{ActingUser, Actor, LogFilter, Sight, Via};

use crate::api::{Program, open};
use crate::site::Site;
use crate::world::{HEADER, MORNING, World, program as program_itself, worlds};

/// A debt of Rossi that is 68 days late, an order of theirs in production with risky words, one on the water; and a new
/// buyer in Madrid.
fn file() -> String {
    format!(
        "{HEADER}\
         QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"12,430.00\",OA 30 days,2025-11-10,INV-1,2025-11-26\n\
         QH-7,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"9,000.00\",\"30% deposit, 70% 45 days after B/L date, telex release\",2026-02-20,,\n\
         QH-3,C002,Campo y Río S.L.,西班牙,José Gil,财务,jose@campo.example,USD,880.00,OA 60 days,2026-02-20,INV-3,2026-02-20\n"
    )
}

async fn party(world: &World, name: &str) -> PartyId {
    world.house.store.find_party(world.house.tenant.id, name).await.expect("reads").expect("known").0
}

async fn receivable(world: &World, name: &str) -> Found {
    world.house.store.find_receivable(world.house.tenant.id, name).await.expect("known").into()
}

async fn look(world: &World, id: PartyId) -> SupplyLook {
    look_at_party(&world.house, id).await.expect("looks")
}

fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).expect("money")
}

fn numbers(look: &SupplyLook) -> Vec<&str> {
    look.orders.iter().map(|order| order.number.as_str()).collect()
}

fn risks(look: &SupplyLook) -> Vec<(&'static str, Vec<&str>)> {
    look.risks_by_kind().into_iter().map(|(warning, orders)| (warning.code.code(), orders)).collect()
}

fn refusal<T: std::fmt::Debug>(outcome: anyhow::Result<T>, words: &str) {
    let text = outcome.expect_err("refused").to_string();
    assert!(text.contains(words), "‘{words}’ is not in: {text}");
}

#[tokio::test]
async fn a17_a_serious_debt_holds_the_other_orders_back_until_it_is_settled_or_a_person_decides() {
    for mut world in worlds("supply").await {
        world.import("orders.csv", &file()).await;
        let (rossi, campo) = (party(&world, "C001").await, party(&world, "C002").await);
        let told = look(&world, rossi).await;
        assert_eq!((told.supply.code(), numbers(&told)), ("stopped", vec!["QH-7"]));
        let debt = told.supply.debt().expect("a debt");
        assert_eq!(debt.overdue, [usd("12430.00")]);
        assert_eq!((debt.oldest.to_string(), debt.since.to_string()), ("2025-12-26".into(), "2026-01-25".into()));
        assert_eq!(look(&world, campo).await.supply.code(), "free");
        let stopped = stopped_in_sight(&world.house).await.expect("looks");
        assert_eq!(stopped.iter().map(|look| look.number.as_str()).collect::<Vec<_>>(), ["D-0001"]);

        // A pause is about letters; a dispute over all of it is about the debt.
        let (house, first) = (&world.house, receivable(&world, "INV-1").await);
        add_hold(house, rossi, None, "2026-04-01".parse().expect("a day"), "fair").await.expect("held");
        assert!(look(&world, rossi).await.supply.is_stopped());
        add_dispute(house, &first, None, "wet").await.expect("noted");
        assert_eq!(look(&world, rossi).await.supply.code(), "free");
        assert_eq!(stopped_in_sight(house).await.expect("looks").len(), 0);
        resolve_dispute(house, &first, "dried").await.expect("settled");

        refusal(allow_supply(house, rossi, "2026-03-03".parse().expect("a day"), "late").await, "would be over");
        refusal(allow_supply(house, rossi, "2026-03-10".parse().expect("a day"), " ").await, "reason");
        refusal(end_supply_decision(house, rossi).await, "no decision about supply holds for D-0001");
        allow_supply(house, rossi, "2026-03-10".parse().expect("a day"), "their bank confirmed")
            .await
            .expect("allowed");
        assert_eq!(look(&world, rossi).await.supply.code(), "allowed");
        assert_eq!(stopped_in_sight(&world.house).await.expect("looks").len(), 0);
        world.set_clock("2026-03-11T09:00:00Z");
        assert_eq!(look(&world, rossi).await.supply.code(), "stopped", "it has ended by itself");
        let lines = world.house.store.audit_log(world.house.tenant.id, &LogFilter::default(), 20).await.expect("a log");
        assert!(lines.iter().any(|line| line.verb == "supply.allowed" && line.facts["until"] == "2026-03-10"));

        let settled = lower_outstanding(&world.house, &first, LedgerKind::WriteOff, None, "settled").await;
        settled.expect("nothing is open");
        assert_eq!(look(&world, rossi).await.supply.code(), "free");
        stop_supply(&world.house, rossi, None, "their agent has vanished").await.expect("stopped");
        let told = look(&world, rossi).await;
        assert_eq!((told.supply.code(), numbers(&told)), ("stopped_by_hand", vec!["QH-7"]));
        assert_eq!(stopped_in_sight(&world.house).await.expect("looks").len(), 1);
        let mut of_nobody = world.house.clone();
        of_nobody.sight = Sight::Of(Vec::new());
        assert_eq!(stopped_in_sight(&of_nobody).await.expect("looks").len(), 0);
        end_supply_decision(&world.house, rossi).await.expect("ended");
        assert_eq!(look(&world, rossi).await.supply.code(), "free");
        assert!(world.house.store.doctor().await.expect("looks").0.is_empty());
    }
}

#[tokio::test]
async fn only_debtors_above_the_rule_are_read_and_those_with_most_orders_first() {
    for world in worlds("supply_list").await {
        let late = |order: &str, code: &str, name: &str, amount: &str, invoice: &str| {
            format!(
                "{order},{code},{name},意大利,,,{code}@x.example,USD,{amount},OA 30 days,2025-11-10,{invoice},2025-11-26\n"
            )
        };
        let waits = |order: &str, code: &str, name: &str| {
            format!(
                "{order},{code},{name},意大利,,,{code}@x.example,USD,900.00,\"30% deposit, 70% before shipment\",2026-02-20,,\n"
            )
        };
        // Below the least sum; above it in two debts, with one order and with two; above it and nothing waits.
        let rows = [
            late("QA-1", "C001", "Alba", "100.00", "INV-1"),
            waits("QA-2", "C001", "Alba"),
            late("QB-1", "C002", "Brio", "300.00", "INV-2"),
            late("QB-2", "C002", "Brio", "300.00", "INV-3"),
            waits("QB-3", "C002", "Brio"),
            late("QC-1", "C003", "Cima", "5000.00", "INV-4"),
            waits("QC-2", "C003", "Cima"),
            waits("QC-3", "C003", "Cima"),
            late("QD-1", "C004", "Duca", "5000.00", "INV-5"),
        ];
        world.import("orders.csv", &format!("{HEADER}{}", rows.concat())).await;
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let rules = world.house.tenant.settings.supply.clone();
        let days = ("2026-02-02".parse().expect("a day"), "2026-03-04".parse().expect("a day"));
        let read = async |limit| {
            let least = Some(rules.least.as_slice());
            store.maybe_stopped(tenant, &Sight::Everybody, least, days, limit).await.expect("reads")
        };
        let (brio, cima) = (party(&world, "C002").await, party(&world, "C003").await);
        assert_eq!(read(100).await, [cima, brio]);
        assert_eq!(read(1).await, [cima]);
        assert!(store.maybe_stopped(tenant, &Sight::Everybody, None, days, 9).await.expect("reads").is_empty());
        let stopped = stopped_in_sight(&world.house).await.expect("looks");
        assert_eq!(stopped.iter().map(|look| look.party_id).collect::<Vec<_>>(), [cima, brio]);
        // Both in one line, which leads to the two of them and to nobody else.
        let owner = Site::open(&world).await.enter(&world, Role::Owner).await;
        let today = owner.get("/today").await;
        assert_eq!(today.matches("Stop supply to").count(), 1, "{today}");
        assert!(
            today.contains("Stop supply to 2 buyers: ") && today.contains("\"/debtors?supply=stopped\""),
            "{today}"
        );
        let list = owner.get("/debtors?supply=stopped").await;
        for (name, is_there) in [("Cima", true), ("Brio", true), ("Alba", false), ("Duca", false)] {
            assert_eq!(list.contains(name), is_there, "{name}: {list}");
        }

        // A part in dispute takes one of them below the least sum; a decision takes the other out.
        let disputed = receivable(&world, "INV-2").await;
        add_dispute(&world.house, &disputed, Some(usd("200.00")), "short").await.expect("noted");
        assert_eq!(read(100).await, [cima]);
        allow_supply(&world.house, cima, "2026-03-10".parse().expect("a day"), "their bank").await.expect("allowed");
        assert!(read(100).await.is_empty());
        resolve_dispute(&world.house, &disputed, "agreed").await.expect("settled");
        lower_outstanding(&world.house, &disputed, LedgerKind::WriteOff, None, "settled").await.expect("given up");
        assert!(read(100).await.is_empty(), "300 is less than the least sum");
        assert!(world.house.store.doctor().await.expect("looks").0.is_empty());
    }
}

#[tokio::test]
async fn the_firm_says_when_a_debt_is_serious() {
    for mut world in worlds("supply_rules").await {
        world.import("orders.csv", &file()).await;
        let rossi = party(&world, "C001").await;
        let form = |on: bool, days: i64, least: &str| SupplyForm { is_on: on, days_overdue: days, least: least.into() };
        for (form, state) in [
            (form(true, 68, "USD 12430"), "stopped"),
            (form(true, 69, "USD 12430"), "free"),
            (form(true, 68, "USD 12,430.01"), "free"),
            (form(true, 30, "EUR 1"), "stopped"),
            (form(false, 30, ""), "free"),
        ] {
            change_supply_rules(&world.house, &form).await.expect("changed");
            world.refresh().await;
            assert_eq!(look(&world, rossi).await.supply.code(), state, "{form:?}");
        }
        refusal(change_supply_rules(&world.house, &form(true, 0, "")).await, "between 1 and 365");
        refusal(change_supply_rules(&world.house, &form(true, 30, "a lot")).await, "no least sum");
    }
}

#[tokio::test]
async fn b12_orders_warn_of_what_their_words_and_their_buyer_say() {
    for world in worlds("risks").await {
        let report = world.import("orders.csv", &file()).await;
        let counted: Vec<(&str, usize)> = report.risks.iter().map(|risk| (risk.code, risk.orders)).collect();
        assert_eq!(counted, [("new_buyer", 3), ("telex_release", 1), ("papers_gone", 1)]);
        let (rossi, campo) = (party(&world, "C001").await, party(&world, "C002").await);
        let told = look(&world, rossi).await;
        assert_eq!(
            risks(&told),
            [
                ("new_buyer", vec!["QH-1", "QH-7"]),
                ("telex_release", vec!["QH-7"]),
                ("papers_gone", vec!["QH-7"]),
                ("late_payer", vec!["QH-7"]),
            ]
        );
        assert_eq!(told.credit.exposure, [usd("21430.00")]);
        set_credit_limit(&world.house, campo, Some(usd("879.99"))).await.expect("set");
        let told = look(&world, campo).await;
        assert_eq!(told.credit.over, Some(usd("0.01")));
        assert_eq!(risks(&told), [("new_buyer", vec!["QH-3"]), ("over_limit", vec!["QH-3"])]);
        refusal(set_credit_limit(&world.house, campo, Some(usd("0.00"))).await, "above zero");
        set_credit_limit(&world.house, campo, None).await.expect("taken away");
        assert_eq!(look(&world, campo).await.credit.limit, None);

        let debtors = "客户编号,客户名称,国家,信用额度,币种\nC002,Campo y Río S.L.,西班牙,\"20,000.00\",EUR\nC009,Novo Lda,葡萄牙,many,EUR\n";
        let report = world.import("debtors.csv", debtors).await;
        assert_eq!((report.counts.added, report.counts.corrected, report.counts.left_out), (1, 1, 0), "{report:?}");
        assert_eq!(report.problems.len(), 1, "the limit that is no number: {:?}", report.problems);
        let limit = look(&world, campo).await.credit.limit;
        assert_eq!(limit.map(|limit| limit.to_string()).as_deref(), Some("EUR 20000.00"));
        let again = world.import("debtors2.csv", debtors).await;
        assert_eq!(again.counts.corrected, 0);
    }
}

#[tokio::test]
async fn who_is_merged_brings_the_decision_along_and_takes_it_home() {
    for world in worlds("supply_merge").await {
        let file = format!(
            "{HEADER}\
             QH-1,C001,Rossi Outdoor S.r.l.,意大利,,,anna@rossi.example,USD,100.00,OA 30 days,2026-02-10,INV-1,2026-02-26\n\
             QH-2,C002,Rossi Sport,意大利,,,rita@rossi.example,USD,100.00,OA 30 days,2026-02-10,INV-2,2026-02-26\n"
        );
        world.import("orders.csv", &file).await;
        let (stays, gone) = (party(&world, "C001").await, party(&world, "C002").await);
        stop_supply(&world.house, gone, None, "agent vanished").await.expect("stopped");
        merge_parties(&world.house, stays, gone).await.expect("merged");
        assert_eq!(look(&world, stays).await.supply.code(), "stopped_by_hand");
        separate_parties(&world.house, "D-0002", None).await.expect("separated");
        assert_eq!(look(&world, stays).await.supply.code(), "free");
        assert_eq!(look(&world, gone).await.supply.code(), "stopped_by_hand");
    }
}

#[tokio::test]
async fn pages_and_programs_show_it_and_only_those_with_the_right_decide() {
    for world in worlds("supply_pages").await {
        world.import("orders.csv", &file()).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        for (path, words) in [
            ("/today", "Stop supply to"),
            ("/debtors/D-0001", "No new goods since"),
            ("/receivables/R-0003", "No new goods since"),
            ("/receivables/R-0003", "telex release before payment"),
            ("/orders", "No new goods"),
            ("/settings/company", "USD 500.00"),
        ] {
            let page = owner.get(path).await;
            assert!(page.starts_with("HTTP/1.1 200") && page.contains(words), "{path} does not say ‘{words}’: {page}");
        }
        assert!(!owner.get("/receivables/R-0001").await.contains("No new goods since"), "its goods have left");
        let allow = "until=2026-03-10&reason=bank&next=/debtors/D-0001";
        let sales = site.enter(&world, Role::Sales).await;
        assert!(!sales.post("/debtors/D-0001/supply/allow", allow).await.starts_with("HTTP/1.1 303"));
        assert!(owner.post("/debtors/D-0001/supply/allow", allow).await.starts_with("HTTP/1.1 303"));
        assert!(owner.get("/debtors/D-0001").await.contains("New goods leave nevertheless"));
        assert!(!owner.get("/today").await.contains("Stop supply to"));
        let limit = "amount=5000&currency=USD&next=/debtors/D-0001";
        assert!(owner.post("/debtors/D-0001/credit-limit", limit).await.starts_with("HTTP/1.1 303"));
        assert!(owner.get("/debtors/D-0001").await.contains("16,430.00 above the limit"));

        let site = open(&world, 10_000).await;
        let program = Program::of_owner(&site, &world).await;
        let told = program.get("/v1/debtors/D-0001/supply").await.ok();
        assert_eq!((&told["state"], &told["orders"][0]), (&"allowed".into(), &"QH-7".into()), "{told}");
        assert_eq!(
            (&told["decision"]["until"], &told["over_limit"]["amount"]),
            (&"2026-03-10".into(), &"16430.00".into())
        );
        let ended = program.post("/v1/debtors/D-0001/supply/end", "").await.ok();
        assert_eq!((&ended["state"], &ended["decision"]), (&"stopped".into(), &serde_json::Value::Null));
        program.post("/v1/debtors/D-0001/supply/end", "").await.is_problem(409, "refused");
        let stopped = program.post("/v1/debtors/D-0002/supply/stop", r#"{"reason":"vanished"}"#).await.ok();
        assert_eq!(stopped["state"], "stopped_by_hand");
        let asked = r#"{"until":"2026-03-10","reason":"bank"}"#;
        assert_eq!(program.post("/v1/debtors/D-0001/supply/allow", asked).await.ok()["state"], "allowed");
        let limit = program.post("/v1/debtors/D-0001/credit-limit", r#"{"limit":null}"#).await.ok();
        assert_eq!(limit["credit_limit"], serde_json::Value::Null);
        let said = |words: &[&str]| {
            let mut command = program_itself();
            command.args(["party"]).args(words).args(["--db", &world.place, "--as-of", MORNING]);
            String::from_utf8(command.output().expect("starts").stdout).expect("text")
        };
        let told: serde_json::Value =
            serde_json::from_str(&said(&["limit", "D-0001", "5000", "USD", "--json"])).expect("one document");
        assert_eq!(told, program.get("/v1/debtors/D-0001/supply").await.ok(), "the same in the API");
        assert_eq!(told["credit_limit"]["amount"], "5000.00");
        let chinese = said(&["supply", "D-0001", "--lang", "zh"]);
        assert!(chinese.contains("信用额度") && chinese.contains("未发货订单"), "{chinese}");
        assert!(!["open", "limit", "above"].iter().any(|word| chinese.contains(word)), "{chinese}");
        assert!(said(&["limit", "D-0001", "--none", "--json"]).contains("\"credit_limit\": null"));

        let works = Program::of(&site, &world, Role::Owner, &[Right::See, Right::SeeEverybody, Right::Work]).await;
        let refused = works.post("/v1/debtors/D-0001/supply/allow", asked).await;
        refused.is_problem(403, "forbidden");
        assert_eq!(refused.body["right"], "approve_severe");
    }
}

#[tokio::test]
async fn whoever_may_not_is_told_which_right_is_missing() {
    for world in worlds("supply_rights").await {
        world.import("orders.csv", &file()).await;
        let rossi = party(&world, "C001").await;
        let seller = crate::site::hired(&world, Role::Sales).await;
        let mut house = world.house.clone();
        let user = ActingUser { id: seller.id, name: seller.name, role: seller.role };
        house.actor = Actor::user(Via::Page, user, String::new());
        let refused = stop_supply(&house, rossi, None, "why").await.expect_err("not theirs");
        assert_eq!(refused.downcast_ref::<Forbidden>().map(|forbidden| forbidden.right), Some(Right::ApproveSevere));
        let refused = set_credit_limit(&house, rossi, Some(usd("1.00"))).await.expect_err("not theirs");
        assert_eq!(refused.downcast_ref::<Forbidden>().map(|forbidden| forbidden.right), Some(Right::Money));
    }
}
