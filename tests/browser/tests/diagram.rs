//! What a diagram can do where there is JavaScript: it steps through its blocks, and its cards tell more.

use browser_tests::Book;
use browser_tests::browser::Browser;
use browser_tests::server::Server;
use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::Value;

/// The page with the first diagram that readers meet.
const PAGE: &str = "1-setup.html";

/// A window on that page.
struct Reader {
    browser: Browser,
    server: Server,
}

impl Reader {
    async fn begin() -> Self {
        let book = Book::built().unwrap();
        let server = Server::start(&book.html).await.unwrap();
        let browser = Browser::start().await.unwrap();
        browser.open(&server.url(PAGE)).await.unwrap();
        Self { browser, server }
    }

    /// What a script answers about the first diagram, which it knows as `svg`.
    async fn ask(&self, script: &str) -> Value {
        let script = format!("const svg = document.querySelector('.run > svg.trace'); {script}");
        let answer = self.browser.client().execute(&script, Vec::new()).await;
        answer.unwrap()
    }

    /// Presses a key on the slider of the first diagram.
    async fn press(&self, key: Key) {
        let slider = Locator::Css(".trace-blocks input");
        let slider = self.browser.client().find(slider).await.unwrap();
        slider
            .send_keys(&char::from(key).to_string())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_card_with_the_focus_tells_its_log() {
    let reader = Reader::begin().await;

    let told = reader
        .ask(
            "svg.querySelectorAll('g.card')[1].focus();
             return document.querySelector('.trace-words').textContent;",
        )
        .await;

    let told = told.as_str().unwrap();
    assert!(
        told.starts_with("Block 1: Receipt 1 from alice.near runs query_greeting")
            && told.contains("Log: "),
        "{told}"
    );
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn a_card_under_the_pointer_tells_its_answer() {
    let reader = Reader::begin().await;

    let told = reader
        .ask(
            "svg.querySelectorAll('g.card')[2].dispatchEvent(new PointerEvent('pointerenter'));
             return document.querySelector('.trace-words').textContent;",
        )
        .await;

    assert!(
        told.as_str().unwrap().contains("answers \"Hello\""),
        "{told}"
    );
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn the_slider_takes_the_last_block_away() {
    let reader = Reader::begin().await;

    reader.press(Key::Left).await;

    let hidden = reader
        .ask(
            "return Array.from(svg.querySelectorAll('g.card'), card => getComputedStyle(card).visibility);",
        )
        .await;
    assert_eq!(
        hidden,
        serde_json::json!(["visible", "visible", "visible", "hidden"])
    );
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn the_slider_turns_no_page() {
    let reader = Reader::begin().await;

    reader.press(Key::Right).await;

    let url = reader.browser.client().current_url().await.unwrap();
    assert_eq!(url.as_str(), reader.server.url(PAGE));
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn a_screen_reader_reaches_every_card_by_its_words() {
    let reader = Reader::begin().await;

    let unnamed = reader
        .ask(
            "return Array.from(document.querySelectorAll('svg.trace g.card'))
                 .filter(card => !card.getAttribute('aria-label')?.startsWith('Block ')).length;",
        )
        .await;

    assert_eq!(unnamed, 0);
    reader.browser.close().await.unwrap();
}
