//! Exports of real banks and payment services: every one must come out as a table with its header found.
//!
//! The files are not part of this repository; their directory is named by `DUNLIN_CORPUS` or lies beside the
//! checkout. Without it the test says so and passes.

#![allow(clippy::unwrap_used)]

use dunlin_sheets::read;
use std::fs;
use std::path::{Path, PathBuf};

fn files(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![below.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "csv" || e == "xlsx" || e == "xls") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn exports_are_tables() {
    let named = std::env::var_os("DUNLIN_CORPUS").map(PathBuf::from);
    let bank = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")).join("bank");
    if !bank.is_dir() {
        println!("SKIPPED: corpus absent");
        return;
    }
    let (mut count, mut wrong) = (0, Vec::new());
    for path in ["banana", "double-entry-generator", "bank2ynab"].iter().flat_map(|dir| files(&bank.join(dir))) {
        count += 1;
        let name = path.display().to_string();
        match read(&fs::read(&path).unwrap(), &name) {
            Ok(sheets) => {
                let widest = sheets[0].rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
                println!("{name}: {} rows, {widest} columns, {:?}", sheets[0].rows.len(), sheets[0].encoding);
                if widest < 3 {
                    wrong.push(format!("{name}: {widest} columns"));
                }
            }
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    println!("{count} files");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
