//! `dunlin serve` and `dunlin worker`.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use dunlin_core::explain::UiLanguage;
use dunlin_core::ids::TenantId;
use ipnet::IpNet;
use tokio::task::JoinHandle;

use super::{Common, usage};
use crate::building::Building;
use crate::embedded::playbook_files;
use crate::house::House;
use crate::use_cases::drop_previews::drop_previews;
use crate::use_cases::follow_parcels::{follow_parcels, take_notices};
use crate::use_cases::note_tracking::poll_tracking;
use crate::use_cases::run_decisions::{RunOptions, run_decisions};
use crate::use_cases::send_letters::send_letters;
use crate::use_cases::sync_orders::{SyncAccount, Watched, sync_orders};
use crate::use_cases::take_messages::{MessagesAccount, take_messages};
use crate::web::api::rate::PER_MINUTE;
use crate::web::listen::{self, Patience};
use crate::web::proxies;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address of the pages
    #[arg(long, default_value = "127.0.0.1:7447")]
    listen: String,
    /// Another port of this machine in place of 7447
    #[arg(long, value_name = "PORT", conflicts_with = "listen")]
    port: Option<u16>,
    /// The address under which others reach the pages, through a proxy that speaks HTTPS: https://dunlin.example.com
    #[arg(long, env = "DUNLIN_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// A proxy on another machine whose word about where guests come from counts, as address or network; may be repeated
    #[arg(long, env = "DUNLIN_TRUSTED_PROXY", value_name = "ADDRESS", value_delimiter = ',', value_parser = proxies::parse)]
    trusted_proxy: Vec<IpNet>,
    /// Calls of the API per minute and token, half of them at once
    #[arg(long, env = "DUNLIN_API_RATE", default_value_t = PER_MINUTE, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    api_rate: u32,
    /// Pages only; decide and send nothing
    #[arg(long)]
    no_worker: bool,
}

#[derive(Debug, clap::Args)]
pub struct WorkerArgs {
    /// Do one round and end
    #[arg(long)]
    once: bool,
}

/// How often the queue is looked at.
const ROUND: Duration = Duration::from_secs(30);
/// In safe mode everything is decided anew each time, because nothing advances: that is done more rarely.
const REHEARSAL: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let listen: SocketAddr = match args.port {
        Some(port) => (Ipv4Addr::LOCALHOST, port).into(),
        None => args
            .listen
            .parse()
            .map_err(|_| usage(format!("‘{}’ is not an address; write for instance 127.0.0.1:7447", args.listen)))?,
    };
    if let Some(url) = &args.public_url
        && !(url.starts_with("https://") || url.starts_with("http://")) | url.ends_with('/')
    {
        return Err(usage(format!(
            "‘{url}’ is not the address of a site; write for instance https://dunlin.example.com"
        )));
    }
    if !listen.ip().is_loopback() && args.public_url.as_deref().is_none_or(|url| !url.starts_with("https://")) {
        return Err(usage(format!(
            "{listen} can be reached from other machines, and passwords would travel readable: let a proxy speak HTTPS \
             and name its address with --public-url https://…, or listen on 127.0.0.1"
        )));
    }
    if common.as_of.is_some() {
        return Err(usage(
            "serve lives in the present: leave --as-of out, and ask explain or simulate about other days",
        ));
    }
    common.use_own_letters()?;
    let store = common.open_or_make().await?;
    println!("The data is in {}; letters without a mail server go to {}", store.place(), letters_place(common));
    let files = playbook_files(common.playbooks.as_deref()).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the playbooks cannot be used:\n  {}", lines.join("\n  "))
    })?;
    let building = Building::new(store, &common.data_dir(), Arc::new(files))
        .reached_at(args.public_url)
        .behind(args.trusted_proxy)
        .answering(args.api_rate);
    serve_building(Arc::new(building), listen, !args.no_worker).await
}

/// The folder for letters, unless the firm names another.
fn letters_place(common: &Common) -> String {
    common.data_dir().join("letters").display().to_string()
}

/// Serves until interrupted; works the queues of all firms meanwhile. A demo stands still on its own clock: its last
/// day is what one looks at.
pub async fn serve_building(building: Arc<Building>, listen: SocketAddr, works: bool) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen).await.with_context(|| {
        format!("cannot listen on {listen}: another program may use the port; name another with --port or --listen")
    })?;
    if works {
        tokio::spawn(work_all(building.clone()));
    }
    let address = building.public_url.clone().unwrap_or(format!("http://{}", listener.local_addr()?));
    match building.awaits_set_up().await? {
        Some(_) => println!("Nobody works here yet. Open {address}/set-up?code={}", building.open_set_up()?),
        None => println!("Open {address} — Ctrl-C ends"),
    }
    let app = crate::web::router(building.clone());
    let patience = Patience { proxies: building.proxies(), ..Patience::default() };
    // Streams to open pages never end by themselves.
    let ending = async move {
        interrupted().await;
        building.events.close();
    };
    listen::serve(listener, app, patience, ending).await.context("serving the pages failed")
}

/// How often a connected shop is read. An order is read once more right before a letter about it leaves.
const READING: Duration = Duration::from_secs(5 * 60);

/// When each firm's shop was read last, or tried, and the reading that may still be under way.
#[derive(Default)]
struct Reader(HashMap<TenantId, (Instant, JoinHandle<()>)>);

impl Reader {
    /// Reads the firm's shop, where one is connected and it is time; also in safe mode, which is about letters. The first
    /// reading of a large shop takes an hour, so it goes on beside the rounds, and nobody's letters wait for it.
    fn read(&mut self, house: &House) {
        let is_due = |(last, reading): &(Instant, JoinHandle<()>)| reading.is_finished() && last.elapsed() >= READING;
        if self.0.get(&house.tenant.id).is_some_and(|known| !is_due(known)) {
            return;
        }
        let (tenant, house) = (house.tenant.id, house.clone());
        self.0.insert(tenant, (Instant::now(), tokio::spawn(async move { read_shop(&house).await })));
    }
}

async fn read_shop(house: &House) {
    match sync_orders(house, Watched { job: None }).await {
        Ok(Some(SyncAccount { why: Some(why), .. })) => tracing::warn!("the shop was not read to its end: {why}"),
        Ok(_) => {}
        Err(error) => tracing::error!("the shop could not be read: {error:#}"),
    }
    match take_messages(house).await {
        Ok(Some(MessagesAccount { why: Some(why), .. })) => tracing::warn!("the chats were not read: {why}"),
        Ok(_) => {}
        Err(error) => tracing::error!("the chats could not be read: {error:#}"),
    }
    if let Err(error) = follow_parcels(house).await {
        tracing::error!("parcels could not be handed over to be followed: {error:#}");
    }
}

/// How often what has had its day is looked for.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// When each firm was swept last.
#[derive(Default)]
struct Broom(HashMap<TenantId, Instant>);

impl Broom {
    /// Drops what has had its day and asks about parcels that fell silent, now and then; a failure is logged and the next
    /// hour tries again.
    async fn sweep(&mut self, house: &House) {
        if self.0.get(&house.tenant.id).is_some_and(|last| last.elapsed() < SWEEP) {
            return;
        }
        self.0.insert(house.tenant.id, Instant::now());
        if let Err(error) = drop_previews(house).await {
            tracing::error!("files that nobody took in could not be dropped: {error:#}");
        }
        if let Err(error) = poll_tracking(house).await {
            tracing::error!("silent parcels could not be asked about: {error:#}");
        }
    }
}

/// Works the queues of all firms that are not demos, round after round, with their settings of the moment.
async fn work_all(building: Arc<Building>) {
    let (mut broom, mut reader) = (Broom::default(), Reader::default());
    loop {
        match building.store.tenants().await {
            // Nobody else works while a backup is read in place of everything.
            Ok(_) if building.restoring.is_under_way() => {}
            Ok(tenants) => {
                for tenant in tenants.iter().filter(|tenant| !tenant.is_demo) {
                    match building.house(tenant.id).await {
                        Ok(house) => {
                            reader.read(&house);
                            round(&house).await;
                            broom.sweep(&house).await;
                        }
                        Err(error) => tracing::error!("{} cannot be worked on: {error:#}", tenant.name),
                    }
                }
            }
            Err(error) => tracing::error!("the firms cannot be read: {error:#}"),
        }
        tokio::time::sleep(ROUND).await;
    }
}

async fn interrupted() {
    let _ = tokio::signal::ctrl_c().await;
}

pub async fn work(common: &Common, args: WorkerArgs) -> anyhow::Result<()> {
    if common.as_of.is_some() && !args.once {
        return Err(usage("worker lives in the present: leave --as-of out, or do one round with --once"));
    }
    let house = common.house().await?;
    if args.once {
        sync_orders(&house, Watched { job: None }).await?;
        take_messages(&house).await?;
        follow_parcels(&house).await?;
        poll_tracking(&house).await?;
        take_notices(&house).await?;
        run_decisions(&house, RunOptions::default()).await?;
        send_letters(&house).await?;
        drop_previews(&house).await?;
        return Ok(());
    }
    println!("working the queue of {} — Ctrl-C ends", house.store.place());
    let (mut broom, mut reader) = (Broom::default(), Reader::default());
    loop {
        // Settings changed and playbooks published since count from this round on.
        match house.renewed().await {
            Ok(house) => {
                reader.read(&house);
                round(&house).await;
                broom.sweep(&house).await;
            }
            Err(error) => tracing::error!("the firm cannot be read: {error:#}"),
        }
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            () = interrupted() => return Ok(()),
        }
    }
}

/// One round; a failure is logged and the next round tries again.
async fn round(house: &House) {
    if let Err(error) = take_notices(house).await {
        tracing::error!("news of parcels could not be put to them: {error:#}");
    }
    let now = house.now();
    // Once an hour while nothing happens; a file that came in, or anything else that changed, is rehearsed at once.
    let changed_at = house.tenant.changed_at;
    let rests = |at: jiff::Timestamp| now.duration_since(at) < REHEARSAL && changed_at <= at;
    if house.tenant.settings.safe_mode && house.tenant.last_run_at.is_some_and(rests) {
        return;
    }
    if let Err(error) = run_decisions(house, RunOptions::default()).await {
        tracing::error!("run failed: {error:#}");
    }
    match send_letters(house).await {
        Ok(account) => {
            for note in account.told(UiLanguage::En, &house.zone()) {
                tracing::warn!("{note}");
            }
        }
        Err(error) => tracing::error!("sending failed: {error:#}"),
    }
}
