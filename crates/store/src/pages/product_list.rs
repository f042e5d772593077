//! The catalogue page by page, and the same for programs by a key that stays.

use dunlin_core::catalogue::Stocked;
use dunlin_core::ids::TenantId;

use super::keyset::After;
use crate::bind::binds;
use crate::conn::{fetch, fetch_number};
use crate::products::{PRODUCT, ProductRow};
use crate::{Store, StoreError};

/// Which products are wanted, by what is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InStock {
    #[default]
    All,
    /// On sale, and at least one is there.
    Available,
    /// On sale, and none is there, or nobody said so.
    Gone,
    /// Not on sale.
    Inactive,
}

impl InStock {
    pub const ALL: [Self; 4] = [Self::All, Self::Available, Self::Gone, Self::Inactive];

    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Available => "available",
            Self::Gone => "gone",
            Self::Inactive => "inactive",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    const fn condition(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Available => "AND p.available = 1",
            Self::Gone => "AND p.active = 1 AND p.available = 0",
            Self::Inactive => "AND p.active = 0",
        }
    }
}

/// One page of the catalogue.
#[derive(Debug, Clone)]
pub struct ProductPage {
    pub products: Vec<Stocked>,
    /// All that fit, not only this page.
    pub total: i64,
}

/// A `LIKE … ESCAPE '!'` pattern for the text that is searched through, which is in lower case already.
fn pattern(search: &str) -> String {
    let escaped = search.trim().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{}%", escaped.to_lowercase())
}

impl Store {
    /// Products whose number or a title holds `search`, by number.
    pub async fn product_list(
        &self,
        tenant_id: TenantId,
        search: &str,
        in_stock: InStock,
        (limit, offset): (i64, i64),
    ) -> Result<ProductPage, StoreError> {
        let mut conn = self.conn().await?;
        let (search, wanted) = (pattern(search), in_stock.condition());
        let sql =
            format!("SELECT count(*) FROM product p WHERE p.tenant_id = $1 AND p.search LIKE $2 ESCAPE '!' {wanted}");
        let total = fetch_number(&mut conn, &sql, binds![tenant_id, search.as_str()]).await?.unwrap_or(0);
        let sql = format!("{PRODUCT} AND p.search LIKE $2 ESCAPE '!' {wanted} ORDER BY p.sku LIMIT $3 OFFSET $4");
        let rows: Vec<ProductRow> = fetch(&mut conn, &sql, binds![tenant_id, search, limit, offset]).await?;
        let products = rows.into_iter().map(ProductRow::stocked).collect::<Result<_, _>>()?;
        Ok(ProductPage { products, total })
    }

    /// The same after a number (nothing: from the first).
    pub async fn products_after(
        &self,
        tenant_id: TenantId,
        search: &str,
        in_stock: InStock,
        after: &After<String>,
    ) -> Result<Vec<Stocked>, StoreError> {
        let mut conn = self.conn().await?;
        let wanted = in_stock.condition();
        let sql = format!("{PRODUCT} AND p.search LIKE $2 ESCAPE '!' AND p.sku > $3 {wanted} ORDER BY p.sku LIMIT $4");
        let values = binds![tenant_id, pattern(search), after.key.as_str(), after.limit];
        let rows: Vec<ProductRow> = fetch(&mut conn, &sql, values).await?;
        rows.into_iter().map(ProductRow::stocked).collect()
    }
}
