//! Every order of the market. The scenarios in which nothing breaks are in the table of the page.

use runs::studies::market::orders::collection_fails;

#[test]
fn a_collection_that_transfers_and_then_fails_gives_the_token_away() {
    let report = collection_fails().run().expect("it can be explored");
    let found = report.counterexample.expect("an invariant does not hold");
    assert_eq!(
        found.invariant,
        "whoever has bought the lamp has paid for it"
    );
    let schedule = found.schedule.to_string();
    assert!(schedule.contains(":acts-then-fails"), "{schedule}");
}
