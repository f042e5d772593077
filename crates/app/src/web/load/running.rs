//! Fills the pages of the running order.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use dunlin_core::decide::{World, decide};
use dunlin_core::explain::UiLanguage;
use dunlin_core::facts::orders::{GoodsLine, OrderFacts, Parcel};
use dunlin_core::order::OrderSource;
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::clock::{OrderClock, OrderClocks};
use dunlin_core::order::consent::Consent;
use dunlin_core::order::delivery::DeliveryField;
use dunlin_core::order::receipt::{ReceiptState, days_to_ask};
use dunlin_core::order::story::{OrderState, OrderWord};
use dunlin_core::receivable::Obligor;
use dunlin_core::shipment::carriers::{Carriers, page_of_unknown};
use dunlin_core::shipment::journey::Journey;
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::order_board::{BOARD_START, BoardAsked, BoardRow, BoardSort};
use dunlin_store::pages::order_told::{ToldOrder, WrittenTold};
use dunlin_store::pages::parcel_list::PARCEL_START;
use dunlin_store::{OrderAskRow, ReceiptExtension, Scope};

use super::debtors::{encoded, named};
use super::show::Show;
use crate::house::House;
use crate::use_cases::confirm_order::mark_of;
use crate::use_cases::note_order_state::next_words_of;
use crate::use_cases::preview_stock_out::preview_stock_out;
use crate::use_cases::tell_order::{Happened, timeline};
use crate::use_cases::work_orders::order_in_full;
use crate::web::view::running::{
    AnswerShown, AskRow, Board, BoardLine, BoardTab, Due, GoodsRow, MoreTime, OrderPage, ParcelRow, Parcels, PartRow,
    Preview, StandIn, StockOut, StoryLine, WrittenRow,
};

/// Rows of one page.
const ROWS: i64 = 50;
/// A parcel that has not moved for so many days is looked at.
const QUIET_DAYS: i64 = 7;
/// States that the board shows, in the order in which an order goes through them.
const TABS: [OrderState; 13] = [
    OrderState::Paid,
    OrderState::OutOfStock,
    OrderState::AwaitingConfirmation,
    OrderState::InStock,
    OrderState::Ready,
    OrderState::PartShipped,
    OrderState::Shipped,
    OrderState::InDispute,
    OrderState::Frozen,
    OrderState::Placed,
    OrderState::RiskControl,
    OrderState::Delivered,
    OrderState::Completed,
];

/// What the address of a list asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    pub q: String,
    pub state: String,
    /// What the board goes by.
    pub by: String,
    /// Where the page before ended: an instant and an id.
    pub after: String,
}

/// Address of the page of an order; a number may hold any letter.
pub fn href(number: &str) -> String {
    format!("/orders/{}", encoded(number))
}

/// Places in an order that a form or an address chose.
pub fn places(pairs: &[(String, String)], goods: usize) -> Vec<usize> {
    let chosen = pairs.iter().filter(|(name, _)| name == "line").filter_map(|(_, place)| place.parse().ok());
    let mut places: Vec<usize> = chosen.filter(|place| *place < goods).collect();
    places.sort_unstable();
    places.dedup();
    places
}

fn key_of(text: &str) -> Option<(i64, String)> {
    let (clock, id) = text.split_once('_')?;
    Some((clock.parse().ok()?, id.replace('\0', "")))
}

const fn tone(state: OrderState) -> &'static str {
    match state {
        OrderState::OutOfStock | OrderState::InDispute | OrderState::Frozen => "red",
        OrderState::Paid | OrderState::AwaitingConfirmation | OrderState::InStock => "amber",
        OrderState::Ready => "blue",
        OrderState::Shipped | OrderState::PartShipped | OrderState::Delivered | OrderState::Completed => "green",
        _ => "plain",
    }
}

const fn may_leave(state: OrderState) -> bool {
    matches!(state, OrderState::Ready | OrderState::Paid | OrderState::PartShipped)
}

fn due(show: &Show, code: &'static str, at: Timestamp) -> Due {
    let hours = at.duration_since(show.now).as_hours();
    let clock = |left: String| format!("{} {left}", show.words.code("order-clock", code));
    let (tone, text) = if at <= show.now {
        ("red", show.words.code("order-clock-over", code).into_owned())
    } else if hours < 48 {
        (if hours < 24 { "amber" } else { "plain" }, clock(show.words.t1("order-clock-hours", "n", hours)))
    } else {
        ("plain", clock(show.words.t1("order-clock-days", "n", hours / 24)))
    };
    Due { when: show.instant(at), text, tone }
}

/// The clocks that run where the order stands, the one that matters first.
fn clocks(show: &Show, state: OrderState, clocks: &OrderClocks, protection: Option<jiff::civil::Date>) -> Vec<Due> {
    let shown = |(clock, at): (OrderClock, Timestamp)| {
        let due = due(show, clock.code(), at);
        match protection.filter(|_| clock == OrderClock::Protection) {
            // The last day counts to its end.
            Some(day) => Due { when: show.date(day), ..due },
            None => due,
        }
    };
    clocks.running(state).into_iter().map(shown).collect()
}

fn carriers(show: &Show) -> Vec<(String, String)> {
    Carriers::shipped().iter().map(|one| (one.code.clone(), carrier_name(show, &one.code))).collect()
}

fn carrier_name(show: &Show, code: &str) -> String {
    let named = Carriers::shipped().get(code).map(|one| match show.ui() {
        UiLanguage::ZhCn => one.name_zh.clone(),
        UiLanguage::En => one.name_en.clone(),
    });
    named.unwrap_or_else(|| code.to_string())
}

pub async fn board(house: &House, show: &Show, query: &Query) -> anyhow::Result<Board> {
    let by = BoardSort::from_code(&query.by).unwrap_or_default();
    let asked = BoardAsked { state: OrderState::from_code(&query.state), search: query.q.trim().to_string(), by };
    let state = asked.state.map_or("", OrderState::code);
    let key = key_of(&query.after);
    let after = After { key: key.clone().unwrap_or(BOARD_START), limit: ROWS + 1 };
    let (store, tenant_id, today) = (&house.store, house.tenant.id, show.today());
    let counts = store.board_counts(tenant_id, &house.sight, today).await?;
    let mut rows = store.board(tenant_id, &house.sight, today, &asked, &after).await?;
    let is_more = rows.len() > ROWS as usize;
    rows.truncate(ROWS as usize);
    let address = |by: BoardSort, state: &str, after: Option<&(i64, String)>| {
        let after = after.map(|(clock, id)| format!("{clock}_{id}")).unwrap_or_default();
        let by = if by == BoardSort::default() { "" } else { by.code() };
        let fields = [("q", asked.search.as_str()), ("state", state), ("by", by), ("after", after.as_str())];
        let fields = fields.iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = fields.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if pairs.is_empty() { "/board".to_string() } else { format!("/board?{}", pairs.join("&")) }
    };
    let tab = |one: OrderState| {
        let counted = counts.iter().find(|count| count.state == one).map_or(0, |count| count.orders);
        let is_over = matches!(one, OrderState::Delivered | OrderState::Completed);
        BoardTab { state: one.code(), href: address(by, one.code(), None), orders: (!is_over).then_some(counted) }
    };
    let all = BoardTab {
        state: "",
        href: address(by, "", None),
        orders: Some(counts.iter().map(|count| count.orders).sum()),
    };
    Ok(Board {
        search: asked.search.clone(),
        state,
        by: by.code(),
        sorts: BoardSort::ALL.map(|one| (one.code(), address(one, state, None))).to_vec(),
        tabs: [all].into_iter().chain(TABS.into_iter().map(tab)).collect(),
        later: rows.last().filter(|_| is_more).map(|last| address(by, state, Some(&last.key))),
        first: if key.is_some() { address(by, state, None) } else { String::new() },
        here: address(by, state, key.as_ref()),
        carriers: carriers(show),
        rows: rows.iter().map(|row| board_line(show, row)).collect(),
    })
}

fn board_line(show: &Show, row: &BoardRow) -> BoardLine {
    let parcel = |(carrier, number): &(String, String)| format!("{} {number}", carrier_name(show, carrier));
    BoardLine {
        id: row.id.to_string(),
        number: row.number.clone(),
        href: href(&row.number),
        debtor: named(&row.party),
        total: show.amount(row.total),
        state: row.state.code(),
        tone: tone(row.state),
        clocks: clocks(show, row.state, &row.clocks(&show.zone), row.protection_ends),
        expected: row.expected_by(&show.zone).map(|day| show.date(day)),
        goods: row.goods.iter().map(|(title, quantity)| format!("{quantity} × {title}")).collect(),
        parcels: row.parcels.iter().map(parcel).collect(),
        may_leave: may_leave(row.state),
    }
}

fn goods_row(show: &Show, place: usize, line: &GoodsLine, is_chosen: bool) -> GoodsRow {
    let (stock, tone) = match line.in_stock {
        Some(true) => ("available", "green"),
        Some(false) => ("gone", "amber"),
        None => ("unknown", "plain"),
    };
    GoodsRow {
        place,
        title: line.title.clone(),
        sku: line.sku.clone(),
        href: if line.sku.is_empty() { String::new() } else { super::products::href(&line.sku) },
        quantity: line.quantity,
        price: show.amount(line.price),
        stock,
        tone,
        is_chosen,
    }
}

fn parcel_row(show: &Show, (carrier, number): (&str, &str), journey: &Journey) -> ParcelRow {
    let status = journey.status();
    let handling = status.handling();
    let todo = handling.task.map_or("", dunlin_core::shipment::status::ShipmentTask::code);
    let last = journey.events().next_back();
    let words = last.map(|event| [event.description.as_str(), event.location.as_str()].join(" · "));
    let url = Carriers::shipped().get(carrier).map_or_else(|| page_of_unknown(number), |one| one.page_of(number));
    ParcelRow {
        carrier: carrier_name(show, carrier),
        number: number.to_string(),
        url: if url.starts_with("https://") { url } else { String::new() },
        status: status.code(),
        tone: match status {
            dunlin_core::shipment::status::TrackingStatus::Delivered => "green",
            _ if !todo.is_empty() => "red",
            _ => "plain",
        },
        last_event: words.map(|words| words.trim_matches([' ', '·']).to_string()).unwrap_or_default(),
        moved: journey.last_movement().map(|at| show.instant(at)),
        todo,
        ..ParcelRow::default()
    }
}

pub async fn parcels(house: &House, show: &Show, query: &Query) -> anyhow::Result<Parcels> {
    let key = key_of(&query.after);
    let after = After { key: key.clone().unwrap_or(PARCEL_START), limit: ROWS + 1 };
    let quiet = show.now.checked_sub(SignedDuration::from_hours(24 * QUIET_DAYS))?;
    let mut rows = house.store.parcels_in_trouble(house.tenant.id, &house.sight, quiet, &after).await?;
    let is_more = rows.len() > ROWS as usize;
    rows.truncate(ROWS as usize);
    let line = |row: &dunlin_store::pages::parcel_list::ParcelRow| ParcelRow {
        moved: Some(show.instant(row.moved_at)),
        quiet_days: (show.now.duration_since(row.moved_at).as_hours() / 24).max(0),
        shipped: row.shipped_at.map(|at| show.instant(at)),
        order: row.order.clone(),
        order_href: href(&row.order),
        debtor: named(&row.party),
        unfollowed: row.follow_problem.clone(),
        ..parcel_row(show, (row.carrier.as_str(), row.number.as_str()), &row.journey)
    };
    let later = rows.last().filter(|_| is_more);
    Ok(Parcels {
        later: later.map(|last| format!("/parcels?after={}", encoded(&format!("{}_{}", last.key.0, last.key.1)))),
        is_first: key.is_none(),
        rows: rows.iter().map(line).collect(),
    })
}

fn of_parcel(show: &Show, order: &OrderFacts, parcel: &Parcel) -> ParcelRow {
    let perhaps = if order.is_number_unclear(parcel) { order.former_selves(parcel) } else { Vec::new() };
    ParcelRow {
        perhaps: perhaps.into_iter().map(|former| former.number.clone()).collect(),
        shipped: parcel.shipped_at.map(|at| show.instant(at)),
        expected: parcel.expected_by(&show.zone).map(|day| show.date(day)),
        ..parcel_row(show, (parcel.carrier.as_str(), parcel.number.as_str()), &parcel.journey)
    }
}

pub async fn order(house: &House, show: &Show, name: &str) -> anyhow::Result<OrderPage> {
    let told = order_in_full(house, name).await?;
    let order = &told.order;
    let state = order.state(show.today());
    let part = |part: &dunlin_store::pages::order_list::OrderPart| PartRow {
        number: part.number.clone(),
        milestone: part.milestone.code().to_string(),
        amount: show.amount(part.amount),
        outstanding: show.amount(if part.closed || part.obligor == Obligor::Platform {
            dunlin_core::money::Money::zero(part.amount.currency)
        } else {
            part.outstanding
        }),
        platform: (part.obligor == Obligor::Platform && !part.closed).then(|| show.amount(part.outstanding)),
    };
    let next = next_words_of(&told, show.today());
    Ok(OrderPage {
        id: order.id.to_string(),
        number: order.number.clone(),
        href: href(name),
        forms: href(&order.id.to_string()),
        source: order.source.code().to_string(),
        debtor: named(&told.party),
        placed: show.date(told.ordered_on),
        total: show.amount(order.total),
        state: if told.is_told { state.code() } else { "" },
        stands: state.code(),
        may_end: next.iter().any(|word| matches!(word, OrderWord::Cancelled | OrderWord::Closed)),
        next_words: next.iter().map(|word| word.code()).collect(),
        today: show.date(show.today()),
        tone: tone(state),
        since: order.state_since(show.today()).map(|at| show.instant(at)),
        platform_url: if told.page_url.starts_with("https://") { told.page_url.clone() } else { String::new() },
        clocks: clocks(show, state, &told.clocks(&show.zone), order.protection_ends),
        goods: order.goods.iter().enumerate().map(|(place, line)| goods_row(show, place, line, false)).collect(),
        parcels: order.parcels.iter().map(|parcel| of_parcel(show, order, parcel)).collect(),
        parts: told.parts.iter().map(part).collect(),
        asks: asks(house, show, &told, state).await?,
        askable: askable(&told, state),
        currency: order.total.currency.code().to_string(),
        written: told.written.iter().filter_map(|one| written_row(show, one)).collect(),
        holds: told.holds.iter().filter(|hold| hold.is_on(show.today())).map(|hold| hold_words(show, hold)).collect(),
        more_time: told.more_time.last().map(|one| more_time(show, one)),
        may_extend: may_extend(show, &told, state),
        story: story(show, &told),
        reasons: show.reasons(&reasons(house, &told).await?),
        carriers: carriers(show),
        is_waiting: told.is_told && !state.is_final() && !matches!(state, OrderState::Shipped | OrderState::Delivered),
        may_leave: may_leave(state),
    })
}

/// What is open with the buyer, with what was read of an answer beside what was known.
async fn asks(house: &House, show: &Show, told: &ToldOrder, state: OrderState) -> anyhow::Result<Vec<AskRow>> {
    let (known, _) = house.store.order_delivery(house.tenant.id, told.party_id, told.order.id).await?;
    let row = |ask: &OrderAskRow| AskRow {
        id: ask.id.to_string(),
        kind: ask.kind.code(),
        // A rule names the fields that are missing.
        words: if ask.rule.is_empty() { ask.words.clone() } else { missing_fields(show, &ask.words) },
        since: show.instant(ask.raised_at),
        holds: ask.holds_dispatch,
        amount: ask.surcharge.map(|amount| show.amount(amount)),
        answer: ask.answer.as_ref().map(|answer| AnswerShown {
            changes: known
                .changes(&answer.fields)
                .into_iter()
                .map(|change| (change.name, change.before, change.after))
                .collect(),
            consent: answer.consent.map_or("", Consent::code),
            mark: mark_of(&known, ask).unwrap_or_default(),
        }),
        is_in_time: state.is_before_dispatch(),
    };
    Ok(told.asks.iter().filter(|ask| ask.settled_at.is_none()).map(row).collect())
}

fn missing_fields(show: &Show, codes: &str) -> String {
    let named = |code: &str| match DeliveryField::from_code(code) {
        Some(field) => show.words.code("delivery-field", field.code()).into_owned(),
        None => code.to_string(),
    };
    codes.split_whitespace().map(named).collect::<Vec<_>>().join(" · ")
}

/// Of each kind one thing is open at a time, and nothing is asked once the order has left.
fn askable(told: &ToldOrder, state: OrderState) -> Vec<&'static str> {
    if !told.is_told || !state.is_before_dispatch() {
        return Vec::new();
    }
    let is_open = |kind: &&AskKind| told.asks.iter().any(|ask| ask.settled_at.is_none() && ask.kind == **kind);
    AskKind::ALL.iter().filter(|kind| !is_open(kind)).map(|kind| kind.code()).collect()
}

/// A message that waits for an answer.
fn written_row(show: &Show, one: &WrittenTold) -> Option<WrittenRow> {
    let number = one.task?;
    let text = one.text.as_deref().unwrap_or_default();
    Some(WrittenRow {
        when: show.instant(one.at),
        lines: text.lines().map(str::to_string).collect(),
        task: format!("T-{number:04}"),
    })
}

/// What became of more time, in words with the days.
const fn more_time_key(state: ReceiptState) -> &'static str {
    match state {
        ReceiptState::Queued => "more-time-queued",
        ReceiptState::Sending => "more-time-sending",
        ReceiptState::Done => "more-time-done",
        ReceiptState::Failed => "more-time-failed",
        ReceiptState::Uncertain => "more-time-uncertain",
        ReceiptState::Withdrawn => "more-time-withdrawn",
    }
}

const fn more_time_tone(state: ReceiptState) -> &'static str {
    match state {
        ReceiptState::Done => "green",
        ReceiptState::Failed => "red",
        ReceiptState::Queued | ReceiptState::Sending | ReceiptState::Uncertain => "amber",
        ReceiptState::Withdrawn => "plain",
    }
}

fn more_time(show: &Show, one: &ReceiptExtension) -> MoreTime {
    MoreTime {
        text: show.words.t1(more_time_key(one.state), "n", i64::from(one.days)),
        tone: more_time_tone(one.state),
        until: one.until_on.map(|day| show.date(day)),
        why: one.why.clone(),
        when: show.instant(one.settled_at.unwrap_or(one.recorded_at)),
        is_uncertain: one.state == ReceiptState::Uncertain,
    }
}

/// Days that are proposed, where more time can be given and nothing may still come of an earlier asking.
fn may_extend(show: &Show, told: &ToldOrder, state: OrderState) -> Option<u16> {
    let is_away = matches!(state, OrderState::Shipped | OrderState::PartShipped);
    // Of one that waits to be asked for somebody may say that they gave it on the marketplace's own page.
    let is_open = told.more_time.iter().any(|one| one.state.is_open() && one.state != ReceiptState::Queued);
    let ends = told.order.protection_ends.filter(|_| is_away && !is_open)?;
    let arrives_by = told.order.parcels.iter().filter_map(|parcel| parcel.expected_by(&show.zone)).max();
    (told.order.source == OrderSource::Marketplace).then(|| days_to_ask(ends, arrives_by, show.today()))
}

fn hold_words(show: &Show, hold: &dunlin_store::pages::order_told::HoldTold) -> String {
    let until = hold.until.map(|day| show.words.t1("order-hold-until", "day", show.date(day).text));
    let until = until.unwrap_or_else(|| show.words.t("order-hold-open").into_owned());
    // Without a reason of its own it holds because the buyer does not pay what it costs.
    let why = if hold.why.is_empty() { show.words.t("order-hold-declined").into_owned() } else { hold.why.clone() };
    format!("{why} · {until}")
}

/// Why something is done about it now, or why nothing.
async fn reasons(house: &House, told: &ToldOrder) -> anyhow::Result<Vec<dunlin_core::reason::Reason>> {
    let premises = house.premises().await?;
    let facts = house.store.facts(house.tenant.id, Scope::One(told.party_id), house.now()).await?;
    let Some(facts) = facts.first() else { return Ok(Vec::new()) };
    let world = World::new(&premises.tenant, &premises.playbooks, premises.countries, house.now());
    let plan = decide(facts, &world)?;
    let own = plan.orders.cases.into_iter().filter(|case| case.order_id == told.order.id);
    Ok(own.flat_map(|case| case.reasons).collect())
}

/// Everything that happened, oldest first.
fn story(show: &Show, told: &ToldOrder) -> Vec<StoryLine> {
    let line = |at: Timestamp, what: &Happened<'_>| {
        let about = what.about();
        let note = match what {
            Happened::Asked { by_rule: true, words, .. } => missing_fields(show, words),
            _ => what.words().to_string(),
        };
        let (text, href, tone) = match what {
            Happened::News(word) => (show.words.code("order-news", word.code()).into_owned(), String::new(), "blue"),
            Happened::Seen { status, .. } => {
                let text = status.map(|status| show.words.code("tracking", status.code()).into_owned());
                (text.unwrap_or_else(|| about.to_string()), String::new(), "plain")
            }
            Happened::Letter { state, step, .. } => {
                let title = step.map(|step| show.titles.step(Some(&step.playbook.id), &step.step));
                let state = show.words.code("letter-state", state.code()).into_owned();
                let parts: Vec<String> = title.into_iter().chain([about.to_string(), state]).collect();
                (parts.join(" · "), format!("/letters/{about}"), "green")
            }
            Happened::Asked { kind, .. } => {
                (show.words.code("order-ask", kind.code()).into_owned(), String::new(), "amber")
            }
            Happened::Settled { kind, outcome } => {
                let kind = show.words.code("order-ask", kind.code()).into_owned();
                let text = show.words.t1("order-ask-settled", "what", kind);
                let how = if outcome.is_empty() {
                    String::new()
                } else {
                    show.words.code("order-ask-outcome", outcome).into_owned()
                };
                return StoryLine { when: show.instant(at), text, note: how, href: String::new(), tone: "green" };
            }
            Happened::Wrote { talk, .. } => {
                let href = format!("/debtors/{}/talks/{talk}", told.party.number);
                (show.words.t("order-line-wrote").into_owned(), href, "blue")
            }
            Happened::Held { .. } => (show.words.t("order-line-held").into_owned(), String::new(), "amber"),
            Happened::Released => (show.words.t("order-line-released").into_owned(), String::new(), "plain"),
            Happened::MoreTime { state, days, .. } => {
                let text = show.words.t1(more_time_key(*state), "n", i64::from(*days));
                (text, String::new(), more_time_tone(*state))
            }
            Happened::Money { kind, amount, .. } => {
                let text = format!("{} · {}", show.words.code("ledger", kind.code()), show.money(*amount));
                (text, format!("/receivables/{about}"), "green")
            }
        };
        StoryLine { when: show.instant(at), text, note, href, tone }
    };
    timeline(told).iter().map(|event| line(event.at, &event.what)).collect()
}

pub async fn stock_out(house: &House, show: &Show, name: &str, pairs: &[(String, String)]) -> anyhow::Result<StockOut> {
    let told = order_in_full(house, name).await?;
    let chosen = places(pairs, told.order.goods.len());
    let goods = told.order.goods.iter().enumerate();
    let mut page = StockOut {
        number: told.order.number.clone(),
        href: href(name),
        debtor: named(&told.party),
        id: told.order.id.to_string(),
        state: told.order.state(show.today()).code(),
        goods: goods.map(|(place, line)| goods_row(show, place, line, chosen.contains(&place))).collect(),
        is_chosen: !chosen.is_empty(),
        similar: Vec::new(),
        letters: Vec::new(),
    };
    if !page.is_chosen {
        return Ok(page);
    }
    let look = preview_stock_out(house, &told, &chosen).await?;
    let stand_in = |one: &dunlin_core::catalogue::similar::Similar| StandIn {
        title: one.stocked.product.title(show.letters().code()).to_string(),
        sku: one.stocked.product.sku.clone(),
        href: super::products::href(&one.stocked.product.sku),
        price: show.amount(one.stocked.product.price),
        why: one.why.iter().map(|why| why.sentence(show.ui())).collect(),
    };
    page.similar = look.similar.iter().map(stand_in).collect();
    let preview = |one: dunlin_documents::letter::RenderedLetter| Preview {
        language: one.language_used.code(),
        subject: one.subject,
        body: one.body,
    };
    page.letters = look.letters.into_iter().map(preview).collect();
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_chose_lies_within_the_order_and_is_there_once() {
        let pairs = ["2", "0", "2", "9", "x", "-1"].map(|place| ("line".to_string(), place.to_string()));
        assert_eq!(places(&pairs, 3), [0, 2]);
        assert_eq!(key_of("17_abc"), Some((17, "abc".to_string())));
        assert_eq!(key_of("nonsense"), None);
    }
}
