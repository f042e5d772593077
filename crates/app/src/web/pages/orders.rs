//! `GET /orders`: what was sold and where its money is.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::orders::Orders;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "orders.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a Orders,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &Orders, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
