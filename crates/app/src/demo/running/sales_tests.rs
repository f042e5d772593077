//! Whether the tables of the shop hang together: articles that exist, events in their order, numbers that are there once.

use std::collections::BTreeSet;

use dunlin_channels::track17::webhook::read_notice;
use dunlin_core::shipment::carriers::Carriers;
use jiff::Timestamp;

use super::articles::{ARTICLES, PINS, article_of};
use super::sales::SALES;
use super::{Event, Minute, t};

fn parcels() -> impl Iterator<Item = (&'static str, &'static str)> {
    SALES.iter().flat_map(|sale| sale.events).filter_map(|(_, event)| match *event {
        Event::Shipped { carrier, number } | Event::PartShipped { carrier, number } => Some((carrier, number)),
        _ => None,
    })
}

#[test]
fn what_is_named_exists_and_is_there_once() {
    let numbers: BTreeSet<u64> = SALES.iter().map(|sale| sale.number).collect();
    assert_eq!((numbers.len(), SALES.len()), (50, 50));
    let skus: BTreeSet<&str> = ARTICLES.iter().map(|article| article.sku).collect();
    assert_eq!(skus.len(), ARTICLES.len());
    for (sku, count) in SALES.iter().flat_map(|sale| sale.goods) {
        assert!(*count > 0 && article_of(sku).is_some(), "{sku}");
    }
    for (sku, other) in PINS {
        let [sku, other] = [sku, other].map(|sku| article_of(sku).expect("an article"));
        assert!(sku.stock[1] == 0 && other.stock[1] > 0, "{}", sku.sku);
    }
    let tracked: BTreeSet<&str> = parcels().map(|(_, number)| number).collect();
    assert_eq!(tracked.len(), parcels().count());
    for (carrier, number) in parcels() {
        assert!(Carriers::shipped().get(carrier).is_some(), "{carrier}");
        assert!(number.bytes().all(|letter| letter.is_ascii_alphanumeric()), "{number}");
    }
}

#[test]
fn everything_happens_in_its_order_and_before_the_demo_stands_still() {
    for sale in SALES {
        let mut last: Minute = sale.placed;
        for (at, event) in sale.events {
            assert!(*at > last && *at <= t(0, 7, 0), "{} {event:?}", sale.number);
            last = *at;
        }
        assert!(sale.placed > 0 && sale.placed < t(0, 7, 0), "{}", sale.number);
    }
}

#[test]
fn marketplace_and_carriers_are_understood() {
    let start = Timestamp::UNIX_EPOCH;
    for sale in SALES {
        for (at, event) in sale.events {
            let (order, detail) = sale.told_at(*at, start);
            assert_eq!((order.id, detail.id.0), (detail.id, sale.number));
            let standing = order.standing();
            let is_clear = !matches!(standing, dunlin_channels::aliexpress::status::Standing::Unclear(_));
            assert!(is_clear, "{} {event:?}: {standing:?}", sale.number);
            if let Event::Scan { word, .. } = event {
                let (number, body) = sale.notice_at(*at, start).expect("a parcel has left");
                let read = read_notice(body.as_bytes()).expect("a notice").news;
                assert_eq!((read.update.number.as_str(), read.problems.len()), (number, 0));
                let last = read.update.events.iter().max_by_key(|event| event.at).expect("a scan");
                assert_eq!(last.word, *word);
                let report = read.update.report.expect("a report");
                assert_eq!(Some(report.status), last.status, "{} {word}", sale.number);
            }
        }
    }
}
