//! One order in full (`aliexpress.solution.order.info.get`): read again right before a letter about it leaves, and for
//! what the list does not tell: the receiver, the parcels.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::client::unreadable;
use super::error::{ApiError, Effect};
use super::orders::succeeded;
use super::pacific::Pacific;
use super::session::Session;
use super::sign::Parameters;
use super::status::OrderStatus;
use super::uncertain::{EVERY_PART, PARCEL_ITEM};
use super::values::{RemoteId, list, text};

const METHOD: &str = "aliexpress.solution.order.info.get";

/// An order with its buyer, receiver and parcels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDetail {
    pub id: RemoteId,
    pub status: OrderStatus,
    pub paid: Option<Timestamp>,
    pub buyer: Buyer,
    pub receiver: Receiver,
    pub parcels: Vec<Parcel>,
}

/// Who ordered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Buyer {
    pub login_id: String,
    pub first_name: String,
    pub last_name: String,
    /// ISO 3166 alpha-2 as the service writes it.
    pub country: String,
}

/// Where the goods go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receiver {
    pub name: String,
    pub country: String,
    pub province: String,
    pub city: String,
    pub street: String,
    pub street_more: String,
    pub postcode: String,
    pub phone: String,
}

/// One parcel of the order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parcel {
    pub tracking_number: String,
    pub service: String,
    pub status: String,
}

/// Reads the answer.
pub fn read_detail(answer: &Value, pacific: &Pacific) -> Result<OrderDetail, ApiError> {
    let result = succeeded(answer, METHOD, Effect::Read)?;
    let Some(data) = result.get("data").filter(|data| data.is_object()) else {
        return Err(unreadable(Effect::Read, "`data` is missing".into()));
    };
    let Some(id) = data.get("id").and_then(RemoteId::read) else {
        return Err(unreadable(Effect::Read, "`id` is no number".into()));
    };
    let empty = Value::Null;
    let buyer = data.get("buyer_info").unwrap_or(&empty);
    let address = data.get("receipt_address").unwrap_or(&empty);
    let parcels = list(data, "logistic_info_list", PARCEL_ITEM);
    Ok(OrderDetail {
        id,
        status: OrderStatus::from_word(&text(data, "order_status")),
        paid: pacific.read(&text(data, "gmt_pay_success")),
        buyer: Buyer {
            login_id: text(buyer, "login_id"),
            first_name: text(buyer, "first_name"),
            last_name: text(buyer, "last_name"),
            country: text(buyer, "country"),
        },
        receiver: Receiver {
            name: text(address, "contact_person"),
            country: text(address, "country"),
            province: text(address, "province"),
            city: text(address, "city"),
            street: text(address, "detail_address"),
            street_more: text(address, "address2"),
            postcode: text(address, "zip"),
            phone: phone(address),
        },
        parcels: parcels
            .iter()
            .map(|parcel| Parcel {
                tracking_number: tracking_number(&text(parcel, "logistics_no")),
                service: text(parcel, "logistics_service"),
                status: text(parcel, "logistics_status"),
            })
            .collect(),
    })
}

/// Letters of a number under which a parcel travels; a longer text is none.
const LONGEST_NUMBER: usize = 64;

/// As carriers and tracking services write it: without the spaces and dashes that people set between, in capitals. The same
/// parcel told by a person and by the marketplace is one.
fn tracking_number(told: &str) -> String {
    let number: String = told
        .chars()
        .filter(|letter| !letter.is_whitespace() && !letter.is_control() && *letter != '-')
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    if number.chars().count() > LONGEST_NUMBER { String::new() } else { number }
}

/// The mobile number, else the fixed line, with the country in front where it is given.
fn phone(address: &Value) -> String {
    let number = [text(address, "mobile_no"), text(address, "phone_number")].into_iter().find(|held| !held.is_empty());
    let Some(number) = number else { return String::new() };
    let country = text(address, "phone_country");
    if country.is_empty() { number } else { format!("{country} {number}") }
}

impl Session {
    /// The order as it is at this moment.
    pub async fn order_detail(&self, order: RemoteId, pacific: &Pacific) -> Result<OrderDetail, ApiError> {
        let parameter = json!({"order_id": order.0, "ext_info_bit_flag": EVERY_PART}).to_string();
        let parameters = Parameters::from([("param1".to_string(), parameter)]);
        let answer = self.call(METHOD, parameters, Effect::Read).await?;
        read_detail(&answer, pacific)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_parcel_is_written_in_one_way() {
        assert_eq!(tracking_number(" rr 123-456 789cn\n"), "RR123456789CN");
        assert_eq!(tracking_number(&"9".repeat(LONGEST_NUMBER + 1)), "");
    }
}
