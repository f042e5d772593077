//! Questions that were put to buyers: asked once, open until an answer is noted or their days are over.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::case::LetterState;
use dunlin_core::gate_facts::HoldKind;
use dunlin_core::ids::{HoldId, LetterId, PartyId, PaymentId, ReceivableId, TaskId, TenantId};
use dunlin_core::plan::TaskKind;
use dunlin_core::question::{QuestionKind, QuestionState};

use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::dialect::micros;
use crate::{Commit, Sight, Store, StoreError};

/// A question on its way in.
#[derive(Debug, Clone)]
pub struct NewQuestion {
    pub party_id: PartyId,
    pub kind: QuestionKind,
    /// Kind and subject in one text: no other question of the firm may have the same.
    pub once: String,
    pub payment_id: Option<PaymentId>,
    pub receivable_id: ReceivableId,
    pub letter_id: LetterId,
    pub answer_by: Date,
}

/// A question with the letter that asks it.
#[derive(Debug, Clone, Deserialize)]
pub struct QuestionRow {
    pub party_id: PartyId,
    pub id: String,
    pub kind: QuestionKind,
    pub once: Option<String>,
    pub payment_id: Option<PaymentId>,
    pub receivable_id: ReceivableId,
    pub letter_number: i64,
    pub letter_state: LetterState,
    /// `R-1042` without its letter.
    pub receivable_number: i64,
    pub answer_by: Date,
    pub state: QuestionState,
    /// What was answered.
    pub words: String,
    #[serde(with = "micros::maybe")]
    pub settled_at: Option<Timestamp>,
}

const QUESTION: &str = "SELECT q.party_id, q.id, q.kind, q.once, q.payment_id, q.receivable_id, l.number, l.state, \
                        r.number, q.answer_by, q.state, q.words, q.settled_at FROM question q \
                        JOIN letter l ON l.tenant_id = q.tenant_id AND l.id = q.letter_id \
                        JOIN receivable r ON r.tenant_id = q.tenant_id AND r.id = q.receivable_id";

async fn open(conn: &mut Conn, tenant_id: TenantId) -> Result<Vec<QuestionRow>, StoreError> {
    let sql = format!("{QUESTION} WHERE q.tenant_id = $1 AND q.state = 'open' ORDER BY q.seq, q.id");
    fetch(conn, &sql, binds![tenant_id]).await
}

impl Commit {
    /// Writes a question and the pauses that wait for its answer. Whoever calls has put its letter into the outbox.
    pub async fn add_question(
        &mut self,
        question: &NewQuestion,
        pauses: &[ReceivableId],
        until: Date,
        why: &str,
        today: Date,
    ) -> Result<String, StoreError> {
        let id = HoldId(self.ids.make()).to_string();
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO question (tenant_id, party_id, id, kind, once, payment_id, receivable_id, letter_id, \
                   answer_by, state, words, effective_on, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
                   'open', '', $10, $11, $12)";
        let values = binds![
            tenant_id,
            question.party_id,
            id.as_str(),
            question.kind.code(),
            question.once.as_str(),
            question.payment_id,
            question.receivable_id,
            question.letter_id,
            question.answer_by,
            today,
            now,
            seq
        ];
        self.execute(sql, values).await?;
        for receivable_id in pauses {
            let party_id = question.party_id;
            let hold = self.add_hold(party_id, HoldKind::Question, Some(*receivable_id), until, why, today).await?;
            let sql = "UPDATE hold SET question_id = $4 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
            self.execute(sql, binds![tenant_id, party_id, hold, id.as_str()]).await?;
        }
        Ok(id)
    }

    /// The question of this kind and subject, if it was asked.
    pub async fn question_once(&mut self, once: &str) -> Result<Option<QuestionRow>, StoreError> {
        let sql = format!("{QUESTION} WHERE q.tenant_id = $1 AND q.once = $2");
        let rows: Vec<QuestionRow> = fetch(&mut self.tx, &sql, binds![self.tenant_id, once]).await?;
        Ok(rows.into_iter().next())
    }

    /// What a debtor was asked of one kind about a payment and not withdrawn, also in the name of another debtor that is
    /// one with it now.
    pub async fn questions_about(
        &mut self,
        party_id: PartyId,
        payment_id: PaymentId,
        kind: QuestionKind,
    ) -> Result<Vec<QuestionRow>, StoreError> {
        let sql = format!(
            "{QUESTION} WHERE q.tenant_id = $1 AND q.party_id = $2 AND q.payment_id = $3 AND q.kind = $4 \
             AND q.state <> 'withdrawn' ORDER BY q.seq, q.id"
        );
        let values = binds![self.tenant_id, party_id, payment_id, kind.code()];
        fetch(&mut self.tx, &sql, values).await
    }

    /// Puts a question that was asked on the desk: somebody here has to see to its answer.
    pub async fn add_question_task(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
        question_id: &str,
        note: &str,
    ) -> Result<(), StoreError> {
        let id = TaskId(self.ids.make());
        let number = self.numbers("task", 1).await?;
        let (tenant_id, now, seq, kind) = (self.tenant_id, self.now, self.seq, TaskKind::Question.code());
        let sql = "INSERT INTO task (tenant_id, id, number, kind, party_id, receivable_id, question_id, level, round, \
                   language, reasons, not_before, note, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 'en', '[]', $8, $9, $10, $11)";
        let values = binds![tenant_id, id, number, kind, party_id, receivable_id, question_id, now, note, now, seq];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// The work that one question made is done. A task of before this was noted is told by its receivable.
    pub async fn end_question_tasks(&mut self, question: &QuestionRow) -> Result<u64, StoreError> {
        let (tenant_id, now, party_id) = (self.tenant_id, self.now, question.party_id);
        let (id, kind) = (question.id.as_str(), TaskKind::Question.code());
        let sql = "UPDATE task SET settled_at = $6, outcome = 'done' WHERE tenant_id = $1 AND party_id = $2 \
                   AND kind = $5 AND settled_at IS NULL \
                   AND (question_id = $4 OR (question_id IS NULL AND case_id IS NULL AND receivable_id = $3))";
        self.execute(sql, binds![tenant_id, party_id, question.receivable_id, id, kind, now]).await
    }

    /// The question that a letter asks.
    pub async fn question_by_letter(&mut self, number: i64) -> Result<Option<QuestionRow>, StoreError> {
        let sql = format!("{QUESTION} WHERE q.tenant_id = $1 AND l.number = $2");
        let rows: Vec<QuestionRow> = fetch(&mut self.tx, &sql, binds![self.tenant_id, number]).await?;
        Ok(rows.into_iter().next())
    }

    /// All questions that wait for an answer, oldest first. They are few.
    pub async fn open_questions(&mut self) -> Result<Vec<QuestionRow>, StoreError> {
        let tenant_id = self.tenant_id;
        open(&mut self.tx, tenant_id).await
    }

    /// How a question ended. The pauses that waited for it end with it; one that was withdrawn may be asked again.
    pub async fn settle_question(
        &mut self,
        question: &QuestionRow,
        state: QuestionState,
        words: &str,
    ) -> Result<(), StoreError> {
        let (tenant_id, now, party_id) = (self.tenant_id, self.now, question.party_id);
        let once = question.once.clone().filter(|_| state != QuestionState::Withdrawn);
        let sql = "UPDATE question SET state = $4, settled_at = $5, words = $6, once = $7 WHERE tenant_id = $1 \
                   AND party_id = $2 AND id = $3";
        let id = question.id.as_str();
        self.execute(sql, binds![tenant_id, party_id, id, state.code(), now, words, once]).await?;
        let sql = "UPDATE hold SET released_at = $4 WHERE tenant_id = $1 AND party_id = $2 AND question_id = $3 \
                   AND released_at IS NULL";
        self.execute(sql, binds![tenant_id, party_id, id, now]).await?;
        self.wake_party(party_id).await
    }
}

impl Store {
    /// All questions that wait for an answer, oldest first.
    pub async fn open_questions(&self, tenant_id: TenantId) -> Result<Vec<QuestionRow>, StoreError> {
        let mut conn = self.conn().await?;
        open(&mut conn, tenant_id).await
    }

    /// The open ones among the buyers in sight.
    pub async fn questions_seen(&self, tenant_id: TenantId, sight: &Sight) -> Result<Vec<QuestionRow>, StoreError> {
        let mut conn = self.conn().await?;
        let seen = sight.on("q.party_id");
        let sql = format!("{QUESTION} WHERE q.tenant_id = $1 AND q.state = 'open' {seen} ORDER BY q.seq, q.id");
        fetch(&mut conn, &sql, binds![tenant_id]).await
    }
}
