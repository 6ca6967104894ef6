//! The same scene, played on in many ways: what a sweep over a number needs.

use std::iter::successors;

use chain::views::final_outcome;
use near_primitives::types::Balance;
use near_primitives::views::FinalExecutionStatus;
use serde_json::Value;

use super::{Played, Scene, account};

impl Scene {
    /// This code on `book.near`, before anyone has called it; the partners of a chapter; guests, as in
    /// [`Scene::with_guests`]; and users, who hold 100 NEAR each and carry no code.
    pub fn with_users(
        code: Vec<u8>,
        chapter: &str,
        guests: &[(&'static str, &str)],
        users: &[&'static str],
    ) -> Self {
        let guests_hold = guests.iter().map(|(name, _)| (*name, 10));
        let users_hold = users.iter().map(|name| (*name, 100));
        let mut scene = Self::actors_and(guests_hold.chain(users_hold));
        scene.deploy("book.near", code);
        scene.deploy_partners(chapter, guests);
        scene
    }

    /// Puts a token of near-contract-standards on an account, with all of its supply in one hand.
    pub fn launch_token(&mut self, name: &str, init: Value) {
        self.deploy(name, super::partner("batch", "token"));
        self.prepare(name, name, "new", init);
    }

    /// Returns the error of a transaction that failed. One that waits for an answer has not.
    pub fn failure(&self, played: &Played) -> Option<String> {
        let outcome = final_outcome(&self.chain, &played.hash)?;
        match outcome.status {
            FinalExecutionStatus::Failure(error) => Some(error.to_string()),
            _ => None,
        }
    }

    /// Calls a view method.
    ///
    /// # Errors
    /// The call failed: the method does more than read, say.
    pub fn try_view(&self, contract: &str, method: &str, args: &Value) -> Result<Vec<u8>, String> {
        let (head, args) = (self.chain.head(), args.to_string());
        let answer = self
            .chain
            .call_view(head, &account(contract), method, args.as_bytes());
        answer
            .map(|answer| answer.value)
            .map_err(|error| error.to_string())
    }

    /// Skips so many blocks, and then runs what has timed out by then.
    pub fn skip_blocks(&mut self, blocks: u64) {
        let skipped = self.chain.fast_forward(blocks);
        skipped.expect("the chain has room above its head");
        self.run_to_the_end();
    }

    /// Returns what all transactions and receipts have burnt in the blocks above this height.
    pub fn burnt_since(&self, height: u64) -> Balance {
        let head = Some(self.chain.head());
        let blocks = successors(head, |block| self.chain.block_at(block.prev_height?));
        let ids = blocks
            .take_while(|block| block.height > height)
            .flat_map(|block| &block.outcomes);
        let outcomes = ids.filter_map(|id| self.chain.outcome(id));
        outcomes
            .map(|outcome| outcome.outcome.tokens_burnt)
            .fold(Balance::ZERO, Balance::saturating_add)
    }

    /// The deposits of all receipts that an account sent in the course of a transaction, without the
    /// transaction itself.
    pub fn deposits_sent_by(&self, name: &str, played: &Played) -> Balance {
        let transaction = self.transaction(played.hash);
        let sender = account(name);
        let receipts = transaction.receipts().iter();
        receipts
            .filter(|receipt| receipt.predecessor == sender && receipt.parent.is_some())
            .map(|receipt| receipt.deposit())
            .fold(Balance::ZERO, Balance::saturating_add)
    }
}
