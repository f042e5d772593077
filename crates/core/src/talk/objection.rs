//! Whether a buyer asks not to be written to any more. A whole sentence has to say it, in plain words: "do not contact me
//! before Monday" is no objection, and a wrong one would silence the firm towards a buyer who waits.

/// Sentences in small letters, without courtesies and marks.
const OBJECTIONS: [&str; 66] = [
    "stop writing",
    "stop writing me",
    "stop writing to me",
    "stop messaging",
    "stop messaging me",
    "stop sending me messages",
    "stop sending messages",
    "stop sending me emails",
    "stop contacting me",
    "stop bothering me",
    "stop spamming",
    "stop spamming me",
    "do not write me",
    "do not write to me",
    "do not message me",
    "do not contact me",
    "do not send me messages",
    "do not send me any messages",
    "do not send me more messages",
    "don't write me",
    "don't write to me",
    "don't message me",
    "don't contact me",
    "don't send me messages",
    "don't send me any messages",
    "don't send me more messages",
    "never write to me",
    "never contact me",
    "i do not want your messages",
    "i don't want your messages",
    "i do not want to receive messages",
    "i don't want to receive messages",
    "leave me alone",
    "unsubscribe",
    "unsubscribe me",
    "no me escriba",
    "no me escriban",
    "no me escribas",
    "no me contacte",
    "no me contacten",
    "no me contactes",
    "no me envíe mensajes",
    "no me envíen mensajes",
    "no me envíes mensajes",
    "deje de escribirme",
    "dejen de escribirme",
    "deja de escribirme",
    "no quiero recibir mensajes",
    "no quiero sus mensajes",
    "не пишите мне",
    "не пиши мне",
    "перестаньте писать",
    "перестаньте мне писать",
    "хватит писать",
    "хватит мне писать",
    "не беспокойте меня",
    "не присылайте сообщения",
    "отпишите меня",
    "отписаться",
    "不要给我发消息",
    "不要联系我",
    "请勿联系我",
    "别联系我",
    "别给我发消息",
    "别发了",
    "退订",
];

/// What may stand before or behind such a sentence and leaves it what it is.
const BEFORE: [&str; 6] = ["please ", "por favor ", "пожалуйста ", "больше ", "请", "再也"];
const BEHIND: [&str; 13] = [
    " please",
    " anymore",
    " any more",
    " again",
    " ever again",
    " ever",
    " más",
    " mas",
    " nunca más",
    " por favor",
    " больше",
    " пожалуйста",
    "了",
];

/// Whether one of its sentences says so.
pub fn is_objection(text: &str) -> bool {
    text.split(['.', '!', '?', ';', ',', '\n', '。', '！', '？', '；', '，', '¡', '¿']).any(is_said)
}

fn is_said(sentence: &str) -> bool {
    let words: Vec<String> = sentence.split_whitespace().map(|word| word.to_lowercase().replace('’', "'")).collect();
    let whole = words.join(" ");
    // In Chinese "any more" stands in the middle.
    let mut rest = whole.replace("不要再", "不要").replace("别再", "别");
    // A courtesy before it, one behind it, and "any more" with either.
    for _ in 0..3 {
        if OBJECTIONS.contains(&rest.as_str()) {
            return true;
        }
        let shorter = BEFORE.iter().find_map(|word| rest.strip_prefix(word));
        let Some(shorter) = shorter.or_else(|| BEHIND.iter().find_map(|word| rest.strip_suffix(word))) else {
            return false;
        };
        rest = shorter.trim().to_string();
    }
    OBJECTIONS.contains(&rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::is_objection;

    #[test]
    fn who_asks_to_be_left_alone_is_heard() {
        for plain in [
            "Stop writing to me!",
            "please don’t contact me again",
            "I have it already. Please stop messaging me, thanks",
            "Unsubscribe",
            "No me escriban más, por favor",
            "Больше не пишите мне",
            "不要再联系我了",
            "请不要给我发消息",
        ] {
            assert!(is_objection(plain), "{plain}");
        }
    }

    #[test]
    fn who_asks_for_something_else_is_not_silenced() {
        for other in [
            "",
            "Do not contact me before Monday",
            "Please do not write the price on the parcel",
            "Can you stop writing my name wrong",
            "Don't contact me by phone, write here",
            "Please do not write, it is a gift",
            "не пишите стоимость на посылке",
            "不要写价格",
            "Where is my parcel? Please write to me",
        ] {
            assert!(!is_objection(other), "{other}");
        }
    }
}
