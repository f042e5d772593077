//! What a form was answered with, kept for some minutes for the session that sent it, so that the answer stands at an
//! address of its own: Back and Reload are harmless, and whatever was typed into a form that was refused stands in it
//! again ([`super::refill`]).
//!
//! It lies in memory alone and is named by chance in `?again=`: nothing that was typed is in an address or a cookie.
//! Passwords and codes are never kept. A restart forgets it, and the page is then shown as if nothing had been sent.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dunlin_core::ids::SessionId;
use dunlin_core::refusal::RefusalCode;

use super::doors::{is_page, percent_decoded};
use super::guard::{Guest, is_change};
use super::load::plan::Typed as TypedPlan;
use super::load::playbooks::Typed;
use super::posts::own_path;
use super::reader::asked;
use super::refill::refill;
use super::view::settings::InviteLink;
use crate::building::Building;
use crate::credentials::new_secret;
use crate::refused;
use crate::use_cases::change_settings::TestMail;
use crate::use_cases::take_in::Choice;

/// Kept for whoever sent a form. A handler puts it into the extensions of its redirect.
#[derive(Clone)]
pub enum Again {
    Refused(Refused),
    /// Of an invitation; its secret is nowhere else.
    Link(InviteLink),
    /// For programs; it is nowhere else.
    Key(String),
    /// How a file would be read.
    File(Box<KeptFile>),
    Tested(TestMail),
    /// Where the seller agrees that a shop is connected; it carries a text that is used once.
    Address(String),
    /// A second factor that is tried: sealed for whoever tries it, and kept nowhere else before a code has shown it.
    Factor(TriedFactor),
    /// The text of a playbook that was checked or not taken.
    Playbook(Box<Typed>),
    /// A plan of instalments to look at, or one that was not taken.
    Plan(Box<TypedPlan>),
}

/// A second factor on its way.
#[derive(Clone)]
pub struct TriedFactor {
    pub ticket: String,
    /// Why the last code was not taken; empty at first.
    pub problem: String,
}

/// A form that was not carried out.
#[derive(Debug, Clone, Default)]
pub struct Refused {
    pub why: String,
    /// Names of the fields that it can be about; empty: not known.
    pub about: &'static [&'static str],
    /// Where the form was sent to.
    pub action: String,
    pub typed: Vec<(String, String)>,
}

/// A file that is looked at.
#[derive(Debug, Clone, Default)]
pub struct KeptFile {
    pub name: String,
    pub sha256: String,
    pub choice: Choice,
    /// Where to go when it is in.
    pub next: String,
}

impl Refused {
    pub fn new(error: &anyhow::Error, why: String) -> Self {
        Self { why, about: refused::code(error).map(fields).unwrap_or_default(), ..Self::default() }
    }

    /// What was typed into a field.
    pub fn of(&self, name: &str) -> Option<&str> {
        self.typed.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The fields that a refusal is about, whatever the form calls them.
const fn fields(code: RefusalCode) -> &'static [&'static str] {
    match code {
        RefusalCode::NotADay | RefusalCode::DayMissing | RefusalCode::PromisePast | RefusalCode::EventAhead => {
            &["date", "until", "from"]
        }
        RefusalCode::HoldOver | RefusalCode::StandInOrder | RefusalCode::StandInPast => &["until"],
        RefusalCode::AmountUnreadable | RefusalCode::AmountUnclear | RefusalCode::AmountNotPositive => {
            &["amount", "uses", "settles"]
        }
        RefusalCode::PromiseAbove | RefusalCode::LowerAbove | RefusalCode::DisputeRange => &["amount"],
        RefusalCode::ReasonMissing => &["reason", "note", "why"],
        RefusalCode::NotOurNumber | RefusalCode::Missing => &["receivable", "kind"],
        RefusalCode::NotATimeZone => &["time_zone"],
        RefusalCode::NotACurrency => &["base_currency", "currency"],
        RefusalCode::NotAnEmail
        | RefusalCode::EmailNotPlain
        | RefusalCode::NotAnAddress
        | RefusalCode::UserKnown
        | RefusalCode::ContactTwice
        | RefusalCode::ContactUnreachable => &["email"],
        RefusalCode::FirmNameMissing => &["company"],
        RefusalCode::FolderOutside => &["folder"],
        RefusalCode::PersonNameMissing | RefusalCode::TypeToErase | RefusalCode::KeyName => &["name"],
        RefusalCode::TypeFirm | RefusalCode::TypeRestore => &["typed"],
        RefusalCode::ConnectionAddress | RefusalCode::ConnectionDemo => &["address"],
        RefusalCode::ConnectionKeys => &["app_key", "secret"],
        RefusalCode::RestoreSure => &["sure"],
        RefusalCode::MailPort | RefusalCode::MailPortWrong => &["server"],
        RefusalCode::AccountIban | RefusalCode::AccountShort => &["account"],
        RefusalCode::AccountSwift => &["swift"],
        RefusalCode::KeyDays | RefusalCode::DaysMissing => &["days"],
        RefusalCode::FileEmpty | RefusalCode::FileNone | RefusalCode::FileBroken => &["file"],
        _ => &[],
    }
}

/// What the page that is asked for is to show again.
#[derive(Clone, Default)]
pub struct Shown(Option<Arc<Again>>);

impl Shown {
    pub fn link(&self) -> Option<InviteLink> {
        match self.0.as_deref() {
            Some(Again::Link(link)) => Some(link.clone()),
            _ => None,
        }
    }

    pub fn key(&self) -> Option<String> {
        match self.0.as_deref() {
            Some(Again::Key(key)) => Some(key.clone()),
            _ => None,
        }
    }

    pub fn file(&self) -> Option<KeptFile> {
        match self.0.as_deref() {
            Some(Again::File(file)) => Some((**file).clone()),
            _ => None,
        }
    }

    pub fn address(&self) -> Option<String> {
        match self.0.as_deref() {
            Some(Again::Address(address)) => Some(address.clone()),
            _ => None,
        }
    }

    pub fn tested(&self) -> Option<TestMail> {
        match self.0.as_deref() {
            Some(Again::Tested(test)) => Some(test.clone()),
            _ => None,
        }
    }
}

impl Shown {
    pub fn factor(&self) -> Option<TriedFactor> {
        match self.0.as_deref() {
            Some(Again::Factor(tried)) => Some(tried.clone()),
            _ => None,
        }
    }

    pub fn plan(&self) -> Option<TypedPlan> {
        match self.0.as_deref() {
            Some(Again::Plan(typed)) => Some((**typed).clone()),
            _ => None,
        }
    }

    pub fn playbook(&self) -> Option<Typed> {
        match self.0.as_deref() {
            Some(Again::Playbook(typed)) => Some((**typed).clone()),
            _ => None,
        }
    }
}

impl Again {
    /// Secrets and what was typed go soon; a file that is looked at says no more than its name.
    const fn lives(&self) -> Duration {
        match self {
            Self::File(_) | Self::Playbook(_) => Duration::from_secs(60 * 60),
            _ => Duration::from_secs(10 * 60),
        }
    }
}

/// Of one session, and of all.
const MOST_OF_ONE: usize = 24;
const MOST: usize = 2_000;
/// Longer forms are not kept: those that take long texts bring them back themselves.
const MOST_BYTES: u64 = 32 << 10;
/// No page is larger.
const MOST_PAGE: usize = 32 << 20;
/// Never kept.
const SECRET: &[&str] = &["password", "secret", "old", "new", "code", "ticket"];
/// Filled in by the page itself.
const HIDDEN: &[&str] = &["next", "seen", "only", "step"];

struct Entry {
    name: String,
    session: SessionId,
    until: Instant,
    what: Arc<Again>,
}

/// All that is kept.
#[derive(Default)]
pub struct Keeping(Mutex<Vec<Entry>>);

impl Keeping {
    /// Returns the name under which the session finds it.
    fn keep(&self, session: SessionId, what: Again) -> anyhow::Result<String> {
        let name: String = new_secret()?.chars().take(22).collect();
        let now = Instant::now();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|entry| entry.until > now);
        if all.iter().filter(|entry| entry.session == session).count() >= MOST_OF_ONE
            && let Some(oldest) = all.iter().position(|entry| entry.session == session)
        {
            all.remove(oldest);
        }
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push(Entry { name: name.clone(), session, until: now + what.lives(), what: Arc::new(what) });
        Ok(name)
    }

    fn find(&self, session: SessionId, name: &str) -> Option<Arc<Again>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let found = all.iter().find(|entry| entry.name == name && entry.session == session && entry.until > now);
        found.map(|entry| Arc::clone(&entry.what))
    }
}

/// Carries a request out: with what its page shows again, or with what becomes of its form kept.
pub async fn around(building: &Building, guest: &Guest, mut request: Request, next: Next) -> Response {
    let name = asked(request.uri().query().unwrap_or(""), "again");
    let shown = guest.session.zip(name).and_then(|(session, name)| building.again.find(session, name));
    let shown = Shown(shown);
    request.extensions_mut().insert(shown.clone());
    if !is_change(request.method()) {
        return drawn(&shown, next.run(request).await).await;
    }
    match overheard(request).await {
        Some((request, sent)) => answered(building, guest, sent, next.run(request).await),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// What came with a form.
struct Sent {
    action: String,
    /// The page it stood on.
    from: Option<String>,
    /// `None`: it was no form of this kind, or a long one.
    typed: Option<Vec<(String, String)>>,
}

/// Reads a form and hands it on as it was; `None`: it did not come whole.
async fn overheard(request: Request) -> Option<(Request, Sent)> {
    let mut sent = Sent { action: request.uri().path().to_string(), from: came_from(request.headers()), typed: None };
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    // As announced: a body that is read under a time limit does not tell its own length any more.
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if !kind.starts_with("application/x-www-form-urlencoded") || length.is_none_or(|length| length > MOST_BYTES) {
        return Some((request, sent));
    }
    let (parts, body) = request.into_parts();
    // A line that breaks in the middle must not become a form with empty fields.
    let bytes = to_bytes(body, MOST_BYTES as usize).await.ok()?;
    sent.typed = Some(pairs(&String::from_utf8_lossy(&bytes)));
    Some((Request::from_parts(parts, Body::from(bytes)), sent))
}

/// Path and query of the page that a form stood on.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    let path = &rest[rest.find('/')?..];
    let own = own_path(path);
    (own == path && is_page(path.split(['?', '#']).next().unwrap_or(""))).then_some(own)
}

fn pairs(form: &str) -> Vec<(String, String)> {
    let plain = |text: &str| percent_decoded(&text.replace('+', " "));
    let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (plain(name), plain(value)))
        .filter(|(name, _)| !SECRET.contains(&name.as_str()))
        .collect()
}

/// A redirect that says what is to be shown again gets the name of it.
fn answered(building: &Building, guest: &Guest, sent: Sent, mut response: Response) -> Response {
    let what = response.extensions_mut().remove::<Again>();
    let place = response.headers().get(header::LOCATION).and_then(|place| place.to_str().ok()).map(str::to_string);
    let Some(mut place) = place.filter(|place| place.starts_with('/')) else {
        return response;
    };
    let what = match what {
        Some(Again::Refused(mut refused)) => {
            let is_empty =
                |typed: &Vec<(String, String)>| typed.iter().all(|(name, _)| HIDDEN.contains(&name.as_str()));
            if sent.typed.as_ref().is_some_and(is_empty) {
                None
            } else {
                place = sent.from.unwrap_or(place);
                refused.action = sent.action;
                refused.typed = sent.typed.unwrap_or_default();
                Some(Again::Refused(refused))
            }
        }
        other => other,
    };
    let name = guest.session.zip(what).and_then(|(session, what)| match building.again.keep(session, what) {
        Ok(name) => Some(name),
        Err(error) => {
            tracing::error!("what was sent could not be kept: {error:#}");
            None
        }
    });
    if let Ok(place) = HeaderValue::from_str(&named(&place, name.as_deref())) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// A path with the name of what is shown again, and without that of an earlier one.
fn named(place: &str, name: Option<&str>) -> String {
    let (place, fragment) = place.split_once('#').map_or((place, None), |(place, rest)| (place, Some(rest)));
    let (path, query) = place.split_once('?').unwrap_or((place, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("again=")).map(str::to_string);
    let pairs: Vec<String> = kept.chain(name.map(|name| format!("again={name}"))).collect();
    let mut whole = path.to_string();
    if !pairs.is_empty() {
        whole.push('?');
        whole.push_str(&pairs.join("&"));
    }
    if let Some(fragment) = fragment {
        whole.push('#');
        whole.push_str(fragment);
    }
    whole
}

/// A page with the form that was refused filled in.
async fn drawn(shown: &Shown, response: Response) -> Response {
    let Some(Again::Refused(refused)) = shown.0.as_deref() else {
        return response;
    };
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    if response.status() != StatusCode::OK || !kind.starts_with("text/html") {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MOST_PAGE).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let html = String::from_utf8_lossy(&bytes).into_owned();
    let html = refill(&html, refused).unwrap_or(html);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(html))
}

/// For handlers that answer without the forms' own way: where the form stood, and why not.
pub fn back_to(place: &str, what: Again) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(place) = HeaderValue::from_str(&own_path(place)) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response.extensions_mut().insert(what);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_session_that_sent_it_finds_it() {
        let keeping = Keeping::default();
        let name = keeping.keep(SessionId(1), Again::Key("k".to_string())).expect("kept");
        assert!(keeping.find(SessionId(1), &name).is_some());
        assert!(keeping.find(SessionId(2), &name).is_none());
        assert!(keeping.find(SessionId(1), "").is_none());
    }

    #[test]
    fn one_session_does_not_fill_the_memory() {
        let keeping = Keeping::default();
        let first = keeping.keep(SessionId(1), Again::Key("k".to_string())).expect("kept");
        let other = keeping.keep(SessionId(2), Again::Key("k".to_string())).expect("kept");
        for _ in 0..MOST_OF_ONE {
            keeping.keep(SessionId(1), Again::Key("k".to_string())).expect("kept");
        }
        assert!(keeping.find(SessionId(1), &first).is_none());
        assert!(keeping.find(SessionId(2), &other).is_some());
    }

    #[test]
    fn passwords_are_not_kept_and_the_rest_is_read_as_the_form_meant_it() {
        let typed = pairs("company=A+%26+B&password=geheim&note=%E4%BA%8C%E4%B8%87&broken");
        assert_eq!(typed, [("company".to_string(), "A & B".to_string()), ("note".to_string(), "二万".to_string())]);
    }

    #[test]
    fn the_name_takes_the_place_of_an_earlier_one() {
        assert_eq!(named("/today?item=a&again=x#b", Some("y")), "/today?item=a&again=y#b");
        assert_eq!(named("/debtors/D-0001?again=x", None), "/debtors/D-0001");
        assert_eq!(named("/welcome", Some("y")), "/welcome?again=y");
    }

    #[test]
    fn a_form_leads_back_to_pages_of_our_own_alone() {
        let from = |referer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, HeaderValue::from_str(referer).expect("a value"));
            came_from(&headers)
        };
        assert_eq!(from("http://localhost:7447/debtors/D-0001?a=b").as_deref(), Some("/debtors/D-0001?a=b"));
        assert_eq!(from("http://localhost:7447/letters/L-0001/approve"), None);
        assert_eq!(from("http://localhost:7447//evil.example"), None);
        assert_eq!(from("nothing"), None);
    }
}
