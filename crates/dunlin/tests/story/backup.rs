//! A backup taken while others work, restored into either kind of database: sound, complete, and nothing is sent twice.

use std::path::PathBuf;
use std::process::Output;

use dunlin::credentials::{hash_password, is_password};
use dunlin::house::House;
use dunlin::use_cases::approve_letter::approve_letter;
use dunlin::use_cases::keep_backup::{backup, restore, restore_by};
use dunlin::use_cases::look_at_backup::begin_handed_in;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin::use_cases::standing_facts::{Found, add_hold};
use dunlin_core::access::Role;
use dunlin_core::case::LetterState;
use dunlin_core::suppression::{SuppressionKind, SuppressionReason};
use dunlin_store::seeding::{Damage, fresh_database};
use dunlin_store::{Actor, LogFilter, NewSuppression, Scope, Store, Unsigned, UserState};
use jiff::Timestamp;

use crate::site::{Site, Visitor, hired};
use crate::world::{HEADER, World, as_person, at, key, orders, worlds};

pub fn doctor(place: &str) -> Output {
    let mut command = crate::world::program();
    command.args(["doctor", "--db", place]).env_remove("DUNLIN_FAULT").output().expect("starts")
}

pub fn is_sound(place: &str) {
    let output = doctor(place);
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
}

/// Empty databases of both kinds.
pub async fn empty(world: &World, name: &str) -> Vec<String> {
    let mut places = vec![world.dir.path().join(format!("{name}.db")).display().to_string()];
    if let Ok(url) = std::env::var("DUNLIN_TEST_PG") {
        let name = format!("dunlin_{}_{name}_{}", std::process::id(), world.place.contains("://"));
        places.push(fresh_database(&url, &name).await.expect("a database of its own"));
    }
    places
}

pub async fn house_in(world: &World, place: &str, time: &str) -> House {
    let store = Store::open(place, &key()).await.expect("opens");
    let tenant = store.tenant(1).await.expect("the firm");
    let clock = dunlin::house::Clock::Fixed(at(time));
    House::new(store, tenant, clock, world.dir.path(), None).await.expect("a house")
}

async fn run(house: &House) -> (usize, usize) {
    let account = run_decisions(house, RunOptions::default()).await.expect("runs");
    assert_eq!(account.refused, 0);
    (account.written.letters, account.written.approvals)
}

#[tokio::test]
async fn restoring_yesterdays_backup_never_sends_again() {
    for mut world in worlds("restore").await {
        world.import("orders.csv", &orders()).await;
        let file: PathBuf = world.dir.path().join("yesterday.backup");
        let store = world.house.store.clone();
        backup(&store, world.house.now(), &file).await.expect("written");
        // After the backup the letter is written and leaves; then the machine is lost.
        assert_eq!(run(&world.house).await, (1, 0));
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        assert_eq!(world.letters().len(), 1);

        for place in empty(&world, "restored").await {
            let fresh = Store::open(&place, &key()).await.expect("opens");
            let restored = restore(&fresh, at("2026-03-05T09:00:00Z"), &file).await.expect("restored");
            assert_eq!((restored.taken_at, restored.letters_to_look_at), (at("2026-03-04T09:00:00Z"), 0));
            is_sound(&place);
            let refused = restore(&fresh, at("2026-03-05T09:00:00Z"), &file).await.expect_err("not twice");
            assert!(format!("{refused:#}").contains("holds a firm already"), "{refused:#}");
            // What had its time by then waits for a person, who knows or asks; nothing leaves by itself.
            let house = house_in(&world, &place, "2026-03-05T09:30:00Z").await;
            assert_eq!(run(&house).await, (0, 1));
            assert_eq!(send_letters(&house).await.expect("sends").sent, 0);
            assert_eq!(world.letters().len(), 1);
            let waiting = house.store.letters_in(house.tenant.id, LetterState::Review, 10).await.expect("reads");
            let reasons: Vec<&str> = waiting[0].reasons.iter().map(|reason| reason.code.code()).collect();
            assert!(reasons.contains(&"letter.after_restore"), "{reasons:?}");
            // Of a case that had begun, nothing is sent by itself any more; what is new goes as ever.
            let third = house_in(&world, &place, "2026-04-28T09:00:00Z").await;
            let told = "the buyer in Madrid, due on 21 April, and anew the one that nobody looked at for weeks";
            assert_eq!(run(&third).await, (0, 2), "{told}");
            let news = format!(
                "{HEADER}QH-7,C007,Nuova S.p.A.,意大利,Ugo Neri,财务,ugo@nuova.example,USD,90.00,OA 30 days,2026-03-20,INV-2026-007,2026-03-20\n"
            );
            let options = dunlin::import::ImportOptions::default();
            dunlin::import::import_file(
                &third.store,
                &third.tenant,
                third.now(),
                &third.actor,
                "n.csv",
                news.as_bytes(),
                &options,
            )
            .await
            .expect("imports");
            assert_eq!(run(&third).await, (1, 0));
        }
        world.set_clock("2026-03-06T09:00:00Z");
    }
}

#[tokio::test]
async fn a_backup_is_of_all_firms_and_is_read_from_standard_input_too() {
    for world in worlds("piped").await {
        world.import("orders.csv", &orders()).await;
        let file = world.dir.path().join("all.backup");
        let name = file.display().to_string();
        let dunlin = |words: &[&str]| {
            let mut command = crate::world::program();
            command.args(words).env_remove("DUNLIN_FAULT");
            command
        };
        let one = dunlin(&["backup", &name, "--tenant", "1", "--db", &world.place]).output().expect("starts");
        assert_eq!(one.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&one.stderr).contains("all firms") && !file.exists());
        assert!(dunlin(&["backup", &name, "--db", &world.place]).status().expect("starts").success());
        let place = world.dir.path().join("piped.db").display().to_string();
        let piped = std::fs::File::open(&file).expect("written");
        let restored = dunlin(&["restore", "-", "--db", &place]).stdin(piped).output().expect("starts");
        let said = String::from_utf8_lossy(&restored.stdout).into_owned();
        assert!(restored.status.success(), "{said}{}", String::from_utf8_lossy(&restored.stderr));
        let mut instants = said.split_whitespace().map(|word| word.trim_end_matches('.'));
        let fraction = instants.any(|word| word.contains('.') && word.parse::<Timestamp>().is_ok());
        assert!(!fraction, "an instant with fractions of a second: {said}");
        is_sound(&place);
        let spoilt = Store::open(&place, &key()).await.expect("opens");
        spoilt.spoil(Damage::PaidInWords).await.expect("spoiled");
        assert!(String::from_utf8_lossy(&doctor(&place).stdout).contains("for instance R-000"), "by its number");
    }
}

#[tokio::test]
async fn letters_that_waited_at_the_backup_wait_for_a_look_after_it() {
    for world in worlds("waited").await {
        world.import("orders.csv", &orders()).await;
        assert_eq!(run(&world.house).await, (1, 0));
        let file = world.dir.path().join("queued.backup");
        backup(&world.house.store, world.house.now(), &file).await.expect("written");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        for (n, place) in empty(&world, "waited").await.into_iter().enumerate() {
            let fresh = Store::open(&place, &key()).await.expect("opens");
            let restored = restore(&fresh, at("2026-03-04T12:00:00Z"), &file).await.expect("restored");
            assert_eq!(restored.letters_to_look_at, 1);
            let house = house_in(&world, &place, "2026-03-04T12:00:00Z").await;
            assert_eq!(run(&house).await, (0, 0));
            assert_eq!(send_letters(&house).await.expect("sends").sent, 0);
            // The person knows that it had not left.
            approve_letter(&as_person(&house, "Lin Yue"), 1, None).await.expect("approved");
            assert_eq!(send_letters(&house).await.expect("sends").sent, 1);
            // The same letter: the same Message-ID, so the folder holds it once more under the same name.
            assert_eq!(world.letters().len(), 1, "{n}");
            is_sound(&place);
        }
    }
}

#[tokio::test]
async fn a_backup_taken_while_others_write_is_whole_and_sound() {
    for world in worlds("busy").await {
        world.import("orders.csv", &orders()).await;
        let house = world.house.clone();
        let writing = tokio::spawn(async move {
            for round in 0..20 {
                let mut rows = HEADER.to_string();
                for n in 0..40 {
                    rows.push_str(&format!(
                        "B-{round}-{n},C{round}{n},Busy {round}-{n} Ltd,意大利,Anna {n},财务,a{round}x{n}@busy.example,USD,\"{n}1.50\",OA 30 days,2026-01-10,BI-{round}-{n},2026-01-20\n"
                    ));
                }
                let options = dunlin::import::ImportOptions::default();
                let name = format!("busy{round}.csv");
                dunlin::import::import_file(
                    &house.store,
                    &house.tenant,
                    house.now(),
                    &house.actor,
                    &name,
                    rows.as_bytes(),
                    &options,
                )
                .await
                .expect("imports");
                run_decisions(&house, RunOptions::default()).await.expect("runs");
            }
        });
        let mut files = Vec::new();
        while !writing.is_finished() || files.is_empty() {
            let file = world.dir.path().join(format!("busy{}.backup", files.len()));
            backup(&world.house.store, world.house.now(), &file).await.expect("written");
            files.push(file);
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        writing.await.expect("wrote");
        let middle = &files[files.len() / 2];
        for place in empty(&world, "busy").await {
            let fresh = Store::open(&place, &key()).await.expect("opens");
            restore(&fresh, at("2026-03-04T12:00:00Z"), middle).await.expect("restored");
            is_sound(&place);
            // And once more from there: the same rows, whichever database they lie in.
            let (again, other) = (world.dir.path().join("again.backup"), world.dir.path().join("other.db"));
            let rows = backup(&fresh, at("2026-03-04T12:00:00Z"), &again).await.expect("written");
            let second = Store::open(&other.display().to_string(), &key()).await.expect("opens");
            let restored = restore(&second, at("2026-03-04T12:00:00Z"), &again).await.expect("restored");
            assert_eq!(restored.rows, rows);
            drop(second);
            std::fs::remove_file(&again).expect("removed");
            std::fs::remove_file(&other).expect("removed");
        }
    }
}

#[tokio::test]
async fn half_a_backup_and_a_changed_one_restore_nothing() {
    use std::io::{Read, Write};
    for world in worlds("damaged").await {
        world.import("orders.csv", &orders()).await;
        let file = world.dir.path().join("whole.backup");
        backup(&world.house.store, world.house.now(), &file).await.expect("written");
        let again = backup(&world.house.store, world.house.now(), &file).await.expect_err("never replaced");
        assert!(again.to_string().contains("there already"), "{again}");
        let bytes = std::fs::read(&file).expect("reads");
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("unpacks");
        let lines: Vec<&str> = text.lines().collect();
        let known = text.split("\"schema\":").nth(1).and_then(|rest| rest.split([',', '}']).next()).expect("a version");
        let schema = format!("\"schema\":{known}");
        let packed = |text: &str| {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            out.write_all(text.as_bytes()).expect("packs");
            out.finish().expect("packs")
        };
        // As an earlier version wrote it, and as somebody writes it who has no key: what they change is right by itself.
        let (body, tail) = text.trim_end().rsplit_once('\n').expect("a last line");
        let mut tail: serde_json::Value = serde_json::from_str(tail).expect("reads");
        let mark = tail["mark"].take();
        assert!(mark.is_string());
        tail.as_object_mut().expect("fields").remove("mark");
        let unsigned = packed(&format!("{body}\n{tail}\n"));
        let body = format!("{}\n", body.replace("1243000", "1000"));
        let hash = <sha2::Sha256 as sha2::Digest>::digest(body.as_bytes());
        tail["sha256"] = hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
        tail["mark"] = mark;
        let forged = packed(&format!("{body}{tail}\n"));
        let endless = packed(&format!("{}\n", " ".repeat(70_000)));
        let cases = [
            (unsigned.clone(), "does not bear the mark"),
            (forged, "changed or damaged"),
            (endless, "longer than any"),
            (bytes[..bytes.len() / 2].to_vec(), "cannot be read"),
            (packed(&lines[..lines.len() - 1].join("\n")), "not complete"),
            (packed(&text.replace("12430", "1243")), "changed or damaged"),
            (packed(&text.replacen("1243000", "\"x\"", 1)), "does not fit"),
            (packed(&text.replacen(&schema, "\"schema\":99", 1)), "restore it with the program that made it"),
            (b"PK not a backup".to_vec(), "cannot be read"),
            (Vec::new(), "cannot be read"),
            (packed(""), "is empty"),
        ];
        for (n, (bytes, words)) in cases.into_iter().enumerate() {
            let broken = world.dir.path().join("broken.backup");
            std::fs::write(&broken, bytes).expect("written");
            let place = world.dir.path().join(format!("broken{n}.db")).display().to_string();
            let fresh = Store::open(&place, &key()).await.expect("opens");
            let refused = restore(&fresh, at("2026-03-05T09:00:00Z"), &broken).await.expect_err("refused");
            assert!(format!("{refused:#}").contains(words), "{n}: {refused:#}");
            assert!(fresh.tenants().await.expect("reads").is_empty(), "{n}: nothing of it stays");
        }
        // Whoever sits at the machine may answer for a file without a mark.
        let earlier = world.dir.path().join("earlier.backup");
        std::fs::write(&earlier, unsigned).expect("written");
        let place = world.dir.path().join("earlier.db").display().to_string();
        let fresh = Store::open(&place, &key()).await.expect("opens");
        let clock = dunlin::house::Clock::Fixed(at("2026-03-05T09:00:00Z"));
        restore_by(&fresh, clock, &earlier, Unsigned::Taken, None).await.expect("restored");
        is_sound(&place);
    }
}

#[tokio::test]
async fn the_doctor_finds_what_is_wrong() {
    for world in worlds("doctor").await {
        world.import("orders.csv", &orders()).await;
        run(&world.house).await;
        is_sound(&world.place);
        let spoil = [
            (Damage::Overpaid, "ledger.overpaid"),
            (Damage::ContactsGone, "orphan"),
            (Damage::StepsGone, "letter.step_missing"),
            (Damage::SequenceLost, "sequence.behind"),
            (Damage::PaidInWords, "case.paid_but_open"),
            (Damage::HoldElsewhere, "party.other_side"),
        ];
        let found: Found = world.house.store.find_receivable(1, "INV-2026-001").await.expect("known").into();
        let day = "2026-03-20".parse().expect("a day");
        add_hold(&world.house, found.party_id, Some(found.receivable_id), day, "sample").await.expect("held");
        let amount = dunlin_core::money::Money::new(100, dunlin_core::money::Currency::USD);
        let kind = dunlin_core::receivable::ledger::LedgerKind::Credit;
        dunlin::use_cases::lower_outstanding::lower_outstanding(&world.house, &found, kind, Some(amount), "sample")
            .await
            .expect("credited");
        for (damage, check) in spoil {
            world.house.store.spoil(damage).await.expect("spoiled");
            let output = doctor(&world.place);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(output.status.code(), Some(1), "{damage:?}");
            assert!(text.contains(check), "{damage:?}: {text}");
        }
    }
}

#[tokio::test]
async fn the_doctor_speaks_its_readers_language() {
    for world in worlds("doctor_page").await {
        world.import("orders.csv", &orders()).await;
        run(&world.house).await;
        let owner = Site::open(&world).await.enter(&world, Role::Owner).await;
        world.house.store.spoil(Damage::StepsGone).await.expect("spoiled");
        let page = owner.get("/settings/data?doctor=yes&lang=zh-CN").await;
        assert!(page.contains("某封信函没有对应的步骤") && page.contains("请勿发送信函"), "{page}");
        for inside in ["letter.step_missing", "[doctor-", "the last sound backup", "stands for no step"] {
            assert!(!page.contains(inside), "{inside}: {page}");
        }
        let page = owner.get("/settings/data?doctor=yes&lang=en").await;
        assert!(page.contains("A letter stands for no step"), "{page}");
    }
}

/// The page of the job that a form led to, once it has ended.
async fn ended(visitor: &Visitor, answer: &str) -> String {
    let place = answer.lines().find_map(|line| line.strip_prefix("location: ")).expect("a place").trim();
    assert!(place.starts_with("/jobs/"), "{answer}");
    for _ in 0..400 {
        let page = visitor.get(place).await;
        if !page.contains("data-refresh") {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{place} does not end");
}

#[tokio::test]
async fn the_owner_restores_on_a_page_and_nothing_is_sent_twice() {
    for world in worlds("restore_page").await {
        world.import("orders.csv", &orders()).await;
        run(&world.house).await;
        let site = Site::open(&world).await;
        let (boss, sales) = (hired(&world, Role::Owner).await, hired(&world, Role::Sales).await);
        let begin = async || {
            let (store, now) = (&world.house.store, world.house.now());
            store.begin(world.house.tenant.id, now, &Actor::system()).await.expect("begins")
        };
        let mut commit = begin().await;
        commit.set_password(boss.id, &hash_password("the words of before").expect("a hash"), None).await.expect("set");
        commit.finish().await.expect("kept");
        let owner = site.enter_as(&boss).await;
        assert!(ended(&owner, &owner.post("/settings/data/keep", "").await).await.contains("lies on the server"));
        let page = owner.get("/settings/data").await;
        assert!(page.contains("Its key fits"), "{page}");
        let name =
            page.split("restore?file=").nth(1).and_then(|rest| rest.split('"').next()).expect("a backup").to_string();
        let place = format!("/settings/data/restore?file={name}");
        let first = owner.get(&place).await;
        assert!(first.contains(&name) && first.contains("dunlin restore"), "{first}");
        assert!(!first.contains("name=\"typed\""), "not before it was read to its end: {first}");
        let early = owner.post("/settings/data/restore", &format!("file={name}&typed=Story&sure=yes&password=x")).await;
        assert!(!early.contains("location: /restoring"), "{early}");
        let job = owner.post("/settings/data/look", &format!("file={name}")).await;
        assert!(ended(&owner, &job).await.contains("read to its end"));
        let at_job = job.lines().find_map(|line| line.strip_prefix("location: ")).expect("a place").trim().to_string();
        let manager = site.enter(&world, Role::Manager).await;
        assert!(manager.get(&at_job).await.starts_with("HTTP/1.1 404"), "not for whoever may not have the data");
        for bad in ["../dunlin.db", "x.backup"] {
            let refused = owner.post("/settings/data/look", &format!("file={bad}")).await;
            assert!(refused.starts_with("HTTP/1.1 303") && !refused.contains("location: /jobs/"), "{refused}");
        }
        let looked = owner.get(&place).await;
        assert!(looked.contains("Story") && looked.contains(&name), "{looked}");
        assert!(!owner.get("/settings/data/restore?file=../dunlin.db").await.starts_with("HTTP/1.1 200"));
        let seller = site.enter_as(&sales).await;
        assert!(seller.get(&format!("/settings/data/restore?file={name}")).await.starts_with("HTTP/1.1 403"));
        // What is no backup does not stay.
        let body = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.backup\"\r\n\r\nPK no backup\r\n--XX--\r\n";
        let kind = ["Content-Type: multipart/form-data; boundary=XX"];
        let refused = owner.send("POST", "/settings/data/restore/upload", &kind, body).await;
        assert!(refused.starts_with("HTTP/1.1 303") && !refused.contains("location: /jobs/"), "{refused}");
        // What begins like one and ends in the middle is told when it was read, and goes where somebody handed it in.
        let folder = world.house.data_dir.join("backups");
        let half = std::fs::read(folder.join(&name)).expect("the backup");
        std::fs::write(folder.join("half.backup"), &half[..half.len() / 2]).expect("written");
        let job = owner.post("/settings/data/look", "file=half.backup").await;
        assert!(ended(&owner, &job).await.contains("Failed"));
        begin_handed_in(&world.house, "half.backup").await.expect("its first line is right");
        for _ in 0..400 {
            if !folder.join("half.backup").exists() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        let files = std::fs::read_dir(world.house.data_dir.join("backups")).expect("a folder");
        assert_eq!(files.count(), 1, "the one that was kept");
        let asked = |typed: &str, sure: &str, password: &str| {
            format!("file={name}&typed={typed}&sure={sure}&password={password}")
        };
        let (old, new) = ("the+words+of+before", "the+words+of+after");
        if world.place.contains("://") {
            assert!(looked.contains("dunlin restore"), "{looked}");
            let refused = owner.post("/settings/data/restore", &asked("Story", "yes", old)).await;
            assert!(!refused.contains("location: /restoring"), "{refused}");
            continue;
        }
        // After the backup the letter leaves.
        send_letters(&world.house).await.expect("sends");
        let left = world.letters().len();
        assert_eq!(left, 1);
        // After it, too, somebody leaves, somebody is forgotten, somebody does not want to be written to, and the owner has
        // another password.
        let found: Found = world.house.store.find_receivable(1, "INV-2026-001").await.expect("known").into();
        let facts = async || {
            let (store, now) = (&world.house.store, world.house.now());
            store.facts(world.house.tenant.id, Scope::One(found.party_id), now).await.expect("facts").remove(0)
        };
        let person = facts().await.contacts[0].id;
        let mut commit = begin().await;
        commit.set_user(sales.id, Role::Sales, UserState::Left).await.expect("left");
        commit.set_password(boss.id, &hash_password("the words of after").expect("a hash"), None).await.expect("set");
        commit.erase_contact(found.party_id, person).await.expect("erased");
        let (address, evidence) = ("stop@story.example", "by phone");
        let (kind, reason) = (SuppressionKind::Email, SuppressionReason::Legal);
        let today = world.house.today();
        let entry = NewSuppression { kind, address, reason, evidence, until: None, today };
        commit.add_suppression(&entry).await.expect("listed");
        commit.finish().await.expect("kept");
        let owner = site.enter_as(&boss).await;
        for (typed, sure, password) in [("story", "yes", new), ("Story", "", new), ("Story", "yes", old)] {
            let refused = owner.post("/settings/data/restore", &asked(typed, sure, password)).await;
            assert!(!refused.contains("location: /restoring"), "{refused}");
        }
        let last = world.house.store.audit_log(world.house.tenant.id, &LogFilter::default(), 1).await.expect("a log");
        let hash_before = last[0].hash.clone();
        let begun = owner.post("/settings/data/restore", &asked("Story", "yes", new)).await;
        assert!(begun.contains("location: /restoring"), "{begun}");
        let stranger = site.stranger();
        let mut page = String::new();
        for _ in 0..200 {
            page = stranger.get("/restoring").await;
            if !page.starts_with("HTTP/1.1 503") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert!(!page.contains("before-restore"), "nothing for strangers: {page}");
        let page = site.enter_as(&boss).await.get("/restoring").await;
        assert!(page.contains("before-restore"), "{page}");
        let users = world.house.store.users(world.house.tenant.id).await.expect("users");
        let seller = users.iter().find(|user| user.id == sales.id).expect("still known");
        assert_eq!(seller.state, UserState::Left, "whoever left stays out");
        let hash = users.iter().find(|user| user.id == boss.id).and_then(|user| user.password_hash.clone());
        assert!(
            is_password("the words of after", hash.as_deref()) && !is_password("the words of before", hash.as_deref())
        );
        let facts = facts().await;
        let forgotten = facts.everybody().find(|contact| contact.id == person).expect("its place");
        assert!(forgotten.person.is_none() && forgotten.objected, "whoever was forgotten stays forgotten");
        let running = world.house.store.suppressions_running(world.house.tenant.id, world.house.now()).await;
        assert_eq!(running.expect("reads"), 1);
        assert!(owner.get("/today").await.starts_with("HTTP/1.1 303"), "everybody is signed out");
        send_letters(&world.house).await.expect("sends");
        assert_eq!(world.letters().len(), left, "nothing is sent twice");
        let lines = world.house.store.audit_log(world.house.tenant.id, &LogFilter::default(), 9).await.expect("a log");
        let facts = &lines.iter().find(|line| line.verb == "data.restored").expect("its line").facts;
        assert_eq!(facts["file"], name.as_str());
        assert!(facts["sha256"].as_str().is_some_and(|sha256| sha256.len() == 64), "{facts}");
        assert!(facts["before"].as_str().is_some_and(|file| file.starts_with("before-restore")), "{facts}");
        assert_eq!(facts["log_hash_before"], hash_before.as_str(), "where the log goes on from in time");
        assert!(world.house.store.check_audit_log(world.house.tenant.id).await.expect("looks").is_none());
        is_sound(&world.place);
    }
}
