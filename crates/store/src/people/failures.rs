//! Failed sign-ins, counted so that guessing is slow and nobody can lock out somebody else: what is counted is the
//! browser that has been in before, or the network address, with the name and alone, and never the name alone.

use jiff::{SignedDuration, Timestamp};

use crate::bind::binds;
use crate::conn::{execute, fetch_number};
use crate::{Store, StoreError};

/// The first failures of one person cost nothing: people mistype.
pub const FREE: i64 = 4;
/// Those of a whole network: an office is behind one address.
pub const FREE_OF_NETWORK: i64 = 30;
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);
/// Forgotten after a quiet while.
const MEMORY: SignedDuration = SignedDuration::from_hours(6);

fn wait_after(failures: i64, free: i64) -> SignedDuration {
    if failures <= free {
        return SignedDuration::ZERO;
    }
    let seconds = 2_i64.saturating_pow((failures - free).min(20).unsigned_abs() as u32) * 5;
    SignedDuration::from_secs(seconds).min(LONGEST_WAIT)
}

/// What became of a try that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// It may be looked at. From it on nobody is let in before this instant; `None`: it was free.
    In(Option<Timestamp>),
    /// It is not looked at: not before this instant.
    Later(Timestamp),
}

impl Store {
    /// Counts a try before it is looked at, so that many at once are counted as many. What turns out right is given
    /// back.
    pub async fn count_try(&self, about: &str, free: i64, now: Timestamp) -> Result<Counted, StoreError> {
        // Nothing is kept of guesses that ended.
        let mut conn = self.conn().await?;
        execute(&mut conn, "DELETE FROM sign_in_failure WHERE last_at < $1", binds![now - MEMORY]).await?;
        drop(conn);
        // The count and the wait that follows from it are one change, under the lock of the row: between them nobody
        // else is let in, however many come in the same moment.
        let mut tx = self.transaction().await?;
        let sql = "INSERT INTO sign_in_failure (about, failures, blocked_until, last_at) VALUES ($1, 1, 0, $2) \
                   ON CONFLICT (about) DO UPDATE SET failures = sign_in_failure.failures + 1, last_at = excluded.last_at \
                   WHERE sign_in_failure.blocked_until <= $2 RETURNING failures";
        let Some(failures) = fetch_number(&mut tx, sql, binds![about, now]).await? else {
            let sql = "SELECT blocked_until FROM sign_in_failure WHERE about = $1";
            let until = fetch_number(&mut tx, sql, binds![about]).await?;
            // Gone meanwhile: somebody was let in, and whoever asks again is looked at.
            let until = until.map_or(Ok(now), Timestamp::from_microsecond).map_err(StoreError::corrupt)?;
            tx.commit().await?;
            return Ok(Counted::Later(until));
        };
        let wait = wait_after(failures, free);
        let until = (!wait.is_zero()).then(|| now + wait);
        if let Some(until) = until {
            let sql = "UPDATE sign_in_failure SET blocked_until = $2 WHERE about = $1";
            execute(&mut tx, sql, binds![about, until]).await?;
        }
        tx.commit().await?;
        Ok(Counted::In(until))
    }

    /// Tries that turned out right, and the wait that the last of them began: only that one, because another try may
    /// have begun a longer one since. Whoever has a door of their own there must not wipe out guesses at another's by
    /// going through it.
    pub async fn give_back(&self, about: &str, tries: i64, began: Option<Timestamp>) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE sign_in_failure SET failures = failures - $2, \
                   blocked_until = CASE WHEN blocked_until = $3 THEN 0 ELSE blocked_until END WHERE about = $1";
        let began = began.map_or(-1, Timestamp::as_microsecond);
        execute(&mut conn, sql, binds![about, tries, began]).await?;
        execute(&mut conn, "DELETE FROM sign_in_failure WHERE about = $1 AND failures <= 0", binds![about]).await?;
        Ok(())
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
        assert_eq!(wait_after(4, FREE), SignedDuration::ZERO);
        assert_eq!(wait_after(5, FREE), SignedDuration::from_secs(10));
        assert_eq!(wait_after(6, FREE), SignedDuration::from_secs(20));
        assert_eq!(wait_after(1_000, FREE), LONGEST_WAIT);
    }
}
