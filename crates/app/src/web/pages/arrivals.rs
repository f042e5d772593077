//! The import, a job, and the first run.

use askama::Template;

use crate::web::view::arrivals::{ImportPage, JobPage, WelcomePage};
use crate::web::view::frame::Frame;
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
    /// `GET /import`, and the preview of a file
    import: ImportPage = "import.html";
    /// `GET /jobs/{job}`
    job: JobPage = "job.html";
    /// `GET /welcome`
    welcome: WelcomePage = "welcome.html";
}
