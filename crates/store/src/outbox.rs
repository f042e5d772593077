//! The outbox: letters from decision to departure. `sending` is written before anything leaves; what happens after
//! is recorded, looked up, or asked of a person — never repeated blindly (invariant 2).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use dunlin_core::audit::departure::WaitingLetter;
use dunlin_core::case::LetterState;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::{ContactId, LetterId, PartyId, TenantId};
use dunlin_core::letter::Purpose;
use dunlin_core::money::Currency;
use dunlin_core::party::{Channel, ContactRole, Language};
use dunlin_core::plan::{LetterItem, Review};
use dunlin_core::question::Asks;
use dunlin_core::reason::Reason;

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_number, fetch_one};
use crate::dialect::{flag, micros};
use crate::facts::{Scope, iso, load};
use crate::plans::StoredItem;
use crate::{Commit, Sight, Store, StoreError};

mod settling;

/// A letter as it lies in the database.
#[derive(Debug, Clone)]
pub struct StoredLetter {
    pub id: LetterId,
    pub number: i64,
    pub party_id: PartyId,
    pub contact_id: ContactId,
    pub purpose: Purpose,
    pub channel: Channel,
    pub role: ContactRole,
    pub language: Language,
    pub letter: String,
    pub level: u8,
    pub currency: Currency,
    pub items: Vec<LetterItem>,
    pub review: Review,
    pub attach_statement: bool,
    pub answer_by: Date,
    pub reasons: Vec<Reason>,
    pub state: LetterState,
    pub not_before: Timestamp,
    pub message_id: String,
    pub attempts: i64,
    pub lease_until: Option<Timestamp>,
    pub lease_by: Option<String>,
    pub settled_at: Option<Timestamp>,
    pub outcome: Option<String>,
    pub transport: Option<String>,
    pub recorded_at: Timestamp,
    /// The wrong letter that this one puts right.
    pub repairs: Option<LetterId>,
    /// The first of the letters that its step sends at once; `None`: it is the only one.
    pub lead_id: Option<LetterId>,
    /// Its place among them, the first is 0.
    pub send: i64,
    /// What it asks outside every playbook.
    pub asks: Option<Asks>,
    /// The step about an order that it takes; such a letter has no items.
    pub about: Option<dunlin_core::plan::orders::OrderStep>,
}

/// To whom a letter goes, and how.
#[derive(Debug, Clone, Copy)]
pub struct Addressee {
    pub party_id: PartyId,
    pub contact_id: ContactId,
    pub role: ContactRole,
    pub channel: Channel,
    pub language: Language,
}

impl StoredLetter {
    /// A letter that nobody has numbered yet: news that asks for nothing, takes no step and waits for a person's look, until
    /// its writer says otherwise.
    pub fn draft(to: Addressee, letter: &str, currency: Currency, at: Timestamp) -> Self {
        let Addressee { party_id, contact_id, role, channel, language } = to;
        Self {
            id: LetterId(0),
            number: 0,
            party_id,
            contact_id,
            purpose: Purpose::Service,
            channel,
            role,
            language,
            letter: letter.to_string(),
            level: 0,
            currency,
            items: Vec::new(),
            review: Review::Look,
            attach_statement: false,
            answer_by: at.to_zoned(TimeZone::UTC).date(),
            reasons: Vec::new(),
            state: LetterState::Review,
            not_before: at,
            message_id: String::new(),
            attempts: 0,
            lease_until: None,
            lease_by: None,
            settled_at: None,
            outcome: None,
            transport: None,
            recorded_at: at,
            repairs: None,
            lead_id: None,
            send: 0,
            asks: None,
            about: None,
        }
    }

    /// As the departure check wants it: cases know letters of one decision by the first of them.
    pub fn waiting(&self) -> WaitingLetter {
        WaitingLetter {
            id: self.lead_id.unwrap_or(self.id),
            purpose: self.purpose,
            channel: self.channel,
            contact_id: self.contact_id,
            items: self.items.clone(),
        }
    }
}

/// What was sent, kept sealed under the recipient's key.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SentMail {
    pub to: String,
    pub subject: String,
    pub body: String,
    /// Account statement that went along, base64.
    #[serde(default)]
    pub statement_pdf: Option<String>,
}

/// A letter taken out for sending, with the facts of that moment.
#[derive(Debug)]
pub struct Claimed {
    pub letter: StoredLetter,
    pub facts: DebtorFacts,
}

/// How a letter ended, or what comes next.
#[derive(Debug, Clone)]
pub enum Outcome {
    Sent {
        transport: &'static str,
        mail: SentMail,
    },
    /// The other side was busy or away: again later.
    TryAgain {
        at: Timestamp,
        why: String,
    },
    /// Refused for good: a person's task.
    Failed {
        why: String,
    },
    /// No program may write there: a person pastes it.
    ToPaste,
    /// Not right any more: cancelled, the step as if never taken. `reasons` join those of the letter, for people to
    /// read; `why` is how the check at departure put it.
    Cancelled {
        why: String,
        reasons: Vec<Reason>,
    },
    /// A person said no: the step counts as taken, nothing was sent.
    Declined {
        why: String,
    },
    /// Nobody knows whether it left: a person looks it up.
    Uncertain {
        why: String,
    },
}

#[derive(Deserialize)]
pub(crate) struct LetterRow {
    id: LetterId,
    number: i64,
    party_id: PartyId,
    contact_id: ContactId,
    purpose: Purpose,
    channel: Channel,
    role: ContactRole,
    language: Language,
    letter: String,
    level: u8,
    currency: String,
    items: String,
    review: Review,
    #[serde(with = "flag")]
    attach_statement: bool,
    answer_by: Date,
    reasons: String,
    state: LetterState,
    #[serde(with = "micros")]
    not_before: Timestamp,
    message_id: String,
    attempts: i64,
    #[serde(with = "micros::maybe")]
    lease_until: Option<Timestamp>,
    lease_by: Option<String>,
    #[serde(with = "micros::maybe")]
    settled_at: Option<Timestamp>,
    outcome: Option<String>,
    transport: Option<String>,
    #[serde(with = "micros")]
    recorded_at: Timestamp,
    repairs: Option<LetterId>,
    lead_id: Option<LetterId>,
    send: i64,
    asks: Option<String>,
    about: Option<String>,
}

/// Of letters that a step sends at once the first waits while one of the others waits for a person's yes, and these wait
/// until the first has left or lies ready to be pasted: a copy of what was never said is worth nothing.
const NOT_HELD: &str = "CASE l.send WHEN 0 THEN NOT EXISTS (SELECT 1 FROM letter o WHERE o.tenant_id = l.tenant_id \
    AND o.party_id = l.party_id AND o.lead_id = l.lead_id AND o.state = 'review' AND o.settled_at IS NULL) \
    ELSE EXISTS (SELECT 1 FROM letter o WHERE o.tenant_id = l.tenant_id AND o.party_id = l.party_id \
    AND o.id = l.lead_id AND o.state IN ('sent', 'to_paste')) END";

pub(crate) const LETTER: &str = "SELECT l.id, l.number, l.party_id, l.contact_id, l.purpose, l.channel, \
    l.role, l.language, l.letter, l.level, l.currency, l.items, l.review, l.attach_statement, l.answer_by, l.reasons, \
    l.state, l.not_before, l.message_id, l.attempts, l.lease_until, l.lease_by, l.settled_at, l.outcome, l.transport, l.recorded_at, \
    l.repairs, l.lead_id, l.send, l.asks, l.about FROM letter l";

pub(crate) fn letter_of(row: LetterRow) -> Result<StoredLetter, StoreError> {
    let items: Vec<StoredItem> = serde_json::from_str(&row.items).map_err(StoreError::corrupt)?;
    Ok(StoredLetter {
        id: row.id,
        number: row.number,
        party_id: row.party_id,
        contact_id: row.contact_id,
        purpose: row.purpose,
        channel: row.channel,
        role: row.role,
        language: row.language,
        letter: row.letter,
        level: row.level,
        currency: iso(&row.currency)?,
        items: items.iter().map(|item| item.item(&row.currency)).collect::<Result<_, _>>()?,
        review: row.review,
        attach_statement: row.attach_statement,
        answer_by: row.answer_by,
        reasons: crate::reason_text::read_reasons(&row.reasons)?,
        state: row.state,
        not_before: row.not_before,
        message_id: row.message_id,
        attempts: row.attempts,
        lease_until: row.lease_until,
        lease_by: row.lease_by,
        settled_at: row.settled_at,
        outcome: row.outcome,
        transport: row.transport,
        recorded_at: row.recorded_at,
        repairs: row.repairs,
        lead_id: row.lead_id,
        send: row.send,
        asks: row.asks.map(|asks| serde_json::from_str(&asks)).transpose().map_err(StoreError::corrupt)?,
        about: crate::plans::orders::step_about(row.about.as_deref())?,
    })
}

impl Store {
    pub async fn letter_by_number(&self, tenant_id: TenantId, number: i64) -> Result<StoredLetter, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{LETTER} WHERE l.tenant_id = $1 AND l.number = $2");
        let row = fetch_one(&mut conn, &sql, binds![tenant_id, number]).await?;
        let row = row.ok_or_else(|| StoreError::not_found("letter", format!("L-{number:04}")))?;
        letter_of(row)
    }

    /// Letters in a state, oldest first; `sending` ones are what a crash may have left behind.
    pub async fn letters_in(
        &self,
        tenant_id: TenantId,
        state: LetterState,
        limit: i64,
    ) -> Result<Vec<StoredLetter>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{LETTER} WHERE l.tenant_id = $1 AND l.state = $2 ORDER BY l.not_before, l.id LIMIT $3");
        let rows = fetch(&mut conn, &sql, binds![tenant_id, state.code(), limit]).await?;
        rows.into_iter().map(letter_of).collect()
    }

    /// As [`Store::letters_in`], of the buyers in sight.
    pub async fn letters_seen(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        state: LetterState,
        limit: i64,
    ) -> Result<Vec<StoredLetter>, StoreError> {
        let mut conn = self.conn().await?;
        let seen = sight.on("l.party_id");
        let sql =
            format!("{LETTER} WHERE l.tenant_id = $1 AND l.state = $2 {seen} ORDER BY l.not_before, l.id LIMIT $3");
        let rows = fetch(&mut conn, &sql, binds![tenant_id, state.code(), limit]).await?;
        rows.into_iter().map(letter_of).collect()
    }

    /// What was sent, opened with the recipient's key; `None` before sending and after erasure.
    pub async fn sent_mail(&self, tenant_id: TenantId, letter: &StoredLetter) -> Result<Option<SentMail>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT l.sealed_envelope FROM letter l WHERE l.tenant_id = $1 AND l.id = $2 \
                   AND l.sealed_envelope IS NOT NULL";
        let row: Option<(String,)> = fetch_one(&mut conn, sql, binds![tenant_id, letter.id]).await?;
        let Some((sealed,)) = row else {
            return Ok(None);
        };
        let Some(secret) = secret_of(&mut conn, tenant_id, letter).await? else {
            return Ok(None);
        };
        let plain = self.key().person(&secret)?.open(&sealed)?;
        serde_json::from_slice(&plain).map(Some).map_err(StoreError::corrupt)
    }

    /// How many letters are queued, each for its hour.
    pub async fn letters_waiting(&self, tenant_id: TenantId) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM letter WHERE tenant_id = $1 AND state = 'queued' AND settled_at IS NULL";
        Ok(fetch_number(&mut self.conn().await?, sql, binds![tenant_id]).await?.unwrap_or(0))
    }

    /// When the next queued letter may leave.
    pub async fn next_departure(&self, tenant_id: TenantId) -> Result<Option<Timestamp>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "SELECT min(l.not_before) FROM letter l WHERE l.tenant_id = $1 AND l.state = 'queued' \
             AND l.settled_at IS NULL AND (l.lead_id IS NULL OR {NOT_HELD})"
        );
        let micros = fetch_number(&mut conn, &sql, binds![tenant_id]).await?;
        micros.map(|micros| Timestamp::from_microsecond(micros).map_err(StoreError::corrupt)).transpose()
    }
}

/// The first of the letters that its step sends at once: the step and its cases know them by this one.
pub(crate) fn first_of(letter: &StoredLetter) -> LetterId {
    letter.lead_id.unwrap_or(letter.id)
}

/// The key of the person a letter went to. The person may have gone with another debtor since, so the key is looked for
/// everywhere before it counts as destroyed; beside the letter's own debtor first, because only there is an index.
async fn secret_of(conn: &mut Conn, tenant_id: TenantId, letter: &StoredLetter) -> Result<Option<String>, StoreError> {
    let sql = "SELECT secret FROM person_key WHERE tenant_id = $1 AND party_id = $2 AND contact_id = $3";
    let values = binds![tenant_id, letter.party_id, letter.contact_id];
    let beside: Option<(String,)> = fetch_one(conn, sql, values).await?;
    if let Some((secret,)) = beside {
        return Ok(Some(secret));
    }
    let sql = "SELECT secret FROM person_key WHERE tenant_id = $1 AND contact_id = $2";
    let anywhere: Option<(String,)> = fetch_one(conn, sql, binds![tenant_id, letter.contact_id]).await?;
    Ok(anywhere.map(|(secret,)| secret))
}

impl Commit {
    /// The next letter whose moment has come, with the facts of this moment. Nothing is written yet.
    pub async fn next_to_send(&mut self) -> Result<Option<Claimed>, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = format!(
            "{LETTER} WHERE l.tenant_id = $1 AND l.state = 'queued' AND l.settled_at IS NULL AND l.not_before <= $2 \
             AND l.about IS NULL AND (l.lead_id IS NULL OR {NOT_HELD}) ORDER BY l.not_before, l.id LIMIT 1 {{skip_locked}}"
        );
        let row: Option<LetterRow> = fetch_one(&mut self.tx, &sql, binds![tenant_id, now]).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let letter = letter_of(row)?;
        let facts = load(&mut self.tx, tenant_id, Scope::One(letter.party_id), now, crate::facts::EVERYTHING).await?;
        let Some(facts) = facts.into_iter().next() else {
            return Err(StoreError::corrupt(format!("letter {} has no debtor", letter.id)));
        };
        Ok(Some(Claimed { letter, facts }))
    }

    /// Writes `sending` with a lease. Only after this is committed may the letter leave.
    pub async fn mark_sending(&mut self, id: LetterId, by: &str, lease: SignedDuration) -> Result<(), StoreError> {
        let (tenant_id, until) = (self.tenant_id, self.now + lease);
        let sql = "UPDATE letter SET state = 'sending', lease_until = $3, lease_by = $4, attempts = attempts + 1 \
                   WHERE tenant_id = $1 AND id = $2 AND state = 'queued'";
        if self.execute(sql, binds![tenant_id, id, until, by]).await? != 1 {
            return Err(StoreError::Refused(format!("letter {id} is not queued any more")));
        }
        Ok(())
    }

    /// Its moment has passed outside the buyer's hours: wait for the next opening.
    pub async fn postpone(&mut self, id: LetterId, at: Timestamp) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE letter SET not_before = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'queued'";
        self.execute(sql, binds![tenant_id, id, at]).await?;
        Ok(())
    }

    /// As [`Commit::postpone`], where somebody wants to know why it has not left.
    pub async fn postpone_because(&mut self, id: LetterId, at: Timestamp, why: &str) -> Result<(), StoreError> {
        let sql =
            "UPDATE letter SET not_before = $3, outcome = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'queued'";
        self.execute(sql, binds![self.tenant_id, id, at, why]).await?;
        Ok(())
    }

    /// A letter that would have left by itself waits for a person's look after all, and says why.
    pub async fn look_first(&mut self, letter: &StoredLetter, why: &[Reason]) -> Result<(), StoreError> {
        let sql = "UPDATE letter SET state = 'review', review = 'look' WHERE tenant_id = $1 AND id = $2 \
                   AND state = 'queued' AND review = 'automatic' AND settled_at IS NULL";
        if self.execute(sql, binds![self.tenant_id, letter.id]).await? != 1 {
            return Err(StoreError::Refused(format!("letter {} is not queued any more", letter.id)));
        }
        self.add_reasons(letter, why).await
    }

    /// A letter for a change under the lock.
    pub async fn letter(&mut self, number: i64) -> Result<StoredLetter, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = format!("{LETTER} WHERE l.tenant_id = $1 AND l.number = $2");
        let row = fetch_one(&mut self.tx, &sql, binds![tenant_id, number]).await?;
        let row = row.ok_or_else(|| StoreError::not_found("letter", format!("L-{number:04}")))?;
        letter_of(row)
    }

    /// Debtors with a letter that waits for a person: nobody looks at those again before they leave.
    pub async fn parties_with_letters_at_people(&mut self) -> Result<Vec<PartyId>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT l.party_id FROM letter l WHERE l.tenant_id = $1 AND l.state IN ('review', 'to_paste') \
                   AND l.settled_at IS NULL GROUP BY l.party_id ORDER BY l.party_id";
        let rows: Vec<(PartyId,)> = fetch(&mut self.tx, sql, binds![tenant_id]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Debtors for whom a letter or a call waits, and of whose debts or money this change has written something.
    pub async fn parties_waiting_touched(&mut self) -> Result<Vec<PartyId>, StoreError> {
        let (tenant_id, seq) = (self.tenant_id, self.seq);
        let sql = "SELECT w.party_id FROM (SELECT l.party_id FROM letter l WHERE l.tenant_id = $1 \
                   AND l.settled_at IS NULL AND l.state IN ('review', 'queued', 'to_paste') \
                   UNION SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND t.settled_at IS NULL \
                   AND t.kind = 'call' AND t.party_id IS NOT NULL) w \
                   WHERE EXISTS (SELECT 1 FROM ledger_entry e WHERE e.tenant_id = $1 AND e.party_id = w.party_id \
                   AND e.seq = $2) OR EXISTS (SELECT 1 FROM receivable r WHERE r.tenant_id = $1 \
                   AND r.party_id = w.party_id AND r.seq = $2) ORDER BY w.party_id";
        let rows: Vec<(PartyId,)> = fetch(&mut self.tx, sql, binds![tenant_id, seq]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Letters of a debtor that have not left: cancelled when a payment makes them wrong.
    pub async fn waiting_letters_of(&mut self, party_id: PartyId) -> Result<Vec<StoredLetter>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = format!(
            "{LETTER} WHERE l.tenant_id = $1 AND l.party_id = $2 AND l.state IN ('review', 'queued', 'to_paste') \
             AND l.settled_at IS NULL AND l.about IS NULL ORDER BY l.id"
        );
        let rows = fetch(&mut self.tx, &sql, binds![tenant_id, party_id]).await?;
        rows.into_iter().map(letter_of).collect()
    }
}
