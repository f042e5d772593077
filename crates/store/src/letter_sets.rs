//! Letters that a step sends at once: stopped together with the first of them, and brought back when a no is taken back.

use jiff::Timestamp;

use dunlin_core::case::LetterState;
use dunlin_core::reason::Reason;

use crate::bind::binds;
use crate::conn::{fetch, fetch_one};
use crate::outbox::{LETTER, LetterRow, StoredLetter, first_of, letter_of};
use crate::{Commit, StoreError};

impl Commit {
    /// A letter that a person declined waits for a yes again. `false`: it was not declined, or its cases have gone on
    /// since. A machine's cancellation cannot be taken back: it has voided the steps.
    pub async fn reinstate(&mut self, letter: &StoredLetter) -> Result<bool, StoreError> {
        if letter.send > 0 && self.reinstate_copy(letter).await? {
            return Ok(true);
        }
        // With all that was declined together with it: its step names the first of them.
        let (tenant_id, first) = (self.tenant_id, first_of(letter));
        let sql = format!("{LETTER} WHERE l.tenant_id = $1 AND l.id = $2");
        let row: Option<LetterRow> = fetch_one(&mut self.tx, &sql, binds![tenant_id, first]).await?;
        let Some(stopped) = row.map(letter_of).transpose()?.and_then(|first| first.settled_at) else {
            return Ok(false);
        };
        let sql = "UPDATE letter SET state = 'review', settled_at = NULL, outcome = NULL WHERE tenant_id = $1 \
                   AND id = $2 AND state = 'cancelled' AND EXISTS (SELECT 1 FROM step_taken s \
                   WHERE s.tenant_id = letter.tenant_id AND s.party_id = letter.party_id AND s.letter_id = letter.id \
                   AND s.voided_at IS NULL) AND NOT EXISTS (SELECT 1 FROM step_taken s JOIN cases k \
                   ON k.tenant_id = s.tenant_id AND k.party_id = s.party_id AND k.id = s.case_id \
                   WHERE s.tenant_id = letter.tenant_id AND s.party_id = letter.party_id AND s.letter_id = letter.id \
                   AND (k.state NOT IN ('running', 'ladder_done') OR k.letter_id IS NOT NULL OR k.task_id IS NOT NULL \
                   OR EXISTS (SELECT 1 FROM step_taken n WHERE n.tenant_id = k.tenant_id AND n.party_id = k.party_id \
                   AND n.case_id = k.id AND n.taken_at > letter.settled_at)))";
        if self.execute(sql, binds![tenant_id, first]).await? != 1 {
            return Ok(false);
        }
        // A yes from before the no counts no more: everybody looks again.
        self.end_approvals(first, "declined", None).await?;
        let sql = "UPDATE cases SET letter_id = $3 WHERE tenant_id = $1 AND party_id = $2 AND id IN (SELECT s.case_id \
                   FROM step_taken s WHERE s.tenant_id = $1 AND s.party_id = $2 AND s.letter_id = $3)";
        self.execute(sql, binds![tenant_id, letter.party_id, first]).await?;
        let sql = "UPDATE step_taken SET done_at = NULL, ended = NULL WHERE tenant_id = $1 AND party_id = $2 \
                   AND letter_id = $3";
        self.execute(sql, binds![tenant_id, letter.party_id, first]).await?;
        self.reinstate_beside(letter, stopped).await?;
        Ok(true)
    }

    /// The letters that wait beside this one, which does not leave, do not leave either.
    pub(crate) async fn stop_beside(
        &mut self,
        letter: &StoredLetter,
        why: &str,
        reasons: &[Reason],
    ) -> Result<(), StoreError> {
        let Some(lead) = letter.lead_id else {
            return Ok(());
        };
        let sql = format!(
            "{LETTER} WHERE l.tenant_id = $1 AND l.party_id = $2 AND l.lead_id = $3 AND l.id <> $4 \
             AND l.state IN ('review', 'queued', 'to_paste') ORDER BY l.id"
        );
        let values = binds![self.tenant_id, letter.party_id, lead, letter.id];
        let rows: Vec<LetterRow> = fetch(&mut self.tx, &sql, values).await?;
        for row in rows {
            let other = letter_of(row)?;
            self.close_letter(other.id, LetterState::Cancelled, why).await?;
            self.add_reasons(&other, reasons).await?;
        }
        Ok(())
    }

    /// A copy alone waits for a yes again, while the letter that it goes beside waits too. `false`: that one does not.
    async fn reinstate_copy(&mut self, copy: &StoredLetter) -> Result<bool, StoreError> {
        let sql = "UPDATE letter SET state = 'review', settled_at = NULL, outcome = NULL WHERE tenant_id = $1 \
                   AND id = $2 AND state = 'cancelled' AND EXISTS (SELECT 1 FROM letter o \
                   WHERE o.tenant_id = letter.tenant_id AND o.party_id = letter.party_id AND o.id = letter.lead_id \
                   AND o.state IN ('review', 'queued') AND o.settled_at IS NULL)";
        if self.execute(sql, binds![self.tenant_id, copy.id]).await? != 1 {
            return Ok(false);
        }
        self.end_approvals(copy.id, "declined", None).await?;
        Ok(true)
    }

    /// The copies that were stopped together with their first letter, at that moment, wait for a yes again as well; one that
    /// was declined by itself before stays so, unless it is the one that is `asked` for.
    async fn reinstate_beside(&mut self, asked: &StoredLetter, stopped: Timestamp) -> Result<(), StoreError> {
        let Some(lead) = asked.lead_id else {
            return Ok(());
        };
        let tenant_id = self.tenant_id;
        let sql = format!(
            "{LETTER} WHERE l.tenant_id = $1 AND l.party_id = $2 AND l.lead_id = $3 AND l.state = 'cancelled' \
             AND (l.settled_at = $4 OR l.id = $5) ORDER BY l.id"
        );
        let values = binds![tenant_id, asked.party_id, lead, stopped, asked.id];
        let rows: Vec<LetterRow> = fetch(&mut self.tx, &sql, values).await?;
        for row in rows {
            let sql = "UPDATE letter SET state = 'review', settled_at = NULL, outcome = NULL WHERE tenant_id = $1 \
                       AND id = $2";
            let copy = letter_of(row)?;
            self.execute(sql, binds![tenant_id, copy.id]).await?;
            self.end_approvals(copy.id, "declined", None).await?;
        }
        Ok(())
    }
}
