//! What happened, oldest first: letters as cards, money as green lines, silent decisions as thin grey ones.

use super::figures::{Amount, When};
use super::why::ReasonLine;

/// One entry; the newest stands at the foot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub when: When,
    pub what: Happening,
}

/// What an entry tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    Letter(LetterCard),
    Money(MoneyLine),
    /// A decision not to write, with its reasons behind a fold.
    Silence(SilenceLine),
    /// Anything a person or a file told us: hold, promise, dispute, trigger, call, import.
    Note(NoteLine),
}

/// A letter on the timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterCard {
    pub number: String,
    /// "Second reminder".
    pub step: String,
    pub subject: String,
    /// BCP 47 of subject and excerpt.
    pub language: String,
    /// The first lines of the body.
    pub excerpt: String,
    pub contact_name: String,
    pub channel: String,
    /// Code of the letter's state: the delivery mark.
    pub state: String,
    /// `None`: it asks for no money.
    pub total: Option<Amount>,
    /// What else the mark should say: "opened the mailbox 10:02", "mailbox full"; may be empty.
    pub note: String,
}

/// Money that came in, or was credited or written off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MoneyLine {
    /// Code of the ledger kind.
    pub kind: String,
    pub amount: Amount,
    /// What was still open afterwards.
    pub outstanding: Amount,
    /// "from ROSSI SRL, Banca Sella", "quality of 40 cartons".
    pub note: String,
    /// `R-1042`, when the page is about more than one receivable.
    pub receivable: Option<String>,
}

/// A day on which nothing was sent, and why. Consecutive days with the same reason share a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SilenceLine {
    /// "Held: promise until 12 March".
    pub sentence: String,
    /// How many decisions this line stands for.
    pub count: u32,
    pub reasons: Vec<ReasonLine>,
}

/// A plain line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteLine {
    /// Which picture: `hold`, `promise`, `dispute`, `trigger`, `call`, `import`, `task`, `note`.
    pub kind: String,
    pub sentence: String,
    /// Who entered it; may be empty.
    pub by: String,
    /// Free text a person typed; may be empty.
    pub text: String,
    /// Where more of it stands.
    pub href: Option<String>,
}
