//! Two users sign the guestbook at once, and the network delivers their receipts in every order.

#[path = "it/wasm.rs"]
mod wasm;

use chain::explore::{Explore, View, Violation, ensure};
use chain::testing::{genesis, signer};
use chain::{Chain, Clock, Vm};
use near_primitives::action::{Action, DeployContractAction, FunctionCallAction};
use near_primitives::types::{AccountId, Balance, Gas};
use serde_json::{Value, json};

const ACCOUNTS: [&str; 4] = ["alice.near", "bob.near", "app.near", "guestbook.near"];

#[test]
fn in_every_order_the_contract_pays_no_money_of_its_own() -> anyhow::Result<()> {
    let sign = || call("sign_guestbook", json!({ "texts": ["Hello"] }), 1);
    let report = Explore::new("sign_guestbook", &chain()?)
        .may_fail("guestbook.near")
        .transaction("alice.near", "app.near", vec![sign()])
        .transaction("bob.near", "app.near", vec![sign()])
        .at_rest("app.near has what it owes, and what it had", |view| {
            let (before, after) = (own_money(&view.at_start())?, own_money(view)?);
            ensure(after >= before, || format!("{before} became {after}"))
        })
        .run()?;
    report.assert_complete();
    Ok(())
}

/// Returns the part of the contract's balance that belongs to nobody else, in yoctoNEAR.
fn own_money(view: &View) -> Result<i128, Violation> {
    let owed = view.amount("app.near", "get_liabilities", json!({}))?;
    Ok(view.balance("app.near").as_yoctonear() as i128 - owed as i128)
}

/// Returns a chain with our contract on `app.near`, and its partner. Each account has 100 NEAR.
fn chain() -> anyhow::Result<Chain> {
    let accounts = ACCOUNTS.map(|id| id.parse::<AccountId>().expect("an account id"));
    let balances = accounts.iter().map(|id| (id, Balance::from_near(100)));
    let mut chain = Chain::new(genesis(balances), Clock::Manual, Vm::new(None)?)?;

    let new = json!({ "partners": { "guestbook": "guestbook.near" } });
    let ours = vec![deploy(wasm::contract_wasm()), call("new", new, 0)];
    let partners = vec![deploy(include_bytes!("partners/guestbook.wasm"))];
    let [.., app, guestbook] = &accounts;
    for (id, actions) in [(app, ours), (guestbook, partners)] {
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

/// Returns a call with 100 Tgas and a deposit in NEAR.
fn call(method: &str, args: Value, near: u128) -> Action {
    Action::from(FunctionCallAction {
        method_name: method.to_owned(),
        args: args.to_string().into_bytes(),
        gas: Gas::from_teragas(100),
        deposit: Balance::from_near(near),
    })
}
