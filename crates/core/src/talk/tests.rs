//! Phrases as people write them, and traps. The talk is on a Wednesday.

use jiff::civil::{Date, date};

use super::*;
use crate::money::currency;

const WEDNESDAY: Date = date(2026, 4, 29);

fn money(text: &str) -> Money {
    let (code, amount) = text.split_once(' ').expect("a currency and an amount");
    Money::parse(amount, currency(code).expect("a currency")).expect("an amount")
}

#[test]
fn promises_are_found_with_day_and_amount() {
    let cases: &[(&str, Date, &str)] = &[
        ("I will pay on Friday", date(2026, 5, 1), ""),
        ("We will pay USD 5,000 by 15 May.", date(2026, 5, 15), "USD 5000"),
        ("Payment will be made on 15/05", date(2026, 5, 15), ""),
        ("we'll transfer the balance tomorrow", date(2026, 4, 30), ""),
        ("I can't pay now but I will pay next week", date(2026, 5, 8), ""),
        ("We pay within 3 days, promised", date(2026, 5, 2), ""),
        ("Will settle at the end of the month", date(2026, 4, 30), ""),
        ("May 15th, 2026 we will remit the rest", date(2026, 5, 15), ""),
        ("Next Friday, we will pay", date(2026, 5, 8), ""),
        ("We will pay no later than 8 May", date(2026, 5, 8), ""),
        ("I will wire 3.5k USD on Monday", date(2026, 5, 4), "USD 3500"),
        ("We will pay on the 15th.", date(2026, 5, 15), ""),
        ("Sorry! We pay on 2026-05-12.", date(2026, 5, 12), ""),
        ("Pagaré el viernes", date(2026, 5, 1), ""),
        ("Le pago mañana sin falta", date(2026, 4, 30), ""),
        ("Haremos la transferencia el 15 de mayo", date(2026, 5, 15), ""),
        ("Vamos a pagar dentro de 10 días", date(2026, 5, 9), ""),
        ("Transferiremos €3.000,50 el lunes", date(2026, 5, 4), "EUR 3000.50"),
        ("Pagamos a fin de mes", date(2026, 4, 30), ""),
        ("La semana que viene pagamos", date(2026, 5, 8), ""),
        ("El próximo viernes pagaremos 2.000 euros", date(2026, 5, 1), "EUR 2000"),
        ("5月3日付款", date(2026, 5, 3), ""),
        ("下周五安排付款", date(2026, 5, 8), ""),
        ("周五付5000美元", date(2026, 5, 1), "USD 5000"),
        ("明天打款", date(2026, 4, 30), ""),
        ("我们月底结清", date(2026, 4, 30), ""),
        ("下个月5号付2万人民币", date(2026, 5, 5), "CNY 20000"),
        ("三天内转账", date(2026, 5, 2), ""),
        ("2026年5月15日前付清余款", date(2026, 5, 15), ""),
        ("不好意思，下周二付款", date(2026, 5, 5), ""),
        ("最迟５月１０号付1.5万美元", date(2026, 5, 10), "USD 15000"),
        ("15号之前汇款", date(2026, 5, 15), ""),
        ("没问题，后天付", date(2026, 5, 1), ""),
        ("五月二十日付清", date(2026, 5, 20), ""),
        ("两周内付款", date(2026, 5, 13), ""),
    ];
    for (text, day, amount) in cases {
        let found = pick(text, WEDNESDAY).promises;
        let [promise] = &found[..] else { panic!("{text}: {found:?}") };
        assert_eq!(promise.pay_on, *day, "{text}");
        assert_eq!(promise.amount, (!amount.is_empty()).then(|| money(amount)), "{text}");
        assert!(text.get(promise.place.clone()).is_some(), "{text}");
    }
}

#[test]
fn what_is_no_promise_is_not_taken_for_one() {
    for text in [
        "I will not pay before Friday",
        "不会付款",
        "下周五不会付款",
        "no voy a pagar el viernes",
        "We won't pay until 15 May",
        "We paid on 3 April",
        "We paid USD 500 on Friday",
        "Can you pay by Friday?",
        "Please pay by 15 May",
        "Por favor pague antes del 15 de mayo",
        "请在5月15日前付款",
        "什么时候付款，下周五",
        "下周五能付款吗",
        "Payment for INV-15/05 follows",
        "Delivery on 15 May",
        "Delivery is on 15 May, we will pay later",
        "Pay 1/2 now",
        "Our line is open 24/7, we pay soon",
        "¿Puede pagar el viernes?",
        "还没付款，周五再说",
        "Payment is due on 30 April",
        "We pay 30% on the 2nd order",
        "El 15 por ciento lo pagamos luego",
        "We may pay 5,000 USD",
        "El viernes pasado hice el pago",
        "Order 20260515 will be paid",
        "We pay in instalments if you agree by Friday",
        "3号仓的货我们会付",
        "",
        "。，！",
    ] {
        let found = pick(text, WEDNESDAY).promises;
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn amounts_need_a_currency() {
    let cases: &[(&str, &[&str])] = &[
        ("USD 5,000", &["USD 5000"]),
        ("5000美元", &["USD 5000"]),
        ("5 万人民币", &["CNY 50000"]),
        ("€3.000,50", &["EUR 3000.50"]),
        ("1,234.56 usd.", &["USD 1234.56"]),
        ("US$ 12,430.00 and 500 EUR", &["USD 12430", "EUR 500"]),
        ("rmb 8千", &["CNY 8000"]),
        ("2.5万美金", &["USD 25000"]),
        ("3 mil euros", &["EUR 3000"]),
        ("￥3000", &["CNY 3000"]),
        ("5000 yuan", &["CNY 5000"]),
        ("order 5000 USD 300", &["USD 300"]),
        ("USD 500, again USD 500", &["USD 500"]),
        ("order 5000", &[]),
        ("INV-5000 USD", &[]),
        ("tel 0574 5550, PO 20260515", &[]),
        ("A$500", &[]),
        ("all 3, try 2, top 10", &[]),
        ("USD 0", &[]),
        ("USD 99999999999999999999999", &[]),
        ("5元 1.2.3,4 usd", &["CNY 5"]),
    ];
    for (text, amounts) in cases {
        let found: Vec<Money> = pick(text, WEDNESDAY).amounts.into_iter().map(|found| found.amount).collect();
        let wanted: Vec<Money> = amounts.iter().map(|amount| money(amount)).collect();
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn reasons_are_heard_and_denials_too() {
    let cases: &[(&str, &[WhyUnpaid])] = &[
        ("Sorry, I forgot", &[WhyUnpaid::Forgot]),
        ("Se me olvidó, disculpe", &[WhyUnpaid::Forgot]),
        ("最近资金周转不开", &[WhyUnpaid::CashShort]),
        ("Tenemos problemas de liquidez", &[WhyUnpaid::CashShort]),
        ("The goods arrived damaged", &[WhyUnpaid::SellerFault]),
        ("货有问题，要打折", &[WhyUnpaid::SellerFault, WhyUnpaid::Bargaining]),
        ("There are no quality problems", &[]),
        ("已经付了，水单发你", &[WhyUnpaid::PaidInTransit]),
        ("Ya pagamos ayer", &[WhyUnpaid::PaidInTransit]),
        ("不会付款", &[WhyUnpaid::Refuses]),
        ("No voy a pagar", &[WhyUnpaid::Refuses]),
        ("We will not pay before Friday", &[]),
        ("Give me a discount", &[WhyUnpaid::Bargaining]),
        ("Contact our finance department", &[WhyUnpaid::WrongContact]),
        ("The bank rejected it", &[WhyUnpaid::PaymentFailed]),
        ("Did you forget? Was it damaged?", &[]),
        ("Good morning", &[]),
    ];
    for (text, whys) in cases {
        let mut found: Vec<WhyUnpaid> = pick(text, WEDNESDAY).whys.into_iter().map(|found| found.why).collect();
        let mut wanted = whys.to_vec();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn a_long_chat_is_read_line_by_line() {
    let chat = "[29/04, 10:12] Lin: When will you pay INV-2026-001?\n[29/04, 10:15] Anna: sorry, we forgot :(\n\
                [29/04, 10:16] Anna: we will pay USD 12,430.00 on Friday\n[29/04, 10:17] Lin: thank you";
    let picked = pick(chat, WEDNESDAY);
    assert_eq!(picked.whys.iter().map(|found| found.why).collect::<Vec<_>>(), [WhyUnpaid::Forgot]);
    assert_eq!(picked.promises.iter().map(|found| found.pay_on).collect::<Vec<_>>(), [date(2026, 5, 1)]);
    assert_eq!(&chat[picked.whys[0].place.clone()], "forgot");
}

#[test]
fn hostile_texts_end() {
    for text in
        ["付".repeat(20_000), "1/".repeat(10_000), "USD ".repeat(5_000), "\u{130}\u{1F600}5月3日\0".repeat(1_000)]
    {
        let picked = pick(&text, WEDNESDAY);
        assert!(picked.promises.iter().all(|found| text.get(found.place.clone()).is_some()));
    }
}
