//! What is not documented about the service and had to be chosen for the stand-in, in one place.
//!
//! Chosen so that a careless client fails here first: where a rule could be read in two ways, the stricter one holds.

/// A wrong time of a call, and a call that came before: the documentation names no code.
pub const TIMESTAMP_CODE: &str = "IllegalTimestamp";
/// An app that is not known.
pub const APP_CODE: &str = "InvalidAppKey";
/// A call that the app may not use.
pub const PERMISSION_CODE: &str = "InsufficientPermission";
/// Refusals inside the `result` of calls about orders.
pub const ORDER_ARGUMENT_CODE: &str = "isv.invalid-parameter";
pub const ORDER_MISSING_CODE: &str = "isv.order-not-exist";
pub const ORDER_STATE_CODE: &str = "isv.order-status-error";

/// A code that the browser brings back lives this long.
pub const CODE_SECONDS: i64 = 1_800;
/// The longest window of a question, whichever of its times it is about; finished orders have the shorter one.
pub const LONGEST_WINDOW_DAYS: i64 = 180;
pub const LONGEST_WINDOW_FINISHED_DAYS: i64 = 30;
/// Days between shipment and the platform's own confirmation of the receipt, and the most that can be added at once.
pub const RECEIPT_DAYS: i64 = 15;
pub const MOST_DAYS_ADDED: i64 = 60;
/// Letters of a message, at most.
pub const MESSAGE_LETTERS: usize = 2_000;

/// Bounds of what is kept in memory.
pub const MOST_ORDERS: usize = 200_000;
pub const MOST_MESSAGES: usize = 100_000;
pub const MOST_RECORDS: usize = 100_000;
pub const MOST_TOKENS: usize = 1_000;
pub const MOST_SIGNATURES: usize = 500_000;
