//! A firm's own playbooks: checked as they stand beside the others, published as a version with who, when and why.
//!
//! A running case keeps the version it began with; whoever publishes chooses whether those that can move do. Taking a
//! version back is publishing an earlier one again (docs/decisions/0016-published-playbooks.md).

use std::sync::Arc;

use dunlin_core::access::Right;
use dunlin_core::playbook::Playbook;
use dunlin_core::playbook::check::{check, check_together};
use dunlin_core::playbook::parse::version_of;
use dunlin_core::playbook::problem::PlaybookProblem;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{LogEntry, Moved};

use crate::embedded::known_letters;
use crate::house::{Forbidden, House};

/// What a text would be as a playbook of this firm.
#[derive(Debug)]
pub struct CheckedText {
    /// `None`: it cannot be used.
    pub playbook: Option<Arc<Playbook>>,
    pub problems: Vec<PlaybookProblem>,
}

impl CheckedText {
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(PlaybookProblem::is_error)
    }
}

/// Checks a text by itself and beside the other playbooks in force. `name` stands for the file.
pub fn check_text(house: &House, name: &str, text: &str) -> CheckedText {
    let checked = check(name, text, known_letters());
    let mut problems = checked.problems;
    if let Some(playbook) = &checked.playbook {
        let others = house.playbook_files.iter().filter(|file| file.playbook.reference.id != playbook.reference.id);
        let mut beside: Vec<(&str, &str, &Playbook)> =
            others.map(|file| (&*file.playbook.reference.id, file.text.as_str(), &*file.playbook)).collect();
        beside.push((name, text, playbook));
        problems.extend(check_together(&beside).into_iter().filter(|problem| problem.file == name));
    }
    CheckedText { playbook: checked.playbook.map(Arc::new), problems }
}

/// What becomes of the cases that run already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// They go on with the version they began with.
    Keep,
    /// They move, where every step they have taken is still there on the same level.
    Migrate,
}

impl Running {
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "keep" => Some(Self::Keep),
            "migrate" => Some(Self::Migrate),
            _ => None,
        }
    }
}

/// What somebody wants in force.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    pub id: &'a str,
    pub text: &'a str,
    /// Why, for those who read the versions later.
    pub note: &'a str,
    pub running: Running,
    /// The version that was in force when they began to write; `None`: whatever is.
    pub seen: Option<&'a str>,
}

/// What publishing did.
#[derive(Debug, Clone)]
pub struct Publication {
    /// `None`: the version was in force already, and only cases moved.
    pub number: Option<i64>,
    pub version: String,
    /// With [`Running::Keep`] nothing moved.
    pub cases: Moved,
    pub warnings: Vec<PlaybookProblem>,
}

/// The text has errors; nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error("the playbook cannot be used, and nothing was changed: {}", first(.0))]
pub struct Broken(pub Vec<PlaybookProblem>);

fn first(problems: &[PlaybookProblem]) -> String {
    let errors: Vec<String> = problems.iter().filter(|problem| problem.is_error()).map(ToString::to_string).collect();
    match errors.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first} (and {} more)", rest.len()),
    }
}

const LONGEST_NOTE: usize = 500;

/// Puts a text in force as a new version.
pub async fn publish_playbook(house: &House, wanted: &Wanted<'_>) -> anyhow::Result<Publication> {
    if !house.actor.may(Right::Settings) {
        return Err(Forbidden::new(Right::Settings).into());
    }
    let note = wanted.note.trim();
    if note.is_empty() || note.chars().count() > LONGEST_NOTE {
        return Err(Refusal::new(RefusalCode::PlaybookNote).with("most", LONGEST_NOTE as i64).into());
    }
    let checked = check_text(house, &format!("{}.toml", wanted.id), wanted.text);
    let has_errors = checked.has_errors();
    let Some(playbook) = checked.playbook.filter(|_| !has_errors) else {
        return Err(Broken(checked.problems).into());
    };
    if &*playbook.reference.id != wanted.id {
        let refusal = Refusal::new(RefusalCode::PlaybookOtherId).with("found", &*playbook.reference.id);
        return Err(refusal.with("wanted", wanted.id).into());
    }
    let version = version_of(wanted.text);
    let mut commit = house.begin().await?;
    // Under the lock: somebody may have published since the page was drawn.
    let published = commit.published_playbooks().await?.into_iter().find(|known| known.id == wanted.id);
    let before = match published {
        Some(known) => Some(known.version),
        None => house.brought_version(wanted.id),
    };
    if wanted.seen.is_some_and(|seen| before.as_deref() != Some(seen)) {
        return Err(Refusal::new(RefusalCode::PlaybookMeanwhile).with("playbook", wanted.id).into());
    }
    let is_new = before.as_deref() != Some(version.as_str());
    if !is_new && wanted.running == Running::Keep {
        return Err(Refusal::new(RefusalCode::PlaybookSame).into());
    }
    let number = match is_new {
        true => Some(commit.publish_playbook(wanted.id, &version, wanted.text, note).await?),
        false => {
            commit.keep_playbook(wanted.id, &version, wanted.text).await?;
            None
        }
    };
    let cases = match wanted.running {
        Running::Migrate => {
            let steps: Vec<(&str, u8)> = playbook.all_steps().map(|step| (&*step.id, step.level)).collect();
            commit.move_cases(wanted.id, &version, &steps).await?
        }
        Running::Keep => {
            let stayed = commit.cases_of_older_versions(wanted.id, &version).await?;
            Moved { stayed, ..Moved::default() }
        }
    };
    let entry = LogEntry::new("playbook.published", "playbook", wanted.id);
    let entry = entry.changed("version", before.as_deref(), &version).fact("number", number);
    let entry = entry.fact("cases_moved", cases.moved).fact("cases_stayed", cases.stayed);
    commit.log(entry.words("note", note));
    commit.finish().await?;
    Ok(Publication { number, version, cases, warnings: checked.problems })
}

/// Puts an earlier version in force again.
pub async fn publish_again(
    house: &House,
    id: &str,
    version: &str,
    note: &str,
    running: Running,
) -> anyhow::Result<Publication> {
    let texts = house.store.playbook_texts(house.tenant.id).await?;
    let Some((_, _, text)) = texts.iter().find(|(known, of, _)| known == id && of == version) else {
        return Err(Refusal::new(RefusalCode::PlaybookVersionNone)
            .with("version", version)
            .with("playbook", id)
            .into());
    };
    publish_playbook(house, &Wanted { id, text, note, running, seen: None }).await
}
