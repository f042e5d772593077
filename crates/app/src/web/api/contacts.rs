//! The people at a debtor: added, changed, retired, brought back.

use crate::web::answer::{get, patch, post};
use axum::extract::Path;
use axum::http::{HeaderMap, Method};
use axum::{Extension, Json};
use dunlin_core::access::Right::{See, Work};
use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{KnownContact, Seen, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::debtor_view::DebtorInFull;
use super::debtors::{InPath, named, shown};
use super::etag;
use super::problem::Problem;
use super::read::Told;
use super::wire::Note;
use crate::house::House;
use crate::use_cases::keep_contacts::{
    PersonForm, add_contact, change_contact, form_of, list_contacts, reinstate_contact, retire_contact,
};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(
    list_contacts_of,
    enter_contact,
    get_contact,
    change_contact_of,
    retire_contact_of,
    reinstate_contact_of
))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let page = |path, answer| Door::page(path, Who::May(See), answer).about(Seen::Party);
    let act = |path, answer| Door::form(path, Who::May(Work), answer).about(Seen::Party);
    vec![
        page("/api/v1/debtors/{number}/contacts", || get(list_contacts_of)),
        act("/api/v1/debtors/{number}/contacts", || post(enter_contact)),
        page("/api/v1/debtors/{number}/contacts/{contact}", || get(get_contact)),
        act("/api/v1/debtors/{number}/contacts/{contact}", || patch(change_contact_of)).by(Method::PATCH),
        act("/api/v1/debtors/{number}/contacts/{contact}/retire", || post(retire_contact_of)),
        act("/api/v1/debtors/{number}/contacts/{contact}/reinstate", || post(reinstate_contact_of)),
    ]
}

/// A person at a debtor with everything that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactInFull {
    pub id: String,
    pub name: String,
    /// `owner`, `finance`, `purchaser`, `logistics` or `buyer`.
    #[schema(example = "finance")]
    pub role: &'static str,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub whatsapp: Option<String>,
    /// Account name on the marketplace.
    pub in_site_id: Option<String>,
    /// Of the letters to them; `null`: that of the debtor or its country.
    pub language: Option<String>,
    /// A name of the IANA database; `null`: not known of this person.
    pub time_zone: Option<String>,
    /// Since when nobody writes to them any more.
    pub retired_at: Option<Timestamp>,
    /// What was entered by hand: files do not overwrite it.
    pub by_hand: Vec<String>,
}

/// The people of a debtor.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactList {
    pub items: Vec<ContactInFull>,
}

fn in_full(known: KnownContact) -> ContactInFull {
    let fields = known.fields;
    ContactInFull {
        id: known.id.to_string(),
        name: fields.name,
        role: fields.role.code(),
        email: fields.email,
        phone: fields.phone,
        whatsapp: fields.whatsapp,
        in_site_id: fields.in_site_id,
        language: fields.language,
        time_zone: fields.time_zone,
        retired_at: known.retired_at,
        by_hand: known.by_hand,
    }
}

/// Which person.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PersonInPath {
    /// `D-0017`, the number in your own files, or an id.
    #[param(example = "D-0001")]
    number: String,
    /// Id of the person.
    contact: String,
}

pub(super) async fn known(house: &House, path: &PersonInPath) -> Result<(PartyId, KnownContact), Problem> {
    let party = named(house, &path.number).await?;
    let all = list_contacts(house, party).await?;
    let id: Option<ContactId> = path.contact.parse().ok();
    let one = all.into_iter().find(|one| Some(one.id) == id);
    // Of an erased person nothing is there.
    Ok((party, one.ok_or_else(|| StoreError::not_found("contact", &path.contact))?))
}

async fn answer(house: &House, path: &PersonInPath) -> Result<Json<ContactInFull>, Problem> {
    Ok(Json(in_full(known(house, path).await?.1)))
}

/// The people at a debtor, those who are not written to any more among them
#[utoipa::path(get, path = "/api/v1/debtors/{number}/contacts", tag = "debtors",
    params(InPath),
    responses((status = 200, description = "The people", body = ContactList)))]
async fn list_contacts_of(Extension(house): Shared, Path(path): Path<InPath>) -> Result<Json<ContactList>, Problem> {
    let all = list_contacts(&house, named(&house, &path.number).await?).await?;
    Ok(Json(ContactList { items: all.into_iter().map(in_full).collect() }))
}

/// A person at a debtor; an email address, a phone number or an account at least.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactAsked {
    #[serde(default)]
    pub name: Note,
    /// `owner`, `finance`, `purchaser`, `logistics` or `buyer`.
    #[serde(default)]
    pub role: Note,
    #[serde(default)]
    pub email: Note,
    #[serde(default)]
    pub phone: Note,
    #[serde(default)]
    pub whatsapp: Note,
    /// Account name on the marketplace.
    #[serde(default)]
    pub in_site_id: Note,
    /// Of the letters to them; nothing: that of the debtor or its country.
    #[serde(default)]
    pub language: Note,
    /// A name of the IANA database; nothing: that of the country.
    #[serde(default)]
    pub time_zone: Note,
}

/// Add a person to a debtor, or correct the one who is the same by address or name
#[utoipa::path(post, path = "/api/v1/debtors/{number}/contacts", tag = "debtors",
    params(InPath),
    request_body = ContactAsked,
    responses((status = 200, description = "The debtor as it is now", body = DebtorInFull)))]
async fn enter_contact(
    Extension(house): Shared,
    Path(path): Path<InPath>,
    Told(asked): Told<ContactAsked>,
) -> Result<Json<DebtorInFull>, Problem> {
    let id = named(&house, &path.number).await?;
    let ContactAsked { name, role, email, phone, whatsapp, in_site_id, language, time_zone } = asked;
    let form = PersonForm {
        name: name.0,
        role: role.0,
        email: email.0,
        phone: phone.0,
        whatsapp: whatsapp.0,
        in_site_id: in_site_id.0,
        language: language.0,
        time_zone: time_zone.0,
    };
    add_contact(&house, id, &form).await?;
    shown(&house, id).await
}

/// One person at a debtor
#[utoipa::path(get, path = "/api/v1/debtors/{number}/contacts/{contact}", tag = "debtors",
    params(PersonInPath),
    responses((status = 200, description = "The person", body = ContactInFull)))]
async fn get_contact(Extension(house): Shared, Path(path): Path<PersonInPath>) -> Result<Json<ContactInFull>, Problem> {
    answer(&house, &path).await
}

/// What is to be another way. A field that is left out stays; `null` takes it away.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ContactChange {
    #[serde(deserialize_with = "told_or_null")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<Note>>,
    /// `owner`, `finance`, `purchaser`, `logistics` or `buyer`.
    #[serde(deserialize_with = "told_or_null")]
    #[schema(value_type = Option<String>, example = "finance")]
    role: Option<Option<Note>>,
    #[serde(deserialize_with = "told_or_null")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<Note>>,
    #[serde(deserialize_with = "told_or_null")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<Note>>,
    #[serde(deserialize_with = "told_or_null")]
    #[schema(value_type = Option<String>)]
    whatsapp: Option<Option<Note>>,
    /// Account name on the marketplace.
    #[serde(deserialize_with = "told_or_null")]
    #[schema(value_type = Option<String>)]
    in_site_id: Option<Option<Note>>,
    #[serde(deserialize_with = "told_or_null")]
    #[schema(value_type = Option<String>, example = "es")]
    language: Option<Option<Note>>,
    /// A name of the IANA database.
    #[serde(deserialize_with = "told_or_null")]
    #[schema(value_type = Option<String>, example = "Europe/Rome")]
    time_zone: Option<Option<Note>>,
}

/// Tells `null` from nothing.
fn told_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Note>>, D::Error> {
    Option::<Note>::deserialize(deserializer).map(Some)
}

/// Change one person at a debtor: from then on it holds against files
#[utoipa::path(patch, path = "/api/v1/debtors/{number}/contacts/{contact}", tag = "debtors",
    params(PersonInPath),
    request_body = ContactChange,
    responses((status = 200, description = "The person as they are now", body = ContactInFull)))]
async fn change_contact_of(
    Extension(house): Shared,
    Path(path): Path<PersonInPath>,
    headers: HeaderMap,
    Told(change): Told<ContactChange>,
) -> Result<Json<ContactInFull>, Problem> {
    let (party, one) = known(&house, &path).await?;
    let mut form = form_of(&one);
    let id = one.id;
    etag::expect_unchanged(&headers, &in_full(one))?;
    let put = |field: &mut String, told: Option<Option<Note>>| {
        if let Some(told) = told {
            *field = told.map(|note| note.0).unwrap_or_default();
        }
    };
    put(&mut form.name, change.name);
    put(&mut form.role, change.role);
    put(&mut form.email, change.email);
    put(&mut form.phone, change.phone);
    put(&mut form.whatsapp, change.whatsapp);
    put(&mut form.in_site_id, change.in_site_id);
    put(&mut form.language, change.language);
    put(&mut form.time_zone, change.time_zone);
    // What is so already needs no change.
    if let Err(error) = change_contact(&house, party, id, &form).await
        && !is_the_same(&error)
    {
        return Err(error.into());
    }
    answer(&house, &path).await
}

fn is_the_same(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Refusal>().is_some_and(|refusal| refusal.code == RefusalCode::ContactSame)
}

/// Why nobody is to write to a person any more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireAsked {
    #[serde(default)]
    pub reason: Note,
}

/// Nobody writes to a person any more: letters that wait for them are cancelled
#[utoipa::path(post, path = "/api/v1/debtors/{number}/contacts/{contact}/retire", tag = "debtors",
    params(PersonInPath),
    request_body = RetireAsked,
    responses((status = 200, description = "The person as they are now", body = ContactInFull)))]
async fn retire_contact_of(
    Extension(house): Shared,
    Path(path): Path<PersonInPath>,
    Told(asked): Told<RetireAsked>,
) -> Result<Json<ContactInFull>, Problem> {
    let (party, one) = known(&house, &path).await?;
    retire_contact(&house, party, one.id, &asked.reason.0).await?;
    answer(&house, &path).await
}

/// A retired person may be written to again
#[utoipa::path(post, path = "/api/v1/debtors/{number}/contacts/{contact}/reinstate", tag = "debtors",
    params(PersonInPath),
    responses((status = 200, description = "The person as they are now", body = ContactInFull)))]
async fn reinstate_contact_of(
    Extension(house): Shared,
    Path(path): Path<PersonInPath>,
) -> Result<Json<ContactInFull>, Problem> {
    let (party, one) = known(&house, &path).await?;
    reinstate_contact(&house, party, one.id).await?;
    answer(&house, &path).await
}
