//! A small element tree in one reused buffer: one `Ntry`, `Bal` or `Acct` at a time.
//!
//! Bounded in depth and size. Knows nothing about what elements mean.

use std::ops::Range;

/// Deeper elements are skipped; real statements reach about 15.
const MAX_DEPTH: usize = 64;
/// An entry with more is refused as a whole (a batch of 100,000 payments has some 5 million elements).
const MAX_NODES: usize = 8_000_000;
const MAX_TEXT: usize = 512 * 1024 * 1024;

#[derive(Debug, Clone)]
struct Node {
    name: Range<usize>,
    value: Range<usize>,
    currency: Range<usize>,
    /// Index behind the last descendant.
    end: usize,
}

#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    text: String,
    path: Vec<usize>,
    /// Depth below an element that was too deep.
    skipped: usize,
    too_big: bool,
}

impl Tree {
    /// Begins anew, keeping the memory.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.text.clear();
        self.path.clear();
        self.skipped = 0;
        self.too_big = false;
    }

    pub(super) fn open(&mut self, name: &str, currency: Option<&str>) {
        if self.skipped > 0
            || self.path.len() >= MAX_DEPTH
            || self.nodes.len() >= MAX_NODES
            || self.text.len() >= MAX_TEXT
        {
            self.too_big |= self.skipped == 0 && self.path.len() < MAX_DEPTH;
            self.skipped += 1;
            return;
        }
        let name = self.add(name);
        let currency = self.add(currency.unwrap_or_default());
        let here = self.text.len();
        self.path.push(self.nodes.len());
        self.nodes.push(Node { name, value: here..here, currency, end: 0 });
    }

    fn add(&mut self, text: &str) -> Range<usize> {
        let from = self.text.len();
        self.text.push_str(text);
        from..self.text.len()
    }

    /// Adds to the innermost open element; text between child elements is no value and is dropped.
    pub(super) fn push_text(&mut self, text: &str) {
        if self.skipped > 0 || self.text.len() >= MAX_TEXT {
            return;
        }
        let count = self.nodes.len();
        if let Some(at) = self.path.last().copied().filter(|at| at + 1 == count) {
            self.text.push_str(text);
            self.nodes[at].value.end = self.text.len();
        }
    }

    /// True when the root element has ended.
    pub(super) fn close(&mut self) -> bool {
        if self.skipped > 0 {
            self.skipped -= 1;
        } else if let Some(at) = self.path.pop() {
            self.nodes[at].end = self.nodes.len();
        }
        self.path.is_empty() && self.skipped == 0
    }

    /// The root, once it has been closed.
    pub(super) fn root(&self) -> Element<'_> {
        Element { tree: self, at: 0 }
    }

    pub(super) fn is_too_big(&self) -> bool {
        self.too_big
    }

    /// The elements and values as text, for a problem report.
    pub(super) fn render(&self, limit: usize) -> String {
        let mut out = String::new();
        for node in &self.nodes {
            let value = self.text[node.value.clone()].trim();
            if out.len() > limit {
                break;
            }
            if !value.is_empty() {
                let currency = &self.text[node.currency.clone()];
                let blank = if currency.is_empty() { "" } else { " " };
                out.push_str(&format!("{}: {value}{blank}{currency}\n", &self.text[node.name.clone()]));
            }
        }
        out
    }
}

/// A place in the tree. The empty element (nothing found) is represented by `Option`.
#[derive(Clone, Copy)]
pub(super) struct Element<'t> {
    tree: &'t Tree,
    at: usize,
}

impl<'t> Element<'t> {
    fn node(self) -> Option<&'t Node> {
        self.tree.nodes.get(self.at)
    }

    pub(super) fn name(self) -> &'t str {
        self.node().map_or("", |node| &self.tree.text[node.name.clone()])
    }

    /// The trimmed text; `None` when there is none.
    pub(super) fn value(self) -> Option<&'t str> {
        let text = self.tree.text[self.node()?.value.clone()].trim();
        (!text.is_empty()).then_some(text)
    }

    /// The `Ccy` attribute.
    pub(super) fn currency(self) -> &'t str {
        self.node().map_or("", |node| self.tree.text[node.currency.clone()].trim())
    }

    pub(super) fn children(self) -> impl Iterator<Item = Element<'t>> {
        let tree = self.tree;
        let end = self.node().map_or(0, |node| node.end);
        let mut next = self.at + 1;
        std::iter::from_fn(move || {
            let at = (next < end).then_some(next)?;
            next = tree.nodes.get(at)?.end.max(at + 1);
            Some(Element { tree, at })
        })
    }

    pub(super) fn all(self, name: &'t str) -> impl Iterator<Item = Element<'t>> {
        self.children().filter(move |child| child.name() == name)
    }

    /// The first element down this path.
    pub(super) fn find(self, path: &[&str]) -> Option<Element<'t>> {
        path.iter().try_fold(self, |here, name| here.children().find(|child| child.name() == *name))
    }

    pub(super) fn text(self, path: &[&str]) -> Option<&'t str> {
        self.find(path)?.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_by_path_and_keeps_values_apart() {
        let mut tree = Tree::default();
        tree.open("Ntry", None);
        tree.push_text("\n ");
        tree.open("Amt", Some("EUR"));
        tree.push_text("8.");
        tree.push_text("85");
        tree.close();
        tree.push_text("noise");
        tree.open("Dt", None);
        tree.open("Dt", None);
        tree.push_text("2014-12-31");
        tree.close();
        tree.close();
        assert!(tree.close());
        let root = tree.root();
        assert_eq!(root.text(&["Amt"]), Some("8.85"));
        assert_eq!(root.find(&["Amt"]).map(Element::currency), Some("EUR"));
        assert_eq!(root.text(&["Dt", "Dt"]), Some("2014-12-31"));
        assert_eq!(root.value(), None);
        assert!(root.find(&["Dt", "DtTm"]).is_none());
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let mut tree = Tree::default();
        for _ in 0..100_000 {
            tree.open("a", None);
        }
        let ended: Vec<bool> = (0..100_000).map(|_| tree.close()).collect();
        assert_eq!(ended.iter().filter(|done| **done).count(), 1);
        assert_eq!(tree.nodes.len(), MAX_DEPTH);
    }
}
