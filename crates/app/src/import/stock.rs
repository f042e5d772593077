//! How many of each article there are, as the warehouse or the platform lists it.

use dunlin_store::StoreError;

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::fields::Field;
use super::products::read_quantity;
use super::report::LeftOut;
use super::said::Said;
use super::shelf::Counted;

impl Book<'_> {
    pub async fn take_stock(&mut self, reader: &mut RowReader<'_>) -> Result<Outcome, StoreError> {
        let sku = reader.required_number(Field::Sku);
        let before = reader.problems.len();
        let quantity = read_quantity(reader, Field::Stock, LeftOut::Row);
        if quantity.is_none() && reader.problems.len() == before {
            reader.problem(Field::Stock, LeftOut::Row, "unread-empty", "mend-quantity");
        }
        let (false, Some(sku), Some(quantity)) = (reader.is_bad(), sku, quantity) else {
            return Ok(Outcome::LeftOut);
        };
        if let Some(repeat) = self.repeats(&sku, reader.row.number, &quantity.to_string()) {
            if repeat.agrees {
                return Ok(Outcome::Unchanged);
            }
            let why = Said::new("unread-sku-twice").with("sku", sku).with("row", i64::from(repeat.first));
            reader.problem(Field::Sku, LeftOut::Row, why, "mend-sku");
            return Ok(Outcome::LeftOut);
        }
        let outcome = match self.keep_quantity(reader, Field::Stock, &sku, quantity) {
            Counted::Same => Outcome::Unchanged,
            Counted::New => Outcome::Added,
            Counted::Other(was) => {
                let what = Said::new("what-product").with("sku", &sku);
                self.correction(reader, &what, "stock", was.to_string(), quantity.to_string(), false);
                Outcome::Corrected
            }
        };
        self.clear_shelf_when_full().await?;
        Ok(outcome)
    }
}
