//! Marketplace sellers without a connected shop: orders, their way and the platform's payouts come as files, on both databases.

use dunlin::import::{ImportOptions, ImportReport, import_into};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin_core::ids::PartyId;
use dunlin_core::order::OrderSource;
use dunlin_core::order::story::OrderWord;
use dunlin_core::receivable::Obligor;
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_store::{LogFilter, Scope};

use crate::world::{World, worlds};

const HEADER: &str = "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Login,Buyer Country,Product Name,SKU,\
                      Quantity,Order Amount,Currency,Ship By (UTC),Carrier,Tracking Number,Shipped At (UTC)\n";

fn unpaid() -> String {
    format!("{HEADER}8101,等待买家付款,2026-03-03 10:00:00,,mx1,Mexico,Tent,TN-1,1,50.00,USD,,,,\n")
}

fn paid() -> String {
    format!(
        "{HEADER}8101,等待您发货,2026-03-03 10:00:00,2026-03-04 08:30:00,mx1,Mexico,Tent,TN-1,1,50.00,USD,2026-03-08 08:30:00,,,\n"
    )
}

fn shipped() -> String {
    format!(
        "{HEADER}8101,等待买家收货,2026-03-03 10:00:00,2026-03-04 08:30:00,mx1,Mexico,Tent,TN-1,1,50.00,USD,2026-03-08 08:30:00,\
         China Post,LP00123456789CN,2026-03-05 03:00:00\n"
    )
}

async fn take(world: &World, name: &str, text: &str) -> ImportReport {
    let taken = import_into(&world.house, name, text.as_bytes(), &ImportOptions::default()).await;
    let report = taken.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(report.problems.is_empty(), "{name}: {:?}", report.problems);
    report
}

#[tokio::test]
async fn a_file_that_names_another_number_corrects_it() {
    for mut world in worlds("shop_files_number").await {
        world.set_clock("2026-03-05T09:00:00Z");
        take(&world, "wednesday.csv", &shipped()).await;
        let report = take(&world, "thursday.csv", &shipped().replace("LP00123456789CN", "LP00999999999CN")).await;
        let told: Vec<(&str, &str, &str)> = report
            .corrections
            .iter()
            .map(|one| (one.field.as_str(), one.before.as_str(), one.after.as_str()))
            .collect();
        assert_eq!(told, [("parcel", "LP00123456789CN", "LP00999999999CN")]);
        let (party_id, _, parcels, ..) = standing(&world).await;
        assert_eq!(parcels, ["LP00999999999CN"]);
        let house = &world.house;
        let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await.expect("reads");
        let order = &facts[0].orders[0];
        assert_eq!(order.parcels[0].replaces, Some(order.former_parcels[0].id), "it is the same parcel");
        assert_eq!(order.parcels[0].shipped_at, order.former_parcels[0].shipped_at);
        // The same file twice changes nothing.
        let again = take(&world, "thursday.csv", &shipped().replace("LP00123456789CN", "LP00999999999CN")).await;
        assert_eq!((again.counts.unchanged, again.corrections.len()), (1, 0));
    }
}

/// How the one order stands: its word, its parcels, who owes, and what is outstanding.
async fn standing(world: &World) -> (PartyId, OrderWord, Vec<String>, Obligor, String) {
    let mut commit = world.house.begin_as_system().await.expect("begins");
    let order = commit.order_by_number(OrderSource::Marketplace, "8101").await.expect("reads").expect("known");
    let party_id = order.fields.party_id;
    let known = commit.known_order(party_id, order.id).await.expect("reads");
    let parcels = commit.parcel_numbers(party_id, order.id).await.expect("reads");
    let facts = commit.facts(Scope::One(party_id)).await.expect("reads");
    let [item] = &facts[0].receivables[..] else { panic!("{:?}", facts[0].receivables) };
    let outstanding = item.outstanding().expect("sums").decimal();
    (party_id, known.story.standing().word, parcels, item.receivable.obligor, outstanding)
}

async fn run(world: &World) -> usize {
    let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
    account.written.letters
}

#[tokio::test]
async fn a_file_stops_the_reminder_and_leads_the_order_on_to_its_payout() {
    for mut world in worlds("shop_files").await {
        // Night in Mexico: the reminder waits for the morning there.
        take(&world, "monday.csv", &unpaid()).await;
        assert_eq!(run(&world).await, 1, "the first reminder");
        let report = take(&world, "tuesday.csv", &paid()).await;
        assert_eq!((report.letters_cancelled, report.orders_told), (1, 1), "in the change that told of the payment");
        let (_, word, _, obligor, _) = standing(&world).await;
        assert_eq!((word, obligor), (OrderWord::Paid, Obligor::Platform));
        let again = take(&world, "tuesday.csv", &paid()).await;
        assert_eq!((again.counts.unchanged, again.orders_told, again.letters_cancelled), (1, 0, 0));

        world.set_clock("2026-03-05T09:00:00Z");
        take(&world, "wednesday.csv", &shipped()).await;
        let (_, word, parcels, obligor, _) = standing(&world).await;
        assert_eq!((word, obligor), (OrderWord::Shipped, Obligor::Platform));
        assert_eq!(parcels, ["LP00123456789CN"]);
        // The files of the days before, in the wrong order and not byte for byte.
        for (name, text) in [("tuesday.csv", paid()), ("monday.csv", unpaid())] {
            let report = take(&world, name, &format!("{text}\n")).await;
            assert_eq!((report.counts.unchanged, report.older_orders, report.corrections.len()), (1, 1, 0), "{name}");
        }
        let (party_id, word, _, obligor, outstanding) = standing(&world).await;
        assert_eq!((word, obligor, outstanding.as_str()), (OrderWord::Shipped, Obligor::Platform, "50.00"));

        world.set_clock("2026-04-02T09:00:00Z");
        let payout = "订单号,放款总额,平台佣金,联盟佣金,放款金额,币种,放款时间\n\
                      8101,50.00,2.50,1.50,46.00,USD,2026-04-01 10:00:00\n\
                      8101,-20.00,-1.00,,-19.00,USD,2026-04-01 12:00:00\n";
        let report = take(&world, "payouts.csv", payout).await;
        assert_eq!((report.counts.added, report.letters_cancelled), (2, 0));
        assert_eq!(standing(&world).await.4, "0.00");
        let house = &world.house;
        let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await.expect("reads");
        let item = &facts[0].receivables[0];
        let sum = |kind: LedgerKind| -> i64 {
            item.entries.iter().filter(|line| line.kind == kind).map(|line| line.amount.minor).sum()
        };
        assert_eq!(sum(LedgerKind::Allocation), 2_700);
        assert_eq!((sum(LedgerKind::Fee), sum(LedgerKind::Credit)), (300, 2_000));
        assert!(house.store.unplaced_payments(house.tenant.id).await.expect("reads").is_empty());
        // Nobody is thanked for what the platform paid out.
        run(&world).await;
        let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await.expect("reads");
        let taken = facts[0].receivables[0].case.iter().flat_map(|case| &case.steps);
        assert!(taken.into_iter().all(|step| &*step.step != "thanks"));
        let (findings, _) = house.store.doctor().await.expect("looks");
        assert!(findings.is_empty(), "the books are sound");
        let again = take(&world, "payouts.csv", payout).await;
        assert_eq!((again.counts.added, again.counts.unchanged), (0, 2));

        let log = house.store.audit_log(house.tenant.id, &LogFilter::default(), 200).await.expect("reads");
        let line = log.iter().find(|line| line.verb == "file.imported" && line.facts["kind"] == "payouts");
        let line = line.expect("the payouts are in the log");
        assert_eq!(line.facts["fees"], serde_json::json!(["USD 3.00"]));
        assert_eq!(line.facts["taken_back"], serde_json::json!(["USD 19.00"]));
    }
}
