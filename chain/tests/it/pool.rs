//! The pool: a block leaves out the transactions that are not valid after those before them.

use chain::Chain;
use chain::testing::signer;
use near_crypto::{InMemorySigner, KeyType, Signer};
use near_primitives::account::{AccessKey, AccessKeyPermission, FunctionCallPermission};
use near_primitives::action::{Action, AddKeyAction, DeleteAccountAction, DeleteKeyAction};
use near_primitives::errors::{InvalidAccessKeyError, InvalidTxError};
use near_primitives::hash::CryptoHash;
use near_primitives::transaction::{
    ExecutionStatus, NonceMode, SignedTransaction, Transaction, TransactionNonce, TransactionV1,
};
use near_primitives::types::{Balance, Gas, Nonce};
use proptest::prelude::*;

use crate::test_chain::*;

fn alice_and_bob() -> Chain {
    chain(&[(ALICE, near(10)), (BOB, near(10))])
}

/// Returns the nonce of alice's key.
fn nonce(chain: &Chain) -> Nonce {
    let key = public_key(ALICE);
    let key = chain.head().state.access_key(&account(ALICE), &key);
    key.map_or(0, |key| key.nonce)
}

/// Signs a transfer from alice to bob.
fn gift(chain: &Chain, nonce: Nonce, amount: Balance) -> SignedTransaction {
    let actions = vec![transfer(amount)];
    chain.signed_with_nonce(&signer(&account(ALICE)), &account(BOB), nonce, actions)
}

/// Submits transactions for one block, all of which are valid on the state before it.
fn submit_all(chain: &mut Chain, transactions: &[&SignedTransaction]) {
    for transaction in transactions {
        let taken = chain.submit((*transaction).clone());
        taken.expect("it is valid before the block");
    }
}

/// Returns the reason for which the latest block has left a transaction out.
fn reason(chain: &Chain, left_out: &SignedTransaction) -> InvalidTxError {
    let hash = *left_out.hash();
    let head = chain.head();
    assert!(head.transactions.iter().all(|taken| *taken.hash() != hash));
    assert!(!head.outcomes.contains(&hash) && chain.outcome(&hash).is_none());
    assert!(chain.transaction(&hash).is_none() && !chain.is_pending(&hash));
    let mut found = chain.invalid_transactions().iter();
    let found = found.find(|(transaction, _)| *transaction.hash() == hash);
    found.expect("the block has left it out").1.clone()
}

fn is_executed(chain: &Chain, hash: &CryptoHash) -> bool {
    chain.outcome(hash).is_some()
}

#[test]
fn two_transactions_signed_for_one_block_both_run() {
    let mut chain = alice_and_bob();
    let give = |chain: &Chain| {
        let actions = vec![transfer(near(1))];
        chain.signed(&signer(&account(ALICE)), &account(BOB), actions)
    };
    let first = give(&chain);
    submit_all(&mut chain, &[&first]);
    let second = give(&chain);
    submit_all(&mut chain, &[&second]);
    chain.produce_block();

    assert!(is_executed(&chain, first.hash()));
    assert!(is_executed(&chain, second.hash()) && first != second);
}

#[test]
fn a_second_transaction_with_the_same_nonce_is_left_out() {
    let mut chain = alice_and_bob();
    let next = nonce(&chain) + 1;
    let first = gift(&chain, next, near(1));
    let second = gift(&chain, next, near(2));
    submit_all(&mut chain, &[&first, &second]);
    chain.produce_block();
    assert!(is_executed(&chain, first.hash()));
    let expected = InvalidTxError::InvalidNonce {
        tx_nonce: next,
        ak_nonce: next,
    };
    assert_eq!(reason(&chain, &second), expected);
}

#[test]
fn a_transaction_that_the_balance_no_longer_covers_is_left_out() {
    let mut chain = alice_and_bob();
    let used = nonce(&chain);
    let first = gift(&chain, used + 1, near(9));
    let second = gift(&chain, used + 2, near(9));
    submit_all(&mut chain, &[&first, &second]);
    chain.produce_block();
    assert!(is_executed(&chain, first.hash()));
    let error = reason(&chain, &second);
    assert!(
        matches!(error, InvalidTxError::NotEnoughBalance { .. }),
        "{error:?}"
    );
}

#[test]
fn a_transaction_after_one_that_is_left_out_is_taken() {
    let mut chain = alice_and_bob();
    let used = nonce(&chain);
    let [first, second, third] = [(1, near(9)), (2, near(9)), (3, Balance::from_yoctonear(1))]
        .map(|(step, amount)| gift(&chain, used + step, amount));
    submit_all(&mut chain, &[&first, &second, &third]);
    chain.produce_blocks_until_idle();
    assert!(is_executed(&chain, third.hash()));
}

#[test]
fn a_transaction_that_was_left_out_can_be_sent_again_when_it_is_valid() {
    let mut chain = alice_and_bob();
    let used = nonce(&chain);
    let first = gift(&chain, used + 1, near(9));
    let second = gift(&chain, used + 2, near(9));
    submit_all(&mut chain, &[&first, &second]);
    chain.produce_blocks_until_idle();
    run(&mut chain, BOB, ALICE, vec![transfer(near(9))]);
    submit_all(&mut chain, &[&second]);
    chain.produce_blocks_until_idle();
    assert!(is_executed(&chain, second.hash()));
}

#[test]
fn a_transaction_is_taken_once_however_often_it_is_sent() {
    let mut chain = alice_and_bob();
    let signed = gift(&chain, nonce(&chain) + 1, near(1));
    submit_all(&mut chain, &[&signed, &signed]);
    let block = chain.produce_block();
    submit_all(&mut chain, &[&signed]);
    chain.produce_blocks_until_idle();
    assert_eq!(block.transactions.len(), 1);
    assert_eq!(balance(&chain, BOB), near(11));
}

#[test]
fn a_nonce_far_above_the_height_is_left_out() {
    let mut chain = alice_and_bob();
    let height = chain.head().height + 1;
    let upper_bound = height * AccessKey::ACCESS_KEY_NONCE_RANGE_MULTIPLIER;
    let signed = gift(&chain, upper_bound, near(1));
    submit_all(&mut chain, &[&signed]);
    chain.produce_block();
    let expected = InvalidTxError::NonceTooLarge {
        tx_nonce: upper_bound,
        upper_bound,
    };
    assert_eq!(reason(&chain, &signed), expected);
}

#[test]
fn a_strict_nonce_that_the_block_has_used_is_left_out() {
    let mut chain = alice_and_bob();
    let used = nonce(&chain);
    let first = gift(&chain, used + 1, near(1));
    let Transaction::V0(ref fields) = gift(&chain, used + 2, near(1)).transaction else {
        panic!("the helper signs version 0");
    };
    let strict = Transaction::V1(TransactionV1 {
        signer_id: fields.signer_id.clone(),
        public_key: fields.public_key.clone(),
        nonce: TransactionNonce::from_nonce(used + 1),
        receiver_id: fields.receiver_id.clone(),
        block_hash: fields.block_hash,
        actions: vec![transfer(near(2))],
        nonce_mode: NonceMode::Strict,
    });
    let signature = signer(&account(ALICE)).sign(strict.get_hash_and_size().0.as_ref());
    let strict = SignedTransaction::new(signature, strict);
    submit_all(&mut chain, &[&first, &strict]);
    chain.produce_block();
    let expected = InvalidTxError::InvalidNonce {
        tx_nonce: used + 1,
        ak_nonce: used + 1,
    };
    assert_eq!(reason(&chain, &strict), expected);
}

/// Gives alice a function-call key for bob with an allowance for one call only.
fn function_call_key(chain: &mut Chain) -> Signer {
    let key = InMemorySigner::from_seed(account(ALICE), KeyType::ED25519, "for functions");
    let permission = FunctionCallPermission {
        allowance: Some(Balance::from_millinear(30)),
        receiver_id: BOB.to_owned(),
        method_names: Vec::new(),
    };
    let add = AddKeyAction {
        public_key: key.public_key(),
        access_key: AccessKey {
            nonce: 0,
            permission: AccessKeyPermission::FunctionCall(permission),
        },
    };
    run(chain, ALICE, ALICE, vec![add.into()]);
    key
}

/// Signs two calls of bob with one key.
fn two_calls(chain: &Chain, key: &Signer) -> [SignedTransaction; 2] {
    let found = chain
        .head()
        .state
        .access_key(&account(ALICE), &key.public_key());
    let used = found.expect("the key is there").nonce;
    [1, 2].map(|step| {
        let action = call("any", [], Gas::from_teragas(20), Balance::ZERO);
        chain.signed_with_nonce(key, &account(BOB), used + step, vec![action])
    })
}

#[test]
fn a_transaction_that_the_allowance_no_longer_covers_is_left_out() {
    let mut chain = alice_and_bob();
    let key = function_call_key(&mut chain);
    let [first, second] = two_calls(&chain, &key);
    submit_all(&mut chain, &[&first, &second]);
    chain.produce_block();
    assert!(is_executed(&chain, first.hash()));
    let error = reason(&chain, &second);
    let InvalidTxError::InvalidAccessKeyError(InvalidAccessKeyError::NotEnoughAllowance { .. }) =
        error
    else {
        panic!("{error:?}");
    };
}

#[test]
fn a_transaction_whose_key_the_block_before_deletes_is_refused_at_once() {
    let mut chain = alice_and_bob();
    let key = function_call_key(&mut chain);
    let [first, _] = two_calls(&chain, &key);
    let delete: Action = DeleteKeyAction {
        public_key: key.public_key(),
    }
    .into();
    run(&mut chain, ALICE, ALICE, vec![delete]);
    let error = chain.submit(first).expect_err("the key is gone");
    let InvalidTxError::InvalidAccessKeyError(InvalidAccessKeyError::AccessKeyNotFound { .. }) =
        error
    else {
        panic!("{error:?}");
    };
}

#[test]
fn transactions_are_charged_before_a_receipt_of_the_same_block_deletes_the_account() {
    let mut chain = alice_and_bob();
    let used = nonce(&chain);
    let delete = DeleteAccountAction {
        beneficiary_id: account(BOB),
    };
    let own = signer(&account(ALICE));
    let delete = chain.signed_with_nonce(&own, &account(ALICE), used + 1, vec![delete.into()]);
    let second = gift(&chain, used + 2, near(1));
    submit_all(&mut chain, &[&delete, &second]);
    chain.produce_blocks_until_idle();
    assert!(is_executed(&chain, second.hash()));
}

/// Transfers of one account in one block: steps above the used nonce, and amounts in NEAR.
fn transfers() -> impl Strategy<Value = Vec<(u64, u128)>> {
    prop::collection::vec((1_u64..6, 1_u128..7), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_transaction_is_either_executed_once_or_left_out_with_a_reason(transfers in transfers()) {
        let mut chain = alice_and_bob();
        let used = nonce(&chain);
        let sent: Vec<_> = transfers
            .iter()
            .map(|(step, amount)| gift(&chain, used + step, near(*amount)))
            .collect();
        for signed in &sent {
            // Those above the balance are refused at once.
            let _ = chain.submit(signed.clone());
        }
        let block = chain.produce_block();
        let left_out = chain.invalid_transactions().to_vec();
        for taken in &block.transactions {
            let outcome = chain.outcome(taken.hash()).expect("it is executed");
            let failed = matches!(outcome.outcome.status, ExecutionStatus::Failure(_));
            prop_assert!(!failed, "{outcome:?}");
        }
        for (signed, _) in &left_out {
            prop_assert!(chain.outcome(signed.hash()).is_none());
            prop_assert!(!chain.is_pending(signed.hash()));
        }
        let mut nonces: Vec<_> = block.transactions.iter().map(|t| t.transaction.nonce().nonce()).collect();
        nonces.dedup();
        prop_assert_eq!(nonces.len(), block.transactions.len());
        let known: std::collections::HashSet<_> = sent.iter().map(|signed| *signed.hash()).collect();
        prop_assert!(block.transactions.len() + left_out.len() <= known.len());
        chain.produce_blocks_until_idle();
        let given: u128 = block
            .transactions
            .iter()
            .filter_map(|taken| match taken.transaction.actions() {
                [Action::Transfer(transfer)] => Some(transfer.deposit.as_yoctonear()),
                _ => None,
            })
            .sum();
        prop_assert_eq!(balance(&chain, BOB).as_yoctonear(), near(10).as_yoctonear() + given);
    }
}
