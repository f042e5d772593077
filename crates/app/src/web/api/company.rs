//! The firm: what stands under its letters, and the rules of contact.

use axum::http::{HeaderMap, Method};
use axum::{Extension, Json};
use dunlin_core::access::Right;
use dunlin_store::{Difficulty, LatinNames, Settings};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::etag;
use super::problem::{BAD_REQUEST, Problem};
use super::read::Told;
use super::wire::{Line, Remark, Whole};
use crate::house::House;
use crate::use_cases::change_settings::{BOUNDS, CompanyForm, Rules, change_company, change_rules};
use crate::web::answer::{get, patch};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(get_company, patch_company, get_rules, patch_rules))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let may = Who::May(Right::Settings);
    vec![
        Door::page("/api/v1/company", may, || get(get_company)),
        Door::form("/api/v1/company", may, || patch(patch_company)).by(Method::PATCH),
        Door::page("/api/v1/rules", may, || get(get_rules)),
        Door::form("/api/v1/rules", may, || patch(patch_rules)).by(Method::PATCH),
    ]
}

/// What stands under letters.
#[derive(Debug, Serialize, ToSchema)]
pub struct Firm {
    pub company: String,
    pub address: String,
    /// Who signs where nobody looks after the buyer.
    pub name: String,
    pub email: String,
    pub phone: String,
    /// IANA zone in which days are meant.
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    /// Of the pages: `en` or `zh-CN`.
    #[schema(example = "zh-CN")]
    pub page_language: String,
    /// For reports.
    #[schema(example = "USD")]
    pub base_currency: String,
    /// What early letters may mention, by language; empty: nothing.
    pub difficulty: Sentences,
    /// For letters that are not in Chinese.
    pub latin: Latin,
}

/// One sentence in each language of letters about money.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sentences {
    pub en: String,
    pub es: String,
    pub zh: String,
}

/// The firm in Latin letters.
#[derive(Debug, Serialize, ToSchema)]
pub struct Latin {
    pub company: String,
    pub address: String,
    pub name: String,
}

fn firm(settings: &Settings) -> Firm {
    let sender = settings.sender.clone();
    let Difficulty { en, es, zh } = settings.difficulty.clone();
    let LatinNames { company, address, name } = settings.latin.clone();
    Firm {
        company: sender.company,
        address: sender.company_address,
        name: sender.name,
        email: sender.email,
        phone: sender.phone,
        time_zone: settings.time_zone.clone(),
        page_language: settings.ui_language.clone(),
        base_currency: settings.base_currency.clone(),
        difficulty: Sentences { en, es, zh },
        latin: Latin { company, address, name },
    }
}

/// The settings as they are now, not as they were when the request came in.
async fn settings(house: &House) -> Result<Settings, Problem> {
    Ok(house.store.tenant(house.tenant.id).await?.settings)
}

/// The firm: name, address, signer, zone, currency
#[utoipa::path(get, path = "/api/v1/company", tag = "company",
    responses((status = 200, description = "The firm", body = Firm)))]
async fn get_company(Extension(house): Shared) -> Result<Json<Firm>, Problem> {
    Ok(Json(firm(&settings(&house).await?)))
}

/// What is to be another way; a field that is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FirmChange {
    company: Option<Line>,
    /// May have several lines.
    address: Option<Remark>,
    name: Option<Line>,
    email: Option<Line>,
    phone: Option<Line>,
    /// A name of the IANA database.
    time_zone: Option<Line>,
    /// `en` or `zh-CN`.
    page_language: Option<Line>,
    /// ISO 4217.
    base_currency: Option<Line>,
    difficulty: Option<SentencesChange>,
    latin: Option<LatinChange>,
}

/// Sentences that are to be others.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SentencesChange {
    en: Option<Line>,
    es: Option<Line>,
    zh: Option<Line>,
}

/// Latin names that are to be others.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LatinChange {
    company: Option<Line>,
    address: Option<Remark>,
    name: Option<Line>,
}

fn or(told: Option<Line>, known: String) -> String {
    told.map_or(known, |line| line.0)
}

/// Change the firm; waiting letters are written with it
#[utoipa::path(patch, path = "/api/v1/company", tag = "company", request_body = FirmChange,
    responses((status = 200, description = "The firm as it is now", body = Firm)))]
async fn patch_company(
    Extension(house): Shared,
    headers: HeaderMap,
    Told(change): Told<FirmChange>,
) -> Result<Json<Firm>, Problem> {
    let known = firm(&settings(&house).await?);
    etag::expect_unchanged(&headers, &known)?;
    let difficulty = change.difficulty.map(|told| Difficulty {
        en: or(told.en, known.difficulty.en),
        es: or(told.es, known.difficulty.es),
        zh: or(told.zh, known.difficulty.zh),
    });
    let latin = change.latin.map(|told| LatinNames {
        company: or(told.company, known.latin.company),
        address: told.address.map_or(known.latin.address, |address| address.0),
        name: or(told.name, known.latin.name),
    });
    let form = CompanyForm {
        company: or(change.company, known.company),
        address: change.address.map_or(known.address, |address| address.0),
        name: or(change.name, known.name),
        email: or(change.email, known.email),
        phone: or(change.phone, known.phone),
        time_zone: or(change.time_zone, known.time_zone),
        ui_language: or(change.page_language, known.page_language),
        base_currency: or(change.base_currency, known.base_currency),
        difficulty,
        latin,
    };
    change_company(&house, &form).await?;
    Ok(Json(firm(&settings(&house).await?)))
}

/// The rules of contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactRules {
    /// Between two letters that press.
    pub gap_hours: i64,
    /// Letters a week that press, to a consumer.
    pub weekly_ceiling_consumer: i64,
    /// The same, to a company.
    pub weekly_ceiling_company: i64,
    /// So long after a promised day nobody presses.
    pub promise_margin_days: i64,
    /// So far ahead a promise may lie.
    pub promise_cap_days: i64,
    /// So old the last bank statement may be; only for firms that import statements.
    pub statement_max_age_days: i64,
    /// So long an approval holds.
    pub approval_days: i64,
    /// Every letter waits for a person's look.
    pub review_all: bool,
}

fn contact_rules(settings: &Settings) -> ContactRules {
    let rules = Rules::of(settings);
    ContactRules {
        gap_hours: rules.gap_hours,
        weekly_ceiling_consumer: rules.weekly_ceiling_consumer,
        weekly_ceiling_company: rules.weekly_ceiling_company,
        promise_margin_days: rules.promise_margin_days,
        promise_cap_days: rules.promise_cap_days,
        statement_max_age_days: rules.statement_max_age_days,
        approval_days: rules.approval_days,
        review_all: rules.review_all,
    }
}

/// The rules of contact
#[utoipa::path(get, path = "/api/v1/rules", tag = "company",
    responses((status = 200, description = "The rules", body = ContactRules)))]
async fn get_rules(Extension(house): Shared) -> Result<Json<ContactRules>, Problem> {
    Ok(Json(contact_rules(&settings(&house).await?)))
}

/// Rules that are to be others; one that is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RulesChange {
    #[schema(value_type = Option<i64>, minimum = 12, maximum = 720, example = 72)]
    gap_hours: Option<Whole>,
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 7, example = 2)]
    weekly_ceiling_consumer: Option<Whole>,
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 14, example = 3)]
    weekly_ceiling_company: Option<Whole>,
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 30, example = 3)]
    promise_margin_days: Option<Whole>,
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 120, example = 30)]
    promise_cap_days: Option<Whole>,
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 60, example = 3)]
    statement_max_age_days: Option<Whole>,
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 60, example = 7)]
    approval_days: Option<Whole>,
    review_all: Option<bool>,
}

/// Change the rules of contact
#[utoipa::path(patch, path = "/api/v1/rules", tag = "company", request_body = RulesChange,
    responses((status = 200, description = "The rules as they are now", body = ContactRules)))]
async fn patch_rules(
    Extension(house): Shared,
    headers: HeaderMap,
    Told(change): Told<RulesChange>,
) -> Result<Json<ContactRules>, Problem> {
    let settings_now = settings(&house).await?;
    let known = Rules::of(&settings_now);
    let or = |told: Option<Whole>, known: i64| told.map_or(known, |number| number.0);
    let rules = Rules {
        gap_hours: or(change.gap_hours, known.gap_hours),
        weekly_ceiling_consumer: or(change.weekly_ceiling_consumer, known.weekly_ceiling_consumer),
        weekly_ceiling_company: or(change.weekly_ceiling_company, known.weekly_ceiling_company),
        promise_margin_days: or(change.promise_margin_days, known.promise_margin_days),
        promise_cap_days: or(change.promise_cap_days, known.promise_cap_days),
        statement_max_age_days: or(change.statement_max_age_days, known.statement_max_age_days),
        approval_days: or(change.approval_days, known.approval_days),
        review_all: change.review_all.unwrap_or(known.review_all),
    };
    // What no rule can be is refused whoever has seen what.
    for ((name, least, most), value) in BOUNDS.into_iter().zip(rules.values()) {
        if !(least..=most).contains(&value) {
            return Err(Problem::new(BAD_REQUEST, format!("{name}: {least} to {most}")));
        }
    }
    etag::expect_unchanged(&headers, &contact_rules(&settings_now))?;
    change_rules(&house, rules).await?;
    Ok(Json(contact_rules(&settings(&house).await?)))
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn the_document_names_the_bounds_that_hold() {
        let schema = serde_json::to_value(RulesChange::schema()).expect("a schema");
        for (field, least, most) in BOUNDS {
            let told = &schema["properties"][field];
            let number = |name: &str| told[name].as_f64().map(|n| n as i64);
            assert_eq!((number("minimum"), number("maximum")), (Some(least), Some(most)), "{field}: {told}");
        }
    }
}
