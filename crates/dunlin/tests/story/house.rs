//! The firm itself: bank accounts by two people, safe mode, invitations, signatures, and forgetting a person.

use dunlin::use_cases::approve_letter::finish_task;
use dunlin::use_cases::bank_accounts::{confirm_account, propose_account, seal_of};
use dunlin::use_cases::change_settings::{enter_safe_mode, go_live};
use dunlin::use_cases::erase_person::{erase_contact, erase_debtor, export_person};
use dunlin::use_cases::keep_contacts::{PersonForm, add_contact, change_contact, find_contact, form_of};
use dunlin::use_cases::log_talk::{TalkForm, log_talk};
use dunlin::use_cases::manage_users::hand_over;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin_core::access::Role;
use dunlin_core::case::LetterState;
use dunlin_core::ids::PartyId;
use dunlin_core::intent::Intent;
use dunlin_core::letter::BankDetails;
use dunlin_core::talk::TalkPlace;
use dunlin_store::{Actor, LogFilter, Settings, User, Via};
use jiff::SignedDuration;

use crate::site::{Site, hired, settled};
use crate::world::{World, as_person, orders, worlds};

/// The house with a user acting in it.
fn with_user(world: &World, user: &User) -> dunlin::house::House {
    world.house.clone().acting(Actor::user(Via::Page, user.acting(), String::new()))
}

async fn settings(world: &World) -> Settings {
    world.house.store.tenant(world.house.tenant.id).await.expect("the firm").settings
}

async fn party(world: &World, name: &str) -> PartyId {
    world.house.store.find_party(world.house.tenant.id, name).await.expect("reads").expect("a debtor").0
}

async fn whole_log(world: &World) {
    let broken = world.house.store.check_audit_log(world.house.tenant.id).await.expect("reads");
    assert!(broken.is_none(), "{broken:?}");
}

/// Everything that can still be read in the log.
async fn words_of_log(world: &World) -> String {
    let lines = world.house.store.audit_log(world.house.tenant.id, &LogFilter::default(), 1000).await.expect("reads");
    let all: Vec<String> = lines.iter().map(|line| format!("{} {:?}", line.facts, line.personal)).collect();
    all.join("\n")
}

fn details(account: &str) -> BankDetails {
    BankDetails {
        holder: "Ningbo Story Co., Ltd.".to_string(),
        bank: "Other Bank".to_string(),
        account: account.to_string(),
        swift: "OTHRCNBN".to_string(),
    }
}

/// Where an answer leads.
fn location(answer: &str) -> String {
    let place = answer.lines().find_map(|line| line.strip_prefix("location: "));
    place.unwrap_or_else(|| panic!("no redirect: {answer}")).trim().to_string()
}

fn seen_in(page: &str) -> String {
    let seal = page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    seal.expect("a seal").to_string()
}

#[tokio::test]
async fn a_new_account_needs_two_people_and_a_day() {
    for mut world in worlds("bank").await {
        world.import("orders.csv", &orders()).await;
        let (owner, finance) = (settled(&world, Role::Owner).await, settled(&world, Role::Finance).await);
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        world.refresh().await;
        let site = Site::open(&world).await;
        let (proposer, second) = (site.enter_as(&owner).await, site.enter_as(&finance).await);
        let form = "currency=USD&holder=Ningbo+Story&bank=Other+Bank&account=99887766&swift=othrcnbn";
        assert!(proposer.post("/settings/bank", form).await.starts_with("HTTP/1.1 303"));
        let now = world.house.now();
        assert_eq!(settings(&world).await.bank_for("USD", now).expect("an account").account, "3900001");
        // Everybody is warned, without the whole number.
        let today = second.get("/today").await;
        assert!(today.contains("…7766") && !today.contains("99887766"), "{today}");
        // Whoever proposed cannot confirm, not with a forged form either.
        let seal = seen_in(&second.get("/settings/bank").await);
        assert!(!proposer.get("/settings/bank").await.contains("name=\"seen\""));
        proposer.post("/settings/bank/USD/confirm", &format!("seen={seal}")).await;
        second.post("/settings/bank/USD/confirm", "seen=of+something+else").await;
        assert!(settings(&world).await.bank_accounts.iter().any(|account| !account.confirmed));
        second.post("/settings/bank/USD/confirm", &format!("seen={seal}")).await;
        let after = settings(&world).await;
        assert!(after.bank_accounts.iter().all(|account| account.confirmed));
        assert_eq!(after.bank_for("USD", now).expect("an account").account, "3900001");
        let later = now + SignedDuration::from_hours(25);
        assert_eq!(after.bank_for("USD", later).expect("an account").account, "99887766");
        let log = proposer.get("/settings/log").await;
        assert!(log.contains("Proposed a bank account") && log.contains("Confirmed a bank account"), "{log}");
        whole_log(&world).await;
    }
}

#[tokio::test]
async fn somebody_invited_afterwards_confirms_nothing() {
    for mut world in worlds("bank_late").await {
        world.import("orders.csv", &orders()).await;
        let owner = settled(&world, Role::Owner).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        send_letters(&world.house).await.expect("sends");
        propose_account(&with_user(&world, &owner), "USD", details("99887766")).await.expect("proposed");
        world.set_clock("2026-03-04T10:00:00Z");
        let late = hired(&world, Role::Finance).await;
        let account = settings(&world).await.bank_accounts.into_iter().find(|one| !one.confirmed).expect("waits");
        let refused = confirm_account(&with_user(&world, &late), "USD", &seal_of(&account)).await;
        assert!(refused.expect_err("refused").to_string().contains("joined"), "too late");
        // At the command line there is nobody to be the second.
        assert!(confirm_account(&as_person(&world.house, "root"), "USD", &seal_of(&account)).await.is_err());
    }
}

#[tokio::test]
async fn safe_mode_rehearses_and_going_live_begins_with_the_first_step() {
    for mut world in worlds("safe").await {
        world.import("orders.csv", &orders()).await;
        enter_safe_mode(&as_person(&world.house, "Lin Yue")).await.expect("safe");
        world.refresh().await;
        let account = run_decisions(&world.house, RunOptions::default()).await.expect("rehearses");
        let done = account.rehearsal.expect("a rehearsal");
        assert_eq!((done.sent, done.known), (1, 0), "{:?}", done.notes);
        let files = world.letters();
        let text = std::fs::read_to_string(&files[0]).expect("a mail");
        assert!(files.len() == 1 && text.contains("lin@story.example") && !text.contains("To: \"Anna"), "{text}");
        let tenant = world.house.tenant.id;
        let kept = world.house.store.rehearsals(tenant, 10).await.expect("reads");
        let words = kept[0].text.clone().expect("the text");
        assert!(words.body.lines().next().is_some_and(|line| line.contains("anna@rossi.example")), "{}", words.body);
        // Nothing advanced: no letter, no step, no task, and the same again changes nothing.
        for state in [LetterState::Review, LetterState::Queued, LetterState::Sent] {
            assert!(world.house.store.letters_in(tenant, state, 10).await.expect("reads").is_empty());
        }
        let again = run_decisions(&world.house, RunOptions::default()).await.expect("rehearses").rehearsal;
        assert_eq!(again.map(|done| (done.sent, done.known)), Some((0, 1)));
        let sent = send_letters(&world.house).await.expect("holds back");
        assert!(sent.held_back && sent.sent == 0);
        assert!(go_live(&as_person(&world.house, "Lin Yue"), "something else").await.is_err());
        go_live(&as_person(&world.house, "Lin Yue"), "Ningbo Story Co., Ltd.").await.expect("live");
        world.refresh().await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let letters = world.house.store.letters_in(tenant, LetterState::Sent, 10).await.expect("reads");
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].letter, kept[0].letter.letter, "the step that was rehearsed");
        whole_log(&world).await;
    }
}

#[tokio::test]
async fn letters_carry_the_lines_of_whoever_looks_after_the_buyer() {
    for world in worlds("signature").await {
        world.import("orders.csv", &orders()).await;
        let seller = hired(&world, Role::Sales).await;
        let mut commit = with_user(&world, &seller).begin().await.expect("begins");
        let lines = "Zhou Hao, Sales\nWhatsApp +86 138 0000 0000";
        commit.set_own(seller.id, "Zhou Hao", None, lines, "zhou@story.example").await.expect("kept");
        commit.finish().await.expect("kept");
        let owner = as_person(&world.house, "Lin Yue");
        hand_over(&owner, party(&world, "D-0001").await, Some(seller.id)).await.expect("handed over");
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let text = std::fs::read_to_string(&world.letters()[0]).expect("a mail");
        assert!(text.contains("Reply-To: zhou@story.example"), "{text}");
        assert!(text.contains("<lin@story.example>"), "{text}");
        assert!(text.contains("Zhou Hao, Sales") && text.contains("WhatsApp"), "{text}");
    }
}

const SHOP: &str = "Order ID,Order Status,Order Placed (UTC),Payment Time (UTC),Buyer Name,Buyer Login,Buyer Email,\
                    Buyer Country,Product,Quantity,Order Amount,Currency\n\
                    1103000000000000001,Awaiting payment,2026-03-01 18:30:00,,Ana Ruiz,mx77abae,ana@buyers.example,\
                    Mexico,Tent,2,US $25.50,USD\n";

#[tokio::test]
async fn an_erased_person_is_nowhere_and_the_books_stay() {
    for world in worlds("erase").await {
        world.import("orders.csv", &orders()).await;
        world.import("shop.csv", SHOP).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        send_letters(&world.house).await.expect("sends");
        let house = as_person(&world.house, "Lin Yue");
        let (company, consumer) = (party(&world, "D-0001").await, party(&world, "Ana Ruiz").await);
        let known = export_person(&house, company).await.expect("known").to_string();
        assert!(known.contains("anna@rossi.example") && known.contains("INV-2026-001"), "{known}");
        // People as somebody here entered and changed them stand in the log with before and after.
        let anna = find_contact(&house, company, "Anna Rossi").await.expect("Anna");
        let called = PersonForm { phone: "+39 02 5550199".to_string(), ..form_of(&anna) };
        change_contact(&house, company, anna.id, &called).await.expect("changed");
        let anna = anna.id;
        let form = |name: &str, email: &str| PersonForm {
            name: name.to_string(),
            email: email.to_string(),
            phone: "+39 333 7654321".to_string(),
            ..PersonForm::default()
        };
        let luca = add_contact(&house, company, &form("Luca Verdi", "luca@rossi.example")).await.expect("added");
        let neri = form("Luca Neri", "neri@rossi.example");
        change_contact(&house, company, luca, &neri).await.expect("changed");
        // What is written down of a task about a buyer is about the buyer.
        let asked = TalkForm {
            place: TalkPlace::Phone,
            on: None,
            contact: None,
            asked: false,
            intent: Some(Intent::AsksQuestion),
            receivable: None,
            text: "Where is it?".to_string(),
            file: None,
        };
        log_talk(&house, consumer, &asked).await.expect("logged");
        let tasks = house.store.open_tasks(house.tenant.id, &house.sight, house.now()).await.expect("tasks");
        let task = tasks.iter().find(|task| task.party_id == Some(consumer)).expect("an answer to give").number;
        finish_task(&house, task, "told Ana Ruiz on the phone").await.expect("done");
        let words = words_of_log(&world).await;
        assert!(words.contains("Luca Verdi") && words.contains("told Ana Ruiz"), "readable until then: {words}");
        erase_contact(&house, company, luca, "Luca Neri").await.expect("erased");
        assert!(erase_contact(&house, company, anna, "Anna").await.is_err(), "typed wrong");
        erase_contact(&house, company, anna, "Anna Rossi").await.expect("erased");
        assert!(erase_debtor(&house, company, "Rossi Outdoor S.r.l.").await.is_err(), "a company stays");
        erase_debtor(&house, consumer, "Ana Ruiz").await.expect("erased");
        let known = export_person(&house, company).await.expect("known").to_string();
        assert!(!known.contains("anna@rossi.example") && known.contains("INV-2026-001"), "{known}");
        let mut dump = Vec::new();
        house.store.dump(house.now(), &mut dump).await.expect("dumps");
        let dump = String::from_utf8(dump).expect("text");
        let names = ["Ana Ruiz", "mx77abae", "ana@buyers.example", "Anna Rossi", "anna@rossi.example", "Luca Verdi"];
        for word in names {
            assert!(!dump.contains(word), "{word} is still there");
        }
        let words = words_of_log(&world).await;
        for word in ["Anna Rossi", "anna@", "5550199", "Luca", "luca@", "neri@", "7654321", "Ana Ruiz"] {
            assert!(!words.contains(word), "the log still says {word}: {words}");
        }
        // Both files named somebody; what is kept of files names nobody now.
        let kept = house.store.kept_files(house.tenant.id).await.expect("reads");
        assert!(kept.is_empty(), "{kept:?}");
        let (findings, _) = house.store.doctor().await.expect("looks");
        assert!(findings.is_empty(), "{findings:?}");
        whole_log(&world).await;
        // The next run meets people without a name and goes on.
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    }
}

#[tokio::test]
async fn an_invitation_opens_the_door_once() {
    for world in worlds("invite").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let made = owner.post("/settings/people/invite", "name=Wu+Fan&email=wu@story.example&role=sales").await;
        let place = location(&made);
        assert!(place.starts_with("/settings/people?again="), "{made}");
        let page = owner.get(&place).await;
        assert!(owner.get(&place).await.contains("/join/"), "still there after a reload");
        let other = site.enter(&world, Role::Manager).await;
        assert!(!other.get(&place).await.contains("/join/"), "for nobody else");
        let path = page.split("/join/").nth(1).and_then(|rest| rest.split('<').next()).expect("a link").to_string();
        let path = format!("/join/{path}");
        assert!(!owner.get("/settings/people").await.contains("/join/"), "shown once");
        let stranger = site.stranger();
        assert!(stranger.get(&path).await.contains("Wu Fan"));
        let weak = stranger.post(&path, "name=Wu+Fan&password=password12").await;
        assert!(weak.starts_with("HTTP/1.1 422"), "{weak}");
        let joined = stranger.post(&path, "name=Wu+Fan&password=tidal+oboe+gravel+fern").await;
        assert!(joined.starts_with("HTTP/1.1 303"), "{joined}");
        assert!(stranger.get(&path).await.starts_with("HTTP/1.1 410"));
        let sales = site.enter(&world, Role::Sales).await;
        for closed in ["/settings/company", "/settings/bank", "/settings/log", "/settings/data", "/welcome"] {
            assert!(sales.get(closed).await.starts_with("HTTP/1.1 403"), "{closed}");
        }
        assert!(sales.get("/settings/me").await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn a_mail_password_is_written_and_never_shown() {
    for world in worlds("password").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let form = "server=mail.story.example:587&user=lin&password=geheim-42&security=starttls";
        assert!(owner.post("/settings/channels", form).await.starts_with("HTTP/1.1 303"));
        let kept = settings(&world).await.transport.smtp_password_sealed.expect("kept");
        assert!(!kept.contains("geheim"));
        for page in ["/settings/channels", "/settings/log", "/settings/log/export?form=jsonl", "/welcome?step=mail"] {
            let shown = owner.get(page).await;
            assert!(
                shown.starts_with("HTTP/1.1 200") && !shown.contains("geheim-42") && !shown.contains(&kept),
                "{page}"
            );
        }
        // A password kept for one server goes to no other.
        owner.post("/settings/channels", "server=evil.example:25&user=lin&security=none").await;
        assert!(settings(&world).await.transport.smtp_password_sealed.is_none());
    }
}

#[tokio::test]
async fn a_file_is_previewed_mapped_and_taken_in() {
    for world in worlds("upload").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let text = orders().replace("合同金额", "Betrag");
        let body = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"orders.csv\"\r\n\
             Content-Type: text/csv\r\n\r\n{text}\r\n--XX\r\nContent-Disposition: form-data; name=\"next\"\r\n\r\n\
             /welcome?step=playbooks\r\n--XX--\r\n"
        );
        let sent = owner.send("POST", "/import", &["Content-Type: multipart/form-data; boundary=XX"], &body).await;
        let page = owner.get(&location(&sent)).await;
        // The column for the amount has a name nobody knows: without it these could be buyers.
        assert!(page.contains("Betrag"), "{page}");
        let file = page.split("name=\"file\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a file");
        let guessed = format!("name=orders.csv&file={file}&kind=orders&was_kind=debtors");
        let asked = owner.get(&location(&owner.post("/import/preview", &guessed).await)).await;
        assert!(asked.contains("not understood yet") && asked.contains("name=\"column_I\""), "{asked}");
        let fields = ["order_number", "debtor_number", "debtor_name", "country", "contact_name", "role", "email"];
        let more = ["currency", "amount", "terms", "ordered_on", "invoice_number", "invoice_on"];
        let columns: String =
            fields.iter().chain(&more).zip('A'..).map(|(field, letter)| format!("&column_{letter}={field}")).collect();
        let form =
            format!("name=orders.csv&file={file}&next=/welcome?step%3Dplaybooks&kind=orders&was_kind=orders{columns}");
        let place = location(&owner.post("/import/preview", &form).await);
        assert!(!place.contains("orders.csv"), "{place}");
        let page = owner.get(&place).await;
        assert!(page.contains("formaction=\"/import/take\"") && !page.contains("not understood yet"), "{page}");
        assert!(world.house.store.find_party(world.house.tenant.id, "D-0001").await.expect("reads").is_none());
        let taken = owner.post("/import/take", &form).await;
        let work = taken.lines().find_map(|line| line.strip_prefix("location: ")).expect("a job").trim().to_string();
        assert!(work.starts_with("/jobs/"), "{taken}");
        let mut shown = String::new();
        for _ in 0..100 {
            shown = owner.get(&work).await;
            if !shown.contains("data-refresh") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(shown.contains("Done") && shown.contains("href=\"/welcome?step=playbooks\""), "{shown}");
        assert!(owner.get("/debtors/D-0001").await.contains("Rossi Outdoor"));
        let letter = owner.get("/welcome?step=letter").await;
        assert!(letter.contains("anna@rossi.example") && letter.contains("12,430.00"), "{letter}");
    }
}

#[tokio::test]
async fn settings_leave_their_earlier_state_and_a_line() {
    for world in worlds("rules").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let rules = "gap_hours=96&weekly_ceiling_consumer=2&weekly_ceiling_company=3&promise_margin_days=3\
                     &promise_cap_days=30&statement_max_age_days=7&approval_days=5&review_all=yes";
        assert!(owner.post("/settings/rules", rules).await.starts_with("HTTP/1.1 303"));
        let kept = settings(&world).await;
        assert_eq!((kept.gap_hours, kept.approval_days, kept.review_all), (96, 5, true));
        let log = owner.get("/settings/log?noun=settings").await;
        assert!(
            log.contains("Changed the rules")
                && log.contains("hours between two letters")
                && log.contains("<ins>96</ins>"),
            "{log}"
        );
        owner.post("/settings/rules", &rules.replace("gap_hours=96", "gap_hours=1")).await;
        assert_eq!(settings(&world).await.gap_hours, 96, "out of bounds");
        let company = "company=Story+Two&address=Ningbo&name=Lin&email=lin@story.example&phone=&time_zone=Mars/Base\
                       &ui_language=en&base_currency=USD";
        owner.post("/settings/company", company).await;
        assert_eq!(settings(&world).await.time_zone, "Asia/Shanghai", "no such zone");
        owner.post("/settings/company", &company.replace("Mars/Base", "Europe/Berlin")).await;
        assert_eq!(settings(&world).await.sender.company, "Story Two");
        let berlin = company.replace("Mars/Base", "Europe/Berlin");
        let typed = "&difficulty_en=+Our+mill+is+paid+this+week.+&difficulty_es=&difficulty_zh=";
        owner.post("/settings/company", &(berlin.clone() + typed)).await;
        assert_eq!(settings(&world).await.difficulty.en, "Our mill is paid this week.");
        owner.post("/settings/company", &(berlin.clone() + "&difficulty_en=" + &"x".repeat(201))).await;
        owner.post("/settings/company", &berlin).await;
        assert_eq!(settings(&world).await.difficulty.en, "Our mill is paid this week.", "too long, or not asked for");
        let log = owner.get("/settings/log?noun=settings").await;
        assert!(log.contains("our difficulty, English"), "{log}");
        whole_log(&world).await;
    }
}
