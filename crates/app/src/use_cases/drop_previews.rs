//! A file that was handed in for a look and never taken in is dropped after a day: it may hold names and amounts that
//! nobody decided to keep, and be 64 MB large.

use dunlin_store::LogEntry;
use jiff::SignedDuration;

use crate::house::House;

/// So long a preview can be taken in.
pub const PREVIEW_LIVES: SignedDuration = SignedDuration::from_hours(24);

/// Drops what is older. Returns how many files.
pub async fn drop_previews(house: &House) -> anyhow::Result<usize> {
    let before = house.now() - PREVIEW_LIVES;
    // Mostly there is nothing, and no change of the firm has to be begun for that.
    if house.store.unconfirmed_files(house.tenant.id, before).await?.is_empty() {
        return Ok(0);
    }
    let mut commit = house.begin_as_system().await?;
    let dropped = commit.drop_unconfirmed_files(before).await?;
    for sha256 in &dropped {
        commit.log(LogEntry::new("file.expired", "file", sha256.as_str()));
    }
    commit.finish().await?;
    Ok(dropped.len())
}
