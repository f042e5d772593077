//! Why something was not done, in a reader's language: what forms, pages of trouble, the entrance and jobs say.
//!
//! Whoever programs against the API and the command line get the English sentence. Whatever has no code of its own may
//! hold words of the database or places on the server: a page says that it did not work, and the log of the program why.

use dunlin_core::explain::{UiLanguage, word};
use dunlin_core::money::MoneyError;
use dunlin_core::receivable::ledger::LedgerRefusal;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::StoreError;

use crate::import::ImportError;

/// The sentence, beginning with a capital.
pub fn sentence(error: &anyhow::Error, language: UiLanguage) -> String {
    let told = match error.downcast_ref::<ImportError>() {
        Some(ImportError::Store(store)) => of_store(store).map(|refusal| said(&refusal, language)),
        // Words for whoever wrote the mapping.
        Some(ImportError::Mapping(mapping)) => Some(mapping.to_string()),
        Some(import) => import.on_page(language),
        None => refusal_of(error).map(|refusal| said(&refusal, language)),
    };
    told.unwrap_or_else(|| {
        tracing::error!("what was asked for did not work: {error:#}");
        word(language, "failed-inside")
    })
}

fn said(refusal: &Refusal, language: UiLanguage) -> String {
    capitalized(&refusal.sentence(language))
}

/// Whether what was asked for was refused, and did not break.
pub fn is_refusal(error: &anyhow::Error) -> bool {
    error.is::<Refusal>() || error.is::<LedgerRefusal>()
}

/// Which of the usual refusals it is.
pub fn code(error: &anyhow::Error) -> Option<RefusalCode> {
    refusal_of(error).map(|refusal| refusal.code)
}

fn refusal_of(error: &anyhow::Error) -> Option<Refusal> {
    if let Some(refusal) = error.downcast_ref::<Refusal>() {
        return Some(refusal.clone());
    }
    if let Some(money) = error.downcast_ref::<MoneyError>() {
        return of_money(money);
    }
    if let Some(ledger) = error.downcast_ref::<LedgerRefusal>() {
        return of_ledger(ledger);
    }
    of_store(error.downcast_ref::<StoreError>()?)
}

fn of_store(error: &StoreError) -> Option<Refusal> {
    match error {
        StoreError::Told(refusal) => Some(refusal.clone()),
        StoreError::NotFound { name, .. } => Some(Refusal::new(RefusalCode::Missing).with("name", name)),
        StoreError::Ledger(LedgerRefusal::MoreThanOutstanding { number, asked, open }) => {
            let refusal = Refusal::new(RefusalCode::LowerAbove).with("amount", *asked).with("open", *open);
            Some(refusal.with("number", number).with("most", open.decimal()))
        }
        StoreError::Ledger(ledger) => of_ledger(ledger),
        StoreError::Money(money) => of_money(money),
        _ => None,
    }
}

fn of_money(error: &MoneyError) -> Option<Refusal> {
    match error {
        MoneyError::UnknownCurrency(text) => Some(Refusal::new(RefusalCode::NotACurrency).with("text", text)),
        _ => None,
    }
}

/// What the ledger does not take, as far as a form can ask for it.
pub fn of_ledger(refusal: &LedgerRefusal) -> Option<Refusal> {
    Some(match refusal {
        LedgerRefusal::MoreThanOutstanding { number, asked, open } => {
            Refusal::new(RefusalCode::LedgerOpen).with("amount", *asked).with("open", *open).with("number", number)
        }
        LedgerRefusal::MoreThanPayment { asked, left } => {
            Refusal::new(RefusalCode::LedgerPayment).with("amount", *asked).with("left", *left)
        }
        LedgerRefusal::NotPositive(_) => Refusal::new(RefusalCode::AmountNotPositive),
        LedgerRefusal::SettlesUnknown { number, pays, owes, open } => {
            let refusal = Refusal::new(RefusalCode::LedgerSettles).with("pays", *pays).with("owes", *owes);
            refusal.with("number", number).with("open", *open)
        }
        LedgerRefusal::TwoAmounts { uses, settles } => {
            Refusal::new(RefusalCode::LedgerOneCurrency).with("uses", *uses).with("settles", *settles)
        }
        _ => return None,
    })
}

/// Sentences of refusals begin small, as they follow a command's name on the command line.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn what_has_no_code_shows_nothing_of_the_inside() {
        let database = || anyhow::Error::from(StoreError::Database("no such table: party".to_string()));
        let errors = [
            anyhow::anyhow!("/var/lib/dunlin/dunlin.db cannot be read"),
            database(),
            Err::<(), _>(database()).context("cannot write /var/lib/dunlin/x").expect_err("an error"),
            ImportError::Store(StoreError::Corrupt("party 7".to_string())).into(),
        ];
        for error in &errors {
            for language in [UiLanguage::En, UiLanguage::ZhCn] {
                let said = sentence(error, language);
                assert_eq!(said, word(language, "failed-inside"));
                assert!(!["party", "/var", "failed-inside"].iter().any(|inside| said.contains(inside)), "{said}");
            }
        }
        let refused = anyhow::Error::from(Refusal::new(RefusalCode::ReasonMissing));
        assert_ne!(sentence(&refused, UiLanguage::En), word(UiLanguage::En, "failed-inside"));
    }
}
