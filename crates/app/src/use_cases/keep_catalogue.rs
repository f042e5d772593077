//! What people do with the catalogue beside importing it: count what is there, choose what stands in for an article, and
//! look for articles that could.

use dunlin_core::catalogue::similar::{Similar, similar};
use dunlin_core::catalogue::{LONGEST_SKU, MOST_IN_STOCK, Stocked};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Commit, LogEntry, StockChange, StockKind, StoreError};

use super::unpaid_why::fitting_words;
use crate::house::House;

/// Articles chosen for one; more is no choice.
const MOST_PINS: usize = 20;
/// Articles that may be asked for at once.
pub const MOST_SIMILAR: usize = 50;
/// Articles that pages and commands show.
pub const USUAL_SIMILAR: usize = 8;

/// An article with what could stand in for it.
#[derive(Debug, Clone)]
pub struct StandIns {
    pub of: Stocked,
    /// The best first; those that somebody chose before all others.
    pub similar: Vec<Similar>,
    /// All that somebody chose, also those that cannot be offered now.
    pub pins: Vec<Stocked>,
}

/// A quantity that was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// `None`: nobody had said how many there were.
    pub before: Option<i64>,
    pub quantity: i64,
}

/// Only what could be a number of an article is looked for.
fn could_be(sku: &str) -> bool {
    !sku.is_empty() && sku.chars().count() <= LONGEST_SKU && !sku.contains(char::is_control)
}

/// The product of a number.
pub async fn product(house: &House, sku: &str) -> anyhow::Result<Stocked> {
    let found = if could_be(sku) { house.store.product(house.tenant.id, sku).await? } else { None };
    Ok(found.ok_or_else(|| StoreError::not_found("product", sku))?)
}

async fn known(commit: &mut Commit, sku: &str) -> anyhow::Result<Stocked> {
    let found = if could_be(sku) { commit.product(sku).await? } else { None };
    Ok(found.ok_or_else(|| StoreError::not_found("product", sku))?)
}

/// At most `most` articles that could stand in for one that is gone.
pub async fn find_similar(house: &House, sku: &str, most: usize) -> anyhow::Result<StandIns> {
    let of = product(house, sku).await?;
    let (store, tenant_id) = (&house.store, house.tenant.id);
    let pins = store.pins_of(tenant_id, sku).await?;
    let candidates = store.product_candidates(tenant_id, &of.product, &pins).await?;
    let similar = similar(&of.product, &candidates, &pins, most.min(MOST_SIMILAR));
    let mut pinned = store.products_of(tenant_id, &pins).await?;
    pinned.sort_by_key(|one| pins.iter().position(|pin| *pin == one.product.sku));
    Ok(StandIns { of, similar, pins: pinned })
}

/// Whether so many can be in stock at all.
pub fn fits_stock(quantity: i64) -> Result<(), Refusal> {
    if (0..=MOST_IN_STOCK).contains(&quantity) {
        Ok(())
    } else {
        Err(Refusal::new(RefusalCode::StockRange).with("most", MOST_IN_STOCK))
    }
}

/// Says how many of an article there are, as somebody counted. It holds until a file says another number than before.
pub async fn set_stock(house: &House, sku: &str, quantity: i64, note: &str) -> anyhow::Result<Counted> {
    fits_stock(quantity)?;
    let note = fitting_words(note)?;
    let mut commit = house.begin().await?;
    let before = known(&mut commit, sku).await?.quantity;
    if before == Some(quantity) {
        return Err(Refusal::new(RefusalCode::StockSame).with("sku", sku).with("quantity", quantity).into());
    }
    let change = StockChange { sku: sku.to_string(), before, after: quantity };
    commit.write_stock(&[change], StockKind::ByHand, note, house.today()).await?;
    let entry = LogEntry::new("product.counted", "product", sku).changed("quantity", before, quantity);
    commit.log(if note.is_empty() { entry } else { entry.fact("note", note) });
    commit.finish().await?;
    Ok(Counted { before, quantity })
}

/// From now on `other` is offered first in place of `sku`, after those that were chosen before.
pub async fn pin_similar(house: &House, sku: &str, other: &str) -> anyhow::Result<()> {
    let other = other.trim();
    let mut commit = house.begin().await?;
    known(&mut commit, sku).await?;
    if sku == other {
        return Err(Refusal::new(RefusalCode::PinSelf).into());
    }
    let is_known = could_be(other) && commit.product(other).await?.is_some();
    if !is_known {
        let shown: String = other.chars().take(LONGEST_SKU).collect();
        return Err(Refusal::new(RefusalCode::ProductUnknown).with("sku", shown).into());
    }
    let pins = commit.pins_of(sku).await?;
    if pins.iter().any(|pin| pin == other) {
        return Err(Refusal::new(RefusalCode::PinTwice).with("sku", other).into());
    }
    if pins.len() >= MOST_PINS {
        return Err(Refusal::new(RefusalCode::PinsMany).with("most", MOST_PINS as i64).into());
    }
    commit.pin_product(sku, other).await?;
    commit.log(LogEntry::new("product.pinned", "product", sku).fact("other", other));
    commit.finish().await?;
    Ok(())
}

/// `other` is chosen for `sku` no more.
pub async fn unpin_similar(house: &House, sku: &str, other: &str) -> anyhow::Result<()> {
    let other = other.trim();
    let mut commit = house.begin().await?;
    known(&mut commit, sku).await?;
    if !could_be(other) || !commit.unpin_product(sku, other).await? {
        let shown: String = other.chars().take(LONGEST_SKU).collect();
        return Err(Refusal::new(RefusalCode::PinNone).with("sku", shown).into());
    }
    commit.log(LogEntry::new("product.unpinned", "product", sku).fact("other", other));
    commit.finish().await?;
    Ok(())
}
