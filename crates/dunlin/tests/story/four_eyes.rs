//! What takes two people takes two who were here: an invitation lets in whoever holds it, also the other of the two.

use dunlin::credentials::hash_secret;
use dunlin::house::{Clock, House};
use dunlin::use_cases::approve_letter::{approve_letter, unapprove_letter};
use dunlin::use_cases::bank_accounts::{confirm_account, propose_account, seal_of};
use dunlin::use_cases::change_settings::{CompanyForm, change_company};
use dunlin::use_cases::manage_users::{accept, invite_again};
use dunlin::use_cases::own_account::{OwnForm, change_own};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::send_letters::send_letters;
use dunlin_core::access::Role;
use dunlin_core::letter::BankDetails;
use dunlin_store::{Actor, Difficulty, LogFilter, User, Via};
use jiff::SignedDuration;

use crate::isolation::with_severe_steps;
use crate::site::settled;
use crate::world::{World, orders, worlds};

/// A user at their desk, so many minutes after the world's instant.
fn at_desk(world: &World, user: &User, minutes: i64) -> House {
    let mut house = world.house.clone().acting(Actor::user(Via::Page, user.acting(), String::new()));
    house.clock = Clock::Fixed(world.house.now() + SignedDuration::from_mins(minutes));
    house
}

/// The owner makes a link for somebody and takes it up as them, now.
async fn taken_over(world: &World, owner: &User, other: &User) -> User {
    let secret = invite_again(&at_desk(world, owner, 0), other.id).await.expect("a link");
    let (store, tenant) = (&world.house.store, world.house.tenant.id);
    let mut commit = store.begin(tenant, world.house.now(), &Actor::system()).await.expect("begins");
    commit.accept_invitation(&hash_secret(&secret), "", "-").await.expect("taken up");
    commit.finish().await.expect("kept");
    store.user(tenant, other.id).await.expect("the user")
}

async fn proposed(world: &World, by: &House) -> String {
    let details = BankDetails {
        holder: "Ningbo Story Co., Ltd.".to_string(),
        bank: "Other Bank".to_string(),
        account: "99887766".to_string(),
        swift: "OTHRCNBN".to_string(),
    };
    assert!(propose_account(by, "USD", details).await.expect("proposed"), "it waits");
    let settings = world.house.store.tenant(world.house.tenant.id).await.expect("the firm").settings;
    seal_of(settings.bank_accounts.iter().find(|account| !account.confirmed).expect("waits"))
}

#[tokio::test]
async fn who_lets_themselves_in_as_a_colleague_neither_proposes_nor_confirms_for_them() {
    for world in worlds("eyes_bank").await {
        world.import("orders.csv", &orders()).await;
        let (owner, finance) = (settled(&world, Role::Owner).await, settled(&world, Role::Finance).await);
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(send_letters(&world.house).await.expect("sends").sent, 1);
        let finance = taken_over(&world, &owner, &finance).await;
        // As the colleague first, and as oneself afterwards.
        let seen = proposed(&world, &at_desk(&world, &finance, 1)).await;
        let refused = confirm_account(&at_desk(&world, &owner, 2), "USD", &seen).await.expect_err("one person");
        assert!(refused.to_string().contains("proposing this account"), "{refused}");
        // As oneself first, and as the colleague afterwards, who was let in before the proposal.
        let seen = proposed(&world, &at_desk(&world, &owner, 3)).await;
        let refused = confirm_account(&at_desk(&world, &finance, 4), "USD", &seen).await.expect_err("one person");
        assert!(refused.to_string().contains("let in anew"), "{refused}");
        // A day later the colleague would have noticed.
        let day = 25 * 60;
        let seen = proposed(&world, &at_desk(&world, &finance, day)).await;
        confirm_account(&at_desk(&world, &owner, day + 1), "USD", &seen).await.expect("two people");
    }
}

#[tokio::test]
async fn who_lets_themselves_in_as_a_colleague_is_not_both_who_approve() {
    for mut world in worlds("eyes_letter").await {
        world.house = with_severe_steps(&world, "two_approvals").await;
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let (owner, manager) = (settled(&world, Role::Owner).await, settled(&world, Role::Manager).await);
        let manager = taken_over(&world, &owner, &manager).await;
        let refused = approve_letter(&at_desk(&world, &manager, 1), 1, None).await.expect_err("let in a moment ago");
        assert!(refused.to_string().contains("was here before"), "{refused}");
        assert_eq!(approve_letter(&at_desk(&world, &owner, 2), 1, None).await.expect("the first"), 1);
        let refused = approve_letter(&at_desk(&world, &manager, 3), 1, None).await.expect_err("the same person");
        assert!(refused.to_string().contains("was here before"), "{refused}");
        // A day later both begin anew.
        let day = 25 * 60;
        unapprove_letter(&at_desk(&world, &owner, day), 1).await.expect("taken back");
        assert_eq!(approve_letter(&at_desk(&world, &owner, day), 1, None).await.expect("the first"), 1);
        assert_eq!(approve_letter(&at_desk(&world, &manager, day), 1, None).await.expect("the second"), 0);
    }
}

#[tokio::test]
async fn the_log_says_from_where_an_invitation_was_taken_up() {
    for world in worlds("eyes_log").await {
        let (owner, manager) = (settled(&world, Role::Owner).await, settled(&world, Role::Manager).await);
        let (store, tenant) = (&world.house.store, world.house.tenant.id);
        let secret = invite_again(&at_desk(&world, &owner, 0), manager.id).await.expect("a link");
        accept(store, (tenant, secret.as_str()), "", "tidal oboe gravel fern", "198.51.100.7").await.expect("joined");
        let lines = store.audit_log(tenant, &LogFilter::default(), 10).await.expect("reads");
        let joined = lines.iter().find(|line| line.verb == "user.joined").expect("a line");
        assert!(format!("{:?}", joined.personal).contains("198.51.100.7"), "{joined:?}");
    }
}

#[tokio::test]
async fn one_person_brings_no_account_into_letters_by_other_words() {
    for world in worlds("eyes_words").await {
        let owner = settled(&world, Role::Owner).await;
        let house = at_desk(&world, &owner, 1);
        let signed = async |signature: &str| {
            let form = OwnForm {
                name: owner.name.clone(),
                ui_language: String::new(),
                signature: signature.to_string(),
                reply_to: String::new(),
                latin_name: String::new(),
            };
            change_own(&house, &form).await
        };
        signed("Lin Yue\nTel. +86 574 8888 8888").await.expect("a phone number");
        for account in ["Pay to DE89 3704 0044 0532 0130 00", "New account 6222 0212 3456", "SWIFT BKCHCNBJ"] {
            let refused = signed(account).await.expect_err(account);
            assert!(refused.to_string().contains("reads like a bank account"), "{refused}");
        }
        let settings = &house.tenant.settings;
        let form = CompanyForm {
            company: settings.sender.company.clone(),
            address: "Jiangbei Road 7".to_string(),
            name: settings.sender.name.clone(),
            email: settings.sender.email.clone(),
            phone: "+86 574 8888 8888".to_string(),
            time_zone: settings.time_zone.clone(),
            ui_language: settings.ui_language.clone(),
            base_currency: settings.base_currency.clone(),
            difficulty: None,
            latin: None,
        };
        let told = |en: &str| Some(Difficulty { en: en.to_string(), ..Difficulty::default() });
        for wrong in [
            CompanyForm { address: "Jiangbei Road 7, account 6222 0212 3456".to_string(), ..form.clone() },
            CompanyForm { phone: "6222 0212 3456 7890 123".to_string(), ..form.clone() },
            CompanyForm { difficulty: told("our account is 62220212 from now on"), ..form.clone() },
        ] {
            let refused = change_company(&house, &wrong).await.expect_err("one person");
            assert!(refused.to_string().contains("reads like a bank account"), "{refused}");
        }
        change_company(&house, &form).await.expect("an address");
    }
}
