//! `dunlin serve` and `dunlin worker`.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;

use super::{Common, usage};
use crate::house::{Clock, House};
use crate::use_cases::run_decisions::{RunOptions, run_decisions};
use crate::use_cases::send_letters::send_letters;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address of the pages. There are no users yet, so only this machine may ask for them
    #[arg(long, default_value = "127.0.0.1:7447")]
    listen: String,
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

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let listen: SocketAddr = args
        .listen
        .parse()
        .map_err(|_| usage(format!("‘{}’ is not an address; write for instance 127.0.0.1:7447", args.listen)))?;
    if !listen.ip().is_loopback() {
        return Err(usage(format!(
            "{listen} can be reached from other machines, and there are no users and passwords yet: listen on 127.0.0.1"
        )));
    }
    let house = common.house().await?;
    // A demo stands still on its own clock: its last day is what one looks at.
    let worker = (!args.no_worker && house.clock == Clock::Wall).then(|| house.clone());
    serve_house(house, listen, worker).await
}

/// Serves until interrupted; works the queue meanwhile when given a house to work in.
pub async fn serve_house(house: House, listen: SocketAddr, worker: Option<House>) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen).await.with_context(|| {
        format!("cannot listen on {listen}: another program may use the port; name another with --port or --listen")
    })?;
    if let Some(worker) = worker {
        tokio::spawn(async move {
            loop {
                round(&worker).await;
                tokio::time::sleep(ROUND).await;
            }
        });
    }
    println!("Open http://{} — Ctrl-C ends", listener.local_addr()?);
    let app = crate::web::router(house);
    axum::serve(listener, app).with_graceful_shutdown(interrupted()).await.context("serving the pages failed")
}

async fn interrupted() {
    let _ = tokio::signal::ctrl_c().await;
}

pub async fn work(common: &Common, args: WorkerArgs) -> anyhow::Result<()> {
    let house = common.house().await?;
    if args.once {
        run_decisions(&house, RunOptions::default()).await?;
        send_letters(&house).await?;
        return Ok(());
    }
    println!("working the queue of {} — Ctrl-C ends", house.store.place());
    loop {
        round(&house).await;
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            () = interrupted() => return Ok(()),
        }
    }
}

/// One round; a failure is logged and the next round tries again.
async fn round(house: &House) {
    if let Err(error) = run_decisions(house, RunOptions::default()).await {
        tracing::error!("run failed: {error:#}");
    }
    match send_letters(house).await {
        Ok(account) => {
            for note in &account.notes {
                tracing::warn!("{note}");
            }
        }
        Err(error) => tracing::error!("sending failed: {error:#}"),
    }
}
