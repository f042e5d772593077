//! What is not proven about the service, in one place, so that it is easy to correct.
//!
//! Everything else in this folder follows the vendor's documentation or models. Here stands what was read in other
//! people's clients ("observed") or is remembered ("remembered"), and what the documentation leaves open ("open").

use std::time::Duration;

use jiff::SignedDuration;

/// Open: the documented call sends the token as `session`, the vendor's signature example as `access_token`.
pub const TOKEN_PARAMETER: &str = "session";

/// Open: "US Pacific" is read as the clock of Los Angeles, with its daylight saving time.
pub const SERVICE_ZONE: &str = "America/Los_Angeles";

/// Open: whether the longest window binds the time of creation, of modification, or both. Both are kept to it, one day
/// short of it, because a window measured on the wall clock may be an hour longer than it is.
pub const LONGEST_WINDOW: SignedDuration = SignedDuration::from_hours(179 * 24);
/// As [`LONGEST_WINDOW`], for finished orders (documented: 30 days).
pub const LONGEST_WINDOW_FINISHED: SignedDuration = SignedDuration::from_hours(29 * 24);

/// Observed: why an order ended, as far as the words are known; the documentation lists none of them.
pub const END_REASONS: &[(&str, EndReason)] = &[
    ("buyer_accept_goods", EndReason::Received),
    ("buyer_accept_goods_timeout", EndReason::Received),
    ("pay_timeout", EndReason::NotPaid),
    ("security_close", EndReason::RiskControl),
    ("cancel_order_close_trade", EndReason::Buyer),
    ("buyer_cancel_order", EndReason::Buyer),
    ("buyer_confirm_refund", EndReason::Buyer),
    ("seller_send_goods_timeout", EndReason::Seller),
    ("seller_cancel_order", EndReason::Seller),
];

/// What ended an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// The buyer has the goods, or the time to say otherwise has passed.
    Received,
    NotPaid,
    RiskControl,
    /// The buyer called it off, or was given the money back.
    Buyer,
    Seller,
}

/// Open: the unit of `timeout_left_time`; the values seen are milliseconds.
pub const MILLISECONDS_PER_TIMEOUT_UNIT: i64 = 1;

/// Remembered: the value of `ext_info_bit_flag` that brings every part of an order.
pub const EVERY_PART: u32 = 11_111;
/// Remembered: what wraps the items of `logistic_info_list`. The names of the fields inside it and inside
/// `receipt_address`, in `order_detail`, are remembered as well; a wrong one reads as empty.
pub const PARCEL_ITEM: &str = "global_aeop_tp_logistic_info_dto";

/// Open: whether `buyer_id` of a message is the buyer's login name or a number. The login name is what an order tells.
/// Remembered: the most letters of a message.
pub const MESSAGE_LETTERS: usize = 2_000;

/// Observed: names of the message calls. Whether an app may use them shows only when it tries.
pub const ADD_MESSAGE: &str = "aliexpress.message.redefining.versiontwo.addmsg";
pub const LIST_RELATIONS: &str = "aliexpress.message.redefining.versiontwo.querymsgrelationlist";
pub const LIST_MESSAGES: &str = "aliexpress.message.redefining.versiontwo.querymsgdetaillist";
pub const MARK_READ: &str = "aliexpress.message.redefining.versiontwo.updatemsgread";
pub const MARK_PROCESSED: &str = "aliexpress.message.redefining.versiontwo.updatemsgprocessed";

/// Remembered: the wait after a throttle answer that names none.
pub const WAIT_WITHOUT_WORD: Duration = Duration::from_secs(5);

/// Observed and remembered: what each code of an error asks of us. The numbers are those of the older platform that
/// the newer one still answers with.
pub const CODES: &[(&str, Meaning)] = &[
    ("AppCallLimit", Meaning::Throttled),
    ("ApiCallLimit", Meaning::Throttled),
    ("SellerCallLimit", Meaning::Throttled),
    ("7", Meaning::Throttled),
    ("8", Meaning::Throttled),
    ("15", Meaning::RemoteFault),
    ("ServiceTimeout", Meaning::ServiceFault),
    ("ServiceUnavailable", Meaning::ServiceFault),
    ("IllegalAccessToken", Meaning::TokenRefused),
    ("26", Meaning::TokenRefused),
    ("27", Meaning::TokenRefused),
    ("IllegalRefreshToken", Meaning::AuthorizeAgain),
    ("InvalidCode", Meaning::AuthorizeAgain),
    ("IncompleteSignature", Meaning::SignatureRefused),
    ("24", Meaning::SignatureRefused),
    ("25", Meaning::SignatureRefused),
    ("InvalidAppKey", Meaning::SignatureRefused),
    ("28", Meaning::SignatureRefused),
    ("29", Meaning::SignatureRefused),
    ("IllegalTimestamp", Meaning::ClockRefused),
    ("30", Meaning::ClockRefused),
    ("31", Meaning::ClockRefused),
    ("InsufficientPermission", Meaning::NotPermitted),
    ("11", Meaning::NotPermitted),
    ("12", Meaning::NotPermitted),
];

/// What an error asks of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Too many calls: wait as long as it says. Certainly not done.
    Throttled,
    /// The service itself failed: a question may be asked again, a change is in doubt.
    ServiceFault,
    /// Something behind the service failed, and it does not say what: a question is refused, a change is in doubt.
    RemoteFault,
    /// The access token is refused: refresh it.
    TokenRefused,
    /// The shop has to authorise the app anew.
    AuthorizeAgain,
    /// App key and secret do not fit.
    SignatureRefused,
    /// The time of the call is refused: this machine's clock is off.
    ClockRefused,
    /// The app may not use this call.
    NotPermitted,
    /// Not as it stands.
    Refused,
}
