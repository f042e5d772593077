//! The way back from a slip on several orders at once: what one change held or said of their goods, known again by the number
//! of that change.

use serde::Deserialize;

use dunlin_core::facts::orders::GoodsLine;
use dunlin_core::ids::{OrderId, PartyId, TenantId};
use dunlin_core::order::OrderSource;
use dunlin_core::order::story::OrderNews;

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_number, fetch_one};
use crate::orders::OrderTold;
use crate::pages::order_told::FoundOrder;
use crate::{Commit, Sight, Store, StoreError};

/// The noun of `history` under which it is kept what was known of an order's goods.
const STOCK: &str = "order_stock";

/// As `history` keeps it: of each line, in their order.
#[derive(Debug, Deserialize)]
struct StockImage {
    in_stock: Vec<Option<bool>>,
}

impl Commit {
    /// What somebody says of the goods of an order, in place of what was known of them.
    pub async fn mark_stock(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        goods: &[GoodsLine],
        news: OrderNews,
    ) -> Result<(), StoreError> {
        let before: Vec<Option<bool>> =
            self.order_lines(party_id, order_id).await?.into_iter().map(|line| line.in_stock).collect();
        let image = serde_json::json!({"in_stock": before});
        self.keep_history(Some(party_id), STOCK, &order_id.to_string(), image).await?;
        if !goods.is_empty() {
            self.set_order_lines(party_id, order_id, goods).await?;
        }
        let told = OrderTold { news: vec![news], ..OrderTold::default() };
        self.note_order_state(party_id, order_id, &told).await?;
        Ok(())
    }

    /// Takes back what this change said of the goods of an order. `false`: something else was said since, or it is taken back.
    pub async fn unmark_stock(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        change: i64,
    ) -> Result<bool, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT max(seq) FROM order_news WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 \
                   AND word IN ('in_stock', 'out_of_stock')";
        if fetch_number(&mut self.tx, sql, binds![tenant_id, party_id, order_id]).await? != Some(change) {
            return Ok(false);
        }
        let sql = "SELECT image FROM history WHERE tenant_id = $1 AND noun = $2 AND row_id = $3 AND seq = $4";
        let values = binds![tenant_id, STOCK, order_id.to_string(), change];
        let row: Option<(String,)> = fetch_one(&mut self.tx, sql, values).await?;
        let Some((image,)) = row else { return Ok(false) };
        let then: StockImage = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
        let sql = "DELETE FROM order_news WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 AND seq = $4 \
                   AND word IN ('in_stock', 'out_of_stock')";
        self.execute(sql, binds![tenant_id, party_id, order_id, change]).await?;
        let mut lines = self.order_lines(party_id, order_id).await?;
        for (line, before) in lines.iter_mut().zip(then.in_stock) {
            line.in_stock = before;
        }
        // Wakes the case as well.
        self.set_order_lines(party_id, order_id, &lines).await?;
        Ok(true)
    }

    /// Lets an order go that this change kept here. `false`: it did not, or it was let go since.
    pub async fn release_hold_of(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        change: i64,
    ) -> Result<bool, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE dispatch_hold SET released_at = $5 WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 \
                   AND seq = $4 AND released_at IS NULL";
        let ended = self.execute(sql, binds![tenant_id, party_id, order_id, change, now]).await? > 0;
        if ended {
            self.wake_order(party_id, order_id).await?;
        }
        Ok(ended)
    }
}

impl Store {
    /// Orders in sight that this change keeps here still.
    pub async fn orders_held_in(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        change: i64,
    ) -> Result<Vec<FoundOrder>, StoreError> {
        let sql = format!(
            "SELECT o.party_id, o.id, o.number, o.source FROM dispatch_hold d JOIN sales_order o \
             ON o.tenant_id = d.tenant_id AND o.id = d.order_id WHERE d.tenant_id = $1 AND d.seq = $2 \
             AND d.released_at IS NULL {} ORDER BY o.number, o.id",
            sight.on("d.party_id")
        );
        found(&mut self.conn().await?, &sql, tenant_id, change).await
    }

    /// Orders in sight of whose goods this change said something.
    pub async fn orders_marked_in(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        change: i64,
    ) -> Result<Vec<FoundOrder>, StoreError> {
        let sql = format!(
            "SELECT o.party_id, o.id, o.number, o.source FROM history h JOIN sales_order o \
             ON o.tenant_id = h.tenant_id AND o.id = h.row_id WHERE h.tenant_id = $1 AND h.seq = $2 \
             AND h.noun = '{STOCK}' {} ORDER BY o.number, o.id",
            sight.on("o.party_id")
        );
        found(&mut self.conn().await?, &sql, tenant_id, change).await
    }
}

async fn found(conn: &mut Conn, sql: &str, tenant_id: TenantId, change: i64) -> Result<Vec<FoundOrder>, StoreError> {
    let rows: Vec<(PartyId, OrderId, String, OrderSource)> = fetch(conn, sql, binds![tenant_id, change]).await?;
    let found = |(party_id, id, number, source)| FoundOrder { party_id, id, number, source };
    Ok(rows.into_iter().map(found).collect())
}
