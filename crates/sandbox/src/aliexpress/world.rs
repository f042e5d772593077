//! Everything the stand-in knows, its clock, and which call goes where.

use std::collections::VecDeque;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use super::chance::Chance;
use super::chats::Chats;
use super::fault::Fault;
use super::gate::Gate;
use super::shipping::Shipping;
use super::shop::Shop;
use super::throttle::Throttle;
use super::tokens::Tokens;
use super::wall::Wall;
use super::{Options, Parameters};

/// A fault that was put in from outside, for the next calls.
#[derive(Debug, Clone)]
pub(super) struct PutIn {
    /// The end of the name of the calls that are meant; empty: whatever comes next.
    pub only: String,
    pub times: u32,
    pub fault: Fault,
    /// The call is carried out first, so that only its answer is lost.
    pub after_the_work: bool,
}

/// How many calls came to what end.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(super) struct Counts {
    pub admitted: u64,
    pub throttled: u64,
    pub refused: u64,
}

pub(super) struct World {
    pub options: Options,
    pub wall: Wall,
    pub chance: Chance,
    pub gate: Gate,
    pub throttle: Throttle,
    pub tokens: Tokens,
    pub shop: Shop,
    pub chats: Chats,
    pub shipping: Shipping,
    pub put_in: VecDeque<PutIn>,
    pub counts: Counts,
    started: Instant,
    base: Timestamp,
    advanced: SignedDuration,
    requests: u64,
}

impl World {
    pub(super) fn new(options: Options) -> Result<Self, jiff::Error> {
        let started = Instant::now();
        Ok(Self {
            wall: Wall::new(options.repeated_hour_is_the_later)?,
            chance: Chance::new(options.seed),
            gate: Gate::default(),
            throttle: Throttle::new(options.calls_per_second, options.ban_seconds, started),
            tokens: Tokens::default(),
            shop: Shop::default(),
            chats: Chats::default(),
            shipping: Shipping::default(),
            put_in: VecDeque::new(),
            counts: Counts::default(),
            started,
            base: options.starts_at.unwrap_or_else(Timestamp::now),
            advanced: SignedDuration::ZERO,
            requests: 0,
            options,
        })
    }

    /// The stand-in's time in milliseconds: it goes on by itself, unless it is to stand still, and can be put forward.
    pub(super) fn now(&self) -> i64 {
        let run = if self.options.stands_still { 0 } else { self.started.elapsed().as_millis() };
        let run = i64::try_from(run).unwrap_or(i64::MAX);
        let advanced = i64::try_from(self.advanced.as_millis()).unwrap_or(i64::MAX);
        self.base.as_millisecond().saturating_add(run).saturating_add(advanced)
    }

    /// Puts the clock forward; what was planned until then happens. At most ten years at once.
    pub(super) fn advance(&mut self, seconds: i64) {
        const TEN_YEARS: i64 = 10 * 366 * 86_400;
        self.advanced = self.advanced.saturating_add(SignedDuration::from_secs(seconds.clamp(0, TEN_YEARS)));
        let now = self.now();
        self.shop.settle(now);
    }

    pub(super) fn next_request_id(&mut self) -> String {
        self.requests += 1;
        format!("sandbox{:010}", self.requests)
    }

    /// A business call: let in, sorted, carried out.
    pub(super) fn business(&mut self, form: &Parameters) -> Result<Value, Fault> {
        let answered = self.business_unnamed(form);
        self.named(answered)
    }

    /// Gives every answer and refusal its number, and counts refusals.
    pub(super) fn named(&mut self, answered: Result<Value, Fault>) -> Result<Value, Fault> {
        let request_id = self.next_request_id();
        match answered {
            Ok(mut answer) => {
                answer["request_id"] = request_id.into();
                Ok(answer)
            }
            Err(mut fault) => {
                fault.request_id = request_id;
                self.counts.refused += 1;
                Err(fault)
            }
        }
    }

    fn business_unnamed(&mut self, form: &Parameters) -> Result<Value, Fault> {
        let now = self.now();
        self.shop.settle(now);
        let method = form.get("method").cloned().unwrap_or_default();
        self.admit(&method, form)?;
        self.check_token(form, now)?;
        let after = self.put_in_before(&method)?;
        let result = match method.as_str() {
            "aliexpress.solution.order.get" => self.order_get(form, now),
            "aliexpress.solution.order.info.get" => self.order_info_get(form),
            "aliexpress.solution.order.fulfill" => self.fulfill(form, now, false),
            "aliexpress.logistics.sellershipmentfortop" => self.fulfill(form, now, true),
            "aliexpress.trade.redefining.extendsbuyeracceptgoodstime" => self.extend_receipt(form, now),
            _ => match method.strip_prefix("aliexpress.message.redefining.versiontwo.") {
                Some(call) => self.message_call(call, form, now),
                None => Err(Fault::new("InvalidApiPath", "The specified API path is invalid")),
            },
        }?;
        match after {
            Some(fault) => Err(fault),
            None => {
                let wrapper = format!("{}_response", method.replace('.', "_"));
                Ok(json!({ wrapper: { "result": result } }))
            }
        }
    }

    /// The next fault that was put in for this call: at once, or to be given in place of the answer.
    pub(super) fn put_in_before(&mut self, call: &str) -> Result<Option<Fault>, Fault> {
        let meant = |next: &PutIn| call.ends_with(next.only.as_str());
        let Some(place) = self.put_in.iter().position(meant) else { return Ok(None) };
        let Some(next) = self.put_in.get_mut(place) else { return Ok(None) };
        next.times = next.times.saturating_sub(1);
        let (fault, after, used_up) = (next.fault.clone(), next.after_the_work, next.times == 0);
        if used_up {
            self.put_in.remove(place);
        }
        if after { Ok(Some(fault)) } else { Err(fault) }
    }
}
