//! A step of a playbook that one of us does: it lies on the desk with its instructions, is done or not needed, and comes
//! only once.

use dunlin::use_cases::approve_letter::{drop_task, finish_task};
use dunlin::use_cases::explain_receivable::explain_receivable;
use dunlin::use_cases::publish_playbook::{Running, Wanted, publish_playbook};
use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin::use_cases::undo::reopen_task;
use dunlin_core::access::Role;
use dunlin_core::plan::Verdict;
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

const AT_PORT: &str = "订单号,客户名称,国家,联系人,职务,邮箱,币种,合同金额,付款方式,下单日期,PI日期,提单日期,提单副本,到港日,已收金额\n\
    QH-9,Desert Star Trading LLC,意大利,Anna Rossi,财务,anna@star.example,USD,10000.00,\"30% T/T deposit, 70% against copy of B/L\",2026-01-10,2026-01-11,2026-02-10,2026-02-12,2026-03-02,3000.00\n";

/// What explain says, and what a run at the same instant writes to the buyer.
async fn told_and_written(world: &World) -> (Verdict, Vec<&'static str>, usize) {
    let house = &world.house;
    let found = house.store.find_receivable(house.tenant.id, "R-0002").await.expect("the balance").into();
    let told = explain_receivable(house, &found).await.expect("explains");
    let run = run_decisions(house, RunOptions::default()).await.expect("runs");
    assert_eq!(run.refused, 0);
    (told.decision, told.reasons.iter().map(|reason| reason.code.code()).collect(), run.written.letters)
}

#[tokio::test]
async fn explain_says_what_the_run_does_while_our_own_work_comes_first_and_after_it() {
    for mut world in worlds("own_work_first").await {
        world.import("orders.csv", AT_PORT).await;
        let first = told_and_written(&world).await;
        assert_eq!((first.0, first.2), (Verdict::Task, 0), "the port comes before the reminder: {:?}", first.1);
        // The reminder is due too, but a run looks again only tomorrow.
        let then = told_and_written(&world).await;
        assert_eq!((then.0, then.2), (Verdict::Wait, 0), "{:?}", then.1);
        assert_eq!(then.1.last(), Some(&"case.rests"), "{:?}", then.1);

        // Once the work is done nothing is waited for any more.
        world.set_clock("2026-03-04T09:30:00Z");
        finish_task(&as_person(&world.house, "Lin"), 1, "").await.expect("done");
        let after = told_and_written(&world).await;
        assert_eq!((after.0, after.2), (Verdict::Letter, 1), "{:?}", after.1);
        assert!(!after.1.contains(&"case.rests"), "{:?}", after.1);
    }
}
