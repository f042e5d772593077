//! The running order: `GET /board`, `GET /orders/{number}`, `GET /orders/{number}/stock-out`, `GET /parcels`.

use super::figures::{Amount, When};
use super::who::DebtorRef;
use super::why::ReasonLine;

/// A moment by which something has to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    pub when: When,
    /// "Ship in 5 hours", "Answer overdue".
    pub text: String,
    /// `red`, `amber` or `plain`; the words say the same.
    pub tone: &'static str,
}

/// A state of the board.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoardTab {
    /// Code of the state; empty for all that something is expected of.
    pub state: &'static str,
    pub href: String,
    /// `None`: nobody counted, there may be very many.
    pub orders: Option<i64>,
}

/// The board. Query: `q`, `state`, `by`, `after`.
#[derive(Debug, Clone, Default)]
pub struct Board {
    pub search: String,
    /// Code of the state that is shown; empty for all.
    pub state: &'static str,
    /// Code of what it goes by.
    pub by: &'static str,
    /// What it can go by: code and address.
    pub sorts: Vec<(&'static str, String)>,
    pub tabs: Vec<BoardTab>,
    pub rows: Vec<BoardLine>,
    /// Where the list goes on.
    pub later: Option<String>,
    /// Back to its first page; empty on that page.
    pub first: String,
    /// Code and name.
    pub carriers: Vec<(String, String)>,
    /// This page, for forms.
    pub here: String,
}

/// An order of the board.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoardLine {
    pub id: String,
    pub number: String,
    pub href: String,
    pub debtor: DebtorRef,
    pub total: Amount,
    pub state: &'static str,
    pub tone: &'static str,
    pub clocks: Vec<Due>,
    /// The last day on which what is on its way is expected.
    pub expected: Option<When>,
    /// "2 × Tent for two".
    pub goods: Vec<String>,
    pub parcels: Vec<String>,
    /// It may be handed over from here.
    pub may_leave: bool,
}

/// An article of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoodsRow {
    pub place: usize,
    pub title: String,
    pub sku: String,
    /// Page of the product.
    pub href: String,
    pub quantity: i64,
    pub price: Amount,
    /// `available`, `gone` or `unknown`.
    pub stock: &'static str,
    pub tone: &'static str,
    pub is_chosen: bool,
}

/// A parcel of an order, or one of the list of parcels in trouble.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParcelRow {
    pub carrier: String,
    pub number: String,
    /// Where it can be followed; empty when there is no such page.
    pub url: String,
    pub status: &'static str,
    pub tone: &'static str,
    /// The carrier's own words of the last event.
    pub last_event: String,
    pub moved: Option<When>,
    pub shipped: Option<When>,
    pub expected: Option<When>,
    /// Days without movement.
    pub quiet_days: i64,
    /// Code of what somebody has to do; empty: nothing.
    pub todo: &'static str,
    /// Code of why the tracking service does not follow it; empty: it does.
    pub unfollowed: String,
    /// Numbers that it may have had before, where several changed at once and nobody has said which was its own.
    pub perhaps: Vec<String>,
    pub order: String,
    pub order_href: String,
    pub debtor: DebtorRef,
}

/// A line of the story.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoryLine {
    pub when: When,
    pub text: String,
    /// Words of others; may be empty.
    pub note: String,
    /// Page of what it is about; may be empty.
    pub href: String,
    pub tone: &'static str,
}

/// What is open with the buyer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskRow {
    pub id: String,
    pub kind: &'static str,
    pub words: String,
    pub since: When,
    pub holds: bool,
    /// What it costs the buyer.
    pub amount: Option<Amount>,
    /// What was read out of an answer, to be looked at.
    pub answer: Option<AnswerShown>,
    /// It can be answered and taken over still.
    pub is_in_time: bool,
}

/// An answer as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerShown {
    /// Code of the field, what was known, what the answer says.
    pub changes: Vec<(&'static str, String, String)>,
    /// `yes`, `no` or empty.
    pub consent: &'static str,
    /// What somebody looks at, for the form that takes it over.
    pub mark: String,
}

/// Something that the buyer wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WrittenRow {
    pub when: When,
    /// Line by line; empty: erased, or a picture.
    pub lines: Vec<String>,
    /// The task that asks for an answer.
    pub task: String,
}

/// What is to be paid for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartRow {
    pub number: String,
    pub milestone: String,
    pub amount: Amount,
    /// By the buyer.
    pub outstanding: Amount,
    /// What the platform has yet to pay out; `None`: it does not owe.
    pub platform: Option<Amount>,
}

/// More time for the buyer's receipt, the last time that it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MoreTime {
    /// What became of it, with the days.
    pub text: String,
    pub tone: &'static str,
    pub until: Option<When>,
    /// What the marketplace said; may be empty.
    pub why: String,
    pub when: When,
    /// Somebody has to look it up.
    pub is_uncertain: bool,
}

/// One order.
#[derive(Debug, Clone, Default)]
pub struct OrderPage {
    pub id: String,
    pub number: String,
    pub href: String,
    /// Where its forms go: by its id, which names no other order.
    pub forms: String,
    pub source: String,
    pub debtor: DebtorRef,
    pub placed: When,
    pub total: Amount,
    /// Code of its state; empty: nothing was told of it beside its money.
    pub state: &'static str,
    /// The same, also where nothing was told.
    pub stands: &'static str,
    /// Codes of what can be said of it next; empty: nothing.
    pub next_words: Vec<&'static str>,
    /// What can be said next may be its end.
    pub may_end: bool,
    /// Last day that can be said, and the one that is proposed.
    pub today: When,
    pub tone: &'static str,
    pub since: Option<When>,
    pub platform_url: String,
    pub clocks: Vec<Due>,
    pub goods: Vec<GoodsRow>,
    pub parcels: Vec<ParcelRow>,
    pub parts: Vec<PartRow>,
    pub asks: Vec<AskRow>,
    /// What can be asked before it leaves; empty: nothing any more.
    pub askable: Vec<&'static str>,
    /// Code of the currency in which a surcharge is named.
    pub currency: String,
    /// Messages of the buyer that wait for an answer.
    pub written: Vec<WrittenRow>,
    pub holds: Vec<String>,
    pub more_time: Option<MoreTime>,
    /// More time can be given, and as many days are proposed.
    pub may_extend: Option<u16>,
    pub story: Vec<StoryLine>,
    pub reasons: Vec<ReasonLine>,
    pub carriers: Vec<(String, String)>,
    pub is_waiting: bool,
    pub may_leave: bool,
}

/// An article that could stand in for one that is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandIn {
    pub title: String,
    pub sku: String,
    pub href: String,
    pub price: Amount,
    pub why: Vec<String>,
}

/// A letter as it would read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Code of the language.
    pub language: &'static str,
    pub subject: String,
    pub body: String,
}

/// The wizard: which goods, what instead, what the buyer will read.
#[derive(Debug, Clone, Default)]
pub struct StockOut {
    pub number: String,
    pub href: String,
    pub debtor: DebtorRef,
    pub id: String,
    /// Code of its state.
    pub state: &'static str,
    pub goods: Vec<GoodsRow>,
    /// Something was chosen: the other steps are there.
    pub is_chosen: bool,
    pub similar: Vec<StandIn>,
    pub letters: Vec<Preview>,
}

/// Parcels that somebody has to look at.
#[derive(Debug, Clone, Default)]
pub struct Parcels {
    pub rows: Vec<ParcelRow>,
    pub later: Option<String>,
    pub is_first: bool,
}
