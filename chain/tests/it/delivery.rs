//! Receipts that are delivered one at a time, without block production.

use chain::runtime::process_receipt;
use chain::{Chain, StateUpdate};
use near_primitives::transaction::ExecutionOutcomeWithId;
use near_primitives::types::{AccountId, Balance};
use serde_json::json;

use crate::test_chain::*;

/// Returns a chain on which `a.near` is about to call `b.near`, with a callback.
fn before_the_call() -> Chain {
    let accounts = ["alice.near", "a.near", "b.near"].map(|id| (id, near(100)));
    let mut chain = chain(&accounts);
    deploy(&mut chain, "a.near", PROBE);
    deploy(&mut chain, "b.near", PROBE);
    let value = json!({"run": {"program": [{"return": {"text": "7"}}], "tgas": 20}});
    let callback = json!({"run": {"program": ["return_results"], "tgas": 20}});
    let call = json!([
        {"create": {"to": "b.near", "actions": [value]}},
        {"then": {"after": 0, "to": "a.near", "actions": [callback]}},
        {"return_promise": {"of": 1}},
    ]);
    let actions = vec![program(call, 300, Balance::ZERO)];
    let transaction = sign(&chain, "alice.near", "a.near", actions);
    chain.submit(transaction).expect("the transaction is valid");
    chain.produce_block();
    chain
}

#[test]
fn receipts_delivered_one_at_a_time_have_the_outcomes_of_the_block() {
    let mut chain = before_the_call();
    let mut blocks = 0;
    while !chain.is_idle() {
        let before = chain.clone();
        let block = chain.produce_block();

        let apply_state = before.next_apply_state();
        let mut state = StateUpdate::new(before.head().state.clone());
        let mut outcomes = Vec::new();
        for receipt in &block.receipts {
            outcomes.extend(process_receipt(&apply_state, &mut state, receipt).outcomes);
        }

        let expected: Vec<_> = block
            .outcomes
            .iter()
            .map(|id| ExecutionOutcomeWithId {
                id: *id,
                outcome: outcome(&chain, id).outcome.clone(),
            })
            .collect();
        assert_eq!(outcomes, expected);
        let state = state.into_state();
        assert_eq!(state.changes_since(&block.state).count(), 0);
        blocks += 1;
    }
    assert_eq!(blocks, 4, "the call, its callee, the callback, the refund");
}

#[test]
fn an_outgoing_receipt_names_the_account_on_which_it_was_created() {
    let mut chain = before_the_call();
    let before = chain.clone();
    let block = chain.produce_block();

    let mut state = StateUpdate::new(before.head().state.clone());
    let apply_state = before.next_apply_state();
    let result = process_receipt(&apply_state, &mut state, &block.receipts[0]);

    let senders: Vec<&AccountId> = result
        .outgoing_receipts
        .iter()
        .map(|outgoing| &outgoing.sender_id)
        .collect();
    // The call, the callback and the gas refund, whose predecessor is `system`.
    assert_eq!(senders, vec![&account("a.near"); 3]);
    let refund = &result.outgoing_receipts[2].receipt;
    assert!(refund.predecessor_id().is_system());
}
