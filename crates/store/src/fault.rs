//! Places where a test can stop the machine: `DUNLIN_FAULT=<point>` aborts the process there, as a power cut would.
//!
//! Every step of a commit and of a send has one; the crash test walks [`FaultPoint::ALL`], so that a new point is
//! tested by being listed.

use std::sync::OnceLock;

macro_rules! fault_points {
    ($($name:ident = $code:literal),+ $(,)?) => {
        /// A place at which the process can be made to die.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum FaultPoint { $($name),+ }

        impl FaultPoint {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            pub const fn code(self) -> &'static str { match self { $(Self::$name => $code),+ } }
        }
    };
}

fault_points! {
    CommitBegun = "commit.begun",
    CommitLettersWritten = "commit.letters_written",
    CommitTasksWritten = "commit.tasks_written",
    CommitStepsWritten = "commit.steps_written",
    CommitCasesWritten = "commit.cases_written",
    CommitDone = "commit.done",
    ClaimChecked = "claim.checked",
    ClaimWritten = "claim.written",
    ClaimDone = "claim.done",
    SendRendered = "send.rendered",
    SendHandedOver = "send.handed_over",
    SendRecorded = "send.recorded",
    SendDone = "send.done",
}

/// Dies here when asked to.
pub fn hit(point: FaultPoint) {
    static WANTED: OnceLock<Option<String>> = OnceLock::new();
    let wanted = WANTED.get_or_init(|| std::env::var("DUNLIN_FAULT").ok());
    if wanted.as_deref() == Some(point.code()) {
        eprintln!("fault point {} reached: stopping as a crash would", point.code());
        std::process::abort();
    }
}
