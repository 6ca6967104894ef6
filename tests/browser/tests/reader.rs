//! What a reader does who has no network: searches the book, and follows its links.

use anyhow::{Context, Result};
use browser_tests::Book;
use browser_tests::browser::Browser;
use browser_tests::server::Server;
use fantoccini::Locator;
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

    /// Searches for a word, and gives the links that are found.
    async fn search(&self, word: &str) -> Result<Vec<fantoccini::elements::Element>> {
        let client = self.browser.client();
        client
            .find(Locator::Id("mdbook-search-toggle"))
            .await?
            .click()
            .await?;
        let bar = client
            .wait()
            .for_element(Locator::Id("mdbook-searchbar"))
            .await?;
        bar.send_keys(word).await?;
        let told = format!("//*[@id='mdbook-searchresults-header'][contains(., \"'{word}'\")]");
        let told = client.wait().for_element(Locator::XPath(&told)).await;
        told.with_context(|| format!("the search for {word} has no end"))?;
        Ok(client
            .find_all(Locator::Css("#mdbook-searchresults li > a"))
            .await?)
    }
}

#[tokio::test]
async fn a_word_that_is_searched_for_is_marked_on_the_page_that_is_found() {
    let reader = Reader::begin().await.unwrap();
    let found = reader.search("receipt").await.unwrap();

    found[0].click().await.unwrap();

    let client = reader.browser.client();
    let marked = client
        .wait()
        .for_element(Locator::Css("main mark"))
        .await
        .unwrap();
    assert_eq!(marked.text().await.unwrap().to_lowercase(), "receipt");
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn a_word_that_the_book_has_not_is_not_found() {
    let reader = Reader::begin().await.unwrap();

    let found = reader.search("xylophone").await.unwrap();

    assert_eq!(found.len(), 0);
    reader.browser.close().await.unwrap();
}

#[tokio::test]
async fn a_link_leads_to_its_page() {
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
    client.wait().for_url(&url).await.unwrap();
    reader.browser.close().await.unwrap();
}
