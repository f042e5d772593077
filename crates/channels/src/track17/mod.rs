//! The client of 17TRACK.
