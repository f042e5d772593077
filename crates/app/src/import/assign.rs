//! Which column is which field, and so what the rows are. Pure; what was decided is shown in the report.

use std::collections::HashMap;

use dunlin_sheets::{HeaderGuess, column_letter};

use super::fields::Field;
use super::headers;
use super::kind::{Kind, Layout};
use super::mapping_file::{ColumnChoice, Mapping};

/// Fields by column index, and what was left over.
#[derive(Debug, Clone, Default)]
pub struct Assignment {
    pub columns: HashMap<Field, usize>,
    pub doubled: Vec<(usize, Field)>,
    /// What `--map` asked for and the table does not have.
    pub absent: Vec<String>,
}

/// Gives each field of the layout its best column.
pub fn assign(guess: &HeaderGuess, layout: Layout, mapping: &Mapping) -> Assignment {
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
pub fn unmet(layout: Layout, found: &Assignment, mapping: &Mapping) -> Vec<&'static [Field]> {
    let has = |field: &Field| {
        found.columns.contains_key(field) || (*field == Field::Terms && mapping.defaults.terms.is_some())
    };
    layout.columns().required.iter().copied().filter(|group| !group.iter().any(has)).collect()
}

/// The layout that the columns fit, in the order in which the tell-tale columns decide.
pub fn choose_layout(guess: &HeaderGuess, kind: Option<Kind>, mapping: &Mapping) -> Option<(Layout, Assignment)> {
    let fits = |layout: Layout| {
        let assignment = assign(guess, layout, mapping);
        let is_wanted = kind.is_none_or(|kind| kind == layout.kind()) && assignment.absent.is_empty();
        (is_wanted
            && has_shape(layout, guess, &assignment, kind, mapping)
            && unmet(layout, &assignment, mapping).is_empty())
        .then_some((layout, assignment))
    };
    let by_columns = [
        Layout::Marketplace,
        Layout::Direct,
        Layout::Payouts,
        Layout::Receivables,
        Layout::Payments,
        Layout::Debtors,
        Layout::Contacts,
        Layout::Products,
        Layout::Stock,
    ];
    by_columns.into_iter().find_map(fits)
}

/// Whether the tell-tale columns of the layout are there, beyond those that it needs.
pub fn has_shape(
    layout: Layout,
    guess: &HeaderGuess,
    found: &Assignment,
    kind: Option<Kind>,
    mapping: &Mapping,
) -> bool {
    let has = |field: Field| found.columns.contains_key(&field);
    let direct_only = || {
        let direct = assign(guess, Layout::Direct, mapping).columns;
        direct.contains_key(&Field::Terms) || direct.contains_key(&Field::DueOn)
    };
    match (layout, mapping.defaults.marketplace) {
        (Layout::Marketplace, Some(false)) | (Layout::Direct, Some(true)) => false,
        // A status or a login is what a platform has; terms and due dates are a seller's own.
        (Layout::Marketplace, None) => {
            let is_payout = kind.is_none() && !has(Field::Status) && speaks_of_payouts(guess);
            [Field::BuyerLogin, Field::PaidAt, Field::Status].into_iter().any(has) && !direct_only() && !is_payout
        }
        // An amount and a date alone could be anything; taken for money received it would silence letters.
        (Layout::Payments, _) => kind.is_some() || speaks_of_payments(guess),
        (Layout::Payouts, _) => kind.is_some() || speaks_of_payouts(guess),
        // The address book has people; a list of debtors has their countries.
        (Layout::Debtors, _) => kind.is_some() || has(Field::Country),
        // Lines of orders have articles and prices too, and they are no catalogue.
        (Layout::Products | Layout::Stock, _) => kind.is_some() || (has(Field::Sku) && !speaks_of_orders(guess)),
        _ => true,
    }
}

fn speaks_of_orders(guess: &HeaderGuess) -> bool {
    let of_orders = [Field::OrderNumber, Field::DebtorNumber, Field::BuyerLogin, Field::InvoiceNumber];
    let names = |header: &String| headers::claims(header).iter().any(|claim| of_orders.contains(&claim.field));
    guess.columns.iter().any(names)
}

/// A day on which a platform paid out, and how much: no other list has both.
fn speaks_of_payouts(guess: &HeaderGuess) -> bool {
    let names = |fields: &[Field]| {
        guess.columns.iter().any(|header| headers::claims(header).iter().any(|claim| fields.contains(&claim.field)))
    };
    names(&[Field::PaidOut, Field::GrossAmount]) && names(&[Field::PaidOutOn])
}

fn speaks_of_payments(guess: &HeaderGuess) -> bool {
    let claimed: Vec<Vec<Field>> =
        guess.columns.iter().map(|header| headers::claims(header).iter().map(|claim| claim.field).collect()).collect();
    let has = |fields: &[Field]| claimed.iter().any(|of| fields.iter().any(|field| of.contains(field)));
    let owed = claimed.iter().any(|of| of.contains(&Field::Amount) && !of.contains(&Field::PaidAmount));
    has(&[Field::PaidAt, Field::Payer]) && !(owed && has(&[Field::PaidAmount]))
}
