//! `GET /playbooks` and what lies below it, one template each.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::playbooks::{EditPage, PlaybookPage, PlaybooksPage, SampleLetterPage};
use crate::web::words::Words;

macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident: $view:ty = $path:literal;)+) => {$(
        $(#[$doc])*
        pub fn $name(frame: &Frame, view: &$view, words: &Words) -> askama::Result<String> {
            #[derive(Template)]
            #[template(path = $path)]
            struct Page<'a> {
                frame: &'a Frame,
                v: &'a $view,
                w: &'a Words,
            }
            Page { frame, v: view, w: words }.render()
        }
    )+};
}

pages! {
    /// `GET /playbooks`
    list: PlaybooksPage = "playbooks.html";
    /// `GET /playbooks/{id}`
    one: PlaybookPage = "playbook.html";
    /// `GET /playbooks/{id}/edit`
    edit: EditPage = "playbook_edit.html";
    /// `GET /playbooks/{id}/letters/{letter}`
    letter: SampleLetterPage = "playbook_letter.html";
}
