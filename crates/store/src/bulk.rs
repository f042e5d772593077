//! Many rows for one statement.

use crate::bind::Bind;
use crate::dialect::DbKind;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    /// Texts and ids.
    Text,
}

/// Rows with named columns, row after row in one list.
#[derive(Debug)]
pub(crate) struct Rows {
    columns: &'static [(&'static str, Kind)],
    /// How many of the first columns are the same in every row.
    fixed: usize,
    /// Their values.
    constants: Vec<Bind>,
    cells: Vec<Bind>,
}

impl Rows {
    pub(crate) const fn new(columns: &'static [(&'static str, Kind)]) -> Self {
        Self::stamped(columns, 0)
    }

    /// The first `fixed` columns are the same in all rows; [`Rows::stamp`] gives their values before writing.
    pub(crate) const fn stamped(columns: &'static [(&'static str, Kind)], fixed: usize) -> Self {
        Self { columns, fixed, constants: Vec::new(), cells: Vec::new() }
    }

    pub(crate) fn stamp(&mut self, constants: &[Bind]) {
        assert_eq!(constants.len(), self.fixed, "a value for each fixed column");
        self.constants = constants.to_vec();
    }

    /// Adds a row of what is not fixed.
    pub(crate) fn push<const N: usize>(&mut self, row: [Bind; N]) {
        assert_eq!(N + self.fixed, self.columns.len(), "a row as wide as its columns");
        self.cells.extend(row);
    }

    /// As [`Rows::push`], for columns that are known only when the program runs.
    pub(crate) fn push_row(&mut self, row: Vec<Bind>) {
        assert_eq!(row.len() + self.fixed, self.columns.len(), "a row as wide as its columns");
        self.cells.extend(row);
    }

    /// Adds `base` to the numbers of a column.
    pub(crate) fn add_to(&mut self, column: &str, base: i64) {
        let place = self.columns.iter().position(|(name, _)| *name == column).and_then(|at| at.checked_sub(self.fixed));
        let Some(place) = place else {
            return;
        };
        let width = self.columns.len() - self.fixed;
        for row in self.cells.chunks_exact_mut(width) {
            if let Bind::Int(Some(number)) = &mut row[place] {
                *number += base;
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub(crate) fn constants(&self) -> &[Bind] {
        &self.constants
    }

    /// Row after row, without the constants.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[Bind]> {
        self.cells.chunks_exact(self.columns.len() - self.fixed)
    }

    pub(crate) const fn columns(&self) -> &'static [(&'static str, Kind)] {
        self.columns
    }

    /// The names with commas between.
    pub(crate) fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The statement for one kind of database out of a text in which `{rows}` is a table `x` with these columns.
    ///
    /// PostgreSQL gets arrays side by side. SQLite gets the values of one row in place of `x.column`, and no table:
    /// with a row source it would keep a journal for the statement, which costs more than the row.
    ///
    /// `{among t.column}` tells PostgreSQL between which ids of the rows the column of a joined table lies. It follows
    /// from the join, but without statistics the planner would rather read the whole table than the rows named.
    /// The two ids are bound after the columns.
    pub(crate) fn sql(&self, kind: DbKind, text: &str) -> String {
        let text = &self.narrowed(kind, text);
        match kind {
            DbKind::Sqlite => self.with_values(&text.replace("{rows} CROSS JOIN ", "").replace(" FROM {rows}", "")),
            DbKind::Postgres => {
                let (fixed, own) = self.columns.split_at(self.fixed);
                let fixed = fixed.iter().zip(1..).map(|((name, kind), n)| match kind {
                    Kind::Int => format!("${n}::bigint AS {name}"),
                    Kind::Text => format!("${n}::text AS {name}"),
                });
                let arrays = own.iter().zip(1 + self.fixed..).map(|((_, kind), n)| match kind {
                    Kind::Int => format!("${n}::bigint[]"),
                    Kind::Text => format!("${n}::text[]"),
                });
                let arrays: Vec<String> = arrays.collect();
                let names: Vec<&str> = own.iter().map(|(name, _)| *name).collect();
                let list: Vec<String> = fixed.chain(names.iter().map(ToString::to_string)).collect();
                let table = format!(
                    "(SELECT {} FROM UNNEST({}) AS u ({})) AS x",
                    list.join(", "),
                    arrays.join(", "),
                    names.join(", ")
                );
                text.replace("{rows}", &table)
            }
        }
    }

    /// The least and the greatest id that `{among t.column}` in a text asks for.
    pub(crate) fn bounds(&self, text: &str) -> Option<[Bind; 2]> {
        let (column, _) = text.split_once("{among ")?.1.split_once('}')?;
        let name = column.rsplit('.').next().unwrap_or(column);
        let place = self.columns.iter().position(|(known, _)| *known == name)?.checked_sub(self.fixed)?;
        let ids = self.iter().filter_map(|row| match &row[place] {
            Bind::Id(id) => *id,
            _ => None,
        });
        let (least, greatest) = ids.fold((u128::MAX, 0), |(least, greatest), id| (least.min(id), greatest.max(id)));
        Some([Bind::Id(Some(least)), Bind::Id(Some(greatest))])
    }

    fn narrowed(&self, kind: DbKind, text: &str) -> String {
        const OPEN: &str = "{among ";
        let Some((before, rest)) = text.split_once(OPEN) else {
            return text.to_string();
        };
        let (column, after) = rest.split_once('}').unwrap_or((rest, ""));
        let condition = match kind {
            DbKind::Postgres => {
                format!("AND {column} BETWEEN ${} AND ${}", self.columns.len() + 1, self.columns.len() + 2)
            }
            DbKind::Sqlite => String::new(),
        };
        format!("{before}{condition}{after}")
    }

    fn with_values(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("x.") {
            let (before, after) = rest.split_at(at);
            out.push_str(before);
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let name = &after[2..];
            let end = name.find(|c| !word(c)).unwrap_or(name.len());
            match self.columns.iter().position(|(column, _)| *column == &name[..end]) {
                Some(index) if !before.ends_with(word) => out.push_str(&format!("${}", index + 1)),
                _ => out.push_str(&after[..2 + end]),
            }
            rest = &name[end..];
        }
        out.push_str(rest);
        out
    }

    /// Inserts the rows into a table.
    pub(crate) fn insert(&self, kind: DbKind, table: &str) -> String {
        let names = self.names();
        match kind {
            DbKind::Sqlite => {
                let values: Vec<String> = (1..=self.columns.len()).map(|n| format!("${n}")).collect();
                format!("INSERT INTO {table} ({names}) VALUES ({})", values.join(", "))
            }
            DbKind::Postgres => self.sql(kind, &format!("INSERT INTO {table} ({names}) SELECT {names} FROM {{rows}}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_two_statements() {
        let columns = &[("id", Kind::Text), ("level", Kind::Int)];
        let rows = Rows::new(columns);
        let text = "UPDATE max.t SET level = x.level, a = max.level FROM {rows} WHERE t.id = x.id AND x.id_2";
        assert_eq!(
            rows.sql(DbKind::Sqlite, text),
            "UPDATE max.t SET level = $2, a = max.level WHERE t.id = $1 AND x.id_2"
        );
        assert_eq!(
            rows.sql(DbKind::Postgres, text),
            "UPDATE max.t SET level = x.level, a = max.level FROM (SELECT id, level FROM \
             UNNEST($1::text[], $2::bigint[]) AS u (id, level)) AS x WHERE t.id = x.id AND x.id_2"
        );
        assert_eq!(rows.insert(DbKind::Sqlite, "t"), "INSERT INTO t (id, level) VALUES ($1, $2)");
        let rows = Rows::stamped(columns, 1);
        assert_eq!(
            rows.insert(DbKind::Postgres, "t"),
            "INSERT INTO t (id, level) SELECT id, level FROM (SELECT $1::text AS id, level FROM \
             UNNEST($2::bigint[]) AS u (level)) AS x"
        );
    }

    #[test]
    fn a_join_is_narrowed_on_postgres() {
        let mut rows = Rows::new(&[("level", Kind::Int), ("id", Kind::Text)]);
        rows.push([1_i64.into(), Bind::Id(Some(7))]);
        rows.push([1_i64.into(), Bind::Id(Some(3))]);
        let text = "DELETE FROM t USING {rows} WHERE t.id = x.id {among t.id}";
        assert!(rows.sql(DbKind::Sqlite, text).ends_with("WHERE t.id = $2 "));
        assert!(rows.sql(DbKind::Postgres, text).ends_with("WHERE t.id = x.id AND t.id BETWEEN $3 AND $4"));
        let bounds = rows.bounds(text).expect("asked for");
        assert!(matches!(bounds, [Bind::Id(Some(3)), Bind::Id(Some(7))]), "{bounds:?}");
        assert!(rows.bounds("DELETE FROM t").is_none());
    }
}
