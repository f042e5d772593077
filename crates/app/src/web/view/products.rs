//! `GET /products`: the catalogue; `GET /products/{sku}`: one article, what is in stock, and what could stand in for it.

use super::debtors::Pager;
use super::figures::{Amount, When};

/// The catalogue. Query: `q`, `stock`, `page`.
#[derive(Debug, Clone, Default)]
pub struct Products {
    pub search: String,
    /// Code of what is shown: `all`, `available`, `gone`, `inactive`.
    pub stock: &'static str,
    /// Codes of what can be shown, each with its address.
    pub tabs: Vec<(&'static str, String)>,
    pub rows: Vec<ProductLine>,
    pub pager: Pager,
}

/// One article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductLine {
    pub sku: String,
    /// Its page.
    pub href: String,
    /// In the reader's language where there is one.
    pub title: String,
    pub category: String,
    pub price: Amount,
    /// As a reader writes it; empty: nobody said how many there are.
    pub quantity: String,
    /// `available`, `gone`, `unknown` or `inactive`.
    pub state: &'static str,
}

impl ProductLine {
    /// Tone of the state.
    pub fn tone(&self) -> &'static str {
        match self.state {
            "available" => "green",
            "gone" => "amber",
            _ => "plain",
        }
    }
}

/// The page of one article.
#[derive(Debug, Clone, Default)]
pub struct ProductPage {
    pub line: ProductLine,
    /// Code of the language, title.
    pub titles: Vec<(String, String)>,
    /// Name and value; the value may be empty.
    pub attributes: Vec<(String, String)>,
    pub platform_id: String,
    /// The platform's own page; empty when there is none.
    pub url: String,
    /// For the form; empty when nobody counted yet.
    pub quantity_value: String,
    pub similar: Vec<SimilarLine>,
    /// Chosen articles that cannot be offered now.
    pub resting_pins: Vec<ProductLine>,
    pub movements: Vec<MovementLine>,
}

/// An article that could stand in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SimilarLine {
    pub line: ProductLine,
    pub is_pinned: bool,
    /// Why it is there, in words.
    pub why: Vec<String>,
}

/// A change of a quantity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MovementLine {
    pub at: When,
    /// Empty: nobody had said how many there were.
    pub before: String,
    pub quantity: String,
    /// `file` or `by_hand`.
    pub kind: &'static str,
    pub note: String,
    pub who: String,
}
