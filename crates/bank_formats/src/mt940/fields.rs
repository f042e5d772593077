//! Lines into fields: `:61:…` with its continuation lines, message headers and terminators.
//!
//! The hard part is that field 86 wraps at any character, so that a continuation line may begin with `:12:11`
//! or `:26:37` (a time of day) and look like a tag. Within the text of an entry only tags that can follow an
//! entry, and that are no minutes or seconds, end it.

use crate::transcode::Transcoder;
use std::io::{self, BufRead};

/// Longest text kept of one field, in bytes; SWIFT allows 390 characters in field 86.
const MAX_FIELD: usize = 64 * 1024;
/// A longer line is handed on in parts.
const MAX_LINE: usize = 64 * 1024;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// `text` keeps its line ends.
    Field { tag: String, text: String, line: u32 },
    /// `-` or `-}`: the message is over.
    Terminator,
    /// `{1:…{2:I940…{4:`: a message begins. True for message type 942.
    Header { interim: bool },
    /// The source failed; nothing more will come.
    Failed { what: String, line: u32 },
}

pub(super) struct Fields<R> {
    source: Transcoder<R>,
    /// The line read ahead, to tell a new message from a wrapped text.
    ahead: Option<(String, u32)>,
    current: Option<(String, String, u32)>,
    /// What must come out before more is read.
    pending: Option<Piece>,
    /// Between the first entry of a statement and its closing balance.
    body_open: bool,
}

impl<R: BufRead> Fields<R> {
    pub(super) fn new(source: Transcoder<R>) -> Self {
        Fields { source, ahead: None, current: None, pending: None, body_open: false }
    }

    pub(super) fn line(&self) -> u32 {
        self.source.line()
    }

    pub(super) fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.pending.take() {
                return Some(piece);
            }
            match self.next_line() {
                Ok(Some((text, line))) => {
                    if let Some(piece) = self.take_line(&text, line) {
                        return Some(piece);
                    }
                }
                Ok(None) => return self.finish_field(),
                Err(error) => {
                    let line = self.source.line();
                    self.current = None;
                    self.source.stop();
                    return Some(Piece::Failed { what: format!("the file could not be read further: {error}"), line });
                }
            }
        }
    }

    /// Adds a line to the current field, or ends that field and returns it.
    fn take_line(&mut self, text: &str, line: u32) -> Option<Piece> {
        if self.is_terminator(text) {
            self.body_open = false;
            if let Some((_, rest)) = text.split_once("{1:") {
                self.ahead = Some((format!("{{1:{rest}"), line));
            }
            return self.interrupt(Piece::Terminator);
        }
        if text.starts_with("{1:") || text.starts_with("{2:") || text.starts_with("{4:") {
            self.body_open = false;
            let interim = text.contains("{2:I942") || text.contains("{2:O942");
            if let Some((_, rest)) = text.split_once("{4:").filter(|(_, rest)| rest.starts_with(':')) {
                self.ahead = Some((rest.to_owned(), line));
            }
            return self.interrupt(Piece::Header { interim });
        }
        match self.new_field(text) {
            Some((tag, content)) => {
                self.body_open = match tag {
                    "61" => true,
                    "20" | "62F" | "62M" | "62" => false,
                    _ => self.body_open,
                };
                let finished = self.finish_field();
                self.current = Some((tag.to_owned(), content.to_owned(), line));
                finished
            }
            None => {
                if let Some((_, field, _)) = &mut self.current
                    && field.len() + text.len() < MAX_FIELD
                {
                    field.push('\n');
                    field.push_str(text);
                }
                None
            }
        }
    }

    fn finish_field(&mut self) -> Option<Piece> {
        self.current.take().map(|(tag, text, line)| Piece::Field { tag, text, line })
    }

    fn interrupt(&mut self, piece: Piece) -> Option<Piece> {
        match self.finish_field() {
            Some(field) => {
                self.pending = Some(piece);
                Some(field)
            }
            None => Some(piece),
        }
    }

    /// `-` ends a message. In the middle of a text it may be part of the text: then more text follows.
    fn is_terminator(&mut self, text: &str) -> bool {
        let trimmed = text.trim_end();
        if trimmed.starts_with("-}") || (trimmed.starts_with('-') && !self.body_open) {
            return true;
        }
        trimmed == "-" && !(self.in_text() && self.ahead_is(|next| !next.is_empty() && !next.starts_with([':', '{'])))
    }

    /// The tag and content when `text` begins a field.
    fn new_field<'t>(&mut self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let (tag, content) = split_tag(text)?;
        if !(self.body_open && self.in_text()) {
            return Some((tag, content));
        }
        let begins = match tag {
            "60F" | "60M" | "61" | "62F" | "62M" | "64" | "65" | "86" | "28C" | "13D" | "34F" | "90C" | "90D"
            | "940" | "942" => true,
            "20" => self
                .ahead_is(|next| [":21:", ":25", ":28", ":60", ":13", ":NS:"].iter().any(|tag| next.starts_with(tag))),
            // A field 61 without its 86 can be followed only by a tag; there a time of day cannot stand.
            _ => self.current.as_ref().is_some_and(|(tag, text, _)| tag == "61" && !text.contains('\n')),
        };
        begins.then_some((tag, content))
    }

    fn in_text(&self) -> bool {
        self.current.as_ref().is_some_and(|(tag, _, _)| tag == "86" || tag == "61")
    }

    fn ahead_is(&mut self, wanted: impl Fn(&str) -> bool) -> bool {
        if self.ahead.is_none() {
            self.ahead = self.read_line().ok().flatten();
        }
        self.ahead.as_ref().is_some_and(|(text, _)| wanted(text))
    }

    fn next_line(&mut self) -> io::Result<Option<(String, u32)>> {
        match self.ahead.take() {
            Some(line) => Ok(Some(line)),
            None => self.read_line(),
        }
    }

    fn read_line(&mut self) -> io::Result<Option<(String, u32)>> {
        let line = self.source.line();
        let mut bytes = Vec::new();
        loop {
            let ready = self.source.fill_buf()?;
            if ready.is_empty() {
                let rest = String::from_utf8_lossy(&bytes).into_owned();
                return Ok((!bytes.is_empty()).then_some((rest, line)));
            }
            let end = ready.iter().position(|b| *b == b'\n');
            bytes.extend_from_slice(&ready[..end.unwrap_or(ready.len())]);
            let taken = end.map_or(ready.len(), |at| at + 1);
            self.source.consume(taken);
            if end.is_some() || bytes.len() > MAX_LINE {
                let text = String::from_utf8(bytes)
                    .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
                return Ok(Some((text, line)));
            }
        }
    }
}

/// Splits `:28C:12/1` into `28C` and `12/1`.
fn split_tag(text: &str) -> Option<(&str, &str)> {
    let (tag, content) = text.strip_prefix(':')?.split_once(':')?;
    let bytes = tag.as_bytes();
    let numbered = (2..=3).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_digit)
        && bytes[2..].iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    (numbered || tag == "NS").then_some((tag, content))
}

/// True for a line that only a SWIFT statement has; used to recognise the format.
pub(crate) fn is_known_tag(line: &str) -> bool {
    split_tag(line).is_some_and(|(tag, _)| {
        ["20", "25", "25P", "28", "28C", "60F", "60M", "61", "62F", "62M", "64", "86", "940", "942", "NS"]
            .contains(&tag)
    })
}
