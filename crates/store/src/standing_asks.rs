//! What a person is asked because of what a buyer said: a dispute is to be settled (SCENARIOS A9), and about whoever has promised
//! often, or in vain, somebody decides (A8). Nobody is asked twice about the same, and no longer than there is something to do.

use jiff::SignedDuration;

use dunlin_core::ids::{PartyId, ReceivableId, TaskId};
use dunlin_core::plan::TaskKind;

use crate::bind::binds;
use crate::conn::fetch;
use crate::{Commit, StoreError};

/// A dispute that somebody called done and that is still open is asked about again after this.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Promises older than this say little of the buyer of now.
const PROMISES_OF: SignedDuration = SignedDuration::from_hours(24 * 180);

impl Commit {
    /// Asks a person about each dispute and each debtor's promises that nobody is asked about yet. Returns about how many.
    pub async fn ask_about_standing(&mut self) -> Result<usize, StoreError> {
        let mut asked = 0;
        for (kind, about) in [
            (TaskKind::SolveDispute, self.disputes_to_settle().await?),
            (TaskKind::DecidePromise, self.promises_to_decide().await?),
        ] {
            for (party_id, receivable_id) in about {
                self.ask_of_standing(kind, party_id, receivable_id).await?;
                asked += 1;
            }
        }
        Ok(asked)
    }

    /// Disputes over what is still chased, each debt once.
    async fn disputes_to_settle(&mut self) -> Result<Vec<(PartyId, Option<ReceivableId>)>, StoreError> {
        let (tenant_id, settled_before) = (self.tenant_id, self.now - AGAIN_AFTER);
        let sql = "SELECT DISTINCT d.party_id, d.receivable_id FROM dispute d JOIN cases k ON k.tenant_id = d.tenant_id \
                   AND k.party_id = d.party_id AND k.receivable_id = d.receivable_id \
                   WHERE d.tenant_id = $1 AND d.resolved_at IS NULL AND k.state IN ('running', 'ladder_done') \
                   AND NOT EXISTS (SELECT 1 FROM task t WHERE t.tenant_id = d.tenant_id AND t.party_id = d.party_id \
                   AND t.receivable_id = d.receivable_id AND t.kind = 'solve_dispute' \
                   AND (t.settled_at IS NULL OR (t.recorded_at >= d.recorded_at AND t.settled_at > $2))) \
                   ORDER BY d.party_id, d.receivable_id";
        fetch(&mut self.tx, sql, binds![tenant_id, settled_before]).await
    }

    /// Three promises of which one is open, or two that were broken, about the same, while something of it is chased.
    async fn promises_to_decide(&mut self) -> Result<Vec<(PartyId, Option<ReceivableId>)>, StoreError> {
        let (tenant_id, since) = (self.tenant_id, self.now - PROMISES_OF);
        let sql = "SELECT x.party_id, x.receivable_id FROM (SELECT p.party_id, p.receivable_id, \
                   max(COALESCE(p.settled_at, p.recorded_at)) AS latest FROM promise p WHERE p.tenant_id = $1 \
                   AND p.recorded_at > $2 AND p.state IN ('open', 'broken', 'partly_kept') \
                   GROUP BY p.party_id, p.receivable_id \
                   HAVING (count(*) >= 3 AND sum(CASE WHEN p.state = 'open' THEN 1 ELSE 0 END) > 0) \
                   OR sum(CASE WHEN p.state = 'broken' THEN 1 ELSE 0 END) >= 2) x \
                   WHERE EXISTS (SELECT 1 FROM cases k WHERE k.tenant_id = $1 AND k.party_id = x.party_id \
                   AND k.subject = 'receivable' AND k.state IN ('running', 'ladder_done') \
                   AND (x.receivable_id IS NULL OR k.receivable_id = x.receivable_id)) \
                   AND NOT EXISTS (SELECT 1 FROM task t WHERE t.tenant_id = $1 AND t.party_id = x.party_id \
                   AND t.receivable_id IS NOT DISTINCT FROM x.receivable_id AND t.kind = 'decide_promise' \
                   AND (t.settled_at IS NULL OR t.recorded_at >= x.latest)) ORDER BY x.party_id, x.receivable_id";
        fetch(&mut self.tx, sql, binds![tenant_id, since]).await
    }

    async fn ask_of_standing(
        &mut self,
        kind: TaskKind,
        party_id: PartyId,
        receivable_id: Option<ReceivableId>,
    ) -> Result<(), StoreError> {
        let id = TaskId(self.ids.make());
        let number = self.numbers("task", 1).await?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO task (tenant_id, id, number, kind, party_id, receivable_id, level, round, language, reasons, \
                   not_before, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 'en', '[]', $7, $8, $9)";
        let values = binds![tenant_id, id, number, kind.code(), party_id, receivable_id, now, now, seq];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Nobody is asked any more about a dispute that is settled, nor about promises when nothing is chased or none is left.
    /// Returns how many tasks ended.
    pub async fn end_settled_asks(&mut self) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE task SET settled_at = $2, outcome = 'withdrawn' WHERE tenant_id = $1 AND settled_at IS NULL \
                   AND kind = 'solve_dispute' AND NOT EXISTS (SELECT 1 FROM dispute d JOIN cases k \
                   ON k.tenant_id = d.tenant_id AND k.party_id = d.party_id AND k.receivable_id = d.receivable_id \
                   WHERE d.tenant_id = $1 AND d.party_id = task.party_id AND d.receivable_id = task.receivable_id \
                   AND d.resolved_at IS NULL AND k.state IN ('running', 'ladder_done'))";
        let disputes = self.execute(sql, binds![tenant_id, now]).await?;
        let sql = "UPDATE task SET settled_at = $2, outcome = 'withdrawn' WHERE tenant_id = $1 AND settled_at IS NULL \
                   AND kind = 'decide_promise' AND (NOT EXISTS (SELECT 1 FROM cases k WHERE k.tenant_id = $1 \
                   AND k.party_id = task.party_id AND k.subject = 'receivable' AND k.state IN ('running', 'ladder_done') \
                   AND (task.receivable_id IS NULL OR k.receivable_id = task.receivable_id)) \
                   OR NOT EXISTS (SELECT 1 FROM promise p WHERE p.tenant_id = $1 AND p.party_id = task.party_id \
                   AND p.receivable_id IS NOT DISTINCT FROM task.receivable_id \
                   AND p.state IN ('open', 'broken', 'partly_kept')))";
        Ok(disputes + self.execute(sql, binds![tenant_id, now]).await?)
    }
}
