//! `GET /receivables/{number}`: one receivable, why (not) today, its history.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::receivable::ReceivablePage;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "receivable.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a ReceivablePage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &ReceivablePage, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
