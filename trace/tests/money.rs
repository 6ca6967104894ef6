//! The verdict on money: who has paid it in the end, and what of it is lost.

use near_primitives::types::{Balance, Gas};
use trace::receipt::{ChargeKind, RefundKind};
use trace::{Ledger, Transaction, Unhandled, timeline, tree};

fn transaction(saved: &str) -> Transaction {
    let answer = trace::read(saved.as_bytes()).expect("it is an answer");
    Transaction::of(&answer).expect("it holds together")
}

const NO_HEIR: &str = include_str!("answers/no_heir.json");
const PAYER_GONE: &str = include_str!("answers/detached_failure.json");
const GLOBAL_CONTRACT: &str = include_str!("answers/global_deploy_hash.json");
const IMPLICIT_ACCOUNT: &str = include_str!("answers/implicit_account.json");
const NEW_ACCOUNT: &str = include_str!("answers/new_account.json");

const ANSWERS: [&str; 12] = [
    NO_HEIR,
    PAYER_GONE,
    GLOBAL_CONTRACT,
    IMPLICIT_ACCOUNT,
    NEW_ACCOUNT,
    include_str!("answers/batch.json"),
    include_str!("answers/down_60.json"),
    include_str!("answers/refund.json"),
    include_str!("answers/single.json"),
    include_str!("answers/neard-batch_last_fails.json"),
    include_str!("answers/neard-fan_out_ten.json"),
    include_str!("answers/neard-parallel_three.json"),
];

/// The last lines of a tree, as one.
fn verdict(transaction: &Transaction) -> String {
    let tree = tree(transaction);
    let (_, verdict) = tree
        .rsplit_once("\n\n")
        .expect("a blank line before the end");
    verdict.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_the_signer_has_paid_is_what_was_taken_less_what_came_back() {
    for saved in ANSWERS {
        let transaction = transaction(saved);
        let ledger = Ledger::of(&transaction);

        let kept = ledger.paid_first.checked_sub(ledger.refunded);
        assert_eq!(kept, Some(transaction.paid_for_gas()), "{saved}");
    }
}

#[test]
fn the_verdict_and_the_ledger_have_one_number() {
    for saved in ANSWERS {
        let transaction = transaction(saved);
        let ledger = Ledger::of(&transaction);

        assert_eq!(ledger.paid, transaction.paid_for_gas());
        assert_eq!(ledger.paid, ledger.spent.saturating_add(ledger.lost));
    }
}

#[test]
fn a_refund_of_gas_that_nobody_took_is_paid_and_lost() {
    let transaction = transaction(PAYER_GONE);

    let verdict = verdict(&transaction);

    assert!(
        verdict
            .contains("of gas are lost: they went back to bob.near, and there is no such account."),
        "{verdict}"
    );
    let paid = trace::text::about_near(transaction.paid_for_gas()).replace('\u{a0}', " ");
    assert!(
        verdict.contains(&format!("bob.near has paid {paid} for ")),
        "{verdict}"
    );
    assert!(transaction.paid_for_gas() > transaction.total_tokens_burnt());
}

#[test]
fn what_an_account_held_is_lost_where_nobody_inherits() {
    let transaction = transaction(NO_HEIR);

    let verdict = verdict(&transaction);

    let words = "are lost: bob.near was deleted, and there is no account nobody.near to inherit.";
    assert!(verdict.contains(words), "{verdict}");
    assert!(transaction.end.is_ok());
}

#[test]
fn lost_money_is_an_unhandled_failure() {
    let transaction = transaction(NO_HEIR);

    let failures = transaction.unhandled_failures();

    let lost = failures.iter().filter_map(|failure| match failure {
        Unhandled::Lost(refund) => Some(refund.kind),
        Unhandled::Receipt(_) => None,
    });
    let lost: Vec<_> = lost.collect();
    assert!(lost.contains(&RefundKind::Inheritance), "{lost:?}");
    assert!(lost.contains(&RefundKind::Gas), "{lost:?}");
}

#[test]
fn a_timeline_tells_that_nobody_inherits() {
    let timeline = timeline(&[transaction(NO_HEIR)]);

    assert!(
        timeline.contains("and is not there: it is lost"),
        "{timeline}"
    );
}

#[test]
fn the_bytes_of_a_global_contract_are_no_gas() {
    let transaction = transaction(GLOBAL_CONTRACT);
    let ledger = Ledger::of(&transaction);

    let gas = transaction.total_gas_burnt();
    assert_eq!(ledger.burnt, gas);
    assert_eq!(ledger.rows[0].has, gas);
    assert_eq!(ledger.left_over, Gas::ZERO);
    let [code] = &ledger.global_contracts[..] else {
        panic!("one deploy: {ledger:?}");
    };
    // 99,042 bytes, at 0.0001 NEAR each.
    assert_eq!(
        code.amount,
        Balance::from_yoctonear(99_042 * 10u128.pow(20))
    );
    assert!(ledger.spent < Balance::from_millinear(1), "{ledger:?}");
}

#[test]
fn a_new_implicit_account_is_named_with_what_it_cost() {
    let transaction = transaction(IMPLICIT_ACCOUNT);

    let account = "56e22372e535ef705feaa1994e388fd45eb4ba194c863443e4340986dc2a9dd2";
    assert_eq!(transaction.new_accounts(), [account]);
    let charge = transaction.receipt(1).charge.expect("there is a charge");
    assert_eq!(charge.kind, ChargeKind::NewAccount);
    assert_eq!(charge.amount, Balance::from_yoctonear(628 * 10u128.pow(19)));
    let verdict = verdict(&transaction);
    assert!(
        verdict.contains(&format!("for the new account {account} (~0.006280 NEAR)")),
        "{verdict}"
    );
    let ledger = Ledger::of(&transaction).to_text();
    assert!(
        ledger.contains(&format!("of it for the new account {account}")),
        "{ledger}"
    );
}

#[test]
fn a_new_account_is_shown_with_its_keys_and_its_code() {
    let transaction = transaction(NEW_ACCOUNT);

    let tree = tree(&transaction);
    let words = tree
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("│ ", "");

    assert_eq!(transaction.new_accounts(), ["new.alice.near"]);
    assert!(words.contains("with full access"), "{tree}");
    assert!(
        words.contains(
            "to call increment, decrement of counter.near, with an allowance of 0.25 NEAR"
        ),
        "{tree}"
    );
    assert!(words.contains("delete the key ed25519:"), "{tree}");
    assert!(
        words.contains("deploy a contract with the code hash "),
        "{tree}"
    );
}
