//! Looking ahead and back: what the playbooks will do, and what they would have done. Nothing is written.

use axum::{Extension, Json};
use dunlin_core::access::Right::See;
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi};

use super::problem::{NOT_POSSIBLE, Problem};
use super::read::Asked;
use super::wire::Day;
use crate::house::House;
use crate::use_cases::look_ahead::{NoSuchDays, Span, With, look_ahead};
use crate::use_cases::look_back::{look_back, really_sent};
use crate::use_cases::tell_looks::{ToldLook, tell_look};
use crate::web::answer::get;
use crate::web::doors::{Door, Who};
use crate::web::routes::Shared;

#[derive(OpenApi)]
#[openapi(paths(get_simulation, get_backtest))]
pub struct Document;

pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/api/v1/simulation", Who::May(See), || get(get_simulation)),
        Door::page("/api/v1/backtest", Who::May(See), || get(get_backtest)),
    ]
}

/// Single actions that an answer lists.
const MOST: usize = 20_000;

/// Which playbooks to look with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Playbooks {
    /// Those that the program runs with.
    #[default]
    Used,
    /// Those that ship with it.
    Shipped,
}

impl Playbooks {
    fn with(self, house: &House) -> anyhow::Result<With> {
        match self {
            Self::Used => Ok(With::used(house)),
            Self::Shipped => With::shipped(),
        }
    }
}

fn refuse(days: NoSuchDays) -> Problem {
    Problem::new(NOT_POSSIBLE, days.to_string())
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SimulationQuery {
    /// How many days, today being the first.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 400, default = 60)]
    days: i64,
    /// `used`, or `shipped`.
    #[param(value_type = Option<String>, pattern = "^(used|shipped)$")]
    playbooks: Playbooks,
    /// The same days with these playbooks beside it.
    #[param(value_type = Option<String>, pattern = "^(used|shipped)$")]
    against: Option<Playbooks>,
}

impl Default for SimulationQuery {
    fn default() -> Self {
        Self { days: 60, playbooks: Playbooks::default(), against: None }
    }
}

/// What will be sent in the next days, and to whom
#[utoipa::path(get, path = "/api/v1/simulation", tag = "looks", params(SimulationQuery),
    responses((status = 200, description = "Day by day", body = ToldLook)))]
async fn get_simulation(
    Extension(house): Shared,
    Asked(query): Asked<SimulationQuery>,
) -> Result<Json<ToldLook>, Problem> {
    let span = Span::ahead(&house, query.days).map_err(refuse)?;
    let looked = look_ahead(&house, span, &query.playbooks.with(&house)?, MOST).await?;
    let against = match query.against {
        Some(other) => Some(look_ahead(&house, span, &other.with(&house)?, 0).await?),
        None => None,
    };
    Ok(Json(tell_look(&looked, against.as_ref(), None)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BacktestQuery {
    /// First day.
    #[param(value_type = String, format = Date, example = "2026-03-01")]
    from: Day,
    /// Last day, not more than 400 days in all.
    #[param(value_type = String, format = Date, example = "2026-03-31")]
    to: Day,
    /// `used`, or `shipped`.
    #[serde(default)]
    #[param(value_type = Option<String>, pattern = "^(used|shipped)$")]
    playbooks: Playbooks,
    /// The same days with these playbooks beside it.
    #[serde(default)]
    #[param(value_type = Option<String>, pattern = "^(used|shipped)$")]
    against: Option<Playbooks>,
}

/// What the playbooks would have done in days that are over, and what really was sent
#[utoipa::path(get, path = "/api/v1/backtest", tag = "looks", params(BacktestQuery),
    responses((status = 200, description = "Day by day", body = ToldLook)))]
async fn get_backtest(Extension(house): Shared, Asked(query): Asked<BacktestQuery>) -> Result<Json<ToldLook>, Problem> {
    let span = Span::back(&house, query.from.0, query.to.0).map_err(refuse)?;
    let looked = look_back(&house, span, &query.playbooks.with(&house)?, MOST).await?;
    let against = match query.against {
        Some(other) => Some(look_back(&house, span, &other.with(&house)?, 0).await?),
        None => None,
    };
    let sent = really_sent(&house, span).await?;
    Ok(Json(tell_look(&looked, against.as_ref(), Some(sent.as_slice()))))
}
