//! Fills the list of debtors; also what lists share: how a row names its debtor, and where one is in a long list.

use std::cmp::Reverse;
use std::collections::HashSet;

use serde::Deserialize;

use dunlin_core::case::CaseState;
use dunlin_core::ids::PartyId;
use dunlin_core::money::{Currency, Money};
use dunlin_store::pages::debtor_list::{Balance, DebtorListRow, NextStep, PartyName};

use super::show::Show;
use crate::house::House;
use crate::use_cases::decide_supply::stopped_in_sight;
use crate::use_cases::platform_owes::{Wanted, lateness, platform_totals};
use crate::web::pages::DEBTOR_ORDERS;
use crate::web::view::debtors::{DebtorRow, DebtorTotal, Debtors, Pager};
use crate::web::view::names::plain;
use crate::web::view::who::DebtorRef;
use crate::web::words::UiLanguage;

/// Rows on one page of a list.
pub(super) const PAGE_ROWS: usize = 50;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Part of a name, or a number.
    pub q: String,
    /// One of [`DEBTOR_ORDERS`].
    pub sort: String,
    /// `stopped`: only those who get no new goods although orders wait.
    pub supply: String,
    pub page: String,
}

pub async fn load(house: &House, show: &Show, query: &Query) -> anyhow::Result<Debtors> {
    let search = plain(query.q.trim());
    let search = search.as_str();
    let sort = DEBTOR_ORDERS.into_iter().find(|code| *code == query.sort).unwrap_or(DEBTOR_ORDERS[0]);
    let mut found = house.store.debtor_list(house.tenant.id, &house.sight, search, show.today()).await?;
    let only_stopped = query.supply == "stopped";
    if only_stopped {
        let stopped: HashSet<PartyId> = stopped_in_sight(house).await?.iter().map(|look| look.party_id).collect();
        found.retain(|debtor| stopped.contains(&debtor.party_id));
    }
    put_in_order(&mut found, sort);
    let page = page_of(&query.page);
    let listed: Vec<&DebtorListRow> = found.iter().skip((page - 1) * PAGE_ROWS).take(PAGE_ROWS).collect();
    let ids: Vec<PartyId> = listed.iter().map(|debtor| debtor.party_id).collect();
    let next = house.store.next_steps(house.tenant.id, &ids).await?;
    let view = |debtor: &&DebtorListRow| row(show, debtor, next.get(&debtor.party_id));
    let rows: Vec<DebtorRow> = listed.iter().map(view).collect();
    let supply = if only_stopped { "stopped" } else { "" };
    let platforms = match search.is_empty() && !only_stopped {
        true => platform_totals(house, &lateness(house).await?, (Wanted::Open, "")).await?,
        false => Vec::new(),
    };
    let platforms = platforms.iter().map(|total| total.open).filter(|open| open.is_positive());
    let kept = [("q", search), ("sort", query.sort.as_str()), ("supply", supply)];
    Ok(Debtors {
        only_stopped,
        search: search.to_string(),
        sort: sort.to_string(),
        found: count(found.len()),
        totals: totals(show, &found),
        // Nobody keeps exchange rates here yet.
        rough_total: None,
        platforms: platforms.map(|open| show.amount(open)).collect(),
        pager: pager("/debtors", &kept, page, rows.len(), found.len()),
        rows,
    })
}

/// Without exchange rates, minor units stand for worth: a yen is nearer to a cent than to a dollar.
fn put_in_order(found: &mut [DebtorListRow], sort: &str) {
    let sum = |debtor: &DebtorListRow, of: fn(&Balance) -> Money| -> i128 {
        debtor.balances.iter().map(|balance| i128::from(of(balance).minor)).sum()
    };
    match sort {
        "name" => found.sort_by_cached_key(|debtor| debtor.party.name.to_lowercase()),
        "open" => found.sort_by_key(|debtor| Reverse(sum(debtor, |balance| balance.open))),
        _ => found.sort_by_key(|debtor| {
            Reverse((sum(debtor, |balance| balance.overdue), sum(debtor, |balance| balance.open)))
        }),
    }
}

fn totals(show: &Show, found: &[DebtorListRow]) -> Vec<DebtorTotal> {
    let mut sums: Vec<(Currency, i64, i64)> = Vec::new();
    for balance in found.iter().flat_map(|debtor| &debtor.balances) {
        let currency = balance.open.currency;
        let place = sums.iter().position(|(known, ..)| *known == currency).unwrap_or_else(|| {
            sums.push((currency, 0, 0));
            sums.len() - 1
        });
        sums[place].1 = sums[place].1.saturating_add(balance.open.minor);
        sums[place].2 = sums[place].2.saturating_add(balance.overdue.minor);
    }
    sums.sort_by_key(|(_, open, _)| Reverse(*open));
    let total = |(currency, open, overdue): (Currency, i64, i64)| DebtorTotal {
        open: show.amount(Money::new(open, currency)),
        overdue: show.amount(Money::new(overdue, currency)),
    };
    sums.into_iter().map(total).collect()
}

fn row(show: &Show, debtor: &DebtorListRow, next: Option<&NextStep>) -> DebtorRow {
    let overdue = debtor.balances.iter().map(|balance| balance.overdue).filter(|overdue| overdue.is_positive());
    DebtorRow {
        debtor: DebtorRef { clock: show.clock(&debtor.party.country, None), ..named(&debtor.party) },
        open: debtor.balances.iter().map(|balance| show.amount(balance.open)).collect(),
        overdue: overdue.map(|overdue| show.amount(overdue)).collect(),
        age: show.age(debtor.oldest_due),
        next: next.map(|next| what_next(show, next)).unwrap_or_default(),
        reason: next.map(|next| why(show, next)).unwrap_or_default(),
        why: next.and_then(|next| next.why).map(|why| why.code().to_string()),
    }
}

/// "Second reminder, 9 March 2026"; a moment that has passed is today's.
fn what_next(show: &Show, next: &NextStep) -> String {
    let Some(step) = next.step.as_ref().filter(|_| !is_resting(next.state)) else {
        return String::new();
    };
    let step = show.titles.step(next.playbook.as_deref(), step);
    let Some(at) = next.at else {
        return step;
    };
    let day = show.date(at.max(show.now).to_zoned(show.zone.clone()).date()).text;
    match show.words.language() {
        UiLanguage::En => format!("{step}, {day}"),
        UiLanguage::ZhCn => format!("{step}，{day}"),
    }
}

/// Where the letter stands that is under way; that every step is taken, or that others have it; else nothing.
fn why(show: &Show, next: &NextStep) -> String {
    match (next.letter, next.state) {
        (Some(letter), _) => show.words.code("letter-state", letter.code()).into_owned(),
        (None, CaseState::LadderDone | CaseState::HandedOver | CaseState::PlanAgreed) => {
            show.words.code("case", next.state.code()).into_owned()
        }
        _ => String::new(),
    }
}

/// Whatever was planned before, nothing comes from here.
const fn is_resting(state: CaseState) -> bool {
    matches!(state, CaseState::HandedOver | CaseState::PlanAgreed)
}

/// A debtor without the time there.
pub(super) fn named(party: &PartyName) -> DebtorRef {
    DebtorRef { number: party.number.clone(), name: party.name.clone(), country: party.country.clone(), clock: None }
}

/// Which page the address asks for, counted from 1; the first when it says nothing sensible.
pub(super) fn page_of(text: &str) -> usize {
    text.trim().parse::<usize>().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1)
}

/// Where the page begins, and how many rows it has at most, for the store.
pub(super) const fn offset_of(page: usize) -> (i64, i64) {
    (PAGE_ROWS as i64, ((page - 1) * PAGE_ROWS) as i64)
}

/// The pager under `rows` rows of `total`. `kept` is the rest of the query; what is empty is left out.
pub(super) fn pager(path: &str, kept: &[(&str, &str)], page: usize, rows: usize, total: usize) -> Pager {
    let before = (page - 1) * PAGE_ROWS;
    let last_page = total.div_ceil(PAGE_ROWS).max(1);
    let href = |page: usize| {
        let kept = kept.iter().filter(|(_, value)| !value.is_empty());
        let pairs = kept.map(|(name, value)| format!("{name}={}", encoded(value)));
        let pairs: Vec<String> = pairs.chain([format!("page={page}")]).collect();
        format!("{path}?{}", pairs.join("&"))
    };
    Pager {
        first: if rows == 0 { 0 } else { count(before + 1) },
        last: if rows == 0 { 0 } else { count(before + rows) },
        total: count(total),
        earlier: (page > 1).then(|| href((page - 1).min(last_page))),
        later: (page < last_page).then(|| href(page + 1)),
    }
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Percent-encoded for a query (RFC 3986, unreserved characters stay).
pub(in crate::web) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pager_keeps_the_query_and_stays_within_the_list() {
        let kept = [("q", "rossi & co"), ("sort", "")];
        let first = pager("/debtors", &kept, 1, 50, 120);
        assert_eq!((first.first, first.last, first.total, first.earlier), (1, 50, 120, None));
        assert_eq!(first.later.as_deref(), Some("/debtors?q=rossi%20%26%20co&page=2"));
        let last = pager("/debtors", &[], 3, 20, 120);
        assert_eq!((last.first, last.last, last.later), (101, 120, None));
        let beyond = pager("/debtors", &[], 9, 0, 120);
        assert_eq!((beyond.first, beyond.last, beyond.earlier.as_deref()), (0, 0, Some("/debtors?page=3")));
        assert_eq!((page_of("2"), page_of("0"), page_of("x"), page_of("")), (2, 1, 1, 1));
    }
}
