//! Filters of templates that could make much out of little: each writes at most what a letter may have. What letters do
//! not need and cannot be bounded is taken away.

use minijinja::{Environment, Error, ErrorKind, Value};

use super::MAX_BODY;

/// Widths and counts that a template chooses, and text that grows from one turn of a loop to the next.
const TAKEN_AWAY: [&str; 5] = ["format", "indent", "batch", "slice", "pprint"];

pub(super) fn bound(environment: &mut Environment<'static>) {
    TAKEN_AWAY.iter().for_each(|name| environment.remove_filter(name));
    environment.remove_global("namespace");
    environment.add_filter("replace", replace);
    environment.add_filter("join", join);
}

fn too_long() -> Error {
    Error::from(ErrorKind::WriteFailure)
}

fn replace(text: String, from: String, to: String) -> Result<String, Error> {
    let found = text.matches(&from).count();
    let added = found.checked_mul(to.len()).filter(|added| text.len() + added <= MAX_BODY);
    added.map(|_| text.replace(&from, &to)).ok_or_else(too_long)
}

fn join(list: Value, between: Option<String>) -> Result<String, Error> {
    let between = between.unwrap_or_default();
    let mut joined = String::new();
    for (nth, item) in list.try_iter()?.enumerate() {
        let item = item.to_string();
        let between = if nth > 0 { between.as_str() } else { "" };
        if joined.len() + between.len() + item.len() > MAX_BODY {
            return Err(too_long());
        }
        joined.push_str(between);
        joined.push_str(&item);
    }
    Ok(joined)
}
