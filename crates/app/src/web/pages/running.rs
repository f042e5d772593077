//! The running order: the board, one order, the stock-out wizard, and parcels in trouble.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::running::{Board, OrderPage, Parcels, StockOut};
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage<'a> {
    frame: &'a Frame,
    v: &'a Board,
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "order.html")]
struct One<'a> {
    frame: &'a Frame,
    v: &'a OrderPage,
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "stock_out.html")]
struct Wizard<'a> {
    frame: &'a Frame,
    v: &'a StockOut,
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "parcels.html")]
struct InTrouble<'a> {
    frame: &'a Frame,
    v: &'a Parcels,
    w: &'a Words,
}

/// The board as HTML.
pub fn board(frame: &Frame, view: &Board, words: &Words) -> askama::Result<String> {
    BoardPage { frame, v: view, w: words }.render()
}

/// One order as HTML.
pub fn order(frame: &Frame, view: &OrderPage, words: &Words) -> askama::Result<String> {
    One { frame, v: view, w: words }.render()
}

/// The stock-out wizard as HTML.
pub fn stock_out(frame: &Frame, view: &StockOut, words: &Words) -> askama::Result<String> {
    Wizard { frame, v: view, w: words }.render()
}

/// Parcels in trouble as HTML.
pub fn parcels(frame: &Frame, view: &Parcels, words: &Words) -> askama::Result<String> {
    InTrouble { frame, v: view, w: words }.render()
}
