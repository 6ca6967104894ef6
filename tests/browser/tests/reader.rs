//! What a reader does who has no network: searches the book, and follows its links.

use anyhow::{Context, Result};
use browser_tests::Book;
use browser_tests::browser::{Browser, PATIENCE};
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

    /// Searches for a word, and gives the links that are found.
    async fn search(&self, word: &str) -> Result<Vec<Element>> {
        let client = self.browser.client();
        let button = client.find(Locator::Id("mdbook-search-toggle")).await?;
        button.click().await?;
        let bar = self.awaited(Locator::Id("mdbook-searchbar")).await?;
        bar.send_keys(word).await?;
        let told = format!("//*[@id='mdbook-searchresults-header'][contains(., \"'{word}'\")]");
        let told = self.awaited(Locator::XPath(&told)).await;
        told.with_context(|| format!("the search for {word} has no end"))?;
        let found = Locator::Css("#mdbook-searchresults li > a");
        Ok(client.find_all(found).await?)
    }

    /// What will be on the page.
    async fn awaited(&self, what: Locator<'_>) -> Result<Element> {
        let wait = self.browser.client().wait().at_most(PATIENCE);
        Ok(wait.for_element(what).await?)
    }
}

#[tokio::test]
async fn a_word_that_is_searched_for_is_marked_on_the_page_that_is_found() {
    let reader = Reader::begin().await.unwrap();
    let found = reader.search("receipt").await.unwrap();

    found[0].click().await.unwrap();

    let marked = reader.awaited(Locator::Css("main mark")).await.unwrap();
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
    client.wait().at_most(PATIENCE).for_url(&url).await.unwrap();
    reader.browser.close().await.unwrap();
}
