//! The schedule that block production takes, replayed on the explorer.

use std::collections::BTreeMap;

use chain::explore::{Explore, Schedule};
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::transaction::ExecutionStatus;
use near_primitives::types::{Balance, BlockHeight};
use near_primitives::utils::create_receipt_id_from_receipt_id;
use serde_json::json;

use super::*;

/// Transactions with joins, failures, refunds, transfers and local receipts.
fn transactions() -> Vec<(&'static str, &'static str, Vec<Action>)> {
    let value = |text: &str| json!([{"return": {"text": text}}]);
    let fails = json!({"run": {
        "program": [{"panic": {"text": "no"}}], "tgas": 20, "yocto": "5"}});
    let joins = json!([
        let_run(B, value("1")),
        let_run_with(100, C, json!([write("key", "joins"), let_run(D, value("2"))])),
        {"create": {"to": D, "actions": [fails]}},
        {"and": {"of": [0, 1, 2]}},
        {"then": {"after": 3, "to": A, "actions": [
            {"run": {"program": ["return_results", write("key", "joined")], "tgas": 20}}]}},
        {"return_promise": {"of": 4}},
    ]);
    let pays = json!([
        {"create": {"to": BOB, "actions": [{"transfer": {"yocto": "9"}}]}},
        let_run(C, json!([{"read": {"key": "key"}}, write("key", "pays")])),
    ]);
    let deposit = Balance::from_yoctonear(9);
    vec![
        (ALICE, A, runs(joins)),
        (BOB, B, vec![program(pays, 200, deposit)]),
        (ALICE, BOB, vec![transfer(near(1))]),
        (CAROL, CAROL, vec![transfer(near(2))]),
        (
            D,
            D,
            runs(json!([let_run(D, json!([write("key", "local")]))])),
        ),
        (BOB, "nobody.near", vec![transfer(near(1))]),
    ]
}

/// The positions of receipts in the call tree: the number of the transaction, and those of the children.
type Names = BTreeMap<CryptoHash, Vec<usize>>;

/// Names the receipts of transactions. `height` returns the height that the ids of a receipt's children contain. Refunds
/// of gas have no name, because gas costs nothing in the explorer.
fn names(
    chain: &Chain,
    transactions: &[CryptoHash],
    height: impl Fn(&CryptoHash) -> BlockHeight,
    gas_is_refunded: bool,
) -> Names {
    let mut names = Names::new();
    let mut open: Vec<(CryptoHash, Vec<usize>)> = Vec::new();
    for (index, hash) in transactions.iter().enumerate() {
        let first = outcome(chain, hash).outcome.receipt_ids[0];
        open.push((first, vec![index + 1]));
    }
    while let Some((id, name)) = open.pop() {
        names.insert(id, name.clone());
        if chain.outcome(&id).is_none() {
            continue;
        }
        let ids = (0..).map(|index| create_receipt_id_from_receipt_id(&id, height(&id), index));
        let mut children: Vec<_> = ids.map_while(|id| chain.receipt(&id)).collect();
        let is_system = |receipt: &Receipt| receipt.predecessor_id().is_system();
        let is_refund = chain.receipt(&id).is_some_and(|receipt| is_system(receipt));
        if gas_is_refunded && !is_refund {
            // After the refund of a deposit.
            let refund = children.iter().rposition(|receipt| is_system(receipt));
            children.remove(refund.expect("gas is bought at a higher price than it is burnt"));
        }
        for (index, child) in children.into_iter().enumerate() {
            open.push((
                *child.receipt_id(),
                [name.clone(), vec![index + 1]].concat(),
            ));
        }
    }
    names
}

fn printed(name: &[usize]) -> String {
    let numbers: Vec<_> = name.iter().map(ToString::to_string).collect();
    numbers.join(".")
}

/// Returns the executor, the logs and the status of each receipt, by its name.
fn outcomes(chain: &Chain, names: &Names) -> BTreeMap<String, String> {
    let named = names.iter().filter_map(|(id, name)| {
        let outcome = &chain.outcome(id)?.outcome;
        let status = match &outcome.status {
            ExecutionStatus::SuccessReceiptId(id) => format!("returns {}", printed(&names[id])),
            status => format!("{status:?}"),
        };
        let all = format!("{} {:?} {status}", outcome.executor_id, outcome.logs);
        Some((printed(name), all))
    });
    named.collect()
}

#[test]
fn the_schedule_of_block_production_has_its_outcomes_on_the_explorer() {
    let start = probes();
    let mut produced = start.clone();
    let mut explore = Explore::new("production", &start);
    let mut hashes = Vec::new();
    for (index, (signer_id, receiver_id, actions)) in transactions().into_iter().enumerate() {
        let signed = sign(&produced, signer_id, receiver_id, actions.clone());
        explore = explore.transaction(signer_id, receiver_id, actions);
        hashes.push(produced.submit(signed).expect("it is valid"));
        // The later ones meet the earlier ones under way.
        if index % 2 == 1 {
            produced.produce_block();
        }
    }
    produced.produce_blocks_until_idle();

    let height = |id: &CryptoHash| outcome(&produced, id).block_height;
    let produced_names = names(&produced, &hashes, height, true);
    let mut steps = Vec::new();
    for height in start.head().height + 1..=produced.head().height {
        let block = produced.block_at(height).expect("no height was skipped");
        let number = |hash| {
            hashes
                .iter()
                .position(|known| known == hash)
                .expect("known")
                + 1
        };
        let taken = block.transactions.iter();
        let taken: Vec<_> = taken
            .map(|signed| {
                let transaction = &signed.transaction;
                let is_local = transaction.signer_id() == transaction.receiver_id();
                (number(signed.hash()), is_local)
            })
            .collect();
        steps.extend(taken.iter().map(|(number, _)| format!("+{number}")));
        let local = taken.iter().filter(|(_, is_local)| *is_local);
        steps.extend(local.map(|(number, _)| number.to_string()));
        let receipts = block.receipts.iter();
        let known = receipts.filter_map(|receipt| produced_names.get(receipt.receipt_id()));
        steps.extend(known.map(|name| printed(name)));
    }
    let schedule: Schedule = format!("production fifo: {}", steps.join(" "))
        .parse()
        .expect("it is a schedule");

    let replay = explore
        .replay(&schedule)
        .expect("block production keeps to the rules");

    assert!(
        replay.added.is_empty(),
        "block production has run to its end"
    );
    let height = start.head().height + 1;
    let explored_names = names(&replay.chain, &replay.transactions, |_| height, false);
    // The transactions in the order in which they were taken.
    assert_eq!(replay.transactions.len(), hashes.len());
    let (expected, found) = (
        outcomes(&produced, &produced_names),
        outcomes(&replay.chain, &explored_names),
    );
    assert!(expected.len() > 14, "{expected:#?}");
    assert_eq!(found, expected);
}
