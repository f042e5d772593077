//! Contacts with a debtor from the time when it was one with another: such a letter lies with the one that stayed, and
//! counts for each debtor whose receivables it named.

use dunlin_core::facts::ContactMade;

use super::Loader;
use super::rows::LetterRow;
use crate::StoreError;
use crate::bind::binds;
use crate::conn::fetch_number;

impl Loader<'_> {
    /// The steps of a case go with its debtor, and through them its letters are found. Only letters that left: those that
    /// waited were cancelled when the two were separated.
    pub(super) async fn letters_of_the_time_together(&mut self) -> Result<(), StoreError> {
        let sql = "SELECT count(*) FROM party_merge WHERE tenant_id = $1 AND undone_at IS NOT NULL";
        if fetch_number(self.conn, sql, binds![self.tenant_id]).await?.unwrap_or(0) == 0 {
            return Ok(());
        }
        let since = self.since();
        let sql = format!(
            "SELECT DISTINCT s.party_id, l.id, l.purpose, l.channel, l.contact_id, l.state, l.not_before, \
             l.settled_at, l.items, l.lead_id, l.about FROM step_taken s JOIN letter l ON l.tenant_id = s.tenant_id AND l.id = s.letter_id \
             WHERE {{scope}} AND l.party_id <> s.party_id AND l.state = 'sent' AND l.settled_at <= $4 \
             AND l.settled_at >= {since} ORDER BY s.party_id, l.id"
        );
        for row in self.rows::<LetterRow>(&sql, "s").await? {
            let Some(left) = row.settled_at.filter(|_| row.purpose.asks_for_money()) else {
                continue;
            };
            let made = ContactMade {
                at: left,
                letter_id: Some(row.id),
                is_done: true,
                channel: row.channel,
                purpose: row.purpose,
                contact_id: Some(row.contact_id),
                receivable_id: None,
            };
            if let Some(debtor) = self.debtor(row.party_id) {
                debtor.contacts_made.push(made);
            }
        }
        Ok(())
    }
}
