//! `GET /ui`: samples of everything a component may have to show, the awkward ones too: long names, two directions of
//! writing, amounts without decimals. Nothing is read from the store.

use jiff::civil::Date;

use dunlin_core::calendar::shift;
use dunlin_core::case::LetterState;
use dunlin_core::money::{Money, currency};
use dunlin_core::reason::{Reason, ReasonCode};

use super::debtor::form;
use super::show::Show;
use crate::web::view::debtor::Pause;
use crate::web::view::entrance::DemoPerson;
use crate::web::view::figures::{Age, Amount, BUCKETS, Bucket, Clock, OpenByCurrency};
use crate::web::view::frame::{Toast, Undo};
use crate::web::view::letter::{AskedLine, Attachment, LetterSheet, LetterText, Moment, SendMoment};
use crate::web::view::pictures::{Ladder, Rung};
use crate::web::view::search::{Hit, HitGroup};
use crate::web::view::timeline::{Entry, Happening, LetterCard, MoneyLine, NoteLine, SilenceLine};
use crate::web::view::today::{Candidate, UnmatchedPayment};
use crate::web::view::ui::UiPage;
use crate::web::view::who::DebtorRef;

const PLAYBOOK: &str = "b5_open_account";
const ARABIC: &str = "شركة واحة النخلات للتخييم (Wahat Al-Nakhalat Camping Co.)";

/// The page.
pub fn load(show: &Show) -> UiPage {
    let clock = Clock { time: "10:14".to_string(), place: show.words.zone_place("Europe/Rome"), in_hours: true };
    UiPage {
        ages: vec![Age::awaited(), Age::of(-12), Age::of(-1), Age::of(0), Age::of(1), Age::of(30), Age::of(1_204)],
        letter_states: LetterState::ALL.iter().map(|state| state.code().to_string()).collect(),
        open: vec![
            open(show, "USD", [1_243_000, 560_000, 0, 88_000, 4_100]),
            open(show, "JPY", [0, 980_000, 12, 0, 0]),
        ],
        clock,
        debtor: DebtorRef {
            number: "D-0004".to_string(),
            name: ARABIC.to_string(),
            country: "SA".to_string(),
            clock: None,
        },
        reasons: show.reasons(&reasons(show)),
        sheet: sheet(show),
        ladder: ladder(show),
        timeline: timeline(show),
        pauses: pauses(show),
        form: form(show, vec!["USD".to_string()], "12430.00".to_string(), "/ui".to_string()),
        payment: payment(show),
        hits: hits(show),
        people: people(),
        toasts: toasts(show),
    }
}

fn amount(show: &Show, code: &str, minor: i64) -> Amount {
    currency(code).map_or_else(|_| Amount::default(), |iso| show.amount(Money::new(minor, iso)))
}

fn open(show: &Show, code: &str, minors: [i64; 5]) -> OpenByCurrency {
    let bucket = |(name, minor): (&&str, &i64)| Bucket {
        code: (*name).to_string(),
        amount: amount(show, code, *minor),
        minor: *minor,
    };
    OpenByCurrency {
        total: amount(show, code, minors.iter().sum()),
        overdue: amount(show, code, minors[1..].iter().sum()),
        buckets: BUCKETS.iter().zip(&minors).map(bucket).collect(),
    }
}

/// One of each mark.
fn reasons(show: &Show) -> Vec<Reason> {
    let day = show.today();
    vec![
        Reason::new(ReasonCode::CasePlaybook).text("playbook", PLAYBOOK),
        Reason::new(ReasonCode::PassHold),
        Reason::new(ReasonCode::GateHold).text("why", "نلتقي في المعرض").date("until", shift(day, 3)),
        Reason::new(ReasonCode::CaseLetterWaiting).instant("send_at", show.now),
        Reason::new(ReasonCode::ContactGap).instant("last", show.now).instant("next", show.now),
        Reason::new(ReasonCode::StepNext).text("step", "second_reminder").instant("at", show.now),
    ]
}

fn asked(show: &Show, reference: &str, due: Date, minors: (i64, i64)) -> AskedLine {
    AskedLine {
        number: "R-0004".to_string(),
        reference: reference.to_string(),
        milestone: "balance".to_string(),
        due: Some(show.date(due)),
        age: show.age(Some(due)),
        outstanding: amount(show, "USD", minors.0),
        asked: amount(show, "USD", minors.1),
    }
}

fn sheet(show: &Show) -> LetterSheet {
    let body =
        "Estimada Lucero:\n\nSegún nuestros registros, USD 12,430.00 venció el 17 de febrero de 2026.\n\nUn saludo";
    let locked = ["USD 12,430.00".to_string(), "17 de febrero de 2026".to_string()];
    let today = show.today();
    LetterSheet {
        number: "L-0012".to_string(),
        seen: String::new(),
        contact_name: "سلمان القحيصي (Salman Al-Quhaisi)".to_string(),
        role: "finance".to_string(),
        address: "accounts.payable.with.a.long.name@wahat-camping.example".to_string(),
        channel: "email".to_string(),
        theirs: LetterText::new("es", "Recordatorio: USD 12,430.00", body, &locked),
        mine: Some(LetterText::new("en", "Reminder: USD 12,430.00", "Dear Lucero,\n\nUSD 12,430.00 is late.", &locked)),
        send: SendMoment {
            there: "09:40".to_string(),
            place: show.words.zone_place("Europe/Rome"),
            here: "16:40".to_string(),
            iso: show.now.to_string(),
        },
        moment: Moment::Leaves,
        attachments: vec![Attachment { name: format!("account-statement-{today}.pdf"), href: None }],
        lines: vec![
            asked(show, "INV-2026-002", shift(today, -69), (1_243_000, 1_243_000)),
            asked(show, "1105373464507380608", shift(today, 3), (2_500_000, 1_000_000)),
        ],
        total: Some(amount(show, "USD", 2_243_000)),
        order: None,
        edits: Vec::new(),
    }
}

fn ladder(show: &Show) -> Ladder {
    let today = show.today();
    let due = shift(today, -40);
    let rung = |(step, day, state): (&str, i32, &str)| Rung {
        day,
        label: show.titles.step(Some(PLAYBOOK), step),
        date: show.short_day(shift(due, day)),
        state: state.to_string(),
    };
    let steps = [
        ("courtesy", -5, "taken"),
        ("due_today", 0, "skipped"),
        ("first_reminder", 4, "taken"),
        ("second_reminder", 12, "queued"),
        ("call", 30, "task"),
        ("last_date", 41, "next"),
        ("final_demand", 55, "later"),
    ];
    let counts = [("taken", "2".to_string()), ("total", steps.len().to_string())];
    Ladder {
        sentence: dunlin_core::explain::phrase(show.ui(), "say-ladder", &counts),
        rungs: steps.into_iter().map(rung).collect(),
        today: 40,
        due: Some(show.short_day(due)),
        today_text: show.short_day(today),
        ..Ladder::default()
    }
}

fn timeline(show: &Show) -> Vec<Entry> {
    let silent = show.reasons(&reasons(show));
    let what = [
        Happening::Note(NoteLine {
            kind: "promise".to_string(),
            sentence: show.words.code("pause", "promise").into_owned(),
            by: String::new(),
            text: "نعتذر عن التأخير، سنحوّل المبلغ في 23/03/2026 إن شاء الله.".to_string(),
            href: None,
        }),
        Happening::Silence(SilenceLine { sentence: silent[2].sentence.clone(), count: 3, reasons: silent }),
        Happening::Letter(LetterCard {
            number: "L-0012".to_string(),
            step: show.titles.step(Some(PLAYBOOK), "first_reminder"),
            subject: "Recordatorio: 2 pagos pendientes, 54\u{a0}600,00 USD".to_string(),
            language: "es".to_string(),
            excerpt: "Según nuestros registros, los 2 pagos que se detallan abajo están pendientes.".to_string(),
            contact_name: "Lucero Paniagua".to_string(),
            channel: "email".to_string(),
            state: "sent".to_string(),
            total: Some(amount(show, "USD", 5_460_000)),
            note: String::new(),
        }),
        Happening::Money(MoneyLine {
            kind: "allocation".to_string(),
            amount: amount(show, "USD", 1_000_000),
            outstanding: amount(show, "USD", 243_000),
            note: "P-0012".to_string(),
            receivable: Some("R-0004".to_string()),
        }),
    ];
    what.into_iter().map(|what| Entry { when: show.instant(show.now), what }).collect()
}

fn pauses(show: &Show) -> Vec<Pause> {
    let pause = |(kind, state): (&str, &str)| Pause {
        kind: kind.to_string(),
        receivable: Some("R-0004".to_string()),
        amount: (kind != "hold").then(|| amount(show, "USD", 500_000)),
        until: Some(show.date(shift(show.today(), 5))),
        text: "40 cartons were wet".to_string(),
        state: state.to_string(),
        recorded: show.instant(show.now),
        by: "Lin Yue".to_string(),
        end_action: None,
    };
    [("hold", "active"), ("promise", "partly_kept"), ("dispute", "solved")].into_iter().map(pause).collect()
}

/// What a search finds: a name with a long number, and an amount.
fn hits(show: &Show) -> Vec<HitGroup> {
    let hit = |title: &str, note: &str, minor: Option<i64>, is_exact| Hit {
        href: "/ui".to_string(),
        icon: if minor.is_some() { "paper" } else { "debtors" },
        title: title.to_string(),
        note: note.to_string(),
        amount: minor.map(|minor| amount(show, "USD", minor)),
        is_settled: false,
        is_exact,
    };
    let group = |code, hits, has_more| HitGroup { code, hits, more: None, has_more };
    vec![
        group("receivables", vec![hit("INV-2026-002", "R-0004", Some(1_243_000), true)], false),
        group("debtors", vec![hit(ARABIC, "D-0004 · SA", None, false)], true),
    ]
}

fn people() -> Vec<DemoPerson> {
    let person = |(name, role): (&str, &'static str)| DemoPerson { id: String::new(), name: name.to_string(), role };
    [("林悦", "owner"), ("Salman Al-Quhaisi", "auditor")].into_iter().map(person).collect()
}

fn toasts(show: &Show) -> Vec<Toast> {
    let undo = Undo { action: "/ui".to_string(), fields: Vec::new() };
    let number = [("number", "T-0003".to_string())];
    let told = |key, undo, is_problem| Toast {
        text: dunlin_core::explain::phrase(show.ui(), key, &number),
        undo,
        next: "/ui".to_string(),
        is_problem,
    };
    vec![told("say-toast-done", Some(undo), false), told("refused-task-not-open", None, true)]
}

fn payment(show: &Show) -> UnmatchedPayment {
    let candidate = |(reference, name, minor, sign): (&str, &str, i64, &str)| Candidate {
        debtor: DebtorRef {
            number: "D-0004".to_string(),
            name: name.to_string(),
            country: "SA".to_string(),
            clock: None,
        },
        receivable: "R-0004".to_string(),
        reference: reference.to_string(),
        milestone: "full".to_string(),
        outstanding: amount(show, "USD", minor),
        age: Age::of(57),
        proposed: Some(amount(show, "USD", minor.min(1_231_000))),
        signs: vec![show.words.code("match", sign).into_owned()],
        is_likely: minor == 1_231_000,
        ..Candidate::default()
    };
    let in_euros = Candidate {
        outstanding: amount(show, "EUR", 1_071_600),
        proposed: None,
        ..candidate(("INV-2026-061", "Tiendas Río S.L.", 1_071_600, "reference"))
    };
    UnmatchedPayment {
        number: "P-0031".to_string(),
        received: show.date(show.today()),
        payer: "WAHAT AL NAKHALAT CAMPING CO".to_string(),
        text: "PART PAYMENT INVOICE INV-2026-006 TT260306046532".to_string(),
        account: "3904012029000123456 · B260306002".to_string(),
        amount: amount(show, "USD", 1_531_000),
        left: amount(show, "USD", 1_231_000),
        candidates: vec![
            candidate(("INV-2026-012", ARABIC, 1_231_000, "amount")),
            candidate(("INV-2026-059", "Outdoor Patagua Ltda.", 1_164_800, "reference")),
            in_euros,
        ],
        is_rest: true,
        ..UnmatchedPayment::default()
    }
}
