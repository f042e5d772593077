//! Putting right a letter that should not have left as it did: its steps become void and stay in the history, its cases
//! stand where they stood before it, and a correction waits in the outbox (SCENARIOS A16).

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{LetterId, PartyId, TenantId};
use dunlin_core::letter::WrongSend;

use crate::bind::binds;
use crate::conn::{Conn, fetch, fetch_one};
use crate::dialect::micros;
use crate::outbox::{LETTER, LetterRow, letter_of};
use crate::{Commit, Store, StoreError, StoredLetter};

/// A letter that was put right, and the one that does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The wrong letter.
    pub wrong_id: LetterId,
    pub wrong_number: i64,
    /// The correction.
    pub number: i64,
    pub wrong: WrongSend,
    pub at: Timestamp,
}

#[derive(Deserialize)]
struct RepairRow {
    wrong_id: LetterId,
    wrong_number: i64,
    number: i64,
    letter: String,
    #[serde(with = "micros")]
    at: Timestamp,
}

fn repair_of(row: RepairRow) -> Result<Repair, StoreError> {
    let wrong = WrongSend::of_letter(&row.letter)
        .ok_or_else(|| StoreError::corrupt(format!("‘{}’ is no correction", row.letter)))?;
    Ok(Repair { wrong_id: row.wrong_id, wrong_number: row.wrong_number, number: row.number, wrong, at: row.at })
}

const REPAIR: &str = "SELECT w.id, w.number, l.number, l.letter, l.recorded_at FROM letter l \
                      JOIN letter w ON w.tenant_id = l.tenant_id AND w.id = l.repairs";

/// What went, or may have gone, to others beside this letter, and was not put right yet; nothing of a copy. One of them that
/// is a copy for somebody wrong is put right by itself.
async fn copies(conn: &mut Conn, tenant_id: TenantId, letter: &StoredLetter) -> Result<Vec<StoredLetter>, StoreError> {
    let Some(lead) = letter.lead_id.filter(|_| letter.send == 0) else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "{LETTER} WHERE l.tenant_id = $1 AND l.party_id = $2 AND l.lead_id = $3 AND l.send > 0 \
         AND l.state IN ('sent', 'sending', 'uncertain') AND NOT EXISTS (SELECT 1 FROM letter r \
         WHERE r.tenant_id = l.tenant_id AND r.repairs = l.id) ORDER BY l.number"
    );
    let rows: Vec<LetterRow> = fetch(conn, &sql, binds![tenant_id, letter.party_id, lead]).await?;
    rows.into_iter().map(letter_of).collect()
}

impl Store {
    /// What went, or may have gone, to others beside this letter, and was not put right yet.
    pub async fn copies_of(&self, tenant_id: TenantId, letter: &StoredLetter) -> Result<Vec<StoredLetter>, StoreError> {
        let mut conn = self.conn().await?;
        copies(&mut conn, tenant_id, letter).await
    }

    /// The corrections among a debtor's letters, oldest first.
    pub async fn repairs_of(&self, tenant_id: TenantId, party_id: PartyId) -> Result<Vec<Repair>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!("{REPAIR} WHERE l.tenant_id = $1 AND l.party_id = $2 ORDER BY l.number");
        let rows: Vec<RepairRow> = fetch(&mut conn, &sql, binds![tenant_id, party_id]).await?;
        rows.into_iter().map(repair_of).collect()
    }

    /// The Message-ID that was given to a letter.
    pub async fn message_id_of(&self, tenant_id: TenantId, id: LetterId) -> Result<Option<String>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT l.message_id FROM letter l WHERE l.tenant_id = $1 AND l.id = $2";
        let row: Option<(String,)> = fetch_one(&mut conn, sql, binds![tenant_id, id]).await?;
        Ok(row.map(|(message_id,)| message_id))
    }
}

impl Commit {
    /// The correction of a letter, if there is one.
    pub async fn repair_of(&mut self, wrong: LetterId) -> Result<Option<Repair>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = format!("{REPAIR} WHERE l.tenant_id = $1 AND l.repairs = $2");
        let row: Option<RepairRow> = fetch_one(&mut self.tx, &sql, binds![tenant_id, wrong]).await?;
        row.map(repair_of).transpose()
    }

    /// What went, or may have gone, to others beside this letter, and was not put right yet.
    pub async fn copies_of(&mut self, letter: &StoredLetter) -> Result<Vec<StoredLetter>, StoreError> {
        copies(&mut self.tx, self.tenant_id, letter).await
    }

    /// Voids the steps of the wrong letter, sets its cases back to where they stood, and queues `correction` to leave now.
    /// Returns the number of the correction. Whoever calls has seen that the wrong letter may be put right.
    pub async fn repair(
        &mut self,
        wrong: &StoredLetter,
        why: WrongSend,
        correction: &StoredLetter,
        mail_domain: &str,
    ) -> Result<i64, StoreError> {
        // What went beside another letter leaves the step as it is: that one was right.
        if wrong.send == 0 {
            self.void_steps(wrong, why.code()).await?;
        }
        let (id, number) = self.queue_one_off(correction, mail_domain).await?;
        self.set_cases_back(wrong, id).await?;
        self.wake_party(wrong.party_id).await?;
        Ok(number)
    }

    /// The cases of a wrong letter go on from before it, once its correction has left. What asked a person how to go on after
    /// the last step has no ground any more.
    async fn set_cases_back(&mut self, wrong: &StoredLetter, correction: LetterId) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let of_letter = "(SELECT s.case_id FROM step_taken s WHERE s.tenant_id = $1 AND s.party_id = $2 \
                         AND s.letter_id = $3)";
        let sql = format!(
            "UPDATE task SET settled_at = $4, outcome = 'dropped' WHERE tenant_id = $1 AND party_id = $2 \
             AND kind = 'decide_next' AND settled_at IS NULL AND case_id IN {of_letter}"
        );
        self.execute(&sql, binds![tenant_id, wrong.party_id, wrong.id, now]).await?;
        let sql = format!(
            "UPDATE cases SET task_id = NULL WHERE tenant_id = $1 AND party_id = $2 AND id IN {of_letter} \
             AND EXISTS (SELECT 1 FROM task t WHERE t.tenant_id = cases.tenant_id AND t.id = cases.task_id \
             AND t.kind = 'decide_next' AND t.settled_at = $4)"
        );
        self.execute(&sql, binds![tenant_id, wrong.party_id, wrong.id, now]).await?;
        let sql = format!(
            "UPDATE cases SET letter_id = $5, silence_key = NULL, state = CASE state WHEN 'ladder_done' THEN 'running' \
             ELSE state END, recorded_at = $4 WHERE tenant_id = $1 AND party_id = $2 AND id IN {of_letter}"
        );
        self.execute(&sql, binds![tenant_id, wrong.party_id, wrong.id, now, correction]).await?;
        Ok(())
    }
}
