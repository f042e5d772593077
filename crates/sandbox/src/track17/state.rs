//! What the sandbox keeps: its clock, the scripts of numbers, what is registered, and the news that wait to be sent.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::Options;
use super::dice::Dice;
use super::journeys::{Event, Journey, WishedLine, history, later, wished};
use super::throttle::Throttle;
use super::words::track_info;

const DAY: i64 = 86_400;
/// Without news for so long the service gives a parcel up.
const EXPIRES_AFTER: i64 = 30 * DAY;
/// So long after delivery it follows no longer.
const STOPS_AFTER: i64 = 15 * DAY;

/// What the next call meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 429, whatever the pace.
    Throttled,
    /// 503.
    Away,
    /// A page in place of JSON.
    Garbage,
    Internal,
    BadKey,
    AddressRefused,
    /// The answer says nothing of the last number.
    Forgetful,
}

/// What will happen to a number.
#[derive(Debug, Clone)]
pub struct Script {
    pub journey: Journey,
    pub carrier: Option<u32>,
    pub events: Vec<Event>,
}

/// A registered number.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub number: String,
    pub carrier: u32,
    pub tag: Option<String>,
    pub registered_at: Timestamp,
    pub is_tracked: bool,
    pub tracked_again: bool,
    pub script: Script,
}

impl Parcel {
    pub fn told_until(&self, now: Timestamp) -> impl Iterator<Item = &Event> {
        self.script.events.iter().filter(move |event| event.at <= now)
    }

    /// The service's word for how the parcel stands.
    pub fn sub_status(&self, now: Timestamp) -> &'static str {
        match self.told_until(now).last() {
            None if self.script.journey == Journey::InvalidNumber => "NotFound_InvalidCode",
            None => "NotFound_Other",
            Some(last) if is_open(last) && later(last.at, EXPIRES_AFTER) <= now => "Expired_Other",
            Some(last) => last.sub_status,
        }
    }

    /// The instants at which there is something to tell, after one and until another, and whether following ends there.
    fn moments(&self, after: Timestamp, until: Timestamp) -> Vec<(Timestamp, bool)> {
        let mut moments: Vec<(Timestamp, bool)> = self.script.events.iter().map(|event| (event.at, false)).collect();
        if let Some(last) = self.script.events.last() {
            if is_open(last) {
                moments.push((later(last.at, EXPIRES_AFTER), true));
            } else {
                moments.push((later(last.at, STOPS_AFTER), true));
            }
        }
        moments.retain(|(at, _)| *at > after && *at <= until);
        moments
    }
}

/// News may still come after this line.
fn is_open(event: &Event) -> bool {
    !matches!(event.sub_status, "Delivered_Other" | "Exception_Returned" | "Exception_Destroyed" | "Exception_Cancel")
}

/// Where news are sent, and how badly.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub url: String,
    /// Each message waits up to so long.
    #[serde(default)]
    pub delay_ms: u64,
    /// So many of a hundred come twice.
    #[serde(default)]
    pub repeat_percent: u64,
    /// In an order of chance.
    #[serde(default)]
    pub shuffle: bool,
}

/// One message that waits to be sent: the raw body that is signed.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub number: String,
    pub body: String,
}

pub struct State {
    pub now: Timestamp,
    pub quota: i64,
    pub quota_used: i64,
    pub throttle: Throttle,
    pub scripts: BTreeMap<String, Script>,
    pub parcels: BTreeMap<String, Parcel>,
    pub faults: VecDeque<Fault>,
    pub webhook: Option<Webhook>,
    pub waiting: Vec<Waiting>,
    pub dice: Dice,
    seed: u64,
    invent: bool,
}

impl State {
    pub fn new(options: Options) -> Self {
        Self {
            now: options.now,
            quota: options.quota,
            quota_used: 0,
            throttle: Throttle::new(options.calls_per_second),
            scripts: BTreeMap::new(),
            parcels: BTreeMap::new(),
            faults: VecDeque::new(),
            webhook: None,
            waiting: Vec::new(),
            dice: Dice::new(options.seed),
            seed: options.seed,
            invent: options.invent,
        }
    }

    /// Says what will happen to a number, also when it is registered already.
    pub fn script(&mut self, number: &str, journey: Journey, starts_at: Option<Timestamp>, carrier: Option<u32>) {
        let events = history(journey, starts_at.unwrap_or(self.now), &mut Dice::of_word(self.seed, number));
        let script = Script { journey, carrier, events };
        if let Some(parcel) = self.parcels.get_mut(number) {
            parcel.script = script.clone();
        }
        self.scripts.insert(number.to_string(), script);
    }

    /// The same, line by line; `Err` carries a word that there is none of.
    pub fn script_lines(&mut self, number: &str, lines: &[WishedLine], carrier: Option<u32>) -> Result<(), String> {
        let events = wished(lines)?;
        // A number of which nothing is told is one that the carrier never hears of.
        let journey = if events.is_empty() { Journey::NotFound } else { Journey::Normal };
        let script = Script { journey, carrier, events };
        if let Some(parcel) = self.parcels.get_mut(number) {
            parcel.script = script.clone();
        }
        self.scripts.insert(number.to_string(), script);
        Ok(())
    }

    /// What will happen to a number, made up when nobody said it.
    pub fn script_of(&mut self, number: &str) -> Script {
        if let Some(script) = self.scripts.get(number) {
            return script.clone();
        }
        let mut dice = Dice::of_word(self.seed, number);
        let journey = if self.invent { Journey::by_chance(&mut dice) } else { Journey::NotFound };
        let script = Script { journey, carrier: None, events: history(journey, self.now, &mut dice) };
        self.scripts.insert(number.to_string(), script.clone());
        script
    }

    /// Time passes, never backwards. What happens meanwhile waits to be sent, as it was told at each moment.
    pub fn pass_until(&mut self, to: Timestamp) -> usize {
        let from = self.now;
        let mut news: Vec<(Timestamp, Waiting)> = Vec::new();
        for parcel in self.parcels.values_mut().filter(|parcel| parcel.is_tracked) {
            for (at, ends) in parcel.moments(from, to) {
                news.push((at, notice("TRACKING_UPDATED", parcel, at)));
                if ends {
                    news.push((at, notice("TRACKING_STOPPED", parcel, at)));
                    parcel.is_tracked = false;
                }
            }
        }
        news.sort_by_key(|(at, _)| *at);
        let count = news.len();
        self.waiting.extend(news.into_iter().map(|(_, waiting)| waiting));
        self.now = from.max(to);
        count
    }

    pub fn remaining(&self) -> i64 {
        self.quota.saturating_sub(self.quota_used).max(0)
    }
}

pub fn notice(event: &str, parcel: &Parcel, at: Timestamp) -> Waiting {
    let body = json!({
        "event": event,
        "data": {
            "number": parcel.number,
            "carrier": parcel.carrier,
            "tag": parcel.tag,
            "track_info": track_info(parcel, at),
        }
    });
    Waiting { number: parcel.number.clone(), body: body.to_string() }
}
