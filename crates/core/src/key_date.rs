//! Days that matter to an order beside its due dates: times in playbooks count from them.

use jiff::civil::Date;

use crate::receivable::coded_enum;

coded_enum! {
    /// What happens, or ends, on the day.
    KeyDate {
        /// The goods arrive at the port of destination.
        Arrival = "arrival",
        /// Last day without demurrage, detention or storage.
        FreeTimeEnd = "free_time_end",
        /// The marketplace closes the unpaid order.
        PlatformClose = "platform_close",
        /// Last day of shipment under the letter of credit.
        LatestShipment = "latest_shipment",
        /// Last day to present documents under the letter of credit.
        Presentation = "presentation",
        /// The letter of credit expires.
        CreditExpiry = "credit_expiry",
        /// The buyer's bank has the documents for collection (D/P, D/A).
        Collection = "collection",
        /// The buyer accepted the draft (D/A).
        Acceptance = "acceptance",
        /// The accepted draft falls due.
        Maturity = "maturity",
    }
}

/// The day of a kind among those of an order.
pub fn day_of(dates: &[(KeyDate, Date)], kind: KeyDate) -> Option<Date> {
    dates.iter().find(|(known, _)| *known == kind).map(|(_, day)| *day)
}
