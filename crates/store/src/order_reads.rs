//! What is known of one order: its story and its goods, read in one place for pages and for whoever is about to tell more of
//! it; and the parcels that are followed elsewhere.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::facts::orders::GoodsLine;
use dunlin_core::ids::{OrderId, PartyId, ShipmentId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::order::story::{CloseReason, OrderNews, OrderStory, OrderWord};

use crate::bind::binds;
use crate::conn::{Conn, execute, fetch, fetch_one};
use crate::dialect::micros;
use crate::facts::iso;
use crate::{Commit, Store, StoreError};

/// What was told of an order until now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownOrder {
    pub story: OrderStory,
    pub ship_by: Option<Timestamp>,
    pub protection_ends: Option<Date>,
    /// When it was last read where it comes from.
    pub synced_at: Option<Timestamp>,
}

/// A parcel that the tracking service was not asked to follow yet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UnfollowedParcel {
    pub party_id: PartyId,
    pub order_id: OrderId,
    pub id: ShipmentId,
    pub carrier: String,
    pub number: String,
}

#[derive(Deserialize)]
struct ClockRow {
    #[serde(with = "micros::maybe")]
    ship_by: Option<Timestamp>,
    protection_ends_on: Option<Date>,
    #[serde(with = "micros::maybe")]
    synced_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct NewsRow {
    #[serde(with = "micros")]
    at: Timestamp,
    word: OrderWord,
    why: String,
}

#[derive(Deserialize)]
struct LineRow {
    sku: String,
    title: String,
    quantity: i64,
    price_minor: i64,
    currency: String,
    url: String,
    in_stock: Option<i64>,
}

impl Commit {
    /// Empty for an order of which nothing was told.
    pub async fn known_order(&mut self, party_id: PartyId, order_id: OrderId) -> Result<KnownOrder, StoreError> {
        let story = self.story_of(party_id, order_id).await?;
        let sql = "SELECT ship_by, protection_ends_on, synced_at FROM order_standing WHERE tenant_id = $1 \
                   AND party_id = $2 AND order_id = $3";
        let row: Option<ClockRow> = fetch_one(&mut self.tx, sql, binds![self.tenant_id, party_id, order_id]).await?;
        Ok(match row {
            Some(row) => KnownOrder {
                story,
                ship_by: row.ship_by,
                protection_ends: row.protection_ends_on,
                synced_at: row.synced_at,
            },
            None => KnownOrder { story, ..KnownOrder::default() },
        })
    }

    /// Numbers of the parcels of an order.
    pub async fn parcel_numbers(&mut self, party_id: PartyId, order_id: OrderId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT number FROM shipment WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 \
                   AND withdrawn_at IS NULL ORDER BY id";
        let rows: Vec<(String,)> = fetch(&mut self.tx, sql, binds![self.tenant_id, party_id, order_id]).await?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// The articles of an order as its source tells them. What is known of the stock of an article stays with it. `true`:
    /// something changed.
    pub async fn keep_order_lines(
        &mut self,
        party_id: PartyId,
        order_id: OrderId,
        told: &[GoodsLine],
    ) -> Result<bool, StoreError> {
        let known = self.order_lines(party_id, order_id).await?;
        let mut lines = told.to_vec();
        for (nth, line) in lines.iter_mut().enumerate() {
            let same = |old: &&GoodsLine| old.sku == line.sku && old.title == line.title;
            let before = known.get(nth).filter(same).or_else(|| known.iter().find(same));
            line.in_stock = line.in_stock.or(before.and_then(|old| old.in_stock));
        }
        if lines == known {
            return Ok(false);
        }
        self.set_order_lines(party_id, order_id, &lines).await?;
        Ok(true)
    }

    pub(crate) async fn story_of(&mut self, party_id: PartyId, order_id: OrderId) -> Result<OrderStory, StoreError> {
        story_of(&mut self.tx, self.tenant_id, party_id, order_id).await
    }

    /// The articles of an order, within this change.
    pub async fn order_lines(&mut self, party_id: PartyId, order_id: OrderId) -> Result<Vec<GoodsLine>, StoreError> {
        lines_of(&mut self.tx, self.tenant_id, party_id, order_id).await
    }
}

/// All that was told of an order.
pub(crate) async fn story_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    party_id: PartyId,
    order_id: OrderId,
) -> Result<OrderStory, StoreError> {
    let sql = "SELECT at, word, why FROM order_news WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3";
    let rows: Vec<NewsRow> = fetch(conn, sql, binds![tenant_id, party_id, order_id]).await?;
    let news = |row: NewsRow| OrderNews { at: row.at, word: row.word, why: CloseReason::from_code(&row.why) };
    Ok(OrderStory::of(rows.into_iter().map(news)))
}

/// The articles of an order.
pub(crate) async fn lines_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    party_id: PartyId,
    order_id: OrderId,
) -> Result<Vec<GoodsLine>, StoreError> {
    let sql = "SELECT sku, title, quantity, price_minor, currency, url, in_stock FROM order_line \
               WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 ORDER BY line";
    let rows: Vec<LineRow> = fetch(conn, sql, binds![tenant_id, party_id, order_id]).await?;
    let line = |row: LineRow| -> Result<GoodsLine, StoreError> {
        Ok(GoodsLine {
            sku: row.sku,
            title: row.title,
            quantity: row.quantity,
            price: Money::new(row.price_minor, iso(&row.currency)?),
            url: row.url,
            in_stock: row.in_stock.map(|known| known != 0),
        })
    };
    rows.into_iter().map(line).collect()
}

impl Store {
    /// Marketplace orders that were read again and say what they said.
    pub async fn note_orders_read(
        &self,
        tenant_id: TenantId,
        numbers: &[String],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let mut conn = self.conn().await?;
        let wanted = serde_json::to_string(numbers).map_err(StoreError::corrupt)?;
        let which = conn.kind().listed("o.number", 3);
        let sql = format!(
            "UPDATE order_standing SET synced_at = $2 WHERE tenant_id = $1 AND (party_id, order_id) IN (SELECT o.party_id, \
             o.id FROM sales_order o WHERE o.tenant_id = $1 AND o.source = 'marketplace' AND {which})"
        );
        execute(&mut conn, &sql, binds![tenant_id, at, wanted]).await?;
        Ok(())
    }

    /// Parcels that have left under a number and that no tracking service was asked to follow, oldest first.
    pub async fn unfollowed_parcels(
        &self,
        tenant_id: TenantId,
        limit: i64,
    ) -> Result<Vec<UnfollowedParcel>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT h.party_id, h.order_id, h.id, h.carrier, h.number FROM shipment h JOIN cases k \
                   ON k.tenant_id = h.tenant_id AND k.receivable_id = h.id AND k.state = 'running' \
                   WHERE h.tenant_id = $1 AND h.number <> '' AND h.shipped_at IS NOT NULL AND h.follow_at IS NULL \
                   ORDER BY h.recorded_at, h.id LIMIT $2";
        fetch(&mut conn, sql, binds![tenant_id, limit]).await
    }

    /// Numbers of parcels that are followed and of which nothing was told since, neither by itself nor when asked; those that
    /// were asked about longest ago first.
    pub async fn silent_parcels(
        &self,
        tenant_id: TenantId,
        since: Timestamp,
        limit: i64,
    ) -> Result<Vec<String>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT h.number FROM shipment h JOIN cases k ON k.tenant_id = h.tenant_id \
                   AND k.receivable_id = h.id AND k.state = 'running' WHERE h.tenant_id = $1 AND h.number <> '' \
                   AND h.follow_at IS NOT NULL AND h.follow_problem = '' AND (h.asked_at IS NULL OR h.asked_at < $2) \
                   AND NOT EXISTS (SELECT 1 FROM tracking_notice n WHERE n.tenant_id = h.tenant_id \
                   AND n.number = h.number AND n.received_at >= $2) \
                   GROUP BY h.number ORDER BY min(COALESCE(h.asked_at, 0)), h.number LIMIT $3";
        let rows: Vec<(String,)> = fetch(&mut conn, sql, binds![tenant_id, since, limit]).await?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// These were asked about, whatever was answered.
    pub async fn note_asked(&self, tenant_id: TenantId, numbers: &[String], at: Timestamp) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let mut conn = self.conn().await?;
        let wanted = serde_json::to_string(numbers).map_err(StoreError::corrupt)?;
        let which = conn.kind().listed("number", 3);
        let sql = format!("UPDATE shipment SET asked_at = $2 WHERE tenant_id = $1 AND {which}");
        execute(&mut conn, &sql, binds![tenant_id, at, wanted]).await?;
        Ok(())
    }

    /// The tracking service does not know these any more: it is asked once more to follow them.
    pub async fn follow_anew(&self, tenant_id: TenantId, numbers: &[String]) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let mut conn = self.conn().await?;
        let wanted = serde_json::to_string(numbers).map_err(StoreError::corrupt)?;
        let which = conn.kind().listed("number", 2);
        let sql = format!("UPDATE shipment SET follow_at = NULL, follow_problem = '' WHERE tenant_id = $1 AND {which}");
        execute(&mut conn, &sql, binds![tenant_id, wanted]).await?;
        Ok(())
    }

    /// What the tracking service said when it was asked to follow parcels; an empty word: it does.
    pub async fn note_followed(
        &self,
        tenant_id: TenantId,
        numbers: &[String],
        word: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let mut conn = self.conn().await?;
        let wanted = serde_json::to_string(numbers).map_err(StoreError::corrupt)?;
        let which = conn.kind().listed("number", 4);
        let sql = format!("UPDATE shipment SET follow_at = $2, follow_problem = $3 WHERE tenant_id = $1 AND {which}");
        execute(&mut conn, &sql, binds![tenant_id, at, word, wanted]).await?;
        Ok(())
    }
}
