//! What was said of a receivable in the currency that it has: in another one it would mean nothing, so that nobody could tell
//! any more what is open of it, disputed or promised.

use dunlin_core::ids::{PartyId, ReceivableId};
use dunlin_core::money::Currency;
use dunlin_core::refusal::{Refusal, RefusalCode};

use crate::bind::binds;
use crate::conn::fetch_one;
use crate::{Commit, StoreError};

/// What keeps a receivable in its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidInCurrency {
    /// Lines of the ledger, also those that were taken back.
    Line,
    /// An open dispute over a part of it.
    Dispute,
    /// An open promise of a sum.
    Promise,
}

impl SaidInCurrency {
    /// Why R-1042 cannot become one in another currency.
    pub fn refusal(self, number: i64, owed: Currency, typed: Currency) -> Refusal {
        let code = match self {
            Self::Line => RefusalCode::CurrencyLine,
            Self::Dispute => RefusalCode::CurrencyDispute,
            Self::Promise => RefusalCode::CurrencyPromise,
        };
        let refusal = Refusal::new(code).with("number", format!("R-{number:04}"));
        refusal.with("owed", owed.code()).with("typed", typed.code())
    }
}

impl Commit {
    /// What was said of a receivable in another currency than `new`, and stands. A sum that is promised for the debtor as a
    /// whole covers what is owed in its currency, so that it stands for this receivable as long as it is owed in that one.
    pub async fn said_in_another_currency(
        &mut self,
        party_id: PartyId,
        id: ReceivableId,
        new: Currency,
    ) -> Result<Option<SaidInCurrency>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT CASE WHEN EXISTS (SELECT 1 FROM ledger_entry e WHERE e.tenant_id = r.tenant_id \
                   AND e.party_id = r.party_id AND e.receivable_id = r.id AND e.currency <> $4) THEN 'line' \
                   WHEN EXISTS (SELECT 1 FROM dispute d WHERE d.tenant_id = r.tenant_id AND d.party_id = r.party_id \
                   AND d.receivable_id = r.id AND d.resolved_at IS NULL AND d.currency <> $4) THEN 'dispute' \
                   WHEN EXISTS (SELECT 1 FROM promise p WHERE p.tenant_id = r.tenant_id AND p.party_id = r.party_id \
                   AND p.state = 'open' AND p.currency <> $4 AND (p.receivable_id = r.id \
                   OR (p.receivable_id IS NULL AND p.currency = r.currency))) THEN 'promise' ELSE '' END \
                   FROM receivable r WHERE r.tenant_id = $1 AND r.party_id = $2 AND r.id = $3";
        let row: Option<(String,)> = fetch_one(&mut self.tx, sql, binds![tenant_id, party_id, id, new.code()]).await?;
        Ok(match row.as_ref().map_or("", |(said,)| said.as_str()) {
            "line" => Some(SaidInCurrency::Line),
            "dispute" => Some(SaidInCurrency::Dispute),
            "promise" => Some(SaidInCurrency::Promise),
            _ => None,
        })
    }
}
