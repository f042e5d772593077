//! An invented marketplace order for [`super::check`]: once with everything a letter can name, once with as little as an
//! order can have.

use dunlin_core::letter::order::{AboutOrder, CustomsLine, GoodsLine, ParcelLine, Recipient, SimilarLine};
use dunlin_core::money::{Currency, Money};
use dunlin_core::shipment::status::TrackingStatus;
use jiff::civil::date;

/// Two articles in two parcels, with every day and page known.
pub(super) fn full() -> AboutOrder {
    let parcel = parcel();
    let second = ParcelLine { number: "LP00698745210034".to_string(), ..parcel.clone() };
    AboutOrder {
        number: "8123456789012345".to_string(),
        placed_on: Some(date(2026, 3, 10)),
        total: usd(2_680),
        ship_by: Some(date(2026, 3, 18)),
        url: "https://shop.example/order/8123456789012345".to_string(),
        cancel_reason: "Seller out of stock".to_string(),
        goods: vec![
            goods("Folding desk lamp, white", 2, "https://shop.example/item/1005001"),
            goods("Cable clips", 1, "https://shop.example/item/1005002"),
        ],
        similar: vec![SimilarLine {
            title: "Folding desk lamp, black".to_string(),
            price: Some(usd(1_290)),
            url: "https://shop.example/item/1005003".to_string(),
        }],
        parcels: vec![parcel.clone(), second],
        parcel: Some(parcel),
        address: Some(Recipient {
            name: "Anna Rossi".to_string(),
            lines: vec!["Via Roma 12".to_string(), "Torino".to_string()],
            postcode: "10121".to_string(),
            phone: "+39 011 555 0142".to_string(),
            country: "Italy".to_string(),
        }),
        customs: Some(CustomsLine { description: "LED desk lamp, plastic".to_string(), value: usd(2_680) }),
        asked: ["full_name", "address", "postcode", "phone", "description", "value", "customs", "A card with my name"]
            .map(str::to_string)
            .to_vec(),
        refund_days: Some(10),
        protection_ends: Some(date(2026, 5, 12)),
        new_estimate: Some(date(2026, 4, 20)),
        surcharge: Some(usd(320)),
        invites_review: true,
    }
}

/// One article and a parcel without news. What a letter is about it still has: letters need not guard that.
pub(super) fn bare() -> AboutOrder {
    let parcel = ParcelLine {
        carrier: String::new(),
        number: String::new(),
        former_number: String::new(),
        url: String::new(),
        shipped_on: None,
        expected: None,
        last_event: String::new(),
        last_event_on: None,
        status: TrackingStatus::NotFound,
        status_on: None,
    };
    AboutOrder {
        placed_on: None,
        ship_by: None,
        url: String::new(),
        cancel_reason: String::new(),
        goods: vec![GoodsLine { price: None, ..goods("Cable clips", 1, "") }],
        similar: Vec::new(),
        parcels: vec![parcel.clone()],
        parcel: Some(parcel),
        asked: Vec::new(),
        refund_days: None,
        protection_ends: None,
        new_estimate: None,
        surcharge: None,
        invites_review: false,
        ..full()
    }
}

fn parcel() -> ParcelLine {
    ParcelLine {
        carrier: "AliExpress Standard Shipping".to_string(),
        number: "LP00698745210012".to_string(),
        former_number: "LP00698745210009".to_string(),
        url: "https://track.example/LP00698745210012".to_string(),
        shipped_on: Some(date(2026, 3, 12)),
        expected: Some((date(2026, 3, 27), date(2026, 4, 11))),
        last_event: "Departed from sorting centre".to_string(),
        last_event_on: Some(date(2026, 3, 14)),
        status: TrackingStatus::InTransit,
        status_on: Some(date(2026, 3, 13)),
    }
}

fn goods(title: &str, quantity: u32, url: &str) -> GoodsLine {
    GoodsLine {
        title: title.to_string(),
        sku: "LAMP-W".to_string(),
        quantity,
        price: Some(usd(1_240)),
        url: url.to_string(),
    }
}

const fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}
