//! `GET /debtors`: the list, with search and order.

use askama::Template;

use crate::web::view::debtors::Debtors;
use crate::web::view::frame::Frame;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "debtors.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a Debtors,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &Debtors, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
