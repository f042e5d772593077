//! The words of an order and what they mean to us.
//!
//! The service adds words without notice, so every set is open: a word that is not known is kept as it came and leads
//! to a person, never to a letter. Meanings: AliExpress Open Platform, `aliexpress.solution.order.get`.

use super::orders::RemoteOrder;
use super::uncertain::{END_REASONS, EndReason};

/// Letters of an unknown word that are kept.
const LONGEST_WORD: usize = 64;

macro_rules! open_words {
    ($(#[$about:meta])* $name:ident { $($(#[$what:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$what])* $variant,)*
            /// A word that is not in the list above, as it came; empty when there was none.
            Unknown(String),
        }

        impl $name {
            pub fn from_word(word: &str) -> Self {
                match word.trim() {
                    $($word => Self::$variant,)*
                    other => Self::Unknown(super::values::shortened(other, LONGEST_WORD)),
                }
            }

            /// The word, where there is one and it is not in the list.
            pub fn unknown(&self) -> Option<&str> {
                match self {
                    Self::Unknown(word) if !word.is_empty() => Some(word),
                    _ => None,
                }
            }

            pub fn word(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Unknown(word) => word,
                }
            }
        }
    };
}

open_words!(
    /// Where an order stands.
    OrderStatus {
        /// The buyer has not paid.
        PlaceOrderSuccess = "PLACE_ORDER_SUCCESS",
        /// The buyer asked to cancel.
        InCancel = "IN_CANCEL",
        /// Up to 24 hours of checking after the payment.
        RiskControl = "RISK_CONTROL",
        WaitSellerSendGoods = "WAIT_SELLER_SEND_GOODS",
        SellerPartSendGoods = "SELLER_PART_SEND_GOODS",
        WaitBuyerAcceptGoods = "WAIT_BUYER_ACCEPT_GOODS",
        /// Received; the platform is paying out.
        FundProcessing = "FUND_PROCESSING",
        InIssue = "IN_ISSUE",
        InFrozen = "IN_FROZEN",
        /// The seller has to confirm the amount.
        WaitSellerExamineMoney = "WAIT_SELLER_EXAMINE_MONEY",
        /// Closed, also without a payment: `end_reason` and the fund's state tell which.
        Finish = "FINISH",
    }
);

open_words!(
    /// Where the buyer's money is.
    FundStatus {
        NotPay = "NOT_PAY",
        PaySuccess = "PAY_SUCCESS",
        WaitSellerCheck = "WAIT_SELLER_CHECK",
    }
);

open_words!(
    /// Where the goods are.
    LogisticsStatus {
        WaitSellerSendGoods = "WAIT_SELLER_SEND_GOODS",
        SellerSendPartGoods = "SELLER_SEND_PART_GOODS",
        SellerSendGoods = "SELLER_SEND_GOODS",
        BuyerAcceptGoods = "BUYER_ACCEPT_GOODS",
        NoLogistics = "NO_LOGISTICS",
    }
);

open_words!(
    /// Whether there is a dispute.
    IssueStatus {
        NoIssue = "NO_ISSUE",
        InIssue = "IN_ISSUE",
        EndIssue = "END_ISSUE",
    }
);

open_words!(
    /// Whether the platform froze the order.
    FrozenStatus {
        NoFrozen = "NO_FROZEN",
        InFrozen = "IN_FROZEN",
    }
);

/// What an order is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The buyer owes: the only standing in which a payment reminder is right.
    AwaitingPayment,
    /// Paid; the platform is checking the money.
    RiskCheck,
    /// The buyer wants out; whether it was paid is in the fund's state.
    CancelAsked,
    /// The seller has to look at the amount first.
    AmountToConfirm,
    /// Paid, to be shipped; `in_part` when something has left.
    AwaitingShipment {
        in_part: bool,
    },
    /// Shipped; the platform holds the money until receipt.
    AwaitingReceipt,
    /// Received: the platform owes the seller.
    AwaitingPayout,
    Disputed,
    Frozen,
    Closed(Closing),
    /// Words that are not known or that contradict each other: nothing is sent, a person looks. Says which.
    Unclear(String),
}

/// How an order ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    Paid,
    Unpaid,
    /// The fund's state does not tell.
    Untold,
}

/// Who has to pay next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obligor {
    Buyer,
    /// The buyer has paid, the platform has not paid out.
    Platform,
    Nobody,
    /// Not to be said from these words.
    Untold,
}

impl Standing {
    /// Sorts an order. Dispute and frozen state outrank the rest, whatever the order's own word is.
    pub fn of(order: &RemoteOrder) -> Self {
        if order.issue == IssueStatus::InIssue || order.status == OrderStatus::InIssue {
            return Self::Disputed;
        }
        if order.frozen == FrozenStatus::InFrozen || order.status == OrderStatus::InFrozen {
            return Self::Frozen;
        }
        let unclear = || Self::Unclear(format!("{} {}", order.status.word(), order.fund.word()));
        if let Some(word) = order.issue.unknown().or_else(|| order.frozen.unknown()) {
            return Self::Unclear(word.to_string());
        }
        // Money that is being looked at is money that may be there.
        if order.fund == FundStatus::WaitSellerCheck && order.status != OrderStatus::Finish {
            return Self::AmountToConfirm;
        }
        // A word about the money that nobody knows says nothing of who owes.
        if order.fund.unknown().is_some() && order.status != OrderStatus::Finish {
            return unclear();
        }
        let unpaid = order.fund == FundStatus::NotPay;
        match (&order.status, unpaid) {
            (OrderStatus::PlaceOrderSuccess, true) => Self::AwaitingPayment,
            (OrderStatus::InCancel, _) => Self::CancelAsked,
            (OrderStatus::RiskControl, _) => Self::RiskCheck,
            (OrderStatus::WaitSellerExamineMoney, _) => Self::AmountToConfirm,
            (OrderStatus::WaitSellerSendGoods, false) => Self::AwaitingShipment { in_part: false },
            (OrderStatus::SellerPartSendGoods, false) => Self::AwaitingShipment { in_part: true },
            (OrderStatus::WaitBuyerAcceptGoods, false) => Self::AwaitingReceipt,
            (OrderStatus::FundProcessing, false) => Self::AwaitingPayout,
            (OrderStatus::Finish, _) => Self::Closed(match order.fund {
                FundStatus::PaySuccess if is_end_known(order) => Closing::Paid,
                FundStatus::NotPay => Closing::Unpaid,
                FundStatus::PaySuccess | FundStatus::WaitSellerCheck | FundStatus::Unknown(_) => Closing::Untold,
            }),
            _ => unclear(),
        }
    }

    /// Whose turn it is to pay in this standing.
    pub const fn obligor(&self) -> Obligor {
        match self {
            Self::AwaitingPayment => Obligor::Buyer,
            Self::RiskCheck | Self::AwaitingShipment { .. } | Self::AwaitingReceipt | Self::AwaitingPayout => {
                Obligor::Platform
            }
            Self::Closed(Closing::Paid | Closing::Unpaid) => Obligor::Nobody,
            _ => Obligor::Untold,
        }
    }
}

/// What ended the order, where the word for it is known.
pub fn end_reason(order: &RemoteOrder) -> Option<EndReason> {
    let told = order.end_reason.trim().to_ascii_lowercase();
    END_REASONS.iter().find(|(word, _)| *word == told).map(|(_, reason)| *reason)
}

/// Whether the end of a paid order says that the money stays: a word that nobody knows may be a refund, and so may the end of
/// a dispute of which nothing is said.
fn is_end_known(order: &RemoteOrder) -> bool {
    let said_nothing = order.end_reason.trim().is_empty();
    end_reason(order).is_some() || (said_nothing && order.issue != IssueStatus::EndIssue)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(status: &str, fund: &str, issue: &str, frozen: &str) -> Standing {
        let value = serde_json::json!({
            "order_id": 1, "order_status": status, "fund_status": fund, "issue_status": issue, "frozen_status": frozen,
        });
        let pacific = super::super::pacific::Pacific::load().expect("zone");
        Standing::of(&RemoteOrder::read(&value, &pacific).expect("an order").0)
    }

    #[test]
    fn every_word_has_its_place() {
        let table = [
            ("PLACE_ORDER_SUCCESS", "NOT_PAY", Standing::AwaitingPayment),
            ("IN_CANCEL", "NOT_PAY", Standing::CancelAsked),
            ("RISK_CONTROL", "PAY_SUCCESS", Standing::RiskCheck),
            ("WAIT_SELLER_SEND_GOODS", "PAY_SUCCESS", Standing::AwaitingShipment { in_part: false }),
            ("SELLER_PART_SEND_GOODS", "PAY_SUCCESS", Standing::AwaitingShipment { in_part: true }),
            ("WAIT_BUYER_ACCEPT_GOODS", "PAY_SUCCESS", Standing::AwaitingReceipt),
            ("FUND_PROCESSING", "PAY_SUCCESS", Standing::AwaitingPayout),
            ("WAIT_SELLER_EXAMINE_MONEY", "WAIT_SELLER_CHECK", Standing::AmountToConfirm),
            ("IN_ISSUE", "PAY_SUCCESS", Standing::Disputed),
            ("IN_FROZEN", "PAY_SUCCESS", Standing::Frozen),
            ("FINISH", "PAY_SUCCESS", Standing::Closed(Closing::Paid)),
            ("FINISH", "NOT_PAY", Standing::Closed(Closing::Unpaid)),
            ("FINISH", "", Standing::Closed(Closing::Untold)),
        ];
        for (status, fund, expected) in table {
            assert_eq!(standing(status, fund, "NO_ISSUE", "NO_FROZEN"), expected, "{status} {fund}");
        }
    }

    #[test]
    fn nothing_but_a_plain_unpaid_order_lets_a_buyer_owe() {
        let cases = [
            ("PLACE_ORDER_SUCCESS", "PAY_SUCCESS", "NO_ISSUE", "NO_FROZEN"),
            ("PLACE_ORDER_SUCCESS", "WAIT_SELLER_CHECK", "NO_ISSUE", "NO_FROZEN"),
            ("PLACE_ORDER_SUCCESS", "", "NO_ISSUE", "NO_FROZEN"),
            ("PLACE_ORDER_SUCCESS", "NOT_PAY", "IN_ISSUE", "NO_FROZEN"),
            ("PLACE_ORDER_SUCCESS", "NOT_PAY", "NO_ISSUE", "IN_FROZEN"),
            ("PLACE_ORDER_SUCCESS", "NOT_PAY", "ISSUE_AHEAD", "NO_FROZEN"),
            ("WAIT_GROUP_SUCCESS", "NOT_PAY", "NO_ISSUE", "NO_FROZEN"),
            ("", "NOT_PAY", "", ""),
        ];
        for (status, fund, issue, frozen) in cases {
            let found = standing(status, fund, issue, frozen);
            assert_ne!(found.obligor(), Obligor::Buyer, "{status} {fund} {issue} {frozen}: {found:?}");
        }
        assert_eq!(
            standing("WAIT_GROUP_SUCCESS", "NOT_PAY", "NO_ISSUE", "NO_FROZEN"),
            Standing::Unclear("WAIT_GROUP_SUCCESS NOT_PAY".into())
        );
    }

    #[test]
    fn a_word_about_the_money_that_nobody_knows_says_that_nobody_knows() {
        for status in ["WAIT_SELLER_SEND_GOODS", "WAIT_BUYER_ACCEPT_GOODS", "FUND_PROCESSING", "PLACE_ORDER_SUCCESS"] {
            let found = standing(status, "REFUND_AHEAD", "NO_ISSUE", "NO_FROZEN");
            assert_eq!(found, Standing::Unclear(format!("{status} REFUND_AHEAD")));
            assert_eq!(found.obligor(), Obligor::Untold);
        }
        // A list that tells nothing of the money is judged by the order's own word.
        let untold = standing("WAIT_SELLER_SEND_GOODS", "", "NO_ISSUE", "NO_FROZEN");
        assert_eq!(untold, Standing::AwaitingShipment { in_part: false });
    }

    #[test]
    fn an_end_that_may_be_a_refund_is_no_sale() {
        let ended = |reason: &str, issue: &str| {
            let value = serde_json::json!({"order_id": 1, "order_status": "FINISH", "fund_status": "PAY_SUCCESS",
                "issue_status": issue, "frozen_status": "NO_FROZEN", "end_reason": reason});
            let pacific = super::super::pacific::Pacific::load().expect("zone");
            Standing::of(&RemoteOrder::read(&value, &pacific).expect("an order").0)
        };
        let (paid, untold) = (Standing::Closed(Closing::Paid), Standing::Closed(Closing::Untold));
        for (reason, issue, expected) in [
            ("", "NO_ISSUE", &paid),
            ("buyer_accept_goods", "END_ISSUE", &paid),
            ("buyer_confirm_refund", "END_ISSUE", &paid),
            ("", "END_ISSUE", &untold),
            ("platform_refund_all", "NO_ISSUE", &untold),
        ] {
            assert_eq!(ended(reason, issue), *expected, "{reason} {issue}");
        }
    }

    #[test]
    fn an_unknown_word_survives() {
        assert_eq!(OrderStatus::from_word("WAIT_GROUP_SUCCESS").word(), "WAIT_GROUP_SUCCESS");
        assert_eq!(FundStatus::from_word("NOT_PAY").word(), "NOT_PAY");
    }
}
