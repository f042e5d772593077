//! Parcels on their way: what the word of a carrier means to us, how news from it is put together, when a parcel is late,
//! and how long the buyer's protection still runs.
//!
//! Facts and arithmetic only. Asking carriers is for `channels`; whether somebody is written to is for playbooks, which
//! find in [`status::Handling`] what each status usually asks for. Start with [`journey::Journey`], the one place that
//! says where a parcel is.

pub mod carriers;
pub mod delay;
pub mod journey;
pub mod number;
pub mod protection;
pub mod status;
pub mod track17;
pub mod transit;
