//! Orders by how they stand, with the clocks that run on them: the most pressing first, page by page after a key, so that
//! nothing is missed or shown twice while orders come and go.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use dunlin_core::facts::orders::Parcel;
use dunlin_core::ids::{OrderId, PartyId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::order::clock::OrderClocks;
use dunlin_core::order::story::OrderState;

use super::debtor_list::{PartyName, containing, containing_name};
use super::keyset::After;
use super::order_arrivals::{arrivals_join, parcels_to_come, ways_under_way};
use super::order_told::end_of_day;
use crate::Sight;
use crate::bind::binds;
use crate::conn::{Conn, fetch};
use crate::dialect::{DbKind, micros};
use crate::facts::iso;
use crate::{Store, StoreError};

/// Which orders of the board are wanted.
#[derive(Debug, Clone, Default)]
pub struct BoardAsked {
    /// `None`: all that something is still expected of.
    pub state: Option<OrderState>,
    /// Part of a number or of the buyer's name.
    pub search: String,
    pub by: BoardSort,
}

/// What the board goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BoardSort {
    /// The clock that matters where an order stands.
    #[default]
    Clock,
    /// The last day on which something of an order is expected to arrive; those of which nobody can say that come last.
    Expected,
}

impl BoardSort {
    pub const ALL: [Self; 2] = [Self::Clock, Self::Expected];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Expected => "expected",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Where a page of the board goes on: the instant that the board goes by, and the id of the row's order.
pub type BoardKey = (i64, String);

/// Before the first row.
pub const BOARD_START: (i64, String) = (i64::MIN, String::new());

/// An order of the board.
#[derive(Debug, Clone)]
pub struct BoardRow {
    pub key: BoardKey,
    pub id: OrderId,
    pub party_id: PartyId,
    pub number: String,
    pub source: OrderSource,
    pub party: PartyName,
    pub total: Money,
    /// As far as news, stock, questions and holds say; what a carrier says is on the order's own page.
    pub state: OrderState,
    pub since: Option<Timestamp>,
    pub ship_by: Option<Timestamp>,
    pub protection_ends: Option<Date>,
    /// Since when a wish of the buyer is without an answer.
    pub wished_at: Option<Timestamp>,
    /// Since when that, or what we asked before dispatch, is open.
    pub awaited_at: Option<Timestamp>,
    /// Since when a message of the buyer is without an answer.
    pub written_at: Option<Timestamp>,
    /// Titles and pieces.
    pub goods: Vec<(String, i64)>,
    /// Code of the carrier and number.
    pub parcels: Vec<(String, String)>,
    /// Those of them that are still to come, each with its newest report alone.
    pub to_come: Vec<Parcel>,
}

impl BoardRow {
    /// The clocks of the order, where the day of the firm ends in this zone.
    pub fn clocks(&self, zone: &TimeZone) -> OrderClocks {
        OrderClocks {
            ship_by: self.ship_by,
            awaited_since: self.awaited_at,
            written_since: self.written_at,
            protection_end: self.protection_ends.and_then(|day| end_of_day(day, zone)),
        }
    }

    /// The last day on which something of it is expected; `None`: nothing is, or nobody can say.
    pub fn expected_by(&self, zone: &TimeZone) -> Option<Date> {
        self.to_come.iter().filter_map(|parcel| parcel.expected_by(zone)).max()
    }
}

#[derive(Deserialize)]
struct Row {
    clock_key: i64,
    order_id: OrderId,
    party_id: PartyId,
    state: OrderState,
    #[serde(with = "micros::maybe")]
    word_since: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    ship_by: Option<Timestamp>,
    protection_ends_on: Option<Date>,
    #[serde(with = "micros::maybe")]
    wished_at: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    awaited_at: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    written_at: Option<Timestamp>,
    number: String,
    source: OrderSource,
    total_minor: i64,
    currency: String,
    party_number: i64,
    name: String,
    country: String,
}

/// How many orders stand so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardCount {
    pub state: OrderState,
    pub orders: i64,
}

/// The last word about the goods: of the order as a whole, else of its lines. As `OrderFacts::in_stock` has it.
const STOCK: &str = "COALESCE((SELECT n.word FROM order_news n WHERE n.tenant_id = s.tenant_id \
    AND n.party_id = s.party_id AND n.order_id = s.order_id AND n.word IN ('in_stock', 'out_of_stock') \
    ORDER BY n.at DESC, n.word DESC LIMIT 1), \
    CASE WHEN EXISTS (SELECT 1 FROM order_line g WHERE g.tenant_id = s.tenant_id AND g.party_id = s.party_id \
    AND g.order_id = s.order_id AND g.in_stock = 0) THEN 'out_of_stock' \
    WHEN EXISTS (SELECT 1 FROM order_line g WHERE g.tenant_id = s.tenant_id AND g.party_id = s.party_id \
    AND g.order_id = s.order_id) AND NOT EXISTS (SELECT 1 FROM order_line g WHERE g.tenant_id = s.tenant_id \
    AND g.party_id = s.party_id AND g.order_id = s.order_id AND g.in_stock IS NULL) THEN 'in_stock' ELSE '' END)";

const AWAITING: &str = "EXISTS (SELECT 1 FROM order_ask a WHERE a.tenant_id = s.tenant_id AND a.party_id = s.party_id \
    AND a.order_id = s.order_id AND a.holds_dispatch = 1 AND a.settled_at IS NULL)";

/// `$2` is the day.
const HELD: &str = "EXISTS (SELECT 1 FROM dispatch_hold d WHERE d.tenant_id = s.tenant_id AND d.party_id = s.party_id \
    AND d.order_id = s.order_id AND d.released_at IS NULL AND (d.until_on IS NULL OR d.until_on >= $2))";

/// What a buyer wishes wants an answer within a day; what we ask ourselves does not.
const WISHED: &str = "(SELECT min(a.raised_at) FROM order_ask a WHERE a.tenant_id = s.tenant_id \
    AND a.party_id = s.party_id AND a.order_id = s.order_id AND a.settled_at IS NULL \
    AND a.kind IN ('combine', 'address_change', 'split', 'wish'))";

/// What holds dispatch until it is answered runs on the same clock.
const AWAITED: &str = "(SELECT min(a.raised_at) FROM order_ask a WHERE a.tenant_id = s.tenant_id \
    AND a.party_id = s.party_id AND a.order_id = s.order_id AND a.settled_at IS NULL \
    AND (a.holds_dispatch = 1 OR a.kind IN ('combine', 'address_change', 'split', 'wish')))";

/// Messages of the buyer that a task asks somebody to answer.
const WRITTEN: &str = "(SELECT min(w.talked_at) FROM talk w JOIN task q ON q.tenant_id = w.tenant_id \
    AND q.talk_id = w.id AND q.settled_at IS NULL WHERE w.tenant_id = s.tenant_id AND w.order_id = s.order_id \
    AND w.ended_at IS NULL)";

/// States whose clock is the platform's to ship, and those in which the buyer's protection runs, as `OrderState` has them.
const TO_SHIP: &str = "('paid', 'out_of_stock', 'in_stock', 'ready', 'risk_control', 'part_shipped')";
const AWAY: &str = "('part_shipped', 'shipped', 'in_dispute', 'frozen')";
const BEFORE: &str = "('placed', 'frozen', 'paid', 'out_of_stock', 'in_stock', 'awaiting_confirmation', 'ready', \
    'risk_control', 'part_shipped')";

/// After every instant there is.
const NEVER: i64 = i64::MAX;
const DAY_MICROS: i64 = 86_400_000_000;

/// The instant of the clock that matters where the order of a row `b` stands: `OrderClocks::running` has it first.
fn clock_key(kind: DbKind) -> String {
    let or_never =
        |condition: &str, at: &str| format!("CASE WHEN {condition} THEN COALESCE({at}, {NEVER}) ELSE {NEVER} END");
    let asked = or_never(&format!("b.state IN {BEFORE}"), &format!("b.awaited_at + {DAY_MICROS}"));
    let wrote = format!("COALESCE(b.written_at + {DAY_MICROS}, {NEVER})");
    let ship = or_never(&format!("b.state IN {TO_SHIP}"), "b.ship_by");
    let safe = or_never(&format!("b.state IN {AWAY}"), &kind.end_of_day("b.protection_ends_on"));
    let all = [asked, wrote, ship, safe].into_iter();
    all.reduce(|one, other| kind.least(&one, &other)).unwrap_or_default()
}

/// How an order stands, as `OrderFacts::state` has it, but for parcels that all have arrived while the platform says so of
/// none.
fn state() -> String {
    format!(
        "CASE WHEN s.word IN ('placed', 'in_stock', 'out_of_stock') THEN 'placed' WHEN s.word <> 'paid' THEN s.word \
         WHEN {STOCK} = 'out_of_stock' THEN 'out_of_stock' WHEN {AWAITING} THEN 'awaiting_confirmation' \
         WHEN {STOCK} = 'in_stock' AND {HELD} THEN 'in_stock' WHEN {STOCK} = 'in_stock' THEN 'ready' ELSE 'paid' END"
    )
}

/// The words of the store behind a state; narrows the reading along the index.
const fn words_of(state: Option<OrderState>) -> &'static str {
    use OrderState as S;
    match state {
        None => {
            "s.word IN ('placed', 'in_stock', 'out_of_stock', 'risk_control', 'paid', 'part_shipped', 'shipped', \
             'frozen', 'in_dispute')"
        }
        Some(S::Placed) => "s.word IN ('placed', 'in_stock', 'out_of_stock')",
        Some(S::RiskControl) => "s.word = 'risk_control'",
        Some(S::Paid | S::OutOfStock | S::InStock | S::AwaitingConfirmation | S::Ready) => "s.word = 'paid'",
        Some(S::PartShipped) => "s.word = 'part_shipped'",
        Some(S::Shipped) => "s.word = 'shipped'",
        Some(S::Delivered) => "s.word = 'delivered'",
        Some(S::Completed) => "s.word = 'completed'",
        Some(S::Cancelled) => "s.word = 'cancelled'",
        Some(S::Closed) => "s.word = 'closed'",
        Some(S::Frozen) => "s.word = 'frozen'",
        Some(S::InDispute) => "s.word = 'in_dispute'",
    }
}

impl Store {
    /// How many orders stand how, of those that something is still expected of.
    pub async fn board_counts(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        today: Date,
    ) -> Result<Vec<BoardCount>, StoreError> {
        let mut conn = self.conn().await?;
        let (state, words, seen) = (state(), words_of(None), sight.on("s.party_id"));
        let sql = format!(
            "SELECT b.state, count(*) FROM (SELECT {state} AS state FROM order_standing s WHERE s.tenant_id = $1 \
             AND {words} {seen}) b GROUP BY b.state ORDER BY b.state"
        );
        let rows: Vec<(OrderState, i64)> = fetch(&mut conn, &sql, binds![tenant_id, today]).await?;
        Ok(rows.into_iter().map(|(state, orders)| BoardCount { state, orders }).collect())
    }

    /// Orders that stand so, by the clock that matters where each stands, or by when they are expected: what comes first before
    /// the others.
    pub async fn board(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        today: Date,
        asked: &BoardAsked,
        after: &After<BoardKey>,
    ) -> Result<Vec<BoardRow>, StoreError> {
        let mut conn = self.conn().await?;
        let search = asked.search.trim().replace('\0', "");
        let (text, name) = (containing(&search), containing_name(&search));
        let wanted = asked.state.map_or("", OrderState::code);
        let (state, words, seen) = (state(), words_of(asked.state), sight.on("s.party_id"));
        // As it was known the day before, so that the pages of one walk agree while parcels arrive.
        let as_of = today.yesterday().and_then(|day| day.to_zoned(TimeZone::UTC)).map_err(StoreError::corrupt)?;
        let as_of = as_of.timestamp();
        let (clock, id) = &after.key;
        let mut values = binds![tenant_id, today, search, text, name, wanted, *clock, id.as_str(), after.limit];
        let (key, column, join) = match asked.by {
            BoardSort::Clock => (clock_key(conn.kind()), "", String::new()),
            BoardSort::Expected => {
                let ways = ways_under_way(&mut conn, tenant_id, as_of).await?;
                values.extend(binds![ways]);
                let key = format!("COALESCE(b.expected_at, {NEVER})");
                (key, ", e.expected_at", arrivals_join(conn.kind(), values.len()))
            }
        };
        let sql = format!(
            "SELECT c.clock_key, c.order_id, c.party_id, c.state, c.word_since, c.ship_by, c.protection_ends_on, \
             c.wished_at, c.awaited_at, c.written_at, c.number, c.source, c.total_minor, c.currency, c.party_number, \
             c.name, c.country FROM (SELECT {key} AS clock_key, b.* FROM \
             (SELECT s.order_id, s.party_id, {state} AS state, s.word_since, s.ship_by, s.protection_ends_on, \
             {WISHED} AS wished_at, {AWAITED} AS awaited_at, {WRITTEN} AS written_at, o.number, o.source, \
             o.total_minor, o.currency, p.number AS party_number, p.name, p.country{column} FROM order_standing s \
             JOIN sales_order o ON o.tenant_id = s.tenant_id AND o.id = s.order_id \
             JOIN party p ON p.tenant_id = s.tenant_id AND p.id = s.party_id {join} \
             WHERE s.tenant_id = $1 AND {words} AND ($3 = '' OR lower(o.number) LIKE $4 ESCAPE '!' \
             OR lower(p.name) LIKE $4 ESCAPE '!' OR p.name_key LIKE $5 ESCAPE '!') {seen}) b \
             WHERE ($6 = '' OR b.state = $6)) c WHERE (c.clock_key > $7 OR (c.clock_key = $7 AND c.order_id > $8)) \
             ORDER BY c.clock_key, c.order_id LIMIT $9"
        );
        let rows: Vec<Row> = fetch(&mut conn, &sql, values).await?;
        let ids: Vec<(OrderId,)> = rows.iter().map(|row| (row.order_id,)).collect();
        let ids = serde_json::to_string(&ids).map_err(StoreError::corrupt)?;
        let mut goods = goods_of(&mut conn, tenant_id, &ids).await?;
        let mut parcels = parcels_of(&mut conn, tenant_id, &ids).await?;
        let mut to_come = parcels_to_come(&mut conn, tenant_id, &ids, as_of).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            found.push(BoardRow {
                key: (row.clock_key, row.order_id.to_string()),
                goods: goods.remove(&row.order_id).unwrap_or_default(),
                parcels: parcels.remove(&row.order_id).unwrap_or_default(),
                to_come: to_come.remove(&row.order_id).unwrap_or_default(),
                total: Money::new(row.total_minor, iso(&row.currency)?),
                party: PartyName::new(row.party_number, row.name, row.country),
                id: row.order_id,
                party_id: row.party_id,
                number: row.number,
                source: row.source,
                state: row.state,
                since: row.word_since,
                ship_by: row.ship_by,
                protection_ends: row.protection_ends_on,
                wished_at: row.wished_at,
                awaited_at: row.awaited_at,
                written_at: row.written_at,
            });
        }
        Ok(found)
    }
}

/// Titles and quantities of these orders, `[[id], …]` as JSON.
pub(super) async fn goods_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    ids: &str,
) -> Result<HashMap<OrderId, Vec<(String, i64)>>, StoreError> {
    let page = conn.kind().keys(2, &["order_id"]);
    // The primary key begins with the buyer: named by the order, whose row is found by its id.
    let sql = format!(
        "SELECT g.order_id, g.title, g.quantity FROM {page} JOIN sales_order o ON o.tenant_id = $1 AND o.id = x.order_id \
         JOIN order_line g ON g.tenant_id = $1 AND g.party_id = o.party_id AND g.order_id = o.id \
         ORDER BY g.order_id, g.line"
    );
    let mut all: HashMap<OrderId, Vec<(String, i64)>> = HashMap::new();
    for (id, title, quantity) in fetch::<(OrderId, String, i64)>(conn, &sql, binds![tenant_id, ids]).await? {
        all.entry(id).or_default().push((title, quantity));
    }
    Ok(all)
}

async fn parcels_of(
    conn: &mut Conn,
    tenant_id: TenantId,
    ids: &str,
) -> Result<HashMap<OrderId, Vec<(String, String)>>, StoreError> {
    let page = conn.kind().keys(2, &["order_id"]);
    let sql = format!(
        "SELECT h.order_id, h.carrier, h.number FROM {page} JOIN sales_order o ON o.tenant_id = $1 AND o.id = x.order_id \
         JOIN shipment h ON h.tenant_id = $1 AND h.party_id = o.party_id AND h.order_id = o.id AND h.withdrawn_at IS NULL \
         ORDER BY h.order_id, h.id"
    );
    let mut all: HashMap<OrderId, Vec<(String, String)>> = HashMap::new();
    for (id, carrier, number) in fetch::<(OrderId, String, String)>(conn, &sql, binds![tenant_id, ids]).await? {
        all.entry(id).or_default().push((carrier, number));
    }
    Ok(all)
}
