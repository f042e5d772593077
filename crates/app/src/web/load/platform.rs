//! Fills the page of what platforms owe.

use serde::Deserialize;

use dunlin_store::pages::keyset::{After, OwedByPlatform, PLATFORM_START, PlatformKey, PlatformTotal};

use super::debtors::{encoded, named};
use super::show::Show;
use crate::house::House;
use crate::use_cases::platform_owes::{Lateness, Wanted, lateness, place, place_text, platform_owes, platform_totals};
use crate::web::view::platform::{PlatformDebts, PlatformRow, PlatformSum, PlatformTab};

/// Rows of one page.
const ROWS: i64 = 50;
const PATH: &str = "/platform-debts";

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Part of a number or of the buyer's name.
    pub q: String,
    /// Code of what is wanted.
    pub shown: String,
    /// Where the page before ended.
    pub after: String,
}

pub async fn load(house: &House, show: &Show, query: &Query) -> anyhow::Result<PlatformDebts> {
    let wanted = Wanted::from_code(&query.shown).unwrap_or_default();
    let search = query.q.trim();
    let key = place(&query.after);
    let after = After { key: key.unwrap_or(PLATFORM_START), limit: ROWS + 1 };
    let lateness = lateness(house).await?;
    let mut rows = platform_owes(house, &lateness, (wanted, search), &after).await?;
    let totals = platform_totals(house, &lateness, (wanted, search)).await?;
    let is_more = rows.len() > ROWS as usize;
    rows.truncate(ROWS as usize);
    let address = |wanted: Wanted, after: Option<PlatformKey>| {
        let shown = if wanted == Wanted::default() { "" } else { wanted.code() };
        let after = after.map(place_text).unwrap_or_default();
        let fields = [("q", search), ("shown", shown), ("after", after.as_str())];
        let fields = fields.iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = fields.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if pairs.is_empty() { PATH.to_string() } else { format!("{PATH}?{}", pairs.join("&")) }
    };
    // Nobody can say what is late before there are enough payouts, unless somebody came by the address.
    let is_offered = |one: &Wanted| *one != Wanted::Late || lateness.usual.is_some() || wanted == Wanted::Late;
    let tab = |one: Wanted| PlatformTab { code: one.code(), href: address(one, None) };
    Ok(PlatformDebts {
        search: search.to_string(),
        shown: wanted.code(),
        tabs: Wanted::ALL.into_iter().filter(is_offered).map(tab).collect(),
        sums: totals.iter().map(|one| sum(show, one)).collect(),
        later: rows.last().filter(|_| is_more).map(|last| address(wanted, Some(last.key))),
        first: if key.is_some() { address(wanted, None) } else { String::new() },
        usual: lateness.usual.map(|usual| (usual.days, usual.payouts)),
        rows: rows.iter().map(|one| row(show, &lateness, one)).collect(),
    })
}

fn sum(show: &Show, one: &PlatformTotal) -> PlatformSum {
    PlatformSum {
        orders: one.orders,
        expected: show.amount(one.expected),
        paid_out: show.amount(one.paid_out),
        kept: show.amount(one.kept),
        taken_back: show.amount(one.taken_back),
        open: show.amount(one.open),
        late: (one.late_orders > 0).then(|| show.amount(one.late)),
        late_orders: one.late_orders,
    }
}

fn row(show: &Show, lateness: &Lateness, one: &OwedByPlatform) -> PlatformRow {
    let usually_by = lateness.usually_by(one, &show.zone).filter(|_| one.open.is_positive());
    PlatformRow {
        number: one.order_number.clone(),
        href: super::running::href(&one.order_number),
        debtor: named(&one.party),
        expected: show.amount(one.expected),
        paid_out: show.amount(one.paid_out),
        kept: show.amount(one.kept),
        taken_back: show.amount(one.taken_back),
        open: show.amount(one.open),
        paid: one.paid_at.map(|at| show.instant(at)),
        completed: one.completed_at.map(|at| show.instant(at)),
        usually_by: usually_by.map(|day| show.date(day)),
        is_late: lateness.is_late(one),
        is_settled: !one.open.is_positive(),
    }
}
