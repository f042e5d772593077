//! What the words of a marketplace's export say of how an order stands: data, and what each means together with the rest
//! of its row. Who owes is read from the same words in `words`. A word that is not here tells nothing of the order.

use dunlin_core::order::story::{CloseReason, OrderWord};

use super::headers::fold;

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoken {
    AwaitingPayment,
    Checking,
    /// The money is looked at: before dispatch by risk control, after it on its way to us.
    Funds,
    ToShip,
    PartShipped,
    Shipped,
    /// Received; the platform has yet to pay out.
    Received,
    Completed,
    /// Over, however it ended.
    Ended,
    InDispute,
    Frozen,
    ClosedByRisk,
    ClosedUnpaid,
    Closed,
    CancelledByBuyer,
    Cancelled,
}

#[rustfmt::skip] // A table: one line per word's group.
const WORDS: &[(Spoken, &[&str])] = &[
    (
        Spoken::AwaitingPayment,
        &[
            "awaiting payment", "awaiting buyer payment", "waiting for payment", "waiting for buyer payment", "pending payment",
            "payment pending", "unpaid", "not paid", "to pay", "place_order_success", "pending", "等待买家付款", "等待付款", "待付款",
            "待买家付款", "未付款", "pendiente de pago",
        ],
    ),
    (
        Spoken::Checking,
        &[
            "risk_control", "payment under review", "under review", "payment processing", "风控中", "风控审核中", "订单审核中",
            "等待风控审核", "等待资金审核", "资金审核中", "资金处理中(风控)", "资金未到账",
        ],
    ),
    (Spoken::Funds, &["fund_processing", "资金处理中"]),
    (
        Spoken::ToShip,
        &[
            "paid", "payment received", "awaiting shipment", "awaiting dispatch", "awaiting fulfillment", "to ship", "unshipped",
            "processing", "ready to ship", "wait_seller_send_goods", "已付款", "买家已付款", "等待卖家发货", "等待您发货", "等待发货", "待发货",
            "pagado",
        ],
    ),
    (
        Spoken::PartShipped,
        &["partially shipped", "part shipped", "partly shipped", "seller_part_send_goods", "部分发货", "等待部分发货"],
    ),
    (
        Spoken::Shipped,
        &[
            "shipped", "in transit", "dispatched", "awaiting delivery", "awaiting confirmation", "awaiting acceptance",
            "awaiting receipt", "wait_buyer_accept_goods", "已发货", "卖家已发货", "等待买家收货", "等待买家确认收货", "待收货", "运输中", "enviado",
        ],
    ),
    (Spoken::Received, &["delivered", "已签收", "等待资金放款", "等待放款", "待放款", "entregado"]),
    (Spoken::Completed, &["completed", "complete", "done", "交易完成", "交易成功", "已完成", "completado"]),
    (Spoken::Ended, &["finish", "finished", "已结束的订单", "已结束"]),
    (Spoken::InDispute, &["in_issue", "in dispute", "纠纷中", "含纠纷的订单"]),
    (Spoken::Frozen, &["in_frozen", "frozen", "冻结中", "冻结中的订单"]),
    (Spoken::ClosedByRisk, &["risk control closed", "risk_control_closed", "风控关闭"]),
    (Spoken::ClosedUnpaid, &["timeout closed", "expired", "超时关闭", "payment failed closed"]),
    (Spoken::Closed, &["closed", "order closed", "refunded", "交易关闭", "订单关闭", "已关闭", "已退款"]),
    (Spoken::CancelledByBuyer, &["cancelled by buyer", "canceled by buyer", "买家取消"]),
    (
        Spoken::Cancelled,
        &[
            "cancelled", "canceled", "order cancelled", "order canceled", "void", "voided", "已取消", "取消", "交易取消", "订单取消", "作废",
            "已作废", "cancelado", "anulado",
        ],
    ),
];

/// What a word says; `None` when nobody here knows it, or when it leaves open how the order stands (a cancellation that
/// was asked for).
pub fn spoken(text: &str) -> Option<Spoken> {
    let folded = fold(text);
    WORDS.iter().find(|(_, words)| words.iter().any(|word| fold(word) == folded)).map(|(spoken, _)| *spoken)
}

/// What else is known where a word is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside {
    /// The row has a payment time.
    pub paid: bool,
    /// The file says of every order when it was paid.
    pub tells_payment: bool,
    /// Goods have left: a day or a number says so.
    pub has_left: bool,
}

impl Spoken {
    /// How the order stands. `None`: the row contradicts itself.
    pub fn means(self, beside: Beside) -> Option<(OrderWord, Option<CloseReason>)> {
        let is_unpaid = !beside.paid && beside.tells_payment;
        let closed = |why| Some((OrderWord::Closed, Some(why)));
        let plain = |word| Some((word, None));
        match self {
            // What has been paid is not waited for; what was told of its payment stays.
            Self::AwaitingPayment if beside.paid => None,
            Self::AwaitingPayment => plain(OrderWord::Placed),
            Self::Checking => plain(OrderWord::RiskControl),
            Self::Funds if beside.has_left => plain(OrderWord::Delivered),
            Self::Funds => plain(OrderWord::RiskControl),
            Self::ToShip => plain(OrderWord::Paid),
            Self::PartShipped => plain(OrderWord::PartShipped),
            Self::Shipped => plain(OrderWord::Shipped),
            Self::Received => plain(OrderWord::Delivered),
            Self::Completed | Self::Ended if is_unpaid && !beside.has_left => closed(CloseReason::Unpaid),
            Self::Completed => plain(OrderWord::Completed),
            Self::Ended if beside.has_left => plain(OrderWord::Completed),
            // It ended before anything left.
            Self::Ended => closed(CloseReason::Other),
            Self::InDispute => plain(OrderWord::InDispute),
            Self::Frozen => plain(OrderWord::Frozen),
            Self::ClosedByRisk => closed(CloseReason::RiskControl),
            Self::ClosedUnpaid if !beside.paid => closed(CloseReason::Unpaid),
            Self::Closed if is_unpaid => closed(CloseReason::Unpaid),
            Self::ClosedUnpaid | Self::Closed => closed(CloseReason::Other),
            Self::CancelledByBuyer => Some((OrderWord::Cancelled, Some(CloseReason::Buyer))),
            Self::Cancelled => Some((OrderWord::Cancelled, Some(CloseReason::Other))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::words::{State, state};
    use OrderWord as W;

    fn means(text: &str, paid: bool, has_left: bool) -> Option<(OrderWord, Option<CloseReason>)> {
        spoken(text)?.means(Beside { paid, tells_payment: true, has_left })
    }

    #[test]
    fn both_languages_and_the_codes_of_the_platform() {
        let table = [
            ("等待买家付款", false, false, W::Placed),
            ("资金处理中（风控）", true, false, W::RiskControl),
            ("资金处理中", true, false, W::RiskControl),
            ("资金处理中", true, true, W::Delivered),
            ("等待您发货", true, false, W::Paid),
            ("买家已付款", true, false, W::Paid),
            ("WAIT_SELLER_SEND_GOODS", true, false, W::Paid),
            ("等待部分发货", true, true, W::PartShipped),
            ("等待买家收货", true, true, W::Shipped),
            ("Awaiting delivery", true, true, W::Shipped),
            ("交易完成", true, true, W::Completed),
            ("含纠纷的订单", true, true, W::InDispute),
            ("冻结中", true, false, W::Frozen),
            ("交易取消", true, false, W::Cancelled),
        ];
        for (text, paid, has_left, word) in table {
            assert_eq!(means(text, paid, has_left).map(|(word, _)| word), Some(word), "{text}");
        }
    }

    #[test]
    fn an_end_is_read_with_the_payment_beside_it() {
        let closed = |why| Some((W::Closed, Some(why)));
        assert_eq!(means("FINISH", false, false), closed(CloseReason::Unpaid));
        assert_eq!(means("交易完成", false, false), closed(CloseReason::Unpaid));
        assert_eq!(means("FINISH", true, false), closed(CloseReason::Other));
        assert_eq!(means("FINISH", true, true), Some((W::Completed, None)));
        assert_eq!(means("已关闭", false, false), closed(CloseReason::Unpaid));
        assert_eq!(means("已关闭", true, false), closed(CloseReason::Other));
        assert_eq!(means("风控关闭", true, false), closed(CloseReason::RiskControl));
        assert_eq!(means("等待买家付款", true, false), None);
        assert_eq!(means("买家申请取消", true, false), None);
        assert_eq!(means("wandering", true, false), None);
    }

    /// Who owes and how the order stands are read from one cell: neither may know a word that the other does not.
    #[test]
    fn every_word_here_also_says_who_owes() {
        for (spoken, words) in WORDS {
            for word in *words {
                let owed = state(word).unwrap_or_else(|| panic!("{word} says nothing of the money"));
                let fits = match spoken {
                    Spoken::AwaitingPayment => owed == State::AwaitingPayment,
                    Spoken::Completed | Spoken::Ended => owed == State::Finished,
                    Spoken::ClosedByRisk
                    | Spoken::ClosedUnpaid
                    | Spoken::Closed
                    | Spoken::CancelledByBuyer
                    | Spoken::Cancelled => owed == State::Closed,
                    _ => owed == State::Paid,
                };
                assert!(fits, "{word}: {spoken:?}, {owed:?}");
            }
        }
    }
}
