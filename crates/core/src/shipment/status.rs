//! Where a parcel can be, in our own words, and what each of them asks for: a letter, a task, both, nothing.
//!
//! The words of a tracking service are translated into these in a file of their own ([`super::track17`]), so that a second
//! service brings no second set of rules.

use crate::receivable::coded_enum;

coded_enum! {
    /// What is known of a parcel. Of two that are told for the same instant, the one further down holds.
    TrackingStatus {
        /// The carrier does not know the number (yet).
        NotFound = "not_found",
        /// No number of this carrier looks like this.
        InvalidNumber = "invalid_number",
        /// The carrier was told of the parcel and has not seen it.
        Announced = "announced",
        PickedUp = "picked_up",
        /// On its way, nothing more exact is said.
        InTransit = "in_transit",
        /// Left the country it was sent from.
        Departed = "departed",
        /// Reached the country, or the town, that it goes to.
        Arrived = "arrived",
        Customs = "customs",
        CustomsReleased = "customs_released",
        /// Customs want papers or an answer before they let it go.
        NeedsInformation = "needs_information",
        Delayed = "delayed",
        /// No news for so long that the tracking service has given up.
        Expired = "expired",
        OutForDelivery = "out_for_delivery",
        /// Waits for the buyer at a counter or in a locker.
        PickUpPoint = "pick_up_point",
        /// Somebody tried, for a reason that is not told.
        FailedDelivery = "failed_delivery",
        /// Somebody tried and found nobody, or could not reach the buyer.
        NobodyThere = "nobody_there",
        WrongAddress = "wrong_address",
        /// The buyer would not take it.
        Refused = "refused",
        /// Held back: security, customs, something unpaid.
        Held = "held",
        /// Something went wrong that is not told.
        Trouble = "trouble",
        Delivered = "delivered",
        /// The sender or the carrier called the parcel off.
        Cancelled = "cancelled",
        Returning = "returning",
        /// Back with the sender.
        Returned = "returned",
        Damaged = "damaged",
        Lost = "lost",
        Destroyed = "destroyed",
        /// A word that we do not know: a person reads it.
        Other = "other",
    }
}

coded_enum! {
    /// Which part of an order's story a status belongs to (the letters differ by it).
    Situation {
        /// M5: it was handed over, and news will show up.
        Shipped = "m5",
        /// M6: something happened to it on the way.
        OnTheWay = "m6",
        /// M7: it should be further than it is.
        Late = "m7",
        /// M10: it is there.
        Delivered = "m10",
    }
}

coded_enum! {
    /// What only a person can do about a parcel.
    ShipmentTask {
        /// The number is not one of the carrier's: compare it with the label.
        CheckNumber = "check_number",
        /// The tracking service cannot tell whose number it is.
        ChooseCarrier = "choose_carrier",
        /// Customs ask; the papers or the answer have to come from us or the buyer.
        GiveInformation = "give_information",
        /// The address does not lead to the buyer: get the right one and give it to the carrier.
        CorrectAddress = "correct_address",
        /// Ask the carrier what happened.
        AskCarrier = "ask_carrier",
        /// It comes back, or came back: send it again, or give the money back.
        SettleReturn = "settle_return",
        /// It will not come any more: claim against the carrier; send another, or give the money back.
        ClaimLoss = "claim_loss",
        /// It came broken: pictures, claim, and what the buyer gets.
        ClaimDamage = "claim_damage",
        /// A word that nobody has sorted in yet.
        ReadStatus = "read_status",
    }
}

/// What a status usually asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handling {
    pub situation: Situation,
    /// The buyer wants to hear of it. Where it is false, a letter would worry without helping, or a person decides first.
    pub letter: bool,
    pub task: Option<ShipmentTask>,
}

impl TrackingStatus {
    /// What this status usually asks for. The compiler asks for a line for each.
    pub const fn handling(self) -> Handling {
        use ShipmentTask as T;
        let (situation, letter, task) = match self {
            Self::NotFound | Self::Announced | Self::PickedUp => (Situation::Shipped, false, None),
            Self::InvalidNumber => (Situation::Shipped, false, Some(T::CheckNumber)),
            // Said nothing that the letter of dispatch has not said.
            Self::InTransit | Self::CustomsReleased => (Situation::OnTheWay, false, None),
            Self::Departed
            | Self::Arrived
            | Self::Customs
            | Self::PickUpPoint
            | Self::OutForDelivery
            | Self::FailedDelivery
            | Self::NobodyThere => (Situation::OnTheWay, true, None),
            Self::NeedsInformation => (Situation::OnTheWay, true, Some(T::GiveInformation)),
            Self::WrongAddress => (Situation::OnTheWay, true, Some(T::CorrectAddress)),
            Self::Held | Self::Trouble | Self::Cancelled => (Situation::OnTheWay, false, Some(T::AskCarrier)),
            Self::Refused => (Situation::OnTheWay, false, Some(T::SettleReturn)),
            Self::Returning | Self::Returned => (Situation::OnTheWay, true, Some(T::SettleReturn)),
            Self::Lost => (Situation::OnTheWay, true, Some(T::ClaimLoss)),
            Self::Destroyed => (Situation::OnTheWay, false, Some(T::ClaimLoss)),
            Self::Damaged => (Situation::OnTheWay, true, Some(T::ClaimDamage)),
            Self::Delayed => (Situation::Late, true, None),
            Self::Expired => (Situation::Late, true, Some(T::AskCarrier)),
            Self::Delivered => (Situation::Delivered, true, None),
            Self::Other => (Situation::OnTheWay, false, Some(T::ReadStatus)),
        };
        Handling { situation, letter, task }
    }

    /// Nothing more is expected to happen to the parcel: no clock of lateness runs.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Returned | Self::Lost | Self::Destroyed | Self::Cancelled)
    }

    /// The carrier has had it in its hands.
    pub const fn is_seen(self) -> bool {
        !matches!(self, Self::NotFound | Self::InvalidNumber | Self::Announced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_can_settle_by_a_letter_is_a_task() {
        for status in TrackingStatus::ALL {
            let handling = status.handling();
            let by_hand = matches!(
                status,
                TrackingStatus::InvalidNumber
                    | TrackingStatus::NeedsInformation
                    | TrackingStatus::WrongAddress
                    | TrackingStatus::Refused
                    | TrackingStatus::Held
                    | TrackingStatus::Trouble
                    | TrackingStatus::Cancelled
                    | TrackingStatus::Returning
                    | TrackingStatus::Returned
                    | TrackingStatus::Damaged
                    | TrackingStatus::Lost
                    | TrackingStatus::Destroyed
                    | TrackingStatus::Expired
                    | TrackingStatus::Other
            );
            assert_eq!(handling.task.is_some(), by_hand, "{status:?}");
            assert_eq!(handling.situation == Situation::Delivered, *status == TrackingStatus::Delivered, "{status:?}");
        }
    }

    #[test]
    fn words_go_both_ways() {
        for status in TrackingStatus::ALL {
            assert_eq!(TrackingStatus::from_code(status.code()), Some(*status));
        }
        assert_eq!(TrackingStatus::from_code("elsewhere"), None);
    }
}
