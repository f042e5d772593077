//! The printer that the program is linked with (`dunlin::printer`): `dunlin_pdf` with the fonts of this machine.

use std::sync::OnceLock;

use dunlin_core::letter::AccountStatement;
use dunlin_documents::account_statement::needs_cjk;
use dunlin_pdf::{Fonts, account_statement_pdf};

/// The account statement as PDF bytes. Chinese fonts (20 MB each) are read only when a statement needs them.
pub fn statement_pdf(statement: &AccountStatement) -> anyhow::Result<Vec<u8>> {
    static LATIN: OnceLock<Fonts> = OnceLock::new();
    static CJK: OnceLock<Fonts> = OnceLock::new();
    let fonts = if needs_cjk(statement) {
        CJK.get_or_init(|| Fonts::new(cjk_fonts()).unwrap_or_else(|_| bare_fonts()))
    } else {
        LATIN.get_or_init(bare_fonts)
    };
    Ok(account_statement_pdf(statement, fonts)?)
}

fn bare_fonts() -> Fonts {
    Fonts::new(Vec::new()).unwrap_or_else(|error| unreachable!("no fonts cannot be bad fonts: {error}"))
}

/// Regular and bold faces of a system font with Simplified Chinese, by family name.
fn cjk_fonts() -> Vec<(Vec<u8>, u32)> {
    let mut database = fontdb::Database::new();
    database.load_system_fonts();
    let families =
        ["Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei"];
    let mut fonts = Vec::new();
    for weight in [fontdb::Weight::NORMAL, fontdb::Weight::BOLD] {
        let found = families.iter().find_map(|family| {
            let query = fontdb::Query { families: &[fontdb::Family::Name(family)], weight, ..fontdb::Query::default() };
            database.query(&query)
        });
        if let Some(id) = found
            && let Some(font) = database.with_face_data(id, |bytes, face| (bytes.to_vec(), face))
        {
            fonts.push(font);
        }
    }
    fonts
}
