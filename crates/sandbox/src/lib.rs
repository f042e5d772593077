//! Stand-ins for services that cannot be reached from a desk: the same paths, signatures, errors and throttles, with a
//! state of their own and a control interface. Tests and the demo talk to them with the real clients.

pub mod aliexpress;
pub mod track17;
