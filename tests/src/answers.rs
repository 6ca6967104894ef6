//! Answers for the tests of `trace`: what RPC tells of one transaction of each shape, recorded on the
//! embedded chain.

use std::path::{Path, PathBuf};

use near_crypto::{KeyType, SecretKey};
use near_primitives::account::{AccessKey, AccessKeyPermission, FunctionCallPermission};
use near_primitives::action::{
    Action, AddKeyAction, CreateAccountAction, DeleteKeyAction, TransferAction,
};
use near_primitives::types::Balance;
use serde_json::json;
use trace::TxStatus;

use runs::test_chain::{ONE_TOKEN, TestChain, call, delete, deploy, paid, partner, with_gas};

/// Plays a transaction, and gives what RPC tells of it.
pub type Play = fn() -> TxStatus;

/// The shapes by name.
pub const SHAPES: [(&str, Play); 9] = [
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

/// One receipt.
fn single() -> TxStatus {
    let mut chain = TestChain::batch();
    let count = with_gas(call("increment", json!({})), 10);
    let tx = chain.send("alice.near", "counter.near", vec![count]);
    chain.answer(tx)
}

/// A call, and a callback that reads its answer.
fn callback() -> TxStatus {
    let mut chain = TestChain::setup();
    let tx = chain.call("query_greeting", json!({}));
    chain.answer(tx)
}

/// Several actions in one receipt.
fn batch() -> TxStatus {
    let mut chain = TestChain::batch();
    let tx = chain.call(
        "count",
        json!({ "steps": ["increment", "increment", "decrement"] }),
    );
    chain.answer(tx)
}

/// A callback that waited for three answers, one of which is a failure.
fn join_with_failures() -> TxStatus {
    let cast = ["hello.near", "nobody.near", "guestbook.near"];
    let mut chain = TestChain::with_partners_at("parallel", cast, &[]);
    let tx = chain.call("overview", json!({}));
    chain.answer(tx)
}

/// A payment that nobody waits for, to an account that is gone.
fn detached_failure() -> TxStatus {
    let mut chain = TestChain::batch();
    let texts = json!({ "texts": ["Good morning"] });
    let sign = paid(call("sign_guestbook", texts), Balance::from_near(1));
    let hash = chain.submit("bob.near", "book.near", vec![sign]);
    chain.next_block();
    chain.submit("bob.near", "bob.near", vec![delete("alice.near")]);
    chain.run_to_the_end();
    chain.answer(hash)
}

/// A batch that fails, and its deposit on the way back to the contract that sent it.
fn refund() -> TxStatus {
    let mut chain = TestChain::shop_of("book.near");
    let args = json!({ "name": "gold", "amount": (11 * ONE_TOKEN).to_string() });
    let tx = chain.pay("buy_tokens", args, Balance::from_near(20));
    chain.answer(tx)
}

/// An account that is created, with money, keys and code.
fn new_account() -> TxStatus {
    let mut chain = TestChain::batch();
    let tx = chain.send("alice.near", "new.alice.near", equipped());
    chain.answer(tx)
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

/// An account that is deleted, and nobody to inherit what it held.
fn no_heir() -> TxStatus {
    let mut chain = TestChain::batch();
    let tx = chain.send("bob.near", "bob.near", vec![delete("nobody.near")]);
    chain.answer(tx)
}

/// A question that nobody has answered yet.
fn waiting() -> TxStatus {
    let mut chain = TestChain::with_guests("responses", &[]);
    let oracle = json!({ "oracle": "bob.near" });
    chain.operate("trust_oracle", oracle);
    let ask = call("ask_oracle", json!({ "text": "Will it rain?" }));
    let tx = chain.send(
        "alice.near",
        "book.near",
        vec![paid(ask, Balance::from_near(1))],
    );
    chain.answer(tx)
}

/// Where the answer of a shape lies.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../trace/tests/tx_status")
        .join(name)
        .with_extension("json")
}
