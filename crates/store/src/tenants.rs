//! Tenants and what holds for the whole firm.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use dunlin_core::facts::{ContactRules, StatementAge, TenantFacts};
use dunlin_core::ids::{TenantId, UserId};
use dunlin_core::letter::{BankDetails, Sender};
use dunlin_core::party::Language;
use dunlin_core::supply::SupplyRules;

use crate::bind::binds;
use crate::conn::{Conn, execute, fetch, fetch_number, fetch_one};
use crate::dialect::{flag, micros};
use crate::{Commit, Store, StoreError};

/// A firm that uses this database.
#[derive(Debug, Clone)]
pub struct Tenant {
    pub id: TenantId,
    pub name: String,
    pub settings: Settings,
    pub is_demo: bool,
    pub last_run_at: Option<Timestamp>,
    /// When anything was last changed: a demo stands still at this moment.
    pub changed_at: Timestamp,
}

/// Settings of a firm, kept as JSON; every change leaves the earlier version in `history`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    pub sender: Sender,
    /// IANA zone in which due dates are civil.
    pub time_zone: String,
    /// `en` or `zh-CN`: the language of the pages.
    pub ui_language: String,
    /// For reports only.
    pub base_currency: String,
    pub bank_accounts: Vec<BankAccount>,
    #[serde(default)]
    pub transport: Transport,
    pub promise_margin_days: i32,
    pub promise_cap_days: i32,
    pub gap_hours: i64,
    pub weekly_ceiling_consumer: usize,
    pub weekly_ceiling_company: usize,
    /// Statement age gate: how many days old the last statement may be. Only for firms that import statements.
    pub statement_max_age_days: i32,
    /// Every letter waits for a person's look.
    #[serde(default)]
    pub review_all: bool,
    /// Trying out: letters go to the firm itself and advance nothing (invariant 4).
    #[serde(default)]
    pub safe_mode: bool,
    /// An approval holds for so many days.
    #[serde(default = "approval_days")]
    pub approval_days: i64,
    /// Hours between the confirmation of a bank account and the first letter that names it.
    #[serde(default = "bank_quarantine_hours")]
    pub bank_quarantine_hours: i64,
    /// Steps of the first run that were done or left out.
    #[serde(default)]
    pub first_run: FirstRun,
    #[serde(default)]
    pub difficulty: Difficulty,
    /// When an overdue debt stops new goods.
    #[serde(default)]
    pub supply: SupplyRules,
    #[serde(default)]
    pub latin: LatinNames,
}

/// How the firm writes itself for readers of letters that are not in Chinese; an empty field leaves the main one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LatinNames {
    pub company: String,
    pub address: String,
    /// Who signs.
    pub name: String,
}

/// A true difficulty of the firm's own that its early letters may mention (SCENARIOS A4): one sentence for each language of
/// letters, typed by a person. Empty: nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Difficulty {
    pub en: String,
    pub es: String,
    pub zh: String,
}

impl Difficulty {
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Es => &self.es,
            Language::Zh => &self.zh,
            // Only letters about money mention it, and there are none in Russian.
            Language::Ru => "",
        }
    }
}

const fn approval_days() -> i64 {
    7
}

const fn bank_quarantine_hours() -> i64 {
    24
}

/// Which steps of the first run somebody has been through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstRun {
    pub done: Vec<String>,
}

/// One of our own accounts; it appears in letters only when confirmed by a second person, and only after a while in
/// which a mistake or a fraud can still be noticed (SCENARIOS G9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    pub currency: String,
    pub details: BankDetails,
    pub confirmed: bool,
    /// Empty for accounts that were there before the first letter.
    #[serde(default)]
    pub proposed_by: Option<UserId>,
    #[serde(default)]
    pub proposed_at: Option<Timestamp>,
    #[serde(default)]
    pub confirmed_by: Option<UserId>,
    #[serde(default)]
    pub confirmed_at: Option<Timestamp>,
    /// From when on it stands in letters; before that the account it replaces does.
    #[serde(default)]
    pub usable_from: Option<Timestamp>,
}

impl BankAccount {
    /// An account given before any letter was sent: nobody could have been told of another one.
    pub fn given(currency: &str, details: BankDetails) -> Self {
        Self {
            currency: currency.to_string(),
            details,
            confirmed: true,
            proposed_by: None,
            proposed_at: None,
            confirmed_by: None,
            confirmed_at: None,
            usable_from: None,
        }
    }

    /// Whether letters may name it.
    pub fn is_usable(&self, at: Timestamp) -> bool {
        self.confirmed && self.usable_from.is_none_or(|from| from <= at)
    }
}

/// How letters leave the house.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transport {
    /// SMTP server, `host:port`; empty: letters go to the folder.
    pub smtp: Option<String>,
    pub smtp_user: Option<String>,
    /// The password, sealed under the installation's key.
    #[serde(default)]
    pub smtp_password_sealed: Option<String>,
    /// Name of the environment variable that holds the password, for those who keep it there.
    pub smtp_password_env: Option<String>,
    /// `none`, `starttls` or `tls`.
    pub smtp_security: Option<String>,
    /// Folder for letters when there is no server, and for in-site messages of the demo.
    pub folder: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let rules = ContactRules::default();
        Self {
            sender: Sender {
                company: String::new(),
                company_address: String::new(),
                name: String::new(),
                email: String::new(),
                phone: String::new(),
                signature: String::new(),
            },
            time_zone: "Asia/Shanghai".to_string(),
            ui_language: "zh-CN".to_string(),
            base_currency: "CNY".to_string(),
            bank_accounts: Vec::new(),
            transport: Transport::default(),
            promise_margin_days: 3,
            promise_cap_days: 30,
            gap_hours: rules.gap_hours,
            weekly_ceiling_consumer: rules.weekly_ceiling_consumer,
            weekly_ceiling_company: rules.weekly_ceiling_company,
            statement_max_age_days: 7,
            review_all: false,
            safe_mode: false,
            approval_days: approval_days(),
            bank_quarantine_hours: bank_quarantine_hours(),
            first_run: FirstRun::default(),
            difficulty: Difficulty::default(),
            supply: SupplyRules::default(),
            latin: LatinNames::default(),
        }
    }
}

impl Settings {
    /// The sender as letters in a language name it.
    pub fn sender_in(&self, language: Language) -> Sender {
        let mut sender = self.sender.clone();
        if language == Language::Zh {
            return sender;
        }
        let LatinNames { company, address, name } = &self.latin;
        let places = [(company, &mut sender.company), (address, &mut sender.company_address), (name, &mut sender.name)];
        for (latin, place) in places {
            if !latin.trim().is_empty() {
                place.clone_from(latin);
            }
        }
        sender
    }

    pub fn zone(&self) -> Result<TimeZone, StoreError> {
        TimeZone::get(&self.time_zone).map_err(StoreError::corrupt)
    }

    /// The account for a currency that letters name at an instant: of those that are usable, the newest.
    pub fn bank_for(&self, currency: &str, at: Timestamp) -> Option<BankDetails> {
        let usable = self.bank_accounts.iter().filter(|account| account.currency == currency && account.is_usable(at));
        usable.max_by_key(|account| account.usable_from).map(|account| account.details.clone())
    }

    /// A change of account that letters do not show yet: unconfirmed, or confirmed a short while ago.
    pub fn pending_accounts(&self, at: Timestamp) -> impl Iterator<Item = &BankAccount> {
        self.bank_accounts.iter().filter(move |account| !account.is_usable(at))
    }
}

#[derive(Deserialize)]
struct TenantRow {
    id: i64,
    name: String,
    settings: String,
    #[serde(with = "flag")]
    is_demo: bool,
    #[serde(with = "micros::maybe")]
    last_run_at: Option<Timestamp>,
    #[serde(with = "micros")]
    changed_at: Timestamp,
}

const COLUMNS: &str = "SELECT id, name, settings, is_demo, last_run_at, changed_at FROM tenant";

fn tenant_of(row: TenantRow) -> Result<Tenant, StoreError> {
    let settings = serde_json::from_str(&row.settings).map_err(StoreError::corrupt)?;
    let (is_demo, last_run_at, changed_at) = (row.is_demo, row.last_run_at, row.changed_at);
    Ok(Tenant { id: row.id, name: row.name, settings, is_demo, last_run_at, changed_at })
}

impl Store {
    /// The number of a firm's latest change: pages that are open ask whether they are old.
    pub async fn sequence(&self, tenant_id: TenantId) -> Result<i64, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT sequence FROM tenant WHERE id = $1";
        Ok(fetch_number(&mut conn, sql, binds![tenant_id]).await?.unwrap_or(0))
    }

    pub async fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        let mut conn = self.conn().await?;
        let rows: Vec<TenantRow> = fetch(&mut conn, &format!("{COLUMNS} ORDER BY id"), vec![]).await?;
        rows.into_iter().map(tenant_of).collect()
    }

    pub async fn tenant(&self, id: TenantId) -> Result<Tenant, StoreError> {
        let mut conn = self.conn().await?;
        let row = fetch_one(&mut conn, &format!("{COLUMNS} WHERE id = $1"), binds![id]).await?;
        row.map(tenant_of).transpose()?.ok_or_else(|| StoreError::not_found("tenant", id.to_string()))
    }

    pub async fn create_tenant(
        &self,
        name: &str,
        settings: &Settings,
        is_demo: bool,
        now: Timestamp,
    ) -> Result<TenantId, StoreError> {
        let mut conn = self.conn().await?;
        let json = serde_json::to_string(settings).map_err(StoreError::corrupt)?;
        let sql = "INSERT INTO tenant (id, name, settings, is_demo, recorded_at) \
                   SELECT COALESCE(max(id), 0) + 1, $1, $2, $3, $4 FROM tenant RETURNING id";
        let id = crate::conn::fetch_number(&mut conn, sql, binds![name, json, is_demo, now]).await?;
        id.ok_or_else(|| StoreError::corrupt("the new tenant has no id"))
    }

    /// Makes the firm where there is none; `None`: there is one. Of two who ask at once the second gets `None`.
    pub async fn create_first_tenant(
        &self,
        name: &str,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<Option<TenantId>, StoreError> {
        let mut conn = self.conn().await?;
        let json = serde_json::to_string(settings).map_err(StoreError::corrupt)?;
        // Two statements at the same moment may both see no firm: the id that both give is there once.
        let sql = "INSERT INTO tenant (id, name, settings, is_demo, recorded_at) SELECT 1, $1, $2, 0, $3 \
                   WHERE NOT EXISTS (SELECT 1 FROM tenant) ON CONFLICT (id) DO NOTHING RETURNING id";
        crate::conn::fetch_number(&mut conn, sql, binds![name, json, now]).await
    }

    /// Whether any letter has ever left the house.
    pub async fn has_sent_letters(&self, tenant_id: TenantId) -> Result<bool, StoreError> {
        has_sent_letters(&mut self.conn().await?, tenant_id).await
    }

    /// What decisions need to know of the firm, with the age of its bank statements.
    pub async fn tenant_facts(&self, tenant: &Tenant) -> Result<TenantFacts, StoreError> {
        let mut conn = self.conn().await?;
        tenant_facts(&mut conn, tenant).await
    }
}

/// What the judging of letters goes by, in short: two that are equal mean that nothing of it was changed in between.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PremisesMark {
    settings: String,
    /// Number of the last change that published a playbook.
    published: i64,
    /// Versions of playbooks whose text is kept.
    kept: i64,
    /// The day to which bank statements are known.
    covered_to: String,
}

async fn premises_mark(conn: &mut Conn, tenant_id: TenantId) -> Result<PremisesMark, StoreError> {
    let sql = "SELECT t.settings, CAST(COALESCE((SELECT max(v.seq) FROM playbook_version v WHERE v.tenant_id = t.id), 0) \
               AS BIGINT), (SELECT count(*) FROM playbook_text p WHERE p.tenant_id = t.id), \
               COALESCE((SELECT max(s.covered_to) FROM source_state s WHERE s.tenant_id = t.id AND s.source = 'bank'), '') \
               FROM tenant t WHERE t.id = $1";
    let row: Option<PremisesMark> = fetch_one(conn, sql, binds![tenant_id]).await?;
    row.ok_or_else(|| StoreError::not_found("tenant", tenant_id.to_string()))
}

impl Store {
    /// The mark of what letters are judged by, to compare it with [`Commit::premises_mark`] later.
    pub async fn premises_mark(&self, tenant_id: TenantId) -> Result<PremisesMark, StoreError> {
        let mut conn = self.conn().await?;
        premises_mark(&mut conn, tenant_id).await
    }
}

async fn has_sent_letters(conn: &mut Conn, tenant_id: TenantId) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) FROM letter WHERE tenant_id = $1 AND state IN ('sent', 'sending', 'uncertain')";
    Ok(fetch_number(conn, sql, binds![tenant_id]).await?.unwrap_or(0) > 0)
}

pub(crate) async fn tenant_facts(conn: &mut Conn, tenant: &Tenant) -> Result<TenantFacts, StoreError> {
    let sql = "SELECT covered_to FROM source_state \
               WHERE tenant_id = $1 AND source = 'bank' AND covered_to IS NOT NULL";
    let covered: Option<(String,)> = fetch_one(conn, sql, binds![tenant.id]).await?;
    let sql = "SELECT restored_at FROM tenant WHERE id = $1";
    let restored_at = fetch_number(conn, sql, binds![tenant.id]).await?;
    let covered = covered.map(|(date,)| date.parse::<Date>().map_err(StoreError::corrupt)).transpose()?;
    let settings = &tenant.settings;
    Ok(TenantFacts {
        time_zone: settings.zone()?,
        rules: ContactRules {
            gap_hours: settings.gap_hours,
            weekly_ceiling_consumer: settings.weekly_ceiling_consumer,
            weekly_ceiling_company: settings.weekly_ceiling_company,
        },
        promise_margin_days: settings.promise_margin_days,
        promise_cap_days: settings.promise_cap_days,
        statements: covered
            .map(|covered_to| StatementAge { covered_to, max_age_days: settings.statement_max_age_days }),
        review_all: settings.review_all,
        restored_at: restored_at.map(Timestamp::from_microsecond).transpose().map_err(StoreError::corrupt)?,
    })
}

impl Commit {
    /// As [`Store::tenant_facts`], as this change will leave it.
    pub async fn tenant_facts(&mut self, tenant: &Tenant) -> Result<TenantFacts, StoreError> {
        tenant_facts(&mut self.tx, tenant).await
    }

    /// When the firm was restored from a backup last, under the lock: whoever read something else before decides about
    /// what is gone.
    pub async fn restored_at(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT restored_at FROM tenant WHERE id = $1";
        let at = fetch_number(&mut self.tx, sql, binds![self.tenant_id]).await?;
        at.map(Timestamp::from_microsecond).transpose().map_err(StoreError::corrupt)
    }

    /// As [`Store::premises_mark`], under the lock.
    pub async fn premises_mark(&mut self) -> Result<PremisesMark, StoreError> {
        premises_mark(&mut self.tx, self.tenant_id).await
    }

    /// The settings as they are at this moment, under the lock: what is changed begins from here and not from what a
    /// page showed a while ago.
    pub async fn settings(&mut self) -> Result<Settings, StoreError> {
        let sql = "SELECT settings FROM tenant WHERE id = $1";
        let row: Option<(String,)> = fetch_one(&mut self.tx, sql, binds![self.tenant_id]).await?;
        let (json,) = row.ok_or_else(|| StoreError::not_found("tenant", self.tenant_id.to_string()))?;
        serde_json::from_str(&json).map_err(StoreError::corrupt)
    }

    /// The firm's name as lists of firms show it.
    pub async fn rename_tenant(&mut self, name: &str) -> Result<(), StoreError> {
        self.execute("UPDATE tenant SET name = $2 WHERE id = $1", binds![self.tenant_id, name]).await?;
        Ok(())
    }

    /// Whether any letter has ever left the house.
    pub async fn has_sent_letters(&mut self) -> Result<bool, StoreError> {
        has_sent_letters(&mut self.tx, self.tenant_id).await
    }

    /// Keeps the settings; the earlier version stays in the history.
    pub async fn save_settings(&mut self, settings: &Settings) -> Result<(), StoreError> {
        let now = self.now;
        let tenant_id = self.tenant_id;
        let sql = "INSERT INTO history (tenant_id, noun, row_id, superseded_at, seq, image) \
                   SELECT id, 'settings', 'settings', $2, $3, settings FROM tenant WHERE id = $1";
        execute(&mut self.tx, sql, binds![tenant_id, now, self.seq]).await?;
        let json = serde_json::to_string(settings).map_err(StoreError::corrupt)?;
        self.execute("UPDATE tenant SET settings = $2 WHERE id = $1", binds![tenant_id, json]).await?;
        Ok(())
    }

    /// Marks that a run happened now; the next one may not be earlier.
    pub async fn mark_run(&mut self) -> Result<(), StoreError> {
        let (now, tenant_id) = (self.now, self.tenant_id);
        self.execute("UPDATE tenant SET last_run_at = $2 WHERE id = $1", binds![tenant_id, now]).await?;
        Ok(())
    }
}
