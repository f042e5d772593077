//! How many calls may come: per token, and per network address whatever token it shows, so that nobody can guess at
//! keys or drown the others. What is counted lives in this process; with several servers each counts for itself.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dunlin_core::ids::TokenId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Calls per minute of one token, when nothing else is said.
pub const PER_MINUTE: u32 = 120;

/// Several programs of a firm stand behind one address.
const TOKENS_PER_ADDRESS: u32 = 10;

/// Forgetting those who were silent is done once in so many questions.
const CLEANING: u64 = 4_096;

/// Counts calls.
pub struct RateLimits {
    tokens: DefaultKeyedRateLimiter<TokenId>,
    addresses: DefaultKeyedRateLimiter<String>,
    asked: AtomicU64,
}

impl RateLimits {
    /// So many calls per minute and token, half of them at once.
    pub fn new(per_minute: u32) -> Self {
        let quota = |per_minute: u32| {
            let often = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
            Quota::per_minute(often).allow_burst(NonZeroU32::new(per_minute / 2).unwrap_or(NonZeroU32::MIN))
        };
        Self {
            tokens: RateLimiter::keyed(quota(per_minute)),
            addresses: RateLimiter::keyed(quota(per_minute.saturating_mul(TOKENS_PER_ADDRESS))),
            asked: AtomicU64::new(0),
        }
    }

    /// Whether an address may go on; else how long it has to wait.
    pub fn address(&self, address: &str) -> Result<(), Duration> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % CLEANING == CLEANING - 1 {
            self.tokens.retain_recent();
            self.addresses.retain_recent();
        }
        self.addresses.check_key(&address.to_string()).map_err(|no| no.wait_time_from(DefaultClock::default().now()))
    }

    /// Whether a token may go on; else how long it has to wait.
    pub fn token(&self, id: TokenId) -> Result<(), Duration> {
        self.tokens.check_key(&id).map_err(|no| no.wait_time_from(DefaultClock::default().now()))
    }
}

impl Default for RateLimits {
    fn default() -> Self {
        Self::new(PER_MINUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_minute_at_once_and_each_token_for_itself() {
        let limits = RateLimits::new(10);
        for _ in 0..5 {
            assert!(limits.token(TokenId(1)).is_ok());
        }
        let wait = limits.token(TokenId(1)).expect_err("the sixth waits");
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(6), "{wait:?}");
        assert!(limits.token(TokenId(2)).is_ok());
        for _ in 0..50 {
            assert!(limits.address("192.0.2.1").is_ok());
        }
        assert!(limits.address("192.0.2.1").is_err());
        assert!(limits.address("192.0.2.2").is_ok());
    }
}
