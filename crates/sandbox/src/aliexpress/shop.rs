//! The orders of the one shop, by the time they were placed, and what is going to happen to them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::guesses::MOST_ORDERS;
use super::order::Order;

/// Something planned for an instant of the stand-in's clock.
#[derive(Debug)]
pub(super) enum Event {
    /// The order is placed.
    Placed(Box<Order>),
    /// It moves, if from where it then is it may.
    Moves(u64, &'static str),
}

/// Where an order stands in the list: placed when, and its number.
pub(super) type Place = (i64, u64);

#[derive(Debug, Default)]
pub(super) struct Shop {
    orders: BTreeMap<Place, Order>,
    placed: HashMap<u64, i64>,
    /// By instant, then in the order of planning.
    planned: BTreeMap<(i64, u64), Event>,
    planned_so_far: u64,
    orders_so_far: u64,
    /// Rises with every change, so that an answer worked out before is known to be old.
    version: u64,
    /// The last question about a list, and the places of its orders: asked for page by page, it is answered once.
    asked: Option<(String, u64, Arc<Vec<Place>>)>,
}

impl Shop {
    /// How many orders may still be made.
    pub(super) fn room(&self) -> usize {
        MOST_ORDERS.saturating_sub(usize::try_from(self.orders_so_far).unwrap_or(MOST_ORDERS))
    }

    /// A number of the platform's size: beyond what a float holds exactly.
    pub(super) fn next_id(&mut self) -> u64 {
        self.orders_so_far += 1;
        3_000_000_000_000_000_001 + self.orders_so_far * 10_007
    }

    pub(super) fn plan(&mut self, at: i64, event: Event) {
        self.planned_so_far += 1;
        self.planned.insert((at, self.planned_so_far), event);
    }

    /// Lets everything happen that was planned until now, each thing at its own time.
    pub(super) fn settle(&mut self, now: i64) {
        while let Some(next) = self.planned.first_entry() {
            let (at, _) = *next.key();
            if at > now {
                return;
            }
            self.version += 1;
            let event = next.remove();
            match event {
                Event::Placed(order) => {
                    self.placed.insert(order.id, order.created);
                    self.orders.insert((order.created, order.id), *order);
                }
                Event::Moves(id, status) => {
                    if let Some(order) = self.order_mut(id)
                        && order.may_move_to(status)
                    {
                        order.move_to(Cow::Borrowed(status), at);
                    }
                }
            }
        }
    }

    pub(super) fn order(&self, id: u64) -> Option<&Order> {
        self.orders.get(&(*self.placed.get(&id)?, id))
    }

    /// The order, to be changed.
    pub(super) fn order_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.version += 1;
        self.orders.get_mut(&(*self.placed.get(&id)?, id))
    }

    pub(super) fn at(&self, place: &Place) -> Option<&Order> {
        self.orders.get(place)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// Places of the orders placed between the two instants that fit, newest first. `question` names the whole filter.
    pub(super) fn find(
        &mut self,
        question: String,
        (from, until): (i64, i64),
        fits: impl Fn(&Order) -> bool,
    ) -> Arc<Vec<Place>> {
        if let Some((asked, version, places)) = &self.asked
            && *version == self.version
            && *asked == question
        {
            return Arc::clone(places);
        }
        let mut places = Vec::new();
        // A range whose end lies before its beginning is no range.
        if from <= until {
            let within = self.orders.range((from, 0)..=(until, u64::MAX)).rev();
            places.extend(within.filter(|(_, order)| fits(order)).map(|(place, _)| *place));
        }
        let places = Arc::new(places);
        self.asked = Some((question, self.version, Arc::clone(&places)));
        places
    }
}
