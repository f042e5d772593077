//! A firm with a Chinese name and buyers who cannot read it.

use dunlin::use_cases::change_settings::{CompanyForm, change_company};
use dunlin::use_cases::first_run::first_letter;
use dunlin::use_cases::own_account::{OwnForm, change_own};
use dunlin::use_cases::seen_abroad::{Unclear, unclear_abroad};
use dunlin_core::access::Role;
use dunlin_store::{Actor, LatinNames, Via};

use crate::site::{Site, hired};
use crate::world::{World, orders, worlds};

fn form(latin: Option<LatinNames>) -> CompanyForm {
    CompanyForm {
        company: "宁波拓野户外用品有限公司".to_string(),
        address: "宁波市江北区".to_string(),
        name: "林悦".to_string(),
        email: "lin@story.example".to_string(),
        phone: "+86 574 8765 4321".to_string(),
        time_zone: "Asia/Shanghai".to_string(),
        ui_language: "en".to_string(),
        base_currency: "CNY".to_string(),
        difficulty: None,
        latin,
    }
}

fn latin() -> LatinNames {
    LatinNames {
        company: "Ningbo Tuoye Outdoor Co., Ltd.".to_string(),
        address: "Jiangbei, Ningbo".to_string(),
        name: "Lin Yue".to_string(),
    }
}

async fn unclear(world: &World) -> Vec<Unclear> {
    unclear_abroad(&world.house).await.expect("looks")
}

async fn notices(world: &World) -> bool {
    let site = Site::open(world).await;
    let page = site.enter(world, Role::Owner).await.get("/today").await;
    page.contains("signed with the Chinese name of the firm")
}

#[tokio::test]
async fn letters_abroad_are_signed_with_the_latin_name() {
    for mut world in worlds("latin").await {
        change_company(&world.house, &form(None)).await.expect("kept");
        world.refresh().await;
        assert_eq!(unclear(&world).await, [], "nobody abroad yet");
        world.import("orders.csv", &orders()).await;
        let (firm, signer) = (form(None).company, Unclear::Signer("林悦".to_string()));
        assert_eq!(unclear(&world).await, [Unclear::Company(firm), signer.clone()]);
        assert!(notices(&world).await);
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        for page in ["/today?lang=en", "/settings/company?lang=en"] {
            assert!(owner.get(page).await.contains("signed by 林悦"), "{page}");
        }
        let letter = first_letter(&world.house).await.expect("writes").expect("a letter").written;
        assert!(letter.body.contains("宁波拓野"), "{}", letter.body);

        let wrong = LatinNames { company: "宁波 Tuoye".to_string(), ..LatinNames::default() };
        change_company(&world.house, &form(Some(wrong))).await.expect_err("not in Latin letters");
        let only_firm = LatinNames { name: String::new(), ..latin() };
        change_company(&world.house, &form(Some(only_firm))).await.expect("kept");
        world.refresh().await;
        assert_eq!(unclear(&world).await, [signer], "the firm alone is half of it");
        change_company(&world.house, &form(Some(latin()))).await.expect("kept");
        // A form that does not ask for it leaves it as it is.
        change_company(&world.house, &form(None)).await.expect("kept");
        world.refresh().await;
        assert_eq!(unclear(&world).await, []);
        assert!(!notices(&world).await);
        let at_home = CompanyForm { phone: "0574-8765 4321".to_string(), ..form(None) };
        change_company(&world.house, &at_home).await.expect("kept");
        world.refresh().await;
        assert_eq!(unclear(&world).await, [Unclear::Phone("0574-8765 4321".to_string())]);
        let letter = first_letter(&world.house).await.expect("writes").expect("a letter").written;
        assert!(letter.body.contains("Ningbo Tuoye Outdoor") && !letter.body.contains("宁波"), "{}", letter.body);
        assert_eq!(letter.from_name, "Lin Yue (Ningbo Tuoye Outdoor Co., Ltd.)");
        if let Some(statement) = letter.statement {
            assert_eq!(statement.sender.company, "Ningbo Tuoye Outdoor Co., Ltd.");
        }
    }
}

#[tokio::test]
async fn a_salesperson_signs_abroad_with_their_english_name() {
    for mut world in worlds("latin_own").await {
        change_company(&world.house, &form(Some(latin()))).await.expect("kept");
        world.refresh().await;
        world.import("orders.csv", &orders()).await;
        let seller = hired(&world, Role::Sales).await;
        let own = world.house.clone().acting(Actor::user(Via::Page, seller.acting(), String::new()));
        let typed = |latin_name: &str| OwnForm {
            name: "周浩".to_string(),
            ui_language: String::new(),
            signature: String::new(),
            reply_to: String::new(),
            latin_name: latin_name.to_string(),
        };
        change_own(&own, &typed("周浩")).await.expect_err("not in Latin letters");
        change_own(&own, &typed("Harry Zhou")).await.expect("kept");
        let house = &world.house;
        let mut commit = house.store.begin(house.tenant.id, house.now(), &Actor::system()).await.expect("begins");
        commit.reassign_all(None, seller.id).await.expect("handed over");
        commit.finish().await.expect("kept");
        let letter = first_letter(house).await.expect("writes").expect("a letter").written;
        assert!(letter.body.contains("Harry Zhou"), "{}", letter.body);
        assert_eq!(letter.from_name, "Harry Zhou (Ningbo Tuoye Outdoor Co., Ltd.)");
    }
}
