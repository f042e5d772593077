//! Bad input: a clear message with place and remedy, exit code 1 or 2, nothing changed.

use std::process::Output;

use dunlin::use_cases::change_settings::{CompanyForm, change_company};

use crate::world::{as_person, skipped, worlds};

fn dunlin(words: &[&str]) -> Output {
    let mut command = crate::world::program();
    command.args(words).env_remove("DUNLIN_DB").env_remove("DUNLIN_FAULT");
    command.output().expect("starts")
}

fn says(output: &Output, code: i32, words: &[&str]) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{text}");
    for word in words {
        assert!(text.contains(word), "‘{word}’ is not in: {text}");
    }
    assert!(!text.contains("panicked"), "{text}");
}

#[test]
fn wrong_usage_is_code_2() {
    says(&dunlin(&["frobnicate"]), 2, &["frobnicate"]);
    says(&dunlin(&["statement", "parse", "--format", "mt999", "-"]), 2, &["mt999", "mt940"]);
}

#[tokio::test]
async fn an_instant_that_no_calendar_holds_is_code_2() {
    for world in worlds("far_away").await {
        for far in ["9999-12-30T22:00:00Z", "9999-12-31", "1999-12-31T23:59:59Z", "-009998-01-02T00:00:00Z"] {
            let output = dunlin(&["run", "--dry-run", "--db", &world.place, &format!("--as-of={far}")]);
            says(&output, 2, &[far, "2000 to 2199"]);
        }
    }
}

#[test]
fn a_missing_database_is_named_with_what_to_do() {
    says(&dunlin(&["run", "--db", "/nonexistent/x.db"]), 1, &["/nonexistent/x.db", "dunlin init"]);
}

#[test]
fn an_unreachable_postgres_hides_the_password_and_says_what_to_check() {
    let output = dunlin(&["run", "--db", "postgres://me:hidden@127.0.0.1:9/x"]);
    says(&output, 1, &["127.0.0.1:9", "Check host"]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("hidden"));
}

#[test]
fn a_wrong_password_of_postgres_is_said() {
    let Ok(url) = std::env::var("DUNLIN_TEST_PG_PASSWORD_URL") else {
        skipped("wrong PostgreSQL password (DUNLIN_TEST_PG_PASSWORD_URL names no server)");
        return;
    };
    let wrong = url.replace("secret", "guessed");
    let output = dunlin(&["run", "--db", &wrong]);
    says(&output, 1, &["password authentication failed", "password"]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("guessed"));
}

#[tokio::test]
async fn a_broken_playbook_is_named_with_line_and_column_and_nothing_runs() {
    for world in worlds("playbook").await {
        let folder = world.dir.path().join("own");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("mine.toml"), "id = \"mine\"\nscenario = \"B5\"\n[title]\nen = \"x\"\nzh = \"x\"\n[[step]]\nid = \"a\"\nlevel = 1\npurpose = \"press\"\nat = [\"dew + 3 days\"]\nchannels = [\"email\"]\nroles = [\"finance\"]\nletter = \"b5_first_reminder\"\nautonomy = \"automatic\"\nanswer_days = 5\n[step.title]\nen = \"x\"\nzh = \"x\"\n").expect("written");
        let folder = folder.display().to_string();
        let output = dunlin(&["run", "--db", &world.place, "--playbooks", &folder]);
        says(&output, 1, &["mine.toml:10:", "dew", "known: due"]);
        says(&dunlin(&["playbook", "check", &folder]), 1, &["mine.toml:10:"]);
    }
}

#[tokio::test]
async fn a_sender_that_mail_servers_cannot_carry_is_refused_everywhere() {
    const SENDER: &str = "王芳@haiou.example";
    let dir = tempfile::tempdir().expect("a folder");
    let place = dir.path().display().to_string();
    let output = dunlin(&["init", "--company", "Haiou", "--email", SENDER, "--data-dir", &place]);
    says(&output, 2, &[SENDER, "mail servers cannot carry", "xn--"]);
    assert!(!dir.path().join("dunlin.db").exists(), "nothing was made");
    for world in worlds("plain_sender").await {
        let settings = &world.house.tenant.settings;
        let form = |email: &str| CompanyForm {
            company: settings.sender.company.clone(),
            address: String::new(),
            name: settings.sender.name.clone(),
            email: email.to_string(),
            phone: String::new(),
            time_zone: settings.time_zone.clone(),
            ui_language: "en".to_string(),
            base_currency: "CNY".to_string(),
            difficulty: None,
            latin: None,
        };
        let owner = as_person(&world.house, "Lin");
        let refused = change_company(&owner, &form(SENDER)).await.expect_err("refused").to_string();
        assert!(refused.contains(SENDER) && refused.contains("xn--"), "{refused}");
        change_company(&owner, &form("wang.fang@haiou.example")).await.expect("changed");
    }
}

#[tokio::test]
async fn an_unreadable_file_changes_nothing() {
    for world in worlds("unreadable").await {
        let file = world.dir.path().join("picture.xlsx");
        std::fs::write(&file, [0x50, 0x4b, 3, 4, 1, 2, 3]).expect("written");
        let file = file.display().to_string();
        says(&dunlin(&["import", &file, "--db", &world.place]), 1, &["picture.xlsx"]);
        says(&dunlin(&["statement", "import", &file, "--db", &world.place]), 1, &["picture.xlsx", "MT940"]);
        assert!(world.house.store.find_party(world.house.tenant.id, "D-0001").await.expect("reads").is_none());
    }
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("notes.db");
    std::fs::write(
        &file,
        "these are my notes, not a database, and they are longer than a header of one hundred bytes would be",
    )
    .expect("written");
    let place = file.display().to_string();
    let output = dunlin(&["run", "--db", &place]);
    says(&output, 1, &["notes.db", "Check that"]);
    assert!(std::fs::read_to_string(&file).expect("still there").starts_with("these are my notes"));
}

#[tokio::test]
async fn a_database_of_an_earlier_development_version_is_left_alone() {
    for world in worlds("earlier").await {
        world.house.store.pretend_earlier().await.expect("written");
        let file = world.dir.path().join("all.backup").display().to_string();
        for words in [&["run"][..], &["doctor"], &["migrate"], &["backup", &file], &["party", "block", "D-0001"]] {
            let mut words = words.to_vec();
            if words[0] == "party" {
                words.extend(["--why", "x"]);
            }
            words.extend(["--db", &world.place]);
            says(&dunlin(&words), 1, &["earlier development version", "Nothing was changed"]);
        }
        assert!(!std::path::Path::new(&file).exists());
    }
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    for world in worlds("newer").await {
        world.house.store.pretend_newer(999).await.expect("written");
        says(&dunlin(&["run", "--db", &world.place]), 1, &["newer Dunlin", "999", "nothing was changed"]);
    }
}
