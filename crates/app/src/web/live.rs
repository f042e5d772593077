//! `GET /events`: a stream of "something changed", for as long as its reader is signed in. The script fetches the page
//! again when it hears one; without the script nothing listens.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use dunlin_core::ids::{SessionId, TenantId};
use futures_core::Stream;
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use super::guard::Guest;
use super::routes::Shared;
use crate::building::Building;

/// A sign of life: proxies close what is silent for long. A session that has ended is noticed then at the latest.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// What the task of one stream has said so far.
struct Said(mpsc::Receiver<Event>);

impl Stream for Said {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|event| event.map(Ok))
    }
}

pub async fn events(
    State(building): State<Arc<Building>>,
    Extension(house): Shared,
    Extension(guest): Extension<Guest>,
) -> Response {
    let Some(session) = guest.session else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let tenant = house.tenant.id;
    let firm = match building.events.listen(&building.store, tenant).await {
        Ok(firm) => firm,
        Err(error) => {
            tracing::error!("a page cannot listen: {error:#}");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(tell(building, tenant, session, firm, sender));
    let mut response = Sse::new(Said(receiver)).into_response();
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Says where the firm's sequence is, now and after every change, until the reader goes, their session ends, or the
/// program does. A page that was drawn earlier than the first number knows by it that it is old.
async fn tell(
    building: Arc<Building>,
    tenant: TenantId,
    session: SessionId,
    mut firm: watch::Receiver<i64>,
    reader: mpsc::Sender<Event>,
) {
    let mut closing = building.events.closing();
    let mut beat = tokio::time::interval(HEARTBEAT);
    firm.mark_changed();
    loop {
        let event = tokio::select! {
            () = reader.closed() => return,
            _ = closing.wait_for(|closed| *closed) => return,
            changed = firm.changed() => match changed {
                Ok(()) => Event::default().event("changed").data(firm.borrow_and_update().to_string()),
                Err(_) => return,
            },
            _ = beat.tick() => Event::default().comment("still here"),
        };
        let is_in = building.store.is_session_open(tenant, session, Timestamp::now()).await;
        if !matches!(is_in, Ok(true)) || reader.send(event).await.is_err() {
            return;
        }
    }
}
