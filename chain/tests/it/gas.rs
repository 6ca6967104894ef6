//! The gas of a receipt, computed a second time: the gas that near-vm-runner reports for the same call on a
//! mock, the fees of near-parameters, and the nodes of a textbook trie.

mod trie;
mod vm;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use chain::{Block, Chain, Outcome, State};
use near_parameters::{ActionCosts, ExtCosts};
use near_primitives::action::{Action, FunctionCallAction};
use near_primitives::errors::TxExecutionError;
use near_primitives::receipt::VersionedReceiptEnum;
use near_primitives::transaction::ExecutionStatus;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{Balance, Gas};
use near_primitives::views::ExecutionOutcomeView;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::programs::{PROBES, Play, SIGNERS, plays_without_storage, written};
use crate::test_chain::*;

static SCENE: LazyLock<Chain> = LazyLock::new(|| {
    let accounts: Vec<_> = PROBES
        .iter()
        .chain(&SIGNERS)
        .map(|id| (*id, near(1_000)))
        .collect();
    let mut chain = chain(&accounts);
    for probe in PROBES {
        deploy(&mut chain, probe, PROBE);
    }
    chain
});

fn exec(chain: &Chain, cost: ActionCosts) -> u64 {
    chain
        .runtime_config()
        .fees
        .fee(cost)
        .exec_fee()
        .gas
        .as_gas()
}

fn call_exec(chain: &Chain, call: &FunctionCallAction) -> u64 {
    let bytes = (call.method_name.len() + call.args.len()) as u64;
    exec(chain, ActionCosts::function_call_base)
        + bytes * exec(chain, ActionCosts::function_call_byte)
}

fn cost_of(chain: &Chain, cost: ExtCosts) -> u64 {
    cost.gas(&chain.runtime_config().wasm_config.ext_costs)
        .as_gas()
}

fn data_key(id: &str, key: &[u8]) -> TrieKey {
    TrieKey::ContractData {
        account_id: account(id),
        key: key.to_vec(),
    }
}

/// Returns the trie nodes of the first write of a key in a block (`SPEC.md` §3).
fn nodes_of_write(start: &State, key: &TrieKey) -> u64 {
    let keys: Vec<_> = start.iter().map(|(key, _)| key.to_vec()).collect();
    trie::nodes_on_the_way(&keys, &key.to_vec()) + u64::from(start.get(key).is_some())
}

/// Returns the calls of a receipt, `None` if it has other actions too.
fn only_calls(actions: &[Action]) -> Option<Vec<&FunctionCallAction>> {
    fn call(action: &Action) -> Option<&FunctionCallAction> {
        match action {
            Action::FunctionCall(call) => Some(call),
            _ => None,
        }
    }
    actions.iter().map(call).collect()
}

/// Returns the gas that a receipt must burn. Returns `None` if the receipt has other actions than calls, or
/// if its gas ends too close to the last write for the mock.
fn sum(chain: &Chain, before: &State, block: &Block, outcome: &Outcome) -> Option<u64> {
    let receipt = chain.receipt(&outcome.id)?;
    let VersionedReceiptEnum::Action(action_receipt) = receipt.versioned_receipt() else {
        return None;
    };
    let calls = only_calls(action_receipt.actions())?;
    let mut sum = exec(chain, ActionCosts::new_action_receipt);
    let Some(callee) = before.account(receipt.receiver_id()) else {
        return Some(sum + call_exec(chain, calls[0]));
    };
    let mut machine = vm::Machine::of(chain, before, block, receipt, callee);
    let state_key = data_key(receipt.receiver_id().as_str(), b"STATE");
    let mut nodes = nodes_of_write(before, &state_key);
    for (index, call) in calls.iter().enumerate() {
        let ran = machine.call(call, index + 1 == calls.len());
        sum += call_exec(chain, call) + ran.burnt_gas.as_gas();
        if ran.aborted.is_none() {
            // near-sdk writes the state when a method has ended well.
            let write = nodes * cost_of(chain, ExtCosts::touching_trie_node);
            if ran.used_gas.as_gas() + write > call.gas.as_gas() {
                return None;
            }
            sum += write;
            nodes = 0;
        }
        if failed_action(outcome) == Some(index as u64) {
            break;
        }
    }
    Some(sum)
}

/// Returns the index of the action that has failed. A method can succeed and create an invalid receipt.
fn failed_action(outcome: &Outcome) -> Option<u64> {
    match &outcome.outcome.status {
        ExecutionStatus::Failure(TxExecutionError::ActionError(error)) => error.index,
        _ => None,
    }
}

/// Returns the receipts that are the first of their block on their account: they run on the state after
/// the previous block.
fn first_comers(chain: &Chain) -> Vec<(State, Arc<Block>, Arc<Outcome>)> {
    let mut found = Vec::new();
    for height in SCENE.head().height + 1..=chain.head().height {
        let block = chain.block_at(height).expect("no height is skipped");
        let before = chain.block_at(height - 1).expect("no height is skipped");
        let mut touched = BTreeSet::new();
        for id in &block.outcomes {
            let outcome = outcome(chain, id);
            if touched.insert(outcome.outcome.executor_id.clone()) {
                found.push((before.state.clone(), block.clone(), outcome.clone()));
            }
        }
    }
    found
}

fn play(chain: &mut Chain, play: &Play) {
    let action = program(
        written(&play.program),
        play.tgas,
        Balance::from_yoctonear(play.deposit),
    );
    let signed = sign(chain, play.signer, play.receiver, vec![action]);
    // One that costs more than the signer has is not taken.
    let _ = chain.submit(signed);
    chain.produce_blocks_until_idle();
}

/// A write or a removal.
#[derive(Clone, Debug)]
struct Touch {
    key: String,
    /// The new value, `None` for a removal.
    len: Option<usize>,
}

impl Touch {
    fn statement(&self) -> Value {
        match self.len {
            Some(len) => json!({"write_len": {"key": self.key, "len": len}}),
            None => json!({"remove": {"key": self.key}}),
        }
    }
}

fn touches() -> impl Strategy<Value = Vec<Touch>> {
    let touch = ("[a-c]{0,3}", proptest::option::weighted(0.7, 0_usize..200));
    vec(touch.prop_map(|(key, len)| Touch { key, len }), 0..8)
}

/// The storage of a contract, and the costs of writing to it.
#[derive(Default)]
struct Model {
    values: BTreeMap<Vec<u8>, usize>,
    /// The keys written since the start of the block.
    touched: BTreeSet<Vec<u8>>,
}

impl Model {
    /// The trie nodes, and the bytes that were replaced and removed.
    fn touch(&mut self, start: &State, key: &[u8], len: Option<usize>) -> (u64, u64, u64) {
        let nodes = match self.touched.insert(key.to_vec()) {
            true => nodes_of_write(start, &data_key("p0.near", key)),
            false => 0,
        };
        let old = match len {
            Some(len) => self.values.insert(key.to_vec(), len),
            None => self.values.remove(key),
        };
        let old = old.unwrap_or(0) as u64;
        if len.is_some() {
            (nodes, old, 0)
        } else {
            (nodes, 0, old)
        }
    }
}

/// Returns the gas that a receipt has paid for a host function.
fn paid(outcome: &Outcome, cost: &str) -> u64 {
    let view: ExecutionOutcomeView = outcome.outcome.clone().into();
    let profile = view.metadata.gas_profile.unwrap_or_default();
    let found = profile.iter().filter(|entry| entry.cost == cost);
    found.map(|entry| entry.gas_used.as_gas()).sum()
}

proptest! {
    #[test]
    fn a_receipt_burns_the_gas_of_the_machine_and_the_fees(plays in plays_without_storage()) {
        let mut chain = SCENE.clone();
        plays.iter().for_each(|one| play(&mut chain, one));

        for (before, block, outcome) in first_comers(&chain) {
            if let Some(expected) = sum(&chain, &before, &block, &outcome) {
                prop_assert_eq!(outcome.outcome.gas_burnt, Gas::from_gas(expected), "{:?}", outcome);
            }
        }
    }

    #[test]
    fn storage_pays_for_the_nodes_of_the_trie_at_the_start_of_the_block(
        blocks in vec((touches(), touches()), 1..4)
    ) {
        let mut chain = SCENE.clone();
        let mut model = Model::default();
        model.values.insert(b"STATE".to_vec(), 0);
        let had_state = chain.head().state.get(&data_key("p0.near", b"STATE")).is_some();
        if !had_state {
            model.values.clear();
        }
        for (one, other) in blocks {
            for (signer, touches) in [("alice.near", &one), ("bob.near", &other)] {
                let statements = touches.iter().map(Touch::statement).collect();
                let signed = sign(&chain, signer, "p0.near", vec![program(statements, 300, Balance::ZERO)]);
                chain.submit(signed).expect("the transaction is valid");
            }
            let start = chain.produce_block().state.clone();
            let executed = chain.produce_block();
            model.touched.clear();
            for (touches, id) in [one, other].iter().zip(&executed.outcomes) {
                let outcome = outcome(&chain, id);
                prop_assert!(matches!(outcome.outcome.status, ExecutionStatus::SuccessValue(_)));
                let (mut nodes, mut replaced, mut removed) = (0, 0, 0);
                let state = Touch { key: "STATE".to_owned(), len: Some(0) };
                for Touch { key, len } in touches.iter().chain([&state]) {
                    let (more, old, gone) = model.touch(&start, key.as_bytes(), *len);
                    nodes += more;
                    replaced += old;
                    removed += gone;
                }
                let expected = [
                    ("TOUCHING_TRIE_NODE", nodes, ExtCosts::touching_trie_node),
                    ("STORAGE_WRITE_EVICTED_BYTE", replaced, ExtCosts::storage_write_evicted_byte),
                    ("STORAGE_REMOVE_RET_VALUE_BYTE", removed, ExtCosts::storage_remove_ret_value_byte),
                ];
                for (name, times, cost) in expected {
                    prop_assert_eq!(paid(outcome, name), times * cost_of(&chain, cost), "{}", name);
                }
            }
            chain.produce_blocks_until_idle();
        }
    }
}
