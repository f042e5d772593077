//! `GET /today`: the queue, one item, its facts.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::today::Today;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "today.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a Today,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &Today, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
