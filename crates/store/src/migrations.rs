//! Migrations, append-only. The same numbers for both databases; each is applied once, all in one transaction.

use sha2::{Digest, Sha256};

use crate::StoreError;
use crate::bind::binds;
use crate::conn::{Conn, execute, fetch};
use crate::dialect::DbKind;

struct Migration {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

impl Migration {
    const fn text(&self, kind: DbKind) -> &'static str {
        match kind {
            DbKind::Sqlite => self.sqlite,
            DbKind::Postgres => self.postgres,
        }
    }
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "first",
        sqlite: include_str!("../migrations/sqlite/0001_first.sql"),
        postgres: include_str!("../migrations/postgres/0001_first.sql"),
    },
    Migration {
        version: 2,
        name: "playbook_versions",
        sqlite: include_str!("../migrations/sqlite/0002_playbook_versions.sql"),
        postgres: include_str!("../migrations/postgres/0002_playbook_versions.sql"),
    },
    Migration {
        version: 3,
        name: "why_and_days",
        sqlite: include_str!("../migrations/sqlite/0003_why_and_days.sql"),
        postgres: include_str!("../migrations/postgres/0003_why_and_days.sql"),
    },
    Migration {
        version: 4,
        name: "case_turns",
        sqlite: include_str!("../migrations/sqlite/0004_case_turns.sql"),
        postgres: include_str!("../migrations/postgres/0004_case_turns.sql"),
    },
    Migration {
        version: 5,
        name: "instalments",
        sqlite: include_str!("../migrations/sqlite/0005_instalments.sql"),
        postgres: include_str!("../migrations/postgres/0005_instalments.sql"),
    },
    Migration {
        version: 6,
        name: "supply",
        sqlite: include_str!("../migrations/sqlite/0006_supply.sql"),
        postgres: include_str!("../migrations/postgres/0006_supply.sql"),
    },
    Migration {
        version: 7,
        name: "talks",
        sqlite: include_str!("../migrations/sqlite/0007_talks.sql"),
        postgres: include_str!("../migrations/postgres/0007_talks.sql"),
    },
    Migration {
        version: 8,
        name: "latin_names",
        sqlite: include_str!("../migrations/sqlite/0008_latin_names.sql"),
        postgres: include_str!("../migrations/postgres/0008_latin_names.sql"),
    },
    Migration {
        version: 9,
        name: "sends",
        sqlite: include_str!("../migrations/sqlite/0009_sends.sql"),
        postgres: include_str!("../migrations/postgres/0009_sends.sql"),
    },
    Migration {
        version: 10,
        name: "questions",
        sqlite: include_str!("../migrations/sqlite/0010_questions.sql"),
        postgres: include_str!("../migrations/postgres/0010_questions.sql"),
    },
    Migration {
        version: 11,
        name: "case_due",
        sqlite: include_str!("../migrations/sqlite/0011_case_due.sql"),
        postgres: include_str!("../migrations/postgres/0011_case_due.sql"),
    },
    Migration {
        version: 12,
        name: "contact",
        sqlite: include_str!("../migrations/sqlite/0012_contact.sql"),
        postgres: include_str!("../migrations/postgres/0012_contact.sql"),
    },
    Migration {
        version: 13,
        name: "keys_used",
        sqlite: include_str!("../migrations/sqlite/0013_keys_used.sql"),
        postgres: include_str!("../migrations/postgres/0013_keys_used.sql"),
    },
    Migration {
        version: 14,
        name: "promise_of_talk",
        sqlite: include_str!("../migrations/sqlite/0014_promise_of_talk.sql"),
        postgres: include_str!("../migrations/postgres/0014_promise_of_talk.sql"),
    },
    Migration {
        version: 15,
        name: "blob_age",
        sqlite: include_str!("../migrations/sqlite/0015_blob_age.sql"),
        postgres: include_str!("../migrations/postgres/0015_blob_age.sql"),
    },
    Migration {
        version: 16,
        name: "no_letter_attachment",
        sqlite: include_str!("../migrations/sqlite/0016_no_letter_attachment.sql"),
        postgres: include_str!("../migrations/postgres/0016_no_letter_attachment.sql"),
    },
    Migration {
        version: 17,
        name: "contacts_by_hand",
        sqlite: include_str!("../migrations/sqlite/0017_contacts_by_hand.sql"),
        postgres: include_str!("../migrations/postgres/0017_contacts_by_hand.sql"),
    },
    Migration {
        version: 18,
        name: "days_by_hand",
        sqlite: include_str!("../migrations/sqlite/0018_days_by_hand.sql"),
        postgres: include_str!("../migrations/postgres/0018_days_by_hand.sql"),
    },
    Migration {
        version: 19,
        name: "questions_apart",
        sqlite: include_str!("../migrations/sqlite/0019_questions_apart.sql"),
        postgres: include_str!("../migrations/postgres/0019_questions_apart.sql"),
    },
    Migration {
        version: 20,
        name: "products",
        sqlite: include_str!("../migrations/sqlite/0020_products.sql"),
        postgres: include_str!("../migrations/postgres/0020_products.sql"),
    },
    Migration {
        version: 21,
        name: "orders",
        sqlite: include_str!("../migrations/sqlite/0021_orders.sql"),
        postgres: include_str!("../migrations/postgres/0021_orders.sql"),
    },
    Migration {
        version: 22,
        name: "connections",
        sqlite: include_str!("../migrations/sqlite/0022_connections.sql"),
        postgres: include_str!("../migrations/postgres/0022_connections.sql"),
    },
    Migration {
        version: 23,
        name: "asks_followed",
        sqlite: include_str!("../migrations/sqlite/0023_asks_followed.sql"),
        postgres: include_str!("../migrations/postgres/0023_asks_followed.sql"),
    },
    Migration {
        version: 24,
        name: "order_hand",
        sqlite: include_str!("../migrations/sqlite/0024_order_hand.sql"),
        postgres: include_str!("../migrations/postgres/0024_order_hand.sql"),
    },
    Migration {
        version: 25,
        name: "true_parcels",
        sqlite: include_str!("../migrations/sqlite/0025_true_parcels.sql"),
        postgres: include_str!("../migrations/postgres/0025_true_parcels.sql"),
    },
    Migration {
        version: 26,
        name: "sync_care",
        sqlite: include_str!("../migrations/sqlite/0026_sync_care.sql"),
        postgres: include_str!("../migrations/postgres/0026_sync_care.sql"),
    },
    Migration {
        version: 27,
        name: "pages_owed",
        sqlite: include_str!("../migrations/sqlite/0027_pages_owed.sql"),
        postgres: include_str!("../migrations/postgres/0027_pages_owed.sql"),
    },
    Migration {
        version: 28,
        name: "wake_and_rest",
        sqlite: include_str!("../migrations/sqlite/0028_wake_and_rest.sql"),
        postgres: include_str!("../migrations/postgres/0028_wake_and_rest.sql"),
    },
    Migration {
        version: 29,
        name: "bank_coverage",
        sqlite: include_str!("../migrations/sqlite/0029_bank_coverage.sql"),
        postgres: include_str!("../migrations/postgres/0029_bank_coverage.sql"),
    },
    Migration {
        version: 30,
        name: "kept_out",
        sqlite: include_str!("../migrations/sqlite/0030_kept_out.sql"),
        postgres: include_str!("../migrations/postgres/0030_kept_out.sql"),
    },
    Migration {
        version: 31,
        name: "lookups",
        sqlite: include_str!("../migrations/sqlite/0031_lookups.sql"),
        postgres: include_str!("../migrations/postgres/0031_lookups.sql"),
    },
];

/// The newest migration that this program knows.
pub(crate) fn known_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The first migration that was applied with another text than this program has: until the first release the schema was
/// still changed in place. `schema_migration` must be there.
pub(crate) async fn applied_otherwise(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    let done: Vec<(i64, String)> =
        fetch(conn, "SELECT version, sha256 FROM schema_migration ORDER BY version", vec![]).await?;
    let kind = conn.kind();
    let differs = |(version, known): &(i64, String)| {
        let own = MIGRATIONS.iter().find(|migration| migration.version == *version);
        own.is_some_and(|migration| hex(&Sha256::digest(migration.text(kind))) != *known)
    };
    Ok(done.iter().find(|row| differs(row)).map(|(version, _)| *version))
}

/// Applies what is missing.
pub(crate) async fn migrate(conn: &mut Conn) -> Result<(), StoreError> {
    if conn.kind() == DbKind::Postgres {
        // Two programs that start at once would create the same tables.
        execute(conn, "SELECT pg_advisory_xact_lock(4206126)", vec![]).await?;
    }
    conn.batch(
        "CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
         sha256 TEXT NOT NULL)",
    )
    .await?;
    let done: Vec<(i64, String)> =
        fetch(conn, "SELECT version, sha256 FROM schema_migration ORDER BY version", vec![]).await?;
    for migration in MIGRATIONS {
        let text = migration.text(conn.kind());
        let sha256 = hex(&Sha256::digest(text));
        match done.iter().find(|(version, _)| *version == migration.version) {
            Some((_, known)) if *known == sha256 => {}
            Some(_) => {
                return Err(StoreError::Refused(format!(
                    "migration {} was applied with another text than this program has",
                    migration.version
                )));
            }
            None => {
                conn.batch(text).await?;
                let sql = "INSERT INTO schema_migration (version, name, sha256) VALUES ($1, $2, $3)";
                execute(conn, sql, binds![migration.version, migration.name, sha256]).await?;
            }
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
