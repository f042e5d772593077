//! Forms about connected services, and the way back from the one where the seller agreed.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use serde::Deserialize;

use super::{Done, Shared, answer, answer_from, said};
use crate::building::Building;
use crate::shop::{ALIEXPRESS, TRACK17};
use crate::use_cases::begin_sync::begin_sync;
use crate::use_cases::connect_service::{
    ServiceForm, begin_agreement, disconnect, finish_agreement, service_named, set_service, test_connection,
};
use crate::web::again::Again;
use crate::web::settings::base_address;

const PAGE: &str = "/settings/marketplace";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ServiceFields {
    app_key: String,
    secret: String,
    address: String,
}

impl ServiceFields {
    fn form(self) -> ServiceForm {
        ServiceForm { app_key: self.app_key, secret: self.secret, address: self.address }
    }
}

pub async fn app(Extension(house): Shared, headers: HeaderMap, Form(f): Form<ServiceFields>) -> Response {
    answer(house, headers, PAGE, async |house, show| {
        set_service(house, ALIEXPRESS, &f.form()).await?;
        Ok(said(show, "toast-app-kept"))
    })
    .await
}

pub async fn tracking(Extension(house): Shared, headers: HeaderMap, Form(f): Form<ServiceFields>) -> Response {
    answer(house, headers, PAGE, async |house, show| {
        set_service(house, TRACK17, &f.form()).await?;
        Ok(said(show, "toast-key-kept"))
    })
    .await
}

/// The seller is shown the way to the service: a form of ours leads nowhere else, so it is a link to follow.
pub async fn agree(State(building): State<Arc<Building>>, Extension(house): Shared, headers: HeaderMap) -> Response {
    let return_to = format!("{}{PAGE}/return", base_address(&building, &headers));
    answer(house, headers, PAGE, async |house, _| {
        let address = begin_agreement(house, &return_to).await?;
        Ok(Done::told(String::new()).showing(Again::Address(address)))
    })
    .await
}

/// The browser is back from the service. Nothing happens without the text that this person was sent with.
pub async fn agreed(Extension(house): Shared, headers: HeaderMap, RawQuery(raw): RawQuery) -> Response {
    answer(house, headers, PAGE, async |house, show| {
        let tested = finish_agreement(house, raw.as_deref().unwrap_or_default()).await?;
        Ok(said(show, if tested.may_message { "toast-shop-connected" } else { "toast-shop-connected-paste" }))
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    service: String,
}

pub async fn test(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Which>) -> Response {
    answer(house, headers, PAGE, async |house, show| {
        let tested = test_connection(house, service_named(&f.service)?).await?;
        let key = match (tested.numbers_left, tested.may_message) {
            (Some(_), _) => "toast-tracking-works",
            (None, true) => "toast-shop-works",
            (None, false) => "toast-shop-works-paste",
        };
        Ok(said(show, key))
    })
    .await
}

pub async fn end(Extension(house): Shared, headers: HeaderMap, Form(f): Form<Which>) -> Response {
    answer(house, headers, PAGE, async |house, show| {
        disconnect(house, service_named(&f.service)?).await?;
        Ok(said(show, "toast-connection-ended"))
    })
    .await
}

/// Reads the shop now instead of with the next round.
pub async fn sync(Extension(house): Shared, headers: HeaderMap) -> Response {
    answer_from(house, headers, (PAGE, PAGE), async |house, show| {
        begin_sync(house).await?;
        Ok(said(show, "toast-sync-begun"))
    })
    .await
}
