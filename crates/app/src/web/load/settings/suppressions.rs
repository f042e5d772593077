//! `GET /settings/suppressions`: addresses that may not be used.

use dunlin_store::pages::keyset::After;
use serde::Deserialize;

use super::super::show::Show;
use crate::house::House;
use crate::use_cases::suppress::entry_number;
use crate::web::view::settings::{SuppressionLine, SuppressionsPage};

/// Entries of one page.
const LINES: i64 = 100;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Not empty: also what is over.
    pub all: String,
    pub after: i64,
}

pub async fn load(house: &House, show: &Show, query: &Query) -> anyhow::Result<SuppressionsPage> {
    let all = !query.all.is_empty();
    let after = After { key: query.after.max(0), limit: LINES };
    let rows = house.store.suppressions_after(house.tenant.id, all, show.now, &after).await?;
    let next = rows.last().filter(|_| rows.len() as i64 == LINES);
    let next =
        next.map(|last| format!("/settings/suppressions?after={}{}", last.number, if all { "&all=yes" } else { "" }));
    let lines = rows.iter().map(|row| SuppressionLine {
        number: entry_number(row.number),
        kind: row.kind.code(),
        address: row.address.clone(),
        reason: row.reason.code(),
        evidence: row.evidence.clone(),
        who: row.who.clone(),
        added: show.instant(row.recorded_at),
        until: row.until.map(|day| show.date(day)),
        is_over: row.is_over(show.now),
        ended_because: row.ended_because.clone(),
    });
    Ok(SuppressionsPage {
        lines: lines.collect(),
        running: house.store.suppressions_running(house.tenant.id, show.now).await?,
        all,
        today: show.today().to_string(),
        next,
    })
}
