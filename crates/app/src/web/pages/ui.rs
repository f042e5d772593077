//! `GET /ui`: the components, each once.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::ui::UiPage;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "ui.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a UiPage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &UiPage, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
