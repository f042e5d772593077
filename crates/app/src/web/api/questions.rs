//! Questions that people put to buyers: about a payment, about documents with a discrepancy. Looked at first, then sent.

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::{See, Work};
use dunlin_core::question::QuestionKind;
use dunlin_store::{Seen, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::problem::Problem;
use super::read::{Asked, Told};
use super::wire::{ContentHash, Day, ShortWords, number_in};
use crate::house::House;
use crate::use_cases::ask_buyer::{
    AskedBuyer, AskingLetter, Discrepancy, PaymentQuestion, Question, answer_question, ask_buyer, preview_question,
};
use crate::use_cases::standing_facts::Found;
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::guard::sees;
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(
    list_questions,
    get_payment_question,
    ask_about_payment,
    get_discrepancy_letter,
    ask_about_discrepancy,
    answer_this_question
))]
pub struct Document;

const ABOUT_PAYMENT: &str = "/api/v1/payments/{number}/ask";
const ABOUT_DOCUMENTS: &str = "/api/v1/receivables/{number}/discrepancy/ask";

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/questions", Who::May(See), || get(list_questions)),
        Door::page(ABOUT_PAYMENT, Who::May(Work), || get(get_payment_question)).about(Seen::Payment),
        Door::form(ABOUT_PAYMENT, Who::May(Work), || post(ask_about_payment)).about(Seen::Payment),
        Door::page(ABOUT_DOCUMENTS, Who::May(Work), || get(get_discrepancy_letter)).about(Seen::Receivable),
        Door::form(ABOUT_DOCUMENTS, Who::May(Work), || post(ask_about_discrepancy)).about(Seen::Receivable),
        Door::form("/api/v1/letters/{number}/answer", Who::May(Work), || post(answer_this_question))
            .about(Seen::Letter),
    ]
}

/// Receivables that one question may name.
const MOST: usize = 100;

/// A question that waits for its answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenQuestion {
    /// The letter that asks it; its answer is noted under this number.
    #[schema(example = "L-0012")]
    pub letter: String,
    /// `short`, `over`, `which`, `third_party`, `currency`, `discrepancy`.
    #[schema(example = "over")]
    pub question: &'static str,
    /// The first receivable that it names.
    #[schema(example = "R-1042")]
    pub receivable: String,
    /// As letters have it: `queued`, `sent`, …
    pub letter_state: &'static str,
    pub answer_by: Day,
}

/// Questions that wait for an answer, oldest first
#[utoipa::path(get, path = "/api/v1/questions", tag = "questions",
    responses((status = 200, description = "All of them", body = Vec<OpenQuestion>)))]
async fn list_questions(Extension(house): Shared) -> Result<Json<Vec<OpenQuestion>>, Problem> {
    let rows = house.store.questions_seen(house.tenant.id, &house.sight).await?;
    let shown = rows.into_iter().map(|row| OpenQuestion {
        letter: format!("L-{:04}", row.letter_number),
        question: row.kind.code(),
        receivable: format!("R-{:04}", row.receivable_number),
        letter_state: row.letter_state.code(),
        answer_by: Day(row.answer_by),
    });
    Ok(Json(shown.collect()))
}

/// The letter that would ask.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionShown {
    pub to: String,
    pub subject: String,
    pub body: String,
    /// To be sent as `seen`.
    pub hash: String,
}

fn looked_at(asking: &AskingLetter) -> Json<QuestionShown> {
    let written = &asking.written;
    Json(QuestionShown {
        to: written.to.clone(),
        subject: written.subject.clone(),
        body: written.body.clone(),
        hash: written.content_hash(),
    })
}

/// What became of a question.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionAsked {
    #[schema(example = "L-0012")]
    pub letter: String,
    /// False: the letter waits for somebody with a name to look at it.
    pub approved: bool,
    /// Nobody is pressed for what it names until this day has passed.
    pub paused_until: Day,
}

fn done(asked: AskedBuyer) -> Json<QuestionAsked> {
    Json(QuestionAsked {
        letter: format!("L-{:04}", asked.number),
        approved: asked.is_approved,
        paused_until: Day(asked.until),
    })
}

/// Which payment, receivable or letter.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InPath {
    /// `P-0031`, `R-1042`, `L-0012`.
    #[param(example = "P-0001")]
    number: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PaymentQuery {
    /// `short`, `over`, `which`, `third_party`, `currency`.
    #[param(value_type = String, pattern = "^(short|over|which|third_party|currency)$", example = "over")]
    question: QuestionKind,
    /// `D-0017`, where neither the receivables nor the place of the payment tell whom to ask.
    debtor: Option<String>,
    /// What the letter names, `R-1042,R-1043`; without it what the payment speaks of.
    receivables: Option<String>,
    /// Days for an answer.
    #[param(minimum = 1, maximum = 60, default = 7)]
    days: Option<i32>,
}

/// What is asked about a payment, and the letter that was looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentAsked {
    /// `short`, `over`, `which`, `third_party`, `currency`.
    #[schema(value_type = String, pattern = "^(short|over|which|third_party|currency)$", example = "over")]
    question: QuestionKind,
    /// `D-0017`, where neither the receivables nor the place of the payment tell whom to ask.
    debtor: Option<String>,
    /// What the letter names, `R-1042,R-1043`; without it what the payment speaks of.
    receivables: Option<String>,
    /// Days for an answer.
    #[schema(minimum = 1, maximum = 60, default = 7)]
    days: Option<i32>,
    /// `hash` of the letter as it was read: another text is not sent.
    seen: ContentHash,
}

/// A receivable or debtor that this token does not see is not there.
async fn found(house: &House, name: &str) -> Result<Found, Problem> {
    if !sees(house, Seen::Receivable, name).await? {
        return Err(StoreError::not_found("receivable", name).into());
    }
    Ok(house.store.find_receivable(house.tenant.id, name).await?.into())
}

async fn about_payment(house: &House, number: &str, query: PaymentQuery) -> Result<Question, Problem> {
    let debtor = match query.debtor {
        Some(name) => {
            if !sees(house, Seen::Party, &name).await? {
                return Err(StoreError::not_found("debtor", name).into());
            }
            house.store.find_party(house.tenant.id, &name).await?.map(|(id, _)| id)
        }
        None => None,
    };
    let names = query.receivables.unwrap_or_default();
    let mut receivables = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()).take(MOST) {
        receivables.push(found(house, name).await?);
    }
    let payment = number_in('P', number)?;
    Ok(Question::Payment(PaymentQuestion { payment, kind: query.question, debtor, receivables, days: query.days }))
}

/// The letter that would ask about a payment, without sending it
#[utoipa::path(get, path = "/api/v1/payments/{number}/ask", tag = "questions", params(InPath, PaymentQuery),
    responses((status = 200, description = "The letter", body = QuestionShown)))]
async fn get_payment_question(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Asked(query): Asked<PaymentQuery>,
) -> Result<Json<QuestionShown>, Problem> {
    let question = about_payment(&house, &path.number, query).await?;
    Ok(looked_at(&preview_question(&house, &question).await?))
}

/// Ask the buyer about a payment: once, and nobody is pressed for what the letter names meanwhile
#[utoipa::path(post, path = "/api/v1/payments/{number}/ask", tag = "questions", params(InPath),
    request_body = PaymentAsked, responses((status = 200, description = "What became of it", body = QuestionAsked)))]
async fn ask_about_payment(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<PaymentAsked>,
) -> Result<Json<QuestionAsked>, Problem> {
    let PaymentAsked { question, debtor, receivables, days, seen } = asked;
    let question = about_payment(&house, &path.number, PaymentQuery { question, debtor, receivables, days }).await?;
    Ok(done(ask_buyer(&house, &question, Some(&seen.0)).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DiscrepancyQuery {
    /// The day of the bank's notice.
    #[param(value_type = String, format = Date, example = "2026-03-04")]
    on: Day,
    /// As the bank put it.
    #[param(max_length = 1000)]
    words: String,
    /// The bank waits until then.
    #[param(value_type = String, format = Date, example = "2026-03-09")]
    answer_by: Day,
}

/// What the bank found, and the letter that was looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscrepancyAsked {
    /// The day of the bank's notice.
    on: Day,
    /// As the bank put it.
    words: ShortWords,
    /// The bank waits until then.
    answer_by: Day,
    /// `hash` of the letter as it was read: another text is not sent.
    seen: ContentHash,
}

async fn about_documents(house: &House, path: &InPath, on: Day, words: String, by: Day) -> Result<Question, Problem> {
    let receivable = house.store.find_receivable(house.tenant.id, &path.number).await?.into();
    let answer_by = by.to_come("answer_by")?;
    Ok(Question::Discrepancy(Discrepancy { receivable, on: on.0, words, answer_by }))
}

/// The letter that would ask to accept documents with a discrepancy, without sending it
#[utoipa::path(get, path = "/api/v1/receivables/{number}/discrepancy/ask", tag = "questions",
    params(InPath, DiscrepancyQuery), responses((status = 200, description = "The letter", body = QuestionShown)))]
async fn get_discrepancy_letter(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Asked(query): Asked<DiscrepancyQuery>,
) -> Result<Json<QuestionShown>, Problem> {
    let question = about_documents(&house, &path, query.on, query.words, query.answer_by).await?;
    Ok(looked_at(&preview_question(&house, &question).await?))
}

/// Ask the buyer to accept documents with a discrepancy; a task keeps the day until which the bank waits
#[utoipa::path(post, path = "/api/v1/receivables/{number}/discrepancy/ask", tag = "questions", params(InPath),
    request_body = DiscrepancyAsked, responses((status = 200, description = "What became of it", body = QuestionAsked)))]
async fn ask_about_discrepancy(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<DiscrepancyAsked>,
) -> Result<Json<QuestionAsked>, Problem> {
    let DiscrepancyAsked { on, words, answer_by, seen } = asked;
    let question = about_documents(&house, &path, on, words.0, answer_by).await?;
    Ok(done(ask_buyer(&house, &question, Some(&seen.0)).await?))
}

/// What the buyer answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerTold {
    words: ShortWords,
}

/// A question that has its answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionAnswered {
    #[schema(example = "L-0012")]
    pub letter: String,
}

/// Note the buyer's answer: the question is closed, and what rested for it is looked at again
#[utoipa::path(post, path = "/api/v1/letters/{number}/answer", tag = "questions", params(InPath),
    request_body = AnswerTold, responses((status = 200, description = "It is noted", body = QuestionAnswered)))]
async fn answer_this_question(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(told): Told<AnswerTold>,
) -> Result<Json<QuestionAnswered>, Problem> {
    let number = number_in('L', &path.number)?;
    answer_question(&house, number, &told.words.0).await?;
    Ok(Json(QuestionAnswered { letter: format!("L-{number:04}") }))
}
