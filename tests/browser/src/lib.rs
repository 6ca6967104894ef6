//! The built book in a browser: measured in headless Chromium, and checked against rules.
//!
//! * [`book`]: the built book, its pages, and the figures that their Markdown includes;
//! * [`server`]: a server of its files, with a log of the responses; [`served`]: `cargo book serve`;
//! * [`driver`]: ChromeDriver, which starts and ends the browser; [`browser`]: a window;
//! * [`measurements`]: the measurements that the scripts in `scripts/` return, as numbers: positions and colours;
//! * [`survey`]: a visit of every page, on a wide and on a narrow screen, in every theme;
//! * [`rules`]: the problems in these measurements.
//!
//! The tests apply the rules to the book and to pages that break them, and use the search and the links.

pub mod book;
pub mod browser;
pub mod driver;
pub mod measurements;
pub mod rules;
pub mod served;
pub mod server;
pub mod survey;

pub use book::Book;
pub use survey::Survey;
