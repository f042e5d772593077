//! Letters that people send outside every playbook, into the outbox: corrections and questions. They take no step.

use dunlin_core::ids::LetterId;

use crate::bind::binds;
use crate::plans::StoredItem;
use crate::reason_text::write_reasons;
use crate::{Commit, StoreError, StoredLetter};

impl Commit {
    /// Puts a letter into the outbox as it is given, in its state, with an id, a number and a Message-ID of its own.
    pub async fn queue_one_off(
        &mut self,
        letter: &StoredLetter,
        mail_domain: &str,
    ) -> Result<(LetterId, i64), StoreError> {
        let id = LetterId(self.ids.make());
        let number = self.numbers("letter", 1).await?;
        let items: Vec<StoredItem> = letter.items.iter().map(StoredItem::of).collect();
        let items = serde_json::to_string(&items).map_err(StoreError::corrupt)?;
        let asks = letter.asks.as_ref().map(serde_json::to_string).transpose().map_err(StoreError::corrupt)?;
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO letter (tenant_id, id, number, party_id, contact_id, purpose, channel, role, language, \
                   letter, level, currency, items, review, attach_statement, answer_by, reasons, state, not_before, \
                   message_id, recorded_at, seq, repairs, asks) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
                   $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)";
        let values = binds![
            tenant_id,
            id,
            number,
            letter.party_id,
            letter.contact_id,
            letter.purpose.code(),
            letter.channel.code(),
            letter.role.code(),
            letter.language.code(),
            letter.letter.as_str(),
            i64::from(letter.level),
            letter.currency.code(),
            items,
            letter.review.code(),
            letter.attach_statement,
            letter.answer_by,
            write_reasons(&letter.reasons)?,
            letter.state.code(),
            now,
            format!("{id}@{mail_domain}"),
            now,
            seq,
            letter.repairs,
            asks
        ];
        self.execute(sql, values).await?;
        self.wake_party(letter.party_id).await?;
        Ok((id, number))
    }
}
