//! Both catalogues hold the same keys, and every key a template names exists.

use std::collections::BTreeSet;
use std::fs;

use dunlin_core::access::{Right, Role};
use dunlin_core::case::{CaseState, LetterState, OtherHands};
use dunlin_core::key_date::KeyDate;
use dunlin_core::letter::{Purpose, WrongSend};
use dunlin_core::lookahead::ActionKind;
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::story::{CloseReason, OrderState, OrderWord};
use dunlin_core::party::{Channel, ContactRole, Language};
use dunlin_core::playbook::Window;
use dunlin_core::playbook::problem::ProblemCode;
use dunlin_core::playbook::route::RouteEnd;
use dunlin_core::playbook::time_expr::Anchor;
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_core::receivable::{Milestone, Trigger};
use dunlin_core::shipment::status::ShipmentTask;
use dunlin_core::talk::TalkPlace;
use dunlin_core::why::WhyUnpaid;

use super::*;
use crate::use_cases::platform_owes::Wanted;

fn keys(language: UiLanguage) -> BTreeSet<String> {
    let starts = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(" =");
    language.source().lines().filter(starts).filter_map(|line| line.split(' ').next()).map(str::to_string).collect()
}

#[test]
fn catalogues_are_sound_and_equal() {
    for language in UiLanguage::ALL {
        assert!(FluentResource::try_new(language.source().to_string()).is_ok(), "{}", language.code());
    }
    let missing: Vec<_> = keys(UiLanguage::En).symmetric_difference(&keys(UiLanguage::ZhCn)).cloned().collect();
    assert!(missing.is_empty(), "only in one language: {missing:?}");
}

#[test]
fn every_key_of_a_template_exists() {
    let known = keys(UiLanguage::En);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/pages");
    for entry in fs::read_dir(folder).expect("pages") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|ending| ending == "html") {
            let text = fs::read_to_string(&path).expect("template");
            for call in ["w.t(\"", "w.t1(\"", "w.t2(\"", "w.t_with(\""] {
                for rest in text.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap_or("");
                    assert!(known.contains(key), "{}: no key {key}", path.display());
                }
            }
        }
    }
}

#[test]
fn texts_are_filled_and_counted() {
    let english = Words::new(UiLanguage::En);
    assert_eq!(english.t1("queue-count", "n", 1), "1 thing waits for you");
    assert_eq!(english.t1("queue-count", "n", 1204), "1,204 things wait for you");
    assert_eq!(english.t2("do-send", "time", "09:40", "place", "Milan"), "Send 09:40 in Milan");
    assert_eq!(Words::new(UiLanguage::ZhCn).t1("age-late", "days", 9), "逾期9天");
    assert_eq!(english.t("no-such-key"), "[no-such-key]");
}

/// The list of a family is made by the same macro as its variants, so that none can be forgotten here. What commands and
/// sentences say is looked at in `dunlin_core::explain`.
#[test]
fn every_code_that_a_page_shows_has_its_word() {
    fn codes<T: Copy>(all: &[T], code: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|one| code(*one)).collect()
    }
    let families = [
        ("case", codes(CaseState::ALL, CaseState::code)),
        ("letter-state", codes(LetterState::ALL, LetterState::code)),
        ("other-hands", codes(OtherHands::ALL, OtherHands::code)),
        ("unpaid-why", codes(WhyUnpaid::ALL, WhyUnpaid::code)),
        ("wrong-send", codes(WrongSend::ALL, WrongSend::code)),
        ("key-date", codes(KeyDate::ALL, KeyDate::code)),
        ("order-state", codes(OrderState::ALL, OrderState::code)),
        ("order-news", codes(OrderWord::ALL, OrderWord::code)),
        ("order-end", codes(CloseReason::ALL, CloseReason::code)),
        ("order-ask", codes(AskKind::ALL, AskKind::code)),
        ("order-clock", vec!["ship_by", "answer", "protection"]),
        ("order-clock-over", vec!["ship_by", "answer", "protection"]),
        (
            "market-word",
            vec![
                "place_order_success",
                "in_cancel",
                "risk_control",
                "wait_seller_send_goods",
                "seller_part_send_goods",
                "wait_buyer_accept_goods",
                "fund_processing",
                "in_issue",
                "in_frozen",
                "wait_seller_examine_money",
                "finish",
                "not_pay",
                "pay_success",
                "wait_seller_check",
                "no_issue",
                "end_issue",
                "no_frozen",
            ],
        ),
        ("platform-shown", Wanted::ALL.iter().map(|shown| shown.code()).collect()),
        ("shipment-task", codes(ShipmentTask::ALL, ShipmentTask::code)),
        ("milestone", codes(Milestone::ALL, Milestone::code)),
        ("trigger", codes(Trigger::ALL, Trigger::code)),
        ("ledger", codes(LedgerKind::ALL, LedgerKind::code)),
        ("talk-place", codes(TalkPlace::ALL, TalkPlace::code)),
        ("channel", codes(&Channel::ALL, Channel::code)),
        ("contact-role", codes(&ContactRole::ALL, ContactRole::code)),
        ("language", codes(&Language::ALL, Language::code)),
        ("role", codes(Role::ALL, Role::code)),
        ("role-says", codes(Role::ALL, Role::code)),
        ("right", codes(Right::ALL, Right::code)),
        ("may-not", codes(Right::ALL, Right::code)),
        ("look-kind", codes(ActionKind::ALL, ActionKind::code)),
        ("look-kinds", codes(ActionKind::ALL, ActionKind::code)),
        ("playbook-purpose", codes(Purpose::ALL, Purpose::code)),
        ("playbook-window", codes(Window::ALL, Window::code)),
        ("playbook-then", codes(RouteEnd::ALL, RouteEnd::code)),
        ("ladder-route", codes(RouteEnd::ALL, RouteEnd::code)),
        ("playbook-problem", codes(ProblemCode::ALL, ProblemCode::code)),
        ("playbook-at", codes(Anchor::ALL, Anchor::code)),
        ("playbook-after", codes(Anchor::ALL, Anchor::code)),
        ("playbook-before", codes(Anchor::ALL, Anchor::code)),
        ("doctor-check", dunlin_store::CHECKS.to_vec()),
        ("doctor-remedy", vec!["copy", "run", "correct", "restore", "report", "keep", "stop"]),
    ];
    let known = keys(UiLanguage::En);
    let missing: Vec<String> = families
        .iter()
        .flat_map(|(family, codes)| codes.iter().map(move |code| format!("{family}-{}", code.replace(['_', '.'], "-"))))
        .filter(|key| !known.contains(key))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn codes_countries_and_places_have_names() {
    let chinese = Words::new(UiLanguage::ZhCn);
    assert_eq!(chinese.code("channel", "in_site"), "站内信");
    assert_eq!(chinese.country("IT"), "意大利");
    assert_eq!(chinese.zone_place("Europe/Rome"), "罗马");
    assert_eq!(chinese.zone_place("Antarctica/Port_Moresby"), "Port Moresby");
}

#[test]
fn languages_are_read_leniently() {
    assert_eq!(UiLanguage::from_accept_language("zh-TW,zh;q=0.9,en;q=0.8"), UiLanguage::ZhCn);
    assert_eq!(UiLanguage::from_accept_language("fr-FR, en-GB;q=0.7"), UiLanguage::En);
    assert_eq!(UiLanguage::from_accept_language(""), UiLanguage::En);
    assert_eq!(UiLanguage::from_code("xx"), None);
}
