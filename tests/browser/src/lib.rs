//! The built book as a reader sees it: measured in headless Chromium, and judged by rules.
//!
//! * [`book`] is the built book: its pages, and the figures that their Markdown includes;
//! * [`server`] hands it out on a port of this machine, and notes what it sends;
//! * [`driver`] is ChromeDriver, which starts and ends the browser; [`browser`] is a window in it;
//! * [`seen`] is what the scripts in `look/` measure on a page: places and colours, as numbers;
//! * [`survey`] visits every page, wide and narrow, in every theme;
//! * [`rules`] say what is wrong with what was seen.
//!
//! `tests/book.rs` applies the rules to the book, `tests/found.rs` to pages that break them, and
//! `tests/reader.rs` searches and follows links.

pub mod book;
pub mod browser;
pub mod driver;
pub mod rules;
pub mod seen;
pub mod server;
pub mod survey;

pub use book::Book;
pub use survey::Survey;
