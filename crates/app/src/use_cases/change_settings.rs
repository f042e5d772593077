//! What holds for the whole firm, changed by a person: the earlier settings stay in the history, and the log says
//! which field was what before and after.

use std::path::{Component, Path};

use anyhow::{Context, bail};
use dunlin_core::letter::has_chinese;
use dunlin_core::refusal::{Refusal, RefusalCode, Told};
use dunlin_store::{Commit, Difficulty, LatinNames, LogEntry, Settings, Transport};
use jiff::Timestamp;
use serde_json::Value;

use super::refuse_account::no_account;
use crate::house::{House, mail_purpose, smtp_settings};

/// Changes the settings under the lock, beginning from what they are at this moment. Nothing is written when nothing
/// changed.
pub async fn change_settings<F>(house: &House, verb: &'static str, change: F) -> anyhow::Result<Settings>
where
    F: FnOnce(&mut Settings) -> anyhow::Result<()>,
{
    let mut commit = house.begin().await?;
    let after = change_within(&mut commit, verb, change).await?;
    if let Some(after) = &after {
        if after.sender.company != house.tenant.name {
            commit.rename_tenant(&after.sender.company).await?;
        }
        commit.finish().await?;
    }
    Ok(after.unwrap_or_else(|| house.tenant.settings.clone()))
}

/// The same as part of a larger change; `None`: nothing is different.
pub async fn change_within<F>(commit: &mut Commit, verb: &'static str, change: F) -> anyhow::Result<Option<Settings>>
where
    F: FnOnce(&mut Settings) -> anyhow::Result<()>,
{
    let before = commit.settings().await?;
    let mut after = before.clone();
    change(&mut after)?;
    let (Value::Object(was), Value::Object(is)) = (flat(&before)?, flat(&after)?) else {
        bail!("the settings cannot be compared");
    };
    if was == is {
        return Ok(None);
    }
    let mut entry = LogEntry::new(verb, "settings", "settings");
    for (name, value) in &is {
        let old = was.get(name).unwrap_or(&Value::Null);
        if old != value {
            entry = told(entry, name, old, value);
        }
    }
    commit.save_settings(&after).await?;
    commit.log(entry);
    Ok(Some(after))
}

/// Who signs, and from where, is personal; of a password nothing is told but that it is another one.
fn told(entry: LogEntry, name: &str, before: &Value, after: &Value) -> LogEntry {
    if name.contains("password") {
        return entry.fact(name, "changed");
    }
    if name.starts_with("sender.") || name.starts_with("latin.") || name.starts_with("bank_accounts") {
        return entry.words(name, serde_json::json!({"before": before, "after": after}));
    }
    entry.changed(name, before, after)
}

/// `{"sender": {"name": …}}` → `{"sender.name": …}`.
fn flat(settings: &Settings) -> anyhow::Result<Value> {
    let Value::Object(fields) = serde_json::to_value(settings)? else {
        bail!("the settings are no record");
    };
    let mut all = serde_json::Map::new();
    for (name, value) in fields {
        match value {
            Value::Object(inner) => {
                all.extend(inner.into_iter().map(|(part, value)| (format!("{name}.{part}"), value)));
            }
            value => {
                all.insert(name, value);
            }
        }
    }
    Ok(Value::Object(all))
}

/// The firm and its rules, as a form gives them.
#[derive(Debug, Clone)]
pub struct CompanyForm {
    pub company: String,
    pub address: String,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub time_zone: String,
    pub ui_language: String,
    pub base_currency: String,
    /// `None`: the form does not ask for it, and what there is stays.
    pub difficulty: Option<Difficulty>,
    /// For letters that are not in Chinese; `None`: the form does not ask for it.
    pub latin: Option<LatinNames>,
}

/// Characters that the sentence of a difficulty may have.
pub const MOST_OF_DIFFICULTY: i64 = 200;

/// One line without blanks around it; longer ones are no sentence any more.
fn sentence(text: &str) -> anyhow::Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if i64::try_from(text.chars().count()).unwrap_or(i64::MAX) > MOST_OF_DIFFICULTY {
        return Err(Refusal::new(RefusalCode::DifficultyLong).with("most", MOST_OF_DIFFICULTY).into());
    }
    Ok(text)
}

/// A name for readers who read no Chinese.
pub fn latin_only(text: &str) -> Result<(), Refusal> {
    match has_chinese(text) {
        true => Err(Refusal::new(RefusalCode::LatinOnly).with("text", text)),
        false => Ok(()),
    }
}

/// Without line breaks and other control characters: it goes into the head of a mail.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands in letters to buyers as it was typed.
fn words_in_letters(settings: &Settings) -> [&str; 9] {
    let (sender, latin, difficulty) = (&settings.sender, &settings.latin, &settings.difficulty);
    [
        &sender.company,
        &sender.company_address,
        &sender.name,
        &latin.company,
        &latin.address,
        &latin.name,
        &difficulty.en,
        &difficulty.es,
        &difficulty.zh,
    ]
}

/// An account takes two people, so none comes in by what one of them writes.
fn no_account_came_in(before: &Settings, after: &Settings, now: Timestamp) -> Result<(), Refusal> {
    for (known, typed) in words_in_letters(before).into_iter().zip(words_in_letters(after)) {
        if typed != known {
            no_account(typed, before, now)?;
        }
    }
    if after.sender.phone != before.sender.phone {
        no_account(&format!("Tel +{}", after.sender.phone), before, now)?;
    }
    Ok(())
}

/// An address that letters come from, or answers go to.
pub fn check_sender(email: &str) -> Result<(), Refusal> {
    let email = email.trim();
    if !dunlin_channels::is_address(email) {
        return Err(Refusal::new(RefusalCode::NotAnEmail).with("text", email));
    }
    if !dunlin_channels::is_plain_address(email) {
        return Err(Refusal::new(RefusalCode::EmailNotPlain).with("text", email));
    }
    Ok(())
}

/// Company, signer, zone, language, currency, and what early letters may mention.
pub async fn change_company(house: &House, form: &CompanyForm) -> anyhow::Result<()> {
    let trimmed = |text: &str| text.trim().to_string();
    if form.company.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::FirmNameMissing).into());
    }
    check_sender(&form.email)?;
    jiff::tz::TimeZone::get(form.time_zone.trim())
        .map_err(|_| Refusal::new(RefusalCode::NotATimeZone).with("text", &form.time_zone))?;
    let currency = dunlin_core::money::currency(form.base_currency.trim())?;
    if !matches!(form.ui_language.as_str(), "en" | "zh-CN") {
        return Err(Refusal::new(RefusalCode::PageLanguage).with("code", &form.ui_language).into());
    }
    let difficulty = match &form.difficulty {
        Some(typed) => {
            Some(Difficulty { en: sentence(&typed.en)?, es: sentence(&typed.es)?, zh: sentence(&typed.zh)? })
        }
        None => None,
    };
    let latin = match &form.latin {
        Some(typed) => {
            let LatinNames { company, address, name } = typed;
            for text in [company, address, name] {
                latin_only(text)?;
            }
            Some(LatinNames { company: one_line(company), address: trimmed(address), name: one_line(name) })
        }
        None => None,
    };
    change_settings(house, "settings.company", |settings| {
        let before = settings.clone();
        settings.sender.company = one_line(&form.company);
        settings.sender.company_address = trimmed(&form.address);
        settings.sender.name = one_line(&form.name);
        settings.sender.email = trimmed(&form.email);
        settings.sender.phone = one_line(&form.phone);
        settings.time_zone = trimmed(&form.time_zone);
        settings.ui_language.clone_from(&form.ui_language);
        settings.base_currency = currency.code().to_string();
        if let Some(difficulty) = difficulty {
            settings.difficulty = difficulty;
        }
        if let Some(latin) = latin {
            settings.latin = latin;
        }
        no_account_came_in(&before, settings, house.now())?;
        Ok(())
    })
    .await?;
    Ok(())
}

/// The rules of contact, each with the bounds within which it makes sense.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub gap_hours: i64,
    pub weekly_ceiling_consumer: i64,
    pub weekly_ceiling_company: i64,
    pub promise_margin_days: i64,
    pub promise_cap_days: i64,
    pub statement_max_age_days: i64,
    pub approval_days: i64,
    pub review_all: bool,
}

/// Field, smallest, largest.
pub const BOUNDS: [(&str, i64, i64); 7] = [
    ("gap_hours", 12, 720),
    ("weekly_ceiling_consumer", 1, 7),
    ("weekly_ceiling_company", 1, 14),
    ("promise_margin_days", 0, 30),
    ("promise_cap_days", 1, 120),
    ("statement_max_age_days", 1, 60),
    ("approval_days", 1, 60),
];

impl Rules {
    pub const fn values(&self) -> [i64; 7] {
        [
            self.gap_hours,
            self.weekly_ceiling_consumer,
            self.weekly_ceiling_company,
            self.promise_margin_days,
            self.promise_cap_days,
            self.statement_max_age_days,
            self.approval_days,
        ]
    }

    pub fn of(settings: &Settings) -> Self {
        Self {
            gap_hours: settings.gap_hours,
            weekly_ceiling_consumer: settings.weekly_ceiling_consumer as i64,
            weekly_ceiling_company: settings.weekly_ceiling_company as i64,
            promise_margin_days: i64::from(settings.promise_margin_days),
            promise_cap_days: i64::from(settings.promise_cap_days),
            statement_max_age_days: i64::from(settings.statement_max_age_days),
            approval_days: settings.approval_days,
            review_all: settings.review_all,
        }
    }
}

pub async fn change_rules(house: &House, rules: Rules) -> anyhow::Result<()> {
    for ((name, least, most), value) in BOUNDS.into_iter().zip(rules.values()) {
        if !(least..=most).contains(&value) {
            let refusal = Refusal::new(RefusalCode::RuleRange).with("rule", Told::word("rule", name));
            return Err(refusal.with("least", least).with("most", most).with("value", value).into());
        }
    }
    change_settings(house, "settings.rules", |settings| {
        settings.gap_hours = rules.gap_hours;
        settings.weekly_ceiling_consumer = usize::try_from(rules.weekly_ceiling_consumer)?;
        settings.weekly_ceiling_company = usize::try_from(rules.weekly_ceiling_company)?;
        settings.promise_margin_days = i32::try_from(rules.promise_margin_days)?;
        settings.promise_cap_days = i32::try_from(rules.promise_cap_days)?;
        settings.statement_max_age_days = i32::try_from(rules.statement_max_age_days)?;
        settings.approval_days = rules.approval_days;
        settings.review_all = rules.review_all;
        Ok(())
    })
    .await?;
    Ok(())
}

/// How letters leave, as a form gives it.
#[derive(Debug, Clone, Default)]
pub struct ChannelForm {
    /// `host:port`; empty: the folder.
    pub server: String,
    pub user: String,
    /// Empty: the one that is kept stays.
    pub password: String,
    pub security: String,
    pub folder: String,
}

/// Whoever may change settings is not thereby somebody who may write anywhere on this machine: a folder is named within the
/// data directory, which the firms of one database share. What whoever runs the machine has set stays.
fn check_folder(house: &House, typed: &str) -> Result<(), Refusal> {
    let path = Path::new(typed);
    let within = path.strip_prefix(&house.data_dir).unwrap_or(path);
    let mut parts = within.components();
    let is_named = parts.next().is_some_and(|part| matches!(part, Component::Normal(_)));
    let stays = house.tenant.settings.transport.folder.as_deref() == Some(typed);
    match stays || (is_named && parts.all(|part| matches!(part, Component::Normal(_)))) {
        true => Ok(()),
        false => {
            let place = house.data_dir.display().to_string();
            Err(Refusal::new(RefusalCode::FolderOutside).with("text", typed).with("place", place))
        }
    }
}

/// Changes the way out. The password is sealed before it is kept.
pub async fn change_channels(house: &House, form: &ChannelForm) -> anyhow::Result<()> {
    let kept = |text: &str| Some(text.trim().to_string()).filter(|text| !text.is_empty());
    if let Some(folder) = kept(&form.folder) {
        check_folder(house, &folder)?;
    }
    let key = house.store.key();
    let sealed = match form.password.is_empty() {
        true => None,
        false => Some(key.seal(&mail_purpose(house.tenant.id), form.password.as_bytes())?),
    };
    if let Some(server) = kept(&form.server) {
        // Host, port and security are checked now; whether the password opens anything only the server knows.
        let unlocked = Transport { smtp_security: kept(&form.security), ..Transport::default() };
        smtp_settings(house.tenant.id, &unlocked, &server, key)?;
    }
    change_settings(house, "settings.channels", |settings| {
        let transport = &mut settings.transport;
        let other_place = transport.smtp != kept(&form.server) || transport.smtp_user != kept(&form.user);
        transport.smtp = kept(&form.server);
        transport.smtp_user = kept(&form.user);
        transport.smtp_security = kept(&form.security);
        transport.folder = kept(&form.folder);
        if sealed.is_some() {
            transport.smtp_password_sealed = sealed;
        } else if other_place && transport.smtp_password_sealed.is_some() {
            // A password kept for one server is never shown to another.
            transport.smtp_password_sealed = None;
        }
        Ok(())
    })
    .await?;
    Ok(())
}

/// Whether somebody looks at every letter before it leaves.
pub async fn set_review_all(house: &House, review_all: bool) -> anyhow::Result<()> {
    change_settings(house, "settings.rules", |settings| {
        settings.review_all = review_all;
        Ok(())
    })
    .await?;
    Ok(())
}

/// Trying out begins: nothing leaves to buyers any more.
pub async fn enter_safe_mode(house: &House) -> anyhow::Result<()> {
    change_settings(house, "safe_mode.on", |settings| {
        settings.safe_mode = true;
        Ok(())
    })
    .await?;
    Ok(())
}

/// Letters leave from now on. `typed` is the firm's name, typed by whoever wants it so.
pub async fn go_live(house: &House, typed: &str) -> anyhow::Result<()> {
    let name = &house.tenant.name;
    if typed.trim() != name.trim() {
        return Err(Refusal::new(RefusalCode::TypeFirm).with("name", name).into());
    }
    change_settings(house, "safe_mode.off", |settings| {
        settings.safe_mode = false;
        Ok(())
    })
    .await?;
    Ok(())
}

/// A step of the first run was done or left out.
pub async fn note_first_run(house: &House, step: &str) -> anyhow::Result<()> {
    change_settings(house, "settings.first_run", |settings| {
        if !settings.first_run.done.iter().any(|done| done == step) {
            settings.first_run.done.push(step.to_string());
        }
        Ok(())
    })
    .await?;
    Ok(())
}

/// Sends a mail through the way out that is set, to whoever asks for it; says what happened.
pub async fn send_test_mail(house: &House) -> anyhow::Result<TestMail> {
    let user = house.actor.user_id().context("only somebody who is signed in gets a test mail")?;
    let user = house.store.user(house.tenant.id, user).await?;
    let sender = &house.tenant.settings.sender;
    let id = crate::credentials::new_secret()?;
    let mail = dunlin_channels::mail::Mail {
        message_id: format!("test.{}@{}", &id[..20], house.mail_domain()),
        date: crate::house::Clock::Wall.now(),
        from_name: sender.company.clone(),
        from: if sender.email.is_empty() { user.email.clone() } else { sender.email.clone() },
        reply_to: None,
        in_reply_to: None,
        to_name: user.name.clone(),
        to: user.email.clone(),
        subject: format!("Dunlin: test / 测试 ({})", sender.company),
        body: "This mail shows that letters can be sent.\n这封邮件说明信件可以正常发出。\n".to_string(),
        attachments: Vec::new(),
        channel: "email",
    };
    let what = house.email.send(&mail).await;
    let code = match &what {
        dunlin_channels::Handover::Sent => "sent",
        dunlin_channels::Handover::Busy(_) => "busy",
        dunlin_channels::Handover::Refused(_) => "refused",
        dunlin_channels::Handover::Unknown(_) => "unknown",
    };
    let mut commit = house.begin().await?;
    commit.log(LogEntry::new("channel.tested", "settings", "settings").fact("outcome", code));
    commit.finish().await?;
    let why = match what {
        dunlin_channels::Handover::Sent => String::new(),
        dunlin_channels::Handover::Busy(why)
        | dunlin_channels::Handover::Refused(why)
        | dunlin_channels::Handover::Unknown(why) => why,
    };
    Ok(TestMail { to: user.email, way: house.email.name(), code, why })
}

/// What became of a test mail.
#[derive(Debug, Clone)]
pub struct TestMail {
    pub to: String,
    /// `folder` or `smtp`.
    pub way: &'static str,
    /// `sent`, `busy`, `refused`, `unknown`.
    pub code: &'static str,
    pub why: String,
}
