//! A safe of the vault, block by block, while its owner takes out more than it holds.

use near_primitives::action::Action;
use near_primitives::types::Balance;

use super::{message, safe};
use crate::claim::{Claim, claim};
use crate::figure::Figure;
use crate::test_chain::{TestChain, TxHash, call};
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

    /// Returns true if more has left the contract than the safe held.
    pub fn is_overdrawn(&self) -> bool {
        self.paid > self.owned()
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
        let claim = claim("more is paid than the safe held", self.is_overdrawn());
        (sentence, claim)
    }

    /// Plays two calls of alice with a number of blocks between them. A receipt has a note about her safe if no other
    /// receipt of the contract is in its block.
    pub fn of_two_calls(mut chain: TestChain, method: &str, blocks: u64) -> Figure {
        const OWNER: &str = "alice.near";
        let before = chain.balance("app.near");
        let submit = |chain: &mut TestChain| {
            let spend = call(method, message("guestbook.near"));
            chain.submit(OWNER, "app.near", vec![spend])
        };
        let mut hashes = vec![submit(&mut chain)];
        let mut balances = Vec::new();
        for block in 0..blocks + BLOCKS as u64 {
            if block == blocks {
                hashes.push(submit(&mut chain));
            }
            balances.push(safe(&chain, OWNER).0);
            chain.produce_block();
        }
        chain.run_until_idle();
        let paid = before.saturating_sub(chain.balance("app.near"));
        let overdraft = Self {
            owner: OWNER,
            balances,
            paid,
        };
        let receipts = alone_in_their_blocks(&chain, &hashes);
        let receipts: Vec<_> = receipts
            .iter()
            .map(|(name, blocks)| (name.as_str(), *blocks))
            .collect();
        let notes = overdraft.notes(&receipts);
        let figure = chain.rerun_of_blocks(&hashes).with_notes(notes);
        match overdraft.is_overdrawn() {
            true => figure.with_warning(overdraft.warning()),
            false => figure,
        }
    }
}

/// Returns the receipts that are the only ones of `app.near` in their block: the name of each on its card, and the
/// blocks of its note. A callback changes the safe, a call looks into it.
fn alone_in_their_blocks(chain: &TestChain, hashes: &[TxHash]) -> Vec<(String, [usize; 2])> {
    let transactions: Vec<_> = hashes.iter().map(|hash| chain.transaction(*hash)).collect();
    let first = transactions[0].position.height;
    let mut receipts = Vec::new();
    for (letter, transaction) in ('A'..).zip(&transactions) {
        let ours = transaction.receipts().iter();
        for receipt in ours.filter(|receipt| receipt.receiver == "app.near") {
            let block = (receipt.position.height - first) as usize;
            let after = block + usize::from(receipt.is_callback());
            receipts.push((format!("{letter}{}", receipt.number), [block, after]));
        }
    }
    let blocks: Vec<_> = receipts.iter().map(|(_, blocks)| blocks[0]).collect();
    let is_alone = |block| blocks.iter().filter(|other| **other == block).count() == 1;
    receipts.retain(|(_, blocks)| is_alone(blocks[0]));
    receipts
}
