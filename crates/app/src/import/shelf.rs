//! What is known of the articles of a file, and what the file changes of them: read in one go, written many at once.

use std::collections::HashMap;

use dunlin_core::catalogue::Product;
use dunlin_store::{ProductChange, StockChange, StockKind, StockLevel, StoreError};

use super::book::Book;
use super::cells::{RowReader, one_line};
use super::fields::Field;
use super::report::LeftOut;
use super::said::Said;
use super::table::Table;

/// Changes that are written together.
const AT_ONCE: usize = 1_000;

/// The articles of one file.
#[derive(Debug, Default)]
pub struct Shelf {
    pub products: HashMap<String, Product>,
    pub levels: HashMap<String, StockLevel>,
    changed: Vec<ProductChange>,
    counted: Vec<StockChange>,
}

/// What a file says of a quantity, beside what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// As before.
    Same,
    /// Nobody had said how many there are.
    New,
    /// Another number than before.
    Other(i64),
}

impl Book<'_> {
    /// Reads what is known of the articles that a table names.
    pub async fn load_shelf(&mut self, table: &Table<'_>) -> Result<(), StoreError> {
        let Some(column) = table.columns.get(&Field::Sku) else { return Ok(()) };
        let named = table.rows.iter().map(|row| one_line(&row.cell(column.index).text()));
        let mut skus: Vec<String> = named.filter(|sku| !sku.is_empty()).collect();
        skus.sort_unstable();
        skus.dedup();
        // Of an earlier sheet of this file the newer state is here already.
        for (sku, product) in self.commit.products_of(&skus).await? {
            self.shelf.products.entry(sku).or_insert(product);
        }
        for (sku, level) in self.commit.stock_of(&skus).await? {
            self.shelf.levels.entry(sku).or_insert(level);
        }
        Ok(())
    }

    pub fn keep_product(&mut self, before: Option<Product>, after: Product) {
        self.shelf.products.insert(after.sku.clone(), after.clone());
        self.shelf.changed.push(ProductChange { before, after });
    }

    /// Takes a quantity over, unless somebody counted since the file said the same.
    pub fn keep_quantity(&mut self, reader: &mut RowReader<'_>, field: Field, sku: &str, quantity: i64) -> Counted {
        let before = self.shelf.levels.get(sku).copied();
        if let Some(level) = before.filter(|level| level.told == Some(quantity)) {
            if level.quantity != quantity {
                let why = Said::new("unread-counted").with("known", level.quantity);
                reader.problem(field, LeftOut::Value, why, "mend-counted");
            }
            return Counted::Same;
        }
        let change = StockChange { sku: sku.to_string(), before: before.map(|level| level.quantity), after: quantity };
        self.shelf.counted.push(change);
        self.shelf.levels.insert(sku.to_string(), StockLevel { quantity, told: Some(quantity) });
        match before {
            None => Counted::New,
            Some(level) if level.quantity == quantity => Counted::Same,
            Some(level) => Counted::Other(level.quantity),
        }
    }

    /// Writes what has gathered, once it is enough.
    pub async fn clear_shelf_when_full(&mut self) -> Result<(), StoreError> {
        if self.shelf.changed.len() + self.shelf.counted.len() < AT_ONCE {
            return Ok(());
        }
        self.clear_shelf().await
    }

    /// Writes what has gathered.
    pub async fn clear_shelf(&mut self) -> Result<(), StoreError> {
        let changed = std::mem::take(&mut self.shelf.changed);
        if !changed.is_empty() {
            self.commit.write_products(&changed, self.today).await?;
        }
        let counted = std::mem::take(&mut self.shelf.counted);
        if !counted.is_empty() {
            let note = self.report.file.clone();
            self.commit.write_stock(&counted, StockKind::File, &note, self.today).await?;
        }
        Ok(())
    }
}
