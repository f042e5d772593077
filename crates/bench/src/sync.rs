//! Reads a whole shop against the stand-in of the marketplace: the floor is what its throttle permits. The stand-in runs in
//! a process of its own, so that the memory is the product's alone.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use jiff::Timestamp;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use dunlin::house::{Clock, House};
use dunlin::shop::ALIEXPRESS;
use dunlin::use_cases::connect_service::{ServiceForm, begin_agreement, finish_agreement, set_service};
use dunlin::use_cases::sync_orders::{Watched, sync_orders};
use dunlin_sandbox::aliexpress::{Options, serve};
use dunlin_store::{Actor, InstallationKey, Settings, Store};

use crate::{USAGE, memory};

/// The word that starts the stand-in.
pub const STAND: &str = "stand";
/// The least share of the permitted rate that a sync may reach.
const LEAST_SHARE: f64 = 0.9;
/// Orders that may change in the seconds that a sync leaves to settle, in a thousand.
const UNSETTLED: usize = 2;
const RETURN: &str = "http://localhost:7447/settings/marketplace/return";

/// What to measure.
pub struct Plan {
    pub orders: usize,
    pub calls_per_second: f64,
}

pub fn plan(mut words: impl Iterator<Item = String>) -> anyhow::Result<Plan> {
    let mut plan = Plan { orders: 50_000, calls_per_second: Options::default().calls_per_second };
    while let Some(word) = words.next() {
        let value = words.next().context(USAGE)?;
        let number = || format!("{word} ‘{value}’ is not a number");
        match word.as_str() {
            "--orders" => plan.orders = value.parse().with_context(number)?,
            "--calls-per-second" => plan.calls_per_second = value.parse().with_context(number)?,
            _ => bail!("{word} {value}: {USAGE}"),
        }
    }
    Ok(plan)
}

/// Serves a shop with its throttle until nobody reads on the other side any more; says where.
pub async fn stand(plan: Plan) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let options = Options { orders: plan.orders, calls_per_second: plan.calls_per_second, ..Options::default() };
    let served = tokio::spawn(serve(listener, options));
    // Ends with whoever started it.
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().lock().lines().count());
    tokio::select! {
        served = served => Ok(served??),
        _ = ended => Ok(()),
    }
}

/// The stand-in's process; it ends with this value.
struct Stand {
    process: Child,
    address: SocketAddr,
}

impl Drop for Stand {
    fn drop(&mut self) {
        // Nothing can be done about one that has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Stand {
    fn start(plan: &Plan) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([STAND, "--orders", &plan.orders.to_string()]);
        command.args(["--calls-per-second", &plan.calls_per_second.to_string()]);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("the stand-in")?;
        let mut line = String::new();
        let output = process.stdout.take().context("the stand-in says nothing")?;
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().parse().with_context(|| format!("‘{}’ is no address", line.trim()))?;
        Ok(Self { process, address })
    }

    /// The whole answer to a question without a body.
    async fn ask(&self, path: &str) -> anyhow::Result<String> {
        let mut stream = TcpStream::connect(self.address).await?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Calls that were let in, and that were not, so far.
    async fn calls(&self) -> anyhow::Result<(u64, u64)> {
        let answer = self.ask("/control/received").await?;
        let (_, body) = answer.split_once("\r\n\r\n").context("no answer")?;
        let told: Value = serde_json::from_str(body)?;
        let count = |name: &str| told["calls"][name].as_u64().context("the stand-in counts no calls");
        Ok((count("admitted")?, count("throttled")?))
    }

    /// The seller agrees; the shop is connected.
    async fn connect(&self, house: &House) -> anyhow::Result<()> {
        let base = format!("http://{}", self.address);
        let form =
            ServiceForm { app_key: "123456".to_string(), secret: "helloworld".to_string(), address: base.clone() };
        set_service(house, ALIEXPRESS, &form).await?;
        let address = begin_agreement(house, RETURN).await?;
        let answer = self.ask(address.strip_prefix(&base).context("another service's address")?).await?;
        let back = answer.lines().find_map(|line| line.strip_prefix("location: ")).context("no way back")?;
        finish_agreement(house, back.trim()).await?;
        Ok(())
    }
}

pub async fn run(plan: Plan) -> anyhow::Result<()> {
    let dir = crate::floor::scratch("sync")?;
    let stand = Stand::start(&plan)?;
    let now = Timestamp::now();
    let store = Store::open(&dir.join("dunlin.db").display().to_string(), &InstallationKey::generate()?).await?;
    let settings = Settings { time_zone: "Asia/Shanghai".to_string(), ..Settings::default() };
    let id = store.create_tenant("Bench", &settings, false, now).await?;
    let tenant = store.tenant(id).await?;
    let mut house = House::new(store, tenant, Clock::Wall, &dir, None).await?;
    house.stand_in_calls = plan.calls_per_second;
    let house = house.acting(Actor::command_line("bench".to_string()));
    stand.connect(&house).await?;
    println!("reading {} orders at {} calls a second at most …", plan.orders, plan.calls_per_second);
    let before = stand.calls().await?;
    memory::reset_peak();
    let began = Instant::now();
    let account = sync_orders(&house, Watched { job: None }).await?.context("no shop is connected")?;
    let time = began.elapsed();
    let peak_kib = memory::peak_kib();
    let after = stand.calls().await?;
    ensure!(account.complete, "the shop was not read to its end: {account:?}");
    ensure!(account.added >= plan.orders - plan.orders * UNSETTLED / 1_000, "orders are missing: {account:?}");
    let again = sync_orders(&house, Watched { job: None }).await?.context("no shop is connected")?;
    ensure!(again.complete && again.orders < plan.orders / 10, "read from the beginning once more: {again:?}");
    std::fs::remove_dir_all(dir)?;

    let calls = after.0 - before.0;
    let reached = calls as f64 / time.as_secs_f64();
    let share = reached / plan.calls_per_second;
    println!("db=sqlite orders={} calls={calls} throttled={}", account.added, after.1 - before.1);
    println!("permitted {:>9.1} calls/s", plan.calls_per_second);
    println!(
        "reached   {reached:>9.1} calls/s  ({:.1} s, {:.0} orders/s)",
        time.as_secs_f64(),
        account.added as f64 / time.as_secs_f64()
    );
    println!("ratio     {share:>9.2}  (at least {LEAST_SHARE})");
    println!("peak memory of the sync {} MiB", peak_kib / 1024);
    ensure!(share >= LEAST_SHARE, "the sync used {share:.2} of what it was permitted");
    Ok(())
}
