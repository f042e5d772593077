//! The import, a job, and the first run.

use crate::web::view::arrivals::{ImportPage, JobPage, WelcomePage};

pages! {
    /// `GET /import`, and the preview of a file
    import: ImportPage = "import.html";
    /// `GET /jobs/{job}`
    job: JobPage = "job.html";
    /// `GET /welcome`
    welcome: WelcomePage = "welcome.html";
}
