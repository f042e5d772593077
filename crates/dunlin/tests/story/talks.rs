//! Talks that happened elsewhere are logged, and what may be in them is shown (SCENARIOS A18).

use dunlin::house::House;
use dunlin::use_cases::erase_person::{erase_contact, erase_debtor, export_person};
use dunlin::use_cases::log_talk::{TalkForm, end_talk, log_talk, picked};
use dunlin::use_cases::merge_parties::{merge_parties, separate_parties};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin_core::access::Role;
use dunlin_core::gate_facts::PromiseState;
use dunlin_core::ids::{ContactId, PartyId, TalkId};
use dunlin_core::talk::TalkPlace;
use dunlin_core::why::WhyUnpaid;
use dunlin_store::{LogFilter, Scope, Talk};

use crate::site::Site;
use crate::world::{World, as_person, orders, program, worlds};

const CHAT: &str = "Anna: sorry, I forgot the invoice.\nAnna: we will pay USD 5,000 on Friday";
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nnot really a picture";

fn form(text: &str) -> TalkForm {
    TalkForm {
        place: TalkPlace::Wechat,
        on: None,
        contact: None,
        asked: false,
        intent: None,
        receivable: None,
        text: text.to_string(),
        file: None,
    }
}

async fn party(house: &House, name: &str) -> PartyId {
    house.store.find_party(house.tenant.id, name).await.expect("reads").expect("a debtor").0
}

async fn contact(house: &House, party_id: PartyId) -> ContactId {
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await.expect("facts");
    facts[0].contacts[0].id
}

async fn talk(house: &House, party_id: PartyId, id: TalkId) -> Talk {
    house.store.talk(house.tenant.id, party_id, id).await.expect("a talk")
}

fn text(talk: &Talk) -> Option<&str> {
    talk.words.as_ref().map(|words| words.text.as_str())
}

async fn ready(world: &World) -> (House, PartyId) {
    world.import("orders.csv", &orders()).await;
    let house = as_person(&world.house, "Lin Yue");
    let rossi = party(&house, "D-0001").await;
    (house, rossi)
}

#[tokio::test]
async fn a18_a_talk_is_kept_sealed_and_nothing_is_entered_by_itself() {
    for world in worlds("talk").await {
        let (house, rossi) = ready(&world).await;
        let anna = contact(&house, rossi).await;
        let new =
            TalkForm { contact: Some(anna), file: Some(("anna.png".to_string(), PICTURE.to_vec())), ..form(CHAT) };
        let id = log_talk(&house, rossi, &new).await.expect("logged");
        let kept = talk(&house, rossi, id).await;
        assert_eq!((text(&kept), kept.place, kept.asked), (Some(CHAT), TalkPlace::Wechat, false));
        let file = house.store.talk_file(house.tenant.id, rossi, id).await.expect("reads").expect("a file");
        assert_eq!((file.0.as_str(), file.1.as_slice()), ("image/png", PICTURE));
        let found = picked(&house, &kept);
        // The talk was on a Wednesday.
        assert_eq!(found.promises.len(), 1, "{found:?}");
        assert_eq!(found.promises[0].pay_on, jiff::civil::date(2026, 3, 6));
        assert_eq!(found.whys[0].why, WhyUnpaid::Forgot);
        let facts = house.store.facts(house.tenant.id, Scope::One(rossi), house.now()).await.expect("facts");
        assert!(facts[0].promises.is_empty() && facts[0].receivables.iter().all(|item| item.why.is_none()));
        let mut dump = Vec::new();
        house.store.dump(house.now(), &mut dump).await.expect("dumps");
        let dump = String::from_utf8(dump).expect("text");
        assert!(!dump.contains("I forgot the invoice") && !dump.contains("anna.png"));
        let lines = house.store.audit_log(house.tenant.id, &LogFilter::default(), 10).await.expect("a log");
        assert_eq!(lines[0].verb, "talk.logged");

        for (wrong, said) in [
            (form(" "), "words or a picture"),
            (form(&"x".repeat(20_001)), "characters at most"),
            (TalkForm { on: Some(jiff::civil::date(2026, 3, 5)), ..form("x") }, "still to come"),
            (TalkForm { file: Some(("x.svg".to_string(), b"<svg/>".to_vec())), ..form("") }, "PNG"),
            (TalkForm { contact: Some(ContactId(5)), ..form("x") }, "no such person"),
        ] {
            let refused = log_talk(&house, rossi, &wrong).await.expect_err("refused").to_string();
            assert!(refused.contains(said), "{refused}");
        }
    }
}

#[tokio::test]
async fn a18_a_talk_in_which_we_asked_counts_for_the_gap() {
    for world in worlds("talk_gap").await {
        let (house, rossi) = ready(&world).await;
        let asked = log_talk(&house, rossi, &TalkForm { asked: true, ..form("I asked for the money") }).await;
        let asked = asked.expect("logged");
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((run.written.letters, run.refused), (0, 0), "too soon after the talk");
        end_talk(&house, rossi, asked).await.expect("taken back");
        assert!(end_talk(&house, rossi, asked).await.is_err(), "once");
        log_talk(&house, rossi, &form("how are you")).await.expect("logged");
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!((run.written.letters, run.refused), (1, 0));
        let (findings, _) = house.store.doctor().await.expect("looks");
        assert!(findings.is_empty(), "{findings:?}");
    }
}

const SHOP: &str = "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Name,Buyer Login,Buyer Email,\
                    Buyer Country,Product,Quantity,Order Amount,Currency\n\
                    1103000000000000001,Awaiting payment,2026-03-01 18:30:00,,Ana Ruiz,mx77abae,ana@buyers.example,\
                    Mexico,Tent,2,US $25.50,USD\n";

#[tokio::test]
async fn a18_erasing_a_person_takes_their_talks_along() {
    for world in worlds("talk_erase").await {
        let (house, rossi) = ready(&world).await;
        world.import("shop.csv", SHOP).await;
        let (anna, ana) = (contact(&house, rossi).await, party(&house, "Ana Ruiz").await);
        let picture = || Some(("chat.png".to_string(), PICTURE.to_vec()));
        let with_her = TalkForm { contact: Some(anna), file: picture(), ..form("hello") };
        let hers = log_talk(&house, rossi, &with_her).await.expect("logged");
        let about = log_talk(&house, rossi, &form("their boss says Anna Rossi pays")).await.expect("logged");
        let other = log_talk(&house, rossi, &form("the market is slow")).await.expect("logged");
        let consumer = log_talk(&house, ana, &TalkForm { file: picture(), ..form("hola") }).await.expect("logged");
        let known = export_person(&house, rossi).await.expect("known").to_string();
        assert!(known.contains("the market is slow") && known.contains("base64"), "{known}");
        erase_contact(&house, rossi, anna, "Anna Rossi").await.expect("erased");
        assert!(text(&talk(&house, rossi, hers).await).is_none());
        assert!(text(&talk(&house, rossi, about).await).is_none());
        assert_eq!(text(&talk(&house, rossi, other).await), Some("the market is slow"));
        assert!(house.store.talk_file(house.tenant.id, rossi, hers).await.expect("reads").is_none());
        erase_debtor(&house, ana, "Ana Ruiz").await.expect("erased");
        assert!(text(&talk(&house, ana, consumer).await).is_none());
        let kept = house.store.kept_files(house.tenant.id).await.expect("reads");
        assert!(kept.iter().all(|(_, name)| name != "talk"), "{kept:?}");
        let (findings, _) = house.store.doctor().await.expect("looks");
        assert!(findings.is_empty(), "{findings:?}");
    }
}

#[tokio::test]
async fn a18_talks_go_with_their_debtor_and_come_back() {
    for world in worlds("talk_merge").await {
        world.import("a.csv", &orders()).await;
        world
            .import(
                "b.csv",
                &orders()
                    .replace("C001", "C009")
                    .replace("Rossi Outdoor", "Rossi Sport")
                    .replace("QH-", "QX-")
                    .replace("INV-2026-", "INW-2026-")
                    .replace("anna@", "bea@")
                    .replace("Anna", "Bea"),
            )
            .await;
        let house = as_person(&world.house, "Lin Yue");
        let (stays, gone) = (party(&house, "Rossi Outdoor S.r.l.").await, party(&house, "Rossi Sport S.r.l.").await);
        let bea = contact(&house, gone).await;
        let with = log_talk(&house, gone, &TalkForm { contact: Some(bea), ..form("ciao") }).await.expect("logged");
        let about = log_talk(&house, gone, &form("a fair")).await.expect("logged");
        merge_parties(&house, stays, gone).await.expect("merged");
        assert_eq!(text(&talk(&house, stays, with).await), Some("ciao"));
        assert_eq!(text(&talk(&house, stays, about).await), Some("a fair"));
        separate_parties(&house, "Rossi Sport S.r.l.", None).await.expect("separated");
        assert_eq!(text(&talk(&house, gone, with).await), Some("ciao"));
        assert_eq!(text(&talk(&house, gone, about).await), Some("a fair"));
    }
}

#[tokio::test]
async fn a18_on_pages_in_the_api_and_at_the_command_line() {
    for world in worlds("talk_pages").await {
        let (_, rossi) = ready(&world).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        assert!(owner.get("/debtors/D-0001").await.contains("action=\"/debtors/D-0001/talks\""));
        let field = |name: &str, value: &str| {
            format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = format!(
            "{}{}{}{}--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n\r\n--XX--\r\n",
            field("where", "whatsapp"),
            field("date", "2026-03-04"),
            field("contact", ""),
            field("text", CHAT)
        );
        let kind = ["Content-Type: multipart/form-data; boundary=XX"];
        let answer = owner.send("POST", "/debtors/D-0001/talks", &kind, &body).await;
        let place =
            answer.lines().find_map(|line| line.strip_prefix("location: ")).expect("a place").trim().to_string();
        assert!(place.starts_with("/debtors/D-0001/talks/"), "{answer}");
        for language in ["en", "zh-CN"] {
            let page = owner.get(&format!("{place}?lang={language}")).await;
            assert!(page.starts_with("HTTP/1.1 200") && !page.contains(">["), "{page}");
        }
        let page = owner.get(&format!("{place}?lang=en")).await;
        assert!(page.contains("value=\"2026-03-06\"") && page.contains("overlooked"), "{page}");
        assert!(!owner.get(&format!("{place}?not=p0")).await.contains("value=\"2026-03-06\""), "no is remembered");
        let id = place.rsplit('/').next().expect("an id");
        assert!(page.contains(&format!("name=\"talk\" value=\"{id}\"")), "{page}");
        let heard = |talk: &str, item: &str| {
            format!("date=2026-03-06&amount=5000.00&currency=USD&note=x&talk={talk}&item={item}&next={place}?not%3Dp0")
        };
        let (promise, house) = (heard(id, "0"), &world.house);
        let (once, again) = tokio::join!(
            owner.post("/debtors/D-0001/promise", &promise),
            owner.post("/debtors/D-0001/promise", &promise)
        );
        for entered in [once, again, owner.post("/debtors/D-0001/promise", &promise).await] {
            assert!(entered.contains(&format!("location: {place}?not=p0")), "{entered}");
        }
        let promises = async || {
            let facts = house.store.facts(house.tenant.id, Scope::One(rossi), house.now()).await.expect("facts");
            let open = facts[0].promises.iter().filter(|promise| promise.state == PromiseState::Open);
            open.map(|promise| promise.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(promises().await.len(), 1, "sent three times, entered once");
        assert!(!owner.get(&place).await.contains("value=\"2026-03-06\""), "what was entered is offered no more");
        // The same chat logged again is the same promise.
        let copy = log_talk(house, rossi, &form(CHAT)).await.expect("logged");
        owner.post("/debtors/D-0001/promise", &heard(&copy.to_string(), "0")).await;
        owner.post("/debtors/D-0001/promise", &heard(&copy.to_string(), "7")).await;
        assert_eq!(promises().await.len(), 1);
        // Taken back, it may be entered after all.
        let only = format!("only={}&next=/today", promises().await[0]);
        owner.post("/debtors/D-0001/promise/withdraw", &only).await;
        assert!(promises().await.is_empty());
        owner.post("/debtors/D-0001/promise", &heard(id, "0")).await;
        assert_eq!(promises().await.len(), 1);
        end_talk(house, rossi, copy).await.expect("taken back");
        let debtor = owner.get("/debtors/D-0001").await;
        assert!(debtor.contains("Talk on WhatsApp") && debtor.contains("Promised"), "{debtor}");
        assert!(owner.post(&format!("{place}/end"), "").await.starts_with("HTTP/1.1 303"));
        assert!(!owner.get("/debtors/D-0001").await.contains("Talk on WhatsApp"));
        let empty =
            owner.send("POST", "/debtors/D-0001/talks", &kind, &format!("{}--XX--\r\n", field("where", "fair"))).await;
        assert!(empty.contains("location: /debtors/D-0001?again="), "it comes back as it was: {empty}");
        assert_eq!(world.house.store.talks_of(world.house.tenant.id, rossi).await.expect("reads").len(), 2);
    }
    for world in worlds("talk_api").await {
        ready(&world).await;
        let site = crate::api::open(&world, 10_000).await;
        let api = crate::api::Program::of_owner(&site, &world).await;
        let asked = r#"{"place":"phone","text":"5月3日付5000美元","on":"2026-03-03","asked":true}"#;
        let made = api.post("/v1/debtors/D-0001/talks", asked).await.ok();
        assert_eq!(
            (&made["promises"][0]["pay_on"], &made["amounts"][0]["amount"]),
            (&"2026-05-03".into(), &"5000.00".into())
        );
        assert_eq!(api.get("/v1/debtors/D-0001/talks").await.ok()["items"][0]["id"], made["id"]);
        api.post("/v1/debtors/D-0001/talks", r#"{"place":"mars","text":"x"}"#).await.is_problem(400, "bad-request");
        let file = world.dir.path().join("chat.txt");
        std::fs::write(&file, "Pagaré el viernes").expect("written");
        let told = program()
            .args(["party", "talked", "D-0001", "--where", "whatsapp", "--json", "--text"])
            .arg(&file)
            .args(["--db", &world.place, "--as-of", "2026-03-04T10:00:00Z"])
            .output()
            .expect("runs");
        let told =
            (String::from_utf8_lossy(&told.stdout).into_owned(), String::from_utf8_lossy(&told.stderr).into_owned());
        let json: serde_json::Value = serde_json::from_str(&told.0).unwrap_or_else(|_| panic!("{told:?}"));
        assert_eq!(json["promises"][0]["pay_on"], "2026-03-06", "{told:?}");
    }
}
