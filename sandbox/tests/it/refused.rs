//! The table of refusals in `refused.md`, checked row by row. The rows and the checks must be the same.

mod rpc;

use std::fmt::Display;
use std::sync::LazyLock;

use chain::testing::genesis;
use chain::{Chain, Clock, Genesis, Vm};
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::shard_layout::ShardLayout;
use near_primitives::state_record::{DelayedReceipt, StateRecord};
use near_primitives::types::{AccountId, ShardId};
use serde_json::json;

use self::rpc::answered;
use crate::node::{Sandbox, command, init, output};
use crate::test_chain::*;

const TABLE: &str = include_str!("../../refused.md");

const BOB: &str = "bob.near";

/// A request, and the words of its refusal.
type Row = (String, String);

/// Returns the rows of the table.
fn rows() -> Vec<Row> {
    TABLE
        .lines()
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let [_, asked, answer, _] = cells[..] else {
                panic!("two cells in {line}");
            };
            let words = answer
                .strip_prefix('`')
                .and_then(|words| words.strip_suffix('`'));
            (
                asked.to_owned(),
                words.expect("words in backticks").to_owned(),
            )
        })
        .collect()
}

/// The refusals of the sandbox.
static TRIED: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut sandbox = Sandbox::start();
    [
        named("RPC", rpc::refused(&mut sandbox)),
        named("RPC", jumps(&mut sandbox)),
        named("Record", unknown_records(&mut sandbox)),
        named("Genesis", beginnings()),
        named("Command", commands()),
    ]
    .concat()
});

fn named<Asked: Display>(kind: &str, tried: impl IntoIterator<Item = (Asked, String)>) -> Vec<Row> {
    let row = |(asked, answer)| (format!("{kind}: {asked}"), answer);
    tried.into_iter().map(row).collect()
}

fn jumps(sandbox: &mut Sandbox) -> [(&'static str, String); 1] {
    let far = json!({"delta_height": 50_000_000_000u64});
    let jump = answered(sandbox, "sandbox_fast_forward", far);
    [("`sandbox_fast_forward` by 50,000,000,000 heights", jump)]
}

/// Tries the records that only a real node accepts. A genesis and a patch refuse them in the same words.
fn unknown_records(sandbox: &mut Sandbox) -> Vec<(&'static str, String)> {
    let mut tried = Vec::new();
    for (what, record) in records() {
        let params = json!({"records": [record]});
        let patch = answered(sandbox, "sandbox_patch_state", params);
        let genesis = started(|genesis| genesis.records.push(record));
        assert_eq!(genesis, format!("records[2]: {patch}"));
        tried.push((what, patch));
    }
    tried
}

fn beginnings() -> [(&'static str, String); 2] {
    let two_shards = started(|genesis| {
        let shards = vec![ShardId::new(0), ShardId::new(1)];
        genesis.config.shard_layout = ShardLayout::v2(vec![account("middle.near")], shards, None);
    });
    let old = started(|genesis| genesis.config.protocol_version = 86);
    [("two shards", two_shards), ("protocol version 86", old)]
}

fn commands() -> [(&'static str, String); 1] {
    let home = init();
    let refusal = output(command(home.path(), &["view-state"]));
    let words = String::from_utf8_lossy(&refusal.stderr).trim().to_owned();
    [("any of neard's but `init` and `run`", words)]
}

/// Returns the kinds of records that only a real node accepts.
fn records() -> [(&'static str, StateRecord); 3] {
    let receipt = Box::new(Receipt::new_balance_refund(&account(BOB), near(1)));
    let delayed = DelayedReceipt {
        index: None,
        receipt: receipt.clone(),
    };
    let data = StateRecord::ReceivedData {
        account_id: account(BOB),
        data_id: CryptoHash::default(),
        data: None,
    };
    [
        (
            "a `PostponedReceipt`",
            StateRecord::PostponedReceipt(receipt),
        ),
        ("a `DelayedReceipt`", StateRecord::DelayedReceipt(delayed)),
        ("a `ReceivedData`", data),
    ]
}

/// Returns the error of a genesis with this change.
fn started(change: impl FnOnce(&mut Genesis)) -> String {
    let bob: AccountId = account(BOB);
    let mut genesis = genesis([(&bob, near(10))]);
    change(&mut genesis);
    let vm = Vm::new(None).expect("a cache in memory needs nothing");
    match Chain::new(genesis, Clock::Manual, vm) {
        Ok(_) => panic!("it is refused"),
        Err(error) => format!("{:#}", anyhow::Error::from(error)),
    }
}

#[test]
fn the_table_lists_exactly_the_refusals_that_are_tested() {
    let written: Vec<_> = rows().into_iter().map(|(asked, _)| asked).collect();
    let tried: Vec<_> = TRIED.iter().map(|(asked, _)| asked.clone()).collect();
    assert_eq!(written, tried);
}

#[test]
fn refusals_have_the_words_of_the_table() {
    let rows = rows();
    let wrong: Vec<_> = TRIED
        .iter()
        .filter(|tried| !rows.contains(tried))
        .map(|(asked, answer)| format!("| {asked} | `{answer}` |"))
        .collect();
    assert!(wrong.is_empty(), "what is answered:\n{}", wrong.join("\n"));
}
