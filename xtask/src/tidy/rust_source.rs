//! Tells Rust code from comments, strings and tests, as far as the rules need it: a scanner of a hundred
//! lines, no parser. Columns are not kept, lines are.

/// What a file says, split by kind.
pub struct RustSource {
    /// The file with comments, string contents and test modules blanked out, line for line.
    pub code: Vec<String>,
    /// Every string literal outside tests: the line it begins on (from 1) and its content.
    pub strings: Vec<(usize, String)>,
}

impl RustSource {
    /// Code lines that are not blank, numbered from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.code.iter().enumerate().map(|(index, line)| (index + 1, line.as_str()));
        numbered.filter(|(_, line)| !line.trim().is_empty())
    }

    /// `use` statements, each on one line, with the line it begins on.
    pub fn uses(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let mut open: Option<(usize, String)> = None;
        for (number, line) in self.lines() {
            let trimmed = line.trim();
            let begins = ["use ", "pub use ", "pub(crate) use ", "pub(super) use "];
            if open.is_none() && begins.iter().any(|start| trimmed.starts_with(start)) {
                open = Some((number, String::new()));
            }
            if let Some((_, text)) = open.as_mut() {
                text.push_str(trimmed);
                if trimmed.contains(';') {
                    found.extend(open.take());
                }
            }
        }
        found
    }
}

/// Whether `word` stands in `text` with no letter, digit or underscore beside it.
pub fn has_word(text: &str, word: &str) -> bool {
    let joins = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(word).any(|(at, _)| {
        // A word such as `std::fs` or `rand::` ends as it likes; only letters count at its own ends.
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let begins_inside = joins(before) && joins(word.chars().next());
        let ends_inside = joins(after) && joins(word.chars().next_back());
        !begins_inside && !ends_inside
    })
}

pub fn read(text: &str) -> RustSource {
    let mut scanner = Scanner { letters: text.chars().collect(), at: 0, line: 1, code: String::new(), strings: vec![] };
    scanner.scan();
    let mut code: Vec<String> = scanner.code.lines().map(str::to_owned).collect();
    let tests = blank_tests(&mut code);
    let outside = |line: &usize| !tests.iter().any(|(from, to)| (from..=to).contains(&line));
    let strings = scanner.strings.into_iter().filter(|(line, _)| outside(line)).collect();
    RustSource { code, strings }
}

struct Scanner {
    letters: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    strings: Vec<(usize, String)>,
}

impl Scanner {
    fn peek(&self, ahead: usize) -> char {
        self.letters.get(self.at + ahead).copied().unwrap_or('\0')
    }

    /// Takes one letter; it goes into the code, or a blank does.
    fn take(&mut self, keep: bool) -> char {
        let letter = self.peek(0);
        self.at += 1;
        if letter == '\n' {
            self.line += 1;
            self.code.push('\n');
        } else {
            self.code.push(if keep { letter } else { ' ' });
        }
        letter
    }

    fn scan(&mut self) {
        while self.at < self.letters.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '/') => {
                    while self.at < self.letters.len() && self.peek(0) != '\n' {
                        self.take(false);
                    }
                }
                ('/', '*') => self.block_comment(),
                ('"', _) => self.string(),
                ('r', '"' | '#') if !self.follows_word() && self.raw_hashes().is_some() => self.raw_string(),
                ('\'', _) => self.character_or_lifetime(),
                _ => {
                    self.take(true);
                }
            }
        }
    }

    /// Whether the letter before belongs to the same word, as in `attr"`; a byte string's `b` does not count.
    fn follows_word(&self) -> bool {
        let before = self.at.checked_sub(1).map_or(' ', |at| self.letters[at]);
        (before.is_alphanumeric() || before == '_') && before != 'b' && before != 'c'
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.letters.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    self.take(false);
                    continue;
                }
            }
            self.take(false);
            self.take(false);
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let line = self.line;
        let mut content = String::new();
        self.take(true);
        while self.at < self.letters.len() && self.peek(0) != '"' {
            if self.peek(0) == '\\' {
                content.push(self.take(false));
            }
            content.push(self.take(false));
        }
        self.take(true);
        self.strings.push((line, content));
    }

    fn raw_hashes(&self) -> Option<usize> {
        let hashes = (1..).take_while(|ahead| self.peek(*ahead) == '#').count();
        (self.peek(hashes + 1) == '"').then_some(hashes)
    }

    fn raw_string(&mut self) {
        let hashes = self.raw_hashes().unwrap_or_default();
        let line = self.line;
        let mut content = String::new();
        for _ in 0..hashes + 2 {
            self.take(true);
        }
        while self.at < self.letters.len() {
            if self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#') {
                break;
            }
            content.push(self.take(false));
        }
        for _ in 0..=hashes {
            self.take(true);
        }
        self.strings.push((line, content));
    }

    fn character_or_lifetime(&mut self) {
        if self.peek(1) == '\\' {
            self.take(true);
            self.take(false);
            self.take(false);
            while self.at < self.letters.len() && self.peek(0) != '\'' {
                self.take(false);
            }
        } else if self.peek(2) == '\'' {
            self.take(true);
            self.take(false);
        }
        self.take(true);
    }
}

/// Blanks what `#[cfg(test)]` governs and gives the line ranges.
fn blank_tests(code: &mut [String]) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut index = 0;
    while index < code.len() {
        if !code[index].trim_start().starts_with("#[cfg(test)]") {
            index += 1;
            continue;
        }
        let from = index;
        let mut depth = 0_i32;
        let mut opened = false;
        while index < code.len() {
            let attribute = code[index].trim_start().starts_with("#[");
            for letter in code[index].chars() {
                depth += i32::from(letter == '{') - i32::from(letter == '}');
                opened |= letter == '{';
            }
            let ends = (opened && depth <= 0) || (!opened && !attribute && code[index].contains(';'));
            code[index].clear();
            index += 1;
            if ends {
                break;
            }
        }
        ranges.push((from + 1, index));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_tests_are_no_code() {
        let source = read(
            "let a = \"tokio \\\" x\"; // tokio\n/* tokio /* nested */ tokio */ let b = 'a';\n\
             fn c<'a>(d: &'a str) { e(r#\"tokio \"quoted\" \"#, '\\'', b\"tokio\") }\n\
             #[cfg(test)]\nmod tests {\n    use tokio;\n    const T: &str = \"in a test\";\n}\nlet f = 1;\n",
        );
        let code = source.code.join("\n");
        assert!(!code.contains("tokio"), "{code}");
        assert!(code.contains("let b") && code.contains("&'a str") && code.contains("let f = 1;"), "{code}");
        let strings: Vec<_> = source.strings.iter().map(|(line, text)| (*line, text.as_str())).collect();
        assert_eq!(strings, [(1, "tokio \\\" x"), (3, "tokio \"quoted\" "), (3, "tokio")]);
    }

    #[test]
    fn a_test_module_in_another_file_hides_only_its_own_line() {
        let source = read("#[cfg(test)]\nmod tests;\nlet a = 1;\n");
        assert_eq!(source.lines().collect::<Vec<_>>(), [(3, "let a = 1;")]);
    }

    #[test]
    fn a_use_over_several_lines_is_one_statement() {
        let source = read("use crate::{\n    a,\n    decide,\n};\nlet b = 1;\n");
        assert_eq!(source.uses(), [(1, "use crate::{a,decide,};".to_owned())]);
    }

    #[test]
    fn a_word_stands_alone() {
        assert!(has_word("use crate::decide;", "decide"));
        assert!(!has_word("let undecided = 1;", "decide"));
        assert!(has_word("rand::rng()", "rand::"));
        assert!(!has_word("operand::left", "rand::"));
    }
}
