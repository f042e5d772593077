//! Times in playbooks, as people say them: `due - 5 business days`, `previous + 4 business days`, `placed + 12 hours`.

use std::fmt;

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use super::problem::{Fault, instead};
use crate::calendar::shift;
use crate::calendar::workdays::Workdays;
use crate::facts::orders::OrderMoments;
use crate::key_date::{KeyDate, day_of};
use crate::receivable::coded_enum;

/// An anchor and a distance from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeExpr {
    pub anchor: Anchor,
    pub amount: i32,
    pub unit: Unit,
}

coded_enum! {
    /// What a time counts from.
    Anchor {
        /// The due date; its step is due when that day begins in the tenant's zone.
        Due = "due",
        /// The order was placed.
        Placed = "placed",
        /// The trigger of the receivable happened.
        Trigger = "trigger",
        /// The step before left the house (or its task was done).
        Previous = "previous",
        /// The case began.
        Started = "started",
        /// The reason of a route became known.
        Reason = "reason",
        /// The day by which the last letter, or the last call that was made, asked for an answer.
        AnswerBy = "answer_by",
        /// The day for which the last broken promise was given.
        Promise = "promise",
        // What follows are the days of an order (`KeyDate`).
        Arrival = "arrival",
        FreeTimeEnd = "free_time_end",
        PlatformClose = "platform_close",
        LatestShipment = "latest_shipment",
        Presentation = "presentation",
        CreditExpiry = "credit_expiry",
        Collection = "collection",
        Acceptance = "acceptance",
        Maturity = "maturity",
        // What follows are moments of an order and its parcel (`OrderMoments`).
        Paid = "paid",
        Cleared = "cleared",
        ShipBy = "ship_by",
        Shipped = "shipped",
        LastMovement = "last_movement",
        Expected = "expected",
        ProtectionEnd = "protection_end",
        Delivered = "delivered",
        Asked = "asked",
        /// The order came to stand as it does, the parcel came to where it is.
        State = "state",
    }
}

coded_enum! {
    /// Length of a unit.
    Unit {
        Hours = "hours",
        Days = "days",
        BusinessDays = "business days",
        Weeks = "weeks",
    }
}

impl Anchor {
    /// Counts from the debt itself, whatever was done about it.
    pub const fn is_of_the_debt(self) -> bool {
        matches!(self, Self::Due | Self::Placed | Self::Trigger)
    }

    /// By what counts from it the age of a debt shows.
    pub const fn tells_age(self) -> bool {
        self.is_of_the_debt() || matches!(self, Self::PlatformClose)
    }

    /// Once it is known it does not come again: a parcel moves more than once, an order leaves once.
    pub const fn stays(self) -> bool {
        matches!(self, Self::Placed | Self::Paid | Self::Cleared | Self::Shipped | Self::Delivered)
    }

    /// Sooner or later it happens, so that a case waits for it.
    pub const fn surely_comes(self) -> bool {
        matches!(self, Self::Due | Self::Placed | Self::Trigger | Self::Previous | Self::Started)
    }

    /// The day of the order that it is.
    pub fn key_date(self) -> Option<KeyDate> {
        KeyDate::from_code(self.code())
    }
}

/// The known anchors of one case.
#[derive(Debug, Clone)]
pub struct Anchors<'a> {
    pub due: Option<Date>,
    pub placed: Option<Timestamp>,
    pub trigger: Option<Date>,
    pub previous: Option<Timestamp>,
    pub started: Timestamp,
    pub reason: Option<Timestamp>,
    pub answer_by: Option<Date>,
    pub promise: Option<Date>,
    pub dates: &'a [(KeyDate, Date)],
    /// When platforms close such an order, as its playbook has it: holds while nobody told the day.
    pub usual_close: Option<TimeExpr>,
    /// Of a case about an order or a parcel.
    pub order: OrderMoments,
    pub zone: &'a TimeZone,
    /// Of the debtor.
    pub workdays: Workdays<'a>,
}

impl fmt::Display for TimeExpr {
    /// As a playbook writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (anchor, unit) = (self.anchor.code(), self.unit.code());
        match self.amount {
            0 if self.unit != Unit::BusinessDays => f.write_str(anchor),
            amount if amount < 0 => write!(f, "{anchor} - {} {unit}", amount.unsigned_abs()),
            amount => write!(f, "{anchor} + {amount} {unit}"),
        }
    }
}

impl TimeExpr {
    /// Reads `anchor`, `anchor + N unit` or `anchor - N unit`; the fault says what was expected.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut words = text.split_whitespace();
        // Where a word stands; words are parts of the text.
        let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        let first = words.next().ok_or_else(|| expected(text))?;
        let anchor = Anchor::from_code(first).ok_or_else(|| {
            let known: Vec<&str> = Anchor::ALL.iter().map(|anchor| anchor.code()).collect();
            let what = format!("‘{first}’ is not a moment that times count from; known: {}", known.join(", "));
            Fault::new(place(first), what, instead(first, &known))
        })?;
        let Some(sign) = words.next() else {
            return Ok(Self { anchor, amount: 0, unit: Unit::Hours });
        };
        let sign = match sign {
            "+" => 1,
            "-" => -1,
            other => return Err(Fault { at: place(other), ..expected(text) }),
        };
        let number = words.next().ok_or_else(|| expected(text))?;
        let amount = number.parse::<u16>().map_err(|_| Fault { at: place(number), ..expected(text) })?;
        let rest: Vec<&str> = words.collect();
        let unit = unit_of(&rest.join(" ")).ok_or_else(|| {
            let what = format!("‘{}’ is not a unit of time", rest.join(" "));
            Fault::new(rest.first().map_or(0, |word| place(word)), what, "write hours, days, business days or weeks")
        })?;
        Ok(Self { anchor, amount: sign * i32::from(amount), unit })
    }

    /// The moment, or `None` while its anchor has not happened.
    pub fn resolve(&self, anchors: &Anchors<'_>) -> Option<Timestamp> {
        match self.anchor {
            Anchor::Due => self.day_from(anchors.due?, anchors),
            Anchor::Trigger => self.day_from(anchors.trigger?, anchors),
            Anchor::Placed => self.instant_from(anchors.placed?, anchors),
            Anchor::Previous => self.instant_from(anchors.previous?, anchors),
            Anchor::Started => self.instant_from(anchors.started, anchors),
            Anchor::Reason => self.instant_from(anchors.reason?, anchors),
            Anchor::AnswerBy => self.day_from(anchors.answer_by?, anchors),
            Anchor::Promise => self.day_from(anchors.promise?, anchors),
            Anchor::Paid => self.instant_from(anchors.order.paid?, anchors),
            Anchor::Cleared => self.instant_from(anchors.order.cleared?, anchors),
            Anchor::ShipBy => self.instant_from(anchors.order.ship_by?, anchors),
            Anchor::Shipped => self.instant_from(anchors.order.shipped?, anchors),
            Anchor::LastMovement => self.instant_from(anchors.order.last_movement?, anchors),
            Anchor::Expected => self.day_from(anchors.order.expected?, anchors),
            Anchor::ProtectionEnd => self.day_from(anchors.order.protection_end?, anchors),
            Anchor::Delivered => self.instant_from(anchors.order.delivered?, anchors),
            Anchor::Asked => self.instant_from(anchors.order.asked?, anchors),
            Anchor::State => self.instant_from(anchors.order.state?, anchors),
            Anchor::PlatformClose => self.instant_from(platform_close(anchors)?, anchors),
            of_order => self.day_from(day_of(anchors.dates, of_order.key_date()?)?, anchors),
        }
    }

    fn day_from(&self, day: Date, anchors: &Anchors<'_>) -> Option<Timestamp> {
        if self.unit == Unit::Hours {
            return start_of(day, anchors.zone)?.checked_add(i64::from(self.amount).hours()).ok();
        }
        start_of(self.move_day(day, anchors), anchors.zone)
    }

    fn instant_from(&self, instant: Timestamp, anchors: &Anchors<'_>) -> Option<Timestamp> {
        if self.unit == Unit::Hours {
            return instant.checked_add(i64::from(self.amount).hours()).ok();
        }
        let local = anchors.zone.to_datetime(instant);
        let day = self.move_day(local.date(), anchors);
        anchors.zone.to_timestamp(day.to_datetime(local.time())).ok()
    }

    fn move_day(&self, day: Date, anchors: &Anchors<'_>) -> Date {
        match self.unit {
            Unit::BusinessDays => anchors.workdays.add_business_days(day, self.amount),
            Unit::Weeks => shift(day, self.amount.saturating_mul(7)),
            Unit::Days | Unit::Hours => shift(day, self.amount),
        }
    }
}

/// When the platform closes the order: on the day that was told, at the hour at which the order was placed, since platforms
/// give whole days; while nobody told it, when the playbook says that they usually do.
fn platform_close(anchors: &Anchors<'_>) -> Option<Timestamp> {
    let Some(day) = day_of(anchors.dates, KeyDate::PlatformClose) else {
        return anchors.usual_close.filter(|usual| usual.anchor.is_of_the_debt())?.resolve(anchors);
    };
    match anchors.placed {
        Some(placed) => {
            let time = anchors.zone.to_datetime(placed).time();
            anchors.zone.to_timestamp(day.to_datetime(time)).ok()
        }
        None => start_of(day, anchors.zone),
    }
}

/// Midnight at which a civil day begins.
pub fn start_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(day.to_datetime(Time::midnight())).ok()
}

fn unit_of(text: &str) -> Option<Unit> {
    Some(match text {
        "hour" | "hours" => Unit::Hours,
        "day" | "days" => Unit::Days,
        "business day" | "business days" => Unit::BusinessDays,
        "week" | "weeks" => Unit::Weeks,
        _ => return None,
    })
}

fn expected(text: &str) -> Fault {
    Fault::new(
        0,
        format!("‘{text}’ is not a time"),
        "write for instance ‘due + 3 days’ or ‘previous + 4 business days’",
    )
}

/// A plain length such as `3 days` or `20 hours`, in hours.
pub fn length_in_hours(text: &str) -> Result<i64, Fault> {
    let wrong =
        || Fault::new(0, format!("‘{text}’ is not a length of time"), "write for instance ‘3 days’ or ‘20 hours’");
    let (number, unit) = text.split_once(' ').ok_or_else(wrong)?;
    let number: u16 = number.parse().map_err(|_| wrong())?;
    let hours = match unit_of(unit).ok_or_else(wrong)? {
        Unit::Hours => 1,
        Unit::Days => 24,
        Unit::Weeks => 168,
        Unit::BusinessDays => return Err(wrong()),
    };
    Ok(i64::from(number) * hours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::countries::Countries;
    use jiff::civil::date;

    #[test]
    fn reads_times_as_people_say_them() {
        let three = TimeExpr::parse("due + 3 days").expect("valid");
        assert_eq!(three, TimeExpr { anchor: Anchor::Due, amount: 3, unit: Unit::Days });
        let back = TimeExpr::parse("due - 5 business days").expect("valid");
        assert_eq!((back.amount, back.unit), (-5, Unit::BusinessDays));
        for text in ["due", "placed + 12 hours", "previous + 0 business days", "due - 2 weeks"] {
            assert_eq!(TimeExpr::parse(text).expect(text).to_string(), text);
        }
        assert!(TimeExpr::parse("dew + 3 days").unwrap_err().to_string().contains("known: due"));
        assert_eq!(TimeExpr::parse("due + 3 dais").unwrap_err().at, 8);
        assert!(TimeExpr::parse("due + three days").is_err());
        assert_eq!(length_in_hours("3 days"), Ok(72));
        assert!(length_in_hours("soon").is_err());
    }

    #[test]
    fn every_day_of_an_order_is_an_anchor() {
        for kind in KeyDate::ALL {
            assert_eq!(Anchor::from_code(kind.code()).and_then(Anchor::key_date), Some(*kind));
        }
    }

    #[test]
    fn resolves_in_the_tenants_zone() {
        let zone = TimeZone::get("Asia/Shanghai").expect("zone");
        let anchors = Anchors {
            due: Some(date(2026, 3, 2)),
            placed: Some("2026-03-01T03:00:00Z".parse().expect("instant")),
            trigger: None,
            previous: None,
            started: Timestamp::UNIX_EPOCH,
            reason: None,
            answer_by: None,
            promise: None,
            dates: &[(KeyDate::Arrival, date(2026, 3, 20))],
            usual_close: None,
            order: OrderMoments {
                shipped: Some("2026-03-04T03:00:00Z".parse().expect("instant")),
                ..OrderMoments::default()
            },
            zone: &zone,
            workdays: Workdays::of(Countries::shipped().get("IT"), &[]),
        };
        let at = |text: &str| TimeExpr::parse(text).expect("valid").resolve(&anchors).map(|t| t.to_string());
        assert_eq!(at("due + 1 day").as_deref(), Some("2026-03-02T16:00:00Z"));
        assert_eq!(at("placed + 12 hours").as_deref(), Some("2026-03-01T15:00:00Z"));
        assert_eq!(at("previous + 1 day"), None);
        assert_eq!(at("arrival + 1 day").as_deref(), Some("2026-03-20T16:00:00Z"));
        assert_eq!(at("maturity"), None);
        assert_eq!(at("shipped + 2 days").as_deref(), Some("2026-03-06T03:00:00Z"));
        assert_eq!(at("delivered"), None);
        // Where nobody told when the platform closes the order, the playbook knows what is usual; what is told goes before it.
        assert_eq!(at("platform_close - 2 days"), None);
        let usual = TimeExpr::parse("placed + 20 days").ok();
        let near = Anchors { usual_close: usual, ..anchors.clone() };
        let told = Anchors { dates: &[(KeyDate::PlatformClose, date(2026, 3, 8))], ..near.clone() };
        let nobody_placed = Anchors { placed: None, ..told.clone() };
        let close = |anchors: &Anchors<'_>| {
            let time = TimeExpr::parse("platform_close - 2 days").expect("valid");
            time.resolve(anchors).map(|t| t.to_string())
        };
        assert_eq!(close(&near).as_deref(), Some("2026-03-19T03:00:00Z"));
        assert_eq!(close(&told).as_deref(), Some("2026-03-06T03:00:00Z"));
        assert_eq!(close(&nobody_placed).as_deref(), Some("2026-03-05T16:00:00Z"));
        // Easter Monday lies between.
        let easter = Anchors { due: Some(date(2026, 4, 3)), ..anchors };
        let days = TimeExpr::parse("due + 2 business days").expect("valid").resolve(&easter);
        assert_eq!(days.map(|t| t.to_string()).as_deref(), Some("2026-04-07T16:00:00Z"));
    }
}
