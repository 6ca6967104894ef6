//! An explored test as it stands in a crate of one's own: it knows the chain's library and nothing
//! else of this tree.

use std::error::Error;
use std::fs;

use chain::explore::{Explore, ensure};
use chain::testing::{genesis, signer};
use chain::{Chain, Clock, Vm};
use near_primitives::action::{Action, DeployContractAction, FunctionCallAction};
use near_primitives::types::{AccountId, Balance, Gas};
use serde_json::json;

/// The wasm of the contract. In your crate it is the file that `cargo near build` has written.
const WASM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../chapters/responses/tests/partners/guestbook.wasm"
);

// ANCHOR: call
/// Returns a call that adds a message.
fn add_message(text: &str) -> Vec<Action> {
    let call = FunctionCallAction {
        method_name: "add_message".to_owned(),
        args: json!({ "text": text }).to_string().into_bytes(),
        gas: Gas::from_teragas(30),
        deposit: Balance::ZERO,
    };
    vec![call.into()]
}
// ANCHOR_END: call

// ANCHOR: test
#[test]
fn no_order_of_two_messages_loses_one() -> Result<(), Box<dyn Error>> {
    let ids: [AccountId; 3] = [
        "alice.near".parse()?,
        "bob.near".parse()?,
        "app.near".parse()?,
    ];
    let genesis = genesis(ids.iter().map(|id| (id, Balance::from_near(10))));
    let mut chain = Chain::new(genesis, Clock::Manual, Vm::new(None)?)?;
    let deploy = DeployContractAction {
        code: fs::read(WASM)?,
    };
    chain.submit(chain.signed(&signer(&ids[2]), &ids[2], vec![deploy.into()]))?;
    chain.produce_blocks_until_idle();

    let report = Explore::new("messages", &chain)
        .transaction("alice.near", "app.near", add_message("Hello"))
        .transaction("bob.near", "app.near", add_message("Hello"))
        .at_end("app.near has both messages", |view| {
            let messages = view.call("app.near", "total_messages", json!({}))?;
            ensure(messages == 2, || format!("it has {messages}"))
        })
        .run()?;

    report.assert_complete();
    Ok(())
}
// ANCHOR_END: test
