//! The pull reader over both formats, and `parse`, which collects what it yields.

use crate::amount::usual_digits;
use crate::camt::CamtReader;
use crate::format::{Format, detect};
use crate::model::{Balance, Entry, Parsed, Problem, Statement, StatementHead};
use crate::mt940::Mt940Reader;
use crate::transcode::Transcoder;
use std::io::BufRead;

/// One step through a file. Between a `StatementStart` and its `StatementEnd` come the entries of that
/// statement; problems may come anywhere.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    StatementStart(StatementHead),
    Entry(Box<Entry>),
    /// `currency` is known here even when the file named it only after the entries.
    StatementEnd {
        closing: Option<Balance>,
        currency: String,
    },
    Problem(Problem),
}

/// Yields events as the bytes come; memory stays flat however long the file is.
pub struct StatementReader<R: BufRead> {
    inner: Inner<R>,
}

enum Inner<R: BufRead> {
    Mt940(Box<Mt940Reader<R>>),
    Camt(Box<CamtReader<R>>),
    Unreadable(Option<Problem>),
}

impl<R: BufRead> StatementReader<R> {
    /// Looks at the beginning of `source` when `format` is [`Format::Auto`].
    pub fn new(source: R, format: Format) -> Self {
        let mut source = Transcoder::new(source);
        let beginning = match source.peek() {
            Ok(text) => text,
            Err(error) => {
                return Self::unreadable(format!("the file could not be read: {error}"), "");
            }
        };
        if beginning.trim().is_empty() {
            return Self::unreadable("the file is empty".into(), "");
        }
        let inner = match (format, detect(&beginning)) {
            (Format::Mt940, _) | (Format::Auto, Some(Format::Mt940)) => {
                Inner::Mt940(Box::new(Mt940Reader::new(source)))
            }
            (Format::Camt, _) | (Format::Auto, Some(Format::Camt)) => Inner::Camt(Box::new(CamtReader::new(source))),
            (Format::Auto, _) => {
                let what = "this is neither an MT940 nor a camt.05x bank statement; export the statement from the bank in one of these formats";
                return Self::unreadable(what.into(), &crate::model::shorten(beginning.trim(), 200));
            }
        };
        StatementReader { inner }
    }

    fn unreadable(what: String, kept: &str) -> Self {
        StatementReader { inner: Inner::Unreadable(Some(Problem::new("line 1".into(), what, kept))) }
    }

    /// `mt940`, `mt942`, `camt052`, `camt053`, `camt054` or `unknown`; final once the events have been read.
    pub fn format(&self) -> &'static str {
        match &self.inner {
            Inner::Mt940(reader) => reader.format(),
            Inner::Camt(reader) => reader.format(),
            Inner::Unreadable(_) => "unknown",
        }
    }
}

impl<R: BufRead> Iterator for StatementReader<R> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        match &mut self.inner {
            Inner::Mt940(reader) => reader.next(),
            Inner::Camt(reader) => reader.next(),
            Inner::Unreadable(problem) => problem.take().map(Event::Problem),
        }
    }
}

/// Reads a whole file. Never fails: a file that is no statement has one problem and no statements.
pub fn parse(bytes: &[u8], format: Format) -> Parsed {
    let mut reader = StatementReader::new(bytes, format);
    let mut parsed = Parsed { format: "unknown", statements: Vec::new(), problems: Vec::new() };
    for event in reader.by_ref() {
        match event {
            Event::StatementStart(StatementHead { account, currency, number, opening }) => {
                parsed.statements.push(Statement { account, currency, number, opening, ..Statement::default() });
            }
            Event::Entry(entry) => {
                if let Some(statement) = parsed.statements.last_mut() {
                    statement.entries.push(*entry);
                }
            }
            Event::StatementEnd { closing, currency } => {
                if let Some(statement) = parsed.statements.last_mut() {
                    end_statement(statement, closing, currency);
                }
            }
            Event::Problem(problem) => parsed.problems.push(problem),
        }
    }
    parsed.format = reader.format();
    parsed
}

/// Gives the entries the currency that the file named only after them.
fn end_statement(statement: &mut Statement, closing: Option<Balance>, currency: String) {
    statement.closing = closing;
    if statement.currency.is_empty() && !currency.is_empty() {
        for entry in statement.entries.iter_mut().filter(|entry| entry.currency.is_empty()) {
            entry.amount = usual_digits(entry.amount, &currency);
            entry.currency.clone_from(&currency);
        }
        statement.currency = currency;
    }
}
