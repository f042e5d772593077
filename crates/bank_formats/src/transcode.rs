//! Any bytes in, UTF-8 out, as a stream.
//!
//! Banks send UTF-8, UTF-16, Latin-1, Windows-1252, GBK and mixtures of them. Valid UTF-8 passes unchanged; a
//! line that is not UTF-8 is read in the encoding the XML declaration names, else in the one its bytes look
//! like, else Windows-1252. Control characters other than tab and line ends are dropped (SWIFT files carry
//! SOH and ETX around messages), and a lone CR becomes a line end. Line numbers are counted here, over what
//! has been consumed.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{self, BufRead, Read};

/// How much may be undecoded at once: bounds memory on a file without line ends.
const BLOCK: usize = 64 * 1024;

pub(crate) struct Transcoder<R> {
    inner: R,
    raw: Vec<u8>,
    text: Vec<u8>,
    read: usize,
    newlines: u32,
    ended: bool,
    mode: Option<Mode>,
}

enum Mode {
    /// UTF-8 with the encoding for lines that are not; `None` until the first such line.
    Mostly8(Option<&'static Encoding>),
    /// A multi-byte encoding of its own (UTF-16) that must be decoded as one stream.
    Stream(Box<encoding_rs::Decoder>),
}

impl<R: BufRead> Transcoder<R> {
    pub(crate) fn new(inner: R) -> Self {
        let (raw, text) = (Vec::new(), Vec::new());
        Transcoder { inner, raw, text, read: 0, newlines: 0, ended: false, mode: None }
    }

    /// The line of the next unread byte, counted from 1.
    pub(crate) fn line(&self) -> u32 {
        self.newlines.saturating_add(1)
    }

    /// The beginning of the text, without consuming it.
    pub(crate) fn peek(&mut self) -> io::Result<String> {
        Ok(String::from_utf8_lossy(self.fill_buf()?).into_owned())
    }

    /// After a read error: gives nothing more, so that no caller can loop on the error.
    pub(crate) fn stop(&mut self) {
        self.raw.clear();
        self.text.clear();
        self.read = 0;
        self.ended = true;
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.read = 0;
        while self.text.is_empty() && !(self.ended && self.raw.is_empty()) {
            while !self.ended && self.raw.len() < BLOCK {
                let chunk = match self.inner.fill_buf() {
                    Ok(chunk) => chunk,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(error),
                };
                let taken = chunk.len().min(BLOCK);
                self.ended = taken == 0;
                self.raw.extend_from_slice(&chunk[..taken]);
                self.inner.consume(taken);
            }
            let raw = &mut self.raw;
            match self.mode.get_or_insert_with(|| choose_mode(raw)) {
                Mode::Stream(decoder) => {
                    let mut out = String::with_capacity(raw.len() * 3 + 16);
                    let _ = decoder.decode_to_string(raw, &mut out, self.ended);
                    raw.clear();
                    push_clean(&mut self.text, &out);
                }
                Mode::Mostly8(fallback) => {
                    let cut = if self.ended { raw.len() } else { last_end(raw) };
                    decode_block(&raw[..cut], fallback, &mut self.text);
                    raw.drain(..cut);
                }
            }
        }
        Ok(())
    }
}

/// Where the last line or tag ends; a block without any end is cut where it does not split a character.
fn last_end(raw: &[u8]) -> usize {
    if let Some(at) = raw.iter().rposition(|b| matches!(b, b'\n' | b'>')) {
        return at + 1;
    }
    match std::str::from_utf8(raw) {
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => error.valid_up_to(),
        _ => raw.len(),
    }
}

fn choose_mode(raw: &mut Vec<u8>) -> Mode {
    if let Some((encoding, length)) = Encoding::for_bom(raw) {
        raw.drain(..length);
        if encoding != UTF_8 {
            return Mode::Stream(Box::new(encoding.new_decoder_without_bom_handling()));
        }
    } else if raw.starts_with(b"<\0") || raw.starts_with(b":\0") {
        return Mode::Stream(Box::new(UTF_16LE.new_decoder_without_bom_handling()));
    } else if raw.starts_with(b"\0<") || raw.starts_with(b"\0:") {
        return Mode::Stream(Box::new(UTF_16BE.new_decoder_without_bom_handling()));
    }
    Mode::Mostly8(declared(raw))
}

/// The encoding of `<?xml … encoding="…"?>`, when it is another one than UTF-8.
fn declared(raw: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&raw[..raw.len().min(200)]).into_owned();
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let quoted = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let label = quoted.get(1..)?.split(['"', '\'']).next()?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // A file that declares UTF-16 yet was readable up to here is not UTF-16.
    (encoding != UTF_8 && encoding != UTF_16LE && encoding != UTF_16BE).then_some(encoding)
}

fn decode_block(block: &[u8], fallback: &mut Option<&'static Encoding>, text: &mut Vec<u8>) {
    if let Ok(valid) = std::str::from_utf8(block) {
        return push_clean(text, valid);
    }
    let other = *fallback.get_or_insert_with(|| guess(block));
    // Two Chinese characters can look like valid UTF-8 by chance; two Latin-1 letters hardly ever do.
    let trust_utf8 = other.is_single_byte();
    for line in block.split_inclusive(|b| matches!(b, b'\n' | b'>')) {
        match std::str::from_utf8(line) {
            Ok(valid) if trust_utf8 || valid.is_ascii() => push_clean(text, valid),
            _ => push_clean(text, &other.decode_without_bom_handling(line).0),
        }
    }
}

/// Looks only at what is not UTF-8, because the rest says nothing about the old encoding.
fn guess(block: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for line in block.split_inclusive(|b| *b == b'\n').filter(|line| std::str::from_utf8(line).is_err()) {
        detector.feed(line, false);
    }
    detector.feed(b"", true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    if encoding.is_ascii_compatible() { encoding } else { WINDOWS_1252 }
}

fn push_clean(text: &mut Vec<u8>, decoded: &str) {
    let bytes = decoded.as_bytes();
    let wanted = |b: &u8| *b >= 0x20 && *b != 0x7f || matches!(b, b'\n' | b'\t');
    // Without a way out of the loop it is compiled to vector instructions.
    if !bytes.iter().fold(false, |odd, byte| odd | !wanted(byte)) {
        return text.extend_from_slice(bytes);
    }
    for (at, byte) in bytes.iter().enumerate() {
        if wanted(byte) {
            text.push(*byte);
        } else if *byte == b'\r' && bytes.get(at + 1).is_some_and(|next| *next != b'\n') {
            text.push(b'\n');
        }
    }
}

impl<R: BufRead> Read for Transcoder<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(target.len());
        target[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Transcoder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.read >= self.text.len() {
            self.refill()?;
        }
        Ok(&self.text[self.read..])
    }

    fn consume(&mut self, amount: usize) {
        let end = (self.read + amount).min(self.text.len());
        let lines = self.text[self.read..end].iter().filter(|b| **b == b'\n').count();
        self.newlines = self.newlines.saturating_add(lines as u32);
        self.read = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut out = String::new();
        Transcoder::new(bytes).read_to_string(&mut out).map(|_| out).unwrap()
    }

    #[test]
    fn encodings_that_banks_send() {
        assert_eq!(read("Müller\n".as_bytes()), "Müller\n");
        assert_eq!(read("\u{feff}Müller\n".as_bytes()), "Müller\n");
        assert_eq!(read(b"M\xfcller Stra\xdfe\n"), "Müller Straße\n");
        assert_eq!(
            read(b"<?xml version=\"1.0\" encoding='ISO-8859-2'?><a>\xb3</a>"),
            "<?xml version=\"1.0\" encoding='ISO-8859-2'?><a>ł</a>"
        );
        let gbk = encoding_rs::GBK.encode("宁波海燕进出口有限公司 货款 订单\n").0.into_owned();
        assert_eq!(read(&gbk), "宁波海燕进出口有限公司 货款 订单\n");
        let utf16: Vec<u8> = "\u{feff}:20:ß\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16), ":20:ß\n");
    }

    #[test]
    fn control_bytes_are_dropped_and_lone_cr_is_a_line_end() {
        assert_eq!(read(b"\x01{1:F01}\r\n:20:A\0B\r:25:C\n\x03"), "{1:F01}\n:20:AB\n:25:C\n");
    }

    #[test]
    fn lines_are_counted_as_consumed() {
        let mut source = Transcoder::new(&b"a\nb\nc"[..]);
        source.consume(0);
        assert_eq!(source.peek().unwrap(), "a\nb\nc");
        source.consume(2);
        assert_eq!(source.line(), 2);
    }
}
