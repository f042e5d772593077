//! What a buyer is asked, or asks for, before an order leaves (SCENARIOS M4, M8).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::consent::{Consent, read_consent};
use super::delivery::{Delivery, read_answer};
use crate::ids::AskId;
use crate::receivable::coded_enum;

coded_enum! {
    /// What is asked.
    AskKind {
        /// Address, postcode, phone, full name where the country needs it.
        Address = "address",
        /// Description and true value of the goods for customs.
        Customs = "customs",
        /// Several orders in one parcel.
        Combine = "combine",
        /// More to pay for an oversized or heavy parcel.
        Surcharge = "surcharge",
        RemoteArea = "remote_area",
        /// The buyer wants another address.
        AddressChange = "address_change",
        /// In several parcels.
        Split = "split",
        /// Anything else that the buyer wishes: a gift, no invoice.
        Wish = "wish",
    }
}

coded_enum! {
    /// How something that is open ends without an answer, by a person's word.
    AskEnd {
        /// The order goes without one.
        Overridden = "overridden",
        /// Nobody asks any more: by mistake, or the buyer wishes it no longer.
        Withdrawn = "withdrawn",
        /// We do not do it.
        Refused = "refused",
    }
}

impl AskEnd {
    /// Somebody has to say why. What was asked by mistake needs no reason.
    pub const fn needs_reason(self) -> bool {
        !matches!(self, Self::Withdrawn)
    }
}

/// One thing that is open between the buyer and us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderAsk {
    pub id: AskId,
    pub kind: AskKind,
    /// When it came up: the 24 hours of an answer count from here.
    pub raised_at: Timestamp,
    /// Nothing leaves before it is settled.
    pub holds_dispatch: bool,
    /// Answered, or somebody of ours said that it goes without.
    pub settled: bool,
}

/// What was read out of the words of a buyer: for somebody to look at, and then to take over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskAnswer {
    /// Fields that the answer names.
    #[serde(flatten)]
    pub fields: Delivery,
    /// Yes or no, where the question is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

impl AskKind {
    /// It may cost the buyer something, so that an amount can be named.
    pub const fn may_cost(self) -> bool {
        matches!(self, Self::Surcharge | Self::RemoteArea | Self::Split)
    }

    /// The message that asks it does not say that the order waits for the answer.
    pub const fn may_go_on(self) -> bool {
        matches!(self, Self::Combine | Self::Split)
    }

    /// Nothing but a yes or a no settles it.
    pub const fn is_yes_or_no(self) -> bool {
        matches!(self, Self::Combine | Self::Surcharge | Self::Split)
    }

    /// Reads an answer to it. `None`: it says nothing that could be taken over.
    pub fn read(self, text: &str) -> Option<AskAnswer> {
        let fields = read_answer(text);
        let consent = match self {
            Self::Combine | Self::Surcharge | Self::Split => Some(read_consent(text)?),
            // "Yes, all is as you wrote": nothing else is to be taken over then.
            Self::Address | Self::Customs if fields.is_empty() => {
                Some(read_consent(text).filter(|said| *said == Consent::Yes)?)
            }
            _ => None,
        };
        (consent.is_some() || !fields.is_empty()).then_some(AskAnswer { fields, consent })
    }

    /// How it is settled once this answer was taken over.
    pub const fn settled_by(self, answer: &AskAnswer) -> &'static str {
        match answer.consent {
            Some(Consent::Yes) if self.is_yes_or_no() => "agreed",
            Some(Consent::No) => "declined",
            _ => "answered",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_by_what_was_asked() {
        let said = |kind: AskKind, text: &str| kind.read(text).map(|answer| kind.settled_by(&answer));
        assert_eq!(said(AskKind::Surcharge, "Yes, I agree"), Some("agreed"));
        assert_eq!(said(AskKind::Split, "No, thanks"), Some("declined"));
        assert_eq!(said(AskKind::Combine, "Name: Ana Rossi"), None, "neither yes nor no");
        assert_eq!(said(AskKind::Combine, "Да\nТелефон: +7 912 345 67 89"), Some("agreed"));
        assert_eq!(said(AskKind::Address, "да, спасибо"), Some("answered"));
        assert_eq!(said(AskKind::Address, "no"), None, "then it is to be told what is right");
        assert_eq!(said(AskKind::Address, "Name: Ana Rossi"), Some("answered"));
        // What has other answers than yes or no is not settled by one.
        assert_eq!(said(AskKind::RemoteArea, "yes"), None);
        assert_eq!(said(AskKind::Wish, "yes"), None);
    }

    #[test]
    fn what_was_kept_before_answers_by_yes_or_no_is_read_still() {
        let kept: AskAnswer = serde_json::from_str(r#"{"name":"Ana","postcode":"20121"}"#).expect("an answer");
        assert_eq!((kept.fields.name.as_str(), kept.consent), ("Ana", None));
        let with = AskAnswer { consent: Some(Consent::No), ..kept };
        let text = serde_json::to_string(&with).expect("json");
        assert_eq!(serde_json::from_str::<AskAnswer>(&text).expect("an answer"), with);
    }
}
