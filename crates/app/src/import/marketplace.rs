//! Orders of a marketplace, from its export: one receivable each, owed by the buyer until the platform has the money,
//! then by the platform, and by nobody when the order was closed.

use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_core::ids::PartyId;
use dunlin_core::key_date::KeyDate;
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::party::ContactRole;
use dunlin_core::receivable::{Milestone, Obligor, Trigger};
use dunlin_store::{ContactFields, OrderFields, OrderRow, PartyFields, ReceivableFields, StoreError};

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::days::read_days;
use super::debtor_part::read_country;
use super::fields::Field;
use super::report::LeftOut;
use super::said::Said;
use super::words::{self, State, Zone};

const SOURCE: &str = "marketplace";

/// An order as the export has it.
#[derive(Debug, Clone)]
struct ShopRow {
    number: String,
    placed_at: Timestamp,
    /// The login, or the address where there is no login.
    buyer: String,
    contact: ContactFields,
    country: Option<String>,
    amount: Money,
    goods: String,
    days: Vec<(KeyDate, Date)>,
    state: Standing,
    /// The platform's own word.
    status: String,
}

/// Who owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Buyer,
    Platform,
    Nobody,
}

fn read_shop_row(reader: &mut RowReader<'_>, number: Option<String>) -> Option<ShopRow> {
    let utc = Zone(jiff::tz::TimeZone::UTC);
    let zone = reader.mapping.defaults.time_zone.clone().unwrap_or(utc);
    let before = reader.problems.len();
    let placed_at = reader.moment(Field::PlacedAt, &zone);
    if placed_at.is_none() && reader.problems.len() == before {
        reader.problem(Field::PlacedAt, LeftOut::Row, "unread-empty", "mend-placed-at");
    }
    let paid_at = reader.moment(Field::PaidAt, &zone);
    let login = reader.number(Field::BuyerLogin);
    let email = reader.email(LeftOut::Value);
    let name = reader.name(Field::BuyerName, LeftOut::Value);
    let phone = reader.text(Field::Phone);
    let country = read_country(reader);
    let buyer = login.clone().or_else(|| email.as_ref().map(|email| email.to_lowercase()));
    if buyer.is_none() && !reader.is_bad() {
        reader.problem(Field::BuyerLogin, LeftOut::Row, "unread-no-buyer", "mend-buyer");
    }
    let before = reader.problems.len();
    let amount = reader.amount(Field::Amount);
    if amount.is_none() && reader.problems.len() == before {
        reader.problem(Field::Amount, LeftOut::Row, "unread-empty", "mend-order-amount");
    }
    let product = reader.text(Field::Product).unwrap_or_default();
    let goods = match reader.text(Field::Quantity) {
        Some(quantity) if !product.is_empty() => format!("{quantity} × {product}"),
        _ => product,
    };
    let days = read_days(reader, None);
    let status = reader.text(Field::Status).unwrap_or_default();
    let state = read_standing(reader, &status, paid_at.is_some());
    if reader.is_bad() {
        return None;
    }
    let contact = ContactFields {
        name: name.unwrap_or_default(),
        role: ContactRole::Buyer,
        language: None,
        time_zone: None,
        email,
        phone,
        whatsapp: None,
        in_site_id: login,
    };
    Some(ShopRow {
        number: number?,
        placed_at: placed_at?,
        buyer: buyer?,
        contact,
        country,
        amount: amount?,
        goods,
        days,
        state: state?,
        status,
    })
}

/// A payment time says more than the status: a letter about money that has come is the worse mistake.
fn read_standing(reader: &mut RowReader<'_>, status: &str, is_paid: bool) -> Option<Standing> {
    let known = words::state(status);
    match known {
        Some(State::Closed) => Some(Standing::Nobody),
        _ if is_paid => Some(Standing::Platform),
        Some(State::AwaitingPayment) => Some(Standing::Buyer),
        Some(State::Paid) => Some(Standing::Platform),
        // Unpaid orders end in the same word; only the payment time would tell.
        Some(State::Finished) if reader.has_column(Field::PaidAt) => Some(Standing::Nobody),
        Some(State::Finished) => Some(Standing::Platform),
        None if status.is_empty() && reader.has_column(Field::PaidAt) => Some(Standing::Buyer),
        None => {
            let why = if status.is_empty() {
                Said::new("unread-no-status")
            } else {
                Said::new("unread-status").with("status", status)
            };
            reader.problem(Field::Status, LeftOut::Row, why, "mend-status");
            None
        }
    }
}

impl Book<'_> {
    pub async fn take_marketplace(&mut self, reader: &mut RowReader<'_>) -> Result<Outcome, StoreError> {
        let number = reader.required_number(Field::OrderNumber);
        if let Some(number) = &number {
            self.known.is_here(number);
        }
        let Some(row) = read_shop_row(reader, number) else { return Ok(Outcome::LeftOut) };
        // Platforms give one row per product; what matters here is the same in all of them.
        let content = format!("{:?} {:?} {:?} {}", row.amount, row.state, row.placed_at, row.buyer);
        if let Some(repeat) = self.repeats(&row.number, reader.row.number, &content) {
            if repeat.agrees {
                return Ok(Outcome::Unchanged);
            }
            let why = Said::new("unread-order-twice").with("number", &row.number);
            let why = why.with("row", i64::from(repeat.first));
            reader.problem(Field::OrderNumber, LeftOut::Row, why, "mend-whole-amount");
            return Ok(Outcome::LeftOut);
        }
        let known = self.commit.order_by_number(OrderSource::Marketplace, &row.number).await?;
        if !self.fits_what_is_known(reader, &row, known.as_ref()).await? {
            return Ok(Outcome::LeftOut);
        }
        self.write_shop_row(reader, &row, known).await
    }

    async fn fits_what_is_known(
        &mut self,
        reader: &mut RowReader<'_>,
        row: &ShopRow,
        known: Option<&OrderRow>,
    ) -> Result<bool, StoreError> {
        let buyer = self.commit.find_party(SOURCE, &row.buyer).await?;
        if let Some(buyer) = &buyer
            && self.is_hidden(reader, Field::BuyerLogin, buyer.id)
        {
            return Ok(false);
        }
        let Some(order) = known else { return Ok(true) };
        if buyer.map(|buyer| buyer.id) != Some(order.fields.party_id) {
            let why = Said::new("unread-order-buyer").with("number", &row.number);
            reader.problem(Field::BuyerLogin, LeftOut::Row, why, "mend-order-buyer");
            return Ok(false);
        }
        Ok(true)
    }

    async fn write_shop_row(
        &mut self,
        reader: &mut RowReader<'_>,
        row: &ShopRow,
        known: Option<OrderRow>,
    ) -> Result<Outcome, StoreError> {
        let party_id = self.keep_buyer(reader, row).await?;
        let closed = row.state == Standing::Nobody;
        let placed_on = row.placed_at.to_zoned(self.zone.clone()).date();
        let fields = OrderFields {
            party_id,
            number: row.number.clone(),
            source: OrderSource::Marketplace,
            total: row.amount,
            ordered_on: placed_on,
            ordered_at: Some(row.placed_at),
            terms_text: String::new(),
            goods: row.goods.clone(),
            remote_state: row.status.clone(),
            cancelled: closed,
        };
        let what = Said::new("what-order").with("number", &row.number);
        let corrections = self.report.corrections.len();
        let (order_id, is_new) = match known {
            Some(known) => {
                let changes = self.commit.correct_order(&known, &fields).await?;
                self.note(reader, &what, changes);
                (known.id, false)
            }
            None => (self.commit.add_order(&fields, self.today).await?, true),
        };
        self.keep_days(reader, &what, (party_id, order_id), !is_new, &row.days).await?;
        let receivable = ReceivableFields {
            party_id,
            order_id: Some(order_id),
            invoice_id: None,
            reference: row.number.clone(),
            order_number: Some(row.number.clone()),
            milestone: Milestone::Full,
            trigger: Trigger::OrderPlaced,
            days: 0,
            amount: row.amount,
            triggered_on: Some(placed_on),
            due_on: Some(placed_on),
            placed_at: Some(row.placed_at),
            obligor: if row.state == Standing::Platform { Obligor::Platform } else { Obligor::Buyer },
            source: OrderSource::Marketplace,
            closed,
        };
        let key = format!("{}#full", row.number);
        let (_, opened, changes) = self.commit.upsert_receivable(SOURCE, &key, &receivable, self.today).await?;
        self.count_old(opened, &receivable);
        self.note(reader, &what, changes);
        Ok(match is_new {
            true => Outcome::Added,
            false if self.report.corrections.len() > corrections => Outcome::Corrected,
            false => Outcome::Unchanged,
        })
    }

    /// The buyer, a consumer, with the one person it is.
    async fn keep_buyer(&mut self, reader: &mut RowReader<'_>, row: &ShopRow) -> Result<PartyId, StoreError> {
        let shown = if row.contact.name.is_empty() { &row.buyer } else { &row.contact.name };
        let fields = PartyFields {
            name: shown.clone(),
            country: row.country.clone().unwrap_or_default(),
            language: None,
            is_consumer: true,
        };
        let known = match self.buyers.get(&row.buyer) {
            Some(id) => return Ok(*id),
            None => self.commit.find_party(SOURCE, &row.buyer).await?,
        };
        let id = match known {
            Some(buyer) if buyer.is_former => buyer.id,
            Some(buyer) => {
                let changes = self.commit.correct_party(buyer.id, &fields).await?;
                self.note(reader, &Said::new("what-buyer").with("name", &row.buyer), changes);
                buyer.id
            }
            None => {
                let id = self.commit.add_party(SOURCE, &row.buyer, &fields, self.today).await?;
                self.people.insert(id, Vec::new());
                id
            }
        };
        self.buyers.insert(row.buyer.clone(), id);
        self.keep_person(reader, id, &row.buyer, &row.contact).await?;
        Ok(id)
    }
}
