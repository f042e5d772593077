//! Letters: what is written, and a person's yes or no to it.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::{See, Work};
use dunlin_core::case::LetterState;
use dunlin_core::letter::WrongSend;
use dunlin_store::pages::keyset::{After, ListedLetter};
use dunlin_store::{Seen, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::paging::{Limit, Page, after, page};
use super::problem::Problem;
use super::read::{Asked, Told};
use super::wire::{ContentHash, DebtorName, TheReason, Words, number_in, the_reasons};
use crate::house::House;
use crate::use_cases::approve_letter::{
    approve_letter, decline_letter, pasted_letter, preview_letter, settle_letter, unapprove_letter,
};
use crate::use_cases::repair_letter::{Correction, preview_repair, repair_letter};
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(
    list_letters,
    get_letter,
    approve_this_letter,
    unapprove_this_letter,
    decline_this_letter,
    settle_this_letter,
    note_letter_pasted,
    get_correction,
    repair_this_letter
))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let act = |path, answer| Door::form(path, Who::May(Work), answer).about(Seen::Letter);
    vec![
        Door::page("/api/v1/letters", Who::May(See), || get(list_letters)),
        Door::page("/api/v1/letters/{number}", Who::May(See), || get(get_letter)).about(Seen::Letter),
        act("/api/v1/letters/{number}/approve", || post(approve_this_letter)),
        act("/api/v1/letters/{number}/unapprove", || post(unapprove_this_letter)),
        act("/api/v1/letters/{number}/decline", || post(decline_this_letter)),
        act("/api/v1/letters/{number}/settle", || post(settle_this_letter)),
        act("/api/v1/letters/{number}/pasted", || post(note_letter_pasted)),
        Door::page("/api/v1/letters/{number}/repair", Who::May(Work), || get(get_correction)).about(Seen::Letter),
        act("/api/v1/letters/{number}/repair", || post(repair_this_letter)),
    ]
}

/// One outgoing message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Letter {
    #[schema(example = "L-0012")]
    pub number: String,
    pub debtor: DebtorName,
    /// What it is about.
    #[schema(example = json!(["R-1042"]))]
    pub receivables: Vec<String>,
    /// `press`, `formal`, …
    #[schema(example = "press")]
    pub purpose: &'static str,
    #[schema(example = "email")]
    pub channel: &'static str,
    pub language: &'static str,
    /// Level of the tone.
    pub level: u8,
    /// `review`, `queued`, `to_paste`, `sending`, `sent`, `failed`, `uncertain`, `cancelled`.
    #[schema(example = "review")]
    pub state: &'static str,
    /// `automatic`, `look`, `severe`, `two_persons`: whose yes it needs.
    #[schema(example = "look")]
    pub review: &'static str,
    /// It does not leave before.
    pub not_before: Timestamp,
    pub settled_at: Option<Timestamp>,
    /// What became of it, in words.
    pub outcome: Option<String>,
    /// Whether it puts a wrong letter right.
    pub is_correction: bool,
}

/// A letter with its text.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterInFull {
    #[serde(flatten)]
    pub letter: Letter,
    /// As it was sent, or as it would leave now; empty for one that was never sent.
    pub to: String,
    pub subject: String,
    pub body: String,
    /// Hash of recipient, text and amounts while it can still change: to be sent as `seen`.
    pub hash: Option<String>,
    pub approvals: Vec<ApprovalShown>,
    pub reasons: Vec<TheReason>,
    /// The correction of it, when it was wrong.
    #[schema(example = "L-0031")]
    pub repaired_by: Option<String>,
}

/// A yes that was given.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalShown {
    pub name: String,
    pub at: Timestamp,
    pub until: Timestamp,
}

fn listed(row: ListedLetter) -> Letter {
    let letter = row.letter;
    Letter {
        number: format!("L-{:04}", letter.number),
        debtor: row.party.into(),
        receivables: row.receivables,
        purpose: letter.purpose.code(),
        channel: letter.channel.code(),
        language: letter.language.code(),
        level: letter.level,
        state: letter.state.code(),
        review: letter.review.code(),
        not_before: letter.not_before,
        settled_at: letter.settled_at,
        outcome: letter.outcome,
        is_correction: letter.repairs.is_some(),
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
    /// Only those in this state.
    #[param(value_type = Option<String>, pattern = "^(review|queued|to_paste|sending|sent|failed|uncertain|cancelled)$")]
    state: Option<LetterState>,
}

/// Letters in sight, by number
#[utoipa::path(get, path = "/api/v1/letters", tag = "letters", params(ListQuery),
    responses((status = 200, description = "A page of letters", body = Page<Letter>)))]
async fn list_letters(Extension(house): Shared, Asked(query): Asked<ListQuery>) -> Result<Json<Page<Letter>>, Problem> {
    let after = after("letters", query.cursor.as_deref(), query.limit)?;
    let rows = house.store.letters_after(house.tenant.id, &house.sight, query.state, None, &after).await?;
    page("letters", query.limit, rows, |row| row.letter.number, |row| Ok(listed(row)))
}

/// Which letter.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InPath {
    /// `L-0012`.
    #[param(example = "L-0001")]
    number: String,
}

impl InPath {
    fn letter(&self) -> Result<i64, Problem> {
        number_in('L', &self.number)
    }
}

async fn shown(house: &House, number: i64) -> Result<Json<LetterInFull>, Problem> {
    let first = After { key: 0, limit: 1 };
    let rows = house.store.letters_after(house.tenant.id, &house.sight, None, Some(number), &first).await?;
    let row = rows.into_iter().next().ok_or_else(|| StoreError::not_found("letter", format!("L-{number:04}")))?;
    let letter = &row.letter;
    let (mut to, mut subject, mut body, mut hash) = (String::new(), String::new(), String::new(), None);
    if let Some(mail) = house.store.sent_mail(house.tenant.id, letter).await? {
        (to, subject, body) = (mail.to, mail.subject, mail.body);
    } else if letter.settled_at.is_none() {
        let written = preview_letter(house, letter).await?;
        hash = Some(written.content_hash());
        (to, subject, body) = (written.to, written.subject, written.body);
    }
    let approvals = house.store.approvals_of(house.tenant.id, letter.id).await?;
    let approvals = approvals.into_iter().map(|approval| ApprovalShown {
        name: approval.name,
        at: approval.approved_at,
        until: approval.expires_at,
    });
    let approvals = approvals.collect();
    let reasons = the_reasons(house, &letter.reasons)?;
    let repairs = house.store.repairs_of(house.tenant.id, letter.party_id).await?;
    let repaired_by = repairs.iter().find(|repair| repair.wrong_id == letter.id);
    let repaired_by = repaired_by.map(|repair| format!("L-{:04}", repair.number));
    Ok(Json(LetterInFull { letter: listed(row), to, subject, body, hash, approvals, reasons, repaired_by }))
}

/// One letter with its text
#[utoipa::path(get, path = "/api/v1/letters/{number}", tag = "letters", params(InPath),
    responses((status = 200, description = "The letter", body = LetterInFull)))]
async fn get_letter(Extension(house): Shared, Path(path): Path<InPath>) -> Result<Json<LetterInFull>, Problem> {
    shown(&house, path.letter()?).await
}

/// What was looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenAsked {
    /// `hash` of the letter as it was read: another text is not approved.
    seen: ContentHash,
}

/// Say yes to a letter; to a severe one only a person does (`needs-person`), on the page
#[utoipa::path(post, path = "/api/v1/letters/{number}/approve", tag = "letters", params(InPath),
    request_body = SeenAsked,
    responses((status = 200, description = "The letter as it is now", body = LetterInFull)))]
async fn approve_this_letter(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<SeenAsked>,
) -> Result<Json<LetterInFull>, Problem> {
    let number = path.letter()?;
    approve_letter(&house, number, Some(&asked.seen.0)).await?;
    shown(&house, number).await
}

/// Take an approval back while the letter has not left
#[utoipa::path(post, path = "/api/v1/letters/{number}/unapprove", tag = "letters", params(InPath),
    responses((status = 200, description = "The letter as it is now", body = LetterInFull)))]
async fn unapprove_this_letter(
    Extension(house): Shared,
    Path(path): Path<InPath>,
) -> Result<Json<LetterInFull>, Problem> {
    let number = path.letter()?;
    unapprove_letter(&house, number).await?;
    shown(&house, number).await
}

/// Why a letter is not to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineAsked {
    pub reason: Words,
}

/// Say no to a letter: it is not sent, and the ladder goes on
#[utoipa::path(post, path = "/api/v1/letters/{number}/decline", tag = "letters", params(InPath),
    request_body = DeclineAsked,
    responses((status = 200, description = "The letter as it is now", body = LetterInFull)))]
async fn decline_this_letter(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<DeclineAsked>,
) -> Result<Json<LetterInFull>, Problem> {
    let number = path.letter()?;
    decline_letter(&house, number, &asked.reason.0).await?;
    shown(&house, number).await
}

/// What a person found out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleAsked {
    /// Whether it had left.
    was_sent: bool,
}

/// Settle an uncertain letter that was looked up
#[utoipa::path(post, path = "/api/v1/letters/{number}/settle", tag = "letters", params(InPath),
    request_body = SettleAsked,
    responses((status = 200, description = "The letter as it is now", body = LetterInFull)))]
async fn settle_this_letter(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<SettleAsked>,
) -> Result<Json<LetterInFull>, Problem> {
    let number = path.letter()?;
    settle_letter(&house, number, asked.was_sent).await?;
    shown(&house, number).await
}

/// Note that the text was pasted into the buyer's chat
#[utoipa::path(post, path = "/api/v1/letters/{number}/pasted", tag = "letters", params(InPath),
    request_body = SeenAsked,
    responses((status = 200, description = "The letter as it is now", body = LetterInFull)))]
async fn note_letter_pasted(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<SeenAsked>,
) -> Result<Json<LetterInFull>, Problem> {
    let number = path.letter()?;
    pasted_letter(&house, number, Some(&asked.seen.0)).await?;
    shown(&house, number).await
}

/// What was wrong with a letter that left.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RepairQuery {
    /// Sent by mistake, asked for a wrong amount, or went to a wrong person.
    #[param(value_type = String, pattern = "^(wrong_send|wrong_amount|wrong_recipient)$", example = "wrong_amount")]
    what: WrongSend,
}

/// The letter that would put a wrong one right.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionShown {
    /// The wrong letter.
    #[schema(example = "L-0012")]
    pub number: String,
    pub to: String,
    pub subject: String,
    pub body: String,
    /// What goes to those who got a copy of the wrong letter.
    pub copies: Vec<CopyCorrected>,
    /// Of all these texts, to be sent as `seen`.
    pub hash: String,
}

/// The letter that would put a copy of a wrong letter right.
#[derive(Debug, Serialize, ToSchema)]
pub struct CopyCorrected {
    /// The copy.
    #[schema(example = "L-0013")]
    pub number: String,
    pub to: String,
    pub subject: String,
    pub body: String,
}

/// The correction that would go, without sending it
#[utoipa::path(get, path = "/api/v1/letters/{number}/repair", tag = "letters", params(InPath, RepairQuery),
    responses((status = 200, description = "The correction", body = CorrectionShown)))]
async fn get_correction(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Asked(query): Asked<RepairQuery>,
) -> Result<Json<CorrectionShown>, Problem> {
    let number = path.letter()?;
    let all = preview_repair(&house, number, query.what).await?;
    let hash = all.content_hash();
    let written = all.main.written;
    let copies = all.copies.into_iter().map(|(number, Correction { written: copy, .. })| CopyCorrected {
        number: format!("L-{number:04}"),
        to: copy.to,
        subject: copy.subject,
        body: copy.body,
    });
    Ok(Json(CorrectionShown {
        number: format!("L-{number:04}"),
        to: written.to,
        subject: written.subject,
        body: written.body,
        copies: copies.collect(),
        hash,
    }))
}

/// What was wrong, and the correction that was looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairAsked {
    /// `wrong_send`, `wrong_amount` or `wrong_recipient`.
    #[schema(value_type = String, pattern = "^(wrong_send|wrong_amount|wrong_recipient)$", example = "wrong_amount")]
    what: WrongSend,
    /// `hash` of the correction as it was read: another text is not sent.
    seen: ContentHash,
}

/// Put a letter right that left: its step is void, corrections leave at once, also of its copies; a severe one only by a person (`needs-person`)
#[utoipa::path(post, path = "/api/v1/letters/{number}/repair", tag = "letters", params(InPath),
    request_body = RepairAsked,
    responses((status = 200, description = "The correction, which is a letter of its own", body = LetterInFull)))]
async fn repair_this_letter(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<RepairAsked>,
) -> Result<Json<LetterInFull>, Problem> {
    let repaired = repair_letter(&house, path.letter()?, asked.what, Some(&asked.seen.0)).await?;
    shown(&house, repaired.own).await
}
