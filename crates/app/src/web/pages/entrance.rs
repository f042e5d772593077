//! Sign-in, set-up, invitation: the pages before the door.

use askama::Template;

use crate::web::view::entrance::{Entrance, Step};
use crate::web::words::Words;

/// What the product promises, beside the form: catalogue keys `entrance-point-…`.
pub const POINTS: [&str; 3] = ["why", "silence", "yours"];

#[derive(Template)]
#[template(path = "entrance.html")]
struct Page<'a> {
    v: &'a Entrance,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(view: &Entrance, words: &Words) -> askama::Result<String> {
    Page { v: view, w: words }.render()
}
