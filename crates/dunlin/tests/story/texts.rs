//! Letters of one's own: checked before they are used, tried on real receivables, used in place of the shipped ones.

use std::path::Path;
use std::process::Output;

use crate::world::{MORNING, World, orders, worlds};

fn dunlin(world: &World, words: &[&str]) -> Output {
    let mut command = crate::world::program();
    command.args(words).args(["--db", &world.place, "--as-of", MORNING]).env_remove("DUNLIN_FAULT");
    command.output().expect("starts")
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test]
async fn letters_of_ones_own_are_checked_tried_and_used() {
    for world in worlds("texts").await {
        world.import("orders.csv", &orders()).await;
        let folder = world.dir.path().join("texts");
        let own = folder.display().to_string();
        write(
            &folder,
            "en/b5_first_reminder.txt",
            "subject: {{ items[0].reference }}\n---\nHello, {{ total }} please.\n",
        );
        let checked = dunlin(&world, &["letter", "check", &own]);
        assert!(checked.status.success(), "{}", out(&checked));
        let preview = ["letter", "preview", "b5_first_reminder", "--lang", "en", "--subject", "INV-2026-001"];
        let shipped = dunlin(&world, &preview);
        assert!(out(&shipped).contains("12,430.00") && !out(&shipped).contains("Hello, USD"), "{}", out(&shipped));
        let tried = dunlin(&world, &[&preview[..], &["--letters", &own]].concat());
        assert!(out(&tried).contains("anna@rossi.example"), "{}", out(&tried));
        assert!(out(&tried).contains("Hello, USD 12,430.00 please."), "{}", out(&tried));

        // A mistyped name is said, because that letter would never be written.
        write(&folder, "en/b5_frist_reminder.txt", "subject: x\n---\nHello.\n");
        let output = dunlin(&world, &["letter", "check", &own]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            out(&output).contains("en/b5_frist_reminder.txt:1") && out(&output).contains("mistyped"),
            "{}",
            out(&output)
        );
        std::fs::remove_file(folder.join("en/b5_frist_reminder.txt")).expect("removed");

        // With the account statement, as a PDF.
        let pdf = world.dir.path().join("statement.pdf").display().to_string();
        assert!(dunlin(&world, &[&preview[..], &["--pdf", &pdf]].concat()).status.success());
        assert!(std::fs::read(&pdf).expect("written").starts_with(b"%PDF-"));

        // One with a mistake stops every command that would use it, with file and line.
        write(&folder, "en/b5_first_reminder.txt", "subject: x\n---\nPlease pay {{ totl }}.\n");
        for words in [&["letter", "check", &own][..], &["run", "--letters", &own], &["send", "--letters", &own]] {
            let output = dunlin(&world, words);
            assert_eq!(output.status.code(), Some(1), "{}", out(&output));
            assert!(
                out(&output).contains("en/b5_first_reminder.txt:3") && out(&output).contains("totl"),
                "{}",
                out(&output)
            );
        }
        for (words, says) in [
            (&["letter", "preview", "no_such", "--lang", "en", "--subject", "R-0001"][..], "there is no letter"),
            (&["letter", "preview", "b5_first_reminder", "--lang", "xx", "--subject", "R-0001"], "not a language"),
            (&["letter", "check", "/nonexistent"], "no such file"),
        ] {
            let output = dunlin(&world, words);
            assert!(!output.status.success() && out(&output).contains(says), "{}", out(&output));
        }

        // A playbook that names a letter nobody wrote.
        let text = include_str!("../../../../playbooks/b5_open_account.toml");
        let text = text.replacen("letter = \"b5_first_reminder\"", "letter = \"b5_unwritten\"", 1);
        write(&folder, "b5_open_account.toml", &text);
        let output = dunlin(&world, &["playbook", "check", &folder.join("b5_open_account.toml").display().to_string()]);
        assert_eq!(output.status.code(), Some(1));
        assert!(out(&output).contains("b5_unwritten"), "{}", out(&output));
        let list = dunlin(&world, &["letter", "list", "queued"]);
        assert!(list.status.success());
    }
}
