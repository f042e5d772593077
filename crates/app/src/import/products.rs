//! A catalogue: what is sold, with its price and, where the file says it, how many there are. An empty cell says nothing
//! and takes nothing away.

use std::collections::BTreeMap;

use dunlin_core::catalogue::{Product, attributes, is_web_address, title_language};
use dunlin_core::money::Money;
use dunlin_store::StoreError;

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::fields::Field;
use super::report::LeftOut;
use super::said::Said;
use super::shelf::Counted;
use super::words;

/// Columns of titles in one language.
const TITLES: [(Field, &str); 4] =
    [(Field::TitleEn, "en"), (Field::TitleZh, "zh"), (Field::TitleEs, "es"), (Field::TitleRu, "ru")];

/// What a row says of an article.
#[derive(Debug)]
struct SaidOfProduct {
    titles: BTreeMap<String, String>,
    category: Option<String>,
    attributes: BTreeMap<String, String>,
    price: Money,
    platform_id: Option<String>,
    url: Option<String>,
    active: Option<bool>,
    quantity: Option<i64>,
}

impl Book<'_> {
    pub async fn take_product(&mut self, reader: &mut RowReader<'_>) -> Result<Outcome, StoreError> {
        let sku = reader.required_number(Field::Sku);
        if let Some(sku) = &sku {
            self.known.is_here(sku);
        }
        let said = read(reader);
        let (false, Some(sku), Some(said)) = (reader.is_bad(), sku, said) else {
            return Ok(Outcome::LeftOut);
        };
        if let Some(repeat) = self.repeats(&sku, reader.row.number, &format!("{said:?}")) {
            if repeat.agrees {
                return Ok(Outcome::Unchanged);
            }
            let why = Said::new("unread-sku-twice").with("sku", sku).with("row", i64::from(repeat.first));
            reader.problem(Field::Sku, LeftOut::Row, why, "mend-sku");
            return Ok(Outcome::LeftOut);
        }
        let before = self.shelf.products.get(&sku).cloned();
        let quantity = said.quantity;
        let after = after(&sku, before.as_ref(), said);
        if after.titles.is_empty() {
            reader.problem(Field::Product, LeftOut::Row, "unread-empty", "mend-title");
            return Ok(Outcome::LeftOut);
        }
        let what = Said::new("what-product").with("sku", &sku);
        let mut outcome = match &before {
            None => Outcome::Added,
            Some(before) => {
                let changes = differences(before, &after);
                let outcome = if changes.is_empty() { Outcome::Unchanged } else { Outcome::Corrected };
                for (field, was, is) in changes {
                    self.correction(reader, &what, &field, was, is, false);
                }
                outcome
            }
        };
        if outcome != Outcome::Unchanged {
            self.keep_product(before, after);
        }
        if let Some(quantity) = quantity
            && let counted @ (Counted::Other(_) | Counted::New) =
                self.keep_quantity(reader, Field::Stock, &sku, quantity)
            && outcome != Outcome::Added
        {
            let was = if let Counted::Other(was) = counted { was.to_string() } else { String::new() };
            self.correction(reader, &what, "stock", was, quantity.to_string(), false);
            outcome = Outcome::Corrected;
        }
        self.clear_shelf_when_full().await?;
        Ok(outcome)
    }
}

/// `None` when the row has no price; the problem is noted.
fn read(reader: &mut RowReader<'_>) -> Option<SaidOfProduct> {
    let mut titles = BTreeMap::new();
    for (field, language) in TITLES {
        if let Some(title) = reader.name(field, LeftOut::Row) {
            titles.insert(language.to_string(), title);
        }
    }
    if let Some(title) = reader.name(Field::Product, LeftOut::Row) {
        // A column for the language says it better.
        titles.entry(title_language(&title).to_string()).or_insert(title);
    }
    let category = reader.name(Field::Category, LeftOut::Value);
    let said_attributes = reader.text(Field::Attributes).map(|text| attributes::read(&text)).unwrap_or_default();
    let platform_id = reader.number(Field::PlatformId);
    let url = read_url(reader);
    let active = read_active(reader);
    let quantity = read_quantity(reader, Field::Stock, LeftOut::Value);
    let before = reader.problems.len();
    let price = reader.amount(Field::Price);
    if price.is_none() && reader.problems.len() == before {
        reader.problem(Field::Price, LeftOut::Row, "unread-empty", "mend-price");
    }
    let price = price?;
    Some(SaidOfProduct { titles, category, attributes: said_attributes, price, platform_id, url, active, quantity })
}

fn read_url(reader: &mut RowReader<'_>) -> Option<String> {
    let text = reader.text(Field::Url)?;
    if is_web_address(&text) {
        return Some(text);
    }
    reader.problem(Field::Url, LeftOut::Value, "unread-url", "mend-url");
    None
}

fn read_active(reader: &mut RowReader<'_>) -> Option<bool> {
    let text = reader.text(Field::Active)?;
    let read = words::on_sale(&text);
    if read.is_none() {
        let why = Said::new("unread-on-sale").with("text", text);
        reader.problem(Field::Active, LeftOut::Value, why, "mend-on-sale");
    }
    read
}

/// A count of pieces: whole, and not below zero.
pub fn read_quantity(reader: &mut RowReader<'_>, field: Field, left_out: LeftOut) -> Option<i64> {
    match reader.pieces(field)? {
        Ok(quantity) => Some(quantity),
        Err(why) => {
            reader.problem(field, left_out, why, "mend-quantity");
            None
        }
    }
}

/// The product from now on: what the row says, and of the rest what was known.
fn after(sku: &str, before: Option<&Product>, said: SaidOfProduct) -> Product {
    let mut titles = before.map(|before| before.titles.clone()).unwrap_or_default();
    titles.extend(said.titles);
    let text = |said: Option<String>, known: fn(&Product) -> &String| {
        said.unwrap_or_else(|| before.map(known).cloned().unwrap_or_default())
    };
    let known_attributes = || before.map(|before| before.attributes.clone()).unwrap_or_default();
    Product {
        sku: sku.to_string(),
        titles,
        category: text(said.category, |known| &known.category),
        attributes: if said.attributes.is_empty() { known_attributes() } else { said.attributes },
        price: said.price,
        platform_id: text(said.platform_id, |known| &known.platform_id),
        url: text(said.url, |known| &known.url),
        active: said.active.unwrap_or_else(|| before.is_none_or(|before| before.active)),
    }
}

/// Field, before, after.
fn differences(before: &Product, after: &Product) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (language, title) in &after.titles {
        let was = before.titles.get(language).cloned().unwrap_or_default();
        if was != *title {
            found.push((format!("title_{language}"), was, title.clone()));
        }
    }
    let compared = [
        ("category", before.category.clone(), after.category.clone()),
        ("attributes", attributes::write(&before.attributes), attributes::write(&after.attributes)),
        ("price", before.price.to_string(), after.price.to_string()),
        ("platform_id", before.platform_id.clone(), after.platform_id.clone()),
        ("url", before.url.clone(), after.url.clone()),
        ("active", before.active.to_string(), after.active.to_string()),
    ];
    let differing = compared.into_iter().filter(|(_, was, is)| was != is);
    found.extend(differing.map(|(field, was, is)| (field.to_string(), was, is)));
    found
}
