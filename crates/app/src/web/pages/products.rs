//! `GET /products`: the catalogue with what is in stock; `GET /products/{sku}`: one article.

use askama::Template;

use crate::web::view::frame::Frame;
use crate::web::view::products::{ProductPage, Products};
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "products.html")]
struct List<'a> {
    frame: &'a Frame,
    v: &'a Products,
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "product.html")]
struct One<'a> {
    frame: &'a Frame,
    v: &'a ProductPage,
    w: &'a Words,
}

/// The catalogue as HTML.
pub fn render(frame: &Frame, view: &Products, words: &Words) -> askama::Result<String> {
    List { frame, v: view, w: words }.render()
}

/// The page of one article as HTML.
pub fn render_one(frame: &Frame, view: &ProductPage, words: &Words) -> askama::Result<String> {
    One { frame, v: view, w: words }.render()
}
