//! What somebody should know before they look at anything else: a sentence, and where to do something about it.

/// One notice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notice {
    /// `amber`, `blue`, `red`.
    pub tone: &'static str,
    pub icon: &'static str,
    pub text: String,
    /// Empty: there is nowhere to go, or not for this reader.
    pub href: &'static str,
    /// What the link says.
    pub go: String,
}

/// Why the desk is empty; key of the good word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Calm {
    #[default]
    Done,
    /// Nothing leaves, so nothing waits.
    Safe,
    /// Nothing was imported yet.
    Empty,
    /// No buyer is looked after by whoever reads.
    Nobody,
}

impl Calm {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "ready",
            Self::Safe => "safe",
            Self::Empty => "empty",
            Self::Nobody => "nobody",
        }
    }
}
