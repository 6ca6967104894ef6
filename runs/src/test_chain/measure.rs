//! Counters of a transaction's blocks and gas, and searches for a limit.

use chain::testing::signer;
use near_parameters::RuntimeConfig;
use near_primitives::action::Action;
use near_primitives::types::Gas;
use near_primitives::views::ActionView;
use trace::Receipt;

use super::chain::{TestChain, TxHash, account, change};
use super::named_error::NamedError;

/// A call that has run.
pub struct ExecutedCall {
    /// The name of the method.
    pub method: String,
    /// The gas that was attached to it.
    pub attached: Gas,
    /// The gas that the call needed: the gas that it burnt, and the gas that it passed on.
    pub needed: Gas,
    /// The gas that its receipt burnt, with the fee for the execution.
    pub burnt: Gas,
    /// True if the call succeeded.
    pub succeeded: bool,
}

impl TestChain {
    /// Returns the number of blocks from the transaction's own to its last receipt.
    pub fn blocks(&self, tx: TxHash) -> u64 {
        let transaction = self.transaction(tx);
        let receipts = transaction.receipts().iter();
        let blocks = receipts.map(|receipt| transaction.block(receipt.position));
        blocks.max().expect("a transaction has a receipt")
    }

    /// Returns the gas that the transaction and all its receipts burnt.
    pub fn gas_burnt(&self, tx: TxHash) -> Gas {
        self.transaction(tx).total_gas_burnt()
    }

    /// Returns the calls in the order of execution. Each receipt of the transaction must be one call.
    pub fn calls(&self, tx: TxHash) -> Vec<ExecutedCall> {
        let transaction = self.transaction(tx);
        transaction
            .receipts()
            .iter()
            .map(ExecutedCall::of)
            .collect()
    }

    /// Returns the reason why the chain refuses a transaction.
    ///
    /// # Panics
    /// The chain accepts the transaction.
    pub fn refusal(&mut self, from: &str, to: &str, actions: Vec<Action>) -> NamedError {
        let transaction = self
            .chain
            .signed(&signer(&account(from)), &account(to), actions);
        let refusal = self.chain.submit(transaction);
        let refusal = refusal.expect_err("the chain refuses the transaction");
        (&refusal).into()
    }

    /// Returns the fees and limits of the protocol.
    pub fn parameters(&self) -> &RuntimeConfig {
        self.chain.runtime_config()
    }

    /// Returns the version of the protocol.
    pub fn protocol_version(&self) -> u32 {
        self.chain.protocol_version()
    }
}

impl ExecutedCall {
    fn of(receipt: &Receipt) -> Self {
        let [ActionView::FunctionCall { method_name, .. }] = &receipt.actions[..] else {
            panic!("not one call: {receipt:?}");
        };
        let attached = receipt.gas_attached();
        Self {
            method: method_name.clone(),
            attached,
            needed: attached
                .checked_sub(receipt.gas_unspent)
                .expect("the unspent gas is part of the attached gas"),
            burnt: receipt.gas_burnt,
            succeeded: receipt.succeeded(),
        }
    }
}

/// Changes the gas of a call, in units of gas.
pub fn with_exact_gas(action: Action, gas: u64) -> Action {
    change(action, |call| call.gas = Gas::from_gas(gas))
}

/// Returns the smallest number that works, if every greater one works too.
///
/// # Panics
/// `too_small` works, or `enough` does not.
pub fn smallest(too_small: u64, enough: u64, mut works: impl FnMut(u64) -> bool) -> u64 {
    assert!(!works(too_small), "{too_small} works already");
    assert!(works(enough), "{enough} does not work");
    let (mut fails, mut works_with) = (too_small, enough);
    while works_with - fails > 1 {
        let middle = fails + (works_with - fails) / 2;
        if works(middle) {
            works_with = middle;
        } else {
            fails = middle;
        }
    }
    works_with
}

/// Returns the greatest number that works, if every smaller one works too.
///
/// # Panics
/// `enough` does not work, or `too_many` does.
pub fn greatest(enough: u64, too_many: u64, mut works: impl FnMut(u64) -> bool) -> u64 {
    smallest(enough, too_many, |number| !works(number)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_number_is_found() {
        for number in 1..=20 {
            assert_eq!(smallest(0, 20, |tried| tried >= number), number);
        }
    }

    #[test]
    fn the_greatest_number_is_found() {
        for number in 0..20 {
            assert_eq!(greatest(0, 20, |tried| tried <= number), number);
        }
    }
}
