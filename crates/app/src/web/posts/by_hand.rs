//! Forms for what no file has brought yet: a person at a debtor, the day on which something happened.

use axum::response::Response;
use serde::Deserialize;

use super::{Sent, answer, day, debtor, done};
use crate::use_cases::enter_by_hand::{PersonForm, add_contact, note_event};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Person {
    next: String,
    name: String,
    role: String,
    email: String,
    phone: String,
    language: String,
}

pub async fn contact(Sent { house, headers, name, f }: Sent<Person>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let id = debtor(house, &name).await?;
        let who = if f.name.trim().is_empty() { f.email.clone() } else { f.name.clone() };
        let form = PersonForm { name: f.name, role: f.role, email: f.email, phone: f.phone, language: f.language };
        add_contact(house, id, &form).await?;
        Ok(done(show, "say-toast-contact", &[("name", who)]))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Happened {
    next: String,
    date: String,
}

pub async fn happened(Sent { house, headers, name, f }: Sent<Happened>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = house.store.find_receivable(house.tenant.id, &name).await?.into();
        let on = day(&f.date)?;
        let begun = note_event(house, &found, on).await?;
        let values = [("day", show.date(on).text), ("n", begun.to_string())];
        Ok(done(show, "say-toast-happened", &values))
    })
    .await
}
