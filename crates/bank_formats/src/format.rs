//! The formats by name, and which one some bytes are.

use std::fmt;
use std::str::FromStr;

/// What the caller says the file is; `Auto` looks at its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    #[default]
    Auto,
    /// MT940, and MT942, which is written in the same fields.
    Mt940,
    /// camt.052, camt.053 and camt.054, any version.
    Camt,
}

/// The name was none of the known ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFormat(String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown bank statement format ‘{}’: known are auto, mt940, mt942, camt", self.0)
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        match name.trim().to_ascii_lowercase().as_str() {
            "auto" => Ok(Format::Auto),
            "mt940" | "mt942" => Ok(Format::Mt940),
            "camt" | "camt052" | "camt053" | "camt054" => Ok(Format::Camt),
            _ => Err(UnknownFormat(name.to_owned())),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Auto => "auto",
            Format::Mt940 => "mt940",
            Format::Camt => "camt",
        })
    }
}

/// Decides by the beginning of the file; `None` when it is neither.
pub(crate) fn detect(beginning: &str) -> Option<Format> {
    let text = beginning.trim_start();
    if text.starts_with('<') {
        return is_camt(text).then_some(Format::Camt);
    }
    let swift = text.starts_with("{1:F") || text.starts_with("{4:");
    if swift || text.lines().any(|line| crate::mt940::is_known_tag(line.trim_start())) {
        return Some(Format::Mt940);
    }
    None
}

fn is_camt(text: &str) -> bool {
    ["camt.052", "camt.053", "camt.054", "BkToCstmr"].iter().any(|mark| text.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways_and_an_unknown_one_lists_the_known() {
        for name in ["auto", "mt940", "camt"] {
            assert_eq!(name.parse::<Format>().map(|f| f.to_string()), Ok(name.to_owned()));
        }
        let error = "pdf".parse::<Format>().unwrap_err().to_string();
        assert!(error.contains("pdf") && error.contains("mt940") && error.contains("camt"), "{error}");
    }

    #[test]
    fn content_decides() {
        assert_eq!(detect("\r\n:20:STARTUMS\r\n"), Some(Format::Mt940));
        assert_eq!(detect("{1:F01INGBNL2A}{2:I940}{4:\n"), Some(Format::Mt940));
        assert_eq!(
            detect("<?xml version=\"1.0\"?>\n<a:Document xmlns:a=\"urn:x:camt.053.001.08\">"),
            Some(Format::Camt)
        );
        assert_eq!(detect("<OFX><BANKMSGSRSV1>"), None);
        assert_eq!(detect("Date,Amount\n"), None);
    }
}
