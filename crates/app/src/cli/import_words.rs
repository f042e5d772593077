//! What `dunlin import` says of a file: how it was read, what changed, what was not taken over and where it stands.

use std::collections::HashMap;

use dunlin_core::case::Entry;
use dunlin_core::explain::coded;
use dunlin_core::locale;
use dunlin_core::risk::RiskCode;

use super::say::Say;
use crate::import::{
    Awaiting, Correction, Followed, FollowedCase, ImportReport, LeftOut, Problem, ReadPart, ReadRow, TableMapping,
    corrected_field, corrected_value,
};
use crate::titles::Titles;

/// Cases that another playbook fits better now, one to a line.
pub fn followed_in_words(followed: &Followed, say: &Say, titles: &Titles) -> String {
    let told = |key: &str, case: &FollowedCase| {
        let days: Vec<String> = case.because.iter().map(|day| coded(say.language, "key-date", day)).collect();
        let values = [
            ("receivable", case.receivable.clone()),
            ("from", titles.playbook(&case.from)),
            ("to", titles.playbook(&case.to)),
            ("days", days.join(", ")),
        ];
        say.text(key, &values)
    };
    let moved = followed.moved.iter().map(|case| match case.because.as_slice() {
        [] => told("cli-import-moved-back", case),
        _ => told("cli-import-moved", case),
    });
    let waiting = followed.waiting.iter().map(|case| told("cli-import-stays", case));
    moved.chain(waiting).map(|line| format!("  {line}\n")).collect()
}

/// The report of a file, for a person.
pub fn in_words(report: &ImportReport, say: &Say) -> String {
    let counts = &report.counts;
    let values = [
        ("file", report.file.clone()),
        ("rows", say.count("cli-n-rows", counts.rows)),
        ("added", counts.added.to_string()),
        ("corrected", counts.corrected.to_string()),
        ("unchanged", counts.unchanged.to_string()),
        ("out", counts.left_out.to_string()),
    ];
    let head = say.text("cli-import", &values);
    let mut lines = Vec::new();
    for table in &report.mapping {
        lines.extend(columns(table, say));
    }
    if report.dry_run && !report.first_rows.is_empty() {
        lines.push(say.text("cli-import-read-as", &[]));
        lines.extend(report.first_rows.iter().map(|row| format!("  {}", first_row(row, say))));
    }
    lines.extend(report.corrections.iter().map(|correction| corrected(correction, say)));
    lines.extend(report.awaiting.iter().map(|waiting| awaiting(waiting, say)));
    if report.old_debts > 0 {
        let by_age = report.entry == Entry::Contextual.code();
        let key = if by_age { "cli-import-old-by-age" } else { "cli-import-old" };
        lines.push(say.count(key, report.old_debts));
    }
    for risk in &report.risks {
        let name = RiskCode::from_code(risk.code).map(|code| code.name(say.language)).unwrap_or_default();
        lines.push(say.count_with("cli-import-risk", risk.orders, &[("risk", name)]));
    }
    if report.orders_told > 0 {
        lines.push(say.count("cli-import-told", report.orders_told));
    }
    if report.older_orders > 0 {
        lines.push(say.count("cli-import-older", report.older_orders));
    }
    for sum in &report.payouts {
        let [paid, fees, back] = sum.money.map(|money| say.money(money));
        lines.push(say.text("cli-import-payouts", &[("paid", paid), ("fees", fees), ("back", back)]));
    }
    for vanished in &report.vanished {
        lines.push(say.text("cli-import-vanished", &[("order", vanished.order.clone())]));
    }
    lines.extend(problems(report, say));
    let head = if report.dry_run { say.text("cli-import-dry", &[("line", head)]) } else { head };
    let lines: String = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!("{head}\n{lines}")
}

/// Which column was read as what, in the words of the reader.
fn columns(table: &TableMapping, say: &Say) -> Vec<String> {
    let field = |code: &str| coded(say.language, "import-field", code);
    let read = table.columns.iter();
    let read: Vec<String> =
        read.map(|column| format!("{} {} → {}", column.column, column.header, field(column.field.code()))).collect();
    let values = [("sheet", table.sheet.clone()), ("row", table.header_row.to_string()), ("columns", read.join(" · "))];
    let mut lines = vec![say.text("cli-import-columns", &values)];
    if !table.unmapped.is_empty() {
        let spare: Vec<String> = table.unmapped.iter().map(|c| format!("{} {}", c.column, c.header)).collect();
        lines.push(say.text("cli-import-not-read", &[("columns", spare.join(" · "))]));
    }
    lines
}

/// "row 4: HO-2601, 3 August 2026: deposit USD 3,750.00, due 5 August 2026 · balance …".
fn first_row(row: &ReadRow, say: &Say) -> String {
    let day = |day| locale::date(day, say.language.letters());
    let part = |part: &ReadPart| {
        let milestone = coded(say.language, "milestone", part.milestone.code());
        let amount = say.money(part.amount);
        match part.due_on {
            Some(on) => {
                say.text("cli-import-part-due", &[("milestone", milestone), ("amount", amount), ("day", day(on))])
            }
            None => {
                let trigger = coded(say.language, "trigger", part.trigger.code());
                let values = [("milestone", milestone), ("amount", amount), ("trigger", trigger)];
                say.text("cli-import-part-waits", &values)
            }
        }
    };
    let mut values = vec![row.order.clone()];
    values.extend(row.ordered_on.map(day));
    values.extend(row.parts.iter().map(part));
    say.text("cli-import-read-row", &[("row", row.row.to_string()), ("values", values.join(" · "))])
}

fn corrected(correction: &Correction, say: &Say) -> String {
    let shown = |value: &str| corrected_value(&correction.field, value, say.language);
    let key = match (correction.before.is_empty(), correction.after.is_empty()) {
        (true, _) => "cli-import-correction-new",
        (false, true) => "cli-import-correction-gone",
        (false, false) => "cli-import-correction",
    };
    let values = [
        ("row", correction.row.to_string()),
        ("what", correction.about.told(say.language)),
        ("field", corrected_field(&correction.field, say.language)),
        ("before", shown(&correction.before)),
        ("after", shown(&correction.after)),
    ];
    say.text(key, &values)
}

fn awaiting(waiting: &Awaiting, say: &Say) -> String {
    let code = waiting.field.code();
    let field = coded(say.language, "import-field", code);
    let line = say.count_with("cli-import-awaiting", waiting.amounts, &[("field", field)]);
    match waiting.has_column {
        true => line,
        false => say.text("cli-import-no-column", &[("line", line), ("code", code.to_string())]),
    }
}

/// Row by row what did not go in, and whether the row did.
fn problems(report: &ImportReport, say: &Say) -> Vec<String> {
    let several = report.mapping.len() > 1;
    let mut alike: Vec<Alike<'_>> = Vec::new();
    let mut places: HashMap<(&str, bool, Vec<String>), usize> = HashMap::new();
    for of_row in report.problems.chunk_by(|a, b| (&a.sheet, a.row) == (&b.sheet, b.row)) {
        let is_out = of_row.iter().any(|problem| problem.left_out == LeftOut::Row);
        let cells: Vec<String> = of_row.iter().map(|problem| format!("  {}", cell(problem, say))).collect();
        let (sheet, row) = (of_row[0].sheet.as_str(), of_row[0].row);
        let at = *places.entry((sheet, is_out, cells.clone())).or_insert(alike.len());
        match alike.get_mut(at) {
            Some(known) => known.rows.push(row),
            None => alike.push(Alike { sheet, is_out, rows: vec![row], cells }),
        }
    }
    let mut lines = Vec::new();
    for Alike { sheet, is_out, rows, cells } in alike {
        let heads = match rows.len() {
            0..=EACH_BY_ITSELF => rows.iter().map(|row| head(&[*row], is_out, say)).collect(),
            _ => vec![head(&rows, is_out, say)],
        };
        for line in heads {
            lines.push(match several {
                true => say.text("cli-import-row-of-sheet", &[("sheet", sheet.to_string()), ("line", line)]),
                false => line,
            });
            lines.extend(cells.iter().cloned());
        }
    }
    lines
}

/// Rows of a sheet of which the same is to be said.
struct Alike<'r> {
    sheet: &'r str,
    is_out: bool,
    rows: Vec<u32>,
    cells: Vec<String>,
}

/// More rows than this with the same fault are told of once: a file without currencies is one fault and not thousands.
const EACH_BY_ITSELF: usize = 3;

/// So many of them are named.
const NAMED: usize = 5;

fn head(rows: &[u32], is_out: bool, say: &Say) -> String {
    if let [row] = rows {
        let key = if is_out { "cli-import-row-out" } else { "cli-import-row-in" };
        return say.text(key, &[("row", row.to_string())]);
    }
    let mut named: Vec<String> = rows.iter().take(NAMED).map(u32::to_string).collect();
    if rows.len() > NAMED {
        named.push("…".to_string());
    }
    let key = if is_out { "cli-import-rows-out" } else { "cli-import-rows-in" };
    say.count_with(key, rows.len(), &[("rows", named.join(", "))])
}

/// The cell, what it says, why that does not do, and what to do.
fn cell(problem: &Problem, say: &Say) -> String {
    let why = problem.said.0.told(say.language);
    // Most reasons name what they read.
    let read = Some(problem.read.clone()).filter(|read| !read.is_empty() && !why.contains(read.as_str()));
    let field = problem.field.map(|field| coded(say.language, "import-field", field.code()));
    let place = match (problem.column.as_str(), problem.header.as_str()) {
        ("", "") => field.unwrap_or_default(),
        (column, header) => format!("{column} {header}").trim().to_string(),
    };
    let key = match (place.is_empty(), &read) {
        (true, _) => "cli-import-cell-none",
        (false, None) => "cli-import-cell-empty",
        (false, Some(_)) => "cli-import-cell",
    };
    let values = [
        ("cell", place),
        ("read", read.unwrap_or_default()),
        ("why", why),
        ("remedy", problem.said.1.told(say.language)),
    ];
    say.text(key, &values)
}
