//! Work of the store that is compiled here.

use std::pin::Pin;

use crate::StoreError;

/// What a door of the store gives that many rows go through.
///
/// The body of an `async fn` is compiled by whoever awaits it, with that crate's optimisation; what is boxed here is
/// compiled here, with ours. A run loads and writes through these, so one allocation a batch costs nothing.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;
