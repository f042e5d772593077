//! The pages as a browser without JavaScript gets them, over a real socket.

use dunlin::use_cases::run_decisions::{RunOptions, run_decisions};
use dunlin_core::access::Role;

use crate::site::{Site, Visitor};
use crate::world::{orders, worlds};

#[tokio::test]
async fn every_page_answers_in_both_languages_and_foreign_forms_are_refused() {
    for world in worlds("pages").await {
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        for path in [
            "/today",
            "/debtors",
            "/debtors/D-0001",
            "/receivables/R-0001",
            "/orders",
            "/orders/QH-1",
            "/orders/QH-1/stock-out",
            "/board",
            "/parcels",
            "/platform-debts",
            "/products",
            "/money",
            "/letters",
            "/letters/L-0001",
            "/simulation",
            "/simulation?days=7&against=shipped",
            "/simulation?days=0",
            "/backtest",
            "/backtest?from=2026-03-01&to=2026-03-03&against=shipped",
            "/backtest?from=2026-03-09&to=x",
            "/search",
            "/ui",
            "/settings/company",
            "/settings/me",
            "/settings/people",
            "/settings/bank",
            "/settings/channels",
            "/settings/safe-mode",
            "/settings/rehearsals",
            "/settings/data",
            "/settings/data?debtor=D-0001",
            "/settings/log",
            "/playbooks",
            "/playbooks/b5_open_account",
            "/playbooks/b5_open_account/edit",
            "/playbooks/m1_unpaid_order/letters/m1_first_reminder",
            "/import",
            "/welcome?step=company",
            "/welcome?step=mail",
            "/welcome?step=import",
            "/welcome?step=playbooks",
            "/welcome?step=safe",
            "/welcome?step=letter",
        ] {
            for language in ["en", "zh-CN"] {
                let answer =
                    owner.get(&format!("{path}{}lang={language}", if path.contains('?') { '&' } else { '?' })).await;
                assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {}", &answer[..answer.len().min(600)]);
                assert!(answer.contains(&format!("<html lang=\"{language}\"")), "{path}");
                assert!(answer.contains("content-security-policy: default-src 'self'"), "{path}");
                assert!(!answer.contains("style=\""), "{path}");
                let is_own = [
                    "/settings",
                    "/import",
                    "/welcome",
                    "/simulation",
                    "/backtest",
                    "/playbooks",
                    "/board",
                    "/parcels",
                    "/platform-debts",
                ]
                .iter()
                .any(|start| path.starts_with(start));
                assert!(!is_own || !answer.contains(">["), "{path}: a word is missing");
            }
        }
        assert!(owner.get("/receivables/R-9999").await.starts_with("HTTP/1.1 404"));
        assert!(owner.get("/nothing").await.starts_with("HTTP/1.1 404"));
        forms_change_and_say_so(&owner).await;
        let foreign = owner.send("POST", "/letters/L-0001/decline", &["Origin: http://evil.example"], "reason=x").await;
        assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
    }
}

/// Each form with a word that the page has only afterwards.
async fn forms_change_and_say_so(owner: &Visitor) {
    let debtor = "/debtors/D-0001";
    let receivable = "/receivables/R-0001";
    let page = owner.get(debtor).await;
    let contact = page.split("/contacts/").nth(1).and_then(|rest| rest.split('/').next()).expect("a contact");
    let objection = format!("{debtor}/contacts/{contact}/objection");
    let forms: &[(&str, String, &str, &str)] = &[
        (debtor, format!("{debtor}/hold"), "until=2026-03-20&reason=fair", "action=\"/debtors/D-0001/hold/end\""),
        (debtor, format!("{debtor}/hold/end"), "", "Ended"),
        (receivable, format!("{receivable}/promise"), "date=2026-03-20", "/receivables/R-0001/promise/withdraw"),
        (debtor, format!("{receivable}/promise/withdraw"), "", "Ended"),
        (receivable, format!("{receivable}/credit"), "amount=30.00&currency=USD&reason=wet", "12,400.00"),
        (receivable, format!("{receivable}/credit/undo"), "", "Taken back"),
        (receivable, format!("{receivable}/write-off"), "amount=12430.00&currency=USD&reason=gone", "write-off/undo"),
        (receivable, format!("{receivable}/write-off/undo"), "", "12,430.00"),
        (debtor, objection.clone(), "outcome=objected", "May be contacted again"),
        (debtor, objection, "outcome=withdrawn", "Asked not to be contacted"),
        (debtor, format!("{debtor}/block"), "reason=fraud", "Blocked"),
        (debtor, format!("{debtor}/unblock"), "", "Block this debtor"),
        (debtor, format!("{debtor}/playbook"), "kind=b5_open_account", "value=\"b5_open_account\" selected"),
        (receivable, format!("{receivable}/why"), "kind=cash_short&note=until+May", "until May"),
        (receivable, format!("{receivable}/why/end"), "", "Known before"),
        (receivable, format!("{receivable}/hand-over"), "kind=agency&name=Inkasso", "/take-back\""),
        (receivable, format!("{receivable}/take-back"), "", "/hand-over\""),
        (receivable, format!("{receivable}/steps"), "kind=first_reminder&date=2026-02-25&note=by+fax", "by fax"),
        (receivable, format!("{receivable}/restart"), "reason=wrong+person&outcome=sure", "Begun anew"),
    ];
    for (page, action, fields, word) in forms {
        let answer = owner.post(action, fields).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{action}: {}", &answer[..answer.len().min(300)]);
        let shown = owner.get(page).await;
        assert!(shown.contains(word), "after {action}: no ‘{word}’; {answer}");
    }
}

#[tokio::test]
async fn what_a_form_is_answered_with_stands_at_an_address_of_its_own() {
    for world in worlds("answers").await {
        let site = Site::open(&world).await;
        let owner = site.enter(&world, Role::Owner).await;
        let checked = owner.post_and_follow("/playbooks/b5_open_account/check", "text=id+%3D+1&note=so+far").await;
        assert!(checked.contains("id = 1") && checked.contains("so far"), "{checked}");
        let refused = owner.post_and_follow("/playbooks/b5_open_account/publish", "text=id+%3D+1&running=keep").await;
        assert!(refused.contains("id = 1"), "{refused}");
        let tried = owner.post_and_follow("/settings/me/factor", "").await;
        assert!(tried.contains("factor-picture"), "{tried}");
        let ticket = tried.split("name=\"ticket\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let ticket = ticket.expect("a ticket").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        let wrong = owner.post_and_follow("/settings/me/factor/keep", &format!("ticket={ticket}&code=1")).await;
        assert!(wrong.contains("factor-picture") && wrong.contains("role=\"alert\""), "{wrong}");
        assert!(!owner.get("/settings/me").await.contains("factor-picture"), "only where it was shown");
    }
}

/// Every key action is a visible button or link that works without a script, and no button leads nowhere.
#[tokio::test]
async fn keys_press_buttons_that_are_there_and_rows_lead_to_their_pages() {
    for mut world in worlds("keys").await {
        let mut settings = world.house.tenant.settings.clone();
        settings.review_all = true;
        let mut commit = world.house.begin().await.expect("begins");
        commit.save_settings(&settings).await.expect("kept");
        commit.finish().await.expect("kept");
        world.refresh().await;
        world.import("orders.csv", &orders()).await;
        run_decisions(&world.house, RunOptions::default()).await.expect("runs");
        let owner = Site::open(&world).await.enter(&world, Role::Owner).await;
        for (path, keys) in [
            ("/today", &["a", "d", "e", "r"][..]),
            ("/letters/L-0001", &["a", "d", "e", "r"]),
            ("/debtors/D-0001", &["e", "r"]),
            ("/receivables/R-0001", &["e"]),
            ("/playbooks/b5_open_account", &["e"]),
        ] {
            let page = owner.get(path).await;
            for key in keys {
                let mark = format!("data-key=\"{key}\"");
                let at = page.find(&mark).unwrap_or_else(|| panic!("{path} has nothing for {key}"));
                let tag = page[..at].rfind('<').map(|begin| &page[begin..at]).expect("a tag");
                assert!(!tag.contains(" disabled"), "{path}: {key} is on {tag}");
                assert!(["<button", "<summary", "<a "].iter().any(|kind| tag.starts_with(kind)), "{path}: {tag}");
            }
            assert!(!page.contains("Edit (not yet)"), "{path}");
        }
        let letter = owner.get("/letters/L-0001").await;
        for place in
            ["/debtors/D-0001#contacts", "/receivables/R-0001", "/playbooks/b5_open_account", "/settings/company"]
        {
            assert!(letter.contains(&format!("href=\"{place}\"")), "{place} is changed where it is: {letter}");
        }
        let auditor = Site::open(&world).await.enter(&world, Role::Auditor).await.get("/letters/L-0001").await;
        assert!(!auditor.contains("/settings/company") && !auditor.contains("#contacts"), "{auditor}");
        for (list, row) in [("/debtors", "/debtors/D-0001"), ("/letters", "/letters/L-0001")] {
            let page = owner.get(list).await;
            let link = page.split("<a ").find(|part| part.contains("data-queue-item")).expect("a row");
            assert!(link.contains(&format!("href=\"{row}\"")), "{list}: {link}");
            assert!(owner.get(row).await.starts_with("HTTP/1.1 200"), "{row}");
        }
    }
}
