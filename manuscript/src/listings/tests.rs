//! Listings of a small book.

use std::path::Path;

use tempfile::TempDir;

use super::*;

const VAULT: &str = "\
// ANCHOR: spend
/// Sends the money.
fn spend() {
    take();
}
// ANCHOR_END: spend

impl Vault {
    // ANCHOR: take
    /// Takes the money. At once.
    fn take() {
        1
    }
    // ANCHOR_END: take
}

// ANCHOR: test
#[test]
fn money_is_spent() {}
// ANCHOR_END: test
";

const MARK: &str = "<!-- listing chapters/setup/src/vault.rs spend: Spend `money` -->\n";

/// Returns a book with these pages in its table of contents, and with one chapter.
fn book(pages: &[(&str, &str)]) -> (TempDir, Tree) {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| files::write(&folder.path().join(path), text).unwrap();
    let links = pages
        .iter()
        .map(|(page, _)| format!("- [A page]({page})\n"));
    write("src/SUMMARY.md", &links.collect::<String>());
    write("chapters/setup/Cargo.toml", "[package]\n");
    write("chapters/setup/src/vault.rs", VAULT);
    for (page, text) in pages {
        write(&format!("src/{page}"), text);
    }
    let tree = Tree::at(folder.path());
    (folder, tree)
}

/// Returns the text that a file should have.
fn wanted(tree: &Tree, path: &str) -> String {
    let listings = listings(tree).unwrap();
    assert_eq!(listings.faults, []);
    let mut files = listings.files.into_iter();
    let file = files.find(|file| file.path == Path::new(path));
    file.expect("the file is derived")
        .wanted
        .expect("it should exist")
}

/// Returns the faults of a page.
fn faults(page: &str) -> Vec<String> {
    let (_folder, tree) = book(&[("1-one.md", page)]);
    let faults = listings(&tree).unwrap().faults;
    faults.iter().map(Fault::to_string).collect()
}

#[test]
fn a_listing_has_a_number_a_caption_and_the_code_without_its_indentation() {
    let mark = MARK.replace("spend:", "take spend:");
    let (_folder, tree) = book(&[("1-one.md", &mark)]);

    let expected = "\
<figure class=\"listing\" id=\"listing-vault-take\">
<figcaption><strong>Listing 1-1</strong> Spend <code>money</code> <span class=\"filename\">chapters/setup/src/vault.rs</span></figcaption>

```rust,ignore
/// Takes the money. At once.
fn take() {
    1
}

/// Sends the money.
fn spend() {
    take();
}
```

</figure>
";
    assert_eq!(wanted(&tree, "src/listings/1-one/vault-take.md"), expected);
}

#[test]
fn a_page_includes_its_listings_below_their_marks() {
    let page = format!("Words.\n\n{MARK}\nMore words.\n");
    let (folder, tree) = book(&[("1-one.md", &page)]);

    let once = wanted(&tree, "src/1-one.md");

    let include = "{{#include listings/1-one/vault-spend.md}}\n";
    assert_eq!(once, format!("Words.\n\n{MARK}{include}\nMore words.\n"));
    files::write(&folder.path().join("src/1-one.md"), &once).unwrap();
    assert_eq!(wanted(&tree, "src/1-one.md"), once);
}

#[test]
fn the_listings_of_a_chapter_are_counted_over_its_pages() {
    let mark = MARK.replace("spend:", "take:");
    let pages = [("1-one.md", MARK), ("2-two.md", MARK), ("1-more.md", &mark)];
    let (_folder, tree) = book(&pages);

    let listing = wanted(&tree, "src/listings/1-more/vault-take.md");

    assert!(
        listing.contains("<strong>Listing 1-2</strong>"),
        "{listing}"
    );
}

#[test]
fn a_page_of_no_chapter_has_listings_without_numbers_and_captions() {
    let mark = MARK.replace(": Spend `money`", "");
    let (_folder, tree) = book(&[("solutions.md", &mark)]);

    let listing = wanted(&tree, "src/listings/solutions/vault-spend.md");

    assert!(
        listing.contains("<figcaption><span class=\"filename\">"),
        "{listing}"
    );
}

#[test]
fn a_test_is_folded_below_its_name() {
    let mark = "<!-- listing chapters/setup/src/vault.rs test -->\n";
    let (_folder, tree) = book(&[("1-one.md", mark)]);

    let listing = wanted(&tree, "src/listings/1-one/vault-test.md");

    assert!(listing.starts_with("<details "), "{listing}");
    assert!(
        listing.contains("</strong> Test: Money is spent <span"),
        "{listing}"
    );
}

#[test]
fn a_listing_explains_a_function_that_its_page_has_not_shown() {
    let later = MARK.replace("spend:", "take:");
    let (_folder, tree) = book(&[("1-one.md", MARK), ("1-two.md", &later)]);

    let listing = wanted(&tree, "src/listings/1-one/vault-spend.md");

    let note = "<p><code>take</code>: Takes the money. <a href=\"1-two.md#listing-vault-take\">Listing 1-2</a></p>";
    assert!(listing.contains(note), "{listing}");
}

#[test]
fn a_listing_explains_no_function_that_its_page_has_shown() {
    let before = MARK.replace("spend:", "take:");
    let (_folder, tree) = book(&[("1-one.md", &format!("{before}{MARK}"))]);

    let listing = wanted(&tree, "src/listings/1-one/vault-spend.md");

    assert!(!listing.contains("<p>"), "{listing}");
}

#[test]
fn lines_that_the_chapter_before_does_not_have_are_marked() {
    let mark = MARK.replace("setup", "batch");
    let (folder, tree) = book(&[("2-two.md", &mark)]);
    files::write(
        &folder.path().join("chapters/batch/Cargo.toml"),
        "[package]\n",
    )
    .unwrap();
    let vault = VAULT.replace("    take();\n", "    lock();\n    take();\n");
    files::write(&folder.path().join("chapters/batch/src/vault.rs"), vault).unwrap();

    let listing = wanted(&tree, "src/listings/2-two/vault-spend.md");

    assert!(
        listing.contains("Marked: line 3, new since chapter 1."),
        "{listing}"
    );
    assert!(
        listing.contains("--places:-1rem 2lh;--sizes:var(--mark-width) 1lh"),
        "{listing}"
    );
}

#[test]
fn a_solution_marks_what_its_chapter_does_not_have() {
    let mark = "<!-- listing tests/solutions/setup/src/vault.rs spend -->\n";
    let (folder, tree) = book(&[("solutions.md", mark)]);
    let vault = VAULT.replace("    take();\n", "    take();\n    log();\n");
    let path = folder.path().join("tests/solutions/setup/src/vault.rs");
    files::write(&path, vault).unwrap();

    let listing = wanted(&tree, "src/listings/solutions/vault-spend.md");

    assert!(
        listing.contains("Marked: line 4, new in the solution."),
        "{listing}"
    );
}

#[test]
fn a_vulnerable_listing_and_the_safe_one_mark_their_differences() {
    let pieces = "contract/vulnerable/src/lib.rs spend";
    let safe = MARK.replace("spend:", &format!("spend against {pieces}:"));
    let (folder, tree) = book(&[(
        "1-one.md",
        &format!("<!-- listing {pieces}: Steal -->\n{safe}"),
    )]);
    let vulnerable = VAULT.replace("take();", "give();");
    files::write(
        &folder.path().join("contract/vulnerable/src/lib.rs"),
        vulnerable,
    )
    .unwrap();

    let [vulnerable, safe] = ["vulnerable-spend", "vault-spend"]
        .map(|name| wanted(&tree, &format!("src/listings/1-one/{name}.md")));

    assert!(
        vulnerable.starts_with("<figure class=\"listing vulnerable\""),
        "{vulnerable}"
    );
    assert!(vulnerable.contains("<strong class=\"listing-badge\">Vulnerable: do not copy"));
    assert!(
        vulnerable.contains(
            "line 3, different from the safe <a href=\"#listing-vault-spend\">Listing 1-2"
        )
    );
    assert!(
        safe.contains(
            "line 3, different from the vulnerable <a href=\"#listing-vulnerable-spend\">"
        )
    );
}

#[test]
fn a_recorded_listing_that_no_page_shows_should_not_exist() {
    let (folder, tree) = book(&[("1-one.md", MARK)]);
    files::write(&folder.path().join("src/listings/1-one/old.md"), "old\n").unwrap();

    let files = listings(&tree).unwrap().files;

    let old = files
        .iter()
        .find(|file| file.path.ends_with("old.md"))
        .unwrap();
    assert_eq!((old.text.as_deref(), &old.wanted), (Some("old\n"), &None));
}

#[test]
fn the_fault_of_a_mark_has_its_line_and_a_remedy() {
    let missing = MARK.replace("spend:", "send:");
    assert_eq!(
        faults(&format!("Words.\n\n{missing}")),
        [
            "src/1-one.md:3: chapters/setup/src/vault.rs has no anchor `send`: write it there, or name another"
        ]
    );
    assert!(faults(&MARK.replace("vault", "bank"))[0].contains("there is no file"));
    assert!(faults(&MARK.replace(": Spend `money`", ""))[0].contains("needs a caption"));
    assert!(faults("<!-- listing Spend -->")[0].contains("write `<!-- listing FILE"));
    assert!(faults(&format!("{MARK}{MARK}"))[0].contains("already"));
    assert!(
        faults(&MARK.replace(":", " against a.rs b:"))[0].contains("no page shows the code after")
    );
}
