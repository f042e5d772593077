//! Stop-supply, exposure and the risks of an order, on one debtor built in memory.

use dunlin_core::explain::UiLanguage;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::gate_facts::{Dispute, Hold, HoldKind, Promise, PromiseState};
use dunlin_core::ids::{DisputeId, HoldId, LedgerEntryId, OrderId, PartyId, PaymentId, PromiseId, ReceivableId};
use dunlin_core::key_date::KeyDate;
use dunlin_core::money::{Decimal, Money, currency};
use dunlin_core::order::OrderSource;
use dunlin_core::party::Party;
use dunlin_core::receivable::ledger::{AllocatedFrom, LedgerEntry, LedgerKind};
use dunlin_core::receivable::{Milestone, Obligor, Receivable, Trigger};
use dunlin_core::risk::{LookedAt, Part, RiskCode, of_order, of_terms};
use dunlin_core::supply::{Decision, DecisionKind, Supply, SupplyRules, credit, open_orders, supply};
use jiff::civil::Date;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn money(text: &str) -> Money {
    let (code, amount) = text.split_once(' ').expect("a currency and an amount");
    Money::parse(amount, currency(code).expect("a currency")).expect("an amount")
}

const TODAY: &str = "2026-06-30";

fn debtor() -> DebtorFacts {
    DebtorFacts::of(Party {
        id: PartyId(1),
        number: "D-0001".to_string(),
        name: "Rossi S.r.l.".to_string(),
        country: "IT".to_string(),
        language: None,
        is_consumer: false,
        blacklisted: false,
        grade: None,
        playbook_override: None,
    })
}

/// A receivable of an order; the trigger has happened where there is a due date.
fn owes(
    facts: &mut DebtorFacts,
    order: u128,
    amount: &str,
    (milestone, trigger, days): (Milestone, Trigger, i32),
    due: Option<&str>,
) -> usize {
    let at = facts.receivables.len();
    let due_on = due.map(day);
    let receivable = Receivable {
        id: ReceivableId(100 + at as u128),
        party_id: PartyId(1),
        order_id: Some(OrderId(order)),
        invoice_id: None,
        number: format!("R-{at}"),
        reference: format!("INV-{order}"),
        milestone,
        trigger,
        days,
        amount: money(amount),
        triggered_on: due_on,
        due_on,
        placed_at: None,
        obligor: Obligor::Buyer,
        source: OrderSource::Direct,
        closed: false,
    };
    facts.receivables.push(ReceivableFacts {
        receivable,
        entries: Vec::new(),
        order_number: Some(format!("QH-{order}")),
        why: None,
        dates: Vec::new(),
        case: None,
    });
    at
}

fn pays(facts: &mut DebtorFacts, at: usize, amount: &str) {
    let item = &mut facts.receivables[at];
    let amount = money(amount);
    item.entries.push(LedgerEntry {
        id: LedgerEntryId(500 + item.entries.len() as u128),
        receivable_id: item.receivable.id,
        kind: LedgerKind::Allocation,
        amount,
        payment: Some(AllocatedFrom { payment_id: PaymentId(9), amount, rate: Decimal::ONE }),
        reverses: None,
        effective_on: day(TODAY),
        note: String::new(),
    });
}

fn contests(facts: &mut DebtorFacts, at: usize, amount: Option<&str>) {
    let dispute = Dispute {
        id: DisputeId(facts.disputes.len() as u128),
        receivable_id: facts.receivables[at].receivable.id,
        amount: amount.map(money),
        why: "wet".to_string(),
        resolved: false,
    };
    facts.disputes.push(dispute);
}

const OPEN_ACCOUNT: (Milestone, Trigger, i32) = (Milestone::Full, Trigger::InvoiceDate, 30);
const BEFORE_LOADING: (Milestone, Trigger, i32) = (Milestone::Balance, Trigger::GoodsReady, 0);

fn told(facts: &DebtorFacts) -> Supply {
    supply(facts, &SupplyRules::default(), None, day(TODAY)).expect("adds up")
}

fn amounts(stopped: &Supply) -> Vec<String> {
    stopped.debt().map(|debt| debt.overdue.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

#[test]
fn the_rule_looks_at_age_and_sum() {
    // Due date, amount, whether it stops supply on 30 June.
    let table = [
        ("2026-05-31", "USD 500.00", true),
        ("2026-06-01", "USD 90000.00", false),
        ("2026-05-31", "USD 499.99", false),
        ("2026-01-01", "CNY 2999.99", false),
        ("2026-01-01", "CNY 3000.00", true),
        // A currency that is not named: any sum.
        ("2026-01-01", "GBP 0.01", true),
    ];
    for (due, amount, stops) in table {
        let mut facts = debtor();
        owes(&mut facts, 1, amount, OPEN_ACCOUNT, Some(due));
        assert_eq!(told(&facts).is_stopped(), stops, "{amount} due {due}");
    }
}

#[test]
fn small_debts_add_up_in_one_currency_and_the_day_they_were_enough_is_told() {
    let mut facts = debtor();
    owes(&mut facts, 1, "USD 300.00", OPEN_ACCOUNT, Some("2026-02-01"));
    owes(&mut facts, 2, "USD 300.00", OPEN_ACCOUNT, Some("2026-04-01"));
    owes(&mut facts, 3, "EUR 300.00", OPEN_ACCOUNT, Some("2026-01-01"));
    let Supply::Stopped(debt) = told(&facts) else { panic!("{:?}", told(&facts)) };
    assert_eq!((debt.since, debt.oldest), (day("2026-05-01"), day("2026-02-01")));
    assert_eq!(debt.overdue, [money("USD 600.00")], "the euros are too few");
    let said = Supply::Stopped(debt).sentence(UiLanguage::En).expect("a sentence");
    assert!(said.contains("600.00"), "{said}");
}

#[test]
fn a_pause_or_a_promise_lifts_nothing_and_a_dispute_or_the_money_does() {
    let mut facts = debtor();
    let at = owes(&mut facts, 1, "USD 1000.00", OPEN_ACCOUNT, Some("2026-03-01"));
    facts.holds.push(Hold {
        id: HoldId(1),
        kind: HoldKind::Pause,
        receivable_id: None,
        why: "fair".to_string(),
        until: day("2026-08-01"),
        released: false,
    });
    facts.promises.push(promise(PromiseState::Open));
    assert_eq!(amounts(&told(&facts)), ["USD 1000.00"]);

    contests(&mut facts, at, Some("USD 400.00"));
    assert_eq!(amounts(&told(&facts)), ["USD 600.00"], "only what is not contested counts");
    let mut contested = facts.clone();
    contests(&mut contested, at, None);
    assert_eq!(told(&contested), Supply::Free);
    contested.disputes[1].resolved = true;
    assert!(told(&contested).is_stopped(), "settled: it counts again");

    pays(&mut facts, at, "USD 1000.00");
    assert_eq!(told(&facts), Supply::Free);
}

#[test]
fn deposits_marketplaces_and_what_a_platform_owes_are_no_debts_for_goods() {
    type Change = fn(&mut Receivable);
    let changes: [Change; 4] = [
        |known| known.milestone = Milestone::Deposit,
        |known| known.source = OrderSource::Marketplace,
        |known| known.obligor = Obligor::Platform,
        |known| known.closed = true,
    ];
    for (index, change) in changes.into_iter().enumerate() {
        let mut facts = debtor();
        let at = owes(&mut facts, 1, "USD 9000.00", OPEN_ACCOUNT, Some("2026-01-01"));
        assert!(told(&facts).is_stopped());
        change(&mut facts.receivables[at].receivable);
        assert_eq!(told(&facts), Supply::Free, "{index}");
    }
}

#[test]
fn a_rule_that_is_off_stops_nothing() {
    let mut facts = debtor();
    owes(&mut facts, 1, "USD 9000.00", OPEN_ACCOUNT, Some("2026-01-01"));
    let rules = SupplyRules { is_on: false, ..SupplyRules::default() };
    assert_eq!(supply(&facts, &rules, None, day(TODAY)), Ok(Supply::Free));
}

fn decision(kind: DecisionKind, until: Option<&str>) -> Decision {
    Decision {
        kind,
        until: until.map(day),
        why: "their bank confirmed it".to_string(),
        decided_on: day("2026-06-20"),
        recorded_at: "2026-06-20T09:00:00Z".parse().expect("an instant"),
    }
}

#[test]
fn a_person_decides_otherwise_until_a_day() {
    let rules = SupplyRules::default();
    let mut facts = debtor();
    let stop = decision(DecisionKind::Stop, None);
    let by_hand = supply(&facts, &rules, Some(&stop), day(TODAY)).expect("adds up");
    assert!(by_hand.is_stopped() && by_hand.debt().is_none());
    assert_eq!(by_hand.code(), "stopped_by_hand");

    owes(&mut facts, 1, "USD 9000.00", OPEN_ACCOUNT, Some("2026-01-01"));
    let allow = decision(DecisionKind::Allow, Some(TODAY));
    let on = |day: Date| supply(&facts, &rules, Some(&allow), day).expect("adds up");
    let allowed = on(day(TODAY));
    assert_eq!((allowed.code(), allowed.is_stopped()), ("allowed", false));
    assert!(allowed.sentence(UiLanguage::ZhCn).is_some_and(|said| said.contains("their bank confirmed it")));
    assert_eq!(on(day("2026-07-01")).code(), "stopped", "it ends by itself");
}

#[test]
fn orders_wait_while_their_goods_are_here() {
    let mut facts = debtor();
    // 1: deposit paid, balance before loading; 2: on the water; 3: paid; 4: arrives soon; 5: on a marketplace.
    let deposit = owes(&mut facts, 1, "USD 300.00", (Milestone::Deposit, Trigger::Proforma, 0), Some("2026-05-01"));
    pays(&mut facts, deposit, "USD 300.00");
    owes(&mut facts, 1, "USD 700.00", BEFORE_LOADING, None);
    owes(&mut facts, 2, "USD 700.00", (Milestone::Balance, Trigger::BlDate, 30), Some("2026-07-20"));
    let paid = owes(&mut facts, 3, "USD 700.00", BEFORE_LOADING, Some("2026-06-20"));
    pays(&mut facts, paid, "USD 700.00");
    let sails = owes(&mut facts, 4, "USD 700.00", (Milestone::Balance, Trigger::BlCopy, 0), None);
    let market = owes(&mut facts, 5, "USD 700.00", BEFORE_LOADING, None);
    facts.receivables[market].receivable.source = OrderSource::Marketplace;
    let numbers = |facts: &DebtorFacts| -> Vec<String> {
        open_orders(facts, day(TODAY)).expect("adds up").into_iter().map(|order| order.number).collect()
    };
    assert_eq!(numbers(&facts), ["QH-1", "QH-4"]);
    facts.receivables[sails].dates.push((KeyDate::Arrival, day("2026-07-10")));
    assert_eq!(numbers(&facts), ["QH-1"], "what has a day of arrival has been loaded");
}

#[test]
fn exposure_is_all_that_is_open_and_currencies_stay_apart() {
    let mut facts = debtor();
    let at = owes(&mut facts, 1, "USD 700.00", OPEN_ACCOUNT, Some("2026-08-01"));
    owes(&mut facts, 2, "USD 400.00", BEFORE_LOADING, None);
    owes(&mut facts, 3, "EUR 90.00", OPEN_ACCOUNT, Some("2026-01-01"));
    let told = credit(&facts, Some(money("USD 1000.00"))).expect("adds up");
    assert_eq!(told.exposure, [money("EUR 90.00"), money("USD 1100.00")]);
    assert_eq!(told.over, Some(money("USD 100.00")));
    pays(&mut facts, at, "USD 100.00");
    assert_eq!(credit(&facts, Some(money("USD 1000.00"))).expect("adds up").over, None, "just at the limit");
    assert_eq!(credit(&facts, Some(money("GBP 1.00"))).expect("adds up").over, None, "nothing is converted");
    assert_eq!(credit(&facts, None).expect("adds up").over, None);
}

fn promise(state: PromiseState) -> Promise {
    Promise {
        id: PromiseId(1),
        receivable_id: None,
        promised_on: day("2026-06-01"),
        pay_on: day("2026-07-15"),
        amount: None,
        state,
    }
}

fn codes(facts: &DebtorFacts, order: u128, terms_text: &str, limit: Option<&str>) -> Vec<&'static str> {
    let order = LookedAt { id: OrderId(order), terms_text };
    let warnings = of_order(facts, order, limit.map(money), day(TODAY)).expect("adds up");
    for warning in &warnings {
        for language in [UiLanguage::En, UiLanguage::ZhCn] {
            let said = [warning.why(language), warning.instead(language), warning.code.name(language)];
            assert!(said.iter().all(|said| !said.starts_with("risk-") && !said.contains('{')), "{said:?}");
        }
    }
    warnings.iter().map(|warning| warning.code.code()).collect()
}

#[test]
fn open_account_for_a_new_buyer_warns_until_something_was_paid_in_full() {
    let mut facts = debtor();
    let at = owes(&mut facts, 1, "USD 700.00", OPEN_ACCOUNT, Some("2026-08-01"));
    assert_eq!(codes(&facts, 1, "OA 30 days", None), ["new_buyer"]);
    let first = owes(&mut facts, 2, "USD 100.00", OPEN_ACCOUNT, Some("2026-02-01"));
    pays(&mut facts, first, "USD 40.00");
    assert!(codes(&facts, 1, "OA 30 days", None).contains(&"new_buyer"), "a part is not all");
    pays(&mut facts, first, "USD 60.00");
    assert_eq!(codes(&facts, 1, "OA 30 days", None), Vec::<&str>::new());
    // What is paid before loading is no credit, whoever the buyer is.
    let mut careful = debtor();
    owes(&mut careful, 1, "USD 700.00", BEFORE_LOADING, None);
    assert_eq!(codes(&careful, 1, "balance before shipment", None), Vec::<&str>::new());
    pays(&mut facts, at, "USD 700.00");
    assert_eq!(codes(&facts, 1, "OA 30 days, telex release", None), Vec::<&str>::new(), "nothing is open any more");
}

#[test]
fn the_limit_warns_in_its_own_currency() {
    let mut facts = debtor();
    owes(&mut facts, 1, "USD 700.00", BEFORE_LOADING, None);
    owes(&mut facts, 2, "EUR 100.00", BEFORE_LOADING, None);
    assert_eq!(codes(&facts, 1, "", Some("USD 699.99")), ["over_limit"]);
    assert_eq!(codes(&facts, 1, "", Some("USD 700.00")), Vec::<&str>::new());
    assert_eq!(codes(&facts, 2, "", Some("USD 699.99")), Vec::<&str>::new(), "not by this order");
    assert_eq!(codes(&facts, 1, "", None), Vec::<&str>::new());
}

#[test]
fn a_late_payers_new_order_warns() {
    let mut facts = debtor();
    owes(&mut facts, 1, "USD 700.00", BEFORE_LOADING, None);
    facts.promises.push(promise(PromiseState::Broken));
    assert_eq!(codes(&facts, 1, "", None), Vec::<&str>::new(), "once is not often");
    facts.promises.push(promise(PromiseState::Broken));
    assert_eq!(codes(&facts, 1, "", None), ["late_payer"]);

    let mut facts = debtor();
    owes(&mut facts, 1, "USD 700.00", BEFORE_LOADING, None);
    let late = owes(&mut facts, 2, "USD 100.00", OPEN_ACCOUNT, Some("2026-06-29"));
    assert_eq!(codes(&facts, 1, "", None), ["late_payer"]);
    let own = codes(&facts, 2, "", None);
    assert!(!own.contains(&"late_payer"), "its own delay is no news: {own:?}");
    contests(&mut facts, late, None);
    assert_eq!(codes(&facts, 1, "", None), Vec::<&str>::new());
}

#[test]
fn the_words_of_the_terms_warn_and_others_do_not() {
    use RiskCode::{BuyersForwarder, LcToBuyer, PapersGone, TelexRelease};
    let part = |milestone, trigger, days| Part { milestone, trigger, days };
    let after_bl = [part(Milestone::Full, Trigger::BlDate, 45)];
    let on_copy = [part(Milestone::Balance, Trigger::BlCopy, 0)];
    let before = [part(Milestone::Balance, Trigger::GoodsReady, 0)];
    let on_arrival = [part(Milestone::Balance, Trigger::Arrival, 0)];
    let later = [part(Milestone::Balance, Trigger::BlDate, 30)];
    let soon = [part(Milestone::Balance, Trigger::BlDate, 7)];
    let table: &[(&str, &[Part], &[RiskCode])] = &[
        ("45 days after B/L date, telex release", &after_bl, &[TelexRelease]),
        ("45 days after B/L date, ＴＥＬＥＸ　ＲＥＬＥＡＳＥ", &after_bl, &[TelexRelease]),
        ("提单日后45天付款，开船后电放", &after_bl, &[TelexRelease]),
        ("提单日后45天付款，付款后电放", &after_bl, &[]),
        ("45 days after B/L date, telex release after payment", &after_bl, &[]),
        ("45 days after B/L date, no telex release", &after_bl, &[]),
        ("45 days after B/L date", &after_bl, &[]),
        ("70% against copy of B/L, telex release", &on_copy, &[]),
        ("FOB Ningbo, buyer’s forwarder, 70% against copy of B/L", &on_copy, &[BuyersForwarder]),
        ("FOB宁波，客户指定货代，见提单副本付尾款", &on_copy, &[BuyersForwarder]),
        ("FOB Ningbo, 70% against copy of B/L", &on_copy, &[]),
        ("CIF Genoa, nominated forwarder, 70% against copy of B/L", &on_copy, &[]),
        ("FOB Ningbo, nominated forwarder, balance before shipment", &before, &[]),
        ("L/C at sight, B/L to order of the applicant", &[], &[LcToBuyer]),
        ("即期信用证，提单抬头为客户", &[], &[LcToBuyer]),
        ("L/C at sight, B/L to order of issuing bank", &[], &[]),
        ("T/T, B/L to order of the applicant", &before, &[]),
        ("70% on arrival", &on_arrival, &[PapersGone]),
        ("70% 30 days after B/L date", &later, &[PapersGone]),
        ("70% 7 days after B/L date", &soon, &[]),
        ("", &[], &[]),
    ];
    for (text, parts, expected) in table {
        let found: Vec<RiskCode> = of_terms(text, parts).into_iter().map(|warning| warning.code).collect();
        assert_eq!(found, *expected, "{text}");
    }
}
