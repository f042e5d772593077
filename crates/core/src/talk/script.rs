//! A text as the reader of talks wants it: small letters without accents, full-width signs as plain ones, with the way
//! back to the bytes of the original; cut into sentences and clauses.

use std::ops::Range;

use super::words;

/// The characters of a text, made alike, and where each stood.
pub struct Script {
    chars: Vec<char>,
    /// Byte of every character; one more at the end.
    bytes: Vec<usize>,
}

/// One sentence, in characters.
pub struct Sentence {
    pub range: Range<usize>,
    pub clauses: Vec<Range<usize>>,
    pub is_question: bool,
}

impl Script {
    pub fn of(text: &str) -> Self {
        let (mut chars, mut bytes) = (Vec::new(), Vec::new());
        for (at, char) in text.char_indices() {
            chars.push(alike(char));
            bytes.push(at);
        }
        bytes.push(text.len());
        Self { chars, bytes }
    }

    /// The character there; a line end beyond the text.
    pub fn at(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or('\n')
    }

    /// The character before.
    pub fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or('\n', |at| self.at(at))
    }

    pub fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        let byte = |at: usize| self.bytes.get(at).or(self.bytes.last()).copied().unwrap_or(0);
        byte(range.start)..byte(range.end)
    }

    /// The end of `word` when it stands there. Latin words stand alone: "pay" is not in "repayment".
    pub fn word(&self, at: usize, word: &str) -> Option<usize> {
        let mut end = at;
        for char in word.chars() {
            if self.at(end) != char || end >= self.chars.len() {
                return None;
            }
            end += 1;
        }
        let is_open = |inner: char, outer: char| is_latin(inner) && is_latin(outer);
        let cut = is_open(self.at(at), self.before(at)) || (end > at && is_open(self.at(end - 1), self.at(end)));
        (!cut && end > at).then_some(end)
    }

    /// The longest of `words` that stands there.
    pub fn any_word(&self, at: usize, words: &[&str]) -> Option<usize> {
        words.iter().filter_map(|word| self.word(at, word)).max()
    }

    /// Whether one of `words` ends right before, with a space between or without.
    pub fn follows(&self, at: usize, words: &[&str]) -> bool {
        let end = if self.before(at) == ' ' { at - 1 } else { at };
        words.iter().any(|word| {
            let length = word.chars().count();
            end.checked_sub(length).is_some_and(|start| self.word(start, word) == Some(end))
        })
    }

    pub fn find_any(&self, range: &Range<usize>, words: &[&str]) -> Option<Range<usize>> {
        range.clone().find_map(|at| {
            let end = self.any_word(at, words).filter(|end| *end <= range.end)?;
            Some(at..end)
        })
    }

    pub fn has_any(&self, range: &Range<usize>, words: &[&str]) -> bool {
        self.find_any(range, words).is_some()
    }

    /// A whole number of at most so many digits, which no digit follows.
    pub fn number(&self, at: usize, most: usize) -> Option<(u32, usize)> {
        let mut end = at;
        let mut value = 0_u32;
        while let Some(digit) = self.at(end).to_digit(10) {
            if end - at >= most {
                return None;
            }
            value = value * 10 + digit;
            end += 1;
        }
        (end > at).then_some((value, end))
    }

    /// Past a space, if there is one.
    pub fn past_space(&self, at: usize) -> usize {
        if self.at(at) == ' ' { at + 1 } else { at }
    }

    pub fn sentences(&self) -> Vec<Sentence> {
        let mut all = Vec::new();
        let mut start = 0;
        for at in 0..=self.chars.len() {
            let ends = at == self.chars.len() || self.ends_sentence(at);
            if !ends {
                continue;
            }
            if self.chars.get(start..at).is_some_and(|chars| chars.iter().any(|char| !char.is_whitespace())) {
                let range = start..at;
                let asks = self.at(at) == '?' || range.clone().any(|at| self.at(at) == '\u{bf}');
                let is_question = asks || self.has_any(&range, words::ASKS);
                all.push(Sentence { clauses: self.clauses(&range), is_question, range });
            }
            start = at + 1;
        }
        all
    }

    fn ends_sentence(&self, at: usize) -> bool {
        match self.at(at) {
            '\n' | '!' | '?' | ';' | '\u{3002}' => true,
            '.' => matches!(self.at(at + 1), ' ' | '\n'),
            _ => false,
        }
    }

    fn clauses(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let mut all = Vec::new();
        let mut start = range.start;
        for at in range.clone() {
            let comma = match self.at(at) {
                '\u{ff0c}' => true,
                ',' => !(self.before(at).is_ascii_digit() && self.at(at + 1).is_ascii_digit()),
                _ => false,
            };
            // "I cannot pay now but will on Friday": a turn begins a clause of its own.
            let turn = at > start && self.any_word(at, words::TURNS).is_some();
            if comma || turn {
                all.push(start..at);
                start = if comma { at + 1 } else { at };
            }
        }
        all.push(start..range.end);
        all
    }
}

/// Letters and digits that make one word with their neighbours.
pub fn is_latin(char: char) -> bool {
    char.is_alphanumeric() && !('\u{2e80}'..='\u{9fff}').contains(&char)
}

fn alike(char: char) -> char {
    let plain = match char {
        // The Chinese comma parts clauses also between digits, so it stays what it is.
        '\u{ff0c}' => char,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xfee0).unwrap_or(char),
        '\u{ffe5}' => '\u{a5}',
        '\u{2019}' | '\u{2018}' | '\u{b4}' => '\'',
        '\u{a0}' | '\u{3000}' | '\u{202f}' | '\t' => ' ',
        '\u{2013}' | '\u{2014}' => '-',
        '\r' => ' ',
        other => other,
    };
    let small = plain.to_lowercase().next().unwrap_or(plain);
    match small {
        'á' | 'à' => 'a',
        'é' | 'è' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        '週' => '周',
        '號' => '号',
        other => other,
    }
}
