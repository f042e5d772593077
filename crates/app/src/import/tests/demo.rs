//! The demo company's own files, all of them in their order.

use super::*;
use crate::demo::{FileKind, script};

#[tokio::test]
async fn the_demos_files_go_in() {
    let mut desk = Desk::new().await;
    let script = script().expect("the demo");
    let mut orders = Vec::new();
    let mut shop = Vec::new();
    for day in &script.days {
        desk.now = day.date.at(9, 0, 0, 0).in_tz("Asia/Shanghai").expect("a moment").timestamp();
        for file in &day.files {
            let options = ImportOptions::default();
            let report = match file.what {
                FileKind::Statement => continue,
                _ => import_file(
                    &desk.store,
                    &desk.tenant,
                    desk.now,
                    &dunlin_store::Actor::system(),
                    &file.name,
                    &file.bytes,
                    &options,
                )
                .await
                .expect("read"),
            };
            match file.what {
                FileKind::Orders => orders.push(report),
                FileKind::MarketplaceOrders => shop.push(report),
                FileKind::Products => {
                    assert_eq!((report.kind, problems(&report)), (Kind::Products, vec![]));
                    assert_eq!(counts(&report), [24, 24, 0, 0, 0]);
                }
                FileKind::Stock => {
                    assert_eq!((report.kind, problems(&report)), (Kind::Stock, vec![]));
                    assert_eq!(counts(&report), [24, 0, 24, 0, 0]);
                }
                FileKind::Contacts | FileKind::Statement => {
                    assert_eq!((report.kind, problems(&report)), (Kind::Contacts, vec![]));
                    // The first person of each debtor came with its orders.
                    assert_eq!(counts(&report), [85, 45, 0, 40, 0]);
                }
            }
        }
    }
    assert_eq!((orders[0].kind, orders[0].source, counts(&orders[0])), (Kind::Orders, "file", [93, 91, 0, 0, 2]));
    let bad = problems(&orders[0]);
    assert!(bad.iter().any(|line| line.contains("K amount ‘12,3O0’")), "{bad:?}");
    assert!(bad.iter().any(|line| line.contains("M ordered_on ‘2026-02-30’")), "{bad:?}");
    assert_eq!(bad.len(), 2);
    assert_eq!(orders[0].mapping[0].columns.len(), 21);
    assert_eq!((orders[0].mapping[0].header_row, orders[0].sheets_left_out.len()), (4, 1));
    for later in &orders[1..] {
        assert_eq!((problems(later), later.counts.left_out), (vec![], 0), "{}", later.file);
    }
    assert_eq!(orders[1].counts.added, 6);
    let totals: Vec<usize> =
        orders.iter().map(|one| one.corrections.iter().filter(|one| one.field == "total").count()).collect();
    assert_eq!(totals, [0, 1, 1, 1, 0, 0, 0, 0]);
    let vanished: Vec<usize> = orders.iter().map(|one| one.vanished.len()).collect();
    assert_eq!(vanished, [0, 0, 0, 0, 3, 0, 0, 0]);
    assert_eq!(orders[7].missing_since_earlier.len(), 3);
    // Nothing but what happens to orders changes from week to week.
    let odd: Vec<String> = orders
        .iter()
        .flat_map(|one| one.corrections.iter())
        .filter(|one| one.what.contains("debtor") || one.what.contains("contact") || one.field == "paid")
        .map(|one| format!("{} {} {} {}", one.what, one.field, one.before, one.after))
        .collect();
    assert_eq!(odd, Vec::<String>::new());
    assert_eq!(shop.iter().map(|one| one.counts.added).sum::<usize>(), 300);
    assert!(shop.iter().all(|one| one.problems.is_empty() && one.source == "marketplace" && one.vanished.is_empty()));
}
