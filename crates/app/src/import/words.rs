//! Words in cells that stand for something known: roles, languages, countries, order states, time zones.
//!
//! Data with a small reader each. What is not found here is reported, never guessed.

use jiff::tz::{Offset, TimeZone};

use dunlin_core::calendar::countries::Countries;
use dunlin_core::party::ContactRole;

use super::headers::fold;

/// Currency words in folded headers, longest first.
#[rustfmt::skip]
pub const CURRENCY_WORDS: &[(&str, &str)] = &[
    ("人民币", "CNY"), ("美元", "USD"), ("美金", "USD"), ("欧元", "EUR"), ("英镑", "GBP"), ("日元", "JPY"), ("港币", "HKD"),
    ("usd", "USD"), ("eur", "EUR"), ("gbp", "GBP"), ("cny", "CNY"), ("rmb", "CNY"), ("jpy", "JPY"), ("hkd", "HKD"),
    ("aud", "AUD"), ("cad", "CAD"), ("sgd", "SGD"), ("chf", "CHF"), ("brl", "BRL"), ("mxn", "MXN"), ("rub", "RUB"),
];

/// A zone of a column or cell: a name of the IANA database, or hours from UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(pub TimeZone);

#[rustfmt::skip]
const ZONES: &[(&str, &str)] = &[
    ("utc", "UTC"), ("gmt", "UTC"), ("z", "UTC"), ("世界时", "UTC"), ("格林威治时间", "UTC"), ("北京时间", "Asia/Shanghai"),
    ("中国时间", "Asia/Shanghai"), ("beijing", "Asia/Shanghai"), ("beijing time", "Asia/Shanghai"), ("cst china", "Asia/Shanghai"),
    ("太平洋时间", "America/Los_Angeles"), ("美西时间", "America/Los_Angeles"), ("pst", "America/Los_Angeles"),
    ("pdt", "America/Los_Angeles"), ("pt", "America/Los_Angeles"), ("pacific time", "America/Los_Angeles"),
    ("us pacific", "America/Los_Angeles"), ("est", "America/New_York"), ("edt", "America/New_York"), ("et", "America/New_York"),
    ("cet", "Europe/Paris"), ("cest", "Europe/Paris"), ("bst", "Europe/London"), ("msk", "Europe/Moscow"), ("jst", "Asia/Tokyo"),
];

/// `UTC`, `北京时间`, `GMT+8`, `UTC-03:30`, `America/Mexico_City`.
pub fn zone(text: &str) -> Option<Zone> {
    let trimmed = text.trim();
    let lower = trimmed.to_lowercase().replace('＋', "+");
    if let Some((_, name)) = ZONES.iter().find(|(word, _)| *word == lower) {
        return TimeZone::get(name).ok().map(Zone);
    }
    if trimmed.contains('/') {
        return TimeZone::get(trimmed).ok().map(Zone);
    }
    let hours = lower.strip_prefix("utc").or_else(|| lower.strip_prefix("gmt"))?.trim();
    let sign = match hours.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hour, minute) = hours[1..].split_once(':').unwrap_or((&hours[1..], "0"));
    let (hour, minute): (i32, i32) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    if hour > 14 || minute > 59 {
        return None;
    }
    let offset = Offset::from_seconds(sign * (hour * 3600 + minute * 60)).ok()?;
    Some(Zone(TimeZone::fixed(offset)))
}

/// Parts of job titles. The first that is found decides, so the narrow come before the wide.
#[rustfmt::skip]
const ROLES: &[(ContactRole, &[&str])] = &[
    (
        ContactRole::Finance,
        &[
            "财务", "会计", "出纳", "应付", "finance", "financial", "account", "treasur", "cfo", "payable", "bookkeep", "contab",
            "finanz", "tesorer", "administracion",
        ],
    ),
    (
        ContactRole::Purchaser,
        &["采购", "purchas", "procure", "buyer", "buying", "sourcing", "compras", "comprador", "merchandis", "买手"],
    ),
    (
        ContactRole::Logistics,
        &["物流", "船务", "单证", "仓库", "仓储", "关务", "logist", "shipping", "warehouse", "import dep", "forward", "customs", "almacen"],
    ),
    (
        ContactRole::Owner,
        &[
            "老板", "总经理", "总裁", "董事", "法人", "创始", "负责人", "owner", "ceo", "president", "founder", "managing director",
            "general manager", "proprietor", "director general", "gerente general", "dueno", "propietari", "partner", "chairman",
        ],
    ),
];

/// What a job title means for letters; an unknown one is simply a buyer.
pub fn role(text: &str) -> ContactRole {
    let lower = text.to_lowercase();
    let folded = fold(text);
    let fits = |word: &&str| lower.contains(*word) || folded.contains(*word);
    let found = ROLES.iter().find(|(_, words)| words.iter().any(&fits));
    found.map(|(role, _)| *role).or_else(|| ContactRole::from_code(&lower)).unwrap_or(ContactRole::Buyer)
}

#[rustfmt::skip]
const LANGUAGES: &[(&str, &[&str])] = &[
    ("zh", &["中文", "汉语", "普通话", "简体中文", "国语", "chinese", "mandarin", "chino"]),
    ("en", &["英语", "英文", "english", "ingles"]),
    ("es", &["西班牙语", "西语", "西班牙文", "spanish", "espanol", "castellano"]),
    ("pt-BR", &["葡萄牙语", "葡语", "巴西葡萄牙语", "巴葡", "portuguese", "brazilianportuguese", "portugues", "portuguesbrasil"]),
    ("ru", &["俄语", "俄文", "russian", "ruso"]),
    ("ar", &["阿拉伯语", "阿语", "arabic", "arabe"]),
    ("fr", &["法语", "法文", "french", "frances", "francais"]),
    ("de", &["德语", "德文", "german", "deutsch", "aleman"]),
    ("it", &["意大利语", "意语", "italian", "italiano"]),
    ("tr", &["土耳其语", "turkish", "turco", "turkce"]),
    ("ja", &["日语", "日文", "japanese", "japones"]),
    ("ko", &["韩语", "韩文", "朝鲜语", "korean", "coreano"]),
    ("pl", &["波兰语", "polish", "polaco", "polski"]),
    ("vi", &["越南语", "vietnamese"]),
    ("id", &["印尼语", "印度尼西亚语", "indonesian"]),
    ("nl", &["荷兰语", "dutch"]),
    ("th", &["泰语", "thai"]),
    ("uk", &["乌克兰语", "ukrainian"]),
    ("fa", &["波斯语", "persian", "farsi"]),
    ("he", &["希伯来语", "hebrew"]),
    ("el", &["希腊语", "greek"]),
    ("cs", &["捷克语", "czech"]),
    ("sv", &["瑞典语", "swedish"]),
    ("hi", &["印地语", "hindi"]),
    ("ms", &["马来语", "malay"]),
];

/// The BCP 47 tag of a language in words or as a tag (`es`, `es-MX`, `zh_CN`).
pub fn language(text: &str) -> Option<String> {
    let folded = fold(text);
    if let Some((tag, _)) = LANGUAGES.iter().find(|(_, words)| words.contains(&folded.as_str())) {
        return Some((*tag).to_string());
    }
    let (primary, region) = match text.trim().split_once(['-', '_']) {
        Some((primary, region)) => (primary.to_ascii_lowercase(), Some(region)),
        None => (text.trim().to_ascii_lowercase(), None),
    };
    let known = LANGUAGES.iter().any(|(tag, _)| tag.split('-').next() == Some(primary.as_str()));
    let fits = |region: &str| (2..=4).contains(&region.len()) && region.chars().all(|c| c.is_ascii_alphanumeric());
    match region {
        _ if !known => None,
        None => Some(primary),
        Some(region) if fits(region) => Some(format!("{primary}-{region}")),
        Some(_) => None,
    }
}

/// Everyday names beside those of the countries' own file.
#[rustfmt::skip]
const COUNTRY_NAMES: &[(&str, &str)] = &[
    ("usa", "US"), ("unitedstatesofamerica", "US"), ("america", "US"), ("estadosunidos", "US"), ("uk", "GB"),
    ("greatbritain", "GB"), ("england", "GB"), ("scotland", "GB"), ("britain", "GB"), ("uae", "AE"), ("阿联酋", "AE"), ("迪拜", "AE"),
    ("emirates", "AE"), ("dubai", "AE"), ("korea", "KR"), ("republicofkorea", "KR"), ("southkorea", "KR"), ("南韩", "KR"),
    ("russianfederation", "RU"), ("holland", "NL"), ("thenetherlands", "NL"), ("czechrepublic", "CZ"), ("turkey", "TR"),
    ("turkiye", "TR"), ("vietnam", "VN"), ("hongkong", "HK"), ("香港", "HK"), ("taiwan", "TW"), ("台湾", "TW"), ("macau", "MO"),
    ("澳门", "MO"), ("ivorycoast", "CI"), ("ksa", "SA"), ("沙特", "SA"), ("印尼", "ID"), ("孟加拉", "BD"), ("哈萨克", "KZ"),
    ("乌兹别克", "UZ"), ("prc", "CN"), ("mainlandchina", "CN"), ("中国大陆", "CN"), ("espana", "ES"), ("alemania", "DE"),
    ("deutschland", "DE"), ("francia", "FR"), ("italia", "IT"), ("brasil", "BR"), ("mexico", "MX"), ("reinounido", "GB"),
    ("peru", "PE"), ("panama", "PA"),
];

/// The ISO 3166 code of a country by code or name.
pub fn country(text: &str) -> Option<String> {
    if let Some(country) = Countries::shipped().find(text) {
        return Some(country.code.clone());
    }
    let folded = fold(text);
    if let Some((_, code)) = COUNTRY_NAMES.iter().find(|(name, _)| *name == folded) {
        return Some((*code).to_string());
    }
    let same = |name: &str| fold(name) == folded;
    Countries::shipped().iter().find(|country| same(&country.name_en) || same(&country.name_zh)).map(|c| c.code.clone())
}

/// What a marketplace says of an order, as far as money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    AwaitingPayment,
    /// The buyer has paid; the platform holds the money.
    Paid,
    /// Over: paid orders end like this, and unpaid ones too. The payment time tells.
    Finished,
    /// Nothing will be paid any more.
    Closed,
}

#[rustfmt::skip]
const STATES: &[(State, &[&str])] = &[
    (
        State::AwaitingPayment,
        &[
            "awaiting payment", "awaiting buyer payment", "waiting for payment", "pending payment", "payment pending", "unpaid",
            "not paid", "to pay", "waiting for buyer payment", "place_order_success", "pending", "等待买家付款", "等待付款", "待付款", "待买家付款", "未付款",
            "pendiente de pago",
        ],
    ),
    (
        State::Paid,
        &[
            "paid", "awaiting shipment", "awaiting dispatch", "to ship", "unshipped", "processing", "ready to ship",
            "partially shipped", "shipped", "in transit", "dispatched", "delivered", "awaiting delivery", "awaiting confirmation",
            "awaiting acceptance", "wait_seller_send_goods", "seller_part_send_goods", "wait_buyer_accept_goods",
            "fund_processing", "wait_seller_examine_money", "risk_control", "in_issue", "in_frozen", "frozen", "in dispute",
            "payment received", "payment under review", "under review", "payment processing", "awaiting fulfillment",
            "awaiting receipt", "part shipped", "partly shipped", "等待您发货", "等待部分发货", "卖家已发货", "待放款", "冻结中的订单",
            "等待资金审核", "风控审核中", "资金处理中(风控)", "资金未到账", "已付款", "买家已付款", "等待卖家发货", "等待发货", "待发货", "部分发货", "已发货",
            "等待买家收货", "等待买家确认收货", "待收货", "运输中", "已签收", "资金处理中", "等待资金放款", "等待放款", "冻结中", "纠纷中",
            "含纠纷的订单", "风控中", "订单审核中", "等待风控审核", "资金审核中", "pagado", "enviado", "entregado",
        ],
    ),
    (
        State::Finished,
        &["finish", "finished", "completed", "complete", "done", "交易完成", "交易成功", "已完成", "已结束的订单", "已结束", "completado"],
    ),
    (
        State::Closed,
        &[
            "closed", "order closed", "cancelled", "canceled", "order cancelled", "order canceled", "in_cancel", "cancel requested",
            "expired", "timeout closed", "refunded", "risk control closed", "risk_control_closed", "payment failed closed",
            "void", "voided", "交易关闭", "订单关闭", "已关闭", "已取消", "取消", "买家取消", "买家申请取消", "申请取消", "cancelled by buyer", "canceled by buyer", "交易取消", "订单取消", "超时关闭", "风控关闭",
            "作废", "已作废", "已退款", "cancelado", "anulado",
        ],
    ),
];

/// The state that a word stands for; `None` when nobody here knows it.
pub fn state(text: &str) -> Option<State> {
    let folded = fold(text);
    STATES.iter().find(|(_, words)| words.iter().any(|word| fold(word) == folded)).map(|(state, _)| *state)
}

/// A cell that says that something is so.
pub fn means_yes(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "yes",
        "y",
        "true",
        "paid",
        "received",
        "done",
        "ok",
        "√",
        "✓",
        "✔",
        "是",
        "有",
        "已收",
        "已付",
        "已到",
        "已到账",
        "到账",
        "已收到",
        "收到",
        "已收款",
        "完成",
        "sí",
        "si",
        "pagado",
        "recibido",
    ];
    let plain = text.trim().to_lowercase();
    WORDS.contains(&plain.as_str())
}

/// A cell that says that it is not.
pub fn means_no(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "no",
        "n",
        "false",
        "unpaid",
        "open",
        "pending",
        "not received",
        "not paid",
        "×",
        "x",
        "-",
        "/",
        "否",
        "无",
        "未",
        "未收",
        "未付",
        "未到",
        "未到账",
        "没有",
        "未收到",
        "待收",
        "待付",
        "pendiente",
    ];
    let plain = text.trim().to_lowercase();
    WORDS.contains(&plain.as_str())
}

/// In the seller's own sheet only a cancellation matters: "closed" there can as well mean settled.
pub fn means_cancelled(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "cancelled",
        "canceled",
        "cancel",
        "void",
        "voided",
        "取消",
        "已取消",
        "客户取消",
        "作废",
        "已作废",
        "cancelado",
        "anulado",
    ];
    let folded = fold(text);
    WORDS.iter().any(|word| fold(word) == folded)
}

/// Whether an article is on sale, as a platform or a seller writes it.
#[rustfmt::skip] // Tables of words.
pub fn on_sale(text: &str) -> Option<bool> {
    const NO: &[&str] = &[
        "否", "no", "n", "false", "0", "下架", "已下架", "停售", "停产", "未上架", "草稿", "审核中", "inactive", "offline", "unlisted", "draft",
        "disabled", "discontinued", "ended", "agotado", "inactivo",
    ];
    const YES: &[&str] = &[
        "是", "yes", "y", "true", "1", "上架", "已上架", "在售", "销售中", "正在销售", "出售中", "active", "online", "listed", "published",
        "onselling", "on sale", "enabled", "si", "activo",
    ];
    let folded = fold(text);
    let among = |words: &[&str]| words.iter().any(|word| fold(word) == folded);
    if among(NO) { Some(false) } else { among(YES).then_some(true) }
}

/// The first cell of a line of sums.
pub fn means_total(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "合计",
        "总计",
        "小计",
        "本页合计",
        "本月合计",
        "累计",
        "total",
        "totals",
        "subtotal",
        "grandtotal",
        "sum",
        "totalgeneral",
    ];
    let folded = fold(text);
    WORDS.contains(&folded.as_str())
}

/// What Excel shows where a formula failed.
pub fn is_formula_error(text: &str) -> bool {
    matches!(
        text,
        "#N/A"
            | "#REF!"
            | "#VALUE!"
            | "#DIV/0!"
            | "#NAME?"
            | "#NUM!"
            | "#NULL!"
            | "#GETTING_DATA"
            | "#SPILL!"
            | "#CALC!"
    )
}

/// Written when there is nothing.
pub fn means_nothing(text: &str) -> bool {
    matches!(
        text,
        "" | "-" | "--" | "—" | "——" | "/" | "\\" | "无" | "N/A" | "n/a" | "NA" | "null" | "NULL" | "none" | "None"
    )
}

#[cfg(test)]
#[rustfmt::skip] // Tables of words.
mod tests {
    use super::*;

    #[test]
    fn words_of_every_kind() {
        for (title, expected) in [
            ("老板", ContactRole::Owner), ("财务总监", ContactRole::Finance), ("Purchasing Manager", ContactRole::Purchaser),
            ("物流", ContactRole::Logistics), ("CEO", ContactRole::Owner), ("Accounts Payable", ContactRole::Finance),
            ("Head of Compras", ContactRole::Purchaser), ("业务员", ContactRole::Buyer), ("", ContactRole::Buyer),
        ] {
            assert_eq!(role(title), expected, "{title}");
        }
        for (text, tag) in [
            ("西班牙语", Some("es")), ("Español", Some("es")), ("English", Some("en")), ("pt-BR", Some("pt-BR")), ("zh_CN", Some("zh-CN")),
            ("中文", Some("zh")), ("Klingon", None), ("xx", None),
        ] {
            assert_eq!(language(text).as_deref(), tag, "{text}");
        }
        for (text, code) in [
            ("意大利", Some("IT")), ("Italy", Some("IT")), ("it", Some("IT")), ("U.S.A.", Some("US")), ("阿联酋", Some("AE")),
            ("México", Some("MX")), ("Turkey", Some("TR")), ("Atlantis", None),
        ] {
            assert_eq!(country(text).as_deref(), code, "{text}");
        }
    }

    #[test]
    fn states_of_marketplaces() {
        for (text, expected) in [
            ("Awaiting payment", Some(State::AwaitingPayment)), ("PLACE_ORDER_SUCCESS", Some(State::AwaitingPayment)),
            ("等待买家付款", Some(State::AwaitingPayment)), ("WAIT_SELLER_SEND_GOODS", Some(State::Paid)), ("Shipped", Some(State::Paid)),
            ("Finished", Some(State::Finished)), ("Closed", Some(State::Closed)), ("IN_CANCEL", Some(State::Closed)),
            ("Cancelled", Some(State::Closed)), ("风控关闭", Some(State::Closed)), ("wandering", None),
        ] {
            assert_eq!(state(text), expected, "{text}");
        }
    }

    #[test]
    fn zones_by_name_and_by_hours() {
        let at = |text: &str| zone(text).map(|zone| zone.0.to_offset(jiff::Timestamp::UNIX_EPOCH).seconds());
        assert_eq!((at("UTC"), at("GMT+8"), at("UTC-03:30")), (Some(0), Some(28_800), Some(-12_600)));
        assert_eq!((at("北京时间"), at("America/Lima"), at("USD")), (Some(28_800), Some(-18_000), None));
    }
}
