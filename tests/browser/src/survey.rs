//! A visit of every page: on a wide and on a narrow screen, in every theme.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::runtime::Builder;

use crate::book::{Book, Page};
use crate::browser::Browser;
use crate::measurements::{ConsoleMessage, Layout, Text, scripts};
use crate::server::{Sent, Server};

/// The themes that a reader can choose.
pub const THEMES: [&str; 5] = ["light", "rust", "coal", "navy", "ayu"];

/// A desktop screen: wide enough for the table of contents beside the page.
const WIDE: (u32, u32) = (1280, 900);

/// The screen of a telephone.
const NARROW: (u32, u32) = (390, 844);

/// The measurements of a book.
pub struct Survey {
    /// The measurements of each page, in order.
    pub pages: Vec<Visit>,
}

/// The measurements of a page.
pub struct Visit {
    /// The page.
    pub page: Page,
    /// The measurements on a wide screen.
    pub wide: Wide,
    /// The layout on a narrow screen.
    pub narrow: Layout,
}

/// The measurements of a page on a wide screen.
pub struct Wide {
    /// The layout of the page.
    pub layout: Layout,
    /// The texts in each theme, grouped by style.
    pub texts: Vec<Text>,
    /// The responses that the page has loaded.
    pub sent: Vec<Sent>,
    /// The messages of the page and the browser on the console.
    pub messages: Vec<ConsoleMessage>,
}

impl Survey {
    /// Measures every page of a book.
    ///
    /// # Errors
    /// There is no browser, or a page cannot be measured.
    pub fn of(book: &Book) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        // Two browsers run at once. A page decides when it is opened if the table of contents fits, so it has
        // to be opened for each width anyway.
        let both = async { tokio::try_join!(all_wide(book), all_narrow(book)) };
        let (wide, narrow) = runtime.block_on(both)?;
        let pages = book.pages.iter().cloned();
        let measured = pages.zip(wide).zip(narrow);
        let visits = measured.map(|((page, wide), narrow)| Visit { page, wide, narrow });
        Ok(Self {
            pages: visits.collect(),
        })
    }
}

async fn all_wide(book: &Book) -> Result<Vec<Wide>> {
    let server = Server::start(&book.html).await?;
    let browser = Browser::start().await?;
    browser.resize(WIDE.0, WIDE.1).await?;
    let mut measured = Vec::new();
    for page in &book.pages {
        let wide = measure_wide(&browser, &server, page).await;
        measured.push(wide.with_context(|| not_measured(page))?);
    }
    browser.close().await?;
    Ok(measured)
}

async fn measure_wide(browser: &Browser, server: &Server, page: &Page) -> Result<Wide> {
    server.take_sent();
    browser.open(&server.url(&page.path)).await?;
    Ok(Wide {
        sent: server.take_sent(),
        layout: browser.measure(scripts::LAYOUT, Value::Null).await?,
        texts: browser.measure(scripts::COLOURS, json!(THEMES)).await?,
        messages: browser.take_messages().await?,
    })
}

async fn all_narrow(book: &Book) -> Result<Vec<Layout>> {
    let server = Server::start(&book.html).await?;
    let browser = Browser::start().await?;
    browser.resize(NARROW.0, NARROW.1).await?;
    let mut measured = Vec::new();
    for page in &book.pages {
        browser.open(&server.url(&page.path)).await?;
        let narrow = browser.measure(scripts::LAYOUT, Value::Null).await;
        measured.push(narrow.with_context(|| not_measured(page))?);
    }
    browser.close().await?;
    Ok(measured)
}

fn not_measured(page: &Page) -> String {
    format!("{} was not measured", page.path)
}
