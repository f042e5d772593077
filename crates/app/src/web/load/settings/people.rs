//! `GET /settings/people`: who works here, and who looks after whose buyers.

use std::collections::HashMap;

use dunlin_core::ids::UserId;

use super::super::show::Show;
use crate::house::House;
use crate::web::view::settings::{CoverRow, PeoplePage, UserRow};

pub async fn load(house: &House, show: &Show) -> anyhow::Result<PeoplePage> {
    let tenant = house.tenant.id;
    let users = house.store.users(tenant).await?;
    let buyers: HashMap<Option<UserId>, i64> = house.store.buyers_by_salesperson(tenant).await?.into_iter().collect();
    let name = |id: UserId| users.iter().find(|user| user.id == id).map_or_else(String::new, |user| user.name.clone());
    let today = house.today();
    let covers = house.store.stand_ins(tenant, today).await?;
    let covers = covers.into_iter().map(|cover| CoverRow {
        id: cover.id,
        absent: name(cover.absent_id),
        deputy: name(cover.deputy_id),
        from: show.date(cover.from_on),
        until: show.date(cover.until_on),
        is_now: cover.from_on <= today,
    });
    let row = |user: &dunlin_store::User| UserRow {
        id: user.id.to_string(),
        name: user.name.clone(),
        email: user.email.clone(),
        role: user.role.code(),
        state: user.state.code(),
        has_factor: user.totp_sealed.is_some(),
        buyers: buyers.get(&Some(user.id)).copied().unwrap_or(0),
        is_me: house.actor.user_id() == Some(user.id),
    };
    Ok(PeoplePage {
        covers: covers.collect(),
        nobodys: buyers.get(&None).copied().unwrap_or(0),
        // Of whoever was erased there is nothing to show.
        users: users.iter().filter(|user| !user.email.is_empty()).map(row).collect(),
        link: None,
        today: today.to_string(),
    })
}
