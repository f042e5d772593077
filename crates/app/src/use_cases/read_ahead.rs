//! A connected shop as it is read, while what was read before is written ([`super::sync_orders`]). SQLite is called in place, so
//! that one task cannot do both: the reading is a task of its own, and the calls keep their pace while a page is written.
//!
//! It writes nothing. What it reads is handed over in order, and it is ahead by one page only, so that a shop of any size takes the
//! same memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use dunlin_channels::aliexpress::ApiError;
use dunlin_channels::aliexpress::orders::OrderPage;
use dunlin_channels::aliexpress::sync::{Cursor, OrderSync, Step, SyncRules};

use super::order_pages::{Page, page_of};
use super::sync_orders::{Told, fingerprint, known_orders};
use crate::house::House;
use crate::shop::Shop;

/// Pages that are being read or lie ready, beside the one that is being written.
const AHEAD: usize = 1;

/// What comes next on the way.
pub(super) enum Ahead {
    Nothing,
    Stopped(ApiError),
    /// Everything before is read, and was handed over.
    Reached(Cursor),
    Page(ReadPage),
}

/// A page as it was read, with the orders' own pages where they are wanted.
pub(super) struct ReadPage {
    pub(super) orders: usize,
    pub(super) unreadable: usize,
    /// Numbers of orders that say what they said.
    pub(super) same: Vec<String>,
    pub(super) changed: Vec<Told>,
    pub(super) asked_at: Timestamp,
}

/// The task that reads.
pub(super) struct Reader {
    coming: mpsc::Receiver<anyhow::Result<Ahead>>,
    task: JoinHandle<()>,
}

impl Reader {
    /// Reads on from where the shop was read to.
    pub(super) fn start(house: &House, shop: &Arc<Shop>) -> Self {
        let (handing_over, coming) = mpsc::channel(AHEAD);
        let (house, shop) = (house.clone(), Arc::clone(shop));
        let task = tokio::spawn(async move { read_all(&house, &shop, &handing_over).await });
        Self { coming, task }
    }

    pub(super) async fn next(&mut self) -> anyhow::Result<Ahead> {
        self.coming.recv().await.context("the reading of the shop broke off")?
    }

    /// Nothing more is wanted. What is under way is waited for: a token that is being renewed must not get lost.
    pub(super) async fn stop(self) {
        drop(self.coming);
        if let Err(error) = self.task.await {
            tracing::error!("the reading of the shop broke off: {error}");
        }
    }
}

async fn read_all(house: &House, shop: &Shop, handing_over: &mpsc::Sender<anyhow::Result<Ahead>>) {
    let rules = SyncRules::default();
    let mut sync = OrderSync::new(&shop.session, &shop.pacific, shop.cursor, house.now(), &rules);
    loop {
        // What was read two pages before is written by now: an order that is told again is known. Refused: nobody wants more.
        let Ok(place) = handing_over.reserve().await else { return };
        let next = read_step(house, shop, &mut sync).await;
        let goes_on = matches!(next, Ok(Ahead::Reached(_) | Ahead::Page(_)));
        place.send(next);
        if !goes_on {
            return;
        }
    }
}

async fn read_step(house: &House, shop: &Shop, sync: &mut OrderSync<'_>) -> anyhow::Result<Ahead> {
    let asked_at = house.now();
    match sync.next().await {
        None => Ok(Ahead::Nothing),
        Some(Err(error)) => Ok(Ahead::Stopped(error)),
        Some(Ok(Step::Reached(cursor))) => Ok(Ahead::Reached(cursor)),
        Some(Ok(Step::Orders(page))) => read_page(house, shop, page, asked_at).await,
    }
}

/// Looks up which orders of a page say something new, and asks for the pages of those.
async fn read_page(house: &House, shop: &Shop, page: OrderPage, asked_at: Timestamp) -> anyhow::Result<Ahead> {
    let (orders, mut unreadable) = (page.orders.len(), 0);
    let mut unread: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for problem in page.problems {
        match problem.order {
            Some(order) => unread.entry(order.to_string()).or_default().push(problem.what),
            None => unreadable += 1,
        }
    }
    let numbers: Vec<String> = page.orders.iter().map(|order| order.id.to_string()).collect();
    let known = known_orders(house, &numbers).await?;
    let (mut same, mut changed) = (Vec::new(), Vec::new());
    for order in page.orders {
        let number = order.id.to_string();
        let row = known.get(&number);
        if row.is_some_and(|row| row.fingerprint == fingerprint(&order)) {
            same.push(number);
            continue;
        }
        let (detail, owes_page) = match page_of(shop, &order, row.is_none()).await {
            Page::Stopped(error) => return Ok(Ahead::Stopped(error)),
            Page::Read(detail) => (Some(*detail), false),
            Page::Owed => (None, true),
            Page::NotAsked => (None, false),
        };
        let unread = unread.remove(&number).unwrap_or_default();
        changed.push(Told { unread, number, order, detail, owes_page });
    }
    Ok(Ahead::Page(ReadPage { orders, unreadable, same, changed, asked_at }))
}
