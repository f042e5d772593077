//! Fields into statements and entries, one message after another.
//!
//! Does not trust the order of fields: an entry outside any statement, a second opening balance or a missing
//! closing one is reported, and what can be read is still given out. Checks opening + entries = closing, since
//! that is the one thing an MT940 file says twice.

use super::balance::{account_currency, read_account, read_balance};
use super::details::{present, read_details};
use super::entry::build_entry;
use super::entry_line::{EntryLine, read_entry_line};
use super::fields::{Fields, Piece};
use super::open::Open;

use crate::model::Problem;
use crate::reader::Event;
use crate::transcode::Transcoder;
use std::collections::VecDeque;
use std::io::BufRead;

pub(crate) struct Mt940Reader<R> {
    fields: Fields<R>,
    ready: VecDeque<Event>,
    open: Option<Open>,
    held: Option<Held>,
    entries: u32,
    statements: u32,
    interim: bool,
    ended: bool,
}

/// The entry being read: its field 86 may still follow.
struct Held {
    line: u32,
    number: u32,
    read: Result<EntryLine, String>,
    raw: String,
    details: String,
}

impl<R: BufRead> Mt940Reader<R> {
    pub(crate) fn new(source: Transcoder<R>) -> Self {
        Mt940Reader {
            fields: Fields::new(source),
            ready: VecDeque::new(),
            open: None,
            held: None,
            entries: 0,
            statements: 0,
            interim: false,
            ended: false,
        }
    }

    pub(crate) fn format(&self) -> &'static str {
        if self.interim { "mt942" } else { "mt940" }
    }

    pub(crate) fn next(&mut self) -> Option<Event> {
        while self.ready.is_empty() && !self.ended {
            match self.fields.next() {
                Some(piece) => self.take(piece),
                None => {
                    self.ended = true;
                    self.close();
                    if self.statements == 0 {
                        self.problem(
                            format!("line {}", self.fields.line()),
                            "no bank statement found in the file".into(),
                            "",
                        );
                    }
                }
            }
        }
        self.ready.pop_front()
    }

    fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Field { tag, text, line } => self.take_field(&tag, &text, line),
            Piece::Header { interim } => {
                self.close();
                self.interim |= interim;
            }
            Piece::Terminator => {
                // Only a statement with its closing balance is surely over.
                self.hand_over_entry();
                if self.open.as_ref().is_some_and(|open| open.closing.is_some()) {
                    self.close();
                }
            }
            Piece::Failed { what, line } => self.problem(format!("line {line}"), what, ""),
        }
    }

    fn take_field(&mut self, tag: &str, text: &str, line: u32) {
        if tag != "86" {
            self.hand_over_entry();
        }
        match tag {
            "20" => {
                self.close();
                self.open = Some(Open { line, ..Open::default() });
            }
            "25" | "25P" => self.take_account(text, line),
            "28" | "28C" => self.statement(line).head.number = present(text.lines().next().unwrap_or_default()),
            "60F" | "60M" | "60" => self.take_opening(text, line),
            "61" => self.take_entry(text, line),
            "86" => {
                if let Some(held) = &mut self.held {
                    if !held.details.is_empty() {
                        held.details.push('\n');
                    }
                    held.details.push_str(text);
                }
            }
            "62F" | "62M" | "62" => self.take_closing(text, line),
            "34F" | "942" => {
                self.interim = true;
                let currency = text.get(..3).filter(|code| code.bytes().all(|b| b.is_ascii_uppercase()));
                if let (Some(code), Some(open)) = (currency, &mut self.open)
                    && open.head.currency.is_empty()
                {
                    open.head.currency = code.to_owned();
                }
            }
            // Related reference, available balances, creation time, floor limits, totals, bank's own: not needed.
            "21" | "64" | "65" | "13" | "13D" | "90C" | "90D" | "NS" | "940" => {}
            _ => self.problem(format!("line {line}"), format!("unknown field :{tag}:"), text),
        }
    }

    /// The open statement; one without a header is opened when there is none.
    fn statement(&mut self, line: u32) -> &mut Open {
        if self.open.as_ref().is_some_and(|open| open.closing.is_some()) {
            self.close();
        }
        self.open.get_or_insert_with(|| Open { line, ..Open::default() })
    }

    fn take_account(&mut self, text: &str, line: u32) {
        let open = self.statement(line);
        if open.started {
            let what = "field :25: in the middle of a statement: not read".to_owned();
            return self.problem(format!("line {line}"), what, text);
        }
        open.head.account = read_account(text);
        if let Some(code) = account_currency(text) {
            open.head.currency = code.to_owned();
        }
    }

    fn take_opening(&mut self, text: &str, line: u32) {
        let open = self.statement(line);
        match read_balance(text) {
            Ok(_) if open.started || open.head.opening.is_some() => {
                self.problem(
                    format!("line {line}"),
                    "a second opening balance in one statement: not read".into(),
                    text,
                );
            }
            Ok((balance, currency)) => {
                open.head.opening = Some(balance);
                open.head.currency = currency;
            }
            Err(what) => self.problem(format!("line {line}"), what, text),
        }
    }

    fn take_closing(&mut self, text: &str, line: u32) {
        self.open.get_or_insert_with(|| Open { line, ..Open::default() });
        let Some(open) = &mut self.open else { return };
        match read_balance(text) {
            Ok((_, currency)) if !open.head.currency.is_empty() && currency != open.head.currency => {
                let what = format!("closing balance in {currency} on a statement in {}: not read", open.head.currency);
                self.problem(format!("line {line}"), what, text);
            }
            Ok(_) if open.closing.is_some() => {
                self.problem(
                    format!("line {line}"),
                    "a second closing balance in one statement: not read".into(),
                    text,
                );
            }
            Ok((balance, currency)) => {
                open.closing = Some(balance);
                if open.head.currency.is_empty() {
                    open.head.currency = currency;
                }
            }
            Err(what) => self.problem(format!("line {line}"), what, text),
        }
    }

    fn take_entry(&mut self, text: &str, line: u32) {
        self.entries += 1;
        let orphan = self.open.as_ref().is_none_or(|open| open.closing.is_some());
        let number = self.entries;
        self.statement(line);
        if orphan {
            let what = "an entry outside any statement: its account and currency are unknown".to_owned();
            self.problem(format!("entry {number} (line {line})"), what, text);
        }
        self.held =
            Some(Held { line, number, read: read_entry_line(text), raw: text.to_owned(), details: String::new() });
    }

    fn hand_over_entry(&mut self) {
        let Some(held) = self.held.take() else { return };
        let Some(open) = &mut self.open else { return };
        open.start(&mut self.ready, &mut self.statements);
        match held.read {
            Ok(line) => {
                let entry = build_entry(line, read_details(&held.details), &open.head.currency);
                open.sum += entry.amount;
                self.ready.push_back(Event::Entry(Box::new(entry)));
            }
            Err(what) => {
                open.incomplete = true;
                let raw = format!("{}\n{}", held.raw, held.details);
                self.problem(format!("entry {} (line {})", held.number, held.line), what, &raw);
            }
        }
    }

    fn close(&mut self) {
        self.hand_over_entry();
        let Some(mut open) = self.open.take() else {
            return;
        };
        if open.is_empty() {
            return;
        }
        open.start(&mut self.ready, &mut self.statements);
        if let Some(what) = open.balance_problem(self.interim) {
            self.problem(format!("statement {} (line {})", self.statements, open.line), what, "");
        }
        self.ready.push_back(Event::StatementEnd { closing: open.closing, currency: open.head.currency });
    }

    fn problem(&mut self, at: String, what: String, kept: &str) {
        self.ready.push_back(Event::Problem(Problem::new(at, what, kept)));
    }
}
