//! Plays the debtors: what each character does about one amount due. Days count from the day on which the first
//! reminder is expected: three days after the due date, or the first day on which the product knows of the debt.

use jiff::civil::Date;

use super::Act;
use super::calendar::{DAYS, START, day, days_between, plus, working_day_from, working_day_until};
use super::debtors::Character;
use super::orders::Order;
use super::promises::promise_words;
use super::terms::Part;

/// Days after the due date on which the first reminder is expected.
pub const FIRST_REMINDER: i64 = 3;

/// What a debtor does about one part of an order.
#[derive(Default)]
pub struct Conduct {
    /// Day of booking and minor units.
    pub payments: Vec<(Date, i64)>,
    pub acts: Vec<(Date, Act)>,
}

impl Conduct {
    fn pays(&mut self, on: Date, amount: i64) {
        self.payments.push((working_day_from(on), amount));
    }

    fn acts(&mut self, on: Date, act: Act) {
        self.acts.push((working_day_from(on), act));
    }
}

/// The first booking day that a statement of the demo covers: the Friday before the start.
pub fn first_booking_day() -> Date {
    plus(START, -3)
}

/// Whether the part was paid before the product came, so that it stands in the column of money received.
pub fn settled_before_start(order: &Order, part: &Part, is_last: bool) -> bool {
    match order.debtor.character {
        Character::OnTime => punctual(order, part) < first_booking_day(),
        _ => !is_last && part.due < plus(START, -FIRST_REMINDER),
    }
}

/// When the first reminder is expected; `None` when the part stays unknown to the last file.
pub fn first_reminder(order: &Order, part: &Part) -> Option<Date> {
    Some(plus(part.due, FIRST_REMINDER).max(order.known_on(part)?).max(START))
}

/// What the debtor does about the part, within the demo or after its end.
pub fn conduct(order: &Order, part: &Part, is_last: bool) -> Conduct {
    let mut conduct = Conduct::default();
    let (Some(known), Some(reminder)) = (order.known_on(part), first_reminder(order, part)) else {
        return conduct;
    };
    let delay = order.dice(part.milestone).between(2, 5);
    let after = |days| plus(reminder, days);
    match order.debtor.character {
        Character::Silent => silence(order, reminder, &mut conduct),
        Character::OnTime => conduct.pays(punctual(order, part).max(known), part.amount),
        Character::PaysOvernight => conduct.pays(working_day_until(plus(reminder, -1)), part.amount),
        Character::AfterReminder | Character::BreaksPromise if !is_last => conduct.pays(after(delay), part.amount),
        // Deposits make no trouble: without them nothing is produced.
        _ if !is_last => conduct.pays(punctual(order, part).max(known), part.amount),
        Character::AfterReminder => conduct.pays(after(delay), part.amount),
        Character::PaysHalf => half(order, part, reminder, delay, &mut conduct),
        Character::KeepsPromise => {
            let pay_on = working_day_from(after(6 + delay));
            promise(order, part, after(1), pay_on, &mut conduct);
            conduct.pays(pay_on, part.amount);
        }
        Character::BreaksPromise => break_promises(order, part, reminder, &mut conduct),
        Character::Disputes if order.place == 0 => dispute(order, part, reminder, &mut conduct),
        Character::Disputes => conduct.pays(after(delay), part.amount),
    }
    conduct.acts.retain(|(on, _)| *on < day(DAYS));
    conduct
}

/// The day on which somebody who pays on time pays.
fn punctual(order: &Order, part: &Part) -> Date {
    let roll = order.dice("punctual").between(0, 2);
    let within = days_between(part.triggered, part.due);
    working_day_until(if within <= 14 { plus(part.triggered, 2 + roll) } else { plus(part.due, -1 - roll) })
}

fn half(order: &Order, part: &Part, reminder: Date, delay: i64, conduct: &mut Conduct) {
    let half = part.amount / 2 / 100 * 100;
    conduct.pays(plus(reminder, delay + 1), half);
    if order.place == 0 && order.debtor.due_in.first().is_some_and(|due| due % 2 != 0) {
        conduct.pays(plus(reminder, delay + 18), part.amount - half);
    } else {
        let note = "客户说先付一半，剩下的等货卖掉再付，没有给日期";
        conduct.acts(plus(reminder, delay + 15), Act::CallDone { order: order.number.clone(), note: note.into() });
    }
}

fn silence(order: &Order, reminder: Date, conduct: &mut Conduct) {
    let notes = ["电话打了两次，无人接听，前台说会转告", "总机说负责人出差，手机关机，WhatsApp 已读不回"];
    // One call is about all the debtor's orders; the second one names the oldest.
    let calls = if order.place == 0 { 2 } else { 1 };
    for (days, note) in [12, 24].into_iter().zip(notes).take(calls) {
        conduct.acts(plus(reminder, days), Act::CallDone { order: order.number.clone(), note: note.into() });
    }
}

fn promise(order: &Order, part: &Part, on: Date, pay_on: Date, conduct: &mut Conduct) {
    let promise = Act::Promise {
        order: order.number.clone(),
        milestone: part.milestone,
        pay_on,
        amount: None,
        words: promise_words(order.debtor.language, pay_on),
    };
    conduct.acts(on, promise);
}

fn break_promises(order: &Order, part: &Part, reminder: Date, conduct: &mut Conduct) {
    promise(order, part, plus(reminder, 2), working_day_from(plus(reminder, 9)), conduct);
    promise(order, part, plus(reminder, 14), working_day_from(plus(reminder, 21)), conduct);
    let note = "客户第二次没有兑现，说银行额度没批下来；已说明下一步是书面催告";
    conduct.acts(plus(reminder, 25), Act::CallDone { order: order.number.clone(), note: note.into() });
    if order.place == 0 && order.debtor.currency == "USD" && order.debtor.country.code == "SA" {
        conduct.pays(plus(reminder, 30), part.amount / 2 / 100 * 100);
    }
}

fn dispute(order: &Order, part: &Part, reminder: Date, conduct: &mut Conduct) {
    let faulty = part.amount * 18 / 100 / 1000 * 1000;
    let (why, resolved_after) = match order.debtor.country.code {
        "ES" => ("120 顶帐篷的帐杆有裂纹，客户发来照片，要求换货或扣款", Some(18)),
        "FR" => ("睡袋颜色与确认样不符，40 箱", Some(15)),
        _ => ("折叠椅到货短装 6 箱，双方在核对装箱单", None),
    };
    let number = || order.number.clone();
    conduct.acts(plus(reminder, 2), Act::Dispute { order: number(), amount: Some(decimal(faulty)), why: why.into() });
    conduct.pays(plus(reminder, 8), part.amount - faulty);
    if let Some(days) = resolved_after {
        conduct.acts(plus(reminder, days), Act::DisputeResolved { order: number() });
        conduct.pays(plus(reminder, days + 5), faulty);
    }
}

/// Minor units as a decimal string.
pub fn decimal(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}
