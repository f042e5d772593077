//! Of which days of which bank account the statements told. From all accounts together comes the one day up to which the
//! books are known (`source_state`), which decisions read.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::coverage::{AccountCoverage, Span, books_end};
use dunlin_core::ids::TenantId;

use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::{Commit, Store, StoreError};

#[derive(Deserialize)]
struct SpanRow {
    account: String,
    from_day: Date,
    to_day: Date,
    opening: Option<String>,
    closing: Option<String>,
    is_start: i64,
}

async fn read(conn: &mut Conn, tenant_id: TenantId) -> Result<Vec<AccountCoverage>, StoreError> {
    let sql = "SELECT account, from_day, to_day, opening, closing, is_start FROM bank_coverage \
               WHERE tenant_id = $1 ORDER BY account, from_day";
    let rows: Vec<SpanRow> = fetch(conn, sql, binds![tenant_id]).await?;
    let sql = "SELECT account FROM retired_bank_account WHERE tenant_id = $1";
    let retired: Vec<(String,)> = fetch(conn, sql, binds![tenant_id]).await?;
    let mut spans = BTreeMap::<String, Vec<Span>>::new();
    for row in rows {
        let SpanRow { account, from_day, to_day, opening, closing, is_start } = row;
        let span = Span { from: from_day, to: to_day, opening, closing, is_start: is_start != 0 };
        spans.entry(account).or_default().push(span);
    }
    let is_retired = |account: &String| retired.iter().any(|(gone,)| gone == account);
    let account = |(account, spans)| AccountCoverage { is_retired: is_retired(&account), account, spans };
    Ok(spans.into_iter().map(account).collect())
}

impl Store {
    /// The bank accounts of which statements were read, by name.
    pub async fn bank_coverage(&self, tenant_id: TenantId) -> Result<Vec<AccountCoverage>, StoreError> {
        read(&mut self.conn().await?, tenant_id).await
    }
}

impl Commit {
    /// As [`Store::bank_coverage`], under the lock.
    pub async fn bank_coverage(&mut self) -> Result<Vec<AccountCoverage>, StoreError> {
        let tenant_id = self.tenant_id;
        read(&mut self.tx, tenant_id).await
    }

    /// Keeps what changed about some accounts, and from it how far the books of the firm reach now.
    pub async fn keep_bank_coverage(&mut self, changed: &[AccountCoverage]) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        for account in changed {
            let name = account.account.as_str();
            let sql = "DELETE FROM bank_coverage WHERE tenant_id = $1 AND account = $2";
            self.execute(sql, binds![tenant_id, name]).await?;
            for span in &account.spans {
                let sql = "INSERT INTO bank_coverage (tenant_id, account, from_day, to_day, opening, closing, is_start) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7)";
                let (opening, closing) = (span.opening.clone(), span.closing.clone());
                let values = binds![tenant_id, name, span.from, span.to, opening, closing, i64::from(span.is_start)];
                self.execute(sql, values).await?;
            }
            if account.is_retired {
                let sql = "INSERT INTO retired_bank_account (tenant_id, account, retired_at) VALUES ($1, $2, $3) \
                           ON CONFLICT (tenant_id, account) DO NOTHING";
                self.execute(sql, binds![tenant_id, name, now]).await?;
            } else {
                let sql = "DELETE FROM retired_bank_account WHERE tenant_id = $1 AND account = $2";
                self.execute(sql, binds![tenant_id, name]).await?;
            }
        }
        let end = books_end(&self.bank_coverage().await?);
        self.mark_synced("bank", end).await
    }
}
