//! `GET /restoring`: how far a restore is.

use askama::Template;

use crate::web::view::frame::Theme;
use crate::web::words::Words;

/// What it shows; neither running, over, done nor failed: nothing was restored.
#[derive(Debug, Clone, Default)]
pub struct RestoringPage {
    pub theme: Theme,
    pub is_running: bool,
    /// It ended, and whoever asks is not told how.
    pub is_over: bool,
    pub is_done: bool,
    pub has_failed: bool,
    pub total: u64,
    pub rows: u64,
    /// When the backup was taken.
    pub taken: String,
    pub letters: u64,
    /// The file with what was here before.
    pub before: String,
}

#[derive(Template)]
#[template(path = "restoring.html")]
struct Page<'a> {
    v: &'a RestoringPage,
    w: &'a Words,
}

/// The whole page as HTML.
pub fn render(view: &RestoringPage, words: &Words) -> askama::Result<String> {
    Page { v: view, w: words }.render()
}
