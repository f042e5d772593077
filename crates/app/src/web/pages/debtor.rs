//! `GET /debtors/{number}`: one debtor.

use askama::Template;

use crate::web::view::debtor::DebtorPage;
use crate::web::view::frame::Frame;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "debtor.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a DebtorPage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &DebtorPage, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
