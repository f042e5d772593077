//! Fills the pages on which a buyer is asked something, and the list of what waits for an answer.

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::question::QuestionKind;
use dunlin_store::{Seen, StoreError};

use super::letter::{facts_of, sheet};
use super::show::Show;
use crate::house::House;
use crate::use_cases::ask_buyer::{Discrepancy, PaymentQuestion, Question, preview_question, questions_raised};
use crate::use_cases::standing_facts::Found;
use crate::web::guard::sees;
use crate::web::posts::told;
use crate::web::view::ask::{AskKind, AskPage, OpenQuestion};

/// Receivables that one question may name.
const MOST: usize = 100;

/// What the form on the page has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    pub question: String,
    pub debtor: String,
    pub receivables: String,
    pub on: String,
    pub words: String,
    pub by: String,
}

pub async fn payment(house: &House, show: &Show, number: i64, query: &Query) -> anyhow::Result<AskPage> {
    let known = house.store.payment_numbered(house.tenant.id, number).await?;
    let mut asked = question_of(house, number, query).await?;
    let chosen: Vec<_> = asked.receivables.iter().map(|found| found.receivable_id).collect();
    let party = asked.receivables.first().map(|found| found.party_id).or(asked.debtor).or(known.party_id);
    let fits = match party {
        Some(party) => questions_raised(house, &known, party, &chosen).await?,
        None => Vec::new(),
    };
    if QuestionKind::from_code(&query.question).is_none()
        && let Some(first) = fits.first()
    {
        asked.kind = *first;
    }
    let kind = asked.kind;
    let way = |one: &QuestionKind| AskKind { code: one.code().to_string(), is_chosen: *one == kind };
    let kinds = QuestionKind::ALL.iter().filter(|one| **one != QuestionKind::Discrepancy);
    let page = AskPage {
        number: format!("P-{number:04}"),
        path: format!("/payments/P-{number:04}/ask"),
        next: "/money".to_string(),
        kinds: kinds.map(way).collect(),
        kind: kind.code().to_string(),
        debtor: query.debtor.clone(),
        receivables: query.receivables.clone(),
        ..AskPage::default()
    };
    filled(house, show, page, &Question::Payment(asked)).await
}

pub async fn documents(house: &House, show: &Show, name: &str, query: &Query) -> anyhow::Result<AskPage> {
    let found: Found = house.store.find_receivable(house.tenant.id, name).await?.into();
    let page = AskPage {
        number: found.number.clone(),
        path: format!("/receivables/{}/discrepancy", found.number),
        next: format!("/receivables/{}", found.number),
        on: query.on.clone(),
        words: query.words.clone(),
        by: query.by.clone(),
        is_documents: true,
        ..AskPage::default()
    };
    let days = (query.on.trim().parse::<Date>(), query.by.trim().parse::<Date>());
    let (Ok(on), Ok(answer_by)) = days else {
        return Ok(page);
    };
    let told = Discrepancy { receivable: found, on, words: query.words.clone(), answer_by };
    filled(house, show, page, &Question::Discrepancy(told)).await
}

/// What the form asks, as the use case wants it.
pub async fn question_of(house: &House, payment: i64, query: &Query) -> anyhow::Result<PaymentQuestion> {
    let mut receivables: Vec<Found> = Vec::new();
    for name in query.receivables.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()).take(MOST) {
        if !sees(house, Seen::Receivable, name).await? {
            return Err(StoreError::not_found("receivable", name).into());
        }
        receivables.push(house.store.find_receivable(house.tenant.id, name).await?.into());
    }
    let debtor = match query.debtor.trim() {
        "" => None,
        name => {
            let known = match sees(house, Seen::Party, name).await? {
                true => house.store.find_party(house.tenant.id, name).await?,
                false => None,
            };
            Some(known.ok_or_else(|| StoreError::not_found("debtor", name))?.0)
        }
    };
    let kind = QuestionKind::from_code(&query.question).unwrap_or(QuestionKind::Which);
    Ok(PaymentQuestion { payment, kind, debtor, receivables, days: None })
}

/// The page with its letter, or with why there is none.
async fn filled(house: &House, show: &Show, mut page: AskPage, question: &Question) -> anyhow::Result<AskPage> {
    match preview_question(house, question).await {
        Ok(asking) => {
            let facts = facts_of(house, &asking.letter).await?;
            let mut sheet = sheet(house, show, &asking.letter, &facts).await?;
            sheet.number.clone_from(&page.number);
            sheet.seen = asking.written.content_hash();
            page.sheet = Some(sheet);
        }
        Err(error) => page.problem = told(show, &error),
    }
    Ok(page)
}

/// Questions that wait for an answer, of the buyers in sight.
pub async fn open(house: &House, show: &Show) -> anyhow::Result<Vec<OpenQuestion>> {
    let rows = house.store.questions_seen(house.tenant.id, &house.sight).await?;
    let shown = rows.into_iter().map(|row| OpenQuestion {
        letter: format!("L-{:04}", row.letter_number),
        kind: row.kind.code().to_string(),
        receivable: format!("R-{:04}", row.receivable_number),
        letter_state: row.letter_state.code().to_string(),
        answer_by: show.date(row.answer_by),
    });
    Ok(shown.collect())
}
