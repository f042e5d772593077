//! Fills the page on which a letter is put right.

use serde::Deserialize;

use dunlin_core::letter::WrongSend;

use super::letter::{facts_of, sheet};
use super::show::Show;
use crate::house::House;
use crate::use_cases::repair_letter::preview_repair;
use crate::web::view::repair::{RepairPage, RepairWay};

/// What was wrong, as chosen; the first of them when nothing was.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    pub what: String,
}

pub async fn load(house: &House, show: &Show, number: i64, query: &Query) -> anyhow::Result<RepairPage> {
    let wrong = WrongSend::from_code(&query.what).unwrap_or(WrongSend::Mistake);
    let all = preview_repair(house, number, wrong).await?;
    let letter = house.store.letter_by_number(house.tenant.id, number).await?;
    let facts = facts_of(house, &letter).await?;
    let seen = all.content_hash();
    let mut main = sheet(house, show, &all.main.letter, &facts).await?;
    main.number = format!("L-{number:04}");
    let mut copies = Vec::with_capacity(all.copies.len());
    for (number, copy) in &all.copies {
        let mut of_copy = sheet(house, show, &copy.letter, &facts).await?;
        of_copy.number = format!("L-{number:04}");
        copies.push(of_copy);
    }
    let way = |one: &WrongSend| RepairWay { code: one.code().to_string(), is_chosen: *one == wrong };
    Ok(RepairPage {
        number: format!("L-{number:04}"),
        debtor: show.debtor(&facts),
        ways: WrongSend::ALL.iter().map(way).collect(),
        what: wrong.code().to_string(),
        sheet: main,
        copies,
        seen,
        severe: letter.review.is_severe(),
    })
}
