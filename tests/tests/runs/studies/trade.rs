//! Every order of the trade.

use runs::studies::trade::orders;

#[test]
fn no_order_of_a_trade_loses_an_asset() {
    for (_, report) in orders::reports() {
        report.assert_complete();
    }
}
