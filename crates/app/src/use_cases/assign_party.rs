//! A buyer is handed over to a salesperson, or to nobody.

use anyhow::bail;

use dunlin_core::ids::{PartyId, UserId};
use dunlin_store::UserState;

use crate::house::House;

/// Whose buyer it is from now on; `None`: nobody's, so that only those who see everything see it.
pub async fn assign_party(house: &House, party_id: PartyId, to: Option<UserId>) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    if let Some(to) = to {
        let user = commit.user(to).await?;
        if user.state == UserState::Left {
            bail!("{} has left the firm; name somebody who works here", user.name);
        }
    }
    commit.assign_party(party_id, to).await?;
    Ok(commit.finish().await?)
}
