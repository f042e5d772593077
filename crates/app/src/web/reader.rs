//! Who reads: language, theme and rail from the query or a cookie, and what was just done.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use dunlin_core::access::Right;

use super::guard::cookie;
use super::load::show::Show;
use super::undo::is_way_back;
use super::view::frame::{Frame, Theme, Toast, Undo};
use super::words::UiLanguage;
use crate::house::House;

/// Names a request of the script, beside the page that the reader looks at.
const ASIDE: &str = "x-dunlin-aside";

/// The reader of one request.
pub struct Reader {
    pub language: UiLanguage,
    pub theme: Theme,
    pub rail_narrow: bool,
    pub toast: Option<Toast>,
    /// Cookies to set with the answer.
    pub set: Vec<String>,
    here: String,
}

/// What a query asks for.
pub fn asked<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The language that the query, the cookie or the browser asks for.
pub fn language_of(headers: &HeaderMap, query: &str) -> Option<UiLanguage> {
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    asked(query, "lang")
        .and_then(UiLanguage::from_code)
        .or_else(|| cookie(headers, "lang").and_then(UiLanguage::from_code))
        .or_else(|| accept.map(UiLanguage::from_accept_language))
}

/// Light or dark, by the cookie.
pub fn theme_of(headers: &HeaderMap) -> Theme {
    cookie(headers, "theme").and_then(Theme::from_code).unwrap_or_default()
}

impl Reader {
    pub fn new(house: &House, headers: &HeaderMap, path: &str, query: &str) -> Self {
        let mut set = Vec::new();
        let mut choose = |name: &str| {
            let wanted = asked(query, name);
            if let Some(value) = wanted.filter(|value| value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')) {
                set.push(format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"));
            }
            wanted.or_else(|| cookie(headers, name)).map(str::to_string)
        };
        choose("lang");
        let theme = choose("theme").and_then(|code| Theme::from_code(&code)).unwrap_or_default();
        let rail_narrow = choose("rail").as_deref() == Some("narrow");
        let chosen = asked(query, "lang").or_else(|| cookie(headers, "lang")).and_then(UiLanguage::from_code);
        let language = chosen
            .or_else(|| house.language.as_deref().and_then(UiLanguage::from_code))
            .or_else(|| language_of(headers, query))
            .or_else(|| UiLanguage::from_code(&house.tenant.settings.ui_language))
            .unwrap_or(UiLanguage::En);
        // What the script fetches beside the page must not eat the toast of the page that comes next.
        let is_aside = headers.contains_key(ASIDE);
        let toast = cookie(headers, "toast").filter(|_| !is_aside).and_then(read_toast);
        if toast.is_some() {
            set.push("toast=; Path=/; Max-Age=0; SameSite=Strict; HttpOnly".to_string());
        }
        let here = if query.is_empty() { path.to_string() } else { format!("{path}?{query}") };
        Self { language, theme, rail_narrow, toast, set, here }
    }

    /// The frame around a page.
    pub fn frame(&self, house: &House, show: &Show, place: &str, waiting: u32) -> Frame {
        let now = show.instant(show.now);
        Frame {
            place: place.to_string(),
            here: self.here.clone(),
            company: house.tenant.name.clone(),
            person: house.actor.user.as_ref().map_or_else(String::new, |user| user.name.clone()),
            role: house.actor.user.as_ref().map_or("", |user| user.role.code()),
            rights: Right::ALL.iter().copied().filter(|right| house.actor.may(*right)).map(Right::code).collect(),
            now: now.text,
            now_iso: now.iso,
            waiting,
            sequence: None,
            search: String::new(),
            theme: self.theme,
            rail_narrow: self.rail_narrow,
            is_demo: house.tenant.is_demo,
            is_rehearsal: house.tenant.settings.safe_mode,
            is_set_up_open: is_set_up_open(house),
            is_folder: !house.tenant.is_demo && house.email.name() == "folder",
            toast: self.toast.clone(),
        }
    }

    /// The cookies as headers.
    pub fn cookies(&self) -> Vec<HeaderValue> {
        self.set.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()).collect()
    }
}

/// Whether somebody who may change the settings can go on with the first run: until its last step, or until letters
/// leave.
pub fn is_set_up_open(house: &House) -> bool {
    let settings = &house.tenant.settings;
    let is_over = settings.first_run.done.iter().any(|step| step == "letter");
    settings.safe_mode && !is_over && !house.tenant.is_demo && house.actor.may(Right::Settings)
}

/// A toast travels in a cookie that the next page eats.
pub fn toast_cookie(toast: &Toast) -> String {
    let undo = toast.undo.as_ref().map(|undo| (&undo.action, &undo.fields));
    let json = serde_json::json!([toast.text, undo, toast.next, toast.is_problem]).to_string();
    format!("toast={}; Path=/; Max-Age=60; SameSite=Strict; HttpOnly", URL_SAFE_NO_PAD.encode(json))
}

fn read_toast(value: &str) -> Option<Toast> {
    let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
    type Told = (String, Option<(String, Vec<(String, String)>)>, String, bool);
    let (text, undo, next, is_problem): Told = serde_json::from_slice(&bytes).ok()?;
    // A cookie is the reader's to forge: only a way back that we offer ourselves becomes a form.
    let undo = undo.map(|(action, fields)| Undo { action, fields }).filter(is_way_back);
    Some(Toast { text, undo, next: super::posts::own_path(&next), is_problem })
}
