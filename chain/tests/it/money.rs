//! The costs of transactions at protocol 88: the worked numbers of `SPEC.md` §1.2, and the rules of §2.7.

use near_primitives::action::{Action, CreateAccountAction};
use near_primitives::types::{Balance, Gas};

use crate::test_chain::*;

fn yocto(amount: u128) -> Balance {
    Balance::from_yoctonear(amount)
}

fn two_accounts() -> chain::Chain {
    chain(&[
        ("alice.near", near(100)),
        ("bob.near", near(100)),
        ("near", near(1)),
    ])
}

#[test]
fn a_transfer_burns_the_same_twice_and_refunds_the_price_difference() {
    let mut chain = two_accounts();
    let hash = run(
        &mut chain,
        "alice.near",
        "bob.near",
        vec![transfer(near(1))],
    );

    let transaction = &outcome(&chain, &hash).outcome;
    assert_eq!(transaction.gas_burnt, Gas::from_gas(223_182_562_500));
    assert_eq!(transaction.tokens_burnt, yocto(22_318_256_250_000_000_000));
    let receipts = tree(&chain, &hash);
    assert_eq!(receipts.len(), 2);
    assert_eq!(
        receipts[0].outcome.gas_burnt,
        Gas::from_gas(223_182_562_500)
    );
    assert_eq!(
        receipts[0].outcome.tokens_burnt,
        yocto(22_318_256_250_000_000_000)
    );
    let charged = 245_500_818_750_000_000_000;
    let refunded = 200_864_306_250_000_000_000;
    assert_eq!(
        balance(&chain, "alice.near"),
        yocto(99 * 10u128.pow(24) - charged + refunded)
    );
    assert_eq!(balance(&chain, "bob.near"), near(101));
}

#[test]
fn the_creation_of_an_account_costs_7_millinear() {
    let mut chain = two_accounts();
    let hash = create(&mut chain, "alice.near", "sub.alice.near", near(1));

    let transaction = &outcome(&chain, &hash).outcome;
    assert_eq!(transaction.gas_burnt, Gas::from_gas(824_947_687_500));
    let receipts = tree(&chain, &hash);
    assert_eq!(
        receipts[0].outcome.gas_burnt,
        Gas::from_gas(7_524_947_687_500)
    );
    let burnt = yocto(7_032_494_768_750_000_000_000);
    assert_eq!(receipts[0].outcome.tokens_burnt, burnt);
    let all_burnt = burnt.as_yoctonear() + transaction.tokens_burnt.as_yoctonear();
    assert_eq!(
        balance(&chain, "alice.near"),
        yocto(99 * 10u128.pow(24) - all_burnt)
    );
}

#[test]
fn a_missing_method_burns_only_the_static_fees() {
    let mut chain = two_accounts();
    deploy(&mut chain, "bob.near", PROBE);
    let args = [b'x'; 31];
    let action = call("nope", args, Gas::from_teragas(20), Balance::ZERO);
    let hash = run(&mut chain, "alice.near", "bob.near", vec![action]);

    assert_eq!(
        outcome(&chain, &hash).outcome.gas_burnt,
        Gas::from_gas(309_728_430_025)
    );
    let receipts = tree(&chain, &hash);
    assert_eq!(
        receipts[0].outcome.gas_burnt,
        Gas::from_gas(888_137_757_690)
    );
}

#[test]
fn a_failed_creation_is_not_charged_for_an_account() {
    let mut chain = two_accounts();
    let actions = vec![
        Action::CreateAccount(CreateAccountAction {}),
        transfer(near(1)),
        call("nope", [], Gas::from_teragas(1), Balance::ZERO),
    ];
    let hash = run(&mut chain, "alice.near", "sub.alice.near", actions);

    let receipt = &tree(&chain, &hash)[0].outcome;
    let at_block_price = u128::from(receipt.gas_burnt.as_gas()) * 100_000_000;
    assert_eq!(receipt.tokens_burnt, yocto(at_block_price));
}

#[test]
fn the_deposit_of_a_failed_transfer_returns_in_a_receipt_of_its_own_before_the_gas() {
    let mut chain = two_accounts();
    let hash = run(
        &mut chain,
        "alice.near",
        "nobody.near",
        vec![transfer(near(5))],
    );

    let receipts = tree(&chain, &hash);
    assert_eq!(receipts.len(), 3);
    let lost = u128::from(receipts[0].outcome.gas_burnt.as_gas()) * 100_000_000
        + outcome(&chain, &hash).outcome.tokens_burnt.as_yoctonear();
    assert_eq!(
        balance(&chain, "alice.near"),
        yocto(100 * 10u128.pow(24) - lost)
    );
    let deposit_refund = chain.receipt(&receipts[1].id).expect("kept");
    assert_eq!(deposit_refund.predecessor_id(), "system");
}

#[test]
fn all_tokens_are_accounted_for_after_a_mixture_of_transactions() {
    let mut chain = two_accounts();
    deploy(&mut chain, "bob.near", PROBE);
    let supply = |chain: &chain::Chain| {
        let state = &chain.head().state;
        ["alice.near", "bob.near", "near", "sub.alice.near"]
            .iter()
            .filter_map(|id| state.account(&account(id)))
            .fold(Balance::ZERO, |sum, account| {
                sum.saturating_add(account.amount())
            })
    };
    run(
        &mut chain,
        "alice.near",
        "nobody.near",
        vec![transfer(near(5))],
    );
    create(&mut chain, "alice.near", "sub.alice.near", near(1));
    let nested = serde_json::json!([
        {"create": {"to": "alice.near", "actions": [{"transfer": {"yocto": "3"}}]}},
        {"panic": {"text": "no"}},
    ]);
    run(
        &mut chain,
        "alice.near",
        "bob.near",
        vec![program(nested, 100, near(2))],
    );
    assert_eq!(supply(&chain), chain.head().total_supply);
}
