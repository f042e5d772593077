//! Doors of services: news that they tell by themselves. Anybody may knock; only what is signed with the firm's own key is
//! kept, and nobody is told why something was not.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use dunlin_channels::track17::webhook::SIGNATURE_HEADER;
use dunlin_core::ids::TenantId;

use crate::building::Building;
use crate::use_cases::note_tracking::{Taken, note_tracking};

/// News of parcels. Answers 200 only when they are kept: the service sends everything else again.
pub async fn track17(
    State(building): State<Arc<Building>>,
    Path((tenant, hook)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(tenant) = tenant.parse::<TenantId>() else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let sign = headers.get(SIGNATURE_HEADER).and_then(|sign| sign.to_str().ok());
    let taken = async {
        // A firm that is not there looks like one that is not connected.
        match building.house(tenant).await {
            Ok(house) => note_tracking(&house, &hook, &body, sign).await,
            Err(_) => Ok(Taken::Refused),
        }
    };
    match taken.await {
        Ok(Taken::Kept | Taken::Known) => StatusCode::OK.into_response(),
        Ok(Taken::Refused) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => {
            tracing::error!("news of parcels could not be kept: {error:#}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
