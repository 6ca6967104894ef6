//! Chains with other users, and readers of the state for a sweep over a number.

use std::iter::successors;

use chain::views::final_outcome;
use near_primitives::transaction::{ExecutionOutcome, ExecutionStatus};
use near_primitives::types::Balance;
use near_primitives::views::FinalExecutionStatus;
use serde_json::Value;

use super::chain::{TestChain, TxHash, account, partner};

impl TestChain {
    /// Returns a chain with this code on `app.near`, before any call; the partners of a chapter; guests, as in
    /// [`TestChain::with_guests`]; and users without code, who hold 100 NEAR each.
    pub fn with_users(
        code: Vec<u8>,
        chapter: &str,
        guests: &[(&'static str, &str)],
        users: &[&'static str],
    ) -> Self {
        let guests_hold = guests.iter().map(|(name, _)| (*name, 10));
        let users_hold = users.iter().map(|name| (*name, 100));
        let mut chain = Self::actors_and(guests_hold.chain(users_hold));
        chain.deploy("app.near", code);
        chain.deploy_partners(chapter, guests);
        chain
    }

    /// Deploys a token of near-contract-standards on an account, and initialises it.
    pub fn launch_token(&mut self, name: &str, init: Value) {
        self.deploy(name, partner("batch", "token"));
        self.prepare(name, name, "new", init);
    }

    /// Returns the error of a transaction that failed. A transaction that still waits has not failed.
    pub fn failure(&self, tx: TxHash) -> Option<String> {
        let outcome = final_outcome(&self.chain, &tx)?;
        match outcome.status {
            FinalExecutionStatus::Failure(error) => Some(error.to_string()),
            _ => None,
        }
    }

    /// Calls a view method.
    ///
    /// # Errors
    /// The call failed: for example, the method does more than read.
    pub fn try_view(&self, contract: &str, method: &str, args: &Value) -> Result<Vec<u8>, String> {
        let (head, args) = (self.chain.head(), args.to_string());
        let result = self
            .chain
            .call_view(head, &account(contract), method, args.as_bytes());
        result
            .map(|result| result.value)
            .map_err(|error| error.to_string())
    }

    /// Skips this number of blocks, and then runs everything that has timed out.
    pub fn skip_blocks(&mut self, blocks: u64) {
        let skipped = self.chain.fast_forward(blocks);
        skipped.expect("the chain can skip the blocks");
        self.run_until_idle();
    }

    /// Returns the tokens that all transactions and receipts burnt in the blocks above this height.
    pub fn burnt_since(&self, height: u64) -> Balance {
        self.outcomes_since(height)
            .map(|outcome| outcome.tokens_burnt)
            .fold(Balance::ZERO, Balance::saturating_add)
    }

    /// Returns `true` for each transaction and each receipt that succeeded in the blocks above this height.
    pub fn successes_since(&self, height: u64) -> Vec<bool> {
        let statuses = self.outcomes_since(height).map(|outcome| &outcome.status);
        statuses
            .map(|status| !matches!(status, ExecutionStatus::Failure(_)))
            .collect()
    }

    /// Returns the outcomes of the blocks above this height, the latest block first.
    fn outcomes_since(&self, height: u64) -> impl Iterator<Item = &ExecutionOutcome> {
        let head = Some(self.chain.head());
        let blocks = successors(head, |block| self.chain.block_at(block.prev_height?));
        let ids = blocks
            .take_while(move |block| block.height > height)
            .flat_map(|block| &block.outcomes);
        ids.filter_map(|id| self.chain.outcome(id))
            .map(|outcome| &outcome.outcome)
    }

    /// Returns the sum of the deposits of all receipts that an account sent in the course of a transaction. The
    /// receipt of the transaction itself does not count.
    pub fn deposits_sent_by(&self, name: &str, tx: TxHash) -> Balance {
        let transaction = self.transaction(tx);
        let sender = account(name);
        let receipts = transaction.receipts().iter();
        receipts
            .filter(|receipt| receipt.predecessor == sender && receipt.parent.is_some())
            .map(|receipt| receipt.deposit())
            .fold(Balance::ZERO, Balance::saturating_add)
    }
}
