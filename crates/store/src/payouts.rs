//! What a platform pays out for an order, what it keeps of it, and what it takes back: lines of the ledger on the receivable
//! that the platform owes ([0023](../../../docs/decisions/0023-payouts-settle-the-platform.md)).
//!
//! Nothing is computed here that the ledger does not hold: what is owed, paid out and kept are sums of its lines.

use jiff::civil::Date;

use dunlin_core::ids::{LedgerEntryId, PartyId, PaymentId, ReceivableId};
use dunlin_core::money::Money;
use dunlin_core::payment::PaymentSource;
use dunlin_core::receivable::Obligor;
use dunlin_core::receivable::ledger::{AllocatedFrom, LedgerEntry, LedgerKind};
use dunlin_core::receivable::share::Share;

use crate::bind::binds;
use crate::facts::{EVERYTHING, Scope, load};
use crate::{Commit, PlacedShare, StoreError};

/// One line of a payout, or of what is taken back: all amounts at least zero, in the receivable's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payout {
    /// What came, or went back.
    pub net: Money,
    /// What the platform kept, or gave back with it.
    pub fee: Money,
    pub on: Date,
}

impl Payout {
    /// What it settles of the debt, or what the buyer gets back.
    pub fn gross(&self) -> Result<Money, StoreError> {
        Ok(self.net.checked_add(self.fee)?)
    }
}

/// How a receivable stands with the platform.
#[derive(Debug, Clone)]
pub struct PlatformDebt {
    pub obligor: Obligor,
    pub closed: bool,
    pub outstanding: Money,
    /// Came by payouts and was not taken back.
    pub paid_out: Money,
    pub fees: Money,
    /// The lines of both that stand, the last one first.
    payouts: Vec<LedgerEntry>,
    kept: Vec<LedgerEntry>,
}

fn sum(lines: &[LedgerEntry], zero: Money) -> Result<Money, StoreError> {
    lines.iter().try_fold(zero, |sum, line| Ok(sum.checked_add(line.amount)?))
}

impl Commit {
    /// What the ledger says of a receivable and its platform.
    pub async fn platform_debt(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
    ) -> Result<PlatformDebt, StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let facts = load(&mut self.tx, tenant_id, Scope::One(party_id), now, EVERYTHING).await?;
        let item = facts
            .iter()
            .flat_map(|facts| &facts.receivables)
            .find(|item| item.receivable.id == receivable_id)
            .ok_or_else(|| StoreError::not_found("receivable", receivable_id.to_string()))?;
        let stands = |line: &&LedgerEntry| {
            line.reverses.is_none() && !item.entries.iter().any(|other| other.reverses == Some(line.id))
        };
        let (mut payouts, mut kept) = (Vec::new(), Vec::new());
        for line in item.entries.iter().rev().filter(stands) {
            let source = match &line.payment {
                Some(from) => Some(self.payment(from.payment_id).await?.source),
                None => None,
            };
            if source == Some(PaymentSource::Payout) {
                payouts.push(line.clone());
            } else if line.kind == LedgerKind::Fee {
                kept.push(line.clone());
            }
        }
        let zero = Money::zero(item.receivable.amount.currency);
        Ok(PlatformDebt {
            obligor: item.receivable.obligor,
            closed: item.receivable.closed,
            outstanding: item.outstanding()?,
            paid_out: sum(&payouts, zero)?,
            fees: sum(&kept, zero)?,
            payouts,
            kept,
        })
    }

    /// Who is paid out by the platform was paid by the buyer before: from now on the platform owes. `true`: that is new.
    pub async fn owe_by_platform(
        &mut self,
        party_id: PartyId,
        receivable_id: ReceivableId,
    ) -> Result<bool, StoreError> {
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "UPDATE receivable SET obligor = 'platform', recorded_at = $4, seq = $5 WHERE tenant_id = $1 \
                   AND party_id = $2 AND id = $3 AND obligor = 'buyer'";
        if self.execute(sql, binds![tenant_id, party_id, receivable_id, now, seq]).await? == 0 {
            return Ok(false);
        }
        let image = serde_json::json!({"obligor": Obligor::Buyer.code()});
        self.keep_history(Some(party_id), "receivable", &receivable_id.to_string(), image).await?;
        self.wake_party(party_id).await?;
        Ok(true)
    }

    /// The platform paid out: the money becomes a payment that has its place at once, the fee a line of its own. Returns
    /// the payment; `None` where the fee took all.
    pub async fn settle_payout(
        &mut self,
        (party_id, receivable_id): (PartyId, ReceivableId),
        payout: &Payout,
        words: &str,
        note: &str,
    ) -> Result<Option<PaymentId>, StoreError> {
        let mut payment = None;
        if payout.net.is_positive() {
            let id = self.add_payment(PaymentSource::Payout, None, payout.net, payout.on, "", words).await?;
            let share = PlacedShare { party_id, receivable_id, share: Share::same(payout.net) };
            self.place_payment(id, &[share], note).await?;
            payment = Some(id);
        }
        if payout.fee.is_positive() {
            self.lower_outstanding(party_id, receivable_id, LedgerKind::Fee, payout.fee, note, payout.on).await?;
        }
        Ok(payment)
    }

    /// The platform took money back, because the buyer got it back: of what it had paid out `net` went, of what it had kept
    /// it gave `fee` up, and the buyer is credited with both. What is outstanding stays as it was. Whoever calls has
    /// looked that so much was paid out and kept.
    pub async fn refund_payout(
        &mut self,
        (party_id, receivable_id): (PartyId, ReceivableId),
        back: &Payout,
        note: &str,
    ) -> Result<(), StoreError> {
        let debt = self.platform_debt(party_id, receivable_id).await?;
        for (lines, amount) in [(&debt.payouts, back.net), (&debt.kept, back.fee)] {
            let mut rest = amount.minor;
            for line in lines {
                let taken = line.amount.minor.min(rest);
                if taken > 0 {
                    self.shorten(party_id, line, taken, (back.on, note)).await?;
                    rest -= taken;
                }
            }
            if rest > 0 {
                let why = "the platform takes more back than it has paid out and kept";
                return Err(StoreError::Refused(why.to_string()));
            }
        }
        self.lower_outstanding(party_id, receivable_id, LedgerKind::Credit, back.gross()?, note, back.on).await
    }

    /// Lines are never changed: one is taken back as a whole, and what is left of it stands as a new one. What a payment
    /// loses by it is nobody's to place any more.
    async fn shorten(
        &mut self,
        party_id: PartyId,
        line: &LedgerEntry,
        taken: i64,
        (on, note): (Date, &str),
    ) -> Result<(), StoreError> {
        let (amount, payment) = line.taken_back()?;
        let new = |id: LedgerEntryId| LedgerEntry { id, effective_on: on, note: note.to_string(), ..line.clone() };
        let back = LedgerEntry { amount, payment, reverses: Some(line.id), ..new(LedgerEntryId(self.ids.make())) };
        self.append(party_id, back, None).await?;
        let from = line.payment.as_ref().map(|from| from.payment_id);
        let rest = Money::new(line.amount.minor - taken, line.amount.currency);
        if rest.is_positive() {
            let payment = from.map(|id| AllocatedFrom::new(id, Share::same(rest))).transpose()?;
            let left = match from {
                Some(id) => Some(self.payment(id).await?.left),
                None => None,
            };
            let entry = LedgerEntry { amount: rest, payment, ..new(LedgerEntryId(self.ids.make())) };
            self.append(party_id, entry, left).await?;
        }
        let Some(id) = from else { return Ok(()) };
        let tenant_id = self.tenant_id;
        let sql = "UPDATE payment SET placed = 0 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id]).await?;
        let payment = self.payment(id).await?;
        self.set_rest_aside(&payment, note).await
    }
}
