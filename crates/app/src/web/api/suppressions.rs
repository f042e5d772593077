//! Addresses, numbers and domains that may not be used.

use axum::{Extension, Json};
use dunlin_core::access::Right::Assign;
use dunlin_core::suppression::{SuppressionKind, SuppressionReason};
use dunlin_store::SuppressionRow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::paging::{Limit, Page, after, page};
use super::problem::Problem;
use super::read::{Asked, Told};
use super::wire::{Day, Note, Words, number_in};
use crate::use_cases::suppress::{SuppressionForm, end_suppression, entry_number, suppress};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_suppressions, add_suppression, end_this_suppression))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/suppressions", Who::May(Assign), || get(list_suppressions)),
        Door::form("/api/v1/suppressions", Who::May(Assign), || post(add_suppression)),
        Door::form("/api/v1/suppressions/end", Who::May(Assign), || post(end_this_suppression)),
    ]
}

/// An entry of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suppression {
    #[schema(example = "X-0003")]
    pub number: String,
    /// `email`, `domain`, `phone`, `in_site`.
    #[schema(example = "email")]
    pub kind: &'static str,
    /// As it is compared; `null`: whoever had it was erased, and the entry works on.
    pub address: Option<String>,
    /// `objection`, `bounced`, `legal`, `wrong_person`, `by_hand`.
    #[schema(example = "legal")]
    pub reason: &'static str,
    pub evidence: String,
    /// Who put it there; `null`: a machine, or the command line.
    pub by: Option<String>,
    /// The last day; `null`: for good.
    pub until: Option<Day>,
    pub added_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub ended_because: Option<String>,
}

impl From<SuppressionRow> for Suppression {
    fn from(row: SuppressionRow) -> Self {
        Self {
            number: entry_number(row.number),
            kind: row.kind.code(),
            address: row.address,
            reason: row.reason.code(),
            evidence: row.evidence,
            by: Some(row.who).filter(|who| !who.is_empty()),
            until: row.until.map(Day),
            added_at: row.recorded_at,
            ended_because: row.ended_at.map(|_| row.ended_because),
            ended_at: row.ended_at,
        }
    }
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
    /// Also those that are over.
    #[param(value_type = Option<bool>)]
    all: bool,
}

/// Addresses that may not be used, by number
#[utoipa::path(get, path = "/api/v1/suppressions", tag = "suppressions", params(ListQuery),
    responses((status = 200, description = "A page of the list", body = Page<Suppression>)))]
async fn list_suppressions(
    Extension(house): Shared,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<Page<Suppression>>, Problem> {
    let after = after("suppressions", query.cursor.as_deref(), query.limit)?;
    let rows = house.store.suppressions_after(house.tenant.id, query.all, house.now(), &after).await?;
    page("suppressions", query.limit, rows, |row| row.number, |row| Ok(Suppression::from(row)))
}

/// An address that may not be used from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuppressionAsked {
    /// An email address, a domain, a phone number, an account on a marketplace.
    pub address: Words,
    /// `email`, `domain`, `phone` or `in_site`; told by how the address looks without it.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(email|domain|phone|in_site)$", example = "email")]
    pub kind: Option<SuppressionKind>,
    /// `objection`, `bounced`, `legal`, `wrong_person` or `by_hand`.
    #[schema(value_type = String, pattern = "^(objection|bounced|legal|wrong_person|by_hand)$", example = "legal")]
    pub reason: SuppressionReason,
    /// What shows it: a mail, a judgment, a note.
    #[serde(default)]
    pub evidence: Note,
    /// The last day; nothing: for good.
    #[serde(default)]
    pub until: Option<Day>,
}

/// What adding an entry did.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuppressionAdded {
    #[schema(example = "X-0003")]
    pub number: String,
    /// `email`, `domain`, `phone`, `in_site`.
    #[schema(example = "email")]
    pub kind: &'static str,
    /// As it is compared.
    pub address: String,
    /// Debtors of whom somebody has such an address.
    pub debtors: usize,
    /// Letters that waited for them, and leave no more.
    pub letters_cancelled: usize,
}

/// Put an address on the list: nothing is sent there any more
#[utoipa::path(post, path = "/api/v1/suppressions", tag = "suppressions", request_body = SuppressionAsked,
    responses((status = 200, description = "The entry, and what it did", body = SuppressionAdded)))]
async fn add_suppression(
    Extension(house): Shared,
    Told(asked): Told<SuppressionAsked>,
) -> Result<Json<SuppressionAdded>, Problem> {
    let until = asked.until.map(|day| day.to_come("until")).transpose()?;
    let (kind, reason) = (asked.kind, asked.reason);
    let form = SuppressionForm { kind, address: asked.address.0, reason, evidence: asked.evidence.0, until };
    let listed = suppress(&house, &form).await?;
    Ok(Json(SuppressionAdded {
        number: listed.number,
        kind: listed.kind.code(),
        address: listed.address,
        debtors: listed.debtors,
        letters_cancelled: listed.letters_cancelled,
    }))
}

/// Which entry ends, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAsked {
    /// `X-0003`.
    #[schema(value_type = String, example = "X-0003")]
    pub number: Words,
    pub reason: Words,
}

/// Take an address off the list: it may be used again
#[utoipa::path(post, path = "/api/v1/suppressions/end", tag = "suppressions", request_body = EndAsked,
    responses((status = 200, description = "The entry as it was", body = Suppression)))]
async fn end_this_suppression(
    Extension(house): Shared,
    Told(asked): Told<EndAsked>,
) -> Result<Json<Suppression>, Problem> {
    let number = number_in('X', &asked.number.0)?;
    Ok(Json(Suppression::from(end_suppression(&house, number, &asked.reason.0).await?)))
}
