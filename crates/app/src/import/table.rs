//! From sheets to tables: where the header is, which column is which field, and in what forms a column writes its
//! dates and amounts. Pure; everything it decided is in [`TableMapping`], which the user sees.

use std::collections::HashMap;

use dunlin_core::refusal::Told;
use dunlin_sheets::value::{DateOrder, DecimalStyle, OrderGuess, guess_date_order, guess_style};
use dunlin_sheets::{Cell, HeaderGuess, Row, Sheet, column_letter, column_name, find_header};
use serde::Serialize;

use super::assign::{Assignment, assign, choose_layout, has_shape, unmet};
use super::error::ImportError;
use super::fields::Field;
use super::headers::{self, Unit};
use super::kind::{Kind, Layout};
use super::mapping_file::{ColumnChoice, Mapping};
use super::said::Said;

/// How one table was understood.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
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

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MappedColumn {
    pub field: Field,
    pub column: String,
    pub header: String,
    /// The first cell below the header that is not empty, cut short.
    pub sample: String,
    /// `ymd`, `dmy` or `mdy` where a date column depends on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<&'static str>,
    /// `point` or `comma` where an amount column shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SpareColumn {
    pub column: String,
    pub header: String,
    /// As of a column that is read.
    pub sample: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
}

/// A sheet that was not read, and why.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
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
        let on_page = Said::new("unclear-no-sheet").with("sheet", wanted).with("sheets", names());
        return Err(ImportError::NotMapped { file: file.to_string(), why, on_page: Box::new(on_page) });
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
    let text = |cell: &Cell| column_name(&cell.text());
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

fn table<'s>(sheet: &'s Sheet, guess: &HeaderGuess, layout: Layout, found: Assignment, mapping: &Mapping) -> Table<'s> {
    let rows = if guess.row_index == usize::MAX { &sheet.rows[..] } else { &sheet.rows[guess.row_index + 1..] };
    let place = |index: usize| (column_letter(index), guess.columns.get(index).cloned().unwrap_or_default());
    let sample = |index: usize| -> String {
        let first = rows.iter().map(|row| row.cell(index)).find(|cell| !cell.is_empty());
        first.map_or_else(String::new, |cell| cell.text().chars().take(40).collect())
    };
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
            sample: sample(index),
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
        SpareColumn { column, header, sample: sample(index), field }
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
            | Field::SettledOn
            | Field::ArrivalOn
            | Field::EtaOn
            | Field::FreeTimeEndOn
            | Field::PlatformCloseOn
            | Field::LatestShipmentOn
            | Field::PresentationOn
            | Field::CreditExpiryOn
            | Field::CollectionOn
            | Field::AcceptanceOn
            | Field::MaturityOn
            | Field::PlacedAt
            | Field::ReceivedOn
            | Field::ShippedAt
            | Field::ShipBy
            | Field::PaidOutOn
    )
}

const fn is_amount(field: Field) -> bool {
    matches!(
        field,
        Field::Amount
            | Field::PaidAmount
            | Field::CreditLimit
            | Field::Price
            | Field::Stock
            | Field::PaidOut
            | Field::GrossAmount
            | Field::Fee
            | Field::OtherFees
    )
}

/// Which fields found no column in the table that comes nearest, and how to say where they are.
fn not_mapped(file: &str, headed: &[(&Sheet, HeaderGuess)], kind: Option<Kind>, mapping: &Mapping) -> ImportError {
    let layouts = || Layout::ALL.into_iter().filter(|layout| kind.is_none_or(|kind| kind == layout.kind()));
    // The layout that would use most of the columns and lacks least; columns that could mean nothing do not count.
    let distance = |layout: Layout, guess: &HeaderGuess| {
        let found = assign(guess, layout, mapping);
        let unused = (0..guess.columns.len())
            .filter(|index| headers::knows(&guess.columns[*index]) && !found.columns.values().any(|of| of == index))
            .count();
        let misfit = if has_shape(layout, guess, &found, kind, mapping) { 0 } else { 3 };
        unmet(layout, &found, mapping).len() + unused + misfit
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
         (orders, debtors, contacts, receivables, payments, payouts, products, stock)",
        sheet.name,
        there.join(", ")
    );
    let on_page = if found.absent.is_empty() && lacking.is_empty() {
        Said::new("unclear-kind")
    } else if found.absent.is_empty() {
        let fields = unmet(layout, &found, mapping);
        let fields = fields.iter().map(|group| group.iter().map(|field| field.code()).collect()).collect();
        let said = Said::new("unclear-lacking").with("kind", Told::word("import-kind", layout.kind().code()));
        said.with("fields", Told::Words("import-field", fields))
    } else {
        Said::new("unclear-absent")
    };
    let on_page = Box::new(on_page.with("sheet", &sheet.name));
    ImportError::NotMapped { file: file.to_string(), why, on_page }
}
