//! `dunlin sandbox`: the stand-ins of the services, on this machine, to try everything out without an account.

use std::net::{IpAddr, SocketAddr};

use anyhow::Context;
use dunlin_sandbox::{aliexpress, track17};
use jiff::Timestamp;
use tokio::net::TcpListener;

use super::usage;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Port of the marketplace's stand-in
    #[arg(long, default_value_t = 7451, value_name = "PORT")]
    aliexpress: u16,
    /// Port of the tracking service's stand-in
    #[arg(long, default_value_t = 7452, value_name = "PORT")]
    track17: u16,
    /// Address of this machine to listen on; others may tell the stand-ins what to do, so none but a loopback address
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    listen: IpAddr,
    /// Orders of the last thirty days that the shop begins with
    #[arg(long, default_value_t = 40, value_name = "N")]
    orders: u16,
    /// What the made-up orders and parcels follow from
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
}

/// Both stand-ins until the program is ended.
pub async fn run(args: Args) -> anyhow::Result<()> {
    if !args.listen.is_loopback() {
        return Err(usage(format!(
            "{} can be reached from other machines, and whoever reaches a stand-in may tell it what to do: leave --listen \
             out, or name 127.0.0.1",
            args.listen
        )));
    }
    let shop = listen(args.listen, args.aliexpress, "--aliexpress").await?;
    let parcels = listen(args.listen, args.track17, "--track17").await?;
    let (shop_at, parcels_at) = (format!("http://{}", shop.local_addr()?), format!("http://{}", parcels.local_addr()?));
    let options = aliexpress::Options {
        seed: args.seed,
        orders: usize::from(args.orders),
        calls_per_second: 500.0,
        ..aliexpress::Options::default()
    };
    let (app_key, app_secret) = (options.app_key.clone(), options.app_secret.clone());
    let tracking = track17::Options { now: Timestamp::now(), seed: args.seed, ..track17::Options::default() };
    let key = tracking.key.clone();
    let serving = tokio::spawn(aliexpress::serve(shop, options));
    let tracked = tokio::spawn(track17::serve(parcels, tracking));
    println!("A stand-in for AliExpress is at {shop_at}, with {} orders", args.orders);
    println!("  dunlin connect aliexpress app --app-key {app_key} --address {shop_at}   (app secret: {app_secret})");
    println!("  or on the page Settings, Marketplace: app key {app_key}, app secret {app_secret}, address {shop_at}");
    println!("  what it does is told at {shop_at}/control (orders, clock, tokens, throttle, permissions, errors)");
    println!("A stand-in for 17TRACK is at {parcels_at}");
    println!("  dunlin connect track17 key --address {parcels_at}   (key: {key})");
    println!("Neither knows the other; what they keep is gone when they end. Ctrl-C ends");
    tokio::select! {
        ended = serving => ended?.context("the stand-in for AliExpress ended"),
        ended = tracked => ended?.context("the stand-in for 17TRACK ended"),
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}

async fn listen(address: IpAddr, port: u16, option: &str) -> anyhow::Result<TcpListener> {
    let place = SocketAddr::new(address, port);
    TcpListener::bind(place).await.with_context(|| {
        format!("cannot listen on {place}: another program may use the port; name another with {option}")
    })
}
