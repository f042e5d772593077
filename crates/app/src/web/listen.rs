//! Connections: how many there may be at once, and how long somebody may take over one request. Whoever sends half a
//! request and waits holds a connection, its memory and a file of the system; enough of them would shut the door for
//! everybody else. What a request says is no business of this module: [`super::routes`] goes on from here.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower_http::add_extension::AddExtension;
use tower_http::timeout::{DeadlineBody, TimeoutBody};

use super::proxies::Proxies;

/// What a guest may have.
#[derive(Debug, Clone)]
pub struct Patience {
    /// Until the head of a request has come; a connection at rest ends after it as well.
    pub head: Duration,
    /// Between two pieces of a body.
    pub pause: Duration,
    /// For the whole body of a form or a call.
    pub form: Duration,
    /// For the whole body that is a file: 64 MB at a good megabit per second.
    pub file: Duration,
    /// For the whole body that is a backup: 4 GB at five megabit per second.
    pub backup: Duration,
    /// Connections of one address; an IPv6 network of 2^64 is one. A whole office is behind one address, and each open
    /// page keeps a connection on which it hears of changes.
    pub of_one: usize,
    /// Connections in all: below the 1,024 open files that a system commonly gives a program.
    pub in_all: usize,
    /// Everybody comes through one of these: its connections are those of many.
    pub proxies: Proxies,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            pause: Duration::from_secs(20),
            form: Duration::from_secs(60),
            file: Duration::from_secs(8 * 60),
            backup: Duration::from_secs(2 * 60 * 60),
            of_one: 128,
            in_all: 768,
            proxies: Proxies::default(),
        }
    }
}

/// Serves until `ending` is over, and then until every request under way is answered.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    patience: Patience,
    ending: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience.head);
    let limits = Arc::new(patience.clone());
    let guests = Guests { patience, counts: Arc::default() };
    let app = app.layer(middleware::from_fn(move |request: Request, next: Next| hurry(limits.clone(), request, next)));
    let mut ending = std::pin::pin!(ending);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ending => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Most often too many open files: some of them close in a moment.
                tracing::warn!("a connection could not be taken: {error}");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let Some(seat) = guests.enter(peer.ip()) else {
            tracing::debug!("{} has too many connections; one more was closed", peer.ip());
            continue;
        };
        let service = TowerToHyperService::new(AddExtension::new(app.clone(), ConnectInfo(peer)));
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // Half a request, or a browser that went away: nobody is left to be told.
            if let Err(error) = connection.await {
                tracing::debug!("a connection broke off: {error}");
            }
            drop(seat);
        });
    }
    drop(listener);
    open.shutdown().await;
    Ok(())
}

/// Gives a body so long and no longer.
async fn hurry(patience: Arc<Patience>, request: Request, next: Next) -> Response {
    let most = match request.uri().path() {
        BACKUPS => patience.backup,
        path if is_of_files(path) => patience.file,
        _ => patience.form,
    };
    let request = request.map(|body| Body::new(DeadlineBody::new(most, TimeoutBody::new(patience.pause, body))));
    next.run(request).await
}

/// Where a backup is handed in.
const BACKUPS: &str = "/settings/data/restore/upload";

/// Paths to which files are sent. A path too many costs nothing but patience.
fn is_of_files(path: &str) -> bool {
    path == "/import" || path.ends_with("/talks") || super::api::FILE_CALLS.contains(&path)
}

/// Who is here.
#[derive(Debug)]
struct Guests {
    patience: Patience,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Debug, Default)]
struct Counts {
    in_all: usize,
    by_network: HashMap<IpAddr, usize>,
}

/// The place of one connection; free again when it is dropped.
#[derive(Debug)]
struct Seat {
    network: IpAddr,
    counts: Arc<Mutex<Counts>>,
}

impl Guests {
    fn enter(&self, address: IpAddr) -> Option<Seat> {
        let network = network(address);
        let of_one = if self.patience.proxies.has(address) { self.patience.in_all } else { self.patience.of_one };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.in_all >= self.patience.in_all {
            return None;
        }
        let theirs = counts.by_network.entry(network).or_default();
        if *theirs >= of_one {
            return None;
        }
        *theirs += 1;
        counts.in_all += 1;
        Some(Seat { network, counts: self.counts.clone() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.in_all = counts.in_all.saturating_sub(1);
        let left = counts.by_network.get(&self.network).map_or(0, |theirs| theirs.saturating_sub(1));
        if left == 0 {
            counts.by_network.remove(&self.network);
        } else {
            counts.by_network.insert(self.network, left);
        }
    }
}

/// Whoever has one IPv6 address has the 2^64 beside it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guests(patience: Patience) -> Guests {
        Guests { patience, counts: Arc::default() }
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_network_has_so_many_places_and_gets_them_back() {
        let guests = guests(Patience { of_one: 2, in_all: 3, ..Patience::default() });
        let first = guests.enter(address("2001:db8::1")).expect("a place");
        let _second = guests.enter(address("2001:db8::2")).expect("a place");
        assert!(guests.enter(address("2001:db8::3")).is_none(), "the same network");
        let third = guests.enter(address("10.0.0.1")).expect("another network");
        assert!(guests.enter(address("10.0.0.2")).is_none(), "the house is full");
        drop((first, third));
        assert!(guests.enter(address("2001:db8::3")).is_some());
        assert_eq!(guests.counts.lock().expect("whole").by_network.len(), 1, "nothing is kept of who left");
    }

    #[test]
    fn a_proxy_on_this_machine_stands_for_many() {
        let patience = Patience { of_one: 1, in_all: 3, ..Patience::default() };
        let many = guests(Patience { proxies: Proxies::new(true, Vec::new()), ..patience.clone() });
        let seats: Vec<_> = (0..3).filter_map(|_| many.enter(address("127.0.0.1"))).collect();
        assert_eq!(seats.len(), 3);
        let alone = guests(patience);
        let _seat = alone.enter(address("127.0.0.1")).expect("a place");
        assert!(alone.enter(address("127.0.0.1")).is_none());
    }
}
