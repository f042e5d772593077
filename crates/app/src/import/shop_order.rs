//! An order of a marketplace on its way into the books: what a file says of one and what a connection says of it are
//! written here, the same way and under the same names, so that either may come first and both may come twice.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use dunlin_core::ids::{OrderId, PartyId, ReceivableId};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::receivable::{Milestone, Obligor, Trigger};
use dunlin_store::{Commit, OrderFields, OrderRow, ReceivableFields, StoreError};

/// Under which names of somebody else's the orders and buyers of marketplaces are known.
pub const SOURCE: &str = "marketplace";

/// Who owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Buyer,
    Platform,
    Nobody,
}

/// An order as somebody tells it.
#[derive(Debug, Clone)]
pub struct ShopOrder {
    pub number: String,
    pub placed_at: Timestamp,
    pub amount: Money,
    pub goods: String,
    pub standing: Standing,
    /// It was called off, and not only nobody's to pay for the moment.
    pub cancelled: bool,
    /// The platform's own word.
    pub status: String,
}

/// A field that reads differently now: name, before, after.
pub type Change = (&'static str, String, String);

/// The day on which orders and debts fall, and the zone that it is a day in.
#[derive(Debug, Clone)]
pub struct Days {
    pub zone: TimeZone,
    pub today: Date,
}

impl ShopOrder {
    fn placed_on(&self, days: &Days) -> Date {
        self.placed_at.to_zoned(days.zone.clone()).date()
    }

    /// Writes the order itself. Returns its id, whether it is new, and what was corrected.
    pub async fn write(
        &self,
        commit: &mut Commit,
        party_id: PartyId,
        known: Option<OrderRow>,
        days: &Days,
    ) -> Result<(OrderId, bool, Vec<Change>), StoreError> {
        let fields = OrderFields {
            party_id,
            number: self.number.clone(),
            source: OrderSource::Marketplace,
            total: self.amount,
            ordered_on: self.placed_on(days),
            ordered_at: Some(self.placed_at),
            terms_text: String::new(),
            goods: self.goods.clone(),
            remote_state: self.status.clone(),
            cancelled: self.cancelled,
        };
        match known {
            Some(known) => {
                let changes = commit.correct_order(&known, &fields).await?;
                Ok((known.id, false, changes))
            }
            None => Ok((commit.add_order(&fields, days.today).await?, true, Vec::new())),
        }
    }

    /// The one receivable that stands on it.
    pub fn receivable(&self, party_id: PartyId, order_id: OrderId, days: &Days) -> ReceivableFields {
        let placed_on = self.placed_on(days);
        ReceivableFields {
            party_id,
            order_id: Some(order_id),
            invoice_id: None,
            reference: self.number.clone(),
            order_number: Some(self.number.clone()),
            milestone: Milestone::Full,
            trigger: Trigger::OrderPlaced,
            days: 0,
            amount: self.amount,
            triggered_on: Some(placed_on),
            due_on: Some(placed_on),
            placed_at: Some(self.placed_at),
            obligor: if self.standing == Standing::Platform { Obligor::Platform } else { Obligor::Buyer },
            source: OrderSource::Marketplace,
            closed: self.standing == Standing::Nobody,
        }
    }

    /// Writes the receivable. Returns its id, whether it is new, and what was corrected.
    pub async fn write_receivable(
        &self,
        commit: &mut Commit,
        fields: &ReceivableFields,
        days: &Days,
    ) -> Result<(ReceivableId, bool, Vec<Change>), StoreError> {
        let key = format!("{}#full", self.number);
        commit.upsert_receivable(SOURCE, &key, fields, days.today).await
    }
}
