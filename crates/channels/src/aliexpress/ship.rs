//! Telling the marketplace that goods have left, and giving the buyer longer to say that they have come.
//!
//! Nothing here checks whether goods did leave: declaring a shipment that is none is against the platform's rules, and
//! only a recorded shipment may lead here.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::error::{ApiError, Effect};
use super::orders::{Asked, LARGEST_PAGE, OrderQuery, succeeded};
use super::pacific::Pacific;
use super::session::Session;
use super::sign::Parameters;
use super::status::Standing;
use super::values::RemoteId;

const FULFILL: &str = "aliexpress.solution.order.fulfill";
const FULFILL_FROM_CHINA: &str = "aliexpress.logistics.sellershipmentfortop";
const EXTEND_RECEIPT: &str = "aliexpress.trade.redefining.extendsbuyeracceptgoodstime";

/// Letters of a shipment's description, at most (documented; in English).
pub const DESCRIPTION_LETTERS: usize = 512;

/// Clocks and seconds that are left out.
const AROUND: SignedDuration = SignedDuration::from_mins(1);
/// A time of the hour that comes twice may be read as an hour later.
const FOLD: SignedDuration = SignedDuration::from_hours(2);
/// Pages of orders of one hour that are looked through.
const MOST_PAGES: u32 = 40;

/// A shipment of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShipNotice {
    /// The platform's name of the carrier's service; `Other` needs `tracking_website`.
    pub service_name: String,
    pub tracking_number: String,
    /// Whether the whole order has left with this.
    pub complete: bool,
    pub description: String,
    pub tracking_website: String,
    /// What the call of Chinese sellers takes in addition; with it that call is used.
    pub from_china: Option<ShippedFromChina>,
}

/// What a shipment out of China tells in addition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShippedFromChina {
    pub package_type: String,
    pub actual_carrier: String,
    /// Import One-Stop Shop number, for the European Union.
    pub ioss: String,
    pub locale: String,
}

impl ShipNotice {
    fn parameters(&self, order: RemoteId) -> Parameters {
        let mut parameters = Parameters::from([
            ("service_name".to_string(), self.service_name.clone()),
            ("out_ref".to_string(), order.to_string()),
            ("send_type".to_string(), if self.complete { "all" } else { "part" }.to_string()),
            ("logistics_no".to_string(), self.tracking_number.clone()),
            ("description".to_string(), self.description.clone()),
            ("tracking_website".to_string(), self.tracking_website.clone()),
        ]);
        if let Some(china) = &self.from_china {
            parameters.insert("package_type".into(), china.package_type.clone());
            parameters.insert("actual_carrier".into(), china.actual_carrier.clone());
            parameters.insert("ioss".into(), china.ioss.clone());
            parameters.insert("locale".into(), china.locale.clone());
        }
        parameters
    }

    /// What the service would refuse anyway, said before it is asked.
    fn check(&self) -> Result<(), ApiError> {
        let letters = self.description.chars().count();
        let wrong = if self.service_name.trim().is_empty() || self.tracking_number.trim().is_empty() {
            "a shipment needs the carrier's service and a tracking number".to_string()
        } else if letters > DESCRIPTION_LETTERS || !self.description.is_ascii() {
            format!("the description is English, at most {DESCRIPTION_LETTERS} letters; this one has {letters}")
        } else if self.service_name.eq_ignore_ascii_case("other") && self.tracking_website.is_empty() {
            "the service ‘other’ needs the address of its tracking page".to_string()
        } else {
            return Ok(());
        };
        Err(ApiError::Refused { code: "ship_notice".into(), what: wrong })
    }
}

impl Session {
    /// Reports a shipment. After [`ApiError::InDoubt`] read the order again: its state and parcels tell.
    pub async fn report_shipment(&self, order: RemoteId, notice: &ShipNotice) -> Result<(), ApiError> {
        notice.check()?;
        let method = if notice.from_china.is_some() { FULFILL_FROM_CHINA } else { FULFILL };
        let answer = self.call(method, notice.parameters(order), Effect::Write).await?;
        succeeded(&answer, method, Effect::Write).map(|_: &Value| ())
    }

    /// Gives the buyer this many days more to confirm the receipt. After [`ApiError::InDoubt`] ask
    /// [`Session::receipt_until`]: called twice it would give the days twice.
    pub async fn extend_receipt(&self, order: RemoteId, days: u32) -> Result<(), ApiError> {
        let parameters =
            Parameters::from([("param0".to_string(), order.to_string()), ("param1".to_string(), days.to_string())]);
        let answer = self.call(EXTEND_RECEIPT, parameters, Effect::Write).await?;
        succeeded(&answer, EXTEND_RECEIPT, Effect::Write).map(|_: &Value| ())
    }

    /// When the buyer's time to confirm the receipt runs out. `None`: the order does not wait for the receipt. Only the list
    /// tells it, so the orders that were placed at about the same time are looked through.
    pub async fn receipt_until(
        &self,
        order: RemoteId,
        placed: Timestamp,
        pacific: &Pacific,
    ) -> Result<Option<Timestamp>, ApiError> {
        let now = self.client().now();
        let later = |at: Timestamp, span: SignedDuration| at.checked_add(span).unwrap_or(at);
        let (created, _) = pacific.window(later(placed, -AROUND), later(placed, FOLD));
        let (modified, _) = pacific.window(later(placed, -AROUND), later(now, FOLD));
        let query = OrderQuery { asked: Asked::AllButFinished, created, modified };
        for number in 1..=MOST_PAGES {
            let page = self.order_page(&query, number, LARGEST_PAGE, pacific).await?;
            if let Some(found) = page.orders.iter().find(|one| one.id == order) {
                let left = found.left_in_status.filter(|_| found.standing() == Standing::AwaitingReceipt);
                return Ok(left.and_then(|left| now.checked_add(left).ok()));
            }
            if number >= page.total_pages {
                return Ok(None);
            }
        }
        Err(ApiError::Unreadable { what: format!("order {order} is not among {MOST_PAGES} pages of its hour") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_service_refuses_is_refused_here() {
        let notice = ShipNotice {
            service_name: "CPAM".into(),
            tracking_number: "RR123456789CN".into(),
            complete: true,
            ..ShipNotice::default()
        };
        assert_eq!(notice.check(), Ok(()));
        let other = ShipNotice { service_name: "Other".into(), ..notice.clone() };
        assert!(other.check().is_err());
        let chinese = ShipNotice { description: "已发货".into(), ..notice.clone() };
        assert!(chinese.check().is_err());
        let unnamed = ShipNotice { tracking_number: " ".into(), ..notice };
        assert!(unnamed.check().is_err());
    }
}
