//! Contacts that count for gap and ceiling: letters that a step sends at once are one, calls count once they were made,
//! and so does what was entered as done before.

use jiff::Timestamp;

use dunlin_core::facts::ContactMade;
use dunlin_core::ids::{LetterId, PartyId};
use dunlin_core::letter::Purpose;
use dunlin_core::party::Channel;

use super::Loader;
use super::rows::CallRow;
use crate::StoreError;

impl Loader<'_> {
    /// A letter; what goes out together is one contact, over when the last of it has left.
    pub(super) fn wrote(&mut self, party_id: PartyId, lead: Option<LetterId>, made: ContactMade) {
        let Some(debtor) = self.debtor(party_id) else {
            return;
        };
        let is_same = |known: &&mut ContactMade| lead.is_some() && known.letter_id == lead;
        match debtor.contacts_made.iter_mut().rev().find(is_same) {
            Some(known) => {
                known.at = known.at.max(made.at);
                known.is_done |= made.is_done;
            }
            None => debtor.contacts_made.push(made),
        }
    }

    /// A step that somebody entered: the buyer was asked on that day, whoever did it.
    pub(super) fn entered(&mut self, party_id: PartyId, purpose: Purpose, at: Timestamp) {
        if !purpose.asks_for_money() || at < self.contacts_from() {
            return;
        }
        if let Some(debtor) = self.debtor(party_id) {
            debtor.contacts_made.push(ContactMade {
                at,
                letter_id: None,
                is_done: true,
                channel: Channel::Email,
                purpose,
                contact_id: None,
                receivable_id: None,
            });
        }
    }

    /// Calls count for gap and ceiling like letters, but for those that nobody made.
    pub(super) async fn calls(&mut self) -> Result<(), StoreError> {
        let since = self.since();
        let sql = format!(
            "SELECT t.party_id, t.receivable_id, t.contact_id, t.not_before, t.settled_at FROM task t \
             WHERE {{scope}} AND t.recorded_at <= $4 AND (t.settled_at IS NULL OR t.settled_at >= {since}) \
             AND (t.kind = 'call' OR (t.kind = 'decide_call' AND t.settled_at IS NOT NULL)) \
             AND (t.outcome IS NULL OR t.outcome NOT IN ('dropped', 'lapsed'))"
        );
        for row in self.rows::<CallRow>(&sql, "t").await? {
            let done = row.settled_at.filter(|settled| *settled <= self.at);
            let made = ContactMade {
                // One not made yet counts where it was planned: a call that nobody makes must not end the letters.
                at: done.unwrap_or(row.not_before),
                letter_id: None,
                is_done: done.is_some(),
                channel: Channel::Phone,
                purpose: Purpose::Press,
                contact_id: row.contact_id,
                receivable_id: row.receivable_id,
            };
            if let Some(debtor) = self.debtor(row.party_id) {
                debtor.contacts_made.push(made);
            }
        }
        Ok(())
    }
}
