//! What every way out keeps, and the real client of the marketplace against the stand-in of the service, over a real
//! connection: what is refused and how, tokens, the pace, orders that change while they are read, the hours in which clocks
//! change, messages and shipments.

mod contract;
mod doors;
mod in_site;
mod mail;
mod mail_server;
mod messages;
mod shipments;
mod stand;
mod sync;
