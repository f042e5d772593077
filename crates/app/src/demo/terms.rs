//! Payment terms of the demo's orders: the words that stand in the spreadsheet, and what they mean to the
//! buyers who live by them. This is the demo's own reading, made to write believable payments; the product
//! reads the words by itself.

use jiff::civil::Date;

use super::calendar::plus;

/// What the words agree on. Days count from the trigger; where the words name none, the money is due on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A deposit on the proforma invoice, the rest against the copy of the bill of lading.
    DepositThenCopy { percent: i64, deposit_days: i64, days: i64 },
    /// A deposit on the proforma invoice, the rest before the goods leave.
    DepositThenReady { percent: i64, deposit_days: i64, days: i64 },
    /// Everything so many days after the date of the bill of lading (and of the invoice: they are the same day).
    OpenFromBl(i64),
    /// Everything so many days after the date of the invoice.
    OpenFromInvoice(i64),
    /// Everything at the end of the month in which so many days from the invoice are over.
    EndOfMonth(i64),
    /// Everything on the proforma invoice: a deposit of the whole.
    InAdvance(i64),
    /// Everything before the goods leave.
    BeforeShipment(i64),
}

/// Terms as somebody typed them.
pub struct Terms {
    pub words: &'static str,
    pub shape: Shape,
}

const fn terms(words: &'static str, shape: Shape) -> Terms {
    Terms { words, shape }
}

const fn copy(words: &'static str, percent: i64, deposit_days: i64, days: i64) -> Terms {
    terms(words, Shape::DepositThenCopy { percent, deposit_days, days })
}

const fn ready(words: &'static str, percent: i64, deposit_days: i64, days: i64) -> Terms {
    terms(words, Shape::DepositThenReady { percent, deposit_days, days })
}

/// Against the copy of the bill of lading, in four people's spelling.
pub const COPY: &[Terms] = &[
    copy("30% T/T deposit, 70% against copy of B/L", 30, 0, 0),
    copy("30%定金，70%见提单副本", 30, 0, 0),
    copy("见提单副本付尾款，定金30%", 30, 0, 0),
    copy("20% deposit, 80% against B/L copy", 20, 0, 0),
];
/// The same, with days.
pub const COPY_DAYS: &[Terms] = &[
    copy("30% deposit within 7 days of PI, 70% within 7 days after copy of B/L", 30, 7, 7),
    copy("30%定金（PI后7天内），70%见提单副本后10天内", 30, 7, 10),
    copy("30% T/T deposit within 10 days, 70% within 14 days after B/L copy", 30, 10, 14),
];
/// Balance before shipment.
pub const READY: &[Terms] = &[
    ready("20% deposit, 80% before shipment", 20, 0, 0),
    ready("30%预付，余款发货前付清", 30, 0, 0),
    ready("30% T/T in advance, 70% before shipment", 30, 0, 0),
];
/// The same, with days.
pub const READY_DAYS: &[Terms] = &[
    ready("20% deposit within 7 days of PI, 80% before shipment within 10 days of goods ready", 20, 7, 10),
    ready("30%预付（7天内），余款货好后10天内发货前付清", 30, 7, 10),
];
/// Open account from the bill of lading.
pub const OPEN_BL: &[Terms] = &[
    terms("OA 60 days after B/L date", Shape::OpenFromBl(60)),
    terms("O/A 45 days", Shape::OpenFromBl(45)),
    terms("提单日后60天付款", Shape::OpenFromBl(60)),
    terms("O/A 45 days after B/L date", Shape::OpenFromBl(45)),
];
/// Open account from the invoice.
pub const OPEN_INVOICE: &[Terms] = &[
    terms("net 30", Shape::OpenFromInvoice(30)),
    terms("O/A 30 days from invoice date", Shape::OpenFromInvoice(30)),
    terms("Net 45 days", Shape::OpenFromInvoice(45)),
];
/// Monthly settlement.
pub const MONTHLY: &[Terms] = &[terms("月结30天", Shape::EndOfMonth(30))];
/// Everything before the goods leave.
pub const FULL_READY: &[Terms] = &[terms("T/T 100% before shipment", Shape::BeforeShipment(0))];
/// The same, with days.
pub const FULL_READY_DAYS: &[Terms] =
    &[terms("100% T/T before shipment within 7 days of goods ready", Shape::BeforeShipment(7))];
/// Everything with the order.
pub const ADVANCE: &[Terms] = &[terms("100% T/T in advance", Shape::InAdvance(0))];
/// The same, with days.
pub const ADVANCE_DAYS: &[Terms] = &[terms("100% T/T in advance within 10 days of PI", Shape::InAdvance(10))];

/// The dates on which things happened to an order, as far as they did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Events {
    pub ordered: Date,
    pub proforma: Date,
    pub ready: Date,
    pub bill_of_lading: Date,
    pub copy_sent: Date,
    pub invoice: Date,
}

/// One amount due: what the product will call a receivable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// `deposit`, `balance` or `full`.
    pub milestone: &'static str,
    /// Minor units.
    pub amount: i64,
    /// The day its trigger happens.
    pub triggered: Date,
    pub due: Date,
}

/// Splits an order's amount into what is due when.
pub fn parts(shape: Shape, amount: i64, events: &Events) -> Vec<Part> {
    let part = |milestone, amount, triggered, due| Part { milestone, amount, triggered, due };
    let after = |milestone, amount, triggered, days| part(milestone, amount, triggered, plus(triggered, days));
    let split = |percent: i64, deposit_days: i64, second: Date, days: i64| {
        let deposit = amount * percent / 100;
        vec![after("deposit", deposit, events.proforma, deposit_days), after("balance", amount - deposit, second, days)]
    };
    match shape {
        Shape::DepositThenCopy { percent, deposit_days, days } => split(percent, deposit_days, events.copy_sent, days),
        Shape::DepositThenReady { percent, deposit_days, days } => split(percent, deposit_days, events.ready, days),
        Shape::OpenFromBl(days) => vec![after("full", amount, events.bill_of_lading, days)],
        Shape::OpenFromInvoice(days) => vec![after("full", amount, events.invoice, days)],
        Shape::EndOfMonth(days) => {
            vec![part("full", amount, events.invoice, plus(events.invoice, days).last_of_month())]
        }
        Shape::InAdvance(days) => vec![after("deposit", amount, events.proforma, days)],
        Shape::BeforeShipment(days) => vec![after("full", amount, events.ready, days)],
    }
}
