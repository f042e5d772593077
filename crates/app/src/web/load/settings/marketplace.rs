//! `GET /settings/marketplace`: what is connected, how far it was read, and what a person has to look at.

use dunlin_store::Connection;
use jiff::Timestamp;

use super::super::show::Show;
use crate::house::House;
use crate::shop::{ALIEXPRESS, TRACK17, address_of};
use crate::use_cases::begin_sync::KIND;
use crate::use_cases::connect_service::hook_path;
use crate::web::view::marketplace::{MarketplacePage, ServiceView, SyncJob, TroubledOrder};

/// Orders that are listed.
const TROUBLED: i64 = 100;
/// Jobs among which the last sync is looked for.
const JOBS: i64 = 20;

pub async fn load(house: &House, show: &Show, base: &str, agree_at: Option<String>) -> anyhow::Result<MarketplacePage> {
    let (store, tenant) = (&house.store, house.tenant.id);
    let connections = store.connections(tenant).await?;
    let find = |service: &str| connections.iter().find(|connection| connection.service == service);
    let counts = store.remote_order_counts(tenant, ALIEXPRESS).await?;
    let troubled = store.troubled_orders(tenant, ALIEXPRESS, TROUBLED).await?;
    let (notices, waiting) = store.notice_counts(tenant).await?;
    let job = store.jobs(tenant, JOBS).await?.into_iter().find(|job| job.kind == KIND);
    let tracking = find(TRACK17);
    let path = tracking.and_then(|connection| hook_path(house, connection));
    Ok(MarketplacePage {
        shop: find(ALIEXPRESS).map(|connection| service(show, connection)),
        tracking: tracking.map(|connection| service(show, connection)),
        agree_at,
        return_to: format!("{base}/settings/marketplace/return"),
        hook: path.map_or_else(String::new, |path| format!("{base}{path}")),
        orders: counts.all,
        troubled_count: counts.troubled,
        owing_pages: counts.owing_pages,
        troubled: troubled
            .into_iter()
            .map(|row| TroubledOrder {
                read: show.instant(row.read_at),
                number: row.number,
                problem: row.problem,
                says: in_words(show, &row.about),
                about: row.about,
                // A link leads to the marketplace's own pages or nowhere.
                page_url: if row.page_url.starts_with("https://") { row.page_url } else { String::new() },
            })
            .collect(),
        job: job.map(|job| SyncJob {
            began: show.instant(job.recorded_at),
            state: if job.is_lost(Timestamp::now()) { "lost".to_string() } else { job.state },
            id: job.id,
            done: job.done,
        }),
        notices,
        waiting,
    })
}

/// The states that the marketplace names, each once; a word that nobody knows stays beside them as it is.
fn in_words(show: &Show, about: &str) -> String {
    let mut said: Vec<String> = Vec::new();
    for word in about.split_whitespace() {
        let known = show.words.known_code("market-word", &word.to_ascii_lowercase());
        said.extend(known.map(std::borrow::Cow::into_owned).filter(|word| !said.contains(word)));
    }
    said.join(&*show.words.t("list-between"))
}

fn service(show: &Show, connection: &Connection) -> ServiceView {
    let is_usual = address_of(&connection.service, "").is_ok_and(|usual| usual == connection.address);
    ServiceView {
        address: connection.address.clone(),
        is_usual,
        app_key: connection.app_key.clone(),
        account: connection.account.clone(),
        is_agreed: connection.sealed_token.is_some(),
        may_message: connection.may_message,
        synced: connection.synced_at.map(|at| show.instant(at)),
        reached: connection.reached_until.map(|at| show.instant(at)),
        problem: connection.problem.clone(),
        problem_since: connection.problem_at.map(|at| show.instant(at)),
    }
}
