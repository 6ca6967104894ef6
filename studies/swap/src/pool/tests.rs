//! Rules of the pool for all amounts, and for every end of the trades under way.

use super::*;
use crate::test_utils::{EDGES, Numbers};

/// Returns a pool at rest.
fn pool(first: u128, second: u128) -> Pool {
    let reserves = [first, second].map(|amount| Reserve {
        at_least: amount,
        at_most: amount,
    });
    Pool {
        reserves,
        shares: first,
    }
}

/// Returns the product of two numbers, in 256 bits: the high half first, so that it can be
/// compared.
fn product(a: u128, b: u128) -> (u128, u128) {
    let (low, high) = a.carrying_mul(b, 0);
    (high, low)
}

/// Returns the product of the reserves of a pool at rest.
fn k(pool: &Pool) -> (u128, u128) {
    let [first, second] = pool.reserves;
    assert_eq!(first.at_least, first.at_most, "a trade is under way");
    assert_eq!(second.at_least, second.at_most, "a trade is under way");
    product(first.at_most, second.at_most)
}

/// Begins a trade if there is a price for it.
fn begin(pool: &mut Pool, side: usize, amount_in: u128) -> Option<Trade> {
    let amount_out = pool.quote(side, amount_in)?;
    let trade = Trade {
        side,
        amount_in: U128(amount_in),
        amount_out: U128(amount_out),
    };
    pool.begin(&trade);
    Some(trade)
}

/// Checks that a trade of any amount keeps the product, whether it is paid or not.
fn check(first: u128, second: u128, amount_in: u128) {
    for is_paid in [true, false] {
        let mut after = pool(first, second);
        let Some(trade) = begin(&mut after, 0, amount_in) else {
            continue;
        };
        after.end(&trade, is_paid);
        let before = pool(first, second);
        assert!(
            k(&after) >= k(&before),
            "{first} {second} {amount_in}: {after:?}"
        );
        if !is_paid {
            assert_eq!(after.reserves, before.reserves);
        }
    }
}

#[test]
fn a_trade_pays_the_price_less_the_fee() {
    // 1,000 less a fee of 3, at 10,000 to 10,000: 997 * 10,000 / 10,997, rounded down.
    assert_eq!(pool(10_000, 10_000).quote(0, 1_000), Some(906));
}

#[test]
fn the_product_never_falls_at_the_edges() {
    for first in EDGES {
        for second in EDGES {
            EDGES
                .into_iter()
                .for_each(|amount| check(first, second, amount));
        }
    }
}

#[test]
fn the_product_never_falls_with_any_numbers() {
    let mut numbers = Numbers::default();
    for _ in 0..10_000 {
        check(numbers.next(), numbers.next(), numbers.next());
    }
}

#[test]
fn the_product_never_falls_however_many_trades_under_way_end() {
    let mut numbers = Numbers::default();
    let mut traded = 0;
    for _ in 0..500 {
        let (first, second) = (numbers.next() >> 40, numbers.next() >> 40);
        let before = k(&pool(first, second));
        let mut under_way = pool(first, second);
        let mut amounts = (0..5).map(|_| (numbers.below(2), numbers.next() >> 40));
        let trades: Vec<_> = amounts
            .by_ref()
            .filter_map(|(side, amount)| begin(&mut under_way, side, amount))
            .collect();
        traded += trades.len();
        // Each bit says whether one of the trades is paid.
        for ends in 0..1u32 << trades.len() {
            let mut after = under_way.clone();
            for (index, trade) in trades.iter().enumerate() {
                after.end(trade, ends >> index & 1 == 1);
            }
            assert!(k(&after) >= before, "{first} {second} {trades:?} {ends:b}");
        }
    }
    assert!(traded > 1_000, "{traded} trades are too few");
}

#[test]
fn a_pool_that_is_empty_has_no_price() {
    assert_eq!(Pool::default().quote(0, 0), None);
    assert_eq!(pool(0, 0).quote(1, 1), None);
}

#[test]
fn a_pool_without_shares_has_no_price() {
    let nobodys = Pool {
        shares: 0,
        ..pool(10_000, 10_000)
    };

    assert_eq!(nobodys.quote(0, 1_000), None);
}

#[test]
fn the_last_shares_stay_until_the_trade_ends() {
    let mut pool = pool(10_000, 10_000);
    let trade = begin(&mut pool, 0, 1_000_000).expect("there is a price");
    assert_eq!(pool.clone().remove(10_000), None);

    pool.end(&trade, false);
    assert_eq!(pool.remove(10_000), Some([10_000; 2]));
}

#[test]
fn an_amount_that_does_not_fit_has_no_price() {
    assert_eq!(pool(u128::MAX, 1).quote(0, 1), None);
}

#[test]
fn the_first_to_bring_both_sets_the_price() {
    let mut pool = Pool::default();

    assert_eq!(pool.add([10, 0]), Some((0, [0, 0])));
    assert_eq!(pool.add([10, 40]), Some((10, [10, 40])));
}

#[test]
fn shares_cost_both_tokens_and_the_rest_stays() {
    let mut pool = pool(10_000, 20_000);

    assert_eq!(pool.add([1_000, 9_999]), Some((1_000, [1_000, 2_000])));
    assert_eq!(pool.remove(1_000), Some([1_000, 2_000]));
}

/// Checks that each share has at least as much of both tokens with a change as without it.
fn check_shares(with: &Pool, without: &Pool) {
    for (with_it, without_it) in with.reserves.iter().zip(without.reserves) {
        let [more, less] = [
            product(with_it.at_most, without.shares),
            product(without_it.at_most, with.shares),
        ];
        assert!(more >= less, "{with:?} {without:?}");
    }
}

#[test]
fn no_share_loses_by_what_others_add_or_remove_however_a_trade_ends() {
    let mut numbers = Numbers::default();
    let mut changes = 0;
    for _ in 0..2_000 {
        let mut pool = pool(1 + (numbers.next() >> 40), 1 + (numbers.next() >> 40));
        let Some(trade) = begin(&mut pool, numbers.below(2), numbers.next() >> 40) else {
            continue;
        };
        let offered = [numbers.next() >> 40, numbers.next() >> 40];
        // At least one share stays: the last one cannot leave now.
        let shares = numbers.next() % pool.shares;
        for is_paid in [true, false] {
            let mut without = pool.clone();
            without.end(&trade, is_paid);
            let (mut added, mut removed) = (pool.clone(), pool.clone());
            if added.add(offered).is_some() {
                added.end(&trade, is_paid);
                check_shares(&added, &without);
                changes += 1;
            }
            assert!(removed.remove(shares).is_some());
            removed.end(&trade, is_paid);
            check_shares(&removed, &without);
        }
    }
    assert!(changes > 1_000, "{changes} changes are too few");
}

#[test]
fn nobody_removes_more_shares_than_there_are() {
    assert_eq!(pool(10, 10).remove(11), None);
}

#[test]
fn the_last_shares_are_worth_the_whole_pool() {
    let mut pool = pool(7, 9);

    assert_eq!(pool.remove(7), Some([7, 9]));
    assert_eq!(pool.reserves, [Reserve::default(); 2]);
}
