//! Everything that can be told of a playbook before it works: what [`super::parse`] refuses, and what can be read and is
//! wrong all the same — steps that never come, letters nobody wrote, a scenario there is none of, a playbook that
//! another one always wins over. Which letters exist is a parameter: this crate knows no files.

use std::collections::BTreeSet;

use super::parse::{Reading, read};
use super::problem::{PlaybookProblem, ProblemCode, Sheet, nearest};
use super::reach::{Why, unreachable};
use super::{AppliesTo, MOST_GAP_DAYS, Playbook, Step};
use crate::case::SubjectKind;
use crate::party::{Channel, Language};
use crate::receivable::{Milestone, Trigger};

/// Rows of SCENARIOS: unpaid marketplace orders and their kin, and direct business.
const MARKETPLACE_SCENARIOS: u8 = 10;
const DIRECT_SCENARIOS: u8 = 12;

/// The letters there are, by name, language and channel. A channel without a text of its own has that for email.
#[derive(Debug, Clone, Default)]
pub struct KnownLetters(BTreeSet<(String, Language, Channel)>);

impl KnownLetters {
    pub fn new(letters: impl IntoIterator<Item = (String, Language, Channel)>) -> Self {
        Self(letters.into_iter().collect())
    }

    /// Whether a letter can be written in this language through this channel.
    pub fn has(&self, letter: &str, language: Language, channel: Channel) -> bool {
        [channel, Channel::Email].into_iter().any(|channel| self.0.contains(&(letter.to_string(), language, channel)))
    }

    fn names(&self) -> BTreeSet<&str> {
        self.0.iter().map(|(name, ..)| name.as_str()).collect()
    }
}

/// A file that was checked.
#[derive(Debug)]
pub struct Checked {
    /// `None`: it cannot be used.
    pub playbook: Option<Playbook>,
    /// In the order of their places.
    pub problems: Vec<PlaybookProblem>,
}

impl Checked {
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(PlaybookProblem::is_error)
    }
}

/// Checks one file by itself.
pub fn check(file: &str, text: &str, letters: &KnownLetters) -> Checked {
    let mut sheet = Sheet::new(file, text);
    let reading = read(&mut sheet, text);
    check_scenario(&mut sheet, &reading);
    check_letters(&mut sheet, &reading, letters);
    check_reach(&mut sheet, &reading);
    check_gap(&mut sheet, &reading, text);
    let mut problems = sheet.problems;
    problems.sort_by_key(|problem| (problem.line, problem.column, problem.severity));
    Checked { playbook: reading.playbook, problems }
}

/// Checks files that work side by side: file name, text, and what was read from it.
pub fn check_together(all: &[(&str, &str, &Playbook)]) -> Vec<PlaybookProblem> {
    let mut problems = Vec::new();
    for (index, (file, text, playbook)) in all.iter().enumerate() {
        let mut sheet = Sheet::new(file, text);
        let id = &playbook.reference.id;
        if let Some((other, ..)) = all[..index].iter().find(|(_, _, known)| known.reference.id == *id) {
            let what = format!("the playbook ‘{id}’ is in {other} too");
            sheet.error(
                ProblemCode::Double,
                place_of(text, "id"),
                what,
                "give one of them another id, or take one away",
            );
        } else if let Some((_, _, winner)) = all.iter().find(|(_, _, other)| always_wins(other, playbook)) {
            let what = format!(
                "‘{}’ fits every amount that ‘{id}’ fits and goes first, so this one is used only where a person chooses it \
                 for a buyer",
                winner.reference.id
            );
            sheet.warning(
                ProblemCode::Overlap,
                place_of(text, "[applies]"),
                what,
                "make [applies] of one of the two narrower",
            );
        }
        problems.append(&mut sheet.problems);
    }
    problems
}

/// Where a line begins with these words; the beginning when none does.
fn place_of(text: &str, words: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with(words) {
            return at + line.len() - line.trim_start().len();
        }
        at += line.len();
    }
    0
}

/// Whether the other is chosen for everything that this one fits ([`super::Playbooks::choose`]).
fn always_wins(other: &Playbook, this: &Playbook) -> bool {
    let (wins, loses) = (&other.applies, &this.applies);
    if other.reference.id == this.reference.id || !covers(wins, loses) {
        return false;
    }
    // What is told of orders and parcels stands side by side, one playbook for each scenario.
    if wins.subject != SubjectKind::Receivable && other.scenario != this.scenario {
        return false;
    }
    let (more, fewer) = (wins.constraints(), loses.constraints());
    more > fewer || (more == fewer && other.reference.id < this.reference.id)
}

fn covers(wide: &AppliesTo, narrow: &AppliesTo) -> bool {
    fn within<T: PartialEq>(wide: &[T], narrow: &[T], all: &[T]) -> bool {
        let narrow = if narrow.is_empty() { all } else { narrow };
        wide.is_empty() || narrow.iter().all(|one| wide.contains(one))
    }
    wide.subject == narrow.subject
        && (wide.source.is_none() || wide.source == narrow.source)
        && within(&wide.milestones, &narrow.milestones, Milestone::ALL)
        && within(&wide.triggers, &narrow.triggers, Trigger::ALL)
        // Where the wide one needs a day, the narrow one has to need one of the same.
        && (wide.dates.is_empty()
            || (!narrow.dates.is_empty() && narrow.dates.iter().all(|kind| wide.dates.contains(kind))))
}

/// A gap that is longer than contacts are known for.
fn check_gap(sheet: &mut Sheet<'_>, reading: &Reading, text: &str) {
    let hours = reading.playbook.as_ref().and_then(|playbook| playbook.gap_hours);
    if let Some(hours) = hours.filter(|hours| *hours > 24 * MOST_GAP_DAYS) {
        let what = format!("a gap of {hours} hours is kept for {MOST_GAP_DAYS} days only");
        sheet.warning(
            ProblemCode::WrongValue,
            place_of(text, "gap"),
            what,
            format!("write {MOST_GAP_DAYS} days or less"),
        );
    }
}

fn check_scenario(sheet: &mut Sheet<'_>, reading: &Reading) {
    let Some(scenario) = &reading.scenario else { return };
    let number = |rest: &str| rest.parse::<u8>().ok().filter(|number| *number > 0 && !rest.starts_with('0'));
    let is_known = match (scenario.value.get(..1), scenario.value.get(1..).and_then(number)) {
        (Some("M"), Some(number)) => number <= MARKETPLACE_SCENARIOS,
        (Some("B"), Some(number)) => number <= DIRECT_SCENARIOS,
        _ => false,
    };
    if !is_known {
        sheet.error(
            ProblemCode::Scenario,
            scenario.at(),
            format!("there is no scenario ‘{}’", scenario.value),
            format!(
                "write M1 to M{MARKETPLACE_SCENARIOS} for marketplaces, B1 to B{DIRECT_SCENARIOS} for direct business"
            ),
        );
    }
}

fn check_letters(sheet: &mut Sheet<'_>, reading: &Reading, letters: &KnownLetters) {
    let own = reading.steps.iter().map(|step| (&step.letter, &step.channels));
    let beside = reading.steps.iter().flat_map(|step| step.also.iter().map(|(letter, channels)| (letter, channels)));
    let is_about_orders =
        reading.playbook.as_ref().is_some_and(|playbook| playbook.applies.subject != SubjectKind::Receivable);
    for (letter, channels) in own.chain(beside) {
        let Some(letter) = letter else { continue };
        let name = letter.value.as_str();
        let without = |language| channels.iter().copied().find(|channel| !letters.has(name, language, *channel));
        let names = letters.names();
        if !names.contains(name) {
            let write = format!("write letters/en/{name}.txt");
            let remedy = match nearest(name, names) {
                Some(near) => format!("did you mean ‘{near}’? Otherwise {write}"),
                None => format!("name one that exists, or {write}"),
            };
            sheet.error(ProblemCode::Letter, letter.at(), format!("there is no letter ‘{name}’"), remedy);
            continue;
        }
        if let Some(channel) = without(Language::En) {
            let what =
                format!("the letter ‘{name}’ has no English text for {}, which others fall back to", channel.code());
            sheet.error(ProblemCode::Letter, letter.at(), what, format!("write letters/en/{name}.txt"));
            continue;
        }
        for language in Language::ALL.into_iter().filter(|language| *language != Language::En) {
            if !is_about_orders && !language.is_complete() {
                continue;
            }
            if without(language).is_some() {
                let code = language.code();
                let what = format!("the letter ‘{name}’ is missing in ‘{code}’ and leaves in English there");
                sheet.warning(ProblemCode::Language, letter.at(), what, format!("write letters/{code}/{name}.txt"));
            }
        }
    }
}

fn check_reach(sheet: &mut Sheet<'_>, reading: &Reading) {
    let Some(playbook) = &reading.playbook else { return };
    let steps: Vec<&Step> = playbook.all_steps().collect();
    for (index, why) in unreachable(playbook) {
        let (step, places) = (&steps[index].id, &reading.steps[index]);
        let never = format!("the step ‘{step}’ never comes");
        match why {
            Why::Ends => {
                let at = places.until.as_ref().unwrap_or(&places.id).start;
                sheet.error(
                    ProblemCode::Never,
                    at,
                    format!("{never}: it ends before it begins"),
                    "let ‘until’ be later than every time in ‘at’",
                );
            }
            Why::Condition => {
                let at = places.when.as_ref().unwrap_or(&places.id).start;
                let remedy = "change ‘when’ so that it can be true, or take the step out";
                sheet.error(ProblemCode::Never, at, format!("{never}: its condition is never true"), remedy);
            }
            Why::Shadow(other) => {
                let other = &steps[other].id;
                let what = format!("{never}: whenever it is due, ‘{other}’ is due too and goes first");
                sheet.error(
                    ProblemCode::Never,
                    places.id.start,
                    what,
                    format!("let it begin before ‘{other}’ does, or take it out"),
                );
            }
            Why::Level(level) => {
                let what = format!("{never}: no step of level {level} ever comes, and no level is skipped");
                sheet.error(
                    ProblemCode::Never,
                    places.id.start,
                    what,
                    format!("mend the steps of level {level} first"),
                );
            }
        }
    }
}
