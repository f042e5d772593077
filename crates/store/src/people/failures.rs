//! Failed sign-ins, counted so that guessing is slow and nobody can lock out somebody else: what is counted is the pair
//! of address and name, or the browser that has been in before, and never the name alone.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::bind::binds;
use crate::conn::{execute, fetch_one};
use crate::dialect::micros;
use crate::{Store, StoreError};

#[derive(Deserialize)]
struct Row {
    failures: i64,
    #[serde(with = "micros")]
    blocked_until: Timestamp,
    #[serde(with = "micros")]
    last_at: Timestamp,
}

/// The first failures cost nothing: people mistype.
const FREE: i64 = 4;
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);
/// Forgotten after a quiet while.
const MEMORY: SignedDuration = SignedDuration::from_hours(6);

fn wait_after(failures: i64) -> SignedDuration {
    if failures <= FREE {
        return SignedDuration::ZERO;
    }
    let seconds = 2_i64.saturating_pow((failures - FREE).min(20).unsigned_abs() as u32) * 5;
    SignedDuration::from_secs(seconds).min(LONGEST_WAIT)
}

impl Store {
    /// Until when nobody is let in about this, if so. `about` is a fingerprint, never a name.
    pub async fn blocked_until(&self, about: &str, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.failure(about).await?.map(|row| row.blocked_until).filter(|until| *until > now))
    }

    /// Counts a failure.
    pub async fn count_failure(&self, about: &str, now: Timestamp) -> Result<(), StoreError> {
        let known = self.failure(about).await?.filter(|row| now.duration_since(row.last_at) < MEMORY);
        let failures = known.map_or(0, |row| row.failures) + 1;
        let mut conn = self.conn().await?;
        let sql = "INSERT INTO sign_in_failure (about, failures, blocked_until, last_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (about) DO UPDATE SET failures = excluded.failures, \
                   blocked_until = excluded.blocked_until, last_at = excluded.last_at";
        execute(&mut conn, sql, binds![about, failures, now + wait_after(failures), now]).await?;
        // Nothing is kept of guesses that ended.
        let sql = "DELETE FROM sign_in_failure WHERE last_at < $1";
        execute(&mut conn, sql, binds![now - MEMORY]).await?;
        Ok(())
    }

    pub async fn forget_failures(&self, about: &str) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        execute(&mut conn, "DELETE FROM sign_in_failure WHERE about = $1", binds![about]).await?;
        Ok(())
    }

    async fn failure(&self, about: &str) -> Result<Option<Row>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT failures, blocked_until, last_at FROM sign_in_failure WHERE about = $1";
        fetch_one(&mut conn, sql, binds![about]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mistakes_are_free_and_the_wait_has_an_end() {
        assert_eq!(wait_after(4), SignedDuration::ZERO);
        assert_eq!(wait_after(5), SignedDuration::from_secs(10));
        assert_eq!(wait_after(6), SignedDuration::from_secs(20));
        assert_eq!(wait_after(1_000), LONGEST_WAIT);
    }
}
