//! `GET /settings/company` and `GET /settings/channels`: what holds for the whole firm.

use dunlin_core::party::Language;

use super::super::show::Show;
use crate::house::House;
use crate::use_cases::change_settings::{BOUNDS, Rules, TestMail};
use crate::use_cases::decide_supply::DAYS;
use crate::use_cases::seen_abroad::unclear_abroad;
use crate::web::view::settings::{ChannelsPage, CompanyPage, DifficultyField, RuleField, SupplyRuleFields, TestResult};

/// The firm and its rules.
pub async fn company(house: &House, show: &Show) -> anyhow::Result<CompanyPage> {
    let settings = &house.tenant.settings;
    let rules = Rules::of(settings);
    let field = |((name, least, most), value)| RuleField { name, value, least, most };
    Ok(CompanyPage {
        company: settings.sender.company.clone(),
        address: settings.sender.company_address.clone(),
        name: settings.sender.name.clone(),
        email: settings.sender.email.clone(),
        phone: settings.sender.phone.clone(),
        time_zone: settings.time_zone.clone(),
        ui_language: settings.ui_language.clone(),
        base_currency: settings.base_currency.clone(),
        difficulty: Language::COMPLETE
            .into_iter()
            .map(|language| DifficultyField {
                code: language.code(),
                name: format!("difficulty_{}", language.code()),
                text: settings.difficulty.of(language).to_string(),
            })
            .collect(),
        latin_company: settings.latin.company.clone(),
        latin_address: settings.latin.address.clone(),
        latin_name: settings.latin.name.clone(),
        unclear_abroad: unclear_abroad(house).await?.iter().map(|one| one.sentence(show.ui())).collect(),
        rules: BOUNDS.into_iter().zip(rules.values()).map(field).collect(),
        review_all: settings.review_all,
        supply: SupplyRuleFields {
            is_on: settings.supply.is_on,
            days: settings.supply.days_overdue,
            least_days: DAYS.0,
            most_days: DAYS.1,
            least: settings.supply.least.iter().map(|least| format!("{least}\n")).collect(),
        },
    })
}

/// The ways out. A password is never part of it.
pub async fn channels(house: &House, tested: Option<TestMail>) -> anyhow::Result<ChannelsPage> {
    let transport = &house.tenant.settings.transport;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let own = match house.actor.user_id() {
        Some(id) => house.store.user(house.tenant.id, id).await?.email,
        None => String::new(),
    };
    Ok(ChannelsPage {
        server: text(&transport.smtp),
        user: text(&transport.smtp_user),
        security: transport.smtp_security.clone().unwrap_or_else(|| "starttls".to_string()),
        folder: text(&transport.folder),
        usual_folder: house.data_dir.join("letters").display().to_string(),
        has_password: transport.smtp_password_sealed.is_some(),
        result: tested.map(|test| TestResult { to: test.to, way: test.way, code: test.code, why: test.why }),
        own,
    })
}
