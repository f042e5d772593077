//! What a cell means: amounts and dates as people write them.
//!
//! Text never passes through a float. Where one cell alone is ambiguous (`1.234`, `02/03/2026`) the column
//! decides: [`guess_style`] and [`guess_date_order`] look at all its values first, and what stays ambiguous is
//! said, not guessed.

mod amount;
mod currency;
mod date;
mod date_text;
mod digits;

pub use amount::{DecimalStyle, ParsedAmount, guess_style, parse_amount};
pub use date::{DateOrder, OrderGuess, guess_date_order, parse_date, parse_datetime};

/// Longer text (in bytes) is neither an amount nor a date, and is not looked through for one: whole letters stand in some
/// cells.
pub(crate) const LONGEST_VALUE: usize = 300;

/// The beginning of a long text, for a message.
pub(crate) fn beginning(text: &str) -> String {
    let mut shown: String = text.chars().take(60).collect();
    shown.push('…');
    shown
}

/// Full-width digits, letters and signs (１２．５，ＵＳＤ) as their ASCII twins, all blanks as a space.
pub(crate) fn half_width(text: &str) -> String {
    let fold = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '￥' => '¥',
        '−' | '–' | '﹣' => '-',
        '、' => ',',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    let visible = |c: &char| !matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}');
    text.chars().filter(visible).map(fold).collect::<String>().trim().to_owned()
}

/// Written when there is nothing: not an amount of zero, not an error.
pub(crate) fn means_nothing(text: &str) -> bool {
    matches!(text, "" | "-" | "--" | "—" | "——" | "/" | "\\" | "无" | "N/A" | "n/a" | "#N/A" | "NA" | "null" | "NULL")
}
