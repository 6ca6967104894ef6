//! The exchange of the sword and the gold, and the same with other inputs.

use serde_json::json;

use super::figures::{assets, held, yoctos};
use super::{GAS_FOR_ALL, alice_offers, fill, game, gold_of, owner, register, statuses};
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{TestChain, TxHash, deploy, partner, returns};

/// The number of blocks after the payment in which the sword has left.
const BLOCKS: u64 = 12;

/// Shows the sword and the gold as they change hands.
pub fn exchange() -> Figure {
    let (chain, hashes) = exchange_with("nothing", GAS_FOR_ALL, 0);
    let expected = returns(json!(true))
        .then_returns(json!("5"))
        .moves(yoctos(1, 1));
    let (text, claim) = assets(&chain, "bob.near", [5, 5, 0], &[]);
    chain
        .figure_of_blocks(&hashes, expected)
        .with(&text, claim)
        .with_notes(notes(&chain, &hashes))
        .with_inputs(EXCHANGE.inputs)
}

/// Submits alice's offer with this gas in Tgas, and bob's payment some blocks later. The transfer of an asset may fail.
fn exchange_with(fails: &str, tgas: u64, blocks: u64) -> (TestChain, [TxHash; 2]) {
    let mut chain = game();
    if fails != "gold" {
        register(&mut chain, "alice.near");
    }
    let offered = alice_offers(&mut chain, tgas);
    for _ in 0..blocks {
        chain.produce_block();
    }
    let filled = chain.submit("bob.near", "gold.near", vec![fill("sword")]);
    if fails == "sword" {
        replace_items_for_a_block(&mut chain);
    }
    chain.run_to_the_last_yield();
    (chain, [offered, filled])
}

/// Deploys a contract that has no transfer on `items.near` for the block in which the sword would leave `app.near`.
fn replace_items_for_a_block(chain: &mut TestChain) {
    let mut blocks = 0..BLOCKS;
    while statuses(chain) != ["sent", "held"] {
        if blocks.next().is_none() {
            return;
        }
        chain.produce_block();
    }
    for code in [partner("responses", "hello"), partner("trade", "nft")] {
        chain.submit("items.near", "items.near", vec![deploy(code)]);
        chain.produce_block();
    }
}

/// Returns a note on the last receipt: who has what.
fn notes(chain: &TestChain, hashes: &[TxHash]) -> Vec<(String, String)> {
    let transactions = hashes.iter().map(|hash| chain.transaction(*hash));
    let lettered: Vec<_> = ('A'..).zip(transactions).collect();
    let receipts = lettered.iter().flat_map(|(letter, transaction)| {
        let receipts = transaction.receipts().iter();
        receipts.map(move |receipt| (receipt.position, format!("{letter}{}", receipt.number)))
    });
    let last = receipts.max_by_key(|(position, _)| *position);
    let gold = ["alice.near", "bob.near", "app.near"]
        .map(|name| (name, gold_of(chain, name)))
        .into_iter()
        .filter(|(_, gold)| *gold > 0)
        .map(|(name, gold)| format!(", {name} {gold} gold"));
    let note = format!("{} has the sword{}", owner(chain), gold.collect::<String>());
    last.map(|(_, receipt)| (receipt, note))
        .into_iter()
        .collect()
}

/// An exchange in which a transfer fails, the gas is another, or bob pays later.
pub const EXCHANGE: Play = Play {
    figure: "trade-exchange",
    inputs: &[
        Input::one_of(
            "fails",
            "The transfer that fails",
            &[
                ("nothing", "none"),
                ("sword", "that of the sword, for a block"),
                ("gold", "that of the gold: alice is not registered"),
            ],
        ),
        Input::number("gas", "Gas of the offer", [20, 300], GAS_FOR_ALL, "Tgas"),
        Input::number("wait", "bob pays", [0, 250], 0, "blocks later"),
    ],
    run: |values| {
        let (tgas, blocks) = (values.number("gas"), values.number("wait"));
        let (chain, hashes) = exchange_with(values.choice("fails"), tgas, blocks);
        chain
            .rerun_of_blocks(&hashes)
            .append(&held(&chain))
            .with_notes(notes(&chain, &hashes))
    },
};
