//! Who a row is about: the debtor's number, name, country and language, and the person named beside it.

use dunlin_core::party::ContactRole;
use dunlin_store::ContactFields;

use super::cells::RowReader;
use super::fields::Field;
use super::report::LeftOut;
use super::said::Said;
use super::words;

/// The debtor as a row names it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DebtorPart {
    pub number: Option<String>,
    pub name: Option<String>,
    /// ISO 3166.
    pub country: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    pub contact: Option<ContactFields>,
    /// Who of us looks after it, by name or address.
    pub salesperson: Option<String>,
}

impl DebtorPart {
    /// How messages call it.
    pub fn label(&self) -> String {
        self.number.clone().or_else(|| self.name.clone()).unwrap_or_default()
    }
}

/// Reads the debtor's columns; a row that names nobody is a problem.
pub fn read_debtor(reader: &mut RowReader<'_>) -> DebtorPart {
    let number = reader.number(Field::DebtorNumber);
    let name = reader.name(Field::DebtorName, LeftOut::Row);
    if number.is_none() && name.is_none() && !reader.is_bad() {
        let field = if reader.has_column(Field::DebtorName) { Field::DebtorName } else { Field::DebtorNumber };
        reader.problem(field, LeftOut::Row, "unread-no-customer", "mend-customer");
    }
    let country = read_country(reader);
    let language = read_language(reader);
    let contact = read_contact(reader, LeftOut::Value, language.clone());
    let salesperson = reader.text(Field::Salesperson);
    DebtorPart { number, name, country, language, contact, salesperson }
}

pub fn read_country(reader: &mut RowReader<'_>) -> Option<String> {
    let default = reader.mapping.defaults.country.clone();
    let Some(text) = reader.text(Field::Country) else { return default };
    let found = words::country(&text);
    if found.is_none() {
        let why = Said::new("unread-country").with("text", text);
        reader.problem(Field::Country, LeftOut::Value, why, "mend-country");
    }
    found
}

pub fn read_language(reader: &mut RowReader<'_>) -> Option<String> {
    let default = reader.mapping.defaults.language.clone();
    let Some(text) = reader.text(Field::Language) else { return default };
    let found = words::language(&text);
    if found.is_none() {
        let why = Said::new("unread-language").with("text", text);
        reader.problem(Field::Language, LeftOut::Value, why, "mend-language");
    }
    found
}

/// The person of the row, when there is a name or a way to reach somebody.
pub fn read_contact(reader: &mut RowReader<'_>, severity: LeftOut, language: Option<String>) -> Option<ContactFields> {
    let name = reader.name(Field::ContactName, severity);
    let role = reader.text(Field::Role).map_or(ContactRole::Buyer, |text| words::role(&text));
    let email = reader.email(severity);
    let phone = read_phone(reader);
    let time_zone = read_time_zone(reader);
    if name.is_none() && email.is_none() && phone.is_none() {
        return None;
    }
    let name = name.unwrap_or_default();
    Some(ContactFields { name, role, language, time_zone, email, phone, whatsapp: None, in_site_id: None })
}

fn read_phone(reader: &mut RowReader<'_>) -> Option<String> {
    let text = reader.text(Field::Phone)?;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if !(5..=20).contains(&digits) || text.chars().count() > 60 {
        reader.problem(Field::Phone, LeftOut::Value, "unread-phone", "mend-phone");
        return None;
    }
    Some(text)
}

fn read_time_zone(reader: &mut RowReader<'_>) -> Option<String> {
    let text = reader.text(Field::TimeZone)?;
    let found = jiff::tz::TimeZone::get(&text).ok().and_then(|zone| zone.iana_name().map(str::to_string));
    if found.is_none() {
        let why = Said::new("unread-zone").with("text", text);
        reader.problem(Field::TimeZone, LeftOut::Value, why, "mend-zone");
    }
    found
}
