//! From sheets to tables: where the header is, which column is which field, and in what forms a column writes its
//! dates and amounts. Pure; everything it decided is in [`TableMapping`], which the user sees.

use std::collections::HashMap;

use dunlin_sheets::value::{DateOrder, DecimalStyle, OrderGuess, guess_date_order, guess_style};
use dunlin_sheets::{Cell, HeaderGuess, Row, Sheet, column_letter, find_header};
use serde::Serialize;

use super::error::ImportError;
use super::fields::Field;
use super::headers::{self, Unit};
use super::kind::{Kind, Layout};
use super::mapping_file::{ColumnChoice, Mapping};

/// How one table was understood.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TableMapping {
    pub sheet: String,
    /// As Excel numbers rows; 0 when there is none.
    pub header_row: u32,
    /// Of a CSV file.
    pub encoding: Option<String>,
    pub columns: Vec<MappedColumn>,
    /// Columns that mean nothing known; they are not read.
    pub unmapped: Vec<SpareColumn>,
    /// Columns whose field another column fits better; they are not read.
    pub doubled: Vec<SpareColumn>,
    /// Fields of this kind that have no column.
    pub missing: Vec<Field>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MappedColumn {
    pub field: Field,
    pub column: String,
    pub header: String,
    /// `ymd`, `dmy` or `mdy` where a date column depends on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<&'static str>,
    /// `point` or `comma` where an amount column shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SpareColumn {
    pub column: String,
    pub header: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
}

/// A sheet that was not read, and why.
#[derive(Debug, Clone, Serialize)]
pub struct SheetLeftOut {
    pub sheet: String,
    pub why: String,
}

/// Where a field stands and how its cells are written.
#[derive(Debug, Clone)]
pub struct Column {
    pub index: usize,
    pub header: String,
    pub unit: Unit,
    pub order: DateOrder,
    pub style: DecimalStyle,
}

/// One table with its columns known.
#[derive(Debug)]
pub struct Table<'s> {
    pub sheet: &'s Sheet,
    pub rows: &'s [Row],
    pub columns: HashMap<Field, Column>,
    pub header: Vec<String>,
    pub mapping: TableMapping,
}

/// All tables of a file that are of its kind.
#[derive(Debug)]
pub struct Tables<'s> {
    pub layout: Layout,
    pub tables: Vec<Table<'s>>,
    pub left_out: Vec<SheetLeftOut>,
}

/// Finds the tables of a file and decides what they are.
pub fn find_tables<'s>(
    file: &str,
    sheets: &'s [Sheet],
    kind: Option<Kind>,
    mapping: &Mapping,
) -> Result<Tables<'s>, ImportError> {
    let mut left_out = Vec::new();
    let mut headed: Vec<(&Sheet, HeaderGuess)> = Vec::new();
    let mut leave = |sheet: &Sheet, why: &str| {
        left_out.push(SheetLeftOut { sheet: sheet.name.clone(), why: why.to_string() });
    };
    for sheet in sheets {
        if let Some(wanted) = &mapping.sheet {
            if headers::fold(wanted) != headers::fold(&sheet.name) {
                continue;
            }
        } else if sheet.hidden {
            leave(sheet, "hidden");
            continue;
        }
        match header_of(sheet, mapping) {
            Some(guess) => headed.push((sheet, guess)),
            None => leave(sheet, "no row names columns"),
        }
    }
    let names = || sheets.iter().map(|sheet| format!("‘{}’", sheet.name)).collect::<Vec<_>>().join(", ");
    if let Some(wanted) = mapping.sheet.as_ref().filter(|_| headed.is_empty() && left_out.is_empty()) {
        let why = format!("there is no sheet ‘{wanted}’; the file has {}", names());
        return Err(ImportError::NotMapped { file: file.to_string(), why });
    }
    if headed.is_empty() {
        return Err(ImportError::NoTable { file: file.to_string(), sheets: names() });
    }
    let mut choices: Vec<(usize, Layout, Assignment)> = Vec::new();
    for (at, (_, guess)) in headed.iter().enumerate() {
        if let Some((layout, assignment)) = choose_layout(guess, kind, mapping) {
            choices.push((at, layout, assignment));
        }
    }
    // The sheet with most columns and rows says what the file is; others of the same kind are read with it.
    let best = choices.iter().max_by_key(|(at, _, assignment)| (assignment.columns.len(), headed[*at].0.rows.len()));
    let Some(layout) = best.map(|(_, layout, _)| *layout) else {
        return Err(not_mapped(file, &headed, kind, mapping));
    };
    let mut tables = Vec::new();
    for (at, (sheet, guess)) in headed.iter().enumerate() {
        match choices.iter().position(|(of, other, _)| *of == at && *other == layout) {
            Some(position) => tables.push(table(sheet, guess, layout, choices.swap_remove(position).2, mapping)),
            None => left_out.push(SheetLeftOut {
                sheet: sheet.name.clone(),
                why: format!("it is no table of {}, as the rest of the file is", layout.name()),
            }),
        }
    }
    Ok(Tables { layout, tables, left_out })
}

fn header_of(sheet: &Sheet, mapping: &Mapping) -> Option<HeaderGuess> {
    let named: Vec<String> = mapping
        .columns
        .values()
        .filter_map(|choice| match choice {
            ColumnChoice::Named(text) => Some(headers::fold(text)),
            ColumnChoice::Nowhere => None,
        })
        .collect();
    let text = |cell: &Cell| cell.text().split_whitespace().collect::<Vec<_>>().join(" ");
    match mapping.header_row {
        // No header at all: every column goes by its letter.
        Some(0) => {
            let width = sheet.rows.iter().map(|row| row.cells.len()).max()?;
            Some(HeaderGuess { row_index: usize::MAX, columns: vec![String::new(); width] })
        }
        Some(number) => {
            let row_index = sheet.rows.iter().position(|row| row.number == number)?;
            Some(HeaderGuess { row_index, columns: sheet.rows[row_index].cells.iter().map(text).collect() })
        }
        None => find_header(sheet, &|name| headers::knows(name) || named.contains(&headers::fold(name))),
    }
}

/// Fields by column index, and what was left over.
#[derive(Debug, Clone, Default)]
struct Assignment {
    columns: HashMap<Field, usize>,
    doubled: Vec<(usize, Field)>,
    /// What `--map` asked for and the table does not have.
    absent: Vec<String>,
}

/// Gives each field of the layout its best column.
fn assign(guess: &HeaderGuess, layout: Layout, mapping: &Mapping) -> Assignment {
    let columns = layout.columns();
    let mut found = Assignment::default();
    let mut taken: Vec<usize> = Vec::new();
    for (field, choice) in &mapping.columns {
        let ColumnChoice::Named(name) = choice else { continue };
        match column_named(guess, name) {
            Some(index) => {
                found.columns.insert(*field, index);
                taken.push(index);
            }
            None => found.absent.push(format!("{} = \"{name}\"", field.code())),
        }
    }
    let mut claims: Vec<(i32, usize, Field)> = Vec::new();
    for (index, header) in guess.columns.iter().enumerate().filter(|(index, _)| !taken.contains(index)) {
        let named = headers::claims(header);
        for field in columns.fields.iter().filter(|field| !mapping.columns.contains_key(field)) {
            let lent = columns.borrows.iter().filter(|(to, _)| to == field).map(|(_, from)| (*from, 500));
            let own = std::iter::once((*field, 0));
            let score = own
                .chain(lent)
                .filter_map(|(of, less)| named.iter().find(|claim| claim.field == of).map(|claim| claim.score - less))
                .max();
            claims.extend(score.map(|score| (score, index, *field)));
        }
    }
    claims.sort_by_key(|(score, index, _)| (-score, *index));
    for (_, index, field) in &claims {
        if !taken.contains(index) && !found.columns.contains_key(field) {
            found.columns.insert(*field, *index);
            taken.push(*index);
        }
    }
    for (_, index, field) in claims {
        if !taken.contains(&index) {
            found.doubled.push((index, field));
            taken.push(index);
        }
    }
    found
}

fn column_named(guess: &HeaderGuess, name: &str) -> Option<usize> {
    let folded = headers::fold(name);
    let by_header = guess.columns.iter().position(|header| !folded.is_empty() && headers::fold(header) == folded);
    let is_letters = (1..=3).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphabetic());
    by_header.or_else(|| {
        let letters = name.to_ascii_uppercase();
        (0..guess.columns.len()).find(|index| is_letters && column_letter(*index) == letters)
    })
}

/// The groups of which no field has a column or a default.
fn unmet(layout: Layout, found: &Assignment, mapping: &Mapping) -> Vec<&'static [Field]> {
    let has = |field: &Field| {
        found.columns.contains_key(field) || (*field == Field::Terms && mapping.defaults.terms.is_some())
    };
    layout.columns().required.iter().copied().filter(|group| !group.iter().any(has)).collect()
}

/// The layout that the columns fit, in the order in which the tell-tale columns decide.
fn choose_layout(guess: &HeaderGuess, kind: Option<Kind>, mapping: &Mapping) -> Option<(Layout, Assignment)> {
    let fits = |layout: Layout| {
        let assignment = assign(guess, layout, mapping);
        let is_wanted = kind.is_none_or(|kind| kind == layout.kind()) && assignment.absent.is_empty();
        let shape = match (layout, mapping.defaults.marketplace) {
            (Layout::Marketplace, Some(false)) | (Layout::Direct, Some(true)) => false,
            // A status or a login is what a platform has and a seller's own sheet does not.
            (Layout::Marketplace, None) => {
                [Field::BuyerLogin, Field::PaidAt, Field::Status].iter().any(|field| assignment.columns.contains_key(field))
                    && !assign(guess, Layout::Direct, mapping).columns.contains_key(&Field::Terms)
            }
            // An amount and a date alone could be anything; taken for money received it would silence letters.
            (Layout::Payments, _) => kind.is_some() || speaks_of_payments(guess),
            // The address book has people; a list of debtors has their countries.
            (Layout::Debtors, _) => kind.is_some() || assignment.columns.contains_key(&Field::Country),
            _ => true,
        };
        (is_wanted && shape && unmet(layout, &assignment, mapping).is_empty()).then_some((layout, assignment))
    };
    let by_columns =
        [Layout::Marketplace, Layout::Direct, Layout::Receivables, Layout::Payments, Layout::Debtors, Layout::Contacts];
    by_columns.into_iter().find_map(fits)
}

fn speaks_of_payments(guess: &HeaderGuess) -> bool {
    let claimed: Vec<Vec<Field>> =
        guess.columns.iter().map(|header| headers::claims(header).iter().map(|claim| claim.field).collect()).collect();
    let has = |fields: &[Field]| claimed.iter().any(|of| fields.iter().any(|field| of.contains(field)));
    let owed = claimed.iter().any(|of| of.contains(&Field::Amount) && !of.contains(&Field::PaidAmount));
    has(&[Field::PaidAt, Field::Payer]) && !(owed && has(&[Field::PaidAmount]))
}

fn table<'s>(sheet: &'s Sheet, guess: &HeaderGuess, layout: Layout, found: Assignment, mapping: &Mapping) -> Table<'s> {
    let rows = if guess.row_index == usize::MAX { &sheet.rows[..] } else { &sheet.rows[guess.row_index + 1..] };
    let place = |index: usize| (column_letter(index), guess.columns.get(index).cloned().unwrap_or_default());
    let mut columns = HashMap::new();
    let mut mapped = Vec::new();
    for field in layout.columns().fields.iter().filter(|field| found.columns.contains_key(field)) {
        let index = found.columns[field];
        let (letter, header) = place(index);
        let cells = || rows.iter().map(|row| row.cell(index));
        let order = match mapping.formats.date {
            _ if !is_date(*field) => DateOrder::Guess,
            Some(order) => order,
            None => match guess_date_order(cells()) {
                OrderGuess::Decided(order) => order,
                OrderGuess::NotNeeded | OrderGuess::Ambiguous(_) | OrderGuess::Mixed(..) => DateOrder::Guess,
            },
        };
        let style = match mapping.formats.decimal {
            _ if !is_amount(*field) => DecimalStyle::Guess,
            Some(style) => style,
            None => guess_style(cells()),
        };
        mapped.push(MappedColumn {
            field: *field,
            column: letter,
            header: header.clone(),
            date_order: match order {
                DateOrder::Guess => None,
                DateOrder::Ymd => Some("ymd"),
                DateOrder::Dmy => Some("dmy"),
                DateOrder::Mdy => Some("mdy"),
            },
            decimal: match style {
                DecimalStyle::Guess => None,
                DecimalStyle::Point => Some("point"),
                DecimalStyle::Comma => Some("comma"),
            },
        });
        let unit = headers::unit(&header);
        columns.insert(*field, Column { index, header, unit, order, style });
    }
    let spare = |index: usize, field: Option<Field>| {
        let (column, header) = place(index);
        SpareColumn { column, header, field }
    };
    let doubled: Vec<SpareColumn> = found.doubled.iter().map(|(index, field)| spare(*index, Some(*field))).collect();
    let is_read = |index: usize| {
        columns.values().any(|column| column.index == index) || found.doubled.iter().any(|(of, _)| *of == index)
    };
    let unmapped = (0..guess.columns.len())
        .filter(|index| !is_read(*index) && !guess.columns[*index].is_empty())
        .map(|index| spare(index, None))
        .collect();
    let fields = layout.columns().fields;
    let missing = fields.iter().copied().filter(|field| !columns.contains_key(field)).collect();
    let header_row = sheet.rows.get(guess.row_index).map_or(0, |row| row.number);
    let mapping = TableMapping {
        sheet: sheet.name.clone(),
        header_row,
        encoding: sheet.encoding.clone(),
        columns: mapped,
        unmapped,
        doubled,
        missing,
    };
    Table { sheet, rows, columns, header: guess.columns.clone(), mapping }
}

const fn is_date(field: Field) -> bool {
    matches!(
        field,
        Field::OrderedOn
            | Field::ProformaOn
            | Field::GoodsReadyOn
            | Field::BlDate
            | Field::BlCopyOn
            | Field::InvoiceOn
            | Field::DueOn
            | Field::PaidAt
            | Field::ArrivalOn
            | Field::PlacedAt
            | Field::ReceivedOn
    )
}

const fn is_amount(field: Field) -> bool {
    matches!(field, Field::Amount | Field::PaidAmount)
}

/// Which fields found no column in the table that comes nearest, and how to say where they are.
fn not_mapped(file: &str, headed: &[(&Sheet, HeaderGuess)], kind: Option<Kind>, mapping: &Mapping) -> ImportError {
    let layouts = || Layout::ALL.into_iter().filter(|layout| kind.is_none_or(|kind| kind == layout.kind()));
    let distance = |layout: Layout, guess: &HeaderGuess| {
        let found = assign(guess, layout, mapping);
        let lacks = unmet(layout, &found, mapping).len();
        // Of two that lack the same, the one that uses more columns was meant.
        (lacks * 100 + found.absent.len() * 1000 + 50).saturating_sub(found.columns.len())
    };
    let nearest = headed
        .iter()
        .flat_map(|(sheet, guess)| layouts().map(move |layout| (*sheet, guess, layout)))
        .min_by_key(|(_, guess, layout)| distance(*layout, guess));
    let Some((sheet, guess, layout)) = nearest else {
        return ImportError::NoTable { file: file.to_string(), sheets: String::new() };
    };
    let found = assign(guess, layout, mapping);
    let group = |group: &&[Field]| group.iter().map(|field| field.code()).collect::<Vec<_>>().join(" or ");
    let lacking: Vec<String> = unmet(layout, &found, mapping).iter().map(group).collect();
    let there: Vec<String> = (0..guess.columns.len())
        .filter(|index| !guess.columns[*index].is_empty())
        .map(|index| format!("{} ‘{}’", column_letter(index), guess.columns[index]))
        .collect();
    let header_row = sheet.rows.get(guess.row_index).map_or(0, |row| row.number);
    let what = if found.absent.is_empty() && lacking.is_empty() {
        "it is not clear what the rows are; say it with --kind".to_string()
    } else if found.absent.is_empty() {
        format!("as {} it has no column for {}", layout.name(), lacking.join(", "))
    } else {
        format!("the mapping names columns that it does not have: {}", found.absent.join(", "))
    };
    let example = lacking.first().and_then(|group| group.split(' ').next()).unwrap_or("order_number");
    let why = format!(
        "sheet ‘{}’, header in row {header_row}: {what}. The columns are: {}. Write a file such as\n\
         [columns]\n{example} = \"header or column letter\"\nand pass it with --map; --kind says what the rows are \
         (orders, debtors, contacts, receivables, payments)",
        sheet.name,
        there.join(", ")
    );
    ImportError::NotMapped { file: file.to_string(), why }
}
