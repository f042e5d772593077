//! Money received, as somebody keeps it by hand. It waits unplaced, so that matching finds what it pays.

use dunlin_core::payment::PaymentSource;
use dunlin_store::StoreError;

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::fields::Field;
use super::report::LeftOut;

impl Book<'_> {
    pub async fn take_payment(&mut self, reader: &mut RowReader<'_>) -> Result<Outcome, StoreError> {
        let before = reader.problems.len();
        let amount = reader.amount(Field::Amount);
        if amount.is_none() && reader.problems.len() == before {
            reader.problem(Field::Amount, LeftOut::Row, "unread-empty", "mend-received");
        }
        let before = reader.problems.len();
        let received_on = reader.date(Field::ReceivedOn);
        if received_on.is_none() && reader.problems.len() == before {
            reader.problem(Field::ReceivedOn, LeftOut::Row, "unread-empty", "mend-received-on");
        }
        if received_on.is_some_and(|day| day > self.today) {
            reader.problem(Field::ReceivedOn, LeftOut::Row, "unread-future", "mend-date-file");
        }
        let reference = reader.number(Field::Reference).unwrap_or_default();
        let payer = reader.name(Field::Payer, LeftOut::Row).unwrap_or_default();
        let (false, Some(amount), Some(received_on)) = (reader.is_bad(), amount, received_on) else {
            return Ok(Outcome::LeftOut);
        };
        // Two equal payments on one day are told apart by their order in the file.
        let content = format!("{reference}|{amount}|{received_on}|{payer}");
        let nth = (1_u32..).find(|nth| !self.seen.contains_key(&format!("{content}|{nth}"))).unwrap_or(1);
        let key = format!("{content}|{nth}");
        self.seen.insert(key.clone(), (reader.row.number, 0));
        if self.commit.identity("payment", "file", &key).await?.is_some() {
            return Ok(Outcome::Unchanged);
        }
        let id = self.commit.add_payment(PaymentSource::Manual, None, amount, received_on, &payer, &reference).await?;
        self.commit.add_identity("payment", "file", &key, &id.to_string()).await?;
        Ok(Outcome::Added)
    }
}
