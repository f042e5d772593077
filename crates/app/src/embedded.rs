//! Data that ships inside the binary: playbooks, letters. A user's folder can replace them file by file.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use dunlin_core::case::PlaybookRef;
use dunlin_core::party::Language;
use dunlin_core::playbook::parse::{PlaybookProblem, parse};
use dunlin_core::playbook::{Playbook, Playbooks};
use dunlin_documents::letter::LetterTexts;
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

/// The shipped playbooks, with those of `folder` in place of the ones of the same name.
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
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for (name, text) in sources {
        match parse(&name, &text) {
            Ok(playbook) => files.push(PlaybookFile { playbook: Arc::new(playbook), text }),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, Vec<PlaybookProblem>> {
    let unreadable = |path: &Path, error: std::io::Error| {
        vec![PlaybookProblem {
            file: path.display().to_string(),
            line: 1,
            column: 1,
            what: format!("cannot be read: {error}; check the path and its permissions"),
        }]
    };
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    let mut files = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
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
        if let Ok(playbook) = parse(id, text) {
            older.push(Arc::new(playbook));
        }
    }
    Playbooks::new(current, older)
}

/// The shipped letters.
pub fn letter_texts() -> &'static LetterTexts {
    static TEXTS: OnceLock<LetterTexts> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let files = LetterFiles::iter().filter(|path| path.ends_with(".txt")).filter_map(|path| {
            let (folder, name) = path.split_once('/')?;
            let file = LetterFiles::get(&path)?;
            let text = String::from_utf8_lossy(&file.data).into_owned();
            Some((Language::from_code(folder)?, name.to_string(), text))
        });
        match LetterTexts::new(files.collect::<Vec<_>>()) {
            Ok(texts) => texts,
            // Shipped texts that do not parse are caught by the test below, before anything ships.
            Err(problems) => panic!("the shipped letters are broken: {problems:?}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_playbooks_parse_and_name_letters_that_exist() {
        let files = playbook_files(None).unwrap_or_else(|problems| panic!("{problems:?}"));
        assert!(files.len() >= 5);
        for language in ["en", "es", "zh"] {
            for file in &files {
                for step in &file.playbook.steps {
                    let name = format!("{language}/{}.txt", step.letter);
                    assert!(LetterFiles::get(&name).is_some(), "{name} is missing");
                }
            }
        }
        let found = dunlin_documents::letter::check::check(letter_texts());
        assert!(found.is_empty(), "{found:?}");
    }
}
