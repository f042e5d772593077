//! Whose buyers somebody sees: their own, and those of whoever they stand in for today.

use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::access::Right;
use dunlin_core::ids::{PartyId, TenantId, UserId};
use dunlin_core::refusal::{Refusal, RefusalCode};

use super::users::User;
use crate::audit_log::LogEntry;
use crate::bind::{Bind, binds};
use crate::conn::{fetch, fetch_number};
use crate::{Commit, IdSource, Store, StoreError};

/// What part of the firm's buyers a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    Everybody,
    /// The buyers of these salespeople. Of nobody: nothing.
    Of(Vec<UserId>),
}

impl Sight {
    /// A condition on a column that holds a party's id, to be added to a statement whose `$1` is the firm. Users' ids
    /// are typed, so their text can be part of the statement.
    pub(crate) fn on(&self, party: &str) -> String {
        match self {
            Self::Everybody => String::new(),
            Self::Of(users) => {
                let ids: Vec<String> = users.iter().map(|id| format!("'{id}'")).collect();
                let ids = if ids.is_empty() { "NULL".to_string() } else { ids.join(", ") };
                format!(
                    "AND {party} IN (SELECT seen.id FROM party seen WHERE seen.tenant_id = $1 \
                     AND seen.salesperson_id IN ({ids}))"
                )
            }
        }
    }
}

/// What a page or call is about, when it is about one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Party,
    Receivable,
    Letter,
    Task,
    Payment,
    Order,
    User,
    Cover,
    /// A browser somebody is signed in with.
    Session,
    /// A key for programs.
    Key,
    Job,
}

impl Seen {
    /// The table of what belongs to the firm and to no buyer.
    const fn table(self) -> Option<&'static str> {
        match self {
            Self::User => Some("user_account"),
            Self::Cover => Some("stand_in"),
            Self::Session => Some("user_session"),
            Self::Key => Some("api_token"),
            Self::Job => Some("job"),
            Self::Party | Self::Receivable | Self::Letter | Self::Task | Self::Payment | Self::Order => None,
        }
    }
}

/// Somebody's buyers in somebody else's hands for a while.
#[derive(Debug, Clone, Deserialize)]
pub struct StandIn {
    pub id: String,
    pub absent_id: UserId,
    pub deputy_id: UserId,
    pub from_on: Date,
    pub until_on: Date,
}

impl Store {
    /// What a user sees on a day.
    pub async fn sight_of(&self, user: &User, today: Date) -> Result<Sight, StoreError> {
        if user.role.may(Right::SeeEverybody) {
            return Ok(Sight::Everybody);
        }
        self.own_sight(user, today).await
    }

    /// What a user sees of their own, whatever their role: also the most that a key without `see_everybody` shows.
    pub async fn own_sight(&self, user: &User, today: Date) -> Result<Sight, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT s.absent_id FROM stand_in s WHERE s.tenant_id = $1 AND s.deputy_id = $2 \
                   AND s.from_on <= $3 AND s.until_on >= $3 AND s.ended_at IS NULL ORDER BY s.absent_id";
        let rows: Vec<(UserId,)> = fetch(&mut conn, sql, binds![user.tenant_id, user.id, today]).await?;
        Ok(Sight::Of([user.id].into_iter().chain(rows.into_iter().map(|(id,)| id)).collect()))
    }

    /// Whether one thing is there and lies within a sight. `name` is its number as people write it, or its id.
    pub async fn sees(&self, tenant_id: TenantId, sight: &Sight, seen: Seen, name: &str) -> Result<bool, StoreError> {
        if let Some(table) = seen.table() {
            let mut conn = self.conn().await?;
            let sql = format!("SELECT count(*) FROM {table} x WHERE x.tenant_id = $1 AND x.id = $2");
            return Ok(fetch_number(&mut conn, &sql, binds![tenant_id, name]).await?.unwrap_or(0) > 0);
        }
        let number = |prefix| crate::pages::find::human_number(prefix, name).unwrap_or(-1);
        let (sql, values): (&str, Vec<Bind>) = match seen {
            Seen::User | Seen::Cover | Seen::Session | Seen::Key | Seen::Job => return Ok(false),
            Seen::Party => match self.find_party(tenant_id, name).await? {
                Some((id, _)) => {
                    ("SELECT p.id FROM party p WHERE p.tenant_id = $1 AND p.id = $2", binds![tenant_id, id])
                }
                None => return Ok(false),
            },
            Seen::Receivable => match self.find_receivable(tenant_id, name).await {
                Ok(found) => (
                    "SELECT r.party_id FROM receivable r WHERE r.tenant_id = $1 AND r.id = $2",
                    binds![tenant_id, found.receivable_id],
                ),
                Err(StoreError::NotFound { .. }) => return Ok(false),
                Err(error) => return Err(error),
            },
            Seen::Letter => (
                "SELECT l.party_id FROM letter l WHERE l.tenant_id = $1 AND l.number = $2",
                binds![tenant_id, number('L')],
            ),
            // A number may hold any letter, but nothing that no database keeps.
            Seen::Order => (
                "SELECT o.party_id FROM sales_order o WHERE o.tenant_id = $1 AND (o.number = $2 OR o.id = $2)",
                binds![tenant_id, name.replace('\0', "")],
            ),
            Seen::Task => (
                "SELECT t.party_id FROM task t WHERE t.tenant_id = $1 AND t.number = $2",
                binds![tenant_id, number('T')],
            ),
            Seen::Payment if *sight == Sight::Everybody => (
                "SELECT p.party_id FROM payment p WHERE p.tenant_id = $1 AND p.number = $2",
                binds![tenant_id, number('P')],
            ),
            // Money that nobody has placed yet belongs to nobody's buyers.
            Seen::Payment => (
                "SELECT e.party_id FROM payment p JOIN ledger_entry e ON e.tenant_id = p.tenant_id \
                 AND e.payment_id = p.id WHERE p.tenant_id = $1 AND p.number = $2",
                binds![tenant_id, number('P')],
            ),
        };
        let sql = format!(
            "SELECT count(*) FROM ({sql}) x WHERE 1 = 1 {}",
            sight.on(match seen {
                Seen::Party => "x.id",
                _ => "x.party_id",
            })
        );
        // Only now: whoever holds one connection and waits for another may wait for ever.
        let mut conn = self.conn().await?;
        Ok(fetch_number(&mut conn, &sql, values).await?.unwrap_or(0) > 0)
    }

    /// Who stands in for whom from today on.
    pub async fn stand_ins(&self, tenant_id: TenantId, today: Date) -> Result<Vec<StandIn>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT s.id, s.absent_id, s.deputy_id, s.from_on, s.until_on FROM stand_in s WHERE s.tenant_id = $1 \
                   AND s.until_on >= $2 AND s.ended_at IS NULL ORDER BY s.from_on, s.id";
        fetch(&mut conn, sql, binds![tenant_id, today]).await
    }

    /// Whose buyer a party is.
    pub async fn salesperson_of(&self, tenant_id: TenantId, id: PartyId) -> Result<Option<UserId>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT p.salesperson_id FROM party p WHERE p.tenant_id = $1 AND p.id = $2";
        let row: Option<(Option<UserId>,)> = crate::conn::fetch_one(&mut conn, sql, binds![tenant_id, id]).await?;
        Ok(row.and_then(|(id,)| id))
    }

    /// How many buyers each salesperson has; `None` for those that are nobody's.
    pub async fn buyers_by_salesperson(&self, tenant_id: TenantId) -> Result<Vec<(Option<UserId>, i64)>, StoreError> {
        let mut conn = self.conn().await?;
        let sql = "SELECT p.salesperson_id, count(*) FROM party p WHERE p.tenant_id = $1 AND p.merged_into IS NULL \
                   GROUP BY p.salesperson_id";
        fetch(&mut conn, sql, binds![tenant_id]).await
    }
}

impl Commit {
    /// The parties that lie outside a sight.
    pub async fn parties_outside(&mut self, sight: &Sight) -> Result<Vec<PartyId>, StoreError> {
        if *sight == Sight::Everybody {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT p.id FROM party p WHERE p.tenant_id = $1 AND p.merged_into IS NULL \
             AND NOT EXISTS (SELECT 1 FROM party own WHERE own.tenant_id = $1 AND own.id = p.id {})",
            sight.on("own.id")
        );
        let rows: Vec<(PartyId,)> = fetch(&mut self.tx, &sql, binds![self.tenant_id]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    pub async fn add_stand_in(
        &mut self,
        absent: UserId,
        deputy: UserId,
        from: Date,
        until: Date,
    ) -> Result<(), StoreError> {
        if absent == deputy {
            return Err(Refusal::new(RefusalCode::StandInSelf).into());
        }
        if until < from {
            return Err(Refusal::new(RefusalCode::StandInOrder).with("until", until).with("from", from).into());
        }
        let (absent_user, deputy_user) = (self.user(absent).await?, self.user(deputy).await?);
        let id = IdSource::new(self.now).make();
        let id = UserId(id).to_string();
        let (tenant_id, now, seq) = (self.tenant_id, self.now, self.seq);
        let sql = "INSERT INTO stand_in (tenant_id, id, absent_id, deputy_id, from_on, until_on, recorded_at, seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = binds![tenant_id, id, absent_user.id, deputy_user.id, from, until, now, seq];
        self.execute(sql, values).await?;
        let entry = LogEntry::new("stand_in.named", "user", absent.to_string()).fact("deputy", deputy);
        self.log(entry.fact("from", from).fact("until", until));
        Ok(())
    }

    pub async fn end_stand_in(&mut self, id: &str) -> Result<(), StoreError> {
        let (tenant_id, now) = (self.tenant_id, self.now);
        let sql = "UPDATE stand_in SET ended_at = $3 WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL";
        if self.execute(sql, binds![tenant_id, id, now]).await? != 1 {
            return Err(StoreError::not_found("leave cover", id));
        }
        self.log(LogEntry::new("stand_in.ended", "stand_in", id));
        Ok(())
    }

    /// Hands a buyer over; `None`: nobody's.
    pub async fn assign_party(&mut self, id: PartyId, to: Option<UserId>) -> Result<(), StoreError> {
        if let Some(to) = to {
            self.user(to).await?;
        }
        let sql = "SELECT p.salesperson_id FROM party p WHERE p.tenant_id = $1 AND p.id = $2";
        let row: Option<(Option<UserId>,)> =
            crate::conn::fetch_one(&mut self.tx, sql, binds![self.tenant_id, id]).await?;
        let (before,) = row.ok_or_else(|| StoreError::not_found("debtor", id.to_string()))?;
        let sql = "UPDATE party SET salesperson_id = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, id, to]).await?;
        let entry = LogEntry::new("party.assigned", "party", id.to_string()).about(id);
        self.log(entry.changed("salesperson", before, to));
        Ok(())
    }

    /// Who looks after a party, within this change.
    pub async fn salesperson_of(&mut self, id: PartyId) -> Result<Option<UserId>, StoreError> {
        let sql = "SELECT p.salesperson_id FROM party p WHERE p.tenant_id = $1 AND p.id = $2";
        let row: Option<(Option<UserId>,)> =
            crate::conn::fetch_one(&mut self.tx, sql, binds![self.tenant_id, id]).await?;
        Ok(row.and_then(|(id,)| id))
    }

    /// As [`Commit::assign_party`], as part of another change: whoever calls writes the line in the log.
    pub async fn give_party(&mut self, id: PartyId, to: Option<UserId>) -> Result<(), StoreError> {
        let sql = "UPDATE party SET salesperson_id = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, id, to]).await?;
        Ok(())
    }

    /// Hands over all buyers of one salesperson, or all that are nobody's. Returns how many. Each has its line in the
    /// log: the question is always who looked after this buyer.
    pub async fn reassign_all(&mut self, from: Option<UserId>, to: UserId) -> Result<u64, StoreError> {
        self.user(to).await?;
        let was = from.map_or_else(String::new, |id| id.to_string());
        let sql = "SELECT p.id FROM party p WHERE p.tenant_id = $1 AND COALESCE(p.salesperson_id, '') = $2 \
                   ORDER BY p.number";
        let parties: Vec<(PartyId,)> =
            crate::conn::fetch(&mut self.tx, sql, binds![self.tenant_id, was.as_str()]).await?;
        let sql = "UPDATE party SET salesperson_id = $3 WHERE tenant_id = $1 AND COALESCE(salesperson_id, '') = $2";
        let count = self.execute(sql, binds![self.tenant_id, was, to]).await?;
        for (id,) in parties {
            let entry = LogEntry::new("party.assigned", "party", id.to_string()).about(id);
            self.log(entry.changed("salesperson", from, to));
        }
        let entry = LogEntry::new("party.reassigned", "user", to.to_string()).fact("count", count);
        self.log(entry.changed("salesperson", from, to));
        Ok(count)
    }

    /// Shares the buyers that are nobody's among these people, turn by turn.
    pub async fn share_out(&mut self, among: &[UserId]) -> Result<(), StoreError> {
        let count = i64::try_from(among.len()).map_err(StoreError::corrupt)?;
        for (turn, id) in among.iter().enumerate() {
            let turn = i64::try_from(turn).map_err(StoreError::corrupt)?;
            let sql = "UPDATE party SET salesperson_id = $4 WHERE tenant_id = $1 AND salesperson_id IS NULL \
                       AND number % $2 = $3";
            self.execute(sql, binds![self.tenant_id, count, turn, *id]).await?;
        }
        Ok(())
    }

    /// Gives the buyers that a change of this sequence brought in, and that are nobody's, to whoever brought them.
    pub async fn claim_new_parties(&mut self, for_user: UserId) -> Result<u64, StoreError> {
        let sql = "UPDATE party SET salesperson_id = $3 WHERE tenant_id = $1 AND seq = $2 AND salesperson_id IS NULL";
        self.execute(sql, binds![self.tenant_id, self.seq, for_user]).await
    }
}
