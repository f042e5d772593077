//! Orders that could go in one parcel (SCENARIOS M8): a buyer is asked about those that wait to be shipped, and about nothing
//! where there is only one.

use jiff::civil::Date;

use crate::facts::DebtorFacts;
use crate::facts::orders::OrderFacts;
use crate::order::story::OrderState;

/// The buyer's other orders that could leave in one parcel with this one: paid, with nothing shipped, missing or in dispute of
/// them, and to the same country.
pub fn together<'a>(facts: &'a DebtorFacts, order: &OrderFacts, today: Date) -> Vec<&'a OrderFacts> {
    let waits = |state: OrderState| {
        use OrderState as S;
        matches!(state, S::Paid | S::InStock | S::AwaitingConfirmation | S::Ready)
    };
    let fits = |other: &&OrderFacts| {
        other.id != order.id
            && other.source == order.source
            && other.goes_to == order.goes_to
            && waits(other.state(today))
    };
    facts.orders.iter().filter(fits).collect()
}
