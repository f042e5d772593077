//! Who reads: language, theme and rail from the query or a cookie, and what was just done.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::load::show::Show;
use super::view::frame::{Frame, Theme, Toast};
use super::words::UiLanguage;
use crate::house::House;

/// The reader of one request.
pub struct Reader {
    pub language: UiLanguage,
    pub theme: Theme,
    pub rail_narrow: bool,
    pub toast: Option<Toast>,
    /// The name given with the last approval from this browser; empty before.
    pub person: String,
    /// Cookies to set with the answer.
    pub set: Vec<String>,
    here: String,
}

impl Reader {
    pub fn new(house: &House, headers: &HeaderMap, path: &str, query: &str) -> Self {
        let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let cookie = |name: &str| {
            cookies
                .split(';')
                .filter_map(|pair| pair.trim().split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, v)| v)
        };
        let asked = |name: &str| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        let mut set = Vec::new();
        let mut choose = |name: &str| {
            if let Some(value) =
                asked(name).filter(|value| value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
            {
                set.push(format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"));
            }
            asked(name).or_else(|| cookie(name)).map(str::to_string)
        };
        let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = choose("lang")
            .and_then(|code| UiLanguage::from_code(&code))
            .or_else(|| accept.map(UiLanguage::from_accept_language))
            .or_else(|| UiLanguage::from_code(&house.tenant.settings.ui_language))
            .unwrap_or(UiLanguage::En);
        let theme = choose("theme").and_then(|code| Theme::from_code(&code)).unwrap_or_default();
        let rail_narrow = choose("rail").as_deref() == Some("narrow");
        let person = cookie("person").and_then(read_text).unwrap_or_default();
        let toast = cookie("toast").and_then(read_toast);
        if toast.is_some() {
            set.push("toast=; Path=/; Max-Age=0; SameSite=Strict; HttpOnly".to_string());
        }
        let here = if query.is_empty() { path.to_string() } else { format!("{path}?{query}") };
        Self { language, theme, rail_narrow, toast, person, set, here }
    }

    /// The frame around a page.
    pub fn frame(&self, house: &House, show: &Show, place: &str, waiting: u32) -> Frame {
        let now = show.instant(show.now);
        Frame {
            place: place.to_string(),
            here: self.here.clone(),
            company: house.tenant.name.clone(),
            person: self.person.clone(),
            signer: self.signer(house),
            now: now.text,
            now_iso: now.iso,
            waiting,
            search: String::new(),
            theme: self.theme,
            rail_narrow: self.rail_narrow,
            is_demo: house.tenant.is_demo,
            is_rehearsal: false,
            toast: self.toast.clone(),
        }
    }

    /// Whose name a form proposes: the one given last, else who signs the letters.
    pub fn signer(&self, house: &House) -> String {
        if self.person.is_empty() { house.tenant.settings.sender.name.clone() } else { self.person.clone() }
    }

    /// The cookies as headers.
    pub fn cookies(&self) -> Vec<HeaderValue> {
        self.set.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()).collect()
    }
}

/// Remembers a name in this browser. There is no sign-in: the name is what the person says it is.
pub fn person_cookie(name: &str) -> String {
    format!("person={}; Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly", URL_SAFE_NO_PAD.encode(name))
}

fn read_text(value: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(value).ok()?).ok()
}

/// A toast travels in a cookie that the next page eats.
pub fn toast_cookie(toast: &Toast) -> String {
    let json = serde_json::json!([toast.text, toast.undo, toast.next, toast.is_problem]).to_string();
    format!("toast={}; Path=/; Max-Age=60; SameSite=Strict; HttpOnly", URL_SAFE_NO_PAD.encode(json))
}

fn read_toast(value: &str) -> Option<Toast> {
    let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
    let (text, undo, next, is_problem): (String, Option<String>, String, bool) = serde_json::from_slice(&bytes).ok()?;
    // A cookie is the reader's to forge: only our own undo is a form's target.
    let undo = undo.filter(|path| path.starts_with("/letters/L-") && path.ends_with("/unapprove"));
    Some(Toast { text, undo, next: super::posts::own_path(&next), is_problem })
}
