//! Whoever is erased is nowhere: not in what mail servers and banks said, not in what colleagues wrote down, not in a file of
//! a letter. And whoever asks before that is told everything.

use std::path::PathBuf;

use dunlin::house::{Clock, House};
use dunlin::use_cases::change_settings::enter_safe_mode;
use dunlin::use_cases::erase_person::{erase_contact, erase_debtor, export_person};
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::keep_contacts::find_contact;
use dunlin::use_cases::mark_party::note_objection;
use dunlin::use_cases::match_payments::match_payments;
use dunlin::use_cases::merge_parties::merge_parties;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::suppress::{SuppressionForm, suppress};
use dunlin::use_cases::work_orders::order_named;
use dunlin_bank_formats::Format;
use dunlin_core::case::LetterState;
use dunlin_core::gate_facts::HoldKind;
use dunlin_core::ids::{ContactId, PartyId};
use dunlin_core::order::asks::{AskAnswer, AskKind};
use dunlin_core::order::delivery::Delivery;
use dunlin_core::party::Channel;
use dunlin_core::receivable::Obligor;
use dunlin_core::shipment::journey::{TrackingEvent, TrackingUpdate};
use dunlin_core::suppression::SuppressionReason;
use dunlin_store::{Outcome, PartyFields, Scope, Settings, ShipmentFields, StoredLetter};
use jiff::SignedDuration;

use crate::world::{World, as_person, mt940, orders, worlds};

const SHOP: &str = "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Name,Buyer Login,Buyer Email,\
                    Buyer Country,Product,Quantity,Order Amount,Currency\n\
                    1103000000000000001,Awaiting payment,2026-03-01 18:30:00,,Ana Ruiz,mx77abae,ana@buyers.example,\
                    Mexico,Tent,2,US $25.50,USD\n";

async fn party(house: &House, name: &str) -> PartyId {
    house.store.find_party(house.tenant.id, name).await.expect("reads").expect("a debtor").0
}

async fn anna(house: &House, rossi: PartyId) -> ContactId {
    find_contact(house, rossi, "Anna Rossi").await.expect("Anna").id
}

async fn dump(house: &House) -> String {
    let mut dump = Vec::new();
    house.store.dump(house.now(), &mut dump).await.expect("dumps");
    String::from_utf8(dump).expect("text")
}

/// Where in a backup a word stands.
async fn left(house: &House, words: &[&str]) -> Vec<String> {
    let dump = dump(house).await.to_lowercase();
    let place = |line: &str| words.iter().find_map(|word| line.find(&word.to_lowercase()));
    let around =
        |line: &str, at: usize| line.chars().skip(line[..at].chars().count().saturating_sub(120)).take(240).collect();
    dump.lines().filter_map(|line| place(line).map(|at| around(line, at))).collect()
}

async fn letters_of(house: &House, party_id: PartyId) -> Vec<StoredLetter> {
    let mut letters = Vec::new();
    for number in house.store.letter_numbers_of(house.tenant.id, party_id).await.expect("reads") {
        letters.push(house.store.letter_by_number(house.tenant.id, number).await.expect("a letter"));
    }
    letters
}

async fn bank(world: &World, name: &str, text: &str) {
    import_statement(&world.house, name, text.as_bytes(), Format::Auto).await.expect("reads");
}

/// Money of both: some that waits, some that was set aside, and words on a payment of somebody else.
async fn money(world: &World) {
    bank(world, "a.sta", &mt940("260302", "77,00", "RUIZ ANA", "NO NUMBER")).await;
    bank(world, "b.sta", &mt940("260303", "78,00", "SOME COMPANY LTD", "AS ANNA ROSSI SAID")).await;
}

#[tokio::test]
async fn what_a_mail_server_answered_and_colleagues_wrote_goes_with_the_person() {
    for world in worlds("forgotten_words").await {
        world.import("orders.csv", &orders()).await;
        world.import("shop.csv", SHOP).await;
        let house = as_person(&world.house, "Lin Yue");
        let (rossi, ana) = (party(&house, "D-0001").await, party(&house, "Ana Ruiz").await);
        let of = anna(&house, rossi).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let letter = letters_of(&house, rossi).await.into_iter().find(|letter| letter.contact_id == of).expect("one");
        let mut commit = house.begin_as_system().await.expect("begins");
        let why = "550 5.1.1 <anna@rossi.example>: user unknown".to_string();
        commit.settle(&letter, &Outcome::Failed { why }).await.expect("settled");
        let (until, today) = ("2026-04-01".parse().expect("a day"), house.today());
        let ill = "Anna Rossi is ill until April";
        commit.add_hold(rossi, HoldKind::Pause, None, until, ill, today).await.expect("held");
        commit.add_hold(rossi, HoldKind::Pause, None, until, "their fair is in March", today).await.expect("held");
        commit.finish().await.expect("kept");
        money(&world).await;
        assert!(!left(&house, &["anna@rossi", "anna rossi", "ruiz ana"]).await.is_empty(), "readable until then");

        erase_contact(&house, rossi, of, "Anna Rossi").await.expect("erased");
        let anna = left(&house, &["anna@rossi", "anna rossi"]).await;
        assert!(anna.is_empty(), "{anna:?}");
        let text = dump(&house).await;
        assert!(text.contains("their fair is in March"), "what names nobody stays");
        assert!(text.contains("SOME COMPANY LTD"), "and so does who paid");
        erase_debtor(&house, ana, "Ana Ruiz").await.expect("erased");
        let ana = left(&house, &["ana ruiz", "ruiz ana", "mx77abae", "ana@buyers"]).await;
        assert!(ana.is_empty(), "{ana:?}");
        // The amounts are what they were, and the same statement read again is known.
        bank(&world, "again.sta", &mt940("260302", "77,00", "RUIZ ANA", "NO NUMBER")).await;
        let waiting = house.store.unplaced_payments(house.tenant.id).await.expect("reads");
        let amounts: Vec<i64> = waiting.iter().map(|payment| payment.amount.minor).collect();
        assert_eq!(amounts, [7700, 7800]);
        let (findings, _) = house.store.doctor().await.expect("looks");
        assert!(findings.is_empty(), "{findings:?}");
    }
}

#[tokio::test]
async fn a_letter_under_way_tells_nothing_of_a_reader_erased_meanwhile() {
    for world in worlds("forgotten_under_way").await {
        world.import("orders.csv", &orders()).await;
        let house = as_person(&world.house, "Lin Yue");
        let rossi = party(&house, "D-0001").await;
        let of = anna(&house, rossi).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let mut commit = house.begin_as_system().await.expect("begins");
        let letter = commit.next_to_send().await.expect("reads").expect("a letter").letter;
        commit.mark_sending(letter.id, "test", SignedDuration::from_mins(5)).await.expect("claimed");
        commit.finish().await.expect("kept");
        let sending = letters_of(&house, rossi).await.into_iter().find(|one| one.id == letter.id).expect("it");
        erase_contact(&house, rossi, of, "Anna Rossi").await.expect("erased");
        let mut commit = house.begin_as_system().await.expect("begins");
        let why = "550 5.1.1 <anna@rossi.example>: user unknown".to_string();
        commit.settle(&sending, &Outcome::Failed { why }).await.expect("settled");
        commit.finish().await.expect("kept");
        let anna = left(&house, &["anna@rossi"]).await;
        assert!(anna.is_empty(), "{anna:?}");
    }
}

#[tokio::test]
async fn a_letter_under_way_to_a_reader_erased_meanwhile_is_settled_by_a_person() {
    for mut world in worlds("forgotten_interrupted").await {
        world.import("orders.csv", &orders()).await;
        let house = as_person(&world.house, "Lin Yue");
        let rossi = party(&house, "D-0001").await;
        let of = anna(&house, rossi).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let mut commit = house.begin_as_system().await.expect("begins");
        let letter = commit.next_to_send().await.expect("reads").expect("a letter").letter;
        assert_eq!(letter.contact_id, of);
        commit.mark_sending(letter.id, "test", SignedDuration::from_mins(5)).await.expect("claimed");
        commit.finish().await.expect("kept");
        // The worker dies here, with the letter or before it.
        erase_contact(&house, rossi, of, "Anna Rossi").await.expect("erased");
        world.house.clock = Clock::Fixed(world.house.now() + SignedDuration::from_mins(10));
        let account = send_letters(&world.house).await.expect("sends");
        assert_eq!((account.uncertain, account.sent, account.cancelled), (1, 0, 0), "{account:?}");
        let settled = letters_of(&house, rossi).await.into_iter().find(|one| one.id == letter.id).expect("it");
        assert_eq!(settled.state, LetterState::Uncertain, "never taken for one that did not leave");
    }
}

#[tokio::test]
async fn an_objector_who_comes_back_with_a_file_is_not_written_to() {
    for world in worlds("forgotten_objector").await {
        world.import("orders.csv", &orders()).await;
        let house = as_person(&world.house, "Lin Yue");
        let rossi = party(&house, "D-0001").await;
        let of = anna(&house, rossi).await;
        note_objection(&house, rossi, Some("Anna Rossi"), true).await.expect("noted");
        erase_contact(&house, rossi, of, "Anna Rossi").await.expect("erased");
        let entries = house.store.suppressions_running(house.tenant.id, house.now()).await.expect("reads");
        assert_eq!(entries, 1, "a mark of the address");
        let anna = left(&house, &["anna@rossi", "anna rossi"]).await;
        assert!(anna.is_empty(), "the mark tells nobody: {anna:?}");
        // Who did not object leaves no mark.
        let campo = party(&house, "D-0002").await;
        let jose = find_contact(&house, campo, "José Gil").await.expect("José").id;
        erase_contact(&house, campo, jose, "José Gil").await.expect("erased");
        assert_eq!(house.store.suppressions_running(house.tenant.id, house.now()).await.expect("reads"), 1);

        world.import("later.csv", &orders().replace("QH-3", "QH-4").replace("2026-003", "2026-004")).await;
        let facts = house.store.facts(house.tenant.id, Scope::One(rossi), house.now()).await.expect("facts").remove(0);
        let again = facts.contacts.iter().find(|contact| contact.person.is_some()).expect("in again");
        assert_ne!(again.id, of);
        assert!(again.is_suppressed(Channel::Email, house.now()));
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        send_letters(&world.house).await.expect("sends");
        let to_her = letters_of(&house, rossi).await.into_iter().filter(|letter| letter.contact_id == again.id).count();
        assert_eq!((to_her, world.letters().len()), (0, 0));
    }
}

#[tokio::test]
async fn whose_text_goes_with_somebody_else_is_not_pressed_for_the_money_that_waits() {
    for world in worlds("forgotten_waiting").await {
        world.import("orders.csv", &orders()).await;
        let house = as_person(&world.house, "Lin Yue");
        let (rossi, campo) = (party(&house, "D-0001").await, party(&house, "D-0002").await);
        let words = "JOSE GIL SENT PART OF INV-2026-001";
        bank(&world, "clearing.sta", &mt940("260302", "400,00", "UNICREDIT CLEARING", words)).await;
        let jose = find_contact(&house, campo, "José Gil").await.expect("José").id;
        erase_contact(&house, campo, jose, "José Gil").await.expect("erased");
        assert!(left(&house, &["jose gil"]).await.is_empty(), "the text is gone");
        for _ in 0..2 {
            let account = match_payments(&world.house).await.expect("looks again");
            assert_eq!((account.matched, account.waiting), (0, 1));
        }
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert!(letters_of(&house, rossi).await.is_empty(), "their money waits for a person");
    }
}

#[tokio::test]
async fn the_order_of_an_erased_buyer_is_told_paid_by_a_file_that_does_not_bring_them_back() {
    for world in worlds("forgotten_order_paid").await {
        world.import("shop.csv", SHOP).await;
        let house = as_person(&world.house, "Lin Yue");
        let ana = party(&house, "Ana Ruiz").await;
        erase_debtor(&house, ana, "Ana Ruiz").await.expect("erased");
        let paid =
            SHOP.replace("Awaiting payment,2026-03-01 18:30:00,,", "Paid,2026-03-01 18:30:00,2026-03-01 19:00:00,");
        let report = world.import("shop2.csv", &paid).await;
        assert_eq!((report.problems.len(), report.counts.left_out, report.counts.corrected), (0, 0, 1), "{report:?}");
        let facts = house.store.facts(house.tenant.id, Scope::One(ana), house.now()).await.expect("facts").remove(0);
        let owed: Vec<Obligor> = facts.receivables.iter().map(|item| item.receivable.obligor).collect();
        assert_eq!(owed, [Obligor::Platform]);
        assert!(facts.contacts.iter().all(|contact| contact.person.is_none()), "nobody came back");
        let again = left(&house, &["ana ruiz", "mx77abae", "ana@buyers"]).await;
        assert!(again.is_empty(), "{again:?}");
        assert!(house.store.kept_files(house.tenant.id).await.expect("reads").is_empty(), "no copy of either file");
        // A new order of theirs is somebody who is not known: the erasure was of what was known then.
        let report = world.import("shop3.csv", &SHOP.replace("1103000000000000001", "1103000000000000002")).await;
        assert_eq!((report.problems.len(), report.counts.added), (0, 1), "{report:?}");
        assert_ne!(party(&house, "Ana Ruiz").await, ana);
        let report = world.import("shop4.csv", &paid.replace("Tent", "Tent and pegs")).await;
        assert_eq!((report.problems.len(), report.counts.left_out), (0, 0), "{report:?}");
        assert_eq!(house.store.kept_files(house.tenant.id).await.expect("reads").len(), 1);
    }
}

#[tokio::test]
async fn a_name_that_two_bear_stays_in_the_money_of_others() {
    for world in worlds("forgotten_namesake").await {
        let namesake = "QH-4,C003,Lago S.L.,西班牙,José Gil,财务,gil@lago.example,USD,90.00,OA 60 days,2026-02-20,INV-2026-004,2026-02-20\n";
        world.import("orders.csv", &format!("{}{namesake}", orders())).await;
        let house = as_person(&world.house, "Lin Yue");
        let campo = party(&house, "D-0002").await;
        bank(&world, "clearing.sta", &mt940("260302", "41,00", "SOME CLEARING", "SENT BY JOSE GIL")).await;
        bank(&world, "mail.sta", &mt940("260303", "42,00", "SOME CLEARING", "SEE JOSE@CAMPO.EXAMPLE")).await;
        let jose = find_contact(&house, campo, "José Gil").await.expect("José").id;
        erase_contact(&house, campo, jose, "José Gil").await.expect("erased");
        assert!(dump(&house).await.contains("SENT BY JOSE GIL"), "of whom it tells nobody knows");
        let mail = left(&house, &["jose@campo"]).await;
        assert!(mail.is_empty(), "{mail:?}");
    }
}

/// The order of the file, with a parcel, where it goes, and what was answered about it.
async fn an_order(house: &House, party_id: PartyId) {
    let found = order_named(house, "1103000000000000001").await.expect("found");
    let about = (party_id, found.id);
    let mut commit = house.begin_as_system().await.expect("begins");
    let told = Delivery {
        name: "Ana Ruiz Peralta".to_string(),
        address: "4 Harbour Street".to_string(),
        phone: "+52 55 5550 1234".to_string(),
        ..Delivery::default()
    };
    commit.keep_order_delivery(about, &told, None).await.expect("kept");
    let ask = commit.raise_ask(about, AskKind::Address, true, "which door?").await.expect("raised");
    let fields = Delivery { address: "the blue door".to_string(), ..Delivery::default() };
    assert!(commit.keep_answer(about, ask, &AskAnswer { fields, consent: None }).await.expect("kept"));
    let parcel =
        ShipmentFields { carrier: "yanwen".to_string(), number: "RR123456789CN".to_string(), shipped_at: None };
    let (parcel, _) = commit.note_shipment(about.0, about.1, &parcel).await.expect("noted");
    let event = TrackingEvent {
        at: house.now(),
        status: None,
        word: String::new(),
        description: "signed by the neighbour".to_string(),
        location: String::new(),
        carrier_key: None,
    };
    let update =
        TrackingUpdate { number: String::new(), carrier_key: None, tag: None, report: None, events: vec![event] };
    commit.note_tracking((about.0, about.1, parcel), &update).await.expect("told");
    commit.finish().await.expect("kept");
}

#[tokio::test]
async fn whoever_asks_is_told_everything_that_is_known() {
    for mut world in worlds("told_all").await {
        world.import("shop.csv", SHOP).await;
        let house = as_person(&world.house, "Lin Yue");
        let ana = party(&house, "Ana Ruiz").await;
        an_order(&house, ana).await;
        let other = PartyFields {
            name: "A. Peralta Wholly".to_string(),
            country: "MX".to_string(),
            language: None,
            is_consumer: true,
        };
        let mut commit = house.begin_as_system().await.expect("begins");
        let half = commit.add_party("marketplace", "peralta77", &other, house.today()).await.expect("added");
        commit.finish().await.expect("kept");
        merge_parties(&house, ana, half).await.expect("merged");
        bank(&world, "a.sta", &mt940("260302", "77,00", "RUIZ ANA", "NO NUMBER")).await;
        let entry = SuppressionForm {
            kind: None,
            address: "ana@buyers.example".to_string(),
            reason: SuppressionReason::ByHand,
            evidence: "said so at the fair".to_string(),
            until: None,
        };
        enter_safe_mode(&house).await.expect("safe");
        world.refresh().await;
        run_decisions(&world.house, RunOptions::default()).await.expect("rehearses");
        suppress(&house, &entry).await.expect("listed");
        let known = export_person(&house, ana).await.expect("known");
        let text = known.to_string();
        for word in [
            "Ana Ruiz Peralta",
            "4 Harbour Street",
            "the blue door",
            "signed by the neighbour",
            "mx77abae",
            "peralta77",
            "A. Peralta Wholly",
            "RUIZ ANA",
            "said so at the fair",
            "party.merged",
        ] {
            assert!(text.contains(word), "{word} is not told: {text}");
        }
        for table in ["order_delivery", "order_ask", "tracking_event", "payment", "bank_entry", "suppression", "log"] {
            assert!(known["known"][table].as_array().is_some_and(|rows| !rows.is_empty()), "{table}: {text}");
        }
        assert_eq!(known["known"]["party"].as_array().map(Vec::len), Some(2), "both halves");
        assert!(!text.contains("secret") && !text.contains("\"sealed\""), "no keys: {text}");
        erase_debtor(&house, ana, "Ana Ruiz").await.expect("erased");
        let known = export_person(&house, ana).await.expect("known").to_string();
        for word in ["Ana Ruiz", "Harbour", "blue door", "neighbour", "peralta", "RUIZ ANA", "at the fair"] {
            assert!(!known.contains(word), "{word}: {known}");
        }
    }
}

/// Settings as somebody has changed them.
async fn set(world: &mut World, change: impl Fn(&mut Settings)) {
    let mut settings = world.house.store.tenant(world.house.tenant.id).await.expect("the firm").settings;
    change(&mut settings);
    let mut commit = world.house.begin_as_system().await.expect("begins");
    commit.save_settings(&settings).await.expect("saved");
    commit.finish().await.expect("kept");
    world.refresh().await;
}

#[tokio::test]
async fn no_file_of_a_letter_stays_and_an_erasure_that_failed_is_asked_for_again() {
    for mut world in worlds("forgotten_files").await {
        world.import("orders.csv", &orders()).await;
        enter_safe_mode(&as_person(&world.house, "Lin Yue")).await.expect("safe");
        world.refresh().await;
        run_decisions(&world.house, RunOptions::default()).await.expect("rehearses");
        assert_eq!(world.letters().len(), 1, "the rehearsal");
        set(&mut world, |settings| settings.safe_mode = false).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        assert_eq!(world.letters().len(), 2);
        // Since then letters leave by a mail server, under another address.
        set(&mut world, |settings| {
            settings.transport.smtp = Some("mail.story.example:587".to_string());
            settings.sender.email = "lin@elsewhere.example".to_string();
        })
        .await;
        let house = as_person(&world.house.renewed().await.expect("renewed"), "Lin Yue");
        let rossi = party(&house, "D-0001").await;
        let of = anna(&house, rossi).await;
        // Something that cannot be removed lies where the letter lay.
        let is_rehearsal = |path: &PathBuf| path.to_string_lossy().contains("rehearsal.");
        let path = world.letters().into_iter().find(|path| !is_rehearsal(path)).expect("its file");
        std::fs::remove_file(&path).expect("removed");
        std::fs::create_dir(&path).expect("a folder of that name");
        erase_contact(&house, rossi, of, "Anna Rossi").await.expect_err("a file cannot be removed");
        std::fs::remove_dir(&path).expect("out of the way");
        erase_contact(&house, rossi, of, "Anna Rossi").await.expect("the same again");
        assert_eq!(world.letters(), Vec::<PathBuf>::new());
    }
}
