//! A letter as pages show it: envelope, text in their language and in ours, and what became of it.

use super::figures::{Age, Amount, When};
use super::notices::Notice;
use super::who::DebtorRef;
use super::why::ReasonLine;

/// Envelope and text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterSheet {
    /// `L-0012`.
    pub number: String,
    /// Hash of recipient, text and amounts as shown: an approval is bound to it.
    pub seen: String,
    pub contact_name: String,
    /// Code of the contact's role.
    pub role: String,
    /// Mail address, in-site account or phone number.
    pub address: String,
    /// Code of the channel.
    pub channel: String,
    /// As it goes out.
    pub theirs: LetterText,
    /// The same in the reader's language, when that is another one and a text exists.
    pub mine: Option<LetterText>,
    /// When it leaves, or what else `moment` says.
    pub send: SendMoment,
    pub moment: Moment,
    /// The account statement and other papers that go along.
    pub attachments: Vec<Attachment>,
    /// What it asks for, or only speaks of, receivable by receivable.
    pub lines: Vec<AskedLine>,
    /// `None`: it asks for no money.
    pub total: Option<Amount>,
    /// The order that it is about, where it is about no money.
    pub order: Option<AboutOrder>,
    /// Where what stands in it is changed; empty once it has left.
    pub edits: Vec<EditPlace>,
}

/// Where something that stands in a letter is changed. Nothing is typed into one letter: amounts come from the ledger, the
/// rest from places that hold for the letters after it as well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditPlace {
    /// `recipient`, `amount`, `words`, `signature`, `firm`.
    pub code: &'static str,
    /// Whose, or which.
    pub about: String,
    pub href: String,
}

/// An order that a letter is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AboutOrder {
    pub number: String,
    /// Its page.
    pub href: String,
    /// "2 × Tent for two".
    pub goods: Vec<String>,
}

/// What the time on the envelope is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Moment {
    #[default]
    Leaves,
    Left,
    /// Cancelled or failed.
    Stopped,
    /// Nobody knows whether it left then.
    Tried,
    /// Since when a person could paste it.
    Ready,
}

impl Moment {
    /// The word in catalogue keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Leaves => "leaves",
            Self::Left => "left",
            Self::Stopped => "stopped",
            Self::Tried => "tried",
            Self::Ready => "ready",
        }
    }
}

impl LetterSheet {
    /// Catalogue key of what stands above the text.
    pub const fn text_key(&self) -> &'static str {
        match self.moment {
            Moment::Left => "letter-left",
            Moment::Stopped => "letter-not-sent",
            _ => "letter-theirs",
        }
    }
}

/// A subject and a body in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterText {
    /// BCP 47 for the `lang` attribute: `es`, `zh-CN`.
    pub language: String,
    pub subject: Vec<Piece>,
    /// Paragraphs, split at empty lines; single line breaks stay inside the pieces.
    pub body: Vec<Vec<Piece>>,
}

/// A stretch of text; locked ones (amounts, dates, bank accounts) come from the ledger and cannot be edited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub locked: bool,
}

impl LetterText {
    /// The body as one text, for copying.
    pub fn plain(&self) -> String {
        let paragraph = |pieces: &Vec<Piece>| pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
        self.body.iter().map(paragraph).collect::<Vec<_>>().join("\n\n")
    }

    /// Splits a letter into paragraphs and marks every occurrence of the `locked` texts.
    pub fn new(language: impl Into<String>, subject: &str, body: &str, locked: &[String]) -> Self {
        let text = body.replace("\r\n", "\n");
        let paragraphs = text.split("\n\n").map(|part| part.trim_matches('\n')).filter(|part| !part.is_empty());
        Self {
            language: language.into(),
            subject: pieces(subject, locked),
            body: paragraphs.map(|part| pieces(part, locked)).collect(),
        }
    }
}

/// Cuts a text at the locked stretches, the longest first where two begin at the same place.
fn pieces(text: &str, locked: &[String]) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((at, length)) = next_locked(rest, locked) {
        if at > 0 {
            found.push(Piece { text: rest[..at].to_string(), locked: false });
        }
        found.push(Piece { text: rest[at..at + length].to_string(), locked: true });
        rest = &rest[at + length..];
    }
    if !rest.is_empty() {
        found.push(Piece { text: rest.to_string(), locked: false });
    }
    found
}

fn next_locked(text: &str, locked: &[String]) -> Option<(usize, usize)> {
    locked
        .iter()
        .filter(|word| !word.is_empty())
        .filter_map(|word| text.find(word.as_str()).map(|at| (at, word.len())))
        .min_by_key(|(at, length)| (*at, usize::MAX - length))
}

/// When and where a letter leaves: there, and in the reader's own time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendMoment {
    /// `09:40`; with the day when it is not today: `Mon 09:40`.
    pub there: String,
    /// City or country in the reader's language.
    pub place: String,
    /// In the reader's zone: `16:40`.
    pub here: String,
    /// For `<time datetime>`.
    pub iso: String,
}

/// A file that goes along.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    /// `None` while it is made at departure only.
    pub href: Option<String>,
}

/// One receivable in a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedLine {
    /// `R-1042`.
    pub number: String,
    /// Invoice or order number as the buyer knows it.
    pub reference: String,
    /// Code of the milestone.
    pub milestone: String,
    pub due: Option<When>,
    pub age: Age,
    pub outstanding: Amount,
    pub asked: Amount,
}

/// `GET /letters/{number}`.
#[derive(Debug, Clone, Default)]
pub struct LetterPage {
    pub debtor: DebtorRef,
    /// "Second reminder".
    pub step: String,
    /// Code of the letter's state.
    pub state: String,
    pub sheet: LetterSheet,
    pub reasons: Vec<ReasonLine>,
    pub history: Vec<HistoryLine>,
    /// Fixed Message-ID, for looking it up in the mail server.
    pub message_id: Option<String>,
    /// Waits for a yes: shows approve and decline.
    pub can_decide: bool,
    /// Leaves by itself when its time comes: shows "do not send".
    pub can_stop: bool,
    /// Approved and still queued: shows "take back".
    pub can_take_back: bool,
    /// Uncertain: shows "it left" and "it did not leave".
    pub can_settle: bool,
    /// To be pasted into a chat: shows "copy" and "sent".
    pub can_paste: bool,
    /// It left, and can be put right: shows the way to it.
    pub can_repair: bool,
    /// The correction of it, and what was wrong.
    pub repaired_by: Option<OtherLetter>,
    /// The wrong letter that this one puts right.
    pub repairs: Option<OtherLetter>,
    /// A severe step: the approval names the person.
    pub severe: bool,
    /// What to know before deciding on it.
    pub notices: Vec<Notice>,
    /// Where to go after a decision.
    pub next: String,
}

/// A letter that another one is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherLetter {
    /// `L-0012`.
    pub number: String,
    /// "L-0012 puts it right: wrong amount".
    pub sentence: String,
}

/// One change of state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryLine {
    /// Code of the letter's state.
    pub state: String,
    pub when: When,
    /// Who, or why: "approved by Chen Wei", "R-0004 is paid in full"; empty when there is nothing to say.
    pub note: String,
    /// How the records put it, in their own language; empty when they say no more.
    pub record: String,
}
