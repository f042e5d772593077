//! Who acts: the program by itself, somebody at the command line, or a user on a page or through the API.

use dunlin_core::access::{Right, Role};
use dunlin_core::ids::{TokenId, UserId};
use jiff::Timestamp;

/// The way a change came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    System,
    CommandLine,
    Page,
    Api,
}

impl Via {
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::CommandLine => "command_line",
            Self::Page => "page",
            Self::Api => "api",
        }
    }
}

/// A user as they act.
#[derive(Debug, Clone)]
pub struct ActingUser {
    pub id: UserId,
    pub name: String,
    pub role: Role,
}

/// The key for programs that somebody acts through. It lowers what they may do, and never raises it.
#[derive(Debug, Clone)]
pub struct ActingToken {
    pub id: TokenId,
    pub scopes: Vec<Right>,
    /// A key made with this one ends no later.
    pub expires_at: Timestamp,
}

/// The idempotency key of a request, as it was taken for it. Every change that is made for the request says so in its
/// own transaction, so that the key tells what happened even when the answer never came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceKey {
    pub token: TokenId,
    pub key: String,
    pub taken_at: Timestamp,
}

/// Who makes a change, and from where.
#[derive(Debug, Clone)]
pub struct Actor {
    pub via: Via,
    pub user: Option<ActingUser>,
    /// Network address of a page's or program's request, name of the system's account at the command line.
    pub from: String,
    /// The key for programs that was used.
    pub token: Option<ActingToken>,
    /// The request that must not be carried out twice.
    pub once: Option<OnceKey>,
}

impl Actor {
    /// The program by itself: runs, sending, matching.
    pub fn system() -> Self {
        Self { via: Via::System, user: None, from: String::new(), token: None, once: None }
    }

    /// Somebody with access to the machine and its files; `account` is what the system calls them.
    pub fn command_line(account: String) -> Self {
        Self { via: Via::CommandLine, user: None, from: account, token: None, once: None }
    }

    pub fn user(via: Via, user: ActingUser, from: String) -> Self {
        Self { via, user: Some(user), from, token: None, once: None }
    }

    /// Whether this is a person, who leaves a line in the audit log with every change.
    pub const fn is_person(&self) -> bool {
        !matches!(self.via, Via::System)
    }

    /// What a user may, within the scopes of the key they use; who has the machine's files may whatever the files allow.
    pub fn may(&self, right: Right) -> bool {
        let scoped = self.token.as_ref().is_none_or(|token| token.scopes.contains(&right));
        scoped && self.user.as_ref().is_none_or(|user| user.role.may(right))
    }

    /// The name an approval carries.
    pub fn name(&self) -> &str {
        self.user.as_ref().map_or(self.from.as_str(), |user| user.name.as_str())
    }

    pub fn user_id(&self) -> Option<UserId> {
        self.user.as_ref().map(|user| user.id)
    }
}
