//! The runs that the pages show, on the embedded chain.
//!
//! * [`test_chain`]: a chain with the accounts of the pages, calls to them, and readers of the results;
//! * [`setup`], [`calls`], [`batch`], [`parallel`], [`responses`], [`money`], [`testing`] and [`outside`]: the runs of
//!   each page. Each is a function that returns a [`figure::Figure`]; [`introduction`] has the numbers of the first
//!   page; [`figures`](mod@figures) has all of them, by their names;
//! * [`studies`]: the runs of the field studies, and their scenarios;
//! * [`claim`] and [`test_chain::Expectation`]: the statements of the page about a figure, checked in each run;
//! * [`play`]: a run that a reader changes, and its [`inputs`]; [`plays`] has all of them, and [`service`] plays them for a
//!   page. It also plays each figure with a contract that a reader has edited, [`compared`] with the committed one;
//! * [`plot`]: charts; [`text`]: the format of numbers and values;
//! * [`sweep`]: every method that moves money, run with more and more gas;
//! * [`scenarios`]: those that are explored in every order, by their names. The program `explore` lists, explores and
//!   replays them. [`explored`] has the figures about them.

pub mod batch;
pub mod calls;
pub mod claim;
pub mod compared;
pub mod explored;
pub mod figure;
pub mod figures;
pub mod inputs;
pub mod introduction;
pub mod money;
pub mod outside;
pub mod parallel;
pub mod play;
pub mod plays;
pub mod plot;
pub mod protocol;
pub mod responses;
pub mod scenarios;
pub mod service;
pub mod setup;
pub mod studies;
pub mod sweep;
pub mod test_chain;
pub mod testing;
pub mod text;
