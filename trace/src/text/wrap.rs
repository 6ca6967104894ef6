//! Line wrapping.

/// The space between a number and its unit, at which no line is wrapped. Every layout replaces it with a common space.
pub(crate) const NO_BREAK_SPACE: &str = "\u{a0}";

/// Wraps a text into lines of at most `width` characters. There is at least one line. A word that is longer than a
/// line is cut, after a comma if it has one.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let lines = words_wrapped(text, width.max(1), ",");
    match lines.is_empty() {
        true => vec![String::new()],
        false => lines,
    }
}

/// Wraps a text into at most `max_lines` lines of at most `width` characters. A word that is longer than a line is
/// cut, after a `_` or another joint if it has one. An ellipsis ends the last line if there is more text.
pub(crate) fn wrapped_to(text: &str, width: usize, max_lines: usize) -> Vec<String> {
    let mut lines = words_wrapped(text, width, "_,:-/");
    if lines.len() > max_lines {
        lines.truncate(max_lines);
        if let Some(last) = lines.last_mut() {
            let kept: String = last.chars().take(width - 1).collect();
            *last = format!("{kept}…");
        }
    }
    lines
}

/// Wraps the words of a text, and cuts long ones after one of the characters in `joints`.
fn words_wrapped(text: &str, width: usize, joints: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let words = text.split([' ', '\n']).filter(|word| !word.is_empty());
    for piece in words.flat_map(|word| pieces(word, width, joints)) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + piece.chars().count() <= width => {
                line.push(' ');
                line.push_str(&piece);
            }
            _ => lines.push(piece),
        }
    }
    lines
        .into_iter()
        .map(|line| line.replace(NO_BREAK_SPACE, " "))
        .collect()
}

/// Cuts a word into pieces of at most `width` characters.
fn pieces(word: &str, width: usize, joints: &str) -> Vec<String> {
    let mut left: Vec<char> = word.chars().collect();
    let mut pieces = Vec::new();
    while left.len() > width {
        let joint = left[..width]
            .iter()
            .rposition(|letter| joints.contains(*letter));
        let rest = left.split_off(joint.map_or(width, |joint| joint + 1));
        pieces.push(left.into_iter().collect());
        left = rest;
    }
    pieces.push(left.into_iter().collect());
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_width_is_too_small() {
        assert_eq!(wrapped("ab", 0), ["a", "b"]);
    }

    #[test]
    fn no_line_is_longer_than_asked() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrapped("a,b,cdef", 5), ["a,b,", "cdef"]);
    }

    #[test]
    fn a_number_stays_with_its_unit() {
        let text = format!("with 100{NO_BREAK_SPACE}Tgas");

        assert_eq!(wrapped(&text, 9), ["with", "100 Tgas"]);
    }

    #[test]
    fn a_long_name_is_cut_where_its_words_meet() {
        assert_eq!(
            wrapped_to("7 query_greeting_of_everyone_callback", 28, 9),
            ["7", "query_greeting_of_everyone_", "callback"]
        );
    }

    proptest! {
        #[test]
        fn every_text_fits_into_its_lines(text in ".*", width in 2..40usize, max_lines in 1..5usize) {
            let lines = wrapped_to(&text, width, max_lines);

            prop_assert!(lines.len() <= max_lines);
            prop_assert!(lines.iter().all(|line| line.chars().count() <= width), "{lines:?}");
        }
    }
}
