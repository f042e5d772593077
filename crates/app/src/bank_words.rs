//! What the readers of bank statements say, in a reader's language: the usual messages have a word in `import.ftl`,
//! the rest stays as it is.

use dunlin_core::explain::{UiLanguage, coded, phrase};

/// "line 12: unreadable amount ‘12,3O’ (:61:…)".
pub fn problem(at: &str, what: &str, kept: &str, language: UiLanguage) -> String {
    let mut values = vec![("at", place(at, language)), ("what", said(what, language))];
    let key = if kept.is_empty() { "bank-problem" } else { "bank-problem-kept" };
    values.push(("kept", kept.to_string()));
    phrase(language, key, &values)
}

/// `line 12`, `entry 3 (line 12)`, `statement 1 (line 4–60)`.
fn place(at: &str, language: UiLanguage) -> String {
    let words = |key: &str, number: &str, line: &str| {
        phrase(language, key, &[("number", number.to_string()), ("line", line.to_string())])
    };
    let numbered = |start: &str| at.strip_prefix(start)?.strip_suffix(')')?.split_once(" (line ");
    if let Some((number, line)) = numbered("entry ") {
        words("bank-at-entry", number, line)
    } else if let Some((number, line)) = numbered("statement ") {
        words("bank-at-statement", number, line)
    } else if let Some(line) = at.strip_prefix("line ") {
        words("bank-at-line", "", line)
    } else {
        at.to_string()
    }
}

fn said(what: &str, language: UiLanguage) -> String {
    if let Some(sum) = sum(what, language) {
        return sum;
    }
    let (head, read) = match what.split_once('‘') {
        Some((head, rest)) => (head.trim_end_matches([' ', ':']), rest.strip_suffix('’')),
        None => (what, None),
    };
    let word = coded(language, "bank", head);
    match read {
        // Without a word of its own it is said as it came.
        _ if word == head => what.to_string(),
        Some(read) => phrase(language, "bank-says", &[("what", word), ("read", read.to_string())]),
        None if head == what => word,
        None => what.to_string(),
    }
}

fn sum(what: &str, language: UiLanguage) -> Option<String> {
    let (from, rest) = what.strip_prefix("the entries do not add up: opening ")?.split_once(" + entries ")?;
    let (sum, rest) = rest.split_once(" is not closing ")?;
    let (to, rest) = rest.split_once(", the difference is ")?;
    let values = [("from", from), ("sum", sum), ("to", to), ("rest", rest)];
    Some(phrase(language, "bank-sum", &values.map(|(name, value)| (name, value.to_string()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_messages_have_words_and_others_stay() {
        let chinese = |at, what, kept| problem(at, what, kept, UiLanguage::ZhCn);
        assert_eq!(chinese("line 12", "unreadable amount ‘1,2O’", ""), "第12行：无法识别金额：“1,2O”");
        assert_eq!(chinese("entry 3 (line 9)", "no value date", "x"), "第3笔（第9行）：没有起息日（x）");
        assert_eq!(chinese("line 2", "unknown field :99:", ""), "第2行：unknown field :99:");
        let english = problem("entry 3 (line 9)", "neither credit nor debit: ‘X’", "", UiLanguage::En);
        assert_eq!(english, "entry 3 (line 9): neither credit nor debit: ‘X’");
        let sum = "the entries do not add up: opening 1 + entries 2 is not closing 4, the difference is 1";
        assert_eq!(problem("line 1", sum, "", UiLanguage::En), format!("line 1: {sum}"));
    }
}
