//! Yes or no, out of the words in which a buyer answers (SCENARIOS M8). Only plain words count: every word of the answer has
//! to be known as a yes, a no or a courtesy, and all of them have to say the same. Whatever else it says, or asks, leaves it
//! open: "yes, if it is free" is no yes, and a wrong one costs more than a second look.

use super::delivery::is_labelled;
use crate::receivable::coded_enum;

coded_enum! {
    /// What a question by yes or no was answered with.
    Consent {
        Yes = "yes",
        No = "no",
    }
}

const YES: [&str; 87] = [
    "yes",
    "yep",
    "yeah",
    "ok",
    "okay",
    "sure",
    "of course",
    "agree",
    "agreed",
    "i agree",
    "we agree",
    "i agree with it",
    "i agree with this",
    "i agree to it",
    "i agree to this",
    "accept",
    "accepted",
    "i accept",
    "we accept",
    "confirm",
    "confirmed",
    "i confirm",
    "fine",
    "that is fine",
    "that's fine",
    "it is ok",
    "it's ok",
    "that is ok",
    "that's ok",
    "all right",
    "alright",
    "no problem",
    "go ahead",
    "please do",
    "sí",
    "si",
    "claro",
    "claro que sí",
    "claro que si",
    "vale",
    "de acuerdo",
    "estoy de acuerdo",
    "estamos de acuerdo",
    "acepto",
    "aceptamos",
    "aceptado",
    "conforme",
    "confirmo",
    "por supuesto",
    "está bien",
    "esta bien",
    "no hay problema",
    "sin problema",
    "adelante",
    "да",
    "ок",
    "окей",
    "хорошо",
    "ладно",
    "конечно",
    "согласен",
    "согласна",
    "согласны",
    "я согласен",
    "я согласна",
    "мы согласны",
    "подтверждаю",
    "подтверждаем",
    "принимаю",
    "не против",
    "я не против",
    "нет проблем",
    "без проблем",
    "договорились",
    "是",
    "是的",
    "好",
    "好的",
    "好吧",
    "可以",
    "可以的",
    "行",
    "同意",
    "我同意",
    "没问题",
    "没有问题",
    "接受",
];

const NO: [&str; 53] = [
    "no",
    "nope",
    "not agreed",
    "disagree",
    "i disagree",
    "do not agree",
    "don't agree",
    "i do not agree",
    "i don't agree",
    "we do not agree",
    "we don't agree",
    "i do not accept",
    "i don't accept",
    "i do not want it",
    "i don't want it",
    "i do not want this",
    "i don't want this",
    "not ok",
    "not okay",
    "i refuse",
    "no acepto",
    "no aceptamos",
    "no estoy de acuerdo",
    "no estamos de acuerdo",
    "en desacuerdo",
    "rechazo",
    "no quiero",
    "no lo quiero",
    "нет",
    "против",
    "я против",
    "не согласен",
    "не согласна",
    "не согласны",
    "я не согласен",
    "я не согласна",
    "мы не согласны",
    "отказываюсь",
    "не надо",
    "не нужно",
    "не хочу",
    "不",
    "不是",
    "不好",
    "不行",
    "不可以",
    "不同意",
    "我不同意",
    "不要",
    "不用",
    "不用了",
    "不接受",
    "拒绝",
];

const COURTESIES: [&str; 42] = [
    "hello",
    "hi",
    "hey",
    "dear",
    "dear friend",
    "friend",
    "seller",
    "please",
    "thanks",
    "thank you",
    "many thanks",
    "thank you very much",
    "good morning",
    "good day",
    "regards",
    "best regards",
    "kind regards",
    "hola",
    "buenas",
    "buenos días",
    "buenos dias",
    "buenas tardes",
    "gracias",
    "muchas gracias",
    "por favor",
    "saludos",
    "un saludo",
    "здравствуйте",
    "привет",
    "добрый день",
    "доброе утро",
    "добрый вечер",
    "спасибо",
    "большое спасибо",
    "пожалуйста",
    "你好",
    "您好",
    "谢谢",
    "谢谢您",
    "谢谢你",
    "不好意思",
    "亲",
];

/// Plain words are few.
const LONGEST: usize = 1_000;

/// Reads what was said before the first line that names a field of an address. `None`: it says neither, both, or more.
pub fn read_consent(text: &str) -> Option<Consent> {
    if text.len() > LONGEST {
        return None;
    }
    let lines: Vec<&str> = text.lines().take_while(|line| !is_labelled(line)).collect();
    let units = units(&lines.join("\n"))?;
    let mut said: Option<Consent> = None;
    for part in units.split(String::is_empty) {
        let mut rest = part;
        while !rest.is_empty() {
            let (meaning, length) = longest(rest)?;
            if let Some(meaning) = meaning {
                if said.is_some_and(|known| known != meaning) {
                    return None;
                }
                said = Some(meaning);
            }
            rest = &rest[length..];
        }
    }
    said
}

/// The longest phrase that stands at the beginning, by its number of words: "no problem" before "no".
fn longest(words: &[String]) -> Option<(Option<Consent>, usize)> {
    let lists: [(Option<Consent>, &[&str]); 3] =
        [(Some(Consent::Yes), &YES), (Some(Consent::No), &NO), (None, &COURTESIES)];
    let mut found: Option<(Option<Consent>, usize)> = None;
    for (meaning, phrases) in lists {
        for phrase in phrases {
            let Some(phrase) = units(phrase) else { continue };
            let is_longer = found.is_none_or(|(_, known)| phrase.len() > known);
            if is_longer && words.starts_with(&phrase) {
                found = Some((meaning, phrase.len()));
            }
        }
    }
    found
}

/// Words, each Chinese character for itself, and an empty one where something ends. `None`: there is a sign that is more
/// than an end, such as a question mark.
fn units(text: &str) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    let mut word = String::new();
    for letter in text.chars() {
        if is_han(letter) {
            close(&mut word, &mut all);
            all.push(letter.to_string());
        } else if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        } else if matches!(letter, '\'' | '’') && !word.is_empty() {
            word.push('\'');
        } else if letter.is_whitespace() && letter != '\n' {
            close(&mut word, &mut all);
        } else if matches!(
            letter,
            '\n' | '.' | ',' | '!' | '¡' | ';' | ':' | '。' | '，' | '！' | '；' | '、' | '-' | '–' | '—'
        ) {
            close(&mut word, &mut all);
            all.push(String::new());
        } else {
            return None;
        }
    }
    close(&mut word, &mut all);
    Some(all)
}

fn close(word: &mut String, all: &mut Vec<String>) {
    if !word.is_empty() {
        all.push(std::mem::take(word));
    }
}

const fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_read_in_every_language() {
        for yes in [
            "Yes",
            "ok",
            "OK, thank you!",
            "Hello! Yes, I agree.",
            "no problem",
            "Sí, de acuerdo. Gracias",
            "No hay problema",
            "Да, согласна",
            "Здравствуйте! Не против. Спасибо",
            "好的，谢谢",
            "我同意！",
            "没问题",
            "Yes\nAddress: High Street 5",
        ] {
            assert_eq!(read_consent(yes), Some(Consent::Yes), "{yes}");
        }
        for no in [
            "No",
            "no, thanks",
            "I don’t agree",
            "Not ok",
            "No estoy de acuerdo",
            "No, gracias",
            "Нет",
            "Не согласен, спасибо",
            "不同意",
            "不用了，谢谢",
            "不好意思，不行",
        ] {
            assert_eq!(read_consent(no), Some(Consent::No), "{no}");
        }
    }

    #[test]
    fn what_is_not_clear_is_not_guessed() {
        for open in [
            "",
            "thanks",
            "Yes?",
            "Ok, but only if it costs nothing",
            "yes and no",
            "no, I agree",
            "Да нет",
            "How much is it?",
            "可以吗",
            "不一定",
            "all is right",
            "If yes, when does it come",
            "👎",
            "Address: Yes Street 1",
            "no agree with you, please explain",
        ] {
            assert_eq!(read_consent(open), None, "{open}");
        }
    }

    #[test]
    fn no_phrase_says_two_things() {
        let all: Vec<&str> = YES.into_iter().chain(NO).chain(COURTESIES).collect();
        for (nth, phrase) in all.iter().enumerate() {
            assert!(!all[..nth].contains(phrase), "{phrase}");
            assert!(units(phrase).is_some_and(|units| units.iter().all(|unit| !unit.is_empty())), "{phrase}");
        }
    }
}
