//! Round numbers: 1, 2 or 5, followed by zeros.

/// Returns the smallest round step that reaches `end` in at most `most` steps.
pub fn step(end: u64, most: u64) -> u64 {
    let tens = std::iter::successors(Some(1u64), |ten| ten.checked_mul(10));
    let mut steps = tens.flat_map(|ten| [1, 2, 5].map(|digit| ten.saturating_mul(digit)));
    steps
        .find(|step| end.div_ceil(*step) <= most)
        .expect("the last step is u64's greatest")
}

/// Returns zero and each step after it, up to `end`.
pub fn ticks(step: u64, end: u64) -> impl Iterator<Item = u64> {
    (0..=end / step).map(move |index| index * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        let steps = [1, 4, 9, 17, 128, 2_000_000].map(|end| step(end, 5));

        assert_eq!(steps, [1, 1, 2, 5, 50, 500_000]);
    }

    #[test]
    fn no_tick_lies_beyond_the_end() {
        assert_eq!(ticks(50, 128).collect::<Vec<_>>(), [0, 50, 100]);
    }
}
