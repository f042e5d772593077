//! Where an order goes and what customs are told of it: read out of an answer, compared with what was known, and asked about
//! where the receiver's country needs more (SCENARIOS M4). Data: `shipping/confirm.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::receivable::coded_enum;

coded_enum! {
    /// One thing that is confirmed.
    DeliveryField {
        Name = "name",
        Address = "address",
        Postcode = "postcode",
        Phone = "phone",
        Country = "country",
        /// What customs are told that the goods are.
        Goods = "goods",
        /// Their true value.
        Value = "value",
    }
}

/// Letters of one field that are kept.
const LONGEST: usize = 500;

/// Empty where nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delivery {
    pub name: String,
    pub address: String,
    pub postcode: String,
    pub phone: String,
    pub country: String,
    pub goods: String,
    pub value: String,
}

/// One field that an answer says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliveryChange {
    #[serde(skip)]
    pub field: DeliveryField,
    pub name: &'static str,
    pub before: String,
    pub after: String,
}

impl Delivery {
    pub fn get(&self, field: DeliveryField) -> &str {
        match field {
            DeliveryField::Name => &self.name,
            DeliveryField::Address => &self.address,
            DeliveryField::Postcode => &self.postcode,
            DeliveryField::Phone => &self.phone,
            DeliveryField::Country => &self.country,
            DeliveryField::Goods => &self.goods,
            DeliveryField::Value => &self.value,
        }
    }

    pub fn set(&mut self, field: DeliveryField, text: &str) {
        let text: String = text.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
        *match field {
            DeliveryField::Name => &mut self.name,
            DeliveryField::Address => &mut self.address,
            DeliveryField::Postcode => &mut self.postcode,
            DeliveryField::Phone => &mut self.phone,
            DeliveryField::Country => &mut self.country,
            DeliveryField::Goods => &mut self.goods,
            DeliveryField::Value => &mut self.value,
        } = text;
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What `answer` says otherwise; what it leaves out stays.
    pub fn changes(&self, answer: &Self) -> Vec<DeliveryChange> {
        let changed = |field: &&DeliveryField| {
            let after = answer.get(**field);
            !after.is_empty() && after != self.get(**field)
        };
        let change = |field: &DeliveryField| DeliveryChange {
            field: *field,
            name: field.code(),
            before: self.get(*field).to_string(),
            after: answer.get(*field).to_string(),
        };
        DeliveryField::ALL.iter().filter(changed).map(change).collect()
    }

    /// What was known with what the answer says.
    pub fn with(&self, answer: &Self) -> Self {
        let mut all = self.clone();
        for change in self.changes(answer) {
            all.set(change.field, &change.after);
        }
        all
    }
}

/// Names of the fields as people write them before a colon, in the languages of the letters.
const LABELS: [(DeliveryField, &[&str]); 7] = [
    (
        DeliveryField::Name,
        &[
            "name",
            "full name",
            "full legal name",
            "receiver",
            "recipient",
            "nombre",
            "nombre completo",
            "фио",
            "имя",
            "полное имя",
            "получатель",
            "姓名",
            "收件人",
            "收件人全名",
        ],
    ),
    (
        DeliveryField::Address,
        &["address", "street", "street address", "dirección", "direccion", "адрес", "улица", "地址", "收货地址"],
    ),
    (
        DeliveryField::Postcode,
        &[
            "postcode",
            "post code",
            "postal code",
            "zip",
            "zip code",
            "código postal",
            "codigo postal",
            "cp",
            "индекс",
            "почтовый индекс",
            "邮编",
            "邮政编码",
        ],
    ),
    (
        DeliveryField::Phone,
        &[
            "phone",
            "phone number",
            "telephone",
            "tel",
            "mobile",
            "teléfono",
            "telefono",
            "móvil",
            "телефон",
            "тел",
            "номер телефона",
            "电话",
            "手机",
            "联系电话",
        ],
    ),
    (DeliveryField::Country, &["country", "país", "pais", "страна", "国家"]),
    (
        DeliveryField::Goods,
        &[
            "goods",
            "description",
            "goods description",
            "contents",
            "descripción",
            "descripcion",
            "mercancía",
            "описание",
            "товар",
            "品名",
            "报关品名",
        ],
    ),
    (
        DeliveryField::Value,
        &["value", "true value", "declared value", "price", "valor", "стоимость", "ценность", "价值", "申报价值"],
    ),
];

/// Reads what a buyer answered. Lines that name their field are sure; of the others only a line that can be nothing but a
/// telephone number is taken, because a wrong address is worse than one that is asked for again.
pub fn read_answer(text: &str) -> Delivery {
    let mut read = Delivery::default();
    let mut open: Option<DeliveryField> = None;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            open = None;
            continue;
        }
        if let Some((field, value)) = labelled(line) {
            if read.get(field).is_empty() {
                read.set(field, value);
            }
            // An address goes on in the lines below it.
            open = (field == DeliveryField::Address).then_some(field);
        } else if is_phone(line) && read.phone.is_empty() {
            read.set(DeliveryField::Phone, line);
            open = None;
        } else if let Some(field) = open {
            let longer = match read.get(field) {
                "" => line.to_string(),
                known => format!("{known}, {line}"),
            };
            read.set(field, &longer);
        }
    }
    read
}

/// Whether a line names a field.
pub(super) fn is_labelled(line: &str) -> bool {
    labelled(line.trim()).is_some()
}

fn labelled(line: &str) -> Option<(DeliveryField, &str)> {
    let (label, value) = line.split_once([':', '：'])?;
    let label = label.trim().trim_start_matches(['-', '*', '•', ' ']).to_lowercase();
    let field = LABELS.iter().find(|(_, names)| names.contains(&label.as_str()))?.0;
    Some((field, value.trim()))
}

fn is_phone(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let fits = |letter: char| letter.is_ascii_digit() || " +-()./".contains(letter);
    (9..=15).contains(&digits) && line.chars().all(fits)
}

/// What has to be known of a receiver, by country.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRules {
    /// How many words a full legal name has at least.
    full_name: BTreeMap<String, usize>,
    no_postcode: BTreeSet<String>,
}

impl ConfirmRules {
    /// The data that ships inside the binary.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<ConfirmRules> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            // A shipped file that does not parse is caught by this module's test, never by a user.
            Self::parse(include_str!("../../../../shipping/confirm.toml")).unwrap_or_default()
        })
    }

    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Whether customs or post of that country want the full legal name.
    pub fn needs_full_name(&self, country: &str) -> bool {
        self.full_name.contains_key(&country.trim().to_ascii_uppercase())
    }

    /// What is missing for a parcel to that country.
    pub fn missing(&self, known: &Delivery) -> Vec<DeliveryField> {
        let country = known.country.trim().to_ascii_uppercase();
        let words = known.name.split_whitespace().count();
        let mut missing = Vec::new();
        if words < self.full_name.get(&country).copied().unwrap_or(1) {
            missing.push(DeliveryField::Name);
        }
        if known.address.is_empty() {
            missing.push(DeliveryField::Address);
        }
        if known.postcode.is_empty() && !self.no_postcode.contains(&country) {
            missing.push(DeliveryField::Postcode);
        }
        if known.phone.is_empty() {
            missing.push(DeliveryField::Phone);
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_with_names_before_colons_is_read() {
        let read = read_answer(
            "Hello!\nФИО: Иванов Иван Иванович\nАдрес: ул. Ленина 5\nкв. 7, Казань\n\nИндекс： 420111\n+7 912 345-67-89\nthanks",
        );
        assert_eq!(read.name, "Иванов Иван Иванович");
        assert_eq!(read.address, "ул. Ленина 5, кв. 7, Казань");
        assert_eq!((read.postcode.as_str(), read.phone.as_str()), ("420111", "+7 912 345-67-89"));
    }

    #[test]
    fn what_is_not_named_is_not_guessed() {
        assert!(read_answer("Yes, all is right. I live at 5 High Street").is_empty());
        assert!(read_answer("order: 8190000123456789\n1234").is_empty());
    }

    #[test]
    fn only_what_is_said_otherwise_changes() {
        let known = Delivery { name: "Ivan".into(), postcode: "420111".into(), ..Delivery::default() };
        let answer = Delivery { name: "Ivan Ivanov".into(), postcode: "420111".into(), ..Delivery::default() };
        let changes = known.changes(&answer);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].field, changes[0].before.as_str()), (DeliveryField::Name, "Ivan"));
        assert_eq!(known.with(&answer).name, "Ivan Ivanov");
    }

    #[test]
    fn the_shipped_rules_ask_for_what_a_country_needs() {
        let rules = ConfirmRules::parse(include_str!("../../../../shipping/confirm.toml")).expect("parses");
        let known = |name: &str, postcode: &str, country: &str| Delivery {
            name: name.into(),
            address: "x".into(),
            postcode: postcode.into(),
            phone: "1".into(),
            country: country.into(),
            ..Delivery::default()
        };
        assert_eq!(rules.missing(&known("Ivan Ivanov", "420111", "RU")), [DeliveryField::Name]);
        assert_eq!(rules.missing(&known("Ana", "", "ES")), [DeliveryField::Postcode]);
        assert!(rules.missing(&known("Ana", "", "HK")).is_empty());
        // Letters ask for the full name where the rule does, and nowhere else.
        for country in ["RU", "br", "TR"] {
            assert!(rules.needs_full_name(country), "{country}");
        }
        assert!(!rules.needs_full_name("ES") && !rules.needs_full_name(""));
    }
}
