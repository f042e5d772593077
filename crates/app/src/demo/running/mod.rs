//! The running order of the demo: a shop on the marketplace, seven weeks of its sales, and what the marketplace, the carriers,
//! the buyers and the firm's own people say of each. Told in the words of the marketplace's and the carriers' own answers, so
//! that what reads a real shop reads this one; only the calls are missing.
//!
//! `sales` and `articles` are tables; [`Sale::told_at`] is what the marketplace would answer at an instant, [`Sale::notice_at`]
//! what the tracking service would. Who plays it is `use_cases::play_shop`.

pub mod articles;
pub mod sales;
#[cfg(test)]
mod sales_tests;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use dunlin_channels::aliexpress::RemoteId;
use dunlin_channels::aliexpress::order_detail::{Buyer, OrderDetail, Parcel, Receiver};
use dunlin_channels::aliexpress::orders::{RemoteOrder, RemoteOrderLine};
use dunlin_channels::aliexpress::status::{FrozenStatus, FundStatus, IssueStatus, LogisticsStatus, OrderStatus};
use dunlin_core::money::{Currency, Money};
use dunlin_core::order::asks::AskKind;
use dunlin_core::shipment::carriers::Carriers;

use articles::article_of;

/// Minutes since the beginning of the demo's first day, where the firm is.
pub type Minute = i64;

const DAY: Minute = 24 * 60;
/// The morning on which the demo stands still.
const LAST_DAY: i64 = super::calendar::DAYS;
/// What the marketplace gives: to pay, to ship what is paid, to say that nothing came.
const DAYS_TO_PAY: i64 = 20;
const DAYS_TO_SHIP: i64 = 7;
const DAYS_TO_RECEIVE: i64 = 50;

/// A time of the day so many days before the demo stands still.
pub const fn t(days_ago: i64, hour: i64, minute: i64) -> Minute {
    (LAST_DAY - days_ago) * DAY + hour * 60 + minute
}

/// The instant of a minute; `start` is the beginning of the first day.
pub fn instant(start: Timestamp, minute: Minute) -> Timestamp {
    start.checked_add(SignedDuration::from_mins(minute)).unwrap_or(start)
}

/// One order of a buyer, and all that becomes of it.
pub struct Sale {
    /// Sixteen digits, as the marketplace counts.
    pub number: u64,
    pub login: &'static str,
    /// As the buyer is called at the marketplace.
    pub buyer: &'static str,
    pub to: Address,
    /// Numbers of articles and pieces.
    pub goods: &'static [(&'static str, i64)],
    pub placed: Minute,
    /// In the order in which they happen, each at a minute of its own.
    pub events: &'static [(Minute, Event)],
}

/// Where it goes.
pub struct Address {
    pub name: &'static str,
    /// ISO 3166 alpha-2.
    pub country: &'static str,
    pub province: &'static str,
    pub city: &'static str,
    pub street: &'static str,
    pub postcode: &'static str,
    pub phone: &'static str,
}

/// Something that becomes of an order.
#[derive(Debug, Clone, Copy)]
pub enum Event {
    /// The marketplace checks the money.
    Paid,
    /// It let the money pass.
    Cleared,
    ClosedUnpaid,
    ClosedByRiskControl,
    /// The buyer wants out.
    CancelAsked,
    Cancelled,
    Disputed,
    Refunded,
    Frozen,
    /// One parcel of several was handed over.
    PartShipped {
        carrier: &'static str,
        number: &'static str,
    },
    Shipped {
        carrier: &'static str,
        number: &'static str,
    },
    /// The buyer said that it came.
    Received,
    Completed,
    /// The carrier says where the parcel is that left last: 17TRACK's word, the carrier's, the place.
    Scan {
        word: &'static str,
        text: &'static str,
        place: &'static str,
    },
    /// Somebody of ours has looked: all of it is here.
    InStock,
    /// The goods at these places of the order are not here.
    Missing(&'static [usize]),
    Held(&'static str),
    Ask {
        kind: AskKind,
        holds: bool,
        words: &'static str,
    },
    /// The buyer answered what is open longest; nobody has applied it.
    Answered(&'static str),
}

pub const fn scan(word: &'static str, text: &'static str, place: &'static str) -> Event {
    Event::Scan { word, text, place }
}

impl Event {
    /// The marketplace says something else of the order from then on.
    pub const fn is_of_marketplace(&self) -> bool {
        !matches!(
            self,
            Self::Scan { .. } | Self::InStock | Self::Missing(_) | Self::Held(_) | Self::Ask { .. } | Self::Answered(_)
        )
    }
}

/// An order in the words of the marketplace.
struct Words {
    status: OrderStatus,
    fund: FundStatus,
    logistics: LogisticsStatus,
    issue: IssueStatus,
    frozen: FrozenStatus,
    end_reason: &'static str,
    paid: Option<Minute>,
    shipped: Option<Minute>,
    modified: Minute,
    /// Code of the carrier and number.
    parcels: Vec<(&'static str, &'static str)>,
}

impl Words {
    fn hear(&mut self, at: Minute, event: &Event) {
        if !event.is_of_marketplace() {
            return;
        }
        self.modified = at;
        match *event {
            Event::Paid => {
                self.status = OrderStatus::RiskControl;
                self.fund = FundStatus::PaySuccess;
                self.paid = Some(at);
            }
            Event::Cleared => {
                self.status = OrderStatus::WaitSellerSendGoods;
                self.logistics = LogisticsStatus::WaitSellerSendGoods;
            }
            Event::PartShipped { carrier, number } => {
                self.status = OrderStatus::SellerPartSendGoods;
                self.logistics = LogisticsStatus::SellerSendPartGoods;
                self.leave(at, carrier, number);
            }
            Event::Shipped { carrier, number } => {
                self.status = OrderStatus::WaitBuyerAcceptGoods;
                self.logistics = LogisticsStatus::SellerSendGoods;
                self.leave(at, carrier, number);
            }
            Event::Received => {
                self.status = OrderStatus::FundProcessing;
                self.logistics = LogisticsStatus::BuyerAcceptGoods;
            }
            Event::Completed => self.end("buyer_accept_goods"),
            Event::CancelAsked => self.status = OrderStatus::InCancel,
            Event::Frozen => self.frozen = FrozenStatus::InFrozen,
            Event::Disputed => {
                self.status = OrderStatus::InIssue;
                self.issue = IssueStatus::InIssue;
            }
            Event::ClosedUnpaid => self.end("pay_timeout"),
            Event::ClosedByRiskControl => self.give_back("security_close"),
            Event::Cancelled => self.give_back("cancel_order_close_trade"),
            Event::Refunded => {
                self.issue = IssueStatus::EndIssue;
                self.give_back("buyer_confirm_refund");
            }
            Event::Scan { .. }
            | Event::InStock
            | Event::Missing(_)
            | Event::Held(_)
            | Event::Ask { .. }
            | Event::Answered(_) => {}
        }
    }

    fn leave(&mut self, at: Minute, carrier: &'static str, number: &'static str) {
        self.shipped = self.shipped.or(Some(at));
        self.parcels.push((carrier, number));
    }

    fn end(&mut self, why: &'static str) {
        self.status = OrderStatus::Finish;
        self.end_reason = why;
    }

    /// Ended, and the money is the buyer's again.
    fn give_back(&mut self, why: &'static str) {
        self.fund = FundStatus::NotPay;
        self.end(why);
    }

    /// Minutes until the marketplace goes on by itself.
    fn left_in_status(&self, sale: &Sale, now: Minute) -> Option<Minute> {
        let by = match self.status {
            OrderStatus::PlaceOrderSuccess => sale.placed + DAYS_TO_PAY * DAY,
            OrderStatus::WaitBuyerAcceptGoods => self.shipped? + DAYS_TO_RECEIVE * DAY,
            _ => return None,
        };
        Some(by - now)
    }

    fn left_to_ship(&self, now: Minute) -> Option<Minute> {
        let waits = matches!(
            self.status,
            OrderStatus::RiskControl | OrderStatus::WaitSellerSendGoods | OrderStatus::SellerPartSendGoods
        );
        self.paid.filter(|_| waits).map(|paid| paid + DAYS_TO_SHIP * DAY - now)
    }
}

impl Sale {
    fn words_at(&self, now: Minute) -> Words {
        let mut words = Words {
            status: OrderStatus::PlaceOrderSuccess,
            fund: FundStatus::NotPay,
            logistics: LogisticsStatus::NoLogistics,
            issue: IssueStatus::NoIssue,
            frozen: FrozenStatus::NoFrozen,
            end_reason: "",
            paid: None,
            shipped: None,
            modified: self.placed,
            parcels: Vec::new(),
        };
        for (at, event) in self.events.iter().filter(|(at, _)| *at <= now) {
            words.hear(*at, event);
        }
        words
    }

    /// US cents.
    fn total(&self) -> i64 {
        self.goods.iter().map(|(sku, count)| article_of(sku).map_or(0, |article| article.price) * count).sum()
    }

    /// What the marketplace would answer at this minute: the order in its list, and its own page.
    pub fn told_at(&self, now: Minute, start: Timestamp) -> (RemoteOrder, OrderDetail) {
        let words = self.words_at(now);
        let at = |minute: Minute| instant(start, minute);
        let dollars = |cents: i64| Some(Money::new(cents, Currency::USD));
        let total = self.total();
        let line = |(nth, (sku, count)): (u64, &(&str, i64))| {
            let article = article_of(sku);
            RemoteOrderLine {
                id: Some(RemoteId(self.number + 1 + nth)),
                product_id: article.map_or("", |article| article.platform_id).to_string(),
                sku_code: (*sku).to_string(),
                name: article.map_or(*sku, |article| article.en).to_string(),
                count: *count,
                unit_price: dollars(article.map_or(0, |article| article.price)),
                status: words.status.clone(),
                logistics_type: String::new(),
                memo: String::new(),
            }
        };
        let order = RemoteOrder {
            id: RemoteId(self.number),
            status: words.status.clone(),
            fund: words.fund.clone(),
            logistics: words.logistics.clone(),
            issue: words.issue.clone(),
            frozen: words.frozen.clone(),
            biz_type: "AE_COMMON".to_string(),
            end_reason: words.end_reason.to_string(),
            payment_type: String::new(),
            page_url: format!("https://trade.aliexpress.com/order_detail.htm?orderId={}", self.number),
            created: Some(at(self.placed)),
            paid: words.paid.map(at),
            shipped: words.shipped.map(at),
            modified: Some(at(words.modified)),
            left_in_status: words.left_in_status(self, now).map(SignedDuration::from_mins),
            left_to_ship: words.left_to_ship(now).map(SignedDuration::from_mins),
            pay_amount: dollars(total),
            loan_amount: None,
            escrow_fee: dollars(total * 8 / 100),
            buyer_login_id: self.login.to_string(),
            buyer_name: self.buyer.to_string(),
            lines: (0_u64..).zip(self.goods).map(line).collect(),
        };
        (order, self.detail(&words, start))
    }

    fn detail(&self, words: &Words, start: Timestamp) -> OrderDetail {
        let (first_name, last_name) = self.buyer.split_once(' ').unwrap_or((self.buyer, ""));
        let to = &self.to;
        let parcel = |(carrier, number): &(&str, &str)| Parcel {
            tracking_number: (*number).to_string(),
            service: (*carrier).to_string(),
            status: words.logistics.word().to_string(),
        };
        OrderDetail {
            id: RemoteId(self.number),
            status: words.status.clone(),
            paid: words.paid.map(|paid| instant(start, paid)),
            buyer: Buyer {
                login_id: self.login.to_string(),
                first_name: first_name.to_string(),
                last_name: last_name.to_string(),
                country: to.country.to_string(),
            },
            receiver: Receiver {
                name: to.name.to_string(),
                country: to.country.to_string(),
                province: to.province.to_string(),
                city: to.city.to_string(),
                street: to.street.to_string(),
                street_more: String::new(),
                postcode: to.postcode.to_string(),
                phone: to.phone.to_string(),
            },
            parcels: words.parcels.iter().map(parcel).collect(),
        }
    }

    /// The number of the parcel that left last, and what the tracking service would send about it at this minute. `None`:
    /// nothing has left.
    pub fn notice_at(&self, now: Minute, start: Timestamp) -> Option<(&'static str, String)> {
        let (carrier, number) = self.words_at(now).parcels.last().copied()?;
        let key = Carriers::shipped().get(carrier).map(|carrier| carrier.track17_key);
        let at = |minute: Minute| instant(start, minute).to_string();
        let left = |event: &Event| match *event {
            Event::Shipped { number: of, .. } | Event::PartShipped { number: of, .. } => of == number,
            _ => false,
        };
        let since = self.events.iter().find(|(_, event)| left(event)).map_or(now, |(since, _)| *since);
        let mut last = ("InfoReceived", since);
        let mut events = Vec::new();
        for (minute, event) in self.events.iter().filter(|(minute, _)| (since..=now).contains(minute)) {
            if let Event::Scan { word, text, place } = event {
                last = (*word, *minute);
                events
                    .push(json!({"time_utc": at(*minute), "description": text, "location": place, "sub_status": word}));
            }
        }
        let main = last.0.split('_').next().unwrap_or_default();
        let body = json!({"event": "TRACKING_UPDATED", "data": {"number": number, "carrier": key, "track_info": {
            "latest_status": {"status": main, "sub_status": last.0},
            "latest_event": {"time_utc": at(last.1)},
            "tracking": {"providers": [{"provider": {"key": key}, "latest_sync_time": at(now), "events": events}]},
        }}});
        Some((number, body.to_string()))
    }
}
