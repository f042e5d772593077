//! Debtors: who owes, and what a person decides about them.

use axum::extract::Path;
use axum::http::{HeaderMap, Method};
use axum::{Extension, Json};
use dunlin_core::access::Right::{Assign, See, Work};
use dunlin_core::grade::Grade;
use dunlin_core::ids::{PartyId, UserId};
use dunlin_store::pages::keyset::{After, DebtorFilter};
use dunlin_store::{Block, Seen, StoreError};
use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::debtor_view::{Debtor, DebtorInFull, in_full, listed};
use super::etag;
use super::paging::{Limit, Page, after, page};
use super::problem::{NOT_POSSIBLE, Problem};
use super::read::{Asked, Told};
use super::wire::{AskedAmount, Day, Note, Words};
use crate::house::House;
use crate::use_cases::manage_users::hand_over;
use crate::use_cases::mark_party::{block_party, choose_playbook, grade_party, unblock_party};
use crate::use_cases::standing_facts::{add_hold, add_promise, end_holds, withdraw_promises};
use crate::web::answer::{get, patch, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(
    list_debtors,
    get_debtor,
    change_debtor,
    hold_debtor,
    end_hold_of_debtor,
    note_promise_of_debtor,
    withdraw_promise_of_debtor,
    block_debtor,
    unblock_debtor,
    assign_debtor
))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let one = |door: Door| door.about(Seen::Party);
    let act = |path, right, answer| Door::form(path, Who::May(right), answer).about(Seen::Party);
    vec![
        Door::page("/api/v1/debtors", Who::May(See), || get(list_debtors)),
        one(Door::page("/api/v1/debtors/{number}", Who::May(See), || get(get_debtor))),
        one(Door::page("/api/v1/debtors/{number}", Who::May(Assign), || patch(change_debtor)).by(Method::PATCH)),
        act("/api/v1/debtors/{number}/hold", Work, || post(hold_debtor)),
        act("/api/v1/debtors/{number}/hold/end", Work, || post(end_hold_of_debtor)),
        act("/api/v1/debtors/{number}/promise", Work, || post(note_promise_of_debtor)),
        act("/api/v1/debtors/{number}/promise/withdraw", Work, || post(withdraw_promise_of_debtor)),
        act("/api/v1/debtors/{number}/block", Assign, || post(block_debtor)),
        act("/api/v1/debtors/{number}/unblock", Assign, || post(unblock_debtor)),
        act("/api/v1/debtors/{number}/assign", Assign, || post(assign_debtor)),
    ]
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Rows of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Only those who owe something.
    #[param(value_type = Option<bool>)]
    owing: bool,
}

/// Debtors in sight, by number
#[utoipa::path(get, path = "/api/v1/debtors", tag = "debtors", params(ListQuery),
    responses((status = 200, description = "A page of debtors", body = Page<Debtor>)))]
async fn list_debtors(Extension(house): Shared, Asked(query): Asked<ListQuery>) -> Result<Json<Page<Debtor>>, Problem> {
    let after = after("debtors", query.cursor.as_deref(), query.limit)?;
    let filter = DebtorFilter { owing: query.owing, only: None };
    let (tenant, sight) = (house.tenant.id, &house.sight);
    let rows = house.store.debtors_after(tenant, sight, &filter, &after, house.today()).await?;
    page("debtors", query.limit, rows, |row| row.key, |row| Ok(listed(row)))
}

/// Which debtor.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InPath {
    /// `D-0017`, the number in your own files, or an id.
    #[param(example = "D-0001")]
    pub number: String,
}

/// The debtor that a path names.
pub(super) async fn named(house: &House, name: &str) -> Result<PartyId, Problem> {
    let found = house.store.find_party(house.tenant.id, name).await?;
    Ok(found.ok_or_else(|| StoreError::not_found("debtor", name))?.0)
}

pub(super) async fn shown(house: &House, id: PartyId) -> Result<Json<DebtorInFull>, Problem> {
    let filter = DebtorFilter { only: Some(id), ..DebtorFilter::default() };
    let first = After { key: 0, limit: 1 };
    let rows = house.store.debtors_after(house.tenant.id, &house.sight, &filter, &first, house.today()).await?;
    let row = rows.into_iter().next().ok_or_else(|| StoreError::not_found("debtor", id.to_string()))?;
    Ok(Json(in_full(house, row).await?))
}

/// One debtor, with people, pauses, promises and disputes
#[utoipa::path(get, path = "/api/v1/debtors/{number}", tag = "debtors",
    params(InPath),
    responses((status = 200, description = "The debtor", body = DebtorInFull)))]
async fn get_debtor(Extension(house): Shared, Path(path): Path<InPath>) -> Result<Json<DebtorInFull>, Problem> {
    shown(&house, named(&house, &path.number).await?).await
}

/// What is to be another way. A field that is left out stays; `null` takes it away.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DebtorChange {
    /// A playbook in place of the one that the orders of this debtor bring.
    #[serde(deserialize_with = "named_or_null")]
    #[schema(value_type = Option<String>, example = "b5_open_account")]
    playbook: Option<Option<String>>,
    /// How much the buyer is worth to the firm: `gold`, `silver` or `bronze`.
    #[serde(deserialize_with = "named_or_null")]
    #[schema(value_type = Option<String>, pattern = "^(gold|silver|bronze)$", example = "gold")]
    grade: Option<Option<Grade>>,
}

/// Tells `null` from nothing.
fn named_or_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// Change the settings of one debtor
#[utoipa::path(patch, path = "/api/v1/debtors/{number}", tag = "debtors",
    params(InPath),
    request_body = DebtorChange,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn change_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    headers: HeaderMap,
    Told(change): Told<DebtorChange>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = named(&house, &path.number).await?;
    etag::expect_unchanged(&headers, &shown(&house, id).await?.0)?;
    if let Some(playbook) = change.playbook {
        choose_playbook(&house, id, playbook.as_deref()).await?;
    }
    if let Some(grade) = change.grade {
        grade_party(&house, id, grade).await?;
    }
    shown(&house, id).await
}

/// Nothing is sent until a day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldAsked {
    /// The last day of the pause.
    pub until: Day,
    pub reason: Words,
}

/// Pause everything for a debtor until a day
#[utoipa::path(post, path = "/api/v1/debtors/{number}/hold", tag = "debtors",
    params(InPath),
    request_body = HoldAsked,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn hold_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<HoldAsked>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = named(&house, &path.number).await?;
    add_hold(&house, id, None, asked.until.to_come("until")?, &asked.reason.0).await?;
    shown(&house, id).await
}

/// End the pause of a debtor before its day
#[utoipa::path(post, path = "/api/v1/debtors/{number}/hold/end", tag = "debtors",
    params(InPath),
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn end_hold_of_debtor(Extension(house): Shared, Path(path): Path<InPath>) -> Result<Json<DebtorInFull>, Problem> {
    let id = named(&house, &path.number).await?;
    end_holds(&house, id, None).await?;
    shown(&house, id).await
}

/// The buyer said that money will come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseAsked {
    /// The day the money was promised for.
    pub pay_on: Day,
    /// Nothing: all that is open.
    #[serde(default)]
    pub amount: Option<AskedAmount>,
    /// What the buyer said.
    #[serde(default)]
    pub words: Note,
}

impl PromiseAsked {
    pub fn money(&self) -> Result<Option<dunlin_core::money::Money>, Problem> {
        self.amount.as_ref().map(AskedAmount::money).transpose()
    }
}

/// Note that a debtor promised to pay
#[utoipa::path(post, path = "/api/v1/debtors/{number}/promise", tag = "debtors",
    params(InPath),
    request_body = PromiseAsked,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn note_promise_of_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<PromiseAsked>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = named(&house, &path.number).await?;
    add_promise(&house, id, None, asked.pay_on.to_come("pay_on")?, asked.money()?, &asked.words.0).await?;
    shown(&house, id).await
}

/// Withdraw the open promises of a debtor
#[utoipa::path(post, path = "/api/v1/debtors/{number}/promise/withdraw", tag = "debtors",
    params(InPath),
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn withdraw_promise_of_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = named(&house, &path.number).await?;
    withdraw_promises(&house, id, None).await?;
    shown(&house, id).await
}

/// Something that needs a reason and nothing else.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonAsked {
    pub reason: Words,
}

/// Why a debtor is to be blocked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockAsked {
    pub reason: Words,
    /// What shows it: a letter, a judgment, a report.
    #[serde(default)]
    pub evidence: Note,
    /// The last day; nothing: until somebody ends it.
    #[serde(default)]
    pub until: Option<Day>,
}

/// Block a debtor: nothing is written to them any more
#[utoipa::path(post, path = "/api/v1/debtors/{number}/block", tag = "debtors",
    params(InPath),
    request_body = BlockAsked,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn block_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<BlockAsked>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = named(&house, &path.number).await?;
    let until = asked.until.map(|day| day.to_come("until")).transpose()?;
    block_party(&house, id, Block { why: &asked.reason.0, evidence: &asked.evidence.0, until }).await?;
    shown(&house, id).await
}

/// Unblock a debtor
#[utoipa::path(post, path = "/api/v1/debtors/{number}/unblock", tag = "debtors",
    params(InPath),
    request_body = ReasonAsked,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn unblock_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<ReasonAsked>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = named(&house, &path.number).await?;
    unblock_party(&house, id, &asked.reason.0).await?;
    shown(&house, id).await
}

/// Whose buyer it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignAsked {
    /// Id of a user; `null`: nobody's.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    salesperson: Option<String>,
}

/// Hand a debtor over to a salesperson
#[utoipa::path(post, path = "/api/v1/debtors/{number}/assign", tag = "debtors",
    params(InPath),
    request_body = AssignAsked,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn assign_debtor(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<AssignAsked>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = named(&house, &path.number).await?;
    let to: Option<UserId> = asked
        .salesperson
        .map(|id| id.parse().map_err(|error| Problem::new(NOT_POSSIBLE, format!("salesperson: {error}"))))
        .transpose()?;
    hand_over(&house, id, to).await?;
    shown(&house, id).await
}
