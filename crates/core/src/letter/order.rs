//! What a letter about a marketplace order and its parcels may state beside money (SCENARIOS M2–M10). Facts only: whoever
//! fills them takes the order as the platform has it when the letter is written.

use jiff::civil::Date;

use crate::money::Money;
use crate::shipment::status::TrackingStatus;

/// Whether a letter names other orders of the buyer beside its own: those that could go with it in one parcel.
pub fn names_other_orders(letter: &str) -> bool {
    letter == "m8_combine"
}

/// The order that a letter is about. What is unknown is `None` or empty, and letters leave it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutOrder {
    /// As the buyer sees it on the platform.
    pub number: String,
    pub placed_on: Option<Date>,
    pub total: Money,
    /// The last day on which the platform lets it be shipped.
    pub ship_by: Option<Date>,
    /// The platform's own page of the order.
    pub url: String,
    /// The true reason for cancelling, in the words that the platform offers (SCENARIOS G2).
    pub cancel_reason: String,
    /// What the letter is about: all of the order, or the part that is out of stock.
    pub goods: Vec<GoodsLine>,
    pub similar: Vec<SimilarLine>,
    pub parcels: Vec<ParcelLine>,
    /// The one of them that the letter is about.
    pub parcel: Option<ParcelLine>,
    pub address: Option<Recipient>,
    pub customs: Option<CustomsLine>,
    /// What the buyer is asked to confirm, or wishes: `full_name`, `address`, `postcode`, `phone`, `description`, `value`,
    /// `customs`, or words as somebody wrote them.
    pub asked: Vec<String>,
    /// Days that the platform usually takes to return money.
    pub refund_days: Option<u16>,
    /// The last day of the buyer's protection.
    pub protection_ends: Option<Date>,
    /// The last day on which a late parcel is expected now.
    pub new_estimate: Option<Date>,
    /// What sending costs more than the order covers.
    pub surcharge: Option<Money>,
    /// A notice of dispatch may invite to a review: none was invited to before, for the order (SCENARIOS G4).
    pub invites_review: bool,
}

/// An article of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodsLine {
    pub title: String,
    /// For colleagues; buyers do not read it.
    pub sku: String,
    pub quantity: u32,
    /// Of one piece.
    pub price: Option<Money>,
    /// The platform's page of the article.
    pub url: String,
}

/// An article that could stand in, or that goes with the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarLine {
    pub title: String,
    pub price: Option<Money>,
    pub url: String,
}

/// A parcel of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelLine {
    /// The carrier's name in the reader's language.
    pub carrier: String,
    pub number: String,
    /// The number that the buyer was told before, where it was another one.
    pub former_number: String,
    /// Where the buyer follows it. In a message inside a marketplace only a page that the platform allows.
    pub url: String,
    pub shipped_on: Option<Date>,
    /// The days between which it should arrive.
    pub expected: Option<(Date, Date)>,
    /// The carrier's own words.
    pub last_event: String,
    pub last_event_on: Option<Date>,
    pub status: TrackingStatus,
    /// Since when it is where `status` says: the day of the news that says so, whatever was scanned after it.
    pub status_on: Option<Date>,
}

/// Where the order goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub name: String,
    /// Street, town, region: without postcode and country.
    pub lines: Vec<String>,
    pub postcode: String,
    pub phone: String,
    /// Name of the country in the reader's language.
    pub country: String,
}

/// What is declared to customs: what is in the parcel, and the price really paid (SCENARIOS G1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomsLine {
    pub description: String,
    pub value: Money,
}

impl AboutOrder {
    /// Numbers and pages of the order itself, and the buyer's own postcode and phone: a message inside a marketplace may
    /// hold these, although they look like ways to reach somebody elsewhere (SCENARIOS G3).
    pub fn own_words(&self) -> Vec<&str> {
        let mut words = vec![self.number.as_str(), self.url.as_str()];
        words.extend(self.goods.iter().map(|goods| goods.url.as_str()));
        words.extend(self.similar.iter().map(|article| article.url.as_str()));
        let parcels = self.parcels.iter().chain(&self.parcel);
        words.extend(parcels.flat_map(|parcel| [&*parcel.number, &*parcel.former_number, &*parcel.url]));
        words.extend(self.address.iter().flat_map(|to| [to.postcode.as_str(), to.phone.as_str()]));
        words.retain(|word| !word.is_empty());
        words
    }
}
