//! `GET /settings/log`: who did what, newest first, and whether the log is whole.

use std::borrow::Cow;

use dunlin_store::{LogFilter, LogLine};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::super::show::Show;
use crate::house::House;
use crate::web::view::settings::{Chain, Choice, LogDetail, LogPage, LogRow, LogText};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Not empty: the chain is followed from its first line.
    pub check: String,
    pub user: String,
    pub noun: String,
    pub subject: String,
    pub before: i64,
}

const LINES: i64 = 60;

/// Things that lines are about, for the filter; catalogue key `log-noun-{code}`.
pub const NOUNS: [&str; 19] = [
    "letter",
    "receivable",
    "party",
    "contact",
    "payment",
    "promise",
    "talk",
    "hold",
    "task",
    "file",
    "user",
    "settings",
    "connection",
    "playbook",
    "bank_account",
    "suppression",
    "product",
    "token",
    "path",
];

impl Query {
    pub fn filter(&self) -> LogFilter {
        LogFilter {
            user_id: self.user.parse().ok(),
            noun: self.noun.trim().to_string(),
            subject: self.subject.trim().to_string(),
            before: self.before.max(0),
        }
    }

    /// Without the page.
    fn text(&self) -> String {
        let plain = |text: &str| -> String {
            text.trim().chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect()
        };
        format!("user={}&noun={}&subject={}", plain(&self.user), plain(&self.noun), plain(&self.subject))
    }
}

pub async fn load(house: &House, show: &Show, query: &Query) -> anyhow::Result<LogPage> {
    let lines = house.store.audit_log(house.tenant.id, &query.filter(), LINES).await?;
    let older = match lines.last() {
        Some(last) if lines.len() as i64 == LINES && last.number > 1 => {
            Some(format!("/settings/log?{}&before={}", query.text(), last.number))
        }
        _ => None,
    };
    let users = house.store.users(house.tenant.id).await?;
    let user = |user: dunlin_store::User| Choice {
        is_chosen: query.user == user.id.to_string(),
        code: user.id.to_string(),
        name: user.name,
    };
    let noun = |code: &&str| Choice {
        code: (*code).to_string(),
        name: show.words.code("log-noun", code).into_owned(),
        is_chosen: query.noun == **code,
    };
    // Every line from the first is read for it: only for who asks.
    let chain = match query.check.is_empty() {
        true => Chain::NotAsked,
        false => match house.store.check_audit_log(house.tenant.id).await? {
            None => Chain::Whole,
            Some(broken) => Chain::Broken { number: broken.number },
        },
    };
    Ok(LogPage {
        lines: lines.into_iter().map(|line| row(show, line)).collect(),
        users: users.into_iter().map(user).collect(),
        nouns: NOUNS.iter().map(noun).collect(),
        subject: query.subject.clone(),
        older,
        query: query.text(),
        chain,
    })
}

fn row(show: &Show, line: LogLine) -> LogRow {
    let mut details = Vec::new();
    told(show, &line.facts, &mut details);
    if let Some(personal) = &line.personal {
        told(show, personal, &mut details);
    }
    LogRow {
        number: line.number,
        at: show.instant(line.at),
        who: line.user_name.unwrap_or_default(),
        via: line.via,
        verb: show.words.code("log-verb", &line.verb).into_owned(),
        href: href(&line.noun, &line.subject),
        subject: subject(&line.noun, line.subject),
        noun: line.noun,
        details,
        is_erased: line.erased,
    }
}

/// What a line is about, where its number or name tells a person something.
fn subject(noun: &str, name: String) -> LogText {
    let says_nothing = name == noun || matches!(noun, "firm" | "settings");
    let text = LogText::new(name);
    if says_nothing || text.whole.is_some() { LogText { shown: String::new(), ..text } } else { text }
}

/// Where the thing itself is shown.
fn href(noun: &str, subject: &str) -> Option<String> {
    let place = match noun {
        "letter" => "letters",
        "receivable" => "receivables",
        "party" => "debtors",
        "playbook" => "playbooks",
        "product" => "products",
        _ => return None,
    };
    let plain = subject.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (plain && !subject.is_empty()).then(|| format!("/{place}/{subject}"))
}

fn told(show: &Show, fields: &Value, details: &mut Vec<LogDetail>) {
    for (name, value) in fields.as_object().into_iter().flatten() {
        let (before, after) = match (value.get("before"), value.get("after")) {
            (Some(before), Some(after)) => (Some(before), after),
            _ => (None, value),
        };
        let plain = || name.replace(['_', '.'], " ");
        details.push(LogDetail {
            name: show.words.known_code("log-fact", name).map_or_else(plain, Cow::into_owned),
            before: before.map(|before| text(show, name, before)),
            after: text(show, name, after),
        });
    }
}

/// A day or an instant as the reader writes it.
fn moment(show: &Show, text: &str) -> Option<String> {
    if text.len() == 10 {
        return text.parse::<Date>().ok().map(|day| show.date(day).text);
    }
    let at = text.contains('T').then(|| text.parse::<Timestamp>().ok()).flatten();
    at.map(|at| show.instant(at).text)
}

fn text(show: &Show, name: &str, value: &Value) -> LogText {
    let known = |family: &str, code: &str| show.words.known_code(family, code).map(Cow::into_owned);
    match value {
        Value::Null => LogText::new("—".to_string()),
        Value::Bool(yes) => LogText::new(known("log-value", &yes.to_string()).unwrap_or_else(|| yes.to_string())),
        Value::String(text) if text.is_empty() => LogText::new("—".to_string()),
        // Codes of what was asked of a buyer or read from an answer.
        Value::String(text) if name == "fields" => {
            let word = |code: &str| known("delivery-field", code).unwrap_or_else(|| code.to_string());
            let words: Vec<String> = text.split_whitespace().map(word).collect();
            LogText::new(words.join(&*show.words.t("list-between")))
        }
        Value::String(text) => {
            let families: &[&str] = match name {
                "right" => &["right"],
                "role" => &["role", "contact-role"],
                "unpaid_why" => &["unpaid-why"],
                "grade" => &["grade"],
                "intent" => &["talk-intent"],
                "reason" => &["suppression-reason"],
                "trigger" => &["trigger"],
                "kind" => &["import-kind", "ledger", "dispute-kind", "order-ask"],
                "rule" | "consent" => &["order-ask"],
                "word" => &["order-news"],
                "state" => &["user-state", "letter-state"],
                "outcome" => &["channel-outcome", "letter-state", "order-ask-outcome"],
                "ui_language" => &["language"],
                "transport.smtp_security" => &["mail-security"],
                "first_run.done" => &["welcome-step"],
                _ if matches!(text.as_str(), "true" | "false" | "changed") => &["log-value"],
                _ => &[],
            };
            let word = families.iter().copied().find_map(|family| known(family, text));
            LogText::new(word.or_else(|| moment(show, text)).unwrap_or_else(|| text.clone()))
        }
        Value::Array(list) if list.is_empty() => LogText::new("—".to_string()),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            let words: Vec<String> = list.iter().map(|one| self::text(show, name, one).shown).collect();
            LogText::new(words.join(&*show.words.t("list-between")))
        }
        other => LogText::new(other.to_string()),
    }
}

/// The whole list as one file: `csv`, else one JSON document per line.
pub async fn export(house: &House, query: &Query, csv: bool) -> anyhow::Result<String> {
    let mut filter = query.filter();
    let mut out = String::new();
    if csv {
        out.push_str("number,at,via,user,from,verb,noun,subject,facts,words,previous_hash,hash\r\n");
    }
    loop {
        let lines = house.store.audit_log(house.tenant.id, &filter, 1_000).await?;
        for line in &lines {
            if csv {
                let user = line.user_name.clone().unwrap_or_default();
                let from = line.personal.as_ref().and_then(|words| words["from"].as_str()).unwrap_or_default();
                let cells = [
                    line.number.to_string(),
                    line.at.to_string(),
                    line.via.clone(),
                    user,
                    from.to_string(),
                    line.verb.clone(),
                    line.noun.clone(),
                    line.subject.clone(),
                    line.facts.to_string(),
                    words(line),
                    line.previous_hash.clone(),
                    line.hash.clone(),
                ];
                let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
                out.push_str(&cells.join(","));
                out.push_str("\r\n");
            } else {
                out.push_str(&serde_json::to_string(line)?);
                out.push('\n');
            }
        }
        match lines.last() {
            Some(last) if last.number > 1 && lines.len() == 1_000 => filter.before = last.number,
            _ => return Ok(out),
        }
    }
}

/// What a line says of people, without where it came from; `[erased]` where that cannot be read any more.
fn words(line: &LogLine) -> String {
    let mut personal = line.personal.clone().unwrap_or(Value::Null);
    if let Some(fields) = personal.as_object_mut() {
        fields.remove("from");
    }
    let said = personal.as_object().filter(|fields| !fields.is_empty()).map(|_| personal.to_string());
    match (said, line.erased) {
        (Some(said), _) => said,
        (None, true) => "[erased]".to_string(),
        (None, false) => String::new(),
    }
}

/// A cell that no spreadsheet takes for a formula.
pub fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::titles::Titles;
    use crate::web::words::{UiLanguage, Words};

    #[test]
    fn a_cell_is_no_formula() {
        assert_eq!(quoted("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"");
        assert_eq!(quoted("a \"b\""), "\"a \"\"b\"\"\"");
    }

    #[test]
    fn every_verb_has_a_word() {
        let english = crate::web::words::Words::new(crate::web::words::UiLanguage::En);
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let mut verbs = Vec::new();
        for folder in ["app/src", "store/src"] {
            collect(std::path::Path::new(root).join(folder).as_path(), &mut verbs);
        }
        assert!(verbs.len() > 40, "{verbs:?}");
        for verb in verbs {
            let word = english.code("log-verb", &verb);
            assert!(!word.starts_with('['), "no word for {verb}");
        }
    }

    #[test]
    fn what_is_asked_of_a_buyer_is_told_in_words() {
        let show = Show {
            words: Words::new(UiLanguage::ZhCn),
            titles: Titles::of(Arc::new(Vec::new()), dunlin_core::explain::UiLanguage::ZhCn),
            zone: TimeZone::UTC,
            now: Timestamp::UNIX_EPOCH,
        };
        let shown = |name, value: &str| text(&show, name, &Value::from(value)).shown;
        assert_eq!(shown("fields", "address postcode"), "地址、邮编");
        assert_eq!(shown("kind", "address"), "待确认地址");
        assert_eq!(shown("fields", "colour"), "colour", "what has no word is told as it is");
    }

    fn collect(folder: &std::path::Path, verbs: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, verbs);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("source");
                for mark in ["LogEntry::new(\"", "entry(\"", "about(\"", "\"settings.", "\"safe_mode.", "\"bank."] {
                    for rest in text.split(mark).skip(1) {
                        let head = if mark.ends_with('.') { &mark[1..] } else { "" };
                        let verb = format!("{head}{}", rest.split('"').next().unwrap_or(""));
                        if verb.contains('.')
                            && !verb.ends_with('.')
                            && verb.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c))
                        {
                            verbs.push(verb);
                        }
                    }
                }
            }
        }
    }
}
