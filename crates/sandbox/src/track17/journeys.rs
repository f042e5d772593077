//! Journeys that parcels can have: one script per way in which things go, stretched by chance.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::dice::Dice;

/// How a journey goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Journey {
    Normal,
    Customs,
    NeedsInformation,
    PickUp,
    FailedDelivery,
    NobodyThere,
    WrongAddress,
    Refused,
    Held,
    Returned,
    Lost,
    Damaged,
    Destroyed,
    Cancelled,
    /// Told to be late, and comes.
    Late,
    /// No news any more, until the service gives up.
    Stuck,
    /// The carrier never hears of it.
    NotFound,
    /// No number of this carrier looks like this.
    InvalidNumber,
    /// Says a word that nobody has documented.
    NewWord,
}

impl Journey {
    pub const ALL: &'static [Self] = &[
        Self::Normal,
        Self::Customs,
        Self::NeedsInformation,
        Self::PickUp,
        Self::FailedDelivery,
        Self::NobodyThere,
        Self::WrongAddress,
        Self::Refused,
        Self::Held,
        Self::Returned,
        Self::Lost,
        Self::Damaged,
        Self::Destroyed,
        Self::Cancelled,
        Self::Late,
        Self::Stuck,
        Self::NotFound,
        Self::InvalidNumber,
        Self::NewWord,
    ];

    /// What becomes of a parcel that nobody scripted: mostly, nothing special.
    pub fn by_chance(dice: &mut Dice) -> Self {
        if dice.chance(60) {
            return Self::Normal;
        }
        let index = usize::try_from(dice.below(Self::ALL.len() as u64)).unwrap_or(0);
        Self::ALL[index]
    }
}

/// One line of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    pub sub_status: &'static str,
    /// The milestone; most lines have none.
    pub stage: Option<&'static str>,
    pub description: &'static str,
    /// Where the parcel goes to, and not where it comes from.
    pub abroad: bool,
}

/// Hours since the line before, the service's word, its milestone, and what the carrier writes.
type Line = (i64, &'static str, Option<&'static str>, &'static str);

const HOME: &[Line] = &[
    (4, "InfoReceived", Some("InfoReceived"), "Shipment information received"),
    (20, "InTransit_PickedUp", Some("PickedUp"), "Accepted by carrier"),
    (10, "InTransit_Other", None, "Processed at sorting centre"),
    (30, "InTransit_Departure", Some("Departure"), "Departed from country of origin"),
];
const ABROAD: &[Line] = &[(120, "InTransit_Arrival", Some("Arrival"), "Arrived in destination country")];
const THROUGH_CUSTOMS: &[Line] = &[
    (6, "InTransit_CustomsProcessing", None, "Presented to customs"),
    (30, "InTransit_CustomsReleased", None, "Released by customs"),
];
const QUESTIONED: &[Line] = &[
    (6, "InTransit_CustomsProcessing", None, "Presented to customs"),
    (12, "InTransit_CustomsRequiringInformation", None, "Customs require documents from the recipient"),
    (90, "InTransit_CustomsReleased", None, "Released by customs"),
];
const TO_THE_DOOR: &[Line] = &[(40, "OutForDelivery_Other", Some("OutForDelivery"), "Out for delivery")];
const DELIVERED: &[Line] = &[(5, "Delivered_Other", Some("Delivered"), "Delivered")];
const COLLECTED: &[Line] = &[
    (40, "AvailableForPickup_Other", Some("AvailableForPickup"), "Ready for collection at the parcel shop"),
    (50, "Delivered_Other", Some("Delivered"), "Collected by the recipient"),
];
const GOES_BACK: &[Line] = &[
    (48, "Exception_Returning", Some("Returning"), "Return to sender"),
    (60, "InTransit_Other", None, "Processed at sorting centre"),
    (200, "Exception_Returned", Some("Returned"), "Returned to sender"),
];
const FAILED: &[Line] = &[(5, "DeliveryFailure_Other", None, "Delivery attempted")];
const NOBODY: &[Line] = &[(5, "DeliveryFailure_NoBody", None, "Delivery attempted, nobody present")];
const BAD_ADDRESS: &[Line] = &[(5, "DeliveryFailure_InvalidAddress", None, "Address incomplete")];
const NOT_WANTED: &[Line] = &[(5, "DeliveryFailure_Rejected", None, "Refused by the recipient")];
const HELD: &[Line] = &[(8, "Exception_Security", None, "Held by the authorities")];
const LOST: &[Line] = &[(300, "Exception_Lost", None, "Declared lost")];
const DAMAGED: &[Line] = &[(20, "Exception_Damage", None, "Parcel damaged in handling")];
const DESTROYED: &[Line] = &[(200, "Exception_Destroyed", None, "Destroyed")];
const CALLED_OFF: &[Line] = &[(12, "Exception_Cancel", None, "Shipment cancelled")];
const DELAYED: &[Line] = &[
    (30, "Exception_Delayed", None, "Delayed by the line haul"),
    (260, "InTransit_Other", None, "Processed at sorting centre"),
];
const BEAMED: &[Line] = &[(20, "InTransit_HandedToDrone", None, "Handed to drone")];

/// The parts of a journey; the first stands at home, the rest abroad.
const fn parts(journey: Journey) -> &'static [&'static [Line]] {
    match journey {
        Journey::Normal => &[HOME, ABROAD, TO_THE_DOOR, DELIVERED],
        Journey::Customs => &[HOME, ABROAD, THROUGH_CUSTOMS, TO_THE_DOOR, DELIVERED],
        Journey::NeedsInformation => &[HOME, ABROAD, QUESTIONED, TO_THE_DOOR, DELIVERED],
        Journey::PickUp => &[HOME, ABROAD, COLLECTED],
        Journey::FailedDelivery => &[HOME, ABROAD, TO_THE_DOOR, FAILED, TO_THE_DOOR, DELIVERED],
        Journey::NobodyThere => &[HOME, ABROAD, TO_THE_DOOR, NOBODY, COLLECTED],
        Journey::WrongAddress => &[HOME, ABROAD, TO_THE_DOOR, BAD_ADDRESS, GOES_BACK],
        Journey::Refused => &[HOME, ABROAD, TO_THE_DOOR, NOT_WANTED, GOES_BACK],
        Journey::Held => &[HOME, ABROAD, HELD],
        Journey::Returned => &[HOME, ABROAD, TO_THE_DOOR, FAILED, GOES_BACK],
        Journey::Lost => &[HOME, LOST],
        Journey::Damaged => &[HOME, ABROAD, DAMAGED],
        Journey::Destroyed => &[HOME, ABROAD, HELD, DESTROYED],
        Journey::Cancelled => &[HOME, CALLED_OFF],
        Journey::Late => &[HOME, DELAYED, ABROAD, TO_THE_DOOR, DELIVERED],
        Journey::Stuck => &[HOME],
        Journey::NotFound | Journey::InvalidNumber => &[],
        Journey::NewWord => &[HOME, BEAMED, ABROAD, TO_THE_DOOR, DELIVERED],
    }
}

/// The history that a parcel will have. Every gap is stretched or shortened by up to three tenths.
pub fn history(journey: Journey, starts_at: Timestamp, dice: &mut Dice) -> Vec<Event> {
    let mut events = Vec::new();
    let mut at = starts_at;
    for (index, part) in parts(journey).iter().enumerate() {
        for (hours, sub_status, stage, description) in part.iter().copied() {
            let tenths = 7 + i64::try_from(dice.below(7)).unwrap_or(0);
            at = later(at, hours * 360 * tenths);
            events.push(Event { at, sub_status, stage, description, abroad: index > 0 });
        }
    }
    events
}

/// One line as somebody wishes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WishedLine {
    pub at: Timestamp,
    pub sub_status: String,
}

/// A history of these lines, in the order of their times; a word that no journey has is given back.
pub fn wished(lines: &[WishedLine]) -> Result<Vec<Event>, String> {
    let known = |word: &str| {
        let all = Journey::ALL.iter().flat_map(|journey| parts(*journey)).flat_map(|part| part.iter());
        all.copied().find(|(_, sub_status, ..)| *sub_status == word)
    };
    let mut sorted: Vec<&WishedLine> = lines.iter().collect();
    sorted.sort_by_key(|line| line.at);
    let mut events = Vec::with_capacity(sorted.len());
    let mut abroad = false;
    for line in sorted {
        let (_, sub_status, stage, description) = known(&line.sub_status).ok_or_else(|| line.sub_status.clone())?;
        abroad |= stage == Some("Arrival");
        events.push(Event { at: line.at, sub_status, stage, description, abroad });
    }
    Ok(events)
}

/// So many seconds later; the end of time is late enough for anything.
pub fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wished_journey_has_the_words_of_the_others() {
        let line = |hours: i64, word: &str| WishedLine {
            at: later(Timestamp::UNIX_EPOCH, hours * 3_600),
            sub_status: word.to_string(),
        };
        let told = wished(&[line(9, "InTransit_Arrival"), line(2, "InTransit_Departure")]).expect("known words");
        let words: Vec<(&str, bool)> = told.iter().map(|event| (event.sub_status, event.abroad)).collect();
        assert_eq!(words, [("InTransit_Departure", false), ("InTransit_Arrival", true)]);
        assert_eq!(wished(&[line(1, "InTransit_Teleported")]), Err("InTransit_Teleported".to_string()));
        assert_eq!(wished(&[]), Ok(Vec::new()));
    }

    #[test]
    fn a_journey_goes_forward_and_follows_from_its_seed() {
        let start = Timestamp::constant(1_772_323_200, 0);
        for journey in Journey::ALL {
            let told = history(*journey, start, &mut Dice::new(1));
            assert!(told.windows(2).all(|pair| pair[0].at < pair[1].at), "{journey:?}");
            assert_eq!(told, history(*journey, start, &mut Dice::new(1)));
            let silent = matches!(journey, Journey::NotFound | Journey::InvalidNumber);
            assert_eq!(told.is_empty(), silent, "{journey:?}");
        }
        assert_ne!(
            history(Journey::Normal, start, &mut Dice::new(1)),
            history(Journey::Normal, start, &mut Dice::new(2))
        );
    }
}
