//! Forms for what is known by hand: the people at a debtor, the day on which something happened.

use axum::response::Response;
use dunlin_core::ids::{ContactId, PartyId};
use serde::Deserialize;

use super::{Sent, answer, day, debtor, done, strange_field};
use crate::house::House;
use crate::use_cases::enter_by_hand::note_event;
use crate::use_cases::keep_contacts::{
    PersonForm, add_contact, change_contact, list_contacts, reinstate_contact, retire_contact, undo_contact,
};
use crate::use_cases::standing_facts::Found;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Person {
    next: String,
    name: String,
    role: String,
    email: String,
    phone: String,
    whatsapp: String,
    in_site_id: String,
    language: String,
    time_zone: String,
    /// Why nobody writes to them any more.
    reason: String,
    /// Number of the change that is taken back.
    only: String,
}

impl Person {
    fn form(&self) -> PersonForm {
        PersonForm {
            name: self.name.clone(),
            role: self.role.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            whatsapp: self.whatsapp.clone(),
            in_site_id: self.in_site_id.clone(),
            language: self.language.clone(),
            time_zone: self.time_zone.clone(),
        }
    }

    /// How a toast calls whom the form is about.
    fn called(&self) -> String {
        let ways = [&self.name, &self.email, &self.phone, &self.whatsapp, &self.in_site_id];
        ways.into_iter().find(|text| !text.trim().is_empty()).cloned().unwrap_or_default()
    }
}

/// The number of a debtor and the id of somebody there.
type Named = (String, String);

fn contact_id(text: &str) -> anyhow::Result<ContactId> {
    text.parse().map_err(|_| strange_field(text))
}

/// How a toast calls somebody who is known.
async fn called(house: &House, party: PartyId, id: ContactId) -> anyhow::Result<String> {
    let known = list_contacts(house, party).await?.into_iter().find(|one| one.id == id);
    let name = known
        .map(|one| if one.fields.name.is_empty() { one.fields.email.unwrap_or_default() } else { one.fields.name });
    Ok(name.unwrap_or_default())
}

pub async fn contact(Sent { house, headers, name, f }: Sent<Person>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        add_contact(house, debtor(house, &name).await?, &f.form()).await?;
        Ok(done(show, "say-toast-contact", &[("name", f.called())]))
    })
    .await
}

pub async fn change(Sent { house, headers, name: (name, contact), f }: Sent<Person, Named>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (party, id) = (debtor(house, &name).await?, contact_id(&contact)?);
        let changed = change_contact(house, party, id, &f.form()).await?;
        let done = done(show, "say-toast-contact-changed", &[("name", f.called())]);
        Ok(done.back(format!("/debtors/{name}/contacts/{id}/undo"), &[("only", changed.seq.to_string())]))
    })
    .await
}

pub async fn retire(Sent { house, headers, name: (name, contact), f }: Sent<Person, Named>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (party, id) = (debtor(house, &name).await?, contact_id(&contact)?);
        let changed = retire_contact(house, party, id, &f.reason).await?;
        let values = [("name", called(house, party, id).await?), ("n", changed.letters_cancelled.to_string())];
        let done = done(show, "say-toast-contact-retired", &values);
        Ok(done.back(format!("/debtors/{name}/contacts/{id}/reinstate"), &[]))
    })
    .await
}

pub async fn reinstate(Sent { house, headers, name: (name, contact), f }: Sent<Person, Named>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (party, id) = (debtor(house, &name).await?, contact_id(&contact)?);
        reinstate_contact(house, party, id).await?;
        Ok(done(show, "say-toast-contact-reinstated", &[("name", called(house, party, id).await?)]))
    })
    .await
}

pub async fn undo(Sent { house, headers, name: (name, contact), f }: Sent<Person, Named>) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let (party, id) = (debtor(house, &name).await?, contact_id(&contact)?);
        let seq = f.only.parse().map_err(|_| strange_field(&f.only))?;
        undo_contact(house, party, id, seq).await?;
        Ok(done(show, "say-toast-contact-undone", &[]))
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
        let found: Found = house.store.find_receivable(house.tenant.id, &name).await?.into();
        let on = day(&f.date)?;
        let (begun, seq) = note_event(house, &found, on).await?;
        let values = [("day", show.date(on).text), ("n", begun.to_string())];
        let done = done(show, "say-toast-happened", &values);
        let back = format!("/receivables/{}/due/undo", found.number);
        Ok(if begun > 0 { done.back(back, &[("only", seq.to_string())]) } else { done })
    })
    .await
}
