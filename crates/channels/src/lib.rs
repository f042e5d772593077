//! The only crate that talks to the outside: mail servers, a marketplace, a tracking service.
//!
//! A channel takes a finished message and says what became of it in four honest words: sent, busy, refused,
//! unknown. It never retries, never decides and never changes a text. Each passes the suite in
//! `tests/ways_out/contract.rs`, and the mail and crash stories of the program. Start with [`Transport`]; [`folder`] is
//! the simplest one.

pub mod aliexpress;
pub mod folder;
pub mod mail;
pub mod smtp;
pub mod track17;

use std::future::Future;
use std::pin::Pin;

use mail::Mail;
pub use mail::{is_address, is_plain_address};

/// What became of a message that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handover {
    /// The other side took it.
    Sent,
    /// Not now: no connection, or a temporary refusal. Certainly not sent.
    Busy(String),
    /// Never: the other side refused it for good. Certainly not sent.
    Refused(String),
    /// The connection broke after the text was on its way: it may or may not have left.
    Unknown(String),
}

/// Whether a message left, asked afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    Found,
    /// Certainly never left.
    Absent,
    /// This channel cannot tell.
    Unknown,
}

/// A future that a channel returns.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One way out of the house. An open set: a new channel is a new file and one line here.
pub trait Transport: Send + Sync {
    /// Word in the database and on pages: `folder`, `smtp`.
    fn name(&self) -> &'static str;
    /// Hands the message over once.
    fn send<'a>(&'a self, mail: &'a Mail) -> Answer<'a, Handover>;
    /// Looks up whether a message with this Message-ID left.
    fn lookup<'a>(&'a self, message_id: &'a str) -> Answer<'a, Lookup>;
    /// Gives up what the channel itself keeps of a message here, because its reader is forgotten. Most keep nothing.
    fn forget<'a>(&'a self, _message_id: &'a str) -> Answer<'a, std::io::Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
