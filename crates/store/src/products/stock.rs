//! How many of each article there are, and every change of it.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use dunlin_core::ids::TenantId;

use super::AT_ONCE;
use crate::bind::{Bind, binds};
use crate::bulk::{Kind, Rows};
use crate::conn::{each_row, fetch, insert_many};
use crate::dialect::micros;
use crate::{Commit, Store, StoreError};

/// Who said how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockKind {
    File,
    ByHand,
}

impl StockKind {
    pub const ALL: [Self; 2] = [Self::File, Self::ByHand];

    pub const fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::ByHand => "by_hand",
        }
    }
}

/// How many of a number there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockLevel {
    pub quantity: i64,
    /// What a file said last.
    pub told: Option<i64>,
}

/// A quantity that changes, or that a file says again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockChange {
    pub sku: String,
    pub before: Option<i64>,
    pub after: i64,
}

/// A change of a quantity as it is shown.
#[derive(Debug, Clone, Deserialize)]
pub struct StockMovement {
    pub seq: i64,
    pub before: Option<i64>,
    pub quantity: i64,
    pub kind: StockKind,
    pub note: String,
    /// Who it was; `None`: a file at the command line, or whoever was erased.
    pub who: Option<String>,
    pub effective_on: Date,
    #[serde(with = "micros")]
    pub recorded_at: Timestamp,
}

const LEVEL: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("effective_on", Kind::Text),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
    ("sku", Kind::Text),
    ("quantity", Kind::Int),
    ("told", Kind::Int),
];

const MOVEMENT: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("effective_on", Kind::Text),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
    ("kind", Kind::Text),
    ("note", Kind::Text),
    ("user_id", Kind::Text),
    ("sku", Kind::Text),
    ("quantity_before", Kind::Int),
    ("quantity", Kind::Int),
];

impl Store {
    /// How many of a number there are; `None`: nobody said so.
    pub async fn stock_level(&self, tenant_id: TenantId, sku: &str) -> Result<Option<i64>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT s.quantity FROM product_stock s WHERE s.tenant_id = $1 AND s.sku = $2";
        let found: Vec<(i64,)> = fetch(&mut conn, sql, binds![tenant_id, sku]).await?;
        Ok(found.first().map(|(quantity,)| *quantity))
    }

    /// Changes of the quantity of a number, the newest first.
    pub async fn stock_history(
        &self,
        tenant_id: TenantId,
        sku: &str,
        limit: i64,
    ) -> Result<Vec<StockMovement>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT m.seq, m.quantity_before, m.quantity, m.kind, m.note, u.name, m.effective_on, m.recorded_at \
                   FROM stock_movement m LEFT JOIN user_account u ON u.tenant_id = m.tenant_id AND u.id = m.user_id \
                   WHERE m.tenant_id = $1 AND m.sku = $2 ORDER BY m.seq DESC LIMIT $3";
        fetch(&mut conn, sql, binds![tenant_id, sku, limit]).await
    }
}

impl Commit {
    /// How many of these numbers there are; a number of which nobody said so is left out.
    pub async fn stock_of(&mut self, skus: &[String]) -> Result<HashMap<String, StockLevel>, StoreError> {
        let tenant_id = self.tenant_id;
        let listed = self.tx.kind().listed("s.sku", 2);
        let sql = format!("SELECT s.sku, s.quantity, s.told FROM product_stock s WHERE s.tenant_id = $1 AND {listed}");
        let mut levels = HashMap::new();
        for part in skus.chunks(AT_ONCE) {
            let asked = serde_json::to_string(part).map_err(StoreError::corrupt)?;
            let rows: Vec<(String, i64, Option<i64>)> = fetch(&mut self.tx, &sql, binds![tenant_id, asked]).await?;
            levels.extend(rows.into_iter().map(|(sku, quantity, told)| (sku, StockLevel { quantity, told })));
        }
        Ok(levels)
    }

    /// Writes quantities, each number at most once in a call and in a change; what differs leaves a movement.
    pub async fn write_stock(
        &mut self,
        changes: &[StockChange],
        kind: StockKind,
        note: &str,
        today: Date,
    ) -> Result<(), StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let mut levels = Rows::stamped(LEVEL, 4);
        let mut movements = Rows::stamped(MOVEMENT, 7);
        levels.stamp(&[tenant_id.into(), today.into(), now.into(), seq.into()]);
        movements.stamp(&[
            tenant_id.into(),
            today.into(),
            now.into(),
            seq.into(),
            Bind::fixed(kind.code()),
            note.into(),
            self.actor.user_id().into(),
        ]);
        for change in changes {
            // A file is told apart from a count by hand, so that the same file again undoes no count.
            let told = (kind == StockKind::File).then_some(change.after);
            levels.push([change.sku.as_str().into(), change.after.into(), told.into()]);
            if change.before != Some(change.after) {
                movements.push([change.sku.as_str().into(), change.before.into(), change.after.into()]);
            }
        }
        insert_many(&mut self.tx, "stock_movement", movements).await?;
        let sql = "INSERT INTO product_stock (tenant_id, sku, quantity, told, effective_on, recorded_at, seq) \
                   SELECT x.tenant_id, x.sku, x.quantity, x.told, x.effective_on, x.recorded_at, x.seq FROM {rows} \
                   WHERE x.sku IS NOT NULL ON CONFLICT (tenant_id, sku) DO UPDATE SET quantity = excluded.quantity, \
                   told = COALESCE(excluded.told, product_stock.told), effective_on = excluded.effective_on, \
                   recorded_at = excluded.recorded_at, seq = excluded.seq";
        each_row(&mut self.tx, sql, levels).await?;
        let skus: Vec<&str> = changes.iter().map(|change| change.sku.as_str()).collect();
        self.mark_available(&skus).await
    }
}
