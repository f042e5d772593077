//! The people at the debtors: the second file of the first day, exported from an old address book in GB18030.

use encoding_rs::GB18030;

use super::countries::filled;
use super::debtors::{DEBTORS, Debtor, Person};
use super::dice::Dice;

/// `联系人.csv`.
pub fn contact_file() -> Vec<u8> {
    let mut text = String::from("客户编号,姓名,职务,邮箱,电话,语言,时区\r\n");
    for debtor in DEBTORS {
        for (place, person) in debtor.people.iter().enumerate() {
            let zone = if place == 0 { "" } else { debtor.country.time_zone };
            let fields = [
                debtor.code,
                &quoted(person.name),
                person.role.zh(),
                &email(debtor, person),
                &phone(debtor, person),
                debtor.language,
                zone,
            ];
            text.push_str(&fields.join(","));
            text.push_str("\r\n");
        }
    }
    GB18030.encode(&text).0.into_owned()
}

pub fn email(debtor: &Debtor, person: &Person) -> String {
    format!("{}@{}", person.mailbox, debtor.domain)
}

/// The same number for the same person in every file.
pub fn phone(debtor: &Debtor, person: &Person) -> String {
    let mut dice = Dice::for_purpose(&format!("phone {} {}", debtor.code, person.mailbox));
    filled(debtor.country.phone, || dice.digits(1))
}

/// A language as the salesperson writes it.
pub fn language_zh(code: &str) -> &'static str {
    match code {
        "ar" => "阿拉伯语",
        "de" => "德语",
        "es" => "西班牙语",
        "fr" => "法语",
        "it" => "意大利语",
        "ko" => "韩语",
        "pl" => "波兰语",
        "pt-BR" => "葡萄牙语",
        "tr" => "土耳其语",
        _ => "英语",
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
