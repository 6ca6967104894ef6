//! Every order of the trade, and the question about a sword.

use runs::studies::trade::{lost, orders};

#[test]
fn no_order_of_a_trade_loses_an_asset() {
    for (_, report) in orders::reports() {
        report.assert_complete();
    }
}

#[test]
fn a_new_owner_with_many_approvals_does_not_keep_the_gold_from_the_seller() {
    assert!(
        lost::asked_about_an_item_with(150).is_empty(),
        "the trade has ended"
    );
}

#[test]
fn anybody_resumes_a_crafting_whose_gas_ends_with_the_mint() {
    let [before, after] = lost::mint_without_gas();

    assert_eq!(before, ["asked", "held", "held"]);
    assert!(after.is_empty(), "the crafting has ended: {after:?}");
}
