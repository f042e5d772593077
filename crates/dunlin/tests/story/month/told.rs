//! The table of paths, read, and the orders that live along them. What a line means stands at the head of the table.

use dunlin_core::order::asks::AskKind;
use jiff::{SignedDuration, Timestamp};

const DEFAULT_CENTS: i64 = 4_990;
/// Long enough that the protection plays no part where a path does not speak of it.
const DEFAULT_PROTECTED_DAYS: i64 = 60;

pub struct Table {
    pub paths: Vec<Path>,
    /// Beginning of a message's name, and the statuses in which it may leave.
    whiles: Vec<(String, Vec<String>)>,
}

pub struct Path {
    pub name: String,
    pub country: String,
    /// Code of the carrier; empty where nothing is shipped.
    pub carrier: String,
    pub cents: i64,
    pub protected_days: i64,
    pub sharp: bool,
    pub lines: Vec<Line>,
}

pub struct Line {
    pub day: i64,
    pub what: What,
}

pub enum What {
    /// Minutes of the day, and what happens then.
    Happens(i64, Event),
    /// The name of a letter, with the parcel behind it where it is about the second one.
    Says(String),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Buys,
    Market(String),
    Scan { parcel: char, word: String, late_hours: Option<i64> },
    Desk(Work),
}

/// What people of ours do.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    Ships { parcel: char, in_part: bool },
    OutOfStock,
    InStock,
    Asks(AskKind),
    Settles,
    TakesTheAnswer,
    Declines(String),
}

impl Work {
    /// Done at the marketplace, and read there like everything else.
    pub fn is_at_the_market(&self) -> bool {
        matches!(self, Self::Ships { .. })
    }
}

impl Table {
    pub fn read(text: &str) -> Self {
        let (mut paths, mut whiles): (Vec<Path>, Vec<(String, Vec<String>)>) = (Vec::new(), Vec::new());
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [] => {}
                ["while", name, ref statuses @ ..] => {
                    whiles.push((name.to_string(), statuses.iter().map(ToString::to_string).collect()));
                }
                ["path", name, country, carrier, ref more @ ..] => {
                    paths.push(path((name, country, carrier), more).unwrap_or_else(|| wrong(index, line)));
                }
                [day, ref rest @ ..] => {
                    let day = day.parse::<i64>().ok().unwrap_or_else(|| wrong(index, line));
                    let what = what(rest).unwrap_or_else(|| wrong(index, line));
                    let path = paths.last_mut().unwrap_or_else(|| wrong(index, line));
                    path.lines.push(Line { day, what });
                }
            }
        }
        Self { paths, whiles }
    }

    /// The statuses of the marketplace in which a message may leave.
    pub fn statuses_of(&self, message: &str) -> &[String] {
        let fits = |(name, _): &&(String, Vec<String>)| message.starts_with(name.as_str());
        self.whiles.iter().find(fits).map(|(_, statuses)| statuses.as_slice()).unwrap_or_default()
    }
}

fn wrong<T>(index: usize, line: &str) -> T {
    panic!("paths.txt, line {}: ‘{line}’ says nothing", index + 1)
}

fn path((name, country, carrier): (&str, &str, &str), more: &[&str]) -> Option<Path> {
    let mut path = Path {
        name: name.to_string(),
        country: country.to_string(),
        carrier: carrier.trim_matches('-').to_string(),
        cents: DEFAULT_CENTS,
        protected_days: DEFAULT_PROTECTED_DAYS,
        sharp: false,
        lines: Vec::new(),
    };
    let mut more = more.iter().copied();
    while let Some(word) = more.next() {
        match word {
            "sharp" => path.sharp = true,
            "cents" => path.cents = more.next()?.parse().ok()?,
            "protected" => path.protected_days = more.next()?.parse().ok()?,
            _ => return None,
        }
    }
    Some(path)
}

fn what(words: &[&str]) -> Option<What> {
    if let ["says", message @ ..] = words {
        return Some(What::Says(message.join(" ")));
    }
    let (time, event) = words.split_first()?;
    let (hours, minutes) = time.split_once(':')?;
    let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
    Some(What::Happens(minutes, event_of(event)?))
}

fn event_of(words: &[&str]) -> Option<Event> {
    let parcel = |word: &str| word.chars().next().filter(|letter| matches!(letter, 'A' | 'B'));
    let scan = |name: &str, word: &str, late_hours: Option<i64>| {
        Some(Event::Scan { parcel: parcel(name)?, word: word.trim_end_matches(',').to_string(), late_hours })
    };
    match words {
        ["buys"] => Some(Event::Buys),
        ["market", status] => Some(Event::Market((*status).to_string())),
        ["ships", name] => Some(Event::Desk(Work::Ships { parcel: parcel(name)?, in_part: false })),
        ["ships", name, "in", "part"] => Some(Event::Desk(Work::Ships { parcel: parcel(name)?, in_part: true })),
        ["parcel", name, word] => scan(name, word, None),
        ["parcel", name, word, "told", hours, "hours", "late"] => scan(name, word, Some(hours.parse().ok()?)),
        ["desk", work @ ..] => work_of(work).map(Event::Desk),
        _ => None,
    }
}

fn work_of(words: &[&str]) -> Option<Work> {
    Some(match words {
        ["out", "of", "stock"] => Work::OutOfStock,
        ["in", "stock"] => Work::InStock,
        ["asks", kind] => Work::Asks(AskKind::from_code(kind)?),
        ["settles"] => Work::Settles,
        ["takes", "the", "answer"] => Work::TakesTheAnswer,
        ["declines", letter] => Work::Declines((*letter).to_string()),
        _ => return None,
    })
}

impl Path {
    /// The last day of which the path speaks.
    pub fn days(&self) -> i64 {
        self.lines.iter().map(|line| line.day).max().unwrap_or(0)
    }

    pub fn says(&self) -> Vec<&str> {
        self.lines.iter().filter_map(Line::message).collect()
    }

    pub fn declines(&self, letter: &str) -> bool {
        self.lines.iter().any(
            |line| matches!(&line.what, What::Happens(_, Event::Desk(Work::Declines(declined))) if declined == letter),
        )
    }
}

impl Line {
    pub fn message(&self) -> Option<&str> {
        match &self.what {
            What::Says(message) => Some(message),
            What::Happens(..) => None,
        }
    }

    pub fn event(&self) -> Option<&Event> {
        match &self.what {
            What::Happens(_, event) => Some(event),
            What::Says(_) => None,
        }
    }
}

/// An order on its way along a path.
pub struct Order {
    /// Place of its path in the table.
    pub path: usize,
    pub buyer: u32,
    /// Midnight of its day 0.
    pub begins: Timestamp,
    /// By how much what others do moves for this order.
    pub moved: SignedDuration,
    /// As the marketplace numbered it.
    pub number: String,
    /// When the desk did its work, by the lines of the path.
    pub worked: Vec<Option<Timestamp>>,
}

impl Order {
    /// When a line of its path happens, or is wanted by the table; `None` for what is said.
    pub fn moment(&self, line: &Line) -> Option<Timestamp> {
        let What::Happens(minutes, event) = &line.what else { return None };
        let moved = if matches!(event, Event::Desk(_)) { SignedDuration::ZERO } else { self.moved };
        Some(self.begins + SignedDuration::from_hours(24 * line.day) + SignedDuration::from_mins(*minutes) + moved)
    }

    /// The number under which a parcel of it travels.
    pub fn tracking(&self, parcel: char) -> String {
        format!("M{parcel}{:09}CN", self.buyer)
    }
}

/// The buyer whose parcel a number is.
pub fn buyer_of(tracking: &str) -> Option<u32> {
    tracking.get(2..11)?.parse().ok()
}

#[test]
fn the_table_of_paths_can_be_read_and_lists_what_it_should() {
    let table = Table::read(include_str!("paths.txt"));
    assert!(table.paths.len() >= 30, "{} paths", table.paths.len());
    for path in &table.paths {
        let first = path.lines.first().and_then(Line::event);
        assert_eq!(first, Some(&Event::Buys), "{} begins otherwise", path.name);
        for message in path.says() {
            assert!(!table.statuses_of(message).is_empty(), "{}: when may {message} leave?", path.name);
        }
        assert!(path.lines.is_sorted_by_key(|line| line.day), "{} goes back in time", path.name);
        let ships = path.lines.iter().any(|line| matches!(line.event(), Some(Event::Desk(Work::Ships { .. }))));
        assert_eq!(ships, !path.carrier.is_empty(), "{}: who carries it?", path.name);
    }
}
