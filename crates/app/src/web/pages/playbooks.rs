//! `GET /playbooks` and what lies below it, one template each.

use crate::web::view::playbooks::{EditPage, PlaybookPage, PlaybooksPage, SampleLetterPage};

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
