//! The text of a CSV file in whatever encoding, and the name of that encoding.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8};

/// Never fails: bytes that fit nothing become replacement characters.
pub(crate) fn decode(bytes: &[u8]) -> (String, &'static str) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling(&bytes[length..]).0;
        return (text.into_owned(), encoding.name());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), UTF_8.name());
    }
    let encoding = guess(bytes);
    (encoding.decode_without_bom_handling(bytes).0.into_owned(), encoding.name())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    // A file cut off within its last character is still UTF-8.
    if std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none()) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    // A few Chinese words are too little for the detector and are taken for Western letters.
    if encoding == GBK || (encoding.is_single_byte() && looks_gb2312(bytes)) { GB18030 } else { encoding }
}

/// All bytes above ASCII come in pairs of the common Chinese block (GB 2312: A1–F7, A1–FE), and most pairs are
/// characters rather than punctuation. Accented Western letters mostly stand alone.
fn looks_gb2312(bytes: &[u8]) -> bool {
    let (mut pairs, mut characters, mut at) = (0, 0, 0);
    while let Some(&lead) = bytes.get(at) {
        if lead < 0x80 {
            at += 1;
            continue;
        }
        if !(0xa1..=0xf7).contains(&lead) || !bytes.get(at + 1).is_some_and(|trail| (0xa1..=0xfe).contains(trail)) {
            return false;
        }
        pairs += 1;
        characters += usize::from(lead >= 0xb0);
        at += 2;
    }
    pairs >= 2 && characters * 2 >= pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_people_have() {
        let text = "订单号,客户,金额\n1,宁波海燕,￥5\n";
        let utf16 =
            |bytes: fn(u16) -> [u8; 2]| format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let cases: [(Vec<u8>, &str); 5] = [
            (text.as_bytes().to_vec(), "UTF-8"),
            (format!("\u{feff}{text}").into_bytes(), "UTF-8"),
            (GBK.encode(text).0.into_owned(), "gb18030"),
            (utf16(u16::to_le_bytes), "UTF-16LE"),
            (utf16(u16::to_be_bytes), "UTF-16BE"),
        ];
        for (bytes, name) in cases {
            assert_eq!(decode(&bytes), (text.to_owned(), name));
        }
        assert_eq!(
            decode(b"Kunde;Stra\xdfe\nM\xfcller;K\xf6ln"),
            ("Kunde;Straße\nMüller;Köln".to_owned(), "windows-1252")
        );
        assert_eq!(decode(&GB18030.encode("姓名\n张三").0), ("姓名\n张三".to_owned(), "gb18030"));
    }
}
