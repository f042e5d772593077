//! What a service says of orders, beside what the books say: when it said it last, in which words, and what of it a person
//! has to look at. The books themselves are written as for a file (`receivables`, `parties`).

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{PartyId, ReceivableId, TenantId};
use dunlin_core::letter::order::names_other_orders;

use crate::bind::binds;
use crate::conn::{Conn, execute, fetch, fetch_one};
use crate::dialect::{flag, micros};
use crate::outbox::{LETTER, LetterRow, letter_of};
use crate::{Commit, Store, StoreError, StoredLetter};

/// What a service said of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RemoteOrderRow {
    pub number: String,
    #[serde(with = "micros")]
    pub read_at: Timestamp,
    pub words: String,
    pub fingerprint: String,
    pub page_url: String,
    /// Codes with a comma between them; empty: nothing.
    pub problem: String,
    pub about: String,
    /// Its own page was asked for and not answered.
    #[serde(with = "flag")]
    pub page_owed: bool,
}

/// How many orders a service told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct RemoteOrderCounts {
    pub all: i64,
    /// A person has to look at them.
    pub troubled: i64,
    /// Their own page is asked for again.
    pub owing_pages: i64,
}

const ROW: &str = "SELECT o.number, o.read_at, o.words, o.fingerprint, o.page_url, o.problem, o.about, \
                   o.page_owed FROM remote_order o WHERE o.tenant_id = $1 AND o.service = $2";

async fn listed(
    conn: &mut Conn,
    tenant_id: TenantId,
    service: &str,
    numbers: &[String],
) -> Result<Vec<RemoteOrderRow>, StoreError> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = serde_json::to_string(numbers).map_err(StoreError::corrupt)?;
    let which = conn.kind().listed("o.number", 3);
    fetch(conn, &format!("{ROW} AND {which}"), binds![tenant_id, service, wanted]).await
}

/// Numbers of the marketplace orders that a letter is about.
async fn orders_of(conn: &mut Conn, tenant_id: TenantId, letter: &StoredLetter) -> Result<Vec<String>, StoreError> {
    let ids: Vec<ReceivableId> = letter.items.iter().map(|item| item.receivable_id).collect();
    let mut numbers: Vec<String> = Vec::new();
    for id in ids {
        let found = order_of(conn, tenant_id, letter.party_id, id).await?;
        numbers.extend(found.filter(|number| !numbers.contains(number)));
    }
    if let Some(about) = &letter.about {
        let sql = "SELECT o.number FROM sales_order o WHERE o.tenant_id = $1 AND o.party_id = $2 AND o.id = $3 \
                   AND o.source = 'marketplace'";
        let row: Option<(String,)> = fetch_one(conn, sql, binds![tenant_id, letter.party_id, about.order_id]).await?;
        numbers.extend(row.map(|(number,)| number));
    }
    Ok(numbers)
}

/// As [`orders_of`], with the orders that the letter names beside its own, and perhaps some more that wait to be shipped.
async fn orders_named(conn: &mut Conn, tenant_id: TenantId, letter: &StoredLetter) -> Result<Vec<String>, StoreError> {
    let mut numbers = orders_of(conn, tenant_id, letter).await?;
    if letter.about.is_some() && names_other_orders(&letter.letter) {
        let sql = "SELECT o.number FROM order_standing s JOIN sales_order o ON o.tenant_id = s.tenant_id \
                   AND o.id = s.order_id WHERE s.tenant_id = $1 AND s.party_id = $2 AND s.word = 'paid' \
                   AND o.source = 'marketplace' ORDER BY o.number";
        let rows: Vec<(String,)> = fetch(conn, sql, binds![tenant_id, letter.party_id]).await?;
        let others = rows.into_iter().map(|(number,)| number);
        let others: Vec<String> = others.filter(|number| !numbers.contains(number)).collect();
        numbers.extend(others);
    }
    Ok(numbers)
}

async fn order_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    party_id: PartyId,
    id: ReceivableId,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT r.order_number FROM receivable r WHERE r.tenant_id = $1 AND r.party_id = $2 AND r.id = $3 \
               AND r.source = 'marketplace'";
    let row: Option<(Option<String>,)> = fetch_one(conn, sql, binds![tenant_id, party_id, id]).await?;
    Ok(row.and_then(|(number,)| number))
}

impl Store {
    pub async fn remote_orders(
        &self,
        tenant_id: TenantId,
        service: &str,
        numbers: &[String],
    ) -> Result<Vec<RemoteOrderRow>, StoreError> {
        listed(&mut self.conn().await?, tenant_id, service, numbers).await
    }

    /// Orders of which nothing changed were read again: nobody is told.
    pub async fn note_read(
        &self,
        tenant_id: TenantId,
        service: &str,
        numbers: &[String],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let mut conn = self.conn().await?;
        let wanted = serde_json::to_string(numbers).map_err(StoreError::corrupt)?;
        let which = conn.kind().listed("number", 3);
        let sql = format!("UPDATE remote_order SET read_at = $4 WHERE tenant_id = $1 AND service = $2 AND {which}");
        execute(&mut conn, &sql, binds![tenant_id, service, wanted, at]).await?;
        Ok(())
    }

    /// Orders that a person has to look at, newest reading first.
    pub async fn troubled_orders(
        &self,
        tenant_id: TenantId,
        service: &str,
        limit: i64,
    ) -> Result<Vec<RemoteOrderRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{ROW} AND o.problem <> '' ORDER BY o.read_at DESC, o.number LIMIT $3");
        fetch(&mut conn, &sql, binds![tenant_id, service, limit]).await
    }

    /// Orders whose own page was not answered: first those that nobody asked for again yet, then those that were asked for in
    /// vain longest ago, so that pages that are never answered keep no others waiting.
    pub async fn orders_owing_pages(
        &self,
        tenant_id: TenantId,
        service: &str,
        limit: i64,
    ) -> Result<Vec<RemoteOrderRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql =
            format!("{ROW} AND o.page_owed = 1 ORDER BY COALESCE(o.page_asked_at, 0), o.read_at, o.number LIMIT $3");
        fetch(&mut conn, &sql, binds![tenant_id, service, limit]).await
    }

    /// An order's own page was asked for again; says nothing where it was answered.
    pub async fn note_page_asked(
        &self,
        tenant_id: TenantId,
        service: &str,
        number: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "UPDATE remote_order SET page_asked_at = $4 WHERE tenant_id = $1 AND service = $2 AND number = $3 \
                   AND page_owed = 1";
        execute(&mut conn, sql, binds![tenant_id, service, number, at]).await?;
        Ok(())
    }

    pub async fn remote_order_counts(
        &self,
        tenant_id: TenantId,
        service: &str,
    ) -> Result<RemoteOrderCounts, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT count(*), CAST(COALESCE(SUM(CASE WHEN problem <> '' THEN 1 ELSE 0 END), 0) AS BIGINT), \
                   CAST(COALESCE(SUM(page_owed), 0) AS BIGINT) FROM remote_order WHERE tenant_id = $1 AND service = $2";
        Ok(fetch_one(&mut conn, sql, binds![tenant_id, service]).await?.unwrap_or_default())
    }

    /// The letters whose moment has come, oldest first: what they are about is read again before one of them is taken out.
    pub async fn letters_due(
        &self,
        tenant_id: TenantId,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<StoredLetter>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{LETTER} WHERE l.tenant_id = $1 AND l.state = 'queued' AND l.settled_at IS NULL AND l.not_before <= $2 \
             ORDER BY l.not_before, l.id LIMIT $3"
        );
        let rows: Vec<LetterRow> = fetch(&mut conn, &sql, binds![tenant_id, now, limit]).await?;
        rows.into_iter().map(letter_of).collect()
    }

    /// Numbers of the marketplace orders that a letter is about.
    pub async fn orders_of_letter(
        &self,
        tenant_id: TenantId,
        letter: &StoredLetter,
    ) -> Result<Vec<String>, StoreError> {
        orders_of(&mut self.conn().await?, tenant_id, letter).await
    }

    /// Numbers of the marketplace orders that have to be read again before a letter leaves: those that it is about, and those
    /// that it names beside them.
    pub async fn orders_named(&self, tenant_id: TenantId, letter: &StoredLetter) -> Result<Vec<String>, StoreError> {
        orders_named(&mut self.conn().await?, tenant_id, letter).await
    }

    /// Numbers of the marketplace orders that the letter with this Message-ID is about.
    pub async fn orders_of_message(&self, tenant_id: TenantId, message_id: &str) -> Result<Vec<String>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{LETTER} WHERE l.tenant_id = $1 AND l.message_id = $2");
        let row: Option<LetterRow> = fetch_one(&mut conn, &sql, binds![tenant_id, message_id]).await?;
        let Some(row) = row else { return Ok(Vec::new()) };
        orders_of(&mut conn, tenant_id, &letter_of(row)?).await
    }

    /// Keeps a message before it leaves, sealed by the caller, and lets go of those that nobody asks about any more.
    pub async fn keep_chat_message(
        &self,
        tenant_id: TenantId,
        message_id: &str,
        sealed: &str,
        (now, before): (Timestamp, Timestamp),
    ) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "DELETE FROM chat_message WHERE tenant_id = $1 AND recorded_at < $2";
        execute(&mut conn, sql, binds![tenant_id, before]).await?;
        let sql = "INSERT INTO chat_message (tenant_id, message_id, sealed, recorded_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (tenant_id, message_id) DO UPDATE SET sealed = excluded.sealed, \
                   recorded_at = excluded.recorded_at";
        execute(&mut conn, sql, binds![tenant_id, message_id, sealed, now]).await?;
        Ok(())
    }

    /// A message that was handed over, sealed, and when.
    pub async fn chat_message(
        &self,
        tenant_id: TenantId,
        message_id: &str,
    ) -> Result<Option<(String, Timestamp)>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT sealed, recorded_at FROM chat_message WHERE tenant_id = $1 AND message_id = $2";
        let row: Option<(String, i64)> = fetch_one(&mut conn, sql, binds![tenant_id, message_id]).await?;
        let read = |(sealed, at): (String, i64)| {
            Timestamp::from_microsecond(at).map(|at| (sealed, at)).map_err(StoreError::corrupt)
        };
        row.map(read).transpose()
    }

    /// It certainly did not leave, or its reader is forgotten.
    pub async fn drop_chat_message(&self, tenant_id: TenantId, message_id: &str) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let sql = "DELETE FROM chat_message WHERE tenant_id = $1 AND message_id = $2";
        execute(&mut conn, sql, binds![tenant_id, message_id]).await?;
        Ok(())
    }
}

impl Commit {
    pub async fn remote_orders(
        &mut self,
        service: &str,
        numbers: &[String],
    ) -> Result<Vec<RemoteOrderRow>, StoreError> {
        listed(&mut self.tx, self.tenant_id, service, numbers).await
    }

    /// Numbers of the marketplace orders that a letter is about.
    pub async fn orders_of_letter(&mut self, letter: &StoredLetter) -> Result<Vec<String>, StoreError> {
        orders_of(&mut self.tx, self.tenant_id, letter).await
    }

    /// As [`Store::orders_named`].
    pub async fn orders_named(&mut self, letter: &StoredLetter) -> Result<Vec<String>, StoreError> {
        orders_named(&mut self.tx, self.tenant_id, letter).await
    }

    /// What a service said of an order.
    pub async fn note_remote_order(&mut self, service: &str, row: &RemoteOrderRow) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "INSERT INTO remote_order (tenant_id, service, number, read_at, words, fingerprint, page_url, problem, \
                   about, page_owed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant_id, service, number) \
                   DO UPDATE SET read_at = excluded.read_at, words = excluded.words, fingerprint = excluded.fingerprint, \
                   page_url = CASE WHEN excluded.page_url = '' THEN remote_order.page_url ELSE excluded.page_url END, \
                   problem = excluded.problem, about = excluded.about, page_owed = excluded.page_owed, \
                   page_asked_at = CASE WHEN excluded.page_owed = 1 THEN remote_order.page_asked_at END";
        let values = binds![
            tenant_id,
            service,
            row.number.as_str(),
            row.read_at,
            row.words.as_str(),
            row.fingerprint.as_str(),
            row.page_url.as_str(),
            row.problem.as_str(),
            row.about.as_str(),
            row.page_owed
        ];
        self.execute(sql, values).await?;
        Ok(())
    }
}
