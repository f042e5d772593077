//! Holds, promises and disputes as somebody entered them, each with two times.

use jiff::civil::Date;

use dunlin_core::gate_facts::{HoldKind, PromiseState};
use dunlin_core::ids::{DisputeId, HoldId, PartyId, PromiseId, ReceivableId, TalkId, TenantId};
use dunlin_core::money::Money;

use crate::bind::binds;
use crate::conn::fetch;
use crate::{Commit, Store, StoreError};

const HEARD: &str = "SELECT p.talk_item, p.id FROM promise p WHERE p.tenant_id = $1 AND p.party_id = $2 \
                     AND p.talk_id = $3 AND p.state <> 'withdrawn' ORDER BY p.talk_item";

impl Store {
    /// The same as [`Commit::promises_heard`], for pages.
    pub async fn promises_heard(
        &self,
        tenant_id: TenantId,
        party_id: PartyId,
        talk_id: TalkId,
    ) -> Result<Vec<(i64, PromiseId)>, StoreError> {
        let mut conn = self.conn().await?;
        fetch(&mut conn, HEARD, binds![tenant_id, party_id, talk_id]).await
    }
}

impl Commit {
    #[allow(clippy::too_many_arguments)] // one column each; a struct would say the same words twice
    pub async fn add_hold(
        &mut self,
        party_id: PartyId,
        kind: HoldKind,
        receivable_id: Option<ReceivableId>,
        until: Date,
        why: &str,
        today: Date,
    ) -> Result<HoldId, StoreError> {
        let id = HoldId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO hold (tenant_id, party_id, id, kind, receivable_id, why, until_on, effective_on, \
                   recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values = binds![tenant_id, party_id, id, kind.code(), receivable_id, why, until, today, now, seq];
        self.execute(sql, values).await?;
        self.wake_party(party_id).await?;
        Ok(id)
    }

    /// Ends the holds that still run on exactly this subject (the whole debtor, or one receivable). Returns how many.
    pub async fn end_holds(
        &mut self,
        party_id: PartyId,
        receivable_id: Option<ReceivableId>,
        today: Date,
    ) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE hold SET released_at = $5 WHERE tenant_id = $1 AND party_id = $2 \
                   AND COALESCE(receivable_id, '') = COALESCE($3, '') AND until_on >= $4 AND released_at IS NULL";
        let ended = self.execute(sql, binds![tenant_id, party_id, receivable_id, today, now]).await?;
        if ended > 0 {
            self.wake_party(party_id).await?;
        }
        Ok(ended)
    }

    /// Ends one hold, by its id. `false`: it is over already.
    pub async fn end_hold(&mut self, party_id: PartyId, id: HoldId) -> Result<bool, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE hold SET released_at = $4 WHERE tenant_id = $1 AND party_id = $2 AND id = $3 \
                   AND released_at IS NULL";
        let ended = self.execute(sql, binds![tenant_id, party_id, id, now]).await? > 0;
        if ended {
            self.wake_party(party_id).await?;
        }
        Ok(ended)
    }

    /// Withdraws one promise, by its id. `false`: it is settled already.
    pub async fn withdraw_promise(&mut self, party_id: PartyId, id: PromiseId) -> Result<bool, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE promise SET state = 'withdrawn', settled_at = $4 WHERE tenant_id = $1 AND party_id = $2 \
                   AND id = $3 AND settled_at IS NULL";
        let withdrawn = self.execute(sql, binds![tenant_id, party_id, id, now]).await? > 0;
        if withdrawn {
            self.wake_party(party_id).await?;
        }
        Ok(withdrawn)
    }

    #[allow(clippy::too_many_arguments)] // one column each; a struct would say the same words twice
    pub async fn add_promise(
        &mut self,
        party_id: PartyId,
        receivable_id: Option<ReceivableId>,
        promised_on: Date,
        pay_on: Date,
        amount: Option<Money>,
        words: &str,
    ) -> Result<PromiseId, StoreError> {
        let id = PromiseId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO promise (tenant_id, party_id, id, receivable_id, promised_on, pay_on, amount_minor, \
                   currency, state, words, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11)";
        let minor = amount.map(|amount| amount.minor);
        let currency = amount.map(|amount| amount.currency.code().to_string());
        let values =
            binds![tenant_id, party_id, id, receivable_id, promised_on, pay_on, minor, currency, words, now, seq];
        self.execute(sql, values).await?;
        self.wake_party(party_id).await?;
        Ok(id)
    }

    /// Notes which of the promises picked out in a talk this one is.
    pub async fn note_heard(
        &mut self,
        party_id: PartyId,
        id: PromiseId,
        (talk_id, item): (TalkId, i64),
    ) -> Result<(), StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "UPDATE promise SET talk_id = $4, talk_item = $5 WHERE tenant_id = $1 AND party_id = $2 AND id = $3";
        self.execute(sql, binds![tenant_id, party_id, id, talk_id, item]).await?;
        Ok(())
    }

    /// The promises that were taken over from a talk, with which of those picked out there each is; not those that were
    /// withdrawn since.
    pub async fn promises_heard(
        &mut self,
        party_id: PartyId,
        talk_id: TalkId,
    ) -> Result<Vec<(i64, PromiseId)>, StoreError> {
        let tenant_id = self.tenant_id;
        fetch(&mut self.tx, HEARD, binds![tenant_id, party_id, talk_id]).await
    }

    /// Notes how a promise stands by the ledger: ended, or open again. What a person withdrew stays withdrawn.
    pub async fn set_promise_state(
        &mut self,
        party_id: PartyId,
        id: PromiseId,
        state: PromiseState,
    ) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let settled_at = (state != PromiseState::Open).then_some(now.as_microsecond());
        let sql = "UPDATE promise SET state = $4, settled_at = $5 WHERE tenant_id = $1 AND party_id = $2 AND id = $3 \
                   AND state <> 'withdrawn'";
        self.execute(sql, binds![tenant_id, party_id, id, state.code(), settled_at]).await?;
        self.wake_party(party_id).await
    }

    /// Withdraws the open promises on exactly this subject: they pause nothing any more and count neither as kept nor
    /// as broken. Returns how many.
    pub async fn withdraw_promises(
        &mut self,
        party_id: PartyId,
        receivable_id: Option<ReceivableId>,
    ) -> Result<u64, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE promise SET state = 'withdrawn', settled_at = $4 WHERE tenant_id = $1 AND party_id = $2 \
                   AND COALESCE(receivable_id, '') = COALESCE($3, '') AND settled_at IS NULL";
        let withdrawn = self.execute(sql, binds![tenant_id, party_id, receivable_id, now]).await?;
        if withdrawn > 0 {
            self.wake_party(party_id).await?;
        }
        Ok(withdrawn)
    }

    pub async fn add_dispute(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
        amount: Option<Money>,
        why: &str,
        today: Date,
    ) -> Result<DisputeId, StoreError> {
        let id = DisputeId(self.ids.make());
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO dispute (tenant_id, party_id, id, receivable_id, amount_minor, currency, why, \
                   effective_on, recorded_at, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let minor = amount.map(|amount| amount.minor);
        let currency = amount.map(|amount| amount.currency.code().to_string());
        let values = binds![tenant_id, party_id, id, receivable_id, minor, currency, why, today, now, seq];
        self.execute(sql, values).await?;
        self.wake_party(party_id).await?;
        Ok(id)
    }

    pub async fn resolve_dispute(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
        resolution: &str,
    ) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE dispute SET resolved_at = $4, resolution = $5 WHERE tenant_id = $1 AND party_id = $2 \
                   AND receivable_id = $3 AND resolved_at IS NULL";
        if self.execute(sql, binds![tenant_id, party_id, receivable_id, now, resolution]).await? == 0 {
            return Err(StoreError::not_found("open dispute on", receivable_id.to_string()));
        }
        self.wake_party(party_id).await
    }
}

impl Commit {
    /// Debtors with a promise that is open though it was for a day before this one.
    pub async fn parties_with_promises_before(&mut self, day: Date) -> Result<Vec<PartyId>, StoreError> {
        let tenant_id = self.tenant_id;
        let sql = "SELECT DISTINCT p.party_id FROM promise p WHERE p.tenant_id = $1 AND p.settled_at IS NULL \
                   AND p.pay_on < $2 ORDER BY p.party_id";
        let rows: Vec<(PartyId,)> = fetch(&mut self.tx, sql, binds![tenant_id, day]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Debtors with promises of whose money or debts this change has written something.
    pub async fn parties_with_promises_touched(&mut self) -> Result<Vec<PartyId>, StoreError> {
        let (tenant_id, seq) = (self.tenant_id, self.seq);
        let sql = "SELECT DISTINCT p.party_id FROM promise p WHERE p.tenant_id = $1 AND p.state <> 'withdrawn' AND \
                   (EXISTS (SELECT 1 FROM ledger_entry e WHERE e.tenant_id = p.tenant_id AND e.party_id = p.party_id \
                   AND e.seq = $2) OR EXISTS (SELECT 1 FROM receivable r WHERE r.tenant_id = p.tenant_id \
                   AND r.party_id = p.party_id AND r.seq = $2)) ORDER BY p.party_id";
        let rows: Vec<(PartyId,)> = fetch(&mut self.tx, sql, binds![tenant_id, seq]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}
