//! The format of numbers, values and cases in a figure: that of [`trace::text`].

pub use trace::text::{WIDTH, about_near, count, near, table, tgas, value, wrapped};

/// Formats a result.
pub fn result(result: &Result<Vec<u8>, String>) -> String {
    match result {
        Ok(bytes) => format!("answers {}", value(bytes)),
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
