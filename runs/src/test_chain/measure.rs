//! What can be counted after a transaction, and searches for the first number that works and the last.

use embedded_sandbox::testing::signer;
use near_parameters::RuntimeConfig;
use near_primitives::action::Action;
use near_primitives::types::Gas;
use near_primitives::views::ActionView;
use trace::Receipt;

use super::chain::{TestChain, TxHash, account, change};

/// A call that has run.
pub struct Ran {
    /// The method.
    pub method: String,
    /// The gas that was attached to it.
    pub attached: Gas,
    /// How much of it was needed: what the call burnt, and what it passed on.
    pub needed: Gas,
    /// What its receipt burnt, with the fee for executing it.
    pub burnt: Gas,
    /// Whether it ended without an error.
    pub succeeded: bool,
}

impl TestChain {
    /// How many blocks after its own the last receipt of a transaction ran.
    pub fn blocks(&self, tx: TxHash) -> u64 {
        let transaction = self.transaction(tx);
        let receipts = transaction.receipts().iter();
        let blocks = receipts.map(|receipt| transaction.block(receipt.position));
        blocks.max().expect("a transaction has a receipt")
    }

    /// What the transaction and all its receipts burnt.
    pub fn gas_burnt(&self, tx: TxHash) -> Gas {
        self.transaction(tx).total_gas_burnt()
    }

    /// The calls in the order in which they ran, of a transaction whose receipts are one call each.
    pub fn calls(&self, tx: TxHash) -> Vec<Ran> {
        let transaction = self.transaction(tx);
        transaction.receipts().iter().map(Ran::of).collect()
    }

    /// Why the chain does not take a transaction.
    ///
    /// # Panics
    /// The chain takes it.
    pub fn refusal(&mut self, from: &str, to: &str, actions: Vec<Action>) -> String {
        let transaction = self
            .chain
            .signed(&signer(&account(from)), &account(to), actions);
        let refusal = self.chain.submit(transaction);
        let refusal = refusal.expect_err("the chain refuses the transaction");
        trace::error_text::invalid_tx_error(&refusal)
    }

    /// Fees and limits of the chain, as the protocol has them.
    pub fn parameters(&self) -> &RuntimeConfig {
        self.chain.runtime_config()
    }

    /// The version of the protocol.
    pub fn protocol_version(&self) -> u32 {
        self.chain.protocol_version()
    }
}

impl Ran {
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
                .expect("it has no more left than it was given"),
            burnt: receipt.gas_burnt,
            succeeded: receipt.succeeded(),
        }
    }
}

/// The same call with this many units of gas.
pub fn with_exact_gas(action: Action, gas: u64) -> Action {
    change(action, |call| call.gas = Gas::from_gas(gas))
}

/// The smallest number that works, where every greater one works too.
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

/// The greatest number that works, where every smaller one works too.
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
