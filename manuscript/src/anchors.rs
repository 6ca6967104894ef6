//! Anchors: the comments in a source file that mark a listing.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

/// The syntax of an anchor in mdBook.
static START: LazyLock<Regex> = LazyLock::new(|| regex(r"ANCHOR:\s*([\w_-]+)"));
static END: LazyLock<Regex> = LazyLock::new(|| regex(r"ANCHOR_END:\s*([\w_-]+)"));
/// The word in a line that should be an anchor.
static MARK: LazyLock<Regex> = LazyLock::new(|| regex(r"\bANCHOR(_END)?\b"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// The anchor around a whole file.
pub const WHOLE: &str = "all";

/// A source file with its anchors.
#[derive(Debug, Default)]
pub struct Anchors {
    /// The anchors by name.
    pub named: BTreeMap<String, Anchor>,
    /// The faults of the anchors, by line.
    pub faults: Vec<(usize, String)>,
}

/// A piece of a source file.
#[derive(Debug)]
pub struct Anchor {
    /// The line of its first mark.
    pub line: usize,
    /// The lines between its marks, without marks of other anchors.
    pub text: String,
    closed: bool,
}

impl Anchors {
    /// Finds the anchors of a file.
    pub fn parse(text: &str) -> Self {
        let mut anchors = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(end) = END.captures(line) {
                anchors.end(number, &end[1]);
            } else if let Some(start) = START.captures(line) {
                anchors.start(number, &start[1]);
            } else if MARK.is_match(line) {
                let fault =
                    "mdBook does not know this mark: write `ANCHOR: name` or `ANCHOR_END: name`";
                anchors.faults.push((number, fault.to_owned()));
            } else {
                anchors.line(line);
            }
        }
        anchors.unclosed();
        anchors.not_whole(text);
        anchors
    }

    fn start(&mut self, number: usize, name: &str) {
        if let Some(first) = self.named.get(name) {
            let fault = format!(
                "anchor `{name}` begins a second time, mdBook takes only the first, in line {}: \
                 give this one another name",
                first.line
            );
            self.faults.push((number, fault));
            return;
        }
        let anchor = Anchor {
            line: number,
            text: String::new(),
            closed: false,
        };
        self.named.insert(name.to_owned(), anchor);
    }

    fn end(&mut self, number: usize, name: &str) {
        match self.named.get_mut(name) {
            Some(anchor) if !anchor.closed => anchor.closed = true,
            Some(_) => self.faults.push((
                number,
                format!("anchor `{name}` ends a second time: remove one of the two ends"),
            )),
            None => self.faults.push((
                number,
                format!("anchor `{name}` has an end and no beginning: write `ANCHOR: {name}` above, or remove this"),
            )),
        }
    }

    fn line(&mut self, line: &str) {
        for anchor in self.named.values_mut().filter(|anchor| !anchor.closed) {
            anchor.text.push_str(line);
            anchor.text.push('\n');
        }
    }

    fn unclosed(&mut self) {
        for (name, anchor) in &self.named {
            if !anchor.closed {
                let fault = format!(
                    "anchor `{name}` has no end, and mdBook would show the rest of the file: \
                     write `ANCHOR_END: {name}` below"
                );
                self.faults.push((anchor.line, fault));
            }
        }
    }

    fn not_whole(&mut self, text: &str) {
        let Some(all) = self.named.get(WHOLE) else {
            return;
        };
        if all.text.trim_end() != without_anchors(text).trim_end() {
            let fault = format!("anchor `{WHOLE}` leaves lines out: move it around the whole file");
            self.faults.push((all.line, fault));
        }
    }
}

/// Removes the lines that mark anchors.
pub fn without_anchors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text
        .lines()
        .filter(|line| !START.is_match(line) && !END.is_match(line))
    {
        plain.push_str(line);
        plain.push('\n');
    }
    plain
}
