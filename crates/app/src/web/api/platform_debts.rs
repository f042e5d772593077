//! What platforms owe for orders that their buyers paid: order by order, and summed up.

use axum::{Extension, Json};
use dunlin_core::access::Right::See;
use dunlin_store::pages::keyset::{After, OwedByPlatform, PLATFORM_START, PlatformKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::paging::{Limit, Page, after, page};
use super::problem::Problem;
use super::read::Asked;
use super::wire::{Amount, Day, DebtorName};
use crate::use_cases::platform_owes::{Lateness, Wanted, lateness, platform_owes, platform_totals};
use crate::web::answer::get;
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_platform_debts, get_platform_debt_totals))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/platform-debts", Who::May(See), || get(list_platform_debts)),
        Door::page("/api/v1/platform-debts/totals", Who::May(See), || get(get_platform_debt_totals)),
    ]
}

/// What a platform owes for one order. `paid_out`, `kept`, `taken_back` and `open` are parts of `expected`; what is missing to it was
/// paid by the buyer or lowered otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlatformDebtOfOrder {
    /// The platform's number.
    pub order: String,
    /// Number of the receivable.
    #[schema(example = "R-1042")]
    pub receivable: String,
    pub debtor: DebtorName,
    pub expected: Amount,
    /// What came, less what went back.
    pub paid_out: Amount,
    /// Fees.
    pub kept: Amount,
    /// Went back to the buyer, with the fee that the platform gave up.
    pub taken_back: Amount,
    pub open: Amount,
    /// When the buyer paid; `null`: nobody said.
    pub paid_at: Option<Timestamp>,
    /// Since when the order is completed; `null` while it is not, or nobody said.
    pub completed_at: Option<Timestamp>,
    /// The last day on which the payout is in time, by your own payouts; `null` while that is not known.
    pub usually_by: Option<Day>,
    /// Something is open after that day.
    pub late: bool,
}

/// The sums in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlatformDebtTotal {
    pub orders: i64,
    pub expected: Amount,
    pub paid_out: Amount,
    pub kept: Amount,
    pub taken_back: Amount,
    pub open: Amount,
    pub late_orders: i64,
    /// Of what is open.
    pub late: Amount,
}

/// The sums of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlatformDebtTotals {
    /// Nine of ten of your own payouts came within so many days of the order's completion; `null` while there are fewer than twenty.
    pub usual_days: Option<u16>,
    /// One for each currency.
    pub totals: Vec<PlatformDebtTotal>,
}

/// Which orders: `open` ones, `late` ones, or `all`, also those of which nothing is open any more.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlatformDebtsShown {
    #[default]
    Open,
    Late,
    All,
}

impl From<PlatformDebtsShown> for Wanted {
    fn from(shown: PlatformDebtsShown) -> Self {
        match shown {
            PlatformDebtsShown::Open => Self::Open,
            PlatformDebtsShown::Late => Self::Late,
            PlatformDebtsShown::All => Self::All,
        }
    }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlatformDebtsQuery {
    /// Rows of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Without it, those of which something is open.
    #[param(inline)]
    shown: Option<PlatformDebtsShown>,
    /// Part of a number or of the buyer's name.
    #[param(value_type = Option<String>)]
    q: String,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlatformTotalsQuery {
    /// Without it, those of which something is open.
    #[param(inline)]
    shown: Option<PlatformDebtsShown>,
    /// Part of a number or of the buyer's name.
    #[param(value_type = Option<String>)]
    q: String,
}

fn debt(lateness: &Lateness, zone: &jiff::tz::TimeZone, row: OwedByPlatform) -> PlatformDebtOfOrder {
    PlatformDebtOfOrder {
        late: lateness.is_late(&row),
        usually_by: lateness.usually_by(&row, zone).map(Day),
        order: row.order_number,
        receivable: row.receivable,
        debtor: row.party.into(),
        expected: row.expected.into(),
        paid_out: row.paid_out.into(),
        kept: row.kept.into(),
        taken_back: row.taken_back.into(),
        open: row.open.into(),
        paid_at: row.paid_at,
        completed_at: row.completed_at,
    }
}

/// What platforms owe, order by order: what was paid first stands on top
#[utoipa::path(get, path = "/api/v1/platform-debts", tag = "orders", params(PlatformDebtsQuery),
    responses((status = 200, description = "A page of orders", body = Page<PlatformDebtOfOrder>)))]
async fn list_platform_debts(
    Extension(house): Shared,
    Asked(query): Asked<PlatformDebtsQuery>,
) -> Result<Json<Page<PlatformDebtOfOrder>>, Problem> {
    let key: Option<PlatformKey> = after("platform-debts", query.cursor.as_deref(), query.limit)?.key;
    let after = After { key: key.unwrap_or(PLATFORM_START), limit: query.limit.0 + 1 };
    let lateness = lateness(&house).await?;
    let wanted = (query.shown.unwrap_or_default().into(), query.q.as_str());
    let rows = platform_owes(&house, &lateness, wanted, &after).await?;
    let zone = house.zone();
    page("platform-debts", query.limit, rows, |row| Some(row.key), |row| Ok(debt(&lateness, &zone, row)))
}

/// What platforms owe, by currency
#[utoipa::path(get, path = "/api/v1/platform-debts/totals", tag = "orders", params(PlatformTotalsQuery),
    responses((status = 200, description = "The sums", body = PlatformDebtTotals)))]
async fn get_platform_debt_totals(
    Extension(house): Shared,
    Asked(query): Asked<PlatformTotalsQuery>,
) -> Result<Json<PlatformDebtTotals>, Problem> {
    let lateness = lateness(&house).await?;
    let wanted = (query.shown.unwrap_or_default().into(), query.q.as_str());
    let totals = platform_totals(&house, &lateness, wanted).await?.into_iter().map(|one| PlatformDebtTotal {
        orders: one.orders,
        expected: one.expected.into(),
        paid_out: one.paid_out.into(),
        kept: one.kept.into(),
        taken_back: one.taken_back.into(),
        open: one.open.into(),
        late_orders: one.late_orders,
        late: one.late.into(),
    });
    Ok(Json(PlatformDebtTotals { usual_days: lateness.usual.map(|usual| usual.days), totals: totals.collect() }))
}
