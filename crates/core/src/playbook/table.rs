//! Reads tables of a playbook key by key. A wrong key or value is noted and the reading goes on, so that a file shows
//! all its problems at once.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Place, ProblemCode, Sheet, instead};

/// A table with a name for its author: `[title]`, `[[step]]`.
pub(super) struct Table<'t> {
    name: &'static str,
    /// Where it begins, for what is missing in it.
    pub(super) at: usize,
    entries: &'t DeTable<'t>,
}

/// A value with its place.
#[derive(Debug, Clone)]
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

impl<T> Found<T> {
    pub(super) const fn at(&self) -> usize {
        self.place.start
    }

    /// A value that nobody wrote: what holds where a line is left out.
    pub(super) fn unwritten(value: T) -> Self {
        Self { value, place: Place::default() }
    }
}

fn place(value: &Spanned<DeValue<'_>>) -> Place {
    let span = value.span();
    Place { start: span.start, end: span.end }
}

impl<'t> Table<'t> {
    pub(super) const fn new(name: &'static str, at: usize, entries: &'t DeTable<'t>) -> Self {
        Self { name, at, entries }
    }

    /// Notes the keys that mean nothing here.
    pub(super) fn expect_only(&self, sheet: &mut Sheet<'_>, known: &[&str]) {
        for (key, _) in self.entries {
            let word: &str = key.get_ref();
            if !known.contains(&word) {
                sheet.error(
                    ProblemCode::UnknownKey,
                    key.span().start,
                    format!("‘{word}’ means nothing in {}", self.name),
                    instead(word, known),
                );
            }
        }
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.entries.iter().find(|(known, _)| &**known.get_ref() == key).map(|(_, value)| value)
    }

    /// A value that has to be there; `example` is a whole line.
    fn need(&self, sheet: &mut Sheet<'_>, key: &str, example: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        let found = self.get(key);
        if found.is_none() {
            sheet.error(
                ProblemCode::Missing,
                self.at,
                format!("‘{key}’ is missing in {}", self.name),
                format!("add a line, for instance {example}"),
            );
        }
        found
    }

    pub(super) fn text(&self, sheet: &mut Sheet<'_>, key: &str, example: &str) -> Option<Found<String>> {
        let value = self.need(sheet, key, example)?;
        text(sheet, key, value, example)
    }

    pub(super) fn text_if_any(&self, sheet: &mut Sheet<'_>, key: &str, example: &str) -> Option<Found<String>> {
        text(sheet, key, self.get(key)?, example)
    }

    /// A text that is not blank.
    pub(super) fn words(&self, sheet: &mut Sheet<'_>, key: &str, example: &str) -> Option<Found<String>> {
        let found = self.text(sheet, key, example)?;
        if found.value.trim().is_empty() {
            sheet.error(
                ProblemCode::WrongValue,
                found.at(),
                format!("‘{key}’ is empty"),
                format!("write for instance {example}"),
            );
            return None;
        }
        Some(found)
    }

    pub(super) fn whole(&self, sheet: &mut Sheet<'_>, key: &str, example: &str) -> Option<Found<i64>> {
        let value = self.need(sheet, key, example)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        if number.is_none() {
            wrong_type(sheet, key, value, "a whole number", example);
        }
        Some(Found { value: number?, place: place(value) })
    }

    pub(super) fn whole_if_any(&self, sheet: &mut Sheet<'_>, key: &str, example: &str) -> Option<Found<i64>> {
        self.get(key)?;
        self.whole(sheet, key, example)
    }

    /// The keys of the table, with their places.
    pub(super) fn keys(&self) -> Vec<Found<String>> {
        let found = self.entries.iter().map(|(key, _)| {
            let span = key.span();
            Found { value: key.get_ref().to_string(), place: Place { start: span.start, end: span.end } }
        });
        found.collect()
    }

    /// `false` when the line is left out.
    pub(super) fn flag(&self, sheet: &mut Sheet<'_>, key: &str, example: &str) -> Option<bool> {
        let Some(value) = self.get(key) else { return Some(false) };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            wrong_type(sheet, key, value, "true or false", example);
        }
        flag
    }

    /// One of the words that `read` knows.
    pub(super) fn choice<T>(
        &self,
        sheet: &mut Sheet<'_>,
        key: &str,
        known: &[&str],
        read: fn(&str) -> Option<T>,
    ) -> Option<Found<T>> {
        let example = format!("{key} = \"{}\"", known[0]);
        let found = self.text(sheet, key, &example)?;
        one_of(sheet, key, found, known, read)
    }

    pub(super) fn choice_if_any<T>(
        &self,
        sheet: &mut Sheet<'_>,
        key: &str,
        known: &[&str],
        read: fn(&str) -> Option<T>,
    ) -> Option<Found<T>> {
        let example = format!("{key} = \"{}\"", known[0]);
        let found = self.text_if_any(sheet, key, &example)?;
        one_of(sheet, key, found, known, read)
    }

    /// A list of such words; `None` when one of them is wrong. Left out, it is empty.
    pub(super) fn choices<T: PartialEq>(
        &self,
        sheet: &mut Sheet<'_>,
        key: &str,
        known: &[&str],
        read: fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let example = format!("{key} = [\"{}\"]", known[0]);
        let mut list = Vec::new();
        let mut sound = true;
        for found in self.texts(sheet, key, &example)? {
            let at = found.at();
            match one_of(sheet, key, found, known, read) {
                Some(word) if list.contains(&word.value) => {
                    sheet.error(
                        ProblemCode::WrongValue,
                        at,
                        format!("‘{key}’ names the same twice"),
                        "leave the second one out",
                    );
                    sound = false;
                }
                Some(word) => list.push(word.value),
                None => sound = false,
            }
        }
        sound.then_some(list)
    }

    /// A list of texts. Left out, it is empty.
    pub(super) fn texts(&self, sheet: &mut Sheet<'_>, key: &str, example: &str) -> Option<Vec<Found<String>>> {
        let Some(value) = self.get(key) else { return Some(Vec::new()) };
        let Some(list) = value.get_ref().as_array() else {
            wrong_type(sheet, key, value, "a list of texts", example);
            return None;
        };
        // All are looked at before one that is wrong spoils the list.
        let texts: Vec<Option<Found<String>>> = list.iter().map(|item| text(sheet, key, item, example)).collect();
        texts.into_iter().collect()
    }

    pub(super) fn table(&self, sheet: &mut Sheet<'_>, key: &str, name: &'static str) -> Option<Table<'t>> {
        let value = self.get(key)?;
        let Some(entries) = value.get_ref().as_table() else {
            wrong_type(sheet, key, value, "a table", name);
            return None;
        };
        Some(Table::new(name, value.span().start, entries))
    }

    pub(super) fn tables(&self, sheet: &mut Sheet<'_>, key: &str, name: &'static str) -> Vec<Table<'t>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            wrong_type(sheet, key, value, "a list of tables", name);
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(list.len());
        for item in list.iter() {
            match item.get_ref().as_table() {
                Some(entries) => tables.push(Table::new(name, item.span().start, entries)),
                None => wrong_type(sheet, key, item, "a table", name),
            }
        }
        tables
    }
}

fn one_of<T>(
    sheet: &mut Sheet<'_>,
    key: &str,
    found: Found<String>,
    known: &[&str],
    read: fn(&str) -> Option<T>,
) -> Option<Found<T>> {
    match read(&found.value) {
        Some(value) => Some(Found { value, place: found.place }),
        None => {
            sheet.error(
                ProblemCode::WrongValue,
                found.at(),
                format!("‘{}’ is nothing that ‘{key}’ can be", found.value),
                instead(&found.value, known),
            );
            None
        }
    }
}

fn text(sheet: &mut Sheet<'_>, key: &str, value: &Spanned<DeValue<'_>>, example: &str) -> Option<Found<String>> {
    match value.get_ref().as_str() {
        Some(text) => Some(Found { value: text.to_string(), place: place(value) }),
        None => {
            wrong_type(sheet, key, value, "a text in quotes", example);
            None
        }
    }
}

fn wrong_type(sheet: &mut Sheet<'_>, key: &str, value: &Spanned<DeValue<'_>>, expected: &str, example: &str) {
    let is = match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    let what = format!("‘{key}’ is {is}, and {expected} was expected");
    sheet.error(ProblemCode::WrongType, value.span().start, what, format!("write for instance {example}"));
}
