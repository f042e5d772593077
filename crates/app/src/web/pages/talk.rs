//! `GET /debtors/{number}/talks/{talk}`: one logged talk.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::talk::TalkPage;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "talk.html")]
struct Page<'a> {
    frame: &'a Frame,
    v: &'a TalkPage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(frame: &Frame, view: &TalkPage, words: &Words) -> askama::Result<String> {
    Page { frame, v: view, w: words }.render()
}
