//! How letters leave. A program looks, and sends its user a test; servers and passwords are set by a person on the page.

use axum::{Extension, Json};
use dunlin_core::access::Right::Settings;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::problem::Problem;
use crate::use_cases::change_settings::send_test_mail;
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(list_channels, test_channel))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/channels", Who::May(Settings), || get(list_channels)),
        Door::form("/api/v1/channels/test", Who::May(Settings), || post(test_channel)),
    ]
}

/// A way out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelShown {
    /// `email` or `in_site`.
    #[schema(example = "email")]
    pub channel: &'static str,
    /// `folder`, `smtp`, or what the marketplace is called; `null`: a person pastes the messages.
    #[schema(example = "smtp")]
    pub way: Option<&'static str>,
    /// Host and port of the mail server; `null` for everything else.
    pub server: Option<String>,
    /// `none`, `starttls`, `tls`.
    pub security: Option<String>,
    /// Where letters lie that nothing carries on.
    pub folder: Option<String>,
    /// A password is kept for it; it is never told.
    pub has_password: bool,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelsShown {
    pub channels: Vec<ChannelShown>,
}

/// How letters leave
#[utoipa::path(get, path = "/api/v1/channels", tag = "channels",
    responses((status = 200, description = "The ways out", body = ChannelsShown)))]
async fn list_channels(Extension(house): Shared) -> Result<Json<ChannelsShown>, Problem> {
    let transport = &house.tenant.settings.transport;
    let is_folder = house.email.name() == "folder";
    let email = ChannelShown {
        channel: "email",
        way: Some(house.email.name()),
        server: transport.smtp.clone(),
        security: transport.smtp_security.clone(),
        folder: is_folder.then(|| house.letters_folder()),
        has_password: transport.smtp_password_sealed.is_some(),
    };
    let in_site = ChannelShown {
        channel: "in_site",
        way: house.in_site.as_ref().map(|way| way.name()),
        server: None,
        security: None,
        folder: None,
        has_password: false,
    };
    Ok(Json(ChannelsShown { channels: vec![email, in_site] }))
}

/// What became of a test.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelTested {
    /// The address of the user whose token asks.
    pub to: String,
    /// `folder` or `smtp`.
    pub way: &'static str,
    /// `sent`, `busy`, `refused`, `unknown`.
    #[schema(example = "sent")]
    pub outcome: &'static str,
    /// What the server said; empty when it was sent.
    pub why: String,
}

/// Send a mail to the user whose token asks, the way that is set
#[utoipa::path(post, path = "/api/v1/channels/test", tag = "channels",
    responses((status = 200, description = "What became of it", body = ChannelTested)))]
async fn test_channel(Extension(house): Shared) -> Result<Json<ChannelTested>, Problem> {
    let test = send_test_mail(&house).await?;
    Ok(Json(ChannelTested { to: test.to, way: test.way, outcome: test.code, why: test.why }))
}
