//! Failed sign-ins, counted so that guessing is slow and nobody can lock out somebody else: what is counted is the
//! browser that has been in before, or the network address, with the name and alone, and never the name alone.

use jiff::{SignedDuration, Timestamp};

use crate::bind::binds;
use crate::conn::{execute, fetch_number};
use crate::{Store, StoreError};

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
    /// Counts a try before it is looked at, so that many at once are counted as many: `Some` says until when nobody is
    /// let in about this, and the try is not looked at. What turns out right is forgotten.
    pub async fn count_try(&self, about: &str, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let mut conn = self.conn().await?;
        // Nothing is kept of guesses that ended.
        execute(&mut conn, "DELETE FROM sign_in_failure WHERE last_at < $1", binds![now - MEMORY]).await?;
        let sql = "INSERT INTO sign_in_failure (about, failures, blocked_until, last_at) VALUES ($1, 1, 0, $2) \
                   ON CONFLICT (about) DO UPDATE SET failures = sign_in_failure.failures + 1, last_at = excluded.last_at \
                   WHERE sign_in_failure.blocked_until <= $2 RETURNING failures";
        let Some(failures) = fetch_number(&mut conn, sql, binds![about, now]).await? else {
            let sql = "SELECT blocked_until FROM sign_in_failure WHERE about = $1";
            let until = fetch_number(&mut conn, sql, binds![about]).await?;
            return until.map(|micros| Timestamp::from_microsecond(micros).map_err(StoreError::corrupt)).transpose();
        };
        let sql = "UPDATE sign_in_failure SET blocked_until = $2 WHERE about = $1 AND blocked_until < $2";
        execute(&mut conn, sql, binds![about, now + wait_after(failures)]).await?;
        Ok(None)
    }

    pub async fn forget_failures(&self, about: &str) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        execute(&mut conn, "DELETE FROM sign_in_failure WHERE about = $1", binds![about]).await?;
        Ok(())
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
