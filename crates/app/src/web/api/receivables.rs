//! Receivables: what is owed, why it is or is not asked for, and what lowers it.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::{Lower, See, Work};
use dunlin_core::ids::PartyId;
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_store::pages::keyset::{After, ListedReceivable, ReceivableFilter};
use dunlin_store::{Scope, Seen, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::cases::WhyShown;
use super::days::DayShown;
use super::debtors::{HoldAsked, PromiseAsked};
use super::paging::{Limit, Page, after, page};
use super::problem::Problem;
use super::read::{Asked, Told};
use super::wire::{Amount, AskedAmount, Day, DebtorName, Note, TheReason, Words, the_reasons};
use crate::house::House;
use crate::use_cases::bank_charges::settle_rest;
use crate::use_cases::enter_by_hand::note_event;
use crate::use_cases::explain_receivable::explain_receivable;
use crate::use_cases::lower_outstanding::{lower_outstanding, take_back};
use crate::use_cases::standing_facts::{
    Found, add_dispute, add_hold, add_promise, end_holds, resolve_dispute, withdraw_promises,
};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::guard::sees;
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(
    list_receivables,
    get_receivable,
    hold_receivable,
    end_hold_of_receivable,
    note_promise_of_receivable,
    withdraw_promise_of_receivable,
    dispute_receivable,
    resolve_dispute_of_receivable,
    credit_receivable,
    undo_credit_of_receivable,
    write_receivable_off,
    undo_write_off_of_receivable,
    note_event_of_receivable,
    settle_bank_charges
))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let act = |path, right, answer| Door::form(path, Who::May(right), answer).about(Seen::Receivable);
    vec![
        Door::page("/api/v1/receivables", Who::May(See), || get(list_receivables)),
        Door::page("/api/v1/receivables/{number}", Who::May(See), || get(get_receivable)).about(Seen::Receivable),
        act("/api/v1/receivables/{number}/hold", Work, || post(hold_receivable)),
        act("/api/v1/receivables/{number}/hold/end", Work, || post(end_hold_of_receivable)),
        act("/api/v1/receivables/{number}/promise", Work, || post(note_promise_of_receivable)),
        act("/api/v1/receivables/{number}/promise/withdraw", Work, || post(withdraw_promise_of_receivable)),
        act("/api/v1/receivables/{number}/dispute", Work, || post(dispute_receivable)),
        act("/api/v1/receivables/{number}/dispute/resolve", Work, || post(resolve_dispute_of_receivable)),
        act("/api/v1/receivables/{number}/credit", Lower, || post(credit_receivable)),
        act("/api/v1/receivables/{number}/credit/undo", Lower, || post(undo_credit_of_receivable)),
        act("/api/v1/receivables/{number}/write-off", Lower, || post(write_receivable_off)),
        act("/api/v1/receivables/{number}/write-off/undo", Lower, || post(undo_write_off_of_receivable)),
        act("/api/v1/receivables/{number}/bank-charges", Lower, || post(settle_bank_charges)),
        act("/api/v1/receivables/{number}/happened", Work, || post(note_event_of_receivable)),
    ]
}

/// One amount that is due once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receivable {
    #[schema(example = "R-1042")]
    pub number: String,
    pub debtor: DebtorName,
    /// What letters call it: the number of the invoice or order.
    pub reference: String,
    pub order: Option<String>,
    /// `deposit`, `balance`, `full`, …
    #[schema(example = "balance")]
    pub milestone: &'static str,
    pub amount: Amount,
    /// From the ledger.
    pub outstanding: Amount,
    /// `null` while the event that starts its clock is awaited.
    pub due_on: Option<Day>,
    /// Voided, written off or cancelled: nothing is asked for any more.
    pub closed: bool,
    /// Who has to pay: `buyer`, or the `platform` that the buyer has paid.
    #[schema(example = "buyer")]
    pub obligor: &'static str,
    /// `running`, `paid`, `written_off`, `closed`, `ladder_done`, `handed_over`, `plan_agreed`; `null` before the first decision.
    pub case: Option<&'static str>,
}

/// A receivable and the decision about it as it would be made now.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceivableInFull {
    #[serde(flatten)]
    pub receivable: Receivable,
    /// Days of the order that are known.
    pub days: Vec<DayShown>,
    /// Why it is unpaid; `null`: nobody knows.
    pub why: Option<WhyShown>,
    pub explain: Explained,
}

/// What `dunlin explain --json` says.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explained {
    pub receivable: String,
    pub outstanding: String,
    pub currency: String,
    pub playbook: Option<String>,
    pub step: Option<String>,
    /// `letter`, `task`, `approval`, `wait`, `closed`.
    #[schema(example = "wait")]
    pub decision: &'static str,
    pub next_wake: Option<Timestamp>,
    pub reasons: Vec<TheReason>,
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
    /// Only those of one debtor: `D-0017`, the number in your own files, or an id.
    debtor: Option<String>,
    /// Only what is neither closed nor paid.
    #[param(value_type = Option<bool>)]
    open: bool,
}

fn listed(row: ListedReceivable) -> Receivable {
    Receivable {
        number: row.number,
        debtor: row.party.into(),
        reference: row.reference,
        order: row.order_number,
        milestone: row.milestone.code(),
        amount: row.amount.into(),
        outstanding: row.outstanding.into(),
        due_on: row.due_on.map(Day),
        closed: row.closed,
        obligor: row.obligor.code(),
        case: row.case.map(dunlin_core::case::CaseState::code),
    }
}

/// A debtor that is asked for; one out of sight is not told from one that is not there.
async fn in_sight(house: &House, name: &str) -> Result<PartyId, Problem> {
    let missing = || StoreError::not_found("debtor", name);
    if !sees(house, Seen::Party, name).await? {
        return Err(missing().into());
    }
    Ok(house.store.find_party(house.tenant.id, name).await?.ok_or_else(missing)?.0)
}

/// Receivables in sight, by number
#[utoipa::path(get, path = "/api/v1/receivables", tag = "receivables", params(ListQuery),
    responses((status = 200, description = "A page of receivables", body = Page<Receivable>)))]
async fn list_receivables(
    Extension(house): Shared,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<Page<Receivable>>, Problem> {
    let after = after("receivables", query.cursor.as_deref(), query.limit)?;
    let debtor = match &query.debtor {
        None => None,
        Some(name) => Some(in_sight(&house, name).await?),
    };
    let filter = ReceivableFilter { debtor, open: query.open, only: None };
    let rows = house.store.receivables_after(house.tenant.id, &house.sight, &filter, &after).await?;
    page("receivables", query.limit, rows, |row| row.key, |row| Ok(listed(row)))
}

/// Which receivable.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InPath {
    /// `R-1042`, an id, or the number of an invoice or order (then the oldest open one of the order).
    #[param(example = "R-0001")]
    number: String,
}

pub async fn named(house: &House, path: &InPath) -> Result<Found, Problem> {
    Ok(house.store.find_receivable(house.tenant.id, &path.number).await?.into())
}

pub async fn shown(house: &House, found: &Found) -> Result<Json<ReceivableInFull>, Problem> {
    let filter = ReceivableFilter { only: Some(found.receivable_id), ..ReceivableFilter::default() };
    let first = After { key: 0, limit: 1 };
    let rows = house.store.receivables_after(house.tenant.id, &house.sight, &filter, &first).await?;
    let row = rows.into_iter().next().ok_or_else(|| StoreError::not_found("receivable", &found.number))?;
    let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await?;
    let item =
        facts.iter().flat_map(|debtor| &debtor.receivables).find(|item| item.receivable.id == found.receivable_id);
    let dates = item.map(|item| item.dates.clone()).unwrap_or_default();
    let days = dates.into_iter().map(|(kind, on)| DayShown { kind: kind.code(), on: Day(on) }).collect();
    let why = explain_receivable(house, found).await?;
    let explain = Explained {
        receivable: why.receivable,
        outstanding: why.outstanding.decimal(),
        currency: why.outstanding.currency.code().to_string(),
        playbook: why.playbook,
        step: why.step,
        decision: why.decision.code(),
        next_wake: why.next_wake,
        reasons: the_reasons(house, &why.reasons)?,
    };
    let unpaid = item.and_then(WhyShown::of);
    Ok(Json(ReceivableInFull { receivable: listed(row), days, why: unpaid, explain }))
}

/// One receivable, and why something or nothing is done about it
#[utoipa::path(get, path = "/api/v1/receivables/{number}", tag = "receivables", params(InPath),
    responses((status = 200, description = "The receivable", body = ReceivableInFull)))]
async fn get_receivable(Extension(house): Shared, Path(path): Path<InPath>) -> Result<Json<ReceivableInFull>, Problem> {
    shown(&house, &named(&house, &path).await?).await
}

/// Pause one receivable until a day
#[utoipa::path(post, path = "/api/v1/receivables/{number}/hold", tag = "receivables", params(InPath),
    request_body = HoldAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn hold_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<HoldAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    let until = asked.until.to_come("until")?;
    add_hold(&house, found.party_id, Some(found.receivable_id), until, &asked.reason.0).await?;
    shown(&house, &found).await
}

/// End the pause of one receivable before its day
#[utoipa::path(post, path = "/api/v1/receivables/{number}/hold/end", tag = "receivables", params(InPath),
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn end_hold_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    end_holds(&house, found.party_id, Some(found.receivable_id)).await?;
    shown(&house, &found).await
}

/// Note that the buyer promised to pay one receivable
#[utoipa::path(post, path = "/api/v1/receivables/{number}/promise", tag = "receivables", params(InPath),
    request_body = PromiseAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn note_promise_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<PromiseAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    let (of, pay_on) = (Some(found.receivable_id), asked.pay_on.to_come("pay_on")?);
    add_promise(&house, found.party_id, of, pay_on, asked.money()?, &asked.words.0).await?;
    shown(&house, &found).await
}

/// Withdraw the open promises of one receivable
#[utoipa::path(post, path = "/api/v1/receivables/{number}/promise/withdraw", tag = "receivables", params(InPath),
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn withdraw_promise_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    withdraw_promises(&house, found.party_id, Some(found.receivable_id)).await?;
    shown(&house, &found).await
}

/// An amount with its reason.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmountAsked {
    /// Nothing: all that is outstanding.
    #[serde(default)]
    pub amount: Option<AskedAmount>,
    pub reason: Words,
}

/// Note that the buyer contests a receivable, wholly or in part
#[utoipa::path(post, path = "/api/v1/receivables/{number}/dispute", tag = "receivables", params(InPath),
    request_body = AmountAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn dispute_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<AmountAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    let amount = asked.amount.as_ref().map(AskedAmount::money).transpose()?;
    add_dispute(&house, &found, amount, &asked.reason.0).await?;
    shown(&house, &found).await
}

/// How a dispute ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolutionAsked {
    pub resolution: Words,
}

/// Settle the dispute about a receivable
#[utoipa::path(post, path = "/api/v1/receivables/{number}/dispute/resolve", tag = "receivables", params(InPath),
    request_body = ResolutionAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn resolve_dispute_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<ResolutionAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    resolve_dispute(&house, &found, &asked.resolution.0).await?;
    shown(&house, &found).await
}

async fn lower(house: &House, path: &InPath, kind: LedgerKind, asked: &AmountAsked) -> Result<Found, Problem> {
    let found = named(house, path).await?;
    let amount = asked.amount.as_ref().map(AskedAmount::money).transpose()?;
    lower_outstanding(house, &found, kind, amount, &asked.reason.0).await?;
    Ok(found)
}

/// Credit a receivable, wholly or in part
#[utoipa::path(post, path = "/api/v1/receivables/{number}/credit", tag = "receivables", params(InPath),
    request_body = AmountAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn credit_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<AmountAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    shown(&house, &lower(&house, &path, LedgerKind::Credit, &asked).await?).await
}

/// Write a receivable off, wholly or in part
#[utoipa::path(post, path = "/api/v1/receivables/{number}/write-off", tag = "receivables", params(InPath),
    request_body = AmountAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn write_receivable_off(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<AmountAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    shown(&house, &lower(&house, &path, LedgerKind::WriteOff, &asked).await?).await
}

/// A remark that may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NoteAsked {
    pub note: Note,
}

async fn undo(house: &House, path: &InPath, kind: LedgerKind, asked: &NoteAsked) -> Result<Found, Problem> {
    let found = named(house, path).await?;
    take_back(house, &found, kind, &asked.note.0).await?;
    Ok(found)
}

/// Take the last credit of a receivable back
#[utoipa::path(post, path = "/api/v1/receivables/{number}/credit/undo", tag = "receivables", params(InPath),
    request_body = NoteAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn undo_credit_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<NoteAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    shown(&house, &undo(&house, &path, LedgerKind::Credit, &asked).await?).await
}

/// Take the last write-off of a receivable back
#[utoipa::path(post, path = "/api/v1/receivables/{number}/write-off/undo", tag = "receivables", params(InPath),
    request_body = NoteAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn undo_write_off_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<NoteAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    shown(&house, &undo(&house, &path, LedgerKind::WriteOff, &asked).await?).await
}

/// What the receivable waits for has happened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HappenedAsked {
    /// Today or earlier.
    pub on: Day,
}

/// Note the day on which goods were ready, papers sent, or whatever else the receivable waits for
#[utoipa::path(post, path = "/api/v1/receivables/{number}/happened", tag = "receivables", params(InPath),
    request_body = HappenedAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn note_event_of_receivable(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<HappenedAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    note_event(&house, &found, asked.on.to_come("on")?).await?;
    shown(&house, &found).await
}

/// What becomes of the small rest: `write_off` as bank charges, or `keep_asking` for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChargesDecision {
    WriteOff,
    KeepAsking,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargesAsked {
    pub decision: ChargesDecision,
}

/// Decide on a rest as small as bank charges (needs the rights `money` and `lower`)
#[utoipa::path(post, path = "/api/v1/receivables/{number}/bank-charges", tag = "receivables", params(InPath),
    request_body = ChargesAsked,
    responses((status = 200, description = "The receivable as it is now", body = ReceivableInFull)))]
async fn settle_bank_charges(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<ChargesAsked>,
) -> Result<Json<ReceivableInFull>, Problem> {
    let found = named(&house, &path).await?;
    settle_rest(&house, &found, asked.decision == ChargesDecision::WriteOff).await?;
    shown(&house, &found).await
}
