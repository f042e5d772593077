//! Orders that earlier files had and this one has not, and articles of a catalogue alike. They are listed once and never
//! closed: a filter set in a spreadsheet is no payment, and no end of a sale.

use std::collections::{BTreeMap, BTreeSet};

use dunlin_core::order::OrderSource;
use dunlin_store::{Commit, StoreError};
use serde::Deserialize;

use super::kind::Layout;
use super::report::{ImportReport, Vanished};

/// The orders or articles known before this file, and those that were missing already.
#[derive(Debug, Default)]
pub struct Known {
    /// Numbers with their debtors' names or titles, less what this file has shown so far.
    missing: BTreeMap<String, String>,
    count: usize,
    missing_before: BTreeSet<String>,
}

#[derive(Deserialize, Default)]
struct LastReport {
    #[serde(default)]
    vanished: Vec<LastVanished>,
    #[serde(default)]
    missing_since_earlier: Vec<String>,
}

#[derive(Deserialize)]
struct LastVanished {
    order: String,
}

impl Known {
    pub async fn load(commit: &mut Commit, layout: Layout) -> Result<Self, StoreError> {
        let known = match layout {
            Layout::Direct => commit.order_numbers(OrderSource::Direct).await?,
            Layout::Marketplace => commit.order_numbers(OrderSource::Marketplace).await?,
            Layout::Products => commit.product_skus().await?,
            _ => return Ok(Self::default()),
        };
        let missing: BTreeMap<String, String> = known.into_iter().collect();
        let last = commit.last_import(layout.name()).await?;
        // A report of another version of the program is no reason to stop; then orders are listed once more.
        let last: LastReport = last.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        let of_last = last.vanished.into_iter().map(|vanished| vanished.order);
        let missing_before = of_last.chain(last.missing_since_earlier).collect();
        Ok(Self { count: missing.len(), missing, missing_before })
    }

    /// The file has this order or article, readable or not.
    pub fn is_here(&mut self, number: &str) {
        self.missing.remove(number);
    }

    /// Lists what is missing, if the file has at least half of those known; a shorter one is no whole list.
    pub fn report(self, report: &mut ImportReport) {
        let here = self.count - self.missing.len();
        let is_whole_list = here * 2 >= self.count;
        for (order, debtor) in self.missing {
            if self.missing_before.contains(&order) {
                report.missing_since_earlier.push(order);
            } else if is_whole_list {
                report.vanished.push(Vanished { order, debtor });
            }
        }
    }
}
