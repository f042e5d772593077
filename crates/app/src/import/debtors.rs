//! A list of debtors, with the person named beside each, and how much each may owe.

use dunlin_core::grade::Grade;
use dunlin_core::ids::PartyId;
use dunlin_core::money::Money;
use dunlin_store::StoreError;

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::debtor_part::{DebtorPart, read_debtor};
use super::fields::Field;
use super::report::LeftOut;
use super::said::Said;

impl Book<'_> {
    pub async fn take_debtor(&mut self, reader: &mut RowReader<'_>) -> Result<Outcome, StoreError> {
        let part = read_debtor(reader);
        if part.name.is_none() && !reader.is_bad() {
            reader.problem(Field::DebtorName, LeftOut::Row, "unread-empty", "mend-customer-name");
        }
        let limit = read_limit(reader);
        let grade = read_grade(reader);
        if reader.is_bad() {
            return Ok(Outcome::LeftOut);
        }
        let Some(found) = self.find_debtor(reader, &part) else { return Ok(Outcome::LeftOut) };
        let (id, is_new) = self.keep_debtor(reader, found, &part).await?;
        if let Some(limit) = limit {
            self.keep_limit(reader, (id, is_new), &part, limit).await?;
        }
        if let Some(grade) = grade {
            self.keep_grade(reader, (id, is_new), &part, grade).await?;
        }
        Ok(if is_new { Outcome::Added } else { Outcome::Unchanged })
    }

    /// How much a debtor is worth is for those to say who hand debtors over.
    async fn keep_grade(
        &mut self,
        reader: &mut RowReader<'_>,
        (id, is_new): (PartyId, bool),
        part: &DebtorPart,
        grade: Grade,
    ) -> Result<(), StoreError> {
        if !self.limits.assign {
            reader.problem(Field::Grade, LeftOut::Value, "unread-grade-right", "mend-grade-right");
            return Ok(());
        }
        let before = self.commit.set_grade(id, Some(grade)).await?;
        if let Some(before) = before.filter(|_| !is_new) {
            let what = Said::new("what-debtor").with("name", part.label());
            self.correction(reader, &what, "grade", before, grade.code().to_string(), false);
        }
        Ok(())
    }

    /// How much a debtor may owe is for those to say who keep the accounts.
    async fn keep_limit(
        &mut self,
        reader: &mut RowReader<'_>,
        (id, is_new): (PartyId, bool),
        part: &DebtorPart,
        limit: Money,
    ) -> Result<(), StoreError> {
        if !self.limits.money {
            reader.problem(Field::CreditLimit, LeftOut::Value, "unread-limit", "mend-limit");
            return Ok(());
        }
        let before = self.commit.set_credit_limit(id, Some(limit)).await?;
        if before != Some(limit) && !is_new {
            let what = Said::new("what-debtor").with("name", part.label());
            let before = before.map(|before| before.to_string()).unwrap_or_default();
            self.correction(reader, &what, "credit_limit", before, limit.to_string(), false);
        }
        Ok(())
    }
}

/// A limit that cannot be read costs nothing but the limit.
fn read_limit(reader: &mut RowReader<'_>) -> Option<Money> {
    let before = reader.problems.len();
    let limit = reader.amount(Field::CreditLimit);
    for problem in reader.problems.iter_mut().skip(before) {
        problem.left_out = LeftOut::Value;
    }
    limit.filter(|limit| limit.is_positive())
}

/// An empty cell says nothing; it takes no grade away.
fn read_grade(reader: &mut RowReader<'_>) -> Option<Grade> {
    let text = reader.text(Field::Grade)?;
    let grade = Grade::read(&text);
    if grade.is_none() {
        let why = Said::new("unread-grade").with("text", text);
        reader.problem(Field::Grade, LeftOut::Value, why, "mend-grade");
    }
    grade.flatten()
}
