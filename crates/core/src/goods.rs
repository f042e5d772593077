//! How far the goods of an order are, by what was noted of it: letters about money say something of them, and what they say has to
//! be true on the day on which they leave.
//!
//! Terms name an order of things (deposit, production, loading, papers) that life does not keep: goods are made before the
//! deposit came, and shipped before the balance. So no letter takes it from the kind of debt that it is about.

use jiff::civil::Date;

use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::key_date::KeyDate;
use crate::receivable::{Trigger, coded_enum};

coded_enum! {
    /// The last that is known of the goods of an order.
    GoodsStage {
        /// Something shows that they are past production, and nothing how far.
        Made = "made",
        Ready = "ready",
        Shipped = "shipped",
    }
}

/// The last that is known on a day of the goods for which a debt is owed; `None` where nothing was told of them.
pub fn stage(facts: &DebtorFacts, item: &ReceivableFacts, today: Date) -> Option<GoodsStage> {
    let order = item.receivable.order_id;
    let of_order = |other: &&ReceivableFacts| {
        other.receivable.id == item.receivable.id || (order.is_some() && other.receivable.order_id == order)
    };
    let parts = facts.receivables.iter().filter(of_order);
    let by_parts = parts.flat_map(|part| by_part(part, today));
    let noted = facts.events.iter().filter(|event| Some(event.order_id) == order && event.effective_on <= today);
    by_parts.chain(noted.filter_map(|event| by_trigger(event.trigger))).max()
}

fn by_part(part: &ReceivableFacts, today: Date) -> Option<GoodsStage> {
    let begun = part.receivable.triggered_on.is_some_and(|on| on <= today);
    let by_clock = if begun { by_trigger(part.receivable.trigger) } else { None };
    let come = part.dates.iter().filter(|(_, day)| *day <= today);
    by_clock.max(come.filter_map(|(kind, _)| by_key_date(*kind)).max())
}

const fn by_trigger(trigger: Trigger) -> Option<GoodsStage> {
    match trigger {
        Trigger::BlDate | Trigger::BlCopy | Trigger::Arrival => Some(GoodsStage::Shipped),
        Trigger::GoodsReady => Some(GoodsStage::Ready),
        // An invoice is written when goods leave, or before, or after.
        Trigger::InvoiceDate | Trigger::EndOfMonth => Some(GoodsStage::Made),
        Trigger::Proforma | Trigger::OrderPlaced | Trigger::FixedDate => None,
    }
}

/// A day at the port is mostly one that was expected: that it passed does not say that the ship came.
const fn by_key_date(kind: KeyDate) -> Option<GoodsStage> {
    match kind {
        KeyDate::Collection | KeyDate::Acceptance | KeyDate::Maturity => Some(GoodsStage::Shipped),
        KeyDate::Arrival | KeyDate::FreeTimeEnd => Some(GoodsStage::Made),
        KeyDate::PlatformClose | KeyDate::LatestShipment | KeyDate::Presentation | KeyDate::CreditExpiry => None,
    }
}
