//! Where account statements become PDF: whoever links the program hands in what sets them, once, before anything else.
//!
//! Not a part of the house, as there is one for the whole process, however many firms it serves; and not a dependency,
//! since what sets pages takes minutes to build (docs/decisions/0024).

use std::sync::OnceLock;

use dunlin_core::letter::AccountStatement;

/// Facts of a statement → PDF bytes.
pub type Printer = fn(&AccountStatement) -> anyhow::Result<Vec<u8>>;

static PRINTER: OnceLock<Printer> = OnceLock::new();

/// From now on statements are set by this one. The first that is handed in stays.
pub fn install(printer: Printer) {
    PRINTER.get_or_init(|| printer);
}

/// The account statement as PDF bytes. A program without a printer refuses: no pressing letter leaves without its statement.
pub fn statement_pdf(statement: &AccountStatement) -> anyhow::Result<Vec<u8>> {
    let printer =
        PRINTER.get().ok_or_else(|| anyhow::anyhow!("this program was built without what makes PDF documents"))?;
    printer(statement)
}
