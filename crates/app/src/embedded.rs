//! Data that ships inside the binary: playbooks, letters. A user's folder can replace them file by file.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use anyhow::Context;
use dunlin_core::case::PlaybookRef;
use dunlin_core::party::Language;
use dunlin_core::playbook::check::{KnownLetters, check, check_together};
use dunlin_core::playbook::parse::parse;
use dunlin_core::playbook::problem::PlaybookProblem;
use dunlin_core::playbook::{Playbook, Playbooks};
use dunlin_documents::letter::{LetterProblem, LetterTexts};
use dunlin_store::PublishedPlaybook;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../playbooks"]
struct PlaybookFiles;

#[derive(RustEmbed)]
#[folder = "../../letters"]
struct LetterFiles;

/// A playbook with the text it was read from.
#[derive(Debug, Clone)]
pub struct PlaybookFile {
    pub playbook: Arc<Playbook>,
    pub text: String,
}

/// The shipped playbooks, with those of `folder` in place of the ones of the same name. What `dunlin playbook check`
/// calls an error refuses them all; warnings do not.
pub fn playbook_files(folder: Option<&Path>) -> Result<Vec<PlaybookFile>, Vec<PlaybookProblem>> {
    let mut sources: Vec<(String, String)> = PlaybookFiles::iter()
        .filter(|name| name.ends_with(".toml"))
        .filter_map(|name| {
            let file = PlaybookFiles::get(&name)?;
            Some((format!("playbooks/{name}"), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect();
    if let Some(folder) = folder {
        let own = read_folder(folder)?;
        for (name, text) in own {
            let file = Path::new(&name).file_name().map(|file| file.to_string_lossy().into_owned());
            sources.retain(|(shipped, _)| shipped.rsplit('/').next().map(str::to_string) != file);
            sources.push((name, text));
        }
    }
    sources.sort();
    let (files, mut problems) = checked_files(sources);
    problems.retain(PlaybookProblem::is_error);
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

/// Checks files (name and text) by themselves and side by side: those that can be used, and everything there is to say.
pub fn checked_files(sources: Vec<(String, String)>) -> (Vec<PlaybookFile>, Vec<PlaybookProblem>) {
    let mut problems = Vec::new();
    let mut named = Vec::new();
    for (name, text) in sources {
        let checked = check(&name, &text, known_letters());
        problems.extend(checked.problems);
        if let Some(playbook) = checked.playbook {
            named.push((name, PlaybookFile { playbook: Arc::new(playbook), text }));
        }
    }
    let side_by_side: Vec<(&str, &str, &Playbook)> =
        named.iter().map(|(name, file)| (name.as_str(), file.text.as_str(), &*file.playbook)).collect();
    problems.extend(check_together(&side_by_side));
    (named.into_iter().map(|(_, file)| file).collect(), problems)
}

/// The letters in use, as a check of playbooks wants to know them.
pub fn known_letters() -> &'static KnownLetters {
    static KNOWN: OnceLock<KnownLetters> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let known = letter_texts().known();
        KnownLetters::new(known.map(|(letter, language, channel)| (letter.to_string(), language, channel)))
    })
}

/// The playbooks of a firm: those that it published, and what program and folder bring for all other ids
/// (docs/decisions/0016-published-playbooks.md).
pub fn in_force(brought: &Arc<Vec<PlaybookFile>>, published: Vec<PublishedPlaybook>) -> Arc<Vec<PlaybookFile>> {
    if published.is_empty() {
        return Arc::clone(brought);
    }
    let mut files: Vec<PlaybookFile> = brought.to_vec();
    for own in published {
        // What was accepted once parses again; else what was brought stays in force.
        if let Some(playbook) = kept_playbook(&own.id, &own.version, &own.text) {
            files.retain(|file| *file.playbook.reference.id != *own.id);
            files.push(PlaybookFile { playbook, text: own.text });
        }
    }
    files.sort_by(|a, b| a.playbook.reference.id.cmp(&b.playbook.reference.id));
    Arc::new(files)
}

/// Kept texts that were read before: a page must not compile the conditions of every version anew.
static READ: LazyLock<Mutex<HashMap<PlaybookRef, Arc<Playbook>>>> = LazyLock::new(Mutex::default);
/// More versions than any firm publishes; then the memory begins anew.
const MOST_READ: usize = 2_000;

/// A kept version, read; `None` when it cannot be read any more.
pub fn kept_playbook(id: &str, version: &str, text: &str) -> Option<Arc<Playbook>> {
    let reference = PlaybookRef { id: id.into(), version: version.into() };
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(playbook) = read.get(&reference) {
        return Some(Arc::clone(playbook));
    }
    let playbook = Arc::new(parse(id, text).ok()?);
    if read.len() >= MOST_READ {
        read.clear();
    }
    read.insert(reference, Arc::clone(&playbook));
    Some(playbook)
}

fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, Vec<PlaybookProblem>> {
    let unreadable =
        |path: &Path, error: std::io::Error| vec![PlaybookProblem::unreadable(path.display().to_string(), error)];
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    let mut files = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        // A pipe of that name would be waited for, for ever.
        if path.is_file() && path.extension().is_some_and(|ending| ending == "toml") {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            files.push((path.display().to_string(), text));
        }
    }
    Ok(files)
}

/// Playbooks for a decision: today's, and the older versions that running cases began with.
pub fn playbooks(files: &[PlaybookFile], kept: &[(String, String, String)]) -> Playbooks {
    let current: Vec<Arc<Playbook>> = files.iter().map(|file| file.playbook.clone()).collect();
    let mut older = Vec::new();
    for (id, version, text) in kept {
        let reference = PlaybookRef { id: id.as_str().into(), version: version.as_str().into() };
        if current.iter().any(|playbook| playbook.reference == reference) {
            continue;
        }
        // A version that was accepted once parses again; one that does not leaves its cases without a playbook,
        // which is shown as a reason.
        older.extend(kept_playbook(id, version, text));
    }
    Playbooks::new(current, older)
}

/// Language, file name and text of a letter.
pub type LetterFile = (Language, String, String);

static TEXTS: OnceLock<LetterTexts> = OnceLock::new();

/// The letters in use: those that ship, with the user's own in their place.
pub fn letter_texts() -> &'static LetterTexts {
    TEXTS.get_or_init(|| match texts_with(Vec::new()) {
        Ok(texts) => texts,
        // Shipped texts that do not parse are caught by the test below, before anything ships.
        Err(problems) => panic!("the shipped letters are broken: {problems:?}"),
    })
}

/// Puts the letters of a folder in place of the shipped ones of the same name. To be called before any is written;
/// one that cannot be used stops the program, so that no buyer meets it first.
pub fn use_own_letters(folder: &Path) -> anyhow::Result<()> {
    let texts = texts_with(letter_files(folder)?).map_err(not_usable)?;
    let problems = dunlin_documents::letter::check::check(&texts);
    if !problems.is_empty() {
        return Err(not_usable(problems));
    }
    // Read once: whoever came first has read the same folder.
    let _ = TEXTS.set(texts);
    Ok(())
}

pub fn not_usable(problems: Vec<LetterProblem>) -> anyhow::Error {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("the letters cannot be used:\n  {}", lines.join("\n  "))
}

/// The shipped letters with others in their place.
pub fn texts_with(own: Vec<LetterFile>) -> Result<LetterTexts, Vec<LetterProblem>> {
    let shipped = LetterFiles::iter().filter(|path| path.ends_with(".txt")).filter_map(|path| {
        let (folder, name) = path.split_once('/')?;
        let file = LetterFiles::get(&path)?;
        let text = String::from_utf8_lossy(&file.data).into_owned();
        Some((Language::from_code(folder)?, name.to_string(), text))
    });
    LetterTexts::new(shipped.chain(own).collect::<Vec<_>>())
}

/// The letters under a path: a file in the folder of its language, such a folder, or a folder of these.
pub fn letter_files(path: &Path) -> anyhow::Result<Vec<LetterFile>> {
    let cannot = || format!("cannot read {}; check the path and its permissions", path.display());
    if path.is_dir() {
        let mut inside: Vec<_> =
            std::fs::read_dir(path).with_context(cannot)?.flatten().map(|entry| entry.path()).collect();
        inside.sort();
        let wanted = |path: &Path| path.is_dir() || path.extension().is_some_and(|ending| ending == "txt");
        let mut files = Vec::new();
        for path in inside.into_iter().filter(|path| wanted(path)) {
            files.extend(letter_files(&path)?);
        }
        return Ok(files);
    }
    anyhow::ensure!(path.is_file(), "{}: no such file", path.display());
    let full = path.canonicalize().with_context(cannot)?;
    let folder = full.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let language = folder.as_deref().and_then(Language::from_code).with_context(|| {
        format!("{}: a letter lies in the folder of its language, for instance es/first_reminder.txt", path.display())
    })?;
    let name = full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(vec![(language, name, std::fs::read_to_string(path).with_context(cannot)?)])
}

/// Files of one's own whose letter neither ships nor is named by a playbook: mistyped, so that nobody would ever get it.
pub fn nobodys_letters(own: &[LetterFile], playbooks: Option<&Path>) -> Vec<LetterProblem> {
    let stem = |name: &str| name.split('.').next().unwrap_or(name).to_string();
    let mut known: BTreeSet<String> =
        LetterFiles::iter().filter_map(|path| path.rsplit('/').next().map(stem)).collect();
    let named = playbooks.and_then(|folder| read_folder(folder).ok()).unwrap_or_default();
    for playbook in named.iter().filter_map(|(name, text)| parse(name, text).ok()) {
        known.extend(playbook.all_steps().flat_map(|step| step.letters().map(|(letter, _)| letter.to_string())));
    }
    let is_nobodys = |(_, name, _): &&LetterFile| !name.starts_with('_') && !known.contains(&stem(name));
    let problem = |(language, name, _): &LetterFile| LetterProblem {
        file: format!("{}/{name}", language.code()),
        line: 1,
        message: format!(
            "no playbook names a letter ‘{}’, so nobody would ever get it; is the name mistyped? (Playbooks of your own are \
             read from --playbooks)",
            stem(name)
        ),
    };
    own.iter().filter(is_nobodys).map(problem).collect()
}

#[cfg(test)]
mod tests {
    use dunlin_core::case::SubjectKind;
    use dunlin_core::playbook::Does;

    use super::*;

    #[test]
    fn shipped_playbooks_parse_and_name_letters_that_exist() {
        let files = playbook_files(None).unwrap_or_else(|problems| panic!("{problems:?}"));
        let sources = files.iter().map(|file| (file.playbook.reference.id.to_string(), file.text.clone())).collect();
        let (_, problems) = checked_files(sources);
        assert!(problems.is_empty(), "{problems:?}");
        assert!(files.len() >= 5);
        for language in Language::ALL {
            let is_written = |file: &&PlaybookFile| {
                language.is_complete() || file.playbook.applies.subject != SubjectKind::Receivable
            };
            let language = language.code();
            for file in files.iter().filter(is_written) {
                for step in file.playbook.all_steps() {
                    let way = if step.does == Does::Task { ".phone" } else { "" };
                    for (letter, _) in step.letters() {
                        let name = format!("{language}/{letter}{way}.txt");
                        assert!(LetterFiles::get(&name).is_some(), "{name} is missing");
                    }
                }
            }
        }
        let found = dunlin_documents::letter::check::check(letter_texts());
        assert!(found.is_empty(), "{found:?}");
    }
}
