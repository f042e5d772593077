//! Orders as the service lists them (`aliexpress.solution.order.get`): one page asked for, one page read.
//!
//! A page never fails for one bad order: what could not be read is listed beside the rest. Which pages to ask for is
//! [`super::sync`]'s business.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::error::{ApiError, Effect, RemoteError};
use super::pacific::{Pacific, WallWindow};
use super::session::Session;
use super::sign::Parameters;
use super::status::{FrozenStatus, FundStatus, IssueStatus, LogisticsStatus, OrderStatus, Standing};
use super::uncertain::MILLISECONDS_PER_TIMEOUT_UNIT;
use super::values::{RemoteId, amount, integer, list, shortened, text, truth};
use dunlin_core::money::Money;

const METHOD: &str = "aliexpress.solution.order.get";
/// Orders on a page, at most (documented).
pub const LARGEST_PAGE: u32 = 50;
/// Letters of a name, a title or an address that are kept.
const LONGEST_LINE: usize = 500;
/// Letters of a login. A longer one is none: cut off it would be somebody else's.
const LONGEST_LOGIN: usize = 200;

/// Which orders are asked for. Finished ones come only when asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    AllButFinished,
    Finished,
}

/// One question: all orders created in the one window and modified in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderQuery {
    pub asked: Asked,
    pub created: WallWindow,
    pub modified: WallWindow,
}

impl OrderQuery {
    fn parameter(&self, page: u32, page_size: u32) -> Value {
        let mut asked = json!({
            "page_size": page_size.clamp(1, LARGEST_PAGE),
            "current_page": page.max(1),
            "create_date_start": self.created.begin_text(),
            "create_date_end": self.created.end_text(),
            "modified_date_start": self.modified.begin_text(),
            "modified_date_end": self.modified.end_text(),
        });
        if self.asked == Asked::Finished {
            asked["order_status"] = OrderStatus::Finish.word().into();
        }
        asked
    }
}

/// A page of orders.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrderPage {
    pub orders: Vec<RemoteOrder>,
    /// What could not be read: the order's number where there is one, and what is wrong.
    pub problems: Vec<OrderProblem>,
    pub page: u32,
    pub total_pages: u32,
    pub total_orders: u64,
}

/// Something in an order that was not understood. The order itself is among the rest unless its number is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderProblem {
    pub order: Option<RemoteId>,
    pub what: String,
}

/// An order as the marketplace tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteOrder {
    pub id: RemoteId,
    pub status: OrderStatus,
    pub fund: FundStatus,
    pub logistics: LogisticsStatus,
    pub issue: IssueStatus,
    pub frozen: FrozenStatus,
    pub biz_type: String,
    /// Why a closed order is closed, in the service's words; an open set.
    pub end_reason: String,
    pub payment_type: String,
    /// The order's own page.
    pub page_url: String,
    pub created: Option<Timestamp>,
    pub paid: Option<Timestamp>,
    pub shipped: Option<Timestamp>,
    pub modified: Option<Timestamp>,
    /// How long the order may stay as it is: until it is closed unpaid, shipped too late, taken as received. Negative
    /// when that is over.
    pub left_in_status: Option<SignedDuration>,
    /// How long until it has to be shipped.
    pub left_to_ship: Option<SignedDuration>,
    /// What the buyer pays.
    pub pay_amount: Option<Money>,
    /// What the platform pays out.
    pub loan_amount: Option<Money>,
    /// What the platform keeps.
    pub escrow_fee: Option<Money>,
    pub buyer_login_id: String,
    pub buyer_name: String,
    pub lines: Vec<RemoteOrderLine>,
}

/// An article of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteOrderLine {
    pub id: Option<RemoteId>,
    pub product_id: String,
    pub sku_code: String,
    pub name: String,
    pub count: i64,
    pub unit_price: Option<Money>,
    pub status: OrderStatus,
    pub logistics_type: String,
    pub memo: String,
}

impl RemoteOrder {
    /// Reads an `order_dto`. What is wrong with single fields is listed; only an order without a number is none.
    pub fn read(value: &Value, pacific: &Pacific) -> Result<(Self, Vec<String>), String> {
        let Some(id) = value.get("order_id").and_then(RemoteId::read) else {
            return Err(format!("`order_id` is no number: {}", shortened(&text(value, "order_id"), 40)));
        };
        let mut problems = Vec::new();
        let order = Self {
            id,
            status: OrderStatus::from_word(&text(value, "order_status")),
            fund: FundStatus::from_word(&text(value, "fund_status")),
            logistics: LogisticsStatus::from_word(&text(value, "logistics_status")),
            issue: IssueStatus::from_word(&text(value, "issue_status")),
            frozen: FrozenStatus::from_word(&text(value, "frozen_status")),
            biz_type: line(value, "biz_type"),
            end_reason: line(value, "end_reason"),
            payment_type: line(value, "payment_type"),
            page_url: address(value, "order_detail_url"),
            created: time(value, "gmt_create", pacific, &mut problems),
            paid: time(value, "gmt_pay_time", pacific, &mut problems),
            shipped: time(value, "gmt_send_goods_time", pacific, &mut problems),
            modified: time(value, "gmt_update", pacific, &mut problems),
            left_in_status: integer(value, "timeout_left_time")
                .map(|left| SignedDuration::from_millis(left.saturating_mul(MILLISECONDS_PER_TIMEOUT_UNIT))),
            left_to_ship: left_to_ship(value),
            pay_amount: money(value, "pay_amount", &mut problems),
            loan_amount: money(value, "loan_amount", &mut problems),
            escrow_fee: money(value, "escrow_fee", &mut problems),
            buyer_login_id: login(value, "buyer_login_id", &mut problems),
            buyer_name: line(value, "buyer_signer_fullname"),
            lines: list(value, "product_list", "order_product_dto")
                .iter()
                .map(|line| read_line(line, &mut problems))
                .collect(),
        };
        Ok((order, problems))
    }

    pub fn standing(&self) -> Standing {
        Standing::of(self)
    }
}

fn read_line(value: &Value, problems: &mut Vec<String>) -> RemoteOrderLine {
    RemoteOrderLine {
        id: value.get("child_id").and_then(RemoteId::read),
        product_id: line(value, "product_id"),
        sku_code: line(value, "sku_code"),
        name: line(value, "product_name"),
        count: integer(value, "product_count").unwrap_or(0),
        unit_price: money(value, "product_unit_price", problems),
        status: OrderStatus::from_word(&text(value, "son_order_status")),
        logistics_type: line(value, "logistics_type"),
        memo: line(value, "memo"),
    }
}

/// One line of a text, short enough for a list.
fn line(value: &Value, field: &str) -> String {
    shortened(&text(value, field), LONGEST_LINE)
}

/// The address of a page; empty where it is too long for one, because half an address leads elsewhere.
fn address(value: &Value, field: &str) -> String {
    let told = text(value, field);
    if told.chars().count() > LONGEST_LINE { String::new() } else { shortened(&told, LONGEST_LINE) }
}

/// The name under which somebody signs in; empty, and a problem, where it can be none.
fn login(value: &Value, field: &str, problems: &mut Vec<String>) -> String {
    let told = text(value, field);
    if told.chars().count() > LONGEST_LOGIN || told.contains(char::is_control) {
        problems.push(format!("{field}: ‘{}’ is no login", shortened(&told, 40)));
        return String::new();
    }
    told
}

fn money(value: &Value, field: &str, problems: &mut Vec<String>) -> Option<Money> {
    amount(value, field).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    })
}

fn time(value: &Value, field: &str, pacific: &Pacific, problems: &mut Vec<String>) -> Option<Timestamp> {
    let told = text(value, field);
    if told.is_empty() {
        return None;
    }
    let read = pacific.read(&told);
    if read.is_none() {
        problems.push(format!("{field}: ‘{}’ is no time", shortened(&told, 40)));
    }
    read
}

fn left_to_ship(value: &Value) -> Option<SignedDuration> {
    let part = |field| integer(value, field);
    let (days, hours, minutes) = (part("left_send_good_day"), part("left_send_good_hour"), part("left_send_good_min"));
    days.or(hours).or(minutes)?;
    // A year is more than any limit; beyond it the number is a mistake and must not overflow.
    let within = |number: Option<i64>, most: i64| number.unwrap_or(0).clamp(-most, most);
    let all_minutes = (within(days, 366) * 24 + within(hours, 9_000)) * 60 + within(minutes, 600_000);
    Some(SignedDuration::from_mins(all_minutes))
}

/// Whether the answer is one to a question about orders. Something else that was taken for an empty page would lose the
/// orders that it does not tell of.
fn is_about_orders(result: &Value) -> bool {
    let is_counted = integer(result, "total_count").is_some();
    let is_listable = |held: &Value| held.is_null() || held.is_array() || held.is_object();
    let told = result.get("target_list");
    let inside = told.and_then(|told| told.get("order_dto"));
    let is_listed = told.is_none_or(is_listable) && inside.is_none_or(is_listable);
    let is_empty = list(result, "target_list", "order_dto").is_empty();
    is_listed && (is_counted || (is_empty && truth(result, "success") == Some(true)))
}

/// Reads the answer to a question about orders.
pub fn read_page(answer: &Value, pacific: &Pacific) -> Result<OrderPage, ApiError> {
    let result = succeeded(answer, METHOD, Effect::Read)?;
    if !is_about_orders(result) {
        return Err(ApiError::Unreadable {
            what: "the list of orders is none, or does not say how many there are".into(),
        });
    }
    let mut page = OrderPage {
        page: count(result, "current_page").unwrap_or(1),
        total_pages: count(result, "total_page").unwrap_or(0),
        total_orders: integer(result, "total_count").and_then(|count| u64::try_from(count).ok()).unwrap_or(0),
        ..OrderPage::default()
    };
    for value in list(result, "target_list", "order_dto") {
        match RemoteOrder::read(value, pacific) {
            Ok((order, problems)) => {
                let of_order = problems.into_iter().map(|what| OrderProblem { order: Some(order.id), what });
                page.problems.extend(of_order);
                page.orders.push(order);
            }
            Err(what) => page.problems.push(OrderProblem { order: None, what }),
        }
    }
    Ok(page)
}

fn count(value: &Value, field: &str) -> Option<u32> {
    integer(value, field).and_then(|count| u32::try_from(count).ok())
}

/// The `result` of a business call, if it says that it succeeded; else the error that it names.
pub(super) fn succeeded<'a>(answer: &'a Value, call: &str, effect: Effect) -> Result<&'a Value, ApiError> {
    let Some(result) = answer.get("result") else {
        return Err(super::client::unreadable(effect, "`result` is missing".into()));
    };
    let told = ["success", "is_success", "result_success"].iter().find_map(|field| truth(result, field));
    let first = |fields: &[&str]| fields.iter().map(|field| text(result, field)).find(|held| !held.is_empty());
    let code = first(&["error_code", "result_error_code"]).unwrap_or_default();
    match (told, effect) {
        (Some(true), _) => return Ok(result),
        (Some(false), _) => {}
        // Who does not say whether it went well and names no error has answered a question, and no order to do something.
        (None, _) if !code.is_empty() && code != "0" => {}
        (None, Effect::Read) => return Ok(result),
        (None, Effect::Write) => {
            return Err(super::client::unreadable(effect, "the answer does not say whether it was done".into()));
        }
    }
    let message = first(&["error_message", "error_msg", "result_error_desc", "memo"]).unwrap_or_default();
    let remote = RemoteError { code: shortened(&code, 80), sub_code: String::new(), message: shortened(&message, 300) };
    Err(ApiError::of_remote(remote, call, effect))
}

impl Session {
    /// One page of the orders that fit the question; pages are numbered from 1.
    pub async fn order_page(
        &self,
        query: &OrderQuery,
        page: u32,
        page_size: u32,
        pacific: &Pacific,
    ) -> Result<OrderPage, ApiError> {
        let parameter = query.parameter(page, page_size).to_string();
        let parameters = Parameters::from([("param0".to_string(), parameter)]);
        let answer = self.call(METHOD, parameters, Effect::Read).await?;
        let read = read_page(&answer, pacific)?;
        // The first page of some orders has some.
        if page <= 1 && read.total_orders > 0 && read.orders.is_empty() && read.problems.is_empty() {
            return Err(ApiError::Unreadable {
                what: format!("{} orders, and none of them is told", read.total_orders),
            });
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_order_does_not_take_the_page_along() {
        let answer: Value = serde_json::from_str(
            r#"{"result":{"success":true,"total_count":3,"total_page":1,"current_page":1,"target_list":{"order_dto":[
                {"order_id":9007199254740993,"order_status":"PLACE_ORDER_SUCCESS","fund_status":"NOT_PAY",
                 "gmt_create":"2026-07-01 09:00:00","pay_amount":{"amount":"12.34","currency_code":"USD"},
                 "timeout_left_time":-1000,"left_send_good_day":"1","left_send_good_hour":2,
                 "product_list":{"order_product_dto":[{"child_id":"5","product_count":2,
                   "product_unit_price":{"amount":"6.17","currency_code":"USD"}}]}},
                {"order_id":1.5e20,"order_status":"FINISH"},
                {"order_id":"12","gmt_create":"yesterday","pay_amount":{"amount":"12,3O","currency_code":"USD"}}]}}}"#,
        )
        .expect("json");
        let page = read_page(&answer, &Pacific::load().expect("zone")).expect("a page");
        let numbers: Vec<_> = page.orders.iter().map(|order| order.id.0).collect();
        assert_eq!(numbers, [9_007_199_254_740_993, 12]);
        assert_eq!(page.problems.len(), 3, "{:?}", page.problems);
        let order = &page.orders[0];
        assert_eq!(order.pay_amount.map(Money::decimal).as_deref(), Some("12.34"));
        assert_eq!(order.left_in_status, Some(SignedDuration::from_secs(-1)));
        assert_eq!(order.left_to_ship, Some(SignedDuration::from_hours(26)));
        assert_eq!((order.lines[0].count, order.lines[0].id), (2, Some(RemoteId(5))));
        assert_eq!(order.created.map(|created| created.to_string()).as_deref(), Some("2026-07-01T16:00:00Z"));
    }

    #[test]
    fn a_result_that_failed_is_an_error() {
        let answer = json!({"result": {"success": false, "error_code": "isp.x", "error_message": "later"}});
        let found = read_page(&answer, &Pacific::load().expect("zone"));
        assert!(found.is_err_and(|error| error.is_busy()));
        let found = read_page(&json!({}), &Pacific::load().expect("zone"));
        assert!(matches!(found, Err(ApiError::Unreadable { .. })));
    }

    #[test]
    fn only_a_plain_yes_says_that_something_was_done() {
        let of = |result: Value, effect: Effect| succeeded(&json!({"result": result}), "some.call", effect).map(|_| ());
        assert_eq!(of(json!({"result_success": "true"}), Effect::Write), Ok(()));
        assert!(matches!(of(json!({}), Effect::Write), Err(ApiError::InDoubt { .. })));
        assert_eq!(of(json!({"error_code": "0"}), Effect::Read), Ok(()));
        assert!(matches!(of(json!({"error_code": "F01"}), Effect::Read), Err(ApiError::Refused { .. })));
    }

    #[test]
    fn what_is_no_list_of_orders_is_not_taken_for_an_empty_one() {
        let pacific = Pacific::load().expect("zone");
        for result in [
            json!({}),
            json!({"success": true, "target_list": "none"}),
            json!({"success": true, "total_count": 2, "target_list": {"order_dto": 7}}),
            json!({"success": true, "target_list": {"order_dto": [{"order_id": 7}]}}),
        ] {
            let found = read_page(&json!({"result": result}), &pacific);
            assert!(matches!(found, Err(ApiError::Unreadable { .. })), "{result}");
        }
        for empty in [json!({"success": true}), json!({"total_count": "0"})] {
            assert!(read_page(&json!({"result": empty}), &pacific).is_ok_and(|page| page.orders.is_empty()), "{empty}");
        }
    }

    #[test]
    fn a_login_that_is_none_names_no_buyer() {
        let pacific = Pacific::load().expect("zone");
        let long = json!({"order_id": 7, "buyer_login_id": "b".repeat(LONGEST_LOGIN + 1)});
        let (order, problems) = RemoteOrder::read(&long, &pacific).expect("an order");
        assert_eq!((order.buyer_login_id.as_str(), problems.len()), ("", 1));
        let (order, problems) =
            RemoteOrder::read(&json!({"order_id": 7, "buyer_login_id": "b7"}), &pacific).expect("an order");
        assert_eq!((order.buyer_login_id.as_str(), problems.len()), ("b7", 0));
    }
}
