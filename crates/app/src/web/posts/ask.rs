//! The forms that ask a buyer something, and note the answer.

use axum::response::Response;
use serde::Deserialize;

use super::{Done, Sent, answer, day, done, number, receivable};
use crate::house::House;
use crate::use_cases::ask_buyer::{Discrepancy, Question, answer_question, ask_buyer};
use crate::web::load::ask::{Query, question_of};
use crate::web::load::show::Show;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    next: String,
    seen: String,
    question: String,
    debtor: String,
    receivables: String,
    on: String,
    words: String,
    by: String,
}

pub async fn payment(Sent { house, headers, name, f }: Sent<Ask>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let query = Query {
            question: f.question.clone(),
            debtor: f.debtor.clone(),
            receivables: f.receivables.clone(),
            ..Query::default()
        };
        let asked = question_of(house, number('P', &name)?, &query).await?;
        sent(house, show, &Question::Payment(asked), &f.seen).await
    })
    .await
}

pub async fn documents(Sent { house, headers, name, f }: Sent<Ask>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let receivable = receivable(house, &name).await?;
        let told = Discrepancy { receivable, on: day(&f.on)?, words: f.words.clone(), answer_by: day(&f.by)? };
        sent(house, show, &Question::Discrepancy(told), &f.seen).await
    })
    .await
}

async fn sent(house: &House, show: &Show, question: &Question, seen: &str) -> anyhow::Result<Done> {
    let asked = ask_buyer(house, question, Some(seen)).await?;
    let letter = ("letter", format!("L-{:04}", asked.number));
    if !asked.is_approved {
        return Ok(done(show, "say-toast-asked-review", &[letter]));
    }
    Ok(done(show, "say-toast-asked", &[letter, ("day", show.date(asked.until).text)]))
}

pub async fn answered(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        answer_question(house, number('L', &name)?, &f.note).await?;
        Ok(done(show, "say-toast-answered", &[("number", name.clone())]))
    })
    .await
}
