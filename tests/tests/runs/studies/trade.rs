//! Every order of the trade, the question about a sword, and a mint that fails.

use runs::studies::trade::{crafting, lost, orders};

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
fn an_item_goes_home_with_130_approvals_and_stays_here_with_140() {
    assert_eq!(lost::owner_at_the_deadline_with(130), "alice.near");
    assert_eq!(lost::owner_at_the_deadline_with(140), "app.near");
}

#[test]
fn anybody_resumes_a_crafting_whose_gas_ends_with_the_mint() {
    let [before, after] = lost::mint_without_gas();

    assert_eq!(before, ["asked", "held", "held"]);
    assert!(after.is_empty(), "the crafting has ended: {after:?}");
}

#[test]
fn anybody_resumes_a_crafting_whose_refused_mint_has_lost_its_callback() {
    let (owner_of_iron, gold, statuses) = lost::refused_mint();

    assert_eq!((&owner_of_iron[..], gold), ("alice.near", 10));
    assert!(statuses.is_empty(), "the crafting has ended: {statuses:?}");
}

#[test]
fn an_item_of_another_with_the_name_of_a_new_one_is_not_taken_for_it() {
    let (iron, new, gold) = crafting::taken_name();

    assert_eq!((&iron[..], &new[..], gold), ("alice.near", "bob.near", 10));
}
