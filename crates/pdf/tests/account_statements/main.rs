//! Account statements, read back with `pdftotext` and `pdfinfo` (package poppler-utils). Where these or the
//! Chinese font are missing the test says so and passes. `DUNLIN_PICTURES=<directory>` saves the PDFs, to be
//! looked at.

#[path = "../../../documents/tests/documents/firm.rs"]
mod firm;
mod samples;

use std::io::Write;
use std::process::{Command, Stdio};

use dunlin_core::letter::{AccountStatement, Rests};
use dunlin_core::party::Language;
use dunlin_documents::account_statement::needs_cjk;
use dunlin_pdf::{Fonts, PdfError, account_statement_pdf};

use samples::statement;

const NOTO: [&str; 2] =
    ["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"];

fn latin() -> Fonts {
    Fonts::new(Vec::new()).expect("the built-in fonts")
}

fn chinese() -> Option<Fonts> {
    let files: Option<Vec<_>> = NOTO.iter().map(|path| Some((std::fs::read(path).ok()?, 2))).collect();
    if files.is_none() {
        eprintln!("SKIPPED: fonts-noto-cjk is not installed");
    }
    files.map(|files| Fonts::new(files).expect("Noto Sans CJK"))
}

fn pdf(name: &str, statement: &AccountStatement, fonts: &Fonts) -> Vec<u8> {
    let bytes = account_statement_pdf(statement, fonts).expect("a statement");
    assert!(bytes.starts_with(b"%PDF-"), "{name}");
    if let Some(directory) = std::env::var_os("DUNLIN_PICTURES") {
        let path = std::path::Path::new(&directory).join(format!("{name}.pdf"));
        std::fs::write(path, &bytes).expect("a directory to save into");
    }
    bytes
}

/// What a tool of poppler-utils says about the PDF; `None` when it is not installed.
fn poppler(tool: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let child =
        Command::new(tool).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: {tool} (poppler-utils) is not installed");
        return None;
    };
    child.stdin.take().expect("piped").write_all(pdf).expect("reads its input");
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.success(), "{tool} cannot read the PDF");
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

fn text(pdf: &[u8]) -> Option<String> {
    poppler("pdftotext", &["-layout", "-", "-"], pdf)
}

fn pages(pdf: &[u8]) -> Option<usize> {
    let info = poppler("pdfinfo", &["-"], pdf)?;
    let pages = info.lines().find_map(|line| line.strip_prefix("Pages:"));
    Some(pages.expect("a number of pages").trim().parse().expect("a number"))
}

fn assert_says(text: &str, phrases: &[&str]) {
    // Words that wrap to the next line are still the same words.
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for phrase in phrases {
        assert!(flat.contains(phrase), "‘{phrase}’ is not in\n{text}");
    }
}

#[test]
fn english_says_names_lines_and_totals() {
    let statement = statement(Language::En, "Rossi & Figli S.r.l.", 5);
    let pdf = pdf("en-5", &statement, &latin());
    let Some(text) = text(&pdf) else { return };
    assert_says(
        &text,
        &[
            "Account statement",
            "as of 12 March 2026",
            "Rossi & Figli S.r.l.",
            "D-0017",
            "INV-2026-014",
            "PO-7781",
            "12,430.00",
            "Total open USD 83,612.19",
            "of which overdue USD 42,920.49",
            "of which disputed USD 9,392.45",
            "BKNBCN2N",
            "1/1",
        ],
    );
    assert!(!needs_cjk(&statement));
}

#[test]
fn what_is_not_asked_for_now_is_marked_and_left_out_of_what_is() {
    let marks = [
        (Language::En, ["payable through the bank", "on hold – not asked for now"]),
        (Language::Es, ["se paga a través del banco", "en suspenso: no se solicita ahora"]),
    ];
    for (language, marks) in marks {
        let mut statement = statement(language, "Rossi Srl", 5);
        statement.lines[0].rests = Some(Rests::ThroughBank);
        statement.lines[1].rests = Some(Rests::Paused);
        statement.total_asked.minor = 10_000;
        let pdf = pdf(&format!("{}-rests", language.code()), &statement, &latin());
        // Cell by cell: a mark may take two lines beneath its reference.
        let Some(cells) = poppler("pdftotext", &["-raw", "-", "-"], &pdf) else { return };
        assert_says(&cells, &marks);
        let Some(page) = text(&pdf) else { return };
        if language == Language::En {
            assert_says(&page, &["asked for now USD 100.00"]);
        }
    }
}

#[test]
fn a_part_that_alone_is_asked_for_stands_beneath_what_is_open() {
    let mut statement = statement(Language::En, "Rossi Srl", 5);
    statement.lines[1].asked.minor = 10_000;
    let pdf = pdf("en-part", &statement, &latin());
    let Some(cells) = poppler("pdftotext", &["-raw", "-", "-"], &pdf) else { return };
    assert_says(&cells, &["asked for now 100.00"]);
}

#[test]
fn before_anything_is_due_no_sum_of_nothing_is_shown() {
    let mut statement = statement(Language::En, "Rossi Srl", 5);
    statement.total_asked.minor = 0;
    let pdf = pdf("en-not-due", &statement, &latin());
    let Some(page) = text(&pdf) else { return };
    assert!(!page.contains("asked for now"), "{page}");
    assert!(page.contains("USD"), "{page}");
}

#[test]
fn spanish_runs_over_pages_with_its_heading_repeated() {
    let statement = statement(Language::Es, "Importadora del Pacífico S.A. de C.V.", 70);
    let pdf = pdf("es-70", &statement, &latin());
    let Some(text) = text(&pdf) else { return };
    assert_eq!(pages(&pdf), Some(3));
    assert_eq!(text.matches("Días de retraso").count(), 3);
    assert_says(&text, &["Estado de cuenta", "al 12 de marzo de 2026", "12 430,00", "3/3", "Datos para el pago"]);
}

#[test]
fn twenty_lines_fit_a_page() {
    for language in [Language::En, Language::Es] {
        let pdf = pdf(&format!("{}-20", language.code()), &statement(language, "Rossi Srl", 20), &latin());
        let Some(pages) = pages(&pdf) else { return };
        assert_eq!(pages, 1, "{language:?}");
    }
}

#[test]
fn chinese_is_chinese_throughout() {
    let Some(fonts) = chinese() else { return };
    let mut statement = statement(Language::Zh, "上海长江进出口有限公司", 8);
    statement.sender.company = "宁波海雁贸易有限公司".into();
    statement.sender.company_address = "浙江省宁波市鄞州区中山东路 12 号\n海雁大厦 1806 室".into();
    statement.sender.name = "林薇".into();
    statement.lines[0].order_number = "春季订单 2026-1".into();
    let pdf = pdf("zh-8", &statement, &fonts);
    let Some(text) = text(&pdf) else { return };
    assert_eq!(pages(&pdf), Some(1));
    assert_says(&text, &["对账单", "上海长江进出口有限公司", "宁波海雁贸易有限公司", "2026 年 3 月 12 日", "未付合计"]);
}

#[test]
fn a_chinese_name_on_an_english_page_is_set_too() {
    let Some(fonts) = chinese() else { return };
    let statement = statement(Language::En, "Rossi 罗西 Srl", 3);
    assert!(needs_cjk(&statement));
    let pdf = pdf("en-han", &statement, &fonts);
    let Some(text) = text(&pdf) else { return };
    assert_says(&text, &["Rossi 罗西 Srl"]);
}

#[test]
fn without_a_chinese_font_the_error_names_the_remedy() {
    let error = account_statement_pdf(&statement(Language::En, "长城", 1), &latin()).expect_err("no such font");
    assert_eq!(error, PdfError::NoCjkFont { character: '长' });
    assert!(error.to_string().contains("fonts-noto-cjk"), "{error}");
    let error = account_statement_pdf(&statement(Language::Zh, "Rossi", 1), &latin()).expect_err("no such font");
    assert!(matches!(error, PdfError::NoCjkFont { .. }));
}

#[test]
fn a_single_line_and_none_at_all() {
    let mut one = statement(Language::En, "Nordlys AS", 1);
    one.lines[0].order_number = String::new();
    one.bank = None;
    let pdf_of_one = pdf("en-1", &one, &latin());
    let none = statement(Language::Es, "Nordlys AS", 0);
    let pdf_of_none = pdf("es-0", &none, &latin());
    let Some(text_of_none) = text(&pdf_of_none) else { return };
    assert_says(&text_of_none, &["No hay importes pendientes."]);
    let text_of_one = text(&pdf_of_one).expect("as before");
    assert_says(&text_of_one, &["INV-2026-014", "USD 12,430.00"]);
    assert!(!text_of_one.contains("Order"), "an empty column is left out");
}

#[test]
fn hostile_names_are_only_names() {
    let hostile = [
        ("panic", "#panic()".to_string()),
        ("markup", "*Acme* $x$ _y_ <label> `raw` #{sys} \\u{41} @ref // no comment".to_string()),
        ("tall", "Lines\nand\r\nlines".to_string()),
        ("long-word", "W".repeat(10_000)),
        ("long-words", "Wide Winds of the World ".repeat(40)),
        ("arabic", "شركة النخيل للتجارة ذ.م.م".to_string()),
        ("hebrew", "דקל סחר בינלאומי בע״מ".to_string()),
        ("override", "Acme \u{202E}dtL".to_string()),
        ("unknown-letters", "ไทย हिन्दी 🦆".to_string()),
        ("empty", String::new()),
    ];
    for (name, buyer) in hostile {
        let mut statement = statement(Language::En, &buyer, 3);
        statement.lines[0].reference = buyer.clone();
        statement.lines[1].order_number = buyer.clone();
        statement.sender.company_address = buyer.clone();
        let pdf = pdf(&format!("hostile-{name}"), &statement, &latin());
        let Some(text) = text(&pdf) else { return };
        assert_says(&text, &["Total open", "INV-2026-015"]);
        match name {
            "panic" => assert_says(&text, &["#panic()"]),
            "markup" => assert_says(&text, &["*Acme* $x$ _y_ <label>"]),
            "override" => assert_says(&text, &["Acme dtL"]),
            _ => {}
        }
    }
}

#[test]
fn amounts_as_large_as_they_get_stay_on_the_paper() {
    let mut statement = statement(Language::Es, "Rossi Srl", 4);
    for line in &mut statement.lines {
        line.amount.minor = 99_999_999_999_999;
        line.paid.minor = 9_999_999_999_999;
        line.outstanding.minor = 90_000_000_000_000;
    }
    statement.total_outstanding.minor = 360_000_000_000_000;
    statement.total_overdue.minor = 360_000_000_000_000;
    let pdf = pdf("es-large", &statement, &latin());
    let Some(text) = text(&pdf) else { return };
    assert_says(&text, &["999 999 999 999,99", "3 600 000 000 000,00 USD"]);
}

#[test]
fn the_same_statement_gives_the_same_bytes() {
    let statement = statement(Language::En, "Rossi Srl", 12);
    let fonts = latin();
    let first = account_statement_pdf(&statement, &fonts).expect("a statement");
    comemo_forgets();
    assert_eq!(first, account_statement_pdf(&statement, &latin()).expect("a statement"));
    let Some(info) = poppler("pdfinfo", &["-"], &first) else { return };
    for part in ["Account statement: Rossi Srl, 12 March 2026", "Ningbo Haiyan Trading", "Dunlin", "Tagged:"] {
        assert!(info.contains(part), "{part} is not in\n{info}");
    }
}

/// Other statements in between push the first out of typst's memory.
fn comemo_forgets() {
    for count in 1..5 {
        account_statement_pdf(&statement(Language::Es, "Otro S.A.", count), &latin()).expect("a statement");
    }
}

#[test]
fn a_file_that_is_no_font_is_refused() {
    let error = Fonts::new(vec![(b"not a font".to_vec(), 0)]).err();
    assert_eq!(error, Some(PdfError::BadFont { position: 0, face: 0 }));
}

#[test]
fn memory_stays_flat() {
    // In a process of its own: the other tests share this one.
    let name = "account_statements::renders_many_in_one_process";
    let test = std::env::current_exe().expect("this test");
    let output = Command::new(test).args(["--exact", name, "--ignored", "--nocapture"]).output().expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
#[ignore = "run by memory_stays_flat"]
fn renders_many_in_one_process() {
    let fonts = latin();
    let render = |count: i64| {
        let statement = statement(Language::Es, &format!("Cliente {count} S.A."), 1 + count % 4);
        account_statement_pdf(&statement, &fonts).expect("a statement");
    };
    (0..20).for_each(render);
    let Some(before) = resident_kilobytes() else { return };
    (20..220).for_each(render);
    let after = resident_kilobytes().expect("as before");
    assert!(after < before + 8 * 1024, "200 statements took {before} kB to {after} kB");
}

/// Resident memory of this process; `None` where there is no `/proc`.
fn resident_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
