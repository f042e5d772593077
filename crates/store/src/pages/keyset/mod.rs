//! Lists for programs: rows after a key, in an order that stays, so that nothing is missed or told twice however much
//! is added meanwhile. Each statement names the firm and whose buyers are in sight; what belongs to the rows of one
//! page comes in one statement for all of them. Pages for people are beside this folder.

mod debtors;
mod letters;
mod orders;
mod payments;
mod platform;
mod receivables;
mod tasks;

pub use debtors::{DebtorFilter, ListedDebtor};
pub use letters::ListedLetter;
pub use orders::ListedOrder;
pub use payments::ListedPayment;
pub use platform::{OwedByPlatform, PLATFORM_START, PlatformFilter, PlatformKey, PlatformTotal};
pub use receivables::{ListedReceivable, ReceivableFilter};
pub use tasks::ListedTask;

/// Which rows of a list are wanted.
#[derive(Debug, Clone)]
pub struct After<K> {
    /// Key of the last row that was seen.
    pub key: K,
    /// At most so many.
    pub limit: i64,
}
