//! A range of gas in which a call loses money, and its report.

use std::fmt;

use near_primitives::types::Gas;

use super::ledger::Missing;
use super::situation::Situation;

/// Money that is missing over a range of gas.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hole {
    /// The chapter of the contract.
    pub chapter: &'static str,
    /// The method, and the note of its case.
    pub method: String,
    /// The situation of the call.
    pub situation: Situation,
    /// The least and the greatest amount of gas at which money is missing, among those that were tried.
    pub gas: [Gas; 2],
    /// The money that is missing.
    pub missing: Vec<Missing>,
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            chapter,
            method,
            situation,
            gas,
            missing,
        } = self;
        let [from, to] = gas.map(tgas);
        let missing: Vec<_> = missing.iter().map(Missing::to_string).collect();
        let missing = missing.join(", ");
        write!(
            f,
            "{chapter}: {method}, {situation}, {from} to {to} Tgas: {missing}"
        )
    }
}

/// Formats gas in Tgas, to the precision of a step.
fn tgas(gas: Gas) -> String {
    let tenths = gas.as_gas() / 10u64.pow(11);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Joins equal neighbours among the steps, in the order of the steps.
pub(super) fn ranges(steps: &[(Gas, Vec<Missing>)]) -> Vec<([Gas; 2], Vec<Missing>)> {
    let mut ranges = Vec::new();
    for steps in steps.chunk_by(|one, other| one.1 == other.1) {
        let [(from, missing), ..] = steps else {
            continue;
        };
        let (to, _) = &steps[steps.len() - 1];
        if !missing.is_empty() {
            ranges.push(([*from, *to], missing.clone()));
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use near_primitives::types::Balance;

    use super::*;
    use crate::sweep::{Input, Partner, User};

    fn stuck(near: u128) -> Vec<Missing> {
        vec![Missing::Stuck(Balance::from_near(near))]
    }

    fn step(tgas: u64, missing: Vec<Missing>) -> (Gas, Vec<Missing>) {
        (Gas::from_teragas(tgas), missing)
    }

    #[test]
    fn neighbouring_steps_with_the_same_loss_are_one_range() {
        let steps = [
            step(1, vec![]),
            step(2, stuck(1)),
            step(3, stuck(1)),
            step(4, vec![]),
            step(5, stuck(1)),
            step(6, stuck(2)),
        ];

        let range = |from, to, near| ([from, to].map(Gas::from_teragas), stuck(near));
        assert_eq!(
            ranges(&steps),
            [range(2, 3, 1), range(5, 5, 1), range(6, 6, 2)]
        );
    }

    #[test]
    fn a_hole_is_reported_on_one_line() {
        let hole = Hole {
            chapter: "batch",
            method: "sign_guestbook".to_owned(),
            situation: Situation {
                user: User::Implicit,
                input: Input::Shortest,
                partner: Partner::Refuses,
            },
            gas: [Gas::from_gigagas(14_500), Gas::from_teragas(18)],
            missing: stuck(1),
        };

        assert_eq!(
            hole.to_string(),
            "batch: sign_guestbook, implicit account, shortest input, partner refuses, \
             14.5 to 18.0 Tgas: 1 NEAR is stuck"
        );
    }
}
