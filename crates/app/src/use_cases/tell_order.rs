//! What happened to an order, as one timeline: what was told of it, where its parcels were, letters, what the buyer wrote,
//! questions, holds and money. Page, call and command show the same lines.

use jiff::Timestamp;

use dunlin_core::case::LetterState;
use dunlin_core::money::Money;
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::receipt::ReceiptState;
use dunlin_core::order::story::OrderWord;
use dunlin_core::plan::orders::OrderStep;
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_core::shipment::status::TrackingStatus;
use dunlin_store::pages::order_told::ToldOrder;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderEvent<'a> {
    pub at: Timestamp,
    pub what: Happened<'a>,
}

/// What it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened<'a> {
    News(OrderWord),
    /// A parcel was seen; the words are the carrier's.
    Seen {
        parcel: &'a str,
        status: Option<TrackingStatus>,
        words: &'a str,
    },
    Letter {
        /// `L-0012`.
        number: String,
        state: LetterState,
        /// The step that it takes.
        step: Option<&'a OrderStep>,
    },
    Asked {
        kind: AskKind,
        words: &'a str,
        /// A rule asks: the words are codes of the fields that it misses.
        by_rule: bool,
    },
    Settled {
        kind: AskKind,
        /// `answered`, `agreed`, `declined`, `overridden`, `withdrawn` or `refused`.
        outcome: &'a str,
    },
    /// The buyer wrote in the chat of the order.
    Wrote {
        talk: String,
        words: &'a str,
    },
    Held {
        why: &'a str,
    },
    Released,
    /// More time for the receipt: asked for, or what became of it.
    MoreTime {
        state: ReceiptState,
        days: u16,
        why: &'a str,
    },
    Money {
        /// `R-1042`.
        receivable: &'a str,
        kind: LedgerKind,
        amount: Money,
    },
}

impl Happened<'_> {
    /// Which kind of line.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::News(_) => "news",
            Self::Seen { .. } => "seen",
            Self::Letter { .. } => "letter",
            Self::Asked { .. } => "asked",
            Self::Settled { .. } => "settled",
            Self::Wrote { .. } => "wrote",
            Self::Held { .. } => "held",
            Self::Released => "released",
            Self::MoreTime { .. } => "more_time",
            Self::Money { .. } => "money",
        }
    }

    /// The code of what is told; empty where the kind says all.
    pub fn code(&self) -> &'static str {
        match self {
            Self::News(word) => word.code(),
            Self::Seen { status, .. } => status.map_or("", |status| status.code()),
            Self::Letter { state, .. } => state.code(),
            Self::Asked { kind, .. } | Self::Settled { kind, .. } => kind.code(),
            Self::Wrote { .. } | Self::Held { .. } | Self::Released => "",
            Self::MoreTime { state, .. } => state.code(),
            Self::Money { kind, .. } => kind.code(),
        }
    }

    /// What it is about: a parcel, a letter, a receivable, a talk.
    pub fn about(&self) -> &str {
        match self {
            Self::Seen { parcel, .. } => parcel,
            Self::Letter { number, .. } => number,
            Self::Wrote { talk, .. } => talk,
            Self::Money { receivable, .. } => receivable,
            _ => "",
        }
    }

    /// Words of people or carriers; of what was settled, how.
    pub const fn words(&self) -> &str {
        match self {
            Self::Seen { words, .. } | Self::Asked { words, .. } | Self::Wrote { words, .. } => words,
            Self::Held { why } | Self::MoreTime { why, .. } => why,
            Self::Settled { outcome, .. } => outcome,
            _ => "",
        }
    }

    pub const fn amount(&self) -> Option<Money> {
        match self {
            Self::Money { amount, .. } => Some(*amount),
            _ => None,
        }
    }
}

/// Everything that happened, oldest first.
pub fn timeline<'a>(told: &'a ToldOrder) -> Vec<OrderEvent<'a>> {
    let mut all: Vec<OrderEvent<'a>> = Vec::new();
    let mut add = |at: Timestamp, what: Happened<'a>| all.push(OrderEvent { at, what });
    for news in told.order.story.news() {
        add(news.at, Happened::News(news.word));
    }
    for parcel in &told.order.parcels {
        for event in parcel.journey.events() {
            let words = event.description.as_str();
            add(event.at, Happened::Seen { parcel: &parcel.number, status: event.status, words });
        }
    }
    for letter in &told.letters {
        let number = format!("L-{:04}", letter.number);
        let step = letter.about.as_ref();
        add(letter.settled_at.unwrap_or(letter.recorded_at), Happened::Letter { number, state: letter.state, step });
    }
    for ask in &told.asks {
        add(ask.raised_at, Happened::Asked { kind: ask.kind, words: &ask.words, by_rule: !ask.rule.is_empty() });
        if let Some(at) = ask.settled_at {
            add(at, Happened::Settled { kind: ask.kind, outcome: ask.outcome.as_deref().unwrap_or_default() });
        }
    }
    for written in &told.written {
        let words = written.text.as_deref().unwrap_or_default();
        add(written.at, Happened::Wrote { talk: written.talk.to_string(), words });
    }
    for hold in &told.holds {
        add(hold.recorded_at, Happened::Held { why: &hold.why });
        if let Some(at) = hold.released_at {
            add(at, Happened::Released);
        }
    }
    for one in &told.more_time {
        if !one.by_hand {
            add(one.recorded_at, Happened::MoreTime { state: ReceiptState::Queued, days: one.days, why: "" });
        }
        if let Some(at) = one.settled_at {
            add(at, Happened::MoreTime { state: one.state, days: one.days, why: &one.why });
        }
    }
    for money in &told.money {
        let (kind, amount) = (money.kind, money.amount);
        add(money.recorded_at, Happened::Money { receivable: &money.receivable, kind, amount });
    }
    all.sort_by_key(|event| event.at);
    all
}
