//! The demo's marketplace shop: three hundred orders of consumers, and the export that the platform gives every
//! working morning with the orders that are new or have changed since the last one.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::behaviour::decimal;
use super::calendar::{DAYS, START, day, is_working_day, offset_of};
use super::dice::Dice;
use super::shop_goods::{GOODS, MARKETS};

pub const ORDERS: i64 = 300;
/// Orders from the four days before the start.
const EARLIER: i64 = 34;
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
/// Minute of the UTC day at which the export is taken: 08:30 in Ningbo.
const EXPORT_MINUTE: i64 = 30;
/// After so many days the platform closes what is unpaid.
const PLATFORM_CLOSES_AFTER: i64 = 20 * DAY;

/// Times are minutes UTC from the start of the demo's first day.
struct ShopOrder {
    number: u64,
    placed: i64,
    end: i64,
    ending: Ending,
    buyer: String,
    login: String,
    email: String,
    country: &'static str,
    product: &'static str,
    quantity: i64,
    amount: String,
    currency: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Paid,
    Closed,
    Cancelled,
}

impl Ending {
    const fn status(self) -> &'static str {
        match self {
            Self::Paid => "Paid",
            Self::Closed => "Closed",
            Self::Cancelled => "Cancelled",
        }
    }
}

/// The exports, by the day on which they arrive.
pub fn exports() -> Vec<(Date, Vec<u8>)> {
    let orders: Vec<ShopOrder> = (0..ORDERS).map(shop_order).collect();
    let mut last = i64::MIN;
    let mut out = Vec::new();
    for date in (0..DAYS).map(day).filter(|date| is_working_day(*date)) {
        let now = exported_at(date);
        out.push((date, export(&orders, last, now)));
        last = now;
    }
    out
}

fn exported_at(date: Date) -> i64 {
    offset_of(date) * DAY + EXPORT_MINUTE
}

fn shop_order(place: i64) -> ShopOrder {
    let mut dice = Dice::for_purpose(&format!("shop {place}"));
    let market = &MARKETS[usize::try_from(dice.between(0, 17)).unwrap_or(0) % MARKETS.len()];
    let (product, price) = GOODS[usize::try_from(dice.between(0, 15)).unwrap_or(0) % GOODS.len()];
    let quantity = [1, 1, 1, 1, 2, 2, 3][usize::try_from(dice.between(0, 6)).unwrap_or(0) % 7];
    let placed = placed(place, &mut dice);
    let (end, ending) = ending(place, placed, &mut dice);
    let (given, family) = (dice.pick(market.given), dice.pick(market.family));
    let login = format!("{}{}{}", market.code, dice.digits(8), dice.pick(&["abae", "vxut", "qkme", "zrol"]));
    let euro = market.euro && dice.between(0, 1) == 0;
    let total = quantity * if euro { price * 92 / 100 } else { price };
    let email = if dice.between(0, 2) == 0 { format!("{login}@buyers.example") } else { String::new() };
    ShopOrder {
        // Nineteen digits: beyond what a float or a script's number can hold.
        number: (1_103_000_000_000_000_000_i64 + place * 7_919_000_000_000 + dice.between(0, 7_000_000_000_000))
            .unsigned_abs(),
        placed,
        end,
        ending,
        buyer: format!("{given} {family}"),
        login,
        email,
        country: market.country,
        product,
        quantity,
        amount: if euro { format!("€{}", decimal(total)) } else { format!("US ${}", decimal(total)) },
        currency: if euro { "EUR" } else { "USD" },
    }
}

fn placed(place: i64, dice: &mut Dice) -> i64 {
    if place < EARLIER {
        place * 4 * DAY / EARLIER - 4 * DAY + dice.between(0, 2 * HOUR)
    } else {
        // The last export is on the Friday of the eighth week; every order must be in one.
        (place - EARLIER) * (53 * DAY - 4 * HOUR) / (ORDERS - EARLIER) + dice.between(0, 4 * HOUR)
    }
}

/// Four of five pay at once. The fifth is seen unpaid by at least one export: it forgets, or waits to be reminded,
/// or is closed by the platform, or is cancelled by the buyer.
fn ending(place: i64, placed: i64, dice: &mut Dice) -> (i64, Ending) {
    if place % 5 != 2 {
        return (placed + dice.between(2, 40), Ending::Paid);
    }
    let (after, ending) = match place / 5 % 10 {
        0 | 2 | 5 | 7 => (dice.between(13 * HOUR, 40 * HOUR), Ending::Paid),
        1 | 4 | 8 => (dice.between(2 * DAY, 5 * DAY), Ending::Paid),
        3 | 6 => (PLATFORM_CLOSES_AFTER, Ending::Closed),
        _ => (dice.between(DAY, 3 * DAY), Ending::Cancelled),
    };
    let seen = (0..DAYS).map(day).filter(|date| is_working_day(*date)).map(exported_at).find(|&at| at >= placed);
    let earliest = seen.unwrap_or(placed) + dice.between(HOUR, 9 * HOUR);
    (earliest.max(placed + after), ending)
}

fn export(orders: &[ShopOrder], last: i64, now: i64) -> Vec<u8> {
    let header = [
        "Order ID",
        "Order Status",
        "Order Placed (UTC)",
        "Payment Time (UTC)",
        "Buyer Name",
        "Buyer Login",
        "Buyer Email",
        "Buyer Country",
        "Product",
        "Quantity",
        "Order Amount",
        "Currency",
    ];
    let mut csv = line(&header.map(String::from));
    for order in orders {
        let is_new = order.placed > last && order.placed <= now;
        let has_ended = order.end > last && order.end <= now;
        if is_new || has_ended {
            csv.push_str(&line(&order.fields(now)));
        }
    }
    csv.into_bytes()
}

impl ShopOrder {
    fn fields(&self, now: i64) -> [String; 12] {
        let ended = self.end <= now;
        let status = if ended { self.ending.status() } else { "Awaiting payment" };
        let paid = ended && self.ending == Ending::Paid;
        [
            self.number.to_string(),
            status.into(),
            instant(self.placed, self.number % 60),
            if paid { instant(self.end, self.number % 47) } else { String::new() },
            self.buyer.clone(),
            self.login.clone(),
            self.email.clone(),
            self.country.into(),
            self.product.into(),
            self.quantity.to_string(),
            self.amount.clone(),
            self.currency.into(),
        ]
    }
}

fn instant(minutes: i64, second: u64) -> String {
    let midnight: DateTime = START.to_datetime(jiff::civil::Time::midnight());
    let seconds = i64::try_from(second).unwrap_or(0);
    midnight
        .saturating_add(minutes.minutes())
        .saturating_add(seconds.seconds())
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

fn line(fields: &[String]) -> String {
    let quoted: Vec<String> = fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
    quoted.join(",") + "\r\n"
}
