//! Shipments that are reported and receipts that are given longer. What was received is kept for the test to read.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};

use super::Parameters;
use super::fault::Fault;
use super::guesses::{MOST_DAYS_ADDED, MOST_RECORDS, ORDER_ARGUMENT_CODE, ORDER_MISSING_CODE, ORDER_STATE_CODE};
use super::world::World;

/// Letters of a description, at most (documented).
const DESCRIPTION_LETTERS: usize = 512;

#[derive(Debug, Clone, Serialize)]
pub(super) struct Shipment {
    pub order_id: u64,
    pub service_name: String,
    pub logistics_no: String,
    pub send_type: String,
    pub description: String,
    pub tracking_website: String,
    pub from_china: bool,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Extension {
    pub order_id: u64,
    pub days: i64,
}

#[derive(Debug, Default)]
pub(super) struct Shipping {
    pub shipments: Vec<Shipment>,
    pub extensions: Vec<Extension>,
}

fn refused(code: &str, message: &str) -> Value {
    json!({"result_success": false, "result_error_code": code, "result_error_desc": message})
}

/// What is wrong with a shipment by itself.
fn fault_of(shipment: &Shipment) -> Option<&'static str> {
    if shipment.service_name.is_empty() || shipment.logistics_no.is_empty() {
        return Some("service_name and logistics_no are required");
    }
    if !["all", "part"].contains(&shipment.send_type.as_str()) {
        return Some("send_type must be all or part");
    }
    if shipment.description.chars().count() > DESCRIPTION_LETTERS || !shipment.description.is_ascii() {
        return Some("description must be English and at most 512 characters");
    }
    if shipment.service_name.eq_ignore_ascii_case("other") && shipment.tracking_website.is_empty() {
        return Some("tracking_website is required for this service");
    }
    None
}

impl World {
    pub(super) fn fulfill(&mut self, form: &Parameters, now: i64, from_china: bool) -> Result<Value, Fault> {
        let told = |name: &str| form.get(name).cloned().unwrap_or_default();
        let Ok(order_id) = told("out_ref").trim().parse::<u64>() else {
            return Err(Fault::new("40", "Missing required arguments: out_ref"));
        };
        let shipment = Shipment {
            order_id,
            service_name: told("service_name"),
            logistics_no: told("logistics_no"),
            send_type: told("send_type"),
            description: told("description"),
            tracking_website: told("tracking_website"),
            from_china,
        };
        if let Some(message) = fault_of(&shipment) {
            return Ok(refused(ORDER_ARGUMENT_CODE, message));
        }
        let Some(order) = self.shop.order_mut(order_id) else {
            return Ok(refused(ORDER_MISSING_CODE, "the order does not exist"));
        };
        if !["WAIT_SELLER_SEND_GOODS", "SELLER_PART_SEND_GOODS"].contains(&order.status.as_ref()) {
            return Ok(refused(ORDER_STATE_CODE, "the order does not wait for a shipment"));
        }
        let status = if shipment.send_type == "all" { "WAIT_BUYER_ACCEPT_GOODS" } else { "SELLER_PART_SEND_GOODS" };
        order.parcels.push((shipment.service_name.clone(), shipment.logistics_no.clone()));
        order.move_to(Cow::Borrowed(status), now);
        if self.shipping.shipments.len() < MOST_RECORDS {
            self.shipping.shipments.push(shipment);
        }
        Ok(json!({"result_success": true}))
    }

    pub(super) fn extend_receipt(&mut self, form: &Parameters, now: i64) -> Result<Value, Fault> {
        let told = |name: &str| form.get(name).map(String::as_str).unwrap_or_default().trim();
        let (Ok(order_id), Ok(days)) = (told("param0").parse::<u64>(), told("param1").parse::<i64>()) else {
            return Err(Fault::new("41", "Invalid arguments: param0, param1"));
        };
        if !(1..=MOST_DAYS_ADDED).contains(&days) {
            return Ok(refused(ORDER_ARGUMENT_CODE, "this number of days cannot be added"));
        }
        let Some(order) = self.shop.order_mut(order_id) else {
            return Ok(refused(ORDER_MISSING_CODE, "the order does not exist"));
        };
        if order.status != "WAIT_BUYER_ACCEPT_GOODS" {
            return Ok(refused(ORDER_STATE_CODE, "the order does not wait for the buyer's receipt"));
        }
        order.receipt_by = order.receipt_by.map(|by| by + days * 86_400_000);
        order.modified = order.modified.max(now);
        if self.shipping.extensions.len() < MOST_RECORDS {
            self.shipping.extensions.push(Extension { order_id, days });
        }
        Ok(json!({"result_success": true, "success": true}))
    }
}
