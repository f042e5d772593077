//! Letters by number, in one state or all.

use std::collections::HashMap;

use dunlin_core::case::LetterState;
use dunlin_core::ids::{LetterId, PartyId, TenantId};

use super::After;
use crate::bind::binds;
use crate::conn::fetch;
use crate::outbox::{LETTER, LetterRow, letter_of};
use crate::pages::debtor_list::PartyName;
use crate::{Sight, Store, StoreError, StoredLetter};

/// A letter and whom it is to.
#[derive(Debug, Clone)]
pub struct ListedLetter {
    pub letter: StoredLetter,
    pub party: PartyName,
    /// `R-1042`: what it is about.
    pub receivables: Vec<String>,
}

impl Store {
    /// Letters after a number; with `only`, the one of that number.
    pub async fn letters_after(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        state: Option<LetterState>,
        only: Option<i64>,
        after: &After<i64>,
    ) -> Result<Vec<ListedLetter>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{LETTER} WHERE l.tenant_id = $1 AND l.number > $2 AND ($4 = '' OR l.state = $4) \
             AND ($5 = 0 OR l.number = $5) {} ORDER BY l.number LIMIT $3",
            sight.on("l.party_id")
        );
        let state = state.map_or("", LetterState::code);
        let values = binds![tenant_id, after.key, after.limit, state, only.unwrap_or(0)];
        let rows: Vec<LetterRow> = fetch(&mut conn, &sql, values).await?;
        let letters = rows.into_iter().map(letter_of).collect::<Result<Vec<_>, _>>()?;
        let keys: Vec<(LetterId, PartyId, String)> = letters
            .iter()
            .flat_map(|letter| letter.items.iter().map(move |item| (letter, item.receivable_id.to_string())))
            .map(|(letter, receivable)| (letter.id, letter.party_id, receivable))
            .collect();
        let keys = serde_json::to_string(&keys).map_err(StoreError::corrupt)?;
        let page = conn.kind().keys(2, &["letter_id", "party_id", "receivable_id"]);
        let sql = format!(
            "SELECT x.letter_id, r.number FROM {page} JOIN receivable r ON r.tenant_id = $1 \
             AND r.party_id = x.party_id AND r.id = x.receivable_id ORDER BY r.number"
        );
        let mut about: HashMap<LetterId, Vec<String>> = HashMap::new();
        for (letter, number) in fetch::<(LetterId, i64)>(&mut conn, &sql, binds![tenant_id, keys.as_str()]).await? {
            about.entry(letter).or_default().push(format!("R-{number:04}"));
        }
        let keys: Vec<(LetterId, PartyId)> = letters.iter().map(|letter| (letter.id, letter.party_id)).collect();
        let keys = serde_json::to_string(&keys).map_err(StoreError::corrupt)?;
        let page = conn.kind().keys(2, &["letter_id", "party_id"]);
        let sql = format!(
            "SELECT x.letter_id, p.number, p.name, p.country FROM {page} JOIN party p ON p.tenant_id = $1 \
             AND p.id = x.party_id"
        );
        let named: Vec<(LetterId, i64, String, String)> = fetch(&mut conn, &sql, binds![tenant_id, keys]).await?;
        let mut parties: HashMap<LetterId, PartyName> = named
            .into_iter()
            .map(|(letter, number, name, country)| (letter, PartyName::new(number, name, country)))
            .collect();
        let mut list = Vec::with_capacity(letters.len());
        for letter in letters {
            let party = parties
                .remove(&letter.id)
                .ok_or_else(|| StoreError::corrupt(format!("letter {} has no debtor", letter.id)))?;
            list.push(ListedLetter { receivables: about.remove(&letter.id).unwrap_or_default(), letter, party });
        }
        Ok(list)
    }
}
