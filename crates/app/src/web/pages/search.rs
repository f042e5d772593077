//! `GET /search`: what was found, as a page, or as the list alone for the palette.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::search::SearchPage;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "search.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a SearchPage,
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "search_part.html")]
struct Part<'a> {
    v: &'a SearchPage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &SearchPage, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}

/// The list alone.
pub fn render_part(view: &SearchPage, words: &Words) -> askama::Result<String> {
    Part { v: view, w: words }.render()
}
