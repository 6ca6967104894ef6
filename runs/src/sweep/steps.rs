//! The steps of a sweep: which amounts of gas are tried.
//!
//! Over a long range of gas a call mostly ends in one way, and over the next range in another. So a sweep takes
//! [strides](STRIDE), and looks between two of them only where they end in different ways: there it halves the
//! range until it knows both neighbours of each change. So a range is found, however narrow it is. It is missed only
//! if the call ends in the same way on both of its sides, within one stride.

/// The number of steps in a stride.
pub const STRIDE: u64 = 8;

/// A step that was tried, and its ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tried<E> {
    /// The number of the step.
    pub step: u64,
    /// The way in which it has ended.
    pub ending: E,
}

/// Tries steps from 0 to `margin` steps above the first that `succeeds`, and at most to `most`. Returns those that
/// were tried, in their order.
pub(super) fn walk<E: PartialEq>(
    most: u64,
    margin: u64,
    mut attempt: impl FnMut(u64) -> E,
    succeeds: impl Fn(&E) -> bool,
) -> Vec<Tried<E>> {
    let mut attempt = |step| Tried {
        step,
        ending: attempt(step),
    };
    let mut tried = vec![attempt(0)];
    let mut last = most;
    let mut first_success = None;
    loop {
        if first_success.is_none() {
            let mut successes = tried.iter().filter(|it| succeeds(&it.ending));
            first_success = successes.next().map(|it| it.step);
            last = first_success.map_or(most, |first| most.min(first + margin));
        }
        let Some(low) = tried.pop_if(|low| low.step < last) else {
            return tried;
        };
        let high = attempt(last.min(low.step + STRIDE));
        halve(low, high, &mut attempt, &mut tried);
    }
}

/// Tries steps between two that end in different ways, until each change is between neighbours. Adds all to those
/// that were tried.
fn halve<E: PartialEq>(
    low: Tried<E>,
    high: Tried<E>,
    attempt: &mut impl FnMut(u64) -> Tried<E>,
    tried: &mut Vec<Tried<E>>,
) {
    let middle = low.step.midpoint(high.step);
    if middle == low.step || low.ending == high.ending {
        tried.extend([low, high]);
        return;
    }
    halve(low, attempt(middle), attempt, tried);
    if let Some(middle) = tried.pop() {
        halve(middle, high, attempt, tried);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const MOST: u64 = 600;
    const MARGIN: u64 = 40;

    /// Walks over ranges with an ending each: its number. The last one is a success.
    fn walk_over(ends: &BTreeSet<u64>) -> Vec<Tried<usize>> {
        let ending = |step| ends.iter().filter(|end| **end <= step).count();
        walk(MOST, MARGIN, ending, |ending| *ending == ends.len())
    }

    proptest! {
        #[test]
        fn both_neighbours_of_every_change_are_tried(
            ends in prop::collection::btree_set(1u64..MOST, 1..6),
        ) {
            let tried: BTreeSet<_> = walk_over(&ends).iter().map(|it| it.step).collect();

            for end in ends {
                prop_assert!(tried.contains(&(end - 1)) && tried.contains(&end), "{end}: {tried:?}");
            }
        }

        #[test]
        fn each_step_is_tried_once_and_no_two_are_further_apart_than_a_stride(
            ends in prop::collection::btree_set(1u64..MOST, 1..6),
        ) {
            let tried = walk_over(&ends);

            for pair in tried.windows(2) {
                let distance = pair[1].step.checked_sub(pair[0].step);
                prop_assert!(matches!(distance, Some(1..=STRIDE)), "{tried:?}");
            }
        }
    }

    #[test]
    fn a_walk_goes_from_nothing_to_its_margin_above_the_first_success() {
        let tried = walk_over(&BTreeSet::from([101]));

        assert_eq!((tried[0].step, tried[tried.len() - 1].step), (0, 141));
    }

    #[test]
    fn a_walk_without_a_success_goes_to_its_end() {
        let tried = walk(MOST, MARGIN, |_| (), |()| false);

        assert_eq!(tried.len() as u64, 1 + MOST / STRIDE);
    }
}
