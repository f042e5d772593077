//! The pages over a real socket, and visitors with a cookie each.

use std::net::SocketAddr;
use std::sync::Arc;

use dunlin::building::Building;
use dunlin::web::listen::{Patience, serve};
use dunlin_core::access::Role;
use dunlin_store::{Actor, User};
use jiff::SignedDuration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::world::{MORNING, World, at};

/// A served building.
pub struct Site {
    pub address: SocketAddr,
}

/// A browser without JavaScript.
pub struct Visitor {
    pub address: SocketAddr,
    pub cookies: String,
}

impl Site {
    pub async fn open(world: &World) -> Self {
        Self::of(Building::around(&world.house)).await
    }

    pub async fn of(building: Building) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = dunlin::web::router(Arc::new(building));
        tokio::spawn(serve(listener, app, Patience::default(), std::future::pending()));
        Self { address }
    }

    /// A browser that nobody has signed in with.
    pub fn stranger(&self) -> Visitor {
        Visitor { address: self.address, cookies: String::new() }
    }

    /// A browser of somebody of this role, who is hired when there is nobody yet. The firm has to be a demo.
    pub async fn enter(&self, world: &World, role: Role) -> Visitor {
        self.enter_as(&hired(world, role).await).await
    }

    pub async fn enter_as(&self, user: &User) -> Visitor {
        let mut visitor = self.stranger();
        let fields = format!("user={}.{}&next=/today", user.tenant_id, user.id);
        let answer = visitor.post("/sign-in/demo", &fields).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        visitor.cookies = cookies_of(&answer);
        visitor
    }
}

/// Somebody of a role, hired when there is nobody yet.
pub async fn hired(world: &World, role: Role) -> User {
    let house = &world.house;
    let users = house.store.users(house.tenant.id).await.expect("users");
    if let Some(user) = users.into_iter().find(|user| user.role == role) {
        return user;
    }
    let mut commit = house.store.begin(house.tenant.id, house.now(), &Actor::system()).await.expect("begins");
    let email = format!("{}@story.example", role.code());
    let id = commit.add_user(&email, role.code(), role, Some("-")).await.expect("hired");
    commit.finish().await.expect("kept");
    house.store.user(house.tenant.id, id).await.expect("the user")
}

/// Somebody of a role who has been here for long enough to be one of two people.
pub async fn settled(world: &World, role: Role) -> User {
    let user = hired(world, role).await;
    let since = at(MORNING) - SignedDuration::from_hours(24 * 7);
    world.house.store.pretend_entered(&user, since).await.expect("kept");
    world.house.store.user(world.house.tenant.id, user.id).await.expect("the user")
}

/// The cookies that an answer sets, as the next request sends them.
pub fn cookies_of(answer: &str) -> String {
    let set = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
    let pairs: Vec<&str> = set.filter_map(|cookie| cookie.split(';').next()).collect();
    pairs.join("; ")
}

impl Visitor {
    /// Another browser at the same address.
    pub fn with_cookies(&self, cookies: &str) -> Self {
        Self { address: self.address, cookies: cookies.to_string() }
    }

    pub async fn get(&self, path: &str) -> String {
        self.send("GET", path, &[], "").await
    }

    pub async fn post(&self, path: &str, fields: &str) -> String {
        self.send("POST", path, &[], fields).await
    }

    /// Sends a form, and shows the page that it leads to.
    pub async fn post_and_follow(&self, path: &str, fields: &str) -> String {
        let answer = self.post(path, fields).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        let place = answer.lines().find_map(|line| line.strip_prefix("location: ")).expect("a place").trim();
        self.get(place).await
    }

    /// The whole answer, head and body.
    pub async fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> String {
        let mut stream = tokio::net::TcpStream::connect(self.address).await.expect("connects");
        let mut request = format!("{method} {path} HTTP/1.1\r\nAccept-Language: en\r\nConnection: close\r\n");
        if !headers.iter().any(|header| header.starts_with("Host:")) {
            request += "Host: localhost\r\n";
        }
        if !self.cookies.is_empty() {
            request += &format!("Cookie: {}\r\n", self.cookies);
        }
        if !headers.iter().any(|header| header.to_lowercase().starts_with("content-type")) && method == "POST" {
            request += "Content-Type: application/x-www-form-urlencoded\r\n";
        }
        for header in headers {
            request += &format!("{header}\r\n");
        }
        request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(request.as_bytes()).await.expect("asks");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("answers");
        String::from_utf8_lossy(&answer).into_owned()
    }
}
