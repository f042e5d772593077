//! What 17TRACK says when it refuses, and who can do something about it.

use std::time::Duration;

/// Why a number, or a whole call, was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Our address is not on the list of addresses that the account allows.
    AddressNotAllowed,
    BadKey,
    /// Their fault; later it may work.
    Internal,
    AccountDisabled,
    NotPermitted,
    /// Something we sent is missing or malformed.
    BadData,
    TooManyNumbers,
    /// The carrier wants a postcode, a telephone or a date beside the number.
    NeedsMore,
    /// Their settings for the webhook.
    Webhook,
    AlreadyRegistered,
    NotRegistered,
    /// Nobody can tell whose number it is: a person chooses the carrier.
    CarrierUnknown,
    /// Only a stopped number can be tracked again.
    NotStopped,
    /// A number can be tracked again once, and was.
    TrackedAgainBefore,
    /// Only a number that is being tracked can be stopped.
    NotTracking,
    /// No more numbers today.
    QuotaToday,
    /// No more numbers until more are bought.
    QuotaSpent,
    /// Registered, and nothing is known yet.
    NothingYet,
    /// There is no such carrier, or not for this number.
    WrongCarrier,
    Other,
}

/// Who can do something about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// It is as it should be.
    Nothing,
    /// Ask again later.
    Wait,
    /// Somebody looks at this parcel.
    Person,
    /// Somebody looks at the account: no parcel will do better before.
    Account,
}

/// The codes of the service. Those marked `memory` are not in the text we have of the vendor: correct them here.
const CODES: &[(i64, Cause)] = &[
    (-18_010_001, Cause::AddressNotAllowed),
    (-18_010_002, Cause::BadKey),
    (-18_010_003, Cause::Internal),
    (-18_010_004, Cause::AccountDisabled),
    (-18_010_005, Cause::NotPermitted),
    (-18_010_010, Cause::BadData),
    (-18_010_011, Cause::BadData),
    (-18_010_012, Cause::BadData),
    (-18_010_013, Cause::BadData),
    (-18_010_014, Cause::TooManyNumbers),
    (-18_010_018, Cause::NeedsMore),
    (-18_010_019, Cause::NeedsMore),
    (-18_010_020, Cause::NeedsMore),
    (-18_010_201, Cause::Webhook),
    (-18_010_202, Cause::Webhook),
    (-18_010_203, Cause::Webhook),
    (-18_010_204, Cause::Webhook),
    (-18_010_205, Cause::Webhook),
    (-18_010_206, Cause::Webhook),
    (-18_019_901, Cause::AlreadyRegistered),
    (-18_019_902, Cause::NotRegistered),
    (-18_019_903, Cause::CarrierUnknown),
    (-18_019_904, Cause::NotStopped),         // memory
    (-18_019_905, Cause::TrackedAgainBefore), // memory
    (-18_019_906, Cause::NotTracking),        // memory
    (-18_019_907, Cause::QuotaToday),
    (-18_019_908, Cause::QuotaSpent),
    (-18_019_909, Cause::NothingYet),   // memory
    (-18_019_910, Cause::WrongCarrier), // memory
    (-18_019_911, Cause::WrongCarrier), // memory
];

/// The format of this number is wrong: said by us before anybody is asked.
pub const MALFORMED_NUMBER: i64 = -18_010_012;

impl Cause {
    pub fn of(code: i64) -> Self {
        CODES.iter().find(|(known, _)| *known == code).map_or(Self::Other, |(_, cause)| *cause)
    }

    pub const fn remedy(self) -> Remedy {
        match self {
            Self::AlreadyRegistered => Remedy::Nothing,
            Self::Internal | Self::QuotaToday | Self::NothingYet => Remedy::Wait,
            Self::AddressNotAllowed
            | Self::BadKey
            | Self::AccountDisabled
            | Self::NotPermitted
            | Self::Webhook
            | Self::QuotaSpent => Remedy::Account,
            Self::BadData
            | Self::TooManyNumbers
            | Self::NeedsMore
            | Self::NotRegistered
            | Self::CarrierUnknown
            | Self::NotStopped
            | Self::TrackedAgainBefore
            | Self::NotTracking
            | Self::WrongCarrier
            | Self::Other => Remedy::Person,
        }
    }
}

/// One number that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    pub number: String,
    pub code: i64,
    pub cause: Cause,
    /// What the service said of it, in its own words.
    pub message: String,
}

/// A call that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    #[error("17TRACK takes no more calls for the moment; it is asked again later")]
    Throttled { after: Option<Duration> },
    /// No connection, no answer in time, or a fault on their side.
    #[error("17TRACK does not answer ({0}); check the connection, and whether a firewall lets api.17track.net through")]
    Away(String),
    #[error("17TRACK refused the call: {message} ({code}); {}", advice(.cause))]
    Refused { code: i64, cause: Cause, message: String },
    #[error("17TRACK answered something that cannot be read: {0}")]
    Unreadable(String),
}

/// What to do about a refusal of a whole call.
const fn advice(cause: &Cause) -> &'static str {
    match cause {
        Cause::AddressNotAllowed => "add this machine's address to the allowed ones in the 17TRACK account",
        Cause::BadKey => "check the key of 17TRACK in the settings",
        Cause::AccountDisabled | Cause::NotPermitted => "ask 17TRACK about the account",
        Cause::QuotaSpent => "buy more numbers, or stop tracking what is delivered",
        Cause::QuotaToday => "it goes on tomorrow",
        Cause::Webhook => "check the address of the webhook in the 17TRACK account",
        _ => "nothing was changed",
    }
}

impl CallError {
    /// Whether the same call may do better by itself. All calls can be repeated: what is registered stays registered.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Throttled { .. } | Self::Away(_) => true,
            Self::Refused { cause, .. } => matches!(cause, Cause::Internal),
            Self::Unreadable(_) => false,
        }
    }

    /// How long the service asks to be left alone.
    pub const fn wait(&self) -> Option<Duration> {
        match self {
            Self::Throttled { after } => *after,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_somebody_who_can_do_something() {
        for (code, who) in [
            (-18_010_001, Remedy::Account),
            (-18_010_002, Remedy::Account),
            (-18_010_003, Remedy::Wait),
            (-18_010_019, Remedy::Person),
            (-18_019_901, Remedy::Nothing),
            (-18_019_902, Remedy::Person),
            (-18_019_903, Remedy::Person),
            (-18_019_907, Remedy::Wait),
            (-18_019_908, Remedy::Account),
            (-1, Remedy::Person),
        ] {
            assert_eq!(Cause::of(code).remedy(), who, "{code}");
        }
    }

    #[test]
    fn an_error_says_what_to_do() {
        let error = CallError::Refused { code: -18_010_002, cause: Cause::BadKey, message: "Invalid key".to_string() };
        assert!(error.to_string().contains("check the key"), "{error}");
        assert!(!error.is_passing());
    }
}
