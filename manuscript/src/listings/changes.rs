//! The lines in which a listing differs from another.

use std::fmt;

use similar::{ChangeTag, TextDiff};

/// The prefix of a vulnerable method. It is no difference from the safe method.
const PREFIX: &str = "vulnerable_";

/// Lines of a listing, from one on, in ascending runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(Vec<(usize, usize)>);

impl Lines {
    /// Returns the lines of `now` that `before` does not have. There are none if it has no line of `now`: then all is
    /// new, and a mark says nothing.
    pub fn new_in(now: &str, before: &str) -> Self {
        let [before, plain] = [before, now].map(|code| code.replace(PREFIX, ""));
        let diff = TextDiff::from_lines(&before, &plain);
        let mut lines = Self::default();
        let mut has_old = false;
        for change in diff.iter_all_changes() {
            let is_empty = change.value().trim().is_empty();
            match (change.tag(), change.new_index()) {
                (ChangeTag::Insert, Some(index)) if !is_empty => lines.push(index + 1),
                (ChangeTag::Equal, _) => has_old |= change.value().contains(char::is_alphanumeric),
                _ => {}
            }
        }
        if has_old { lines } else { Self::default() }
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
        self.0.iter().map(|(first, last)| (*first, last + 1 - first))
    }
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
    fn a_listing_that_has_no_line_in_common_has_no_marks() {
        assert!(Lines::new_in("a\n}\n", "b\n}\n").is_empty());
    }

    #[test]
    fn the_name_of_a_vulnerable_method_is_no_difference() {
        let lines = Lines::new_in("fn spend() {\n    take();\n}\n", "fn vulnerable_spend() {\n}\n");

        assert_eq!(lines.to_string(), "line 2");
    }

    #[test]
    fn an_empty_line_is_no_difference() {
        assert!(Lines::new_in("a\n\nb\n", "a\nb\n").is_empty());
    }
}
