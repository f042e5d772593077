//! How often an app may call: a bucket that fills evenly and holds one second's worth. Who finds it empty is shut out
//! for a while. Runs on the machine's time, whatever the stand-in's clock shows.

use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct Throttle {
    calls_per_second: f64,
    ban: Duration,
    filled: f64,
    filled_at: Instant,
    banned_until: Option<Instant>,
}

impl Throttle {
    pub(super) fn new(calls_per_second: f64, ban_seconds: u64, now: Instant) -> Self {
        let calls_per_second =
            if calls_per_second.is_finite() { calls_per_second.clamp(0.001, 1_000_000.0) } else { 1.0 };
        let filled = calls_per_second.max(1.0);
        let ban = Duration::from_secs(ban_seconds.min(86_400));
        Self { calls_per_second, ban, filled, filled_at: now, banned_until: None }
    }

    /// Counts a call, or says for how many more seconds nobody is let in.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), u64> {
        if let Some(until) = self.banned_until {
            if until > now {
                return Err(seconds_up((until - now).as_secs_f64()));
            }
            self.banned_until = None;
        }
        let passed = now.saturating_duration_since(self.filled_at).as_secs_f64();
        let full = self.calls_per_second.max(1.0);
        self.filled = (self.filled + passed * self.calls_per_second).min(full);
        self.filled_at = now;
        if self.filled >= 1.0 {
            self.filled -= 1.0;
            return Ok(());
        }
        if self.ban.is_zero() {
            return Err(seconds_up((1.0 - self.filled) / self.calls_per_second));
        }
        self.banned_until = Some(now + self.ban);
        Err(self.ban.as_secs())
    }
}

fn seconds_up(seconds: f64) -> u64 {
    // Never zero: "last 0 seconds" would invite a call at once.
    seconds.ceil().max(1.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_ends_in_a_ban_that_ends() {
        let start = Instant::now();
        let mut throttle = Throttle::new(2.0, 3, start);
        assert_eq!(throttle.admit(start), Ok(()));
        assert_eq!(throttle.admit(start), Ok(()));
        assert_eq!(throttle.admit(start), Err(3));
        assert_eq!(throttle.admit(start + Duration::from_millis(1500)), Err(2));
        assert_eq!(throttle.admit(start + Duration::from_secs(3)), Ok(()));
    }
}
