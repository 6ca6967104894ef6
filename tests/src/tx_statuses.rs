//! The RPC results for the tests of `trace`: one transaction of each shape, recorded on the embedded chain.

use std::path::{Path, PathBuf};

use near_crypto::{KeyType, SecretKey};
use near_primitives::account::{AccessKey, AccessKeyPermission, FunctionCallPermission};
use near_primitives::action::{
    Action, AddKeyAction, CreateAccountAction, DeleteKeyAction, TransferAction,
};
use near_primitives::types::Balance;
use runs::test_chain::{ONE_TOKEN, TestChain, call, delete, deploy, paid, partner, with_gas};
use serde_json::json;
use trace::TxStatus;

/// A function that runs a transaction and returns its status.
pub type Run = fn() -> TxStatus;

/// The shapes, by name.
pub const SHAPES: [(&str, Run); 9] = [
    ("single", single),
    ("callback", callback),
    ("batch", batch),
    ("join_with_failures", join_with_failures),
    ("detached_failure", detached_failure),
    ("refund", refund),
    ("new_account", new_account),
    ("no_heir", no_heir),
    ("waiting", waiting),
];

/// Returns a transaction with one receipt.
fn single() -> TxStatus {
    let mut chain = TestChain::batch();
    let count = with_gas(call("increment", json!({})), 10);
    let tx = chain.send("alice.near", "counter.near", vec![count]);
    chain.tx_status(tx)
}

/// Returns a call with a callback that reads its result.
fn callback() -> TxStatus {
    let mut chain = TestChain::setup();
    let tx = chain.call("query_greeting", json!({}));
    chain.tx_status(tx)
}

/// Returns one receipt with several actions.
fn batch() -> TxStatus {
    let mut chain = TestChain::batch();
    let tx = chain.call(
        "count",
        json!({ "steps": ["increment", "increment", "decrement"] }),
    );
    chain.tx_status(tx)
}

/// Returns a callback that waited for three results, one of which is a failure.
fn join_with_failures() -> TxStatus {
    let accounts = ["hello.near", "nobody.near", "guestbook.near"];
    let mut chain = TestChain::with_partners_at("parallel", accounts, &[]);
    let tx = chain.call("overview", json!({}));
    chain.tx_status(tx)
}

/// Returns a detached transfer to an account that does not exist any more.
fn detached_failure() -> TxStatus {
    let mut chain = TestChain::batch();
    let texts = json!({ "texts": ["Good morning"] });
    let sign = paid(call("sign_guestbook", texts), Balance::from_near(1));
    let hash = chain.submit("bob.near", "app.near", vec![sign]);
    chain.produce_block();
    chain.submit("bob.near", "bob.near", vec![delete("alice.near")]);
    chain.run_until_idle();
    chain.tx_status(hash)
}

/// Returns a batch that fails, and the refund of its deposit to the contract that sent it.
fn refund() -> TxStatus {
    let mut chain = TestChain::shop_of("app.near");
    let args = json!({ "name": "gold", "amount": (11 * ONE_TOKEN).to_string() });
    let tx = chain.pay("buy_tokens", args, Balance::from_near(20));
    chain.tx_status(tx)
}

/// Returns the creation of an account, with a balance, keys and code.
fn new_account() -> TxStatus {
    let mut chain = TestChain::batch();
    let tx = chain.send("alice.near", "new.alice.near", equipped());
    chain.tx_status(tx)
}

fn equipped() -> Vec<Action> {
    let key = |name| SecretKey::from_seed(KeyType::ED25519, name).public_key();
    let with = |name, permission| {
        Action::from(AddKeyAction {
            public_key: key(name),
            access_key: AccessKey {
                nonce: 0,
                permission,
            },
        })
    };
    let calls = FunctionCallPermission {
        allowance: Some(Balance::from_millinear(250)),
        receiver_id: "counter.near".to_owned(),
        method_names: vec!["increment".to_owned(), "decrement".to_owned()],
    };
    let transfer = TransferAction {
        deposit: Balance::from_near(3),
    };
    vec![
        CreateAccountAction {}.into(),
        transfer.into(),
        with("full", AccessKeyPermission::FullAccess),
        with("calls", AccessKeyPermission::FunctionCall(calls)),
        DeleteKeyAction {
            public_key: key("full"),
        }
        .into(),
        deploy(partner("batch", "counter")),
    ]
}

/// Returns the deletion of an account whose beneficiary does not exist.
fn no_heir() -> TxStatus {
    let mut chain = TestChain::batch();
    let tx = chain.send("bob.near", "bob.near", vec![delete("nobody.near")]);
    chain.tx_status(tx)
}

/// Returns a yield that still waits.
fn waiting() -> TxStatus {
    let mut chain = TestChain::with_guests("responses", &[]);
    let oracle = json!({ "oracle": "bob.near" });
    chain.prepare_with_yocto("trust_oracle", oracle);
    let question = call("ask_oracle", json!({ "text": "Will it rain?" }));
    let tx = chain.send(
        "alice.near",
        "app.near",
        vec![paid(question, Balance::from_near(1))],
    );
    chain.tx_status(tx)
}

/// Returns the path of a shape's file.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../trace/tests/tx_status")
        .join(name)
        .with_extension("json")
}
