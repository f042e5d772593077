//! typst as a library: a template of ours and data in, PDF bytes out. The only module that names typst.
//!
//! The template reads its data with `json("data.json")`, a file that exists only here. Text from outside is
//! therefore always a value and never markup: `#`, `*` and `$` in a name are just characters.

use std::sync::LazyLock;

use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// Fonts for documents: those handed in, then the ones built in (Latin, Greek, Cyrillic, Hebrew; Arabic letters
/// in a plain face). Made once, used for any number of documents.
pub struct Fonts {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
    /// Families handed in, in order, each once.
    families: Vec<String>,
    given: usize,
}

/// Why a document could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    #[error("font {position} of those handed in (face {face}) cannot be read as TrueType or OpenType")]
    BadFont { position: usize, face: u32 },
    #[error(
        "the document contains ‘{character}’ but there is no font with Chinese characters: \
         install one (Debian and Ubuntu: `apt-get install fonts-noto-cjk`)"
    )]
    NoCjkFont { character: char },
    #[error("the document could not be typeset: {0}")]
    Typesetting(String),
}

impl Fonts {
    /// Takes the bytes of font files, each with the face to use (0 but for collections: Noto Sans CJK SC is face
    /// 2 of Debian's `NotoSansCJK-Regular.ttc`).
    pub fn new(files: Vec<(Vec<u8>, u32)>) -> Result<Self, PdfError> {
        let mut fonts = Vec::new();
        let mut families: Vec<String> = Vec::new();
        for (position, (bytes, face)) in files.into_iter().enumerate() {
            let font = Font::new(Bytes::new(bytes), face).ok_or(PdfError::BadFont { position, face })?;
            if !families.contains(&font.info().family) {
                families.push(font.info().family.clone());
            }
            fonts.push(font);
        }
        let given = fonts.len();
        fonts.extend(typst_assets::fonts().filter_map(|bytes| Font::new(Bytes::new(bytes), 0)));
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Ok(Self { fonts, book, families, given })
    }

    /// Families handed in, in order.
    pub(crate) fn given_families(&self) -> &[String] {
        &self.families
    }

    /// The first family handed in that has this character.
    pub(crate) fn given_family_with(&self, character: char) -> Option<&str> {
        let has = |font: &&Font| font.info().coverage.contains(u32::from(character));
        self.fonts.iter().take(self.given).find(has).map(|font| font.info().family.as_str())
    }
}

/// Typesets `template` (the text of a `.typ` file) with `data` as its `data.json`. The same input gives the same
/// bytes: dates come from the data, and `identity` (unique per document, stable) becomes the PDF's id.
pub(crate) fn typeset(
    template: &str,
    data: &impl Serialize,
    identity: String,
    fonts: &Fonts,
) -> Result<Vec<u8>, PdfError> {
    let data = serde_json::to_vec(data).map_err(|error| PdfError::Typesetting(error.to_string()))?;
    let source = Source::new(file_id("/main.typ")?, template.to_string());
    let desk = Desk { fonts, source, data_id: file_id("/data.json")?, data: Bytes::new(data) };
    let bytes = compile(&desk, identity);
    // typst memoises its own functions, for editors that typeset nearly the same text again and again. Two
    // statements have so little in common that forgetting at once is both smaller and faster.
    comemo::evict(0);
    bytes
}

fn compile(desk: &Desk<'_>, identity: String) -> Result<Vec<u8>, PdfError> {
    let document = typst::compile::<PagedDocument>(desk).output.map_err(|errors| explain(desk, &errors))?;
    let options = PdfOptions {
        ident: Smart::Custom(identity),
        creator: Smart::Custom(Some("Dunlin".to_string())),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| explain(desk, &errors))
}

fn file_id(path: &str) -> Result<FileId, PdfError> {
    let path = VirtualPath::new(path).map_err(|error| PdfError::Typesetting(error.to_string()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Only templates can fail here, and they are ours: the line helps whoever changes one.
fn explain(desk: &Desk<'_>, errors: &[SourceDiagnostic]) -> PdfError {
    use typst::WorldExt;
    let sentences = errors.iter().map(|error| {
        let line = desk.range(error.span).and_then(|range| desk.source.lines().byte_to_line(range.start));
        match line {
            Some(line) => format!("template line {}: {}", line + 1, error.message),
            None => error.message.to_string(),
        }
    });
    PdfError::Typesetting(sentences.collect::<Vec<_>>().join("; "))
}

/// All that one document can see: its template, its data and the fonts. No files, no packages, no clock.
struct Desk<'a> {
    fonts: &'a Fonts,
    source: Source,
    data_id: FileId,
    data: Bytes,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_id { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
