//! Small crates whose contracts are built while they are edited.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;

/// The time after which what should happen has not.
const LONG: Duration = Duration::from_secs(120);

const MANIFEST: &str = "[package]\nname = \"NAME\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n";
const LOCK: &str = "version = 4\n[[package]]\nname = \"NAME\"\nversion = \"0.0.0\"\n";
const ONE: &str = "#[unsafe(no_mangle)]\npub extern \"C\" fn one() -> u32 {\n    1\n}\n";

/// A tree with two small chapters.
struct Book {
    folder: TempDir,
}

impl Book {
    fn new() -> Self {
        let book = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for name in ["batch", "setup"] {
            let write =
                |file: &str, text: &str| book.write(name, file, &text.replace("NAME", name));
            write("Cargo.toml", MANIFEST);
            write("Cargo.lock", LOCK);
            write("src/lib.rs", ONE);
        }
        book
    }

    fn write(&self, chapter: &str, file: &str, text: &str) {
        let path = self.folder.path().join("chapters").join(chapter).join(file);
        files::write(&path, text).unwrap();
    }

    fn edit(&self, chapter: &str, text: &str) {
        self.write(chapter, "src/lib.rs", text);
    }

    fn contracts(&self) -> Contracts {
        let tree = Tree::at(self.folder.path());
        Contracts::new(&tree, &self.folder.path().join("target/serve-1")).unwrap()
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(self.folder.path())
            .args(["-c", "user.name=ann", "-c", "user.email=ann@example.com"])
            .args(arguments);
        assert!(git.output().unwrap().status.success(), "git {arguments:?}");
    }
}

/// Contracts that are followed until the value is dropped.
struct Followed {
    contracts: Arc<Contracts>,
    edits: watch::Receiver<Edits>,
    task: JoinHandle<anyhow::Error>,
}

impl Followed {
    fn start(book: &Book) -> Self {
        let contracts = Arc::new(book.contracts());
        let followed = contracts.clone();
        Self {
            edits: contracts.edits(),
            contracts,
            task: tokio::spawn(async move { followed.follow().await }),
        }
    }

    /// Waits until what is committed of the first chapter was built.
    async fn ready(self) -> Self {
        self.contracts.committed("setup").await.unwrap();
        self
    }

    /// Waits until the contracts are in a state, and returns them all.
    async fn wait_for(&mut self, is_there: impl FnMut(&Edits) -> bool) -> Edits {
        let found = timeout(LONG, self.edits.wait_for(is_there)).await;
        found.expect("it happens in time").unwrap().clone()
    }

    /// Waits until a chapter is in a state.
    async fn wait_for_state(&mut self, chapter: &str, is_there: fn(&Edit) -> bool) -> Edit {
        let path = Path::new("chapters").join(chapter);
        let edits = self.wait_for(|edits| {
            let state = edits.contracts.get(&path);
            state.is_some_and(|(_, edit)| is_there(edit))
        });
        edits.await.contracts.remove(&path).unwrap().1
    }

    fn wasm(&self, side: &str, chapter: &str) -> Option<Vec<u8>> {
        fs::read(self.contracts.path(side, chapter)).ok()
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn is_built(edit: &Edit) -> bool {
    matches!(edit, Edit::Built(_))
}

fn is_failed(edit: &Edit) -> bool {
    matches!(edit, Edit::Failed(_))
}

fn two() -> String {
    ONE.replace("one", "two")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_change_is_built_beside_what_is_committed() {
    let book = Book::new();
    let mut followed = Followed::start(&book).ready().await;

    book.edit("setup", &two());
    followed.wait_for_state("setup", is_built).await;

    let (committed, edited) = (
        followed.wasm("committed", "setup"),
        followed.wasm("edited", "setup"),
    );
    assert!(committed.is_some() && edited.is_some() && committed != edited);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_taken_back_is_forgotten() {
    let book = Book::new();
    let mut followed = Followed::start(&book).ready().await;
    book.edit("setup", &two());
    followed.wait_for_state("setup", is_built).await;

    book.edit("setup", ONE);
    followed.wait_for(|edits| edits.contracts.is_empty()).await;

    assert_eq!(followed.wasm("edited", "setup"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_makes_the_same_contract() {
    let book = Book::new();
    let mut followed = Followed::start(&book).ready().await;

    book.edit("setup", &format!("{ONE}// The end.\n"));

    followed
        .wait_for_state("setup", |edit| *edit == Edit::Same)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_told_as_cargo_tells_it_and_the_contract_of_before_is_gone() {
    let book = Book::new();
    let mut followed = Followed::start(&book).ready().await;
    book.edit("setup", &two());
    followed.wait_for_state("setup", is_built).await;

    book.edit("setup", &ONE.replace("-> u32", "-> nothing"));
    let edit = followed.wait_for_state("setup", is_failed).await;

    let Edit::Failed(output) = edit else {
        panic!("{edit:?}")
    };
    assert!(output.contains("cannot find type `nothing`"), "{output}");
    assert!(output.contains("--> src/lib.rs:2:"), "{output}");
    assert_eq!(followed.wasm("edited", "setup"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_file_is_a_fault() {
    let book = Book::new();
    let mut followed = Followed::start(&book).ready().await;

    fs::remove_file(book.folder.path().join("chapters/setup/src/lib.rs")).unwrap();

    followed.wait_for_state("setup", is_failed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_cargo_cannot_read_is_a_fault() {
    let book = Book::new();
    let mut followed = Followed::start(&book).ready().await;

    book.write("setup", "Cargo.toml", "[package\n");
    let edit = followed.wait_for_state("setup", is_failed).await;

    assert!(format!("{edit:?}").contains("Cargo.toml"), "{edit:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_chapters_are_built_one_after_the_other() {
    let book = Book::new();
    let mut followed = Followed::start(&book).ready().await;

    book.edit("setup", &two());
    book.edit("batch", &two());

    followed.wait_for_state("setup", is_built).await;
    followed.wait_for_state("batch", is_built).await;
}

/// A build script that writes a file and then runs for an hour.
const SLEEPS: &str = "fn main() {\n    std::fs::write(\"../../started\", \"\").unwrap();\n    \
                      std::thread::sleep(std::time::Duration::from_secs(3600));\n}\n";

/// A watch for the file that the build script writes.
struct Script {
    root: Watch,
    started: PathBuf,
}

impl Script {
    fn watch(book: &Book) -> Self {
        let root = book.folder.path().to_owned();
        Self {
            started: root.join("started"),
            root: Watch::over(&[root]).unwrap(),
        }
    }

    async fn until_started(mut self) {
        while !self.started.exists() {
            self.root.next().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_that_a_further_change_overtakes_is_ended() {
    let book = Book::new();
    let mut followed = Followed::start(&book).ready().await;
    let script = Script::watch(&book);
    book.write("setup", "build.rs", SLEEPS);
    script.until_started().await;

    book.edit("setup", &two());
    fs::remove_file(book.folder.path().join("chapters/setup/build.rs")).unwrap();

    followed.wait_for_state("setup", is_built).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_another_chapter_does_not_end_a_build() {
    let book = Book::new();
    let mut followed = Followed::start(&book).ready().await;
    book.write("batch", "build.rs", &SLEEPS.replace("3600", "1"));
    followed
        .wait_for_state("batch", |edit| *edit == Edit::Building)
        .await;

    book.edit("setup", &two());
    let edits = followed.wait_for(|edits| edits.contracts.len() == 2).await;

    let (_, batch) = &edits.contracts[Path::new("chapters/batch")];
    assert_ne!(*batch, Edit::Building);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_during_the_build_of_what_is_committed_does_not_get_into_it() {
    let book = Book::new();
    book.write("setup", "build.rs", &SLEEPS.replace("3600", "1"));
    let script = Script::watch(&book);
    let mut followed = Followed::start(&book);
    let contracts = followed.contracts.clone();
    let run = tokio::spawn(async move { contracts.committed("setup").await });
    script.until_started().await;

    book.edit("setup", &two());
    run.await.unwrap().unwrap();
    followed.wait_for_state("setup", is_built).await;

    let exports = |side: &str, name: &[u8]| {
        let wasm = followed.wasm(side, "setup").unwrap();
        wasm.windows(name.len()).any(|bytes| bytes == name)
    };
    assert!(exports("committed", b"one") && exports("edited", b"two"));
}

#[test]
fn saving_the_same_text_edits_nothing() {
    let book = Book::new();
    let contracts = book.contracts();

    book.edit("setup", ONE);

    assert_eq!(contracts.sources.edited(), []);
}

#[test]
fn texts_and_tests_are_no_part_of_a_contract() {
    let book = Book::new();
    let contracts = book.contracts();

    book.write("setup", "README.md", "hello\n");
    book.write("setup", "tests/it.rs", "fn it() {}\n");
    book.write("setup", "src/.lib.rs.swp", "hello\n");

    assert_eq!(contracts.sources.edited(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_git_has_is_what_is_committed() {
    let book = Book::new();
    book.git(&["init", "--quiet"]);
    book.git(&["add", "chapters"]);
    book.git(&["commit", "--quiet", "--message", "The chapters"]);
    book.edit("setup", &two());

    let mut followed = Followed::start(&book);
    followed.wait_for_state("setup", is_built).await;

    assert_ne!(
        followed.wasm("committed", "setup"),
        followed.wasm("edited", "setup")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_into_the_tree() {
    let book = Book::new();
    book.git(&["init", "--quiet"]);
    book.git(&["add", "chapters"]);
    book.git(&["commit", "--quiet", "--message", "The chapters"]);
    let mut followed = Followed::start(&book).ready().await;

    book.edit("setup", &two());
    followed.wait_for_state("setup", is_built).await;

    let written = files::written(&book.folder.path().join("chapters")).unwrap();
    assert_eq!(written.len(), 6, "{written:#?}");
    book.git(&["diff", "--cached", "--quiet"]);
}
