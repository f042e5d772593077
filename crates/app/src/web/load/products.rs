//! Fills the catalogue and the page of one article.

use serde::Deserialize;

use dunlin_core::catalogue::Stocked;
use dunlin_store::StockMovement;
use dunlin_store::pages::product_list::InStock;

use super::debtors::{encoded, offset_of, page_of, pager};
use super::show::Show;
use crate::house::House;
use crate::use_cases::keep_catalogue::{USUAL_SIMILAR, find_similar};
use crate::web::view::products::{MovementLine, ProductLine, ProductPage, Products, SimilarLine};
use crate::web::words::grouped;

/// Changes of a quantity that are shown.
const MOVEMENTS: i64 = 50;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Part of a number or title.
    pub q: String,
    /// Code of what is there; empty for all.
    pub stock: String,
    pub page: String,
}

/// Address of the page of an article; a number may hold any letter.
pub fn href(sku: &str) -> String {
    format!("/products/{}", encoded(sku))
}

pub async fn list(house: &House, show: &Show, query: &Query) -> anyhow::Result<Products> {
    let search = query.q.trim().replace('\0', "");
    let in_stock = InStock::from_code(&query.stock).unwrap_or_default();
    let page = page_of(&query.page);
    let found = house.store.product_list(house.tenant.id, &search, in_stock, offset_of(page)).await?;
    let rows: Vec<ProductLine> = found.products.iter().map(|one| line(show, one)).collect();
    let total = usize::try_from(found.total).unwrap_or(0);
    let code = if in_stock == InStock::All { "" } else { in_stock.code() };
    let tab = |one: InStock| {
        let mut address = format!("/products?stock={}", one.code());
        if !search.is_empty() {
            address.push_str(&format!("&q={}", encoded(&search)));
        }
        (one.code(), address)
    };
    Ok(Products {
        stock: in_stock.code(),
        tabs: InStock::ALL.into_iter().map(tab).collect(),
        pager: pager("/products", &[("q", search.as_str()), ("stock", code)], page, rows.len(), total),
        search: search.clone(),
        rows,
    })
}

pub async fn one(house: &House, show: &Show, sku: &str) -> anyhow::Result<ProductPage> {
    let found = find_similar(house, sku, USUAL_SIMILAR).await?;
    let moved = house.store.stock_history(house.tenant.id, sku, MOVEMENTS).await?;
    let product = &found.of.product;
    let pairs = |map: &std::collections::BTreeMap<String, String>| {
        map.iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>()
    };
    let similar = found.similar.iter().map(|one| SimilarLine {
        line: line(show, &one.stocked),
        is_pinned: one.is_pinned(),
        why: one.why.iter().map(|why| why.sentence(show.ui())).collect(),
    });
    Ok(ProductPage {
        line: line(show, &found.of),
        titles: pairs(&product.titles),
        attributes: pairs(&product.attributes),
        platform_id: product.platform_id.clone(),
        url: product.url.clone(),
        quantity_value: found.of.quantity.map(|quantity| quantity.to_string()).unwrap_or_default(),
        similar: similar.collect(),
        resting_pins: found.pins.iter().filter(|pin| !pin.is_available()).map(|pin| line(show, pin)).collect(),
        movements: moved.into_iter().map(|one| movement(show, one)).collect(),
    })
}

fn line(show: &Show, one: &Stocked) -> ProductLine {
    let product = &one.product;
    let state = match one.quantity {
        _ if !product.active => "inactive",
        None => "unknown",
        Some(quantity) if quantity > 0 => "available",
        Some(_) => "gone",
    };
    ProductLine {
        sku: product.sku.clone(),
        href: href(&product.sku),
        title: product.title(show.letters().code()).to_string(),
        category: product.category.clone(),
        price: show.amount(product.price),
        quantity: one.quantity.map(grouped).unwrap_or_default(),
        state,
    }
}

fn movement(show: &Show, one: StockMovement) -> MovementLine {
    MovementLine {
        at: show.instant(one.recorded_at),
        before: one.before.map(grouped).unwrap_or_default(),
        quantity: grouped(one.quantity),
        kind: one.kind.code(),
        note: one.note,
        who: one.who.unwrap_or_default(),
    }
}
