//! Tasks: work for a person.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::{See, Work};
use dunlin_store::pages::keyset::{After, ListedTask};
use dunlin_store::{Seen, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::debtors::ReasonAsked;
use super::paging::{Limit, Page, after, page};
use super::problem::Problem;
use super::read::{Asked, Told};
use super::receivables::NoteAsked;
use super::wire::{Amount, Day, DebtorName, TheReason, number_in, the_reasons};
use crate::house::House;
use crate::use_cases::approve_letter::{drop_task, finish_task, snooze_task};
use crate::use_cases::undo::reopen_task;
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_tasks, finish_this_task, drop_this_task, reopen_this_task, snooze_this_task))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let act = |path, answer| Door::form(path, Who::May(Work), answer).about(Seen::Task);
    vec![
        Door::page("/api/v1/tasks", Who::May(See), || get(list_tasks)),
        act("/api/v1/tasks/{number}/done", || post(finish_this_task)),
        act("/api/v1/tasks/{number}/drop", || post(drop_this_task)),
        act("/api/v1/tasks/{number}/reopen", || post(reopen_this_task)),
        act("/api/v1/tasks/{number}/snooze", || post(snooze_this_task)),
    ]
}

/// Work for a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Task {
    #[schema(example = "T-0003")]
    pub number: String,
    /// `call`, `do` (a step of the playbook that one of us does), `decide_call` (a call that nobody made), `find_contact`, `find_zone`, `decide_next`, `settle_uncertain`, `match_money`, `failed_letter`, `question`, `answer` (the buyer asked something), `follow`, `solve_dispute` (something is contested), `decide_promise` (promised often, or in vain).
    #[schema(example = "call")]
    pub kind: &'static str,
    pub debtor: Option<DebtorName>,
    pub receivable: Option<String>,
    pub payment: Option<String>,
    pub letter: Option<String>,
    /// Number of the order that it is about.
    pub order: Option<String>,
    pub step: Option<String>,
    /// What is to be asked for.
    pub amount: Option<Amount>,
    pub note: Option<String>,
    /// It rests until then. A call that gap, ceiling or hours do not allow now rests by itself, with the reason
    /// `contact.call_too_soon` or `contact.call_outside_hours`.
    pub not_before: Timestamp,
    /// By when it should be done; `null`: no day was set.
    pub due_at: Option<Timestamp>,
    pub settled_at: Option<Timestamp>,
    /// `done`, `dropped`, `lapsed` or `withdrawn` (what it is for has passed); `null` while it is open.
    pub outcome: Option<String>,
    pub reasons: Vec<TheReason>,
}

fn listed(house: &House, row: ListedTask) -> Result<Task, Problem> {
    Ok(Task {
        reasons: the_reasons(house, &row.reasons)?,
        number: row.number,
        kind: row.kind.code(),
        debtor: row.party.map(DebtorName::from),
        receivable: row.receivable,
        payment: row.payment,
        letter: row.letter,
        order: row.order,
        step: row.step,
        amount: row.pressed.map(Amount::from),
        note: row.note,
        not_before: row.not_before,
        due_at: row.due_at,
        settled_at: row.settled_at,
        outcome: row.outcome,
    })
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
    /// Also those that rest until later.
    #[param(value_type = Option<bool>)]
    resting: bool,
}

/// Open tasks in sight, by number
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", params(ListQuery),
    responses((status = 200, description = "A page of tasks", body = Page<Task>)))]
async fn list_tasks(Extension(house): Shared, Asked(query): Asked<ListQuery>) -> Result<Json<Page<Task>>, Problem> {
    let after = after("tasks", query.cursor.as_deref(), query.limit)?;
    let due = (!query.resting).then(|| house.now());
    let rows = house.store.tasks_after(house.tenant.id, &house.sight, None, due, &after).await?;
    page("tasks", query.limit, rows, |row| row.key, |row| listed(&house, row))
}

/// Which task.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InPath {
    /// `T-0003`.
    #[param(example = "T-0001")]
    number: String,
}

async fn shown(house: &House, number: i64) -> Result<Json<Task>, Problem> {
    let first = After { key: 0, limit: 1 };
    let rows = house.store.tasks_after(house.tenant.id, &house.sight, Some(number), None, &first).await?;
    let row = rows.into_iter().next().ok_or_else(|| StoreError::not_found("task", format!("T-{number:04}")))?;
    Ok(Json(listed(house, row)?))
}

/// Say that a task is done
#[utoipa::path(post, path = "/api/v1/tasks/{number}/done", tag = "tasks", params(InPath),
    request_body = NoteAsked, responses((status = 200, description = "The task as it is now", body = Task)))]
async fn finish_this_task(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<NoteAsked>,
) -> Result<Json<Task>, Problem> {
    let number = number_in('T', &path.number)?;
    finish_task(&house, number, &asked.note.0).await?;
    shown(&house, number).await
}

/// Say that work of our own (`do`) is not needed; its step stays taken. Of a call (`call`, `decide_call`): that nobody makes it; it warned nobody, and the case is decided again
#[utoipa::path(post, path = "/api/v1/tasks/{number}/drop", tag = "tasks", params(InPath),
    request_body = ReasonAsked, responses((status = 200, description = "The task as it is now", body = Task)))]
async fn drop_this_task(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<ReasonAsked>,
) -> Result<Json<Task>, Problem> {
    let number = number_in('T', &path.number)?;
    drop_task(&house, number, &asked.reason.0).await?;
    shown(&house, number).await
}

/// Open a task again that was noted as done by mistake, while its case has not gone on
#[utoipa::path(post, path = "/api/v1/tasks/{number}/reopen", tag = "tasks", params(InPath),
    responses((status = 200, description = "The task as it is now", body = Task)))]
async fn reopen_this_task(Extension(house): Shared, Path(path): Path<InPath>) -> Result<Json<Task>, Problem> {
    let number = number_in('T', &path.number)?;
    reopen_task(&house, number).await?;
    shown(&house, number).await
}

/// Until when a task rests.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeAsked {
    /// It comes back on the morning of this day.
    until: Day,
}

/// Let a task rest until a day
#[utoipa::path(post, path = "/api/v1/tasks/{number}/snooze", tag = "tasks", params(InPath),
    request_body = SnoozeAsked, responses((status = 200, description = "The task as it is now", body = Task)))]
async fn snooze_this_task(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<SnoozeAsked>,
) -> Result<Json<Task>, Problem> {
    let number = number_in('T', &path.number)?;
    snooze_task(&house, number, asked.until.to_come("until")?).await?;
    shown(&house, number).await
}
