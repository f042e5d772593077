//! Articles that could stand in for one that is gone: the seller's own choice first, then by category, price,
//! attributes and the words of the title. Only what can be delivered, never the article itself, and always in the same
//! order for the same facts; each with the reasons why it is there.

use rapidfuzz::distance::indel;
use unicode_normalization::UnicodeNormalization;

use super::{Product, Stocked};
use crate::explain::{UiLanguage, phrase};
use crate::money::Money;

/// Words that differ by more say nothing of each other, in percent.
const LEAST_ALIKE: u8 = 55;
/// Of a title so much is compared; what follows is for search engines.
const COMPARED_CHARS: usize = 160;

/// Why an article is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Somebody here said so.
    Pinned,
    SameCategory,
    /// The price differs by so many percent, up or down.
    PriceNear {
        percent: i64,
    },
    /// Names of attributes that both have with the same value.
    SharedAttributes(Vec<String>),
    /// The titles agree to so many percent.
    Alike {
        percent: u8,
    },
}

impl Why {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Pinned => "pinned",
            Self::SameCategory => "same_category",
            Self::PriceNear { .. } => "price_near",
            Self::SharedAttributes(_) => "shared_attributes",
            Self::Alike { .. } => "alike",
        }
    }

    /// In words, for the seller.
    pub fn sentence(&self, language: UiLanguage) -> String {
        let value = |name, text: String| vec![(name, text)];
        let (key, values) = match self {
            Self::Pinned => ("similar-why-pinned", Vec::new()),
            Self::SameCategory => ("similar-why-category", Vec::new()),
            Self::PriceNear { percent: 0 } => ("similar-why-price-same", Vec::new()),
            Self::PriceNear { percent } if *percent < 0 => {
                ("similar-why-cheaper", value("percent", percent.abs().to_string()))
            }
            Self::PriceNear { percent } => ("similar-why-dearer", value("percent", percent.to_string())),
            Self::SharedAttributes(names) => {
                let between = if language == UiLanguage::ZhCn { "、" } else { ", " };
                ("similar-why-attributes", value("names", names.join(between)))
            }
            Self::Alike { percent } => ("similar-why-alike", value("percent", percent.to_string())),
        };
        phrase(language, key, &values)
    }

    /// All codes, for the words of pages.
    pub const CODES: [&'static str; 5] = ["pinned", "same_category", "price_near", "shared_attributes", "alike"];
}

/// An article that could stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    pub stocked: Stocked,
    pub why: Vec<Why>,
}

impl Similar {
    pub fn is_pinned(&self) -> bool {
        self.why.contains(&Why::Pinned)
    }
}

/// How well a candidate fits, the best first: compared field by field.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Place among the pins; what is not pinned comes after all of them.
    pin: usize,
    other_category: bool,
    /// 0 within 15 percent, 1 within 35, 2 within 60, 3 beyond or in another currency.
    price_band: u8,
    attributes_missing: usize,
    unlike: u8,
    price_percent: i64,
    sku: String,
}

/// At most `most` articles of `candidates` that could stand in for `product`. `pins` are numbers of articles in the
/// order in which somebody pinned them.
pub fn similar(product: &Product, candidates: &[Stocked], pins: &[String], most: usize) -> Vec<Similar> {
    let own = Compared::new(product);
    let mut found: Vec<(Rank, Similar)> = Vec::new();
    for stocked in candidates {
        let other = &stocked.product;
        let is_known = found.iter().any(|(rank, _)| rank.sku == other.sku);
        if other.sku == product.sku || !stocked.is_available() || is_known {
            continue;
        }
        if let Some((rank, why)) = compare(&own, other, pins) {
            found.push((rank, Similar { stocked: stocked.clone(), why }));
        }
    }
    found.sort_by(|(one, _), (two, _)| one.cmp(two));
    found.into_iter().take(most).map(|(_, similar)| similar).collect()
}

/// A product with what is compared again and again.
struct Compared<'a> {
    product: &'a Product,
    category: String,
    titles: Vec<(&'a str, String)>,
}

impl<'a> Compared<'a> {
    fn new(product: &'a Product) -> Self {
        let titles = product.titles.iter().map(|(language, title)| (language.as_str(), folded(title))).collect();
        Self { product, category: product.category_key(), titles }
    }
}

fn compare(own: &Compared<'_>, other: &Product, pins: &[String]) -> Option<(Rank, Vec<Why>)> {
    let pin = pins.iter().position(|pin| *pin == other.sku);
    let same_category = !own.category.is_empty() && own.category == other.category_key();
    let percent = price_percent(own.product.price, other.price);
    let shared: Vec<String> = own
        .product
        .attributes
        .iter()
        .filter(|(name, value)| other.attributes.get(*name).is_some_and(|theirs| same_words(theirs, value)))
        .map(|(name, _)| name.clone())
        .collect();
    let alike = own.titles.iter().filter_map(|(language, title)| {
        let theirs = other.titles.get(*language)?;
        Some(likeness(title, &folded(theirs)))
    });
    let alike = alike.max().unwrap_or(0);
    if pin.is_none() && !same_category && alike < LEAST_ALIKE {
        return None;
    }
    let mut why = Vec::new();
    if pin.is_some() {
        why.push(Why::Pinned);
    }
    if same_category {
        why.push(Why::SameCategory);
    }
    if let Some(percent) = percent.filter(|percent| band(Some(*percent)) < 3) {
        why.push(Why::PriceNear { percent });
    }
    if !shared.is_empty() {
        why.push(Why::SharedAttributes(shared.clone()));
    }
    if alike >= LEAST_ALIKE {
        why.push(Why::Alike { percent: alike });
    }
    let rank = Rank {
        pin: pin.unwrap_or(usize::MAX),
        other_category: !same_category,
        price_band: band(percent),
        attributes_missing: own.product.attributes.len().saturating_sub(shared.len()),
        unlike: 100 - alike,
        price_percent: percent.map_or(i64::MAX, i64::abs),
        sku: other.sku.clone(),
    };
    Some((rank, why))
}

/// By how many percent the other is dearer (or cheaper, below zero); `None` in another currency.
fn price_percent(own: Money, other: Money) -> Option<i64> {
    if own.currency != other.currency || own.minor <= 0 {
        return None;
    }
    let difference = (i128::from(other.minor) - i128::from(own.minor)) * 100 / i128::from(own.minor);
    i64::try_from(difference).ok()
}

const fn band(percent: Option<i64>) -> u8 {
    match percent {
        Some(-15..=15) => 0,
        Some(-35..=35) => 1,
        Some(-60..=60) => 2,
        _ => 3,
    }
}

fn same_words(one: &str, two: &str) -> bool {
    one == two || one.to_lowercase() == two.to_lowercase()
}

/// Words in lower case and in order, so that `Red tent` and `tent, red` agree.
fn folded(title: &str) -> String {
    let cut: String = title.chars().take(COMPARED_CHARS).collect();
    let plain: String = cut.as_str().nfkc().flat_map(char::to_lowercase).collect();
    let mut words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

/// 0 to 100.
fn likeness(one: &str, two: &str) -> u8 {
    if one.is_empty() || two.is_empty() {
        return 0;
    }
    let share = indel::normalized_similarity(one.chars(), two.chars());
    // A share between nothing and all, so that nothing is cut off.
    (share * 100.0).round().clamp(0.0, 100.0) as u8
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalogue::attributes;
    use crate::money::Currency;

    fn article(sku: &str, title: &str, category: &str, cents: i64, said: &str) -> Stocked {
        let product = Product {
            sku: sku.to_string(),
            titles: BTreeMap::from([("en".to_string(), title.to_string())]),
            category: category.to_string(),
            attributes: attributes::read(said),
            price: Money::new(cents, Currency::USD),
            platform_id: String::new(),
            url: String::new(),
            active: true,
        };
        Stocked { product, quantity: Some(5) }
    }

    fn skus(found: &[Similar]) -> Vec<&str> {
        found.iter().map(|one| one.stocked.product.sku.as_str()).collect()
    }

    fn shelf() -> Vec<Stocked> {
        vec![
            article("T1", "Red tent for two", "Tents", 2_500, "color: red; persons: 2"),
            article("T2", "Tent for two, red", "tents", 2_600, "color: red; persons: 2"),
            article("T3", "Family tent", "Tents", 2_550, "color: green"),
            article("T4", "Palace tent", "Tents", 9_900, ""),
            article("L1", "Lamp", "Lamps", 2_500, "color: red"),
            article("L2", "Tent for two red lamp", "Lamps", 2_500, ""),
        ]
    }

    #[test]
    fn category_then_price_then_attributes_then_words() {
        let shelf = shelf();
        let found = similar(&shelf[0].product, &shelf, &[], 10);
        assert_eq!(skus(&found), ["T2", "T3", "T4", "L2"], "a lamp that says nothing of tents is none");
        assert_eq!(found[0].why[..2], [Why::SameCategory, Why::PriceNear { percent: 4 }]);
        assert!(found[0].why.contains(&Why::SharedAttributes(vec!["color".to_string(), "persons".to_string()])));
        assert!(found[0].why.iter().any(|why| matches!(why, Why::Alike { percent: 90..=100 })), "{:?}", found[0].why);
        assert_eq!(found[2].why, [Why::SameCategory], "far dearer, and another name");
        assert_eq!(skus(&similar(&shelf[0].product, &shelf, &[], 1)), ["T2"]);
    }

    #[test]
    fn pins_come_first_in_their_order_even_out_of_category() {
        let shelf = shelf();
        let pins = ["L1".to_string(), "T4".to_string(), "T1".to_string(), "gone".to_string()];
        let found = similar(&shelf[0].product, &shelf, &pins, 3);
        assert_eq!(skus(&found), ["L1", "T4", "T2"]);
        assert!(found[0].is_pinned() && !found[2].is_pinned());
    }

    #[test]
    fn what_cannot_be_delivered_is_not_offered_pinned_or_not() {
        let mut shelf = shelf();
        shelf[1].quantity = Some(0);
        shelf[2].quantity = None;
        shelf[3].product.active = false;
        let pins = ["T2".to_string(), "T3".to_string(), "T4".to_string()];
        assert_eq!(skus(&similar(&shelf[0].product, &shelf, &pins, 10)), ["L2"]);
    }

    #[test]
    fn the_order_of_candidates_changes_nothing() {
        let mut shelf = shelf();
        let own = shelf[0].product.clone();
        let first = similar(&own, &shelf, &[], 10);
        shelf.reverse();
        let doubled: Vec<Stocked> = shelf.iter().chain(&shelf).cloned().collect();
        assert_eq!(similar(&own, &doubled, &[], 10), first, "and none twice");
    }

    #[test]
    fn other_currencies_and_huge_prices_are_no_neighbours() {
        let own = article("A", "x", "c", 1, "");
        let mut euro = article("B", "y", "c", 1, "");
        euro.product.price.currency = Currency::EUR;
        let huge = article("C", "z", "c", i64::MAX, "");
        let found = similar(&own.product, &[euro, huge], &[], 10);
        assert!(found.iter().all(|one| one.why == [Why::SameCategory]), "{found:?}");
        assert_eq!(price_percent(Money::new(0, Currency::USD), Money::new(5, Currency::USD)), None);
    }

    #[test]
    fn every_reason_has_its_code() {
        let all = [
            Why::Pinned,
            Why::SameCategory,
            Why::PriceNear { percent: 0 },
            Why::SharedAttributes(Vec::new()),
            Why::Alike { percent: 0 },
        ];
        for why in &all {
            for language in [UiLanguage::En, UiLanguage::ZhCn] {
                assert!(!why.sentence(language).starts_with("similar-why"), "{why:?} in {}", language.code());
            }
        }
        assert_eq!(all.map(|why| why.code()), Why::CODES);
    }
}
