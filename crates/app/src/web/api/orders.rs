//! Orders: as they were recorded, by how they stand, and one with all that is known of it. What is done with one is in
//! [`work`], what is open with its buyer in [`asks`], more time for the receipt in [`receipt`].

mod asks;
mod receipt;
mod work;

use axum::extract::Path;
use axum::{Extension, Json};
use dunlin_core::access::Right::{See, Work};
use dunlin_core::order::OrderSource;
use dunlin_core::order::clock::OrderClocks;
use dunlin_core::order::story::OrderState;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::Seen;
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::order_board::{BoardAsked, BoardKey, BoardSort};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use self::receipt::MoreTime;
use super::paging::{Limit, Page, after, page};
use super::problem::{NOT_POSSIBLE, Problem};
use super::read::Asked;
use super::wire::{Amount, Day, DebtorName};
use crate::house::House;
use crate::use_cases::tell_order::{OrderEvent, timeline};
use crate::use_cases::work_orders::order_in_full;
use crate::web::answer::{get, post};
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(
    list_orders,
    list_order_board,
    get_order,
    work::set_state_of_order,
    work::set_stock_of_order,
    work::get_substitutes_of_order,
    work::hold_order,
    work::release_order,
    work::undo_order,
    work::add_parcel_of_order,
    receipt::give_more_time,
    receipt::settle_more_time_of_order,
    asks::list_asks_of_order,
    asks::add_ask_of_order,
    asks::answer_ask_of_order,
    asks::apply_ask_of_order,
    asks::drop_answer_of_order,
    asks::end_ask_of_order
))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    let see = |path, answer| Door::page(path, Who::May(See), answer).about(Seen::Order);
    let act = |path, answer| Door::form(path, Who::May(Work), answer).about(Seen::Order);
    vec![
        Door::page("/api/v1/orders", Who::May(See), || get(list_orders)),
        Door::page("/api/v1/orders/board", Who::May(See), || get(list_order_board)),
        see("/api/v1/orders/{number}", || get(get_order)),
        act("/api/v1/orders/{number}/state", || post(work::set_state_of_order)),
        act("/api/v1/orders/{number}/stock", || post(work::set_stock_of_order)),
        see("/api/v1/orders/{number}/substitutes", || get(work::get_substitutes_of_order)),
        act("/api/v1/orders/{number}/hold", || post(work::hold_order)),
        act("/api/v1/orders/{number}/release", || post(work::release_order)),
        act("/api/v1/orders/{number}/undo", || post(work::undo_order)),
        act("/api/v1/orders/{number}/parcels", || post(work::add_parcel_of_order)),
        act("/api/v1/orders/{number}/more-time", || post(receipt::give_more_time)),
        act("/api/v1/orders/{number}/more-time/settle", || post(receipt::settle_more_time_of_order)),
        see("/api/v1/orders/{number}/asks", || get(asks::list_asks_of_order)),
        act("/api/v1/orders/{number}/asks", || post(asks::add_ask_of_order)),
        act("/api/v1/orders/{number}/asks/answer", || post(asks::answer_ask_of_order)),
        act("/api/v1/orders/{number}/asks/apply", || post(asks::apply_ask_of_order)),
        act("/api/v1/orders/{number}/asks/drop", || post(asks::drop_answer_of_order)),
        act("/api/v1/orders/{number}/asks/end", || post(asks::end_ask_of_order)),
    ]
}

/// An agreed sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct Order {
    pub id: String,
    /// Your own number, or the platform's.
    pub number: String,
    /// `direct` or `marketplace`.
    #[schema(example = "direct")]
    pub source: &'static str,
    pub debtor: DebtorName,
    pub ordered_on: Day,
    pub total: Amount,
    pub cancelled: bool,
    /// Numbers of what is to be paid for it.
    #[schema(example = json!(["R-1042"]))]
    pub receivables: Vec<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Direct,
    Marketplace,
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
    /// Only those from there.
    #[param(inline)]
    source: Option<Source>,
}

/// Orders in sight, as they were recorded
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(ListQuery),
    responses((status = 200, description = "A page of orders", body = Page<Order>)))]
async fn list_orders(Extension(house): Shared, Asked(query): Asked<ListQuery>) -> Result<Json<Page<Order>>, Problem> {
    let after = after("orders", query.cursor.as_deref(), query.limit)?;
    let source = query.source.map(|source| match source {
        Source::Direct => OrderSource::Direct,
        Source::Marketplace => OrderSource::Marketplace,
    });
    let rows = house.store.orders_after(house.tenant.id, &house.sight, source, &after).await?;
    page(
        "orders",
        query.limit,
        rows,
        |row| Some(row.id),
        |row| {
            Ok(Order {
                id: row.id.to_string(),
                number: row.number,
                source: row.source.code(),
                debtor: row.party.into(),
                ordered_on: Day(row.ordered_on),
                total: row.total.into(),
                cancelled: row.cancelled,
                receivables: row.receivables,
            })
        },
    )
}

/// A clock that runs on an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderClockRuns {
    /// `ship_by`, `answer` (of what is open with the buyer, or was written by them) or `protection`.
    #[schema(example = "ship_by")]
    pub clock: &'static str,
    pub at: Timestamp,
}

fn running(clocks: &OrderClocks, state: OrderState) -> Vec<OrderClockRuns> {
    clocks.running(state).into_iter().map(|(clock, at)| OrderClockRuns { clock: clock.code(), at }).collect()
}

/// An order with the clocks that run on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardOrder {
    pub id: String,
    pub number: String,
    pub debtor: DebtorName,
    pub total: Amount,
    /// `paid`, `out_of_stock`, `awaiting_confirmation`, `in_stock` (and held), `ready`, `shipped` …
    #[schema(example = "ready")]
    pub state: &'static str,
    /// What runs where it stands; the first of them is the one by which the orders are sorted, unless `by` says otherwise.
    pub clocks: Vec<OrderClockRuns>,
    /// `null` once it has left.
    pub ship_by: Option<Timestamp>,
    /// Last day of the buyer's protection.
    pub protection_ends: Option<Day>,
    /// The last day on which what is on its way is expected; `null` where nothing is, or nobody can say.
    pub expected_by: Option<Day>,
    /// Since when a wish of the buyer is without an answer.
    pub wished_at: Option<Timestamp>,
}

/// What the board goes by.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoardBy {
    /// The clock that matters where an order stands.
    Clock,
    /// The last day on which it is expected; those of which nobody can say that come last.
    Expected,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BoardQuery {
    /// Rows of a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Only orders that stand so; without it all that something is still expected of.
    #[param(value_type = Option<String>)]
    state: String,
    /// Part of a number or of the buyer's name.
    #[param(value_type = Option<String>)]
    q: String,
    /// What it goes by; without it, `clock`. A cursor is for the one that it was made by.
    #[param(inline)]
    by: Option<BoardBy>,
}

/// Orders by how they stand, by the clock that matters where each stands or by when they are expected: the first on top
#[utoipa::path(get, path = "/api/v1/orders/board", tag = "orders", params(BoardQuery),
    responses((status = 200, description = "A page of orders", body = Page<BoardOrder>)))]
async fn list_order_board(
    Extension(house): Shared,
    Asked(query): Asked<BoardQuery>,
) -> Result<Json<Page<BoardOrder>>, Problem> {
    let (list, by) = match query.by {
        None | Some(BoardBy::Clock) => ("board", BoardSort::Clock),
        Some(BoardBy::Expected) => ("board by expected", BoardSort::Expected),
    };
    let mut after: After<BoardKey> = after(list, query.cursor.as_deref(), query.limit)?;
    // A cursor is anybody's to make, and no id holds it.
    after.key.1.retain(|c| c != '\0');
    let state = match query.state.as_str() {
        "" => None,
        code => {
            let unknown = || Problem::new(NOT_POSSIBLE, format!("state: no order stands as ‘{code}’"));
            Some(OrderState::from_code(code).ok_or_else(unknown)?)
        }
    };
    let asked = BoardAsked { state, search: query.q, by };
    let rows = house.store.board(house.tenant.id, &house.sight, house.today(), &asked, &after).await?;
    let zone = house.zone();
    page(
        list,
        query.limit,
        rows,
        |row| row.key.clone(),
        |row| {
            let (clocks, expected_by) = (row.clocks(&zone), row.expected_by(&zone));
            Ok(BoardOrder {
                id: row.id.to_string(),
                number: row.number,
                debtor: row.party.into(),
                total: row.total.into(),
                state: row.state.code(),
                clocks: running(&clocks, row.state),
                ship_by: clocks.ship_by(row.state),
                protection_ends: row.protection_ends.map(Day),
                expected_by: expected_by.map(Day),
                wished_at: row.wished_at,
            })
        },
    )
}

/// Which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OrderInPath {
    /// Your own number or the platform's, percent-encoded, or an id.
    #[param(example = "8100")]
    number: String,
}

/// An article of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderGoods {
    pub sku: String,
    pub title: String,
    pub quantity: i64,
    pub price: Amount,
    /// `null`: nobody said.
    pub in_stock: Option<bool>,
}

/// A parcel of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderParcel {
    /// Code of the carrier; empty when it is not known.
    pub carrier: String,
    pub number: String,
    pub shipped_at: Option<Timestamp>,
    /// Where it is, in our own words.
    #[schema(example = "in_transit")]
    pub status: &'static str,
    pub moved_at: Option<Timestamp>,
}

/// What keeps an order here.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderHold {
    pub why: String,
    /// Last day; `null`: until somebody lets the order go.
    pub until: Option<Day>,
    pub since: Timestamp,
}

/// One thing that happened to an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderLine {
    pub at: Timestamp,
    /// `news` (of the order), `seen` (a parcel), `letter`, `wrote` (the buyer), `asked`, `settled`, `held`, `released`, `more_time` or
    /// `money`.
    #[schema(example = "news")]
    pub kind: &'static str,
    /// What of its kind; empty where the kind says all.
    #[schema(example = "paid")]
    pub code: &'static str,
    /// Number of the parcel, letter or receivable, id of the talk; empty when there is none.
    pub about: String,
    /// Words of people or carriers; of `settled`, how; may be empty.
    pub words: String,
    /// Of `money`.
    pub amount: Option<Amount>,
}

impl From<&OrderEvent<'_>> for OrderLine {
    fn from(event: &OrderEvent<'_>) -> Self {
        Self {
            at: event.at,
            kind: event.what.kind(),
            code: event.what.code(),
            about: event.what.about().to_string(),
            words: event.what.words().to_string(),
            amount: event.what.amount().map(Amount::from),
        }
    }
}

/// One order with its goods, its parcels and its story.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderInFull {
    pub id: String,
    pub number: String,
    /// `direct` or `marketplace`.
    pub source: &'static str,
    pub debtor: DebtorName,
    pub ordered_on: Day,
    pub total: Amount,
    /// `null`: nothing was told of it beside its money.
    pub state: Option<String>,
    /// What runs where it stands; the one that matters first.
    pub clocks: Vec<OrderClockRuns>,
    /// `null` once it has left.
    pub ship_by: Option<Timestamp>,
    pub protection_ends: Option<Day>,
    pub goods: Vec<OrderGoods>,
    pub parcels: Vec<OrderParcel>,
    /// Numbers of what is to be paid for it.
    pub receivables: Vec<String>,
    /// Somebody of the firm keeps it here.
    pub held: bool,
    /// Why, and how long.
    pub holds: Vec<OrderHold>,
    /// More time for the receipt, the last time that it was asked for.
    pub more_time: Option<MoreTime>,
    /// Everything that happened, oldest first.
    pub timeline: Vec<OrderLine>,
}

async fn shown(house: &House, name: &str) -> Result<Json<OrderInFull>, Problem> {
    Ok(Json(in_full(house, name).await?))
}

/// As the command line prints it, too.
pub async fn in_full(house: &House, name: &str) -> anyhow::Result<OrderInFull> {
    let told = order_in_full(house, name).await?;
    let (order, today) = (&told.order, house.today());
    let goods = order.goods.iter().map(|line| OrderGoods {
        sku: line.sku.clone(),
        title: line.title.clone(),
        quantity: line.quantity,
        price: line.price.into(),
        in_stock: line.in_stock,
    });
    let parcels = order.parcels.iter().map(|parcel| OrderParcel {
        carrier: parcel.carrier.clone(),
        number: parcel.number.clone(),
        shipped_at: parcel.shipped_at,
        status: parcel.journey.status().code(),
        moved_at: parcel.journey.last_movement(),
    });
    let holds = told.holds.iter().filter(|hold| hold.is_on(today)).map(|hold| OrderHold {
        why: hold.why.clone(),
        until: hold.until.map(Day),
        since: hold.recorded_at,
    });
    let (state, clocks) = (order.state(today), told.clocks(&house.zone()));
    Ok(OrderInFull {
        id: order.id.to_string(),
        number: order.number.clone(),
        source: order.source.code(),
        debtor: told.party.clone().into(),
        ordered_on: Day(told.ordered_on),
        total: order.total.into(),
        state: told.is_told.then(|| state.code().to_string()),
        clocks: running(&clocks, state),
        ship_by: clocks.ship_by(state),
        protection_ends: order.protection_ends.map(Day),
        goods: goods.collect(),
        parcels: parcels.collect(),
        receivables: told.parts.iter().map(|part| part.number.clone()).collect(),
        held: order.is_held(today),
        holds: holds.collect(),
        more_time: told.more_time.last().map(MoreTime::from),
        timeline: timeline(&told).iter().map(OrderLine::from).collect(),
    })
}

fn missing(what: &str) -> anyhow::Error {
    Refusal::new(RefusalCode::Missing).with("name", what.to_string()).into()
}

/// One order
#[utoipa::path(get, path = "/api/v1/orders/{number}", tag = "orders", params(OrderInPath),
    responses((status = 200, description = "The order", body = OrderInFull)))]
async fn get_order(Extension(house): Shared, Path(path): Path<OrderInPath>) -> Result<Json<OrderInFull>, Problem> {
    shown(&house, &path.number).await
}
