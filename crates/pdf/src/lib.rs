//! Documents as PDF: what stands on a page comes from `dunlin_documents`, typst sets it.
//!
//! Pure: fonts and facts are handed in, bytes come out, and the same input gives the same bytes. Nothing but the binary
//! knows this crate: typst is by far the slowest dependency of the product to build, and what does not wait for it is built
//! beside it (docs/decisions/0024). It is named in [`typesetting`] alone.

mod typesetting;

use dunlin_core::letter::AccountStatement;
use dunlin_core::party::Language;
use dunlin_documents::account_statement::{Sheet, first_cjk};

pub use typesetting::{Fonts, PdfError};

const TEMPLATE: &str = include_str!("templates/account_statement.typ");

/// The statement as a PDF (A4, tagged, with title, author and language). The same statement and fonts give the
/// same bytes. Takes some milliseconds; the first one of a process some tens more.
pub fn account_statement_pdf(statement: &AccountStatement, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let cjk_family = match first_cjk(statement) {
        None => None,
        Some(character) => Some(fonts.given_family_with(character).ok_or(PdfError::NoCjkFont { character })?),
    };
    let sheet = Sheet::new(statement, families(statement.language, cjk_family, fonts));
    let identity = format!("{} {} {}", statement.sender.company, statement.buyer_number, statement.as_of);
    typesetting::typeset(TEMPLATE, &sheet, identity, fonts)
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
