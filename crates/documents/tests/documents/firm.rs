//! A trading company in Ningbo. The tests of account statements (`crates/pdf`) take it from here too.

use dunlin_core::letter::{BankDetails, Sender};
use dunlin_core::money::{Currency, Money};

pub fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub fn sender() -> Sender {
    Sender {
        company: "Ningbo Haiyan Trading Co., Ltd.".into(),
        company_address: "Room 1806, Haiyan Tower, 12 Zhongshan East Road\nYinzhou District, Ningbo 315040, China"
            .into(),
        name: "Lin Wei".into(),
        email: "lin.wei@haiyan.example".into(),
        phone: "+86 574 5550 0199".into(),
        signature: String::new(),
    }
}

pub fn bank() -> BankDetails {
    BankDetails {
        holder: "Ningbo Haiyan Trading Co., Ltd.".into(),
        bank: "Bank of Ningbo, Yinzhou Branch".into(),
        account: "7001 0122 0000 1234 56".into(),
        swift: "BKNBCN2N".into(),
    }
}
