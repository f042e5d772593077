//! The API as a program uses it, over a real socket: what a token opens, and that a thing is done once.

mod calls;
mod data;
mod doors;
mod lists;
mod once;
mod orders;
mod people;

use dunlin::building::Building;
use dunlin::use_cases::manage_tokens::create_token;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::web::listen::{Patience, serve};
use dunlin_core::access::{Right, Role};
use serde_json::Value;

use crate::site::{Site, Visitor, hired};
use crate::world::World;

/// A program with a token.
pub struct Program {
    visitor: Visitor,
    token: String,
}

/// An answer, read.
#[derive(Debug)]
pub struct Told {
    pub status: u16,
    pub head: String,
    pub body: Value,
}

impl Told {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The last part of a problem's `type`.
    pub fn kind(&self) -> &str {
        self.body["type"].as_str().and_then(|kind| kind.rsplit('/').next()).unwrap_or("")
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.body
    }

    /// That it is this problem, whole and in its own type.
    #[track_caller]
    pub fn is_problem(&self, status: u16, kind: &str) {
        assert_eq!((self.status, self.kind()), (status, kind), "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        assert_eq!(self.body["status"], status);
        for field in ["type", "title", "detail", "instance"] {
            assert!(self.body[field].as_str().is_some_and(|text| !text.is_empty()), "{field} of {self:?}");
        }
    }
}

fn read(answer: &str) -> Told {
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Told { status, head: head.to_string(), body: serde_json::from_str(body).unwrap_or(Value::Null) }
}

/// The site with so many calls per minute. A demo stands at the moment of its last run, so there is one.
pub async fn open(world: &World, calls: u32) -> Site {
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let app = dunlin::web::router(std::sync::Arc::new(Building::around(&world.house).answering(calls)));
    tokio::spawn(serve(listener, app, Patience::default(), std::future::pending()));
    Site { address }
}

impl Program {
    pub fn with(site: &Site, token: &str) -> Self {
        Self { visitor: site.stranger(), token: token.to_string() }
    }

    /// A program of somebody of this role, with these scopes.
    pub async fn of(site: &Site, world: &World, role: Role, scopes: &[Right]) -> Self {
        let user = hired(world, role).await;
        let made = create_token(&world.house, user.id, "story", scopes, 30).await.expect("a token");
        Self::with(site, &made.bearer)
    }

    /// Everything an owner may.
    pub async fn of_owner(site: &Site, world: &World) -> Self {
        Self::of(site, world, Role::Owner, Right::ALL).await
    }

    pub async fn get(&self, path: &str) -> Told {
        self.send("GET", path, &[], "").await
    }

    pub async fn post(&self, path: &str, body: &str) -> Told {
        self.send("POST", path, &["Content-Type: application/json"], body).await
    }

    pub async fn post_once(&self, path: &str, key: &str, body: &str) -> Told {
        let key = format!("Idempotency-Key: {key}");
        self.send("POST", path, &["Content-Type: application/json", &key], body).await
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Told {
        let bearer = format!("Authorization: Bearer {}", self.token);
        let mut all: Vec<&str> = headers.to_vec();
        if !self.token.is_empty() {
            all.push(&bearer);
        }
        read(&self.visitor.send(method, &format!("/api{path}"), &all, body).await)
    }
}
