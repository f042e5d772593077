//! Spreadsheets in: the file is the whole body.

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use dunlin_core::access::Right::Import;
use dunlin_core::case::Entry;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::problem::Problem;
use super::read::{Asked, expect_file};
use crate::import::{Followed, ImportOptions, ImportReport, Kind, import_into};
use crate::use_cases::set_order_day::follow_days;
use crate::use_cases::standing_facts::clear_desks;
use crate::use_cases::take_in::ROWS_OF_A_LOOK;
use crate::web::answer::post;
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

pub const PATH: &str = "/api/v1/imports";

const TYPES: [&str; 4] = [
    "application/octet-stream",
    "text/csv",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];

#[derive(OpenApi)]
#[openapi(paths(import_table))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    // The guard has measured the body already.
    vec![Door::form(PATH, Who::May(Import), || post(import_table).layer(DefaultBodyLimit::disable()))]
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    /// Name of the file; its ending helps to tell what it is.
    #[param(min_length = 1, max_length = 200, example = "orders.csv")]
    name: Option<String>,
    /// What the rows are; left out, it is seen from the columns.
    #[param(inline)]
    kind: Option<Kind>,
    /// How debts come in that are old already; left out, from the first step on.
    #[param(inline)]
    entry: Option<EntryAsked>,
    /// Read and compare the first 2,000 rows, keep nothing.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    dry_run: bool,
}

/// `standard`: from the first step on; `contextual`: on the step of their age, never on a severe one.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryAsked {
    Standard,
    Contextual,
}

/// What came in, and which cases another playbook fits better because of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Imported {
    #[serde(flatten)]
    report: ImportReport,
    followed: Followed,
}

/// Import a spreadsheet of orders, debtors, contacts, receivables, payments, payouts, products or stock
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports", params(FileQuery),
    request_body(content(
        (Vec<u8> = "application/octet-stream"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.ms-excel"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    ), description = "The file, at most 30 MB"),
    responses((status = 200, description = "What came in, and every cell that could not be understood",
        body = Imported)))]
async fn import_table(
    Extension(house): Shared,
    Asked(query): Asked<FileQuery>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<Imported>, Problem> {
    expect_file(&headers, &TYPES)?;
    let options = ImportOptions {
        kind: query.kind,
        mapping: None,
        dry_run: query.dry_run,
        entry: query.entry.map(|entry| match entry {
            EntryAsked::Standard => Entry::Standard,
            EntryAsked::Contextual => Entry::Contextual,
        }),
        most_rows: query.dry_run.then_some(ROWS_OF_A_LOOK),
        sight: Some(house.sight.clone()),
    };
    let name = query.name.unwrap_or_else(|| "upload".to_string());
    let report = import_into(&house, &name, &bytes, &options).await?;
    let mut followed = Followed::default();
    if !query.dry_run {
        followed = follow_days(&house, &report.days_changed).await?;
        clear_desks(&house).await?;
    }
    Ok(Json(Imported { report, followed }))
}
