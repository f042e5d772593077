//! The people of the firm in a month of orders: they ship, say what is in stock, look at what waits for a yes, and look up
//! what nobody knows to have left. They do what the table says and nothing else.

use std::collections::BTreeMap;

use dunlin::house::Clock;
use dunlin::shop::Shop;
use dunlin::use_cases::approve_letter::{approve_letter, decline_letter, settle_letter};
use dunlin::use_cases::confirm_order::{apply_answer, ask, override_ask, put_in_answer};
use dunlin::use_cases::work_orders::{order_named, set_stock_of_orders};
use dunlin_channels::aliexpress::RemoteId;
use dunlin_channels::aliexpress::ship::ShipNotice;
use dunlin_core::case::LetterState;
use dunlin_store::StoredLetter;
use jiff::Timestamp;

use super::stands::Stands;
use super::told::{Event, Order, Table, Work};
use crate::world::{World, as_person};

const ANSWER: &str = "Name: Ivan Petrovich Sidorov\nPostcode: 101000";

/// What is still to be done, by the moment at which the table wants it: places of the order and of the line.
#[derive(Default)]
pub struct Agenda(BTreeMap<Timestamp, Vec<(usize, usize)>>);

impl Agenda {
    /// The work of all orders; at the marketplace, or here.
    pub fn of(table: &Table, orders: &[Order], at_the_market: bool) -> Self {
        let mut agenda = Self::default();
        for (place, order) in orders.iter().enumerate() {
            for (nth, line) in table.paths[order.path].lines.iter().enumerate() {
                let Some(Event::Desk(work)) = line.event() else { continue };
                if work.is_at_the_market() == at_the_market {
                    let at = order.moment(line).expect("a moment");
                    agenda.0.entry(at).or_default().push((place, nth));
                }
            }
        }
        agenda
    }

    fn due(&mut self, now: Timestamp) -> Vec<(usize, usize)> {
        let mut due = Vec::new();
        while let Some(next) = self.0.first_entry().filter(|next| *next.key() <= now) {
            due.extend(next.remove());
        }
        due
    }
}

fn work_at(table: &Table, order: &Order, nth: usize) -> Work {
    match table.paths[order.path].lines[nth].event() {
        Some(Event::Desk(work)) => work.clone(),
        _ => panic!("{} has no work on line {nth}", order.number),
    }
}

/// Ships, at the marketplace, by `now`: what the table wants until `wanted`.
pub async fn work_at_the_market(
    world: &mut World,
    (table, orders): (&Table, &mut [Order]),
    agenda: &mut Agenda,
    (now, wanted): (Timestamp, Timestamp),
) {
    let due = agenda.due(wanted);
    if due.is_empty() {
        return;
    }
    world.house.clock = Clock::Fixed(now);
    let shop = Shop::open(&world.house).await.expect("opens").expect("a shop");
    for (place, nth) in due {
        let order = &mut orders[place];
        let number = RemoteId::parse(&order.number).expect("a number");
        match work_at(table, order, nth) {
            Work::Ships { parcel, in_part } => {
                let notice = ShipNotice {
                    service_name: table.paths[order.path].carrier.clone(),
                    tracking_number: order.tracking(parcel),
                    complete: !in_part,
                    ..ShipNotice::default()
                };
                shop.session.report_shipment(number, &notice).await.expect("shipped");
            }
            other => panic!("{other:?} is not done at the marketplace"),
        }
        order.worked[nth] = Some(now);
    }
}

/// What people say of orders here, once the shop was read.
pub async fn work_here(world: &World, (table, orders): (&Table, &mut [Order]), agenda: &mut Agenda) {
    let now = world.house.now();
    let person = as_person(&world.house, "Lin Yue");
    for (place, nth) in agenda.due(now) {
        let order = &mut orders[place];
        let found = order_named(&world.house, &order.number).await.expect("known");
        match work_at(table, order, nth) {
            Work::OutOfStock => {
                set_stock_of_orders(&person, &[found.id], false).await.expect("told");
            }
            Work::InStock => {
                set_stock_of_orders(&person, &[found.id], true).await.expect("told");
            }
            Work::Asks(kind) => {
                ask(&person, &found, kind, true, "as the buyer wrote").await.expect("asked");
            }
            Work::Settles => override_ask(&person, &found, None, "settled in the chat").await.expect("settled"),
            Work::TakesTheAnswer => {
                put_in_answer(&person, &found, None, ANSWER).await.expect("read");
                apply_answer(&person, &found, None).await.expect("applied");
            }
            // When the letter comes up.
            Work::Declines(_) => continue,
            other => panic!("{other:?} is done at the marketplace"),
        }
        order.worked[nth] = Some(now);
    }
}

/// The place of the order that a letter is about.
async fn place_of(world: &World, places: &BTreeMap<String, usize>, letter: &StoredLetter) -> usize {
    let numbers = world.house.store.orders_of_letter(world.house.tenant.id, letter).await.expect("orders");
    *numbers.first().and_then(|number| places.get(number)).expect("an order of the month")
}

/// Looks at what waits for a yes. Everything gets it that the table does not decline.
pub async fn look_through(world: &World, (table, orders): (&Table, &mut [Order]), places: &BTreeMap<String, usize>) {
    let (store, tenant) = (&world.house.store, world.house.tenant.id);
    let person = as_person(&world.house, "Lin Yue");
    for letter in store.letters_in(tenant, LetterState::Review, 10_000).await.expect("reads") {
        let order = &mut orders[place_of(world, places, &letter).await];
        let path = &table.paths[order.path];
        if !path.declines(&letter.letter) {
            approve_letter(&person, letter.number, None).await.expect("approved");
            continue;
        }
        decline_letter(&person, letter.number, "it is not ours to give").await.expect("declined");
        for (line, worked) in path.lines.iter().zip(order.worked.iter_mut()) {
            if matches!(line.event(), Some(Event::Desk(Work::Declines(_)))) {
                *worked = Some(world.house.now());
            }
        }
    }
}

/// Looks up what may or may not have left, in the chats of the marketplace. Returns how many there were.
pub async fn look_up(world: &World, stands: &Stands) -> usize {
    let (store, tenant) = (&world.house.store, world.house.tenant.id);
    let uncertain = store.letters_in(tenant, LetterState::Uncertain, 10_000).await.expect("reads");
    if uncertain.is_empty() {
        return 0;
    }
    let person = as_person(&world.house, "Lin Yue");
    let messages = stands.messages().await;
    let sent = store.letters_in(tenant, LetterState::Sent, 1_000_000).await.expect("reads");
    for letter in &uncertain {
        let number = store.orders_of_letter(tenant, letter).await.expect("orders").remove(0);
        let is_about =
            |message: &&serde_json::Value| message["extern_id"].as_i64().is_some_and(|id| id.to_string() == number);
        let arrived = messages.iter().filter(is_about).count();
        let mut noted = 0;
        for other in sent.iter().filter(|other| other.party_id == letter.party_id) {
            let about = store.orders_of_letter(tenant, other).await.expect("orders");
            noted += usize::from(about.first() == Some(&number));
        }
        settle_letter(&person, letter.number, arrived > noted).await.expect("settled");
    }
    uncertain.len()
}
