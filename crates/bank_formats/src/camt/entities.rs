//! Character and entity references. Only the five of XML mean anything; a document's own entities are never
//! looked up, so that no file can make the reader open another or grow without end.

use super::tree::Tree;
use quick_xml::events::BytesRef;

pub(super) fn push_reference(tree: &mut Tree, reference: &BytesRef<'_>) {
    let mut bytes = [0; 4];
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return tree.push_text(c.encode_utf8(&mut bytes));
    }
    match reference.as_ref() {
        "amp" => tree.push_text("&"),
        "lt" => tree.push_text("<"),
        "gt" => tree.push_text(">"),
        "quot" => tree.push_text("\""),
        "apos" => tree.push_text("'"),
        other => tree.push_text(&format!("&{other};")),
    }
}
