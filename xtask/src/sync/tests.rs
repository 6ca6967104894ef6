//! Chapters in a temporary folder, brought in step.

use super::*;
use manuscript::process;
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt::Write as _;
use tempfile::TempDir;

const CHAPTERS: [&str; 3] = ["setup", "batch", "parallel"];
const GREETING: &str = "src/greeting.rs";
const NOTHING_WRITTEN: &str = "nothing was written, since changes would be lost";

/// A tree with three chapters.
struct Book {
    folder: TempDir,
    reported: String,
}

impl Book {
    /// Returns a tree that is no checkout.
    fn new() -> Self {
        let book = Self {
            folder: tempfile::tempdir().unwrap(),
            reported: String::new(),
        };
        for chapter in CHAPTERS {
            book.write(chapter, "Cargo.toml", &format!("# {chapter}\n"));
        }
        book
    }

    /// Returns a checkout in which every chapter has the same greeting.
    fn committed() -> Self {
        let book = Self::new();
        for chapter in CHAPTERS {
            book.write(chapter, GREETING, "// hello\n");
        }
        book.commit();
        book
    }

    fn commit(&self) {
        self.git(&["init", "--quiet"]);
        self.git(&["add", "."]);
        let who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
        let unsigned = ["-c", "commit.gpgsign=false"];
        let commit = ["commit", "--quiet", "--message", "All"];
        self.git(&[&who[..], &unsigned, &commit].concat());
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut git = process::command("git", self.folder.path());
        process::run(git.args(arguments)).unwrap()
    }

    fn path(&self, chapter: &str, path: &str) -> PathBuf {
        self.folder.path().join("chapters").join(chapter).join(path)
    }

    fn write(&self, chapter: &str, path: &str, text: &str) {
        files::write(&self.path(chapter, path), text).unwrap();
    }

    fn read(&self, chapter: &str, path: &str) -> Option<String> {
        fs::read_to_string(self.path(chapter, path)).ok()
    }

    fn greetings(&self) -> [String; 3] {
        CHAPTERS.map(|chapter| self.read(chapter, GREETING).unwrap())
    }

    fn run(&mut self, options: &Options) -> Result<bool> {
        self.reported.clear();
        let tree = Tree::at(self.folder.path());
        run(&tree, options, |change| {
            writeln!(self.reported, "{change}").unwrap();
        })
    }

    fn sync(&mut self) -> Result<bool> {
        self.run(&Options::default())
    }
}

fn from(chapter: &str, files: &[&str]) -> Options {
    Options {
        from: Some(chapter.to_owned()),
        files: files.iter().map(PathBuf::from).collect(),
        check: false,
    }
}

fn check() -> Options {
    Options {
        check: true,
        ..Options::default()
    }
}

#[test]
fn a_change_in_the_first_chapter_is_copied_to_the_later_ones() {
    let mut book = Book::committed();
    book.write("setup", GREETING, "// good day\n");

    assert!(book.sync().unwrap());

    assert_eq!(book.greetings(), ["// good day\n"; 3]);
}

#[test]
fn a_file_that_a_later_chapter_lacks_is_added() {
    let mut book = Book::committed();
    book.write("batch", "tests/batch/main.rs", "// tests\n");

    assert!(book.sync().unwrap());

    let path = "tests/batch/main.rs";
    assert_eq!(book.read("parallel", path).unwrap(), "// tests\n");
    assert_eq!(book.read("setup", path), None);
}

#[test]
fn a_starter_gets_the_files_that_it_has_in_common_with_the_chapters() {
    let mut book = Book::committed();
    let starter = book.folder.path().join("starters/bare");
    files::write(&starter.join("Cargo.toml"), "# bare\n").unwrap();
    files::write(&starter.join(GREETING), "// hello\n").unwrap();
    book.write("setup", GREETING, "// good day\n");
    book.write("setup", "src/partners.rs", "// new\n");

    book.sync().unwrap();

    let greeting = files::read_text(&starter.join(GREETING)).unwrap();
    assert_eq!(greeting, "// good day\n");
    assert!(!starter.join("src/partners.rs").exists());
}

#[test]
fn chapters_in_step_are_unchanged() {
    let mut book = Book::committed();

    assert!(!book.sync().unwrap());

    assert_eq!(book.reported, "");
}

#[test]
fn a_file_that_each_chapter_writes_for_itself_is_unchanged() {
    let mut book = Book::committed();
    book.write("setup", "Cargo.toml", "# another\n");

    assert!(!book.sync().unwrap());
}

#[test]
fn a_check_reports_what_would_change_and_changes_nothing() {
    let mut book = Book::committed();
    book.write("setup", GREETING, "// good day\n");

    assert!(book.run(&check()).unwrap());

    assert!(book.reported.contains("+// good day"), "{}", book.reported);
    assert_eq!(book.read("batch", GREETING).unwrap(), "// hello\n");
}

#[test]
fn copies_that_were_the_same_are_shown_as_one_difference() {
    let mut book = Book::committed();
    book.write("setup", GREETING, "// good day\n");

    book.sync().unwrap();

    assert_eq!(
        book.reported,
        "chapters/setup/src/greeting.rs → chapters/batch/src/greeting.rs, chapters/parallel/src/greeting.rs\n\
         @@ -1 +1 @@\n-// hello\n+// good day\n"
    );
}

#[test]
fn a_later_copy_that_alone_was_edited_is_not_overwritten() {
    let mut book = Book::committed();
    book.write("batch", GREETING, "// good day\n");
    book.write("setup", "src/partners.rs", "// new\n");

    let error = book.sync().unwrap_err().to_string();

    let way = "`cargo book sync --from batch src/greeting.rs` or `cargo book sync --from setup src/greeting.rs`";
    assert!(error.contains(way), "{error}");
    assert_eq!(book.read("batch", GREETING).unwrap(), "// good day\n");
    assert_eq!(
        book.read("batch", "src/partners.rs"),
        None,
        "nothing was written"
    );
}

#[test]
fn a_later_copy_that_alone_was_edited_and_committed_is_overwritten() {
    let mut book = Book::committed();
    book.write("batch", GREETING, "// good day\n");
    book.commit();

    assert!(book.sync().unwrap());

    assert_eq!(book.greetings(), ["// hello\n"; 3]);
}

#[test]
fn the_copy_of_a_named_chapter_is_copied_to_earlier_and_later_ones() {
    let mut book = Book::committed();
    book.write("batch", GREETING, "// good day\n");

    assert!(book.run(&from("batch", &[])).unwrap());

    assert_eq!(book.greetings(), ["// good day\n"; 3]);
}

#[test]
fn naming_a_chapter_does_not_add_its_files_to_earlier_ones() {
    let mut book = Book::committed();
    book.write("batch", "src/batch.rs", "// batch\n");

    book.run(&from("batch", &[])).unwrap();

    assert_eq!(book.read("setup", "src/batch.rs"), None);
}

#[test]
fn naming_a_chapter_does_not_overwrite_what_was_edited_in_the_first() {
    let mut book = Book::committed();
    book.write("setup", GREETING, "// good day\n");

    let error = book.run(&from("batch", &[])).unwrap_err();

    assert!(error.to_string().starts_with(NOTHING_WRITTEN), "{error}");
    assert_eq!(book.read("setup", GREETING).unwrap(), "// good day\n");
}

#[test]
fn naming_chapter_and_file_overwrites_edited_copies() {
    let mut book = Book::committed();
    book.write("setup", GREETING, "// good day\n");

    assert!(book.run(&from("batch", &[GREETING])).unwrap());

    assert_eq!(book.greetings(), ["// hello\n"; 3]);
}

#[test]
fn a_file_that_is_not_named_is_unchanged() {
    let mut book = Book::committed();
    book.write("setup", GREETING, "// good day\n");
    book.write("setup", "src/partners.rs", "// new\n");

    book.run(&from("setup", &["src/partners.rs"])).unwrap();

    assert!(book.read("batch", "src/partners.rs").is_some());
    assert_eq!(book.read("batch", GREETING).unwrap(), "// hello\n");
}

#[test]
fn git_keeps_an_uncommitted_copy_that_is_overwritten() {
    let mut book = Book::committed();
    book.write("setup", GREETING, "// good day\n");
    book.write("batch", GREETING, "// good night\n");

    book.sync().unwrap();

    let (_, name) = book.reported.split_once("git cat-file -p ").unwrap();
    let name = name.lines().next().unwrap().to_owned();
    assert_eq!(book.git(&["cat-file", "-p", &name]), "// good night\n");
}

#[test]
fn a_file_that_git_ignores_is_not_copied() {
    let mut book = Book::committed();
    files::write(&book.folder.path().join(".gitignore"), "*.swp\n").unwrap();
    book.write("setup", "src/.greeting.rs.swp", "");

    assert!(!book.sync().unwrap());
}

#[test]
fn without_git_only_a_named_file_is_overwritten() {
    let mut book = Book::new();
    book.write("setup", GREETING, "// good day\n");
    book.write("batch", GREETING, "// hello\n");

    let error = book.sync().unwrap_err();
    book.run(&from("setup", &[GREETING])).unwrap();

    assert!(error.to_string().starts_with(NOTHING_WRITTEN), "{error}");
    assert_eq!(book.greetings(), ["// good day\n"; 3]);
}

#[test]
fn without_git_a_file_is_added() {
    let mut book = Book::new();
    book.write("setup", GREETING, "// hello\n");

    book.sync().unwrap();

    assert_eq!(book.greetings(), ["// hello\n"; 3]);
}

#[test]
fn the_wasm_of_partners_is_unchanged() {
    let mut book = Book::committed();
    book.write("setup", "tests/partners/hello.wasm", "\0asm");

    assert!(!book.sync().unwrap());
}

#[test]
fn a_file_that_is_not_text_is_copied_and_reported_by_its_size() {
    let mut book = Book::committed();
    fs::write(book.path("setup", "state.bin"), [0xff, 0, 1]).unwrap();

    book.sync().unwrap();

    assert!(book.reported.contains("new, 3 bytes"), "{}", book.reported);
    assert!(book.path("parallel", "state.bin").is_file());
}

#[test]
fn the_error_of_an_unknown_chapter_lists_all() {
    let error = Book::committed().run(&from("bach", &[])).unwrap_err();

    assert_eq!(
        error.to_string(),
        "there is no chapter `bach`; there are setup, batch, parallel"
    );
}

#[test]
fn a_file_that_the_named_chapter_lacks_is_refused() {
    let mut book = Book::committed();
    book.write("batch", "src/batch.rs", "// batch\n");

    let error = book.run(&from("setup", &["src/batch.rs"])).unwrap_err();

    assert_eq!(
        error.to_string(),
        "chapters/setup/src/batch.rs does not exist: name a chapter that has it"
    );
}

#[test]
fn a_file_that_no_chapter_shares_is_refused() {
    let error = Book::committed()
        .run(&from("setup", &["Cargo.toml"]))
        .unwrap_err();

    assert!(
        error
            .to_string()
            .starts_with("`Cargo.toml` is no file that chapters share")
    );
}

fn lock(version: &str) -> String {
    format!("version = 4\n\n[[package]]\nname = \"near-sdk\"\nversion = \"{version}\"\n")
}

#[test]
fn a_check_reports_the_packages_that_would_move() {
    let mut book = Book::committed();
    book.write("setup", LOCK, &lock("5.30.0"));
    book.write("batch", LOCK, &lock("5.29.0"));

    assert!(book.run(&check()).unwrap());

    assert_eq!(
        book.reported,
        "chapters/batch/Cargo.lock: near-sdk 5.29.0 → 5.30.0\n"
    );
}

#[test]
fn a_later_lock_file_that_alone_was_edited_is_unchanged() {
    let mut book = Book::committed();
    book.write("setup", LOCK, &lock("5.29.0"));
    book.commit();
    book.write("batch", LOCK, &lock("5.30.0"));

    let error = book.sync().unwrap_err().to_string();

    assert!(
        error.contains("`cargo book sync --from batch Cargo.lock`"),
        "{error}"
    );
    assert_eq!(book.read("batch", LOCK).unwrap(), lock("5.30.0"));
}

#[test]
fn a_named_chapter_decides_the_versions_of_earlier_ones_too() {
    let mut book = Book::committed();
    book.write("setup", LOCK, &lock("5.29.0"));
    book.write("batch", LOCK, &lock("5.30.0"));
    let options = Options {
        check: true,
        ..from("batch", &[LOCK])
    };

    book.run(&options).unwrap();

    assert_eq!(
        book.reported,
        "chapters/setup/Cargo.lock: near-sdk 5.29.0 → 5.30.0\n"
    );
}

#[test]
fn versions_that_are_not_compatible_are_an_error() {
    let mut book = Book::committed();
    book.write("setup", LOCK, &lock("5.30.0"));
    book.write("batch", LOCK, &lock("4.0.0"));

    let error = book.sync().unwrap_err();

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
        let mut book = Book::new();
        for (chapter, path, text) in &copies {
            book.write(chapter, path, text);
        }

        for (chapter, path, _) in &copies {
            book.run(&from(chapter, &[path])).unwrap();
        }

        let tree = Tree::at(book.folder.path());
        for file in shared(&tree).unwrap() {
            prop_assert!(file.unlike(file.first()).is_empty());
        }
    }
}
