//! What a restore does not bring back: people who left the firm and what opened their doors, persons who were erased, and
//! the wishes of those who do not want to be written to. A backup knows nothing of what was asked for after it.

use std::collections::HashMap;

use serde::Deserialize;

use dunlin_core::ids::{ContactId, PartyId, SuppressionId, TenantId, UserId};

use crate::bind::binds;
use crate::conn::{fetch, fetch_number};
use crate::db::Tx;
use crate::{Commit, ERASED, StoreError};

/// Read before everything is replaced, kept afterwards.
#[derive(Debug)]
pub(super) struct KeptOut {
    users: Vec<Account>,
    erased_contacts: Vec<(TenantId, ContactId)>,
    erased_parties: Vec<(TenantId, PartyId)>,
    forgotten_files: Vec<(TenantId, String)>,
    objected: Vec<(TenantId, ContactId)>,
    suppressed: Vec<Suppressed>,
}

/// How somebody comes in, and whether they may.
#[derive(Debug, Deserialize)]
struct Account {
    tenant_id: TenantId,
    id: UserId,
    email_key: String,
    role: String,
    state: String,
    password_hash: Option<String>,
    totp_sealed: Option<String>,
    totp_step: Option<i64>,
    entered_at: Option<i64>,
}

/// A running entry of the list of addresses that are not used.
#[derive(Debug, Deserialize)]
struct Suppressed {
    tenant_id: TenantId,
    id: SuppressionId,
    kind: String,
    mark: String,
    sealed: String,
    reason: String,
    user_id: Option<UserId>,
    until_on: Option<String>,
    until_at: Option<i64>,
    effective_on: String,
    recorded_at: i64,
}

impl KeptOut {
    pub(super) async fn read(tx: &mut Tx) -> Result<Self, StoreError> {
        let sql = "SELECT u.tenant_id, u.id, u.email_key, u.role, u.state, u.password_hash, u.totp_sealed, u.totp_step, \
                   u.entered_at FROM user_account u ORDER BY u.tenant_id, u.id";
        let users = fetch(tx, sql, vec![]).await?;
        let sql = "SELECT c.tenant_id, c.id FROM contact c WHERE c.sealed = ''";
        let erased_contacts = fetch(tx, sql, vec![]).await?;
        let sql = "SELECT p.tenant_id, p.id FROM party p WHERE p.is_consumer = 1 AND p.name_key = $1";
        let erased_parties = fetch(tx, sql, binds![ERASED]).await?;
        let sql = "SELECT DISTINCT a.tenant_id, a.subject FROM audit_log a WHERE a.verb = 'file.forgotten'";
        let forgotten_files = fetch(tx, sql, vec![]).await?;
        let objected = fetch(tx, "SELECT c.tenant_id, c.id FROM contact c WHERE c.objected = 1", vec![]).await?;
        let sql = "SELECT s.tenant_id, s.id, s.kind, s.mark, s.sealed, s.reason, s.user_id, s.until_on, s.until_at, \
                   s.effective_on, s.recorded_at FROM suppression s WHERE s.ended_at IS NULL ORDER BY s.tenant_id, s.number";
        let suppressed = fetch(tx, sql, vec![]).await?;
        Ok(Self { users, erased_contacts, erased_parties, forgotten_files, objected, suppressed })
    }

    /// Of one firm, once the backup is in. Returns whether anybody who works here stands in the backup.
    pub(super) async fn keep(&self, commit: &mut Commit) -> Result<bool, StoreError> {
        let firm = commit.tenant_id;
        let mut same_people = false;
        for account in self.users.iter().filter(|account| account.tenant_id == firm) {
            same_people |= commit.keep_account(account).await?;
        }
        // Owners of then who left since, and owners of now whom the backup does not know: nobody could let anybody in.
        let sql =
            "SELECT count(*) FROM user_account WHERE tenant_id = $1 AND ($2 = '' OR (role = $2 AND state = 'active'))";
        let users = fetch_number(&mut commit.tx, sql, binds![firm, ""]).await?.unwrap_or(0);
        if users > 0 && fetch_number(&mut commit.tx, sql, binds![firm, "owner"]).await?.unwrap_or(0) == 0 {
            return Err(StoreError::Refused(
                "none of the owners that the backup knows works here any more, so nobody could come in. Nothing was restored"
                    .to_string(),
            ));
        }
        for (_, id) in self.objected.iter().filter(|(tenant, _)| *tenant == firm) {
            let sql = "UPDATE contact SET objected = 1 WHERE tenant_id = $1 AND id = $2";
            commit.execute(sql, binds![firm, *id]).await?;
        }
        let suppressed: Vec<&Suppressed> = self.suppressed.iter().filter(|entry| entry.tenant_id == firm).collect();
        commit.keep_suppressed(&suppressed).await?;
        // Last: what is erased takes the addresses out of the list.
        for (_, id) in self.erased_contacts.iter().filter(|(tenant, _)| *tenant == firm) {
            let sql = "SELECT c.party_id FROM contact c WHERE c.tenant_id = $1 AND c.id = $2 AND c.sealed <> ''";
            let there: Vec<(PartyId,)> = fetch(&mut commit.tx, sql, binds![firm, *id]).await?;
            for (party,) in there {
                commit.erase_contact(party, *id).await?;
            }
        }
        for (_, id) in self.erased_parties.iter().filter(|(tenant, _)| *tenant == firm) {
            let sql =
                "SELECT count(*) FROM party WHERE tenant_id = $1 AND id = $2 AND is_consumer = 1 AND name_key <> $3";
            if fetch_number(&mut commit.tx, sql, binds![firm, *id, ERASED]).await?.unwrap_or(0) > 0 {
                commit.erase_consumer(*id).await?;
            }
        }
        for (_, sha256) in self.forgotten_files.iter().filter(|(tenant, _)| *tenant == firm) {
            let sql = "SELECT count(*) FROM blob WHERE tenant_id = $1 AND sha256 = $2";
            if fetch_number(&mut commit.tx, sql, binds![firm, sha256.as_str()]).await?.unwrap_or(0) > 0 {
                commit.forget_file(sha256).await?;
            }
        }
        Ok(same_people)
    }
}

impl Commit {
    /// Whoever left stays out, and no password or second factor that was replaced since opens a door again. Returns whether
    /// the backup knows them.
    async fn keep_account(&mut self, account: &Account) -> Result<bool, StoreError> {
        let sql = "UPDATE user_account SET role = $3, state = $4, password_hash = $5, totp_sealed = $6, totp_step = $7, \
                   entered_at = $8 WHERE tenant_id = $1 AND id = $2";
        let values = binds![
            account.tenant_id,
            account.id,
            account.role.as_str(),
            account.state.as_str(),
            account.password_hash.clone(),
            account.totp_sealed.clone(),
            account.totp_step,
            account.entered_at
        ];
        let is_there = self.execute(sql, values).await? == 1;
        if is_there && account.email_key == format!("erased {}", account.id) {
            self.erase_user(account.id).await?;
        }
        Ok(is_there)
    }

    /// Entries that the backup does not have yet.
    async fn keep_suppressed(&mut self, entries: &[&Suppressed]) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let mut back: HashMap<String, SuppressionId> = HashMap::new();
        for entry in entries {
            let sql = "SELECT count(*) FROM suppression WHERE tenant_id = $1 AND id = $2";
            if fetch_number(&mut self.tx, sql, binds![tenant_id, entry.id]).await?.unwrap_or(0) > 0 {
                continue;
            }
            let number = self.numbers("suppression", 1).await?;
            let sql = "INSERT INTO suppression (tenant_id, id, number, kind, mark, sealed, reason, user_id, until_on, \
                       until_at, effective_on, recorded_at, seq) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT u.id FROM user_account u WHERE u.tenant_id = $1 \
                       AND u.id = $8), $9, $10, $11, $12, $13)";
            let values = binds![
                tenant_id,
                entry.id,
                number,
                entry.kind.as_str(),
                entry.mark.as_str(),
                entry.sealed.as_str(),
                entry.reason.as_str(),
                entry.user_id,
                entry.until_on.clone(),
                entry.until_at,
                entry.effective_on.as_str(),
                entry.recorded_at,
                self.seq
            ];
            self.execute(sql, values).await?;
            back.insert(entry.mark.clone(), entry.id);
        }
        if back.is_empty() { Ok(()) } else { self.list_marked(&back).await }
    }
}
