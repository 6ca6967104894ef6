//! A visit of every page: wide and narrow, in every theme.

use crate::book::{Book, Page};
use crate::browser::Browser;
use crate::seen::{Layout, Said, Text, scripts};
use crate::server::{Sent, Server};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::runtime::Builder;

/// The themes that a reader can choose.
pub const THEMES: [&str; 5] = ["light", "rust", "coal", "navy", "ayu"];

/// A screen on a desk: wide enough for the table of contents beside the page.
const WIDE: (u32, u32) = (1280, 900);

/// A telephone.
const NARROW: (u32, u32) = (390, 844);

/// What was seen of a book.
pub struct Survey {
    /// Page by page, in their order.
    pub pages: Vec<Visit>,
}

/// What was seen of a page.
pub struct Visit {
    /// The page.
    pub page: Page,
    /// On a wide screen.
    pub wide: Wide,
    /// How it is laid out on a narrow one.
    pub narrow: Layout,
}

/// What was seen of a page on a wide screen.
pub struct Wide {
    /// How it is laid out.
    pub layout: Layout,
    /// Its texts in each theme, those of the same look together.
    pub texts: Vec<Text>,
    /// Everything that it loads.
    pub sent: Vec<Sent>,
    /// What it and the browser wrote to the console.
    pub said: Vec<Said>,
}

impl Survey {
    /// Looks at every page of a book.
    ///
    /// # Errors
    /// There is no browser, or a page that it cannot look at.
    pub fn of(book: &Book) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        // Two browsers at once. A page decides when it is opened whether the table of contents has room, so
        // it has to be opened for each width anyway.
        let both = async { tokio::try_join!(all_wide(book), all_narrow(book)) };
        let (wide, narrow) = runtime.block_on(both)?;
        let pages = book.pages.iter().cloned();
        let seen = pages.zip(wide).zip(narrow);
        let visits = seen.map(|((page, wide), narrow)| Visit { page, wide, narrow });
        Ok(Self {
            pages: visits.collect(),
        })
    }
}

async fn all_wide(book: &Book) -> Result<Vec<Wide>> {
    let server = Server::start(&book.html).await?;
    let browser = Browser::start().await?;
    browser.resize(WIDE.0, WIDE.1).await?;
    let mut seen = Vec::new();
    for page in &book.pages {
        let wide = look_wide(&browser, &server, page).await;
        seen.push(wide.with_context(|| not_looked_at(page))?);
    }
    browser.close().await?;
    Ok(seen)
}

async fn look_wide(browser: &Browser, server: &Server, page: &Page) -> Result<Wide> {
    server.take_sent();
    browser.open(&server.url(&page.path)).await?;
    Ok(Wide {
        sent: server.take_sent(),
        layout: browser.look(scripts::LAYOUT, Value::Null).await?,
        texts: browser.look(scripts::COLOURS, json!(THEMES)).await?,
        said: browser.take_said().await?,
    })
}

async fn all_narrow(book: &Book) -> Result<Vec<Layout>> {
    let server = Server::start(&book.html).await?;
    let browser = Browser::start().await?;
    browser.resize(NARROW.0, NARROW.1).await?;
    let mut seen = Vec::new();
    for page in &book.pages {
        browser.open(&server.url(&page.path)).await?;
        let narrow = browser.look(scripts::LAYOUT, Value::Null).await;
        seen.push(narrow.with_context(|| not_looked_at(page))?);
    }
    browser.close().await?;
    Ok(seen)
}

fn not_looked_at(page: &Page) -> String {
    format!("{} was not looked at", page.path)
}
