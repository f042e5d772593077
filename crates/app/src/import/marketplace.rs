//! Orders of a marketplace, from its export: one receivable each, owed by the buyer until the platform has the money,
//! then by the platform, and by nobody when the order was closed. A file that follows the orders on their way also tells how
//! each stands, what is in it and under which numbers it left, as a connected shop does (`shop_news`, `shop_goods`).

use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::key_date::KeyDate;
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::party::ContactRole;
use dunlin_core::receivable::Obligor;
use dunlin_core::shipment::number::plain_number;
use dunlin_store::{ContactFields, KnownOrder, OrderRow, OrderTold, PartyFields, ShipmentFields, StoreError};

use super::book::{Book, Outcome};
use super::cells::RowReader;
use super::days::read_days;
use super::debtor_part::read_country;
use super::fields::Field;
use super::order_words::spoken;
use super::report::LeftOut;
use super::said::Said;
use super::shop_goods::{FileParcel, read_line, read_parcels, zone_of};
use super::shop_news::{FileAge, ToldByRow, is_past_payment};
use super::shop_order::{Days, SOURCE, ShopOrder, Standing};
use super::words::{self, State};
use crate::use_cases::confirm_order::raise_by_rule;

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
    told: ToldByRow,
}

impl ShopRow {
    fn order(&self) -> ShopOrder {
        ShopOrder {
            number: self.number.clone(),
            placed_at: self.placed_at,
            amount: self.amount,
            goods: self.goods.clone(),
            standing: self.state,
            cancelled: self.state == Standing::Nobody,
            status: self.status.clone(),
        }
    }
}

fn read_shop_row(reader: &mut RowReader<'_>, number: Option<String>) -> Option<ShopRow> {
    let zone = zone_of(reader);
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
    let shipped_at = reader.aside(|reader| reader.moment(Field::ShippedAt, &zone));
    let ship_by = reader.aside(|reader| reader.deadline(Field::ShipBy, &zone));
    if reader.is_bad() {
        return None;
    }
    let told = ToldByRow {
        placed_at: placed_at?,
        paid_at,
        shipped_at,
        ship_by,
        spoken: spoken(&status),
        tells_payment: reader.has_column(Field::PaidAt),
        has_parcel: false,
    };
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
        told,
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
        let Some(mut row) = read_shop_row(reader, number) else { return Ok(Outcome::LeftOut) };
        if self.shop.tells_states {
            // What cannot be read of the goods is said of each row, also of the second of an order.
            read_line(reader);
            read_parcels(reader);
            self.note_carrier(reader);
            row.told.has_parcel = !self.shop.parcels_of(&row.number).is_empty();
        }
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
        let now = self.commit.now();
        let age = FileAge { as_of: self.shop.as_of.unwrap_or(now), repeated: self.report.already_imported.is_some() };
        let before = match &known {
            Some(order) => self.commit.known_order(order.fields.party_id, order.id).await?,
            None => KnownOrder::default(),
        };
        let is_behind = match &known {
            Some(order) => self.is_behind(&row, order, &before, age).await?,
            None => false,
        };
        let outcome = if is_behind { Outcome::Unchanged } else { self.write_shop_row(reader, &row, known).await? };
        // What an order has done it has done, and its parcels are its parcels: an older file may be the first to say so.
        let is_news = self.shop.tells_states && self.tell_shop_row(reader, &row, &before, age).await?;
        self.report.orders_told += usize::from(is_news);
        self.report.older_orders += usize::from(is_behind && !is_news && !age.repeated);
        Ok(if is_news && outcome == Outcome::Unchanged { Outcome::Corrected } else { outcome })
    }

    /// Whether more is known of the order than the row says: it is older, or asks the buyer for what was paid. A payment
    /// that nobody knew of comes in all the same.
    async fn is_behind(
        &mut self,
        row: &ShopRow,
        order: &OrderRow,
        known: &KnownOrder,
        age: FileAge,
    ) -> Result<bool, StoreError> {
        let asks_again = row.state == Standing::Buyer && is_past_payment(known);
        if !asks_again && !age.is_older(known) {
            return Ok(false);
        }
        if row.state != Standing::Platform {
            return Ok(!row.told.leads_on(known));
        }
        let owed = self.commit.receivables_of_order(SOURCE, order.id, &row.number).await?;
        let is_asked = owed.iter().any(|item| item.obligor == Obligor::Buyer && !item.closed);
        Ok(!is_asked && !row.told.leads_on(known))
    }

    /// How the order stands, what is in it and how it left, beyond what is known. `true`: some of it is new.
    async fn tell_shop_row(
        &mut self,
        reader: &mut RowReader<'_>,
        row: &ShopRow,
        before: &KnownOrder,
        age: FileAge,
    ) -> Result<bool, StoreError> {
        let now = self.commit.now();
        let moments = [(Field::PlacedAt, Some(row.placed_at)), (Field::PaidAt, row.told.paid_at)];
        for (field, at) in moments.into_iter().chain([(Field::ShippedAt, row.told.shipped_at)]) {
            if at.is_some_and(|at| at > now) {
                reader.problem(field, LeftOut::Value, "unread-future", "mend-zone-file");
            }
        }
        let Some(order) = self.commit.order_by_number(OrderSource::Marketplace, &row.number).await? else {
            return Ok(false);
        };
        let about = (order.fields.party_id, order.id);
        let told = row.told.news(before, age, now);
        let mut is_news = false;
        if told != OrderTold::default() {
            is_news |= self.commit.note_order_state(about.0, about.1, &told).await?;
        }
        // Before the articles: by those that are known it shows whether the file has all of the order.
        is_news |= self.tell_parcels(reader, row, about, (before, age)).await?;
        let lines = self.shop.lines_of(&row.number, row.amount);
        if !lines.is_empty() && !age.is_older(before) {
            is_news |= self.commit.keep_order_lines(about.0, about.1, &lines).await?;
        }
        if is_news {
            raise_by_rule(&mut self.commit, about, &row.number).await?;
            self.told.insert(about.0);
        }
        Ok(is_news)
    }

    /// The parcels of an order that was handed over.
    async fn tell_parcels(
        &mut self,
        reader: &RowReader<'_>,
        row: &ShopRow,
        about: (PartyId, OrderId),
        (before, age): (&KnownOrder, FileAge),
    ) -> Result<bool, StoreError> {
        if !row.told.hands_over(before) {
            return Ok(false);
        }
        let parcels = self.shop.parcels_of(&row.number);
        if parcels.is_empty() {
            return Ok(false);
        }
        let known = self.commit.parcel_numbers(about.0, about.1).await?;
        let is_known = |number: &str| known.contains(&plain_number(number));
        let now = self.commit.now();
        let parcel = |parcel: FileParcel| {
            // Of one that is known the day stays, unless the row itself says it.
            let left_at = if is_known(&parcel.number) { row.told.shipped_at } else { row.told.left_at(before, age) };
            let shipped_at = left_at.filter(|at| *at <= now);
            ShipmentFields { carrier: parcel.carrier, number: parcel.number, shipped_at }
        };
        let told: Vec<ShipmentFields> = parcels.into_iter().map(parcel).collect();
        let corrects = !age.is_older(before) && self.names_all_parcels(row, about, &known, &told).await?;
        let mut is_news = false;
        if corrects {
            is_news |= self.commit.note_named_parcels(about, &told, None).await?;
        }
        for parcel in told.iter().filter(|parcel| !corrects || is_known(&parcel.number)) {
            is_news |= self.commit.note_shipment(about.0, about.1, parcel).await?.1;
        }
        if is_news && before.story.news().next().is_some() {
            self.report_parcels(reader, row, about, &known).await?;
        }
        Ok(is_news)
    }

    /// Whether the parcels of the file are all that the order has by now, so that a number that it names no more was corrected.
    /// A list that leaves out some of the articles, or of which a number cannot be read, may leave out a parcel too; and one
    /// that names nothing new takes nothing back.
    async fn names_all_parcels(
        &mut self,
        row: &ShopRow,
        about: (PartyId, OrderId),
        known: &[String],
        told: &[ShipmentFields],
    ) -> Result<bool, StoreError> {
        let told: Vec<String> = told.iter().map(|parcel| plain_number(&parcel.number)).collect();
        if known.iter().all(|number| told.contains(number)) {
            return Ok(true);
        }
        if !self.shop.reads_all_parcels(&row.number) || told.iter().all(|number| known.contains(number)) {
            return Ok(false);
        }
        let lines = self.shop.lines_of(&row.number, row.amount).len();
        Ok(lines == 0 || lines >= self.commit.order_lines(about.0, about.1).await?.len())
    }

    /// What became of the numbers of an order that was known.
    async fn report_parcels(
        &mut self,
        reader: &RowReader<'_>,
        row: &ShopRow,
        about: (PartyId, OrderId),
        known: &[String],
    ) -> Result<(), StoreError> {
        let after = self.commit.parcel_numbers(about.0, about.1).await?;
        let missing = |from: &[String], of: &[String]| -> Vec<String> {
            of.iter().filter(|number| !from.contains(number)).cloned().collect()
        };
        let (gone, came) = (missing(&after, known), missing(known, &after));
        let what = Said::new("what-order").with("number", &row.number);
        if !gone.is_empty() {
            self.correction(reader, &what, "parcel", gone.join(", "), came.join(", "), false);
            return Ok(());
        }
        for number in came {
            self.correction(reader, &what, "parcel", String::new(), number, false);
        }
        Ok(())
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
        if self.commit.is_erased(order.fields.party_id).await? {
            // Their account is forgotten with them: the order is told apart by its number alone.
            self.names_erased = true;
            let of_them = [Some(Field::BuyerName), Some(Field::Email), Some(Field::Phone)];
            reader.problems.retain(|problem| !of_them.contains(&problem.field));
            if self.is_hidden(reader, Field::BuyerLogin, order.fields.party_id) {
                return Ok(false);
            }
        } else if buyer.map(|buyer| buyer.id) != Some(order.fields.party_id) {
            let why = Said::new("unread-order-buyer").with("number", &row.number);
            reader.problem(Field::BuyerLogin, LeftOut::Row, why, "mend-order-buyer");
            return Ok(false);
        }
        if order.fields.total.currency != row.amount.currency {
            for old in self.commit.receivables_of_order(SOURCE, order.id, &row.number).await? {
                if self.keeps_currency(reader, order.fields.party_id, &old, row.amount.currency).await? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    async fn write_shop_row(
        &mut self,
        reader: &mut RowReader<'_>,
        row: &ShopRow,
        known: Option<OrderRow>,
    ) -> Result<Outcome, StoreError> {
        let party_id = match &known {
            // Whoever was erased does not come back with an order of theirs.
            Some(order) if self.commit.is_erased(order.fields.party_id).await? => order.fields.party_id,
            _ => self.keep_buyer(reader, row).await?,
        };
        let order = row.order();
        let days = Days { zone: self.zone.clone(), today: self.today };
        let what = Said::new("what-order").with("number", &row.number);
        let corrections = self.report.corrections.len();
        let (order_id, is_new, changes) = order.write(&mut self.commit, party_id, known, &days).await?;
        self.note(reader, &what, changes);
        self.keep_days(reader, &what, (party_id, order_id), !is_new, &row.days).await?;
        let receivable = order.receivable(party_id, order_id, &days);
        let (_, opened, changes) = order.write_receivable(&mut self.commit, &receivable, &days).await?;
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
