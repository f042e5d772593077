//! Walks the XML and gives out statements and entries as they end.
//!
//! An entry comes out only after its end tag, so that a file cut off anywhere invents nothing. Entities other
//! than the five of XML and character references are left as written; a document type is ignored.

use super::entities::push_reference;
use super::entry::{Around, read_entries};
use super::head::{account, typed_balance};
use super::open::Open;
use super::tree::Tree;
use crate::model::Problem;
use crate::reader::Event;
use crate::transcode::Transcoder;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event as Xml};
use std::collections::VecDeque;
use std::io::BufRead;

pub(crate) struct CamtReader<R: BufRead> {
    xml: Reader<Transcoder<R>>,
    buffer: Vec<u8>,
    tree: Tree,
    /// The element now being captured and its line.
    capturing: Option<u32>,
    depth: usize,
    /// Depth of the children of the open statement.
    inside: Option<usize>,
    open: Open,
    ready: VecDeque<Event>,
    entries: u32,
    statements: u32,
    format: &'static str,
    ended: bool,
}

impl<R: BufRead> CamtReader<R> {
    pub(crate) fn new(source: Transcoder<R>) -> Self {
        CamtReader {
            xml: Reader::from_reader(source),
            buffer: Vec::new(),
            tree: Tree::default(),
            capturing: None,
            depth: 0,
            inside: None,
            open: Open::default(),
            ready: VecDeque::new(),
            entries: 0,
            statements: 0,
            format: "camt053",
            ended: false,
        }
    }

    pub(crate) fn format(&self) -> &'static str {
        self.format
    }

    pub(crate) fn next(&mut self) -> Option<Event> {
        while self.ready.is_empty() && !self.ended {
            self.step();
        }
        self.ready.pop_front()
    }

    fn step(&mut self) {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let line = self.xml.get_ref().line();
        match self.xml.read_event_into(&mut buffer) {
            Ok(Xml::Start(tag)) => self.take_start(&tag, line),
            Ok(Xml::Empty(tag)) => {
                self.take_start(&tag, line);
                self.take_end(line);
            }
            Ok(Xml::End(_)) => self.take_end(line),
            Ok(Xml::Text(text)) if self.capturing.is_some() => self.tree.push_text(&text),
            Ok(Xml::CData(text)) if self.capturing.is_some() => self.tree.push_text(&text),
            Ok(Xml::GeneralRef(reference)) if self.capturing.is_some() => push_reference(&mut self.tree, &reference),
            Ok(Xml::Eof) => self.finish(None, line),
            Ok(_) => {}
            Err(error) => {
                self.finish(Some(format!("the XML is broken here, nothing after it could be read: {error}")), line)
            }
        }
        self.buffer = buffer;
    }

    fn take_start(&mut self, tag: &BytesStart<'_>, line: u32) {
        self.depth += 1;
        let name = tag.local_name();
        let name: &str = name.as_ref();
        if self.capturing.is_some() {
            return self.open_node(name, tag);
        }
        match (self.inside, name) {
            (None, "Stmt" | "Rpt" | "Ntfctn") => {
                self.format = match name {
                    "Rpt" => "camt052",
                    "Stmt" => "camt053",
                    _ => "camt054",
                };
                self.inside = Some(self.depth + 1);
                self.open = Open { line, ..Open::default() };
            }
            (Some(depth), "Id" | "CreDtTm" | "ElctrncSeqNb" | "LglSeqNb" | "Acct" | "Bal" | "Ntry")
                if depth == self.depth =>
            {
                self.capturing = Some(line);
                self.tree.clear();
                self.open_node(name, tag);
            }
            _ => {}
        }
    }

    fn open_node(&mut self, name: &str, tag: &BytesStart<'_>) {
        if !tag.attributes_raw().contains("Ccy") {
            return self.tree.open(name, None);
        }
        let is_currency = |key: &str| key == "Ccy" || key.ends_with(":Ccy");
        let attribute = tag.attributes().flatten().find(|attribute| is_currency(attribute.key.as_ref()));
        self.tree.open(name, attribute.as_ref().map(|attribute| attribute.value.as_ref()));
    }

    fn take_end(&mut self, line: u32) {
        self.depth = self.depth.saturating_sub(1);
        if let Some(began) = self.capturing {
            if self.tree.close() {
                self.capturing = None;
                self.take_element(began);
            }
        } else if self.inside.is_some_and(|depth| self.depth + 1 < depth) {
            self.end_statement(line);
        }
    }

    fn take_element(&mut self, line: u32) {
        let root = self.tree.root();
        let text = root.value().map(str::to_owned);
        match root.name() {
            "Id" => self.open.id = text,
            "CreDtTm" => self.open.made_on = text.and_then(|text| text.get(..10)?.parse().ok()),
            "ElctrncSeqNb" => self.open.numbers[0] = text,
            "LglSeqNb" => self.open.numbers[1] = text,
            "Acct" => {
                self.open.head.account = account(root).unwrap_or_default();
                self.open.head.currency = root.text(&["Ccy"]).unwrap_or_default().to_owned();
            }
            "Bal" => match typed_balance(root) {
                Ok(balance) if self.open.balances.len() < 1000 => self.open.balances.push(balance),
                Ok(_) => {}
                Err(what) => self.problem(format!("line {line}"), format!("a balance could not be read: {what}")),
            },
            _ => self.take_entry(line),
        }
    }

    fn take_entry(&mut self, line: u32) {
        self.entries += 1;
        let around = Around { own_account: &self.open.head.account, made_on: self.open.made_on };
        let too_big = self.tree.is_too_big().then(|| "an entry with too many elements".to_owned());
        let read = too_big.map_or_else(|| read_entries(self.tree.root(), &around), Err);
        match read {
            Ok((entries, note)) => {
                let currency = entries.first().map(|entry| entry.currency.clone()).unwrap_or_default();
                self.start(&currency);
                if let Some(what) = note {
                    self.problem(format!("entry {} (line {line})", self.entries), what);
                }
                for entry in entries {
                    if entry.currency != self.open.head.currency {
                        self.open.incomplete = true;
                    } else if !entry.pending {
                        self.open.sum += entry.amount;
                    }
                    self.ready.push_back(Event::Entry(Box::new(entry)));
                }
            }
            Err(what) => {
                self.open.incomplete = true;
                self.problem(format!("entry {} (line {line})", self.entries), what);
            }
        }
    }

    /// Gives out the head of the statement, once; balances stand before entries in every version.
    fn start(&mut self, first_currency: &str) {
        if self.open.start(first_currency) {
            self.statements += 1;
            let head = self.open.head.clone();
            self.ready.push_back(Event::StatementStart(head));
        }
    }

    fn end_statement(&mut self, line: u32) {
        self.inside = None;
        self.start("");
        let open = std::mem::take(&mut self.open);
        let at = format!("statement {} (line {}–{line})", self.statements, open.line);
        if let Some((what, amount)) = open.foreign_balance() {
            self.note(at.clone(), what, &amount);
        }
        if let Some(what) = open.balance_problem() {
            self.note(at, what, "");
        }
        self.ready.push_back(Event::StatementEnd { closing: open.closing, currency: open.head.currency });
    }

    fn finish(&mut self, broken: Option<String>, line: u32) {
        self.ended = true;
        let cut_off = self.depth > 0;
        if let Some(what) =
            broken.or(cut_off.then(|| "the file ends in the middle; what came before it was read".to_owned()))
        {
            let kept = if self.capturing.is_some() { self.tree.render(4000) } else { String::new() };
            self.open.incomplete = true;
            self.note(format!("line {line}"), what, &kept);
        }
        if self.inside.is_some() {
            self.end_statement(line);
        }
        if self.statements == 0 {
            self.note(format!("line {line}"), "no bank statement found in the file".into(), "");
        }
    }

    fn problem(&mut self, at: String, what: String) {
        let kept = self.tree.render(4000);
        self.note(at, what, &kept);
    }

    fn note(&mut self, at: String, what: String, kept: &str) {
        self.ready.push_back(Event::Problem(Problem::new(at, what, kept)));
    }
}
