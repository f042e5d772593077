//! `GET /letters/{number}`: one letter before or after it left.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::letter::LetterPage;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "letter.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a LetterPage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &LetterPage, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
