//! Days and clocks: the days of an order, the days on which a debtor is closed, where its people are.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::Work;
use dunlin_core::key_date::KeyDate;
use dunlin_store::Seen;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::debtor_view::DebtorInFull;
use super::debtors::{InPath as DebtorInPath, named as debtor};
use super::problem::{NOT_POSSIBLE, Problem};
use super::read::Told;
use super::receivables::{InPath as ReceivableInPath, ReceivableInFull, named as receivable};
use super::wire::{Day, Note, Words};
use crate::house::House;
use crate::import::Followed;
use crate::use_cases::note_closed_days::{add_closed_days, end_closed_days};
use crate::use_cases::set_due_day::set_due_day;
use crate::use_cases::set_order_day::set_order_day;
use crate::use_cases::set_whereabouts::{Whose, set_country, set_time_zone};
use crate::web::answer::post;
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(
    set_day_of_order,
    end_day_of_order,
    set_due_date,
    end_due_date,
    close_debtor,
    open_debtor_again,
    set_time_zone_of_debtor,
    set_country_of_debtor
))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let debtor = |path, answer| Door::form(path, Who::May(Work), answer).about(Seen::Party);
    let receivable = |path, answer| Door::form(path, Who::May(Work), answer).about(Seen::Receivable);
    vec![
        receivable("/api/v1/receivables/{number}/days", || post(set_day_of_order)),
        receivable("/api/v1/receivables/{number}/days/end", || post(end_day_of_order)),
        receivable("/api/v1/receivables/{number}/due", || post(set_due_date)),
        receivable("/api/v1/receivables/{number}/due/end", || post(end_due_date)),
        debtor("/api/v1/debtors/{number}/closed", || post(close_debtor)),
        debtor("/api/v1/debtors/{number}/closed/end", || post(open_debtor_again)),
        debtor("/api/v1/debtors/{number}/time-zone", || post(set_time_zone_of_debtor)),
        debtor("/api/v1/debtors/{number}/country", || post(set_country_of_debtor)),
    ]
}

/// Which day of an order it is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// The goods arrive at the port of destination.
    Arrival,
    /// Last day without demurrage, detention or storage.
    FreeTimeEnd,
    /// The marketplace closes the unpaid order.
    PlatformClose,
    /// Last day of shipment under the letter of credit.
    LatestShipment,
    /// Last day to present documents under the letter of credit.
    Presentation,
    /// The letter of credit expires.
    CreditExpiry,
    /// The buyer's bank has the documents for collection.
    Collection,
    /// The buyer accepted the draft.
    Acceptance,
    /// The accepted draft falls due.
    Maturity,
}

impl From<DayKind> for KeyDate {
    fn from(kind: DayKind) -> Self {
        match kind {
            DayKind::Arrival => Self::Arrival,
            DayKind::FreeTimeEnd => Self::FreeTimeEnd,
            DayKind::PlatformClose => Self::PlatformClose,
            DayKind::LatestShipment => Self::LatestShipment,
            DayKind::Presentation => Self::Presentation,
            DayKind::CreditExpiry => Self::CreditExpiry,
            DayKind::Collection => Self::Collection,
            DayKind::Acceptance => Self::Acceptance,
            DayKind::Maturity => Self::Maturity,
        }
    }
}

/// A day of the order that is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayShown {
    /// `arrival`, `free_time_end`, …
    #[schema(example = "arrival")]
    pub kind: &'static str,
    pub on: Day,
}

/// Days on which a debtor is closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosedShown {
    pub from: Day,
    /// Included.
    pub to: Day,
    pub reason: String,
}

/// The receivable, and the cases of its order that another playbook fits now.
#[derive(Debug, Serialize, ToSchema)]
pub struct DaySet {
    #[serde(flatten)]
    receivable: ReceivableInFull,
    followed: Followed,
}

/// A day of an order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayAsked {
    kind: DayKind,
    on: Day,
}

/// Which day is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayEndAsked {
    kind: DayKind,
}

async fn set(house: &House, path: &ReceivableInPath, kind: DayKind, on: Option<Day>) -> Result<Json<DaySet>, Problem> {
    let found = receivable(house, path).await?;
    let set = set_order_day(house, &found, kind.into(), on.map(|on| on.0)).await?;
    let Json(receivable) = super::receivables::shown(house, &found).await?;
    Ok(Json(DaySet { receivable, followed: set.followed }))
}

/// Enter or correct a day of the receivable's order
#[utoipa::path(post, path = "/api/v1/receivables/{number}/days", tag = "receivables", params(ReceivableInPath),
    request_body = DayAsked,
    responses((status = 200, description = "The receivable as it is now", body = DaySet)))]
async fn set_day_of_order(
    Extension(house): Shared,
    Path(path): Path<ReceivableInPath>,
    Told(asked): Told<DayAsked>,
) -> Result<Json<DaySet>, Problem> {
    set(&house, &path, asked.kind, Some(asked.on)).await
}

/// Take a day of the receivable's order back
#[utoipa::path(post, path = "/api/v1/receivables/{number}/days/end", tag = "receivables", params(ReceivableInPath),
    request_body = DayEndAsked,
    responses((status = 200, description = "The receivable as it is now", body = DaySet)))]
async fn end_day_of_order(
    Extension(house): Shared,
    Path(path): Path<ReceivableInPath>,
    Told(asked): Told<DayEndAsked>,
) -> Result<Json<DaySet>, Problem> {
    set(&house, &path, asked.kind, None).await
}

/// A due date.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DueAsked {
    on: Day,
}

async fn set_due(house: &House, path: &ReceivableInPath, on: Option<Day>) -> Result<Json<ReceivableInFull>, Problem> {
    let found = receivable(house, path).await?;
    set_due_day(house, &found, on.map(|on| on.0)).await?;
    super::receivables::shown(house, &found).await
}

/// Correct the due date of a receivable; a file that only repeats the old one does not overwrite it
#[utoipa::path(post, path = "/api/v1/receivables/{number}/due", tag = "receivables", params(ReceivableInPath),
    request_body = DueAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn set_due_date(
    Extension(house): Shared,
    Path(path): Path<ReceivableInPath>,
    Told(asked): Told<DueAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    set_due(&house, &path, Some(asked.on)).await
}

/// What starts the clock of a receivable has not happened: it waits for that again
#[utoipa::path(post, path = "/api/v1/receivables/{number}/due/end", tag = "receivables", params(ReceivableInPath),
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn end_due_date(
    Extension(house): Shared,
    Path(path): Path<ReceivableInPath>,
) -> Result<Json<ReceivableInFull>, Problem> {
    set_due(&house, &path, None).await
}

/// Days on which a debtor is closed: at most 60.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosedAsked {
    from: Day,
    /// Included.
    to: Day,
    reason: Words,
}

/// Note days on which a debtor is closed: letters wait until it has opened again
#[utoipa::path(post, path = "/api/v1/debtors/{number}/closed", tag = "debtors", params(DebtorInPath),
    request_body = ClosedAsked,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn close_debtor(
    Extension(house): Shared,
    Path(path): Path<DebtorInPath>,
    Told(asked): Told<ClosedAsked>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = debtor(&house, &path.number).await?;
    let days = (asked.from.to_come("from")?, asked.to.to_come("to")?);
    add_closed_days(&house, id, days, &asked.reason.0).await?;
    super::debtors::shown(&house, id).await
}

/// Which closed days are taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosedEndAsked {
    /// Their first day.
    from: Day,
}

/// Take closed days of a debtor back
#[utoipa::path(post, path = "/api/v1/debtors/{number}/closed/end", tag = "debtors", params(DebtorInPath),
    request_body = ClosedEndAsked,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn open_debtor_again(
    Extension(house): Shared,
    Path(path): Path<DebtorInPath>,
    Told(asked): Told<ClosedEndAsked>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = debtor(&house, &path.number).await?;
    end_closed_days(&house, id, asked.from.0).await?;
    super::debtors::shown(&house, id).await
}

/// The clock of people at a debtor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneAsked {
    /// A name of the IANA database: `America/Chicago`.
    time_zone: Words,
    /// Id of one contact; nothing: everybody whose time zone is not known.
    #[serde(default)]
    contact: Note,
}

/// Set the time zone of people at a debtor
#[utoipa::path(post, path = "/api/v1/debtors/{number}/time-zone", tag = "debtors", params(DebtorInPath),
    request_body = ZoneAsked,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn set_time_zone_of_debtor(
    Extension(house): Shared,
    Path(path): Path<DebtorInPath>,
    Told(asked): Told<ZoneAsked>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = debtor(&house, &path.number).await?;
    let whose = match asked.contact.0.trim() {
        "" => Whose::Unknown,
        text => match text.parse() {
            Ok(contact) => Whose::Contact(contact),
            Err(_) => return Err(Problem::new(NOT_POSSIBLE, "contact: expected the id of a contact")),
        },
    };
    set_time_zone(&house, id, whose, &asked.time_zone.0).await?;
    super::debtors::shown(&house, id).await
}

/// The country of a debtor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountryAsked {
    /// By its ISO 3166 code or its name: `IT`, `Italy`.
    country: Words,
}

/// Set the country of a debtor
#[utoipa::path(post, path = "/api/v1/debtors/{number}/country", tag = "debtors", params(DebtorInPath),
    request_body = CountryAsked,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn set_country_of_debtor(
    Extension(house): Shared,
    Path(path): Path<DebtorInPath>,
    Told(asked): Told<CountryAsked>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = debtor(&house, &path.number).await?;
    set_country(&house, id, &asked.country.0).await?;
    super::debtors::shown(&house, id).await
}
