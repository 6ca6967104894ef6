//! The changes from each chapter's crate to the next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use manuscript::anchors::without_anchors;
use runs::figure::Listing;
use similar::TextDiff;

use crate::text;

/// The files that are different in every chapter.
const APART: [&str; 4] = ["Cargo.lock", "Cargo.toml", "README.md", "tests/partners"];

/// Lists the changes from chapter 1 to chapter 2.
pub fn batch() -> Listing {
    changes("setup", "batch")
}

/// Lists the changes from chapter 2 to chapter 3.
pub fn parallel() -> Listing {
    changes("batch", "parallel")
}

/// Lists the changes from chapter 3 to chapter 4.
pub fn responses() -> Listing {
    changes("parallel", "responses")
}

/// Lists the changes from chapter 4 to chapter 5.
pub fn testing() -> Listing {
    changes("responses", "testing")
}

fn changes(before: &str, after: &str) -> Listing {
    let (old, new) = (files(before), files(after));
    let mut lines = String::new();
    for (path, text) in &new {
        match old.get(path) {
            None => lines.push_str(&format!("new file chapters/{after}/{path}\n")),
            Some(same) if same == text => {}
            Some(other) => {
                let diff = TextDiff::from_lines(other, text);
                let mut diff = diff.unified_diff();
                let names = [before, after].map(|chapter| format!("chapters/{chapter}/{path}"));
                lines.push_str(
                    &diff
                        .context_radius(2)
                        .header(&names[0], &names[1])
                        .to_string(),
                );
            }
        }
    }
    for path in old.keys().filter(|path| !new.contains_key(*path)) {
        lines.push_str(&format!("no more chapters/{after}/{path}\n"));
    }
    Listing(lines)
}

/// Returns a file without its unit tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

/// Returns the texts of a chapter by their paths in it, as the pages show them.
fn files(chapter: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../chapters")
        .join(chapter);
    let paths: Vec<PathBuf> = text::files(&folder).expect("the chapter can be listed");
    let files = paths.into_iter().filter_map(|path| {
        let name = path
            .strip_prefix(&folder)
            .expect("in the chapter")
            .to_owned();
        let hidden = name.to_string_lossy().starts_with('.');
        let apart = APART.iter().any(|apart| name.starts_with(apart));
        if hidden || apart || name.starts_with("target") {
            return None;
        }
        let text = text::read_if_text(&path).expect("the file can be read")?;
        let text = without_anchors(code(&text));
        Some((name.to_string_lossy().into_owned(), text))
    });
    files.collect()
}
