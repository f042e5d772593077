//! What a trader expects, as tables to read: `tests/scenarios/*.txt`, one file per scenario. [`grammar`] reads them,
//! [`play`] lets days pass with the decision, the audit and the applier of the real run, and compares everything that was
//! done.
//!
//! `#` begins a remark. First the stage, then what happens and, behind arrows, all that comes of it, day by day in the
//! firm's time; what is not written must not happen. What has no time happens at noon.
//!
//! ```text
//! playbook b3_balance_bl_copy                 the one that the cases take; more names: all that there are
//! firm Asia/Shanghai                          where the firm sits, when elsewhere
//! reads statements                            which come every night, and may be four days old
//! buyer IT: finance by email, phone; owner by email
//! grade gold                                  when somebody graded the buyer
//! reviews every letter                        the firm does, before it leaves
//! closed 2026-08-10 to 2026-08-21             the buyer is
//! limit USD 50000.00                          of credit
//! 2026-03-02  owes USD 7000.00 balance bl_copy due 2026-03-02        the first debt is R-1
//! 2026-03-02 09:30  owes USD 50.00 full order_placed                 `awaited`, `contextual`, `due DATE` may follow
//! 2026-03-02  triggered R-1 due DATE | due R-1 DATE | arrival R-1 DATE (or another day of the order)
//! 2026-03-02  pays R-1 [USD 300.00] | bounces R-1 | money USD 90.00 | matched
//! 2026-03-02  credit R-1 USD 20.00 | written off R-1 | closed R-1 | platform owes R-1
//! 2026-03-02  promises R-1 [USD 300.00] for DATE | disputes R-1 [USD 90.00] | resolved R-1
//! 2026-03-02  writes R-1 short_of_cash (or another intent): an answer of the buyer, entered by hand
//! 2026-03-02  says R-1 cash_short | says R-1 nothing | hold [R-1] until DATE | released | blacklisted
//! 2026-03-02  contact owner by email [in America/New_York] | leaves owner | objects owner | unblocked
//! 2026-03-02  suppressed finance email [until DATE]       this address may not be used
//! 2026-03-02  supply allowed [until DATE] | supply stopped [until DATE] | supply by rule
//! 2026-03-02  terms R-1 FOB Ningbo, forwarder nominated by buyer
//! 2026-03-02  talk We will pay USD 5,000 on Friday        is looked through, and nothing is entered
//! 2026-03-02  handed over R-1 | plan agreed R-1 | mistake R-1
//! 2026-03-02  off until DATE | no statements until DATE | nobody calls until DATE | restored from DATE
//! 2026-03-05  -> letter first_reminder (email, finance, USD 7000.00)
//! 2026-03-09  -> nothing: gate.promise         this is why; `nothing more` only lets the days pass
//! 2026-03-09  -> supply stopped (since 2026-03-04, USD 700.00, R-2 waits)     or `free`, `allowed`, `stopped_by_hand`
//! 2026-03-09  -> risk R-2 (new_buyer, late_payer)                     all that it warns of, in the evening
//! 2026-03-09  -> found promise 2026-03-13 USD 5000.00                 in a talk; or `amount`, or a reason
//! ```
//!
//! Orders and parcels have tables of their own below `orders/`, which [`orders`] reads and [`shop`] plays.
//!
//! What comes of it is `letter`, `approval`, `call`, `cancelled` and a step, `work` and a step that is our own, `task`
//! and its kind, `closed` and the gate. In brackets stand, where they matter: channel, role, `automatic`, `look`,
//! `severe`, `two_persons`, what is asked for, `R-1+R-2`, `level 2`, `statement` or `no statement`, `copy finance` or
//! `no copy`.

mod beside;
mod desk;
mod grammar;
mod messages;
mod orders;
mod peace;
mod play;
mod shop;
mod spoiled;
mod standing;

use std::path::{Path, PathBuf};

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|own| own == ending)).collect();
    files.sort();
    files
}

#[test]
fn every_scenario_comes_out_as_its_table_says() {
    let mut wrong = Vec::new();
    let mut lines = 0;
    for file in files("tests/scenarios", "txt") {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("a table");
        match grammar::read(&text) {
            Ok(tables) => {
                for table in tables {
                    lines += table.expected.len();
                    wrong.extend(play::play(&table).into_iter().map(|what| format!("{name}:{what}")));
                }
            }
            Err(what) => wrong.push(format!("{name}:{what}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {lines} lines:\n{}", wrong.len(), wrong.join("\n"));
    assert!(lines > 100, "only {lines} lines behind arrows");
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let stage = "playbook reasons\nbuyer IT: finance by email\n";
    let told = |line: &str| grammar::read(&format!("{stage}{line}\n")).err().unwrap_or_default();
    assert_eq!(told("2026-03-02  pays R-1"), "");
    assert_eq!(told("2026-03-02  sings"), "3: ‘sings’ is nothing that happens");
    assert_eq!(told("2026-13-02  pays R-1"), "3: ‘2026-13-02’ is no day");
    assert_eq!(told("2026-03-02  -> shouts loud"), "3: ‘shouts loud’ is nothing that comes of it");
    assert_eq!(told("2026-03-02  pays R-1\n2026-03-01  pays R-1"), "4: 2026-03-01 comes after a later day");
    assert_eq!(told("buyer IT: boss by email"), "3: ‘boss’ is no role");
    assert_eq!(told("limit lots"), "3: ‘lots’ is no amount");
    assert_eq!(told("2026-03-02  suppressed boss email"), "3: ‘suppressed boss email’ is nothing that happens");
}

#[test]
fn what_is_not_written_must_not_happen_and_what_is_written_must() {
    let stage =
        "playbook reasons\nbuyer IT: finance by email\n2026-03-02  owes USD 100.00 full bl_date due 2026-03-02\n";
    let played = |rest: &str| {
        let tables = grammar::read(&format!("{stage}{rest}")).expect("a table");
        play::play(&tables[0])
    };
    assert_eq!(played("2026-03-05  -> letter first_reminder (email)\n"), Vec::<String>::new());
    assert!(played("2026-03-06  -> nothing: step.next\n")[0].contains("not in the table"));
    assert!(played("2026-03-05  -> letter first_reminder (phone)\n").iter().any(|what| what.starts_with("4:")));
    assert!(played("2026-03-04  -> nothing: gate.hold\n")[0].contains("step.next"));
    assert!(played("2026-03-04  -> supply stopped\n")[0].contains("supply is free"));
    assert!(played("2026-03-04  -> risk R-1\n")[0].contains("new_buyer"));
    let talked = played("2026-03-04  talk We will pay on Friday\n2026-03-04  -> nothing more\n");
    assert!(talked[0].contains("found promise 2026-03-06"), "{talked:?}");
}
