//! The format of numbers, values, and long lines.
//!
//! A number that depends on gas is rounded: gas as `1.234 Tgas`, an amount as `~0.001234 NEAR`. Every other amount is
//! exact.

mod table;
mod wrap;

use std::fmt::Display;

use near_primitives::types::{Balance, Gas};
use serde_json::Value;
pub use table::table;
pub use wrap::wrapped;
pub(crate) use wrap::{NO_BREAK_SPACE, wrapped_to};

/// The longest line of a tree or a timeline, in characters. It fits on a page of the book without scrolling.
pub const WIDTH: usize = 98;

/// The longest text in a value that is not cut, in characters.
const LONG_TEXT: usize = 40;

/// The longest list in a value that is not cut.
const LONG_LIST: usize = 6;

/// The longest log line that is not cut, in characters.
const LONG_LOG: usize = 400;

/// The longest value that is not cut, in characters.
const LONG_VALUE: usize = 2_000;

/// The number of equal texts in a row from which they are shown once, with a count.
pub(crate) const REPEATED: usize = 5;

/// Formats gas in Tgas, rounded unless it is a whole number.
pub fn tgas(gas: Gas) -> String {
    let gas = gas.as_gas();
    let tera = 10u64.pow(12);
    if gas.is_multiple_of(tera) {
        return format!("{}{NO_BREAK_SPACE}Tgas", gas / tera);
    }
    let thousandths = (gas + tera / 2_000) / (tera / 1_000);
    format!(
        "{}.{:03}{NO_BREAK_SPACE}Tgas",
        thousandths / 1_000,
        thousandths % 1_000
    )
}

/// Formats gas in Tgas in little space, rounded to a tenth.
pub fn short_tgas(gas: Gas) -> String {
    let tenths = (gas.as_gas() + 5 * 10u64.pow(10)) / 10u64.pow(11);
    format!("{}.{}{NO_BREAK_SPACE}Tgas", tenths / 10, tenths % 10)
}

/// Formats an amount exactly, in NEAR or yoctoNEAR.
pub fn near(amount: Balance) -> String {
    amount.exact_amount_display().replace(' ', NO_BREAK_SPACE)
}

/// Formats a public key. The longest ones, of post-quantum signatures, are cut.
pub fn public_key(key: &impl Display) -> String {
    const LONGEST: usize = 120;

    match key.to_string() {
        written if written.len() > LONGEST => cut(written, LONG_TEXT),
        written => written,
    }
}

/// Shortens an account id to `max_length` characters, which is at least 3. An ellipsis replaces the middle.
pub fn short_account(account: &str, max_length: usize) -> String {
    let letters: Vec<char> = account.chars().collect();
    if letters.len() <= max_length {
        return account.to_owned();
    }
    let end = max_length.saturating_sub(1) * 5 / 11;
    let beginning = max_length.saturating_sub(1 + end);
    let part = |part: &[char]| part.iter().collect::<String>();
    format!(
        "{}…{}",
        part(&letters[..beginning]),
        part(&letters[letters.len() - end..])
    )
}

/// Formats numbers, with consecutive ones as a range: `2, 4 to 9`.
pub fn ranges(numbers: &[usize]) -> String {
    let mut ranges = Vec::new();
    for range in numbers.chunk_by(|one, next| one + 1 == *next) {
        match range {
            [first, .., last] if range.len() > 5 => ranges.push(format!("{first} to {last}")),
            _ => ranges.extend(range.iter().map(usize::to_string)),
        }
    }
    ranges.join(", ")
}

/// Formats an amount in little space: exactly if that is short, and rounded otherwise.
pub fn short_near(amount: Balance) -> String {
    const LONGEST: usize = 14;

    let exact = near(amount);
    match amount.as_yoctonear() {
        _ if exact.chars().count() <= LONGEST => exact,
        yocto if yocto < 10u128.pow(9) => format!("{yocto}{NO_BREAK_SPACE}yoctoNEAR"),
        _ => about_near(amount),
    }
}

/// Formats an amount that depends on gas, in NEAR, rounded to six digits.
pub fn about_near(amount: Balance) -> String {
    let micro = (amount.as_yoctonear() + 5 * 10u128.pow(17)) / 10u128.pow(18);
    format!(
        "~{}.{:06}{NO_BREAK_SPACE}NEAR",
        micro / 1_000_000,
        micro % 1_000_000
    )
}

/// Formats a change of a balance, with its sign.
pub fn signed_near(change: i128) -> String {
    let sign = if change < 0 { '−' } else { '+' };
    let amount = short_near(Balance::from_yoctonear(change.unsigned_abs()));
    match amount.strip_prefix('~') {
        Some(rounded) => format!("~{sign}{rounded}"),
        None => format!("{sign}{amount}"),
    }
}

/// Formats a number with a comma after every three digits.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
    groups
        .into_iter()
        .map(|group| str::from_utf8(group).expect("digits"))
        .collect::<Vec<_>>()
        .join(",")
}

/// Formats a returned value: JSON as text, anything else as its number of bytes.
pub fn value(bytes: &[u8]) -> String {
    match serde_json::from_slice::<Value>(bytes) {
        _ if bytes.is_empty() => "nothing".to_owned(),
        Ok(value) => cut(shortened(value).to_string(), LONG_VALUE),
        Err(_) => format!("{} bytes", count(bytes.len())),
    }
}

/// Formats a log line. A long one is cut.
pub fn log(log: &str) -> String {
    match log.chars().count() {
        length if length > LONG_LOG => cut(log.to_owned(), LONG_TEXT),
        _ => log.to_owned(),
    }
}

/// Escapes control characters, so that a text from a contract cannot control the terminal.
pub(crate) fn escape_control_characters(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter.is_control() {
            true => escaped.extend(letter.escape_default()),
            false => escaped.push(letter),
        }
    }
    escaped
}

/// Cuts a text that is longer than `max_length`, and adds its length.
fn cut(text: String, max_length: usize) -> String {
    match text.chars().count() {
        length if length > max_length => {
            let beginning: String = text.chars().take(max_length).collect();
            format!("{beginning}… ({} characters)", count(length))
        }
        _ => text,
    }
}

/// Cuts the long texts and lists in a value, and adds their lengths.
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

/// Joins texts with commas. A text that is repeated at least [`REPEATED`] times in a row is shown once, with a count.
pub(crate) fn list(texts: &[String]) -> String {
    let runs = texts.chunk_by(|one, next| one == next);
    let shown = runs.flat_map(|run| match run {
        [text, ..] if run.len() >= REPEATED => vec![format!("{text} ({} times)", run.len())],
        _ => run.to_vec(),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// Formats a promise result as the callback gets it. The protocol does not pass the error on.
pub(crate) fn promise_result<E>(result: &Result<Vec<u8>, E>) -> String {
    match result {
        Ok(bytes) => value(bytes),
        Err(_) => "a failure".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_gas_is_not_rounded() {
        let written = |gas| wrapped(&tgas(gas), WIDTH);

        assert_eq!(written(Gas::from_teragas(100)), ["100 Tgas"]);
        assert_eq!(written(Gas::from_gas(1_234_567_890_123)), ["1.235 Tgas"]);
        assert_eq!(written(Gas::from_gas(999_999_999_999)), ["1.000 Tgas"]);
    }

    #[test]
    fn an_amount_that_depends_on_gas_is_rounded_and_marked() {
        let amount = Balance::from_millinear(1_500);

        assert_eq!(wrapped(&about_near(amount), WIDTH), ["~1.500000 NEAR"]);
        assert_eq!(wrapped(&near(amount), WIDTH), ["1.5 NEAR"]);
    }

    #[test]
    fn a_long_amount_is_rounded() {
        let short = |yocto| short_near(Balance::from_yoctonear(yocto)).replace(NO_BREAK_SPACE, " ");

        assert_eq!(short(3 * 10u128.pow(23)), "0.3 NEAR");
        assert_eq!(short(1_250_000_000_000_000_000_001), "~0.001250 NEAR");
        assert_eq!(short(1), "1 yoctoNEAR");
    }

    #[test]
    fn long_texts_and_lists_are_cut_and_show_their_length() {
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
    fn consecutive_numbers_are_a_range() {
        assert_eq!(ranges(&[2, 3, 5]), "2, 3, 5");
        assert_eq!(ranges(&[1, 3, 4, 5, 6, 7, 8, 10]), "1, 3 to 8, 10");
    }

    #[test]
    fn a_long_account_id_loses_its_middle() {
        let account = "56e22372e535ef705feaa1994e388fd45eb4ba194c863443e4340986dc2a9dd2";

        assert_eq!(short_account(account, 23), "56e22372e535…86dc2a9dd2");
        assert_eq!(short_account("alice.near", 23), "alice.near");
    }

    #[test]
    fn a_value_with_many_fields_is_cut_and_shows_its_length() {
        let fields: serde_json::Map<_, _> = (0..1_000)
            .map(|field| (field.to_string(), json!(0)))
            .collect();

        let text = value(json!(fields).to_string().as_bytes());

        assert!(text.ends_with("… (7,891 characters)"), "{text}");
    }
}
