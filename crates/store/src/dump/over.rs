//! A backup in place of all that is here, all of it or nothing, with its line in the log.

use std::io::BufRead;
use std::sync::atomic::AtomicU64;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use dunlin_core::case::Entry;
use dunlin_core::ids::TenantId;
use dunlin_core::names::Names;

use super::kept_out::KeptOut;
use super::read::{Restored, Source, Unsigned, fill, look_again};
use super::standing::Standing;
use super::tables::tables;
use crate::actor::Actor;
use crate::audit_log::LogEntry;
use crate::bind::binds;
use crate::conn::{execute, fetch, fetch_one};
use crate::db::Tx;
use crate::dialect::{DbKind, micros};
use crate::{Commit, IdSource, Store, StoreError};

/// Whether a file that came in, of these bytes and this name, names somebody.
pub type SearchFile = fn(&Names, &[u8], &str) -> bool;

/// What is asked for, for the log of the firm.
#[derive(Debug, Clone)]
pub struct RestoreOrder {
    /// Name of the backup.
    pub file: String,
    /// Name of the file with what is here before.
    pub before: String,
    /// Id of the user who asks, or where they sit.
    pub user: String,
    /// Files are given up that name somebody who was erased and is in the backup.
    pub search: SearchFile,
}

/// How far a firm was before it was replaced.
#[derive(Deserialize)]
pub(super) struct Before {
    tenant_id: TenantId,
    sequence: i64,
    log_number: i64,
    log_hash: String,
    #[serde(with = "micros::maybe")]
    restored_at: Option<Timestamp>,
}

impl Store {
    /// As [`Store::restore`], in place of all that is here. `rows` counts what has been read so far.
    ///
    /// On SQLite alone: who else works on a PostgreSQL is not known here, and a letter on its way would be forgotten
    /// under their hands.
    pub async fn restore_over(
        &self,
        clock: &(dyn Fn() -> Timestamp + Sync),
        lines: &mut (dyn BufRead + Send),
        rows: &AtomicU64,
        order: &RestoreOrder,
    ) -> Result<Restored, StoreError> {
        let mut source = Source::new(lines);
        let head = self.head_of(&mut source)?;
        let mut tx = self.transaction().await?;
        if tx.kind() == DbKind::Postgres {
            return Err(StoreError::Refused(
                "a PostgreSQL database is restored into an empty one, with `dunlin restore`. Nothing was changed"
                    .to_string(),
            ));
        }
        let sql = "SELECT id, sequence, log_number, log_hash, restored_at FROM tenant ORDER BY id";
        let before: Vec<Before> = fetch(&mut tx, sql, vec![]).await?;
        let kept_out = KeptOut::read(&mut tx).await?;
        let standing = Standing::read(&mut tx).await?;
        // The log refuses to be emptied; this is the one time that it has to be, and it is back before anybody sees it.
        let sql = "SELECT m.name, m.sql FROM sqlite_master m WHERE m.type = 'trigger' ORDER BY m.name";
        let triggers: Vec<(String, String)> = fetch(&mut tx, sql, vec![]).await?;
        for (name, _) in &triggers {
            tx.batch(&format!("DROP TRIGGER {name}")).await?;
        }
        for table in tables(&mut tx).await? {
            execute(&mut tx, &format!("DELETE FROM {}", table.name), vec![]).await?;
        }
        let (total, sha256) = fill(&mut tx, &mut source, Unsigned::Refused, rows).await?;
        for (_, text) in &triggers {
            tx.batch(text).await?;
        }
        let now = clock();
        let letters_to_look_at = look_again(&mut tx, now).await?;
        let firms: Vec<(TenantId,)> = fetch(&mut tx, "SELECT id FROM tenant ORDER BY id", vec![]).await?;
        // Whoever asked answers for one firm; the file may be another one than the one that was looked at.
        if firms.len() != 1 {
            return Err(StoreError::Refused(
                "the backup does not hold exactly one firm. Nothing was changed".to_string(),
            ));
        }
        for (tenant_id,) in firms {
            let was = before.iter().find(|was| was.tenant_id == tenant_id);
            let mut commit = enter(tx, tenant_id, now, was).await?;
            let entry = LogEntry::new("data.restored", "firm", tenant_id.to_string());
            let entry = entry.fact("taken_at", head.taken_at).fact("letters", letters_to_look_at);
            let entry = entry.fact("file", &order.file).fact("sha256", &sha256).fact("before", &order.before);
            // The log that this one goes on from in time; its lines lie in the file with what was here before.
            let entry = entry.fact("log_before", was.map(|was| was.log_number));
            let entry = entry.fact("log_hash_before", was.map(|was| &was.log_hash));
            let same_people = kept_out.keep(&mut commit, order.search).await?;
            standing.keep(&mut commit, same_people).await?;
            commit.log(entry.fact("user", &order.user));
            commit.write_log().await?;
            let Commit { tx: back, .. } = commit;
            tx = back;
        }
        tx.commit().await?;
        Ok(Restored { rows: total, taken_at: head.taken_at, letters_to_look_at })
    }
}

/// The change that the restore itself is: numbered after all that was here, so that whoever looked away meanwhile sees that
/// something changed, and dated after all that came with the backup.
pub(super) async fn enter(
    mut tx: Tx,
    tenant_id: TenantId,
    now: Timestamp,
    was: Option<&Before>,
) -> Result<Commit, StoreError> {
    let sql = "UPDATE tenant SET sequence = 1 + CASE WHEN sequence > $3 THEN sequence ELSE $3 END, \
               changed_at = CASE WHEN changed_at > $2 THEN changed_at ELSE $2 END WHERE id = $1 \
               RETURNING sequence, changed_at";
    let sequence = was.map_or(0, |was| was.sequence);
    let row: Option<(i64, i64)> = fetch_one(&mut tx, sql, binds![tenant_id, now, sequence]).await?;
    let (seq, at) = row.ok_or_else(|| StoreError::not_found("tenant", tenant_id.to_string()))?;
    let at = Timestamp::from_microsecond(at).map_err(StoreError::corrupt)?;
    // A run tells by this instant that it has read what is gone: it is never the same twice.
    let again = was.and_then(|was| was.restored_at).map(|last| last + SignedDuration::from_micros(1));
    let restored_at = again.map_or(at, |again| again.max(at));
    execute(&mut tx, "UPDATE tenant SET restored_at = $2 WHERE id = $1", binds![tenant_id, restored_at]).await?;
    let (ids, actor) = (IdSource::new(at), Actor::system());
    Ok(Commit { tx, tenant_id, now: at, seq, ids, actor, log: Vec::new(), entry: Entry::Standard })
}
