//! The people of a debtor. An address stands for one person per file: the first row that has it decides.

use dunlin_core::ids::PartyId;
use dunlin_core::party::ContactRole;
use dunlin_store::{ContactFields, KnownContact, StoreError};

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::fields::Field;
use super::kind::Layout;
use super::report::LeftOut;
use super::said::Said;

/// A person as this file named it first.
#[derive(Debug, Clone)]
pub struct SeenPerson {
    row: u32,
    fields: ContactFields,
}

impl Book<'_> {
    /// Adds or corrects a person of a debtor.
    pub async fn keep_person(
        &mut self,
        reader: &mut RowReader<'_>,
        party_id: PartyId,
        debtor: &str,
        fields: &ContactFields,
    ) -> Result<Outcome, StoreError> {
        let seen_under = (party_id, key(fields));
        if let Some(seen) = self.seen_people.get(&seen_under) {
            if seen.fields == *fields {
                return Ok(Outcome::Unchanged);
            }
            if let Some((field, before)) = contradiction(&seen.fields, fields) {
                let why = Said::new("unread-person-says").with("row", i64::from(seen.row)).with("said", before);
                reader.problem(field, LeftOut::Value, why, "mend-person-agree");
                return Ok(Outcome::Unchanged);
            }
        }
        let row = reader.row.number;
        self.seen_people.entry(seen_under).or_insert_with(|| SeenPerson { row, fields: fields.clone() });
        if !self.people.contains_key(&party_id) {
            let known = self.commit.contacts_of(party_id).await?;
            self.people.insert(party_id, known);
        }
        let before = self.people.get(&party_id).cloned().unwrap_or_default();
        match before.iter().find(|known| known.is_same(fields)) {
            // Somebody here said that nobody is to write to them any more.
            Some(known) if known.retired_at.is_some() => {
                let field = if reader.has_column(Field::ContactName) { Field::ContactName } else { Field::Email };
                reader.problem(field, LeftOut::Value, "unread-retired", "mend-retired");
                return Ok(Outcome::Unchanged);
            }
            Some(known) => {
                let fields = without_hand_made(reader, known, fields);
                if says_all(known, &fields) || !self.commit.correct_contact(party_id, known.id, &fields).await? {
                    return Ok(Outcome::Unchanged);
                }
            }
            None => {
                self.commit.add_contact(party_id, fields, false, self.today).await?;
            }
        }
        let after = self.commit.contacts_of(party_id).await?;
        let outcome = self.note_person(reader, party_id, debtor, &before, &after);
        self.people.insert(party_id, after);
        Ok(outcome)
    }

    fn note_person(
        &mut self,
        reader: &RowReader<'_>,
        party_id: PartyId,
        debtor: &str,
        before: &[KnownContact],
        after: &[KnownContact],
    ) -> Outcome {
        let what = Said::new("what-contact").with("name", debtor);
        let mut outcome = Outcome::Added;
        for now in after {
            let Some(then) = before.iter().find(|known| known.id == now.id) else {
                // With a new debtor or in an address book a new person is no correction of anything.
                if self.layout == Layout::Direct && !self.parties.is_new(party_id) {
                    let shown = now.fields.email.clone().or_else(|| now.fields.phone.clone()).unwrap_or_default();
                    let shown = format!("{} {shown}", now.fields.name);
                    self.correction(reader, &what, "contact", String::new(), shown.trim().to_string(), true);
                }
                continue;
            };
            let show = |text: &Option<String>| text.clone().unwrap_or_default();
            let (then, now) = (&then.fields, &now.fields);
            let compared = [
                ("name", then.name.clone(), now.name.clone(), true),
                ("role", then.role.code().to_string(), now.role.code().to_string(), false),
                ("email", show(&then.email), show(&now.email), true),
                ("phone", show(&then.phone), show(&now.phone), true),
                ("language", show(&then.language), show(&now.language), false),
                ("time_zone", show(&then.time_zone), show(&now.time_zone), false),
                ("login", show(&then.in_site_id), show(&now.in_site_id), true),
            ];
            for (field, was, is, personal) in compared {
                if was != is {
                    outcome = Outcome::Corrected;
                    self.correction(reader, &what, field, was, is, personal);
                }
            }
        }
        outcome
    }
}

/// Under what a person is found again within one file.
fn key(fields: &ContactFields) -> String {
    let strongest = fields.email.as_ref().or(fields.in_site_id.as_ref()).map(|text| text.to_lowercase());
    strongest.unwrap_or_else(|| format!("{} {}", fields.name, fields.role.code()))
}

/// What the file says, without what somebody here entered another way: that holds, and the user hears of the difference.
fn without_hand_made(reader: &mut RowReader<'_>, known: &KnownContact, said: &ContactFields) -> ContactFields {
    let mut fields = said.clone();
    let holds = &known.fields;
    let mut kept = |code: &str, field: Field, value: &str, differs: bool| {
        let is_kept = differs && known.is_by_hand(code);
        if is_kept {
            let why = Said::new("unread-by-hand").with("known", if value.is_empty() { "–" } else { value });
            reader.problem(field, LeftOut::Value, why, "mend-by-hand-known");
        }
        is_kept
    };
    let differs = |now: &Option<String>, said: &Option<String>| said.is_some() && now != said;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    if kept("name", Field::ContactName, &holds.name, !said.name.is_empty() && said.name != holds.name) {
        fields.name.clear();
    }
    let other_role = said.role != ContactRole::Buyer && said.role != holds.role;
    if kept("role", Field::Role, holds.role.code(), other_role) {
        fields.role = ContactRole::Buyer;
    }
    if kept("email", Field::Email, &text(&holds.email), differs(&holds.email, &said.email)) {
        fields.email = None;
    }
    if kept("phone", Field::Phone, &text(&holds.phone), differs(&holds.phone, &said.phone)) {
        fields.phone = None;
    }
    if kept("login", Field::BuyerLogin, &text(&holds.in_site_id), differs(&holds.in_site_id, &said.in_site_id)) {
        fields.in_site_id = None;
    }
    if kept("language", Field::Language, &text(&holds.language), differs(&holds.language, &said.language)) {
        fields.language = None;
    }
    if kept("time_zone", Field::TimeZone, &text(&holds.time_zone), differs(&holds.time_zone, &said.time_zone)) {
        fields.time_zone = None;
    }
    fields
}

fn says_all(known: &KnownContact, fields: &ContactFields) -> bool {
    let known = &known.fields;
    let has = |known: &Option<String>, new: &Option<String>| new.is_none() || known == new;
    (fields.name.is_empty() || known.name == fields.name)
        && (fields.role == ContactRole::Buyer || known.role == fields.role)
        && has(&known.email, &fields.email)
        && has(&known.phone, &fields.phone)
        && has(&known.in_site_id, &fields.in_site_id)
        && has(&known.language, &fields.language)
        && has(&known.time_zone, &fields.time_zone)
}

/// The first field in which two rows about one person say different things.
fn contradiction(first: &ContactFields, later: &ContactFields) -> Option<(Field, String)> {
    let differs = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) if a != b => Some(a.clone()),
        _ => None,
    };
    if !first.name.is_empty() && !later.name.is_empty() && first.name != later.name {
        return Some((Field::ContactName, first.name.clone()));
    }
    if first.role != ContactRole::Buyer && later.role != ContactRole::Buyer && first.role != later.role {
        return Some((Field::Role, first.role.code().to_string()));
    }
    differs(&first.phone, &later.phone)
        .map(|text| (Field::Phone, text))
        .or_else(|| differs(&first.language, &later.language).map(|text| (Field::Language, text)))
        .or_else(|| differs(&first.time_zone, &later.time_zone).map(|text| (Field::TimeZone, text)))
}
