//! What a platform paid out for its orders, kept and took back: each row settles what the platform owes for one order, in the
//! ledger ([0023](../../../../docs/decisions/0023-payouts-settle-the-platform.md)). A row of an order that is not known is
//! listed: the same file can be taken in again once the order is here.

use std::collections::BTreeMap;

use jiff::civil::Date;

use dunlin_core::ids::{PartyId, ReceivableId};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::receivable::{Milestone, Obligor};
use dunlin_sheets::Row;
use dunlin_store::{KnownReceivable, OrderRow, Payout, StoreError};

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::fields::Field;
use super::mapping_file::Mapping;
use super::report::{LeftOut, PayoutSum};
use super::said::Said;
use super::shop_order::SOURCE;
use super::table::Table;

/// A row as it was understood; amounts are at least zero.
#[derive(Debug, Clone)]
struct PayoutRow {
    number: String,
    /// Taken back, not paid out.
    is_back: bool,
    payout: Payout,
    reference: String,
}

/// Sums of a file by currency.
pub type PayoutSums = BTreeMap<&'static str, PayoutSum>;

/// The amounts of a row: net, and gross where it is told beside.
struct Told {
    net: Option<Money>,
    gross: Option<Money>,
    fee: Money,
}

fn read_amounts(reader: &mut RowReader<'_>) -> Option<Told> {
    let before = reader.problems.len();
    let mut told = [None; 4];
    for (amount, field) in told.iter_mut().zip([Field::PaidOut, Field::GrossAmount, Field::Fee, Field::OtherFees]) {
        *amount = reader.signed(field);
        // One currency that is none is one problem, and not four.
        if reader.problems.len() > before {
            return None;
        }
    }
    let [net, gross, fees @ ..] = told;
    let first = net.or(gross);
    let Some(first) = first else {
        reader.problem(Field::PaidOut, LeftOut::Row, "unread-empty", "mend-paid-out");
        return None;
    };
    let mut fee = Money::zero(first.currency);
    for other in [net, gross].into_iter().chain(fees).flatten() {
        if other.currency != first.currency {
            let why = Said::new("unread-payout-currencies").with("one", first.currency.code());
            reader.problem(Field::PaidOut, LeftOut::Row, why.with("other", other.currency.code()), "mend-agree");
            return None;
        }
    }
    for told in fees.into_iter().flatten() {
        // Written as what it is or as what it takes off: the size counts. Amounts are far below what a number holds.
        fee.minor += told.minor.abs();
    }
    Some(Told { net, gross, fee })
}

impl Told {
    /// Whether it was taken back, what came or went, and the fee in it. The error says what does not go together.
    fn settle(&self) -> Result<(bool, Money, Money), Said> {
        let fee = self.fee;
        let amounts = [self.gross, self.net];
        let is_back = amounts.iter().flatten().any(|amount| amount.minor < 0);
        let mixed = is_back && amounts.iter().flatten().any(|amount| amount.minor > 0);
        let size = |amount: Option<Money>| amount.map(|amount| Money::new(amount.minor.abs(), amount.currency));
        let net = match (size(self.gross), size(self.net)) {
            (Some(gross), Some(net)) if mixed || gross.minor - fee.minor != net.minor => {
                let why = Said::new("unread-payout-sum").with("gross", gross).with("fee", fee);
                return Err(why.with("net", net));
            }
            (_, Some(net)) => net,
            (Some(gross), None) if gross.minor < fee.minor => {
                let why = Said::new("unread-payout-sum").with("gross", gross).with("fee", fee);
                return Err(why.with("net", Money::zero(fee.currency)));
            }
            (Some(gross), None) => Money::new(gross.minor - fee.minor, gross.currency),
            (None, None) => Money::zero(fee.currency),
        };
        if net.minor == 0 && fee.minor == 0 {
            return Err(Said::new("unread-payout-nothing"));
        }
        Ok((is_back, net, fee))
    }
}

fn read_row(reader: &mut RowReader<'_>, today: Date) -> Option<PayoutRow> {
    let number = reader.required_number(Field::OrderNumber);
    let told = read_amounts(reader);
    let before = reader.problems.len();
    let on = reader.date(Field::PaidOutOn);
    if on.is_none() && reader.problems.len() == before {
        reader.problem(Field::PaidOutOn, LeftOut::Row, "unread-empty", "mend-paid-out-on");
    }
    if on.is_some_and(|day| day > today) {
        reader.problem(Field::PaidOutOn, LeftOut::Row, "unread-future", "mend-date-file");
    }
    let reference = reader.aside(|reader| reader.number(Field::Reference)).unwrap_or_default();
    let (is_back, net, fee) = match told?.settle() {
        Ok(settled) => settled,
        Err(why) => {
            let field = if reader.has_column(Field::GrossAmount) { Field::GrossAmount } else { Field::PaidOut };
            reader.problem(field, LeftOut::Row, why, "mend-payout-sum");
            return None;
        }
    };
    if reader.is_bad() {
        return None;
    }
    Some(PayoutRow { number: number?, is_back, payout: Payout { net, fee, on: on? }, reference })
}

/// The rows of a table in their turn: what was paid out before what was taken back of it, whichever the platform lists first.
pub fn in_turn<'t>(table: &'t Table<'t>, mapping: &'t Mapping) -> Vec<&'t Row> {
    let is_back = |row: &&Row| {
        let mut reader = RowReader::new(table, row, mapping);
        let amounts = [Field::PaidOut, Field::GrossAmount].map(|field| reader.signed(field));
        amounts.into_iter().flatten().any(|amount| amount.minor < 0)
    };
    let (back, out): (Vec<&Row>, Vec<&Row>) = table.rows.iter().partition(is_back);
    out.into_iter().chain(back).collect()
}

impl Book<'_> {
    pub async fn take_payout(&mut self, reader: &mut RowReader<'_>) -> Result<Outcome, StoreError> {
        let Some(row) = read_row(reader, self.today) else { return Ok(Outcome::LeftOut) };
        let key = self.payout_key(reader, &row);
        if self.commit.identity("payout", SOURCE, &key).await?.is_some() {
            return Ok(Outcome::Unchanged);
        }
        let Some((order, item)) = self.order_of_payout(reader, &row).await? else { return Ok(Outcome::LeftOut) };
        let about = (order.fields.party_id, item.id);
        let note = match row.is_back {
            true => format!("taken back by the platform according to {}", self.report.file),
            false => format!("paid out by the platform according to {}", self.report.file),
        };
        let mut kept_as = item.id.to_string();
        if row.is_back {
            if !self.was_paid_out(reader, &row, about).await? {
                return Ok(Outcome::LeftOut);
            }
            self.commit.refund_payout(about, &row.payout, &note).await?;
        } else {
            let open = Money::new(item.amount.minor - item.used.minor, item.amount.currency);
            let gross = row.payout.gross()?;
            if gross.minor > open.minor {
                let why = Said::new("unread-payout-above").with("gross", gross).with("open", open);
                reader.problem(Field::PaidOut, LeftOut::Row, why, "mend-payout-above");
                return Ok(Outcome::LeftOut);
            }
            if item.obligor == Obligor::Buyer && self.commit.owe_by_platform(about.0, about.1).await? {
                let what = Said::new("what-order").with("number", &row.number);
                let (before, after) = (Obligor::Buyer.code(), Obligor::Platform.code());
                self.correction(reader, &what, "obligor", before.to_string(), after.to_string(), false);
            }
            let payment = self.commit.settle_payout(about, &row.payout, &row.number, &note).await?;
            kept_as = payment.map_or(kept_as, |payment| payment.to_string());
        }
        self.commit.add_identity("payout", SOURCE, &key, &kept_as).await?;
        self.told.insert(about.0);
        let currency = row.payout.net.currency;
        self.payouts
            .entry(currency.code())
            .or_insert_with(|| PayoutSum::none(currency))
            .add(row.is_back, &row.payout)?;
        Ok(Outcome::Added)
    }

    /// What names a row: two equal ones of a file are told apart by their order in it.
    fn payout_key(&mut self, reader: &RowReader<'_>, row: &PayoutRow) -> String {
        let PayoutRow { number, is_back, payout, reference } = row;
        let sign = if *is_back { "-" } else { "+" };
        let content = format!("{number}|{sign}{}|{}|{}|{reference}", payout.net, payout.fee, payout.on);
        let nth = (1_u32..).find(|nth| !self.seen.contains_key(&format!("{content}|{nth}"))).unwrap_or(1);
        let key = format!("{content}|{nth}");
        self.seen.insert(key.clone(), (reader.row.number, 0));
        key
    }

    /// The order that a row is about, and what is owed for it; `None` when it cannot be settled, which is said then.
    async fn order_of_payout(
        &mut self,
        reader: &mut RowReader<'_>,
        row: &PayoutRow,
    ) -> Result<Option<(OrderRow, KnownReceivable)>, StoreError> {
        let unknown = || Said::new("unread-order-unknown").with("number", &row.number);
        let Some(order) = self.commit.order_by_number(OrderSource::Marketplace, &row.number).await? else {
            reader.problem(Field::OrderNumber, LeftOut::Row, unknown(), "mend-orders-first");
            return Ok(None);
        };
        if self.is_hidden(reader, Field::OrderNumber, order.fields.party_id) {
            return Ok(None);
        }
        let owed = self.commit.receivables_of_order(SOURCE, order.id, &row.number).await?;
        let Some(item) = owed.into_iter().find(|item| item.milestone == Milestone::Full) else {
            reader.problem(Field::OrderNumber, LeftOut::Row, unknown(), "mend-orders-first");
            return Ok(None);
        };
        let (own, owed) = (row.payout.net.currency, item.amount.currency);
        if own != owed {
            let why = Said::new("unread-other-currency").with("own", own.code()).with("currency", owed.code());
            reader.problem(Field::PaidOut, LeftOut::Row, why, "mend-payout-currency");
            return Ok(None);
        }
        if item.closed && !row.is_back {
            let why = Said::new("unread-order-closed").with("number", &row.number);
            reader.problem(Field::OrderNumber, LeftOut::Row, why, "mend-order-closed");
            return Ok(None);
        }
        Ok(Some((order, item)))
    }

    /// Nothing is taken back that was not paid out, as far as the books know.
    async fn was_paid_out(
        &mut self,
        reader: &mut RowReader<'_>,
        row: &PayoutRow,
        about: (PartyId, ReceivableId),
    ) -> Result<bool, StoreError> {
        let debt = self.commit.platform_debt(about.0, about.1).await?;
        let Payout { net, fee, .. } = row.payout;
        if net.minor <= debt.paid_out.minor && fee.minor <= debt.fees.minor {
            return Ok(true);
        }
        let why = Said::new("unread-payout-back").with("net", net).with("fee", fee);
        let why = why.with("paid", debt.paid_out).with("fees", debt.fees);
        reader.problem(Field::PaidOut, LeftOut::Row, why, "mend-payout-back");
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dunlin_core::money::Currency;

    fn usd(text: &str) -> Money {
        Money::parse(text, Currency::USD).expect("money")
    }

    fn settled(gross: Option<&str>, net: Option<&str>, fee: &str) -> Result<String, &'static str> {
        let told = Told { net: net.map(usd), gross: gross.map(usd), fee: usd(fee) };
        let (is_back, net, fee) = told.settle().map_err(|why| why.code())?;
        Ok(format!("{}{} {}", if is_back { "-" } else { "" }, net.decimal(), fee.decimal()))
    }

    #[test]
    fn gross_fee_and_net_go_together_or_are_asked_about() {
        let table = [
            (Some("50.00"), None, "2.50", Ok("47.50 2.50")),
            (None, Some("47.50"), "2.50", Ok("47.50 2.50")),
            (Some("50.00"), Some("47.50"), "2.50", Ok("47.50 2.50")),
            (Some("50.00"), Some("48.00"), "2.50", Err("unread-payout-sum")),
            (Some("-20.00"), None, "1.00", Ok("-19.00 1.00")),
            (Some("-20.00"), Some("-19.00"), "1.00", Ok("-19.00 1.00")),
            (Some("-20.00"), Some("19.00"), "1.00", Err("unread-payout-sum")),
            (Some("-20.00"), Some("-21.00"), "1.00", Err("unread-payout-sum")),
            (Some("2.00"), None, "2.50", Err("unread-payout-sum")),
            (Some("2.50"), None, "2.50", Ok("0.00 2.50")),
            (Some("0.00"), None, "0.00", Err("unread-payout-nothing")),
        ];
        for (gross, net, fee, expected) in table {
            assert_eq!(settled(gross, net, fee), expected.map(str::to_string), "{gross:?} {net:?} {fee}");
        }
    }
}
