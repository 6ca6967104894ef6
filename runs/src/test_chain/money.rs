//! What accounts held before and after a transaction. The signer's gas is told apart, so that all else
//! can be exact.

use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;

use super::chain::{TestChain, TxHash};
use crate::text::{about_near, near, table};

/// What some accounts held at a moment.
pub struct Money {
    before: Vec<(&'static str, Balance)>,
}

impl TestChain {
    /// Remembers what these accounts hold, for [`Money::table`].
    pub fn money(&self, names: &[&'static str]) -> Money {
        let before = names.iter().map(|name| (*name, self.balance(name)));
        Money {
            before: before.collect(),
        }
    }
}

impl Money {
    /// What they hold now, after a transaction, and what has changed beside the gas of its signer.
    ///
    /// Of money that moves none is lost: without the gas the changes must come to nothing. So these
    /// must be all the accounts that it touched.
    pub fn table(&self, chain: &TestChain, tx: TxHash) -> String {
        self.table_of_all(chain, &[tx])
    }

    /// The same after several transactions, beside the gas of each.
    pub fn table_of_all(&self, chain: &TestChain, hashes: &[CryptoHash]) -> String {
        let mut rows = vec![
            ["", "before", "after", "change without gas"]
                .map(str::to_owned)
                .to_vec(),
        ];
        let (mut won, mut lost) = (Balance::ZERO, Balance::ZERO);
        for (name, before) in &self.before {
            let gas = gas_of(chain, hashes, name);
            let after = chain.balance(name);
            let change = Change::between(*before, after.saturating_add(gas));
            match change {
                Change::Won(amount) => won = won.saturating_add(amount),
                Change::Lost(amount) => lost = lost.saturating_add(amount),
                Change::Nothing => {}
            }
            rows.push(vec![
                (*name).to_owned(),
                holds(*before),
                holds(after),
                change.told(),
            ]);
        }
        assert_eq!(
            won,
            lost,
            "money has appeared or vanished:\n{}",
            table(&rows)
        );
        table(&rows)
    }
}

/// What an account has paid for the gas of these transactions.
fn gas_of(chain: &TestChain, hashes: &[CryptoHash], name: &str) -> Balance {
    let transactions = hashes.iter().map(|hash| chain.transaction(*hash));
    transactions
        .filter(|transaction| transaction.signer == name)
        .map(|transaction| transaction.total_tokens_burnt())
        .fold(Balance::ZERO, Balance::saturating_add)
}

enum Change {
    Won(Balance),
    Lost(Balance),
    Nothing,
}

impl Change {
    fn between(before: Balance, after: Balance) -> Self {
        match after.checked_sub(before) {
            Some(amount) if amount.is_zero() => Self::Nothing,
            Some(amount) => Self::Won(amount),
            None => Self::Lost(before.saturating_sub(after)),
        }
    }

    fn told(&self) -> String {
        match self {
            Self::Won(amount) => format!("+{}", near(*amount)),
            Self::Lost(amount) => format!("-{}", near(*amount)),
            Self::Nothing => "0".to_owned(),
        }
    }
}

/// An amount in a column: to its last digit where that is near.
fn holds(amount: Balance) -> String {
    let is_short = amount.as_yoctonear().is_multiple_of(10u128.pow(18));
    if is_short {
        near(amount)
    } else {
        about_near(amount)
    }
}
