//! Forms about the whole firm: company, rules, channels, safe mode, bank accounts.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use dunlin_core::letter::BankDetails;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Difficulty, LatinNames};
use serde::Deserialize;

use super::{Shared, answer, done, said};
use crate::use_cases::bank_accounts::{confirm_account, propose_account, withdraw_account};
use crate::use_cases::change_settings::{
    ChannelForm, CompanyForm, Rules, change_channels, change_company, change_rules, enter_safe_mode, go_live,
    send_test_mail, set_review_all,
};
use crate::use_cases::run_decisions::{RunOptions, run_decisions};
use crate::web::load::settings as load;
use crate::web::pages;
use crate::web::routes::Visit;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Company {
    company: String,
    address: String,
    name: String,
    email: String,
    phone: String,
    time_zone: String,
    ui_language: String,
    base_currency: String,
    /// What early letters may mention; the first run does not ask for it.
    difficulty_en: Option<String>,
    difficulty_es: Option<String>,
    difficulty_zh: Option<String>,
    /// For letters that are not in Chinese.
    latin_company: Option<String>,
    latin_address: Option<String>,
    latin_name: Option<String>,
    /// Where to go afterwards; the first run goes to its next step.
    next: String,
}

/// Where a form of the settings leads, unless it says so itself.
fn next_or<'n>(next: &'n str, usual: &'n str) -> &'n str {
    if next.is_empty() { usual } else { next }
}

pub async fn company(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Company>) -> Response {
    let next = next_or(&f.next, "/settings/company").to_string();
    answer(house, headers, &next, async |house, show| {
        let texts = [f.difficulty_en, f.difficulty_es, f.difficulty_zh];
        let difficulty = texts.iter().any(Option::is_some).then(|| {
            let [en, es, zh] = texts.map(Option::unwrap_or_default);
            Difficulty { en, es, zh }
        });
        let texts = [f.latin_company, f.latin_address, f.latin_name];
        let latin = texts.iter().any(Option::is_some).then(|| {
            let [company, address, name] = texts.map(Option::unwrap_or_default);
            LatinNames { company, address, name }
        });
        let form = CompanyForm {
            company: f.company,
            address: f.address,
            name: f.name,
            email: f.email,
            phone: f.phone,
            time_zone: f.time_zone,
            ui_language: f.ui_language,
            base_currency: f.base_currency,
            difficulty,
            latin,
        };
        change_company(house, &form).await?;
        Ok(said(show, "toast-saved"))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RuleFields {
    gap_hours: String,
    weekly_ceiling_consumer: String,
    weekly_ceiling_company: String,
    promise_margin_days: String,
    promise_cap_days: String,
    statement_max_age_days: String,
    approval_days: String,
    review_all: String,
}

fn whole(text: &str) -> anyhow::Result<i64> {
    text.trim().parse().map_err(|_| Refusal::new(RefusalCode::NotWhole).with("text", text).into())
}

pub async fn rules(Extension(house): Shared, headers: HeaderMap, Form(f): Form<RuleFields>) -> Response {
    answer(house, headers, "/settings/company", async |house, show| {
        let rules = Rules {
            gap_hours: whole(&f.gap_hours)?,
            weekly_ceiling_consumer: whole(&f.weekly_ceiling_consumer)?,
            weekly_ceiling_company: whole(&f.weekly_ceiling_company)?,
            promise_margin_days: whole(&f.promise_margin_days)?,
            promise_cap_days: whole(&f.promise_cap_days)?,
            statement_max_age_days: whole(&f.statement_max_age_days)?,
            approval_days: whole(&f.approval_days)?,
            review_all: f.review_all == "yes",
        };
        change_rules(house, rules).await?;
        Ok(said(show, "toast-saved"))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Channels {
    server: String,
    user: String,
    password: String,
    security: String,
    folder: String,
    next: String,
}

pub async fn channels(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Channels>) -> Response {
    let next = next_or(&f.next, "/settings/channels").to_string();
    answer(house, headers, &next, async |house, show| {
        let form = ChannelForm {
            server: f.server,
            user: f.user,
            password: f.password,
            security: f.security,
            folder: f.folder,
        };
        change_channels(house, &form).await?;
        Ok(said(show, "toast-saved"))
    })
    .await
}

/// What became of the test is said on the page itself: it may be long.
pub async fn test_channel(Extension(house): Shared, headers: HeaderMap) -> Response {
    let visit = Visit::new(house, &headers, "/settings/channels", None).answering();
    let view = async { load::company::channels(&visit.house, Some(send_test_mail(&visit.house).await?)).await };
    let view = view.await;
    visit.answer("settings", pages::settings::channels, view).await
}

pub async fn safe_on(Extension(house): Shared, headers: HeaderMap) -> Response {
    answer(house, headers, "/settings/safe-mode", async |house, show| {
        enter_safe_mode(house).await?;
        Ok(said(show, "toast-safe-on"))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    typed: String,
}

pub async fn live(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Typed>) -> Response {
    answer(house, headers, "/settings/safe-mode", async |house, show| {
        go_live(house, &f.typed).await?;
        Ok(said(show, "toast-live"))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Account {
    currency: String,
    holder: String,
    bank: String,
    account: String,
    swift: String,
    /// What was looked at, for the confirmation.
    seen: String,
}

pub async fn propose(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Account>) -> Response {
    answer(house, headers, "/settings/bank", async |house, show| {
        let details = BankDetails { holder: f.holder, bank: f.bank, account: f.account, swift: f.swift };
        let waits = propose_account(house, &f.currency, details).await?;
        Ok(said(show, if waits { "toast-bank-waits" } else { "toast-bank-given" }))
    })
    .await
}

pub async fn confirm(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(currency): Path<String>,
    Form(f): Form<Account>,
) -> Response {
    answer(house, headers, "/settings/bank", async |house, show| {
        let from = confirm_account(house, &currency, &f.seen).await?;
        let text = show.words.t1("toast-bank-confirmed", "date", show.instant(from).text);
        Ok(super::Done { text, undo: None })
    })
    .await
}

pub async fn withdraw_account_change(
    Extension(house): Shared,
    headers: HeaderMap,
    Path(currency): Path<String>,
) -> Response {
    answer(house, headers, "/settings/bank", async |house, show| {
        withdraw_account(house, &currency).await?;
        Ok(said(show, "toast-bank-withdrawn"))
    })
    .await
}

/// Writes the rehearsals that are due, now instead of with the next round.
pub async fn rehearse_now(Extension(house): Shared, headers: HeaderMap) -> Response {
    answer(house, headers, "/settings/safe-mode", async |house, show| {
        let account = run_decisions(house, RunOptions::default()).await?;
        let written = account.rehearsal.map_or(0, |done| done.sent);
        Ok(done(show, "say-toast-rehearsed", &[("n", written.to_string())]))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    next: String,
    review_all: String,
}

/// Whether somebody looks at every letter before it leaves.
pub async fn look_at_all(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Look>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        set_review_all(house, f.review_all == "yes").await?;
        Ok(said(show, "toast-saved"))
    })
    .await
}
