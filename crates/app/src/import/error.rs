//! Why a whole file could not be imported. Single bad rows are no error: they are listed in the report.

use dunlin_core::explain::UiLanguage;
use dunlin_sheets::SheetError;
use dunlin_store::StoreError;

use super::said::Said;

/// Nothing was changed when one of these comes back.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{file}: {why}")]
    Unreadable { file: String, why: SheetError },
    #[error(
        "{file}: no row was found that names columns (looked at: {sheets}). Say which row it is with --map: \
         header_row = 4, and under [columns] for instance order_number = \"A\""
    )]
    NoTable { file: String, sheets: String },
    /// The text names the fields without a column and shows how to write `--map`.
    #[error("{file}: {why}")]
    NotMapped { file: String, why: String, on_page: Box<Said> },
    #[error("your role may not enter payments; hand the file to whoever keeps the accounts. Nothing was changed")]
    NotAllowed,
    #[error("{0}")]
    Mapping(#[from] MappingError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ImportError {
    /// On a page, where columns are chosen in a form; `None`: as it is.
    pub fn on_page(&self, language: UiLanguage) -> Option<String> {
        Some(self.said()?.shown(language))
    }

    /// At the command line, to a person who reads this language.
    pub fn at_terminal(&self, language: UiLanguage) -> String {
        let file = match self {
            // The English text also lists the columns there are, and an example made of them.
            _ if language == UiLanguage::En => return self.to_string(),
            Self::Unreadable { file, .. } | Self::NoTable { file, .. } | Self::NotMapped { file, .. } => Some(file),
            Self::NotAllowed | Self::Mapping(_) | Self::Store(_) => None,
        };
        let Some(said) = self.said() else { return self.to_string() };
        let said = said.told(language);
        file.map_or_else(|| said.clone(), |file| format!("{file}：{said}"))
    }

    fn said(&self) -> Option<Said> {
        Some(match self {
            Self::Unreadable { why, .. } => Said::sheet(why),
            Self::NoTable { sheets, .. } => Said::new("unclear-no-table").with("sheets", sheets),
            Self::NotMapped { on_page, .. } => (**on_page).clone(),
            Self::NotAllowed => Said::new("unclear-not-allowed"),
            Self::Mapping(_) | Self::Store(_) => return None,
        })
    }
}

/// A `--map` file that is not understood, or does not fit the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the mapping: {0}")]
pub struct MappingError(pub String);
