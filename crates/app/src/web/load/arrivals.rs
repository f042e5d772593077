//! `GET /import`, `GET /jobs/{job}` and `GET /welcome`: bringing things in, and the first run.

use dunlin_core::access::Right;
use dunlin_core::case::Entry;
use dunlin_core::money::{Money, currency};
use dunlin_core::risk::RiskCode;
use dunlin_store::Job;
use jiff::Timestamp;

use super::money::missing_days;
use super::settings::company;
use super::settings::log::quoted;
use super::show::Show;
use crate::bank_words;
use crate::house::House;
use crate::import::{
    Field, ImportReport, LeftOut, PayoutSum, Problem, RiskCount, Vanished, corrected_field, corrected_value,
};
use crate::use_cases::change_settings::TestMail;
use crate::use_cases::first_run::{STEPS, first_letter, is_done, playbook_uses};
use crate::use_cases::look_at_backup::{KEEP, is_about_data};
use crate::use_cases::see_job::see_job;
use crate::use_cases::seen_abroad::unclear_abroad;
use crate::use_cases::take_in::{Preview, StatementLine, StatementPreview, Taken, TakenAwaiting};
use crate::web::view::arrivals::{
    AwaitingRow, ColumnRow, CorrectionRow, Count, EntryRow, FilePreview, ImportPage, JobPage, JobRow, LetterRow,
    PlaybookRow, ProblemRow, StatementRow, UnreadFile, WelcomePage,
};
use crate::web::view::figures::Amount;

/// Problems and corrections that one page shows.
const SHOWN: usize = 50;
/// Rows that are left out, by their numbers.
const ROWS_NAMED: usize = 100;

/// The page without a file.
pub async fn import(house: &House, show: &Show, next: &str) -> anyhow::Result<ImportPage> {
    let jobs = house.store.jobs(house.tenant.id, 10).await?;
    // Each sees what they started; who sees every buyer sees all of it.
    let mine = |job: &Job| {
        let sees = house.actor.may(Right::SeeEverybody) || job.user_id == house.actor.user_id();
        sees && !is_about_data(&job.kind)
    };
    Ok(ImportPage {
        file: None,
        problem: String::new(),
        next: next.to_string(),
        jobs: jobs.into_iter().filter(mine).map(|job| job_row(show, job)).collect(),
        with_statements: house.actor.may(Right::Money),
    })
}

/// How a file would be read.
pub fn file(show: &Show, name: &str, sha256: &str, preview: Preview) -> FilePreview {
    let mut file = FilePreview {
        name: name.to_string(),
        sha256: sha256.to_string(),
        fields: all_fields(),
        ..FilePreview::default()
    };
    match preview {
        Preview::Sheet(report) => sheet(&mut file, show, *report),
        Preview::Statement(statement) => {
            file.kind = "statement".to_string();
            file.statement = Some(statement_row(show, &statement));
            file.more_problems = statement.problems.len().saturating_sub(SHOWN);
            let row = |(at, what): (String, String)| ProblemRow {
                why: bank_words::problem(&at, &what, "", show.ui()),
                ..ProblemRow::default()
            };
            file.problems = statement.problems.into_iter().take(SHOWN).map(row).collect();
        }
        Preview::Unclear { why, columns } => {
            file.problem = crate::refused::sentence(&why, show.ui());
            let row = |(letter, header)| ColumnRow { letter, header, ..ColumnRow::default() };
            file.columns = columns.into_iter().map(row).collect();
        }
    }
    file
}

fn all_fields() -> Vec<&'static str> {
    Field::ALL.iter().map(|field| field.code()).collect()
}

/// Rows that are left out whole; where several sheets were read, with their sheet.
fn rows_out(report: &ImportReport) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for problem in report.problems.iter().filter(|problem| problem.left_out == LeftOut::Row) {
        let row = match report.mapping.len() {
            0 | 1 => problem.row.to_string(),
            _ => format!("{} {}", problem.sheet, problem.row),
        };
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows
}

fn sheet(file: &mut FilePreview, show: &Show, mut report: ImportReport) {
    file.kind = report.kind.code().to_string();
    file.earlier = report.already_imported.map(|at| show.instant(at));
    file.looked_at_first = report.looked_at_first;
    file.old_debts = report.old_debts;
    file.by_age = report.entry == Entry::Contextual.code();
    let counts = &report.counts;
    file.counts = vec![
        Count { code: "rows", n: counts.rows },
        Count { code: "added", n: counts.added },
        Count { code: "corrected", n: counts.corrected },
        Count { code: "unchanged", n: counts.unchanged },
        Count { code: "left-out", n: counts.left_out },
    ];
    if report.orders_told > 0 {
        file.counts.push(Count { code: "told", n: report.orders_told });
    }
    if !report.sheets_left_out.is_empty() {
        file.sheet = report.mapping.iter().map(|table| table.sheet.as_str()).collect::<Vec<_>>().join(" · ");
        file.other_sheets = report.sheets_left_out.iter().map(|left_out| left_out.sheet.clone()).collect();
    }
    file.older_orders = report.older_orders;
    let sum = |sum: &PayoutSum| sum.money.map(|money| show.amount(money));
    file.payouts = report.payouts.iter().map(sum).collect();
    let named = |risk: &RiskCount| Some((RiskCode::from_code(risk.code)?.name(show.ui()), risk.orders));
    file.risks = report.risks.iter().filter_map(named).collect();
    file.awaiting = report.awaiting.iter().map(|one| awaiting_row(TakenAwaiting::from(one))).collect();
    if let Some(table) = report.mapping.first() {
        let mapped =
            table.columns.iter().map(|column| (&column.column, &column.header, &column.sample, column.field.code()));
        let spare = table.unmapped.iter().chain(&table.doubled);
        let spare = spare.map(|column| (&column.column, &column.header, &column.sample, ""));
        let mut columns: Vec<ColumnRow> = mapped
            .chain(spare)
            .map(|(letter, header, sample, chosen)| ColumnRow {
                letter: letter.clone(),
                header: header.clone(),
                sample: sample.clone(),
                chosen: chosen.to_string(),
            })
            .collect();
        columns.sort_by_key(|column| (column.letter.len(), column.letter.clone()));
        file.columns = columns;
        let used = table.columns.iter().map(|column| column.field.code());
        let mut fields: Vec<&'static str> = used.chain(table.missing.iter().map(|field| field.code())).collect();
        fields.sort_by_key(|code| Field::ALL.iter().position(|field| field.code() == *code));
        file.fields = fields;
    }
    file.vanished_count = report.vanished.len();
    let named = |one: &Vanished| format!("{} {}", one.order, one.debtor).trim().to_string();
    file.vanished = report.vanished.iter().take(SHOWN).map(named).collect();
    let rows = rows_out(&report);
    file.rows_out_count = rows.len();
    let more = rows.len() > ROWS_NAMED;
    let named: Vec<&str> = rows.iter().take(ROWS_NAMED).map(String::as_str).chain(more.then_some("…")).collect();
    file.rows_out = named.join(&*show.words.t("list-between"));
    file.asks_date_order = report.problems.iter().any(|problem| problem.said.1.code() == "mend-date-order");
    file.more_problems = report.problems.len().saturating_sub(SHOWN);
    // What costs a whole row comes first.
    report.problems.sort_by_key(|problem| problem.left_out != LeftOut::Row);
    let problems = report.problems.into_iter().take(SHOWN).map(|problem| ProblemRow {
        place: format!("{}{}", problem.column, problem.row),
        header: problem.header,
        read: problem.read,
        why: problem.said.0.shown(show.ui()),
        remedy: problem.said.1.shown(show.ui()),
        costs_row: problem.left_out == LeftOut::Row,
    });
    file.problems = problems.collect();
    let corrections = report.corrections.into_iter().take(SHOWN).map(|correction| CorrectionRow {
        row: correction.row,
        what: correction.about.shown(show.ui()),
        before: corrected_value(&correction.field, &correction.before, show.ui()),
        after: corrected_value(&correction.field, &correction.after, show.ui()),
        field: corrected_field(&correction.field, show.ui()),
    });
    file.corrections = corrections.collect();
}

fn awaiting_row(one: TakenAwaiting) -> AwaitingRow {
    AwaitingRow { trigger: one.trigger, field: one.field, has_column: one.has_column, n: one.amounts }
}

/// What was not read, one line per cell, for a spreadsheet.
pub fn unread(show: &Show, problems: Vec<Problem>) -> String {
    let head =
        ["import-cell", "import-header", "import-read", "import-why", "import-becomes"].map(|key| show.words.t(key));
    // Without the mark at the beginning Excel takes the text for another encoding.
    let mut out = String::from("\u{feff}");
    out.push_str(&head.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
    for problem in problems {
        let why = [problem.said.0.shown(show.ui()), problem.said.1.shown(show.ui())].join(" ");
        let place = format!("{}{}", problem.column, problem.row);
        let becomes = match problem.left_out {
            LeftOut::Row => "import-row-out",
            LeftOut::Value => "import-cell-out",
        };
        let cells = [place, problem.header, problem.read, why, show.words.t(becomes).into_owned()];
        out.push_str("\r\n");
        out.push_str(&cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
    }
    out.push_str("\r\n");
    out
}

fn entry_row(show: &Show, line: &StatementLine) -> EntryRow {
    let amount = line.amount.abs();
    let money = currency(&line.currency).ok().and_then(|currency| Money::from_decimal(amount, currency).ok());
    EntryRow {
        day: show.date(line.day),
        // A currency that nobody knows is shown as the bank writes it.
        amount: match money {
            Some(money) => show.amount(money),
            None => Amount::new(line.currency.clone(), amount.to_string(), amount.to_string()),
        },
        is_out: line.amount.is_sign_negative(),
        pending: line.pending,
        name: line.name.clone(),
        text: line.text.clone(),
    }
}

fn statement_row(show: &Show, statement: &StatementPreview) -> StatementRow {
    StatementRow {
        format: statement.format.clone(),
        accounts: statement.accounts.clone(),
        entries: statement.entries,
        from: statement.from.clone().unwrap_or_default(),
        to: statement.to.clone().unwrap_or_default(),
        lines: statement.lines.iter().map(|line| entry_row(show, line)).collect(),
    }
}

fn job_row(show: &Show, job: Job) -> JobRow {
    let state = if job.is_lost(Timestamp::now()) { "lost".to_string() } else { job.state };
    JobRow { id: job.id, what: job.what, state, done: job.done, total: job.total, began: show.instant(job.recorded_at) }
}

/// The page of a job.
pub async fn job(house: &House, show: &Show, id: &str, next: &str) -> anyhow::Result<JobPage> {
    let job = see_job(house, id).await?;
    if is_about_data(&job.kind) {
        let problem = if job.state == "failed" { job.result.clone().unwrap_or_default() } else { String::new() };
        let data_job = if job.kind == KEEP { "keep" } else { "look" };
        return Ok(JobPage { data_job, problem, job: job_row(show, job), ..JobPage::default() });
    }
    let result = job.result.clone().unwrap_or_default();
    let mut page = JobPage { job: job_row(show, job), next: next.to_string(), ..JobPage::default() };
    match page.job.state.as_str() {
        "failed" => page.problem = result,
        "done" => {
            let taken: Taken = serde_json::from_str(&result).unwrap_or_default();
            page.counts = vec![
                Count { code: "rows", n: taken.rows },
                Count { code: "added", n: taken.added },
                Count { code: "corrected", n: taken.corrected },
                Count { code: "unchanged", n: taken.unchanged },
                Count { code: "left-out", n: taken.left_out },
                Count { code: "payments", n: taken.payments },
                Count { code: "cancelled", n: taken.letters_cancelled },
                Count { code: "moved", n: taken.moved },
                Count { code: "told", n: taken.told },
            ];
            page.awaiting = taken.awaiting.into_iter().map(awaiting_row).collect();
            page.missing = taken.missing.iter().map(|days| missing_days(show, days)).collect();
            page.counts.retain(|count| count.n > 0 || count.code == "rows");
            page.is_statement = taken.kind == "statement";
            page.is_payouts = taken.kind == "payouts";
            page.to_place = if house.actor.may(Right::Money) { taken.to_place } else { 0 };
            if taken.problems > 0 && !taken.file.is_empty() {
                page.unread = Some(UnreadFile {
                    n: taken.problems,
                    sha256: taken.file,
                    kind: taken.kind,
                    columns: taken.columns.unwrap_or_default().into_iter().collect(),
                    date: taken.date,
                });
            }
        }
        _ => {}
    }
    Ok(page)
}

/// The first run at a step; without one, at the first that is not behind.
pub async fn welcome(house: &House, show: &Show, asked: &str, tested: Option<TestMail>) -> anyhow::Result<WelcomePage> {
    let mut page = WelcomePage::default();
    for step in STEPS {
        page.steps.push((step, is_done(house, step).await?));
    }
    let known = STEPS.into_iter().find(|step| *step == asked);
    let open = page.steps.iter().find(|(_, done)| !done).map_or("letter", |(step, _)| step);
    page.step = known.unwrap_or(open);
    let place = STEPS.iter().position(|step| *step == page.step).unwrap_or(0);
    page.following = STEPS.get(place + 1).copied().unwrap_or("");
    page.is_safe = house.tenant.settings.safe_mode;
    page.looks_at_all = house.tenant.settings.review_all;
    page.own = house.tenant.settings.sender.email.clone();
    page.has_server = house.email.name() != "folder";
    page.folder = house.letters_folder();
    page.firm = house.tenant.name.clone();
    match page.step {
        "company" => page.company = Some(company::company(house, show).await?),
        "mail" => page.channels = Some(company::channels(house, tested).await?),
        "playbooks" => {
            let uses = playbook_uses(house).await?;
            page.open_receivables = uses.iter().map(|one| one.receivables).sum();
            let row = |one: crate::use_cases::first_run::PlaybookUse| PlaybookRow {
                title: match one.id.is_empty() {
                    true => show.words.t("welcome-no-playbook").into_owned(),
                    false => show.titles.playbook(&one.id),
                },
                receivables: one.receivables,
                buyers: one.buyers,
                due_now: one.due_now,
                named: one.examples.len(),
                examples: one.examples.join(" · "),
            };
            page.playbooks = uses.into_iter().map(row).collect();
        }
        "letter" => {
            page.unclear_abroad = unclear_abroad(house).await?.iter().map(|one| one.sentence(show.ui())).collect();
            page.letter = letter(house, show).await?;
        }
        _ => {}
    }
    Ok(page)
}

async fn letter(house: &House, show: &Show) -> anyhow::Result<Option<LetterRow>> {
    let Some(first) = first_letter(house).await? else {
        return Ok(None);
    };
    let written = first.written;
    Ok(Some(LetterRow {
        debtor: first.debtor,
        number: first.number,
        to: if written.to_name.is_empty() { written.to } else { format!("{} <{}>", written.to_name, written.to) },
        subject: written.subject,
        body: written.body,
        language: written.language_used.code().to_string(),
        channel: first.channel,
        send_at: show.instant(first.send_at).text,
        others: first.others,
    }))
}
