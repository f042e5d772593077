//! `GET /receivables/{number}/plan`: days and amounts of instalments before they are agreed.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::plan::PlanPage;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "plan.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a PlanPage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &PlanPage, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
