//! The format of numbers, values and cases in a figure: that of [`trace::text`].

pub use trace::text::{WIDTH, about_near, count, near, table, tgas, value, wrapped};

/// Formats a result.
pub fn result(result: &Result<Vec<u8>, String>) -> String {
    match result {
        Ok(bytes) => format!("returns {}", value(bytes)),
        Err(error) => format!("fails: {error}"),
    }
}

/// Formats a case, with its results below.
pub fn case(title: &str, results: &[&str]) -> String {
    let mut lines = format!("{title}\n");
    for result in results {
        for (index, line) in wrapped(result, WIDTH - 6).into_iter().enumerate() {
            let indent = if index == 0 { "" } else { "  " };
            lines.push_str(&format!("    {indent}{line}\n"));
        }
    }
    lines
}

/// Replaces the numbers that depend on gas by `#`, and several spaces by one.
pub fn without_gas(figure: &str) -> String {
    let lines = figure.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let masked = words.iter().enumerate().map(|(index, word)| {
            let is_gas = words
                .get(index + 1)
                .is_some_and(|unit| unit.starts_with("Tgas"));
            match word.split_once('~') {
                Some((sign, number)) if is_number(number) => format!("{sign}~#"),
                _ if is_gas && is_number(word) => "#".to_owned(),
                _ => (*word).to_owned(),
            }
        });
        masked.collect::<Vec<_>>().join(" ") + "\n"
    });
    lines.collect()
}

/// Returns true for digits with dots and commas.
pub fn is_number(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_digit())
        && word
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.' || letter == ',')
}
