//! A month of orders through both stand-ins: every path that an order can take, with tokens that end, throttles, faults, and
//! news of parcels that come late, twice and in any order. In the end every buyer has heard exactly what the table of paths
//! says ([paths.txt](month/paths.txt)), and nothing about a state that had passed.
//!
//! Three hundred orders in a test run, on SQLite; `cargo xtask month` lives through nine thousand, on either database.

mod desk;
mod judge;
mod post;
mod stands;
mod told;

use std::collections::BTreeMap;
use std::time::Instant;

use dunlin::house::Clock;
use dunlin::shop::ALIEXPRESS;
use dunlin::use_cases::follow_parcels::{follow_parcels, take_notices};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::{SendAccount, send_letters};
use dunlin::use_cases::sync_orders::{Watched, sync_orders};
use dunlin_core::case::LetterState;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use self::desk::{Agenda, look_through, look_up, work_at_the_market, work_here};
use self::judge::{Verdict, judge};
use self::post::Post;
use self::stands::{Stands, minutes};
use self::told::{Order, Table};
use crate::world::{MORNING, World, at, world_on_postgres, world_on_sqlite};

const ORDERS: usize = 300;
/// Orders are placed on so many days; the stories of the last are lived to their end.
const DAYS_OF_ORDERS: i64 = 30;
const DAYS: i64 = 61;
/// Hours of the day, in UTC, at which the firm reads its shop.
const ROUNDS: [i64; 5] = [6, 9, 12, 15, 18];
/// Between the reading of the shop and what follows from it, so that every order has to be read once more.
const MINUTES_BETWEEN: i64 = 7;
/// One round in so many meets a fault.
const CALM: u64 = 9;
const FIRST_DAY: &str = "2026-03-05T00:00:00Z";

/// Chance that a seed makes (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }
}

/// A number from the environment.
fn wished(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => usual,
    }
}

/// On SQLite, or where `DUNLIN_MONTH_DB` says so.
async fn world_of_the_month() -> World {
    match std::env::var("DUNLIN_MONTH_DB").as_deref() {
        Err(_) | Ok("sqlite") => world_on_sqlite().await,
        Ok("postgres") => world_on_postgres("month").await,
        Ok(other) => panic!("DUNLIN_MONTH_DB names no database: {other}"),
    }
}

/// The orders of the month: every path as often as every other, on days and minutes of chance.
fn orders_of(table: &Table, count: usize, dice: &mut Dice) -> Vec<Order> {
    let first = at(FIRST_DAY);
    (0..count)
        .map(|index| {
            let place = index % table.paths.len();
            let path = &table.paths[place];
            // The longest stories begin early enough to be told.
            let days = DAYS_OF_ORDERS.min(DAYS - path.days());
            let day = i64::try_from(dice.below(u64::try_from(days).expect("a short path"))).expect("days");
            let moved = if path.sharp { 0 } else { i64::try_from(dice.below(41)).expect("minutes") };
            Order {
                path: place,
                buyer: 1_000_000 + u32::try_from(index).expect("not so many"),
                begins: first + SignedDuration::from_hours(24 * day),
                moved: SignedDuration::from_mins(moved),
                number: String::new(),
                worked: vec![None; path.lines.len()],
            }
        })
        .collect()
}

/// Enough articles of a kind that something can be offered for each.
fn catalogue() -> String {
    let mut text = String::from("SKU,Title,Category,Attributes,Price,Currency,Product URL,Stock\n");
    for n in 0..300 {
        let page = format!("https://www.aliexpress.com/item/{}.html", 1_005_001_000_000_000_u64 + n);
        text += &format!("SKU-{n},Article {n},Kind {},,49.90,USD,{page},90\n", n % 10);
    }
    text
}

/// How often what was made difficult.
#[derive(Debug, Default)]
struct Trouble {
    tokens_ended: usize,
    bans: usize,
    faults: usize,
    lost_answers: usize,
    messages_in_doubt: usize,
    tracking_faults: usize,
    forged: usize,
    known: usize,
    late: usize,
    looked_up: usize,
}

/// A fault of the marketplace, for the next reading of the shop or the next message.
async fn make_trouble(stands: &Stands, dice: &mut Dice, trouble: &mut Trouble) {
    match dice.below(CALM * 6) {
        0 => {
            stands.end_tokens().await;
            trouble.tokens_ended += 1;
        }
        1 => {
            let message = "The request frequency of the app exceeds the limit. This ban will last 1 seconds";
            stands.shop_fault(json!({"code": "AppCallLimit", "message": message})).await;
            trouble.bans += 1;
        }
        2 => {
            let fault = json!({"times": 2, "http_status": 500, "sub_code": "isp.remote-service-timeout"});
            stands.shop_fault(fault).await;
            trouble.faults += 1;
        }
        3 => {
            let fault = json!({"http_status": 500, "sub_code": "isp.remote-service-timeout", "only": "addmsg",
                "after_the_work": true});
            stands.shop_fault(fault).await;
            trouble.lost_answers += 1;
        }
        4 => {
            let fault = json!({"http_status": 500, "sub_code": "isp.remote-service-timeout", "only": "addmsg"});
            stands.shop_fault(fault).await;
            trouble.messages_in_doubt += 1;
        }
        5 => {
            stands.tracking_fault("throttled").await;
            trouble.tracking_faults += 1;
        }
        _ => {}
    }
}

async fn read_shop(world: &World) {
    let account = sync_orders(&world.house, Watched { job: None }).await.expect("syncs").expect("a shop");
    assert!(account.complete, "{account:?}");
    assert_eq!(account.unreadable, 0, "{account:?}");
}

async fn send(world: &World) -> SendAccount {
    let account = send_letters(&world.house).await.expect("sends");
    assert_eq!((account.failed, account.to_paste), (0, 0), "{:?}", account.notes);
    account
}

/// What a month has beside the world.
struct Month {
    table: Table,
    orders: Vec<Order>,
    /// Places of the orders by their numbers.
    places: BTreeMap<String, usize>,
    stands: Stands,
    post: Post,
    at_the_market: Agenda,
    here: Agenda,
    dice: Dice,
    trouble: Trouble,
}

impl Month {
    async fn open(world: &World, count: usize, seed: u64) -> Self {
        let table = Table::read(include_str!("month/paths.txt"));
        let mut dice = Dice(seed);
        let mut orders = orders_of(&table, count, &mut dice);
        let stands = Stands::open(at(MORNING), seed).await;
        stands.connect(world).await;
        stands.plan(&table, &mut orders).await;
        let places = orders.iter().enumerate().map(|(place, order)| (order.number.clone(), place)).collect();
        let (at_the_market, here) = (Agenda::of(&table, &orders, true), Agenda::of(&table, &orders, false));
        let post = Post::open(world).await;
        Self { table, orders, places, stands, post, at_the_market, here, dice, trouble: Trouble::default() }
    }

    /// What the firm does at one hour.
    async fn round(&mut self, world: &mut World, hour: Timestamp) {
        let before = minutes(hour, -1);
        self.stands.go_to(before).await;
        let due = (&self.table, self.orders.as_mut_slice());
        work_at_the_market(world, due, &mut self.at_the_market, (before, hour)).await;
        make_trouble(&self.stands, &mut self.dice, &mut self.trouble).await;
        self.stands.go_to(hour).await;
        world.house.clock = Clock::Fixed(hour);
        read_shop(world).await;

        let now = minutes(hour, MINUTES_BETWEEN);
        self.stands.go_to(now).await;
        world.house.clock = Clock::Fixed(now);
        follow_parcels(&world.house).await.expect("handed over");
        let told = self.stands.told().await;
        self.post.take_in(told, (&self.table, self.orders.as_slice()), &mut self.dice);
        let delivered = self.post.deliver(world, &mut self.dice).await;
        self.trouble.forged += delivered.forged;
        self.trouble.known += delivered.known;
        while take_notices(&world.house).await.expect("taken") > 0 {}
        work_here(world, (&self.table, self.orders.as_mut_slice()), &mut self.here).await;

        let account = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(account.refused, 0, "the audit refused a plan at {now}");
        look_through(world, (&self.table, self.orders.as_mut_slice()), &self.places).await;
        send(world).await;
        let looked_up = look_up(world, &self.stands).await;
        if looked_up > 0 {
            self.trouble.looked_up += looked_up;
            send(world).await;
        }
    }
}

fn print(verdict: &Verdict, trouble: &Trouble) {
    println!("{:<34} {:>6} {:>6}", "path", "right", "wrong");
    for (path, (right, wrong)) in &verdict.counts {
        println!("{path:<34} {right:>6} {wrong:>6}");
    }
    println!("{trouble:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_order_of_a_month_hears_exactly_what_its_path_calls_for() {
    let count = usize::try_from(wished("DUNLIN_MONTH_ORDERS", ORDERS as u64)).expect("a number of orders");
    let seed = wished("DUNLIN_MONTH_SEED", 1);
    let begun = Instant::now();
    let mut world = world_of_the_month().await;
    world.house.in_site = None;
    world.import("catalogue.csv", &catalogue()).await;
    let mut month = Month::open(&world, count, seed).await;
    let (store, tenant) = (world.house.store.clone(), world.house.tenant.id);
    let first_tokens = store.connection(tenant, ALIEXPRESS).await.expect("reads").expect("connected").token_version;
    for day in 0..DAYS {
        for hour in ROUNDS {
            month.round(&mut world, at(FIRST_DAY) + SignedDuration::from_hours(24 * day + hour)).await;
        }
    }

    month.trouble.late = month.post.late;
    let verdict = judge(&world, &month.stands, (&month.table, month.orders.as_slice())).await;
    print(&verdict, &month.trouble);
    println!(
        "month: {count} orders, {} messages, {} wrong, seed {seed}, {:.0} s",
        verdict.messages,
        verdict.wrong.len(),
        begun.elapsed().as_secs_f64()
    );
    assert!(verdict.wrong.is_empty(), "seed {seed}:\n{}", verdict.wrong[..verdict.wrong.len().min(60)].join("\n"));
    for state in
        [LetterState::Review, LetterState::ToPaste, LetterState::Sending, LetterState::Failed, LetterState::Uncertain]
    {
        let left = store.letters_in(tenant, state, 10).await.expect("reads");
        assert!(left.is_empty(), "{state:?}: {left:?}");
    }
    // Where more time was to be given, it was asked for once.
    let asked = month.stands.extensions().await;
    for order in &month.orders {
        let wanted = usize::from(month.table.paths[order.path].name == "protection_extended");
        let number: Option<u64> = order.number.parse().ok();
        let found = asked.iter().filter(|one| one["order_id"].as_u64() == number).count();
        assert_eq!(found, wanted, "more time for order {} of {}", order.number, month.table.paths[order.path].name);
    }
    // It was as difficult as it should have been.
    let tokens = store.connection(tenant, ALIEXPRESS).await.expect("reads").expect("connected").token_version;
    assert!(tokens > first_tokens + DAYS / 2, "tokens were renewed {} times", tokens - first_tokens);
    let trouble = &month.trouble;
    assert!(trouble.known > 0 && trouble.late > 0 && trouble.forged > 0, "{trouble:?}");
    let met = [trouble.tokens_ended, trouble.bans, trouble.faults, trouble.lost_answers, trouble.messages_in_doubt];
    assert!(met.iter().all(|times| *times > 0), "{trouble:?}: choose another seed");
    let (findings, _) = store.doctor().await.expect("looks");
    assert!(findings.is_empty(), "{findings:?}");
}
