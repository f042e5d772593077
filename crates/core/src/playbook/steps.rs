//! Reads the steps of a playbook, those of its ladder, its routes and its thanks alike.

use std::sync::Arc;

use super::condition::Condition;
use super::parse::StepPlaces;
use super::problem::{Place, ProblemCode, Sheet};
use super::table::{Found, Table};
use super::time_expr::TimeExpr;
use super::{Also, Autonomy, Does, Step};
use crate::case::SubjectKind;
use crate::letter::{Purpose, REPAIR_STEP};
use crate::order::asks::AskKind;
use crate::order::story::OrderState;
use crate::party::{Channel, ContactRole};
use crate::question::QUESTION_STEP;
use crate::shipment::status::TrackingStatus;

/// Codes of a closed list.
macro_rules! codes {
    ($kind:ty) => {
        &<$kind>::ALL.iter().map(|known| known.code()).collect::<Vec<&str>>()
    };
}

pub(super) use codes;

pub(super) fn read_title(sheet: &mut Sheet<'_>, of: &Table<'_>, name: &'static str) -> Option<(String, String)> {
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

/// What the steps before have used up.
#[derive(Default)]
pub(super) struct Ladder {
    level: u8,
    /// The level of the step before could not be read, or this is the first of a route, which may begin on any level: what
    /// comes now is not judged by it.
    unread: bool,
    /// Of the whole playbook: steps are told apart by them.
    ids: Vec<String>,
    /// What the playbook is about.
    subject: SubjectKind,
}

impl Ladder {
    pub(super) fn of(subject: SubjectKind) -> Self {
        Self { subject, ..Self::default() }
    }

    /// A route begins.
    pub(super) fn begin_route(&mut self) {
        self.level = 0;
        self.unread = true;
    }
}

const STEP_KEYS: [&str; 18] = [
    "id",
    "title",
    "level",
    "purpose",
    "does",
    "at",
    "until",
    "when",
    "channels",
    "roles",
    "letter",
    "autonomy",
    "statement",
    "answer_days",
    "also",
    "states",
    "statuses",
    "asks",
];

pub(super) fn read_step(
    sheet: &mut Sheet<'_>,
    table: &Table<'_>,
    ladder: &mut Ladder,
    places: &mut StepPlaces,
) -> Option<Step> {
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
        if id.value == REPAIR_STEP || id.value == QUESTION_STEP {
            sheet.error(
                ProblemCode::WrongValue,
                id.at(),
                format!("the step id ‘{}’ belongs to letters that people send outside every playbook", id.value),
                "give this step another id",
            );
        }
        ladder.ids.push(id.value.clone());
    }
    let title = read_title(sheet, table, "[step.title]");
    let level = read_level(sheet, table, ladder);
    let purpose = table.choice(sheet, "purpose", codes!(Purpose), Purpose::from_code);
    let does = table.choice_if_any(sheet, "does", codes!(Does), Does::from_code);
    let does = does.map_or(Does::Letter, |does| does.value);
    let is_task = does == Does::Task;
    if let Some(purpose) = purpose.as_ref().filter(|purpose| is_task && purpose.value != Purpose::Service) {
        let what = format!("a task for one of us is no ‘{}’: the buyer hears nothing of it", purpose.value.code());
        sheet.error(ProblemCode::WrongValue, purpose.at(), what, "write purpose = \"service\"");
    }
    let at = read_times(sheet, table);
    let until = table.text_if_any(sheet, "until", "until = \"due + 20 days\"");
    places.until = until.as_ref().map(|until| until.place.clone());
    let until = until.and_then(|until| read_time(sheet, &until));
    let when = table.text_if_any(sheet, "when", "when = \"days_overdue > 30\"");
    places.when = when.as_ref().map(|when| when.place.clone());
    let when = when.and_then(|when| read_condition(sheet, &when));
    let channels = table.choices(sheet, "channels", codes!(Channel), Channel::from_code);
    // The instructions of a task are written like the script of a call.
    let channels = if is_task { channels.map(|_| vec![Channel::Phone]) } else { channels };
    let roles = table.choices(sheet, "roles", codes!(ContactRole), ContactRole::from_code);
    if channels.as_ref().is_some_and(Vec::is_empty) {
        sheet.error(
            ProblemCode::Missing,
            table.at,
            "a step needs at least one channel",
            "add a line, for instance channels = [\"email\"]",
        );
    }
    if !is_task && roles.as_ref().is_some_and(Vec::is_empty) {
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
    let answer_days = match is_task {
        true => table.whole_if_any(sheet, "answer_days", "answer_days = 5").or(Some(Found::unwritten(0))),
        false => table.whole(sheet, "answer_days", "answer_days = 5"),
    };
    if let Some(days) = answer_days.as_ref().filter(|days| !(0..=90).contains(&days.value)) {
        sheet.error(
            ProblemCode::WrongValue,
            days.at(),
            format!("{} days for an answer make no sense", days.value),
            "write a number from 0 to 90",
        );
    }
    let also = read_also(sheet, table, is_task, (channels.as_deref(), roles.as_deref()), places);
    let told = read_told(sheet, table, ladder.subject);
    if let (Some(purpose), Some(level)) = (&purpose, level)
        && ladder.subject != SubjectKind::Receivable
        && (purpose.value.asks_for_money()
            || level > 0
            || statement == Some(true)
            || also.as_ref().is_some_and(|also| !also.is_empty()))
    {
        let what = "a step about an order or a parcel asks for no money, and is one message";
        let remedy =
            "write level = 0, purpose = \"service\", \"answer\" or \"sell\", no statement and no [[step.also]]";
        sheet.error(ProblemCode::WrongValue, places.id.start, what, remedy);
    }
    let told = told?;
    let (title_en, title_zh) = title?;
    Some(Step {
        id: Arc::from(id?.value),
        title_en,
        title_zh,
        level: level?,
        purpose: purpose?.value,
        does,
        at: at?,
        until,
        when,
        channels: channels?,
        roles: roles?,
        letter: letter?.value.into(),
        autonomy: autonomy?.value,
        attach_statement: statement?,
        answer_days: i32::try_from(answer_days?.value).ok()?,
        also: also?,
        states: told.states,
        statuses: told.statuses,
        asks: told.asks,
    })
}

/// For which standing of an order, or place of a parcel, a step is.
struct Told {
    states: Vec<OrderState>,
    statuses: Vec<TrackingStatus>,
    asks: Vec<AskKind>,
}

/// A step about an order names the states it is for, one about a parcel the places: what it says is untrue in the others.
fn read_told(sheet: &mut Sheet<'_>, table: &Table<'_>, subject: SubjectKind) -> Option<Told> {
    let states = table.choices(sheet, "states", codes!(OrderState), OrderState::from_code)?;
    let statuses = table.choices(sheet, "statuses", codes!(TrackingStatus), TrackingStatus::from_code)?;
    let asks = table.choices(sheet, "asks", codes!(AskKind), AskKind::from_code)?;
    let (what, remedy) = match subject {
        SubjectKind::Receivable if states.is_empty() && statuses.is_empty() && asks.is_empty() => {
            return Some(Told { states, statuses, asks });
        }
        SubjectKind::Order if !states.is_empty() && statuses.is_empty() => {
            return Some(Told { states, statuses, asks });
        }
        SubjectKind::Shipment if !statuses.is_empty() && asks.is_empty() => {
            return Some(Told { states, statuses, asks });
        }
        SubjectKind::Receivable => ("a step about a payment has no states, statuses or asks", "leave these lines out"),
        SubjectKind::Order => (
            "a step about an order names its states, and no statuses of parcels",
            "write for instance states = [\"paid\"]",
        ),
        SubjectKind::Shipment => (
            "a step about a parcel names its statuses, and nothing that is asked",
            "write for instance statuses = [\"departed\"]",
        ),
    };
    sheet.error(ProblemCode::Missing, table.at, what, remedy);
    None
}

/// More is a slip: nobody is told the same by so many ways at once.
const MOST_BESIDE: usize = 3;

/// What a step sends beside its letter. `own` are its channels and roles, as far as they could be read.
fn read_also(
    sheet: &mut Sheet<'_>,
    step: &Table<'_>,
    is_task: bool,
    own: (Option<&[Channel]>, Option<&[ContactRole]>),
    places: &mut StepPlaces,
) -> Option<Vec<Also>> {
    let tables = step.tables(sheet, "also", "[[step.also]]");
    let Some(first) = tables.first() else {
        return Some(Vec::new());
    };
    if is_task {
        let remedy = "take [[step.also]] out, or make it a step of its own";
        sheet.error(
            ProblemCode::WrongValue,
            first.at,
            "nothing goes beside a task: the buyer hears nothing of it",
            remedy,
        );
        return None;
    }
    if own.0.is_some_and(|channels| channels.first() == Some(&Channel::Phone)) {
        let remedy = "take [[step.also]] out, or make the letter a step of its own";
        sheet.error(
            ProblemCode::WrongValue,
            first.at,
            "nothing goes beside a call: nobody knows when it is made",
            remedy,
        );
        return None;
    }
    if let Some(table) = tables.get(MOST_BESIDE) {
        let what = format!("more than {MOST_BESIDE} letters beside one");
        sheet.error(ProblemCode::WrongValue, table.at, what, "leave some out");
        return None;
    }
    // By the first channel and the first role: later ones stand in where nobody can be reached.
    let mut ways: Vec<(Channel, ContactRole)> = Vec::new();
    ways.extend(
        own.0.and_then(|channels| channels.first().copied()).zip(own.1.and_then(|roles| roles.first().copied())),
    );
    let mut all = Vec::with_capacity(tables.len());
    let mut sound = true;
    for table in &tables {
        table.expect_only(sheet, &["channels", "roles", "letter", "statement"]);
        let channels = table.choices(sheet, "channels", codes!(Channel), Channel::from_code);
        let roles = table.choices(sheet, "roles", codes!(ContactRole), ContactRole::from_code);
        let letter = table.words(sheet, "letter", "letter = \"finance_informed\"");
        let statement = table.flag(sheet, "statement", "statement = true");
        places.also.push((letter.clone(), channels.clone().unwrap_or_default()));
        for (is_missing, name, example) in [
            (channels.as_ref().is_some_and(Vec::is_empty), "channel", "channels = [\"email\"]"),
            (roles.as_ref().is_some_and(Vec::is_empty), "role", "roles = [\"finance\"]"),
        ] {
            if is_missing {
                let (what, remedy) = (format!("[[step.also]] needs at least one {name}"), format!("add {example}"));
                sheet.error(ProblemCode::Missing, table.at, what, remedy);
                sound = false;
            }
        }
        if channels.as_ref().is_some_and(|channels| channels.contains(&Channel::Phone)) {
            let what = "a call is not sent, so it cannot go beside a letter";
            sheet.error(
                ProblemCode::WrongValue,
                table.at,
                what,
                "write channels = [\"email\"] or make the call a step",
            );
            sound = false;
        }
        let (Some(channels), Some(roles), Some(letter), Some(statement)) = (channels, roles, letter, statement) else {
            sound = false;
            continue;
        };
        if let Some(way) = channels.first().copied().zip(roles.first().copied()) {
            if ways.contains(&way) {
                let what = format!("the step writes to {} by {} twice", way.1.code(), way.0.code());
                sheet.error(
                    ProblemCode::WrongValue,
                    table.at,
                    what,
                    "name another role or channel first, or leave it out",
                );
                sound = false;
            }
            ways.push(way);
        }
        all.push(Also { channels, roles, letter: letter.value.into(), attach_statement: statement });
    }
    sound.then_some(all)
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

pub(super) fn read_time(sheet: &mut Sheet<'_>, text: &Found<String>) -> Option<TimeExpr> {
    TimeExpr::parse(&text.value).map_err(|fault| sheet.fault(ProblemCode::Time, &text.place, fault)).ok()
}

pub(super) fn read_condition(sheet: &mut Sheet<'_>, text: &Found<String>) -> Option<Condition> {
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
