//! A sync that a person starts on a page and may leave: a job, as an import is.

use jiff::Timestamp;

use dunlin_core::access::Right;
use dunlin_core::refusal::{Refusal, RefusalCode};

use super::sync_orders::{SyncAccount, Watched, sync_orders};
use super::take_messages::take_messages;
use crate::house::{Clock, Forbidden, House};
use crate::refused;
use crate::shop::ALIEXPRESS;

/// What jobs of this kind are called.
pub const KIND: &str = "sync";

/// Begins to read the connected shop; returns the job at once. One that is under way already is that job.
pub async fn begin_sync(house: &House) -> anyhow::Result<String> {
    if !house.actor.may(Right::Settings) {
        return Err(Forbidden::new(Right::Settings).into());
    }
    let (store, tenant) = (house.store.clone(), house.tenant.id);
    let connection = store.connection(tenant, ALIEXPRESS).await?;
    if connection.is_none_or(|connection| connection.sealed_token.is_none()) {
        return Err(Refusal::new(RefusalCode::ConnectionNone).with("service", ALIEXPRESS).into());
    }
    let jobs = store.jobs(tenant, 20).await?;
    let runs =
        jobs.into_iter().find(|job| job.kind == KIND && job.state == "running" && !job.is_lost(Timestamp::now()));
    if let Some(job) = runs {
        return Ok(job.id);
    }
    let job = store.begin_job(tenant, KIND, ALIEXPRESS, house.actor.user_id(), Clock::Wall.now()).await?;
    let (house, id) = (house.clone(), job.clone());
    tokio::spawn(async move {
        let (state, result) = match sync_orders(&house, Watched { job: Some(id.as_str()) }).await {
            Ok(Some(account)) if account.complete => {
                if let Err(error) = take_messages(&house).await {
                    tracing::error!("the chats could not be read: {error:#}");
                }
                ("done", told(&account))
            }
            Ok(account) => {
                let why = account.and_then(|account| account.why).unwrap_or_default();
                let refusal = Refusal::new(RefusalCode::ServiceSaid).with("service", ALIEXPRESS).with("why", why);
                ("failed", refused::sentence(&anyhow::Error::from(refusal), house.reader_language()))
            }
            Err(error) => ("failed", refused::sentence(&error, house.reader_language())),
        };
        if let Err(error) = store.settle_job(tenant, &id, state, &result, Clock::Wall.now()).await {
            tracing::error!("the end of a job was lost: {error}");
        }
    });
    Ok(job)
}

/// As the page of a job reads it.
fn told(account: &SyncAccount) -> String {
    let told = serde_json::json!({"kind": KIND, "rows": account.orders, "added": account.added,
        "corrected": account.corrected, "unchanged": account.unchanged,
        "left_out": account.unreadable + account.troubled, "letters_cancelled": account.letters_cancelled});
    told.to_string()
}
