//! Messages about orders, one by one: what they are about is open, somebody looks at them first, and somebody is there to get
//! them. Each is decided and judged.

use crate::peace::warned;
use crate::shop::Shop;
use crate::standing::{
    Change, STANDINGS, about_orders, about_parcels, ago, any_state, any_status, ask, book, book_of, day, decided,
    goes_by_one_alone, hear, judged, noon, parcel, scan, steps, taken, with_a_parcel,
};
use dunlin_core::case::{CaseState, LetterState, OpenLetter, StepTaken};
use dunlin_core::facts::ReceivableFacts;
use dunlin_core::facts::orders::Parcel;
use dunlin_core::gate_facts::{Hold, HoldKind};
use dunlin_core::ids::{CaseId, HoldId, LetterId, OrderId, TaskId};
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::story::OrderWord as W;
use dunlin_core::party::Channel;
use dunlin_core::plan::{Plan, Review, TaskKind, Verdict};
use dunlin_core::playbook::Playbooks;
use dunlin_core::shipment::status::TrackingStatus;

/// For everybody to see to, and to answer, while something of the kind is open.
fn about_wishes(lines: &str) -> Playbooks {
    about_orders(&format!("at = [\"started\"]\n{}asks = [\"address\"]\n{lines}", any_state()))
}

#[test]
fn what_is_asked_is_open_or_nobody_is_asked_for_it() {
    let playbooks = about_wishes("");
    let mut shop = Shop::open("DE", ago(200));
    ask(shop.order(), 9, true, false);
    let plan = decided(&shop, &playbooks);
    assert_eq!((plan.orders.letters.len(), judged(&shop, &playbooks, &plan)), (1, Ok(())));
    let changes: [(&str, Change); 4] = [
        ("answered", |o| o.asks[0].settled = true),
        ("something else is open", |o| o.asks[0].kind = AskKind::Customs),
        ("answered, and something else is open", |o| {
            o.asks[0].settled = true;
            ask(o, 5, true, false);
            o.asks[1].kind = AskKind::Customs;
        }),
        ("nothing waits for it", |o| o.asks[0].holds_dispatch = false),
    ];
    for (name, change) in changes {
        let mut shop = shop.clone();
        change(shop.order());
        assert!(decided(&shop, &playbooks).orders.letters.is_empty(), "{name}");
        let found = judged(&shop, &playbooks, &plan);
        assert!(found.as_ref().is_err_and(|breach| breach.invariant == 6), "{name}: {found:?}");
    }
}

#[test]
fn what_is_work_for_us_goes_to_no_buyer() {
    let (told, work) = (about_wishes(""), about_wishes("does = \"task\"\n"));
    let mut shop = Shop::open("DE", ago(200));
    ask(shop.order(), 9, true, false);
    let mut plan = decided(&shop, &told);
    plan.orders.letters[0].about.playbook = work.current()[0].reference.clone();
    let found = judged(&shop, &work, &plan);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("work for one of us")), "{found:?}");
    let own = decided(&shop, &work);
    assert_eq!((own.orders.tasks.len(), own.orders.letters.len()), (1, 0));
    let spoil = |how: fn(&mut Plan)| {
        let mut plan = own.clone();
        how(&mut plan);
        judged(&shop, &work, &plan).map_err(|breach| breach.what).err().unwrap_or_default()
    };
    assert!(spoil(|plan| plan.orders.tasks.push(plan.orders.tasks[0].clone())).contains("twice in one plan"));
    assert!(spoil(|plan| plan.orders.tasks[0].kind = TaskKind::Call).contains("makes no task"));
    assert!(spoil(|plan| plan.orders.cases.push(plan.orders.cases[0].clone())).contains("is decided twice"));
    assert!(spoil(|plan| plan.orders.cases[0].order_id = OrderId(9)).contains("is about another order"));
    // Nor is a message work.
    let mut to_do = own.clone();
    to_do.orders.tasks[0].about.playbook = told.current()[0].reference.clone();
    let found = judged(&shop, &told, &to_do);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("makes no task")), "{found:?}");
    assert_eq!(own.orders.tasks[0].script.as_deref(), Some("m4_thanks"), "how it is done is told");
    assert_eq!(judged(&shop, &work, &own), Ok(()));
}

#[test]
fn a_case_ends_with_its_order_or_with_its_parcel() {
    let playbooks = about_orders(&format!("at = [\"ship_by\"]\n{}", any_state()));
    for (name, state, change) in STANDINGS {
        let mut shop = Shop::open("DE", ago(200));
        change(shop.order());
        let plan = decided(&shop, &playbooks);
        assert_eq!(judged(&shop, &playbooks, &plan), Ok(()), "{name}");
        let ends = plan.orders.cases[0].state == CaseState::Closed;
        assert_eq!(ends, state.is_final(), "{name}");
    }
    for status in TrackingStatus::ALL {
        let mut shop = with_a_parcel();
        scan(&mut shop.order().parcels[0], 9, *status);
        // The order itself is not over.
        shop.order().parcels.push(parcel(402, 50));
        let plan = decided(&shop, &playbooks);
        assert_eq!(judged(&shop, &playbooks, &plan), Ok(()), "{}", status.code());
        let ends = plan.orders.cases[0].state == CaseState::Closed;
        assert_eq!(ends, status.is_final(), "{}", status.code());
    }
}

/// As [`about_orders`], in another way than without being looked at.
fn looked_at(autonomy: &str) -> Playbooks {
    book_of("autonomy = \"automatic\"", &format!("autonomy = \"{autonomy}\""))
}

#[test]
fn the_first_message_of_its_kind_is_looked_at_whatever_else_was_sent() {
    let playbooks = looked_at("first_time_reviewed");
    let before: [(&str, Vec<StepTaken>, Review); 5] = [
        ("nothing", vec![], Review::Look),
        ("something else", vec![taken("m4/other", 90)], Review::Look),
        ("one that was taken back", vec![StepTaken { voided: true, ..taken("m4/tell", 90) }], Review::Look),
        ("one that has not left", vec![StepTaken { done_at: None, ..taken("m4/tell", 90) }], Review::Look),
        ("one like it", vec![taken("m4/tell", 90)], Review::Automatic),
    ];
    for (name, steps, review) in before {
        let mut shop = Shop::open("DE", ago(200));
        let mut other = shop.order().clone();
        (other.id, other.number) = (OrderId(202), "8200".to_string());
        let case = other.case.as_mut().expect("a case");
        (case.id, case.state, case.steps) = (CaseId(302), CaseState::Closed, steps);
        shop.facts.orders.push(other);
        let plan = decided(&shop, &playbooks);
        assert_eq!(plan.orders.letters[0].review, review, "{name}");
        let verdict = if review == Review::Look { Verdict::Approval } else { Verdict::Letter };
        assert_eq!(plan.orders.cases[0].verdict, verdict, "{name}: as the page of the order says");
        assert_eq!(judged(&shop, &playbooks, &plan), Ok(()), "{name}");
        let mut unseen = plan;
        unseen.orders.letters[0].review = Review::Automatic;
        let found = judged(&shop, &playbooks, &unseen).map_err(|breach| breach.invariant);
        assert_eq!(found, if review == Review::Look { Err(5) } else { Ok(()) }, "{name}");
    }
}

#[test]
fn after_a_restore_a_message_is_looked_at_unless_its_day_came_since() {
    // Told of a day that comes once, or of one that may come again; a case that began before the restore, then, or since. What
    // is asked may have been asked before, but of an order that was placed since.
    let cases = [
        ("paid", 30, 30, 20, 10, Review::Automatic),
        ("paid", 30, 30, 10, 10, Review::Look),
        ("paid", 30, 5, 8, 10, Review::Look),
        ("asked", 30, 30, 20, 10, Review::Look),
        ("asked", 30, 20, 20, 10, Review::Look),
        ("asked", 30, 19, 20, 10, Review::Look),
        ("asked", 20, 19, 20, 10, Review::Look),
        ("asked", 19, 19, 20, 10, Review::Automatic),
        ("asked", 19, 5, 8, 10, Review::Look),
    ];
    for (anchor, placed, began, restored, came, review) in cases {
        let playbooks = about_orders(&format!("at = [\"{anchor}\", \"previous\"]\n{}", any_state()));
        let mut shop = Shop::open("DE", ago(began));
        shop.tenant.restored_at = Some(ago(restored));
        shop.order().placed_at = Some(ago(placed));
        hear(shop.order(), &[(came, W::Paid)]);
        ask(shop.order(), came, true, false);
        steps(&mut shop, vec![taken("m4/other", 1)]);
        let plan = decided(&shop, &playbooks);
        let name = format!("{anchor} {came} hours ago, placed {placed}, begun {began}, restored {restored}");
        assert_eq!(plan.orders.letters[0].review, review, "{name}");
        assert_eq!(judged(&shop, &playbooks, &plan), Ok(()), "{name}");
        let mut unseen = plan;
        unseen.orders.letters[0].review = Review::Automatic;
        let found = judged(&shop, &playbooks, &unseen).map_err(|breach| breach.invariant);
        assert_eq!(found, if review == Review::Look { Err(5) } else { Ok(()) }, "{name}");
    }
}

#[test]
fn somebody_is_looked_for_to_be_told_news_and_nobody_to_be_offered_something() {
    for (purpose, is_looked_for) in [("service", true), ("sell", false)] {
        let playbooks = book_of("purpose = \"service\"", &format!("purpose = \"{purpose}\""));
        let mut shop = Shop::open("DE", ago(200));
        shop.facts.contacts.clear();
        let plan = decided(&shop, &playbooks);
        assert_eq!(judged(&shop, &playbooks, &plan), Ok(()), "{purpose}");
        let kinds: Vec<TaskKind> = plan.orders.tasks.iter().map(|task| task.kind).collect();
        assert_eq!(kinds, if is_looked_for { vec![TaskKind::FindContact] } else { vec![] }, "{purpose}");
        assert!(plan.orders.tasks.iter().all(|task| task.script.is_none()), "nothing is to be said to nobody");
        // Once: while the task about it is open nobody is asked again, and the audit lets nobody be.
        if let Some(case) = shop.order().case.as_mut() {
            case.task = Some(TaskId(1));
        }
        assert!(decided(&shop, &playbooks).orders.tasks.is_empty(), "{purpose}");
        assert_eq!(judged(&shop, &playbooks, &plan).is_err(), is_looked_for, "{purpose}");
    }
}

#[test]
fn a_playbook_for_others_tells_this_buyer_nothing() {
    let step = format!("[[step]]\nat = [\"started\"]\n{}", any_state());
    let (all, direct) =
        (about_orders(&step[9..]), book(&format!("[applies]\nsubject = \"order\"\nsource = \"direct\"\n{step}")));
    let parcels = about_parcels(&format!("at = [\"started\"]\n{}", any_status()));
    let shop = Shop::open("DE", ago(200));
    goes_by_one_alone("direct orders", &shop, (&all, &direct), (4, "is not for order"));
    goes_by_one_alone("parcels", &shop, (&all, &parcels), (4, "is not for order"));
}

#[test]
fn one_message_of_a_case_is_under_way_at_a_time() {
    use LetterState::{Cancelled, Failed, Queued, Review as InReview, Sending, Sent, ToPaste, Uncertain};
    let playbooks = about_orders(&format!("at = [\"started\"]\n{}", any_state()));
    let mut shop = Shop::open("DE", ago(200));
    let plan = decided(&shop, &playbooks);
    for state in [Queued, InReview, Sending, Uncertain, ToPaste] {
        let case = shop.order().case.as_mut().expect("a case");
        case.letter = Some(OpenLetter { id: LetterId(5), state, not_before: noon() });
        assert!(decided(&shop, &playbooks).orders.letters.is_empty(), "{state:?}");
        let found = judged(&shop, &playbooks, &plan);
        assert!(found.as_ref().is_err_and(|breach| breach.what.contains("under way")), "{state:?}: {found:?}");
    }
    for state in [Sent, Failed, Cancelled] {
        let case = shop.order().case.as_mut().expect("a case");
        case.letter = Some(OpenLetter { id: LetterId(5), state, not_before: noon() });
        assert_eq!(judged(&shop, &playbooks, &plan), Ok(()), "{state:?}");
        // What failed holds its own step alone.
        assert_eq!(decided(&shop, &playbooks).orders.letters.len(), usize::from(state == Failed), "{state:?}");
    }
}

#[test]
fn a_pause_of_what_is_owed_for_an_order_keeps_its_messages_back() {
    type Link = fn(&mut ReceivableFacts);
    let links: [(&str, bool, Link); 4] = [
        ("of nothing in particular", false, |_| {}),
        ("of this order", true, |item| item.receivable.order_id = Some(OrderId(201))),
        ("of its number", true, |item| item.order_number = Some("8100".to_string())),
        ("of another number", false, |item| item.order_number = Some("8200".to_string())),
    ];
    let playbooks = about_orders(&format!("at = [\"started\"]\n{}", any_state()));
    for (name, is_silent, link) in links {
        let mut shop = Shop::open("DE", ago(200));
        let item = warned(&mut shop);
        item.case = None;
        link(item);
        let receivable_id = Some(item.receivable.id);
        let plan = decided(&shop, &playbooks);
        let why = "a visit".to_string();
        let (id, kind, until) = (HoldId(1), HoldKind::Pause, day(0));
        shop.facts.holds.push(Hold { id, kind, receivable_id, why, until, released: false });
        assert_eq!(decided(&shop, &playbooks).orders.letters.is_empty(), is_silent, "{name}");
        let found = judged(&shop, &playbooks, &plan);
        assert_eq!(found.is_err_and(|breach| breach.what.contains("on hold")), is_silent, "{name}: the audit");
        for over in [|hold: &mut Hold| hold.until = day(-1), |hold: &mut Hold| hold.released = true] {
            let mut shop = shop.clone();
            over(&mut shop.facts.holds[0]);
            assert_eq!(decided(&shop, &playbooks).orders.letters.len(), 1, "{name}");
            assert_eq!(judged(&shop, &playbooks, &plan), Ok(()), "{name}");
        }
    }
}

#[test]
fn nobody_who_objected_is_rung_up_to_be_offered_something() {
    let by_phone = "channels = [\"phone\"]";
    let news = book_of("channels = [\"email\"]", by_phone);
    let offer = format!("purpose = \"sell\"\n{by_phone}");
    let offers = book_of("purpose = \"service\"\nchannels = [\"email\"]", &offer);
    for (playbooks, may) in [(&news, true), (&offers, false)] {
        let mut shop = Shop::open("DE", ago(200));
        shop.facts.contacts[0].ways.phone = true;
        let plan = decided(&shop, playbooks);
        assert_eq!(plan.orders.tasks[0].kind, TaskKind::Call);
        assert_eq!(judged(&shop, playbooks, &plan), Ok(()));
        shop.facts.contacts[0].objected = true;
        let found = judged(&shop, playbooks, &plan);
        assert_eq!(found.is_err_and(|breach| breach.what.contains("objected")), !may);
        let calls = decided(&shop, playbooks).orders.tasks;
        assert_eq!(calls.iter().any(|task| task.kind == TaskKind::Call), may);
    }
}

#[test]
fn a_parcel_is_told_of_once_it_has_left_under_a_number() {
    type Parcels = fn(&mut Parcel);
    let parcels: [(&str, bool, Parcels); 5] = [
        ("it has left", true, |_| {}),
        ("this very moment", true, |parcel| parcel.shipped_at = Some(noon())),
        ("in an hour", false, |parcel| parcel.shipped_at = Some(ago(-1))),
        ("nobody knows when", false, |parcel| parcel.shipped_at = None),
        ("it has no number", false, |parcel| parcel.number = " ".to_string()),
    ];
    let playbooks = about_parcels(&format!("at = [\"started\"]\n{}", any_status()));
    let forged = decided(&with_a_parcel(), &playbooks);
    for (name, is_told, change) in parcels {
        let mut shop = with_a_parcel();
        change(&mut shop.order().parcels[0]);
        let plan = decided(&shop, &playbooks);
        assert_eq!(
            (plan.orders.letters.len(), judged(&shop, &playbooks, &plan)),
            (usize::from(is_told), Ok(())),
            "{name}"
        );
        let found = judged(&shop, &playbooks, &forged);
        assert_eq!(found.is_err_and(|breach| breach.what.contains("that has not left")), !is_told, "{name}");
        let wakes = plan.orders.cases[0].next_wake.is_some_and(|at| at == ago(-1));
        assert_eq!(wakes, name == "in an hour", "{name}");
    }
}

#[test]
fn a_message_goes_by_the_ways_of_its_step_and_once() {
    let playbooks = about_orders(&format!("at = [\"started\"]\n{}", any_state()));
    let mut shop = Shop::open("DE", ago(200));
    let plan = decided(&shop, &playbooks);
    for channel in [Channel::InSite, Channel::Phone] {
        let mut other = plan.clone();
        other.orders.letters[0].channel = channel;
        let found = judged(&shop, &playbooks, &other);
        assert!(found.as_ref().is_err_and(|breach| breach.what.contains("is not sent by")), "{found:?}");
    }
    steps(&mut shop, vec![taken("m4/tell", 9)]);
    let found = judged(&shop, &playbooks, &plan);
    assert!(found.as_ref().is_err_and(|breach| breach.what.contains("was already taken")), "{found:?}");
    assert!(decided(&shop, &playbooks).orders.letters.is_empty());
}

#[test]
fn what_the_days_alone_may_make_true_is_looked_at_every_day() {
    let wakes = |condition: &str| {
        let shop = Shop::open("DE", ago(200));
        let playbooks = about_orders(&format!("at = [\"started\"]\n{}when = '{condition}'\n", any_state()));
        let plan = decided(&shop, &playbooks);
        assert!(plan.orders.letters.is_empty());
        plan.orders.cases[0].next_wake
    };
    assert_eq!(wakes("paid_hours > 50"), Some(ago(-24)));
    assert_eq!(wakes("country == \"IT\""), None);
}

#[test]
fn news_go_before_offers_and_what_comes_first_is_announced() {
    let second = |purpose: &str, at: &str| {
        format!(
            "id = \"second\"\ntitle = {{ en = \"Second\", zh = \"其二\" }}\nlevel = 0\npurpose = \"{purpose}\"\n\
             channels = [\"email\"]\nroles = [\"buyer\"]\nletter = \"m9_related\"\nautonomy = \"automatic\"\n\
             statement = false\nanswer_days = 0\nat = [\"{at}\"]\n{}[[step]]\n",
            any_state()
        )
    };
    let both = |purpose: &str, at: &str, own: &str| {
        let head = "[applies]\nsubject = \"order\"\n[[step]]\n";
        book(&format!("{head}{}at = [\"{own}\"]\n{}", second(purpose, at), any_state()))
    };
    let shop = Shop::open("DE", ago(200));
    let first = |playbooks: &Playbooks| decided(&shop, playbooks).orders.letters[0].about.step.to_string();
    assert_eq!(first(&both("sell", "started", "started")), "m4/tell", "an offer comes last");
    assert_eq!(first(&both("service", "started", "started")), "m4/second");
    let next = |playbooks: &Playbooks| decided(&shop, playbooks).orders.cases[0].step.clone();
    let later = |hours: i64| format!("started + {hours} hours");
    assert_eq!(next(&both("service", &later(300), &later(299))).as_deref(), Some("m4/tell"));
    assert_eq!(next(&both("service", &later(299), &later(300))).as_deref(), Some("m4/second"));
    assert_eq!(next(&both("service", &later(300), &later(300))).as_deref(), Some("m4/second"), "the first of two");
}
