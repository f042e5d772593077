//! The money that reaches the demo's bank accounts: what `behaviour` pays, in the words of banks, with the odd
//! cases that every exporter knows (short by charges, two invoices at once, somebody else pays, no reference).

use jiff::civil::Date;

use super::Act;
use super::behaviour::{conduct, first_booking_day};
use super::calendar::{day, working_day_from};
use super::countries;
use super::debtors::Debtor;
use super::dice::Dice;
use super::orders::Order;
use super::statements::delivered_on;
use super::terms::Part;

/// One credit on one of the seller's accounts.
#[derive(Debug, Clone)]
pub struct BankPayment {
    pub booked: Date,
    pub currency: &'static str,
    /// Minor units.
    pub amount: i64,
    pub payer: String,
    pub payer_account: Option<String>,
    /// What the payer wrote.
    pub text: String,
    /// The bank's own number of the transfer.
    pub transfer: String,
    /// Charges that banks on the way kept, in minor units.
    pub charges: i64,
    /// Customer number; empty when nobody can tell.
    pub debtor: &'static str,
    /// What it was meant for: number of the order, milestone, minor units. For the demo's own tests.
    pub covers: Vec<Cover>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    pub order: String,
    pub milestone: &'static str,
    pub amount: i64,
}

/// Every credit and every act of the debtors, by date.
pub fn play(orders: &[Order]) -> (Vec<BankPayment>, Vec<(Date, Act)>) {
    let (mut payments, mut acts) = (Vec::new(), Vec::new());
    for order in orders {
        for (part, is_last) in order.open_parts() {
            let conduct = conduct(order, &part, is_last);
            let booked = conduct.payments.into_iter().filter(|(on, _)| *on >= first_booking_day());
            payments.extend(booked.map(|(on, amount)| payment(order, &part, on, amount)));
            acts.extend(conduct.acts);
        }
    }
    payments.sort_by_key(|payment| (payment.booked, payment.debtor, payment.text.clone()));
    two_at_once(&mut payments, "C005");
    for (code, twist) in TWISTS {
        let full = |payment: &&mut BankPayment| {
            payment.debtor == *code && payment.covers.iter().all(|cover| cover.milestone != "deposit")
        };
        if let Some(payment) = payments.iter_mut().find(full) {
            twist.apply(payment);
        }
    }
    payments.push(without_any_hint());
    payments.sort_by_key(|payment| (payment.booked, payment.debtor, payment.text.clone()));
    acts.sort_by_key(|(on, _)| *on);
    (payments, acts)
}

fn payment(order: &Order, part: &Part, booked: Date, amount: i64) -> BankPayment {
    let debtor = order.debtor;
    let mut dice = Dice::for_purpose(&format!("transfer {} {} {booked}", order.number, part.milestone));
    BankPayment {
        booked,
        currency: debtor.currency,
        amount,
        payer: debtor.bank_name.into(),
        payer_account: payer_account(debtor),
        text: words(order, part, booked, amount),
        transfer: format!("TT{}{}", booked.strftime("%y%m%d"), dice.digits(6)),
        charges: 0,
        debtor: debtor.code,
        covers: vec![Cover { order: order.number.clone(), milestone: part.milestone, amount }],
    }
}

fn payer_account(debtor: &Debtor) -> Option<String> {
    let mut dice = Dice::for_purpose(&format!("account {}", debtor.code));
    countries::iban(debtor.country, || dice.digits(1))
}

/// What the payer writes: the invoice once there is one, else the order.
fn words(order: &Order, part: &Part, booked: Date, amount: i64) -> String {
    let language = order.debtor.language;
    if part.milestone == "deposit" {
        // Without an invoice yet, the order's number is on the proforma.
        let word = match language {
            "es" => "ANTICIPO PEDIDO",
            "it" => "ACCONTO ORDINE",
            "fr" => "ACOMPTE COMMANDE",
            "de" => "ANZAHLUNG AUFTRAG",
            _ => "DEPOSIT ORDER",
        };
        return format!("{word} {}", order.number);
    }
    if order.invoice_shown_on().is_none_or(|shown| shown > delivered_on(booked)) {
        return format!("PAYMENT ORDER {}", order.number);
    }
    let word = match (language, amount < part.amount) {
        (_, true) => "PART PAYMENT INVOICE",
        ("es", _) => "PAGO FACTURA",
        ("it", _) => "SALDO FATTURA",
        ("fr", _) => "REGLEMENT FACTURE",
        ("de", _) => "RECHNUNG NR.",
        ("pl", _) => "ZAPLATA ZA FAKTURE",
        ("pt-BR", _) => "PAGAMENTO FATURA",
        ("tr", _) => "FATURA ODEMESI",
        _ => "PAYMENT INV",
    };
    format!("{word} {}", order.invoice_number)
}

/// The first two payments of a debtor come as one, when the second would have.
fn two_at_once(payments: &mut Vec<BankPayment>, code: &str) {
    let Some(first) = payments.iter().position(|payment| payment.debtor == code) else {
        return;
    };
    let early = payments.remove(first);
    if let Some(late) = payments.iter_mut().find(|payment| payment.debtor == code) {
        late.text = format!("{} Y {}", early.text, late.text.rsplit(' ').next().unwrap_or_default());
        late.amount += early.amount;
        late.covers.splice(0..0, early.covers);
    }
}

/// What goes wrong with a transfer.
enum Twist {
    ShortByCharges(i64),
    TooMuch(i64),
    SomebodyElsePays(&'static str),
    NoReference(&'static str),
}

const TWISTS: &[(&str, Twist)] = &[
    ("C017", Twist::ShortByCharges(2_500)),
    ("C030", Twist::TooMuch(30_000)),
    ("C013", Twist::SomebodyElsePays("PAGOS AUSTRALES DEL MAIPO SPA")),
    ("C036", Twist::NoReference("PAYMENT FOR GOODS")),
    ("C027", Twist::NoReference("TT PAYMENT CAMPING ITEMS")),
    ("C021", Twist::NoReference("ZAHLUNG WARENLIEFERUNG")),
];

impl Twist {
    fn apply(&self, payment: &mut BankPayment) {
        match self {
            Self::ShortByCharges(charges) => {
                payment.amount -= charges;
                payment.charges = *charges;
            }
            Self::TooMuch(extra) => payment.amount += extra,
            Self::SomebodyElsePays(payer) => {
                payment.payer = (*payer).into();
                payment.payer_account = None;
            }
            Self::NoReference(words) => payment.text = (*words).into(),
        }
    }
}

/// Nobody can tell from the statement whose money this is; a call four days later does.
fn without_any_hint() -> BankPayment {
    BankPayment {
        booked: working_day_from(day(23)),
        currency: "USD",
        amount: 500_000,
        payer: "AL MARSA AL QADIM EXCHANGE HOUSE".into(),
        payer_account: None,
        text: "TRANSFER".into(),
        transfer: format!("TT{}900417", day(23).strftime("%y%m%d")),
        charges: 0,
        debtor: "",
        covers: Vec::new(),
    }
}
