//! What the pages of the settings show.

use super::figures::When;

/// One entry of the sub-navigation.
#[derive(Debug, Clone, Copy)]
pub struct Tab {
    /// Catalogue key `settings-tab-{code}`.
    pub code: &'static str,
    pub href: &'static str,
    /// Code of the right without which it is not shown; empty: for everybody.
    pub right: &'static str,
}

const fn tab(code: &'static str, href: &'static str, right: &'static str) -> Tab {
    Tab { code, href, right }
}

/// The sub-navigation, in its order.
pub const TABS: [Tab; 11] = [
    tab("me", "/settings/me", ""),
    tab("company", "/settings/company", "settings"),
    tab("people", "/settings/people", "assign"),
    tab("bank", "/settings/bank", "bank_accounts"),
    tab("channels", "/settings/channels", "settings"),
    tab("marketplace", "/settings/marketplace", "settings"),
    tab("safe", "/settings/safe-mode", "settings"),
    tab("suppressions", "/settings/suppressions", "assign"),
    tab("import", "/import", "import"),
    tab("data", "/settings/data", "data"),
    tab("log", "/settings/log", "audit_log"),
];

/// The firm and its rules.
#[derive(Debug, Clone, Default)]
pub struct CompanyPage {
    pub company: String,
    pub address: String,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub time_zone: String,
    pub ui_language: String,
    pub base_currency: String,
    pub difficulty: Vec<DifficultyField>,
    /// For letters that are not in Chinese.
    pub latin_company: String,
    pub latin_address: String,
    pub latin_name: String,
    /// What buyers abroad cannot read or use of it, in sentences.
    pub unclear_abroad: Vec<String>,
    pub rules: Vec<RuleField>,
    pub review_all: bool,
    pub supply: SupplyRuleFields,
}

/// When an overdue debt stops new goods.
#[derive(Debug, Clone, Default)]
pub struct SupplyRuleFields {
    pub is_on: bool,
    pub days: i32,
    pub least_days: i64,
    pub most_days: i64,
    /// A currency and an amount in each line.
    pub least: String,
}

/// What early letters in one language may mention.
#[derive(Debug, Clone, Default)]
pub struct DifficultyField {
    /// Language code; catalogue key `settings-field-difficulty-{code}`.
    pub code: &'static str,
    /// Field name, `difficulty_{code}`.
    pub name: String,
    pub text: String,
}

/// One number of the rules, with its bounds.
#[derive(Debug, Clone, Default)]
pub struct RuleField {
    /// Field name, and catalogue key `settings-rule-{name}`.
    pub name: &'static str,
    pub value: i64,
    pub least: i64,
    pub most: i64,
}

/// Zones that exporters live in, offered while typing; any IANA zone is taken.
pub const ZONES: [&str; 12] = [
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/Istanbul",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
];

/// One's own account.
#[derive(Debug, Clone, Default)]
pub struct MePage {
    pub name: String,
    pub email: String,
    pub role: &'static str,
    /// Empty: as the browser says.
    pub ui_language: String,
    pub signature: String,
    pub reply_to: String,
    pub latin_name: String,
    pub has_factor: bool,
    /// The second factor that is being set up.
    pub trial: Option<Trial>,
    pub sessions: Vec<SessionRow>,
    pub keys: Vec<KeyRow>,
    /// Codes of what a key of one's own could be allowed.
    pub rights: Vec<&'static str>,
    /// Shown once, right after it was made.
    pub new_key: Option<String>,
}

/// A second factor that waits for its first code.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// `data:` address of the picture.
    pub picture: String,
    pub base32: String,
    pub ticket: String,
    pub problem: String,
}

#[derive(Debug, Clone, Default)]
pub struct SessionRow {
    pub id: String,
    pub browser: String,
    pub address: String,
    pub seen: When,
    pub is_this: bool,
}

#[derive(Debug, Clone, Default)]
pub struct KeyRow {
    pub id: String,
    pub name: String,
    pub scopes: Vec<String>,
    pub until: When,
    pub used: Option<When>,
}

/// Who works here.
#[derive(Debug, Clone, Default)]
pub struct PeoplePage {
    pub users: Vec<UserRow>,
    pub covers: Vec<CoverRow>,
    /// Buyers that are nobody's.
    pub nobodys: i64,
    /// Shown once, right after the invitation was made.
    pub link: Option<InviteLink>,
    pub today: String,
}

#[derive(Debug, Clone, Default)]
pub struct UserRow {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: &'static str,
    /// `invited`, `active`, `left`.
    pub state: &'static str,
    pub has_factor: bool,
    pub buyers: i64,
    pub is_me: bool,
}

#[derive(Debug, Clone, Default)]
pub struct CoverRow {
    pub id: String,
    pub absent: String,
    pub deputy: String,
    pub from: When,
    pub until: When,
    pub is_now: bool,
}

#[derive(Debug, Clone, Default)]
pub struct InviteLink {
    pub name: String,
    pub link: String,
    /// The address leads to the machine that the program runs on: nobody else gets there.
    pub is_local: bool,
}

impl PeoplePage {
    /// Those who can be given something to do.
    pub fn present(&self) -> Vec<UserRow> {
        self.users.iter().filter(|user| user.state != "left").cloned().collect()
    }
}

/// The firm's own bank accounts.
#[derive(Debug, Clone, Default)]
pub struct BankPage {
    pub accounts: Vec<AccountRow>,
    /// No letter has left yet: what is entered counts at once.
    pub is_first: bool,
    pub hours: i64,
}

#[derive(Debug, Clone, Default)]
pub struct AccountRow {
    pub currency: String,
    pub holder: String,
    pub bank: String,
    pub account: String,
    pub swift: String,
    /// `used`, `waits`, `resting`.
    pub state: &'static str,
    pub proposed: Option<ByWhom>,
    pub confirmed: Option<ByWhom>,
    pub usable_from: Option<When>,
    pub seal: String,
    /// Whoever looks may confirm it: somebody else proposed it.
    pub can_confirm: bool,
}

#[derive(Debug, Clone, Default)]
pub struct ByWhom {
    pub name: String,
    pub when: When,
}

/// How letters leave.
#[derive(Debug, Clone, Default)]
pub struct ChannelsPage {
    pub server: String,
    pub user: String,
    pub security: String,
    pub folder: String,
    pub usual_folder: String,
    pub has_password: bool,
    pub result: Option<TestResult>,
    /// Where a test would go.
    pub own: String,
}

#[derive(Debug, Clone, Default)]
pub struct TestResult {
    pub to: String,
    pub way: &'static str,
    pub code: &'static str,
    pub why: String,
}

/// Trying out, and going live.
#[derive(Debug, Clone, Default)]
pub struct SafePage {
    pub is_on: bool,
    pub firm: String,
    /// Where rehearsals go.
    pub own: String,
    pub letters: usize,
    pub first_day: usize,
    pub looked_at: usize,
    pub tasks: usize,
    /// Letters leave by a mail server; else they lie in a folder.
    pub has_server: bool,
    pub folder: String,
    pub rehearsals: Vec<RehearsalRow>,
}

#[derive(Debug, Clone, Default)]
pub struct RehearsalRow {
    pub debtor: String,
    pub number: String,
    pub to: String,
    pub subject: String,
    pub body: String,
    pub language: String,
    pub channel: String,
    pub at: When,
    pub send_at: When,
    pub is_sent: bool,
    pub outcome: String,
}

/// Copies, exports, erasing.
#[derive(Debug, Clone, Default)]
pub struct DataPage {
    /// Whether this firm is alone in the database: one is not shown the others' findings.
    pub is_alone: bool,
    /// Where the key of the installation usually lies.
    pub data_folder: String,
    /// 0: nobody asked for them yet.
    pub checks: usize,
    pub findings: Vec<FindingRow>,
    /// Backups that lie on the server, newest first.
    pub backups: Vec<BackupRow>,
    /// Where they lie.
    pub backups_folder: String,
    /// What was looked for.
    pub asked: String,
    pub debtor: Option<DataDebtor>,
}

/// A backup on the server.
#[derive(Debug, Clone, Default)]
pub struct BackupRow {
    pub name: String,
    /// When it was taken, or written where it does not say so.
    pub written: When,
    /// In megabytes, at least one.
    pub megabytes: u64,
    /// Version of the program that wrote it; empty: it does not say.
    pub program: String,
    /// `fits`, or what does not: `key`, `schema`, `unreadable`.
    pub fits: &'static str,
}

/// `GET /settings/data/restore`: what a backup is, before it takes the place of everything.
#[derive(Debug, Clone, Default)]
pub struct RestorePage {
    pub name: String,
    pub taken: When,
    /// Version of the program that wrote it.
    pub program: String,
    pub schema: i64,
    /// What is in it; `None`: it was not read to its end yet, or has changed since.
    pub content: Option<BackupContent>,
    /// The job that reads it at this moment.
    pub job: Option<String>,
    /// Name of this firm, to be typed.
    pub firm: String,
    /// Why it cannot be restored here: `postgres`, `schema`, `key`, `unsigned`, `several`.
    pub not: Option<&'static str>,
    /// The command that restores it into a new database.
    pub command: String,
}

/// What is in a backup.
#[derive(Debug, Clone, Default)]
pub struct BackupContent {
    pub firms: Vec<String>,
    pub rows: u64,
    /// Codes of what is counted (`debtors`, …), with how many.
    pub counts: Vec<(&'static str, u64)>,
}

#[derive(Debug, Clone, Default)]
pub struct FindingRow {
    pub check: &'static str,
    pub count: i64,
    pub example: String,
    /// Code of what to do about it.
    pub remedy: &'static str,
}

#[derive(Debug, Clone, Default)]
pub struct DataDebtor {
    pub number: String,
    pub name: String,
    pub is_consumer: bool,
    pub contacts: Vec<DataContact>,
}

#[derive(Debug, Clone, Default)]
pub struct DataContact {
    pub id: String,
    pub name: String,
    pub role: String,
    pub address: String,
}

/// Who did what.
#[derive(Debug, Clone, Default)]
pub struct LogPage {
    pub lines: Vec<LogRow>,
    pub users: Vec<Choice>,
    pub nouns: Vec<Choice>,
    pub subject: String,
    /// To older lines.
    pub older: Option<String>,
    /// The query of this list, for the export.
    pub query: String,
    pub chain: Chain,
}

/// Whether the log is whole.
#[derive(Debug, Clone, Default)]
pub enum Chain {
    #[default]
    NotAsked,
    Whole,
    /// At a line.
    Broken {
        number: i64,
    },
}

#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub code: String,
    pub name: String,
    pub is_chosen: bool,
}

#[derive(Debug, Clone, Default)]
pub struct LogRow {
    pub number: i64,
    pub at: When,
    /// Name; empty for the program and the command line.
    pub who: String,
    pub via: String,
    pub verb: String,
    pub noun: String,
    pub subject: LogText,
    pub href: Option<String>,
    pub details: Vec<LogDetail>,
    /// Words stood here whose person was erased.
    pub is_erased: bool,
}

#[derive(Debug, Clone, Default)]
pub struct LogDetail {
    pub name: String,
    pub before: Option<LogText>,
    pub after: LogText,
}

/// A value of the log. Hashes and ids are shown by their beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogText {
    pub shown: String,
    /// All of it, when only the beginning is shown.
    pub whole: Option<String>,
}

impl LogText {
    pub fn new(text: String) -> Self {
        let is_hash = text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_id = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        if is_hash || is_id {
            Self { shown: format!("{}…", &text[..8]), whole: Some(text) }
        } else {
            Self { shown: text, whole: None }
        }
    }
}

/// Addresses that may not be used.
#[derive(Debug, Clone, Default)]
pub struct SuppressionsPage {
    pub lines: Vec<SuppressionLine>,
    /// How many still bar something.
    pub running: i64,
    /// Also what is over.
    pub all: bool,
    /// ISO.
    pub today: String,
    pub next: Option<String>,
}

/// An entry of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuppressionLine {
    /// `X-0003`.
    pub number: String,
    pub kind: &'static str,
    /// `None`: whoever had it was erased.
    pub address: Option<String>,
    pub reason: &'static str,
    pub evidence: String,
    /// Empty: a machine, or the command line.
    pub who: String,
    pub added: When,
    pub until: Option<When>,
    pub is_over: bool,
    pub ended_because: String,
}
