//! Tests of runs that a reader changes, on pages that `cargo book serve` serves.

use std::fs::File;
use std::sync::Arc;

use browser_tests::Book;
use browser_tests::browser::{Browser, TIMEOUT};
use browser_tests::served::{Served, root};
use browser_tests::server::Server;
use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::{Value, json};

/// The page of the race, and its first run.
const PAGE: &str = "4-window.html";
const RUN: &str = "#run-money-window";

/// A window on a page whose runs can be played.
struct Reader {
    browser: Browser,
    served: Option<Arc<Served>>,
}

impl Reader {
    async fn begin() -> Self {
        Self::of(Served::shared()).await
    }

    async fn of(served: Arc<Served>) -> Self {
        let browser = Browser::start().await.unwrap();
        browser
            .open(&format!("{}/{PAGE}", served.url))
            .await
            .unwrap();
        let served = Some(served);
        let reader = Self { browser, served };
        reader.wait_for("fieldset:enabled").await;
        reader
    }

    /// Waits until the run has an element.
    async fn wait_for(&self, selector: &str) {
        let selector = format!("{RUN} {selector}");
        let wait = self.browser.client().wait().at_most(TIMEOUT * 5);
        let found = wait.for_element(Locator::Css(&selector)).await;
        found.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Returns the result of a script about the run, which is `run` in the script.
    async fn run_script(&self, script: &str) -> Value {
        let script = format!("const run = document.querySelector('{RUN}'); {script}");
        let result = self.browser.client().execute(&script, Vec::new()).await;
        result.unwrap()
    }

    /// Returns what a script about the run hands to `done`.
    async fn await_script(&self, script: &str) -> Value {
        let script = format!(
            "const run = document.querySelector('{RUN}'); const done = arguments[0]; {script}"
        );
        let client = self.browser.client();
        client.execute_async(&script, Vec::new()).await.unwrap()
    }

    async fn text_of(&self, selector: &str) -> String {
        let text = self
            .run_script(&format!(
                "return run.querySelector('{selector}').textContent;"
            ))
            .await;
        text.as_str().unwrap().to_owned()
    }

    async fn press(&self, selector: &str, key: Key) {
        let selector = format!("{RUN} {selector}");
        let field = self.browser.client().find(Locator::Css(&selector)).await;
        let key = char::from(key).to_string();
        field.unwrap().send_keys(&key).await.unwrap();
    }

    async fn click(&self, selector: &str) {
        let selector = format!("{RUN} {selector}");
        let field = self.browser.client().find(Locator::Css(&selector)).await;
        field.unwrap().click().await.unwrap();
    }

    async fn close(self) {
        self.browser.close().await.unwrap();
    }
}

#[tokio::test]
async fn the_keyboard_moves_the_second_call_and_the_theft_is_gone() {
    let reader = Reader::begin().await;
    let recorded = reader.text_of(".run-outcome").await;

    // One block later is recorded; from three on, the safe is empty in time.
    reader
        .press("input[type=range]:not(.trace-blocks *)", Key::Right)
        .await;
    reader
        .press("input[type=range]:not(.trace-blocks *)", Key::Right)
        .await;
    reader.wait_for(".run-outcome .fails").await;

    let played = reader.text_of(".run-outcome").await;
    assert!(recorded.contains("have left app.near"), "{recorded}");
    assert!(!played.contains("have left app.near"), "{played}");
    reader.close().await;
}

#[tokio::test]
async fn the_pointer_chooses_another_contract_and_the_difference_is_marked() {
    let reader = Reader::begin().await;

    reader.click("select option:nth-child(3)").await;
    reader.wait_for("svg .differs").await;

    let status = reader.text_of(".run-status").await;
    assert!(status.contains("differ from the recorded run"), "{status}");
    let refused = reader.text_of(".run-step.failed.differs").await;
    assert!(refused.contains("The safe is locked"), "{refused}");
    reader.close().await;
}

#[tokio::test]
async fn the_controls_load_the_contract_before_the_first_change() {
    let reader = Reader::begin().await;

    reader
        .await_script(
            "const loaded = list => list.getEntries().some(({name}) => name.endsWith('/play'));
             new PerformanceObserver(list => loaded(list) && done()).observe({type: 'resource'});
             run.querySelector('select').focus();",
        )
        .await;

    assert_eq!(
        reader.text_of(".run-status").await,
        "This is the recorded run."
    );
    reader.close().await;
}

#[tokio::test]
async fn a_change_is_drawn_in_the_next_frame_after_the_reply() {
    let reader = Reader::begin().await;

    let times = reader
        .await_script(
            "const field = run.querySelector('select');
             const start = performance.now();
             run.addEventListener('run-drawn', () => requestAnimationFrame(() => setTimeout(() => {
                 const requests = performance.getEntriesByType('resource')
                     .filter(({name}) => name.endsWith('/play'));
                 const differing = run.querySelectorAll('svg .differs').length;
                 done([performance.now() - start, requests.at(-1).duration, differing]);
             })));
             field.selectedIndex = 1;
             field.dispatchEvent(new Event('change', {bubbles: true}));",
        )
        .await;

    let [total, reply, differing] = [0, 1, 2].map(|index| times[index].as_f64().unwrap());
    println!(
        "from the change to its frame: {total:.0} ms, of which the page takes {:.0} ms",
        total - reply
    );
    assert!(differing > 0.0, "{times}");
    reader.close().await;
}

#[tokio::test]
async fn the_button_brings_the_recorded_run_back() {
    let reader = Reader::begin().await;
    let recorded = reader.text_of(".run-outcome").await;
    reader.press("select", Key::Down).await;
    reader.wait_for("svg .differs").await;

    reader.click(".run-play button").await;
    reader.wait_for(".run-outcome .warns").await;

    assert_eq!(reader.text_of(".run-outcome").await, recorded);
    let marked = reader
        .run_script("return run.querySelectorAll('.differs').length;")
        .await;
    assert_eq!(marked, 0);
    reader.close().await;
}

#[tokio::test]
async fn a_run_that_was_played_tells_its_cards() {
    let reader = Reader::begin().await;
    reader.press("select", Key::Down).await;
    reader.wait_for("svg .differs").await;

    let unnamed = reader
        .run_script(
            "return [...run.querySelectorAll('svg g.card')]
                 .filter(card => !card.getAttribute('aria-label')?.startsWith('Block ')).length;",
        )
        .await;

    assert_eq!(unnamed, 0);
    reader.close().await;
}

#[tokio::test]
async fn every_control_has_a_name_for_screen_readers() {
    let reader = Reader::begin().await;

    let names = reader
        .run_script(
            "return [...run.querySelectorAll('.run-play :is(select, input)')]
                 .map(field => field.labels[0].firstChild.textContent);",
        )
        .await;

    assert_eq!(names, json!(["The contract", "B comes"]));
    reader.close().await;
}

#[tokio::test]
async fn a_played_run_is_no_wider_than_a_phone() {
    let reader = Reader::begin().await;
    reader.browser.resize(390, 800).await.unwrap();
    reader.press("select", Key::Down).await;
    reader.wait_for(".run-blocks .differs").await;

    let width = reader
        .run_script("return document.documentElement.scrollWidth;")
        .await;

    assert!(width.as_u64().unwrap() <= 390, "{width}");
    reader.close().await;
}

#[tokio::test]
async fn without_the_server_the_recorded_run_stays() {
    let mut reader = Reader::of(Arc::new(Served::start().unwrap())).await;
    let recorded = reader.text_of(".run-outcome").await;
    reader.served.take();

    reader.press("select", Key::Down).await;
    let status = "//*[@class='run-status'][contains(., 'was not played')]";
    let wait = reader.browser.client().wait().at_most(TIMEOUT);
    wait.for_element(Locator::XPath(status)).await.unwrap();

    assert_eq!(reader.text_of(".run-outcome").await, recorded);
    reader.close().await;
}

#[tokio::test]
async fn a_static_page_has_no_controls() {
    let book = Book::built().unwrap();
    let server = Server::start(&book.html).await.unwrap();
    let browser = Browser::start().await.unwrap();
    browser.open(&server.url(PAGE)).await.unwrap();

    let forms = browser.client().find_all(Locator::Css(".run-play")).await;

    assert!(forms.unwrap().is_empty());
    let asked = server.take_sent().into_iter().map(|sent| sent.path);
    assert!(!asked.into_iter().any(|path| path.contains("play")));
    browser.close().await.unwrap();
}

#[test]
fn a_server_that_is_terminated_removes_its_folder() {
    let target = root().join("target");
    drop(Served::start().unwrap());

    // No server creates its folder meanwhile.
    let starts = File::open(target.join(".serve-lock")).unwrap();
    starts.lock().unwrap();
    for entry in target.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("serve-") {
            // A server that runs keeps this file locked. One that ends now removes the folder first.
            let lock = File::open(path.join("lock"));
            let is_abandoned = lock.is_ok_and(|lock| lock.try_lock().is_ok());
            assert!(!(is_abandoned && path.exists()), "{name} was left");
        }
    }
}
