//! Talks with a buyer outside the program. Their words and files name people, so they lie sealed: under the key of the
//! person, where one was named, else under that of the debtor as a whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use dunlin_core::ids::{ContactId, OrderId, PartyId, ReceivableId, TalkId, TenantId, WhyId};
use dunlin_core::intent::Intent;
use dunlin_core::names::Names;
use dunlin_core::talk::TalkPlace;

use crate::audit_log::PARTY;
use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_bytes, fetch_number, fetch_one};
use crate::dialect::{flag, micros};
use crate::seal::PersonKey;
use crate::{Commit, Store, StoreError};

/// A talk to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewTalk<'a> {
    pub party_id: PartyId,
    pub contact_id: Option<ContactId>,
    pub place: TalkPlace,
    pub at: Timestamp,
    /// We asked for payment.
    pub asked: bool,
    /// It is an answer of the buyer, and means this.
    pub intent: Option<Intent>,
    /// What it is about, where one amount was named.
    pub receivable_id: Option<ReceivableId>,
    pub text: &'a str,
    /// Name, media type and content.
    pub file: Option<(&'a str, &'static str, &'a [u8])>,
    /// The order in whose chat it was written.
    pub order_id: Option<OrderId>,
    /// What the message is called there; empty: it was logged here.
    pub remote_id: &'a str,
}

/// A talk that was kept.
#[derive(Debug, Clone)]
pub struct Talk {
    pub id: TalkId,
    pub contact_id: Option<ContactId>,
    pub place: TalkPlace,
    pub at: Timestamp,
    pub asked: bool,
    /// It is an answer of the buyer, and means this.
    pub intent: Option<Intent>,
    pub receivable_id: Option<ReceivableId>,
    /// `None`: the person was erased.
    pub words: Option<TalkWords>,
    /// Media type of the picture or file, when there is one.
    pub file_type: Option<String>,
    /// It was taken back.
    pub is_ended: bool,
    pub recorded_at: Timestamp,
    /// The order in whose chat it was written.
    pub order_id: Option<OrderId>,
}

/// What is sealed of a talk besides its file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TalkWords {
    pub text: String,
    /// Name of the picture or file as it came.
    #[serde(default)]
    pub file_name: String,
}

/// What an answer led to by itself and what stands as it left it.
#[derive(Debug, Clone, Default)]
pub struct LedByTalk {
    pub whys: Vec<(ReceivableId, WhyId)>,
    /// Who asked not to be contacted.
    pub objected: Vec<ContactId>,
}

#[derive(Deserialize)]
struct TalkRow {
    id: TalkId,
    contact_id: Option<ContactId>,
    place: TalkPlace,
    #[serde(with = "micros")]
    at: Timestamp,
    #[serde(with = "flag")]
    asked: bool,
    intent: Option<Intent>,
    receivable_id: Option<ReceivableId>,
    key_person: String,
    sealed: String,
    file_type: Option<String>,
    #[serde(with = "micros::maybe")]
    ended_at: Option<Timestamp>,
    #[serde(with = "micros")]
    recorded_at: Timestamp,
    order_id: Option<OrderId>,
}

/// A talk that means the same as another.
#[derive(Deserialize)]
struct SaidRow {
    id: TalkId,
    seq: i64,
    contact_id: Option<ContactId>,
    receivable_id: Option<ReceivableId>,
    /// As the database keeps it: only whether it is there counts.
    ended_at: Option<i64>,
}

const TALK: &str = "SELECT t.id, t.contact_id, t.place, t.talked_at, t.asked, t.intent, t.receivable_id, \
                    t.key_person, t.sealed, t.file_type, t.ended_at, t.recorded_at, t.order_id FROM talk t \
                    WHERE t.tenant_id = $1 AND t.party_id = $2";

/// The key under a name of a person or a debtor; it may have gone with a person to another debtor.
async fn key_named(conn: &mut Conn, tenant_id: TenantId, person: &str) -> Result<Option<PersonKey>, StoreError> {
    let sql = "SELECT secret FROM person_key WHERE tenant_id = $1 AND contact_id = $2";
    let row: Option<(String,)> = fetch_one(conn, sql, binds![tenant_id, person]).await?;
    row.map(|(secret,)| conn.key.person(&secret)).transpose()
}

/// The words of a talk; `None`: the person was erased.
pub(crate) async fn words_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    person: &str,
    sealed: &str,
) -> Result<Option<TalkWords>, StoreError> {
    if sealed.is_empty() {
        return Ok(None);
    }
    let Some(key) = key_named(conn, tenant_id, person).await? else { return Ok(None) };
    serde_json::from_slice(&key.open(sealed)?).map(Some).map_err(StoreError::corrupt)
}

async fn opened(conn: &mut Conn, tenant_id: TenantId, row: TalkRow) -> Result<Talk, StoreError> {
    let words = words_of(conn, tenant_id, &row.key_person, &row.sealed).await?;
    Ok(Talk {
        id: row.id,
        contact_id: row.contact_id,
        place: row.place,
        at: row.at,
        asked: row.asked,
        intent: row.intent,
        receivable_id: row.receivable_id,
        words,
        file_type: row.file_type,
        is_ended: row.ended_at.is_some(),
        recorded_at: row.recorded_at,
        order_id: row.order_id,
    })
}

impl Store {
    /// When the newest message was written that was read from a chat; `None`: none was.
    pub async fn last_message_at(&self, tenant_id: TenantId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT max(talked_at) FROM talk WHERE tenant_id = $1 AND remote_id IS NOT NULL";
        let micros = fetch_number(&mut self.conn().await?, sql, binds![tenant_id]).await?;
        micros.map(|micros| Timestamp::from_microsecond(micros).map_err(StoreError::corrupt)).transpose()
    }

    /// The talks of a debtor, oldest first; those that were taken back too.
    pub async fn talks_of(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<Talk>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{TALK} ORDER BY t.talked_at, t.seq, t.id");
        let rows: Vec<TalkRow> = fetch(&mut conn, &sql, binds![tenant_id, party_id]).await?;
        let mut talks = Vec::with_capacity(rows.len());
        for row in rows {
            talks.push(opened(&mut conn, tenant_id, row).await?);
        }
        Ok(talks)
    }

    pub async fn talk(&self, tenant_id: TenantId, party_id: PartyId, id: TalkId) -> Result<Talk, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{TALK} AND t.id = $3");
        let row: Option<TalkRow> = fetch_one(&mut conn, &sql, binds![tenant_id, party_id, id]).await?;
        let row = row.ok_or_else(|| StoreError::not_found("talk", id.to_string()))?;
        opened(&mut conn, tenant_id, row).await
    }

    /// Media type and content of a talk's picture or file.
    pub async fn talk_file(
        &self,
        tenant_id: TenantId,
        party_id: PartyId,
        id: TalkId,
    ) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT t.key_person, t.file_type, t.file_sha256 FROM talk t WHERE t.tenant_id = $1 \
                   AND t.party_id = $2 AND t.id = $3 AND t.file_type IS NOT NULL AND t.file_sha256 IS NOT NULL";
        let row: Option<(String, String, String)> = fetch_one(&mut conn, sql, binds![tenant_id, party_id, id]).await?;
        let Some((person, file_type, sha256)) = row else {
            return Ok(None);
        };
        let sql = "SELECT bytes FROM blob WHERE tenant_id = $1 AND sha256 = $2";
        let sealed = fetch_bytes(&mut conn, sql, binds![tenant_id, sha256]).await?;
        let (Some(sealed), Some(key)) = (sealed, key_named(&mut conn, tenant_id, &person).await?) else {
            return Ok(None);
        };
        let sealed = String::from_utf8(sealed).map_err(StoreError::corrupt)?;
        Ok(Some((file_type, key.open(&sealed)?)))
    }
}

impl Commit {
    /// Keeps a talk. Whoever calls has seen that it fits.
    pub async fn add_talk(&mut self, new: &NewTalk<'_>) -> Result<TalkId, StoreError> {
        let (holder, person) = match new.contact_id {
            Some(contact) => (new.party_id.to_string(), contact.to_string()),
            None => (PARTY.to_string(), new.party_id.to_string()),
        };
        let key = self.key_of(&holder, &person).await?;
        let file_name = new.file.map_or("", |(name, _, _)| name).to_string();
        let words = TalkWords { text: new.text.to_string(), file_name };
        let sealed = key.seal(&serde_json::to_vec(&words).map_err(StoreError::corrupt)?)?;
        let mut kept: Option<(String, &'static str)> = None;
        if let Some((_, file_type, bytes)) = new.file {
            let sealed = key.seal(bytes)?.into_bytes();
            let sha256: String = Sha256::digest(&sealed).iter().map(|byte| format!("{byte:02x}")).collect();
            // Its own name would be a name of somebody.
            self.keep_blob(&sha256, "talk", &sealed).await?;
            kept = Some((sha256, file_type));
        }
        let (sha256, file_type) = kept.map_or((None, None), |(sha256, kind)| (Some(sha256), Some(kind.to_string())));
        let id = TalkId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO talk (tenant_id, party_id, id, place, talked_at, contact_id, asked, key_person, sealed, \
                   file_sha256, file_type, recorded_at, seq, intent, receivable_id, order_id, remote_id) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
        let values = binds![
            tenant_id,
            new.party_id,
            id,
            new.place.code(),
            new.at,
            new.contact_id,
            new.asked,
            person,
            sealed,
            sha256,
            file_type,
            now,
            seq,
            new.intent.map(|intent| intent.code().to_string()),
            new.receivable_id,
            new.order_id,
            (!new.remote_id.is_empty()).then(|| new.remote_id.to_string())
        ];
        self.execute(sql, values).await?;
        self.wake_party(new.party_id).await?;
        Ok(id)
    }

    /// Which of these messages are kept already.
    pub async fn messages_known(&mut self, remote_ids: &[String]) -> Result<Vec<String>, StoreError> {
        let ids = serde_json::to_string(remote_ids).map_err(StoreError::corrupt)?;
        let sql = format!(
            "SELECT remote_id FROM talk WHERE tenant_id = $1 AND {} ORDER BY remote_id",
            self.tx.kind().listed("remote_id", 2)
        );
        let rows: Vec<(String,)> = fetch(&mut self.tx, &sql, binds![self.tenant_id, ids]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// A talk that was logged by mistake counts no more; it stays in the records. `false`: it was taken back before.
    pub async fn end_talk(&mut self, party_id: PartyId, id: TalkId) -> Result<bool, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql =
            "UPDATE talk SET ended_at = $4 WHERE tenant_id = $1 AND party_id = $2 AND id = $3 AND ended_at IS NULL";
        let ended = self.execute(sql, binds![tenant_id, party_id, id, now]).await? == 1;
        if ended {
            // Nobody has to answer what was not said.
            let sql = "UPDATE task SET settled_at = $3, outcome = 'dropped' WHERE tenant_id = $1 AND talk_id = $2 \
                       AND settled_at IS NULL";
            self.execute(sql, binds![tenant_id, id, now]).await?;
            self.wake_party(party_id).await?;
        }
        Ok(ended)
    }

    /// What a talk led to by itself and stands as it left it: the reasons that hold still, and the persons of whom nothing
    /// else was noted since. What a later talk that counts says as well stands on that one; and with the last of several
    /// that said the same goes what the first of them led to.
    pub async fn led_by_talk(&mut self, party_id: PartyId, id: TalkId) -> Result<LedByTalk, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT t.intent FROM talk t WHERE t.tenant_id = $1 AND t.party_id = $2 AND t.id = $3";
        let row: Option<(Option<Intent>,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, party_id, id]).await?;
        let Some((Some(intent),)) = row else {
            return Ok(LedByTalk::default());
        };
        let sql = "SELECT t.id, t.seq, t.contact_id, t.receivable_id, t.ended_at FROM talk t WHERE t.tenant_id = $1 \
                   AND t.party_id = $2 AND t.intent = $3 ORDER BY t.seq, t.id";
        let said: Vec<SaidRow> = fetch(&mut self.tx, sql, binds![tenant_id, party_id, intent.code()]).await?;
        let is_gone = |talk: &SaidRow| talk.id == id || talk.ended_at.is_some();
        let was_led = |seq: i64| said.iter().any(|talk| talk.seq == seq && is_gone(talk));
        let later = |seq: i64| said.iter().filter(move |talk| talk.seq > seq && !is_gone(talk));
        let sql = "SELECT w.receivable_id, w.id, w.seq FROM unpaid_why w WHERE w.tenant_id = $1 AND w.party_id = $2 \
                   AND w.ended_at IS NULL ORDER BY w.receivable_id, w.id";
        let known: Vec<(ReceivableId, WhyId, i64)> = fetch(&mut self.tx, sql, binds![tenant_id, party_id]).await?;
        let mut led = LedByTalk::default();
        for (about, why, seq) in known {
            let again = later(seq).any(|talk| talk.receivable_id.is_none_or(|other| other == about));
            if was_led(seq) && !again {
                led.whys.push((about, why));
            }
        }
        if intent == Intent::ObjectsToContact {
            // Of somebody who was erased nothing is taken back.
            let sql = "SELECT c.id FROM contact c WHERE c.tenant_id = $1 AND c.party_id = $2 AND c.objected = 1 \
                       AND c.sealed <> '' ORDER BY c.id";
            let contacts: Vec<(ContactId,)> = fetch(&mut self.tx, sql, binds![tenant_id, party_id]).await?;
            for (contact,) in contacts {
                let Some(seq) = self.objection_noted(contact).await? else { continue };
                let again = later(seq).any(|talk| talk.contact_id.is_none_or(|other| other == contact));
                if was_led(seq) && !again {
                    led.objected.push(contact);
                }
            }
        }
        Ok(led)
    }

    /// The change in which was last noted whether a person objects.
    async fn objection_noted(&mut self, id: ContactId) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT h.seq, h.image FROM history h WHERE h.tenant_id = $1 AND h.noun = 'contact' \
                   AND h.row_id = $2 ORDER BY h.superseded_at DESC, h.seq DESC";
        let rows: Vec<(i64, String)> = fetch(&mut self.tx, sql, binds![self.tenant_id, id.to_string()]).await?;
        for (seq, image) in rows {
            let image: serde_json::Value = serde_json::from_str(&image).map_err(StoreError::corrupt)?;
            if image["objected"].is_boolean() {
                return Ok(Some(seq));
            }
        }
        Ok(None)
    }

    /// Gives up the words and the file of one talk, because they name somebody who is erased.
    async fn forget_talk(&mut self, party_id: PartyId, id: TalkId) -> Result<(), StoreError> {
        self.forget_talks(party_id, "t.id", &id.to_string()).await
    }

    /// Gives up the talks of a debtor that name somebody, whomever they were with.
    pub(crate) async fn forget_talks_naming(&mut self, party_id: PartyId, names: &Names) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT t.id, t.key_person, t.sealed FROM talk t WHERE t.tenant_id = $1 AND t.party_id = $2 \
                   AND t.sealed <> '' ORDER BY t.id";
        let rows: Vec<(TalkId, String, String)> = fetch(&mut self.tx, sql, binds![tenant_id, party_id]).await?;
        for (id, person, sealed) in rows {
            let words = words_of(&mut self.tx, tenant_id, &person, &sealed).await?;
            let fits = |words: TalkWords| names.stand_in_text(&words.text) || names.stand_in_text(&words.file_name);
            if words.is_some_and(fits) {
                self.forget_talk(party_id, id).await?;
            }
        }
        Ok(())
    }

    /// Gives up the words and files of a debtor's talks of which `column` holds `value`. A file that another debtor has too,
    /// since the two were one for a while, stays for that one.
    pub(crate) async fn forget_talks(
        &mut self,
        party_id: PartyId,
        column: &str,
        value: &str,
    ) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = format!(
            "DELETE FROM blob WHERE tenant_id = $1 AND sha256 IN (SELECT t.file_sha256 FROM talk t \
             WHERE t.tenant_id = $1 AND t.party_id = $2 AND {column} = $3 AND t.file_sha256 IS NOT NULL) \
             AND NOT EXISTS (SELECT 1 FROM talk o WHERE o.tenant_id = $1 AND o.party_id <> $2 \
             AND o.file_sha256 = blob.sha256)"
        );
        self.execute(&sql, binds![tenant_id, party_id, value]).await?;
        let column = column.trim_start_matches("t.");
        let sql = format!(
            "UPDATE talk SET sealed = '', file_sha256 = NULL, file_type = NULL WHERE tenant_id = $1 AND party_id = $2 \
             AND {column} = $3"
        );
        self.execute(&sql, binds![tenant_id, party_id, value]).await?;
        Ok(())
    }
}
