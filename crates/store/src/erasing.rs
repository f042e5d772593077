//! Forgetting a person.
//!
//! A person's key is destroyed, and with it every name, address, sent letter, rehearsal and line of the log that was
//! sealed under it, also in copies of the database. Amounts, days, numbers, hashes and sequence stay: the books go on
//! being right. Files that came in are kept as they were and name many people at once, so one that names the person is
//! given up as a whole; its hash stays, and with it what was made of it. Words elsewhere go where they name them
//! ([`crate::scrubbing`]). What is known of somebody is told in [`crate::known`].

use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_core::refusal::{Refusal, RefusalCode};

use crate::audit_log::{LogEntry, PARTY};
use crate::bind::binds;
use crate::conn::{fetch, fetch_number, fetch_one};
use crate::outbox::Outcome;
use crate::seal::open_person;
use crate::{Commit, StoreError};

/// What stands in place of a name.
pub const ERASED: &str = "erased";

impl Commit {
    /// Forgets one person at a debtor: what was sealed for them cannot be opened any more, and what names them elsewhere goes.
    /// Returns how many letters to them are cancelled that had not left.
    pub async fn erase_contact(&mut self, party_id: PartyId, id: ContactId) -> Result<usize, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT count(*) FROM contact WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        if fetch_number(&mut self.tx, sql, binds![tenant_id, party_id, id]).await?.unwrap_or(0) == 0 {
            return Err(StoreError::not_found("contact", id.to_string()));
        }
        let names = self.names_of_contact(party_id, id).await?;
        let away = self.elsewhere(party_id, &names).await?;
        // Talks with somebody else, or with nobody in particular, that name them.
        self.forget_talks_naming(party_id, &names).await?;
        self.destroy_contact(party_id, id).await?;
        self.scrub_named(party_id, &names).await?;
        self.scrub_deliveries(party_id, &names).await?;
        self.scrub_parcels(party_id, Some(&names)).await?;
        self.scrub_money(&away).await?;
        self.scrub_reports(&away).await?;
        // After the words are gone: why these did not leave stays.
        let cancelled = self.cancel_letters_to(party_id, Some(id)).await?;
        self.forget_answers().await?;
        self.wake_party(party_id).await?;
        self.log(LogEntry::new("contact.erased", "contact", id.to_string()).about(party_id));
        Ok(cancelled)
    }

    /// Letters that wait, to one person or to everybody at a debtor.
    async fn cancel_letters_to(&mut self, party_id: PartyId, contact: Option<ContactId>) -> Result<usize, StoreError> {
        let mut waiting = self.waiting_letters_of(party_id).await?;
        waiting.extend(self.waiting_order_letters_of(party_id).await?);
        let mut cancelled = 0;
        for letter in waiting.iter().filter(|letter| contact.is_none_or(|id| letter.contact_id == id)) {
            let why = "its reader was erased".to_string();
            let reasons = vec![Reason::new(ReasonCode::CancelledStale)];
            self.settle(letter, &Outcome::Cancelled { why, reasons }).await?;
            cancelled += 1;
        }
        Ok(cancelled)
    }

    /// Answers kept for programs that may repeat a request hold names. Whose answer is gone is told that it was done.
    pub(crate) async fn forget_answers(&mut self) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "DELETE FROM idempotent_answer WHERE tenant_id = $1 AND status IS NOT NULL AND changed_at IS NULL";
        self.execute(sql, binds![tenant_id]).await?;
        let sql = "UPDATE idempotent_answer SET status = NULL, body = NULL WHERE tenant_id = $1 AND status IS NOT NULL";
        self.execute(sql, binds![tenant_id]).await?;
        Ok(())
    }

    async fn destroy_contact(&mut self, party_id: PartyId, id: ContactId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT c.sealed, k.secret FROM contact c JOIN person_key k ON k.tenant_id = c.tenant_id \
                   AND k.party_id = c.party_id AND k.contact_id = c.id WHERE c.tenant_id = $1 AND c.party_id = $2 \
                   AND c.id = $3 AND c.sealed <> '' AND c.objected = 1";
        let objector: Option<(String, String)> = fetch_one(&mut self.tx, sql, binds![tenant_id, party_id, id]).await?;
        if let Some((sealed, secret)) = objector {
            let person = open_person(&self.tx.key, &sealed, &secret)?;
            self.list_unnamed(&person).await?;
        }
        self.forget_suppressed(party_id, id).await?;
        self.scrub_answers(party_id, id).await?;
        let sql = "UPDATE contact SET sealed = '', ways = '', objected = 1 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, id]).await?;
        // A message into a chat lies here until it was handed over.
        let sql = "DELETE FROM chat_message WHERE tenant_id = $1 AND message_id IN (SELECT l.message_id FROM letter l \
                   WHERE l.tenant_id = $1 AND l.party_id = $2 AND l.contact_id = $3)";
        self.execute(sql, binds![tenant_id, party_id, id]).await?;
        let sql = "UPDATE letter SET sealed_envelope = NULL WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
        self.execute(sql, binds![tenant_id, party_id, id]).await?;
        self.forget_talks(party_id, "t.key_person", &id.to_string()).await?;
        // It lies with the debtor of then, whomever that was merged into.
        let sql = "UPDATE rehearsal SET sealed = '' WHERE tenant_id = $1 AND contact_id = $2";
        self.execute(sql, binds![tenant_id, id]).await?;
        let sql = "DELETE FROM person_key WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
        self.execute(sql, binds![tenant_id, party_id, id]).await?;
        Ok(())
    }

    /// Forgets who a consumer was. A company's name is no personal datum; its people are erased one by one. Returns how many
    /// letters to them are cancelled that had not left.
    pub async fn erase_consumer(&mut self, id: PartyId) -> Result<usize, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT p.is_consumer FROM party p WHERE p.tenant_id = $1 AND p.id = $2";
        let row: Option<(i64,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, id]).await?;
        match row {
            None => return Err(StoreError::not_found("debtor", id.to_string())),
            Some((0,)) => {
                return Err(Refusal::new(RefusalCode::DebtorCompany).into());
            }
            Some(_) => {}
        }
        // Before anything is closed: afterwards nobody can tell which texts named them.
        let names = self.names_of_party(id).await?;
        let away = self.elsewhere(id, &names).await?;
        let sql = "SELECT c.id FROM contact c WHERE c.tenant_id = $1 AND c.party_id = $2";
        let contacts: Vec<(ContactId,)> = fetch(&mut self.tx, sql, binds![tenant_id, id]).await?;
        for (contact,) in contacts {
            self.destroy_contact(id, contact).await?;
        }
        let sql = "SELECT p.id FROM party p WHERE p.tenant_id = $1 AND (p.id = $2 OR p.merged_into = $2) ORDER BY p.id";
        // Also under the names of whoever turned out to be the same person.
        let halves: Vec<(PartyId,)> = fetch(&mut self.tx, sql, binds![tenant_id, id]).await?;
        for (half,) in &halves {
            self.forget_who_it_was(*half).await?;
        }
        self.scrub_words(id).await?;
        self.scrub_named(id, &names).await?;
        self.scrub_parcels(id, None).await?;
        self.scrub_money(&away).await?;
        self.scrub_reports(&away).await?;
        self.forget_talks(id, "t.party_id", &id.to_string()).await?;
        let cancelled = self.cancel_letters_to(id, None).await?;
        // Last: the lines of the log about this debtor close with it.
        for (half,) in &halves {
            let sql = "DELETE FROM person_key WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
            self.execute(sql, binds![tenant_id, PARTY, *half]).await?;
        }
        self.forget_answers().await?;
        self.wake_party(id).await?;
        self.log(LogEntry::new("party.erased", "party", id.to_string()));
        Ok(cancelled)
    }

    /// Names, accounts on marketplaces, addresses of orders and what was answered about them, of one half of a debtor.
    async fn forget_who_it_was(&mut self, id: PartyId) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE party SET name = $3, name_key = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, ERASED]).await?;
        // Accounts on a marketplace are names too; the next file brings somebody unknown.
        let sql = "DELETE FROM external_identity WHERE tenant_id = $1 AND noun = 'party' AND row_id = $2";
        self.execute(sql, binds![tenant_id, id]).await?;
        let sql = "DELETE FROM order_delivery WHERE tenant_id = $1 AND party_id = $2";
        self.execute(sql, binds![tenant_id, id]).await?;
        let sql = "UPDATE order_ask SET sealed_answer = NULL, key_person = NULL WHERE tenant_id = $1 AND party_id = $2 \
                   AND sealed_answer IS NOT NULL";
        self.execute(sql, binds![tenant_id, id]).await?;
        self.scrub_history(id).await
    }

    /// Whether somebody asked that it be forgotten who this was.
    pub async fn is_erased(&mut self, id: PartyId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM party p WHERE p.tenant_id = $1 AND p.id = $2 AND p.name = $3 AND p.name_key = $3";
        let row: Option<(i64,)> = fetch_one(&mut self.tx, sql, binds![self.tenant_id, id, ERASED]).await?;
        Ok(row.is_some())
    }

    /// Gives up the copy of a file that came in.
    pub async fn forget_file(&mut self, sha256: &str) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "DELETE FROM blob WHERE tenant_id = $1 AND sha256 = $2";
        self.execute(sql, binds![tenant_id, sha256]).await?;
        self.log(LogEntry::new("file.forgotten", "file", sha256));
        Ok(())
    }
}
