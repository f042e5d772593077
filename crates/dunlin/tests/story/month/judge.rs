//! Holds what arrived at the marketplace, and what the product noted as sent, against the table. It knows the table, the
//! marketplace's own history and the messages; of how the product decides it knows nothing.

use std::collections::BTreeMap;

use dunlin_core::case::{LetterState, Subject};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::stands::Stands;
use super::told::{Event, Line, Order, Path, Table};
use crate::world::World;

/// A message that the product noted as sent.
struct Noted {
    name: String,
    at: Timestamp,
    /// Empty: looked up, so that its words are not kept.
    body: String,
}

/// A message that arrived.
struct Arrived {
    at: Timestamp,
    body: String,
}

/// A message that arrived and was noted.
struct Said {
    at: Timestamp,
    name: String,
}

/// A status and since when the marketplace had the order in it.
type History = Vec<(Timestamp, String)>;

/// What became of a month.
#[derive(Default)]
pub struct Verdict {
    pub messages: usize,
    /// By path: orders that are right, and wrong.
    pub counts: BTreeMap<String, (usize, usize)>,
    pub wrong: Vec<String>,
}

pub async fn judge(world: &World, stands: &Stands, (table, orders): (&Table, &[Order])) -> Verdict {
    let mut arrived = arrived(stands).await;
    let mut noted = noted(world, table, orders).await;
    let histories = histories(stands).await;
    let mut verdict = Verdict::default();
    for order in orders {
        let path = &table.paths[order.path];
        let came = arrived.remove(&order.number).unwrap_or_default();
        let sent = noted.remove(&order.number).unwrap_or_default();
        verdict.messages += came.len();
        let mut wrong = Vec::new();
        let said = pair(came, sent, &mut wrong);
        let names: Vec<&str> = said.iter().map(|one| one.name.as_str()).collect();
        if names == path.says() {
            check_moments(path, order, &said, &mut wrong);
        } else {
            wrong.push(format!("expected {:?}, said {names:?}", path.says()));
        }
        let history = histories.get(&order.number).map(Vec::as_slice).unwrap_or_default();
        check_standing(table, history, &said, &mut wrong);
        let count = verdict.counts.entry(path.name.clone()).or_default();
        if wrong.is_empty() {
            count.0 += 1
        } else {
            count.1 += 1
        }
        let who = |what: String| format!("{} {} of {}: {what}", path.name, order.number, order.begins);
        verdict.wrong.extend(wrong.into_iter().map(who));
    }
    let strays = arrived.keys().chain(noted.keys()).map(|number| format!("{number} is no order of the month"));
    verdict.wrong.extend(strays);
    verdict
}

async fn arrived(stands: &Stands) -> BTreeMap<String, Vec<Arrived>> {
    let mut arrived: BTreeMap<String, Vec<Arrived>> = BTreeMap::new();
    for message in stands.messages().await {
        let at = instant(&message["at"]);
        let body = message["content"].as_str().expect("a text").to_string();
        arrived.entry(message["extern_id"].to_string()).or_default().push(Arrived { at, body });
    }
    arrived
}

fn instant(value: &Value) -> Timestamp {
    Timestamp::from_millisecond(value.as_i64().expect("milliseconds")).expect("an instant")
}

async fn noted(world: &World, table: &Table, orders: &[Order]) -> BTreeMap<String, Vec<Noted>> {
    let (store, tenant) = (&world.house.store, world.house.tenant.id);
    let mut second = Vec::new();
    for order in orders.iter().filter(|order| has_second(&table.paths[order.path])) {
        let found = store.shipments_by_number(tenant, &order.tracking('B')).await.expect("reads");
        second.extend(found.into_iter().map(|(_, _, id)| id));
    }
    let mut noted: BTreeMap<String, Vec<Noted>> = BTreeMap::new();
    for letter in store.letters_in(tenant, LetterState::Sent, 1_000_000).await.expect("reads") {
        let mut name = letter.letter.clone();
        let subject = letter.about.as_ref().map(|about| about.subject);
        if matches!(subject, Some(Subject::Shipment(id)) if second.contains(&id)) {
            name.push_str(" B");
        }
        let at = letter.settled_at.expect("a moment");
        let mail = store.sent_mail(tenant, &letter).await.expect("reads").unwrap_or_default();
        let number = store.orders_of_letter(tenant, &letter).await.expect("orders").remove(0);
        noted.entry(number).or_default().push(Noted { name, at, body: mail.body.trim().to_string() });
    }
    noted
}

fn has_second(path: &Path) -> bool {
    path.lines.iter().any(|line| matches!(line.event(), Some(Event::Scan { parcel: 'B', .. })))
}

async fn histories(stands: &Stands) -> BTreeMap<String, History> {
    let read = |order: Value| -> (String, History) {
        let steps = order["history"].as_array().expect("a history");
        let step = |step: &Value| (instant(&step[0]), step[1].as_str().expect("a status").to_string());
        (order["id"].to_string(), steps.iter().map(step).collect())
    };
    stands.orders().await.into_iter().map(read).collect()
}

/// Every message that arrived beside its note, in the order of their coming.
fn pair(arrived: Vec<Arrived>, mut noted: Vec<Noted>, wrong: &mut Vec<String>) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for message in arrived {
        if seen.contains(&message.body) {
            wrong.push(format!("arrived twice: {}", first_line(&message.body)));
        }
        let same = |note: &Noted| note.at == message.at && (note.body == message.body || note.body.is_empty());
        match noted.iter().position(same) {
            Some(place) => said.push(Said { at: message.at, name: noted.remove(place).name }),
            None => wrong.push(format!("arrived at {} and not noted: {}", message.at, first_line(&message.body))),
        }
        seen.push(message.body);
    }
    let lost = noted.iter().map(|note| format!("{} noted as sent at {} and never arrived", note.name, note.at));
    wrong.extend(lost);
    said
}

fn first_line(text: &str) -> String {
    text.lines().find(|line| line.contains(char::is_alphanumeric)).unwrap_or_default().chars().take(80).collect()
}

/// Each message on its day, after all that stands above it in the table and before all that stands below it.
fn check_moments(path: &Path, order: &Order, said: &[Said], wrong: &mut Vec<String>) {
    let happened = |nth: usize, line: &Line| match line.event()? {
        Event::Desk(_) => order.worked[nth].or_else(|| order.moment(line)),
        _ => order.moment(line),
    };
    let mut said = said.iter();
    let mut since: Option<Timestamp> = None;
    let mut last: Option<&Said> = None;
    for (nth, line) in path.lines.iter().enumerate() {
        if let Some(at) = happened(nth, line) {
            if let Some(late) = last.filter(|last| last.at > at) {
                wrong.push(format!("{} left at {}, after line {} came at {at}", late.name, late.at, nth + 1));
            }
            since = Some(at);
            continue;
        }
        let Some(one) = said.next() else { continue };
        if since.is_some_and(|since| one.at < since) {
            wrong.push(format!("{} left at {}, before its time", one.name, one.at));
        }
        let begin = order.begins + SignedDuration::from_hours(24 * line.day);
        if one.at < begin || one.at >= begin + SignedDuration::from_hours(24) {
            wrong.push(format!("{} left at {}, not on day {}", one.name, one.at, line.day));
        }
        last = Some(one);
    }
    for (line, worked) in path.lines.iter().zip(&order.worked) {
        if matches!(line.event(), Some(Event::Desk(_))) && worked.is_none() {
            wrong.push(format!("the desk had nothing to do on day {}", line.day));
        }
    }
}

/// None about a state that had passed by the marketplace's own history.
fn check_standing(table: &Table, history: &[(Timestamp, String)], said: &[Said], wrong: &mut Vec<String>) {
    for one in said {
        let standing = history.iter().rev().find(|(since, _)| *since <= one.at).map(|(_, status)| status.as_str());
        let allowed = table.statuses_of(&one.name);
        if !standing.is_some_and(|status| allowed.iter().any(|fits| fits == status)) {
            wrong.push(format!("{} left at {} while the order was {standing:?}", one.name, one.at));
        }
    }
}
