// ANCHOR: all
//! Checks of values that other contracts return: length, characters, range.
//!
//! The type is checked first: `i8` has no 300, and `String` has no invalid UTF-8. A value with one
//! of them is unreadable and does not get here. These are the rules that no type expresses.

use std::ops::RangeInclusive;

// ANCHOR: check_greeting
/// The longest greeting that we accept, in characters.
pub const MAX_GREETING_CHARS: usize = 100;

/// Checks that a greeting is one short line of text.
///
/// The rule lists what is allowed. A rule that lists what is forbidden would need every character
/// that can do harm on some screen: line ends, escape sequences, marks that change the direction of
/// the text.
pub fn check_greeting(greeting: &str) -> Result<(), &'static str> {
    if greeting.chars().count() > MAX_GREETING_CHARS {
        return Err("too_many_characters");
    }
    if !greeting.chars().all(is_plain) {
        return Err("strange_character");
    }
    Ok(())
}

/// Returns whether a character is a letter or a digit of any script, ASCII punctuation, or a space.
fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || character.is_ascii_punctuation() || character == ' '
}
// ANCHOR_END: check_greeting

// ANCHOR: check_number
/// The numbers that we accept. A counter with another number is broken, or somebody manipulates it.
pub const PLAUSIBLE_NUMBERS: RangeInclusive<i8> = -100..=100;

/// Checks that a number is plausible for a counter in use.
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
    fn the_length_is_in_characters_and_not_in_bytes() {
        assert_eq!(check_greeting(&"ü".repeat(100)), Ok(()));
        assert_eq!(check_greeting(&"ü".repeat(101)), Err("too_many_characters"));
    }

    #[test]
    fn a_control_character_is_a_fault() {
        // A line end, a zero, an escape sequence, and a mark that changes the direction of the
        // text.
        for greeting in ["a\nb", "a\0b", "a\u{1b}[2Jb", "a\u{202e}b"] {
            assert_eq!(
                check_greeting(greeting),
                Err("strange_character"),
                "{greeting:?}"
            );
        }
    }

    #[test]
    fn the_range_includes_its_ends() {
        assert_eq!(check_number(&-100), Ok(()));
        assert_eq!(check_number(&100), Ok(()));
        assert_eq!(check_number(&-101), Err("out_of_range"));
        assert_eq!(check_number(&101), Err("out_of_range"));
    }
}
// ANCHOR_END: all
