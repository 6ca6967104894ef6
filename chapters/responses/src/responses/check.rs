// ANCHOR: all
//! What we take from strangers: how long, which characters, which numbers.
//!
//! The type comes first. `i8` has no 300 and `String` has no broken UTF-8, so an answer that has them
//! is unreadable and never gets here. Here stand the rules that no type knows.

use std::ops::RangeInclusive;

// ANCHOR: check_greeting
/// The longest greeting that we pass on, in characters.
pub const MAX_GREETING_CHARS: usize = 100;

/// A greeting is one short line of text.
///
/// The rule says what is allowed. A rule that says what is forbidden would have to know of every
/// character that can do harm on some screen: line ends, escapes, marks that turn the text around.
pub fn check_greeting(greeting: &str) -> Result<(), &'static str> {
    if greeting.chars().count() > MAX_GREETING_CHARS {
        return Err("too_many_characters");
    }
    if !greeting.chars().all(is_plain) {
        return Err("strange_character");
    }
    Ok(())
}

/// Letters and digits of any script, the punctuation of ASCII, and the blank.
fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || character.is_ascii_punctuation() || character == ' '
}
// ANCHOR_END: check_greeting

// ANCHOR: check_number
/// The numbers that we believe. A counter that stands outside of them is broken, or somebody plays
/// with it.
pub const PLAUSIBLE_NUMBERS: RangeInclusive<i8> = -100..=100;

/// A number is one that a counter in use can stand at.
pub fn check_number(number: &i8) -> Result<(), &'static str> {
    if PLAUSIBLE_NUMBERS.contains(number) {
        Ok(())
    } else {
        Err("out_of_range")
    }
}
// ANCHOR_END: check_number

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_text_in_any_script_is_a_greeting() {
        for greeting in ["", "Hello, world!", "Grüß Gott", "こんにちは", "Привет 2"] {
            assert_eq!(check_greeting(greeting), Ok(()), "{greeting}");
        }
    }

    #[test]
    fn the_length_counts_characters_and_not_bytes() {
        assert_eq!(check_greeting(&"ü".repeat(100)), Ok(()));
        assert_eq!(check_greeting(&"ü".repeat(101)), Err("too_many_characters"));
    }

    #[test]
    fn a_character_that_is_no_text_is_a_fault() {
        // A line end, a zero, the escape of terminals, and the mark that turns text around.
        for greeting in ["a\nb", "a\0b", "a\u{1b}[2Jb", "a\u{202e}b"] {
            assert_eq!(
                check_greeting(greeting),
                Err("strange_character"),
                "{greeting:?}"
            );
        }
    }

    #[test]
    fn the_ends_of_the_range_belong_to_it() {
        assert_eq!(check_number(&-100), Ok(()));
        assert_eq!(check_number(&100), Ok(()));
        assert_eq!(check_number(&-101), Err("out_of_range"));
        assert_eq!(check_number(&101), Err("out_of_range"));
    }
}
// ANCHOR_END: all
