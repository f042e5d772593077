//! One page per file: a template and a pure function `render(frame, view, words)`.
//!
//! `frame.html` is around every page; `components.html`, `pictures.html`, `timeline.html`, `pauses.html`, `supply.html`
//! and `work.html` hold what several pages share. No text stands in a template: see [`crate::web::words`].

/// Pages that have nothing of their own but a template and a view, one function each.
macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident: $view:ty = $path:literal;)+) => {$(
        $(#[$doc])*
        pub fn $name(
            frame: &crate::web::view::frame::Frame,
            view: &$view,
            words: &crate::web::words::Words,
        ) -> askama::Result<String> {
            #[derive(askama::Template)]
            #[template(path = $path)]
            struct Page<'a> {
                frame: &'a crate::web::view::frame::Frame,
                v: &'a $view,
                w: &'a crate::web::words::Words,
            }
            askama::Template::render(&Page { frame, v: view, w: words })
        }
    )+};
}

pub mod arrivals;
pub mod ask;
pub mod debtor;
pub mod debtors;
pub mod entrance;
pub mod letter;
pub mod letters;
pub mod lookahead;
pub mod money;
pub mod orders;
pub mod plan;
pub mod platform;
pub mod playbooks;
pub mod products;
pub mod receivable;
pub mod repair;
pub mod restoring;
pub mod running;
pub mod search;
pub mod settings;
pub mod talk;
pub mod today;
pub mod trouble;
pub mod ui;

/// The keys, for the help: what each does (catalogue key `key-does-…`) and how it is written.
pub const KEYS: [(&str, &str); 14] = [
    ("search", "/"),
    ("commands", "Ctrl K"),
    ("help", "?"),
    ("down", "j"),
    ("up", "k"),
    ("open", "↵"),
    ("approve", "a"),
    ("decline", "d"),
    ("snooze", "s"),
    ("call", "c"),
    ("undo", "u"),
    ("edit", "e"),
    ("reply", "r"),
    ("leave", "Esc"),
];

/// Orders of the debtors' list, `?sort=`.
pub const DEBTOR_ORDERS: [&str; 3] = ["overdue", "open", "name"];

/// What a file can be, field `kind` of the import.
pub const IMPORT_KINDS: [&str; 9] =
    ["orders", "debtors", "contacts", "receivables", "payments", "payouts", "products", "stock", "statement"];

/// What a dispute is about, field `kind`.
pub const DISPUTE_KINDS: [&str; 6] = ["quality", "quantity", "delivery", "price", "papers", "other"];
