//! The error page: what happened, where, what next.

/// An error as a person reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trouble {
    /// HTTP status.
    pub status: u16,
    /// One sentence; empty for the usual sentence of the status (404, 403, 400, 409, 500 have one).
    pub what: String,
    /// Place: "letter L-0012", "field ‘amount’", path; may be empty.
    pub place: String,
    /// What to do; empty for the usual one.
    pub next: String,
    /// For support: the request's or the incident's number.
    pub incident: Option<String>,
}

impl Trouble {
    /// Which of the usual sentences fits.
    pub const fn family(&self) -> &'static str {
        match self.status {
            400 | 422 => "input",
            403 => "refused",
            404 => "missing",
            409 => "changed",
            _ => "ours",
        }
    }
}
