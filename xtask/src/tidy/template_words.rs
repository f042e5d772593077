//! Page templates carry no words of their own: every text a person reads comes from the catalogues, or one
//! of the two languages would miss it. Names of keys (`<kbd>`) and code are exempt.

use super::Finding;
use super::tree::{SourceFile, Tree};

/// Words that are the same in every language.
const NAMES: &[&str] = &["Dunlin", "doctype", "html"];
/// What stands inside these is no prose.
const EXEMPT: &[&str] = &["kbd", "code", "script", "style"];
/// Attributes a person reads or hears.
const SPOKEN: &[&str] = &["title=\"", "alt=\"", "placeholder=\"", "aria-label=\"", "aria-description=\""];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let pages = tree.below("crates/app/src/web").filter(|file| file.path.ends_with(".html"));
    pages.flat_map(check_template).collect()
}

fn check_template(file: &SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let text = without_template_parts(&file.text);
    for (index, line) in text.lines().enumerate() {
        let spoken = SPOKEN.iter().flat_map(|name| line.split(name).skip(1)).filter_map(|rest| rest.split('"').next());
        for word in spoken.filter_map(literal_word) {
            findings.push(words_found(file, index + 1, &word));
        }
        if line.chars().any(is_han) {
            let remedy = "put them into both catalogues and name the key here";
            findings.push(Finding::new(&file.path, index + 1, "Chinese words in a template", remedy));
        }
    }
    for (index, line) in prose(&text).lines().enumerate() {
        if let Some(word) = literal_word(line) {
            findings.push(words_found(file, index + 1, &word));
        }
    }
    findings
}

fn words_found(file: &SourceFile, line: usize, word: &str) -> Finding {
    let remedy = "put the words into both catalogues and name the key here";
    Finding::new(&file.path, line, format!("the literal word `{word}` in a template"), remedy)
}

fn is_han(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter) || ('\u{3400}'..='\u{4dbf}').contains(&letter)
}

/// Blanks `{{ … }}`, `{% … %}`, `{# … #}` and HTML comments, keeping the lines.
fn without_template_parts(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let pairs = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<!--", "-->")];
    while let Some((at, (open, close))) =
        pairs.iter().filter_map(|pair| rest.find(pair.0).map(|at| (at, *pair))).min_by_key(|(at, _)| *at)
    {
        out.push_str(&rest[..at]);
        let inside = &rest[at + open.len()..];
        let length = inside.find(close).map_or(inside.len(), |end| end + close.len());
        out.extend(inside[..length].chars().filter(|letter| *letter == '\n'));
        rest = &inside[length..];
    }
    out.push_str(rest);
    out
}

/// What stands between tags, outside the exempt elements; the lines stay.
fn prose(text: &str) -> String {
    let mut out = String::new();
    let mut exempt: Option<String> = None;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if exempt.is_none() {
            out.push_str(&rest[..at]);
        } else {
            out.extend(rest[..at].chars().filter(|letter| *letter == '\n'));
        }
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let tag = &rest[at..end];
        out.extend(tag.chars().filter(|letter| *letter == '\n'));
        out.push(' ');
        let name = tag.trim_start_matches(['<', '/']).split([' ', '>', '/', '\n']).next().unwrap_or_default();
        if tag.starts_with("</") {
            if exempt.as_deref() == Some(name) {
                exempt = None;
            }
        } else if exempt.is_none() && EXEMPT.contains(&name) && !tag.ends_with("/>") {
            exempt = Some(name.to_owned());
        }
        rest = &rest[end..];
    }
    if exempt.is_none() {
        out.push_str(rest);
    }
    out
}

/// The first run of three Latin letters or more that is neither an entity (`&nbsp;`) nor a proper name.
fn literal_word(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(at) = rest.find(|letter: char| letter.is_ascii_alphabetic()) {
        let length = rest[at..].find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len() - at);
        let word = &rest[at..at + length];
        let is_entity = rest[..at].ends_with('&') && rest[at + length..].starts_with(';');
        if length >= 3 && !is_entity && !NAMES.contains(&word) {
            return Some(word.to_owned());
        }
        rest = &rest[at + length..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        let tree = Tree::of(&[("crates/app/src/web/pages/a.html", text)]);
        check(&tree).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn words_in_a_template_are_found() {
        assert_eq!(lines("<h1>\n  Approve\n</h1>"), [2]);
        assert_eq!(lines("<p>今天</p>"), [1]);
        assert_eq!(lines("<input placeholder=\"Search\">"), [1]);
        assert_eq!(lines("{% if a %}\n<b>Overdue</b>{% endif %}"), [2]);
    }

    #[test]
    fn keys_code_and_template_parts_are_no_words() {
        let text = "<!doctype html>\n<title>Dunlin</title>{# a comment #}\n<h1 class=\"big\">{{ t.get(\"today\") }}</h1>\n\
                    <kbd>Enter</kbd> &nbsp;· <script>\nlet x = 1;\n</script><a aria-label=\"{{ label }}\">A–Z</a>";
        assert_eq!(lines(text), Vec::<usize>::new());
    }
}
