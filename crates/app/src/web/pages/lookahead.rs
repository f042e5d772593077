//! `GET /simulation` and `GET /backtest`: what the playbooks will do, and what they would have done.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::lookahead::LookPage;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "lookahead_simulation.html")]
struct Simulation<'a> {
    frame: &'a Frame,
    v: &'a LookPage,
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "lookahead_backtest.html")]
struct Backtest<'a> {
    frame: &'a Frame,
    v: &'a LookPage,
    w: &'a Words,
}

/// What will be sent in the next days.
pub fn render_simulation(frame: &Frame, view: &LookPage, words: &Words) -> askama::Result<String> {
    Simulation { frame, v: view, w: words }.render()
}

/// What would have been sent in days that are over.
pub fn render_backtest(frame: &Frame, view: &LookPage, words: &Words) -> askama::Result<String> {
    Backtest { frame, v: view, w: words }.render()
}
