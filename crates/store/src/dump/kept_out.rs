//! What a restore does not bring back: people who left the firm and what opened their doors, persons who were erased, and
//! the wishes of those who do not want to be written to. A backup knows nothing of what was asked for after it, and nothing
//! at all of whoever came after it: so what is kept out is written down (`kept_out`) and handed on from restore to restore.
//! Somebody who comes back with a backup is erased as a whole once more, as on the day they asked.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;

use dunlin_core::ids::{ContactId, PartyId, SuppressionId, TenantId, UserId};
use dunlin_core::names::Names;

use super::over::SearchFile;
use crate::bind::binds;
use crate::conn::{fetch, fetch_bytes, fetch_number};
use crate::db::Tx;
use crate::migrations::known_version;
use crate::named_money::statements_naming;
use crate::{Commit, ERASED, Store, StoreError};

/// Read before everything is replaced, kept afterwards.
#[derive(Debug)]
pub(super) struct KeptOut {
    /// With when they were set up.
    firms: Vec<(TenantId, i64)>,
    users: Vec<Account>,
    /// Firm, noun and subject, as `kept_out` has them.
    journal: BTreeSet<(TenantId, String, String)>,
    suppressed: Vec<Suppressed>,
}

pub(super) const FIRMS: &str = "SELECT t.id, t.recorded_at FROM tenant t ORDER BY t.id";

/// What the journal is made of: what restores before wrote down, as far as nobody has taken it back since, and what is so by
/// now. An objection of somebody who is erased is a mark of the list.
const JOURNAL: &[&str] = &[
    "SELECT k.tenant_id, k.noun, k.subject FROM kept_out k WHERE NOT (k.noun = 'objection' AND EXISTS (SELECT 1 \
     FROM contact c WHERE c.tenant_id = k.tenant_id AND c.id = k.subject AND c.objected = 0)) \
     AND NOT (k.noun = 'leaver' AND EXISTS (SELECT 1 FROM user_account u WHERE u.tenant_id = k.tenant_id \
     AND u.id = k.subject AND u.state <> 'left'))",
    "SELECT c.tenant_id, 'contact', c.id FROM contact c WHERE c.sealed = ''",
    "SELECT p.tenant_id, 'party', p.id FROM party p WHERE p.is_consumer = 1 AND p.name_key = 'erased'",
    "SELECT DISTINCT a.tenant_id, 'file', a.subject FROM audit_log a WHERE a.verb = 'file.forgotten'",
    "SELECT u.tenant_id, 'leaver', u.id FROM user_account u WHERE u.state = 'left'",
    "SELECT u.tenant_id, 'user', u.id FROM user_account u WHERE u.email_key = 'erased ' || u.id",
    "SELECT c.tenant_id, 'objection', c.id FROM contact c WHERE c.objected = 1 AND c.sealed <> ''",
];

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

impl Store {
    /// Of a database that another one takes the place of.
    pub(super) async fn kept_out(&self) -> Result<KeptOut, StoreError> {
        if self.schema_version().await? != Some(known_version()) {
            return Err(StoreError::Refused(format!(
                "{} is no database of this version: open it with this program once, or leave --replaces out. Nothing was \
                 restored",
                self.place()
            )));
        }
        self.know_the_key().await?;
        let mut tx = self.snapshot().await?;
        let kept_out = KeptOut::read(&mut tx).await?;
        tx.commit().await?;
        Ok(kept_out)
    }
}

impl KeptOut {
    /// Whether a firm is one of those that it was read of: the same number, set up at the same moment.
    pub(super) fn knows(&self, firm: (TenantId, i64)) -> bool {
        self.firms.contains(&firm)
    }

    pub(super) async fn read(tx: &mut Tx) -> Result<Self, StoreError> {
        let firms = fetch(tx, FIRMS, vec![]).await?;
        let sql = "SELECT u.tenant_id, u.id, u.email_key, u.role, u.state, u.password_hash, u.totp_sealed, u.totp_step, \
                   u.entered_at FROM user_account u ORDER BY u.tenant_id, u.id";
        let users = fetch(tx, sql, vec![]).await?;
        let mut journal = BTreeSet::new();
        for sql in JOURNAL {
            let entries: Vec<(TenantId, String, String)> = fetch(tx, sql, vec![]).await?;
            journal.extend(entries);
        }
        let sql = "SELECT s.tenant_id, s.id, s.kind, s.mark, s.sealed, s.reason, s.user_id, s.until_on, s.until_at, \
                   s.effective_on, s.recorded_at FROM suppression s WHERE s.ended_at IS NULL ORDER BY s.tenant_id, s.number";
        let suppressed = fetch(tx, sql, vec![]).await?;
        Ok(Self { firms, users, journal, suppressed })
    }

    /// Of one firm and noun.
    fn subjects(&self, firm: TenantId, noun: &str) -> impl Iterator<Item = &str> {
        let of = self.journal.iter().filter(move |(tenant, kind, _)| *tenant == firm && kind == noun);
        of.map(|(_, _, subject)| subject.as_str())
    }

    /// Of one firm, once the backup is in. Returns whether anybody who works here stands in the backup.
    pub(super) async fn keep(&self, commit: &mut Commit, search: SearchFile) -> Result<bool, StoreError> {
        let firm = commit.tenant_id;
        let mut same_people = false;
        for account in self.users.iter().filter(|account| account.tenant_id == firm) {
            same_people |= commit.keep_account(account).await?;
        }
        for id in self.subjects(firm, "leaver") {
            let sql = "UPDATE user_account SET state = 'left' WHERE tenant_id = $1 AND id = $2";
            commit.execute(sql, binds![firm, id]).await?;
        }
        for id in self.subjects(firm, "user") {
            let sql = "SELECT u.id FROM user_account u WHERE u.tenant_id = $1 AND u.id = $2 AND u.email_key <> $3";
            let there: Vec<(UserId,)> = fetch(&mut commit.tx, sql, binds![firm, id, format!("erased {id}")]).await?;
            for (user,) in there {
                commit.erase_user(user).await?;
            }
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
        for id in self.subjects(firm, "objection") {
            let sql = "UPDATE contact SET objected = 1 WHERE tenant_id = $1 AND id = $2";
            commit.execute(sql, binds![firm, id]).await?;
        }
        let suppressed: Vec<&Suppressed> = self.suppressed.iter().filter(|entry| entry.tenant_id == firm).collect();
        commit.keep_suppressed(&suppressed).await?;
        // Last: what is erased takes the addresses out of the list.
        for id in self.subjects(firm, "contact") {
            let sql = "SELECT c.party_id, c.id FROM contact c WHERE c.tenant_id = $1 AND c.id = $2 AND c.sealed <> ''";
            let there: Vec<(PartyId, ContactId)> = fetch(&mut commit.tx, sql, binds![firm, id]).await?;
            for (party, contact) in there {
                let names = commit.names_of_contact(party, contact).await?;
                let names = commit.elsewhere(party, &names).await?;
                commit.forget_files_naming(&names, search).await?;
                commit.erase_contact(party, contact).await?;
            }
        }
        for id in self.subjects(firm, "party") {
            let sql = "SELECT p.id FROM party p WHERE p.tenant_id = $1 AND p.id = $2 AND p.is_consumer = 1 AND p.name_key <> $3";
            let there: Vec<(PartyId,)> = fetch(&mut commit.tx, sql, binds![firm, id, ERASED]).await?;
            for (party,) in there {
                let names = commit.names_of_party(party).await?;
                let names = commit.elsewhere(party, &names).await?;
                commit.forget_files_naming(&names, search).await?;
                commit.erase_consumer(party).await?;
            }
        }
        for sha256 in self.subjects(firm, "file") {
            let sql = "SELECT count(*) FROM blob WHERE tenant_id = $1 AND sha256 = $2";
            if fetch_number(&mut commit.tx, sql, binds![firm, sha256]).await?.unwrap_or(0) > 0 {
                commit.forget_file(sha256).await?;
            }
        }
        for (_, noun, subject) in self.journal.iter().filter(|(tenant, ..)| *tenant == firm) {
            let sql = "INSERT INTO kept_out (tenant_id, noun, subject, recorded_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT DO NOTHING";
            commit.execute(sql, binds![firm, noun.as_str(), subject.as_str(), commit.now]).await?;
        }
        Ok(same_people)
    }
}

impl Commit {
    /// Copies of files that name somebody who came back with a backup.
    async fn forget_files_naming(&mut self, names: &Names, search: SearchFile) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let statements = statements_naming(&mut self.tx, tenant_id, names).await?;
        let sql = "SELECT b.sha256, b.name FROM blob b WHERE b.tenant_id = $1 ORDER BY b.sha256";
        let files: Vec<(String, String)> = fetch(&mut self.tx, sql, binds![tenant_id]).await?;
        for (sha256, name) in files {
            let sql = "SELECT bytes FROM blob WHERE tenant_id = $1 AND sha256 = $2";
            let bytes = fetch_bytes(&mut self.tx, sql, binds![tenant_id, sha256.as_str()]).await?.unwrap_or_default();
            if statements.contains(&sha256) || search(names, &bytes, &name) {
                self.forget_file(&sha256).await?;
            }
        }
        Ok(())
    }

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
