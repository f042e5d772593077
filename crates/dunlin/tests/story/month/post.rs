//! The way of the tracking service's news to our door: some take hours, some come twice, none in the order in which they were
//! sent, and now and then somebody else knocks.

use std::collections::BTreeMap;

use dunlin::shop::TRACK17;
use dunlin::use_cases::note_tracking::{Taken, note_tracking};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Dice;
use super::told::{Event, Order, Table, buyer_of};
use crate::world::World;

/// What lasts so long that news of it may take some hours. The rest comes at once: whether a buyer hears of it would be chance.
const LASTING: [&str; 10] = [
    "InTransit_PickedUp",
    "InTransit_Departure",
    "InTransit_Arrival",
    "InTransit_CustomsProcessing",
    "InTransit_CustomsReleased",
    "InTransit_CustomsRequiringInformation",
    "AvailableForPickup_Other",
    "Exception_Returning",
    "Exception_Damage",
    "Exception_Lost",
];

pub struct Post {
    hook: String,
    /// By the moment at which they come: body and signature.
    on_its_way: BTreeMap<Timestamp, Vec<(Vec<u8>, String)>>,
    /// News that took longer than others.
    pub late: usize,
}

/// What became of what was delivered.
#[derive(Default)]
pub struct Delivered {
    pub known: usize,
    pub forged: usize,
}

impl Post {
    pub async fn open(world: &World) -> Self {
        let connection = world.house.store.connection(world.house.tenant.id, TRACK17).await.expect("reads");
        let hook = connection.and_then(|connection| connection.hook).expect("a door");
        Self { hook, on_its_way: BTreeMap::new(), late: 0 }
    }

    /// Takes over what the service sent.
    pub fn take_in(&mut self, told: Vec<(Vec<u8>, String)>, (table, orders): (&Table, &[Order]), dice: &mut Dice) {
        for (body, sign) in told {
            let said: Value = serde_json::from_slice(&body).expect("JSON");
            let info = &said["data"]["track_info"];
            let number = said["data"]["number"].as_str().expect("a number");
            let word = info["latest_status"]["sub_status"].as_str().expect("a word");
            let happened = info["latest_event"]["time_utc"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
            let late = told_late((table, orders), number, word).unwrap_or_else(|| some_hours(word, happened, dice));
            self.late += usize::from(late > 0);
            let comes = happened.unwrap_or(Timestamp::UNIX_EPOCH) + SignedDuration::from_hours(late);
            self.on_its_way.entry(comes).or_default().push((body, sign));
        }
    }

    /// Brings what is due to the door, in an order of chance, and once somebody else's.
    pub async fn deliver(&mut self, world: &World, dice: &mut Dice) -> Delivered {
        let mut due = Vec::new();
        while let Some(next) = self.on_its_way.first_entry().filter(|next| *next.key() <= world.house.now()) {
            due.extend(next.remove());
        }
        let mut delivered = Delivered::default();
        let mut first = true;
        while !due.is_empty() {
            let (body, sign) = due.swap_remove(usize::try_from(dice.below(due.len() as u64)).expect("a place"));
            if std::mem::take(&mut first) {
                let mut forged = body.clone();
                forged.push(b' ');
                let taken = note_tracking(&world.house, &self.hook, &forged, Some(&sign)).await.expect("answers");
                assert_eq!(taken, Taken::Refused, "what was changed on its way is not taken");
                delivered.forged += 1;
            }
            let taken = note_tracking(&world.house, &self.hook, &body, Some(&sign)).await.expect("answers");
            assert_ne!(taken, Taken::Refused, "what is signed is taken");
            delivered.known += usize::from(taken == Taken::Known);
        }
        delivered
    }
}

/// The hours that the table wants these news to take.
fn told_late((table, orders): (&Table, &[Order]), number: &str, word: &str) -> Option<i64> {
    let buyer = buyer_of(number)?;
    let order = orders.get(usize::try_from(buyer.checked_sub(orders.first()?.buyer)?).ok()?)?;
    table.paths[order.path].lines.iter().find_map(|line| match line.event()? {
        Event::Scan { word: of, late_hours, .. } if of == word => *late_hours,
        _ => None,
    })
}

/// None, three or six hours, within the day of what happened.
fn some_hours(word: &str, happened: Option<Timestamp>, dice: &mut Dice) -> i64 {
    let hour = happened.map_or(0, |at| at.as_second().rem_euclid(86_400) / 3_600);
    if !LASTING.contains(&word) || !(9..=10).contains(&hour) {
        return 0;
    }
    match dice.below(4) {
        0 => 3,
        1 => 6,
        _ => 0,
    }
}
