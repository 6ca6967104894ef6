//! The recorded trees and diagrams of transactions of each shape. `BLESS=1` records them again.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use synthetic::SyntheticReceipt;
use trace::{Diagram, Order, Transaction};

#[path = "it/synthetic.rs"]
mod synthetic;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn transaction(name: &str) -> Transaction {
    let path = folder().join("tx_status").join(name).with_extension("json");
    let response = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let status = trace::parse_tx_status(&response).expect("a transaction status");
    let order = Order::derive(&status, &BTreeMap::new()).expect("a complete transaction");
    Transaction::partial(&status, &order).expect("a complete transaction")
}

fn check(shape: &str, kind: &str, now: &str) {
    let path = folder().join("golden").join(shape).with_extension(kind);
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, now).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let before = fs::read_to_string(&path).unwrap_or_default();
    if before == now {
        return;
    }
    let lines = before.lines().zip(now.lines()).enumerate();
    let first = lines.into_iter().find(|(_, (before, now))| before != now);
    panic!(
        "{} is stale; the first line that differs: {first:#?}\nIf it is right as it is: cargo book bless",
        path.display()
    );
}

/// Returns a transaction with a hundred calls at once, each to another account. One of them fails.
fn hundred_calls() -> Transaction {
    let mut receipts = vec![SyntheticReceipt::child_of(0)];
    receipts.extend((1..=100).map(|number| SyntheticReceipt {
        receiver: format!("p{number}.near"),
        result: match number {
            50 => Err("Smart contract panicked: no room".to_owned()),
            _ => Ok(number.to_string()),
        },
        ..SyntheticReceipt::child_of(0)
    }));
    Transaction::new(&synthetic::tx_status(&receipts)).expect("a complete transaction")
}

#[test]
fn tree_of_a_hundred_calls() {
    check("hundred_calls", "txt", &trace::tree(&hundred_calls()));
}

#[test]
fn diagram_of_a_hundred_calls() {
    let diagram = Diagram::new("hundred_calls", &[hundred_calls()]);

    check("hundred_calls", "svg", &diagram.to_standalone_svg());
}

macro_rules! shapes {
    ($($shape:ident of $name:literal;)*) => {
        mod tree {
            $(
                #[test]
                fn $shape() {
                    let tree = trace::tree(&super::transaction($name));

                    super::check(stringify!($shape), "txt", &tree);
                }
            )*
        }

        mod diagram {
            $(
                #[test]
                fn $shape() {
                    let transaction = super::transaction($name);
                    let diagram = super::Diagram::new(stringify!($shape), &[transaction]);

                    super::check(stringify!($shape), "svg", &diagram.to_standalone_svg());
                }
            )*
        }
    };
}

shapes! {
    single of "single";
    callback of "callback";
    batch of "batch";
    rollback of "neard-batch_last_fails";
    join of "neard-parallel_three";
    join_with_failures of "join_with_failures";
    nested_return of "neard-callee_returns_promise";
    detached_failure of "detached_failure";
    refund of "refund";
    reentrancy of "neard-reentrancy_window";
    fan_out of "neard-fan_out_ten";
    two_callbacks_on_one of "neard-two_callbacks_on_one";
    nested_calls of "down_60";
    global_contract of "global_deploy_hash";
    implicit_account of "implicit_account";
    new_account of "new_account";
    no_heir of "no_heir";
    waiting of "waiting";
}
