//! Forms for days and clocks: the days of an order, the days on which a buyer is closed, where its people are.

use axum::response::Response;
use dunlin_core::explain::{coded, phrase};
use dunlin_core::key_date::KeyDate;
use jiff::civil::Date;
use serde::Deserialize;

use super::{Done, Sent, answer, day, debtor, done, receivable, strange_field};
use crate::import::{Followed, FollowedCase};
use crate::use_cases::note_closed_days::{add_closed_days, end_closed_days};
use crate::use_cases::set_due_day::{set_due_day, undo_due_day};
use crate::use_cases::set_order_day::set_order_day;
use crate::use_cases::set_whereabouts::{Whose, set_country, set_time_zone};
use crate::web::load::show::Show;
use crate::web::load::timeline::names_of_days;

/// How many moved cases a toast tells of.
const TOLD: usize = 2;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrderDay {
    next: String,
    kind: String,
    date: String,
}

impl OrderDay {
    fn kind(&self) -> anyhow::Result<KeyDate> {
        KeyDate::from_code(&self.kind).ok_or_else(|| strange_field(&self.kind))
    }
}

pub async fn set_day(Sent { house, headers, name, f }: Sent<OrderDay>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (found, kind, on) = (receivable(house, &name).await?, f.kind()?, day(&f.date)?);
        let set = set_order_day(house, &found, kind, Some(on)).await?;
        let values = [("what", coded(show.ui(), "key-date", kind.code())), ("day", show.date(on).text)];
        let done = told(show, done(show, "say-toast-order-day", &values), &set.followed);
        let code = kind.code().to_string();
        Ok(match set.before {
            None => done.back(format!("/receivables/{}/days/end", found.number), &[("kind", code)]),
            Some(before) => day_again(done, &found.number, code, before),
        })
    })
    .await
}

pub async fn end_day(Sent { house, headers, name, f }: Sent<OrderDay>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (found, kind) = (receivable(house, &name).await?, f.kind()?);
        let set = set_order_day(house, &found, kind, None).await?;
        let values = [("what", coded(show.ui(), "key-date", kind.code()))];
        let done = told(show, done(show, "say-toast-order-day-gone", &values), &set.followed);
        Ok(match set.before {
            Some(before) => day_again(done, &found.number, kind.code().to_string(), before),
            None => done,
        })
    })
    .await
}

/// With a way back to the day that was known before.
fn day_again(done: Done, number: &str, kind: String, before: Date) -> Done {
    done.back(format!("/receivables/{number}/days"), &[("kind", kind), ("date", before.to_string())])
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DueDay {
    next: String,
    date: String,
    /// Number of the change that is taken back.
    only: String,
}

pub async fn set_due(Sent { house, headers, name, f }: Sent<DueDay>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (found, on) = (receivable(house, &name).await?, day(&f.date)?);
        let set = set_due_day(house, &found, Some(on)).await?;
        let values =
            [("number", found.number.clone()), ("day", show.date(on).text), ("n", set.letters_cancelled.to_string())];
        Ok(due_back(done(show, "say-toast-due", &values), &found.number, set.seq))
    })
    .await
}

pub async fn end_due(Sent { house, headers, name, f }: Sent<DueDay>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        let set = set_due_day(house, &found, None).await?;
        let values = [("number", found.number.clone()), ("n", set.letters_cancelled.to_string())];
        Ok(due_back(done(show, "say-toast-due-gone", &values), &found.number, set.seq))
    })
    .await
}

fn due_back(done: Done, number: &str, seq: i64) -> Done {
    done.back(format!("/receivables/{number}/due/undo"), &[("only", seq.to_string())])
}

pub async fn undo_due(Sent { house, headers, name, f }: Sent<DueDay>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        let seq = f.only.parse().map_err(|_| strange_field(&f.only))?;
        undo_due_day(house, found.party_id, &found.number, seq).await?;
        Ok(done(show, "say-toast-due-back", &[("number", found.number.clone())]))
    })
    .await
}

/// Adds which cases follow another playbook from now on, and which stay for the time being.
fn told(show: &Show, mut done: Done, followed: &Followed) -> Done {
    let sentence = |key: &str, case: &FollowedCase| {
        let values = [
            ("number", case.receivable.clone()),
            ("from", show.titles.playbook(&case.from)),
            ("to", show.titles.playbook(&case.to)),
            ("because", names_of_days(show, case.because.iter().map(String::as_str))),
        ];
        phrase(show.ui(), key, &values)
    };
    let moved = followed.moved.iter().map(|case| {
        let key = if case.because.is_empty() { "say-followed-back" } else { "say-followed" };
        sentence(key, case)
    });
    let waiting = followed.waiting.iter().map(|case| sentence("say-follows-later", case));
    for text in moved.chain(waiting).take(TOLD) {
        done.text.push(' ');
        done.text.push_str(&text);
    }
    done
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ClosedDays {
    next: String,
    from: String,
    to: String,
    reason: String,
}

pub async fn close(Sent { house, headers, name, f }: Sent<ClosedDays>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (party, from) = (debtor(house, &name).await?, day(&f.from)?);
        // One day alone needs no second date.
        let to = if f.to.trim().is_empty() { from } else { day(&f.to)? };
        add_closed_days(house, party, (from, to), &f.reason).await?;
        let values = [("from", show.date(from).text), ("to", show.date(to).text)];
        let done = done(show, "say-toast-closed", &values);
        Ok(done.back(format!("/debtors/{name}/closed/end"), &[("from", from.to_string())]))
    })
    .await
}

pub async fn open_again(Sent { house, headers, name, f }: Sent<ClosedDays>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (party, from) = (debtor(house, &name).await?, day(&f.from)?);
        end_closed_days(house, party, from).await?;
        Ok(done(show, "say-toast-closed-gone", &[("from", show.date(from).text)]))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Place {
    next: String,
    zone: String,
    /// Id of one contact; empty: of all whose clock is not known.
    contact: String,
    country: String,
}

pub async fn time_zone(Sent { house, headers, name, f }: Sent<Place>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let whose = match f.contact.as_str() {
            "" => Whose::Unknown,
            id => Whose::Contact(id.parse().map_err(|_| strange_field(id))?),
        };
        let changed = set_time_zone(house, debtor(house, &name).await?, whose, &f.zone).await?;
        let values = [("place", show.words.zone_place(f.zone.trim())), ("n", changed.to_string())];
        Ok(done(show, "say-toast-zone", &values))
    })
    .await
}

pub async fn country(Sent { house, headers, name, f }: Sent<Place>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        set_country(house, debtor(house, &name).await?, &f.country).await?;
        Ok(done(show, "say-toast-country", &[]))
    })
    .await
}
