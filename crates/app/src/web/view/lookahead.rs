//! `GET /simulation` and `GET /backtest`: what the playbooks will do, and what they would have done.

use super::figures::{Amount, When};
use super::who::DebtorRef;

/// A page with its form. Query: `days` or `from` and `to`, `playbooks`, `against`.
#[derive(Debug, Clone, Default)]
pub struct LookPage {
    /// As they stand in the form.
    pub days: String,
    pub from: String,
    pub to: String,
    /// `used` or `shipped`.
    pub playbooks: String,
    /// The same, or empty: nothing is compared.
    pub against: String,
    /// What is wrong with the days asked for; empty when nothing is.
    pub problem: String,
    /// `None` before anything was asked for.
    pub found: Option<Found>,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// "From 4 Mar to 2 Apr 2026: 37 letters to 20 debtors."
    pub sentence: String,
    /// What people and buyers are taken to do.
    pub assumptions: Vec<String>,
    /// Refused plans, debtors broken off.
    pub troubles: Vec<String>,
    /// Letters, approvals, calls and tasks over all days.
    pub totals: Vec<Figure>,
    /// Where cases stand at the end.
    pub standing: Vec<Figure>,
    pub picture: Bars,
    /// The same days with the other playbooks.
    pub other: Option<Bars>,
    /// Where cases stand at the end of each day, with the table behind it.
    pub standings: Bars,
    pub standing_rows: Vec<StandingRow>,
    /// The table behind the pictures.
    pub rows: Vec<DayRow>,
    pub has_sent: bool,
    /// Days on which something happens.
    pub days: Vec<DayList>,
}

/// A number with its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figure {
    pub name: String,
    pub number: String,
    /// The same with the other playbooks.
    pub other: Option<String>,
}

/// One day of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayRow {
    pub day: When,
    /// Letters, approvals, calls, tasks.
    pub numbers: [String; 4],
    pub sent: Option<String>,
    pub other: Option<[String; 4]>,
}

/// Where cases stand at the end of one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandingRow {
    pub day: When,
    /// In the order of [`STANDINGS`].
    pub numbers: [String; 5],
}

/// What happens on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayList {
    pub day: When,
    /// "12 letters, 3 approvals, 2 calls".
    pub summary: String,
    pub rows: Vec<ActionRow>,
    /// How many more there are; empty when all are shown.
    pub more: String,
}

/// One thing that is done, or asked of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActionRow {
    pub time: String,
    /// `letter`, `approval`, `call`, `task`.
    pub kind: String,
    /// The step, or what the task asks for.
    pub what: String,
    pub debtor: DebtorRef,
    pub receivables: Vec<String>,
    /// Code of the channel; empty for a task.
    pub channel: String,
    pub amount: Amount,
}

/// Stacked bars, one a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bars {
    /// What the picture shows, in one sentence.
    pub sentence: String,
    pub bars: Vec<Bar>,
    /// The first and the last day, below the picture.
    pub first: String,
    pub last: String,
    /// The number that the highest bar stands for.
    pub highest: String,
}

/// One day of the picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bar {
    /// The day and its numbers.
    pub title: String,
    pub x: i64,
    pub width: i64,
    pub parts: Vec<Part>,
}

/// One kind within a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    /// One of [`KINDS`] or [`STANDINGS`].
    pub kind: &'static str,
    pub y: i64,
    pub height: i64,
}

/// From the foot of a bar upwards, and in the order of columns.
pub const KINDS: [&str; 4] = ["letter", "approval", "call", "task"];
/// Where a case can stand, in the same order.
pub const STANDINGS: [&str; 5] = ["waiting-on-us", "waiting-on-buyer", "ladder-done", "in-other-hands", "settled"];
/// Units of the picture.
pub const WIDTH: i64 = 10_000;
pub const HEIGHT: i64 = 1_000;
/// What happened once is still to be seen.
const THINNEST: i64 = 12;

/// The bars of some days, each with its title and its numbers in the order of `kinds`. `highest` is what fills the
/// height; two pictures that are compared share it.
pub fn bars<const N: usize>(kinds: [&'static str; N], days: &[(String, [usize; N])], highest: usize) -> Vec<Bar> {
    let count = i64::try_from(days.len()).unwrap_or(i64::MAX).max(1);
    let highest = i64::try_from(highest).unwrap_or(i64::MAX).max(1);
    // Thin parts are widened: what they take beyond their share is left free at the top.
    let room = HEIGHT - THINNEST * N as i64;
    let mut all = Vec::with_capacity(days.len());
    for (nth, (title, numbers)) in (0..).zip(days) {
        let (left, right) = (WIDTH * nth / count, WIDTH * (nth + 1) / count);
        let seam = (right - left) / 6;
        let mut top = HEIGHT;
        let mut parts = Vec::new();
        for (kind, number) in kinds.into_iter().zip(numbers).filter(|(_, number)| **number > 0) {
            let share = i128::from(room) * (*number as i128) / i128::from(highest);
            let height = i64::try_from(share).unwrap_or(room).min(room).max(THINNEST);
            top -= height;
            parts.push(Part { kind, y: top, height });
        }
        all.push(Bar { title: title.clone(), x: left, width: (right - left - seam).max(1), parts });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_in_the_picture_and_stand_on_each_other() {
        for count in [1, 7, 60, 400] {
            let days: Vec<_> = (0..count).map(|nth| (String::new(), [nth, 1, 0, count - nth])).collect();
            let highest = days.iter().map(|(_, numbers)| numbers.iter().sum::<usize>()).max().unwrap_or(0);
            let bars = bars(KINDS, &days, highest);
            assert_eq!(bars.len(), count);
            for bar in &bars {
                assert!(bar.x >= 0 && bar.x + bar.width <= WIDTH, "{count}");
                let mut foot = HEIGHT;
                for part in &bar.parts {
                    assert_eq!(part.y + part.height, foot, "{count}");
                    foot = part.y;
                }
                assert!(foot >= 0, "{count}: {foot}");
            }
        }
        assert!(bars(KINDS, &[], 0).is_empty());
    }
}
