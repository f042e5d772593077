//! More time for the buyer's receipt: the marketplace is asked for it once for each yes, and the letter that tells of it leaves
//! only after it was given.
//!
//! It goes as a letter goes: written down, `sending` kept before the call, settled by the answer. Where the answer got lost
//! the list of orders tells whether the time runs out later than before; nothing is ever asked for twice. Orders that no
//! connected shop knows are given more time by a person on the marketplace's own page, who says so here.

use std::borrow::Cow;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use dunlin_channels::aliexpress::{ApiError, RemoteId};
use dunlin_core::calendar::{days_between, shift};
use dunlin_core::case::LetterState;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::facts::orders::{OrderFacts, ReceiptExtended};
use dunlin_core::order::OrderSource;
use dunlin_core::order::receipt::{MOST_DAYS, ReceiptState, days_to_ask, tells_of_more_time};
use dunlin_core::order::story::OrderState;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::pages::order_told::{FoundOrder, ToldOrder};
use dunlin_store::{Commit, ExtensionEnd, LogEntry, Outcome, ReceiptExtension, StoredLetter};

use super::connect_service::said;
use super::order_told::last_whole_day;
use super::send_letters::{LEASE, SendAccount, is_left_behind, worker_name};
use crate::house::House;
use crate::shop::{ALIEXPRESS, Shop, trouble};

/// Seen to in one round.
const MOST: i64 = 200;
/// Until the marketplace is asked again where it could not be.
const LATER: SignedDuration = SignedDuration::from_mins(10);
const MOST_ATTEMPTS: i64 = 6;
/// What is not in the list so long after it was asked for was not given.
const SHOWS_WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// Of the days that were asked for so much may be missing: clocks and hours that come twice.
const NEARLY: SignedDuration = SignedDuration::from_hours(12);

/// Asks the marketplace for more time, without a letter that tells of it. It is asked for in the next round of sending.
pub async fn extend_receipt(house: &House, found: &FoundOrder, days: u16) -> anyhow::Result<()> {
    check_days(days)?;
    let mut commit = house.begin().await?;
    on_its_way(house, &mut commit, found).await?;
    if !is_of_connected_shop(&mut commit, &found.number).await? {
        return Err(refusal(RefusalCode::ReceiptByHand, &found.number).into());
    }
    if commit.ask_more_time((found.party_id, found.id), None, days).await?.is_none() {
        return Err(refusal(RefusalCode::ReceiptOpen, &found.number).into());
    }
    commit.log(entry("order.more_time_asked", &found.number, found).fact("days", days));
    Ok(commit.finish().await?)
}

/// Somebody has given the buyer more time on the marketplace's own page.
pub async fn note_more_time(house: &House, found: &FoundOrder, days: u16) -> anyhow::Result<()> {
    check_days(days)?;
    let listed = listed_end(house, found).await?;
    let mut commit = house.begin().await?;
    let told = on_its_way(house, &mut commit, found).await?;
    let known = commit.extensions_of(found.party_id, found.id).await?;
    if let Some(open) = known.iter().find(|one| one.state.is_open()) {
        // Of one that waits nobody has asked anything yet, and now nobody has to.
        if open.state != ReceiptState::Queued {
            return Err(refusal(RefusalCode::ReceiptOpen, &found.number).into());
        }
        let why = "a person gave it on the marketplace's own page".to_string();
        settle(&mut commit, open, &ExtensionEnd::Withdrawn { why }).await?;
    }
    let until = listed.or_else(|| told.order.protection_ends.map(|end| shift(end, i32::from(days))));
    commit.note_more_time((found.party_id, found.id), days, until).await?;
    commit.log(entry("order.more_time_noted", &found.number, found).fact("days", days));
    Ok(commit.finish().await?)
}

/// A person has looked up on the marketplace whether more time was given of which nobody knew.
pub async fn settle_more_time(house: &House, found: &FoundOrder, was_given: bool) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let told = commit.told_order((found.party_id, found.id)).await?;
    let known = commit.extensions_of(found.party_id, found.id).await?;
    let open = known.into_iter().find(|one| one.state == ReceiptState::Uncertain);
    let open = open.ok_or_else(|| refusal(RefusalCode::ReceiptNotUncertain, &found.number))?;
    let end = if was_given {
        done(house, &open, told.order.protection_ends)
    } else {
        ExtensionEnd::Failed { why: "looked up: the marketplace has not given more time".to_string() }
    };
    settle(&mut commit, &open, &end).await?;
    commit.log(entry("order.more_time_settled", &found.number, found).fact("was_given", was_given));
    Ok(commit.finish().await?)
}

fn check_days(days: u16) -> Result<(), Refusal> {
    match days {
        1..=MOST_DAYS => Ok(()),
        _ => Err(Refusal::new(RefusalCode::ReceiptDays).with("most", i64::from(MOST_DAYS))),
    }
}

/// The order as it is told, where more time can be given at all.
async fn on_its_way(house: &House, commit: &mut Commit, found: &FoundOrder) -> anyhow::Result<ToldOrder> {
    let told = commit.told_order((found.party_id, found.id)).await?;
    let is_away = matches!(told.order.state(house.today()), OrderState::Shipped | OrderState::PartShipped);
    if found.source != OrderSource::Marketplace || !is_away {
        return Err(refusal(RefusalCode::ReceiptNotAway, &found.number).into());
    }
    Ok(told)
}

/// The last day of the protection by the marketplace's own word, where it can be asked: what somebody gave there a moment ago
/// may have been read already, and its days would be counted twice.
async fn listed_end(house: &House, found: &FoundOrder) -> anyhow::Result<Option<Date>> {
    // Safe mode asks nobody anything.
    if house.store.tenant(house.tenant.id).await?.settings.safe_mode {
        return Ok(None);
    }
    let Some(shop) = Shop::open(house).await? else { return Ok(None) };
    let told = house.store.told_order(house.tenant.id, (found.party_id, found.id)).await?;
    let (Some(id), Some(placed)) = (RemoteId::parse(&found.number), told.order.placed_at) else { return Ok(None) };
    match shop.session.receipt_until(id, placed, &shop.pacific).await {
        Ok(until) => Ok(until.map(|until| last_whole_day(until, &house.zone()))),
        // A shop that is not read any more has told nothing new either.
        Err(ApiError::TokenRefused { .. } | ApiError::NeedsPerson { .. }) => Ok(None),
        Err(error) => Err(said(ALIEXPRESS, &error).into()),
    }
}

fn refusal(code: RefusalCode, number: &str) -> Refusal {
    Refusal::new(code).with("number", number)
}

fn entry(verb: &'static str, number: &str, found: &FoundOrder) -> LogEntry {
    LogEntry::new(verb, "order", number).about(found.party_id)
}

/// Whether the connected shop knows the order, so that the program can ask for it.
async fn is_of_connected_shop(commit: &mut Commit, number: &str) -> anyhow::Result<bool> {
    let connection = commit.connection(ALIEXPRESS).await?;
    if connection.is_none_or(|connection| connection.sealed_token.is_none()) {
        return Ok(false);
    }
    Ok(!commit.remote_orders(ALIEXPRESS, &[number.to_string()]).await?.is_empty())
}

/// What a letter has to wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wait {
    /// It says nothing of more time, or the buyer has it.
    Nothing,
    /// The marketplace is being asked.
    Asked,
    /// A person has to give it first.
    ByHand { number: String },
}

/// Sees to it that the more time that a letter tells of is asked for. Called with the yes to the letter, and again when the
/// letter would leave: a playbook may let it leave without anybody's yes.
pub(super) async fn ask_for_letter(
    house: &House,
    commit: &mut Commit,
    letter: &StoredLetter,
    facts: &DebtorFacts,
) -> anyhow::Result<Wait> {
    let Some(about) = letter.about.as_ref().filter(|_| tells_of_more_time(&letter.letter)) else {
        return Ok(Wait::Nothing);
    };
    let Some((order, _)) = facts.order_of(about.subject) else { return Ok(Wait::Nothing) };
    if was_given(order, letter) {
        return Ok(Wait::Nothing);
    }
    let known = commit.extensions_of(letter.party_id, order.id).await?;
    if known.iter().any(|one| one.state.is_open()) {
        return Ok(Wait::Asked);
    }
    if !is_of_connected_shop(commit, &order.number).await? {
        return Ok(Wait::ByHand { number: order.number.clone() });
    }
    let days = wanted_days(order, letter, &house.zone());
    if commit.ask_more_time((letter.party_id, order.id), Some(letter.id), days).await?.is_some() {
        let entry = LogEntry::new("order.more_time_asked", "order", order.number.as_str()).about(letter.party_id);
        commit.log(entry.fact("days", days).fact("letter", format!("L-{:04}", letter.number)));
    }
    Ok(Wait::Asked)
}

/// The refusal of a yes to a letter that a person has to do something for first.
pub(super) fn by_hand_first(number: &str) -> Refusal {
    refusal(RefusalCode::ReceiptByHand, number)
}

/// Whether the buyer was given more time since the letter was decided. What was given before is what an earlier one told of.
fn was_given(order: &OrderFacts, letter: &StoredLetter) -> bool {
    order.receipt_extended.is_some_and(|given| given.at >= letter.recorded_at)
}

/// So many that the latest of the parcels that are on their way comes with a margin. Counted from the day on which the letter
/// was decided, so that whoever says yes to it reads what will leave.
fn wanted_days(order: &OrderFacts, letter: &StoredLetter, zone: &TimeZone) -> u16 {
    let waiting = order.parcels.iter().filter(|parcel| !parcel.journey.status().is_final());
    let arrives_by = waiting.filter_map(|parcel| parcel.expected_by(zone)).max();
    let today = letter.recorded_at.to_zoned(zone.clone()).date();
    days_to_ask(order.protection_ends.unwrap_or(today), arrives_by, today)
}

/// The facts as they will be when a letter that tells of more time leaves: it is written for that moment, and only leaves in it.
pub(super) fn as_given<'f>(letter: &StoredLetter, facts: &'f DebtorFacts, zone: &TimeZone) -> Cow<'f, DebtorFacts> {
    let about = letter.about.as_ref().filter(|_| tells_of_more_time(&letter.letter));
    let Some((order, _)) = about.and_then(|about| facts.order_of(about.subject)) else { return Cow::Borrowed(facts) };
    if was_given(order, letter) {
        return Cow::Borrowed(facts);
    }
    let (id, days) = (order.id, wanted_days(order, letter, zone));
    let mut given = facts.clone();
    for order in given.orders.iter_mut().filter(|order| order.id == id) {
        let until = order.protection_ends.map(|end| shift(end, i32::from(days)));
        order.protection_ends = until;
        order.receipt_extended = Some(ReceiptExtended { days, until, at: letter.recorded_at });
    }
    Cow::Owned(given)
}

/// As [`as_given`] while the marketplace is being asked: the shop may show the new end before anybody has recorded that it was
/// given, and the message that waits to say so is not wrong by that.
pub(super) async fn as_asked<'f>(
    commit: &mut Commit,
    letter: &StoredLetter,
    facts: &'f DebtorFacts,
    zone: &TimeZone,
) -> anyhow::Result<Cow<'f, DebtorFacts>> {
    let about = letter.about.as_ref().filter(|_| tells_of_more_time(&letter.letter));
    let Some((order, _)) = about.and_then(|about| facts.order_of(about.subject)) else {
        return Ok(Cow::Borrowed(facts));
    };
    let known = commit.extensions_of(letter.party_id, order.id).await?;
    let is_asked = known.iter().any(|one| one.state.is_open());
    Ok(if is_asked { as_given(letter, facts, zone) } else { Cow::Borrowed(facts) })
}

/// Asks the marketplace for everything that waits to be asked for, and looks up what nobody knows.
/// `restored_at`: when a backup was last read in place of everything, as the round began.
pub(super) async fn ask_marketplace(
    house: &House,
    shop: &Shop,
    restored_at: Option<Timestamp>,
    account: &mut SendAccount,
) -> anyhow::Result<()> {
    for extension in house.store.extensions_to_see_to(house.tenant.id, house.now(), MOST).await? {
        let told = house.store.told_order(house.tenant.id, (extension.party_id, extension.order_id)).await?;
        let (Some(id), Some(placed)) = (RemoteId::parse(&told.order.number), told.order.placed_at) else {
            let why = "its number or the moment at which it was placed is not the marketplace's".to_string();
            end(house, &told, (&extension, extension.state), ExtensionEnd::Failed { why }, account).await?;
            continue;
        };
        let asked = Asked { house, shop, extension: &extension, told: &told, id, placed, restored_at };
        match extension.state {
            ReceiptState::Queued => asked.ask(account).await?,
            ReceiptState::Sending => {
                let is_left = is_left_behind(extension.lease_by.as_deref(), extension.lease_until, house.now());
                if is_left {
                    let why = "the program stopped while it asked for more time".to_string();
                    let left = (&extension, ReceiptState::Sending);
                    end(house, &told, left, ExtensionEnd::Uncertain { why }, account).await?;
                }
            }
            ReceiptState::Uncertain => asked.look_up(account).await?,
            ReceiptState::Done | ReceiptState::Failed | ReceiptState::Withdrawn => {}
        }
    }
    Ok(())
}

/// One that is asked for, with its order.
struct Asked<'a> {
    house: &'a House,
    shop: &'a Shop,
    extension: &'a ReceiptExtension,
    told: &'a ToldOrder,
    id: RemoteId,
    placed: Timestamp,
    restored_at: Option<Timestamp>,
}

impl Asked<'_> {
    /// When the time runs out by the marketplace's word.
    async fn until(&self) -> Result<Option<Timestamp>, ApiError> {
        self.shop.session.receipt_until(self.id, self.placed, &self.shop.pacific).await
    }

    async fn ask(&self, account: &mut SendAccount) -> anyhow::Result<()> {
        let (house, extension) = (self.house, self.extension);
        let queued = (extension, ReceiptState::Queued);
        // By what is left before it is told afterwards whether more was given.
        let before = match self.until().await {
            Ok(Some(until)) => until,
            Ok(None) => {
                let why = "the order does not wait for the buyer's receipt any more".to_string();
                return end(house, self.told, queued, ExtensionEnd::Failed { why }, account).await;
            }
            Err(error) => {
                house.store.note_trouble(house.tenant.id, ALIEXPRESS, trouble(&error), house.now()).await?;
                let later = ExtensionEnd::Later { at: house.now() + LATER, why: error.to_string(), counts: false };
                return end(house, self.told, queued, later, account).await;
            }
        };
        if !self.begin(before, account).await? {
            return Ok(());
        }
        let sent = ReceiptExtension { until_before: Some(before), ..extension.clone() };
        let outcome = match self.shop.session.extend_receipt(self.id, u32::from(extension.days)).await {
            Ok(()) => done(house, &sent, self.told.order.protection_ends),
            Err(ApiError::InDoubt { what } | ApiError::Unreadable { what }) => match self.until().await {
                Ok(Some(until)) if shows(&sent, until) => done(house, &sent, self.told.order.protection_ends),
                _ => ExtensionEnd::Uncertain { why: what },
            },
            Err(ApiError::Refused { code, what }) => ExtensionEnd::Failed { why: format!("{code}: {what}") },
            Err(error @ ApiError::NotPermitted { .. }) => ExtensionEnd::Failed { why: error.to_string() },
            Err(error @ ApiError::Busy { .. }) if extension.attempts + 1 >= MOST_ATTEMPTS => {
                ExtensionEnd::Failed { why: error.to_string() }
            }
            Err(error @ ApiError::Busy { .. }) => {
                let minutes = 5_i64 << extension.attempts.clamp(0, 6);
                let at = house.now() + SignedDuration::from_mins(minutes);
                ExtensionEnd::Later { at, why: error.to_string(), counts: true }
            }
            Err(error @ (ApiError::TokenRefused { .. } | ApiError::NeedsPerson { .. })) => {
                house.store.note_trouble(house.tenant.id, ALIEXPRESS, trouble(&error), house.now()).await?;
                ExtensionEnd::Later { at: house.now() + LATER, why: error.to_string(), counts: false }
            }
        };
        end(house, self.told, (extension, ReceiptState::Sending), outcome, account).await
    }

    /// Writes down that it is being asked for, unless it is not to be asked for any more. `false`: it is not.
    async fn begin(&self, before: Timestamp, account: &mut SendAccount) -> anyhow::Result<bool> {
        let house = self.house;
        let mut commit = house.begin_as_system().await?;
        // As they are under the lock: somebody may have turned safe mode on a moment ago, or a backup was restored.
        let restored_at = commit.restored_at().await?;
        if commit.settings().await?.safe_mode || restored_at != self.restored_at {
            return Ok(false);
        }
        let now = commit.extension(self.extension.id).await?;
        if now.state != ReceiptState::Queued {
            return Ok(false);
        }
        if restored_at.is_some_and(|at| now.recorded_at <= at) {
            let why = "a backup was restored since: look at the order on the marketplace, it may have been given";
            settle(&mut commit, &now, &ExtensionEnd::Failed { why: why.to_string() }).await?;
            commit.finish().await?;
            account.notes.push(format!("order {}: {why}", self.told.order.number));
            return Ok(false);
        }
        let waits = match now.letter_id {
            Some(letter) => {
                let letter = commit.letter_of_extension(letter).await?;
                letter.is_some_and(|letter| letter.state == LetterState::Queued)
            }
            None => matches!(self.told.order.state(house.today()), OrderState::Shipped | OrderState::PartShipped),
        };
        if !waits {
            let why = "nothing waits for it any more".to_string();
            settle(&mut commit, &now, &ExtensionEnd::Withdrawn { why }).await?;
            commit.finish().await?;
            account.notes.push(format!("order {}: more time is not asked for any more", self.told.order.number));
            return Ok(false);
        }
        commit.begin_extension(now.id, before, (&worker_name(), LEASE)).await?;
        commit.finish().await?;
        Ok(true)
    }

    /// Nobody knows whether it was given: the list tells, if not now then within the hour.
    async fn look_up(&self, account: &mut SendAccount) -> anyhow::Result<()> {
        let (house, extension) = (self.house, self.extension);
        let is_old = extension.sent_at.is_none_or(|at| house.now().duration_since(at) > SHOWS_WITHIN);
        let outcome = match self.until().await {
            Ok(Some(until)) if shows(extension, until) => done(house, extension, self.told.order.protection_ends),
            Ok(Some(_)) if is_old => {
                ExtensionEnd::Failed { why: "the marketplace shows no more time than before".to_string() }
            }
            Ok(None) => {
                ExtensionEnd::Failed { why: "the order does not wait for the buyer's receipt any more".to_string() }
            }
            Ok(Some(_)) | Err(_) => {
                let mut commit = house.begin_as_system().await?;
                commit.look_up_extension_at(extension.id, house.now() + LATER).await?;
                return Ok(commit.finish().await?);
            }
        };
        end(house, self.told, (extension, ReceiptState::Uncertain), outcome, account).await
    }
}

/// Whether the time runs out by so much later as was asked for.
fn shows(extension: &ReceiptExtension, until: Timestamp) -> bool {
    let asked = SignedDuration::from_hours(24 * i64::from(extension.days)) - NEARLY;
    extension.until_before.is_some_and(|before| until.duration_since(before) >= asked)
}

/// `known`: the last day of the protection as it is known here. The shop is read meanwhile: it may have the days in it already.
fn done(house: &House, extension: &ReceiptExtension, known: Option<Date>) -> ExtensionEnd {
    let before = extension.until_before.map(|before| last_whole_day(before, &house.zone()));
    ExtensionEnd::Done { until: end_with(i32::from(extension.days), before, known) }
}

/// The last day once the days were given, by the end that the list told before and the one that is known now.
fn end_with(days: i32, before: Option<Date>, known: Option<Date>) -> Option<Date> {
    match (before, known) {
        (Some(before), Some(known)) if 2 * days_between(before, known) > days => Some(known),
        (_, Some(end)) | (Some(end), None) => Some(shift(end, days)),
        (None, None) => None,
    }
}

/// Records what became of it, in a change of its own.
async fn end(
    house: &House,
    told: &ToldOrder,
    (extension, stands): (&ReceiptExtension, ReceiptState),
    outcome: ExtensionEnd,
    account: &mut SendAccount,
) -> anyhow::Result<()> {
    let mut commit = house.begin_as_system().await?;
    // Another worker, or a person, may have gone on with it while the marketplace was asked.
    let now = commit.extension(extension.id).await?;
    if now.state != stands || now.attempts != extension.attempts {
        return Ok(());
    }
    settle(&mut commit, &now, &outcome).await?;
    let code = match &outcome {
        ExtensionEnd::Done { .. } => "done",
        ExtensionEnd::Failed { .. } => "failed",
        ExtensionEnd::Uncertain { .. } => "uncertain",
        ExtensionEnd::Later { .. } | ExtensionEnd::Withdrawn { .. } => "",
    };
    if !code.is_empty() {
        let entry = LogEntry::new("order.more_time_told", "order", told.order.number.as_str());
        commit.log(entry.about(extension.party_id).fact("days", extension.days).fact("outcome", code));
    }
    commit.finish().await?;
    match outcome {
        ExtensionEnd::Failed { why } => account.notes.push(format!("more time for a receipt was not given: {why}")),
        ExtensionEnd::Uncertain { why } => {
            account.notes.push(format!("more time may or may not have been given: {why}"))
        }
        ExtensionEnd::Later { why, .. } => account.notes.push(format!("more time is asked for later: {why}")),
        ExtensionEnd::Done { .. } => account.more_time += 1,
        ExtensionEnd::Withdrawn { .. } => {}
    }
    Ok(())
}

/// Records what became of it. A letter that was to tell of what was not given does not leave, and a person hears why.
async fn settle(commit: &mut Commit, extension: &ReceiptExtension, outcome: &ExtensionEnd) -> anyhow::Result<()> {
    commit.settle_extension(extension, outcome).await?;
    if let (ExtensionEnd::Failed { why }, Some(letter)) = (outcome, extension.letter_id)
        && let Some(letter) = commit.letter_of_extension(letter).await?
        && matches!(letter.state, LetterState::Review | LetterState::Queued | LetterState::ToPaste)
    {
        let why = format!("the marketplace did not give more time: {why}");
        commit.settle(&letter, &Outcome::Failed { why }).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dunlin_core::ids::{ExtensionId, OrderId, PartyId};
    use jiff::civil::date;

    #[test]
    fn more_time_was_given_when_it_runs_out_later_by_the_days_that_were_asked_for() {
        let before: Timestamp = "2026-05-31T10:00:00Z".parse().expect("an instant");
        let extension = ReceiptExtension {
            party_id: PartyId(1),
            order_id: OrderId(2),
            id: ExtensionId(3),
            letter_id: None,
            days: 10,
            state: ReceiptState::Uncertain,
            by_hand: false,
            until_before: Some(before),
            until_on: None,
            why: String::new(),
            attempts: 0,
            sent_at: None,
            lease_by: None,
            lease_until: None,
            settled_at: None,
            recorded_at: before,
        };
        let later = |hours: i64| before + SignedDuration::from_hours(hours);
        assert!(shows(&extension, later(240)) && shows(&extension, later(239)));
        assert!(!shows(&extension, later(0)) && !shows(&extension, later(24)));
        assert!(!shows(&ReceiptExtension { until_before: None, ..extension }, later(240)));
    }

    #[test]
    fn days_that_were_read_meanwhile_are_not_counted_twice() {
        let (before, after) = (date(2026, 5, 31), date(2026, 6, 10));
        assert_eq!(end_with(10, Some(before), Some(before)), Some(after));
        assert_eq!(end_with(10, Some(before), Some(after)), Some(after));
        // The list counts in seconds, and so a day may be the next one.
        assert_eq!(end_with(10, Some(before), Some(date(2026, 6, 9))), Some(date(2026, 6, 9)));
        assert_eq!(end_with(10, Some(before), Some(date(2026, 6, 1))), Some(date(2026, 6, 11)));
        assert_eq!(end_with(10, Some(before), None), Some(after));
        assert_eq!(end_with(10, None, Some(before)), Some(after));
        assert_eq!(end_with(10, None, None), None);
    }
}
