//! A step of a playbook that one of us does: it lies on the desk with its instructions, is done or not needed, and comes
//! only once.

use dunlin::use_cases::approve_letter::{drop_task, finish_task};
use dunlin::use_cases::publish_playbook::{Running, Wanted, publish_playbook};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::undo::reopen_task;
use dunlin_core::access::Role;
use dunlin_store::Scope;
use dunlin_store::pages::keyset::{After, ListedTask};

use crate::site::Site;
use crate::world::{World, as_person, orders, worlds};

const SHIPPED: &str = include_str!("../../../../playbooks/b5_open_account.toml");
const OWN_WORK: &str = r#"[[step]]
id = "compare_papers"
level = 0
purpose = "service"
does = "task"
at = ["due - 60 days"]
until = "due"
letter = "b5_first_reminder"
autonomy = "automatic"
[step.title]
en = "Compare the papers"
zh = "核对单据"

[[step]]"#;

/// Of the orders only the third is not late yet: the papers of that one are to be compared.
async fn asked(world: &mut World) {
    world.import("orders.csv", &orders()).await;
    let text = SHIPPED.replacen("[[step]]", OWN_WORK, 1);
    let wanted = Wanted { id: "b5_open_account", text: &text, note: "papers", running: Running::Keep, seen: None };
    publish_playbook(&as_person(&world.house, "Lin"), &wanted).await.expect("publishes");
    world.refresh().await;
    world.house = world.house.clone().with_published().await.expect("reads");
    let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
    assert_eq!((run.refused, run.written.tasks), (0, 1));
}

async fn task(world: &World) -> ListedTask {
    let (house, first) = (&world.house, After { key: 0, limit: 1 });
    let rows = house.store.tasks_after(house.tenant.id, &house.sight, Some(1), None, &first).await.expect("reads");
    rows.into_iter().next().expect("the task")
}

/// Whether the step is taken, and whether it is done.
async fn step(world: &World) -> (bool, bool) {
    let house = &world.house;
    let (party, _) = house.store.find_party(house.tenant.id, "D-0002").await.expect("reads").expect("Campo");
    let facts = house.store.facts(house.tenant.id, Scope::One(party), house.now()).await.expect("facts");
    let cases = facts[0].receivables.iter().filter_map(|item| item.case.as_ref());
    let mut steps = cases.flat_map(|case| &case.steps).filter(|step| &*step.step == "compare_papers" && !step.voided);
    steps.next().map_or((false, false), |step| (true, step.done_at.is_some()))
}

#[tokio::test]
async fn it_is_shown_with_its_instructions_wherever_one_looks() {
    for mut world in worlds("own_work_pages").await {
        asked(&mut world).await;
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let today = owner.get("/today?item=task-T-0001").await;
        assert!(today.contains("Compare the papers") && today.contains("/tasks/T-0001/drop"), "{today}");
        assert!(!today.contains("id=\"task-note\""), "nobody asks what came of it");
        for path in ["/debtors/D-0002", "/receivables/R-0003"] {
            let page = owner.get(path).await;
            assert!(page.contains("Compare the papers") && page.contains("/tasks/T-0001/done"), "{path}: {page}");
        }
        let elsewhere = owner.get("/receivables/R-0001").await;
        assert!(!elsewhere.contains("/tasks/T-0001"), "{elsewhere}");
        let playbook = owner.get("/playbooks/b5_open_account").await;
        assert!(playbook.contains("Compare the papers") && playbook.contains("Work for us"), "{playbook}");
        let instructions = "/playbooks/b5_open_account/letters/b5_first_reminder?channel=phone&language=en";
        assert!(owner.get(instructions).await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn it_is_done_or_not_needed_and_comes_only_once() {
    for mut world in worlds("own_work_end").await {
        asked(&mut world).await;
        assert_eq!(step(&world).await, (true, false));
        let lin = as_person(&world.house, "Lin");
        let silent = drop_task(&lin, 1, " ").await.expect_err("no reason").to_string();
        assert!(silent.contains("reason"), "{silent}");
        drop_task(&lin, 1, "they have compared them").await.expect("dropped");
        let dropped = task(&world).await;
        assert_eq!(
            (dropped.outcome.as_deref(), dropped.note.as_deref()),
            (Some("dropped"), Some("they have compared them"))
        );
        assert_eq!(step(&world).await, (true, true), "the step stays taken");

        reopen_task(&lin, 1).await.expect("open again");
        assert_eq!((task(&world).await.outcome, step(&world).await), (None, (true, false)));
        finish_task(&lin, 1, "").await.expect("done");
        assert_eq!((task(&world).await.outcome.as_deref(), step(&world).await), (Some("done"), (true, true)));
        assert!(drop_task(&lin, 1, "too late").await.is_err());

        world.set_clock("2026-03-20T09:00:00Z");
        let run = run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        assert_eq!(run.refused, 0);
        let house = &world.house;
        let all = After { key: 0, limit: 50 };
        let open = house.store.tasks_after(house.tenant.id, &house.sight, None, None, &all).await.expect("reads");
        assert!(open.iter().all(|task| task.step.as_deref() != Some("compare_papers")), "{open:?}");
    }
}
