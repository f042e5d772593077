//! Forms about the bank accounts of which statements are read.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use serde::Deserialize;

use super::{Shared, answer, done};
use crate::house::House;
use crate::use_cases::statement_accounts::{Word, say_of_account};

const PAGE: &str = "/money";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AccountFields {
    account: String,
}

pub async fn retire(Extension(house): Shared, headers: HeaderMap, Form(f): Form<AccountFields>) -> Response {
    said(house, headers, &f.account, Word::Retire, "say-toast-account-retired").await
}

pub async fn used(Extension(house): Shared, headers: HeaderMap, Form(f): Form<AccountFields>) -> Response {
    said(house, headers, &f.account, Word::Use, "say-toast-account-used").await
}

async fn said(house: Arc<House>, headers: HeaderMap, account: &str, word: Word, key: &str) -> Response {
    answer(house, headers, PAGE, async |house, show| {
        let account = say_of_account(house, account, word).await?;
        Ok(done(show, key, &[("account", account.account)]))
    })
    .await
}
