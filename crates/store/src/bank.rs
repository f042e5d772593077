//! Bank statements, payments, and whose they could be. The ledger lines that place them are in [`crate::placing`].

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use dunlin_core::ids::{BankEntryId, PartyId, PaymentId, TenantId};
use dunlin_core::matching::OpenReceivable;
use dunlin_core::money::Money;
use dunlin_core::payment::PaymentSource;

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_one};
use crate::facts::{Scope, iso, load};
use crate::{Commit, Store, StoreError};

/// A statement as the reader understood it.
#[derive(Debug, Clone)]
pub struct NewStatement {
    pub account: String,
    pub currency: String,
    pub number: Option<String>,
    pub opening: Option<(Date, String)>,
    pub closing: Option<(Date, String)>,
}

/// One line of it. The amount is signed: credits positive.
#[derive(Debug, Clone)]
pub struct NewBankEntry {
    pub booked_on: Date,
    pub value_on: Option<Date>,
    pub amount: Money,
    pub reference: Option<String>,
    pub bank_reference: Option<String>,
    pub end_to_end_id: Option<String>,
    pub counterparty_name: Option<String>,
    pub counterparty_account: Option<String>,
    pub purpose: String,
}

impl NewBankEntry {
    /// Everything in which a payer may have named an invoice.
    pub fn words(&self) -> String {
        let parts = [Some(&self.purpose), self.end_to_end_id.as_ref(), self.reference.as_ref()];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Whether the bank gave the line a name of its own.
    fn has_bank_reference(&self) -> bool {
        self.bank_reference.as_deref().is_some_and(|given| !matches!(given.trim(), "" | "NONREF" | "NOTPROVIDED"))
    }

    /// The same line read twice has the same fingerprint; `nth` tells equal lines apart, see [`FileLines`].
    fn fingerprint(&self, account: &str, nth: usize) -> String {
        let text = format!(
            "{account}|{}|{}|{}|{:?}|{:?}|{:?}|{:?}|{}|{nth}",
            self.booked_on,
            self.amount.minor,
            self.amount.currency.code(),
            self.reference,
            self.bank_reference,
            self.end_to_end_id,
            self.counterparty_name,
            self.purpose
        );
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The lines that one file has brought so far: tells a second equal payment from the same line printed again.
///
/// Equal lines of one account and day are counted over the whole file, and the n-th of them is the n-th in every other
/// file. So what is assumed is:
/// - A file that shows a day shows all its lines of that day, or the first of them. The largest count in any one file is
///   the true one: an overlapping file adds nothing, a longer one adds what is more. Two files of which each shows
///   another one of two equal lines without a bank reference cannot be told from an overlap, and count once.
/// - Within a file, blocks follow each other and do not overlap. Only where it can be seen that they do is a line not
///   counted again: it bears the bank's own reference (interim reports repeat the morning's lines), or the whole block
///   has number, both balances and all lines of an earlier one (a message printed twice).
#[derive(Debug, Default)]
pub struct FileLines {
    without_reference: HashMap<String, usize>,
    blocks: Vec<Block>,
}

type Block = (String, Option<String>, (Date, String), (Date, String), Vec<String>);

impl FileLines {
    /// The fingerprints of a block's lines; `None` when the file held the whole block before.
    fn fingerprints(&mut self, statement: &NewStatement, entries: &[NewBankEntry]) -> Option<Vec<String>> {
        let account = &statement.account;
        let plain: Vec<String> = entries.iter().map(|entry| entry.fingerprint(account, 0)).collect();
        if let (Some(opening), Some(closing)) = (&statement.opening, &statement.closing) {
            let block = (account.clone(), statement.number.clone(), opening.clone(), closing.clone(), plain.clone());
            if self.blocks.contains(&block) {
                return None;
            }
            self.blocks.push(block);
        }
        let mut in_block: HashMap<String, usize> = HashMap::new();
        let lines = entries.iter().zip(plain).map(|(entry, plain)| {
            let counted = if entry.has_bank_reference() { &mut in_block } else { &mut self.without_reference };
            let nth = counted.entry(plain).or_default();
            *nth += 1;
            entry.fingerprint(account, *nth - 1)
        });
        Some(lines.collect())
    }
}

/// What a statement brought.
#[derive(Debug, Default)]
pub struct AddedStatement {
    pub payments: Vec<PaymentId>,
    /// Lines that were known.
    pub known: usize,
    /// Whether this block of this file is read for the first time.
    pub is_new: bool,
}

/// Money with what is left of it.
#[derive(Debug, Clone)]
pub struct PaymentRow {
    pub id: PaymentId,
    pub number: i64,
    pub source: PaymentSource,
    pub party_id: Option<PartyId>,
    pub amount: Money,
    pub left: Money,
    pub received_on: Date,
    pub payer_name: String,
    pub words: String,
    /// Set aside by a person, or replaced by the bank's own entry: nothing of it can be placed.
    pub is_set_aside: bool,
    /// Why it waits, as [`dunlin_core::matching::Doubt`] writes it; `None` before the first look and once placed.
    pub doubt: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct RowOfPayment {
    id: PaymentId,
    number: i64,
    source: PaymentSource,
    party_id: Option<PartyId>,
    amount_minor: i64,
    currency: String,
    received_on: Date,
    payer_name: String,
    words: String,
    doubt: Option<String>,
    set_aside_at: Option<i64>,
    used_minor: i64,
}

pub(crate) const PAYMENT: &str = "SELECT p.id, p.number, p.source, p.party_id, p.amount_minor, p.currency, p.received_on, \
    p.payer_name, p.words, p.doubt, p.set_aside_at, CAST(COALESCE((SELECT sum(e.payment_minor) FROM ledger_entry e \
    WHERE e.tenant_id = p.tenant_id AND e.payment_id = p.id), 0) AS BIGINT) FROM payment p";

pub(crate) fn payment_of(row: RowOfPayment) -> Result<PaymentRow, StoreError> {
    let currency = iso(&row.currency)?;
    Ok(PaymentRow {
        id: row.id,
        number: row.number,
        source: row.source,
        party_id: row.party_id,
        amount: Money::new(row.amount_minor, currency),
        left: Money::new(row.amount_minor - row.used_minor, currency),
        received_on: row.received_on,
        payer_name: row.payer_name,
        words: row.words,
        is_set_aside: row.set_aside_at.is_some(),
        doubt: row.doubt,
    })
}

impl Store {
    /// Payments that wait for their place, oldest first.
    pub async fn unplaced_payments(&self, tenant_id: TenantId) -> Result<Vec<PaymentRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{PAYMENT} WHERE p.tenant_id = $1 AND p.placed = 0 AND p.set_aside_at IS NULL ORDER BY p.received_on, p.id"
        );
        let rows = fetch(&mut conn, &sql, binds![tenant_id]).await?;
        rows.into_iter().map(payment_of).collect()
    }

    /// A payment as it stands, outside any change.
    pub async fn payment_numbered(&self, tenant_id: TenantId, number: i64) -> Result<PaymentRow, StoreError> {
        let mut conn = self.conn().await?;
        numbered(&mut conn, tenant_id, number).await
    }
}

async fn numbered(conn: &mut Conn, tenant_id: TenantId, number: i64) -> Result<PaymentRow, StoreError> {
    let sql = format!("{PAYMENT} WHERE p.tenant_id = $1 AND p.number = $2");
    let row = fetch_one(conn, &sql, binds![tenant_id, number]).await?;
    row.map(payment_of).transpose()?.ok_or_else(|| StoreError::not_found("payment", format!("P-{number:04}")))
}

impl Commit {
    /// Adds a statement and those of its lines that are not known yet. `lines` goes with the file: one for all its
    /// statements.
    pub async fn add_statement(
        &mut self,
        statement: &NewStatement,
        entries: &[NewBankEntry],
        sha256: &str,
        lines: &mut FileLines,
    ) -> Result<AddedStatement, StoreError> {
        let Some(fingerprints) = lines.fingerprints(statement, entries) else {
            return Ok(AddedStatement { known: entries.len(), ..AddedStatement::default() });
        };
        let before = self.statement_read_before(statement, sha256).await?;
        let mut added = AddedStatement { is_new: before.is_none(), ..AddedStatement::default() };
        let id = match before {
            Some(id) => id,
            None => self.insert_statement(statement, sha256).await?,
        };
        for (entry, fingerprint) in entries.iter().zip(&fingerprints) {
            match self.add_bank_entry(&id, &statement.account, entry, fingerprint).await? {
                None => added.known += 1,
                Some(entry_id) if entry.amount.is_positive() => {
                    let payer = entry.counterparty_name.clone().unwrap_or_default();
                    let payment = self
                        .add_payment(
                            PaymentSource::Bank,
                            Some(entry_id),
                            entry.amount,
                            entry.booked_on,
                            &payer,
                            &entry.words(),
                        )
                        .await?;
                    added.payments.push(payment);
                }
                Some(_) => {}
            }
        }
        Ok(added)
    }

    /// The statement that an earlier import of the same file left. Two blocks of one file may bear the same number, so
    /// what this commit wrote does not count.
    async fn statement_read_before(
        &mut self,
        statement: &NewStatement,
        sha256: &str,
    ) -> Result<Option<String>, StoreError> {
        let (tenant_id, seq) = (self.tenant_id, self.seq);
        let sql = "SELECT id FROM bank_statement WHERE tenant_id = $1 AND sha256 = $2 AND account = $3 \
                   AND COALESCE(number, '') = $4 AND seq < $5 ORDER BY seq, id LIMIT 1";
        let number = statement.number.clone().unwrap_or_default();
        let values = binds![tenant_id, sha256, statement.account.as_str(), number, seq];
        let row: Option<(String,)> = fetch_one(&mut self.tx, sql, values).await?;
        Ok(row.map(|(id,)| id))
    }

    async fn insert_statement(&mut self, statement: &NewStatement, sha256: &str) -> Result<String, StoreError> {
        let id = BankEntryId(self.ids.make()).to_string();
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO bank_statement (tenant_id, id, account, currency, number, opening_on, opening, \
                   closing_on, closing, sha256, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let split = |balance: &Option<(Date, String)>| {
            (balance.as_ref().map(|(date, _)| date.to_string()), balance.as_ref().map(|(_, amount)| amount.clone()))
        };
        let ((opening_on, opening), (closing_on, closing)) = (split(&statement.opening), split(&statement.closing));
        let values = binds![
            tenant_id,
            id.as_str(),
            statement.account.as_str(),
            statement.currency.as_str(),
            statement.number.clone(),
            opening_on,
            opening,
            closing_on,
            closing,
            sha256,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        Ok(id)
    }

    async fn add_bank_entry(
        &mut self,
        statement_id: &str,
        account: &str,
        entry: &NewBankEntry,
        fingerprint: &str,
    ) -> Result<Option<BankEntryId>, StoreError> {
        let id = BankEntryId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO bank_entry (tenant_id, id, statement_id, fingerprint, account, booked_on, value_on, \
                   amount_minor, currency, reference, bank_reference, end_to_end_id, counterparty_name, \
                   counterparty_account, purpose, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
                   $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (tenant_id, fingerprint) DO NOTHING";
        let values = binds![
            tenant_id,
            id,
            statement_id,
            fingerprint,
            account,
            entry.booked_on,
            entry.value_on.map(|date| date.to_string()),
            entry.amount.minor,
            entry.amount.currency.code(),
            entry.reference.clone(),
            entry.bank_reference.clone(),
            entry.end_to_end_id.clone(),
            entry.counterparty_name.clone(),
            entry.counterparty_account.clone(),
            entry.purpose.as_str(),
            now,
            seq
        ];
        Ok((self.execute(sql, values).await? == 1).then_some(id))
    }

    pub async fn add_payment(
        &mut self,
        source: PaymentSource,
        bank_entry_id: Option<BankEntryId>,
        amount: Money,
        received_on: Date,
        payer_name: &str,
        words: &str,
    ) -> Result<PaymentId, StoreError> {
        let id = PaymentId(self.ids.make());
        let number = self.numbers("payment", 1).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO payment (tenant_id, id, number, bank_entry_id, source, amount_minor, currency, \
                   received_on, payer_name, words, placed, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12)";
        let values = binds![
            tenant_id,
            id,
            number,
            bank_entry_id,
            source.code(),
            amount.minor,
            amount.currency.code(),
            received_on,
            payer_name,
            words,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        Ok(id)
    }

    /// Nobody told the day on which it came: what was written is the day we heard of it.
    pub async fn note_day_unknown(&mut self, id: PaymentId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE payment SET day_known = 0 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id]).await?;
        Ok(())
    }

    pub async fn payment(&mut self, id: PaymentId) -> Result<PaymentRow, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = format!("{PAYMENT} WHERE p.tenant_id = $1 AND p.id = $2");
        let row = fetch_one(&mut self.tx, &sql, binds![tenant_id, id]).await?;
        row.map(payment_of).transpose()?.ok_or_else(|| StoreError::not_found("payment", id.to_string()))
    }

    pub async fn payment_by_number(&mut self, number: i64) -> Result<PaymentRow, StoreError> {
        numbered(&mut self.tx, self.tenant_id, number).await
    }

    pub async fn unplaced(&mut self) -> Result<Vec<PaymentRow>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = format!(
            "{PAYMENT} WHERE p.tenant_id = $1 AND p.placed = 0 AND p.set_aside_at IS NULL ORDER BY p.received_on, p.id"
        );
        let rows = fetch(&mut self.tx, &sql, binds![tenant_id]).await?;
        rows.into_iter().map(payment_of).collect()
    }

    /// Open receivables of all debtors with their names, for matching. Read in bounded ranges.
    pub async fn open_book(&mut self) -> Result<(Vec<OpenReceivable>, Vec<(PartyId, String)>), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let mut open = Vec::new();
        let mut names = Vec::new();
        let mut after = PartyId(0);
        loop {
            let sql = "SELECT id FROM party WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT 1000";
            let ids: Vec<(PartyId,)> = fetch(&mut self.tx, sql, binds![tenant_id, after]).await?;
            let ids: Vec<PartyId> = ids.into_iter().map(|(id,)| id).collect();
            let Some(last) = ids.last() else {
                // Who was merged may still pay under the earlier name.
                let sql = "SELECT merged_into, name FROM party WHERE tenant_id = $1 AND merged_into IS NOT NULL";
                let former: Vec<(PartyId, String)> = fetch(&mut self.tx, sql, binds![tenant_id]).await?;
                let known = names.len();
                for (id, name) in former {
                    if names[..known].iter().any(|(owes, _): &(PartyId, String)| *owes == id) {
                        names.push((id, name));
                    }
                }
                return Ok((open, names));
            };
            for facts in load(&mut self.tx, tenant_id, Scope::These(&ids), now, crate::facts::EVERYTHING).await? {
                let before = open.len();
                // Where the lines of a debtor do not add up nobody can tell what is open: their money waits for a person,
                // under their name, and everybody else's finds its place.
                let adds_up = facts.receivables.iter().all(|item| item.outstanding().is_ok());
                for item in facts.receivables.iter().filter(|_| adds_up) {
                    let outstanding = item.outstanding()?;
                    if outstanding.is_positive() && !item.receivable.closed {
                        let mut references = vec![item.receivable.reference.clone(), item.receivable.number.clone()];
                        references.extend(item.order_number.clone());
                        open.push(OpenReceivable {
                            id: item.receivable.id,
                            party_id: facts.party.id,
                            number: item.receivable.number.clone(),
                            amount: item.receivable.amount,
                            references,
                            outstanding,
                            due_on: item.receivable.due_on,
                        });
                    }
                }
                if open.len() > before || !adds_up {
                    names.push((facts.party.id, facts.party.name));
                }
            }
            after = *last;
        }
    }

    /// Not a customer's payment, or replaced by the bank's own entry: it waits for nothing and silences nobody.
    pub async fn set_aside(&mut self, payment_id: PaymentId) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        self.set_candidates(payment_id, &[], None).await?;
        let sql = "UPDATE payment SET set_aside_at = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, payment_id, now]).await?;
        Ok(())
    }

    /// Whose money it was said it could be.
    pub async fn candidates(&mut self, payment_id: PaymentId) -> Result<Vec<PartyId>, StoreError> {
        let sql = "SELECT party_id FROM payment_candidate WHERE tenant_id = $1 AND payment_id = $2 ORDER BY party_id";
        let parties: Vec<(PartyId,)> = fetch(&mut self.tx, sql, binds![self.tenant_id, payment_id]).await?;
        Ok(parties.into_iter().map(|(id,)| id).collect())
    }

    /// Whose money it could be: letters to these parties wait. They are woken only when it was not known before.
    pub async fn set_candidates(
        &mut self,
        payment_id: PaymentId,
        parties: &[PartyId],
        doubt: Option<&str>,
    ) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let before: BTreeSet<PartyId> = self.candidates(payment_id).await?.into_iter().collect();
        let parties: BTreeSet<PartyId> = parties.iter().copied().collect();
        let sql = "UPDATE payment SET doubt = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, payment_id, doubt.map(str::to_string)]).await?;
        if before == parties {
            return Ok(());
        }
        let sql = "DELETE FROM payment_candidate WHERE tenant_id = $1 AND payment_id = $2";
        self.execute(sql, binds![tenant_id, payment_id]).await?;
        for party_id in &parties {
            let sql = "INSERT INTO payment_candidate (tenant_id, party_id, payment_id) VALUES ($1, $2, $3)";
            self.execute(sql, binds![tenant_id, *party_id, payment_id]).await?;
        }
        // Looking back, it silenced those whose it could have been.
        for party_id in before.difference(&parties) {
            let row = format!("{payment_id} {party_id}");
            self.keep_history(Some(*party_id), "candidate", &row, serde_json::json!({})).await?;
        }
        for party_id in before.union(&parties) {
            self.wake_party(*party_id).await?;
        }
        Ok(())
    }
}
