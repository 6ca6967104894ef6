//! The runs that the pages show, played on the embedded chain.
//!
//! * [`test_chain`]: a chain with the accounts of the book, ways to call them, and ways to read what happened;
//! * [`setup`], [`batch`], [`parallel`], [`responses`], [`money`] and [`testing`]: the runs of each page. Each is
//!   a function that returns a [`figure::Figure`];
//! * [`claim`] and [`test_chain::Expectation`]: what a figure shows, checked whenever it is made;
//! * [`plot`]: a number that grows, as a chart; [`text`]: how numbers and values are written;
//! * [`sweep`]: every method that moves money, run with every amount of gas.

pub mod batch;
pub mod claim;
pub mod figure;
pub mod money;
pub mod parallel;
pub mod plot;
pub mod responses;
pub mod setup;
pub mod sweep;
pub mod test_chain;
pub mod testing;
pub mod text;
