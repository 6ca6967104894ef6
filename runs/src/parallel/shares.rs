//! The distribution of unspent gas among calls.

use near_primitives::types::Gas;
use serde_json::json;

use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{ExecutedCall, TestChain, TxHash, returns_nothing};
use crate::text;

/// Shows the gas of calls, by their static gas and their weights.
pub fn weights() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (sentence, shares) in [
        (
            "all weights are the same: nothing is left over",
            vec![(5, 1), (5, 1), (5, 1)],
        ),
        (
            "0, 1 and 3: the first gets its static gas and no more",
            vec![(5, 0), (5, 1), (5, 3)],
        ),
        (
            "all weights are zero: nobody takes the rest",
            vec![(5, 0), (20, 0), (5, 0)],
        ),
        (
            "no static gas, but a weight: the call lives on its share",
            vec![(0, 1), (0, 1), (30, 0)],
        ),
    ] {
        let (table, holds) = shared(&shares);
        claims.push(claim(sentence, holds));
        lines.push_str(&table);
        lines.push('\n');
    }
    Figure::table(lines, claims)
}

/// Shows the third run in full.
pub fn shares_static() -> Figure {
    shares_in_full(&[(5, 0), (20, 0), (5, 0)], false)
}

/// Shows the second run in full.
pub fn shares_weighted() -> Figure {
    shares_in_full(&[(5, 0), (5, 1), (5, 3)], true)
}

/// Shows a run in full. `is_taken` says if the calls take all the unspent gas of the method, or none of it.
fn shares_in_full(shares: &[(u64, u64)], is_taken: bool) -> Figure {
    let mut chain = TestChain::with_contract("experiments");
    let tx = share(&mut chain, shares);
    let expected = returns_nothing().receipts(1 + shares.len());
    let transaction = chain.transaction(tx);
    let left_over = transaction.receipt(1).gas_unspent;
    chain
        .figure(tx, expected.no_balance_moves())
        .with_gas()
        .claims(claim(
            "with weights no gas is unspent, and without any the rest is refunded",
            (left_over == Gas::ZERO) == is_taken,
        ))
}

/// Calls the method with these shares: static gas in Tgas, and weight.
fn share(chain: &mut TestChain, shares: &[(u64, u64)]) -> TxHash {
    let shares = shares.iter();
    let shares = shares.map(|(tgas, weight)| json!({ "tgas": tgas, "weight": weight }));
    chain.call(
        "share_gas",
        json!({ "counter": "counter.near", "shares": shares.collect::<Vec<_>>() }),
    )
}

/// Returns the table of a run, and true if each share fits its weight.
fn shared(shares: &[(u64, u64)]) -> (String, bool) {
    let mut chain = TestChain::with_contract("experiments");
    let tx = share(&mut chain, shares);
    let ran = chain.calls(tx);
    let [method, calls @ ..] = &ran[..] else {
        panic!("there is a receipt");
    };

    let header = ["set aside", "weight", "share in the rest", "attached"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut shared = 0;
    for ((tgas, weight), call) in shares.iter().zip(calls) {
        let aside = Gas::from_teragas(*tgas);
        let share = call
            .attached
            .checked_sub(aside)
            .expect("a call gets at least its static gas");
        shared += share.as_gas();
        rows.push(vec![
            text::tgas(aside),
            weight.to_string(),
            text::tgas(share),
            text::tgas(call.attached),
        ]);
    }
    let refunded = method
        .attached
        .checked_sub(method.needed)
        .expect("a call needs at most its gas");
    let is_shared = shares.iter().any(|(_, weight)| *weight > 0);
    let holds = shares_are_exact(shares, calls, shared) && (refunded == Gas::ZERO) == is_shared;
    rows.push(vec![
        "left over".to_owned(),
        String::new(),
        text::tgas(refunded),
        String::new(),
    ]);
    (text::table(&rows), holds)
}

/// Returns true if each share but the last is rounded down to a unit of gas and the last is the remainder.
fn shares_are_exact(shares: &[(u64, u64)], calls: &[ExecutedCall], shared: u64) -> bool {
    let weights: u64 = shares.iter().map(|(_, weight)| weight).sum();
    let (weighted, others): (Vec<_>, Vec<_>) = shares
        .iter()
        .zip(calls)
        .partition(|((_, weight), _)| *weight > 0);
    let gets = |((tgas, _), call): &(&(u64, u64), &ExecutedCall), share: u128| {
        let expected = u128::from(Gas::from_teragas(*tgas).as_gas()) + share;
        u128::from(call.attached.as_gas()) == expected
    };
    let Some((_, but_the_last)) = weighted.split_last() else {
        return shared == 0;
    };
    let by_weight = |call: &(&(u64, u64), &ExecutedCall)| {
        let share = u128::from(shared) * u128::from(call.0.1) / u128::from(weights);
        gets(call, share)
    };
    but_the_last.iter().all(by_weight) && others.iter().all(|call| gets(call, 0))
}
