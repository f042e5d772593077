//! The demo's shop, played: the marketplace and the carriers tell what happens as the tables have it, and the firm's people
//! do their part, each at its minute. All of it goes in by the same use cases as in a real firm; only the calls to the
//! services are left out, so that a demo needs no network and takes no time.

use std::collections::BTreeSet;
use std::slice;

use anyhow::Context;
use jiff::Timestamp;

use dunlin_store::Actor;

use super::confirm_order::{ask, put_in_answer};
use super::follow_parcels::take_notices;
use super::sync_orders::take_told;
use super::work_orders::{hold_orders, order_named, set_stock_of_orders, stock_out};
use crate::demo::running::{Event, Minute, Sale, instant};
use crate::house::{Clock, House};

/// Letters of one departure; the demo has far fewer.
const MOST_LETTERS: i64 = 1_000;

/// Something that is still to happen to an order; `None`: it is placed.
type Coming = (Minute, &'static Sale, Option<&'static Event>);

/// The shop, and how far it was played.
pub struct ShopStage {
    sales: &'static [Sale],
    /// The beginning of the first day.
    start: Timestamp,
    coming: Vec<Coming>,
    next: usize,
    /// Who packs, holds and answers.
    hands: Actor,
}

impl ShopStage {
    pub fn new(sales: &'static [Sale], start: Timestamp, hands: Actor) -> Self {
        let mut coming: Vec<Coming> = Vec::new();
        for sale in sales {
            coming.push((sale.placed, sale, None));
            coming.extend(sale.events.iter().map(|(at, event)| (*at, sale, Some(event))));
        }
        coming.sort_by_key(|(at, sale, _)| (*at, sale.number));
        Self { sales, start, coming, next: 0, hands }
    }

    /// Lets everything happen until this instant, each thing at its own; the clock of the house goes along, and stays there.
    pub async fn play(&mut self, house: &mut House, until: Timestamp) -> anyhow::Result<()> {
        while let Some((at, sale, event)) = self.coming.get(self.next).copied() {
            let now = instant(self.start, at);
            if now > until {
                break;
            }
            self.next += 1;
            house.clock = Clock::Fixed(now);
            let outcome = match event {
                None => self.tell(house, slice::from_ref(sale), at).await,
                Some(event) if event.is_of_marketplace() => self.tell(house, slice::from_ref(sale), at).await,
                Some(Event::Scan { .. }) => self.track(house, sale, at).await,
                Some(event) => self.work(house, sale, event).await,
            };
            outcome.with_context(|| format!("order {} at {now}", sale.number))?;
        }
        house.clock = Clock::Fixed(until);
        Ok(())
    }

    /// The orders that a letter is about whose moment has come are read again, as a connected shop's would be: what leaves about
    /// one is right at that moment, and the others are nobody's concern.
    pub async fn read_again(&self, house: &House) -> anyhow::Result<()> {
        let (store, tenant) = (&house.store, house.tenant.id);
        let mut numbers: BTreeSet<String> = BTreeSet::new();
        for letter in store.letters_due(tenant, house.now(), MOST_LETTERS).await? {
            if letter.about.is_some() {
                numbers.extend(store.orders_named(tenant, &letter).await?);
            }
        }
        let now = house.now().duration_since(self.start).as_mins();
        let meant = self.sales.iter().filter(|sale| sale.placed <= now && numbers.contains(&sale.number.to_string()));
        let told = meant.map(|sale| sale.told_at(now, self.start)).collect::<Vec<_>>();
        if told.is_empty() {
            return Ok(());
        }
        take_told(house, told).await.map(drop)
    }

    async fn tell(&self, house: &House, sales: &[Sale], now: Minute) -> anyhow::Result<()> {
        let placed = sales.iter().filter(|sale| sale.placed <= now);
        let told = placed.map(|sale| sale.told_at(now, self.start)).collect();
        take_told(house, told).await.map(drop)
    }

    async fn track(&self, house: &House, sale: &Sale, now: Minute) -> anyhow::Result<()> {
        let Some((number, body)) = sale.notice_at(now, self.start) else { return Ok(()) };
        let (store, tenant) = (&house.store, house.tenant.id);
        store.note_followed(tenant, &[number.to_string()], "", house.now()).await?;
        store.keep_notice(tenant, "webhook", number, body.as_bytes(), house.now()).await?;
        take_notices(house).await.map(drop)
    }

    /// What people of the firm do, and what they put in for the buyer.
    async fn work(&self, house: &House, sale: &Sale, event: &Event) -> anyhow::Result<()> {
        let house = &house.clone().acting(self.hands.clone());
        let found = order_named(house, &sale.number.to_string()).await?;
        match *event {
            Event::InStock => set_stock_of_orders(house, &[found.id], true).await.map(drop),
            Event::Missing(places) => {
                let told = house.store.told_order(house.tenant.id, (found.party_id, found.id)).await?;
                stock_out(house, &told, places).await.map(drop)
            }
            Event::Held(why) => hold_orders(house, &[found.id], why, None).await.map(drop),
            Event::Ask { kind, holds, words } => ask(house, &found, kind, holds, words).await.map(drop),
            Event::Answered(text) => put_in_answer(house, &found, None, text).await.map(drop),
            Event::Paid
            | Event::Cleared
            | Event::ClosedUnpaid
            | Event::ClosedByRiskControl
            | Event::CancelAsked
            | Event::Cancelled
            | Event::Disputed
            | Event::Refunded
            | Event::Frozen
            | Event::PartShipped { .. }
            | Event::Shipped { .. }
            | Event::Received
            | Event::Completed
            | Event::Scan { .. } => Ok(()),
        }
    }
}
