//! Who of us looks after a debtor, where a file says so: by name or address of somebody who works here. A debtor is never
//! taken away from a colleague without a line in the diff, and only by who may hand debtors over.

use std::collections::HashMap;

use dunlin_core::access::Right;
use dunlin_core::ids::{PartyId, UserId};
use dunlin_store::{LogEntry, StoreError, User, UserState};

use super::book::Book;
use super::cells::RowReader;
use super::fields::Field;
use super::report::LeftOut;
use super::said::Said;

/// Who works here, and what this file said of whom.
#[derive(Default)]
pub struct Sellers {
    users: Vec<User>,
    /// By debtor: the row that named somebody first, and whom.
    said: HashMap<PartyId, (u32, String)>,
    /// Debtors that changed hands.
    pub assigned: usize,
}

impl Sellers {
    pub fn of(users: Vec<User>) -> Self {
        Self { users, ..Self::default() }
    }

    /// Those who are meant: by address, else by name as they write it or in Latin letters.
    fn named(&self, text: &str) -> Vec<&User> {
        let wanted = folded(text);
        let by_address: Vec<&User> = self.users.iter().filter(|user| folded(&user.email) == wanted).collect();
        if !by_address.is_empty() {
            return by_address;
        }
        let is_named = |user: &&User| folded(&user.name) == wanted || folded(&user.latin_name) == wanted;
        let named: Vec<&User> = self.users.iter().filter(is_named).collect();
        // Of two with one name, the one who still works here.
        match named.iter().filter(|user| user.state != UserState::Left).count() {
            1 => named.into_iter().filter(|user| user.state != UserState::Left).collect(),
            _ => named,
        }
    }

    /// The one who is meant and works here; else the problem is noted.
    fn one(&self, reader: &mut RowReader<'_>, named: &str) -> Option<(UserId, String)> {
        let (why, remedy) = match self.named(named)[..] {
            [user] if user.state != UserState::Left => return Some((user.id, user.name.clone())),
            [_] => ("unread-salesperson-left", "mend-salesperson-left"),
            [] => ("unread-salesperson", "mend-salesperson"),
            _ => ("unread-salesperson-several", "mend-salesperson-several"),
        };
        reader.problem(Field::Salesperson, LeftOut::Value, Said::new(why).with("name", named), remedy);
        None
    }

    /// Of a row that is left out nobody is given a debtor; whether the name could be read is told all the same.
    pub fn look_at(&self, reader: &mut RowReader<'_>) {
        if reader.problems.iter().any(|problem| problem.field == Some(Field::Salesperson)) {
            return;
        }
        if let Some(named) = reader.text(Field::Salesperson) {
            self.one(reader, &named);
        }
    }

    fn name_of(&self, id: Option<UserId>) -> String {
        let known = id.and_then(|id| self.users.iter().find(|user| user.id == id));
        known.map(|user| user.name.clone()).unwrap_or_default()
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl Book<'_> {
    /// Gives the debtor to whom the file names.
    pub async fn keep_salesperson(
        &mut self,
        reader: &mut RowReader<'_>,
        (party_id, is_new): (PartyId, bool),
        debtor: &str,
        named: &str,
    ) -> Result<(), StoreError> {
        let field = Field::Salesperson;
        let row = reader.row.number;
        if let Some((first, said)) = self.sellers.said.get(&party_id) {
            if folded(said) != folded(named) {
                let why = Said::new("unread-row-says").with("row", i64::from(*first)).with("said", said);
                reader.problem(field, LeftOut::Value, why, "mend-rows-agree");
            }
            return Ok(());
        }
        self.sellers.said.insert(party_id, (row, named.to_string()));
        let Some(to) = self.sellers.one(reader, named) else { return Ok(()) };
        let before = self.commit.salesperson_of(party_id).await?;
        if before == Some(to.0) {
            return Ok(());
        }
        let own = self.commit.actor().user.as_ref().map(|user| user.id);
        let takes_from_nobody = before.is_none() && own == Some(to.0);
        if !self.commit.actor().may(Right::Assign) && !takes_from_nobody {
            reader.problem(field, LeftOut::Value, "unread-salesperson-may-not", "mend-salesperson-may-not");
            return Ok(());
        }
        self.commit.give_party(party_id, Some(to.0)).await?;
        self.sellers.assigned += 1;
        if !is_new {
            let entry = LogEntry::new("party.assigned", "party", party_id.to_string()).about(party_id);
            self.commit.log(entry.changed("salesperson", before, to.0));
            let what = Said::new("what-debtor").with("name", debtor);
            let before = self.sellers.name_of(before);
            self.correction(reader, &what, "salesperson", before, to.1, true);
        }
        Ok(())
    }
}
