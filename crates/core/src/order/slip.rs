//! What somebody did with orders by a slip, and takes back: known again by the number of the change.

use crate::receivable::coded_enum;

coded_enum! {
    /// What one change did with orders.
    OrderSlip {
        /// Goods are here, or not.
        Stock = "stock",
        /// Kept here.
        Hold = "hold",
        /// Let go.
        Release = "release",
        /// Parcels that left by a person's word.
        Ship = "ship",
        /// A question that was answered, or ended.
        Ask = "ask",
        /// How an order stands, by a person's word.
        State = "state",
    }
}
