//! Whether a backup is being read in place of everything, how far it is, and what came of it. It is kept in memory: what
//! lies in the database is being replaced, sessions and jobs among it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

/// How far it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was restored since the program started.
    #[default]
    Idle,
    Running {
        /// Rows there are to read.
        total: u64,
    },
    Done {
        taken_at: Timestamp,
        /// Letters that a person has to look at before they leave.
        letters: u64,
        /// The file with everything as it was before.
        before: String,
    },
    /// Nothing was changed.
    Failed { why: String },
}

/// One for the whole program.
#[derive(Debug, Default)]
pub struct Restoring {
    stage: Mutex<Stage>,
    rows: Arc<AtomicU64>,
}

impl Restoring {
    /// Begins, unless one is under way.
    pub fn begin(&self, total: u64) -> bool {
        let mut stage = self.stage();
        if matches!(*stage, Stage::Running { .. }) {
            return false;
        }
        self.rows.store(0, Ordering::Relaxed);
        *stage = Stage::Running { total };
        true
    }

    pub fn settle(&self, ended: Stage) {
        *self.stage() = ended;
    }

    /// How far it is, and the rows read so far.
    pub fn now(&self) -> (Stage, u64) {
        (self.stage().clone(), self.rows.load(Ordering::Relaxed))
    }

    pub fn is_under_way(&self) -> bool {
        matches!(*self.stage(), Stage::Running { .. })
    }

    /// Where the reader counts.
    pub fn rows(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.rows)
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_runs_at_a_time() {
        let restoring = Restoring::default();
        assert!(restoring.begin(10) && restoring.is_under_way());
        assert!(!restoring.begin(10));
        restoring.settle(Stage::Failed { why: "x".to_string() });
        assert!(!restoring.is_under_way() && restoring.begin(5));
    }
}
