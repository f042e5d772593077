//! Playbooks: which are in force, what a text would be, and publishing one.

use axum::extract::Path;
use axum::http::{HeaderMap, Method, header};
use axum::{Extension, Json};
use dunlin_core::access::Right::{See, Settings};
use dunlin_core::money::Money;
use dunlin_core::playbook::problem::PlaybookProblem;
use dunlin_core::playbook::route::{Minimum, Route};
use dunlin_core::playbook::{Also, Step};
use dunlin_store::{CasesOfVersion, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::etag;
use super::problem::{BAD_REQUEST, CHANGED, NOT_POSSIBLE, Problem};
use super::read::Told;
use super::wire::{Amount, InWords, Words};
use crate::embedded::PlaybookFile;
use crate::house::House;
use crate::use_cases::publish_playbook::{Broken, Running, Wanted, check_text, publish_playbook};
use crate::web::answer::{get, post, put};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_playbooks, get_playbook, check_playbook, publish_this_playbook))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/playbooks", Who::May(See), || get(list_playbooks)),
        Door::form("/api/v1/playbooks/check", Who::May(See), || post(check_playbook)),
        Door::page("/api/v1/playbooks/{id}", Who::May(See), || get(get_playbook)),
        Door::form("/api/v1/playbooks/{id}", Who::May(Settings), || put(publish_this_playbook)).by(Method::PUT),
    ]
}

/// A playbook in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct Playbook {
    #[schema(example = "b5_open_account")]
    pub id: String,
    pub title: InWords,
    #[schema(example = "B5")]
    pub scenario: String,
    /// `direct` or `marketplace`; `null`: either.
    #[schema(value_type = Option<String>)]
    pub source: Option<&'static str>,
    /// Empty: any.
    #[schema(value_type = Vec<String>)]
    pub milestones: Vec<&'static str>,
    /// Empty: any.
    #[schema(value_type = Vec<String>)]
    pub triggers: Vec<&'static str>,
    /// One of these days of the order has to be known; empty: none.
    #[schema(value_type = Vec<String>, example = json!(["arrival"]))]
    pub dates: Vec<&'static str>,
    /// First 12 hex digits of the SHA-256 of its text.
    #[schema(example = "3f9a1c04b2d7")]
    pub version: String,
    /// Running cases in sight, whichever version they follow.
    pub running_cases: i64,
    /// Those of them that follow another version.
    pub on_other_versions: i64,
}

/// One playbook with its steps, text and versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookInFull {
    #[serde(flatten)]
    pub about: Playbook,
    pub steps: Vec<PlaybookStep>,
    /// Other ways than the ladder, in the order in which they are tried.
    pub routes: Vec<PlaybookRoute>,
    /// What thanks for the payment.
    pub thanks: Option<PlaybookStep>,
    pub minimums: Vec<PlaybookMinimum>,
    /// TOML.
    pub text: String,
    /// What the firm published, newest first.
    pub versions: Vec<PlaybookVersion>,
}

/// Steps that take the place of the ladder while the route fits.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookRoute {
    #[schema(example = "cash_short")]
    pub id: String,
    pub title: InWords,
    /// Why it is unpaid, one of these; empty: whatever the reason.
    #[schema(value_type = Vec<String>)]
    pub reasons: Vec<&'static str>,
    /// CEL.
    pub when: Option<String>,
    /// `ladder`: after its last step the ladder goes on; `rest`: a person decides.
    pub then: &'static str,
    pub steps: Vec<PlaybookStep>,
}

/// What a debtor must owe in one currency for a level of warning.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookMinimum {
    pub level: u8,
    /// Of all that is open, so much in a hundred must be overdue.
    pub share: i64,
    /// Overdue at least; a currency that is not named has no least amount.
    pub amounts: Vec<Amount>,
}

/// A letter that a step sends beside its own: it leaves after that one, or not at all.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookAlso {
    #[schema(value_type = Vec<String>)]
    pub channels: Vec<&'static str>,
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<&'static str>,
    pub letter: String,
}

/// A step of the ladder, of a route, or the thanks.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookStep {
    pub id: String,
    pub title: InWords,
    pub level: u8,
    pub purpose: &'static str,
    /// `letter`, or `task`: work for one of us.
    pub does: &'static str,
    /// All must have passed.
    #[schema(example = json!(["due + 3 days"]))]
    pub at: Vec<String>,
    pub until: Option<String>,
    /// CEL.
    pub when: Option<String>,
    #[schema(value_type = Vec<String>)]
    pub channels: Vec<&'static str>,
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<&'static str>,
    pub letter: String,
    /// What goes out together with it.
    pub also: Vec<PlaybookAlso>,
    pub autonomy: &'static str,
}

/// One publication.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookVersion {
    /// From 1, per playbook.
    pub number: i64,
    pub version: String,
    pub note: String,
    /// `null` for the command line, and for people whose data was erased.
    pub by: Option<String>,
    pub at: Timestamp,
}

/// The playbooks in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookList {
    pub items: Vec<Playbook>,
}

fn listed(file: &PlaybookFile, cases: &[CasesOfVersion]) -> Playbook {
    let playbook = &file.playbook;
    let (id, version) = (&*playbook.reference.id, &*playbook.reference.version);
    let count = |wanted: fn(&str, &str) -> bool| -> i64 {
        let of = cases.iter().filter(|known| known.id == id && wanted(&known.version, version));
        of.map(|known| known.cases).sum()
    };
    Playbook {
        id: id.to_string(),
        title: InWords { en: playbook.title_en.clone(), zh: playbook.title_zh.clone() },
        scenario: playbook.scenario.clone(),
        source: playbook.applies.source.map(|source| source.code()),
        milestones: playbook.applies.milestones.iter().map(|known| known.code()).collect(),
        triggers: playbook.applies.triggers.iter().map(|known| known.code()).collect(),
        dates: playbook.applies.dates.iter().map(|known| known.code()).collect(),
        version: version.to_string(),
        running_cases: count(|_, _| true),
        on_other_versions: count(|known, current| known != current),
    }
}

fn step(step: &Step) -> PlaybookStep {
    PlaybookStep {
        id: step.id.to_string(),
        title: InWords { en: step.title_en.clone(), zh: step.title_zh.clone() },
        level: step.level,
        purpose: step.purpose.code(),
        does: step.does.code(),
        at: step.at.iter().map(ToString::to_string).collect(),
        until: step.until.map(|until| until.to_string()),
        when: step.when.as_ref().map(|when| when.text.clone()),
        channels: step.channels.iter().map(|channel| channel.code()).collect(),
        roles: step.roles.iter().map(|role| role.code()).collect(),
        letter: step.letter.to_string(),
        also: step.also.iter().map(beside).collect(),
        autonomy: step.autonomy.code(),
    }
}

fn beside(also: &Also) -> PlaybookAlso {
    PlaybookAlso {
        channels: also.channels.iter().map(|channel| channel.code()).collect(),
        roles: also.roles.iter().map(|role| role.code()).collect(),
        letter: also.letter.to_string(),
    }
}

fn route(route: &Route) -> PlaybookRoute {
    PlaybookRoute {
        id: route.id.to_string(),
        title: InWords { en: route.title_en.clone(), zh: route.title_zh.clone() },
        reasons: route.reasons.iter().map(|why| why.code()).collect(),
        when: route.when.as_ref().map(|when| when.text.clone()),
        then: route.then.code(),
        steps: route.steps.iter().map(step).collect(),
    }
}

fn minimum(minimum: &Minimum) -> PlaybookMinimum {
    let amounts = minimum.amounts.iter().map(|(currency, minor)| Amount::from(Money::new(*minor, *currency)));
    PlaybookMinimum { level: minimum.level, share: minimum.share_percent, amounts: amounts.collect() }
}

/// The playbooks in force, by id
#[utoipa::path(get, path = "/api/v1/playbooks", tag = "playbooks",
    responses((status = 200, description = "All of them", body = PlaybookList)))]
async fn list_playbooks(Extension(house): Shared) -> Result<Json<PlaybookList>, Problem> {
    let cases = house.store.cases_of_versions(house.tenant.id, &house.sight).await?;
    Ok(Json(PlaybookList { items: house.playbook_files.iter().map(|file| listed(file, &cases)).collect() }))
}

/// Which playbook.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InPath {
    /// As the list names it.
    #[param(example = "b5_open_account")]
    id: String,
}

async fn shown(house: &House, id: &str) -> Result<PlaybookInFull, Problem> {
    let file = house.playbook(id).ok_or_else(|| StoreError::not_found("playbook", id))?;
    let cases = house.store.cases_of_versions(house.tenant.id, &house.sight).await?;
    let versions = house.store.published_versions(house.tenant.id, id).await?.into_iter().map(|row| PlaybookVersion {
        number: row.number,
        version: row.version,
        note: row.note,
        by: row.user_name,
        at: row.at,
    });
    Ok(PlaybookInFull {
        about: listed(file, &cases),
        steps: file.playbook.steps.iter().map(step).collect(),
        routes: file.playbook.routes.iter().map(route).collect(),
        thanks: file.playbook.thanks.as_ref().map(step),
        minimums: file.playbook.minimums.iter().map(minimum).collect(),
        text: file.text.clone(),
        versions: versions.collect(),
    })
}

/// One playbook, with its steps, text and versions
#[utoipa::path(get, path = "/api/v1/playbooks/{id}", tag = "playbooks", params(InPath),
    responses((status = 200, description = "The playbook", body = PlaybookInFull)))]
async fn get_playbook(Extension(house): Shared, Path(path): Path<InPath>) -> Result<Json<PlaybookInFull>, Problem> {
    Ok(Json(shown(&house, &path.id).await?))
}

/// A text to be checked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextAsked {
    /// TOML.
    #[schema(max_length = 200_000)]
    text: String,
}

/// What the check says.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextChecked {
    /// It could be published: there are no errors, warnings at most.
    pub is_sound: bool,
    pub problems: Vec<TextProblem>,
}

/// A problem and its place.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextProblem {
    /// From 1.
    pub line: i64,
    /// In characters, from 1.
    pub column: i64,
    pub what: String,
    pub remedy: String,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// Word of its kind: `syntax`, `unknown_key`, `never`, `letter` …
    pub code: &'static str,
}

impl From<PlaybookProblem> for TextProblem {
    fn from(problem: PlaybookProblem) -> Self {
        Self {
            line: problem.line as i64,
            column: problem.column as i64,
            what: problem.what,
            remedy: problem.remedy,
            severity: problem.severity.code(),
            code: problem.code.code(),
        }
    }
}

const LONGEST_TEXT: usize = 200_000;

fn expect_short(text: &str) -> Result<(), Problem> {
    match text.chars().count() {
        ..=LONGEST_TEXT => Ok(()),
        _ => Err(Problem::new(BAD_REQUEST, format!("text: at most {LONGEST_TEXT} characters"))),
    }
}

/// Check a text beside the playbooks in force; nothing is kept
#[utoipa::path(post, path = "/api/v1/playbooks/check", tag = "playbooks", request_body = TextAsked,
    responses((status = 200, description = "What is wrong with it, and what to do", body = TextChecked)))]
async fn check_playbook(Extension(house): Shared, Told(asked): Told<TextAsked>) -> Result<Json<TextChecked>, Problem> {
    expect_short(&asked.text)?;
    let checked = check_text(&house, "playbook.toml", &asked.text);
    let is_sound = !checked.has_errors();
    Ok(Json(TextChecked { is_sound, problems: checked.problems.into_iter().map(TextProblem::from).collect() }))
}

/// What is to be in force, and what becomes of the cases that run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaybookAsked {
    /// TOML; its `id` is the one in the path.
    #[schema(max_length = 200_000)]
    text: String,
    note: Words,
    running: RunningAsked,
}

/// `keep`: running cases go on with the version they began with. `migrate`: they move, where every step they have taken is
/// still there on the same level.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunningAsked {
    Keep,
    Migrate,
}

/// What publishing did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Published {
    /// `null`: the version was in force already, and only cases moved.
    pub number: Option<i64>,
    pub version: String,
    pub cases_moved: i64,
    /// They go on with another version.
    pub cases_stayed: i64,
    /// Why cases stayed that were to move.
    pub in_the_way: Vec<TakenStep>,
    pub warnings: Vec<TextProblem>,
}

/// A step that cases have taken and the version does not have on the same level.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenStep {
    pub step: String,
    pub level: u8,
    pub cases: i64,
}

/// Publish a version of a playbook, or a playbook of your own
#[utoipa::path(put, path = "/api/v1/playbooks/{id}", tag = "playbooks", params(InPath), request_body = PlaybookAsked,
    responses((status = 200, description = "What it did", body = Published)))]
async fn publish_this_playbook(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    headers: HeaderMap,
    Told(asked): Told<PlaybookAsked>,
) -> Result<Json<Published>, Problem> {
    expect_short(&asked.text)?;
    let seen = house.playbook(&path.id).map(|file| file.playbook.reference.version.to_string());
    match seen {
        Some(_) => etag::expect_unchanged(&headers, &shown(&house, &path.id).await?)?,
        None if headers.contains_key(header::IF_MATCH) => {
            return Err(Problem::new(CHANGED, "there is no playbook of this id; nothing was changed"));
        }
        None => {}
    }
    let running = match asked.running {
        RunningAsked::Keep => Running::Keep,
        RunningAsked::Migrate => Running::Migrate,
    };
    let wanted = Wanted { id: &path.id, text: &asked.text, note: &asked.note.0, running, seen: seen.as_deref() };
    let done = publish_playbook(&house, &wanted).await.map_err(|error| match error.downcast_ref::<Broken>() {
        Some(broken) => Problem::new(NOT_POSSIBLE, broken.to_string()),
        None => Problem::from(error),
    })?;
    let step = |step: dunlin_store::StepInTheWay| TakenStep { step: step.step, level: step.level, cases: step.cases };
    Ok(Json(Published {
        number: done.number,
        version: done.version,
        cases_moved: i64::try_from(done.cases.moved).unwrap_or(i64::MAX),
        cases_stayed: done.cases.stayed,
        in_the_way: done.cases.in_the_way.into_iter().map(step).collect(),
        warnings: done.warnings.into_iter().map(TextProblem::from).collect(),
    }))
}
