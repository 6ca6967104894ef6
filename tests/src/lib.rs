//! What keeps the book true. Each rule lives here, as a function from a book's folder to the
//! [`Problem`]s in it; `tests/` applies the rules to this book, and to small books that break them.
//!
//! * [`listings`]: every listing is a piece of a file that compiles, named and complete;
//! * [`snippets`]: every Rust block on a page is tested, one way or the other;
//! * [`html`]: the built HTML holds together;
//! * [`starters`]: every chapter's crate stands alone and follows from the one before;
//! * [`solutions`]: every exercise has a solution, and every solution an exercise;
//! * [`contracts`]: how money and gas leave the contracts, and what they export;
//! * [`house`]: licences, no traces of the machine it was written on, no loose ends;
//! * [`figures`]: what a run recorded is what the page shows; [`scene`]: the chain that they run on;
//!   [`plot`]: how a number grows;
//! * [`sweep`]: however little gas a call has, nobody's money is lost;
//! * [`answers`]: what the tests of `trace` begin with;
//! * [`fixture`]: the small books.

pub mod answers;
pub mod contracts;
pub mod figures;
pub mod fixture;
pub mod house;
pub mod html;
pub mod listings;
pub mod plot;
pub mod problem;
pub mod scene;
pub mod snippets;
pub mod solutions;
pub mod starters;
pub mod sweep;
mod text;

pub use problem::{Problem, assert_none, assert_one};
