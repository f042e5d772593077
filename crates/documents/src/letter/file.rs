//! A letter file: `<name>.txt`, `<name>.in_site.txt`, `<name>.phone.txt` or, for text shared by letters of one
//! language, `_<name>.txt`. A letter begins with its subject:
//!
//! ```text
//! subject: Invoice {{ one.reference }} was due on {{ one.due_on }}
//! ---
//! Dear {{ contact }}, …
//! ```
//!
//! A shared file (`_…`) is all body.

use dunlin_core::party::{Channel, Language};

use super::LetterProblem;

/// Where a letter file belongs: `(language, letter, channel)`. Email's file has no channel in its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LetterKey {
    pub(super) language: Language,
    pub(super) letter: String,
    pub(super) channel: Channel,
}

/// What a file's name says it is.
pub(super) enum Named {
    Letter(LetterKey),
    Shared,
}

impl LetterKey {
    /// `es/balance_before_shipment.in_site.txt`: what people see, and the name of the template.
    pub(super) fn file(&self) -> String {
        let channel = match self.channel {
            Channel::Email => String::new(),
            other => format!(".{}", other.code()),
        };
        format!("{}/{}{channel}.txt", self.language.code(), self.letter)
    }
}

/// Reads a file name such as `first_reminder.phone.txt`; the error is a sentence for its author.
pub(super) fn read_name(language: Language, name: &str) -> Result<Named, String> {
    let Some(stem) = name.strip_suffix(".txt") else {
        return Err("the name of a letter file ends in .txt".to_string());
    };
    let (letter, channel) = match stem.split_once('.') {
        None => (stem, Channel::Email),
        Some((letter, "in_site")) => (letter, Channel::InSite),
        Some((letter, "phone")) => (letter, Channel::Phone),
        Some((_, other)) => {
            return Err(format!("‘.{other}’ is no channel: use .in_site or .phone, and nothing for email"));
        }
    };
    let well_formed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if letter.is_empty() || !letter.chars().all(well_formed) {
        return Err(format!("‘{letter}’: the name of a letter is written with a–z, 0–9 and _"));
    }
    if letter.starts_with('_') {
        return Ok(Named::Shared);
    }
    Ok(Named::Letter(LetterKey { language, letter: letter.to_string(), channel }))
}

/// Splits a letter into the templates of subject and body. The body keeps an empty line for each line of the
/// head, so that template errors name the line of the file; tidying drops them.
pub(super) fn split(file: &str, text: &str) -> Result<(String, String), LetterProblem> {
    let problem = |line, message| LetterProblem::new(file, line, message);
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or("").trim();
    let Some(subject) = first.strip_prefix("subject:").map(str::trim) else {
        return Err(problem(1, "the first line must be ‘subject: …’"));
    };
    if subject.is_empty() {
        return Err(problem(1, "the subject is empty"));
    }
    if lines.next().unwrap_or("").trim_end() != "---" {
        return Err(problem(2, "the second line must be ‘---’, with the text of the letter below it"));
    }
    let body: String = lines.collect();
    if body.trim().is_empty() {
        return Err(problem(3, "the letter has no text"));
    }
    Ok((subject.to_string(), format!("\n\n{body}")))
}
