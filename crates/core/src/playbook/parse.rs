//! Reads playbook files. Every complaint has line, column and remedy, and all of a file come at once; nothing is accepted
//! half. What a sound playbook still does wrongly (steps that never come, letters nobody wrote) finds [`super::check`]:
//! a version that cases began with must be readable for ever, whatever is checked more strictly since.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::condition::Condition;
pub use super::problem::PlaybookProblem;
use super::problem::{Place, ProblemCode, Sheet};
use super::table::{Found, Table};
use super::time_expr::{TimeExpr, length_in_hours};
use super::{AppliesTo, Autonomy, Playbook, Step, Window};
use crate::case::PlaybookRef;
use crate::letter::Purpose;
use crate::order::OrderSource;
use crate::party::{Channel, ContactRole};
use crate::receivable::{Milestone, Trigger};

/// Version of a playbook text: the first 12 hex digits of its SHA-256.
pub fn version_of(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Reads one playbook, or lists everything that is wrong with it.
pub fn parse(file: &str, text: &str) -> Result<Playbook, Vec<PlaybookProblem>> {
    let mut sheet = Sheet::new(file, text);
    match read(&mut sheet, text).playbook {
        Some(playbook) => Ok(playbook),
        None => Err(sheet.problems),
    }
}

/// What a file says, as far as it could be read, with the places that later checks name.
#[derive(Default)]
pub(super) struct Reading {
    /// `None`: something is wrong with it.
    pub(super) playbook: Option<Playbook>,
    pub(super) scenario: Option<Found<String>>,
    pub(super) steps: Vec<StepPlaces>,
}

/// Places of one step.
#[derive(Default)]
pub(super) struct StepPlaces {
    pub(super) id: Place,
    pub(super) until: Option<Place>,
    pub(super) when: Option<Place>,
    /// As far as they could be read, also in a step that is wrong elsewhere.
    pub(super) letter: Option<Found<String>>,
    pub(super) channels: Vec<Channel>,
}

/// More are a slip of a program that writes playbooks; each costs a while to check.
const MOST_STEPS: usize = 60;

/// Codes of a closed list.
macro_rules! codes {
    ($kind:ty) => {
        &<$kind>::ALL.iter().map(|known| known.code()).collect::<Vec<&str>>()
    };
}

pub(super) fn read(sheet: &mut Sheet<'_>, text: &str) -> Reading {
    let (document, broken) = DeTable::parse_recoverable(text);
    for error in &broken {
        let at = error.span().map_or(0, |span| span.start);
        let remedy =
            "correct this line; a line is written as name = \"text\", name = 3, name = true or name = [\"a\", \"b\"]";
        sheet.error(
            ProblemCode::Syntax,
            at,
            format!("this is not TOML: {}", error.message().replace('\n', ": ")),
            remedy,
        );
    }
    if !broken.is_empty() {
        // What follows from a broken line would be told as if it were wrong by itself.
        return Reading::default();
    }
    let top = Table::new("a playbook", 0, document.get_ref());
    top.expect_only(sheet, &["id", "scenario", "gap", "window", "title", "applies", "step"]);
    let id = top.words(sheet, "id", "id = \"b5_open_account\"");
    if let Some(id) = &id
        && !id.value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    {
        sheet.error(
            ProblemCode::WrongValue,
            id.at(),
            format!("‘{}’ cannot be an id", id.value),
            "write it with a–z, 0–9 and _ only",
        );
    }
    let scenario = top.text(sheet, "scenario", "scenario = \"B5\"");
    let gap = top.text_if_any(sheet, "gap", "gap = \"3 days\"");
    let gap_hours = gap.and_then(|gap| match length_in_hours(&gap.value) {
        Ok(hours) => Some(hours),
        Err(fault) => {
            sheet.fault(ProblemCode::Time, &gap.place, fault);
            None
        }
    });
    let window = top.choice_if_any(sheet, "window", codes!(Window), Window::from_code);
    let title = read_title(sheet, &top, "[title]");
    let applies = top.table(sheet, "applies", "[applies]");
    let applies = applies.map_or(Some(AppliesTo::default()), |table| read_applies(sheet, &table));
    let tables = top.tables(sheet, "step", "[[step]]");
    if tables.is_empty() {
        sheet.error(ProblemCode::Missing, 0, "a playbook without a step does nothing", "add at least one [[step]]");
    }
    if let Some(table) = tables.get(MOST_STEPS) {
        let what = format!("a ladder of more than {MOST_STEPS} steps");
        sheet.error(ProblemCode::WrongValue, table.at, what, "no buyer is written to so often: leave steps out");
        return Reading::default();
    }
    let mut places = Vec::with_capacity(tables.len());
    let mut steps: Vec<Step> = Vec::with_capacity(tables.len());
    let mut ladder = Ladder::default();
    for table in &tables {
        let mut known = StepPlaces::default();
        steps.extend(read_step(sheet, table, &mut ladder, &mut known));
        places.push(known);
    }
    let is_sound = !sheet.has_errors();
    let playbook = match (id, title, applies, &scenario) {
        (Some(id), Some((title_en, title_zh)), Some(applies), Some(scenario)) if is_sound => Some(Playbook {
            reference: PlaybookRef { id: id.value.into(), version: version_of(text).into() },
            scenario: scenario.value.clone(),
            title_en,
            title_zh,
            applies,
            gap_hours,
            window: window.map_or(Window::Office, |window| window.value),
            steps,
        }),
        _ => None,
    };
    Reading { playbook, scenario, steps: places }
}

fn read_title(sheet: &mut Sheet<'_>, of: &Table<'_>, name: &'static str) -> Option<(String, String)> {
    let Some(title) = of.table(sheet, "title", name) else {
        // A title of another type was told already.
        if !sheet.problems.iter().any(|problem| problem.what.starts_with("‘title’ is ")) {
            sheet.error(
                ProblemCode::Missing,
                of.at,
                format!("{name} is missing"),
                format!("add {name} with a line en = \"…\" and a line zh = \"…\""),
            );
        }
        return None;
    };
    title.expect_only(sheet, &["en", "zh"]);
    let (en, zh) = (title.words(sheet, "en", "en = \"First reminder\""), title.words(sheet, "zh", "zh = \"首次提醒\""));
    Some((en?.value, zh?.value))
}

fn read_applies(sheet: &mut Sheet<'_>, table: &Table<'_>) -> Option<AppliesTo> {
    table.expect_only(sheet, &["source", "milestones", "triggers"]);
    let source = table.choice_if_any(sheet, "source", &["direct", "marketplace"], OrderSource::from_code);
    let milestones = table.choices(sheet, "milestones", codes!(Milestone), Milestone::from_code);
    let triggers = table.choices(sheet, "triggers", codes!(Trigger), Trigger::from_code);
    Some(AppliesTo { source: source.map(|found| found.value), milestones: milestones?, triggers: triggers? })
}

/// What the steps before have used up.
#[derive(Default)]
struct Ladder {
    level: u8,
    /// The level of the step before could not be read: what follows it is not judged by it.
    unread: bool,
    ids: Vec<String>,
}

const STEP_KEYS: [&str; 13] = [
    "id",
    "title",
    "level",
    "purpose",
    "at",
    "until",
    "when",
    "channels",
    "roles",
    "letter",
    "autonomy",
    "statement",
    "answer_days",
];

fn read_step(sheet: &mut Sheet<'_>, table: &Table<'_>, ladder: &mut Ladder, places: &mut StepPlaces) -> Option<Step> {
    table.expect_only(sheet, &STEP_KEYS);
    let id = table.words(sheet, "id", "id = \"first_reminder\"");
    places.id = id.as_ref().map_or(Place { start: table.at, end: table.at }, |id| id.place.clone());
    if let Some(id) = &id {
        if ladder.ids.contains(&id.value) {
            sheet.error(
                ProblemCode::WrongValue,
                id.at(),
                format!("the step id ‘{}’ is used twice", id.value),
                "give this step another id",
            );
        }
        ladder.ids.push(id.value.clone());
    }
    let title = read_title(sheet, table, "[step.title]");
    let level = read_level(sheet, table, ladder);
    let purpose = table.choice(sheet, "purpose", codes!(Purpose), Purpose::from_code);
    let at = read_times(sheet, table);
    let until = table.text_if_any(sheet, "until", "until = \"due + 20 days\"");
    places.until = until.as_ref().map(|until| until.place.clone());
    let until = until.and_then(|until| read_time(sheet, &until));
    let when = table.text_if_any(sheet, "when", "when = \"days_overdue > 30\"");
    places.when = when.as_ref().map(|when| when.place.clone());
    let when = when.and_then(|when| read_condition(sheet, &when));
    let channels = table.choices(sheet, "channels", codes!(Channel), Channel::from_code);
    let roles = table.choices(sheet, "roles", codes!(ContactRole), ContactRole::from_code);
    if channels.as_ref().is_some_and(Vec::is_empty) {
        sheet.error(
            ProblemCode::Missing,
            table.at,
            "a step needs at least one channel",
            "add a line, for instance channels = [\"email\"]",
        );
    }
    if roles.as_ref().is_some_and(Vec::is_empty) {
        sheet.error(
            ProblemCode::Missing,
            table.at,
            "a step needs at least one role",
            "add a line, for instance roles = [\"finance\", \"buyer\"]",
        );
    }
    let letter = table.words(sheet, "letter", "letter = \"b5_first_reminder\"");
    places.letter.clone_from(&letter);
    places.channels = channels.clone().unwrap_or_default();
    let autonomy = table.choice(sheet, "autonomy", codes!(Autonomy), Autonomy::from_code);
    if let (Some(purpose), Some(autonomy)) = (&purpose, &autonomy)
        && purpose.value == Purpose::Formal
        && !autonomy.value.is_severe()
    {
        sheet.error(
            ProblemCode::Severe,
            autonomy.at(),
            "a formal step is severe, and nobody approves it",
            "write autonomy = \"approval\" or \"two_approvals\"",
        );
    }
    let statement = table.flag(sheet, "statement", "statement = true");
    let answer_days = table.whole(sheet, "answer_days", "answer_days = 5");
    if let Some(days) = answer_days.as_ref().filter(|days| !(0..=90).contains(&days.value)) {
        sheet.error(
            ProblemCode::WrongValue,
            days.at(),
            format!("{} days for an answer make no sense", days.value),
            "write a number from 0 to 90",
        );
    }
    let (title_en, title_zh) = title?;
    Some(Step {
        id: Arc::from(id?.value),
        title_en,
        title_zh,
        level: level?,
        purpose: purpose?.value,
        at: at?,
        until,
        when,
        channels: channels?,
        roles: roles?,
        letter: letter?.value.into(),
        autonomy: autonomy?.value,
        attach_statement: statement?,
        answer_days: i32::try_from(answer_days?.value).ok()?,
    })
}

fn read_level(sheet: &mut Sheet<'_>, table: &Table<'_>, ladder: &mut Ladder) -> Option<u8> {
    let after_unread = std::mem::replace(&mut ladder.unread, true);
    let found = table.whole(sheet, "level", "level = 1")?;
    let (before, rises) = (ladder.level, found.value);
    let Ok(level) = u8::try_from(rises) else {
        sheet.error(
            ProblemCode::Level,
            found.at(),
            format!("{rises} is no level"),
            "write 0 for what comes before anything is late, 1 and up for warnings",
        );
        return None;
    };
    ladder.unread = false;
    ladder.level = level.max(before);
    if after_unread {
        return Some(level);
    }
    if level < before {
        let remedy = format!("write level = {before} or {}, or move the step up", before + 1);
        sheet.error(
            ProblemCode::Level,
            found.at(),
            format!("level {level} after level {before}: levels never fall"),
            remedy,
        );
        return None;
    }
    if level > before + 1 {
        let remedy = format!("write level = {}, or put a step of that level before this one", before + 1);
        let what = format!(
            "level {level} after level {before}: levels rise by at most one from step to step, so no step could follow"
        );
        sheet.error(ProblemCode::Level, found.at(), what, remedy);
        return None;
    }
    Some(level)
}

fn read_times(sheet: &mut Sheet<'_>, table: &Table<'_>) -> Option<Vec<TimeExpr>> {
    let example = "at = [\"due + 3 days\"]";
    let times = table.texts(sheet, "at", example)?;
    if times.is_empty() {
        sheet.error(
            ProblemCode::Missing,
            table.at,
            "a step needs at least one time in ‘at’",
            format!("add a line, for instance {example}"),
        );
        return None;
    }
    let times: Vec<Option<TimeExpr>> = times.iter().map(|time| read_time(sheet, time)).collect();
    times.into_iter().collect()
}

fn read_time(sheet: &mut Sheet<'_>, text: &Found<String>) -> Option<TimeExpr> {
    TimeExpr::parse(&text.value).map_err(|fault| sheet.fault(ProblemCode::Time, &text.place, fault)).ok()
}

fn read_condition(sheet: &mut Sheet<'_>, text: &Found<String>) -> Option<Condition> {
    match Condition::parse(&text.value) {
        Ok(condition) => Some(condition),
        Err(faults) => {
            for fault in faults {
                sheet.fault(ProblemCode::Condition, &text.place, fault);
            }
            None
        }
    }
}
