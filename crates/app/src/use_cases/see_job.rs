//! Long work that somebody started, for whoever may see it.

use dunlin_core::access::Right;
use dunlin_store::{Job, StoreError};

use super::look_at_backup::is_about_data;
use crate::house::House;

/// A job, for whoever started it and for those who see everything; one about the data for whoever may have it.
pub async fn see_job(house: &House, id: &str) -> anyhow::Result<Job> {
    let job = house.store.job(house.tenant.id, id).await?;
    let sees = house.actor.may(Right::SeeEverybody) || job.user_id == house.actor.user_id();
    if !sees || (is_about_data(&job.kind) && !house.actor.may(Right::Data)) {
        return Err(StoreError::not_found("job", id).into());
    }
    Ok(job)
}
