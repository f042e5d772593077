//! Whose payment is this? Matching of incoming money to receivables: by reference and exact amount for certain,
//! everything else as candidates for a person. Nothing is guessed silently.

pub mod charges;
pub mod names;
pub mod reference;
pub mod together;

use std::collections::HashMap;
use std::hash::Hash;

use crate::ids::{PartyId, ReceivableId};
use crate::money::Money;
use names::NameKey;

/// An open receivable as the matcher sees it.
#[derive(Debug, Clone)]
pub struct OpenReceivable {
    pub id: ReceivableId,
    pub party_id: PartyId,
    /// `R-1042`.
    pub number: String,
    /// What it came to at first.
    pub amount: Money,
    /// Numbers by which a payer may name it: invoice, order, our own.
    pub references: Vec<String>,
    pub outstanding: Money,
    pub due_on: Option<jiff::civil::Date>,
}

/// Incoming money with the words around it.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub left: Money,
    pub words: String,
    pub payer_name: String,
}

/// What the matcher found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Certain: these amounts to these receivables, all of one party, adding up to the money exactly.
    Match { party_id: PartyId, shares: Vec<(ReceivableId, Money)> },
    /// Somebody must look. The parties whose money it could be; letters to them wait.
    Ask { parties: Vec<PartyId>, why: Doubt },
}

impl Verdict {
    /// Whose money it is or could be.
    pub fn parties(self) -> Vec<PartyId> {
        match self {
            Self::Match { party_id, .. } => vec![party_id],
            Self::Ask { parties, .. } => parties,
        }
    }
}

/// Why the money was not matched by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    NoReference,
    AmountDiffers,
    SeveralParties,
    /// What its text names is owed in another currency.
    OtherCurrency,
    /// A person took it back from its place; only a person gives it another.
    Undone,
}

impl Doubt {
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoReference => "no_reference",
            Self::AmountDiffers => "amount_differs",
            Self::SeveralParties => "several_parties",
            Self::OtherCurrency => "other_currency",
            Self::Undone => "undone",
        }
    }
}

/// An open amount that more debtors owe than this says nothing of whose money it is.
const MOST_BY_AMOUNT: usize = 5;

/// Debtors of one name, a group's firms for instance, that wait for the same money.
const MOST_OF_A_NAME: usize = 50;

/// All open receivables of a tenant, indexed for matching. Names are those of the parties that owe.
#[derive(Debug, Default)]
pub struct Book {
    receivables: Vec<OpenReceivable>,
    by_reference: HashMap<String, Vec<usize>>,
    by_amount: HashMap<Money, Vec<usize>>,
    names: Vec<(PartyId, NameKey)>,
}

impl Book {
    pub fn new(receivables: Vec<OpenReceivable>, names: impl IntoIterator<Item = (PartyId, String)>) -> Self {
        let names = names.into_iter().map(|(id, name)| (id, NameKey::new(&name))).collect();
        let mut book = Self { names, ..Self::default() };
        book.reopen(receivables);
        book
    }

    /// Another state of what is open; the names are those they were, which take longest to make.
    pub fn reopen(&mut self, receivables: Vec<OpenReceivable>) {
        self.by_reference.clear();
        self.by_amount.clear();
        for (index, receivable) in receivables.iter().enumerate() {
            for reference in &receivable.references {
                let key = reference::key(reference);
                if reference::is_telling(&key) {
                    let indexes = self.by_reference.entry(key).or_default();
                    if !indexes.contains(&index) {
                        indexes.push(index);
                    }
                }
            }
            self.by_amount.entry(receivable.outstanding).or_default().push(index);
        }
        self.receivables = receivables;
    }

    /// So much of a receivable was paid: the next money is held against what is left of it.
    pub fn lower(&mut self, id: ReceivableId, by: Money) {
        let Some(index) = self.receivables.iter().position(|receivable| receivable.id == id) else { return };
        let before = self.receivables[index].outstanding;
        let after = Money::new(before.minor - by.minor, before.currency);
        drop_index(&mut self.by_amount, &before, index);
        self.receivables[index].outstanding = after;
        if after.is_positive() {
            self.by_amount.entry(after).or_default().push(index);
            return;
        }
        for reference in &self.receivables[index].references {
            drop_index(&mut self.by_reference, &reference::key(reference), index);
        }
    }

    /// Looks for the place of the money.
    pub fn place(&self, incoming: &Incoming) -> Verdict {
        let referenced = self.referenced(&incoming.words);
        let everyone = self.parties(&referenced);
        let named: Vec<usize> = referenced
            .into_iter()
            .filter(|&i| self.receivables[i].outstanding.currency == incoming.left.currency)
            .collect();
        // Only what is owed in its currency can take the money; whoever else is named may have paid all the same.
        match self.parties(&named).as_slice() {
            [] if everyone.is_empty() => self.ask(incoming, Doubt::NoReference, everyone),
            [] => self.ask(incoming, Doubt::OtherCurrency, everyone),
            [party_id] => match self.exact(&named, incoming.left) {
                Some(shares) => Verdict::Match { party_id: *party_id, shares },
                None => self.ask(incoming, Doubt::AmountDiffers, everyone),
            },
            _ => self.ask(incoming, Doubt::SeveralParties, everyone),
        }
    }

    /// The one named receivable that the money pays but for a rest as small as bank charges, and that rest.
    pub fn short_by_charges(&self, incoming: &Incoming) -> Option<(&OpenReceivable, Money)> {
        let rest = |receivable: &OpenReceivable| {
            let rest = receivable.outstanding.checked_add(incoming.left.checked_neg().ok()?).ok()?;
            charges::are_likely(receivable.amount, rest).then_some(rest)
        };
        let named = self.referenced(&incoming.words);
        let mut short = named.iter().filter_map(|&i| Some((&self.receivables[i], rest(&self.receivables[i])?)));
        // Two that fit: nothing speaks for one of them.
        short.next().filter(|_| short.next().is_none())
    }

    /// Whose these receivables are, each once.
    fn parties(&self, indexes: &[usize]) -> Vec<PartyId> {
        let mut parties: Vec<PartyId> = indexes.iter().map(|&i| self.receivables[i].party_id).collect();
        parties.sort();
        parties.dedup();
        parties
    }

    fn referenced(&self, words: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for key in reference::candidates(words) {
            for &index in self.by_reference.get(&key).into_iter().flatten() {
                if !found.contains(&index) {
                    found.push(index);
                }
            }
        }
        found
    }

    /// The named receivables together, or exactly one of them (an order's deposit or its balance), make the amount.
    fn exact(&self, named: &[usize], left: Money) -> Option<Vec<(ReceivableId, Money)>> {
        let share = |i: usize| (self.receivables[i].id, self.receivables[i].outstanding);
        let single: Vec<usize> = named.iter().copied().filter(|&i| self.receivables[i].outstanding == left).collect();
        if let [one] = single.as_slice() {
            return Some(vec![share(*one)]);
        }
        if single.len() > 1 {
            // Deposit and balance of the same amount: the one that was due first.
            let first = single.into_iter().min_by_key(|&i| {
                let receivable = &self.receivables[i];
                (receivable.due_on.is_none(), receivable.due_on, receivable.id)
            })?;
            return Some(vec![share(first)]);
        }
        let sum: i128 = named.iter().map(|&i| i128::from(self.receivables[i].outstanding.minor)).sum();
        if sum == i128::from(left.minor) {
            return Some(named.iter().map(|&i| share(i)).collect());
        }
        self.one_of_each(named, left)
    }

    /// One milestone of each named order makes the amount, in exactly one way.
    fn one_of_each(&self, named: &[usize], left: Money) -> Option<Vec<(ReceivableId, Money)>> {
        if named.len() > 12 {
            return None;
        }
        let mut answer = None;
        for set in 1_u32..(1 << named.len()) {
            let chosen = named.iter().enumerate().filter(|(bit, _)| set & (1 << bit) != 0).map(|(_, &i)| i);
            let sum: i128 = chosen.clone().map(|i| i128::from(self.receivables[i].outstanding.minor)).sum();
            if sum == i128::from(left.minor) {
                if answer.is_some() {
                    return None;
                }
                answer = Some(chosen.map(|i| (self.receivables[i].id, self.receivables[i].outstanding)).collect());
            }
        }
        answer
    }

    /// Whose money it could be: parties named by reference, by payer name, or by an exactly equal open amount.
    fn ask(&self, incoming: &Incoming, why: Doubt, mut parties: Vec<PartyId>) -> Verdict {
        parties.extend(self.of_payer(incoming));
        if parties.is_empty() {
            let equal = self.owing(incoming.left);
            // An amount that fits half the book (9.90 on a marketplace) tells nothing and must not silence everybody.
            if equal.len() <= MOST_BY_AMOUNT {
                parties = equal;
            }
        }
        parties.sort();
        parties.dedup();
        Verdict::Ask { parties, why }
    }

    /// Who bears the payer's name: of a group each firm, since one of them has paid. A name that half the book bears
    /// tells something only of those who owe just this amount.
    fn of_payer(&self, incoming: &Incoming) -> Vec<PartyId> {
        let payer = NameKey::new(&incoming.payer_name);
        if payer.is_empty() {
            return Vec::new();
        }
        let alike = self.names.iter().filter(|(_, name)| name.resembles(&payer)).map(|(id, _)| *id);
        let mut alike: Vec<PartyId> = alike.collect();
        alike.sort();
        alike.dedup();
        if alike.len() > MOST_OF_A_NAME {
            let equal = self.owing(incoming.left);
            alike.retain(|id| equal.contains(id));
        }
        alike
    }

    /// Who owes exactly this amount, each once.
    fn owing(&self, amount: Money) -> Vec<PartyId> {
        self.parties(self.by_amount.get(&amount).map(Vec::as_slice).unwrap_or_default())
    }
}

fn drop_index<K: Eq + Hash>(indexes: &mut HashMap<K, Vec<usize>>, key: &K, index: usize) {
    if let Some(found) = indexes.get_mut(key) {
        found.retain(|known| *known != index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::currency;

    fn dollars(minor: i64) -> Money {
        Money::new(minor, currency("USD").expect("known"))
    }

    /// A book in which each debtor owes one amount.
    fn book(debtors: &[(String, i64)]) -> Book {
        let open = debtors.iter().zip(1_u128..).map(|((_, minor), n)| OpenReceivable {
            id: ReceivableId(n),
            party_id: PartyId(n),
            number: format!("R-{n:04}"),
            amount: dollars(*minor),
            references: vec![format!("INV-2026-{n:03}")],
            outstanding: dollars(*minor),
            due_on: None,
        });
        let names = debtors.iter().zip(1_u128..).map(|((name, _), n)| (PartyId(n), name.clone()));
        Book::new(open.collect(), names)
    }

    fn asked(book: &Book, payer: &str, minor: i64) -> usize {
        let incoming = Incoming { left: dollars(minor), words: "THANK YOU".into(), payer_name: payer.into() };
        match book.place(&incoming) {
            Verdict::Ask { parties, .. } => parties.len(),
            matched @ Verdict::Match { .. } => panic!("{matched:?}"),
        }
    }

    #[test]
    fn every_firm_of_a_payers_name_may_have_paid() {
        let group: Vec<(String, i64)> = (0..6).map(|n| ("Hanse Outdoor GmbH".to_string(), 10_000 + n)).collect();
        assert_eq!(asked(&book(&group), "HANSE OUTDOOR GMBH", 77_700), 6);
    }

    #[test]
    fn a_name_that_half_the_book_bears_tells_of_those_with_the_amount() {
        let many: Vec<(String, i64)> = (0..60).map(|n| ("Hanse Outdoor GmbH".to_string(), 10_000 + n % 20)).collect();
        assert_eq!(asked(&book(&many), "HANSE OUTDOOR GMBH", 10_003), 3);
        assert_eq!(asked(&book(&many), "HANSE OUTDOOR GMBH", 77_700), 0);
    }

    #[test]
    fn nobody_of_a_name_who_owes_just_the_amount_is_left_out() {
        let many: Vec<(String, i64)> = (0..55).map(|_| ("Hanse Outdoor GmbH".to_string(), 10_003)).collect();
        assert_eq!(asked(&book(&many), "HANSE OUTDOOR GMBH", 10_003), 55);
    }

    #[test]
    fn what_was_paid_is_found_no_more_and_what_is_left_of_it_is() {
        let mut book = book(&[("AAAAAA".to_string(), 990), ("BBBBBB".to_string(), 990)]);
        book.lower(ReceivableId(1), dollars(990));
        assert_eq!(asked(&book, "ZETA TRADING", 990), 1);
        let named = Incoming { left: dollars(5), words: "INV-2026-001".into(), payer_name: String::new() };
        assert_eq!(book.place(&named), Verdict::Ask { parties: Vec::new(), why: Doubt::NoReference });
        book.lower(ReceivableId(2), dollars(90));
        assert_eq!((asked(&book, "ZETA TRADING", 990), asked(&book, "ZETA TRADING", 900)), (0, 1));
        let named = Incoming { left: dollars(900), words: "INV-2026-002".into(), payer_name: String::new() };
        assert!(matches!(book.place(&named), Verdict::Match { .. }));
    }

    #[test]
    fn an_amount_that_many_owe_tells_nothing() {
        let firm = |n: u8| char::from(b'A' + n).to_string().repeat(6);
        let owing = |count: u8| -> Vec<(String, i64)> { (0..count).map(|n| (firm(n), 990)).collect() };
        assert_eq!(asked(&book(&owing(5)), "ZETA TRADING", 990), 5);
        assert_eq!(asked(&book(&owing(6)), "ZETA TRADING", 990), 0);
    }
}
