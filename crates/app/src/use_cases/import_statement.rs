//! Bank statement in: new lines become payments, payments find their place, letters about paid money are cancelled —
//! all in one commit. The same file twice changes nothing.

use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use dunlin_bank_formats::{Entry, Format, Parsed, Statement, parse};
use dunlin_core::coverage::AccountCoverage;
use dunlin_core::money::{Money, currency};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{FileLines, ImportRun, LogEntry, NewBankEntry, NewStatement};

use super::match_payments::{MatchAccount, match_within};
use super::statement_accounts::{MissingDays, account_name, days_of, missing_days};
use crate::house::House;

/// The account of a statement import.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct StatementReport {
    pub file: String,
    pub format: String,
    pub statements: usize,
    pub entries: usize,
    pub known_before: usize,
    pub payments: usize,
    pub problems: Vec<StatementProblem>,
    /// Days of these accounts of which nothing was read although later ones were: until their statement is in, the books
    /// end before them.
    pub missing: Vec<MissingDays>,
    #[serde(rename = "matching")]
    pub matched: MatchAccount,
}

/// What could not be understood, and where.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatementProblem {
    pub at: String,
    pub what: String,
    pub kept: String,
}

/// Reads and imports one file.
pub async fn import_statement(
    house: &House,
    file_name: &str,
    bytes: &[u8],
    format: Format,
) -> anyhow::Result<StatementReport> {
    let parsed: Parsed = parse(bytes, format);
    let mut report = StatementReport {
        file: file_name.to_string(),
        format: parsed.format.to_string(),
        statements: parsed.statements.len(),
        ..StatementReport::default()
    };
    for problem in &parsed.problems {
        report.problems.push(StatementProblem {
            at: problem.at.clone(),
            what: problem.what.clone(),
            kept: problem.kept.clone(),
        });
    }
    if parsed.statements.is_empty() {
        let first = report.problems.first().map_or_else(String::new, |p| format!(" ({}: {})", p.at, p.what));
        return Err(Refusal::new(RefusalCode::NoStatement).with("file", file_name).with("first", first).into());
    }
    let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let logged_file = sha256.clone();
    let mut commit = house.begin().await?;
    commit.keep_blob(&sha256, file_name, bytes).await?;
    let mut accounts = commit.bank_coverage().await?;
    let mut told = Vec::new();
    let (mut lines, mut has_new) = (FileLines::default(), false);
    for statement in &parsed.statements {
        let mut entries = Vec::with_capacity(statement.entries.len());
        // What the bank only announces is not money yet.
        for (index, entry) in statement.entries.iter().enumerate().filter(|(_, entry)| !entry.pending) {
            match entry_of(entry) {
                Ok(entry) => entries.push(entry),
                Err(what) => report.problems.push(StatementProblem {
                    at: format!("statement {}, entry {}", statement.number.as_deref().unwrap_or("?"), index + 1),
                    what,
                    kept: format!("{} {} {}", entry.amount, entry.currency, entry.purpose),
                }),
            }
        }
        let added = commit.add_statement(&statement_of(statement), &entries, &sha256, &mut lines).await?;
        report.entries += entries.len();
        report.known_before += added.known;
        report.payments += added.payments.len();
        has_new |= added.is_new;
        // A statement dated ahead of today must not make the books look fresher than they are.
        if let Some(days) = days_of(statement, house.today()) {
            let name = account_name(statement);
            let at = accounts.iter().position(|known| known.account == name).unwrap_or_else(|| {
                let unread = AccountCoverage { account: name.clone(), spans: Vec::new(), is_retired: false };
                accounts.push(unread);
                accounts.len() - 1
            });
            accounts[at].read(days);
            told.push(name);
        }
    }
    accounts.retain(|account| told.contains(&account.account));
    commit.keep_bank_coverage(&accounts).await?;
    report.missing = accounts.iter().flat_map(missing_days).collect();
    report.matched = match_within(house, &mut commit).await?;
    if report.known_before < report.entries || (has_new && !report.problems.is_empty()) {
        let json = serde_json::to_string(&report)?;
        let run = ImportRun { file_name: file_name.to_string(), sha256, kind: "statement".to_string(), report: json };
        commit.record_import(&run).await?;
    }
    let entry = LogEntry::new("statement.imported", "file", &*logged_file).fact("entries", report.entries);
    commit.log(entry.fact("payments", report.payments).fact("known_before", report.known_before));
    commit.finish().await?;
    Ok(report)
}

fn statement_of(statement: &Statement) -> NewStatement {
    let balance = |balance: &Option<dunlin_bank_formats::Balance>| {
        balance.as_ref().map(|balance| (balance.date, balance.amount.to_string()))
    };
    NewStatement {
        account: statement.account.clone(),
        currency: statement.currency.clone(),
        number: statement.number.clone(),
        opening: balance(&statement.opening),
        closing: balance(&statement.closing),
    }
}

fn entry_of(entry: &Entry) -> Result<NewBankEntry, String> {
    let currency = currency(&entry.currency).map_err(|e| e.to_string())?;
    Ok(NewBankEntry {
        booked_on: entry.booking_date,
        value_on: entry.value_date,
        amount: Money::from_decimal(entry.amount, currency).map_err(|e| e.to_string())?,
        reference: entry.reference.clone(),
        bank_reference: entry.bank_reference.clone(),
        end_to_end_id: entry.end_to_end_id.clone(),
        counterparty_name: entry.counterparty_name.clone(),
        counterparty_account: entry.counterparty_account.clone(),
        purpose: entry.purpose.clone(),
    })
}
