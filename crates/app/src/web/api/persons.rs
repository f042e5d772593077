//! What is known of a debtor and its people, for whoever asks; and forgetting them, with the name typed as on the page.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::Data;
use dunlin_store::Seen;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};

use super::contacts::{PersonInPath, known};
use super::debtors::{InPath, named};
use super::problem::Problem;
use super::read::Told;
use super::wire::ShortName;
use crate::use_cases::erase_person::{Erased, erase_contact, erase_debtor, export_person};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(export_debtor, erase_consumer, erase_contact_of))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let act = |path, answer| Door::form(path, Who::May(Data), answer).about(Seen::Party);
    vec![
        Door::page("/api/v1/debtors/{number}/export", Who::May(Data), || get(export_debtor)).about(Seen::Party),
        act("/api/v1/debtors/{number}/erase", || post(erase_consumer)),
        act("/api/v1/debtors/{number}/contacts/{contact}/erase", || post(erase_contact_of)),
    ]
}

/// Everything that is known of a debtor and its people, letters with their texts included; asking is a line of the log
#[utoipa::path(get, path = "/api/v1/debtors/{number}/export", tag = "debtors", params(InPath),
    responses((status = 200, description = "What is known", body = Value)))]
async fn export_debtor(Extension(house): Shared, Path(path): Path<InPath>) -> Result<Json<Value>, Problem> {
    Ok(Json(export_person(&house, named(&house, &path.number).await?).await?))
}

/// The name once more: there is no way back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgetAsked {
    /// Exactly as it stands.
    pub typed: ShortName,
}

/// What an erasure took along.
#[derive(Debug, Serialize, ToSchema)]
pub struct Forgotten {
    pub letters_cancelled: usize,
    /// Kept files that named the person, and are given up.
    pub files: usize,
}

impl From<Erased> for Forgotten {
    fn from(erased: Erased) -> Self {
        Self { letters_cancelled: erased.cancelled, files: erased.files }
    }
}

/// Forget a consumer altogether; a company is no person
#[utoipa::path(post, path = "/api/v1/debtors/{number}/erase", tag = "debtors", params(InPath),
    request_body = ForgetAsked,
    responses((status = 200, description = "What went along", body = Forgotten)))]
async fn erase_consumer(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<ForgetAsked>,
) -> Result<Json<Forgotten>, Problem> {
    let id = named(&house, &path.number).await?;
    Ok(Json(erase_debtor(&house, id, &asked.typed.0).await?.into()))
}

/// Forget one person at a debtor, with the files that name them
#[utoipa::path(post, path = "/api/v1/debtors/{number}/contacts/{contact}/erase", tag = "debtors",
    params(PersonInPath), request_body = ForgetAsked,
    responses((status = 200, description = "What went along", body = Forgotten)))]
async fn erase_contact_of(
    Extension(house): Shared,
    Path(path): Path<PersonInPath>,
    Told(asked): Told<ForgetAsked>,
) -> Result<Json<Forgotten>, Problem> {
    let (party, one) = known(&house, &path).await?;
    Ok(Json(erase_contact(&house, party, one.id, &asked.typed.0).await?.into()))
}
