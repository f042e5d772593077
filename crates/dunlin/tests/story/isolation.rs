//! Every door × every role × another firm's and another salesperson's things. The list of doors is the product's own:
//! a new route is in here by being on it.

use axum::http::Method;
use dunlin::house::{Clock, House};
use dunlin::use_cases::approve_letter::approve_letter;
use dunlin::use_cases::log_talk::{TalkForm, log_talk};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::web::doors::{DOORS, Door, Who};
use dunlin_core::access::Role;
use dunlin_core::talk::TalkPlace;
use dunlin_store::{Actor, LogFilter, Scope, Seen, Settings, User, Via};
use jiff::{SignedDuration, Timestamp};

use crate::site::{Site, Visitor, hired, settled};
use crate::world::{MORNING, World, at, orders, worlds};

/// Names of things of another firm, which mean nothing in this one.
pub struct Foreign {
    user: String,
    cover: String,
    session: String,
    key: String,
    job: String,
}

impl Foreign {
    /// The name of something of the other firm that this firm has nothing of.
    pub fn name(&self, seen: Seen) -> &str {
        match seen {
            Seen::Party => "D-0009",
            Seen::Receivable => "R-0009",
            Seen::Letter => "L-0009",
            Seen::Task => "T-0009",
            Seen::Payment => "P-0009",
            Seen::Order => "X-9",
            Seen::User => &self.user,
            Seen::Cover => &self.cover,
            Seen::Session => &self.session,
            Seen::Key => &self.key,
            Seen::Job => &self.job,
        }
    }
}

/// A second firm in the same database, with everything that a door can be about. Its human numbers go further than the
/// first firm's, so that they mean nothing there.
pub async fn other_firm(world: &World) -> Foreign {
    let store = world.house.store.clone();
    let settings = Settings { time_zone: "Asia/Shanghai".to_string(), ..Settings::default() };
    let id = store.create_tenant("Other", &settings, true, at(MORNING)).await.expect("a firm");
    let tenant = store.tenant(id).await.expect("the firm");
    let house =
        House::new(store.clone(), tenant, Clock::Fixed(at(MORNING)), world.dir.path(), None).await.expect("a house");
    let mut rows =
        String::from("订单号,客户编号,客户名称,国家,联系人,邮箱,币种,合同金额,付款方式,下单日期,发票号,发票日期\n");
    let mut money = String::from("Reference,Amount,Currency,Received On,Payer\n");
    for n in 1..=18 {
        // Half of them have nobody to write to: somebody has to be found.
        let person = if n <= 9 { format!("Eva,eva{n}@secret.example") } else { ",".to_string() };
        rows +=
            &format!("X-{n},Z{n},Secret Buyer {n},德国,{person},USD,777.00,OA 30 days,2026-01-10,SX-{n},2026-01-20\n");
        money += &format!("nobody {n},{n}.00,USD,2026-02-01,Secret Payer {n}\n");
    }
    let options = dunlin::import::ImportOptions::default();
    let payments = dunlin::import::ImportOptions { kind: Some(dunlin::import::Kind::Payments), ..options.clone() };
    for (name, text, options) in [("x.csv", &rows, options), ("money.csv", &money, payments)] {
        let (now, bytes) = (house.now(), text.as_bytes());
        let read = dunlin::import::import_file(&house.store, &house.tenant, now, &house.actor, name, bytes, &options);
        let report = read.await.expect("imports");
        assert!(report.counts.added == 18, "{:?}", report.problems);
    }
    run_decisions(&house, RunOptions::default()).await.expect("runs");
    let now = house.now();
    let mut commit = store.begin(id, now, &Actor::system()).await.expect("begins");
    let user = commit.add_user("eve@other.example", "Eve", Role::Owner, Some("-")).await.expect("hired");
    let deputy = commit.add_user("ed@other.example", "Ed", Role::Sales, Some("-")).await.expect("hired");
    commit.add_stand_in(user, deputy, house.today(), house.today()).await.expect("named");
    let key = commit.add_token(user, "key", "see", "hash", now + SignedDuration::from_hours(24)).await.expect("a key");
    commit.finish().await.expect("kept");
    let wall = Timestamp::now();
    let session = store.open_session(id, user, "hash", ("", ""), wall).await.expect("a session");
    let job = store.begin_job(id, "import", "x.csv", Some(user), wall).await.expect("a job");
    let cover = store.stand_ins(id, house.today()).await.expect("reads").remove(0).id;
    let names = Foreign { user: user.to_string(), cover, session: session.to_string(), key: key.to_string(), job };
    for seen in [Seen::Party, Seen::Receivable, Seen::Letter, Seen::Task, Seen::Payment, Seen::Order] {
        let there = store.sees(id, &dunlin_store::Sight::Everybody, seen, names.name(seen)).await.expect("looks");
        assert!(there, "the other firm has no {}", names.name(seen));
    }
    names
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
}

async fn knock(visitor: &Visitor, door: &Door, name: &str) -> String {
    visitor
        .send(door.method.as_str(), &door.filled(name), &[], if door.method == Method::GET { "" } else { "x=1" })
        .await
}

pub async fn refusals(world: &World) -> usize {
    let filter = LogFilter { noun: "path".to_string(), ..LogFilter::default() };
    let lines = world.house.store.audit_log(world.house.tenant.id, &filter, 10_000).await.expect("the log");
    lines.iter().filter(|line| line.verb == "access.refused").count()
}

fn pages() -> impl Iterator<Item = &'static Door> {
    DOORS.iter().filter(|door| !door.is_api())
}

#[tokio::test]
async fn nobody_comes_through_a_door_that_is_not_theirs() {
    for world in worlds("doors").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let foreign = other_firm(&world).await;
        let site = Site::open(&world).await;
        strangers_are_sent_to_the_sign_in(&site.stranger()).await;
        for role in Role::ALL {
            let visitor = site.enter(&world, *role).await;
            for door in pages() {
                let may = match door.who {
                    Who::Anyone => continue,
                    Who::SignedIn => true,
                    Who::May(right) => role.may(right),
                };
                // Signing out, and a stream that does not end.
                if may && door.about.is_none() {
                    continue;
                }
                let before = refusals(&world).await;
                let name = door.about.map_or("x", |seen| foreign.name(seen));
                let answer = knock(&visitor, door, name).await;
                let what = format!("{} {} as {}", door.method, door.path, role.code());
                assert!(!answer.contains("Secret"), "{what}");
                let expected = if may { 404 } else { 403 };
                assert_eq!(status(&answer), expected, "{what}: {}", &answer[..answer.len().min(300)]);
                assert_eq!(refusals(&world).await, before + 1, "{what} is not in the log");
            }
        }
    }
}

async fn strangers_are_sent_to_the_sign_in(stranger: &Visitor) {
    for door in pages().filter(|door| door.who != Who::Anyone) {
        let answer = knock(stranger, door, "1").await;
        assert_eq!(status(&answer), 303, "{} {}", door.method, door.path);
        assert!(answer.contains("location: /sign-in?next="), "{} {}", door.method, door.path);
    }
}

/// Gives every buyer of the firm to one salesperson.
async fn give_all_to(world: &World, user: &User) {
    let house = &world.house;
    let mut commit = house.store.begin(house.tenant.id, house.now(), &Actor::system()).await.expect("begins");
    commit.reassign_all(None, user.id).await.expect("handed over");
    commit.finish().await.expect("kept");
}

#[tokio::test]
async fn salespeople_see_their_own_buyers_and_those_they_stand_in_for() {
    for world in worlds("sight").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let anna = hired(&world, Role::Sales).await;
        give_all_to(&world, &anna).await;
        let house = &world.house;
        let mut commit = house.store.begin(house.tenant.id, house.now(), &Actor::system()).await.expect("begins");
        let ben = commit.add_user("ben@story.example", "Ben", Role::Sales, Some("-")).await.expect("hired");
        commit.finish().await.expect("kept");
        let ben = house.store.user(house.tenant.id, ben).await.expect("Ben");
        let site = Site::open(&world).await;
        let (hers, his) = (site.enter_as(&anna).await, site.enter_as(&ben).await);
        for page in ["/today", "/debtors", "/orders", "/letters", "/debtors?q=Rossi", "/orders?q=QH"] {
            assert!(!his.get(page).await.contains("Rossi Outdoor"), "{page}");
        }
        for page in ["/debtors", "/orders", "/debtors/D-0001"] {
            assert!(hers.get(page).await.contains("Rossi"), "{page}");
        }
        for door in pages().filter(|door| door.about.is_some()) {
            let Who::May(right) = door.who else { continue };
            let own = match door.about {
                Some(Seen::Party) => "D-0001",
                Some(Seen::Receivable) => "R-0001",
                Some(Seen::Letter) => "L-0001",
                Some(Seen::Task) => "T-0001",
                Some(Seen::Payment) => "P-0001",
                Some(Seen::Order) => "QH-1",
                _ => continue,
            };
            let answer = knock(&his, door, own).await;
            let expected = if Role::Sales.may(right) { 404 } else { 403 };
            assert_eq!(status(&answer), expected, "{} {}", door.method, door.path);
            assert!(!answer.contains("Rossi"), "{}", door.path);
        }
        let mut commit = house.store.begin(house.tenant.id, house.now(), &Actor::system()).await.expect("begins");
        commit.add_stand_in(anna.id, ben.id, house.today(), house.today()).await.expect("named");
        commit.finish().await.expect("kept");
        assert!(his.get("/debtors/D-0001").await.contains("Rossi"), "while she is away");
    }
}

/// What the later braces of a path name: a person at a debtor, and a talk with it.
pub struct Within {
    contact: String,
    talk: String,
}

impl Within {
    /// Of a debtor of any firm, with a talk that is logged for it.
    pub async fn of(house: &House, debtor: &str) -> Self {
        let (party, _) = house.store.find_party(house.tenant.id, debtor).await.expect("reads").expect("a debtor");
        let contact = house.store.contacts_of(house.tenant.id, party).await.expect("people").remove(0).id;
        let form = TalkForm {
            place: TalkPlace::Wechat,
            on: None,
            contact: Some(contact),
            asked: false,
            intent: None,
            receivable: None,
            text: "Secret words".to_string(),
            file: None,
        };
        let talk = log_talk(house, party, &form).await.expect("logged");
        Self { contact: contact.to_string(), talk: talk.to_string() }
    }

    /// The path of a door to D-0001, with what lies within another debtor in its later braces; `None` where it has none.
    pub fn path(&self, door: &Door) -> Option<String> {
        if door.about != Some(Seen::Party) || door.path.matches('{').count() < 2 {
            return None;
        }
        let fill = |part: &str| match part {
            "{number}" => "D-0001".to_string(),
            "{contact}" => self.contact.clone(),
            "{talk}" => self.talk.clone(),
            other if other.starts_with('{') => panic!("nothing is known for {other} of {}", door.path),
            other => other.to_string(),
        };
        Some(door.path.split('/').map(fill).collect::<Vec<_>>().join("/"))
    }
}

/// Everything about a debtor that a door to somebody within it could change.
pub async fn within_now(house: &House, debtor: &str) -> String {
    let (store, tenant) = (&house.store, house.tenant.id);
    let (party, _) = store.find_party(tenant, debtor).await.expect("reads").expect("a debtor");
    let facts = store.facts(tenant, Scope::One(party), house.now()).await.expect("facts");
    let people = store.contacts_of(tenant, party).await.expect("people");
    let talks = store.talks_of(tenant, party).await.expect("talks");
    format!("{people:?} {:?} {talks:?}", facts[0].contacts)
}

/// The house of the other firm.
pub async fn house_of_other(world: &World) -> House {
    let store = world.house.store.clone();
    let tenant = store.tenants().await.expect("firms").into_iter().find(|firm| firm.id != world.house.tenant.id);
    let tenant = tenant.expect("the other firm");
    House::new(store, tenant, Clock::Fixed(at(MORNING)), world.dir.path(), None).await.expect("a house")
}

#[tokio::test]
async fn what_lies_within_another_debtor_is_not_reached_through_ones_own() {
    for world in worlds("within").await {
        world.import("orders.csv", &orders()).await;
        other_firm(&world).await;
        let other = house_of_other(&world).await;
        let (near, far) = (Within::of(&world.house, "D-0002").await, Within::of(&other, "D-0001").await);
        let before = (within_now(&world.house, "D-0002").await, within_now(&other, "D-0001").await);
        let site = Site::open(&world).await;
        let seller = hired(&world, Role::Sales).await;
        give_all_to(&world, &seller).await;
        let form = "name=Mallory&role=buyer&email=mallory%40evil.example&reason=x&only=1&outcome=objected&next=/today";
        let mut knocks = 0;
        for role in Role::ALL {
            let visitor = site.enter(&world, *role).await;
            for (door, within) in pages().flat_map(|door| [(door, &near), (door, &far)]) {
                let Who::May(right) = door.who else { continue };
                let (Some(path), true) = (within.path(door), role.may(right)) else { continue };
                let body = if door.method == Method::GET { "" } else { form };
                let answer = visitor.send(door.method.as_str(), &path, &[], body).await;
                let what = format!("{} {} as {}", door.method, door.path, role.code());
                for word in ["Secret", "secret.example", "campo.example"] {
                    assert!(!answer.contains(word), "{what}: {answer}");
                }
                // A page is not there; a form says why not where it stood.
                let expected = if door.method == Method::GET { 404 } else { 303 };
                assert_eq!(status(&answer), expected, "{what}: {}", &answer[..answer.len().min(300)]);
                knocks += 1;
            }
        }
        assert!(knocks > 20, "{knocks}");
        let after = (within_now(&world.house, "D-0002").await, within_now(&other, "D-0001").await);
        assert_eq!(after, before);
    }
}

#[tokio::test]
async fn salespeople_see_the_jobs_that_they_began() {
    for world in worlds("jobs").await {
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let (seller, finance) = (hired(&world, Role::Sales).await, hired(&world, Role::Finance).await);
        let now = Timestamp::now();
        let theirs = store.begin_job(tenant, "import", "Secret.csv", Some(finance.id), now).await.expect("a job");
        let own = store.begin_job(tenant, "import", "own.csv", Some(seller.id), now).await.expect("a job");
        let site = Site::open(&world).await;
        let sales = site.enter_as(&seller).await;
        let refused = sales.get(&format!("/jobs/{theirs}")).await;
        assert!(status(&refused) == 404 && !refused.contains("Secret"), "{refused}");
        assert!(sales.get(&format!("/jobs/{own}")).await.contains("own.csv"));
        for (id, name) in [(&theirs, "Secret.csv"), (&own, "own.csv")] {
            assert!(site.enter(&world, Role::Owner).await.get(&format!("/jobs/{id}")).await.contains(name));
        }
    }
}

#[tokio::test]
async fn another_host_name_and_another_site_are_refused() {
    for world in worlds("hosts").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let elsewhere = owner.send("GET", "/today", &["Host: evil.example"], "").await;
        assert!(status(&elsewhere) == 421 || status(&elsewhere) == 400, "{elsewhere}");
        for door in pages().filter(|door| door.method == Method::POST) {
            for header in ["Sec-Fetch-Site: cross-site", "Origin: http://evil.example"] {
                let answer = owner.send("POST", &door.filled("1"), &[header], "x=1").await;
                assert_eq!(status(&answer), 403, "{} {header}", door.path);
            }
        }
    }
}

/// The house of the world, with every step of open-account invoices needing this.
pub async fn with_severe_steps(world: &World, autonomy: &str) -> House {
    let folder = world.dir.path().join(format!("playbooks-{autonomy}"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../playbooks/b5_open_account.toml");
    let text = std::fs::read_to_string(shipped).expect("the playbook");
    let wanted = format!("autonomy = \"{autonomy}\"");
    let text = text.replace("autonomy = \"automatic\"", &wanted).replace("autonomy = \"always_reviewed\"", &wanted);
    assert!(text.contains(&wanted));
    std::fs::write(folder.join("b5_open_account.toml"), text).expect("written");
    let house = &world.house;
    House::new(house.store.clone(), house.tenant.clone(), house.clock, world.dir.path(), Some(&folder))
        .await
        .expect("a house")
}

#[tokio::test]
async fn two_persons_have_to_approve_where_the_playbook_says_so() {
    for mut world in worlds("four_eyes").await {
        world.house = with_severe_steps(&world, "two_approvals").await;
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let (owner, manager) = (settled(&world, Role::Owner).await, settled(&world, Role::Manager).await);
        let act = |user: &User| world.house.clone().acting(Actor::user(Via::Page, user.acting(), String::new()));
        assert_eq!(approve_letter(&act(&owner), 1, None).await.expect("the first"), 1);
        let again = approve_letter(&act(&owner), 1, None).await.expect_err("the same person");
        assert!(again.to_string().contains("second person"), "{again}");
        let send = || dunlin::use_cases::send_letters::send_letters(&world.house);
        assert_eq!(send().await.expect("sends").sent, 0);
        assert_eq!(approve_letter(&act(&manager), 1, None).await.expect("the second"), 0);
        assert_eq!(approvals_of(&world).await.len(), 2);
    }
}

async fn approvals_of(world: &World) -> Vec<dunlin_store::Approval> {
    let store = &world.house.store;
    let letter = store.letter_by_number(world.house.tenant.id, 1).await.expect("the letter");
    store.approvals_of(world.house.tenant.id, letter.id).await.expect("reads")
}

#[tokio::test]
async fn an_approval_runs_out_and_ends_with_the_rights_of_who_gave_it() {
    for mut world in worlds("approval_ends").await {
        let settings = Settings { approval_days: 0, ..world.house.tenant.settings.clone() };
        world.house = with_severe_steps(&world, "approval").await;
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let (owner, manager) = (hired(&world, Role::Owner).await, hired(&world, Role::Manager).await);
        let act =
            |house: &House, user: &User| house.clone().acting(Actor::user(Via::Page, user.acting(), String::new()));
        // A yes that holds for no time at all: the text is the same, and still nothing leaves.
        let mut short = world.house.clone();
        short.tenant.settings = settings;
        assert_eq!(approve_letter(&act(&short, &owner), 1, None).await.expect("approved"), 0);
        let account = dunlin::use_cases::send_letters::send_letters(&world.house).await.expect("sends");
        assert_eq!(account.sent, 0, "{:?}", account.notes);
        assert!(account.notes.iter().any(|note| note.contains("ran out")), "{:?}", account.notes);
        // A yes of somebody who has left meanwhile.
        assert_eq!(approve_letter(&act(&world.house, &manager), 1, None).await.expect("approved"), 0);
        let mut commit =
            world.house.store.begin(world.house.tenant.id, world.house.now(), &Actor::system()).await.expect("begins");
        commit.set_user(manager.id, Role::Manager, dunlin_store::UserState::Left).await.expect("gone");
        commit.finish().await.expect("kept");
        let account = dunlin::use_cases::send_letters::send_letters(&world.house).await.expect("sends");
        assert_eq!(account.sent, 0, "{:?}", account.notes);
        assert!(account.notes.iter().any(|note| note.contains("may not any more")), "{:?}", account.notes);
        assert_eq!(approve_letter(&act(&world.house, &owner), 1, None).await.expect("approved"), 0);
        let account = dunlin::use_cases::send_letters::send_letters(&world.house).await.expect("sends");
        assert_eq!(account.sent, 1, "{:?}", account.notes);
    }
}

#[tokio::test]
async fn one_person_is_no_second_one_by_another_name_or_a_new_password() {
    for mut world in worlds("one_person").await {
        world.house = with_severe_steps(&world, "two_approvals").await;
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let (owner, manager) = (settled(&world, Role::Owner).await, settled(&world, Role::Manager).await);
        let house = &world.house;
        let act = |user: &User| house.clone().acting(Actor::user(Via::Page, user.acting(), String::new()));
        assert_eq!(approve_letter(&act(&owner), 1, None).await.expect("the first"), 1);
        let renamed = User { name: "Somebody Else".to_string(), ..owner.clone() };
        approve_letter(&act(&renamed), 1, None).await.expect_err("the same person");
        // The owner lets themselves in as the manager.
        let secret = dunlin::use_cases::manage_users::invite_again(&act(&owner), manager.id).await.expect("a link");
        let (store, tenant) = (&house.store, house.tenant.id);
        let later = house.now() + SignedDuration::from_secs(60);
        let mut commit = store.begin(tenant, later, &Actor::system()).await.expect("begins");
        let hash = dunlin::credentials::hash_secret(&secret);
        commit.accept_invitation(&hash, "", "-").await.expect("taken up");
        commit.finish().await.expect("kept");
        let manager = store.user(tenant, manager.id).await.expect("the manager");
        let mut house = house.clone().acting(Actor::user(Via::Page, manager.acting(), String::new()));
        house.clock = Clock::Fixed(later);
        let refused = approve_letter(&house, 1, None).await.expect_err("let in anew");
        assert!(refused.to_string().contains("was here before"), "{refused}");
        assert_eq!(approvals_of(&world).await.len(), 1);
    }
}

#[tokio::test]
async fn a_severe_letter_leaves_by_no_side_door() {
    for mut world in worlds("severe").await {
        world.house = with_severe_steps(&world, "approval").await;
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let store = &world.house.store;
        let site = Site::open(&world).await;
        for role in [Role::Sales, Role::Finance, Role::Auditor] {
            let user = hired(&world, role).await;
            if role == Role::Sales {
                give_all_to(&world, &user).await;
            }
            let visitor = site.enter_as(&user).await;
            visitor.post("/letters/L-0001/approve", "seen=&next=/today").await;
            visitor.post("/letters/L-0001/settle", "outcome=sent").await;
            visitor.post("/letters/L-0001/pasted", "seen=").await;
            let letter = store.letter_by_number(world.house.tenant.id, 1).await.expect("the letter");
            assert_eq!(letter.state, dunlin_core::case::LetterState::Review, "{}", role.code());
            let sent = dunlin::use_cases::send_letters::send_letters(&world.house).await.expect("sends");
            assert_eq!(sent.sent, 0);
        }
        // The owner's yes to another content is worth nothing.
        let owner = site.enter(&world, Role::Owner).await;
        owner.post("/letters/L-0001/approve", "seen=0000&next=/today").await;
        let letter = store.letter_by_number(world.house.tenant.id, 1).await.expect("the letter");
        assert_eq!(letter.state, dunlin_core::case::LetterState::Review);
    }
}
