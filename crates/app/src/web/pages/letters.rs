//! `GET /letters`: what goes out and went out.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::letters::Letters;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "letters.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a Letters,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &Letters, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
