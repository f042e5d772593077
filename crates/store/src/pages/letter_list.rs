//! Letters page by page, newest first, with how their debtor is called; and how many there are in each state.

use std::collections::HashMap;

use serde::Deserialize;

use dunlin_core::case::LetterState;
use dunlin_core::ids::{CaseId, ContactId, LetterId, OrderId, PartyId, TenantId};

use super::debtor_list::PartyName;
use super::order_board::goods_of;
use crate::Sight;
use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::outbox::{LETTER, LetterRow, letter_of};
use crate::{Store, StoreError, StoredLetter};

/// One letter.
#[derive(Debug, Clone)]
pub struct LetterListRow {
    pub letter: StoredLetter,
    pub party: PartyName,
    /// IANA zone of the person written to, when known for this person.
    pub time_zone: Option<String>,
    /// Playbook of the first case the letter is about.
    pub playbook: Option<String>,
    /// The order it is about, where it asks for no money.
    pub order: Option<LetterOrder>,
}

/// An order as a list of letters names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterOrder {
    pub number: String,
    /// Title and quantity.
    pub goods: Vec<(String, i64)>,
}

/// What a letter's row does not hold itself.
#[derive(Deserialize)]
struct AboutRow {
    letter_id: LetterId,
    party_number: i64,
    name: String,
    country: String,
    time_zone: Option<String>,
    playbook: Option<String>,
}

impl Store {
    /// How many letters are in each state; states without letters are left out.
    pub async fn letter_counts(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
    ) -> Result<Vec<(LetterState, i64)>, StoreError> {
        let mut conn = self.conn().await?;
        let seen = sight.on("l.party_id");
        let sql = format!("SELECT l.state, count(*) FROM letter l WHERE l.tenant_id = $1 {seen} GROUP BY l.state");
        fetch(&mut conn, &sql, binds![tenant_id]).await
    }

    /// Letters in a state or all, by the time they were settled or may leave, latest first.
    pub async fn letter_list(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        state: Option<LetterState>,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<LetterListRow>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = format!(
            "{LETTER} WHERE l.tenant_id = $1 AND ($2 = '' OR l.state = $2) {} \
             ORDER BY COALESCE(l.settled_at, l.not_before) DESC, l.number DESC LIMIT $3 OFFSET $4",
            sight.on("l.party_id")
        );
        let state = state.map_or("", LetterState::code);
        let rows: Vec<LetterRow> = fetch(&mut conn, &sql, binds![tenant_id, state, limit, offset]).await?;
        let letters = rows.into_iter().map(letter_of).collect::<Result<Vec<_>, _>>()?;
        let keys: Vec<(LetterId, PartyId, ContactId, Option<CaseId>)> = letters
            .iter()
            .map(|letter| {
                let case_id = letter.items.first().map(|item| item.case_id);
                (letter.id, letter.party_id, letter.contact_id, case_id)
            })
            .collect();
        let keys = serde_json::to_string(&keys).map_err(StoreError::corrupt)?;
        let page = conn.kind().keys(2, &["letter_id", "party_id", "contact_id", "case_id"]);
        let sql = format!(
            "SELECT x.letter_id, p.number, p.name, p.country, c.time_zone, k.playbook FROM {page} \
             JOIN party p ON p.tenant_id = $1 AND p.id = x.party_id \
             LEFT JOIN contact c ON c.tenant_id = $1 AND c.party_id = x.party_id AND c.id = x.contact_id \
             LEFT JOIN cases k ON k.tenant_id = $1 AND k.party_id = x.party_id AND k.id = x.case_id"
        );
        let rows: Vec<AboutRow> = fetch(&mut conn, &sql, binds![tenant_id, keys]).await?;
        let mut about: HashMap<LetterId, AboutRow> = rows.into_iter().map(|row| (row.letter_id, row)).collect();
        let orders = orders_of(&mut conn, tenant_id, &letters).await?;
        let mut list = Vec::with_capacity(letters.len());
        for letter in letters {
            let Some(row) = about.remove(&letter.id) else {
                return Err(StoreError::corrupt(format!("letter {} has no debtor", letter.id)));
            };
            let party = PartyName::new(row.party_number, row.name, row.country);
            let order = letter.about.as_ref().and_then(|about| orders.get(&about.order_id)).cloned();
            list.push(LetterListRow { letter, party, time_zone: row.time_zone, playbook: row.playbook, order });
        }
        Ok(list)
    }
}

/// The orders that letters are about; several letters may be about one.
async fn orders_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    letters: &[StoredLetter],
) -> Result<HashMap<OrderId, LetterOrder>, StoreError> {
    let mut ids: Vec<OrderId> = Vec::new();
    for about in letters.iter().filter_map(|letter| letter.about.as_ref()) {
        if !ids.contains(&about.order_id) {
            ids.push(about.order_id);
        }
    }
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<(OrderId,)> = ids.into_iter().map(|id| (id,)).collect();
    let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
    let mut goods = goods_of(conn, tenant_id, &ids).await?;
    let page = conn.kind().keys(2, &["order_id"]);
    let sql = format!("SELECT o.id, o.number FROM {page} JOIN sales_order o ON o.tenant_id = $1 AND o.id = x.order_id");
    let rows: Vec<(OrderId, String)> = fetch(conn, &sql, binds![tenant_id, ids]).await?;
    let order =
        |(id, number): (OrderId, String)| (id, LetterOrder { number, goods: goods.remove(&id).unwrap_or_default() });
    Ok(rows.into_iter().map(order).collect())
}
