//! The catalogue: products read and written, many at once. Stock is in [`stock`], what somebody chose to stand in for an
//! article in [`pins`], and which few products are worth comparing with one in [`candidates`]. Lists are in `pages`.
//!
//! A product is named by the seller's own number. A correction leaves the row before it in `history`.

mod candidates;
mod pins;
mod stock;

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

use dunlin_core::catalogue::similar::similar;
use dunlin_core::catalogue::{Product, Stocked};
use dunlin_core::ids::TenantId;
use dunlin_core::money::Money;

use crate::bind::{Bind, binds};
use crate::bulk::{Kind, Rows};
use crate::conn::{Conn, each_row, fetch, fetch_one, insert_many};
use crate::dialect::flag;
use crate::facts::iso;
use crate::{Commit, Store, StoreError};

pub use stock::{StockChange, StockKind, StockLevel, StockMovement};

/// Numbers that one statement asks for.
const AT_ONCE: usize = 5_000;

/// A product as it is from now on, beside what it was.
#[derive(Debug, Clone)]
pub struct ProductChange {
    pub before: Option<Product>,
    pub after: Product,
}

#[derive(Deserialize)]
pub(crate) struct ProductRow {
    sku: String,
    titles: String,
    category: String,
    attributes: String,
    price_minor: i64,
    currency: String,
    platform_id: String,
    url: String,
    #[serde(with = "flag")]
    active: bool,
    quantity: Option<i64>,
}

impl ProductRow {
    pub(crate) fn stocked(self) -> Result<Stocked, StoreError> {
        let titles: BTreeMap<String, String> = serde_json::from_str(&self.titles).map_err(StoreError::corrupt)?;
        let attributes = serde_json::from_str(&self.attributes).map_err(StoreError::corrupt)?;
        let product = Product {
            sku: self.sku,
            titles,
            category: self.category,
            attributes,
            price: Money::new(self.price_minor, iso(&self.currency)?),
            platform_id: self.platform_id,
            url: self.url,
            active: self.active,
        };
        Ok(Stocked { product, quantity: self.quantity })
    }
}

/// `$1` is the firm; what else is asked for follows.
pub(crate) const PRODUCT: &str = "SELECT p.sku, p.titles, p.category, p.attributes, p.price_minor, p.currency, \
    p.platform_id, p.url, p.active, s.quantity FROM product p \
    LEFT JOIN product_stock s ON s.tenant_id = p.tenant_id AND s.sku = p.sku WHERE p.tenant_id = $1";

const COLUMNS: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("effective_on", Kind::Text),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
    ("sku", Kind::Text),
    ("titles", Kind::Text),
    ("category", Kind::Text),
    ("category_key", Kind::Text),
    ("attributes", Kind::Text),
    ("price_minor", Kind::Int),
    ("currency", Kind::Text),
    ("platform_id", Kind::Text),
    ("url", Kind::Text),
    ("active", Kind::Int),
    ("search", Kind::Text),
];
/// Of these columns the first are the same in all rows.
const STAMP: usize = 4;

const IMAGE: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("noun", Kind::Text),
    ("superseded_at", Kind::Int),
    ("seq", Kind::Int),
    ("row_id", Kind::Text),
    ("image", Kind::Text),
];

const SKUS: &[(&str, Kind)] = &[("tenant_id", Kind::Int), ("sku", Kind::Text)];

/// Products of these numbers; a number that nobody knows is left out.
async fn of_skus(conn: &mut Conn, tenant_id: TenantId, skus: &[String]) -> Result<Vec<Stocked>, StoreError> {
    let sql = format!("{PRODUCT} AND {}", conn.kind().listed("p.sku", 2));
    let mut found = Vec::new();
    for part in skus.chunks(AT_ONCE) {
        let asked = serde_json::to_string(part).map_err(StoreError::corrupt)?;
        let rows: Vec<ProductRow> = fetch(conn, &sql, binds![tenant_id, asked]).await?;
        for row in rows {
            found.push(row.stocked()?);
        }
    }
    Ok(found)
}

async fn of_sku(conn: &mut Conn, tenant_id: TenantId, sku: &str) -> Result<Option<Stocked>, StoreError> {
    let sql = format!("{PRODUCT} AND p.sku = $2");
    let row: Option<ProductRow> = fetch_one(conn, &sql, binds![tenant_id, sku]).await?;
    row.map(ProductRow::stocked).transpose()
}

/// As many as a message offers.
const OFFERED: usize = 3;

/// Whether something that is none of these articles itself could stand in for one of them.
pub(crate) async fn have_similar(conn: &mut Conn, tenant_id: TenantId, skus: &[String]) -> Result<bool, StoreError> {
    for of in of_skus(conn, tenant_id, skus).await? {
        let pins = pins::pins(conn, tenant_id, &of.product.sku).await?;
        let candidates = candidates::candidates(conn, tenant_id, &of.product, &pins).await?;
        let found = similar(&of.product, &candidates, &pins, OFFERED);
        if found.iter().any(|one| !skus.contains(&one.stocked.product.sku)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn text_of(value: &BTreeMap<String, String>) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::corrupt)
}

impl Store {
    /// The product of a number.
    pub async fn product(&self, tenant_id: TenantId, sku: &str) -> Result<Option<Stocked>, StoreError> {
        let mut conn = self.conn().await?;
        of_sku(&mut conn, tenant_id, sku).await
    }

    /// Products of these numbers; a number that nobody knows is left out.
    pub async fn products_of(&self, tenant_id: TenantId, skus: &[String]) -> Result<Vec<Stocked>, StoreError> {
        let mut conn = self.conn().await?;
        of_skus(&mut conn, tenant_id, skus).await
    }
}

impl Commit {
    /// The product of a number.
    pub async fn product(&mut self, sku: &str) -> Result<Option<Stocked>, StoreError> {
        of_sku(&mut self.tx, self.tenant_id, sku).await
    }

    /// Products of these numbers, by number.
    pub async fn products_of(&mut self, skus: &[String]) -> Result<HashMap<String, Product>, StoreError> {
        let found = of_skus(&mut self.tx, self.tenant_id, skus).await?;
        Ok(found.into_iter().map(|one| (one.product.sku.clone(), one.product)).collect())
    }

    /// Numbers of all products on sale, each with its titles in one text.
    pub async fn product_skus(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT p.sku, p.titles FROM product p WHERE p.tenant_id = $1 AND p.active = 1 ORDER BY p.sku";
        let rows: Vec<(String, String)> = fetch(&mut self.tx, sql, binds![tenant_id]).await?;
        let mut named = Vec::with_capacity(rows.len());
        for (sku, titles) in rows {
            let titles: BTreeMap<String, String> = serde_json::from_str(&titles).map_err(StoreError::corrupt)?;
            named.push((sku, titles.into_values().next().unwrap_or_default()));
        }
        Ok(named)
    }

    /// Adds and corrects products, each number at most once in a call and in a change.
    pub async fn write_products(&mut self, changes: &[ProductChange], today: Date) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let mut rows = Rows::stamped(COLUMNS, STAMP);
        let mut images = Rows::stamped(IMAGE, STAMP);
        rows.stamp(&[tenant_id.into(), today.into(), now.into(), seq.into()]);
        images.stamp(&[tenant_id.into(), Bind::fixed("product"), now.into(), seq.into()]);
        for change in changes {
            let after = &change.after;
            rows.push([
                after.sku.as_str().into(),
                text_of(&after.titles)?.into(),
                after.category.as_str().into(),
                after.category_key().into(),
                text_of(&after.attributes)?.into(),
                after.price.minor.into(),
                Bind::fixed(after.price.currency.code()),
                after.platform_id.as_str().into(),
                after.url.as_str().into(),
                after.active.into(),
                after.search_text().into(),
            ]);
            if let Some(before) = &change.before {
                let image = json!({"titles": before.titles, "category": before.category,
                    "attributes": before.attributes, "price_minor": before.price.minor,
                    "currency": before.price.currency.code(), "platform_id": before.platform_id, "url": before.url,
                    "active": before.active});
                images.push([before.sku.as_str().into(), image.to_string().into()]);
            }
        }
        insert_many(&mut self.tx, "history", images).await?;
        let sql = "INSERT INTO product (tenant_id, sku, titles, category, category_key, attributes, price_minor, \
                   currency, platform_id, url, active, available, search, effective_on, recorded_at, seq) \
                   SELECT x.tenant_id, x.sku, x.titles, x.category, x.category_key, x.attributes, x.price_minor, \
                   x.currency, x.platform_id, x.url, x.active, 0, x.search, x.effective_on, x.recorded_at, x.seq \
                   FROM {rows} WHERE x.sku IS NOT NULL ON CONFLICT (tenant_id, sku) DO UPDATE SET \
                   titles = excluded.titles, category = excluded.category, category_key = excluded.category_key, \
                   attributes = excluded.attributes, price_minor = excluded.price_minor, currency = excluded.currency, \
                   platform_id = excluded.platform_id, url = excluded.url, active = excluded.active, \
                   search = excluded.search, effective_on = excluded.effective_on, recorded_at = excluded.recorded_at, \
                   seq = excluded.seq";
        each_row(&mut self.tx, sql, rows).await?;
        let skus: Vec<&str> = changes.iter().map(|change| change.after.sku.as_str()).collect();
        self.mark_available(&skus).await
    }

    /// Says anew of each whether it may be offered: on sale, and one is there.
    async fn mark_available(&mut self, skus: &[&str]) -> Result<(), StoreError> {
        let mut rows = Rows::stamped(SKUS, 1);
        rows.stamp(&[self.tenant_id.into()]);
        for sku in skus {
            rows.push([(*sku).into()]);
        }
        let sql = "UPDATE product SET available = CASE WHEN product.active = 1 AND EXISTS (SELECT 1 FROM product_stock s \
                   WHERE s.tenant_id = product.tenant_id AND s.sku = product.sku AND s.quantity > 0) THEN 1 ELSE 0 END \
                   FROM {rows} WHERE product.tenant_id = x.tenant_id AND product.sku = x.sku";
        each_row(&mut self.tx, sql, rows).await?;
        Ok(())
    }
}
