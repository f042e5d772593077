//! Messages about orders and parcels on their way out: like letters about money, but right by how the order stands, and
//! only after the order was read again where it comes from.

use jiff::{SignedDuration, Timestamp};

use dunlin_core::audit::departure::inside_hours;
use dunlin_core::audit::orders::{OrderStop, check_order_departure, check_time_left};
use dunlin_core::case::LetterState;
use dunlin_store::fault::{FaultPoint, hit};
use dunlin_store::{Claimed, Commit, Outcome, Settings};

use super::approve_letter::window_of;
use super::cancel_letter::moved_on;
use super::extend_receipt::{Wait, as_given, ask_for_letter};
use super::judge_claims::{Ground, keep_back};
use super::reread_orders::{FRESH, stale_orders};
use super::send_letters::{Next, SendAccount, take_out, unwritten};
use super::write_letter::{Desk, write_letter_with};
use super::write_order::{needs_offer, order_aside_within};
use crate::shop::ALIEXPRESS;

/// Until it is looked again whether the marketplace has given what a message tells of; given, it leaves at once.
const ASKED_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// Takes one message about an order out, or finds that it must not go, or not now.
pub(super) async fn claim_order_letter(
    ground: &Ground,
    settings: &Settings,
    mut commit: Commit,
    account: &mut SendAccount,
) -> anyhow::Result<Next> {
    let house = &ground.house;
    let now = house.now();
    let Some(claimed) = commit.next_order_letter().await? else {
        return Ok(Next::Nothing);
    };
    let (letter, facts) = (&claimed.letter, &claimed.facts);
    let Some(mut commit) = keep_back(ground, commit, (letter, facts), settings, account).await? else {
        return Ok(Next::Handled);
    };
    let rules = ground.rules();
    let name = format!("L-{:04}", letter.number);
    // Whether it is right once what it tells of is done; that it is done is seen to below.
    let given = as_given(letter, facts, &settings.zone()?);
    let in_time = check_time_left(&claimed.waiting, facts, now, &rules);
    let must_read = match in_time.and_then(|()| check_order_departure(&claimed.waiting, &given, now, &rules)) {
        Ok(()) => false,
        Err(OrderStop::ReadAgain) => true,
        // It was judged as it will be once that is done: nothing is waited for here.
        Err(OrderStop::Wrong(refusal) | OrderStop::NotYet(refusal)) => {
            let outcome = moved_on(&refusal);
            commit.settle(letter, &outcome).await?;
            commit.finish().await?;
            account.take_back(name, &outcome);
            return Ok(Next::Handled);
        }
    };
    match ask_for_letter(house, &mut commit, letter, facts).await? {
        Wait::Nothing => {}
        Wait::Asked => {
            commit
                .postpone_because(letter.id, now + ASKED_WAIT, "the marketplace is being asked for more time")
                .await?;
            commit.finish().await?;
            account.postponed += 1;
            return Ok(Next::Handled);
        }
        Wait::ByHand { number } => {
            let why = format!("nobody has given more time for order {number} on the marketplace's own page");
            commit.settle(letter, &Outcome::Failed { why: why.clone() }).await?;
            commit.finish().await?;
            account.failed += 1;
            account.notes.push(format!("{name} does not leave: {why}"));
            return Ok(Next::Handled);
        }
    }
    let window = window_of(letter, facts, &rules);
    if let Err(opening) = inside_hours(facts, letter.contact_id, window, now, &rules) {
        commit.postpone(letter.id, opening).await?;
        commit.finish().await?;
        account.postponed += 1;
        return Ok(Next::Handled);
    }
    if must_read {
        let stale = stale_orders(&mut commit, letter, now).await?;
        if !stale.is_empty() {
            return Ok(Next::Reread(Box::new(claimed.letter), stale));
        }
        let numbers = commit.orders_named(letter).await?;
        if let Some(read_at) = lately_read(&mut commit, &numbers, now).await? {
            return Ok(Next::Fresh(Box::new(claimed.letter), numbers, read_at));
        }
    }
    let aside = order_aside_within(&mut commit, letter, facts).await?;
    if needs_offer(&letter.letter) && aside.similar.is_empty() {
        // Not asked again: the step counts as taken.
        let why = "there is no article to offer".to_string();
        commit.settle(letter, &Outcome::Declined { why: why.clone() }).await?;
        commit.finish().await?;
        account.cancelled += 1;
        account.notes.push(format!("{name} was left out: {why}"));
        return Ok(Next::Handled);
    }
    hit(FaultPoint::ClaimChecked);
    let signer = commit.signer_of(letter.party_id).await?;
    let desk = Desk { settings, signer: &signer, tenant: &ground.premises.tenant };
    let written = match write_letter_with(letter, facts, desk, now, None, &aside) {
        Ok(written) => written,
        Err(error) => return unwritten(commit, letter, &error, account).await,
    };
    // Nobody can be asked how an order stands that no connected shop knows: a person looks, and sends it.
    if !take_out(house, commit, letter, &written, must_read, account).await? {
        return Ok(Next::Handled);
    }
    let mut letter = claimed.letter;
    letter.state = LetterState::Sending;
    Ok(Next::Send(Box::new(Claimed { letter, facts: claimed.facts }), Box::new(written)))
}

/// When the connected shop was last asked about these orders, if that was minutes ago: a sync has read them since.
async fn lately_read(commit: &mut Commit, numbers: &[String], now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let rows = commit.remote_orders(ALIEXPRESS, numbers).await?;
    let oldest = rows.iter().map(|row| row.read_at).min().filter(|_| rows.len() == numbers.len());
    Ok(oldest.filter(|at| now.duration_since(*at) <= FRESH))
}
