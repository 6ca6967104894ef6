//! Pages of a small book.

use super::*;
use tempfile::TempDir;

const HEAD: &str =
    "# Files of Chapter 2\n\nWords.\n\n<!-- cargo book sync lists chapters/batch -->\n";

/// A book with the page `src/files.md`, and chapters whose files have these texts.
fn book(page: &str, sources: &[(&str, &str)]) -> (TempDir, Tree) {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| files::write(&folder.path().join(path), text).unwrap();
    for chapter in ["setup", "batch"] {
        write(&format!("chapters/{chapter}/Cargo.toml"), "[package]\n");
    }
    write("src/files.md", page);
    for (path, text) in sources {
        write(path, text);
    }
    let tree = Tree::at(folder.path());
    (folder, tree)
}

/// Returns what the page should say.
fn wanted(page: &str, sources: &[(&str, &str)]) -> String {
    let (_folder, tree) = book(page, sources);
    listings(&tree).unwrap().remove(0).wanted
}

fn headings(page: &str) -> Vec<&str> {
    let lines = page.lines();
    lines.filter_map(|line| line.strip_prefix("## ")).collect()
}

const WHOLE: &str = "// ANCHOR: all\n//! A module.\n// ANCHOR_END: all\n";

#[test]
fn a_file_is_shown_under_its_name_with_its_first_sentence() {
    let text = "// ANCHOR: all\n//! Two calls in one\n//! receipt. And more.\n//!\n//! Else.\n// ANCHOR_END: all\n";

    let page = wanted(HEAD, &[("chapters/batch/src/batch/greeting.rs", text)]);

    let list = r#"
## src/batch/greeting.rs {#batch-greeting}

Two calls in one receipt.

<span class="filename">File: chapters/batch/src/batch/greeting.rs</span>

```rust,ignore
{{#include ../chapters/batch/src/batch/greeting.rs:all}}
```
"#;
    assert_eq!(page, format!("{HEAD}{list}"));
}

#[test]
fn a_module_comes_before_what_is_in_it_and_a_root_before_its_modules() {
    let page = wanted(
        HEAD,
        &[
            ("chapters/batch/tests/batch/counter.rs", WHOLE),
            ("chapters/batch/tests/batch/main.rs", WHOLE),
            ("chapters/batch/src/batch/counter.rs", WHOLE),
            ("chapters/batch/src/batch.rs", WHOLE),
            ("chapters/batch/src/apple.rs", WHOLE),
            ("chapters/batch/src/lib.rs", WHOLE),
        ],
    );

    assert_eq!(
        headings(&page),
        [
            "src/lib.rs {#lib}",
            "src/apple.rs {#apple}",
            "src/batch.rs {#batch}",
            "src/batch/counter.rs {#batch-counter}",
            "tests/batch/main.rs {#tests-batch}",
            "tests/batch/counter.rs {#tests-batch-counter}",
        ]
    );
}

#[test]
fn a_file_that_the_chapter_before_has_is_not_shown_unless_it_differs() {
    let page = wanted(
        HEAD,
        &[
            ("chapters/setup/src/greeting.rs", WHOLE),
            ("chapters/batch/src/greeting.rs", WHOLE),
            ("chapters/setup/src/lib.rs", WHOLE),
            ("chapters/batch/src/lib.rs", "// ANCHOR: all\n// another\n"),
        ],
    );

    assert_eq!(headings(&page), ["src/lib.rs {#lib}"]);
}

#[test]
fn a_file_keeps_the_anchor_that_the_page_has_for_it() {
    let page = format!("{HEAD}\n## src/batch/gate.rs {{#gate}}\n");

    let page = wanted(&page, &[("chapters/batch/src/batch/gate.rs", WHOLE)]);

    assert_eq!(headings(&page), ["src/batch/gate.rs {#gate}"]);
}

#[test]
fn a_file_that_is_gone_is_no_longer_shown() {
    let page = format!("{HEAD}\n## src/gone.rs {{#gone}}\n");

    let page = wanted(&page, &[("chapters/batch/src/here.rs", WHOLE)]);

    assert_eq!(headings(&page), ["src/here.rs {#here}"]);
}

#[test]
fn the_files_of_a_module_are_on_its_page_and_on_no_other() {
    let sources = [
        ("chapters/batch/src/money.rs", WHOLE),
        ("chapters/batch/src/money/vault.rs", WHOLE),
        ("chapters/batch/tests/money/main.rs", WHOLE),
        ("chapters/batch/src/other.rs", WHOLE),
    ];
    let (folder, tree) = book(HEAD, &sources);
    let money = HEAD.replace("chapters/batch -->", "chapters/batch money -->");
    files::write(&folder.path().join("src/files-money.md"), money).unwrap();

    let pages = listings(&tree).unwrap();

    let listed: Vec<_> = pages.iter().map(|page| headings(&page.wanted)).collect();
    let of_money = vec![
        "src/money.rs {#money}",
        "src/money/vault.rs {#money-vault}",
        "tests/money/main.rs {#tests-money}",
    ];
    assert_eq!(listed, [of_money, vec!["src/other.rs {#other}"]]);
}

#[test]
fn a_folder_of_crates_is_shown_crate_by_crate() {
    let head = HEAD.replace("chapters/batch", "contract");

    let page = wanted(&head, &[("contract/hello/src/lib.rs", WHOLE)]);

    assert_eq!(headings(&page), ["contract/hello/src/lib.rs {#hello}"]);
}

#[test]
fn a_file_that_is_no_rust_is_shown_in_its_own_language() {
    let text = "# ANCHOR: all\n# What each call may burn.\na = 1\n# ANCHOR_END: all\n";

    let page = wanted(HEAD, &[("chapters/batch/tests/gas/budget.toml", text)]);

    assert!(page.contains("{#tests-gas-budget-toml}\n\nWhat each call may burn.\n"));
    assert!(page.contains("```toml\n"));
}

#[test]
fn a_link_of_rustdoc_is_shown_as_code() {
    let text = "// ANCHOR: all\n//! Makes an [`Outcome`] of each:\n";

    let page = wanted(HEAD, &[("chapters/batch/src/a.rs", text)]);

    assert!(page.contains("\nMakes an `Outcome` of each.\n"), "{page}");
}

#[test]
fn a_page_that_was_just_written_stays_as_it_is() {
    let sources = [
        ("chapters/batch/src/lib.rs", WHOLE),
        ("chapters/batch/tests/batch.rs", "// ANCHOR: all\n"),
    ];

    let once = wanted(HEAD, &sources);

    assert_eq!(wanted(&once, &sources), once);
}

#[test]
fn a_page_without_a_mark_is_none_of_these() {
    let (_folder, tree) = book("# Batches\n", &[]);

    assert!(listings(&tree).unwrap().is_empty());
}

#[test]
fn a_mark_that_finds_no_file_is_an_error() {
    let (_folder, tree) = book(&HEAD.replace("batch", "bach"), &[]);

    let error = listings(&tree).unwrap_err();

    assert!(error.to_string().starts_with("src/files.md: "), "{error}");
}
