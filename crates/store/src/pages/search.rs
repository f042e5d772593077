//! One question over everything that has a name or a number: debtors, what they owe, letters, money that came in. Each
//! group is bounded, seen with the eyes of whoever asks, and has what fits exactly on top.

use serde::Deserialize;

use dunlin_core::case::LetterState;
use dunlin_core::ids::TenantId;
use dunlin_core::money::Money;
use dunlin_core::receivable::{Milestone, Obligor};

use super::debtor_list::{PartyName, SEARCHED, containing, containing_name};
use super::find::human_number;
use crate::bind::{Bind, binds};
use crate::conn::{Conn, fetch};
use crate::dialect::flag;
use crate::facts::iso;
use crate::{Sight, Store, StoreError};

/// What was found, group by group; never more rows than were asked for.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub debtors: Vec<FoundDebtor>,
    pub receivables: Vec<FoundDebt>,
    pub letters: Vec<FoundLetter>,
    pub payments: Vec<FoundPayment>,
}

#[derive(Debug, Clone)]
pub struct FoundDebtor {
    pub party: PartyName,
    /// The number itself was typed.
    pub is_exact: bool,
}

#[derive(Debug, Clone)]
pub struct FoundDebt {
    /// `R-1042`.
    pub number: String,
    pub reference: String,
    pub order_number: Option<String>,
    pub milestone: Milestone,
    pub outstanding: Money,
    pub obligor: Obligor,
    pub party: PartyName,
    pub is_exact: bool,
}

/// Letters are found by their number alone, so every one of them fits exactly.
#[derive(Debug, Clone)]
pub struct FoundLetter {
    /// `L-0012`.
    pub number: String,
    pub state: LetterState,
    pub party: PartyName,
}

#[derive(Debug, Clone)]
pub struct FoundPayment {
    /// `P-0031`.
    pub number: String,
    pub payer_name: String,
    pub amount: Money,
    /// The receivable that (the first share of) it was given to; `None` while it waits.
    pub receivable: Option<String>,
    pub is_exact: bool,
}

#[derive(Deserialize)]
struct DebtorRow {
    number: i64,
    name: String,
    country: String,
    #[serde(with = "flag")]
    is_exact: bool,
}

#[derive(Deserialize)]
struct DebtRow {
    number: i64,
    reference: String,
    order_number: Option<String>,
    milestone: Milestone,
    left_minor: i64,
    currency: String,
    party_number: i64,
    name: String,
    country: String,
    #[serde(with = "flag")]
    is_exact: bool,
    obligor: Obligor,
}

#[derive(Deserialize)]
struct PaymentRow {
    number: i64,
    payer_name: String,
    amount_minor: i64,
    currency: String,
    receivable: Option<i64>,
    #[serde(with = "flag")]
    is_exact: bool,
}

/// A question with whoever asks it.
struct Asked<'a> {
    tenant_id: TenantId,
    sight: &'a Sight,
    text: &'a str,
    limit: i64,
}

impl Asked<'_> {
    /// The number of a thing when exactly that was typed, its letter too; 0 fits nothing.
    fn named(&self, prefix: char) -> i64 {
        let typed = self.text.starts_with([prefix, prefix.to_ascii_lowercase()]);
        if typed { human_number(prefix, self.text).unwrap_or(0) } else { 0 }
    }

    /// As [`Asked::named`], where bare digits may be meant as well.
    fn numbered(&self, prefix: char) -> i64 {
        human_number(prefix, self.text).unwrap_or(0)
    }

    async fn debtors(&self, conn: &mut Conn) -> Result<Vec<FoundDebtor>, StoreError> {
        let sql = format!(
            "SELECT p.number, p.name, p.country, CAST(CASE WHEN p.number = $5 OR p.name = $6 OR p.id IN (SELECT x.row_id \
             FROM external_identity x WHERE x.tenant_id = $1 AND x.noun = 'party' AND x.external_id = $6) \
             THEN 1 ELSE 0 END AS BIGINT) AS is_exact FROM party p WHERE p.tenant_id = $1 {SEARCHED} {} \
             ORDER BY is_exact DESC, lower(p.name), p.number LIMIT $2",
            self.sight.on("p.id")
        );
        let (text, name) = (containing(self.text), containing_name(self.text));
        let values: Vec<Bind> =
            binds![self.tenant_id, self.limit, text, name, self.numbered('D'), self.text, self.named('R')];
        let rows: Vec<DebtorRow> = fetch(conn, &sql, values).await?;
        let found = |row: DebtorRow| FoundDebtor {
            party: PartyName::new(row.number, row.name, row.country),
            is_exact: row.is_exact,
        };
        Ok(rows.into_iter().map(found).collect())
    }

    async fn receivables(&self, conn: &mut Conn) -> Result<Vec<FoundDebt>, StoreError> {
        // What is open comes before what is settled.
        let sql = format!(
            "SELECT x.number, x.reference, x.order_number, x.milestone, x.left_minor, x.currency, x.party_number, x.name, \
             x.country, x.is_exact, x.obligor FROM (SELECT r.number, r.reference, r.order_number, r.milestone, r.due_on, \
             r.amount_minor - CAST(COALESCE((SELECT sum(e.amount_minor) FROM ledger_entry e \
             WHERE e.tenant_id = r.tenant_id AND e.party_id = r.party_id AND e.receivable_id = r.id), 0) AS BIGINT) \
             AS left_minor, r.currency, r.obligor, p.number AS party_number, p.name, p.country, \
             CAST(CASE WHEN r.number = $4 OR r.reference = $5 OR r.order_number = $5 THEN 1 ELSE 0 END AS BIGINT) \
             AS is_exact FROM receivable r JOIN party p ON p.tenant_id = r.tenant_id AND p.id = r.party_id \
             WHERE r.tenant_id = $1 AND (r.number = $4 OR lower(r.reference) LIKE $3 ESCAPE '!' \
             OR lower(r.order_number) LIKE $3 ESCAPE '!') {}) x ORDER BY x.is_exact DESC, \
             CASE WHEN x.left_minor > 0 THEN 0 ELSE 1 END, COALESCE(x.due_on, '9999'), x.number LIMIT $2",
            self.sight.on("r.party_id")
        );
        let values: Vec<Bind> = binds![self.tenant_id, self.limit, containing(self.text), self.named('R'), self.text];
        let rows: Vec<DebtRow> = fetch(conn, &sql, values).await?;
        let found = |row: DebtRow| {
            Ok(FoundDebt {
                number: format!("R-{:04}", row.number),
                reference: row.reference,
                order_number: row.order_number,
                milestone: row.milestone,
                outstanding: Money::new(row.left_minor, iso(&row.currency)?),
                obligor: row.obligor,
                party: PartyName::new(row.party_number, row.name, row.country),
                is_exact: row.is_exact,
            })
        };
        rows.into_iter().map(found).collect()
    }

    async fn letters(&self, conn: &mut Conn) -> Result<Vec<FoundLetter>, StoreError> {
        let sql = format!(
            "SELECT l.number, l.state, p.number, p.name, p.country FROM letter l JOIN party p \
             ON p.tenant_id = l.tenant_id AND p.id = l.party_id WHERE l.tenant_id = $1 AND l.number = $3 {} LIMIT $2",
            self.sight.on("l.party_id")
        );
        let values: Vec<Bind> = binds![self.tenant_id, self.limit, self.numbered('L')];
        let rows: Vec<(i64, LetterState, i64, String, String)> = fetch(conn, &sql, values).await?;
        let found = |(number, state, party, name, country)| FoundLetter {
            number: format!("L-{number:04}"),
            state,
            party: PartyName::new(party, name, country),
        };
        Ok(rows.into_iter().map(found).collect())
    }

    /// Money without a place is nobody's buyers' yet: only who sees everybody finds it.
    async fn payments(&self, conn: &mut Conn) -> Result<Vec<FoundPayment>, StoreError> {
        let mine = match self.sight {
            Sight::Everybody => String::new(),
            Sight::Of(_) => format!(
                "AND EXISTS (SELECT 1 FROM ledger_entry m WHERE m.tenant_id = p.tenant_id AND m.payment_id = p.id {})",
                self.sight.on("m.party_id")
            ),
        };
        let sql = format!(
            "SELECT p.number, p.payer_name, p.amount_minor, p.currency, (SELECT min(r.number) FROM ledger_entry e \
             JOIN receivable r ON r.tenant_id = e.tenant_id AND r.id = e.receivable_id WHERE e.tenant_id = p.tenant_id \
             AND e.payment_id = p.id AND e.reverses IS NULL {} AND NOT EXISTS (SELECT 1 FROM ledger_entry b \
             WHERE b.tenant_id = e.tenant_id AND b.reverses = e.id)), CAST(CASE WHEN p.number = $4 THEN 1 ELSE 0 END AS BIGINT) \
             AS is_exact FROM payment p WHERE p.tenant_id = $1 AND (p.number = $4 OR lower(p.payer_name) LIKE $3 \
             ESCAPE '!' OR lower(p.words) LIKE $3 ESCAPE '!') {mine} \
             ORDER BY is_exact DESC, p.received_on DESC, p.number DESC LIMIT $2",
            self.sight.on("e.party_id")
        );
        let values: Vec<Bind> = binds![self.tenant_id, self.limit, containing(self.text), self.named('P')];
        let rows: Vec<PaymentRow> = fetch(conn, &sql, values).await?;
        let found = |row: PaymentRow| {
            Ok(FoundPayment {
                number: format!("P-{:04}", row.number),
                payer_name: row.payer_name,
                amount: Money::new(row.amount_minor, iso(&row.currency)?),
                receivable: row.receivable.map(|number| format!("R-{number:04}")),
                is_exact: row.is_exact,
            })
        };
        rows.into_iter().map(found).collect()
    }
}

impl Store {
    /// Everything within sight that `text` is part of, at most `limit` rows of each kind. Nothing for no text.
    pub async fn search(
        &self,
        tenant_id: TenantId,
        sight: &Sight,
        text: &str,
        limit: i64,
    ) -> Result<Found, StoreError> {
        let asked = Asked { tenant_id, sight, text: text.trim(), limit };
        if asked.text.is_empty() {
            return Ok(Found::default());
        }
        let mut conn = self.conn().await?;
        Ok(Found {
            debtors: asked.debtors(&mut conn).await?,
            receivables: asked.receivables(&mut conn).await?,
            letters: asked.letters(&mut conn).await?,
            payments: asked.payments(&mut conn).await?,
        })
    }
}
