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
    /// How it is laid out on a wide screen.
    pub wide: Layout,
    /// How it is laid out on a narrow one.
    pub narrow: Layout,
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
        runtime.block_on(visit_all(book))
    }
}

async fn visit_all(book: &Book) -> Result<Survey> {
    let server = Server::start(&book.html).await?;
    let browser = Browser::start().await?;
    let mut pages = Vec::new();
    for page in &book.pages {
        let visit = visit(&browser, &server, page).await;
        pages.push(visit.with_context(|| format!("{} was not looked at", page.path))?);
    }
    browser.close().await?;
    Ok(Survey { pages })
}

async fn visit(browser: &Browser, server: &Server, page: &Page) -> Result<Visit> {
    let url = server.url(&page.path);
    server.take_sent();
    browser.resize(WIDE.0, WIDE.1).await?;
    browser.open(&url).await?;
    let sent = server.take_sent();
    let wide = browser.look(scripts::LAYOUT, Value::Null).await?;
    let texts = browser.look(scripts::COLOURS, json!(THEMES)).await?;
    // A page decides when it is opened whether the table of contents has room.
    browser.resize(NARROW.0, NARROW.1).await?;
    browser.open(&url).await?;
    let narrow = browser.look(scripts::LAYOUT, Value::Null).await?;
    Ok(Visit {
        page: page.clone(),
        wide,
        narrow,
        texts,
        sent,
        said: browser.take_said().await?,
    })
}
