//! The methods that clients call, with all forms of their parameters, and the types of their results.

mod blocks;
mod calls;
mod delegate;
mod gas_keys;
mod http;
mod node;
mod query;
mod shapes;
mod state_pages;
mod transactions;
mod validators;
mod views;
mod waiting;

use std::fs;

use near_crypto::{InMemorySigner, KeyType, SecretKey, Signer};
use near_jsonrpc_primitives::types::query::{QueryResponseKind, RpcQueryResponse};
use near_primitives::account::AccessKey;
use near_primitives::action::{
    Action, AddKeyAction, CreateAccountAction, DeployContractAction, FunctionCallAction,
    TransferAction,
};
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::FinalExecutionStatus;
use serde_json::{Value, json};

use crate::node::Sandbox;

/// The probe contract, which runs the program in its argument.
pub(crate) const PROBE: &[u8] = include_bytes!("../../../chain/tests/fixtures/probe.wasm");
/// A contract that logs and returns a word: see `greet.wat` in the chain's `tests/fixtures`.
pub(crate) const GREET: &[u8] = include_bytes!("../../../chain/tests/fixtures/greet.wasm");

pub(crate) fn transfer(amount: u128) -> Action {
    TransferAction {
        deposit: Balance::from_yoctonear(amount),
    }
    .into()
}

pub(crate) fn call(method: &str, args: Value) -> Action {
    let action = FunctionCallAction {
        method_name: method.to_owned(),
        args: args.to_string().into_bytes(),
        gas: Gas::from_teragas(100),
        deposit: Balance::ZERO,
    };
    action.into()
}

/// Starts a sandbox with the probe contract on `probe.test.near`.
pub(crate) fn with_probe() -> (Sandbox, Signer, AccountId) {
    with_probe_and_config(|_| {})
}

/// Starts a sandbox whose `config.json` is changed between `init` and `run`.
pub(crate) fn with_config(change: impl FnOnce(&mut Value)) -> Sandbox {
    Sandbox::start_with(|home| {
        let path = home.join("config.json");
        let mut config: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(&mut config);
        fs::write(&path, config.to_string()).unwrap();
    })
}

/// Starts a sandbox with a changed `config.json` and the probe contract on `probe.test.near`.
pub(crate) fn with_probe_and_config(
    change: impl FnOnce(&mut Value),
) -> (Sandbox, Signer, AccountId) {
    let mut sandbox = with_config(change);
    let root = sandbox.root();
    let probe: AccountId = "probe.test.near".parse().unwrap();
    let key = SecretKey::from_seed(KeyType::ED25519, "probe");
    let outcome = sandbox.commit(
        &root,
        &probe,
        vec![
            CreateAccountAction {}.into(),
            transfer(10_u128.pow(26)),
            AddKeyAction {
                public_key: key.public_key(),
                access_key: AccessKey::full_access(),
            }
            .into(),
            DeployContractAction {
                code: PROBE.to_vec(),
            }
            .into(),
        ],
    );
    assert_eq!(
        outcome.status,
        FinalExecutionStatus::SuccessValue(Vec::new())
    );
    let signer = InMemorySigner::from_secret_key(probe.clone(), key);
    (sandbox, signer, probe)
}

pub(crate) fn query(sandbox: &mut Sandbox, request: Value) -> QueryResponseKind {
    let mut params = request;
    params["finality"] = json!("optimistic");
    sandbox.call::<RpcQueryResponse>("query", params).kind
}
