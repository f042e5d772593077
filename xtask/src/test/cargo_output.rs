//! Reads what `cargo test` prints: the counts of every test program, and of the failures exactly what a
//! reader needs. A program that did not compile or died without a count is one more failure.

use super::Outcome;
use crate::command_run::Finished;

/// At most this many lines of failures are shown; the log has all.
const SHOWN_LINES: usize = 200;

pub fn read(finished: &Finished) -> Outcome {
    let (mut passed, mut failed) = (0, 0);
    let mut shown: Vec<&str> = Vec::new();
    let mut inside_failures = false;
    for line in &finished.lines {
        if let Some(counts) = line.strip_prefix("test result:") {
            passed += count_before(counts, " passed");
            failed += count_before(counts, " failed");
            inside_failures = false;
        }
        // Each failing program prints "failures:" with the outputs, then again with the bare names.
        inside_failures |= line == "failures:";
        if inside_failures || line.starts_with("error") {
            shown.push(line);
        }
    }
    let mut detail: String = shown.iter().take(SHOWN_LINES).map(|line| format!("    {line}\n")).collect();
    if !finished.ok && failed == 0 {
        failed = 1;
        detail.push_str(&finished.tail(40));
    }
    Outcome { passed, failed, detail, repeat: String::new() }
}

/// The number that stands before ` passed` in ` ok. 12 passed; 0 failed; …`.
fn count_before(counts: &str, word: &str) -> u64 {
    let before = counts.split(word).next().unwrap_or_default();
    let digits = before.rsplit(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(ok: bool, text: &str) -> Outcome {
        read(&Finished { ok, lines: text.lines().map(str::to_owned).collect() })
    }

    #[test]
    fn the_counts_of_all_programs_are_added() {
        let found = outcome(
            true,
            "running 2 tests\ntest result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out\n\
             test result: ok. 30 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out",
        );
        assert_eq!((found.passed, found.failed), (42, 0));
    }

    #[test]
    fn a_failure_is_counted_and_shown_with_its_output() {
        let found = outcome(
            false,
            "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nleft: 1, right: 2\n\n\
             failures:\n    b\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored\nnoise",
        );
        assert_eq!((found.passed, found.failed), (1, 1));
        assert!(found.detail.contains("left: 1, right: 2"), "{}", found.detail);
        assert!(!found.detail.contains("noise"));
    }

    #[test]
    fn a_program_that_never_reports_is_a_failure() {
        let found = outcome(false, "error: could not compile `dunlin` (lib) due to 1 previous error");
        assert_eq!((found.passed, found.failed), (0, 1));
        assert!(found.detail.contains("could not compile"));
    }
}
