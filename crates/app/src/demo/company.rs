//! Who the demo's seller is: an invented exporter of camping goods in Ningbo.

/// The seller, as the product's settings want it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    pub name_en: &'static str,
    pub name_zh: &'static str,
    pub address: &'static str,
    /// IANA zone of the seller's civil dates.
    pub time_zone: &'static str,
    /// ISO 4217; for reports only.
    pub base_currency: &'static str,
    /// Who signs the letters.
    pub signature_name: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub bank_accounts: Vec<BankAccount>,
}

/// Where buyers pay to, one account per currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAccount {
    pub currency: &'static str,
    pub holder: &'static str,
    pub bank: &'static str,
    pub account: &'static str,
    pub swift: &'static str,
}

pub const USD_ACCOUNT: &str = "3904012029000123456";
pub const EUR_ACCOUNT: &str = "3904012038000654321";
pub const BIC: &str = "QIHACN2N";
pub const NAME_EN: &str = "Ningbo Qihang Outdoor Co., Ltd.";
pub const NAME_ZH: &str = "宁波启航户外用品有限公司";

/// The seller of the demo.
pub fn company() -> Company {
    let account = |currency, account| BankAccount {
        currency,
        holder: NAME_EN,
        bank: "Qihai Bank, Ningbo Branch",
        account,
        swift: BIC,
    };
    Company {
        name_en: NAME_EN,
        name_zh: NAME_ZH,
        address: "12F, Building 3, 88 Qihang Road, Yinzhou District, Ningbo 315100, China",
        time_zone: "Asia/Shanghai",
        base_currency: "CNY",
        signature_name: "Lin Yue",
        email: "linyue@qihang-outdoor.example",
        phone: "+86 574 5550 0188",
        bank_accounts: vec![account("USD", USD_ACCOUNT), account("EUR", EUR_ACCOUNT)],
    }
}
