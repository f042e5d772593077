//! Which few products are worth comparing with one: outward from its price, in its category and beside it, along an index
//! that holds only what can be offered. However long the catalogue is, some hundred rows are read.

use dunlin_core::catalogue::{Product, Stocked};
use dunlin_core::ids::TenantId;

use super::{PRODUCT, ProductRow, of_skus};
use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::{Commit, Store, StoreError};

/// Of the same category, on either side of the price.
const OF_CATEGORY: i64 = 120;
/// Of any category, on either side of the price.
const OF_PRICE: i64 = 40;

/// What is at or above the price, and what is below, from the nearest: the comparison, and the order of both columns.
const SIDES: [(&str, &str); 2] = [(">=", "ASC"), ("<", "DESC")];

pub(super) async fn candidates(
    conn: &mut Conn,
    tenant_id: TenantId,
    product: &Product,
    pins: &[String],
) -> Result<Vec<Stocked>, StoreError> {
    let mut found = of_skus(conn, tenant_id, pins).await?;
    let (category, currency) = (product.category_key(), product.price.currency.code());
    for (side, order) in SIDES {
        if !category.is_empty() {
            let sql = format!(
                "{PRODUCT} AND p.available = 1 AND p.category_key = $2 AND p.currency = $3 \
                 AND p.price_minor {side} $4 ORDER BY p.price_minor {order}, p.sku {order} LIMIT $5"
            );
            let values = binds![tenant_id, category.as_str(), currency, product.price.minor, OF_CATEGORY];
            for row in fetch::<ProductRow>(conn, &sql, values).await? {
                found.push(row.stocked()?);
            }
        }
        // Written as the index is.
        let sql = format!(
            "{PRODUCT} AND p.available = 1 AND p.currency = $2 AND (p.price_minor + 0) {side} $3 \
             ORDER BY (p.price_minor + 0) {order}, p.sku {order} LIMIT $4"
        );
        let values = binds![tenant_id, currency, product.price.minor, OF_PRICE];
        for row in fetch::<ProductRow>(conn, &sql, values).await? {
            found.push(row.stocked()?);
        }
    }
    Ok(found)
}

impl Store {
    /// Candidates to stand in for a product, `pins` among them; some may stand there twice.
    pub async fn product_candidates(
        &self,
        tenant_id: TenantId,
        product: &Product,
        pins: &[String],
    ) -> Result<Vec<Stocked>, StoreError> {
        candidates(&mut self.conn().await?, tenant_id, product, pins).await
    }
}

impl Commit {
    /// As [`Store::product_candidates`], within a change.
    pub async fn product_candidates(&mut self, product: &Product, pins: &[String]) -> Result<Vec<Stocked>, StoreError> {
        candidates(&mut self.tx, self.tenant_id, product, pins).await
    }
}
