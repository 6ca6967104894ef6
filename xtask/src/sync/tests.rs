//! Chapters in a temporary folder, brought in step.

use manuscript::process;
use proptest::prelude::*;
use proptest::sample::select;
use tempfile::TempDir;

use super::*;

const CHAPTERS: [&str; 3] = ["setup", "batch", "parallel"];
const GREETING: &str = "src/greeting.rs";
const PARTNERS: &str = "src/partners.rs";

/// A tree with three chapters.
struct Book(TempDir);

impl Book {
    /// Returns a tree that is no checkout.
    fn new() -> Self {
        let book = Self(tempfile::tempdir().unwrap());
        for chapter in CHAPTERS {
            book.write(chapter, "Cargo.toml", &format!("# {chapter}\n"));
        }
        book
    }

    /// Returns a checkout in which every chapter has the same greeting.
    fn committed() -> Self {
        let book = Self::new();
        for chapter in CHAPTERS {
            book.write(chapter, GREETING, "hello\n");
        }
        book.commit();
        book
    }

    fn commit(&self) {
        self.git("init --quiet");
        self.git("add .");
        let who = "-c user.name=Ann -c user.email=ann@example.com -c commit.gpgsign=false";
        self.git(&format!("{who} commit --quiet --message All"));
    }

    fn git(&self, arguments: &str) -> String {
        let mut git = process::command("git", self.0.path());
        process::run(git.args(arguments.split(' '))).unwrap()
    }

    fn path(&self, chapter: &str, path: &str) -> PathBuf {
        self.0.path().join("chapters").join(chapter).join(path)
    }

    fn write(&self, chapter: &str, path: &str, text: &str) {
        files::write(&self.path(chapter, path), text).unwrap();
    }

    /// Returns the text that a file has in each chapter, and nothing where there is no file.
    fn texts(&self, path: &str) -> [String; 3] {
        CHAPTERS.map(|chapter| fs::read_to_string(self.path(chapter, path)).unwrap_or_default())
    }

    /// Brings the chapters in step, and returns the report. Without a change it is empty.
    fn run(&self, options: &Options) -> Result<String> {
        let mut report = String::new();
        let tree = Tree::at(self.0.path());
        let is_changed = run(&tree, options, |change| report += &format!("{change}\n"))?;
        assert_eq!(is_changed, !report.is_empty());
        Ok(report)
    }

    fn sync(&self) -> Result<String> {
        self.run(&Options::default())
    }

    fn check(&self) -> Result<String> {
        let check = true;
        self.run(&Options {
            check,
            ..Options::default()
        })
    }
}

fn from(chapter: &str, files: &[&str]) -> Options {
    Options {
        from: Some(chapter.to_owned()),
        files: files.iter().map(PathBuf::from).collect(),
        check: false,
    }
}

#[test]
fn a_change_in_the_first_chapter_is_copied_to_the_later_ones() {
    let book = Book::committed();
    book.write("setup", GREETING, "good day\n");

    let report = book.sync().unwrap();

    assert_eq!(book.texts(GREETING), ["good day\n"; 3]);
    assert_eq!(
        report,
        "chapters/setup/src/greeting.rs → chapters/batch/src/greeting.rs, chapters/parallel/src/greeting.rs\n\
         @@ -1 +1 @@\n-hello\n+good day\n"
    );
}

#[test]
fn a_file_that_a_later_chapter_lacks_is_added_without_git_too() {
    for book in [Book::committed(), Book::new()] {
        book.write("batch", PARTNERS, "new\n");

        book.sync().unwrap();

        assert_eq!(book.texts(PARTNERS), ["", "new\n", "new\n"]);
    }
}

#[test]
fn a_file_that_is_not_text_is_copied_and_reported_by_its_size() {
    let book = Book::committed();
    fs::write(book.path("setup", "state.bin"), [0xff, 0, 1]).unwrap();

    assert!(book.sync().unwrap().contains("new, 3 bytes"));

    assert!(book.path("parallel", "state.bin").is_file());
}

#[test]
fn a_starter_gets_the_files_that_it_has_in_common_with_the_chapters() {
    let book = Book::committed();
    let starter = book.0.path().join("starters/bare");
    files::write(&starter.join("Cargo.toml"), "# bare\n").unwrap();
    files::write(&starter.join(GREETING), "hello\n").unwrap();
    book.write("setup", GREETING, "good day\n");
    book.write("setup", PARTNERS, "new\n");

    book.sync().unwrap();

    assert_eq!(files::read(&starter.join(GREETING)).unwrap(), b"good day\n");
    assert!(!starter.join(PARTNERS).exists());
}

#[test]
fn nothing_changes_for_files_in_step_own_files_ignored_files_and_partners() {
    let book = Book::committed();
    files::write(&book.0.path().join(".gitignore"), "*.swp\n").unwrap();
    book.write("setup", "Cargo.toml", "# another\n");
    book.write("setup", "src/.greeting.rs.swp", "");
    book.write("setup", "tests/partners/hello.wasm", "\0asm");

    assert_eq!(book.sync().unwrap(), "");
}

#[test]
fn a_check_reports_what_would_change_and_changes_nothing() {
    let book = Book::committed();
    book.write("setup", GREETING, "good day\n");

    assert!(book.check().unwrap().contains("+good day"));

    assert_eq!(book.texts(GREETING), ["good day\n", "hello\n", "hello\n"]);
}

#[test]
fn a_later_copy_that_alone_was_edited_is_not_overwritten() {
    let book = Book::committed();
    book.write("batch", GREETING, "good day\n");
    book.write("setup", PARTNERS, "new\n");

    let error = book.sync().unwrap_err().to_string();

    let ways = "`cargo book sync --from batch src/greeting.rs` or `cargo book sync --from setup src/greeting.rs`";
    assert!(error.contains(ways), "{error}");
    assert_eq!(book.texts(GREETING), ["hello\n", "good day\n", "hello\n"]);
    assert_eq!(book.texts(PARTNERS), ["new\n", "", ""]);
}

#[test]
fn a_later_copy_that_was_edited_and_committed_is_overwritten() {
    let book = Book::committed();
    book.write("batch", GREETING, "good day\n");
    book.commit();

    book.sync().unwrap();

    assert_eq!(book.texts(GREETING), ["hello\n"; 3]);
}

#[test]
fn the_files_of_a_named_chapter_replace_earlier_ones_and_are_not_added_to_them() {
    let book = Book::committed();
    book.write("batch", GREETING, "good day\n");
    book.write("batch", PARTNERS, "new\n");

    book.run(&from("batch", &[])).unwrap();

    assert_eq!(book.texts(GREETING), ["good day\n"; 3]);
    assert_eq!(book.texts(PARTNERS), ["", "new\n", "new\n"]);
}

#[test]
fn an_edited_first_copy_is_overwritten_only_if_the_file_is_named_too() {
    let book = Book::committed();
    book.write("setup", GREETING, "good day\n");

    let error = book.run(&from("batch", &[])).unwrap_err().to_string();
    assert!(error.starts_with("nothing was written"), "{error}");
    assert_eq!(book.texts(GREETING)[0], "good day\n");

    book.run(&from("batch", &[GREETING])).unwrap();
    assert_eq!(book.texts(GREETING), ["hello\n"; 3]);
}

#[test]
fn a_file_that_is_not_named_is_unchanged() {
    let book = Book::committed();
    book.write("setup", GREETING, "good day\n");
    book.write("setup", PARTNERS, "new\n");

    book.run(&from("setup", &[PARTNERS])).unwrap();

    assert_eq!(book.texts(PARTNERS), ["new\n"; 3]);
    assert_eq!(book.texts(GREETING), ["good day\n", "hello\n", "hello\n"]);
}

#[test]
fn git_keeps_an_uncommitted_copy_that_is_overwritten() {
    let book = Book::committed();
    book.write("setup", GREETING, "good day\n");
    book.write("batch", GREETING, "good night\n");

    let report = book.sync().unwrap();

    let (_, name) = report.split_once("git cat-file -p ").unwrap();
    let name = name.lines().next().unwrap();
    assert_eq!(book.git(&format!("cat-file -p {name}")), "good night\n");
}

#[test]
fn without_git_only_a_named_file_is_overwritten() {
    let book = Book::new();
    book.write("setup", GREETING, "good day\n");
    book.write("batch", GREETING, "hello\n");

    let error = book.sync().unwrap_err().to_string();
    assert!(error.starts_with("nothing was written"), "{error}");

    book.run(&from("setup", &[GREETING])).unwrap();
    assert_eq!(book.texts(GREETING), ["good day\n"; 3]);
}

#[test]
fn the_error_of_a_wrong_name_says_what_to_name() {
    let book = Book::committed();
    book.write("batch", PARTNERS, "new\n");
    for (chapter, file, expected) in [
        (
            "bach",
            GREETING,
            "there is no chapter `bach`; there are setup, batch, parallel",
        ),
        (
            "setup",
            PARTNERS,
            "chapters/setup/src/partners.rs does not exist: name a chapter that has it",
        ),
        (
            "setup",
            "Cargo.toml",
            "`Cargo.toml` is no file that chapters share: name it as in a chapter, `src/greeting.rs`",
        ),
    ] {
        let error = book.run(&from(chapter, &[file])).unwrap_err();

        assert_eq!(error.to_string(), expected);
    }
}

/// Returns a checkout whose first two chapters have these versions of a package.
fn locked(setup: &str, batch: &str) -> Book {
    let book = Book::committed();
    for (chapter, version) in [("setup", setup), ("batch", batch)] {
        let package = format!("[[package]]\nname = \"near-sdk\"\nversion = \"{version}\"\n");
        book.write(chapter, LOCK, &format!("version = 4\n\n{package}"));
    }
    book
}

#[test]
fn a_check_reports_the_packages_that_would_move() {
    let report = locked("5.30.0", "5.29.0").check().unwrap();

    assert_eq!(
        report,
        "chapters/batch/Cargo.lock: near-sdk 5.29.0 → 5.30.0\n"
    );
}

#[test]
fn a_named_chapter_decides_the_versions_of_earlier_ones_too() {
    let options = Options {
        check: true,
        ..from("batch", &[LOCK])
    };

    let report = locked("5.29.0", "5.30.0").run(&options).unwrap();

    assert_eq!(
        report,
        "chapters/setup/Cargo.lock: near-sdk 5.29.0 → 5.30.0\n"
    );
}

#[test]
fn a_later_lock_file_that_alone_was_edited_is_unchanged() {
    let book = locked("5.29.0", "5.29.0");
    book.commit();
    let newer = locked("5.29.0", "5.30.0").texts(LOCK);
    book.write("batch", LOCK, &newer[1]);

    let error = book.sync().unwrap_err().to_string();

    assert!(
        error.contains("`cargo book sync --from batch Cargo.lock`"),
        "{error}"
    );
    assert_eq!(book.texts(LOCK), newer);
}

#[test]
fn versions_that_are_not_compatible_are_an_error() {
    let error = locked("5.30.0", "4.0.0").sync().unwrap_err();

    assert_eq!(
        error.to_string(),
        "chapters/batch/Cargo.lock: `near-sdk` is 4.0.0 here and 5.30.0 in chapters/setup/Cargo.lock: \
         let the manifests ask for the same"
    );
}

proptest! {
    #[test]
    fn afterwards_every_chapter_has_what_the_chapters_before_have(
        copies in proptest::collection::vec(
            (select(&CHAPTERS[..]), select(&["a.rs", "b/c.rs", "b/d.rs"][..]), "[xyz]{0,2}"),
            0..9,
        ),
    ) {
        let book = Book::new();
        for (chapter, path, text) in &copies {
            book.write(chapter, path, text);
        }

        for (chapter, path, _) in &copies {
            book.run(&from(chapter, &[path])).unwrap();
        }

        for file in shared(&Tree::at(book.0.path())).unwrap() {
            prop_assert!(file.unlike(file.first()).is_empty());
        }
    }
}

#[test]
fn a_listing_and_its_include_are_written() {
    let book = Book::new();
    let path = |path: &str| book.0.path().join("src").join(path);
    book.write(
        "setup",
        GREETING,
        "// ANCHOR: hello\nfn hello() {}\n// ANCHOR_END: hello\n",
    );
    files::write(&path("SUMMARY.md"), "[One](1-one.md)\n").unwrap();
    let mark = "<!-- listing chapters/setup/src/greeting.rs hello: Hello -->\n";
    files::write(&path("1-one.md"), mark).unwrap();

    assert!(
        book.check()
            .unwrap()
            .contains("src/listings/1-one/greeting-hello.md\n")
    );
    assert!(!path("listings").exists());
    book.sync().unwrap();

    let page = fs::read_to_string(path("1-one.md")).unwrap();
    assert_eq!(
        page,
        format!("{mark}{{{{#include listings/1-one/greeting-hello.md}}}}\n")
    );
    assert!(path("listings/1-one/greeting-hello.md").is_file());
    assert_eq!(book.sync().unwrap(), "");
}

#[test]
fn a_mark_with_a_fault_is_an_error() {
    let book = Book::new();
    let page = book.0.path().join("src/1-one.md");
    files::write(&book.0.path().join("src/SUMMARY.md"), "[One](1-one.md)\n").unwrap();
    files::write(
        &page,
        "<!-- listing chapters/setup/src/lib.rs hello: Hello -->\n",
    )
    .unwrap();

    let error = book.sync().unwrap_err().to_string();

    assert!(
        error.starts_with("src/1-one.md:1: there is no file"),
        "{error}"
    );
}
