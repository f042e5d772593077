//! `GET /payments/{number}/ask`, `GET /receivables/{number}/discrepancy`: a question to a buyer before it leaves.

use askama::Template;

use crate::web::view::ask::AskPage;
use crate::web::view::frame::Frame;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "ask.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a AskPage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &AskPage, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
