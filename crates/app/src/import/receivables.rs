//! Amounts due on a day, without orders: open items as an accounting program lists them.

use dunlin_core::order::OrderSource;
use dunlin_core::receivable::{Milestone, Obligor, Trigger};
use dunlin_core::refusal::Told;
use dunlin_store::{ReceivableFields, StoreError};

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::debtor_part::read_debtor;
use super::fields::Field;
use super::parties::Found;
use super::report::LeftOut;
use super::said::Said;

const SOURCE: &str = "file";

impl Book<'_> {
    pub async fn take_receivable(&mut self, reader: &mut RowReader<'_>) -> Result<Outcome, StoreError> {
        let reference = reader.required_number(Field::Reference);
        let debtor = read_debtor(reader);
        let before = reader.problems.len();
        let amount = reader.amount(Field::Amount);
        if amount.is_none() && reader.problems.len() == before {
            reader.problem(Field::Amount, LeftOut::Row, "unread-empty", "mend-amount-due");
        }
        let before = reader.problems.len();
        let due_on = reader.date(Field::DueOn);
        if due_on.is_none() && reader.problems.len() == before {
            reader.problem(Field::DueOn, LeftOut::Row, "unread-no-due", "mend-due");
        }
        reader.date(Field::InvoiceOn);
        let (false, Some(reference), Some(amount), Some(due_on)) = (reader.is_bad(), reference, amount, due_on) else {
            return Ok(Outcome::LeftOut);
        };
        if let Some(repeat) = self.repeats(&reference, reader.row.number, &format!("{debtor:?} {amount:?} {due_on}")) {
            if repeat.agrees {
                return Ok(Outcome::Unchanged);
            }
            let why = Said::new("unread-reference-twice").with("reference", reference);
            let why = why.with("row", i64::from(repeat.first));
            reader.problem(Field::Reference, LeftOut::Row, why, "mend-reference");
            return Ok(Outcome::LeftOut);
        }
        let Some(found) = self.find_debtor(reader, &debtor) else { return Ok(Outcome::LeftOut) };
        let known = self.commit.receivable_under(SOURCE, &reference).await?;
        let of = match found {
            Found::Known(id) | Found::Numbered(id) => Some(id),
            _ => None,
        };
        if let Some((party_id, before)) = &known {
            if of != Some(*party_id) {
                let why = Said::new("unread-reference-other").with("reference", &reference);
                let why = why.with("number", format!("R-{:04}", before.number));
                reader.problem(Field::Reference, LeftOut::Row, why, "mend-reference-other");
                return Ok(Outcome::LeftOut);
            }
        } else if let Some(party_id) = of
            && let Some((number, _)) = self.commit.receivables_called(party_id, &reference).await?.first()
        {
            // The same invoice from an order sheet would be asked for twice.
            let why = Said::new("unread-reference-known").with("reference", &reference);
            let why = why.with("number", format!("R-{number:04}"));
            reader.problem(Field::Reference, LeftOut::Row, why, "mend-reference-known");
            return Ok(Outcome::LeftOut);
        }
        if let Some((party_id, before)) = &known
            && self.keeps_currency(reader, *party_id, before, amount.currency).await?
        {
            return Ok(Outcome::LeftOut);
        }
        if let Some((_, before)) = &known
            && before.amount != amount
            && before.used != before.paid
            && !self.commit.parts_instead_of(before.id).await?.is_empty()
        {
            let why =
                Said::new("unread-plan-amount").with("milestone", Told::word("milestone", before.milestone.code()));
            let why = why.with("amount", amount).with("number", format!("R-{:04}", before.number));
            reader.problem(Field::Amount, LeftOut::Row, why, "mend-plan-amount");
            return Ok(Outcome::LeftOut);
        }
        let lowers = known.as_ref().is_some_and(|(_, old)| {
            !old.closed && (amount.minor < old.amount.minor || amount.currency != old.amount.currency)
        });
        if self.refuses_lowering(reader, Field::Amount, lowers) {
            return Ok(Outcome::LeftOut);
        }
        let (party_id, _) = self.keep_debtor(reader, found, &debtor).await?;
        let fields = ReceivableFields {
            party_id,
            order_id: None,
            invoice_id: None,
            reference: reference.clone(),
            order_number: None,
            milestone: Milestone::Full,
            trigger: Trigger::FixedDate,
            days: 0,
            amount,
            triggered_on: Some(due_on),
            due_on: Some(due_on),
            placed_at: None,
            obligor: Obligor::Buyer,
            source: OrderSource::Direct,
            closed: known.is_some_and(|(_, known)| known.closed),
        };
        let (_, is_new, changes) = self.commit.upsert_receivable(SOURCE, &reference, &fields, self.today).await?;
        self.count_old(is_new, &fields);
        let is_corrected = !changes.is_empty();
        self.note(reader, &Said::new("what-receivable").with("reference", &reference), changes);
        Ok(match (is_new, is_corrected) {
            (true, _) => Outcome::Added,
            (false, true) => Outcome::Corrected,
            (false, false) => Outcome::Unchanged,
        })
    }
}
