//! Tests of the diagrams: the gas of blocks, stepping through the blocks, and the details of the cards.

use browser_tests::Book;
use browser_tests::browser::Browser;
use browser_tests::server::Server;
use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::Value;

/// The page with the book's first diagram.
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

    /// Returns the result of a script about the first diagram, which is `svg` in the script.
    async fn run_script(&self, script: &str) -> Value {
        let script =
            format!("const svg = document.querySelector('.run-drawing > svg.trace'); {script}");
        let response = self.browser.client().execute(&script, Vec::new()).await;
        response.unwrap()
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
async fn a_focused_card_shows_its_logs() {
    let reader = Reader::begin().await;

    let text = reader
        .run_script(
            "svg.querySelectorAll('g.card')[1].focus();
             return document.querySelector('.trace-words').textContent;",
        )
        .await;

    let text = text.as_str().unwrap();
    assert!(
        text.starts_with("Block 1: Receipt 1 from alice.near runs query_greeting")
            && text.contains("Log: "),
        "{text}"
    );
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn a_card_under_the_pointer_shows_its_result() {
    let reader = Reader::begin().await;

    let text = reader
        .run_script(
            "svg.querySelectorAll('g.card')[2].dispatchEvent(new PointerEvent('pointerenter'));
             return document.querySelector('.trace-words').textContent;",
        )
        .await;

    assert!(
        text.as_str().unwrap().contains("returns \"Hello\""),
        "{text}"
    );
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn the_slider_hides_the_last_block() {
    let reader = Reader::begin().await;

    reader.press(Key::Left).await;

    let hidden = reader
        .run_script(
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
async fn the_slider_does_not_turn_the_page() {
    let reader = Reader::begin().await;

    reader.press(Key::Right).await;

    let url = reader.browser.client().current_url().await.unwrap();
    assert_eq!(url.as_str(), reader.server.url(PAGE));
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn the_gas_of_blocks_is_hidden_until_its_switch_is_on() {
    let reader = Reader::begin().await;
    let shown =
        "return [...svg.querySelectorAll('text.gas')].filter(gas => gas.checkVisibility()).length;";

    let before = reader.run_script(shown).await;
    let switch = Locator::Css(".run-gas input");
    let switch = reader.browser.client().find(switch).await.unwrap();
    switch.click().await.unwrap();
    let after = reader.run_script(shown).await;

    assert_eq!([before, after], [0, 4].map(Value::from));
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn every_card_has_a_label_for_screen_readers() {
    let reader = Reader::begin().await;

    let unnamed = reader
        .run_script(
            "return Array.from(document.querySelectorAll('svg.trace g.card'))
                 .filter(card => !card.getAttribute('aria-label')?.startsWith('Block ')).length;",
        )
        .await;

    assert_eq!(unnamed, 0);
    reader.browser.close().await.unwrap();
}
