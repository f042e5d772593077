//! When things happened to an order: worked back from the day on which its money falls due, or forward from its
//! proforma invoice.

use jiff::civil::Date;

use super::calendar::{plus, working_day_from, working_day_until};
use super::dice::Dice;
use super::terms::{Events, Shape};

/// Works back from the day on which the last part falls due.
pub fn events_before(shape: Shape, due: Date, dice: &mut Dice) -> Events {
    let triggered = |days: i64| working_day_until(plus(due, -days));
    let (ready, bill_of_lading, copy_sent, invoice) = match shape {
        Shape::DepositThenCopy { days, .. } => {
            let copy_sent = triggered(days);
            let sailed = plus(copy_sent, -dice.between(3, 6));
            (plus(sailed, -dice.between(5, 9)), sailed, copy_sent, working_day_until(sailed))
        }
        Shape::DepositThenReady { days, .. } | Shape::BeforeShipment(days) | Shape::InAdvance(days) => {
            let ready = triggered(days);
            let sailed = plus(ready, dice.between(9, 12));
            (ready, sailed, plus(sailed, 4), ready)
        }
        Shape::OpenFromBl(days) | Shape::OpenFromInvoice(days) => shipped_on(plus(due, -days)),
        Shape::EndOfMonth(days) => shipped_on(working_day_until(plus(due, -days - 10))),
    };
    let ready = working_day_until(ready);
    let proforma = working_day_until(plus(ready, -dice.between(28, 42)));
    let ordered = working_day_until(plus(proforma, -dice.between(1, 3)));
    Events { ordered, proforma, ready, bill_of_lading, copy_sent: working_day_from(copy_sent), invoice }
}

fn shipped_on(invoice: Date) -> (Date, Date, Date, Date) {
    (plus(invoice, -6), invoice, plus(invoice, 4), invoice)
}

/// Works forward from the proforma invoice.
pub fn events_after(shape: Shape, proforma: Date, dice: &mut Dice) -> Events {
    let proforma = working_day_until(proforma);
    let lead = match shape {
        Shape::DepositThenCopy { .. } | Shape::DepositThenReady { .. } => dice.between(25, 32),
        Shape::InAdvance(_) => dice.between(16, 22),
        _ => dice.between(4, 8),
    };
    let ready = working_day_from(plus(proforma, lead));
    let bill_of_lading = plus(ready, dice.between(5, 8));
    let invoice = match shape {
        Shape::DepositThenReady { .. } | Shape::BeforeShipment(_) | Shape::InAdvance(_) => ready,
        _ => bill_of_lading,
    };
    Events {
        ordered: working_day_until(plus(proforma, -dice.between(1, 2))),
        proforma,
        ready,
        bill_of_lading,
        copy_sent: working_day_from(plus(bill_of_lading, 4)),
        invoice,
    }
}
