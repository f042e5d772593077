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
    /// Which route it is, and what comes after it.
    pub notes: Vec<String>,
    /// Steps that count from something whose day is not known: they stand below the axis.
    pub aside: Vec<Aside>,
}

/// A step without a place on the day axis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aside {
    pub label: String,
    /// "3 days after the arrival at the port".
    pub when: String,
    /// As that of a rung.
    pub state: String,
}

/// One step of the ladder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rung {
    /// Days from the due date; negative before it.
    pub day: i32,
    /// "Second reminder".
    pub label: String,
    /// "9 Mar".
    pub date: String,
    /// `taken`, `approval`, `queued`, `to_paste`, `task`, `next`, `later`, `skipped`, `unneeded`.
    pub state: String,
}

/// A place on the day axis, in thousandths of its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot(i32);

impl std::fmt::Display for Spot {
    /// As SVG wants it: `43.2%`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}%", self.0 / 10, self.0 % 10)
    }
}

impl Spot {
    /// Where a text that marks this place begins, so that it stays inside the picture.
    pub const fn anchor(self) -> &'static str {
        match self.0 {
            ..150 => "start",
            850.. => "end",
            _ => "middle",
        }
    }
}

/// A rung with its place, and the place where its tread ends: the next rung's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedRung<'a> {
    pub rung: &'a Rung,
    pub at: Spot,
    /// `None` for the last one.
    pub end: Option<Spot>,
    /// The first one has no tread above it.
    pub is_first: bool,
}

/// Room at both ends of the axis for half a dot.
const EDGE: i32 = 20;

impl Ladder {
    fn span(&self) -> (i32, i32) {
        let days = self.rungs.iter().map(|rung| rung.day).chain([self.today]);
        let days: Vec<i32> = days.chain(self.due.is_some().then_some(0)).collect();
        let first = days.iter().min().copied().unwrap_or(0);
        let last = days.iter().max().copied().unwrap_or(0).max(first + 7);
        (first, last)
    }

    /// Where a day stands.
    fn spot(&self, day: i32) -> Spot {
        let (first, last) = self.span();
        let width = i64::from(1000 - 2 * EDGE);
        Spot(EDGE + (width * i64::from(day - first) / i64::from(last - first)) as i32)
    }

    pub fn due_spot(&self) -> Spot {
        self.spot(0)
    }

    pub fn today_spot(&self) -> Spot {
        self.spot(self.today)
    }

    pub fn placed(&self) -> Vec<PlacedRung<'_>> {
        let next = |index: usize| self.rungs.get(index + 1).map(|rung| self.spot(rung.day));
        let place =
            |(index, rung)| PlacedRung { rung, at: self.spot(rung.day), end: next(index), is_first: index == 0 };
        self.rungs.iter().enumerate().map(place).collect()
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
    fn a_ladder_stays_between_its_edges() {
        let rung = |day| Rung { day, ..Rung::default() };
        let ladder = Ladder { rungs: vec![rung(-5), rung(0), rung(69)], today: 69, ..Ladder::default() };
        let placed = ladder.placed();
        assert_eq!((placed[0].at.to_string(), placed[2].at.to_string()), ("2.0%".to_string(), "98.0%".to_string()));
        assert_eq!((placed[0].at.anchor(), ladder.today_spot().anchor()), ("start", "end"));
        assert_eq!((placed[1].end, placed[2].end), (Some(placed[2].at), None));
    }

    #[test]
    fn an_empty_bar_has_no_parts() {
        assert!(OpenByCurrency::default().stretches().is_empty());
    }
}
