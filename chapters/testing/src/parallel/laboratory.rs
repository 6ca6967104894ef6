// ANCHOR: all
//! Methods to try things out with: how gas is shared, what a callback needs, where the chain stops.
//!
//! They let the caller choose what a contract should fix itself. A contract of yours has none of them.

use near_sdk::{Gas, Promise, near};

use crate::partners::counter;
use crate::receipt::log_call;
use crate::{Contract, ContractExt};

// ANCHOR: share_type
/// What a call gets: gas that is set aside for it, in Tgas, and a weight, its share in what is left.
#[near(serializers = [json])]
pub struct Share {
    pub tgas: u64,
    pub weight: u64,
}
// ANCHOR_END: share_type

#[near]
impl Contract {
    // ANCHOR: share_gas
    /// Calls the counter once for every one of `shares`, and listens to none of the answers.
    pub fn share_gas(&mut self, shares: Vec<Share>) {
        log_call("share_gas");

        for share in shares {
            counter::ext(self.partners.counter.clone())
                .with_static_gas(Gas::from_tgas(1).saturating_mul(share.tgas))
                .with_unused_gas_weight(share.weight)
                .get_num()
                .detach();
        }
    }
    // ANCHOR_END: share_gas

    // ANCHOR: visit_with_gas
    /// `visit`, with as much gas for its callback as the caller likes, and nothing on top.
    pub fn visit_with_gas(&mut self, text: String, callback_gas: Gas) -> Promise {
        log_call("visit_with_gas");

        self.count_and_sign(text).then(
            Self::ext_self()
                .with_static_gas(callback_gas)
                .with_unused_gas_weight(0)
                .visit_callback(),
        )
    }
    // ANCHOR_END: visit_with_gas

    // ANCHOR: make_promises
    /// Makes promises without any action. They leave, and do nothing.
    pub fn make_promises(&mut self, number: u32) {
        log_call("make_promises");

        for _ in 0..number {
            Promise::new(self.partners.counter.clone()).detach();
        }
    }
    // ANCHOR_END: make_promises
}

#[cfg(test)]
mod tests {
    use near_sdk::testing_env;

    use super::super::mocked::{contract, on_alice, receipts_made};
    use super::*;

    /// The gas and the weight of every call that was made.
    fn shares_made() -> Vec<(Gas, u64)> {
        let receipts = receipts_made().into_iter();
        receipts.map(|made| (made.gas, made.weight)).collect()
    }

    #[test]
    fn every_call_gets_its_gas_and_its_weight() {
        testing_env!(on_alice());
        contract().share_gas(vec![
            Share { tgas: 5, weight: 0 },
            Share { tgas: 0, weight: 3 },
        ]);

        assert_eq!(
            shares_made(),
            [(Gas::from_tgas(5), 0), (Gas::from_tgas(0), 3)]
        );
    }

    #[test]
    fn the_callback_gets_what_the_caller_says() {
        testing_env!(on_alice());
        contract()
            .visit_with_gas("Hello".to_string(), Gas::from_tgas(3))
            .detach();

        assert_eq!(shares_made().last(), Some(&(Gas::from_tgas(3), 0)));
    }
}
// ANCHOR_END: all
