//! What looking ahead and back found, as a workbook: a sheet of days and a sheet of actions.

use dunlin_core::explain::{UiLanguage, word};
use dunlin_core::lookahead::{Action, Standing};
use dunlin_sheets::writing::{MOST_ROWS, Table, WriteError, Written, write_xlsx};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::add_up_actions::{Looked, Who};
use super::look_back::SentDay;
use crate::titles::Titles;

/// How the reader of the workbook is written for.
pub struct Reader {
    pub language: UiLanguage,
    pub titles: Titles,
    pub zone: TimeZone,
    pub today: Date,
}

/// The workbook. Its sheets have the same names in every language, so that programs find them.
pub fn write_look(
    looked: &Looked,
    against: Option<&Looked>,
    sent: Option<&[SentDay]>,
    reader: &Reader,
) -> Result<Vec<u8>, WriteError> {
    write_xlsx(&[days(looked, against, sent, reader), actions(looked, reader)], reader.today)
}

fn heads(reader: &Reader, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| word(reader.language, &format!("look-col-{name}"))).collect()
}

fn whole(number: usize) -> Written {
    Written::Whole(i64::try_from(number).unwrap_or(i64::MAX))
}

fn days(looked: &Looked, against: Option<&Looked>, sent: Option<&[SentDay]>, reader: &Reader) -> Table {
    let mut headers = heads(reader, &["date", "letters", "approvals", "calls", "tasks"]);
    if sent.is_some() {
        headers.extend(heads(reader, &["sent"]));
    }
    if against.is_some() {
        headers.extend(heads(reader, &["other-letters", "other-approvals", "other-calls", "other-tasks"]));
    }
    let stands = ["waiting-on-us", "waiting-on-buyer", "ladder-done", "in-other-hands", "settled"];
    headers.extend(heads(reader, &stands));
    let row = |(nth, day): (usize, &super::add_up_actions::LookedDay)| {
        let mut cells = vec![Written::Day(day.date)];
        cells.extend([day.letters, day.approvals, day.calls, day.tasks].map(whole));
        if let Some(sent) = sent {
            cells.push(sent.get(nth).map_or(Written::Nothing, |day| whole(day.letters)));
        }
        if let Some(other) = against.and_then(|other| other.days.get(nth)) {
            cells.extend([other.letters, other.approvals, other.calls, other.tasks].map(whole));
        }
        let Standing { waiting_on_us, waiting_on_buyer, ladder_done, in_other_hands, settled } = day.standing;
        cells.extend([waiting_on_us, waiting_on_buyer, ladder_done, in_other_hands, settled].map(whole));
        cells
    };
    let rows = looked.days.iter().enumerate().map(row).collect();
    Table { name: "Days".to_string(), headers, rows }
}

fn actions(looked: &Looked, reader: &Reader) -> Table {
    let names = [
        "date",
        "time",
        "kind",
        "debtor",
        "name",
        "country",
        "receivables",
        "step",
        "level",
        "channel",
        "currency",
        "amount",
    ];
    let all = looked.days.iter().flat_map(|day| day.actions.iter().map(move |(who, action)| (day.date, who, action)));
    let rows = all.take(MOST_ROWS).map(|(date, who, action)| row(date, who, action, reader)).collect();
    Table { name: "Actions".to_string(), headers: heads(reader, &names), rows }
}

fn row(date: Date, who: &Who, action: &Action, reader: &Reader) -> Vec<Written> {
    let said = |family: &str, code: &str| word(reader.language, &format!("{family}-{}", code.replace('_', "-")));
    let text = |text: &str| Written::Text(text.to_string());
    let kind = match action.task {
        Some(task) => said("say-verb", task.code()),
        None => said("look-kind", action.kind.code()),
    };
    let step = action.step.as_deref().map(|step| reader.titles.step(action.playbook.as_deref(), step));
    vec![
        Written::Day(date),
        text(&action.at.to_zoned(reader.zone.clone()).strftime("%H:%M").to_string()),
        Written::Text(kind),
        text(&who.number),
        text(&who.name),
        text(&who.country),
        Written::Text(action.receivables.join(", ")),
        step.map_or(Written::Nothing, Written::Text),
        Written::Whole(i64::from(action.level)),
        action.channel.map_or(Written::Nothing, |channel| Written::Text(said("channel", channel.code()))),
        text(action.pressed.currency.code()),
        Written::Amount(action.pressed.decimal()),
    ]
}
