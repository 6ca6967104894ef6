//! Pages of a small book.

use tempfile::TempDir;

use super::*;

const HEAD: &str =
    "# Files of Chapter 2\n\nWords.\n\n<!-- cargo book sync lists chapters/batch -->\n";

const WHOLE: &str = "// ANCHOR: all\n//! A module.\n// ANCHOR_END: all\n";

/// Returns a book with one page, and chapters whose files have these texts.
fn book(page: &str, sources: &[(&str, &str)]) -> (TempDir, Tree) {
    let folder = tempfile::tempdir().unwrap();
    let manifests = ["chapters/setup/Cargo.toml", "chapters/batch/Cargo.toml"];
    let manifests = manifests.map(|path| (path, "[package]\n"));
    for (path, text) in [("src/files.md", page)]
        .iter()
        .chain(&manifests)
        .chain(sources)
    {
        files::write(&folder.path().join(path), text).unwrap();
    }
    let tree = Tree::at(folder.path());
    (folder, tree)
}

/// Returns the text that the page should have.
fn wanted(page: &str, sources: &[(&str, &str)]) -> String {
    let (_folder, tree) = book(page, sources);
    appendix(&tree).unwrap().remove(0).wanted.unwrap()
}

/// Returns the headings that the page should have if these files are whole.
fn listed(page: &str, whole: &[&str]) -> Vec<String> {
    let sources: Vec<_> = whole.iter().map(|path| (*path, WHOLE)).collect();
    headings(&wanted(page, &sources))
}

fn headings(page: &str) -> Vec<String> {
    let headings = page.lines().filter_map(|line| line.strip_prefix("## "));
    headings.map(str::to_owned).collect()
}

#[test]
fn a_file_is_shown_under_its_name_with_its_first_sentence() {
    let text = "// ANCHOR: all\n//! Two calls in one\n//! [`Receipt`]. And more.\n//!\n//! Else.\n// ANCHOR_END: all\n";

    let page = wanted(HEAD, &[("chapters/batch/src/batch/greeting.rs", text)]);

    let list = r#"
## src/batch/greeting.rs {#batch-greeting}

Two calls in one `Receipt`.

<span class="filename">File: chapters/batch/src/batch/greeting.rs</span>

```rust,ignore
{{#include ../chapters/batch/src/batch/greeting.rs:all}}
```
"#;
    assert_eq!(page, format!("{HEAD}{list}"));
}

#[test]
fn a_file_of_a_study_is_shown_unless_a_chapter_has_the_same() {
    let head = HEAD.replace("chapters/batch", "studies/swap");
    let other = WHOLE.replace("A module", "Another module");

    let page = wanted(
        &head,
        &[
            ("chapters/setup/src/enter.rs", WHOLE),
            ("chapters/batch/src/owed.rs", WHOLE),
            ("studies/swap/src/enter.rs", &other),
            ("studies/swap/src/owed.rs", WHOLE),
            ("studies/swap/src/pool.rs", WHOLE),
        ],
    );

    assert_eq!(
        headings(&page),
        ["src/enter.rs {#enter}", "src/pool.rs {#pool}"]
    );
}

#[test]
fn a_module_comes_before_its_contents_and_a_root_before_its_modules() {
    let listed = listed(
        HEAD,
        &[
            "chapters/batch/tests/it/batch/counter.rs",
            "chapters/batch/tests/it/batch.rs",
            "chapters/batch/src/batch/counter.rs",
            "chapters/batch/src/batch.rs",
            "chapters/batch/src/apple.rs",
            "chapters/batch/src/lib.rs",
        ],
    );

    assert_eq!(
        listed,
        [
            "src/lib.rs {#lib}",
            "src/apple.rs {#apple}",
            "src/batch.rs {#batch}",
            "src/batch/counter.rs {#batch-counter}",
            "tests/it/batch.rs {#tests-batch}",
            "tests/it/batch/counter.rs {#tests-batch-counter}",
        ]
    );
}

#[test]
fn a_file_that_the_chapter_before_has_is_shown_only_if_it_differs() {
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
fn a_file_keeps_its_anchor_and_one_that_is_gone_is_no_longer_shown() {
    let page = format!("{HEAD}\n## src/gate.rs {{#door}}\n\n## src/gone.rs {{#gone}}\n");

    let listed = listed(&page, &["chapters/batch/src/gate.rs"]);

    assert_eq!(listed, ["src/gate.rs {#door}"]);
}

#[test]
fn the_files_of_a_module_are_on_its_page_and_on_no_other() {
    let whole = [
        "src/money.rs",
        "src/money/vault.rs",
        "tests/it/money.rs",
        "src/other.rs",
    ];
    let whole = whole.map(|path| format!("chapters/batch/{path}"));
    let sources = whole.each_ref().map(|path| (path.as_str(), WHOLE));
    let (folder, tree) = book(HEAD, &sources);
    let money = HEAD.replace("chapters/batch -->", "chapters/batch money -->");
    files::write(&folder.path().join("src/files-money.md"), money).unwrap();

    let pages = appendix(&tree).unwrap();

    let listed: Vec<_> = pages
        .iter()
        .filter_map(|page| page.wanted.as_deref())
        .map(headings)
        .collect();
    let of_money = [
        "src/money.rs {#money}",
        "src/money/vault.rs {#money-vault}",
        "tests/it/money.rs {#tests-money}",
    ];
    assert_eq!(listed, [&of_money[..], &["src/other.rs {#other}"]]);
}

#[test]
fn a_module_and_its_tests_may_have_a_page_each() {
    let whole = ["src/money.rs", "tests/it/money.rs"];
    let whole = whole.map(|path| format!("chapters/batch/{path}"));
    let head = HEAD.replace("chapters/batch -->", "chapters/batch money tests -->");

    let listed = listed(&head, &whole.each_ref().map(String::as_str));

    assert_eq!(listed, ["tests/it/money.rs {#tests-money}"]);
}

#[test]
fn a_page_may_have_the_tests_of_a_folder_alone() {
    let head = HEAD.replace("chapters/batch -->", "chapters/batch tests -->");

    let listed = listed(
        &head,
        &["chapters/batch/src/a.rs", "chapters/batch/tests/it/a.rs"],
    );

    assert_eq!(listed, ["tests/it/a.rs {#tests-a}"]);
}

#[test]
fn the_headings_of_a_folder_of_crates_name_the_crates() {
    let head = HEAD.replace("chapters/batch", "contract");

    let listed = listed(&head, &["contract/hello/src/lib.rs"]);

    assert_eq!(listed, ["contract/hello/src/lib.rs {#hello}"]);
}

#[test]
fn a_file_that_is_not_rust_is_shown_in_its_own_language() {
    let text = "# ANCHOR: all\n# The gas of each call.\na = 1\n# ANCHOR_END: all\n";

    let page = wanted(HEAD, &[("chapters/batch/tests/it/gas/budget.toml", text)]);

    assert!(page.contains("{#tests-gas-budget-toml}\n\nThe gas of each call.\n"));
    assert!(page.contains("```toml\n"));
}

#[test]
fn a_page_that_was_just_written_is_unchanged() {
    let sources = [
        ("chapters/batch/src/lib.rs", WHOLE),
        ("chapters/batch/tests/it/batch.rs", "// ANCHOR: all\n"),
    ];

    let once = wanted(HEAD, &sources);

    assert_eq!(wanted(&once, &sources), once);
}

#[test]
fn a_page_without_a_mark_is_left_alone() {
    let (_folder, tree) = book("# Batches\n", &[]);

    assert!(appendix(&tree).unwrap().is_empty());
}

#[test]
fn a_mark_that_finds_no_file_is_an_error() {
    let (_folder, tree) = book(&HEAD.replace("batch", "bach"), &[]);

    let error = appendix(&tree).unwrap_err();

    assert!(error.to_string().starts_with("src/files.md: "), "{error}");
}

#[test]
fn a_vulnerable_file_has_a_badge() {
    let head = HEAD.replace("chapters/batch", "contract");

    let page = wanted(&head, &[("contract/vulnerable/src/lib.rs", WHOLE)]);

    let start = "<div class=\"listing vulnerable\">\n<strong class=\"listing-badge\">Vulnerable: do not copy</strong>\n\n<span";
    assert!(page.contains(start), "{page}");
    assert!(page.ends_with("```\n\n</div>\n"), "{page}");
}
