//! Tests of reading without a network: the search, and the links.

use anyhow::{Context, Result};
use browser_tests::Book;
use browser_tests::browser::{Browser, TIMEOUT};
use browser_tests::server::Server;
use fantoccini::Locator;
use fantoccini::elements::Element;
use url::Url;

/// A window on the book.
struct Reader {
    book: Book,
    server: Server,
    browser: Browser,
}

impl Reader {
    /// Opens the first page.
    async fn begin() -> Result<Self> {
        let book = Book::built()?;
        let server = Server::start(&book.html).await?;
        let browser = Browser::start().await?;
        browser.open(&server.url(&book.pages[0].path)).await?;
        Ok(Self {
            book,
            server,
            browser,
        })
    }

    /// Searches for a word, and returns the links in the result.
    async fn search(&self, word: &str) -> Result<Vec<Element>> {
        let client = self.browser.client();
        let button = client.find(Locator::Id("mdbook-search-toggle")).await?;
        button.click().await?;
        let bar = self.wait_for(Locator::Id("mdbook-searchbar")).await?;
        bar.send_keys(word).await?;
        let header = format!("//*[@id='mdbook-searchresults-header'][contains(., \"'{word}'\")]");
        let header = self.wait_for(Locator::XPath(&header)).await;
        header.with_context(|| format!("the search for {word} does not end"))?;
        let found = Locator::Css("#mdbook-searchresults li > a");
        Ok(client.find_all(found).await?)
    }

    /// Waits for an element on the page.
    async fn wait_for(&self, message: Locator<'_>) -> Result<Element> {
        let wait = self.browser.client().wait().at_most(TIMEOUT);
        Ok(wait.for_element(message).await?)
    }
}

#[tokio::test]
async fn the_search_finds_a_word_and_the_page_highlights_it() {
    let reader = Reader::begin().await.unwrap();
    let found = reader.search("receipt").await.unwrap();

    found[0].click().await.unwrap();

    // Some are in details that are closed.
    let visible = "//main//mark[not(ancestor::details[not(@open)])]";
    let marked = reader.wait_for(Locator::XPath(visible)).await.unwrap();
    assert_eq!(marked.text().await.unwrap().to_lowercase(), "receipt");
    reader.browser.close().await.unwrap();
}

/// The number of results that a reader looks at.
const FIRST_RESULTS: usize = 3;

#[tokio::test]
async fn each_error_is_among_the_first_results_by_its_name_and_by_its_words() {
    let reader = Reader::begin().await.unwrap();
    let page = reader.server.url("errors.html");
    reader.browser.open(&page).await.unwrap();
    let headings =
        "return Array.from(document.querySelectorAll('main h3'), heading => heading.textContent);";
    let headings = reader.browser.client().execute(headings, Vec::new()).await;
    let headings: Vec<String> = serde_json::from_value(headings.unwrap()).unwrap();
    assert!(!headings.is_empty());

    let mut lost = Vec::new();
    for wanted in headings.iter().flat_map(|heading| heading.split(": ")) {
        let address = Url::parse_with_params(&page, [("search", wanted)]).unwrap();
        reader.browser.open(address.as_str()).await.unwrap();
        let header = Locator::XPath("//*[@id='mdbook-searchresults-header'][string-length(.) > 0]");
        reader.wait_for(header).await.unwrap();
        let found = Locator::Css("#mdbook-searchresults li > a");
        let found = reader.browser.client().find_all(found).await.unwrap();
        let mut is_found = false;
        for link in found.into_iter().take(FIRST_RESULTS) {
            let target = link.attr("href").await.unwrap().unwrap_or_default();
            is_found |= target.contains("errors.html");
        }
        if !is_found {
            lost.push(wanted);
        }
    }

    assert!(lost.is_empty(), "not among the first results: {lost:#?}");
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn the_search_does_not_find_a_word_that_is_not_in_the_book() {
    let reader = Reader::begin().await.unwrap();

    let found = reader.search("xylophone").await.unwrap();

    assert_eq!(found.len(), 0);
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn a_link_opens_its_page() {
    let reader = Reader::begin().await.unwrap();
    let client = reader.browser.client();
    let second = &reader.book.pages[1].path;
    let link = format!("main a[href='{second}']");

    client
        .find(Locator::Css(&link))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();

    let url = Url::parse(&reader.server.url(second)).unwrap();
    client.wait().at_most(TIMEOUT).for_url(&url).await.unwrap();
    reader.browser.close().await.unwrap();
}
