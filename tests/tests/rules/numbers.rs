//! Tests of the rule for numbers with a unit, on this book and on small pages.

use book_tests::{assert_none, numbers};
use manuscript::layout::Tree;

#[test]
fn every_number_with_a_unit_has_its_source_in_its_section() {
    assert_none(numbers::check(Tree::here().root()).unwrap());
}

#[test]
fn a_number_that_a_figure_rounds_to_has_a_source() {
    let page = "It burns 1.4 Tgas.\n\n```text\nburnt    1.406 Tgas\n```\n";

    assert_eq!(numbers::unsourced(page), Vec::<String>::new());
}

#[test]
fn a_number_of_another_section_has_no_source() {
    let page = "```text\n1.406 Tgas\n```\n\n## Next\n\nIt burns 1.4 Tgas.\n";

    assert_eq!(numbers::unsourced(page), ["1.4 Tgas"]);
}

#[test]
fn a_number_that_differs_in_the_last_digit_has_no_source() {
    let page = "It burns 1.5 Tgas.\n\n```text\n1.406 Tgas\n```\n";

    assert_eq!(numbers::unsourced(page), ["1.5 Tgas"]);
}

#[test]
fn a_number_in_ggas_is_the_source_of_one_in_tgas() {
    let page = "It gets 0.25 Tgas.\n\n```rust,ignore\nGas::from_ggas(250)\n```\n";

    assert_eq!(numbers::unsourced(page), Vec::<String>::new());
}

#[test]
fn a_comment_is_a_source() {
    let page = "At most 200 blocks. <!-- chain/SPEC.md: 200 -->\n";

    assert_eq!(numbers::unsourced(page), Vec::<String>::new());
}

#[test]
fn a_number_without_a_unit_needs_no_source() {
    assert_eq!(
        numbers::unsourced("There are 3 receipts.\n"),
        Vec::<String>::new()
    );
}
