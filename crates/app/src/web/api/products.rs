//! Products, how many there are, and what could stand in for one that is gone. A catalogue comes in as a file
//! (`POST /api/v1/imports?kind=products`).

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::{HeaderMap, Method};
use axum::{Extension, Json};
use dunlin_core::access::Right::{See, Work};
use dunlin_core::catalogue::Stocked;
use dunlin_core::catalogue::similar::Similar;
use dunlin_core::explain::UiLanguage;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::product_list::InStock;
use dunlin_store::{StockKind, StockMovement};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::etag;
use super::paging::{Limit, Page, after, page};
use super::problem::Problem;
use super::read::{Asked, Told};
use super::wire::{Amount, Day, InWords, Remark, ShortName};
use crate::house::House;
use crate::use_cases::keep_catalogue::{
    MOST_SIMILAR, StandIns, USUAL_SIMILAR, find_similar, fits_stock, pin_similar, product, set_stock, unpin_similar,
};
use crate::web::answer::{get, post, put};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

/// Changes of a quantity that one answer holds.
const MOVEMENTS: i64 = 200;

#[derive(OpenApi)]
#[openapi(paths(
    list_products,
    get_product,
    get_similar_products,
    get_stock_of_product,
    set_stock_of_product,
    pin_product,
    unpin_product
))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let see = |path, answer| Door::page(path, Who::May(See), answer);
    let act = |path, answer| Door::form(path, Who::May(Work), answer);
    vec![
        see("/api/v1/products", || get(list_products)),
        see("/api/v1/products/{sku}", || get(get_product)),
        see("/api/v1/products/{sku}/similar", || get(get_similar_products)),
        see("/api/v1/products/{sku}/stock", || get(get_stock_of_product)),
        act("/api/v1/products/{sku}/stock", || put(set_stock_of_product)).by(Method::PUT),
        act("/api/v1/products/{sku}/pins", || post(pin_product)),
        act("/api/v1/products/{sku}/pins/end", || post(unpin_product)),
    ]
}

/// An article that is sold.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductShown {
    /// Your own number of it.
    #[schema(example = "TN-2")]
    pub sku: String,
    /// By the code of their language.
    #[schema(example = json!({"en": "Tent for two"}))]
    pub titles: BTreeMap<String, String>,
    /// Empty when it has none.
    pub category: String,
    /// A word without a value stands for itself.
    #[schema(example = json!({"color": "red"}))]
    pub attributes: BTreeMap<String, String>,
    pub price: Amount,
    /// Number of the article on its platform; empty when it has none.
    pub platform_id: String,
    /// The platform's own page of it; empty when it has none.
    pub url: String,
    /// On sale.
    pub active: bool,
    /// How many there are; `null`: nobody said so.
    pub stock: Option<i64>,
    /// On sale, and at least one is there: it may be offered.
    pub available: bool,
}

impl From<Stocked> for ProductShown {
    fn from(one: Stocked) -> Self {
        let available = one.is_available();
        let product = one.product;
        Self {
            sku: product.sku,
            titles: product.titles,
            category: product.category,
            attributes: product.attributes,
            price: product.price.into(),
            platform_id: product.platform_id,
            url: product.url,
            active: product.active,
            stock: one.quantity,
            available,
        }
    }
}

/// Which products, by what is there.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockAsked {
    All,
    Available,
    Gone,
    Inactive,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Rows of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Part of a number or title.
    #[param(value_type = Option<String>)]
    q: String,
    /// `available`: on sale and in stock; `gone`: on sale and none there; `inactive`: not on sale.
    #[param(inline)]
    stock: Option<StockAsked>,
}

/// The catalogue, by number
#[utoipa::path(get, path = "/api/v1/products", tag = "products", params(ListQuery),
    responses((status = 200, description = "A page of products", body = Page<ProductShown>)))]
async fn list_products(
    Extension(house): Shared,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<Page<ProductShown>>, Problem> {
    let mut after: After<String> = after("products", query.cursor.as_deref(), query.limit)?;
    // A cursor is anybody's to make, and no number of an article holds it.
    after.key.retain(|c| c != '\0');
    let in_stock = match query.stock {
        None | Some(StockAsked::All) => InStock::All,
        Some(StockAsked::Available) => InStock::Available,
        Some(StockAsked::Gone) => InStock::Gone,
        Some(StockAsked::Inactive) => InStock::Inactive,
    };
    let rows = house.store.products_after(house.tenant.id, &query.q, in_stock, &after).await?;
    page("products", query.limit, rows, |row| row.product.sku.clone(), |row| Ok(ProductShown::from(row)))
}

/// Which product.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ProductInPath {
    /// Its number, percent-encoded.
    #[param(example = "TN-2")]
    sku: String,
}

async fn shown(house: &House, sku: &str) -> Result<Json<ProductShown>, Problem> {
    Ok(Json(product(house, sku).await?.into()))
}

/// One product
#[utoipa::path(get, path = "/api/v1/products/{sku}", tag = "products", params(ProductInPath),
    responses((status = 200, description = "The product", body = ProductShown)))]
async fn get_product(Extension(house): Shared, Path(path): Path<ProductInPath>) -> Result<Json<ProductShown>, Problem> {
    shown(&house, &path.sku).await
}

/// Why an article is offered in place of another.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarWhy {
    /// `pinned`, `same_category`, `price_near`, `shared_attributes` or `alike`.
    #[schema(example = "same_category")]
    pub code: &'static str,
    pub text: InWords,
}

/// An article that could stand in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarProduct {
    pub product: ProductShown,
    pub why: Vec<SimilarWhy>,
}

impl From<Similar> for SimilarProduct {
    fn from(one: Similar) -> Self {
        let why = one.why.iter().map(|why| SimilarWhy {
            code: why.code(),
            text: InWords { en: why.sentence(UiLanguage::En), zh: why.sentence(UiLanguage::ZhCn) },
        });
        Self { why: why.collect(), product: one.stocked.into() }
    }
}

/// What could stand in for an article, the best first; only what is in stock.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarList {
    pub items: Vec<SimilarProduct>,
    /// Numbers that somebody chose, also those that cannot be offered now.
    pub pins: Vec<String>,
}

impl From<StandIns> for SimilarList {
    fn from(found: StandIns) -> Self {
        Self {
            items: found.similar.into_iter().map(SimilarProduct::from).collect(),
            pins: found.pins.into_iter().map(|pin| pin.product.sku).collect(),
        }
    }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SimilarQuery {
    /// At most so many, and never more than 50.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 8)]
    limit: Option<Limit>,
}

/// Articles in stock that could stand in for one, and why each
#[utoipa::path(get, path = "/api/v1/products/{sku}/similar", tag = "products", params(ProductInPath, SimilarQuery),
    responses((status = 200, description = "Similar articles", body = SimilarList)))]
async fn get_similar_products(
    Extension(house): Shared,
    Path(path): Path<ProductInPath>,
    Asked(query): Asked<SimilarQuery>,
) -> Result<Json<SimilarList>, Problem> {
    let most = query.limit.map_or(USUAL_SIMILAR, |limit| usize::try_from(limit.0).unwrap_or(USUAL_SIMILAR));
    Ok(Json(find_similar(&house, &path.sku, most.min(MOST_SIMILAR)).await?.into()))
}

/// A change of a quantity.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockMoved {
    pub on: Day,
    pub at: Timestamp,
    /// `null`: nobody had said how many there were.
    pub before: Option<i64>,
    pub quantity: i64,
    /// `file` or `by_hand`.
    #[schema(example = "by_hand")]
    pub kind: &'static str,
    /// Name of the file, or what somebody noted.
    pub note: String,
    /// Who it was; `null`: a file at the command line.
    pub by: Option<String>,
}

impl From<StockMovement> for StockMoved {
    fn from(one: StockMovement) -> Self {
        let kind: StockKind = one.kind;
        Self {
            on: Day(one.effective_on),
            at: one.recorded_at,
            before: one.before,
            quantity: one.quantity,
            kind: kind.code(),
            note: one.note,
            by: one.who,
        }
    }
}

/// How many of an article there are, and how it came to that.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockShown {
    pub sku: String,
    /// `null`: nobody said so.
    pub quantity: Option<i64>,
    /// The newest first, at most 200.
    pub movements: Vec<StockMoved>,
}

async fn stock_shown(house: &House, sku: &str) -> Result<StockShown, Problem> {
    let one = product(house, sku).await?;
    let movements = house.store.stock_history(house.tenant.id, sku, MOVEMENTS).await?;
    let movements = movements.into_iter().map(StockMoved::from).collect();
    Ok(StockShown { sku: one.product.sku, quantity: one.quantity, movements })
}

/// How many there are, and every change of it
#[utoipa::path(get, path = "/api/v1/products/{sku}/stock", tag = "products", params(ProductInPath),
    responses((status = 200, description = "The stock of the product", body = StockShown)))]
async fn get_stock_of_product(
    Extension(house): Shared,
    Path(path): Path<ProductInPath>,
) -> Result<Json<StockShown>, Problem> {
    Ok(Json(stock_shown(&house, &path.sku).await?))
}

/// A number of pieces; `12.0` is twelve in JSON too.
fn counted<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let whole = number.as_f64().filter(|pieces| pieces.fract() == 0.0 && pieces.abs() <= 1e15);
    let pieces = number.as_i64().or_else(|| whole.and_then(|pieces| format!("{pieces:.0}").parse().ok()));
    pieces.ok_or_else(|| serde::de::Error::custom("expected a whole number of pieces"))
}

/// How many were counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockTold {
    #[schema(minimum = 0, maximum = 100000000, example = 12)]
    #[serde(deserialize_with = "counted")]
    pub quantity: i64,
    /// What the count is about.
    #[serde(default)]
    pub note: Remark,
}

/// Say how many there are; it holds until a file says another number than before
#[utoipa::path(put, path = "/api/v1/products/{sku}/stock", tag = "products", params(ProductInPath),
    request_body = StockTold,
    responses((status = 200, description = "The stock as it is now", body = StockShown)))]
async fn set_stock_of_product(
    Extension(house): Shared,
    Path(path): Path<ProductInPath>,
    headers: HeaderMap,
    Told(told): Told<StockTold>,
) -> Result<Json<StockShown>, Problem> {
    // What no stock can be is refused whoever has seen what.
    fits_stock(told.quantity).map_err(anyhow::Error::from)?;
    etag::expect_unchanged(&headers, &stock_shown(&house, &path.sku).await?)?;
    // What is so already needs no change.
    if let Err(error) = set_stock(&house, &path.sku, told.quantity, &told.note.0).await
        && !is_the_same(&error)
    {
        return Err(error.into());
    }
    Ok(Json(stock_shown(&house, &path.sku).await?))
}

fn is_the_same(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Refusal>().is_some_and(|refusal| refusal.code == RefusalCode::StockSame)
}

/// Which article stands in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PinAsked {
    /// Number of the other article.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "TN-3")]
    pub sku: ShortName,
}

/// Offer an article first in place of this one
#[utoipa::path(post, path = "/api/v1/products/{sku}/pins", tag = "products", params(ProductInPath),
    request_body = PinAsked,
    responses((status = 200, description = "What could stand in now", body = SimilarList)))]
async fn pin_product(
    Extension(house): Shared,
    Path(path): Path<ProductInPath>,
    Told(asked): Told<PinAsked>,
) -> Result<Json<SimilarList>, Problem> {
    pin_similar(&house, &path.sku, &asked.sku.0).await?;
    Ok(Json(find_similar(&house, &path.sku, USUAL_SIMILAR).await?.into()))
}

/// Offer an article first no more
#[utoipa::path(post, path = "/api/v1/products/{sku}/pins/end", tag = "products", params(ProductInPath),
    request_body = PinAsked,
    responses((status = 200, description = "What could stand in now", body = SimilarList)))]
async fn unpin_product(
    Extension(house): Shared,
    Path(path): Path<ProductInPath>,
    Told(asked): Told<PinAsked>,
) -> Result<Json<SimilarList>, Problem> {
    unpin_similar(&house, &path.sku, &asked.sku.0).await?;
    Ok(Json(find_similar(&house, &path.sku, USUAL_SIMILAR).await?.into()))
}
