//! The answers that the tests of `trace` begin with are what the chain gives. `BLESS=1` writes them anew.

use std::collections::BTreeMap;
use std::fs;

use book_tests::{answers, recorded};
use trace::{Order, Transaction, TxStatus};

fn tree(answer: &TxStatus) -> String {
    let order = Order::derive(answer, &BTreeMap::new()).expect("it holds together");
    trace::tree(&Transaction::partial(answer, &order).expect("it holds together"))
}

#[test]
fn the_answers_are_what_the_chain_gives() {
    for (name, play) in answers::SHAPES {
        let (path, given) = (answers::path(name), play());
        if recorded::is_blessing() {
            let text = serde_json::to_string_pretty(&given).expect("an answer is JSON") + "\n";
            fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        let saved = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let saved = trace::parse_tx_status(&saved).expect("it is an answer");

        if let Some(difference) = recorded::compared(&tree(&saved), &tree(&given)) {
            panic!("{name}.json is stale: cargo book bless\n{difference}");
        }
    }
}
