//! The goods and parcels that the rows of a marketplace's export name: an order has a row for each article, so that all of
//! its rows are looked through before the first is taken.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use dunlin_channels::track17::requests::is_number;
use dunlin_core::catalogue::MOST_IN_STOCK;
use dunlin_core::facts::orders::GoodsLine;
use dunlin_core::money::Money;
use dunlin_core::shipment::carriers::Carriers;

use super::book::Book;
use super::cells::{RowReader, one_line};
use super::fields::Field;
use super::kind::Layout;
use super::report::LeftOut;
use super::said::Said;
use super::table::Table;
use super::words::{self, Zone};

/// Parcels of one order; more is no list of parcels.
const MOST_PARCELS: usize = 50;
/// Articles of one order.
const MOST_LINES: usize = 500;
/// A title is a line, and not a page.
const LONGEST_TITLE: usize = 500;

/// What a file tells of its orders beside money.
#[derive(Debug, Default)]
pub struct ShopFile {
    /// It follows the orders on their way, and does not only say who owes.
    pub tells_states: bool,
    /// The latest moment that it names.
    pub as_of: Option<Timestamp>,
    /// By the number of their order.
    lines: HashMap<String, Vec<FileLine>>,
    parcels: HashMap<String, Vec<FileParcel>>,
    /// Orders with a parcel whose number cannot be read.
    unread_parcels: BTreeSet<String>,
    /// Names of carriers that nobody here knows, each said once.
    unknown_carriers: BTreeSet<String>,
}

/// An article of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    sku: String,
    title: String,
    quantity: i64,
    price: Option<Money>,
}

/// A parcel of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileParcel {
    pub number: String,
    /// Code of a known one; empty otherwise.
    pub carrier: String,
}

impl ShopFile {
    /// The articles of an order. `total` names the currency where a price was not told.
    pub fn lines_of(&self, number: &str, total: Money) -> Vec<GoodsLine> {
        let line = |line: &FileLine| GoodsLine {
            sku: line.sku.clone(),
            title: line.title.clone(),
            quantity: line.quantity,
            price: line.price.unwrap_or(Money::zero(total.currency)),
            url: String::new(),
            in_stock: None,
        };
        self.lines.get(number).into_iter().flatten().map(line).collect()
    }

    pub fn parcels_of(&self, number: &str) -> Vec<FileParcel> {
        self.parcels.get(number).cloned().unwrap_or_default()
    }

    /// Whether the parcels that it names are all that its rows speak of.
    pub fn reads_all_parcels(&self, number: &str) -> bool {
        let named = self.parcels.get(number).map_or(0, Vec::len);
        named > 0 && named < MOST_PARCELS && !self.unread_parcels.contains(number)
    }
}

/// In which zone the moments of a file are that name none.
pub fn zone_of(reader: &RowReader<'_>) -> Zone {
    reader.mapping.defaults.time_zone.clone().unwrap_or(Zone(jiff::tz::TimeZone::UTC))
}

/// A status alone, with payment times, is a list of who has paid; goods, parcels or a day to leave by show that orders are
/// followed with it.
fn tells_states(table: &Table<'_>) -> bool {
    let has = |field: &Field| table.columns.contains_key(field);
    let of_the_way = [Field::Sku, Field::ShipBy, Field::ShippedAt, Field::TrackingNumber];
    has(&Field::Status) && of_the_way.iter().any(has)
}

impl Book<'_> {
    /// Looks through the rows of a table for what belongs to their orders. What cannot be read is said when the row is taken.
    pub fn look_through(&mut self, table: &Table<'_>) {
        if self.layout != Layout::Marketplace {
            return;
        }
        self.shop.tells_states |= tells_states(table);
        let now = self.commit.now();
        for row in table.rows {
            let mut reader = RowReader::new(table, row, self.mapping);
            let zone = zone_of(&reader);
            for field in [Field::PlacedAt, Field::PaidAt, Field::ShippedAt] {
                let at = reader.moment(field, &zone).filter(|at| *at <= now);
                self.shop.as_of = self.shop.as_of.max(at);
            }
            if !self.shop.tells_states {
                continue;
            }
            let Some(number) = reader.number(Field::OrderNumber) else { continue };
            if let Some(line) = read_line(&mut reader) {
                let lines = self.shop.lines.entry(number.clone()).or_default();
                // A page that was printed twice brings a line twice, and so does an order of two equal articles.
                if lines.len() < MOST_LINES {
                    lines.push(line);
                }
            }
            let before = reader.problems.len();
            let named = read_parcels(&mut reader);
            if reader.problems.len() > before {
                self.shop.unread_parcels.insert(number.clone());
            }
            let parcels = self.shop.parcels.entry(number).or_default();
            for parcel in named {
                if parcels.len() < MOST_PARCELS && !parcels.iter().any(|known| known.number == parcel.number) {
                    parcels.push(parcel);
                }
            }
        }
    }

    /// Says that a carrier is not known, once for each name: its parcels are followed all the same.
    pub fn note_carrier(&mut self, reader: &mut RowReader<'_>) {
        let Some(name) = reader.text(Field::Carrier) else { return };
        for name in pieces(&name) {
            let (name, _) = parted(&name);
            if Carriers::shipped().find(&name).is_none() && self.shop.unknown_carriers.insert(name.clone()) {
                let why = Said::new("unread-carrier").with("name", name);
                reader.problem(Field::Carrier, LeftOut::Value, why, "mend-carrier");
            }
        }
    }
}

/// The article of a row; `None` when it names none, or not how many.
pub fn read_line(reader: &mut RowReader<'_>) -> Option<FileLine> {
    let sku = reader.aside(|reader| reader.number(Field::Sku)).unwrap_or_default();
    let title = reader.text(Field::Product).unwrap_or_default();
    if sku.is_empty() && title.is_empty() {
        return None;
    }
    let quantity = match read_quantity(reader) {
        Some(Ok(quantity)) => quantity,
        // A row is one article unless it says more.
        None => 1,
        Some(Err(why)) => {
            reader.problem(Field::Quantity, LeftOut::Value, why, "mend-quantity");
            return None;
        }
    };
    let price = reader.aside(|reader| reader.amount(Field::Price));
    let title = title.chars().take(LONGEST_TITLE).collect();
    Some(FileLine { sku, title, quantity, price })
}

/// `2`, `2 piece`, `2件`.
fn read_quantity(reader: &RowReader<'_>) -> Option<Result<i64, Said>> {
    let (cell, _) = reader.cell(Field::Quantity)?;
    let text = one_line(&cell.text());
    if words::means_nothing(&text) {
        return None;
    }
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = &text[digits.len()..];
    // A fraction, a minus or a second number is no count of pieces.
    let is_count = !digits.is_empty() && !unit.contains(|c: char| c.is_numeric() || matches!(c, '.' | ',' | '/' | '-'));
    Some(match digits.parse::<i64>() {
        Ok(count) if is_count && count <= MOST_IN_STOCK => Ok(count),
        _ if is_count => Err(Said::new("unread-too-many")),
        _ => Err(Said::new("unread-not-whole").with("text", text.chars().take(40).collect::<String>())),
    })
}

/// The parcels of a row, each with its carrier: several numbers have a comma or a line break between them, and a carrier's
/// name may stand before one with a colon.
pub fn read_parcels(reader: &mut RowReader<'_>) -> Vec<FileParcel> {
    let Some((cell, _)) = reader.cell(Field::TrackingNumber) else { return Vec::new() };
    // What Excel has rounded is another parcel's number.
    if reader.aside(|reader| reader.text(Field::TrackingNumber)).is_none() {
        return Vec::new();
    }
    let is_rounded =
        matches!(cell, dunlin_sheets::Cell::Number(number) if number.abs() >= 1e15 || number.fract() != 0.0);
    if is_rounded {
        reader.problem(Field::TrackingNumber, LeftOut::Value, "unread-rounded", "mend-rounded");
        return Vec::new();
    }
    let told = pieces(&cell.text());
    let carriers = reader.aside(|reader| reader.text(Field::Carrier)).map(|text| pieces(&text)).unwrap_or_default();
    let mut parcels = Vec::new();
    for (place, piece) in told.iter().take(MOST_PARCELS).enumerate() {
        let (before, number) = parted(piece);
        let number: String = number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if !is_number(&number) {
            let shown: String = piece.chars().take(60).collect();
            let why = Said::new("unread-tracking").with("text", shown);
            reader.problem(Field::TrackingNumber, LeftOut::Value, why, "mend-tracking");
            continue;
        }
        let beside = if carriers.len() == told.len() { carriers.get(place) } else { carriers.first() };
        let known = [Some(&before), beside].into_iter().flatten().find_map(|name| Carriers::shipped().find(name));
        let carrier = known.map_or_else(String::new, |carrier| carrier.code.clone());
        parcels.push(FileParcel { number: number.to_ascii_uppercase(), carrier });
    }
    parcels
}

fn pieces(text: &str) -> Vec<String> {
    let between = |c: char| matches!(c, ',' | '，' | ';' | '；' | '、' | '|' | '\n' | '\r');
    text.split(between).map(one_line).filter(|piece| !words::means_nothing(piece)).collect()
}

/// `Yanwen:UA1234CN` → what stands before the colon, and the number; without a colon the name of a carrier is all of it.
fn parted(piece: &str) -> (String, String) {
    match piece.split_once([':', '：']) {
        Some((before, number)) => (before.trim().to_string(), number.trim().to_string()),
        None => (piece.to_string(), piece.to_string()),
    }
}
