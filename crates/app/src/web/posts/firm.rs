//! Forms about the whole firm: company, rules, channels, safe mode, bank accounts.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use dunlin_core::letter::BankDetails;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Difficulty, LatinNames};
use serde::Deserialize;

use super::{Done, Shared, answer, answer_from, done, said};
use crate::building::Building;
use crate::house::House;
use crate::use_cases::bank_accounts::{confirm_account, propose_account, withdraw_account};
use crate::use_cases::change_settings::{
    ChannelForm, CompanyForm, Rules, change_channels, change_company, change_rules, enter_safe_mode, go_live,
    note_first_run, send_test_mail, set_review_all,
};
use crate::use_cases::first_run::STEPS;
use crate::use_cases::run_decisions::{RunOptions, run_decisions};
use crate::web::again::Again;

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
    /// The step of the first run that the form stands on; empty: it stands in the settings.
    step: String,
    /// For letters that are not in Chinese.
    latin_company: Option<String>,
    latin_address: Option<String>,
    latin_name: Option<String>,
}

/// Where a form leads that stands on a step of the first run and in the settings, and where it comes back to when it
/// is refused.
fn ways(step: &str, usual: &str) -> (String, String) {
    match STEPS.iter().position(|known| *known == step) {
        Some(place) => {
            let on = STEPS.get(place + 1).map_or_else(|| "/today".to_string(), |next| format!("/welcome?step={next}"));
            (on, format!("/welcome?step={step}"))
        }
        None => (usual.to_string(), usual.to_string()),
    }
}

/// Saving a step of the first run puts it behind.
async fn put_behind(house: &House, step: &str) -> anyhow::Result<()> {
    if STEPS.contains(&step) { note_first_run(house, step).await } else { Ok(()) }
}

pub async fn company(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Company>) -> Response {
    let (next, back) = ways(&f.step, "/settings/company");
    answer_from(house, headers, (next.as_str(), back.as_str()), async |house, show| {
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
        put_behind(house, &f.step).await?;
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
    /// As in [`Company`].
    step: String,
    /// The test keeps what stands in the fields before it sends: what is tried is what was typed.
    save: String,
}

impl Channels {
    async fn keep(self, house: &House) -> anyhow::Result<()> {
        let form = ChannelForm {
            server: self.server,
            user: self.user,
            password: self.password,
            security: self.security,
            folder: self.folder,
        };
        change_channels(house, &form).await
    }
}

pub async fn channels(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Channels>) -> Response {
    let (next, back) = ways(&f.step, "/settings/channels");
    answer_from(house, headers, (next.as_str(), back.as_str()), async |house, show| {
        let step = f.step.clone();
        f.keep(house).await?;
        put_behind(house, &step).await?;
        Ok(said(show, "toast-saved"))
    })
    .await
}

/// What became of the test is said on the page that comes next: it may be long.
pub async fn test_channel(
    State(building): State<Arc<Building>>,
    Extension(house): Shared,
    headers: HeaderMap,
    Form(f): Form<Channels>,
) -> Response {
    tested(&building, house, headers, "/settings/channels", f).await
}

/// The same in the middle of the first run.
pub async fn welcome_test(
    State(building): State<Arc<Building>>,
    Extension(house): Shared,
    headers: HeaderMap,
    Form(f): Form<Channels>,
) -> Response {
    tested(&building, house, headers, "/welcome?step=mail", f).await
}

async fn tested(building: &Building, house: Arc<House>, headers: HeaderMap, place: &str, f: Channels) -> Response {
    answer(house, headers, place, async |house, _| {
        if f.save == "yes" {
            f.keep(house).await?;
        }
        // With the way out as it is now.
        let fresh = building.house(house.tenant.id).await?.acting(house.actor.clone());
        let test = send_test_mail(&fresh).await?;
        Ok(Done::told(String::new()).showing(Again::Tested(test)))
    })
    .await
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
    /// As in [`Company`].
    step: String,
}

pub async fn live(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Typed>) -> Response {
    let (next, back) = ways(&f.step, "/settings/safe-mode");
    answer_from(house, headers, (next.as_str(), back.as_str()), async |house, show| {
        go_live(house, &f.typed).await?;
        put_behind(house, &f.step).await?;
        // Letters that go into a folder reach nobody by themselves.
        Ok(said(show, if house.email.name() == "folder" { "toast-live-folder" } else { "toast-live" }))
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
        Ok(Done::told(text))
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
    /// As in [`Company`].
    step: String,
    review_all: String,
}

/// Whether somebody looks at every letter before it leaves.
pub async fn look_at_all(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Look>) -> Response {
    let (next, back) = ways(&f.step, "/settings/safe-mode");
    answer_from(house, headers, (next.as_str(), back.as_str()), async |house, show| {
        set_review_all(house, f.review_all == "yes").await?;
        put_behind(house, &f.step).await?;
        Ok(said(show, "toast-saved"))
    })
    .await
}
