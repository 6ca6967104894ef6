//! How a figure writes numbers, values and cases: as [`trace::text`] does.

pub use trace::text::{WIDTH, about_near, count, near, table, tgas, value, wrapped};

/// How something ended.
pub fn end(end: &Result<Vec<u8>, String>) -> String {
    match end {
        Ok(bytes) => format!("answers {}", value(bytes)),
        Err(error) => format!("fails: {error}"),
    }
}

/// A case, and below it what came of it.
pub fn case(what: &str, results: &[&str]) -> String {
    let mut lines = format!("{what}\n");
    for result in results {
        for (place, line) in wrapped(result, WIDTH - 6).into_iter().enumerate() {
            let indent = if place == 0 { "" } else { "  " };
            lines.push_str(&format!("    {indent}{line}\n"));
        }
    }
    lines
}
