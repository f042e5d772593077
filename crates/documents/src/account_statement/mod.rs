//! The account statement: every open line of one buyer in one currency on a page the buyer's bookkeeper can
//! work from. It goes along with pressing emails, so its amounts are those of the ledger at that moment; nothing
//! is computed here but the sum of disputed parts.
//!
//! [`Sheet`] turns facts into the strings that the page shows; `crates/pdf` sets the page.

mod sheet;

use dunlin_core::letter::AccountStatement;
use dunlin_core::party::Language;

use crate::plain_text::is_cjk;
pub use sheet::Sheet;

/// Whether the statement needs a font with Chinese, Japanese or Korean characters: large enough to be loaded only
/// when this says so.
pub fn needs_cjk(statement: &AccountStatement) -> bool {
    first_cjk(statement).is_some()
}

/// A character that the built-in fonts lack, for the search of a font and for the message if there is none.
pub fn first_cjk(statement: &AccountStatement) -> Option<char> {
    if statement.language == Language::Zh {
        return Some('对');
    }
    let sender = &statement.sender;
    let bank = statement.bank.iter().flat_map(|bank| [&bank.holder, &bank.bank, &bank.account, &bank.swift]);
    let lines = statement.lines.iter().flat_map(|line| [&line.reference, &line.order_number]);
    [&sender.company, &sender.company_address, &sender.name, &sender.email, &sender.phone]
        .into_iter()
        .chain([&statement.buyer_name, &statement.buyer_number, &statement.buyer_country])
        .chain(bank)
        .chain(lines)
        .find_map(|text| text.chars().find(|c| is_cjk(*c)))
}
