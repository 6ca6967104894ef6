//! The payments of a transaction: the accounts that paid, and the lost refunds.

use near_primitives::types::{Balance, Gas};
use trace::receipt::{ChargeKind, RefundKind};
use trace::{Ledger, Transaction, UnhandledFailure, timeline, tree};

fn transaction(response: &str) -> Transaction {
    let status = trace::parse_tx_status(response.as_bytes()).expect("a transaction status");
    Transaction::new(&status).expect("a complete transaction")
}

const NO_BENEFICIARY: &str = include_str!("../tx_status/no_heir.json");
const PAYER_GONE: &str = include_str!("../tx_status/detached_failure.json");
const GLOBAL_CONTRACT: &str = include_str!("../tx_status/global_deploy_hash.json");
const IMPLICIT_ACCOUNT: &str = include_str!("../tx_status/implicit_account.json");
const NEW_ACCOUNT: &str = include_str!("../tx_status/new_account.json");

const ALL: [&str; 12] = [
    NO_BENEFICIARY,
    PAYER_GONE,
    GLOBAL_CONTRACT,
    IMPLICIT_ACCOUNT,
    NEW_ACCOUNT,
    include_str!("../tx_status/batch.json"),
    include_str!("../tx_status/down_60.json"),
    include_str!("../tx_status/refund.json"),
    include_str!("../tx_status/single.json"),
    include_str!("../tx_status/neard-batch_last_fails.json"),
    include_str!("../tx_status/neard-fan_out_ten.json"),
    include_str!("../tx_status/neard-parallel_three.json"),
];

/// Returns the last lines of a tree, joined.
fn summary(transaction: &Transaction) -> String {
    let tree = tree(transaction);
    let (_, summary) = tree
        .rsplit_once("\n\n")
        .expect("a blank line before the end");
    summary.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_signer_paid_what_was_taken_less_the_refunds() {
    for response in ALL {
        let transaction = transaction(response);
        let ledger = Ledger::new(&transaction);

        let kept = ledger.paid_first.checked_sub(ledger.refunded);
        assert_eq!(kept, Some(transaction.paid_for_gas()), "{response}");
    }
}

#[test]
fn the_transaction_and_the_ledger_have_the_same_price() {
    for response in ALL {
        let transaction = transaction(response);
        let ledger = Ledger::new(&transaction);

        assert_eq!(ledger.paid, transaction.paid_for_gas());
        assert_eq!(ledger.paid, ledger.spent.saturating_add(ledger.lost));
    }
}

#[test]
fn a_lost_gas_refund_is_part_of_the_price() {
    let transaction = transaction(PAYER_GONE);

    let summary = summary(&transaction);

    assert!(
        summary
            .contains("of gas are lost: they went back to bob.near, and there is no such account."),
        "{summary}"
    );
    let paid = trace::text::about_near(transaction.paid_for_gas()).replace('\u{a0}', " ");
    assert!(
        summary.contains(&format!("bob.near has paid {paid} for ")),
        "{summary}"
    );
    assert!(transaction.paid_for_gas() > transaction.total_tokens_burnt());
}

#[test]
fn the_balance_of_a_deleted_account_is_lost_if_its_beneficiary_does_not_exist() {
    let transaction = transaction(NO_BENEFICIARY);

    let summary = summary(&transaction);

    let sentence =
        "are lost: bob.near was deleted, and there is no account nobody.near to inherit.";
    assert!(summary.contains(sentence), "{summary}");
    assert!(transaction.result.is_ok());
}

#[test]
fn a_lost_refund_is_an_unhandled_failure() {
    let transaction = transaction(NO_BENEFICIARY);

    let failures = transaction.unhandled_failures();

    let lost = failures.iter().filter_map(|failure| match failure {
        UnhandledFailure::LostRefund(refund) => Some(refund.kind),
        UnhandledFailure::Receipt(_) => None,
    });
    let lost: Vec<_> = lost.collect();
    assert!(lost.contains(&RefundKind::Beneficiary), "{lost:?}");
    assert!(lost.contains(&RefundKind::Gas), "{lost:?}");
}

#[test]
fn a_timeline_shows_that_the_beneficiary_does_not_exist() {
    let timeline = timeline(&[transaction(NO_BENEFICIARY)]);

    assert!(
        timeline.contains("and is not there: it is lost"),
        "{timeline}"
    );
}

#[test]
fn the_price_of_a_global_contract_is_not_part_of_the_gas() {
    let transaction = transaction(GLOBAL_CONTRACT);
    let ledger = Ledger::new(&transaction);

    let gas = transaction.total_gas_burnt();
    assert_eq!(ledger.burnt, gas);
    assert_eq!(ledger.rows[0].has, gas);
    assert_eq!(ledger.unspent, Gas::ZERO);
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
fn a_new_implicit_account_is_named_with_its_price() {
    let transaction = transaction(IMPLICIT_ACCOUNT);

    let account = "56e22372e535ef705feaa1994e388fd45eb4ba194c863443e4340986dc2a9dd2";
    assert_eq!(transaction.new_accounts(), [account]);
    let charge = transaction.receipt(1).charge.expect("there is a charge");
    assert_eq!(charge.kind, ChargeKind::NewAccount);
    assert_eq!(charge.amount, Balance::from_yoctonear(628 * 10u128.pow(19)));
    let summary = summary(&transaction);
    assert!(
        summary.contains(&format!("for the new account {account} (~0.006280 NEAR)")),
        "{summary}"
    );
    let ledger = Ledger::new(&transaction).to_text();
    assert!(
        ledger.contains(&format!("of it for the new account {account}")),
        "{ledger}"
    );
}

/// A transfer creates an Ethereum-implicit account (NEP-518), and a deterministic one without its state (NEP-616).
#[test]
fn each_kind_of_implicit_account_is_named_with_its_price() {
    let implicit = "56e22372e535ef705feaa1994e388fd45eb4ba194c863443e4340986dc2a9dd2";
    for account in [
        "0x1234567890abcdef1234567890abcdef12345678",
        "0s1234567890abcdef1234567890abcdef12345678",
    ] {
        let transaction = transaction(&IMPLICIT_ACCOUNT.replace(implicit, account));

        assert_eq!(transaction.new_accounts(), [account]);
        let summary = summary(&transaction);
        assert!(
            summary.contains(&format!("for the new account {account} (~0.006280 NEAR)")),
            "{summary}"
        );
    }
}

/// Returns a transaction with these actions instead of a transfer of 1 NEAR, whose receipt burns this many yoctoNEAR in
/// addition to its gas.
fn burning(actions: &str, yoctonear: u128) -> Transaction {
    const GAS: u128 = 752_494_768_750_000_000_000;

    let transfer = r#"{"Transfer":{"deposit":"1000000000000000000000000"}}"#;
    let burnt = format!(r#""tokens_burnt":"{}""#, GAS + yoctonear);
    let response = IMPLICIT_ACCOUNT.replace(transfer, actions);
    transaction(&response.replace(r#""tokens_burnt":"7032494768750000000000""#, &burnt))
}

const DELETE_KEY: &str =
    r#"{"DeleteKey":{"public_key":"ed25519:GaS92okPt9k5oEp4ZFervtmn4RcUr23HDJrZ2ng4Sb9N"}}"#;

#[test]
fn the_balance_of_a_deleted_gas_key_is_not_part_of_the_gas() {
    let delete_account = r#"{"DeleteAccount":{"beneficiary_id":"bob.near"}}"#;
    for actions in [DELETE_KEY, delete_account] {
        let transaction = burning(actions, 5 * 10u128.pow(23));
        let ledger = Ledger::new(&transaction);

        let charge = transaction.receipt(1).charge.expect("there is a charge");
        assert_eq!(charge.kind, ChargeKind::GasKeys);
        assert_eq!(charge.amount, Balance::from_millinear(500));
        assert_eq!(transaction.total_gas_burnt(), ledger.burnt);
        assert!(ledger.unspent < Gas::from_teragas(10), "{ledger:?}");
        assert!(ledger.spent < Balance::from_millinear(1), "{ledger:?}");
        let summary = summary(&transaction);
        assert!(
            summary.contains("~0.500000 NEAR of 56e2") && summary.contains("deleted gas keys."),
            "{summary}"
        );
        let ledger = ledger.to_text().replace('\u{a0}', " ");
        assert!(ledger.contains("burnt with gas keys of 56e2"), "{ledger}");
    }
}

/// The price of gas may have risen until the block of the receipt.
#[test]
fn tokens_that_can_have_paid_for_gas_are_no_balance_of_a_gas_key() {
    let transaction = burning(DELETE_KEY, 10u128.pow(18));

    assert_eq!(transaction.receipt(1).charge, None);
}

#[test]
fn a_new_account_is_shown_with_its_keys_and_its_code_hash() {
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
