//! Tests of the rule for listings, on this book and on books that break it.

mod anchors;
mod figures;
mod includes;
mod names;
mod one_problem;
mod pages;
mod recorded;

use book_tests::fixture::Fixture;
use book_tests::{assert_none, listings};
use manuscript::layout::Tree;

#[test]
fn the_listings_of_the_book_have_no_problem() {
    assert_none(listings::check(Tree::here().root()).unwrap());
}

#[test]
fn a_correct_book_has_no_problem() {
    assert_none(listings::check(Fixture::book().root()).unwrap());
}
