//! Reads playbook files. Every complaint has line, column and remedy; nothing is accepted half.

use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::condition::Condition;
use super::time_expr::{TimeExpr, length_in_hours};
use super::{AppliesTo, Autonomy, Playbook, Step, Window};
use crate::case::PlaybookRef;
use crate::letter::Purpose;
use crate::order::OrderSource;
use crate::party::{Channel, ContactRole};
use crate::receivable::{Milestone, Trigger};

/// What is wrong with a playbook, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {what}")]
pub struct PlaybookProblem {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileShape {
    id: toml::Spanned<String>,
    scenario: String,
    gap: Option<toml::Spanned<String>>,
    #[serde(default = "office")]
    window: toml::Spanned<Window>,
    title: Title,
    #[serde(default)]
    applies: AppliesShape,
    step: Vec<StepShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    en: String,
    zh: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct AppliesShape {
    source: Option<OrderSource>,
    #[serde(default)]
    milestones: Vec<Milestone>,
    #[serde(default)]
    triggers: Vec<Trigger>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepShape {
    id: toml::Spanned<String>,
    title: Title,
    level: toml::Spanned<u8>,
    purpose: Purpose,
    at: Vec<toml::Spanned<String>>,
    until: Option<toml::Spanned<String>>,
    when: Option<toml::Spanned<String>>,
    channels: Vec<Channel>,
    roles: Vec<ContactRole>,
    letter: String,
    autonomy: toml::Spanned<Autonomy>,
    #[serde(default)]
    statement: bool,
    answer_days: i32,
}

fn office() -> toml::Spanned<Window> {
    toml::Spanned::new(0..0, Window::Office)
}

/// Version of a playbook text: the first 12 hex digits of its SHA-256.
pub fn version_of(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Reads one playbook, or lists everything that is wrong with it.
pub fn parse(file: &str, text: &str) -> Result<Playbook, Vec<PlaybookProblem>> {
    let shape: FileShape = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![problem(file, text, at, error.message().to_string())]
    })?;
    let mut problems = Vec::new();
    let mut complain =
        |span: std::ops::Range<usize>, what: String| problems.push(problem(file, text, span.start, what));
    let gap_hours = shape.gap.as_ref().and_then(|gap| match length_in_hours(gap.get_ref()) {
        Ok(hours) => Some(hours),
        Err(what) => {
            complain(gap.span(), what);
            None
        }
    });
    if shape.step.is_empty() {
        complain(shape.id.span(), "a playbook needs at least one [[step]]".to_string());
    }
    let mut steps: Vec<Step> = Vec::with_capacity(shape.step.len());
    let mut level = 0;
    for step in shape.step {
        let span = step.id.span();
        if steps.iter().any(|earlier| &*earlier.id == step.id.get_ref().as_str()) {
            complain(span.clone(), format!("the step id ‘{}’ is used twice", step.id.get_ref()));
        }
        let rises = *step.level.get_ref();
        if rises < level || rises > level + 1 {
            complain(
                step.level.span(),
                format!(
                    "level {rises} after level {level}: levels rise by at most one from step to step and never fall"
                ),
            );
        }
        level = rises.max(level);
        if let Some(step) = read_step(step, &mut complain) {
            steps.push(step);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Playbook {
        reference: PlaybookRef { id: shape.id.into_inner().into(), version: version_of(text).into() },
        scenario: shape.scenario,
        title_en: shape.title.en,
        title_zh: shape.title.zh,
        applies: AppliesTo {
            source: shape.applies.source,
            milestones: shape.applies.milestones,
            triggers: shape.applies.triggers,
        },
        gap_hours,
        window: shape.window.into_inner(),
        steps,
    })
}

fn read_step(step: StepShape, complain: &mut impl FnMut(std::ops::Range<usize>, String)) -> Option<Step> {
    let mut sound = true;
    let mut at = Vec::with_capacity(step.at.len());
    for time in &step.at {
        match TimeExpr::parse(time.get_ref()) {
            Ok(expr) => at.push(expr),
            Err(what) => {
                complain(time.span(), what);
                sound = false;
            }
        }
    }
    if step.at.is_empty() {
        complain(step.id.span(), "a step needs at least one time in ‘at’".to_string());
    }
    let until = step.until.as_ref().map(|time| (time.span(), TimeExpr::parse(time.get_ref())));
    let until = match until {
        Some((_, Ok(expr))) => Some(expr),
        Some((span, Err(what))) => {
            complain(span, what);
            None
        }
        None => None,
    };
    let when = match step.when.as_ref().map(|when| (when.span(), Condition::parse(when.get_ref()))) {
        Some((_, Ok(condition))) => Some(condition),
        Some((span, Err(what))) => {
            complain(span, what);
            None
        }
        None => None,
    };
    if step.channels.is_empty() || step.roles.is_empty() {
        complain(step.id.span(), "a step needs at least one channel and one role".to_string());
    }
    if step.purpose == Purpose::Formal && !step.autonomy.get_ref().is_severe() {
        complain(
            step.autonomy.span(),
            "a formal step is severe and needs autonomy = \"approval\" or \"two_approvals\"".to_string(),
        );
    }
    if !(0..=90).contains(&step.answer_days) {
        complain(step.id.span(), "answer_days must lie between 0 and 90".to_string());
    }
    let id: Arc<str> = step.id.into_inner().into();
    sound.then(|| Step {
        id,
        title_en: step.title.en,
        title_zh: step.title.zh,
        level: step.level.into_inner(),
        purpose: step.purpose,
        at,
        until,
        when,
        channels: step.channels,
        roles: step.roles,
        letter: step.letter.into(),
        autonomy: step.autonomy.into_inner(),
        attach_statement: step.statement,
        answer_days: step.answer_days,
    })
}

fn problem(file: &str, text: &str, offset: usize, what: String) -> PlaybookProblem {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    PlaybookProblem { file: file.to_string(), line, column, what }
}
