//! What the command line says to a person: titles and amounts as people write them, times by the firm's clock, one of a thing
//! as one.

use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};

use crate::world::{MORNING, World, orders, program, worlds};

const EVENING: &str = "2026-03-04T20:00:00Z";

fn dunlin(world: &World, as_of: &str, words: &[&str]) -> String {
    let mut command = program();
    command.args(words).args(["--db", &world.place, "--as-of", as_of]).arg("--data-dir").arg(world.dir.path());
    let output = command.env_remove("DUNLIN_FAULT").output().expect("starts");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{words:?}: {said}");
    said
}

#[tokio::test]
async fn a_run_the_letters_and_what_leaves_are_told_as_people_say_it() {
    for mut world in worlds("spoken_letters").await {
        world.import("orders.csv", &orders()).await;
        let dry = dunlin(&world, MORNING, &["run", "--dry-run"]);
        assert!(dry.contains("2 buyers looked at: 1 letter, "), "{dry}");
        assert!(dry.contains("leaves 4 March 2026 17:00 (China)") && !dry.contains("T09:00"), "{dry}");
        let zh = dunlin(&world, MORNING, &["run", "--dry-run", "--lang", "zh"]);
        assert!(zh.contains("将写 1 封信") && zh.contains("2026年3月4日 17:00（北京）"), "{zh}");

        // The people in Milan have gone home.
        world.set_clock(EVENING);
        assert_eq!(run_decisions(&world.house, RunOptions::default()).await.expect("runs").written.letters, 1);
        let list = dunlin(&world, EVENING, &["letter", "list", "queued"]);
        assert!(list.contains("USD 12,930.00  ") && list.contains("leaves 5 March 2026"), "{list}");
        assert!(!list.contains("_reminder") && !list.contains("2026-03-05T"), "a title, and no instant: {list}");
        let zh = dunlin(&world, EVENING, &["letter", "list", "queued", "--lang", "zh"]);
        assert!(zh.contains("电子邮件") || zh.contains("邮件"), "{zh}");
        let sent = dunlin(&world, EVENING, &["send"]);
        assert!(sent.contains("0 sent, 0 cancelled, 1 waits for the buyer's hours"), "{sent}");
        assert!(sent.contains("next departure 5 March 2026"), "{sent}");
    }
}

#[tokio::test]
async fn a_letter_that_asks_for_nothing_is_listed_without_an_amount() {
    for mut world in worlds("spoken_thanks").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        dunlin(&world, MORNING, &["send"]);
        world.set_clock("2026-03-06T09:00:00Z");
        let statement = crate::world::mt940("260305", "12930,00", "ROSSI OUTDOOR SRL", "INV-2026-001 AND INV-2026-002");
        let read = dunlin::use_cases::import_statement::import_statement(
            &world.house,
            "s.sta",
            statement.as_bytes(),
            dunlin_bank_formats::Format::Auto,
        );
        read.await.expect("reads");
        assert_eq!(run_decisions(&world.house, RunOptions::default()).await.expect("runs").written.letters, 1);
        let list = dunlin(&world, "2026-03-06T09:00:00Z", &["letter", "list", "queued"]);
        assert!(list.contains("Rossi Outdoor S.r.l.  ") && !list.contains("USD"), "{list}");
    }
}

#[tokio::test]
async fn a_file_is_told_row_by_row_in_the_words_of_its_reader() {
    const FILE: &str = "订单号,客户名称,国家,联系人,邮箱,币种,合同金额,付款方式,下单日期,业务员\n\
        QH-1,Rossi,意大利,Anna,anna@rossi.example,USD,12500.00,\"30% T/T deposit, 70% against copy of B/L\",2026-01-10,王芳\n\
        QH-2,Campo,西班牙,José,jose@campo.example,USD,abc,OA 30 days,2026-01-12,王芳\n";
    for world in worlds("spoken_import").await {
        let file = world.dir.path().join("orders.csv");
        std::fs::write(&file, FILE).expect("written");
        let file = file.display().to_string();
        let en = dunlin(&world, MORNING, &["import", &file, "--dry-run"]);
        for expected in [
            "(dry run) orders.csv: 2 rows — 1 new, 0 corrected, 0 as before, 1 left out",
            "G 合同金额 → Amount",
            "row 2: QH-1 · 10 January 2026 · deposit USD 3,750.00, due ",
            "balance USD 8,750.00, due date waits for: copy of the bill of lading sent",
            "1 amount cannot fall due before the day of ‘B/L copy sent’ is known: the file has no such column \
             (name one with --map, as bl_copy_on)",
            "row 2 comes in without this:\n    J 业务员: nobody here is called ‘王芳’",
            "row 3 is left out:\n    G 合同金额: not an amount: ‘abc’",
        ] {
            assert!(en.contains(expected), "{expected}\nis not in\n{en}");
        }
        assert_eq!(en.matches("nobody here is called").count(), 2, "all that is wrong with a row is told: {en}");
        assert!(!en.contains("order_number") && en.lines().all(|line| line.chars().count() < 320), "{en}");
        let zh = dunlin(&world, MORNING, &["import", &file, "--dry-run", "--lang", "zh"]);
        for expected in ["（试读）orders.csv：2 行，新增 1", "第 3 行未导入：", "第 2 行已导入，但不含以下内容："]
        {
            assert!(zh.contains(expected), "{expected}\nis not in\n{zh}");
        }
    }
}

#[tokio::test]
async fn the_same_fault_of_many_rows_is_told_once() {
    for world in worlds("spoken_many").await {
        let row = |n: usize| format!("QH-{n},Rossi,意大利,anna@rossi.example,100.00,OA 30 days,2026-01-10\n");
        let rows: String = (1..=7).map(row).collect();
        let text = format!("订单号,客户名称,国家,邮箱,合同金额,付款方式,发票日期\n{rows}");
        let file = world.dir.path().join("orders.csv");
        std::fs::write(&file, text).expect("written");
        let file = file.display().to_string();
        let en = dunlin(&world, MORNING, &["import", &file, "--dry-run"]);
        assert!(en.contains("7 rows are left out (rows 2, 3, 4, 5, 6, …):"), "{en}");
        assert_eq!(en.matches("no currency").count(), 1, "{en}");
        let zh = dunlin(&world, MORNING, &["import", &file, "--dry-run", "--lang", "zh"]);
        assert!(zh.contains("有 7 行未导入（第 2, 3, 4, 5, 6, … 行）："), "{zh}");
    }
}

#[tokio::test]
async fn a_day_on_which_all_was_paid_leaves_nothing_open() {
    for world in worlds("settled_on").await {
        let text = "Order,Customer,Country,Email,Currency,Amount,Terms,Invoice Date,SettledDate\n\
            QH-1,Rossi,IT,anna@rossi.example,USD,100.00,OA 30 days,2026-01-10,2026-02-09\n\
            QH-2,Rossi,IT,anna@rossi.example,USD,200.00,OA 30 days,2026-01-10,\n\
            QH-3,Rossi,IT,anna@rossi.example,USD,300.00,OA 30 days,2026-01-10,2026-05-09\n";
        let report = world.import("ledger.csv", text).await;
        assert_eq!((report.counts.added, report.problems.len()), (3, 0), "{:?}", report.problems);
        let mut open = Vec::new();
        for number in ["R-0001", "R-0002", "R-0003"] {
            let found = world.house.store.find_receivable(world.house.tenant.id, number).await.expect("known").into();
            let told = dunlin::use_cases::explain_receivable::explain_receivable(&world.house, &found).await;
            open.push(told.expect("explains").outstanding.minor);
        }
        assert_eq!(open, [0, 20_000, 30_000], "a day to come settles nothing");
    }
}

#[tokio::test]
async fn payments_and_letters_are_told_in_words() {
    for mut world in worlds("spoken_match").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let waiting = dunlin(&world, MORNING, &["letter", "show", "L-0001"]);
        assert!(waiting.starts_with("L-0001  queued\nTo: "), "{waiting}");
        world.set_clock("2026-03-06T09:00:00Z");
        let statement = crate::world::mt940("260305", "12345,67", "SOMEBODY ELSE LTD", "WITHOUT A NUMBER");
        let file = world.dir.path().join("s.sta");
        std::fs::write(&file, statement).expect("written");
        let en = dunlin(&world, "2026-03-06T09:00:00Z", &["statement", "import", &file.display().to_string()]);
        assert!(
            en.contains("P-0001  5 March 2026  USD 12,345.67  SOMEBODY ELSE LTD  Its text names no invoice"),
            "{en}"
        );
        let zh = dunlin(&world, "2026-03-06T09:00:00Z", &["match", "--lang", "zh"]);
        assert!(zh.contains("1 笔待查看") && !zh.contains("no_reference"), "{zh}");
        dunlin(&world, "2026-03-06T09:00:00Z", &["letter", "decline", "L-0001", "--why", "I call them"]);
        let declined = dunlin(&world, "2026-03-06T09:00:00Z", &["letter", "show", "L-0001"]);
        assert!(declined.starts_with("L-0001  cancelled\nIt did not leave"), "{declined}");
    }
}
