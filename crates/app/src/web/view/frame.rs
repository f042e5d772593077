//! What every page has around it: rail, search, language, theme, toast.

/// The frame of a page.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The page's place in the rail: `today`, `debtors`, `orders`, `money`, `letters`, or empty.
    pub place: String,
    /// Path and query of this page, for the language and theme links: `/today?item=letter-L-0012`.
    pub here: String,
    /// The seller's company.
    pub company: String,
    /// Who is signed in.
    pub person: String,
    /// Code of their role.
    pub role: &'static str,
    /// Codes of what they may do; forms for anything else are not shown.
    pub rights: Vec<&'static str>,
    /// "Fri 6 Mar 2026, 15:12": the clock that decisions use.
    pub now: String,
    pub now_iso: String,
    /// Number of the firm's latest change when this page was drawn; the script compares it with what it hears.
    pub sequence: Option<i64>,
    /// Items on Today, shown beside its rail entry.
    pub waiting: u32,
    /// What is in the search field.
    pub search: String,
    pub theme: Theme,
    /// The rail is narrow by the reader's choice.
    pub rail_narrow: bool,
    /// Demo data: said once, at the top of the rail.
    pub is_demo: bool,
    /// Letters are rehearsals: nothing leaves the house.
    pub is_rehearsal: bool,
    /// The first run is not over, and whoever reads may go on with it.
    pub is_set_up_open: bool,
    /// Letters are written to a folder, because no mail server is set: they reach nobody by themselves.
    pub is_folder: bool,
    pub toast: Option<Toast>,
}

/// Light, dark, or what the reader's system says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Auto];

    /// The word in `?theme=`, the cookie and `<html data-theme>`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

/// What was just done, with a way back while there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Toast {
    /// "Second reminder to Rossi Srl leaves at 09:40 in Milan."
    pub text: String,
    pub undo: Option<Undo>,
    /// Hidden `next` of the undo form.
    pub next: String,
    /// Something went wrong: shown in red, and it stays.
    pub is_problem: bool,
}

/// The form that takes back what was just done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undo {
    /// Where it posts to: `/letters/L-0012/unapprove`.
    pub action: String,
    /// Hidden fields beside `next`.
    pub fields: Vec<(String, String)>,
}

/// One entry of the rail.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Code, icon name, path (`/code`) and catalogue key (`nav-code`).
    pub code: &'static str,
    /// Otherwise switched off: told of at the end of the rail, behind a fold, not a link.
    pub is_built: bool,
    /// In the bottom bar of a phone.
    pub on_phone: bool,
}

const fn place(code: &'static str, is_built: bool, on_phone: bool) -> Place {
    Place { code, is_built, on_phone }
}

/// The rail, top down.
pub const PLACES: [Place; 10] = [
    place("today", true, true),
    place("inbox", false, false),
    place("debtors", true, true),
    place("orders", true, true),
    place("products", true, false),
    place("money", true, true),
    place("letters", true, true),
    place("playbooks", true, false),
    place("presale", false, false),
    place("reports", false, false),
];

/// The foot of the rail.
pub const FOOT: [Place; 2] = [place("settings", true, false), place("health", false, false)];

/// What is still to come.
pub fn coming() -> impl Iterator<Item = Place> {
    PLACES.into_iter().chain(FOOT).filter(|place| !place.is_built)
}

impl Frame {
    /// This page with one setting changed: `/today?item=…&lang=en`. Another order begins at the first page.
    pub fn with(&self, name: &str, value: &str) -> String {
        let (path, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let gone = |key: &str| key.is_empty() || key == name || (name == "sort" && key == "page");
        let kept = query.split('&').filter(|pair| !gone(pair.split('=').next().unwrap_or("")));
        let pairs: Vec<String> = kept.map(str::to_string).chain([format!("{name}={value}")]).collect();
        format!("{path}?{}", pairs.join("&"))
    }

    /// Whether whoever is signed in may do something, by the code of the right.
    pub fn may(&self, right: &str) -> bool {
        self.rights.contains(&right)
    }

    pub fn is_at(&self, code: &str) -> bool {
        self.place == code
    }
}
