// ANCHOR: all
//! Products of two `u128` in 256 bits, divided by a third. Every share and every price is such a
//! fraction.

/// Returns `a * b / c`, rounded down. Returns `None` if `c` is 0, or if the result is larger than a
/// `u128`.
pub fn mul_div(a: u128, b: u128, c: u128) -> Option<u128> {
    mul_div_rem(a, b, c).map(|(quotient, _)| quotient)
}

/// Returns `a * b / c`, rounded up. Returns `None` in the same cases as [`mul_div`].
pub fn mul_div_up(a: u128, b: u128, c: u128) -> Option<u128> {
    let (quotient, rest) = mul_div_rem(a, b, c)?;
    quotient.checked_add((rest > 0).into())
}

/// Divides in binary, as on paper: one bit of the product after the other.
fn mul_div_rem(a: u128, b: u128, c: u128) -> Option<(u128, u128)> {
    let (low, high) = a.carrying_mul(b, 0);
    if high >= c {
        return None;
    }
    let (mut quotient, mut rest) = (0, high);
    for bit in (0..u128::BITS).rev() {
        let is_wider = rest >> (u128::BITS - 1) == 1;
        rest = rest << 1 | low >> bit & 1;
        quotient <<= 1;
        if is_wider || rest >= c {
            rest = rest.wrapping_sub(c);
            quotient |= 1;
        }
    }
    Some((quotient, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_utils::{EDGES, Numbers};

    /// Checks `a * b == quotient * c + rest` with `rest < c`, in 256 bits.
    fn check(a: u128, b: u128, c: u128) {
        let (low, high) = a.carrying_mul(b, 0);
        match mul_div_rem(a, b, c) {
            None => assert!(high >= c, "{a} * {b} / {c} is a u128"),
            Some((quotient, rest)) => {
                assert!(rest < c, "{a} * {b} / {c}");
                assert_eq!(quotient.carrying_mul(c, rest), (low, high));
            }
        }
    }

    #[test]
    fn every_quotient_of_the_edges_is_exact() {
        for a in EDGES {
            for b in EDGES {
                EDGES.into_iter().for_each(|c| check(a, b, c));
            }
        }
    }

    #[test]
    fn quotients_of_any_numbers_are_exact() {
        let mut numbers = Numbers::default();
        for _ in 0..10_000 {
            check(numbers.next(), numbers.next(), numbers.next());
        }
    }

    #[test]
    fn a_result_that_is_no_u128_is_refused() {
        assert_eq!(mul_div(u128::MAX, u128::MAX, u128::MAX), Some(u128::MAX));
        assert_eq!(mul_div(u128::MAX, 3, 2), None);
        assert_eq!(mul_div(1, 1, 0), None);
        // Down it is the largest u128, and up it is one more.
        assert_eq!(mul_div_up(u128::MAX, u128::MAX - 1, u128::MAX - 2), None);
    }

    #[test]
    fn up_and_down_differ_by_the_rest() {
        assert_eq!(
            (mul_div(7, 3, 2), mul_div_up(7, 3, 2)),
            (Some(10), Some(11))
        );
        assert_eq!(
            (mul_div(8, 3, 2), mul_div_up(8, 3, 2)),
            (Some(12), Some(12))
        );
    }
}
// ANCHOR_END: all
