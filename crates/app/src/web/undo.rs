//! What a toast may offer to take back. A toast travels in a cookie, which is the reader's to forge; so a way back is
//! a form only when its path is a door in this list and its fields are the ones written here.

use axum::http::Method;

use super::doors::door;
use super::view::frame::Undo;

/// What a field of a way back may hold.
#[derive(Debug, Clone, Copy)]
enum Holds {
    This(&'static str),
    /// An id or a number of ours: letters, digits and dashes.
    Name,
    /// A code of ours: letters and underscores.
    Code,
}

/// Doors and their fields.
const WAYS_BACK: &[(&str, &[(&str, Holds)])] = &[
    ("/debtors/{number}/hold/end", &[("only", Holds::Name)]),
    ("/debtors/{number}/promise/withdraw", &[("only", Holds::Name)]),
    ("/debtors/{number}/contacts/{contact}/objection", &[("outcome", Holds::This("withdrawn"))]),
    ("/debtors/{number}/contacts/{contact}/objection", &[("outcome", Holds::This("objected"))]),
    ("/debtors/{number}/contacts/{contact}/undo", &[("only", Holds::Name)]),
    ("/debtors/{number}/contacts/{contact}/reinstate", &[]),
    ("/debtors/{number}/talks/{talk}/end", &[]),
    ("/debtors/{number}/unblock", &[]),
    ("/debtors/{number}/separate", &[("kind", Holds::Name)]),
    ("/debtors/{number}/closed/end", &[("from", Holds::Name)]),
    ("/receivables/{number}/days/end", &[("kind", Holds::Code)]),
    ("/receivables/{number}/days", &[("kind", Holds::Code), ("date", Holds::Name)]),
    ("/receivables/{number}/due/undo", &[("only", Holds::Name)]),
    ("/debtors/{number}/supply/end", &[]),
    ("/receivables/{number}/hold/end", &[("only", Holds::Name)]),
    ("/receivables/{number}/promise/withdraw", &[("only", Holds::Name)]),
    ("/receivables/{number}/why/undo", &[("only", Holds::Name)]),
    ("/receivables/{number}/steps/undo", &[("only", Holds::Name)]),
    ("/receivables/{number}/credit/undo", &[]),
    ("/receivables/{number}/write-off/undo", &[]),
    ("/letters/{number}/unapprove", &[]),
    ("/letters/{number}/reinstate", &[]),
    ("/tasks/{number}/reopen", &[]),
    ("/tasks/{number}/unsnooze", &[]),
    ("/payments/{number}/match/undo", &[]),
    ("/payments/{number}/set-aside/undo", &[]),
    ("/board/hold/undo", &[("only", Holds::Name)]),
    ("/board/stock/undo", &[("only", Holds::Name)]),
    ("/board/release/undo", &[("only", Holds::Name)]),
    ("/board/ship/undo", &[("only", Holds::Name)]),
    ("/orders/{number}/asks/undo", &[("only", Holds::Name)]),
    ("/orders/{number}/state/undo", &[("only", Holds::Name)]),
];

/// Whether this is one of our own ways back.
pub fn is_way_back(undo: &Undo) -> bool {
    let fits = |(pattern, fields): &&(&str, &[(&str, Holds)])| {
        is_path_of(pattern, &undo.action)
            && fields.len() == undo.fields.len()
            && fields.iter().zip(&undo.fields).all(|((name, holds), (given, value))| {
                name == given
                    && match holds {
                        Holds::This(fixed) => value == fixed,
                        Holds::Name => is_name(value),
                        Holds::Code => is_code(value),
                    }
            })
    };
    WAYS_BACK.iter().find(fits).is_some_and(|(pattern, _)| door(&Method::POST, pattern).is_some())
}

fn is_path_of(pattern: &str, path: &str) -> bool {
    let (wanted, given) = (pattern.split('/'), path.split('/'));
    wanted.clone().count() == given.clone().count()
        && wanted
            .zip(given)
            .all(|(wanted, given)| if wanted.starts_with('{') { is_name(given) } else { wanted == given })
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undo(action: &str, fields: &[(&str, &str)]) -> Undo {
        let fields = fields.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect();
        Undo { action: action.to_string(), fields }
    }

    #[test]
    fn every_way_back_is_a_door() {
        for (pattern, _) in WAYS_BACK {
            assert!(door(&Method::POST, pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn only_our_own_ways_back_become_forms() {
        assert!(is_way_back(&undo("/letters/L-0012/unapprove", &[])));
        assert!(is_way_back(&undo("/debtors/D-0001/hold/end", &[("only", "01890a5d-ac96")])));
        assert!(is_way_back(&undo("/receivables/R-0001/days/end", &[("kind", "free_time_end")])));
        assert!(is_way_back(&undo("/board/hold/undo", &[("only", "1042")])));
        for (action, fields) in [
            ("/letters/L-0012/approve", &[][..]),
            ("//evil.example/letters/L-0012/unapprove", &[]),
            ("/letters/../tasks/unapprove", &[]),
            ("/letters/L-0012/unapprove", &[("seen", "x")]),
            ("/debtors/D-0001/hold/end", &[]),
            ("/debtors/D-0001/contacts/1/objection", &[("outcome", "erase")]),
            ("/debtors/D-0001/hold/end", &[("only", "a b")]),
            ("/settings", &[]),
        ] {
            assert!(!is_way_back(&undo(action, fields)), "{action} {fields:?}");
        }
    }
}
