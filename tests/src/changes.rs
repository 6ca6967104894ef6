//! The changes from each chapter's crate to the next.

use std::collections::{BTreeMap, BTreeSet};
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

/// Draws the files that differ between chapter 1 and chapter 2 as a tree.
pub fn batch_files() -> Listing {
    Listing(tree("setup", "batch"))
}

/// Lists the changes from chapter 2 to chapter 3.
pub fn parallel() -> Listing {
    changes("batch", "parallel")
}

/// Draws the files that differ between chapter 2 and chapter 3 as a tree.
pub fn parallel_files() -> Listing {
    Listing(tree("batch", "parallel"))
}

/// Lists the changes from chapter 3 to chapter 4.
pub fn responses() -> Listing {
    changes("parallel", "responses")
}

/// Draws the files that differ between chapter 3 and chapter 4 as a tree.
pub fn responses_files() -> Listing {
    Listing(tree("parallel", "responses"))
}

/// Lists the changes from chapter 4 to chapter 5.
pub fn testing() -> Listing {
    changes("responses", "testing")
}

/// Draws the files that differ between chapter 4 and chapter 5 as a tree.
pub fn testing_files() -> Listing {
    Listing(tree("responses", "testing"))
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

/// Returns a tree of few lines: the files that changed, and the number of new files of each module. The modules of
/// tests share a line.
fn tree(before: &str, after: &str) -> String {
    let (old, new) = (files(before), files(after));
    let mut modules = BTreeMap::new();
    let mut changed: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (path, text) in &new {
        let (folder, file) = match path.split_once("/it/") {
            Some((_, file)) => ("tests/it", file),
            None => path.split_once('/').unwrap_or(("", path)),
        };
        match old.get(path) {
            None => {
                *modules
                    .entry(folder)
                    .or_insert_with(BTreeMap::new)
                    .entry(module(file))
                    .or_insert(0) += 1
            }
            Some(same) if same == text => {}
            Some(_) => changed.entry(folder).or_default().push(file),
        }
    }
    let mut lines = vec![format!("chapters/{after}")];
    let folders: BTreeSet<_> = modules.keys().chain(changed.keys()).copied().collect();
    for (folder, is_last) in with_last(&folders) {
        let (branch, bar) = if is_last {
            ("└─", "  ")
        } else {
            ("├─", "│ ")
        };
        let files = changed
            .get(folder)
            .map(|files| format!("changed: {}", files.join(", ")));
        lines.push(row(
            &format!("{branch} {folder}"),
            &files.unwrap_or_default(),
        ));
        let new = modules.remove(folder).unwrap_or_default();
        let new: Vec<_> = match folder.starts_with("tests") && !new.is_empty() {
            true => {
                let names: Vec<_> = new.keys().copied().collect();
                vec![(
                    "…",
                    format!("{}: {}", count(new.values().sum()), names.join(", ")),
                )]
            }
            false => new
                .into_iter()
                .map(|(name, files)| (name, count(files)))
                .collect(),
        };
        for ((name, files), is_last) in with_last(&new) {
            let branch = if is_last { "└─" } else { "├─" };
            lines.push(row(&format!("{bar} {branch} {name}"), files));
        }
    }
    lines.join("\n") + "\n"
}

/// Returns the module that a file of a crate begins or belongs to.
fn module(file: &str) -> &str {
    let name = file.split('/').next().unwrap_or(file);
    name.split('.').next().unwrap_or(name)
}

fn count(files: usize) -> String {
    match files {
        1 => "1 new file".to_owned(),
        files => format!("{files} new files"),
    }
}

fn row(name: &str, about: &str) -> String {
    format!("{name:<18} {about}").trim_end().to_owned()
}

/// Returns each item, and `true` with the last.
fn with_last<T>(
    items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
) -> impl Iterator<Item = (T, bool)> {
    let items = items.into_iter();
    let last = items.len();
    items
        .zip(1..)
        .map(move |(item, number)| (item, number == last))
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
