//! Tests that the RPC results for the tests of `trace` are those of the chain. `BLESS=1` writes them anew.

use std::collections::BTreeMap;
use std::fs;

use book_tests::{recorded, tx_statuses};
use trace::{Order, Transaction, TxStatus};

fn tree(status: &TxStatus) -> String {
    let order = Order::derive(status, &BTreeMap::new()).expect("the receipts form a tree");
    trace::tree(&Transaction::partial(status, &order).expect("the receipts form a tree"))
}

#[test]
fn the_recorded_rpc_results_are_those_of_the_chain() {
    for (name, run) in tx_statuses::SHAPES {
        let (path, status) = (tx_statuses::path(name), run());
        if recorded::is_blessing() {
            let text = serde_json::to_string_pretty(&status).expect("the status is JSON") + "\n";
            fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        let recorded_status =
            fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let recorded_status =
            trace::parse_tx_status(&recorded_status).expect("the file is a transaction status");

        if let Some(difference) = recorded::compared(&tree(&recorded_status), &tree(&status)) {
            panic!("{name}.json is stale: cargo book bless\n{difference}");
        }
    }
}
