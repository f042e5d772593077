//! The column of what is paid already: money that came in before, told by the seller and not by the bank.
//!
//! The column is compared with all money on the order, whoever told of it, so that a payment found in a bank
//! statement is not counted again.

use dunlin_core::ids::{PartyId, ReceivableId};
use dunlin_core::instalments::oldest_first;
use dunlin_core::money::Money;
use dunlin_core::payment::PaymentSource;
use dunlin_core::receivable::Milestone;
use dunlin_core::receivable::share::Share;
use dunlin_store::{KnownReceivable, PlacedShare, StoreError};

use super::book::Book;
use super::cells::RowReader;
use super::direct_row::DirectRow;
use super::fields::Field;
use super::milestones::Planned;
use super::report::LeftOut;
use super::said::Said;

/// What the column adds to what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FurtherMoney {
    pub before: Money,
    pub more: Money,
}

/// Money of the column that is not on the order yet, or a problem when there is no room for it.
pub fn further_money(
    reader: &mut RowReader<'_>,
    row: &DirectRow,
    planned: &[Planned],
    known: &[KnownReceivable],
) -> Option<FurtherMoney> {
    let paid = row.paid?;
    let minor = |amount: Money| if amount.currency == paid.currency { amount.minor } else { 0 };
    if row.paid_is_deposit {
        return further_deposit(paid, planned, known);
    }
    let before = Money::new(known.iter().map(|known| paid_on(known, minor)).sum(), paid.currency);
    let more = Money::new(paid.minor - before.minor, paid.currency);
    if more.minor <= 0 {
        return None;
    }
    let used = |key: &str| known.iter().find(|known| known.key == key).map_or(0, |known| minor(known.used));
    let own: i64 = planned.iter().map(|item| item.amount.minor - used(&item.key)).sum();
    let of_parts = known.iter().filter(|known| planned.iter().any(|item| item.key == known.key));
    let room = own + of_parts.flat_map(rooms_of_parts).map(|(_, room)| room).sum::<i64>();
    if more.minor > room {
        let why = Said::new("unread-paid-room").with("more", more).with("open", Money::new(room, paid.currency));
        reader.problem(Field::PaidAmount, LeftOut::Row, why, "mend-paid-room");
        return None;
    }
    Some(FurtherMoney { before, more })
}

/// Money of a column about the deposit: what the deposit still takes of it, and nothing for any other amount. A deposit that
/// is settled, by whatever, takes nothing.
fn further_deposit(paid: Money, planned: &[Planned], known: &[KnownReceivable]) -> Option<FurtherMoney> {
    let item = planned.iter().find(|item| item.milestone == Milestone::Deposit)?;
    let old = known.iter().find(|known| known.key == item.key);
    let minor = |amount: Money| if amount.currency == paid.currency { amount.minor } else { 0 };
    let before = old.map_or(0, |old| paid_on(old, minor));
    let of_parts: i64 = old.into_iter().flat_map(rooms_of_parts).map(|(_, room)| room).sum();
    let room = item.amount.minor - old.map_or(0, |old| minor(old.used)) + of_parts;
    let more = (paid.minor - before).min(room);
    (more > 0)
        .then_some(FurtherMoney { before: Money::new(before, paid.currency), more: Money::new(more, paid.currency) })
}

/// All money that came in on a receivable and on the instalments that stand in its place.
fn paid_on(known: &KnownReceivable, minor: impl Fn(Money) -> i64) -> i64 {
    minor(known.paid) + known.parts.iter().map(|part| minor(part.paid)).sum::<i64>()
}

/// What the instalments in place of a receivable still take, oldest first.
pub fn rooms_of_parts(known: &KnownReceivable) -> impl Iterator<Item = (ReceivableId, i64)> + '_ {
    let open = known.parts.iter().filter(|part| !part.closed && part.outstanding.is_positive());
    open.map(|part| (part.receivable_id, part.outstanding.minor))
}

impl Book<'_> {
    /// Adds the payment and gives it to the milestones in their order, and within one to its instalments, oldest first. `open` says what each still takes.
    pub async fn keep_payment(
        &mut self,
        party_id: PartyId,
        row: &DirectRow,
        more: Money,
        open: &[(ReceivableId, i64)],
    ) -> Result<(), StoreError> {
        // A day to come is when it is expected. Without a day it came by today, and is marked so: no day is made up.
        let told_on = row.paid_on.filter(|day| *day <= self.today);
        let received_on = told_on.unwrap_or(self.today);
        let payer = row.debtor.name.clone().unwrap_or_else(|| self.parties.name_of(party_id).to_string());
        let words = row.invoice_number.iter().fold(row.number.clone(), |words, invoice| format!("{words} {invoice}"));
        let payment = self.commit.add_payment(PaymentSource::Import, None, more, received_on, &payer, &words).await?;
        if told_on.is_none() {
            self.commit.note_day_unknown(payment).await?;
        }
        let place = |(receivable_id, minor)| PlacedShare {
            party_id,
            receivable_id,
            share: Share::same(Money::new(minor, more.currency)),
        };
        let shares: Vec<PlacedShare> = oldest_first(more.minor, open).into_iter().map(place).collect();
        let note = format!("paid according to {}", self.report.file);
        self.commit.place_payment(payment, &shares, &note).await
    }
}
