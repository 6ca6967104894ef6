//! Tests of a contract that is edited while the book is served. They edit a chapter of the tree, and write it back.
//!
//! A page that is open meanwhile loads again. So these tests are a program of their own, and run one after the other.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use browser_tests::browser::{Browser, TIMEOUT};
use browser_tests::measurements::Colour;
use browser_tests::rules::contrast::{ENOUGH, ratio};
use browser_tests::served::{self, Served};
use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};

const PAGE: &str = "1-setup.html";
const RUN: &str = "run-setup-query";
const SOURCE: &str = "chapters/setup/src/greeting.rs";
const LISTINGS: &str = "src/listings/1-setup";

/// The controls of the run, once it can be played, after any other element.
const CONTROLS: &str =
    "/ancestor-or-self::body//*[@id='run-setup-query']//fieldset[not(@disabled)]";

/// What the callback returns, in a line of the source.
const RETURNS: &str = "greeting.map_err(|error| format!(\"No greeting: {error}\"))";
const RETURNS_ANOTHER: &str =
    "greeting.map(|_| String::from(\"Edited\")).map_err(|error| error.to_string())";

/// Writes back what differs from the copies in a folder, as soon as this program has ended for any reason.
const WRITES_BACK: &str = "trap '' INT TERM; cat > /dev/null; cd \"$1\" || exit
    find . -type f | while read -r file; do
        cmp -s \"$file\" \"$2/$file\" || cp \"$file\" \"$2/$file\"
    done; rm -r \"$1\"";

/// The source, and the listings that show it. They are written back when the value is dropped.
struct Files {
    texts: BTreeMap<PathBuf, String>,
    _guard: Child,
}

impl Files {
    fn keep() -> Self {
        let root = served::root();
        let listings = fs::read_dir(root.join(LISTINGS)).unwrap();
        let listings = listings.map(|entry| Path::new(LISTINGS).join(entry.unwrap().file_name()));
        let copies = tempfile::tempdir().unwrap().keep();
        let mut texts = BTreeMap::new();
        for path in listings.chain([PathBuf::from(SOURCE)]) {
            let copy = copies.join(&path);
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::copy(root.join(&path), &copy).unwrap();
            texts.insert(root.join(path), fs::read_to_string(copy).unwrap());
        }
        let guard = Command::new("sh")
            .args(["-c", WRITES_BACK, "sh"])
            .args([copies, root.canonicalize().unwrap()])
            .stdin(Stdio::piped())
            .spawn();
        let _guard = guard.unwrap();
        Self { texts, _guard }
    }

    /// Saves the source with another text in the place of one.
    fn edit(&self, from: &str, to: &str) {
        let path = served::root().join(SOURCE);
        let edited = self.texts[&path].replacen(from, to, 1);
        assert_ne!(edited, self.texts[&path], "{SOURCE} has no {from}");
        fs::write(path, edited).unwrap();
    }

    fn restore(&self) {
        for (path, text) in &self.texts {
            if fs::read_to_string(path).ok().as_ref() != Some(text) {
                fs::write(path, text).unwrap();
            }
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        self.restore();
    }
}

/// A window on a page whose contract is edited.
struct Reader {
    browser: Browser,
    files: Files,
    _served: Arc<Served>,
    _alone: MutexGuard<'static, ()>,
}

impl Reader {
    async fn begin() -> Self {
        static ALONE: Mutex<()> = Mutex::const_new(());

        // The tests wait with the server, so it serves all of them.
        let served = Served::shared();
        let _alone = ALONE.lock().await;
        let files = Files::keep();
        let browser = Browser::start().await.unwrap();
        browser
            .open(&format!("{}/{PAGE}", served.url))
            .await
            .unwrap();
        let reader = Self {
            browser,
            files,
            _served: served,
            _alone,
        };
        reader.wait_for(&format!("//body{CONTROLS}")).await;
        // What is committed is built before it is edited.
        let play = "fetch('/play', {
                method: 'POST',
                headers: {'Content-Type': 'application/json'},
                body: JSON.stringify({figure: 'setup-query'}),
            }).then(response => arguments[0](response.status));";
        let played = reader.browser.client().execute_async(play, Vec::new());
        assert_eq!(played.await.unwrap(), 200);
        reader
    }

    /// Edits the source, and waits until the page shows it.
    async fn edit(&self, from: &str, to: &str) {
        self.files.edit(from, to);
        self.wait_for(&format!("//main//code[contains(., '{to}')]{CONTROLS}"))
            .await;
    }

    /// Takes the edit back, and waits until the page shows that.
    async fn restore(&self, edited: &str) {
        self.files.restore();
        let shown = format!(".//code[contains(., '{edited}')] or .//*[@class='run-edited']");
        self.wait_for(&format!(
            "//body[not({shown} or .//*[@class='edits'])]{CONTROLS}"
        ))
        .await;
    }

    /// Waits for an element of the page, by its XPath.
    async fn wait_for(&self, path: &str) {
        let wait = self.browser.client().wait().at_most(TIMEOUT * 5);
        let found = wait.for_element(Locator::XPath(path)).await;
        found.unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Waits for a sentence below the run.
    async fn wait_for_difference(&self, sentence: &str) {
        let strip = "section[@aria-label='With your contract']";
        self.wait_for(&format!(
            "//*[@id='{RUN}']/following-sibling::*[1][self::{strip}]//li[contains(., '{sentence}')]"
        ))
        .await;
    }

    async fn script(&self, script: &str) -> Value {
        let script = format!("const run = document.getElementById('{RUN}'); {script}");
        let result = self.browser.client().execute(&script, Vec::new()).await;
        result.unwrap()
    }

    async fn outcome(&self) -> Value {
        let text = "return run.querySelector(':scope > .run-outcome').textContent;";
        self.script(text).await
    }

    async fn close(self) {
        self.browser.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_saved_change_is_played_beside_the_recorded_run_until_it_is_taken_back() {
    let reader = Reader::begin().await;
    let recorded = reader.outcome().await;

    reader.edit(RETURNS, RETURNS_ANOTHER).await;
    reader
        .wait_for_difference("The transaction returns \"Edited\" instead of \"Hello\".")
        .await;
    // These have no inputs: a run in which only gas differs, and a text.
    let below = "/following-sibling::*[1][self::section[@aria-label='With your contract']]//p";
    let (gas, same) = ("only gas differs", "the same text");
    reader
        .wait_for(&format!(
            "//*[@id='run-setup-callback-by-alice']{below}[contains(., '{gas}')]"
        ))
        .await;
    reader
        .wait_for(&format!(
            "//pre[contains(., 'new is private')]{below}[contains(., '{same}')]"
        ))
        .await;
    let played = reader.outcome().await;
    let marked = "return run.nextElementSibling.querySelectorAll('svg .differs').length;";
    let marked = reader.script(marked).await;
    reader.restore(RETURNS_ANOTHER).await;

    assert_eq!(played, recorded);
    assert_ne!(marked, 0);
    assert_eq!(reader.outcome().await, recorded);
    reader.close().await;
}

#[tokio::test]
async fn the_inputs_of_the_reader_are_played_too_and_outlive_the_page() {
    let reader = Reader::begin().await;
    let list = format!("#{RUN} select");
    let list = reader.browser.client().find(Locator::Css(&list)).await;
    let down = char::from(Key::Down).to_string();
    list.unwrap().send_keys(&down).await.unwrap();
    reader
        .wait_for(&format!("//*[@id='{RUN}']//*[contains(@class, 'differs')]"))
        .await;

    reader.edit("No greeting: ", "Nothing: ").await;
    reader
        .wait_for_difference("The transaction fails for another reason: ")
        .await;
    let chosen = reader
        .script("return run.querySelector('select').value;")
        .await;
    reader.restore("Nothing: ").await;

    assert_eq!(chosen, "fails");
    reader.close().await;
}

#[tokio::test]
async fn a_fault_is_shown_as_cargo_tells_it_and_the_recorded_run_stays() {
    let reader = Reader::begin().await;
    let recorded = reader.outcome().await;

    reader.edit(RETURNS, "greeting.nonsense()").await;
    reader
        .wait_for("//aside[@aria-label='The contract that you edit']//pre[contains(., 'no method named `nonsense`')]")
        .await;
    let outcome = reader.outcome().await;
    let strips = "return document.querySelectorAll('.run-edited').length;";
    let strips = reader.script(strips).await;
    reader.restore("greeting.nonsense()").await;

    assert_eq!(outcome, recorded);
    assert_eq!(strips, 0);
    reader.close().await;
}

#[tokio::test]
async fn an_edited_run_fits_a_telephone_can_be_read_in_the_dark_and_has_names() {
    let reader = Reader::begin().await;
    reader.browser.resize(390, 800).await.unwrap();
    reader.edit(RETURNS, RETURNS_ANOTHER).await;
    reader.wait_for_difference("instead of").await;

    let width = "return document.documentElement.scrollWidth;";
    let width = reader.script(width).await.as_u64().unwrap();
    let unnamed = "return [...run.nextElementSibling.querySelectorAll('svg g.card')]
                       .filter(card => !card.getAttribute('aria-label')).length;";
    let unnamed = reader.script(unnamed).await;
    let twice = "const ids = [...document.querySelectorAll('[id]')].map(({id}) => id);
                 return ids.filter((id, index) => ids.indexOf(id) !== index).length;";
    let twice = reader.script(twice).await;
    let colours = "document.documentElement.className = 'coal js sidebar-hidden';
                   const numbers = text => text.match(/\\d+/g).slice(0, 3).map(Number);
                   const ground = numbers(getComputedStyle(document.querySelector('.edits')).backgroundColor);
                   return [...document.querySelectorAll('.edits-status > span, .run-edited > *')]
                       .map(text => [numbers(getComputedStyle(text).color), ground]);";
    let colours: Vec<[Colour; 2]> = serde_json::from_value(reader.script(colours).await).unwrap();
    reader.restore(RETURNS_ANOTHER).await;

    assert!(width <= 390, "{width}");
    assert_eq!(unnamed, 0);
    assert_eq!(twice, 0);
    assert!(!colours.is_empty());
    for [ink, ground] in colours {
        let contrast = ratio(ink, ground);
        assert!(contrast >= ENOUGH, "{contrast}");
    }
    reader.close().await;
}
