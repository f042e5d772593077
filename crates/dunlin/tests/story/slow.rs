//! Half-sent requests and crowds of connections, over real sockets: each ends by itself, and the door stays open for
//! everybody else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dunlin::building::Building;
use dunlin::web::listen::{Patience, serve};
use dunlin_core::access::Role;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::site::{Site, hired};
use crate::world::{World, orders, worlds};

/// What no test waits for: it has gone wrong.
const TOO_LONG: Duration = Duration::from_secs(20);

async fn opened(world: &World, patience: Patience) -> Site {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let app = dunlin::web::router(Arc::new(Building::around(&world.house)));
    tokio::spawn(serve(listener, app, patience, std::future::pending()));
    Site { address }
}

async fn begin(address: SocketAddr, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(sent.as_bytes()).await.expect("sends");
    stream
}

/// What comes until the other side closes.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(TOO_LONG, stream.read_to_end(&mut answer)).await.expect("it ends by itself");
    // Cut off with bytes of ours unread, the system may say so.
    read.map_or_else(|error| error.to_string(), |_| String::from_utf8_lossy(&answer).into_owned())
}

fn form(length: usize, some: &str) -> String {
    format!(
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\n{some}"
    )
}

#[tokio::test]
async fn half_a_request_is_not_waited_for() {
    for world in worlds("slow").await {
        hired(&world, Role::Owner).await;
        let patience = Patience {
            head: Duration::from_millis(400),
            pause: Duration::from_millis(400),
            form: Duration::from_millis(1_500),
            ..Patience::default()
        };
        let site = opened(&world, patience).await;
        let since = Instant::now();
        for half in ["", "GET /sign-in HTTP/1.1\r\nHost: local", "\r\n"] {
            let told = rest(begin(site.address, half).await).await;
            assert!(!told.starts_with("HTTP/1.1 200"), "{half:?}: {told}");
        }
        let told = rest(begin(site.address, &form(100, "email=wu")).await).await;
        assert!(!told.starts_with("HTTP/1.1 2"), "{told}");
        assert!(since.elapsed() < TOO_LONG);

        // A drop at a time is never still for long, and comes to an end all the same.
        let mut drip = begin(site.address, &form(100_000, "email=")).await;
        let since = Instant::now();
        while drip.write_all(b"a").await.is_ok() {
            assert!(since.elapsed() < TOO_LONG, "it is waited for");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(since.elapsed() >= Duration::from_secs(1), "it had its time: {:?}", since.elapsed());

        let page = site.stranger().get("/sign-in").await;
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    }
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_no_more() {
    for world in worlds("crowded").await {
        world.import("orders.csv", &orders()).await;
        hired(&world, Role::Owner).await;
        let site = opened(&world, Patience { of_one: 4, ..Patience::default() }).await;
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(begin(site.address, "GET /sign-in HTTP/1.1\r\n").await);
        }
        // The last of them is in when the next one comes: they are taken in their order.
        let told = rest(TcpStream::connect(site.address).await.expect("connects")).await;
        assert!(!told.starts_with("HTTP/1.1"), "{told}");
        held.clear();
        let mut entered = None;
        for _ in 0..50 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let asked = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            let told = rest(begin(site.address, asked).await).await;
            if told.starts_with("HTTP/1.1 200") {
                entered = Some(told);
                break;
            }
        }
        assert!(entered.is_some(), "there is room again");
        let owner = site.enter(&world, Role::Owner).await;
        assert!(owner.get("/debtors").await.contains("Rossi"), "requests say where they come from");
    }
}
