//! The tables as the database itself describes them: no list here that a new table could be missing from.

use serde::Deserialize;

use crate::StoreError;
use crate::conn::{Conn, fetch};
use crate::dialect::DbKind;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Int,
    Text,
    Bytes,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    pub holds: Holds,
}

/// A table with its columns in order, and which of them are its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    pub key: Vec<usize>,
}

#[derive(Deserialize)]
struct ColumnRow {
    table: String,
    column: String,
    kind: String,
    /// Place in the key from 1; 0 when it is no part of it.
    in_key: i64,
}

const OF_SQLITE: &str = "SELECT m.name, p.name, p.type, p.pk FROM sqlite_master m JOIN pragma_table_info(m.name) p \
                         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT IN ('schema_migration', 'installation') \
                         ORDER BY m.name, p.cid";

const OF_POSTGRES: &str = "SELECT c.table_name::text, c.column_name::text, c.data_type::text, COALESCE(k.ordinal_position, 0)::bigint \
     FROM information_schema.columns c \
     JOIN information_schema.table_constraints t ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
     AND t.constraint_type = 'PRIMARY KEY' \
     LEFT JOIN information_schema.key_column_usage k ON k.table_schema = c.table_schema AND k.table_name = c.table_name \
     AND k.constraint_name = t.constraint_name AND k.column_name = c.column_name \
     WHERE c.table_schema = current_schema() AND c.table_name NOT IN ('schema_migration', 'installation') \
     ORDER BY c.table_name::text COLLATE \"C\", c.ordinal_position";

/// All tables but the list of migrations and the mark of the key, in the order of their names.
pub(super) async fn tables(conn: &mut Conn) -> Result<Vec<Table>, StoreError> {
    let sql = match conn.kind() {
        DbKind::Sqlite => OF_SQLITE,
        DbKind::Postgres => OF_POSTGRES,
    };
    let mut tables: Vec<Table> = Vec::new();
    let mut keys: Vec<(usize, i64, usize)> = Vec::new();
    for row in fetch::<ColumnRow>(conn, sql, vec![]).await? {
        let holds = match row.kind.to_ascii_uppercase().as_str() {
            "BIGINT" => Holds::Int,
            "TEXT" => Holds::Text,
            "BLOB" | "BYTEA" => Holds::Bytes,
            other => return Err(StoreError::corrupt(format!("{}.{} is of the type {other}", row.table, row.column))),
        };
        if tables.last().is_none_or(|table| table.name != row.table) {
            tables.push(Table { name: row.table.clone(), columns: Vec::new(), key: Vec::new() });
        }
        let index = tables.len() - 1;
        if row.in_key > 0 {
            keys.push((index, row.in_key, tables[index].columns.len()));
        }
        tables[index].columns.push(Column { name: row.column, holds });
    }
    keys.sort_unstable();
    for (table, _, column) in keys {
        tables[table].key.push(column);
    }
    Ok(tables)
}

impl Table {
    pub(super) fn has_bytes(&self) -> bool {
        self.columns.iter().any(|column| column.holds == Holds::Bytes)
    }

    /// A page of rows in the order of the key; `after`: behind the key bound as `$1`, `$2`, ….
    pub(super) fn page(&self, after: bool, limit: usize) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let key: Vec<&str> = self.key.iter().map(|at| names[*at]).collect();
        let places: Vec<String> = (1..=key.len()).map(|n| format!("${n}")).collect();
        let behind = match after {
            true => format!("WHERE ({}) > ({})", key.join(", "), places.join(", ")),
            false => String::new(),
        };
        format!("SELECT {} FROM {} {behind} ORDER BY {} LIMIT {limit}", names.join(", "), self.name, key.join(", "))
    }
}
