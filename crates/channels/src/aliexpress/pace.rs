//! How fast the client asks: evenly, just below what the app is permitted, and not at all while it is banned.
//!
//! Calls get turns on a grid of equal steps. A turn that came late (the timer has steps of a millisecond) is made good
//! by the next ones within [`SLACK`], so that the average keeps to the rate in both directions. Every ban makes the
//! steps longer for a while: the permitted rate is then lower than it was believed to be.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How far turns may run behind and still be caught up with.
const SLACK: Duration = Duration::from_millis(100);
/// Share of the permitted rate that is used.
const SHARE: f64 = 0.97;
/// No ban is believed to last longer.
const LONGEST_BAN: Duration = Duration::from_secs(86_400);
/// Turns without a ban after which the steps get a little shorter again.
const CALM_TURNS: u32 = 100;

#[derive(Debug)]
pub(super) struct Pace {
    /// The shortest step between two turns.
    base: Duration,
    grid: Mutex<Grid>,
}

#[derive(Debug)]
struct Grid {
    step: Duration,
    /// When the turn after the last one given falls.
    next: Instant,
    banned_until: Option<Instant>,
    calm_turns: u32,
}

impl Pace {
    /// `calls_per_second` is what the app is permitted; less than one call in 1,000 seconds is taken as that.
    pub(super) fn new(calls_per_second: f64) -> Self {
        let rate = if calls_per_second.is_finite() { calls_per_second.clamp(0.001, 10_000.0) } else { 1.0 };
        let base = Duration::from_secs_f64(1.0 / (rate * SHARE));
        let grid = Grid { step: base, next: Instant::now(), banned_until: None, calm_turns: 0 };
        Self { base, grid: Mutex::new(grid) }
    }

    /// Waits for a turn. When a ban lasts longer than `patience`, returns at once how long it still lasts.
    pub(super) async fn turn(&self, patience: Duration) -> Result<(), Duration> {
        loop {
            let now = Instant::now();
            let until = match self.claim(now, patience)? {
                Turn::At(instant) => {
                    tokio::time::sleep_until(instant).await;
                    // A ban may have come while this turn was waited for; then the turn is given up.
                    match self.banned(Instant::now()) {
                        None => return Ok(()),
                        Some(until) => until,
                    }
                }
                Turn::Banned(until) => until,
            };
            let left = until.saturating_duration_since(Instant::now());
            if left > patience {
                return Err(left);
            }
            tokio::time::sleep_until(until).await;
        }
    }

    /// The service lets nobody in for this long.
    pub(super) fn ban(&self, wait: Duration) {
        let mut grid = self.lock();
        let until = Instant::now() + wait.min(LONGEST_BAN);
        let longer = grid.banned_until.is_none_or(|earlier| earlier < until);
        if longer {
            grid.banned_until = Some(until);
        }
        grid.step = grid.step.mul_f64(1.1).min(self.base * 8);
        grid.calm_turns = 0;
    }

    fn claim(&self, now: Instant, patience: Duration) -> Result<Turn, Duration> {
        let mut grid = self.lock();
        if let Some(until) = grid.banned_until {
            if until > now {
                let left = until - now;
                return if left > patience { Err(left) } else { Ok(Turn::Banned(until)) };
            }
            grid.banned_until = None;
            // The service's own count is taken to be full again, not empty: turns begin anew from here.
            grid.next = now;
        }
        let earliest = now.checked_sub(SLACK).unwrap_or(now);
        let turn = grid.next.max(earliest);
        grid.next = turn + grid.step;
        grid.calm_turns += 1;
        if grid.calm_turns >= CALM_TURNS {
            grid.calm_turns = 0;
            grid.step = grid.step.mul_f64(0.98).max(self.base);
        }
        Ok(Turn::At(turn))
    }

    fn banned(&self, now: Instant) -> Option<Instant> {
        self.lock().banned_until.filter(|until| *until > now)
    }

    /// What a panicking task left is sound: every change of the grid is complete in itself.
    fn lock(&self) -> MutexGuard<'_, Grid> {
        self.grid.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Turn {
    At(Instant),
    Banned(Instant),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_keep_to_the_rate_and_wait_out_a_ban() {
        let pace = Pace::new(200.0);
        let begun = Instant::now();
        for _ in 0..40 {
            pace.turn(Duration::from_secs(1)).await.expect("a turn");
        }
        // 39 steps of 5.15 ms; the last tenth of a second may have been caught up with.
        let taken = begun.elapsed();
        assert!(taken > Duration::from_millis(90), "too fast: {taken:?}");
        pace.ban(Duration::from_millis(150));
        let banned = Instant::now();
        pace.turn(Duration::from_secs(1)).await.expect("a turn");
        assert!(banned.elapsed() >= Duration::from_millis(150));
    }

    #[tokio::test]
    async fn a_ban_without_end_overflows_no_clock() {
        let pace = Pace::new(10.0);
        pace.ban(Duration::MAX);
        let left = pace.turn(Duration::from_secs(1)).await.expect_err("no turn");
        assert!(left <= LONGEST_BAN);
    }

    #[tokio::test]
    async fn a_ban_beyond_all_patience_is_said_at_once() {
        let pace = Pace::new(10.0);
        pace.ban(Duration::from_secs(3600));
        let left = pace.turn(Duration::from_secs(1)).await.expect_err("no turn");
        assert!(left > Duration::from_secs(3500));
    }
}
