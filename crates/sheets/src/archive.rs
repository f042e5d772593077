//! What kind of file some bytes are, and whether a workbook's container is safe to open.

use crate::error::SheetError;

/// Uncompressed size over all parts of a workbook.
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;

/// Looks through the directory of a ZIP archive before anything is unpacked.
pub(crate) fn check(bytes: &[u8]) -> Result<(), SheetError> {
    let damaged = |detail: &str| SheetError::Damaged { detail: detail.to_owned() };
    let end = find_last(bytes, b"PK\x05\x06").ok_or_else(|| damaged("its table of contents is missing"))?;
    let count = number(bytes, end + 10, 2).ok_or_else(|| damaged("its table of contents is cut off"))?;
    let mut at = number(bytes, end + 16, 4).ok_or_else(|| damaged("its table of contents is cut off"))? as usize;
    let (mut unpacked, mut names) = (0_u64, Vec::new());
    for _ in 0..count {
        let cut_off = || damaged("its table of contents points outside the file");
        if bytes.get(at..at.saturating_add(4)) != Some(b"PK\x01\x02") {
            return Err(cut_off());
        }
        let field = |offset: usize, length: usize| number(bytes, at + offset, length);
        unpacked = unpacked.saturating_add(field(24, 4).ok_or_else(cut_off)?);
        let [name, extra, comment] = [28, 30, 32].map(|offset| field(offset, 2).unwrap_or(0) as usize);
        names.push(bytes.get(at + 46..at + 46 + name).ok_or_else(cut_off)?);
        at += 46 + name + extra + comment;
    }
    if unpacked > MAX_UNPACKED {
        let detail = format!("{} MiB when unpacked, {} MiB are allowed", unpacked >> 20, MAX_UNPACKED >> 20);
        return Err(SheetError::TooBig { detail });
    }
    let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted.as_bytes()));
    if has("xl/workbook.xml") {
        return Ok(());
    }
    let kind = if has("xl/workbook.bin") {
        "a binary Excel workbook (.xlsb)"
    } else if has("word/document.xml") {
        "a Word document"
    } else if has("ppt/presentation.xml") {
        "a PowerPoint presentation"
    } else if has("content.xml") {
        "an OpenDocument file (.ods or .odt)"
    } else {
        "a ZIP archive; unpack it first, and if the file inside is no table"
    };
    Err(SheetError::NotATable { kind })
}

/// An OLE compound file: old Excel, old Word, or an encrypted workbook.
pub(crate) fn check_compound(bytes: &[u8]) -> Result<(), SheetError> {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(bytes, &wide).is_some()
    };
    if has("EncryptedPackage") {
        return Err(SheetError::PasswordProtected);
    }
    if has("WordDocument") {
        return Err(SheetError::NotATable { kind: "an old Word document (.doc)" });
    }
    if has("Workbook") || has("Book") {
        return Ok(());
    }
    Err(SheetError::NotATable { kind: "an Office document that is no workbook" })
}

/// Names files that are certainly no text table.
pub(crate) fn foreign_kind(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 11] = [
        (b"%PDF", "a PDF document"),
        (b"\x89PNG", "a picture (PNG)"),
        (b"\xff\xd8\xff", "a picture (JPEG)"),
        (b"GIF8", "a picture (GIF)"),
        (b"{\\rtf", "a rich text document"),
        (b"\x1f\x8b", "a packed file (gzip); unpack it first, and if the file inside is no table"),
        (b"Rar!", "a packed file (RAR); unpack it first, and if the file inside is no table"),
        (b"7z\xbc\xaf\x27\x1c", "a packed file (7z); unpack it first, and if the file inside is no table"),
        (b"SQLite format 3", "a database"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(kind);
    }
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    if beginning.starts_with("<!doctype html") || beginning.starts_with("<html") || beginning.starts_with("<table") {
        // Many web shops call such a file `.xls`.
        return Some("a web page, whatever its name says");
    }
    if beginning.starts_with("<?xml") {
        return Some("an XML file");
    }
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let nulls = bytes[..bytes.len().min(8192)].iter().filter(|b| **b == 0).count();
    (!utf16 && nulls > 4).then_some("a binary file")
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    Some(field.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn find_last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    // The end record is at most 64 KiB of comment away from the end.
    let from = bytes.len().saturating_sub(22 + 65_535);
    bytes[from..].windows(wanted.len()).rposition(|window| window == wanted).map(|at| from + at)
}
