//! An address book: people of debtors that are known already.

use dunlin_store::StoreError;

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::debtor_part::{DebtorPart, read_contact, read_language};
use super::fields::Field;
use super::parties::Found;
use super::report::LeftOut;
use super::said::Said;

impl Book<'_> {
    pub async fn take_contact(&mut self, reader: &mut RowReader<'_>) -> Result<Outcome, StoreError> {
        let number = reader.number(Field::DebtorNumber);
        let name = reader.name(Field::DebtorName, LeftOut::Row);
        let language = read_language(reader);
        let contact = read_contact(reader, LeftOut::Row, language);
        if reader.is_bad() {
            return Ok(Outcome::LeftOut);
        }
        let Some(contact) = contact.filter(|contact| contact.email.is_some() || contact.phone.is_some()) else {
            let field = if reader.has_column(Field::Email) { Field::Email } else { Field::Phone };
            reader.problem(field, LeftOut::Row, "unread-no-way", "mend-way");
            return Ok(Outcome::LeftOut);
        };
        let debtor = DebtorPart { number, name, ..DebtorPart::default() };
        if let Found::Known(id) | Found::Numbered(id) = self.parties.find(&debtor)
            && self.is_hidden(reader, Field::DebtorName, id)
        {
            return Ok(Outcome::LeftOut);
        }
        let party_id = match self.parties.find(&debtor) {
            Found::Known(id) => id,
            Found::Numbered(id) => {
                // The address book is the first to know the number.
                let found = Found::Numbered(id);
                self.keep_debtor(reader, found, &debtor).await?.0
            }
            Found::New | Found::Nobody => {
                let field = if debtor.number.is_some() { Field::DebtorNumber } else { Field::DebtorName };
                let why = match debtor.label() {
                    label if label.is_empty() => Said::new("unread-no-customer"),
                    label => Said::new("unread-debtor-unknown").with("name", label),
                };
                reader.problem(field, LeftOut::Row, why, "mend-debtors-first");
                return Ok(Outcome::LeftOut);
            }
            Found::Ambiguous(_) => {
                self.find_debtor(reader, &debtor);
                return Ok(Outcome::LeftOut);
            }
        };
        self.keep_person(reader, party_id, &debtor.label(), &contact).await
    }
}
