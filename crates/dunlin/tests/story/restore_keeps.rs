//! A backup read in on a page undoes nothing that takes two people, or that a colleague ended, and brings nobody back who was
//! erased, left or objected.

use std::io::{BufReader, Cursor};
use std::path::Path;
use std::sync::atomic::AtomicU64;

use dunlin::house::Clock;
use dunlin::use_cases::erase_person::erase_contact;
use dunlin::use_cases::keep_backup::{backup, restore_by};
use dunlin::use_cases::keep_contacts::find_contact;
use dunlin::use_cases::mark_party::note_objection;
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin_core::access::Role;
use dunlin_core::gate_facts::HoldKind;
use dunlin_core::names::Names;
use dunlin_store::{NewConnection, RestoreOrder, Scope, Settings, Store, StoreError, Unsigned, UserState};

use crate::backup::is_sound;
use crate::site::{hired, settled};
use crate::world::{World, as_person, at, key, orders, settings, worlds};

/// Whether a file says one of the names, as text.
fn says(names: &Names, bytes: &[u8], _: &str) -> bool {
    names.stand_in_text(&String::from_utf8_lossy(bytes))
}

/// Reads a backup in place of all that is there.
async fn read_over(store: &Store, file: &Path) -> Result<(), StoreError> {
    let bytes = std::fs::read(file).expect("the backup");
    let mut lines = BufReader::new(flate2::read::MultiGzDecoder::new(Cursor::new(bytes)));
    let text = |words: &str| words.to_string();
    let (file, before, user) = (text("x.backup"), text("y.backup"), text("owner"));
    let order = RestoreOrder { file, before, user, search: says };
    let rows = AtomicU64::new(0);
    store.restore_over(&|| at("2026-03-06T09:00:00Z"), &mut lines, &rows, &order).await.map(drop)
}

fn parcels(app_key: &str) -> NewConnection<'_> {
    NewConnection { service: "track17", address: "https://api.example", app_key, sealed_secret: "sealed", hook: None }
}

/// A firm that wrote to somebody, is connected, and made a backup then.
async fn backed_up(world: &World) -> std::path::PathBuf {
    world.import("orders.csv", &orders()).await;
    settled(world, Role::Owner).await;
    run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
    let mut commit = world.house.begin().await.expect("begins");
    commit.begin_connection(&parcels("then")).await.expect("connected");
    commit.finish().await.expect("kept");
    let file = world.dir.path().join("then.backup");
    backup(&world.house.store, world.house.now(), &file).await.expect("written");
    file
}

async fn settings_of(store: &Store) -> Settings {
    store.tenant(1).await.expect("the firm").settings
}

#[tokio::test]
async fn accounts_trying_out_and_connections_stay_as_they_are() {
    for world in worlds("keeps").await {
        let file = backed_up(&world).await;
        let store = &world.house.store;
        // Since then: another account, trying out, and nobody reads the parcels any more.
        let mut settings = settings_of(store).await;
        settings.bank_accounts[0].details.account = "5550002".to_string();
        settings.safe_mode = true;
        let mut commit = world.house.begin().await.expect("begins");
        commit.save_settings(&settings).await.expect("saved");
        commit.drop_connection("track17").await.expect("ended");
        commit.finish().await.expect("kept");
        let restored = read_over(store, &file).await;
        if world.place.contains("://") {
            assert!(restored.is_err(), "only on SQLite");
            continue;
        }
        restored.expect("restored");
        let after = settings_of(store).await;
        assert_eq!(after.bank_accounts, settings.bank_accounts, "the account of then came back");
        assert!(after.safe_mode, "letters would leave again");
        assert!(store.connections(1).await.expect("reads").is_empty(), "an ended connection came back");
        // What was connected since stays connected, and what was live then does not end trying out either.
        let mut commit =
            world.house.store.begin(1, at("2026-03-06T10:00:00Z"), &world.house.actor).await.expect("begins");
        commit.begin_connection(&parcels("since")).await.expect("connected");
        commit.finish().await.expect("kept");
        read_over(store, &file).await.expect("restored");
        let connections = store.connections(1).await.expect("reads");
        assert_eq!(connections.iter().map(|one| &*one.app_key).collect::<Vec<_>>(), ["since"]);
        is_sound(&world.place);
    }
}

#[tokio::test]
async fn a_firm_set_up_a_moment_ago_takes_all_of_its_backup() {
    for world in worlds("keeps_new").await {
        let file = backed_up(&world).await;
        let place = world.dir.path().join("new.db").display().to_string();
        let store = Store::open(&place, &key()).await.expect("opens");
        let mut empty = settings(world.dir.path().join("letters"));
        empty.bank_accounts.clear();
        empty.safe_mode = true;
        store.create_tenant("Story", &empty, false, at("2026-03-05T09:00:00Z")).await.expect("a firm");
        read_over(&store, &file).await.expect("restored");
        let after = settings_of(&store).await;
        assert_eq!(after.bank_accounts, settings_of(&world.house.store).await.bank_accounts);
        assert!(after.safe_mode, "whoever reads it in says when letters leave");
        assert_eq!(store.connections(1).await.expect("reads").len(), 1);
        is_sound(&place);
    }
}

/// A backup of this moment.
async fn backup_of(world: &World, name: &str) -> std::path::PathBuf {
    let file = world.dir.path().join(name);
    backup(&world.house.store, world.house.now(), &file).await.expect("written");
    file
}

#[tokio::test]
async fn whoever_was_erased_or_left_stays_so_over_two_restores_in_a_row() {
    for world in worlds("kept_out").await {
        settled(&world, Role::Owner).await;
        // Nobody knows of them yet.
        let before = backup_of(&world, "before.backup").await;
        world.import("orders.csv", &orders()).await;
        let house = as_person(&world.house, "Lin Yue");
        let store = &world.house.store;
        let rossi = store.find_party(1, "D-0001").await.expect("reads").expect("a debtor").0;
        let campo = store.find_party(1, "D-0002").await.expect("reads").expect("a debtor").0;
        let sales = hired(&world, Role::Sales).await;
        let (until, today) = ("2026-04-01".parse().expect("a day"), house.today());
        let mut commit = world.house.begin_as_system().await.expect("begins");
        let ill = "Anna Rossi is ill until April";
        commit.add_hold(rossi, HoldKind::Pause, None, until, ill, today).await.expect("held");
        commit.finish().await.expect("kept");
        let with = backup_of(&world, "with.backup").await;
        let anna = find_contact(&house, rossi, "Anna Rossi").await.expect("Anna").id;
        erase_contact(&house, rossi, anna, "Anna Rossi").await.expect("erased");
        note_objection(&house, campo, None, true).await.expect("noted");
        let mut commit = world.house.begin_as_system().await.expect("begins");
        commit.set_user(sales.id, Role::Sales, UserState::Left).await.expect("left");
        commit.finish().await.expect("kept");
        if world.place.contains("://") {
            assert!(read_over(store, &before).await.is_err(), "only on SQLite");
            continue;
        }
        read_over(store, &before).await.expect("restored");
        assert!(store.find_party(1, "D-0001").await.expect("reads").is_none(), "nobody is here");
        for _ in 0..2 {
            read_over(store, &with).await.expect("restored");
            let facts = store.facts(1, Scope::One(rossi), at("2026-03-06T10:00:00Z")).await.expect("facts").remove(0);
            assert!(facts.contact(anna).expect("her place").person.is_none(), "she came back");
            let mut dump = Vec::new();
            store.dump(house.now(), &mut dump).await.expect("dumps");
            let dump = String::from_utf8(dump).expect("text");
            assert!(!dump.contains("Anna Rossi") && !dump.contains("anna@rossi"), "words named her again");
            assert!(store.kept_files(1).await.expect("reads").is_empty(), "the file that names her came back");
            let facts = store.facts(1, Scope::One(campo), at("2026-03-06T10:00:00Z")).await.expect("facts").remove(0);
            assert!(facts.contacts.iter().all(|contact| contact.objected), "who objected is written to again");
            assert_eq!(store.user(1, sales.id).await.expect("known").state, UserState::Left);
        }
        // What was taken back since then is not held against anybody.
        let mut commit = store.begin(1, at("2026-03-06T11:00:00Z"), &world.house.actor).await.expect("begins");
        commit.set_user(sales.id, Role::Sales, UserState::Active).await.expect("back");
        commit.finish().await.expect("kept");
        read_over(store, &with).await.expect("restored");
        assert_eq!(store.user(1, sales.id).await.expect("known").state, UserState::Active);
        is_sound(&world.place);
    }
}

#[tokio::test]
async fn into_a_new_database_comes_nobody_back_who_is_gone_from_the_one_it_replaces() {
    for world in worlds("replaces").await {
        let file = backed_up(&world).await;
        let house = as_person(&world.house, "Lin Yue");
        let rossi = world.house.store.find_party(1, "D-0001").await.expect("reads").expect("a debtor").0;
        let anna = find_contact(&house, rossi, "Anna Rossi").await.expect("Anna").id;
        erase_contact(&house, rossi, anna, "Anna Rossi").await.expect("erased");
        let place = world.dir.path().join("new.db").display().to_string();
        let new = Store::open(&place, &key()).await.expect("opens");
        let clock = Clock::Fixed(at("2026-03-06T09:00:00Z"));
        restore_by(&new, clock, &file, Unsigned::Refused, Some(&world.house.store)).await.expect("restored");
        let facts = new.facts(1, Scope::One(rossi), at("2026-03-06T10:00:00Z")).await.expect("facts").remove(0);
        assert!(facts.contact(anna).expect("her place").person.is_none(), "she came back");
        assert!(new.kept_files(1).await.expect("reads").is_empty(), "the file that names her came back");
        is_sound(&place);
        // A database of another firm says nothing of this one.
        let place = world.dir.path().join("other.db").display().to_string();
        let other = Store::open(&place, &key()).await.expect("opens");
        let other_firm = settings(world.dir.path().join("letters"));
        other.create_tenant("Other", &other_firm, false, at("2026-03-05T09:00:00Z")).await.expect("a firm");
        let place = world.dir.path().join("third.db").display().to_string();
        let third = Store::open(&place, &key()).await.expect("opens");
        let refused = restore_by(&third, clock, &file, Unsigned::Refused, Some(&other)).await;
        assert!(format!("{:#}", refused.expect_err("refused")).contains("another firm"));
        assert!(third.tenants().await.expect("reads").is_empty(), "nothing of it stays");
    }
}
