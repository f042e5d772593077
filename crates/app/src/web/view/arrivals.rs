//! What the import, a job and the first run show.

use super::figures::{Amount, When};
use super::settings::{ChannelsPage, CompanyPage};

impl WelcomePage {
    pub fn is_at(&self, step: &str) -> bool {
        self.step == step
    }
}

/// `GET /import`, and the preview of a file.
#[derive(Debug, Clone, Default)]
pub struct ImportPage {
    /// The file that is looked at; `None`: one is asked for.
    pub file: Option<FilePreview>,
    /// Why the file that was looked at cannot be shown.
    pub problem: String,
    /// Where to go when it is in.
    pub next: String,
    pub jobs: Vec<JobRow>,
    /// Whoever looks may bring bank statements in.
    pub with_statements: bool,
}

#[derive(Debug, Clone, Default)]
pub struct FilePreview {
    pub name: String,
    /// Names the kept file.
    pub sha256: String,
    /// `orders`, `statement`, …; empty: not understood.
    pub kind: String,
    /// Why it could not be understood.
    pub problem: String,
    pub columns: Vec<ColumnRow>,
    /// Codes of the fields that a column can be.
    pub fields: Vec<&'static str>,
    pub counts: Vec<Count>,
    /// Amounts without a due date, because a day is missing.
    pub awaiting: Vec<AwaitingRow>,
    /// Rows that are left out whole, by their numbers, and how many they are.
    pub rows_out: String,
    pub rows_out_count: usize,
    /// Day and month of some dates cannot be told apart.
    pub asks_date_order: bool,
    /// What comes first in dates, where somebody said it: `dmy`, `mdy`, `ymd`.
    pub date_order: String,
    pub problems: Vec<ProblemRow>,
    pub more_problems: usize,
    /// The look went no further than this row.
    pub looked_at_first: Option<usize>,
    pub corrections: Vec<CorrectionRow>,
    /// Orders or articles that earlier files had and this one has not, each in one line, and how many there are.
    pub vanished: Vec<String>,
    pub vanished_count: usize,
    /// Amounts that are new and more than 30 days late; asked about when there are any.
    pub old_debts: usize,
    /// They come in on the step of their age.
    pub by_age: bool,
    /// What orders of the file warn of, and how many do.
    pub risks: Vec<(String, usize)>,
    /// Orders of a marketplace of which more is known than the file says.
    pub older_orders: usize,
    /// What the platform paid out, kept and took back, by currency.
    pub payouts: Vec<[Amount; 3]>,
    pub statement: Option<StatementRow>,
    pub earlier: Option<When>,
    /// Name under which the look is kept.
    pub again: String,
    /// Name of the sheet that was read, where the file has more than one.
    pub sheet: String,
    /// Sheets that were not read.
    pub other_sheets: Vec<String>,
}

impl FilePreview {
    /// Headers of columns that are not read, in one line; empty: all are.
    pub fn unread(&self, between: &str) -> String {
        let unread = self.columns.iter().filter(|column| column.chosen.is_empty() && !column.header.is_empty());
        let headers: Vec<&str> = unread.map(|column| column.header.as_str()).collect();
        headers.join(between)
    }

    /// Whether it can be taken in as it is.
    pub fn is_ready(&self) -> bool {
        self.problem.is_empty() && !self.has_no_rows()
    }

    /// Names of the sheets that were not read, in one line.
    pub fn others(&self, between: &str) -> String {
        self.other_sheets.join(between)
    }

    /// A head without anything below it.
    pub fn has_no_rows(&self) -> bool {
        self.counts.iter().any(|count| count.code == "rows" && count.n == 0)
    }
}

#[derive(Debug, Clone, Default)]
pub struct ColumnRow {
    pub letter: String,
    pub header: String,
    /// What stands in its first row; empty: not known.
    pub sample: String,
    /// Code of the field; empty when it is not read.
    pub chosen: String,
}

/// A number with its catalogue key `import-count-{code}`.
#[derive(Debug, Clone, Default)]
pub struct Count {
    pub code: &'static str,
    pub n: usize,
}

#[derive(Debug, Clone, Default)]
pub struct ProblemRow {
    pub place: String,
    pub header: String,
    pub read: String,
    pub why: String,
    pub remedy: String,
    /// Its whole row is left out, and not the cell alone.
    pub costs_row: bool,
}

#[derive(Debug, Clone, Default)]
pub struct CorrectionRow {
    pub row: u32,
    pub what: String,
    pub field: String,
    pub before: String,
    pub after: String,
}

#[derive(Debug, Clone, Default)]
pub struct StatementRow {
    pub format: String,
    pub accounts: Vec<String>,
    pub entries: usize,
    pub from: String,
    pub to: String,
    /// The first of them.
    pub lines: Vec<EntryRow>,
}

impl StatementRow {
    pub fn more(&self) -> usize {
        self.entries.saturating_sub(self.lines.len())
    }
}

/// An entry of a bank statement.
#[derive(Debug, Clone, Default)]
pub struct EntryRow {
    pub day: When,
    pub amount: Amount,
    /// Money that left.
    pub is_out: bool,
    pub pending: bool,
    pub name: String,
    pub text: String,
}

/// `GET /jobs/{job}`
#[derive(Debug, Clone, Default)]
pub struct JobPage {
    pub job: JobRow,
    /// `keep` or `look`: a backup is made, or read to its end; empty: a file was taken in.
    pub data_job: &'static str,
    pub next: String,
    pub problem: String,
    pub counts: Vec<Count>,
    pub awaiting: Vec<AwaitingRow>,
    /// Days of the accounts of a statement that nobody has read, a sentence each.
    pub missing: Vec<String>,
    /// What was not read can be looked at again.
    pub unread: Option<UnreadFile>,
    pub is_statement: bool,
    /// What a platform paid out was taken in.
    pub is_payouts: bool,
    /// Payments that wait for somebody to say whose they are.
    pub to_place: usize,
}

/// How a file was read, as the form of its preview says it.
#[derive(Debug, Clone, Default)]
pub struct UnreadFile {
    pub n: usize,
    pub sha256: String,
    pub kind: String,
    /// Letter of a column, and code of its field.
    pub columns: Vec<(String, String)>,
    /// What came first in its dates, where somebody said it.
    pub date: String,
}

/// Amounts whose clock has not begun.
#[derive(Debug, Clone, Default)]
pub struct AwaitingRow {
    /// Code of the trigger.
    pub trigger: String,
    /// Code of the column that would say the day.
    pub field: String,
    pub has_column: bool,
    pub n: usize,
}

#[derive(Debug, Clone, Default)]
pub struct JobRow {
    pub id: String,
    pub what: String,
    /// `running`, `done`, `failed`, `lost`.
    pub state: String,
    pub done: i64,
    pub total: i64,
    pub began: When,
}

/// `GET /welcome`
#[derive(Debug, Clone, Default)]
pub struct WelcomePage {
    pub step: &'static str,
    /// Code, and whether it is behind.
    pub steps: Vec<(&'static str, bool)>,
    /// Code of the next step; empty after the last.
    pub following: &'static str,
    pub company: Option<CompanyPage>,
    pub channels: Option<ChannelsPage>,
    pub playbooks: Vec<PlaybookRow>,
    pub open_receivables: usize,
    pub is_safe: bool,
    /// Letters leave by a mail server; else they lie in a folder.
    pub has_server: bool,
    pub folder: String,
    /// Somebody looks at every letter before it leaves.
    pub looks_at_all: bool,
    pub own: String,
    pub firm: String,
    /// What buyers abroad cannot read or use of how the firm signs, in sentences.
    pub unclear_abroad: Vec<String>,
    pub letter: Option<LetterRow>,
}

#[derive(Debug, Clone, Default)]
pub struct PlaybookRow {
    pub title: String,
    pub receivables: usize,
    pub buyers: usize,
    pub due_now: usize,
    pub examples: String,
    /// How many the examples name.
    pub named: usize,
}

impl PlaybookRow {
    pub const fn has_more(&self) -> bool {
        self.buyers > self.named
    }
}

#[derive(Debug, Clone, Default)]
pub struct LetterRow {
    pub debtor: String,
    pub number: String,
    pub to: String,
    pub subject: String,
    pub body: String,
    pub language: String,
    pub channel: &'static str,
    pub send_at: String,
    pub others: usize,
}
