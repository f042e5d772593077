//! The countries of the demo's debtors: how the spreadsheet calls them, how their telephone and account numbers
//! look. Numbers are invented; where a country keeps a range for drama and examples, that range is used.

/// One country.
#[derive(Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166 alpha-2.
    pub code: &'static str,
    pub name_zh: &'static str,
    /// `#` stands for a digit.
    pub phone: &'static str,
    /// Account number after the IBAN's check digits, `#` for a digit; bank codes that no bank has.
    pub iban: Option<&'static str>,
    /// IANA zone of most of its business.
    pub time_zone: &'static str,
}

const fn country(
    code: &'static str,
    name_zh: &'static str,
    phone: &'static str,
    iban: Option<&'static str>,
    time_zone: &'static str,
) -> Country {
    Country { code, name_zh, phone, iban, time_zone }
}

pub const IT: Country = country("IT", "意大利", "+39 02 5550 ####", Some("X0000099999############"), "Europe/Rome");
pub const ES: Country = country("ES", "西班牙", "+34 91 555 ## ##", Some("00009999############"), "Europe/Madrid");
pub const MX: Country = country("MX", "墨西哥", "+52 55 5555 ####", None, "America/Mexico_City");
pub const CL: Country = country("CL", "智利", "+56 2 2555 ####", None, "America/Santiago");
pub const US: Country = country("US", "美国", "+1 303 555 01##", None, "America/Denver");
pub const DE: Country = country("DE", "德国", "+49 30 23125 ###", Some("00000000##########"), "Europe/Berlin");
pub const PL: Country = country("PL", "波兰", "+48 22 555 ## ##", Some("00000000################"), "Europe/Warsaw");
pub const SA: Country = country("SA", "沙特阿拉伯", "+966 11 555 ####", None, "Asia/Riyadh");
pub const AE: Country = country("AE", "阿联酋", "+971 4 555 ####", None, "Asia/Dubai");
pub const BR: Country = country("BR", "巴西", "+55 11 5555 ####", None, "America/Sao_Paulo");
pub const FR: Country = country("FR", "法国", "+33 1 99 00 ## ##", Some("0000099999#############"), "Europe/Paris");
pub const GB: Country = country("GB", "英国", "+44 20 7946 0###", None, "Europe/London");
pub const TR: Country = country("TR", "土耳其", "+90 212 555 ## ##", None, "Europe/Istanbul");
pub const KR: Country = country("KR", "韩国", "+82 2 5550 ####", None, "Asia/Seoul");

/// A well-formed IBAN for the country's pattern: the check digits are right (ISO 13616), the bank does not exist.
pub fn iban(country: &Country, mut digit: impl FnMut() -> String) -> Option<String> {
    let account: String = country.iban?.chars().map(|c| if c == '#' { digit() } else { c.to_string() }).collect();
    let remainder = format!("{account}{}00", country.code)
        .chars()
        .filter_map(|c| c.to_digit(36))
        .fold(0, |rest, value| (rest * if value > 9 { 100 } else { 10 } + value) % 97);
    Some(format!("{}{:02}{account}", country.code, 98 - remainder))
}

/// Fills the `#` of a pattern.
pub fn filled(pattern: &str, mut digit: impl FnMut() -> String) -> String {
    pattern.chars().map(|c| if c == '#' { digit() } else { c.to_string() }).collect()
}
