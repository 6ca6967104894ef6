//! A node with slow work: what does not need it goes on.

use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread;

use near_crypto::{InMemorySigner, KeyType, SecretKey, Signer};
use near_primitives::account::AccessKey;
use near_primitives::action::{Action, AddKeyAction, CreateAccountAction, DeployContractAction};
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::AccountId;
use near_primitives::views::FinalExecutionOutcomeView;
use serde_json::{Value, json};

use crate::node::{Client, Sandbox, encode};
use crate::rpc::{call, transfer};
use crate::wasm;

fn deploy(code: Vec<u8>) -> Action {
    DeployContractAction { code }.into()
}

/// Creates an account with a key and tokens.
fn create(sandbox: &mut Sandbox, name: &str) -> (Signer, AccountId) {
    let account: AccountId = name.parse().unwrap();
    let key = SecretKey::from_seed(KeyType::ED25519, name);
    let root = sandbox.root();
    let add_key = AddKeyAction {
        public_key: key.public_key(),
        access_key: AccessKey::full_access(),
    };
    let actions = vec![
        CreateAccountAction {}.into(),
        transfer(10_u128.pow(26)),
        add_key.into(),
    ];
    sandbox.commit(&root, &account, actions);
    (
        InMemorySigner::from_secret_key(account.clone(), key),
        account,
    )
}

/// Sends a transaction on a connection of its own, and returns a channel that gets the outcome.
fn send(
    address: SocketAddr,
    transaction: &SignedTransaction,
) -> mpsc::Receiver<FinalExecutionOutcomeView> {
    let params = json!([encode(transaction)]);
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let (status, answer) = Client::new(address).rpc("broadcast_tx_commit", params);
        assert_eq!(status, 200, "{answer}");
        let outcome = serde_json::from_value(answer["result"].clone());
        let _ = sender.send(outcome.unwrap_or_else(|error| panic!("{error}: {answer}")));
    });
    receiver
}

#[test]
fn a_query_of_an_account_does_not_wait_for_views() {
    const VIEWS: usize = 40;
    let mut sandbox = Sandbox::start();
    let (signer, account) = create(&mut sandbox, "spin.test.near");
    sandbox.commit(&signer, &account, vec![deploy(wasm::endless())]);
    let view = json!({"request_type": "call_function", "account_id": account, "method_name": "spin",
                      "args_base64": "", "finality": "optimistic"});
    let views: Vec<_> = (0..VIEWS)
        .map(|_| Client::new(sandbox.address).send("query", view.clone()))
        .collect();

    let look = json!({"request_type": "view_account", "account_id": "near", "finality": "final"});
    let _: Value = sandbox.call("query", look);

    let answered = views.iter().filter(|view| has_answer(view)).count();
    // Each takes a good part of a second, and they share the cores.
    assert!(
        answered < 8,
        "the query waited for {answered} of {VIEWS} views"
    );
}

/// Returns `true` if a connection has something to read.
fn has_answer(connection: &TcpStream) -> bool {
    connection.set_nonblocking(true).unwrap();
    matches!(connection.peek(&mut [0]), Ok(1))
}

#[test]
fn transactions_of_others_do_not_wait_for_a_contract_to_be_compiled() {
    let mut sandbox = Sandbox::start();
    let (signer, account) = create(&mut sandbox, "large.test.near");
    let (root, near): (_, AccountId) = (sandbox.root(), "near".parse().unwrap());
    let actions = vec![deploy(fresh(wasm::large())), call("run", json!({}))];
    let large = sandbox.sign(&signer, &account, actions);
    let address = sandbox.address;

    let outcome = send(address, &large);
    // Not many: a transaction that waits while 100 blocks are produced would expire.
    let others: Vec<_> = (0..20)
        .map(|_| {
            let transfer = sandbox.commit(&root, &near, vec![transfer(1)]);
            height_of(&mut sandbox, &transfer)
        })
        .collect();

    let large = outcome.recv().expect("the large contract is called");
    let large = height_of(&mut sandbox, &large);
    let before = others.iter().filter(|height| **height < large).count();
    // One or two may come before the contract has arrived.
    assert!(
        before > 5,
        "{before} blocks with transfers before {large}: {others:?}"
    );
}

/// Returns the contract with a section that no compiled contract of an earlier run has.
fn fresh(contract: Vec<u8>) -> Vec<u8> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let content = [&[1, b'n'], now.as_nanos().to_le_bytes().as_slice()].concat();
    [contract, vec![0, content.len() as u8], content].concat()
}

fn height_of(sandbox: &mut Sandbox, outcome: &FinalExecutionOutcomeView) -> u64 {
    let hash = outcome.transaction_outcome.block_hash;
    let block: Value = sandbox.call("block", json!({"block_id": hash}));
    block["header"]["height"].as_u64().unwrap()
}
