//! Facts for the tests: a trading company in Ningbo and the people who owe it money.

use dunlin_core::letter::order::{AboutOrder, CustomsLine, GoodsLine, ParcelLine, Recipient};
use dunlin_core::letter::{LetterFacts, LetterLine, Purpose};
use dunlin_core::party::{Channel, Language};
use dunlin_core::receivable::Milestone;
use dunlin_core::shipment::status::TrackingStatus;
use jiff::civil::date;

use crate::firm::{bank, sender, usd};

pub fn letter(name: &str, language: Language) -> LetterFacts {
    LetterFacts {
        letter_number: "L-0012".into(),
        letter: name.into(),
        language,
        channel: Channel::Email,
        purpose: Purpose::Press,
        today: date(2026, 3, 12),
        sender: sender(),
        buyer_name: "Rossi Srl".into(),
        contact_name: "Anna Rossi".into(),
        items: vec![item("INV-2026-014", 1_243_000, 9)],
        total: usd(1_243_000),
        bank: Some(bank()),
        answer_by: date(2026, 3, 17),
        has_statement: true,
        difficulty: String::new(),
        asks: None,
        order: None,
    }
}

pub fn item(reference: &str, minor: i64, days_overdue: i32) -> LetterLine {
    LetterLine {
        reference: reference.into(),
        order_number: "PO-7781".into(),
        ordered_on: Some(date(2026, 1, 8)),
        milestone: Milestone::Balance,
        amount: usd(minor),
        outstanding: usd(minor),
        asked: usd(minor),
        due_on: Some(date(2026, 3, 3)),
        days_overdue,
        goods: None,
        rest_due: false,
    }
}

/// A paid order of one article, before it is shipped: nothing is known that it could do without.
pub fn order() -> AboutOrder {
    AboutOrder {
        number: "8123456789012345".into(),
        placed_on: None,
        total: usd(2_680),
        ship_by: None,
        url: String::new(),
        cancel_reason: String::new(),
        goods: vec![GoodsLine {
            title: "Folding desk lamp".into(),
            sku: "LAMP-W".into(),
            quantity: 1,
            price: None,
            url: "https://shop.example/item/1005001".into(),
        }],
        similar: Vec::new(),
        parcels: Vec::new(),
        parcel: None,
        address: None,
        customs: None,
        asked: Vec::new(),
        refund_days: None,
        protection_ends: None,
        new_estimate: None,
        surcharge: None,
        invites_review: false,
    }
}

pub fn parcel() -> ParcelLine {
    ParcelLine {
        carrier: "China Post".into(),
        number: "RB123456785CN".into(),
        former_number: "LP00698745210009".to_string(),
        url: "https://track.example/RB123456785CN".into(),
        shipped_on: Some(date(2026, 3, 12)),
        expected: Some((date(2026, 3, 27), date(2026, 4, 11))),
        last_event: String::new(),
        last_event_on: None,
        status: TrackingStatus::InTransit,
        status_on: Some(date(2026, 3, 13)),
    }
}

pub fn recipient() -> Recipient {
    Recipient {
        name: "Anna Rossi".into(),
        lines: vec!["Via Roma 12".into(), "Torino".into()],
        postcode: "10121".into(),
        phone: "+39 011 555 0142".into(),
        country: "Italy".into(),
    }
}

pub fn customs() -> CustomsLine {
    CustomsLine { description: "LED desk lamp, plastic".into(), value: usd(2_680) }
}
