//! The lines in which a listing differs from another.

use std::collections::BTreeSet;
use std::fmt;

use similar::{ChangeTag, TextDiff};

use super::helpers::function;

/// Lines of a listing, from one on, in ascending runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(Vec<(usize, usize)>);

impl Lines {
    /// Returns the lines of code in `now` that `before` does not have. An item that has no line of `before` is new as a
    /// whole, so that marks would say nothing about it: its lines are left out.
    pub fn new_in(now: &str, before: &str) -> Self {
        let prefixes = prefixes(now, before);
        let [before, now] = [before, now].map(|code| code_lines(code, &prefixes));
        let [old, new] = [&before, &now].map(|lines| {
            lines
                .iter()
                .map(|line| line.text.as_str())
                .collect::<Vec<_>>()
        });
        let diff = TextDiff::from_slices(&old, &new);
        let changes = diff.iter_all_changes();
        let (old, new): (Vec<_>, Vec<_>) = changes
            .filter_map(|change| Some((change.tag(), now.get(change.new_index()?)?)))
            .partition(|(tag, _)| *tag == ChangeTag::Equal);
        let changed: BTreeSet<_> = old.iter().map(|(_, line)| line.item).collect();
        let mut lines = Self::default();
        for (_, line) in new.iter().filter(|(_, line)| changed.contains(&line.item)) {
            lines.push(line.number);
        }
        lines
    }

    fn push(&mut self, line: usize) {
        match self.0.last_mut() {
            Some((_, last)) if *last + 1 == line => *last = line,
            _ => self.0.push((line, line)),
        }
    }

    /// Returns `true` if there is no line.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the first line and the number of lines of each run.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.0
            .iter()
            .map(|(first, last)| (*first, last + 1 - first))
    }
}

/// Returns the prefixes of functions that have the same name but for them: `vulnerable_` and `vault_`.
fn prefixes(now: &str, before: &str) -> BTreeSet<String> {
    let [now, before] =
        [now, before].map(|code| code.lines().filter_map(function).collect::<Vec<_>>());
    let pairs = now
        .iter()
        .flat_map(|now| before.iter().map(move |before| (now, before)));
    let split = pairs.filter_map(|(now, before)| now.split_once('_').zip(before.split_once('_')));
    split
        .filter(|((first, name), (second, other))| first != second && name == other)
        .flat_map(|((first, _), (second, _))| [format!("{first}_"), format!("{second}_")])
        .collect()
}

/// A line of code.
struct Line {
    /// The number of the line, from one on.
    number: usize,
    /// The number of the item that it belongs to. An item ends with a brace at the edge.
    item: usize,
    /// The line without indentation, a comma at its end, and prefixes.
    text: String,
}

/// Returns the lines that have a word, without comments.
fn code_lines(code: &str, prefixes: &BTreeSet<String>) -> Vec<Line> {
    let mut item = 0;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(code.lines()) {
        item += usize::from(line.starts_with('}'));
        let line = line.trim();
        if line.contains(char::is_alphanumeric) && !line.starts_with("//") {
            let text = line.trim_end_matches(',').to_owned();
            let text = prefixes
                .iter()
                .fold(text, |text, prefix| text.replace(prefix, ""));
            lines.push(Line { number, item, text });
        }
    }
    lines
}

impl fmt::Display for Lines {
    /// Writes `line 3` or `lines 1–2 and 5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = self.0.iter().map(|(first, last)| match last - first {
            0 => first.to_string(),
            _ => format!("{first}–{last}"),
        });
        let runs: Vec<String> = runs.collect();
        match runs.as_slice() {
            [one] if !one.contains('–') => write!(f, "line {one}"),
            [one] => write!(f, "lines {one}"),
            [all @ .., last] => write!(f, "lines {} and {last}", all.join(", ")),
            [] => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_lines_are_named_in_runs() {
        let lines = Lines::new_in("a\nb\nc\nd\ne\n", "a\nd\n");

        assert_eq!(lines.to_string(), "lines 2–3 and 5");
        assert_eq!(lines.runs().collect::<Vec<_>>(), [(2, 2), (5, 1)]);
    }

    #[test]
    fn an_item_that_has_no_line_in_common_has_no_marks() {
        let before = "fn one() {\n    1\n}\n";

        let lines = Lines::new_in("fn one() {\n    2\n}\n\nfn two() {\n    3\n}\n", before);

        assert_eq!(lines.to_string(), "line 2");
    }

    #[test]
    fn the_prefix_of_a_method_is_no_difference() {
        let before = "fn vulnerable_spend() {\n}\n";

        let lines = Lines::new_in("fn vault_spend() {\n    take();\n}\n", before);

        assert_eq!(lines.to_string(), "line 2");
    }

    #[test]
    fn a_comment_an_empty_line_and_the_layout_are_no_difference() {
        let lines = Lines::new_in("// now\na(\n    b,\n\n)\n", "// before\na(\nb\n)\n");

        assert!(lines.is_empty());
    }
}
