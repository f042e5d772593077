//! Numbers of parcels that are corrected: of a parcel with another number the buyer hears that the number has changed, never of
//! a second dispatch, and nothing more is told under the old one.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;

use dunlin_core::ids::{OrderId, PartyId, ShipmentId};
use dunlin_core::shipment::number::plain_number;

use crate::bind::binds;
use crate::conn::{fetch, fetch_number};
use crate::dialect::micros;
use crate::orders::ShipmentFields;
use crate::{Commit, StoreError};

/// Microseconds by which a moment differs that is told in seconds, and still is the same.
const SAME_MOMENT: i64 = 60_000_000;

#[derive(Deserialize)]
struct Known {
    id: ShipmentId,
    number: String,
    carrier: String,
    #[serde(with = "micros::maybe")]
    shipped_at: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    named_at: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    withdrawn_at: Option<Timestamp>,
    replaces: Option<ShipmentId>,
}

impl Known {
    const fn holds(&self) -> bool {
        self.withdrawn_at.is_none()
    }
}

/// The parcels in whose place it stands, each once.
fn line_of(known: &[Known], parcel: &Known) -> Vec<ShipmentId> {
    let (mut line, mut next) = (Vec::new(), parcel.replaces);
    while let Some(id) = next.filter(|id| !line.contains(id)) {
        line.push(id);
        next = known.iter().find(|one| one.id == id).and_then(|one| one.replaces);
    }
    line
}

impl Commit {
    /// The parcels of an order as the marketplace names all of them. What it named before and names no more does not hold any
    /// longer, and what came at once stands in its place. What people of ours entered and it never named stays. It tells one
    /// moment for all parcels of an order: that is the one of the first, and one that joins others that have left is dated
    /// `joined_at`. `true`: something is new.
    pub async fn note_named_parcels(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        told: &[ShipmentFields],
        joined_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let mut told: Vec<ShipmentFields> = told.iter().map(plain).filter(|parcel| !parcel.number.is_empty()).collect();
        // Some pages name a parcel once for each of its articles.
        let mut seen = BTreeSet::new();
        told.retain(|parcel| seen.insert(parcel.number.clone()));
        if told.is_empty() {
            return Ok(false);
        }
        let known = self.known_parcels(party_id, order_id).await?;
        let is_named = |number: &str| told.iter().any(|parcel| parcel.number == number);
        let gone: Vec<&Known> =
            known.iter().filter(|one| one.holds() && one.named_at.is_some() && !is_named(&one.number)).collect();
        for one in &gone {
            self.withdraw_parcel(one.id).await?;
        }
        let mut is_new = !gone.is_empty();
        let mut added = Vec::new();
        let holding = known.iter().filter(|one| one.holds() && (one.named_at.is_none() || is_named(&one.number)));
        let mut left: Vec<String> =
            holding.filter(|one| one.shipped_at.is_some()).map(|one| one.number.clone()).collect();
        for parcel in &told {
            let is_first = !left.iter().any(|number| *number != parcel.number);
            let before = known.iter().find(|one| one.number == parcel.number).and_then(|one| one.shipped_at);
            let parcel =
                &ShipmentFields { shipped_at: when_left(parcel, before, is_first, joined_at), ..parcel.clone() };
            if parcel.shipped_at.is_some() {
                left.push(parcel.number.clone());
            }
            match known.iter().find(|one| one.number == parcel.number) {
                Some(one) if !one.holds() => {
                    // Named again: unless somebody of ours has put another number in its place. What the marketplace had put
                    // there was named in the change in which this one went.
                    let is_replaced = |later: &Known| {
                        later.replaces == Some(one.id)
                            && later.holds()
                            && later.named_at != one.withdrawn_at
                            && gone.iter().all(|gone| gone.id != later.id)
                    };
                    if !known.iter().any(is_replaced) {
                        self.bring_back_parcel(one.id).await?;
                        added.push(one.id);
                    }
                }
                Some(_) => is_new |= self.note_shipment(party_id, order_id, parcel).await?.1,
                None => added.push(self.note_shipment(party_id, order_id, parcel).await?.0),
            }
        }
        is_new |= !added.is_empty();
        // Named for the first time, what people of ours had entered: a parcel beside those that went, unless nothing else came.
        let entered: Vec<ShipmentId> =
            known.iter().filter(|one| one.named_at.is_none() && is_named(&one.number)).map(|one| one.id).collect();
        let came = if added.is_empty() { &entered } else { &added };
        self.take_places(came, &gone, &known).await?;
        added.extend(&entered);
        added.sort_unstable();
        added.dedup();
        for id in added {
            let sql = "UPDATE shipment SET named_at = $3 WHERE tenant_id = $1 AND id = $2";
            self.execute(sql, binds![self.tenant_id, id, self.now]).await?;
        }
        if is_new {
            self.wake_order(party_id, order_id).await?;
        }
        Ok(is_new)
    }

    /// Whether it is known of a parcel of the order when it left.
    pub async fn is_dispatch_known(&mut self, party_id: PartyId, order_id: OrderId) -> Result<bool, StoreError> {
        let known = self.known_parcels(party_id, order_id).await?;
        Ok(known.iter().any(|one| one.holds() && one.shipped_at.is_some()))
    }

    /// The marketplace says when an order left that left as a whole, perhaps another moment than before: the days of its one
    /// parcel count from there. What one of ours entered stays, and so does a moment that a carrier's scan speaks against.
    /// `true`: it is another one now.
    pub async fn keep_dispatch(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        left_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let tenant_id = self.tenant_id;
        // What came by the marketplace's word was named in the change that brought it.
        let sql = "SELECT id, shipped_at, CASE WHEN named_at = recorded_at THEN 1 ELSE 0 END FROM shipment \
                   WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 AND withdrawn_at IS NULL";
        let rows: Vec<(ShipmentId, Option<i64>, i64)> =
            fetch(&mut self.tx, sql, binds![tenant_id, party_id, order_id]).await?;
        let &[(id, Some(before), 1)] = rows.as_slice() else { return Ok(false) };
        let told = left_at.as_microsecond();
        if (told - before).abs() < SAME_MOMENT {
            return Ok(false);
        }
        let sql = "SELECT min(at) FROM tracking_event WHERE tenant_id = $1 AND party_id = $2 AND order_id = $3 \
                   AND shipment_id = $4 AND at >= $5";
        let scanned = fetch_number(&mut self.tx, sql, binds![tenant_id, party_id, order_id, id, before]).await?;
        if scanned.is_some_and(|at| at < told) {
            return Ok(false);
        }
        let sql = "UPDATE shipment SET shipped_at = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![tenant_id, id, told]).await?;
        self.wake_order(party_id, order_id).await?;
        Ok(true)
    }

    /// What came when others went stands in their place: the buyer was told of these, and hears of no second dispatch. One for
    /// one it is the same parcel under another number. Of several nobody knows which is which: they stand for each other, in a
    /// ring, so that no number is told to be the one of a certain parcel before.
    async fn take_places(&mut self, came: &[ShipmentId], gone: &[&Known], known: &[Known]) -> Result<(), StoreError> {
        let Some(last) = gone.last().filter(|_| !came.is_empty()) else { return Ok(()) };
        if gone.len() > 1 {
            let mut ring: Vec<ShipmentId> = Vec::new();
            for one in gone {
                let mut next = Some(one.id);
                while let Some(id) = next.filter(|id| !ring.contains(id) && !came.contains(id)) {
                    ring.push(id);
                    next = known.iter().find(|known| known.id == id).and_then(|known| known.replaces);
                }
            }
            for (id, next) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let sql = "UPDATE shipment SET replaces = $3 WHERE tenant_id = $1 AND id = $2";
                self.execute(sql, binds![self.tenant_id, *id, *next]).await?;
            }
        }
        // Those that left together left when they left; of others nobody knows which one it was.
        let left_alike = gone.iter().all(|one| one.shipped_at == last.shipped_at && one.carrier == last.carrier);
        for (place, id) in came.iter().enumerate() {
            let before = gone.get(place).unwrap_or(last);
            if left_alike && came.len() <= gone.len() {
                self.put_in_place_of(*id, before).await?;
            } else {
                self.stand_for(*id, before.id).await?;
            }
        }
        Ok(())
    }

    /// A number that comes back stands for the one that had taken its place.
    async fn stand_for(&mut self, id: ShipmentId, before: ShipmentId) -> Result<(), StoreError> {
        let sql = "UPDATE shipment SET replaces = NULL WHERE tenant_id = $1 AND id = $2 AND replaces = $3";
        self.execute(sql, binds![self.tenant_id, before, id]).await?;
        let sql = "UPDATE shipment SET replaces = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, id, before]).await?;
        Ok(())
    }

    /// A parcel has another number than was entered. `None`: the order has no parcel of the old number that holds; `false`: it
    /// has the new number already.
    pub async fn correct_number(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        old: &str,
        told: &ShipmentFields,
    ) -> Result<Option<bool>, StoreError> {
        let (old, told) = (plain_number(old), plain(told));
        let known = self.known_parcels(party_id, order_id).await?;
        if old == told.number {
            return Ok(known.iter().any(|one| one.holds() && one.number == old).then_some(false));
        }
        let Some(before) = known.iter().find(|one| one.holds() && one.number == old) else {
            return self.say_which((party_id, order_id), &known, (&old, &told.number)).await;
        };
        if let Some(after) = known.iter().find(|one| one.number == told.number) {
            if after.holds() {
                // Entered beside it before somebody saw that both are one.
                self.withdraw_parcel(before.id).await?;
                self.put_in_place_of(after.id, before).await?;
                self.wake_order(party_id, order_id).await?;
                return Ok(Some(true));
            }
            self.withdraw_parcel(before.id).await?;
            self.bring_back_parcel(after.id).await?;
            self.put_in_place_of(after.id, before).await?;
            // It holds by a person's word now: that the marketplace names another one does not end it.
            let sql = "UPDATE shipment SET named_at = NULL WHERE tenant_id = $1 AND id = $2";
            self.execute(sql, binds![self.tenant_id, after.id]).await?;
            self.wake_order(party_id, order_id).await?;
            return Ok(Some(true));
        }
        let (id, _) = self.note_shipment(party_id, order_id, &told).await?;
        self.withdraw_parcel(before.id).await?;
        self.put_in_place_of(id, before).await?;
        self.wake_order(party_id, order_id).await?;
        Ok(Some(true))
    }

    /// Somebody says of a number that went which of those that came is in its place: the others are not. `false`: that is
    /// known already.
    async fn say_which(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        known: &[Known],
        (old, new): (&str, &str),
    ) -> Result<Option<bool>, StoreError> {
        let Some(before) = known.iter().find(|one| one.number == old) else { return Ok(None) };
        let Some(after) = known.iter().find(|one| one.holds() && one.number == new) else { return Ok(None) };
        let line = line_of(known, after);
        let others: Vec<&Known> =
            known.iter().filter(|one| one.id != after.id && one.replaces == Some(before.id)).collect();
        if after.replaces == Some(before.id) && others.is_empty() {
            return Ok(Some(false));
        }
        if !line.contains(&before.id) {
            return Ok(None);
        }
        for other in others {
            let sql = "UPDATE shipment SET replaces = NULL WHERE tenant_id = $1 AND id = $2";
            self.execute(sql, binds![self.tenant_id, other.id]).await?;
        }
        // What stood in a ring with it stands alone now: who had which number is said one by one.
        if line_of(known, before).contains(&before.id) {
            let sql = "UPDATE shipment SET replaces = NULL WHERE tenant_id = $1 AND id = $2";
            self.execute(sql, binds![self.tenant_id, before.id]).await?;
        }
        self.put_in_place_of(after.id, before).await?;
        self.wake_order(party_id, order_id).await?;
        Ok(Some(true))
    }

    /// Somebody says of a number that came as others went that it is a parcel of its own. `false`: it stands for no other one, or
    /// for one alone, which is said by another correction.
    pub async fn stand_alone(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        number: &str,
    ) -> Result<bool, StoreError> {
        let known = self.known_parcels(party_id, order_id).await?;
        let number = plain_number(number);
        let Some(one) = known.iter().find(|one| one.holds() && one.number == number) else { return Ok(false) };
        let shares = |other: &Known| other.id != one.id && other.replaces == one.replaces;
        if one.replaces.is_none() || !known.iter().any(shares) {
            return Ok(false);
        }
        let sql = "UPDATE shipment SET replaces = NULL WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, one.id]).await?;
        self.wake_order(party_id, order_id).await?;
        Ok(true)
    }

    async fn known_parcels(&mut self, party_id: PartyId, order_id: OrderId) -> Result<Vec<Known>, StoreError> {
        let sql = "SELECT id, number, carrier, shipped_at, named_at, withdrawn_at, replaces FROM shipment WHERE tenant_id = $1 \
                   AND party_id = $2 AND order_id = $3 ORDER BY id";
        fetch(&mut self.tx, sql, binds![self.tenant_id, party_id, order_id]).await
    }

    /// It is the same parcel: it left when the other one did, with the same carrier where nobody says otherwise.
    async fn put_in_place_of(&mut self, id: ShipmentId, before: &Known) -> Result<(), StoreError> {
        self.stand_for(id, before.id).await?;
        let sql = "UPDATE shipment SET shipped_at = COALESCE($3, shipped_at), \
                   carrier = CASE WHEN carrier = '' THEN $4 ELSE carrier END WHERE tenant_id = $1 AND id = $2";
        let left = before.shipped_at.map(|at| at.as_microsecond());
        self.execute(sql, binds![self.tenant_id, id, left, before.carrier.as_str()]).await?;
        Ok(())
    }

    /// Nothing is told of it any more. What waits to leave finds no parcel, and is cancelled like everything that is wrong.
    async fn withdraw_parcel(&mut self, id: ShipmentId) -> Result<(), StoreError> {
        let sql = "UPDATE shipment SET withdrawn_at = $3 WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, id, self.now]).await?;
        let sql = "UPDATE cases SET state = 'closed', next_wake = NULL WHERE tenant_id = $1 AND receivable_id = $2 \
                   AND subject = 'shipment'";
        self.execute(sql, binds![self.tenant_id, id]).await?;
        Ok(())
    }

    async fn bring_back_parcel(&mut self, id: ShipmentId) -> Result<(), StoreError> {
        let sql = "UPDATE shipment SET withdrawn_at = NULL WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, id]).await?;
        // That its number holds again is told from now on.
        let sql =
            "UPDATE cases SET started_at = $3 WHERE tenant_id = $1 AND receivable_id = $2 AND subject = 'shipment'";
        self.execute(sql, binds![self.tenant_id, id, self.now]).await?;
        Ok(())
    }

    /// A parcel is entered under a number that was taken for a mistake: it holds again, by a person's word.
    pub async fn enter_again(
        &mut self,
        (party_id, order_id): (PartyId, OrderId),
        number: &str,
    ) -> Result<bool, StoreError> {
        let known = self.known_parcels(party_id, order_id).await?;
        let number = plain_number(number);
        let Some(one) = known.iter().find(|one| one.number == number && !one.holds()) else { return Ok(false) };
        self.bring_back_parcel(one.id).await?;
        let sql = "UPDATE shipment SET named_at = NULL, replaces = NULL WHERE tenant_id = $1 AND id = $2";
        self.execute(sql, binds![self.tenant_id, one.id]).await?;
        self.wake_order(party_id, order_id).await?;
        Ok(true)
    }
}

/// What is known of when a parcel left stays, unless the only one left earlier. `None`: nothing new is known of it.
fn when_left(
    told: &ShipmentFields,
    before: Option<Timestamp>,
    is_first: bool,
    joined_at: Option<Timestamp>,
) -> Option<Timestamp> {
    match before {
        Some(before) => told.shipped_at.filter(|at| is_first && *at < before),
        None if is_first => told.shipped_at.or(joined_at),
        None => joined_at.or(told.shipped_at),
    }
}

fn plain(told: &ShipmentFields) -> ShipmentFields {
    ShipmentFields { number: plain_number(&told.number), ..told.clone() }
}
