//! How doors answer: a handler of any shape becomes one type here. The router would otherwise be built anew by the
//! compiler for each of several hundred handlers, which was a third of the time to build the program.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{self, MethodRouter};

use crate::building::Building;

type Coming = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler, whatever it reads from the request.
#[derive(Clone)]
pub struct Answer(Arc<dyn Fn(Request, Arc<Building>) -> Coming + Send + Sync>);

/// Tells this kind of handler from the ones that the router knows itself.
#[derive(Debug)]
pub struct Erased;

impl Answer {
    fn of<H, T>(handler: H) -> Self
    where
        H: Handler<T, Arc<Building>> + Sync,
        T: 'static,
    {
        Self(Arc::new(move |request, building| Box::pin(handler.clone().call(request, building))))
    }
}

impl Handler<Erased, Arc<Building>> for Answer {
    type Future = Coming;

    fn call(self, request: Request, building: Arc<Building>) -> Coming {
        (self.0)(request, building)
    }
}

macro_rules! methods {
    ($($method:ident),+) => {$(
        pub fn $method<H, T>(handler: H) -> MethodRouter<Arc<Building>>
        where
            H: Handler<T, Arc<Building>> + Sync,
            T: 'static,
        {
            routing::$method(Answer::of(handler))
        }
    )+};
}

methods!(get, post, put, patch, delete);
