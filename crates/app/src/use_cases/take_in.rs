//! A file handed in on a page: kept as it is, shown as it would be read, and taken in as a job that may be left.

use std::collections::BTreeMap;
use std::time::Duration;

use dunlin_bank_formats::{Entry, Format, parse};
use dunlin_core::access::Right;
use dunlin_core::case::Entry as CaseEntry;
use dunlin_core::refusal::{Refusal, RefusalCode, Told};
use dunlin_sheets::value::DateOrder;
use dunlin_store::LogEntry;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::import_statement::import_statement;
use super::set_order_day::follow_days;
use super::standing_facts::clear_desks;
use super::statement_accounts::MissingDays;
use crate::house::{Clock, Forbidden, House};
use crate::import::{Awaiting, Field, ImportOptions, ImportReport, Kind, Mapping, import_into};
use crate::refused;

/// How a file is to be read, as a form says it.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// `orders`, `statement`, …; empty: seen from the file.
    pub kind: String,
    /// Column letter → code of the field; empty for a column that is not read. `None`: as it is guessed.
    pub columns: Option<BTreeMap<String, String>>,
    /// `standard`, `contextual`: how debts come in that are old already; empty: standard.
    pub entry: String,
    /// What comes first in dates such as 03/09/2026: `dmy`, `mdy`, `ymd`; anything else: as each column shows.
    pub date: String,
}

/// What a file is.
#[derive(Debug)]
pub enum Preview {
    Sheet(Box<ImportReport>),
    Statement(StatementPreview),
    /// It could not be understood: why, and the columns it has, so that somebody can say what they are.
    Unclear {
        why: anyhow::Error,
        columns: Vec<(String, String)>,
    },
}

/// A bank statement before it is taken in.
#[derive(Debug, Clone, Default)]
pub struct StatementPreview {
    pub format: String,
    pub accounts: Vec<String>,
    pub entries: usize,
    pub from: Option<String>,
    pub to: Option<String>,
    /// The first entries, as they stand in the file.
    pub lines: Vec<StatementLine>,
    /// Where, and what.
    pub problems: Vec<(String, String)>,
}

/// An entry of a bank statement before it is taken in.
#[derive(Debug, Clone)]
pub struct StatementLine {
    pub day: Date,
    pub amount: Decimal,
    pub currency: String,
    pub name: String,
    pub text: String,
    /// Announced, not booked: no money has arrived.
    pub pending: bool,
}

/// Entries that a look at a bank statement shows.
const LINES: usize = 50;

/// What became of a file, kept with the job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Taken {
    pub rows: usize,
    pub added: usize,
    pub corrected: usize,
    pub unchanged: usize,
    pub left_out: usize,
    pub problems: usize,
    pub payments: usize,
    /// Payments that wait for somebody to say whose they are.
    pub to_place: usize,
    pub letters_cancelled: usize,
    /// Cases that another playbook fits now.
    pub moved: usize,
    /// Marketplace orders of which something new is known beside money.
    pub told: usize,
    /// The file and how it was read, to look again at what was not: its cells are kept nowhere else.
    pub file: String,
    pub kind: String,
    pub columns: Option<BTreeMap<String, String>>,
    /// What came first in its dates, where somebody said it.
    pub date: String,
    /// Amounts without a due date, because a day is missing. Jobs of earlier versions do not say it.
    #[serde(default)]
    pub awaiting: Vec<TakenAwaiting>,
    /// Days of the accounts of a statement that nobody has read.
    pub missing: Vec<MissingDays>,
}

/// Amounts whose clock has not begun, by what begins it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenAwaiting {
    /// Code of the trigger.
    pub trigger: String,
    /// Code of the column that would say the day.
    pub field: String,
    /// False: the file has no such column.
    pub has_column: bool,
    pub amounts: usize,
}

impl From<&Awaiting> for TakenAwaiting {
    fn from(awaiting: &Awaiting) -> Self {
        Self {
            trigger: awaiting.trigger.code().to_string(),
            field: awaiting.field.code().to_string(),
            has_column: awaiting.has_column,
            amounts: awaiting.amounts,
        }
    }
}

/// Bytes that a page takes; more goes in at the command line.
pub const MOST_BYTES: usize = 64 << 20;

/// Keeps the raw file, so that the steps after this one read the same bytes: for a day, unless it is taken in
/// ([`super::drop_previews`]). Returns what names it.
pub async fn keep_upload(house: &House, name: &str, bytes: &[u8]) -> anyhow::Result<String> {
    if bytes.is_empty() {
        return Err(Refusal::new(RefusalCode::FileEmpty).into());
    }
    let sha256: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut commit = house.begin().await?;
    if !commit.refresh_blob(&sha256).await? {
        commit.keep_blob(&sha256, name, bytes).await?;
    }
    commit.log(LogEntry::new("file.uploaded", "file", sha256.as_str()).fact("bytes", bytes.len()));
    commit.finish().await?;
    Ok(sha256)
}

async fn kept(house: &House, sha256: &str) -> anyhow::Result<Vec<u8>> {
    let kept = house.store.blob(house.tenant.id, sha256).await?;
    Ok(kept.ok_or_else(|| Refusal::new(RefusalCode::FileGone))?)
}

fn is_statement(choice: &Choice, bytes: &[u8]) -> bool {
    match choice.kind.as_str() {
        "statement" => true,
        // A workbook is a zip file; no bank format begins like one.
        "" => !bytes.starts_with(b"PK") && !parse(bytes, Format::Auto).statements.is_empty(),
        _ => false,
    }
}

fn may_take(house: &House, statement: bool) -> anyhow::Result<()> {
    let right = if statement { Right::Money } else { Right::Import };
    if house.actor.may(right) { Ok(()) } else { Err(Forbidden::new(right).into()) }
}

/// A look at a file takes the place of whoever writes: it goes no further than this.
pub const ROWS_OF_A_LOOK: usize = 2_000;

fn options(house: &House, choice: &Choice, dry_run: bool) -> anyhow::Result<ImportOptions> {
    let kind = match choice.kind.as_str() {
        "" => None,
        code => Some(code.parse::<Kind>().map_err(anyhow::Error::msg)?),
    };
    let mapping = mapping_of(choice)?;
    let most_rows = dry_run.then_some(ROWS_OF_A_LOOK);
    let entry = CaseEntry::from_code(&choice.entry);
    Ok(ImportOptions { kind, mapping, dry_run, most_rows, entry, sight: Some(house.sight.clone()) })
}

/// What a form says of columns and dates.
fn mapping_of(choice: &Choice) -> anyhow::Result<Option<Mapping>> {
    let columns = choice.columns.as_ref().map(mapping).transpose()?;
    let order = match choice.date.as_str() {
        "dmy" => DateOrder::Dmy,
        "mdy" => DateOrder::Mdy,
        "ymd" => DateOrder::Ymd,
        _ => return Ok(columns),
    };
    let mut mapping = columns.unwrap_or_default();
    mapping.formats.date = Some(order);
    Ok(Some(mapping))
}

/// The columns of a form as the mapping that `--map` would give.
fn mapping(columns: &BTreeMap<String, String>) -> anyhow::Result<Mapping> {
    let mut chosen: BTreeMap<&str, &str> = BTreeMap::new();
    for (letter, field) in columns.iter().filter(|(_, field)| !field.is_empty()) {
        if Field::from_code(field).is_none() || !letter.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(Refusal::new(RefusalCode::ColumnUnknown).with("field", field).with("letter", letter).into());
        }
        if let Some(other) = chosen.insert(field, letter) {
            let refusal = Refusal::new(RefusalCode::ColumnsDoubled).with("one", other).with("other", letter);
            return Err(refusal.with("field", Told::word("import-field", field)).into());
        }
    }
    let mut text = String::from("[columns]\n");
    for field in Field::ALL {
        match chosen.get(field.code()) {
            Some(letter) => text.push_str(&format!("{} = \"{letter}\"\n", field.code())),
            None => text.push_str(&format!("{} = false\n", field.code())),
        }
    }
    Ok(Mapping::parse(&text)?)
}

/// How the file would be read; nothing changes.
pub async fn preview(house: &House, name: &str, sha256: &str, choice: &Choice) -> anyhow::Result<Preview> {
    let bytes = kept(house, sha256).await?;
    if is_statement(choice, &bytes) {
        may_take(house, true)?;
        return Ok(Preview::Statement(statement_preview(&bytes)));
    }
    may_take(house, false)?;
    let made = async {
        let options = options(house, choice, true)?;
        anyhow::Ok(import_into(house, name, &bytes, &options).await?)
    };
    Ok(match made.await {
        Ok(report) => Preview::Sheet(Box::new(report)),
        Err(error) => {
            let columns = crate::import::columns_of(&bytes, name);
            Preview::Unclear { why: error, columns }
        }
    })
}

fn statement_preview(bytes: &[u8]) -> StatementPreview {
    let parsed = parse(bytes, Format::Auto);
    let days = || parsed.statements.iter().flat_map(|statement| &statement.entries).map(|entry| entry.booking_date);
    StatementPreview {
        format: parsed.format.to_string(),
        accounts: parsed.statements.iter().map(|one| format!("{} {}", one.currency, one.account)).collect(),
        entries: parsed.statements.iter().map(|statement| statement.entries.len()).sum(),
        from: days().min().map(|day| day.to_string()),
        to: days().max().map(|day| day.to_string()),
        lines: parsed.statements.iter().flat_map(|statement| &statement.entries).take(LINES).map(line).collect(),
        problems: parsed.problems.iter().map(|problem| (problem.at.clone(), problem.what.clone())).collect(),
    }
}

fn line(entry: &Entry) -> StatementLine {
    StatementLine {
        day: entry.booking_date,
        amount: entry.amount,
        currency: entry.currency.clone(),
        name: entry.counterparty_name.clone().unwrap_or_default(),
        text: entry.reference.iter().chain([&entry.purpose]).map(String::as_str).collect::<Vec<_>>().join(" "),
        pending: entry.pending,
    }
}

/// Everything of a file that is not read: the whole of it, not its beginning alone.
pub async fn all_problems(
    house: &House,
    name: &str,
    sha256: &str,
    choice: &Choice,
) -> anyhow::Result<Vec<crate::import::Problem>> {
    let bytes = kept(house, sha256).await?;
    if is_statement(choice, &bytes) {
        may_take(house, true)?;
        return Ok(Vec::new());
    }
    may_take(house, false)?;
    let options = ImportOptions { most_rows: None, ..options(house, choice, true)? };
    Ok(import_into(house, name, &bytes, &options).await?.problems)
}

/// Takes the file in as a job; returns the job at once.
pub async fn take_in(house: &House, name: &str, sha256: &str, choice: &Choice) -> anyhow::Result<String> {
    let bytes = kept(house, sha256).await?;
    let statement = is_statement(choice, &bytes);
    may_take(house, statement)?;
    if !statement {
        // A mistake in the form is told now, not in the job.
        options(house, choice, false)?;
    }
    let (store, tenant) = (house.store.clone(), house.tenant.id);
    let job = store.begin_job(tenant, "import", name, house.actor.user_id(), Clock::Wall.now()).await?;
    let language = house.reader_language();
    let (house, name, choice, id) = (house.clone(), name.to_string(), choice.clone(), job.clone());
    let sha256 = sha256.to_string();
    tokio::spawn(async move {
        let mut work = std::pin::pin!(take(&house, (name.as_str(), sha256.as_str()), &bytes, &choice, statement));
        let outcome = loop {
            tokio::select! {
                outcome = &mut work => break outcome,
                () = tokio::time::sleep(Duration::from_secs(5)) => {
                    if let Err(error) = store.job_lives(tenant, &id, (0, 0), Clock::Wall.now()).await {
                        tracing::warn!("the sign of life of a job was lost: {error}");
                    }
                }
            }
        };
        let (state, result) = match outcome {
            Ok(taken) => ("done", serde_json::to_string(&taken).unwrap_or_default()),
            Err(error) => ("failed", refused::sentence(&error, language)),
        };
        if let Err(error) = store.settle_job(tenant, &id, state, &result, Clock::Wall.now()).await {
            tracing::error!("the end of a job was lost: {error}");
        }
    });
    Ok(job)
}

async fn take(
    house: &House,
    (name, sha256): (&str, &str),
    bytes: &[u8],
    choice: &Choice,
    statement: bool,
) -> anyhow::Result<Taken> {
    if statement {
        let report = import_statement(house, name, bytes, Format::Auto).await?;
        return Ok(Taken {
            rows: report.entries,
            added: report.entries - report.known_before,
            unchanged: report.known_before,
            problems: report.problems.len(),
            payments: report.payments,
            letters_cancelled: report.matched.letters_cancelled,
            to_place: report.matched.waiting,
            missing: report.missing,
            file: sha256.to_string(),
            kind: "statement".to_string(),
            ..Taken::default()
        });
    }
    let options = options(house, choice, false)?;
    let report = import_into(house, name, bytes, &options).await?;
    let moved = follow_days(house, &report.days_changed).await?.moved.len();
    let cancelled = report.letters_cancelled + clear_desks(house).await?;
    Ok(Taken {
        rows: report.counts.rows,
        added: report.counts.added,
        corrected: report.counts.corrected,
        unchanged: report.counts.unchanged,
        left_out: report.counts.left_out,
        problems: report.problems.len(),
        letters_cancelled: cancelled,
        moved,
        told: report.orders_told,
        file: sha256.to_string(),
        kind: report.kind.code().to_string(),
        columns: choice.columns.clone(),
        date: choice.date.clone(),
        awaiting: report.awaiting.iter().map(TakenAwaiting::from).collect(),
        ..Taken::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_a_mapping_and_says_what_is_doubled() {
        let form = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(letter, field)| ((*letter).to_string(), (*field).to_string())).collect()
        };
        assert!(mapping(&form(&[("A", "order_number"), ("B", "")])).is_ok());
        let error = mapping(&form(&[("A", "amount"), ("C", "amount")])).expect_err("doubled").to_string();
        assert!(error.contains("columns A and C"), "{error}");
        assert!(mapping(&form(&[("A\"", "amount")])).is_err());
    }
}
