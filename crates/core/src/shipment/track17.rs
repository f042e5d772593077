//! The words of 17TRACK (API version 2.2) and what they mean to us. The one place to correct when they change.

use super::status::TrackingStatus as S;
use super::status::TrackingStatus;

/// The main word, which is also what an empty second word means.
const MAIN_WORDS: &[(&str, S)] = &[
    ("NotFound", S::NotFound),
    ("InfoReceived", S::Announced),
    ("InTransit", S::InTransit),
    ("Expired", S::Expired),
    ("AvailableForPickup", S::PickUpPoint),
    ("OutForDelivery", S::OutForDelivery),
    ("DeliveryFailure", S::FailedDelivery),
    ("Delivered", S::Delivered),
    ("Exception", S::Trouble),
];

/// The second word, which begins with the main one.
const SUB_WORDS: &[(&str, S)] = &[
    ("NotFound_Other", S::NotFound),
    ("NotFound_InvalidCode", S::InvalidNumber),
    ("InfoReceived", S::Announced),
    ("InTransit_PickedUp", S::PickedUp),
    ("InTransit_Other", S::InTransit),
    ("InTransit_Departure", S::Departed),
    ("InTransit_Arrival", S::Arrived),
    ("InTransit_CustomsProcessing", S::Customs),
    ("InTransit_CustomsReleased", S::CustomsReleased),
    ("InTransit_CustomsRequiringInformation", S::NeedsInformation),
    ("Expired_Other", S::Expired),
    ("AvailableForPickup_Other", S::PickUpPoint),
    ("OutForDelivery_Other", S::OutForDelivery),
    ("DeliveryFailure_Other", S::FailedDelivery),
    ("DeliveryFailure_NoBody", S::NobodyThere),
    ("DeliveryFailure_Security", S::Held),
    ("DeliveryFailure_Rejected", S::Refused),
    ("DeliveryFailure_InvalidAddress", S::WrongAddress),
    ("Delivered_Other", S::Delivered),
    ("Exception_Other", S::Trouble),
    ("Exception_Returning", S::Returning),
    ("Exception_Returned", S::Returned),
    ("Exception_NoBody", S::NobodyThere),
    ("Exception_Security", S::Held),
    ("Exception_Damage", S::Damaged),
    ("Exception_Rejected", S::Refused),
    ("Exception_Delayed", S::Delayed),
    ("Exception_Lost", S::Lost),
    ("Exception_Destroyed", S::Destroyed),
    ("Exception_Cancel", S::Cancelled),
];

/// The milestones that events name in `stage`; older events have no other word.
const STAGES: &[(&str, S)] = &[
    ("InfoReceived", S::Announced),
    ("PickedUp", S::PickedUp),
    ("Departure", S::Departed),
    ("Arrival", S::Arrived),
    ("AvailableForPickup", S::PickUpPoint),
    ("OutForDelivery", S::OutForDelivery),
    ("Delivered", S::Delivered),
    ("Returning", S::Returning),
    ("Returned", S::Returned),
];

fn look_up(table: &[(&str, S)], word: &str) -> Option<TrackingStatus> {
    table.iter().find(|(known, _)| *known == word).map(|(_, status)| *status)
}

/// What the two words of a parcel mean. A word that is not in the list, or two that contradict each other, are
/// [`TrackingStatus::Other`], and a person reads them: a guess could send a letter that is not true.
pub fn status_of(main_word: &str, sub_word: &str) -> TrackingStatus {
    let (main_word, sub_word) = (main_word.trim(), sub_word.trim());
    let Some(main) = look_up(MAIN_WORDS, main_word) else {
        return if main_word.is_empty() { of_sub_word(sub_word).unwrap_or(S::Other) } else { S::Other };
    };
    if sub_word.is_empty() {
        return main;
    }
    let fits = sub_word.strip_prefix(main_word).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    if fits { look_up(SUB_WORDS, sub_word).unwrap_or(S::Other) } else { S::Other }
}

/// What an event says. Most scans of a carrier say nothing that a machine could use (`None`); a word that is there and not
/// known is [`TrackingStatus::Other`].
pub fn event_status(sub_word: &str, stage: &str) -> Option<TrackingStatus> {
    of_sub_word(sub_word).or_else(|| look_up(STAGES, stage.trim()))
}

fn of_sub_word(word: &str) -> Option<TrackingStatus> {
    let word = word.trim();
    if word.is_empty() {
        return None;
    }
    Some(look_up(SUB_WORDS, word).or_else(|| look_up(MAIN_WORDS, word)).unwrap_or(S::Other))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair that the service documents, and what becomes of it.
    const DOCUMENTED: &[(&str, &str, &str)] = &[
        ("NotFound", "NotFound_Other", "not_found"),
        ("NotFound", "NotFound_InvalidCode", "invalid_number"),
        ("InfoReceived", "InfoReceived", "announced"),
        ("InTransit", "InTransit_PickedUp", "picked_up"),
        ("InTransit", "InTransit_Other", "in_transit"),
        ("InTransit", "InTransit_Departure", "departed"),
        ("InTransit", "InTransit_Arrival", "arrived"),
        ("InTransit", "InTransit_CustomsProcessing", "customs"),
        ("InTransit", "InTransit_CustomsReleased", "customs_released"),
        ("InTransit", "InTransit_CustomsRequiringInformation", "needs_information"),
        ("Expired", "Expired_Other", "expired"),
        ("AvailableForPickup", "AvailableForPickup_Other", "pick_up_point"),
        ("OutForDelivery", "OutForDelivery_Other", "out_for_delivery"),
        ("DeliveryFailure", "DeliveryFailure_Other", "failed_delivery"),
        ("DeliveryFailure", "DeliveryFailure_NoBody", "nobody_there"),
        ("DeliveryFailure", "DeliveryFailure_Security", "held"),
        ("DeliveryFailure", "DeliveryFailure_Rejected", "refused"),
        ("DeliveryFailure", "DeliveryFailure_InvalidAddress", "wrong_address"),
        ("Delivered", "Delivered_Other", "delivered"),
        ("Exception", "Exception_Other", "trouble"),
        ("Exception", "Exception_Returning", "returning"),
        ("Exception", "Exception_Returned", "returned"),
        ("Exception", "Exception_NoBody", "nobody_there"),
        ("Exception", "Exception_Security", "held"),
        ("Exception", "Exception_Damage", "damaged"),
        ("Exception", "Exception_Rejected", "refused"),
        ("Exception", "Exception_Delayed", "delayed"),
        ("Exception", "Exception_Lost", "lost"),
        ("Exception", "Exception_Destroyed", "destroyed"),
        ("Exception", "Exception_Cancel", "cancelled"),
    ];

    #[test]
    fn every_documented_word_has_its_meaning() {
        for (main, sub, ours) in DOCUMENTED {
            assert_eq!(status_of(main, sub).code(), *ours, "{main} {sub}");
            assert_eq!(event_status(sub, "").map(TrackingStatus::code), Some(*ours), "{sub}");
        }
        assert_eq!(DOCUMENTED.len(), SUB_WORDS.len());
    }

    #[test]
    fn the_main_word_alone_is_enough() {
        assert_eq!(status_of("Delivered", ""), S::Delivered);
        assert_eq!(status_of("Expired", " "), S::Expired);
    }

    #[test]
    fn what_is_unknown_or_contradicts_itself_goes_to_a_person() {
        for (main, sub) in [
            ("Teleported", ""),
            ("", ""),
            ("InTransit", "InTransit_Teleported"),
            ("Delivered", "InTransit_Other"),
            ("Delivered", "DeliveredNot"),
            ("delivered", ""),
        ] {
            let status = status_of(main, sub);
            assert_eq!(status, S::Other, "{main} {sub}");
            assert!(status.handling().task.is_some());
        }
    }

    #[test]
    fn an_event_without_words_is_a_plain_scan() {
        assert_eq!(event_status("", ""), None);
        assert_eq!(event_status("", "Departure"), Some(S::Departed));
        assert_eq!(event_status("", "SomewhereNew"), None);
        assert_eq!(event_status("InTransit_SomewhereNew", "Departure"), Some(S::Other));
    }
}
