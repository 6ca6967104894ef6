//! The rules for the book. Each rule is a function from the folder of a book to the [`Problem`]s in it. The
//! tests in `tests/rules` apply them to this book, and to small books that break them.
//!
//! * [`listings`]: every listing is a piece of a file that compiles, with its name and complete;
//! * [`snippets`]: every Rust block on a page is tested;
//! * [`html`]: the links, ids and pictures of the built pages are correct;
//! * [`starters`]: every chapter's crate works alone and follows from the one before;
//! * [`solutions`]: every exercise has a solution, and every solution an exercise;
//! * [`contracts`]: the money and the gas that leave the contracts, and their exports;
//! * [`architecture`]: packages depend on lower floors, and no modules import each other in a circle;
//! * [`hygiene`]: licences, no traces of one machine, no loose ends;
//! * [`length`]: a page can be read at a sitting;
//! * [`numbers`]: a number with a unit has its source beside it;
//! * [`wording`]: documentation begins with a verb or a noun, one thing has one name;
//! * [`fixture`]: the small books.
//!
//! The recordings of [`runs`] are compared with their files in `tests/runs`:
//!
//! * [`recorded`]: the figures; [`changes`] and [`versions`]: the figures that list facts;
//! * [`tx_statuses`]: the RPC results for the tests of `trace`;
//! * [`schedules`]: the schedules in which a contract loses money;
//! * [`release`]: the code that chapter 5 upgrades.

pub mod architecture;
pub mod changes;
pub mod contracts;
pub mod fixture;
pub mod html;
pub mod hygiene;
pub mod length;
pub mod listings;
pub mod numbers;
pub mod problem;
pub mod recorded;
pub mod release;
pub mod schedules;
pub mod snippets;
pub mod solutions;
pub mod starters;
mod text;
pub mod tx_statuses;
pub mod versions;
pub mod wording;

pub use problem::{Problem, assert_none, assert_one};
