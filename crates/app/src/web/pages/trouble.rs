//! The error page.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::trouble::Trouble;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a Trouble,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &Trouble, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
