//! Shows what a copy changes.

use similar::TextDiff;
use std::path::{Path, PathBuf};
use std::str;

/// Returns what becomes of copies that were all the same: a unified diff, or the size of a file that is new or no
/// text.
pub fn difference(source: &Path, new: &[u8], targets: &[PathBuf], old: Option<&[u8]>) -> String {
    let targets: Vec<_> = targets
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let heading = format!("{} → {}", source.display(), targets.join(", "));
    let Some(old) = old else {
        return format!("{heading}: new, {}", size(new));
    };
    let (Ok(before), Ok(after)) = (str::from_utf8(old), str::from_utf8(new)) else {
        return format!("{heading}: {} instead of {}", size(new), size(old));
    };
    format!("{heading}\n{}", unified(before, after))
}

/// Returns what becomes of a page.
pub fn rewritten(page: &Path, before: &str, after: &str) -> String {
    format!("{}\n{}", page.display(), unified(before, after))
}

fn unified(before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let diff = diff.unified_diff().context_radius(2).to_string();
    diff.trim_end_matches('\n').to_owned()
}

fn size(content: &[u8]) -> String {
    match str::from_utf8(content) {
        Ok(text) => format!("{} lines", text.lines().count()),
        Err(_) => format!("{} bytes", content.len()),
    }
}
