//! Shares, and what is owed beside them.

use near_sdk::test_utils::get_created_receipts;
use near_sdk::{PromiseResult, testing_env};

use super::*;
use crate::test_utils::{
    ADD, after, called_by, empty, id, pool, register, signed_by, success, unused,
};

fn owed(contract: &Contract, owner: &str) -> [u128; 2] {
    contract.get_owed(id(owner)).map(|amount| amount.0)
}

/// Returns a contract that owes carol 1,000 gold and 1,000 silver.
fn after_removal() -> Contract {
    let mut contract = pool();
    signed_by("carol.near");
    contract.remove(U128(1_000), [U128(1_000); 2]);
    contract
}

#[test]
fn both_tokens_give_shares() {
    let contract = pool();

    assert_eq!(contract.get_shares(id("carol.near")), U128(10_000));
    assert_eq!(contract.get_reserves(), [[U128(10_000); 2]; 2]);
    assert_eq!(owed(&contract, "carol.near"), [0, 0]);
}

#[test]
fn what_gives_no_shares_is_owed() {
    let mut contract = pool();
    register(&mut contract, "bob.near");
    unused(&mut contract, "gold.near", "bob.near", 500, ADD);
    assert_eq!(owed(&contract, "bob.near"), [500, 0]);

    unused(&mut contract, "silver.near", "bob.near", 800, ADD);
    assert_eq!(owed(&contract, "bob.near"), [0, 300]);
    assert_eq!(contract.get_shares(id("bob.near")), U128(500));
}

#[test]
#[should_panic(expected = "That gives 500 shares, and not 501")]
fn fewer_shares_than_the_least_are_refused() {
    let mut contract = pool();
    register(&mut contract, "bob.near");
    unused(&mut contract, "gold.near", "bob.near", 500, ADD);
    unused(
        &mut contract,
        "silver.near",
        "bob.near",
        500,
        r#"{"add":{"min_shares":"501","min_in":["0","0"]}}"#,
    );
}

#[test]
#[should_panic(expected = "The shares cost [500, 500]")]
fn shares_at_another_price_are_refused() {
    let mut contract = pool();
    register(&mut contract, "bob.near");
    unused(&mut contract, "gold.near", "bob.near", 500, ADD);
    // Bob believes that 500 gold are worth 800 silver. The number of shares would be enough.
    unused(
        &mut contract,
        "silver.near",
        "bob.near",
        800,
        r#"{"add":{"min_shares":"500","min_in":["500","800"]}}"#,
    );
}

#[test]
#[should_panic(expected = "bob.near has no account: call `register`")]
fn without_an_account_nothing_is_added() {
    unused(&mut empty(), "gold.near", "bob.near", 500, ADD);
}

#[test]
fn shares_that_are_removed_are_owed() {
    let contract = after_removal();

    assert_eq!(owed(&contract, "carol.near"), [1_000, 1_000]);
    assert_eq!(contract.get_shares(id("carol.near")), U128(9_000));
    assert_eq!(contract.get_total_shares(), U128(9_000));
    assert_eq!(contract.get_reserves(), [[U128(9_000); 2]; 2]);
}

#[test]
#[should_panic(expected = "The last shares can leave only when no trade is under way")]
fn the_last_shares_stay_while_a_trade_is_under_way() {
    let mut contract = pool();
    contract.begin(0, U128(1_000_000), U128(1));
    signed_by("carol.near");
    contract.remove(U128(10_000), [U128(0); 2]);
}

#[test]
#[should_panic(expected = "1 yoctoNEAR")]
fn shares_are_not_removed_without_a_yoctonear() {
    let mut contract = pool();
    called_by("carol.near");
    contract.remove(U128(1_000), [U128(0); 2]);
}

#[test]
#[should_panic(expected = "The shares are worth [1000, 1000]")]
fn less_for_the_shares_than_the_least_is_refused() {
    let mut contract = pool();
    signed_by("carol.near");
    contract.remove(U128(1_000), [U128(1_000), U128(1_001)]);
}

#[test]
#[should_panic(expected = "You have fewer shares")]
fn nobody_removes_the_shares_of_others() {
    let mut contract = pool();
    register(&mut contract, "bob.near");
    signed_by("bob.near");
    contract.remove(U128(1), [U128(0); 2]);
}

#[test]
fn a_claim_empties_the_entry_before_the_tokens_are_sent() {
    let mut contract = after_removal();
    contract.claim(id("gold.near")).detach();

    assert_eq!(owed(&contract, "carol.near"), [0, 1_000]);
    assert_eq!(get_created_receipts()[0].receiver_id, "gold.near");
}

#[test]
#[should_panic(expected = "carol.near is owed no gold.near")]
fn a_second_claim_finds_nothing() {
    let mut contract = after_removal();
    contract.claim(id("gold.near")).detach();
    contract.claim(id("gold.near")).detach();
}

#[test]
fn a_claim_that_has_not_arrived_is_owed_again() {
    let mut contract = after_removal();
    contract.claim(id("silver.near")).detach();

    after(PromiseResult::Failed);
    assert!(!contract.claim_callback(id("carol.near"), 1, U128(1_000)));
    assert_eq!(owed(&contract, "carol.near"), [1_000, 1_000]);
}

#[test]
fn a_claim_that_has_arrived_is_not_owed() {
    let mut contract = after_removal();
    contract.claim(id("silver.near")).detach();

    after(success());
    assert!(contract.claim_callback(id("carol.near"), 1, U128(1_000)));
    assert_eq!(owed(&contract, "carol.near"), [1_000, 0]);
}

#[test]
fn the_price_of_an_account_covers_the_longest_entry() {
    let longest: AccountId = "a".repeat(64).parse().unwrap();
    let mut contract = empty();
    contract.accounts.flush();
    let before = env::storage_usage();
    contract.accounts.insert(longest, Account::default());
    contract.accounts.flush();

    let bytes = env::storage_usage() - before;
    let price = env::storage_byte_cost().saturating_mul(bytes.into());
    assert_eq!(price, ACCOUNT_PRICE);
}

#[test]
#[should_panic(expected = "carol.near is registered already")]
fn an_account_is_opened_once() {
    register(&mut pool(), "carol.near");
}

#[test]
#[should_panic(expected = "Attach 0.00164 NEAR")]
fn an_account_costs_its_price() {
    let mut contract = empty();
    testing_env!(near_sdk::test_utils::VMContextBuilder::new().build());
    contract.register();
}
