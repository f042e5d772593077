//! A finished message and its wire form (RFC 5322).

use jiff::Timestamp;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

/// A message with nothing left to decide.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Fixed per letter; the same letter always has the same.
    pub message_id: String,
    pub date: Timestamp,
    pub from_name: String,
    pub from: String,
    /// Where answers go, when not to `from`.
    pub reply_to: Option<String>,
    /// Message-ID of the mail that this one is about: mailboxes show the two together.
    pub in_reply_to: Option<String>,
    pub to_name: String,
    pub to: String,
    pub subject: String,
    pub body: String,
    pub attachments: Vec<Attachment>,
    /// `email` or `in_site`: shown in a header of its own, so that a folder of letters can be told apart.
    pub channel: &'static str,
}

/// A file that goes along.
#[derive(Debug, Clone)]
pub struct Attachment {
    pub name: String,
    pub mime: &'static str,
    pub bytes: Vec<u8>,
}

/// Why a message cannot be written: an address that is none, a header that would break the mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ComposeError(pub String);

#[derive(Clone)]
struct ChannelHeader(String);

impl Header for ChannelHeader {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-Dunlin-Channel")
    }
    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_string()))
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

impl Mail {
    /// Address check and wire form in one. In-site messages carry an account name in place of an address.
    pub fn compose(&self) -> Result<Message, ComposeError> {
        let to = match self.channel {
            "in_site" => mailbox(&self.to_name, &in_site_address(&self.to))?,
            _ => mailbox(&self.to_name, &self.to)?,
        };
        let date = std::time::SystemTime::from(self.date);
        let mut builder = Message::builder()
            .message_id(Some(format!("<{}>", self.message_id)))
            .date(date)
            .from(mailbox(&self.from_name, &self.from)?)
            .to(to)
            .subject(one_line(&self.subject))
            .header(ChannelHeader(self.channel.to_string()));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(mailbox("", reply_to)?);
        }
        if let Some(earlier) = &self.in_reply_to {
            builder = builder.in_reply_to(format!("<{earlier}>")).references(format!("<{earlier}>"));
        }
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(self.body.clone());
        let built = if self.attachments.is_empty() {
            builder.singlepart(text)
        } else {
            let mut parts = MultiPart::mixed().singlepart(text);
            for file in &self.attachments {
                let mime = ContentType::parse(file.mime).map_err(|e| ComposeError(e.to_string()))?;
                parts = parts.singlepart(Part::new(file.name.clone()).body(file.bytes.clone(), mime));
            }
            builder.multipart(parts)
        };
        built.map_err(|e| ComposeError(format!("the mail cannot be written: {e}")))
    }
}

fn mailbox(name: &str, address: &str) -> Result<Mailbox, ComposeError> {
    let address: Address = address.trim().parse().map_err(|_| {
        ComposeError(format!("‘{}’ is not an email address; correct it on the contact", one_line(address)))
    })?;
    let name = one_line(name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}

/// Whether mail could be addressed to this.
pub fn is_address(text: &str) -> bool {
    text.trim().parse::<Address>().is_ok()
}

/// Whether mail can come from here, and answers go here, whatever server is on the way: letters outside ASCII need an
/// extension of the protocol (SMTPUTF8, RFC 6531) that many do not have, and the server that has it tells so only when
/// the letter is on its way.
pub fn is_plain_address(text: &str) -> bool {
    text.is_ascii() && is_address(text)
}

/// A marketplace account as a local part, for folders only.
fn in_site_address(account: &str) -> String {
    let local: String = account
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' })
        .collect();
    format!("{}@in-site.invalid", local.trim_matches('.').replace("..", "."))
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_string()
}
