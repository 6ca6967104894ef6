//! Tables of balances before and after a transaction. The signer's gas is shown apart, so all other changes are
//! exact.

use chain::Block;
use near_primitives::hash::CryptoHash;
use near_primitives::trie_key::col;
use near_primitives::types::{AccountId, Balance};

use super::chain::{TestChain, TxHash};
use crate::text::{about_near, near, table};

/// The balances of some accounts before a transaction.
pub struct Money {
    before: Vec<(&'static str, Balance)>,
}

impl TestChain {
    /// Records the balances of these accounts for [`Money::table`].
    pub fn money(&self, names: &[&'static str]) -> Money {
        let before = names.iter().map(|name| (*name, self.balance(name)));
        Money {
            before: before.collect(),
        }
    }
}

impl TestChain {
    /// Returns the tokens that have appeared since the block before a transaction, or vanished if it is less than zero,
    /// beside those that the blocks report as burnt or lost, in yoctoNEAR.
    pub fn appeared_since(&self, tx: TxHash) -> i128 {
        let before = self
            .chain
            .block_at(self.transaction(tx).position.height - 1);
        let before = before.expect("the chain has a block before the transaction");
        beyond_supply(self.chain.head()) - beyond_supply(before)
    }
}

/// Returns what all accounts of a block hold beyond the supply that the block reports.
fn beyond_supply(block: &Block) -> i128 {
    let accounts = block.state.iter().filter_map(|(key, _)| {
        let id = key.strip_prefix(&[col::ACCOUNT])?;
        let id: AccountId = str::from_utf8(id).ok()?.parse().ok()?;
        block.state.account(&id)
    });
    let held: u128 = accounts
        .map(|account| account.amount().as_yoctonear())
        .sum();
    held as i128 - block.total_supply.as_yoctonear() as i128
}

impl Money {
    /// Returns a table of the balances now, after a transaction, and the changes beside the gas of its signer.
    ///
    /// # Panics
    /// The changes without gas do not add up to zero. So the table needs all accounts whose balance changes.
    pub fn table(&self, chain: &TestChain, tx: TxHash) -> String {
        self.table_of_all(chain, &[tx])
    }

    /// Returns a table like [`Self::table`] after several transactions, beside the gas of each.
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
                change.formatted(),
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

/// Returns the tokens that an account paid for the gas of these transactions.
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

    fn formatted(&self) -> String {
        match self {
            Self::Won(amount) => format!("+{}", near(*amount)),
            Self::Lost(amount) => format!("-{}", near(*amount)),
            Self::Nothing => "0".to_owned(),
        }
    }
}

/// Formats an amount in a column: with all its digits if they are few.
fn holds(amount: Balance) -> String {
    let is_short = amount.as_yoctonear().is_multiple_of(10u128.pow(18));
    if is_short {
        near(amount)
    } else {
        about_near(amount)
    }
}

#[cfg(test)]
mod tests {
    use near_primitives::action::{Action, TransferAction};

    use super::*;

    /// Runs a transfer of 1 NEAR from alice to bob.
    fn payment() -> (TestChain, TxHash) {
        let mut chain = TestChain::actors([]);
        let deposit = Balance::from_near(1);
        let transfer = Action::Transfer(TransferAction { deposit });
        let tx = chain.send("alice.near", "bob.near", vec![transfer]);
        (chain, tx)
    }

    #[test]
    fn in_a_payment_no_token_appears() {
        let (chain, tx) = payment();

        assert_eq!(chain.appeared_since(tx), 0);
    }

    #[test]
    #[should_panic(expected = "no token appears or is lost")]
    fn a_rerun_in_which_tokens_appear_panics() {
        let (mut chain, tx) = payment();

        // Alice has paid for the gas, and has it again.
        chain.reset_balances();

        chain.rerun(tx).checked();
    }
}
