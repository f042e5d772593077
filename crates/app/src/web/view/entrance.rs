//! What the pages before the door show: sign-in, set-up, invitation.

use crate::web::view::frame::Theme;

/// Which of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    SignIn,
    /// The password was right; the code of the second factor is wanted.
    Code,
    /// The password was right in several firms.
    Firm,
    SetUp,
    Join,
    /// The invitation or the set-up code opens nothing.
    Closed,
}

impl Step {
    /// Catalogue key of title and lead: `entrance-title-sign-in`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Code => "code",
            Self::Firm => "firm",
            Self::SetUp => "set-up",
            Self::Join => "join",
            Self::Closed => "closed",
        }
    }
}

/// Somebody of the demo, who may be tried on.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    pub id: String,
    pub name: String,
    /// Code of the role.
    pub role: &'static str,
}

impl DemoPerson {
    /// Stands for a picture.
    pub fn initial(&self) -> String {
        self.name.chars().next().map(String::from).unwrap_or_default()
    }
}

/// One of the pages.
#[derive(Debug, Clone)]
pub struct Entrance {
    pub step: Step,
    /// Where the form goes.
    pub action: String,
    /// Where one wanted to go.
    pub next: String,
    pub company: String,
    /// Whether the form asks for the firm's name: there is no firm yet.
    pub asks_company: bool,
    /// Of a firm that is there already and gets its first user: whether it only rehearses letters, or sends what is due.
    pub is_safe: Option<bool>,
    pub name: String,
    pub email: String,
    /// Carried from the password to the code, and never shown.
    pub password: String,
    pub code: String,
    /// The firm that was chosen, carried on to the code.
    pub firm: String,
    /// Number and name of each firm to choose from.
    pub firms: Vec<(String, String)>,
    pub problem: String,
    pub people: Vec<DemoPerson>,
    pub here: String,
    pub theme: Theme,
}

impl Entrance {
    pub fn new(step: Step, action: &str, next: &str) -> Self {
        Self {
            step,
            action: action.to_string(),
            next: next.to_string(),
            company: String::new(),
            asks_company: false,
            is_safe: None,
            name: String::new(),
            email: String::new(),
            password: String::new(),
            code: String::new(),
            firm: String::new(),
            firms: Vec::new(),
            problem: String::new(),
            people: Vec::new(),
            here: String::new(),
            theme: Theme::Auto,
        }
    }

    /// What stands in the catalogue keys of title and lead.
    pub const fn says(&self) -> &'static str {
        match (self.step, self.is_safe) {
            (Step::SetUp, Some(true)) => "owner-safe",
            (Step::SetUp, Some(false)) => "owner-live",
            _ => self.step.code(),
        }
    }
}
