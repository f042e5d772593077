//! Letters by SMTP (RFC 5321). One connection pool per server; every answer is sorted into the four words.

use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::mail::Mail;
use crate::{Answer, Handover, Lookup, Transport};

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    None,
    StartTls,
    Tls,
}

impl Security {
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "none" => Self::None,
            "starttls" => Self::StartTls,
            "tls" => Self::Tls,
            _ => return None,
        })
    }
}

/// Where and as whom to hand mail over.
#[derive(Clone)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub login: Option<(String, String)>,
}

impl std::fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the password.
        write!(f, "smtp {}:{} {:?}", self.host, self.port, self.security)
    }
}

/// A mail server.
#[derive(Debug)]
pub struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    place: String,
}

impl Smtp {
    pub fn new(settings: &SmtpSettings) -> Result<Self, String> {
        type Server = AsyncSmtpTransport<Tokio1Executor>;
        let builder = match settings.security {
            Security::None => Ok(Server::builder_dangerous(&settings.host)),
            Security::StartTls => Server::starttls_relay(&settings.host),
            Security::Tls => Server::relay(&settings.host),
        };
        let mut builder = builder
            .map_err(|e| format!("the mail server {} cannot be used: {e}", settings.host))?
            .port(settings.port)
            .timeout(Some(Duration::from_secs(30)));
        if let Some((user, password)) = &settings.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { server: builder.build(), place: format!("{}:{}", settings.host, settings.port) })
    }

    /// Connects, greets and logs in; the error names the server, what it said, and what to check.
    pub async fn check(&self) -> Result<(), String> {
        match self.server.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(format!("the mail server {} does not answer", self.place)),
            Err(error) => Err(self.explain(&error)),
        }
    }

    fn explain(&self, error: &Error) -> String {
        let what = describe(error);
        let remedy = if what.contains("535") || what.to_lowercase().contains("authenticat") {
            "check user and password of the mail account"
        } else {
            "check host, port and security of the mail server"
        };
        format!("the mail server {}: {what}; {remedy}", self.place)
    }

    async fn hand_over(&self, mail: &Mail) -> Handover {
        let message = match mail.compose() {
            Ok(message) => message,
            Err(error) => return Handover::Refused(error.to_string()),
        };
        // A failure here is before the message: certainly nothing was sent.
        if let Err(why) = self.check().await {
            return Handover::Busy(why);
        }
        match self.server.send(message).await {
            Ok(_) => Handover::Sent,
            Err(error) if error.is_permanent() => Handover::Refused(format!("{}: {}", self.place, describe(&error))),
            Err(error) if error.is_transient() => Handover::Busy(format!("{}: {}", self.place, describe(&error))),
            Err(error) if error.is_client() => Handover::Refused(format!("{}: {}", self.place, describe(&error))),
            Err(error) => Handover::Unknown(format!("{}: {}", self.place, describe(&error))),
        }
    }
}

/// The error with its cause, which the library prints only on request.
fn describe(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = inner.source();
    }
    text
}

impl Transport for Smtp {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn send<'a>(&'a self, mail: &'a Mail) -> Answer<'a, Handover> {
        Box::pin(self.hand_over(mail))
    }

    /// SMTP has no question "did you get it?".
    fn lookup<'a>(&'a self, _message_id: &'a str) -> Answer<'a, Lookup> {
        Box::pin(async { Lookup::Unknown })
    }
}
