//! Products, how many of each are in stock, and which articles could stand in for one that is gone. Pure.
//!
//! [`attributes`] reads what a seller wrote of an article, [`similar`] orders candidates and says why each is there.
//! Which few hundred products are candidates at all is for the store to choose (`store/src/products/candidates.rs`);
//! nothing here looks at a whole catalogue.

pub mod attributes;
pub mod similar;

use std::collections::BTreeMap;

use crate::money::Money;
use crate::party::Language;

/// Longest number of an article, in characters.
pub const LONGEST_SKU: usize = 100;
/// Longest title, category, or one attribute.
pub const LONGEST_TITLE: usize = 300;
/// Longest address of an article on its platform.
pub const LONGEST_URL: usize = 2_000;
/// More of one article is a slip of the pen.
pub const MOST_IN_STOCK: i64 = 100_000_000;

/// One article that is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The seller's own number; it names the product everywhere.
    pub sku: String,
    /// Titles by the code of their language (`en`, `zh`, `es`, `ru`); at least one.
    pub titles: BTreeMap<String, String>,
    /// As the seller sorts; may be empty.
    pub category: String,
    /// `colour` → `red`; a word without a name stands for itself.
    pub attributes: BTreeMap<String, String>,
    pub price: Money,
    /// Number of the article on its platform; may be empty.
    pub platform_id: String,
    /// The platform's own page of it; may be empty.
    pub url: String,
    /// On sale. What is not is offered to nobody.
    pub active: bool,
}

impl Product {
    /// The title for a reader: in their language, else in English, else whichever there is.
    pub fn title(&self, language: &str) -> &str {
        let own = self.titles.get(language).or_else(|| self.titles.get("en"));
        own.or_else(|| self.titles.values().next()).map_or(self.sku.as_str(), String::as_str)
    }

    /// What a search looks through: number and titles in lower case.
    pub fn search_text(&self) -> String {
        let mut text = self.sku.to_lowercase();
        for title in self.titles.values() {
            text.push('\n');
            text.push_str(&title.to_lowercase());
        }
        if !self.platform_id.is_empty() {
            text.push('\n');
            text.push_str(&self.platform_id.to_lowercase());
        }
        text
    }

    /// Under what its category is compared.
    pub fn category_key(&self) -> String {
        category_key(&self.category)
    }
}

/// A product with what lies in the warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stocked {
    pub product: Product,
    /// `None`: nobody has said how many there are.
    pub quantity: Option<i64>,
}

impl Stocked {
    /// Whether it can be offered: on sale, and at least one is there. What nobody counted is not promised.
    pub fn is_available(&self) -> bool {
        self.product.active && self.quantity.is_some_and(|quantity| quantity > 0)
    }
}

/// Categories are the same whatever their case and spaces.
pub fn category_key(category: &str) -> String {
    category.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The language of a title that no column names: by its letters.
pub fn title_language(title: &str) -> &'static str {
    let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    let is_cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c);
    if title.chars().any(is_han) {
        Language::Zh.code()
    } else if title.chars().any(is_cyrillic) {
        "ru"
    } else {
        Language::En.code()
    }
}

/// Whether an address may be shown as a link: of the web, in one piece.
pub fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '\\' | '`');
    let is_host = |rest: &str| rest.split(['/', '?', '#']).next().is_some_and(|host| host.contains('.'));
    rest.is_some_and(is_host) && !url.contains(odd) && url.chars().count() <= LONGEST_URL
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn product(titles: &[(&str, &str)]) -> Product {
        Product {
            sku: "TN-2".to_string(),
            titles: titles.iter().map(|(code, title)| ((*code).to_string(), (*title).to_string())).collect(),
            category: " Tents  and Tarps ".to_string(),
            attributes: BTreeMap::new(),
            price: Money::new(2_500, Currency::USD),
            platform_id: "100500".to_string(),
            url: String::new(),
            active: true,
        }
    }

    #[test]
    fn a_title_is_there_for_every_reader() {
        let both = product(&[("en", "Tent"), ("zh", "帐篷")]);
        assert_eq!((both.title("zh"), both.title("es")), ("帐篷", "Tent"));
        assert_eq!(product(&[("ru", "Палатка")]).title("en"), "Палатка");
        assert_eq!(product(&[]).title("en"), "TN-2");
        assert_eq!(both.search_text(), "tn-2\ntent\n帐篷\n100500");
        assert_eq!(both.category_key(), "tents and tarps");
    }

    #[test]
    fn letters_tell_the_language_of_a_title() {
        for (title, language) in [("双人帐篷 Tent", "zh"), ("Палатка", "ru"), ("Tent for two", "en"), ("", "en")]
        {
            assert_eq!(title_language(title), language, "{title}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert!(is_web_address("https://www.aliexpress.com/item/1005001.html?x=1"));
        for bad in
            ["", "javascript:alert(1)", "https://", "http://x", "https://a.b/ c", "https://a.b/\"onclick", "ftp://a.b"]
        {
            assert!(!is_web_address(bad), "{bad}");
        }
    }

    #[test]
    fn what_nobody_counted_is_not_offered() {
        let one = |quantity, active| {
            let product = Product { active, ..product(&[("en", "Tent")]) };
            Stocked { product, quantity }.is_available()
        };
        assert!(one(Some(1), true));
        assert!(!one(Some(0), true) && !one(None, true) && !one(Some(5), false));
    }
}
