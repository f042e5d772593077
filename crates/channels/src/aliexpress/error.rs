//! What can go wrong in a call, sorted by what has to happen next. No secret is ever part of an error.
//!
//! Retried are throttles and faults of the service (`isp.*`), nothing else; a change whose fate is in doubt is never
//! sent again.

use std::time::Duration;

use super::uncertain::{CODES, Meaning, WAIT_WITHOUT_WORD};

/// Why a call did not bring what it was made for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// Certainly not done; the same may be tried again after `wait`.
    #[error("AliExpress is busy ({what}); try again in {} seconds", .wait.as_secs().max(1))]
    Busy { wait: Duration, what: String },
    /// Certainly not done, and never will be as it stands.
    #[error("AliExpress refused the call: {code}: {what}")]
    Refused { code: String, what: String },
    /// The access token is not accepted (any more): refresh it and try again. Certainly not done.
    #[error("AliExpress does not accept the access token: {what}")]
    TokenRefused { what: String },
    /// Somebody has to do something first; `what` says what.
    #[error("{what}")]
    NeedsPerson { need: Need, what: String },
    /// The app may not use this call. Certainly not done.
    #[error("this app is not permitted to use {call} on AliExpress: {what}")]
    NotPermitted { call: String, what: String },
    /// A change that may or may not have happened: look it up, never send it again blindly.
    #[error("it is not known whether AliExpress did it: {what}")]
    InDoubt { what: String },
    /// The answer is not what is documented.
    #[error("AliExpress answered in a form that is not understood: {what}")]
    Unreadable { what: String },
}

/// What a person has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Connect the shop anew: the seller signs in and agrees.
    AuthorizeAgain,
    /// Check app key and app secret.
    CheckApp,
    /// Set this machine's clock.
    SetClock,
    /// The new token could not be kept; it would be lost at the next start.
    KeepToken,
}

/// Whether a call changes anything over there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Read,
    Write,
}

/// An error as the service words it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteError {
    pub code: String,
    pub sub_code: String,
    pub message: String,
}

impl ApiError {
    pub const fn is_busy(&self) -> bool {
        matches!(self, Self::Busy { .. })
    }

    /// What the error of a call means; `call` is its name.
    pub fn of_remote(remote: RemoteError, call: &str, effect: Effect) -> Self {
        let meaning = meaning(&remote);
        let RemoteError { code, sub_code, message } = remote;
        let what = if sub_code.is_empty() { message } else { format!("{message} ({sub_code})") };
        let person = |need, what| Self::NeedsPerson { need, what };
        match meaning {
            Meaning::Throttled => Self::Busy { wait: ban(&what).unwrap_or(WAIT_WITHOUT_WORD), what },
            Meaning::ServiceFault => Self::fault(effect, format!("{code}: {what}")),
            // It says that something behind the service failed and not whether before or after the work.
            Meaning::RemoteFault if effect == Effect::Write => Self::InDoubt { what: format!("{code}: {what}") },
            Meaning::RemoteFault => Self::Refused { code, what },
            Meaning::TokenRefused => Self::TokenRefused { what },
            Meaning::AuthorizeAgain => {
                let told = format!("connect the AliExpress shop again: its authorisation has ended ({code}: {what})");
                person(Need::AuthorizeAgain, told)
            }
            Meaning::SignatureRefused => {
                let told = format!("check the app key and app secret of AliExpress: {code}: {what}");
                person(Need::CheckApp, told)
            }
            Meaning::ClockRefused => {
                let told = format!("set this machine's clock: AliExpress does not accept its time ({code}: {what})");
                person(Need::SetClock, told)
            }
            Meaning::NotPermitted => Self::NotPermitted { call: call.to_string(), what },
            Meaning::Refused => Self::Refused { code, what },
        }
    }

    /// The connection or the service broke down after the call was on its way.
    pub fn fault(effect: Effect, what: String) -> Self {
        match effect {
            Effect::Read => Self::Busy { wait: Duration::from_secs(1), what },
            Effect::Write => Self::InDoubt { what },
        }
    }
}

/// Whether the service counts this app's calls and has had enough of them.
pub fn is_throttle(remote: &RemoteError) -> bool {
    meaning(remote) == Meaning::Throttled
}

fn meaning(remote: &RemoteError) -> Meaning {
    let known = |word: &str| CODES.iter().find(|(code, _)| *code == word).map(|(_, meaning)| *meaning);
    // Whoever was not let in has changed nothing, whatever the sub-code adds.
    if known(&remote.code) == Some(Meaning::Throttled) {
        return Meaning::Throttled;
    }
    // The more exact word first: 15 ("remote service error") says what is meant in its sub-code alone.
    known(&remote.sub_code)
        .or_else(|| remote.sub_code.starts_with("isv.").then_some(Meaning::Refused))
        .or_else(|| remote.sub_code.starts_with("isp.").then_some(Meaning::ServiceFault))
        .or_else(|| known(&remote.code))
        .or_else(|| remote.code.starts_with("isp.").then_some(Meaning::ServiceFault))
        .unwrap_or(Meaning::Refused)
}

/// How long a throttle lasts: "This ban will last N seconds", also with words between. At most a day.
pub fn ban(message: &str) -> Option<Duration> {
    const A_DAY: u64 = 86_400;
    let lower = message.to_ascii_lowercase();
    let (_, rest) = lower.split_once("ban will last")?;
    let near = rest.chars().take(24).skip_while(|letter| !letter.is_ascii_digit());
    let digits: String = near.take_while(char::is_ascii_digit).collect();
    // A number too long to read is a long time.
    (!digits.is_empty()).then(|| Duration::from_secs(digits.parse().unwrap_or(A_DAY).min(A_DAY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str, sub_code: &str, message: &str, effect: Effect) -> ApiError {
        let remote = RemoteError { code: code.into(), sub_code: sub_code.into(), message: message.into() };
        ApiError::of_remote(remote, "some.call", effect)
    }

    #[test]
    fn a_ban_says_how_long_it_lasts() {
        let second = Some(Duration::from_secs(1));
        assert_eq!(ban("Api access frequency exceeds the limit. This ban will last 1 seconds"), second);
        assert_eq!(ban("this ban will last for 1 more seconds"), second);
        assert_eq!(ban("ban will last 999999999999999999999999 seconds"), Some(Duration::from_secs(86_400)));
        assert_eq!(ban("too many calls"), None);
        assert_eq!(ban("ban will last for a while"), None);
    }

    #[test]
    fn every_code_leads_to_its_next_step() {
        let wait = Duration::from_secs(7);
        let told = "This ban will last 7 seconds".to_string();
        for code in ["AppCallLimit", "ApiCallLimit", "7", "8"] {
            assert_eq!(error(code, "", &told, Effect::Write), ApiError::Busy { wait, what: told.clone() });
        }
        assert!(matches!(error("IllegalAccessToken", "", "", Effect::Read), ApiError::TokenRefused { .. }));
        for code in ["IllegalRefreshToken", "InvalidCode"] {
            let found = error(code, "", "", Effect::Read);
            assert!(matches!(found, ApiError::NeedsPerson { need: Need::AuthorizeAgain, .. }), "{code}: {found:?}");
        }
        let found = error("IncompleteSignature", "", "", Effect::Read);
        assert!(matches!(found, ApiError::NeedsPerson { need: Need::CheckApp, .. }));
        for code in ["InvalidApiPath", "40", "41", "NeverSeen"] {
            assert!(matches!(error(code, "", "", Effect::Read), ApiError::Refused { .. }), "{code}");
        }
        assert!(matches!(error("InsufficientPermission", "", "", Effect::Read), ApiError::NotPermitted { .. }));
    }

    #[test]
    fn a_fault_of_the_service_is_tried_again_for_questions_only() {
        assert!(error("15", "isp.remote-service-error", "", Effect::Read).is_busy());
        assert!(matches!(error("15", "isp.remote-service-error", "", Effect::Write), ApiError::InDoubt { .. }));
        for effect in [Effect::Read, Effect::Write] {
            assert!(matches!(error("15", "isv.invalid-parameter", "", effect), ApiError::Refused { .. }));
        }
        // Without a sub-code nobody knows whether it came before or after the work.
        assert!(matches!(error("15", "", "", Effect::Write), ApiError::InDoubt { .. }));
        assert!(matches!(error("15", "", "", Effect::Read), ApiError::Refused { .. }));
        assert!(error("7", "isp.call-limited", "", Effect::Write).is_busy(), "not let in, so certainly not done");
    }
}
