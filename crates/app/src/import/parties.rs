//! Which debtor a row means. A number decides; without numbers the name does, and two numbers with one name are two
//! debtors. What a file says of a debtor first holds for the whole file, so that two rows cannot turn it to and fro.

use std::collections::{HashMap, HashSet};

use dunlin_core::ids::PartyId;
use dunlin_store::{Commit, KnownParty, PartyFields, StoreError};

use super::book::Book;
use super::cells::RowReader;
use super::debtor_part::DebtorPart;
use super::fields::Field;
use super::headers::fold;
use super::report::LeftOut;
use super::said::Said;

/// Identities that are names begin with this; all others are the seller's numbers.
const BY_NAME: &str = "name:";

/// The debtors known under the names and numbers of files.
#[derive(Debug, Default)]
pub struct PartyBook {
    by_identity: HashMap<String, PartyId>,
    by_name: HashMap<String, Vec<PartyId>>,
    known: HashMap<PartyId, Entry>,
    /// Numbers and folded names of debtors that were merged into another: they find it and correct nothing.
    former: HashSet<String>,
}

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    country: String,
    language: Option<String>,
    /// It has a number of the seller's.
    numbered: bool,
    /// It came in with this file.
    is_new: bool,
    /// The row of this file that spoke of it first, with what it said.
    first: Option<(u32, DebtorPart)>,
}

/// Where a row's debtor was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Known(PartyId),
    /// Known by name only so far; now the number is known too.
    Numbered(PartyId),
    New,
    /// Several debtors have the name, and the row gives no number.
    Ambiguous(usize),
    /// A number that nobody has, and no name to begin a debtor with.
    Nobody,
}

impl PartyBook {
    pub async fn load(commit: &mut Commit, source: &str) -> Result<Self, StoreError> {
        let mut book = Self::default();
        for party in commit.parties_of_source(source).await? {
            book.enter(party);
        }
        Ok(book)
    }

    fn enter(&mut self, party: KnownParty) {
        let numbered = !party.external_id.starts_with(BY_NAME);
        let former_key = party.former_name.as_deref().map(name_key);
        for key in former_key.iter().cloned().chain([name_key(&party.name)]) {
            let of_name = self.by_name.entry(key).or_default();
            if !of_name.contains(&party.id) {
                of_name.push(party.id);
            }
        }
        if let Some(key) = former_key {
            self.former.insert(party.external_id.clone());
            self.former.insert(format!("{BY_NAME}{key}"));
        }
        self.by_identity.insert(party.external_id, party.id);
        let entry = self.known.entry(party.id).or_insert(Entry {
            name: party.name,
            country: party.country,
            language: party.language,
            numbered: false,
            is_new: false,
            first: None,
        });
        entry.numbered |= numbered;
    }

    pub fn find(&self, part: &DebtorPart) -> Found {
        let named = part.name.as_ref().map(|name| self.named(name)).unwrap_or_default();
        if let Some(number) = &part.number {
            if let Some(id) = self.by_identity.get(number) {
                return Found::Known(*id);
            }
            let mut unnumbered = named.into_iter().filter(|id| self.known.get(id).is_some_and(|entry| !entry.numbered));
            return match (unnumbered.next(), unnumbered.next(), &part.name) {
                (Some(id), None, _) => Found::Numbered(id),
                (_, _, None) => Found::Nobody,
                _ => Found::New,
            };
        }
        match named[..] {
            [] if part.name.is_none() => Found::Nobody,
            [] => Found::New,
            [id] => Found::Known(id),
            _ => Found::Ambiguous(named.len()),
        }
    }

    fn named(&self, name: &str) -> Vec<PartyId> {
        let key = name_key(name);
        let mut found = self.by_name.get(&key).cloned().unwrap_or_default();
        if let Some(id) = self.by_identity.get(&format!("{BY_NAME}{key}"))
            && !found.contains(id)
        {
            found.push(*id);
        }
        found
    }

    /// Whether the row names the debtor by what it was before it was merged into another.
    fn is_former(&self, id: PartyId, part: &DebtorPart) -> bool {
        match (&part.number, &part.name) {
            (Some(number), _) if self.by_identity.contains_key(number) => self.former.contains(number),
            (_, Some(name)) => {
                let key = name_key(name);
                key != name_key(self.name_of(id)) && self.former.contains(&format!("{BY_NAME}{key}"))
            }
            _ => false,
        }
    }

    /// Whether the debtor came in with this file.
    pub fn is_new(&self, id: PartyId) -> bool {
        self.known.get(&id).is_some_and(|entry| entry.is_new)
    }

    pub fn name_of(&self, id: PartyId) -> &str {
        self.known.get(&id).map_or("", |entry| entry.name.as_str())
    }
}

/// Spelling aside: `ROSSI S.R.L.` and `Rossi Srl` are one name, `Rossi GmbH` is another.
fn name_key(name: &str) -> String {
    let folded = fold(name);
    if folded.is_empty() { name.to_string() } else { folded }
}

impl Book<'_> {
    /// The debtor of a row if it is known, or a problem when it cannot become one. Writes nothing.
    pub fn find_debtor(&self, reader: &mut RowReader<'_>, part: &DebtorPart) -> Option<Found> {
        let found = self.parties.find(part);
        match found {
            Found::Ambiguous(count) => {
                let why = Said::new("unread-ambiguous").with("count", count.to_string());
                let why = why.with("name", part.name.as_deref().unwrap_or_default());
                let field = Field::DebtorName;
                reader.problem(field, LeftOut::Row, why, "mend-ambiguous");
            }
            Found::Nobody => {
                let number = part.number.as_deref().unwrap_or_default();
                let why = Said::new("unread-number-unknown").with("number", number);
                reader.problem(Field::DebtorNumber, LeftOut::Row, why, "mend-number-unknown");
            }
            Found::Known(id) | Found::Numbered(id) => {
                let field = if part.number.is_some() { Field::DebtorNumber } else { Field::DebtorName };
                return (!self.is_hidden(reader, field, id)).then_some(found);
            }
            Found::New => return Some(found),
        }
        None
    }

    /// Adds or corrects the debtor found, and the person of the row. Returns its id and whether it is new.
    pub async fn keep_debtor(
        &mut self,
        reader: &mut RowReader<'_>,
        found: Found,
        part: &DebtorPart,
    ) -> Result<(PartyId, bool), StoreError> {
        let (id, is_new) = match found {
            Found::Known(id) => (id, false),
            Found::Numbered(id) => {
                let number = part.number.clone().unwrap_or_default();
                self.commit.add_identity("party", "file", &number, &id.to_string()).await?;
                self.parties.by_identity.insert(number.clone(), id);
                if let Some(entry) = self.parties.known.get_mut(&id) {
                    entry.numbered = true;
                }
                self.correction(
                    reader,
                    &Said::new("what-debtor").with("name", part.label()),
                    "number",
                    String::new(),
                    number,
                    false,
                );
                (id, false)
            }
            Found::New | Found::Ambiguous(_) | Found::Nobody => (self.add_debtor(part).await?, true),
        };
        let is_former = self.parties.is_former(id, part);
        if !is_new && !is_former {
            self.correct_debtor(reader, id, part).await?;
        }
        let row = reader.row.number;
        if let Some(entry) = self.parties.known.get_mut(&id).filter(|_| !is_former) {
            entry.first.get_or_insert_with(|| (row, part.clone()));
        }
        if let Some(named) = part.salesperson.as_ref().filter(|_| !is_former) {
            self.keep_salesperson(reader, (id, is_new), &part.label(), named).await?;
        }
        if let Some(contact) = &part.contact {
            self.keep_person(reader, id, &part.label(), contact).await?;
        }
        Ok((id, is_new))
    }

    async fn add_debtor(&mut self, part: &DebtorPart) -> Result<PartyId, StoreError> {
        let name = part.name.clone().or_else(|| part.number.clone()).unwrap_or_default();
        let external_id = part.number.clone().unwrap_or_else(|| format!("{BY_NAME}{}", name_key(&name)));
        let fields = PartyFields {
            name: name.clone(),
            country: part.country.clone().unwrap_or_default(),
            language: part.language.clone(),
            is_consumer: false,
        };
        let id = self.commit.add_party("file", &external_id, &fields, self.today).await?;
        let PartyFields { country, language, .. } = fields;
        self.parties.enter(KnownParty { external_id, id, name, country, language, former_name: None });
        if let Some(entry) = self.parties.known.get_mut(&id) {
            entry.is_new = true;
        }
        self.people.insert(id, Vec::new());
        Ok(id)
    }

    async fn correct_debtor(
        &mut self,
        reader: &mut RowReader<'_>,
        id: PartyId,
        part: &DebtorPart,
    ) -> Result<(), StoreError> {
        let Some(entry) = self.parties.known.get(&id).cloned() else { return Ok(()) };
        if let Some((row, first)) = &entry.first {
            differences(reader, *row, first, part);
            return Ok(());
        }
        // A debtor known by its name has no other: another spelling is no correction.
        let name = part.name.clone().filter(|_| part.number.is_some()).unwrap_or_default();
        let fields = PartyFields {
            name,
            country: part.country.clone().unwrap_or_default(),
            language: part.language.clone(),
            is_consumer: false,
        };
        let differs = (!fields.name.is_empty() && fields.name != entry.name)
            || (!fields.country.is_empty() && fields.country != entry.country)
            || (fields.language.is_some() && fields.language != entry.language);
        if !differs {
            return Ok(());
        }
        let changes = self.commit.correct_party(id, &fields).await?;
        self.note(reader, &Said::new("what-debtor").with("name", part.label()), changes);
        if let Some(entry) = self.parties.known.get_mut(&id) {
            if !fields.name.is_empty() {
                entry.name = fields.name;
            }
            if !fields.country.is_empty() {
                entry.country = fields.country;
            }
            entry.language = fields.language.or(entry.language.take());
        }
        Ok(())
    }
}

/// A later row that says something else of the same debtor: the first holds, and the user hears of it.
fn differences(reader: &mut RowReader<'_>, row: u32, first: &DebtorPart, part: &DebtorPart) {
    let other_name = |a: &String, b: &String| name_key(a) != name_key(b);
    let differs = |a: &Option<String>, b: &Option<String>| matches!((a, b), (Some(a), Some(b)) if a != b);
    let pairs = [
        (Field::DebtorName, matches!((&first.name, &part.name), (Some(a), Some(b)) if other_name(a, b)), &first.name),
        (Field::Country, differs(&first.country, &part.country), &first.country),
        (Field::Language, differs(&first.language, &part.language), &first.language),
    ];
    for (field, is_other, before) in pairs {
        if is_other {
            let why = Said::new("unread-row-says").with("row", i64::from(row));
            let why = why.with("said", before.as_deref().unwrap_or_default());
            reader.problem(field, LeftOut::Value, why, "mend-rows-agree");
        }
    }
}
