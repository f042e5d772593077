//! `GET /search`: everything that has a name or a number, group by group. The palette shows the same list.

use super::figures::Amount;

/// The page, and the part of it that the palette fetches.
#[derive(Debug, Clone, Default)]
pub struct SearchPage {
    /// What was asked, as it was typed.
    pub search: String,
    /// Those with something in them, what fits exactly first.
    pub groups: Vec<HitGroup>,
}

/// One kind of thing.
#[derive(Debug, Clone, Default)]
pub struct HitGroup {
    /// `places`, `debtors`, `receivables`, `letters`, `payments`: also the end of the catalogue key.
    pub code: &'static str,
    pub hits: Vec<Hit>,
    /// There is more than is shown; where all of it is listed, when some page lists it.
    pub more: Option<String>,
    pub has_more: bool,
}

/// One thing that was found.
#[derive(Debug, Clone, Default)]
pub struct Hit {
    pub href: String,
    /// Of the icon sheet.
    pub icon: &'static str,
    pub title: String,
    /// Number, whose it is, and the like.
    pub note: String,
    pub amount: Option<Amount>,
    /// Nothing is open on it any more.
    pub is_settled: bool,
    /// Exactly what was typed.
    pub is_exact: bool,
}

impl SearchPage {
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}
