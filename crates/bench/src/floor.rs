//! Runs the floor on a database of its own.

use std::time::{Duration, Instant};

use anyhow::Context;
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::Plan;

const BATCH: i64 = 50_000;
/// 2026-03-04 as days since 1970-01-01.
const TODAY: i64 = 20_516;

/// The time of the run part alone.
pub async fn run(plan: &Plan) -> anyhow::Result<Duration> {
    match &plan.postgres {
        Some(url) => on_postgres(plan.rows, url).await,
        None => on_sqlite(plan.rows),
    }
}

fn sections(text: &str, rows: i64) -> anyhow::Result<(String, String, String)> {
    let text = text.replace(":n", &rows.to_string()).replace(":today", &TODAY.to_string());
    let mut parts = text.split("-- section: ");
    let schema = parts.next().context("schema")?.to_string();
    let fill = parts.next().and_then(|part| part.strip_prefix("fill")).context("fill")?.to_string();
    let run = parts.next().and_then(|part| part.strip_prefix("run")).context("run")?.to_string();
    Ok((schema, fill, run))
}

fn on_sqlite(rows: i64) -> anyhow::Result<Duration> {
    let dir = scratch("floor")?;
    let conn = rusqlite::Connection::open(dir.join("floor.db"))?;
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")?;
    let (schema, fill, run) = sections(include_str!("../floor/sqlite.sql"), rows)?;
    conn.execute_batch(&schema)?;
    conn.execute_batch(&fill)?;
    let began = Instant::now();
    let mut lo = 1;
    while lo <= rows {
        let hi = lo + BATCH - 1;
        let sql = run.replace(":lo", &lo.to_string()).replace(":hi", &hi.to_string());
        conn.execute_batch(&format!("BEGIN; {sql}; COMMIT"))?;
        lo = hi + 1;
    }
    let time = began.elapsed();
    drop(conn);
    std::fs::remove_dir_all(dir)?;
    Ok(time)
}

async fn on_postgres(rows: i64, url: &str) -> anyhow::Result<Duration> {
    let own = dunlin_store::seeding::fresh_database(url, "dunlin_bench_floor").await?;
    let mut conn = sqlx::PgConnection::connect(&own).await?;
    let (schema, fill, run) = sections(include_str!("../floor/postgres.sql"), rows)?;
    conn.execute(AssertSqlSafe(schema)).await?;
    conn.execute(AssertSqlSafe(fill)).await?;
    let began = Instant::now();
    let mut lo = 1;
    while lo <= rows {
        let hi = lo + BATCH - 1;
        let sql = run.replace(":lo", &lo.to_string()).replace(":hi", &hi.to_string());
        let mut tx = conn.begin().await?;
        tx.execute(AssertSqlSafe(sql)).await?;
        tx.commit().await?;
        lo = hi + 1;
    }
    let time = began.elapsed();
    conn.close().await?;
    Ok(time)
}

/// A scratch folder of this process.
pub fn scratch(name: &str) -> anyhow::Result<std::path::PathBuf> {
    let dir = std::env::temp_dir().join(format!("dunlin-bench-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    Ok(dir)
}
