//! What the words of the marketplace mean for who owes an order. Only a plainly unpaid one lets its buyer owe; whatever is
//! unclear presses nobody and is listed for a person.

use dunlin_channels::aliexpress::orders::RemoteOrder;
use dunlin_channels::aliexpress::status::{Closing, FundStatus, Standing as Remote, end_reason};
use dunlin_channels::aliexpress::uncertain::EndReason;

use super::order_told::has_left;
use crate::import::shop_order::Standing;

/// Why a person has to look at an order, in a word that pages have a sentence for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Problem(pub(super) &'static str);

/// What the words of an order mean for who owes it.
pub(super) struct Judged {
    pub(super) standing: Standing,
    pub(super) cancelled: bool,
    pub(super) problem: Option<Problem>,
}

pub(super) fn judge(order: &RemoteOrder) -> Judged {
    let clear = |standing| Judged { standing, cancelled: false, problem: None };
    // Money that may have come is never asked for.
    let may_be_paid =
        order.paid.is_some() || matches!(order.fund, FundStatus::PaySuccess | FundStatus::WaitSellerCheck);
    let unclear = |code| {
        let standing = if may_be_paid { Standing::Platform } else { Standing::Nobody };
        Judged { standing, cancelled: false, problem: Some(Problem(code)) }
    };
    match order.standing() {
        Remote::AwaitingPayment if may_be_paid => unclear("contradiction"),
        Remote::AwaitingPayment => clear(Standing::Buyer),
        // Called off before anything left: the buyer has the money back, and the platform pays out nothing.
        Remote::Closed(Closing::Paid) if is_called_off(order) => Judged { cancelled: true, ..clear(Standing::Nobody) },
        // What the platform has yet to pay out, or has: its payouts settle it.
        Remote::RiskCheck
        | Remote::AwaitingShipment { .. }
        | Remote::AwaitingReceipt
        | Remote::AwaitingPayout
        | Remote::Closed(Closing::Paid) => clear(Standing::Platform),
        Remote::Closed(Closing::Unpaid) => Judged { cancelled: true, ..clear(Standing::Nobody) },
        Remote::Closed(Closing::Untold) => unclear("closed_untold"),
        Remote::CancelAsked => unclear("cancel_asked"),
        Remote::AmountToConfirm => unclear("amount_to_confirm"),
        Remote::Disputed => unclear("disputed"),
        Remote::Frozen => unclear("frozen"),
        Remote::Unclear(_) => unclear("unknown_words"),
    }
}

fn is_called_off(order: &RemoteOrder) -> bool {
    end_reason(order).is_some_and(|reason| reason != EndReason::Received) && !has_left(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dunlin_channels::aliexpress::pacific::Pacific;

    fn order(status: &str, fund: &str, paid: &str) -> RemoteOrder {
        let value = serde_json::json!({"order_id": "9007199254740993", "order_status": status, "fund_status": fund,
            "issue_status": "NO_ISSUE", "frozen_status": "NO_FROZEN", "gmt_pay_time": paid});
        RemoteOrder::read(&value, &Pacific::load().expect("zones")).expect("an order").0
    }

    #[test]
    fn the_buyer_owes_only_where_nothing_says_otherwise() {
        let table = [
            ("PLACE_ORDER_SUCCESS", "NOT_PAY", "", Standing::Buyer, None),
            ("PLACE_ORDER_SUCCESS", "NOT_PAY", "2026-03-03 10:00:00", Standing::Platform, Some("contradiction")),
            ("IN_CANCEL", "NOT_PAY", "", Standing::Nobody, Some("cancel_asked")),
            ("IN_CANCEL", "PAY_SUCCESS", "", Standing::Platform, Some("cancel_asked")),
            ("RISK_CONTROL", "PAY_SUCCESS", "", Standing::Platform, None),
            ("WAIT_SELLER_SEND_GOODS", "PAY_SUCCESS", "", Standing::Platform, None),
            ("FINISH", "NOT_PAY", "", Standing::Nobody, None),
            ("FINISH", "PAY_SUCCESS", "", Standing::Platform, None),
            ("FINISH", "", "", Standing::Nobody, Some("closed_untold")),
            ("WAIT_GROUP_SUCCESS", "NOT_PAY", "", Standing::Nobody, Some("unknown_words")),
            ("PLACE_ORDER_SUCCESS", "WAIT_SELLER_CHECK", "", Standing::Platform, Some("amount_to_confirm")),
        ];
        for (status, fund, paid, standing, problem) in table {
            let judged = judge(&order(status, fund, paid));
            assert_eq!(judged.standing, standing, "{status} {fund} {paid}");
            assert_eq!(judged.problem.map(|problem| problem.0), problem, "{status} {fund} {paid}");
        }
    }

    #[test]
    fn for_what_was_called_off_before_it_left_nobody_owes() {
        let ended = |reason: &str, shipped: &str| {
            let value = serde_json::json!({"order_id": "7", "order_status": "FINISH", "fund_status": "PAY_SUCCESS",
                "issue_status": "NO_ISSUE", "frozen_status": "NO_FROZEN", "gmt_pay_time": "2026-03-03 10:00:00",
                "end_reason": reason, "gmt_send_goods_time": shipped});
            let judged = judge(&RemoteOrder::read(&value, &Pacific::load().expect("zones")).expect("an order").0);
            (judged.standing, judged.cancelled, judged.problem.map(|problem| problem.0))
        };
        assert_eq!(ended("security_close", ""), (Standing::Nobody, true, None));
        assert_eq!(ended("cancel_order_close_trade", ""), (Standing::Nobody, true, None));
        assert_eq!(ended("buyer_accept_goods", ""), (Standing::Platform, false, None));
        // How much of a refund after dispatch is the buyer's only the payouts tell.
        assert_eq!(ended("buyer_confirm_refund", "2026-03-04 10:00:00"), (Standing::Platform, false, None));
        assert_eq!(ended("platform_refund_all", ""), (Standing::Platform, false, Some("closed_untold")));
    }
}
