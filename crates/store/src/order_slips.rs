//! The way back from a slip on several orders at once: what one change held, let go, shipped, settled with buyers, or said of
//! goods and of how an order stands, known again by the number of that change.

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::facts::orders::GoodsLine;
use dunlin_core::ids::{CaseId, OrderId, PartyId, ShipmentId, TenantId};
use dunlin_core::order::OrderSource;
use dunlin_core::order::slip::OrderSlip;
use dunlin_core::order::story::OrderNews;

use crate::bind::binds;
use crate::conn::{fetch, fetch_number, fetch_one};
use crate::orders::OrderTold;
use crate::pages::order_told::FoundOrder;
use crate::{Commit, Sight, Store, StoreError};

/// The noun of `history` under which it is kept what was known of an order's goods.
const STOCK: &str = "order_stock";
/// The noun under which it is kept how an order stood before a person said otherwise.
const STATE: &str = "order_state";

/// Rows of orders that a change is known by still, with its number as `seq`.
const fn rows_of(slip: OrderSlip) -> &'static str {
    match slip {
        OrderSlip::Stock => {
            "(SELECT n.tenant_id, n.party_id, n.order_id, n.seq FROM order_news n \
             WHERE n.word IN ('in_stock', 'out_of_stock'))"
        }
        OrderSlip::Hold => {
            "(SELECT d.tenant_id, d.party_id, d.order_id, d.seq FROM dispatch_hold d WHERE d.released_at IS NULL)"
        }
        OrderSlip::Release => {
            "(SELECT d.tenant_id, d.party_id, d.order_id, d.released_seq AS seq FROM dispatch_hold d \
             WHERE d.released_at IS NOT NULL)"
        }
        // A number that was corrected is corrected once more, not taken back.
        OrderSlip::Ship => {
            "(SELECT h.tenant_id, h.party_id, h.order_id, h.seq FROM shipment h WHERE h.withdrawn_at IS NULL \
             AND h.replaces IS NULL)"
        }
        OrderSlip::Ask => {
            "(SELECT a.tenant_id, a.party_id, a.order_id, a.settled_seq AS seq FROM order_ask a \
             WHERE a.settled_at IS NOT NULL)"
        }
        // News of the same words come from shops and files, too: those are not a person's to take back.
        OrderSlip::State => {
            "(SELECT n.tenant_id, n.party_id, n.order_id, n.seq FROM order_news n JOIN history h \
             ON h.tenant_id = n.tenant_id AND h.noun = 'order_state' AND h.row_id = n.order_id AND h.seq = n.seq \
             WHERE n.word NOT IN ('in_stock', 'out_of_stock'))"
        }
    }
}

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

    /// How an order stands by a person's word. `true`: it is new.
    pub async fn mark_state(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        news: OrderNews,
    ) -> Result<bool, StoreError> {
        let before = self.known_order(party_id, order_id).await?.story.standing().word;
        let told = OrderTold { news: vec![news], ..OrderTold::default() };
        let is_new = self.note_order_state(party_id, order_id, &told).await?;
        if is_new {
            let image = serde_json::json!({"word": before.code()});
            self.keep_history(Some(party_id), STATE, &order_id.to_string(), image).await?;
        }
        Ok(is_new)
    }

    /// When a person said in this change how an order stands. `None`: they did not, it is taken back, or something else was told
    /// since.
    pub async fn state_marked_at(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        change: i64,
    ) -> Result<Option<Timestamp>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT max(seq) FROM order_news WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 \
                   AND word NOT IN ('in_stock', 'out_of_stock')";
        if fetch_number(&mut self.tx, sql, binds![tenant_id, party_id, order_id]).await? != Some(change) {
            return Ok(None);
        }
        let sql =
            "SELECT max(superseded_at) FROM history WHERE tenant_id = $1 AND noun = $2 AND row_id = $3 AND seq = $4";
        let values = binds![tenant_id, STATE, order_id.to_string(), change];
        let at = fetch_number(&mut self.tx, sql, values).await?;
        at.map(|at| Timestamp::from_microsecond(at).map_err(StoreError::corrupt)).transpose()
    }

    /// Takes back what a person said in this change of how an order stands, and what a rule asked the buyer because of it.
    /// Whoever calls has seen that it can be.
    pub async fn unmark_state(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        change: i64,
    ) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "DELETE FROM order_news WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 AND seq = $4 \
                   AND word NOT IN ('in_stock', 'out_of_stock')";
        self.execute(sql, binds![tenant_id, party_id, order_id, change]).await?;
        let sql = "UPDATE order_ask SET settled_at = $5, outcome = 'withdrawn', settled_seq = $6 WHERE tenant_id = $1 \
                   AND party_id = $2 AND order_id = $3 AND seq = $4 AND settled_at IS NULL";
        self.execute(sql, binds![tenant_id, party_id, order_id, change, now, seq]).await?;
        // How it stands by what is left of its news.
        self.note_order_state(party_id, order_id, &OrderTold::default()).await?;
        self.wake_order(party_id, order_id).await
    }

    /// Keeps an order here again that this change let go. `false`: it did not, or it is kept again.
    pub async fn hold_again(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        change: i64,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE dispatch_hold SET released_at = NULL, released_seq = NULL WHERE tenant_id = $1 AND party_id = $2 \
                   AND order_id = $3 AND released_seq = $4";
        let held = self.execute(sql, binds![self.tenant_id, party_id, order_id, change]).await? > 0;
        if held {
            self.wake_order(party_id, order_id).await?;
        }
        Ok(held)
    }

    /// Parcels of an order that this change noted, and that still have the number they were noted under.
    pub async fn parcels_of_change(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        change: i64,
    ) -> Result<Vec<ShipmentId>, StoreError> {
        let sql = "SELECT id FROM shipment WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 AND seq = $4 \
                   AND withdrawn_at IS NULL AND replaces IS NULL ORDER BY id";
        let rows: Vec<(ShipmentId,)> =
            fetch(&mut self.tx, sql, binds![self.tenant_id, party_id, order_id, change]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Nobody handed these parcels over, and by this change the order did not leave. Of a parcel that is on its way, whoever
    /// calls has seen that there is none.
    pub async fn unship(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        parcels: &[ShipmentId],
        change: i64,
    ) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "DELETE FROM order_news WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 AND seq = $4 \
                   AND word IN ('shipped', 'part_shipped')";
        self.execute(sql, binds![tenant_id, party_id, order_id, change]).await?;
        for id in parcels {
            let sql = "SELECT carrier, number, shipped_at FROM shipment WHERE tenant_id = $1 AND party_id = $2 \
                       AND order_id = $3 AND id = $4";
            let row: Option<(String, String, Option<i64>)> =
                fetch_one(&mut self.tx, sql, binds![tenant_id, party_id, order_id, *id]).await?;
            let Some((carrier, number, shipped_at)) = row else { continue };
            let image = serde_json::json!({"carrier": carrier, "number": number, "shipped_at": shipped_at});
            self.keep_history(Some(party_id), "shipment", &id.to_string(), image).await?;
            let sql = "DELETE FROM shipment WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 AND id = $4";
            self.execute(sql, binds![tenant_id, party_id, order_id, *id]).await?;
        }
        // How it stands by what is left of its news.
        self.note_order_state(party_id, order_id, &OrderTold::default()).await?;
        self.wake_order(party_id, order_id).await
    }

    /// Ends the cases of parcels that are none any more. What was begun about them stays on the record, with the order.
    pub async fn close_parcel_cases(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        parcels: &[ShipmentId],
    ) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "SELECT id FROM cases WHERE tenant_id = $1 AND receivable_id = $2 AND subject = 'order'";
        let row: Option<(CaseId,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, order_id]).await?;
        let Some((of_order,)) = row else { return Ok(()) };
        for parcel in parcels {
            let sql = "SELECT id FROM cases WHERE tenant_id = $1 AND receivable_id = $2 AND subject = 'shipment'";
            let row: Option<(CaseId,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, *parcel]).await?;
            let Some((case,)) = row else { continue };
            let sql = "SELECT step, round FROM step_taken WHERE tenant_id = $1 AND party_id = $2 AND case_id = $3 \
                       ORDER BY step, round";
            let steps: Vec<(String, i64)> = fetch(&mut self.tx, sql, binds![tenant_id, party_id, case]).await?;
            for (step, round) in steps {
                let sql = "SELECT COALESCE(max(round), -1) + 1 FROM step_taken WHERE tenant_id = $1 AND party_id = $2 \
                           AND case_id = $3 AND step = $4";
                let values = binds![tenant_id, party_id, of_order, step.as_str()];
                let next = fetch_number(&mut self.tx, sql, values).await?.unwrap_or(0);
                let sql = "UPDATE step_taken SET case_id = $6, round = $7, voided_at = COALESCE(voided_at, $8), \
                           void_why = COALESCE(void_why, 'its parcel was none') WHERE tenant_id = $1 AND party_id = $2 \
                           AND case_id = $3 AND step = $4 AND round = $5";
                self.execute(sql, binds![tenant_id, party_id, case, step, round, of_order, next, now]).await?;
            }
            let sql = "UPDATE task SET case_id = $4, settled_at = COALESCE(settled_at, $5), \
                       outcome = COALESCE(outcome, 'withdrawn') WHERE tenant_id = $1 AND party_id = $2 AND case_id = $3";
            self.execute(sql, binds![tenant_id, party_id, case, of_order, now]).await?;
            let sql = "DELETE FROM silence WHERE tenant_id = $1 AND party_id = $2 AND case_id = $3";
            self.execute(sql, binds![tenant_id, party_id, case]).await?;
            let sql = "DELETE FROM cases WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
            self.execute(sql, binds![tenant_id, party_id, case]).await?;
        }
        Ok(())
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
    /// Orders in sight with which this change did something that can be taken back.
    pub async fn orders_of_change(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        slip: OrderSlip,
        change: i64,
    ) -> Result<Vec<FoundOrder>, StoreError> {
        let sql = format!(
            "SELECT o.party_id, o.id, o.number, o.source FROM sales_order o WHERE o.tenant_id = $1 {} AND EXISTS \
             (SELECT 1 FROM {} x WHERE x.tenant_id = o.tenant_id AND x.party_id = o.party_id AND x.order_id = o.id \
             AND x.seq = $2) ORDER BY o.number, o.id",
            sight.on("o.party_id"),
            rows_of(slip)
        );
        let conn = &mut self.conn().await?;
        let rows: Vec<(PartyId, OrderId, String, OrderSource)> = fetch(conn, &sql, binds![tenant_id, change]).await?;
        let found = |(party_id, id, number, source)| FoundOrder { party_id, id, number, source };
        Ok(rows.into_iter().map(found).collect())
    }

    /// The last change that did this with an order and can be taken back.
    pub async fn last_change(
        &self,
        tenant_id: TenantId,
        (party_id, order_id): (PartyId, OrderId),
        slip: OrderSlip,
    ) -> Result<Option<i64>, StoreError> {
        let sql = format!(
            "SELECT max(x.seq) FROM {} x WHERE x.tenant_id = $1 AND x.party_id = $2 AND x.order_id = $3",
            rows_of(slip)
        );
        fetch_number(&mut self.conn().await?, &sql, binds![tenant_id, party_id, order_id]).await
    }
}
