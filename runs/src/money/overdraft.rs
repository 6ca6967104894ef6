//! A safe of the vault, block by block, while its owner takes out more than it holds.

use near_primitives::action::Action;
use near_primitives::types::Balance;

use super::safe;
use crate::claim::{Claim, claim};
use crate::test_chain::TestChain;
use crate::text::near;

/// The number of blocks that are played.
const BLOCKS: usize = 7;

/// A safe while its owner spends from it.
pub struct Overdraft {
    owner: &'static str,
    /// The balance of the safe before each block.
    balances: Vec<Balance>,
    /// The money that has left the contract at the end.
    paid: Balance,
}

impl Overdraft {
    /// Plays calls of the owner on a fork of the chain, one in each block.
    pub fn play(chain: &TestChain, owner: &'static str, calls: &[Action]) -> Self {
        let mut fork = chain.clone();
        let before = fork.balance("app.near");
        let mut balances = Vec::new();
        for block in 0..BLOCKS {
            balances.push(safe(&fork, owner).0);
            if let Some(call) = calls.get(block) {
                fork.submit(owner, "app.near", vec![call.clone()]);
            }
            fork.produce_block();
        }
        let paid = before.saturating_sub(fork.balance("app.near"));
        Self {
            owner,
            balances,
            paid,
        }
    }

    /// Returns the balance of the safe at the beginning.
    pub fn owned(&self) -> Balance {
        self.balances[0]
    }

    /// Returns the money that has left the contract.
    pub fn paid(&self) -> Balance {
        self.paid
    }

    /// Returns notes for receipts: each with the balances of the safe before these two blocks.
    pub fn notes(&self, receipts: &[(&str, [usize; 2])]) -> Vec<(String, String)> {
        let notes = receipts.iter().map(|(receipt, blocks)| {
            let [found, left] = blocks.map(|block| near(self.balances[block]));
            let note = match blocks[0] == blocks[1] {
                true => format!("the safe holds {found}"),
                false => format!("the safe: {found} → {left}"),
            };
            ((*receipt).to_owned(), note)
        });
        notes.collect()
    }

    /// Returns the sentence about the money, and the claim that more was paid than was owned.
    pub fn warning(&self) -> (String, Claim) {
        let [paid, owned] = [self.paid, self.owned()].map(near);
        let sentence = format!(
            "{paid} have left app.near. The safe of {} held {owned}.",
            self.owner
        );
        let claim = claim("more is paid than the safe held", self.paid > self.owned());
        (sentence, claim)
    }
}
