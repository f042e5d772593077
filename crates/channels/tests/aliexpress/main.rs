//! The real client against the stand-in of the service, over a real connection: what is refused and how, tokens, the
//! pace, orders that change while they are read, the hours in which clocks change, messages and shipments.

#[path = "../contract/mod.rs"]
mod contract;
mod doors;
mod kept;
mod messages;
mod shipments;
mod stand;
mod sync;
