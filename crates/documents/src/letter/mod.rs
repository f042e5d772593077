//! Letters: templates in `letters/<language>/` filled with facts. [`LetterTexts`] holds the checked templates,
//! [`LetterTexts::render`] writes one letter, [`check::check`] tries all of them on samples.
//!
//! File format and names: [`file`]. Variables: [`values`]. A letter may include a shared file of its own language
//! (`{% include "_bank.txt" %}`), never one of another. Unknown variables are errors, not gaps: a letter that
//! says "please pay  by" must not leave the house.

pub mod check;
mod file;
mod filters;
mod in_site;
mod order_values;
mod sample_order;
mod values;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt;
use std::io::{self, Write};

use dunlin_core::letter::LetterFacts;
use dunlin_core::party::{Channel, Language};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};

use crate::plain_text;
use file::{LetterKey, Named};
use values::Values;

/// Instructions one letter may take. One item takes some fifty; a template that runs in circles is stopped.
const FUEL: u64 = 1_000_000;

/// Bytes one letter may have.
const MAX_BODY: usize = 256 * 1024;

/// The letter templates of all languages, parsed. Cheap to share between threads.
pub struct LetterTexts {
    templates: Environment<'static>,
    letters: BTreeSet<LetterKey>,
}

/// A letter ready to be sent: plain text, UTF-8, lines ended by `\n`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedLetter {
    /// One line, at most 200 characters.
    pub subject: String,
    pub body: String,
    pub language_used: Language,
    /// The letter does not exist in the reader's language, so it is in English.
    pub fell_back: bool,
}

/// What is wrong in a letter file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LetterProblem {
    /// `es/first_reminder.txt`.
    pub file: String,
    /// From 1; 1 also when the whole file is meant.
    pub line: usize,
    pub message: String,
}

impl LetterProblem {
    fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_string(), line, message: message.into() }
    }
}

impl fmt::Display for LetterProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "letters/{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Why a letter could not be written. Nothing is sent then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    #[error("there is no letter ‘{letter}’, neither in ‘{language}’ nor in English: add letters/en/{letter}.txt")]
    Missing { letter: String, language: &'static str },
    #[error("{0}")]
    Template(LetterProblem),
}

impl LetterTexts {
    /// Takes `(language, file name, text)`. A later file replaces an earlier one of the same name: the user's
    /// own come after those that are built in. All problems are reported at once.
    pub fn new<N, T>(files: impl IntoIterator<Item = (Language, N, T)>) -> Result<Self, Vec<LetterProblem>>
    where
        N: AsRef<str>,
        T: AsRef<str>,
    {
        let mut texts = Self { templates: environment(), letters: BTreeSet::new() };
        let mut problems = Vec::new();
        for (language, name, text) in files {
            if let Err(problem) = texts.add(language, name.as_ref(), text.as_ref()) {
                problems.push(problem);
            }
        }
        if problems.is_empty() { Ok(texts) } else { Err(problems) }
    }

    /// Writes the letter that the facts name, in their language or else in English; the text made for the
    /// channel or else the plain one.
    pub fn render(&self, facts: &LetterFacts) -> Result<RenderedLetter, LetterError> {
        let Some(key) = self.find(facts) else {
            return Err(LetterError::Missing { letter: facts.letter.clone(), language: facts.language.code() });
        };
        self.render_as(key, facts).map_err(LetterError::Template)
    }

    /// Whether a letter of this name exists, in English at least: the others fall back to it.
    pub fn has(&self, letter: &str) -> bool {
        self.letters.iter().any(|key| key.language == Language::En && key.letter == letter)
    }

    /// Every letter with its language and the channel that its text is made for.
    pub fn known(&self) -> impl Iterator<Item = (&str, Language, Channel)> {
        self.letters.iter().map(|key| (key.letter.as_str(), key.language, key.channel))
    }

    /// Names of the letters, in order.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.letters.iter().map(|key| key.letter.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn find(&self, facts: &LetterFacts) -> Option<&LetterKey> {
        // Language before channel: a reader of Spanish is better served by the Spanish email text in the chat of
        // a marketplace than by an English one made for it.
        [facts.language, Language::En]
            .into_iter()
            .flat_map(|language| [facts.channel, Channel::Email].map(|channel| (language, channel)))
            .find_map(|(language, channel)| {
                self.letters.get(&LetterKey { language, letter: facts.letter.clone(), channel })
            })
    }

    fn render_as(&self, key: &LetterKey, facts: &LetterFacts) -> Result<RenderedLetter, LetterProblem> {
        let file = key.file();
        let values = Value::from(Serde(Values::new(facts, key.language)));
        let subject = plain_text::subject(&self.fill(&subject_name(&file), &values)?);
        let body = plain_text::body(&self.fill(&file, &values)?);
        if subject.is_empty() {
            return Err(LetterProblem::new(&file, 1, "the subject came out empty"));
        }
        if body.is_empty() {
            return Err(LetterProblem::new(&file, 3, "the letter came out empty"));
        }
        let fell_back = key.language != facts.language;
        Ok(RenderedLetter { subject, body, language_used: key.language, fell_back })
    }

    fn fill(&self, template: &str, values: &Value) -> Result<String, LetterProblem> {
        let mut text = Bounded(Vec::new());
        self.templates
            .get_template(template)
            .and_then(|template| template.render_captured_to(values.clone(), &mut text).map(drop))
            .map_err(|error| explain(template, &error))?;
        String::from_utf8(text.0).map_err(|_| LetterProblem::new(template, 1, "the text came out as invalid UTF-8"))
    }

    fn add(&mut self, language: Language, name: &str, text: &str) -> Result<(), LetterProblem> {
        let file = format!("{}/{name}", language.code());
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n");
        let named = file::read_name(language, name).map_err(|message| LetterProblem::new(&file, 1, message))?;
        let (key, body) = match named {
            Named::Shared => (None, text),
            Named::Letter(key) => {
                let (subject, body) = file::split(&file, &text)?;
                self.parse(subject_name(&file), subject)?;
                (Some(key), body)
            }
        };
        self.parse(file, body)?;
        self.letters.extend(key);
        Ok(())
    }

    fn parse(&mut self, name: String, source: String) -> Result<(), LetterProblem> {
        self.templates.add_template_owned(name.clone(), source).map_err(|error| explain(&name, &error))
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Plain text: a buyer called "Müller & Söhne" is not "Müller &amp; Söhne".
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(FUEL));
    filters::bound(&mut environment);
    // An include is looked up beside the letter that includes it; other languages are out of reach.
    environment.set_path_join_callback(|name, parent| match parent.split_once('/') {
        Some((language, _)) => Cow::Owned(format!("{language}/{name}")),
        None => Cow::Borrowed(name),
    });
    environment
}

/// Name of the template that is a letter's first line.
fn subject_name(file: &str) -> String {
    format!("{file}#subject")
}

/// Turns a template error into a sentence for the letter's author. Includes wrap errors; the innermost one knows
/// the file and line that have to be mended.
fn explain(template: &str, error: &minijinja::Error) -> LetterProblem {
    let mut chain: Vec<&minijinja::Error> = vec![error];
    let mut source = error.source();
    while let Some(inner) = source {
        chain.extend(inner.downcast_ref::<minijinja::Error>());
        source = inner.source();
    }
    let place = chain.iter().rev().find_map(|error| Some((error.name()?, error.line()?)));
    let (file, line) = place.unwrap_or((template, 1));
    let innermost = chain.last().copied().unwrap_or(error);
    let detail = innermost.detail().unwrap_or("");
    let message = match innermost.kind() {
        ErrorKind::OutOfFuel => format!("the letter takes more than {FUEL} instructions: is there an endless loop?"),
        ErrorKind::WriteFailure => format!("the letter is longer than {} kB", MAX_BODY / 1024),
        ErrorKind::UndefinedError => format!("a name is used that has no value here {detail}").trim_end().to_string(),
        ErrorKind::TemplateNotFound => format!("include: {detail}"),
        kind if detail.is_empty() => kind.to_string(),
        kind => format!("{kind}: {detail}"),
    };
    LetterProblem::new(file.split('#').next().unwrap_or(file), line, message)
}

/// Collects text up to [`MAX_BODY`]: fuel bounds the steps, this bounds what each step may write.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_BODY {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
