//! The table of refusals in `refused.md`, checked row by row. The rows and the checks must be the same.

mod rpc;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::LazyLock;

use chain::testing::{genesis, signer};
use chain::{Chain, Clock, Genesis, Vm};
use near_primitives::account::AccessKey;
use near_primitives::action::{
    Action, AddKeyAction, DeterministicStateInitAction, GlobalContractIdentifier,
    TransferToGasKeyAction, UniversalStateInitAction, WithdrawFromGasKeyAction,
};
use near_primitives::deterministic_account_id::{
    DeterministicAccountStateInit, DeterministicAccountStateInitV1,
};
use near_primitives::errors::InvalidTxError;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::shard_layout::ShardLayout;
use near_primitives::state_record::{DelayedReceipt, StateRecord};
use near_primitives::transaction::{
    NonceMode, SignedTransaction, Transaction, TransactionNonce, TransactionV1,
};
use near_primitives::types::{AccountId, Balance, Gas, ShardId};
use near_primitives::universal_state_init::RawStateInit;
use near_primitives::utils::derive_universal_account_id;
use near_primitives::views::FinalExecutionStatus;
use serde_json::json;

use self::rpc::answered;
use crate::node::{Sandbox, command, init, output};
use crate::test_chain::*;

const TABLE: &str = include_str!("../../refused.md");
/// A contract each of whose methods calls the host function of its name.
const REFUSED: &[u8] = include_bytes!("../../../chain/tests/fixtures/refused.wasm");

const ALICE: &str = "alice.near";
const BOB: &str = "bob.near";
const ETH: &str = "0x00000000000000000000000000000000000000aa";
const DETERMINISTIC: &str = "0s00000000000000000000000000000000000000aa";

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
        named("Transaction", transactions()),
        named("Contract", promises()),
        named("RPC", rpc::refused(&mut sandbox)),
        named("RPC", jumps_and_patches(&mut sandbox)),
        named("Genesis", beginnings()),
        named("Command", commands()),
    ]
    .concat()
});

fn named<Asked: Display>(kind: &str, tried: impl IntoIterator<Item = (Asked, String)>) -> Vec<Row> {
    let row = |(asked, answer)| (format!("{kind}: {asked}"), answer);
    tried.into_iter().map(row).collect()
}

fn transactions() -> Vec<(&'static str, String)> {
    let universal = universal();
    let asked: [(_, &str, _); 8] = [
        ("add a gas key", BOB, add_gas_key()),
        ("pay into a gas key", BOB, pay_into_gas_key()),
        ("withdraw from a gas key", BOB, withdraw_from_gas_key()),
        ("transfer to an Ethereum address, `0x…`", ETH, gift()),
        (
            "transfer to a deterministic account, `0s…`",
            DETERMINISTIC,
            gift(),
        ),
        ("transfer to a universal account, `0u…`", &universal, gift()),
        (
            "`DeterministicStateInit`",
            DETERMINISTIC,
            deterministic_state_init(),
        ),
        ("`UniversalStateInit`", &universal, universal_state_init()),
    ];
    let answer = |(what, receiver, action)| (what, submitted(receiver, action));
    asked.into_iter().map(answer).collect()
}

fn promises() -> Vec<(&'static str, String)> {
    let universal = universal();
    let asked: [(_, &str); 9] = [
        ("`promise_batch_action_add_gas_key_with_full_access`", BOB),
        ("`promise_batch_action_add_gas_key_with_function_call`", BOB),
        ("`promise_batch_action_transfer_to_gas_key`", BOB),
        ("`promise_batch_action_transfer` to `0x…`", ETH),
        ("`promise_batch_action_transfer` to `0s…`", DETERMINISTIC),
        ("`promise_batch_action_transfer` to `0u…`", &universal),
        ("`promise_batch_action_state_init`", DETERMINISTIC),
        (
            "`promise_batch_action_state_init_by_account_id`",
            DETERMINISTIC,
        ),
        ("`promise_batch_action_universal_state_init`", &universal),
    ];
    let answer = |(what, receiver)| (what, promised(in_backticks(what), receiver));
    asked.into_iter().map(answer).collect()
}

fn jumps_and_patches(sandbox: &mut Sandbox) -> Vec<(String, String)> {
    let far = json!({"delta_height": 50_000_000_000u64});
    let jump = answered(sandbox, "sandbox_fast_forward", far);
    let mut tried = vec![(
        "`sandbox_fast_forward` by 50,000,000,000 heights".to_owned(),
        jump,
    )];
    for (what, record) in records() {
        let params = json!({"records": [record]});
        let answer = answered(sandbox, "sandbox_patch_state", params);
        tried.push((format!("`sandbox_patch_state` with {what}"), answer));
    }
    tried
}

fn beginnings() -> Vec<(&'static str, String)> {
    let two_shards = started(|genesis| {
        let shards = vec![ShardId::new(0), ShardId::new(1)];
        genesis.config.shard_layout = ShardLayout::v2(vec![account("middle.near")], shards, None);
    });
    let old = started(|genesis| genesis.config.protocol_version = 86);
    let mut tried = vec![("two shards", two_shards), ("protocol version 86", old)];
    for (what, record) in records() {
        tried.push((what, started(|genesis| genesis.records.push(record))));
    }
    tried
}

fn commands() -> [(&'static str, String); 1] {
    let home = init();
    let refusal = output(command(home.path(), &["view-state"]));
    let words = String::from_utf8_lossy(&refusal.stderr).trim().to_owned();
    [("any of neard's but `init` and `run`", words)]
}

fn gift() -> Action {
    transfer(Balance::from_yoctonear(1))
}

fn add_gas_key() -> Action {
    Action::AddKey(Box::new(AddKeyAction {
        public_key: public_key(ALICE),
        access_key: AccessKey::gas_key_full_access(1),
    }))
}

fn pay_into_gas_key() -> Action {
    Action::TransferToGasKey(Box::new(TransferToGasKeyAction {
        public_key: public_key(ALICE),
        deposit: near(1),
    }))
}

fn withdraw_from_gas_key() -> Action {
    Action::WithdrawFromGasKey(Box::new(WithdrawFromGasKeyAction {
        public_key: public_key(ALICE),
        amount: near(1),
    }))
}

fn deterministic_state_init() -> Action {
    let state_init = DeterministicAccountStateInit::V1(DeterministicAccountStateInitV1 {
        code: GlobalContractIdentifier::AccountId(account(BOB)),
        data: BTreeMap::new(),
    });
    Action::DeterministicStateInit(Box::new(DeterministicStateInitAction {
        state_init,
        deposit: Balance::ZERO,
    }))
}

fn raw_state_init() -> RawStateInit {
    RawStateInit(b"any bytes have an account".to_vec())
}

fn universal_state_init() -> Action {
    Action::UniversalStateInit(Box::new(UniversalStateInitAction {
        state_init: raw_state_init(),
        deposit: Balance::ZERO,
    }))
}

fn universal() -> String {
    derive_universal_account_id(&raw_state_init()).to_string()
}

/// Returns the kinds of records that only a real node accepts.
fn records() -> [(&'static str, StateRecord); 5] {
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
    let (key, access) = (public_key(ALICE), AccessKey::gas_key_full_access(1));
    let nonce = StateRecord::gas_key_nonce(account(BOB), &key, 0, 1);
    [
        (
            "an `AccessKey` that is a gas key",
            StateRecord::access_key(account(BOB), &key, access),
        ),
        ("a `GasKeyNonce`", nonce),
        (
            "a `PostponedReceipt`",
            StateRecord::PostponedReceipt(receipt),
        ),
        ("a `DelayedReceipt`", StateRecord::DelayedReceipt(delayed)),
        ("a `ReceivedData`", data),
    ]
}

/// Returns the error of a transaction with this action.
fn submitted(receiver: &str, action: Action) -> String {
    let mut chain = chain(&[(ALICE, near(10)), (BOB, near(10))]);
    let transaction = sign(&chain, ALICE, receiver, vec![action]);
    let refusal = chain.submit(transaction);
    refusal.expect_err("it is refused").to_string()
}

/// Returns the error of a promise to `receiver` by this host function.
fn promised(host_function: &str, receiver: &str) -> String {
    let mut chain = chain(&[(ALICE, near(10)), (BOB, near(10))]);
    deploy(&mut chain, BOB, REFUSED);
    let action = call(
        host_function,
        receiver,
        Gas::from_teragas(200),
        Balance::ZERO,
    );
    let hash = run(&mut chain, ALICE, BOB, vec![action]);
    match status(&chain, &hash) {
        FinalExecutionStatus::Failure(error) => error.to_string(),
        other => panic!("{host_function}: {other:?}"),
    }
}

/// Returns the first text in backticks.
fn in_backticks(what: &str) -> &str {
    what.split('`').nth(1).expect("something in backticks")
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

/// Gas keys have several nonces, selected by an index. Other keys have one nonce and no index (`chain/SPEC.md`
/// §1.1).
#[test]
fn a_key_that_is_no_gas_key_has_no_nonce_index() {
    let mut chain = chain(&[(ALICE, near(10)), (BOB, near(10))]);
    let alice = signer(&account(ALICE));
    let transaction = Transaction::V1(TransactionV1 {
        signer_id: account(ALICE),
        public_key: alice.public_key(),
        nonce: TransactionNonce::from_nonce_and_index(1, 3),
        receiver_id: account(BOB),
        block_hash: chain.head().hash,
        actions: vec![gift()],
        nonce_mode: NonceMode::Monotonic,
    });
    let hash: CryptoHash = transaction.get_hash_and_size().0;
    let signed = SignedTransaction::new(alice.sign(hash.as_ref()), transaction);
    let expected = InvalidTxError::InvalidNonceIndex {
        tx_nonce_index: Some(3),
        num_nonces: 0,
    };
    assert_eq!(chain.submit(signed), Err(expected));
}
