//! Reads tables into stages, happenings and expectations; complaints begin with the line.

use dunlin_core::case::Entry;
use dunlin_core::grade::Grade;
use dunlin_core::intent::Intent;
use dunlin_core::key_date::KeyDate;
use dunlin_core::money::{Money, currency};
use dunlin_core::party::{Channel, ContactRole, Ways};
use dunlin_core::receivable::{Milestone, Trigger};
use dunlin_core::storm::{Done, Part, What};
use dunlin_core::supply::DecisionKind;
use dunlin_core::why::WhyUnpaid;
use jiff::civil::{Date, Time};

/// One scenario: a stage and what happens on it.
#[derive(Debug, Default)]
pub struct Table {
    pub playbooks: Vec<String>,
    pub zone: String,
    pub reads_statements: bool,
    pub reviews_all: bool,
    pub country: String,
    /// Days on which this buyer in particular is closed.
    pub closed: Option<(Date, Date)>,
    pub limit: Option<Money>,
    pub grade: Option<Grade>,
    pub contacts: Vec<(ContactRole, Ways)>,
    pub happenings: Vec<(usize, Date, Time, Event)>,
    pub expected: Vec<Expected>,
}

/// What happens; days are written as such, a role stands for its contact.
#[derive(Debug, Clone)]
pub enum Event {
    What(What),
    /// To the due date or a day of the order.
    Until(Date, fn(i32) -> What),
    DueOn(usize, Date),
    Key(usize, KeyDate, Date),
    Promise(Option<usize>, Part, Date),
    Hold(Option<usize>, Date),
    Owes(What, Option<Date>),
    Triggered(usize, Date),
    Leaves(ContactRole),
    Objects(ContactRole),
    RestoredFrom(Date),
    /// An address may not be used, until a day or for good.
    Suppressed(ContactRole, Channel, Option<Date>),
    /// What the terms of a debt say.
    Terms(usize, String),
    /// Words from elsewhere, which are looked through and not entered.
    Talk(String),
    /// A person decides about supply; `None`: the rule holds again.
    Supply(Option<(DecisionKind, Option<Date>)>),
}

#[derive(Debug)]
pub struct Expected {
    pub line: usize,
    pub day: Date,
    pub come: Come,
}

#[derive(Debug)]
pub enum Come {
    /// Nothing is done on this day, for this reason.
    Nothing(String),
    /// In the evening it is so with supply, in words.
    Supply(String, Vec<String>),
    /// In the evening a debt warns of this, and of nothing else.
    Risk(usize, Vec<String>),
    /// This was found in the words of a talk.
    Found(String),
    Done {
        done: Done,
        what: String,
        words: Vec<String>,
    },
}

const NOON: Time = Time::constant(12, 0, 0, 0);

/// The tables of a file; each begins with its line `playbook`.
pub fn read(text: &str) -> Result<Vec<Table>, String> {
    let mut tables: Vec<Table> = Vec::new();
    let mut last = Date::MIN;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let line = line.split('#').next().unwrap_or("").trim();
        if line.is_empty() {
            continue;
        }
        let told = |what: String| format!("{number}: {what}");
        if let Some(names) = line.strip_prefix("playbook ") {
            let playbooks = names.split_whitespace().map(ToString::to_string).collect();
            tables.push(Table { playbooks, zone: "Asia/Shanghai".to_string(), ..Table::default() });
            last = Date::MIN;
            continue;
        }
        let table = tables.last_mut().ok_or_else(|| told("a table begins with its playbook".to_string()))?;
        if stage(table, line).map_err(told)? {
            continue;
        }
        let (day, time, rest) = moment(line).map_err(told)?;
        if day < last {
            return Err(told(format!("{day} comes after a later day")));
        }
        last = day;
        match rest.strip_prefix("->") {
            Some(come) => {
                let come = expectation(come.trim()).map_err(told)?;
                table.expected.push(Expected { line: number, day, come });
            }
            None => {
                let event = happening(rest).ok_or_else(|| told(format!("‘{rest}’ is nothing that happens")))?;
                table.happenings.push((number, day, time, event));
            }
        }
    }
    Ok(tables)
}

/// A line of the stage; false when it is none.
fn stage(table: &mut Table, line: &str) -> Result<bool, String> {
    if let Some(zone) = line.strip_prefix("firm ") {
        table.zone = zone.trim().to_string();
    } else if let Some(grade) = line.strip_prefix("grade ") {
        table.grade = Some(Grade::from_code(grade.trim()).ok_or_else(|| format!("‘{}’ is no grade", grade.trim()))?);
    } else if line == "reads statements" {
        table.reads_statements = true;
    } else if line == "reviews every letter" {
        table.reviews_all = true;
    } else if let Some(limit) = line.strip_prefix("limit ") {
        let limit = limit.trim();
        let amount = limit.split_once(' ').and_then(|(code, amount)| money(code, amount));
        table.limit = Some(amount.ok_or_else(|| format!("‘{limit}’ is no amount"))?);
    } else if let Some(days) = line.strip_prefix("closed ") {
        let from_to = days.split_once(" to ").and_then(|(from, to)| Some((day(from.trim())?, day(to.trim())?)));
        table.closed = Some(from_to.ok_or_else(|| format!("‘{days}’ are no days"))?);
    } else if let Some(buyer) = line.strip_prefix("buyer ") {
        let (country, people) = buyer.split_once(':').unwrap_or((buyer, ""));
        table.country = country.trim().to_string();
        for person in people.split(';').map(str::trim).filter(|person| !person.is_empty()) {
            table.contacts.push(person_of(person)?);
        }
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// `finance by email, phone`
fn person_of(text: &str) -> Result<(ContactRole, Ways), String> {
    let (role, ways) = text.split_once(" by ").ok_or_else(|| format!("‘{text}’ can be reached by nothing"))?;
    let role = ContactRole::from_code(role.trim()).ok_or_else(|| format!("‘{}’ is no role", role.trim()))?;
    let has = |channel| ways.split(',').any(|way| way.trim() == channel);
    Ok((role, Ways { email: has("email"), in_site: has("in_site"), phone: has("phone") }))
}

fn moment(line: &str) -> Result<(Date, Time, &str), String> {
    let (day, rest) = line.split_once(' ').unwrap_or((line, ""));
    let date: Date = day.parse().map_err(|_| format!("‘{day}’ is no day"))?;
    let rest = rest.trim();
    let (first, after) = rest.split_once(' ').unwrap_or((rest, ""));
    match first.contains(':').then(|| first.parse::<Time>()) {
        Some(Ok(time)) => Ok((date, time, after.trim())),
        _ => Ok((date, NOON, rest)),
    }
}

fn expectation(text: &str) -> Result<Come, String> {
    if text == "nothing more" {
        return Ok(Come::Nothing(String::new()));
    }
    if let Some(reason) = text.strip_prefix("nothing:") {
        return Ok(Come::Nothing(reason.trim().to_string()));
    }
    if let Some(found) = text.strip_prefix("found ") {
        return Ok(Come::Found(found.trim().to_string()));
    }
    let wrong = || format!("‘{text}’ is nothing that comes of it");
    let (plain, words) = match text.split_once('(') {
        Some((plain, words)) => (plain.trim(), words.trim_end_matches(')')),
        None => (text, ""),
    };
    let words = words.split(',').map(str::trim).filter(|word| !word.is_empty()).map(ToString::to_string).collect();
    let (done, what) = plain.split_once(' ').ok_or_else(wrong)?;
    match done {
        "supply" => return Ok(Come::Supply(what.trim().to_string(), words)),
        "risk" => return Ok(Come::Risk(number(what.trim()).ok_or_else(wrong)?, words)),
        _ => {}
    }
    let done = Done::from_code(done.trim()).ok_or_else(wrong)?;
    Ok(Come::Done { done, what: what.trim().to_string(), words })
}

fn number(text: &str) -> Option<usize> {
    let nth: usize = text.strip_prefix("R-")?.parse().ok()?;
    nth.checked_sub(1)
}

fn money(code: &str, amount: &str) -> Option<Money> {
    Money::parse(amount, currency(code).ok()?).ok()
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// `contact owner by email in America/New_York`
fn newcomer(text: &str) -> Option<Event> {
    let (person, zone) = match text.split_once(" in ") {
        Some((person, zone)) => (person, Some(&*zone.trim().to_string().leak())),
        None => (text, None),
    };
    let (role, ways) = person_of(person).ok()?;
    Some(Event::What(What::NewContact { role, ways, zone }))
}

fn channel(code: &str) -> Option<Channel> {
    Channel::ALL.into_iter().find(|channel| channel.code() == code)
}

/// What is no word to the program yet, or words of another kind than the rest.
fn aside(text: &str) -> Option<Event> {
    if let Some(said) = text.strip_prefix("talk ") {
        return Some(Event::Talk(said.trim().to_string()));
    }
    if let Some((debt, terms)) = text.strip_prefix("terms ").and_then(|rest| rest.split_once(' ')) {
        return Some(Event::Terms(number(debt)?, terms.trim().to_string()));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    Some(match words[..] {
        ["supply", "by", "rule"] => Event::Supply(None),
        ["supply", "allowed"] => Event::Supply(Some((DecisionKind::Allow, None))),
        ["supply", "allowed", "until", until] => Event::Supply(Some((DecisionKind::Allow, Some(day(until)?)))),
        ["supply", "stopped"] => Event::Supply(Some((DecisionKind::Stop, None))),
        ["supply", "stopped", "until", until] => Event::Supply(Some((DecisionKind::Stop, Some(day(until)?)))),
        ["suppressed", role, way] => Event::Suppressed(ContactRole::from_code(role)?, channel(way)?, None),
        ["suppressed", role, way, "until", until] => {
            Event::Suppressed(ContactRole::from_code(role)?, channel(way)?, Some(day(until)?))
        }
        _ => return None,
    })
}

fn happening(text: &str) -> Option<Event> {
    if let Some(aside) = aside(text) {
        return Some(aside);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let part = |code, amount| Some(Part::Exactly(money(code, amount)?.minor));
    Some(match words[..] {
        ["owes", code, amount, milestone, trigger, ref rest @ ..] => owes(code, amount, milestone, trigger, rest)?,
        ["triggered", debt, "due", due] => Event::Triggered(number(debt)?, day(due)?),
        ["due", debt, due] => Event::DueOn(number(debt)?, day(due)?),
        ["pays", debt] => Event::What(What::Pays { debt: number(debt)?, part: Part::All }),
        ["pays", debt, code, amount] => Event::What(What::Pays { debt: number(debt)?, part: part(code, amount)? }),
        ["bounces", debt] => Event::What(What::Bounces { debt: number(debt)? }),
        ["money", code, amount] => Event::What(What::Unmatched { amount: money(code, amount)? }),
        ["matched"] => Event::What(What::Matched),
        ["credit", debt, code, amount] => {
            Event::What(What::CreditNote { debt: number(debt)?, part: part(code, amount)? })
        }
        ["written", "off", debt] => Event::What(What::WrittenOff { debt: number(debt)? }),
        ["closed", debt] => Event::What(What::Closed { debt: number(debt)? }),
        ["platform", "owes", debt] => Event::What(What::PlatformOwes { debt: number(debt)? }),
        ["promises", "all", "for", pay_on] => Event::Promise(None, Part::All, day(pay_on)?),
        ["promises", "all", code, amount, "for", pay_on] => Event::Promise(None, part(code, amount)?, day(pay_on)?),
        ["promises", debt, "for", pay_on] => Event::Promise(Some(number(debt)?), Part::All, day(pay_on)?),
        ["promises", debt, code, amount, "for", pay_on] => {
            Event::Promise(Some(number(debt)?), part(code, amount)?, day(pay_on)?)
        }
        ["disputes", debt] => Event::What(What::Disputes { debt: number(debt)?, part: Part::All }),
        ["disputes", debt, code, amount] => {
            Event::What(What::Disputes { debt: number(debt)?, part: part(code, amount)? })
        }
        ["resolved", debt] => Event::What(What::Resolved { debt: number(debt)? }),
        ["says", debt, "nothing"] => Event::What(What::Says { debt: number(debt)?, why: None }),
        ["says", debt, why] => Event::What(What::Says { debt: number(debt)?, why: Some(WhyUnpaid::from_code(why)?) }),
        ["writes", debt, intent] => {
            Event::What(What::Writes { debt: number(debt)?, intent: Intent::from_code(intent)? })
        }
        ["hold", "until", until] => Event::Hold(None, day(until)?),
        ["hold", debt, "until", until] => Event::Hold(Some(number(debt)?), day(until)?),
        ["released"] => Event::What(What::Released),
        ["blacklisted"] => Event::What(What::Blacklisted(true)),
        ["unblocked"] => Event::What(What::Blacklisted(false)),
        ["contact", ..] => newcomer(text.strip_prefix("contact ")?)?,
        ["leaves", role] => Event::Leaves(ContactRole::from_code(role)?),
        ["objects", role] => Event::Objects(ContactRole::from_code(role)?),
        ["handed", "over", debt] => Event::What(What::HandedOver { debt: number(debt)? }),
        ["plan", "agreed", debt] => Event::What(What::PlanAgreed { debt: number(debt)? }),
        ["mistake", debt] => Event::What(What::TakenBack { debt: number(debt)? }),
        ["off", "until", until] => Event::Until(day(until)?, |days| What::Outage { days }),
        ["no", "statements", "until", until] => Event::Until(day(until)?, |days| What::StatementsStop { days }),
        ["nobody", "calls", "until", until] => Event::Until(day(until)?, |days| What::CallsStop { days }),
        ["restored", "from", from] => Event::RestoredFrom(day(from)?),
        [kind, debt, on] => Event::Key(number(debt)?, KeyDate::from_code(kind)?, day(on)?),
        _ => return None,
    })
}

fn owes(code: &str, amount: &str, milestone: &str, trigger: &str, rest: &[&str]) -> Option<Event> {
    let (amount, milestone) = (money(code, amount)?, Milestone::from_code(milestone)?);
    let trigger = Trigger::from_code(trigger)?;
    let (due, rest) = match rest {
        ["due", due, rest @ ..] => (Some(day(due)?), rest),
        ["awaited", rest @ ..] | rest => (None, rest),
    };
    let entry = match rest {
        [] => Entry::Standard,
        ["contextual"] => Entry::Contextual,
        _ => return None,
    };
    Some(Event::Owes(What::Owes { amount, milestone, trigger, due_in_days: None, entry }, due))
}
