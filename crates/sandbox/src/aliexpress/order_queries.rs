//! Lists of orders and single ones, with the filters and refusals that are documented.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::Parameters;
use super::fault::Fault;
use super::guesses::{LONGEST_WINDOW_DAYS, LONGEST_WINDOW_FINISHED_DAYS, ORDER_ARGUMENT_CODE, ORDER_MISSING_CODE};
use super::order::{FINISHED, STATUSES};
use super::wall::Window;
use super::world::World;

const LARGEST_PAGE: u64 = 50;
const HOURS_OF_A_DAY: i64 = 24;

/// A question about orders, understood.
struct Question {
    page: usize,
    page_size: usize,
    created: Option<Window>,
    modified: Option<Window>,
    /// Empty: all but the finished.
    statuses: HashSet<String>,
    buyer_login_id: String,
}

/// A parameter that is JSON.
pub(super) fn json_parameter(form: &Parameters, name: &str) -> Result<Value, Fault> {
    let Some(text) = form.get(name) else {
        return Err(Fault::new("40", format!("Missing required arguments: {name}")));
    };
    serde_json::from_str(text).map_err(|_| Fault::new("41", format!("Invalid arguments: {name}")))
}

/// A refusal inside the `result`.
pub(super) fn failed(code: &str, message: &str) -> Value {
    json!({"success": false, "error_code": code, "error_message": message})
}

impl World {
    pub(super) fn order_get(&mut self, form: &Parameters, now: i64) -> Result<Value, Fault> {
        let asked = json_parameter(form, "param0")?;
        let question = match self.understand(&asked) {
            Ok(question) => question,
            Err(message) => return Ok(failed(ORDER_ARGUMENT_CODE, &message)),
        };
        // Without a time of creation the longest span counts.
        let since = now - LONGEST_WINDOW_DAYS * 86_400_000;
        let span = question.created.map_or((since, now), |created| (created.from, created.until));
        let mut words: Vec<&str> = question.statuses.iter().map(String::as_str).collect();
        words.sort_unstable();
        let key = format!("{span:?} {:?} {words:?} {}", question.modified, question.buyer_login_id);
        let places = self.shop.find(key, span, |order| {
            let right_status = if question.statuses.is_empty() {
                order.status != FINISHED
            } else {
                question.statuses.contains(&*order.status)
            };
            right_status
                && question.modified.is_none_or(|modified| modified.holds(order.modified))
                && (question.buyer_login_id.is_empty() || order.buyer_login_id() == question.buyer_login_id)
        });
        let begin = question.page_size.saturating_mul(question.page - 1);
        let shown: Vec<Value> = places
            .iter()
            .skip(begin)
            .take(question.page_size)
            .filter_map(|place| self.shop.at(place))
            .map(|order| order.order_dto(&self.wall, now))
            .collect();
        let mut result = json!({
            "success": true,
            "total_count": places.len(),
            "total_page": places.len().div_ceil(question.page_size),
            "current_page": question.page,
            "page_size": question.page_size,
            "time_stamp": self.wall.write(now),
        });
        // An empty list is left out, as the service does.
        if !shown.is_empty() {
            result["target_list"] = json!({ "order_dto": shown });
        }
        Ok(result)
    }

    fn understand(&self, asked: &Value) -> Result<Question, String> {
        let page_size = asked.get("page_size").and_then(Value::as_u64).unwrap_or(0);
        if !(1..=LARGEST_PAGE).contains(&page_size) {
            return Err(format!("page_size must be between 1 and {LARGEST_PAGE}"));
        }
        let page = asked.get("current_page").and_then(Value::as_u64).unwrap_or(0);
        if page == 0 {
            return Err("current_page must be at least 1".into());
        }
        let created = self.window(asked, "create_date_start", "create_date_end")?;
        let modified = self.window(asked, "modified_date_start", "modified_date_end")?;
        if modified.is_some() && created.is_none() {
            return Err("modified_date needs create_date".into());
        }
        let mut statuses: HashSet<String> = HashSet::new();
        let single = asked.get("order_status").into_iter();
        let several = asked.get("order_status_list").and_then(Value::as_array).into_iter().flatten();
        for word in single.chain(several).filter_map(Value::as_str).filter(|word| !word.is_empty()) {
            if !STATUSES.contains(&word) {
                return Err(format!("order_status {word} is unknown"));
            }
            statuses.insert(word.to_string());
        }
        let finished = statuses.contains(FINISHED);
        if finished && created.is_none() {
            return Err("finished orders need create_date".into());
        }
        let longest = if finished { LONGEST_WINDOW_FINISHED_DAYS } else { LONGEST_WINDOW_DAYS };
        for window in [created, modified].into_iter().flatten() {
            if window.wall_length.as_hours() > longest * HOURS_OF_A_DAY {
                return Err(format!("the time span must not be longer than {longest} days"));
            }
        }
        let text = |field: &str| asked.get(field).and_then(Value::as_str).unwrap_or_default().to_string();
        Ok(Question {
            page: usize::try_from(page).unwrap_or(usize::MAX),
            page_size: usize::try_from(page_size).unwrap_or(1),
            created,
            modified,
            statuses,
            buyer_login_id: text("buyer_login_id"),
        })
    }

    fn window(&self, asked: &Value, from: &str, until: &str) -> Result<Option<Window>, String> {
        let text = |field: &str| asked.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        match (text(from), text(until)) {
            (None, None) => Ok(None),
            (Some(begin), Some(end)) => {
                let read = self.wall.window(begin, end);
                read.map(Some).ok_or_else(|| format!("{from} and {until} must be yyyy-MM-dd HH:mm:ss"))
            }
            _ => Err(format!("{from} and {until} must come together")),
        }
    }

    pub(super) fn order_info_get(&self, form: &Parameters) -> Result<Value, Fault> {
        let asked = json_parameter(form, "param1")?;
        let number = asked.get("order_id").and_then(number);
        Ok(match number.and_then(|id| self.shop.order(id)) {
            Some(order) => json!({"success": true, "data": order.data(&self.wall)}),
            None => failed(ORDER_MISSING_CODE, "the order does not exist"),
        })
    }
}

/// A number of an order, also written as text.
pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}
