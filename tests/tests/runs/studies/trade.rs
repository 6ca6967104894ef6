//! Every order of the trade.

use chain::explore::Explore;
use runs::money::orders::figures::MODES;
use runs::studies::trade::orders;

/// Checks that no schedule of the scenario breaks the property, in both modes.
fn assert_no_order_breaks(scenario: fn() -> Explore) {
    for delivery in MODES {
        let report = scenario().delivery(delivery).run();
        report.expect("it can be explored").assert_complete();
    }
}

#[test]
fn no_order_of_a_trade_that_is_resumed_twice_loses_an_asset() {
    assert_no_order_breaks(orders::resumed_twice);
}

#[test]
fn no_order_loses_gold_for_which_there_is_room_later() {
    assert_no_order_breaks(orders::room_comes_late);
}

#[test]
fn no_failure_of_the_items_loses_an_asset() {
    assert_no_order_breaks(orders::items_may_fail);
}

#[test]
fn no_order_after_a_lost_callback_sends_an_asset_twice() {
    assert_no_order_breaks(orders::callback_lost);
}

#[test]
fn no_order_after_a_lost_exchange_loses_an_asset() {
    assert_no_order_breaks(orders::exchange_lost);
}
