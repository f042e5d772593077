//! The account statement: every open line of one buyer in one currency on a page the buyer's bookkeeper can
//! work from. It goes along with pressing emails, so its amounts are those of the ledger at that moment; nothing
//! is computed here but the sum of disputed parts.
//!
//! The look is `templates/account_statement.typ`; [`sheet`] turns facts into the strings it shows.

mod sheet;

use dunlin_core::letter::AccountStatement;
use dunlin_core::party::Language;

use crate::pdf::{Fonts, PdfError, typeset};
use crate::plain_text::is_cjk;
use sheet::Sheet;

const TEMPLATE: &str = include_str!("../templates/account_statement.typ");

/// The statement as a PDF (A4, tagged, with title, author and language). The same statement and fonts give the
/// same bytes. Takes some milliseconds; the first one of a process some tens more.
pub fn account_statement_pdf(statement: &AccountStatement, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let cjk_family = match first_cjk(statement) {
        None => None,
        Some(character) => Some(fonts.given_family_with(character).ok_or(PdfError::NoCjkFont { character })?),
    };
    let sheet = Sheet::new(statement, families(statement.language, cjk_family, fonts));
    let identity = format!("{} {} {}", statement.sender.company, statement.buyer_number, statement.as_of);
    typeset(TEMPLATE, &sheet, identity, fonts)
}

/// Whether the statement needs a font with Chinese, Japanese or Korean characters: large enough to be loaded only
/// when this says so.
pub fn needs_cjk(statement: &AccountStatement) -> bool {
    first_cjk(statement).is_some()
}

/// A character that the built-in fonts lack, for the search of a font and for the message if there is none.
fn first_cjk(statement: &AccountStatement) -> Option<char> {
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

/// Families in order of preference. A Chinese page is set in the Chinese font throughout, Latin letters included;
/// any other page keeps the built-in serif and takes from the rest only what that lacks.
fn families(language: Language, cjk_family: Option<&str>, fonts: &Fonts) -> Vec<String> {
    let built_in = "Libertinus Serif".to_string();
    let mut families = Vec::new();
    if language != Language::Zh {
        families.push(built_in.clone());
    }
    families.extend(cjk_family.map(str::to_string));
    families.extend(fonts.given_families().iter().filter(|family| Some(family.as_str()) != cjk_family).cloned());
    if language == Language::Zh {
        families.push(built_in);
    }
    families
}
