//! The pages: rendered on the server, complete without JavaScript.
//!
//! [`view`] is what a page shows, [`pages`] how it looks, [`words`] what it says, [`assets`] style and script.

pub(crate) mod again;
mod answer;
pub(crate) mod api;
mod arrivals;
pub mod assets;
pub mod doors;
mod entrance;
mod guard;
mod hooks;
pub mod listen;
mod live;
pub mod load;
pub mod pages;
mod playbooks;
mod posts;
pub mod proxies;
mod reader;
mod refill;
mod restoring;
mod routes;
mod settings;
mod undo;
pub mod view;
pub mod words;

pub use routes::router;
