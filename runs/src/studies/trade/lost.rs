//! Callbacks of `app.near` itself that are lost: a release without them is there for a moment.

use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::crafting::{self, NEW};
use super::{GAS_FOR_ALL, fill, game, gold_of, offer, owner, owner_of, register, resume, statuses};
use crate::test_chain::{TestChain, TxHash, call, deploy, paid, partner, wasm_of, with_gas};

/// The number of blocks in which a trade or a crafting ends.
const BLOCKS: u64 = 16;

/// A chain on which the item was brought, and the gold is under way: the two transactions.
type Begun = (TestChain, [TxHash; 2]);

/// Returns a chain on which the callback of the sword is lost, and its four transactions: the offer, the payment and two deployments.
pub fn callback() -> (TestChain, [TxHash; 4]) {
    at_the_block(trade, |chain| statuses(chain) == ["sent", "held"])
}

/// Returns a chain on which the callback of the yield is lost, and its four transactions: the offer, the payment and two deployments.
pub fn exchange() -> (TestChain, [TxHash; 4]) {
    at_the_block(trade, |chain| {
        owner(chain) == "alice.near" && statuses(chain) == ["held", "held"]
    })
}

/// Returns a chain on which the callback of a mint is lost, and its four transactions.
pub fn mint() -> (TestChain, [TxHash; 4]) {
    at_the_block(crafting, |chain| {
        statuses(chain) == ["new", "held", "held"] && !owner_of(chain, NEW).is_empty()
    })
}

/// Returns who has the iron and the gold of alice after the items have refused a mint, its callback was lost, and carol has
/// resumed, and the statuses of the crafting.
pub fn refused_mint() -> (String, u128, Vec<String>) {
    let begun = || {
        let iron = crafting::bring("iron", GAS_FOR_ALL);
        begin(crafting::smithy("items.near"), iron, "alice.near", NEW)
    };
    // Without its callback the crafting stays as it is.
    let (mut chain, _) = at_the_block(begun, |chain| {
        statuses(chain) == ["new", "held", "held"]
            && chain.view("app.near", "get_trade", json!({ "id": 0 }))["way"] == "forward"
    });
    let resumed = chain.send("carol.near", "app.near", vec![with_gas(resume(), 300)]);
    chain.assert_succeeded(resumed);
    (
        owner_of(&chain, "iron"),
        gold_of(&chain, "alice.near"),
        statuses(&chain),
    )
}

/// Returns a chain on which the callback with the owner of the new item is lost, and its four transactions.
pub fn answer() -> (TestChain, [TxHash; 4]) {
    at_the_block(crafting, |chain| {
        statuses(chain) == ["asked", "held", "held"]
    })
}

/// Returns the statuses after the callback of the sword was lost, bob has approved this number of accounts to transfer
/// the sword, and carol has resumed. What the items say of the sword grows with the approvals.
pub fn asked_about_an_item_with(approvals: u64) -> Vec<String> {
    let (mut chain, _) = callback();
    approve("bob.near", &mut chain, approvals);
    let resumed = chain.send("carol.near", "app.near", vec![with_gas(resume(), 300)]);
    chain.assert_succeeded(resumed);
    statuses(&chain)
}

/// Returns the owner of the sword after its deadline, when alice has approved this number of accounts and has offered it.
pub fn owner_at_the_deadline_with(approvals: u64) -> String {
    let mut chain = game();
    approve("alice.near", &mut chain, approvals);
    chain.submit("alice.near", "items.near", vec![offer(GAS_FOR_ALL)]);
    chain.run_to_the_last_yield();
    owner(&chain)
}

/// Lets the owner of the sword approve this number of accounts to transfer it.
fn approve(sender: &str, chain: &mut TestChain, approvals: u64) {
    let approve = |index: u64| {
        let args = json!({ "token_id": "sword", "account_id": format!("{index:064x}") });
        with_gas(
            paid(call("nft_approve", args), Balance::from_millinear(2)),
            30,
        )
    };
    let accounts: Vec<u64> = (0..approvals).collect();
    for some in accounts.chunks(10) {
        let actions = some.iter().copied().map(approve).collect();
        let approved = chain.send(sender, "items.near", actions);
        chain.assert_succeeded(approved);
    }
}

/// Returns the statuses after the gas of a crafting has ended with the mint, and after carol has resumed.
pub fn mint_without_gas() -> [Vec<String>; 2] {
    let chain = crafting::smithy_of_two();
    let (mut chain, _) = begin(chain, crafting::bring("iron", 50), "alice.near", NEW);
    chain.run_until_idle();
    let before = statuses(&chain);
    let resumed = chain.send("carol.near", "app.near", vec![with_gas(resume(), 300)]);
    chain.assert_succeeded(resumed);
    [before, statuses(&chain)]
}

/// Returns the first trade that ends like this, if the contract is away in one of its blocks.
fn at_the_block(
    begin: fn() -> Begun,
    ends: impl Fn(&TestChain) -> bool,
) -> (TestChain, [TxHash; 4]) {
    let mut trades = (1..BLOCKS).map(|blocks| without_contract_after(begin(), blocks));
    let found = trades.find(|(chain, _)| ends(chain));
    found.expect("one of the blocks has the callback")
}

fn trade() -> Begun {
    let mut chain = game();
    register(&mut chain, "alice.near");
    begin(chain, offer(GAS_FOR_ALL), "bob.near", "sword")
}

fn crafting() -> Begun {
    let chain = crafting::smithy_of_two();
    let iron = crafting::bring("iron", GAS_FOR_ALL);
    begin(chain, iron, "alice.near", NEW)
}

/// Lets alice bring an item, and then this account pay for the item that it gets.
fn begin(mut chain: TestChain, item: Action, payer: &str, gets: &str) -> Begun {
    let brought = chain.submit("alice.near", "items.near", vec![item]);
    chain.run_until_idle();
    let paid = chain.submit(payer, "gold.near", vec![fill(gets)]);
    (chain, [brought, paid])
}

/// Runs a trade. After `blocks` blocks of the payment the contract of `app.near` is replaced, and then put back.
fn without_contract_after((mut chain, begun): Begun, blocks: u64) -> (TestChain, [TxHash; 4]) {
    for _ in 0..blocks {
        chain.produce_block();
    }
    let deployments = [partner("responses", "hello"), wasm_of("trade")].map(|code| {
        let deployed = chain.submit("app.near", "app.near", vec![deploy(code)]);
        chain.produce_block();
        deployed
    });
    chain.run_until_idle();
    let [replaced, restored] = deployments;
    (chain, [begun[0], begun[1], replaced, restored])
}
