//! Two users change the greeting at once, and the network delivers their receipts in every order.

#[path = "it/wasm.rs"]
mod wasm;

use chain::explore::{Explore, ensure, no_money_appears};
use chain::testing::{genesis, signer};
use chain::{Chain, Clock, Vm};
use near_primitives::action::{Action, DeployContractAction, FunctionCallAction};
use near_primitives::types::{AccountId, Balance, Gas};
use serde_json::{Value, json};

const ACCOUNTS: [&str; 4] = ["alice.near", "bob.near", "app.near", "hello.near"];

#[test]
fn in_every_order_hello_has_one_of_the_two_greetings() -> anyhow::Result<()> {
    let change = |greeting| call("change_greeting", json!({ "new_greeting": greeting }));
    let report = Explore::new("change_greeting", &chain()?)
        .transaction("alice.near", "app.near", vec![change("Hi")])
        .transaction("bob.near", "app.near", vec![change("Howdy")])
        .always("no money appears", no_money_appears(&ACCOUNTS))
        .at_end("the greeting is alice's or bob's", |view| {
            let greeting = view.call("hello.near", "get_greeting", json!({}))?;
            let is_one = greeting == "Hi" || greeting == "Howdy";
            ensure(is_one, || greeting.to_string())
        })
        .run()?;
    report.assert_complete();
    Ok(())
}

/// Returns a chain with our contract on `app.near`, and its partner. Each account has 100 NEAR.
fn chain() -> anyhow::Result<Chain> {
    let accounts = ACCOUNTS.map(|id| id.parse::<AccountId>().expect("an account id"));
    let balances = accounts.iter().map(|id| (id, Balance::from_near(100)));
    let mut chain = Chain::new(genesis(balances), Clock::Manual, Vm::new(None)?)?;

    let new = json!({ "hello": "hello.near" });
    let ours = vec![deploy(wasm::contract_wasm()), call("new", new)];
    let partners = vec![deploy(include_bytes!("partners/hello.wasm"))];
    let [.., app, hello] = &accounts;
    for (id, actions) in [(app, ours), (hello, partners)] {
        let transaction = chain.signed(&signer(id), id, actions);
        chain.submit(transaction)?;
    }
    chain.produce_blocks_until_idle();
    Ok(chain)
}

fn deploy(code: &[u8]) -> Action {
    let code = code.to_vec();
    Action::DeployContract(DeployContractAction { code })
}

/// Returns a call with 100 Tgas.
fn call(method: &str, args: Value) -> Action {
    Action::from(FunctionCallAction {
        method_name: method.to_owned(),
        args: args.to_string().into_bytes(),
        gas: Gas::from_teragas(100),
        deposit: Balance::ZERO,
    })
}
