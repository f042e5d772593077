//! Geometry of the pictures, computed here so that templates only draw: the ageing bar and the ladder.

use super::figures::{Bucket, OpenByCurrency};

/// A part of the stacked bar, in the bar's own units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch<'a> {
    pub bucket: &'a Bucket,
    pub x: i64,
    pub width: i64,
}

/// Units across the bar.
pub const BAR_WIDTH: i64 = 1000;
/// Between two parts.
const SEAM: i64 = 4;
/// A part with money is never too thin to see.
const THINNEST: i64 = 10;

impl OpenByCurrency {
    /// The parts with money, left to right, over the whole bar.
    pub fn stretches(&self) -> Vec<Stretch<'_>> {
        let filled: Vec<&Bucket> = self.buckets.iter().filter(|bucket| bucket.minor > 0).collect();
        let total: i128 = filled.iter().map(|bucket| i128::from(bucket.minor)).sum();
        if total == 0 {
            return Vec::new();
        }
        let count = filled.len() as i64;
        let free = BAR_WIDTH - SEAM * (count - 1) - THINNEST * count;
        let mut x = 0;
        let mut parts = Vec::with_capacity(filled.len());
        for (index, bucket) in filled.into_iter().enumerate() {
            let share = (i128::from(bucket.minor) * i128::from(free) / total) as i64;
            let is_last = index as i64 == count - 1;
            let width = if is_last { BAR_WIDTH - x } else { THINNEST + share };
            parts.push(Stretch { bucket, x, width });
            x += width + SEAM;
        }
        parts
    }
}

/// A playbook over a day axis: the steps taken, the next ones, the due date and today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ladder {
    /// What the picture shows, in one sentence.
    pub sentence: String,
    /// In the order of time.
    pub rungs: Vec<Rung>,
    /// Days from the due date (or from the trigger, while it is awaited).
    pub today: i32,
    /// The due date's text: "26 Feb". `None` while it is awaited.
    pub due: Option<String>,
    /// "6 Mar".
    pub today_text: String,
}

/// One step of the ladder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rung {
    /// Days from the due date; negative before it.
    pub day: i32,
    /// Warning level, from 0: how high the rung stands.
    pub level: u8,
    /// "Second reminder".
    pub label: String,
    /// "9 Mar".
    pub date: String,
    /// `taken`, `waiting`, `next`, `later`, `skipped`.
    pub state: String,
    /// The letter or task behind it: `/letters/L-0012`.
    pub href: Option<String>,
}

/// A rung with its place in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedRung<'a> {
    pub rung: &'a Rung,
    pub x: i32,
    pub y: i32,
    /// End of its tread: the next rung, or the edge.
    pub end: i32,
    /// Height of the next rung.
    pub end_y: i32,
}

/// The picture's size and margins; labels stand to the left of their rung, where a rising ladder leaves room.
const LEFT: i32 = 168;
const RIGHT: i32 = 24;
const TOP: i32 = 34;
const RISE: i32 = 34;
const FOOT: i32 = 34;

impl Ladder {
    pub const WIDTH: i32 = 760;

    pub fn height(&self) -> i32 {
        self.base() + FOOT
    }

    /// Where the day axis lies.
    pub fn base(&self) -> i32 {
        TOP + RISE * self.rungs.len().max(1) as i32
    }

    /// Left end of the axis.
    pub fn left(&self) -> i32 {
        LEFT
    }

    /// Right end of the axis.
    pub fn right(&self) -> i32 {
        Self::WIDTH - RIGHT
    }

    fn span(&self) -> (i32, i32) {
        let days = self.rungs.iter().map(|rung| rung.day).chain([self.today]);
        let days: Vec<i32> = days.chain(self.due.is_some().then_some(0)).collect();
        let first = days.iter().min().copied().unwrap_or(0);
        let last = days.iter().max().copied().unwrap_or(0).max(first + 7);
        (first, last)
    }

    /// Where a day stands.
    fn x_of(&self, day: i32) -> i32 {
        let (first, last) = self.span();
        let width = i64::from(self.right() - LEFT);
        LEFT + (width * i64::from(day - first) / i64::from(last - first)) as i32
    }

    pub fn x_of_due(&self) -> i32 {
        self.x_of(0)
    }

    pub fn x_of_today(&self) -> i32 {
        self.x_of(self.today)
    }

    /// Week marks on the axis.
    pub fn weeks(&self) -> Vec<i32> {
        let (first, last) = self.span();
        let step = if last - first > 120 { 28 } else { 7 };
        (first..=last).filter(|day| day.rem_euclid(step) == 0).map(|day| self.x_of(day)).collect()
    }

    pub fn placed(&self) -> Vec<PlacedRung<'_>> {
        let spots: Vec<(i32, i32)> = self
            .rungs
            .iter()
            .enumerate()
            .map(|(index, rung)| (self.x_of(rung.day), self.base() - RISE * (index as i32 + 1) + RISE / 3))
            .collect();
        self.rungs
            .iter()
            .enumerate()
            .map(|(index, rung)| {
                let (x, y) = spots[index];
                let (end, end_y) = spots.get(index + 1).copied().unwrap_or((self.right(), y));
                PlacedRung { rung, x, y, end, end_y }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::view::figures::Amount;

    fn bucket(minor: i64) -> Bucket {
        Bucket { code: "not_due".to_string(), amount: Amount::default(), minor }
    }

    #[test]
    fn the_bar_is_filled_and_nothing_overlaps() {
        for minors in [vec![1, 1_000_000_000, 0, 5, 1], vec![7], vec![1, 1], vec![i64::MAX / 4; 5]] {
            let open =
                OpenByCurrency { buckets: minors.iter().copied().map(bucket).collect(), ..OpenByCurrency::default() };
            let parts = open.stretches();
            let mut edge = 0;
            for part in &parts {
                assert!(part.x >= edge && part.width >= THINNEST, "{minors:?}");
                edge = part.x + part.width;
            }
            assert_eq!(edge, BAR_WIDTH);
        }
    }

    #[test]
    fn an_empty_bar_has_no_parts() {
        assert!(OpenByCurrency::default().stretches().is_empty());
    }
}
