//! `GET /money`: statements read and payments without a place.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::money::MoneyPage;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "money.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a MoneyPage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &MoneyPage, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
