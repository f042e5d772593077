//! Reads playbook files. Every complaint has line, column and remedy, and all of a file come at once; nothing is accepted
//! half. What a sound playbook still does wrongly (steps that never come, letters nobody wrote) finds [`super::check`]:
//! a version that cases began with must be readable for ever, whatever is checked more strictly since.

use sha2::{Digest, Sha256};
use toml::de::DeTable;

pub use super::problem::PlaybookProblem;
use super::problem::{Place, ProblemCode, Sheet};
use super::route::{Minimum, Route, RouteEnd};
use super::steps::{Ladder, codes, read_condition, read_step, read_time, read_title};
use super::table::{Found, Table};
use super::time_expr::{TimeExpr, length_in_hours};
use super::{AppliesTo, Playbook, Step, Window};
use crate::case::{PlaybookRef, SubjectKind};
use crate::key_date::KeyDate;
use crate::letter::Purpose;
use crate::money::{Money, currency};
use crate::order::OrderSource;
use crate::party::Channel;
use crate::receivable::{Milestone, Trigger};
use crate::why::WhyUnpaid;

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
    /// Of what goes beside it.
    pub(super) also: Vec<(Option<Found<String>>, Vec<Channel>)>,
}

/// More are a slip of a program that writes playbooks; each costs a while to check.
const MOST_STEPS: usize = 60;

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
    top.expect_only(
        sheet,
        &[
            "id",
            "scenario",
            "gap",
            "window",
            "platform_close",
            "alone",
            "title",
            "applies",
            "step",
            "route",
            "thanks",
            "minimum",
        ],
    );
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
    let platform_close = read_close(sheet, &top);
    let alone = top.flag(sheet, "alone", "alone = true");
    let title = read_title(sheet, &top, "[title]");
    let applies = top.table(sheet, "applies", "[applies]");
    let applies = applies.map_or(Some(AppliesTo::default()), |table| read_applies(sheet, &table));
    let subject = applies.as_ref().map_or(SubjectKind::Receivable, |applies| applies.subject);
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
    let mut ladder = Ladder::of(subject);
    let steps = read_steps(sheet, &tables, &mut ladder, &mut places);
    let mut routes: Vec<Route> = Vec::new();
    for table in top.tables(sheet, "route", "[[route]]") {
        routes.extend(read_route(sheet, &table, &mut ladder, &mut places));
    }
    let mut thanks = None;
    if let Some(table) = top.table(sheet, "thanks", "[thanks]") {
        thanks = read_thanks(sheet, &table, &mut ladder, &mut places);
    }
    let mut minimums = Vec::new();
    for table in top.tables(sheet, "minimum", "[[minimum]]") {
        minimums.extend(read_minimum(sheet, &table));
    }
    let about_money = gap_hours.is_some() || platform_close.is_some();
    let is_plain = routes.is_empty() && thanks.is_none() && minimums.is_empty() && !about_money;
    if subject != SubjectKind::Receivable && !is_plain {
        let what = format!("a playbook about ‘{}’ has steps only: nothing in it asks for money", subject.code());
        sheet.error(
            ProblemCode::WrongValue,
            0,
            what,
            "take out gap, platform_close, [[route]], [thanks] and [[minimum]]",
        );
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
            platform_close,
            alone: alone.unwrap_or(false),
            steps,
            routes,
            thanks,
            minimums,
        }),
        _ => None,
    };
    Reading { playbook, scenario, steps: places }
}

/// When a platform closes an unpaid order, by the order itself: nothing else is known of one that nobody told of.
fn read_close(sheet: &mut Sheet<'_>, top: &Table<'_>) -> Option<TimeExpr> {
    let written = top.text_if_any(sheet, "platform_close", "platform_close = \"placed + 20 days\"")?;
    let time = read_time(sheet, &written)?;
    if time.anchor.is_of_the_debt() {
        return Some(time);
    }
    let what = format!("‘{}’ does not count from the order itself", written.value);
    let remedy = "count from when it was placed, for instance platform_close = \"placed + 20 days\"";
    sheet.error(ProblemCode::Time, written.at(), what, remedy);
    None
}

fn read_applies(sheet: &mut Sheet<'_>, table: &Table<'_>) -> Option<AppliesTo> {
    table.expect_only(sheet, &["subject", "source", "milestones", "triggers", "dates"]);
    let subject = table.choice_if_any(sheet, "subject", codes!(SubjectKind), SubjectKind::from_code);
    let subject = subject.map_or(SubjectKind::Receivable, |found| found.value);
    let source = table.choice_if_any(sheet, "source", &["direct", "marketplace"], OrderSource::from_code);
    let milestones = table.choices(sheet, "milestones", codes!(Milestone), Milestone::from_code);
    let triggers = table.choices(sheet, "triggers", codes!(Trigger), Trigger::from_code);
    let dates = table.choices(sheet, "dates", codes!(KeyDate), KeyDate::from_code);
    let source = source.map(|found| found.value);
    let (milestones, triggers, dates) = (milestones?, triggers?, dates?);
    if subject != SubjectKind::Receivable && !(milestones.is_empty() && triggers.is_empty() && dates.is_empty()) {
        let what = format!("‘{}’ has no milestones, triggers or dates of a payment", subject.code());
        sheet.error(ProblemCode::WrongValue, table.at, what, "leave these lines out");
    }
    Some(AppliesTo { subject, source, milestones, triggers, dates })
}

fn read_steps(
    sheet: &mut Sheet<'_>,
    tables: &[Table<'_>],
    ladder: &mut Ladder,
    places: &mut Vec<StepPlaces>,
) -> Vec<Step> {
    let mut steps = Vec::with_capacity(tables.len());
    for table in tables {
        let mut known = StepPlaces::default();
        steps.extend(read_step(sheet, table, ladder, &mut known));
        places.push(known);
    }
    steps
}

fn read_route(
    sheet: &mut Sheet<'_>,
    table: &Table<'_>,
    ladder: &mut Ladder,
    places: &mut Vec<StepPlaces>,
) -> Option<Route> {
    table.expect_only(sheet, &["id", "title", "reasons", "when", "then", "step"]);
    let id = table.words(sheet, "id", "id = \"cash_short\"");
    let title = read_title(sheet, table, "[route.title]");
    let reasons = table.choices(sheet, "reasons", codes!(WhyUnpaid), WhyUnpaid::from_code);
    let when = table.text_if_any(sheet, "when", "when = \"has_owner && !has_finance\"");
    let has_condition = when.is_some();
    let when = when.and_then(|when| read_condition(sheet, &when));
    let then = table.choice_if_any(sheet, "then", codes!(RouteEnd), RouteEnd::from_code);
    if !has_condition && reasons.as_ref().is_some_and(Vec::is_empty) {
        let remedy = "add a line, for instance reasons = [\"cash_short\"] or when = \"has_owner\"";
        sheet.error(
            ProblemCode::Missing,
            table.at,
            "a route without ‘reasons’ or ‘when’ would always be taken",
            remedy,
        );
    }
    ladder.begin_route();
    let tables = table.tables(sheet, "step", "[[route.step]]");
    let remedy = "add at least one [[route.step]]";
    if tables.is_empty() {
        sheet.error(ProblemCode::Missing, table.at, "a route without a step does nothing", remedy);
    }
    if let Some(table) = tables.get(MOST_STEPS) {
        let what = format!("a route of more than {MOST_STEPS} steps");
        sheet.error(ProblemCode::WrongValue, table.at, what, "no buyer is written to so often: leave steps out");
        return None;
    }
    let steps = read_steps(sheet, &tables, ladder, places);
    let (title_en, title_zh) = title?;
    Some(Route {
        id: id?.value.into(),
        title_en,
        title_zh,
        reasons: reasons?,
        when,
        then: then.map_or(RouteEnd::Ladder, |then| then.value),
        steps,
    })
}

fn read_thanks(
    sheet: &mut Sheet<'_>,
    table: &Table<'_>,
    ladder: &mut Ladder,
    places: &mut Vec<StepPlaces>,
) -> Option<Step> {
    ladder.begin_route();
    let mut known = StepPlaces::default();
    let step = read_step(sheet, table, ladder, &mut known);
    let at = known.id.start;
    places.push(known);
    let step = step?;
    if step.purpose != Purpose::Answer || step.level > 0 {
        let what = "thanks are an answer on level 0: they ask for nothing";
        sheet.error(ProblemCode::WrongValue, at, what, "write purpose = \"answer\" and level = 0 in [thanks]");
        return None;
    }
    Some(step)
}

fn read_minimum(sheet: &mut Sheet<'_>, table: &Table<'_>) -> Option<Minimum> {
    table.expect_only(sheet, &["level", "share", "amounts"]);
    let level = table.whole(sheet, "level", "level = 3")?;
    let Some(warning) = u8::try_from(level.value).ok().filter(|level| *level > 0) else {
        let what = format!("{} is no level of warning", level.value);
        sheet.error(ProblemCode::WrongValue, level.at(), what, "write 1 or more");
        return None;
    };
    let share = table.whole_if_any(sheet, "share", "share = 5");
    if let Some(share) = share.as_ref().filter(|share| !(0..=100).contains(&share.value)) {
        let what = format!("{} is no share in a hundred", share.value);
        sheet.error(ProblemCode::WrongValue, share.at(), what, "write a number from 0 to 100");
        return None;
    }
    let mut amounts = Vec::new();
    let example = "amounts = { USD = \"100.00\" }";
    if let Some(named) = table.table(sheet, "amounts", "[minimum.amounts]") {
        for code in named.keys() {
            let written = named.text(sheet, &code.value, example)?;
            let amount = currency(&code.value).and_then(|currency| Money::parse(&written.value, currency));
            match amount {
                Ok(amount) if amount.minor >= 0 => amounts.push((amount.currency, amount.minor)),
                Ok(_) => {
                    sheet.error(
                        ProblemCode::WrongValue,
                        written.at(),
                        "an amount below nothing",
                        format!("write {example}"),
                    );
                    return None;
                }
                Err(error) => {
                    sheet.error(ProblemCode::WrongValue, code.at(), error.to_string(), format!("write {example}"));
                    return None;
                }
            }
        }
    }
    Some(Minimum { level: warning, share_percent: share.map_or(0, |share| share.value), amounts })
}
