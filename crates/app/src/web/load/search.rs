//! Finds debtors, what they owe, letters, money and places of the product for one question.

use serde::Deserialize;

use dunlin_core::receivable::Obligor;
use dunlin_store::pages::search::{Found, FoundDebt, FoundDebtor, FoundLetter, FoundPayment};

use super::debtors::encoded;
use super::show::Show;
use crate::house::House;
use crate::web::view::frame::PLACES;
use crate::web::view::names::{isolated, plain};
use crate::web::view::search::{Hit, HitGroup, SearchPage};

/// Rows of one group. One more is asked for, to know whether there are more.
const GROUP_ROWS: usize = 10;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    pub q: String,
    /// `1`: the list alone, for the palette.
    pub part: String,
}

impl Query {
    pub fn is_part(&self) -> bool {
        self.part == "1"
    }
}

pub async fn load(house: &House, show: &Show, query: &Query) -> anyhow::Result<SearchPage> {
    // A longer text is no name and no number.
    let search: String = plain(query.q.trim()).chars().take(200).collect();
    let found = house.store.search(house.tenant.id, &house.sight, &search, GROUP_ROWS as i64 + 1).await?;
    let mut groups = groups(show, found, &search);
    if !query.is_part() {
        groups.push(places(show, &search));
    }
    groups.retain(|group| !group.hits.is_empty());
    // The sort is stable: what fits exactly comes first, the rest stays as it is.
    groups.sort_by_key(|group| !group.hits.iter().any(|hit| hit.is_exact));
    Ok(SearchPage { search, groups })
}

fn groups(show: &Show, found: Found, search: &str) -> Vec<HitGroup> {
    let encoded = encoded(search);
    vec![
        group("debtors", found.debtors, debtor, Some(format!("/debtors?q={encoded}"))),
        group("receivables", found.receivables, |row| receivable(show, row), Some(format!("/orders?q={encoded}"))),
        group("letters", found.letters, |row| letter(show, row), None),
        group("payments", found.payments, |row| payment(show, row), None),
    ]
}

fn group<R>(code: &'static str, mut rows: Vec<R>, hit: impl Fn(R) -> Hit, all: Option<String>) -> HitGroup {
    let has_more = rows.len() > GROUP_ROWS;
    rows.truncate(GROUP_ROWS);
    HitGroup { code, hits: rows.into_iter().map(hit).collect(), more: all.filter(|_| has_more), has_more }
}

fn debtor(row: FoundDebtor) -> Hit {
    Hit {
        href: format!("/debtors/{}", row.party.number),
        icon: "debtors",
        title: isolated(&row.party.name),
        note: joined(&[&row.party.number, &row.party.country]),
        amount: None,
        is_settled: false,
        is_exact: row.is_exact,
    }
}

fn receivable(show: &Show, row: FoundDebt) -> Hit {
    let order = row.order_number.filter(|order| *order != row.reference).unwrap_or_default();
    let milestone = show.words.code("milestone", row.milestone.code()).into_owned();
    let is_paid = row.obligor == Obligor::Platform && row.outstanding.is_positive();
    let platform = if is_paid { show.words.t("order-platform-owes").into_owned() } else { String::new() };
    Hit {
        href: format!("/receivables/{}", row.number),
        icon: "paper",
        title: row.reference,
        note: joined(&[&row.number, &milestone, &order, &isolated(&row.party.name), &platform]),
        amount: Some(show.amount(row.outstanding)),
        is_settled: !row.outstanding.is_positive(),
        is_exact: row.is_exact,
    }
}

fn letter(show: &Show, row: FoundLetter) -> Hit {
    Hit {
        href: format!("/letters/{}", row.number),
        icon: "letters",
        title: row.number,
        note: joined(&[&show.words.code("letter-state", row.state.code()), &isolated(&row.party.name)]),
        amount: None,
        is_settled: false,
        is_exact: true,
    }
}

/// Money that waits is on the page of money; placed money is shown where it went.
fn payment(show: &Show, row: FoundPayment) -> Hit {
    let (href, place) = match row.receivable {
        Some(number) => (format!("/receivables/{number}"), number),
        None => (format!("/money#{}", row.number), String::new()),
    };
    Hit {
        href,
        icon: "money",
        title: if row.payer_name.is_empty() { row.number.clone() } else { isolated(&row.payer_name) },
        note: joined(&[&row.number, &place]),
        amount: Some(show.amount(row.amount)),
        is_settled: false,
        is_exact: row.is_exact,
    }
}

/// Pages by their name in the reader's language, or by the word in their address.
fn places(show: &Show, search: &str) -> HitGroup {
    let wanted = search.to_lowercase();
    let hits = PLACES.iter().filter(|place| place.is_built).filter_map(|place| {
        let name = show.words.code("nav", place.code);
        let fits = wanted.is_empty() || name.to_lowercase().contains(&wanted) || place.code.contains(&wanted);
        let title = name.into_owned();
        fits.then(|| Hit { href: format!("/{}", place.code), icon: place.code, title, ..Hit::default() })
    });
    HitGroup { code: "places", hits: hits.collect(), more: None, has_more: false }
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}
