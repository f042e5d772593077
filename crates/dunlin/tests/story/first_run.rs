//! The first day of somebody new: nothing that was typed is lost, and no answer is a dead end.

use std::sync::Arc;

use dunlin::building::Building;
use dunlin::use_cases::change_settings::enter_safe_mode;
use dunlin::use_cases::import_statement::import_statement;
use dunlin::use_cases::manage_users::{FirstOwner, set_up};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_store::{Settings, Store};

use crate::site::{Site, Visitor};
use crate::world::{World, as_person, key, mt940, orders, places, worlds};

/// Where an answer leads.
fn location(answer: &str) -> String {
    let place = answer.lines().find_map(|line| line.strip_prefix("location: "));
    place.unwrap_or_else(|| panic!("no redirect: {answer}")).trim().to_string()
}

async fn settings(world: &World) -> Settings {
    world.house.store.tenant(world.house.tenant.id).await.expect("the firm").settings
}

/// The page to which a form that is refused leads.
async fn refused(visitor: &Visitor, action: &str, fields: &str, page: &str) -> String {
    let answer = visitor.post(action, fields).await;
    let place = location(&answer);
    assert!(place.starts_with(page) && place.contains("again="), "{action}: {place}");
    let shown = visitor.get(&place).await;
    assert!(shown.contains("id=\"form-refused\"") && shown.contains("role=\"alert\""), "{action}: {shown}");
    assert!(visitor.get(&place).await.contains("id=\"form-refused\""), "{action}: a reload shows it again");
    assert!(!visitor.get(page).await.contains("id=\"form-refused\""), "{action}: and nothing else does");
    shown
}

/// How many firms there are, and how many people in the first.
async fn firms_and_people(store: &Store) -> (usize, usize) {
    let firms = store.tenants().await.expect("reads");
    let people = store.users(firms[0].id).await.expect("reads");
    (firms.len(), people.len())
}

#[tokio::test]
async fn two_set_up_forms_at_once_make_one_firm() {
    for (dir, place) in places("set_up").await {
        let store = Store::open(&place, &key()).await.expect("opens");
        let building = Building::new(store.clone(), dir.path(), Arc::new(Vec::new()));
        let code = building.open_set_up().expect("a code");
        let site = Site::of(building).await;
        let form = |who: &str, password: &str| {
            format!("code={code}&company={who}+Co&name={who}&email={who}@story.example&password={password}")
        };
        // A form that is refused takes nobody's code away.
        let weak = site.stranger().post("/set-up", &form("Lin", "password12")).await;
        assert!(weak.starts_with("HTTP/1.1 422"), "{weak}");
        let (one, other) = (site.stranger(), site.stranger());
        let (first, second) = (form("Lin", "tidal+oboe+gravel+fern"), form("Wu", "tidal+oboe+gravel+fern"));
        let (first, second) = tokio::join!(one.post("/set-up", &first), other.post("/set-up", &second));
        let in_by = [&first, &second].into_iter().filter(|answer| answer.contains("location: /welcome")).count();
        assert_eq!(in_by, 1, "{first}\n{second}");
        assert_eq!(firms_and_people(&store).await, (1, 1));
        let late = site.stranger().post("/set-up", &form("Xu", "tidal+oboe+gravel+fern")).await;
        assert!(!late.contains("location: /welcome"), "{late}");
        assert_eq!(firms_and_people(&store).await, (1, 1));
    }
}

#[tokio::test]
async fn the_first_user_of_a_firm_that_exists_is_told_whether_letters_leave() {
    for (dir, place) in places("set_up_known").await {
        let store = Store::open(&place, &key()).await.expect("opens");
        let made = store.create_first_tenant("Known Co", &Settings::default(), jiff::Timestamp::now()).await;
        assert!(made.expect("makes").is_some());
        let building = Building::new(store, dir.path(), Arc::new(Vec::new()));
        let code = building.open_set_up().expect("a code");
        let page = Site::of(building).await.stranger().get(&format!("/set-up?code={code}&lang=en")).await;
        assert!(page.contains("Become its owner") && page.contains("Known Co"), "{page}");
        assert!(page.contains("Safe mode is off") && !page.contains("Nothing is sent until"), "{page}");
        assert!(!page.contains("name=\"company\""), "the firm has its name: {page}");
    }
}

#[tokio::test]
async fn a_firm_is_set_up_once_whoever_asks() {
    for (_dir, place) in places("set_up_once").await {
        let store = Store::open(&place, &key()).await.expect("opens");
        let owner = |who: &str| FirstOwner {
            company: format!("{who} Co"),
            name: who.to_string(),
            email: format!("{who}@story.example"),
            password: "tidal oboe gravel fern".to_string(),
            ui_language: "en".to_string(),
        };
        let (lin, wu) = (owner("Lin"), owner("Wu"));
        let (first, second) = tokio::join!(set_up(&store, None, &lin, ""), set_up(&store, None, &wu, ""));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        assert_eq!(firms_and_people(&store).await, (1, 1));
        let known = store.tenants().await.expect("reads")[0].id;
        let late = set_up(&store, Some(known), &owner("Xu"), "").await.expect_err("somebody works here");
        assert!(late.to_string().contains("set up already"), "{late}");
    }
}

#[tokio::test]
async fn what_was_typed_into_a_refused_form_is_there_again() {
    for world in worlds("typed").await {
        world.import("orders.csv", &orders()).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let debtor = "/debtors/D-0001";
        let fields = "until=2020-01-01&reason=at+the+fair+%22all+week%22&next=/debtors/D-0001";
        let page = refused(&owner, &format!("{debtor}/hold"), fields, debtor).await;
        assert!(page.contains("value=\"at the fair &#34;all week&#34;\"") && page.contains("fold\" open"), "{page}");
        assert!(page.contains("would already be over"), "{page}");
        let fields = "amount=%E4%BA%8C%E4%B8%87&currency=USD&date=2026-03-20&note=by+phone&next=/debtors/D-0001";
        let page = refused(&owner, &format!("{debtor}/promise"), fields, debtor).await;
        assert!(page.contains("value=\"二万\"") && page.contains("value=\"by phone\""), "{page}");
        let fields = "company=Story&address=Jiangbei+Road+7&name=Lin&email=lin@story.example&phone=&ui_language=en\
                      &time_zone=%E5%8C%97%E4%BA%AC%E6%97%B6%E9%97%B4&base_currency=USD";
        let page = refused(&owner, "/settings/company", fields, "/settings/company").await;
        assert!(page.contains(">Jiangbei Road 7</textarea>") && page.contains("value=\"北京时间\""), "{page}");
        let fields = "server=mail.story.example&user=lin&password=geheim-42&security=tls";
        let page = refused(&owner, "/settings/channels", fields, "/settings/channels").await;
        assert!(page.contains("value=\"mail.story.example\"") && page.contains("value=\"tls\" selected"), "{page}");
        assert!(!page.contains("geheim-42"), "{page}");
        let fields = "name=Wu+Fan&email=owner@story.example&role=finance";
        let page = refused(&owner, "/settings/people/invite", fields, "/settings/people").await;
        assert!(page.contains("value=\"Wu Fan\"") && page.contains("value=\"finance\" selected"), "{page}");
        // Somebody else finds nothing under that name.
        let answer = owner.post(&format!("{debtor}/hold"), "until=2020-01-01&reason=x&next=/debtors/D-0001").await;
        let other = site.enter(&world, Role::Manager).await;
        assert!(!other.get(&location(&answer)).await.contains("id=\"form-refused\""));
    }
}

#[tokio::test]
async fn a_step_of_the_first_run_keeps_what_was_typed_and_goes_on() {
    for world in worlds("wizard").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let company = "company=Story+Two&address=Jiangbei+Road+7&name=Lin&email=lin@story.example&phone=&step=company\
                       &ui_language=en&base_currency=USD&time_zone=";
        let page = refused(&owner, "/settings/company", &format!("{company}Mars/Base"), "/welcome?step=company").await;
        assert!(page.contains(">Jiangbei Road 7</textarea>"), "{page}");
        let done = owner.post("/settings/company", &format!("{company}Europe/Berlin")).await;
        assert_eq!(location(&done), "/welcome?step=mail");
        let kept = settings(&world).await;
        assert_eq!(kept.sender.company_address, "Jiangbei Road 7");
        assert!(kept.first_run.done.iter().any(|step| step == "company"));
        let done = owner.post("/settings/safe-mode/look", "review_all=yes&step=safe").await;
        assert_eq!(location(&done), "/welcome?step=letter");
        assert!(settings(&world).await.review_all);
        // The test keeps the fields, and says that a folder is no buyer.
        let tested = owner.post("/welcome/test", "server=&security=starttls&step=mail&save=yes").await;
        let page = owner.get(&location(&tested)).await;
        assert!(page.contains("No mail was sent"), "{page}");
    }
}

async fn upload(owner: &Visitor, name: &str, text: &str) -> String {
    let body = format!(
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n\
         {text}\r\n--XX--\r\n"
    );
    let answer = owner.send("POST", "/import", &["Content-Type: multipart/form-data; boundary=XX"], &body).await;
    owner.get(&location(&answer)).await
}

#[tokio::test]
async fn a_file_with_nothing_in_it_leads_back_to_the_import() {
    for world in worlds("no_file").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        for (name, text) in [("", ""), ("empty.csv", "")] {
            let page = upload(&owner, name, text).await;
            assert!(page.contains("id=\"form-refused\"") && page.contains("name=\"file\""), "{name}: {page}");
        }
        let head = orders().lines().next().expect("a head").to_string();
        let page = upload(&owner, "head.csv", &head).await;
        assert!(page.contains("no row below it") && !page.contains("formaction=\"/import/take\""), "{page}");
        let gone = owner.post("/import/preview", "name=a.csv&file=0123&kind=orders").await;
        let page = owner.get(&location(&gone)).await;
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("data-drop"), "{page}");
    }
}

#[tokio::test]
async fn what_was_not_read_can_be_looked_at_after_the_import() {
    for world in worlds("unread").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let text = orders().replace("anna@rossi.example", "anna at rossi");
        let page = upload(&owner, "orders.csv", &text).await;
        let again = page.split("/import/unread?again=").nth(1).and_then(|rest| rest.split('"').next());
        let list = owner.get(&format!("/import/unread?again={}", again.expect("a list"))).await;
        assert!(list.contains("text/csv") && list.contains("anna at rossi"), "{list}");
        let file = page.split("name=\"file\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a file");
        let taken =
            owner.post("/import/take", &format!("name=orders.csv&file={file}&kind=orders&was_kind=orders")).await;
        let work = location(&taken);
        let mut shown = String::new();
        for _ in 0..100 {
            shown = owner.get(&work).await;
            if !shown.contains("data-refresh") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(shown.contains("See which ones"), "{shown}");
        let form = format!("name=orders.csv&file={file}&kind=orders&was_kind=orders");
        let looked = owner.get(&location(&owner.post("/import/preview", &form).await)).await;
        assert!(looked.contains("anna at rossi"), "{looked}");
        assert!(owner.get("/debtors/D-0001").await.contains("No email"), "the contact says so");
    }
}

#[tokio::test]
async fn rows_that_are_left_out_are_named_and_a_date_of_two_readings_is_asked_about() {
    for world in worlds("date_order").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let text = orders().replace("2026-01-30", "03/02/2026");
        let page = upload(&owner, "orders.csv", &text).await;
        assert!(page.contains("1 row is left out whole: 3.") && page.contains("Row left out"), "{page}");
        assert!(page.contains("name=\"date_order\""), "{page}");
        let again = page.split("/import/unread?again=").nth(1).and_then(|rest| rest.split('"').next());
        let list = owner.get(&format!("/import/unread?again={}", again.expect("a list"))).await;
        assert!(list.contains("03/02/2026") && list.contains("Row left out"), "{list}");
        let file = page.split("name=\"file\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a file");
        let form = format!("name=orders.csv&file={file}&kind=orders&was_kind=orders&date_order=");
        // Nonsense is no answer, and asks again.
        let strange = owner.get(&location(&owner.post("/import/preview", &format!("{form}%22%5D")).await)).await;
        assert!(strange.contains("1 row is left out whole: 3."), "{strange}");
        let read = owner.get(&location(&owner.post("/import/preview", &format!("{form}dmy")).await)).await;
        assert!(!read.contains("left out whole") && read.contains("value=\"dmy\" selected"), "{read}");
        let work = location(&owner.post("/import/take", &format!("{form}dmy")).await);
        for _ in 0..100 {
            if !owner.get(&work).await.contains("data-refresh") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let receivable = owner.get("/search?q=INV-2026-002").await;
        assert!(receivable.contains("/receivables/R-"), "{receivable}");
    }
}

#[tokio::test]
async fn today_says_why_nothing_presses_and_what_a_letter_lacks() {
    for mut world in worlds("notices").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        assert!(owner.get("/today").await.contains("Import your orders first"), "nothing is here");
        world.import("orders.csv", &orders().replace(",USD,", ",EUR,")).await;
        let mut settings = world.house.tenant.settings.clone();
        settings.review_all = true;
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.save_settings(&settings).await.expect("saved");
        commit.finish().await.expect("kept");
        world.refresh().await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        for page in ["/today", "/letters/L-0001"] {
            let shown = owner.get(page).await;
            assert!(shown.contains("no confirmed account exists"), "{page}: {shown}");
        }
        let receivable = owner.get("/receivables/R-0001").await;
        assert!(receivable.contains("No bank statement was read yet"), "{receivable}");
        let money = mt940("260120", "77,00", "UNKNOWN PAYER LTD", "NO NUMBER AT ALL");
        import_statement(&world.house, "january.sta", money.as_bytes(), Format::Auto).await.expect("read");
        assert!(owner.get("/today").await.contains("nothing presses for money until newer ones"), "old statements");
    }
}

#[tokio::test]
async fn while_things_are_tried_out_today_leads_to_the_rehearsals() {
    for mut world in worlds("tried_out").await {
        world.import("orders.csv", &orders()).await;
        enter_safe_mode(&as_person(&world.house, "Lin Yue")).await.expect("safe");
        world.refresh().await;
        run_decisions(&world.house, RunOptions::default()).await.expect("rehearses");
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let today = owner.get("/today").await;
        assert!(today.contains("one rehearsed letter") && today.contains("href=\"/settings/rehearsals\""), "{today}");
        let rehearsals = owner.get("/settings/rehearsals").await;
        assert!(rehearsals.contains("若已上线") && rehearsals.contains("anna@rossi.example"), "{rehearsals}");
    }
}

#[tokio::test]
async fn a_letter_that_was_stopped_can_still_be_read_and_says_so() {
    for mut world in worlds("stopped").await {
        world.import("orders.csv", &orders()).await;
        let mut settings = world.house.tenant.settings.clone();
        settings.review_all = true;
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.save_settings(&settings).await.expect("saved");
        commit.finish().await.expect("kept");
        world.refresh().await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let refused = owner.post("/letters/L-0001/decline", "reason=+&next=/letters/L-0001").await;
        assert!(location(&refused).contains("again="), "{refused}");
        assert!(owner.get("/letters/L-0001").await.contains("/letters/L-0001/approve"), "a reason is wanted");
        owner.post("/letters/L-0001/decline", "reason=we+met").await;
        let shown = owner.get("/letters/L-0001").await;
        assert!(shown.contains("Not sent") && shown.contains("INV-2026-001"), "{shown}");
        assert!(shown.contains("This was not sent."), "{shown}");
    }
}
