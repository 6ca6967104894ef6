//! How numbers, values and long lines are written.
//!
//! What depends on gas is rounded, and says so: gas as `1.234 Tgas`, an amount as `~0.001234 NEAR`.
//! Every other amount is exact.

use std::fmt::Display;

use near_primitives::types::{Balance, Gas};
use serde_json::Value;

/// The longest line of a figure, in characters: what fits on a page without scrolling.
pub const WIDTH: usize = 98;

/// From this length on a text in a value is cut.
const LONG_TEXT: usize = 40;

/// From this length on a list in a value is cut.
const LONG_LIST: usize = 6;

/// From this length on a line of the log is cut.
const LONG_LOG: usize = 400;

/// The longest value that is not cut, whatever it is made of.
const LONG_VALUE: usize = 2_000;

/// A blank at which no line is broken: a number stays with its unit. It ends as a common blank.
pub(crate) const JOINT: &str = "\u{a0}";

/// Gas, rounded unless it is whole.
pub fn tgas(gas: Gas) -> String {
    let gas = gas.as_gas();
    let tera = 10u64.pow(12);
    if gas.is_multiple_of(tera) {
        return format!("{}{JOINT}Tgas", gas / tera);
    }
    let thousandths = (gas + tera / 2_000) / (tera / 1_000);
    format!(
        "{}.{:03}{JOINT}Tgas",
        thousandths / 1_000,
        thousandths % 1_000
    )
}

/// An amount to its last digit.
pub fn near(amount: Balance) -> String {
    amount.exact_amount_display().replace(' ', JOINT)
}

/// A public key. The longest ones, of post-quantum signatures, are cut.
pub fn key(key: &impl Display) -> String {
    const LONGEST: usize = 120;

    match key.to_string() {
        written if written.len() > LONGEST => cut(written, LONG_TEXT),
        written => written,
    }
}

/// An account id with the middle left out where it is longer than `most`, which is at least 3.
pub fn short_account(account: &str, most: usize) -> String {
    let letters: Vec<char> = account.chars().collect();
    if letters.len() <= most {
        return account.to_owned();
    }
    let end = most.saturating_sub(1) * 5 / 11;
    let beginning = most.saturating_sub(1 + end);
    let part = |part: &[char]| part.iter().collect::<String>();
    format!(
        "{}…{}",
        part(&letters[..beginning]),
        part(&letters[letters.len() - end..])
    )
}

/// Numbers with those that follow each other as a range: `2, 4 to 7`.
pub fn ranges(numbers: &[usize]) -> String {
    let mut told = Vec::new();
    for range in numbers.chunk_by(|one, next| one + 1 == *next) {
        match range {
            [first, .., last] if range.len() > 5 => told.push(format!("{first} to {last}")),
            _ => told.extend(range.iter().map(usize::to_string)),
        }
    }
    told.join(", ")
}

/// An amount where there is little room: to its last digit if that is near, else rounded.
pub fn short_near(amount: Balance) -> String {
    const LONGEST: usize = 14;

    let exact = near(amount);
    match amount.as_yoctonear() {
        _ if exact.chars().count() <= LONGEST => exact,
        yocto if yocto < 10u128.pow(9) => format!("{yocto}{JOINT}yoctoNEAR"),
        _ => about_near(amount),
    }
}

/// An amount that depends on gas.
pub fn about_near(amount: Balance) -> String {
    let micro = (amount.as_yoctonear() + 5 * 10u128.pow(17)) / 10u128.pow(18);
    format!("~{}.{:06}{JOINT}NEAR", micro / 1_000_000, micro % 1_000_000)
}

/// A number with a comma after each three digits.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
    groups
        .into_iter()
        .map(|group| str::from_utf8(group).expect("digits"))
        .collect::<Vec<_>>()
        .join(",")
}

/// What a receipt answers.
pub fn value(bytes: &[u8]) -> String {
    match serde_json::from_slice::<Value>(bytes) {
        _ if bytes.is_empty() => "nothing".to_owned(),
        Ok(value) => cut(shortened(value).to_string(), LONG_VALUE),
        Err(_) => format!("{} bytes", count(bytes.len())),
    }
}

/// A line of the log.
pub fn log(log: &str) -> String {
    match log.chars().count() {
        length if length > LONG_LOG => cut(log.to_owned(), LONG_TEXT),
        _ => log.to_owned(),
    }
}

/// A text without characters that would steer a terminal, whoever wrote it.
pub(crate) fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter.is_control() {
            true => harmless.extend(letter.escape_default()),
            false => harmless.push(letter),
        }
    }
    harmless
}

/// The beginning of a text that is longer than `most`, and its length.
fn cut(text: String, most: usize) -> String {
    match text.chars().count() {
        length if length > most => {
            let beginning: String = text.chars().take(most).collect();
            format!("{beginning}… ({} characters)", count(length))
        }
        _ => text,
    }
}

/// The value with its long texts and lists cut, and their length told.
fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > LONG_TEXT => {
            let beginning: String = text.chars().take(8).collect();
            format!("{beginning}… ({} characters)", count(text.chars().count())).into()
        }
        Value::Array(list) if list.len() > LONG_LIST => {
            let length = list.len();
            let beginning = list.into_iter().take(2).map(shortened);
            beginning
                .chain([format!("… ({} in all)", count(length)).into()])
                .collect()
        }
        Value::Array(list) => list.into_iter().map(shortened).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, shortened(value)))
            .collect(),
        other => other,
    }
}

/// The words of `text` in lines of at most `width` characters, and of one at least. A word that is longer is
/// cut, after a comma where it has one.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    let words = text.split([' ', '\n']).filter(|word| !word.is_empty());
    for word in words.flat_map(|word| pieces(word, width)) {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            *line = word;
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines
        .into_iter()
        .map(|line| line.replace(JOINT, " "))
        .collect()
}

fn pieces(word: &str, width: usize) -> Vec<String> {
    let mut left: Vec<char> = word.chars().collect();
    let mut pieces = Vec::new();
    while left.len() > width {
        let comma = left[..width].iter().rposition(|letter| *letter == ',');
        let rest = left.split_off(comma.map_or(width, |comma| comma + 1));
        pieces.push(left.into_iter().collect());
        left = rest;
    }
    pieces.push(left.into_iter().collect());
    pieces
}

/// Rows as columns, the first to the left and the others to the right.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or_default()
        })
        .collect();
    let lines = rows.iter().map(|row| {
        let cells = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| {
                if column == 0 {
                    format!("{cell:width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
        cells
            .collect::<Vec<_>>()
            .join("  ")
            .trim_end()
            .replace(JOINT, " ")
            + "\n"
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_gas_is_not_rounded() {
        let written = |gas| wrapped(&tgas(gas), WIDTH);

        assert_eq!(written(Gas::from_teragas(100)), ["100 Tgas"]);
        assert_eq!(written(Gas::from_gas(1_234_567_890_123)), ["1.235 Tgas"]);
        assert_eq!(written(Gas::from_gas(999_999_999_999)), ["1.000 Tgas"]);
    }

    #[test]
    fn an_amount_that_depends_on_gas_says_that_it_is_rounded() {
        let amount = Balance::from_millinear(1_500);

        assert_eq!(wrapped(&about_near(amount), WIDTH), ["~1.500000 NEAR"]);
        assert_eq!(wrapped(&near(amount), WIDTH), ["1.5 NEAR"]);
    }

    #[test]
    fn an_amount_is_rounded_where_it_would_be_long() {
        let short = |yocto| short_near(Balance::from_yoctonear(yocto)).replace(JOINT, " ");

        assert_eq!(short(3 * 10u128.pow(23)), "0.3 NEAR");
        assert_eq!(short(1_250_000_000_000_000_000_001), "~0.001250 NEAR");
        assert_eq!(short(1), "1 yoctoNEAR");
    }

    #[test]
    fn a_number_stays_with_its_unit() {
        let text = format!("with {}", tgas(Gas::from_teragas(100)));

        assert_eq!(wrapped(&text, 9), ["with", "100 Tgas"]);
    }

    #[test]
    fn long_texts_and_lists_are_cut_and_tell_their_length() {
        let long = json!({ "text": "x".repeat(20_000), "list": vec!["up"; 100] });

        assert_eq!(
            shortened(long),
            json!({
                "text": "xxxxxxxx… (20,000 characters)",
                "list": ["up", "up", "… (100 in all)"],
            })
        );
    }

    #[test]
    fn numbers_that_follow_each_other_are_a_range() {
        assert_eq!(ranges(&[2, 3, 5]), "2, 3, 5");
        assert_eq!(ranges(&[1, 3, 4, 5, 6, 7, 8, 10]), "1, 3 to 8, 10");
    }

    #[test]
    fn of_a_long_account_the_middle_is_left_out() {
        let account = "56e22372e535ef705feaa1994e388fd45eb4ba194c863443e4340986dc2a9dd2";

        assert_eq!(short_account(account, 23), "56e22372e535…86dc2a9dd2");
        assert_eq!(short_account("alice.near", 23), "alice.near");
    }

    #[test]
    fn a_value_of_many_fields_is_cut_and_tells_its_length() {
        let fields: serde_json::Map<_, _> = (0..1_000)
            .map(|field| (field.to_string(), json!(0)))
            .collect();

        let told = value(json!(fields).to_string().as_bytes());

        assert!(told.ends_with("… (7,891 characters)"), "{told}");
    }

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
    fn columns_stand_below_each_other() {
        let rows = [
            vec!["a".to_owned(), "10".to_owned()],
            vec!["bcd".to_owned(), "1".to_owned()],
        ];

        assert_eq!(table(&rows), "a    10\nbcd   1\n");
    }
}
