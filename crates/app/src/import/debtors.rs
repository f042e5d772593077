//! A list of debtors, with the person named beside each.

use dunlin_store::StoreError;

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::debtor_part::read_debtor;
use super::fields::Field;
use super::report::LeftOut;

impl Book<'_> {
    pub async fn take_debtor(&mut self, reader: &mut RowReader<'_>) -> Result<Outcome, StoreError> {
        let part = read_debtor(reader);
        if part.name.is_none() && !reader.is_bad() {
            reader.problem(Field::DebtorName, LeftOut::Row, "unread-empty", "mend-customer-name");
        }
        if reader.is_bad() {
            return Ok(Outcome::LeftOut);
        }
        let Some(found) = self.find_debtor(reader, &part) else { return Ok(Outcome::LeftOut) };
        let (_, is_new) = self.keep_debtor(reader, found, &part).await?;
        Ok(if is_new { Outcome::Added } else { Outcome::Unchanged })
    }
}
