//! So many calls a second: a bucket that fills by the real clock, because clients wait by it too.

use std::time::{Duration, Instant};

pub struct Throttle {
    gap: Duration,
    /// How far ahead of its pace a client may be.
    burst: Duration,
    /// When the pace has caught up with the calls that were taken.
    caught_up: Option<Instant>,
}

impl Throttle {
    pub fn new(calls_per_second: u32) -> Self {
        let calls = calls_per_second.max(1);
        let gap = Duration::from_secs(1) / calls;
        Self { gap, burst: gap * (calls - 1), caught_up: None }
    }

    /// Whether a call at this moment is taken.
    pub fn takes(&mut self, now: Instant) -> bool {
        let caught_up = self.caught_up.map_or(now, |before| before.max(now));
        if caught_up.duration_since(now) > self.burst {
            return false;
        }
        self.caught_up = Some(caught_up + self.gap);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_at_once_are_taken_and_a_fourth_is_not() {
        let mut throttle = Throttle::new(3);
        let now = Instant::now();
        assert_eq!([0; 4].map(|_: i32| throttle.takes(now)), [true, true, true, false]);
        assert!(throttle.takes(now + Duration::from_millis(340)));
        assert!(!throttle.takes(now + Duration::from_millis(341)));
    }
}
