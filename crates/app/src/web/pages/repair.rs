//! `GET /letters/{number}/repair`: a wrong letter and its correction.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::repair::RepairPage;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "repair.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a RepairPage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &RepairPage, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
