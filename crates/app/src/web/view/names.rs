//! Names in mixed scripts. A page runs from left to right; a name that begins with Arabic or Hebrew letters would
//! otherwise take the Latin words, brackets and dots beside it along, and they would stand in the wrong order.

/// First Strong Isolate and Pop Directional Isolate: for sentences, where no element can stand around a name.
const ISOLATE: char = '\u{2068}';
const END: char = '\u{2069}';

/// The stretches of a name that run in one direction each: the name, and a transcription in brackets behind it.
pub fn parts(name: &str) -> Vec<&str> {
    let cut = name.match_indices(" (").map(|(at, _)| at).find(|at| {
        let (head, tail) = name.split_at(*at);
        runs_left(head) != runs_left(tail)
    });
    match cut {
        Some(at) if name.chars().any(is_rtl) => vec![&name[..at], &name[at + 1..]],
        _ => vec![name],
    }
}

/// The name for use inside a sentence; unchanged when all of it runs from left to right.
pub fn isolated(name: &str) -> String {
    if !name.chars().any(is_rtl) {
        return name.to_string();
    }
    let around = |part: &str| format!("{ISOLATE}{part}{END}");
    parts(name).into_iter().map(around).collect::<Vec<_>>().join(" ")
}

/// What a person pasted into a search, without the marks that [`isolated`] put there.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| ![ISOLATE, END].contains(c)).collect()
}

/// The direction of the first letter that has one.
fn runs_left(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(is_rtl)
}

/// Letters of the scripts that run from right to left (Unicode blocks Hebrew to Arabic Extended-A, and their
/// presentation forms).
fn is_rtl(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcription_stands_apart_and_other_names_stay_whole() {
        assert_eq!(parts("واحة (Wahat Co.)"), ["واحة", "(Wahat Co.)"]);
        assert_eq!(parts("Desert Lantern (Dubai) LLC"), ["Desert Lantern (Dubai) LLC"]);
        assert_eq!(parts("رمال (جدة)"), ["رمال (جدة)"]);
        assert_eq!(isolated("Rossi (Milano) Srl"), "Rossi (Milano) Srl");
        assert_eq!(plain(&isolated("واحة (Wahat Co.)")), "واحة (Wahat Co.)");
    }
}
