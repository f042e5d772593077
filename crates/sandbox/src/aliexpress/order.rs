//! An order and how it may move: the documented statuses with what the money, the parcel, a dispute and the platform's
//! own hand say at the same time.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::wall::Wall;

/// The documented statuses.
pub(super) const STATUSES: [&str; 11] = [
    PLACED,
    "IN_CANCEL",
    "RISK_CONTROL",
    "WAIT_SELLER_SEND_GOODS",
    "SELLER_PART_SEND_GOODS",
    "WAIT_BUYER_ACCEPT_GOODS",
    "FUND_PROCESSING",
    "IN_ISSUE",
    "IN_FROZEN",
    "WAIT_SELLER_EXAMINE_MONEY",
    FINISHED,
];
pub(super) const FINISHED: &str = "FINISH";
/// What every order begins with.
pub(super) const PLACED: &str = "PLACE_ORDER_SUCCESS";

const A_DAY: i64 = 86_400_000;
/// Days until an unpaid order is closed, and until a paid one has to be shipped.
pub(super) const DAYS_TO_PAY: i64 = 20;
const DAYS_TO_SHIP: i64 = 7;

/// Where an order may go from where it is.
fn ways_on(status: &str) -> &'static [&'static str] {
    match status {
        "PLACE_ORDER_SUCCESS" => {
            &["RISK_CONTROL", "WAIT_SELLER_SEND_GOODS", "WAIT_SELLER_EXAMINE_MONEY", "IN_CANCEL", FINISHED]
        }
        "WAIT_SELLER_EXAMINE_MONEY" => &["WAIT_SELLER_SEND_GOODS", "IN_CANCEL", FINISHED],
        "RISK_CONTROL" => &["WAIT_SELLER_SEND_GOODS", "IN_FROZEN", "IN_CANCEL", FINISHED],
        "WAIT_SELLER_SEND_GOODS" => {
            &["SELLER_PART_SEND_GOODS", "WAIT_BUYER_ACCEPT_GOODS", "IN_CANCEL", "IN_FROZEN", FINISHED]
        }
        "SELLER_PART_SEND_GOODS" => &["WAIT_BUYER_ACCEPT_GOODS", "IN_ISSUE", "IN_FROZEN"],
        "WAIT_BUYER_ACCEPT_GOODS" => &["FUND_PROCESSING", "IN_ISSUE", "IN_FROZEN"],
        "FUND_PROCESSING" => &["IN_ISSUE", "IN_FROZEN", FINISHED],
        "IN_CANCEL" => &["PLACE_ORDER_SUCCESS", "WAIT_SELLER_SEND_GOODS", FINISHED],
        "IN_ISSUE" => &["WAIT_BUYER_ACCEPT_GOODS", "FUND_PROCESSING", FINISHED],
        "IN_FROZEN" => &["WAIT_SELLER_SEND_GOODS", "WAIT_BUYER_ACCEPT_GOODS", "FUND_PROCESSING", FINISHED],
        _ => &[],
    }
}

/// Times in milliseconds, amounts in cents.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub id: u64,
    pub created: i64,
    pub modified: i64,
    pub paid: Option<i64>,
    pub shipped: Option<i64>,
    pub status: Cow<'static, str>,
    pub fund: &'static str,
    pub logistics: &'static str,
    pub issue: &'static str,
    pub frozen: &'static str,
    pub end_reason: &'static str,
    pub buyer: u32,
    pub country: &'static str,
    pub article: u32,
    pub count: u32,
    pub unit_cents: i64,
    pub currency: &'static str,
    /// What was handed over, each by its service and its tracking number: all of it stays named.
    pub parcels: Vec<(String, String)>,
    /// Days until the platform closes it, unless it is paid.
    pub pay_days: i64,
    pub receipt_by: Option<i64>,
    /// Days between shipment and the platform's own confirmation of the receipt.
    pub receipt_days: i64,
    /// Every status with the instant at which the order came to it: what a test holds messages against.
    pub history: Vec<(i64, Cow<'static, str>)>,
}

impl Order {
    pub(super) fn may_move_to(&self, status: &str) -> bool {
        ways_on(&self.status).contains(&status)
    }

    pub(super) fn buyer_login_id(&self) -> String {
        format!("buyer{:07}", self.buyer)
    }

    /// Moves the order and all that hangs on it. Does not ask whether it may.
    pub(super) fn move_to(&mut self, status: Cow<'static, str>, now: i64) {
        let paid_by_now = matches!(
            status.as_ref(),
            "RISK_CONTROL"
                | "WAIT_SELLER_SEND_GOODS"
                | "SELLER_PART_SEND_GOODS"
                | "WAIT_BUYER_ACCEPT_GOODS"
                | "FUND_PROCESSING"
        );
        if paid_by_now {
            self.fund = "PAY_SUCCESS";
            self.paid = self.paid.or(Some(now));
        }
        if self.status == "IN_ISSUE" {
            self.issue = "END_ISSUE";
        }
        self.frozen = "NO_FROZEN";
        match status.as_ref() {
            "WAIT_SELLER_EXAMINE_MONEY" => self.fund = "WAIT_SELLER_CHECK",
            "WAIT_SELLER_SEND_GOODS" => self.logistics = "WAIT_SELLER_SEND_GOODS",
            "SELLER_PART_SEND_GOODS" => {
                self.logistics = "SELLER_SEND_PART_GOODS";
                self.shipped = self.shipped.or(Some(now));
            }
            "WAIT_BUYER_ACCEPT_GOODS" => {
                self.logistics = "SELLER_SEND_GOODS";
                self.shipped = self.shipped.or(Some(now));
                self.receipt_by = self.receipt_by.or(Some(now + self.receipt_days * A_DAY));
            }
            "FUND_PROCESSING" => self.logistics = "BUYER_ACCEPT_GOODS",
            "IN_ISSUE" => self.issue = "IN_ISSUE",
            "IN_FROZEN" => self.frozen = "IN_FROZEN",
            FINISHED => self.end_reason = self.reason_to_end(),
            _ => {}
        }
        self.history.push((now, status.clone()));
        self.status = status;
        self.modified = self.modified.max(now);
    }

    fn reason_to_end(&self) -> &'static str {
        match (self.status.as_ref(), self.fund, self.logistics) {
            ("RISK_CONTROL", ..) => "security_close",
            ("IN_CANCEL", ..) => "cancel_order_close_trade",
            ("PLACE_ORDER_SUCCESS", "NOT_PAY", _) => "pay_timeout",
            (_, _, "BUYER_ACCEPT_GOODS") => "buyer_accept_goods",
            ("WAIT_SELLER_SEND_GOODS", ..) => "seller_send_goods_timeout",
            ("IN_ISSUE", ..) => "buyer_confirm_refund",
            _ => "other",
        }
    }

    /// How long the order may stay as it is, in milliseconds; negative when that is over.
    fn left_in_status(&self, now: i64) -> Option<i64> {
        let by = match self.status.as_ref() {
            "PLACE_ORDER_SUCCESS" => self.created + self.pay_days * A_DAY,
            "WAIT_SELLER_SEND_GOODS" | "SELLER_PART_SEND_GOODS" => self.paid? + DAYS_TO_SHIP * A_DAY,
            "WAIT_BUYER_ACCEPT_GOODS" => self.receipt_by?,
            _ => return None,
        };
        Some(by - now)
    }

    fn amount(&self, cents: i64) -> Value {
        // Yen have no decimals.
        let text = if self.currency == "JPY" {
            format!("{}", cents / 100)
        } else {
            format!("{}.{:02}", cents / 100, cents % 100)
        };
        json!({"amount": text, "currency_code": self.currency})
    }

    /// As a list of orders shows it.
    pub(super) fn order_dto(&self, wall: &Wall, now: i64) -> Value {
        let total = self.unit_cents * i64::from(self.count);
        let mut shown = json!({
            "order_id": self.id,
            "order_status": self.status,
            "biz_type": "AE_COMMON",
            "end_reason": self.end_reason,
            "order_detail_url": format!("https://trade.aliexpress.com/order_detail.htm?orderId={}", self.id),
            "payment_type": if self.paid.is_some() { "credit_card" } else { "" },
            "gmt_create": wall.write(self.created),
            "gmt_update": wall.write(self.modified),
            "fund_status": self.fund,
            "logistics_status": self.logistics,
            "issue_status": self.issue,
            "frozen_status": self.frozen,
            "pay_amount": self.amount(total),
            "escrow_fee": self.amount(total * 8 / 100),
            "buyer_login_id": self.buyer_login_id(),
            "buyer_signer_fullname": format!("Buyer {}", self.buyer),
            "product_list": {"order_product_dto": [{
                "child_id": self.id + 1,
                "product_id": 1_005_001_000_000_000_u64 + u64::from(self.article),
                "sku_code": format!("SKU-{}", self.article),
                "product_name": format!("Article {}", self.article),
                "product_count": self.count,
                "product_unit_price": self.amount(self.unit_cents),
                "son_order_status": self.status,
                "logistics_type": self.parcels.last().map_or("", |(service, _)| service.as_str()),
                "memo": "",
            }]},
        });
        if let Some(paid) = self.paid {
            shown["gmt_pay_time"] = wall.write(paid).into();
        }
        if let Some(shipped) = self.shipped {
            shown["gmt_send_goods_time"] = wall.write(shipped).into();
        }
        if self.logistics == "BUYER_ACCEPT_GOODS" {
            shown["loan_amount"] = self.amount(total - total * 8 / 100);
        }
        if let Some(left) = self.left_in_status(now) {
            shown["timeout_left_time"] = left.into();
            if self.status == "WAIT_SELLER_SEND_GOODS" {
                let minutes = left / 60_000;
                // Texts here, numbers elsewhere: the service mixes them.
                shown["left_send_good_day"] = (minutes / 1_440).to_string().into();
                shown["left_send_good_hour"] = (minutes % 1_440 / 60).to_string().into();
                shown["left_send_good_min"] = (minutes % 60).to_string().into();
            }
        }
        shown
    }

    /// As the details of one order show it.
    pub(super) fn data(&self, wall: &Wall) -> Value {
        let mut shown = json!({
            "id": self.id,
            "order_status": self.status,
            "buyer_info": {
                "login_id": self.buyer_login_id(), "first_name": "Buyer", "last_name": self.buyer.to_string(),
                "country": self.country,
            },
            "receipt_address": {
                "contact_person": format!("Buyer {}", self.buyer), "country": self.country, "province": "Province",
                "city": "City", "detail_address": format!("Street {}", self.buyer % 100), "address2": "",
                "zip": format!("{:05}", self.buyer % 100_000), "mobile_no": format!("{:09}", self.buyer),
                "phone_country": "+00",
            },
            "child_order_list": {"global_aeop_tp_child_order_dto": [{"id": self.id + 1, "product_count": self.count}]},
        });
        if let Some(paid) = self.paid {
            shown["gmt_pay_success"] = wall.write(paid).into();
        }
        if !self.parcels.is_empty() {
            let parcel = |(service, number): &(String, String)| {
                json!({
                    "logistics_no": number, "logistics_service": service, "logistics_status": self.logistics,
                })
            };
            let parcels: Vec<Value> = self.parcels.iter().map(parcel).collect();
            shown["logistic_info_list"] = json!({"global_aeop_tp_logistic_info_dto": parcels});
        }
        shown
    }
}
