//! Talks that happened outside the program, and what in their words may be a promise, an amount or a reason (SCENARIOS
//! A18).
//!
//! [`pick`] proposes and never decides: whatever it finds is shown to a person, who enters it or not. So it would rather
//! overlook something than take a question, a refusal or an order number for a promise. It knows English, Spanish and
//! Chinese, and reads a text sentence by sentence and clause by clause: [`script`] cuts, [`days`] and [`amounts`] read,
//! [`words`] holds the lists.

mod amounts;
mod days;
pub mod objection;
mod script;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;

use jiff::civil::Date;

use crate::calendar::{days_between, shift};
use crate::money::Money;
use crate::receivable::coded_enum;
use crate::why::WhyUnpaid;
use script::{Script, Sentence};

coded_enum! {
    /// Where a talk was.
    TalkPlace {
        Wechat = "wechat",
        Whatsapp = "whatsapp",
        Phone = "phone",
        Fair = "fair",
        Visit = "visit",
        /// A mail that came to another mailbox than the one that is read.
        Email = "email",
        /// A message on the marketplace.
        InSite = "in_site",
        Other = "other",
    }
}

/// Longest text of a talk, in characters.
pub const LONGEST_TALK: usize = 20_000;

/// A promise further away than this is none: an old date was read as one to come.
const FURTHEST_DAYS: i32 = 200;

/// Characters that may stand beside a day in a clause that says when another one happens.
const MOST_BESIDE: usize = 12;

/// "I will pay USD 5,000 on 15 May."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseFound {
    pub pay_on: Date,
    /// When one amount stands beside it.
    pub amount: Option<Money>,
    /// The sentence, in bytes of the text.
    pub place: Range<usize>,
}

/// An amount with its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountFound {
    pub amount: Money,
    pub place: Range<usize>,
}

/// What it sounds like why it is unpaid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyFound {
    pub why: WhyUnpaid,
    /// The words that sound like it.
    pub place: Range<usize>,
}

/// Everything that was found, in the order of the text; each day, amount and reason once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picked {
    pub promises: Vec<PromiseFound>,
    pub amounts: Vec<AmountFound>,
    pub whys: Vec<WhyFound>,
}

/// Looks through the words of a talk of `talked_on`; days such as "Friday" are counted from then.
pub fn pick(text: &str, talked_on: Date) -> Picked {
    let script = Script::of(text);
    let mut picked = Picked::default();
    for sentence in script.sentences() {
        let amounts = amounts::amounts(&script, &sentence.range);
        if !sentence.is_question {
            promises(&script, &sentence, &amounts, talked_on, &mut picked.promises);
            whys(&script, &sentence, &mut picked.whys);
        }
        for (range, amount) in amounts {
            if picked.amounts.iter().all(|known| known.amount != amount) {
                picked.amounts.push(AmountFound { amount, place: script.bytes(&range) });
            }
        }
    }
    picked
}

/// What a clause says of paying.
#[derive(Clone, Copy)]
struct Said {
    pays: bool,
    /// Nothing in it denies, asks or tells of the past.
    is_open: bool,
}

fn promises(
    script: &Script,
    sentence: &Sentence,
    amounts: &[(Range<usize>, Money)],
    talked_on: Date,
    found: &mut Vec<PromiseFound>,
) {
    let days = days::days(script, &sentence.range, talked_on);
    if days.is_empty() {
        return;
    }
    let said = |clause: &Range<usize>| Said {
        pays: script.has_any(clause, words::PAY),
        is_open: !words::is_barred(script, clause) && !script.has_any(clause, words::PAST),
    };
    let said: Vec<Said> = sentence.clauses.iter().map(said).collect();
    for (place, day) in days {
        let ahead = days_between(talked_on, day);
        // The day of the talk itself in digits is the time that a chat writes before each line.
        let is_stamp = ahead == 0 && script.at(place.start).is_ascii_digit();
        if is_stamp || !(0..=FURTHEST_DAYS).contains(&ahead) || found.iter().any(|known| known.pay_on == day) {
            continue;
        }
        let Some(at) = sentence.clauses.iter().position(|clause| clause.contains(&place.start)) else {
            continue;
        };
        // "Next Friday, we will pay": the day may stand beside the clause that pays, when it says little but the day.
        // "Delivery is on Friday, we pay later" is about something else.
        let is_bare = sentence.clauses[at].len().saturating_sub(place.len()) <= MOST_BESIDE;
        let mut beside = [at.checked_sub(1), at.checked_add(1)].into_iter().flatten().filter_map(|at| said.get(at));
        let is_beside = is_bare && beside.any(|clause| clause.pays && clause.is_open);
        if said[at].is_open && (said[at].pays || is_beside) {
            let amount = match amounts {
                [(_, amount)] => Some(*amount),
                _ => None,
            };
            found.push(PromiseFound { pay_on: day, amount, place: script.bytes(&sentence.range) });
        }
    }
}

fn whys(script: &Script, sentence: &Sentence, found: &mut Vec<WhyFound>) {
    for (why, signs) in words::WHYS {
        if found.iter().any(|known| known.why == *why) {
            continue;
        }
        for clause in &sentence.clauses {
            let Some(place) = script.find_any(clause, signs) else {
                continue;
            };
            if script.follows(place.start, words::WITHOUT) {
                continue;
            }
            // "We will not pay before Friday" says when, not that nobody wants to pay.
            if *why == WhyUnpaid::Refuses && script.has_any(&sentence.range, words::NOT_YET) {
                continue;
            }
            found.push(WhyFound { why: *why, place: script.bytes(&place) });
            break;
        }
    }
}

/// The Friday of the week that is `weeks` after that of `day`.
fn friday(day: Date, weeks: i32) -> Date {
    weekday(day, weeks, 4)
}

/// The weekday (Monday is 0) of the week that is `weeks` after that of `day`.
fn weekday(day: Date, weeks: i32, weekday: i32) -> Date {
    let monday = shift(day, -i32::from(day.weekday().to_monday_zero_offset()));
    shift(monday, 7 * weeks + weekday)
}
