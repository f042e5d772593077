//! News of a parcel come late, twice and in any order: they always end in the same journey.

use dunlin_core::shipment::journey::{Estimate, Journey, Report, TrackingEvent, TrackingUpdate};
use dunlin_core::shipment::status::TrackingStatus;
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

fn instant(hours: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + hours * 3_600).expect("an instant")
}

fn statuses() -> impl Strategy<Value = TrackingStatus> {
    prop::sample::select(TrackingStatus::ALL)
}

/// Few hours, places and carriers, so that many events fall on the same instant.
fn events() -> impl Strategy<Value = TrackingEvent> {
    (0_i64..12, prop::option::of(statuses()), 0_usize..3, prop::option::of(1_u32..3)).prop_map(
        |(hours, status, place, carrier_key)| TrackingEvent {
            at: instant(hours),
            status,
            word: status.map_or("", TrackingStatus::code).to_string(),
            description: "scanned".to_string(),
            location: ["Shenzhen", "Madrid", ""][place].to_string(),
            carrier_key,
        },
    )
}

fn reports() -> impl Strategy<Value = Report> {
    (prop::option::of(0_i64..14), statuses(), prop::option::of(1_i8..20)).prop_map(|(at, status, day)| Report {
        at: at.map(instant),
        status,
        word: status.code().to_string(),
        estimate: day.map(|day| Estimate { from: date(2026, 7, day), to: date(2026, 7, day + 2) }),
    })
}

fn updates() -> impl Strategy<Value = TrackingUpdate> {
    (prop::collection::vec(events(), 0..5), prop::option::of(reports())).prop_map(|(events, report)| TrackingUpdate {
        number: "RR123456789CN".to_string(),
        carrier_key: Some(3011),
        tag: None,
        report,
        events,
    })
}

/// Messages, and an order in which each of them comes at least once.
fn told() -> impl Strategy<Value = (Vec<TrackingUpdate>, Vec<usize>)> {
    prop::collection::vec(updates(), 1..8).prop_flat_map(|messages| {
        let count = messages.len();
        let order = prop::collection::vec(0..count, 0..12).prop_flat_map(move |again| {
            let mut all: Vec<usize> = (0..count).collect();
            all.extend(again);
            Just(all).prop_shuffle()
        });
        (Just(messages), order)
    })
}

fn after<'a>(updates: impl IntoIterator<Item = &'a TrackingUpdate>) -> Journey {
    let mut journey = Journey::default();
    for update in updates {
        journey.take_in(update);
    }
    journey
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]
    #[test]
    fn late_repeated_and_reordered_news_end_in_the_same_journey((messages, order) in told()) {
        let in_order = after(&messages);
        let as_it_came = after(order.iter().map(|index| &messages[*index]));
        prop_assert_eq!(in_order.status(), as_it_came.status());
        prop_assert_eq!(in_order.status_since(), as_it_came.status_since());
        prop_assert_eq!(in_order.last_movement(), as_it_came.last_movement());
        prop_assert_eq!(&in_order, &as_it_came);
        let mut again = in_order.clone();
        for message in &messages {
            prop_assert!(!again.take_in(message));
        }
    }

    #[test]
    fn delivered_is_not_undone_by_anything_older(messages in prop::collection::vec(updates(), 0..8)) {
        // Later than every event and report of the others.
        let delivered = TrackingEvent {
            at: instant(100),
            status: Some(TrackingStatus::Delivered),
            word: "Delivered_Other".to_string(),
            description: "delivered".to_string(),
            location: String::new(),
            carrier_key: Some(3011),
        };
        let last = TrackingUpdate {
            number: "RR123456789CN".to_string(),
            carrier_key: Some(3011),
            tag: None,
            report: None,
            events: vec![delivered],
        };
        let mut journey = after(std::iter::once(&last));
        prop_assert_eq!(journey.status(), TrackingStatus::Delivered);
        let before = after(&messages);
        for message in &messages {
            journey.take_in(message);
        }
        let turned_back = before.events().any(|event| {
            matches!(event.status, Some(TrackingStatus::Returning | TrackingStatus::Returned))
        }) || before.report().is_some_and(|report| {
            matches!(report.status, TrackingStatus::Returning | TrackingStatus::Returned)
        });
        // A parcel that was on its way back and is then "delivered" is a question for a person.
        prop_assert!(turned_back || journey.status() == TrackingStatus::Delivered, "{:?}", journey.status());
        prop_assert_eq!(journey.status(), after(messages.iter().chain(std::iter::once(&last))).status());
    }
}
